"""How an exercise names points of the body.

A point is written ``SIDE.JOINT``: ``left.hip``, ``right.hip``, ``near.hip`` (the side nearer the camera), ``far.hip``,
``front.knee`` / ``rear.knee`` (the leading and trailing leg of a lunge; elsewhere the leg that works and the other),
``support.hip`` / ``free.hip`` (the side that carries the body in a hold, and the other one), ``mid.hip`` (mean of both), ``nose``.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator

from formcheck.model.skeleton import INDEX

SIDES = ("left", "right", "near", "far", "front", "rear", "support", "free", "mid")


def _check_point(point: str) -> str:
    side, _, joint = point.rpartition(".")
    if side == "" and point in INDEX:
        return point
    if side in SIDES and f"left_{joint}" in INDEX:
        return point
    raise ValueError(f"unknown point {point!r}: write SIDE.JOINT with SIDE one of {', '.join(SIDES)}")


def _check_seen_point(point: str) -> str:
    _check_point(point.replace("seen.", "mid.", 1) if point.startswith("seen.") else point)
    return point


def _check_any_point(point: str) -> str:
    _check_point(point.removeprefix("standing."))
    return point


Point = Annotated[str, AfterValidator(_check_point)]
SeenPoint = Annotated[str, AfterValidator(_check_seen_point)]
"""A point, or ``seen.JOINT``: what a knee's ``mid`` is measured on, from the side the near one, from elsewhere both."""
AnyPoint = Annotated[str, AfterValidator(_check_any_point)]
"""A point, or ``standing.`` before it: the place that it had in the standing calibration."""
