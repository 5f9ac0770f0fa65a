"""The clock of a hold that bounds declare: when it begins, on which side, when it ends and what ended it.

The same clock runs over causal landmarks, frame by frame, and over the zero-lag ones of a whole set.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, overload

import numpy as np

from formcheck.engine.signals.calibration import lower_ankle
from formcheck.engine.tracking.cycle import HoldMachine
from formcheck.model.records import Side
from formcheck.model.skeleton import INDEX

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from formcheck.spec.movement import Bound, HoldPosture

CarryingSide = Side | None
"""The side that carries the body; None where the movement does not tell sides apart."""
_BACK_S = 1.0
"""A start is back-dated over the looser bounds by at most this much. Default."""
_EPSILON_S = 1e-9
_LEFT_SHOULDER, _RIGHT_SHOULDER = INDEX["left_shoulder"], INDEX["right_shoulder"]


def sides_of(movement: HoldPosture) -> tuple[CarryingSide, ...]:
    """Return the sides that a hold may be held on.

    Parameters
    ----------
    movement : HoldPosture

    Returns
    -------
    tuple
        Left and right, or None alone.
    """
    return ("left", "right") if movement.carried_by else (None,)


def carried_on_left(p: np.ndarray, movement: HoldPosture) -> np.ndarray:
    """Return in which frames the left side carries the body.

    Parameters
    ----------
    p : (T, 33, 2) array
    movement : HoldPosture

    Returns
    -------
    (T,) boolean array
    """
    if movement.carried_by != "shoulder":
        return lower_ankle(p)
    lower: np.ndarray = p[:, _LEFT_SHOULDER, 1] > p[:, _RIGHT_SHOULDER, 1]
    return lower


@overload
def violates(bound: Bound, value: float, running: bool) -> bool: ...
@overload
def violates(bound: Bound, value: np.ndarray, running: bool) -> np.ndarray: ...
def violates(bound: Bound, value: np.ndarray | float, running: bool) -> np.ndarray | bool:
    """Return whether a value is outside a bound.

    Parameters
    ----------
    bound : Bound
    value : float or array
        NaN is outside where a hold is to begin, and inside while one runs.
    running : bool
        Whether a hold runs.

    Returns
    -------
    bool or boolean array
    """
    low = bound.exit_low if running and bound.exit_low is not None else bound.low
    high = bound.exit_high if running and bound.exit_high is not None else bound.high
    out: np.ndarray | bool = (value != value) & (not running)
    if low is not None:
        out = out | (value < low)
    if high is not None:
        out = out | (value > high)
    return out


def satisfies_exit_bounds(movement: HoldPosture, signals: Mapping[str, np.ndarray]) -> np.ndarray:
    """Return in which frames a hold that runs would go on.

    Parameters
    ----------
    movement : HoldPosture
    signals : mapping of (T,) arrays

    Returns
    -------
    (T,) boolean array
    """
    inside: np.ndarray = ~np.logical_or.reduce(
        [violates(bound, signals[bound.signal], True) for bound in movement.bounds]
    )
    return inside


@dataclass(slots=True, frozen=True)
class TimedHold:
    """A hold that is over.

    Attributes
    ----------
    clocks : tuple of four floats
        Start, end, in-form and longest in-form time (s).
    side : str or None
        The side that carried the body.
    ended : str or None
        The id of the bound that was broken, ``time`` (the cap), ``unseen``, or None (the frames ended).
    """

    clocks: tuple[float, float, float, float]
    side: CarryingSide
    ended: str | None

    @property
    def seconds(self) -> float:
        """Return how long it lasted (s)."""
        return self.clocks[1] - self.clocks[0]


class HoldClock:
    """Runs the clock of a hold from the values of its bounds, one frame at a time.

    Parameters
    ----------
    movement : HoldPosture
    left_out : collection of str
        Ids of end criteria that are not checked.
    """

    def __init__(self, movement: HoldPosture, left_out: Collection[str] = ()) -> None:
        self._movement = movement
        self._ends = [bound for bound in movement.termination if bound.id not in left_out]
        self.machine = HoldMachine(movement.enter_s, movement.leave_s, movement.lost_s)
        self.side: CarryingSide = None
        self.last: TimedHold | None = None
        self._since: float | None = None  # the stricter bounds have been met from here on
        self._recent: list[tuple[CarryingSide, Mapping[str, float]]] = []
        self._start: dict[str, float] = {}
        self._broken: tuple[float, str] | None = None  # an end criterion: since when, and which
        self._left: str | None = None  # the bound that was the first to be left
        self._out: set[str] = set()  # the bounds that are left: to come back takes as much as to begin
        self._spent = False  # the hold was ended: a new one begins only after the posture has been left

    @property
    def engaged(self) -> bool:
        """Return whether a hold runs or may be about to: what it is measured against must not change under it."""
        return self.machine.running or self._since is not None

    def unseen(self, t_s: float) -> TimedHold | None:
        """Take a frame in which the person is not seen.

        Parameters
        ----------
        t_s : float

        Returns
        -------
        TimedHold or None
            The hold that this ends.
        """
        return self._over(self.machine.update(t_s, False, False, False), "unseen")

    def step(
        self,
        t_s: float,
        values: Mapping[CarryingSide, Mapping[str, float]],
        good: Mapping[CarryingSide, bool],
        carries: CarryingSide,
        still_s: float,
    ) -> TimedHold | None:
        """Take one frame in which the person is seen.

        Parameters
        ----------
        t_s : float
        values : mapping
            For each side, the value of each signal.
        good : mapping
            For each side, whether the form is good.
        carries : str or None
            The side that carries the body in this frame.
        still_s : float
            For how long the body has been still.

        Returns
        -------
        TimedHold or None
            The hold that this ends.
        """
        if self.machine.running:
            return self._run(t_s, values[self.side], good[self.side])
        self._wait(t_s, values, good, carries, still_s)
        return None

    def finish(self) -> TimedHold | None:
        """End the hold that runs at its last frame.

        Returns
        -------
        TimedHold or None
            None when none was running.
        """
        return self._over(self.machine.stop(), None)

    def _run(self, t_s: float, now: Mapping[str, float], good: bool) -> TimedHold | None:
        movement = self._movement
        left = [bound.id for bound in movement.bounds if violates(bound, now[bound.signal], bound.id not in self._out)]
        self._out = set(left)
        broken = [bound.id for bound in self._ends if violates(bound, self._from_start(bound, now), True)]
        self._left = (self._left or left[0]) if left else None
        self._broken = (self._broken or (t_s, broken[0])) if broken else None
        gone = self.machine.update(t_s, True, not left and not broken, good)
        if not gone and self._broken and t_s - self._broken[0] >= movement.end_s - _EPSILON_S:
            gone = self.machine.stop()
        if gone:
            self._spent = self._broken is not None
            return self._over(True, self._left or (self._broken[1] if self._broken else "unseen"))
        if movement.cap_s is not None and self.machine.end_s - self.machine.start_s >= movement.cap_s:
            self._spent = True
            return self._over(self.machine.stop(movement.cap_s), "time")
        return None

    def _from_start(self, bound: Bound, now: Mapping[str, float]) -> float:
        return now[bound.signal] - (self._start[bound.id] if bound.reference == "start" else 0.0)

    def _wait(
        self,
        t_s: float,
        values: Mapping[CarryingSide, Mapping[str, float]],
        good: Mapping[CarryingSide, bool],
        carries: CarryingSide,
        still_s: float,
    ) -> None:
        machine, bounds = self.machine, self._movement.bounds
        if self._spent:
            self._spent = not violates(bounds[0], values[self.side][bounds[0].signal], True)
        side = carries if self._since is None else self.side
        now = values[side]
        within = not any(violates(bound, now[bound.signal], True) for bound in bounds)
        begins = within and not any(violates(bound, now[bound.signal], False) for bound in bounds)
        if not begins or self._spent:
            self._since, self._recent = None, []
            machine.begin_anew(t_s - _BACK_S if within and not self._spent else np.inf)
        if self._movement.still_s > 0:
            machine.begin_anew(t_s - still_s - _EPSILON_S)
        if self._spent:
            machine.update(t_s, True, False, True)
            return
        if begins and self._since is None:
            self._since, self.side = t_s, side
        if begins:
            self._recent.append((carries, now))
        machine.update(t_s, True, within, good[side], self._is_ready(t_s, still_s))
        if machine.running:
            self._begin()

    def _is_ready(self, t_s: float, still_s: float) -> bool:
        """Return whether the posture has lasted, and the body has been still, for long enough to begin."""
        if self._since is None or still_s < self._movement.still_s:
            return False
        return t_s - self._since >= self._movement.enter_s - _EPSILON_S

    def _begin(self) -> None:
        """Fix what the hold that begins is measured against: its side, and the value of each bound as it began."""
        sides = [side for side, _ in self._recent]
        self.side = max(set(sides), key=lambda side: (sides.count(side), str(side)))
        self._start = {
            bound.id: _median([now[bound.signal] for _, now in self._recent])
            for bound in self._movement.termination
            if bound.reference == "start"
        }
        self._since, self._recent, self._broken, self._left, self._out = None, [], None, None, set()

    def _over(self, ended: bool, reason: str | None) -> TimedHold | None:
        if not ended:
            return None
        self.last = TimedHold(self.machine.clocks(), self.side, reason)
        self._since, self._recent = None, []
        return self.last


def _median(values: list[float]) -> float:
    """Return the median of what is known; NaN where nothing is."""
    known = [value for value in values if not np.isnan(value)]
    return float(np.median(known)) if known else np.nan
