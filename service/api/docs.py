"""Docs: the page that shows the OpenAPI document, with a viewer (Swagger UI) that is served here too."""

from __future__ import annotations

from importlib.resources import files

from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from starlette.staticfiles import StaticFiles

from service.api.edge import PAGE_HEADERS

_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Concord: the API</title>
<link rel="icon" href="/static/mark.svg">
<link rel="stylesheet" href="/docs/viewer/swagger-ui.css">
</head>
<body>
<noscript>The API is described in <a href="/openapi.json">an OpenAPI document</a>.</noscript>
<div id="viewer"></div>
<script src="/docs/viewer/swagger-ui-bundle.js"></script>
<script src="/static/docs.js"></script>
</body>
</html>
"""


def add_docs(app: FastAPI) -> None:
    """The page at `/docs`, and its viewer's files."""
    app.mount("/docs/viewer", StaticFiles(directory=str(files("fastapi_offline") / "static")), name="viewer")

    @app.get("/docs", include_in_schema=False)
    async def docs() -> HTMLResponse:
        return HTMLResponse(_PAGE, headers=PAGE_HEADERS)
