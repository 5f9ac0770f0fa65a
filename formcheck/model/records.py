"""The record of one set, as it is stored and exchanged. ``SetRecord.model_json_schema()`` is the documented contract.

Times are seconds of the source file. A number that could not be measured is ``null``, never 0.
Every rule has one of three outcomes in every repetition or hold: ``ok``, ``fault`` or ``not_assessed`` with a reason.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

SCHEMA_VERSION = "1.2"
"""1.1 added ``condition`` to verdicts and faults, 1.2 ``nothing``; earlier ones are read as they are."""

Side = Literal["left", "right"]
ViewLabel = Literal["side", "front", "oblique", "unknown"]
Outcome = Literal["ok", "fault", "not_assessed"]
Reason = Literal[
    "wrong_view",  # this rule cannot be judged from where the camera stands
    "turned",  # the camera stands too far to the side of the person for this rule
    "landmark_hidden",  # a needed joint is hidden or not believable
    "person_cut_off",  # a needed joint is outside the picture
    "too_few_frames",  # not enough pictures to judge
    "too_shallow",  # the movement was too small for this rule to mean anything
    "not_calibrated",  # the person never stood still and upright
    "no_target",  # the rule needs a prescribed target and there is none
    "surface",  # a cushion, board or ball hides it from the camera
    "turned_off",  # the prescription turns the rule off
    "nothing_done",  # no repetition or hold to judge
]
EventKind = Literal[
    "person_lost",
    "person_changed",
    "film_cut",
    "camera_moved",
    "repetition_cut_off",  # the set ends on the way back of this repetition, which is not counted
    "file_ended_early",  # from the last picture to the end that the file's header promises
    "picture_turned",  # the picture has another shape than at the beginning: it was fitted in, not squashed
    "too_dark",  # the pictures are too dark for the pose model
]

NothingReason = Literal[
    "one_picture",  # there is no movement in one picture
    "nobody",  # hardly any picture shows a person
    "too_dark",  # the pictures are too dark
    "too_short",  # no repetition or hold fits into the time
    "picture_on_side",  # the person moves as if standing, but lies across the picture or upside down
    "not_upright",  # the trunk lies in the picture, in an exercise that is done standing
    "not_lying",  # the trunk is upright in the picture, in an exercise that is done on the floor
    "too_far",  # the person is too small in the picture
    "outside_picture",  # a part of the body lies outside the picture
    "person_changed",  # another person was in the picture in place of the first
    "not_believed",  # what was seen has hardly ever a person's proportions
    "film_cut",  # cuts leave no time for a repetition
    "few_pictures",  # too few pictures a second
    "never_began",  # the person is there and does not move
    "other_exercise",  # the movement is that of another exercise
    "rule_broken",  # repetitions of full size broke a rule without which none counts
    "wrong_view",  # this exercise cannot be told from where the camera stands
    "turned_away",  # the person faces away from the camera
    "too_slow",  # the movement stands still for too long within a repetition
    "too_fast",
    "unfinished",  # the pictures begin or end in the middle of the only repetition
    "never_stood_still",  # the person never stood still and upright, which everything is measured against
    "too_small",  # the movement did not go far enough
    "not_still",  # the body was never still for long enough to begin a hold
    "camera_moved",
    "moved_about",  # the person, or the camera, moved through the picture
    "hidden",  # joints are hidden
    "not_in_position",  # the posture of the hold was never there for long enough
    "unlike",  # the movement was not recognised as that of the exercise
]
NothingRemedy = Literal[
    "film_movement",
    "more_light",
    "whole_body",
    "film_longer",
    "turn_film",
    "turn_or_choose",
    "come_closer",
    "be_alone",
    "film_at_once",
    "more_pictures",
    "judge_as",
    "keep_rule",
    "film_from",
    "move_faster",
    "move_slower",
    "stand_still",
    "go_further",
    "keep_still",
    "fix_camera",
    "stay_in_place",
    "take_position",
    "check_exercise",
]


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Fault(_Record):
    """One rule broken in one repetition or hold. ``rep`` is the index of the repetition or hold (from 1)."""

    rule: str
    condition: str | None = Field(None, description="the condition of the rule that ``value`` and ``limit`` are of")
    severity: Literal[1, 2] = Field(description="1 = hint, 2 = fault")
    rep: int | None
    side: Side | None = None
    value: float
    limit: float
    unit: str
    uncertainty: float | None = Field(None, description="± of the value, same unit")
    borderline: bool = Field(False, description="the value lies within its uncertainty of the limit")
    start_s: float
    end_s: float
    worst_s: float


class Verdict(_Record):
    """The outcome of one rule in one repetition or hold."""

    rule: str
    condition: str | None = Field(None, description="the condition of the rule that ``value`` and ``limit`` are of")
    outcome: Outcome
    reason: Reason | None = None
    value: float | None = None
    limit: float | None = None
    unit: str = ""


class Rep(_Record):
    """One repetition. ``counted`` is False for a small one, which is stored but not counted.

    ``near_side``: which side was nearer the camera, seen from the side; the person may turn round within a set.
    """

    index: int
    side: Side | None = None
    near_side: Side | None = None
    start_s: float
    turn_s: float
    end_s: float
    counted: bool
    measures: dict[str, float | None]
    verdicts: list[Verdict] = []
    faults: list[Fault] = []


class Hold(_Record):
    """One hold. ``in_form_s`` stops while the form is broken. ``side``: the near one, or the one that carries the body."""

    index: int
    side: Side | None = None
    start_s: float
    end_s: float
    in_form_s: float
    longest_in_form_s: float
    ended: str | None = Field(
        None,
        description="what ended it: a limit of the posture by its id, time (the longest that counts), unseen; "
        "null: the pictures ended, or it is not told",
    )
    measures: dict[str, float | None] = {}
    verdicts: list[Verdict] = []
    faults: list[Fault] = []


class NotAssessed(_Record):
    """A rule that could not be judged: in the whole set (``reps`` is null) or in some repetitions."""

    rule: str
    reason: Reason
    reps: list[int] | None = None


class Nothing(_Record):
    """One reason why nothing was counted, with what would help."""

    reason: NothingReason
    seen: dict[str, float | str] = Field({}, description="the numbers behind it by name, with their unit in the name")
    remedy: NothingRemedy


class CalibrationSummary(_Record):
    """The standing calibration of a set. Lengths in pixels."""

    source: Literal["standing", "provisional", "none"]
    start_s: float | None = None
    end_s: float | None = None
    leg_length_px: float | None = None
    standing_knee_flexion_deg: float | None = None


class View(_Record):
    """Where the camera stood. ``azimuth_deg``: 0 in front of the person, 90 at their left side, -90 right, 180 behind."""

    label: ViewLabel
    direction: Literal["towards", "away"] | None = Field(
        None, description="the person faces towards or away from the camera"
    )
    azimuth_deg: float | None
    near_side: Side | None = None
    calibration: CalibrationSummary


class SeenPerson(_Record):
    """One of several people in a video, as seen in one picture: for a cut-out of it."""

    seen_s: float
    box_px: tuple[float, float, float, float] = Field(
        description="left, top, right, bottom; may reach beyond the picture"
    )


class FollowedPerson(_Record):
    """Which one of several people in a video was followed."""

    number: int = Field(description="counted from the left of the picture, from 1")
    on_request: bool = Field(description="false: the one who did most of the exercise, or moved most, was followed")
    people: list[SeenPerson] = Field(description="all that could be followed, from the left")


class Source(_Record):
    """Where the pictures or landmarks came from."""

    name: str
    sha256: str | None = None
    width: int
    height: int
    duration_s: float
    rotation_deg: int = 0
    kind: Literal["video", "landmarks", "camera"] = "video"
    pose_in: Literal["browser", "server"] | None = Field(
        None, description="live: where the pose was estimated; only landmarks leave a browser"
    )
    start_s: float | None = Field(None, description="analysed from here, when trimmed")
    end_s: float | None = None
    turned_deg: int = Field(0, description="turned on request, clockwise, beyond what the file says of itself")
    max_frames_per_s: float | None = Field(
        None, description="at most so many pictures a second were looked at; null: all that there are"
    )
    person: FollowedPerson | None = Field(
        None, description="null: one person at a time was seen, or it was not looked for"
    )


class Quality(_Record):
    """How much could be seen. Shares are 0..1 of all frames."""

    frames: int
    person_share: float
    assessable_share: float
    frames_per_s: float | None = None
    broken_frames: int = 0


class Statistic(_Record):
    """One measure over the counted repetitions. ``drift``: mean of the last three minus mean of the first three (needs six)."""

    mean: float
    sd: float | None
    drift: float | None


class SetupSignature(_Record):
    """Says which sets may be compared: same view, similar azimuth and similar height of the person in the picture."""

    view: ViewLabel
    azimuth_deg: float | None
    person_height_share: float | None


class Event(_Record):
    """Something that interrupted the analysis, or that is not as it should be in the file."""

    kind: EventKind
    start_s: float
    end_s: float


class SetRecord(_Record):
    """One analysed set."""

    schema_version: str = SCHEMA_VERSION
    exercise: str
    view: View
    source: Source
    quality: Quality
    rep_count: int
    partial_count: int
    reps: list[Rep]
    holds: list[Hold]
    hold_s: float
    in_form_s: float
    longest_in_form_s: float
    faults: list[Fault]
    not_assessed: list[NotAssessed]
    nothing: list[Nothing] = Field(
        [], description="why no repetition was counted and no hold was held, most likely first; else empty"
    )
    statistics: dict[str, Statistic] = {}
    setup: SetupSignature
    events: list[Event] = []
    prescription: dict[str, Any] | None = Field(
        None, description="the prescription that it was judged against, as given"
    )
    software: dict[str, str]

    @property
    def person_seen(self) -> bool:
        """Return whether a person was in the pictures at all: for long enough, or in anything that was counted."""
        return self.quality.person_share > 0 or self.rep_count > 0 or bool(self.holds)

    @property
    def shown_faults(self) -> list[Fault]:
        """Return the faults that a person is shown. Those of small repetitions stay in the record: a small one is no blame."""
        partial = {rep.index for rep in self.reps if not rep.counted}
        return [fault for fault in self.faults if fault.rep not in partial]

    @property
    def worst_fault(self) -> Fault | None:
        """Return the shown fault to look at first: severity 2 before 1, then the furthest beyond its limit; None without any."""

        def weight(fault: Fault) -> tuple[float, ...]:
            beyond = abs(fault.value - fault.limit) / (fault.uncertainty or abs(fault.limit) or 1.0)
            return fault.severity, beyond, -fault.worst_s

        return max(self.shown_faults, key=weight, default=None)

    @property
    def anything_ok(self) -> bool:
        """Return whether some rule was judged and found ok: without it, no fault means nothing."""
        verdicts = [rep.verdicts for rep in self.reps if rep.counted] + [hold.verdicts for hold in self.holds]
        return any(verdict.outcome == "ok" for part in verdicts for verdict in part)
