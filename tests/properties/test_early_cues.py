"""A cue that comes while a repetition still runs: soon, true, and never for a clean one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from formcheck.engine.analyzer import Analyzer
from formcheck.engine.judging.in_progress import is_irreversible
from formcheck.exercises import load, names
from formcheck.model.records import Rep, SetRecord, Source
from formcheck.spec.prescription import Prescription
from tests.synthetic_cases import CLEAN, FAULTY, VIEW_AZIMUTHS, made, prescription

if TYPE_CHECKING:
    from collections.abc import Sequence

    from formcheck.model.frames import FrameResult, Pose

WITHIN_S = 0.4  # as ``CUE_WITHIN_S`` of benchmarks/faults.py, here after the worst moment of the fault
NOISE = {"noise_px": 1.5, "seed": 3}
LIVE_S = 0.3  # a repetition of the record begins and ends this near to the live one
REPETITIONS = [name for name in names() if load(name).movement.kind == "rep_cycle"]
EARLY = [
    (name, rule.id)
    for name in REPETITIONS
    for rule in load(name).rules
    if is_irreversible(load(name), rule) and rule.id in FAULTY[name]
]
AT_ITS_END = {
    "squat": {"depth", "tempo", "lockout"},
    "lunge": {"depth", "wobble", "tempo"},
    "push_up": {"depth", "lockout", "tempo"},
    "sit_to_stand": {"not_up", "depth", "plop"},
    "jump_landing": {rule.id for rule in load("jump_landing").rules},
}


def followed(
    poses: Sequence[Pose], name: str, said: Sequence[str], given: Prescription | None = None
) -> tuple[list[FrameResult], SetRecord]:
    """Return the live results of a set in which only these rules are said, and its record."""
    exercise = load(name)
    analyzer = Analyzer(
        exercise,
        prescription=given or prescription(name),
        suppressed={rule.id for rule in exercise.rules} - set(said),
    )
    results = [analyzer.update(pose) for pose in poses]
    width, height = poses[0].size_px
    source = Source(name="synthetic", width=width, height=height, kind="landmarks", duration_s=poses[-1].t_s)
    return results, analyzer.finish(source, {})[0]


def early_cues(results: Sequence[FrameResult]) -> list[FrameResult]:
    """Return the results whose cue came in a frame in which no repetition ended."""
    over = [0] + [result.rep_count + result.partial_count for result in results]
    return [r for r, before in zip(results, over) if r.cue and r.rep_count + r.partial_count == before]


def at(t_s: float, record: SetRecord) -> Rep:
    """Return the repetition of that time. Raises StopIteration."""
    return next(rep for rep in record.reps if rep.start_s - LIVE_S <= t_s <= rep.end_s + LIVE_S)


@pytest.mark.parametrize(("name", "waits"), AT_ITS_END.items())
def test_what_can_only_be_known_at_the_end_waits_for_it(name, waits):
    assert {rule.id for rule in load(name).rules if not is_irreversible(load(name), rule)} == waits


@pytest.mark.parametrize(("name", "rule"), EARLY)
def test_a_cue_in_a_repetition_is_held_by_the_record(name, rule):
    faulty = FAULTY[name][rule]
    poses = made(name, [faulty.part] * 2, VIEW_AZIMUTHS[faulty.view], **NOISE).poses
    results, record = followed(poses, name, [rule])
    for cue in early_cues(results):
        assert rule in {fault.rule for fault in at(cue.t_s, record).faults}
    assert rule in {result.cue for result in results}
    faults = [fault for fault in record.faults if fault.rule == rule]
    if not faults[0].borderline:  # certain before the repetition is over; a hint is said when it comes again
        sure = faults[2 - load(name).rule(rule).max_severity]
        assert min(cue.t_s for cue in early_cues(results)) <= sure.worst_s + WITHIN_S


@pytest.mark.parametrize("name", REPETITIONS)
def test_no_clean_repetition_is_interrupted(name):
    for view in load(name).views:
        poses = made(name, [CLEAN[name]] * 2, VIEW_AZIMUTHS[view], **NOISE).poses
        results, _ = followed(poses, name, [rule.id for rule in load(name).rules])
        assert not early_cues(results), view


@pytest.mark.parametrize(("limits", "soon"), [(None, False), ({"hint_limit": 12, "fault_limit": 16}, True)])
def test_the_limits_of_the_prescription_hold_while_the_repetition_runs(limits, soon):
    """The trunk leans enough for a hint by the rule's own limits, and for a fault by those that were set."""
    part = replace(CLEAN["squat"], lean_deg=50)
    poses = made("squat", [part] * 2, VIEW_AZIMUTHS["side"], **NOISE).poses
    given = Prescription(
        exercise="squat", rules={"trunk_lean": {"limits": {"trunk_against_shank": limits}}} if limits else {}
    )
    results, record = followed(poses, "squat", ["trunk_lean"], given)
    assert {fault.severity for fault in record.faults if fault.rule == "trunk_lean"} == {2 if soon else 1}
    assert bool(early_cues(results)) == soon
