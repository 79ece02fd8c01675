"""Where a course keeps its things: nbgrader's configuration, without its command line."""

from __future__ import annotations

import contextlib
import dataclasses
import io
import json
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from snrilab.grading.template import Template, TemplateError, read_template

if TYPE_CHECKING:
    from collections.abc import Iterator


class CourseError(ValueError):
    """The course folder is not as grading needs it; the message says what is missing."""


@dataclass(frozen=True)
class Course:
    """A course folder with nbgrader's configuration.

    Parameters
    ----------
    root : Path
        Folder with ``source/``, ``submitted/`` and ``nbgrader_config.py``.
    config : traitlets.config.Config
        nbgrader's configuration.
    db_url : str
        SQLAlchemy URL of the gradebook.
    """

    root: Path
    config: Any
    directory: Any
    db_url: str

    @property
    def course_id(self) -> str:
        """Name of the course in the gradebook."""
        return self.directory.course_id or "default_course"

    def folder(self, step: str, student: str, assignment: str) -> Path:
        """Return the folder of one step ("submitted", …) for one student and assignment."""
        name = getattr(self.directory, f"{step}_directory")
        return Path(self.directory.format_path(name, student, assignment))

    def templates(self, assignment: str) -> list[Template]:
        """Prepare the teacher's notebooks of an assignment."""
        folder = self.folder("source", ".", assignment).resolve()
        notebooks = sorted(p.stem for p in folder.glob("*.ipynb")) if folder.is_dir() else []
        if not notebooks:
            raise CourseError(f"there is no teacher's notebook in {folder}.")
        try:
            with contextlib.chdir(self.root):  # header, footer and autotests.yml are named from it
                found = [read_template(folder, name, assignment, self.config) for name in notebooks]
        except TemplateError as error:
            raise CourseError(str(error)) from None
        return [self._with_refusals(template) for template in found]

    def _with_refusals(self, template: Template) -> Template:
        """Add what was found when these very tests were proved with many wrong answers."""
        known: dict[str, str] = {}
        with contextlib.suppress(OSError, ValueError, AttributeError):
            noted = json.loads(self._noted(template).read_text("utf-8"))
            if noted["digest"] == template.digest:
                known = {str(test): str(why) for test, why in noted["refused"].items()}
        return dataclasses.replace(template, refused=known)

    def _noted(self, template: Template) -> Path:
        return self.root / ".snrilab" / "proofs" / template.assignment / f"{template.notebook}.json"

    def note_refusals(self, template: Template, refused: dict[str, str]) -> None:
        """Keep which tests cannot be run, for every later run with the same tests and answers."""
        path = self._noted(template)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({"digest": template.digest, "refused": refused}), "utf-8")

    def students(self, assignment: str) -> list[str]:
        """List everybody with a submitted folder for the assignment."""
        pattern = re.escape(str(self.folder("submitted", "\0", assignment)))
        match = re.compile(pattern.replace(re.escape("\0"), "(?P<student>[^/]+)"))
        base = self.folder("submitted", "\0", assignment)
        parts = list(base.parts)
        place = next(n for n, part in enumerate(parts) if "\0" in part)
        above = Path(*parts[:place])
        if not above.is_dir():
            return []
        found = []
        for entry in sorted(above.iterdir()):
            folder = Path(*[part.replace("\0", entry.name) for part in parts])
            there = folder.is_dir() or folder.is_symlink()
            if there and not entry.name.startswith(".") and match.fullmatch(str(folder)):
                found.append(entry.name)
        return found


def open_course(root: Path, db_url: str | None = None) -> Course:
    """Read nbgrader's configuration of a course folder.

    Parameters
    ----------
    root : Path
        The course folder.
    db_url : str, optional
        Gradebook to use instead of the configured one.
    """
    with _without_grammar_of_addresses():
        from nbgrader.coursedir import CourseDirectory
    from traitlets.config import Config
    from traitlets.config.loader import PyFileConfigLoader

    root = root.resolve()
    config = Config()
    if (root / "nbgrader_config.py").is_file():
        with contextlib.chdir(root), contextlib.redirect_stdout(io.StringIO()):
            config = PyFileConfigLoader("nbgrader_config.py", path=str(root)).load_config()
    directory = CourseDirectory(config=config)
    directory.root = str(root)
    url = database_url(db_url or directory.db_url)
    return Course(root, config, directory, url)


@contextlib.contextmanager
def _without_grammar_of_addresses() -> Iterator[None]:
    """Leave out a checker of international web addresses while nbgrader is imported.

    jsonschema uses it where it is there; building its grammar takes longer than all the rest, and
    no notebook is checked with it.
    """
    name = "rfc3987_syntax"
    if name in sys.modules:
        yield
        return
    sys.modules[name] = None  # type: ignore[assignment] # the import system's word for "not there"
    try:
        yield
    finally:
        del sys.modules[name]


def database_url(url: str) -> str:
    """Return a URL that SQLAlchemy opens with the drivers of this project.

    Examples
    --------
    >>> database_url("postgresql://teacher@localhost/course")
    'postgresql+psycopg://teacher@localhost/course'
    >>> database_url("sqlite:///gradebook.db")
    'sqlite:///gradebook.db'
    """
    return re.sub(r"^postgres(ql)?://", "postgresql+psycopg://", url)
