"""Left and right of one set: the measures of each side, and whether their difference is real."""

from __future__ import annotations

from typing import TYPE_CHECKING

from formcheck.insights.change import Change
from formcheck.insights.setups import smallest_real_difference
from formcheck.spec.measures import measures_of

if TYPE_CHECKING:
    from formcheck.model.records import Hold, Rep, SetRecord
    from formcheck.spec.exercise import Exercise

PROJECTION, REACH, SETTLED, HELD = "knee_projection_angle_deg", "reach_ratio", "settled_s", "hold_s"
_SMALLEST_REAL_HOLD_S = {"single_leg_stance": 24.1}
"""95 % minimal detectable change of standing on one leg: SEM 8.7 s in 25 people of 60 to 89 years (Goldberg 2011, Gait & Posture
33:737). No other hold has a published one."""


def best_holds(record: SetRecord, exercise: Exercise) -> dict[str | None, Hold]:
    """Find the longest hold of each side.

    Parameters
    ----------
    record : SetRecord
        The set.
    exercise : Exercise
        Its exercise. A test that takes the best of some holds looks at the first ones of each side.

    Returns
    -------
    dict of str or None to Hold
        The hold of each side; None for holds of no known side.
    """
    movement = exercise.movement
    most = movement.best_of if movement.kind == "hold_posture" else None
    best: dict[str | None, Hold] = {}
    for side in dict.fromkeys(hold.side for hold in record.holds):
        mine = [hold for hold in record.holds if hold.side == side][:most]
        best[side] = max(mine, key=lambda hold: hold.end_s - hold.start_s)
    return best


def side_differences(record: SetRecord, exercise: Exercise) -> tuple[Change, ...]:
    """Compare left (``before``) with right (``after``).

    Repetitions are compared by the mean of the counted ones. Seen from the side, only those of the nearer leg are used, so a person
    who turns round half-way is compared. Holds are compared by the best one of each side.

    Parameters
    ----------
    record : SetRecord
        The set.
    exercise : Exercise
        Its exercise.

    Returns
    -------
    tuple of Change
        The differences; empty where a side is missing or cannot be compared.
    """
    if exercise.movement.kind == "hold_posture":
        best = best_holds(record, exercise)
        if exercise.movement.carried_by is None or not {"left", "right"} <= set(best):
            return ()
        left_s, right_s = (best[side].end_s - best[side].start_s for side in ("left", "right"))
        return (Change(HELD, "s", left_s, right_s, _SMALLEST_REAL_HOLD_S.get(exercise.id)),)
    if not both_sides(record) or one_side_seen(record):
        return ()
    turned = record.view.label == "side"  # then the place may be another one too
    found, known = [], measures_of(exercise)
    for name in dict.fromkeys((exercise.movement.depth_measure, PROJECTION, REACH, SETTLED)):
        left, right = (_mean(record, name, side) for side in ("left", "right"))
        if left is not None and right is not None:
            limit = smallest_real_difference(name, record.setup.view, not turned)
            found.append(Change(name, known[name].unit, left, right, limit))
    return tuple(found)


def both_sides(record: SetRecord) -> bool:
    """Tell whether both legs did counted repetitions.

    Parameters
    ----------
    record : SetRecord
        The set.

    Returns
    -------
    bool
        True for both legs.
    """
    return {"left", "right"} <= {rep.side for rep in record.reps if rep.counted}


def one_side_seen(record: SetRecord) -> bool:
    """Tell whether one leg was further from the camera in all its repetitions. Then the two are not measured alike.

    Parameters
    ----------
    record : SetRecord
        The set.

    Returns
    -------
    bool
        True when the legs cannot be compared (clinical-rules 2).
    """
    return not {"left", "right"} <= {rep.side for rep in record.reps if rep.counted and _well_seen(rep, record)}


def _well_seen(rep: Rep, record: SetRecord) -> bool:
    return record.view.label != "side" or rep.side == rep.near_side


def _mean(record: SetRecord, name: str, side: str) -> float | None:
    values = [
        rep.measures.get(name) for rep in record.reps if rep.counted and rep.side == side and _well_seen(rep, record)
    ]
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None
