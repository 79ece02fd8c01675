"""Dates in local time, extensions and what lateness costs; a change is noticed by itself."""

from __future__ import annotations

import os
import re
import shutil
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
    room: Path, jail: None, run: Run
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
    status, said = run("deadline", "cohort", *course, *berlin)
    assert "anna: handed in 2026-11-21 00:30 CET, 15 min late: 0 of" in said
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
    assert read_rule(room) is None


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
    import nbformat
    from nbgrader.converters import GenerateFeedback

    from snrilab.grading.feedback import FeedbackExporter

    config = GenerateFeedback().config
    config.FeedbackExporter.late_words = "ten per cent"
    names = {
        "db_url": f"sqlite:///{forty.root}/gradebook.db", "assignment": "ps2_binding",
        "student": student, "notebook": "ps2_binding", "score": 1.0, "max_score": 100.0,
        "late_penalty": penalty,
    }  # fmt: skip
    exporter = FeedbackExporter(config=config)
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# Ki")])
    page, _ = exporter.from_notebook_node(notebook, resources={"nbgrader": names})
    about = re.findall(r"(?s)<div id=\"toc\">.*?</div>", page)[0]
    assert re.search(said, about) if said else "handed in" not in about
