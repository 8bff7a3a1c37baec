"""What the gates say of honest texts, and of those that the rules make of them: the two uses, text by text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from benchmarks.alterations.honest import FACT, SEED, Honest, Set
from benchmarks.alterations.kinds import ACCEPTED, ATTRIBUTION_DROPPED, CITED_DOCUMENT, KINDS
from service.core.checking import check_text
from service.core.matching import Index
from service.core.model import Claim, Dropped, Fact, Sentence, Standing, StatementDraft, Verdict
from service.core.verification import verify

SUMMARY, VERIFY, PEOPLES = "the gates of a summary", "concord verify", "concord verify, people's words"
_MOST_OF_A_KIND = 2  # alterations of one text
_MAY_SAY = 1 / 3  # share of a text from which a document may say it in other words


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


def share_failed(tried: Sequence[Tried]) -> float:
    """The share of texts that some gate failed, from 0 to 1."""
    return sum(t.gate is not None for t in tried) / max(1, len(tried))
