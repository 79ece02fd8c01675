"""Changes of one operator in a formula, in plain words: another one, or a part dropped."""

from __future__ import annotations

import ast
import copy
import itertools
from typing import TYPE_CHECKING

from snrilab.exercises._writer import written

if TYPE_CHECKING:
    from collections.abc import Iterator

    Change = tuple[str, str, ast.AST]  # code, what to say, what stands there instead


_SAID = 60  # characters of a formula in a sentence


def text_of(node: ast.AST) -> str:
    text = written(node)
    return text if len(text) <= _SAID else text[: _SAID - 1] + "…"


def other_operators(node: ast.BinOp) -> Iterator[tuple[int, Change]]:
    left, right = text_of(node.left), text_of(node.right)

    def other(op: ast.operator) -> ast.BinOp:
        return ast.BinOp(node.left, op, node.right)

    turned = ast.BinOp(node.right, node.op, node.left)
    match node.op:
        case ast.Add():
            says = f"You take {right} away where it is added to {left}."
            yield 1, ("plus-for-minus", says, other(ast.Sub()))
            says = f"You multiply {left} by {right} where the two are added."
            yield 3, ("multiplied-for-added", says, other(ast.Mult()))
        case ast.Sub():
            yield 0, ("reversed-subtraction",
                      f"You subtract the wrong way round: {right} is taken away from {left}.",
                      turned)  # fmt: skip
            says = f"You add {right} where it is taken away from {left}."
            yield 1, ("plus-for-minus", says, other(ast.Add()))
            says = f"You divide {left} by {right} where the difference is wanted."
            yield 3, ("ratio-for-difference", says, other(ast.Div()))
        case ast.Mult():
            says = f"You divide by {right} where it multiplies {left}."
            yield 1, ("divided", says, other(ast.Div()))
            says = f"You divide {right} by {left} where the two are multiplied."
            yield 1, ("divided", says,
                      ast.BinOp(turned.left, ast.Div(), turned.right))  # fmt: skip
            says = f"You add {left} and {right} where the two are multiplied."
            yield 3, ("added", says, other(ast.Add()))
            says = f"You subtract {right} from {left} where the two are multiplied."
            yield 4, ("difference", says, other(ast.Sub()))
        case ast.Div():
            yield 0, ("ratio-upside-down",
                      f"The ratio is upside down: {left} belongs above the line, {right} below.",
                      turned)  # fmt: skip
            says = f"You multiply by {right} where it divides {left}."
            yield 1, ("multiplied", says, other(ast.Mult()))
            yield from _half_below(node)
            says = f"You subtract {right} from {left} where the ratio of the two is wanted."
            yield 3, ("difference", says, other(ast.Sub()))
        case ast.FloorDiv():
            says = f"// cuts off the decimals of {left} / {right}."
            yield 0, ("whole-numbers", says, other(ast.Div()))
        case ast.Pow():
            says = f"You multiply {left} by {right} where it is raised to that power."
            yield 2, ("power", says, other(ast.Mult()))
            yield 2, ("power", f"Base and exponent have changed places in {text_of(node)}.", turned)
            if isinstance(node.left, ast.Constant) and node.left.value == 10:
                natural = ast.Call(of_numpy("exp"), [node.right], [])
                says = f"{right} is a logarithm to base 10: undo it with 10**, not with exp."
                yield 2, ("wrong-logarithm", says, natural)
    yield from _shared_out(node)
    yield from _dropped(node)
    yield from _hyperbola(node)


def _half_below(node: ast.BinOp) -> Iterator[tuple[int, Change]]:
    """Take one factor from below the line to above it."""
    below = node.right
    if not (isinstance(below, ast.BinOp) and isinstance(below.op, ast.Mult)):
        return
    for up, down in ((below.left, below.right), (below.right, below.left)):
        above = ast.BinOp(node.left, ast.Mult(), up)
        says = f"You multiply by {text_of(up)}, which belongs below the line."
        yield 1, ("multiplied", says, ast.BinOp(above, ast.Div(), down))


_MOST_FACTORS = 3


def _shared_out(node: ast.BinOp) -> Iterator[tuple[int, Change]]:
    """Lose the brackets of (a - b) / c / d so that each of the two meets a part of the rest."""
    factors = _factors(node)
    sums = [one for one, above in factors if above and isinstance(one, ast.BinOp)]
    sums = [one for one in sums if isinstance(one.op, ast.Add | ast.Sub)]
    if len(sums) != 1 or not 2 < len(factors) <= _MOST_FACTORS + 1:
        return
    (both,) = sums
    others = [one for one in factors if one[0] is not both]
    parts = [some for n in range(len(others) + 1) for some in itertools.combinations(others, n)]
    says = f"Brackets are missing: {text_of(both)} is to be worked out first, and all of the rest "
    says += "acts on the result."
    for left, right in itertools.product(parts, parts):
        if left != right and all(one in left or one in right for one in others):
            yield 1, ("brackets-shared-out", says, ast.BinOp(
                _product(both.left, left), both.op, _product(both.right, right)))  # fmt: skip


def _factors(node: ast.expr) -> list[tuple[ast.expr, bool]]:
    """Take a product or ratio apart: each factor, and whether it stands above the line."""
    if not isinstance(node, ast.BinOp) or not isinstance(node.op, ast.Mult | ast.Div):
        return [(node, True)]
    right = [(node.right, True)]
    if isinstance(node.op, ast.Div):
        right = [(node.right, False)]
    return _factors(node.left) + right


def _product(first: ast.expr, factors: tuple[tuple[ast.expr, bool], ...]) -> ast.expr:
    made = copy.deepcopy(first)
    for one, above in factors:
        made = ast.BinOp(made, ast.Mult() if above else ast.Div(), copy.deepcopy(one))
    return made


def _dropped(node: ast.BinOp) -> Iterator[tuple[int, Change]]:
    whole = text_of(node)
    for kept, gone in ((node.left, node.right), (node.right, node.left)):
        number = gone.value if isinstance(gone, ast.Constant) else None
        first = gone is node.left
        said = text_of(kept)
        if first and number in (1, 100) and isinstance(node.op, ast.Sub):
            says = f"{said} stands where {whole} belongs: that is the other share."
            yield 2, ("free-instead-of-occupied", says, kept)
        elif first and number == 1 and isinstance(node.op, ast.Div):
            yield 2, ("ratio-upside-down", f"{said} stands where {whole} belongs.", kept)
        elif first and number == 10 and isinstance(node.op, ast.Pow):
            says = f"{said} is a logarithm: undo it with 10**."
            yield 2, ("returned-log", says, kept)
        elif number == 1:
            yield 2, ("forgot-one", f"The 1 in {whole} is missing.", kept)
        elif number is not None:
            yield 2, ("constant-lost", f"The {text_of(gone)} in {whole} is missing.", kept)
        else:
            says = f"{text_of(gone)} is missing in {whole}: you use {said} alone."
            yield 3, ("part-missing", says, kept)


def _hyperbola(node: ast.BinOp) -> Iterator[tuple[int, Change]]:
    """Take x / (x + k) for other curves that rise from 0."""
    below = node.right
    if not (isinstance(node.op, ast.Div) and isinstance(below, ast.BinOp)):
        return
    if not isinstance(below.op, ast.Add):
        return
    top = ast.unparse(node.left).split(" * ")
    parts = {ast.unparse(below.left): below.right, ast.unparse(below.right): below.left}
    x = next((part for part in reversed(top) if part in parts), "")
    if not x:
        return
    k = ast.unparse(parts[x])
    before = " * ".join(part for part in top if part != x)
    share = f"{before} * " if before else ""
    for code, formula, says in (
        ("ratio", f"{x} / {k}",
         f"Below the line {x} is added to {k}: {x} / {k} grows without end."),
        ("free-instead-of-occupied", f"{k} / ({x} + {k})",
         f"{k} stands above the line in place of {x}: that gives the other share."),
        ("exponential-rise", f"(1 - np.exp(-{x} / {k}))",
         f"You take an exponential of {x} / {k}: here it is a hyperbola, {x} over a sum."),
        ("squared-concentration", f"{x}**2 / ({x}**2 + {k}**2)",
         f"{x} and {k} stand to the power of two: here it is one."),
    ):  # fmt: skip
        yield 2, (code, says, ast.parse(share + formula, mode="eval").body)


def of_numpy(name: str) -> ast.expr:
    return ast.Attribute(ast.Name("np", ast.Load()), name, ast.Load())
