"""Due dates, extensions and what lateness costs: one command, in local time, explained.

Runs in the coordinator. Dates and extensions are nbgrader's own, in its gradebook. The rule for
late work lies in a file beside it that nbgrader's settings read, so `snrilab grade` and
`nbgrader autograde` take the same off. Grading notices a change by itself: every receipt holds the
date and the rule by which its marks were given.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from datetime import UTC, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import uuid4

from snrilab.classroom._gradebook import ClassroomError, opened, shown, to_utc
from snrilab.classroom._replies import read_replies
from snrilab.classroom._words import read_moment
from snrilab.grading.people import like_ids
from snrilab.grading.times import seconds_late, time_is_unknown

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from snrilab.grading.course import Course

RULES = "late_rules.json"


@dataclass(frozen=True)
class LateRule:
    """What lateness costs.

    Parameters
    ----------
    per_day : float
        Percentage points of the earned marks for each day begun.
    grace_min : float
        Minutes that cost nothing.
    most : float
        Per cent that are taken at most.
    """

    per_day: float
    grace_min: float = 0.0
    most: float = 100.0

    @property
    def grace(self) -> timedelta:
        """After the due date, work is not late for so long."""
        return timedelta(minutes=self.grace_min)

    def penalty(self, score: float, late_s: float) -> float:
        """Return the points that are taken from a score, handed in so many seconds late.

        Examples
        --------
        >>> rule = LateRule(per_day=10, grace_min=15, most=50)
        >>> rule.penalty(80, 600), rule.penalty(80, 3600), rule.penalty(80, 90_000)
        (0.0, 8.0, 16.0)
        >>> rule.penalty(80, 9e6)
        40.0
        """
        if late_s <= self.grace_min * 60:
            return 0.0
        days = -(-late_s // 86_400)
        return score * min(self.per_day * days, self.most, 100.0) / 100

    def words(self) -> str:
        """Say the rule in a sentence.

        Examples
        --------
        >>> LateRule(per_day=10, grace_min=15, most=50).words()
        '10 % of the points for each day begun, at most 50 %; the first 15 minutes cost nothing'
        >>> LateRule(per_day=0, grace_min=15).words()
        'costs nothing; nobody is called late in the first 15 minutes'
        """
        if self.per_day == 0:
            said = "costs nothing"
            said += f", and would cost {self.most:g} % at most" if self.most < 100 else ""
            grace = f"; nobody is called late in the first {self.grace_min:g} minutes"
            return said + (grace if self.grace_min else "")
        said = f"{self.per_day:g} % of the points for each day begun"
        said += f", at most {self.most:g} %" if self.most < 100 else ""
        said += f"; the first {self.grace_min:g} minutes cost nothing" if self.grace_min else ""
        return said


def read_rule(root: Path) -> LateRule | None:
    """Return the course's rule for late work; None where lateness costs nothing."""
    try:
        return LateRule(**json.loads((root / RULES).read_text("utf-8")))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError):
        raise ClassroomError(f"{root / RULES} is damaged: set the rule anew.") from None


def grace_of(root: Path) -> timedelta:
    """Return how long after its due date work is not late in this course."""
    rule = read_rule(root)
    return rule.grace if rule is not None else timedelta()


def change_rule(root: Path, given: dict[str, float | None]) -> None:
    """Keep the course's rule for late work; what is not given stays as it was."""
    before = read_rule(root) or LateRule(0.0)
    new = {name: value for name, value in given.items() if value is not None}
    rule = LateRule(**(asdict(before) | new))
    for name, value, top in (
        ("--per-day", rule.per_day, 100.0), ("--grace", rule.grace_min, 10_080.0),
        ("--most", rule.most, 100.0),
    ):  # fmt: skip
        if not 0 <= value <= top:
            raise ClassroomError(f"{name} is from 0 to {top:g}, got {value:g}.")
    if rule == LateRule(0.0):
        (root / RULES).unlink(missing_ok=True)
        return
    (root / RULES).write_text(json.dumps(asdict(rule)) + "\n", "utf-8")


def read_due(words: str, zone: tzinfo | None) -> datetime:
    """Return a local time in UTC, as nbgrader keeps it.

    Parameters
    ----------
    words : str
        Such as ``2026-11-20 23:59``; a date alone means its last minute.
    zone : tzinfo, optional
        The zone that it is in; this machine's where it is None.
    """
    text = words.strip()
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        text += " 23:59"
    plain = re.fullmatch(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d)?", text)
    moment = read_moment(text) if plain else None
    found = to_utc(moment, zone) if moment else None
    if found is None:
        raise ClassroomError(
            f"a time is written like '2026-11-20 23:59', with --zone for its zone, got {words!r}."
        )
    return found


def read_span(words: str) -> timedelta:
    """Return an extension such as ``2d``, ``36h`` or ``1d12h``; ``0`` takes one back.

    Examples
    --------
    >>> read_span("1d12h")
    datetime.timedelta(days=1, seconds=43200)
    """
    found = re.fullmatch(r"(?:(\d{1,3})d)?(?:(\d{1,4})h)?(?:(\d{1,5})m)?", words.strip())
    if words.strip() == "0":
        return timedelta()
    if not found or not any(found.groups()):
        raise ClassroomError(f"an extension is written like 2d, 36h or 1d12h, got {words!r}.")
    days, hours, minutes = (int(part or 0) for part in found.groups())
    return timedelta(days=days, hours=hours, minutes=minutes)


def days_on_the_clock(due: datetime, by: timedelta, zone: tzinfo | None) -> timedelta:
    """Return an extension whose days end at the same clock time, also where clocks are changed.

    Parameters
    ----------
    due : datetime
        When it is due (UTC).
    by : timedelta
        As it was asked for.
    zone : tzinfo, optional
        Where the clocks are; this machine's zone where it is None.

    Examples
    --------
    >>> from datetime import datetime
    >>> from zoneinfo import ZoneInfo
    >>> due = datetime(2026, 10, 24, 21, 59)
    >>> days_on_the_clock(due, timedelta(days=1), ZoneInfo("Europe/Berlin"))
    datetime.timedelta(days=1, seconds=3600)
    """
    days = timedelta(days=by.days)
    local = due.replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None)
    moved = to_utc((local + days).timetuple()[:6], zone)
    return by if moved is None else moved - due.replace(microsecond=0) + (by - days)


def set_due(
    course: Course, assignment: str, due: datetime | None, zone: tzinfo | None = None
) -> None:
    """Set when an assignment is due (UTC), or that it never is; extensions stay as they were given.

    Two days more are two days on the clock, also where clocks are changed in between.
    """
    _refuse_unknown(course, assignment)
    asked = _read_asked(course, assignment)
    with opened(course) as gradebook:
        found = gradebook.update_or_create_assignment(assignment)
        before = found.duedate
        for one in found.submissions:
            if one.extension and due and due != before:
                given = asked.get(one.student_id)
                if given is None or given.made != one.extension:  # by another way than here
                    clock = span_on_the_clock(before, one.extension, zone) if before else None
                    given = _Asked(clock or one.extension, one.extension)
                made = days_on_the_clock(due, given.by, zone)
                one.extension, asked[one.student_id] = made, _Asked(given.by, made)
        found.duedate = due  # together with the extensions, or not at all
        gradebook.db.commit()
    _write_asked(course, assignment, asked)


class _Asked(NamedTuple):
    """An extension as it was asked for, and what was made of it by the due date of then."""

    by: timedelta
    made: timedelta


def _asked_file(course: Course, assignment: str) -> Path:
    return course.root / ".snrilab" / "extensions" / f"{assignment}.json"


def _read_asked(course: Course, assignment: str) -> dict[str, _Asked]:
    """Return what was asked for; the clock of then could not tell it, in another zone."""
    try:
        found = json.loads(_asked_file(course, assignment).read_text("utf-8"))
        return {
            str(student): _Asked(timedelta(seconds=by), timedelta(seconds=made))
            for student, (by, made) in found.items()
        }
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def _write_asked(course: Course, assignment: str, asked: dict[str, _Asked]) -> None:
    path = _asked_file(course, assignment)
    if not asked and not path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f".{path.name}.new")
    spans = {one: [span.total_seconds() for span in asked[one]] for one in sorted(asked)}
    new.write_text(json.dumps(spans, indent=1), "utf-8")
    new.replace(path)  # whole or not at all


def span_on_the_clock(due: datetime, extension: timedelta, zone: tzinfo | None) -> timedelta:
    """Return what a clock on the wall says of an extension, where clocks may be changed in it."""
    before, after = (t.replace(tzinfo=UTC).astimezone(zone) for t in (due, due + extension))
    return after.replace(tzinfo=None) - before.replace(tzinfo=None)


def _refuse_unknown(course: Course, assignment: str) -> None:
    if not course.folder("source", ".", assignment).is_dir():
        raise ClassroomError(f"there is no source/{assignment}.")


def configure_late_work(config: Any) -> None:
    """Give nbgrader's settings the rule for late work of the course in this folder."""
    rule = read_rule(Path())
    if rule is None:
        return
    config.AssignLatePenalties.plugin_class = "snrilab.classroom.LateDays"
    config.LateDays.per_day = rule.per_day
    config.LateDays.grace_min = rule.grace_min
    config.LateDays.most = rule.most
    config.FeedbackExporter.late_words = rule.words()
    config.FeedbackExporter.grace_min = rule.grace_min


def extend(
    course: Course, assignment: str, student: str, by: timedelta, zone: tzinfo | None = None
) -> None:
    """Give one student more time; counted from the due date, it replaces an earlier extension."""
    from nbgrader.api import MissingEntry, SubmittedAssignment

    with opened(course) as gradebook:
        try:
            due = gradebook.find_assignment(assignment)
        except MissingEntry:
            raise ClassroomError(
                f"{assignment} is not in the gradebook: set its due date first (--due)."
            ) from None
        try:
            gradebook.find_student(student)
        except MissingEntry:
            like = like_ids(student, [one.id for one in gradebook.students])
            raise ClassroomError(
                f"no student with the id {student!r} is in the gradebook. {like}"
            ) from None
        table = SubmittedAssignment.__table__
        mine = (table.c.assignment_id == due.id) & (table.c.student_id == student)
        made = days_on_the_clock(due.duedate, by, zone) if due.duedate is not None else by
        given = {"extension": made or None}
        # Without notebooks: nothing was handed in yet.
        if not gradebook.db.execute(table.update().where(mine).values(**given)).rowcount:
            new = {"id": uuid4().hex, "assignment_id": due.id, "student_id": student}
            gradebook.db.execute(table.insert().values(**new, **given))
        gradebook.db.commit()
    _write_asked(course, assignment, _read_asked(course, assignment) | {student: _Asked(by, made)})


def explained(course: Course, assignment: str, zone: tzinfo | None) -> list[str]:
    """Say which dates hold, what lateness costs, and what it has cost whom."""
    from nbgrader.api import MissingEntry

    rule = read_rule(course.root)
    grace = rule.grace if rule else timedelta()
    lines = [f"Late work: {rule.words() if rule else 'costs nothing'}."]
    with opened(course) as gradebook:
        try:
            found = gradebook.find_assignment(assignment)
        except MissingEntry:
            _refuse_unknown(course, assignment)
            return [f"{assignment}: no due date.", *lines]
        due = found.duedate
        replies = read_replies(course, assignment)
        when = f"due {shown(due, zone)}" if due else "no due date"
        lines.insert(0, f"{assignment}: {when}.")
        for one in sorted(found.submissions, key=lambda s: s.student_id):
            lines += _about(one, due, zone, replies, grace)
    return lines


def _span(time: timedelta) -> str:
    """Return a span as people say it.

    Examples
    --------
    >>> _span(timedelta(days=2)), _span(timedelta(hours=10, minutes=45))
    ('2 days', '10 h 45 min')
    """
    minutes = round(time.total_seconds() / 60)
    days, rest = divmod(minutes, 1440)
    said = [f"{days} day{'s' * (days != 1)}"] if days else []
    said += [f"{rest // 60} h"] if rest // 60 else []
    said += [f"{rest % 60} min"] if rest % 60 else []
    return " ".join(said) or "less than a minute"


def _about(
    one: Any,
    due: datetime | None,
    zone: tzinfo | None,
    replies: dict[str, dict[str, Any]],
    grace: timedelta,
) -> list[str]:
    if due is None:
        return []
    own = due + (one.extension or timedelta())
    lines = []
    if one.extension:
        span = span_on_the_clock(due, one.extension, zone)
        lines.append(f"  {one.student_id}: extension of {_span(span)}, due {shown(own, zone)}")
    if seconds_late(replies, one.student_id, one.timestamp, due, one.extension):
        cost = one.late_submission_penalty or 0.0
        after = one.timestamp - own
        when = f"handed in {shown(one.timestamp, zone)}, {_span(after)}"
        late = f"{when} late"
        taken = f": {cost:g} of {one.score:g} points taken"
        if time_is_unknown(replies, one.student_id, one.timestamp):
            late = "late, minutes unknown"
        elif after <= grace:
            late, taken = f"{when} after, within the grace", ""
        lines.append(f"  {one.student_id}: {late}{taken}")
    return lines
