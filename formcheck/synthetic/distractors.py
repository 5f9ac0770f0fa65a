"""Movements that are no repetition of an exercise: each function returns a ``Script`` to film.

``DISTRACTORS`` names them all. The legs hang from the hips (forward kinematics) and the body stands on its lowest foot.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from formcheck.synthetic.body import Arms, Body, turn_and_move
from formcheck.synthetic.camera import Script
from formcheck.synthetic.floor import push_up
from formcheck.synthetic.standing_body import StandingBody, stand_on_floor
from formcheck.synthetic.tracks import smooth, track
from formcheck.synthetic.walking import gait, walk

if TYPE_CHECKING:
    from collections.abc import Callable

_WALK_M_PER_S = 1.1
"""Speed of walking. Default."""


def _still(duration_s: float, body: Body, make: Callable[[np.ndarray], StandingBody]) -> Script:
    return Script(duration_s, lambda t_s: stand_on_floor(body, len(t_s), make(t_s)))


def standing(seconds: float = 6.0, body: Body | None = None) -> Script:
    """Stand still.

    Parameters
    ----------
    seconds : float
        Duration (s).
    body : Body, optional

    Returns
    -------
    Script
    """
    return _still(seconds, body or Body(), lambda t_s: StandingBody())


def walk_in(azimuth_deg: float = 0.0, from_m: float = 2.2, body: Body | None = None) -> Script:
    """Walk from near the camera back to the origin, turn round to heading 0, and stand for 2 s.

    Parameters
    ----------
    azimuth_deg : float
        Direction of the camera.
    from_m : float
        Distance at the start.
    body : Body, optional

    Returns
    -------
    Script
    """
    body = body or Body()
    walk_s = from_m / _WALK_M_PER_S
    turn_s = 1.5
    towards = np.radians(azimuth_deg)
    away_deg = azimuth_deg + 180.0
    home_deg = 0.0 if away_deg <= 180.0 else 360.0

    def landmarks_m(t_s: np.ndarray) -> np.ndarray:
        moving = 1 - smooth((t_s - walk_s + 0.2) / 0.6)
        turning = smooth((t_s - walk_s) / 0.5) - smooth((t_s - walk_s - turn_s) / 0.4)
        points = stand_on_floor(body, len(t_s), gait(t_s, np.maximum(moving, 0.4 * turning)))
        away_m = from_m * (1 - track(t_s, [(0.0, 0.0), (walk_s + 0.3, 1.0)]))
        yaw = track(t_s, [(walk_s, away_deg), (walk_s + turn_s, home_deg)])
        place = np.stack([np.sin(towards) * away_m, 0 * away_m, np.cos(towards) * away_m], -1)
        return turn_and_move(points, yaw, place)

    return Script(walk_s + turn_s + 2.5, landmarks_m)


def walk_across(seconds: float = 5.0, body: Body | None = None) -> Script:
    """Walk straight ahead through the picture.

    Parameters
    ----------
    seconds : float
        Duration (s).
    body : Body, optional

    Returns
    -------
    Script
    """
    return walk(_WALK_M_PER_S, seconds=seconds, body=body)


def turn_on_the_spot(seconds: float = 8.0, body: Body | None = None) -> Script:
    """Stand, turn once around with small steps, stand.

    Parameters
    ----------
    seconds : float
        Duration (s).
    body : Body, optional

    Returns
    -------
    Script
    """
    body = body or Body()

    def landmarks_m(t_s: np.ndarray) -> np.ndarray:
        steps = 0.4 * (smooth((t_s - 1.5) / 0.5) - smooth((t_s - seconds + 2.0) / 0.5))
        points = stand_on_floor(body, len(t_s), gait(t_s, steps))
        return turn_and_move(points, track(t_s, [(1.5, 0.0), (seconds - 1.5, 360.0)]), np.zeros((len(t_s), 3)))

    return Script(seconds, landmarks_m)


def _seated(t_s: np.ndarray, sitting: np.ndarray) -> StandingBody:
    """Return sitting (1) or standing (0). The trunk leans forward on the way and is upright on the chair."""
    on_the_way = 4 * sitting * (1 - sitting)
    flexion = 5 + 85 * sitting
    arms = Arms(6 + 30 * sitting, 10.0, 10 + 60 * sitting)
    return StandingBody(1.5 + (flexion - 5), flexion, lean_deg=2 + 38 * on_the_way + 3 * sitting, arms=arms)


def sit_down(seconds: float = 8.0, body: Body | None = None) -> Script:
    """Stand, sit down on a chair and stay there.

    Parameters
    ----------
    seconds : float
        Duration (s).
    body : Body, optional

    Returns
    -------
    Script
    """
    return _still(seconds, body or Body(), lambda t_s: _seated(t_s, smooth((t_s - 1.6) / 1.6)))


def sit_and_stand_up_later(seat_s: float = 20.0, body: Body | None = None) -> Script:
    """Stand, sit down, stay on the chair, stand up.

    Parameters
    ----------
    seat_s : float
        Time on the chair.
    body : Body, optional

    Returns
    -------
    Script
    """
    last = 3.2 + seat_s

    def make(t_s: np.ndarray) -> StandingBody:
        return _seated(t_s, track(t_s, [(1.6, 0.0), (3.2, 1.0), (last, 1.0), (last + 1.5, 0.0)]))

    return _still(last + 3.0, body or Body(), make)


def bend_for_a_bottle(body: Body | None = None) -> Script:
    """Bend at the hips with nearly straight knees, a hand to the floor, and come up.

    Parameters
    ----------
    body : Body, optional

    Returns
    -------
    Script
    """

    def make(t_s: np.ndarray) -> StandingBody:
        down = track(t_s, [(1.6, 0.0), (2.8, 1.0), (3.2, 1.0), (4.4, 0.0)])
        flexion = 5 + 12 * down
        arms = Arms(np.stack([6 + 4 * down, 6 + 10 * down], -1), 10.0, 5.0)
        return StandingBody(1.5 - 6 * down, flexion, lean_deg=2 + 98 * down, head_deg=-20 * down, arms=arms)

    return _still(6.0, body or Body(), make)


def high_knees(knees: int = 6, body: Body | None = None) -> Script:
    """March on the spot, lifting one knee at a time to hip height.

    Parameters
    ----------
    knees : int
        Number of lifts.
    body : Body, optional

    Returns
    -------
    Script
    """
    last = 1.6 + knees

    def make(t_s: np.ndarray) -> StandingBody:
        index = np.floor(t_s - 1.6).astype(int)
        lifted = np.where((t_s >= 1.6) & (t_s < last), np.sin(np.pi * ((t_s - 1.6) % 1.0)) ** 2, 0.0)
        leg = lifted[:, None] * (index[:, None] % 2 == np.array([0, 1]))
        return StandingBody(1.5 + 85 * leg, 5 + 90 * leg, arms=Arms(6 + 40 * leg[:, ::-1], 10.0, 20.0), anchor="hip")

    return _still(last + 1.0, body or Body(), make)


def swing_arms(body: Body | None = None) -> Script:
    """Stand and swing both arms forward to shoulder height and back.

    Parameters
    ----------
    body : Body, optional

    Returns
    -------
    Script
    """

    def make(t_s: np.ndarray) -> StandingBody:
        swing = np.where(t_s > 1.0, 45 * (1 - np.cos(2 * np.pi * 0.7 * (t_s - 1.0))), 0.0)
        return StandingBody(arms=Arms(6 + swing, 10.0, 10.0))

    return _still(7.0, body or Body(), make)


def raise_arms(body: Body | None = None) -> Script:
    """Stand, raise the arms overhead, lower them.

    Parameters
    ----------
    body : Body, optional

    Returns
    -------
    Script
    """

    def make(t_s: np.ndarray) -> StandingBody:
        up = track(t_s, [(1.6, 0.0), (2.8, 1.0), (3.6, 1.0), (4.8, 0.0)])
        return StandingBody(arms=Arms(6 + 170 * up, 10.0, 10.0))

    return _still(6.5, body or Body(), make)


def calf_raise(raises: int = 4, body: Body | None = None) -> Script:
    """Rise onto the toes and come down.

    Parameters
    ----------
    raises : int
    body : Body, optional

    Returns
    -------
    Script
    """

    def make(t_s: np.ndarray) -> StandingBody:
        up = np.where((t_s >= 1.6) & (t_s < 1.6 + 2 * raises), np.sin(np.pi * (t_s - 1.6) / 2) ** 2, 0.0)
        return StandingBody(foot_pitch_deg=35 * up, anchor="ball")

    return _still(2.6 + 2 * raises, body or Body(), make)


def jumping_jacks(jumps: int = 6, body: Body | None = None) -> Script:
    """Jump with the legs apart and the arms overhead, and back.

    Parameters
    ----------
    jumps : int
    body : Body, optional

    Returns
    -------
    Script
    """

    def make(t_s: np.ndarray) -> StandingBody:
        beat = np.where((t_s >= 1.6) & (t_s < 1.6 + jumps), (t_s - 1.6) % 1.0, 0.0)
        apart = np.sin(np.pi * beat) ** 2
        bend = 5 + 18 * np.sin(2 * np.pi * beat) ** 2
        arms = Arms(4.0, 10 + 140 * apart, 10.0)
        return StandingBody(bend / 2, bend, 3 + 22 * apart, arms=arms, jump_m=0.08 * np.sin(2 * np.pi * beat) ** 2)

    return _still(2.6 + jumps, body or Body(), make)


def kneel_down(body: Body | None = None) -> Script:
    """Kneel down, one leg after the other, and stay on both knees.

    Parameters
    ----------
    body : Body, optional

    Returns
    -------
    Script
    """

    def make(t_s: np.ndarray) -> StandingBody:
        first, second = smooth((t_s - 1.6) / 1.4), smooth((t_s - 2.6) / 1.4)
        hip = np.stack([1.5 + 45 * second * (1 - second), 1.5 - 5 * first], -1)
        knee = np.stack([5 + 90 * second, 5 + 90 * first], -1)
        pitch = np.stack([85 * second, 85 * first], -1)
        return StandingBody(hip, knee, 3.0, pitch, 2 + 15 * first * (1 - second), anchor="hip")

    return _still(7.0, body or Body(), make)


def push_ups(count: int = 5, body: Body | None = None) -> Script:
    """Do push-ups from straight arms, 2 s each without a rest. The trunk keeps moving, the elbows go back and outwards.

    Parameters
    ----------
    count : int
    body : Body, optional

    Returns
    -------
    Script
    """
    body = body or Body()

    def landmarks_m(t_s: np.ndarray) -> np.ndarray:
        down, flat = np.sin(np.pi * t_s / 2) ** 2, np.zeros(len(t_s))
        return push_up(body, {"down": down, "sag_deg": flat, "reach_deg": flat, "head_deg": flat})

    return Script(2.0 * count, landmarks_m)


DISTRACTORS: dict[str, Callable[[], Script]] = {
    make.__name__: make
    for make in (
        standing,
        walk_in,
        walk_across,
        turn_on_the_spot,
        sit_down,
        sit_and_stand_up_later,
        bend_for_a_bottle,
        high_knees,
        swing_arms,
        raise_arms,
        calf_raise,
        jumping_jacks,
        kneel_down,
        push_ups,
    )
}
"""Every distractor by name. Calling it makes the script with its defaults."""
