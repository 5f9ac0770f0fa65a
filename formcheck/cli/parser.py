"""The arguments of every command, with their help in the interface's language."""

from __future__ import annotations

import argparse
import functools
import importlib
import math
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, TypeAlias

from formcheck.errors import UsageError
from formcheck.exports import FORMATS
from formcheck.i18n import LANGUAGES, Translator, default_language, translator
from formcheck.version import VERSION
from formcheck.video.clock import MAX_FPS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_Commands: TypeAlias = "argparse._SubParsersAction[_Parser]"

_ARGPARSE_WORDS = {
    "required": "the following arguments are required",
    "unknown": "unrecognized arguments",
    "choice": "invalid choice",
    "known": "choose from",
    "no_value": "expected one argument",
    "whole": "invalid int value",
    "argument": "argument ",
}
"""The key of our own words, and argparse's words that they replace. Later ones are part of earlier ones."""


class _Parser(argparse.ArgumentParser):
    """Raises UsageError instead of leaving the program, and writes the help in the interface's language."""

    def __init__(self, *, t: Translator, prog: str | None = None, description: str | None = None) -> None:
        formatter = functools.partial(_Formatter, usage_word=t("cli.help.usage"))
        super().__init__(prog, description=description, add_help=False, allow_abbrev=False, formatter_class=formatter)
        self._t = t

    def error(self, message: str) -> NoReturn:
        """Raise UsageError with argparse's message in the interface's language."""
        for key, words in _ARGPARSE_WORDS.items():
            message = message.replace(words, self._t(f"cli.argparse.{key}"))
        raise UsageError(f"{message}. See {self.prog} --help.", code="arguments", detail=message, program=self.prog)

    def add_general(self) -> argparse._ArgumentGroup:
        """Add the arguments that every command has, and return their group."""
        group = self.add_argument_group(self._t("cli.group.general"))
        group.add_argument("--lang", choices=LANGUAGES, help=self._t("cli.help.lang"))
        group.add_argument("-h", "--help", action="help", help=self._t("cli.help.help"))
        return group


class _Formatter(argparse.HelpFormatter):
    def __init__(self, prog: str, usage_word: str = "") -> None:
        super().__init__(prog, max_help_position=30)
        self._usage_word = usage_word

    def add_usage(
        self,
        usage: str | None,
        actions: Iterable[argparse.Action],
        groups: Iterable[argparse._MutuallyExclusiveGroup],
        prefix: str | None = None,
    ) -> None:
        """Write the usage with the word for it in the interface's language."""
        super().add_usage(usage, actions, groups, f"{self._usage_word}: " if prefix is None else prefix)


def language_of(argv: list[str]) -> str:
    """Return the language given with ``--lang``, or the system's. It is read before parsing, because the help needs it."""
    for place, argument in enumerate(argv):
        value = argument.removeprefix("--lang=") if argument.startswith("--lang=") else None
        if argument == "--lang" and place + 1 < len(argv):
            value = argv[place + 1]
        if value in LANGUAGES:
            return value
    return default_language()


def build_parser(language: str) -> argparse.ArgumentParser:
    """Return the parser of the whole command line. Each command's ``run`` returns an exit code or None (0)."""
    t = translator(language)
    parser = _Parser(prog="formcheck", description=t("cli.help.formcheck"), t=t)
    commands = _add_commands(parser, "command", t)
    version = f"formcheck {VERSION}"
    parser.add_general().add_argument("--version", action="version", version=version, help=t("cli.help.version"))
    _add_analyze(commands, t)
    _add_batch(commands, t)
    for name in ("exercises", "doctor", "schema"):
        command = commands.add_parser(name, help=t(f"cli.help.{name}"), description=t(f"cli.help.{name}"))
        command.add_general()
        command.set_defaults(run=_command("commands", name))
    _add_new_exercise(commands, t)
    _add_handover(commands, t)
    _add_live(commands, t)
    _add_app(commands, t)
    _add_db(commands, t)
    return parser


def _add_commands(parser: argparse.ArgumentParser, dest: str, t: Translator) -> _Commands:
    commands: _Commands = parser.add_subparsers(  # type: ignore[call-overload]  # a partial will do: argparse calls it
        title=t("cli.group.commands"),
        metavar=t("cli.meta.command"),
        required=True,
        dest=dest,
        parser_class=functools.partial(_Parser, t=t),
    )
    return commands


def _command(module: str, name: str) -> Callable[[argparse.Namespace], int | None]:
    """Return a command that loads its module when it runs."""
    return lambda args: getattr(importlib.import_module(f"formcheck.cli.{module}"), name)(args)


def _add_analyze(commands: _Commands, t: Translator) -> None:
    command = commands.add_parser("analyze", help=t("cli.help.analyze"), description=t("cli.help.analyze"))
    command.set_defaults(run=_command("analyze", "analyze"))
    seconds = _number_of(t, "cli.meta.seconds", least=0.0)
    what = command.add_argument_group(t("cli.group.what"))
    what.add_argument("video", metavar=t("cli.meta.video"), nargs="?", type=Path, help=t("cli.help.video"))
    what.add_argument("--landmarks", metavar=f"{t('cli.meta.file')}.npz", type=Path, help=t("cli.help.landmarks"))
    what.add_argument(
        "--exercise", metavar=f"{t('cli.meta.name')}|auto", required=True, help=t("cli.help.exercise_or_auto")
    )
    what.add_argument("--start", metavar="S", type=seconds, help=t("cli.help.start"))
    what.add_argument("--end", metavar="S", type=seconds, help=t("cli.help.end"))
    how = command.add_argument_group(t("cli.group.how"))
    degrees = _number_of(t, "cli.meta.degrees", least=0.0)
    how.add_argument("--target-depth", metavar=t("cli.meta.deg"), type=degrees, help=t("cli.help.target_depth"))
    how.add_argument("--prescription", metavar=t("cli.meta.file"), type=Path, help=t("cli.help.prescription"))
    how.add_argument("--side", choices=("auto", "left", "right"), default="auto", help=t("cli.help.side"))
    how.add_argument("--model", choices=("lite", "full"), default="full", help=t("cli.help.model"))
    how.add_argument("--sway", action="store_true", help=t("cli.help.sway"))
    how.add_argument("--rotate", choices=(90, 180, 270), type=int, help=t("cli.help.rotate"))
    per_s = _number_of(t, "cli.meta.per_s", least=1.0)
    how.add_argument("--fps", metavar="N", type=per_s, help=t("cli.help.fps", most=f"{MAX_FPS:g}"))
    whole = _number_of(t, "cli.meta.whole", least=1.0, kind=int)
    how.add_argument("--person", metavar="N", type=whole, help=t("cli.help.person"))
    outputs = command.add_argument_group(t("cli.group.outputs"))
    for name, form in (
        ("json", "{0}|-"),
        ("trace", "{0}.csv|{0}.npz"),
        ("annotate", "{0}.mp4"),
        ("report", "{0}.html|{0}.pdf"),
    ):
        outputs.add_argument(
            f"--{name}", metavar=form.format(t("cli.meta.file")), type=Path, help=t(f"cli.help.{name}")
        )
    outputs.add_argument("--plain-background", action="store_true", help=t("cli.help.plain_background"))
    outputs.add_argument("--out", metavar=t("cli.meta.dir"), type=Path, help=t("cli.help.out"))
    command.add_general()


def _add_new_exercise(commands: _Commands, t: Translator) -> None:
    help_ = t("cli.help.new_exercise")
    command = commands.add_parser("new-exercise", help=help_, description=help_)
    command.set_defaults(run=_command("new_exercise", "new_exercise"))
    command.add_argument("name", metavar=t("cli.meta.name"), help=t("cli.help.new_name"))
    command.add_argument("--folder", metavar=t("cli.meta.dir"), type=Path, help=t("cli.help.new_folder"))
    command.add_general()


def _add_handover(commands: _Commands, t: Translator) -> None:
    file = t("cli.meta.file")
    for name in ("report", "export"):
        command = commands.add_parser(name, help=t(f"cli.help.make_{name}"), description=t(f"cli.help.make_{name}"))
        command.set_defaults(run=_command("handover", name))
        group = command.add_argument_group(t("cli.group.what"))
        group.add_argument("record", metavar=f"{file}.json", type=Path, help=t("cli.help.record"))
        group.add_argument("--trace", metavar=f"{file}.npz", type=Path, help=t("cli.help.record_trace"))
        group.add_argument("--corrections", metavar=f"{file}.json", type=Path, help=t("cli.help.corrections"))
        how = command.add_argument_group(t("cli.group.how"))
        if name == "report":
            how.add_argument("--video", metavar=t("cli.meta.video"), type=Path, help=t("cli.help.report_video"))
        if name == "export":
            how.add_argument("--format", choices=tuple(FORMATS), required=True, help=t("cli.help.format"))
            how.add_argument("--subject", metavar="REF", help=t("cli.help.subject"))
            how.add_argument("--day", metavar="YYYY-MM-DD", help=t("cli.help.day"))
        how.add_argument("--out", metavar=file, type=Path, help=t(f"cli.help.{name}_out"))
        command.add_general()


def _add_batch(commands: _Commands, t: Translator) -> None:
    command = commands.add_parser("batch", help=t("batch.help.command"), description=t("batch.help.command"))
    command.set_defaults(run=_command("batch", "batch"))
    file, degrees = t("cli.meta.file"), _number_of(t, "cli.meta.degrees", least=0.0)
    whole = _number_of(t, "cli.meta.whole", least=1.0, kind=int)
    what = command.add_argument_group(t("cli.group.what"))
    what.add_argument("source", metavar=t("batch.meta.source"), type=Path, help=t("batch.help.source"))
    what.add_argument("--exercise", metavar=t("cli.meta.name"), help=t("batch.help.exercise"))
    how = command.add_argument_group(t("cli.group.how"))
    how.add_argument("--target-depth", metavar=t("cli.meta.deg"), type=degrees, help=t("batch.help.target_depth"))
    how.add_argument("--prescription", metavar=file, type=Path, help=t("batch.help.prescription"))
    how.add_argument("--side", choices=("auto", "left", "right"), default="auto", help=t("cli.help.side"))
    how.add_argument("--model", choices=("lite", "full"), default="full", help=t("cli.help.model"))
    how.add_argument("--workers", metavar="N", type=whole, help=t("batch.help.workers"))
    how.add_argument("--scheduler", metavar="tcp://…", help=t("batch.help.scheduler"))
    outputs = command.add_argument_group(t("cli.group.outputs"))
    outputs.add_argument("--out", metavar=t("cli.meta.dir"), type=Path, help=t("batch.help.out"))
    command.add_general()


def _add_live(commands: _Commands, t: Translator) -> None:
    command = commands.add_parser("live", help=t("cli.help.live"), description=t("cli.help.live"))
    command.set_defaults(run=_command("live", "live"))
    group = command.add_argument_group(t("cli.group.how"))
    whole = _number_of(t, "cli.meta.whole", least=1.0, kind=int)
    group.add_argument("--exercise", metavar=t("cli.meta.name"), required=True, help=t("cli.help.exercise"))
    group.add_argument("--camera", metavar=f"N|{t('cli.meta.file')}", default="0", help=t("cli.help.camera"))
    group.add_argument("--amount", metavar="N", type=whole, help=t("cli.help.amount"))
    group.add_argument("--sets", metavar="N", type=whole, default=1, help=t("cli.help.sets"))
    group.add_argument("--view", choices=("front", "side"), help=t("cli.help.view"))
    group.add_argument("--model", choices=("lite", "full"), default="full", help=t("cli.help.model"))
    command.add_general()


def _add_app(commands: _Commands, t: Translator) -> None:
    command = commands.add_parser("app", help=t("cli.help.app"), description=t("cli.help.app"))
    command.set_defaults(run=_command("commands", "app"))
    group = command.add_argument_group(t("cli.group.how"))
    group.add_argument("--port", metavar="N", type=int, help=t("cli.help.port"))
    group.add_argument("--no-browser", action="store_true", help=t("cli.help.no_browser"))
    group.add_argument("--phone", action="store_true", help=t("cli.help.phone"))
    group.add_argument("--address", metavar="ADDRESS", help=t("cli.help.address"))
    group.add_argument("--without-login", action="store_true", help=t("cli.help.without_login"))
    command.add_general()


def _add_db(commands: _Commands, t: Translator) -> None:
    command = commands.add_parser("db", help=t("db.help.db"), description=t("db.help.db"))
    command.add_general()
    actions = _add_commands(command, "action", t)
    for name in ("upgrade", "check", "backup", "restore", "accounts"):
        action = actions.add_parser(name, help=t(f"db.help.{name}"), description=t(f"db.help.{name}"))
        action.set_defaults(run=_command("db", name))
        if name not in ("upgrade", "check"):
            _add_db_arguments(name, action.add_argument_group(t("cli.group.how")), t)
        action.add_general()


def _add_db_arguments(name: str, group: argparse._ArgumentGroup, t: Translator) -> None:
    if name in ("backup", "restore"):
        group.add_argument("file", metavar=f"{t('cli.meta.file')}.zip", type=Path, help=t("db.help.file"))
    if name == "restore":
        group.add_argument("--replace", action="store_true", help=t("db.help.replace"))
    if name == "accounts":
        group.add_argument("--id", metavar="N", type=int, help=t("db.help.id"))
        group.add_argument("--roles", nargs="*", metavar=t("cli.meta.name"), default=[], help=t("db.help.roles"))


def _number_of(
    t: Translator, unit_key: str, least: float, kind: Callable[[str], float] = float
) -> Callable[[str], float]:
    """Return a reader of finite numbers of at least ``least``. It accepts a decimal comma."""

    def read(text: str) -> float:
        try:
            value = kind(text.replace(",", "."))
        except ValueError:
            value = math.nan
        if not (math.isfinite(value) and value >= least):
            raise argparse.ArgumentTypeError(t("cli.bad_number", text=text, unit=t(unit_key), least=f"{least:g}"))
        return value

    return read
