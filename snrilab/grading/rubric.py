"""Points by item for what a person marks: a mark scheme's items, and who was given which.

Runs in the coordinator and in nbgrader's own process.

A mark scheme is a list in the teacher's own cell of a written answer or a task, one item a line::

    - 2 points: both Ki within 15 %, each with its range
    - 1 or 0.5 points: two overstatements; one of them: half
    - -1 point: a claim that is stronger than its number

What was given stands in ``.snrilab/marks/ASSIGNMENT.json``. It explains points; how many points
somebody has is the gradebook's to say.
"""

from __future__ import annotations

import contextlib
import difflib
import json
import os
import re
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from snrilab._lock import alone

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WHOLE = "the whole answer"  # the one item where no scheme is written
ALIKE = 0.6
WAIT_S, STALE_S = 45.0, 40.0  # whoever was killed while writing holds nobody up for longer
_NUMBER = r"[-+\u2212]?\d+(?:\.\d+)?"
_ITEM = re.compile(
    rf"^\s*(?:[-*+]|\d+[.)])\s+\**\s*(?P<points>{_NUMBER}(?:\s+or\s+{_NUMBER})*)"
    r"\s+(?:points?|pts?|marks?)\s*\**\s*:\s*\**\s*(?P<words>.*\S)",
    re.IGNORECASE,
)
_LIST = re.compile(r"^\s*(?:[-*+]|\d+[.)])\s")


class RubricError(ValueError):
    """The items given so far cannot be used; the message says why."""


@dataclass(frozen=True)
class Item:
    """One item of a mark scheme.

    Parameters
    ----------
    points : tuple of float
        What it is worth; further values are lesser forms of the same, such as half.
    words : str
        What has to be in the answer.
    """

    points: tuple[float, ...]
    words: str

    def __str__(self) -> str:
        most = " or ".join(f"{value:g}" for value in self.points)
        return f"- {most} {'point' if abs(self.points[-1]) == 1 else 'points'}: {self.words}"


def read_items(text: str) -> list[Item]:
    r"""Return the items that are written in a teacher's cell.

    An item's further lines are indented, or follow without a list's sign until an empty line.

    Examples
    --------
    >>> for item in read_items("Say why.\n\n- 2 points: a reason\n- 1 or 0.5 points: a number"):
    ...     print(item.points, item.words)
    (2.0,) a reason
    (1.0, 0.5) a number
    >>> read_items("- two reasons\\n- 2 points are enough")
    []
    """
    found: list[Item] = []
    going_on = False
    for line in text.split("\n"):
        start = _ITEM.match(line)
        if start:
            numbers = re.findall(_NUMBER, start["points"].replace("\u2212", "-"))
            found.append(Item(tuple(map(float, numbers)), start["words"]))
            going_on = True
        elif not line.strip() or _LIST.match(line) or line.lstrip().startswith("### "):
            going_on = going_on and bool(_LIST.match(line)) and line.startswith("  ")
            if going_on:  # a list below an item is part of it
                found[-1] = Item(found[-1].points, f"{found[-1].words}; {line.strip('-*+ ')}")
        elif going_on:
            found[-1] = Item(found[-1].points, f"{found[-1].words} {line.strip()}")
    return found


def without_items(text: str) -> str:
    r"""Return a teacher's cell without the items of its mark scheme: what else a marker may read.

    Examples
    --------
    >>> without_items("Because.\n\n- 2 points: a reason\n  that holds\n\nNo half points.")
    'Because.\n\nNo half points.'
    """
    kept: list[str] = []
    going_on = False
    for line in text.split("\n"):
        if _ITEM.match(line):
            going_on = True
        elif going_on and line.strip() and (line.startswith("  ") or not _LIST.match(line)):
            continue
        else:
            going_on = False
            kept.append(line)
    whole = re.sub(r"(?im)^\W*(marks?|mark scheme|rubric|items)\W*$", "", "\n".join(kept))
    return re.sub(r"\n{3,}", "\n\n", whole).strip()


def most_of(items: list[Item]) -> float:
    """Return what all items together are worth, deductions left out."""
    return round(sum(max(*item.points, 0.0) for item in items), 6)


# -- what was given --------------------------------------------------------------------------------


def marks_file(root: Path, assignment: str) -> Path:
    """Return where the items given in an assignment are kept."""
    return root / ".snrilab" / "marks" / f"{assignment}.json"


def read_marks(root: Path, assignment: str) -> dict[str, Any]:
    """Return the items of each question and who was given which.

    Parameters
    ----------
    root : Path
        The course folder.
    assignment : str
        Name of the assignment.

    Returns
    -------
    dict
        ``key``: what orders are drawn from; ``questions``: for each
        ``notebook/grade_id`` its ``items``; ``given``: for each of them student to ``items`` (name
        of an item to which of its points, 0 the first), ``free`` points and the ``total``;
        ``missing``: whether feedback names items that were not given, too.
    """
    path = marks_file(root, assignment)
    try:
        read = json.loads(path.read_text("utf-8"))
        if isinstance(read["key"], str) and _is_whole(read):
            return dict(read)
    except FileNotFoundError:
        return {"key": secrets.token_hex(16), "questions": {}, "given": {}}
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        pass  # said below, in a sentence
    raise RubricError(
        f"{path} cannot be read: put it right, or move it away (points stay in the gradebook, and "
        "only which items they are for is lost)."
    )


def _is_whole(read: dict[str, Any]) -> bool:
    items = [item for q in read["questions"].values() for item in q["items"]]
    entries = [entry for given in read["given"].values() for entry in given.values()]
    return all(item["points"] and item["name"] and item["words"] for item in items) and all(
        isinstance(place, int) and place >= 0 for e in entries for place in e["items"].values()
    )


@contextlib.contextmanager
def changing_marks(root: Path, assignment: str) -> Iterator[dict[str, Any]]:
    """Read the items given, let them be changed, and write them whole or not at all.

    Whoever marks at the same moment waits. Nothing is written when the block ends in an error.
    """
    path = marks_file(root, assignment)
    path.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.ExitStack() as held:
        lock = alone(path.with_suffix(".lock"), patience_s=WAIT_S, stale_s=STALE_S)
        try:
            held.enter_context(lock)
        except TimeoutError as error:
            raise RubricError(str(error)) from None
        marks = read_marks(root, assignment)
        before = json.dumps(marks)
        yield marks
        if path.exists() and json.dumps(marks) == before:
            return
        new = path.with_suffix(".new")
        with new.open("w", encoding="utf-8") as file:
            json.dump(marks, file, indent=1, ensure_ascii=False)
            file.flush()
            os.fsync(file.fileno())
        new.chmod(0o600)
        new.replace(path)


def bring_up_to_date(
    question: dict[str, Any], scheme: list[Item], given: dict[str, Any]
) -> list[str]:
    """Take over what has changed in the written scheme since it was last read.

    An item is the same when its words are the same or nearly so. One that is gone stays where
    somebody has it. What was changed while marking stays until the scheme itself changes there.

    Parameters
    ----------
    question : dict
        What is kept of the question; changed in place.
    scheme : list of Item
        The items as the teacher's cell has them now.
    given : dict
        Student to what was given.

    Returns
    -------
    list of str
        Names of the items that have changed.
    """
    kept: list[dict[str, Any]] = question.setdefault("items", [])
    written = [{"points": list(item.points), "words": item.words} for item in scheme]
    away = [item["scheme"] for item in question.get("removed", [])]  # while marking
    written = [one for one in written if one not in away]
    if [item["scheme"] for item in kept if item.get("scheme") and not item.get("gone")] == written:
        return []
    left = [item for item in kept if item.get("scheme")]
    pairs: list[dict[str, Any] | None] = []
    for one in written:
        same = [item for item in left if item["scheme"]["words"] == one["words"]]
        pairs.append(same[0] if same else None)
        left = [item for item in left if item is not pairs[-1]]
    for place, one in enumerate(written):
        if pairs[place] is None and left:
            likeness = [_alike(item["scheme"]["words"], one["words"]) for item in left]
            if max(likeness) >= ALIKE:
                pairs[place] = left.pop(likeness.index(max(likeness)))
    changed: list[str] = []
    new: list[dict[str, Any]] = []
    for found, one in zip(pairs, written, strict=True):
        item = found or {"name": new_name(question), "scheme": None}
        if item["scheme"] != one:
            item |= {"points": list(one["points"]), "words": one["words"], "scheme": one}
            changed.append(item["name"])
        item.pop("gone", None)
        new.append(item)
    new += [item for item in kept if not item.get("scheme")]
    for item in left:
        if any(item["name"] in entry["items"] for entry in given.values()):
            new.append(item | {"gone": True})
    question["items"] = new
    return changed


def _alike(one: Any, other: Any) -> float:
    return difflib.SequenceMatcher(None, one.casefold(), other.casefold()).ratio()


def new_name(question: dict[str, Any]) -> str:
    """Return a name that no item of the question has had."""
    question["names"] = question.get("names", 0) + 1
    return f"i{question['names']}"


def total(question: dict[str, Any], entry: dict[str, Any], points: float) -> float | None:
    """Return what items and free points add up to, from 0 to `points`; None: not marked.

    Examples
    --------
    >>> question = {"items": [{"name": "i1", "points": [2.0, 1.0]}]}
    >>> total(question, {"items": {"i1": 1}, "free": 0.5}, 5)
    1.5
    >>> total(question, {"items": {}, "free": None}, 5) is None
    True
    """
    worth = {item["name"]: item["points"] for item in question["items"]}
    if not entry["items"] and entry["free"] is None:
        return None
    given = [(worth[name], place) for name, place in entry["items"].items() if name in worth]
    earned = sum(_level(levels, place) for levels, place in given)
    return round(min(max(earned + (entry["free"] or 0.0), 0.0), points), 6)


def _level(points: list[float], place: int) -> float:
    return float(points[min(place, len(points) - 1)])


def explained(
    marks: dict[str, Any], question: str, student: str, score: float | None
) -> list[tuple[float, float, str]]:
    """Return what somebody's points are for: points, points possible and words of each item.

    What the gradebook has beyond the items, or less, stands at the end under its own words. Items
    that were not given are there, with 0 points, where the teacher wants students to see them.

    Parameters
    ----------
    marks : dict
        From `read_marks`.
    question : str
        ``notebook/grade_id``.
    student : str
        Whose answer.
    score : float or None
        The points that the gradebook has for it, given by hand.
    """
    entry = marks["given"].get(question, {}).get(student)
    if score is None or not entry or not (entry["items"] or marks.get("missing")):
        return []
    found = []
    for item in marks["questions"][question]["items"]:
        place = entry["items"].get(item["name"])
        most = float(item["points"][0])
        if place is not None:
            found.append((_level(item["points"], place), most, item["words"]))
        elif marks.get("missing") and most > 0 and not item.get("gone"):
            found.append((0.0, most, item["words"]))
    rest = round(score - sum(points for points, _, _ in found), 6)
    if rest:
        found.append((rest, 0.0, "besides the items"))
    return found
