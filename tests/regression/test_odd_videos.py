"""Videos as people have them, through the whole review: analysed, then shown in step; and what is wrong with one is said."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest

from formcheck import exercises
from formcheck.app.services import AnalysisOutcome, Request, analyse
from formcheck.files.samples import samples
from formcheck.reports.html import html_report
from formcheck.reports.nothing import nothing_lines
from formcheck.reports.tables import event_lines
from formcheck.video.annotate import plays_in_browsers
from formcheck.video.files import probe, read_frames
from tests import media
from tests.cli_runs import run

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

SAMPLE = next(sample for sample in samples("squat") if sample.name == "squat_side_mixed_depth")
END_S = SAMPLE.truth()["units"][0]["end_s"] + 0.4
"""The first repetition, and the standing still before it."""
HLG = "log-level=none:colorprim=bt2020:transfer=arib-std-b67:colormatrix=bt2020nc"
"""How the camera of a phone marks its HDR: ten bits, hybrid log-gamma, the colours of BT.2020."""


def pictures() -> Iterator[tuple[float, np.ndarray]]:
    for frame in read_frames(SAMPLE.path, end_s=END_S):
        yield frame.t_s, frame.rgb[::2, :852:2]


def reviewed(video: Path, folder: Path, turn_deg: int = 0) -> AnalysisOutcome:
    folder.mkdir()
    return analyse(Request(video, video.name, "squat", model="lite", turn_deg=turn_deg), folder, lambda *_: None)


def plays_in_step(outcome: AnalysisOutcome) -> None:
    """Whatever the browser gets, it plays, and each of its pictures is at the time of the landmarks that were found in it."""
    film, offset_s = outcome.film()
    assert plays_in_browsers(probe(film))
    shown_s = np.array([frame.t_s + offset_s for frame in read_frames(film)])
    off_s = np.abs(shown_s[:, None] - outcome.result.trace.t_s[None]).min(axis=0)
    assert off_s.max() < 1e-3


def test_a_hevc_clip_in_ten_bit_hdr_is_counted_and_shown(tmp_path: Path):
    times_s, frames = zip(*pictures(), strict=True)
    clip = media.write_video(
        tmp_path / "hdr.mov",
        frames,
        times_s=times_s,
        codec="libx265",
        pix_fmt="yuv420p10le",
        options={"x265-params": HLG, "preset": "ultrafast"},
    )
    assert (probe(clip).codec, probe(clip).pixel_format) == ("hevc", "yuv420p10le")
    outcome = reviewed(clip, tmp_path / "results")
    assert outcome.result.record.rep_count == 1
    assert outcome.film()[0] != clip, "made again for the browser"
    plays_in_step(outcome)
    seen = next(iter(read_frames(outcome.film()[0], 1.0))).rgb
    assert seen.std() > 20, "a picture, no black"


@pytest.mark.proof
def test_slow_motion_of_240_pictures_a_second_is_counted_and_shown(tmp_path: Path):
    times_s, frames = zip(*pictures(), strict=True)
    step_s = Fraction(1, 240)
    shown_s = np.arange(0, times_s[-1], float(step_s))
    often = [frames[i] for i in np.searchsorted(times_s, shown_s, side="right") - 1]
    clip = media.write_video(tmp_path / "slow.mp4", often, times_s=shown_s, fps=240, options={"preset": "ultrafast"})
    assert probe(clip).frames_per_s == pytest.approx(240, abs=1)
    outcome = reviewed(clip, tmp_path / "results")
    record = outcome.result.record
    assert record.rep_count == 1
    assert record.quality.frames_per_s == pytest.approx(30, abs=1), "more are not looked at unless asked for"
    assert record.source.max_frames_per_s == 30
    plays_in_step(outcome)


def write(path: Path, frames: Sequence[np.ndarray], times_s: Sequence[float], **how: object) -> Path:
    return media.write_video(path, frames, times_s=times_s, options={"preset": "ultrafast"}, **how)


@pytest.mark.parametrize("first", ["a preview", "a still"])
def test_the_film_behind_another_track_is_analysed(tmp_path, first):
    frames = [rgb for _, rgb in pictures()]
    preview = [cv2.resize(rgb, (80, 44)) for rgb in frames]
    tracks, default = {"a preview": ([preview, frames], 1), "a still": ([frames[:1], frames], None)}[first]
    clip = media.write_tracks(tmp_path / "tracks.mov", tracks, default=default)
    record = reviewed(clip, tmp_path / "results").result.record
    assert (record.rep_count, record.quality.frames) == (1, len(frames))


def test_a_clock_that_starts_late_counts_from_the_first_picture(tmp_path):
    times_s, frames = zip(*pictures(), strict=True)
    clip = write(tmp_path / "late.mkv", frames, np.array(times_s) + 5)
    outcome = reviewed(clip, tmp_path / "results")
    truth, (rep,) = SAMPLE.truth()["units"][0], outcome.result.record.reps
    assert (rep.start_s, rep.end_s) == pytest.approx((truth["start_s"], truth["end_s"]), abs=0.4)
    assert outcome.result.record.source.duration_s == pytest.approx(times_s[-1] + 0.04, abs=0.01)
    plays_in_step(outcome)


def test_what_is_there_of_a_cut_off_file_is_analysed_and_the_rest_is_missed(capsys, tmp_path):
    times_s, frames = zip(*pictures(), strict=True)
    frames = [*frames, *frames[:100]]
    clip = media.write_video(tmp_path / "cut.mp4", frames, muxer={"movflags": "+faststart"})
    clip.write_bytes(clip.read_bytes()[: media.packets(clip)[len(times_s)][0]])
    done = run(capsys, "analyze", clip, "--exercise", "squat", "--model", "lite")
    assert done.code == 0
    assert "The file ends at 0:04." in done.out
    outcome = reviewed(clip, tmp_path / "results")
    record = outcome.result.record
    (event,) = record.events
    assert (record.rep_count, event.kind) == (1, "file_ended_early")
    assert event.end_s == pytest.approx(len(frames) / 25, abs=0.01)
    assert event.start_s == outcome.result.trace.t_s[-1]
    for language, words in {"en": "the rest is missing", "da": "resten mangler"}.items():
        assert words in " ".join(event_lines(record, language))
        assert words in html_report(record, outcome.result.trace, outcome.exercise, language)


def test_black_pictures_in_between_hide_nobody(capsys, tmp_path):
    times_s, frames = zip(*pictures(), strict=True)
    flickering = [rgb * np.uint8(i % 8 > 0) for i, rgb in enumerate(frames)]
    clip = write(tmp_path / "black.mp4", flickering, times_s)
    assert run(capsys, "analyze", clip, "--exercise", "squat", "--model", "lite").code == 0
    record = reviewed(clip, tmp_path / "results").result.record
    assert record.rep_count == 1
    assert record.quality.person_share == pytest.approx(7 / 8, abs=0.05)


def test_a_phone_that_is_turned_while_it_records(tmp_path):
    times_s, frames = zip(*pictures(), strict=True)
    later_s = np.array(times_s) + times_s[-1] + 0.04
    height, width = frames[0].shape[:2]
    upright = width // 2 - height * height // width // 2
    portrait = [cv2.resize(rgb[:, upright : upright + height * height // width], (height, width)) for rgb in frames]
    clip = media.write_turning(tmp_path / "turned.webm", [*frames, *portrait], [*times_s, *later_s])
    outcome = reviewed(clip, tmp_path / "results")
    record = outcome.result.record
    assert record.rep_count == 2
    assert (record.source.width, record.source.height) == (width, height)
    assert [event.kind for event in record.events] == ["picture_turned"]
    assert record.events[0].start_s == pytest.approx(later_s[0], abs=0.01)
    plays_in_step(outcome)
    shown = [frame.rgb for frame in read_frames(outcome.film()[0])][len(frames) + 5]
    assert shown[:, 5].max() < 40, "black beside it, not squashed"


def test_a_film_on_its_side_is_told_and_can_be_turned(tmp_path):
    times_s, frames = zip(*pictures(), strict=True)
    clip = write(tmp_path / "side.mp4", [np.rot90(rgb, -1) for rgb in frames], times_s)
    outcome = reviewed(clip, tmp_path / "as it is")
    record = outcome.result.record
    assert record.rep_count == 0
    assert (record.nothing[0].reason, record.nothing[0].seen) == ("picture_on_side", {"turn_deg": 270})
    for language in ("en", "da"):
        assert "270°" in nothing_lines(record.nothing, exercises.load("squat"), language)[0]
    outcome = reviewed(clip, tmp_path / "turned", 270)
    record = outcome.result.record
    assert (record.rep_count, record.events, record.source.turned_deg) == (1, [], 270)
    assert (record.source.width, record.source.height) == frames[0].shape[1::-1]
    plays_in_step(outcome)
    film = next(iter(read_frames(outcome.film()[0]))).rgb
    small = [cv2.resize(rgb, (64, 36)).astype(float) for rgb in (film, frames[0])]
    assert np.abs(small[0] - small[1]).mean() < 10, "the film is upright"


def test_pixels_that_are_not_square_are_made_so(tmp_path):
    times_s, frames = zip(*pictures(), strict=True)
    squeezed = [cv2.resize(rgb, (rgb.shape[1] // 4 * 2, rgb.shape[0])) for rgb in frames]
    records = []
    for name, how in {"told": {"pixel_shape": Fraction(2)}, "whole": {}}.items():
        clip = write(tmp_path / f"{name}.mkv", squeezed if how else frames, times_s, **how)
        records.append(reviewed(clip, tmp_path / name).result.record)
    told, whole = (record.reps[0].measures[exercises.load("squat").movement.depth_measure] for record in records)
    assert told == pytest.approx(whole, abs=3)
