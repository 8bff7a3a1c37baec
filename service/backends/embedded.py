"""The embedded backend: no model, no network. Extracts claims, matches them, and composes the summary.

Claims are clauses of sentences, made self-contained; groups and verdicts come from lexical support
(core/support.py) and excluded figures (core/disputes.py); the summary is chosen from the documents' own
sentences and clauses (core/selection.py).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from service.backends.base import Account, Backend, Estimate, Offload, Scope, Terms, inline
from service.core.clauses import Clause, split
from service.core.disputes import find_conflicts
from service.core.errors import NoModel
from service.core.lexicon import REPORTING_VERBS
from service.core.likeness import same
from service.core.matching import Index
from service.core.model import (
    Answer,
    Brief,
    Chunk,
    Claim,
    ClaimDraft,
    Document,
    Group,
    Question,
    Relation,
    Sentence,
    StatementDraft,
    Verdict,
)
from service.core.selection import select
from service.core.support import support
from service.core.words import fold, has_terms

_SAYS = re.compile(r"(?:He|She)\s(?:\w+\s){0,2}?(?:" + "|".join(sorted(REPORTING_VERBS)) + r")\b")
_PERSON = re.compile(r"(?:He|She)\b(?!['’])")
_POINTER = re.compile(
    r"(?:It|They|This|That|These|Those|Such|His|Her|Their|Its|He|She)\b"
    r"|The (?:move|latter|former|two|three|pair|same)\b"
    r"|(?:and|but|so)\b",
    re.IGNORECASE,
)
_LEAST_TERMS = 2
_MUTUAL = 0.62  # coverage both ways from which two claims are one


class EmbeddedBackend:
    """Fulfils the backend protocol by rule; deterministic."""

    name = "embedded"
    judges = False

    def __init__(self, offload: Offload = inline) -> None:
        self._offload = offload

    async def claims(self, chunk: Chunk, index: Index) -> Sequence[ClaimDraft]:
        """Clauses of the chunk's sentences, each with who said it and what it needs to stand alone."""
        return await self._offload(_claims_in, chunk, index)

    async def groups(self, claims: Sequence[Claim], index: Index) -> Sequence[Group]:
        """Claims that cover each other, and claims whose figures exclude each other."""
        return await self._offload(_groups_among, claims, index)

    async def verdicts(self, questions: Sequence[Question], index: Index) -> Sequence[Answer]:
        """Whether a document's sentences state a claim, by lexical support."""
        return await self._offload(_answers, questions, index)

    async def summary(self, brief: Brief, index: Index) -> Sequence[StatementDraft]:
        """Sentences and clauses of the documents that cover the facts best."""
        return await self._offload(select, brief, index)


class EmbeddedBackends:
    """Opens the embedded backend: it costs nothing and needs no model."""

    name = "embedded"
    model = "embedded"
    prompts: str | None = None
    down = False

    def __init__(self, chunk_tokens: int, offload: Offload = inline) -> None:
        self.chunk_tokens = chunk_tokens
        self._offload = offload

    def open(self, terms: Terms) -> tuple[Backend, Account]:
        """A backend for one run. Raises NoModel if the client wants one."""
        if terms.require_model:
            raise NoModel("no model is configured: set OPENAI_API_KEY or OPENAI_BASE_URL")
        return EmbeddedBackend(self._offload), Account()

    def estimate(self, parts: Sequence[Chunk], texts: Sequence[str], scope: Scope) -> Estimate:  # noqa: ARG002
        """Nothing."""
        return Estimate()

    def estimate_verdicts(self, batches: Sequence[int]) -> Estimate:  # noqa: ARG002
        """Nothing."""
        return Estimate()

    async def close(self) -> None:
        """There is nothing to close."""


def _claims_in(chunk: Chunk, index: Index) -> list[ClaimDraft]:
    all_headings = all(sentence.heading for sentence in chunk.document.sentences)
    stating = (sentence for sentence in chunk.sentences if all_headings or not sentence.heading)
    return [draft for sentence in stating for draft in _claims_of(chunk.document, sentence, index)]


def _groups_among(claims: Sequence[Claim], index: Index) -> list[Group]:
    origins = {document_id: document_id for document_id in index.documents}
    return [*_same(claims, index), *find_conflicts(claims, index, origins)]


def _answers(questions: Sequence[Question], index: Index) -> list[Answer]:
    return [_answer(question, index) for question in questions]


def _claims_of(document: Document, sentence: Sentence, index: Index) -> Iterator[ClaimDraft]:
    for clause in split(sentence.text):
        core = sentence.text[clause.start : clause.end]
        if not has_terms(core, _LEAST_TERMS):
            continue
        index.excerpt(sentence, clause.start, clause.end)
        yield _self_contained(document, sentence, clause, core, index)


def _self_contained(document: Document, sentence: Sentence, clause: Clause, core: str, index: Index) -> ClaimDraft:
    """Name the person a pronoun stands for, or put the sentence before in front of the clause."""
    before = _previous(document, sentence)
    speaker = index.speaker(sentence)
    if _PERSON.match(clause.text) and before is not None:
        if speaker and " " in speaker and _alone_in(speaker, before, index) and _SAYS.match(clause.text):
            named = _PERSON.sub(f"[{speaker}]", clause.text, count=1)
            return ClaimDraft(named, (before, sentence), speaker, core)
        return ClaimDraft(f"{before.text} {clause.text}", (before, sentence), speaker, core)
    if _POINTER.match(clause.text) and before is not None:
        return ClaimDraft(f"{before.text} {clause.text}", (before, sentence), speaker, core)
    return ClaimDraft(clause.text, (sentence,), speaker, core)


def _alone_in(speaker: str, before: Sentence, index: Index) -> bool:
    """True if a sentence names one person, the speaker: a pronoun after it can mean nobody else."""
    names = index.of(before).details.names
    return speaker in before.text and all(len(n.words) < 2 or n.words[-1] in fold(speaker) for n in names)


def _previous(document: Document, sentence: Sentence) -> Sentence | None:
    """The sentence before, unless it is a heading or there is none."""
    if not sentence.index:
        return None
    before = document.sentences[sentence.index - 1]
    return None if before.heading else before


def _same(claims: Sequence[Claim], index: Index) -> Iterator[Group]:
    """Pairs of claims that cover each other, found through the sentences that hold them."""
    by_sentence: dict[tuple[str, int], list[Claim]] = defaultdict(list)
    for claim in claims:
        by_sentence[claim.sentences[-1].key].append(claim)
    seen: set[tuple[str, str]] = set()
    for claim in claims:
        analysis = index.of_claim(claim)
        for hit in index.search(analysis, _MUTUAL):
            for other in by_sentence[hit.sentence.key]:
                pair = (min(claim.id, other.id), max(claim.id, other.id))
                if other.id == claim.id or pair in seen:
                    continue
                theirs = index.of_claim(other)
                mutual = index.coverage(analysis, theirs) >= _MUTUAL <= index.coverage(theirs, analysis)
                if mutual and same(analysis, theirs, index):
                    seen.add(pair)
                    yield Group(Relation.SAME, pair)


def _answer(question: Question, index: Index) -> Answer:
    claim = question.claim
    text = index.of_claim(claim)
    found = support(index, text, claim.attributed_to, question.evidence)
    verdict = Verdict.SUPPORTED if found.stated else Verdict.UNSUPPORTED
    return Answer(verdict, found.sentences, round(found.score, 3))
