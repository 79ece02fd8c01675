"""The class report: what the class missed, on one page that needs nothing else, and as a table.

Runs in the coordinator.
"""

# ruff: noqa: ISC004 -- long sentences in lists

from __future__ import annotations

import base64
import contextlib
import html
import io
import json
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import sqlalchemy as sa

from snrilab.grading import clean, statistics
from snrilab.grading.export import write_table
from snrilab.grading.feedback import POLICY
from snrilab.grading.gradebook import RECEIPTS, read_list, read_verdicts
from snrilab.grading.misconceptions import advice
from snrilab.grading.scoring import INSIDE, WAITS

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from numpy.typing import NDArray

    from snrilab._estimate import Estimate
    from snrilab.grading.course import Course

HELD = f"{WAITS}: "
FEW = statistics.FEW


class ReportError(ValueError):
    """There is nothing to report; the message says why."""


@dataclass(frozen=True)
class Item:
    """One graded cell over the whole class."""

    name: str
    points: float
    difficulty: float
    discrimination: float
    waiting: int


@dataclass(frozen=True)
class ClassResult:
    """Everything the report says.

    Parameters
    ----------
    students : list of str
        Everybody with a submission.
    totals : ndarray
        Points of each.
    points : float
        Points possible.
    items : list of Item
        Each graded cell.
    ideas : dict
        (function, misconception) to number of students.
    facts : dict
        Student to what was odd about the submission.
    held : dict
        Student to why a machine must not decide: work that could not be read or placed.
    unread : frozenset of str
        Those of whose work nothing could be read; they are in no statistics.
    inside : frozenset of str
        Tests that ran in the process of the answers.
    """

    assignment: str
    students: list[str]
    totals: NDArray[np.float64]
    points: float
    items: list[Item]
    reliability: Estimate | None
    ideas: dict[tuple[str, str], int] = field(default_factory=dict)
    reasons: dict[str, Counter[str]] = field(default_factory=dict)
    facts: dict[str, list[str]] = field(default_factory=dict)
    held: dict[str, list[str]] = field(default_factory=dict)
    unread: frozenset[str] = frozenset()
    inside: frozenset[str] = frozenset()


def class_result(course: Course, assignment: str) -> ClassResult:
    """Collect what the gradebook knows about an assignment.

    Parameters
    ----------
    course : Course
        The course.
    assignment : str
        Name of the assignment.
    """
    scores, names, points, waits = _scores(course, assignment)
    receipts = [row for row in _receipts(course, assignment) if read_verdicts(row.verdicts)]
    held = {row.student: why for row in receipts if (why := _held(row))}
    unread = frozenset(s for s in held if waits.get(s, set()) >= set(names))
    waiting = {name: sum(name in waits[s] for s in scores if s not in unread) for name in names}
    students = sorted(scores.keys() - unread)
    if not scores:
        raise ReportError(f"nobody has a grade for {assignment} yet: snrilab grade {assignment}")
    if not students:
        named = "; ".join(f"{student}: {why[0]}" for student, why in sorted(held.items())[:5])
        raise ReportError(f"all work for {assignment} waits for a person: {named}")
    table = np.array([[scores[s].get(name, 0.0) for name in names] for s in students])
    # What a person has not looked at yet says nothing about a question.
    judged = [n for n, name in enumerate(names) if not waiting[name]]
    ready = table[:, judged]
    possible = np.array([points[name] for name in names])
    difficulty = statistics.difficulty(table, np.where(possible > 0, possible, 1.0))
    # The tests of one answer stand and fall together: they are one question.
    about = _questions(course, assignment)
    parts = [about.get(names[n], names[n]) for n in judged]
    questions = sorted(set(parts))
    whole = np.array([ready[:, [p == q for p in parts]].sum(axis=1) for q in questions]).T
    enough = len(students) >= FEW and len(questions) > 1
    discrimination = np.full(len(names), np.nan)
    if enough:
        of_question = dict(zip(questions, statistics.discrimination(whole), strict=True))
        discrimination[judged] = [of_question[part] for part in parts]
    items = [
        Item(name, points[name], float(difficulty[n]), float(discrimination[n]), waiting[name])
        for n, name in enumerate(names)
    ]
    ideas: Counter[tuple[str, str]] = Counter()
    reasons: dict[str, Counter[str]] = {}
    facts: dict[str, list[str]] = {}
    inside: set[str] = set()
    for row in receipts:
        with contextlib.suppress(ValueError, AttributeError, TypeError):
            ideas.update(json.loads(row.misconceptions).items())
        if noted := read_list(row.facts):
            facts[row.student] = noted
        for verdicts in (read_verdicts(row.verdicts) or {}).values():
            for verdict in verdicts:
                inside |= {verdict["grade_id"]} if verdict.get("inside") else set()
                if verdict["score"] is not None and verdict["score"] < verdict["points"]:
                    reasons.setdefault(verdict["grade_id"], Counter())[verdict["reason"]] += 1
    return ClassResult(
        assignment=assignment,
        students=students,
        totals=table.sum(axis=1),
        points=float(possible.sum()),
        items=items,
        reliability=statistics.reliability(whole) if enough else None,
        ideas=dict(ideas),
        reasons=reasons,
        facts=facts,
        held=held,
        unread=unread,
        inside=frozenset(inside),
    )


def _questions(course: Course, assignment: str) -> dict[str, str]:
    """Return for each test the answer that it is about: the one that it follows."""
    from snrilab.grading.course import CourseError

    try:
        templates = course.templates(assignment)
    except CourseError:
        return {}
    found: dict[str, str] = {}
    for template in templates:
        answer = ""
        for cell in template.cells:
            if cell.role == "solution" and cell.grade_id:
                answer = f"{template.notebook}/{cell.grade_id}"
            elif cell.role == "test" and cell.grade_id and answer:
                found[cell.grade_id] = answer
    return found


def _held(row: Any) -> list[str]:
    """Return why a machine must not decide about one submission, from its receipt."""
    verdicts = [v for listed in (read_verdicts(row.verdicts) or {}).values() for v in listed]
    found = [str(v["reason"]).removeprefix(HELD) for v in verdicts if v.get("held")]
    return list(dict.fromkeys(found))


def _scores(
    course: Course, assignment: str
) -> tuple[dict[str, dict[str, float]], list[str], dict[str, float], dict[str, set[str]]]:
    """Read every student's points per item: a person's where given, else the automatic ones."""
    from nbgrader import api

    grade, cell = api.Grade.__table__, api.BaseCell.__table__
    notebook, own = api.Notebook.__table__, api.SubmittedNotebook.__table__
    submission, whole = api.SubmittedAssignment.__table__, api.Assignment.__table__
    possible = sa.union_all(
        *(
            sa.select(t.c.id, t.c.max_score)
            for t in (api.GradeCell.__table__, api.TaskCell.__table__)
        )
    ).subquery()
    query = (
        sa.select(
            submission.c.student_id,
            notebook.c.name.label("notebook"),
            cell.c.name,
            possible.c.max_score,
            grade.c.auto_score,
            grade.c.manual_score,
            grade.c.extra_credit,
            grade.c.needs_manual_grade,
        )
        .join(own, own.c.id == grade.c.notebook_id)
        .join(notebook, notebook.c.id == own.c.notebook_id)
        .join(submission, submission.c.id == own.c.assignment_id)
        .join(whole, whole.c.id == submission.c.assignment_id)
        .join(cell, cell.c.id == grade.c.cell_id)
        .join(possible, possible.c.id == cell.c.id)
        .where(whole.c.name == assignment)
        .order_by(notebook.c.name, cell.c.name)
    )
    scores: dict[str, dict[str, float]] = {}
    points: dict[str, float] = {}
    waiting: dict[str, set[str]] = {}
    engine = _engine(course)
    try:
        if not sa.inspect(engine).has_table(api.Grade.__tablename__):
            return {}, [], {}, {}
        with engine.connect() as connection:
            for row in connection.execute(query):
                points[row.name] = row.max_score
                given = row.manual_score if row.manual_score is not None else row.auto_score
                earned = (given or 0.0) + (row.extra_credit or 0.0)
                scores.setdefault(row.student_id, {})[row.name] = earned
                waiting.setdefault(row.student_id, set()).update([row.name] * (given is None))
    except sa.exc.DBAPIError as error:
        raise ReportError(f"the gradebook cannot be used: {error.orig}") from None
    finally:
        engine.dispose()
    return scores, list(points), points, waiting


def _engine(course: Course) -> sa.Engine:
    try:
        return sa.create_engine(course.db_url)
    except (sa.exc.ArgumentError, ModuleNotFoundError) as error:
        raise ReportError(f"the gradebook's URL cannot be used: {error}") from None


def _receipts(course: Course, assignment: str) -> list[Any]:
    engine = _engine(course)
    try:
        if not sa.inspect(engine).has_table(RECEIPTS.name):
            return []
        with engine.connect() as connection:
            query = sa.select(RECEIPTS).where(RECEIPTS.c.assignment == assignment)
            return list(connection.execute(query))
    finally:
        engine.dispose()


def write_report(course: Course, assignment: str, to: Path | None = None) -> tuple[Path, Path]:
    """Write the page and the table beside it; return both paths.

    Parameters
    ----------
    course : Course
        The course.
    assignment : str
        Name of the assignment.
    to : Path, optional
        The page; the table stands beside it.
    """
    result = class_result(course, assignment)
    page = to or course.root / f"report_{assignment}.html"
    table = page.with_suffix(".csv")
    page.write_text(as_page(result), "utf-8")
    write_table(table, as_rows(result))
    return page, table


def as_rows(result: ClassResult) -> list[list[Any]]:
    """Return the table of items and of misconceptions."""
    rows: list[list[Any]] = [
        ["item", "points", "difficulty", "discrimination", "waiting for a person"]
    ]
    rows += [
        [i.name, i.points, round(i.difficulty, 4), _plain(i.discrimination), i.waiting]
        for i in result.items
    ]
    rows += [[], ["function", "misconception", "students"]]
    rows += [[name, code, count] for (name, code), count in _ranked(result)]
    return rows


def _plain(value: float) -> Any:
    return "" if np.isnan(value) else round(value, 4)


def _ranked(result: ClassResult) -> list[tuple[tuple[str, str], int]]:
    return sorted(result.ideas.items(), key=lambda found: (-found[1], found[0]))


def as_page(result: ClassResult) -> str:
    """Return the report as one self-contained HTML page."""
    count = len(result.students)
    share = 100 * result.totals / result.points if result.points else result.totals
    parts = [
        f"<h1>{_text(result.assignment)}: class report</h1>",
        f"<p>{count} submissions; median {np.median(share):.0f} % of {result.points:g} points, "
        f"middle half {np.quantile(share, 0.25):.0f} to {np.quantile(share, 0.75):.0f} %.</p>",
        _warning(result),
        _waiting(result),
        _picture(_score_figure(share), _score_sentence(share)),
        "<h2>Questions</h2>",
        "<p>Difficulty is the mean share of the points earned (low is hard). Discrimination is the "
        "correlation of a question (all tests of one answer together) with the total of the other "
        "questions: near zero or negative, a question does "
        "not go with the rest - look at its wording and its tests.</p>",
        _rows(
            ("question", "points", "difficulty", "discrimination", "most frequent reason"),
            (
                (
                    f"{item.name} (inside)" if item.name in result.inside else item.name,
                    f"{item.points:g}",
                    f"{item.difficulty:.2f}" if not item.waiting else "not graded yet",
                    "-" if np.isnan(item.discrimination) else f"{item.discrimination:.2f}",
                    _often(result, item.name),
                )
                for item in result.items
            ),
        ),
        f"<p><strong>{_text(INSIDE)}</strong></p>" if result.inside else "",
        _picture(
            _item_figure(result.items),
            "Difficulty and discrimination of each question, as in the table above.",
        ),
        _reliability(result),
        "<h2>Misconceptions</h2>",
        _ideas(result),
        "<h2>Worth a look</h2>",
        "<p>What was found in the files, as facts. Each has innocent explanations: a copied cell, "
        "a renamed file, a slow machine. Points depend on the tests alone.</p>",
        _rows(("student", "found"), ((s, "; ".join(f)) for s, f in sorted(result.facts.items())))
        if result.facts
        else "<p>Nothing.</p>",
    ]
    return _PAGE.format(
        policy=POLICY,
        title=_text(result.assignment),
        style=_STYLE,
        body="\n".join(filter(None, parts)),
    )


_PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<title>{title}: class report</title><style>{style}</style></head>
<body><main>
{body}
</main></body></html>
"""
_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;color:#111;background:#fff;margin:2rem}"
    "main{max-width:60rem;margin:auto}table{border-collapse:collapse;margin:1rem 0}"
    "th,td{border-bottom:1px solid #bbb;padding:.3rem .8rem;text-align:left;vertical-align:top}"
    "img{max-width:100%}"
)


def _text(value: str) -> str:
    return html.escape(clean.text(value, 500), quote=True)


def _rows(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    top = "".join(f'<th scope="col">{_text(cell)}</th>' for cell in head)
    body = "".join(
        "<tr>" + "".join(f"<td>{_text(cell)}</td>" for cell in row) + "</tr>" for row in rows
    )
    return f"<table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"


def _warning(result: ClassResult) -> str:
    if len(result.students) >= FEW:
        return ""
    return (
        f"<p><strong>Fewer than {FEW} submissions: difficulty is given, but no discrimination and "
        "no reliability, which would be chance.</strong></p>"
    )


def _reliability(result: ClassResult) -> str:
    found = result.reliability
    if found is None or np.isnan(found.value):
        return ""
    name = "KR-20" if found.method.startswith("KR-20") else "Cronbach's alpha"
    between = (
        f", {100 * found.level:g} % confidence interval {found.low:.2f} to {found.high:.2f} "
        "(bootstrap over students)"
        if np.isfinite(found.low) and np.isfinite(found.high)
        else ""
    )
    return (
        f"<p>Reliability of the total ({_text(name)}): {found.value:.2f}{between}. The tests of "
        "one answer count as one question.</p>"
    )


def _waiting(result: ClassResult) -> str:
    """Name first what a machine could not decide."""
    if not result.held:
        return ""
    rows = ((student, "; ".join(why)) for student, why in sorted(result.held.items()))
    return (
        f"<h2>Waiting for a person ({len(result.held)})</h2><p>This work could not be read or "
        "placed by machine. It has no points yet, and what could not be read at all is in none of "
        "the numbers below.</p>" + _rows(("student", "what was found"), rows)
    )


def _often(result: ClassResult, item: str) -> str:
    common = result.reasons.get(item, Counter()).most_common(1)
    return f"{common[0][0]} ({common[0][1]} times)" if common else ""


def _ideas(result: ClassResult) -> str:
    if not result.ideas:
        return "<p>No known misconception was recognised.</p>"
    count = len(result.students)
    return _rows(
        ("function", "misconception", "students", "share", "what to say"),
        (
            (name, code, str(n), f"{100 * n / count:.0f} %", advice(result.assignment, name, code))
            for (name, code), n in _ranked(result)
        ),
    )


def _score_sentence(share: NDArray[np.float64]) -> str:
    low = int((share < 50).sum())
    return (
        f"Histogram of the scores in per cent: from {share.min():.0f} to {share.max():.0f}; "
        f"{low} of {share.size} below 50."
    )


def _score_figure(share: NDArray[np.float64]) -> Any:
    from matplotlib.figure import Figure

    from snrilab.plots import BLUE

    figure = Figure(figsize=(7, 3), layout="constrained")
    ax = figure.add_subplot()
    ax.hist(share, bins=np.arange(0, 105, 5).tolist(), color=BLUE, edgecolor="white")
    ax.set(xlabel="score (%)", ylabel="students", xlim=(0, 100))
    return figure


def _item_figure(items: list[Item]) -> Any:
    from matplotlib.figure import Figure

    from snrilab.plots import BLUE, VERMILION

    figure = Figure(figsize=(7, 0.4 * len(items) + 1.2), layout="constrained")
    left, right = figure.subplots(1, 2, sharey=True)
    place = np.arange(len(items))
    left.barh(place, [i.difficulty for i in items], color=BLUE)
    right.barh(place, np.nan_to_num([i.discrimination for i in items]), color=VERMILION, hatch="//")
    left.set(xlabel="difficulty", xlim=(0, 1), yticks=place, yticklabels=[i.name for i in items])
    right.set(xlabel="discrimination", xlim=(-1, 1))
    left.invert_yaxis()
    return figure


def _picture(figure: Any, sentence: str) -> str:
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=120, metadata={"Software": None})
    data = base64.b64encode(buffer.getvalue()).decode()
    return f'<p><img alt="{_text(sentence)}" src="data:image/png;base64,{data}"></p>'
