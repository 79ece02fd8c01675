"""What the gradebook knows of a class: people, dates, marks. It is nbgrader's own.

Runs in the coordinator.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from snrilab.classroom._people import Person, Roster

if TYPE_CHECKING:
    from collections.abc import Iterator

    from snrilab.grading.course import Course


class ClassroomError(ValueError):
    """What was asked for cannot be done; the message says why."""


@dataclass(frozen=True)
class Dates:
    """When an assignment is due (UTC, without zone as nbgrader keeps times)."""

    due: datetime | None = None
    extensions: dict[str, timedelta] = field(default_factory=dict)

    def of(self, student: str) -> datetime | None:
        """Return when it is due for one student."""
        if self.due is None:
            return None
        return self.due + self.extensions.get(student, timedelta())


def is_there(course: Course) -> bool:
    """Whether the gradebook exists; looking into it must not make it."""
    from sqlalchemy.engine import make_url

    url = make_url(course.db_url)
    if not url.drivername.startswith("sqlite"):
        return True
    place = Path(url.database or "")
    return (course.root / place).is_file()


@contextlib.contextmanager
def opened(course: Course) -> Iterator[Any]:
    """Open nbgrader's gradebook, made where it is missing."""
    import sqlalchemy as sa
    from nbgrader.api import Gradebook

    from snrilab.grading.gradebook import create_tables

    engine = sa.create_engine(course.db_url)
    try:
        create_tables(engine)
        with Gradebook(course.db_url, course.course_id) as gradebook:
            yield gradebook
    except sa.exc.SQLAlchemyError as error:
        why = str(getattr(error, "orig", None) or "it is no database of nbgrader's")
        raise ClassroomError(f"the gradebook cannot be used: {why}.") from None
    finally:
        engine.dispose()


def dates_of(course: Course, assignment: str) -> Dates:
    """Return due date and extensions as the gradebook has them."""
    from nbgrader.api import MissingEntry

    if not is_there(course):
        return Dates()
    with opened(course) as gradebook:
        try:
            found = gradebook.find_assignment(assignment)
        except MissingEntry:
            return Dates()
        extensions = {s.student_id: s.extension for s in found.submissions if s.extension}
        return Dates(found.duedate, extensions)


def people_of(course: Course) -> Roster:
    """Return the students whom the gradebook knows."""
    if not is_there(course):
        return Roster()
    with opened(course) as gradebook:
        people = []
        for one in gradebook.students:
            first, last = one.first_name or "", one.last_name or ""
            person = Person(one.id, first, last, one.email or "", one.lms_user_id or "")
            person.know()
            people.append(person)
        return Roster(people)


def zone_of(name: str | None) -> tzinfo | None:
    """Return a time zone by its name; None is this machine's own."""
    if not name:
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ClassroomError(
            f"no time zone is called {name!r}; a zone is named like Europe/Berlin or UTC."
        ) from None


def zone_here(course: Course, name: str | None) -> tzinfo | None:
    """Return a zone by its name, else the one that came with a due date, else this machine's."""
    from snrilab.grading.course import kept_zone

    return zone_of(name) if name else kept_zone(course.root)


def to_utc(moment: tuple[int, ...], zone: tzinfo | None) -> datetime | None:
    """Return a local time as nbgrader keeps times: in UTC, without its zone.

    Examples
    --------
    >>> to_utc((2026, 11, 20, 10, 0, 0), ZoneInfo("Europe/Berlin"))
    datetime.datetime(2026, 11, 20, 9, 0)
    """
    try:
        local = datetime(*moment, tzinfo=zone)  # type: ignore[misc, arg-type]
        return local.astimezone(UTC).replace(tzinfo=None)
    except (ValueError, OverflowError, OSError):
        return None


def shown(moment: datetime, zone: tzinfo | None) -> str:
    """Return a time as people in a zone read it.

    Examples
    --------
    >>> shown(datetime(2026, 11, 20, 9, 0), ZoneInfo("Europe/Berlin"))
    '2026-11-20 10:00 CET'
    """
    local = moment.replace(tzinfo=UTC).astimezone(zone)
    return f"{local:%Y-%m-%d %H:%M} {local.tzname()}"
