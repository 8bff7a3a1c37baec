"""What gates, a judge and both catch of altered sentences, and accept of those as they stand.

Sentences of the sample clusters, each against its own document, with one thing altered by a rule of alterations/.
Whatever passes a gate is judged as the service judges a text: what stands word for word is not asked about.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from benchmarks.alterations.honest import SEED, ground_of, own_words
from benchmarks.alterations.trying import alterations
from benchmarks.judging.judges import Judge, Said
from service.backends.calibration import Calibration, balanced_accuracy, tell
from service.calibrating import Row, Shown, show_row
from service.core.model import Verdict

_COLUMNS = ("gates", "word", "fitted", "together")
_EVERY = 20  # sentences between lines of progress
_SHARE_UNALTERED = 3  # a third as many
_SENTENCES = 40  # of a document


@dataclass(frozen=True, slots=True)
class Tried:
    """A sentence, what was altered in it (nothing if empty), as it is shown to a judge, and what that said."""

    kind: str
    shown: Shown
    said: Said


def draw(texts: Sequence[str], altered: int) -> list[tuple[str, Row]]:
    """Some altered sentences of documents, by turns of every kind, and a third as many unaltered, under no kind."""
    kinds: dict[str, list[Row]] = {}
    for text in texts:
        for honest in own_words(ground_of(text), _SENTENCES):
            for kind, said in (("", honest.text.text), *alterations(honest)):
                kinds.setdefault(kind, []).append(Row(kind or "unaltered", text, said, int(not kind)))
    chance, plain = Random(SEED), kinds.pop("", [])  # noqa: S311 (for sampling)
    drawn = list(_by_turns(kinds, chance))[:altered]
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
