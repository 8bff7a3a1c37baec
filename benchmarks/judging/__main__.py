"""How well a judge tells what is supported, on human labels: `python -m benchmarks.judging FOLDER`.

FOLDER holds `*.jsonl` (rows: evidence, sentence, label), of which the same share is taken of each set, half of it
supported. The judge is that of the settings (CONCORD_JUDGE_MODEL, CONCORD_JUDGE_BASE_URL). Answers are kept in
CONCORD_DATA_DIR: a run that was interrupted goes on. It is asked in both ways of the service; what is learned for a
set is learned from the others, the features' weights (train.py) without its kin. Balanced accuracy:

word       by what the judge says
odds       by its log-odds, at nought; `fitted`: as calibrated
features   by the features of entailment alone; `stacked`: both, as the service weighs them
gates      by all gates of checking; `together`: gates, and of what passes them what the judge bears out
95 %       interval of `stacked` (bootstrap, seeded); with the areas under the curves, and calibration errors

With `--alterations N`: what gates, judge and both catch of N altered sentences, and accept of a third as many.
"""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from benchmarks.command import create_parser
from benchmarks.judging.altered import ask_altered, draw, report_altered
from benchmarks.judging.judges import Judge
from benchmarks.judging.pairs import Pair, ask, read_sample, report
from benchmarks.train import measure_set
from service.api.summaries import to_sources
from service.backends.base import inline
from service.backends.calibration import WAYS, fit
from service.backends.tokens import TokenCounter
from service.building import create_chat_backends
from service.inputs import find_data, read_paths
from service.pipeline import read_all
from service.settings import load_settings


async def run(options: argparse.Namespace) -> None:
    files = sorted(options.folder.glob("*.jsonl"))
    backends = create_chat_backends(load_settings(), TokenCounter(), inline)
    memo = backends.memos.open(None) if backends.memos else None
    if not files or memo is None:
        print("not measured: no *.jsonl in the folder, or CONCORD_MEMO is off")
        return
    judge = Judge(backends.judge, backends.texts, memo)
    try:
        asked = {way: await ask(judge, way, read_sample(files, options.pairs)) for way in options.ways}
        sets = [measure_set(file) for file in files]
        for way, pairs in asked.items():
            report(way, pairs, sets)
        for way, pairs in asked.items():
            if options.alterations:
                await _try_altered(judge, way, pairs, options)
    finally:
        await backends.close()


async def _try_altered(judge: Judge, way: str, pairs: Sequence[Pair], options: argparse.Namespace) -> None:
    """Of the sample clusters and of what else is given, with what all pairs teach."""
    learned = [pair.shown.labelled(pair.said.odds) for pair in pairs]
    alone, both = fit([replace(row, features=0.0) for row in learned]), fit(learned)
    folders = [*sorted(path for path in find_data().iterdir() if path.is_dir()), *options.texts]
    documents = [document for folder in folders for document in read_all(to_sources(read_paths([folder]).documents))]
    tried = await ask_altered(judge, way, draw([document.text for document in documents], options.alterations))
    report_altered(way, tried, alone, both)


def main() -> None:
    """Ask, and print the tables."""
    parser = create_parser(__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pairs", type=int, default=400, help="of all sets together (default: %(default)s)")
    parser.add_argument("--alterations", type=int, default=0, help="altered sentences to be tried, too")
    parser.add_argument("--texts", type=Path, nargs="*", default=[], help="folders whose sentences are altered, too")
    parser.add_argument("--ways", nargs="+", choices=WAYS, default=WAYS, help="how it is asked (default: both)")
    asyncio.run(run(parser.parse_args()))


if __name__ == "__main__":
    main()
