"""Every page on a phone, in both languages, empty and full: it fits, says all of it in its language, and breaks nowhere."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from formcheck.app.pages import PAGES
from formcheck.i18n import LANGUAGES, catalogue
from formcheck.programmes.programme import Goal, Programme
from formcheck.store.store import Store
from tests.browser.clinic import Clinic, running_clinic, sign_in
from tests.browser.conftest import TIMEOUT_MS, App, running, settle
from tests.clinic import Clinic as People
from tests.clinic import full_clinic
from tests.example_records import plank_record, squat_record
from tests.synthetic_cases import CLEAN, judged, made

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

    from tests.postgres import Server

PHONE = {"width": 390, "height": 844}
ALONE = [name for name, (roles, _) in PAGES.items() if "person" in roles and name != "messages"]
OTHERS = {"formcheck", "Anna", "Up the stairs"}
"""What stands there in both languages: names, and what people wrote."""
DARK = {"en": "light", "da": "dark"}
WIDER = """() => [document.documentElement, document.querySelector('[data-testid="stMain"]')]
    .map((element) => element.scrollWidth - element.clientWidth)"""
PALE = """() => {
    const light = ([r, g, b]) => [[r, .2126], [g, .7152], [b, .0722]]
        .reduce((sum, [c, part]) => sum + part * ((c /= 255) <= .03928 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4), 0);
    const parts = (colour) => colour.match(/[\\d.]+/g).map(Number);
    return [...document.querySelectorAll('[data-testid="stMain"] button[kind="primary"]:not(:disabled)')].map((button) => {
        const style = getComputedStyle(button), letters = button.querySelector("p") ?? button;
        const colours = [parts(style.backgroundColor), parts(getComputedStyle(letters).color)];
        const [one, other] = colours.map(light).sort((a, b) => b - a);
        return [button.innerText, (one + .05) / (other + .05)];
    }).filter(([, contrast]) => contrast < 4.5);
}"""
"""Finds the main buttons that cannot be read: WCAG 2.2 asks for 4.5."""


def look(page: Page, address: str, language: str) -> str:
    """Open a page as on a phone, in the dark where it is Danish; return its words after a look at all that can be measured."""
    page.emulate_media(color_scheme=DARK[language])
    page.goto(f"{address}{'&' if '?' in address else '?'}lang={language}")
    page.locator('[data-testid="stMain"] h1').first.wait_for()
    settle(page)
    assert page.evaluate(WIDER) == [0, 0], "wider than the phone"
    assert page.evaluate(PALE) == []
    assert page.get_by_test_id("stException").count() == 0
    words = page.get_by_test_id("stMain").inner_text()
    assert set(re.findall(r"[a-z_]+(?:\.[a-z_0-9]+)+", words)).isdisjoint(catalogue(language))
    return words


def sentences(words: str) -> set[str]:
    """Return the lines of more than one word."""
    lines = (re.sub(r"[^\w ]", "", line).strip() for line in words.splitlines())
    return {line for line in lines if len(re.findall(r"[^\W\d]{2,}", line)) > 1}


def look_twice(page: Page, address: str, names: set[str]) -> None:
    """Look at a page in both languages: nothing but names and what people wrote is the same."""
    english, danish = (sentences(look(page, address, language)) for language in LANGUAGES)
    assert {line for line in english & danish if not any(name in line for name in names)} == set()


@pytest.fixture(scope="module")
def phone(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport=PHONE, locale="en-GB", timezone_id="UTC")
    context.set_default_timeout(TIMEOUT_MS)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    with running(tmp_path_factory.mktemp("empty-home")) as app:
        yield app


@pytest.fixture(scope="module")
def sets(app: App) -> dict[str, int]:
    """Much to see for somebody alone: a programme with a goal and a test, and trainings; the sets of the last one by exercise."""
    with Store(folder=app.home / "formcheck") as store:
        me = store.people.me()
        store.people.save_first_start(me.id, {"answers": {}, "skipped": True})
        people = People(store, people={"me": me.id})
        people.trained("me", 9, pain=2, exertion=3)
        people.trained("me", 3, squat_record(exercise="chair_stand_30s"), pain=6, exertion=7, stop="pain", test=True)
        start = date.today() - timedelta(weeks=1)
        store.programmes.add(
            me.id,
            Programme(
                title="Up the stairs",
                start=start,
                end=start + timedelta(weeks=6, days=-1),
                days_a_week=3,
                exercises=[{"prescription": {"exercise": name}} for name in ("squat", "single_leg_stance")],
                goals=[Goal(id="stairs", text="Up the stairs")],
                tests=("chair_stand_30s",),
            ),
            by=None,
        )
        stance = judged(made("single_leg_stance", [CLEAN["single_leg_stance"]], 0.0).poses, "single_leg_stance")
        ids = people.trained("me", 1, squat_record(), plank_record(), stance.record, pain=2, exertion=3)
        return dict(zip(("squat", "plank", "single_leg_stance"), ids))


def test_the_first_start(empty: App, phone: Page):
    look_twice(phone, empty.url, OTHERS)


@pytest.mark.parametrize("name", ALONE)
def test_a_page_with_nothing_in_it(empty: App, phone: Page, name: str):
    with Store(folder=empty.home / "formcheck") as store:
        store.people.save_first_start(store.people.me().id, {"answers": {}, "skipped": True})
    look_twice(phone, f"{empty.url}/{name}", OTHERS)


@pytest.mark.parametrize("name", ALONE)
def test_a_page_with_much_in_it(app: App, sets: dict[str, int], phone: Page, name: str):
    look_twice(phone, f"{app.url}/{name}", OTHERS)


@pytest.mark.parametrize("exercise", ["squat", "plank", "single_leg_stance"])
def test_a_set(app: App, sets: dict[str, int], phone: Page, exercise: str):
    look_twice(phone, f"{app.url}/train?set={sets[exercise]}", OTHERS)


@pytest.fixture(scope="module")
def petra(tmp_path_factory: pytest.TempPathFactory, postgres: Server, phone: Page) -> Iterator[tuple[Clinic, People]]:
    """A clinic with people in it, whose physiotherapist has signed in on the phone."""
    with running_clinic(tmp_path_factory.mktemp("clinic-home"), postgres) as clinic:
        people = full_clinic(clinic.store)
        people.wrote("Bo Bentsen", "Up the stairs")
        petra = clinic.account("petra")
        clinic.store.accounts.set_roles(petra, ["physiotherapist", "administrator"])
        for name in ("Bo Bentsen", "Dorte Dam"):
            token = clinic.store.links.invite(by=petra).token
            clinic.store.links.accept(token, by=people.accounts[name])
        sign_in(phone, clinic, "petra")
        yield clinic, people


@pytest.mark.parametrize("name", ["people", "queue", "programme", "messages", "accounts", "people?person={person}"])
def test_a_page_of_the_clinic(petra: tuple[Clinic, People], phone: Page, name: str):
    clinic, people = petra
    names = {*people.people, "Petra Lund", "Carl", "the stairs", *OTHERS}
    look_twice(phone, f"{clinic.app.url}/{name.format(person=people.people['Bo Bentsen'])}", names)
