"""Unpack collected archives: notebooks only, by plain names, of limited size, one speaker each.

Runs in nbgrader's own process; nothing of a submission is run here. An archive from one student
counts for that student only, whatever its members are called. The class's own archive is the one
that the teacher has named so.
"""

from __future__ import annotations

import io
import os
import re
import shutil
import tarfile
import time
import zipfile
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING, NamedTuple

from nbgrader.plugins import ExtractorPlugin
from traitlets import List, Unicode

from snrilab.grading import clean
from snrilab.grading.folders import same_name
from snrilab.grading.people import problem_with
from snrilab.grading.reading import FILE_MB, UnreadableError, open_plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MEMBERS = 20_000
ARCHIVE_MB = 8_000
ALL_MB = 8_000
DENSE = 150  # a member that unpacks to this many times its size, and is not small, is a bomb
SMALL_MB = 8
KEPT = (".ipynb", ".txt", ".csv")
ENDINGS = (".zip", ".gz", ".tar", ".tgz")
_CHUNK = 2**20
_WHOSE = re.compile(r"(?P<student>[^_]+)_(?:(?P<timestamp>\d{4}(?:-\d\d){5})(?:_|$|(?=\.)))?")


class ArchiveError(ValueError):
    """An archive of which nothing can be unpacked; the message says why."""


class Unpacked(NamedTuple):
    """What came out of an archive, and what did not, with the reason."""

    written: list[str]
    left_out: dict[str, str]


def unpack(
    archive: Path, folder: Path, rename: Callable[[PurePosixPath], str | None] | None = None
) -> Unpacked:
    """Unpack the notebooks of an archive into a folder.

    Paths inside the archive become folders only when they are plain; absolute paths, ``..``, links
    and devices are left out. What is damaged or too large costs that member and no other.

    Parameters
    ----------
    archive : Path
        A .zip, .tar or .tar.gz file.
    folder : Path
        Where to.
    rename : callable, optional
        Returns the name under which a member is written, None to leave it out.
    """
    written: list[str] = []
    left_out: dict[str, str] = {}
    room = ALL_MB * 2**20
    try:
        for count, member in enumerate(members(archive)):
            if count >= MEMBERS:
                left_out["the rest"] = f"the archive has more than {MEMBERS} members"
                break
            place = _plain_place(member.name)
            name = place and (rename(place) if rename else place.as_posix())
            if not name:
                continue
            if name in written:
                left_out[member.name] = f"another member is called {name} too"
                continue
            why, size = write_member(member, folder / name, room)
            room -= size
            if why:
                left_out[member.name] = why
            else:
                written.append(name)
    except Exception as error:  # noqa: BLE001 -- damaged archives end in a dozen kinds of error
        if not written:
            raise ArchiveError(f"{archive.name} cannot be unpacked: {error}") from None
        left_out["the rest"] = f"the archive is damaged ({error})"
    return Unpacked(written, left_out)


class Member(NamedTuple):
    """One plain file in an archive."""

    name: str
    size: int
    packed: int
    open: Callable[[], IO[bytes] | None]
    moment: tuple[int, ...] = ()  # year to second, in a zone that archives do not name


def write_member(member: Member, target: Path, room: int) -> tuple[str, int]:
    """Write one member; return why it was left out, and how many bytes it took."""
    small = member.size <= SMALL_MB * 2**20
    if not small and member.size > DENSE * max(member.packed, 1):
        return f"it unpacks to {DENSE} times its size or more", 0
    limit = min(room, FILE_MB * 2**20)
    if member.size > limit:
        return _too_large(limit), 0
    done = 0
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("xb") as out, member.open() or io.BytesIO() as source:
            while chunk := source.read(_CHUNK):
                done += len(chunk)
                if done > limit:
                    raise OSError(_too_large(limit))
                out.write(chunk)
    except FileExistsError:
        return "a file of this name is there already", 0
    except Exception as error:  # noqa: BLE001 -- damaged members end in many kinds of error
        target.unlink(missing_ok=True)
        return str(error), done
    return "", done


def _too_large(limit: int) -> str:
    return f"it is larger than the {limit / 2**20:.4g} MB that are left for it"


def members(archive: Path) -> Iterator[Member]:
    """Give each plain file in an archive."""
    if archive.is_symlink() or not archive.is_file() or archive.stat().st_size > ARCHIVE_MB * 2**20:
        raise ArchiveError(f"{archive.name} is no plain file of at most {ARCHIVE_MB} MB")
    if zipfile.is_zipfile(archive):
        with zipfile.ZipFile(archive) as whole:
            for info in whole.infolist():
                kind = info.external_attr >> 28
                if not info.is_dir() and kind in {0, 8}:
                    yield Member(
                        _zip_name(info),
                        info.file_size,
                        info.compress_size,
                        lambda info=info: whole.open(info),  # type: ignore[misc]
                        info.date_time,
                    )
        return
    with tarfile.open(archive) as packed:
        size = 0
        for member in packed:
            size += member.size
            if size > ALL_MB * 2**20 or size > DENSE * max(archive.stat().st_size, 2**20):
                raise ArchiveError(f"{archive.name} is too large when unpacked")
            if member.isreg():
                yield Member(
                    member.name,
                    member.size,
                    member.size,
                    lambda member=member: packed.extractfile(member),  # type: ignore[misc]
                    time.localtime(member.mtime)[:6],
                )


def _zip_name(info: zipfile.ZipInfo) -> str:
    """Return a member's name; some programs write UTF-8 without saying so."""
    if info.flag_bits & 0x800:
        return info.filename
    try:
        return info.filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return info.filename


def _plain_place(name: str) -> PurePosixPath | None:
    path = PurePosixPath(name.replace("\\", "/"))
    plain = all(re.fullmatch(r"[^\x00-\x1f/:*?\"<>|]{1,120}", part) for part in path.parts)
    if path.is_absolute() or ".." in path.parts or not plain or len(path.parts) > 6:
        return None
    if path.suffix not in KEPT or any(part.startswith((".", "__MACOSX")) for part in path.parts):
        return None
    return path


class SafeExtractor(ExtractorPlugin):  # type: ignore[misc]
    """Unpack what ``nbgrader zip_collect`` finds, without following anybody's paths.

    ``anna_2026-11-20-10-00-00_ps2_binding.zip`` is Anna's, and all in it: her members cannot be
    called as if they were another student's, nor set a time. An archive of the whole class is one
    that the teacher has named so: ``ps2_binding.zip`` or ``class….zip``.
    """

    class_archives = List(
        Unicode(),
        ["class*", "submissions*", "{assignment}.*"],
        help="Names of archives that hold the work of several students.",
    ).tag(config=True)

    def extract(self, archive_path: str, extracted_path: str) -> None:
        """Unpack every archive and copy every notebook."""
        for parent, _, files in os.walk(archive_path):
            target = Path(extracted_path) / os.path.relpath(parent, archive_path)
            target.mkdir(parents=True, exist_ok=True)
            for name in sorted(files):
                path = Path(parent) / name
                try:
                    if path.suffix in ENDINGS:
                        self._unpack(path, target)
                    else:
                        _copy(path, target / name)
                except (ArchiveError, UnreadableError, OSError) as why:
                    self._say(name, str(why))
        self._settle(Path(extracted_path))

    def _say(self, name: str, why: str) -> None:
        self.log.warning("Not collected: %s: %s", clean.text(name), clean.text(why))

    def _unpack(self, archive: Path, target: Path) -> None:
        own = target / archive.name.split(".")[0]
        if self._is_class(archive.name):
            done = unpack(archive, own)
        else:
            whose = _WHOSE.match(archive.name)
            why = problem_with(whose["student"]) if whose else "it does not say whose it is"
            if whose is None or why:
                raise ArchiveError(
                    f"{why}; a student's archive is called <student>_….zip, the class's class.zip"
                )
            wanted = self._wanted()
            stamp = f"{whose['timestamp']}_" if whose["timestamp"] else ""
            done = unpack(archive, own, _Own(f"{whose['student']}_{stamp}", wanted))
        for name, why in done.left_out.items():
            self._say(f"{archive.name}: {name}", why)

    def _is_class(self, name: str) -> bool:
        assignment = getattr(getattr(self.parent, "coursedir", None), "assignment_id", "") or "\0"
        patterns = [one.replace("{assignment}", assignment) for one in self.class_archives]
        return any(fnmatch(name.lower(), pattern.lower()) for pattern in patterns)

    def _wanted(self) -> list[str]:
        """List the notebooks of the assignment that is collected."""
        directory = getattr(self.parent, "coursedir", None)
        if directory is None:
            return []
        assignment = directory.assignment_id
        for step in (directory.release_directory, directory.source_directory):
            folder = Path(directory.format_path(step, ".", assignment))
            if found := sorted(path.stem for path in folder.glob("*.ipynb")):
                return found
        return []

    def _settle(self, folder: Path) -> None:
        """Leave one file for each student and notebook, and no name that is more than a name.

        nbgrader gives up the whole collection when it meets two without a time, or a time that
        cannot be.
        """
        collector = getattr(self.parent, "collector_plugin_inst", None)
        if collector is None:
            return
        seen: dict[tuple[str, str], Path] = {}
        for path in sorted(p for p in folder.rglob("*") if p.is_file()):
            found = collector.collect(str(path))
            if not found:
                continue
            key = (str(found.get("student_id")), str(found.get("file_id")))
            why = problem_with(key[0])
            timed = _is_time(found.get("timestamp"))
            if not why and found.get("timestamp") and not timed:
                why = "its name holds no possible time"
            if not why and key in seen:
                before = collector.collect(str(seen[key]))
                both = timed and before and _is_time(before.get("timestamp"))
                why = "" if both else f"{seen[key].name} is of the same student and notebook"
            if why:
                self._say(path.relative_to(folder).as_posix(), why)
                path.unlink()
            else:
                seen.setdefault(key, path)


class _Own:
    """Names for the members of one student's archive: all are that student's."""

    def __init__(self, start: str, wanted: list[str]) -> None:
        self.start = start
        self.wanted = wanted

    def __call__(self, place: PurePosixPath) -> str | None:
        if place.suffix != ".ipynb":
            return None
        meant = [name for name in self.wanted if _ends_like(place.stem, name)]
        if not meant and len(self.wanted) == 1:
            meant = self.wanted
        return f"{self.start}{meant[0] if meant else place.stem}.ipynb"


def _ends_like(stem: str, name: str) -> bool:
    """Whether a member is this notebook: by name, also after somebody's name and a time."""
    bare = re.sub(r"([\s_-]*(?i:copy)\d*|[\s_-]*\(\d+\)|-\d+)+$", "", stem)
    parts = re.split(r"_", bare)
    return any(same_name("_".join(parts[n:]), name) for n in range(len(parts)))


def _is_time(stamp: object) -> bool:
    from nbgrader.utils import parse_utc

    if not isinstance(stamp, str):
        return False
    try:
        return parse_utc(stamp) is not None
    except (ValueError, OverflowError, TypeError):
        return False


def _copy(path: Path, target: Path) -> None:
    with os.fdopen(open_plain(path, FILE_MB * 2**20), "rb") as source, target.open("wb") as out:
        shutil.copyfileobj(source, out, _CHUNK)
    shutil.copystat(path, target, follow_symlinks=False)
