"""Video in: upright, at its own times, whatever the file; and a sentence for what cannot be read."""

import gc
import hashlib
import os
import subprocess
import sys
import weakref
from fractions import Fraction
from itertools import islice

import numpy as np
import pytest

from formcheck.errors import SourceError
from formcheck.files.resources import samples_dir
from formcheck.video.clock import Thinning
from formcheck.video.files import Reading, probe, read_frames, sha256_of
from formcheck.video.read_report import ReadReport
from formcheck.video.refusals import top_boxes
from tests import media
from tests.machine_limits import ordinary_person


def read(path, start_s=None, end_s=None, reading=None):
    """Return the times and pictures of a file, and the report."""
    report = ReadReport()
    frames = list(read_frames(path, start_s, end_s, report, reading))
    assert report.frames == len(frames)
    return [frame.t_s for frame in frames], [frame.rgb for frame in frames], report


def white_corner(rgb):
    """Return which quarter of a picture of ``media.pictures`` is white: rows top or bottom, columns left or right."""
    height, width = rgb.shape[:2]
    quarters = {
        (v, h): rgb[
            slice(0, height // 2) if v == "top" else slice(height // 2, None),
            slice(0, width // 2) if h == "left" else slice(width // 2, None),
        ].mean()
        for v in ("top", "bottom")
        for h in ("left", "right")
    }
    return max(quarters, key=quarters.get)


def test_a_sample_is_what_it_is():
    path = samples_dir() / "squat_side_good.mp4"
    info = probe(path)
    assert (info.width, info.height, info.rotation_deg) == (854, 480, 0)
    assert (info.codec, info.pixel_format, info.frames_per_s) == ("h264", "yuv420p", 25)
    assert info.duration_s == pytest.approx(19.8)
    frames = read_frames(path)
    first = next(frames)
    assert first.rgb.shape == (480, 854, 3)
    assert first.rgb.dtype == np.uint8
    assert first.rgb.flags.c_contiguous
    frames.close()
    assert sha256_of(path) == hashlib.sha256(path.read_bytes()).hexdigest()


CORNERS = {0: ("top", "left"), 90: ("top", "right"), 180: ("bottom", "right"), 270: ("bottom", "left")}


@pytest.mark.parametrize("rotation_deg", CORNERS)
@pytest.mark.parametrize("suffix", ["mp4", "mov", "mkv"])
def test_a_phone_held_in_any_of_four_ways_is_shown_upright(tmp_path, rotation_deg, suffix):
    path = media.write_video(tmp_path / f"a.{suffix}", media.pictures(3), rotation_deg=rotation_deg)
    info = probe(path)
    assert info.rotation_deg == rotation_deg
    assert (info.width, info.height) == ((48, 64) if rotation_deg in (90, 270) else (64, 48))
    for rgb in read(path)[1]:
        assert rgb.shape == (info.height, info.width, 3)
        assert rgb.flags.c_contiguous
        assert white_corner(rgb) == CORNERS[rotation_deg]


def test_a_mirrored_recording_is_shown_as_its_container_says(tmp_path):
    rgb = read(media.write_video(tmp_path / "a.mp4", media.pictures(2), hflip=True))[1][0]
    assert white_corner(rgb) == ("top", "right")


@pytest.mark.parametrize(
    ("name", "how"),
    {
        "ten bits, HEVC": ("a.mp4", {"codec": "libx265", "pix_fmt": "yuv420p10le"}),
        "ten bits, ProRes": ("a.mov", {"codec": "prores_ks", "pix_fmt": "yuv422p10le"}),
        "sixteen bits": ("a.mkv", {"codec": "ffv1", "pix_fmt": "yuv420p16le"}),
        "transparent": ("a.mkv", {"codec": "ffv1", "pix_fmt": "bgra"}),
        "grey": ("a.mp4", {"pix_fmt": "gray"}),
        "palette, GIF": ("a.gif", {"codec": "gif", "pix_fmt": "rgb8"}),
        "full range, motion JPEG": ("a.avi", {"codec": "mjpeg", "pix_fmt": "yuvj420p"}),
        "WebM": ("a.webm", {"codec": "libvpx-vp9"}),
        "AVI with reordered pictures": ("a.avi", {"options": {"bf": "3"}}),
        "transport stream": ("a.ts", {}),
        "bare H.264": ("a.h264", {}),
    }.values(),
    ids=lambda value: value if isinstance(value, str) else "-".join(map(str, value.values())),
)
def test_every_kind_of_file(tmp_path, name, how):
    path = media.write_video(tmp_path / name, media.pictures(10), **how)
    times, pictures, report = read(path)
    assert times == pytest.approx([i / 25 for i in range(10)], abs=1e-6)
    assert report == ReadReport(frames=10)
    assert probe(path).duration_s == pytest.approx(0.4, abs=0.01)
    for before, rgb in zip(media.pictures(10), pictures, strict=True):
        assert white_corner(rgb) == ("top", "left")
        assert rgb[28:, 36:].mean() == pytest.approx(before[28:, 36:].mean(), abs=20)


@pytest.mark.parametrize("size", [(16, 16), (17, 31), (33, 17), (853, 480)])
def test_small_and_odd_sizes(tmp_path, size):
    path = media.write_video(tmp_path / "a.mp4", media.pictures(3, *size), pix_fmt="yuv444p")
    assert (probe(path).width, probe(path).height) == size
    for rgb in read(path)[1]:
        assert rgb.shape == (size[1], size[0], 3)
        assert rgb.flags.c_contiguous


def test_4k(tmp_path):
    path = media.write_video(tmp_path / "a.mp4", media.pictures(2, 3840, 2160), options={"preset": "ultrafast"})
    assert [rgb.shape for rgb in read(path)[1]] == [(2160, 3840, 3)] * 2


@pytest.mark.parametrize("suffix", ["mkv", "avi", "mov"])
def test_oblong_pixels_are_told_in_any_container(tmp_path, suffix):
    path = media.write_video(tmp_path / f"a.{suffix}", media.pictures(3), pixel_shape=Fraction(4, 3))
    assert read(path)[1][0].shape == (48, 85, 3)


def test_oblong_pixels_become_square(tmp_path):
    path = media.write_video(tmp_path / "a.mp4", media.pictures(2), pixel_shape=Fraction(4, 3))
    assert (probe(path).width, probe(path).height) == (85, 48)
    turned = media.write_video(tmp_path / "b.mp4", media.pictures(2), pixel_shape=Fraction(4, 3), rotation_deg=90)
    assert (probe(turned).width, probe(turned).height) == (48, 85)
    assert white_corner(read(turned)[1][0]) == ("top", "right")


@pytest.mark.parametrize("fps", [1, 240])
def test_slow_and_fast(tmp_path, fps):
    path = media.write_video(tmp_path / "a.mp4", media.pictures(6), fps=fps)
    assert read(path)[0] == pytest.approx([i / fps for i in range(6)], abs=1e-4)
    assert probe(path).frames_per_s == fps


def test_a_variable_frame_rate_keeps_its_times(tmp_path):
    times_s = [0, 0.04, 0.2, 0.21, 1.5]
    assert read(media.write_video(tmp_path / "a.mp4", media.pictures(5), times_s=times_s))[0] == pytest.approx(
        times_s, abs=1e-4
    )


def test_a_late_start_is_kept(tmp_path):
    times_s = [0.5, 0.6, 0.7]
    assert read(media.write_video(tmp_path / "a.mp4", media.pictures(3), times_s=times_s))[0] == pytest.approx(
        times_s, abs=1e-4
    )


@pytest.mark.parametrize("suffix", ["mkv", "webm", "flv", "ts", "nut"])
def test_a_clock_that_starts_late_counts_from_the_first_picture(tmp_path, suffix):
    path = media.write_video(
        tmp_path / f"a.{suffix}",
        media.pictures(50),
        times_s=[5 + i / 25 for i in range(50)],
        codec="libvpx-vp9" if suffix == "webm" else "libx264",
    )
    times, _, report = read(path)
    assert times == pytest.approx([i / 25 for i in range(50)], abs=1e-3)
    assert probe(path).duration_s == pytest.approx(2.0, abs=0.05)
    assert report.missing_s is None
    assert read(path, 1.0, 1.5)[0] == [t_s for t_s in times if 1.0 <= t_s <= 1.5]


def test_negative_times_are_shifted_to_zero(tmp_path):
    coded = media.write_video(tmp_path / "a.mp4", media.pictures(5))
    path = media.retime(coded, tmp_path / "b.ts", [-0.2, -0.1, 0, 0.1, 0.2])
    times, _, report = read(path)
    assert times == pytest.approx([0, 0.1, 0.2, 0.3, 0.4])
    assert report == ReadReport(frames=5)


def test_repeated_times_are_left_out_and_counted(tmp_path):
    coded = media.write_video(tmp_path / "a.mp4", media.pictures(7))
    path = media.retime(coded, tmp_path / "b.mkv", [0, 0.1, 0.1, 0.2, 0.2, 0.2, 0.3])
    times, _, report = read(path)
    assert times == pytest.approx([0, 0.1, 0.2, 0.3])
    assert (report.dropped_frames, report.clock_restarts) == (3, 0)


def test_a_clock_that_starts_again_is_continued(tmp_path):
    part = media.write_video(tmp_path / "a.ts", media.pictures(20)).read_bytes()
    (tmp_path / "b.ts").write_bytes(part + part)
    times, _, report = read(tmp_path / "b.ts")
    assert (np.diff(times) > 0).all()
    assert np.diff(times).max() < 0.05
    assert report.clock_restarts == 1
    assert report.frames + report.dropped_frames == 40
    assert report.dropped_frames <= 2


def test_part_of_a_file_has_the_times_of_the_whole(tmp_path):
    path = media.write_video(tmp_path / "a.mp4", media.pictures(60), options={"g": "10"})
    whole = read(path)
    for start_s, end_s in [(0.5, 1.0), (None, 0.3), (2.2, None), (0.0, 0.01)]:
        first, last = start_s or 0.0, 9.9 if end_s is None else end_s
        times, pictures, _ = read(path, start_s, end_s)
        chosen = [i for i, t_s in enumerate(whole[0]) if first <= t_s <= last]
        assert times == [whole[0][i] for i in chosen]
        assert all((picture == whole[1][i]).all() for picture, i in zip(pictures, chosen, strict=True))


@pytest.mark.parametrize("suffix", ["mkv", "webm", "avi", "gif", "ts"])
def test_part_of_any_container(tmp_path, suffix):
    how = {"gif": {"codec": "gif", "pix_fmt": "rgb8"}, "webm": {"codec": "libvpx-vp9"}}.get(suffix, {})
    path = media.write_video(tmp_path / f"a.{suffix}", media.pictures(40), **how)
    assert read(path, 0.9, 1.2)[0] == [t_s for t_s in read(path)[0] if 0.9 <= t_s <= 1.2]


def test_part_of_a_file_that_a_browser_recorded(tmp_path):
    """Such a file has neither a duration nor an index."""
    path = media.write_video(
        tmp_path / "a.webm", media.pictures(40), codec="libvpx-vp9", container="webm", muxer={"live": "1"}
    )
    assert probe(path).duration_s == pytest.approx(1.6, abs=0.05)
    assert read(path, 0.9, 1.2)[0] == [t_s for t_s in read(path)[0] if 0.9 <= t_s <= 1.2]


@pytest.mark.parametrize("which", [(20,), (20, 21, 25)])
def test_a_broken_picture_in_the_middle_is_skipped_and_counted(tmp_path, which):
    path = media.break_pictures(media.write_video(tmp_path / "a.mp4", media.pictures(40)), *which)
    times, _, report = read(path)
    assert report.broken_frames == len(which)
    assert times == pytest.approx([i / 25 for i in range(40) if i not in which])


def test_a_broken_first_picture(tmp_path):
    path = media.break_pictures(media.write_video(tmp_path / "a.mp4", media.pictures(40), options={"g": "10"}), 0)
    times, _, report = read(path)
    assert probe(path).width == 64
    assert times[-1] == pytest.approx(39 / 25)
    assert report.broken_frames >= 1
    assert report.frames + report.broken_frames == 40


@pytest.mark.parametrize("suffix", ["mp4", "mkv"])
def test_cut_off_data_are_read_as_far_as_they_go(tmp_path, suffix):
    noise = [np.random.default_rng(i).integers(0, 255, (120, 160, 3), dtype=np.uint8) for i in range(30)]
    path = media.write_video(
        tmp_path / f"a.{suffix}", noise, muxer={"movflags": "+faststart"} if suffix == "mp4" else None
    )
    data = path.read_bytes()
    path.write_bytes(data[: len(data) * 6 // 10])
    times, _, _ = read(path)
    assert 10 <= len(times) <= 20
    assert times == pytest.approx([i / 25 for i in range(len(times))], abs=1e-4)


@pytest.mark.parametrize("suffix", ["mp4", "mkv", "avi", "flv"])
def test_a_file_that_ends_before_its_header_says_is_told(tmp_path, suffix):
    path = media.write_video(
        tmp_path / f"a.{suffix}",
        media.pictures(100),
        options={"g": "25"},
        muxer={"movflags": "+faststart"} if suffix == "mp4" else None,
    )
    assert read(path)[2].missing_s is None
    path.write_bytes(path.read_bytes()[: media.packets(path)[50][0]])
    times, _, report = read(path)
    assert 1.7 < times[-1] < 2.0
    assert report.missing_s == pytest.approx((times[-1], 4.0), abs=0.05)
    assert read(path, 0.0, 1.0)[2].missing_s is None, "the part is there"
    assert read(path, 0.5, 3.5)[2].missing_s == pytest.approx((times[-1], 3.5), abs=0.05)


def test_a_last_picture_that_stays_is_no_missing_end(tmp_path):
    path = media.write_video(tmp_path / "a.mkv", media.pictures(3), times_s=[0, 0.04, 6])
    assert read(path)[2].missing_s is None


SMALL, LARGE, LONG = media.pictures(30, 32, 24), media.pictures(30), media.pictures(60, 32, 24)
STILL, LARGE_STILL = media.pictures(1), media.pictures(1, 640, 480)


@pytest.mark.parametrize(
    ("tracks", "default", "film"),
    {
        "the default before the first": ([SMALL, LARGE], 1, LARGE),
        "the default before the largest": ([LARGE, SMALL], 1, SMALL),
        "a still never": ([STILL, SMALL], None, SMALL),
        "a still not even as the default": ([LARGE_STILL, SMALL], 0, SMALL),
    }.values(),
)
@pytest.mark.parametrize("suffix", ["mov", "mkv"])
def test_the_film_is_found_among_several_tracks(tmp_path, tracks, default, film, suffix):
    path = media.write_tracks(tmp_path / f"a.{suffix}", tracks, default=default)
    times, pictures, _ = read(path)
    assert (len(times), pictures[0].shape) == (len(film), film[0].shape)
    assert (probe(path).height, probe(path).width) == film[0].shape[:2]


def test_without_a_default_the_longest_track_is_the_film_and_of_one_length_the_largest(tmp_path):
    assert len(read(media.write_tracks(tmp_path / "a.mkv", [LARGE, LONG]))[0]) == len(LONG)
    assert read(media.write_tracks(tmp_path / "b.mkv", [SMALL, LARGE]))[1][0].shape == LARGE[0].shape


def test_a_picture_of_another_shape_is_fitted_in_and_not_squashed(tmp_path):
    frames = [*media.pictures(10, 64, 36), *media.pictures(10, 36, 64), *media.pictures(5, 64, 36)]
    path = media.write_turning(tmp_path / "a.webm", frames, [i / 25 for i in range(25)])
    times, pictures, report = read(path)
    assert {picture.shape for picture in pictures} == {(36, 64, 3)}
    assert report.turned_s == [pytest.approx((times[10], times[19]))]
    fitted = pictures[12]
    assert fitted[:, :20].max() < 40, "black beside it"
    assert fitted[:, 44:].max() < 40
    assert fitted[4:14, 24:30].min() > 200, "its white corner"
    portrait = read(path, 0.4, 0.76)
    assert portrait[1][0].shape == (64, 36, 3), "a part begins with its own shape"
    assert portrait[2].turned_s == []
    assert (read(path, 0.4, 0.76, Reading(size_px=(64, 36)))[1][0] == pictures[10]).all()


def test_a_picture_of_another_size_and_the_same_shape_is_only_scaled(tmp_path):
    frames = [*media.pictures(10, 64, 36), *media.pictures(10, 32, 18)]
    _, pictures, report = read(media.write_turning(tmp_path / "a.webm", frames, [i / 25 for i in range(20)]))
    assert {picture.shape for picture in pictures} == {(36, 64, 3)}
    assert report.turned_s == []
    assert pictures[15][3:15, 3:28].min() > 200
    assert pictures[15][22:, 36:].min() > 10


@pytest.mark.parametrize("rotation_deg", CORNERS)
@pytest.mark.parametrize("turn_deg", CORNERS)
def test_a_film_is_turned_beyond_what_it_says(tmp_path, rotation_deg, turn_deg):
    path = media.write_video(tmp_path / "a.mp4", media.pictures(3), rotation_deg=rotation_deg)
    picture = read(path, reading=Reading(turn_deg))[1][0]
    together = (rotation_deg + turn_deg) % 360
    assert white_corner(picture) == CORNERS[together]
    assert picture.shape == ((64, 48, 3) if together in (90, 270) else (48, 64, 3))
    assert picture.flags.c_contiguous


@pytest.mark.parametrize(
    ("times_s", "kept"),
    {
        "25": (np.arange(50) / 25, slice(None)),
        "30": (np.arange(60) / 30, slice(None)),
        "29.97 on a clock of milliseconds": (np.round(np.arange(300) / 29.97, 3), slice(None)),
        "30 with uneven times": (
            np.arange(300) / 30 + np.random.default_rng(0).uniform(-0.006, 0.006, 300),
            slice(None),
        ),
        "60": (np.arange(120) / 60, slice(None, None, 2)),
        "240": (np.arange(240) / 240, slice(None, None, 8)),
    }.values(),
)
def test_at_most_thirty_pictures_a_second(times_s, kept):
    thinning = Thinning(30)
    assert [t_s for t_s in times_s if thinning.takes(t_s)] == list(times_s[kept])


def test_fifty_pictures_a_second_become_thirty_evenly():
    times_s, thinning = np.arange(100) / 50, Thinning(30)
    taken = [t_s for t_s in times_s if thinning.takes(t_s)]
    assert len(taken) == pytest.approx(60, abs=1)
    assert np.diff(taken).max() == pytest.approx(0.04)


def test_a_thinned_film_keeps_its_times(tmp_path):
    path = media.write_video(tmp_path / "a.mp4", media.pictures(60), fps=60)
    every = read(path)
    times, pictures, report = read(path, reading=Reading(max_frames_per_s=30))
    assert times == every[0][::2]
    assert (pictures[5] == every[1][10]).all()
    assert (report.frames, report.thinned_frames) == (30, 30)


def code_of(path, start_s=None, end_s=None):
    """Return the code that opening and reading agree on, or only reading for a part of a file."""
    found = set()
    for attempt in [lambda: list(read_frames(path, start_s, end_s))] + [lambda: probe(path)] * (
        start_s is end_s is None
    ):
        with pytest.raises(SourceError) as error:
            attempt()
        assert str(path) in str(error.value)
        assert str(error.value).endswith(".")
        found.add(error.value.code)
    assert len(found) == 1
    return found.pop()


def test_what_cannot_be_read_is_told_in_words(tmp_path):
    (tmp_path / "empty.mp4").touch()
    (tmp_path / "text.mp4").write_text("not a video\n" * 100)
    (tmp_path / "noise.mp4").write_bytes(np.random.default_rng(1).bytes(5000))
    os.mkfifo(tmp_path / "pipe.mp4")
    assert code_of(tmp_path / "absent.mp4") == "source_missing"
    assert code_of(tmp_path) == "source_is_folder"
    assert code_of(tmp_path / "pipe.mp4") == "source_not_a_file"
    assert code_of(tmp_path / "empty.mp4") == "source_empty"
    assert code_of(tmp_path / "text.mp4") == "source_not_a_video"
    assert code_of(tmp_path / "noise.mp4") == "source_not_a_video"
    assert code_of(media.write_sound(tmp_path / "sound.mp4")) == "source_audio_only"
    assert code_of(media.write_without_pictures(tmp_path / "none.mp4")) == "source_no_frames"
    broken = media.break_pictures(media.write_video(tmp_path / "broken.mp4", media.pictures(4)), 0, 1, 2, 3)
    assert code_of(broken) == "source_undecodable"


@pytest.mark.parametrize("size", [(4112, 16), (16, 4112)])
def test_pictures_that_are_too_large_are_refused_before_any_is_decoded(tmp_path, size):
    path = media.write_video(tmp_path / "a.mp4", media.pictures(2, *size), options={"preset": "ultrafast"})
    assert code_of(media.break_pictures(path, 0, 1)) == "source_too_large"
    assert probe(media.write_video(tmp_path / "b.mp4", media.pictures(2, 4096, 16))).width == 4096


def test_a_cut_off_mp4_without_its_index_is_told_apart(tmp_path):
    path = media.write_video(tmp_path / "a.mp4", media.pictures(30))
    name, start, end = list(top_boxes(path))[-1]
    assert (name, end) == (b"moov", path.stat().st_size)
    whole = path.read_bytes()
    for length in (len(whole) - 500, start + 20, start, start - 100, 40):
        path.write_bytes(whole[:length])
        assert code_of(path) == "source_truncated", length


def test_a_playlist_does_not_lead_to_other_files(tmp_path):
    media.write_video(tmp_path / "a.ts", media.pictures(5))
    (tmp_path / "list.m3u8").write_text("#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\na.ts\n#EXT-X-ENDLIST\n")
    (tmp_path / "list.mp4").write_text("ffconcat version 1.0\nfile a.ts\n")
    assert code_of(tmp_path / "list.m3u8") == "source_not_a_video"
    assert code_of(tmp_path / "list.mp4") == "source_not_a_video"


@pytest.mark.parametrize(
    "part", [(0.5, 0.5), (0.5, 0.2), (-1, None), (None, 0), (5, None), (float("nan"), 1), (0.081, 0.119)]
)
def test_a_part_that_is_not_there(tmp_path, part):
    assert code_of(media.write_video(tmp_path / "a.mp4", media.pictures(20)), *part) == "source_range"


def test_a_file_that_may_not_be_read(tmp_path):
    path = media.write_video(tmp_path / "a.mp4", media.pictures(2))
    path.chmod(0)
    with ordinary_person():
        assert code_of(path) == "source_not_readable"


def test_pictures_are_let_go_and_stopping_early_closes_the_file(tmp_path):
    path = media.write_video(tmp_path / "a.mp4", media.pictures(100))
    frames, seen = read_frames(path), []
    for frame in islice(frames, 80):
        seen.append(weakref.ref(frame.rgb))
        del frame
    gc.collect()
    assert sum(ref() is not None for ref in seen) <= 1
    frames.close()
    opened = [
        os.readlink(f"/proc/self/fd/{fd}")
        for fd in os.listdir("/proc/self/fd")
        if os.path.islink(f"/proc/self/fd/{fd}")
    ]
    assert str(path) not in opened


def test_nothing_heavy_is_loaded_and_nothing_is_printed(tmp_path):
    path = media.break_pictures(media.write_video(tmp_path / "a.mp4", media.pictures(30)), 10)
    code = f"""
import sys
import formcheck, formcheck.video.files, formcheck.video.annotate, formcheck.video.draw, formcheck.files.traces
import formcheck.pose.mediapipe_tasks, formcheck.pose.replay, formcheck.pose.models
print(sorted({{"av", "cv2", "mediapipe", "streamlit", "PIL", "matplotlib"}} & set(sys.modules)))
print(len(list(formcheck.video.files.read_frames({str(path)!r}))))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["[]", "29"]
    assert done.stderr == ""
