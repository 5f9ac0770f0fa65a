"""The command line: ``formcheck analyze | batch | report | export | exercises | new-exercise | doctor | live | app | db | schema``.

Exit codes: 0 done, 2 usage, 3 unreadable input, 4 no person seen, 5 model, 6 output, 7 workers, 130 interrupted.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from formcheck.cli.parser import build_parser, language_of
from formcheck.cli.screen import abandon_stdout, flush_stdout, prepare_streams, say_error
from formcheck.errors import (
    EstimatorError,
    FormcheckError,
    ModelFileError,
    OutputError,
    SourceError,
    SpecError,
    StoreError,
    UsageError,
    WorkerError,
)
from formcheck.i18n import error_text, translator

if TYPE_CHECKING:
    from collections.abc import Sequence

OK, USAGE, SOURCE, MODEL, OUTPUT, WORKERS, INTERRUPTED = 0, 2, 3, 5, 6, 7, 130

_EXIT_CODES: tuple[tuple[type[FormcheckError], int], ...] = (
    (UsageError, USAGE),
    (SpecError, USAGE),
    (SourceError, SOURCE),
    (ModelFileError, MODEL),
    (EstimatorError, MODEL),
    (OutputError, OUTPUT),
    (StoreError, OUTPUT),
    (WorkerError, WORKERS),
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code. An error is one sentence on stderr."""
    prepare_streams()
    argv = sys.argv[1:] if argv is None else list(argv)
    language = language_of(argv)
    try:
        code = _run(argv, language)
        flush_stdout()
        return code
    except BrokenPipeError:  # the reader of our output has gone, as in `formcheck exercises | head -1`
        abandon_stdout()
        return OUTPUT
    except FormcheckError as error:
        say_error(error_text(error, language))
        return exit_code(error)
    except KeyboardInterrupt:
        say_error(translator(language)("cli.interrupted"))
        return INTERRUPTED


def exit_code(error: FormcheckError) -> int:
    """Return the exit code for an error that ended a command."""
    return next((code for kind, code in _EXIT_CODES if isinstance(error, kind)), 1)


def _run(argv: list[str], language: str) -> int:
    try:
        args = build_parser(language).parse_args(argv)
    except SystemExit:  # --help and --version have printed their text
        return OK
    args.language = language
    code: int | None = args.run(args)
    return code or OK
