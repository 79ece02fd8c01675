"""The page about one assignment: who needs the lecturer first, the questions, the people."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from snrilab.classroom._gradebook import shown
from snrilab.classroom._report.ideas import one_line
from snrilab.classroom._report.layout import (
    ROWS,
    Group,
    Raw,
    bar,
    columns,
    folded,
    listed,
    page,
    shortened,
    table,
    text,
    words,
)
from snrilab.classroom._report.naming import LEAST
from snrilab.classroom._report.standing import meaning_of, zeros_of
from snrilab.grading.scoring import INSIDE
from snrilab.grading.statistics import FEW

APART = 0.1  # of the points, by which the tests of one answer differ worth a word

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import timedelta, tzinfo

    from snrilab._estimate import Estimate
    from snrilab.classroom._report.ideas import Group as IdeaGroup
    from snrilab.classroom._report.naming import Naming
    from snrilab.classroom._report.record import Record, Student
    from snrilab.classroom._report.results import QuestionResult, Results
    from snrilab.classroom._report.scheme import ItemResult
    from snrilab.classroom._report.standing import Standing


def assignment_page(
    record: Record,
    results: Results,
    standing: Standing,
    groups: list[IdeaGroup],
    naming: Naming,
    zone: tzinfo | None,
    items: list[ItemResult],
    more: Iterable[tuple[str, str, str]] = (),
) -> str:
    """Return the report on one assignment.

    Parameters
    ----------
    record, results, standing, groups
        What was found.
    naming : Naming
        What people are called.
    zone : tzinfo, optional
        Zone of the times; this machine's where it is None.
    items : list of ItemResult
        What written answers earned their points for.
    more : iterable of tuple
        Further chapters: anchor, title, markup.
    """
    chapters = [
        (
            "who",
            "How it stands" if naming.hidden else "Who needs you",
            _who(record, standing, naming, zone),
        ),
        ("ideas", "Ideas to talk about", _ideas(record, groups, naming)),
        ("questions", "Questions", _questions(record, results, naming)),
        ("points", "Points", _points(record, results, naming)),
        ("hand", "Marked by hand", _by_hand(record, results, naming, items)),
        ("sections", "Sections", _sections(record, naming)),
        *more,
        ("facts", "Worth a look", "" if naming.hidden else _facts(record, naming)),
        ("everybody", "Everybody", _everybody(record, naming)),
    ]
    there = [chapter for chapter in chapters if chapter[2]]
    links = "".join(f'<li><a href="#{anchor}">{text(title)}</a></li>' for anchor, title, _ in there)
    parts = [
        f"<h1>{text(record.assignment)}: class report</h1>",
        _summary(record, results, naming, zone),
        _next_lecture(groups, naming),
        f'<nav aria-label="Chapters"><ul>{links}</ul></nav>',
    ]
    parts += [f'<h2 id="{anchor}">{text(title)}</h2>{body}' for anchor, title, body in there]
    return page(f"{record.assignment}: class report", parts)


def _summary(record: Record, results: Results, naming: Naming, zone: tzinfo | None) -> str:
    handed_in = sum(one.submitted for one in record.students)
    said = f"{len(record.students)} students, {handed_in} handed in."
    if record.due is not None:
        said += f" Due {shown(record.due, zone)}."
    if results.totals.size and record.points > 0:
        share = 100 * results.totals / record.points
        said += (
            f" Median {np.median(share):.0f} % of {record.points:g} points, middle half "
            f"{np.quantile(share, 0.25):.0f} to {np.quantile(share, 0.75):.0f} %, before what "
            "lateness costs."
        )
    if naming.hidden:
        said += (
            f" This page names nobody, and no group below {LEAST} is told apart. Words of students "
            "and markers are left out, for they can name people, and so is who is alike."
        )
    return words(said)


def _next_lecture(groups: list[IdeaGroup], naming: Naming) -> str:
    """Name the ideas that most hold, what to say, and where the course says it."""
    said = []
    for group in groups[:2]:
        number = len(group.students)
        if _is_few(number, naming):
            continue
        where = f", lesson {group.lesson}" if group.lesson else ""
        those = f"{number} {'student' if number == 1 else 'students'}"
        line = group.refutation or "see Ideas to talk about"
        said.append(f"Against “{group.idea}” ({those}{where}): {line}")
    if not said:
        return ""
    lines = "".join(f"<li>{text(line, 1000)}</li>" for line in said)
    return f"{words('To say in the next lecture:')}<ol>{lines}</ol>"


def _names(students: Iterable[Student], naming: Naming) -> Raw:
    return listed([naming.of(one) for one in naming.sorted(list(students))])


def _who(record: Record, standing: Standing, naming: Naming, zone: tzinfo | None) -> str:
    kinds = (
        ("waiting for a person", standing.held, "could not be read or placed in whole or in part"),
        ("not submitted", standing.missing, "nothing was handed in"),
        ("still has time", standing.has_time, "nothing handed in, and the date is still to come"),
        ("late", standing.late, "after the student's own due date"),
        ("only text", standing.only_text, "words were handed in, no code"),
        ("came back blank", standing.blank, "the assignment as it was handed out"),
        ("not marked yet", standing.to_mark, "written answers wait for marks"),
        ("extension", standing.extended, "more time was given"),
        ("not in the roster", standing.strangers, "handed in, and in no table of the class"),
    )
    there = [(kind, those, meaning) for kind, those, meaning in kinds if those]
    if not there:
        return words("Nobody: everything was handed in, in time, and is marked.")
    if naming.hidden:
        rows: list[tuple[object, ...]] = [(k, naming.count(len(t)), m) for k, t, m in there]
        return table("How many", ("what", "students", "meaning"), rows)
    rows = [(kind, len(those), meaning, _names(those, naming)) for kind, those, meaning in there]
    parts = [table("Who, by what is the matter", ("what", "students", "meaning", "who"), rows)]
    if standing.held:
        parts.append(
            table(
                f"Waiting for a person ({len(standing.held)}): no points by machine, no final 0",
                ("student", "answers that wait", "what was found"),
                (
                    (naming.of(one), len(one.left), listed(one.held, 3))
                    for one in naming.sorted(standing.held)
                ),
                most=ROWS,
            )
        )
    if standing.late or standing.extended:
        timed = {one.id: one for one in (*standing.late, *standing.extended)}
        parts.append(
            table(
                "Late, or with an extension",
                ("student", "handed in", "extension", "days late", "points taken"),
                (_time_row(one, naming, zone) for one in naming.sorted(list(timed.values()))),
                most=ROWS,
            )
        )
    parts.append(
        table(
            "What a 0 means here",
            ("meaning", "students with nothing at all", "questions (an answer with all its tests)"),
            ((meaning, *numbers) for meaning, numbers in zeros_of(record).items()),
        )
    )
    return "".join(parts)


def _time_row(one: Student, naming: Naming, zone: tzinfo | None) -> tuple[object, ...]:
    extension = one.extension.total_seconds() / 86_400
    return (
        naming.of(one),
        shown(one.time, zone) if one.time is not None else "-",
        f"{extension:.3g} days" if extension else "-",
        _lateness(one),
        f"{one.penalty:.3g} of {one.earned:.3g}" if one.penalty else "-",
    )


def _lateness(one: Student) -> str:
    if not one.submitted:
        return "-"
    if one.late_unknown:
        return "late, minutes unknown"
    if one.days_late:
        return f"{one.days_late} (by {span(one.late)})"
    return f"in time ({span(one.after)} after, within the grace)" if one.after else "in time"


def span(time: timedelta) -> str:
    """Say how long a time is, to the minute."""
    minutes = max(1, round(time.total_seconds() / 60))
    days, rest = divmod(minutes, 1440)
    hours, left = divmod(rest, 60)
    parts = ((days, "d"), (hours, "h"), (left, "min"))
    return " ".join(f"{number} {unit}" for number, unit in parts if number)


def _ideas(record: Record, groups: list[IdeaGroup], naming: Naming) -> str:
    if not groups:
        return words(
            "No known wrong idea was recognised. They are recognised where the assignment declares "
            "what each idea would return, in its answers.py."
        )
    of = len(record.judged)
    heads = ["idea", "students", "seen in", "a line to start from", "who"]
    rows = []
    for group in groups:
        number = len(group.students)
        share = f" ({100 * number / of:.0f} %)" if of and not _is_few(number, naming) else ""
        rows.append(
            (
                group.idea, f"{naming.count(number)}{share}", ", ".join(group.where),
                group.refutation or "-",
                "-" if _is_few(number, naming) else _names(group.students, naming),
            )
        )  # fmt: skip
    return words(
        "By what their functions return: each group held one idea when the work was handed in. "
        "Groups for an office hour, the largest first; one student can be in several."
    ) + table("Ideas and who holds them", heads, rows)


def _is_few(number: int, naming: Naming) -> bool:
    return naming.hidden and number < LEAST


def _questions(record: Record, results: Results, naming: Naming) -> str:
    heads = (
        "question", "points", "share of the points", "marked", "not attempted",
        "attempted, nothing", "with the rest", "look at", "what cost points",
    )  # fmt: skip
    rows: list[tuple[object, ...] | Group] = []
    above = ""
    for one in results.questions:
        if one.question.heading and one.question.heading != above:
            rows.append(Group(one.question.heading))
        above = one.question.heading
        rows.append(_question_row(record, one, naming))
    judged = len(record.judged)
    parts = [
        words(
            "In the assignment's order; all tests of one answer are one question. Share: mean "
            "share of its points among those marked, not attempted counted as 0, with its 95 % "
            "interval (Wilson's where a question gives all or nothing, else from resampling "
            "students)."
            + (
                " With the rest: correlation with the total of the other questions, with its "
                "interval from resampling; near or below zero, a question does not go with the "
                "others."
                if any(one.discrimination is not None for one in results.questions)
                else ""
            )
        ),
        table(f"Questions, {judged} students whose work could be read", heads, rows),
        _reliability(results),
    ]
    if judged < FEW:
        parts.insert(
            0,
            words(
                f"Below {FEW} students nothing is judged here: the shares are what happened, and "
                "whether a question is a good one would be chance."
            ),
        )
    if record.inside:
        parts.append(f"<p><strong>{text(INSIDE)}</strong></p>")
    return "".join(parts)


def _question_row(record: Record, one: QuestionResult, naming: Naming) -> tuple[object, ...]:
    worst = max(one.parts, key=lambda found: found.times)
    times = f"{worst.times} {'time' if worst.times == 1 else 'times'}"
    reason = f"{worst.reason} ({times})" if worst.reason else ""
    return (
        one.question.name,
        f"{one.question.points:g}",
        _share(one.share),
        f"{one.marked}" + (f" ({_wait(one.waiting, naming)})" if one.waiting else ""),
        naming.count(one.not_attempted) if one.question.answer else "-",
        naming.count(one.nothing),
        _plain(one.discrimination),
        one.doubts or "-",
        shortened("; ".join(filter(None, (reason, _tests(record, one)))) or "-"),
    )


def _wait(number: int, naming: Naming) -> str:
    return f"{naming.count(number)} {'waits' if number == 1 and not naming.hidden else 'wait'}"


def _tests(record: Record, one: QuestionResult) -> str:
    """Say how each of several tests of one answer went where they differ, and which ran inside."""
    shares = [found.share for found in one.parts if np.isfinite(found.share)]
    differ = len(shares) > 1 and max(shares) - min(shares) >= APART
    if not differ and not any(found.part.key in record.inside for found in one.parts):
        return ""
    said = []
    for found in one.parts:
        name = found.part.name
        for start in (f"test-{one.question.name}", f"test_{one.question.name}"):
            if name.startswith(start):
                name = name.removeprefix(start).strip("-_") or "main"
        name += " (inside)" if found.part.key in record.inside else ""
        share = f"{100 * found.share:.0f} %" if np.isfinite(found.share) else "not marked"
        said.append(f"{name} {share}")
    return f"tests: {', '.join(said)}"


def _share(found: Estimate | None) -> Raw:
    if found is None:
        return Raw("not marked yet")
    drawn = bar(found.value, found.low, found.high)
    said = f"{100 * found.value:.0f} %"
    if np.isfinite(found.low):
        said += f"</span> <span>({100 * found.low:.0f} to {100 * found.high:.0f})"
    return Raw(f'{drawn}<span class="number"><span>{said}</span></span>')


def _plain(found: Estimate | None) -> str:
    if found is None:
        return "-"
    said = f"{found.value:.2f}"
    if np.isfinite(found.low):
        said += f"</span> <span>({found.low:.2f} to {found.high:.2f})"
    return Raw(f'<span class="number"><span>{said}</span></span>')


def _reliability(results: Results) -> str:
    found = results.reliability
    if found is None or not np.isfinite(found.value):
        return ""
    name = "KR-20" if found.method.startswith("KR-20") else "Cronbach's alpha"
    said = f"Reliability of the total: {name} {found.value:.2f}"
    if np.isfinite(found.low):
        said += (
            f" ({100 * found.level:g} % interval from resampling students: {found.low:.2f} to "
            f"{found.high:.2f})"
        )
    said += f"; {results.complete} students, the tests of one answer counted as one question."
    if results.left_out:
        said += f" Without {', '.join(results.left_out)}: most of it is not marked yet."
    return words(said)


def _points(record: Record, results: Results, naming: Naming) -> str:
    if not results.totals.size or record.points <= 0:
        return ""
    share = np.clip(100 * results.totals / record.points, 0, 100)
    counts = np.histogram(share, bins=np.arange(0, 101, 10))[0].tolist()
    labels = [f"{low}–{low + (10 if low == 90 else 9)}" for low in range(0, 100, 10)]
    said = ", ".join(
        f"{label} %: {naming.count(number)}"
        for label, number in zip(labels, counts, strict=True) if number
    )  # fmt: skip
    if naming.hidden and any(0 < number < LEAST for number in counts):
        return table("Students by per cent of the points", ("per cent", "students"), (
            (label, naming.count(number)) for label, number in zip(labels, counts, strict=True)
        ))  # fmt: skip
    caption = "Students by per cent of the points, before what lateness costs."
    return words(caption) + columns(counts, labels, f"{caption} {said}.")


def _by_hand(record: Record, results: Results, naming: Naming, items: list[ItemResult]) -> str:
    asked = [one for one in results.questions if one.question.by_hand]
    changed = [
        (naming.of(one), part.name, f"{mark.points:g} of {part.points:g}", mark.comment or "-")
        for one in naming.sorted(record.students)
        for question in record.questions if not question.by_hand
        for part in question.parts
        if (mark := one.marks.get(part.key)) and mark.by_hand and mark.points is not None
    ]  # fmt: skip
    said = _comments(record, naming)
    parts = []
    if naming.hidden:  # what a person wrote or changed can name people
        changed, said = [], []
    if asked:
        parts.append(
            table(
                "Written answers",
                ("question", "points", "marked by a person", "wait for marks", "not attempted",
                 "share of the points"),
                (
                    (one.question.name, f"{one.question.points:g}",
                     *map(naming.count, (one.by_hand, one.waiting)),
                     naming.count(one.not_attempted) if one.question.answer else "-",
                     _share(one.share))
                    for one in asked
                ),
            )
        )  # fmt: skip
    if items:
        parts.append(
            table(
                "Items of the mark scheme, and how many were given each",
                ("question", "points", "what they are for", "in full", "in part", "of"),
                (
                    (one.question, f"{one.points:g}", one.words,
                     *map(naming.count, (one.whole, one.part, one.of)))
                    for one in items
                ),
            )
        )  # fmt: skip
    if changed:
        given = ("student", "test", "points given by hand", "comment")
        parts.append(table("Points of tests that a person has changed", given, changed, most=ROWS))
    if said:
        heads = ("student", "question", "points", "comment")
        parts.append(folded(f"Comments ({len(said)})", table("Comments", heads, said)))
    return "".join(parts)


def _comments(record: Record, naming: Naming) -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = []
    for question in record.questions:
        keys = {question.answer, *(part.key for part in question.parts)} - {""}
        for one in naming.sorted(record.students):
            said = " / ".join(
                one_line(one.comments[key]) for key in sorted(keys & set(one.comments))
            )
            if said:
                marks = [one.marks[part.key] for part in question.parts if part.key in one.marks]
                points = sum(mark.points or 0.0 for mark in marks)
                rows.append((naming.of(one), question.name, f"{points:g}", said))
    return rows


def _sections(record: Record, naming: Naming) -> str:
    known = sorted({one.section for one in record.students if one.section})
    if not known:
        return ""
    rows: list[tuple[object, ...]] = []
    for section in [*known, ""]:
        those = [one for one in record.students if one.section == section]
        if not those:
            continue
        handed_in = [one for one in those if one.judged]
        if naming.hidden and len(handed_in) < LEAST:
            rows.append((section or "none", f"fewer than {LEAST} handed in", "-", "-", "-"))
            continue
        late = sum(one.days_late > 0 for one in those)
        rows.append(
            (section or "none", len(those), len(handed_in), naming.count(late),
             _middle([one.earned for one in handed_in], record.points))
        )  # fmt: skip
    heads = ("section", "students", "work that could be read", "late", "median (middle half)")
    return table("Sections, as the roster has them", heads, rows)


def _middle(points: list[float], possible: float) -> str:
    if not points or possible <= 0:
        return "-"
    low, mid, high = 100 * np.quantile(np.array(points) / possible, [0.25, 0.5, 0.75])
    return f"{mid:.0f} % ({low:.0f} to {high:.0f})"


def _facts(record: Record, naming: Naming) -> str:
    rows = [
        (naming.of(one), listed(one.facts, 3))
        for one in naming.sorted(record.students) if one.facts
    ]  # fmt: skip
    said = words(
        "What was found in the files, as facts. Each has innocent explanations: a copied cell, a "
        "renamed file, a slow machine. Points depend on the tests alone."
    )
    if not rows:
        return words("Nothing odd was found in the files.")
    return said + table("Facts", ("student", "found"), rows, most=ROWS)


def _everybody(record: Record, naming: Naming) -> str:
    heads = ["student", "status", "points", *(question.name for question in record.questions)]
    students = record.judged if naming.hidden else record.students
    rows = []
    for one in naming.sorted(students):
        points = f"{one.score:.3g}" + (f" (–{one.penalty:.3g} late)" if one.penalty else "")
        rows.append(
            (
                naming.of(one),
                "read" if naming.hidden else one.status,
                f"{one.earned:.3g}" if naming.hidden else (points if one.submitted else "-"),
                *(_mark(one, record, n) for n in range(len(record.questions))),
            )
        )
    return folded(
        f"{len(students)} students, question by question",
        table("Points on each question, and what a 0 means", heads, rows, tight=True),
    )


def _mark(one: Student, record: Record, place: int) -> str:
    question = record.questions[place]
    meaning = meaning_of(one, question)
    if meaning and not meaning.startswith("attempted"):
        return meaning
    marks = [one.marks[part.key] for part in question.parts if part.key in one.marks]
    return f"{sum(mark.points or 0.0 for mark in marks):.3g}"
