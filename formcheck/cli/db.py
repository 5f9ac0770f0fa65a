"""``formcheck db``: the database's tables, its health, a backup and its way back."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from formcheck.cli.screen import say, show_table
from formcheck.i18n import translator

if TYPE_CHECKING:
    import argparse

UNHEALTHY = 6


def upgrade(args: argparse.Namespace) -> None:
    """Bring the tables up to date and say from where to where. Raises StoreError."""
    from formcheck.store.database import Database, data_folder, revision_of

    t = translator(args.language)
    with closing(Database(None, data_folder(), upgrade=False)) as before, before.engine.connect() as connection:
        was = revision_of(connection)
    with closing(Database(None, data_folder())) as database, database.engine.connect() as connection:
        now = revision_of(connection)
    say(
        t("db.upgraded" if was != now else "db.up_to_date", where=database.where, before=was or "–", now=now),
        wrap=False,
    )


def check(args: argparse.Namespace) -> int:
    """Look at everything that is kept and say what is not as it should be. Returns 6 when something is wrong. Raises StoreError."""
    from formcheck.store.check import check as look
    from formcheck.store.database import Database, data_folder

    t = translator(args.language)
    with closing(Database(None, data_folder(), upgrade=False)) as database:
        checked = look(database, data_folder())
    for finding in checked.findings:
        say(
            t(f"db.problem.{finding.problem}", what=finding.what),
            style="" if finding.harmless else "bold red",
            wrap=False,
        )
    if all(finding.harmless for finding in checked.findings):
        say(t("db.healthy", people=checked.people, sets=checked.sets, files=checked.files))
        return 0
    return UNHEALTHY


def backup(args: argparse.Namespace) -> None:
    """Write everything into one archive. Raises StoreError and OutputError."""
    from formcheck.store.archive import backup as write
    from formcheck.store.database import Database, data_folder

    t = translator(args.language)
    with closing(Database(None, data_folder())) as database:
        done = write(database, data_folder(), args.file)
    for name in done.missing:
        say(t("db.problem.missing", what=name), style="yellow", wrap=False)
    say(t("db.backed_up", rows=done.rows, files=done.files, path=args.file), wrap=False)


def restore(args: argparse.Namespace) -> None:
    """Put a backup into an empty database and folder. Raises StoreError."""
    from formcheck.store.archive import restore as read

    t = translator(args.language)
    done = read(args.file, replace=args.replace)
    for name in done.missing:
        say(t("db.problem.missing", what=name), style="yellow", wrap=False)
    say(t("db.restored", rows=done.rows, files=done.files))
    if done.deleted_again:
        say(t("db.deleted_again", n=done.deleted_again))


def accounts(args: argparse.Namespace) -> None:
    """List the accounts, or give one its roles: how a clinic's first administrator is made. Raises StoreError."""
    from formcheck.store.store import Store

    t = translator(args.language)
    with Store() as store:
        if args.id is not None:
            store.accounts.set_roles(args.id, args.roles)
        found = store.accounts.all()
    if not found:
        say(t("db.no_accounts"))
        return
    headers = {name: t(f"db.account.{name}") for name in ("id", "name", "roles")}
    show_table("", headers, [_AccountRow(str(one.id), one.name, ", ".join(one.roles)) for one in found])


@dataclass(slots=True, frozen=True)
class _AccountRow:
    id: str
    name: str
    roles: str
