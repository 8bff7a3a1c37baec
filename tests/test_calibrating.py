"""Calibrating a judge: the same rows whenever it is run, what it says of them, and what that is worth."""

from __future__ import annotations

import asyncio
import json
from math import isnan, log
from pathlib import Path

import pytest
from typer.testing import CliRunner

import service.building
from service.backends.asking import Asker
from service.backends.base import inline
from service.backends.calibration import CALIBRATIONS, WAYS, load
from service.backends.completions import Completion, Request, Unanswered
from service.backends.ledger import Ledger
from service.backends.models import ChatBackends
from service.backends.odds import Token
from service.backends.prompts import load_prompts
from service.calibrating import Judged, Row, evaluate, judge_all, read_rows, show_row
from service.cli import app
from service.core.errors import InvalidInput
from tests.backends.fakes import EXACT, OTHER, Answers, completion, model, said

PROMPTS = load_prompts()
EVIDENCE = "The ferry Corriel sank off Oldport on Monday. Twelve passengers drowned. Divers search the wreck."
TOLD = {
    # sentences with what people say of them, and how probable a judge finds them that says yes too easily
    "The Corriel sank on Monday off Oldport.": (1, 0.95),
    "Twelve of the passengers drowned.": (1, 0.9),
    "Divers were searching for the wreck.": (1, 0.93),
    "The wreck of the Corriel drowned divers.": (0, 0.7),
    "The Corriel was searched off Oldport.": (0, 0.6),
    "Passengers of the ferry search Oldport.": (0, 0.65),
}


def judged_so(request: Request) -> Completion:
    """A judge's verdict on the one statement, which is `supported`, or yes, whatever it is."""
    asked = next(sentence for sentence in TOLD if sentence in said(request))
    supported = TOLD[asked][1]
    if request.name == "word":
        return completion("Yes", tokens=(Token("Yes", (("Yes", log(supported)), ("no", log(1 - supported)))),))
    text = json.dumps({"verdicts": [{"id": "v1", "sentences": ["s1"], "verdict": "supported"}]})
    place = text.index("supported")
    likely = (("supported", log(supported)), ("not_found", log(1 - supported)))
    return completion(text, tokens=(Token(text[:place], ()), Token(text[place:], likely)))


def silent(request: Request) -> Completion:
    """The same of a server that tells no log-probabilities."""
    return completion(judged_so(request).text)


def rows(name: str) -> list[Row]:
    return [Row(name, EVIDENCE, sentence, label) for sentence, (label, _) in TOLD.items()]


def judge(asked: list[Row], answers: Answers, way: str = "verdicts") -> list[Judged]:
    found, _ = model(answers)
    return asyncio.run(judge_all(asked, way, Asker(found, Ledger(), None, inline), PROMPTS))


def write(folder: Path, *names: str) -> None:
    for name in names:
        lines = [json.dumps({"evidence": r.evidence, "sentence": r.sentence, "label": r.label}) for r in rows(name)]
        (folder / f"{name}.jsonl").write_text("\n".join(lines), encoding="utf-8")


def test_the_same_rows_are_read_of_each_file(tmp_path: Path) -> None:
    """In an order that hangs on their content, so that more of them begin with the same."""
    write(tmp_path, "one", "two")
    found = read_rows(tmp_path, 4)
    assert [row.set for row in found] == ["one"] * 4 + ["two"] * 4
    assert [row.sentence for row in found[:4]] == [row.sentence for row in read_rows(tmp_path, 6)[:4]]


BAD = ["no JSON", "[]", '{"evidence": "a", "sentence": "b"}', '{"evidence": "a", "sentence": "b", "label": "x"}']


@pytest.mark.parametrize("line", BAD)
def test_what_is_no_row_is_told(tmp_path: Path, line: str) -> None:
    """With its file and line; so is a folder without rows."""
    with pytest.raises(InvalidInput, match=r"holds no \.jsonl"):
        read_rows(tmp_path, 4)
    (tmp_path / "set.jsonl").write_text(line, encoding="utf-8")
    with pytest.raises(InvalidInput, match=r"set\.jsonl, line 1"):
        read_rows(tmp_path, 4)


@pytest.mark.parametrize("way", WAYS)
def test_a_judge_is_asked_as_it_is_of_a_text(way: str) -> None:
    """With the best sentences, and fewer of them where they are long; its odds come with those of the features."""
    (found,) = judge(rows("one")[:1], judged_so, way)
    assert found.word == 1
    assert found.labelled is not None
    assert found.labelled.odds == pytest.approx(log(0.95 / 0.05), abs=1e-6)
    assert (found.labelled.set, found.labelled.label, found.labelled.settled) == ("one", 1, None)
    long = " ".join(
        f"The ferry Corriel {'slowly ' * 60} sank off Oldport {day}." for day in ("today", "then", "first")
    )
    asked, _ = model(judged_so, name=OTHER)
    shown = show_row(Row("one", long, "The ferry Corriel sank off Oldport.", 1), asked.budgets)
    assert shown is not None
    assert (len(shown.question.evidence), len(shown.sheet.named)) == (3, 2)


def test_what_is_settled_without_a_judge_is_marked() -> None:
    """A source's own words pass, and what a gate fails does not, whatever the judge says."""
    asked, _ = model(judged_so)
    for sentence, settled in (("Twelve passengers drowned.", True), ("Fifteen passengers drowned.", False)):
        shown = show_row(Row("one", EVIDENCE, sentence, 1), asked.budgets)
        assert shown is not None
        assert shown.labelled(0.0, 1.5).settled is settled
        assert shown.labelled(0.0, 1.5).features == 1.5


def test_rows_without_evidence_or_answer_are_left_out() -> None:
    """They say nothing of the judge."""
    assert judge([Row("one", "…", "Twelve passengers drowned.", 1)], judged_so) == []
    assert judge(rows("one"), lambda _: Unanswered("down")) == []
    assert [found.labelled for found in judge(rows("one"), silent)] == [None] * 6


def test_each_set_is_told_by_the_others() -> None:
    """A judge that says yes to all knows more than it says; without odds only its word is known."""
    found = judge([*rows("one"), *rows("two")], judged_so)
    for scores in evaluate(found):
        assert (scores.rows, scores.word, scores.odds, scores.stacked) == (6, 0.5, 1.0, 1.0)
        assert scores.together >= scores.gates
    (first, _) = evaluate(judge([*rows("one"), *rows("two")], silent))
    assert first.word == 0.5
    assert isnan(first.odds)
    assert isnan(evaluate(found[:6])[0].stacked)  # there are no others


@pytest.mark.parametrize(("answers", "code"), [(judged_so, 0), (silent, 1)])
def test_the_command_prints_and_keeps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answers: Answers, code: int
) -> None:
    """A table of the sets with their mean, and a file that the next start reads; none without log-probabilities."""
    write(tmp_path, "one", "two")
    asked, _ = model(answers, name=EXACT)
    monkeypatch.setattr(service.building, "create_chat_backends", lambda *_: ChatBackends(None, asked, PROMPTS))
    monkeypatch.setenv("CONCORD_JUDGE_BASE_URL", "http://host/v1")
    monkeypatch.setenv("CONCORD_DATA_DIR", str(tmp_path / "kept"))
    result = CliRunner().invoke(app, ["calibrate", str(tmp_path)])
    assert result.exit_code == code
    kept = load(tmp_path / "kept" / CALIBRATIONS, EXACT)
    assert [*kept] == ([*WAYS] if code == 0 else [])
    first = result.stdout.splitlines()[:5]
    assert [line.split()[0] for line in first] == ["verdicts,", "set", "one", "two", "mean"]
    assert ("log-probabilities" in result.stderr) is (code == 1)


def test_without_a_judge_there_is_nothing_to_calibrate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The message says what to set."""
    write(tmp_path, "one")
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)
    result = CliRunner().invoke(app, ["calibrate", str(tmp_path)])
    assert result.exit_code == 2
    assert "CONCORD_JUDGE_MODEL" in result.stderr
