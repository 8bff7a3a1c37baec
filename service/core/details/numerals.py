"""Numerals: how a number is written, in digits or in words, and its value.

Digits come with thousands separators of several countries, decimals and fractions; words as English says
them, halves and quarters included. A share (two-thirds, one in five) is a number of hundredths. What is
counted, and in which unit, is for figures.py.
"""

from __future__ import annotations

import re

from text_to_num import text2num

from service.core.details.units import UNIT
from service.core.words import UNSPACED as UNSPACED_SCRIPTS

_SMALL = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50,
    "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip
_PARTS = {
    "half": 2, "third": 3, "quarter": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9,
    "tenth": 10,
}  # fmt: skip
_VULGAR = {"½": 0.5, "¼": 0.25, "¾": 0.75, "⅓": 1 / 3, "⅔": 2 / 3}
NUMBER_WORDS = frozenset(_SMALL)

# The bounds on repetition keep the search linear: no number of the news is longer.
_DIGITS = (
    r"\d{1,3}(?:,\d{3}){1,7}(?!,?\d)(?:\.\d{1,9})?"  # 600,000
    r"|\d{1,3}(?:[\u00a0\u2009\u202f ]\d{3}){1,7}(?!\d)(?:[.,]\d{1,9}(?!\d))?"  # 600 000
    r"|\d{1,2}(?:,\d\d){1,4},\d{3}(?!,?\d)"  # 6,00,000
    r"|\d{1,3}(?:\.\d{3}){2,7}(?![.\d])"  # 6.000.000
    r"|\d{1,3}(?:['’]\d{3}){1,7}(?!\d)"  # 600’000
    r"|\d{1,9},\d{1,2}(?=\s?(?:[mb]illion\b|€|%|per\s?cent\b))"  # 1,5 million
    r"|\d{1,24}(?:\.\d{1,15})?|\.\d{1,15}"
)
_ONES = "|".join(word for word, value in _SMALL.items() if value < 10)
_TEENS = "|".join(word for word, value in _SMALL.items() if 10 <= value < 20)
_TENS = "|".join(word for word, value in _SMALL.items() if value >= 20)
_BELOW = rf"(?:(?:{_TENS})\b(?:[\s-](?:{_ONES})\b)?|(?:{_TEENS}|{_ONES})\b)"
_GROUP = rf"(?:(?:{_BELOW}|a)[\s-]hundred\b(?:[\s-](?:and[\s-])?{_BELOW})?|{_BELOW})"
_LARGE = r"(?:m|b|tr)illion"
_JOINED = "member|person|man|woman|strong|seat|storey|story|page|bedroom|part|point|fold|dozen|hundred|thousand"
_WORDS = (
    rf"(?:a(?=[\s-](?:thousand|dozen|{_LARGE})\b)|{_GROUP})"
    rf"(?:[\s-](?:thousand|million|billion)\b(?:[\s-](?:and[\s-])?{_GROUP})?){{0,4}}"
    rf"(?!-(?!(?:to|or|and-a)-|(?:{UNIT}|{_JOINED}|{_LARGE})\b)\w)"
)


# `one in five`, `3 out of every 10`, `a one-in-ten chance`: only where the second number is the larger.
_LARGER = {value: "|".join(word for word, number in _SMALL.items() if value < number <= 20) for value in range(1, 10)}
_RATIOS = "|".join(
    rf"(?:{value}|{word})(?:\s(?:in|out\sof)\s(?:every\s)?|-in-)(?:{_LARGER[value]}|a[\s-]hundred|[1-9]\d\d?"
    rf"|(?!{value})[{value}-9])\b"
    for word, value in _SMALL.items()
    if value < 10
)
_RATIO = rf"(?:{_RATIOS})(?![,.]?\d|[\s-]{UNIT}\b|\s(?:games|matches|tests|hundred|thousand|{_LARGE})\b)"
_HALF = (
    r"(?<!first )(?<!second )(?<!other )(?<!latter )(?<!nd )(?<!st )half"
    rf"(?=[\s-](?:a[\s-])?(?:dozen|{_LARGE})\b|\s(?:of|the|its|their|all)\b|\san?\s{UNIT}\b)"
)
_PART = "|".join(_PARTS)
_SHARE = (
    rf"(?<![\w.-])(?P<share>{_HALF}|(?:an?|one)[\s-](?:{_PART})(?=\sof\b)|one-(?:{_PART})\b"
    rf"|(?:{_ONES})[\s-](?:{_PART})s\b|{_RATIO}"
    rf"|(?:(?:an?\s)?(?:half|quarter)|three-quarter)(?=-{UNIT}\b)"  # a quarter-point cut, a half-hour delay
    r"|(?:1/[23458]|2/[35]|3/[458]|4/5|5/8|7/8)(?![\d/]))"
)
UNSPACED = f"{UNSPACED_SCRIPTS}\uac00-\ud7af"
"""Character ranges of scripts in which a number touches the words around it."""
START = (
    r"(?<![A-Za-z])(?=[\d½¼¾⅓⅔.$€£¥₹₽₩−-]|(?-i:[A-Z]{1,3}[\s$])|minus\s"
    r"|one|t(?:wo|hr|hir|en|we)|f(?:ou|ort|if|iv)|s(?:ix|ev)|e(?:ig|le)|ni|an?[\s-][bdefhmnqst]|half|quarter-)"
)
"""Matches where a number may begin, and almost nowhere else: what makes the search fast."""

NUMBER = (
    rf"(?:{_SHARE}|(?:(?<![\w.])|(?<=[{UNSPACED}]))"
    rf"(?:(?P<digits>(?>{_DIGITS}))(?P<vulgar>[½¼¾⅓⅔]|\s[1357]/[248](?![\d/]))?|(?P<alone>[½¼¾⅓⅔]))"
    rf"|(?:(?<![\w-])|(?<=-to-)|(?<=-or-))(?P<words>{_WORDS}))(?P<plus>[\s-]and[\s-]a[\s-](?:half|quarter)\b)?"
)
HINT = re.compile(
    rf"[\d½¼¾⅓⅔]|\b(?:{'|'.join(_SMALL)}|dozen|hundred|thousand|{_LARGE}|half|third|quarter|fifth|tenth)",
    re.IGNORECASE,
)


def value_of(match: re.Match[str]) -> float | None:
    """The value of what NUMBER matched, a share as a fraction of 1; None if it is no number after all."""
    if match["share"]:
        return _share(match["share"].lower())
    if match["alone"]:
        return _VULGAR[match["alone"]]
    if match["digits"]:
        value = _digits(match["digits"]) + _part(match["vulgar"])
    else:
        try:
            value = float(text2num(re.sub(r"^a\b", "one", match["words"].lower()), "en"))
        except ValueError:
            return None  # "ten million two million": two numbers, none to be trusted
    return value + (0.25 if "quarter" in match["plus"].lower() else 0.5) if match["plus"] else value


def _digits(digits: str) -> float:
    if digits.isdecimal():
        return float(digits)
    plain = re.sub(r"[\u00a0\u2009\u202f '’]", "", digits)
    if plain.count(".") > 1:
        plain = plain.replace(".", "")
    whole, _, decimals = plain.rpartition(",")
    if whole and decimals.isdigit() and len(decimals) < 3:
        plain = f"{whole}.{decimals}"
    return float(plain.replace(",", ""))


def _part(vulgar: str | None) -> float:
    if not vulgar:
        return 0.0
    upper, _, lower = vulgar.strip().partition("/")
    return int(upper) / int(lower) if lower else _VULGAR[vulgar]


def _share(share: str) -> float:
    if "/" in share:
        return _part(share)
    words = re.split(r"[\s-]", share)
    part = _PARTS.get(words[-1].removesuffix("s"))
    if part:
        return (1 if len(words) == 1 else _small(words[0])) / part
    return _small(words[0]) / _small(words[-1])


def _small(word: str) -> int:
    return int(word) if word.isdigit() else {"a": 1, "an": 1, "hundred": 100}.get(word) or _SMALL[word]
