"""What is done beyond the right answer: everywhere, half-way to another, at a bound, on top.

As in `_lines`, a cause is named only where the lines leave no doubt.
"""

from __future__ import annotations

import ast
import copy
from collections import Counter
from typing import TYPE_CHECKING, Any

from snrilab.feedback._mending import is_mended, own

if TYPE_CHECKING:
    from collections.abc import Iterator

    from snrilab.feedback._trial import Trial

    Said = tuple[str, str, str]

_PAIR = 2


class _Bare(ast.NodeTransformer):
    """Take one thing away wherever it is done: str(x), -x, x + 1, x / 100."""

    def __init__(self, done: str) -> None:
        self._done = done
        self.met: list[tuple[str, str]] = []

    def visit(self, node: ast.AST) -> ast.AST:
        inner = next((one for done, one in _done_to(node) if done == self._done), None)
        if inner is None:
            return self.generic_visit(node)
        self.met.append((ast.unparse(node), ast.unparse(inner)))
        return self.visit(inner)


def _done_to(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """Yield what is done to a part, with … for the part, and the part."""
    match node:
        case ast.Call(func, [inner], []):
            yield f"{ast.unparse(func)}(…)", inner
        case ast.UnaryOp(ast.USub(), inner) if not isinstance(inner, ast.Constant):
            yield "-…", inner
        case ast.BinOp(left, op, right):
            if _is_fixed(right) and not _is_fixed(left):
                yield ast.unparse(ast.BinOp(ast.Name("…"), op, right)), left
            commutes = isinstance(op, ast.Add | ast.Mult)
            if commutes and _is_fixed(left) and not _is_fixed(right):
                yield ast.unparse(ast.BinOp(left, op, ast.Name("…"))), right


def _is_fixed(node: ast.expr) -> bool:
    """Tell whether a part is one number whatever comes in: 2, or np.sqrt(2)."""
    return all(one.id == "np" for one in ast.walk(node) if isinstance(one, ast.Name))


def done_everywhere(trial: Trial) -> Said | None:
    """Find what is done at several places and belongs at none: threshold + 1, str(x)."""
    definition = own(trial)
    if definition is None:
        return None
    done = Counter(text for node in ast.walk(definition) for text, _ in _done_to(node))
    for text, times in done.items():
        if times < _PAIR:
            continue
        changed = copy.deepcopy(definition)
        bare = _Bare(text)
        bare.visit(changed)
        if len(bare.met) < _PAIR or not is_mended(trial, changed):
            continue
        written, inner = bare.met[0]
        return (
            "part-too-many",
            "The same slip at each place: the rest of your lines is right.",
            f"`{written}` should be `{inner}`, there and wherever it is done again.",
        )
    return None


def averaged(trial: Trial) -> Said | None:
    """Find (x + y) / 2 where one of the two alone makes every value right."""
    definition = own(trial)
    for above in ast.walk(definition or ast.Pass()):
        value = getattr(above, "value", None)
        match value:
            case ast.BinOp(ast.BinOp(one, ast.Add(), other), ast.Div(), ast.Constant(2)):
                pass
            case _:
                continue
        for alone in (one, other):
            above.value = alone  # type: ignore[attr-defined]
            assert definition is not None  # noqa: S101 -- for the type checker
            if is_mended(trial, definition):
                return (
                    "averaged",
                    "You average two values of which one alone is right.",
                    f"In `{ast.unparse(value)}` {ast.unparse(alone)} is right by itself: half-way "
                    "to another answer is no answer.",
                )
        above.value = value  # type: ignore[attr-defined]
    return None


_BOUNDS = frozenset({"minimum", "maximum", "min", "max", "clip"})


def capped(trial: Trial) -> Said | None:
    """Find a result that is cut at a number written in: without it every value is right."""
    definition = own(trial)
    for node in ast.walk(definition or ast.Pass()):
        if not isinstance(node, ast.Return | ast.Assign) or not isinstance(node.value, ast.Call):
            continue
        call_, bounds = node.value, []
        if ast.unparse(call_.func).rpartition(".")[2] in _BOUNDS:
            bounds = [ast.unparse(one) for one in call_.args if isinstance(one, ast.Constant)]
        rest = [one for one in call_.args if not isinstance(one, ast.Constant)]
        if not bounds or len(rest) != 1:
            continue
        node.value = rest[0]
        assert definition is not None  # noqa: S101 -- for the type checker
        if is_mended(trial, definition):
            return (
                "cut-at-a-bound",
                f"The result is cut at {' and '.join(bounds)}.",
                f"Without `{ast.unparse(call_)}` every value is right: what lies beyond says "
                "something as well, so let it stand.",
            )
        node.value = call_
    return None


def added_to_itself(trial: Trial) -> Said | None:
    """Find x += x * r, which is x * (1 + r): with x = x * r every value is right."""
    definition = own(trial)
    for above in ast.walk(definition or ast.Pass()):
        body: Any = getattr(above, "body", None)
        for place, step in enumerate(body if isinstance(body, list) else ()):
            match step:
                case ast.AugAssign(ast.Name(name), ast.Add() | ast.Sub(), ast.BinOp() as value):
                    pass
                case _:
                    continue
            if name not in {n.id for n in ast.walk(value) if isinstance(n, ast.Name)}:
                continue
            body[place] = ast.Assign([ast.Name(name, ast.Store())], value)
            assert definition is not None  # noqa: S101 -- for the type checker
            if is_mended(trial, definition):
                sign = "+" if isinstance(step.op, ast.Add) else "-"
                meant = ast.unparse(ast.fix_missing_locations(body[place]))
                return (
                    "added",
                    f"`{ast.unparse(step)}` keeps the old {name} as well.",
                    f"{name} {sign}= … is {name} = {name} {sign} …: write `{meant}`.",
                )
            body[place] = step
    return None
