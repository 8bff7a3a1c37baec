"""What gates, a judge and both catch of altered sentences, and accept of those as they stand.

Sentences of the sample clusters, each against its own document, with one thing changed by a rule (`alter`).
Whatever passes a gate is judged as the service judges a text: what stands word for word is not asked about.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from benchmarks.judges import Judge, Said
from service.backends.calibration import Calibration, balanced_accuracy, tell
from service.calibrating import Row, Shown, show_row
from service.core.clauses import cuts
from service.core.matching import Index
from service.core.model import Sentence, Source, Verdict
from service.core.reading import read

_COLUMNS = ("gates", "word", "fitted", "together")
_EVERY = 20  # sentences between lines of progress
_LEAST_WORDS, _MOST_SIGNS = 8, 320
_SHARE_UNALTERED = 3  # a third as many
_PAIRS = """
    more less more fewer rose fell rise fall up down before after first last opened closed won lost accepted rejected
    increased decreased higher lower early late began ended agreed refused largest smallest earlier later
    above below inside outside north south east west morning evening safe dangerous supported opposed
""".split()
_OPPOSITES = dict(zip([*_PAIRS[1::2], *_PAIRS[::2]], [*_PAIRS[::2], *_PAIRS[1::2]], strict=True))
_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_MONTHS = "January February March April June July August September October November December".split()
_BOUNDS = {"more than": "fewer than", "at least": "at most", "nearly": "more than", "up to": "at least"}
_BOUND = re.compile(rf"\b({'|'.join(_BOUNDS)})(?= \d)")
_AUXILIARY = re.compile(r"\b(is|are|was|were|has|have|had|will|would|can|could|should|must|did)\b(?! not)")


@dataclass(frozen=True, slots=True)
class Tried:
    """A sentence, what was altered in it (nothing if empty), as it is shown to a judge, and what that said."""

    kind: str
    shown: Shown
    said: Said


def alter(text: str, index: Index, chance: Random) -> Iterator[tuple[str, str]]:
    """What was altered, and the sentence that this makes."""
    details = index.analyse(text).details
    for figure in details.figures[:1]:
        number = re.search(r"\d[\d,]*", text[figure.start : figure.end])
        if number:
            start, value = figure.start + number.start(), int(number[0].replace(",", ""))
            yield "figure", _put(text, start, start + len(number[0]), f"{value + max(1, value // 5):,}")
    for name, words in (("day", _DAYS), ("month", _MONTHS)):
        found = re.search(rf"\b({'|'.join(words)})\b", text)
        if found:
            other = chance.choice([word for word in words if word != found[0]])
            yield name, _put(text, *found.span(), other)
    names = [n for s in _sentences(index) for n in index.of(s).details.names]
    for named in details.names[:1]:
        others = [n.text for n in names if not n.matches(named)]
        if others:
            yield "name", _put(text, named.start, named.end, chance.choice(others))
    auxiliary = _AUXILIARY.search(text)
    if auxiliary:
        yield "negation", _put(text, auxiliary.end(), auxiliary.end(), " not")
    for word in re.finditer(r"[a-z]+", text):
        if word[0] in _OPPOSITES:
            yield "opposite", _put(text, *word.span(), _OPPOSITES[word[0]])
            break
    bound = _BOUND.search(text)
    if bound:
        yield "bound", _put(text, *bound.span(), _BOUNDS[bound[0]])


def _put(text: str, start: int, end: int, by: str) -> str:
    return f"{text[:start]}{by}{text[end:]}"


def _sentences(index: Index) -> list[Sentence]:
    return [s for document in index.documents.values() for s in document.sentences if not s.heading]


def draw(sources: Sequence[Source], altered: int, seed: int = 1) -> list[tuple[str, Row]]:
    """Some altered sentences, by turns of every kind, and a third as many unaltered, under no kind."""
    chance = Random(seed)  # noqa: S311 (for sampling)
    kinds: dict[str, list[Row]] = {}
    for source in sources:
        index = Index([read(source)])
        for sentence in _sentences(index):
            if len(sentence.text.split()) >= _LEAST_WORDS and len(sentence.text) <= _MOST_SIGNS:
                forms = [("", form) for form in cuts(sentence.text)[:2]]
                for kind, text in (*forms, *alter(sentence.text, index, chance)):
                    kinds.setdefault(kind, []).append(Row(kind or "unaltered", source.text, text, int(not kind)))
    plain = kinds.pop("", [])
    drawn = [(kind, row) for kind, row in _by_turns(kinds, chance)][:altered]
    return drawn + [("", row) for row in chance.sample(plain, min(len(plain), altered // _SHARE_UNALTERED))]


def _by_turns(kinds: dict[str, list[Row]], chance: Random) -> Iterator[tuple[str, Row]]:
    """One of each kind in turn, drawn at random, until there are none."""
    left = {kind: chance.sample(rows, len(rows)) for kind, rows in sorted(kinds.items())}
    while any(left.values()):
        for kind, rows in left.items():
            if rows:
                yield kind, rows.pop()


async def ask_altered(judge: Judge, way: str, rows: Sequence[tuple[str, Row]]) -> list[Tried]:
    """What a judge says of rows, one after another; without those that it can't be shown or gives no answer to."""
    tried = []
    for number, (kind, row) in enumerate(rows, start=1):
        shown = show_row(row, judge.model.budgets)
        said = await judge.ask(way, shown) if shown else None
        if shown and said:
            tried.append(Tried(kind, shown, said))
        if number % _EVERY == 0:
            print(f"{way}, altered: {number} of {len(rows)} asked", flush=True)
    return tried


def told(tried: Tried, alone: Calibration, both: Calibration) -> tuple[bool, ...]:
    """Whether a sentence counts as supported: by the gates, the judge's word, its odds, and gates and judge."""
    row = tried.shown.labelled(tried.said.odds)
    heeded = tell(row, both.probability(row.odds, row.features), both.passed)
    contradicted = tried.said.word is Verdict.CONTRADICTED and row.settled is None
    return (
        row.settled is not False,
        tried.said.word is Verdict.SUPPORTED,
        alone.probability(row.odds, 0.0) >= alone.open,
        heeded and not contradicted,
    )


def report_altered(way: str, tried: Sequence[Tried], alone: Calibration, both: Calibration) -> None:
    """Print what is caught of each kind, accepted of the unaltered, and the balanced accuracy of both."""
    print(f"\n{way}, altered sentences caught\n{'what':<22}{'':>6}" + "".join(f"{name:>10}" for name in _COLUMNS))
    found = [(t.kind, told(t, alone, both)) for t in tried]
    for kind in sorted({kind for kind, _ in found if kind}):
        _print_shares(kind, [[not x for x in ways] for k, ways in found if k == kind])
    _print_shares("all altered", [[not x for x in ways] for kind, ways in found if kind])
    _print_shares("unaltered, accepted", [list(ways) for kind, ways in found if not kind])
    labels = [int(not kind) for kind, _ in found]
    columns = [balanced_accuracy(list(column), labels) for column in zip(*(ways for _, ways in found), strict=True)]
    print(f"{'balanced accuracy':<22}{len(found):>6}" + "".join(f"{value:>10.3f}" for value in columns))


def _print_shares(name: str, rows: Sequence[Sequence[bool]]) -> None:
    shares = [sum(column) / len(rows) for column in zip(*rows, strict=True)]
    print(f"{name:<22}{len(rows):>6}" + "".join(f"{share:>10.3f}" for share in shares))
