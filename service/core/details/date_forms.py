"""Date forms: how days, weekdays, months, years and times of day are written; what they mean is for dates.py.

`MOMENT` tells the forms apart by the outermost group that matched, named as dates.py names its readers.
"""

from __future__ import annotations

import re

from service.core.words import UNSPACED

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
    "november", "december",
)  # fmt: skip
MONTH_OF = {name[:3]: i + 1 for i, name in enumerate(MONTHS)}
_MONTH = (
    r"(?:Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?\.?|July?\.?|Aug(?:ust|\.)?"
    r"|Sept?(?:ember|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)(?!\w|-a-)"  # but Mar-a-Lago
)
_DAY = r"(?:[12]\d|3[01]|0?[1-9])"
_YEAR = r"(?:1[5-9]|20)\d\d"
COUNTS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12,
}  # fmt: skip
_SEASON = "summer|autumn|winter|spring"
# What follows a number that counts something, where a year has one of the words that go on with a sentence.
_COUNTED = (
    r"\s(?!(?:and|to|or|when|after|before|but|as|with|was|is|were|are|has|had|the|an?|that|which|who|by|in|on|at"
    r"|for|through|until|while|because|since|if|he|she|it|they|we|would|will|could|said|says|amid|despite|following)"
    r"\b)(?-i:[a-z])"
)
_NOT_COUNTED = (
    r"(?!\s(?:people|soldiers|troops|men|women|children|[mb]illion|per\s?cent|km|kg)\b"
    rf"|\s(?:and|to)\s{_YEAR}{_COUNTED})"
)
_YEAR_OF = "elections?|season|budget|campaign|census|olympics|world cup|invasion|edition|report|survey|study"
_ZONE = "GMT|UTC|local time"
MOMENT = re.compile(
    rf"(?:\b|(?<=[{UNSPACED}]))(?=\w)(?!(?<=\d[.,])\d)(?:"  # not inside a number: 2,500 years ago
    rf"(?P<iso>(?P<iy>{_YEAR})[-/](?P<im>0[1-9]|1[0-2])[-/](?P<id>0[1-9]|[12]\d|3[01])(?!\d))"
    rf"|(?P<slash>(?P<sa>\d\d?)(?P<sep>[./])(?P<sb>\d\d?)(?P=sep)(?P<sy>{_YEAR})\b)"
    r"|(?P<cjk>(?:(?P<cy>\d{4})[年년]\s?)?(?P<cm>\d\d?)[月월]\s?(?P<cd>\d\d?)[日일])"
    rf"|(?P<dmy>(?:(?P<df>{_DAY})(?:st|nd|rd|th)?(?:\s?[-–—]\s?|\sto\s))?(?P<dd>{_DAY})(?:st|nd|rd|th)?(?:\s+of)?\s+"
    rf"(?P<dm>{_MONTH})(?:,?\s+(?P<dy>{_YEAR})\b)?)"
    rf"|(?P<mdy>(?P<mm>{_MONTH})\s+(?P<md>{_DAY})(?:st|nd|rd|th)?(?:\s?[-–—]\s?(?P<mt>{_DAY})(?:st|nd|rd|th)?(?![\d:]))?"
    rf"(?![\d:]|\s*[ap]\.?m\b)(?:,?\s+(?P<my>{_YEAR})\b)?)"
    rf"|(?P<month>(?:(?P<part>early |mid-|late |earlier in |later in |in )"
    rf"|(?P<since>since |by |until |last |of |from |next )(?!{_MONTH}\s+{_DAY}\b))?"
    rf"(?P<mo>{_MONTH})(?:,?\s+(?P<moy>{_YEAR})\b)?)"
    r"|(?P<time>(?P<h>[01]?\d|2[0-3])(?:[:.](?P<min>[0-5]\d))?\s?(?P<ap>[ap])\.?\s?m\b\.?"
    rf"|(?P<h24>[01]?\d|2[0-3]):?(?P<m24>[0-5]\d)\b(?:(?<=:\d\d)(?:\s?(?:hours|hrs|{_ZONE}))?|\s?(?:{_ZONE})\b)"
    r"|(?P<word>noon|midnight|midday)\b)"
    r"|(?P<weekday>(?P<which>last |this |next |on |late |early )?(?<!Black )(?<!Good )(?<!Easter )(?<!Ash )"
    r"(?P<wd>Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b)"
    r"|(?P<relative>(?:today|tonight|(?:the day before )?yesterday|(?:the day after )?tomorrow)\b)"
    r"|(?P<span>(?P<rel>earlier this|later this|last|this|next|the previous|the past|past)\s"
    rf"(?P<unit>week|month|year|weekend|{_SEASON})\b(?!\s+of\b))"
    rf"|(?P<ago>(?P<n>\d{{1,3}}|{'|'.join(COUNTS)})\s(?P<nu>day|week|month|year)s?\s(?P<dir>ago|earlier|later|before)\b)"
    rf"|(?P<year>(?:(?P<strong>(?P<third>early |mid-|late )"
    rf"|(?:in|since|until|during|from|between|year|{_SEASON})\s(?:of\s)?)"
    rf"|(?P<weak>(?:of|by|to|and)\s|(?<=[(–-])))?(?P<y>{_YEAR})(?P<decade>(?<=0)s)?\b(?!\s?%|[,.]\d|\s?(?:{_ZONE})\b)"
    rf"(?(strong){_NOT_COUNTED}|(?(weak)(?!{_COUNTED})"
    rf"|(?(decade)|(?=\s?[-–—]\s?{_YEAR}\b(?!{_COUNTED})|\s(?:{_YEAR_OF})\b)))))"
    r")",
    re.IGNORECASE,
)
RANGE_END = re.compile(
    rf"(?:\s?[-–—]\s?|\s(?:to|and|or|until|through)\s)(?:{_DAY}(?:st|nd|rd|th)?\s)?(?P<month>{_MONTH})"
    rf"(?:\s{_DAY}(?:st|nd|rd|th)?)?,?\s(?P<year>{_YEAR})\b",
    re.IGNORECASE,
)
"""What follows a day or a month whose year stands behind the other end of a range: `to 3 January 2024`."""
HINT = re.compile(
    rf"\d|day\b|\b(?:{'|'.join(m[:3] for m in MONTHS)}|noon|mid(?:night|day)|to(?:day|night|morrow)|yester"
    r"|(?:last|this|next|past|previous|days?|weeks?|months?|years?)\s)",
    re.IGNORECASE,
)
TO_COME = re.compile(r"\b(?:will|due|next|upcoming|scheduled|is to|are to|plans? to|expected)\b", re.IGNORECASE)
