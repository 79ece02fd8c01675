"""A class of forty with known truth, written through the engine's own writer: nothing is run.

Everybody's marks follow from an ability and from what is said here of single students.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from textwrap import indent
from typing import TYPE_CHECKING, Any

import numpy as np
import sqlalchemy as sa

from snrilab.classroom._deadline import change_rule
from snrilab.grading.autograder import _comments
from snrilab.grading.classrun import read_submitted
from snrilab.grading.course import open_course
from snrilab.grading.gradebook import Graded, Writer
from snrilab.grading.rubric import marks_file
from snrilab.grading.scoring import WAITS
from snrilab.grading.standing import RECEIPTS
from tests.conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from snrilab.grading.template import Template

PS2, PS3 = "ps2_binding", "ps3_selectivity"
DUE = (datetime.now(UTC) - timedelta(days=4)).replace(tzinfo=None, microsecond=0)
MULTIPLIED = [f"s{n:02d}" for n in range(5, 12)]
FREE = ["s12", "s13", "s14"]
MISSING, HAS_TIME, UNREAD, ONLY_TEXT, BLANK = "s36", "s37", "s35", "s34", "s33"
LATE, EXTENDED, BOTH = "s30", "s31", "s32"
RENAMED, IDENTICAL, ALIKE_IN_WORDS = ("s20", "s21"), ("s22", "s23"), ("s24", "s25")
MARKED = [f"s{n:02d}" for n in range(28)]
SECTIONS = {"Monday": range(18), "Thursday": range(18, 37), "Evening": range(37, 40)}
LAST = [
    "Alt",
    "Berg",
    "Ek",
    "O'Hara-Lind",
    "Müller",
    "Zander",
    "Nguyễn",
    "李",
    "Đorđević",
    "Ångström",
]
FIRST = ["Anna", "Ben", "Emma", "Sean", "Hans Jörg", "Zoë", "Thị Hoa", "小龙", "Ana", "Åsa"]

# People who do not know each other make their own choices (--), one after the other (====).
FIT = """
unit = "nM"
--
assert len(inhibitor_nM) == len(bound)
--
if len(inhibitor_nM) < 4:
    raise ValueError("too few wells")
--
n = len(bound)
if n == 0:
    return np.nan
--
import warnings
warnings.simplefilter('ignore')
--
result = None
====
x, y = np.asarray(inhibitor_nM, float), np.asarray(bound, float)
--
y = np.array(bound)
x = np.array(inhibitor_nM) + 0.0
--
order = np.argsort(inhibitor_nM)
x = np.take(inhibitor_nM, order)
y = np.take(bound, order)
--
keep = np.isfinite(bound)
x = np.array(inhibitor_nM)[keep]
y = np.array(bound)[keep]
====
def curve(c, top, bottom, half):
    return bottom + (top - bottom) / (1 + c / half)
--
def curve(c, top, bottom, half):
    f = half / (half + c)
    return top * f + bottom * (1 - f)
--
curve = lambda c, top, bottom, half: (top * half + bottom * c) / (half + c)
--
def curve(c, top, bottom, half):
    return top - (top - bottom) * c / (c + half)
--
def curve(c, top, bottom, half):
    r = c / half
    return (top + bottom * r) / (r + 1)
====
start = [max(y), min(y), np.median(x)]
--
start = y[0], y[-1], 10.0
--
middle = y.mean()
start = (y.max(), y.min(), x[np.abs(y - middle).argmin()])
--
start = np.array([y.max() * 1.05, 0.9 * y.min(), np.sqrt(x[x > 0].min() * x.max())])
--
top, bottom = np.percentile(y, [95, 5])
start = [top, bottom, x[len(x) // 2]]
====
found, _ = curve_fit(curve, x, y, p0=start)
half = found[2]
--
from scipy.optimize import least_squares
half = least_squares(lambda p: curve(x, *p) - y, start).x[2]
--
from scipy import optimize
def distance(p):
    return ((curve(x, *p) - y) ** 2).sum()
half = optimize.minimize(distance, start, method='Nelder-Mead').x[-1]
--
best = np.inf
for trial in np.logspace(-2, 5, 3000):
    error = np.abs(curve(x, start[0], start[1], trial) - y).sum()
    if error < best:
        best, half = error, trial
====
return half
--
return float(half)
--
return abs(half)
--
return half if half > 0 else np.nan
--
if not np.isfinite(half):
    return start[2]
return half
--
return np.clip(half, 1e-3, 1e6)
"""
GUESS = "np.interp(50, bound, inhibitor_nM)"
COPIED = """
    # My own way: first the plateaus, then halve the steps
    highest, lowest = np.sort(bound)[-2:].mean(), np.sort(bound)[:2].mean()
    middle = lowest + (highest - lowest) / 2
    lower_end, upper_end = 1e-3, 1e6
    for step in range(80):
        trial = (lower_end * upper_end) ** 0.5
        predicted = lowest + (highest - lowest) * trial / (trial + np.asarray(inhibitor_nM))
        if np.sum(predicted) > np.sum(bound):
            upper_end = trial
        else:
            lower_end = trial
    return (lower_end * upper_end) ** 0.5 if middle > 0 else np.nan"""
RENAMES = (
    ("lower_end", "a"), ("upper_end", "b"), ("trial", "guess"), ("step", "k"),
    ("# My own way: first the plateaus, then halve the steps", "# bisection"),
)  # fmt: skip
SAID = (
    ("Binding", "In the binding assay the drug", "Levomilnacipran, when it binds,", "The curve"),
    ("prefers", "is stronger at", "points to", "shows a lower Ki at"),
    ("SERT", "the serotonin transporter", "SERT, not NET,"),
    ("while", "whereas", "and yet", "but"),
    ("uptake turns this round.", "transport gives the other order.", "the guide says otherwise.",
     "in cells I see the opposite."),
    ("So", "Hence", "For this reason", "Therefore, I think,"),
    ("two assays were mixed.", "a ratio across assays means nothing.", "I do not believe it.",
     "the numbers cannot be divided."),
)  # fmt: skip
ESSAY = (
    "A number that comes out of competition depends on how much radioligand was in the well, which "
    "is why the guide cannot compare an affinity at one transporter with a potency at the other "
    "without saying which assay produced each of them, and that is the heart of my criticism."
)


@dataclass
class Lecture:
    """A course folder with its graded class, and what is true of it."""

    root: Path
    template: Template
    answers: dict[str, dict[str, str]] = field(default_factory=dict)
    scores: dict[str, dict[str, float | None]] = field(default_factory=dict)
    ability: dict[str, float] = field(default_factory=dict)


def people() -> list[tuple[str, str, str, str]]:
    """Return name in nbgrader, first and last name and section."""
    found = []
    for n in range(40):
        section = next(name for name, those in SECTIONS.items() if n in those)
        found.append((f"s{n:02d}", FIRST[n % 10] + "I" * (n // 10), LAST[n % 10], section))
    return found


def make(root: Path) -> Lecture:
    """Write the class: two assignments graded, the first one in full."""
    for name in (PS2, PS3):
        shutil.copytree(ROOT / "source" / name, root / "source" / name)
    shutil.copy(ROOT / "nbgrader_config.py", root)
    change_rule(root, {"per_day": 10.0})
    rows = ["Student,ID,SIS Login ID,Section,ps2_binding (7)", "    Points Possible,,,,"]
    rows += [
        f'"{last}, {first}",{n},{name},{section},'
        for n, (name, first, last, section) in enumerate(people(), 900)
    ]
    (root / "gradebook.csv").write_text("\n".join(rows) + "\n", "utf-8")
    course = open_course(root)
    [template] = course.templates(PS2)
    lecture = Lecture(root, template)
    rng = np.random.default_rng(5)
    _dates(course)
    writer = _writer(course, PS2, [template])
    for n in range(40):
        student = f"s{n:02d}"
        if student in {MISSING, HAS_TIME}:
            continue
        graded = _graded(lecture, student, n, rng)
        for step in ("submitted", "autograded"):
            folder = root / step / student / PS2
            folder.mkdir(parents=True)
            whole = graded.notebooks[PS2]["notebook"]
            text = "{" if student == UNREAD else json.dumps(whole)
            (folder / f"{PS2}.ipynb").write_text(text)
        there = read_submitted(course, PS2, student, [template])
        writer.write(replace(graded, submission=there.digest))
    writer.close()
    _marks_by_hand(course)
    _items(root)
    _third(course, rng)
    return lecture


def was_graded_so(course: Any, assignment: str, student: str) -> None:
    """Let the gradebook know the work that lies there as what it graded."""
    digest = read_submitted(course, assignment, student, course.templates(assignment)).digest
    mine = (RECEIPTS.c.assignment == assignment) & (RECEIPTS.c.student == student)
    engine = sa.create_engine(course.db_url)
    with engine.begin() as connection:
        connection.execute(RECEIPTS.update().where(mine).values(submission=digest))
    engine.dispose()


def comes_after_all(root: Path, student: str) -> None:
    """Write what a machine finds in a whole file of a student: everything right, words to mark."""
    course = open_course(root)
    templates = course.templates(PS2)
    verdicts = [
        {"grade_id": cell.grade_id, "score": cell.points if cell.role == "test" else None,
         "points": cell.points, "reason": "", "text": "", "held": False}
        for cell in templates[0].graded
    ]  # fmt: skip
    result = {"verdicts": verdicts, "comments": {}, "misconceptions": {}}
    writer = _writer(course, PS2, templates)
    (root / "submitted" / student / PS2 / f"{PS2}.ipynb").write_text("another file")
    digest = read_submitted(course, PS2, student, templates).digest
    writer.write(Graded(student, digest, "t" * 64, _handed_in(student), {PS2: result}, [], 1.0))
    writer.close()


def _writer(course: Any, name: str, templates: list[Template]) -> Writer:
    writer = Writer(course, name)
    writer.open(templates)
    return writer


def _dates(course: Any) -> None:
    from nbgrader.api import Gradebook

    from snrilab.classroom import _deadline

    with Gradebook(course.db_url) as book:
        for name, first, last, _ in people():
            book.update_or_create_student(name, first_name=first, last_name=last)
        book.update_or_create_assignment(PS2, duedate=DUE)
    for student, days in ((HAS_TIME, 30), (EXTENDED, 5), (BOTH, 1)):
        _deadline.extend(course, PS2, student, timedelta(days=days))


def _handed_in(student: str) -> datetime:
    late = {
        LATE: timedelta(days=1, hours=3),
        EXTENDED: timedelta(days=3),
        BOTH: timedelta(days=1, hours=2),
    }
    return DUE + late.get(student, -timedelta(hours=5))


def _graded(lecture: Lecture, student: str, n: int, rng: Any) -> Graded:
    answers = _answers(lecture.template, student, n)
    ability = lecture.ability[student] = float(rng.standard_normal())
    ideas = {}
    ideas |= {"cheng_prusoff": "multiplied"} if student in MULTIPLIED else {}
    ideas |= {"saturation": "free-instead-of-occupied"} if student in FREE else {}
    verdicts, comments = [], {}
    answer = ""
    passed = 0.0
    for place, cell in enumerate(lecture.template.cells):
        if cell.is_answer:
            answer = str(cell.grade_id)
            passed = float(rng.random() < 1 / (1 + np.exp(-(1.7 * ability + 1.5 - place / 25))))
            passed = 0.0 if answer in ideas or answer not in answers else passed
            comments[answer] = None if answer in answers else "No response."
        if cell.role not in {"test", "manual"}:
            continue
        score: float | None = cell.points * passed
        if cell.role == "manual":
            score = None if answer in answers else 0.0
        reason = "" if score == cell.points else "a known reason"
        if student == UNREAD:
            score, reason = None, f"{WAITS}: the file is not a whole notebook: its JSON is cut off"
        verdicts.append(
            {"grade_id": cell.grade_id, "score": score, "points": cell.points, "reason": reason,
             "text": str(answers.get(answer)), "held": student == UNREAD}
        )  # fmt: skip
    found = [{"function": name, "code": code} for name, code in ideas.items()]
    said = [{"cell": name, "text": text} for name, text in comments.items()]
    comments = _comments(lecture.template, {"comment": said, "misconception": found})
    lecture.answers[student] = answers
    lecture.scores[student] = {v["grade_id"]: v["score"] for v in verdicts}
    notebook = {"verdicts": verdicts, "comments": comments, "misconceptions": ideas,
                "notebook": notebook_of(lecture.template, answers)}  # fmt: skip
    facts = ["the notebook was called mine.ipynb"] if n % 9 == 4 else []
    return Graded(student, f"{n:064d}", "t" * 64, _handed_in(student), {PS2: notebook}, facts, 1.0)


def _answers(template: Template, student: str, n: int) -> dict[str, str]:
    """Return the text of each answer; what is not there was left as it was handed out."""
    if student in {BLANK, UNREAD}:
        return {}
    if student == IDENTICAL[1]:
        return _answers(template, IDENTICAL[0], int(IDENTICAL[0][1:]))
    if student == ONLY_TEXT:
        return {"written-answer": "I ran out of time for the code."}
    key = {str(c.grade_id): c.reference for c in template.cells if c.role == "solution"}
    found = {name: _plain(text) for name, text in key.items()}
    own = np.random.default_rng(n)
    choices = [each.strip("\n").split("\n--\n") for each in FIT.split("\n====\n")]
    lines = "\n".join(str(own.choice(choice)) for choice in choices)
    found["fit_ic50"] = "def fit_ic50(inhibitor_nM, bound):\n" + indent(lines, "    ")
    found["student_id"] = f'student_id = "{student}"'
    found["written-answer"] = " ".join(str(own.choice(choice)) for choice in SAID)
    for name in list(found)[n % 5 :: 11]:
        found.pop(name) if name not in {"fit_ic50", "written-answer"} else None
    if student in RENAMED:
        text = f"def fit_ic50(inhibitor_nM, bound):{COPIED}"
        if student == RENAMED[1]:
            for old, new in RENAMES:
                text = text.replace(old, new)
        found["fit_ic50"] = text
    if student == IDENTICAL[0]:
        found["fit_ic50"] = f"def fit_ic50(inhibitor_nM, bound):\n    return {GUESS}"
        found["written-answer"] = "Both come from one laboratory, so they may be divided."
    if student in ALIKE_IN_WORDS:
        found["written-answer"] = ESSAY + (" I add that I liked this." if student == "s25" else "")
    return found


def _plain(text: str) -> str:
    return "\n".join(line for line in text.split("\n") if "### " not in line)


def notebook_of(template: Template, answers: dict[str, str]) -> dict[str, Any]:
    """Return a student's notebook with these answers, all else as it was handed out."""
    cells = []
    for cell in template.cells:
        text = answers.get(str(cell.grade_id), cell.release) if cell.is_answer else cell.release
        made = {
            "cell_type": cell.cell_type,
            "id": cell.identity,
            "metadata": cell.metadata,
            "source": text,
        }
        cells.append(
            made | ({"outputs": [], "execution_count": None} if cell.cell_type == "code" else {})
        )
    return {"cells": cells, "metadata": dict(template.metadata), "nbformat": 4, "nbformat_minor": 5}


def _marks_by_hand(course: Any) -> None:
    from nbgrader.api import Gradebook

    with Gradebook(course.db_url) as book:
        for n, student in enumerate(MARKED):
            grade = book.find_grade("written-answer", PS2, PS2, student)
            grade.manual_score, grade.needs_manual_grade = 4.0 + n % 12, False
            if n % 3 == 0:
                comment = book.find_comment("written-answer", PS2, PS2, student)
                comment.manual_comment = "Say which of the two\nassays each number is from."
        book.db.commit()


def _items(root: Path) -> None:
    """Say what the marks by hand are for, as the marking page keeps it: one of two items."""
    key = f"{PS2}/written-answer"
    items = [
        {"name": "a", "points": [4.0, 2.0], "words": "both assays, each with its constant"},
        {"name": "b", "points": [2.0], "words": "an interval"},
    ]
    given = {
        student: {"items": {"a": n % 3 and 1} if n % 4 else {"b": 0}, "free": 0.0, "total": 4.0}
        for n, student in enumerate(MARKED)
    }
    path = marks_file(root, PS2)
    path.parent.mkdir(parents=True)
    kept = {"key": "0" * 32, "questions": {key: {"items": items}}, "given": {key: given}}
    path.write_text(json.dumps(kept), "utf-8")


def _third(course: Any, rng: Any) -> None:
    """Grade the next assignment for those who came: `multiplied` stays with two, and goes."""
    [template] = course.templates(PS3)
    writer = _writer(course, PS3, [template])
    for n in range(30):
        ideas = {"mended_ratio": "multiplied"} if f"s{n:02d}" in MULTIPLIED[:2] else {}
        verdicts = [
            {"grade_id": c.grade_id, "score": c.points * (rng.random() < 0.6), "points": c.points,
             "reason": "", "text": "", "held": False}
            for c in template.graded
        ]  # fmt: skip
        result = {"verdicts": verdicts, "comments": {}, "misconceptions": ideas}
        writer.write(Graded(f"s{n:02d}", "b" * 64, "t" * 64, None, {PS3: result}, [], 1.0))
    writer.close()
