"""Starts the web app on this machine, with all its settings: none depends on a file in the current or home folder."""

from __future__ import annotations

import os
import socket
import sys
import threading
import webbrowser

ADDRESS = "127.0.0.1"
DEFAULT_PORT = 8501

ACCENT, ACCENT_DARK = "#0072B2", "#56B4E9"
THEME = {
    "theme.baseRadius": "8px",
    "theme.baseFontSize": 18,  # makes Streamlit's buttons 45 px high: a thumb hits them
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


def launch(port: int | None = None, open_browser: bool = True) -> int:
    """Serve the app until it is stopped; return the exit code (0, or 2 when the port is taken).

    Without ``port`` the first free one from 8501 on is used. The address is printed; a browser is opened where there
    is a display.
    """
    if port is None:
        port = next(
            (candidate for candidate in range(DEFAULT_PORT, DEFAULT_PORT + 50) if _is_free(candidate)), DEFAULT_PORT
        )
    elif not _is_free(port):
        print(
            f"Port {port} is in use on this machine. Choose another one with --port, or leave it out.", file=sys.stderr
        )
        return 2
    import streamlit as st

    from formcheck.app.server import MAIN, parts

    address = f"http://{ADDRESS}:{port}"

    def ready() -> None:
        print(f"formcheck: {address} (Ctrl-C stops it)", flush=True)
        if open_browser and _has_display():
            threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()

    try:
        st.App(MAIN, **parts(ready)).run(config=settings(port))
    except KeyboardInterrupt:
        print("", flush=True)
    return 0


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        if os.name != "nt":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((ADDRESS, port))
        except OSError:
            return False
    return True


def _has_display() -> bool:
    """True where a browser can be opened: everywhere but on a Linux or BSD machine without a display."""
    return sys.platform in ("win32", "darwin") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
