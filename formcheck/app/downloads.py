"""Downloads for one page: a video, or the landmarks of a set. Each has an address that only this page knows."""

from __future__ import annotations

import asyncio
import functools
import gzip
import secrets
import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.responses import FileResponse, PlainTextResponse, Response

from formcheck.app.urls import base_path
from formcheck.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from starlette.requests import Request

PATH = "/offered"
_MOST_FILES = 1000  # downloads at once (default)
_MOST_BYTES = 128 * 1024**2  # of those that are held in memory (default)
_HEADERS = {
    "Cache-Control": "private, no-store",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox",
}


@dataclass(slots=True, frozen=True)
class _Download:
    content: Path | bytes
    media_type: str
    allowed: Callable[[], object] | None
    save_as: str | None = None


class PrivateDownloads:
    """Offers files and texts, each under an unguessable address. Any thread may call it."""

    def __init__(self, most_bytes: int = _MOST_BYTES) -> None:
        self._lock = threading.Lock()
        self._downloads: OrderedDict[str, _Download] = OrderedDict()
        self._most_bytes = most_bytes

    def offer_file(self, path: Path, media_type: str, allowed: Callable[[], object], save_as: str | None = None) -> str:
        """Return the address of a file, new at every call. With too many downloads, the oldest addresses stop working.

        ``allowed`` is called at every request, in a worker thread. It raises StoreError when the file may no longer be sent.
        ``save_as``: the browser saves the file under that name.
        """
        return self._add(_Download(path, media_type, allowed, save_as))

    def offer_json(self, text: str, allowed: Callable[[], object] | None) -> str:
        """Return the address of a text, which is compressed in memory. ``allowed``: as above; None: the text is public."""
        return self._add(_Download(gzip.compress(text.encode(), 5), "application/json", allowed))

    def is_valid(self, address: str) -> bool:
        """Return whether an address still works, and count it among the newest."""
        token = address.rpartition("/")[2]
        with self._lock:
            if token in self._downloads:
                self._downloads.move_to_end(token)
            return token in self._downloads

    def _add(self, download: _Download) -> str:
        token = secrets.token_urlsafe(24)
        with self._lock:
            self._downloads[token] = download
            while len(self._downloads) > _MOST_FILES or (len(self._downloads) > 1 and self._held() > self._most_bytes):
                self._downloads.popitem(last=False)
        return f"{base_path()}{PATH}/{token}"

    def _held(self) -> int:
        return sum(
            len(download.content) for download in self._downloads.values() if isinstance(download.content, bytes)
        )

    async def serve(self, request: Request) -> Response:
        """Answer ``GET /offered/{token}``. A player gets a file in parts; a deleted file is a 404."""
        with self._lock:
            download = self._downloads.get(request.path_params["token"])
        if download is not None and download.allowed is not None:
            try:
                await asyncio.to_thread(download.allowed)
            except StoreError:
                download = None
        if download is None:
            return PlainTextResponse("Not found", 404)
        content, media_type = download.content, download.media_type
        if isinstance(content, bytes):
            return Response(content, media_type=media_type, headers={**_HEADERS, "Content-Encoding": "gzip"})
        if not await asyncio.to_thread(content.is_file):
            return PlainTextResponse("Not found", 404)
        return FileResponse(content, media_type=media_type, headers=_HEADERS, filename=download.save_as)


@functools.cache
def private_downloads() -> PrivateDownloads:
    """Return the downloads of this process."""
    return PrivateDownloads()
