"""What a learner has done so far, in one small file on their own machine.

The file survives a restart of the kernel, a full disk, a notebook killed half-way and two kernels
at once: each change is read, made and replaced as a whole while a lock is held.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import sys
import tempfile
import weakref
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

from snrilab._lock import alone

if TYPE_CHECKING:
    from collections.abc import Callable

Kind = Literal[
    "exercises",
    "tries",
    "questions",
    "predictions",
    "goals",
    "recalls",
    "inventory",
    "learner",
]
KINDS: tuple[Kind, ...] = get_args(Kind)
_PATIENCE_S = 3.0
_STALE_S = 10.0
_watchers: weakref.WeakSet[Any] = weakref.WeakSet()
_for_this_session: dict[Kind, dict[str, Any]] = {}  # until something can be written


def progress_file() -> Path:
    """Return where progress is kept: $SNRILAB_PROGRESS, else .snrilab/progress.json at home.

    In the browser edition only the drive survives a restart of the kernel. Accounts without a home
    keep it beside their notebooks.
    """
    named = os.environ.get("SNRILAB_PROGRESS")
    if named:
        return Path(named)
    try:
        home = Path("/drive") if sys.platform == "emscripten" else Path.home()
    except RuntimeError:
        home = Path()
    return home / ".snrilab" / "progress.json"


def load() -> dict[Kind, dict[str, Any]]:
    """Return all that has been kept; empty when there is nothing, or nothing readable."""
    try:
        kept = _read(progress_file())
    except (OSError, ValueError):
        kept = _all_kinds({})
    return _with_this_session(kept)


def _read(path: Path) -> dict[Kind, dict[str, Any]]:
    """Return what a file holds, nothing where there is none; ValueError where it is no progress."""
    try:
        found = json.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        found = {}
    except RecursionError as error:
        raise ValueError from error
    if not isinstance(found, dict):
        raise ValueError
    return _all_kinds(found)


def _all_kinds(found: dict[Any, Any]) -> dict[Kind, dict[str, Any]]:
    """Return each kind with its things, also what another version of the course has kept."""
    things = {kind: these for kind, these in found.items() if isinstance(these, dict)}
    return {kind: {} for kind in KINDS} | things


def _with_this_session(kept: dict[Kind, dict[str, Any]]) -> dict[Kind, dict[str, Any]]:
    return kept | {kind: kept[kind] | things for kind, things in _for_this_session.items()}


def is_graded_run() -> bool:
    """Tell whether nbgrader runs this notebook: then nothing is kept."""
    return bool(os.environ.get("NBGRADER_EXECUTION"))


def record(kind: Kind, name: str, value: Any) -> bool:
    """Keep one thing; return False when it cannot be written (a read-only disk, a graded run).

    What cannot be written is known until the kernel ends, and written with the next thing that can.
    """
    return change(kind, name, lambda _: value)


def change(kind: Kind, name: str, new: Callable[[Any], Any]) -> bool:
    """Keep ``new(what was kept)``, or forget it when that is None, while no other kernel writes."""
    if is_graded_run():
        return False
    path = progress_file()
    written = True
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = path.with_name(path.name + ".lock")
        with alone(lock, patience_s=_PATIENCE_S, stale_s=_STALE_S):
            kept = _with_this_session(_read_or_put_aside(path))
            _put(kept[kind], name, new(kept[kind].get(name)))
            _replace(path, json.dumps(kept, indent=1, ensure_ascii=False, sort_keys=True))
            _for_this_session.clear()
    except OSError:
        written = False
        there = _for_this_session.setdefault(kind, {})
        _put(there, name, new(load()[kind].get(name)))
    for watcher in list(_watchers):
        watcher.refresh()
    return written


def _read_or_put_aside(path: Path) -> dict[Kind, dict[str, Any]]:
    """Return what a file holds; one that makes no sense stays beside it, to be mended."""
    try:
        return _read(path)
    except ValueError:
        path.replace(path.with_name(f"{path.name}.unreadable"))
        return _all_kinds({})


def _put(things: dict[str, Any], name: str, value: Any) -> None:
    if value is None:
        things.pop(name, None)
    else:
        things[name] = value


def watch(view: Any) -> None:
    """Call ``view.refresh()`` after every change, as long as the view exists."""
    _watchers.add(view)


def _replace(path: Path, text: str) -> None:
    """Write the whole file or nothing: a notebook killed half-way must not lose what was there."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".new")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(temporary).unlink()
        raise


def learner_seed() -> int:
    """Return this learner's own number: it shuffles options and draws hidden truths."""
    seed = load()["learner"].get("seed")
    if isinstance(seed, int):
        return seed
    if is_graded_run():
        return 0
    drawn = random.SystemRandom().randrange(1, 2**31)
    change("learner", "seed", lambda old: old if isinstance(old, int) else drawn)
    return int(load()["learner"]["seed"])


def take_back(name: str) -> None:
    """Forget that an exercise was right: the function that passed was not the one on the page."""
    kept = load()["exercises"].get(name)
    if kept is not None and not is_graded_run():
        change("exercises", name, lambda _: None)
