"""When work was handed in: how a time is read, and what collecting has kept of it.

Runs in the coordinator and in nbgrader's own process.
"""

from __future__ import annotations

import functools
import hashlib
import json
import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

TIME = "%Y-%m-%d %H:%M:%S"
NOT_SAID = "time that the platform did not say"
PLACED = "placed"  # digests of the files that were placed, and the time written beside them
NOT_BELIEVED = "timestamp.txt"  # how a fact about a time begins
UNKNOWN_S = 60.0  # what "late" alone counts as, whatever the due date is by now


HOW_TO_WRITE = "a time is written like 2026-11-20 18:30 +0100"

# The time zones that RFC 2822 knows by letters, and Europe's, also in German: hours from UTC.
_ZONES = {
    "Z": 0, "UT": 0, "UTC": 0, "GMT": 0, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7,
    "MDT": -6, "PST": -8, "PDT": -7, "CET": 1, "CEST": 2,
    "MEZ": 1, "MESZ": 2,
}  # fmt: skip
_WRITTEN = re.compile(
    r"(?P<date>.*\d.*?)(?:T|,?\s+(?:(?:at|um)\s+)?)"
    r"(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,](?P<part>\d{1,9}))?)?"
    r"\s*(?:(?P<half>[ap]\.?m\.?)|Uhr)?\s*(?P<letters>[a-z]{1,5})?"
    r"\s*(?P<offset>[+-]\d{1,2}(?::?\d\d)?)?",
    re.IGNORECASE,
)
_YEAR_FIRST = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})")
_YEAR_LAST = re.compile(r"(\d{1,2})([-/.])\s*(\d{1,2})\2\s*(\d{4})")
# What `date` prints, such as "Fri Nov 20 18:30:00 CET 2026": the year comes last.
_YEAR_AT_THE_END = re.compile(
    r"([a-z]{3}\s+[a-z]{3}\s+\d{1,2})\s+(\d\d:\d\d:\d\d)\s+([a-z]{1,5}|[+-]\d{2,4})\s+(\d{4})",
    re.IGNORECASE,
)
_MONTHS, _MINUTES = 12, 60
_WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_YEARS = range(2000, 2100)  # any other year is a slip
_FARTHEST = timedelta(hours=14)


def time_text(data: bytes) -> str:
    """Return the words of a ``timestamp.txt``, whichever editor wrote it."""
    coding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    return data.decode(coding, "replace").strip()[:100]


def read_time(text: str) -> datetime | None:
    """Return a time in UTC, without its zone as nbgrader keeps times; None when it says none.

    A clock time with a colon has to be in it. Letters for a time zone that is not known here are no
    time: they are not taken for UTC. Nor is a date of which nobody can say whether day or month
    comes first; with dots the day does.

    Examples
    --------
    >>> read_time("2026-03-05 14:00 PST"), read_time("2026-03-05 14:00 +0530")
    (datetime.datetime(2026, 3, 5, 22, 0), datetime.datetime(2026, 3, 5, 8, 30))
    >>> read_time("5. 3. 2026 14:00")
    datetime.datetime(2026, 3, 5, 14, 0)
    >>> read_time("2026-03-05 14:00 XYZ") is read_time("3/5/2026 14:00") is None
    True
    """
    text = text.replace("\ufeff", "").strip()
    found = _WRITTEN.fullmatch(_YEAR_AT_THE_END.sub(r"\1 \4 \2 \3", text))
    if found is None:
        return None
    date = _read_date(found["date"].strip(" ,"))
    zone = _ZONES.get((found["letters"] or "UTC").upper())
    offset = found["offset"] or "+0"
    if date is None or date.year not in _YEARS or zone is None or (found["offset"] and zone):
        return None
    digits = re.sub(r"\D", "", offset)
    hours, minutes = (digits[:-2], digits[-2:]) if len(digits) > len("14") else (digits, "0")
    if int(minutes) >= _MINUTES:
        return None
    east = timedelta(hours=int(hours), minutes=int(minutes))
    hour = int(found["hour"])
    if found["half"]:
        if not 1 <= hour <= _MONTHS:
            return None
        hour = hour % 12 + 12 * found["half"].lower().startswith("p")
    try:
        part = int(f"{found['part'] or '0':0<6}"[:6])
        local = date.replace(
            hour=hour, minute=int(found["minute"]), second=int(found["second"] or 0),
            microsecond=part,
        )  # fmt: skip
        east = -east if offset.startswith("-") else east
        return None if abs(east) > _FARTHEST else local - east - timedelta(hours=zone)
    except (ValueError, OverflowError):
        return None


def _read_date(words: str) -> datetime | None:
    first, last = _YEAR_FIRST.fullmatch(words), _YEAR_LAST.fullmatch(words)
    try:
        if first:
            return datetime(int(first[1]), int(first[3]), int(first[4]))  # noqa: DTZ001 -- as nbgrader
        if last:
            day, month = int(last[1]), int(last[3])
            if last[2] != ".":
                if day <= _MONTHS and month <= _MONTHS and day != month:
                    return None
                day, month = (month, day) if month > _MONTHS else (day, month)
            return datetime(int(last[4]), month, day)  # noqa: DTZ001 -- as nbgrader
        if re.search(r"[a-z]{3}", words, re.IGNORECASE) and re.search(r"\d{4}", words):
            import dateutil.parser  # type: ignore[import-untyped]

            one, other = (
                dateutil.parser.parse(words, default=datetime(2000, n, n))  # noqa: DTZ001
                for n in (1, 2)
            )
            named: datetime = one
            told = re.match("|".join(_WEEK), words, re.IGNORECASE)
            if one != other or (told and told[0].lower() != _WEEK[named.weekday()]):
                return None  # month or day were not in it, or the day of the week is another
            return named
    except (ValueError, OverflowError, TypeError):
        return None
    return None


def replies_file(root: Path, assignment: str) -> Path:
    """Return where collecting keeps how the platform called everybody's work.

    Parameters
    ----------
    root : Path
        The course folder.
    assignment : str
        Name of the assignment.
    """
    return root / ".snrilab" / "collected" / f"{assignment}.json"


def read_replies(root: Path, assignment: str) -> dict[str, dict[str, Any]]:
    """Return how the platform called each student's work when it was collected."""
    try:
        found = json.loads(replies_file(root, assignment).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    whole = found if isinstance(found, dict) else {}
    return {student: reply for student, reply in whole.items() if isinstance(reply, dict)}


@functools.lru_cache(maxsize=4)
def _all_placed(root: Path, assignment: str, _: tuple[int, int]) -> dict[str, dict[str, Any]]:
    replies = read_replies(root, assignment)
    return {n: one[PLACED] for n, one in replies.items() if isinstance(one.get(PLACED), dict)}


def placed_time(root: Path, assignment: str, student: str, folder: Path) -> str | None:
    """Return which time was written beside this very work when it was collected.

    It is "" where none was known, and None where something else than collecting put it there.

    Parameters
    ----------
    root : Path
        The course folder.
    assignment, student : str
        Name of the assignment, and whose work it is.
    folder : Path
        Where it lies.
    """
    try:
        facts = replies_file(root, assignment).stat()
    except OSError:
        return None
    kept = _all_placed(root, assignment, (facts.st_mtime_ns, facts.st_size)).get(student)
    if kept is None or kept.get("files") != digests(folder, without="timestamp.txt"):
        return None
    return str(kept.get("time", ""))


def digests(folder: Path, *, without: str = "") -> dict[str, str]:
    """Return each plain file of a folder with its fingerprint.

    Parameters
    ----------
    folder : Path
        It need not exist.
    without : str
        A name that is left out.
    """
    if not folder.is_dir():
        return {}
    files = [p for p in folder.iterdir() if p.is_file() and not p.is_symlink()]
    return {p.name: digest(p) for p in files if p.name != without}


def digest(path: Path) -> str:
    """Return the fingerprint of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def time_is_unknown(
    replies: dict[str, dict[str, Any]], student: str, time: datetime | None
) -> bool:
    """Whether the platform said "late" alone: this very time stands for one that it did not say.

    Parameters
    ----------
    replies : dict
        What `read_replies` gives.
    student : str
        Name in nbgrader.
    time : datetime or None
        When the work was handed in (UTC), by the gradebook.
    """
    reply = replies.get(student)
    return bool(time and reply and reply.get(NOT_SAID) == f"{time:{TIME}}")


def seconds_late(
    replies: dict[str, dict[str, Any]],
    student: str,
    time: datetime | None,
    due: datetime | None,
    extension: timedelta | None,
) -> float:
    """Return how late work is, by the dates that hold now; 0 is in time.

    Parameters
    ----------
    replies : dict
        What `read_replies` gives.
    student : str
        Name in nbgrader.
    time, due : datetime or None
        When it was handed in and when it was due (UTC), by the gradebook.
    extension : timedelta or None
        More time that this student was given.

    Examples
    --------
    >>> from datetime import datetime
    >>> came, due = datetime(2026, 11, 20, 18, 5), datetime(2026, 11, 20, 18)
    >>> seconds_late({}, "anna", came, due, None)
    300.0
    >>> told = {"anna": {NOT_SAID: "2026-11-20 18:05:00"}}
    >>> seconds_late(told, "anna", came, due - timedelta(days=3), None)
    60.0
    """
    if time is None or due is None:
        return 0.0
    late = max(0.0, (time - due - (extension or timedelta())).total_seconds())
    if time_is_unknown(replies, student, time):
        return UNKNOWN_S if late or not extension else 0.0
    return late
