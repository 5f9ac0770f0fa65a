"""``formcheck db``: upgrade the tables, check the stored data, back up, restore, and list the accounts."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from formcheck.cli.screen import say, show_table
from formcheck.i18n import translator

if TYPE_CHECKING:
    import argparse

UNHEALTHY = 6
"""Exit code: the stored data has a problem."""


def upgrade(args: argparse.Namespace) -> None:
    """Bring the tables up to date and print the revisions before and after. Raises StoreError."""
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
    """Check all stored data and print the problems. Returns 6 if there are any. Raises StoreError."""
    from formcheck.store.check import check as check_store
    from formcheck.store.database import Database, data_folder

    t = translator(args.language)
    with closing(Database(None, data_folder(), upgrade=False)) as database:
        result = check_store(database, data_folder())
    for finding in result.findings:
        say(
            t(f"db.problem.{finding.problem}", what=finding.what),
            style="" if finding.harmless else "bold red",
            wrap=False,
        )
    if all(finding.harmless for finding in result.findings):
        say(t("db.healthy", people=result.people, sets=result.sets, files=result.files))
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
    """List the accounts, or set the roles of one. This makes a clinic's first administrator. Raises StoreError."""
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
