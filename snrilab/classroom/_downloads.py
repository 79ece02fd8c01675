"""What a platform hands out: whose each file is, by the name that the platform gave it.

Runs in the coordinator. Members are copied out under numbers, within the limits of every other
archive; no path of an archive becomes a path here, and nothing is run.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from snrilab.classroom._gradescope import EXPORT, FOLDER, METADATA, Handed, read_metadata
from snrilab.classroom._words import read_moment
from snrilab.grading.archives import (
    ALL_MB,
    ENDINGS,
    MEMBERS,
    ArchiveError,
    Member,
    members,
    write_member,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

    from snrilab.classroom._people import Moment

DEEP = 2  # archives in archives
_STAMP = r"\d{4}(?:-\d\d){5}"
# Each platform's names. What they call a person becomes a clue; `file` or `rest` is the student's
# own name for the file, `reply` the part that comes back with feedback. A login, or the name of a
# group, may have the sign in it that stands behind it: LOGIN and NAME are tried with none of them,
# one, two and so on.
_INSIDE = 4
_PLATFORMS = {
    "moodle": r"(?P<reply>(?P<name>[^/]*?)_(?P<participant>\d+)_assignsubmission_(?P<plugin>[^_/]+)"
    r"(?:_?/(?=.)|_(?=[^/])))(?P<rest>.+)",
    "canvas": r"(?P<reply>NAME(?P<late>_LATE)?_(?P<lms>\d+)_(?P<attachment>\d+)_)"
    r"(?P<file>[^/]+)",
    "canvas, text": r"(?P<reply>NAME(?P<late>_LATE)?_(?P<lms>\d+)_)"
    r"(?P<file>(?:text|link)\.html)",
    "blackboard": r"(?P<reply>[^/]*_LOGIN_attempt_(?P<time>" + _STAMP + r"))"
    r"(?:_(?P<file>[^/]+)|\.txt)",
    "brightspace": r"(?P<reply>\d+-\d+ - (?P<name>[^/]+?) - (?P<time>[^/]*?\d{4}[^/]*?))"
    r"(?: - (?P<file>[^/]+)|/(?P<rest>.+))",
    "ilias": r"(?P<reply>(?P<last>[^/_]+)_(?P<first>[^/_]+)_LOGIN_\d+/)"
    r"(?:(?P<time>\d{14})_)?(?P<rest>.+)",
    "gradescope": r"submission_\d+/(?P<rest>.+)",
}
# Names without a platform's marks count only where the roster knows the person.
_PLAIN = {
    "folders": r"(?P<reply>(?P<login>[^/]+)/)(?P<rest>.+)",
    "files": r"(?P<reply>LOGIN_)(?:(?P<time>" + _STAMP + r")_)?(?P<file>[^/]+)",
}
FIELDS = {
    "id": "login", "login": "login", "name": "name", "first": "first", "last": "last",
    "email": "email", "number": "number", "lms": "lms", "time": "time", "late": "late",
    "file": "file", "any": "",
}  # fmt: skip
_CLUES = ("participant", "lms", "number", "login", "email", "name")


class DownloadError(ValueError):
    """A download of which nothing can be collected; the message says why."""


class Meaning(NamedTuple):
    """What a name in a download says."""

    platform: str
    clues: tuple[tuple[str, str], ...]
    file: str
    reply: str = ""
    late: bool = False
    moment: Moment | None = None
    order: int = 0  # of two attachments the later one
    groups: tuple[str, ...] = ()  # what a group would be called, if one handed in together
    called: str = ""  # the person's name, where the platform put a group's in its place
    utc: datetime | None = None


@dataclass
class Piece:
    """One file of a download, copied out.

    Parameters
    ----------
    name : str
        Where it lay in the download.
    path : Path
        Where its bytes are now.
    source : int
        In which of the downloads, counted from 0.
    meanings : list of Meaning
        What its name can say, the likeliest first.
    moment : tuple
        The archive's own time.
    """

    name: str
    path: Path
    source: int
    meanings: list[Meaning]
    moment: tuple[int, ...] = ()
    inside: str = ""  # the archive of a student's own in which it lay


@dataclass
class Download:
    """All files of some downloads, and what could not be read with the reason."""

    pieces: list[Piece] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)


def patterns_of(words: str) -> list[re.Pattern[str]]:
    """Return regular expressions for names described by fields in braces.

    Several, since who handed in may be called with the sign that stands behind it.

    Parameters
    ----------
    words : str
        Such as ``"{last}, {first} - {any}/{file}"``.

    Examples
    --------
    >>> [one["login"] for p in patterns_of("{id}_{file}") if (one := p.fullmatch("a_b_c.ipynb"))]
    ['a', 'a_b']
    """
    parts = re.split(r"\{([^{}]*)\}", words)
    unknown = [name for name in parts[1::2] if name not in FIELDS]
    named = [FIELDS[name] for name in parts[1::2] if FIELDS.get(name)]
    who = {"login", "name", "email", "number", "lms"} & set(named)
    whole = who or {"first", "last"} <= set(named)
    if unknown or "file" not in named or not whole or len(set(named)) < len(named):
        raise DownloadError(
            f"the pattern {words!r} needs {{file}} and one of {{id}}, {{name}}, {{email}}, "
            f"{{number}}, {{lms}}, or {{first}} and {{last}}, each once; "
            f"known are {', '.join('{' + name + '}' for name in FIELDS)}."
        )
    return [_pattern(parts, who, inside) for inside in range(_INSIDE + 1 if who else 1)]


def _pattern(parts: list[str], who: set[str], inside: int) -> re.Pattern[str]:
    made = ""
    for place, part in enumerate(parts):
        if place % 2 == 0:
            made += re.escape(part)
        elif part == "file":
            made += r"(?P<file>.+)"
        elif part == "late":
            made += r"(?P<late>(?i:late)?)"
        elif FIELDS[part] in who and parts[place + 1][:1] not in {"", "/"}:
            made += _with_inside(FIELDS[part], parts[place + 1][0], inside)
        else:
            made += rf"(?P<{FIELDS[part]}>[^/]+?)" if FIELDS[part] else r"[^/]*?"
    return re.compile(made)


def _with_inside(name: str, sign: str, inside: int) -> str:
    """Return the expression for a name that has a sign in it so many times."""
    plain, sign = rf"[^/{re.escape(sign)}]+", re.escape(sign)
    return rf"(?P<{name}>{plain}(?:{sign}{plain}){{{inside}}})"


@cache
def _built_in(kind: str) -> dict[str, list[re.Pattern[str]]]:
    table = _PLATFORMS if kind == "platforms" else _PLAIN
    return {
        platform: [
            re.compile(
                words.replace("LOGIN", _with_inside("login", "_", inside)).replace(
                    "NAME", _with_inside("name", "_", inside)
                )
            )
            for inside in range(_INSIDE + 1 if re.search("LOGIN|NAME", words) else 1)
        ]
        for platform, words in table.items()
    }


def meanings_of(name: str, patterns: Sequence[re.Pattern[str]] = ()) -> list[Meaning]:
    """Say what a file's place in a download can mean.

    Examples
    --------
    >>> [found] = meanings_of("Anna Alt_12345_assignsubmission_file_/ps2_binding.ipynb")[:1]
    >>> found.platform, dict(found.clues), found.file
    ('moodle', {'participant': '12345', 'name': 'Anna Alt'}, 'ps2_binding.ipynb')
    >>> [found] = meanings_of("ekemma_LATE_12347_67892_ps2_binding-1.ipynb")[:1]
    >>> found.platform, found.late, found.file
    ('canvas', True, 'ps2_binding-1.ipynb')
    """
    parts = name.split("/")
    starts = ["/".join(parts[n:]) for n in range(len(parts))]
    found = []
    tables = [{"pattern": list(patterns)}] if patterns else [_built_in("platforms"), _built_in("")]
    for table in tables:
        for platform, ways in table.items():
            for wanted in ways:
                match = next((m for start in starts if (m := wanted.fullmatch(start))), None)
                if match:
                    found.append(_meaning(platform, match))
    return found


def _meaning(platform: str, match: re.Match[str]) -> Meaning:
    said = {kind: words for kind, words in match.groupdict().items() if words}
    clues = [(kind, said[kind]) for kind in _CLUES if kind in said]
    if "last" in said and "first" in said:
        clues.append(("name", f"{said['first']} {said['last']}"))
    groups: tuple[str, ...] = ()
    if platform == "moodle":
        # Groups stand before the name, with a hyphen; names have hyphens too.
        pieces = said.get("name", "").split("-")
        clues += [("name", "-".join(pieces[n:])) for n in range(1, len(pieces))]
        groups = tuple("-".join(pieces[:n]) for n in range(1, len(pieces)))
    called = said.get("name", "") if platform == "canvas" else ""
    attachment = said.get("attachment", "")
    return Meaning(
        platform.partition(",")[0],
        tuple(clues),
        said.get("file") or said.get("rest") or "",
        said.get("reply", ""),
        bool(said.get("late")),
        read_moment(said["time"]) if "time" in said else None,
        int(attachment[:18]) if attachment else 0,
        groups or ((called,) if called else ()),
        called,
    )


def read_downloads(
    paths: list[Path], to: Path, patterns: Sequence[re.Pattern[str]] = ()
) -> Download:
    """Copy out the files of downloads: archives, folders that were unpacked, single files.

    Parameters
    ----------
    paths : list of Path
        What a platform handed out; the later ones count as the later ones.
    to : Path
        An empty folder.
    patterns : sequence of re.Pattern
        How names are built, where no known platform built them.
    """
    reading = _Reading(to, patterns)
    for number, path in enumerate(paths):
        reading.read(path, number)
    _say_whose(reading.download)
    return reading.download


def _say_whose(download: Download) -> None:
    """Give each piece of Gradescope's export to those who handed it in."""
    handed: dict[str, Handed] = {}
    why = f"Gradescope says whose it is in {METADATA}, which is not beside it"
    pieces = []
    for piece in download.pieces:
        place = EXPORT.fullmatch(piece.name)
        if place is None or piece.inside:
            pieces.append(piece)
            continue
        try:
            found = read_metadata(piece.path)
        except ValueError as error:
            why = f"Gradescope's {METADATA} {error}"
            continue
        handed |= {place[1] + name: one for name, one in found.items()}
    download.pieces = []
    for piece in pieces:
        folder = FOLDER.fullmatch(piece.name)
        name = folder[1] if folder else piece.name
        if name in handed:
            download.pieces += _each_ones(piece, handed[name])
        elif any(found.platform == "gradescope" for found in piece.meanings):
            download.refused[name] = f"it is not named in {METADATA}" if handed else why
        else:
            download.pieces.append(piece)


def _each_ones(piece: Piece, handed: Handed) -> list[Piece]:
    own = (piece.inside or piece.name).rpartition("/")[2]
    return [
        replace(piece, meanings=[Meaning("gradescope", clues, own, utc=handed.moment)], moment=())
        for clues in handed.people
    ]


class _Reading:
    def __init__(self, to: Path, patterns: Sequence[re.Pattern[str]]) -> None:
        self.to = to
        self.patterns = patterns
        self.download = Download()
        self.count = 0
        self.room = ALL_MB * 2**20

    def read(self, path: Path, source: int) -> None:
        if path.is_dir() and not path.is_symlink():
            for member in _in_folder(path):
                self._take(member, source, 1)
            return
        if not path.is_file() or path.is_symlink():
            raise DownloadError(f"{path} is no file and no folder.")
        if path.suffix.lower() in ENDINGS:
            try:
                for member in members(path):
                    self._take(member, source, 1)
            except Exception as error:  # noqa: BLE001 -- damage ends in a dozen kinds of error
                if not self.download.pieces:
                    raise DownloadError(f"{path.name} cannot be unpacked: {error}") from None
                self.download.refused[path.name] = f"the archive is damaged ({error})"
        else:
            for member in _in_folder(path.parent, path):
                self._take(member, source, 1)

    def _take(self, member: Member, source: int, deep: int, whose: Piece | None = None) -> None:
        name = member.name.replace("\\", "/").removeprefix("./")
        parts = name.split("/")
        if name.startswith("/") or ".." in parts:
            self.download.refused[name] = "its place leads out of the archive"
            return
        if not parts[-1] or any(part.startswith((".", "__MACOSX", "~$")) for part in parts):
            return
        self.count += 1
        if self.count > MEMBERS:
            self.download.refused["the rest"] = f"there are more than {MEMBERS} files"
            return
        path = self.to / f"{self.count:06d}"
        why, size = write_member(member, path, self.room)
        self.room -= size
        if why:
            self.download.refused[name] = why
            return
        if whose is not None:
            meanings = [found._replace(file=parts[-1]) for found in whose.meanings]
            piece = Piece(whose.name, path, source, meanings, member.moment or whose.moment, name)
        else:
            piece = Piece(name, path, source, meanings_of(name, self.patterns), member.moment)
        if name.lower().endswith(ENDINGS) and deep <= DEEP:
            self._open(piece, source, deep)
        else:
            self.download.pieces.append(piece)

    def _open(self, piece: Piece, source: int, deep: int) -> None:
        """Unpack an archive in an archive: a student's own, or a whole download once more."""
        platform = [found for found in piece.meanings if found.platform in {*_PLATFORMS, "pattern"}]
        whose = piece if platform else None
        try:
            for member in members(piece.path):
                self._take(member, source, deep + 1, whose)
        except ArchiveError as error:
            self.download.refused[piece.name] = str(error).replace(piece.path.name, "it")
        except Exception as error:  # noqa: BLE001 -- damage ends in a dozen kinds of error
            self.download.refused[piece.name] = f"the archive is damaged ({error})"


def _in_folder(folder: Path, only: Path | None = None) -> Iterator[Member]:
    """Give each plain file of a folder that somebody unpacked."""
    import time

    for path in [only] if only else sorted(folder.rglob("*")):
        if path.is_symlink() or not path.is_file():
            continue
        facts = path.stat()
        yield Member(
            path.relative_to(folder).as_posix(),
            facts.st_size,
            facts.st_size,
            lambda path=path: path.open("rb"),  # type: ignore[misc]
            time.localtime(facts.st_mtime)[:6],
        )
