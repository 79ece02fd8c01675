"""The importers of Canvas and Moodle, played: what each takes from a table or an archive, and how.

Written from their documented behaviour: which columns they look for, how they find a person, which
rows they pass over, and what counts as a change.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

RESERVED = {
    "Student",
    "ID",
    "SIS User ID",
    "SIS Login ID",
    "Integration ID",
    "Root Account",
    "Section",
}
TOTALS = re.compile(r"(Current|Final) (Score|Points|Grade)|Override (Score|Grade|Status)")


class NewColumnError(AssertionError):
    """Canvas would make an assignment of a heading that it does not know."""


def canvas(data: bytes, assignments: dict[int, str], people: dict[int, dict[str, str]]) -> dict:
    """Return (user, assignment) to the grade that Canvas would take."""
    text = data.decode("utf-8-sig")
    first = text.splitlines()[:3]
    sizes = {s: [len(next(csv.reader([line], delimiter=s))) for line in first] for s in ";,"}
    even = {s: counts[0] if len(set(counts)) == 1 else 0 for s, counts in sizes.items()}
    semicolon = even[";"] > even[","]
    rows = list(csv.reader(io.StringIO(text), delimiter=";" if semicolon else ","))
    header = rows[0]
    assert "Student" in header[0]
    assert "ID" in header[1]
    columns = {}
    for place, title in enumerate(header):
        if title in RESERVED or TOTALS.search(title):
            continue
        number = re.search(r"\((\d+)\)$", title)
        if not number or int(number[1]) not in assignments:
            raise NewColumnError(title)
        columns[int(number[1])] = place
    taken, closed = {}, set()
    for row in rows[1:]:
        if "Points Possible" in row[0]:
            closed = {a for a, n in columns.items() if "read only" in row[n]}
            continue
        if all(not cell.strip() or "Manual Posting" in cell for cell in row):
            continue
        named = dict(zip(header, row, strict=True))
        user = _canvas_user(named, people)
        for assignment, place in columns.items():
            if assignment not in closed:
                taken[user, assignment] = _plain(row[place].strip())
    return taken


def _canvas_user(row: dict[str, str], people: dict[int, dict[str, str]]) -> int:
    if row["ID"].isdecimal() and int(row["ID"]) in people:
        return int(row["ID"])
    for user, known in people.items():
        for key in ("SIS User ID", "SIS Login ID", "Student"):
            if row.get(key) and row.get(key) == known.get(key):
                return user
    raise NewColumnError(f"Canvas would make a new student of {row['Student']}")


def _plain(cell: str) -> str:
    if not re.fullmatch(r"-?[0-9.,]+%?", cell):
        return cell
    *whole, last = re.split(r"[,.]", cell)
    return f"{''.join(whole)}.{last}" if whole else last


def moodle(
    data: bytes,
    words: dict[str, str],
    people: dict[int, dict[str, Any]],
    maximum: float,
    comma: bool,
    delimiter: str = ",",
) -> dict[int, float]:
    """Return participant to the grade that Moodle would set; other rows it passes over."""
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig")), delimiter=delimiter))
    header = rows[0]
    place = {key: header.index(words[key]) for key in ("identifier", "grade", "modified")}
    taken = {}
    for row in rows[1:]:
        participant = row[place["identifier"]][len(words["hidden"]) :].strip()
        known = people.get(int(participant))
        if known is None:
            continue
        cell = row[place["grade"]].strip()
        if not cell:
            continue
        value = float(cell.replace(".", "").replace(",", ".") if comma else cell)
        if known.get("locked") or known.get("graded later") or not 0 <= value <= maximum:
            continue
        if known.get("grade") != value:
            taken[int(participant)] = value
    return taken


def moodle_feedback(archive: bytes, participants: Iterable[int]) -> dict[int, list[str]]:
    """Return participant to the files that Moodle would attach."""
    found: dict[int, list[str]] = {}
    for name in zipfile.ZipFile(io.BytesIO(archive)).namelist():
        parts = name.split("/")
        while parts:
            info = parts.pop(0).split("_", 4)
            if len(info) < 4 or not info[1].isdecimal() or int(info[1]) not in set(participants):
                continue
            if (info[2], info[3]) != ("assignsubmission", "file"):
                continue
            rest = [*([info[4]] if len(info) > 4 else [""]), *parts]
            found.setdefault(int(info[1]), []).append("/".join(rest).strip("/"))
            break
    return found


def canvas_feedback(archive: bytes, attachments: dict[int, int]) -> dict[int, list[str]]:
    """Return user to the files that Canvas would attach: the two numbers must be its own."""
    found: dict[int, list[str]] = {}
    for name in zipfile.ZipFile(io.BytesIO(archive)).namelist():
        base = name.rpartition("/")[2]
        numbers = [int(part) for part in base.split("_") if part.isdecimal()][:2]
        if len(numbers) == 2 and attachments.get(numbers[1]) == numbers[0]:
            found.setdefault(numbers[0], []).append(base)
    return found
