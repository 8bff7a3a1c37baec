"""Anchoring: whether a claim that a backend proposes is what its sentences say, and who says it.

A clause that was cut out of a sentence by rule (`core` is given) holds what its sentence holds; of any other
text every detail, its mode and its speaker are looked for in the sentences that it cites. What fails is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from service.core.binding import check_binding
from service.core.evidence import Trial
from service.core.matching import Analysis, Index, Mode
from service.core.model import Check, Claim, ClaimDraft, StatementDraft
from service.core.modes import clauses_of
from service.core.relations import check_direction
from service.core.verification import (
    INSERTED,
    check_dates,
    check_entailment,
    check_figures,
    check_names,
    check_negation,
    check_quotations,
)
from service.core.words import words_of

OMISSION = " … "
"""How a claim shows that words of its sentence are left out."""
MOST_CHARACTERS = 600
"""Code points of a claim: what is longer is no one fact."""
_SEAM = re.compile(rf"{OMISSION}|[\[\]]")
_LEANS = re.compile(
    r"(?:he|she|it|they|this|that|these|those|his|her|its|their|i|we|my|our|such|so|and|but|there it)\b",
    re.IGNORECASE,
)
_SAME_CLAUSE = 0.5  # of a text that a clause must cover for its mode to be that of the text
_ALL_OF_IT = 0.6  # of a clause that a text must cover for every word of its mode to be expected in the text


@dataclass(frozen=True, slots=True)
class Refused:
    """A proposed claim that its sentences do not bear out, with every reason."""

    draft: ClaimDraft
    reasons: tuple[Check, ...]


def anchor(drafts: Iterable[ClaimDraft], index: Index, first: int = 1) -> list[Claim]:
    """Claims of one document from drafts: numbered, each once, none that is refused."""
    claims: list[Claim] = []
    seen: set[tuple[str, str | None]] = set()
    for proposed in drafts:
        draft = admit(proposed, index)
        if isinstance(draft, Refused):
            continue
        said = (draft.core or draft.text, draft.attributed_to)
        if said not in seen:
            seen.add(said)
            claims.append(
                Claim(
                    f"c{first + len(claims)}", draft.text, draft.sentences[0].document_id, draft.sentences,
                    draft.attributed_to, draft.core or draft.text,
                )
            )  # fmt: skip
    return claims


def admit(draft: ClaimDraft, index: Index) -> ClaimDraft | Refused:
    """The draft with its speaker settled, or why it is refused."""
    if not draft.sentences or not draft.text.strip():
        return Refused(draft, (Check("citations", passed=False, detail="it cites no sentence or says nothing"),))
    if draft.core is not None and _is_verbatim(draft):
        return draft
    text = index.analyse(draft.text, index.documents[draft.sentences[0].document_id].dated)
    trial = _trial(draft, text, index)
    checks = [gate(trial) for gate in GATES]
    speaker, said = _settle_speaker(draft, text, index)
    failed = tuple(check for check in [*checks, said] if not check.passed)
    return Refused(draft, failed) if failed else replace(draft, attributed_to=speaker)


def _is_verbatim(draft: ClaimDraft) -> bool:
    """True if the text is words of the cited sentences, but for marked omissions, insertions and capitals."""
    cited = " ".join(sentence.text for sentence in draft.sentences).casefold()
    parts = (part.strip().rstrip(".").casefold() for part in _SEAM.split(draft.text))
    return all(part in cited for part in parts)


def _trial(draft: ClaimDraft, text: Analysis, index: Index) -> Trial:
    """The claim as a statement that its own document alone has to bear out."""
    document_id = draft.sentences[0].document_id
    analyses = tuple(index.of(sentence) for sentence in draft.sentences)
    return Trial(
        StatementDraft(draft.text, ()), (), text, draft.sentences, analyses, {document_id: document_id}, 1, index
    )


def check_wording(trial: Trial) -> Check:
    """It is one short sentence that can be understood by itself."""
    text = trial.draft.text
    if len(text) > MOST_CHARACTERS:
        return Check("wording", passed=False, detail=f"it has more than {MOST_CHARACTERS} characters")
    if _LEANS.match(text.lstrip("“\"'‘ ")):
        return Check("wording", passed=False, detail=f"'{text.split()[0]}' needs the name that it stands for")
    held = frozenset[str]().union(*(analysis.folded for analysis in trial.analyses))
    strange = next((put for put in INSERTED.findall(text) if not {w.folded for w in words_of(put)} <= held), None)
    if strange:
        return Check("wording", passed=False, detail=f"'[{strange}]' stands in no cited sentence")
    return Check("wording", passed=True)


def check_mode(trial: Trial) -> Check:
    """It denies, hedges and conditions what the clause that says it denies, hedges and conditions, as often."""
    clauses = [clause for sentence in trial.evidence for clause in clauses_of(sentence, trial.index)]
    if len(trial.evidence) > 1:
        dated = trial.index.documents[trial.evidence[0].document_id].dated
        clauses.append(trial.index.analyse(" ".join(sentence.text for sentence in trial.evidence), dated))
    best = max(clauses, key=lambda clause: _overlap(trial.text, clause, trial.index))
    if trial.index.coverage(trial.text, best) < _SAME_CLAUSE:  # it joins clauses: then it holds as they do
        modes = frozenset().union(*(analysis.modes for analysis in trial.analyses))
    else:
        modes = best.modes
    if modes != trial.text.modes:
        said, own = (", ".join(sorted(m)) or "plainly stated" for m in (modes, trial.text.modes))
        return Check("modality", passed=False, detail=f"in the source it is {said}, in the claim {own}")
    odd = next((mode for mode in Mode if best.count(mode) != trial.text.count(mode)), None)
    if odd and trial.index.coverage(best, trial.text) >= _ALL_OF_IT:
        counts = f"{best.count(odd)} times in the source, {trial.text.count(odd)} times in the claim"
        return Check("modality", passed=False, detail=f"it is {odd} {counts}")
    return Check("modality", passed=True)


def _overlap(text: Analysis, clause: Analysis, index: Index) -> float:
    return index.coverage(text, clause) + index.coverage(clause, text)


def _settle_speaker(draft: ClaimDraft, text: Analysis, index: Index) -> tuple[str | None, Check]:
    """Who the claim is attributed to: whom the document says, else whom its sentence names as saying it.

    A proposed speaker whom the sentence does not bear out is left away; a text that names one is refused, and so
    is one that leaves out that somebody said it whom the document does not name.
    """
    main = max(draft.sentences, key=lambda sentence: _overlap(text, index.of(sentence), index))
    told, proposed = index.speakers_in(draft.text, main), draft.attributed_to
    for who in told:
        if not any(index.gives_voice(sentence, who) for sentence in draft.sentences):
            detail = f"the cited sentences do not give it as said by {who}"
            return None, Check("attribution", passed=False, detail=detail)
    held = [s for s in draft.sentences if s is main or index.coverage(index.of(s), text) >= _ALL_OF_IT]
    voices = [attribution for s in (main, *held) if (attribution := index.attribution(s))]
    known = next((attribution.speaker for attribution in voices if attribution.speaker), None)
    borne_out = proposed if proposed and index.gives_voice(main, proposed) else None
    speaker = known or next(iter(told), None) or borne_out
    if voices and speaker is None and not text.reports:
        return None, Check("attribution", passed=False, detail="it gives as fact what somebody says")
    return speaker, Check("attribution", passed=True)


GATES: tuple[Callable[[Trial], Check], ...] = (
    check_wording, check_quotations, check_figures, check_dates, check_names, check_binding, check_mode,
    check_negation, check_direction, check_entailment,
)  # fmt: skip
"""What a claim in a backend's own words must pass at home, in the order in which it is reported."""
