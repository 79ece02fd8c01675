"""Wrong answers derived from a teacher's own answer key: one change each, in one answer.

Runs in the process of `proof_process`.

The slips that anybody makes in a formula are those of `snrilab.exercises.derived`. To them come
changes that a formula does not have: a copy not made, a statement left out, another value.

They are made to be refused: a test that gives one of them all its points is too kind, and a test
that judges one otherwise inside of the student's process than outside loses its meaning on the way.
"""

from __future__ import annotations

import ast
import copy
import json
import re
from typing import TYPE_CHECKING, NamedTuple

from snrilab.exercises import derived
from snrilab.grading.names import python

if TYPE_CHECKING:
    from collections.abc import Iterator

    from snrilab.grading.template import Cell, Template

_COPIES = {"copy", "deepcopy", "astype", "tolist"}


class Mutation(NamedTuple):
    """One wrong answer: in which cell, what was changed, and the whole text of the cell."""

    grade_id: str
    change: str
    source: str


def mutations(template: Template, each: int = 12) -> list[Mutation]:
    """Return wrong versions of each answer of the key that is code.

    Parameters
    ----------
    template : Template
        The teacher's notebook.
    each : int
        At most so many for one answer: of each kind of change first one, then more.
    """
    made = []
    for cell in template.cells:
        if cell.role == "solution" and cell.cell_type == "code" and cell.grade_id is not None:
            made += [Mutation(cell.grade_id, *m) for m in _of_cell(cell)[:each]]
    return made


def submission(template: Template, answers: dict[str, str]) -> bytes:
    """Return the answer key with some cells (by grade_id) replaced."""
    whole = json.loads(template.source)
    for cell, known in zip(whole["cells"], template.cells, strict=True):
        if known.grade_id in answers:
            cell["source"] = answers[known.grade_id]
    return json.dumps(whole).encode()


def untouched(template: Template) -> bytes:
    """Return the notebook as students get it."""
    return submission(template, {c.grade_id: c.release for c in template.cells if c.grade_id})


def _of_cell(cell: Cell) -> list[tuple[str, str]]:
    """Return changes and texts, one of each kind in turn."""
    try:
        tree = ast.parse(python(cell.reference))
    except (SyntaxError, ValueError, RecursionError):
        return []
    kinds: dict[str, dict[str, str]] = {}
    original = ast.unparse(tree)
    said = {
        id(n)
        for part in ast.walk(tree)
        if isinstance(part, ast.Raise | ast.Assert) or _is_docstring(part)
        for n in ast.walk(part)
    }
    for index, node in enumerate(ast.walk(tree)):
        if id(node) in said and not isinstance(node, ast.Raise):
            continue  # another wording of an error is no mistake
        for kind, change, replacement in _changes(node):
            text = _replaced(tree, index, replacement)
            if text is not None and text != original:
                kinds.setdefault(kind, {}).setdefault(text, change)
    for slip in derived(ast.unparse(tree)):
        kinds.setdefault(slip.code, {}).setdefault(slip.source, slip.change)
    queues = [[(change, text) for text, change in of.items()] for of in kinds.values()]
    chosen: list[tuple[str, str]] = []
    while any(queues):
        for queue in queues:
            chosen += [queue.pop(0)] if queue else []
    seen = set()
    return [c for c in chosen if not (c[1] in seen or seen.add(c[1]))]  # type: ignore[func-returns-value]


def _changes(node: ast.AST) -> Iterator[tuple[str, str, ast.AST | None]]:
    """Give the kind of a change, what it is in words, and what stands there then."""
    for name in ("body", "orelse"):
        statements = getattr(node, name, None)
        if isinstance(statements, list):
            yield from _without_one(node, name, statements)
    if isinstance(node, ast.Call):
        yield from _without_copy(node)
    elif isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Slice):
        yield "copy", f"{_text(node)} becomes {_text(node.value)}", node.value
    elif isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield "number", f"{node.value} becomes {not node.value}", ast.Constant(not node.value)
    elif isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        yield "number", f"{node.value!r} becomes {node.value + 1!r}", ast.Constant(node.value + 1)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.strip():
        longer = node.value + "?"
        yield "text", f"{node.value[:30]!r} becomes {longer[:31]!r}", ast.Constant(longer)
    elif isinstance(node, ast.Return) and node.value is not None:
        yield "return", "nothing is returned", ast.Return(None)
    elif isinstance(node, ast.arguments):
        yield from _with_one_list(node)


def _without_one(
    node: ast.AST, name: str, statements: list[ast.stmt]
) -> Iterator[tuple[str, str, ast.AST | None]]:
    for place, statement in enumerate(statements):
        if isinstance(statement, ast.Return | ast.Pass) or _is_docstring(statement):
            continue
        shorter = copy.deepcopy(node)
        left = getattr(shorter, name)
        del left[place]
        if not left and name == "body" and not isinstance(node, ast.Module):
            left.append(ast.Pass())
        kind = "import" if isinstance(statement, ast.Import | ast.ImportFrom) else "statement"
        yield kind, f"without {_text(statement)}", shorter


def _without_copy(node: ast.Call) -> Iterator[tuple[str, str, ast.AST | None]]:
    if isinstance(node.func, ast.Attribute) and node.func.attr in _COPIES and not node.args:
        yield "copy", f"{_text(node)} becomes {_text(node.func.value)}", node.func.value
    if len(node.args) == 1 and not node.keywords and not isinstance(node.args[0], ast.Starred):
        yield "copy", f"{_text(node)} becomes {_text(node.args[0])}", node.args[0]


def _is_docstring(statement: ast.AST) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _text(node: ast.AST) -> str:
    text = re.sub(r"\s+", " ", ast.unparse(ast.fix_missing_locations(copy.deepcopy(node))))
    return f"`{text[:60]}{'...' if len(text) > 60 else ''}`"


def _with_one_list(node: ast.arguments) -> Iterator[tuple[str, str, ast.AST | None]]:
    """Let all calls share one list where each is to begin with nothing."""
    for place, default in enumerate(node.defaults):
        if isinstance(default, ast.Constant) and default.value is None:
            shared = copy.deepcopy(node)
            shared.defaults[place] = ast.List([], ast.Load())
            name = node.args[len(node.args) - len(node.defaults) + place].arg
            yield "default", f"`{name}=None` becomes `{name}=[]`", shared


def _replaced(tree: ast.Module, index: int, replacement: ast.AST | None) -> str | None:
    changed = copy.deepcopy(tree)
    target = next(node for i, node in enumerate(ast.walk(changed)) if i == index)
    if target is changed:
        changed = replacement  # type: ignore[assignment]
    else:

        class Replace(ast.NodeTransformer):
            def visit(self, node: ast.AST) -> ast.AST | None:
                return copy.deepcopy(replacement) if node is target else self.generic_visit(node)

        Replace().visit(changed)
    try:
        return ast.unparse(ast.fix_missing_locations(changed))
    except (ValueError, TypeError, RecursionError):
        return None
