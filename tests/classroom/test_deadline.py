"""Dates in local time, extensions and what lateness costs; a change is noticed by itself."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from tests.conftest import ROOT
from tests.grading import assignments
from tests.grading.conftest import scores_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.classroom.lecture import Lecture

    Run = Callable[..., tuple[int, str]]


@pytest.mark.sandbox
def test_dates_extensions_and_rules_change_marks_without_force(
    room: Path, ready_engine: None, run: Run
) -> None:
    shutil.copy(ROOT / "nbgrader_config.py", room)
    source = assignments.cohort()
    for student, time in (("anna", "2026-11-20 23:30"), ("ben", "2026-11-21 10:00")):
        folder = room / "submitted" / student / "cohort"
        folder.mkdir(parents=True)
        (folder / "cohort.ipynb").write_bytes(source.encode())
        (folder / "timestamp.txt").write_text(f"{time} UTC\n")
        os.utime(folder / "cohort.ipynb", (1.7e9, 1.7e9))
    course = ["--course", room]
    assert run("roster", room / "students.csv", *course)[0] == 0
    berlin = ["--zone", "Europe/Berlin"]
    status, said = run("deadline", "cohort", *course, "--due", "2026-11-21", *berlin)
    assert status == 0, said
    assert "cohort: due 2026-11-21 23:59 CET." in said
    assert "Late work: costs nothing." in said
    assert "due 2026-11-21 23:59 CET." in run("deadline", "cohort", *course)[1], "zone is kept"
    status, said = run("grade", "cohort", *course, "--quiet", "--student", "ben")
    assert "by hand)" not in said
    status, said = run("grade", "cohort", *course, "--quiet", "--student", "bem")
    assert "bem: has submitted nothing. Ids that are like it: ben." in said
    assert run("grade", "cohort", *course, "--quiet")[0] == 0
    assert run("report", "cohort", *course)[0] == 0
    assert "Due 2026-11-21 23:59 CET." in (room / "report_cohort.html").read_text("utf-8")
    full = scores_of(room, "cohort")
    words = ["--due", "2026-11-21 00:15", "--per-day", "10", "--grace", "30"]
    status, said = run("deadline", "cohort", *course, *words, *berlin)
    assert "10 % of the points for each day begun; the first 30 minutes cost nothing" in said
    status, said = run("grade", "cohort", *course, "--quiet")
    assert "2 graded, 0 up to date" in said, "noticed without --force"
    assert re.search(rf"\n  ben +{full['ben']:g} of \d+, less {full['ben'] / 10:g} for late", said)
    assert said.count("for lateness") == 1
    status, said = run("deadline", "cohort", *course, *berlin)
    assert "anna: handed in 2026-11-21 00:30 CET, 15 min after, within the grace\n" in said
    cost = full["ben"] / 10
    assert f"ben: handed in 2026-11-21 11:00 CET, 10 h 45 min late: {cost:g} of" in said
    for student in ("ben", "zoe"):
        status, said = run("deadline", "cohort", *course, "--extend", student, "1d", *berlin)
        assert status == 0, said
    assert "zoe: extension of 1 day, due 2026-11-22 00:15 CET" in said
    status, said = run("grade", "cohort", *course, "--quiet")
    assert "1 graded, 1 up to date" in said
    assert "ben: handed in" not in run("deadline", "cohort", *course, *berlin)[1]
    table = room / "list.csv"
    table.write_text("id,first_name,Note\nzoe,Zoë,\nben,Ben,\n")
    run("grades", "cohort", *course, "--into", table, "--column", "Note", "--partial")
    assert "zoe,Zoë,\n" in table.read_text("utf-8"), "an extension is no submission"
    (room / "submitted/ben/cohort/timestamp.txt").write_text("Saturday evening\n")
    for graded in ("1 graded, 1 up to date", "0 graded, 2 up to date"):
        status, said = run("grade", "cohort", *course, "--quiet")
        assert graded in said
        assert "TIMES, look at each (1):\n  ben: timestamp.txt holds no possible time (" in said


@pytest.mark.parametrize(
    ("zone", "dues"),
    [
        ("Europe/Berlin", ("2026-10-24 23:59", "2026-11-20 23:59", "2027-03-27 23:59")),
        ("America/New_York", ("2027-03-13 23:59", "2027-04-10 23:59", "2026-10-31 23:59")),
        ("Asia/Kolkata", ("2026-10-24 23:59", "2027-03-27 23:59", "2026-11-20 23:59")),
    ],
)
def test_a_day_more_is_a_day_on_the_clock_whatever_the_due_date_becomes(
    room: Path, marked: Callable[..., Path], run: Run, zone: str, dues: tuple[str, ...]
) -> None:
    marked(ben=10.0, emma=10.0)
    (room / "source/cohort").mkdir(parents=True, exist_ok=True)
    words = ["deadline", "cohort", "--course", room, "--zone", zone]
    run(*words, "--due", dues[0])
    run(*words, "--extend", "ben", "1d")
    run(*words, "--extend", "emma", "2d12h")
    for due in dues:
        said = run(*words, "--due", due)[1]
        one, more = (datetime.fromisoformat(due) + span for span in (timedelta(1), timedelta(2.5)))
        assert f"ben: extension of 1 day, due {one:%Y-%m-%d %H:%M} " in said
        assert f"emma: extension of 2 days 12 h, due {more:%Y-%m-%d %H:%M} " in said


@pytest.mark.parametrize(
    ("first", "then"),
    [
        (("2026-10-24 23:59", "UTC"), [("2026-10-24 23:59", "Europe/Berlin")]),
        (("2026-10-24 23:59", "Europe/Berlin"), [("2026-10-24 23:59", "America/New_York")]),
        (
            ("2027-03-27 23:59", "Europe/Berlin"),
            [("none", "UTC"), ("2027-04-10 23:59", "Europe/Berlin")],
        ),
        (("none", "UTC"), [("2027-03-27 23:59", "Europe/Berlin")]),
    ],
)
def test_an_extension_is_what_was_asked_for_in_every_zone(
    room: Path,
    marked: Callable[..., Path],
    run: Run,
    first: tuple[str, str],
    then: list[tuple[str, str]],
) -> None:
    marked(ben=10.0)
    (room / "source/cohort").mkdir(parents=True, exist_ok=True)
    words = ["deadline", "cohort", "--course", room]
    run(*words, "--due", first[0], "--zone", first[1])
    run(*words, "--extend", "ben", "1d", "--zone", first[1])
    for due, zone in then:
        said = run(*words, "--due", due, "--zone", zone)[1]
    end = datetime.fromisoformat(then[-1][0]) + timedelta(1)
    assert f"ben: extension of 1 day, due {end:%Y-%m-%d %H:%M} " in said
    run(*words, "--extend", "ben", "0", "--zone", zone)
    assert "ben" not in run(*words, "--due", "2027-05-01 23:59", "--zone", zone)[1]


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["--due", "20.11.2026"], "a time is written like"),
        (["--due", "2026-13-20 10:00"], "a time is written like"),
        (["--due", "2026-11-20 14:00 PST"], "a time is written like"),
        (["--extend", "anna", "soon"], "an extension is written like"),
        (["--extend", "nobody", "2d"], "no student with the id 'nobody' is in the gradebook"),
        (["--extend", "ann", "2d"], "Ids that are like it: anna."),
        (["--per-day", "120"], "--per-day is from 0 to 100"),
        (["--grace", "-5"], "--grace is from 0"),
        (["--due", "none", "--zone", "Mars"], "no time zone is called 'Mars'"),
    ],
)
def test_what_cannot_be_is_refused(
    marked: Callable[..., Path], run: Run, words: list[str], why: str
) -> None:
    room = marked(anna=10.0)
    status, said = run("deadline", "cohort", "--course", room, *words)
    assert status == 2
    assert why in said
    assert not (room / "late_rules.json").exists()
    status, said = run("deadline", "nope", "--course", room)
    assert (status, "there is no source/nope." in said) == (2, True)


def test_a_rule_is_changed_in_part_and_taken_back(room: Path) -> None:
    from snrilab.classroom._deadline import LateRule, change_rule, read_rule

    change_rule(room, {"per_day": 10.0, "grace_min": 15.0})
    change_rule(room, {"per_day": None, "most": 50.0})
    assert read_rule(room) == LateRule(10.0, 15.0, 50.0)
    change_rule(room, {"per_day": 0.0})
    assert read_rule(room) == LateRule(0.0, 15.0, 50.0), "what is not given stays"
    change_rule(room, {"per_day": 5.0})
    assert read_rule(room) == LateRule(5.0, 15.0, 50.0)
    change_rule(room, {"per_day": 0.0, "grace_min": 0.0, "most": 100.0})
    assert read_rule(room) is None
    change_rule(room, {"grace_min": 30.0})
    assert read_rule(room) == LateRule(0.0, 30.0), "a grace alone: nobody is late in it"


WHEN = r".{16} \w+"  # 2026-11-20 12:00 UTC
EXTENDED = rf"ue {WHEN} \(your extension of %s counted\), handed in {WHEN}, %s"


@pytest.mark.parametrize(
    ("student", "penalty", "said"),
    [
        (
            "s30",
            8.0,
            rf"Score: -8.0\): ten per cent; due {WHEN}, handed in {WHEN}, 1 day 3 hours late",
        ),
        ("s31", 0.0, "<li>D" + EXTENDED % ("5 days", "in time")),
        ("s32", 4.0, "ten per cent; d" + EXTENDED % ("1 day", "2 hours late")),
        ("s00", 0.0, ""),
        ("nobody", 0.0, ""),
    ],
)
def test_feedback_explains_extension_and_lateness(
    forty: Lecture, student: str, penalty: float, said: str
) -> None:
    about = contents_of_a_page(f"sqlite:///{forty.root}/gradebook.db", student, penalty)
    assert re.search(said, about) if said else "handed in" not in about


def contents_of_a_page(gradebook: str, student: str, penalty: float, **settings: float) -> str:
    """Return the list at the top of a feedback page, where dates stand."""
    import nbformat
    from nbgrader.converters import GenerateFeedback

    from snrilab.grading.feedback import FeedbackExporter

    config = GenerateFeedback().config
    config.FeedbackExporter.late_words = "ten per cent"
    config.FeedbackExporter.update(settings)
    names = {
        "db_url": gradebook, "assignment": "ps2_binding",
        "student": student, "notebook": "ps2_binding", "score": 1.0, "max_score": 100.0,
        "late_penalty": penalty,
    }  # fmt: skip
    exporter = FeedbackExporter(config=config)
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# Ki")])
    page, _ = exporter.from_notebook_node(notebook, resources={"nbgrader": names})
    return re.findall(r"(?s)<div id=\"toc\">.*?</div>", page)[0]


@pytest.fixture
def copied(forty: Lecture, tmp_path: Path) -> Path:
    """The class of forty, to change its rules and what its platform said."""
    root = tmp_path / "course"
    shutil.copytree(forty.root, root, ignore=shutil.ignore_patterns("autograded"))
    return root


def test_within_the_grace_nobody_is_late_anywhere(copied: Path, run: Run) -> None:
    """Two hours after: as long as that is within the grace it is in time for everybody."""
    from tests.classroom.lecture import BOTH, LATE, PS2

    here = ["--course", copied, "--zone", "UTC"]
    (copied / "late_rules.json").write_text('{"per_day": 10.0, "grace_min": 150}')
    said = run("deadline", PS2, *here)[1]
    assert re.search(rf"{BOTH}: handed in .* 2 h after, within the grace\n", said)
    assert f"{LATE}: handed in" in said
    assert " 1 day 3 h late: " in said
    assert run("report", PS2, *here)[0] == run("report", *here)[0] == 0
    page = (copied / f"report_{PS2}.html").read_text("utf-8")
    assert '<th scope="row">late</th><td>1</td>' in page
    [both] = re.findall(rf"{BOTH}\)</th>(.*?)</tr>", page)[:1]
    assert "in time (2 h after, within the grace)" in both
    with (copied / f"report_{PS2}_students.csv").open(encoding="utf-8-sig", newline="") as file:
        days = {row["student"]: row["days late"] for row in csv.DictReader(file)}
    assert (days[BOTH], days[LATE]) == ("0", "2")
    with (copied / "report_term_students.csv").open(encoding="utf-8-sig", newline="") as file:
        term = {row["student"]: row[PS2] for row in csv.DictReader(file)}
    assert "late" not in term[BOTH]
    assert "late 2 d" in term[LATE]
    gradebook = f"sqlite:///{copied}/gradebook.db"
    about = contents_of_a_page(gradebook, BOTH, 0.0, grace_min=150)
    assert "in time" in about
    assert "hours late" not in about


def test_a_students_page_has_no_time_that_the_platform_did_not_say(
    copied: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from snrilab.classroom._gradebook import opened
    from snrilab.grading.course import open_course
    from snrilab.grading.feedback_basis import basis_of
    from snrilab.grading.times import NOT_SAID, TIME, replies_file
    from tests.classroom.lecture import DUE, LATE, PS2

    monkeypatch.chdir(copied)
    gradebook = f"sqlite:///{copied}/gradebook.db"
    path = replies_file(copied, PS2)
    path.parent.mkdir(parents=True)
    digests = set()
    for time, unknown in ((DUE, False), (DUE + timedelta(days=1, hours=3), True)):
        path.write_text(json.dumps({LATE: {NOT_SAID: f"{time:{TIME}}"}}), "utf-8")
        about = contents_of_a_page(gradebook, LATE, 8.0)
        assert ("1 day 3 hours late" in about) != unknown
        assert ("handed in late; your platform did not say how late" in about) == unknown
        with opened(open_course(copied)) as book:
            digests.add(basis_of(book, copied, PS2, LATE).digest)
    assert len(digests) == 2, "pages that are there are made anew"
