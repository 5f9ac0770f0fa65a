"""The sound files of everything that is said, ``<language>/<key>.mp3``; ``voices.toml`` tells which sentence each one speaks.

Made by ``tools/make_voices.py``. The app serves them; a folder of own recordings takes their place file by file.
"""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).parent
