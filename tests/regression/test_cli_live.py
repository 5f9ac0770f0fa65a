"""``formcheck live`` in a real window on a screen of its own: what is counted and kept, and what is said where it cannot run."""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from formcheck.store.store import Store
from tests.browser.films import film
from tests.cli_runs import environment, one_sentence, run_program

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def display() -> Iterator[str]:
    """A screen that nobody looks at."""
    xvfb = shutil.which("Xvfb")
    assert xvfb, "Xvfb is missing. This installs it: apt-get install -y xvfb"
    taken = (Path(f"/tmp/.X11-unix/X{n}") for n in itertools.count(90))
    place = next(path for path in taken if not path.exists())
    name = f":{place.name[1:]}"
    server = subprocess.Popen([xvfb, name, "-screen", "0", "1280x800x24"], stderr=subprocess.DEVNULL)
    for _ in range(100):
        if place.exists():
            break
        time.sleep(0.1)
    yield name
    server.terminate()
    server.wait(10)


def test_a_film_is_coached_in_a_window_and_kept(display: str, tmp_path: Path):
    asked = 2
    source = film("squat_front_good", tmp_path, before_s=15, after_s=1)
    home = {"DISPLAY": display, "XDG_DATA_HOME": str(tmp_path / "home"), "LC_ALL": "C.UTF-8"}
    done = run_program(
        "live", "--exercise", "squat", "--amount", asked, "--camera", source, env={**environment(), **home}
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert f"{asked} squats" in done.stdout
    with Store(folder=tmp_path / "home" / "formcheck") as store:
        (session,) = store.sessions.of(store.people.me().id)
        (kept,) = store.sets.of(session.id)
        assert (kept.state, kept.why_ended, kept.rep_count) == ("finished", "target", asked)
        assert store.sets.trace(kept.id) is not None


@pytest.mark.parametrize("screen", [None, ":nowhere"])
def test_without_a_screen_it_says_so(screen: str | None, tmp_path: Path):
    env = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    env |= {"XDG_DATA_HOME": str(tmp_path)} | ({"DISPLAY": screen} if screen else {})
    done = run_program("live", "--exercise", "squat", env={**environment(), **env} if screen else env)
    assert done.returncode == 6
    assert "No window can be opened here" in one_sentence(done.stderr)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("camera", "code", "words"), [("97", 3, "Camera 97 gives no picture"), ("no-such.mp4", 3, "no file")]
)
def test_a_camera_that_is_not_there_is_told_before_anything_is_kept(display, tmp_path, camera, code, words):
    env = {**environment(), "DISPLAY": display, "XDG_DATA_HOME": str(tmp_path)}
    done = run_program("live", "--exercise", "squat", "--camera", camera, env=env)
    assert done.returncode == code
    assert words in one_sentence(done.stderr)
    assert not list(tmp_path.iterdir())
