"""Marking by hand: everybody's answers to each question, and what is given for them.

Runs in the coordinator. Points and comments stand in nbgrader's gradebook, as formgrader writes
them; which items they are for stands beside it (`snrilab.grading.rubric`).
"""

from __future__ import annotations

import hashlib
import time
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import sqlalchemy as sa

from snrilab.classroom._answers import AGAIN, LEFT, MACHINE, Answer, Answers, refusal
from snrilab.classroom._entries import apply, entry_of, free_points, shown
from snrilab.classroom._gradebook import ClassroomError, is_there
from snrilab.classroom._pseudonyms import pseudonyms_of
from snrilab.classroom._questions import questions_of
from snrilab.classroom._replies import read_replies
from snrilab.grading import rubric
from snrilab.grading.lateness import late_cost, late_rule
from snrilab.grading.times import seconds_late

if TYPE_CHECKING:
    from collections.abc import Callable

    from snrilab.grading.course import Course

TRIES = 5
COMMENT = 20_000


class ConflictError(ClassroomError):
    """Somebody else has changed the same thing a moment before."""


class Marking:
    """The marking of one assignment.

    Parameters
    ----------
    course : Course
        The course.
    assignment : str
        Name of the assignment.
    """

    def __init__(self, course: Course, assignment: str) -> None:
        self.course = course
        self.assignment = assignment
        self._answers = Answers(course, assignment)
        self.questions = self._answers.questions
        self._penalty, _ = late_rule(course.config)
        self.people: dict[str, str] = {}  # student to pseudonym
        self.news = self._patiently(self._begin)

    def refresh(self) -> None:
        """Take in whoever was graded since."""
        self._patiently(self._begin)

    def close(self) -> None:
        """Close the connection to the gradebook."""
        self._answers.engine.dispose()

    # -- reading ---------------------------------------------------------------------------------

    def marks(self) -> dict[str, Any]:
        """Return items and what was given, as they stand now."""
        return rubric.read_marks(self.course.root, self.assignment)

    def answers(self, key: str) -> list[Answer]:
        """Return everybody's answer to a question, in an order of its own."""
        marks = self.marks()
        with self._answers.reading() as connection:
            found = self._answers.to(connection, key)

        def place(answer: Answer) -> tuple[bool, str]:
            seed = f"{marks['key']}|{key}|{answer.student}"
            return answer.status == MACHINE, hashlib.sha256(seed.encode()).hexdigest()

        return sorted(found, key=place)

    def left(self) -> dict[str, tuple[int, int]]:
        """Return for each question how many answers wait for a person, and of how many."""
        found = {}
        with self._answers.reading() as connection:
            for key in self.questions:
                states = [answer.status for answer in self._answers.to(connection, key)]
                waiting = sum(state in {LEFT, AGAIN} for state in states)
                found[key] = waiting, len(states)
        return found

    def state(self, key: str) -> dict[str, Any]:
        """Return items, and each answer's points, items and comment, as a page shows them."""
        marks = self.marks()
        with self._answers.reading() as connection:
            answers = self._answers.to(connection, key)
        return {
            "items": marks["questions"][key]["items"],
            "answers": {
                self.people[answer.student]: shown(marks, key, answer)
                for answer in answers
                if answer.student in self.people
            },
        }

    # -- changing --------------------------------------------------------------------------------

    def _patiently(self, work: Callable[[sa.Connection, dict[str, Any]], Any]) -> Any:
        """Change gradebook and items together; try again when the gradebook is busy."""
        for attempt in range(1, TRIES + 1):
            try:
                with (
                    rubric.changing_marks(self.course.root, self.assignment) as marks,
                    self._answers.engine.begin() as connection,
                ):
                    return work(connection, marks)
            except sa.exc.SQLAlchemyError as error:
                busy = isinstance(error, sa.exc.OperationalError)
                if not busy or attempt == TRIES:
                    raise refusal(error) from None
                time.sleep(0.1 * 2**attempt)
            except rubric.RubricError as error:
                raise ClassroomError(str(error)) from None
        raise AssertionError  # pragma: no cover

    def _begin(self, connection: sa.Connection, marks: dict[str, Any]) -> list[str]:
        """Give everybody a pseudonym, and take over what has changed in the written schemes."""
        news = []
        students: set[str] = set()
        self._answers.look_why(connection)
        for key, question in self.questions.items():
            answers = self._answers.to(connection, key)
            students |= {answer.student for answer in answers}
            kept = marks["questions"].setdefault(key, {"items": []})
            given = marks["given"].setdefault(key, {})
            if not answers:  # nothing is graded yet
                continue
            most = answers[0].points
            new = not kept["items"]
            scheme = question.scheme or [rubric.Item((most,), rubric.WHOLE)]
            changed = rubric.bring_up_to_date(kept, scheme, given)
            if changed and not new:
                count, moved = self._remark(connection, marks, key, set(changed))
                news.append(
                    f"{key}: {len(changed)} items of the mark scheme are new or changed; "
                    f"{count} answers have one of them, {moved} have other points now."
                )
            worth = rubric.most_of(question.scheme)
            if question.scheme and worth != most:
                news.append(
                    f"{key}: the items are worth {worth:g} points together, the question {most:g}."
                )
        self.people = pseudonyms_of(self.course.root, sorted(students))
        return news

    def why(self, key: str, student: str) -> str:
        """Return why a machine must not decide about an answer; nothing where that is not so."""
        return self._answers.why(key, student)

    def whose(self, code: str) -> str | None:
        """Return the student of a pseudonym, None where there is none."""
        return next((student for student, own in self.people.items() if own == code), None)

    def mark(self, key: str, code: str, change: dict[str, Any]) -> dict[str, Any]:
        """Change what is given for one answer; return how it stands then.

        Parameters
        ----------
        key : str
            The question.
        code : str
            Pseudonym of whose answer it is.
        change : dict
            One of ``{"item": name, "place": 0, or None to take it}``, ``{"free": points or None}``,
            ``{"zero": True}``, ``{"take_back": True}``, ``{"stands": True}`` and ``{"comment":
            text, "before": the text that was there}``.
        """

        def work(connection: sa.Connection, marks: dict[str, Any]) -> dict[str, Any]:
            student = self.whose(code)
            found = self._answers.to(connection, key, student) if student is not None else []
            if not found:
                raise ClassroomError(f"there is no answer of {code} to {key}.")
            [answer] = found
            if "comment" in change:
                self._comment(connection, key, answer, change)
            else:
                entry = entry_of(marks, key, answer)
                apply(marks["questions"][key], entry, change, answer)
                self._write(connection, marks, key, answer, entry)
            [answer] = self._answers.to(connection, key, answer.student)
            return shown(marks, key, answer)

        return dict(self._patiently(work))

    def rest(self, code: str) -> list[str]:
        """Return which questions wait for somebody since no machine could read the file.

        Parameters
        ----------
        code : str
            Pseudonym of whose answers are meant.
        """
        with self._answers.reading() as connection:
            return [key for key, _ in self._rest(connection, code)]

    def _rest(self, connection: sa.Connection, code: str) -> list[tuple[str, Answer]]:
        student = self.whose(code)
        if student is None:
            return []
        return [
            (key, answer)
            for key in self.questions
            if self._answers.is_held(key, student)
            for answer in self._answers.to(connection, key, student)
            if answer.status == LEFT
        ]

    def settle_rest(self, code: str, keys: list[str]) -> int:
        """Give 0 for all that waits for somebody since no machine could read the file.

        Parameters
        ----------
        code : str
            Pseudonym of whose answers are meant.
        keys : list of str
            The questions that were asked about; when others wait by now, nothing is done.

        Returns
        -------
        int
            How many answers are settled now.
        """

        def work(connection: sa.Connection, marks: dict[str, Any]) -> int:
            waiting = self._rest(connection, code)
            if [key for key, _ in waiting] != keys:
                raise ConflictError("other answers are left by now: nothing was written.")
            for key, answer in waiting:
                entry = entry_of(marks, key, answer)
                apply(marks["questions"][key], entry, {"zero": True}, answer)
                self._write(connection, marks, key, answer, entry)
            return len(waiting)

        return int(self._patiently(work))

    def _write(
        self,
        connection: sa.Connection,
        marks: dict[str, Any],
        key: str,
        answer: Answer,
        entry: dict[str, Any],
    ) -> None:
        """Write what an entry adds up to, as formgrader does, and keep the entry."""
        from nbgrader import api

        points = rubric.total(marks["questions"][key], entry, answer.points)
        entry["total"] = points
        given = marks["given"].setdefault(key, {})
        if points is None:
            given.pop(answer.student, None)
        else:
            given[answer.student] = entry
        table = api.Grade.__table__
        connection.execute(
            table.update()
            .where(table.c.id == answer.grade)
            .values(manual_score=points, needs_manual_grade=points is None and answer.auto is None)
        )
        self._lateness(connection, answer.sheet)

    def _lateness(self, connection: sa.Connection, sheet_id: str) -> None:
        """Work out anew what lateness costs: it is a share of all points of the notebook."""
        from nbgrader import api

        sheet, work = api.SubmittedNotebook.__table__, api.SubmittedAssignment.__table__
        whole, grade = api.Assignment.__table__, api.Grade.__table__
        row = connection.execute(
            sa.select(
                work.c.student_id,
                work.c.timestamp,
                work.c.extension,
                whole.c.duedate,
                sheet.c.late_submission_penalty,
            )
            .join(work, work.c.id == sheet.c.assignment_id)
            .join(whole, whole.c.id == work.c.assignment_id)
            .where(sheet.c.id == sheet_id)
        ).one()
        replies = read_replies(self.course, self.assignment)
        late = seconds_late(replies, row.student_id, row.timestamp, row.duedate, row.extension)
        rows = connection.execute(sa.select(grade).where(grade.c.notebook_id == sheet_id))
        score = sum(
            (g.manual_score if g.manual_score is not None else g.auto_score or 0.0)
            + (g.extra_credit or 0.0)
            for g in rows
        )
        penalty = late_cost(self._penalty, row.student_id, score, late)
        if penalty != row.late_submission_penalty:
            change = sheet.update().where(sheet.c.id == sheet_id)
            connection.execute(change.values(late_submission_penalty=penalty))

    def _comment(
        self, connection: sa.Connection, key: str, answer: Answer, change: dict[str, Any]
    ) -> None:
        from nbgrader import api

        text = str(change["comment"])[:COMMENT].replace("\r\n", "\n").strip()
        if answer.comment not in {str(change.get("before", "")).strip(), text}:
            raise ConflictError("this comment was changed elsewhere a moment before.")
        table, base = api.Comment.__table__, api.BaseCell.__table__
        notebook, sheet = api.Notebook.__table__, api.SubmittedNotebook.__table__
        question = self.questions[key]
        kind = api.TaskCell.__table__ if question.is_task else api.SolutionCell.__table__
        if not question.commented:
            raise ClassroomError("this test is about no answer, so there is no place for comments.")
        cell = connection.execute(
            sa.select(base.c.id)
            .join(kind, kind.c.id == base.c.id)
            .join(notebook, notebook.c.id == base.c.notebook_id)
            .join(sheet, sheet.c.notebook_id == notebook.c.id)
            .where((sheet.c.id == answer.sheet) & (base.c.name == question.commented))
        ).scalar_one()
        mine = (table.c.cell_id == cell) & (table.c.notebook_id == answer.sheet)
        done = connection.execute(table.update().where(mine).values(manual_comment=text or None))
        if not done.rowcount:
            connection.execute(
                table.insert().values(
                    id=uuid4().hex, cell_id=cell, notebook_id=answer.sheet, manual_comment=text
                )
            )

    def show_missing(self, on: bool) -> None:
        """Let feedback name the items that were not given, too, or leave them out."""

        def work(_: sa.Connection, marks: dict[str, Any]) -> None:
            marks["missing"] = on

        self._patiently(work)

    def change_item(
        self, key: str, name: str | None, points: list[float], words: str, *, remove: bool = False
    ) -> dict[str, Any]:
        """Change an item, add one or take one away, and mark again whoever has it.

        Parameters
        ----------
        key : str
            The question.
        name : str or None
            The item; None adds one.
        points : list of float
            What it is worth, lesser forms after the whole.
        words : str
            What has to be in the answer.
        remove : bool
            Whether to take it away.

        Returns
        -------
        dict
            ``have``: how many answers have it; ``moved``: how many have other points now.
        """
        words = " ".join(words.split())
        if not remove and (not words or not points):
            raise ClassroomError("an item needs its points and words.")

        def work(connection: sa.Connection, marks: dict[str, Any]) -> dict[str, Any]:
            kept = marks["questions"][key]
            if name is None:
                new = {"name": rubric.new_name(kept), "scheme": None}
                kept["items"].append(new | {"points": points, "words": words})
                return {"have": 0, "moved": 0}
            item = next((one for one in kept["items"] if one["name"] == name), None)
            if item is None:
                raise ClassroomError("this item is not there any more.")
            if remove and len(kept["items"]) == 1:
                raise ClassroomError("one item has to stay.")
            if not remove:
                item |= {"points": points, "words": words}
            have, moved = self._remark(connection, marks, key, {name}, remove=remove)
            if remove:
                kept["items"].remove(item)
                kept.setdefault("removed", []).append(item)
            return {"have": have, "moved": moved}

        return dict(self._patiently(work))

    def _remark(
        self,
        connection: sa.Connection,
        marks: dict[str, Any],
        key: str,
        names: set[str],
        *,
        remove: bool = False,
    ) -> tuple[int, int]:
        """Write anew the points of whoever has one of these items."""
        kept, given = marks["questions"][key], marks["given"][key]
        answers = {answer.student: answer for answer in self._answers.to(connection, key)}
        have = moved = 0
        for student, entry in list(given.items()):
            if names.isdisjoint(entry["items"]) or student not in answers:
                continue
            answer = answers[student]
            if answer.manual is None:  # taken back in formgrader
                del given[student]
                continue
            have += 1
            entry["free"] = free_points(entry, answer.manual)
            if remove:
                entry["items"] = {n: p for n, p in entry["items"].items() if n not in names}
                if not entry["items"] and entry["free"] is None:
                    entry["free"] = 0.0  # marked it stays
            waits = answer.waits
            if rubric.total(kept, entry, answer.points) != answer.manual:
                moved += 1
            self._write(connection, marks, key, answer, entry)
            if waits and entry["total"] is not None:
                self._wait(connection, answer)
        return have, moved

    @staticmethod
    def _wait(connection: sa.Connection, answer: Answer) -> None:
        from nbgrader import api

        table = api.Grade.__table__
        waiting = table.update().where(table.c.id == answer.grade)
        connection.execute(waiting.values(needs_manual_grade=True))


def scheme_of(course: Course, assignment: str) -> dict[str, list[rubric.Item]]:
    """Return the items of each question as they are now; before grading as ``source/`` has them.

    Parameters
    ----------
    course : Course
        The course.
    assignment : str
        Name of the assignment.
    """
    questions = {one.key: one for one in questions_of(course, assignment)}
    kept: dict[str, Any] = {}
    if is_there(course):
        marking = Marking(course, assignment)
        questions, kept = marking.questions, marking.marks()["questions"]
        marking.close()
    if not questions:
        raise ClassroomError(f"nothing in {assignment} is marked by hand.")
    points = {
        f"{template.notebook}/{cell.grade_id}": float(cell.points)
        for template in course.templates(assignment)
        for cell in template.graded
    }
    found = {}
    for key, question in questions.items():
        now = [rubric.Item(tuple(i["points"]), i["words"]) for i in kept.get(key, _NEW)["items"]]
        whole = [rubric.Item((points.get(key, 0.0),), rubric.WHOLE)]
        found[key] = now or question.scheme or whole
    return found


_NEW: dict[str, Any] = {"items": []}
