"""Levels: the same exercise from easy to hard, by support, surface and eyes; and what a surface hides from the camera.

Support is recorded and never a fault. The order of a ladder is that of clinical-rules 8, each beginning one step lower.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from formcheck.spec.base import Text
from formcheck.spec.movement import HoldPosture

if TYPE_CHECKING:
    from formcheck.spec.exercise import Exercise

Support = Literal["two_hands", "one_hand", "fingertip", "none"]
SupportBy = Literal["chair", "wall", "table"]
Surface = Literal["floor", "cushion", "wobble_board", "ball"]
Eyes = Literal["open", "closed"]
Rests = Literal["feet", "forearms", "back"]
"""What of the body is on a surface that is not the floor."""

UNSTABLE: tuple[Surface, ...] = ("wobble_board", "ball")
"""Support must be in reach, the eyes stay open, and not after a yes on falls (clinical-rules 7)."""
_HIDDEN_JOINTS: dict[Rests, frozenset[str]] = {
    "feet": frozenset({"heel", "foot_index"}),
    "forearms": frozenset({"elbow"}),
    "back": frozenset(),
}


def hidden_by(exercise: Exercise, surface: Surface, rests: Rests | None = None) -> frozenset[str]:
    """Return what cannot be assessed on a surface.

    Parameters
    ----------
    exercise : Exercise
    surface : str
    rests : str or None
        What of the body is on the surface. None: not known, so all that may rest on it is taken to.

    Returns
    -------
    frozenset of str
        Ids of rules and of end criteria.
    """
    if surface == "floor":
        return frozenset()
    usual: tuple[Rests, ...] = ("feet", "forearms") if exercise.floor else ("feet",)
    parts = (rests,) if rests else usual
    joints = frozenset().union(*(_HIDDEN_JOINTS[part] for part in parts))
    hidden = {rule.id for rule in exercise.rules if any(point.rpartition(".")[2] in joints for point in rule.landmarks)}
    movement = exercise.movement
    if isinstance(movement, HoldPosture) and "feet" in parts:
        hidden |= {bound.id for bound in (*movement.bounds, *movement.termination) if bound.needs_floor}
    return frozenset(hidden)


class Level(BaseModel):
    """One step of a ladder. Support is recorded and never a fault.

    Attributes
    ----------
    id : str
        ``LADDER.STEP``.
    support, by : str
        How much the person holds on or leans, and to what.
    in_reach : str or None
        What stands within reach.
    surface, rests : str
        What the person is on instead of the floor, and what of the body is on it.
    target_depth_deg : float or None
        The knee flexion that the level asks for.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern=r"^[a-z_]+\.[a-z0-9_]+$")
    exercise: str
    name: Text
    support: Support = "none"
    by: SupportBy | None = None
    in_reach: SupportBy | None = None
    surface: Surface = "floor"
    rests: Rests | None = None
    eyes: Eyes = "open"
    target_depth_deg: float | None = Field(None, ge=20, le=150)

    @model_validator(mode="after")
    def _safe(self) -> Level:
        if (self.support == "none") != (self.by is None):
            raise ValueError(f"{self.id}: support names what it is, and only where there is any")
        if (self.surface == "floor") != (self.rests is None):
            raise ValueError(f"{self.id}: name what rests on the {self.surface}, and only where it is not the floor")
        reach = self.by or self.in_reach
        if self.surface in UNSTABLE and (self.eyes == "closed" or not reach):
            raise ValueError(f"{self.id}: on a {self.surface} the eyes stay open and support is in reach")
        if self.eyes == "closed" and not reach:
            raise ValueError(f"{self.id}: with the eyes closed support is in reach")
        return self

    def hidden(self, exercise: Exercise) -> frozenset[str]:
        """Return what its surface hides from the camera.

        Parameters
        ----------
        exercise : Exercise
            The exercise of the level.

        Returns
        -------
        frozenset of str
            Ids of rules and of end criteria.
        """
        return hidden_by(exercise, self.surface, self.rests)

    def offered(self, fallen: bool) -> bool:
        """Return whether it is offered.

        Parameters
        ----------
        fallen : bool
            Whether the person said yes to a fall in the last 12 months.

        Returns
        -------
        bool
        """
        return not (fallen and (self.surface in UNSTABLE or self.eyes == "closed"))


def _level(ladder: str, step: str, exercise: str, en: str, da: str, **fields: object) -> Level:
    values = {"id": f"{ladder}.{step}", "exercise": exercise, "name": Text(en=en, da=da), **fields}
    return Level.model_validate(values)


_HANDS_ON_CHAIR: dict[str, object] = {"support": "two_hands", "by": "chair"}
_FINGERTIP: dict[str, object] = {"support": "fingertip", "by": "chair"}
_BY_CHAIR: dict[str, object] = {"in_reach": "chair"}

_LEVELS = (
    _level("squat", "high_chair_hands", "sit_to_stand", "From a high chair, with your hands", "Fra en høj stol, med hænderne", **_HANDS_ON_CHAIR),
    _level("squat", "high_chair", "sit_to_stand", "From a high chair", "Fra en høj stol"),
    _level("squat", "low_chair", "sit_to_stand", "From a low chair", "Fra en lav stol"),
    _level("squat", "to_60", "squat", "Squat to 60 degrees", "Squat til 60 grader", target_depth_deg=60),
    _level("squat", "to_90", "squat", "Squat to 90 degrees", "Squat til 90 grader", target_depth_deg=90),
    _level("squat", "ball_on_wall", "squat", "Squat with a ball between your back and the wall", "Squat med en bold mellem ryg og væg", surface="ball", rests="back", support="one_hand", by="chair"),
    _level("squat", "split", "lunge", "Split squat", "Squat med den ene fod foran"),
    _level("squat", "single_leg", "single_leg_squat", "On one leg to 45 degrees", "På ét ben til 45 grader", target_depth_deg=45, **_BY_CHAIR),
    _level("lunge", "split_supported", "lunge", "Feet stay apart, a hand on a chair", "Fødderne bliver stående, en hånd på en stol", support="one_hand", by="chair"),
    _level("lunge", "split", "lunge", "Feet stay apart", "Fødderne bliver stående"),
    _level("lunge", "reverse", "lunge", "Step backwards", "Træd bagud"),
    _level("lunge", "forward", "lunge", "Step forwards", "Træd fremad"),
    _level("lunge", "lateral", "side_lunge", "Step to the side", "Træd til siden"),
    _level("balance", "together_hands", "feet_together", "Feet together, both hands on a chair", "Fødderne samlet, begge hænder på en stol", **_HANDS_ON_CHAIR),
    _level("balance", "together", "feet_together", "Feet together", "Fødderne samlet", **_BY_CHAIR),
    _level("balance", "tandem_hands", "tandem_stance", "Heel to toe, both hands on a chair", "Hæl mod tå, begge hænder på en stol", **_HANDS_ON_CHAIR),
    _level("balance", "tandem_fingertip", "tandem_stance", "Heel to toe, a fingertip on a chair", "Hæl mod tå, en finger på en stol", **_FINGERTIP),
    _level("balance", "tandem", "tandem_stance", "Heel to toe", "Hæl mod tå", **_BY_CHAIR),
    _level("balance", "one_leg_hand", "single_leg_stance", "On one leg, a hand on a chair", "På ét ben, en hånd på en stol", support="one_hand", by="chair"),
    _level("balance", "one_leg_fingertip", "single_leg_stance", "On one leg, a fingertip on a chair", "På ét ben, en finger på en stol", **_FINGERTIP),
    _level("balance", "one_leg", "single_leg_stance", "On one leg", "På ét ben", **_BY_CHAIR),
    _level("balance", "one_leg_head_turns", "single_leg_stance", "On one leg, turning your head", "På ét ben, mens du drejer hovedet", **_BY_CHAIR),
    _level("balance", "one_leg_cushion", "single_leg_stance", "On one leg on a cushion", "På ét ben på en pude", surface="cushion", rests="feet", **_BY_CHAIR),
    _level("balance", "one_leg_eyes_closed", "single_leg_stance", "On one leg, eyes closed", "På ét ben med lukkede øjne", eyes="closed", **_BY_CHAIR),
    _level("balance", "one_leg_reach", "y_reach_front", "On one leg, reaching ahead with the other foot", "På ét ben, mens den anden fod rækker frem", **_BY_CHAIR),
    _level("balance", "one_leg_board", "single_leg_stance", "On one leg on a wobble board", "På ét ben på et vippebræt", surface="wobble_board", rests="feet", **_BY_CHAIR),
    _level("core", "wall", "incline_plank", "Against a wall", "Mod en væg", support="two_hands", by="wall"),
    _level("core", "table", "incline_plank", "Against a table", "Mod et bord", support="two_hands", by="table"),
    _level("core", "knees", "plank", "On your forearms and knees", "På underarme og knæ"),
    _level("core", "forearms", "plank", "On your forearms", "På underarmene"),
    _level("core", "hands", "plank", "On your hands", "På hænderne"),
    _level("core", "ball", "plank", "Forearms on a ball", "Underarmene på en bold", surface="ball", rests="forearms", in_reach="wall"),
    _level("push_up", "wall", "push_up", "Against a wall", "Mod en væg", support="two_hands", by="wall"),
    _level("push_up", "table", "push_up", "Against a table", "Mod et bord", support="two_hands", by="table"),
    _level("push_up", "knees", "push_up", "On your knees", "På knæene"),
    _level("push_up", "toes", "push_up", "On your toes", "På tæerne"),
    _level("side_plank", "knees", "side_plank", "Knees bent, on your lower knee", "Bøjede knæ, på det nederste knæ"),
    _level("side_plank", "straight", "side_plank", "Legs straight", "Strakte ben"),
    _level("bridge", "two_legs", "glute_bridge", "On both legs", "På begge ben"),
    _level("bridge", "hold_5_s", "glute_bridge", "Hold the top for 5 seconds", "Hold øverst i 5 sekunder"),
    _level("bridge", "march", "glute_bridge", "Lift one foot at a time", "Løft én fod ad gangen"),
    _level("bridge", "ball", "glute_bridge", "Feet on a ball", "Fødderne på en bold", surface="ball", rests="feet", in_reach="wall"),
    _level("bridge", "one_leg", "glute_bridge", "On one leg", "På ét ben"),
    _level("step", "10_cm", "step_down", "A step of 10 cm", "Et trin på 10 cm", **_BY_CHAIR),
    _level("step", "15_cm", "step_down", "A step of 15 cm", "Et trin på 15 cm", **_BY_CHAIR),
    _level("step", "20_cm", "step_down", "A step of 20 cm", "Et trin på 20 cm", **_BY_CHAIR),
)  # fmt: skip

LEVELS: dict[str, Level] = {level.id: level for level in _LEVELS}
"""Every level by its id."""


def ladders() -> dict[str, tuple[Level, ...]]:
    """Return each ladder's levels, from easy to hard.

    Returns
    -------
    dict
        Tuples of Level, by the name of the ladder.
    """
    names = dict.fromkeys(level.id.partition(".")[0] for level in _LEVELS)
    return {name: tuple(level for level in _LEVELS if level.id.startswith(f"{name}.")) for name in names}
