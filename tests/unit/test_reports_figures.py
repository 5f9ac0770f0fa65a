"""The figures: repetitions laid over each other, and stick figures that show the body of the moment and nothing else."""

from __future__ import annotations

import dataclasses
import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from formcheck import exercises
from formcheck.analysis.run import run_set
from formcheck.i18n import LANGUAGES
from formcheck.model.records import Source
from formcheck.model.skeleton import BONES, INDEX
from formcheck.reports.chart import hatched
from formcheck.reports.figures import FIGURE_SIZE, overlay_legend, overlay_svg, stick_figure_svg, worst_moments
from formcheck.spec.prescription import Prescription
from formcheck.synthetic import Camera, Recording, SquatRep, squat_set
from tests.example_records import nobody_record, plank_record, plank_trace, squat_record, squat_trace

SQUAT, PLANK = exercises.load("squat"), exercises.load("plank")


@pytest.fixture(scope="module")
def done():
    """A set of four squats: one too shallow, one with its heels up."""
    reps = [SquatRep(100), SquatRep(66), SquatRep(98, heel_pitch_deg=28), SquatRep(97)]
    made = squat_set(reps, Camera(azimuth_deg=90), Recording(fps=15))
    source = Source(name="a.mp4", width=1280, height=720, duration_s=made.poses[-1].t_s)
    return run_set(made.poses, SQUAT, source, prescription=Prescription(exercise="squat", target_depth_deg=90))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_overlay_has_a_line_for_each_counted_repetition_and_the_mean(language):
    svg = overlay_svg(squat_record(), squat_trace(), SQUAT, language)
    tree = ET.fromstring(svg)
    lines = [each for each in tree if each.tag.endswith("polyline")]
    assert len(lines) == 8 + 1
    assert sum(line.get("stroke-dasharray") is not None for line in lines) == 1  # the worst
    assert len([each for each in tree if each.tag.endswith("polygon")]) == 1
    for line in lines:
        xy = np.array([pair.split(",") for pair in line.get("points").split()], float)
        assert (np.diff(xy[:, 0]) > 0).all()
        assert ((xy >= 0) & (xy <= (380, 250))).all()


def test_the_legend_names_best_and_worst():
    words = [text for _, text in overlay_legend(squat_record(), squat_trace(), "en")]
    assert words == [
        "one repetition",
        "mean",
        "best (no. 1)",
        "most to correct (no. 7)",
        "spread of the repetitions (± SD)",
    ]


def test_there_is_no_overlay_of_one_repetition_or_of_a_hold():
    one = [squat_record().reps[0]]
    assert overlay_svg(squat_record(reps=one), squat_trace(), SQUAT, "en") == ""
    assert overlay_svg(plank_record(), plank_trace(), PLANK, "en") == ""
    assert overlay_svg(nobody_record(), squat_trace(), SQUAT, "en") == ""


def test_each_rule_has_its_worst_moment_points_to_correct_first(done):
    moments = worst_moments(done.record, done.trace, SQUAT, "en")
    assert {"depth", "heels"} <= {moment.row.rule for moment in moments}
    severities = [moment.row.severity for moment in moments]
    assert severities == sorted(severities, reverse=True)
    assert len({moment.row.rule for moment in moments}) == len(moments) <= 4


def test_a_stick_figure_is_the_body_of_that_moment(done):
    """Every bone is the line between two landmarks, all by one scale and one shift; the joint at fault has the triangle."""
    fault = next(fault for fault in done.record.shown_faults if fault.rule == "depth" and fault.severity == 2)
    svg = stick_figure_svg(done.record, done.trace, SQUAT, fault, "en")
    body = done.trace.image_px[int(np.argmin(np.abs(done.trace.t_s - fault.worst_s)))]
    lines = np.array(re.findall(r'd="M([\d.]+) ([\d.]+)L([\d.]+) ([\d.]+)"', svg), float).reshape(-1, 2, 2)
    bones = np.array([[body[INDEX[a]], body[INDEX[b]]] for a, b in BONES])
    assert lines.shape == bones.shape
    scale = (lines[..., 1].max() - lines[..., 1].min()) / (bones[..., 1].max() - bones[..., 1].min())
    shift = lines[0, 0] - bones[0, 0] * scale
    assert lines == pytest.approx(bones * scale + shift, abs=0.3)
    assert lines.min() >= 0
    assert lines.max() <= FIGURE_SIZE
    ((left, base, right),) = re.findall(r'd="M([\d.]+) ([\d.]+)H([\d.]+)L[^"]*Z" fill="#D55E00"', svg)
    knee = body[INDEX[f"{done.record.view.near_side}_knee"]] * scale + shift
    assert ((float(left) + float(right)) / 2, float(base) - 5) == pytest.approx(tuple(knee), abs=0.3)


def test_no_figure_without_landmarks(done):
    unseen = dataclasses.replace(done.trace, image_px=np.full_like(done.trace.image_px, np.nan))
    assert worst_moments(done.record, unseen, SQUAT, "en") == []


def test_a_joint_that_is_not_believed_is_dashed(done):
    fault = done.record.shown_faults[0]
    plain = stick_figure_svg(done.record, done.trace, SQUAT, fault, "en")
    doubtful = dataclasses.replace(done.trace, visibility=np.zeros_like(done.trace.visibility))
    assert "dasharray" in stick_figure_svg(done.record, doubtful, SQUAT, fault, "en")
    assert plain != stick_figure_svg(done.record, doubtful, SQUAT, fault, "en")


def test_hatching_stays_inside_its_rectangle():
    numbers = re.findall(r"[ML]([\d.]+) ([\d.]+)", hatched(40, 20, 300, 90))
    x, y = np.array(numbers, float).T
    assert len(x) > 40
    assert ((x >= 40) & (x <= 340) & (y >= 20) & (y <= 110)).all()
