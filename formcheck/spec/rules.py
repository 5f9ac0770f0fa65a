"""Rules: what is judged in every repetition or hold. A rule is a set of named conditions, each with its own two limits."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from formcheck.spec.base import SpecModel, Text, Unit, ViewName
from formcheck.spec.landmark_refs import Point, SeenPoint
from formcheck.spec.movement import Window


class Condition(SpecModel):
    """One limit on one signal or measure, which a physiotherapist may move within its bounds.

    Attributes
    ----------
    id : str
        Unique in its rule. Prescriptions and faults name it.
    name : Text
        What is measured, in the words of the page on which limits are moved.
    signal : str
        A signal of the exercise, or a measure of the repetition (``statistic="measure"``).
    statistic : str
        ``turn_median``: the median within 100 ms of the turn. ``sustained``: the worst value that lasted
        ``Rule.min_duration_s`` in the window. ``measure``: the measure itself.
    hint_limit, fault_limit : float
        Beyond the first a hint is given, beyond the second a fault.
    bounds : tuple of two floats
        The range in which the two limits may be set.
    reference : str or None
        What the limits start from: the standing value of the signal, the prescribed depth, cap or descent time. Without it
        the condition is not assessed, unless ``unprescribed`` gives limits to use instead.
    reference_mode : str
        ``plus``: the limits are added to the reference. ``times``: they are multiplied with it.
    two_sided : bool
        The distance from the reference is judged, in both directions; the limits are distances.
    min_depth_deg, max_depth_deg : float or None
        Only frames whose main signal lies within these are judged.
    facing_within_deg : float or None
        Judged only where the camera stands no further than this from straight in front of, or behind, the person. On the
        first condition this goes for the whole rule.
    unit, uncertainty : str, float or None
        Of this condition, where they differ from its rule's.
    unprescribed : tuple or None
        Hint and fault limit without the reference. None as the fault limit: only ever a hint.
    """

    id: str = Field(pattern=r"^[a-z][a-z_]*$")
    name: Text
    signal: str
    statistic: Literal["turn_median", "sustained", "measure"] = "sustained"
    fault_when: Literal["above", "below"]
    hint_limit: float
    fault_limit: float
    bounds: tuple[float, float]
    reference: Literal["standing", "target_depth", "depth_cap", "eccentric_s"] | None = None
    reference_mode: Literal["plus", "times"] = "plus"
    two_sided: bool = False
    min_depth_deg: float | None = None
    max_depth_deg: float | None = None
    facing_within_deg: float | None = Field(None, gt=0, le=32)
    unit: Unit | None = None
    uncertainty: float | None = Field(None, ge=0)
    unprescribed: tuple[float, float | None] | None = None

    @model_validator(mode="after")
    def _ordered(self) -> Condition:
        low, high = self.bounds
        hint, fault = self.hint_limit, self.fault_limit
        if not (low <= hint <= high and low <= fault <= high):
            raise ValueError(f"{self.id}: hint_limit {hint} and fault_limit {fault} must lie within {self.bounds}")
        if not self.is_ordered(hint, fault):
            raise ValueError(f"{self.id}: fault_limit {fault} must be further out than hint_limit {hint}")
        if self.two_sided and (self.unprescribed is not None or self.reference_mode == "times"):
            raise ValueError(
                f"{self.id}: two_sided is a distance, so it goes with plus and with no unprescribed limits"
            )
        return self

    @property
    def sign(self) -> float:
        """Return 1 where a value is judged for being too high, -1 for being too low."""
        return 1.0 if self.fault_when == "above" else -1.0

    def is_ordered(self, hint_limit: float, fault_limit: float) -> bool:
        """Return whether a fault limit lies further out than a hint limit.

        Parameters
        ----------
        hint_limit, fault_limit : float
            In the unit of the condition.

        Returns
        -------
        bool
        """
        return self.sign * (fault_limit - hint_limit) > 0


class ObliqueBound(SpecModel):
    """A widened limit for a frontal-plane rule at oblique views.

    tan(limit) = tan(front) * cos(a) + tan(side) * sin(a), where ``front`` is the rule's own limit, which holds from straight
    in front, ``side`` that of ``side_rule``, which holds from the side, and a the angle between. A body within both cannot
    show more than that from there. Only faults are reported at such views, never "ok".

    Attributes
    ----------
    signal : str
        An angle in the picture; its median at the turn is judged.
    side_rule, side_condition : str
        The rule of the side, and its first condition.
    side_limits : tuple of two floats
        Hint and fault limit of that condition.
    """

    signal: str
    side_rule: str
    side_condition: str
    side_limits: tuple[float, float]


class Rule(SpecModel):
    """One thing that is judged in every repetition or hold.

    Attributes
    ----------
    combine : str
        How several conditions are joined. ``any``: the worst counts and is shown. ``all``: the rule is as bad as its least
        bad condition and shows the first one.
    landmarks : tuple of str
        Joints (``SIDE.JOINT``) that must be seen in at least 80 % of the window's frames.
    joints : tuple of str
        Those that are marked when the rule is broken. Empty: all of ``landmarks``.
    min_duration_s : float
        How long a value must last to count (``sustained``).
    min_depth_deg : float or None
        Judged only in repetitions whose depth reaches this.
    max_severity : int
        1: only ever a hint, held against the hint limit.
    uncertainty : float or str
        The ± of the value, for "borderline". ``knee``: that of a knee angle from the view at hand.
    invalidates : bool
        A repetition that breaks the rule (severity 2) is not counted.
    demands_more : bool
        The cue asks for more depth, range or time, so it is not said to a person in pain.
    side : str or None
        Whose fault it is, where that is known.
    valid_from_behind : bool
        Whether the rule is also judged from beyond the side view, where the body hides its own front.
    oblique_bound : ObliqueBound or None
        What breaks a rule of the front as seen from between there and the side.
    evidence : str
        Where the numbers come from.
    """

    id: str = Field(pattern=r"^[a-z][a-z_]*$")
    name: Text
    cue: Text
    conditions: tuple[Condition, ...] = Field(min_length=1)
    combine: Literal["any", "all"] = "any"
    windows: tuple[Window, ...] = Field(min_length=1)
    views: tuple[ViewName, ...] = Field(min_length=1)
    landmarks: tuple[SeenPoint, ...] = Field(min_length=1)
    joints: tuple[Point, ...] = ()
    min_duration_s: float = Field(0.15, ge=0, le=5)
    min_depth_deg: float | None = None
    max_severity: Literal[1, 2] = 2
    uncertainty: Annotated[float, Field(ge=0)] | Literal["knee"]
    unit: Unit
    priority: Literal["safety", "alignment", "trunk", "depth", "tempo"]
    invalidates: bool = False
    demands_more: bool = False
    side: Literal["front", "near", "support"] | None = None
    valid_from_behind: bool = True
    oblique_bound: ObliqueBound | None = None
    evidence: str = Field(min_length=10)

    @model_validator(mode="after")
    def _conditions_differ(self) -> Rule:
        ids = [condition.id for condition in self.conditions]
        if len(set(ids)) < len(ids):
            raise ValueError(f"{self.id}: the ids of its conditions must differ: {', '.join(ids)}")
        return self

    @property
    def marked(self) -> tuple[str, ...]:
        """Return the joints that are marked when the rule is broken."""
        return self.joints or self.landmarks

    def condition(self, condition_id: str) -> Condition:
        """Return the condition of that id.

        Parameters
        ----------
        condition_id : str

        Returns
        -------
        Condition

        Raises
        ------
        KeyError
            When the rule has no such condition.
        """
        for condition in self.conditions:
            if condition.id == condition_id:
                return condition
        raise KeyError(condition_id)

    def unit_of(self, condition: Condition) -> Unit:
        """Return the unit of a condition: its own, or the rule's.

        Parameters
        ----------
        condition : Condition

        Returns
        -------
        str
        """
        return condition.unit or self.unit
