"""Odd texts: each gets a right answer with exact spans, in bounded time."""

from __future__ import annotations

from collections.abc import Sequence
from time import process_time
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.api.answers import assert_exact
from tests.api.kept import finished

SECONDS = 20.0  # of CPU
CLOSED = "The port was closed for two days."
ONE = f"Fire broke out on a ship in Wexmouth on Tuesday. {CLOSED} Anna Vell leads the fire service."
TWO = f"{CLOSED} The ship carried acid to the town of Marrow."

ODD: Sequence[tuple[str, str, str, str]] = [
    # what is odd, a text, another that shares a fact with it, and what both are found to state
    ("control characters", f"{CLOSED} \0 It lay \x07 idle.\0", TWO, CLOSED),
    ("CRLF", ONE.replace(". ", ".\r\n\r\n"), TWO, CLOSED),
    ("lone CR", ONE.replace(". ", ".\r"), TWO, CLOSED),
    ("form feeds", ONE.replace(". ", ".\f"), TWO.replace(". ", ".\v"), CLOSED),
    ("line separators", ONE.replace(". ", ".\u2028"), TWO.replace(". ", ".\u2029"), CLOSED),
    ("no-break spaces", ONE.replace("two days", "two\u00a0days"), TWO, "The port was closed"),
    ("a byte order mark", "\ufeff" + ONE, TWO, CLOSED),
    ("right to left", "أصيب 23 شخصا في الحريق. هل أغلق الميناء؟ نعم.", "قال المتحدث: أصيب 23 شخصا في الحريق.", "23"),
    ("Hebrew marks", f"\u200fהנמל נסגר ליומיים. {ONE}", f"הנמל נסגר ליומיים. {TWO}", "הנמל"),
    ("Chinese", "港口关闭了两天。二十三人受伤。", "警方说，港口关闭了两天。", "港口关闭了两天"),
    ("Hindi", "बंदरगाह दो दिन बंद रहा। आग लगी थी।", "बंदरगाह दो दिन बंद रहा।", "बंदरगाह"),
    ("mixed scripts", f"Порт закрыт. {ONE} 港は閉鎖された。", f"{TWO} 港は閉鎖された。", CLOSED),
    ("combining marks", f"Jose\u0301 Nu\u0301n\u0303ez came. {CLOSED} a{chr(0x301) * 5_000}.", TWO, CLOSED),
    ("joined emoji", f"👩‍👩‍👧‍👦 Families left 🏴‍☠️ at once. {CLOSED} 🇺🇦🇺🇦", TWO, CLOSED),
    ("beyond the first plane", f"𝔗𝔥𝔢 𝔭𝔬𝔯𝔱 is old. {CLOSED} 🚢.", TWO, CLOSED),
    ("reversed by override", f"\u202e{ONE}\u202c", TWO, CLOSED),
    ("markup in plain text", f"<script>alert(1)</script> [x](y) **z** {ONE}", TWO, CLOSED),
    ("a word of a megabyte", "a" * 1_000_000, TWO, ""),
    ("a megabyte of digits", f"{'7' * 900_000} {ONE}", TWO, CLOSED),
    ("a million spaces at the start", " " * 999_000 + ONE, TWO, CLOSED),
    ("a million spaces inside", ONE + " " * 999_000 + "It was shut.", TWO, CLOSED),
    ("line ends alone between", "Ships lay idle." + "\r\n" * 450_000 + ONE, TWO, CLOSED),
    ("no sentence end", " ".join(f"word{i} and" for i in range(15_000)), TWO, ""),
    ("no space either", "port," * 40_000, TWO, ""),
    ("the same sentence often", f"{CLOSED} " * 1_000, TWO, CLOSED),
    ("dots", "." * 500_000 + " " + ONE, TWO, CLOSED),
    ("brackets", "(" * 300_000 + " " + ONE, TWO, CLOSED),
]  # fmt: skip


@pytest.mark.parametrize(("text", "other", "shared"), [case[1:] for case in ODD], ids=[case[0] for case in ODD])
def test_odd_texts_are_answered_with_exact_spans(client: TestClient, text: str, other: str, shared: str) -> None:
    """Every quote is exact, and what both documents state is found to be stated by both."""
    request = {"documents": [{"text": text}, {"text": other}]}
    result = answer(client, request)
    assert [document["characters"] for document in result["documents"]] == [len(text), len(other)]
    agreed = [claim for claim in result["consensus"] if claim["documents"] == ["d1", "d2"]]
    assert not shared or any(shared in claim["text"] for claim in agreed)


MARKUP: Sequence[tuple[str, str, str]] = [
    # what is odd, the format, the text
    ("a deep page", "html", "<html><body>" + "<div>" * 20_000 + ONE),
    ("another encoding declared", "html", f'<?xml version="1.0" encoding="utf-16"?><html><p>{ONE}</p></html>'),
    ("a page without tags", "html", ONE),
    ("references to no character", "html", f"<html><body><p>&#xD800; &#0; &#x110000; {ONE}</p></body></html>"),
    ("script and style", "html", f"<html><style>p {{}}</style><script>'Port shut.'</script><p>{ONE}</p></html>"),
    ("open comments", "html", "<!--" * 50_000 + ONE),
    ("open tags", "html", "<" * 200_000 + ONE),
    ("a quotation of quotations", "markdown", "> " * 8 + ONE),
    ("open brackets", "markdown", "[" * 50_000 + ONE),
    ("open emphasis", "markdown", "*a _" * 30_000 + ONE),
    ("references to no character", "markdown", f"&#xD800; &#0; {ONE}"),
    ("a front page of rules", "markdown", f"---\n\n***\n\n# Fire\n\n{ONE}\n\n```\n"),
]  # fmt: skip


@pytest.mark.parametrize(("markup", "text"), [c[1:] for c in MARKUP], ids=[f"{c[1]}: {c[0]}" for c in MARKUP])
def test_odd_markup_is_answered_with_exact_spans(client: TestClient, markup: str, text: str) -> None:
    """The fact is found in what the markup shows, and every quote is exact in that text."""
    result = answer(client, {"documents": [{"text": text, "format": markup}, {"text": TWO}]})
    assert any(CLOSED in claim["text"] and len(claim["documents"]) == 2 for claim in result["consensus"])
    assert "Port shut" not in result["documents"][0]["text"]


MOMENTS = [
    # as posted, as returned
    ("2024-10-28T14:00:00Z", "2024-10-28T14:00:00Z"),
    ("2024-10-28T14:00:00+02:00", "2024-10-28T14:00:00+02:00"),
    ("2024-10-28T14:00:00", "2024-10-28T14:00:00Z"),  # no zone: UTC
    ("2024-10-28", "2024-10-28T00:00:00Z"),  # a day: its start
    ("0001-01-01", "0001-01-01T00:00:00Z"),  # the first day there is
    ("9999-12-31T23:59:59-12:00", "9999-12-31T23:59:59-12:00"),  # the last
]


@pytest.mark.parametrize(("posted", "returned"), MOMENTS)
def test_moments_are_read_and_returned(client: TestClient, posted: str, returned: str) -> None:
    """`published_at` may lack a zone or a time, and relative dates near the ends of time do no harm."""
    text = f"{CLOSED} It opened the next day, last Monday, three years ago, in 2 years and on 29 February."
    documents = [{"text": text, "published_at": posted}, {"text": TWO, "published_at": posted}]
    result = answer(client, {"documents": documents})
    assert [document["published_at"] for document in result["documents"]] == [returned, returned]


@pytest.mark.parametrize(
    "document_id", ["é", "日本", "a/b", "https://a.example/x?y=1#z", "~", "<b>", '"', "👩‍👧", "d2"]
)
def test_ids_may_be_any_word(client: TestClient, document_id: str) -> None:
    """An id without white space and control characters comes back as it was."""
    request = {"documents": [{"text": ONE, "id": document_id}, {"text": TWO}]}
    result = answer(client, request)
    assert result["documents"][0]["id"] == document_id
    assert any(document_id in claim["documents"] for claim in result["consensus"])


def answer(client: TestClient, request: dict[str, Any]) -> dict[str, Any]:
    """The result for a request: within the time, and with exact spans."""
    started = process_time()
    response = client.post("/v1/summaries", json=request)
    if response.status_code == 202:  # a text of a megabyte is large
        result: dict[str, Any] = finished(client, response.headers["location"])["result"]
    else:
        assert response.status_code == 200, response.text[:500]
        result = response.json()
    assert process_time() - started < SECONDS
    assert_exact(request, result)
    return result
