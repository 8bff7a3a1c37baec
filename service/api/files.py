"""Files: the route that makes text of a PDF or a Word document, so that it can be posted."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from starlette.exceptions import HTTPException

from service.api.bodies import require_plain
from service.api.schemas import Problem, Result, WarningOut
from service.api.streaming import unless_gone
from service.core.model import Format
from service.files.extracting import MEDIA_TYPES, Bounds, Extracted, Kind, extract_async

_PHRASES = {
    408: "The file did not come in time.",
    413: "The file, or the text in it, is too large.",
    415: "The file is of no kind that is read.",
    422: "The file can't be read.",
    501: "The library that reads it is not installed.",
}
_BODY = {
    "required": True,
    "content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in MEDIA_TYPES},
}


class TextOut(Result):
    """What a file holds, to be posted as a document."""

    text: str
    title: str | None
    format: Format
    warnings: list[WarningOut]


async def read_kind(request: Request) -> Kind:
    """What a body is. Raises 415 for what is not read."""
    content_type = request.headers.get("content-type", "")
    kind = MEDIA_TYPES.get(content_type.partition(";")[0].strip().lower())
    if kind is None:
        raise HTTPException(
            415,
            f"send a file with the Content-Type that it has, {' or '.join(MEDIA_TYPES)}; text is a document itself",
        )
    require_plain(request.headers)
    return kind


def create_files(bounds: Bounds, concurrent: int) -> APIRouter:
    """The route, what reading a file may take, and how many are read at once."""
    router = APIRouter()
    places = asyncio.Semaphore(concurrent)
    responses: dict[int | str, dict[str, Any]] = {
        status: {"model": Problem, "description": phrase} for status, phrase in _PHRASES.items()
    }

    @router.post(
        "/v1/texts",
        response_model=TextOut,
        responses=responses,
        openapi_extra={"requestBody": _BODY},
        tags=["files"],
    )
    async def create_text(request: Request, kind: Annotated[Kind, Depends(read_kind)]) -> TextOut | Response:
        """The text of a PDF or a Word document. Nothing of it is kept."""
        data = await request.body()

        async def read() -> Extracted:
            async with places:
                return await extract_async(data, kind, bounds)

        found = await unless_gone(request, read())
        return _shape(found) if isinstance(found, Extracted) else found

    return router


def _shape(found: Extracted) -> TextOut:
    warnings = [WarningOut(code=w["code"], detail=w["detail"], document_id=None) for w in found.warnings]
    return TextOut(text=found.text, title=found.title, format=Format.TEXT, warnings=warnings)
