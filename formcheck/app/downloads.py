"""What a page may fetch beside what Streamlit sends it: a video, or the landmarks of a set. Each at an address of its own."""

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
_MOST_FILES, _MOST_BYTES = 1000, 128 * 1024**2
_HEADERS = {
    "Cache-Control": "private, no-store",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox",
}


@dataclass(slots=True, frozen=True)
class _Offer:
    content: Path | bytes
    media_type: str
    allowed: Callable[[], object] | None
    save_as: str | None = None


class PrivateDownloads:
    """What is offered, each under an address that only the page it was made for knows. Any thread."""

    def __init__(self, most_bytes: int = _MOST_BYTES) -> None:
        self._lock = threading.Lock()
        self._offers: OrderedDict[str, _Offer] = OrderedDict()
        self._most_bytes = most_bytes

    def file(self, path: Path, media_type: str, allowed: Callable[[], object], save_as: str | None = None) -> str:
        """Return the address of a file, new at every call; of many the oldest cease to work.

        ``allowed`` is called at every request, in a worker thread: it raises StoreError when the file is not to be given any more.
        ``save_as``: the browser saves it under that name.
        """
        return self._offer(_Offer(path, media_type, allowed, save_as))

    def json(self, text: str, allowed: Callable[[], object] | None) -> str:
        """Return the address of a text, which is held in memory, compressed. ``allowed``: as above; None: it is everybody's."""
        return self._offer(_Offer(gzip.compress(text.encode(), 5), "application/json", allowed))

    def stands(self, address: str) -> bool:
        """Return whether an address still works, and let it be among the newest."""
        token = address.rpartition("/")[2]
        with self._lock:
            if token in self._offers:
                self._offers.move_to_end(token)
            return token in self._offers

    def _offer(self, offer: _Offer) -> str:
        token = secrets.token_urlsafe(24)
        with self._lock:
            self._offers[token] = offer
            while len(self._offers) > _MOST_FILES or (len(self._offers) > 1 and self._held() > self._most_bytes):
                self._offers.popitem(last=False)
        return f"{base_path()}{PATH}/{token}"

    def _held(self) -> int:
        return sum(len(offer.content) for offer in self._offers.values() if isinstance(offer.content, bytes))

    async def give(self, request: Request) -> Response:
        """Answer ``GET /offered/{token}``, a file in parts as a player asks for them; 404 also for what was deleted."""
        with self._lock:
            offer = self._offers.get(request.path_params["token"])
        if offer is not None and offer.allowed is not None:
            try:
                await asyncio.to_thread(offer.allowed)
            except StoreError:
                offer = None
        if offer is not None and isinstance(offer.content, bytes):
            return Response(
                offer.content, media_type=offer.media_type, headers={**_HEADERS, "Content-Encoding": "gzip"}
            )
        if offer is None or not await asyncio.to_thread(offer.content.is_file):
            return PlainTextResponse("Not found", 404)
        return FileResponse(offer.content, media_type=offer.media_type, headers=_HEADERS, filename=offer.save_as)


@functools.cache
def offers() -> PrivateDownloads:
    """Return what this process offers."""
    return PrivateDownloads()
