"""The shapes of requests: what is allowed, what is refused, and what is taken where nothing is said."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from service.api.requests import MOST_DOCUMENTS, DocumentIn, SummaryRequest
from service.api.summaries import Limits, to_sources
from service.core.errors import InvalidInput, TooLarge
from service.core.model import Format


def request(*fields: dict[str, Any], **options: Any) -> SummaryRequest:
    documents = [{"text": "The port was closed."} | given for given in fields]
    return SummaryRequest.model_validate({"documents": documents, **options})


def test_text_alone_is_required() -> None:
    """A request of one text has the contract's defaults."""
    posted = request({})
    assert posted.model_dump(exclude={"documents"}) == {
        "focus": None, "language": None, "max_sentences": 8, "quorum": 2, "max_cost_usd": None,
    }  # fmt: skip
    assert posted.documents[0] == DocumentIn(text="The port was closed.", format=Format.TEXT)


OPTIONS = [
    # an option, a value, and whether it is allowed
    ("quorum", 2, True),
    ("quorum", 100, True),
    ("quorum", 1, False),
    ("quorum", 101, False),
    ("quorum", 2.0, True),  # to JSON it is the integer 2
    ("quorum", 2.5, False),
    ("quorum", "2", False),  # types are not guessed
    ("quorum", True, False),
    ("max_sentences", 1, True),
    ("max_sentences", 50, True),
    ("max_sentences", 0, False),
    ("max_sentences", 51, False),
    ("max_sentences", "8", False),
    ("focus", "costs", True),
    ("focus", None, True),
    ("focus", "x" * 2_001, False),
    ("focus", 3, False),
    ("language", "fr", True),
    ("language", "zh-Hant-TW", True),
    ("language", "", False),
    ("language", "français", False),
    ("max_cost_usd", 0, True),
    ("max_cost_usd", 0.05, True),
    ("max_cost_usd", None, True),
    ("max_cost_usd", -0.01, False),
    ("max_cost_usd", False, False),
    ("max_cost_usd", "0.05", False),
    ("max_cost_usd", float("inf"), False),  # is no bound
    ("max_cost_usd", float("nan"), False),
    ("max_cost_usd", "much", False),
    ("other", None, False),
]


@pytest.mark.parametrize(("option", "value", "allowed"), OPTIONS)
def test_options_are_checked(option: str, value: object, allowed: bool) -> None:
    """Each option takes what the contract says and nothing else."""
    if allowed:
        assert getattr(request({}, **{option: value}), option) == value
    else:
        with pytest.raises(ValidationError):
            request({}, **{option: value})


MOMENTS = [
    ("2024-10-28T14:00:00Z", datetime(2024, 10, 28, 14, tzinfo=UTC)),
    ("2024-10-28T14:00:00", datetime(2024, 10, 28, 14, tzinfo=UTC)),  # no zone: UTC
    ("2024-10-28", datetime(2024, 10, 28, tzinfo=UTC)),
    (None, None),
]


@pytest.mark.parametrize(("posted", "read"), MOMENTS)
def test_moments_always_have_a_zone(posted: str | None, read: datetime | None) -> None:
    """`published_at` without a zone is in UTC."""
    assert request({"published_at": posted}).documents[0].published_at == read


@pytest.mark.parametrize("posted", [0, 1.5, True, "0", "1730000000", "28.10.2024", "2024-13-01", "", [], {}])
def test_moments_are_not_guessed(posted: object) -> None:
    """Numbers and days in other forms are refused."""
    with pytest.raises(ValidationError, match="published_at"):
        request({"published_at": posted})


def test_validation_of_many_mistakes_is_bounded() -> None:
    """Of wrong documents the first is told of, and an object of many unknown fields is one mistake."""
    with pytest.raises(ValidationError) as wrong:
        SummaryRequest.model_validate({"documents": [1] * 5_000})
    assert wrong.value.error_count() == 1
    with pytest.raises(ValidationError, match="has 1001 fields; there are id, text") as unknown:
        request({f"f{i}": 1 for i in range(1_000)})
    assert unknown.value.error_count() == 1


def test_no_setting_allows_more_documents_than_can_be_validated() -> None:
    """The number of documents has an end that does not depend on settings."""
    with pytest.raises(ValidationError, match="at most 10000"):
        request(*[{}] * (MOST_DOCUMENTS + 1))


IDS = [
    # the ids that are given, the ids that come out
    ([None, None], ["d1", "d2"]),
    (["a", None], ["a", "d2"]),
    ([None, "d1"], ["d2", "d1"]),  # d1 is taken by one that follows
    (["d2", None, None], ["d2", "d3", "d4"]),  # as is d2, so that the second and third move on
]


@pytest.mark.parametrize(("given", "chosen"), IDS)
def test_ids_are_unique(given: list[str | None], chosen: list[str]) -> None:
    """Documents without an id get one that no other has."""
    documents = request(*({"id": document_id} for document_id in given)).documents
    assert [source.id for source in to_sources(documents)] == chosen


def test_an_id_given_twice_is_pointed_to() -> None:
    """The second of two equal ids is at fault."""
    with pytest.raises(InvalidInput, match="/documents/0") as refused:
        to_sources(request({"id": "a"}, {"id": "a"}).documents)
    assert refused.value.pointer == "/documents/1/id"


def test_sources_hold_what_was_posted() -> None:
    """Nothing of a document is lost on its way to the core."""
    fields = {"id": "a", "title": "T", "url": "u", "publisher": "P", "published_at": "2024-10-28", "format": "html"}
    source = to_sources(request(fields).documents)[0]
    assert (source.id, source.title, source.url, source.publisher) == ("a", "T", "u", "P")
    assert source.format is Format.HTML
    assert source.published_at == datetime(2024, 10, 28, tzinfo=UTC)


LIMITED = [
    # documents, code points in one, in all; what is pointed to
    (2, 20, 40, None),  # exactly at every limit
    (1, 20, 40, "/documents"),
    (2, 19, 40, "/documents/0/text"),
    (2, 20, 39, "/documents"),
]


@pytest.mark.parametrize(("documents", "one", "total", "pointer"), LIMITED)
def test_limits_are_inclusive(documents: int, one: int, total: int, pointer: str | None) -> None:
    """A request may hold exactly as much as a limit says, in code points."""
    posted = request({"text": "港" * 20}, {"text": "🚢" * 20})
    limits = Limits(documents, one, total)
    if pointer is None:
        limits.check(posted.documents)
        return
    with pytest.raises(TooLarge) as refused:
        limits.check(posted.documents)
    assert refused.value.pointer == pointer
