"""Phases: when does a repetition begin, turn and end, and when does a hold run? Causal, one sample at a time.

Limits here adapt to the person and never serve a rule (counting and judging never share a limit).
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

ON_DEG, OFF_DEG = 15.0, 8.0
"""A movement begins this far above standing, and is over this far above it (hysteresis: clinical-rules 0.9)."""
RETURN_SHARE = 0.5
"""Coming up by less than this share of the excursion and going down again is still the same repetition."""
REDESCENT_DEG, REDESCENT_SHARE = 12.0, 0.25
OPENING_DEG = 20.0
"""A set that opens in the middle of a descent: going down by this much more is a repetition."""
_SETTLED_S = 0.12
_SETTLED_DEG = 1.5
_STANDS_S, _STANDS_DEG, _STANDS_SHARE = 0.4, 5.0, 0.4
"""A person who stays this still, above standing but below this share of the depth, has finished the repetition there."""
_REST_FOLLOWS_S, _REST_MAX_DEG = 1.0, 25.0
"""The resting level follows the person this slowly, and at most this far from the calibrated standing."""
_OPENS_AT_TURN_DEG, _STILL_THERE_SHARE, _LEFT_SHARE, _LEAVING_S = 45.0, 0.75, 0.95, 3.0
"""A cycle starts at the end range (on the chair) when the first sample is above 45 deg. It is at the end range above 75 % of the
peak. It leaves with the last sample above 95 % of the maximum of the last 3 s. Defaults."""
MAX_GAP_S = 3.0
"""A repetition with a longer gap inside is dropped: what happened in it is not known."""
BLINK_S = 0.3
"""A posture that is not yet a hold may be missed for this long."""
_MEDIAN_S = 0.12
"""Spikes shorter than half of this never reach the phase machine. Default."""
_LEFT_PEAK_DEG = 5.0
"""The way back has begun this far below the peak. Default."""


@dataclass(slots=True)
class Cycle:
    """One out-and-back, before it is known whether it is a repetition. Times in s, angles in deg above zero.

    ``starts_at_end_range``: it began at its far end, so that its way out is not known.
    """

    start_s: float
    turn_s: float
    end_s: float
    peak_deg: float
    starts_at_end_range: bool = False


class CycleMachine:
    """Finds cycles in a driving signal that rises from rest into the effort and returns.

    ``update`` takes the signal above its resting value; NaN freezes everything. A cycle closes when the signal is back near
    rest and has settled. For a person who does not come all the way back, it closes when the signal goes out again from well
    short of the peak. The limits are those of a movement of 100 deg. Inside, values are in hundredths of a full movement, so
    that the limits shrink with it.

    Parameters
    ----------
    max_pause_s : float
        A movement that stands still for longer is no cycle.
    full_excursion_deg : float
        A full movement of the driving signal.
    rest_up_to_deg : float or None
        The highest resting level.
    starts_at_end_range : bool
        Whether a cycle may begin at its far end.

    Attributes
    ----------
    phase : str
        ``waiting``, ``rest``, ``descent``, ``bottom`` or ``ascent``.
    """

    def __init__(
        self,
        max_pause_s: float,
        full_excursion_deg: float = 100.0,
        rest_up_to_deg: float | None = None,
        starts_at_end_range: bool = False,
    ) -> None:
        self._max_pause_s = max_pause_s
        self._scale = full_excursion_deg / 100.0
        self._rest_max = _REST_MAX_DEG if rest_up_to_deg is None else rest_up_to_deg / self._scale
        self._from_turn = starts_at_end_range
        self._there: deque[tuple[float, float]] = deque()  # the last seconds at the far end
        self._window: deque[tuple[float, float]] = deque()
        self._cycle: Cycle | None = None
        self._low: tuple[float, float] | None = None  # lowest since the peak: (time, value)
        self._below: float | None = None  # last time near standing
        self._still = (0.0, 0.0, 0.0)  # since when the signal stands still, and its lowest and highest value since then
        self._low_level = self._low_since = 0.0
        self._rest = 0.0
        self._last_s: float | None = None
        self._step_s = 0.0
        self.phase = "waiting"

    @property
    def open(self) -> Cycle | None:
        """Return the cycle that is not closed yet. Its times count alone, as in ``running``."""
        return self._cycle

    @property
    def running(self) -> Cycle | None:
        """Return the cycle that is not closed yet; None at rest, and half-way back, where its end is near.

        Its times count alone: its peak is in hundredths of a full movement.
        """
        cycle, low = self._cycle, self._low
        if cycle is None or (low is not None and low[1] < self._rest + RETURN_SHARE * (cycle.peak_deg - self._rest)):
            return None
        return cycle

    def update(self, t_s: float, q_deg: float) -> Cycle | None:
        """Take one sample.

        Parameters
        ----------
        t_s : float
        q_deg : float
            The driving signal above its resting value.

        Returns
        -------
        Cycle or None
            The cycle that it closes.
        """
        if q_deg != q_deg:
            return None
        self._step_s = t_s - self._last_s if self._last_s is not None else 0.0
        gap = self._step_s > MAX_GAP_S
        self._last_s = t_s
        if gap:
            closed = self.flush()
            self._abandon()
            if closed is not None:
                return closed
        q = self._median(t_s, q_deg / self._scale)
        if self._cycle is None:
            self._idle(t_s, q)
            return None
        return self._moving(t_s, q, self._cycle)

    def _median(self, t_s: float, q_deg: float) -> float:
        window = self._window
        window.append((t_s, q_deg))
        while t_s - window[0][0] > _MEDIAN_S:
            window.popleft()
        values = sorted(value for _, value in window)
        middle = len(values) // 2
        return values[middle] if len(values) % 2 else (values[middle - 1] + values[middle]) / 2

    def _idle(self, t_s: float, q: float) -> None:
        if q < self._rest + OFF_DEG:
            self._below = t_s
            self.phase = "rest"
            follow = min(1.0, self._step_s / _REST_FOLLOWS_S)
            self._rest = min(max(self._rest + follow * (q - self._rest), 0.0), self._rest_max)
        elif q > self._rest + ON_DEG and self._below is not None:
            self._begin(self._below, t_s, q)
        elif self._below is None:
            self._open(t_s, q)

    def _open(self, t_s: float, q: float) -> None:
        """Take a sample of a set that opens away from standing: not quite straight, or in the middle of a movement."""
        if q < self._rest_max:
            self._rest = q
        if self._from_turn and q > _OPENS_AT_TURN_DEG:
            self._begin(t_s, t_s, q).starts_at_end_range = True
        elif self._low is None or q < self._low[1]:
            self._low = (t_s, q)
        elif q > self._low[1] + OPENING_DEG:
            self._begin(self._low[0], t_s, q)

    def _begin(self, start_s: float, t_s: float, q: float) -> Cycle:
        cycle = self._cycle = Cycle(start_s, t_s, t_s, q)
        self._low = None
        self._still = (t_s, q, q)
        self._there.clear()
        self.phase = "descent"
        return cycle

    def _moving(self, t_s: float, q: float, cycle: Cycle) -> Cycle | None:
        at_turn = self._from_turn and q >= _STILL_THERE_SHARE * cycle.peak_deg
        if self._paused_s(t_s, q) > self._max_pause_s and not (cycle.starts_at_end_range and at_turn):
            self._abandon()
            return None
        if at_turn and t_s - cycle.start_s > self._max_pause_s / 2:
            cycle.starts_at_end_range = True  # a rest at the far end: the way out is long past
        if cycle.starts_at_end_range and at_turn:
            cycle.start_s = cycle.turn_s = self._left_end_range_s(t_s, q)
        if q >= cycle.peak_deg:
            cycle.turn_s, cycle.peak_deg, self._low = t_s, q, None
            self.phase = "descent"
            return None
        low = self._follow_low(t_s, q)
        if q < cycle.peak_deg - _LEFT_PEAK_DEG:
            self.phase = "ascent"
        elif self.phase == "descent":
            self.phase = "bottom"
        end_s = self._ended_s(t_s, q, cycle, low)
        return None if end_s is None else self._close(cycle, (end_s, low[1]), t_s, q)

    def _paused_s(self, t_s: float, q: float) -> float:
        """Return for how long the signal has stood still: within the limit of some middle, so that noise does not end it."""
        since_s, low, high = self._still
        low, high = min(low, q), max(high, q)
        self._still = (since_s, low, high) if high - low <= 2 * _STANDS_DEG else (t_s, q, q)
        return t_s - self._still[0]

    def _left_end_range_s(self, t_s: float, q: float) -> float:
        """Return when the far end was left, from the samples so far."""
        self._there.append((t_s, q))
        while t_s - self._there[0][0] > _LEAVING_S:
            self._there.popleft()
        level = _LEFT_SHARE * max(value for _, value in self._there)
        return next(at_s for at_s, value in reversed(self._there) if value >= level)

    def _follow_low(self, t_s: float, q: float) -> tuple[float, float]:
        """Return time and value of the lowest sample since the peak."""
        if self._low is None or q < self._low[1]:
            if self._low is None or q < self._low_level - _STANDS_DEG:
                self._low_level, self._low_since = q, t_s
            self._low = (t_s, q)
        return self._low

    def _ended_s(self, t_s: float, q: float, cycle: Cycle, lowest: tuple[float, float]) -> float | None:
        """Return when the way back ended: near rest and settled, standing short of it, or where it goes out again."""
        (low_s, low), depth = lowest, cycle.peak_deg - self._rest
        if low < self._rest + OFF_DEG and (t_s - low_s >= _SETTLED_S or q > low + _SETTLED_DEG):
            return low_s
        if low < self._rest + _STANDS_SHARE * depth:
            if q > self._low_level + _STANDS_DEG:
                self._low_level, self._low_since = q, t_s
            if t_s - self._low_since >= _STANDS_S:
                return self._low_since
        again = q > low + max(REDESCENT_DEG, REDESCENT_SHARE * depth)
        return low_s if again and low < self._rest + (1.0 - RETURN_SHARE) * depth else None

    def flush(self, share: float = _STANDS_SHARE) -> Cycle | None:
        """Return the open cycle when little of its way back was left as the frames, or the time, ended.

        Parameters
        ----------
        share : float
            At most this share of the way back.

        Returns
        -------
        Cycle or None
        """
        cycle, low = self._cycle, self._low
        if cycle is None or low is None or low[1] > self._rest + share * (cycle.peak_deg - self._rest):
            return None
        cycle.end_s, self._cycle = low[0], None
        return self._in_degrees(cycle)

    def _in_degrees(self, cycle: Cycle) -> Cycle:
        cycle.peak_deg *= self._scale
        return cycle

    def _close(self, cycle: Cycle, end: tuple[float, float], t_s: float, q: float) -> Cycle:
        """Close a cycle. ``end``: when it ended, and the lowest value since the peak."""
        (end_s, level), self._cycle = end, None
        cycle.end_s = self._below = end_s
        self.phase = "rest"
        if q > level + REDESCENT_DEG:
            self._begin(end_s, t_s, q)
        else:
            self._rest = self._rest_at(level)
        return self._in_degrees(cycle)

    def _rest_at(self, level: float) -> float:
        """Return the resting level after a repetition that came back to ``level``: a higher one is believed a step at a time."""
        if level <= self._rest:
            return self._rest
        return min(max(min(self._rest + OFF_DEG, level), 0.0), self._rest_max)

    def _abandon(self) -> None:
        self._cycle = self._low = self._below = None
        self.phase = "waiting"


class HoldMachine:
    """Runs the clocks of a hold from two yes/no streams: in the posture, and in good form.

    A hold starts when the posture has been there for ``enter_s``, back-dated to its first frame. It ends when the posture has
    been gone for ``leave_s``, or no person has been seen for ``lost_s`` (a jump in time included), back-dated to its last frame.
    The in-form clock stops while the form is broken.

    Parameters
    ----------
    enter_s, leave_s, lost_s : float

    Attributes
    ----------
    running : bool
    start_s, end_s, in_form_s, longest_in_form_s : float
        Of the hold that runs or ran last.
    """

    def __init__(self, enter_s: float, leave_s: float, lost_s: float) -> None:
        self._enter_s, self._leave_s, self._lost_s = enter_s, leave_s, lost_s
        self._pending: list[tuple[float, float, bool]] = []  # (time, time step, good) since the posture was taken up
        self._last_in: float | None = None
        self._last_seen: float | None = None
        self._previous: float | None = None
        self._good_run_s = 0.0
        self.running = False
        self.start_s = self.end_s = self.in_form_s = self.longest_in_form_s = 0.0

    def update(self, t_s: float, seen: bool, posture: bool, good: bool, ready: bool = True) -> bool:
        """Take one frame.

        Parameters
        ----------
        t_s : float
        seen : bool
            Whether the person is seen.
        posture : bool
        good : bool
            Whether the form is good.
        ready : bool
            Whether a hold may start now: the body has been still for long enough.

        Returns
        -------
        bool
            True when the frame ends the hold. Its values stay readable until the next one starts.
        """
        previous, self._previous = self._previous, t_s
        here = seen and posture
        lost = self._last_seen is not None and t_s - self._last_seen > self._lost_s
        gone_s = 0.0 if self._last_in is None else t_s - self._last_in
        ended = self.running and (lost or (seen and not posture and gone_s > self._leave_s))
        self.running = self.running and not ended
        if lost or (self._pending and not here and gone_s > BLINK_S):
            self._pending = []
        if seen:
            self._last_seen = t_s
        if here:
            dt = t_s - previous if previous is not None and self._last_in == previous else 0.0
            self._last_in = t_s
            if self.running:
                self._count(t_s, dt, good)
            else:
                self._enter(t_s, dt, good, ready)
        return ended

    def begin_anew(self, from_s: float = float("inf")) -> None:
        """Forget the posture so far, unless a hold runs: the person moved.

        Parameters
        ----------
        from_s : float
            What was seen from this time on is kept.
        """
        self._pending = [pending for pending in self._pending if pending[0] >= from_s]

    def _enter(self, t_s: float, dt: float, good: bool, ready: bool) -> None:
        self._pending.append((t_s, dt if self._pending else 0.0, good))
        start_s = self._pending[0][0]
        if t_s - start_s < self._enter_s or not ready:
            return
        self.running, self.start_s = True, start_s
        self.in_form_s = self.longest_in_form_s = self._good_run_s = 0.0
        for pending in self._pending:
            self._count(*pending)
        self._pending = []

    def _count(self, t_s: float, dt: float, good: bool) -> None:
        self.end_s = t_s
        if good:
            self.in_form_s += dt
            self._good_run_s += dt
            self.longest_in_form_s = max(self.longest_in_form_s, self._good_run_s)
        else:
            self._good_run_s = 0.0

    def clocks(self) -> tuple[float, float, float, float]:
        """Return the clocks of the hold that runs or ran last.

        Returns
        -------
        tuple of four floats
            Start, end, in-form time and longest in-form time (s).
        """
        return self.start_s, self.end_s, self.in_form_s, self.longest_in_form_s

    def stop(self, at_most_s: float = float("inf")) -> bool:
        """End the hold at its last frame in the posture.

        Parameters
        ----------
        at_most_s : float
            Or so long after its start, if that is earlier.

        Returns
        -------
        bool
            Whether one was running.
        """
        was, self.running = self.running, False
        over_s = self.end_s - self.start_s - at_most_s
        if over_s > 0:
            self.end_s -= over_s
            self.in_form_s = min(self.in_form_s, at_most_s)
            self.longest_in_form_s = min(self.longest_in_form_s, at_most_s)
        return was
