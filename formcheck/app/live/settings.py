"""What whoever starts the app decides for its live page, once for the process."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path

    from formcheck.app.live.protocol import Mode

LOCAL_HOSTS = ("localhost", "127.0.0.1", "[::1]")


@dataclass(slots=True, frozen=True)
class LiveSettings:
    """``modes``: the allowed ones (a clinic may leave out ``server``). ``voices_folder``: own recordings, ``<language>/<key>.mp3``.

    ``grace_s``: how long a run waits for its page to come back.
    """

    modes: tuple[Mode, ...] = ("server", "browser")
    voices_folder: Path | None = None
    model: str = "full"
    slow_s: float = 0.1
    """A picture that costs more than this on average is too slow; then smaller ones are asked for."""
    grace_s: float = 20.0
    alive_s: float = 5.0
    hello_s: float = 5.0
    idle_s: float = 60.0
    ask_again_s: float = 3.0
    """So often an open socket finds out whether its sign-in still counts."""
    max_drift_s: float = 2.0
    messages_per_s: float = 60.0
    burst: int = 30
    sockets_per_user: int = 2
    sockets: int = 64
    token_unused_s: float = 600.0
    token_s: float = 6 * 3600.0


class Modes(NamedTuple):
    """``default``: where the pose is computed unless the person chooses; ``consent_needed``: before ``server`` is used."""

    default: Mode
    allowed: tuple[Mode, ...]
    consent_needed: bool


def is_local(host: str | None) -> bool:
    """Return whether a Host header names this machine itself."""
    name = (host or "").strip().lower()
    name = name.rpartition(":")[0] if ":" in name and not name.endswith("]") else name
    return name in LOCAL_HOSTS


_current = LiveSettings()


def current() -> LiveSettings:
    """Return the settings of this process."""
    return _current


def configure(settings: LiveSettings) -> None:
    """Set the settings of this process, before the app starts."""
    global _current
    _current = settings


def modes_for(host: str | None, settings: LiveSettings | None = None) -> Modes:
    """Return the modes for a page that was asked for under ``host``: pictures leave a device only where the person agreed."""
    settings, local = settings or current(), is_local(host)
    default: Mode = "server" if local and "server" in settings.modes else "browser"
    if default not in settings.modes:
        default = settings.modes[0]
    return Modes(default, settings.modes, not local)
