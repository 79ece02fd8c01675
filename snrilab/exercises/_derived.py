"""The slips that anybody makes, derived from a right answer: one change each, in plain words.

A wrong version is the right source with one change: two arguments swapped, a bracket lost, an
operator flipped, a part dropped, a ratio upside down, a constant lost, per cent for a fraction.
The same versions name what a learner did (`snrilab.feedback`), and try whether hidden tests are
strict enough.
"""

from __future__ import annotations

import ast
import contextlib
import functools
import itertools
import re
from typing import TYPE_CHECKING, NamedTuple

from snrilab.exercises._declaration import known_idea
from snrilab.exercises._derived_brackets import BRACKETS, other_brackets_in
from snrilab.exercises._derived_operators import other_operators, text_of
from snrilab.exercises._derived_whole import functions_in, other_wholes
from snrilab.exercises._writer import Places

if TYPE_CHECKING:
    from collections.abc import Iterator

    Change = tuple[str, str, ast.AST]  # code, what to say, what stands there instead

# What a code means, for reports; codes that are ideas or slips of ideas.csv are described there.
KINDS = {
    "arguments-swapped": "two arguments stand in each other's place",
    "brackets-moved": "brackets stand in the wrong place",
    "brackets-added": "brackets where none belong",
    "brackets-shared-out": "brackets are lost, and each part meets only some of the rest",
    "wrong-argument": "one argument stands where another belongs",
    "axes-exchanged": "x and y have changed places",
    "part-missing": "a part of the formula is missing",
    "constant-lost": "a constant is missing",
    "constant-wrong": "a constant has another value",
    "power": "a power or a product for the other",
    "multiplied-for-added": "multiplies where it should add",
    "function-missing": "a function such as a logarithm is left out",
    "function-wrong": "one function stands where another belongs",
    "comparison-turned": "a comparison runs the other way",
    "branches-swapped": "two branches have changed places",
    "wrong-sign": "the sign is wrong",
    "hundred-lost": "a factor of 100 is lost or too many",
    "sixty-lost": "a factor of 60 (seconds, minutes, hours) is lost or too many",
    "twice": "twice the right value",
    "half": "half of the right value",
    "root": "a square or a square root is lost or too many",
    "whole-numbers": "decimals are cut off",
    "rounded": "the result is rounded",
    "log-undone": "a power is taken that is not asked for",
    "nothing-returned": "nothing is returned",
}
_FUNCTIONS = {
    "log10": ("log", "wrong-logarithm", "the natural logarithm for the one to base 10"),
    "log": ("log10", "wrong-logarithm", "the logarithm to base 10 for the natural one"),
    "log2": ("log", "wrong-logarithm", "the natural logarithm for the one to base 2"),
    "mean": ("median", "function-wrong", "the median for the mean"),
    "median": ("mean", "function-wrong", "the mean for the median"),
    "sum": ("mean", "function-wrong", "the mean for the sum"),
    "prod": ("sum", "summed", "the sum for the product"),
    "maximum": ("minimum", "function-wrong", "the smaller for the larger"),
    "minimum": ("maximum", "function-wrong", "the larger for the smaller"),
    "max": ("min", "function-wrong", "the smallest for the largest"),
    "min": ("max", "function-wrong", "the largest for the smallest"),
    "argmax": ("argmin", "function-wrong", "the place of the smallest for that of the largest"),
    "argmin": ("argmax", "function-wrong", "the place of the largest for that of the smallest"),
}
# Functions that take x and then y, and the place of x among their arguments.
_OF_X_AND_Y = {"polyfit": 0, "linregress": 0, "curve_fit": 1, "interp": 1}
_TURNED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.Gt,
    ast.Gt: ast.Lt,
    ast.LtE: ast.GtE,
    ast.GtE: ast.LtE,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
}


class Mistake(NamedTuple):
    """One wrong version of a right answer.

    Attributes
    ----------
    code : str
        Kind of slip ("missing-brackets").
    says : str
        What to say to a learner who wrote it, with the names that stand in the answer.
    change : str
        What was changed, for a report: "a / (b + c) -> a / b + c".
    source : str
        The whole wrong source.
    """

    code: str
    says: str
    change: str
    source: str


@functools.lru_cache(maxsize=64)  # a check looks at one answer from several sides
def derived(source: str, *, only: frozenset[str] | None = None) -> tuple[Mistake, ...]:
    """Return the wrong versions of `source` that differ from it by one usual slip.

    Parameters
    ----------
    source : str
        Python source of one function or more, such as ``exercise.code()`` or a solution cell.
    only : frozenset of str, optional
        Make slips with these codes alone, which takes a part of the time.

    Returns
    -------
    tuple of Mistake
        Each source once, the slips that are seen most come first. A version may happen to compute
        the same as the right one: whoever uses it compares values.

    Raises
    ------
    ValueError
        When `source` is not Python.

    Examples
    --------
    >>> source = "def cheng_prusoff(ic50, s, kd): return ic50 / (1 + s / kd)"
    >>> wrong = {mistake.code: mistake for mistake in derived(source)}
    >>> wrong["missing-brackets"].change
    'ic50 / (1 + s / kd) -> ic50 / 1 + s / kd'
    >>> wrong["forgot-one"].says
    'The 1 in 1 + s / kd is missing.'
    """
    try:
        tree = ast.parse(source)
    except (SyntaxError, TypeError):
        raise ValueError(f"source must be Python source, got {str(source)[:60]!r}.") from None
    found: dict[str, Mistake] = {}
    places = Places(tree)
    looks = (other_brackets_in, _inside, _swapped, other_wholes)
    for step in looks[:1] if only and only <= BRACKETS else looks:
        for code, says, change, wrong in step(places, only):
            if wrong != places.source and not _ALONE.search(wrong):
                found.setdefault(wrong, Mistake(code, says, change, wrong))
    return tuple(one for one in found.values() if not only or one.code in only)


# What is left of a list may be one starred part of it, and that is no value.
_ALONE = re.compile(r"(?:: |return |= )\*")


def _arguments(function: ast.FunctionDef) -> list[str]:
    return [a.arg for a in (*function.args.posonlyargs, *function.args.args)]


# -- two arguments that have changed places ---------------------------------------------------


def _swapped(places: Places, only: frozenset[str] | None) -> Iterator[tuple[str, str, str, str]]:
    if only and "arguments-swapped" not in only:
        return
    for function in functions_in(places.tree):
        used = {n.id for n in ast.walk(function) if isinstance(n, ast.Name)}
        names = [name for name in _arguments(function) if name in used]
        for one, other in itertools.combinations(names, 2):
            says = f"{one} and {other} have changed places in your formula."
            with _exchanged(function, one, other):
                changed = ast.unparse(places.tree)
            yield "arguments-swapped", says, f"{one} <-> {other}", changed


@contextlib.contextmanager
def _exchanged(function: ast.FunctionDef, one: str, other: str) -> Iterator[None]:
    """Exchange two names in a function for a moment."""
    names = [n for n in ast.walk(function) if isinstance(n, ast.Name) and n.id in (one, other)]
    before = [name.id for name in names]
    for name in names:
        name.id = other if name.id == one else one
    try:
        yield
    finally:
        for name, was in zip(names, before, strict=True):
            name.id = was


# -- one change at one place ------------------------------------------------------------------


def _inside(places: Places, only: frozenset[str] | None) -> Iterator[tuple[str, str, str, str]]:
    made, around = [], _Around(places)
    for node in places.nodes:
        for order, (code, says, instead) in _changes(node, around):
            if only and code not in only:
                continue
            change = f"{text_of(node)} -> {text_of(instead)}"
            made.append((order, code, says, change, node, instead))
    for _, code, says, change, node, instead in sorted(made, key=lambda one: one[0]):
        yield code, says, change, places.source_with(node, instead)


class _Around:
    """What has to be known of all of a tree, when one of its nodes is changed."""

    def __init__(self, places: Places) -> None:
        self.argument_lists = [_arguments(function) for function in functions_in(places.tree)]
        self.arguments = {name for names in self.argument_lists for name in names}
        self.taken_apart, self.choosing = set(), set()
        for node in places.nodes:
            if isinstance(node, ast.Subscript):
                self.taken_apart.add(id(node.value))
                self.choosing |= {id(below) for below in ast.walk(node.slice)}
            elif isinstance(node, ast.keyword):
                self.choosing.add(id(node.value))
            elif isinstance(node, ast.Call):
                self.choosing |= {id(one) for one in node.args[1:]}

    def others(self, name: str) -> Iterator[str]:
        """Give the other arguments of each function that has this name among its arguments."""
        for names in self.argument_lists:
            if name in names:
                yield from (other for other in names if other != name)

    def chooses(self, node: ast.Constant) -> bool:
        """Tell whether a whole number picks something: a place, a degree, a number of digits."""
        return type(node.value) is int and id(node) in self.choosing


def _changes(node: ast.AST, around: _Around) -> Iterator[tuple[int, Change]]:
    """Yield what may stand in place of a node, with its place in the order of looking."""
    if isinstance(node, ast.BinOp):
        yield from other_operators(node)
    elif isinstance(node, ast.Constant) and type(node.value) in (int, float):
        yield from _constant(node, chooses=around.chooses(node))
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        yield 2, ("wrong-sign", f"The minus sign before {text_of(node.operand)} is missing.",
                  node.operand)  # fmt: skip
    elif isinstance(node, ast.Call):
        yield from _called(node)
    elif isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in _TURNED:
        turned = ast.Compare(node.left, [_TURNED[type(node.ops[0])]()], node.comparators)
        yield 2, ("comparison-turned", f"The comparison {text_of(node)} runs the other way round.",
                  turned)  # fmt: skip
    elif isinstance(node, ast.IfExp):
        swapped = ast.IfExp(node.test, node.orelse, node.body)
        says = f"What happens when {text_of(node.test)}, and what when not, have changed places."
        yield 2, ("branches-swapped", says, swapped)
        for only in (node.body, node.orelse):
            yield (
                3,
                ("part-missing", f"Your answer does not ask whether {text_of(node.test)}.", only),
            )
    elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
        for name in around.others(node.id):
            says = f"{name} stands where {node.id} belongs."
            yield 4, ("wrong-argument", says, ast.Name(name, ast.Load()))
        if id(node) not in around.taken_apart and node.id in around.arguments:
            yield 5, ("wrong-argument", f"1 stands where {node.id} belongs.", ast.Constant(1))
            says = f"1 - {node.id} stands where {node.id} belongs: that is the other share."
            rest = ast.BinOp(ast.Constant(1), ast.Sub(), ast.Name(node.id, ast.Load()))
            yield 5, ("free-instead-of-occupied", says, rest)
    elif isinstance(node, ast.Return) and node.value is not None:
        yield 9, ("nothing-returned", "The function returns nothing.", ast.Return(None))


def _constant(node: ast.Constant, *, chooses: bool) -> Iterator[tuple[int, Change]]:
    value = node.value
    assert isinstance(value, int | float)  # noqa: S101 -- for the type checker
    if chooses:
        for other in (value + 1, value - 1):
            says = f"You seem to use {other:g} where {value:g} belongs."
            yield 6, ("constant-wrong", says, ast.Constant(other))
        return
    for factor in (60, 1 / 60) if value != 1 else ():
        says = f"Seconds and minutes are mixed up: look at the {value} again."
        yield 5, ("sixty-lost", says, ast.Constant(value * factor))
    for factor in (1000, 0.001) if value != 1 else ():
        says = f"A factor of 1,000 is lost beside the {value}: which prefix has each unit?"
        yield 5, ("thousand-lost", says, ast.Constant(value * factor))
    for factor in (100, 0.01):
        says = f"{value * factor:g} stands where {value:g} belongs: per cent for a fraction?"
        yield 5, ("hundred-lost", says, ast.Constant(value * factor))
    if value:
        yield 5, ("wrong-sign", f"The sign of {value:g} is wrong.", ast.Constant(-value))
    for other in dict.fromkeys((value + 1, value - 1, 0, value * 2)):
        if other != value:
            says = f"You seem to use {other:g} where {value:g} belongs."
            yield 6, ("constant-wrong", says, ast.Constant(other))


def _axes(node: ast.Call, name: str) -> Iterator[tuple[int, Change]]:
    """Exchange x and y of a function that fits or reads a line."""
    place = _OF_X_AND_Y.get(name)
    if place is not None and place + 1 < len(node.args):
        args = list(node.args)
        args[place], args[place + 1] = args[place + 1], args[place]
        exchanged = ast.Call(node.func, args, node.keywords)
        says = f"x and y have changed places in {name}: first comes what was set, then what came."
        yield 2, ("axes-exchanged", says, exchanged)


def _called(node: ast.Call) -> Iterator[tuple[int, Change]]:
    name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
    name = node.func.id if isinstance(node.func, ast.Name) else name
    if name in _FUNCTIONS:
        other, code, words = _FUNCTIONS[name]
        if isinstance(node.func, ast.Attribute):
            function: ast.expr = ast.Attribute(node.func.value, other, ast.Load())
            changed = ast.Call(function, node.args, node.keywords)
            yield 2, (code, f"You take {words}, in {text_of(node)}.", changed)
        elif isinstance(node.func, ast.Name) and other in ("max", "min"):
            changed = ast.Call(ast.Name(other, ast.Load()), node.args, node.keywords)
            yield 2, (code, f"You take {words}, in {text_of(node)}.", changed)
    yield from _axes(node, name)
    if name == "exp" and len(node.args) == 1:
        power = ast.BinOp(ast.Constant(10), ast.Pow(), node.args[0])
        says = f"{text_of(node.args[0])} is a natural logarithm: undo it with exp, not with 10**."
        yield 2, ("wrong-logarithm", says, power)
    if name == "where" and len(node.args) == 3:
        test, one, two = node.args
        says = f"What happens when {text_of(test)}, and what when not, have changed places."
        yield 2, ("branches-swapped", says, ast.Call(node.func, [test, two, one], []))
        for only in (one, two):
            yield 3, ("part-missing", f"Your answer does not ask whether {text_of(test)}.", only)
    if name in ("maximum", "minimum", "max", "min", "clip") and len(node.args) > 1:
        for only in node.args[:2]:
            if not isinstance(only, ast.Constant):
                yield 3, ("part-missing", f"{name} is missing in {text_of(node)}.", only)
    elif len(node.args) == 1 and not node.keywords and not isinstance(node.args[0], ast.Compare):
        says = f"{name} is missing: you use {text_of(node.args[0])} as it is."
        yield 3, ("function-missing", says, node.args[0])


def words_for(code: str) -> str:
    """Return the words for a code, from the list of ideas or from the kinds of slips.

    Parameters
    ----------
    code : str
        Code of an idea or a slip.

    Examples
    --------
    >>> words_for("missing-brackets"), words_for("rounded")
    ('brackets are missing', 'the result is rounded')
    """
    known = known_idea(code)
    return known.idea if known is not None else KINDS.get(code, "")
