"""The page of one person: what was done, said and measured, and the way to each moment."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from formcheck.model.corrections import Correction
from formcheck.store.access import AuthorisedStore
from tests.clinic import Clinic, full_clinic
from tests.example_records import SEEN, plank_record, squat_record
from tests.pages import open_page, press, words

if TYPE_CHECKING:
    from collections.abc import Callable

    from formcheck.model.records import SetRecord
    from formcheck.store.store import Store


@pytest.fixture
def clinic(store: Store, sit_down: Callable) -> Clinic:
    made = full_clinic(store)
    sit_down(made.asker(made.anna))
    return made


def page_of(clinic: Clinic, name: str, language: str = "en", **query: str):
    return open_page("people", language, person=str(clinic.people[name]), **query)


def test_the_week_the_goal_and_what_was_reported(clinic: Clinic):
    told = words(page_of(clinic, "Bo Bentsen"))
    assert "week 2 of 6, " in told
    assert r"Go up \*the stairs\* to the flat" in told
    assert "week 0: 3 · week 3: –" in told
    assert "pain during" in told
    assert "green up to 2, yellow 3–5, red over 5" in told


def test_tests_sides_criteria_and_recordings(clinic: Clinic):
    told = words(page_of(clinic, "Bo Bentsen"))
    assert "left 71°, right 90°" in told
    assert "The right is 19° deeper, more than the smallest real difference of 5°." in told
    assert "30-second chair stand" in told
    assert "Squat: at least 50% without a point to correct, in 2 sessions one after the other: **met**" in told
    assert "Squat: pain at most 2, in 2 sessions one after the other: **not met**" in told
    assert "Plank: exertion at most 6, in 2 sessions one after the other: **not known yet**" in told
    assert "could be judged 97% of the time" in told


def test_the_reference_values_say_source_people_and_chair(clinic: Clinic):
    page = page_of(clinic, "Bo Bentsen")
    assert "a chair of 43 cm without armrests" in words(page)
    assert "CDC STEADI, people of 60 to 94 years" in words(page)
    assert len(page.table[0].value) == 7
    assert not page_of(clinic, "Eva Ek").table, "who did no test sees none"


@pytest.mark.parametrize("language", ["en", "da"])
def test_somebody_who_did_nothing_yet(clinic: Clinic, language: str):
    told = words(page_of(clinic, "Finn Fisk", language))
    nothing = {
        "en": (
            "No programme",
            "Nothing was reported yet.",
            "Nothing was trained in the last 28 days.",
            "No finished set yet.",
        ),
        "da": ("Intet træningsprogram", "Der er ikke oplyst noget endnu.", "Der er ikke trænet endnu."),
    }[language]
    assert all(sentence in told for sentence in nothing)


def test_in_danish(clinic: Clinic):
    told = words(page_of(clinic, "Bo Bentsen", "da"))
    assert "Trykkede på Stop" in told
    assert "Højre er 19° dybere; det er mere end den mindste sikre forskel på 5°." in told
    assert "Planke: anstrengelse højst 6" in told


def test_the_worst_moment_is_one_click_away(clinic: Clinic):
    page = page_of(clinic, "Bo Bentsen")
    moment = next(button for button in page.button if button.key.startswith("moment-"))
    assert moment.label.startswith("Play from 0:")
    moment.click().run()
    assert not page.exception
    assert page.query_params["set"] == moment.key.removeprefix("moment-")
    asked = page.session_state.player.seek_s
    assert asked == pytest.approx(float(page.query_params["at"]))
    assert "Bo Bentsen" in words(page)
    press(page, "look-back")
    assert page.title[0].value == "Bo Bentsen"


def test_a_video_is_seen_only_where_the_person_shared_it(clinic: Clinic):
    (set_id,) = clinic.trained("Eva Ek", 0)
    slot = clinic.store.videos.slot()
    slot.write_bytes(b"pictures")
    clinic.store.videos.keep(set_id, slot, "video/webm", 0.0)
    page = page_of(clinic, "Eva Ek", set=str(set_id))
    assert "No video of this set is shared with you: you see the skeleton alone." in words(page)
    assert "film" not in page.session_state.player.addresses
    AuthorisedStore(clinic.store, clinic.asker(clinic.accounts["Eva Ek"])).links.share_video(set_id, clinic.anna)
    page = page_of(clinic, "Eva Ek", set=str(set_id))
    assert "is shared with you" not in words(page)
    assert "film" in page.session_state.player.addresses


def test_bad_moments_in_the_address_are_passed_over(clinic: Clinic):
    (set_id,) = clinic.trained("Eva Ek", 0)
    for moment in ("nan", "x", "inf"):
        page = page_of(clinic, "Eva Ek", set=str(set_id), at=moment)
        assert page.session_state.player.seek_s is None


def test_every_training_day_is_there_and_each_set_opens(clinic: Clinic):
    page = page_of(clinic, "Bo Bentsen")
    told = words(page)
    assert "Squat: 8, 1 not counted" in [button.label for button in page.button]
    assert "pain before: – · pain during: 7" in told
    assert len([button for button in page.button if button.key.startswith("look-")]) == 6


def test_a_load_stands_with_its_set_and_in_its_headline(clinic: Clinic):
    record = squat_record(prescription={"exercise": "squat", "load_kg": 7.5})
    (set_id,) = clinic.trained("Eva Ek", 0, record, load_kg=7.5)
    assert "Squat, 7.5 kg: 8, 1 not counted" in [button.label for button in page_of(clinic, "Eva Ek").button]
    assert "8 squats med 7,5 kg, " in words(page_of(clinic, "Eva Ek", "da", set=str(set_id)))


def stance(sideways: float | None, speed: float = 0.05) -> SetRecord:
    """Return a stance on the left leg of half a minute, with its sway where one is given."""
    measures = {"sway_sideways_ratio": sideways, "sway_path_ratio": speed, "sway_seen_s": 24.0} if sideways else {}
    hold = (
        plank_record().holds[0].model_copy(update={"side": "left", "measures": measures, "verdicts": [], "faults": []})
    )
    return plank_record(exercise="single_leg_stance", holds=[hold], faults=[], software={"model": "full"})


@pytest.mark.parametrize(
    ("language", "title", "speed", "within"),
    [
        ("en", "Sway sideways", "5.00%/s", "1 of 2 training days are not above that noise"),
        ("da", "Kropssvaj sidelæns", "5,00 %/s", "1 af 2 træningsdage ligger ikke over den støj"),
    ],
)
def test_the_sway_of_a_stance_is_an_own_trend_beside_its_noise(
    clinic: Clinic, language: str, title: str, speed: str, within: str
):
    clinic.trained("Finn Fisk", 8, stance(0.012), stance(None))
    clinic.trained("Finn Fisk", 1, stance(0.0005))
    page = page_of(clinic, "Finn Fisk", language)
    told = words(page)
    assert title in told
    assert speed in told
    assert within in told
    known = {"en": "Known of 2 sets; 3 of the exercise in all.", "da": "Kendt for 2 sæt; 3 af øvelsen i alt."}
    assert known[language] in told
    assert ("forward and back cannot be seen" if language == "en" else "frem og tilbage kan ikke ses") in told
    assert len(page.table[-1].value) == 2


def test_sway_is_said_to_be_unknown_where_no_set_has_it_and_of_no_other_exercise(clinic: Clinic, sit_down: Callable):
    clinic.trained("Finn Fisk", 1, stance(None))
    told = words(page_of(clinic, "Finn Fisk"))
    assert "The sway is not known of any set of this exercise." in told
    assert "“Measure the sway too”" in told
    assert "sway" not in words(page_of(clinic, "Eva Ek")).lower(), "nothing of it at a squat"
    clinic.trained("Finn Fisk", 0, stance(0.012))
    sit_down(clinic.asker(clinic.accounts["Finn Fisk"]))
    assert "sway" not in words(open_page("progress")).lower(), "the person is shown none of it"


def test_many_training_days_are_shown_a_few_at_a_time(clinic: Clinic):
    for days_ago in range(10, 24):
        clinic.trained("Eva Ek", days_ago)
    page = page_of(clinic, "Eva Ek")
    looks = lambda: len([button for button in page.button if button.key.startswith("look-")])  # noqa: E731
    assert looks() == 11, "two sets, then nine days"
    press(page, f"days-shown-{clinic.people['Eva Ek']}-more")
    assert looks() == 16


def test_comments_and_decisions_are_told_with_who_and_when(clinic: Clinic):
    set_id = clinic.trained("Eva Ek", 0)[0]
    own = AuthorisedStore(clinic.store, clinic.asker(clinic.accounts["Eva Ek"]))
    at = SEEN.at
    own.reviews.add(set_id, Correction(by="x", at=at, kind="comment", moment_s=3.0, text="It *clicked* here"))
    physiotherapist = AuthorisedStore(clinic.store, clinic.asker(clinic.anna))
    physiotherapist.reviews.add(set_id, Correction(by="x", at=at, kind="fault_wrong", rule="depth", rep=3))
    told = words(page_of(clinic, "Eva Ek"))
    assert r"Comment at 0:03.0: It \*clicked\* here" in told
    assert "Eva Ek, 4 March 2026" in told
    assert "“Depth” in no. 3 is wrong" in told
    assert "Anna, 4 March 2026" in told


def test_a_message_is_sent_from_the_page_and_a_bad_one_stays_in_the_box(clinic: Clinic):
    person = clinic.people["Eva Ek"]
    page = page_of(clinic, "Eva Ek")
    (box,) = page.text_area
    box.set_value("   ").run()
    press(page, f"send-page-{person}")
    assert "1 to 4000 characters" in words(page)
    assert page.text_area[0].value == "   "
    page.text_area[0].set_value("Godt gået").run()
    press(page, f"send-page-{person}")
    assert [message.text for message in clinic.store.messages.of(person)] == ["Godt gået"]
    assert page.text_area[0].value == ""


@pytest.mark.parametrize("wanted", ["foreign", "9999"])
@pytest.mark.parametrize(("language", "said"), [("en", "is not linked to you"), ("da", "er ikke knyttet til dig")])
def test_somebody_elses_person_is_refused(clinic: Clinic, wanted: str, language: str, said: str):
    foreign = str(clinic.people["Gry Gade"])
    page = open_page("people", language, person=foreign if wanted == "foreign" else wanted)
    assert said in words(page)
    assert "Gry" not in words(page)
    assert not page.title


def test_somebody_elses_set_is_refused_also_under_an_own_persons_name(clinic: Clinic):
    (foreign,) = clinic.trained("Gry Gade", 0)
    page = page_of(clinic, "Eva Ek", set=str(foreign))
    assert "This set is not here" in words(page)
    (others,) = clinic.trained("Dorte Dam", 0)
    page = page_of(clinic, "Eva Ek", set=str(others))
    assert "This set is not here" in words(page)


def test_a_link_that_ended_takes_the_page_away(clinic: Clinic):
    page = page_of(clinic, "Eva Ek")
    clinic.store.links.end(clinic.people["Eva Ek"], clinic.anna)
    page.run()
    assert "is not linked to you, or not any more" in words(page)
    assert date.today().isoformat() not in words(page)
    assert not page.title
