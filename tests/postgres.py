"""A PostgreSQL server for the tests: Debian's, in a folder of its own, on a socket of its own, gone afterwards."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

INSTALL = "The tests need PostgreSQL. This installs it:\n  apt-get install -y postgresql"
USER = "postgres"
"""Whom the server runs as where the tests run as root, which it refuses."""
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_wal_size=64MB", "listen_addresses=")
"""Nothing here needs to survive a power cut; and it listens on its socket only."""


class Server:
    """A running server. ``new_database`` gives the address of an empty database."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._made = folder, 0

    def url(self, database: str) -> str:
        return f"postgresql://{USER}@/{database}?host={self._folder}"

    def new_database(self, template: str = "template0") -> str:
        """Make a database and return its address. ``template``: the name of one to be copied."""
        self._made += 1
        name = f"formcheck_{self._made}"
        self._run(f"CREATE DATABASE {name} TEMPLATE {template} ENCODING 'UTF8'")
        return self.url(name)

    def drop(self, url: str) -> None:
        """Remove a database, whoever still uses it: some hundred of them are a gigabyte."""
        self._run(f"DROP DATABASE {name_in(url)} WITH (FORCE)")

    def _run(self, statement: str) -> None:
        import psycopg  # here, so that tests without PostgreSQL load nothing of it

        with psycopg.connect(f"host={self._folder} user={USER} dbname=postgres", autocommit=True) as connection:
            connection.execute(statement)


def name_in(url: str) -> str:
    """Return the name of the database in an address of ``Server.url``."""
    return url.partition("@/")[2].partition("?")[0]


@contextmanager
def running_server() -> Iterator[Server]:
    """Start a server and end it. Raises RuntimeError that says what to install when there is none."""
    programs = _programs()
    folder = Path(tempfile.mkdtemp(prefix="formcheck-pg-", dir=_memory()))
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, USER, pwd.getpwnam(USER).pw_gid)
        data = folder / "data"
        _run(programs / "initdb", "-D", data, "-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        options = " ".join(f"-c {setting}" for setting in (*FAST, f"unix_socket_directories={folder}"))
        _run(programs / "pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", options, "start")
        try:
            yield Server(folder)
        finally:
            _run(programs / "pg_ctl", "-D", data, "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder)


def _memory() -> Path | None:
    """Return a folder that is in memory where there is one with room, since many databases are made; None: the usual place."""
    memory = Path("/dev/shm")
    return memory if memory.is_dir() and shutil.disk_usage(memory).free > 1 << 30 else None


def _programs() -> Path:
    """Return the folder of the server's programs, the newest version where there are several."""
    on_path = shutil.which("pg_ctl")
    found = [Path(on_path).resolve()] if on_path else []
    found += sorted(
        Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"), key=lambda path: int(path.parts[-3]), reverse=True
    )
    if not found:
        raise RuntimeError(INSTALL)
    return found[0].parent


def _run(program: Path, *arguments: object) -> None:
    command = [str(program), *map(str, arguments)]
    if os.geteuid() == 0:
        command = ["runuser", "-u", USER, "--", *command]
    # The server inherits the output, so a pipe would stay open as long as it runs.
    with tempfile.TemporaryFile("w+") as said:
        done = subprocess.run(command, cwd="/", stdin=subprocess.DEVNULL, stdout=said, stderr=said, check=False)
        said.seek(0)
        if done.returncode:
            raise RuntimeError(f"{program.name} failed: {said.read()}")
