"""The private folders: what is kept, for whom, and when it goes."""

from __future__ import annotations

import io
import subprocess
import sys

import pytest

from formcheck.app.workspace import LOCK, Workspaces, remove_orphans, safe_name


@pytest.fixture
def spaces(tmp_path):
    spaces = Workspaces(tmp_path)
    yield spaces
    spaces.close()


class Stream(io.BytesIO):
    """Refuses to be read whole, as a 4 GB upload would be."""

    def read(self, size=-1):
        assert 0 <= size <= 1 << 20, "an upload must be copied in small pieces"
        return super().read(size)


def test_an_upload_is_copied_in_pieces_and_kept_under_its_own_name(spaces):
    workspace = spaces.open("one")
    path = workspace.take_upload("id-1", "my squat.mov", Stream(b"x" * 3_000_000))
    assert path.name == "my squat.mov"
    assert path.stat().st_size == 3_000_000
    assert workspace.take_upload("id-1", "my squat.mov", Stream(b"")) == path
    assert path.stat().st_size == 3_000_000, "a rerun of the page copied again"


def test_a_new_upload_replaces_the_old_one(spaces):
    workspace = spaces.open("one")
    old = workspace.take_upload("id-1", "a.mp4", Stream(b"a"))
    new = workspace.take_upload("id-2", "b.mp4", Stream(b"b"))
    assert new.read_bytes() == b"b"
    assert not old.exists()


def test_an_upload_that_could_not_be_written_is_not_taken_for_a_whole_one(spaces):
    class Broken(Stream):
        def read(self, size=-1):
            raise OSError(28, "No space left on device")

    workspace = spaces.open("one")
    with pytest.raises(OSError, match="No space left"):
        workspace.take_upload("id-1", "a.mp4", Broken(b""))
    assert workspace.take_upload("id-1", "a.mp4", Stream(b"whole")).read_bytes() == b"whole"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\squat.mp4", "squat.mp4"),
        ('a<b>:"c|d?.mp4', "a_b___c_d_.mp4"),
        ("..", "video"),
        ("", "video"),
        ("øvelse på gulvet.MOV", "øvelse på gulvet.MOV"),
        ("x" * 300 + ".mp4", "x" * 100 + ".mp4"),
    ],
)
def test_names_stay_inside_the_folder(given, kept):
    assert safe_name(given) == kept


def test_files_are_served_by_their_bare_name_only(spaces):
    workspace = spaces.open("one")
    (workspace.results() / "set.json").write_text("{}")
    assert workspace.file("set.json").read_text() == "{}"
    assert workspace.file("../results/set.json") is None
    assert workspace.file("other.json") is None


def test_a_token_opens_its_own_workspace_and_no_other(spaces):
    one, two = spaces.open("one"), spaces.open("two")
    assert spaces.by_token(one.token) is one
    assert spaces.by_token(two.token) is two
    assert spaces.by_token("guess") is None
    assert spaces.by_token("gæt") is None


def test_clear_stops_the_work_first_and_leaves_nothing(spaces):
    workspace = spaces.open("one")
    path = workspace.take_upload("id-1", "a.mp4", Stream(b"a"))
    seen = []
    workspace.on_close = lambda: seen.append(path.exists())
    workspace.clear()
    assert seen == [True]
    assert list(workspace.folder.iterdir()) == []
    assert workspace.take_upload("id-2", "b.mp4", Stream(b"b")).exists(), "the page goes on after clearing"


def test_a_session_that_left_loses_its_files_and_one_that_came_back_keeps_them(spaces):
    gone, back = spaces.open("gone"), spaces.open("back")
    waiting = spaces.schedule_removal("back", grace_s=3600)
    spaces.cancel_removal("back")
    spaces.schedule_removal("gone", grace_s=0).join(10)
    waiting.join(10)
    assert not gone.folder.exists()
    assert back.folder.exists()


def test_closing_removes_everything(tmp_path):
    spaces = Workspaces(tmp_path)
    spaces.open("one").take_upload("id-1", "a.mp4", Stream(b"a"))
    spaces.close()
    assert list(tmp_path.iterdir()) == []


def test_orphans_of_a_dead_process_are_removed_and_living_ones_stay(tmp_path):
    killed = subprocess.run(
        [
            sys.executable,
            "-c",
            "import os, sys, pathlib\n"
            "from formcheck.app.workspace import Workspaces\n"
            "spaces = Workspaces(pathlib.Path(sys.argv[1]))\n"
            "(spaces.open('one').folder / 'video.mp4').write_bytes(b'private')\n"
            "os._exit(1)",
            str(tmp_path),
        ],
        check=False,
    )
    assert killed.returncode == 1
    (orphan,) = tmp_path.iterdir()
    assert list(orphan.rglob("video.mp4"))
    living = Workspaces(tmp_path)
    (tmp_path / "somebody-else").mkdir()
    assert remove_orphans(tmp_path) == 1
    assert not orphan.exists()
    assert (living.root / LOCK).exists()
    assert (tmp_path / "somebody-else").exists()
    living.close()


def test_folders_are_private(spaces):
    assert spaces.root.stat().st_mode & 0o077 == 0
    assert spaces.open("one").folder.stat().st_mode & 0o077 == 0
