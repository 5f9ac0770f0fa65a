"""What a live run does in its own thread: pictures become poses, poses go to the coach, and what it says goes to page and store."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np

from formcheck.app.live import jpeg
from formcheck.app.live.inbox import ClientJoined, Inbound
from formcheck.app.live.protocol import Capture, Command, Facts, ProtocolError, points, read_landmarks
from formcheck.app.live.server_pose import PICTURE, SMALL_PICTURE, LoadShedder, ServerPose
from formcheck.app.live.set_recorder import SetRecorder
from formcheck.coach.coach import Coach
from formcheck.coach.setup import PictureFacts
from formcheck.engine import filters
from formcheck.i18n import translator
from formcheck.model.frames import Pose

if TYPE_CHECKING:
    from formcheck.app.live.settings import LiveSettings
    from formcheck.app.live.tickets import Ticket
    from formcheck.coach.messages import CoachEvent, DisplayUpdate

SETTING_UP = ("setup", "ready")


class SessionWorker:
    """Owns coach, keeper and landmarker of one run. One thread uses it, and calls ``close`` at the end, whatever happened.

    Everything may raise StoreError, ModelFileError and EstimatorError.
    """

    def __init__(self, ticket: Ticket, settings: LiveSettings) -> None:
        self._ticket = ticket
        self._t = translator(ticket.language)
        self._eyes = ServerPose(settings.model)
        filters.warm_up()
        self._pace = LoadShedder(settings.slow_s, lite_helps=settings.model != "lite")
        self.keeper = SetRecorder(ticket, lambda: self.coach.pose_in)
        self._space_px: tuple[int, int] | None = None
        self._facts = Facts(type="facts")
        self._last_s = -np.inf
        self._page_ahead_s = 0.0  # the page's clock, less the run's
        self._sent_hud: dict | None = None
        self._picture = PICTURE
        self._in_flight, self._fewer = 2, False
        self._agreed = False
        self.next_index: int | None = ticket.first
        """The set that a later run would begin with; None when the session is over."""
        index = None if ticket.resume is None else self.keeper.resumable(ticket.resume)
        self.coach = Coach(
            ticket.sets,
            language=ticket.language,
            pain_mode=ticket.pain_mode,
            outlines=ticket.outlines,
            first=ticket.first if index is None else index,
            on_pose=self.keeper.on_pose,
        )
        if index is not None:
            self.next_index = index
            self._space_px = self.keeper.resume(ticket.resume, self.coach.resume)

    def handle(self, item: Inbound | ClientJoined) -> bool:
        """Take what has come; return False when it was a picture that could not be used."""
        if isinstance(item, ClientJoined):
            self._welcome(item)
        elif isinstance(item.what, Capture):
            return self._look(item)
        elif isinstance(item.what, Command):
            command = item.what
            step = self.coach.command(item.t_s, command.name, why=command.why, reason=command.reason)
            self._answer(item, {"type": "hud"}, step)
        else:
            self._facts = item.what
        return True

    def finish(self) -> None:
        """Finish and keep what runs, because the person has gone."""
        self._keep(self.coach.close())

    def close(self) -> None:
        """Close the landmarker and the journal. May be called again."""
        try:
            self.keeper.release()
        finally:
            self._eyes.close()

    def _welcome(self, item: ClientJoined) -> None:
        hello, server = item.hello, item.hello.mode == "server"
        if self._space_px is None or self.coach.live_set is None:
            self._space_px = hello.size_px
        if server and self._ticket.consent_needed and not self._agreed:
            self._agreed = True
            self.keeper.note("pictures_to_server_agreed")
        self.coach.pose_in = hello.mode
        self.coach.software = self._eyes.software() if server else {}
        if not server:
            self._eyes.close()
        self._facts = Facts(type="facts")
        self._in_flight = max(1, item.in_flight // 2) if self._fewer and server else item.in_flight
        self._sent_hud = self.coach.shown()
        item.line.post(
            {"type": "welcome", "in_flight": self._in_flight, "picture": self._picture, "hud": self._sent_hud}
        )

    def _look(self, item: Inbound) -> bool:
        if item.t_s <= self._last_s:
            return False
        self._page_ahead_s = item.what.at_s - item.t_s
        began_s = time.perf_counter()
        rgb, pose = self._pose(item)
        if pose is None:
            return False
        self._last_s = item.t_s
        step = self.coach.update(in_space(pose, self._space_px), self._picture_facts(rgb, item.t_s))
        reply: dict = {"type": "frame", "id": item.what.id}
        if rgb is not None:
            reply["pts"] = points(pose)
            reply |= self._relief(time.perf_counter() - began_s)
        self._answer(item, reply, step)
        return True

    def _pose(self, item: Inbound) -> tuple[np.ndarray | None, Pose | None]:
        """Return the picture (server mode only) and the pose, None when the message holds none."""
        size_px = item.hello.size_px
        if item.hello.mode == "browser":
            try:
                return None, read_landmarks(item.what.body, item.t_s, size_px)
            except ProtocolError:  # the caller counts it
                return None, None
        rgb = jpeg.decode(item.what.body, size_px)
        return rgb, None if rgb is None else self._eyes.look(rgb, item.t_s)

    def _picture_facts(self, rgb: np.ndarray | None, t_s: float) -> PictureFacts:
        luma, people = self._facts.luma, self._facts.people
        if self.coach.stage not in SETTING_UP:
            self._eyes.stop_counting()
        elif rgb is not None:
            people = self._eyes.people(rgb, t_s)
            luma = float(rgb[::8, ::8].mean()) / 255 if luma is None else luma
        return PictureFacts(luma, people)

    def _relief(self, seconds: float) -> dict:
        """Return what to ask of the page because the server is slow. A set is seen by one model from start to end."""
        due = self._pace.took(seconds)
        if due is None or (due == "lite" and self.coach.live_set is not None):
            return {}
        self._pace.relieved()
        if due == "fewer":  # where the server is the slow part, a picture that waits for it only grows old
            self._fewer, self._in_flight = True, max(1, self._in_flight // 2)
            return {"in_flight": self._in_flight}
        if due == "smaller":
            self._picture = SMALL_PICTURE
        else:
            self._eyes.change_model("lite")
            self.coach.software = self._eyes.software()
        return {"picture": self._picture, "slow": self._t(f"live.server.slow_{due}")}

    def _answer(self, item: Inbound, reply: dict, step: DisplayUpdate) -> None:
        """Keep what happened, then tell the page."""
        self._keep(step)
        if step.shown != self._sent_hud:
            self._sent_hud = reply["hud"] = step.shown
        if step.say:
            reply["say"] = [{"keys": said.keys, "text": said.text, "priority": int(said.priority)} for said in step.say]
        item.line.post(reply)
        for event in step.events:
            if (told := self._told(event)) is not None:
                item.line.post({"type": "event", "name": event.kind, **told})

    def _keep(self, step: DisplayUpdate) -> None:
        for event in step.events:
            self.keeper.keep(event)
            if event.kind == "set_finished":
                following = event.data["index"] + 1
                self.next_index = following if following < len(self.coach.sets) else None
            elif event.kind in ("stopped", "session_done"):
                self.next_index = None

    def _told(self, event: CoachEvent) -> dict | None:
        """Return what the page is told of an event, None when it need not know."""
        if event.kind == "set_started":  # when the set's time began, on the page's clock
            return {"began_ms": 1000 * (self.coach.begun_s + self._page_ahead_s)}
        if event.kind == "set_finished":
            data = {name: event.data[name] for name in ("index", "why", "empty")}
            return data | {"summary": self.coach.summary, "set": self.keeper.id_of(event.data["index"])}
        return event.data if event.kind in ("set_deleted", "set_restored", "stopped", "session_done") else None


def in_space(pose: Pose, space_px: tuple[int, int]) -> Pose:
    """Return a pose in another picture's pixels: scaled alike in both directions and centred, so that every angle stays.

    A set is one space from start to end, although its pictures may become smaller, or a phone may be turned.
    """
    if pose.size_px == space_px:
        return pose
    size, space = np.asarray(pose.size_px, float), np.asarray(space_px, float)
    scale = float((space / size).min())
    image_px = (pose.image_px * scale + (space - size * scale) / 2).astype(np.float32)
    return Pose(pose.t_s, image_px, pose.world_m, pose.visibility, space_px)
