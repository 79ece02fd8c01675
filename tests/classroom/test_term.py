"""A term as one test: forty students, two platforms, from the roster to marks and feedback."""

from __future__ import annotations

import csv
import io
import re
import shutil
from typing import TYPE_CHECKING

import pytest

from tests.classroom.conftest import zipped
from tests.classroom.importers import canvas, canvas_feedback, moodle, moodle_feedback
from tests.conftest import ROOT
from tests.grading import assignments
from tests.grading.conftest import nbgrader, scores_of, write_course

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Run = Callable[..., tuple[int, str]]

NAMES = [
    "Müller Hans Jörg", "O'Hara Sean", "de la Cruz María José", "Ångström Åsa", "Nguyễn Thị Hoa",
    "Smith-Jones Pat", "李 小龙", "Øst Bo", "Đorđević Ana", "van der Berg Jan",
]  # fmt: skip
STRANGE = [b"{", b"", "﻿nothing".encode("utf-16"), b"<html>saved page</html>"]


def people() -> list[tuple[str, str, str, int]]:
    """Return login, first and last name, number: odd names, and plain ones."""
    found = []
    for number in range(40):
        last, _, first = NAMES[number].rpartition(" ") if number < 10 else ("", "", "")
        last, first = last or f"Family{chr(97 + number % 26)}", first or f"Given{number}"
        found.append((f"s{number:02d}", first, last, 5000 + number))
    return found


def work_of(number: int) -> bytes:
    if 20 <= number < 24:
        return STRANGE[number - 20]
    if number == 24:
        return assignments.submit(assignments.cohort(), mean_auc="import os\nos._exit(1)")
    source = assignments.cohort()
    return source.encode() if number % 2 == 0 else assignments.submit(source)


@pytest.mark.sandbox
@pytest.mark.slow
def test_forty_students_on_two_platforms(tmp_path: Path, jail: None, run: Run) -> None:
    room = write_course(tmp_path / "course", {"cohort": assignments.cohort()}, {})
    shutil.copy(ROOT / "nbgrader_config.py", room)
    everybody = people()
    table = tmp_path / "gradebook.csv"
    out = io.StringIO(newline="")
    rows = csv.writer(out)
    rows.writerow(["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "cohort (77)"])
    rows.writerow(["    Points Possible", "", "", "", "", ""])
    for login, first, last, number in everybody:
        rows.writerow([f"{last}, {first}", number, f"U{number}", login, "A", ""])
    table.write_bytes(("\ufeff" + out.getvalue()).encode())
    # Half of the class hands in by Moodle, half by Canvas; two hand in nothing.
    by_moodle = {
        f"{first.replace(chr(39), '')} {last.replace(chr(39), '')}_{n}_assignsubmission_file_/"
        f"cohort.ipynb": work_of(n - 5000)
        for _, first, last, n in everybody[:20]
    }
    by_canvas = {
        f"{''.join(c for c in (last + first).lower() if c.isalnum())}"
        f"{'_LATE' if n == 5030 else ''}_{n}_{n + 900}_cohort.ipynb": work_of(n - 5000)
        for _, first, last, n in everybody[20:38]
    }
    (tmp_path / "m.zip").write_bytes(zipped(by_moodle))
    (tmp_path / "c.zip").write_bytes(zipped(by_canvas))
    here = ["--course", room]
    assert run("roster", table, *here)[0] == 0
    words = ["--due", "2026-11-20 12:00", "--zone", "UTC", "--per-day", "10"]
    assert run("deadline", "cohort", *here, *words)[0] == 0
    status, said = run("collect", tmp_path / "m.zip", tmp_path / "c.zip", *here, "--zone", "UTC")
    assert status == 0, said
    assert "38 new" in said
    assert "Nothing from (2): s38, s39" in said
    status, said = run("grade", "cohort", *here, "--quiet")
    assert status == 1
    assert "38 graded" in said
    assert all(f"  s2{n}:" in said.partition("Worth a look")[0] for n in range(4))
    full = scores_of(room, "cohort")
    assert full["s02"] > full["s01"]
    # Marks go into both tables as their importers take them.
    before = table.read_bytes()
    status, said = run("grades", "cohort", *here, "--into", table, "--partial")
    assert status == 1, said
    taken = canvas(table.read_bytes(), {77: "cohort"}, {n: {} for _, _, _, n in everybody})
    assert float(taken[5002, 77]) == pytest.approx(full["s02"])
    assert float(taken[5030, 77]) == pytest.approx(full["s30"] * 0.9, abs=0.005), "a day late"
    for empty in (5020, 5021, 5022, 5023, 5038, 5039):
        assert taken[empty, 77] == ""
    assert len(table.read_bytes().splitlines()) == len(before.splitlines())
    sheet = tmp_path / "sheet.csv"
    head = "Identifier,Full name,Status,Grade,Maximum grade,Grade can be changed,"
    top = f"{full_points(room):.2f}"
    lines = [f'Participant {n},"{f} {la}",Submitted,,{top},Yes,-' for _, f, la, n in everybody]
    sheet.write_text("\n".join([f"{head}Last modified (grade)", *lines, ""]), "utf-8")
    run("grades", "cohort", *here, "--into", sheet, "--partial")
    names = {"identifier": "Identifier", "grade": "Grade", "hidden": "Participant "}
    names["modified"] = "Last modified (grade)"
    got = moodle(sheet.read_bytes(), names, {n: {} for n in range(5000, 5040)}, float(top), False)
    assert got[5002] == pytest.approx(full["s02"])
    # Feedback goes back under the platforms' own names; pages take long, so two stand for all.
    pages = [["generate_feedback", "cohort", f"--student={one}"] for one in ("s02", "s30")]
    assert nbgrader(room, *pages).returncode == 0
    page = (room / "feedback/s30/cohort/cohort.html").read_text("utf-8")
    assert re.search(r"penalty \(Score: -[\d.]+\): 10 % of the points for each day", page)
    status, said = run("feedback", "cohort", *here)
    assert status == 1
    assert "NO FEEDBACK for (36)" in said
    archive = (room / "feedback_cohort.zip").read_bytes()
    assert list(moodle_feedback(archive, range(5000, 5020))) == [5002]
    attachments = {n + 900: n for n in range(5020, 5038)}
    assert list(canvas_feedback(archive, attachments)) == [5030]


def full_points(room: Path) -> float:
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{room}/gradebook.db") as book:
        return float(book.find_assignment("cohort").max_score)
