"""What the stub answers: each of the four requests by a rule, without a model, and the ways it can go wrong.

The same messages get the same answer. An honest one is of the right shape, cites only numbers that it read, and
copies its texts; whether a statement is supported it does not judge: it says so of every one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from itertools import combinations
from typing import Any, Literal

Mode = Literal["honest", "prose", "cut", "refusal", "empty", "unknown_ids", "html500", "wrong_types", "hang"]
"""How the stub answers: as it should, or with

prose in place of JSON, JSON cut in half, a refusal, nothing, numbers that nobody gave it, a page of HTML with
status 500, values of the wrong types, or never.
"""
REFUSAL = "I'm sorry, but I can't help with that."
_PROSE = "Certainly! Here is what I found in the material that you gave me:"
_PROSE_WORDS = 60
_MOST_SENTENCES = 8
_SAID = re.compile(r"\bsaid\b")
_LEANS = re.compile(
    r"[“\"'‘]?(?:he|she|it|they|this|that|these|those|his|her|its|their|i|we|my|our|such|so|and|but)\b", re.IGNORECASE
)
_SAME = 0.7  # Jaccard of the words of two claims, from which they are called the same
_WORD = re.compile(r"\w+")
_SENTENCE = re.compile(r"^\[(s\d+)\]\s*(.+)$", re.MULTILINE)
_CLAIM = re.compile(r"^(c\d+) \(.*?\): (.+)$", re.MULTILINE)
_FACT = re.compile(r"^(f\d+): (.+)$", re.MULTILINE)
_STATEMENT = re.compile(r"^(v\d+)(?: \(([^)]*)\))?: .+$", re.MULTILINE)
_NUMBER = re.compile(r"^([svfc])(\d+)$")
_UNKNOWN = 9_000_000  # is added to a number to make one that nobody gave

Answer = dict[str, Any]


def content_of(messages: list[dict[str, Any]], name: str | None, mode: Mode) -> str:
    """The text that answers the messages, of the shape called `name` or prose; "" in the modes that send none."""
    if mode in ("empty", "refusal", "html500", "hang"):
        return ""
    data = last_words(messages)
    rule = _RULES.get(name or "")
    if rule is None:
        text = prose(data)
    elif mode == "prose":
        text = f"{_PROSE} {prose(data)}"
    else:
        answer = rule(data)
        text = json.dumps(_SPOILERS[mode](answer) if mode in _SPOILERS else answer, ensure_ascii=False)
    return text[: len(text) // 2] if mode == "cut" else text


def last_words(messages: list[dict[str, Any]]) -> str:
    """The text of the last message of the user, or of the last one if there is none of the user."""
    if not messages:
        return ""
    said = [message for message in messages if message.get("role") == "user"] or messages
    return text_of(said[-1])


def text_of(message: dict[str, Any]) -> str:
    """The text of a message, given as one string or in parts."""
    content = message.get("content") or ""
    if isinstance(content, str):
        return content
    return "\n".join(str(part.get("text", "")) for part in content if isinstance(part, dict))


def prose(data: str) -> str:
    """The first words of the data."""
    return " ".join(data.split()[:_PROSE_WORDS])


def claims(data: str) -> Answer:
    """Every sentence that can be understood by itself as a claim, in its own words."""
    found = [
        (number, text) for number, text in _SENTENCE.findall(_within("sentences", data)) if not _LEANS.match(text)
    ]
    return {
        "claims": [{"sentences": [number], "text": text.strip(), "attributed_to": None} for number, text in found]
    }


def groups(data: str) -> Answer:
    """The pairs of claims that share most of their words."""
    found = [(number, set(_WORD.findall(text.lower()))) for number, text in _CLAIM.findall(_within("claims", data))]
    return {"groups": [{"claims": list(pair), "relation": "same", "question": None} for pair in _pairs(found)]}


def summary(data: str) -> Answer:
    """The first facts, each nearly in its own words: a judge is asked about what is no sentence of a source."""
    found = _FACT.findall(_within("facts", data))[:_MOST_SENTENCES]
    return {"sentences": [{"facts": [n], "text": _SAID.sub("stated", text.strip())} for n, text in found]}


def verdicts(data: str) -> Answer:
    """Every statement as supported by the first of its sentences."""
    found = _STATEMENT.findall(_within("statements", data))
    return {
        "verdicts": [
            {"id": number, "sentences": evidence.replace(",", " ").split()[:1], "verdict": "supported"}
            for number, evidence in found
        ]
    }


def unknown_ids(value: Any) -> Any:
    """The same answer with other numbers, which nobody gave."""
    if isinstance(value, dict):
        return {key: unknown_ids(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [unknown_ids(entry) for entry in value]
    found = _NUMBER.match(value) if isinstance(value, str) else None
    return f"{found[1]}{int(found[2]) + _UNKNOWN}" if found else value


def wrong_types(value: Any) -> Any:
    """The same answer with numbers for texts, texts for lists and lists for nothing; its objects stay."""
    if isinstance(value, dict):
        return {key: wrong_types(entry) for key, entry in value.items()}
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return [wrong_types(entry) for entry in value]
    if isinstance(value, list):
        return " ".join(map(str, value))
    return [] if value is None else len(str(value))


def _within(tag: str, data: str) -> str:
    found = re.search(rf"<{tag}>\n(.*?)</{tag}>", data, re.DOTALL)
    return found[1] if found else data


def _pairs(claims: list[tuple[str, set[str]]]) -> Iterator[tuple[str, str]]:
    for (one, words), (other, others) in combinations(claims, 2):
        most = max(len(words), len(others))
        if most and min(len(words), len(others)) >= _SAME * most and _overlap(words, others) >= _SAME:
            yield one, other


def _overlap(one: set[str], other: set[str]) -> float:
    return len(one & other) / len(one | other)


_RULES: dict[str, Callable[[str], Answer]] = {
    "claims": claims,
    "groups": groups,
    "summary": summary,
    "verdicts": verdicts,
}
_SPOILERS: dict[str, Callable[[Any], Any]] = {"unknown_ids": unknown_ids, "wrong_types": wrong_types}
