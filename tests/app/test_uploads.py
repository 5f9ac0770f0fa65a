"""An upload goes to disk while it arrives; Streamlit gets an empty file under the same name."""

from __future__ import annotations

import asyncio

import pytest
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

from formcheck.app import uploads
from formcheck.app.workspace import Workspaces
from formcheck.errors import StoreError


@pytest.fixture
def spaces(tmp_path, monkeypatch):
    spaces = Workspaces(tmp_path)
    monkeypatch.setattr(uploads, "workspaces", lambda: spaces)
    yield spaces
    spaces.close()


@pytest.fixture
def behind():
    """What stood behind the middleware saw: (name, size) of each file."""
    return []


@pytest.fixture
def client(spaces, behind):
    async def handler(request):
        if request.method == "PUT":
            for part in (await request.form()).values():
                behind.append((part.filename, len(await part.read())))
        return Response(status_code=403 if "forbidden" in request.url.path else 204)

    route = Route("/_stcore/upload_file/{session}/{file}", handler, methods=["PUT", "DELETE"])
    return uploads.UploadsToDisk(Starlette(routes=[route]))


def call(app, method, path, body=b"", content_type=b"", piece=65536):
    """Send one request to an ASGI app, its body in pieces; return the status."""
    pieces = [body[at : at + piece] for at in range(0, len(body), piece)] or [b""]
    sent = []

    async def receive():
        if not pieces:
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": pieces.pop(0), "more_body": bool(pieces)}

    async def send(message):
        sent.append(message)

    headers = [(b"content-type", content_type), (b"content-length", str(len(body)).encode())]
    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": b"",
        "headers": headers,
        "http_version": "1.1",
        "scheme": "http",
        "server": ("test", 80),
        "client": ("test", 1),
    }
    asyncio.run(app(scope, receive, send))
    return sent[0]["status"]


def put(client, file_id, content, name="gå ned.mp4"):
    head = f'--b\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\nContent-Type: video/mp4\r\n\r\n'
    body = head.encode() + content + b"\r\n--b--\r\n"
    return call(client, "PUT", f"/_stcore/upload_file/one/{file_id}", body, b"multipart/form-data; boundary=b")


def test_the_bytes_are_on_disk_and_not_behind(client, spaces, behind):
    workspace = spaces.open("one")
    content = bytes(range(256)) * 20_000
    assert put(client, "id-1", content) == 204
    assert behind == [("gå ned.mp4", 0)]
    path = workspace.take_upload("id-1", "gå ned.mp4", None)
    assert path.read_bytes() == content


def test_taking_the_file_out_of_the_page_deletes_it(client, spaces):
    workspace = spaces.open("one")
    put(client, "id-1", b"video")
    path = workspace.take_upload("id-1", "a.mp4", None)
    assert call(client, "DELETE", "/_stcore/upload_file/one/id-1") == 204
    assert not path.exists()


def test_what_streamlit_refuses_is_not_kept(client, spaces):
    workspace = spaces.open("one")
    assert put(client, "forbidden", b"video") == 403
    assert not list(workspace.folder.rglob("tmp*"))


def test_too_large_is_refused_and_not_kept(client, spaces, behind, monkeypatch):
    monkeypatch.setattr(uploads, "MAX_UPLOAD_MB", 1)
    workspace = spaces.open("one")
    assert put(client, "id-1", b"x" * 4_000_000) == 413
    assert behind == []
    assert not list(workspace.folder.rglob("tmp*"))


@pytest.mark.parametrize("kind", [b"text/plain", b"multipart/form-data", b"multipart/form-data; boundary=b"])
def test_a_body_that_is_no_upload_is_refused(client, spaces, behind, kind):
    spaces.open("one")
    assert call(client, "PUT", "/_stcore/upload_file/one/id-1", b"not a form", kind) == 400
    assert behind == []


def test_a_connection_that_breaks_leaves_nothing(spaces):
    workspace = spaces.open("one")
    messages = [
        {
            "type": "http.request",
            "body": b'--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nhalf',
            "more_body": True,
        },
        {"type": "http.disconnect"},
    ]
    sent = []

    async def receive():
        return messages.pop(0)

    async def send(message):
        sent.append(message)

    async def never(scope, receive, send):
        raise AssertionError("the broken upload went on")

    scope = {
        "type": "http",
        "method": "PUT",
        "path": "/_stcore/upload_file/one/id-1",
        "headers": [(b"content-type", b"multipart/form-data; boundary=b")],
    }
    asyncio.run(uploads.UploadsToDisk(never)(scope, receive, send))
    assert sent[0]["status"] == 400
    assert not list(workspace.folder.rglob("tmp*"))


def test_nobody_uploads_without_a_session_that_may_be_here_and_other_paths_pass_by(client, spaces, behind):
    assert put(client, "id-1", b"video") == 403
    workspace = spaces.open("one", signed_out)
    assert put(client, "id-1", b"video") == 403
    assert behind == []
    assert not list(workspace.folder.rglob("tmp*"))
    assert call(client, "GET", "/elsewhere") == 404


def signed_out():
    raise StoreError("x", code="store_signed_out")
