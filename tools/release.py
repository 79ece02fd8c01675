"""Make `release/` from `source/`: `python -m tools.release`; and a course to grade in tests.

Everything happens in a temporary course with its own gradebook, so that a teacher's gradebook is
never touched, and the same source always gives the same bytes.
"""

from __future__ import annotations

import copy
import functools
import logging
import shutil
import sys
import tempfile
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
from nbgrader.api import Gradebook
from nbgrader.apps import NbGraderAPI
from sqlalchemy import create_engine
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from snrilab.grading.gradebook import create_tables

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parent.parent
CONFIG = "nbgrader_config.py"


def assignments() -> list[str]:
    """Return the names of all assignments."""
    return sorted(path.name for path in (ROOT / "source").iterdir() if path.is_dir())


def of_the_course() -> list[str]:
    """Return the names of the assignments that declare their answers beside the notebook.

    They are held to the rules of this course. An assignment of a teacher's own needs no declaration
    and keeps no rule but nbgrader's: `snrilab check` proves it.
    """
    return [name for name in assignments() if (ROOT / "source" / name / "answers.py").is_file()]


class Course:
    """A course in a folder of its own, with the committed sources and settings but one.

    It grades as nbgrader does by itself, in one process with the answers: so an answer may be taken
    from its declaration, which the grading engine's jail does not show to anybody.
    """

    def __init__(self, folder: Path, *, prove: bool = True) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copytree(ROOT / "source", folder / "source", dirs_exist_ok=True)
        shutil.copy(ROOT / CONFIG, folder)
        config = Config(PyFileConfigLoader(CONFIG, path=str(folder)).load_config())
        config.pop("Autograde", None)
        if not prove:  # the gate tries the tests; here they have only to be written
            config.pop("GenerateAssignment", None)
        config.CourseDirectory.root = str(folder)
        config.CourseDirectory.db_url = self.database
        config.NbGraderAPI.log_level = logging.ERROR
        self.api = NbGraderAPI(config=config)
        self.api.log_level = logging.ERROR
        self._create_gradebook()

    def _create_gradebook(self) -> None:
        """Make nbgrader's tables here: nbgrader starts a programme for it, which takes seconds."""
        engine = create_engine(self.database)
        create_tables(engine)
        engine.dispose()

    @property
    def database(self) -> str:
        """URL of the gradebook."""
        return f"sqlite:///{self.folder / 'gradebook.db'}"

    def gradebook(self) -> Gradebook:
        """Open the gradebook; use it in a `with`."""
        return Gradebook(self.database, "snrilab")

    def release(self, assignment: str) -> Path:
        """Generate what students get; return its folder."""
        _run(self.api.generate_assignment, assignment)
        return self.folder / "release" / assignment

    def submit(self, student: str, assignment: str, notebook: Any) -> None:
        """Put a notebook (or its text) where collected work lies."""
        path = self.folder / "submitted" / student / assignment / f"{assignment}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        text = notebook if isinstance(notebook, str) else nbformat.writes(notebook)
        path.write_text(text, encoding="utf-8")

    def autograde(self, student: str, assignment: str) -> None:
        """Grade one student's work the way nbgrader does."""
        _run(self.api.autograde, assignment, student)

    def feedback(self, student: str, assignment: str) -> str:
        """Write one student's feedback; return the page."""
        _run(self.api.generate_feedback, assignment, student)
        page = self.folder / "feedback" / student / assignment / f"{assignment}.html"
        return page.read_text(encoding="utf-8")

    def scores(self, student: str, assignment: str) -> dict[str, float]:
        """Return the score of each graded cell."""
        with self.gradebook() as gradebook:
            submission = gradebook.find_submission(assignment, student)
            return {g.name: g.score for notebook in submission.notebooks for g in notebook.grades}


def _run(step: Callable[..., dict[str, Any]], *names: str) -> None:
    """Run one step of nbgrader; its own warnings are not ours, its failures are."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        result = step(*names, force=True)
    if not result["success"]:
        raise RuntimeError(result.get("error") or result.get("log"))


def solutions(notebook: Any) -> dict[str, str]:
    """Return the source of each solution cell by its grade_id."""
    return {
        cell.id: cell.source
        for cell in notebook.cells
        if cell.metadata.get("nbgrader", {}).get("solution")
    }


def answered(released: Any, answers: dict[str, str]) -> Any:
    """Return a copy of the released notebook with these answers in its solution cells."""
    notebook = copy.deepcopy(released)
    for cell in notebook.cells:
        if cell.id in answers and cell.metadata.get("nbgrader", {}).get("solution"):
            cell.source = answers[cell.id]
    return notebook


@functools.cache
def fresh_release(assignment: str, *, prove: bool = False) -> dict[str, bytes]:
    """Return the files of a fresh release, by name; prove its tests first where that is wanted."""
    with tempfile.TemporaryDirectory() as folder:
        released = Course(Path(folder), prove=prove).release(assignment)
        return {
            str(path.relative_to(released)): path.read_bytes()
            for path in sorted(released.rglob("*"))
            if path.is_file()
        }


def main() -> int:
    """Write `release/` anew."""
    for assignment in assignments():
        target = ROOT / "release" / assignment
        files = fresh_release(assignment, prove=True)
        shutil.rmtree(target, ignore_errors=True)
        for name, content in files.items():
            path = target / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        sys.stdout.write(f"release/{assignment}: {', '.join(files)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
