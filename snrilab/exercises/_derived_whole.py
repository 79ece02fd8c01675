"""Changes of the whole result, and the words for each: the other share, per cent, a lost prefix."""

from __future__ import annotations

import ast
import functools
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from snrilab.exercises._writer import Places


_WRAPPED = (
    ("ratio-upside-down", "1 / ({})", "Your answer is one over the right one: what stands above "
     "the line belongs below it."),
    ("wrong-sign", "-({})", "Your answer has the wrong sign: what is to be taken away from what?"),
    ("free-instead-of-occupied", "1 - ({})", "Your answer and the right one add up to 1: you give "
     "the other share."),
    ("free-instead-of-occupied", "100 - ({})", "Your answer and the right one add up to 100: you "
     "give the other share."),
    ("percent", "100 * ({})", "Your answer is 100 times too large: per cent where none are asked "
     "for?"),
    ("percent", "({}) / 100", "Your answer is 100 times too small: a fraction where per cent are "
     "asked for?"),
    ("thousand-lost", "1000 * ({})", "Your answer is 1,000 times too large: one prefix too many "
     "or too few (n, µ, m)."),
    ("thousand-lost", "({}) / 1000", "Your answer is 1,000 times too small: one prefix too many "
     "or too few (n, µ, m)."),
    ("thousand-lost", "1e6 * ({})", "Your answer is a million times too large: two prefixes apart "
     "(n and m)."),
    ("thousand-lost", "({}) / 1e6", "Your answer is a million times too small: two prefixes apart "
     "(n and m)."),
    ("molar", "1e9 * ({})", "Your answer is a thousand million times too large: mol/L and nM are "
     "mixed up."),
    ("molar", "({}) / 1e9", "Your answer is a thousand million times too small: mol/L and nM are "
     "mixed up."),
    ("sixty-lost", "60 * ({})", "Your answer is 60 times too large: hours, minutes and seconds are "
     "mixed up."),
    ("sixty-lost", "({}) / 60", "Your answer is 60 times too small: hours, minutes and seconds are "
     "mixed up."),
    ("wrong-logarithm", "({}) * 2.302585092994046", "Your answer is 2.303 times too large: a "
     "natural logarithm for one to base 10."),
    ("wrong-logarithm", "({}) / 2.302585092994046", "Your answer is 2.303 times too small: a "
     "logarithm to base 10 for a natural one."),
    ("ln2-lost", "({}) / 0.6931471805599453", "Your answer is 1.443 times too large: a factor "
     "ln 2 = 0.693 is missing."),
    ("ln2-lost", "({}) * 0.6931471805599453", "Your answer is 0.693 times the right one: a factor "
     "ln 2 too many."),
    ("returned-log", "np.log10({})", "Your answer is the logarithm (to base 10) of the right one: "
     "go back to the number itself."),
    ("returned-log", "np.log({})", "Your answer is the natural logarithm of the right one: go back "
     "to the number itself."),
    ("log-undone", "10 ** ({})", "Your answer is 10 to the power of the right one."),
    ("log-undone", "np.exp({})", "Your answer is e to the power of the right one."),
    ("twice", "2 * ({})", "Your answer is twice the right one: a factor of 2 too many."),
    ("half", "({}) / 2", "Your answer is half of the right one: a factor of 2 is missing, or "
     "stands below the line."),
    ("root", "np.sqrt({})", "Your answer is the square root of the right one."),
    ("root", "({}) ** 2", "Your answer is the square of the right one."),
    ("cut-off-at-zero", "np.maximum({}, 0)", "You turn what is below zero into zero: a negative "
     "value says something, so leave it."),
    ("cut-off-at-zero", "np.clip({}, 0, 1)", "You cut off what lies outside 0 to 1: such values "
     "say something, so leave them."),
    ("cut-off-at-zero", "np.clip({}, 0, 100)", "You cut off what lies outside 0 to 100: such "
     "values say something, so leave them."),
    ("unsigned-difference", "np.abs({})", "You drop the minus sign: a negative value says "
     "something, so leave it."),
    ("rounded", "np.round({}, 0)", "You round to whole numbers: give back what comes out, and "
     "round only what is shown."),
    ("rounded", "np.round({}, 2)", "You round to two decimals: give back what comes out, and round "
     "only what is shown."),
)  # fmt: skip


def functions_in(tree: ast.Module) -> list[ast.FunctionDef]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]


def other_wholes(
    places: Places, only: frozenset[str] | None
) -> Iterator[tuple[str, str, str, str]]:
    """Change the result of every function that stands by itself and returns a formula."""
    tree = places.tree
    nested = {
        id(below)
        for function in functions_in(tree)
        for below in ast.walk(function)
        if below is not function and isinstance(below, ast.FunctionDef | ast.Lambda)
    }
    inside = {id(node) for node in places.nodes if id(node) in nested for node in ast.walk(node)}
    for node in places.nodes:
        if not isinstance(node, ast.Return) or node.value is None or id(node) in inside:
            continue
        for code, pattern, says in _WRAPPED:
            if only and code not in only:
                continue
            change = f"return … -> return {pattern.format('…')}"
            result = _filled(_parsed(pattern.format("value")), node.value)
            yield code, says, change, places.source_with(node.value, result)


@functools.cache
def _parsed(pattern: str) -> ast.expr:
    return ast.parse(pattern, mode="eval").body


def _filled(pattern: ast.expr, value: ast.expr) -> ast.expr:
    """Return a formula with the value itself, which has been written, where "value" stands."""
    match pattern:
        case ast.Name("value"):
            return value
        case ast.BinOp(left, op, right):
            return ast.BinOp(_filled(left, value), op, _filled(right, value))
        case ast.UnaryOp(op, operand):
            return ast.UnaryOp(op, _filled(operand, value))
        case ast.Call(function, arguments):
            return ast.Call(function, [_filled(one, value) for one in arguments], [])
    return pattern
