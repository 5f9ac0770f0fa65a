"""Signals: the ways in which an exercise measures a body. Each is one geometric primitive on named points.

The engine evaluates them on whole series (``formcheck.engine.signals.scene``). How points are named:
``formcheck.spec.landmark_refs``.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from formcheck.spec.base import SpecModel, Unit
from formcheck.spec.landmark_refs import AnyPoint, Point


class KneeFlexion(SpecModel):
    """The engine's best estimate of a knee's flexion (deg, 0 = straight), by the method that suits the view.

    Attributes
    ----------
    side : str
        Which knee. ``mid`` is the mean of both legs; from the side it is the near leg.
    """

    kind: Literal["knee_flexion"] = "knee_flexion"
    side: Literal["left", "right", "near", "far", "front", "rear", "mid"]
    unit: Unit = "deg"


class KneeDifference(SpecModel):
    """The difference between the flexion of the two knees (deg), never negative."""

    kind: Literal["knee_difference"] = "knee_difference"
    unit: Unit = "deg"


class HipDescent(SpecModel):
    """How far the hips have come down from standing, as an angle (deg).

    It is the flexion that two equal knees would need to lower the hips that far.
    """

    kind: Literal["hip_descent"] = "hip_descent"
    unit: Unit = "deg"


class JointAngle(SpecModel):
    """The angle a–b–c in the picture (deg).

    Attributes
    ----------
    flexion : bool
        True gives 180 minus the angle, so that a straight joint is 0.
    """

    kind: Literal["joint_angle"] = "joint_angle"
    a: Point
    b: Point
    c: Point
    flexion: bool = True
    unit: Unit = "deg"


class Inclination(SpecModel):
    """The inclination of the line ``start`` → ``end`` (deg) from the vertical or the horizontal.

    Attributes
    ----------
    sign : str
        ``facing``: positive where the person faces.
        ``absolute``: never negative.
        ``up``: positive when ``end`` is above ``start``; from the horizontal only.
        ``extent``: from the vertical, by how much the line's vertical extent is shorter than its calibrated length. It
        works from any view and is never negative.
        ``leaning``: as ``facing``, the mean of what the picture shows and of ``extent``. Far from upright and not quite
        from the side, one of the two reads too little where the other reads too much.
        ``sideways``: from the vertical to either side of the body, for a line that also leans forward. A camera that does
        not stand straight in front sees the forward lean as a sideways one, so that part is taken out.
    """

    kind: Literal["inclination"] = "inclination"
    start: Point
    end: Point
    reference: Literal["vertical", "horizontal"] = "vertical"
    sign: Literal["facing", "absolute", "up", "extent", "leaning", "sideways"] = "absolute"
    unit: Unit = "deg"


class LineOffset(SpecModel):
    """The bend at ``point`` on the line ``a``–``b``: ±(180 − angle a–point–b) deg.

    Attributes
    ----------
    sign : str
        ``up``: positive when the point lies above the line.
        ``medial``: positive when it lies nearer to the body's midline. For a knee this is the frontal plane projection
        angle, positive in valgus.
    """

    kind: Literal["line_offset"] = "line_offset"
    point: Point
    a: Point
    b: Point
    sign: Literal["up", "medial"] = "up"
    unit: Unit = "deg"


class DistanceRatio(SpecModel):
    """The distance p–q over the distance r–s, or over a calibrated length.

    A point may be ``standing.SIDE.JOINT``: the place that the joint had in the standing calibration.

    Attributes
    ----------
    per : str or None
        The calibrated length that takes the place of r–s.
    axis : str
        Which part of the distances counts: ``x``, ``y`` or both (``xy``).
    sign : str
        ``absolute``: never negative.
        ``medial``: positive when p lies nearer to the body's midline than q.
        ``up``: positive when p is above q.
        ``image``: positive when p is right of q in the picture.
        ``facing``: positive when p is further than q in the direction that the person faces.
        ``sideways``: positive when the hips (p) are further to the person's left than the ankles (q). Bent knees put the
        hips behind the ankles, which a camera that does not stand straight in front sees as sideways, so that part is
        taken out.
    """

    kind: Literal["distance_ratio"] = "distance_ratio"
    p: AnyPoint
    q: AnyPoint
    r: AnyPoint | None = None
    s: AnyPoint | None = None
    per: Literal["thigh", "shank", "torso", "foot", "hip_width", "ankle_width", "leg"] | None = None
    axis: Literal["x", "y", "xy"] = "xy"
    sign: Literal["absolute", "medial", "up", "image", "facing", "sideways"] = "absolute"
    unit: Unit = "ratio"

    @model_validator(mode="after")
    def _one_denominator(self) -> DistanceRatio:
        if (self.per is None) == (self.r is None or self.s is None):
            raise ValueError("give either r and s, or per")
        return self

    @model_validator(mode="after")
    def _sideways_over_the_feet(self) -> DistanceRatio:
        if self.sign == "sideways" and (self.p, self.q) != ("mid.hip", "mid.ankle"):
            raise ValueError("sideways is measured of mid.hip over mid.ankle")
        return self


class Difference(SpecModel):
    """Signal ``a`` minus signal ``b`` of the same exercise."""

    kind: Literal["difference"] = "difference"
    a: str
    b: str
    unit: Unit = "deg"


class HeelRise(SpecModel):
    """How far the heels are lifted (deg): the pitch of flat feet that lifts the ankles, or the hips, as much as they are lifted.

    It works from any view and is never negative. It is measured against the place and the leg's length of the standing
    calibration.
    """

    kind: Literal["heel_rise"] = "heel_rise"
    of: Literal["ankle", "hip"] = "ankle"
    unit: Unit = "deg"


class ChestDrop(SpecModel):
    """How far the chest has come down over the hands, as a share of its highest place, in degrees of 180.

    180 is down at the hands. It works from any view. It is linear, so that noise at the top stays small. NaN where the body is
    not on its hands, face down.
    """

    kind: Literal["chest_drop"] = "chest_drop"
    unit: Unit = "deg"


Signal = Annotated[
    KneeFlexion
    | KneeDifference
    | HipDescent
    | JointAngle
    | Inclination
    | LineOffset
    | DistanceRatio
    | Difference
    | HeelRise
    | ChestDrop,
    Field(discriminator="kind"),
]
"""Any of the primitives above; ``kind`` tells them apart in JSON."""
