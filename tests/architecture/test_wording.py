"""The product shows, counts and measures technique. Words that claim more occur nowhere that a person reads."""

from __future__ import annotations

import re

from tests.architecture.sources import ROOT, python_files, tracked_files

FORBIDDEN = (
    r"injury[\s-]+risk",
    r"risk of injury",
    r"prevent(s|ing)?\s+injur",
    r"diagnos",
    r"\btreat(s|ed|ing|ments?)?\b",
    r"rehabilitat",
    r"monitors?\s+your",
    r"skadesrisiko",
    r"risiko for skade",
    r"forebygger\s+skade",
    r"\bbehandl(er|e|ing|et)\b",
    r"genoptræn",
    r"overvåg",
)

READ_BY_PEOPLE = sorted(
    {
        ROOT / "README.md",
        ROOT / "CHANGELOG.md",
        ROOT / "sample_videos" / "manifest.toml",
        ROOT / "sample_videos" / "NOTICE",
        ROOT / "formcheck" / "model" / "record.schema.json",
        *(path for path in tracked_files() if (ROOT / "formcheck" / "i18n") in path.parents),
        *(
            path
            for path in tracked_files()
            if (ROOT / "formcheck" / "app") in path.parents and path.suffix in (".js", ".html", ".css")
        ),
        *(ROOT / "benchmarks").glob("*.md"),
        *python_files("formcheck"),
    }
)


def test_no_word_claims_more_than_is_measured():
    found = {}
    for path in READ_BY_PEOPLE:
        text = path.read_text(encoding="utf-8")
        if words := [match.group() for pattern in FORBIDDEN for match in re.finditer(pattern, text, re.IGNORECASE)]:
            found[str(path.relative_to(ROOT))] = words
    assert not found


CLAIMS = (
    "It lowers the injury risk.",
    "Squats prevent injuries.",
    "A diagnosis of pain",
    "Diagnosticerer",
    "It treats knees.",
    "We TREAT you",
    "a treatment",
    "rehabilitation",
    "It monitors your form.",
    "lavere skadesrisiko",
    "forebygger skader",
    "Den behandler knæ",
    "genoptræning",
    "overvåger dig",
)


def test_the_words_are_recognised():
    assert [one for one in CLAIMS if not any(re.search(pattern, one, re.IGNORECASE) for pattern in FORBIDDEN)] == []


def test_innocent_words_pass():
    text = "Stretch, retreat from the treatise; the street. The film is analysed here; handler, behændig."
    assert not [pattern for pattern in FORBIDDEN if re.search(pattern, text, re.IGNORECASE)]
