"""A class without a jail: its work, its marks, and the tables of its platform."""

from __future__ import annotations

import io
import shutil
import warnings
import zipfile
from typing import TYPE_CHECKING

import pytest

pytest.importorskip(
    "nbgrader", reason="the classroom needs nbgrader: pip install 'snrilab[classroom]'"
)

from snrilab import __main__
from snrilab.grading import proof_process, worker_pool
from tests.classroom import lecture
from tests.conftest import ROOT
from tests.grading import assignments, warm
from tests.grading.conftest import jail, write_course
from tests.grading.conftest import nbgrader as steps_of_nbgrader

__all__ = ["jail"]  # the same fixture, for who grades

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.classroom.lecture import Lecture

ROSTER = """id,first_name,last_name,email,lms_user_id
anna,Anna,Alt,anna@example.org,12345
ben,Ben,Berg,ben@example.org,12346
emma,Emma,Ek,emma@example.org,12347
oh,Sean,O'Hara-Lind,sean@example.org,12348
hans,Hans Jörg,Müller,hans@example.org,12349
zoe,Zoë,Zander,zoe@example.org,12350
"""


@pytest.fixture
def room(tmp_path: Path) -> Path:
    """A course folder with one assignment, `cohort`, and a roster."""
    root = write_course(tmp_path / "course", {"cohort": assignments.cohort()}, {})
    (root / "students.csv").write_text(ROSTER, "utf-8")
    return root


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str]]:
    """Run a command of `snrilab`; return its exit status and all that it says."""

    def command(*words: object) -> tuple[int, str]:
        status = __main__.main([str(word) for word in words])
        said = capsys.readouterr()
        return status, said.out + said.err

    return command


@pytest.fixture
def ready_engine(jail: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let commands grade, one submission at a time, and prove with an engine that is ready."""
    engine = tuple(warm.worker())
    monkeypatch.setattr(worker_pool, "default_size", lambda: 1)
    monkeypatch.setattr(worker_pool, "COMMAND", engine)
    monkeypatch.setattr(proof_process, "COMMAND", (*engine, warm.PROVES))


def clone(folder: Path, sources: dict[str, str]) -> Path:
    """Lay out assignments of one's own beside the lessons: what a clone of the project is."""
    room = write_course(folder, sources, {})
    for name in (
        "course", "snrilab", "tools", "Makefile", "README.md", "LICENSE", "pyproject.toml",
        "requirements.lock",
    ):  # fmt: skip
        (room / name).symlink_to(ROOT / name)
    shutil.copy(ROOT / "nbgrader_config.py", room)
    return room


class Nbgrader:
    """Runs nbgrader's commands in a course folder."""

    def __init__(self, room: Path) -> None:
        self.room = room

    def __call__(self, *words: str) -> tuple[int, str]:
        """Return the exit status and what was said."""
        done = steps_of_nbgrader(self.room, list(words))
        return done.returncode, done.stdout + done.stderr


@pytest.fixture
def nbgrader(tmp_path: Path) -> Nbgrader:
    """nbgrader's commands for the course in `tmp_path`."""
    return Nbgrader(tmp_path / "course")


def work(note: str = "") -> bytes:
    """Return a whole notebook of a student."""
    done = assignments.submit(assignments.cohort())
    return done if not note else done.replace(b"{", b"{" + b" " * len(note), 1)


def zipped(files: dict[str, bytes], when: Callable[[int], tuple] | None = None) -> bytes:
    """Return an archive; each member's time is `when` of its number."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number, (name, data) in enumerate(files.items()):
            info = zipfile.ZipInfo(name, when(number) if when else (2026, 11, 21, 9, 0, 0))
            archive.writestr(info, data)
    return out.getvalue()


@pytest.fixture(scope="session")
def blank_gradebook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """nbgrader's gradebook with its tables, made once."""
    import sqlalchemy as sa

    from snrilab.grading.gradebook import create_tables

    path = tmp_path_factory.mktemp("gradebook") / "gradebook.db"
    engine = sa.create_engine(f"sqlite:///{path}")
    create_tables(engine)
    engine.dispose()
    return path


@pytest.fixture
def marked(room: Path, blank_gradebook: Path) -> Callable[..., Path]:
    """Give students marks of 100 points, in nbgrader's own gradebook."""
    from nbgrader.api import Gradebook

    def give(**scores: float | None) -> Path:
        shutil.copy(blank_gradebook, room / "gradebook.db")
        with (
            warnings.catch_warnings(),
            Gradebook(f"sqlite:///{room}/gradebook.db") as book,
        ):
            warnings.simplefilter("ignore")  # nbgrader's own way to add a submission
            book.add_assignment("cohort")
            book.add_notebook("cohort", "cohort")
            book.add_grade_cell("all", "cohort", "cohort", max_score=100, cell_type="code")
            for student, score in scores.items():
                book.add_student(student)
                book.add_submission("cohort", student)
                grade = book.find_grade("all", "cohort", "cohort", student)
                grade.auto_score = score
                grade.needs_manual_grade = score is None
                if not (work := room / "submitted" / student / "cohort").is_dir():
                    work.mkdir(parents=True)
                    (work / "cohort.ipynb").write_text("{}")
            book.db.commit()
        return room

    return give


@pytest.fixture(scope="session")
def forty(tmp_path_factory: pytest.TempPathFactory) -> Lecture:
    """A class of forty with known truth, graded; nobody changes it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # nbgrader's own ways
        return lecture.make(tmp_path_factory.mktemp("lecture"))
