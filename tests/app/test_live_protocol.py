"""Whatever comes over the live socket is either a checked message or a ProtocolError."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from formcheck.app.live.protocol import (
    LANDMARKS_BYTES,
    MAX_FRAME_BYTES,
    MAX_TEXT_BYTES,
    Close,
    Command,
    Facts,
    Hello,
    ProtocolError,
    encode,
    pack,
    pack_landmarks,
    parse_binary,
    parse_text,
    points,
    read_landmarks,
)
from formcheck.model.frames import Pose
from tests.coaching import standing_still

HELLO = {
    "type": "hello",
    "token": "t",
    "client": "c",
    "mode": "browser",
    "clock_ms": 1.5,
    "width": 640,
    "height": 480,
}
POSE = standing_still(0.1)[0]

anything = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
kinds = st.sampled_from(["hello", "command", "facts", "bye", "other"])


@given(st.text())
def test_any_text_is_a_message_or_refused(text: str):
    with pytest.raises(ProtocolError):
        parse_text(text)


@given(kinds, st.dictionaries(st.sampled_from([*HELLO, "name", "reason", "why", "luma", "people"]), anything))
def test_any_json_is_a_message_or_refused(kind: str, fields: dict):
    try:
        message = parse_text(json.dumps({**fields, "type": kind}))
    except ProtocolError:
        return
    assert message.type == kind


@given(st.binary(max_size=600))
def test_any_bytes_are_a_capture_or_refused(data: bytes):
    try:
        capture = parse_binary(data)
    except ProtocolError:
        return
    assert math.isfinite(capture.at_s)
    assert capture.body == data[12:]


@given(st.binary(min_size=LANDMARKS_BYTES, max_size=LANDMARKS_BYTES) | st.binary(max_size=500))
def test_any_bytes_are_a_possible_person_or_refused(body: bytes):
    try:
        pose = read_landmarks(body, 1.0, (640, 480))
    except ProtocolError:
        return
    assert not pose.seen or np.isfinite(pose.image_px).all()
    assert ((pose.visibility >= 0) & (pose.visibility <= 1)).all()


def test_landmarks_come_back_as_they_were_sent():
    back = read_landmarks(pack_landmarks(POSE), 2.5, POSE.size_px)
    assert back.t_s == 2.5
    assert np.allclose(back.image_px, POSE.image_px, atol=1e-3)
    assert np.array_equal(back.visibility, POSE.visibility)
    assert np.isnan(back.world_m).all()


def test_nobody_comes_back_as_nobody():
    back = read_landmarks(pack_landmarks(Pose.nobody(0.0, (640, 480))), 1.0, (640, 480))
    assert not back.seen
    assert np.isnan(back.image_px).all()
    assert points(back) is None


@pytest.mark.parametrize(
    ("index", "value"), [(0, np.nan), (1, np.inf), (3, 11.0), (2, -0.1), (5, 1.1), (2, np.nan), (4, -1e30)]
)
def test_a_landmark_that_cannot_be_is_refused(index: int, value: float):
    values = np.frombuffer(pack_landmarks(POSE), "<f4").copy()
    values[index] = value
    with pytest.raises(ProtocolError):
        read_landmarks(values.tobytes(), 1.0, POSE.size_px)


def test_a_hello_is_checked_field_by_field():
    assert isinstance(parse_text(json.dumps(HELLO)), Hello)
    wrong = {
        "token": "",
        "client": "x" * 65,
        "mode": "both",
        "clock_ms": math.nan,
        "width": 5000,
        "height": 0,
    }
    for field, value in wrong.items():
        with pytest.raises(ProtocolError, match=field):
            parse_text(json.dumps({**HELLO, field: value}))


def test_commands_and_facts_are_checked():
    stop = parse_text('{"type": "command", "name": "stop", "reason": "my knee"}')
    assert stop == Command(type="command", name="stop", reason="my knee")
    assert parse_text('{"type": "facts", "luma": 0.4}') == Facts(type="facts", luma=0.4, people=None)
    for text in (
        '{"type": "command", "name": "explode"}',
        '{"type": "facts", "luma": 2}',
        '{"type": "facts", "people": -1}',
        json.dumps({"type": "command", "name": "stop", "reason": "x" * 501}),
    ):
        with pytest.raises(ProtocolError):
            parse_text(text)


def test_what_is_too_big_is_refused_as_such():
    for parse, message in ((parse_binary, bytes(MAX_FRAME_BYTES + 1)), (parse_text, "x" * (MAX_TEXT_BYTES + 1))):
        with pytest.raises(ProtocolError) as refused:
            parse(message)
        assert refused.value.close is Close.TOO_MUCH


def test_a_capture_without_a_time_is_refused():
    with pytest.raises(ProtocolError):
        parse_binary(pack(1, math.nan, b"x"))


@given(anything)
def test_what_is_sent_is_json_that_every_browser_reads(value: object):
    def refuse(constant: str) -> None:
        raise AssertionError(constant)

    json.loads(encode({"value": value}), parse_constant=refuse)
