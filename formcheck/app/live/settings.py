"""Settings of the live page, made once for the process by the person who starts the app."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path

    from formcheck.app.live.protocol import PoseMode

LOCAL_HOSTS = ("localhost", "127.0.0.1", "[::1]")


@dataclass(slots=True, frozen=True)
class LiveSettings:
    """Settings of a process. Durations are seconds and, like the other limits, defaults without a published source.

    ``modes``: the allowed modes; a clinic may leave out ``server``. ``voices_folder``: custom recordings,
    ``<language>/<key>.mp3``. ``model``: the pose model on the server, ``full`` or ``lite``.
    """

    modes: tuple[PoseMode, ...] = ("server", "browser")
    voices_folder: Path | None = None
    model: str = "full"
    slow_s: float = 0.1
    """Above this average time per picture the server is slow, and smaller pictures are asked for."""
    grace_s: float = 20.0
    """A live session waits this long for its page to come back."""
    alive_s: float = 5.0
    """A page that was heard within this time is alive: another page cannot take over."""
    hello_s: float = 5.0
    """The first message comes within this time."""
    idle_s: float = 60.0
    """A socket without a message for this time is closed."""
    ask_again_s: float = 3.0
    """An open socket checks this often that its sign-in is still valid."""
    max_drift_s: float = 2.0
    """The page's clock and the server's may part by this much."""
    messages_per_s: float = 60.0
    """Messages per second that a page may send."""
    burst: int = 30
    """Messages that a page may send at once."""
    sockets_per_user: int = 2
    sockets: int = 64
    token_unused_s: float = 600.0
    """A token that was never used expires after this time."""
    token_s: float = 6 * 3600.0
    """A used token expires after this time."""


class AllowedModes(NamedTuple):
    """Where the pose may be computed. ``default``: unless the person chooses; ``consent_needed``: before ``server`` is used."""

    default: PoseMode
    allowed: tuple[PoseMode, ...]
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


def modes_for(host: str | None, settings: LiveSettings | None = None) -> AllowedModes:
    """Return the modes for a page that was requested from ``host``. Pictures leave a device only if the person agreed."""
    settings, local = settings or current(), is_local(host)
    default: PoseMode = "server" if local and "server" in settings.modes else "browser"
    if default not in settings.modes:
        default = settings.modes[0]
    return AllowedModes(default, settings.modes, not local)
