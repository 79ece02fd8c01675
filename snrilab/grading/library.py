"""Which parts of this package students' answers may import while they are graded.

Runs in the coordinator and in workers. An assignment says so in its notebook's metadata,
``{"snrilab": {"modules": ["evidence", "pk"]}}``; without a word it is the evidence table and what
its set-up cells import. What holds answers is never among them. Students read the list in one
sentence of the notebook.
"""

from __future__ import annotations

import ast
import functools
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

PACKAGE = Path(__file__).resolve().parent.parent
MAY = ("evidence", "mechanism", "binding", "signalling", "pk", "compare", "trials", "plots")
SILENT = ("feedback", "explore")  # there, and saying nothing
OWN = "exercises"  # there with `own_case` alone, which holds no answers
_IMPORT = re.compile(
    r"^[ \t]*(?:from[ \t]+snrilab(?:\.(\w+))?[\w.]*[ \t]+import[ \t]+(\([^)]*\)|[^\n]*)"
    r"|import[ \t]+snrilab\.(\w+))",
    re.MULTILINE,
)


class LibraryError(ValueError):
    """What a notebook declares cannot be allowed; the message says why."""


def imported(source: str) -> set[str]:
    r"""Return the parts of the package that a text imports.

    Examples
    --------
    >>> sorted(imported("from snrilab import pk, binding as b\nfrom snrilab.evidence import get"))
    ['binding', 'evidence', 'pk']
    """
    found: set[str] = set()
    for part, listed, other in _IMPORT.findall(source):
        if part or other:
            found.add(part or other)
        else:
            words = re.sub(r"#[^\n]*", "", listed).strip("() ,\n").split(",")
            found |= {word.split()[0] for word in words if word.split()}
    return found


def refused(source: str, allowed: Iterable[str]) -> list[str]:
    r"""Return the parts of the package that a text uses although they will not be there.

    Parameters
    ----------
    source : str
        Plain Python of one cell.
    allowed : iterable of str
        What answers may import (`declared`).

    Examples
    --------
    >>> refused("from snrilab import pk, trials\nimport snrilab as s\ns.compare.drugs", ["pk"])
    ['snrilab.compare', 'snrilab.trials']
    """
    there = {*needed(tuple(sorted(allowed))), *SILENT, OWN}
    found: set[str] = set()
    whole: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                package, _, part = alias.name.partition(".")
                if package == "snrilab":
                    found.add(part.partition(".")[0])
                    whole.add(alias.asname or package)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            package, _, part = node.module.partition(".")
            if package == "snrilab":
                part = part.partition(".")[0]
                names = {alias.name for alias in node.names}
                found |= {part} if part else names
                if part == OWN and not names <= {"own_case", "*"}:
                    found.add(f"{OWN} with anything but own_case")
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            found |= {node.attr} if node.value.id in whole else set()
    rooms = {path.name.partition(".")[0] for path in PACKAGE.iterdir()}
    known = {name for name in found - there if name.split(" ")[0] in rooms}
    known |= {"feedback.mine"} if lends(source) else set()
    return sorted(f"snrilab.{name}" for name in known if not name.startswith("_"))


def lends(source: str) -> bool:
    r"""Tell whether a text asks `feedback.mine` for a function, which lends none here.

    Examples
    --------
    >>> lends("from snrilab import feedback\nlow, high = feedback.mine('indirect')(1.0)")
    True
    >>> lends("def mine(x):\n    return x\nmine(2)")
    False
    """
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError):
        return False
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "snrilab.feedback":
            if any(alias.name == "mine" for alias in node.names):
                return True
        elif isinstance(node, ast.Attribute) and node.attr == "mine":
            home = node.value
            name = home.id if isinstance(home, ast.Name) else getattr(home, "attr", "")
            if name == "feedback":
                return True
    return False


def declared(metadata: Any, setups: Iterable[str]) -> tuple[str, ...]:
    """Return what answers may import: as declared, else what the set-up cells import.

    Parameters
    ----------
    metadata : mapping
        The notebook's metadata.
    setups : iterable of str
        The teacher's cells that carry no points.
    """
    own: Any = metadata.get("snrilab")
    listed = own.get("modules") if isinstance(own, dict) else None
    if listed is None:
        used = {name for source in setups for name in imported(source)}
        return tuple(sorted({"evidence", *(used & set(MAY))}))
    if not isinstance(listed, list) or not all(isinstance(name, str) for name in listed):
        raise LibraryError('"modules" in the metadata "snrilab" must be a list of names')
    names = {name.removeprefix("snrilab.") for name in listed} - {*SILENT, OWN}
    refused = sorted(names - set(MAY))
    if refused:
        raise LibraryError(
            f"snrilab.{refused[0]} cannot be allowed: it is none of {', '.join(MAY)}, "
            "which hold no answers"
        )
    return tuple(sorted(names))


@functools.cache
def needed(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return parts of the package with all that they import from it in their turn."""
    found, look = set(names), list(names)
    while look:
        for path in sorted((PACKAGE / look.pop()).rglob("*.py*")):
            if path.suffix in {".py", ".pyi"}:
                more = (imported(path.read_text("utf-8")) & set(MAY)) - found
                found |= more
                look += sorted(more)
    return tuple(sorted(found))


def sentence(names: tuple[str, ...]) -> str:
    """Return the sentence that tells students what their answers may import.

    Examples
    --------
    >>> sentence(("evidence", "pk"))[:70]
    'While it is graded, answers may import `snrilab.evidence`, `snrilab.pk'
    """
    listed = ", ".join(f"`snrilab.{name}`" for name in (*names, "feedback"))
    return (
        f"While it is graded, answers may import {listed} and what Python, NumPy, SciPy and "
        "matplotlib offer; other parts of `snrilab` are not there, and `feedback.mine` lends "
        "nothing: copy the lines of a lesson that you need."
    )
