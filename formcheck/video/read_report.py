"""What reading a film finds besides its pictures."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class ReadReport:
    """What ``read_frames`` finds while it reads.

    Attributes
    ----------
    frames : int
        Delivered pictures.
    broken_frames : int
        Skipped because they could not be decoded.
    dropped_frames : int
        Skipped because their time did not rise.
    thinned_frames : int
        Left out because more a second are there than were asked for.
    clock_restarts : int
        Times that the file's clock fell back and was continued.
    truncated : bool
        The data ended early.
    missing_s : (float, float) or None
        From the last picture to the end that the header promises, where pictures are missing there.
    turned_s : list of (float, float)
        Stretches, first and last picture (s), in which the picture has another shape than the first one that was read.
    """

    frames: int = 0
    broken_frames: int = 0
    dropped_frames: int = 0
    thinned_frames: int = 0
    clock_restarts: int = 0
    truncated: bool = False
    missing_s: tuple[float, float] | None = None
    turned_s: list[tuple[float, float]] = field(default_factory=list)
