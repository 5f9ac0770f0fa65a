"""What the pages do, without Streamlit: an analysis as a job in a worker thread, and the files that it leaves.

The script thread starts a job and reads where it is; it never waits. The worker thread never calls Streamlit.
"""

from __future__ import annotations

import enum
import functools
import os
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from formcheck import exercises
from formcheck.analysis.request import AnalysisCancelledError, IdentifiedSet, Request, Stage, StageProgress, measure
from formcheck.batch.upload import measure_on
from formcheck.errors import WorkerError

if TYPE_CHECKING:
    from collections.abc import Callable

    from formcheck.analysis.run import SetResult
    from formcheck.model.records import Fault, Rep, SetRecord
    from formcheck.spec.exercise import Exercise

RECORD_FILE, TRACE_FILE, VIDEO_FILE, REPORT_FILE = "set.json", "trace.csv", "annotated.mp4", "report.{language}.html"
DEPTH_BOUNDS_DEG = (20.0, 150.0)
CONVERTED_FILE = "converted.mp4"
"""The video again, for browsers that cannot play the original."""
SCHEDULER_VARIABLE = "FORMCHECK_SCHEDULER"


class State(enum.Enum):
    """Where a job is."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(slots=True, frozen=True)
class Outcome:
    """A finished analysis and the folder of its files."""

    request: Request
    exercise: Exercise
    result: SetResult
    folder: Path

    def report_file(self, language: str) -> Path:
        """Return the HTML report in that language, written on first use. Raises OutputError."""
        from formcheck.files.atomic import open_output
        from formcheck.reports.html import html_report

        path = self.folder / REPORT_FILE.format(language=language)
        if not path.exists():
            with open_output(path, "w") as file:
                file.write(html_report(self.result.record, self.result.trace, self.exercise, language))
        return path

    def film(self) -> tuple[Path, float]:
        """Return the video that a browser plays, the original where it can, and the set's time at its beginning (s)."""
        path = self.folder / CONVERTED_FILE
        return (path, self.request.start_s or 0.0) if path.exists() else (self.request.video, 0.0)

    def video_file(self) -> Path | None:
        """Return the annotated video, None before it is drawn (see ``draw``)."""
        path = self.folder / VIDEO_FILE
        return path if path.exists() else None


class UploadJob:
    """One piece of work in its own thread. Build it and call ``start`` from the script thread.

    ``state`` is set last, so a finished job has its ``outcome`` or ``error`` in place.
    """

    def __init__(self, request: Request, work: Callable[[StageProgress], Outcome]) -> None:
        self.request = request
        self.stage: Stage = "measuring"
        self.frames = 0
        self.share: float | None = 0.0
        self.state = State.RUNNING
        self.outcome: Outcome | None = None
        self.error: Exception | None = None
        self._work = work
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="formcheck-analysis", daemon=True)

    def start(self) -> UploadJob:
        self._thread.start()
        return self

    def cancel(self) -> None:
        """Ask the work to stop at its next picture."""
        self._stop.set()

    def wait(self, timeout_s: float | None = None) -> State:
        """Wait for the end of the work; return the state."""
        self._thread.join(timeout_s)
        return self.state

    def stop(self) -> None:
        """Cancel and wait, so that nothing is still using the files."""
        self.cancel()
        self.wait(30)

    @property
    def cancelling(self) -> bool:
        """True from the wish to stop until the work has stopped."""
        return self._stop.is_set() and self.state is State.RUNNING

    def _progress(self, stage: Stage, frames: int, share: float | None) -> None:
        if self._stop.is_set():
            raise AnalysisCancelledError
        self.stage, self.frames, self.share = stage, frames, None if share is None else min(max(share, 0.0), 1.0)

    def _run(self) -> None:
        try:
            self.outcome = self._work(self._progress)
            ended = State.DONE
        except AnalysisCancelledError:
            ended = State.CANCELLED
        except Exception as error:
            self.error, ended = error, State.FAILED
        self.state = ended


def scheduler() -> str | None:
    """Return the address of the Dask cluster that analyses what is uploaded; None: this process does it itself."""
    return os.environ.get(SCHEDULER_VARIABLE, "").strip() or None


def sent() -> str:
    """Return what the keys of sentences about where a video goes end with: it is sent to another machine, or it is not."""
    return "_sent" if scheduler() else ""


def analyse(request: Request, folder: Path, progress: StageProgress, cluster: str | None = None) -> Outcome:
    """Analyse a video and leave record and angles in ``folder``, and the video again where browsers do not play it.

    ``cluster``: the address of a Dask scheduler whose workers do the long part; None: this thread does. Raises
    ExerciseUnclearError, FormcheckError, and what ``progress`` raises.
    """
    from formcheck.files.atomic import open_output
    from formcheck.files.traces import write_trace
    from formcheck.video.annotate import plays_in_browsers, transcode
    from formcheck.video.files import probe

    exercise_id, result = measure(request, progress) if cluster is None else _measure_on(cluster, request, progress)
    if result.record.quality.broken_frames or not plays_in_browsers(probe(request.video)):
        converted = functools.partial(progress, "converting")
        transcode(request.video, folder / CONVERTED_FILE, request.start_s, request.end_s, converted)
    write_trace(result.trace, folder / TRACE_FILE)
    with open_output(folder / RECORD_FILE, "w") as file:
        file.write(result.record.model_dump_json(indent=2) + "\n")
    return Outcome(request, exercises.load(exercise_id), result, folder)


def _measure_on(cluster: str, request: Request, progress: StageProgress) -> IdentifiedSet:
    """Let the cluster measure; where it cannot, whoever runs the app reads the reason, and the person what to do."""
    try:
        return measure_on(cluster, request, progress)
    except WorkerError as error:
        print(str(error).replace(str(request.video), "an uploaded video"), file=sys.stderr)
        raise


def draw(outcome: Outcome, language: str, progress: StageProgress) -> Outcome:
    """Draw the set into its video, to be saved. Raises FormcheckError, and what ``progress`` raises."""
    from formcheck.video.annotate import annotate

    drawn = functools.partial(progress, "drawing")
    annotate(
        outcome.request.video,
        outcome.result,
        outcome.exercise,
        outcome.folder / VIDEO_FILE,
        language=language,
        progress=drawn,
    )
    return outcome


def exercise_names(language: str) -> dict[str, str]:
    """Return the ids of all exercises with their names, in the order of their names."""
    names = {name: exercises.load(name).name[language] for name in exercises.names()}
    return dict(sorted(names.items(), key=lambda item: item[1]))


def judges_depth(exercise: Exercise) -> bool:
    """True when some rule holds a repetition against a target depth."""
    return any(condition.reference == "target_depth" for rule in exercise.rules for condition in rule.conditions)


def takes_depth(exercise: Exercise) -> bool:
    """True when a target depth can be chosen for this exercise: it is that of the knee, and no seat decides it."""
    decides = getattr(exercise.movement, "depth_signal", None)
    seated = getattr(exercise.movement, "movement_pattern", None) == "seat"
    of_knee = decides is None or exercise.signals[decides].kind == "knee_flexion"
    return judges_depth(exercise) and of_knee and not seated


def worst_fault(record: SetRecord) -> Fault | None:
    """Return the fault to look at first (``SetRecord.worst_fault``)."""
    return record.worst_fault


def saved_name(request: Request, file: str) -> str:
    """Return the name under which a result is saved: the video's own name, then what it is."""
    return f"{Path(request.name).stem}-{file}"


def best_rep(reps: list[Rep]) -> Rep | None:
    """Return the counted repetition with the least to correct; among equals the one of which most could be judged.

    None when fewer than two were counted, or nothing could be judged in any of them.
    """
    counted = [rep for rep in reps if rep.counted]
    judged = {rep.index: sum(v.outcome != "not_assessed" for v in rep.verdicts) for rep in counted}
    if len(counted) < 2 or not any(judged.values()):
        return None
    return min(counted, key=lambda rep: (sum(fault.severity for fault in rep.faults), -judged[rep.index], rep.index))
