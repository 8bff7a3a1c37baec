"""Conformance: whatever fits the OpenAPI document, or just does not, is answered as the document says.

A few hundred cases, the same each time; `make conformance` tries thousands, with keys too, and follows the links.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.builders import create_app_of
from tests.serving import serving

DOCUMENT = create_app_of({}).openapi()
OPERATIONS = {f"{method.upper()} {path}": of for path, ops in DOCUMENT["paths"].items() for method, of in ops.items()}
TRIED = [
    (label, mode)
    for label, operation in OPERATIONS.items()
    for mode in ("positive", "negative")
    if mode == "positive" or ({"parameters", "requestBody"} & {*operation} and label != "POST /v1/texts")
]  # where nothing is sent, or any file, nothing can be what the document excludes


@pytest.fixture(scope="module")
def schema() -> Any:
    """The document as schemathesis reads it, whose import nobody waits for who only collects tests."""
    import schemathesis

    from benchmarks.conformance import CONFIG

    return schemathesis.openapi.from_dict(DOCUMENT, config=schemathesis.Config.from_path(CONFIG))


def settings_of(**more: Any) -> settings:
    """The same cases each time, and not one more than are asked for."""
    quiet = list(HealthCheck)
    return settings(
        derandomize=True, database=None, deadline=None, phases=[Phase.generate], suppress_health_check=quiet, **more
    )


def test_every_operation_is_tried(schema: Any) -> None:
    """What the document has is what is tried below."""
    assert {found.ok().label for found in schema.get_all_operations()} == set(OPERATIONS)
    assert len(TRIED) > len(OPERATIONS) + 5


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where an application is served that asks nobody for a key."""
    folder = tmp_path_factory.mktemp("conforming")
    with serving(create_app_of({"CONCORD_DATA_DIR": str(folder), "CONCORD_AUTH": "off"})) as served:
        yield served


@pytest.mark.parametrize(("label", "mode"), TRIED, ids=[", ".join(tried) for tried in TRIED])
def test_every_answer_is_as_described(address: str, schema: Any, label: str, mode: str) -> None:
    """What fits is taken, what does not is refused, with a status, headers and a body that the document has."""
    from schemathesis import GenerationMode

    (operation,) = [found.ok() for found in schema.get_all_operations() if found.ok().label == label]

    @settings_of(max_examples=4 if label == "POST /v1/texts" else 12)
    @given(case=operation.as_strategy(generation_mode=GenerationMode(mode)))
    def test(case: Any) -> None:
        case.call_and_validate(base_url=address)

    test()


def test_every_answer_to_what_follows_is_as_described(address: str, schema: Any) -> None:
    """So is what is asked by the links of answers: a job looked at, watched, forgotten, and gone."""
    schema.config.update(base_url=address)
    machine = schema.as_state_machine()
    run_state_machine_as_test(machine, settings=settings_of(max_examples=5, stateful_step_count=6))
