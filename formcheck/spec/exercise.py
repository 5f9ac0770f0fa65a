"""How an exercise is declared: data only, checked when it is built.

An exercise file holds one constant ``SPEC``. It names its signals (geometry on landmarks), its movement (what counts as a
repetition or a hold) and its rules (what is judged). It holds no functions and no expressions. Everything that such a file
needs can be imported from here.
"""

from __future__ import annotations

from pydantic import Field, model_validator

from formcheck.spec.base import SpecModel, Text, Unit, ViewName
from formcheck.spec.movement import Bound, HoldPosture, Movement, RepCycle, RepMeasure, Window
from formcheck.spec.rules import Condition, ObliqueBound, Rule
from formcheck.spec.signals import (
    ChestDrop,
    Difference,
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

__all__ = [
    "Bound",
    "ChestDrop",
    "Condition",
    "Demonstration",
    "Difference",
    "DistanceRatio",
    "Exercise",
    "HeelRise",
    "HipDescent",
    "HoldPosture",
    "Inclination",
    "JointAngle",
    "KneeDifference",
    "KneeFlexion",
    "LineOffset",
    "Movement",
    "ObliqueBound",
    "RepCycle",
    "RepMeasure",
    "Rule",
    "Signal",
    "Text",
    "Unit",
    "ViewName",
    "Window",
]


class Demonstration(SpecModel):
    """A clip or a stick figure that shows the exercise.

    Attributes
    ----------
    sample : str or None
        A clip in ``sample_videos/``. None: the stick figure of the exercise's synthetic clean set.
    alt : Text
        A description for those who cannot see it.
    """

    sample: str | None
    alt: Text


class Exercise(SpecModel):
    """One exercise.

    Attributes
    ----------
    id : str
        The name of its file.
    steps : tuple of Text
        At most four steps, as one would say them.
    views : tuple of str
        Where the camera may stand.
    train_view : str
        Where it stands when a person trains alone, unless something else is prescribed.
    floor : bool
        Whether it is done on the floor, and so coached by sound alone.
    hand_raise : bool
        Whether one raised hand may end a set. Never on the floor or in balance.
    signals : dict
        The signals by name.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    name: Text
    purpose: Text
    steps: tuple[Text, ...] = Field(min_length=1, max_length=4)
    equipment: Text
    support: Text
    easier: Text
    harder: Text
    demonstration: Demonstration
    views: tuple[ViewName, ...] = Field(min_length=1)
    train_view: ViewName
    floor: bool = False
    hand_raise: bool = False
    signals: dict[str, Signal]
    movement: Movement
    rules: tuple[Rule, ...]

    @model_validator(mode="after")
    def _trained_where_judged(self) -> Exercise:
        if self.train_view not in self.views:
            raise ValueError(f"train_view {self.train_view!r} must be one of views {self.views}")
        if self.floor and self.hand_raise:
            raise ValueError("a raised hand ends no set on the floor")
        return self

    @model_validator(mode="after")
    def _oblique_bounds_repeat_the_side_rule(self) -> Exercise:
        for rule in self.rules:
            oblique = rule.oblique_bound
            if oblique is not None:
                first = self.rule(oblique.side_rule).conditions[0]
                repeated = (oblique.side_condition, *oblique.side_limits)
                if repeated != (first.id, first.hint_limit, first.fault_limit):
                    raise ValueError(f"{rule.id}: side_condition and side_limits must be those of {oblique.side_rule}")
        return self

    @model_validator(mode="after")
    def _windows_are_there(self) -> Exercise:
        known = {"hold"} if isinstance(self.movement, HoldPosture) else {*self.movement.phases, "rep"}
        for rule in self.rules:
            if not known.issuperset(rule.windows):
                raise ValueError(f"{rule.id}: windows {rule.windows} must be of {sorted(known)}")
        return self

    @property
    def cycle(self) -> RepCycle:
        """Return the movement of an exercise that is repeated.

        Raises
        ------
        TypeError
            When it is held.
        """
        if not isinstance(self.movement, RepCycle):
            raise TypeError(f"{self.id} is held, not repeated")
        return self.movement

    @property
    def posture(self) -> HoldPosture:
        """Return the movement of an exercise that is held.

        Raises
        ------
        TypeError
            When it is repeated.
        """
        if not isinstance(self.movement, HoldPosture):
            raise TypeError(f"{self.id} is repeated, not held")
        return self.movement

    @property
    def only_hints(self) -> bool:
        """Return whether no rule can be more than a hint, so that a hold is in good form as long as it lasts."""
        return all(rule.max_severity < 2 for rule in self.rules)

    def rule(self, rule_id: str) -> Rule:
        """Return the rule of that id.

        Parameters
        ----------
        rule_id : str

        Returns
        -------
        Rule

        Raises
        ------
        KeyError
            When the exercise has no such rule.
        """
        for rule in self.rules:
            if rule.id == rule_id:
                return rule
        raise KeyError(rule_id)
