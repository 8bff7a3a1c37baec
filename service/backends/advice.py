"""Advice: why a model server gave no answer, and which variable may be wrong, in our own words.

A server's words are not repeated: they may hold a key or a document. Nor is its address, which the clients that read
these reasons need not know. Statuses are HTTP's; which exception means what, completions.py knows.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from service.backends.completions import Server

VENDOR = "https://api.openai.com/v1"
"""The base URL of a server that is hosted."""
SPENT = frozenset({"insufficient_quota", "billing_hard_limit_reached"})
"""Codes of a server whose account pays for no more."""
_NO_MODEL = "model_not_found"


@dataclass(frozen=True, slots=True)
class Variables:
    """The variables that say how a server is asked."""

    base_url: str = "OPENAI_BASE_URL"
    key: str = "OPENAI_API_KEY"
    model: str = "CONCORD_MODEL"


WRITER = Variables()


def on_status(server: Server, status: int, code: str | None) -> str:
    """What a status that is an error means."""
    return f"the model server answered {status}{_doubt(server, status, code)}"


def _doubt(server: Server, status: int, code: str | None) -> str:
    told, named = server.variables, f"'{server.model}'"
    if code in SPENT:
        return f" ({code}): the account of {told.key} pays for no more"
    if code == _NO_MODEL or (server.hosted and status == 404):
        return f": it knows no model {named}, which {told.model} names"
    doubts = {
        400: f": it may not know the model {named} ({told.model}), or hold fewer tokens than CONCORD_CONTEXT_TOKENS",
        401: f": is {told.key} right?" if server.api_key else f": it asks for a key, and {told.key} is not set",
        403: f": may {told.key} use the model {named} ({told.model})?",
        404: f": is {told.base_url} right, up to /v1, and {named} ({told.model}) one of its models?",
        405: f": is {told.base_url} right, up to /v1?",
        429: ": it takes no more for now; CONCORD_REQUESTS_PER_MINUTE and CONCORD_TOKENS_PER_MINUTE keep to limits",
    }
    return doubts.get(status, "")


def on_no_connection(server: Server, error: BaseException) -> str:
    """Why a server can't be reached, from what trying to raised."""
    told = server.variables.base_url
    if server.hosted:
        return f"the model server can't be reached: it is {VENDOR}, for {told} is not set"
    causes = list(_causes(error))
    if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes):
        return f"the model server can't be reached: its certificate is not trusted; is {told} right?"
    if any(isinstance(cause, ssl.SSLError) for cause in causes):
        return f"the model server can't be reached: it does not speak https; is {told} right?"
    if any(isinstance(cause, socket.gaierror) for cause in causes):
        return f"the model server can't be reached: its host is not known; is {told} right?"
    return f"the model server can't be reached: is {told} right, and does it run?"


def on_silence(seconds: float, variable: str) -> str:
    """That nothing came in the time that a variable allows."""
    return f"the model server gave no answer within {seconds:g} s ({variable})"


def on_no_completion(server: Server) -> str:
    """That something answered, and not as such a server does."""
    return f"what the model server answered is no completion: is {server.variables.base_url} right, up to /v1?"


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """An exception and what it came of."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
