"""Runs of true flags."""

from __future__ import annotations

import numpy as np


def runs(flags: np.ndarray) -> list[tuple[int, int]]:
    """Return where the runs of True lie.

    Parameters
    ----------
    flags : (T,) boolean array

    Returns
    -------
    list of tuple of two ints
        The first frame of each run, and the first frame after it.
    """
    edges = np.flatnonzero(np.diff(np.concatenate([[0], flags.astype(int), [0]]))).tolist()
    return list(zip(edges[::2], edges[1::2]))
