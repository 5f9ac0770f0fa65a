"""A set over the live socket: counted, kept as it happens, the same when it is replayed; and it survives what may happen."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pytest

from formcheck import exercises
from formcheck.analysis.run import run_set
from formcheck.app.live.inbox import Inbound, Inbox
from formcheck.app.live.protocol import Capture, Close, Command, Hello
from formcheck.app.live.set_recorder import finish_left_over
from formcheck.files.traces import poses_from_trace
from formcheck.model.frames import Pose
from formcheck.spec.prescription import Prescription
from formcheck.store.journal import read_journal
from formcheck.synthetic import LungeRep, Recording, SquatRep, lunge_set
from tests.coaching import LIVE_CAMERA, squats, standing_still
from tests.live import LivePage, Server, live_threads, serving, until
from tests.machine_limits import largest_file

if TYPE_CHECKING:
    from pathlib import Path

FAST = {"max_drift_s": 1e9, "messages_per_s": 1e9, "grace_s": 30.0}
"""Time in these tests is that of the poses: they come as fast as they are answered."""
QUICK = 1e6
FIVE = Prescription(exercise="squat", repetitions=5)
HEADSTART_S = 20.0


@pytest.fixture
def server(tmp_path: Path):
    with serving(tmp_path, **FAST) as server:
        yield server
    assert not live_threads()


def in_a_set(server: Server, token: str, **options: object) -> LivePage:
    """Return a page in the middle of a set of squats, two of five done."""
    page = server.page(token, **options)
    page.live(squats([SquatRep()] * 2), 0.0, QUICK)
    assert (page.hud["stage"], page.hud["count"]) == ("set", 2)
    return page


def go_on(page: LivePage) -> None:
    """Come back into the picture, stand still, and do the other three."""
    page.live(squats([SquatRep()] * 3, lead_in_s=3), HEADSTART_S, QUICK)


def only_set(server: Server):
    (kept,) = server.store.sets.of(1)
    return kept


def test_a_set_reaches_its_count_and_is_kept(server: Server):
    page = server.page(server.token())
    page.live(squats([SquatRep()] * 3), 0.0, QUICK)
    assert [key for key in page.heard if key.startswith("number")] == [f"number.{n}" for n in (3, 2, 1, 1, 2, 3)]
    assert page.hud["stage"] == "done"
    assert page.wait_for("event", name="session_done")
    told = next(message for message in page.got if message.get("name") == "set_finished")
    assert (told["index"], told["why"], told["empty"]) == (0, "target", False)
    assert "3 squats" in told["summary"]
    kept = only_set(server)
    assert (kept.state, kept.rep_count, kept.pose_in, kept.why_ended) == ("finished", 3, "browser", "target")
    assert kept.setup["view"] == "front"
    assert not list(server.store.folder.rglob("*.poses"))


def test_a_live_set_replayed_gives_the_identical_record(server: Server):
    page = server.page(server.token(Prescription(exercise="squat", repetitions=4, own_depth=True)))
    page.live(
        squats([SquatRep(), SquatRep(knee_ankle_ratio=0.55), SquatRep(depth_deg=40), *[SquatRep()] * 2]), 0.0, QUICK
    )
    kept = only_set(server)
    record, trace = server.store.sets.corrected(kept.id).record, server.store.sets.trace(kept.id)
    assert record.rep_count == 4
    assert record.faults
    again = run_set(
        poses_from_trace(trace),
        exercises.load("squat"),
        record.source,
        prescription=Prescription.model_validate(kept.prescription),
        software=record.software,
    )
    assert again.record == record
    assert np.array_equal(again.trace.t_s, trace.t_s)


def test_what_is_counted_and_every_pose_is_kept_as_it_happens(server: Server):
    page = in_a_set(server, server.token(FIVE))
    kept = only_set(server)
    assert (kept.state, kept.rep_count) == ("running", 2)
    assert [rep["number"] for rep in server.store.sets.repetitions(kept.id)] == [1, 2]
    journal = list(read_journal(server.store.sets.journal_path(kept.id)))
    page.live(squats([SquatRep()] * 3, lead_in_s=1), HEADSTART_S, QUICK)
    trace = server.store.sets.trace(kept.id)
    assert len(trace.t_s) > len(journal) > 200
    for i, pose in enumerate(journal):
        assert pose.t_s == trace.t_s[i]
        assert np.array_equal(pose.image_px, trace.image_px[i])


def test_a_set_goes_on_after_a_lost_connection(server: Server):
    token = server.token(FIVE)
    in_a_set(server, token).vanish()
    page = server.page(token)
    assert (page.welcome["hud"]["stage"], page.welcome["hud"]["count"]) == ("set", 2)
    go_on(page)
    assert only_set(server).rep_count == 5


def test_a_set_whose_page_does_not_come_back_is_kept_as_interrupted(tmp_path: Path):
    with serving(tmp_path, **(FAST | {"grace_s": 0.2})) as server:
        token = server.token(FIVE)
        in_a_set(server, token).vanish()
        until(lambda: not live_threads(), "the end of the run")
        kept = only_set(server)
        assert (kept.state, kept.rep_count, kept.why_ended) == ("interrupted", 2, "left_page")
        assert server.store.sets.corrected(kept.id).record.rep_count == 2
        late = LivePage(server, token)
        late.say_hello()
        assert late.closed() == Close.NOT_ALLOWED, "it was the last set"


def test_a_token_goes_on_with_the_next_set_when_its_page_comes_back_late(tmp_path: Path):
    with serving(tmp_path, **(FAST | {"grace_s": 0.2})) as server:
        token = server.token(Prescription(exercise="squat", repetitions=5, sets=2))
        in_a_set(server, token).vanish()
        until(lambda: server.runs.count() == 0, "the end of the run")
        assert server.page(token).welcome["hud"]["set"] == 2


def test_stop_before_anything_was_counted_leaves_no_set_but_its_reason(server: Server):
    page = server.page(server.token(FIVE))
    page.live((pose for pose in squats([SquatRep()]) if pose.t_s < 8.0), 0.0, QUICK)
    assert page.hud["stage"] == "set"
    page.press("pause")
    page.press("stop", reason="unwell")
    page.wait_for("event", name="stopped")
    assert server.store.sets.of(1, deleted=True) == []
    (seen,) = server.store.overview.sessions(1, date(2026, 1, 2))
    assert [why for _, why in seen.stops] == ["unwell"]


def test_leaving_the_page_ends_the_run_at_once(server: Server):
    page = in_a_set(server, server.token(FIVE))
    page.say({"type": "bye"})
    assert page.closed() == Close.OVER
    until(lambda: not live_threads(), "the end of the run")
    assert only_set(server).state == "interrupted"


def test_a_session_that_is_gone_takes_its_runs_along(server: Server):
    page = in_a_set(server, server.token(FIVE, session="gone"))
    other = server.page(server.token(session="here"))
    server.runs.end_session("gone")
    assert page.closed() == Close.OVER
    assert only_set(server).state == "interrupted"
    other.press("end")
    assert other.wait_for("event", name="session_done")


def test_a_set_goes_on_after_a_restart_of_the_server(tmp_path: Path):
    with serving(tmp_path, **FAST) as before:
        page = in_a_set(before, before.token(FIVE))
        before.runs.close()
        assert page.closed() == Close.AGAIN
        assert only_set(before).state == "running"
    with serving(tmp_path, **FAST) as after:
        running = after.store.sets.running(after.store.people.me().id)
        page = after.page(after.token(FIVE, resume=running.id))
        assert (page.welcome["hud"]["stage"], page.welcome["hud"]["count"]) == ("paused", 2)
        go_on(page)
        assert [key for key in page.heard if key.startswith("number")] == ["number.3", "number.4", "number.5"]
        kept = only_set(after)
        assert (kept.id, kept.state, kept.rep_count) == (running.id, "finished", 5)
        record, trace = after.store.sets.corrected(kept.id).record, after.store.sets.trace(kept.id)
        again = run_set(
            poses_from_trace(trace), exercises.load("squat"), record.source, prescription=FIVE, software=record.software
        )
        assert again.record == record


def test_a_page_that_is_loaded_anew_takes_the_set_over(server: Server):
    old_token = server.token(FIVE)
    in_a_set(server, old_token).vanish()
    page = server.page(server.token(FIVE, resume=only_set(server).id), client="loaded anew")
    assert page.welcome["hud"]["count"] == 2
    assert server.runs.tickets.get(old_token) is None
    go_on(page)
    assert only_set(server).rep_count == 5


def test_a_set_that_is_over_cannot_be_taken_up_and_its_place_is_begun_anew(server: Server):
    done = in_a_set(server, server.token(FIVE))
    done.press("finish")
    done.wait_for("event", name="session_done")
    page = server.page(server.token(FIVE, resume=only_set(server).id))
    assert page.welcome["hud"]["stage"] == "setup"


def test_a_set_that_is_not_gone_on_with_is_finished_from_its_journal(tmp_path: Path):
    with serving(tmp_path, **FAST) as server:
        page = in_a_set(server, server.token(FIVE))
        server.runs.close()
        page.closed()
        set_id = only_set(server).id
        finish_left_over(server.store, set_id)
        kept = only_set(server)
        assert (kept.state, kept.rep_count, kept.pose_in) == ("interrupted", 2, "browser")
        assert server.store.sets.corrected(set_id).record.source.pose_in == "browser"
        finish_left_over(server.store, set_id)
        assert only_set(server) == kept


def test_an_empty_set_that_is_not_gone_on_with_is_removed(tmp_path: Path):
    with serving(tmp_path, **FAST) as server:
        page = server.page(server.token(FIVE))
        page.live(standing_still(9), 0.0, QUICK)
        server.runs.close()
        page.closed()
        finish_left_over(server.store, only_set(server).id)
        assert server.store.sets.of(1) == []


def test_a_set_in_which_nothing_was_done_is_not_kept(server: Server):
    page = server.page(server.token(FIVE))
    page.live(standing_still(9), 0.0, QUICK)
    assert page.hud["stage"] == "set"
    page.press("finish")
    assert page.wait_for("event", name="set_finished")["empty"]
    assert server.store.sets.of(1) == []


def test_deleting_a_set_can_be_undone(server: Server):
    page = server.page(server.token())
    page.live(squats([SquatRep()] * 3), 0.0, QUICK)
    page.press("delete_set")
    page.wait_for("event", name="set_deleted")
    assert server.store.sets.of(1) == []
    page.press("undo_delete")
    page.wait_for("event", name="set_restored")
    assert only_set(server).rep_count == 3


def test_a_phone_that_is_turned_in_a_set_changes_no_angle(server: Server):
    token = server.token(FIVE)
    in_a_set(server, token).vanish()
    page = server.page(token, size=(480, 640))
    upright = [
        Pose(pose.t_s, pose.image_px * 0.75 + np.float32([0, 140]), pose.world_m, pose.visibility, (480, 640))
        for pose in squats([SquatRep()] * 3, lead_in_s=3)
    ]
    page.live(upright, HEADSTART_S, QUICK)
    record = server.store.sets.corrected(only_set(server).id).record
    trace = server.store.sets.trace(only_set(server).id)
    assert trace.size_px == (640, 480)
    depths = [rep.measures["knee_flexion_peak_deg"] for rep in record.reps]
    assert len(depths) == 5
    assert max(depths) - min(depths) < 3


def test_a_full_disk_is_told_in_words_and_loses_nothing(server: Server):
    token = server.token(FIVE)
    page = in_a_set(server, token, extra={})
    journal = server.store.sets.journal_path(only_set(server).id)
    with largest_file(journal.stat().st_size):
        page.capture(HEADSTART_S, bytes(396))
        told = page.wait_for("event", name="error")
        assert page.closed() == Close.FAILED
        until(lambda: server.runs.count() == 0, "the end of the run")
    assert told["code"] == "store_write"
    assert "What was kept so far is still there" in told["text"]
    assert only_set(server).state == "running"
    again = server.page(token)
    assert again.welcome["hud"]["count"] == 2
    go_on(again)
    assert only_set(server).rep_count == 5


def arrived(what: object, mode: str = "server") -> Inbound:
    hello = Hello(type="hello", token="t", client="c", mode=mode, clock_ms=0, width=640, height=480)
    return Inbound(None, hello, 0.0, what)


def test_of_pictures_the_newest_waits_and_the_rest_stays_in_order():
    inbox = Inbox()
    first, second = (arrived(Capture(n, float(n), b"")) for n in (1, 2))
    press = arrived(Command(type="command", name="stop"))
    assert inbox.put(first) is None
    assert inbox.put(press) is None
    assert inbox.put(second) is first
    assert inbox.take(0) is press
    assert inbox.take(0) is second
    assert inbox.take(0) is None
    assert inbox.put(first) is None


def test_a_few_landmarks_wait_and_the_oldest_give_way():
    inbox = Inbox()
    many = [arrived(Capture(n, float(n), b""), "browser") for n in range(20)]
    gone = [inbox.put(item) for item in many]
    assert gone[:8] == [None] * 8
    assert gone[8:] == many[:12]
    assert [inbox.take(0) for _ in range(8)] == many[12:]


def test_waking_is_never_missed():
    inbox = Inbox()
    inbox.wake()
    assert inbox.take(None) is None


def test_lunges_in_a_set_of_squats_are_told_to_the_page_and_the_set_goes_on(server: Server):
    page = server.page(server.token(FIVE))
    page.live(standing_still(8.0), 0.0, QUICK)
    page.live(lunge_set([LungeRep()] * 5, LIVE_CAMERA, Recording(fps=30)).poses, 8.1, QUICK)
    assert page.heard.count("say.looks_like") == 1
    assert page.hud["note"] == "This looks like: Lunge"
    assert (page.hud["stage"], page.hud["count"], page.hud["cue"]) == ("set", 0, None)
