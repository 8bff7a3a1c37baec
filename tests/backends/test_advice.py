"""Advice: a user is told which variable may be wrong, of the writer's server or the judge's."""

from __future__ import annotations

import socket
import ssl

import pytest

from service.backends import advice
from service.backends.advice import Variables
from service.backends.completions import Server

JUDGE = Variables("CONCORD_JUDGE_BASE_URL", "CONCORD_JUDGE_API_KEY", "CONCORD_JUDGE_MODEL")
OWN = Server("m", "http://host/v1", "k")

STATUSES = [
    # the server, its status, what is told
    (OWN, 401, ": is OPENAI_API_KEY right?"),
    (Server("m", "http://host/v1"), 401, ": it asks for a key, and OPENAI_API_KEY is not set"),
    (
        Server("m", "http://host/v1", variables=JUDGE),
        401,
        ": it asks for a key, and CONCORD_JUDGE_API_KEY is not set",
    ),
    (
        Server("m", None, "k"),
        404,
        ": it knows no model 'm', which CONCORD_MODEL names",
    ),  # of its URL there is no doubt
    (Server("m", None, "k", variables=JUDGE), 404, ": it knows no model 'm', which CONCORD_JUDGE_MODEL names"),
    (
        OWN,
        429,
        ": it takes no more for now; CONCORD_REQUESTS_PER_MINUTE and CONCORD_TOKENS_PER_MINUTE keep to limits",
    ),
    (OWN, 503, ""),
]


@pytest.mark.parametrize(("server", "status", "told"), STATUSES)
def test_a_status_is_told_with_what_may_be_wrong(server: Server, status: int, told: str) -> None:
    """The variables are those of the server that was asked."""
    assert advice.on_status(server, status, None) == f"the model server answered {status}{told}"


CAUSES = [
    # the server, why it can't be reached, what is told
    (OWN, ConnectionRefusedError(), "is OPENAI_BASE_URL right, and does it run?"),
    (OWN, socket.gaierror(), "its host is not known; is OPENAI_BASE_URL right?"),
    (OWN, ssl.SSLError(), "it does not speak https; is OPENAI_BASE_URL right?"),
    (OWN, ssl.SSLCertVerificationError(), "its certificate is not trusted; is OPENAI_BASE_URL right?"),
    (Server("m", variables=JUDGE), OSError(), f"it is {advice.VENDOR}, for CONCORD_JUDGE_BASE_URL is not set"),
]


@pytest.mark.parametrize(("server", "cause", "told"), CAUSES)
def test_a_server_that_cannot_be_reached_is_told_with_the_reason(server: Server, cause: Exception, told: str) -> None:
    """The reason is found under what libraries make of it."""
    error = ConnectionError("failed")
    error.__context__ = cause
    assert advice.on_no_connection(server, error) == f"the model server can't be reached: {told}"
