"""The OpenAPI document, with what is answered around the routes: by keys, crowding, and slow or unfit bodies.

What one route answers it declares itself, in the words of statements.py.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from service.api.crowding import is_counted
from service.api.problems import MEDIA_TYPE
from service.api.security import is_open
from service.api.statements import RETRY_AFTER, header

_OURS = "#/components/schemas/Problem"
_FOREIGN = "HTTPValidationError"
_PROBLEM = {MEDIA_TYPE: {"schema": {"$ref": _OURS}}}
_TOO_SLOW = {"408": {"description": "The body came too slowly.", "content": _PROBLEM}}
_CROWDED = {
    "503": {
        "description": "Too many requests are under way.",
        "content": _PROBLEM,
        "headers": {"Retry-After": RETRY_AFTER},
    }
}
_OF_KEYS = {
    "401": {
        "description": "A key is needed, or the one that was sent does not count.",
        "content": _PROBLEM,
        "headers": {"WWW-Authenticate": header("`Bearer`.")},
    },
    "429": {
        "description": "The key has used what it may for now.",
        "content": _PROBLEM,
        "headers": {
            "Retry-After": RETRY_AFTER,
            "RateLimit-Policy": header("Its limits, as draft-ietf-httpapi-ratelimit-headers has them."),
            "RateLimit": header("What they leave, and for how many seconds."),
        },
    },
}
_SCHEME = {
    "type": "http",
    "scheme": "bearer",
    "description": "A key that `concord keys create` made; needed where the service asks for keys.",
}


def complete(openapi: dict[str, Any]) -> dict[str, Any]:
    """FastAPI's document with what it can't know of: what answers around the routes, and how errors are sent."""
    schemas = openapi["components"]["schemas"]
    openapi["components"]["securitySchemes"] = {"key": _SCHEME}
    for path, operations in openapi["paths"].items():
        for operation in operations.values():
            _send_as_problems(operation["responses"])
            if not is_open(path):
                operation["security"] = [{"key": []}, {}]
                _add(operation, _OF_KEYS)
            if is_counted(path):
                _add(operation, _TOO_SLOW | _CROWDED if "requestBody" in operation else _CROWDED)
    for name in (_FOREIGN, "ValidationError"):
        schemas.pop(name, None)
    return openapi


def _send_as_problems(answers: dict[str, Any]) -> None:
    """Give errors the media type that they are sent with.

    What FastAPI adds to whatever has parameters, a 422 of its own form, is sent by nothing here.
    """
    if _FOREIGN in str(answers.get("422")):
        del answers["422"]
    for answer in (a for status, a in answers.items() if status >= "400" and _OURS in str(a)):
        _, schema = answer["content"].popitem()
        answer["content"] = {MEDIA_TYPE: schema}


def _add(operation: dict[str, Any], answers: dict[str, Any]) -> None:
    """Add answers that the operation does not describe itself."""
    for status, answer in answers.items():
        operation["responses"].setdefault(status, deepcopy(answer))
