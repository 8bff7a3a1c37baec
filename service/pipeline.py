"""The pipeline: the order of the steps, from sources to a comparison. What is claimed, agreed or told, others decide.

read -> index -> claims -> groups and verdicts -> facts and disputes -> summary -> gates. A backend proposes;
what it proposes is anchored, compared and verified by the core before it is part of the outcome.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter

from service.backends.base import Backend, Brief, Question
from service.core import corroboration, disputes
from service.core.chunking import chunk
from service.core.errors import InvalidInput
from service.core.formats import to_text
from service.core.matching import Index
from service.core.model import (
    Cell,
    Claim,
    Comparison,
    Document,
    Dropped,
    Fact,
    Format,
    Group,
    Notice,
    Source,
    Standing,
    Statement,
    Verdict,
)
from service.core.origins import find_origins
from service.core.reading import read
from service.core.verification import verify


@dataclass(frozen=True, slots=True)
class Options:
    """What a client may ask for. `chunk_tokens` is the token budget of one extraction request."""

    quorum: int = 2
    max_sentences: int = 8
    focus: str | None = None
    chunk_tokens: int = 4_000


Progress = Callable[[str, int, int], None]
"""Called with a stage's name, how much of it is done, and of how much."""


class Stopwatch:
    """Milliseconds spent in each stage, and the report of progress."""

    def __init__(self, progress: Progress | None) -> None:
        self.timings: dict[str, float] = {}
        self._progress = progress
        self._since = perf_counter()

    def done(self, stage: str, position: int) -> None:
        now = perf_counter()
        self.timings[stage] = round((now - self._since) * 1000, 3)
        self._since = now
        if self._progress:
            self._progress(stage, position, len(STAGES))


STAGES = ("read", "extract", "compare", "write", "verify")


async def compare(
    sources: Sequence[Source],
    backend: Backend,
    options: Options = Options(),
    count: Callable[[str], int] = len,
    progress: Progress | None = None,
) -> Comparison:
    """Run every step for some sources.

    `count` counts the tokens of a text. Raises InvalidInput if a source holds nothing but furniture, and
    BackendFailed if the backend can't do a step.
    """
    watch = Stopwatch(progress)
    documents = _read(sources)
    origins = find_origins(documents)
    index = Index(documents)
    watch.done("read", 1)
    claims = await _extract(documents, index, backend, options, count)
    watch.done("extract", 2)
    facts, groups = await _corroborate(claims, index, backend, origins, options.quorum)
    found = disputes.build(groups, claims, index, origins)
    watch.done("compare", 3)
    facts_to_tell = tuple(fact for fact in facts if fact.standing is Standing.CONSENSUS)
    brief = Brief(facts_to_tell, options.focus, options.max_sentences, options.quorum, origins)
    drafts = await backend.summary(brief, index) if facts_to_tell else []
    watch.done("write", 4)
    told = {fact.id: fact for fact in facts_to_tell}
    outcomes = [verify(draft, told, index, origins, options.quorum) for draft in drafts]
    watch.done("verify", 5)
    return Comparison(
        documents=tuple(documents),
        origins=origins,
        quorum=options.quorum,
        facts=tuple(facts),
        disputes=tuple(found),
        summary=tuple(o for o in outcomes if isinstance(o, Statement))[: options.max_sentences],
        dropped=tuple(o for o in outcomes if isinstance(o, Dropped)),
        notices=tuple(_notices(documents, origins, options.quorum, facts)),
        timings_ms=watch.timings,
    )


def _read(sources: Sequence[Source]) -> list[Document]:
    documents = []
    for position, source in enumerate(sources):
        plain = source
        if source.format is not Format.TEXT:
            plain = Source(
                source.id, to_text(source.text, source.format), source.title, source.url, source.publisher,
                source.published_at, source.format,
            )  # fmt: skip
        document = read(plain)
        if not document.sentences:
            raise InvalidInput(
                "the text holds no sentence of a report, only page furniture or signs",
                f"/documents/{position}/text",
            )
        documents.append(document)
    return documents


async def _extract(
    documents: Sequence[Document],
    index: Index,
    backend: Backend,
    options: Options,
    count: Callable[[str], int],
) -> list[Claim]:
    claims: list[Claim] = []
    for document in documents:
        for part in chunk(document, options.chunk_tokens, count):
            drafts = await backend.claims(part, index)
            claims += corroboration.anchor(drafts, index, first=len(claims) + 1)
    return claims


async def _corroborate(
    claims: Sequence[Claim], index: Index, backend: Backend, origins: Mapping[str, str], quorum: int
) -> tuple[list[Fact], list[Group]]:
    """Facts with their standing, and the groups that were proposed on the way."""
    distinct, copies = corroboration.distinct(claims)
    groups = [*copies, *await backend.groups(distinct, index)]
    clusters = corroboration.cluster(claims, groups)
    questions = [
        Question(found.lead, sentences)
        for found in clusters
        for document_id, sentences in corroboration.find_evidence(found.lead, index).items()
        if document_id not in found.documents
    ]
    answers = await backend.verdicts(questions, index)
    matrix = {
        (question.claim.id, question.evidence[0].document_id): Cell(
            supporting=answer.sentences if answer.verdict is Verdict.SUPPORTED else ()
        )
        for question, answer in zip(questions, answers, strict=True)
    }
    return corroboration.gather(clusters, matrix, origins, quorum), groups


def _notices(
    documents: Sequence[Document], origins: Mapping[str, str], quorum: int, facts: Sequence[Fact]
) -> list[Notice]:
    """What a reader must know of the input: too few origins for the quorum, copies, nothing agreed on."""
    notices = []
    count = len(set(origins.values()))
    if count < quorum:
        detail = f"the documents have {count} origin(s), the quorum is {quorum}: no summary can be corroborated"
        notices.append(Notice("too_few_origins", detail))
    elif not any(fact.standing is Standing.CONSENSUS for fact in facts):
        notices.append(Notice("no_consensus", f"no fact is stated by documents of {quorum} origins"))
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
