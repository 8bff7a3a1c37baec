"""Other speech: quotations altered or made up, and what was said by one given to another, or to nobody."""

from __future__ import annotations

import re
from collections.abc import Iterator

from benchmarks.alterations.ground import Ground, Text, swapped
from service.core.words import words_of

_QUOTED = re.compile(r"[“\"](?P<said>[^“”\"]{12,})[”\"]")


def quotations_altered(ground: Ground, text: Text) -> Iterator[str]:
    """A quotation in which a word is another, or is left out, not at its ends: to quote a part is no lie."""
    for match in _QUOTED.finditer(text.text):
        inside = [w for w in words_of(text.text) if match.start("said") < w.start and w.end + 1 < match.end("said")]
        for word in ground.chance.sample(inside, min(3, len(inside))):
            yield swapped(text.text, word.start, word.end, ground.chance.choice(ground.words))
            around, before = text.text[word.start - 2 : word.end + 2], text.text[: word.start]
            if not set("…[]") & set(around) and before.count("[") == before.count("]"):  # there one may be left out
                yield swapped(text.text, word.start, word.end + 1, "")


_INVENTED = (
    "We have nothing to hide and nobody to fear,", "This should never have been allowed to happen,",
    "I have seen nothing like it in all my years,", "It was only a matter of time before this happened,",
)  # fmt: skip


def quotations_invented(ground: Ground, text: Text) -> Iterator[str]:
    """Words in quotation marks that nobody said: of the liar's own, or the report's words put together anew."""
    speaker = next((who for sentence in text.sentences if (who := ground.index.speaker(sentence))), None)
    if speaker:
        yield f"“{ground.chance.choice(_INVENTED)}” {speaker} said."
    for start, end in runs(ground, text):
        run = text.text[start:end].split()
        turned = " ".join([run[-1], *run[1:-1], run[0]])
        if run[0] != run[-1] and not ground.is_told(turned, text):
            yield swapped(text.text, start, end, f"“{turned}”")


def runs(ground: Ground, text: Text) -> Iterator[tuple[int, int]]:
    """Three words of a text or more that are no quotation, and begin with none in capitals."""
    words = [word for word in words_of(text.text) if not word.text[0].isupper()]
    if len(words) > 6 and not _QUOTED.search(text.text):
        first = words[ground.chance.randrange(len(words) - 4)]
        last = next((word for word in words if word.start > first.end + 18), words[-1])
        if len(text.text[first.start : last.end].split()) > 2:
            yield first.start, last.end


_SAID = r"(?:said|says|told [^,.]{3,30}|added|insisted|warned|noted|announced|has said)"
_ATTRIBUTED = (
    re.compile(rf"[,]?[”\"]? (?:the |a )?[^,.“”\"]{{2,60}} {_SAID}(?: on \w+| tonight| yesterday)?\.?$"),
    re.compile(rf"^[^,“”\"]{{2,80}}? {_SAID}(?: on \w+| tonight)?(?: that|:)? (?=\S)"),
    re.compile(rf", [^,.“”\"]{{2,60}} {_SAID},"),
    re.compile(r"(?:, )?\b[Aa]ccording to [^,.]{2,60}[,.]? ?"),
)


def attribution_dropped(ground: Ground, text: Text) -> Iterator[str]:
    """What somebody said, told as fact, where no quorum of origins tells it so."""
    if not any(ground.index.attribution(sentence) for sentence in text.sentences):
        return
    for pattern in _ATTRIBUTED:
        match = pattern.search(text.text)
        bare = swapped(text.text, match.start(), match.end(), " ").strip(' ,“”"') if match else ""
        if len(bare.split()) > 4 and not ground.is_own(bare, text):
            yield f"{bare[0].upper()}{bare[1:].rstrip('.')}."


def attribution_to_others(ground: Ground, text: Text) -> Iterator[str]:
    """What one said, or nobody, put into another's mouth."""
    full = (name.text for name in ground.names if len(name.words) > 1)
    others = ground.strangers(text, ground.speakers) or ground.strangers(text, full)
    known = sorted({speaker for s in ground.matter(text) if (speaker := ground.index.speaker(s))})
    for speaker in known:
        place = text.text.find(speaker)
        for other in ground.some(others, 3) if place >= 0 else []:
            yield swapped(text.text, place, place + len(speaker), other)
    if others and text.text.endswith(".") and not re.search(rf"\b{_SAID}\b|[“”\"]", text.text):
        yield f"{text.text.rstrip('.')}, {ground.chance.choice(others)} said."
