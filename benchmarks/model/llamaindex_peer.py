"""LlamaIndex's tree_summarize: `llamaindex_peer.py --base-url URL [--context-window N] FILE...`.

The documents are packed into as few prompts as the context window holds, each is answered, and the answers are
packed and answered again until one is left. Asks all that can be asked at once. Prints one line of JSON,
{"seconds", "summary"}; the seconds are those of the work, without the imports, and if it did the same work once
before on another server (`--warm-up-url`), without what is loaded on first use.
"""

from __future__ import annotations

import argparse
import asyncio
import json
from pathlib import Path
from time import perf_counter
from typing import Any

import tiktoken
from llama_index.core import set_global_tokenizer
from llama_index.core.response_synthesizers import TreeSummarize
from llama_index.llms.openai_like import OpenAILike

_QUESTION = "Write a concise summary of these reports."


async def summarize(base_url: str, texts: list[str], context_window: int | None) -> str:
    set_global_tokenizer(tiktoken.get_encoding("o200k_base").encode_ordinary)
    chosen: dict[str, Any] = {} if context_window is None else {"context_window": context_window}
    model = OpenAILike(
        model="gpt-4o-mini", api_base=base_url, api_key="none", is_chat_model=True, temperature=0, **chosen
    )
    return str(await TreeSummarize(llm=model).aget_response(_QUESTION, texts))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base-url", required=True, help="of an OpenAI-compatible server, ending in /v1")
    parser.add_argument("--context-window", type=int, help="in tokens; LlamaIndex's own default unless given")
    parser.add_argument("--warm-up-url", help="of a server that is asked the same first, uncounted")
    parser.add_argument("files", nargs="+", type=Path)
    given = parser.parse_args()
    texts = [file.read_text(encoding="utf-8") for file in given.files]
    if given.warm_up_url:
        asyncio.run(summarize(given.warm_up_url, texts, given.context_window))
    start = perf_counter()
    summary = asyncio.run(summarize(given.base_url, texts, given.context_window))
    print(json.dumps({"seconds": perf_counter() - start, "summary": summary}, ensure_ascii=False))


if __name__ == "__main__":
    main()
