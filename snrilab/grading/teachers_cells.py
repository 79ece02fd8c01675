"""How one of the teacher's cells runs in a grader: its names, its time, what it shows.

Runs in the forked grader, on the trusted side.
"""

from __future__ import annotations

import ast
import contextlib
import functools
import os
import signal
import sys
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from snrilab.grading import elsewhere, prose
from snrilab.grading.names import History, flow, names, python
from snrilab.grading.proxies import Printed, Snapshot, StandIn, Unreadable, unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import CodeType

    from snrilab.grading.template import Cell, Template


class TestTooLong(BaseException):
    """A test cell used up its time here, on the trusted side."""


@dataclass
class Ran:
    """How one of the teacher's cells went."""

    value: Any = None
    error: BaseException | None = None
    line: int | None = None
    path: tuple[int, ...] = ()
    printed: str = ""


@functools.lru_cache(maxsize=1000)
def compiled(source: str, file: str) -> tuple[CodeType, CodeType | None]:
    """Return a cell's code, and that of its last line when this is an expression."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about the text; a test hears of what happens when it runs
        tree = ast.parse(python(source), file)
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        value = ast.Expression(last.value) if isinstance(last, ast.Expr) else None
        return (
            compile(tree, file, "exec"),
            compile(value, file, "eval") if value is not None else None,
        )


def prepare(template: Template) -> None:
    """Read and compile the teacher's cells in a worker, once for the graders forked from it."""
    prose.Teachers(template)
    for cell in template.cells:
        if cell.cell_type != "code":
            continue
        python(cell.master)
        for text in (cell.master, cell.release):
            flow(text)
            names(text)
        elsewhere.aliases(cell.release)
        History().only_adds(cell.release)
        with contextlib.suppress(SyntaxError, ValueError, RecursionError, MemoryError):
            compiled(cell.master, _file(cell.grade_id or cell.identity))


def _file(name: str) -> str:
    return f"<{name}>"


def run_here(source: str, name: str, space: dict[str, Any], seconds: float) -> Ran:
    """Run one of the teacher's cells in this process; return its last value or its error."""
    printed = Printed()
    ran = Ran()
    file = _file(name)

    try:
        body, last = compiled(source, file)
        with (
            contextlib.redirect_stdout(printed),
            contextlib.redirect_stderr(Printed()),
            at_most(seconds),
            warnings.catch_warnings(),
        ):
            exec(body, space)  # noqa: S102 -- the teacher's own code
            if last is not None:
                ran.value = eval(last, space)  # noqa: S307 -- the teacher's own code
    except BaseException as error:  # noqa: BLE001 -- whatever a test raises is its verdict
        ran.error = error
        ran.value = None
        trace = error.__traceback__
        while trace is not None:
            if trace.tb_frame.f_code.co_filename == file:
                ran.line = trace.tb_lineno
                ran.path += (trace.tb_lineno,)
            trace = trace.tb_next
    ran.printed = printed.getvalue()[:20_000]
    close_figures()
    return ran


@contextlib.contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Raise `TestTooLong` in this process when the time is up."""

    def ring(*_: Any) -> None:
        raise TestTooLong(f"not finished within {seconds:g} s")

    old = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds, 0.5)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, old)


def close_figures() -> None:
    """Close what a cell drew; nobody sees it here."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is not None and pyplot.get_fignums():
        pyplot.close("all")


def namespace() -> dict[str, Any]:
    """Return the namespace of the teacher's cells, with the two names that notebooks expect."""
    space: dict[str, Any] = {"__name__": "__main__", "__builtins__": __builtins__}
    space["display"] = lambda *things, **_: print(*things)  # noqa: T201 -- captured
    space["get_ipython"] = lambda: _Magics(space)
    return space


class _Magics:
    """Stands for IPython in the teacher's cells: magics about display do nothing here."""

    def __init__(self, space: dict[str, Any]) -> None:
        self._space = space

    def run_line_magic(self, name: str, line: str, *_: Any) -> None:
        """Ignore ``%matplotlib inline`` and the like."""

    def run_cell_magic(self, name: str, _: str, cell: str) -> None:
        """Run the body of ``%%capture``, ``%%time`` and the like."""
        exec(compile(python(cell), f"<{name}>", "exec"), self._space)  # noqa: S102 -- the teacher's own code


def bind(
    space: dict[str, Any],
    bindings: dict[str, tuple[str, Any]],
    snapshot: Snapshot,
    cell: Cell,
) -> None:
    """Put the learner's names into the namespace as they stood at this point."""
    for name, (kind, content) in bindings.items():
        if kind == "value":
            space[name] = content
        elif kind == "function":
            space[name] = snapshot.function(name, content)
        elif kind == "missing":
            if name not in cell.names.binds:
                space.pop(name, None)
        elif kind == "gone":
            snapshot.fail(f"{name} is not there: {content}")
            space.pop(name, None)
        elif name in space and not _crosses(space[name]):
            continue  # the teacher's own object, changed there: no plain data, so ours stands
        else:
            space[name] = unreadable(name, content, snapshot.fail)


def _crosses(value: Any) -> bool:
    from snrilab.grading.jailed import errors, values

    if isinstance(value, Unreadable | StandIn):
        return True
    try:
        values.encode(value)
    except errors.NotPlainDataError:
        return False
    return True


def answers_own_imports(
    space: dict[str, Any], cell: Cell, template: Template, absent: frozenset[str] = frozenset()
) -> None:
    """Import here what the answer key's cells before this one import: tests may rely on it.

    What this student has not imported is not there for the tests either.
    """
    for name in absent:
        space.pop(name, None)
    for before in template.cells[: cell.place]:
        wanted = before.names.imports - space.keys() - absent
        if before.is_answer and wanted:
            for statement in ast.parse(python(before.reference)).body:
                if isinstance(statement, ast.Import | ast.ImportFrom):
                    with contextlib.suppress(Exception):
                        exec(compile(ast.Module([statement], []), "imports", "exec"), space)  # noqa: S102 -- the teacher's own code
    for name in absent:  # one statement may import several
        space.pop(name, None)


def quiet_environment() -> None:
    """Set what stock nbgrader sets while it grades, for the teacher's cells."""
    os.environ["NBGRADER_EXECUTION"] = "autograde"
    os.environ["MPLBACKEND"] = "agg"
