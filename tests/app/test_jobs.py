"""A job: work in its own thread that reports, stops when asked, and never loses its error."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from formcheck.app.services import AnalysisCancelledError, JobState, Request, UploadJob, best_rep
from formcheck.errors import SourceError
from formcheck.model.records import Fault, Rep, Verdict
from tests.example_records import squat_record

REQUEST = Request(Path("clip.mp4"), "clip.mp4", "squat")


def job_of(work):
    return UploadJob(REQUEST, work).start()


def test_progress_is_seen_while_it_works_and_the_outcome_after():
    reached, go_on = threading.Event(), threading.Event()

    def work(progress):
        progress("measuring", 10, 0.25)
        reached.set()
        assert go_on.wait(10)
        progress("drawing", 20, 7.0)
        return "outcome"

    job = job_of(work)
    assert reached.wait(10)
    assert (job.state, job.stage, job.share) == (JobState.RUNNING, "measuring", 0.25)
    go_on.set()
    assert job.wait(10) is JobState.DONE
    assert (job.stage, job.share, job.outcome, job.error) == ("drawing", 1.0, "outcome", None)


def test_cancel_ends_it_at_the_next_report():
    started = threading.Event()

    def work(progress):
        started.set()
        while True:
            progress("measuring", 1, None)

    job = job_of(work)
    assert started.wait(10)
    job.cancel()
    assert job.wait(10) is JobState.CANCELLED
    assert job.outcome is None
    assert not job.cancelling


@pytest.mark.parametrize(
    "error", [SourceError("Not a video.", code="not_a_video"), ZeroDivisionError("bug"), MemoryError()]
)
def test_an_error_in_the_worker_reaches_the_page(error):
    def work(progress):
        raise error

    job = job_of(work)
    assert job.wait(10) is JobState.FAILED
    assert job.error is error


def test_cancelled_is_no_error():
    def work(progress):
        raise AnalysisCancelledError

    assert job_of(work).wait(10) is JobState.CANCELLED


def rep(index, *severities, counted=True, judged=2):
    faults = [fault(severity, 1.0) for severity in severities]
    verdicts = [Verdict(rule="heels", outcome="ok")] * judged
    times = {"start_s": index, "turn_s": index + 0.5, "end_s": index + 1}
    return Rep(index=index, **times, counted=counted, measures={}, verdicts=verdicts, faults=faults)


def fault(severity, value, limit=10.0, worst_s=1.0):
    times = {"start_s": 0, "end_s": 2, "worst_s": worst_s}
    return Fault(rule="heels", severity=severity, rep=1, value=value, limit=limit, unit="deg", **times)


def test_the_best_repetition_has_the_least_to_correct():
    assert best_rep([rep(1, 2), rep(2, 1), rep(3, 1, 1)]).index == 2
    assert best_rep([rep(1, judged=1), rep(2, judged=3)]).index == 2
    assert best_rep([rep(1), rep(2)]).index == 1


def test_there_is_no_best_without_a_choice_or_a_judgement():
    assert best_rep([]) is None
    assert best_rep([rep(1), rep(2, counted=False)]) is None
    assert best_rep([rep(1, judged=0), rep(2, judged=0)]) is None


def test_the_worst_moment_is_a_point_before_a_hint_and_the_furthest_out():
    hint, near, far = fault(1, 90.0), fault(2, 12.0), fault(2, 19.0, worst_s=8.0)
    reps = [rep(1), rep(2, counted=False)]
    of_a_small_one = far.model_copy(update={"rep": 2, "value": 80.0})
    found = {
        name: squat_record(reps=reps, faults=faults).worst_fault
        for name, faults in {"all": [hint, near, far, of_a_small_one], "hint": [hint], "none": []}.items()
    }
    assert found == {"all": far, "hint": hint, "none": None}
