"""Count false alarms and misses on synthetic bodies with one known fault or none, and measure the delay of the live cue.

The cameras stand all over a rule's views, and the landmarks are noisy. Synthetic bodies prove the rules, not the pose model.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchmarks.figures import Figures, percent
from formcheck import exercises
from formcheck.engine.analyzer import Analyzer
from formcheck.engine.judging.in_progress import is_irreversible
from formcheck.spec.prescription import ConditionLimits, Prescription, RuleSetting
from tests.synthetic_cases import CLEAN, FAULTY, apart, judged, made, prescription

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from formcheck.analysis.run import SetResult
    from formcheck.model.frames import FrameResult, Pose

AZIMUTHS = {"front": (-12, -5, 0, 5, 12), "side": (75, 90, 108), "oblique": (45,)}
NOISE_PX = 1.5
COLUMNS = [
    "exercise",
    "rule",
    "good, judged",
    "false alarms (95 %)",
    "faulty, judged",
    "missed (95 %)",
    "known",
    "onset to cue, s: mean (most)",
    "end to cue, s: mean (most)",
]
CUE_WITHIN_S = 0.4
ONSET_S = 0.3
"""The record's repetition begins and ends within this time (s) of the live one."""


def _runs(name: str, part: object, view: str) -> Iterator[tuple[SetResult, list[FrameResult]]]:
    parts = [part] * 2 if apart(name) else [CLEAN[name], part]
    for seed, azimuth_deg in enumerate(AZIMUTHS[view]):
        seen: list[FrameResult] = []
        poses = made(name, parts, azimuth_deg, noise_px=NOISE_PX, seed=seed).poses
        yield judged(poses, name, prescription=prescription(name), on_frame=seen.append), seen


def _judged(result: SetResult) -> list:
    return [*result.record.reps, *result.record.holds]


def said_early(result: SetResult, seen: Sequence[FrameResult]) -> Counter:
    """Count the cues before the end of their repetition: ``early`` all of them, ``untrue`` those whose fault the record lacks."""
    count, over = Counter(), 0
    for frame in seen:
        if frame.cue is not None and frame.rep_count + frame.partial_count <= over and result.record.reps:
            here = (rep for rep in result.record.reps if rep.start_s - ONSET_S <= frame.t_s <= rep.end_s + ONSET_S)
            count["early"] += 1
            count["untrue"] += not any(fault.rule == frame.cue for rep in here for fault in rep.faults)
        over = frame.rep_count + frame.partial_count
    return count


def false_alarms(names: Sequence[str], said: Counter) -> dict[tuple[str, str], tuple[int, int]]:
    """Return, by exercise and rule, the severe faults in clean repetitions and holds and the number judged.

    The counts of ``said_early`` are added to ``said``.
    """
    out: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for name in names:
        for view in exercises.load(name).views:
            for result, seen in _runs(name, CLEAN[name], view):
                said += said_early(result, seen)
                for part in _judged(result):
                    severe = {fault.rule for fault in part.faults if fault.severity == 2}
                    for verdict in part.verdicts:
                        count = out[name, verdict.rule]
                        count[0] += verdict.rule in severe
                        count[1] += verdict.outcome != "not_assessed"
    return {key: tuple(count) for key, count in out.items()}


def misses(name: str, rule: str, said: Counter) -> tuple[int, int]:
    """Return the number of faulty repetitions or holds that a rule missed and judged. ``said``: as in ``false_alarms``."""
    faulty, missed, cases = FAULTY[name][rule], 0, 0
    for result, seen in _runs(name, faulty.part, faulty.view):
        said += said_early(result, seen)
        for part in _judged(result):
            if any(verdict.rule == rule and verdict.outcome == "not_assessed" for verdict in part.verdicts):
                continue
            cases += 1
            missed += all(fault.rule != rule for fault in part.faults)
    return missed, cases


@dataclass(slots=True, frozen=True)
class Wait:
    """Seconds from a fault's onset, and from the end of its repetition, to its cue; negative when the cue came first."""

    onset_s: float
    end_s: float


def waits(name: str, rule: str) -> list[Wait]:
    """Return the wait for a rule's first cue in each set that breaks the rule, while all other cues are suppressed.

    In a hold it is the wait for the first verdict, since a hint there has no cue.
    """
    faulty, out = FAULTY[name][rule], []
    exercise = exercises.load(name)
    hold = exercise.movement.kind == "hold_posture"
    for seed, azimuth_deg in enumerate(AZIMUTHS[faulty.view]):
        parts = [faulty.part] * 2 if apart(name) else [CLEAN[name], faulty.part]
        poses, record = (
            made(name, parts, azimuth_deg, **noise).poses for noise in ({"noise_px": NOISE_PX, "seed": seed}, {})
        )
        most = exercise.rule(rule).max_severity
        heard = (f.t_s for f in _heard(poses, name, rule) if (f.faults.get(rule) == most if hold else f.cue == rule))
        said_s = next(heard, None)
        truth = judged(record, name, prescription=_from_the_fault_on(name, rule)).record
        onsets = [
            (fault.start_s, part.end_s)
            for part in (*truth.reps, *truth.holds)
            for fault in part.faults
            if fault.rule == rule
        ]
        before = [
            (start_s, end_s) for start_s, end_s in onsets if said_s is not None and start_s <= said_s + CUE_WITHIN_S
        ]
        if before:
            start_s, end_s = before[-1]
            out.append(Wait(said_s - start_s, said_s - end_s))
    return out


def _heard(poses: Sequence[Pose], name: str, rule: str) -> Iterator[FrameResult]:
    """Yield the live results of a set in which only this rule may give a cue."""
    exercise = exercises.load(name)
    others = {other.id for other in exercise.rules} - {rule}
    analyzer = Analyzer(exercise, prescription=prescription(name), suppressed=others)
    yield from map(analyzer.update, poses)


def _from_the_fault_on(name: str, rule_id: str) -> Prescription:
    """Return a prescription whose hint limit lies just below the fault limit, so that a fault starts when it is severe."""
    rule, given = exercises.load(name).rule(rule_id), prescription(name) or Prescription(exercise=name)
    condition = rule.conditions[0]
    if rule.max_severity == 1 or condition.statistic != "sustained":
        return given
    hint_limit = condition.fault_limit - (condition.fault_limit - condition.hint_limit) * 1e-6
    setting = RuleSetting(limits={condition.id: ConditionLimits(hint_limit=hint_limit)})
    return given.model_copy(update={"rules": {rule_id: setting}})


def rows(names: Sequence[str], figures: Figures) -> list[list[str]]:
    """Return one row for each rule and add the figures."""
    said = Counter()
    alarms, out, totals = false_alarms(names, said), [], defaultdict(int)
    kinds: dict[str, list[Wait]] = defaultdict(list)
    for name in names:
        exercise = exercises.load(name)
        hold = exercise.movement.kind == "hold_posture"
        for rule in FAULTY[name]:
            wrong, good = alarms[name, rule]
            missed, faulty = misses(name, rule, said)
            for key, n in (("wrong", wrong), ("good", good), ("missed", missed), ("faulty", faulty)):
                totals[key] += n
            waited = waits(name, rule)
            early = not hold and is_irreversible(exercise, exercise.rule(rule))
            kinds["hold" if hold else "early" if early else "end"] += waited
            after = "-" if hold else _range([wait.end_s for wait in waited])
            since = _range([wait.onset_s for wait in waited])
            known = "while held" if hold else "in the repetition" if early else "at its end"
            out.append(
                [name, rule, str(good), percent(wrong, good), str(faulty), percent(missed, faulty), known, since, after]
            )
    figures.share("false alarms in clean sets (made bodies)", totals["wrong"], totals["good"])
    figures.share("faulty ones missed (made bodies)", totals["missed"], totals["faulty"])
    figures.share("cues in a repetition whose fault the record does not hold", said["untrue"], said["early"])
    figures.mean("hold: from the fault's onset to the live verdict", [wait.onset_s for wait in kinds["hold"]], "s")
    figures.mean("known in the repetition: from the onset to the cue", [wait.onset_s for wait in kinds["early"]], "s")
    figures.mean("known at its end: from the end to the cue", [wait.end_s for wait in kinds["end"]], "s")
    for kind, words in (
        ("hold", "holds"),
        ("early", "rules known in the repetition"),
        ("end", "rules known at its end"),
    ):
        in_time = sum(wait.onset_s <= CUE_WITHIN_S for wait in kinds[kind])
        figures.share(f"within {CUE_WITHIN_S} s of the onset: {words}", in_time, len(kinds[kind]))
    return out


def _range(seconds: Sequence[float]) -> str:
    """Return the mean and the greatest value in words."""
    return f"{sum(seconds) / len(seconds):.2f} ({max(seconds):.2f})" if seconds else "-"
