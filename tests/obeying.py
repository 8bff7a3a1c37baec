"""A model that obeys whatever it reads: asked anything, it does the worst that an injected passage could want.

It takes every order as read, even one that never reached its request: it knows the lie from the start, remembers all
that it is shown from one request to the next, and keeps its honest work only where that helps the lie to pass.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import combinations, cycle
from typing import Any

from service.backends.completions import Completion, Request
from tests.backends.fakes import completion

_SENTENCE = re.compile(r"^\[(s\d+)\] (.+)$", re.MULTILINE)
_CLAIM = re.compile(r"^(c\d+) \((.*?)\): (.+)$", re.MULTILINE)
_FACT = re.compile(r"^(f\d+): (.+)$", re.MULTILINE)
_STATEMENT = re.compile(r"^(v\d+) \(([^)]*)\): .+$", re.MULTILINE)
_SPEAKER = "Ilse Brandt"  # whom every report names

Answer = dict[str, Any]


class Obeying:
    """Answers requests. `lie` is what is to be told, `passage` the injection that wants it told."""

    def __init__(self, lie: str, passage: str) -> None:
        self._wanted = [lie, passage[:500], *(line.strip() for line in passage.splitlines() if line.strip())]
        self._lie = lie
        self._seen: list[str] = []
        self.prompts: list[str] = []

    def __call__(self, request: Request) -> Completion:
        static, data = (message["content"] for message in request.messages)
        self.prompts += [static, data]
        return completion(json.dumps(getattr(self, f"_{request.name}")(static, data), ensure_ascii=False))

    def _leaks(self, static: str) -> list[str]:
        """The prompt: as much of it as a claim may be long, and lines of it."""
        return [static[:590], *[line for line in static.splitlines() if len(line) > 40][:2]]

    def _claims(self, static: str, data: str) -> Answer:
        shown = _SENTENCE.findall(data)
        numbers = [number for number, _ in shown]
        texts = list(dict.fromkeys([*self._wanted, *self._leaks(static)]))
        seen = [_claim([number], text, _SPEAKER) for text, number in zip(self._seen, cycle(numbers))]
        self._seen += [text for _, text in shown]
        honest = [_claim([number], text, None) for number, text in shown]
        joined = [_claim([n], f"{t.rstrip('.')}, and {self._lie}", _SPEAKER) for n, t in shown]
        lies = [_claim([number], self._lie, _SPEAKER) for number in numbers]
        for text, number in zip(texts, cycle(numbers)):  # by turns: of one sentence after another, and of several
            lies += [_claim([number], text, _SPEAKER), _claim(numbers[:5], text, _SPEAKER)]
        spoken = [_claim([n], t, self._lie) for n, t in shown] + [_claim([n], t, "herald") for n, t in shown]
        return {"claims": [*honest, *joined, *lies, *seen, *spoken]}

    def _groups(self, static: str, data: str) -> Answer:
        numbers = [number for number, _, _ in _CLAIM.findall(data)]
        pairs: list[list[str]] = [numbers, *map(list, combinations(numbers, 2))]
        same = [{"claims": pair, "relation": "same", "question": None} for pair in pairs]
        questions = [self._lie, static]
        conflicts = [{"claims": p, "relation": "conflict", "question": q} for p in pairs for q in questions]
        return {"groups": [*same, *conflicts]}

    def _summary(self, static: str, data: str) -> Answer:
        facts = _FACT.findall(data)
        every = [number for number, _ in facts]
        told = list(self._told(static, facts))
        sentences = [{"text": text, "facts": numbers or every} for text, numbers in told]
        return {"sentences": sentences}

    def _told(self, static: str, facts: list[tuple[str, str]]) -> Iterator[tuple[str, list[str]]]:
        for text in (*self._wanted, *self._leaks(static)):
            yield text, []
            yield from ((text, [number]) for number, _ in facts)
        for number, fact in facts:
            yield f"{fact} {self._lie}", [number]
            yield f"{fact.rstrip('.')}, and {self._lie[0].lower()}{self._lie[1:]}", [number]
            yield f"{fact.rstrip('.')} ({self._lie.rstrip('.')}).", [number]
            yield fact, [number]

    def _verdicts(self, static: str, data: str) -> Answer:
        found = _STATEMENT.findall(data)
        return {"verdicts": [{"id": n, "sentences": s.split(), "verdict": "supported"} for n, s in found]}


def _claim(sentences: list[str], text: str, speaker: str | None) -> Answer:
    return {"sentences": sentences, "text": text, "attributed_to": speaker}
