"""Starts the web app on this machine with all its settings. No setting depends on a file in the current or home folder."""

from __future__ import annotations

import os
import secrets
import socket
import sys
import tempfile
import threading
import webbrowser
from pathlib import Path

from formcheck.app import sign_in
from formcheck.app.phone import CODE, PhoneAccess, own_address, show_code, write_certificate
from formcheck.i18n import default_language, translator
from formcheck.reports.chart import ACCENT_DARK

ADDRESS = "127.0.0.1"
DEFAULT_PORT = 8501

ACCENT = "#0072B2"
THEME = {
    "theme.baseRadius": "8px",
    "theme.baseFontSize": 18,  # makes Streamlit's buttons 45 px high, enough for a thumb
    "theme.headingFontSizes": ["2rem", "1.5rem", "1.2rem"],
    "theme.headingFontWeights": [600, 600, 600],
    "theme.showWidgetBorder": True,
    "theme.light.primaryColor": ACCENT,
    "theme.light.backgroundColor": "#FFFFFF",
    "theme.light.secondaryBackgroundColor": "#F5F3EF",
    "theme.light.textColor": "#1F2A30",
    "theme.light.linkColor": ACCENT,
    "theme.dark.primaryColor": ACCENT_DARK,
    "theme.dark.backgroundColor": "#16191B",
    "theme.dark.secondaryBackgroundColor": "#22272A",
    "theme.dark.textColor": "#ECEAE6",
    "theme.dark.linkColor": ACCENT_DARK,
}


def settings(port: int) -> dict[str, object]:
    """Return the Streamlit settings that the app runs with."""
    from formcheck.app.uploads import MAX_UPLOAD_MB

    return {
        "server.address": ADDRESS,
        "server.port": port,
        "server.headless": True,  # Streamlit opens no browser and asks nothing in the terminal
        "server.maxUploadSize": MAX_UPLOAD_MB,
        "server.showEmailPrompt": False,
        "server.enableAgentApi": False,
        "server.fileWatcherType": "none",
        "server.runOnSave": False,
        "browser.gatherUsageStats": False,
        "client.toolbarMode": "minimal",
        "client.showErrorDetails": "none",
        "client.showErrorLinks": False,
        "logger.hideWelcomeMessage": True,
        **THEME,
    }


def launch(
    port: int | None = None,
    open_browser: bool = True,
    phone: bool = False,
    address: str | None = None,
    without_login: bool = False,
) -> int:
    """Serve the app until it is stopped. Return the exit code: 0, or 2 when the port is taken.

    Without ``port``, the first free port from 8501 on is used. The address is printed, and a browser is opened where there is a
    display. ``phone``: serve one phone on the same network over HTTPS; a QR code admits it once. ``address``: listen there, behind
    a proxy that provides HTTPS. Then other people must sign in, unless ``without_login``. Raises FormcheckError (``no_network``,
    UsageError).
    """
    if without_login:
        os.environ[sign_in.WITHOUT] = "1"
    if not phone:
        sign_in.refuse_strangers(address or ADDRESS)
    host = own_address() if phone else address or ADDRESS
    if port is None:
        port = next(
            (candidate for candidate in range(DEFAULT_PORT, DEFAULT_PORT + 50) if _is_free(host, candidate)),
            DEFAULT_PORT,
        )
    elif not _is_free(host, port):
        print(
            f"Port {port} is in use on this machine. Choose another one with --port, or leave it out.", file=sys.stderr
        )
        return 2
    try:
        if phone:
            _serve_phone(host, port)
        else:
            _serve(host, port, open_browser)
    except KeyboardInterrupt:
        print("", flush=True)
    return 0


def _serve(host: str, port: int, open_browser: bool) -> None:
    import streamlit as st

    from formcheck.app.server import MAIN, app_options

    address = f"http://{host}:{port}"

    def ready() -> None:
        print(f"formcheck: {address} (Ctrl-C stops it)", flush=True)
        if open_browser and _has_display():
            threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()

    st.App(MAIN, **app_options(ready)).run(config=settings(port) | {"server.address": host})


def _serve_phone(host: str, port: int) -> None:
    import streamlit as st
    from starlette.middleware import Middleware

    from formcheck.app.server import MAIN, app_options

    code = secrets.token_urlsafe(16)
    address = f"https://{host}:{port}/?{CODE}={code}"

    def ready() -> None:
        t = translator(default_language())
        show_code(address)
        print(f"formcheck: {address}\n{t('cli.phone.how')}", flush=True)

    served = app_options(ready, guarded=True)
    with tempfile.TemporaryDirectory(prefix="formcheck-") as folder:
        certificate, key = write_certificate(Path(folder), host)
        served["middleware"] = [Middleware(PhoneAccess, code=code), *served["middleware"]]
        secure = {"server.address": host, "server.sslCertFile": str(certificate), "server.sslKeyFile": str(key)}
        st.App(MAIN, **served).run(config=settings(port) | secure)


def _is_free(host: str, port: int) -> bool:
    with socket.socket() as probe:
        if os.name != "nt":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def _has_display() -> bool:
    """Return whether a browser can be opened: everywhere except on a Linux or BSD machine without a display."""
    return sys.platform in ("win32", "darwin") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
