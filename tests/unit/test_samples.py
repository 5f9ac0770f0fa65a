"""The list of samples, and the truth beside each."""

from __future__ import annotations

import pytest

from formcheck.errors import SourceError
from formcheck.files import samples


def test_what_is_offered_can_be_judged():
    offered = samples.samples()
    assert {sample.exercise for sample in offered} == {"squat", "lunge", "plank", "single_leg_stance"}
    assert offered == samples.every_sample()
    assert {sample.exercise for sample in samples.samples("lunge")} == {"lunge"}
    assert all(sample.title["en"] != sample.title["da"] for sample in offered)


@pytest.mark.parametrize("sample", samples.every_sample(), ids=lambda sample: sample.name)
def test_the_truth_lies_within_what_a_body_does(sample: samples.Sample):
    truth = sample.truth()
    frames = truth["frames"]
    assert frames["t_s"] == sorted(set(frames["t_s"]))
    assert all(-10 < angle < 150 for side in ("left", "right") for angle in frames[f"knee_flexion_{side}_deg"])
    assert all(0 <= unit["start_s"] < unit["end_s"] <= frames["t_s"][-1] + 1 for unit in truth["units"])
    for unit in truth["units"]:
        if "turn_s" in unit:
            deepest = unit["at_turn"]["knee_flexion_left_deg"]  # of a lunge, the left leg is the front one
            assert unit["start_s"] < unit["turn_s"] < unit["end_s"]
            assert deepest == pytest.approx(unit["script"]["depth"], abs=1)


def test_a_damaged_list_is_said_in_words(tmp_path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "manifest.toml").write_text("not a list", encoding="utf-8")
    monkeypatch.setattr(samples, "samples_dir", lambda: tmp_path)
    with pytest.raises(SourceError, match="Install formcheck again"):
        samples.samples()
