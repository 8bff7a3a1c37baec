"""Logs: JSON Lines on standard error, the same for serve, worker and batch. The only file that imports structlog.

A line holds ids, sizes and timings, and no text of documents, prompts, replies or keys. Our own messages are written
so; of others' the words are left out unless they are a template, and of an exception only its type and frames are
told: what a library says of an error often quotes what it failed on.
"""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from dataclasses import asdict
from http import HTTPStatus
from pathlib import Path
from traceback import extract_tb
from types import TracebackType
from typing import Any, TextIO

import structlog

from service.api.edge import PROBES, Exchange
from service.api.observing import Ran
from service.telemetry import tracing

_LOG = logging.getLogger("concord")
_TRUSTED = ("concord", "uvicorn")  # whose messages hold no text that was sent
_LONGEST = 300  # characters of a message
_MOST_CAUSES, _MOST_FRAMES = 5, 30
_WITHHELD = "a library's message, whose words are withheld"
Event = MutableMapping[str, Any]


def configure(level: int = logging.INFO) -> None:
    """Have this process log so, whatever logged before and whoever logs."""
    logging.basicConfig(handlers=[create_handler(sys.stderr)], level=logging.WARNING, force=True)
    logging.raiseExceptions = False  # it would print what could not be logged, values and all
    logging.captureWarnings(capture=True)
    for name in _TRUSTED:
        logging.getLogger(name).setLevel(level)
    sys.excepthook = _uncaught
    threading.excepthook = lambda args: _uncaught(args.exc_type, args.exc_value, args.exc_traceback)


def create_handler(stream: TextIO) -> logging.Handler:
    """What writes records as lines of JSON."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.contextvars.merge_contextvars, _add_trace, _add_fields],
            processors=[
                structlog.stdlib.add_log_level,
                structlog.stdlib.add_logger_name,
                structlog.processors.TimeStamper(fmt="iso", utc=True),
                _withhold,
                _tell_exception,
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(ensure_ascii=False, default=_name_type),
            ],
        )
    )
    return handler


@contextmanager
def bound(**ids: str) -> Iterator[None]:
    """Have every line that is logged inside hold these ids."""
    with structlog.contextvars.bound_contextvars(**ids):
        yield


def request_ids() -> dict[str, str]:
    """The id of the request that is being answered here, if one is."""
    return {name: value for name, value in structlog.contextvars.get_contextvars().items() if name == "request_id"}


def log_exchange(exchange: Exchange) -> None:
    """A line for a request that was answered; the id is bound already. Probes that go well are only for debugging."""
    fields = {name: value for name, value in asdict(exchange).items() if name != "request_id"}
    is_probe = exchange.route in PROBES and exchange.status < HTTPStatus.BAD_REQUEST
    _LOG.log(logging.DEBUG if is_probe else logging.INFO, "request", extra={"fields": fields})


def log_run(run: Ran) -> None:
    """A line for a summary or a verification that is over."""
    fields = {name: value for name, value in asdict(run).items() if value not in ({}, None)}
    _LOG.info("run", extra={"fields": fields})


def log_fields(event: str, **fields: Any) -> None:
    """A line of our own with fields, none of which may be text that was sent."""
    _LOG.info(event, extra={"fields": fields})


def _add_trace(_: Any, __: str, event: Event) -> Event:
    event.update(tracing.ids())
    return event


def _add_fields(_: Any, __: str, event: Event) -> Event:
    record = event.get("_record")
    fields = getattr(record, "fields", None)
    if isinstance(fields, dict):
        event.update({name: round(v, 6) if isinstance(v, float) else v for name, v in fields.items()})
    return event


def _withhold(_: Any, __: str, event: Event) -> Event:
    """Leave out the words of others' messages, but for a template without what was put into it."""
    record: logging.LogRecord = event["_record"]
    if record.name.split(".")[0] in _TRUSTED:
        event["event"] = str(event["event"]).partition("\n")[0][:_LONGEST]
        return event
    template = record.msg if record.args and isinstance(record.msg, str) else _WITHHELD
    event.update(event=template[:_LONGEST], place=f"{record.module}:{record.lineno}")
    return event


def _tell_exception(_: Any, __: str, event: Event) -> Event:
    """Put the types and frames of an exception and its causes in place of its text."""
    info = event.pop("exc_info", None)
    event.pop("stack_info", None)
    error = info[1] if isinstance(info, tuple) else sys.exc_info()[1] if info else None
    if error is not None:
        event["exception"] = describe(error)
    return event


def describe(error: BaseException) -> list[dict[str, Any]]:
    """An exception and what caused it: the type of each, and where it passed. Nothing that it says."""
    found: list[dict[str, Any]] = []
    left: BaseException | None = error
    while left is not None and len(found) < _MOST_CAUSES:
        frames = extract_tb(left.__traceback__)[-_MOST_FRAMES:]
        places = [f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames]
        found.append({"type": f"{type(left).__module__}.{type(left).__qualname__}", "frames": places})
        left = left.__cause__ or (None if left.__suppress_context__ else left.__context__)
    return found


def _short(filename: str) -> str:
    """The last parts of a file's path: enough to find it by, and nothing of the machine."""
    return "/".join(Path(filename).parts[-3:])


def _name_type(value: Any) -> str:
    return f"<{type(value).__name__}>"


def _uncaught(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    _LOG.critical("ended by what nobody foresaw", exc_info=(kind, error or kind(), trace))
