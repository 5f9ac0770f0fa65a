"""Made bodies with a known fault, and with none: false alarms, misses, and how long after its onset a fault is known live.

Seen from everywhere in a rule's views, with landmark noise. Made bodies prove the rules, not the pose model.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from benchmarks.figures import Figures, percent
from formcheck import exercises
from formcheck.analysis import SetResult
from formcheck.frames import FrameResult
from formcheck.records import Fault, Hold, Rep
from tests.judging import CLEAN, FAULTY, apart, judged, made, prescription

AZIMUTHS = {"front": (-12, -5, 0, 5, 12), "side": (75, 90, 108), "oblique": (45,)}
NOISE_PX = 1.5
COLUMNS = [
    "exercise",
    "rule",
    "good, judged",
    "false alarms (95 %)",
    "faulty, judged",
    "missed (95 %)",
    "onset to verdict, s",
    "end to verdict, s",
]
CUE_WITHIN_S = 0.4


def _runs(name: str, part: object, view: str) -> Iterator[tuple[SetResult, list[FrameResult]]]:
    parts = [part] * 2 if apart(name) else [CLEAN[name], part]
    for seed, azimuth_deg in enumerate(AZIMUTHS[view]):
        seen: list[FrameResult] = []
        poses = made(name, parts, azimuth_deg, noise_px=NOISE_PX, seed=seed).poses
        yield judged(poses, name, prescription=prescription(name), on_frame=seen.append), seen


def _judged(result: SetResult) -> list:
    return [*result.record.reps, *result.record.holds]


def false_alarms(names: Sequence[str]) -> dict[tuple[str, str], tuple[int, int]]:
    """Return for each exercise and rule: severe faults in clean repetitions and holds, and how many of those it judged."""
    out: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for name in names:
        for view in exercises.load(name).views:
            for result, _ in _runs(name, CLEAN[name], view):
                for part in _judged(result):
                    severe = {fault.rule for fault in part.faults if fault.severity == 2}
                    for verdict in part.verdicts:
                        count = out[name, verdict.rule]
                        count[0] += verdict.rule in severe
                        count[1] += verdict.outcome != "not_assessed"
    return {key: tuple(count) for key, count in out.items()}


def misses(name: str, rule: str) -> tuple[int, int, list[float], list[float]]:
    """Return how many faulty repetitions or holds a rule missed, how many it judged, and the seconds from the fault's onset, and
    from the end of its repetition, until it was known live."""
    faulty, missed, cases, onset_s, end_s = FAULTY[name][rule], 0, 0, [], []
    for result, seen in _runs(name, faulty.part, faulty.view):
        for part in _judged(result):
            if any(verdict.rule == rule and verdict.outcome == "not_assessed" for verdict in part.verdicts):
                continue
            cases += 1
            fault = next((fault for fault in part.faults if fault.rule == rule), None)
            missed += fault is None
            known = next((f.t_s for f in seen if fault is not None and _shows(f, rule, part, fault)), None)
            if fault is not None and known is not None:
                onset_s.append(known - fault.start_s)
                end_s.append(known - part.end_s)
    return missed, cases, onset_s, end_s


def _shows(frame: FrameResult, rule: str, part: Rep | Hold, fault: Fault) -> bool:
    """Return whether a live frame is the first to show a fault: in a hold at once, of a repetition when it is over."""
    if isinstance(part, Rep):
        return rule in frame.faults and frame.rep_count + frame.partial_count >= part.index
    return rule in frame.faults and frame.t_s >= fault.start_s


def rows(names: Sequence[str], figures: Figures) -> list[list[str]]:
    """Return one row a rule, and add the figures."""
    alarms, out, totals = false_alarms(names), [], defaultdict(int)
    waits: dict[str, list[float]] = defaultdict(list)
    for name in names:
        hold = exercises.load(name).movement.kind == "hold_posture"
        for rule in FAULTY[name]:
            wrong, good = alarms[name, rule]
            missed, faulty, onset_s, end_s = misses(name, rule)
            for key, n in (("wrong", wrong), ("good", good), ("missed", missed), ("faulty", faulty)):
                totals[key] += n
            waits["hold" if hold else "rep"] += onset_s if hold else end_s
            after = "-" if hold or not end_s else f"{sum(end_s) / len(end_s):.2f}"
            since = f"{sum(onset_s) / len(onset_s):.2f}" if onset_s else "-"
            out.append(
                [name, rule, str(good), percent(wrong, good), str(faulty), percent(missed, faulty), since, after]
            )
    figures.share("false alarms in clean sets (made bodies)", totals["wrong"], totals["good"])
    figures.share("faulty ones missed (made bodies)", totals["missed"], totals["faulty"])
    figures.mean("hold: from the fault's onset to the live verdict", waits["hold"], "s")
    figures.mean("repetition: from its end to the live verdict", waits["rep"], "s")
    in_time = sum(wait <= CUE_WITHIN_S for kind in waits.values() for wait in kind)
    figures.share(
        "live verdicts within 0.4 s of the onset (holds) or of the end (repetitions)",
        in_time,
        sum(map(len, waits.values())),
    )
    return out
