"""The sound files of all spoken sentences, ``<language>/<key>.mp3``. ``voices.toml`` lists the sentence of each file.

``tools/make_voices.py`` makes them and the app serves them. A folder of other recordings replaces them file by file.
"""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).parent
"""The folder of the sound files."""
