"""Writes uploads to disk while they arrive.

Streamlit's own upload handler keeps each file in memory. This middleware runs before it: it writes the file to the session's
private folder and passes an empty file of the same name to Streamlit. The page then finds the file by its ``file_id``.
"""

from __future__ import annotations

import asyncio
import re
import secrets
from http import HTTPStatus
from typing import TYPE_CHECKING

from formcheck.app.workspace import CHUNK_BYTES, Workspace, workspaces

if TYPE_CHECKING:
    from pathlib import Path

    from python_multipart.multipart import File
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

MAX_UPLOAD_MB = 4096
"""The largest upload (default)."""
_UPLOAD_PATH = re.compile(r"/_stcore/upload_file/(?P<session>[^/]+)/(?P<file>[^/]+)$")


class UploadsToDisk:
    """ASGI middleware. It runs in the event loop, and writes to disk in a worker thread."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Write an upload to disk; pass on every other request."""
        place = _UPLOAD_PATH.search(scope["path"]) if scope["type"] == "http" else None
        workspace = workspaces().get(place["session"]) if place else None
        if place is None:
            await self.app(scope, receive, send)
        elif workspace is None or not await asyncio.to_thread(workspace.open_to_its_owner):
            await _answer(send, HTTPStatus.FORBIDDEN)  # no one is signed in: Streamlit would keep the file in memory
        elif scope["method"] == "PUT":
            await self._put(scope, receive, send, workspace, place["file"])
        else:
            if scope["method"] == "DELETE":
                workspace.forget_upload(place["file"])
            await self.app(scope, receive, send)

    async def _put(self, scope: Scope, receive: Receive, send: Send, workspace: Workspace, file_id: str) -> None:
        try:
            name = await _store(scope, receive, workspace.upload_slot(file_id))
        except _UploadRefused as refused:
            workspace.forget_upload(file_id)
            await _answer(send, refused.status)
            return
        except OSError:  # the disk is full; the page shows that the upload failed
            workspace.forget_upload(file_id)
            await _answer(send, HTTPStatus.INSUFFICIENT_STORAGE)
            return
        body, headers = _empty_file(name)
        kept = [(key, value) for key, value in scope["headers"] if key not in (b"content-length", b"content-type")]
        accepted = False

        async def receive_empty() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        async def watch(message: Message) -> None:
            nonlocal accepted
            if message["type"] == "http.response.start":
                accepted = message["status"] < 300
            await send(message)

        await self.app({**scope, "headers": kept + headers}, receive_empty, watch)
        if not accepted:
            workspace.forget_upload(file_id)


class _UploadRefused(Exception):
    def __init__(self, status: HTTPStatus) -> None:
        super().__init__(status.phrase)
        self.status = status


async def _store(scope: Scope, receive: Receive, slot: Path) -> bytes:
    """Write the one file of a multipart body to ``slot`` while it arrives. Return its name. Raises _UploadRefused and OSError."""
    from python_multipart import FormParser
    from python_multipart.exceptions import FormParserError
    from python_multipart.multipart import parse_options_header

    kind, options = parse_options_header(dict(scope["headers"]).get(b"content-type"))
    names: list[bytes | None] = []

    def arrived(file: File) -> None:
        names.append(file.file_name)
        file.close()

    config = {"UPLOAD_DIR": str(slot), "UPLOAD_DELETE_TMP": False, "MAX_MEMORY_FILE_SIZE": 0}
    try:
        parser = FormParser(kind.decode("latin-1"), None, arrived, boundary=options.get(b"boundary"), config=config)
        total, more, waiting = 0, True, bytearray()
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise _UploadRefused(HTTPStatus.BAD_REQUEST)
            waiting += message.get("body", b"")
            more = message.get("more_body", False)
            if len(waiting) >= CHUNK_BYTES or not more:
                total += len(waiting)
                if total > MAX_UPLOAD_MB * 1024 * 1024 + CHUNK_BYTES:
                    raise _UploadRefused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
                await asyncio.to_thread(parser.write, bytes(waiting))
                waiting.clear()
        parser.finalize()
    except FormParserError as error:
        if isinstance(error, OSError):
            raise
        raise _UploadRefused(HTTPStatus.BAD_REQUEST) from error
    name = names[0] if len(names) == 1 else None
    if name is None:
        raise _UploadRefused(HTTPStatus.BAD_REQUEST)
    return name


def _empty_file(name: bytes) -> tuple[bytes, list[tuple[bytes, bytes]]]:
    """Return a multipart body that holds an empty file of that name, and its headers."""
    boundary = secrets.token_hex(16).encode()
    quoted = name.replace(b'"', b"%22").replace(b"\r", b"").replace(b"\n", b"")
    body = b'--%b\r\nContent-Disposition: form-data; name="file"; filename="%b"\r\n\r\n\r\n--%b--\r\n' % (
        boundary,
        quoted,
        boundary,
    )
    return body, [
        (b"content-type", b"multipart/form-data; boundary=" + boundary),
        (b"content-length", str(len(body)).encode()),
    ]


async def _answer(send: Send, status: HTTPStatus) -> None:
    await send({"type": "http.response.start", "status": int(status), "headers": [(b"content-type", b"text/plain")]})
    await send({"type": "http.response.body", "body": status.phrase.encode()})
