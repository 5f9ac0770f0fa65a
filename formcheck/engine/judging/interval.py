"""The measured stretch of a repetition or hold that rules look at, and the sides of a body that specifications name."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np

from formcheck.model.skeleton import INDEX

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from formcheck.model.records import Side, ViewLabel

SideOrBoth = Literal["left", "right", "mid"]
_OTHER: dict[Side, Side] = {"left": "right", "right": "left"}


def side_of(word: str, near: Side, front: Side | None = None, support: Side | None = None) -> SideOrBoth:
    """Return the side of the body that a word of a specification means.

    Parameters
    ----------
    word : str
        ``left``, ``right``, ``mid``, ``near``, ``far``, ``front``, ``rear``, ``support`` or ``free``.
    near : str
        The side nearer to the camera.
    front, support : str or None
        The leg in front and the side that carries the body. None: not known, so the near side is taken.

    Returns
    -------
    str
        ``left``, ``right`` or ``mid``.
    """
    front, support = front or near, support or near
    known: dict[str, SideOrBoth] = {
        "left": "left",
        "right": "right",
        "mid": "mid",
        "near": near,
        "far": _OTHER[near],
        "front": front,
        "rear": _OTHER[front],
        "support": support,
        "free": _OTHER[support],
    }
    return known[word]


def landmark_indices(point: str, side_of_word: Callable[[str], SideOrBoth]) -> list[int]:
    """Return the landmarks of a point of a specification.

    Parameters
    ----------
    point : str
        ``SIDE.JOINT``, or a joint that has no side.
    side_of_word : callable
        Turns a named side into ``left``, ``right`` or ``mid``.

    Returns
    -------
    list of int
        One landmark, or two for ``mid``.
    """
    word, _, joint = point.rpartition(".")
    if word == "":
        return [INDEX[joint]]
    side = side_of_word(word)
    sides = ("left", "right") if side == "mid" else (side,)
    return [INDEX[f"{one}_{joint}"] for one in sides]


@dataclass(slots=True)
class JudgedInterval:
    """A measured repetition or hold: what rules look at. Arrays have one entry for each of its T frames.

    Attributes
    ----------
    t_s : (T,) array
    signals : dict of (T,) arrays
        Every signal of the exercise; NaN = not measured.
    standing : dict
        The standing value of each signal, and of a measure that is held against standing.
    visibility, inside : (T, 33) arrays
        How well each landmark is seen, and whether it is inside the picture.
    view : str
    windows : dict of (T,) boolean arrays
        The frames of each window.
    measures : dict
        None = not measured.
    turn_s, peak_deg : float or None
        Of a repetition: its turn, and its depth there.
    main_signal : str
        The signal that limits on depth look at; empty where there are none.
    near, front, support : str
        Which side is nearer to the camera, in front, or carries the body.
    index : int or None
        Of the repetition or hold in the record, from 1.
    hidden : frozenset of str
        Rules that the surface hides from the camera.
    azimuth_deg : float
        The camera's; NaN where it is not known.
    """

    t_s: np.ndarray
    signals: dict[str, np.ndarray]
    standing: Mapping[str, float]
    visibility: np.ndarray
    inside: np.ndarray
    view: ViewLabel
    windows: dict[str, np.ndarray]
    measures: dict[str, float | None] = field(default_factory=dict)
    turn_s: float | None = None
    peak_deg: float | None = None
    main_signal: str = ""
    near: Side = "left"
    front: Side | None = None
    index: int | None = None
    support: Side | None = None
    hidden: frozenset[str] = frozenset()
    azimuth_deg: float = 0.0

    def side_of(self, word: str) -> SideOrBoth:
        """Return the side that a word of a specification means here.

        Parameters
        ----------
        word : str
            As for ``side_of``, or ``seen``: from the side the near one, from elsewhere both.

        Returns
        -------
        str
            ``left``, ``right`` or ``mid``.
        """
        if word == "seen":
            return self.near if self.view == "side" else "mid"
        return side_of(word, self.near, self.front, self.support)

    def window(self, names: tuple[str, ...]) -> np.ndarray:
        """Return which frames lie in any of these windows.

        Parameters
        ----------
        names : tuple of str

        Returns
        -------
        (T,) boolean array
        """
        values: np.ndarray = np.logical_or.reduce([self.windows[name] for name in names])
        return values
