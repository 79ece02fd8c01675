"""What a class gets works, and holds nothing that it should not."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Run = Callable[..., tuple[int, str]]


@pytest.fixture(scope="module")
def handed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from snrilab.classroom._handout import hand_out

    folder = tmp_path_factory.mktemp("class") / "antidepressants"
    hand_out(ROOT, folder)
    return folder


def in_folder(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    return subprocess.run(
        words, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=120
    )


def test_nothing_for_teachers_travels(handed: Path) -> None:
    names = {path.relative_to(handed).as_posix() for path in handed.rglob("*")}
    assert not [n for n in names if re.search(r"(^|/)(source|grading|classroom|teaching)(/|$)", n)]
    assert not [n for n in names if n.endswith(("answers.py", ".pyc", "nbgrader_config.py"))]
    assert {"course/02_binding_assays.ipynb", "release/ps2_binding/cases.csv"} <= names
    texts = {p: p.read_text("utf-8") for p in handed.rglob("*") if p.suffix in {".py", ".ipynb"}}
    assert len(texts) > 80
    for path, text in texts.items():
        assert "BEGIN HIDDEN TESTS" not in text, path
        assert "BEGIN MARK SCHEME" not in text, path


SECRET = re.compile(r"(?s)BEGIN (HIDDEN TESTS|SOLUTION)(.*?)END (HIDDEN TESTS|SOLUTION)")


def cells_of(path: Path) -> list[str]:
    return ["".join(c["source"]) for c in json.loads(path.read_text("utf-8"))["cells"]]


def test_no_solution_of_an_assignment_is_readable(handed: Path) -> None:
    """Every longer line that only a solution or a hidden test has."""
    library = "\n".join(path.read_text("utf-8") for path in handed.rglob("*.py"))
    count = 0
    for path in ROOT.glob("source/*/*.ipynb"):
        texts = cells_of(path)
        released = "\n".join(cells_of(handed / "release" / path.relative_to(ROOT / "source")))
        shown = "\n".join(SECRET.sub("", text) for text in texts)
        blocks = [found[2] for text in texts for found in SECRET.finditer(text)]
        lines = {line.strip() for block in blocks for line in block.splitlines()}
        lines = {line for line in lines if len(line) > 40 and "import " not in line}
        secret = {line for line in lines if line not in shown}
        count += len(secret)
        assert not [line for line in secret if line in released]
        assert not [line for line in secret if line in library]
    assert count > 100


def test_each_assignment_says_what_its_answers_may_import(handed: Path) -> None:
    """In the text that students get, word for word what grading will allow."""
    from snrilab.grading import library

    books = sorted((handed / "release").glob("*/*.ipynb"))
    assert len(books) >= 6
    for book in books:
        whole = json.loads(book.read_text("utf-8"))
        marks = [(c, c["metadata"].get("nbgrader", {})) for c in whole["cells"]]
        setups = [
            "".join(cell["source"]) for cell, mark in marks
            if cell["cell_type"] == "code" and not (mark.get("grade") or mark.get("solution"))
        ]  # fmt: skip
        said = library.sentence(library.declared(whole["metadata"], setups))
        shown = [" ".join(text.split()) for text in cells_of(book)]
        assert any(said in text for text in shown), book.name


def test_it_works_without_what_was_left_at_home(handed: Path) -> None:
    code = "import snrilab, sys; print(snrilab.__file__); import snrilab.feedback, snrilab.explore"
    said = in_folder(handed, sys.executable, "-c", code)
    assert said.returncode == 0, said.stderr
    assert said.stdout.startswith(str(handed))
    said = in_folder(handed, sys.executable, "-m", "snrilab", "check")
    assert said.returncode == 0, said.stdout + said.stderr
    mine = "release/ps1_synapse/ps1_synapse.ipynb"
    said = in_folder(handed, sys.executable, "-m", "snrilab", "check", mine)
    assert said.returncode == 1
    assert said.stderr.count("\n") == 1
    assert "Kernel > Restart Kernel and Run All Cells" in said.stderr, "what a learner does instead"
    said = in_folder(handed, sys.executable, "-m", "snrilab", "--help")
    assert "lab" in said.stdout
    assert "grade" not in said.stdout


def test_it_can_be_installed(handed: Path, tmp_path: Path) -> None:
    """As `make lab` does it: the build needs what pyproject.toml names."""
    code = f"import hatchling.build as b; print(b.build_editable({str(tmp_path)!r}))"
    said = in_folder(handed, sys.executable, "-c", code)
    assert said.returncode == 0, said.stderr
    assert said.stdout.startswith("snrilab-")


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
def test_its_makefile_opens_the_course_and_nothing_else(handed: Path) -> None:
    said = in_folder(handed, "make", "-n", "lab")
    assert said.returncode == 0, said.stderr
    assert "snrilab lab" in said.stdout
    assert "requirements.lock" in said.stdout
    targets = set(re.findall(r"(?m)^([a-z ]+):(?!=)", (handed / "Makefile").read_text()))
    assert targets == {"lab", "clean"}


def test_learners_copies_are_laid_out_from_it(handed: Path, tmp_path: Path) -> None:
    from snrilab import working_copy

    working_copy.update(handed / "course", tmp_path / "mine")
    assert (tmp_path / "mine" / "ps2_binding" / "ps2_binding.ipynb").is_file()
    assert (tmp_path / "mine" / "00_start.ipynb").is_file()


def test_the_readme_says_what_stays_readable(handed: Path) -> None:
    text = (handed / "README.md").read_text("utf-8")
    assert "readable in\n`snrilab/exercises/`" in text
    assert "py -m venv .venv" in text
    for link in re.findall(r"\]\(([^)]+)\)", text):
        assert link.startswith("https://") or (handed / link).exists()


def test_where_a_handout_cannot_go(tmp_path: Path, run: Run) -> None:
    full = tmp_path / "full"
    full.mkdir()
    (full / "letter.txt").write_text("mine")
    for folder, why in (
        (full, "is not empty"),
        (ROOT, "holds the course itself"),
        (ROOT / "source" / "x", "lies within source/"),
    ):
        status, said = run("handout", folder, "--course", ROOT)
        assert status == 2
        assert why in said
    assert (full / "letter.txt").read_text() == "mine"
    (tmp_path / "source").mkdir()
    status, said = run("handout", tmp_path / "new", "--course", tmp_path)
    assert status == 2
    assert "is no clone of the project" in said
    status, said = run("handout", tmp_path / "new", "--course", ROOT, "--assignment", "ps99")
    assert status == 2
    assert "there is no release/ps99" in said


def test_a_handout_is_made_anew_with_what_was_wanted(tmp_path: Path, run: Run) -> None:
    words = ["handout", tmp_path / "class", "--course", ROOT]
    assert run(*words)[0] == 0
    status, said = run(*words, "--assignment", "ps2_binding")
    assert status == 0
    assert "13 lessons, 1 assignment (ps2_binding), the library" in said
    assert [p.name for p in (tmp_path / "class" / "release").iterdir()] == ["ps2_binding"]


def test_a_handout_that_shows_an_earlier_answer_says_so_until_that_is_due(
    tmp_path: Path, run: Run
) -> None:
    """Assignment 3 brings along the curve that assignment 2 asks for."""
    gradebook = ["--db", f"sqlite:///{tmp_path}/gradebook.db"]
    words = ["handout", tmp_path / "class", "--course", ROOT, *gradebook]
    status, said = run(*words)
    assert status == 0
    [told] = [line for line in said.splitlines() if line.startswith("WORTH WAITING")]
    assert re.search(r"ps3_selectivity shows \d+ lines of the answers of ps2_binding, which", told)
    assert "no due date" in told
    assert "WORTH WAITING" not in run(*words, "--assignment", "ps2_binding")[1]
    for due, waits in (("2001-01-01", False), ("2999-01-01", True)):
        assert run("deadline", "ps2_binding", "--course", ROOT, *gradebook, "--due", due)[0] == 0
        assert (f"which is due {due}" in run(*words)[1]) == waits


def test_a_new_assignment_is_ready_as_it_stands(room: Path, run: Run) -> None:
    status, said = run("new-assignment", "ps7_kinetics", "--course", room)
    assert status == 0
    status, said = run("check", "ps7_kinetics", "--course", room)
    assert status == 0, said
    assert "model answer: 5 of 5 points" in said
    assert "untouched release: 0 of 5" in said
    status, said = run("new-assignment", "ps7_kinetics", "--course", room)
    assert status == 2
    assert "is there already" in said
    for name in ("../x", "", "a b", "-x"):
        assert run("new-assignment", "--course", room, "--", name)[0] == 2
