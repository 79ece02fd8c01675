"""What a learner has done so far, in one small file on their own machine."""

from __future__ import annotations

import contextlib
import html
import json
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from snrilab.exercises._declaration import MODULES, Exercise, Question, declared

_KINDS = ("exercises", "questions", "predictions")


def progress_file() -> Path:
    """Return where progress is kept: $SNRILAB_PROGRESS, else .snrilab/progress.json at home."""
    named = os.environ.get("SNRILAB_PROGRESS")
    return Path(named) if named else Path.home() / ".snrilab" / "progress.json"


def load() -> dict[str, dict[str, Any]]:
    """Return all that has been kept; empty when there is nothing, or nothing readable."""
    kept: dict[str, dict[str, Any]] = {kind: {} for kind in _KINDS}
    try:
        found = json.loads(progress_file().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return kept
    if isinstance(found, dict):
        for kind in _KINDS:
            if isinstance(found.get(kind), dict):
                kept[kind] = found[kind]
    return kept


def record(kind: str, name: str, value: Any) -> bool:
    """Keep one thing; return False when it cannot be kept (a read-only disk, or a graded run)."""
    if os.environ.get("NBGRADER_EXECUTION"):
        return False
    kept = load()
    kept[kind][name] = value
    path = progress_file()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _replace(path, json.dumps(kept, indent=1, ensure_ascii=False, sort_keys=True))
    except OSError:
        return False
    return True


def _replace(path: Path, text: str) -> None:
    """Write the whole file or nothing: a notebook killed half-way must not lose what was there."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".new")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(temporary).unlink()
        raise


@dataclass(frozen=True)
class Progress:
    """What has been done of one lesson or assignment, and what is open.

    Parameters
    ----------
    module : str
        Lesson or assignment ("lesson02_binding").
    rows : tuple
        One (kind, name, state) for each exercise, question and prediction; the state is "done",
        "tried" or "open".

    Examples
    --------
    >>> print(Progress("lesson02_binding", (("exercise", "bound_fmol", "done"),)))
    lesson02_binding: 1 of 1 done
      [x] exercise bound_fmol
    """

    module: str
    rows: tuple[tuple[str, str, str], ...]

    @property
    def done(self) -> int:
        """How many are done."""
        return sum(state == "done" for *_, state in self.rows)

    def __str__(self) -> str:
        """Return a list to tick off."""
        boxes = {"done": "[x]", "tried": "[~]", "open": "[ ]"}
        lines = [f"  {boxes[state]} {kind} {name}" for kind, name, state in self.rows]
        return "\n".join([f"{self.module}: {self.done} of {len(self.rows)} done", *lines])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td>{html.escape(kind)}</td><td>{html.escape(name.replace('_', ' '))}</td>"
            f"<td>{state}</td></tr>"
            for kind, name, state in self.rows
        )
        return (
            f"<table><caption>{html.escape(self.module)}: {self.done} of {len(self.rows)} done"
            '</caption><thead><tr><th scope="col">what</th><th scope="col">name</th>'
            f'<th scope="col">state</th></tr></thead><tbody>{rows}</tbody></table>'
        )


def progress(module: str | None = None) -> Progress | list[Progress]:
    """Show what has been done of a lesson or assignment, or of all of them.

    Parameters
    ----------
    module : str, optional
        "lesson02_binding", "ps2_binding", …; all when left out.

    Returns
    -------
    Progress or list of Progress
        Shown by Jupyter as a table. An exercise is done when its check was right once; a question
        when the right answer was chosen, and tried when another one was.

    Raises
    ------
    LookupError
        When there is no such lesson or assignment; the message lists those that exist.

    Examples
    --------
    >>> progress("lesson02_binding").rows[0][:2]
    ('prediction', 'who_wins')
    """
    if module is None:
        return [_one(name) for name in MODULES]
    return _one(module)


def _one(module: str) -> Progress:
    kept = load()
    rows = []
    for name, thing in declared(module).items():
        short = name.partition("/")[2]
        if isinstance(thing, Exercise):
            rows.append(("exercise", short, "done" if kept["exercises"].get(name) else "open"))
        elif isinstance(thing, Question):
            answer = kept["questions"].get(name)
            right = isinstance(answer, dict) and answer.get("right")
            rows.append(("question", short, "done" if right else "tried" if answer else "open"))
        else:
            rows.append(("prediction", short, "done" if kept["predictions"].get(name) else "open"))
    return Progress(module, tuple(rows))
