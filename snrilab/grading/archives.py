"""Unpack collected archives: notebooks only, by their own names, of limited size."""

from __future__ import annotations

import os
import re
import shutil
import tarfile
import zipfile
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING

from nbgrader.plugins import ExtractorPlugin

from snrilab.grading import clean
from snrilab.grading.intake import NOTEBOOK_MB, UnreadableError, read_file

if TYPE_CHECKING:
    from collections.abc import Iterator

MEMBERS = 2_000
ARCHIVE_MB = 500
ALL_MB = 300
SKIPPED_MB = 2_000  # what is left out is unpacked too, to find what comes after it
KEPT = (".ipynb", ".txt", ".csv")


class ArchiveError(ValueError):
    """An archive that is not unpacked; the message says why."""


def unpack(archive: Path, folder: Path) -> list[str]:
    """Unpack the notebooks of an archive into a folder; return their names.

    Paths inside the archive become folders only when they are plain; absolute paths, ``..``, links
    and devices are left out. An archive that is too large when unpacked is refused whole.

    Parameters
    ----------
    archive : Path
        A .zip, .tar or .tar.gz file.
    folder : Path
        Where to.
    """
    written: list[str] = []
    try:
        for name, content in _contents(archive):
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
            written.append(name)
    except Exception as error:
        for name in written:
            (folder / name).unlink(missing_ok=True)
        if isinstance(error, ArchiveError):
            raise
        # Damaged archives end in a dozen kinds of error, of three libraries.
        raise ArchiveError(f"{archive.name} cannot be unpacked: {error}") from None
    return list(dict.fromkeys(written))


def _contents(archive: Path) -> Iterator[tuple[str, bytes]]:
    """Give the place and the content of each member that is wanted."""
    room = ALL_MB * 2**20
    for count, (name, file) in enumerate(_members(archive)):
        if count >= MEMBERS:
            raise ArchiveError(f"{archive.name} has more than {MEMBERS} members")
        place = _plain_place(name)
        if place is None:
            continue
        limit = min(room, NOTEBOOK_MB * 2**20)
        content = file.read(limit + 1)
        if len(content) > limit:
            raise ArchiveError(f"{archive.name} is too large when unpacked")
        room -= len(content)
        yield place.as_posix(), content


def _members(archive: Path) -> Iterator[tuple[str, IO[bytes]]]:
    """Give each plain file in an archive with its name."""
    if archive.is_symlink() or not archive.is_file() or archive.stat().st_size > ARCHIVE_MB * 2**20:
        raise ArchiveError(f"{archive.name} is no plain file of at most {ARCHIVE_MB} MB")
    if zipfile.is_zipfile(archive):
        with zipfile.ZipFile(archive) as whole:
            for info in whole.infolist():
                kind = info.external_attr >> 28
                if not info.is_dir() and kind in {0, 8}:
                    with whole.open(info) as file:
                        yield info.filename, file
        return
    with tarfile.open(archive) as packed:
        size = 0
        for member in packed:
            size += member.size
            if size > SKIPPED_MB * 2**20:
                raise ArchiveError(f"{archive.name} is too large when unpacked")
            tar_file = packed.extractfile(member) if member.isreg() else None
            if tar_file is not None:
                yield member.name, tar_file


def _plain_place(name: str) -> Path | None:
    path = PurePosixPath(name.replace("\\", "/"))
    plain = all(re.fullmatch(r"[^\x00-\x1f/:*?\"<>|]{1,120}", part) for part in path.parts)
    if path.is_absolute() or ".." in path.parts or not plain or len(path.parts) > 6:
        return None
    if path.suffix not in KEPT or any(part.startswith(".") for part in path.parts):
        return None
    return Path(path)


class SafeExtractor(ExtractorPlugin):  # type: ignore[misc]
    """Unpack what ``nbgrader zip_collect`` finds, without following anybody's paths."""

    def extract(self, archive_path: str, extracted_path: str) -> None:
        """Unpack every archive and copy every notebook."""
        for parent, _, files in os.walk(archive_path):
            target = Path(extracted_path) / os.path.relpath(parent, archive_path)
            target.mkdir(parents=True, exist_ok=True)
            for name in files:
                path = Path(parent) / name
                try:
                    if path.suffix in {".zip", ".gz", ".tar", ".tgz"}:
                        unpack(path, target / path.name.split(".")[0])
                    else:
                        (target / name).write_bytes(read_file(path, NOTEBOOK_MB * 2**20))
                        shutil.copystat(path, target / name, follow_symlinks=False)
                except (ArchiveError, UnreadableError) as why:
                    self.log.warning("Not collected: %s", clean.text(why))
