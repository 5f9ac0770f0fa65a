"""The annotated video plays in a browser, keeps every picture's time, shows the set, appears whole or not at all."""

import os
from itertools import pairwise
from types import SimpleNamespace

import av
import numpy as np
import pytest
from scipy.ndimage import minimum_filter

from formcheck import exercises
from formcheck.errors import OutputError, SourceError
from formcheck.model.frames import Trace
from formcheck.model.records import (
    CalibrationSummary,
    Fault,
    Hold,
    Quality,
    Rep,
    SetRecord,
    SetupSignature,
    Source,
    View,
)
from formcheck.model.skeleton import INDEX
from formcheck.video.annotate import PLAIN, annotate, output_size, plays_in_browsers, transcode
from formcheck.video.draw import MARK_COLOURS, put_text, text_size
from formcheck.video.files import probe, read_frames
from formcheck.video.overlay import Overlay
from formcheck.video.refusals import top_boxes
from tests import media
from tests.machine_limits import largest_file

SQUAT, PLANK = exercises.load("squat"), exercises.load("plank")
GREY = np.full((480, 640, 3), 90, np.uint8)
PLACES = {"nose": (320, 60), "shoulder": (320, 120), "hip": (320, 240), "knee": (400, 320), "ankle": (320, 420)}


def a_trace(times_s, size=(640, 480)):
    """A person who stands still, seen from the left side; the right half of the body is hidden."""
    n = len(times_s)
    points = np.full((33, 2), np.nan, np.float32)
    visibility = np.zeros(33, np.float32)
    for name, place in PLACES.items():
        for side in ("",) if name == "nose" else ("left_", "right_"):
            points[INDEX[side + name]] = np.array(place) * np.array(size) / (640, 480)
            visibility[INDEX[side + name]] = 0.1 if side == "right_" else 0.99
    return Trace(
        t_s=np.array(times_s, float),
        size_px=size,
        image_px=np.repeat(points[None], n, 0),
        world_m=np.zeros((n, 33, 3), np.float32),
        visibility=np.repeat(visibility[None], n, 0),
        signals={"knee_flexion_left_deg": np.full(n, 92.4), "main_angle_deg": np.full(n, -12.0)},
        phase=np.full(n, "descent"),
        rep=np.zeros(n, int),
    )


def a_fault(rule, severity, start_s, end_s, side=None):
    return Fault(
        rule=rule,
        severity=severity,
        rep=1,
        side=side,
        value=1,
        limit=0,
        unit="deg",
        start_s=start_s,
        end_s=end_s,
        worst_s=start_s,
    )


def a_record(reps=(), holds=(), start_s=None, end_s=None):
    faults = [fault for part in (*reps, *holds) for fault in part.faults]
    return SetRecord(
        exercise="squat",
        view=View(label="side", azimuth_deg=90, near_side="left", calibration=CalibrationSummary(source="standing")),
        source=Source(name="a.mp4", width=640, height=480, duration_s=4, start_s=start_s, end_s=end_s),
        quality=Quality(frames=100, person_share=1, assessable_share=1),
        rep_count=sum(rep.counted for rep in reps),
        partial_count=sum(not rep.counted for rep in reps),
        reps=list(reps),
        holds=list(holds),
        hold_s=0,
        in_form_s=0,
        longest_in_form_s=0,
        faults=faults,
        not_assessed=[],
        setup=SetupSignature(view="side", azimuth_deg=90, person_height_share=0.8),
        software={},
    )


def a_rep(index, start_s, end_s, counted=True, faults=()):
    turn_s = (start_s + end_s) / 2
    return Rep(
        index=index, start_s=start_s, turn_s=turn_s, end_s=end_s, counted=counted, measures={}, faults=list(faults)
    )


def drawn(record, t_s, exercise=SQUAT, language="en"):
    """Return the overlay of one moment on grey, and which pixels it changed."""
    rgb = GREY.copy()
    Overlay(record, a_trace(np.arange(100) / 25), exercise, language).draw(rgb, t_s)
    return rgb, (rgb != GREY).any(axis=2)


def near(rgb, place, colour, radius=3):
    """True when that colour is what is drawn at that place."""
    x, y = place
    part = rgb[y - radius : y + radius + 1, x - radius : x + radius + 1].astype(int)
    return bool((np.abs(part - np.array(colour)).max(axis=2) < 12).any())


def written(tmp_path, source, trace, record=None, **more):
    target = tmp_path / "annotated.mp4"
    annotate(source, SimpleNamespace(record=record or a_record(), trace=trace), SQUAT, target, **more)
    return target


def test_it_plays_in_any_browser_while_it_loads(tmp_path):
    source = media.write_video(tmp_path / "a.mp4", media.pictures(10, 853, 481), pix_fmt="yuv444p")
    path = written(tmp_path, source, a_trace(np.arange(10) / 25, (853, 481)))
    with av.open(str(path)) as file:
        stream = file.streams.video[0]
        assert (stream.codec_context.name, stream.codec_context.pix_fmt) == ("h264", "yuv420p")
        assert (stream.width % 2, stream.height % 2) == (0, 0)
        assert len(file.streams) == 1
    names = [name for name, _, _ in top_boxes(path)]
    assert names.index(b"moov") < names.index(b"mdat")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.mp4", "annotated.mp4"]


def test_every_picture_keeps_its_time(tmp_path):
    times_s = [0.0, 0.04, 0.2, 0.21, 0.9, 1.5]
    source = media.write_video(tmp_path / "a.mp4", media.pictures(6, 640, 480), times_s=times_s)
    path = written(tmp_path, source, a_trace(times_s))
    before, after = ([frame.t_s for frame in read_frames(p)] for p in (source, path))
    assert after == pytest.approx(before, abs=2e-5)


def test_on_a_plain_background_nothing_of_the_room_is_left(tmp_path):
    """Two rooms of noise give the same film, to the byte; away from the drawing every pixel is the one colour."""
    times_s = [0.0, 0.04, 0.2, 0.21]
    films = []
    for seed in (1, 2):
        noise = np.random.default_rng(seed).integers(0, 256, (4, 480, 640, 3), dtype=np.uint8)
        source = media.write_video(tmp_path / f"room{seed}.mp4", list(noise), times_s=times_s)
        films.append(written(tmp_path, source, a_trace(times_s), background="plain").read_bytes())
    assert films[0] == films[1]
    frames = list(read_frames(tmp_path / "annotated.mp4"))
    assert [frame.t_s for frame in frames] == pytest.approx(times_s, abs=2e-5)
    for frame in frames:
        drawn_on = np.full((480, 640, 3), PLAIN, np.uint8)
        Overlay(a_record(), a_trace(times_s), SQUAT, "en").draw(drawn_on, frame.t_s)
        untouched = (drawn_on == PLAIN).all(axis=2)
        untouched = minimum_filter(untouched, size=25)  # the encoder blurs what is near a line
        assert untouched.mean() > 0.5
        assert np.abs(frame.rgb[untouched].astype(int) - PLAIN).max() <= 6
        assert np.abs(frame.rgb.astype(int) - drawn_on).mean() < 3


def test_a_plain_background_needs_no_video(tmp_path):
    times_s = list(np.arange(10) / 25)
    path = written(tmp_path, None, a_trace(times_s), background="plain")
    assert [frame.t_s for frame in read_frames(path)] == pytest.approx(times_s, abs=2e-5)


def test_slow_motion_keeps_its_times(tmp_path):
    source = media.write_video(tmp_path / "a.mp4", media.pictures(12, 64, 48), fps=240)
    path = written(tmp_path, source, a_trace(np.arange(12) / 240, (64, 48)))
    assert [frame.t_s for frame in read_frames(path)] == pytest.approx([i / 240 for i in range(12)], abs=2e-5)


def test_of_a_part_the_times_count_from_its_start(tmp_path):
    source = media.write_video(tmp_path / "a.mp4", media.pictures(50, 64, 48))
    times_s = [i / 25 for i in range(50) if 1.0 <= i / 25 <= 1.4]
    path = written(tmp_path, source, a_trace(times_s, (64, 48)), a_record(start_s=1.0, end_s=1.4))
    assert [frame.t_s for frame in read_frames(path)] == pytest.approx([t_s - 1.0 for t_s in times_s], abs=2e-5)


def test_a_turned_phone_gives_an_upright_video_with_the_body_where_it_was(tmp_path):
    stored = [np.ascontiguousarray(np.rot90(GREY)) for _ in range(3)]
    source = media.write_video(tmp_path / "a.mp4", stored, rotation_deg=90)
    path = written(tmp_path, source, a_trace(np.arange(3) / 25))
    info = probe(path)
    assert (info.width, info.height, info.rotation_deg) == (640, 480, 0)
    rgb = next(read_frames(path)).rgb
    assert near(rgb, (360, 280), (255, 255, 255), 4)
    assert np.abs(rgb[440, 600].astype(int) - 90).max() < 6


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((854, 480), (854, 480)),
        ((853, 481), (852, 480)),
        ((1920, 1080), (1920, 1080)),
        ((3840, 2160), (1920, 1080)),
        ((2160, 3840), (1080, 1920)),
        ((240, 428), (360, 642)),
        ((16, 16), (360, 360)),
        ((4000, 20), (1920, 10)),
        ((1, 1), (360, 360)),
    ],
)
def test_the_size_can_be_read_and_played(size, expected):
    assert output_size(*size) == expected


def test_tiny_and_odd_videos_are_annotated(tmp_path):
    source = media.write_video(tmp_path / "a.mp4", media.pictures(3, 17, 31), pix_fmt="yuv444p")
    info = probe(written(tmp_path, source, a_trace(np.arange(3) / 25, (17, 31))))
    assert (info.width, info.height) == (360, 656)


def test_colours_survive_the_encoding(tmp_path):
    teal = np.broadcast_to(np.array(MARK_COLOURS["ok"], np.uint8), (480, 640, 3))
    source = media.write_video(tmp_path / "a.mkv", [teal] * 2, codec="ffv1", pix_fmt="bgra")
    with av.open(str(written(tmp_path, source, a_trace([0.0, 0.04])))) as file:
        frame = next(file.decode(video=0))
        assert (frame.colorspace, frame.color_range) == (1, 1)
        shown = frame.to_ndarray(format="rgb24", src_colorspace="ITU709")[400, 600]
    assert np.abs(shown.astype(int) - MARK_COLOURS["ok"]).max() <= 6


def test_the_body_is_drawn_and_hidden_joints_are_grey():
    rgb, changed = drawn(a_record(), 1.0)
    assert near(rgb, PLACES["knee"], MARK_COLOURS["ok"])
    assert near(rgb, (360, 280), (255, 255, 255))
    trace = a_trace(np.arange(100) / 25)
    trace.visibility[:] = 0.1
    hidden = GREY.copy()
    Overlay(a_record(), trace, SQUAT, "en").draw(hidden, 1.0)
    assert near(hidden, PLACES["knee"], MARK_COLOURS["unknown"])
    assert not near(hidden, PLACES["knee"], MARK_COLOURS["ok"])
    assert not changed[470:, 500:].any()


def test_without_a_person_only_the_count_is_drawn():
    trace = a_trace(np.arange(100) / 25)
    trace.image_px[:], trace.visibility[:] = np.nan, 0
    rgb = GREY.copy()
    Overlay(a_record(), trace, SQUAT, "en").draw(rgb, 1.0)
    changed = (rgb != GREY).any(axis=2)
    assert changed[:120, :120].any()
    changed[:120, :120] = False
    assert not changed.any()


def test_a_fault_marks_its_joints_only_while_it_lasts():
    record = a_record([a_rep(1, 0.5, 2.0, faults=[a_fault("depth", 2, 1.0, 1.4)])])
    for t_s, marked in ((0.8, False), (1.2, True), (1.6, False)):
        rgb, _ = drawn(record, t_s)
        assert near(rgb, PLACES["knee"], MARK_COLOURS["fault"]) is marked
        assert near(rgb, PLACES["knee"], MARK_COLOURS["ok"]) is not marked
    hint, _ = drawn(a_record([a_rep(1, 0.5, 2.0, faults=[a_fault("depth", 1, 1.0, 1.4)])]), 1.2)
    assert near(hint, PLACES["knee"], MARK_COLOURS["hint"])


def test_a_small_repetition_is_drawn_without_blame():
    faults = [a_fault("depth", 2, 1.0, 1.4)]
    small, clean = (a_record([a_rep(1, 0.5, 2.0, counted=False, faults=found)]) for found in (faults, []))
    assert small.faults == faults
    for t_s in (0.8, 1.2, 1.6, 2.4):
        assert (drawn(small, t_s)[0] == drawn(clean, t_s)[0]).all()


def test_a_fault_is_written_in_the_chosen_language_and_stays_readable():
    record = a_record([a_rep(1, 0.5, 2.0, faults=[a_fault("depth", 2, 1.0, 1.1)])])
    corner = (slice(430, 480), slice(0, 300))
    plain = drawn(a_record(), 1.05)[0][corner]
    shown = {
        (language, t_s): drawn(record, t_s, language=language)[0][corner]
        for language in ("en", "da")
        for t_s in (0.9, 1.05, 2.4, 2.6)
    }
    for language in ("en", "da"):
        assert (shown[language, 0.9] == plain).all()
        assert (shown[language, 1.05] != plain).any()
        assert (shown[language, 2.4] == shown[language, 1.05]).all()
        assert (shown[language, 2.6] == plain).all()
    assert (shown["en", 1.05] != shown["da", 1.05]).any()


def score(record, t_s, exercise=SQUAT):
    return drawn(record, t_s, exercise)[0][:130, :160]


def test_the_count_rises_when_a_repetition_ends_and_not_for_a_small_one():
    record = a_record([a_rep(1, 0.0, 1.0), a_rep(2, 1.0, 2.0, counted=False), a_rep(3, 2.0, 3.0)])
    digits = [score(record, t_s)[:80, :80] for t_s in (0.5, 1.5, 2.5, 3.5)]
    assert [bool((a != b).any()) for a, b in pairwise(digits)] == [True, False, True]
    dots = [score(record, t_s)[85:] for t_s in (0.5, 1.5, 2.5, 3.5)]
    assert all((a != b).any() for a, b in pairwise(dots))


def test_a_hold_shows_its_seconds():
    hold = Hold(index=1, start_s=1.0, end_s=3.0, in_form_s=2, longest_in_form_s=2)
    record = a_record(holds=[hold])
    seconds = [score(record, t_s, PLANK) for t_s in (0.5, 1.5, 2.04, 3.0, 3.9)]
    assert [bool((a != b).any()) for a, b in pairwise(seconds)] == [False, True, True, False]


def test_the_main_angle_is_written_beside_the_joint():
    blue = (0x00, 0x72, 0xB2)
    assert near(drawn(a_record(), 1.0)[0], (PLACES["knee"][0] + 30, PLACES["knee"][1]), blue, 20)
    assert not near(drawn(a_record(), 1.0)[0], PLACES["hip"], blue, 20)
    assert near(drawn(a_record(), 1.0, PLANK)[0], (PLACES["hip"][0], PLACES["hip"][1] - 60), blue, 20)


def test_from_the_front_each_knee_has_its_angle_on_the_outside():
    trace = a_trace(np.arange(10) / 25)
    trace.image_px[:, INDEX["left_knee"]], trace.image_px[:, INDEX["right_knee"]] = (330, 320), (310, 320)
    trace.signals["knee_flexion_right_deg"] = trace.signals["knee_flexion_left_deg"]
    record = a_record()
    record = record.model_copy(update={"view": record.view.model_copy(update={"label": "front", "near_side": None})})
    rgb = GREY.copy()
    Overlay(record, trace, SQUAT, "en").draw(rgb, 0.2)
    blue = (0x00, 0x72, 0xB2)
    assert near(rgb, (365, 320), blue, 12)
    assert near(rgb, (275, 320), blue, 12)
    assert not near(rgb, (320, 320), blue, 8)


def test_danish_letters_are_real_letters():
    def shape(letter):
        canvas = np.zeros((60, 60, 3), np.uint8)
        put_text(canvas, letter, 5, 5, 40)
        return canvas.tobytes()

    letters = [shape(letter) for letter in "æøåÆØÅ°−±"]
    unknown = shape("\uffff")
    assert len({*letters, unknown}) == len(letters) + 1
    assert text_size("Overkroppen hælder frem", 20)[0] > text_size("hælder", 20)[0]


def test_text_is_clipped_at_every_edge():
    for x, y in ((-30, -10), (95, 45), (200, 10), (10, -200)):
        canvas = np.zeros((50, 100, 3), np.uint8)
        put_text(canvas, "Dybde", x, y, 30)
        assert canvas.shape == (50, 100, 3)


@pytest.fixture
def clip(tmp_path):
    noise = [np.random.default_rng(i).integers(0, 255, (480, 640, 3), dtype=np.uint8) for i in range(12)]
    return media.write_video(tmp_path / "a.mp4", noise, options={"preset": "ultrafast"})


def test_progress_is_told_and_stopping_leaves_nothing(tmp_path, clip):
    told = []
    written(tmp_path, clip, a_trace(np.arange(12) / 25), progress=lambda done, share: told.append((done, share)))
    assert [done for done, _ in told] == list(range(1, 13))
    assert told[-1][1] == pytest.approx(1.0)
    (tmp_path / "annotated.mp4").unlink()

    def stop(done, share):
        if done == 6:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        written(tmp_path, clip, a_trace(np.arange(12) / 25), progress=stop)
    assert list(tmp_path.iterdir()) == [clip]


def test_a_full_disk_leaves_nothing(tmp_path, clip):
    with largest_file(100_000), pytest.raises(OutputError) as error:
        written(tmp_path, clip, a_trace(np.arange(12) / 25))
    assert error.value.code == "output_disk_full"
    assert list(tmp_path.iterdir()) == [clip]


def test_a_missing_folder_and_a_missing_source_are_told(tmp_path, clip):
    result = SimpleNamespace(record=a_record(), trace=a_trace([0.0, 0.04]))
    with pytest.raises(OutputError):
        annotate(clip, result, SQUAT, tmp_path / "no" / "out.mp4")
    with pytest.raises(SourceError):
        annotate(tmp_path / "absent.mp4", result, SQUAT, tmp_path / "out.mp4")
    assert list(tmp_path.iterdir()) == [clip]


def test_it_may_go_to_a_device(clip):
    annotate(clip, SimpleNamespace(record=a_record(), trace=a_trace(np.arange(12) / 25)), SQUAT, "/dev/null")
    assert not os.path.isfile("/dev/null")


@pytest.mark.parametrize(
    ("name", "how", "plays"),
    [
        ("a.mp4", {}, True),
        ("a.webm", {"codec": "libvpx"}, True),
        ("a.mp4", {"codec": "libx265"}, False),
        ("a.mp4", {"pix_fmt": "yuv420p10le"}, False),
        ("a.mp4", {"pix_fmt": "yuv444p"}, False),
        ("a.avi", {"codec": "mpeg4"}, False),
        ("a.mkv", {"container": "matroska"}, False),
        ("a.mp4", {"times_s": [1 + i / 25 for i in range(10)]}, False),
    ],
)
def test_what_every_browser_plays_is_known(tmp_path, name, how, plays):
    assert plays_in_browsers(probe(media.write_video(tmp_path / name, media.pictures(10), **how))) is plays


@pytest.mark.parametrize(
    "how",
    [{"codec": "libx265", "pix_fmt": "yuv420p10le"}, {"fps": 240}, {"rotation_deg": 90}],
    ids=["HDR", "slow", "turned"],
)
def test_a_converted_video_plays_and_keeps_every_time(tmp_path, how):
    source = media.write_video(tmp_path / "source.mp4", media.pictures(40, 96, 64), **how)
    transcode(source, tmp_path / "out.mp4")
    assert plays_in_browsers(probe(tmp_path / "out.mp4"))
    first, second = list(read_frames(source)), list(read_frames(tmp_path / "out.mp4"))
    assert [frame.t_s for frame in second] == pytest.approx([frame.t_s for frame in first], abs=1e-4)
    corner = [frame.rgb[: frame.rgb.shape[0] // 4, : frame.rgb.shape[1] // 4].mean() for frame in (first[5], second[5])]
    assert corner[1] == pytest.approx(corner[0], abs=12), "upright, nothing drawn"


def test_a_converted_part_counts_from_its_start(tmp_path):
    source = media.write_video(tmp_path / "source.avi", media.pictures(50), codec="mpeg4")
    transcode(source, tmp_path / "out.mp4", 0.5, 1.0)
    whole = [frame.t_s for frame in read_frames(source, 0.5, 1.0)]
    assert [0.5 + frame.t_s for frame in read_frames(tmp_path / "out.mp4")] == pytest.approx(whole, abs=1e-4)
