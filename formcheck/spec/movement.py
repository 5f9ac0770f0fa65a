"""Movements: what counts as one repetition or one hold of an exercise, and what is measured of it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from formcheck.spec.base import SpecModel, Text, Unit, ViewName

Window = Literal["descent", "bottom", "ascent", "top", "rep", "hold"]
"""A part of a repetition or hold. The phases of a repetition are named by what the body does (``RepCycle.first_phase``)."""
MovementPattern = Literal[
    "parallel",
    "split",
    "wide",
    "single",
    "step",
    "seat",
    "heels",
    "hands",
    "supine",
    "all_fours",
    "landing",
    "hop",
    "reach",
]
"""A name of ``formcheck.engine.tracking.patterns``."""


class RepMeasure(SpecModel):
    """A number that is stored of every repetition. No rule is needed for it.

    Attributes
    ----------
    name : str
        What records call it. Stored files hold it, so it never changes.
    signal : str
        The signal that it is taken from.
    statistic : str
        ``turn_median``: the median within 0.1 s of the turn.
        ``up_minus_down``: the signal on the way back minus on the way out, each where the depth is 60 % of this repetition's.
        ``reversals``: how often the signal turns back by at least 0.04, beyond the one way out and back.
    unit : str
    views : tuple of str
        From elsewhere the measure is NaN. Empty: from everywhere.
    max_depth_deg : float or None
        In repetitions that go deeper the measure is NaN.
    """

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    signal: str
    statistic: Literal["turn_median", "up_minus_down", "reversals"] = "turn_median"
    unit: Unit
    views: tuple[ViewName, ...] = ()
    max_depth_deg: float | None = None


class RepCycle(SpecModel):
    """A repetition: a signal that rises from rest into the effort and returns. Limits of counting never serve a rule.

    Attributes
    ----------
    signal : str
        The name of the driving signal.
    depth_signal : str
        The signal that says how deep a repetition went.
    counted_signal : str or None
        The signal whose excursion decides whether a repetition counts. None: ``depth_signal``. It is another one where depth
        cannot be told from every view, or where a joint that tells it is often hidden.
    movement_pattern : str
        What tells this movement from its neighbours.
    first_phase : str
        What the muscles do on the way out: ``eccentric`` = down first, ``concentric`` = up first.
    full_excursion_deg : float
        A full movement of the driving signal. The limits of noise and hysteresis shrink with it.
    rest_deg : tuple of two floats, or None
        Where the driving signal rests. None: at its value in the standing calibration.
    starts_at_end_range : bool
        Whether a set may begin at the far end, as on a chair.
    back_within_deg : float or None
        A repetition counts only when the depth signal comes back to this, or to 15 deg above its standing value.
    clock_s : float or None
        A timed set: what is done in this time counts, and a repetition that is more than half-way back as the time ends
        counts too. The clock runs from when the first repetition leaves its far end.
    settle_s : float or None
        Of a landing: it is followed for this long after it began. The measure ``settled_s`` says for how much of that
        time the feet stayed.
    measured : tuple of RepMeasure
        What is stored of every repetition besides its depth and its times.
    max_pause_s : float
        The longest time for which the movement may stand still within a repetition. How long a repetition takes is not limited.
    min_duration_s : float
        The shortest whole repetition. Where only the way back is seen (``starts_at_end_range``), half of it.
    """

    kind: Literal["rep_cycle"] = "rep_cycle"
    signal: str
    depth_signal: str
    counted_signal: str | None = None
    movement_pattern: MovementPattern
    first_phase: Literal["eccentric", "concentric"] = "eccentric"
    full_excursion_deg: float = Field(100, ge=20, le=180)
    rest_deg: tuple[float, float] | None = None
    starts_at_end_range: bool = False
    back_within_deg: float | None = Field(None, ge=10, le=60)
    clock_s: float | None = Field(None, ge=10, le=120)
    settle_s: float | None = Field(None, ge=0.5, le=5)
    measured: tuple[RepMeasure, ...] = ()
    min_excursion_deg: float = Field(35, ge=10, le=60)
    small_excursion_deg: float = Field(20, ge=5, le=30)
    share_of_usual: float = Field(0.6, ge=0.3, le=0.9)
    min_duration_s: float = Field(0.6, ge=0.3, le=2)
    max_pause_s: float = Field(15, ge=5, le=60)

    @property
    def phases(self) -> tuple[Window, Window, Window]:
        """Return the names of the way out, the far end and the way back."""
        return ("descent", "bottom", "ascent") if self.first_phase == "eccentric" else ("ascent", "top", "descent")

    @property
    def depth_measure(self) -> str:
        """Return the measure that says how far a repetition went (deg)."""
        return f"{self.depth_signal}_peak_deg"

    @property
    def range_measure(self) -> str:
        """Return the measure of the excursion from rest to the far end (deg)."""
        return f"{self.depth_signal}_range_deg"

    @property
    def rest_measure(self) -> str:
        """Return the measure of the depth signal at rest (deg)."""
        return f"{self.depth_signal}_standing_deg"

    @property
    def return_measure(self) -> str:
        """Return the measure that says where a repetition came back to (deg)."""
        return f"{self.depth_signal}_top_deg"

    @property
    def main_signal(self) -> str:
        """Return the signal that charts show."""
        return self.depth_signal


class Bound(SpecModel):
    """One limit on one signal that tells whether a body is in a posture. It serves no rule.

    NaN violates an entry bound and satisfies an exit bound.

    Attributes
    ----------
    low, high : float or None
        The limits where a hold begins.
    exit_low, exit_high : float or None
        The limits while a hold runs. None: the same.
    reference : str or None
        ``start``: the limits are added to the signal's value as the hold began. Before it begins there is no limit.
    name : Text or None
        The reason that is given when this bound ends a hold.
    test_only : bool
        Whether it is checked in tests alone, never in training.
    needs_floor : bool
        Whether it cannot be told when the feet stand on something that gives way.
    """

    id: str = Field(pattern=r"^[a-z][a-z_]*$")
    signal: str
    low: float | None = None
    high: float | None = None
    exit_low: float | None = None
    exit_high: float | None = None
    reference: Literal["start"] | None = None
    name: Text | None = None
    test_only: bool = False
    needs_floor: bool = False

    @model_validator(mode="after")
    def _the_way_out_is_wider(self) -> Bound:
        if self.low is None and self.high is None:
            raise ValueError(f"{self.id}: give low or high")
        for inner, outer, sign in ((self.low, self.exit_low, 1), (self.high, self.exit_high, -1)):
            if outer is not None and (inner is None or sign * (outer - inner) > 0):
                raise ValueError(f"{self.id}: a hold that runs may not be held to more than one that begins")
        return self


class HoldPosture(SpecModel):
    """A hold.

    It begins when the posture has lasted for ``enter_s`` and the body has been still for ``still_s``. It ends when the
    posture has been gone for ``leave_s``, when one of ``termination`` has been broken for ``end_s``, when ``cap_s`` is over,
    or when no person has been seen for ``lost_s``. Start and end are back-dated to the first and the last frame within the
    bounds of a running hold.

    Attributes
    ----------
    posture : str or None
        A shape that the engine knows, instead of ``bounds``. ``prone_line`` is a front plank: there ``still_s`` counts off
        the forearms and ``enter_s`` on them.
    bounds : tuple of Bound
        The posture.
    termination : tuple of Bound
        What ends a hold although the posture lasts.
    reference_posture : str
        What the body is measured against. ``standing``: the standing calibration. ``seated``: itself, and its feet tell
        where it faces. ``lying``: itself, and its head tells.
    carried_by : str or None
        What tells the ``support`` side from the ``free`` one: the lower ankle, the lower shoulder, or the foot in front.
        The foot in front is the lower ankle of a person who faces the camera, so a bound must make sure of that.
    chart_signal : str
        The signal that charts show.
    still_s : float
        0: the body need not be still, as a foot that has just been lifted is not.
    best_of : int or None
        A test takes the best of the first so many holds of a side.
    """

    kind: Literal["hold_posture"] = "hold_posture"
    posture: Literal["prone_line"] | None = None
    bounds: tuple[Bound, ...] = ()
    termination: tuple[Bound, ...] = ()
    reference_posture: Literal["standing", "seated", "lying"] = "lying"
    carried_by: Literal["ankle", "shoulder", "front_foot"] | None = None
    chart_signal: str
    enter_s: float = Field(1.0, ge=0.2, le=3)
    still_s: float = Field(2.0, ge=0, le=5)
    leave_s: float = Field(3.0, ge=0.1, le=5)
    end_s: float = Field(0.2, ge=0.1, le=5)
    lost_s: float = Field(1.5, ge=0.5, le=5)
    cap_s: float | None = Field(None, ge=5, le=600)
    best_of: int | None = Field(None, ge=1, le=5)

    @property
    def main_signal(self) -> str:
        """Return the signal that charts show."""
        return self.chart_signal

    @model_validator(mode="after")
    def _one_posture(self) -> HoldPosture:
        if (self.posture is None) != bool(self.bounds):
            raise ValueError("give either a posture or bounds")
        if any(bound.name is None for bound in self.termination):
            raise ValueError("what ends a hold is said, so it has a name")
        return self


Movement = Annotated[RepCycle | HoldPosture, Field(discriminator="kind")]
"""A repetition or a hold; ``kind`` tells them apart in JSON."""
