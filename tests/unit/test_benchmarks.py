"""The benchmarks' own arithmetic: intervals, floors, what a single picture is told as, and what a clip is taken to show."""

from __future__ import annotations

import re
import tomllib

import numpy as np
import pytest

from benchmarks import figures, frames, invariance, matrix, mutants, plots
from formcheck import exercises
from tests.synthetic_cases import CLEAN, made, record_of


@pytest.mark.parametrize(
    ("hits", "cases", "low", "high"), [(0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (50, 100, 0.4038, 0.5962)]
)
def test_wilson_is_the_published_interval(hits, cases, low, high):
    assert figures.wilson(hits, cases) == pytest.approx((low, high), abs=5e-4)


def test_the_interval_of_a_mean_is_students():
    assert figures.mean_interval([1.0, 2.0, 3.0]) == pytest.approx((2 - 2.4841, 2 + 2.4841), abs=1e-3)
    assert np.isnan(figures.mean_interval([1.0])).all()


def test_a_figure_below_its_floor_is_named_and_one_that_was_not_measured_falls(tmp_path, monkeypatch):
    floors = tmp_path / "floors.toml"
    floors.write_text('"right" = { at_least = 97.0 }\n"wrong" = { at_most = 2.0 }\n', encoding="utf-8")
    monkeypatch.setattr(figures, "FLOORS", floors)
    run = figures.Figures()
    run.share("right", 97, 100)
    run.share("wrong", 2, 100)
    run.share("of no floor", 0, 100)
    assert run.fallen == []
    run.share("right", 96, 100)
    run.share("wrong", 3, 100)
    run.share("right", 0, 0)
    assert [words.split(":")[0] for words in run.fallen] == ["right", "wrong", "right"]


def test_every_floor_is_one_sided_and_a_number():
    for name, floor in tomllib.loads(figures.FLOORS.read_text(encoding="utf-8")).items():
        assert len(floor) == 1, name
        assert set(floor) <= {"at_least", "at_most"}, name


@pytest.mark.parametrize(("hip_y", "label"), [(0.5, "C"), (0.34, "H"), (0.56, "L")])
def test_a_single_picture_of_a_plank_is_told_by_its_hips(tmp_path, hip_y, label):
    joints = {"nose": (0.2, 0.5), "shoulder": (0.3, 0.5), "hip": (0.5, hip_y), "knee": (0.6, 0.5), "ankle": (0.75, 0.5)}
    names = {f"left_{name}".replace("left_nose", "nose"): xy for name, xy in joints.items()}
    names |= {f"right_{name}": xy for name, xy in joints.items() if name != "nose"}
    cells = {f"{name}_{axis}": value for name, (x, y) in names.items() for axis, value in zip("xyzv", (x, y, 0, 0.9))}
    path = tmp_path / "plank_model_made.csv"
    path.write_text(f"label,{','.join(cells)}\n{label},{','.join(map(str, cells.values()))}\n", encoding="utf-8")
    assert frames.told(path) == {(label, label): 1}


def test_what_a_clip_shows_is_an_exercise_that_is_known():
    known = set(exercises.names())
    assert set(matrix.SHOWN.values()) <= known
    assert {name for pair in matrix.KIN for name in pair} <= known
    assert matrix.shown("app_plankleftside") == "side_plank"
    assert matrix.shown("squat_front_good") == "squat"
    assert matrix.shown("people_walking") is None


def test_a_hold_is_the_same_when_its_number_and_its_clock_are():
    poses = made("plank", [CLEAN["plank"]]).poses
    record = record_of(poses, "plank")
    case = invariance.Case("plank", poses, 1, record.hold_s)
    assert case.same(record)
    assert not invariance.Case("plank", poses, 2, record.hold_s).same(record)
    assert not invariance.Case("plank", poses, 1, record.hold_s + 0.5).same(record)
    found = {"as it was": [(case, record)], "longer": [(invariance.Case("plank", poses, 1, 9.0), record)]}
    assert invariance.exercise_rows(found) == [
        ["plank", "1 of 1", "0 of 1", f"1 for 1, {record.hold_s:.1f} s for 9.0 s"]
    ]
    run = figures.Figures()
    assert [row[1:3] for row in invariance.rows(found, run)] == [["1", "1"], ["1", "0"]]
    assert [row[1] for row in run.rows] == ["100.0 %", "0.0 %"]


TABLE = """# Results

## The knee
| azimuth | scenes | all frames |
|---|---|---|
| 0° | 2 | 4.3 (3.7–4.8) |

### Another, proof set
| azimuth | scenes | all frames |
|---|---|---|
| 15° | 2 | -4.0 (3.6–4.4) |
"""


def test_a_table_is_found_by_its_header_and_the_heading_above_it():
    assert plots.find(TABLE, "azimuth|scenes") == [["0°", "2", "4.3 (3.7–4.8)"]]
    (row,) = plots.find(TABLE, "azimuth", "proof set")
    assert plots.number(row[2]) == -4.0
    with pytest.raises(SystemExit, match="no table"):
        plots.find(TABLE, "view")


@pytest.mark.parametrize(
    ("share", "cases", "count"), [("16.7 % (3–56)", "6", 1), ("0.0 % (0–18)", "18", 0), ("-", "0", 0)]
)
def test_a_share_is_turned_back_into_how_many(share, cases, count):
    assert plots.hits(share, cases) == count


NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e-?\d+)?")
HASH = re.compile(r"\b[mp][0-9a-f]{10}\b")
"""The name that matplotlib gives to a shape: a hash of numbers in all their digits."""


def test_every_plot_is_that_of_the_tables_and_is_shown_beside_them(tmp_path):
    """Words are the same, and numbers to a tenth of a point: their last digits depend on the processor that drew them."""
    text = plots.RESULTS.read_text(encoding="utf-8")
    drawn = plots.draw(text, tmp_path)
    assert {file.name for file in plots.PLOTS.iterdir()} == {file.name for file in drawn}
    for file in drawn:
        assert f"](plots/{file.name})" in text
        new, old = (HASH.sub("shape", path.read_text(encoding="utf-8")) for path in (file, plots.PLOTS / file.name))
        assert NUMBER.sub("#", new) == NUMBER.sub("#", old), f"{file.name}: run benchmarks/plots.py"
        numbers = ([float(number) for number in NUMBER.findall(svg)] for svg in (new, old))
        assert next(numbers) == pytest.approx(next(numbers), abs=0.1), f"{file.name}: run benchmarks/plots.py"


SOURCE = '''"""Says 1 < 2."""
def far(x: int = 3) -> bool:
    if x is None: raise ValueError(f"{x + 1} below 5")
    return not abs(x) >= 0.5
'''


def test_a_mutant_changes_one_place_and_no_text_annotation_or_message():
    made = mutants.mutants_of(SOURCE, "far.py")
    changes = [
        "x is None -> (x is not None)",
        "return not abs(x) >= 0.5 -> return None",
        "3 -> (2)",
        "3 -> (4)",
        "not abs(x) >= 0.5 -> (abs(x) >= 0.5)",
        "abs(x) >= 0.5 -> (abs(x) > 0.5)",
        "abs(x) >= 0.5 -> (abs(x) < 0.5)",
        "0.5 -> (0.6)",
        "0.5 -> (0.4)",
    ]
    assert sorted(f"{mutant.before} -> {mutant.after}" for mutant in made) == sorted(changes)
    boundary = next(mutant for mutant in made if mutant.after == "(abs(x) > 0.5)")
    assert boundary.line == 4
    assert mutants.mutated(SOURCE, boundary) == SOURCE.replace("abs(x) >= 0.5", "(abs(x) > 0.5)")


def test_the_tests_of_a_module_are_those_named_for_it_and_those_that_import_it():
    near = [{path.name for path in ring} for ring in mutants.tests_near("benchmarks/mutants.py")]
    assert near[0] == set()
    assert near[1] == {"test_benchmarks.py"}
