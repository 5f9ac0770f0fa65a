"""Why a video cannot be read, in words: what is wrong with the file itself, before anything of it is decoded."""

from __future__ import annotations

import itertools
import os
import stat
import struct
from typing import TYPE_CHECKING

from formcheck.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LARGEST_PX = 4096
"""A picture wider or higher than this is not read. Cameras' 4K has 4096 at most; one of 8192 takes 200 MB. Default."""

_SENTENCES = {
    "source_missing": "There is no file {path}.",
    "source_is_folder": "{path} is a folder. Name a video file.",
    "source_not_a_file": "{path} is no regular file. Save the video to a file first.",
    "source_not_readable": "Cannot read {path}: permission denied.",
    "source_empty": "{path} is empty.",
    "source_not_a_video": "{path} is not a video that can be read. Try an MP4, MOV, WebM, MKV, AVI or GIF file.",
    "source_truncated": "{path} is cut off: its index, at the end, is missing. Copy it again from where it was filmed.",
    "source_audio_only": "{path} holds sound but no pictures.",
    "source_codec": "{path} is coded in a way that cannot be read. Convert it to H.264, for example with HandBrake.",
    "source_too_large": "{path} has pictures of {width} × {height}, more than {most} × {most}. Save it smaller, as 4K or Full HD.",
    "source_no_frames": "{path} holds no pictures.",
    "source_undecodable": "Not one picture of {path} could be decoded: the file is damaged.",
    "source_range": "{path}: {reason}.",
}


def refusal(path: Path, code: str, **params: object) -> SourceError:
    """Return the error of a file that cannot be read.

    Parameters
    ----------
    path : Path
    code : str
        One of the codes that ``probe`` and ``read_frames`` name.
    **params : object
        Values of its sentence.

    Returns
    -------
    SourceError
    """
    return SourceError(_SENTENCES[code].format(path=path, **params), code=code, path=str(path), **params)


def check_file(path: Path) -> None:
    """Check that a path is a regular, readable file that is not empty.

    Parameters
    ----------
    path : Path

    Raises
    ------
    SourceError
        ``source_missing``, ``source_is_folder``, ``source_not_a_file``, ``source_not_readable``, ``source_empty``.
    """
    try:
        found = path.stat()
    except PermissionError as error:
        raise refusal(path, "source_not_readable") from error
    except (OSError, ValueError) as error:
        raise refusal(path, "source_missing") from error
    if stat.S_ISDIR(found.st_mode):
        raise refusal(path, "source_is_folder")
    if not stat.S_ISREG(found.st_mode):
        raise refusal(path, "source_not_a_file")
    if not os.access(path, os.R_OK, effective_ids=os.access in os.supports_effective_ids):
        raise refusal(path, "source_not_readable")
    if found.st_size == 0:
        raise refusal(path, "source_empty")


def check_size(path: Path, width: int, height: int) -> None:
    """Check that pictures are not too large to be read.

    Parameters
    ----------
    path : Path
    width, height : int
        Of the stored picture (px). 0 = not known.

    Raises
    ------
    SourceError
        ``source_too_large``.
    """
    if max(width, height) > LARGEST_PX:
        raise refusal(path, "source_too_large", width=width, height=height, most=LARGEST_PX)


def unopened(path: Path, otherwise: str) -> SourceError:
    """Return the error for a file that cannot be opened. An MP4 whose index is not complete is reported as cut off.

    Parameters
    ----------
    path : Path
    otherwise : str
        The code for every other file.

    Returns
    -------
    SourceError
    """
    boxes = list(itertools.islice(top_boxes(path), 1000))
    ends = {name: end for name, _, end in boxes}
    cut_off = bool(boxes) and boxes[0][0] == b"ftyp" and not 0 < ends.get(b"moov", 0) <= path.stat().st_size
    return refusal(path, "source_truncated" if cut_off else otherwise)


def top_boxes(path: Path) -> Iterator[tuple[bytes, int, int]]:
    """Yield the top-level boxes of an MP4. Other files give meaningless boxes.

    Parameters
    ----------
    path : Path

    Yields
    ------
    name : bytes
    start, end : int
        Positions (bytes). The end is the box's own claim and may lie behind the end of the file.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        start = 0
        while start + 8 <= size:
            file.seek(start)
            length, name = struct.unpack(">I4s", file.read(8))
            if length == 1:
                (length,) = struct.unpack(">Q", file.read(8).ljust(8, b"\0"))
            end = start + length if length else size
            yield name, start, end
            if end < start + 8:
                return
            start = end
