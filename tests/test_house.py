"""The house keeps its floors: who imports whom, what is private, and that each name has a use."""

from __future__ import annotations

import ast
import importlib
import inspect
import json
import re
from functools import cache
from typing import TYPE_CHECKING

import pytest

from tests.conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path

PACKAGE = ROOT / "snrilab"
# From the ground up: a room imports only from rooms that stand before it.
FLOORS = [
    "evidence", "mechanism", "binding", "signalling", "pk", "compare", "trials",
    "plots", "exercises", "feedback", "explore",
]  # fmt: skip
ASIDE = {"grading", "jupyter"}  # they use the rooms, and no room uses them
ROOMS = [*FLOORS, "grading"]


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


class WithoutTypes(ast.NodeTransformer):
    """Leaves out what only a type checker imports."""

    def visit_If(self, node: ast.If) -> ast.AST | list[ast.stmt]:
        return node.orelse if ast.unparse(node.test) == "TYPE_CHECKING" else node


@cache
def imports(path: Path, typing: bool = True) -> tuple[str, ...]:
    """Return the full name of everything of snrilab that a module imports, also within functions.

    What runs in the jail is a package of its own there, so its imports are relative.
    """
    found: list[str] = []
    tree = ast.parse(path.read_text(encoding="utf-8"))
    if not typing:  # types alone may refer to each other
        tree = WithoutTypes().visit(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            package = "snrilab." + ".".join(path.relative_to(PACKAGE).parts[: -node.level])
            origin = f"{package}.{node.module or ''}".rstrip(".") if node.level else node.module
            found += [f"{origin}.{alias.name}" for alias in node.names]
    return tuple(name for name in found if name.split(".")[0] == "snrilab")


def room_of(path: Path) -> str:
    parts = path.relative_to(PACKAGE).parts
    return parts[0] if len(parts) > 1 else ""


def test_every_room_is_on_a_floor():
    rooms = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert rooms == set(FLOORS) | ASIDE


@pytest.mark.parametrize("room", FLOORS)
def test_what_lies_behind_a_facade_is_private_by_name(room):
    behind = {
        path.relative_to(PACKAGE / room).as_posix()
        for path in (PACKAGE / room).rglob("*.py")
        if path.name != "__init__.py" and not path.name.startswith("_")
    }
    # What a notebook names by its own file: a lesson's declarations and its explorers.
    lessons = {name for name in behind if re.fullmatch(r"lesson\d\d\.py", name)}
    assert not behind - (lessons if room in {"exercises", "explore"} else set())


@pytest.mark.parametrize("room", FLOORS)
def test_a_room_has_typed_doors(room):
    stub = PACKAGE / room / "__init__.pyi"
    assert stub.is_file(), "mypy and JupyterLab see nothing of a lazy facade without its stub"
    facade = (PACKAGE / room / "__init__.py").read_text(encoding="utf-8")
    assert "attach_stub" in facade


def test_a_room_is_entered_by_its_facade():
    inside = []
    for path in modules():
        room = room_of(path)
        for name in imports(path):
            parts = name.split(".")
            other = parts[1] if len(parts) > 1 else ""
            if other in ROOMS and other != room and any(p.startswith("_") for p in parts[2:]):
                inside.append(f"{path.relative_to(ROOT)} imports {name}")
    assert not inside


def test_no_room_imports_from_a_floor_above():
    wrong = []
    for path in modules():
        room = room_of(path)
        if room not in FLOORS:
            continue
        for name in imports(path):
            other = [*name.split("."), ""][1]
            if other in ASIDE or (other in FLOORS and FLOORS.index(other) > FLOORS.index(room)):
                wrong.append(f"{path.relative_to(ROOT)} imports {name}")
    assert not wrong


def test_no_two_modules_import_each_other():
    """Neither at import time nor later within a function."""
    graph: dict[str, set[str]] = {}
    names = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts): path
        for path in modules()
        if path.name != "__init__.py"
    }
    for name, path in names.items():
        graph[name] = set()
        for imported in imports(path, typing=False):
            for candidate in (imported, imported.rpartition(".")[0]):
                if candidate in names and candidate != name:
                    graph[name].add(candidate)
    circles, done = [], set()

    def visit(name: str, trail: tuple[str, ...]) -> None:
        if name in trail:
            circles.append(" -> ".join([*trail[trail.index(name) :], name]))
        elif name not in done:
            for other in sorted(graph[name]):
                visit(other, (*trail, name))
            done.add(name)

    for name in graph:
        visit(name, ())
    assert not circles


@cache
def used_in() -> str:
    """Return every text that gives a public name a reason: lessons, assignments, README, the rest.

    A room's own modules and its tests give none.
    """
    texts = []
    for path in [*ROOT.glob("course/*.ipynb"), *ROOT.glob("source/*/*.ipynb")]:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        texts += ["".join(cell["source"]) for cell in cells]
    texts += [path.read_text(encoding="utf-8") for path in ROOT.glob("source/*/*.py")]
    texts += [
        (ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "CONTRIBUTING.md")
    ]
    return "\n".join(texts)


@cache
def code_outside(room: str) -> str:
    return "\n".join(
        path.read_text(encoding="utf-8")
        for path in [*modules(), *ROOT.glob("tools/*.py")]
        if path.parent.name == "tools" or room_of(path) != room
    )


def unused(room: str) -> set[str]:
    facade = importlib.import_module(f"snrilab.{room}")
    everything = used_in() + code_outside(room)
    # A class is there because a function takes it or returns it.
    functions = {name for name in facade.__all__ if inspect.isfunction(getattr(facade, name))}
    return {name for name in functions if not re.search(rf"\b{name}\b", everything)}


@pytest.mark.parametrize("room", FLOORS)
def test_every_public_name_has_a_use(room):
    assert unused(room) == set(), "used by nothing but its own tests: it can go"


# Widgets have no types, and what a learner hands over can be anything.
UNTYPED = {"feedback", "explore"}


@pytest.mark.parametrize("room", [room for room in FLOORS if room not in UNTYPED])
def test_a_public_function_says_what_comes_back(room):
    facade = importlib.import_module(f"snrilab.{room}")
    silent = {"Any", "object", inspect.Signature.empty}
    things = (getattr(facade, name) for name in facade.__all__)
    functions = [thing for thing in things if inspect.isfunction(thing)]
    assert functions
    assert not {f.__name__ for f in functions if inspect.signature(f).return_annotation in silent}
