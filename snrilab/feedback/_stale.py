"""Find out whether a function comes from the cell that was run last.

A cell that stops with an error (a missing bracket), or that gives the function another name, leaves
the function of an earlier run in place. A check of that one would judge what is no longer on the
page. And where the cell has not been run at all, the check says so in place of Python's traceback.
"""

from __future__ import annotations

import ast
import contextlib
import linecache
import re
import sys
from typing import TYPE_CHECKING, Any

from snrilab.feedback._feedback import Feedback

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from snrilab.exercises import Exercise


def _shell() -> Any:
    """Return the notebook's IPython, or None."""
    if "IPython" not in sys.modules:
        return None
    from IPython import get_ipython

    return get_ipython()


def _cells_run() -> list[str]:
    """Return the text of every cell that was run in this kernel, in order."""
    shell = _shell()
    cells = shell.user_ns.get("In") if shell is not None else None
    return [str(cell) for cell in cells] if isinstance(cells, list) else []


def older_than_its_cell(exercise: Exercise, function: Any) -> Feedback | None:
    """Return what to say when a newer text of the function was run, and did not come through."""
    code = getattr(function, "__code__", None)
    name = exercise.function_name
    if code is None or getattr(function, "__name__", "") != name:
        return None
    cells = _cells_run()
    ran = "".join(linecache.getlines(code.co_filename)).strip()
    defines = re.compile(rf"^[ \t]*def[ \t]+{re.escape(name)}\b", re.MULTILINE)
    places = [place for place, cell in enumerate(cells) if defines.search(cell)]
    if not places or ran not in [cells[place].strip() for place in places]:
        return None
    if cells[places[-1]].strip() == ran:
        return _renamed(exercise, cells[places[-1] + 1 :])
    return Feedback(
        exercise.name,
        False,
        "older-than-its-cell",
        f"Python still has an older {name}.",
        f"The cell with def {name} was changed and run, but it stopped before it was done, so this "
        "is the function of the run before. Read the message under that cell, mend it, run it "
        "again until it shows none, and then check.",
    )


def _renamed(exercise: Exercise, cells: list[str]) -> Feedback | None:
    """Return what to say when a later cell defines a function of other name for the same inputs."""
    name = exercise.function_name
    for cell in reversed(cells):
        with contextlib.suppress(SyntaxError, ValueError):  # a cell with a bracket lost, or magic
            for step in ast.parse(cell).body:
                if not isinstance(step, ast.FunctionDef):
                    continue
                if tuple(a.arg for a in step.args.args) == exercise.argument_names:
                    return Feedback(
                        exercise.name,
                        False,
                        "renamed",
                        f"Your last function is called {step.name}, the check asks for {name}.",
                        f"So Python still has an older {name}. Give yours that name again, run its "
                        f"cell, and then check. (If {step.name} is a helper, run the cell with "
                        f"def {name} once more.)",
                    )
    return None


# -- a check before its cell ----------------------------------------------------------------------


def say_what_is_missing(names: Callable[[], Collection[str]]) -> None:
    """Say in a sentence, and without a traceback, that a function of the course is not there yet.

    Python stops before it calls the check, so only the shell can say so. Other names, and
    whoever has taken this place in the shell before, are left alone.
    """
    shell = _shell()
    if shell is None or getattr(shell, "custom_exceptions", None) != ():
        return

    def told(shell: Any, kind: type, error: NameError, trace: Any, tb_offset: Any = None) -> None:
        missing = error.name
        if missing not in names():
            shell.showtraceback((kind, error, trace), tb_offset=tb_offset)
            return
        sentence = (
            f"{missing} is not there yet: run the cell above that begins with def {missing}, and "
            "then this one. (After a restart run the cells from the top.)"
        )
        shell._showtraceback(kind, error, [sentence])  # noqa: SLF001 -- there is no public way

    shell.set_custom_exc((NameError,), told)
