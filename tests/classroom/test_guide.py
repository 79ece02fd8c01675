"""The teacher's guide: every command in it, on a small class, in its order; and the rubrics."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from snrilab.classroom._new_assignment import new_assignment
from tests.classroom.conftest import Nbgrader, clone, zipped
from tests.conftest import ROOT
from tests.grading import assignments

if TYPE_CHECKING:
    from collections.abc import Callable

    Run = Callable[..., tuple[int, str]]

TEACHING = ROOT / "course" / "teaching"
GUIDE = (TEACHING / "guide.md").read_text("utf-8")
NAME = "ps2_binding"
# The guide's date, and one that is past whenever this runs.
SAID, DUE = "2026-11-20", datetime.now(UTC).date() - timedelta(days=3)
SERVERS = ("make teach", f"snrilab mark {NAME}")
WAITS = {f"snrilab mark {NAME} --left": 1}  # all of them, as nobody has marked yet
PEOPLE = {
    "anna": ("Anna", "Alt", 12345), "ben": ("Ben", "Berg", 12346), "emma": ("Emma", "Ek", 12347),
    "oh": ("Sean", "O'Hara", 12348), "hans": ("Hans", "Müller", 12349),
    "zoe": ("Zoë", "Zander", 12350), "kim": ("Kim", "Kern", 12351),
}  # fmt: skip


def boxes() -> list[str]:
    """Return the lines that a teacher is told to type."""
    blocks = re.findall(r"(?ms)^```sh\n(.*?)^```$", GUIDE)
    return [line for block in blocks for line in block.splitlines() if line.strip()]


@cache
def source() -> str:
    """Return a small assignment: the template of `snrilab new-assignment`."""
    with tempfile.TemporaryDirectory() as folder:
        return new_assignment(Path(folder), NAME).read_text("utf-8")


def work(student: str) -> bytes:
    answer = "def fraction_bound(conc_nM, kd_nM):\n    return conc_nM / (conc_nM + kd_nM)"
    words = {"fraction-bound": answer, "meaning": f"It is flat far above Kd, says {student}."}
    return assignments.submit(source(), **words)


def files_of_platforms(room: Path) -> None:
    """Lay into the course folder what the guide's commands find there."""
    after = DUE + timedelta(days=1)
    table = io.StringIO(newline="")
    rows = csv.writer(table)
    rows.writerow(["Student", "ID", "SIS Login ID", "Section", f"{NAME} (77)"])
    rows.writerow(["    Points Possible", "", "", "", "10.00"])
    for student, (first, last, number) in PEOPLE.items():
        rows.writerow([f"{last}, {first}", number, student, "AB"[number % 2], ""])
    (room / "gradebook.csv").write_text(table.getvalue(), "utf-8")
    (room / "worksheet.csv").write_text(
        "Identifier,Full name,Status,Grade,Maximum grade,Grade can be changed,"
        "Last modified (submission),Last modified (grade)\n"
        f'Participant 901,Anna Alt,Submitted,,10.00,Yes,"{DUE:%A, %d %B %Y}, 8:05 PM",-\n'
        f'Participant 902,Ben Berg,Submitted,,10.00,Yes,"{after:%A, %d %B %Y}, 9:00 AM",-\n'
    )
    (room / "participants.csv").write_text(
        "First name,Last name,Email address\nAnna,Alt,anna@uni.example\n"
        "Petra,Lecturer,petra@uni.example\n"
    )
    (room / "groups.csv").write_text(
        "name,canvas_user_id,login_id,sections,group_name\n"
        "Sean O'Hara,12348,oh,A,The Pump\nHans Müller,12349,hans,B,The Pump\n"
    )
    for name, files in {
        "moodle": {
            f"{who}_assignsubmission_file_/{NAME}.ipynb": work(who[:4])
            for who in ("Anna Alt_901", "Ben Berg_902")
        },
        "submissions": {f"ekemma_12347_61_{NAME}.ipynb": work("emma")},
        "groupwork": {f"thepump_12348_62_{NAME}.ipynb": work("the pump")},
        "other": {f"zoe_{NAME}.ipynb": work("zoe")},
    }.items():
        (room / f"{name}.zip").write_bytes(zipped(files))


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A teacher's course folder, with an environment that `make` finds ready."""
    room = clone(tmp_path / "course", {NAME: source()})
    files_of_platforms(room)
    with (room / "nbgrader_config.py").open("a") as file:
        file.write(f"c.Exchange.root = {str(tmp_path / 'exchange')!r}\n")
        file.write(f"c.Exchange.cache = {str(tmp_path / 'cache')!r}\n")
    (tmp_path / "exchange").mkdir()
    (tmp_path / "exchange").chmod(0o777)
    environment = room / ".venv"
    environment.mkdir()
    for path in Path(sys.prefix).iterdir():
        if not path.name.startswith("."):
            (environment / path.name).symlink_to(path)
    (environment / ".lab").write_text(f"{room}\n")
    (environment / ".teach").write_text("done\n")
    monkeypatch.chdir(room)
    monkeypatch.setenv("BROWSER", shutil.which("true") or "true")
    return room


def ask_once(command: str, room: Path) -> None:
    """Start what opens a page, ask for it, and end it as a teacher does."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = shlex.split(command)
    if words[0] == "snrilab":
        words = [sys.executable, "-m", "snrilab", *words[1:], "--port", str(port)]
    with (room / "server.log").open("w") as log:
        server = subprocess.Popen(
            words, cwd=room, stdout=log, stderr=log, start_new_session=True,
            env=os.environ | {"PORT": str(port)},
        )  # fmt: skip
    until = time.monotonic() + 180
    try:
        while (answer := answered(port)) is None:
            said = (room / "server.log").read_text()
            assert server.poll() is None, said
            assert time.monotonic() < until, said
            time.sleep(0.2)
        assert answer in {200, 401, 403}, "a page, or it wants its token"
    finally:
        os.killpg(server.pid, signal.SIGINT)
        time.sleep(0.5)
        if server.poll() is None:
            os.killpg(server.pid, signal.SIGTERM)
        server.wait(60)


def answered(port: int) -> int | None:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=60) as page:
            return page.status
    except urllib.error.HTTPError as refused:
        return refused.code
    except OSError:
        return None


def hand_in_by_the_exchange(room: Path, nbgrader: Nbgrader, student: str) -> None:
    home = room.parent / "homes"
    (home / NAME).mkdir(parents=True)
    (home / NAME / f"{NAME}.ipynb").write_bytes(work(student))
    who = [f"--CourseDirectory.student_id={student}", f"--Exchange.assignment_dir={home}"]
    status, said = nbgrader("submit", NAME, *who)
    assert status == 0, said


def give_points(room: Path) -> None:
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{room}/gradebook.db") as book:
        for student in PEOPLE:
            grade = book.find_grade("meaning", NAME, NAME, student)
            grade.manual_score, grade.needs_manual_grade = 4.0, False
        book.db.commit()


@pytest.mark.sandbox
@pytest.mark.slow
@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
def test_every_command_of_the_guide_in_its_order(
    desk: Path, ready_engine: None, run: Run, nbgrader: Nbgrader
) -> None:
    typed = boxes()
    assert len(typed) >= 35
    assert set(SERVERS) <= set(typed)
    said: dict[str, str] = {}
    wrong = []
    for line in typed:
        words = shlex.split(line.replace(SAID, f"{DUE}"))
        status, told = 0, ""
        if line in SERVERS:
            ask_once(line, desk)
        elif words[0] == "source":
            found = subprocess.run(
                ["bash", "-c", f"{line} && command -v snrilab nbgrader"],
                cwd=desk, capture_output=True, text=True, check=False,
            )  # fmt: skip
            status, told = found.returncode, found.stdout + found.stderr
        elif words[0] == "snrilab":
            status, told = run(*words[1:])
        else:
            assert words[0] == "nbgrader", line
            status, told = nbgrader(*words[1:])
        said[line] = told
        if status != WAITS.get(line, 0):
            wrong.append(f"{line} ends with {status}:\n{told[-1500:]}")
        if line == f"nbgrader release_assignment {NAME}":
            hand_in_by_the_exchange(desk, nbgrader, "kim")
        if line == SERVERS[1]:
            give_points(desk)
    assert not wrong, "\n\n".join(wrong)
    # What came of it is what the guide says.
    assert "7 students" in said["snrilab roster gradebook.csv"]
    without = said['snrilab roster participants.csv gradebook.csv --without "Petra Lecturer"']
    assert "7 students (1 of participants.csv, 6 of gradebook.csv and 1 known already)" in without
    rule = "10 % of the points for each day begun; the first 15 minutes cost nothing"
    assert rule in said[f"snrilab deadline {NAME}"]
    assert "anna: extension of 2 days" in said[f"snrilab deadline {NAME}"]
    assert "Dry run" in next(told for line, told in said.items() if line.endswith("--dry-run"))
    placed = {path.name for path in (desk / "submitted").iterdir()}
    assert placed == set(PEOPLE)
    with (desk / "gradebook.csv").open(newline="") as file:
        marks = {row["SIS Login ID"]: row[f"{NAME} (77)"] for row in csv.DictReader(file)}
    assert marks.pop("") == "10.00"
    assert marks.pop("ben") == "8.10", "a day late costs ten per cent, of the written part too"
    assert float(marks.pop("kim")) < 8, "by the exchange, and later still"
    assert set(marks.values()) == {"9.00"}
    pages = {path.parent.parent.name for path in desk.glob("feedback/*/*/*.html")}
    assert pages == set(PEOPLE)
    assert (desk / "gradebook.csv.before").is_file()
    assert (desk / "grades.csv").is_file()
    assert "Anna" not in (desk / "handed_on.html").read_text("utf-8")
    assert (desk / "release" / "ps7_mine" / "ps7_mine.ipynb").is_file()
    # Two courses on one exchange do not collide once one has another name.
    [line] = re.findall(r"(?ms)^```python\n(c\..*?)\n^```$", GUIDE)
    with (desk / "nbgrader_config.py").open("a") as file:
        file.write(line + "\n")
    status, told = nbgrader("release_assignment", NAME)
    assert status == 0, told
    shared = {path.name for path in (desk.parent / "exchange").iterdir()}
    assert shared == {"snrilab", "pharmacology-b"}


def test_the_guide_names_every_command_of_a_teacher() -> None:
    import argparse

    from snrilab.classroom import add_commands
    from snrilab.grading.commands import add_commands as add_grading

    commands = argparse.ArgumentParser().add_subparsers()
    add_commands(commands)
    add_grading(commands)
    assert [name for name in commands.choices if f"snrilab {name}" not in GUIDE] == []
    typed = [shlex.split(line) for line in boxes()]
    for words in (one for one in typed if one[0] == "snrilab" and one[1] in commands.choices):
        known = commands.choices[words[1]].format_help()
        assert [w for w in words[2:] if w.startswith("--") and w not in known] == []


ELSEWHERE = {
    "roster": ["students.csv"], "collect": ["x.zip"], "grades": ["ps2", "--into", "x.csv"],
    "handout": ["../class"], "new-assignment": ["ps7"], "report": [], "doctor": [],
}  # fmt: skip


@pytest.mark.parametrize(
    "command",
    [*ELSEWHERE, "feedback", "mark", "deadline", "grade", "check"],
)
def test_every_command_says_where_there_is_no_course(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Callable, command: str
) -> None:
    words = [command, *ELSEWHERE.get(command, ["ps2"])]
    folder = tmp_path / "course"
    empty = folder / "empty"
    empty.mkdir(parents=True)
    monkeypatch.chdir(empty)
    status, said = run(*words)
    assert status == (1 if command == "doctor" and "MISSING" in said else 2 * (command != "doctor"))
    told = f"no course here: {empty} has no nbgrader_config.py and no source/"
    assert f"{told}. Go to the folder of your course, or add --course FOLDER." in said
    if command != "doctor":
        assert said.count("\n") == 1, "one sentence"
    assert list(empty.iterdir()) == [], "nothing is made there"
    # Walls are no matter of folders: the doctor has built them once.
    monkeypatch.setattr("snrilab.grading.jail.missing_walls", lambda: "")
    (folder / "nbgrader_config.py").touch()  # in a folder of the course
    _, said = run(*words)
    assert f"{told}. There is one in {folder}: cd {folder}, or add --course {folder}" in said
    monkeypatch.chdir(tmp_path)
    _, said = run(*words)
    assert f"There is one in {folder}" in said, "or one step too high"


def test_who_reads_the_first_lines_alone_stops_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As `| head` does: what is said later goes nowhere, and no line of Python's comes instead."""
    from snrilab.classroom import _commands

    reads, writes = os.pipe()
    os.close(reads)
    with os.fdopen(writes, "w") as pipe:
        monkeypatch.setattr(sys, "stdout", pipe)
        for _ in range(3):
            _commands._say("line")
        monkeypatch.undo()


def test_a_course_may_call_its_folders_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Callable
) -> None:
    """Settings for the whole machine, and a folder with nothing but its own sources."""
    settings = tmp_path / "settings"
    settings.mkdir()
    named = "get_config().CourseDirectory.source_directory = 'masters'\n"
    (settings / "nbgrader_config.py").write_text(named)
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", str(settings))
    (tmp_path / "course/masters").mkdir(parents=True)
    for command in ("grade", "check", "deadline", "mark"):
        _, said = run(command, "ps2", "--course", tmp_path / "course")
        assert "no course here" not in said, command
        assert said


def test_the_guide_is_short_and_its_links_lead_somewhere() -> None:
    assert 1500 < len(GUIDE.split()) < 3000, "twenty minutes"
    for target in re.findall(r"\]\(([^)\s]+)\)", GUIDE):
        assert (TEACHING / target).is_file(), target


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_git_leaves_a_class_out() -> None:
    if not (ROOT / ".git").exists():
        pytest.skip("no clone")
    names = [
        "gradebook.db", "students.csv", "gradebook.csv", "gradebook.csv.before", "worksheet.csv",
        "moodle.zip", "feedback_ps2_binding.zip", "grades.csv", "report_ps2_binding.html",
        "late_rules.json", ".snrilab/pseudonyms.csv", "submitted/anna/x", "autograded/anna/x",
        "feedback/anna/x",
    ]  # fmt: skip
    said = subprocess.run(
        ["git", "check-ignore", *names], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert said.stdout.split() == names
    handed_in = "submitted/anna/ps2_binding/ps2_binding.ipynb"  # of a copy that git makes
    said = subprocess.run(
        ["git", "check-attr", "text", handed_in], cwd=ROOT, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert said.stdout.strip().endswith("text: unset"), "its line ends stay the student's"
    tracked = subprocess.run(
        ["git", "ls-files", "-ci", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert tracked.stdout == "", "and nothing of the project"


# -- rubrics ---------------------------------------------------------------------------------------

RUBRICS = (TEACHING / "rubrics.md").read_text("utf-8")
SECTIONS = re.findall(
    r"(?ms)^## (\w+), part (\w): (\d+) of (\d+) points\n(.*?)(?=^## |\Z)", RUBRICS
)


def written_cell(name: str) -> tuple[str, float]:
    """Return the text and points of an assignment's written answer."""
    whole = json.loads((ROOT / "source" / name / f"{name}.ipynb").read_text("utf-8"))
    [cell] = [c for c in whole["cells"] if c["id"] == "written-answer"]
    return "".join(cell["source"]), cell["metadata"]["nbgrader"]["points"]


def test_each_assignment_has_a_rubric_with_three_levels() -> None:
    names = sorted(path.name for path in (ROOT / "source").iterdir() if path.is_dir())
    assert [section[0] for section in SECTIONS] == names


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section[0])
def test_a_rubric_is_the_mark_scheme_of_its_source(section: tuple[str, ...]) -> None:
    from snrilab.grading.rubric import most_of, read_items

    name, part, of_part, of_cell, text = section
    source, points = written_cell(name)
    items = read_items(source)
    assert most_of(items) == points == float(of_cell)
    mine = [item for item in items if re.match(rf"{part}\d?, ", item.words)]
    assert most_of(mine) == float(of_part)
    rows = [
        [cell.strip() for cell in line.strip("| ").split(" | ")]
        for line in text.splitlines()
        if line.startswith("| ") and not line.startswith(("| item", "| **"))
    ]
    plain = [re.sub(rf"^{part}\d?, ", "", item.words) for item in mine]
    assert [row[0] for row in rows] == plain
    for row, item in zip(rows, mine, strict=True):
        allowed = {*item.points, 0.0}
        assert [float(points) for points in row[1].split(" or ")] == list(item.points)
        full, middle, weak = map(float, row[2:])
        assert {full, middle, weak} <= allowed
        assert full == item.points[0]
        assert full >= middle >= weak
    [together] = re.findall(r"\| \*\*together\*\* \| (.*) \|", text)
    sums = [sum(float(row[place]) for row in rows) for place in (2, 3, 4)]
    assert [float(one) for one in together.split(" | ")] == [float(of_part), *sums]
    assert sums[0] > sums[1] > sums[2]
    for level, earned in zip(("Middle", "Weak"), sums[1:], strict=True):
        [why] = re.findall(rf"(?ms)^\*\*{level}\.\*\*.*?\*Why ([\d.]+):\*", text)
        assert float(why) == earned
    assert re.search(r"(?m)^\*\*Full\.\*\* ", text)


def test_numbers_in_the_full_answers_are_computed_again() -> None:
    full = {s[0]: re.search(r"(?s)\*\*Full\.\*\*(.*?)\n\n", s[4])[1] for s in SECTIONS}
    said = {name: text.replace("\n", " ") for name, text in full.items()}
    rise = 1 / (0.18 + 0.82 * (1 - 0.91))
    assert f"{rise:.1f} times" in said["ps1_synapse"]
    assert f"{2.63 / rise:.0%}".replace("%", " %") in said["ps1_synapse"]
    assert f"{(1 / 2.63 - 0.09) / 0.91:.0%}".replace("%", " %") in said["ps1_synapse"]
    assert f"{6 / (1 + 10 / 2.5):.1f} nM" in said["ps2_binding"]
    assert f"{(6 - 0.5) / (1 + 10 / 2.5):.1f} nM" in said["ps2_binding"]
    from snrilab import evidence

    for kind, basis in (("Ki", "binding_Ki"), ("IC50", "uptake_IC50")):
        for target in ("SERT", "NET"):
            k_nM = evidence.get(
                "levomilnacipran", kind, target=target, basis=basis, source="auclair2013"
            ).value
            assert f"{100 * 230 / (230 + k_nM):.0f} %" in said["ps3_selectivity"], (kind, target)
    assert f"{1 / (0.514 - 0.363):.1f}-fold" in said["ps5_dosing_occupancy"]
    assert f"{0.363 * 19.0:.1f} L/h" in said["ps5_dosing_occupancy"]


def test_rubrics_stay_out_of_what_learners_get(tmp_path: Path) -> None:
    from snrilab.classroom._handout import hand_out
    from tools.site.pages import _teaching

    hand_out(ROOT, tmp_path / "class")
    _teaching(tmp_path / "site")
    for folder in ("class", "site"):
        names = {path.name for path in (tmp_path / folder).rglob("*")}
        assert "rubrics.md" not in names
    assert "guide.md" in {path.name for path in (tmp_path / "site").iterdir()}
    texts = [path.read_text("utf-8") for path in (tmp_path / "site").glob("*.md")]
    assert not [text for text in texts if "](rubrics.md" in text]
