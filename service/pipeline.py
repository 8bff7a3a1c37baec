"""The pipeline: the order of the steps, from sources to a comparison. What is claimed, agreed or told, others decide.

read -> index -> claims -> groups and verdicts -> facts and disputes -> summary -> gates (writing.py). A backend
proposes; what it proposes is anchored, compared and verified by the core before it is part of the outcome.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import groupby
from time import perf_counter

from service.backends.base import Backend, Means, Offload, at_once
from service.core import corroboration, disputes, suspicion
from service.core.anchoring import anchor
from service.core.chunking import chunk
from service.core.errors import InvalidInput
from service.core.formats import Turn, to_text
from service.core.matching import Index
from service.core.model import Brief, Chunk, Claim, ClaimDraft, Document, Fact, Group, Source, Standing
from service.core.origins import find_origins
from service.core.outcome import Comparison, Notice
from service.core.reading import read
from service.writing import Desk


@dataclass(frozen=True, slots=True)
class Options:
    """What a client may ask for. `chunk_tokens` is the token budget of one extraction request."""

    quorum: int = 2
    max_sentences: int = 8
    focus: str | None = None
    chunk_tokens: int = 4_000


class Stopwatch:
    """Milliseconds spent in each stage, and the report of progress."""

    def __init__(self, means: Means) -> None:
        self.timings: dict[str, float] = {}
        self._means = means
        self._total = 1

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """A stage lasts as long as this is held open, and is done once it is left."""
        began, self._total = perf_counter(), 1
        with self._means.stage(name):
            yield
        self.timings[name] = round((perf_counter() - began) * 1000, 3)
        self.report(name, self._total, self._total)

    def report(self, stage: str, done: int, total: int) -> None:
        """How much of a stage is done."""
        self._total = total
        if self._means.progress:
            self._means.progress(stage, done, total)


STAGES = ("read", "extract", "compare", "write", "verify")


async def compare(
    sources: Sequence[Source],
    backend: Backend,
    options: Options = Options(),
    means: Means = Means(),  # noqa: B008 (frozen)
) -> Comparison:
    """Run every step for some sources.

    Raises InvalidInput if a source holds nothing but furniture, and BackendFailed if the backend can't do a step.
    """
    watch = Stopwatch(means)
    with watch.stage("read"):
        documents, origins, index = await means.offload(_prepare, sources, means.to_text)
        suspicious = await means.offload(suspicion.find_notices, sources, documents)
    with watch.stage("extract"):
        parts = await means.offload(_chunk_all, documents, options.chunk_tokens, means.count)
        proposed = await _extract(parts, index, backend, watch)
        claims = await means.offload(_anchor_all, parts, proposed, index)
    with watch.stage("compare"):
        clusters, groups, matrix = await _corroborate(claims, index, backend, means.offload)
        facts = await means.offload(corroboration.gather, clusters, matrix, origins, options.quorum)
        found = await means.offload(disputes.build, groups, claims, index, origins)
    with watch.stage("write"):
        consensus = tuple(fact for fact in facts if fact.standing is Standing.CONSENSUS)
        brief = Brief(consensus, options.focus, options.max_sentences, options.quorum, origins)
        drafts = await backend.summary(brief, index) if consensus else []
    with watch.stage("verify"):
        told, dropped = await Desk(brief, backend, index, means.offload).edit(drafts)
        if means.told:
            for statement in told:
                means.told(statement)
    return Comparison(
        documents=tuple(documents),
        origins=origins,
        quorum=options.quorum,
        facts=tuple(facts),
        disputes=tuple(found),
        summary=tuple(told),
        dropped=tuple(dropped),
        notices=(*_notices(documents, origins, options.quorum, facts), *suspicious),
        timings_ms=watch.timings,
    )


def _prepare(sources: Sequence[Source], turn: Turn) -> tuple[list[Document], dict[str, str], Index]:
    documents = read_all(sources, turn)
    return documents, find_origins(documents), Index(documents)


def read_all(sources: Sequence[Source], turn: Turn = to_text) -> list[Document]:
    """The documents of some sources, of pages what `turn` makes of them.

    Raises InvalidInput, with a pointer, for one that holds nothing but furniture, and what `turn` raises.
    """
    documents = []
    for position, source in enumerate(sources):
        try:
            plain = replace(source, text=turn(source.text, source.format))
        except InvalidInput as error:
            raise InvalidInput(error.detail, f"/documents/{position}/text") from error
        document = read(plain)
        if not document.sentences:
            raise InvalidInput(
                "the text holds no sentence of a report, only page furniture or signs",
                f"/documents/{position}/text",
            )
        documents.append(document)
    return documents


def _chunk_all(documents: Sequence[Document], budget: int, count: Callable[[str], int]) -> list[Chunk]:
    return [part for document in documents for part in chunk(document, budget, count)]


async def _extract(
    parts: Sequence[Chunk], index: Index, backend: Backend, watch: Stopwatch
) -> list[Sequence[ClaimDraft]]:
    """The claims that are proposed for each chunk; all are asked about at once."""
    over = 0

    async def ask(part: Chunk) -> Sequence[ClaimDraft]:
        nonlocal over
        drafts = await backend.claims(part, index)
        over += 1
        if over < len(parts):
            watch.report("extract", over, len(parts))
        return drafts

    return list(await at_once(*(ask(part) for part in parts)))


def _anchor_all(parts: Sequence[Chunk], proposed: Sequence[Sequence[ClaimDraft]], index: Index) -> list[Claim]:
    claims: list[Claim] = []
    for _, of_document in groupby(zip(parts, proposed, strict=True), key=lambda pair: pair[0].document.id):
        drafts = [draft for _, drafts in of_document for draft in drafts]
        claims += anchor(drafts, index, first=len(claims) + 1)
    return claims


async def _corroborate(
    claims: Sequence[Claim], index: Index, backend: Backend, offload: Offload
) -> tuple[list[corroboration.Cluster], list[Group], corroboration.Matrix]:
    """Claims that say the same, the groups by which they do, and which other documents state them.

    A judge is asked about every claim that rules leave open, while claims are grouped: that is one round less.
    """
    distinct, copies = corroboration.distinct(claims)
    if backend.judges:
        questions, settled = await offload(corroboration.sift, distinct, index)
        proposed, answers = await at_once(backend.groups(distinct, index), backend.verdicts(questions, index))
        groups = [*copies, *await offload(corroboration.agreeing, proposed, claims, index)]
        clusters = corroboration.cluster(claims, groups)
        matrix = settled | await offload(corroboration.judge, questions, answers, index)
    else:
        groups = [*copies, *await backend.groups(distinct, index)]
        clusters = corroboration.cluster(claims, groups)
        questions = await offload(corroboration.ask_all, clusters, index)
        matrix = corroboration.fill(questions, await backend.verdicts(questions, index))
    return clusters, groups, matrix


def _notices(
    documents: Sequence[Document], origins: Mapping[str, str], quorum: int, facts: Sequence[Fact]
) -> list[Notice]:
    """What a reader must know of the input: too few origins for the quorum, copies, nothing agreed on."""
    notices = []
    count = len(set(origins.values()))
    if count < quorum:
        all_of = "one origin" if count == 1 else f"{count} origins"
        detail = (
            f"the documents have {all_of} and the quorum is {quorum}: without reports of others there is no summary"
        )
        notices.append(Notice("too_few_origins", detail))
    elif not any(fact.standing is Standing.CONSENSUS for fact in facts):
        notices.append(
            Notice("no_consensus", f"no fact is stated by documents of {quorum} origins or more: there is no summary")
        )
    first: dict[str, str] = {}
    for document in documents:
        original = first.setdefault(origins[document.id], document.id)
        if original != document.id:
            notices.append(
                Notice(
                    "same_origin",
                    f"it is a copy or light edit of '{original}' and counts with it",
                    document.id,
                )
            )
    return notices
