"""Draw one plot per claim from the tables of RESULTS.md, so that plot and table always agree.

    python benchmarks/plots.py

Writes ``benchmarks/plots/*.svg``. The same tables give the same files. The ink is grey and there is no background, so that the
plots can be read on light and on dark pages. Matplotlib comes with MediaPipe.
"""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from typing import TYPE_CHECKING

from benchmarks.figures import wilson

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

HERE = Path(__file__).parent
RESULTS, PLOTS = HERE / "RESULTS.md", HERE / "plots"
INK, BLUE, ORANGE, GREEN, PINK = "#767676", "#0072B2", "#D55E00", "#009E73", "#CC79A7"  # Okabe and Ito
STYLE = {
    "svg.hashsalt": "formcheck",
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "font.size": 9,
    "savefig.transparent": True,
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "legend.frameon": False,
    "grid.color": INK,
    "grid.alpha": 0.25,
}
FALSE_ALARMS_GOAL, MISSES_GOAL = 2.0, 10.0  # percent
PUBLISHED_DEG, CLOUD_DEG = (7.0, 14.0), 4.8
"""Knee errors of single cameras as published, and of the best system that computes in a cloud (clinical-rules 3.1, 3.4)."""
NOW, BEFORE = "the last, from the side half the picture: the record", "extents, standing taken out in quadrature"
IN_THE_PICTURE = "angle in the picture"


def tables(text: str) -> list[tuple[str, list[str], list[list[str]]]]:
    """Return (heading, header, rows) of every table of a Markdown text; the heading is the last one above the table."""
    out, heading, block = [], "", []
    for line in [*text.splitlines(), ""]:
        if line.startswith("|"):
            block.append([cell.strip() for cell in line.strip("|").split("|")])
        elif block:
            out.append((heading, block[0], block[2:]))
            block = []
        if line.startswith("#"):
            heading = line.lstrip("# ")
    return out


def find(text: str, header: str, heading: str = "") -> list[list[str]]:
    """Return the rows of the first table whose header begins with these cells and whose heading contains ``heading``."""
    start = header.split("|")
    for title, cells, rows in tables(text):
        if cells[: len(start)] == start and heading in title:
            return rows
    raise SystemExit(f"RESULTS.md has no table that begins with {header!r} below {heading!r}")


def number(cell: str) -> float:
    """Return the first number of a cell."""
    return float(re.search(r"-?\d+(?:\.\d+)?", cell).group())


def hits(share: str, cases: str) -> int:
    """Return the number of cases behind a share like ``16.7 % (3–56)``."""
    return 0 if share == "-" else round(number(share) * number(cases) / 100)


def _share(axes: Axes, y: float, count: int, cases: int, colour: str) -> None:
    low, high = (100 * x for x in wilson(count, cases))
    axes.plot([low, high], [y, y], color=colour, alpha=0.5)
    axes.plot(100 * count / cases, y, "o", color=colour, markersize=5)


def _rows(axes: Axes, names: list[str]) -> None:
    axes.set_yticks(range(len(names)), names)
    axes.invert_yaxis()
    axes.grid(axis="x")


def counting(text: str, figure: Figure) -> None:
    """Draw the share of sets that are counted the same under each disturbance."""
    figure.set_size_inches(7, 3)
    axes, rows = figure.subplots(), find(text, "disturbance|sets|the same")
    for y, row in enumerate(rows):
        _share(axes, y, int(row[2]), int(row[1]), BLUE)
    _rows(axes, [row[0] for row in rows])
    axes.set_xlabel("sets with the same count, %, with its 95 % interval")
    axes.set_xlim(right=100.5)


def faults(text: str, figure: Figure) -> None:
    """Draw each rule's false alarms and misses, summed over the exercises that have the rule."""
    figure.set_size_inches(8, 8.5)
    known: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for row in find(text, "exercise|rule|good, judged"):
        for i, value in enumerate((hits(row[3], row[2]), int(row[2]), hits(row[5], row[4]), int(row[4]))):
            known[row[1]][i] += value
    names = sorted(known)
    sides = figure.subplots(1, 2, sharey=True)
    for axes, first, goal, what in zip(sides, (0, 2), (FALSE_ALARMS_GOAL, MISSES_GOAL), ("false alarms", "misses")):
        for y, name in enumerate(names):
            _share(axes, y, *known[name][first : first + 2], ORANGE if first == 0 else BLUE)
        axes.axvline(goal, color=GREEN, linestyle="--", linewidth=1)
        axes.set_xlabel(f"{what}, %, with its 95 % interval (dashed: goal)")
        axes.grid(axis="x")
    _rows(sides[0], names)


def knee(text: str, figure: Figure) -> None:
    """Draw the knee's error by azimuth: now, before, in the picture, and as published."""
    figure.set_size_inches(7, 4)
    axes = figure.subplots()
    rows = find(text, "azimuth|scenes|all frames", "proof set")
    azimuths = [number(row[0]) for row in rows]
    axes.plot(azimuths, [number(row[2]) for row in rows], "o-", color=BLUE, label="now, all frames")
    axes.plot(
        azimuths, [number(row[3]) for row in rows], "s--", color=BLUE, markersize=4, label="now, at the deepest point"
    )
    header = next(cells for title, cells, _ in tables(text) if cells[0] == "measured by" and "proof set" in title)
    by = {row[0]: row[1:] for row in find(text, "measured by", "proof set")}
    spans = [tuple(map(float, re.findall(r"\d+", cell))) for cell in header[1:]]
    for name, colour, label in ((BEFORE, ORANGE, "before"), (IN_THE_PICTURE, PINK, "angle in the picture")):
        for i, (span, cell) in enumerate(zip(spans, by[name], strict=True)):
            axes.plot(
                span, [number(cell)] * 2, color=colour, linewidth=2, label=f"{label}, all frames" if i == 0 else None
            )
    axes.axhspan(*PUBLISHED_DEG, color=INK, alpha=0.2, linewidth=0, label="published, one camera")
    axes.axhline(CLOUD_DEG, color=INK, linestyle=":", label="published, best with a cloud")
    axes.set(
        xlabel="camera's azimuth, degrees (0 in front, 90 at the side)",
        ylabel="mean absolute error, degrees",
        ylim=(0, 26),
    )
    axes.set_xticks(range(0, 136, 15))
    axes.legend(loc="upper right", fontsize=8)


def latency(text: str, figure: Figure) -> None:
    """Draw the age of the shown picture by kind of connection and number of people."""
    figure.set_size_inches(7, 3.2)
    axes, rows = figure.subplots(), find(text, "case|people|shown fps")
    for y, row in enumerate(rows):
        axes.plot(
            [number(row[3]), number(row[4])], [y, y], color=BLUE if row[0].startswith("socket") else ORANGE, alpha=0.5
        )
        axes.plot(number(row[3]), y, "o", color=BLUE if row[0].startswith("socket") else ORANGE)
    _rows(axes, [f"{row[0]}, {row[1]} {'person' if row[1] == '1' else 'people'}" for row in rows])
    axes.set_xscale("log")
    axes.set_xlabel("age of the picture, ms: median (dot) to p95 (end of the line)")


def speed(text: str, figure: Figure) -> None:
    """Draw the frames a second of each round."""
    figure.set_size_inches(7, 1.9)
    axes, rows = figure.subplots(), find(text, "|frames/s (best)|each round")
    for y, row in enumerate(rows):
        rounds = [float(x) for x in re.findall(r"\d+\.\d+", row[2])]
        axes.plot(rounds, [y] * len(rounds), "o", color=ORANGE if y == 0 else BLUE, alpha=0.8)
    _rows(axes, [row[0].replace("`", "") for row in rows])
    axes.set_xlim(left=0)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_xlabel("pictures a second, each round")


CLAIMS: dict[str, Callable] = {"counting": counting, "faults": faults, "knee": knee, "latency": latency, "speed": speed}
"""The file name of each plot and the function that draws it."""


def draw(text: str, folder: Path) -> list[Path]:
    """Draw every plot of these results into a folder and return the files."""
    import matplotlib

    matplotlib.use("svg")
    from matplotlib.figure import Figure

    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for name, claim in CLAIMS.items():
        with matplotlib.rc_context(STYLE):
            figure = Figure(layout="constrained")
            claim(text, figure)
            files.append(folder / f"{name}.svg")
            figure.savefig(files[-1], metadata={"Date": None, "Creator": None})
    return files


if __name__ == "__main__":
    for file in draw(RESULTS.read_text(encoding="utf-8"), PLOTS):
        print(file)
