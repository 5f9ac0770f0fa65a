"""``formcheck analyze``: a video or saved landmarks to a judged set, on the screen and in files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from formcheck import exercises
from formcheck.analysis import hold_sway, run
from formcheck.analysis.recognition import AUTO, ExerciseSegment, analysis_ranges, check_found, recognise
from formcheck.analysis.request import supports_sway
from formcheck.cli.handover import write_report
from formcheck.cli.screen import progress_bar, say, say_error, show_table, write_stdout
from formcheck.engine.signals.sway import HOLD_FROM_S
from formcheck.errors import SpecError, UsageError
from formcheck.files.atomic import check_output, make_folder, write_text
from formcheck.files.traces import write_trace
from formcheck.i18n import translator
from formcheck.i18n.numbers import clock, share
from formcheck.reports import tables
from formcheck.reports.findings import side_lines, sway_lines
from formcheck.reports.nothing import nothing_lines
from formcheck.spec.prescription import Prescription, parse_prescription, read_prescription
from formcheck.video.clock import MAX_FPS

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from formcheck.model.records import SetRecord
    from formcheck.spec.exercise import Exercise

NOBODY = 4
"""Exit code: no person was seen."""
STDOUT = Path("-")
"""The name that stands for the standard output."""
ENDINGS = {"json": ".json", "trace": ".csv", "annotate": ".mp4", "report": ".html"}


@dataclass(slots=True, frozen=True)
class Outputs:
    """The files to write; None = not wanted. ``json`` may be ``-``, the standard output. ``sway``: show the sway too."""

    json: Path | None
    trace: Path | None
    annotate: Path | None
    report: Path | None
    sway: bool = False

    @property
    def files(self) -> list[Path]:
        """The outputs that are files."""
        named = (self.json, self.trace, self.annotate, self.report)
        return [path for path in named if path is not None and path != STDOUT]


def analyze(args: argparse.Namespace) -> int:
    """Analyse, write the requested files and show the set. Returns 0, or 4 when no person was seen. Raises FormcheckError."""
    _check_arguments(args)
    exercise = None if args.exercise == AUTO else exercises.load(args.exercise)
    prescription = prescription_of(args, exercise) if exercise else None
    outputs = _outputs(args, args.exercise)
    if args.out is not None:
        make_folder(args.out)
    _check_outputs(outputs, args.landmarks or args.video)
    material = _read(args)
    if exercise is None:
        return _analyze_what_is_found(material, args)
    result = _with_sway(material.judge(exercise, prescription=prescription, side=args.side), args)
    _write(result, outputs, exercise, args)
    if outputs.json == STDOUT:
        write_stdout(result.record.model_dump_json(indent=2) + "\n")
    else:
        _show(result.record, outputs, exercise, args.language)
    if result.record.person_seen:
        return 0
    return _nobody(*nothing_lines(result.record.nothing[:1], exercise, args.language))


def _analyze_what_is_found(material: run.PoseSequence, args: argparse.Namespace) -> int:
    """Analyse each segment in which an exercise is recognised as a set of its own.

    An uncertain segment is reported after everything else is written: UsageError ``exercise_unsure``.
    """
    if not any(pose.seen for pose in material.poses):
        t = translator(args.language)
        return _nobody(t("nothing.reason.nobody", share=share(1.0, args.language)), t("nothing.remedy.whole_body"))
    with progress_bar(args.language, "cli.progress.recognising", "cli.progress.exercises", every=1) as progress:
        found = recognise(material.poses, progress)
    records = []
    for number, (segment, part) in enumerate(zip(found, analysis_ranges(found), strict=True), start=1):
        if segment.exercise is None:
            continue
        exercise = exercises.load(segment.exercise)
        outputs = _outputs(args, exercise.id, number if len(found) > 1 else None)
        _check_outputs(outputs, args.landmarks or args.video)
        result = material.part(*part).judge(exercise, side=args.side)
        _write(result, outputs, exercise, args)
        records.append(result.record.model_dump_json(indent=2))
        if outputs.json != STDOUT:
            _say_found(segment, number, exercise, args.language)
            _show(result.record, outputs, exercise, args.language)
    if args.json == STDOUT and records:
        write_stdout((records[0] if len(found) == 1 else f"[{','.join(records)}]") + "\n")
    check_found(found)
    return 0


def _nobody(*sentences: str) -> int:
    say_error(" ".join(sentences))
    return NOBODY


def _check_arguments(args: argparse.Namespace) -> None:
    if (args.video is None) == (args.landmarks is None):
        raise UsageError("Name one video, or landmarks with --landmarks FILE.npz.", code="one_source")
    if args.landmarks is not None and args.annotate is not None and not args.plain_background:
        raise UsageError(
            "--annotate needs a video: landmarks alone have no pictures to draw on. Or draw with --plain-background.",
            code="annotate_landmarks",
        )
    if args.landmarks is not None and any(asked is not None for asked in (args.rotate, args.fps, args.person)):
        raise UsageError(
            "--rotate, --fps and --person are about the pictures of a video: landmarks have none.",
            code="landmarks_no_pictures",
        )
    if args.sway and (
        args.landmarks is not None or args.exercise == AUTO or not supports_sway(exercises.load(args.exercise))
    ):
        raise UsageError(
            "--sway looks at a video a second time: name the video, and one exercise of standing in balance.",
            code="sway_of_what",
        )
    if args.start is not None and args.end is not None and args.end <= args.start:
        raise UsageError(
            f"--end {args.end:g} must be later than --start {args.start:g}.",
            code="end_before_start",
            start=args.start,
            end=args.end,
        )
    if args.exercise == AUTO and (args.prescription is not None or args.target_depth is not None):
        raise UsageError(
            "A prescription is for one exercise: name it with --exercise, in place of auto.", code="auto_prescribed"
        )
    if args.json is not None and str(args.json) == "-":
        args.json = STDOUT
    for name in ("trace", "annotate"):
        path, endings = getattr(args, name), {"trace": (".csv", ".npz"), "annotate": (".mp4",)}[name]
        if path is not None and path.suffix.lower() not in ("", *endings):
            listed = " / ".join(endings)
            raise UsageError(
                f"--{name} {path}: the name must end in {listed}.",
                code="output_ending",
                name=name,
                path=str(path),
                endings=listed,
            )


def _with_sway(result: run.SetResult, args: argparse.Namespace) -> run.SetResult:
    """Return the set with the sway of its long holds, if requested."""
    if not args.sway or not result.record.holds:
        return result
    with progress_bar(args.language, "cli.progress.measuring") as progress:
        return hold_sway.measure_sway(args.video, result, model=args.model, progress=progress)


def prescription_of(args: argparse.Namespace, exercise: Exercise) -> Prescription | None:
    """Return the prescription of the file, with ``--target-depth`` filled in; None when neither is given."""
    prescription = read_prescription(args.prescription) if args.prescription is not None else None
    if args.target_depth is not None:
        given = prescription.model_dump() if prescription else {"exercise": exercise.id}
        prescription = parse_prescription({**given, "target_depth_deg": args.target_depth}, "--target-depth")
    if prescription is not None:
        prescription.check(exercise)
        if prescription.target_depth_deg is not None and exercise.movement.kind != "rep_cycle":
            raise SpecError(
                f"{exercise.id} has no depth: leave the target depth out.", code="no_depth", exercise=exercise.id
            )
    return prescription


def _outputs(args: argparse.Namespace, exercise: str, number: int | None = None) -> Outputs:
    """Return the named outputs, and for ``--out`` the others in its folder. ``number`` tells several sets apart in the names."""
    source = args.landmarks or args.video
    nth = "" if number is None else f".{number}"
    paths = {}
    for name, ending in ENDINGS.items():
        path = getattr(args, name)
        drawable = name != "annotate" or args.landmarks is None or args.plain_background
        if path is None and args.out is not None and drawable:
            path = args.out / f"{source.stem}{nth}.{exercise}{ending}"
        elif path not in (None, STDOUT) and nth and (path.is_file() or not path.exists()):  # a device has no number
            path = path.with_stem(f"{path.stem}{nth}")
        paths[name] = path
    return Outputs(**paths, sway=args.sway)


def _check_outputs(outputs: Outputs, source: Path) -> None:
    """Raise an error before the long work if writing after it would fail."""
    seen: set[Path] = set()
    for path in outputs.files:
        real = path.resolve()
        if real == source.resolve():
            raise UsageError(
                f"{path} is what is analysed: choose another name to write to.", code="output_is_source", path=str(path)
            )
        if real in seen and (real.is_file() or not real.exists()):
            raise UsageError(f"{path} is named for two outputs.", code="output_twice", path=str(path))
        seen.add(real)
        check_output(path)


def _read(args: argparse.Namespace) -> run.PoseSequence:
    part = {"start_s": args.start, "end_s": args.end}
    if args.landmarks is not None:
        return run.read_poses(args.landmarks, **part)
    with progress_bar(args.language, "cli.progress.measuring") as progress:
        return run.read_video(
            args.video,
            model=args.model,
            progress=progress,
            turn_deg=args.rotate or 0,
            max_fps=args.fps or MAX_FPS,
            person=args.person,
            **part,
        )


def _write(result: run.SetResult, outputs: Outputs, exercise: Exercise, args: argparse.Namespace) -> None:
    """Write every file, each whole or not at all. The slowest comes first, so stopping it leaves none."""
    if outputs.annotate is not None and result.record.person_seen:
        from formcheck.video.annotate import annotate

        with progress_bar(args.language, "cli.progress.drawing") as progress:
            annotate(
                args.video,
                result,
                exercise,
                outputs.annotate,
                background="plain" if args.plain_background else "video",
                language=args.language,
                progress=progress,
            )
    if outputs.trace is not None:
        write_trace(result.trace, outputs.trace)
    if outputs.report is not None:
        write_report(outputs.report, result.record, result.trace, exercise, args.language)
    if outputs.json is not None and outputs.json != STDOUT:
        write_text(outputs.json, result.record.model_dump_json(indent=2) + "\n")


def _say_found(segment: ExerciseSegment, number: int, exercise: Exercise, language: str) -> None:
    start, end = (clock(at_s, language) for at_s in (segment.start_s, segment.end_s))
    say(
        translator(language)("cli.found.line", n=number, name=exercise.name[language], start=start, end=end),
        style="bold",
    )


def _options(record: SetRecord) -> list[str]:
    """Return the options that may help a set that counted nothing."""
    seen = [one.seen for one in record.nothing]
    turns = [f"--rotate {one['turn_deg']:g}" for one in seen if "turn_deg" in one]
    return turns + [f"--exercise {one['exercise']}" for one in seen if "exercise" in one]


def _show(record: SetRecord, outputs: Outputs, exercise: Exercise, language: str) -> None:
    """Print the set: the summary, then what was done, the faults, and the rules that were not assessed."""
    t = translator(language)
    if record.person_seen:
        say(f"{record.source.name} · {exercise.name[language]} · {tables.view_line(record, language)}")
    say(tables.summary_sentence(record, exercise, language), style="bold")
    for line in nothing_lines(record.nothing[1:], exercise, language):
        say(line)
    for option in _options(record):
        say(t("cli.nothing.try", option=option))
    say()
    sections: tuple[tuple[str, type, Sequence[object]], ...] = (
        ("reps", tables.RepRow, tables.rep_rows(record, exercise, language)),
        ("holds", tables.HoldRow, tables.hold_rows(record, exercise, language)),
        ("points", tables.FaultRow, tables.fault_rows(record, exercise, language)),
        ("not_assessed", tables.NotAssessedRow, tables.not_assessed_rows(record, exercise, language)),
    )
    for title, row_type, rows in sections if record.reps or record.holds else ():
        show_table(t(f"report.title.{title}"), tables.headers(row_type, language), rows)
    sway = sway_lines(record, exercise, language) if outputs.sway else []
    if outputs.sway and not sway:
        sway = [t("findings.sway.too_short", seconds=f"{HOLD_FROM_S:g}")]
    if record.source.person is not None:
        followed = record.source.person
        others = (n for n in range(1, len(followed.people) + 1) if n != followed.number)
        say(t("cli.person.others", options=" / ".join(f"--person {n}" for n in others)))
    for line in (*side_lines(record, exercise, language), *sway, *tables.event_lines(record, language)):
        say(line)
    for path in outputs.files:
        if path != outputs.annotate or record.person_seen:
            say(t("cli.wrote.line", path=path))
