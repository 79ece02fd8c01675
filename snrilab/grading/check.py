"""`snrilab check NAME`: an assignment before it is released, a notebook before it is handed in.

Runs in the coordinator; what is graded is graded in a process of its own (`proof_process`).

Both are told in plain sentences, with an exit status that scripts can trust: 0 when there is
nothing to mend, 1 when there is, 2 when nothing could be checked.
"""

from __future__ import annotations

import json
import re
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from snrilab.grading import rubric
from snrilab.grading.scoring import INSIDE

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Self

    from snrilab.grading.proof import Proof
    from snrilab.grading.template import Template

EACH = 10
SHOWN = 5
RUN_S = 120
STUBS = ("YOUR CODE HERE", "YOUR ANSWER HERE", "NotImplementedError()")


def check(name: str, root: Path, say: Callable[[str], None], *, outside_only: bool = False) -> int:
    """Check an assignment of the course, or a learner's notebooks; return the exit status.

    Parameters
    ----------
    name : str
        Name of an assignment in ``source/``, or path of a notebook or of a folder with notebooks.
    root : Path
        The course folder.
    say : callable
        Called with each line of the answer.
    outside_only : bool
        Let no test run in the student's process.
    """
    only = outside_only
    path = Path(name)
    source = root / "source"
    inside = path.resolve().is_relative_to(source.resolve()) and path.exists()
    if inside and path.resolve() != source.resolve():
        return check_assignment(
            path.resolve().relative_to(source.resolve()).parts[0], root, say, only
        )
    if path.suffix == ".ipynb" or (path.is_dir() and any(path.glob("*.ipynb"))):
        notebooks = [path] if path.suffix == ".ipynb" else sorted(path.glob("*.ipynb"))
        return max(check_notebook(notebook, root, say) for notebook in notebooks)
    if (source / name).is_dir() or not (root / "release" / name).is_dir():
        return check_assignment(name, root, say, only)
    notebooks = sorted((root / "release" / name).glob("*.ipynb"))
    return max(check_notebook(notebook, root, say) for notebook in notebooks)


class Progress:
    """What is being done: one line that is drawn again on a terminal, a line for each stage else.

    It goes to the error stream: what was found is the answer, and this is none of it.
    """

    def __init__(self) -> None:
        self._live = sys.stderr.isatty()
        self._last = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._live and self._last:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()

    def tell(self, notebook: str, stage: str, done: int, total: int) -> None:
        """Say what is done now.

        Parameters
        ----------
        notebook : str
            Name of the notebook.
        stage : str
            What is done with it.
        done, total : int
            How much of that is done, and of how much; 0 where it is one step.
        """
        from snrilab.grading.clean import safe_words

        line = safe_words(f"{notebook}: {stage}")
        if self._live:
            line += f", {done} of {total}" if total else ""
            room = shutil.get_terminal_size().columns - 1
            sys.stderr.write(f"\r\x1b[K{line[:room]}")
        elif line != self._last:
            sys.stderr.write(f"{line}{f' ({total})' if total else ''} …\n")
        self._last = line
        sys.stderr.flush()


# -- for teachers --------------------------------------------------------------------------------


def check_assignment(
    name: str, root: Path, say: Callable[[str], None], outside_only: bool = False
) -> int:
    """Prove an assignment in ``source/`` and say what has to change before it is released."""
    from snrilab.grading.commands import missing_module
    from snrilab.grading.course import CourseError, open_course
    from snrilab.grading.proof_process import ProofError, prove_apart
    from snrilab.grading.where import no_course

    missing = missing_module()
    if missing:
        say(f"Checking an assignment needs {missing}: pip install 'snrilab[classroom]'.")
        return 2
    try:
        course = open_course(root, outside_only=outside_only)
        if where := no_course(course.root, course.directory.source_directory):
            say(where)
            return 2
        templates = course.templates(name)
        with Progress() as progress:
            progress.tell(name, "making the jail ready", 0, 0)
            proofs = prove_apart(templates, EACH, progress.tell)
    except (CourseError, ProofError, OSError) as error:
        say(f"{name} cannot be checked: {error}")
        return 2
    status = looks = 0
    for template, proof in zip(templates, proofs, strict=True):
        course.note_proof(template, proof)
        looks += _tell_schemes(template, proof, say)
        status = max(status, _tell_proof(template, proof, say))
    if status:
        say(f"{name} is not ready: mend what is named above, or grade those tests by hand.")
    elif looks:
        say(
            f"{name} is ready, but look: {_count(looks, 'thing')}, named above with LOOK; "
            f"then nbgrader generate_assignment {name}"
        )
    else:
        say(f"{name} is ready: nbgrader generate_assignment {name}")
    return status


def _tell_schemes(template: Template, proof: Proof, say: Callable[[str], None]) -> int:
    """Say what a notebook holds, and which mark schemes miss their points; return how many."""
    by_hand = [c for c in template.graded if c.role != "test"]
    say(
        f"{template.notebook}: {_count(len(proof.tests), 'test')} with "
        f"{sum(proof.tests.values()):g} points"
        + (
            f", {_count(len(by_hand), 'answer')} by hand with {sum(c.points for c in by_hand):g}"
            if by_hand
            else ""
        )
    )
    looks = 0
    for answer in by_hand:
        worth = rubric.most_of(rubric.read_items(answer.reference))
        if worth not in {0.0, answer.points}:
            looks += 1
            say(
                f"  LOOK {template.notebook}, {answer.grade_id}: the items of its mark scheme are "
                f"worth {worth:g} points together, the question {answer.points:g}."
            )
    return looks


def _tell_proof(template: Template, proof: Proof, say: Callable[[str], None]) -> int:
    if proof.useless and not proof.tests:
        say(f"  CANNOT BE READ: {proof.useless}")
        return 2
    say(f"  model answer: {proof.key_points:g} of {proof.points:g} points in tests that can be run")
    nothing = sum(proof.for_nothing.values())
    say(f"  untouched release: {nothing:g} of {proof.points:g}")
    for test, why in proof.told.items():
        say(f"  WRONG {template.notebook}, {test}: the model answer does not pass it ({why}).")
    for test, why in proof.refused.items():
        say(
            f"  CANNOT RUN {template.notebook}, {test} ({proof.tests[test]:g} points): {why}. "
            "Until then its points wait for you."
        )
    _tell_places(template, proof, say)
    for test, points in proof.for_nothing.items():
        say(
            f"  FOR NOTHING {template.notebook}, {test}: who answers nothing gets {points:g} "
            f"of {proof.tests[test]:g} points."
        )
    kept = _named(template, say)
    lost = len(proof.mistakes) - sum(m[1] >= proof.points for m in proof.mistakes)
    say(
        f"  wrong answers made from your model answer, one small change in each: {lost} of "
        f"{len(proof.mistakes)} lose points"
    )
    if proof.survivors:
        say("    Your tests gave full points to these answers all the same:")
    for mistake in proof.survivors[:SHOWN]:
        say(f"      answer {mistake.grade_id}, where {mistake.change}")
    more = len(proof.survivors) - SHOWN
    if more > 0:
        say(f"      and {more} more")
    if proof.survivors:
        say("    For each: would you give it full points, too? Then there is nothing to do: it is")
        say("    another way to write the right answer. If not, add a test in which it is wrong.")
    untested = {m.grade_id for m, _ in proof.mistakes} - proof.tested
    for cell in sorted(untested):
        say(f"    no test that can be run depends on answer {cell}")
    return int(not proof.good or kept > 0)


def _tell_places(template: Template, proof: Proof, say: Callable[[str], None]) -> None:
    """Say of each test where it runs; of those inside why, and what would bring them outside."""
    for test, why in proof.inside.items():
        say(f"  INSIDE {template.notebook}, {test} ({proof.tests[test]:g} points): {why}.")
    if proof.inside:
        say(f"    {INSIDE}")
    outside = len(proof.tests.keys() - proof.inside.keys() - proof.refusals.keys())
    if outside:
        which = "all tests" if outside == len(proof.tests) > 1 else _count(outside, "test")
        say(f"  out of reach of students' code: {which}")


def _named(template: Template, say: Callable[[str], None]) -> int:
    """Grade the named misconceptions of an assignment; return how many keep all points."""
    from snrilab.grading.misconceptions import exercises_of

    items = exercises_of(template.assignment).values()
    cells = {
        name: c.grade_id
        for c in template.cells
        if c.is_answer and c.grade_id
        for name in c.names.functions
    }
    wrong = [(e, m) for e in items if e.function_name in cells for m in e.misconceptions]
    if not wrong:
        return 0
    kept = [(e, m) for e, m in wrong if _passes(template, e.function_name, m.function)]
    say(f"  named wrong answers: {len(wrong) - len(kept)} of {len(wrong)} lose points")
    for exercise, idea in kept:
        say(f"  TOO KIND {exercise.function_name}: the misconception {idea.code} keeps all points.")
    return len(kept)


def _passes(template: Template, name: str, function: Any) -> bool:
    """Whether a function of ours passes every test that mentions it, in this very process."""
    from snrilab.grading.teachers_cells import run_here

    space: dict[str, Any] = {"__name__": "__main__"}
    for cell in template.cells:
        if cell.cell_type != "code":
            continue
        if cell.role == "test" and name in cell.names.uses and cell.grade_id is not None:
            if run_here(cell.master, cell.grade_id, {**space, name: function}, 20).error:
                return False
        elif cell.role != "test":
            run_here(cell.reference, cell.identity, space, 20)
    return True


# -- for learners --------------------------------------------------------------------------------


def check_notebook(path: Path, root: Path, say: Callable[[str], None]) -> int:
    """Run a learner's notebook with its visible tests; say what is missing or will not work."""
    from snrilab.grading.reading import UnreadableError, parse

    say(f"{path}:")
    try:
        data = path.read_bytes()
        parse(data)
        import nbformat

        notebook = nbformat.reads(data.decode("utf-8-sig"), as_version=4)
    except (OSError, UnreadableError) as error:
        say(f"  cannot be read: {error}")
        return 2
    except Exception as error:  # noqa: BLE001 -- a notebook can be broken in many ways
        say(f"  cannot be read as a notebook ({type(error).__name__})")
        return 2
    original = _original(path, root)
    problems = [
        *_by_looking(notebook),
        *_not_there(notebook, original),
        *_compared(notebook, original),
    ]
    run = _run(notebook, path)
    if run is None:
        say("  The notebook was not run: it needs nbclient (pip install 'snrilab[classroom]').")
        problems.append("it could not be run")
    else:
        problems += run
    for problem in problems:
        say(f"  {problem}")
    if not problems:
        say("  Nothing is missing and every test that you can see passes.")
    say("  Hidden tests, which look further, are run when it is graded.")
    return int(bool(problems))


def _mark(cell: Any) -> dict[str, Any]:
    mark = cell.metadata.get("nbgrader", {})
    return mark if isinstance(mark, dict) else {}


def _by_looking(notebook: Any) -> list[str]:
    """Return what can be said without running anything."""
    found: list[str] = []
    seen: set[str] = set()
    modules: dict[str, str] = {}
    for number, cell in enumerate(notebook.cells, 1):
        mark = _mark(cell)
        name = mark.get("grade_id") or f"number {number}"
        if mark.get("grade_id"):
            if name in seen:
                found.append(f"Cell {name} is there twice: delete one; the last one would count.")
            seen.add(name)
        if mark.get("solution") and any(stub in cell.source for stub in STUBS):
            found.append(f"Cell {name} still waits for your answer.")
        elif mark.get("solution") and not cell.source.strip():
            found.append(f"Cell {name} is empty.")
        if cell.cell_type == "code":
            found += _in_code(cell.source, name, modules)
    return found


def _in_code(source: str, name: str, modules: dict[str, str]) -> list[str]:
    """Return what a code cell does that will not work when nobody sits in front of it."""
    import ast
    import importlib.util

    from snrilab.grading.names import python

    try:
        tree = ast.parse(python(source))
    except (SyntaxError, ValueError) as error:
        return [f"Cell {name} is no valid Python: {error}."]
    found = []
    for node in ast.walk(tree):
        called = node.func if isinstance(node, ast.Call) else None
        if isinstance(called, ast.Name) and called.id == "input":
            found.append(f"Cell {name} asks with input(): nobody answers while it is graded.")
        wanted = [a.name for a in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            wanted = [node.module]
        for module in (one.partition(".")[0] for one in wanted):
            if module not in modules and importlib.util.find_spec(module) is None:
                found.append(f"Cell {name} imports {module}, which is not installed here.")
            modules.setdefault(module, name)
    return found


def _original(path: Path, root: Path) -> dict[str, Any]:
    """Return the released notebook of this name; empty where there is none."""
    for other in (root / "release").glob(f"*/{path.name}"):
        if other.resolve() != path.resolve():
            try:
                whole = json.loads(other.read_text("utf-8"))
            except (OSError, ValueError):
                return {}
            return whole if isinstance(whole, dict) else {}
    return {}


def _compared(notebook: Any, original: dict[str, Any]) -> list[str]:
    """Return which cells of the released notebook are missing."""
    wanted = [c.get("metadata", {}).get("nbgrader", {}) for c in original.get("cells", [])]
    have = {_mark(cell).get("grade_id") for cell in notebook.cells}
    return [
        f"Cell {mark['grade_id']} is missing: take it from a fresh copy of the notebook."
        for mark in wanted
        if mark.get("grade_id") and mark.get("solution") and mark["grade_id"] not in have
    ]


def _not_there(notebook: Any, original: dict[str, Any]) -> list[str]:
    """Return which cells import a part of this package that will not be there when it is graded."""
    from snrilab.grading import library
    from snrilab.grading.names import python

    marks = [(cell, _mark(cell)) for cell in notebook.cells if cell.cell_type == "code"]
    if not any(mark for _, mark in marks):
        return []  # no assignment
    setups = [
        c.source for c, mark in marks if mark and not mark.get("grade") and not mark.get("solution")
    ]
    metadata = {**original.get("metadata", {}), **notebook.metadata}
    try:
        allowed = library.declared(metadata, setups)
    except library.LibraryError:
        return []  # the teacher's mistake, told where the assignment is checked
    found = []
    for number, cell in enumerate(notebook.cells, 1):
        mark = _mark(cell)
        if cell.cell_type != "code" or (mark and not mark.get("solution")):
            continue
        try:
            absent = library.refused(python(cell.source), allowed)
        except (SyntaxError, ValueError, RecursionError):
            continue  # told elsewhere
        name = mark.get("grade_id") or f"number {number}"
        listed = ", ".join(f"snrilab.{part}" for part in allowed)
        found += [
            f"Cell {name} uses {part}, which is not there while this assignment is graded: the "
            f"cell would stop and earn nothing. Answers may import {listed}."
            for part in absent
        ]
    return found


def _run(notebook: Any, path: Path) -> list[str] | None:
    """Run every cell as the learner would, and return what stopped; None when nothing can run."""
    try:
        from nbclient import NotebookClient
        from nbclient.exceptions import CellTimeoutError, DeadKernelError
    except ModuleNotFoundError:
        return None
    progress = Progress()

    def tell(cell_index: int, **_: Any) -> None:
        progress.tell(path.name, "running its cells", cell_index + 1, len(notebook.cells))

    client = NotebookClient(
        notebook,
        timeout=RUN_S,
        allow_errors=True,
        kernel_name="python3",
        extra_arguments=["--log-level=ERROR"],  # a warning of the kernel is none about the work
        resources={"metadata": {"path": str(path.resolve().parent)}},
        on_cell_start=tell,
    )
    try:
        with progress:
            client.execute()
    except CellTimeoutError:
        return [f"A cell takes longer than {RUN_S} s; the rest was not run."]
    except DeadKernelError:
        return ["A cell ended the whole session; the rest was not run."]
    found = []
    for number, cell in enumerate(notebook.cells, 1):
        for output in cell.get("outputs", []) if cell.cell_type == "code" else []:
            if output.output_type == "error":
                mark = _mark(cell)
                name = mark.get("grade_id") or f"number {number}"
                words = re.sub(r"\s+", " ", f"{output.ename}: {output.evalue}").strip(": ")[:200]
                kind = "Test" if mark.get("grade") and not mark.get("solution") else "Cell"
                found.append(f"{kind} {name} stops: {words}")
            elif said := _not_yet(output):
                found.append(f"Cell {_mark(cell).get('grade_id') or f'number {number}'}: {said}")
    return found


def _not_yet(output: Any) -> str:
    """Return the first line of what a check says of an answer that is not right; else nothing."""
    text = output.get("data", {}).get("text/plain", "")
    line = text.partition("\n")[0].strip()
    return line[:200] if line.startswith("Not yet: ") else ""


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def add_command(parser: Any) -> None:
    """Give the arguments of `snrilab check` to its parser."""
    parser.add_argument(
        "name",
        nargs="?",
        help="an assignment in source/ (for teachers), or a notebook or its folder (for learners); "
        "without: the installation",
    )
    parser.add_argument(
        "--course", type=Path, default=Path(), metavar="FOLDER", help="course folder"
    )
    parser.add_argument(
        "--outside-only",
        action="store_true",
        help="let no test run in the process of the answers: such tests wait for you",
    )


def run_check(name: str, root: Path, *, outside_only: bool = False) -> int:
    """Check and print; return the exit status."""

    def say(line: str) -> None:
        from snrilab.grading.clean import safe_words

        sys.stdout.write(safe_words(line) + "\n")

    return check(name, root, say, outside_only=outside_only)
