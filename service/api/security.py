"""Security: who calls. A key is asked for before anything of a request is read, and its limits are kept.

What is open without a key is named here; all else, what is added later too, asks for one. Keys are in no log.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from http import HTTPStatus

from fastapi import Request
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.api import kept, problems, revoking
from service.api.keyring import Keyring
from service.api.visits import Visit, visit_of
from service.callers import Balance, Key, Used
from service.core.errors import ConcordError
from service.jobs.jobs import Jobs

OPEN = frozenset({"/", "/healthz", "/readyz", "/docs", "/openapi.json"})
"""Paths that need no key: the page that asks for one, the documents of the API, and whether the process is well."""
_OPEN_FOLDERS = ("/static/", "/docs/viewer/")
_CHALLENGE = 'Bearer realm="concord"'


class Unauthorized(ConcordError):
    """No key, or none that counts."""


class Security:
    """Lets requests in that are open, or whose key counts and has not used up its requests."""

    def __init__(self, app: ASGIApp, keyring: Keyring) -> None:
        self._app = app
        self._keyring = keyring

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or is_open(scope["path"]):
            await self._app(scope, receive, send)
            return
        request, visit = Request(scope), Visit()

        async def send_with_limits(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(describe(visit))
            await send(message)

        try:
            key = await self._identify(request.headers)
            visit.enter(self._keyring.keys, key)
            if key:
                await visit.take(Used(requests=1))
        except ConcordError as error:
            await _refuse(request, error)(scope, receive, send_with_limits)
            return
        scope.setdefault("state", {})["visit"] = visit
        if key is None:
            await self._app(scope, receive, send)
        elif not await revoking.answer(
            self._app, scope, receive, send_with_limits, partial(self._keyring.counts, key)
        ):
            await _refuse(request, Unauthorized("the key was revoked meanwhile"))(scope, receive, send)

    async def _identify(self, headers: Headers) -> Key | None:
        """The key of a request; None where none is asked for. Raises Unauthorized and StorageUnavailable."""
        if not await self._keyring.asks():
            return None
        sent = headers.getlist("authorization")
        scheme, _, token = (sent[0] if len(sent) == 1 else "").partition(" ")
        key = await self._keyring.find(token.strip()) if scheme.lower() == "bearer" else None
        if key is None:
            known = "the key is unknown or revoked" if scheme.lower() == "bearer" else "a key is needed"
            raise Unauthorized(f"{known}: send it as `Authorization: Bearer ck_…` (`concord keys create` makes one)")
        return key


def is_open(path: str) -> bool:
    """True for what is answered without a key."""
    return path in OPEN or path.startswith(_OPEN_FOLDERS)


def _refuse(request: Request, error: ConcordError) -> ASGIApp:
    if isinstance(error, Unauthorized):
        challenge = {"WWW-Authenticate": _CHALLENGE}
        return problems.respond(request, HTTPStatus.UNAUTHORIZED, str(error), headers=challenge)
    return problems.answer(request, error)


def describe(visit: Visit) -> dict[str, str]:
    """The `RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers-10) of an answer to a key."""
    if not visit.key:
        return {}
    policies = visit.key.quota.policies()
    told = [f'"{p.name}";q={p.most};w={p.period}' + _unit(p.unit) for p in policies]
    most = visit.key.quota.concurrent_jobs
    if most is not None:
        told.append(f'"concurrent_jobs";q={most};qu="concurrent-jobs"')
    headers = {"RateLimit-Policy": ", ".join(told)} if told else {}
    return headers | _tell_left(visit.balance)


def _tell_left(balance: Balance) -> dict[str, str]:
    left: Sequence[str] = [f'"{p.name}";r={left.units};t={left.seconds}' for p, left in balance.left.items()]
    return {"RateLimit": ", ".join(left)} if left else {}


def _unit(unit: str) -> str:
    return "" if unit == "requests" else f';qu="{unit}"'


class OwnJobs:
    """A dependency of every route: a job that its path names is its own key's, or 404 as if there were none."""

    def __init__(self, jobs: Jobs) -> None:
        self._jobs = jobs

    async def __call__(self, request: Request) -> None:
        """Raises NotFound for another's job, and for one that there is not."""
        key, job_id = visit_of(request).key, request.path_params.get("id")
        if key is None or job_id is None:
            return
        job = await self._jobs.find(job_id)
        if job is None or job.owner != key.id:
            raise kept.missing()
