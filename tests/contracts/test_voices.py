"""Every sentence has its sound in every language, and every sound says the sentence that is in the catalogue now."""

from __future__ import annotations

import hashlib
import tomllib
from typing import TYPE_CHECKING

import av
import numpy as np
import pytest

from formcheck.coach.spoken_catalogue import spoken_keys, spoken_text
from formcheck.i18n import LANGUAGES
from formcheck.voices import FOLDER

if TYPE_CHECKING:
    from pathlib import Path

INDEX = tomllib.loads((FOLDER / "voices.toml").read_text(encoding="utf-8"))


def sound(path: Path) -> tuple[float, float]:
    """Return the length (s) and the loudest sample (0..1) of a sound file."""
    with av.open(str(path)) as container:
        stream = container.streams.audio[0]
        samples = np.concatenate([frame.to_ndarray().ravel() for frame in container.decode(stream)])
        return len(samples) / stream.rate, float(np.abs(samples).max())


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_has_its_sound_and_every_sound_its_sentence(language: str):
    spoken = {key: spoken_text(key, language) for key in spoken_keys()}
    assert {key: entry["text"] for key, entry in INDEX[language].items()} == spoken, "run tools/make_voices.py"
    assert {path.name for path in (FOLDER / language).iterdir()} == {f"{key}.mp3" for key in spoken}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sound_is_as_listed_and_can_be_heard(language: str):
    for key, entry in INDEX[language].items():
        path = FOLDER / language / f"{key}.mp3"
        assert hashlib.sha256(path.read_bytes()).hexdigest() == entry["sha256"], key
        length_s, loudest = sound(path)
        assert 0.15 < length_s < 6, key
        assert loudest > 0.1, key
