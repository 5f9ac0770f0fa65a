"""The video of a set, sent by the page that filmed it when the person asked for that."""

from __future__ import annotations

import asyncio
import math
from typing import TYPE_CHECKING

from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response

from formcheck.app.live.socket import same_origin
from formcheck.errors import StoreError
from formcheck.store.access import REFUSED
from formcheck.store.videos import ENDINGS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from formcheck.app.live.session_registry import SessionRegistry
    from formcheck.app.live.tickets import Ticket

PATH = "/live/video"
MAX_BYTES = 1024**3
"""The longest video (default)."""
_CHUNK_BYTES = 1024**2


class SetVideos:
    """Answers ``POST /live/video?set=ID&offset_s=S``: the body is the video, the bearer is the live page's token."""

    def __init__(self, registry: Callable[[], SessionRegistry], max_bytes: int = MAX_BYTES) -> None:
        self._registry, self._max_bytes = registry, max_bytes

    async def keep(self, request: Request) -> Response:
        """Keep one video. Answer 204, or 400, 403, 413, 415 or 507 and keep nothing."""
        ticket = self._ticket(request)
        if ticket is None or not same_origin(request.headers.get("origin"), request.headers.get("host")):
            return PlainTextResponse("Not allowed", 403)
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind not in ENDINGS:
            return PlainTextResponse("Not a video", 415)
        try:
            set_id, offset_s = int(request.query_params["set"]), float(request.query_params["offset_s"])
        except (KeyError, ValueError):
            return PlainTextResponse("Which set?", 400)
        if not math.isfinite(offset_s):
            return PlainTextResponse("Which time?", 400)
        store = ticket.store
        try:
            kept = await asyncio.to_thread(store.sets.get, set_id)
            if kept.session_id != ticket.training_session_id:
                return PlainTextResponse("Not allowed", 403)
            slot = await asyncio.to_thread(store.videos.slot)
            try:
                status = await self._write(request, slot)
                if status == 204:
                    await asyncio.to_thread(store.videos.keep, set_id, slot, kind, offset_s)
            finally:
                slot.unlink(missing_ok=True)
        except StoreError as error:
            refused = error.code in REFUSED
            return PlainTextResponse("Not allowed", 403) if refused else PlainTextResponse(str(error), 507)
        except OSError:  # a full disk
            return PlainTextResponse("No room", 507)
        return Response(status_code=status)

    def _ticket(self, request: Request) -> Ticket | None:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        return self._registry().tickets.get(token) if scheme.lower() == "bearer" else None

    async def _write(self, request: Request, slot: Path) -> int:
        """Write the body to a file as it arrives and return the status. Raises OSError."""
        total, waiting = 0, bytearray()
        with slot.open("wb") as file:
            try:
                async for chunk in request.stream():
                    waiting += chunk
                    total += len(chunk)
                    if total > self._max_bytes:
                        return 413
                    if len(waiting) >= _CHUNK_BYTES:
                        await asyncio.to_thread(file.write, bytes(waiting))
                        waiting.clear()
            except ClientDisconnect:
                return 400
            file.write(waiting)
        return 204 if total else 400
