"""Charts of what the benchmarks found, as SVG for the docs (bench.py draws them)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

_OURS, _OTHERS, _AIM = "#1f6f78", ("#b0b7bd", "#d9b26f"), "#b3413a"
_WIDTH = 7.0  # inches
_UNITS = {"svg.hashsalt": "concord", "svg.fonttype": "none"}  # the same figures give the same bytes


def draw(found: Mapping[str, Any], folder: Path) -> None:
    """A chart of each benchmark that was run and has one."""
    from matplotlib import rc_context

    charts = {"alterations": _alterations, "verification": _verification, "speed": _speed}
    with rc_context(_UNITS):
        for name in charts.keys() & found.keys():
            figure = charts[name](found[name])
            figure.savefig(folder / f"{name}.svg", metadata={"Date": None}, bbox_inches="tight")


def _alterations(uses: Mapping[str, Any]) -> Figure:
    """The share caught of each kind, by the gates of a summary and by `concord verify`, with the aim."""
    names = [use for use in uses if "people" not in use]
    kinds = [kind for kind in uses[names[0]] if uses[names[0]][kind]["number"]]
    figure = Figure(figsize=(_WIDTH, 0.34 * len(kinds) + 1))
    axes = figure.add_subplot()
    for row, use in enumerate(names):
        shares = [uses[use].get(kind, {}).get("share", 0.0) for kind in kinds]
        places = [place + 0.36 * row for place in range(len(kinds))]
        axes.barh(places, shares, 0.34, label=use, color=(_OURS, _OTHERS[0])[row % 2])
    aims = [(place, uses[names[0]][kind]["aim"]) for place, kind in enumerate(kinds) if uses[names[0]][kind]["aim"]]
    axes.vlines([aim for _, aim in aims], [p - 0.2 for p, _ in aims], [p + 0.56 for p, _ in aims], _AIM, label="aim")
    axes.set_yticks([place + 0.18 for place in range(len(kinds))], kinds)
    axes.invert_yaxis()
    axes.set_xlim(0.8, 1.0)
    axes.set_xlabel("share caught (of unaltered sentences: accepted); the axis begins at 0.8")
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=3, frameon=False, fontsize="small")
    return figure


def _verification(sets: Mapping[str, Any]) -> Figure:
    """Balanced accuracy on each labelled set, left out of the learning, beside plain token overlap."""
    figure = Figure(figsize=(_WIDTH, 3))
    axes = figure.add_subplot()
    for row, (column, label, colour) in enumerate(
        (("balanced", "Concord, no judge", _OURS), ("overlap", "token overlap", _OTHERS[0]))
    ):
        axes.bar(
            [p + 0.4 * row for p in range(len(sets))],
            [s[column] for s in sets.values()],
            0.38,
            label=label,
            color=colour,
        )
    axes.axhline(0.5, color="black", linewidth=0.8, linestyle=":")
    axes.set_xticks([place + 0.2 for place in range(len(sets))], list(sets), rotation=30, ha="right")
    axes.set_ylim(0.4, 0.9)
    axes.set_ylabel("balanced accuracy (chance: 0.5)")
    axes.legend(fontsize="small")
    return figure


def _speed(found: Mapping[str, Any]) -> Figure:
    """Milliseconds of one summary over the number of documents."""
    figure = Figure(figsize=(_WIDTH, 3))
    axes = figure.add_subplot()
    for (name, times), colour in zip(found["growth"].items(), (_OURS, *_OTHERS), strict=True):
        axes.plot([int(size) for size in times], list(times.values()), "o-", label=name, color=colour)
    axes.set_xscale("log", base=2)
    axes.set_yscale("log")
    axes.set_xlabel("documents of 600 words")
    axes.set_ylabel("milliseconds")
    axes.legend(fontsize="small")
    return figure
