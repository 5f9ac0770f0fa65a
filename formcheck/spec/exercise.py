"""How an exercise is declared: data only, checked when it is built.

An exercise file holds one constant ``SPEC``. It names its signals (geometry on landmarks), its movement (what counts as a
repetition or a hold) and its rules (what is judged). No functions, no expressions: the engine knows the primitives below.

How points of the body are named: ``formcheck.spec.landmark_refs``.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from formcheck.spec.landmark_refs import AnyPoint, Point, SeenPoint

Window = Literal["descent", "bottom", "ascent", "top", "rep", "hold"]
"""Of a repetition: the way out, the far end and the way back are called by what the body does (``RepCycle.first``)."""
ViewName = Literal["side", "front", "oblique"]
Unit = Literal["deg", "ratio", "s", "count"]
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


class _Spec(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Text(_Spec):
    """A short text in both languages."""

    en: str = Field(min_length=1)
    da: str = Field(min_length=1)

    def __getitem__(self, language: str) -> str:
        return self.da if language == "da" else self.en


class KneeFlexion(_Spec):
    """The engine's best estimate of a knee's flexion (deg, 0 = straight), from whichever method suits the view.

    ``mid``: mean of both legs, from the side the near leg. ``difference``: between the legs, never negative.
    ``drop``: the flexion of two equal knees that would lower the hips as much as they are lowered.
    """

    kind: Literal["knee_flexion"] = "knee_flexion"
    side: Literal["left", "right", "near", "far", "front", "rear", "mid", "difference", "drop"]
    unit: Unit = "deg"


class JointAngle(_Spec):
    """Angle a–b–c in the picture (deg). ``flexion``: 180 minus the angle."""

    kind: Literal["joint_angle"] = "joint_angle"
    a: Point
    b: Point
    c: Point
    flexion: bool = True
    unit: Unit = "deg"


class Inclination(_Spec):
    """Inclination of the line ``start`` → ``end`` (deg) from the vertical or the horizontal.

    ``sign``: ``facing`` = + where the person faces, ``absolute`` = never negative, ``up`` = + when ``end`` is above ``start``
    (from the horizontal only), ``extent`` = from the vertical, by the shortening of the line's vertical extent against its
    calibrated length (works from any view, never negative), ``leaning`` = ``facing``, the mean of what the picture shows and of
    ``extent``: far from upright and not quite from the side the one reads too little where the other reads too much, ``sideways`` =
    from the vertical to either side of the body, for a line that leans forward: a camera that does not stand straight in front
    sees that as leaning sideways, so it is taken out.
    """

    kind: Literal["inclination"] = "inclination"
    start: Point
    end: Point
    reference: Literal["vertical", "horizontal"] = "vertical"
    sign: Literal["facing", "absolute", "up", "extent", "leaning", "sideways"] = "absolute"
    unit: Unit = "deg"


class LineOffset(_Spec):
    """Bend at ``point`` on the line ``a``–``b``: ±(180 − angle a–point–b) deg.

    ``sign``: ``up`` = + when the point lies above the line; ``medial`` = + when it lies nearer the body's midline (for a knee:
    the frontal plane projection angle, + = valgus).
    """

    kind: Literal["line_offset"] = "line_offset"
    point: Point
    a: Point
    b: Point
    sign: Literal["up", "medial"] = "up"
    unit: Unit = "deg"


class DistanceRatio(_Spec):
    """Distance p–q over distance r–s (``per``: a calibrated length instead of r–s).

    ``axis``: ``x``, ``y`` or ``xy``. ``sign``: ``absolute``; ``medial`` = + when p lies nearer the body's midline than q;
    ``up`` = + when p is above q; ``image`` = + when p is right of q in the picture; ``facing`` = + when p is further than q to
    where the person faces; ``sideways`` = + when the hips (p) are nearer than the ankles (q) to the person's left: what bent knees
    put behind the ankles is taken out, which a camera that does not stand straight in front would see as sideways.
    A point may be ``standing.SIDE.JOINT``: the place that the joint had in the standing calibration.
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


class Difference(_Spec):
    """Signal ``a`` minus signal ``b`` of the same exercise."""

    kind: Literal["difference"] = "difference"
    a: str
    b: str
    unit: Unit = "deg"


class HeelRise(_Spec):
    """How far the heels are lifted (deg): the pitch of flat feet that lifts the ankles as much as they, or the hips, are lifted.

    From any view, never negative; against the place and the leg's length of the standing calibration.
    """

    kind: Literal["heel_rise"] = "heel_rise"
    of: Literal["ankle", "hip"] = "ankle"
    unit: Unit = "deg"


Signal = Annotated[
    KneeFlexion | JointAngle | Inclination | LineOffset | DistanceRatio | Difference | HeelRise,
    Field(discriminator="kind"),
]


class RepCycle(_Spec):
    """A repetition: a signal that rises from rest into the effort and returns.

    ``signal``: the name of the driving signal. ``depth_signal``: the signal whose excursion decides whether it counts.
    ``movement_pattern``: what tells this movement from its neighbours, a name of ``formcheck.engine.tracking.patterns``.
    ``first``: what the muscles do on the way out: ``eccentric`` = down first, ``concentric`` = up first.
    ``full_excursion_deg``: a full movement of the driving signal; the limits of noise and hysteresis shrink with it.
    ``rest_deg``: where the driving signal rests; None = at its value in the standing calibration.
    ``starts_at_end_range``: may begin at its far end, as on a chair. ``back_within_deg``: counts only when the depth
    signal comes back to
    this, or to 15 deg above its standing value. ``clock_s``: what is done in this time counts, and one that is more than half-way
    back as it ends; it runs from when the first repetition leaves its far end. ``settle_s``: of a landing: it is followed for so
    long after it began, and the measure ``settled_s`` says for how much of that the feet stayed. ``measured``: signals whose
    value at the far end is a measure of a repetition. ``min_duration_s``: of a whole one; half of it where only the way back is
    seen (``starts_at_end_range``). Counting limits never serve a rule.
    """

    kind: Literal["rep_cycle"] = "rep_cycle"
    signal: str
    depth_signal: str
    movement_pattern: MovementPattern
    first: Literal["eccentric", "concentric"] = "eccentric"
    full_excursion_deg: float = Field(100, ge=20, le=180)
    rest_deg: tuple[float, float] | None = None
    starts_at_end_range: bool = False
    back_within_deg: float | None = Field(None, ge=10, le=60)
    clock_s: float | None = Field(None, ge=10, le=120)
    settle_s: float | None = Field(None, ge=0.5, le=5)
    measured: tuple[str, ...] = ()
    min_excursion_deg: float = Field(35, ge=10, le=60)
    small_excursion_deg: float = Field(20, ge=5, le=30)
    share_of_usual: float = Field(0.6, ge=0.3, le=0.9)
    min_duration_s: float = Field(0.6, ge=0.3, le=2)
    max_duration_s: float = Field(15, ge=5, le=60)

    @property
    def phases(self) -> tuple[Window, Window, Window]:
        """Return what the way out, the far end and the way back are called."""
        return ("descent", "bottom", "ascent") if self.first == "eccentric" else ("ascent", "top", "descent")

    @property
    def depth_measure(self) -> str:
        """Return the measure of a repetition that says how far it went."""
        return f"{self.depth_signal}_peak_deg"


class Bound(_Spec):
    """One limit on one signal that tells whether a body is in a posture. It serves no rule.

    ``low`` and ``high`` hold where a hold begins, ``exit_low`` and ``exit_high`` while it runs (None: the same). A signal that
    cannot be measured is out of a posture that is to begin, and ends no hold that runs.
    ``reference``: what the limits are added to: the signal's value as the hold began (there is no limit before it does).
    ``name``: of one that ends a hold, said as the reason. ``test_only``: looked at in a test alone, never in training.
    ``needs_floor``: cannot be told when the feet stand on something that gives way.
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


class HoldPosture(_Spec):
    """A hold: begins when the posture has lasted for ``enter_s`` and the body has been still for ``still_s``; ends when the
    posture has been gone for ``leave_s``, one of ``ends`` broken for ``end_s``, ``cap_s`` is over, or nobody seen for ``lost_s``.

    ``posture``: a shape that the engine knows (a front plank: ``still_s`` counts off the forearms, ``enter_s`` on them), or
    ``bounds`` on the exercise's signals. Start and end are back-dated: to the first and the last frame within the bounds that
    hold while it runs. ``still_s`` 0: it need not be still, as a foot that has just been lifted is not.
    ``stands``: what the body is measured against: ``standing`` = the standing calibration, ``seated`` = itself, its feet tell
    where it faces, ``lying`` = itself, its head tells.
    ``carried_by``: what tells ``support`` from ``free``: the lower ankle, the lower shoulder, or the foot in front (in the
    picture the lower ankle of a person who faces the camera, which a bound must then see to). ``shown``: the signal of the chart.
    ``best_of``: a test takes the best of the first so many holds of a side.
    """

    kind: Literal["hold_posture"] = "hold_posture"
    posture: Literal["prone_line"] | None = None
    bounds: tuple[Bound, ...] = ()
    ends: tuple[Bound, ...] = ()
    stands: Literal["standing", "seated", "lying"] = "lying"
    carried_by: Literal["ankle", "shoulder", "front_foot"] | None = None
    shown: str
    enter_s: float = Field(1.0, ge=0.2, le=3)
    still_s: float = Field(2.0, ge=0, le=5)
    leave_s: float = Field(3.0, ge=0.1, le=5)
    end_s: float = Field(0.2, ge=0.1, le=5)
    lost_s: float = Field(1.5, ge=0.5, le=5)
    cap_s: float | None = Field(None, ge=5, le=600)
    best_of: int | None = Field(None, ge=1, le=5)

    @model_validator(mode="after")
    def _one_posture(self) -> HoldPosture:
        if (self.posture is None) != bool(self.bounds):
            raise ValueError("give either a posture or bounds")
        if any(bound.name is None for bound in self.ends):
            raise ValueError("what ends a hold is said, so it has a name")
        return self


Movement = Annotated[RepCycle | HoldPosture, Field(discriminator="kind")]


class Condition(_Spec):
    """One limit on one signal or measure.

    ``statistic``: ``turn_median`` (median within 100 ms of the turn), ``sustained`` (the worst value that lasted
    ``Rule.min_duration_s`` in the window), ``measure`` (``signal`` names a measure of the repetition).
    ``reference``: what ``t1`` and ``t2`` are added to (``plus``) or multiplied with (``times``): the standing value of the signal,
    the prescribed depth, cap or descent time. A reference that is not there makes the rule not assessed
    (``no_target``; ``not_calibrated`` for the standing value), unless ``unprescribed`` gives (t1, t2) to use without it.
    ``two_sided``: the distance from the reference is judged, whichever way it goes; t1 and t2 are distances.
    ``min_knee_flexion_deg``, ``max_knee_flexion_deg``: only frames from, or up to, this flexion are looked at.
    ``facing_within_deg``: only where the camera stands no further than this from straight in front of, or behind, the person; for
    a rule's first condition that goes for the rule.
    ``unit``, ``uncertainty``: of this condition where they are not the rule's.
    ``bounds``: the range in which a physiotherapist may set t1 and t2.
    """

    signal: str
    statistic: Literal["turn_median", "sustained", "measure"] = "sustained"
    fault_when: Literal["above", "below"]
    t1: float
    t2: float
    bounds: tuple[float, float]
    reference: Literal["standing", "target_depth", "depth_cap", "eccentric_s"] | None = None
    reference_mode: Literal["plus", "times"] = "plus"
    two_sided: bool = False
    min_knee_flexion_deg: float | None = None
    max_knee_flexion_deg: float | None = None
    facing_within_deg: float | None = Field(None, gt=0, le=32)
    unit: Unit | None = None
    uncertainty: float | None = Field(None, ge=0)
    unprescribed: tuple[float, float | None] | None = None

    @model_validator(mode="after")
    def _ordered(self) -> Condition:
        low, high = self.bounds
        if not (low <= self.t1 <= high and low <= self.t2 <= high):
            raise ValueError(f"{self.signal}: t1 {self.t1} and t2 {self.t2} must lie within {self.bounds}")
        if (self.t2 <= self.t1) if self.fault_when == "above" else (self.t2 >= self.t1):
            raise ValueError(f"{self.signal}: t2 {self.t2} must be further out than t1 {self.t1}")
        if self.two_sided and (self.unprescribed is not None or self.reference_mode == "times"):
            raise ValueError(
                f"{self.signal}: two_sided is a distance, so it goes with plus and with no unprescribed limits"
            )
        return self


class ObliqueBound(_Spec):
    """What breaks a rule of the front even as seen from further round, where nothing can be called right.

    ``signal``: an angle in the picture (its median at the turn). A body within the rule's own limits, which hold from straight
    in front, and within ``side_limits``, those of ``side_rule``, which hold from the side, cannot show more than the two
    together do from there.
    """

    signal: str
    side_rule: str
    side_limits: tuple[float, float]


class Rule(_Spec):
    """One thing that is judged in every repetition or hold.

    Several conditions are joined by ``combine``: ``any`` shows the worst, ``all`` is as bad as its least and shows the first.
    ``max_severity`` 1: only ever a hint, held against t1.
    ``landmarks``: joints (``SIDE.JOINT``) that must be seen in at least 80 % of the window's frames.
    ``joints``: those that are marked when the rule is broken; all of ``landmarks`` when none is named.
    ``uncertainty``: ± of the value, for "borderline"; ``knee`` = that of a knee angle from the view at hand.
    ``min_knee_flexion_deg``: judged only in repetitions that reach it.
    ``side``: whose fault it is, when that is known.
    ``invalidates``: a repetition that breaks it (severity 2) is not counted.
    ``demands_more``: its cue asks for more depth, range or time, so it is not said to a person in pain.
    ``behind``: whether it is judged from further round than the side view too, where the body hides its own front.
    ``between``: of a rule of the front: what breaks it as seen from between there and the side.
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
    min_knee_flexion_deg: float | None = None
    max_severity: Literal[1, 2] = 2
    uncertainty: Annotated[float, Field(ge=0)] | Literal["knee"]
    unit: Unit
    priority: Literal["safety", "alignment", "trunk", "depth", "tempo"]
    invalidates: bool = False
    demands_more: bool = False
    side: Literal["front", "near", "support"] | None = None
    behind: bool = True
    between: ObliqueBound | None = None
    evidence: str = Field(min_length=10)

    @property
    def marked(self) -> tuple[str, ...]:
        """Return the joints that are marked when the rule is broken."""
        return self.joints or self.landmarks


class Demonstration(_Spec):
    """What shows the exercise: a clip in ``sample_videos/``; with ``sample`` None the stick figure of its synthetic clean set."""

    sample: str | None
    alt: Text


class Exercise(_Spec):
    """One exercise. ``id`` is its file's name.

    ``train_view``: where the camera stands when a person trains alone, unless something else is prescribed. ``floor``: done on the
    floor, so it is coached by sound alone. ``hand_raise``: one raised hand may end a set (never on the floor or in balance).
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
    def _between_two_rules(self) -> Exercise:
        for rule in self.rules:
            if rule.between is not None:
                first = self.rule(rule.between.side_rule).conditions[0]
                if rule.between.side_limits != (first.t1, first.t2):
                    raise ValueError(f"{rule.id}: side_limits must be those of {rule.between.side_rule}")
        return self

    @model_validator(mode="after")
    def _windows_are_there(self) -> Exercise:
        known = {"hold"} if self.movement.kind == "hold_posture" else {*self.movement.phases, "rep"}
        for rule in self.rules:
            if not known.issuperset(rule.windows):
                raise ValueError(f"{rule.id}: windows {rule.windows} must be of {sorted(known)}")
        return self

    @property
    def only_hints(self) -> bool:
        """Return whether no rule can be more than a hint, so that a hold is in good form as long as it lasts."""
        return all(rule.max_severity < 2 for rule in self.rules)

    def rule(self, rule_id: str) -> Rule:
        """Return the rule of that id. Raises KeyError."""
        for rule in self.rules:
            if rule.id == rule_id:
                return rule
        raise KeyError(rule_id)
