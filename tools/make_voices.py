"""Make the sound files of ``formcheck/voices`` that are missing or whose sentence has changed.

Needs Debian's espeak-ng and ffmpeg (apt-get install -y espeak-ng ffmpeg). Run it after a change of a spoken sentence:

    .venv/bin/python tools/make_voices.py
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import tempfile
import tomllib
import wave
from pathlib import Path

import numpy as np

from formcheck.coach.spoken_catalogue import spoken_keys, spoken_text
from formcheck.i18n import LANGUAGES
from formcheck.voices import FOLDER

VOICES = {"en": "en-gb", "da": "da"}
WORDS_PER_MINUTE = "145"
QUIET = "silenceremove=start_periods=1:start_threshold=-45dB"
LOUDEST = 0.8  # default: peak of every file, as a share of full scale
INDEX = FOLDER / "voices.toml"
HEAD = """# Which sentence each sound file speaks, and the sha256 of the file. Made by tools/make_voices.py.
# Spoken by espeak-ng (GPL-3.0-or-later; what it speaks is free of its licence), encoded by ffmpeg.
"""


def make(text: str, language: str, target: Path) -> None:
    """Write ``text`` as speech to the MP3 file ``target``."""
    with tempfile.TemporaryDirectory() as folder:
        spoken = Path(folder) / "spoken.wav"
        subprocess.run(["espeak-ng", "-v", VOICES[language], "-s", WORDS_PER_MINUTE, "-w", spoken, text], check=True)
        sound = f"{QUIET},areverse,{QUIET},areverse,volume={LOUDEST / loudest(spoken):.4f},aresample=24000"
        subprocess.run(
            [
                "ffmpeg",
                "-v",
                "error",
                "-y",
                "-i",
                spoken,
                "-af",
                sound,
                "-ac",
                "1",
                "-ar",
                "24000",
                "-c:a",
                "libmp3lame",
                "-b:a",
                "40k",
                "-map_metadata",
                "-1",
                "-fflags",
                "+bitexact",
                target,
            ],
            check=True,
        )


def loudest(path: Path) -> float:
    """Return the largest sample of a 16-bit wave file, as a share of full scale."""
    with wave.open(str(path)) as file:
        samples = np.frombuffer(file.readframes(file.getnframes()), "<i2")
    return float(np.abs(samples.astype(int)).max()) / 32768


def main() -> None:
    """Bring every file and the index up to date. A missing program is named with the line that installs it."""
    if missing := [name for name in ("espeak-ng", "ffmpeg") if shutil.which(name) is None]:
        raise SystemExit(f"Missing: {', '.join(missing)}. This installs them: apt-get install -y {' '.join(missing)}")
    known = tomllib.loads(INDEX.read_text(encoding="utf-8")) if INDEX.exists() else {}
    lines, made = [HEAD], 0
    for language in LANGUAGES:
        (FOLDER / language).mkdir(exist_ok=True)
        keys = spoken_keys()
        for orphan in set((FOLDER / language).iterdir()) - {FOLDER / language / f"{key}.mp3" for key in keys}:
            orphan.unlink()
        lines.append(f"\n[{language}]\n")
        for key in keys:
            path, text = FOLDER / language / f"{key}.mp3", spoken_text(key, language)
            before = known.get(language, {}).get(key, {})
            if before.get("text") != text or not path.exists():
                make(text, language, path)
                made += 1
            sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
            lines.append(f'"{key}" = {{ text = "{text}", sha256 = "{sha256}" }}\n')
    INDEX.write_text("".join(lines), encoding="utf-8")
    print(f"{made} made, {len(spoken_keys()) * len(LANGUAGES)} in all")


if __name__ == "__main__":
    main()
