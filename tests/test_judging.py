"""Measuring a judge: both ways of asking are read and remembered, and the tables hold what they say they do."""

from __future__ import annotations

import asyncio
import json
from math import log
from pathlib import Path

import pytest

from benchmarks.judging.altered import Tried, ask_altered, draw, report_altered, told
from benchmarks.judging.judges import Cost, Judge, Said
from benchmarks.judging.pairs import Pair, ask, hold_out, read_sample, report, sample
from benchmarks.train import Rows
from service.backends.calibration import Calibration
from service.backends.completions import Completion, Request, Unanswered
from service.backends.odds import Token
from service.backends.prompts import load_prompts
from service.calibrating import Row, Shown, show_row
from service.core.model import Verdict
from tests.backends.fakes import EXACT, Answering, Kept, completion, model, said

EVIDENCE = "The ferry Corriel sank off Oldport on Monday. Twelve passengers drowned. Divers search the wreck."
PROMPTS = load_prompts()


def token(text: str, likely: dict[str, float]) -> Token:
    return Token(text, tuple((other, log(p)) for other, p in likely.items()))


def answer(request: Request) -> Completion:
    """Of drowned passengers, that it is so, and of all else that it is not; how sure is told."""
    supported = said(request).count("drowned") > 1  # in the evidence, and in the statement
    if request.name == "word":
        likely = {"yes": 0.8, "no": 0.2} if supported else {"no": 0.8, "yes": 0.2}
        return completion(next(iter(likely)), tokens=(token(next(iter(likely)), likely),), completion_tokens=1)
    word = "supported" if supported else "contradicted"
    verdict = {"id": "v1", "sentences": ["s1"], "verdict": word}
    text = json.dumps({"verdicts": [verdict]})
    place = text.index(word)
    likely = {"supported": 0.8, "not_found": 0.2} if supported else {"contradicted": 0.8, "supported": 0.2}
    return completion(text, tokens=(Token(text[:place], ()), token(text[place:], likely)))


def judge(kept: Kept | None = None) -> tuple[Judge, Answering]:
    asked, sent = model(answer, name=EXACT)
    return Judge(asked, PROMPTS, kept or Kept()), sent


def shown(sentence: str, label: int = 1, name: str = "bump_one") -> Shown:
    found = show_row(Row(name, EVIDENCE, sentence, label), judge()[0].model.budgets)
    assert found is not None
    return found


@pytest.mark.parametrize("way", ["verdicts", "word"])
def test_both_ways_tell_how_sure_the_judge_is(way: str) -> None:
    """The word, the log-odds and what it took; asked again, nothing is sent, and the cost is still known."""
    kept = Kept()
    asked, sent = judge(kept)
    row = shown("Twelve passengers drowned.")
    first = asyncio.run(asked.ask(way, row))
    assert first is not None
    assert first.word is Verdict.SUPPORTED
    assert first.odds == pytest.approx(log(4), abs=1e-6)
    assert (first.cost.prompt, first.cost.cached, first.cost.completion) == (10, 0, 1 if way == "word" else 5)
    assert first.cost.seconds > 0
    again, resent = judge(kept)
    assert asyncio.run(again.ask(way, row)) == first
    assert (len(sent.asked), len(resent.asked)) == (1, 0)
    (request,) = sent.asked
    assert request.logprobs
    assert (request.schema == {}, request.max_tokens == 1) == ((way == "word"),) * 2


def test_a_judge_that_does_not_answer_is_left_out() -> None:
    """Neither a failure nor an answer without odds is taken for one."""
    row = shown("Twelve passengers drowned.")
    for given in (Unanswered("down"), completion("maybe"), completion('{"verdicts": []}')):
        asked, _ = model(lambda _, given=given: given, name=EXACT)  # type: ignore[misc]
        for way in ("verdicts", "word"):
            assert asyncio.run(Judge(asked, PROMPTS, Kept()).ask(way, row)) is None


def test_a_sample_is_balanced_and_always_the_same(tmp_path: Path) -> None:
    """Rows by turns supported and not, in an order that does not hang on the file's; more begin with the same."""
    rows = [Row("one", EVIDENCE, f"Sentence {i}.", int(i < 8)) for i in range(20)]
    found = sample(rows, 10)
    assert [row.label for row in found] == [1, 0] * 5
    assert sample(rows[::-1], 6) == found[:6]
    for name in ("one", "two"):
        lines = (json.dumps({"evidence": r.evidence, "sentence": r.sentence, "label": r.label}) for r in rows)
        (tmp_path / f"{name}.jsonl").write_text("\n".join(lines), encoding="utf-8")
    files = sorted(tmp_path.glob("*.jsonl"))
    assert [row.set for row in read_sample(files, 8)] == ["one"] * 4 + ["two"] * 4


def pair(name: str, label: int, odds: float) -> Pair:
    word = Verdict.SUPPORTED if odds > -2 else Verdict.UNSUPPORTED  # a judge that says yes too easily
    said = Said(word, odds, Cost(100, 60, 1, 0.5))
    return Pair(shown("Divers search for the wreck.", label, name), (float(label), 0, 0, 0, 0, 0, 0), said)


def test_a_set_is_told_by_what_the_others_teach(capsys: pytest.CaptureFixture[str]) -> None:
    """Calibrated, a judge that says yes to all tells what its odds know; the tables show each way of telling."""
    names = ("bump_one", "expertqa", "other")
    pairs = [pair(name, label, 3.0 + label - i / 10) for name in names for label in (1, 0) for i in range(4)]
    sets = [
        Rows(name, [p.features for p in pairs][:8], [True, True, True, True, False, False, False, False])
        for name in names
    ]
    held = hold_out("other", pairs, sets)
    word, odds, fitted, features, stacked, *_ = held.told
    assert all(word)
    assert all(odds)
    assert fitted == features == stacked == [label == 1 for label in held.labels]
    report("word", pairs, sets)
    printed = capsys.readouterr().out
    means = next(line for line in printed.splitlines() if line.startswith("mean")).split()
    assert means[1:7] == ["24", "0.500", "0.500", "1.000", "1.000", "1.000"]
    assert "100 tokens of prompt, 60 of them cached, 1.0 of answer, 0.50 s" in printed


def test_pairs_are_asked_one_after_another() -> None:
    """What can't be shown is left out."""
    rows = [Row("one", EVIDENCE, "Twelve passengers drowned.", 1), Row("one", "…", "Twelve passengers drowned.", 0)]
    asked, sent = judge()
    (found,) = asyncio.run(ask(asked, "word", rows))
    assert (found.said.word, len(found.features), len(sent.asked)) == (Verdict.SUPPORTED, 7, 1)


def test_altered_sentences_are_tried(capsys: pytest.CaptureFixture[str]) -> None:
    """By the gates, by the judge's word and odds, and by both: whatever one catches both catch."""
    texts = ["Twelve passengers of the ferry Corriel have drowned on Monday off the port of Oldport."]
    drawn = draw(texts, 6)
    assert draw(texts, 6) == drawn
    assert {kind for kind, _ in drawn} >= {"", "date", "negation"}
    asked, _ = judge()
    tried = asyncio.run(ask_altered(asked, "verdicts", drawn))
    alone, both = Calibration(1.0, 0.0, 0.0, 9), Calibration(1.0, 0.1, 0.0, 9, passed=0.3)
    for one in tried:
        gates, _, _, together = told(one, alone, both)
        assert gates or not together
    report_altered("verdicts", tried, alone, both)
    assert "unaltered, accepted" in capsys.readouterr().out


def test_what_a_judge_finds_contradicted_is_caught() -> None:
    """However likely it is by the features, and though every gate is passed."""
    freer = shown("The Corriel ferry sank on Monday off Oldport.")
    assert freer.labelled(0.0).settled is None
    both = Calibration(1.0, 0.1, 0.0, 9, passed=0.0)
    cost = Cost(0, 0, 0, 0.0)
    for word, caught in ((Verdict.CONTRADICTED, True), (Verdict.UNSUPPORTED, False)):
        assert told(Tried("day", freer, Said(word, 0.0, cost)), both, both)[3] is not caught
