"""The files that travel with formcheck are found from a checkout and from an installed package."""

import pytest

from formcheck.errors import ModelFileError, SourceError
from formcheck.files import resources


def test_the_checkout_has_models_and_samples():
    assert (resources.models_dir() / "models.toml").is_file()
    assert (resources.samples_dir() / "squat_side_good.mp4").is_file()


def test_package_data_is_found_first(tmp_path, monkeypatch):
    for name in ("models", "sample_videos"):
        (tmp_path / "formcheck" / "_data" / name).mkdir(parents=True)
        (tmp_path / name).mkdir()
    monkeypatch.setattr(resources, "PACKAGE", tmp_path / "formcheck")
    assert resources.models_dir() == tmp_path / "formcheck" / "_data" / "models"
    assert resources.samples_dir() == tmp_path / "formcheck" / "_data" / "sample_videos"


def test_an_installation_without_its_data_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(resources, "PACKAGE", tmp_path / "formcheck")
    with pytest.raises(ModelFileError, match="Install formcheck again") as models:
        resources.models_dir()
    with pytest.raises(SourceError, match="Install formcheck again") as samples:
        resources.samples_dir()
    assert (models.value.code, samples.value.code) == ("models_missing", "samples_missing")
