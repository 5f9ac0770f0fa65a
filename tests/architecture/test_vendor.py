"""What the live page loads that is not ours: exactly the listed files, unchanged, and without an address to send usage to."""

from __future__ import annotations

import hashlib
import tomllib

from formcheck import doctor
from tests.architecture.sources import VENDOR

LIBRARY = tomllib.loads((VENDOR / "vendor.toml").read_text(encoding="utf-8"))["tasks_vision"]
OWN = {"vendor.toml", "LICENSE"}
SENDS_USAGE = (b"odml.pa.googleapis", b"play.google", b"clearcut")


def test_the_files_are_those_that_are_listed():
    found = {path.relative_to(VENDOR).as_posix() for path in VENDOR.rglob("*") if path.is_file()}
    assert found - OWN == set(LIBRARY["files"])
    for name, sha256 in LIBRARY["files"].items():
        assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() == sha256, name


def test_no_file_holds_an_address_to_send_usage_to():
    for name in LIBRARY["files"]:
        data = (VENDOR / name).read_bytes()
        assert not [address for address in SENDS_USAGE if address in data], name


def test_the_licence_is_beside_it_and_the_version_is_that_of_the_server():
    assert LIBRARY["licence"] == "Apache-2.0"
    assert "Apache License" in (VENDOR / "LICENSE").read_text(encoding="utf-8")
    assert LIBRARY["version"] == doctor.MEDIAPIPE_VERSION
