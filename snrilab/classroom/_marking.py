"""Marking by hand: everybody's answers to each question, and what is given for them.

Runs in the coordinator. Points and comments stand in nbgrader's gradebook, as formgrader writes
them; which items they are for stands beside it (`snrilab.grading.rubric`).
"""

from __future__ import annotations

import contextlib
import hashlib
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import sqlalchemy as sa

from snrilab.classroom._gradebook import ClassroomError, is_there
from snrilab.classroom._pseudonyms import pseudonyms_of
from snrilab.classroom._questions import questions_of, tests_of
from snrilab.classroom._replies import read_replies
from snrilab.grading import rubric
from snrilab.grading.lateness import late_cost, late_rule
from snrilab.grading.scoring import NOT_RUN, WAITS
from snrilab.grading.standing import RECEIPTS, is_left, read_verdicts
from snrilab.grading.times import seconds_late

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from snrilab.grading.course import Course

LEFT, AGAIN, MARKED, MACHINE = "left", "again", "marked", "machine"
TRIES = 5
COMMENT = 20_000
GIVEN = "points were given by hand, and the work or its test is another one since"


@dataclass(frozen=True)
class Answer:
    """What the gradebook has of one student's answer."""

    student: str
    name: str
    grade: str
    sheet: str  # the student's notebook in the gradebook
    points: float
    auto: float | None
    manual: float | None
    extra: float
    waits: bool
    note: str  # the grading engine's comment
    comment: str

    @property
    def status(self) -> str:
        """How far it is: left, again (changed after it was marked), marked, machine."""
        left = is_left(self.auto, self.manual, flagged=self.waits)
        if self.manual is None:
            return LEFT if left else MACHINE
        return AGAIN if left else MARKED


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
        self.questions = {one.key: one for one in questions_of(course, assignment)}
        if not is_there(course):
            if not self.questions:
                raise ClassroomError(f"nothing in {assignment} is marked by hand.")
            raise ClassroomError(f"nothing is graded yet: snrilab grade {assignment}")
        later = {"timeout": 15} if course.db_url.startswith("sqlite") else {}
        self._engine = sa.create_engine(course.db_url, connect_args=later)
        self._why: dict[tuple[str, str], str] = {}
        self._held: set[tuple[str, str]] = set()
        self._penalty, _ = late_rule(course.config)
        with self._reading() as connection:
            wanted = {key for _, key, verdict in self._verdicts(connection) if by_person(verdict)}
            wanted |= {key for _, key in self._given_before(connection)}
        wanted -= self.questions.keys()
        self.questions |= {one.key: one for one in tests_of(course, assignment, wanted)}
        if not self.questions:
            raise ClassroomError(f"nothing in {assignment} is marked by hand.")
        self.people: dict[str, str] = {}  # student to pseudonym
        self.news = self._patiently(self._begin)

    def refresh(self) -> None:
        """Take in whoever was graded since."""
        self._patiently(self._begin)

    def close(self) -> None:
        """Close the connection to the gradebook."""
        self._engine.dispose()

    # -- reading ---------------------------------------------------------------------------------

    def marks(self) -> dict[str, Any]:
        """Return items and what was given, as they stand now."""
        return rubric.read_marks(self.course.root, self.assignment)

    def answers(self, key: str) -> list[Answer]:
        """Return everybody's answer to a question, in an order of its own."""
        marks = self.marks()
        with self._reading() as connection:
            found = self._answers(connection, key)

        def place(answer: Answer) -> tuple[bool, str]:
            seed = f"{marks['key']}|{key}|{answer.student}"
            return answer.status == MACHINE, hashlib.sha256(seed.encode()).hexdigest()

        return sorted(found, key=place)

    def left(self) -> dict[str, tuple[int, int]]:
        """Return for each question how many answers wait for a person, and of how many."""
        found = {}
        with self._reading() as connection:
            for key in self.questions:
                states = [answer.status for answer in self._answers(connection, key)]
                waiting = sum(state in {LEFT, AGAIN} for state in states)
                found[key] = waiting, len(states)
        return found

    def state(self, key: str) -> dict[str, Any]:
        """Return items, and each answer's points, items and comment, as a page shows them."""
        marks = self.marks()
        with self._reading() as connection:
            answers = self._answers(connection, key)
        return {
            "items": marks["questions"][key]["items"],
            "answers": {
                self.people[answer.student]: shown(marks, key, answer)
                for answer in answers
                if answer.student in self.people
            },
        }

    @contextlib.contextmanager
    def _reading(self) -> Iterator[sa.Connection]:
        try:
            with self._engine.connect() as connection:
                yield connection
        except sa.exc.SQLAlchemyError as error:
            raise self._refusal(error) from None

    @staticmethod
    def _refusal(error: Exception) -> ClassroomError:
        why = str(getattr(error, "orig", None) or "it is no database of nbgrader's")
        return ClassroomError(f"the gradebook cannot be used: {why}.")

    def _answers(
        self, connection: sa.Connection, key: str, student: str | None = None
    ) -> list[Answer]:
        from nbgrader import api

        grade, base, people = api.Grade.__table__, api.BaseCell.__table__, api.Student.__table__
        notebook, whole = api.Notebook.__table__, api.Assignment.__table__
        comment = api.Comment.__table__
        question = self.questions[key]
        mine = (whole.c.name == self.assignment) & (notebook.c.name == question.notebook)
        if student is not None:
            mine &= people.c.id == student

        def of(table: sa.Table, name: str, *columns: Any) -> sa.Select[Any]:
            return _whose(table, *columns).where(mine & (base.c.name == name))

        said = {
            row.notebook_id: row
            for row in connection.execute(
                of(
                    comment,
                    question.commented,
                    comment.c.notebook_id,
                    comment.c.auto_comment,
                    comment.c.manual_comment,
                )
            )
        }
        kind = api.TaskCell.__table__ if question.is_task else api.GradeCell.__table__
        most = {row.id: row.max_score for row in connection.execute(sa.select(kind))}
        rows = connection.execute(
            of(
                grade,
                question.cell,
                grade,
                people.c.id.label("student"),
                people.c.first_name,
                people.c.last_name,
            ).order_by(people.c.id)
        )
        found = []
        for row in rows:
            if question.is_test and (row.student, key) not in self._why:
                continue  # a machine has judged
            words = said.get(row.notebook_id)
            name = " ".join(part for part in (row.first_name, row.last_name) if part)
            found.append(
                Answer(
                    student=row.student,
                    name=name or row.student,
                    grade=row.id,
                    sheet=row.notebook_id,
                    points=float(most.get(row.cell_id) or 0.0),
                    auto=row.auto_score,
                    manual=row.manual_score,
                    extra=row.extra_credit or 0.0,
                    waits=bool(row.needs_manual_grade),
                    note=(self._why[row.student, key] if question.is_test else "")
                    or self.why(key, row.student)
                    or (words.auto_comment if words is not None else None)
                    or self._why.get((row.student, key), ""),
                    comment=(words.manual_comment if words is not None else None) or "",
                )
            )
        return found

    def _reasons(self, connection: sa.Connection) -> dict[tuple[str, str], str]:
        """Return why answers wait, where that is more than that a person has to read them."""
        found: dict[tuple[str, str], str] = {}
        self._held = set()
        given = self._given_before(connection)
        tests = {key for key, question in self.questions.items() if question.is_test}
        found |= {pair: GIVEN for pair in given if pair[1] in tests}
        for student, key, verdict in self._verdicts(connection):
            why = str(verdict["reason"]).removeprefix(NOT_RUN).removeprefix(WAITS).lstrip(": ")
            question = self.questions.get(key)
            if question is None or not why or (question.is_test and not by_person(verdict)):
                continue
            found[student, key] = why
            self._held |= {(student, key)} if verdict.get("held") else set()
        return found

    def _verdicts(self, connection: sa.Connection) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """Give student, key and verdict of everything that the grading engine has graded."""
        if not sa.inspect(connection).has_table(RECEIPTS.name):
            return  # stock nbgrader has graded
        columns = sa.select(RECEIPTS.c.student, RECEIPTS.c.verdicts)
        for row in connection.execute(columns.where(RECEIPTS.c.assignment == self.assignment)):
            for notebook, verdicts in (read_verdicts(row.verdicts) or {}).items():
                for verdict in verdicts:
                    yield row.student, f"{notebook}/{verdict['grade_id']}", verdict

    def _given_before(self, connection: sa.Connection) -> set[tuple[str, str]]:
        """Return student and key of points by hand that were given for what is another now."""
        from nbgrader import api

        grade, base, people = api.Grade.__table__, api.BaseCell.__table__, api.Student.__table__
        notebook, whole = api.Notebook.__table__, api.Assignment.__table__
        rows = connection.execute(
            _whose(grade, people.c.id, notebook.c.name, base.c.name.label("cell"))
            .where(whole.c.name == self.assignment)
            .where(grade.c.needs_manual_grade & grade.c.manual_score.is_not(None))
        )
        return {(row.id, f"{row.name}/{row.cell}") for row in rows}

    # -- changing --------------------------------------------------------------------------------

    def _patiently(self, work: Callable[[sa.Connection, dict[str, Any]], Any]) -> Any:
        """Change gradebook and items together; try again when the gradebook is busy."""
        for attempt in range(1, TRIES + 1):
            try:
                with (
                    rubric.changing_marks(self.course.root, self.assignment) as marks,
                    self._engine.begin() as connection,
                ):
                    return work(connection, marks)
            except sa.exc.SQLAlchemyError as error:
                busy = isinstance(error, sa.exc.OperationalError)
                if not busy or attempt == TRIES:
                    raise self._refusal(error) from None
                time.sleep(0.1 * 2**attempt)
            except rubric.RubricError as error:
                raise ClassroomError(str(error)) from None
        raise AssertionError  # pragma: no cover

    def _begin(self, connection: sa.Connection, marks: dict[str, Any]) -> list[str]:
        """Give everybody a pseudonym, and take over what has changed in the written schemes."""
        news = []
        students: set[str] = set()
        self._why = self._reasons(connection)
        for key, question in self.questions.items():
            answers = self._answers(connection, key)
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
        return self._why.get((student, key), "") if (student, key) in self._held else ""

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
            found = self._answers(connection, key, student) if student is not None else []
            if not found:
                raise ClassroomError(f"there is no answer of {code} to {key}.")
            [answer] = found
            if "comment" in change:
                self._comment(connection, key, answer, change)
            else:
                entry = _entry(marks, key, answer)
                _apply(marks["questions"][key], entry, change, answer)
                self._write(connection, marks, key, answer, entry)
            [answer] = self._answers(connection, key, answer.student)
            return shown(marks, key, answer)

        return dict(self._patiently(work))

    def rest(self, code: str) -> list[str]:
        """Return which questions wait for somebody since no machine could read the file.

        Parameters
        ----------
        code : str
            Pseudonym of whose answers are meant.
        """
        with self._reading() as connection:
            return [key for key, _ in self._rest(connection, code)]

    def _rest(self, connection: sa.Connection, code: str) -> list[tuple[str, Answer]]:
        student = self.whose(code)
        return [
            (key, answer)
            for key in (self.questions if student is not None else ())
            if (student, key) in self._held
            for answer in self._answers(connection, key, student)
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
                entry = _entry(marks, key, answer)
                _apply(marks["questions"][key], entry, {"zero": True}, answer)
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
        answers = {answer.student: answer for answer in self._answers(connection, key)}
        have = moved = 0
        for student, entry in list(given.items()):
            if names.isdisjoint(entry["items"]) or student not in answers:
                continue
            answer = answers[student]
            if answer.manual is None:  # taken back in formgrader
                del given[student]
                continue
            have += 1
            entry["free"] = _free(entry, answer.manual)
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


def by_person(verdict: dict[str, Any]) -> bool:
    """Whether a person gives the points of a test, or may: a machine has not, or not all of it.

    A test that cannot be run waits for a person, and so does each test of a file that no machine
    could read: who sends no other file is marked by what can be seen of it. One whose answer
    stopped at a line that works elsewhere has its 0, and a person may see it otherwise.

    Parameters
    ----------
    verdict : dict
        What the grading engine has found.
    """
    reason = str(verdict["reason"])
    if verdict["score"] is None:
        return True
    return "answer cell " in reason and verdict["score"] < verdict["points"]


def _entry(marks: dict[str, Any], key: str, answer: Answer) -> dict[str, Any]:
    """Return what somebody has for an answer; what formgrader has changed are free points."""
    entry = marks["given"].get(key, {}).get(answer.student)
    if entry is None or answer.manual is None:
        entry = {"items": {}, "free": None, "total": None}
    entry = dict(entry)
    entry["items"] = dict(entry["items"])
    entry["free"] = _free(entry, answer.manual)
    return entry


def _free(entry: dict[str, Any], manual: float | None) -> float | None:
    """Return the free points with which an entry adds up to what the gradebook says."""
    free, known = entry["free"], entry["total"]
    if manual == known:
        return None if free is None else float(free)
    return None if manual is None else round((free or 0.0) + manual - (known or 0.0), 6)


def _apply(
    kept: dict[str, Any], entry: dict[str, Any], change: dict[str, Any], answer: Answer
) -> None:
    """Change what is given for an answer."""
    if "item" in change:
        item = next((one for one in kept["items"] if one["name"] == change["item"]), None)
        if item is None:
            raise ClassroomError("this item is not there any more.")
        place = change.get("place")
        if place is None:
            entry["items"].pop(item["name"], None)
        elif isinstance(place, int) and 0 <= place < len(item["points"]):
            entry["items"][item["name"]] = place
        else:
            raise ClassroomError("this item has no such points.")
        if not entry["items"] and not entry["free"]:
            entry["free"] = None  # nothing given is not marked; 0 points are given with `zero`
    elif "free" in change:
        entry["free"] = change["free"]
        _in_range(entry["free"], answer.points)
    elif change.get("zero"):
        entry |= {"items": {}, "free": 0.0}
    elif change.get("take_back"):
        entry |= {"items": {}, "free": None}
    elif change.get("stands"):
        if answer.manual is None:
            raise ClassroomError("nothing is given yet.")
        if not entry["items"] and entry["free"] is None:
            entry["free"] = answer.manual
    else:
        raise ClassroomError("nothing is changed.")


def _in_range(free: Any, points: float) -> None:
    number = isinstance(free, int | float) and not isinstance(free, bool)
    if free is not None and not (number and -points <= free <= points):
        raise ClassroomError(f"free points are a number from {-points:g} to {points:g}.")


def shown(marks: dict[str, Any], key: str, answer: Answer) -> dict[str, Any]:
    """Return how an answer stands, as a page shows it."""
    entry = _entry(marks, key, answer)
    unmarked = answer.manual is None
    earned = answer.manual if answer.manual is not None else answer.auto
    return {
        "status": answer.status,
        "points": earned,
        "items": {} if unmarked else entry["items"],
        "free": None if unmarked else entry["free"],
        "extra": answer.extra,
        "comment": answer.comment,
        "note": answer.note,
    }


def _whose(table: Any, *columns: Any) -> sa.Select[Any]:
    """Choose columns of grades or comments, each beside its cell, notebook, work and student."""
    from nbgrader import api

    base, sheet = api.BaseCell.__table__, api.SubmittedNotebook.__table__
    notebook, people = api.Notebook.__table__, api.Student.__table__
    work, whole = api.SubmittedAssignment.__table__, api.Assignment.__table__
    return (
        sa.select(*columns)
        .select_from(table)
        .join(base, base.c.id == table.c.cell_id)
        .join(sheet, sheet.c.id == table.c.notebook_id)
        .join(notebook, notebook.c.id == sheet.c.notebook_id)
        .join(work, work.c.id == sheet.c.assignment_id)
        .join(whole, whole.c.id == work.c.assignment_id)
        .join(people, people.c.id == work.c.student_id)
    )
