"""The Python interface: one call from a video, a landmark file or poses to a judged set.

    import formcheck

    squats = formcheck.analyze("squats.mp4", exercise="squat", start_s=5)
    squats.repetitions[["start_s", "knee_flexion_peak_deg", "depth"]]
    squats.plot()
    squats.save("results")

The words are those of the command line, and the record is identical to the one that ``formcheck analyze`` writes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from formcheck import exercises as catalogue
from formcheck.errors import OutputError, UsageError
from formcheck.model.frames import Trace
from formcheck.spec.prescription import Prescription, parse_prescription, read_prescription
from formcheck.video.clock import MAX_FPS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import altair as alt
    import pandas as pd

    from formcheck.analysis.run import PoseSequence
    from formcheck.model.frames import Pose
    from formcheck.model.records import Hold, Rep, SetRecord
    from formcheck.spec.exercise import Exercise

Language = Literal["en", "da"]
SAVED = {"json": ".json", "csv": ".csv", "npz": ".npz", "html": ".html"}
"""What ``AnalyzedSet.save`` writes by default, with each file's ending."""
_AUTO = "auto"


@dataclass(frozen=True, repr=False)
class AnalyzedSet:
    """One judged set.

    Attributes
    ----------
    record : SetRecord
        The result that is stored and exchanged: repetitions, holds, verdicts, faults, and what could not be assessed.
    trace : Trace
        The raw landmarks and every signal, picture by picture.
    exercise : Exercise
        The exercise that the set was judged as.
    language : {"en", "da"}
        The language of the words in plots, reports and notebooks.
    """

    record: SetRecord
    trace: Trace
    exercise: Exercise
    language: Language = "en"

    @cached_property
    def repetitions(self) -> pd.DataFrame:
        """One row per repetition, small ones included (``counted`` is False); the index is the repetition's number.

        Times are seconds of the file. Each measure has its own column, and each rule two: the outcome (``ok``, ``fault``,
        ``not_assessed``) under the rule's id, and ``<rule>_reason``. NaN is what could not be measured.
        """
        rows = [
            {
                "repetition": rep.index,
                "counted": rep.counted,
                "side": rep.side,
                "start_s": rep.start_s,
                "turn_s": rep.turn_s,
                "end_s": rep.end_s,
                **_judged(rep),
            }
            for rep in self.record.reps
        ]
        return _frame(rows, "repetition", ("counted", "side", "start_s", "turn_s", "end_s"))

    @cached_property
    def holds(self) -> pd.DataFrame:
        """One row per hold, with the columns of ``repetitions`` that a hold has, and its clocks (s)."""
        rows = [
            {
                "hold": hold.index,
                "side": hold.side,
                "start_s": hold.start_s,
                "end_s": hold.end_s,
                "in_form_s": hold.in_form_s,
                "longest_in_form_s": hold.longest_in_form_s,
                "ended": hold.ended,
                **_judged(hold),
            }
            for hold in self.record.holds
        ]
        return _frame(rows, "hold", ("side", "start_s", "end_s", "in_form_s", "longest_in_form_s", "ended"))

    @cached_property
    def angles(self) -> pd.DataFrame:
        """One row per picture, indexed by ``t_s``: every signal of the trace (deg or ratio; NaN = not measurable).

        ``phase`` is the phase of the movement, ``repetition`` the number of the repetition or hold (0 = between two).
        """
        import pandas as pd

        trace = self.trace
        columns = {**trace.signals, "phase": trace.phase, "repetition": trace.rep}
        return pd.DataFrame(columns, index=pd.Index(trace.t_s, name="t_s"))

    def plot(self, *, dark: bool = False) -> alt.LayerChart:
        """Draw the main angle over time, with repetitions, target and faults.

        Parameters
        ----------
        dark : bool
            Colours for a dark page.

        Returns
        -------
        altair.LayerChart
            The chart of the review page.

        Raises
        ------
        OutputError
            ``nothing_to_plot``: the main angle was never measured.
        """
        from formcheck.reports.interactive import angle_chart

        chart = angle_chart(self.record, self.trace, self.exercise, self.language, dark=dark)
        if chart is None:
            raise OutputError("There is nothing to plot: the main angle was never measured.", code="nothing_to_plot")
        return chart

    def save(self, folder: Path | str, formats: Sequence[str] = tuple(SAVED)) -> list[Path]:
        """Write the set into a folder, which is made when it is missing. Each file is written whole or not at all.

        Parameters
        ----------
        folder : Path or str
            Where to write. A file of the same name is replaced.
        formats : sequence of str
            ``html`` (the report), and any of ``formcheck.exports.FORMATS``.

        Returns
        -------
        list of Path
            The files that were written, named after the source and the exercise.

        Raises
        ------
        UsageError
            ``unknown_format``.
        OutputError
            The folder or a file cannot be written.
        """
        from formcheck.exports import FORMATS, SetToExport, export
        from formcheck.files.atomic import make_folder, write_text
        from formcheck.reports.html import html_report

        unknown = [name for name in formats if name != "html" and name not in FORMATS]
        if unknown:
            known = ", ".join(["html", *FORMATS])
            raise UsageError(
                f"There is no format {unknown[0]!r}. There are: {known}.",
                code="unknown_format",
                name=unknown[0],
                known=known,
            )
        folder = Path(folder)
        make_folder(folder)
        stem = f"{Path(self.record.source.name).stem}.{self.record.exercise}"
        written = []
        for name in formats:
            path = folder / f"{stem}{SAVED.get(name) or FORMATS[name].ending}"
            if name == "html":
                write_text(path, html_report(self.record, self.trace, self.exercise, self.language))
            else:
                export(SetToExport(self.record, self.trace, self.exercise, self.language), name, path)
            written.append(path)
        return written

    def __repr__(self) -> str:
        from formcheck.reports.tables import summary_sentence

        return f"<{self.record.source.name}: {summary_sentence(self.record, self.exercise, self.language)}>"

    def _repr_html_(self) -> str:
        """Return what a notebook shows: the summary, then the repetitions or holds, and what there is to correct."""
        from formcheck.reports import tables

        record, exercise, language = self.record, self.exercise, self.language
        lines = [exercise.name[language], tables.view_line(record, language)]
        body = [
            f"<p>{escape(' · '.join(line for line in lines if line))}<br>",
            f"<strong>{escape(tables.summary_sentence(record, exercise, language))}</strong></p>",
        ]
        for row_type, rows in (
            (tables.RepRow, tables.rep_rows(record, exercise, language)),
            (tables.HoldRow, tables.hold_rows(record, exercise, language)),
            (tables.FaultRow, tables.fault_rows(record, exercise, language)),
            (tables.NotAssessedRow, tables.not_assessed_rows(record, exercise, language)),
        ):
            if rows:
                body.append(_html_table(tables.headers(row_type, language), rows))
        return "\n".join(body)


def analyze(
    source: Path | str | Trace | Iterable[Pose],
    exercise: str | Exercise,
    *,
    prescription: Prescription | Mapping[str, object] | Path | str | None = None,
    side: Literal["auto", "left", "right"] = "auto",
    model: Literal["lite", "full"] = "full",
    start_s: float | None = None,
    end_s: float | None = None,
    turn_deg: Literal[0, 90, 180, 270] = 0,
    max_fps: float | None = MAX_FPS,
    person: int | None = None,
    language: Language = "en",
    progress: Callable[[int, float | None], None] | None = None,
) -> AnalyzedSet:
    """Analyze a video, saved landmarks or poses as one exercise.

    Parameters
    ----------
    source : Path, str, Trace or iterable of Pose
        A video; landmarks as an ``.npz`` file that formcheck wrote, or as a ``Trace``; or poses, such as those of
        ``ReplayEstimator`` or ``formcheck.synthetic``.
    exercise : str or Exercise
        An id of ``formcheck.exercises()``, an exercise, or ``"auto"``: the one exercise that is recognised.
    prescription : Prescription, mapping, Path or str, optional
        The targets and limits to judge against, as an object, as its fields (``{"target_depth_deg": 90}``), or as a JSON file.
    side : {"auto", "left", "right"}
        The side to judge.
    model : {"full", "lite"}
        The pose model, for a video.
    start_s, end_s : float, optional
        The part to look at (s of the file). Times in the result stay those of the file.
    turn_deg : {0, 90, 180, 270}
        Turn the pictures of a video clockwise, beyond what the file says of itself: for a film that lies on its side.
    max_fps : float or None
        At most so many pictures a second of a video are looked at, evenly by time. None: all.
    person : int, optional
        Whom of several people in a video to follow, counted from the left of the picture, from 1. Default: the one who
        does most of the exercise. ``record.source.person`` says who was followed.
    language : {"en", "da"}
        The language of the words in plots, reports and notebooks.
    progress : callable, optional
        Called with the number of pictures done and their share of the whole (None = unknown). An exception that it
        raises ends the work.

    Returns
    -------
    AnalyzedSet
        The record, the trace, and both as tables and pictures.

    Raises
    ------
    SourceError
        The video or the landmarks cannot be read, or nothing lies between ``start_s`` and ``end_s``.
    SpecError
        The prescription does not fit the exercise.
    UsageError
        There is no such exercise or no such person, or with ``"auto"`` no single exercise was recognised.
    ModelFileError, EstimatorError
        The pose model is missing, or cannot be run on this machine.
    """
    chosen = catalogue.load(exercise) if isinstance(exercise, str) and exercise != _AUTO else exercise
    given = None
    if prescription is not None:
        if isinstance(chosen, str):
            raise UsageError("A prescription is for one exercise: name it in place of auto.", code="auto_prescribed")
        given = _prescription(prescription, chosen)
    looked_at: dict[str, Any] = {
        "model": model,
        "turn_deg": turn_deg,
        "max_fps": max_fps,
        "person": person,
        "progress": progress,
    }
    material = _material(source, start_s, end_s, looked_at)
    if isinstance(chosen, str):
        chosen = _recognised(material)
    result = material.judge(chosen, prescription=given, side=side)
    return AnalyzedSet(result.record, result.trace, chosen, language)


def load_exercise(exercise_id: str) -> Exercise:
    """Return an exercise: its names, signals, movement and rules.

    Parameters
    ----------
    exercise_id : str
        One of ``formcheck.exercises()``.

    Returns
    -------
    Exercise
        Data only; it cannot be changed.

    Raises
    ------
    UsageError
        There is no exercise of that id. The sentence suggests the nearest one.
    """
    return catalogue.load(exercise_id)


def _material(
    source: Path | str | Trace | Iterable[Pose],
    start_s: float | None,
    end_s: float | None,
    looked_at: dict[str, Any],
) -> PoseSequence:
    """Return the poses of a source. ``looked_at``: how a video is looked at, as ``read_video`` takes it."""
    from formcheck.analysis.run import PoseSequence, read_poses, read_video
    from formcheck.files.traces import poses_from_trace
    from formcheck.model.records import Source

    if isinstance(source, (str, Path)):
        if Path(source).suffix.lower() == ".npz":
            return read_poses(source, start_s=start_s, end_s=end_s)
        return read_video(source, start_s=start_s, end_s=end_s, **looked_at)
    poses = tuple(poses_from_trace(source) if isinstance(source, Trace) else source)
    if not poses:
        raise UsageError("There are no poses to analyze.", code="no_poses")
    width, height = poses[0].size_px
    made = Source(
        name="landmarks", width=width, height=height, duration_s=round(float(poses[-1].t_s), 3), kind="landmarks"
    )
    events = source.file_events if isinstance(source, Trace) else ()
    return PoseSequence(poses, made, {}, events=events).part(start_s, end_s)


def _recognised(material: PoseSequence) -> Exercise:
    from formcheck.analysis.recognition import check_found, recognise

    found = recognise(material.poses)
    check_found(found)
    if len(found) != 1 or found[0].exercise is None:
        names = ", ".join(segment.exercise or "?" for segment in found) or "none"
        raise UsageError(
            f"No single exercise was recognised (found: {names}). Name the exercise, or a part with start_s and end_s.",
            code="one_exercise_expected",
            found=names,
        )
    return catalogue.load(found[0].exercise)


def _prescription(given: Prescription | Mapping[str, object] | Path | str, exercise: Exercise) -> Prescription:
    if isinstance(given, Mapping):
        given = parse_prescription({"exercise": exercise.id, **given}, "prescription")
    elif not isinstance(given, Prescription):
        given = read_prescription(Path(given))
    given.check(exercise)
    return given


def _judged(bout: Rep | Hold) -> dict[str, object]:
    """Return the measures of a repetition or hold, and the outcome and reason of each rule."""
    rules: dict[str, object] = {}
    for verdict in bout.verdicts:
        rules |= {verdict.rule: verdict.outcome, f"{verdict.rule}_reason": verdict.reason}
    return {**bout.measures, **rules}


def _frame(rows: list[dict[str, object]], index: str, columns: Sequence[str]) -> pd.DataFrame:
    import pandas as pd

    return (pd.DataFrame(rows) if rows else pd.DataFrame(columns=[index, *columns])).set_index(index)


def _html_table(headers: Mapping[str, str], rows: Sequence[object]) -> str:
    head = "".join(f"<th>{escape(words)}</th>" for words in headers.values())
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(str(getattr(row, name)))}</td>" for name in headers) + "</tr>" for row in rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
