"""The review page, run as Streamlit runs it. Each test asserts what a person would see."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from formcheck.analysis.run import SetResult
from formcheck.app import services
from formcheck.app.services import AnalysisOutcome, JobState
from formcheck.exercises import load
from formcheck.files.samples import samples
from formcheck.i18n import LANGUAGES, catalogue
from formcheck.model.records import Nothing
from formcheck.reports import tables
from formcheck.reports.nothing import nothing_lines
from formcheck.video.annotate import plays_in_browsers
from formcheck.video.files import probe, read_frames
from tests import example_records as fixture
from tests import pages
from tests.media import pictures, write_video
from tests.pages import words

if TYPE_CHECKING:
    from formcheck.store.store import Store

SAMPLE = "squat_side_good"
pytestmark = pytest.mark.usefixtures("store")


def open_page(language="en"):
    return pages.open_page("review", language)


def button(page, key):
    return next(b for b in page.button if b.key == key)


def choose_sample(page, name=SAMPLE):
    language = page.session_state.language
    page.radio(key=f"source-{language}").set_value("sample").run()
    page.selectbox(key=f"sample-{language}").set_value(name).run()
    page.selectbox(key=f"model-{language}").set_value("lite").run()


def analyse(page):
    """Press Analyse, wait for the worker, and let the page draw the end."""
    button(page, "analyse").click().run()
    page.session_state.job.wait(120)
    page.run()
    assert not page.exception
    return page


@pytest.mark.parametrize(
    ("language", "title", "next_step"),
    [
        ("en", "Review a set", "Next: choose a video above, or try a sample."),
        ("da", "Gennemgå et sæt", "Næste skridt: vælg en video ovenfor, eller prøv et eksempel."),
    ],
)
def test_the_empty_page_says_what_to_do_next(language, title, next_step):
    page = open_page(language)
    assert page.title[0].value == title
    assert next_step in words(page)
    assert "private" in words(page) or "privat" in words(page)
    assert button(page, "analyse").disabled


def test_the_language_can_be_changed_and_stays_in_the_address():
    page = open_page("en")
    page.button_group(key="language").set_value("da").run()
    assert page.title[0].value == "Gennemgå et sæt"
    assert page.query_params["lang"] == "da"


def test_an_unknown_language_in_the_address_is_no_error():
    assert open_page("xx").title[0].value == "Review a set"


def test_both_languages_have_the_same_words():
    first, second = (set(catalogue(language)) for language in LANGUAGES)
    assert {key for key in first ^ second if key.startswith("app.")} == set()


def test_a_sample_brings_its_exercise():
    page = open_page()
    choose_sample(page, "plank_side_good")
    assert page.selectbox(key="exercise-en").value == "plank"
    assert "computer-generated" in words(page)
    assert not page.number_input, "a plank has no depth to aim at"


def test_what_was_chosen_stays_chosen_when_the_language_changes():
    page = open_page("en")
    choose_sample(page, "plank_side_good")
    for language in ("da", "en"):
        page.button_group(key="language").set_value(language).run()
        assert not page.exception
        assert page.radio(key=f"source-{language}").value == "sample"
        chosen = {name: page.selectbox(key=f"{name}-{language}").value for name in ("sample", "exercise", "model")}
        assert chosen == {"sample": "plank_side_good", "exercise": "plank", "model": "lite"}


def test_a_sample_is_analysed_to_the_end():
    expected = next(sample.units for sample in samples() if sample.name == SAMPLE)
    page = open_page()
    choose_sample(page)
    page.number_input(key="depth").set_value(90.0).run()
    analyse(page)
    assert page.session_state.job.state is JobState.DONE
    assert page.subheader[0].value.startswith(f"{expected} squats")
    assert len(page.dataframe[0].value) == expected
    saved = ["Report (HTML)", "Record (JSON)", "Angles frame by frame (CSV)"]
    assert [link.label for link in page.get("link_button")] == saved
    assert page.get("vega_lite_chart")
    assert "Not assessed" in words(page)
    files = {path.name for path in page.session_state.workspace.results_folder.iterdir()}
    assert files == {"set.json", "trace.csv", "report.en.html"}, "browsers play the sample as it is"
    button(page, "draw").click().run()
    assert page.session_state.drawing.wait(120) is JobState.DONE
    page.run()
    assert [link.label for link in page.get("link_button")] == [*saved, "Video (MP4)"]
    assert probe(page.session_state.workspace.file("annotated.mp4")).codec == "h264"
    page.button_group(key="language").set_value("da").run()
    assert page.subheader[0].value.startswith(f"{expected} squats")
    assert "Ikke vurderet" in words(page)


def test_only_the_chosen_part_is_looked_at():
    truth = next(sample for sample in samples() if sample.name == SAMPLE).truth()["units"]
    page = open_page()
    choose_sample(page)
    from_s, to_s = 0.0, round((truth[1]["end_s"] + truth[2]["start_s"]) / 2, 1)
    page.slider[0].set_value((from_s, to_s)).run()
    analyse(page)
    source = page.session_state.job.outcome.result.record.source
    assert (source.start_s, source.end_s) == (None, to_s)
    assert page.subheader[0].value.startswith("2 squats")


def test_a_video_that_browsers_do_not_play_is_made_playable(tmp_path):
    video = tmp_path / "clip.avi"
    write_video(video, pictures(20), codec="mpeg4")
    folder = tmp_path / "results"
    folder.mkdir()
    done = []
    request = services.Request(video, video.name, "squat", model="lite")
    outcome = services.analyse(request, folder, lambda *where: done.append(where))
    path, offset_s = outcome.film()
    assert (path.name, offset_s) == ("converted.mp4", 0.0)
    assert {stage for stage, *_ in done} == {"measuring", "converting"}
    assert plays_in_browsers(probe(path))
    times = [[frame.t_s for frame in read_frames(one)] for one in (video, path)]
    assert times[0] == pytest.approx(times[1], abs=1e-4)


def test_a_bad_file_gives_a_sentence_and_keeps_the_choices():
    page = open_page()
    page.file_uploader[0].set_value(("notes.mp4", b"no video at all" * 1000, "video/mp4")).run()
    analyse(page)
    assert "notes.mp4" in page.error[0].value
    assert str(page.session_state.workspace.folder) not in page.error[0].value
    assert "kept" in words(page)
    assert not button(page, "analyse").disabled


def test_a_fault_of_the_program_is_told_without_its_insides(monkeypatch):
    def broken(request, folder, progress):
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr(services, "analyse", broken)
    page = open_page("da")
    choose_sample(page)
    analyse(page)
    assert "Noget gik galt i programmet" in page.error[0].value
    assert "secret detail" not in words(page)


def pretend(monkeypatch, record, trace, exercise="squat"):
    """Let the analysis give a hand-made result at once."""

    def analyse(request, folder, progress, cluster=None):
        return AnalysisOutcome(request, load(exercise), SetResult(record, trace), folder)

    monkeypatch.setattr(services, "analyse", analyse)


@pytest.mark.parametrize("language", LANGUAGES)
def test_nobody_seen_is_said_with_what_to_do(language, monkeypatch):
    pretend(monkeypatch, fixture.nobody_record(), fixture.squat_trace())
    page = open_page(language)
    choose_sample(page)
    analyse(page)
    record = fixture.nobody_record()
    assert [page.warning[0].value] == nothing_lines(record.nothing, load("squat"), language)
    assert not page.dataframe
    assert "draw" not in {b.key for b in page.button}, "there is nothing to draw"


@pytest.mark.parametrize(
    ("exercise", "sentence"), [("squat", "No repetition was counted."), ("plank", "No hold was counted.")]
)
def test_nothing_done_is_said_with_what_to_do(exercise, sentence, monkeypatch):
    nothing = [
        Nothing(reason="other_exercise", seen={"exercise": "lunge", "count": 3}, remedy="judge_as"),
        Nothing(reason="too_far", seen={"body_share": 0.12}, remedy="come_closer"),
    ]
    record = fixture.squat_record(
        exercise=exercise, reps=[], holds=[], faults=[], rep_count=0, partial_count=0, not_assessed=[], statistics={},
        nothing=nothing,
    )  # fmt: skip
    pretend(monkeypatch, record, fixture.squat_trace(), exercise)
    page = open_page()
    choose_sample(page)
    analyse(page)
    first, second = nothing_lines(nothing, load(exercise), "en")
    assert sentence in [heading.value for heading in page.subheader]
    assert page.warning[0].value == first
    assert second in [text.value for text in page.markdown]
    assert page.get("vega_lite_chart"), "what was measured is still shown"


@pytest.mark.parametrize(
    ("nothing", "key", "changed"),
    [
        (Nothing(reason="other_exercise", seen={"exercise": "lunge", "count": 3}, remedy="judge_as"), "judge-as",
         {"exercise": "lunge", "target_depth_deg": None}),
        (Nothing(reason="picture_on_side", seen={"turn_deg": 90}, remedy="turn_film"), "turn-film", {"turn_deg": 90}),
    ],
)  # fmt: skip
def test_one_press_analyses_again_as_proposed(nothing, key, changed, monkeypatch):
    record = fixture.squat_record(reps=[], faults=[], rep_count=0, partial_count=0, statistics={}, nothing=[nothing])
    requests = []

    def analyse_request(request, folder, progress, cluster=None):
        requests.append(request)
        return AnalysisOutcome(request, load("squat"), SetResult(record, fixture.squat_trace()), folder)

    monkeypatch.setattr(services, "analyse", analyse_request)
    page = open_page("da")
    choose_sample(page)
    analyse(page)
    page.button(key=key).click().run()
    assert not page.exception
    while len(requests) < 2:
        page.run()
    first, second = requests
    assert {name: getattr(second, name) for name in changed} == changed
    assert second.video == first.video


def test_a_hold_shows_its_clocks(monkeypatch):
    record = fixture.plank_record()
    pretend(monkeypatch, record, fixture.plank_trace(), "plank")
    page = open_page("da")
    choose_sample(page, "plank_side_good")
    analyse(page)
    clocks = {metric.label: metric.value for metric in page.metric}
    seconds = [record.hold_s, record.in_form_s, record.longest_in_form_s]
    assert list(clocks) == ["Holdetid", "Med god teknik", "Længst i træk", "Stilling"]
    assert list(clocks.values())[:3] == [f"{value:.0f} s" for value in seconds]


def test_every_point_has_its_button_and_the_worst_is_one_press_away(monkeypatch):
    record = fixture.squat_record()
    pretend(monkeypatch, record, fixture.squat_trace())
    page = open_page()
    choose_sample(page)
    analyse(page)
    jumps = [b for b in page.button if (b.key or "").startswith("fault-")]
    moments = [row.jump_s for row in tables.fault_rows(record, load("squat"), "en")]
    assert len(jumps) == len(moments) > 1
    jumps[1].click().run()
    assert page.session_state.player.seek_s == moments[1]
    button(page, "worst").click().run()
    assert page.session_state.player.seek_s == record.worst_fault.worst_s
    assert page.session_state.player.seek_id == 2


def test_an_analysis_can_be_cancelled():
    page = open_page()
    choose_sample(page)
    button(page, "analyse").click().run()
    assert "You can stop at any time" in words(page)
    button(page, "cancel").click().run()
    assert page.session_state.job.wait(60) is JobState.CANCELLED
    page.run()
    assert "Stopped." in page.info[0].value
    assert not button(page, "analyse").disabled


def test_clear_deletes_the_video_and_the_page_says_so():
    page = open_page()
    page.file_uploader[0].set_value(("notes.mp4", b"no video at all", "video/mp4")).run()
    folder = page.session_state.workspace.folder
    assert list(folder.rglob("notes.mp4"))
    analyse(page)
    button(page, "clear").click().run()
    assert list(folder.iterdir()) == []
    assert "Deleted" in page.success[0].value
    assert button(page, "analyse").disabled, "the uploader still holds the old file"


def failing_page():
    import streamlit as st

    from formcheck.app.server import show_error

    st.session_state.language = "da"
    show_error(KeyError("private name"))


def test_a_page_that_fails_says_so_in_the_persons_language_and_no_more(capsys):
    page = AppTest.from_function(failing_page).run()
    assert page.error[0].value.startswith("Noget gik galt i programmet (KeyError)")
    assert "private name" not in page.error[0].value
    assert "private name" in capsys.readouterr().err, "who looks after the program finds the cause on the terminal"


def test_a_reviewed_set_is_kept_among_those_that_were_trained(monkeypatch, store: Store):
    record, trace = fixture.squat_record(), fixture.squat_trace()
    pretend(monkeypatch, record, trace)
    page = open_page()
    choose_sample(page)
    analyse(page)
    page.checkbox(key="keep-video").check().run()
    page.date_input(key="keep-day").set_value(date(2026, 3, 4)).run()
    button(page, "keep").click().run()
    (session,) = store.sessions.of(store.people.me().id)
    assert session.day == date(2026, 3, 4)
    (kept,) = store.sets.of(session.id)
    assert store.sets.corrected(kept.id).record == record
    assert np.array_equal(store.sets.trace(kept.id).image_px, trace.image_px, equal_nan=True)
    film = store.videos.of(kept.id)[kept.id]
    sample = next(one for one in samples() if one.name == SAMPLE)
    assert film.path.read_bytes() == sample.path.read_bytes()
    assert page.query_params["set"] == str(kept.id), "it leads to the set"


def test_several_sets_in_one_video_are_shown_one_by_one(monkeypatch):
    record = fixture.squat_record()
    later = {
        rep.index: rep.model_copy(update={name: getattr(rep, name) + 60 for name in ("start_s", "turn_s", "end_s")})
        for rep in record.reps[1:]
    }
    split = record.model_copy(update={"reps": [later.get(rep.index, rep) for rep in record.reps]})
    pretend(monkeypatch, split, fixture.squat_trace())
    page = open_page()
    choose_sample(page)
    analyse(page)
    assert len(page.dataframe[0].value) == len(record.reps)
    chooser = next(group for group in page.button_group if group.key.startswith("part-"))
    chooser.set_value(2).run()
    assert not page.exception
    assert len(page.dataframe[0].value) == len(record.reps) - 1
    page.number_input(key="rest-splits").set_value(120).run()
    assert not page.exception
    assert len(page.dataframe[0].value) == len(record.reps), "the split can be edited"
