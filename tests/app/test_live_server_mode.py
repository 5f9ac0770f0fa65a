"""Poses on the server, from the JPEGs of a page: a real clip, the real model."""

from __future__ import annotations

import gc
import io
import shutil
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from formcheck.app.live.protocol import Close
from formcheck.app.live.server_pose import LoadShedder, ServerPose
from formcheck.app.live.session_worker import in_space
from formcheck.engine.geometry import angle_deg
from formcheck.model.frames import Frame, Pose
from formcheck.pose.mediapipe_tasks import MediaPipeEstimator, PeopleFinder
from formcheck.spec.prescription import Prescription
from formcheck.video.files import read_frames
from tests.coaching import standing_still
from tests.live import LivePage, Server, live_threads, serving, until

if TYPE_CHECKING:
    from pathlib import Path

SIZE = (854, 480)


@pytest.fixture(scope="module")
def clip(root: Path) -> list[Frame]:
    """Return the first seconds of somebody who stands in front of the camera, then squats."""
    return list(read_frames(root / "sample_videos" / "squat_front_good.mp4", 0.0, 3.0))


def jpeg(rgb: np.ndarray, width: int = 480) -> bytes:
    picture = Image.fromarray(rgb)
    out = io.BytesIO()
    picture.resize((width, round(width * picture.height / picture.width))).save(out, "JPEG", quality=80)
    return out.getvalue()


def still_open() -> list[object]:
    """Return every landmarker of this process that is not closed."""
    gc.collect()
    kinds = (MediaPipeEstimator, PeopleFinder)
    return [item for item in gc.get_objects() if type(item) in kinds and item._landmarker is not None]


@pytest.fixture
def server(tmp_path: Path):
    before = len(still_open())
    with serving(tmp_path, max_drift_s=1e9, messages_per_s=1e9) as server:
        yield server
    assert not live_threads()
    assert len(still_open()) == before


def film(page: LivePage, frames: list[Frame]) -> list[dict]:
    """Send pictures one by one; return the answers."""
    return [page.answer(page.capture(frame.t_s, jpeg(frame.rgb))) for frame in frames]


def test_pictures_come_back_as_landmarks_and_lights(server: Server, clip: list[Frame]):
    page = server.page(server.token(), mode="server", size=SIZE)
    assert page.welcome["picture"] == {"width": 480, "quality": 0.7}
    answers = film(page, clip)
    seen = [answer["pts"] for answer in answers if answer["pts"]]
    assert len(seen) > 0.9 * len(clip)
    assert all(len(points) == 99 for points in seen)
    nose, ankle = seen[-1][:2], seen[-1][27 * 3 : 27 * 3 + 2]
    assert 400 < nose[0] < 600
    assert nose[1] < ankle[1] < 1000
    assert {light["key"]: light["state"] for light in page.hud["lights"]} == dict.fromkeys(
        ("whole_body", "distance", "camera", "view", "light", "alone", "frame_rate"), "ok"
    )
    page.vanish()
    until(lambda: not live_threads(), "the end of the run")


def test_broken_and_wrong_pictures_are_skipped(server: Server, clip: list[Frame]):
    page = server.page(server.token(), mode="server", size=SIZE)
    good = jpeg(clip[0].rgb)
    page.answer(page.capture(0.0, good))
    wide = np.zeros((100, 640, 3), np.uint8)
    for n, body in enumerate((b"", good[:200], b"\xff\xd8" + bytes(300), jpeg(wide), jpeg(clip[0].rgb, 1200)), start=1):
        assert page.answer(page.capture(n / 10, body))["skipped"]
    assert "skipped" not in page.answer(page.capture(1.0, good))


def test_the_newest_picture_wins(server: Server, clip: list[Frame]):
    """The first picture opens the model, and the others wait for it: all are answered, the last one with a pose."""
    page = server.page(server.token(), mode="server", size=SIZE)
    for frame in clip[:10]:
        newest = page.capture(frame.t_s, jpeg(frame.rgb))
    last = page.answer(newest)
    answered = [message for message in page.got if message["type"] == "frame"]
    assert {message["id"] for message in answered} == set(range(1, 11))
    assert "pts" in last
    assert any(message.get("skipped") for message in answered)


def test_a_run_may_change_to_the_browser_and_back(server: Server, clip: list[Frame]):
    token, before = server.token(), len(still_open())
    page = server.page(token, mode="server", size=SIZE)
    film(page, clip[:3])
    assert len(still_open()) > before
    page = server.page(token, mode="browser")
    page.answer(page.capture(0.0, bytes(396)))
    assert len(still_open()) == before
    page = server.page(token, mode="server", size=SIZE)
    assert film(page, clip[:3])[-1]["pts"]


def test_a_model_that_cannot_be_used_is_told_in_words(
    server: Server, clip: list[Frame], root: Path, tmp_path: Path, monkeypatch
):
    damaged = tmp_path / "models"
    shutil.copytree(root / "models", damaged)
    (damaged / "pose_landmarker_lite.task").write_bytes(b"too short")
    monkeypatch.setattr("formcheck.pose.models.models_dir", lambda: damaged)
    page = server.page(server.token(language="da"), mode="server", size=SIZE)
    page.capture(0.0, jpeg(clip[0].rgb))
    told = page.wait_for("event", name="error")
    assert told["code"] == "model_truncated"
    assert told["text"].startswith("Modelfilen")
    assert page.closed() == Close.FAILED


def test_a_slow_server_asks_for_less_and_says_so(tmp_path: Path, clip: list[Frame]):
    with serving(tmp_path, model="full", slow_s=0.0, max_drift_s=1e9, messages_per_s=1e9) as server:
        page = server.page(server.token(), mode="server", size=SIZE)
        assert page.welcome["in_flight"] == 2
        answers = film(page, clip[:60])
        assert [answer["in_flight"] for answer in answers if "in_flight" in answer] == [1]
        asked = [answer for answer in answers if "slow" in answer]
        assert [answer["picture"]["width"] for answer in asked] == [320, 320]
        assert "smaller pictures" in asked[0]["slow"]
        assert "smaller model" in asked[1]["slow"]


def test_a_pace_is_slow_only_when_it_lasts():
    pace = LoadShedder(0.1, lite_helps=True)
    assert [pace.took(0.5) for _ in range(5)] == [None] * 5, "opening the model"
    assert not any(pace.took(0.05) for _ in range(200))
    assert pace.took(0.5) is None
    assert [pace.took(0.2) for _ in range(10)][-1] == "fewer"
    pace.step_done()
    assert not any(pace.took(0.2) for _ in range(14))
    assert pace.took(0.2) == "smaller"
    pace.step_done()
    assert not any(pace.took(0.2) for _ in range(14))
    assert pace.took(0.2) == "lite"
    pace.step_done()
    assert not any(pace.took(9.0) for _ in range(50)), "there is nothing left to do"


def test_two_people_are_told_from_one(clip: list[Frame]):
    one = clip[0].rgb
    middle = one[:, 240:614]
    eyes = ServerPose("lite")
    try:
        assert eyes.people(one, 0.0) == 1
        two = np.hstack([middle, middle])
        assert eyes.people(two, 0.5) == 1, "counted about once a second"
        assert eyes.people(two, 1.1) == 2
        assert eyes.people(np.zeros_like(one), 2.5) == 0
    finally:
        eyes.close()
    eyes.close()


def test_a_set_is_one_space_whatever_the_pictures():
    pose = standing_still(0.1)[0]
    smaller = in_space(pose, (320, 240))
    assert smaller.size_px == (320, 240)
    assert np.allclose(smaller.image_px, pose.image_px / 2)
    upright = in_space(pose, (480, 640))
    for p in (smaller, upright):
        assert angle_deg(*p.image_px[[24, 26, 28]]) == pytest.approx(angle_deg(*pose.image_px[[24, 26, 28]]), abs=0.05)
    assert np.allclose(upright.image_px[0], pose.image_px[0] * 0.75 + [0, 140], atol=0.01)
    assert in_space(pose, pose.size_px) is pose
    assert not in_space(Pose.nobody(0.0, (640, 480)), (320, 240)).seen


def test_a_set_of_pictures_is_kept_with_its_model(tmp_path: Path, root: Path):
    clip = read_frames(root / "sample_videos" / "squat_front_good.mp4", 0.0, 16.0)
    with serving(tmp_path, max_drift_s=1e9, messages_per_s=1e9) as server:
        page = server.page(server.token(Prescription(exercise="squat", repetitions=2)), mode="server", size=SIZE)
        for frame in (frame for number, frame in enumerate(clip) if number % 3):  # some 17 a second are enough
            page.answer(page.capture(frame.t_s, jpeg(frame.rgb)))
            if page.hud["stage"] == "ready":
                page.press("start")
            if page.hud["stage"] == "done":
                break
        (kept,) = server.store.sets.of(1)
        assert (kept.pose_in, kept.state) == ("server", "finished")
        record = server.store.sets.corrected(kept.id).record
        assert record.source.pose_in == "server"
        assert record.software["model"] == "lite"
