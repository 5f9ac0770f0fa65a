"""The types that the pages' scripts are checked against are those of the data that Python gives them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import pytest

from formcheck.app.live import component, protocol
from formcheck.app.live.protocol import Bye, Command, Facts, Hello
from formcheck.app.player import PairSide
from formcheck.app.player.motion import motion
from formcheck.coach.display import Display
from formcheck.coach.messages import CoachStage, WhyPaused
from formcheck.exercises import load
from formcheck.i18n import translator
from tests.coaching import run, squat, squats
from tests.synthetic_cases import CLEAN, judged, made

if TYPE_CHECKING:
    from formcheck.coach.coach import Coach

APP = Path(component.__file__).parents[1]
LIVE = (APP / "live" / "web" / "protocol.d.ts").read_text(encoding="utf-8")
PLAYER = (APP / "player" / "types.d.ts").read_text(encoding="utf-8")
OF_STAGE = {"setup": "SettingUp", "ready": "SettingUp", "countin": "CountIn", "set": "OfSet", "rest": "Rest"}


def fields(types: str, name: str) -> set[str]:
    """Return the names of an interface's fields."""
    body = re.search(rf"interface {name}(?: extends \w+)? {{\n(.*?)\n}}", types, re.DOTALL).group(1)
    return set(re.findall(r"^  (\w+)\??: ", body, re.MULTILINE))


def words(types: str, declared: str) -> set[str]:
    """Return the words of a choice."""
    return set(re.findall(r'"(\w+)"', re.search(rf"{declared}(.*?);", types, re.DOTALL).group(1)))


@pytest.mark.parametrize("message", [Hello, Command, Facts, Bye])
def test_a_message_to_the_server(message: type[Any]):
    assert fields(LIVE, message.__name__) == set(message.model_fields)


@pytest.mark.parametrize(
    ("declared", "choice"),
    [
        ("type Mode =", protocol.PoseMode), ("type CommandName =", Command.model_fields["name"].annotation),
        ("type Stage =", CoachStage), ("paused_why: ", WhyPaused),
    ],
)  # fmt: skip
def test_a_choice(declared: str, choice: object):
    assert words(LIVE, declared) == set(get_args(choice))


def test_what_streamlit_gives_the_live_page():
    page = component.LivePage("token", "browser", ("browser",), False)
    given = component._data(page, translator("en"))
    assert fields(LIVE, "PageData") == set(given) - {"no_script"}, "which only the loader reads"


def test_what_the_page_shows_in_each_stage(monkeypatch: pytest.MonkeyPatch):
    stages: dict[str, set[str]] = {}
    display = Display.of

    def watched(self: Display, coach: Coach) -> dict:
        given = display(self, coach)
        stages[given["stage"]] = set(given)
        return given

    monkeypatch.setattr(Display, "of", watched)
    run(squat(sets=2, repetitions=2)).feed(squats([CLEAN["squat"]] * 2, after_s=5.0))
    assert set(OF_STAGE) <= set(stages)
    for stage, part in OF_STAGE.items():
        declared = fields(LIVE, "Common") | fields(LIVE, part) | {"stage"}
        assert stages[stage] | {"note"} == declared, stage


def test_what_a_player_is_given():
    done = judged(made("squat", [CLEAN["squat"]]).poses, "squat")
    given = json.loads(json.dumps(motion(done.record, done.trace, load("squat"), "en")))
    assert set(given) == fields(PLAYER, "Common") | fields(PLAYER, "Packed")
    assert set(given["units"][0]) == fields(PLAYER, "Unit") - {"held"}
    assert {"motion", *PairSide.__slots__} == fields(PLAYER, "SideData")
