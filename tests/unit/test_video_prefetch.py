"""Decoding ahead: the same pictures, no more of them in memory than promised, and no thread or file left behind."""

from __future__ import annotations

import threading
import time
from contextlib import closing
from typing import TYPE_CHECKING

import numpy as np
import pytest

from formcheck import exercises
from formcheck.analysis.run import analyze_video, run_set
from formcheck.errors import SourceError
from formcheck.files.resources import samples_dir
from formcheck.model.frames import Frame
from formcheck.pose.mediapipe_tasks import MediaPipeEstimator
from formcheck.video.files import read_frames
from formcheck.video.prefetch import FRAMES_AHEAD, read_ahead
from tests import media

if TYPE_CHECKING:
    from collections.abc import Generator

SAMPLE = samples_dir() / "squat_side_good.mp4"


class Source:
    """Pictures that know how many were made, in which threads, and whether they were closed."""

    def __init__(self, count: int, fails_at: int | None = None) -> None:
        self.made, self.threads, self.closed = 0, set(), False
        self.frames = self._frames(count, fails_at)

    def _frames(self, count: int, fails_at: int | None) -> Generator[Frame]:
        try:
            for i in range(count):
                self.threads.add(threading.current_thread().name)
                if i == fails_at:
                    raise SourceError("It broke.")
                self.made += 1
                yield Frame(float(i), np.full((2, 2, 3), i, np.uint8))
        finally:
            self.closed = True


@pytest.fixture(autouse=True)
def _no_thread_is_left():
    before = set(threading.enumerate())
    yield
    assert set(threading.enumerate()) <= before


@pytest.mark.parametrize("count", [0, 1, FRAMES_AHEAD, 9])
def test_the_same_pictures_come_in_the_same_order(count):
    source = Source(count)
    assert [frame.t_s for frame in read_ahead(source.frames)] == [float(i) for i in range(count)]
    assert source.closed


def test_they_are_read_in_one_other_thread():
    source = Source(9)
    list(read_ahead(source.frames))
    assert len(source.threads) == 1
    assert source.threads != {threading.current_thread().name}


def test_no_more_than_a_few_wait():
    source = Source(50)
    with closing(read_ahead(source.frames)) as frames:
        for taken in range(1, 6):
            next(frames)
            time.sleep(0.05)
            assert source.made <= taken + FRAMES_AHEAD
        assert source.made > taken, "nothing was read ahead"


def test_an_error_comes_after_the_pictures_before_it():
    source, seen = Source(9, fails_at=4), []
    with pytest.raises(SourceError, match="It broke"):
        seen.extend(frame.t_s for frame in read_ahead(source.frames))
    assert seen == [0.0, 1.0, 2.0, 3.0]
    assert source.closed


@pytest.mark.parametrize("raised", [KeyboardInterrupt, ValueError])
def test_what_ends_the_work_closes_the_source(raised):
    source = Source(50)

    def work() -> None:
        with closing(read_ahead(source.frames)) as frames:
            for _ in frames:
                raise raised

    with pytest.raises(raised):
        work()
    assert source.closed


def test_closed_before_it_began():
    source = Source(5)
    read_ahead(source.frames).close()
    assert source.made == 0


def test_a_broken_file_is_told_as_without_it(tmp_path):
    path = tmp_path / "text.mp4"
    path.write_text("This is no video.")
    with pytest.raises(SourceError) as plain:
        next(read_frames(path))
    with pytest.raises(SourceError) as ahead:
        next(read_ahead(read_frames(path)))
    assert (str(plain.value), plain.value.code) == (str(ahead.value), ahead.value.code)


def test_the_record_is_that_of_pictures_read_one_after_the_other():
    exercise = exercises.load("squat")
    whole = analyze_video(SAMPLE, exercise, model="lite", end_s=3)
    with MediaPipeEstimator("lite") as estimator:
        poses = [estimator.estimate(frame) for frame in read_frames(SAMPLE, None, 3)]
    record = whole.record
    plain = run_set(poses, exercise, record.source, software=record.software)
    assert plain.record.model_dump_json() == record.model_dump_json()
    assert np.array_equal(plain.trace.image_px, whole.trace.image_px, equal_nan=True)


def test_broken_pictures_are_counted(tmp_path):
    path = media.break_pictures(media.write_video(tmp_path / "a.mp4", media.pictures(12, 160, 120)), 5)
    assert analyze_video(path, exercises.load("squat"), model="lite").record.quality.broken_frames == 1


def test_cancelling_an_analysis_leaves_no_thread():
    class Cancelled(Exception):
        pass

    def progress(done: int, share: float | None) -> None:
        if done == 3:
            raise Cancelled

    with pytest.raises(Cancelled):
        analyze_video(SAMPLE, exercises.load("squat"), model="lite", progress=progress)
