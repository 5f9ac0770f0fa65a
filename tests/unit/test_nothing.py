"""Each reason comes first for its own cause, in both languages; a press judges it as the exercise that it looks like."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, get_args

import numpy as np
import pytest

from formcheck.analysis.nothing import explained
from formcheck.exercises import load
from formcheck.files.traces import poses_from_trace
from formcheck.i18n import LANGUAGES, translator
from formcheck.model.corrections import with_bouts
from formcheck.model.frames import CameraPlace, Pose
from formcheck.model.records import Event, Nothing, NothingReason, NothingRemedy, SetRecord
from formcheck.reports.html import html_report
from formcheck.reports.nothing import name_of_other, nothing_lines
from formcheck.reports.sentences import summary_sentence
from formcheck.synthetic import (
    DISTRACTORS,
    Camera,
    ChairRep,
    Recording,
    RepetitionTempo,
    SquatRep,
    StanceHold,
    chair_set,
    film,
    squat_set,
    stance_set,
)
from tests.synthetic_cases import CLEAN, judged, made, record_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

RECORDING = Recording(fps=15)


def squats(depth_deg: float = 95, azimuth_deg: float = 90) -> list[Pose]:
    return list(squat_set([SquatRep(depth_deg=depth_deg)] * 2, Camera(azimuth_deg), RECORDING).poses)


def stance(azimuth_deg: float) -> list[Pose]:
    return list(stance_set([StanceHold(5)], Camera(azimuth_deg), RECORDING).poses)


def seen_through(poses: Sequence[Pose], camera: Callable[[Pose], CameraPlace]) -> list[Pose]:
    return [replace(pose, camera=camera(pose)) for pose in poses]


def restless() -> list[Pose]:
    """Return a person who stands with feet together and never stops swaying sideways."""
    poses = made("feet_together", [CLEAN["feet_together"]], 0.0, fps=15).poses
    return [
        replace(pose, image_px=pose.image_px + np.array([45 * np.sin(5 * pose.t_s), 0], np.float32)) for pose in poses
    ]


OWN_CAUSE: dict[str, Callable[[], SetRecord]] = {
    "too_small": lambda: record_of(squats(28), "squat"),
    "rule_broken": lambda: record_of(
        chair_set([ChairRep(arms_used=1.0)] * 2, Camera(90), RECORDING).poses, "chair_stand_30s"
    ),
    "too_slow": lambda: record_of(
        squat_set([SquatRep(tempo=RepetitionTempo(1.2, 20.0, 1.2, 1.0))], Camera(90), RECORDING).poses, "squat"
    ),
    "wrong_view": lambda: record_of(stance(90), "single_leg_stance"),
    "wrong_view of the floor": lambda: record_of(
        made("glute_bridge", [CLEAN["glute_bridge"]] * 2, 0.0, fps=15).poses, "glute_bridge"
    ),
    "turned_away": lambda: record_of(
        made("tandem_stance", [CLEAN["tandem_stance"]], 180.0, fps=15).poses, "tandem_stance"
    ),
    "unfinished": lambda: record_of(squats()[:45], "squat"),
    "never_stood_still": lambda: record_of(squats()[36:60], "squat"),
    "film_cut": lambda: record_of(seen_through(squats(), lambda pose: CameraPlace(shot=int(pose.t_s / 0.7))), "squat"),
    "not_still": lambda: record_of(restless(), "feet_together"),
    "never_began": lambda: record_of(film(DISTRACTORS["raise_arms"](), Camera(0), RECORDING), "squat"),
    "unlike": lambda: record_of(film(DISTRACTORS["bend_for_a_bottle"](), Camera(0), RECORDING), "squat"),
}
"""Causes beside those of ``tests/properties/test_nothing.py``."""


@pytest.mark.parametrize("reason", OWN_CAUSE)
def test_a_reason_is_first_for_its_own_cause(reason):
    record = OWN_CAUSE[reason]()
    assert record.rep_count == 0
    assert [one.reason for one in record.nothing][:1] == [reason.split()[0]]


@pytest.mark.parametrize("kind", ["too_dark", "camera_moved"])
def test_an_event_that_takes_up_the_set_is_its_reason(kind):
    result = judged(film(DISTRACTORS["bend_for_a_bottle"](), Camera(0), RECORDING), "squat")
    record, trace = result.record, result.trace
    long_s, short_s = float(trace.t_s[-1]), float(trace.t_s[-1]) / 10
    for end_s, expected in ((long_s, True), (short_s, False)):
        noted = record.model_copy(update={"events": [Event(kind=kind, start_s=0.0, end_s=end_s)]})
        assert (explained(noted, trace, load("squat")).nothing[0].reason == kind) == expected


@pytest.mark.parametrize(("done", "meant"), [("lunge", "squat"), ("squat", "lunge"), ("push_up", "glute_bridge")])
def test_another_exercise_is_named_first(done, meant):
    result = judged(made(done, [CLEAN[done]] * 3, 90.0, fps=12.5).poses, meant)
    assert result.record.nothing, "nothing counts, with or without a look at the other exercises"
    record = explained(result.record, result.trace, load(meant))
    first = record.nothing[0]
    assert (first.reason, first.remedy) == ("other_exercise", "judge_as")
    assert first.seen == {"exercise": done, "count": 3.0}
    for language in LANGUAGES:
        assert name_of_other(record.nothing, language) == (done, load(done).name[language])
        assert load(done).name[language] in summary_sentence(record, load(meant), language)
    again = judged(list(poses_from_trace(result.trace)), done)
    assert again.record.rep_count == 3, "the exercise that is proposed counts"


def test_standing_about_looks_like_no_other_exercise():
    result = judged(film(DISTRACTORS["standing"](), Camera(0), RECORDING), "squat")
    record = explained(result.record, result.trace, load("squat"))
    assert [one.reason for one in record.nothing] == ["never_began"]


def test_what_was_counted_needs_no_reason():
    result = judged(squats(), "squat")
    assert result.record.rep_count == 2
    assert explained(result.record, result.trace, load("squat")) is result.record


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("reason", get_args(NothingReason))
def test_every_reason_and_remedy_has_a_sentence(reason, language):
    seen = {
        "exercise": "lunge", "count": 2, "range_deg": 20.0, "needed_deg": 35.0, "turn_deg": 90, "share": 0.5,
        "seconds": 1.0, "needed_s": 2.0, "most_s": 15.0, "rule": "depth", "frames_per_s": 4.0, "azimuth_deg": 90.0,
        "feet": 0.9, "seen_share": 0.1,
    }  # fmt: skip
    for remedy in get_args(NothingRemedy):
        for found in (seen, {}):
            (line,) = nothing_lines([Nothing(reason=reason, seen=found, remedy=remedy)], load("squat"), language)
            assert "{" not in line
            assert "nothing." not in line
            assert line.count(".") + line.count("?") >= 2
    t = translator(language)
    assert all(f"nothing.remedy.{remedy}" in t for remedy in get_args(NothingRemedy))


@pytest.mark.parametrize("language", LANGUAGES)
def test_reports_say_every_reason(language):
    result = judged(squats()[:45], "squat")
    more = [*result.record.nothing, Nothing(reason="hidden", seen={"visibility": 0.1}, remedy="whole_body")]
    record = result.record.model_copy(update={"nothing": more})
    page = html_report(record, result.trace, load("squat"), language)
    for line in nothing_lines(more, load("squat"), language):
        assert line in page


def test_a_record_of_before_still_opens():
    record = record_of(squats()[:45], "squat")
    data = record.model_dump(mode="json")
    del data["nothing"]
    old = SetRecord.model_validate(data | {"schema_version": "1.1"})
    assert old.nothing == []
    assert summary_sentence(old, load("squat"), "en") == "No repetition was counted."


def test_a_repetition_that_a_person_adds_takes_the_reasons_away():
    record = record_of(squats(28), "squat")
    assert record.nothing
    counted = [rep.model_copy(update={"counted": True}) for rep in record.reps]
    assert with_bouts(record, counted, []).nothing == []
    assert with_bouts(record, list(record.reps), []).nothing == record.nothing
