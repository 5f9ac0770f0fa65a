"""Output of the command line: tables and sentences on stdout, progress and errors on stderr."""

from __future__ import annotations

import io
import os
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from rich import box
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from formcheck.errors import OutputError
from formcheck.i18n import translator

PLAIN_WIDTH = 120
"""Columns of a table that goes to a file or a pipe. Default."""

REFRESH_FRAMES = 10
"""The progress bar moves once in this many pictures. Default."""

ProgressCallback = Callable[[int, float | None], None]


def prepare_streams() -> None:
    """Let a terminal that lacks a character show ``?`` in its place."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def show_table(title: str, headers: dict[str, str], rows: Sequence[object]) -> None:
    """Print rows under their headings. Columns that are empty in every row are left out. Without rows nothing is printed."""
    columns = {name: head for name, head in headers.items() if any(getattr(row, name) for row in rows)}
    if not columns:
        return
    table = Table(
        title=Text(title, style="bold") if title else None,
        title_justify="left",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        show_edge=False,
    )
    for head in columns.values():
        table.add_column(Text(head), overflow="fold")
    for row in rows:
        table.add_row(*(Text(getattr(row, name)) for name in columns))
    _print(table)
    write_stdout("\n")


def say(text: str = "", style: str = "", *, wrap: bool = True) -> None:
    """Print a line on stdout. ``wrap=False`` keeps a command in one piece for copying."""
    _print(Text(text, style=style), soft_wrap=not wrap)


def _print(what: Table | Text, *, soft_wrap: bool = False) -> None:
    """Render for stdout, as plain text if it is no terminal. ``write_stdout`` writes it, so its errors are ours."""
    terminal = sys.stdout.isatty()
    rendered = io.StringIO()
    width = shutil.get_terminal_size().columns if terminal else PLAIN_WIDTH
    Console(file=rendered, highlight=False, force_terminal=terminal, width=width).print(what, soft_wrap=soft_wrap)
    write_stdout("".join(f"{line.rstrip()}\n" for line in rendered.getvalue().splitlines()))


def say_error(sentence: str) -> None:
    """Print one sentence on stderr."""
    print(f"formcheck: {sentence}", file=sys.stderr, flush=True)


def write_stdout(text: str) -> None:
    """Write text to stdout as it is. Raises OutputError."""
    with _stdout_errors():
        sys.stdout.write(text)
        sys.stdout.flush()


def flush_stdout() -> None:
    """Flush stdout. Raises OutputError."""
    with _stdout_errors():
        sys.stdout.flush()


def abandon_stdout() -> None:
    """Discard the waiting output, so the interpreter does not complain at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@contextmanager
def _stdout_errors() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        abandon_stdout()
        raise OutputError(
            f"Cannot write to the standard output: {error.strerror}.", code="stdout", reason=error.strerror
        ) from error


@contextmanager
def progress_bar(
    language: str, label_key: str, count_key: str = "cli.progress.frames", every: int = REFRESH_FRAMES
) -> Iterator[ProgressCallback]:
    """Yield a callback ``(done, share_or_None)`` that moves a bar on stderr. Without a terminal there is no bar.

    ``count_key`` is the text of the count. The bar moves once in ``every`` counts.
    """
    t = translator(language)
    terminal = Console(file=sys.stderr)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[count]}"),
        TimeRemainingColumn(),
    )
    with Progress(
        *columns, console=terminal, transient=True, auto_refresh=False, disable=not terminal.is_terminal
    ) as progress:
        task = progress.add_task(t(label_key), total=None, count="")

        def move(done: int, share: float | None) -> None:
            if share is not None:
                progress.update(task, total=1.0, completed=share)
            progress.update(task, count=t(count_key, n=done), refresh=done % every == 0)

        yield move
