"""The use cases: from poses, a landmark file or a video to a judged set. ``run_set`` is the only loop."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from formcheck.engine.analyzer import Analyzer
from formcheck.frames import FrameResult, Pose, Trace
from formcheck.programme import Prescription
from formcheck.records import SetRecord, Source
from formcheck.spec import Exercise


@dataclass(slots=True, frozen=True)
class SetResult:
    """A finished set: the record that is kept, and the trace that it can be judged from again."""

    record: SetRecord
    trace: Trace


def run_set(
    poses: Iterable[Pose],
    exercise: Exercise,
    source: Source,
    *,
    prescription: Prescription | None = None,
    side: str = "auto",
    software: dict[str, str] | None = None,
    on_frame: Callable[[FrameResult], None] | None = None,
) -> SetResult:
    """Feed poses to an analyzer until they end and return the finished set.

    ``side``: ``auto``, ``left`` or ``right`` (the side to judge). ``on_frame`` gets each causal result; what it raises ends the loop.
    Live, upload, batch and re-analysis all run this.
    """
    analyzer = Analyzer(exercise, prescription=prescription, side=side)
    for pose in poses:
        result = analyzer.update(pose)
        if on_frame is not None:
            on_frame(result)
    return SetResult(*analyzer.finish(source, software or {}))
