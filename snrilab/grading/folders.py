"""Find a student's notebooks in what was handed in, under whatever name, and say where they were.

Runs in the coordinator; nothing of a submission is run here. Links, pipes and devices are never
opened.
"""

from __future__ import annotations

import hashlib
import re
import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING

from snrilab.grading.intake import rebuild
from snrilab.grading.reading import (
    SMALL_FILE,
    UnreadableError,
    parse,
    read_file,
    read_notebook,
)
from snrilab.grading.times import TIME, read_time, time_text

if TYPE_CHECKING:
    from pathlib import Path

    from snrilab.grading.template import Template

ENTRIES = 1000
DEPTH = 3
WITH_TOUCH = 12  # candidates that are opened to see which one holds work


@dataclass(frozen=True)
class Submitted:
    """The files of one student's folder that matter, safely read.

    Parameters
    ----------
    notebooks : dict
        Notebook to its content without outputs.
    problems : dict
        Notebook to why there is nothing to grade.
    changed, arrived : float
        When the notebook was last changed, and when it came to this machine (seconds, UTC).
    files : tuple of Path
        All plain files that lie there.
    placed : str, optional
        The time beside this very work when `snrilab collect` put it there, "" where none was
        known; None where it came by another way.
    written : float
        When ``timestamp.txt`` was last changed (seconds, UTC).
    """

    student: str
    notebooks: dict[str, bytes]
    problems: dict[str, str]
    facts: list[str]
    timestamp: str
    changed: float
    arrived: float
    files: tuple[Path, ...] = ()
    placed: str | None = None
    written: float = 0.0

    @property
    def digest(self) -> str:
        """Fingerprint of what was handed in, and of the instant, however it is written."""
        time = read_time(self.timestamp)
        parts = [self.timestamp if time is None else f"{time:{TIME}}"]
        parts += [f"{n}:{hashlib.sha256(d).hexdigest()}" for n, d in sorted(self.notebooks.items())]
        parts += [f"{n}!{p}" for n, p in sorted(self.problems.items())]
        return hashlib.sha256("\n".join(parts).encode("utf-8", "replace")).hexdigest()


def read_folder(folder: Path, student: str, templates: list[Template]) -> Submitted:
    """Read the wanted notebooks of one submitted folder.

    Parameters
    ----------
    folder : Path
        The student's folder for the assignment; it need not exist.
    student : str
        Whose it is.
    templates : list of Template
        The teacher's notebooks.
    """
    look = _Look(folder, templates)
    look.go()
    timestamp, written = "", 0.0
    if any(path == folder / "timestamp.txt" for path in look.files):
        try:
            timestamp = time_text(read_file(folder / "timestamp.txt", SMALL_FILE))
            written = (folder / "timestamp.txt").stat().st_mtime
        except (UnreadableError, OSError) as error:
            look.facts.append(f"the time of submission is unknown: {error}")
    return Submitted(
        student, look.notebooks, look.problems, look.facts, timestamp,
        look.changed, look.arrived, tuple(look.files), written=written,
    )  # fmt: skip


class _Look:
    """One walk through a submitted folder."""

    def __init__(self, folder: Path, templates: list[Template]) -> None:
        self.folder = folder
        self.templates = {t.notebook: t for t in templates}
        self.notebooks: dict[str, bytes] = {}
        self.problems: dict[str, str] = {}
        self.facts: list[str] = []
        self.changed = 0.0
        self.arrived = folder.lstat().st_ctime if folder.exists() else 0.0
        self.files: list[Path] = []

    def go(self) -> None:
        """Find and read every wanted notebook."""
        self._list()
        claimed: set[Path] = set()
        for name in self.templates:
            exact = [p for p in self.files if p.name == f"{name}.ipynb"]
            exact.sort(key=lambda path: len(path.parts))
            like = [p for p in self.files if p not in exact and is_like(p, name)]
            if len(self.templates) == 1:
                like += [p for p in self.files if p not in [*exact, *like] and may_be(p)]
            others = [p for p in [*exact[1:], *like] if p not in claimed]
            self._one(name, exact[0] if exact else None, others)
            claimed |= {*exact, *like}

    def _list(self) -> None:
        if self.folder.is_symlink() or self.folder.parent.is_symlink():
            self.facts.append("the submission is no plain folder")
            return
        if not self.folder.is_dir():
            if self.folder.exists():
                self.facts.append("the submission is no plain folder")
            return
        todo, count = [self.folder], 0
        while todo:
            here = todo.pop(0)
            for entry in sorted(here.iterdir()):
                count += 1
                if count > ENTRIES:
                    self.facts.append(
                        f"the folder has more than {ENTRIES} entries; the rest were not read"
                    )
                    return
                mode = entry.lstat().st_mode
                if stat.S_ISDIR(mode):
                    deep = len(entry.relative_to(self.folder).parts) >= DEPTH
                    skipped = entry.name.startswith((".", "__"))
                    todo += [] if deep or skipped else [entry]
                elif stat.S_ISREG(mode):
                    self.files.append(entry)
                else:
                    self.facts.append(
                        f"{entry.name[:80]} is a link or a special file; it was not opened"
                    )
                    if entry.suffix == ".ipynb" and here == self.folder:
                        self.files.append(entry)  # refused by name when it is read

    def _one(self, name: str, exact: Path | None, others: list[Path]) -> None:
        template = self.templates[name]
        if exact is not None and not others:
            self._take(name, exact)
            return
        read: list[tuple[Path, bytes]] = []
        refused = ""
        for path in [*([exact] if exact else []), *others][:WITH_TOUCH]:
            try:
                data = read_notebook(path)
                touched = rebuild(template, data).is_touched
            except (UnreadableError, OSError) as error:
                if path == exact or not refused:
                    refused = f"{path.name[:80]}: {error}"
                continue
            if path == exact and touched:
                self._keep(name, path, data)
                return
            if touched or path == exact:
                read.append((path, data))
        worked = [(path, data) for path, data in read if path != exact]
        if len({data for _, data in worked}) > 1:
            listed = ", ".join(self._place(path) for path, _ in worked[:4])
            self.problems[name] = f"which notebook counts? {listed} hold different work"
        elif worked or read:
            self._keep(name, *(worked or read)[0])
            if worked and exact is not None:
                self.facts.append(f"{exact.name} is untouched; the work beside it was graded")
        elif refused and len(others) + (exact is not None) == 1:
            only = [*others, *([exact] if exact else [])][0]
            self._take(name, only)
        else:
            self.problems[name] = refused or self._missing(name)
            if not refused:
                self._untouched(name, others)

    def _untouched(self, name: str, others: list[Path]) -> None:
        """Take a notebook under another name in which nothing was done, when there is one."""
        for path in others[:WITH_TOUCH]:
            try:
                data = read_notebook(path)
                rebuild(self.templates[name], data)
            except (UnreadableError, OSError):
                continue
            del self.problems[name]
            self._keep(name, path, data)
            return

    def _take(self, name: str, path: Path) -> None:
        try:
            data = read_notebook(path)
            parse(data)
        except (UnreadableError, OSError) as error:
            own = path.name != f"{name}.ipynb"
            self.problems[name] = f"{path.name[:80]}: {error}" if own else str(error)
            return
        self._keep(name, path, data)

    def _keep(self, name: str, path: Path, data: bytes) -> None:
        self.notebooks[name] = data
        facts = path.lstat()
        self.changed = max(self.changed, facts.st_mtime)
        self.arrived = max(self.arrived, facts.st_ctime)
        if path != self.folder / f"{name}.ipynb":
            self.facts.append(f"the notebook was called {self._place(path)}")

    def _place(self, path: Path) -> str:
        return path.relative_to(self.folder).as_posix()[-120:]

    def _missing(self, name: str) -> str:
        there = [self._place(p) for p in self.files if p.name != "timestamp.txt"]
        if not there:
            return f"{name}.ipynb is missing: the folder holds no file"
        listed = ", ".join(there[:4]) + (", …" if len(there) > 4 else "")
        return f"{name}.ipynb is missing; the folder holds {listed}"


def same_name(one: str, other: str) -> bool:
    """Whether two names differ only in case, blanks, hyphens and underscores.

    Examples
    --------
    >>> same_name("PS2-Binding", "ps2_binding"), same_name("ps2", "ps3")
    (True, False)
    """
    return _letters(one) == _letters(other)


def _letters(name: str) -> str:
    return re.sub(r"[\s_\-]+", "", name.casefold())


def is_like(path: Path, name: str) -> bool:
    """Whether a file's name is that of a notebook with something added: a copy, another ending."""
    if not may_be(path):
        return False
    stem = path.name.split(".")[0]
    bare = re.sub(r"(?i)([\s_\-]*(copy|kopie|copie)[\s_\-]*\d*|[\s_\-]*\(\d+\)|-\d+)+$", "", stem)
    return same_name(bare, name) or _letters(stem).endswith(_letters(name))


def may_be(path: Path) -> bool:
    """Whether a file may be a notebook by its name: ``.ipynb``, ``.ipynb.txt``, ``.ipynb (1)``."""
    return ".ipynb" in path.name.lower() or path.suffix.lower() in {".json", ".inpyb", ".ipnyb"}


__all__ = ["Submitted", "is_like", "may_be", "read_folder", "same_name"]
