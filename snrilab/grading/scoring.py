"""Points for one test cell: strict about errors, kind about warnings, and always a reason.

Runs in the forked grader.
"""

from __future__ import annotations

import ast
import math
import re
from dataclasses import dataclass
from typing import Any

ENGINE = "5"  # raised when the same work could get another grade, or a test another place
BEGIN_HIDDEN = "BEGIN HIDDEN TESTS"
END_HIDDEN = "END HIDDEN TESTS"
REASON = 600
NOT_RUN = "waits for a person: this test cannot be run here: "  # and why
WAITS = "waits for a person"  # followed by ": why" where something could not be read or placed
# The one sentence about a hidden test that has no author's words: whatever a student's code could
# choose - the kind of an error, a size, a time - would tell what the test handed over.
SILENT = "a hidden test did not pass"
OWN = "run it in your own notebook to see more"
# What a test that runs inside cannot promise, for teachers and for students.
INSIDE = (
    "A test that runs inside can be read, and passed with a wrong answer, by code written to do "
    "so, as every test in plain nbgrader; such code reaches no test that runs outside, no other "
    "student and nothing of this machine."
)
RAN_INSIDE = (
    "[This test ran in the process of your code, as in plain nbgrader. It does not protect its "
    "points: a person may read the answer.]"
)


@dataclass(frozen=True)
class Verdict:
    """What one graded cell earned.

    Parameters
    ----------
    grade_id : str
        Name of the cell.
    score : float or None
        Points; None when a person has to decide.
    points : float
        Points possible.
    reason : str
        One line for the student and the teacher; empty for full points.
    text : str
        Fingerprint of a written answer, or of the answers that a test asks: marks given by hand
        stay settled as long as it is the same.
    held : bool
        Whether a machine must not decide, since something could not be read or placed.
    """

    grade_id: str
    score: float | None
    points: float
    reason: str = ""
    text: str = ""
    held: bool = False


def hidden_lines(source: str) -> set[int]:
    """Return the numbers of the lines that students must not see."""
    hidden: set[int] = set()
    inside = False
    for number, line in enumerate(source.split("\n"), 1):
        if BEGIN_HIDDEN in line:
            inside = True
        if inside:
            hidden.add(number)
        if END_HIDDEN in line:
            inside = False
    return hidden


def points_for(value: Any, points: float, declared: bool) -> tuple[float, str]:
    """Return points and reason for a test cell that ended without error.

    Parameters
    ----------
    value : object
        Value of the cell's last expression, None when there is none.
    points : float
        Points possible.
    declared : bool
        Whether the answer key's run of this cell ends in a number: only then is a number credit.

    Examples
    --------
    >>> points_for(1.5, 4, declared=True)
    (1.5, '1.5 of 4 points')
    >>> points_for(float("nan"), 4, declared=True)[0]
    0.0
    >>> points_for(None, 4, declared=False)
    (4.0, '')
    """
    if not declared:
        return float(points), ""
    number = as_number(value)
    if number is None:
        return 0.0, "the test gave no number where partial credit was expected"
    if not math.isfinite(number) or not 0 <= number <= points:
        return 0.0, f"the test gave {number:g}, which is no number of points from 0 to {points:g}"
    return number, "" if number == points else f"{number:g} of {points:g} points"


def as_number(value: Any) -> float | None:
    """Return `value` as a float when it is one number, and no truth value."""
    import numpy as np

    if isinstance(value, bool | np.bool_):
        return None
    if isinstance(value, int | float | np.integer | np.floating):
        try:
            return float(value)
        except OverflowError:
            return math.inf
    return None


def reason_for(
    error: BaseException,
    line: int | None,
    source: str,
    path: tuple[int, ...] = (),
    heard: bool = False,
) -> str:
    """Say in one line why a test cell failed, without showing hidden tests.

    An author's own message is kept. A library's message about a hidden line is not: it prints the
    expected values. Neither are the student's own words and values once a hidden test has spoken
    to the student's code: they may be what that test handed over.

    Parameters
    ----------
    error : BaseException
        What ended the test.
    line : int or None
        Line of the cell at which it arose.
    source : str
        Text of the cell.
    path : tuple of int
        All lines of the cell that were being run, from the outermost.
    heard : bool
        Whether this test or one before it has hidden lines.
    """
    kind = type(error).__name__
    text = " ".join(str(error).split())[:REASON]
    hidden = not hidden_lines(source).isdisjoint({*path, line})
    if isinstance(error, AssertionError) and not getattr(error, "learners", False):
        written, own = _authors_words(source, line, text)
        if own:
            return own
        if hidden:
            return SILENT
        if text and not written and not heard:
            return text
        return f"this did not hold: {_line(source, line)}"
    if hidden:
        return SILENT
    if heard:
        return f"this did not work: {_line(source, line)}; run it in your own notebook to see more"
    return f"{kind}: {text}" if text else kind


def _authors_words(source: str, line: int | None, text: str) -> tuple[bool, str]:
    """Return whether the failing statement is an `assert`, and the message its author gave it."""
    statement = _statement(source, line)
    if isinstance(statement, ast.Assert):
        return True, text if statement.msg is not None else ""
    if statement is not None:
        for node in ast.walk(statement):
            if isinstance(node, ast.Raise):
                return False, text
            if isinstance(node, ast.Call):
                for word in node.keywords:
                    if word.arg in {"err_msg", "msg"} and isinstance(word.value, ast.Constant):
                        return False, str(word.value.value)[:REASON]
    return False, ""


def _statement(source: str, line: int | None) -> ast.stmt | None:
    """Return the innermost statement that covers a line."""
    from snrilab.grading.names import python

    if line is None:
        return None
    try:
        tree = ast.parse(python(source))
    except SyntaxError:
        return None
    best: ast.stmt | None = None
    for node in ast.walk(tree):
        if isinstance(node, ast.stmt) and node.lineno <= line <= (node.end_lineno or node.lineno):
            best = node
    return best


def _line(source: str, line: int | None) -> str:
    lines = source.split("\n")
    text = lines[line - 1].strip() if line and line <= len(lines) else ""
    return re.sub(r"^assert\s+", "", text)[:200]
