"""What is caught of supported sentences altered by rule: `python -m benchmarks.alterations [FOLDER] [--seeds FOLDER]`

Takes sentences of data/, of the seeds (a folder of reports of one event) and of FOLDER (`*.jsonl` that people
labelled; rows: evidence, sentence, label), word for word, lightly cut, and as people wrote them where they found
them supported. Those that are accepted as they stand are altered in one thing each, by the rules of
benchmarks/altering; what may stay true by the words of the documents is not made. Two uses are measured, the
second also on what people wrote:

the gates of a summary   service/core/verification.py with a quorum of one, the sentence citing where it stands.
                         What people wrote cites nothing, and is not measured here
concord verify           service/core/checking.py on all documents of the event. What somebody said may be told as
                         fact there if that is noted, and counts as caught if it is

Printed of each kind: the aim, how many, the share caught, its 95 % interval (Wilson), and which gates caught it
first; of unaltered sentences the share accepted. `*` marks a share under its aim.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from math import sqrt
from pathlib import Path
from time import perf_counter
from typing import Any

from benchmarks.altering.honest import FACT, SEED, Honest, Set, read_cluster, read_labelled
from benchmarks.altering.kinds import ACCEPTED, ATTRIBUTION_DROPPED, CITED_DOCUMENT, KINDS
from benchmarks.kept import add_option, keep
from service.core.checking import check_text
from service.core.matching import Index
from service.core.model import Claim, Dropped, Fact, Sentence, Standing, StatementDraft, Verdict
from service.core.verification import verify
from service.settings import find_data

SUMMARY, VERIFY, PEOPLES = "the gates of a summary", "concord verify", "concord verify, people's words"
_SENTENCES = 100  # of each set
_MOST_OF_A_KIND = 2  # alterations of one text
_MAY_SAY = 1 / 3  # share of a text from which a document may say it in other words
_NORMAL_95 = 1.96


@dataclass(frozen=True, slots=True)
class Tried:
    """A text that one use looked at. `gate` is the first that failed it, None if it was accepted."""

    text: str
    honest: str
    gate: str | None
    cited: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """What one use said of unaltered texts, by form, and of altered ones, by kind."""

    accepted: dict[str, list[Tried]] = field(default_factory=lambda: {form: [] for form in ACCEPTED})
    caught: dict[str, list[Tried]] = field(default_factory=lambda: {kind: [] for kind in KINDS})


def gate_of_summary(text: str, evidence: tuple[Sentence, ...], honest: Honest) -> str | None:
    """The first gate of a summary that a text fails which cites some sentences of one document."""
    ground, first = honest.ground, evidence[0]
    claim = Claim(FACT, first.text, first.document_id, evidence, ground.index.speaker(first), first.text)
    fact = Fact(claim, (claim,), evidence, (first.document_id,), 1, Standing.UNIQUE)
    outcome = verify(StatementDraft(text, (FACT,)), {FACT: fact}, ground.index, ground.origins, 1)
    return outcome.reasons[0].check if isinstance(outcome, Dropped) else None


def gate_of_verify(text: str, index: Index, *, noted: bool = False) -> str | None:
    """The first gate that fails a text; with `noted` also one that passes it, and notes what it left open."""
    found = check_text(text, index)
    failed = next((check.check for check in found.checks if not check.passed), None)
    if found.verdict is not Verdict.SUPPORTED:
        return failed or found.verdict.value
    return next((c.check for c in found.checks if noted and c.check == "attribution" and c.detail), None)


def measure(sets: Iterable[Set]) -> dict[str, Found]:
    """What each use says of the texts of some sets, unaltered and altered."""
    found = {SUMMARY: Found(), VERIFY: Found(), PEOPLES: Found()}
    for one in sets:
        for honest in one.texts:
            _try(honest, one, found)
    return found


def _try(honest: Honest, one: Set, found: dict[str, Found]) -> None:
    said, cited = honest.text.text, honest.text.sentences
    gates = {PEOPLES if honest.form == "people's" else VERIFY: gate_of_verify(said, honest.ground.index)}
    if honest.form != "people's":
        gates[SUMMARY] = gate_of_summary(said, cited, honest)
    for use, gate in gates.items():
        found[use].accepted[honest.form].append(Tried(said, said, gate))
    open_to = [use for use, gate in gates.items() if gate is None]
    for use in open_to:
        tried = found[use].caught[CITED_DOCUMENT]
        tried += _cited_elsewhere(honest) if use == SUMMARY else _checked_elsewhere(honest, one)
    if open_to:
        for kind, altered in alterations(honest):
            for use in open_to:
                found[use].caught[kind].append(Tried(altered, said, _gate(use, kind, altered, honest)))


def _gate(use: str, kind: str, altered: str, honest: Honest) -> str | None:
    if use == SUMMARY:
        return gate_of_summary(altered, honest.text.sentences, honest)
    return gate_of_verify(altered, honest.ground.index, noted=kind == ATTRIBUTION_DROPPED)


def alterations(honest: Honest) -> Iterator[tuple[str, str]]:
    """Some alterations of each kind of a text, each with its kind. By its words alone, whatever was tried before."""
    honest.ground.chance.seed(f"{SEED} {honest.text.text}")
    for name, kind in KINDS.items():
        made = [altered for rule in kind.rules for altered in honest.ground.altered(honest.text, rule)]
        false = [
            altered for altered in dict.fromkeys(made) if not honest.ground.is_told_elsewhere(altered, honest.text)
        ]
        for altered in honest.ground.some(false, _MOST_OF_A_KIND):
            yield name, altered


def _cited_elsewhere(honest: Honest) -> Iterator[Tried]:
    """The text citing the nearest sentence that cannot say it, and any other: of other documents if there are any."""
    honest.ground.chance.seed(f"{SEED} {honest.text.text}")
    ground, text, own = honest.ground, honest.text, honest.text.sentences[0].document_id
    others = [s for s in ground.sentences if s.document_id != own] or [
        s for s in ground.sentences if s not in text.sentences
    ]
    share = {s: ground.index.coverage(text.analysis, ground.index.of(s)) for s in others}
    silent = [sentence for sentence in others if share[sentence] < _MAY_SAY]
    if silent:
        for sentence in dict.fromkeys([max(silent, key=share.__getitem__), ground.chance.choice(silent)]):
            yield Tried(text.text, text.text, gate_of_summary(text.text, (sentence,), honest), sentence.text)


def _checked_elsewhere(honest: Honest, one: Set) -> Iterator[Tried]:
    """The text held against documents that do not state it: by people's word, or of other events."""
    honest.ground.chance.seed(f"{SEED} {honest.text.text}")
    said, ground = honest.text.text, honest.ground
    if honest.stated_in:
        others = [index for index in one.alone if not honest.stated_in & index.documents.keys()]
    else:
        others = [index for index in one.elsewhere if index is not ground.index]
        others = [index for index in others if not index.search(index.analyse(said), _MAY_SAY)]
    for index in ground.chance.sample(others, min(_MOST_OF_A_KIND, len(others))):
        yield Tried(said, said, gate_of_verify(said, index), next(iter(index.documents)))


def interval(count: int, total: int) -> tuple[float, float]:
    """Between what a share lies with 95 % confidence (Wilson)."""
    if not total:
        return 0.0, 1.0
    share, z2 = count / total, _NORMAL_95**2
    middle = (share + z2 / (2 * total)) / (1 + z2 / total)
    half = _NORMAL_95 * sqrt(share * (1 - share) / total + z2 / (4 * total**2)) / (1 + z2 / total)
    return max(0.0, middle - half), min(1.0, middle + half)


def share_failed(tried: Sequence[Tried]) -> float:
    """The share of texts that some gate failed, from 0 to 1."""
    return sum(t.gate is not None for t in tried) / max(1, len(tried))


def figures(found: Found) -> dict[str, dict[str, Any]]:
    """Of each kind and form: the aim, how many were tried, and the share that was caught, or accepted."""
    aims = {kind: KINDS[kind].aim for kind in found.caught} | {form: ACCEPTED[form] for form in found.accepted}
    shares = {kind: share_failed(tried) for kind, tried in found.caught.items()}
    shares |= {form: 1 - share_failed(tried) for form, tried in found.accepted.items()}
    numbers = {name: len(tried) for name, tried in (found.caught | found.accepted).items()}
    return {name: {"aim": aims[name], "number": numbers[name], "share": shares[name]} for name in numbers}


def _print_use(use: str, found: Found) -> None:
    print(f"\n{use:<31}{'aim':>4}  number  caught  95 %          caught first by")
    for kind, tried in found.caught.items():
        _print_row(kind, KINDS[kind].aim, [t.gate for t in tried], caught=True)
    print("unaltered                                  accepted               failed by")
    for form, tried in found.accepted.items():
        _print_row(form, ACCEPTED[form], [t.gate for t in tried], caught=False)


def _print_row(name: str, aim: float | None, gates: Sequence[str | None], *, caught: bool) -> None:
    """A line on the texts of one kind or form, each given as the first gate that failed it, if one did."""
    total, failed = len(gates), Counter(gate for gate in gates if gate)
    if not total:
        return
    count = failed.total() if caught else total - failed.total()
    low, high = interval(count, total)
    under = "*" if aim is not None and count / total < aim else " "
    first = ", ".join(f"{gate} {number / total:.2f}" for gate, number in failed.most_common(4))
    aimed = f"{aim:.2f}" if aim is not None else "-"
    print(f"{name:<31}{aimed:>4}{total:>8}  {count / total:.3f}{under} {low:.3f}-{high:.3f}   {first}")


def _show(kind: str, most: int, found: dict[str, Found]) -> None:
    """Print altered sentences of a kind that were accepted, or unaltered ones that were not."""
    for use, of_use in found.items():
        print(f"\n{kind}, {use}:")
        slipped = [t for t in of_use.caught.get(kind, []) if t.gate is None]
        for tried in (slipped or [t for t in of_use.accepted.get(kind, []) if t.gate])[:most]:
            print(
                f"- {tried.text}\n    of {tried.cited or tried.honest}" + (f" [{tried.gate}]" if tried.gate else "")
            )


def read_sets(folder: Path | None, seeds: Path | None, limit: int) -> Iterator[Set]:
    """The clusters of data/ and the seeds, each with the documents of the others; the sets that people labelled."""
    folders = [*sorted(path.parent for path in find_data().glob("*/documents.json")), *([seeds] if seeds else [])]
    clusters = [read_cluster(cluster, limit) for cluster in folders]
    for cluster in clusters:
        yield replace(cluster, elsewhere=tuple(i for other in clusters if other is not cluster for i in other.alone))
    for file in sorted(folder.glob("*.jsonl")) if folder else []:
        yield read_labelled(file, limit)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, help="a folder of *.jsonl that people labelled")
    parser.add_argument("--seeds", type=Path, help="a folder of reports of one event")
    parser.add_argument("--limit", type=int, default=_SENTENCES, help="at most so many sentences of each set")
    parser.add_argument("--show", nargs=2, metavar=("KIND", "N"), help="print so many of a kind that were missed")
    add_option(parser)
    given = parser.parse_args()
    before = perf_counter()
    found = measure(read_sets(given.folder, given.seeds, given.limit))
    for use, of_use in found.items():
        _print_use(use, of_use)
    total = sum(len(tried) for of_use in found.values() for tried in of_use.caught.values())
    print(f"\n{total} alterations tried in {perf_counter() - before:.0f} s")
    keep(given.json, {use: figures(of_use) for use, of_use in found.items()})
    if given.show:
        _show(given.show[0], int(given.show[1]), found)


if __name__ == "__main__":
    main()
