"""Where a course keeps its things: nbgrader's configuration, without its command line.

Runs in the coordinator.
"""

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
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from snrilab.grading.folders import same_name
from snrilab.grading.limits import Budget
from snrilab.grading.quick_import import without_pages
from snrilab.grading.scoring import ENGINE
from snrilab.grading.template import Template, TemplateError, read_template
from snrilab.grading.where import CONFIG, no_course

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import tzinfo

    from snrilab.grading.proof import Proof


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

    @property
    def outside_only(self) -> bool:
        """Whether no test may run in the student's process: ``GradeSafely.outside_only``."""
        return bool(self.config.get("GradeSafely", {}).get("outside_only", False))

    @property
    def budget(self) -> Budget:
        """Time that the configuration gives to a cell and to a notebook.

        ``GradeSafely.cell_seconds`` comes first, then what stock nbgrader obeys:
        ``ExecutePreprocessor.timeout`` and ``Execute.timeout`` (also ``--Execute.timeout=60``).
        """
        step = self.config.get("GradeSafely", {})
        given = [step.get("cell_seconds")]
        known = ("Execute", "ExecutePreprocessor", "NotebookClient")
        given += [self.config.get(name, {}).get("timeout") for name in known]
        cell = next((float(s) for s in given if _is_number(s) and s > 0), Budget.cell_s)
        whole = step.get("submission_seconds")
        whole = float(whole) if _is_number(whole) and whole else max(Budget.submission_s, 4 * cell)
        wide = step.get("wide")
        wide = float(wide) if _is_number(wide) else Budget.wide
        return Budget(cell, whole, wide, wide)

    def folder(self, step: str, student: str, assignment: str) -> Path:
        """Return the folder of one step ("submitted", …) for one student and assignment."""
        name = getattr(self.directory, f"{step}_directory")
        return Path(self.directory.format_path(name, student, assignment))

    def templates(self, assignment: str) -> list[Template]:
        """Prepare the teacher's notebooks of an assignment."""
        folder = self.folder("source", ".", assignment).resolve()
        notebooks = sorted(p.stem for p in folder.glob("*.ipynb")) if folder.is_dir() else []
        if not notebooks:
            there = sorted(p.parent.name for p in folder.parent.glob("*/*.ipynb"))
            there = list(dict.fromkeys(there))
            near = [name for name in there if assignment.casefold() in name.casefold()]
            named = ", ".join((near or there)[:12])
            also = f" There are: {named}." if named else ""
            raise CourseError(f"there is no teacher's notebook in {folder}.{also}")
        ignored = tuple(self.directory.ignore)
        try:
            with contextlib.chdir(self.root):  # header, footer and autotests.yml are named from it
                found = [
                    read_template(folder, name, assignment, self.config, ignored)
                    for name in notebooks
                ]
        except TemplateError as error:
            raise CourseError(str(error)) from None
        return [self._as_proved(template) for template in found]

    def _as_proved(self, template: Template) -> Template:
        """Add what was found when these very tests were proved with many wrong answers."""
        template = dataclasses.replace(template, outside_only=self.outside_only)
        with contextlib.suppress(OSError, ValueError, AttributeError, KeyError):
            noted = json.loads(self._noted(template).read_text("utf-8"))
            if (noted["digest"], noted["engine"]) == (template.digest, ENGINE):
                refused, inside = (
                    {str(test): str(why) for test, why in noted[kind].items()}
                    for kind in ("refused", "inside")
                )
                return dataclasses.replace(template, refused=refused, inside=inside, proved=True)
        return template

    def _noted(self, template: Template) -> Path:
        return self.root / ".snrilab" / "proofs" / template.assignment / f"{template.notebook}.json"

    def note_proof(self, template: Template, proof: Proof) -> None:
        """Keep where each test runs, for every later run with the same tests and answers."""
        path = self._noted(template)
        with contextlib.suppress(OSError):  # where nothing can be written it is found again
            path.parent.mkdir(parents=True, exist_ok=True)
            found = {"refused": proof.refusals, "inside": proof.inside}
            by = {"digest": template.digest, "engine": ENGINE}
            path.write_text(json.dumps(by | found), "utf-8")

    def students(self, assignment: str) -> list[str]:
        """List everybody with a submitted folder for the assignment."""
        pattern = re.escape(str(self.folder("submitted", "\0", assignment)))
        match = re.compile(pattern.replace(re.escape("\0"), "(?P<student>[^/]+)"))
        found = []
        for name in self._people():
            folder = self.submitted_folder(name, assignment)
            there = folder.is_dir() or folder.is_symlink()
            exact = self.folder("submitted", name, assignment)
            if there and match.fullmatch(str(exact)):
                found.append(name)
        return found

    def _people(self) -> list[str]:
        """List the names of all folders in which somebody's work may lie."""
        parts = list(self.folder("submitted", "\0", "\1").parts)
        place = next(n for n, part in enumerate(parts) if "\0" in part)
        above = Path(*parts[:place])
        if not above.is_dir() or parts[place] != "\0":
            return []
        hidden = {".ipynb_checkpoints", ".git", ".DS_Store"}
        return sorted(entry.name for entry in above.iterdir() if entry.name not in hidden)

    def submitted_folder(self, student: str, assignment: str) -> Path:
        """Return the folder in which a student's work lies, also when its name is not quite right.

        ``PS2_Binding/`` and ``ps2-binding/`` are taken for ``ps2_binding/`` when that is not there.
        """
        exact = self.folder("submitted", student, assignment)
        if exact.exists() or exact.is_symlink() or not exact.parent.is_dir():
            return exact
        if exact.parent.is_symlink():
            return exact
        like = [p for p in exact.parent.iterdir() if same_name(p.name, assignment) and p.is_dir()]
        return like[0] if len(like) == 1 else exact

    def not_handed_in(self, assignment: str) -> list[str]:
        """List folders beside the submissions that hold files, but none of this assignment.

        Whoever unpacks what a learning platform hands out finds them here.
        """
        known = set(self.students(assignment))
        base = self.folder("submitted", "\0", assignment).parent
        odd = []
        for name in self._people():
            folder = Path(str(base).replace("\0", name))
            if name in known or folder.is_symlink():
                continue
            if folder.is_file() or (
                folder.is_dir() and any(path.is_file() for path in folder.iterdir())
            ):
                odd.append(name)
        return odd


def open_course(
    root: Path, db_url: str | None = None, config: Any = None, *, outside_only: bool = False
) -> Course:
    """Read nbgrader's configuration of a course folder.

    Parameters
    ----------
    root : Path
        The course folder.
    db_url : str, optional
        Gradebook to use instead of the configured one.
    config : traitlets.config.Config, optional
        The configuration of a running nbgrader, command line and all; read from files otherwise.
    outside_only : bool
        Let no test run in the student's process, whatever is configured.
    """
    without_pages()
    with _without_grammar_of_addresses():
        from nbgrader.coursedir import CourseDirectory

    root = root.resolve()
    config = _configured(root) if config is None else config
    if outside_only:
        config.GradeSafely.outside_only = True
    directory = CourseDirectory(config=config)
    directory.root = str(root)
    url = database_url(db_url or directory.db_url)
    return Course(root, config, directory, url)


def refuse_no_course(root: Path, source: str = "source") -> None:
    """Refuse a folder that is no course's."""
    if said := no_course(root, source):
        raise CourseError(said)


def _configured(root: Path) -> Any:
    """Read ``nbgrader_config.py`` where nbgrader looks for it: the machine's, the user's, ours."""
    from jupyter_core.paths import jupyter_config_path
    from traitlets.config import Config
    from traitlets.config.loader import PyFileConfigLoader

    config = Config()
    for folder in dict.fromkeys([*map(Path, reversed(jupyter_config_path())), root]):
        if (folder / CONFIG).is_file():
            with contextlib.chdir(root), contextlib.redirect_stdout(io.StringIO()):
                loader = PyFileConfigLoader(CONFIG, path=str(folder))
                config.merge(loader.load_config())
    return config


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


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


def kept_zone(root: Path) -> tzinfo | None:
    """Return the time zone that the teacher gave with a due date; None is this machine's own."""
    try:
        return ZoneInfo((root / ".snrilab" / "zone").read_text("utf-8").strip())
    except (OSError, ValueError, ZoneInfoNotFoundError):
        return None


def keep_zone(root: Path, name: str) -> None:
    """Keep the time zone in which the teacher gives and reads times."""
    place = root / ".snrilab" / "zone"
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(f"{name}\n", "utf-8")


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
