"""A model in this process: a GGUF file run by llama.cpp (xllamacpp, the extra `concord[local]`), for verdicts.

Answers as a server would (completions.py), one request at a time, off the event loop. The weights are the user's.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from secrets import token_hex
from types import SimpleNamespace
from typing import Any

from anyio import to_thread

from service.backends.completions import Completion, Request, Server, Unanswered, body_of, read_answer
from service.backends.trying import UNWATCHED, Watcher, timed
from service.core.errors import ConcordError

Answer = Callable[[dict[str, Any]], Any]
"""What llama.cpp answers to the body of a chat completion."""


class LocalCompletions:
    """Asks a model in this process, which is loaded when it is first asked."""

    down = False

    def __init__(
        self,
        file: Path,
        context_tokens: int,
        load: Callable[[Path, int], Answer] | None = None,
        watcher: Watcher = UNWATCHED,
    ) -> None:
        self.server = Server(model=file.stem, base_url=f"file:{file.name}")
        self._file = file
        self._context = context_tokens
        self._load = load or load_llama
        self._watcher = watcher
        self._answer: Answer | None = None
        self._turn = asyncio.Lock()

    def parameters(self, request: Request) -> dict[str, Any]:
        """The body of a request, as content: what it is memoised by."""
        return body_of(request, self.server.model, "max_tokens")

    async def complete(self, request: Request) -> Completion:
        """The answer. Raises Unanswered if the model can't be loaded or fails."""
        with self._watcher.asking(self.server, request) as answered:
            async with self._turn:
                with timed(self._watcher, request.name, 1):
                    body = self.parameters(request)
                    answer = await to_thread.run_sync(self._complete, body, abandon_on_cancel=False)
            answered(answer)
        return answer

    def _complete(self, body: dict[str, Any]) -> Completion:
        try:
            self._answer = self._answer or self._load(self._file, self._context)
            answer = self._answer(body)
        except (RuntimeError, ValueError, OSError) as error:
            raise Unanswered(f"the model {self._file.name} can't be run in this process", sent=False) from error
        return read_answer(json.loads(json.dumps(answer), object_hook=lambda fields: SimpleNamespace(**fields)))

    async def close(self) -> None:
        """Let go of the model, and with it of its memory."""
        self._answer = None


def load_llama(file: Path, context_tokens: int) -> Answer:
    """Load a GGUF file. Raises ConcordError without xllamacpp, or RuntimeError for a file that is no model."""
    try:
        import xllamacpp
    except ImportError as error:
        raise ConcordError("a model in this process needs xllamacpp: pip install 'concord[local]'") from error
    params = xllamacpp.CommonParams()
    params.model.path = str(file)
    params.n_ctx, params.n_parallel = context_tokens, 1
    params.port = 0  # it listens, too, on loopback: where nobody knows, and for nobody who has not the key
    params.api_keys = [token_hex()]
    server = xllamacpp.Server(params)
    answer: Answer = server.handle_chat_completions
    return answer
