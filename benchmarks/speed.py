"""Speed: `python -m benchmarks.speed [--folder DIR]`. Time, memory and growth beside LexRank and lede.

In one run on one machine: the median time of the whole comparison of five articles (DIR holds five .txt; the
sample cluster by default) beside sumy's LexRank and lede on the same text, sentences split by nupunkt for
LexRank too; time per document at 5, 20, 80 and 320 documents of 600 words; peak memory; and the time from a
new interpreter to the first answer. Growth is measured on made-up documents that share an event and differ
in words: each tells a share of 400 common facts in one of several wordings, and facts of its own.
"""

from __future__ import annotations

import asyncio
import random
import re
import resource
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter

from benchmarks.command import create_parser, keep, machine, offer_json
from service.api.requests import DocumentIn, SummaryRequest
from service.api.summaries import Summaries
from service.building import create_summaries
from service.inputs import find_data, read_paths
from service.settings import Settings

_ROUNDS = 7
_SIZES = (5, 20, 80, 320)
_WORDS = 600


def timed(work: Callable[[], object], rounds: int = _ROUNDS) -> float:
    """Median milliseconds of some rounds, after one that is not counted."""
    work()
    times = []
    for _ in range(rounds):
        start = perf_counter()
        work()
        times.append((perf_counter() - start) * 1000)
    return median(times)


def lexrank(text: str) -> object:
    """Eight sentences by sumy's LexRank."""
    from nupunkt import sent_tokenize
    from sumy.parsers.plaintext import PlaintextParser
    from sumy.summarizers.lex_rank import LexRankSummarizer

    class Tokenizer:
        def to_sentences(self, paragraph: str) -> list[str]:
            return list(sent_tokenize(paragraph))

        def to_words(self, sentence: str) -> tuple[str, ...]:
            return tuple(re.findall(r"\w+", sentence))

    return LexRankSummarizer()(PlaintextParser.from_string(text, Tokenizer()).document, 8)


def lede_summary(text: str) -> object:
    import lede

    return lede.summarize(text)


def made_up(count: int, seed: int = 7) -> SummaryRequest:
    """Documents of 600 words: half their sentences tell common facts in one of four wordings, half are their own."""
    chance = random.Random(seed)  # noqa: S311 (not for secrets)
    vocabulary = [_word(chance) for _ in range(6_000)]
    names = [_word(chance).capitalize() + " " + _word(chance).capitalize() for _ in range(120)]

    def sentence(words: list[str], name: str, figure: int) -> str:
        counted = f"{figure} " if figure else ""
        return f"{name} said the {' '.join(words[:6])} was {counted}{' '.join(words[6:])}."

    def own() -> tuple[list[str], str, int]:
        return (
            chance.sample(vocabulary, 12),
            chance.choice(names),
            chance.choice([0, chance.randrange(2, 900)]),
        )

    facts = []
    for _ in range(400):
        words, name, figure = own()
        wordings = [
            [chance.choice(vocabulary) if chance.random() < 0.2 else word for word in words] for _ in range(4)
        ]
        facts.append([sentence(wording, name, figure) for wording in wordings])
    documents = []
    for _ in range(count):
        told: list[str] = []
        while sum(len(each.split()) for each in told) < _WORDS:
            told.append(chance.choice(chance.choice(facts)) if chance.random() < 0.5 else sentence(*own()))
        documents.append(DocumentIn(text="\n\n".join(told)))
    return SummaryRequest(documents=documents)


def _word(chance: random.Random) -> str:
    return "".join(chance.choice("bcdfghlmnprstv") + chance.choice("aeiou") for _ in range(chance.randint(2, 4)))


def start_up(folder: Path) -> float:
    """Seconds from a new interpreter to the first answer, imports included."""
    start = perf_counter()
    command = [sys.executable, "-m", "service", "summarize", str(folder), "--format", "json"]
    subprocess.run(command, check=True, capture_output=True)
    return perf_counter() - start


def beside_peers(summaries: Summaries, folder: Path) -> dict[str, float]:
    """Print the medians in milliseconds for one cluster, beside LexRank and lede on the same text."""
    request = read_paths([folder])
    text = "\n\n".join(document.text for document in request.documents)
    ours = timed(lambda: asyncio.run(summaries.make(request)))
    rank, lead = timed(partial(lexrank, text)), timed(partial(lede_summary, text))
    print(f"{len(request.documents)} articles of {folder.name}, {len(text.split())} words, medians of {_ROUNDS}:")
    print(f"  concord {ours:.1f} ms, LexRank {rank:.1f} ms, lede {lead:.1f} ms; concord / LexRank {ours / rank:.2f}")
    return {"Concord": ours, "LexRank": rank, "lede": lead}


def growth(summaries: Summaries) -> dict[str, dict[int, float]]:
    """Print the medians in milliseconds for more and more made-up documents, and how it grows for one of them."""
    print(f"documents of {_WORDS} words:")
    found: dict[str, dict[int, float]] = {"Concord": {}, "LexRank": {}, "lede": {}}
    each = {}
    for size in _SIZES:
        request = made_up(size)
        text = "\n\n".join(document.text for document in request.documents)
        rounds = 5 if size <= 20 else 3
        ours = timed(lambda r=request: asyncio.run(summaries.make(r)), rounds)  # type: ignore[misc]
        lead = timed(partial(lede_summary, text), rounds)
        found["Concord"][size], found["lede"][size], each[size] = ours, lead, ours / size
        ranked = "not run"
        if size <= 20:
            found["LexRank"][size] = timed(partial(lexrank, text), 1)
            ranked = f"{found['LexRank'][size]:.0f} ms"
        print(f"  {size:>4}: concord {ours:8.1f} ms, {each[size]:.2f} each; lede {lead:7.1f} ms; LexRank {ranked}")
    print(f"time for one document at {_SIZES[-1]} / at {_SIZES[1]}: {each[_SIZES[-1]] / each[_SIZES[1]]:.2f}")
    return found


def main() -> None:
    parser = create_parser(__doc__)
    parser.add_argument("--folder", type=Path, default=find_data() / "harbour-fire")
    offer_json(parser)
    given = parser.parse_args()
    folder = given.folder
    summaries = create_summaries(Settings())
    print(machine())
    found = {"articles": beside_peers(summaries, folder), "growth": growth(summaries)}
    keep(given.json, found)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory of this process, all of the above: {peak:.0f} MB")
    print(f"new interpreter to first answer: {median(start_up(folder) for _ in range(3)):.2f} s")


if __name__ == "__main__":
    main()
