"""Find declarations by name: lessons in this package, assignments beside their notebooks."""

from __future__ import annotations

import difflib
import functools
import importlib
import pkgutil
import re
import types
from pathlib import Path
from typing import TYPE_CHECKING

from snrilab.exercises._declaration import Declared, Lesson

if TYPE_CHECKING:
    from collections.abc import Iterable

ANSWERS = "answers.py"
_NAME = re.compile(r"[A-Za-z]\w*", re.ASCII)
_read: dict[Path, tuple[int, types.ModuleType]] = {}


def lessons() -> tuple[str, ...]:
    """Return the names of all lessons that declare something.

    Returns
    -------
    tuple of str

    Examples
    --------
    >>> "lesson02" in lessons()
    True
    """
    return _lessons()


@functools.cache  # asked at each check, and no file comes while Python runs
def _lessons() -> tuple[str, ...]:
    package = importlib.import_module("snrilab.exercises")
    found = (module.name for module in pkgutil.iter_modules(package.__path__))
    return tuple(sorted(name for name in found if not name.startswith("_")))


def assignments() -> tuple[str, ...]:
    """Return the names of the assignments whose answers are at hand: none for a student.

    Returns
    -------
    tuple of str
    """
    beside = (path.parent.name for folder in _sources() for path in folder.glob(f"*/{ANSWERS}"))
    return tuple(sorted({name for name in beside if _NAME.fullmatch(name)}))


def _sources() -> Iterable[Path]:
    """Yield every `source/` at hand: above the working folder, and of an editable install."""
    here = Path.cwd()
    package = Path(__file__).resolve().parents[2]
    for folder in (here, *here.parents, package):
        if (folder / "source").is_dir():
            yield folder / "source"


def answers_file(assignment: str) -> Path | None:
    """Return the file with the answers to an assignment, when it is at hand.

    Parameters
    ----------
    assignment : str
        Such as "ps2_binding".
    """
    if not _NAME.fullmatch(assignment):
        return None
    places = (folder / assignment / ANSWERS for folder in _sources())
    return next((path for path in places if path.is_file()), None)


def _module(name: str) -> types.ModuleType | None:
    if name in lessons():
        return importlib.import_module(f"snrilab.exercises.{name}")
    path = answers_file(name)
    if path is None:
        return None
    changed = path.stat().st_mtime_ns
    if path not in _read or _read[path][0] != changed:
        module = types.ModuleType(f"answers_of_{name}")
        module.__file__ = str(path)
        text = path.read_text(encoding="utf-8")
        exec(compile(text, str(path), "exec", dont_inherit=True), vars(module))  # noqa: S102 -- no .pyc beside it
        _read[path] = (changed, module)
    return _read[path][1]


def declared(module: str) -> dict[str, Declared]:
    """Return everything a lesson or an assignment declares, by full name, in its order.

    Parameters
    ----------
    module : str
        "lesson02", "ps2_binding", …

    Returns
    -------
    dict
        Full name to `Exercise`, `Question`, `Prediction` or `Goal`.

    Raises
    ------
    LookupError
        When there is no such module at hand; the message lists those that are.

    Examples
    --------
    >>> list(declared("lesson02"))[0]
    'lesson02/nine_tenths'
    """
    found = _module(str(module))
    if found is None:
        there = ", ".join((*lessons(), *assignments()))
        raise LookupError(f"module must be one of {there}; got {module!r}.")
    return {thing.name: thing for thing in vars(found).values() if isinstance(thing, Declared)}


def lesson(name: str) -> Lesson | None:
    """Return how the course map shows a lesson; None when it does not say.

    Parameters
    ----------
    name : str
        "lesson02", …
    """
    things = vars(_module(name)).values() if name in lessons() else ()
    return next((thing for thing in things if isinstance(thing, Lesson)), None)


def find(name: str) -> Declared:
    """Return what is declared under this full name.

    Parameters
    ----------
    name : str
        "module/name", such as "lesson02/bound_fmol".

    Returns
    -------
    Exercise or Question or Prediction or Goal
        The one declaration of that name.

    Raises
    ------
    LookupError
        When nothing has that name; the message offers the nearest or lists what exists.

    Examples
    --------
    >>> find("lesson02/bound_fmol").unit
    'fmol'
    """
    module = str(name).partition("/")[0]
    there = module in lessons() or answers_file(module) is not None
    available = declared(module) if there else {}
    if name in available:
        return available[name]
    names = list(available) or [f"{module}/…" for module in (*lessons(), *assignments())]
    near = difflib.get_close_matches(str(name), names, n=1)
    offer = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(names)}."
    raise LookupError(f"name {name!r} is not declared; {offer}")
