"""Videos of sets: only those that the person asked for, each until its day."""

from __future__ import annotations

import hashlib
import os
import secrets
import time
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from formcheck.errors import StoreError
from formcheck.model.entities import StoredVideo
from formcheck.store.database import Database, now, utc
from formcheck.store.file_layout import ABANDONED_S, UNFINISHED
from formcheck.store.people import found
from formcheck.store.tables import SetRow, VideoRow, VideoShareRow
from formcheck.store.tombstones import bury

if TYPE_CHECKING:
    from pathlib import Path

KEEP_DAYS = 30
ENDINGS = {"video/webm": ".webm", "video/mp4": ".mp4"}
"""The media types that are kept."""


class Videos:
    """The videos of the database's sets, as files in ``folder``. Everything raises StoreError."""

    def __init__(self, database: Database, folder: Path) -> None:
        self._database, self._data, self._folder = database, folder, folder / "videos"

    def slot(self) -> Path:
        """Make a file to write a video into, for ``keep``. Otherwise ``purge`` removes it.

        Returns
        -------
        Path
            Path of the file.
        """
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            path = self._folder / f"waiting-{secrets.token_hex(8)}"
            path.touch(mode=0o600)
        except OSError as error:
            raise self._cannot_write(error) from error
        return path

    def keep(self, set_id: int, written: Path, media_type: str, offset_s: float, days: int = KEEP_DAYS) -> StoredVideo:
        """Store a file of ``slot`` as the video of a set, in place of an earlier one.

        Parameters
        ----------
        set_id : int
            The set.
        written : Path
            The file.
        media_type : str
            Its media type.
        offset_s : float
            The set's time (s) at the first frame; see ``StoredVideo``.
        days : int
            Days for which it is kept.

        Returns
        -------
        StoredVideo
            The video.
        """
        with written.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        name = f"set-{set_id}-{secrets.token_hex(4)}{ENDINGS[media_type]}"
        with self._database.begin() as session:
            found(session, SetRow, set_id)
            before = session.scalars(select(VideoRow.name).where(VideoRow.set_id == set_id)).all()
            session.execute(delete(VideoRow).where(VideoRow.set_id == set_id))
            try:
                os.replace(written, self._folder / name)
            except OSError as error:
                raise self._cannot_write(error) from error
            row = VideoRow(
                set_id=set_id,
                name=name,
                media_type=media_type,
                sha256=sha256,
                offset_s=offset_s,
                kept_at=now(),
                keep_until=now() + timedelta(days=days),
            )
            session.add(row)
            stored = self._stored(row)
        for old in before:  # only now: until then it was the one that is kept
            (self._folder / old).unlink(missing_ok=True)
        return stored

    def of(self, *set_ids: int, shared_with: int | None = None) -> dict[int, StoredVideo]:
        """Read the videos of sets. A video whose day has come is left out.

        Parameters
        ----------
        *set_ids : int
            The sets.
        shared_with : int or None
            Only videos that this physiotherapist may see; None for all.

        Returns
        -------
        dict[int, StoredVideo]
            The video of each set that has one.
        """
        query = select(VideoRow).where(VideoRow.set_id.in_(set_ids), VideoRow.keep_until > now())
        if shared_with is not None:
            shared = select(VideoShareRow.set_id).where(VideoShareRow.physiotherapist_id == shared_with)
            query = query.where(VideoRow.set_id.in_(shared))
        with self._database.begin() as session:
            rows = session.scalars(query)
            return {row.set_id: self._stored(row) for row in rows}

    def delete(self, set_id: int) -> None:
        """Remove the video of a set for good. The set stays.

        Parameters
        ----------
        set_id : int
            The set.
        """
        with self._database.begin() as session:
            rows = session.scalars(select(VideoRow).where(VideoRow.set_id == set_id)).all()
            bury(session, self._data, "video", [(row.id, row.kept_at) for row in rows])
            session.execute(delete(VideoRow).where(VideoRow.set_id == set_id))
        for row in rows:
            (self._folder / row.name).unlink(missing_ok=True)

    def purge(self) -> int:
        """Remove every video whose day has come or whose set is gone.

        Returns
        -------
        int
            Number of files.
        """
        with self._database.begin() as session:
            session.execute(delete(VideoRow).where(VideoRow.keep_until <= now()))
            named = set(session.scalars(select(VideoRow.name)))
        gone = [path for path in self._folder.glob("*") if path.name not in named]
        until_s = time.time() - ABANDONED_S
        gone = [path for path in gone if not path.name.startswith(UNFINISHED) or path.stat().st_mtime < until_s]
        for path in gone:
            path.unlink(missing_ok=True)
        return len(gone)

    def _stored(self, row: VideoRow) -> StoredVideo:
        return StoredVideo(
            row.set_id, self._folder / row.name, row.media_type, row.sha256, row.offset_s, utc(row.keep_until)
        )

    def _cannot_write(self, error: OSError) -> StoreError:
        return StoreError(
            f"Cannot keep the set in {self._folder}: {error.strerror}. What was kept so far is still there.",
            code="store_write",
            folder=str(self._folder),
            reason=error.strerror,
        )
