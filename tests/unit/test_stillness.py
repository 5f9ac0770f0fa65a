"""For how long a body has been still: the newest stretch in which its place hardly changed."""

from __future__ import annotations

import numpy as np
import pytest

from formcheck.engine.tracking.stillness import STILL_TORSOS, Stillness

TORSO_PX = 100.0
FPS = 10


def still_s(places_px: np.ndarray) -> list[float]:
    still = Stillness()
    return [still.update(i / FPS, np.array([place]), TORSO_PX) for i, place in enumerate(places_px)]


def test_it_grows_while_nothing_moves_up_to_what_can_be_asked_for():
    assert still_s(np.zeros(20)) == pytest.approx(np.arange(20) / FPS)
    assert still_s(np.zeros(200))[-1] == pytest.approx(5.0, abs=1 / FPS)


def test_a_jump_begins_it_again_and_the_way_there_does_not_count():
    places = np.r_[np.zeros(20), np.linspace(0, 10 * STILL_TORSOS * TORSO_PX, 11)[1:], np.full(20, 80.0)]
    assert still_s(places)[-1] == pytest.approx(2.0, abs=0.11)


def test_a_slow_drift_is_no_movement():
    drifts = np.linspace(0, 4 * STILL_TORSOS * TORSO_PX, 30 * FPS)
    assert still_s(drifts)[-1] == pytest.approx(5.0, abs=1 / FPS)
    assert min(still_s(drifts)[5 * FPS :]) > 4.8
