"""Conformance: whatever fits the OpenAPI document, or just does not, is answered as the document says.

A few hundred cases, the same each time; `make conformance` tries thousands, with keys too, and follows the links.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.stateful import run_state_machine_as_test
from schemathesis import APIOperation, Case, GenerationMode
from schemathesis.core.result import Ok

from benchmarks.conformance import CONFIG
from tests.builders import create_app_of
from tests.serving import serving

_SETTINGS = settings(
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


Operation = APIOperation[Any, Any, Any, Any]
_DOCUMENT = create_app_of({}).openapi()
API = schemathesis.openapi.from_dict(_DOCUMENT, config=schemathesis.Config.from_path(CONFIG))
OPERATIONS: list[Operation] = [found.ok() for found in API.get_all_operations() if isinstance(found, Ok)]
TRIED = [
    (operation, mode)
    for operation in OPERATIONS
    for mode in GenerationMode
    if mode is GenerationMode.POSITIVE or {"parameters", "requestBody"} & {*operation.definition.raw}
    if mode is GenerationMode.POSITIVE or operation.label != "POST /v1/texts"
]  # where nothing is sent, or any file, nothing can be what the document excludes


def test_every_operation_is_tried() -> None:
    """What the document has is what is tried below."""
    described = {f"{method.upper()} {path}" for path, of in _DOCUMENT["paths"].items() for method in of}
    assert {operation.label for operation in OPERATIONS} == described
    assert len(TRIED) > len(OPERATIONS) + 5


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where an application is served that asks nobody for a key."""
    folder = tmp_path_factory.mktemp("conforming")
    with serving(create_app_of({"CONCORD_DATA_DIR": str(folder), "CONCORD_AUTH": "off"})) as served:
        yield served


@pytest.mark.parametrize(("operation", "mode"), TRIED, ids=[f"{o.label}, {m}" for o, m in TRIED])
def test_every_answer_is_as_described(address: str, operation: Operation, mode: GenerationMode) -> None:
    """What fits is taken, what does not is refused, with a status, headers and a body that the document has."""

    @settings(_SETTINGS, max_examples=4 if operation.label == "POST /v1/texts" else 12)
    @given(case=operation.as_strategy(generation_mode=mode))
    def test(case: Case[Any]) -> None:
        case.call_and_validate(base_url=address)

    test()


def test_every_answer_to_what_follows_is_as_described(address: str) -> None:
    """So is what is asked by the links of answers: a job looked at, watched, forgotten, and gone."""
    API.config.update(base_url=address)
    machine = API.as_state_machine()
    run_state_machine_as_test(machine, settings=settings(_SETTINGS, max_examples=5, stateful_step_count=6))
