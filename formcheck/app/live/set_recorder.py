"""Stores the events of a live session as they happen. All its calls to the store are here, in the session's thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from formcheck.coach.live_set import LiveSet
from formcheck.model.frames import Pose, SeenRep
from formcheck.spec.prescription import PlannedSet, Prescription

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from formcheck.app.live.tickets import Ticket
    from formcheck.coach.messages import CoachEvent
    from formcheck.store.access import AuthorisedStore
    from formcheck.store.journal import Journal


class SetRecorder:
    """Keeps the sets of one live session: a journal of every pose, each repetition when it ends, the record when the set is over.

    ``pose_in`` is called when a set starts. Every method may raise StoreError; earlier data stays.
    """

    def __init__(self, ticket: Ticket, pose_in: Callable[[], str]) -> None:
        self._ticket, self._pose_in = ticket, pose_in
        self._sets, self._sessions = ticket.store.sets, ticket.store.sessions
        self._kept: dict[int, int] = {}  # index in the plan to the store's id
        self._early: list[Pose] = []  # poses of a set before its ``set_started``
        self._journal: Journal | None = None
        self._replaying = False
        self.running: int | None = None
        """The store's id of the set that runs, or could not be finished."""

    def on_pose(self, pose: Pose) -> None:
        """Keep one pose of the running set."""
        if self._replaying:
            return
        if self._journal is None:
            self._early.append(pose)
        else:
            self._journal.append(pose)

    def keep(self, event: CoachEvent) -> None:
        """Keep one event of the coach."""
        steps = {
            "set_started": self._set_started,
            "repetition": self._repetition,
            "hold_clock": self._hold_clock,
            "set_finished": self._set_finished,
            "set_deleted": self._set_deleted,
            "set_restored": self._set_restored,
        }
        if event.kind in steps:
            steps[event.kind](event)
        else:
            self.note(event.kind, t_s=round(event.t_s, 2), **event.data)

    def id_of(self, index: int) -> int | None:
        """Return the store's id of a set by its index in the plan; None when there is none."""
        return self._kept.get(index)

    def note(self, kind: str, **data: object) -> None:
        """Keep an event of the training session: a pause, a press of Stop, a consent."""
        self._sessions.add_event(self._ticket.training_session_id, kind, data, set_id=self.running)

    def resumable(self, set_id: int) -> int | None:
        """Return the index in the plan of a set that can be taken up again; None when it is over, or not of this plan."""
        kept = self._sets.get(set_id)
        index = kept.setup.get("index", -1)
        here = 0 <= index < len(self._ticket.sets) and self._ticket.sets[index].exercise == kept.exercise
        return index if here and kept.state == "running" else None

    def resume(self, set_id: int, take: Callable[[Iterable[Pose]], None]) -> tuple[int, int] | None:
        """Give the poses of an interrupted set's journal to ``take``, then continue that journal.

        Returns the picture size (px) of the poses, None when there are no poses.
        """
        poses = _kept_poses(self._ticket.store, set_id)
        self._replaying = True
        try:
            take(poses)
        finally:
            self._replaying = False
        self._take(set_id, self._sets.get(set_id).setup["index"])
        return poses[-1].size_px if poses else None

    def release(self) -> None:
        """Release the running set without finishing it: it can be taken up again."""
        if self._journal is not None:
            self._journal.close()
        self._journal = None
        self._early.clear()

    def _running_id(self) -> int:
        if self.running is None:
            raise RuntimeError("No set is running.")
        return self.running

    def _take(self, set_id: int, index: int) -> None:
        self._kept[index] = self.running = set_id
        self._journal = self._sets.journal(set_id)
        for pose in self._early:
            self._journal.append(pose)
        self._early.clear()

    def _set_started(self, event: CoachEvent) -> None:
        planned = self._ticket.sets[event.data["index"]]
        setup = {**event.data, "view": planned.view, "number": planned.number, "of": planned.of}
        kept = self._sets.start(
            self._ticket.training_session_id,
            planned.exercise,
            planned.prescription.model_dump(mode="json"),
            self._pose_in(),
            setup,
        )
        self._take(kept.id, event.data["index"])

    def _repetition(self, event: CoachEvent) -> None:
        data = dict(event.data)
        faults = data.pop("faults")
        self._sets.add_repetition(self._running_id(), SeenRep(**data), faults)

    def _hold_clock(self, event: CoachEvent) -> None:
        self._sets.keep_clocks(self._running_id(), event.data["hold_s"], event.data["in_form_s"])

    def _set_finished(self, event: CoachEvent) -> None:
        set_id, result = self._running_id(), event.data["result"]
        self.release()
        if event.data["empty"]:
            self._sets.drop(set_id)
            del self._kept[event.data["index"]]
        else:
            self._sets.finish(set_id, result.record, result.trace, event.data["why"])
        self.running = None

    def _set_deleted(self, event: CoachEvent) -> None:
        self._sets.delete(self._kept[event.data["index"]])

    def _set_restored(self, event: CoachEvent) -> None:
        self._sets.restore(self._kept[event.data["index"]])


def finish_left_over(store: AuthorisedStore, set_id: int) -> None:
    """Finish a set that was left running, from its journal. A set in which nothing was done is removed.

    Raises StoreError.
    """
    kept = store.sets.get(set_id)
    if kept.state != "running":
        return
    prescription, setup = Prescription.model_validate(kept.prescription), kept.setup
    planned = PlannedSet(prescription, setup["view"], setup["number"], setup["of"])
    live_set = LiveSet(planned, "en")
    for pose in _kept_poses(store, set_id):
        live_set.catch_up(pose)
    if live_set.empty:
        store.sets.drop(set_id)
    else:
        result = live_set.finish(kept.pose_in, {})
        store.sets.finish(set_id, result.record, result.trace, "left_page")


def _kept_poses(store: AuthorisedStore, set_id: int) -> list[Pose]:
    from formcheck.store.journal import read_journal

    path = store.sets.journal_path(set_id)
    return list(read_journal(path)) if path.exists() else []
