"""Builds the web app: the Streamlit script, a session's result files, uploads to disk, the live page's socket and files."""

from __future__ import annotations

import asyncio
import sys
import traceback
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from formcheck.app.urls import RESULTS_PATH, base_path
from formcheck.app.workspace import workspaces

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute
    from streamlit.starlette import App

MAIN = Path(__file__).with_name("main.py")
"""The script that Streamlit runs for every visitor."""
TIDY_EVERY_S = 3600.0
"""The store is tidied once in this time (s, default)."""


def app_options(on_ready: Callable[[], None] | None = None, *, guarded: bool = False) -> dict[str, Any]:
    """Return the options of ``st.App(MAIN, ...)``. ``on_ready`` is called when the app can answer.

    ``guarded``: something in front of the app controls who may enter. Raises UsageError when the sign-in is not set up properly.
    """
    from starlette.middleware import Middleware

    from formcheck.app import sign_in
    from formcheck.app.invitation_cookie import InvitationCookieMiddleware
    from formcheck.app.routes import LazyRoutes
    from formcheck.app.security import LocalMachineOnly, SecurityHeaders
    from formcheck.app.sign_in_errors import SignInErrorMiddleware
    from formcheck.app.uploads import UploadsToDisk

    provider = sign_in.check()
    guarded = guarded or sign_in.open_to_all()
    first = (
        [Middleware(InvitationCookieMiddleware), Middleware(SignInErrorMiddleware)]
        if provider
        else []
        if guarded
        else [Middleware(LocalMachineOnly)]
    )
    return {
        "routes": [LazyRoutes(_routes)],
        "middleware": [*first, Middleware(SecurityHeaders), Middleware(UploadsToDisk)],
        "lifespan": _lifespan(on_ready, guarded),
        "on_script_error": show_error,
        "secrets": provider.secrets() if provider else None,
    }


def _routes() -> list[BaseRoute]:
    """Return the app's own routes. They need Streamlit's settings."""
    from starlette.routing import Route, WebSocketRoute

    from formcheck.app import downloads
    from formcheck.app.live import assets, set_videos, settings, socket
    from formcheck.app.live.session_registry import live_sessions

    base = base_path()
    return [
        Route(base + RESULTS_PATH + "/{token}/{name}", _result),
        Route(base + set_videos.PATH, set_videos.SetVideos(live_sessions).keep, methods=["POST"]),
        Route(base + downloads.PATH + "/{token}", downloads.private_downloads().serve),
        WebSocketRoute(base + socket.PATH, socket.LiveSocket(live_sessions).serve),
        *assets.routes(settings.current(), base),
    ]


def show_error(error: Exception) -> bool:
    """Tell the person that the page failed, instead of Streamlit's box with links to search engines."""
    import streamlit as st

    from formcheck.i18n import default_language, translator

    traceback.print_exception(error, file=sys.stderr)
    t = translator(st.session_state.get("language") or default_language())
    st.error(t("app.ended.broken", kind=type(error).__name__), icon=":material/error:")
    return True


def _lifespan(on_ready: Callable[[], None] | None, guarded: bool) -> Callable[[App], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(_app: App) -> AsyncIterator[None]:
        import streamlit as st

        from formcheck.app import sign_in
        from formcheck.app.live.session_registry import live_sessions

        if not guarded:
            sign_in.refuse_strangers(st.get_option("server.address"))
        spaces, live = workspaces(), live_sessions()  # the first call removes what a dead process left behind
        if on_ready is not None:
            on_ready()
        tidying = asyncio.create_task(_tidy_regularly())
        try:
            yield
        finally:
            tidying.cancel()
            await asyncio.to_thread(live.close)
            spaces.close()

    return lifespan


async def _tidy_regularly() -> None:
    """Tidy the store while the app runs, which may be for weeks. Opening the store tidies it, too."""
    from formcheck.app import identity

    while True:
        await asyncio.sleep(TIDY_EVERY_S)
        try:
            await asyncio.to_thread(identity.tidy)
        except Exception as error:  # the next time may succeed, and the pages show the store's errors
            traceback.print_exception(error, file=sys.stderr)


async def _result(request: Request) -> Response:
    """Serve one result file of the session whose token is in the address. A player gets it in parts."""
    from starlette.responses import FileResponse, PlainTextResponse

    workspace = workspaces().by_token(request.path_params["token"])
    if workspace is not None and not await asyncio.to_thread(workspace.open_to_its_owner):
        workspace = None
    path = workspace.file(request.path_params["name"]) if workspace else None
    if path is None:
        return PlainTextResponse("Not found", status_code=404)
    download = request.query_params.get("download")
    headers = {
        "Cache-Control": "private, no-store",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox",
    }
    return FileResponse(
        path, headers=headers, filename=download, content_disposition_type="attachment" if download else "inline"
    )
