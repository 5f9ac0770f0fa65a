"""Filters on landmark series: One Euro (causal, for what is shown now) and a zero-lag Butterworth (for the record).

NaN never spreads: a sample that is missing stays missing, and the filter goes on from what it had.
"""

from __future__ import annotations

import math

import numpy as np

GAP_BRIDGED_S = 0.5
"""The zero-lag filter runs across gaps up to this long; longer ones split the series. Missing samples stay NaN."""

_COLUMNS_AT_ONCE = 6  # keeps the memory of a long set flat


class OneEuro:
    """The One Euro filter of Casiez, Roussel and Vogel (CHI 2012), vectorised over any shape.

    ``scale`` divides the speed, so that ``beta`` means the same for a person near and far (pass the torso length in pixels).
    Defaults: clinical-rules 5 (1.2 Hz, 4, 1 Hz on torso lengths per second).

    Parameters
    ----------
    min_cutoff_hz, beta, d_cutoff_hz : float

    Raises
    ------
    ValueError
        When a cut-off frequency is not above 0 or ``beta`` is below 0.
    """

    def __init__(self, min_cutoff_hz: float = 1.2, beta: float = 4.0, d_cutoff_hz: float = 1.0) -> None:
        if min_cutoff_hz <= 0 or d_cutoff_hz <= 0 or beta < 0:
            raise ValueError("cut-off frequencies must be above 0 and beta at least 0")
        self._min_cutoff_hz, self._beta, self._d_cutoff_hz = min_cutoff_hz, beta, d_cutoff_hz
        self._t_s: float | None = None
        self._x: np.ndarray | None = None
        self._dx: np.ndarray | None = None

    def reset(self) -> None:
        """Forget everything."""
        self._t_s = self._x = self._dx = None

    def update(self, t_s: float, x: np.ndarray, scale: float = 1.0) -> np.ndarray:
        """Take one sample.

        Parameters
        ----------
        t_s : float
            A time that does not rise changes nothing.
        x : array
            NaN = missing; such elements go on later from the value they had.
        scale : float
            Divides the speed.

        Returns
        -------
        array
            Filtered, of the shape of ``x``; NaN where ``x`` is.
        """
        x = np.asarray(x, dtype=float)
        if self._t_s is None or self._x is None or self._dx is None:
            self._t_s, self._x, self._dx = t_s, x.copy(), np.zeros_like(x)
            return x
        dt = t_s - self._t_s
        if dt <= 0:
            return self._x
        self._t_s = t_s
        previous, missing, step = self._x, None, np.asarray(x - self._x)
        if np.isnan(step).any():
            missing = np.isnan(x)
            previous = np.where(np.isnan(previous), x, previous)
            step = np.where(missing, previous, x) - previous
        d = step / dt if missing is None else np.nan_to_num(step / dt)
        a = 1.0 / (1.0 + 1.0 / (2 * math.pi * self._d_cutoff_hz * dt))
        self._dx = self._dx + a * (d - self._dx)
        cutoff = self._min_cutoff_hz + self._beta * np.abs(self._dx) / scale
        rate = 2 * math.pi * dt * cutoff
        self._x = previous + rate / (1.0 + rate) * step
        return self._x if missing is None else np.where(missing, np.nan, self._x)


def warm_up() -> None:
    """Load what the zero-lag filter needs, for where the first set may not wait for it."""
    import scipy.signal  # noqa: F401


def hampel(x: np.ndarray, half_width: int = 3, n_mad: float = 3.0) -> np.ndarray:
    """Replace samples that lie far from the median of their window by that median.

    Parameters
    ----------
    x : (N, K) array
        Without NaN.
    half_width : int
        Samples of the window before and after each one.
    n_mad : float
        Far is more than this many scaled median deviations.

    Returns
    -------
    (N, K) array
        ``x`` itself when it has fewer samples than a window.
    """
    if len(x) <= 2 * half_width:
        return x
    padded = np.pad(x, ((half_width, half_width), (0, 0)), mode="edge")
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * half_width + 1, axis=0)
    median = np.median(windows, axis=-1)
    mad = 1.4826 * np.median(np.abs(windows - median[..., None]), axis=-1)
    return np.where(np.abs(x - median) > n_mad * np.maximum(mad, 1e-9), median, x)


def zero_lag(t_s: np.ndarray, x: np.ndarray, cutoff_hz: float = 6.0, rate_hz: float = 60.0) -> np.ndarray:
    """Return series low-passed without lag: uniform grid, Hampel, Butterworth order 2 forwards and backwards.

    Parameters
    ----------
    t_s : (T,) array
        Strictly rising, any spacing. Gaps longer than ``GAP_BRIDGED_S`` split the series.
    x : (T, K) array
    cutoff_hz : float
        Corrected for the two passes (Winter 2009).
    rate_hz : float
        Of the grid.

    Returns
    -------
    (T, K) array
        NaN stays NaN and touches no other column. Stretches too short to filter keep their values.
    """
    from scipy.signal import butter

    sos = butter(2, min(cutoff_hz / 0.802, 0.45 * rate_hz), fs=rate_hz, output="sos")
    out = np.full(x.shape, np.nan)
    seen = ~np.isnan(x)
    for pattern in np.unique(seen, axis=1).T:  # columns that are missing in the same frames go together
        columns = np.flatnonzero((seen == pattern[:, None]).all(axis=0))
        rows = np.flatnonzero(pattern)
        splits = np.flatnonzero(np.diff(t_s[rows]) > GAP_BRIDGED_S) + 1
        for part in np.split(rows, splits) if len(rows) else []:
            for some in np.split(columns, range(_COLUMNS_AT_ONCE, len(columns), _COLUMNS_AT_ONCE)):
                out[np.ix_(part, some)] = _zero_lag_part(t_s[part], x[np.ix_(part, some)], sos, rate_hz)
    return out


def _zero_lag_part(t_s: np.ndarray, x: np.ndarray, sos: np.ndarray, rate_hz: float) -> np.ndarray:
    """Filter a stretch without gaps (T, K)."""
    from scipy.signal import sosfiltfilt

    t = t_s - t_s[0]
    clean = hampel(x.astype(float))
    grid = np.arange(0.0, t[-1] + 1.0 / rate_hz, 1.0 / rate_hz)
    if len(t) < 4 or len(grid) < 12:
        return clean
    uniform = np.column_stack([np.interp(grid, t, column) for column in clean.T])
    smooth = sosfiltfilt(sos, uniform, axis=0, padlen=min(30, len(grid) - 1))
    return np.column_stack([np.interp(t, grid, column) for column in smooth.T])
