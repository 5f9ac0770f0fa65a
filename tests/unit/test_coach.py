"""The coach, from the set-up check to the end, on made poses: nothing is touched but where a button is the point."""

from __future__ import annotations

from formcheck.coach.setup import PictureFacts
from formcheck.model.frames import Pose
from formcheck.spec.prescription import Prescription
from formcheck.synthetic import (
    Camera,
    ChairRep,
    PlankSegment,
    PushUpRep,
    Recording,
    RepetitionTempo,
    SquatRep,
    StanceHold,
    chair_set,
    plank_set,
    push_up_set,
    stance_set,
)
from formcheck.synthetic.distractors import standing
from tests.coaching import FLOOR_CAMERA, Run, run, squat, squats, standing_still

KNEES_IN = SquatRep(knee_ankle_ratio=0.55)
GOOD = SquatRep()


def away(seconds: float) -> list[Pose]:
    return [Pose.nobody(i / 30, (640, 480)) for i in range(round(seconds * 30))]


def test_a_set_runs_from_the_set_up_to_its_target_without_a_touch():
    done = run(squat(repetitions=3)).feed(squats([GOOD] * 3))
    assert done.stages == ["setup", "ready", "countin", "set", "done"]
    assert [key for key in done.keys if key.startswith("number")] == [f"number.{n}" for n in (3, 2, 1, 1, 2, 3)]
    assert done.keys.index("say.good_stand_still") < done.keys.index("number.3") < done.keys.index("say.go")
    assert done.keys[-2:] == ["say.done", "say.session_done"]
    assert done.result.record.rep_count == 3
    assert [event.data["index"] for event in done.of_kind("repetition")] == [1, 2, 3]
    assert done.of_kind("set_finished")[0].data["why"] == "target"
    assert done.coach.finished


def test_numbers_are_said_when_the_person_is_back_up():
    done = run(squat(repetitions=2)).feed(squats([GOOD] * 2))
    for event in done.of_kind("repetition"):
        assert event.data["counted"]
        assert event.t_s >= event.data["end_s"] - 0.3


def test_a_cue_comes_while_the_knees_give_and_praise_when_it_helped():
    done = run(squat(repetitions=8)).feed(squats([GOOD, KNEES_IN, GOOD, GOOD]))
    spoken = [key for key in done.keys if key.startswith(("number", "cue", "say.better", "say.half"))][3:]
    assert spoken == ["number.1", "cue.squat.knees_in", "number.2", "number.3", "say.better", "number.4", "say.halfway"]


def test_a_cue_that_asks_for_more_comes_with_the_number():
    done = run(squat(repetitions=8, target_depth_deg=95)).feed(squats([GOOD, SquatRep(depth_deg=60), GOOD]))
    spoken = [key for key in done.keys if key.startswith(("number", "cue", "say.better"))][3:]
    assert spoken == ["number.1", "number.2", "cue.squat.depth", "number.3", "say.better"]


def test_the_joint_at_fault_is_marked_while_the_cue_is_shown():
    half = run(squat(repetitions=8)).feed(squats([GOOD, KNEES_IN], after_s=0.2))
    assert half.shown["cue"] == "Knees follow your toes"
    assert half.shown["joints"] == [25, 26]


def test_halfway_and_the_last_one_are_said():
    done = run(squat(repetitions=6)).feed(squats([GOOD] * 6))
    assert done.keys.count("say.halfway") == done.keys.count("say.last_one") == 1
    assert done.keys.index("number.3", 4) + 1 == done.keys.index("say.halfway")
    assert done.keys.index("number.5") + 1 == done.keys.index("say.last_one")


def test_a_small_repetition_is_shown_and_not_counted_aloud():
    half = run(squat(repetitions=5)).feed(squats([GOOD, SquatRep(depth_deg=38), GOOD]))
    assert (half.shown["count"], half.shown["small"]) == (2, 1)
    assert [key for key in half.keys if key.startswith("number")][3:] == ["number.1", "number.2"]


def test_standing_still_after_the_repetitions_ends_the_set():
    done = run(squat()).feed(squats([GOOD] * 2, after_s=9.5))
    assert done.of_kind("set_finished")[0].data["why"] == "quiet"
    assert "say.set_ended" in done.keys


def test_nothing_starts_while_a_light_is_not_green_but_going_on_regardless_is_recorded():
    dark = PictureFacts(luma=0.02, people=1)
    waiting = run(squat(repetitions=2)).feed(standing_still(7), dark)
    assert waiting.stages == ["setup"]
    assert waiting.shown["advice"] == "Turn on more light."
    assert "say.setup.more_light" in waiting.keys
    assert "anyway" in waiting.shown["buttons"]
    waiting.press("anyway").feed(squats([GOOD] * 2, lead_in_s=4), dark)
    assert waiting.of_kind("set_started")[0].data["ignored"] == ["light"]
    assert waiting.result.record.rep_count == 2


def test_walking_off_during_the_count_in_starts_nothing():
    gone = run(squat(repetitions=2)).feed(standing_still(5))
    assert gone.shown["stage"] == "countin"
    gone.feed(away(2))
    assert gone.shown["stage"] == "setup"
    assert gone.events == []


def in_set(**values) -> Run:
    """Return a run in the middle of a set, after two counted repetitions."""
    half = run(squat(**({"repetitions": 5} | values))).feed(squats([GOOD] * 2, after_s=0.5))
    assert half.shown["stage"] == "set"
    return half


def test_stepping_out_pauses_and_standing_still_goes_on():
    half = in_set().feed(away(2))
    assert (half.shown["stage"], half.shown["paused_why"]) == ("paused", "left")
    assert half.keys[-1] == "say.step_back_in"
    half.feed(squats([GOOD] * 3, lead_in_s=4))
    assert "say.going_on" in half.keys
    assert half.result.record.rep_count == 5


def test_vanishing_in_the_middle_of_a_repetition_asks_and_praises_nothing():
    poses = squats([GOOD] * 2)
    turn = next(i for i, pose in enumerate(poses) if pose.t_s > 8 + 1.5)
    half = run(squat(repetitions=5)).feed(poses[:turn])
    assert half.coach.live_set.in_effort
    half.feed(away(3))
    assert half.shown["ask_all_right"]
    assert half.keys[-1] == "say.are_you_all_right"
    assert half.shown["count"] == 0


def test_pausing_by_button_freezes_the_count_until_resumed():
    half = in_set().press("pause").feed(squats([GOOD] * 2, lead_in_s=2))
    assert (half.shown["stage"], half.shown["count"]) == ("paused", 2)
    half.press("resume").feed(squats([GOOD] * 3, lead_in_s=2))
    assert half.result.record.rep_count == 5


def test_a_hidden_page_pauses_and_waits_for_a_touch():
    half = in_set().press("pause", why="hidden").feed(standing_still(5))
    assert half.shown["paused_why"] == "hidden"


def test_pictures_that_stay_away_are_an_empty_picture():
    half = in_set()
    half.t_s += 6
    half.feed(squats([GOOD] * 3, lead_in_s=4))
    assert half.result.record.rep_count == 5
    assert any(event.kind == "person_lost" for event in half.result.record.events)


def test_stop_ends_everything_and_keeps_the_reason():
    half = in_set().press("stop", reason="knee hurts")
    assert half.coach.finished
    assert half.of_kind("set_finished")[0].data["why"] == "stop"
    assert half.of_kind("stopped")[0].data["reason"] == "knee hurts"
    assert half.keys[-1] == "say.stopped"
    assert "say.session_done" not in half.keys


def test_rest_leads_to_the_next_set_by_itself():
    two = run(squat(sets=2, repetitions=2, rest_s=20)).feed(squats([GOOD] * 2))
    assert two.shown["stage"] == "rest"
    assert two.shown["next"] == "Squat, set 2 of 2"
    assert "squats" in two.shown["summary"]
    left = two.shown["rest_left_s"]
    two.feed(standing_still(5))
    assert two.shown["rest_left_s"] < left
    two.feed(standing_still(16)).feed(squats([GOOD] * 2))
    assert [event.data["index"] for event in two.of_kind("set_finished")] == [0, 1]
    assert two.stages == ["setup", "ready", "countin", "set", "rest", "setup", "ready", "countin", "set", "done"]


def test_the_level_and_the_support_are_shown_before_the_set_and_in_the_rest_before_a_new_exercise():
    stance = Prescription(exercise="single_leg_stance", level="balance.one_leg_fingertip", hold_s=5)
    both = run(squat(repetitions=2, level="squat.to_60", load_kg=4), stance).feed(standing_still(1))
    assert both.shown["how"] == "Squat to 60 degrees · 4 kg"
    both.feed(squats([GOOD] * 2))
    assert both.shown["stage"] == "rest"
    assert both.shown["next"].endswith(" · On one leg, a fingertip on a chair · a fingertip for support")
    assert run(squat(repetitions=2)).feed(standing_still(1)).shown["how"] == ""


def test_a_set_can_be_deleted_and_brought_back():
    two = run(squat(sets=2, repetitions=2)).feed(squats([GOOD] * 2)).press("delete_set")
    assert two.shown["deleted"]
    two.press("undo_delete")
    assert [event.kind for event in two.events][-2:] == ["set_deleted", "set_restored"]
    assert not two.shown["deleted"]


def test_the_persons_own_first_three_set_the_depth():
    reps = [SquatRep(depth_deg=80)] * 3 + [SquatRep(depth_deg=50)] * 2
    done = run(squat(repetitions=5, own_depth=True)).feed(squats(reps))
    depth = [next(v for v in rep.verdicts if v.rule == "depth") for rep in done.result.record.reps]
    assert [verdict.outcome for verdict in depth] == ["not_assessed"] * 3 + ["fault"] * 2
    assert "cue.squat.depth" in done.keys


def test_a_person_in_pain_is_asked_for_no_more_depth():
    reps = [SquatRep(depth_deg=80)] * 3 + [SquatRep(depth_deg=50)] * 2
    done = run(squat(repetitions=5, own_depth=True), pain_mode=True).feed(squats(reps))
    assert not [key for key in done.keys if key.startswith("cue")]
    assert [fault.rule for fault in done.result.record.faults] == ["depth"] * 2


def test_an_interrupted_set_goes_on_where_it_was():
    half = in_set()
    again = run(squat(repetitions=5))
    again.coach.resume(half.fed)
    again.t_s = 500.0
    again.feed(standing_still(1))
    assert (again.shown["stage"], again.shown["count"]) == ("paused", 2)
    assert again.keys == []
    again.feed(squats([GOOD] * 3, lead_in_s=4))
    assert again.result.record.rep_count == 5
    assert [event.data["index"] for event in again.of_kind("repetition")] == [3, 4, 5]


def test_the_chair_test_ends_with_its_clock():
    quick = ChairRep(tempo=RepetitionTempo(0.9, 0.3, 1.0, 0.4))
    poses = chair_set([quick] * 18, Camera(90, 0.6, 3.0, 0.9), Recording(fps=15), lead_in_s=9.0).poses
    done = run(Prescription(exercise="chair_stand_30s")).feed(poses)
    assert done.of_kind("set_finished")[0].data["why"] == "target"
    record = done.result.record
    assert record.rep_count in (12, 13)  # 30 s from the first seat, 2.6 s each
    assert record.reps[-1].end_s - record.reps[0].end_s <= 30
    assert [f"number.{n}" for n in range(1, 12)] == [key for key in done.keys if key.startswith("number")][3:14]


def test_push_ups_are_counted_on_the_floor():
    poses = push_up_set([PushUpRep()] * 5, FLOOR_CAMERA, Recording(fps=15), lead_in_s=7.0).poses
    done = run(Prescription(exercise="push_up", repetitions=5)).feed(poses)
    assert done.of_kind("set_finished")[0].data["why"] == "target"
    assert done.result.record.rep_count == 5
    assert done.keys[-2:] == ["say.done", "say.session_done"]


def test_a_hold_is_timed_and_ends_at_its_target():
    segments = [PlankSegment(24)]
    poses = plank_set(segments, FLOOR_CAMERA, Recording(fps=15)).poses
    done = run(Prescription(exercise="plank", hold_s=20)).feed(poses)
    assert done.stages[-1] == "done"
    assert [key for key in done.keys if key.startswith(("number", "say.ten", "say.hold"))] == [
        "say.hold",
        "say.ten_seconds",
        "number.5",
        "number.4",
        "number.3",
        "number.2",
        "number.1",
    ]
    assert done.of_kind("set_finished")[0].data["why"] == "target"
    assert len(done.of_kind("hold_clock")) >= 15


def test_the_clock_of_good_form_stops_while_the_form_is_broken():
    segments = [PlankSegment(5), PlankSegment(4, sag_deg=25)]
    half = run(Prescription(exercise="plank", hold_s=60)).feed(
        plank_set(segments, FLOOR_CAMERA, Recording(fps=15)).poses
    )
    assert not half.shown["in_form"]
    assert half.shown["joints"]
    assert "cue.plank.hips_low" in half.keys
    assert half.shown["hold_s"] - half.shown["in_form_s"] > 2


def test_where_only_hints_are_given_there_is_one_clock():
    half = run(Prescription(exercise="single_leg_stance", hold_s=20))
    half.feed(stance_set([StanceHold(8)], before=standing(9)).poses[:-90])
    assert half.shown["hold_s"] > 3
    assert half.shown["in_form_s"] is None


def test_a_programme_moves_the_camera_least():
    programme = run(Prescription(exercise="plank", hold_s=20), squat(sets=2, repetitions=3))
    assert [planned.exercise for planned in programme.coach.sets] == ["squat", "squat", "plank"]


def test_facts_may_be_missing():
    half = run(squat(repetitions=2)).feed(squats([GOOD] * 2), PictureFacts())
    assert half.coach.finished
