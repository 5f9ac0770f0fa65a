"""The review page with a Dask cluster: the same result, plain words when the cluster cannot, and the way back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from distributed import LocalCluster

from formcheck.app.services import SCHEDULER_VARIABLE, JobState
from formcheck.batch import workers
from tests.app.test_review_page import analyse, button, open_page
from tests.batches import busy_while, film
from tests.pages import press, words

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.usefixtures("store")
NOWHERE = "tcp://127.0.0.1:9"


@pytest.fixture(scope="module")
def pictures(tmp_path_factory) -> bytes:
    return film(tmp_path_factory.mktemp("film") / "mine.mp4", "squat_side_good", seconds=0.8).read_bytes()


@pytest.fixture(scope="module")
def address(tmp_path_factory) -> Iterator[str]:
    """A scheduler and one worker process on this machine."""
    how = {"dashboard_address": None, "silence_logs": 60, "local_directory": str(tmp_path_factory.mktemp("scratch"))}
    with LocalCluster(n_workers=1, threads_per_worker=1, **how) as cluster:
        yield cluster.scheduler_address


def uploaded(pictures: bytes, language: str = "en"):
    page = open_page(language)
    page.file_uploader[0].set_value(("mine.mp4", pictures, "video/mp4")).run()
    page.selectbox(key=f"model-{language}").set_value("lite").run()
    return page


def test_a_cluster_gives_the_same_result(monkeypatch, address, pictures):
    here = analyse(uploaded(pictures)).session_state.job.outcome.result.record
    monkeypatch.setenv(SCHEDULER_VARIABLE, address)
    page = uploaded(pictures)
    assert "Another computer of the same owner analyses it and keeps no copy." in words(page)
    assert "nowhere else" not in page.file_uploader[0].help
    analyse(page)
    assert page.session_state.job.state is JobState.DONE
    assert page.session_state.job.outcome.result.record == here


@pytest.mark.parametrize(("language", "said"), [("en", "cannot be reached just now"), ("da", "kan ikke nås lige nu")])
def test_a_cluster_that_does_not_answer_leaves_two_ways(monkeypatch, capsys, pictures, language, said):
    monkeypatch.setenv(SCHEDULER_VARIABLE, NOWHERE)
    monkeypatch.setattr(workers, "CONNECT_S", 0.3)
    page = analyse(uploaded(pictures, language))
    assert said in page.error[0].value
    assert NOWHERE not in words(page), "what is wrong with the cluster is for whoever runs the app"
    assert f"No Dask scheduler answers at {NOWHERE}" in capsys.readouterr().err

    press(page, "again")
    page.session_state.job.wait(60)
    page.run()
    assert said in page.error[0].value

    press(page, "here")
    assert page.session_state.job.wait(60) is JobState.DONE
    page.run()
    assert not page.error
    assert page.session_state.job.outcome.result.record.source.name == "mine.mp4"


def test_who_waits_too_long_may_do_without(monkeypatch, address, pictures, tmp_path):
    monkeypatch.setenv(SCHEDULER_VARIABLE, address)
    busy = tmp_path / "busy"
    busy.touch()
    with workers.connect(address) as client:
        work = client.submit(busy_while, busy)
        page = uploaded(pictures)
        button(page, "analyse").click().run()
        page.run()
        assert page.session_state.job.stage == "waiting"
        assert "Waiting for a computer that is free" in page.get("progress")[0].proto.text
        press(page, "cancel")
        assert page.session_state.job.wait(60) is JobState.CANCELLED
        page.run()
        assert "your video is still here" in page.info[0].value
        press(page, "here")
        assert page.session_state.job.wait(60) is JobState.DONE
        busy.unlink()
        work.result()


def test_without_a_cluster_nothing_is_said_of_one(pictures):
    page = uploaded(pictures)
    assert "Another computer" not in words(page)
    button(page, "analyse").click().run()
    button(page, "cancel").click().run()
    assert page.session_state.job.wait(60) is JobState.CANCELLED
    page.run()
    assert not {"again", "here"} & {one.key for one in page.button}
