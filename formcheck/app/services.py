"""Analyses for the pages, without Streamlit: each is a job in a worker thread that leaves its files in a folder.

The script thread starts a job and reads its state, and never waits. The worker thread never calls Streamlit.
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
    from formcheck.model.records import Rep
    from formcheck.spec.exercise import Exercise

RECORD_FILE, TRACE_FILE, VIDEO_FILE, REPORT_FILE = "set.json", "trace.csv", "annotated.mp4", "report.{language}.html"
PERSON_FILE = "person-{number}.jpg"
"""A cut-out of one of several people."""
DEPTH_BOUNDS_DEG = (20.0, 150.0)
"""The target depths that can be chosen (deg, default)."""
CONVERTED_FILE = "converted.mp4"
"""A copy of the video for browsers that cannot play the original."""
SCHEDULER_VARIABLE = "FORMCHECK_SCHEDULER"
"""The address of a Dask scheduler whose workers analyse uploads. Unset: this process does."""


class JobState(enum.Enum):
    """The state of a job."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(slots=True, frozen=True)
class AnalysisOutcome:
    """A finished analysis and the folder of its files."""

    request: Request
    exercise: Exercise
    result: SetResult
    folder: Path

    def report_file(self, language: str) -> Path:
        """Return the HTML report in a language. The first call writes it. Raises OutputError."""
        from formcheck.files.atomic import open_output
        from formcheck.reports.html import html_report

        path = self.folder / REPORT_FILE.format(language=language)
        if not path.exists():
            with open_output(path, "w") as file:
                file.write(html_report(self.result.record, self.result.trace, self.exercise, language))
        return path

    def person_file(self, number: int) -> Path:
        """Return a picture of one of several people, numbered from the left. The first call cuts it out. Raises SourceError."""
        from formcheck.files.atomic import open_output
        from formcheck.video.files import Reading
        from formcheck.video.stills import box_out, frame_at

        source = self.result.record.source
        path = self.folder / PERSON_FILE.format(number=number)
        if not path.exists() and source.person is not None:
            seen = source.person.people[number - 1]
            picture = box_out(frame_at(self.request.video, seen.seen_s, Reading.of(source)), seen.box_px)
            with open_output(path, "wb") as file:
                file.write(picture)
        return path

    def film(self) -> tuple[Path, float]:
        """Return a video that browsers play, the original if possible, and the set's time at its beginning (s)."""
        path = self.folder / CONVERTED_FILE
        return (path, self.request.start_s or 0.0) if path.exists() else (self.request.video, 0.0)

    def video_file(self) -> Path | None:
        """Return the annotated video; None before ``draw`` has drawn it."""
        path = self.folder / VIDEO_FILE
        return path if path.exists() else None


class UploadJob:
    """Work in its own thread. The script thread builds it and calls ``start``.

    ``state`` is set last: a finished job already has its ``outcome`` or ``error``.
    """

    def __init__(self, request: Request, work: Callable[[StageProgress], AnalysisOutcome]) -> None:
        self.request = request
        self.stage: Stage = "measuring"
        self.frames = 0
        self.share: float | None = 0.0
        self.state = JobState.RUNNING
        self.outcome: AnalysisOutcome | None = None
        self.error: Exception | None = None
        self._work = work
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="formcheck-analysis", daemon=True)

    def start(self) -> UploadJob:
        """Start the thread and return the job."""
        self._thread.start()
        return self

    def cancel(self) -> None:
        """Ask the work to stop at its next picture."""
        self._stop.set()

    def wait(self, timeout_s: float | None = None) -> JobState:
        """Wait for the end of the work, and return the state."""
        self._thread.join(timeout_s)
        return self.state

    def stop(self) -> None:
        """Cancel and wait, so that the work no longer uses the files."""
        self.cancel()
        self.wait(30)

    @property
    def cancelling(self) -> bool:
        """True between ``cancel`` and the end of the work."""
        return self._stop.is_set() and self.state is JobState.RUNNING

    def _progress(self, stage: Stage, frames: int, share: float | None) -> None:
        if self._stop.is_set():
            raise AnalysisCancelledError
        self.stage, self.frames, self.share = stage, frames, None if share is None else min(max(share, 0.0), 1.0)

    def _run(self) -> None:
        try:
            self.outcome = self._work(self._progress)
            ended = JobState.DONE
        except AnalysisCancelledError:
            ended = JobState.CANCELLED
        except Exception as error:
            self.error, ended = error, JobState.FAILED
        self.state = ended


def scheduler() -> str | None:
    """Return the address of the Dask cluster that analyses uploads; None: this process does."""
    return os.environ.get(SCHEDULER_VARIABLE, "").strip() or None


def sent_suffix() -> str:
    """Return the ending of text keys about where a video goes: ``_sent`` if another machine gets it, else empty."""
    return "_sent" if scheduler() else ""


def analyse(request: Request, folder: Path, progress: StageProgress, cluster: str | None = None) -> AnalysisOutcome:
    """Analyse a video and write record and angles to ``folder``, and a copy of the video if browsers do not play it.

    ``cluster``: the address of a Dask scheduler whose workers measure; None: this thread measures. Raises Unsure, FormcheckError,
    and the exceptions of ``progress``.
    """
    from formcheck.files.atomic import open_output
    from formcheck.files.traces import write_trace
    from formcheck.video.annotate import plays_as_analysed, transcode
    from formcheck.video.files import Reading, probe

    exercise_id, result = measure(request, progress) if cluster is None else _measure_on(cluster, request, progress)
    if not plays_as_analysed(probe(request.video), result.record):
        converted = functools.partial(progress, "converting")
        reading = Reading.of(result.record.source)
        transcode(request.video, folder / CONVERTED_FILE, request.start_s, request.end_s, converted, reading)
    write_trace(result.trace, folder / TRACE_FILE)
    with open_output(folder / RECORD_FILE, "w") as file:
        file.write(result.record.model_dump_json(indent=2) + "\n")
    return AnalysisOutcome(request, exercises.load(exercise_id), result, folder)


def _measure_on(cluster: str, request: Request, progress: StageProgress) -> IdentifiedSet:
    """Let the cluster measure. If it cannot, the reason goes to the terminal, and the person reads what to do."""
    try:
        return measure_on(cluster, request, progress)
    except WorkerError as error:
        print(str(error).replace(str(request.video), "an uploaded video"), file=sys.stderr)
        raise


def draw(outcome: AnalysisOutcome, language: str, progress: StageProgress) -> AnalysisOutcome:
    """Draw the set into its video. Raises FormcheckError, and the exceptions of ``progress``."""
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
    """Return the ids and names of all exercises, sorted by name."""
    names = {name: exercises.load(name).name[language] for name in exercises.names()}
    return dict(sorted(names.items(), key=lambda item: item[1]))


def judges_depth(exercise: Exercise) -> bool:
    """Return whether a rule compares repetitions with a target depth."""
    return any(condition.reference == "target_depth" for rule in exercise.rules for condition in rule.conditions)


def takes_depth(exercise: Exercise) -> bool:
    """Return whether a target depth can be chosen: the depth is a knee angle, and no seat limits it."""
    decides = getattr(exercise.movement, "depth_signal", None)
    seated = getattr(exercise.movement, "movement_pattern", None) == "seat"
    of_knee = decides is None or exercise.signals[decides].kind == "knee_flexion"
    return judges_depth(exercise) and of_knee and not seated


def saved_name(request: Request, file: str) -> str:
    """Return the name of a saved result: the video's own name, then the kind of file."""
    return f"{Path(request.name).stem}-{file}"


def best_rep(reps: list[Rep]) -> Rep | None:
    """Return the counted repetition with the least to correct; among equals, the one with the most judged rules.

    None when fewer than two were counted, or no rule could be judged in any of them.
    """
    counted = [rep for rep in reps if rep.counted]
    judged = {rep.index: sum(v.outcome != "not_assessed" for v in rep.verdicts) for rep in counted}
    if len(counted) < 2 or not any(judged.values()):
        return None
    return min(counted, key=lambda rep: (sum(fault.severity for fault in rep.faults), -judged[rep.index], rep.index))
