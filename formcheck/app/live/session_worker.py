"""The work of a live session's thread: pictures become poses, poses go to the coach, its answers go to the page and the store."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

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
from formcheck.video.darkness import brightness

if TYPE_CHECKING:
    from formcheck.app.live.settings import LiveSettings
    from formcheck.app.live.tickets import Ticket
    from formcheck.coach.messages import CoachEvent, DisplayUpdate
    from formcheck.model.frames import Pose

SETTING_UP = ("setup", "ready")


class SessionWorker:
    """Owns coach, recorder and landmarker of one live session. One thread uses it, and always calls ``close`` at the end.

    Every method may raise StoreError, ModelFileError and EstimatorError.
    """

    def __init__(self, ticket: Ticket, settings: LiveSettings) -> None:
        self._ticket = ticket
        self._t = translator(ticket.language)
        self._server_pose = ServerPose(settings.model)
        filters.warm_up()
        self._load = LoadShedder(settings.slow_s, lite_helps=settings.model != "lite")
        self.recorder = SetRecorder(ticket, lambda: self.coach.pose_in)
        self._space_px: tuple[int, int] | None = None
        self._facts = Facts(type="facts")
        self._last_s = -np.inf
        self._page_ahead_s = 0.0  # the page's clock minus the session's
        self._sent_hud: dict[str, Any] | None = None
        self._picture = PICTURE
        self._in_flight, self._fewer = 2, False
        self._agreed = False
        self.next_index: int | None = ticket.first
        """Index of the set that a later live session begins with; None when the training session is over."""
        index = None if ticket.resume is None else self.recorder.resumable(ticket.resume)
        self.coach = Coach(
            ticket.sets,
            language=ticket.language,
            pain_mode=ticket.pain_mode,
            outlines=ticket.outlines,
            first=ticket.first if index is None else index,
            on_pose=self.recorder.on_pose,
        )
        if index is not None and ticket.resume is not None:
            self.next_index = index
            self._space_px = self.recorder.resume(ticket.resume, self.coach.resume)

    def handle(self, item: Inbound | ClientJoined) -> bool:
        """Take an item. Return False for a picture that could not be used."""
        if isinstance(item, ClientJoined):
            self._welcome(item)
        elif isinstance(item.what, Capture):
            return self._look(item, item.what)
        elif isinstance(item.what, Command):
            command = item.what
            update = self.coach.command(item.t_s, command.name, why=command.why, reason=command.reason)
            self._answer(item, {"type": "hud"}, update)
        else:
            self._facts = item.what
        return True

    def finish(self) -> None:
        """Finish and keep the running set, because the person has gone."""
        self._keep(self.coach.close())

    def close(self) -> None:
        """Close the landmarker and the journal. A second call does nothing."""
        try:
            self.recorder.release()
        finally:
            self._server_pose.close()

    def _welcome(self, item: ClientJoined) -> None:
        hello, server = item.hello, item.hello.mode == "server"
        if self._space_px is None or self.coach.live_set is None:
            self._space_px = hello.size_px
        if server and self._ticket.consent_needed and not self._agreed:
            self._agreed = True
            self.recorder.note("pictures_to_server_agreed")
        self.coach.pose_in = hello.mode
        self.coach.software = self._server_pose.software() if server else {}
        if not server:
            self._server_pose.close()
        self._facts = Facts(type="facts")
        self._in_flight = max(1, item.in_flight // 2) if self._fewer and server else item.in_flight
        self._sent_hud = self.coach.shown()
        item.connection.post(
            {"type": "welcome", "in_flight": self._in_flight, "picture": self._picture, "hud": self._sent_hud}
        )

    def _look(self, item: Inbound, capture: Capture) -> bool:
        if item.t_s <= self._last_s:
            return False
        self._page_ahead_s = capture.at_s - item.t_s
        began_s = time.perf_counter()
        rgb, pose = self._pose(item, capture)
        if pose is None:
            return False
        self._last_s = item.t_s
        update = self.coach.update(
            in_space(pose, self._space_px or item.hello.size_px), self._picture_facts(rgb, item.t_s)
        )
        reply: dict[str, Any] = {"type": "frame", "id": capture.id}
        if rgb is not None:
            reply["pts"] = points(pose)
            reply |= self._shed_load(time.perf_counter() - began_s)
        self._answer(item, reply, update)
        return True

    def _pose(self, item: Inbound, capture: Capture) -> tuple[np.ndarray | None, Pose | None]:
        """Return the picture (server mode only) and the pose, None when the message holds none."""
        size_px = item.hello.size_px
        if item.hello.mode == "browser":
            try:
                return None, read_landmarks(capture.body, item.t_s, size_px)
            except ProtocolError:  # the caller counts it
                return None, None
        rgb = jpeg.decode(capture.body, size_px)
        return rgb, None if rgb is None else self._server_pose.look(rgb, item.t_s)

    def _picture_facts(self, rgb: np.ndarray | None, t_s: float) -> PictureFacts:
        luma, people = self._facts.luma, self._facts.people
        if self.coach.stage not in SETTING_UP:
            self._server_pose.stop_counting()
        elif rgb is not None:
            people = self._server_pose.people(rgb, t_s)
            luma = brightness(rgb) if luma is None else luma
        return PictureFacts(luma, people)

    def _shed_load(self, seconds: float) -> dict[str, Any]:
        """Return a request to the page if the server is slow. One model sees a set from start to end."""
        due = self._load.took(seconds)
        if due is None or (due == "lite" and self.coach.live_set is not None):
            return {}
        self._load.step_done()
        if due == "fewer":  # with a slow server, a second picture under way only waits
            self._fewer, self._in_flight = True, max(1, self._in_flight // 2)
            return {"in_flight": self._in_flight}
        if due == "smaller":
            self._picture = SMALL_PICTURE
        else:
            self._server_pose.change_model("lite")
            self.coach.software = self._server_pose.software()
        return {"picture": self._picture, "slow": self._t(f"live.server.slow_{due}")}

    def _answer(self, item: Inbound, reply: dict[str, Any], update: DisplayUpdate) -> None:
        """Keep the events, then tell the page."""
        self._keep(update)
        if update.shown != self._sent_hud:
            self._sent_hud = reply["hud"] = update.shown
        if update.say:
            reply["say"] = [
                {"keys": said.keys, "text": said.text, "priority": int(said.priority)} for said in update.say
            ]
        item.connection.post(reply)
        for event in update.events:
            if (data := self._page_data(event)) is not None:
                item.connection.post({"type": "event", "name": event.kind, **data})

    def _keep(self, update: DisplayUpdate) -> None:
        for event in update.events:
            self.recorder.keep(event)
            if event.kind == "set_finished":
                next_index = event.data["index"] + 1
                self.next_index = next_index if next_index < len(self.coach.sets) else None
            elif event.kind in ("stopped", "session_done"):
                self.next_index = None

    def _page_data(self, event: CoachEvent) -> dict[str, Any] | None:
        """Return the data of an event for the page; None when the page need not know it."""
        if event.kind == "set_started":  # the start of the set's time, on the page's clock
            return {"began_ms": 1000 * (self.coach.begun_s + self._page_ahead_s)}
        if event.kind == "set_finished":
            data = {name: event.data[name] for name in ("index", "why", "empty")}
            return data | {"summary": self.coach.summary, "set": self.recorder.id_of(event.data["index"])}
        return event.data if event.kind in ("set_deleted", "set_restored", "stopped", "session_done") else None


def in_space(pose: Pose, space_px: tuple[int, int]) -> Pose:
    """Return a pose in another picture's pixels: scaled by one factor and centred, so that every angle stays.

    A set has one pixel space from start to end, although its pictures may become smaller, or a phone may be turned.
    """
    if pose.size_px == space_px:
        return pose
    size, space = np.asarray(pose.size_px, float), np.asarray(space_px, float)
    scale = float((space / size).min())
    margin = (space - size * scale) / 2
    image_px = (pose.image_px * scale + margin).astype(np.float32)
    camera = pose.camera and pose.camera.scaled(scale, (float(margin[0]), float(margin[1])))
    return replace(pose, image_px=image_px, size_px=space_px, camera=camera)
