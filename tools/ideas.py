"""Where each wrong idea is met: `python -m tools.ideas` prints it as a table for teachers.

An idea is *asked* where a question, a prediction or the concept inventory offers the answer that
follows from it, and *tried* where it fails before a learner's eyes: as a wrong answer of an
exercise or an assignment, or in an explorer, by a goal that cannot be reached with it.
"""

from __future__ import annotations

import runpy
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

from snrilab import evidence
from snrilab.exercises import (
    Exercise,
    Goal,
    Prediction,
    Question,
    declared,
    inventory_items,
    lessons,
)

ROOT = Path(__file__).resolve().parent.parent


def asked() -> dict[str, set[str]]:
    """Return where each idea is offered as an answer, by its one code."""
    found: dict[str, set[str]] = defaultdict(set)
    for module in lessons():
        for name, thing in declared(module).items():
            if isinstance(thing, Question):
                _note(found, name, [option.idea for option in thing.options])
            elif isinstance(thing, Prediction):
                _note(found, name, thing.ideas)
    for item in inventory_items("A"):
        _note(found, f"inventory/{item.number}", [answer.idea for answer in item.answers])
    return found


def tried() -> dict[str, set[str]]:
    """Return where each idea fails when it is acted on, by its one code."""
    found: dict[str, set[str]] = defaultdict(set)
    for module in lessons():
        for name, thing in declared(module).items():
            if isinstance(thing, Exercise):
                _note(found, name, thing.ideas)
            elif isinstance(thing, Goal):
                _note(found, name, thing.against)
    for path in sorted((ROOT / "source").glob("*/answers.py")):
        for name, codes in _answers(path):
            _note(found, f"{path.parent.name}/{name}", codes)
    return found


def _answers(path: Path) -> list[tuple[str, Any]]:
    """Return the names and codes of what an assignment asks for."""
    sys.path.insert(0, str(path.parent))
    try:
        names = runpy.run_path(str(path))
    finally:
        sys.path.pop(0)
    found = [
        (thing.function_name, thing.ideas)
        for thing in names.values()
        if isinstance(thing, Exercise)
    ]
    return found + [(cell, told["wrong"]) for cell, told in names.get("CELLS", {}).items()]


def _note(found: dict[str, set[str]], name: str, codes: Any) -> None:
    known = {other: one.code for one in evidence.ideas() for other in (one.code, *one.also)}
    for code in codes:
        if code in known:  # cells of assignments have codes of their own, too
            found[known[code]].add(name)


def page() -> str:
    """Return the table in Markdown."""
    where_asked, where_tried = asked(), tried()
    lines = ["| idea | code | asked in | fails in |", "|---|---|---|---|"]
    for one in evidence.ideas():
        if one.kind == "idea":
            places = [
                ", ".join(sorted(where.get(one.code, ()))) for where in (where_asked, where_tried)
            ]
            lines.append(f"| {one.idea} | `{one.code}` | {places[0]} | {places[1]} |")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.stdout.write(page() + "\n")
