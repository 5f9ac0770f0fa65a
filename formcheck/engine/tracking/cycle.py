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
"""An exercise that may begin at its far end (on the chair) begins there when the pictures open this far above standing. It is still
there while it is above the first share of the peak; it left when it was last above the second share of its last seconds there."""
MAX_GAP_S = 3.0
"""A repetition with a longer gap inside is dropped: nobody knows what happened."""
BLINK_S = 0.3
"""A posture that is not yet a hold may be missed for this long."""
_MEDIAN_S = 0.12  # spikes shorter than half of this never reach the phase machine


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
    rest and has settled, or, for a person who does not come all the way back, when it goes out again from well short of the peak.
    The limits are those of a movement of 100 deg and shrink with ``full_excursion_deg``. ``rest_up_to_deg``: the
    highest resting level.
    ``starts_at_end_range``: a cycle may begin at its far end.
    """

    def __init__(
        self,
        max_duration_s: float,
        full_excursion_deg: float = 100.0,
        rest_up_to_deg: float | None = None,
        starts_at_end_range: bool = False,
    ) -> None:
        self._max_duration_s = max_duration_s
        self._scale = full_excursion_deg / 100.0
        self._rest_max = _REST_MAX_DEG if rest_up_to_deg is None else rest_up_to_deg / self._scale
        self._from_turn = starts_at_end_range
        self._there: deque[tuple[float, float]] = deque()  # the last seconds at the far end
        self._window: deque[tuple[float, float]] = deque()
        self._cycle: Cycle | None = None
        self._low: tuple[float, float] | None = None  # lowest since the peak: (time, value)
        self._below: float | None = None  # last time near standing
        self._low_level = self._low_since = 0.0
        self._rest = 0.0
        self._last_s: float | None = None
        self._step_s = 0.0
        self.phase = "waiting"

    @property
    def running(self) -> Cycle | None:
        """Return the cycle that is not closed yet, its angles not in degrees; None at rest, and half-way back: its end is near."""
        cycle, low = self._cycle, self._low
        if cycle is None or (low is not None and low[1] < self._rest + RETURN_SHARE * (cycle.peak_deg - self._rest)):
            return None
        return cycle

    def update(self, t_s: float, q_deg: float) -> Cycle | None:
        """Take one sample and return the cycle that it closes, or None."""
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
            return self._idle(t_s, q)
        return self._moving(t_s, q)

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
        """The pictures open away from standing: not quite straight, or in the middle of a movement."""
        if q < self._rest_max:
            self._rest = q
        if self._from_turn and q > _OPENS_AT_TURN_DEG:
            self._begin(t_s, t_s, q)
            self._cycle.starts_at_end_range = True
        elif self._low is None or q < self._low[1]:
            self._low = (t_s, q)
        elif q > self._low[1] + OPENING_DEG:
            self._begin(self._low[0], t_s, q)

    def _begin(self, start_s: float, t_s: float, q: float) -> None:
        self._cycle, self._low = Cycle(start_s, t_s, t_s, q), None
        self._there.clear()
        self.phase = "descent"

    def _moving(self, t_s: float, q: float) -> Cycle | None:
        cycle = self._cycle
        at_turn = self._from_turn and q >= _STILL_THERE_SHARE * cycle.peak_deg
        if t_s - cycle.start_s > self._max_duration_s + MAX_GAP_S:
            self._abandon()
            return None
        if at_turn and t_s - cycle.start_s > self._max_duration_s / 2:
            cycle.starts_at_end_range = True  # a rest at the far end: the way out is long past
        if cycle.starts_at_end_range and at_turn:
            self._there.append((t_s, q))
            while t_s - self._there[0][0] > _LEAVING_S:
                self._there.popleft()
            level = _LEFT_SHARE * max(value for _, value in self._there)
            cycle.start_s = cycle.turn_s = next(at_s for at_s, value in reversed(self._there) if value >= level)
        if q >= cycle.peak_deg:
            cycle.turn_s, cycle.peak_deg, self._low = t_s, q, None
            self.phase = "descent"
            return None
        if self._low is None or q < self._low[1]:
            if self._low is None or q < self._low_level - _STANDS_DEG:
                self._low_level, self._low_since = q, t_s
            self._low = (t_s, q)
        if q < cycle.peak_deg - 5.0:
            self.phase = "ascent"
        elif self.phase == "descent":
            self.phase = "bottom"
        low_s, low = self._low
        depth = cycle.peak_deg - self._rest
        if low < self._rest + OFF_DEG and (t_s - low_s >= _SETTLED_S or q > low + _SETTLED_DEG):
            return self._close(low_s, t_s, q)
        if low < self._rest + _STANDS_SHARE * depth:
            if q > self._low_level + _STANDS_DEG:
                self._low_level, self._low_since = q, t_s
            if t_s - self._low_since >= _STANDS_S:
                return self._close(self._low_since, t_s, q)
        again = q > low + max(REDESCENT_DEG, REDESCENT_SHARE * depth)
        if again and low < self._rest + (1.0 - RETURN_SHARE) * depth:
            return self._close(low_s, t_s, q)
        return None

    def flush(self, share: float = _STANDS_SHARE) -> Cycle | None:
        """Return the open cycle when no more than ``share`` of the way back was left as the pictures, or the time, ended."""
        cycle, low = self._cycle, self._low
        if cycle is None or low is None or low[1] > self._rest + share * (cycle.peak_deg - self._rest):
            return None
        cycle.end_s, self._cycle = low[0], None
        return self._in_degrees(cycle)

    def _in_degrees(self, cycle: Cycle) -> Cycle:
        cycle.peak_deg *= self._scale
        return cycle

    def _close(self, end_s: float, t_s: float, q: float) -> Cycle:
        done, self._cycle = self._cycle, None
        done.end_s = end_s
        level = self._low[1]
        self._below = end_s
        self.phase = "rest"
        if q > level + REDESCENT_DEG:
            self._begin(end_s, t_s, q)
        else:
            self._rest = (
                min(max(min(self._rest + OFF_DEG, level), 0.0), self._rest_max) if level > self._rest else self._rest
            )
        return self._in_degrees(done)

    def _abandon(self) -> None:
        self._cycle = self._low = self._below = None
        self.phase = "waiting"


class HoldMachine:
    """Runs the clocks of a hold from two yes/no streams: in the posture, and in good form.

    A hold starts when the posture has been there for ``enter_s``, back-dated to its first frame, and ends when it has been gone
    for ``leave_s`` or nobody has been seen for ``lost_s`` (a jump in time included), back-dated to its last frame.
    The in-form clock stops while the form is broken.
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
        """Take one frame and return True when it ends the hold (its values stay readable until the next one starts).

        ``ready``: a hold may start now (it has been still for long enough).
        """
        previous, self._previous = self._previous, t_s
        here = seen and posture
        lost = self._last_seen is not None and t_s - self._last_seen > self._lost_s
        ended = self.running and (lost or (seen and not posture and t_s - self._last_in > self._leave_s))
        self.running = self.running and not ended
        if lost or (self._pending and not here and t_s - self._last_in > BLINK_S):
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
        """Forget the posture before ``from_s``, unless a hold runs: the person moved."""
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
        """Return start, end, in-form time and longest in-form time of the hold that runs or ran last."""
        return self.start_s, self.end_s, self.in_form_s, self.longest_in_form_s

    def stop(self, at_most_s: float = float("inf")) -> bool:
        """End the hold at its last frame in the posture, or ``at_most_s`` after its start. Returns whether one was running."""
        was, self.running = self.running, False
        over_s = self.end_s - self.start_s - at_most_s
        if over_s > 0:
            self.end_s -= over_s
            self.in_form_s = min(self.in_form_s, at_most_s)
            self.longest_in_form_s = min(self.longest_in_form_s, at_most_s)
        return was
