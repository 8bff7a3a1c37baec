"""Methods: what a path takes, for `Allow` (RFC 9110, 10.2.1), by the whole table of routes."""

from __future__ import annotations

from fastapi import FastAPI, Request
from fastapi.routing import iter_route_contexts
from starlette.routing import compile_path

_OF_FILES = frozenset({"GET"})  # of what is mounted, which the table knows by its folder


def allowed(request: Request) -> str:
    """The methods that the request's path takes. Starlette names those of the first route that fits the path."""
    app: FastAPI = request.app
    found: set[str] = set()
    for context in iter_route_contexts(app.routes):
        if compile_path(context.path or "")[0].match(request.scope["path"]):
            found |= context.methods or set()
    found = found or set(_OF_FILES)
    return ", ".join(sorted(found | ({"HEAD"} if "GET" in found else set())))
