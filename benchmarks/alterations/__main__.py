"""What is caught of supported sentences altered by rule: `python -m benchmarks.alterations [FOLDER] [--seeds FOLDER]`

Takes sentences of data/, of the seeds (a folder of reports of one event) and of FOLDER (`*.jsonl` that people
labelled; rows: evidence, sentence, label), word for word, lightly cut, and as people wrote them where they found
them supported. Those that are accepted as they stand are altered in one thing each, by the rules of
this folder; what may stay true by the words of the documents is not made. Two uses are measured, the
second also on what people wrote:

the gates of a summary   service/core/verification.py with a quorum of one, the sentence citing where it stands.
                         What people wrote cites nothing, and is not measured here
concord verify           service/core/checking.py on all documents of the event. What somebody said may be told as
                         fact there if that is noted, and counts as caught if it is

Printed of each kind: the aim, how many, the share caught, its 95 % interval (Wilson), and which gates caught it
first; of unaltered sentences the share accepted. `*` marks a share under its aim.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import sqrt
from pathlib import Path
from time import perf_counter
from typing import Any

from benchmarks.alterations.honest import read_sets
from benchmarks.alterations.kinds import ACCEPTED, KINDS
from benchmarks.alterations.trying import Found, measure, share_failed
from benchmarks.command import create_parser, keep, offer_json

_SENTENCES = 100  # of each set
_NORMAL_95 = 1.96


def interval(count: int, total: int) -> tuple[float, float]:
    """Between what a share lies with 95 % confidence (Wilson)."""
    if not total:
        return 0.0, 1.0
    share, z2 = count / total, _NORMAL_95**2
    middle = (share + z2 / (2 * total)) / (1 + z2 / total)
    half = _NORMAL_95 * sqrt(share * (1 - share) / total + z2 / (4 * total**2)) / (1 + z2 / total)
    return max(0.0, middle - half), min(1.0, middle + half)


def figures(found: Found) -> dict[str, dict[str, Any]]:
    """Of each kind and form: the aim, how many were tried, and the share that was caught, or accepted."""
    aims = {kind: KINDS[kind].aim for kind in found.caught} | {form: ACCEPTED[form] for form in found.accepted}
    shares = {kind: share_failed(tried) for kind, tried in found.caught.items()}
    shares |= {form: 1 - share_failed(tried) for form, tried in found.accepted.items()}
    numbers = {name: len(tried) for name, tried in (found.caught | found.accepted).items()}
    return {name: {"aim": aims[name], "number": numbers[name], "share": shares[name]} for name in numbers}


def _print_use(use: str, found: Found) -> None:
    print(f"\n{use:<31}{'aim':>4}  number  caught  95 %          caught first by")
    for kind, tried in found.caught.items():
        _print_row(kind, KINDS[kind].aim, [t.gate for t in tried], caught=True)
    print("unaltered                                  accepted               failed by")
    for form, tried in found.accepted.items():
        _print_row(form, ACCEPTED[form], [t.gate for t in tried], caught=False)


def _print_row(name: str, aim: float | None, gates: Sequence[str | None], *, caught: bool) -> None:
    """A line on the texts of one kind or form, each given as the first gate that failed it, if one did."""
    total, failed = len(gates), Counter(gate for gate in gates if gate)
    if not total:
        return
    count = failed.total() if caught else total - failed.total()
    low, high = interval(count, total)
    under = "*" if aim is not None and count / total < aim else " "
    first = ", ".join(f"{gate} {number / total:.2f}" for gate, number in failed.most_common(4))
    aimed = f"{aim:.2f}" if aim is not None else "-"
    print(f"{name:<31}{aimed:>4}{total:>8}  {count / total:.3f}{under} {low:.3f}-{high:.3f}   {first}")


def _show(kind: str, most: int, found: dict[str, Found]) -> None:
    """Print altered sentences of a kind that were accepted, or unaltered ones that were not."""
    for use, of_use in found.items():
        print(f"\n{kind}, {use}:")
        slipped = [t for t in of_use.caught.get(kind, []) if t.gate is None]
        for tried in (slipped or [t for t in of_use.accepted.get(kind, []) if t.gate])[:most]:
            print(
                f"- {tried.text}\n    of {tried.cited or tried.honest}" + (f" [{tried.gate}]" if tried.gate else "")
            )


def main() -> None:
    parser = create_parser(__doc__)
    parser.add_argument("folder", nargs="?", type=Path, help="a folder of *.jsonl that people labelled")
    parser.add_argument("--seeds", type=Path, help="a folder of reports of one event")
    parser.add_argument("--limit", type=int, default=_SENTENCES, help="at most so many sentences of each set")
    parser.add_argument("--show", nargs=2, metavar=("KIND", "N"), help="print so many of a kind that were missed")
    offer_json(parser)
    given = parser.parse_args()
    before = perf_counter()
    found = measure(read_sets(given.folder, given.seeds, given.limit))
    for use, of_use in found.items():
        _print_use(use, of_use)
    total = sum(len(tried) for of_use in found.values() for tried in of_use.caught.values())
    print(f"\n{total} alterations tried in {perf_counter() - before:.0f} s")
    keep(given.json, {use: figures(of_use) for use, of_use in found.items()})
    if given.show:
        _show(given.show[0], int(given.show[1]), found)


if __name__ == "__main__":
    main()
