"""A term as one test: forty students, three ways in, from handing out to marks and feedback."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.classroom.conftest import Nbgrader, clone, zipped
from tests.classroom.importers import canvas, canvas_feedback, moodle, moodle_feedback
from tests.grading import assignments
from tests.grading.attacks import ATTACKS, GOOD
from tests.grading.conftest import scores_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Run = Callable[..., tuple[int, str]]

NAMES = [
    "Müller Hans Jörg", "O'Hara Sean", "de la Cruz María José", "Ångström Åsa", "Nguyễn Thị Hoa",
    "Smith-Jones Pat", "李 小龙", "Øst Bo", "Đorđević Ana", "van der Berg Jan",
]  # fmt: skip
STRANGE = {20: b"{", 21: b"", 22: "﻿nothing".encode("utf-16"), 23: b"<html>saved page</html>"}
HOSTILE = {
    24: "edited tests", 25: "patched comparisons", 26: "object that equals everything",
    27: "saved fake outputs",
}  # fmt: skip
ODD = {"edited tests", "patched comparisons"}  # what is seen of these in the file itself
PAIR = (3, 4)
BY_MOODLE, BY_CANVAS, BY_EXCHANGE = range(18), range(18, 35), range(35, 38)
NAME = "receptor"
PROSE = "At Kd half of the receptors are held; above it few are left for more drug. Mine: {}."
TOGETHER = (
    "Imagine a cloakroom with a hundred hooks and a crowd in the street: as long as hooks are free "
    "each new guest hangs up a coat at once, later ones wait for somebody to leave, and however "
    "long the queue becomes no more than a hundred coats ever hang there."
)


def people() -> list[tuple[str, str, str, int]]:
    """Return login, first and last name, number: odd names, and plain ones."""
    found = []
    for number in range(40):
        last, _, first = NAMES[number].rpartition(" ") if number < 10 else ("", "", "")
        last, first = last or f"Family{chr(97 + number % 26)}", first or f"Given{number}"
        found.append((f"s{number:02d}", first, last, 5000 + number))
    return found


# -- what editors make of a notebook ---------------------------------------------------------------


def colab(whole: Any) -> None:
    whole["nbformat_minor"] = 0
    whole["metadata"] = {"colab": {"provenance": []}, "kernelspec": {"name": "python3"}}
    for cell in whole["cells"]:
        cell["metadata"] |= {"id": cell.pop("id"), "colab": {"base_uri": "https://localhost:8080/"}}


def vs_code(whole: Any) -> None:
    whole["metadata"] = {"language_info": {"name": "python", "version": "3.12.1"}}
    for cell in whole["cells"]:
        cell["metadata"]["vscode"] = {"languageId": "python"}
        cell["source"] = cell["source"].replace("\n", "\r\n")


def deepnote(whole: Any) -> None:
    whole["metadata"]["deepnote_notebook_id"] = "5d0"
    for number, cell in enumerate(whole["cells"]):
        cell["metadata"] |= {"cell_id": f"{number:08x}", "deepnote_cell_type": cell["cell_type"]}


def nbclassic(whole: Any) -> None:
    whole["nbformat_minor"] = 4
    for cell in whole["cells"]:
        del cell["id"]


def jupyterlite(whole: Any) -> None:
    whole["metadata"]["kernelspec"] = {"name": "python", "display_name": "Python (Pyodide)"}
    for cell in whole["cells"]:
        cell["metadata"]["trusted"] = True


EDITORS = (colab, vs_code, deepnote, nbclassic, jupyterlite)


def work_of(number: int, released: bytes, room: Path) -> bytes:
    """Return what a student hands in: the notebook that was handed out, with answers in it."""
    if number in STRANGE:
        return STRANGE[number]
    if number in HOSTILE:
        [attack] = [one for one in ATTACKS if one.name == HOSTILE[number]]
        attack.make(room.parent / "hostile", room)
        return (room.parent / "hostile" / f"{NAME}.ipynb").read_bytes()
    whole = json.loads(released)
    answers = GOOD | {"discuss": TOGETHER if number in PAIR else PROSE.format(number)}
    if number % 2 and number not in PAIR:
        del answers["fit_kd"]
    for cell in whole["cells"]:
        cell["source"] = answers.get(cell["id"], "".join(cell["source"]))
    if number < 15:
        EDITORS[number % 5](whole)
    return json.dumps(whole).encode()


# -- a class and its platforms ---------------------------------------------------------------------


def gradebook_of_canvas(folder: Path) -> Path:
    out = io.StringIO(newline="")
    rows = csv.writer(out)
    rows.writerow(["Student", "ID", "SIS User ID", "SIS Login ID", "Section", f"{NAME} (77)"])
    rows.writerow(["    Points Possible", "", "", "", "", "20.00"])
    for login, first, last, number in people():
        section = "AB"[number % 2]
        rows.writerow([f"{last}, {first}", number, f"U{number}", login, section, ""])
    path = folder / "gradebook.csv"
    path.write_bytes(("\ufeff" + out.getvalue()).encode())
    return path


def worksheet_of_moodle(folder: Path, when: dict[int, datetime]) -> Path:
    head = (
        "Identifier,Full name,Status,Grade,Maximum grade,Grade can be changed,"
        "Last modified (submission),Last modified (grade)"
    )
    lines = [
        f'Participant {n},"{first} {last}",Submitted,,20.00,Yes,'
        f'"{when[n - 5000]:%A, %d %B %Y, %I:%M %p}",-'
        for _, first, last, n in people()
        if n - 5000 in BY_MOODLE
    ]
    path = folder / "worksheet.csv"
    path.write_text("\n".join([head, *lines, ""]), "utf-8")
    return path


def downloads(folder: Path, works: dict[int, bytes]) -> list[Path]:
    moodles, canvases = {}, {}
    for _, first, last, n in people():
        number = n - 5000
        if number in BY_MOODLE:
            plain = f"{first} {last}".replace("'", "")
            moodles[f"{plain}_{n}_assignsubmission_file_/{NAME}.ipynb"] = works[number]
        elif number in BY_CANVAS:
            plain = "".join(c for c in (last + first).lower() if c.isalnum())
            late = "_LATE" if number == 30 else ""
            canvases[f"{plain}{late}_{n}_{n + 900}_{NAME}.ipynb"] = works[number]
    paths = [folder / "m.zip", folder / "c.zip"]
    for path, files in zip(paths, (moodles, canvases), strict=True):
        path.write_bytes(zipped(files))
    return paths


def mark_by_hand(room: Path, points: dict[str, float]) -> None:
    """Give points for the written part, as formgrader does."""
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{room}/gradebook.db") as book:
        for student, score in points.items():
            grade = book.find_grade("discuss", NAME, NAME, student)
            grade.manual_score, grade.needs_manual_grade = score, False
        book.db.commit()


def mend_a_visible_test(room: Path) -> None:
    """Change a test that students see after it was handed out: all have the old one."""
    path = room / "source" / NAME / f"{NAME}.ipynb"
    text = path.read_text("utf-8")
    old, new = "half of the receptors are occupied", "one half of the receptors is held"
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), "utf-8")


def exchange(room: Path, works: dict[int, bytes]) -> list[list[str]]:
    """Return the steps by which some students hand in through nbgrader's exchange."""
    place = f"--Exchange.root={room.parent / 'exchange'}"
    steps = []
    for number in BY_EXCHANGE:
        home = room.parent / "homes" / f"s{number}" / NAME
        home.mkdir(parents=True)
        (home / f"{NAME}.ipynb").write_bytes(works[number])
        who = f"--CourseDirectory.student_id=s{number}"
        at = [f"--Exchange.assignment_dir={home.parent}", f"--Exchange.cache={room.parent}/cache"]
        steps.append(["submit", NAME, place, who, *at])
    return [*steps, ["collect", NAME, place, "--ExchangeCollect.check_owner=False"]]


@pytest.mark.sandbox
@pytest.mark.slow
def test_forty_students_and_three_ways_in(
    tmp_path: Path, ready_engine: None, run: Run, nbgrader: Nbgrader
) -> None:
    room = clone(tmp_path / "course", {NAME: assignments.receptor()})
    here = ["--course", room]
    (tmp_path / "exchange").mkdir(mode=0o777)
    (tmp_path / "exchange").chmod(0o777)
    place = f"--Exchange.root={tmp_path / 'exchange'}"
    # Before the term: who there is, what they get, until when.
    table = gradebook_of_canvas(tmp_path)
    assert run("roster", table, *here)[0] == 0
    for step in (["generate_assignment", NAME], ["release_assignment", NAME, place]):
        status, said = nbgrader(*step)
        assert status == 0, said
    status, said = run("handout", tmp_path / "class", *here)
    assert status == 0, said
    released = (tmp_path / "class" / "release" / NAME / f"{NAME}.ipynb").read_bytes()
    assert (tmp_path / f"exchange/snrilab/outbound/{NAME}/{NAME}.ipynb").read_bytes() == released
    due = datetime.now(UTC).replace(tzinfo=None, second=0, microsecond=0) - timedelta(days=2.5)
    words = ["--due", f"{due:%Y-%m-%d %H:%M}", "--zone", "UTC", "--per-day", "10"]
    assert run("deadline", NAME, *here, *words)[0] == 0
    assert run("deadline", NAME, *here, "--extend", "s06", "3d")[0] == 0
    # Work comes in: by two downloads with a worksheet, and by the exchange.
    works = {n: work_of(n, released, room) for n in range(38)}
    when = {n: due + timedelta(days=1.5 if n in {5, 6} else -1) for n in BY_MOODLE}
    rosters = ["--roster", table, "--roster", worksheet_of_moodle(tmp_path, when)]
    status, said = run("collect", *downloads(tmp_path, works), *here, *rosters, "--zone", "UTC")
    assert status == 0, said
    assert "35 new" in said
    assert "Late (2)" in said, "s05 and s30; s06 has more time"
    assert "Nothing from (5): s35, s36, s37, s38, s39" in said
    mend_a_visible_test(room)
    for step in (*exchange(room, works), ["autograde", NAME, "--student=s3[5-7]"]):
        status, said = nbgrader(*step)
        assert status == 0, said
    # The rest is graded by the other command; what is done stays.
    status, said = run("grade", NAME, *here, "--quiet")
    assert status == 1
    assert "35 graded, 3 up to date" in said
    waiting, _, odd = said.partition("Worth a look")
    assert all(f"  s{n}:" in waiting for n in STRANGE)
    looks = set(re.findall(r"(?m)^  (s\d\d): ", odd))
    assert looks == {f"s{n}" for n, how in HOSTILE.items() if how in ODD}, "no honest one"
    score = scores_of(room, NAME)
    whole = {f"s{n:02d}" for n in range(38) if n not in STRANGE and n not in HOSTILE}
    full = {name for name in whole if int(name[1:]) % 2 == 0} | {"s03"}
    assert {name: score[name] for name in full} == dict.fromkeys(full, 15.0), "in every format"
    assert {score[name] for name in whole - full} == {9.0}
    assert all(score[f"s{n}"] == 0 for n in HOSTILE)
    # A person marks what is written; a longer extension regrades one, and takes no mark away.
    points = {name: 4.0 + int(name[1:]) % 2 / 2 for name in whole}
    mark_by_hand(room, points)
    assert run("deadline", NAME, *here, "--extend", "s06", "0")[0] == 0
    status, said = run("grade", NAME, *here, "--quiet")
    assert "1 graded, 37 up to date" in said
    total = {name: score[name] + points[name] for name in whole}
    after = scores_of(room, NAME)
    assert {name: after[name] for name in whole} == total
    # The report names the two who wrote one text, and nobody else.
    assert run("report", NAME, *here)[0] == 0
    with (room / f"report_{NAME}_alike.csv").open(newline="") as file:
        alike = [set(re.findall(r"\bs\d\d\b", row["students"])) for row in csv.DictReader(file)]
    assert {frozenset(one) for one in alike} == {frozenset({"s03", "s04"})}
    # Marks go into both tables as their importers take them.
    before = table.read_bytes()
    status, said = run("grades", NAME, *here, "--into", table)
    assert status == 1, said
    taken = canvas(table.read_bytes(), {77: NAME}, {n: {} for _, _, _, n in people()})
    cost = {"s05": 0.8, "s06": 0.8, "s30": 0.9, **{f"s{n}": 0.7 for n in BY_EXCHANGE}}
    for _, _, _, n in people():
        name = f"s{n - 5000:02d}"
        if name in whole:
            wanted = total[name] * cost.get(name, 1)
            assert float(taken[n, 77]) == pytest.approx(wanted, abs=0.005), name
        elif n - 5000 not in HOSTILE:
            assert taken[n, 77] == "", name
    assert len(table.read_bytes().splitlines()) == len(before.splitlines())
    sheet = tmp_path / "worksheet.csv"
    run("grades", NAME, *here, "--into", sheet)
    names = {"identifier": "Identifier", "grade": "Grade", "hidden": "Participant "}
    names["modified"] = "Last modified (grade)"
    got = moodle(sheet.read_bytes(), names, {n: {} for n in range(5000, 5040)}, 20.0, False)
    assert got == {
        5000 + n: pytest.approx(total[f"s{n:02d}"] * cost.get(f"s{n:02d}", 1), abs=0.005)
        for n in BY_MOODLE
    }
    # Feedback goes back under the platforms' own names; pages take long, so three stand for all.
    three = ("s02", "s30", "s36")
    status, said = nbgrader("generate_feedback", NAME, "--student=s36")
    assert status == 0, said
    status, said = run("feedback", NAME, *here, *(w for one in three for w in ("--student", one)))
    assert status == 0, said
    assert "Pages: 2 made now, 1 as before." in said
    status, said = nbgrader("release_feedback", NAME, place, "--student=s36")
    assert status == 0, said
    page = (room / f"feedback/s30/{NAME}/{NAME}.html").read_text("utf-8")
    assert re.search(r"penalty \(Score: -[\d.]+\): 10 % of the points for each day", page)
    assert list((tmp_path / "exchange/snrilab/feedback").glob("*.html"))
    packed = {p.stem.rpartition("_")[2]: p for p in room.glob(f"feedback_{NAME}_*.zip")}
    assert set(packed) == {"moodle", "canvas", "others"}
    back = {name: path.read_bytes() for name, path in packed.items()}
    assert list(moodle_feedback(back["moodle"], range(5000, 5020))) == [5002]
    assert list(canvas_feedback(back["canvas"], {n + 900: n for n in range(5018, 5035)})) == [5030]
    assert zipfile.ZipFile(io.BytesIO(back["others"])).namelist() == [f"s36/{NAME}.html"]
