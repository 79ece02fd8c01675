"""Small mistakes made on purpose: wrong versions of a function, one change each."""

from __future__ import annotations

import ast
import copy
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

_SWAPS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.Pow: ast.Mult,
}


class Mutant(NamedTuple):
    """One wrong version: what was changed where, and the whole source."""

    change: str
    source: str


def mutants(source: str) -> list[Mutant]:
    """Return every version of the function in `source` with one operator, constant, term, name or
    call changed.
    """
    tree = ast.parse(source)
    made = {}
    for index, node in enumerate(ast.walk(tree)):
        for change, replacement in _changes(node, tree):
            mutant = _replaced(tree, index, replacement)
            line = ast.unparse(node)
            made.setdefault(mutant, f"{line} -> {change}")
    original = ast.unparse(tree)
    return [Mutant(change, text) for text, change in made.items() if text != original]


def _changes(node: ast.AST, tree: ast.Module) -> Iterator[tuple[str, ast.AST]]:
    if isinstance(node, ast.BinOp):
        if type(node.op) in _SWAPS:
            swapped = copy.deepcopy(node)
            swapped.op = _SWAPS[type(node.op)]()
            yield ast.unparse(swapped), swapped
        yield ast.unparse(node.left), node.left
        yield ast.unparse(node.right), node.right
    elif isinstance(node, ast.Constant) and isinstance(node.value, (int, float)):
        for value in {node.value + 1, 0, -node.value, node.value * 2} - {node.value}:
            yield repr(value), ast.Constant(value)
    elif isinstance(node, ast.UnaryOp):
        yield ast.unparse(node.operand), node.operand
    elif isinstance(node, ast.Call) and len(node.args) == 1 and not node.keywords:
        yield ast.unparse(node.args[0]), node.args[0]
    elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
        yield from _other_names(node, tree)
    elif isinstance(node, ast.Return) and node.value is not None:
        yield "nothing returned", ast.Return(None)


def _other_names(node: ast.Name, tree: ast.Module) -> Iterator[tuple[str, ast.AST]]:
    """Take another argument of any function that has this name among its arguments."""
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef):
            names = [argument.arg for argument in function.args.args]
            if node.id in names:
                for name in names:
                    if name != node.id:
                        yield name, ast.Name(name, ast.Load())


def _replaced(tree: ast.Module, index: int, replacement: ast.AST) -> str:
    """Return the source with the node at this place of the walk replaced."""
    changed = copy.deepcopy(tree)
    target = next(node for i, node in enumerate(ast.walk(changed)) if i == index)

    class Replace(ast.NodeTransformer):
        def visit(self, node: ast.AST) -> ast.AST:
            return copy.deepcopy(replacement) if node is target else self.generic_visit(node)

    return ast.unparse(ast.fix_missing_locations(Replace().visit(changed)))
