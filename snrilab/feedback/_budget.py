"""How much processor time a check may take to look for a slip.

A search tries many changed copies of an answer. Each call of one is a step, and so is each turn of
a loop in a copy, where a number that was changed may stand for a million turns. A step behind the
end of the budget raises `Spent`, which no `except` in an answer catches by accident: a look without
an answer, the next one begins. What the learner wrote is called before the budget begins.
"""

from __future__ import annotations

import ast
import contextlib
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SECONDS = 5.0  # of processor time, for all looks of one check
_SHARE = 0.8  # of what is left, for one look: the last one is never without any

_BETWEEN = 0.002  # seconds: the clock of the processor is slow to read, and is asked no oftener


def processor_time() -> float:
    """Return the processor time used so far, to a few milliseconds."""
    now = time.perf_counter()
    if now - _read[0] > _BETWEEN:
        _read[:] = now, time.process_time()
    return _read[1]


_read = [-1.0, 0.0]
clock: Callable[[], float] = processor_time
_ends: list[float] = []


class Spent(BaseException):
    """The processor time of a look is used up."""


@contextlib.contextmanager
def budget(seconds: float) -> Iterator[None]:
    """Let the steps inside take this much processor time, and no more than what is round them."""
    _ends.append(min([clock() + seconds, *_ends]))
    try:
        yield
    finally:
        _ends.pop()


@contextlib.contextmanager
def one_look() -> Iterator[None]:
    """Let the steps inside take a share of what is left."""
    with budget(_SHARE * max(_ends[-1] - clock(), 0.0) if _ends else SECONDS):
        yield


def spend() -> bool:
    """Count one step; True, so that it may stand in a condition.

    Raises
    ------
    Spent
        When the time is used up.
    """
    if _ends and clock() > _ends[-1]:
        raise Spent
    return True


STEP = "step__"  # what `spend` is called in a changed copy


_TURNS = (ast.For, ast.While, ast.comprehension)


class _Steps(ast.NodeTransformer):
    """Put a step into each turn of each loop."""

    def visit_For(self, node: ast.For) -> ast.AST:
        self.generic_visit(node)
        node.body.insert(0, ast.Expr(_called()))
        return node

    def visit_While(self, node: ast.While) -> ast.AST:
        self.generic_visit(node)
        node.body.insert(0, ast.Expr(_called()))
        return node

    def visit_comprehension(self, node: ast.comprehension) -> ast.AST:
        self.generic_visit(node)
        node.ifs.insert(0, _called())
        return node


def _called() -> ast.expr:
    return ast.Call(ast.Name(STEP, ast.Load()), [], [])


def has_turns(source: str) -> bool:
    """Tell whether a source may have a loop: most have none, and need not be taken apart."""
    return "for" in source or "while" in source


def with_steps(tree: ast.Module) -> ast.Module:
    """Let each turn of a loop in a source call `STEP`; changes the tree and returns it."""
    if any(isinstance(node, _TURNS) for node in ast.walk(tree)):
        ast.fix_missing_locations(_Steps().visit(tree))
    return tree
