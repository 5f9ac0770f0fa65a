"""``formcheck live``: one exercise in front of a camera, coached in a window, for a machine without a browser."""

from __future__ import annotations

from contextlib import closing
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from formcheck import exercises
from formcheck.app import identity, training
from formcheck.app.live.server_pose import ServerPose
from formcheck.app.live.session_worker import SETTING_UP
from formcheck.app.live.set_recorder import SetRecorder
from formcheck.app.live.tickets import Ticket
from formcheck.cli.screen import say
from formcheck.coach.coach import Coach
from formcheck.coach.setup import PictureFacts
from formcheck.i18n import Translator, translator
from formcheck.spec.prescription import planned_sets
from formcheck.video.devices import camera_frames, played_frames
from formcheck.video.draw import Mark, panel, put_body, put_text, text_size
from formcheck.video.preview_window import ESCAPE, PreviewWindow

if TYPE_CHECKING:
    import argparse
    from collections.abc import Generator, Iterator

    from formcheck.coach.messages import DisplayData, DisplayUpdate
    from formcheck.model.frames import Frame, Pose

_LIGHT_MARKS = {"ok": "+", "wait": "o", "bad": "!", "unknown": "-"}


def live(args: argparse.Namespace) -> None:
    """Train until the sets are done, the window is closed or the video ends. Raises FormcheckError."""
    t = translator(args.language)
    exercise = exercises.load(args.exercise)
    amount = args.amount or training.usual_amount(exercise.id)
    choice = training.ExerciseChoice(exercise.id, args.sets, amount, view=args.view)
    with PreviewWindow(f"formcheck: {exercise.name[t.language]}") as window, closing(_frames(args.camera)) as frames:
        first = next(frames)  # a missing camera raises before anything is planned
        session = _Session(choice, args.model, t)
        try:
            for frame in _from(first, frames):
                key = window.show(session.picture(frame))
                if not session.go_on(key):
                    break
        finally:
            session.close()


def _frames(camera: str) -> Generator[Frame]:
    return camera_frames(int(camera)) if camera.isdecimal() else played_frames(Path(camera))


def _from(first: Frame, frames: Iterator[Frame]) -> Iterator[Frame]:
    yield first
    yield from frames


class _Session:
    """One training session: poses go to the coach, its speech to the terminal and the store, its display to the picture."""

    def __init__(self, choice: training.ExerciseChoice, model: str, t: Translator) -> None:
        self._t, self._server_pose, store = t, ServerPose(model), identity.store()
        person = identity.me()
        planned = training.start(store, person, date.today(), [choice], None)
        plan = training.plan_of(store, planned)
        assert plan is not None  # `start` has just noted it
        sets = planned_sets(plan.prescriptions, exercises.load)
        ticket = Ticket(str(person.id), "window", planned, sets, store, t.language)
        self._recorder = SetRecorder(ticket, lambda: "server")
        self._coach = Coach(
            sets,
            language=t.language,
            outlines=store.sets.outlines(person.id),
            on_pose=self._recorder.on_pose,
            pose_in="server",
            software=self._server_pose.software(),
        )
        self._now_s = 0.0

    def picture(self, frame: Frame) -> np.ndarray:
        """Take one picture and return it for display: mirrored, with everything that the person needs."""
        self._now_s = frame.t_s
        people = None
        if self._coach.stage in SETTING_UP:
            people = self._server_pose.people(frame.rgb, frame.t_s)
        else:
            self._server_pose.stop_counting()
        pose = self._server_pose.look(frame.rgb, frame.t_s)
        facts = PictureFacts(float(frame.rgb[::8, ::8].mean()) / 255, people)
        self._take(self._coach.update(pose, facts))
        return draw(frame.rgb, pose, self._coach.shown(), self._t)

    def go_on(self, key: str | None) -> bool:
        """Carry out a key. Return False when the session is over."""
        if key in (ESCAPE, "q") or self._coach.finished:
            return False
        buttons = {"s": "stop", " ": self._coach.buttons()[0]}
        if key in buttons:
            self._take(self._coach.command(self._now_s, buttons[key]))
        return not self._coach.finished

    def close(self) -> None:
        """Finish the running set and store it."""
        try:
            if not self._coach.finished:
                self._take(self._coach.close())
            if self._coach.stage == "stopped":
                for name in ("title", "emergency", "doctor", "physio"):
                    say(self._t(f"live.ui.stop.{name}"), style="bold")
        finally:
            self._recorder.release()
            self._server_pose.close()

    def _take(self, step: DisplayUpdate) -> None:
        for event in step.events:
            self._recorder.keep(event)
            if event.kind == "set_finished" and self._coach.summary:
                say(self._coach.summary)


def draw(rgb: np.ndarray, pose: Pose, shown: DisplayData, t: Translator) -> np.ndarray:
    """Return a mirrored copy of the picture with the body's lines, the count or clock, the cue and the keys."""
    out = np.ascontiguousarray(rgb[:, ::-1])
    height, width = out.shape[:2]
    unit = max(12, min(height, width) // 24)
    if pose.seen:
        points_px = pose.image_px.copy()
        points_px[:, 0] = width - 1 - points_px[:, 0]
        marks: dict[int, Mark] = dict.fromkeys(shown.get("joints", ()), "fault")
        put_body(out, points_px, marks, max(1, unit // 9))
    y = 0
    for text, size in _lines(shown, t):
        y += _line(out, text, size * unit, 0, y)
    foot = [_keys(shown, t), *([shown["not_assessed"]] if shown["not_assessed"] else [])]
    y = height
    for text in foot:
        y -= _line(out, text, unit, 0, y, upwards=True)
    return out


def _lines(shown: DisplayData, t: Translator) -> Iterator[tuple[str, int]]:
    """Yield the lines from the top, each with its size in units."""
    stage = shown["stage"]
    if stage in SETTING_UP:
        yield shown["advice"] or shown["exercise_name"], 2
        for light in shown["lights"]:
            yield f"{_LIGHT_MARKS[light['state']]} {light['name']}: {t('live.ui.light.' + light['state'])}", 1
    elif stage == "countin":
        yield str(shown["countin"]), 6
    elif stage == "rest":
        yield t("live.ui.rest", n=round(shown["rest_left_s"])), 2
        yield shown["next"], 1
    elif stage in ("set", "paused"):
        yield f"{int(shown['hold_s'])} s" if shown["kind"] == "hold" else str(shown["count"]), 6
        if stage == "paused":
            yield t("live.ui.paused_all_right" if shown["ask_all_right"] else "live.ui.paused"), 2
        elif shown["cue"] or shown["praise"]:
            yield shown["cue"] or shown["praise"], 2
        if shown["small"]:
            yield t("live.ui.small", n=shown["small"]), 1


def _keys(shown: DisplayData, t: Translator) -> str:
    buttons = shown["buttons"]
    main = t(f"live.ui.button.{buttons[0]}") if buttons else ""
    return t("cli.live.keys", main=main, stop=t("live.ui.button.stop"), end=t("live.ui.button.end"))


def _line(rgb: np.ndarray, text: str, size: int, x: int, y: int, *, upwards: bool = False) -> int:
    """Write a line on a dark panel, smaller if it is too long, and return its height."""
    size = min(size, size * (rgb.shape[1] - size) // max(1, text_size(text, size)[0]))
    width, height = text_size(text, size)
    y = y - height if upwards else y
    panel(rgb, x, y, width + size // 2, height)
    put_text(rgb, text, x + size // 4, y, size)
    return height
