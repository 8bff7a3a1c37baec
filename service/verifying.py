"""Verifying: somebody's text against documents, sentence by sentence. Nothing of it is silently passed.

Every sentence goes through the core's gates; a judging backend is asked about those that pass them, and can only
take away. What is read as page furniture, or could not be asked, is listed as not checked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from service.backends.base import OF_TEXTS, Backend, Means
from service.core import suspicion
from service.core.checking import WORD_FOR_WORD, Checked, check_text
from service.core.formats import Turn
from service.core.matching import Index
from service.core.model import Answer, Check, Claim, Document, Question, Sentence, Source, Span, Verdict
from service.core.outcome import Notice
from service.core.reading import read
from service.pipeline import read_all

_JUDGED = {
    Verdict.CONTRADICTED: "the judge finds it contradicted by the spans that hold most of it",
    Verdict.UNSUPPORTED: "the judge does not find it in the spans that hold most of it",
}
_FURNITURE = Check("wording", passed=False, detail="it is read as page furniture, not as a sentence")
_NOT_READ = Checked(Verdict.NOT_CHECKED, 0.0, (_FURNITURE,))
_MOST_EVIDENCE = 8  # sentences that the gates are given before those for a detail (checking.py)
_AT_ONCE = 20  # statements in one request to the judge
_JUDGED_BY = 4  # of the best sentences; more of them cost tokens and tell a small judge no more


@dataclass(frozen=True, slots=True)
class VerifiedSentence:
    """A sentence of the text, where it stands in it (code points), and what was found."""

    text: str
    span: Span
    checked: Checked


@dataclass(frozen=True, slots=True)
class Verification:
    """All sentences of a text in order, the documents that they were held against, and what is odd about either."""

    documents: tuple[Document, ...]
    sentences: tuple[VerifiedSentence, ...]
    notices: tuple[Notice, ...] = ()


def split(text: str) -> list[tuple[Span, bool]]:
    """Spans of a text in order, with whether each is a sentence: together they hold every sign that is no space."""
    document = read(Source("text", text))
    spans = [(Span(s.start, s.end), True) for s in document.sentences] + [(s, False) for s in document.furniture]
    found: list[tuple[Span, bool]] = []
    end = 0
    for span, is_sentence in [*sorted(spans), (Span(len(text), len(text)), False)]:
        gap = text[end : span.start]
        if gap.strip():
            start = end + len(gap) - len(gap.lstrip())
            found.append((Span(start, start + len(gap.strip())), False))
        if span.end > span.start:
            found.append((span, is_sentence))
        end = max(end, span.end)
    return found


async def verify_text(
    text: str, spans: Sequence[tuple[Span, bool]], sources: Sequence[Source], backend: Backend, means: Means
) -> Verification:
    """Check the spans of a text (see split) against documents. Raises InvalidInput for one without a sentence."""
    documents, index = await means.offload(_prepare, sources, means.to_text)
    suspicious = await means.offload(_find_suspicious, text, sources, documents)
    checked = [  # one by one, so that the deadline, or a client that goes away, ends the work between two
        await means.offload(check_text, text[span.start : span.end], index) if is_said else _NOT_READ
        for span, is_said in spans
    ]
    if backend.judges:
        checked = await _judge(text, spans, checked, backend, index)
    sentences = (VerifiedSentence(text[s.start : s.end], s, c) for (s, _), c in zip(spans, checked, strict=True))
    return Verification(tuple(documents), tuple(sentences), tuple(suspicious))


def _prepare(sources: Sequence[Source], turn: Turn) -> tuple[list[Document], Index]:
    documents = read_all(sources, turn)
    return documents, Index(documents)


def _find_suspicious(text: str, sources: Sequence[Source], documents: Sequence[Document]) -> list[Notice]:
    return suspicion.find_notices(sources, documents) + suspicion.find_notices_of_text(text)


async def _judge(
    text: str, spans: Sequence[tuple[Span, bool]], checked: Sequence[Checked], backend: Backend, index: Index
) -> list[Checked]:
    """What a judge says of the sentences that passed the gates: it can only take away.

    What stands word for word in a document bears itself out: it is not asked.
    """
    passed = [i for i, f in enumerate(checked) if f.verdict is Verdict.SUPPORTED and f.score != WORD_FOR_WORD]
    questions = [_question(text, spans[i][0], checked[i], number) for number, i in enumerate(passed, start=1)]
    answers = await backend.verdicts(questions, index) if questions else []
    judged = dict(zip(passed, answers, strict=True))
    return [_heed(found, judged.get(i)) for i, found in enumerate(checked)]


def batches_of(spans: Sequence[tuple[Span, bool]]) -> list[int]:
    """How many sentences each request to a judge asks about at most, were all of them asked about (see split)."""
    count = sum(is_said for _, is_said in spans)
    return [*Counter(number // _AT_ONCE for number in range(1, count + 1)).values()]


def _question(text: str, span: Span, found: Checked, number: int) -> Question:
    said = text[span.start : span.end]
    claim = Claim(f"v{number}", said, found.supporting[0].document_id, found.supporting, None, said)
    batch = f"{OF_TEXTS}{number // _AT_ONCE}"
    return Question(claim, shown_of(found.supporting), batch)


def shown_of(evidence: Sequence[Sentence]) -> tuple[Sentence, ...]:
    """What a judge is shown of the evidence of a text: the best, and what was added for a detail of it."""
    return (*evidence[:_JUDGED_BY], *evidence[_MOST_EVIDENCE:])


def _heed(found: Checked, answer: Answer | None) -> Checked:
    if answer is None or answer.verdict is Verdict.NOT_CHECKED:
        return found
    if answer.verdict not in _JUDGED:
        return replace(found, score=answer.score)
    check = Check("judge", passed=False, detail=_JUDGED[answer.verdict])
    against = answer.sentences or found.supporting[:1]
    return replace(
        found,
        verdict=answer.verdict,
        score=answer.score,
        checks=(*found.checks, check),
        supporting=(),
        opposing=against,
    )
