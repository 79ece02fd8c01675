"""Looks for slips in loops: where they begin, where they end, what each round does.

As in `_lines`, a cause is named only where the lines leave no doubt.
"""

from __future__ import annotations

import ast
import copy
from typing import TYPE_CHECKING

from snrilab.feedback._budget import has_turns
from snrilab.feedback._call import definition_of, source_of
from snrilab.feedback._mending import is_mended, own

if TYPE_CHECKING:
    from snrilab.feedback._trial import Trial

    Said = tuple[str, str, str]


def product_starts_wrong(trial: Trial) -> Said | None:
    """Find a running product that starts at another number than 1, or only once for all rounds."""
    definition = own(trial)
    for step in ast.walk(definition or ast.Pass()):
        match step:
            case ast.Assign([ast.Name(name)], (ast.Constant() | ast.UnaryOp()) as start):
                pass
            case _:
                continue
        assert definition is not None  # noqa: S101 -- for the type checker
        if not any(_grows(node, name) for node in ast.walk(definition)):
            continue
        written = ast.unparse(start)
        if written not in ("1", "1.0"):
            step.value = ast.Constant(1)
            if is_mended(trial, definition):
                return (
                    "start-of-product",
                    f"A product has to start at 1, and {name} starts at {written}.",
                    f"Write `{name} = 1` there: times 1 leaves the first factor as it is.",
                )
            step.value = start
            continue
        for loop in (node for node in ast.walk(definition) if isinstance(node, ast.For)):
            inner = [one for one in loop.body if isinstance(one, ast.For)]
            if not any(_grows(node, name) for one in inner for node in ast.walk(one)):
                continue
            loop.body.insert(0, ast.Assign([ast.Name(name, ast.Store())], ast.Constant(1)))
            if is_mended(trial, definition):
                return (
                    "start-of-product",
                    f"{name} is set to 1 once, and goes on from one round to the next.",
                    f"Write `{name} = 1` as the first line *inside* the outer loop: then each "
                    "round has a product of its own.",
                )
            loop.body.pop(0)
    return None


def _grows(node: ast.AST, name: str) -> bool:
    """Tell whether a line multiplies a name by something and keeps the product under it."""
    match node:
        case ast.AugAssign(ast.Name(target), ast.Mult()):
            return target == name
        case ast.Assign([ast.Name(target)], ast.BinOp(left, ast.Mult(), right)):
            return target == name and name in (ast.unparse(left), ast.unparse(right))
    return False


def left_at_once(trial: Trial) -> Said | None:
    """Find a loop that a return ends in its first round, or at the first thing it finds."""
    if _behind_the_loop(trial):
        return (
            "return-in-loop",
            "The return stands inside the loop.",
            "So the function leaves before the loop has seen every value. Write the return behind "
            "the loop, as far to the left as for: then all values here are right.",
        )
    definition = definition_of(trial.function)
    for node in ast.walk(definition) if definition is not None else ():
        if isinstance(node, ast.While) and any(isinstance(s, ast.Return) for s in node.body):
            return (
                "return-in-loop",
                "The return stands inside the loop.",
                "So the function leaves in the first round. Write the return behind the loop, as "
                "far to the left as while.",
            )
        if isinstance(node, ast.For) and any(isinstance(step, ast.Return) for step in node.body):
            return (
                "return-in-loop",
                "The return stands inside the loop.",
                "So the function leaves in the first round, with the first value alone: collect "
                "the values and return them behind the loop, or work on the whole array at once.",
            )
    return None


def line_inside(trial: Trial) -> Said | None:
    """Find a line in a loop that belongs before it or behind it: there every value is right."""
    definition = own(trial) if has_turns(source_of(trial.function)) else None
    kept = list(definition.body) if definition is not None else []
    for place, loop in enumerate(kept):
        if not isinstance(loop, ast.For) or len(loop.body) < _TWO:
            continue
        assert definition is not None  # noqa: S101 -- for the type checker
        lines = list(loop.body)
        for moved, rest, before in ((lines[-1], lines[:-1], False), (lines[0], lines[1:], True)):
            if isinstance(moved, ast.Return):
                continue
            loop.body = rest
            at = place if before else place + 1
            definition.body = [*kept[:at], moved, *kept[at:]]
            if is_mended(trial, definition):
                line = ast.unparse(moved)
                where = "above the loop" if before else "behind the loop"
                why = "each round begins anew" if before else "it is done in each round"
                return (
                    "line-in-loop",
                    f"The line `{line}` stands inside the loop.",
                    f"So {why}. Write it {where}, as far to the left as for: then all values here "
                    "are right.",
                )
        loop.body = lines
    return None


_TWO = 2


def part_of_a_list(trial: Trial) -> Said | None:
    """Find x[1:] or x[:-1] that leaves values out: without it every value is right."""
    definition = own(trial)
    if definition is None:
        return None
    whole = _Whole()
    whole.visit(definition)
    if not whole.met or not is_mended(trial, definition):
        return None
    written = whole.met[0]
    first = written.endswith(":]")
    return (
        "first-left-out" if first else "last-left-out",
        f"{written} leaves values out.",
        f"Python counts places from 0, and {written} is without the "
        f"{'first' if first else 'last'} of them: take all, without the [ ].",
    )


class _Whole(ast.NodeTransformer):
    """Take a list for a part of it, and keep how the part was written."""

    def __init__(self) -> None:
        self.met: list[str] = []

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        self.generic_visit(node)
        if not isinstance(node.slice, ast.Slice) or node.slice.step is not None:
            return node
        self.met.append(ast.unparse(node))
        return node.value


def _behind_the_loop(trial: Trial) -> bool:
    """Tell whether every value is right once the return of a loop stands behind it."""
    definition = own(trial)
    if definition is None:
        return False
    kept = list(definition.body)
    for place, step in enumerate(kept):
        if not isinstance(step, ast.For):
            continue
        for above in ast.walk(step):
            body = getattr(above, "body", None)
            if isinstance(body, list) and len(body) and isinstance(body[-1], ast.Return):
                moved = body.pop()
                if len(body) == 0:
                    body.append(ast.Pass())
                definition.body = [*kept[: place + 1], moved, *kept[place + 1 :]]
                return is_mended(trial, definition)
    return False


def returned_too_early(trial: Trial) -> Said | None:
    """Find a return in a loop behind which every value would be right, before ideas are tried."""
    return left_at_once(trial) if _behind_the_loop(trial) else None


def index_for_value(trial: Trial) -> Said | None:
    """Find a loop over range(len(x)) that uses the place where x[place] belongs."""
    definition = own(trial)
    for loop in ast.walk(definition or ast.Pass()):
        match loop:
            case ast.For(
                ast.Name(place), ast.Call(ast.Name("range"), [ast.Call(ast.Name("len"), [of])])
            ):
                pass
            case _:
                continue
        kept = list(loop.body)
        loop.body = [_Indexed(place, of).visit(copy.deepcopy(step)) for step in kept]
        assert definition is not None  # noqa: S101 -- for the type checker
        if is_mended(trial, definition):
            value = f"{ast.unparse(of)}[{place}]"
            return (
                "index-for-value",
                f"{place} is a place, 0, 1, 2, ...: the value there is {value}.",
                f"Write {value} where you use {place}: then all values here are right.",
            )
        loop.body = kept
    return None


class _Indexed(ast.NodeTransformer):
    """Put x[i] where i stands alone."""

    def __init__(self, place: str, of: ast.expr) -> None:
        self._place, self._of = place, of

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        return node

    def visit_Name(self, node: ast.Name) -> ast.AST:
        if node.id != self._place or not isinstance(node.ctx, ast.Load):
            return node
        return ast.Subscript(self._of, ast.Name(node.id, ast.Load()), ast.Load())


def starts_late(trial: Trial) -> Said | None:
    """Find a loop over range(1, len(x)) that leaves the first value out."""
    definition = own(trial)
    for node in ast.walk(definition or ast.Pass()):
        match node:
            case ast.Call(ast.Name("range"), [ast.Constant(int(first)), last]) if first > 0:
                pass
            case _:
                continue
        written = ast.unparse(node)
        node.args = [last]
        assert definition is not None  # noqa: S101 -- for the type checker
        if is_mended(trial, definition):
            return (
                "first-left-out",
                "The loop leaves out the first value.",
                f"Python counts places from 0, and {written} begins at {first}: write "
                f"{ast.unparse(node)}.",
            )
        return None
    return None


def ends_early(trial: Trial) -> Said | None:
    """Find a range, or np.arange, that stops just before the last value that is wanted."""
    definition = own(trial)
    for node in ast.walk(definition or ast.Pass()):
        match node:
            case ast.Call(ast.Name("range"), [_, *_]) | ast.Call(
                ast.Attribute(ast.Name("np"), "arange"), [_, *_]
            ):
                written = ast.unparse(node)
            case _:
                continue
        assert definition is not None  # noqa: S101 -- for the type checker
        place = min(1, len(node.args) - 1)
        last = node.args[place]
        node.args[place] = ast.BinOp(last, ast.Add(), ast.Constant(1))
        match last:
            case ast.BinOp(whole, ast.Sub(), ast.Constant(1)):
                node.args[place] = whole
        if isinstance(last, ast.Constant) and isinstance(last.value, int):
            node.args[place] = ast.Constant(last.value + 1)
        if is_mended(trial, definition):
            return (
                "last-left-out",
                f"{written} stops before {ast.unparse(last)}.",
                f"The end of a range is left out: write {ast.unparse(node)}.",
            )
        node.args[place] = last
    return None


_OVER_ALL = frozenset({"sum", "mean", "median", "max", "min", "prod", "amax", "amin"})


class _Apart(ast.NodeTransformer):
    """Take away what makes one number of a whole array, and keep how it was written."""

    def __init__(self) -> None:
        self.met: list[str] = []

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        match node:
            case ast.Call(ast.Attribute(ast.Name("np"), name), [inner], []) if name in _OVER_ALL:
                self.met.append(f"np.{name}")
                return inner
            case ast.Call(ast.Attribute(inner, name), [], []) if name in _OVER_ALL:
                self.met.append(f".{name}()")
                return inner
        return node


def over_all(trial: Trial) -> Said | None:
    """Find np.sum and its like over an array of cases: without it every value is right."""
    definition = own(trial)
    if definition is None:
        return None
    apart = _Apart()
    apart.visit(definition)
    if len(apart.met) < 2 or not is_mended(trial, definition):
        return None  # one alone is a function that does not belong
    how = " and ".join(dict.fromkeys(apart.met))
    return (
        "one-number-of-all",
        f"{how} makes one number of a whole array.",
        "An array holds several cases, and each of them has an answer of its own: leave it out.",
    )


_OF_TWO = frozenset({"add", "subtract", "multiply", "divide", "power", "maximum", "minimum"})


def third_value(trial: Trial) -> Said | None:
    """Find np.multiply(a, b, c), which writes a * b into c."""
    definition = definition_of(trial.function)
    for node in ast.walk(definition or ast.Pass()):
        match node:
            case ast.Call(ast.Attribute(ast.Name("np"), name), [first, second, third]):
                if name in _OF_TWO:
                    inner = f"np.{name}({ast.unparse(first)}, {ast.unparse(second)})"
                    return (
                        "third-value",
                        f"np.{name} works on two values.",
                        f"A third one is the place where NumPy writes the result: write "
                        f"np.{name}({inner}, {ast.unparse(third)}).",
                    )
    return None


def running(trial: Trial) -> Said | None:
    """Find np.cumprod or np.cumsum where np.prod or np.sum makes every value right."""
    definition = own(trial)
    for node in ast.walk(definition or ast.Pass()):
        if not isinstance(node, ast.Attribute) or node.attr not in ("cumprod", "cumsum"):
            continue
        written, node.attr = node.attr, node.attr.removeprefix("cum")
        assert definition is not None  # noqa: S101 -- for the type checker
        if is_mended(trial, definition):
            return (
                "running-total",
                f"{written} gives one value after each step.",
                f"Asked is what stands at the end: {node.attr}.",
            )
        return None
    return None
