"""Pictures of the worst moments: of the right video, of the right moment, cut to the person, and only where they are asked for."""

from __future__ import annotations

import base64
import dataclasses
import io
import re

import numpy as np
import pytest
from PIL import Image
from pypdf import PdfReader

from formcheck import exercises
from formcheck.errors import SourceError
from formcheck.model.frames import Frame
from formcheck.model.skeleton import INDEX
from formcheck.reports.figures import with_pictures, worst_moments
from formcheck.reports.html import html_report
from formcheck.reports.pdf import pdf_report
from formcheck.video.files import sha256_of
from formcheck.video.stills import check_video, cut_out, frame_at
from tests import media
from tests.example_records import squat_record, squat_trace

SQUAT = exercises.load("squat")
FPS = 5


@pytest.fixture(scope="module")
def filmed(tmp_path_factory):
    """Return a video in which the grey of a picture tells its moment, with the record and the landmarks of a set in it."""
    shades = [np.full((120, 214, 3), 20 + i, np.uint8) for i in range(36 * FPS)]
    video = media.write_video(tmp_path_factory.mktemp("film") / "a.mp4", shades, fps=FPS)
    record, trace = squat_record(), squat_trace()
    record = record.model_copy(update={"source": record.source.model_copy(update={"sha256": sha256_of(video)})})
    points = np.full(trace.image_px.shape, np.nan, np.float32)
    for side in ("left", "right"):
        for i, joint in enumerate(("ear", "shoulder", "elbow", "wrist", "hip", "knee", "ankle", "heel", "foot_index")):
            points[:, INDEX[f"{side}_{joint}"]] = (400 + 10 * i, 100 + 30 * i)
    return video, record, dataclasses.replace(trace, image_px=points, visibility=np.ones_like(trace.visibility))


def test_the_picture_is_that_of_the_moment(filmed):
    for t_s in (0.0, 1.0, 10.5, 30.0):
        frame = frame_at(filmed[0], t_s)
        assert 0 <= frame.t_s - t_s <= 1 / FPS
        assert np.median(frame.rgb) == pytest.approx(20 + round(frame.t_s * FPS), abs=3)


def test_a_cut_out_is_the_person_with_some_room():
    rgb = np.full((480, 640, 3), 90, np.uint8)
    rgb[:, 400:] = 250  # a bright part of the room that the person is not in
    points = np.full((33, 2), np.nan)
    points[INDEX["left_shoulder"]], points[INDEX["left_ankle"]] = (200, 100), (220, 400)
    picture = Image.open(io.BytesIO(cut_out(Frame(0.0, rgb), points, (640, 480), {INDEX["left_ankle"]: "fault"})))
    assert picture.format == "JPEG"
    assert (picture.width, picture.height) == pytest.approx((111, 391), abs=2)
    pixels = np.asarray(picture).astype(int)
    assert np.median(pixels) == pytest.approx(90, abs=3)
    assert (np.abs(pixels - (0xD5, 0x5E, 0x00)).max(axis=2) < 60).any()
    assert (rgb[:, :400] == 90).all()


def test_a_large_picture_is_made_smaller():
    points = np.full((33, 2), np.nan)
    points[INDEX["left_shoulder"]], points[INDEX["left_ankle"]] = (500, 100), (520, 1900)
    frame = Frame(0.0, np.zeros((2000, 1000, 3), np.uint8))
    assert Image.open(io.BytesIO(cut_out(frame, points, (1000, 2000), {}))).height == 480


def test_another_video_is_refused(filmed, tmp_path):
    other = media.write_video(tmp_path / "b.mp4", media.pictures(5))
    for path, sha256 in ((other, filmed[1].source.sha256), (filmed[0], None)):
        with pytest.raises(SourceError) as raised:
            check_video(path, sha256)
        assert raised.value.code == "video_of_other_set"
    with pytest.raises(SourceError):
        check_video(tmp_path / "none.mp4", "ab")


def test_the_reports_show_pictures_only_where_they_are_given(filmed):
    video, record, trace = filmed
    plain = worst_moments(record, trace, SQUAT, "en")
    pictured = with_pictures(plain, video, record, trace, SQUAT)
    assert len(pictured) == len(plain) == 2
    assert "<img" not in html_report(record, trace, SQUAT, "en")
    html = html_report(record, trace, SQUAT, "en", moments=pictured)
    found = [base64.b64decode(data) for data in re.findall(r'src="data:image/jpeg;base64,([^"]+)"', html)]
    assert found == [moment.picture for moment in pictured]
    for moment in pictured:
        shade = np.median(np.asarray(Image.open(io.BytesIO(moment.picture))))
        assert shade == pytest.approx(20 + moment.row.jump_s * FPS, abs=4)
    pages = PdfReader(io.BytesIO(pdf_report(record, trace, SQUAT, "en", moments=pictured))).pages
    assert len(pages) == 2
    assert sum(len(page.images) for page in pages) == 2
