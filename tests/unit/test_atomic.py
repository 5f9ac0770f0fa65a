"""A result appears whole or not at all, and what is no regular file is never replaced."""

import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from formcheck.errors import OutputError
from formcheck.files.atomic import check_output, open_output, output_path, write_text
from tests.machine_limits import largest_file, ordinary_person


def test_a_new_file_has_the_usual_mode_and_leaves_nothing_beside_it(tmp_path):
    target = tmp_path / "næste.json"
    write_text(target, "bøj\n")
    assert target.read_bytes() == "bøj\n".encode()
    (tmp_path / "usual").touch()
    assert target.stat().st_mode == (tmp_path / "usual").stat().st_mode
    assert sorted(p.name for p in tmp_path.iterdir()) == ["næste.json", "usual"]


@pytest.mark.parametrize("failure", [ValueError, KeyboardInterrupt])
@pytest.mark.parametrize("writer", [open_output, output_path])
def test_a_failure_in_the_middle_leaves_the_old_file(tmp_path, writer, failure):
    target = tmp_path / "set.json"
    target.write_text("old")

    def write():
        with writer(target) as out:
            if isinstance(out, Path):
                out.write_bytes(b"half")
            else:
                out.write(b"half")
            raise failure

    with pytest.raises(failure):
        write()
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_an_existing_file_keeps_its_mode(tmp_path):
    target = tmp_path / "set.json"
    target.write_text("old")
    target.chmod(0o640)
    write_text(target, "new")
    assert target.read_text() == "new"
    assert stat.S_IMODE(target.stat().st_mode) == 0o640


def test_a_link_stays_and_its_target_is_written(tmp_path):
    (tmp_path / "there").mkdir()
    real, link = tmp_path / "there" / "set.json", tmp_path / "link.json"
    link.symlink_to(real)
    write_text(link, "new")
    assert link.is_symlink()
    assert real.read_text() == "new"
    assert [p.name for p in tmp_path.iterdir() if p.name != "there"] == ["link.json"]


@pytest.mark.parametrize("writer", [open_output, output_path])
def test_a_device_is_written_and_stays_a_device(writer):
    with writer("/dev/null") as out:
        if isinstance(out, Path):
            out.write_bytes(b"gone")
        else:
            out.write(b"gone")
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)


@pytest.mark.parametrize("writer", [open_output, output_path])
def test_a_pipe_gets_the_bytes_and_stays_a_pipe(tmp_path, writer):
    pipe, got = tmp_path / "pipe", []
    os.mkfifo(pipe)
    reader = threading.Thread(target=lambda: got.append(pipe.read_bytes()))
    reader.start()
    with writer(pipe) as out:
        if isinstance(out, Path):
            out.write_bytes(b"whole")
        else:
            out.write(b"whole")
    reader.join()
    assert got == [b"whole"]
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_standard_output_by_name_is_not_replaced_when_it_leads_to_a_file(tmp_path):
    target = tmp_path / "out.txt"
    with target.open("wb") as out:
        inode = target.stat().st_ino
        code = "from formcheck.files.atomic import write_text; write_text('/dev/stdout', 'all of it')"
        subprocess.run([sys.executable, "-c", code], stdout=out, check=True)
    assert target.read_text() == "all of it"
    assert target.stat().st_ino == inode


def codes(path):
    """Return the codes that checking and writing give."""
    found = []
    for attempt in (lambda: check_output(path), lambda: write_text(path, "x")):
        with pytest.raises(OutputError) as error:
            attempt()
        assert str(path) in str(error.value)
        found.append(error.value.code)
    return found


def test_a_missing_folder(tmp_path):
    assert codes(tmp_path / "no" / "set.json") == ["output_no_folder"] * 2


def test_a_file_where_a_folder_should_be(tmp_path):
    (tmp_path / "file").touch()
    assert codes(tmp_path / "file" / "set.json") == ["output_no_folder"] * 2


def test_a_folder(tmp_path):
    assert codes(tmp_path) == ["output_is_folder"] * 2


def test_a_name_that_is_too_long(tmp_path):
    assert codes(tmp_path / ("x" * 300)) == ["output_failed"] * 2


def test_a_folder_that_may_not_be_written(tmp_path):
    folder = tmp_path / "closed"
    folder.mkdir()
    folder.chmod(0o555)
    for parent in list(folder.parents)[:3]:  # pytest's own folders are closed to others
        parent.chmod(0o755)
    with ordinary_person():
        assert codes(folder / "set.json") == ["output_not_allowed"] * 2


def test_a_full_disk_is_told_and_leaves_the_old_file(tmp_path):
    target = tmp_path / "set.json"
    target.write_text("old")
    with largest_file(10_000), pytest.raises(OutputError, match="disk is full") as error:
        write_text(target, "x" * 50_000)
    assert error.value.code == "output_disk_full"
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_a_full_device_is_told():
    with pytest.raises(OutputError) as error:
        write_text("/dev/full", "x")
    assert error.value.code == "output_disk_full"


def test_errors_of_what_is_read_meanwhile_pass_through(tmp_path):
    with pytest.raises(FileNotFoundError), open_output(tmp_path / "set.json") as file:
        file.write((tmp_path / "absent").read_bytes())
    assert list(tmp_path.iterdir()) == []


def test_checking_writes_nothing(tmp_path):
    check_output(tmp_path / "set.json")
    check_output("/dev/null")
    assert list(tmp_path.iterdir()) == []
