"""Videos as phones make them that browsers do not play, through the whole review: analysed, then shown in step."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import pytest

from formcheck.app.services import AnalysisOutcome, Request, analyse
from formcheck.files.samples import samples
from formcheck.video.annotate import plays_in_browsers
from formcheck.video.files import probe, read_frames
from tests import media

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SAMPLE = next(sample for sample in samples("squat") if sample.name == "squat_side_mixed_depth")
END_S = SAMPLE.truth()["units"][0]["end_s"] + 0.4
"""The first repetition, and the standing still before it."""
HLG = "log-level=none:colorprim=bt2020:transfer=arib-std-b67:colormatrix=bt2020nc"
"""How the camera of a phone marks its HDR: ten bits, hybrid log-gamma, the colours of BT.2020."""


def pictures() -> Iterator[tuple[float, np.ndarray]]:
    for frame in read_frames(SAMPLE.path, end_s=END_S):
        yield frame.t_s, frame.rgb[::2, :852:2]


def reviewed(video: Path, folder: Path) -> AnalysisOutcome:
    folder.mkdir()
    return analyse(Request(video, video.name, "squat", model="lite"), folder, lambda *_: None)


def plays_in_step(outcome: AnalysisOutcome) -> None:
    """Whatever the browser gets, it plays, and each of its pictures is at the time of the landmarks that were found in it."""
    film, offset_s = outcome.film()
    assert plays_in_browsers(probe(film))
    times_s = [frame.t_s + offset_s for frame in read_frames(film)]
    assert times_s == pytest.approx(list(outcome.result.trace.t_s), abs=1e-3)


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
    assert record.quality.frames_per_s == pytest.approx(240, abs=1)
    plays_in_step(outcome)
