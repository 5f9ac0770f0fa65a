"""The tables of reasons why a set counted nothing: each with its test and its remedy, the most telling first.

A reason is given when its test finds its numbers. Repetitions that were found and not counted come first, and faults of the
pictures come next. Reasons in the movement itself are given only where the pictures show it. One last reason for each kind of
movement holds when no other does, so that no set stays unexplained.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from formcheck.engine.judging.kept_out import kept_out_by
from formcheck.engine.nothing.evidence import Evidence, OtherExercise
from formcheck.engine.person.upright import turn_upright_deg
from formcheck.engine.person.view import SIDE_TO_DEG
from formcheck.model.frames import steady
from formcheck.model.records import Nothing, NothingReason, NothingRemedy, SetRecord
from formcheck.spec.movement import HoldPosture

if TYPE_CHECKING:
    from collections.abc import Callable

    from formcheck.model.frames import Trace
    from formcheck.spec.exercise import Exercise

MOST = 3
"""The most reasons that a record gives. Default."""
_SELDOM = 0.3
"""A person who is seen in a smaller share of the pictures is not seen well enough to count. Default."""
_OFTEN = 0.3
"""A fault in this share of the time, or of the pictures, may keep everything from being counted. Default."""
_SMALLEST_BODY = 0.25
"""A body that takes less of the picture is too far away. Default: about where a trunk gets too small to be believed."""
_SLOWEST_FRAMES_PER_S = 8.0
"""With fewer pictures a second a repetition may be missed. Default: counting is made for 10 and more."""
_SHORTEST_SHOT_S = 6.0
"""Cuts closer together than this leave no time for two repetitions. Default."""
_UNMOVED_TRUNKS = 0.08
"""Joints that move by less, in lengths of the trunk, did not begin. Default: heel raises lift the body by twice as much."""
_FAR_TRUNKS = 0.6
"""A joint that moved further, in lengths of the trunk, was in a large movement of another kind. Default."""
_ABOUT_TRUNKS = 1.5
"""Feet whose middle moves by more, in lengths of the trunk, do not stay in one place. Default: a lunge moves it by one."""
_HIDDEN = 0.3
"""Joints less visible than this were guessed. Default."""
_APART_TRUNKS = 0.45
"""Shoulders further apart than this are not seen from the side: the limit of ``LyingCalibrator``."""

_FORESHORTENED_TRUNKS = 1.0
"""Shoulders wider than the trunk looks long belong to a body that points at the camera: standing they are 0.7 at most. Default."""

_Seen = dict[str, float | str]


class _Row(NamedTuple):
    """A reason, the test that returns the numbers behind it or None, and what helps."""

    reason: NothingReason
    test: Callable[[Evidence], _Seen | None]
    remedy: NothingRemedy


def explain(exercise: Exercise, record: SetRecord, trace: Trace, other: OtherExercise | None = None) -> list[Nothing]:
    """Return why nothing was counted. A pure function of its arguments.

    Parameters
    ----------
    exercise : Exercise
    record : SetRecord
        With all its events.
    trace : Trace
        Its landmarks.
    other : OtherExercise or None
        What the movement looks like instead; None when it was not looked for.

    Returns
    -------
    list of Nothing
        Most likely first, at most three; empty when a repetition was counted or a hold was held.
    """
    if record.rep_count or record.holds:
        return []
    evidence = Evidence(exercise, record, trace, other)
    found = [*_that_hold(_FOUND, evidence), *_that_hold(_PICTURES, evidence)]
    found = found or _that_hold(_BELIEF, evidence) or _that_hold(_MOVEMENT, evidence)
    return found[:MOST] or [_otherwise(evidence)]


def _that_hold(rows: tuple[_Row, ...], e: Evidence) -> list[Nothing]:
    tested = ((row, row.test(e)) for row in rows)
    return [
        Nothing(reason=row.reason, seen=_rounded(seen), remedy=row.remedy) for row, seen in tested if seen is not None
    ]


def _otherwise(e: Evidence) -> Nothing:
    """Return the reason that holds when no other does: the movement was not that of the exercise."""
    if e.cycle is None:
        movement = e.exercise.posture
        seen: _Seen = {"needed_s": max(movement.enter_s, movement.still_s)}
        return Nothing(reason="not_in_position", seen=_rounded(seen), remedy="take_position")
    seen = {} if math.isnan(e.moved_trunks) else {"moved_trunks": e.moved_trunks}
    return Nothing(reason="unlike", seen=_rounded(seen), remedy="check_exercise")


def _rounded(seen: _Seen) -> _Seen:
    return {name: value if isinstance(value, str) else round(float(value), 2) for name, value in seen.items()}


# Faults of the pictures


def _one_picture(e: Evidence) -> _Seen | None:
    n = len(e.trace.t_s)
    return {"frames": n} if n < 2 else None


def _too_dark(e: Evidence) -> _Seen | None:
    share = e.event_share("too_dark")
    return {"share": share} if share >= _OFTEN else None


def _nobody(e: Evidence) -> _Seen | None:
    share = float(e.seen.mean())
    return {"seen_share": share} if share < _SELDOM else None


def _too_short(e: Evidence) -> _Seen | None:
    movement = e.exercise.movement
    needed_s = max(movement.enter_s, movement.still_s) if isinstance(movement, HoldPosture) else movement.min_duration_s
    return {"seconds": e.seconds, "needed_s": needed_s} if e.seconds < needed_s else None


def _lies_across(e: Evidence) -> _Seen | None:
    if e.upside_down_share > 1 - _OFTEN:
        return {"turn_deg": 180}
    image_px = e.trace.image_px
    points_px = image_px if e.trace.camera is None else steady(image_px, e.trace.camera)
    turn_deg = turn_upright_deg(points_px[e.seen], e.trace.visibility[e.seen], e.exercise)
    return None if turn_deg is None else {"turn_deg": turn_deg}


def _not_upright(e: Evidence) -> _Seen | None:
    stands = not e.exercise.floor and e.stands and _not_believed(e) is None
    lies = stands and e.lies_share > 1 - _OFTEN and _lies_across(e) is None
    return {"lies_share": e.lies_share} if lies else None


def _not_lying(e: Evidence) -> _Seen | None:
    upright = e.exercise.floor and _not_believed(e) is None and e.lies_share < _SELDOM and not _points_at_camera(e)
    return {"lies_share": e.lies_share} if upright else None


def _too_far(e: Evidence) -> _Seen | None:
    return {"body_share": e.body_share} if e.body_share < _SMALLEST_BODY else None


def _outside(e: Evidence) -> _Seen | None:
    parts: _Seen = {name: share for name, share in e.outside.items() if share >= _OFTEN}
    return parts or None


def _person_changed(e: Evidence) -> _Seen | None:
    share = e.event_share("person_changed")
    return {"share": share} if share >= _OFTEN else None


def _not_believed(e: Evidence) -> _Seen | None:
    share = float(e.believed.mean())
    return {"person_share": share} if share < _SELDOM else None


def _cut(e: Evidence) -> _Seen | None:
    cuts = sum(event.kind == "film_cut" for event in e.record.events)
    return {"cuts": cuts, "longest_s": e.longest_shot_s} if cuts and e.longest_shot_s < _SHORTEST_SHOT_S else None


def _camera_moved(e: Evidence) -> _Seen | None:
    share = e.event_share("camera_moved")
    return {"share": share} if share >= _OFTEN else None


def _few_pictures(e: Evidence) -> _Seen | None:
    per_s = e.record.quality.frames_per_s
    return {"frames_per_s": per_s} if per_s is not None and per_s < _SLOWEST_FRAMES_PER_S else None


def _hidden(e: Evidence) -> _Seen | None:
    return {"visibility": e.visibility} if e.visibility < _HIDDEN else None


# Reasons in the movement


def _never_began(e: Evidence) -> _Seen | None:
    if e.cycle is None or not e.moved_trunks < _UNMOVED_TRUNKS:
        return None
    return {"moved_trunks": e.moved_trunks}


def _other_exercise(e: Evidence) -> _Seen | None:
    return None if e.other is None else {"exercise": e.other.exercise, "count": e.other.count}


def _rule_broken(e: Evidence) -> _Seen | None:
    rules = [rule for rep in e.record.reps for rule in kept_out_by(rep, e.exercise)[:1]]
    return {"count": len(rules), "rule": max(rules, key=rules.count)} if rules else None


def _all_small(e: Evidence) -> _Seen | None:
    """Test whether repetitions were found, each too small to count."""
    small = [rep for rep in e.record.reps if not kept_out_by(rep, e.exercise)]
    if e.cycle is None or not small:
        return None
    ranges_deg = (rep.measures.get(e.cycle.range_measure) for rep in small)
    largest_deg = max((value for value in ranges_deg if value is not None), default=math.nan)
    if e.cycle.counted_signal is not None or math.isnan(largest_deg):  # the record does not hold what decides
        return {"count": len(small)}
    return {"count": len(small), "range_deg": largest_deg, "needed_deg": e.cycle.min_excursion_deg}


def _hardly_moved(e: Evidence) -> _Seen | None:
    """Test whether the body moved, and the angle went less far than in a repetition."""
    if e.cycle is None or not _UNMOVED_TRUNKS <= e.moved_trunks < _FAR_TRUNKS:
        return None
    if not e.range_deg < e.cycle.min_excursion_deg:
        return None
    return {"count": 0, "range_deg": e.range_deg, "needed_deg": e.cycle.min_excursion_deg}


def _wrong_view(e: Evidence) -> _Seen | None:
    if e.exercise.floor:
        lies_along = e.lies_share >= _OFTEN or _points_at_camera(e)
        return {"shoulders_trunks": e.shoulders_trunks} if lies_along and _not_from_the_side(e) else None
    wrong = e.view not in ("unknown", *e.exercise.views)
    return {"azimuth_deg": e.azimuth_deg} if wrong else None


def _points_at_camera(e: Evidence) -> bool:
    return e.shoulders_trunks > _FORESHORTENED_TRUNKS


def _not_from_the_side(e: Evidence) -> bool:
    return e.exercise.views == ("side",) and e.shoulders_trunks > _APART_TRUNKS


def _turned_away(e: Evidence) -> _Seen | None:
    away = not e.exercise.floor and abs(e.azimuth_deg) > SIDE_TO_DEG
    return {"azimuth_deg": e.azimuth_deg} if away else None


def _too_slow(e: Evidence) -> _Seen | None:
    if e.cycle is None:
        return None
    pause_s, most_s = max((excursion.pause_s for excursion in e.excursions), default=0.0), e.cycle.max_pause_s
    return {"seconds": pause_s, "most_s": most_s} if pause_s > most_s else None


def _too_fast(e: Evidence) -> _Seen | None:
    if e.cycle is None or not e.excursions:
        return None
    longest_s, least_s = max(excursion.seconds for excursion in e.excursions), e.cycle.min_duration_s
    return {"seconds": longest_s, "least_s": least_s} if longest_s < least_s else None


def _unfinished(e: Evidence) -> _Seen | None:
    cut_off = bool(e.excursions) and not any(excursion.whole for excursion in e.excursions)
    cut_off = cut_off or any(event.kind == "repetition_cut_off" for event in e.record.events)
    return {"seconds": e.seconds} if cut_off else None


def _never_stood(e: Evidence) -> _Seen | None:
    missing = e.stands and e.record.view.calibration.source == "none"
    return {"still_s": e.longest_still_s} if missing else None


def _moved_about(e: Evidence) -> _Seen | None:
    return {"feet_trunks": e.feet_trunks} if e.feet_trunks >= _ABOUT_TRUNKS else None


def _not_still(e: Evidence) -> _Seen | None:
    movement = e.exercise.movement
    if not isinstance(movement, HoldPosture) or e.longest_still_s >= movement.still_s:
        return None
    return {"still_s": e.longest_still_s, "needed_s": movement.still_s}


_FOUND = (
    _Row("other_exercise", _other_exercise, "judge_as"),
    _Row("rule_broken", _rule_broken, "keep_rule"),
    _Row("too_small", _all_small, "go_further"),
)
"""Something was found, and not counted."""
_PICTURES = (
    _Row("one_picture", _one_picture, "film_movement"),
    _Row("too_dark", _too_dark, "more_light"),
    _Row("nobody", _nobody, "whole_body"),
    _Row("too_short", _too_short, "film_longer"),
    _Row("picture_on_side", _lies_across, "turn_film"),
    _Row("not_upright", _not_upright, "turn_or_choose"),
    _Row("not_lying", _not_lying, "turn_or_choose"),
    _Row("too_far", _too_far, "come_closer"),
    _Row("outside_picture", _outside, "whole_body"),
    _Row("person_changed", _person_changed, "be_alone"),
    _Row("film_cut", _cut, "film_at_once"),
    _Row("few_pictures", _few_pictures, "more_pictures"),
    _Row("hidden", _hidden, "whole_body"),
)
"""Faults of the pictures."""
_BELIEF = (_Row("not_believed", _not_believed, "whole_body"),)
"""A body was seen, in the picture and near enough, and did not look like one."""
_MOVEMENT = (
    _Row("never_began", _never_began, "film_movement"),
    _Row("wrong_view", _wrong_view, "film_from"),
    _Row("too_slow", _too_slow, "move_faster"),
    _Row("too_fast", _too_fast, "move_slower"),
    _Row("unfinished", _unfinished, "film_longer"),
    _Row("never_stood_still", _never_stood, "stand_still"),
    _Row("too_small", _hardly_moved, "go_further"),
    _Row("not_still", _not_still, "keep_still"),
    _Row("camera_moved", _camera_moved, "fix_camera"),
    _Row("moved_about", _moved_about, "stay_in_place"),
    _Row("turned_away", _turned_away, "film_from"),
)
"""Reasons in the movement. They are not asked where the pictures have a fault."""
