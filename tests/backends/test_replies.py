"""Replies: what is asked for is strict, and what is no reply of its shape is refused with a reason that helps."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from service.backends.replies import (
    SHAPES,
    ClaimsReply,
    GroupsReply,
    Unusable,
    canonical,
    parse,
    parse_cut,
    schema_of,
)

CLAIM = {"sentences": ["s1"], "text": "The port was closed.", "attributed_to": None}
GIVEN: dict[str, dict[str, Any]] = {
    # an answer of each shape
    "claims": {"claims": [CLAIM, CLAIM | {"attributed_to": "Ann Lee"}]},
    "groups": {"groups": [{"claims": ["c1", "c2"], "relation": "conflict", "question": "How many?"}]},
    "summary": {"sentences": [{"facts": ["f1"], "text": "The port was closed."}]},
    "verdicts": {"verdicts": [{"id": "v1", "sentences": [], "verdict": "not_found"}]},
}


def objects(schema: Any) -> Iterator[dict[str, Any]]:
    """Every object schema inside a schema."""
    if isinstance(schema, dict):
        if schema.get("type") == "object":
            yield schema
        for value in schema.values():
            yield from objects(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from objects(value)


@pytest.mark.parametrize("name", sorted(SHAPES))
def test_a_schema_is_strict(name: str) -> None:
    """As servers want it for strict answers: all is required, nothing further allowed, nothing referred to."""
    schema = schema_of(SHAPES[name])
    found = list(objects(schema))
    assert len(found) == 2
    for entry in found:
        assert entry["required"] == list(entry["properties"])
        assert entry["additionalProperties"] is False
    written = canonical(schema)
    assert not any(word in written for word in ("$ref", "$defs", '"title"', '"description"', '"default"'))
    Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize("name", sorted(SHAPES))
def test_a_schema_asks_for_what_is_read(name: str) -> None:
    """An answer that fits the schema is read as it is; one with less or other values fits neither."""
    fits = Draft202012Validator(schema_of(SHAPES[name])).is_valid
    given = GIVEN[name]
    assert fits(given)
    assert parse(json.dumps(given), SHAPES[name]).model_dump() == given
    (items,) = given.values()
    for field in items[0]:
        for wrong in ({k: v for k, v in items[0].items() if k != field}, items[0] | {field: 7}):
            answer = {next(iter(given)): [wrong]}
            assert not fits(answer)
            with pytest.raises(Unusable, match=field):
                parse(json.dumps(answer), SHAPES[name])


def test_a_schema_is_written_in_the_order_of_an_answer() -> None:
    """A model names what a claim rests on before it words it, and what a verdict rests on before it judges."""
    claim, verdict = (list(objects(schema_of(SHAPES[name])))[1] for name in ("claims", "verdicts"))
    assert list(claim["properties"]) == ["sentences", "text", "attributed_to"]
    assert list(verdict["properties"]) == ["id", "sentences", "verdict"]


_JSON = json.dumps(GIVEN["claims"])
READ = [
    # how the answer comes
    _JSON,
    f"\n\t {_JSON} \n",
    f"```json\n{_JSON}\n```",
    f"```\n{_JSON}\n```\n",
    f"  ```json\n{_JSON}```",
    f"<think>Sentence 1 says {{so}}.</think>{_JSON}",
    f"<think>\nIs it?\n</think>\n\n```json\n{_JSON}\n```",
    json.dumps(GIVEN["claims"], indent=2, ensure_ascii=False),
    json.dumps(GIVEN["claims"] | {"note": "That is all."}),  # what nobody asked for is left
    json.dumps({"claims": [claim | {"confidence": 0.9} for claim in GIVEN["claims"]["claims"]]}),
]


@pytest.mark.parametrize("text", READ)
def test_an_answer_is_read_whatever_is_around_it(text: str) -> None:
    """Fences, thoughts, white space and further fields are no part of the answer."""
    assert parse(text, ClaimsReply).model_dump() == GIVEN["claims"]


def claims(**changed: Any) -> str:
    return json.dumps({"claims": [CLAIM | changed]})


REFUSED = [
    # an answer, words of the reason
    ("", "not one JSON object"),
    ("   ", "not one JSON object"),
    ("I could not find any claims in this text.", "not one JSON object"),
    (f"Here they are: {_JSON}", "not one JSON object"),
    (f"{_JSON} I hope this helps.", "not one JSON object"),
    (f"{_JSON}{_JSON}", "not one JSON object"),
    (_JSON[: len(_JSON) // 2], "EOF while parsing"),  # cut
    (_JSON.replace('"', "'"), "not one JSON object"),
    (f"<think>It says {_JSON}", "not one JSON object"),  # a thought without an end
    ("[" * 10_000, "not one JSON object"),
    ('{"claims": [{"text": "\\ud800"}]}', "not one JSON object"),  # half a character
    ("null", "the answer: Input should be an object"),
    ("[]", "the answer: Input should be an object"),
    ('"claims"', "the answer: Input should be an object"),
    ("{}", "claims: Field required"),
    ('{"claim": []}', "claims: Field required"),
    ('{"claims": null}', "claims: Input should be a valid array"),
    ('{"claims": {}}', "claims: Input should be a valid array"),
    ('{"claims": ["s1"]}', "claims/0: Input should be an object"),
    (claims(text=3), "claims/0/text: Input should be a valid string"),
    (claims(text=None), "claims/0/text: Input should be a valid string"),
    (claims(sentences="s1"), "claims/0/sentences: Input should be a valid array"),
    (
        claims(sentences=[1]),
        "claims/0/sentences/0: Input should be a valid string",
    ),  # is not guessed
    (claims(attributed_to=False), "claims/0/attributed_to: Input should be a valid string"),
]


@pytest.mark.parametrize(("text", "reason"), REFUSED)
def test_what_is_no_answer_is_refused_with_what_is_wrong(text: str, reason: str) -> None:
    """The reason names the place and what should stand there, in words fit for the model."""
    with pytest.raises(Unusable) as refused:
        parse(text, ClaimsReply)
    assert reason in str(refused.value)


def test_a_value_outside_its_list_is_refused_with_the_list() -> None:
    """A relation that there is not is told which there are."""
    wrong = json.dumps({"groups": [{"claims": ["c1", "c2"], "relation": "similar", "question": None}]})
    with pytest.raises(Unusable, match="groups/0/relation: Input should be 'same' or 'conflict'"):
        parse(wrong, GroupsReply)


def test_a_reason_is_short_and_repeats_nothing_of_the_answer() -> None:
    """Of many mistakes the first three are told, none with the value that was wrong."""
    wrong = json.dumps({"claims": [{"sentences": "a secret", "text": 1, "attributed_to": 2}] * 50})
    with pytest.raises(Unusable) as refused:
        parse(wrong, ClaimsReply)
    assert str(refused.value).count(";") == 2
    assert "secret" not in str(refused.value)
    assert len(str(refused.value)) < 300


@given(st.text(max_size=80) | st.from_regex(r'\A\{"claims": \[.{0,30}\]\}\Z'))
def test_any_text_is_read_or_refused(text: str) -> None:
    """Whatever a model writes, it is a reply or refused with a reason, and nothing else fails."""
    try:
        assert isinstance(parse(text, ClaimsReply), ClaimsReply)
    except Unusable as refused:
        assert str(refused)


_WHOLE = json.dumps({"claims": [CLAIM | {"text": f"Claim {i}."} for i in range(3)]})
CUT = [
    # how much there is of an answer with three claims, and how many claims are kept of it
    (_WHOLE, 2),  # to its end: then nobody knows whether the last had one
    (_WHOLE[:-1], 2),
    (_WHOLE[: _WHOLE.index("Claim 2") + 3], 2),
    (_WHOLE[: _WHOLE.index("Claim 1") + 3], 1),
    (_WHOLE[: _WHOLE.index("Claim 0") + 3], 0),
    ('{"claims": [{"', 0),
]


@pytest.mark.parametrize(("text", "kept"), CUT)
def test_what_is_whole_of_a_cut_answer_is_kept(text: str, kept: int) -> None:
    """All but the last item begun are those of the answer; the last may lack its end."""
    assert [claim.text for claim in parse_cut(text, ClaimsReply).claims] == [f"Claim {i}." for i in range(kept)]


NOTHING = [
    "",
    "  ",
    "{",
    '{"cl',
    '{"claims"',
    '{"claims": ',
    '{"claims": 3',
    "prose about cl",
    '{"groups": [{}, {',
    "[1, 2",
]


@pytest.mark.parametrize("text", NOTHING)
def test_a_cut_answer_without_anything_whole_is_refused(text: str) -> None:
    """The reason asks for brevity: that is what the model can do about it."""
    with pytest.raises(Unusable, match="cut off before anything was whole: be brief"):
        parse_cut(text, ClaimsReply)


@given(st.integers(0, len(_WHOLE)), st.text(max_size=5))
def test_any_cut_answer_is_read_or_refused(length: int, rest: str) -> None:
    """Wherever an answer ends, and whatever it ends in, it gives whole claims or a reason."""
    try:
        kept = parse_cut(_WHOLE[:length] + rest, ClaimsReply).claims
        assert len(kept) <= 3
    except Unusable as refused:
        assert str(refused)


def test_equal_values_have_one_spelling() -> None:
    """What requests are remembered by does not depend on the order of keys or on white space."""
    assert canonical({"b": [1, {"d": "ü", "c": None}], "a": 0.5}) == '{"a":0.5,"b":[1,{"c":null,"d":"ü"}]}'
    assert canonical({"a": 1, "b": 2}) == canonical({"b": 2, "a": 1}) != canonical({"a": 2, "b": 1})
