"""Find out whether a function comes from the cell that was run last.

A cell that stops with an error (a missing bracket) leaves the function of its last good run in
place. A check of that one would praise what is no longer on the page.
"""

from __future__ import annotations

import linecache
import re
import sys
from typing import TYPE_CHECKING, Any

from snrilab.feedback._feedback import Feedback

if TYPE_CHECKING:
    from snrilab.exercises import Exercise


def _cells_run() -> list[str]:
    """Return the text of every cell that was run in this kernel, in order."""
    if "IPython" not in sys.modules:
        return []
    from IPython import get_ipython

    shell: Any = get_ipython()
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
        return None
    return Feedback(
        exercise.name,
        False,
        "older-than-its-cell",
        f"Python still has an older {name}.",
        f"The cell with def {name} was changed and run, but it stopped before it was done, so this "
        "is the function of the run before. Read the message under that cell, mend it, run it "
        "again until it shows none, and then check.",
    )
