"""Measure how soon a stored set can be reviewed: ``python benchmarks/review.py [--minutes 10]``. Needs Chromium.

A store of its own holds a set of synthetic poses. The real app serves the set and Chromium opens it, on the same machine. The first
time runs from the request of the page until the skeleton is drawn, the second from a seek until the new picture is drawn. A page
of the same app without a set is opened for comparison: the difference is the cost of the set.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from formcheck.analysis.run import run_set
from formcheck.app.player.motion import motion
from formcheck.exercises import load
from formcheck.model.records import Source
from formcheck.store.store import Store
from formcheck.synthetic import Recording, SquatRep, squat_set

ROOT = Path(__file__).resolve().parent.parent
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
)
FPS, REP_S = 30.0, 3.6
PORT = 8797
TIMEOUT_MS = 120_000


def kept_set(folder: Path, minutes: float) -> tuple[int, int, int]:
    """Store a set of ``minutes``; return its id, its number of pictures, and the bytes that the player fetches (gzip)."""
    reps = max(1, round(minutes * 60 / REP_S))
    poses = squat_set([SquatRep()] * reps, recording=Recording(fps=FPS, noise_px=1.0, seed=1)).poses
    width, height = poses[0].size_px
    source = Source(name="made", width=width, height=height, kind="landmarks", duration_s=poses[-1].t_s)
    done = run_set(poses, load("squat"), source)
    sent = gzip.compress(json.dumps(motion(done.record, done.trace, load("squat"), "en")).encode(), 5)
    with Store(folder=folder) as store:
        me = store.people.me()
        store.people.save_first_start(me.id, {"answers": {}, "skipped": True})
        session, setup = store.sessions.open(me.id, date.today()), {"view": "side", "index": 0}
        one = store.sets.start(session.id, "squat", {"exercise": "squat"}, "browser", setup)
        store.sets.finish(one.id, done.record, done.trace, "target")
    return one.id, len(poses), len(sent)


def opened_s(page: Page, url: str, shown: str) -> float:
    """Return the seconds from the request until the element ``shown`` is visible."""
    page.goto("about:blank")
    start_s = time.perf_counter()
    page.goto(url, wait_until="commit")
    page.locator(shown).wait_for(timeout=TIMEOUT_MS)
    return time.perf_counter() - start_s


SEEKS = """async (root) => {
    const player = root.formcheck, times = [];
    for (let i = 0; i < 60; i++) {
        const before = performance.now();
        player.seek(player.end_s * ((i * 37) % 60) / 60, true);
        await new Promise(requestAnimationFrame);
        times.push(performance.now() - before);
    }
    return times;
}"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        homes = dict.fromkeys(("HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"), home)
        sets = {minutes: kept_set(Path(home) / "formcheck", minutes) for minutes in (given.minutes / 10, given.minutes)}
        process = subprocess.Popen(
            [sys.executable, "-m", "formcheck", "app", "--no-browser", "--port", str(PORT)],
            cwd=home,
            env={**os.environ, **homes, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            text=True,
        )
        process.stdout.readline()
        try:
            report(sets, given.rounds)
        finally:
            process.terminate()
            process.wait(60)


def report(sets: dict[float, tuple[int, int, int]], rounds: int) -> None:
    """Measure and print the table."""
    url = f"http://127.0.0.1:{PORT}/?lang=en"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=list(FLAGS))
        page = browser.new_page(viewport={"width": 1280, "height": 1000})
        opened_s(page, url, "h1")  # the app loads what it needs
        bare_s = statistics.median(opened_s(page, url, "h1") for _ in range(rounds))
        print(f"The bare page: {bare_s:.2f} s (median of {rounds}).\n")
        print("| set | pictures | sent | a picture | first opened | opened again, median | one seek, median / p95 |")
        print("|---|---|---|---|---|---|---|")
        for minutes, (set_id, pictures, sent) in sets.items():
            address = f"{url}&set={set_id}"
            first_s, *again_s = [opened_s(page, address, '.set button[data-name="play"]') for _ in range(rounds + 1)]
            seeks_ms = sorted(page.locator(".set").evaluate(SEEKS))
            cells = (
                f"{minutes:g} min",
                f"{pictures}",
                f"{sent / 1e6:.2f} MB",
                f"{sent / pictures:.0f} bytes",
                f"{first_s:.2f} s",
                f"{statistics.median(again_s):.2f} s",
                f"{statistics.median(seeks_ms):.0f} / {seeks_ms[int(0.95 * len(seeks_ms))]:.0f} ms",
            )
            print(f"| {' | '.join(cells)} |")
        browser.close()


if __name__ == "__main__":
    main()
