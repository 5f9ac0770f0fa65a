"""From landmarks to signals: the geometric primitives of ``formcheck.spec.exercise`` evaluated on whole series at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from formcheck.engine import geometry as g
from formcheck.engine.signals import hands, knee
from formcheck.engine.signals.calibration import OTHER, WORKING_LEG, Calibration, lower_ankle
from formcheck.model.skeleton import INDEX
from formcheck.spec.signals import (
    ChestDrop,
    DistanceRatio,
    HeelRise,
    HipDescent,
    Inclination,
    JointAngle,
    KneeDifference,
    KneeFlexion,
    LineOffset,
    Signal,
)

if TYPE_CHECKING:
    from formcheck.model.records import Side

_BY_POSTURE = ("front", "rear", "support", "free")  # sides that the posture tells, frame by frame until they are known

_BALL_LEGS, _BALL_DOWN_LEGS = 0.088 / 0.491, 0.034 / 0.491
"""How far the ball of the foot lies before and below the ankle, in leg lengths (segment lengths of Winter 2009, as in
``formcheck.synthetic.body``)."""


class MeasuredScene:
    """One stretch of landmarks with its calibration. Signals are measured on it.

    Parameters
    ----------
    points_px : (T, 33, 2) array
    calibration : Calibration
    front : str or None
        The leg that leads or works. None: it is found frame by frame.
    support : str or None
        The side that carries the body. None: that of the lower ankle, frame by frame.
    """

    def __init__(
        self, points_px: np.ndarray, calibration: Calibration, front: Side | None = None, support: Side | None = None
    ) -> None:
        self.p = points_px
        self.calibration = calibration
        self.front = front
        self.support = support
        self._knees: dict[str, np.ndarray] = {}

    def _standing(self) -> MeasuredScene:
        """Return the scene of the calibration alone."""
        return MeasuredScene(
            self.calibration.points_px[None],
            self.calibration,
            self.front or "left",
            self.support or self.calibration.near,
        )

    def point(self, name: str) -> np.ndarray:
        """Return the track of a point.

        Parameters
        ----------
        name : str
            As in ``formcheck.spec.landmark_refs``.

        Returns
        -------
        (T, 2) array
            (1, 2) of a point of the standing calibration.
        """
        if name.startswith("standing."):
            return self._standing().point(name.removeprefix("standing."))
        side, _, joint = name.rpartition(".")
        if side == "":
            return self.p[:, INDEX[joint]]
        left, right = self.p[:, INDEX[f"left_{joint}"]], self.p[:, INDEX[f"right_{joint}"]]
        return self._sided(side, left, right)

    def _sided(self, side: str, left: np.ndarray, right: np.ndarray) -> np.ndarray:
        near = self.calibration.near
        if side == "mid":
            values: np.ndarray = (left + right) / 2
            return values
        if side in _BY_POSTURE:
            known = self.front if side in ("front", "rear") else self.support
            if known is not None:
                return left if (known == "left") == (side in ("front", "support")) else right
            is_left = (WORKING_LEG[self.calibration.leading] if side in ("front", "rear") else lower_ankle)(self.p)
            take_left = is_left if side in ("front", "support") else ~is_left
            return np.where(take_left.reshape((-1,) + (1,) * (left.ndim - 1)), left, right)
        side = {"near": near, "far": OTHER[near]}.get(side, side)
        return left if side == "left" else right

    def signal(self, spec: Signal, *, standing_lengths: bool = False) -> np.ndarray:
        """Return a signal.

        Parameters
        ----------
        spec : Signal
        standing_lengths : bool
            See ``knee_flexion_deg``.

        Returns
        -------
        (T,) array
            NaN where it cannot be measured.

        Raises
        ------
        TypeError
            For a difference, which is measured from other signals.
        """
        if isinstance(spec, KneeFlexion):
            return self.knee_flexion_deg(spec.side, standing_lengths=standing_lengths)
        if isinstance(spec, KneeDifference):
            values: np.ndarray = np.abs(self.knee_flexion_deg("left") - self.knee_flexion_deg("right"))
            return values
        if isinstance(spec, HipDescent):
            return self._hip_descent_deg()
        if isinstance(spec, JointAngle):
            return self._joint_deg(spec)
        if isinstance(spec, LineOffset):
            return self._bend_deg(spec)
        if isinstance(spec, Inclination):
            return self._inclination_deg(spec)
        if isinstance(spec, DistanceRatio):
            return self._ratio(spec)
        if isinstance(spec, HeelRise):
            return self._heel_rise_deg(spec.of)
        if isinstance(spec, ChestDrop):
            return self._chest_drop_deg()
        raise TypeError(f"{type(spec).__name__} is measured from other signals, not from points")

    def _joint_deg(self, spec: JointAngle) -> np.ndarray:
        angle_deg = g.angle_deg(self.point(spec.a), self.point(spec.b), self.point(spec.c))
        c = self.calibration
        if c.source == "none" and c.label in ("front", "oblique"):
            return np.full_like(angle_deg, np.nan)  # of a body that lies, seen end-on, no angle is true
        return 180.0 - angle_deg if spec.flexion else angle_deg

    def _bend_deg(self, spec: LineOffset) -> np.ndarray:
        a, point, b = (self.point(name) for name in (spec.a, spec.point, spec.b))
        if spec.sign == "up":
            return g.bend_deg(a, point, b)
        height = b[:, 1] - a[:, 1]
        x_on_line = a[:, 0] + (point[:, 1] - a[:, 1]) * (b[:, 0] - a[:, 0]) / np.where(height == 0, np.nan, height)
        angle_deg: np.ndarray = (
            self._medial(spec.point) * np.sign(point[:, 0] - x_on_line) * (180.0 - g.angle_deg(a, point, b))
        )
        return angle_deg

    def _medial(self, point: str) -> np.ndarray:
        """Return +1 where the body's midline lies right of that side in the picture, else -1 (T,)."""
        side = point.split(".")[-2]
        own, other = self.point(f"standing.{side}.hip"), self.point(f"standing.{_opposite(side)}.hip")
        values: np.ndarray = np.sign(other[:, 0] - own[:, 0])
        return values

    def _across_px(self, start: str, end: str, forward: bool = True) -> np.ndarray:
        """Return how far a line reaches to the person's left (T,), without what its lean forward (or back) adds in the picture."""
        a, b = self.point(start), self.point(end)
        still = self._standing()
        length = g.distance_px(still.point(start), still.point(end))
        return g.across_px(b - a, length, self.calibration.azimuth_deg, forward)

    def _inclination_deg(self, spec: Inclination) -> np.ndarray:
        start, end = self.point(spec.start), self.point(spec.end)
        if spec.reference == "horizontal":
            elevation = g.elevation_deg(start, end)
            return np.abs(elevation) if spec.sign == "absolute" else elevation
        if spec.sign in ("extent", "leaning"):
            still = self._standing()
            length = g.distance_px(still.point(spec.start), still.point(spec.end))
            extent = g.extent_angle_deg(start[:, 1] - end[:, 1], length)
            if spec.sign == "extent":
                return extent
            seen = g.inclination_deg(start, end, self.calibration.facing)
            leaning: np.ndarray = (seen + np.copysign(extent, seen)) / 2
            return leaning
        if spec.sign == "sideways":
            across = self._across_px(spec.start, spec.end)
            sideways: np.ndarray = np.abs(np.degrees(np.arctan2(across, start[:, 1] - end[:, 1])))
            return sideways
        inclination = g.inclination_deg(start, end, self.calibration.facing)
        return np.abs(inclination) if spec.sign == "absolute" else inclination

    def _ratio(self, spec: DistanceRatio) -> np.ndarray:
        ratio: np.ndarray = self._numerator_px(spec) / self._denominator_px(spec)
        return ratio

    def _numerator_px(self, spec: DistanceRatio) -> np.ndarray:
        d: np.ndarray = self.point(spec.p) - self.point(spec.q)
        if spec.sign == "sideways":
            legs = (("left.ankle", "left.knee", "left.hip"), ("right.ankle", "right.knee", "right.hip"))
            left, right = (self._across_px(a, k) + self._across_px(k, h, forward=False) for a, k, h in legs)
            d = (left + right) / 2
        elif spec.sign == "medial":
            d = d[:, 0] * self._medial(spec.p)
        elif spec.sign == "up":
            d = -d[:, 1]
        elif spec.sign == "image":
            d = d[:, 0]
        elif spec.sign == "facing":
            d = self.calibration.facing * d[:, 0]
        else:
            d = _along(d, spec.axis)
        return d

    def _denominator_px(self, spec: DistanceRatio) -> np.ndarray | float:
        """Return the length that a ratio is over; NaN where it has no length."""
        if spec.r is not None and spec.s is not None:
            bottom = _along(self.point(spec.r) - self.point(spec.s), spec.axis)
            return np.where(bottom > 0, bottom, np.nan)
        per = spec.per or "leg"  # a specification has r and s, or per
        side = spec.p.split(".")[-2] if spec.p.count(".") else "near"
        if side not in _BY_POSTURE:
            length_px = self.calibration.length_px(per, "near" if side == "mid" else side)
            return length_px if length_px > 0 else np.nan
        lengths_px = (self.calibration.length_px(per, s) for s in ("left", "right"))
        left, right = (np.array([px if px > 0 else np.nan]) for px in lengths_px)
        return self._sided(side, left, right)

    def _hip_descent_deg(self) -> np.ndarray:
        """Return how far the hips have come down, against their height in the calibration.

        The ankles are not used: in a lunge MediaPipe often blurs the two.
        """
        leg = self.calibration.length_px("leg")
        hips_lowered = (self.p[:, 23, 1] + self.p[:, 24, 1]) / 2 - self.calibration.points_px[[23, 24], 1].mean()
        return 2.0 * g.extent_angle_deg(leg - hips_lowered, leg)

    def _heel_rise_deg(self, joint: str) -> np.ndarray:
        """Return the pitch about the ball of the foot that lifts the ankle as much as the joint is lifted."""
        leg = self.calibration.length_px("leg")
        point = f"{'near' if self.calibration.label == 'side' else 'mid'}.{joint}"
        lifted = (self.point(f"standing.{point}")[:, 1] - self.point(point)[:, 1]) / (leg if leg > 0 else np.nan)
        reach, down = np.hypot(_BALL_LEGS, _BALL_DOWN_LEGS), np.arctan2(_BALL_DOWN_LEGS, _BALL_LEGS)
        pitch = np.arcsin(np.clip((lifted + _BALL_DOWN_LEGS) / reach, -1.0, 1.0)) - down
        angle_deg: np.ndarray = np.maximum(np.degrees(pitch), 0.0)
        return angle_deg

    def _chest_drop_deg(self) -> np.ndarray:
        """Return how far the chest has come down over the hands, of 180 deg; NaN where the body is not on its hands."""
        c = self.calibration
        top_px = float(hands.chest_height_px(c.points_px))
        share = 1.0 - hands.chest_height_px(self.p) / (top_px if top_px > 0 else np.nan)
        there = hands.on_hands(self.p, float(hands.arm_px(c.points_px)), c.label == "side")
        drop_deg: np.ndarray = np.where(there, 180.0 * np.maximum(share, 0.0), np.nan)
        return drop_deg

    def knee_flexion_deg(self, side: str, *, standing_lengths: bool = False) -> np.ndarray:
        """Return a knee's flexion, 0 = straight, by the method that suits the view.

        Parameters
        ----------
        side : str
            As in ``KneeFlexion``.
        standing_lengths : bool
            Vertical extents are held against the standing lengths of the legs alone, as counting does. Else the longest lengths
            of a repetition count too.

        Returns
        -------
        (T,) array
            Degrees.

        Notes
        -----
        From the side it is the mean of the joint angle in the picture and of the angle from vertical extents: their errors at the
        bottom have opposite causes, a shortened thigh and a misplaced joint. In a split stance it is the picture's angle alone,
        since the front leg is nearer to the camera than when it was calibrated. From elsewhere it is the vertical extents alone,
        since the picture's joint angle is off by up to 60 deg there. On the floor it is the joint angle.
        """

        def one(side: str) -> np.ndarray:
            by_lengths = self._knee_by_lengths_deg(side)
            # The longest lengths tell a deep bend, the standing ones a slight one.
            values: np.ndarray = by_lengths[0] if standing_lengths or len(by_lengths) == 1 else by_lengths.max(axis=0)
            return values

        near = self.calibration.near
        if side in ("left", "right"):
            return one(side)
        if side in ("near", "far"):
            return one(near if side == "near" else OTHER[near])
        if side == "mid" and self.calibration.label == "side":
            return one(near)
        left, right = one("left"), one("right")
        if side == "mid":
            angle_deg: np.ndarray = (left + right) / 2
            return angle_deg
        return self._sided(side, left, right)

    def _knee_by_lengths_deg(self, side: str) -> np.ndarray:
        """Return one leg's flexion against each of its lengths (1 or 2, T): the standing ones first."""
        if side not in self._knees:
            self._knees[side] = self._one_knee_deg(side)
        return self._knees[side]

    def _one_knee_deg(self, side: str) -> np.ndarray:
        c = self.calibration
        from_side = c.label == "side"
        if c.source == "none" or (from_side and c.split):
            return knee.in_picture_deg(self.p, side)[None]
        legs, leans = c.legs(side), c.facing if from_side else None
        if len(self.p) == 1:
            leg_px = self.p[0, knee.LEG[side]].tolist()
            one = [knee.of_one_frame_deg(leg_px, leg.lengths_px, (leg.extent_deg, leg.knee_deg), leans) for leg in legs]
            return np.array(one)[:, None]
        read = knee.by_extent_deg(self.p, side, np.array([leg.lengths_px for leg in legs]), leans)
        for row, leg in zip(read, legs, strict=True):
            row[:] = knee.from_standing_deg(row, leg.extent_deg, leg.knee_deg)
        return (knee.in_picture_deg(self.p, side) + read) / 2 if from_side else read


def _along(d_px: np.ndarray, axis: str) -> np.ndarray:
    """Return the length of (..., 2) along ``x``, ``y`` or both (``xy``)."""
    values: np.ndarray = np.hypot(d_px[..., 0], d_px[..., 1]) if axis == "xy" else np.abs(d_px[..., "xy".index(axis)])
    return values


def _opposite(side: str) -> str:
    pairs = (("left", "right"), ("near", "far"), ("front", "rear"), ("support", "free"))
    return {**dict(pairs), **{b: a for a, b in pairs}}[side]


def measure_signals(signals: dict[str, Signal], scene: MeasuredScene) -> dict[str, np.ndarray]:
    """Return every declared signal.

    Parameters
    ----------
    signals : dict
        By name. Differences may refer to any of them.
    scene : MeasuredScene

    Returns
    -------
    dict of (T,) arrays
        NaN = not measured.
    """
    out = {name: scene.signal(spec) for name, spec in signals.items() if spec.kind != "difference"}
    for name, spec in signals.items():
        if spec.kind == "difference":
            out[name] = out[spec.a] - out[spec.b]
    return out
