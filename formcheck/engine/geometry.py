"""Angles and distances on points in the picture (x right, y down, pixels). NaN in, NaN out; a zero-length line gives NaN.

All functions take arrays (..., 2) and return (...). Angles are degrees.
"""

from __future__ import annotations

import numpy as np


def angle_deg(a: np.ndarray, b: np.ndarray, c: np.ndarray) -> np.ndarray:
    """Return the interior angle a–b–c, by atan2 of cross and dot (exact near 0 and 180).

    Parameters
    ----------
    a, b, c : (..., 2) arrays

    Returns
    -------
    (...) array
        Degrees, 0 to 180.
    """
    u, v = a - b, c - b
    cross = u[..., 0] * v[..., 1] - u[..., 1] * v[..., 0]
    dot = u[..., 0] * v[..., 0] + u[..., 1] * v[..., 1]
    angles: np.ndarray = np.degrees(np.arctan2(np.abs(cross), np.where((cross == 0) & (dot == 0), np.nan, dot)))
    return angles


def inclination_deg(start: np.ndarray, end: np.ndarray, facing: float = 1.0) -> np.ndarray:
    """Return the inclination of ``start`` → ``end`` from the upward vertical.

    Parameters
    ----------
    start, end : (..., 2) arrays
    facing : float
        The direction that counts as positive: 1 right, -1 left.

    Returns
    -------
    (...) array
        Degrees.
    """
    d = end - start
    angles: np.ndarray = np.degrees(np.arctan2(facing * d[..., 0], _or_nan(-d[..., 1], d)))
    return angles


def elevation_deg(start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """Return the elevation of ``start`` → ``end`` above the horizontal.

    Parameters
    ----------
    start, end : (..., 2) arrays

    Returns
    -------
    (...) array
        Degrees, -90 to 90, positive when ``end`` is higher.
    """
    d = end - start
    angles: np.ndarray = np.degrees(np.arctan2(_or_nan(-d[..., 1], d), np.abs(d[..., 0])))
    return angles


def bend_deg(a: np.ndarray, point: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Return ±(180 − angle a–point–b).

    Parameters
    ----------
    a, point, b : (..., 2) arrays

    Returns
    -------
    (...) array
        Degrees, positive when ``point`` lies above the line a–b in the picture. NaN for a vertical line: nothing lies above it.
    """
    d = b - a
    y_on_line = a[..., 1] + (point[..., 0] - a[..., 0]) * d[..., 1] / np.where(d[..., 0] == 0, np.nan, d[..., 0])
    bends: np.ndarray = np.sign(y_on_line - point[..., 1]) * (180.0 - angle_deg(a, point, b))
    return bends


def distance_px(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Return the distance a–b.

    Parameters
    ----------
    a, b : (..., 2) arrays

    Returns
    -------
    (...) array
    """
    d = a - b
    lengths: np.ndarray = np.hypot(d[..., 0], d[..., 1])
    return lengths


def extent_angle_deg(extent_px: np.ndarray, length_px: np.ndarray | float) -> np.ndarray:
    """Return the angle from the vertical of a segment of known length, from its vertical extent alone.

    It works from any azimuth, since turning the camera around the person does not change vertical extents.

    Parameters
    ----------
    extent_px : (...) array
    length_px : (...) array or float

    Returns
    -------
    (...) array
        Degrees, 0 to 180.
    """
    length_px = np.where(length_px > 0, length_px, np.nan)
    angles: np.ndarray = np.degrees(np.arccos(np.maximum(np.minimum(extent_px / length_px, 1.0), -1.0)))
    return angles


def across_px(d_px: np.ndarray, length_px: np.ndarray | float, azimuth_deg: float, forward: bool = True) -> np.ndarray:
    """Return how far a segment of known length reaches to the person's left.

    It lies flat by what its vertical extent lacks of its length. Its horizontal extent tells in which direction, except whether
    it leans forward or back.

    Parameters
    ----------
    d_px : (..., 2) array
        The segment in the picture.
    length_px : (...) array or float
    azimuth_deg : float
        Of the camera: 0 in front, 90 at the person's left.
    forward : bool
        Whether the segment leans forward.

    Returns
    -------
    (...) array
        Pixels.
    """
    x, azimuth = d_px[..., 0], np.radians(azimuth_deg)
    flat = np.maximum(np.sqrt(np.maximum(length_px**2 - d_px[..., 1] ** 2, 0.0)), np.abs(x))
    seen = np.arcsin(np.divide(x, flat, out=np.zeros_like(flat), where=flat > 0))
    ahead = (np.cos(azimuth) >= 0) == forward
    across: np.ndarray = flat * np.sin(azimuth + (seen if ahead else np.pi - seen))
    return across


def _or_nan(x: np.ndarray, d: np.ndarray) -> np.ndarray:
    """Return ``x`` where the line ``d`` (..., 2) has a length, else NaN."""
    return np.where((d[..., 0] == 0) & (d[..., 1] == 0), np.nan, x)
