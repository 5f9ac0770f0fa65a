r"""Measure the delay of the live page, from the picture to the lines drawn over it, beside streamlit-webrtc in the same run.

    python benchmarks/live.py [--quick] [--webrtc PYTHON] [--long MINUTES] [--only latency|slow|long|capacity]

Chromium plays a clip as its camera; each picture of the clip carries a counter. Our page reports the age of a picture when its
lines are drawn. For streamlit-webrtc the counter is read back from the shown picture and compared with the time at which the
camera gave it. Neither figure includes the camera or the screen. Each person has a browser, which runs on this machine too and
takes its share of the processor.

streamlit-webrtc is no dependency of the project, so it gets an environment of its own:
    python3 -m venv ENV
    ENV/bin/pip install --no-deps streamlit-webrtc aiortc aioice pyee pylibsrtp google-crc32c pyopenssl dnspython ifaddr \
        cryptography cffi pycparser
    python benchmarks/live.py --webrtc ENV
"""

from __future__ import annotations

import argparse
import contextlib
import math
import os
import shutil
import site
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.live_pages import capacity, clip  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
    "--disable-background-timer-throttling",
    "--disable-renderer-backgrounding",
    "--disable-backgrounding-occluded-windows",
)
NAMES = {"server": "socket, pose on the server", "browser": "socket, pose in the browser", "webrtc": "streamlit-webrtc"}
HEAD = "shown fps | median ms | p95 ms | server CPU %"
GOAL_ONE, GOAL_TWO = 1 / 3, 1 / 4
START_MS = 240_000  # default: four browsers on two cores start slowly

READ_BACK = (ROOT / "benchmarks" / "live_pages" / "read_back.js").read_text(encoding="utf-8")


@dataclass(slots=True, frozen=True)
class Row:
    """The result of one case: age of the picture (ms), pictures a second for each person, the server's share of one core (%)."""

    median_ms: float
    p95_ms: float
    fps: float
    cpu: float

    def cells(self) -> str:
        return f"{self.fps:.1f} | {self.median_ms:.0f} | {self.p95_ms:.0f} | {self.cpu:.0f}"


def main() -> int:
    """Measure and print the tables in Markdown; return 0 when every goal is met, else 1."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="8 s a case, one and two people")
    parser.add_argument("--webrtc", type=Path, help="the environment that has streamlit-webrtc")
    parser.add_argument("--long", type=float, default=10, help="minutes of the long case")
    parser.add_argument("--only", choices=("latency", "slow", "long", "capacity"))
    args = parser.parse_args()
    wanted = (args.only,) if args.only else ("latency", "slow", "long", "capacity")
    met = []
    with tempfile.TemporaryDirectory(prefix="formcheck-benchmark-") as folder:
        film = clip.counted_clip(Path(folder) / "camera.mjpeg")
        kinds = ["server", "browser", *(["webrtc"] if args.webrtc else [])]
        if "latency" in wanted:
            met.append(latency(film, kinds, args))
        if "slow" in wanted:
            slow(film, [kind for kind in kinds if kind != "browser"], args)
        if "long" in wanted:
            long_run(film, [kind for kind in kinds if kind != "browser"], args)
    if "capacity" in wanted:
        met.append(capacity.measure(people=(10, 20, 40) if args.quick else (10, 20, 40, 60)))
    return 0 if all(met) else 1


def latency(film: Path, kinds: list[str], args: argparse.Namespace) -> bool:
    """Print the table of 1, 2 and 4 people; return whether the goals against streamlit-webrtc are met."""
    print(f"| case | people | {HEAD} |\n|---|---|---|---|---|---|")
    seconds, rows = (8 if args.quick else 20), {}
    for people in (1, 2) if args.quick else (1, 2, 4):
        for kind in kinds:  # kinds alternate, so that a slow moment of the machine hits all of them
            with served(kind, args.webrtc) as server:
                rows[kind, people] = watch(server, kind, film, people, seconds)[0]
            print(f"| {NAMES[kind]} | {people} | {rows[kind, people].cells()} |", flush=True)
    if "webrtc" not in kinds:
        return True
    one, two = (rows["server", n].median_ms / rows["webrtc", n].median_ms for n in (1, 2))
    below = rows["server", 1].p95_ms < rows["webrtc", 1].median_ms
    goals = f"{one:.2f} with one person (goal {GOAL_ONE:.2f}), {two:.2f} with two (goal {GOAL_TWO:.2f})"
    print(f"\nMedian against streamlit-webrtc: {goals};")
    print(f"p95 below its median with one person: {'yes' if below else 'no'}.\n")
    return one <= GOAL_ONE and two <= GOAL_TWO and below


def slow(film: Path, kinds: list[str], args: argparse.Namespace) -> None:
    """Print the delays when every pose takes 200 ms more."""
    print(
        f"\nEvery pose takes 200 ms more:\n\n| case | {HEAD} | first half, last half: median ms |\n|---|---|---|---|---|---|"
    )
    for kind in kinds:
        with served(kind, args.webrtc, slow_ms=200) as server:
            row, ages = watch(server, kind, film, 1, 10 if args.quick else 30)
        half = len(ages) // 2
        print(
            f"| {NAMES[kind]} | {row.cells()} | {statistics.median(ages[:half]):.0f}, {statistics.median(ages[half:]):.0f} |",
            flush=True,
        )


def long_run(film: Path, kinds: list[str], args: argparse.Namespace) -> None:
    """Print whether the delay grows over minutes."""
    print(
        f"\n{args.long:g} minutes, one person:\n\n| case | {HEAD} | first tenth, last tenth: median ms |\n|---|---|---|---|---|---|"
    )
    for kind in kinds:
        with served(kind, args.webrtc) as server:
            row, ages = watch(server, kind, film, 1, args.long * 60)
        tenth = len(ages) // 10
        print(
            f"| {NAMES[kind]} | {row.cells()} | {statistics.median(ages[:tenth]):.0f}, {statistics.median(ages[-tenth:]):.0f} |",
            flush=True,
        )


@dataclass(slots=True, frozen=True)
class Server:
    """A running page: its address and its process."""

    url: str
    pid: int

    def cpu_s(self) -> float:
        """Return the CPU time of the process so far."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextlib.contextmanager
def served(kind: str, webrtc: Path | None, slow_ms: float = 0) -> Iterator[Server]:
    """Serve one page in a process of its own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    more = [next((webrtc / "lib").glob("python*/site-packages"))] if kind == "webrtc" else []
    path = os.pathsep.join(map(str, [ROOT, *site.getsitepackages(), *more]))
    page = "webrtc" if kind == "webrtc" else "ours"
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.live_pages.serve", page, str(port)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": path, "SLOW_MS": str(slow_ms)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(300):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.1)
        yield Server(f"http://127.0.0.1:{port}", process.pid)
    finally:
        process.terminate()
        process.wait(30)


def watch(server: Server, kind: str, film: Path, people: int, seconds: float) -> tuple[Row, list[float]]:
    """Open a browser for each of ``people`` people and wait ``seconds``; return the row and every picture's age (ms)."""
    program = shutil.which("chromium") or "/usr/bin/chromium"
    with sync_playwright() as playwright, contextlib.ExitStack() as open_now:
        pages = []
        for _ in range(people):
            browser = playwright.chromium.launch(
                executable_path=program, args=[*FLAGS, f"--use-file-for-fake-video-capture={film}"]
            )
            open_now.callback(browser.close)
            page = browser.new_page(viewport={"width": 1280, "height": 720})
            pages.append(page)
        found = [begin(page, server, kind) for page in pages]
        time.sleep(6)  # default: the models load and the connection settles
        before = [one() for one in found]
        began_s, cpu_s = time.monotonic(), server.cpu_s()
        time.sleep(seconds)
        took_s, cpu_s = time.monotonic() - began_s, server.cpu_s() - cpu_s
        after = [one() for one in found]
    ages = [age for (_, old), (_, new) in zip(before, after) for age in new[len(old) :]]
    drawn = sum(new - old for (old, _), (new, _) in zip(before, after))
    if not ages:  # nothing was shown at all
        return Row(math.inf, math.inf, 0.0, 100 * cpu_s / took_s), [math.inf]
    p95 = statistics.quantiles(ages, n=20)[-1]
    return Row(statistics.median(ages), p95, drawn / took_s / people, 100 * cpu_s / took_s), ages


def begin(page: Page, server: Server, kind: str) -> Callable[[], tuple[int, list[float]]]:
    """Start a person's session; return a function that reads the number of pictures drawn and their ages (ms)."""
    page.goto(f"{server.url}/?mode={kind}")
    if kind != "webrtc":
        page.locator(".live .panel button.main").click(timeout=START_MS)
        page.wait_for_function(
            "() => [...document.querySelectorAll('*')].some(e => e.shadowRoot?.querySelector('.live')?.formcheck.drawn)",
            timeout=START_MS,
        )
        return lambda: tuple(page.locator(".live").evaluate("e => [e.formcheck.drawn, [...e.formcheck.ages_ms]]"))
    page.frame_locator("iframe").get_by_role("button", name="START").click(timeout=START_MS)
    for _ in range(600):  # with several people the frame appears late
        frame = next((one for one in page.frames if "streamlit_webrtc" in one.url), None)
        if frame is not None and frame.evaluate(READ_BACK, clip.BITS):
            return lambda: tuple(frame.evaluate("() => [window.measured.drawn, [...window.measured.ages_ms]]"))
        page.wait_for_timeout(250)  # during time.sleep Playwright would not notice a new frame
    return lambda: (0, [])


if __name__ == "__main__":
    sys.exit(main())
