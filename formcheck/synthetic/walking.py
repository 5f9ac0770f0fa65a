"""Walking at any speed and step length, across the floor or on the spot, with standing before and after."""

from __future__ import annotations

import numpy as np

from formcheck.model.skeleton import INDEX
from formcheck.synthetic.body import Arms, Body
from formcheck.synthetic.camera import Script
from formcheck.synthetic.standing_body import StandingBody, stand_on_floor
from formcheck.synthetic.tracks import smooth

_GRID_S = 0.005
"""Step of the integration of the distance walked. Default."""
_START_S = 0.5
"""Time from standing to walking, and back. Default."""


def gait(t_s: np.ndarray, amount: np.ndarray, stride_hz: float = 0.9, swing_deg: float = 22.0) -> StandingBody:
    """Return the legs and arms of a walking body.

    The hips swing by ``swing_deg``. The knee bends to about 60 deg in the swing, less in smaller steps.

    Parameters
    ----------
    t_s : (T,) array
    amount : (T,) array
        1 walks, 0 stands.
    stride_hz : float
        Strides (two steps) per second.
    swing_deg : float

    Returns
    -------
    StandingBody
    """
    phase = 2 * np.pi * stride_hz * t_s[:, None] + np.array([0.0, np.pi])
    a, size = amount[:, None], min(1.0, swing_deg / 22.0)
    hip = 1.5 + a * (6 * size + swing_deg * np.sin(phase))
    knee = 5 + a * (10 * size + (20 + 25 * size) * np.clip(np.cos(phase + 0.3), 0, None) ** 2)
    pitch = a * 20 * size * np.clip(np.sin(phase + 2.6), 0, None)
    arms = Arms(6 - 18 * size * a * np.sin(phase), 10.0, 15.0)
    return StandingBody(hip, knee, 3.0, pitch, 2 + 2 * amount, arms=arms, anchor="hip")


def walk(
    speed_m_per_s: float = 1.1,
    step_m: float = 0.65,
    seconds: float = 5.0,
    stand_s: float = 0.0,
    in_place: bool = False,
    body: Body | None = None,
) -> Script:
    """Walk straight ahead through the middle of the picture. The foot that carries keeps its place on the floor.

    Parameters
    ----------
    speed_m_per_s : float
    step_m : float
        Length of a step.
    seconds : float
        Time of walking.
    stand_s : float
        Standing before and after.
    in_place : bool
        True: on a treadmill, so the foot that carries slides back under the body.
    body : Body, optional

    Returns
    -------
    Script
    """
    body = body or Body()
    leg_m = body.thigh_m + body.shank_m
    swing_deg = float(np.degrees(np.arcsin(min(0.95, step_m / (2 * leg_m)))))
    stride_hz = speed_m_per_s / (2 * step_m)

    def posed(t_s: np.ndarray) -> np.ndarray:
        walked = t_s - stand_s
        amount = smooth(walked / _START_S) * smooth((seconds - walked) / _START_S) if stand_s else np.ones(len(t_s))
        return stand_on_floor(body, len(t_s), gait(walked, amount, stride_hz, swing_deg))

    whole_s = seconds + 2 * stand_s
    grid_s = np.arange(0.0, whole_s + _GRID_S, _GRID_S)
    ahead_m = np.zeros(len(grid_s)) if in_place else _carried_m(posed(grid_s))

    def landmarks_m(t_s: np.ndarray) -> np.ndarray:
        points = posed(t_s)
        points[..., 2] += np.interp(t_s, grid_s, ahead_m - ahead_m.mean())[:, None]
        return points

    return Script(whole_s, landmarks_m)


def _carried_m(points: np.ndarray) -> np.ndarray:
    """Return the distance walked (T,), in metres: the way that the lower foot went back under the body."""
    feet = points[:, [INDEX["left_ankle"], INDEX["right_ankle"]]]
    back = -np.diff(feet[..., 2], axis=0)
    lower = np.argmin(points[:, [INDEX["left_foot_index"], INDEX["right_foot_index"]], 1], axis=1)[1:]
    return np.concatenate([[0.0], np.cumsum(np.maximum(back[np.arange(len(back)), lower], 0.0))])
