"""Gradescope's export of submissions: folders with numbers, and one file that says whose each is.

Runs in the coordinator. `submission_metadata.yml` is written by Gradescope, in Ruby's way: keys
start with a colon, tags name Ruby's classes. It is read as plain words, nothing of it is built.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path

METADATA = "submission_metadata.yml"
LARGEST_MB = 64
# At the top of a download, where no student can put a file.
EXPORT = re.compile(r"((?:assignment_\d+_export/)?)submission_metadata\.yml")
FOLDER = re.compile(r"((?:.*/)?submission_\d+)/.+")
_TIME = re.compile(
    r"(\d{4}-\d\d-\d\d)[Tt ]\s*(\d\d:\d\d:\d\d)(?:\.\d+)?\s*(Z|[-+]\d\d:?\d\d)?(?:\s.*)?"
)


class Handed(NamedTuple):
    """Who handed in together, each by clues, and when (UTC, without its zone)."""

    people: list[tuple[tuple[str, str], ...]]
    moment: datetime | None


def read_metadata(path: Path) -> dict[str, Handed]:
    """Return who handed in what, by the name of the folder or file in the export.

    Parameters
    ----------
    path : Path
        The file ``submission_metadata.yml``, wherever it was copied to.
    """
    import yaml  # type: ignore[import-untyped]

    if path.stat().st_size > LARGEST_MB * 2**20:
        raise ValueError(f"is larger than {LARGEST_MB} MB")
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # words only, whatever a tag says
    try:
        found = yaml.load(path.read_bytes(), Loader=loader)  # noqa: S506
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError):
        raise ValueError("is damaged") from None
    if not isinstance(found, dict):
        raise ValueError("names no submissions")
    handed = {}
    for name, one in found.items():
        said = _plain(one)
        people = [_clues(_plain(person)) for person in _listed(said.get("submitters"))]
        if isinstance(name, str) and any(people):
            handed[name] = Handed([p for p in people if p], read_time(said.get("created_at")))
    if not handed:
        raise ValueError("names no submitters")
    return handed


def _plain(one: Any) -> dict[str, Any]:
    """Return a mapping with its keys as words without Ruby's colon."""
    if not isinstance(one, dict):
        return {}
    return {key.removeprefix(":"): value for key, value in one.items() if isinstance(key, str)}


def _listed(some: Any) -> list[Any]:
    return some if isinstance(some, list) else []


def _clues(person: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    kinds = (("number", "sid"), ("login", "sid"), ("email", "email"), ("name", "name"))
    return tuple(
        (kind, value)
        for kind, key in kinds
        if isinstance(value := person.get(key), str) and value.strip(" ~") and value != "null"
    )


def read_time(words: Any) -> datetime | None:
    """Return a time as Ruby writes it; without a zone it is UTC.

    Examples
    --------
    >>> read_time("2026-11-20 10:05:00.123456000 -08:00")
    datetime.datetime(2026, 11, 20, 18, 5)
    >>> read_time({"utc": "2026-11-20 18:05:00 Z", "time": "2026-11-20 10:05:00 Z"})
    datetime.datetime(2026, 11, 20, 18, 5)
    """
    if isinstance(words, dict):
        words = words.get("utc")
    found = _TIME.fullmatch(words.strip()) if isinstance(words, str) else None
    if not found:
        return None
    day, clock, zone = found.groups()
    try:
        moment = datetime.fromisoformat(f"{day}T{clock}{'+00:00' if zone in {None, 'Z'} else zone}")
    except ValueError:
        return None
    return moment.astimezone(UTC).replace(tzinfo=None)
