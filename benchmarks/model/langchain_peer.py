"""LangChain's map-reduce summary, as its guide builds it with LangGraph: `langchain_peer.py --base-url URL FILE...`.

Every document, split where it is longer than 1,000 tokens, is summarized by itself; summaries that are together
longer than 1,000 tokens are summarized in groups until they are not; then one summary is written of them. All
that can be asked at once is (the guide asks for the groups one after the other). Prints one line of JSON,
{"seconds", "summary"}; the seconds are those of the work, without the imports, and if it did the same work once
before on another server (`--warm-up-url`), without what is loaded on first use.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import operator
from pathlib import Path
from time import perf_counter
from typing import Annotated, Any, TypedDict

from langchain.chat_models import init_chat_model
from langchain_classic.chains.combine_documents.reduce import split_list_of_docs
from langchain_core.documents import Document
from langchain_core.output_parsers import StrOutputParser
from langchain_core.prompts import ChatPromptTemplate
from langchain_text_splitters import CharacterTextSplitter
from langgraph.graph import END, START, StateGraph
from langgraph.types import Send

_MODEL = "gpt-4o-mini"  # decides only how tokens are counted; the stub answers to any name
_MOST_TOKENS = 1_000
_MAP = "Write a concise summary of the following: {context}."
_REDUCE = """
The following is a set of summaries:
{docs}
Take these and distill it into a final, consolidated summary
of the main themes.
"""


class State(TypedDict):
    """What the graph knows: the documents, their summaries, those summed up so far, and the last one."""

    contents: list[str]
    summaries: Annotated[list[str], operator.add]
    collapsed: list[Document]
    final: str


class MapReduce:
    """The graph's nodes, asking one model."""

    def __init__(self, base_url: str) -> None:
        self._model = init_chat_model(
            _MODEL, model_provider="openai", base_url=base_url, api_key="none", temperature=0
        )
        self._map = ChatPromptTemplate([("human", _MAP)]) | self._model | StrOutputParser()
        self._reduce = ChatPromptTemplate([("human", _REDUCE)]) | self._model | StrOutputParser()

    def graph(self) -> Any:
        graph = StateGraph(State)
        graph.add_node("summarize", self.summarize)
        graph.add_node("collect", self.collect)
        graph.add_node("collapse", self.collapse)
        graph.add_node("finish", self.finish)
        graph.add_conditional_edges(START, self.each, ["summarize"])
        graph.add_edge("summarize", "collect")
        graph.add_conditional_edges("collect", self.next, ["collapse", "finish"])
        graph.add_conditional_edges("collapse", self.next, ["collapse", "finish"])
        graph.add_edge("finish", END)
        return graph.compile()

    def each(self, state: State) -> list[Send]:
        return [Send("summarize", content) for content in state["contents"]]

    async def summarize(self, content: str) -> dict[str, Any]:
        return {"summaries": [await self._map.ainvoke({"context": content})]}

    def collect(self, state: State) -> dict[str, Any]:
        return {"collapsed": [Document(summary) for summary in state["summaries"]]}

    def length(self, documents: list[Document]) -> int:
        return sum(self._model.get_num_tokens(document.page_content) for document in documents)

    def next(self, state: State) -> str:
        return "collapse" if self.length(state["collapsed"]) > _MOST_TOKENS else "finish"

    async def collapse(self, state: State) -> dict[str, Any]:
        parts = split_list_of_docs(state["collapsed"], self.length, _MOST_TOKENS)
        summaries = await asyncio.gather(*map(self.reduce, parts))
        return {"collapsed": [Document(summary) for summary in summaries]}

    async def finish(self, state: State) -> dict[str, Any]:
        return {"final": await self.reduce(state["collapsed"])}

    async def reduce(self, documents: list[Document]) -> str:
        joined = "\n\n".join(document.page_content for document in documents)
        return str(await self._reduce.ainvoke({"docs": joined}))


async def summarize(base_url: str, texts: list[str]) -> str:
    splitter = CharacterTextSplitter.from_tiktoken_encoder(
        model_name=_MODEL, chunk_size=_MOST_TOKENS, chunk_overlap=0
    )
    contents = [part for text in texts for part in splitter.split_text(text)]
    result = await MapReduce(base_url).graph().ainvoke({"contents": contents})
    return str(result["final"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base-url", required=True, help="of an OpenAI-compatible server, ending in /v1")
    parser.add_argument("--warm-up-url", help="of a server that is asked the same first, uncounted")
    parser.add_argument("files", nargs="+", type=Path)
    given = parser.parse_args()
    texts = [file.read_text(encoding="utf-8") for file in given.files]
    if given.warm_up_url:
        asyncio.run(summarize(given.warm_up_url, texts))
    start = perf_counter()
    summary = asyncio.run(summarize(given.base_url, texts))
    print(json.dumps({"seconds": perf_counter() - start, "summary": summary}, ensure_ascii=False))


if __name__ == "__main__":
    main()
