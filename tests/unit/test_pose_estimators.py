"""Poses from pictures with the real MediaPipe, and from traces without any picture."""

import subprocess
import sys
from itertools import islice

import av
import numpy as np
import pytest

from formcheck.errors import EstimatorError
from formcheck.files.resources import samples_dir
from formcheck.model.frames import Frame, Trace
from formcheck.model.skeleton import INDEX
from formcheck.pose.mediapipe_tasks import MediaPipeEstimator
from formcheck.pose.replay import ReplayEstimator
from formcheck.video.files import read_frames
from tests import media

CLIP = samples_dir() / "squat_side_good.mp4"


@pytest.fixture(scope="module")
def person():
    """The first pictures of a standing person, seen from the side."""
    return [frame.rgb for frame in islice(read_frames(CLIP), 6)]


def poses_of(frames, model="lite"):
    with MediaPipeEstimator(model) as estimator:
        return [estimator.estimate(frame) for frame in frames]


def upright(pose):
    """True when head, hip and ankle stand one above the other."""
    heights = [pose.image_px[INDEX[name], 1] for name in ("nose", "left_hip", "left_knee", "left_ankle")]
    return bool(pose.seen and heights == sorted(heights))


@pytest.mark.parametrize("model", ["lite", "full"])
def test_a_person_is_seen_in_pixels(person, model):
    pose = poses_of([Frame(i / 25, rgb) for i, rgb in enumerate(person)], model)[-1]
    assert upright(pose)
    assert pose.size_px == (854, 480)
    assert pose.t_s == 5 / 25
    for array, shape in ((pose.image_px, (33, 2)), (pose.world_m, (33, 3)), (pose.visibility, (33,))):
        assert array.shape == shape
        assert array.dtype == np.float32
        assert np.isfinite(array).all()
    assert 300 < pose.image_px[INDEX["left_hip"], 0] < 550


def test_without_smoothing_each_picture_is_looked_at_by_itself(person):
    """The same picture gives the same landmarks whatever came before; with MediaPipe's smoothing it does not."""
    shifted = np.roll(person[0], 40, axis=1)
    frames = [Frame(i / 25, rgb) for i, rgb in enumerate((person[0], shifted, person[0]))]
    with MediaPipeEstimator("lite", smoothing=False) as estimator:
        first, moved, again = (estimator.estimate(frame) for frame in frames)
    assert np.array_equal(first.image_px, again.image_px)
    assert moved.image_px[INDEX["left_hip"], 0] - first.image_px[INDEX["left_hip"], 0] == pytest.approx(40, abs=6)
    tracked = poses_of(frames)
    assert not np.array_equal(tracked[0].image_px, tracked[2].image_px)


@pytest.mark.parametrize("width", [854, 853, 202])
def test_a_person_is_seen_at_widths_whose_rows_have_gaps(tmp_path, width):
    frames = []
    with av.open(str(CLIP)) as clip:
        for picture in islice(clip.decode(video=0), 6):
            frames.append(
                Frame(picture.time, picture.to_ndarray(format="rgb24", width=width, height=width * 480 // 854))
            )
            assert not frames[-1].rgb.flags.c_contiguous
    direct = poses_of(frames)[-1]
    assert upright(direct)
    gapless = poses_of([Frame(frame.t_s, frame.rgb.copy(order="C")) for frame in frames])[-1]
    assert (direct.image_px == gapless.image_px).all()
    path = media.write_video(tmp_path / "a.mp4", [frame.rgb for frame in frames], pix_fmt="yuv444p")
    from_file = poses_of(read_frames(path))[-1]
    assert upright(from_file)
    assert from_file.size_px[0] == width


@pytest.mark.parametrize("rotation_deg", [90, 180, 270])
def test_a_person_filmed_with_a_turned_phone_is_seen_upright(tmp_path, person, rotation_deg):
    turned = [np.ascontiguousarray(np.rot90(rgb, rotation_deg // 90)) for rgb in person]
    path = media.write_video(tmp_path / "a.mp4", turned, rotation_deg=rotation_deg)
    pose = poses_of(read_frames(path))[-1]
    assert upright(pose)
    assert pose.size_px == (854, 480)


def test_times_closer_than_a_millisecond_are_taken(person):
    poses = poses_of([Frame(i / 2400, person[0]) for i in range(12)])
    assert all(upright(pose) for pose in poses[2:])


@pytest.mark.parametrize("size", [(16, 16), (33, 17), (64, 480)])
def test_nobody_is_nan_and_invisible(size):
    pose = poses_of([Frame(0.0, media.pictures(1, *size)[0])])[0]
    assert not pose.seen
    assert np.isnan(pose.image_px).all()
    assert np.isnan(pose.world_m).all()
    assert (pose.visibility == 0).all()
    assert pose.size_px == size


def test_a_time_that_does_not_rise_is_an_error(person):
    with MediaPipeEstimator("lite") as estimator:
        estimator.estimate(Frame(1.0, person[0]))
        with pytest.raises(EstimatorError, match="came after") as error:
            estimator.estimate(Frame(1.0, person[1]))
    assert error.value.code == "estimator_time"


def test_a_closed_estimator_says_so(person):
    estimator = MediaPipeEstimator("lite")
    estimator.close()
    estimator.close()
    with pytest.raises(EstimatorError) as error:
        estimator.estimate(Frame(0.0, person[0]))
    assert error.value.code == "estimator_closed"


def test_two_at_once_do_not_mix(person):
    alone = poses_of([Frame(i / 25, rgb) for i, rgb in enumerate(person)])
    with MediaPipeEstimator("lite") as one, MediaPipeEstimator("lite") as other:
        together = []
        for i, rgb in enumerate(person):
            together.append(one.estimate(Frame(i / 25, rgb)))
            other.estimate(Frame(i / 25, np.ascontiguousarray(rgb[:, ::-1])))
    assert all((a.image_px == b.image_px).all() for a, b in zip(alone, together, strict=True))


def test_a_trace_gives_its_poses_back(person):
    frames = [Frame(i / 25, rgb) for i, rgb in enumerate(person)]
    poses = poses_of(frames)
    stacked = {
        name: np.stack([getattr(pose, name) for pose in poses]) for name in ("image_px", "world_m", "visibility")
    }
    trace = Trace(t_s=np.array([pose.t_s for pose in poses]), size_px=(854, 480), **stacked)
    with ReplayEstimator(trace) as replay:
        for frame, pose in zip(frames, poses, strict=True):
            again = replay.estimate(frame)
            assert again.t_s == pose.t_s
            assert again.size_px == pose.size_px
            assert all((getattr(again, name) == getattr(pose, name)).all() for name in stacked)
        with pytest.raises(EstimatorError) as error:
            replay.estimate(Frame(0.06, person[0]))
    assert error.value.code == "replay_no_frame"


RUN = """
import sys
from itertools import islice
from formcheck.errors import FormcheckError
from formcheck.pose.mediapipe_tasks import MediaPipeEstimator
from formcheck.video.files import read_frames
try:
    with MediaPipeEstimator("lite") as estimator:
        for frame in islice(read_frames(sys.argv[1]), 4):
            estimator.estimate(frame)
            print("a word of our own", file=sys.stderr)
    print("seen")
except FormcheckError as error:
    print(type(error).__name__, error.code)
    print(error)
"""


def run(before=""):
    return subprocess.run([sys.executable, "-c", before + RUN, str(CLIP)], capture_output=True, text=True, check=True)


def test_native_chatter_stays_off_the_terminal():
    done = run()
    assert done.stdout == "seen\n"
    assert done.stderr == "a word of our own\n" * 4


def test_without_a_standard_error_it_works_too():
    done = run("import os, sys\nos.close(2)\nsys.stderr = None\n")
    assert done.stdout.endswith("seen\n")


HIDE = """
import importlib.abc, sys
class Hide(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name == {module!r}:
            raise {error}
sys.meta_path.insert(0, Hide())
"""
COMMAND = "sudo apt-get install -y libgl1 libglib2.0-0 libegl1 libgles2"
NO_LIBGL = "ImportError('libGL.so.1: cannot open shared object file: No such file or directory')"
NO_LIBEGL = "OSError('libEGL.so.1: cannot open shared object file: No such file or directory')"


@pytest.mark.parametrize(
    ("before", "kind"),
    {
        "OpenCV finds no libGL": (HIDE.format(module="cv2", error=NO_LIBGL), "EstimatorError"),
        "MediaPipe finds no libEGL": (
            f"import ctypes\ndef no_library(*args, **more):\n    raise {NO_LIBEGL}\nctypes.CDLL = no_library\n",
            "EstimatorError",
        ),
        "PyAV does not load": (HIDE.format(module="av", error=NO_LIBGL), "SourceError"),
    }.values(),
    ids=["cv2", "mediapipe", "av"],
)
def test_a_missing_system_library_is_answered_with_the_command(before, kind):
    said = run(before).stdout
    assert said.splitlines()[0] == f"{kind} system_library"
    assert said.strip().endswith(COMMAND)
    assert "cannot open shared object file" in said


def test_a_missing_package_is_answered_with_pip():
    said = run(HIDE.format(module="mediapipe", error="ModuleNotFoundError('No module', name='mediapipe')")).stdout
    assert said.splitlines()[0] == "EstimatorError package_missing"
    assert "pip install" in said
