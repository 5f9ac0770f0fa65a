"""The physiotherapist's pages ask the database as often for many people and sets as for few."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from benchmarks import store as sized
from formcheck.app import identity
from formcheck.clinic import caseload
from formcheck.store.principal import Asker
from formcheck.store.store import Store
from tests.example_records import squat_record
from tests.pages import open_page

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.mark.parametrize("page", ["people", "queue", "person"])
@pytest.mark.usefixtures("store")
def test_a_page_needs_the_same_queries_for_few_and_for_many(
    page: str, sit_down: Callable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(sized, "TODAY", date.today())
    monkeypatch.setattr(caseload, "sampled", lambda *_: False)
    needed, buttons = [], []
    for people, sets in ((1, 8), (5, 40)):
        with Store(folder=tmp_path / str(people)) as filled:
            ids, physiotherapist = sized.fill(filled, people, sets, squat_record())
            monkeypatch.setattr(identity, "full_store", lambda filled=filled: filled)
            sit_down(Asker(physiotherapist, datetime.now(UTC)))
            address = ("people", {"person": str(ids[0])}) if page == "person" else (page, {})
            with sized.counted(filled) as statements:
                drawn = open_page(address[0], **address[1])
            needed.append(len(statements))
            buttons.append(len(drawn.button))
            assert not [text for text in statements if "exercise_set.record" in text], "no list reads a record"
    assert needed[0] == needed[1]
    assert buttons[0] < buttons[1], "there was more to show"
