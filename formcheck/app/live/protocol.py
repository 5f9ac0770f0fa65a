"""Messages of the live socket, both ways. Bytes and text go in, checked values come out; the rest is a ``ProtocolError``."""

from __future__ import annotations

import json
import math
import struct
from dataclasses import dataclass
from enum import IntEnum
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, FiniteFloat, TypeAdapter, ValidationError

from formcheck.model.frames import N_LANDMARKS, Pose

PoseMode = Literal["server", "browser"]
"""Where the pose is computed."""

HEADER = struct.Struct("<Id")
"""The head of each picture or set of landmarks: its id, and the time of capture (ms on the page's clock)."""
LANDMARKS_BYTES = N_LANDMARKS * 3 * 4
"""A set of landmarks: x, y and visibility of each, float32."""
MAX_FRAME_BYTES = 512 * 1024
"""The longest binary message (default)."""
MAX_TEXT_BYTES = 8 * 1024
"""The longest text message (default)."""
MAX_SIDE_PX = 1920
"""The longest side of a picture (default)."""
MIN_SIDE_PX = 32
"""The shortest side of a picture (default)."""
MAX_SHARE = 10.0
"""The farthest landmark, in picture sizes (default). A landmark outside the picture is normal."""
MAX_REASON = 500
"""The longest reason for a stop, in characters (default)."""


class Close(IntEnum):
    """Why the server closes a socket."""

    NOT_THE_PROTOCOL = 4400
    NOT_ALLOWED = 4403
    CLOCK_DRIFT = 4408
    OPEN_ELSEWHERE = 4409
    IDLE = 4410
    TOO_MUCH = 4413
    TOO_MANY = 4429
    FAILED = 4500
    OVER = 1000
    AGAIN = 1012  # the page may come back at once


class ProtocolError(Exception):
    """A message that is not of the protocol. ``close``: the code that closes its socket."""

    def __init__(self, message: str, close: Close = Close.NOT_THE_PROTOCOL) -> None:
        super().__init__(message)
        self.close = close


class _Message(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class Hello(_Message):
    """The first message. ``width``, ``height``: of the largest picture to come, or of the picture behind the landmarks."""

    type: Literal["hello"]
    token: Annotated[str, Field(min_length=1, max_length=128)]
    client: Annotated[str, Field(min_length=1, max_length=64)]
    mode: PoseMode
    consent: bool = False
    clock_ms: FiniteFloat
    width: Annotated[int, Field(ge=MIN_SIDE_PX, le=MAX_SIDE_PX)]
    height: Annotated[int, Field(ge=MIN_SIDE_PX, le=MAX_SIDE_PX)]

    @property
    def size_px(self) -> tuple[int, int]:
        """Return width and height."""
        return self.width, self.height


class Command(_Message):
    """A button, a key, or a hidden page."""

    type: Literal["command"]
    name: Literal[
        "start", "anyway", "pause", "resume", "finish", "skip_rest", "stop", "end", "delete_set", "undo_delete"
    ]
    why: Literal["button", "hidden"] = "button"
    reason: Annotated[str, Field(max_length=MAX_REASON)] | None = None


class Facts(_Message):
    """The page's own view of the picture: mean brightness (0..1) and number of people. None = not known."""

    type: Literal["facts"]
    luma: Annotated[float, Field(ge=0, le=1)] | None = None
    people: Annotated[int, Field(ge=0, le=100)] | None = None


class Bye(_Message):
    """The person has left the page."""

    type: Literal["bye"]


TextMessage = Hello | Command | Facts | Bye
_TEXT: TypeAdapter[TextMessage] = TypeAdapter(Annotated[TextMessage, Field(discriminator="type")])


@dataclass(slots=True, frozen=True)
class Capture:
    """A binary message. ``body``: a JPEG or landmarks; ``at_s``: time of capture (seconds on the page's clock)."""

    id: int
    at_s: float
    body: bytes


def parse_text(text: str) -> TextMessage:
    """Return a checked text message. Raises ProtocolError."""
    data = text.encode("utf-8", errors="replace")
    if len(data) > MAX_TEXT_BYTES:
        raise ProtocolError(f"A text of {len(data)} bytes.", Close.TOO_MUCH)
    try:
        return _TEXT.validate_json(data)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise ProtocolError(f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from error


def parse_binary(data: bytes) -> Capture:
    """Return the head of a binary message and its body. Raises ProtocolError."""
    if len(data) > MAX_FRAME_BYTES:
        raise ProtocolError(f"A message of {len(data)} bytes.", Close.TOO_MUCH)
    if len(data) < HEADER.size:
        raise ProtocolError(f"A message of {len(data)} bytes is too short.")
    number, captured_ms = HEADER.unpack_from(data)
    if not math.isfinite(captured_ms):
        raise ProtocolError("The time of capture is no number.")
    return Capture(number, captured_ms / 1000, data[HEADER.size :])


def pack(number: int, captured_ms: float, body: bytes) -> bytes:
    """Return a binary message as the page sends it."""
    return HEADER.pack(number, captured_ms) + body


def read_landmarks(body: bytes, t_s: float, size_px: tuple[int, int]) -> Pose:
    """Return the pose in 33 × (x, y, visibility), float32, x and y as shares of the picture. World landmarks are NaN.

    Coordinates that are all NaN, with visibility 0, mean no person. Raises ProtocolError for other values that are no person.
    """
    if len(body) != LANDMARKS_BYTES:
        raise ProtocolError(f"Landmarks of {len(body)} bytes, not {LANDMARKS_BYTES}.")
    values = np.frombuffer(body, "<f4").reshape(N_LANDMARKS, 3)
    shares, visibility = values[:, :2], values[:, 2]
    if np.isnan(shares).all() and not visibility.any():
        return Pose.nobody(t_s, size_px)
    if not (np.abs(shares) <= MAX_SHARE).all():
        raise ProtocolError("A landmark that is no number, or far outside the picture.")
    if not ((visibility >= 0) & (visibility <= 1)).all():
        raise ProtocolError("A visibility outside 0 to 1.")
    image_px = shares * np.asarray(size_px, np.float32)
    world_m = np.full((N_LANDMARKS, 3), np.nan, np.float32)
    return Pose(t_s, image_px, world_m, visibility.astype(np.float32), size_px)


def pack_landmarks(pose: Pose) -> bytes:
    """Return a pose as the page sends it. The inverse of ``read_landmarks``."""
    shares = pose.image_px / np.asarray(pose.size_px, np.float32)
    return np.column_stack([shares, pose.visibility]).astype("<f4").tobytes()


def points(pose: Pose) -> list[int] | None:
    """Return the points that the page draws: x, y and visibility of each landmark, shares × 1000; None without a person."""
    if not pose.seen:
        return None
    shares = pose.image_px / np.asarray(pose.size_px, np.float32)
    values = np.column_stack([shares, pose.visibility]) * 1000
    rounded: list[int] = np.nan_to_num(np.clip(values, -9999, 9999)).round().astype(int).ravel().tolist()
    return rounded


def encode(message: dict[str, Any]) -> str:
    """Return a message to the page as text. A value that could not be measured (NaN) becomes null."""
    try:
        return _json(message)
    except ValueError:  # NaN, which JSON cannot express
        return _json(_known(message))


def _json(message: object) -> str:
    return json.dumps(message, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def _known(value: object) -> object:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: _known(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [_known(entry) for entry in value]
    return value
