"""A sample cluster summarized by the recorded model: the comparison, what the run used, and the result."""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass, replace

from service.api.schemas import ModelOut, SummaryResult
from service.api.shaping import Made, shape
from service.api.summaries import to_sources
from service.backends.base import Means, Terms, inline
from service.backends.tokens import TokenCounter
from service.building import create_chat_backends
from service.core.outcome import Comparison
from service.inputs import find_data, read_paths
from service.pipeline import Options, compare
from service.settings import load_settings

CLUSTERS = sorted(folder.name for folder in find_data().iterdir() if (folder / "documents.json").is_file())
MODEL = os.environ.get("CONCORD_MODEL", "qwen2.5-coder-1.5b-instruct-q4_k_m")
_SETTINGS = {
    "OPENAI_BASE_URL": os.environ.get("OPENAI_BASE_URL", "http://127.0.0.1:8177/v1"),
    "OPENAI_API_KEY": os.environ.get("OPENAI_API_KEY", "not-a-key"),
    "CONCORD_MODEL": MODEL,
    "CONCORD_CONTEXT_TOKENS": "8192",
    "CONCORD_OUTPUT_TOKENS": "4096",
    "CONCORD_MODEL_CONCURRENT": "1",  # one slot: the order of what is asked is that of what is recorded
    "CONCORD_REQUEST_ATTEMPTS": "1",
    "CONCORD_REQUEST_TIMEOUT_SECONDS": "900",
    "CONCORD_REQUEST_DEADLINE_SECONDS": "900",
    "CONCORD_MEMO": "off",
}


@dataclass(frozen=True, slots=True)
class Replay:
    """What a run gave, before it was shaped for a client and after."""

    comparison: Comparison
    result: SummaryResult


def replay(cluster: str) -> Replay:
    """Summarize a sample cluster; the recorded answers are given by the cassette of the test that calls this."""
    return asyncio.run(_run(cluster))


async def _run(cluster: str) -> Replay:
    tokens = TokenCounter()
    backends = create_chat_backends(load_settings(_SETTINGS), tokens, inline)
    backend, account = backends.open(Terms())
    options = Options(chunk_tokens=backends.chunk_tokens)
    request = read_paths([find_data() / cluster])
    try:
        comparison = await compare(to_sources(request.documents), backend, options, Means(tokens.count))
    finally:
        await backends.close()
    model = ModelOut(backend=backends.name, name=backends.model, prompts=backends.prompts, tokenizer=tokens.name)
    run = Made("sum_recorded", model, account.usage(), account.degraded)
    notices = (*comparison.notices, *account.notices())
    comparison = replace(comparison, notices=notices)
    return Replay(comparison, shape(comparison, run, [tokens.count(d.text) for d in comparison.documents]))
