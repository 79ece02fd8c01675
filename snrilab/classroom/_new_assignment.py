"""A new assignment from a template: one function with its tests, and one answer in words.

Runs in the coordinator. The template passes `snrilab check` as it stands, so whatever that command
says later is about what a teacher has changed.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from snrilab.classroom._gradebook import ClassroomError

if TYPE_CHECKING:
    from pathlib import Path

_SETUP = "import numpy as np"
_ANSWER = '''def fraction_bound(conc_nM, kd_nM):
    """Return the fraction of receptors that a ligand holds (conc_nM and kd_nM in nM)."""
    ### BEGIN SOLUTION
    return conc_nM / (conc_nM + kd_nM)
    ### END SOLUTION'''
_VISIBLE = """half = fraction_bound(5.0, 5.0)
assert abs(half - 0.5) < 1e-9, "at the Kd half of the receptors are held\""""
_HIDDEN = """### BEGIN HIDDEN TESTS
for conc_nM, kd_nM in [(1.0, 9.0), (30.0, 10.0), (0.0, 4.0), (2.5, 0.5)]:
    wanted = conc_nM / (conc_nM + kd_nM)
    assert abs(fraction_bound(conc_nM, kd_nM) - wanted) < 1e-9, "other concentrations and Kd"
### END HIDDEN TESTS"""
_QUESTION = """## B. What does it mean?

Doubling the dose hardly changes what is bound. What does that say about the concentration?
(2 to 3 sentences)"""
_WRITTEN = """### BEGIN SOLUTION
**Model answer.** The concentration is far above the Kd, where the curve is nearly flat: at 10 times
the Kd 91 % of the receptors are held, at 20 times 95 %.

**Marks.**

- 2 points: the concentration is well above the Kd
- 2 points: the curve is nearly flat there, so more ligand finds few free receptors
- 1 or 0.5 points: a number, such as 10 times the Kd holding 91 %; one that is nearly right: half

A claim that is stronger than its number loses its mark.
### END SOLUTION"""


def new_assignment(root: Path, name: str) -> Path:
    """Write ``source/NAME/NAME.ipynb`` from the template.

    Parameters
    ----------
    root : Path
        The course folder.
    name : str
        Letters, digits, hyphens and underscores, such as ``ps7_kinetics``.
    """
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{0,60}", name):
        raise ClassroomError(
            f"an assignment's name has letters, digits, '-' and '_' only, got {name!r}."
        )
    path = root / "source" / name / f"{name}.ipynb"
    if path.parent.exists():
        raise ClassroomError(f"{path.parent} is there already; nothing was written.")
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(_notebook(name), indent=1, ensure_ascii=False) + "\n", "utf-8")
    return path


def _notebook(name: str) -> dict[str, Any]:
    title = f"# {name}\n\nSay here what it is about, and until when it is to be handed in."
    cells = [
        _cell("markdown", "title", title),
        _cell("code", "setup", _SETUP, locked=True),
        _cell("markdown", "part-a", "## A. How much is bound?"),
        _cell("code", "fraction-bound", _ANSWER, solution=True),
        _cell("code", "test-fraction-bound", _VISIBLE, grade=True, locked=True, points=2),
        _cell("code", "test-fraction-bound-more", _HIDDEN, grade=True, locked=True, points=3),
        _cell("markdown", "part-b", _QUESTION),
        _cell("markdown", "meaning", _WRITTEN, grade=True, solution=True, points=5),
    ]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return {
        "cells": cells,
        "metadata": {"kernelspec": kernel},
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def _cell(kind: str, name: str, source: str, **flags: Any) -> dict[str, Any]:
    metadata: dict[str, Any] = {}
    if flags:
        metadata["nbgrader"] = {
            "grade": False, "grade_id": name, "locked": False, "schema_version": 3,
            "solution": False, "task": False, **flags,
        }  # fmt: skip
    cell: dict[str, Any] = {
        "cell_type": kind,
        "id": name,
        "metadata": metadata,
        "source": source.splitlines(keepends=True),
    }
    return cell | ({"execution_count": None, "outputs": []} if kind == "code" else {})
