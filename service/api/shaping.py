"""Shaping: a comparison to the public result. No decision is taken here."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

from service.api.schemas import (
    CheckOut,
    CitationOut,
    ClaimOut,
    DisputeOut,
    DocumentOut,
    DroppedOut,
    ModelOut,
    PositionOut,
    SentenceOut,
    SpanOut,
    SummaryResult,
    UniqueOut,
    UsageOut,
    VerificationOut,
    VerificationResult,
    VerifiedOut,
    WarningOut,
)
from service.backends.base import Usage
from service.core.model import Check, Document, Fact, Format, Sentence, Standing, Statement
from service.core.outcome import Comparison, Notice
from service.verifying import Verification, VerifiedSentence


@dataclass(frozen=True, slots=True)
class Made:
    """What a result says of how it was made. `degraded` if some step was done without the model."""

    id: str
    model: ModelOut
    usage: Usage
    degraded: bool


def shape(comparison: Comparison, run: Made, tokens: Sequence[int]) -> SummaryResult:
    """The public result of a comparison; `tokens` counts those of each document, in order."""
    used = _used(comparison)
    return SummaryResult(
        id=run.id,
        status="degraded" if run.degraded else "complete",
        quorum=comparison.quorum,
        warnings=[WarningOut(code=n.code, detail=n.detail, document_id=n.document_id) for n in comparison.notices],
        summary=[shape_sentence(statement) for statement in comparison.summary],
        consensus=[_claim(fact) for fact in comparison.standing(Standing.CONSENSUS)],
        shared=[_claim(fact) for fact in comparison.standing(Standing.SHARED)],
        unique=_unique(comparison),
        unjudged=[_claim(fact) for fact in comparison.standing(Standing.UNJUDGED)],
        disputes=_disputes(comparison),
        dropped=[DroppedOut(text=d.text, reasons=_checks(d.reasons)) for d in comparison.dropped],
        documents=[
            _document(document, comparison.origins[document.id], count, used)
            for document, count in zip(comparison.documents, tokens, strict=True)
        ],
        model=run.model,
        usage=UsageOut(**asdict(run.usage)),
        timings_ms=comparison.timings_ms,
    )


def shape_verification(
    verification: Verification, run: Made, notices: Sequence[Notice], tokens: Sequence[int]
) -> VerificationResult:
    """The public result of a verification."""
    sentences = [_verified(sentence) for sentence in verification.sentences]
    checked = [sentence.checked for sentence in verification.sentences]
    used = {sentence.key for c in checked for sentence in [*c.supporting, *c.opposing]}
    supported = sum(sentence.verdict == "supported" for sentence in sentences)
    return VerificationResult(
        status="degraded" if run.degraded else "complete",
        sentences=sentences,
        supported=round(supported / max(1, len(sentences)), 3),
        warnings=[WarningOut(code=n.code, detail=n.detail, document_id=n.document_id) for n in notices],
        documents=[
            _document(
                document, document.id, count, {s.key for s in document.sentences if (document.id, s.start) in used}
            )
            for document, count in zip(verification.documents, tokens, strict=True)
        ],
        model=run.model,
        usage=UsageOut(**asdict(run.usage)),
    )


def _verified(sentence: VerifiedSentence) -> VerifiedOut:
    checked = sentence.checked
    return VerifiedOut.model_validate(
        {
            "text": sentence.text,
            "start": sentence.span.start,
            "end": sentence.span.end,
            "verdict": checked.verdict.value,
            "score": checked.score,
            "citations": _citations(checked.supporting),
            "against": _citations(checked.opposing),
            "checks": _checks(checked.checks),
        }
    )


def _citations(sentences: Iterable[Sentence]) -> list[CitationOut]:
    """Citations without validation: there are hundreds, and what they hold was checked by the gates."""
    return [
        CitationOut.model_construct(document_id=s.document_id, start=s.start, end=s.end, quote=s.text)
        for s in sentences
    ]


def _checks(checks: Iterable[Check]) -> list[CheckOut]:
    return [CheckOut(check=c.check, passed=c.passed, detail=c.detail) for c in checks]


def _claim(fact: Fact) -> ClaimOut:
    return ClaimOut(
        id=fact.id,
        text=fact.claim.text,
        attributed_to=fact.claim.attributed_to,
        documents=list(fact.documents),
        citations=_citations(fact.evidence),
    )


def shape_sentence(statement: Statement) -> SentenceOut:
    """A verified sentence with its citations."""
    return SentenceOut.model_validate(
        {
            "text": statement.text,
            "citations": _citations(statement.evidence),
            "documents": list(statement.documents),
            "claims": list(statement.facts),
            "written_by": statement.written_by,
            "verification": VerificationOut(
                verdict=statement.verdict.value,
                corroborated=statement.corroborated,
                score=statement.score,
                checks=_checks(statement.checks),
            ),
        }
    )


def _unique(comparison: Comparison) -> list[UniqueOut]:
    """Unique claims by the first document that states each, documents in the order posted."""
    by_document: dict[str, list[ClaimOut]] = {document.id: [] for document in comparison.documents}
    for fact in comparison.standing(Standing.UNIQUE):
        by_document[fact.documents[0]].append(_claim(fact))
    return [UniqueOut(document_id=key, claims=claims) for key, claims in by_document.items() if claims]


def _disputes(comparison: Comparison) -> list[DisputeOut]:
    """Disputes, each position with the facts that its claims are listed under."""
    listed = {member.id: fact.id for fact in comparison.facts for member in fact.members}
    return [
        DisputeOut(
            question=dispute.question,
            positions=[
                PositionOut(
                    text=position.text,
                    claims=list(dict.fromkeys(listed.get(claim.id, claim.id) for claim in position.claims)),
                    documents=list(dict.fromkeys(sentence.document_id for sentence in position.evidence)),
                    citations=_citations(position.evidence),
                )
                for position in dispute.positions
            ],
        )
        for dispute in comparison.disputes
    ]


def _used(comparison: Comparison) -> set[tuple[str, int]]:
    """The sentences that stand in some citation."""
    cited = [*(f.evidence for f in comparison.facts), *(s.evidence for s in comparison.summary)]
    cited += [p.evidence for d in comparison.disputes for p in d.positions]
    return {sentence.key for sentences in cited for sentence in sentences}


def _document(document: Document, origin: str, tokens: int, used: set[tuple[str, int]]) -> DocumentOut:
    source = document.source
    count = len(document.sentences)
    return DocumentOut(
        id=document.id,
        title=source.title,
        url=source.url,
        publisher=source.publisher,
        published_at=source.published_at,
        characters=len(document.text),
        tokens=tokens,
        sentences=count,
        sha256=hashlib.sha256(document.text.encode()).hexdigest(),
        read=1.0,
        used=round(sum(sentence.key in used for sentence in document.sentences) / count, 3),
        furniture=[SpanOut(start=span.start, end=span.end) for span in document.furniture],
        origin=origin,
        text=None if source.format is Format.TEXT else document.text,
    )
