"""The files of the live page: scripts, pose model, WebAssembly and spoken words. They come from this host, by GET only."""

from __future__ import annotations

import functools
import hashlib
import mimetypes
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles

from formcheck.files.resources import PACKAGE, models_dir
from formcheck.version import VERSION

if TYPE_CHECKING:
    import os

    from starlette.responses import Response
    from starlette.types import Scope

    from formcheck.app.live.settings import LiveSettings

WEB, VENDOR, VOICES, MODELS = "/live/web", "/live/vendor", "/live/voices", "/live/models"
TYPES = {
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".wasm": "application/wasm",
    ".task": "application/zip",  # the file is a ZIP archive: this type keeps servers from compressing it again
    ".mp3": "audio/mpeg",
}
_HERE = Path(__file__).parent
_FOREVER = "public, max-age=31536000, immutable"


class Files(StaticFiles):
    """Serves files with certain endings, each from the first folder that has it. With a version in the query they never change."""

    def __init__(self, endings: tuple[str, ...], *folders: Path) -> None:
        super().__init__(directory=folders[-1], check_dir=False)
        self.all_directories = list(folders)
        self._endings = endings

    async def check_config(self) -> None:
        """Accept every folder: a folder that is not there has no files."""

    def lookup_path(self, path: str) -> tuple[str, os.stat_result | None]:
        """Return the file for a path; none for another ending."""
        if PurePath(path).suffix.lower() not in self._endings:
            return "", None
        return super().lookup_path(path)

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Return the file with its headers."""
        response = await super().get_response(path, scope)
        response.headers["X-Content-Type-Options"] = "nosniff"
        versioned = scope["query_string"].startswith(b"v=")
        response.headers["Cache-Control"] = _FOREVER if versioned else "no-cache"
        return response


def routes(settings: LiveSettings, base: str) -> list[BaseRoute]:
    """Return the mounts of the live page's files below ``base`` (empty, or ``/`` and the app's base path)."""
    for ending, kind in TYPES.items():
        mimetypes.add_type(kind, ending)  # some systems do not know them, or know them wrongly
    custom = [settings.voices_folder] if settings.voices_folder is not None else []
    return [
        Mount(base + WEB, Files((".js", ".mjs", ".css"), _HERE / "web")),
        Mount(base + VENDOR, Files((".js", ".mjs", ".wasm"), _HERE / "vendor")),
        Mount(base + VOICES, Files((".mp3",), *custom, PACKAGE / "voices")),
        Mount(base + MODELS, Files((".task",), models_dir())),
    ]


@functools.cache
def version() -> str:
    """Return a digest of the page's files. It is part of every address, so that browsers may keep the files."""
    digest = hashlib.sha256(VERSION.encode())
    for path in sorted((_HERE / "web").glob("*")):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:12]
