"""Measure how many people one server process answers in time: synthetic people, poses from the browser, 15 a second each."""

from __future__ import annotations

import asyncio
import contextlib
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from websockets.asyncio.client import connect

if TYPE_CHECKING:
    from collections.abc import Iterator

FPS, SECONDS, GOAL_PEOPLE, GOAL_MS = 15, 20, 40, 100.0


def measure(people: tuple[int, ...]) -> bool:
    """Print the table; return whether the goal is met (40 people under 100 ms at p95)."""
    print(f"\nPeople at {FPS} pictures a second, poses found in their browsers; the made people share the machine:\n")
    print("| server processes | people | replies/s | median ms | p95 ms |\n|---|---|---|---|---|")
    met = False
    for processes in (1, 2):
        for n in people:
            with contextlib.ExitStack() as stack:
                shares = [n // processes + (i < n % processes) for i in range(processes)]
                places = [place for share in shares for place in stack.enter_context(serving(share))]
                replies = asyncio.run(_everybody(places))
            p95 = statistics.quantiles(replies, n=20)[-1]
            print(
                f"| {processes} | {n} | {len(replies) / SECONDS:.0f} | {statistics.median(replies):.0f} | {p95:.0f} |",
                flush=True,
            )
            met |= n >= GOAL_PEOPLE and p95 < GOAL_MS
    print(f"\nGoal, {GOAL_PEOPLE} people under {GOAL_MS:g} ms at p95: {'met' if met else 'not met'}.")
    return met


@contextlib.contextmanager
def serving(people: int) -> Iterator[list[tuple[int, str]]]:
    """Serve the socket in a process of its own; yield (port, token) for each person."""
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.live_pages.capacity", str(people)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    try:
        port, *tokens = process.stdout.readline().split()
        yield [(int(port), token) for token in tokens]
    finally:
        process.stdin.close()
        process.wait(60)


async def _everybody(places: list[tuple[int, str]]) -> list[float]:
    from formcheck.app.live.protocol import pack_landmarks
    from formcheck.synthetic import Camera, SquatRep, squat_set

    camera = Camera(azimuth_deg=0.0, height_m=0.6, distance_m=3.0, look_at_m=0.9)
    poses = squat_set([SquatRep() for _ in range(5)], camera=camera).poses[:: 30 // FPS]
    bodies = [pack_landmarks(pose) for pose in poses]
    everybody = await asyncio.gather(*(_person(i, port, token, bodies) for i, (port, token) in enumerate(places)))
    return [reply_ms for one in everybody for reply_ms in one]


async def _person(number: int, port: int, token: str, bodies: list[bytes]) -> list[float]:
    """Train for ``SECONDS``; return the delay of each answer (ms), once all people have connected."""
    from formcheck.app.live.protocol import pack

    await asyncio.sleep(0.1 * number)  # no two people press Begin at the same instant
    replies, sent = [], {}
    async with connect(
        f"ws://127.0.0.1:{port}/live/socket", origin=f"http://127.0.0.1:{port}", compression=None
    ) as page:
        hello = {
            "type": "hello",
            "token": token,
            "client": str(number),
            "mode": "browser",
            "clock_ms": 0,
            "width": 640,
            "height": 480,
        }
        await page.send(json.dumps(hello))
        began_s = time.monotonic()
        counts_from_s = began_s + 5 - 0.1 * number + 5
        ends_s = counts_from_s + SECONDS

        async def listen() -> None:
            async for text in page:
                message = json.loads(text)
                if (
                    message["type"] == "frame"
                    and (at_s := sent.pop(message["id"], None))
                    and counts_from_s <= at_s < ends_s
                ):
                    replies.append(1000 * (time.monotonic() - at_s))

        listening = asyncio.create_task(listen())
        n = 0
        while (now_s := time.monotonic()) < ends_s:
            n += 1
            sent[n] = now_s
            await page.send(pack(n, 1000 * (now_s - began_s), bodies[n % len(bodies)]))
            await asyncio.sleep(max(0.0, began_s + n / FPS - time.monotonic()))
        await asyncio.sleep(1)
        listening.cancel()
    return replies


def _serve(people: int) -> None:
    """Serve ``people`` people until stdin is closed."""
    from tests.live import serving as live_server

    with (
        tempfile.TemporaryDirectory() as folder,
        live_server(Path(folder), sockets=200, sockets_per_user=200) as server,
    ):
        from formcheck.spec.prescription import Prescription

        tokens = [server.token(Prescription(exercise="squat", repetitions=200)) for _ in range(people)]
        print(server.port, *tokens, flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    _serve(int(sys.argv[1]))
