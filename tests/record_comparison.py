"""Compares records: where two differ, and a record mirrored or moved in time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from formcheck.model.records import SetRecord


def mirrored_record(record: SetRecord) -> dict[str, Any]:
    """Return the record as JSON data with left and right exchanged and the azimuth turned round."""
    return _mirrored(record.model_dump())


def _mirrored(value: Any, key: str = "") -> Any:
    if isinstance(value, dict):
        return {_swapped(k): _mirrored(v, k) for k, v in value.items()}
    if isinstance(value, list):
        return [_mirrored(item, key) for item in value]
    if isinstance(value, str):
        return _swapped(value)
    if key == "azimuth_deg" and value is not None:
        return -value
    return value


def _swapped(text: str) -> str:
    return (
        text.replace("left", "\0").replace("right", "left").replace("\0", "right") if "left_right" not in text else text
    )


def differences(first: Any, second: Any, tolerance: float = 0.0, at: str = "") -> list[str]:
    """Return where two JSON-like values differ, numbers by more than ``tolerance``."""
    if isinstance(first, dict) and isinstance(second, dict):
        missing = [f"{at}.{k}: only in one" for k in first.keys() ^ second.keys()]
        return missing + [
            d for k in first.keys() & second.keys() for d in differences(first[k], second[k], tolerance, f"{at}.{k}")
        ]
    if isinstance(first, list | tuple) and isinstance(second, list | tuple):
        if len(first) != len(second):
            return [f"{at}: {len(first)} against {len(second)} entries"]
        return [d for i, (a, b) in enumerate(zip(first, second)) for d in differences(a, b, tolerance, f"{at}[{i}]")]
    if isinstance(first, float | int) and isinstance(second, float | int) and not isinstance(first, bool):
        return [] if abs(first - second) <= tolerance else [f"{at}: {first} against {second}"]
    return [] if first == second else [f"{at}: {first!r} against {second!r}"]


def moved_in_time(value: Any, by_s: float, key: str = "") -> Any:
    """Return JSON data with every moment (not every duration) moved by ``by_s``."""
    if isinstance(value, dict):
        return {k: moved_in_time(v, by_s, k) for k, v in value.items()}
    if isinstance(value, list):
        return [moved_in_time(item, by_s, key) for item in value]
    return value + by_s if key in ("start_s", "turn_s", "end_s", "worst_s") and value is not None else value
