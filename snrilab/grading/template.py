"""The teacher's notebook as the engine sees it: what is run where, what counts, what is hidden.

Made in the coordinator, used in workers and in forked graders.
"""

from __future__ import annotations

import copy
import dataclasses
import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from snrilab.grading import library
from snrilab.grading.names import Names, names

DATA_MB = 20


class TemplateError(ValueError):
    """The teacher's notebook cannot be used for grading; the message says what to change."""


@dataclass(frozen=True)
class Cell:
    """One cell of the teacher's notebook.

    Parameters
    ----------
    role : str
        "text", "setup" (teacher's code, not graded), "solution", "manual" (graded by hand),
        "task" (graded by hand, answered elsewhere) or "test".
    reference, master, release : str
        Text with answers; without answers but with hidden tests; as students get it.
    """

    place: int
    identity: str
    grade_id: str | None
    cell_type: str
    role: str
    points: float
    reference: str
    master: str
    release: str
    checksums: tuple[str, ...]
    metadata: dict[str, Any]
    names: Names = field(default_factory=Names)

    @property
    def is_answer(self) -> bool:
        """Whether the student's text counts here."""
        return self.role in {"solution", "manual"}


@dataclass(frozen=True)
class Template:
    """One notebook of an assignment, prepared for grading; make it with `read_template`.

    Parameters
    ----------
    refused : dict
        Tests (by grade_id) that cannot be run, and why: their points wait for a person.
    inside : dict
        Tests that run in the student's process, as in stock nbgrader, and why they cannot run
        outside of it. `proof.prove` finds these and those.
    outside_only : bool
        Whether the teacher wants no test to run inside: such tests are refused.
    proved : bool
        Whether both were found with derived wrong answers, so that nothing is left to prove.
    """

    assignment: str
    notebook: str
    cells: tuple[Cell, ...]
    files: dict[str, bytes]
    metadata: dict[str, Any]
    modules: tuple[str, ...]
    source: str
    library: tuple[str, ...] = ("evidence",)  # parts of this package that answers may import
    refused: dict[str, str] = field(default_factory=dict)
    inside: dict[str, str] = field(default_factory=dict)
    outside_only: bool = False
    proved: bool = False

    @property
    def digest(self) -> str:
        """Fingerprint of everything in the template that can change a grade."""
        parts = [
            self.source,
            *(f"{k}:{hashlib.sha256(v).hexdigest()}" for k, v in sorted(self.files.items())),
            *(["outside only"] if self.outside_only else []),
        ]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    def answered_in(self, cell: Cell) -> frozenset[str]:
        """Return the names that an answer hands over to the tests.

        What is imported is none of them, also when the answer changes it (``np.random.seed(1)``):
        tests have their own.
        """
        imported = frozenset(name for other in self.cells for name in other.names.imports)
        return (cell.names.binds - cell.names.imports) | (cell.names.changes - imported)

    @property
    def answered(self) -> frozenset[str]:
        """Names that any answer hands over."""
        return frozenset().union(*(self.answered_in(c) for c in self.cells if c.is_answer))

    @property
    def graded(self) -> list[Cell]:
        """Cells that carry points."""
        return [c for c in self.cells if c.role in {"test", "manual", "task"}]


def read_template(
    folder: Path,
    notebook: str,
    assignment: str,
    config: Any = None,
    ignored: tuple[str, ...] = (),
) -> Template:
    """Return the template of one notebook in the folder of an assignment's source.

    Parameters
    ----------
    folder : Path
        ``source/<assignment>``; other files in it are data that the notebook may read.
    notebook : str
        Name of the notebook without ``.ipynb``.
    assignment : str
        Name of the assignment.
    config : traitlets.config.Config, optional
        nbgrader's configuration, for its delimiters.
    ignored : tuple of str
        Patterns of files that students do not get (``CourseDirectory.ignore``).
    """
    path = folder / f"{notebook}.ipynb"
    if not path.is_file():
        raise TemplateError(f"there is no teacher's notebook {path}.")
    source = path.read_text("utf-8")
    return prepare(source, assignment, notebook, _data_files(folder, ignored), config, folder)


def prepare(
    source: str,
    assignment: str,
    notebook: str,
    files: dict[str, bytes],
    config: Any = None,
    folder: Path | None = None,
) -> Template:
    """Return the template made from the text of a teacher's notebook.

    Header, footer and ``### AUTOTEST`` lines become cells and tests first, as in
    ``nbgrader generate_assignment``: `source` of the template holds them.
    """
    from nbgrader import preprocessors as steps

    from snrilab.grading.jailed.walls import own_modules

    frame, tests = steps.IncludeHeaderFooter(config=config), _autotests(config)
    here = own_modules(files)
    key = ""
    if not (frame.header or frame.footer or tests.autotest_delimiter in source):
        # Then all depends on these: formgrader asks several times for each submission.
        parts = (source, repr(config), repr(sorted(here)))
        key = hashlib.sha256("\0".join(parts).encode()).hexdigest()
    if key in _READ:
        cells, metadata, modules, shown = _READ[key]
    else:
        whole = _read(source, notebook)
        if _instantiate(whole, notebook, frame, tests, folder):
            source, key = _written(whole), ""
        cells = _cells(whole, notebook, config)
        metadata = {"kernelspec": dict(whole.metadata.get("kernelspec", _KERNEL))}
        modules, shown = _modules(cells, here), _library(whole, cells, notebook)
        if key:
            while len(_READ) >= KEPT:
                del _READ[next(iter(_READ))]
            _READ[key] = cells, metadata, modules, shown
    return Template(
        assignment=assignment,
        notebook=notebook,
        cells=tuple(dataclasses.replace(c, metadata=copy.deepcopy(c.metadata)) for c in cells),
        files=files,
        metadata=copy.deepcopy(metadata),
        modules=modules,
        source=source,
        library=shown,
    )


KEPT = 32
_READ: dict[str, tuple[tuple[Cell, ...], dict[str, Any], tuple[str, ...], tuple[str, ...]]] = {}


def _read(source: str, notebook: str) -> Any:
    """Read a teacher's notebook, or say what is the matter with it."""
    import nbformat

    try:
        whole = nbformat.reads(source, as_version=4)
    except Exception as error:  # noqa: BLE001 -- a file can be broken in many ways
        from snrilab.grading.reading import what_it_is

        why = what_it_is(source.encode(), error.__context__ or error)  # type: ignore[arg-type]
        raise TemplateError(f"the teacher's notebook {notebook}: {why}.") from None
    language = _language(whole)
    if language.lower() not in _PYTHON and any(c.cell_type == "code" for c in whole.cells):
        raise TemplateError(
            f"{notebook} is written for {language}, and this engine runs Python only: leave "
            "snrilab.grading out of nbgrader_config.py for a course in another language."
        )
    return whole


def _written(whole: Any) -> str:
    import nbformat

    return str(nbformat.writes(whole))


def _cells(whole: Any, notebook: str, config: Any) -> tuple[Cell, ...]:
    """Make the cells as students get them and as they are graded."""
    ids = [c.metadata.get("nbgrader", {}).get("grade_id") for c in whole.cells]
    named = [i for i in ids if i]
    if len(set(named)) != len(named):
        raise TemplateError(f"{notebook}: a grade_id occurs twice; each cell needs its own.")
    try:
        master, release = _stages(whole, config)
    except Exception as error:
        why = str(error).rstrip(".")
        if "schema version" in why:
            why += "; `nbgrader update source` brings old notebooks up to date"
        raise TemplateError(f"{notebook} cannot be made ready for students: {why}.") from error
    return tuple(
        _cell(place, *three)
        for place, three in enumerate(zip(whole.cells, master.cells, release.cells, strict=True))
    )


def _language(whole: Any) -> str:
    """Return the language that a notebook says it is written in."""
    kernel, known = whole.metadata.get("kernelspec", {}), whole.metadata.get("language_info", {})
    return str(kernel.get("language") or known.get("name") or "python")


_PYTHON = {"python", "python3", "ipython", "ipython3"}


def _library(whole: Any, cells: tuple[Cell, ...], notebook: str) -> tuple[str, ...]:
    setups = [c.master for c in cells if c.role == "setup"]
    try:
        return library.declared(whole.metadata, setups)
    except library.LibraryError as why:
        raise TemplateError(f"{notebook}: {why}.") from None


def _instantiate(whole: Any, notebook: str, frame: Any, tests: Any, folder: Path | None) -> bool:
    """Do what nbgrader does before everything else; tell whether anything was to be done."""
    framed = bool(frame.header or frame.footer)
    if framed:
        try:
            frame.preprocess(whole, {})
        except OSError as error:
            raise TemplateError(
                f"{notebook}: {error.filename}, the configured header or footer, cannot be read."
            ) from None
    word = tests.autotest_delimiter
    marked = [
        c
        for c in whole.cells
        if c.cell_type == "code"
        and any(word in line and line.strip().startswith("#") for line in c.source.split("\n"))
    ]
    if not marked:
        return framed
    first = marked[0].metadata.get("nbgrader", {}).get("grade_id", marked[0].get("id", ""))
    if whole.metadata.get("kernelspec", {}).get("name") not in tests.comment_strs:
        whole.metadata["kernelspec"] = dict(_KERNEL)
    place = folder or Path()
    try:
        found = next(p for p in (place, Path()) if (p / tests.autotest_filename).is_file())
        rules = (found / tests.autotest_filename).read_bytes()
        key = hashlib.sha256(_written(whole).encode() + rules).hexdigest()
        if key not in _MADE:
            tests.preprocess(whole, {"metadata": {"path": str(place)}})
            _MADE[key] = [cell.source for cell in whole.cells]
        for cell, text in zip(whole.cells, _MADE[key], strict=True):
            cell.source = text
    except StopIteration:
        raise TemplateError(
            f"{notebook}: cell {first} asks for {word} tests, but {tests.autotest_filename} is "
            "neither beside the notebook nor in the course folder: put nbgrader's there, or write "
            "the tests yourself."
        ) from None
    except Exception as error:
        raise TemplateError(
            f"{notebook}: the {word} tests of cell {first} cannot be made "
            f"({type(error).__name__}: {error})."
        ) from error
    finally:
        tests.hang_up()
    return True


_MADE: dict[str, list[str]] = {}  # tests are made in a kernel, which takes seconds


def _autotests(config: Any) -> Any:
    """Return nbgrader's step, which leaves the connection to its kernel open, with an end to it."""
    from nbgrader.preprocessors import InstantiateTests

    class Tests(InstantiateTests):  # type: ignore[misc]
        _line: Any = None

        def _execute_code_snippet(self, code: str) -> Any:
            self._line = self.kc
            return super()._execute_code_snippet(code)

        def hang_up(self) -> None:
            """Close the connection."""
            if self._line is not None:
                self._line.stop_channels()

    return Tests(config=config)


_KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}


def _stages(whole: Any, config: Any) -> tuple[Any, Any]:
    """Run nbgrader's own steps: remove answers, then hidden tests and mark schemes."""
    from nbgrader import preprocessors as steps

    def after(nb: Any, *kinds: Any) -> Any:
        for kind in kinds:
            step = kind(config=config)
            if step.enabled:
                nb, _ = step.preprocess(nb, {})
        return nb

    answers_out = after(
        copy.deepcopy(whole),
        steps.LockCells,
        steps.ClearSolutions,
        steps.ClearOutput,
        steps.CheckCellMetadata,
        steps.ComputeChecksums,
    )
    tests_out = after(
        copy.deepcopy(answers_out),
        steps.ClearHiddenTests,
        steps.ClearMarkScheme,
        steps.ComputeChecksums,
    )
    return answers_out, tests_out


def _cell(place: int, whole: Any, master: Any, release: Any) -> Cell:
    mark = master.metadata.get("nbgrader", {})
    role = _role(whole.cell_type, mark)
    # The answer key decides which names an answer binds; tests are read as they are graded.
    text = whole.source if role in {"solution", "manual"} else master.source
    return Cell(
        place=place,
        identity=str(master.get("id", f"cell-{place}")),
        grade_id=mark.get("grade_id"),
        cell_type=whole.cell_type,
        role=role,
        points=float(mark.get("points", 0) or 0) if role in {"test", "manual", "task"} else 0.0,
        reference=whole.source,
        master=master.source,
        release=release.source,
        checksums=tuple(
            {str(nb.metadata.get("nbgrader", {}).get("checksum", "")) for nb in (master, release)}
        ),
        metadata=json.loads(json.dumps(master.metadata)),
        names=names(text) if whole.cell_type == "code" else Names(),
    )


def _role(cell_type: str, mark: dict[str, Any]) -> str:
    if mark.get("task"):
        return "task"
    if mark.get("solution"):
        return "manual" if mark.get("grade") else "solution"
    if mark.get("grade"):
        return "test"
    return "setup" if cell_type == "code" else "text"


def _modules(cells: tuple[Cell, ...], own: set[str]) -> tuple[str, ...]:
    """List the modules that the teacher's cells import: the fork server imports them once.

    Those beside the notebook are found in each submission's own folder.
    """
    import ast

    from snrilab.grading.names import python

    found = {"numpy", "matplotlib.pyplot"}
    for cell in cells:
        if cell.cell_type != "code":
            continue
        try:
            tree = ast.parse(python(cell.reference))
        except SyntaxError:
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                found |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                # `from scipy import optimize` names a module, `from numpy import pi` does not: the
                # fork server tries both.
                found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return tuple(sorted(name for name in found if name.partition(".")[0] not in own))


def _data_files(folder: Path, ignored: tuple[str, ...]) -> dict[str, bytes]:
    """Read the data that stands beside the teacher's notebook and goes out with it."""
    from fnmatch import fnmatch

    files: dict[str, bytes] = {}
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        hidden = any(part.startswith((".", "__")) for part in inside.parts)
        hidden |= any(fnmatch(part, pattern) for part in inside.parts for pattern in ignored)
        hidden |= path.name == "answers.py"  # the teacher's: it never goes where students' code is
        if path.is_file() and path.suffix != ".ipynb" and not hidden:
            files[inside.as_posix()] = path.read_bytes()
    if sum(map(len, files.values())) > DATA_MB * 2**20:
        raise TemplateError(f"the data files in {folder} are larger than {DATA_MB} MB together.")
    return files


def to_plain(template: Template) -> dict[str, Any]:
    """Return the template as plain data that can be sent to a worker, on another machine too."""
    import base64

    plain = dataclasses.asdict(template)
    plain["files"] = {k: base64.b64encode(v).decode() for k, v in template.files.items()}
    for cell in plain["cells"]:
        cell["names"] = {kind: sorted(found) for kind, found in cell["names"].items()}
    return plain


def from_plain(plain: dict[str, Any]) -> Template:
    """Return the template that `to_plain` wrote."""
    import base64

    cells = []
    for cell in plain["cells"]:
        found = Names(**{kind: frozenset(listed) for kind, listed in cell["names"].items()})
        cells.append(Cell(**{**cell, "checksums": tuple(cell["checksums"]), "names": found}))
    return Template(
        **{
            **plain,
            "cells": tuple(cells),
            "files": {k: base64.b64decode(v) for k, v in plain["files"].items()},
            "modules": tuple(plain["modules"]),
            "library": tuple(plain["library"]),
        }
    )
