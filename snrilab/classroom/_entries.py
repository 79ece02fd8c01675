"""What is given for one answer: items of the mark scheme, free points, and what they add up to.

Runs in the coordinator. The gradebook has the points; an entry has what they are for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from snrilab.classroom._gradebook import ClassroomError

if TYPE_CHECKING:
    from snrilab.classroom._answers import Answer


def entry_of(marks: dict[str, Any], key: str, answer: Answer) -> dict[str, Any]:
    """Return what somebody has for an answer; what formgrader has changed are free points."""
    entry = marks["given"].get(key, {}).get(answer.student)
    if entry is None or answer.manual is None:
        entry = {"items": {}, "free": None, "total": None}
    entry = dict(entry)
    entry["items"] = dict(entry["items"])
    entry["free"] = free_points(entry, answer.manual)
    return entry


def free_points(entry: dict[str, Any], manual: float | None) -> float | None:
    """Return the free points with which an entry adds up to what the gradebook says."""
    free, known = entry["free"], entry["total"]
    if manual == known:
        return None if free is None else float(free)
    return None if manual is None else round((free or 0.0) + manual - (known or 0.0), 6)


def apply(
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
    entry = entry_of(marks, key, answer)
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
