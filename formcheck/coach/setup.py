"""The set-up check: one light for each condition, and one piece of advice at a time."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from formcheck.coach.body_events import standing
from formcheck.engine.person import view as views
from formcheck.video.darkness import DARK

if TYPE_CHECKING:
    from formcheck.model.frames import Pose
    from formcheck.spec.exercise import Exercise, ViewName

LightState = Literal["ok", "wait", "bad", "unknown"]
LIGHTS = ("whole_body", "distance", "camera", "view", "light", "alone", "frame_rate")

_WINDOW_S = 1.0  # the lights follow the median pose of this window (default)
_RATE_WINDOW_S = 2.0  # the frame rate follows the intervals of this window (default)
_HOLD_S = 0.5  # a light changes when its new state has lasted this long (default)
_ADVICE_S = 2.0  # one piece of advice stays at least this long (default)
_MARGIN = 0.01  # share of the picture that stays free at its edges (default)
_CORE = [0, 11, 12, 23, 24, 25, 26, 27, 28, 31, 32]  # nose, shoulders, hips, knees, ankles, toes
_MIN_VISIBILITY = 0.5  # of each of them, 0..1 (default)
_NEAREST, _FARTHEST = 0.93, 0.40  # height of the standing person over the height of the picture (defaults)
_FLOOR_FARTHEST = 0.30  # the same for the longer side of a lying body (default): the sample planks take 0.34 to 0.36
_LEVEL_DEG = 8.0  # the upright body against the picture's own vertical (default)
_MIN_FPS = 15.0  # clinical-rules 5: below it only the count is shown
_ENOUGH = 0.9  # of that rate: a light that is green stays so (default)
_SIDES = {"left": 90.0, "right": -90.0}


@dataclass(slots=True, frozen=True)
class PictureFacts:
    """Facts of a picture besides the pose.

    Attributes
    ----------
    luma : float or None
        Mean brightness, 0..1; None if unknown.
    people : int or None
        Number of people in it; None if unknown.
    """

    luma: float | None = None
    people: int | None = None


@dataclass(slots=True, frozen=True)
class Light:
    """One light of the set-up check.

    Attributes
    ----------
    key : str
        One of ``LIGHTS``.
    state : LightState
        ``unknown`` where nothing can be measured: it is not called good, and does not delay the start.
    advice : str or None
        The spoken key of what to do; None unless the state is ``bad``, or no body is seen.
    """

    key: str
    state: LightState
    advice: str | None = None


class SetupCheck:
    """Checks the set-up of one exercise from one view.

    Parameters
    ----------
    exercise : Exercise
        The exercise.
    view : ViewName
        The planned view of the body.
    side : str
        The side that must be nearest to the camera: ``left``, ``right``, or ``auto`` for either.

    Attributes
    ----------
    advice : str or None
        The spoken key of what to do now.
    """

    def __init__(self, exercise: Exercise, view: ViewName, side: str = "auto") -> None:
        self._view, self._side, self._floor = view, side, exercise.floor
        self._poses: deque[Pose] = deque()
        self._times: deque[float] = deque()
        self._shown: dict[str, Light] = {key: Light(key, "wait") for key in LIGHTS}
        self._pending: dict[str, tuple[Light, float]] = {}
        self._advised_s = -math.inf
        self.advice: str | None = None

    @property
    def all_ok(self) -> bool:
        """True when the person can start."""
        return all(light.state in ("ok", "unknown") for light in self._shown.values())

    def update(self, pose: Pose, facts: PictureFacts) -> tuple[Light, ...]:
        """Take one picture.

        Parameters
        ----------
        pose : Pose
            Its pose; times rise.
        facts : PictureFacts
            Its other facts.

        Returns
        -------
        tuple of Light
            The lights, in the order of ``LIGHTS``.
        """
        t_s = pose.t_s
        self._poses.append(pose)
        self._times.append(t_s)
        while t_s - self._poses[0].t_s > _WINDOW_S:
            self._poses.popleft()
        while t_s - self._times[0] > _RATE_WINDOW_S:
            self._times.popleft()
        for light in self._now(pose, facts):
            self._settle(light, t_s)
        self._choose_advice(t_s)
        return tuple(self._shown[key] for key in LIGHTS)

    def _settle(self, light: Light, t_s: float) -> None:
        """Let a light change only when its new state lasts."""
        if light == self._shown[light.key]:
            self._pending.pop(light.key, None)
            return
        pending = self._pending.get(light.key)
        if pending is None or pending[0] != light:
            self._pending[light.key] = (light, t_s)
        elif t_s - pending[1] >= _HOLD_S:
            self._shown[light.key] = light
            del self._pending[light.key]

    def _choose_advice(self, t_s: float) -> None:
        bad = next((self._shown[key].advice for key in LIGHTS if self._shown[key].advice), None)
        if bad != self.advice and (t_s - self._advised_s >= _ADVICE_S or bad is None):
            self.advice, self._advised_s = bad, t_s

    def _now(self, pose: Pose, facts: PictureFacts) -> list[Light]:
        seen = [other for other in self._poses if other.seen]
        body = self._body(seen) if len(seen) >= max(1, len(self._poses) // 2) else None
        if body is None:
            lights = [Light("whole_body", "wait", "say.setup.step_in")]
            lights += [Light(key, "wait") for key in ("distance", "camera", "view")]
        else:
            lights = [self._whole_body(body, seen), self._distance(body, pose.size_px)]
            lights += [self._camera(body), self._view_light(body)]
        return [*lights, *self._picture(facts)]

    def _body(self, seen: list[Pose]) -> np.ndarray:
        middle: np.ndarray = np.median([pose.image_px for pose in seen], axis=0).astype(float)
        return middle

    def _whole_body(self, p: np.ndarray, seen: list[Pose]) -> Light:
        width, height = seen[-1].size_px
        core, visibility = p[_CORE], np.median([pose.visibility[_CORE] for pose in seen], axis=0)
        inside = (
            (core[:, 0] > _MARGIN * width)
            & (core[:, 0] < (1 - _MARGIN) * width)
            & (core[:, 1] > _MARGIN * height)
            & (core[:, 1] < (1 - _MARGIN) * height)
        )
        far_side_hidden = self._floor or self._view == "side"
        visible = visibility >= _MIN_VISIBILITY
        enough = visible.mean() >= 0.5 if far_side_hidden else visible.all()
        if inside.all() and enough:
            return Light("whole_body", "ok")
        tall = p[[27, 28, 31, 32], 1].max() - p[0, 1]
        advice = "say.setup.step_back" if not inside.all() and tall > 0.7 * height else "say.setup.whole_body"
        return Light("whole_body", "bad", advice)

    def _distance(self, p: np.ndarray, size_px: tuple[int, int]) -> Light:
        extent = np.ptp(p[_CORE], axis=0)
        if self._floor:
            share = float(max(extent[0] / size_px[0], extent[1] / size_px[1]))
            farthest = _FLOOR_FARTHEST
        else:
            share, farthest = float(extent[1]) / size_px[1], _FARTHEST
        if share > _NEAREST:
            return Light("distance", "bad", "say.setup.step_back")
        if not self._floor and not self._upright(p):  # a squatting body only looks shorter
            return Light("distance", "wait")
        return Light("distance", "bad", "say.setup.come_closer") if share < farthest else Light("distance", "ok")

    def _camera(self, p: np.ndarray) -> Light:
        """Judge from the upright body whether the camera is level. The landmarks do not show the camera's height."""
        if not self._upright(p):
            return Light("camera", "unknown" if self._floor else "wait")
        shoulders, hips, ankles = ((p[i] + p[i + 1]) / 2 for i in (11, 23, 27))
        trunk_deg, legs_deg = (math.degrees(math.atan2(up[0], -up[1])) for up in (shoulders - hips, hips - ankles))
        # A camera that is not level tilts both; a split stance or a lean tilts one.
        tilted = trunk_deg * legs_deg > 0 and min(abs(trunk_deg), abs(legs_deg)) > _LEVEL_DEG
        return Light("camera", "bad", "say.setup.camera_level") if tilted else Light("camera", "ok")

    def _upright(self, p: np.ndarray) -> bool:
        return standing(replace(self._poses[-1], image_px=p.astype(np.float32)))

    def _view_light(self, p: np.ndarray) -> Light:
        if self._floor:
            lying = abs(p[11, 0] + p[12, 0] - p[23, 0] - p[24, 0]) > abs(p[11, 1] + p[12, 1] - p[23, 1] - p[24, 1])
            if lying:
                return Light("view", "ok")
        elif not self._upright(p):
            return Light("view", "wait")
        azimuth = views.azimuth_deg(p)
        seen = views.label(azimuth)
        if self._view == "front":
            return Light("view", "ok") if abs(azimuth) <= views.FRONT_WITHIN_DEG else _turn("front")
        if self._view == "side":
            if seen != "side":
                return Light("view", "ok") if self._floor else _turn("side")
            if self._side in _SIDES and (azimuth > 0) != (_SIDES[self._side] > 0):
                return Light("view", "bad", "say.setup.turn_other_side")
        return Light("view", "ok")

    def _picture(self, facts: PictureFacts) -> list[Light]:
        span_s = self._times[-1] - self._times[0]
        # The median interval: a single long one, as while a model is loaded, does not mean a slow camera.
        fps = 1 / float(np.median(np.diff(self._times))) if span_s >= _WINDOW_S else None
        slow = fps is not None and fps < _MIN_FPS * (_ENOUGH if self._shown["frame_rate"].state == "ok" else 1.0)
        dark = None if facts.luma is None else facts.luma < DARK
        crowded = None if facts.people is None else facts.people > 1
        return [
            _light("light", dark, "more_light", unknown="unknown"),
            _light("alone", crowded, "alone", unknown="unknown"),
            _light("frame_rate", None if fps is None else slow, "frame_rate", unknown="wait"),
        ]


def _light(key: str, bad: bool | None, advice: str, *, unknown: LightState) -> Light:
    """Return a light from whether something is wrong; ``None`` gives the state ``unknown``."""
    if bad is None:
        return Light(key, unknown)
    return Light(key, "bad", f"say.setup.{advice}") if bad else Light(key, "ok")


def _turn(where: str) -> Light:
    return Light("view", "bad", f"say.setup.turn_{where}")
