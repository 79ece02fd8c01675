"""The slips that anybody makes, derived from a right answer: one change each, in plain words.

A wrong version is the right source with one change: two arguments swapped, a bracket lost, an
operator flipped, a part dropped, a ratio upside down, a constant lost, per cent for a fraction.
The same versions name what a learner did (`snrilab.feedback`), and try whether hidden tests are
strict enough.
"""

from __future__ import annotations

import ast
import contextlib
import copy
import functools
import itertools
import re
from typing import TYPE_CHECKING, NamedTuple

from snrilab.exercises._declaration import known_idea
from snrilab.exercises._writer import Places, written

if TYPE_CHECKING:
    from collections.abc import Iterator

    Tree = ast.Module
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
_SAID = 60  # characters of a formula in a sentence
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
def derived(source: str, *, brackets_alone: bool = False) -> tuple[Mistake, ...]:
    """Return the wrong versions of `source` that differ from it by one usual slip.

    Parameters
    ----------
    source : str
        Python source of one function or more, such as ``exercise.code()`` or a solution cell.
    brackets_alone : bool, default False
        Lose, move and add brackets, and nothing else.

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
    for step in (_brackets,) if brackets_alone else (_brackets, _inside, _swapped, _whole):
        for code, says, change, wrong in step(places):
            if wrong != places.source and not _ALONE.search(wrong):
                found.setdefault(wrong, Mistake(code, says, change, wrong))
    return tuple(found.values())


# What is left of a list may be one starred part of it, and that is no value.
_ALONE = re.compile(r"(?:: |return |= )\*")


def _text(node: ast.AST) -> str:
    text = written(node)
    return text if len(text) <= _SAID else text[: _SAID - 1] + "…"


def _functions(tree: Tree) -> list[ast.FunctionDef]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]


def _arguments(function: ast.FunctionDef) -> list[str]:
    return [a.arg for a in (*function.args.posonlyargs, *function.args.args)]


# -- two arguments that have changed places ---------------------------------------------------


def _swapped(places: Places) -> Iterator[tuple[str, str, str, str]]:
    for function in _functions(places.tree):
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


# -- brackets ---------------------------------------------------------------------------------


def _brackets(places: Places) -> Iterator[tuple[str, str, str, str]]:
    """Lose, move and add brackets in every formula."""
    inside = set()
    for node in places.nodes:
        if not isinstance(node, ast.BinOp) or id(node) in inside:
            continue
        inside |= {id(below) for below in ast.walk(node)}
        text = places.text(node)
        for code, says, changed in _other_brackets(text):
            try:
                formula = ast.parse(changed, mode="eval").body
            except SyntaxError:
                continue
            if written(formula) != text:
                yield code, says, f"{text} -> {changed}", places.source_with(node, formula)


_TOKEN = re.compile(r"\s*(\*\*|//|[()+\-*/%]|[^\s()+\-*/%]+)")


def _other_brackets(text: str) -> Iterator[tuple[str, str, str]]:
    """Yield code, words and text for each formula that differs in one pair of brackets."""
    if any(sign in text for sign in "\"'[{") or re.search(r"\d[eE][-+]\d", text):
        return
    tokens = _TOKEN.findall(text)
    if len(tokens) > 60:
        return
    pairs = _pairs(tokens)
    bare = [
        (i, j)
        for i, j in pairs
        if i == 0 or tokens[i - 1] in ["(", "+", "-", "*", "/", "**", "//", "%"]
    ]
    for i, j in bare:
        rest = [t for k, t in enumerate(tokens) if k not in (i, j)]
        says = f"Brackets are missing: {_joined(tokens[i + 1 : j])} is to be worked out first."
        yield "missing-brackets", says, _joined(rest)
    for i, j in bare:
        inner = _joined(tokens[i + 1 : j])
        for k in range(i + 2, len(tokens)):
            if k != j and _may_close(tokens, i, k):
                moved = list(tokens)
                moved[j] = ""
                moved[k - 1] += ")"
                moved_says = f"The brackets close in the wrong place: {inner} belongs together."
                yield "brackets-moved", moved_says, _joined(moved)
        for k in range(j - 1):
            if k != i + 1 and _may_open(tokens, k, j):
                moved = list(tokens)
                moved[i] = ""
                moved[k] = "(" + moved[k]
                moved_says = f"The brackets open in the wrong place: {inner} belongs together."
                yield "brackets-moved", moved_says, _joined(moved)
    starts = [k for k in range(len(tokens)) if k == 0 or tokens[k - 1] in _SIGNS | {"("}]
    for i in starts:
        for j in range(i + 2, len(tokens)):
            if _balanced(tokens[i : j + 1]) and tokens[j] not in _SIGNS:
                added = list(tokens)
                added[i], added[j] = "(" + added[i], added[j] + ")"
                part = _joined(tokens[i : j + 1])
                says = f"You work out {part} first, as if it stood in brackets: it does not."
                yield "brackets-added", says, _joined(added)


_SIGNS = {"+", "-", "*", "/", "**", "//", "%"}


def _joined(tokens: list[str]) -> str:
    text = " ".join(token for token in tokens if token)
    text = re.sub(r"\(\s+", "(", text)
    text = re.sub(r"\s+\)", ")", text)
    return re.sub(r"(\w) \(", r"\1(", text)


def _pairs(tokens: list[str]) -> list[tuple[int, int]]:
    opened, pairs = [], []
    for place, piece in enumerate(tokens):
        if piece == "(":
            opened.append(place)
        elif piece == ")" and opened:
            pairs.append((opened.pop(), place))
    return pairs


def _balanced(tokens: list[str]) -> bool:
    depth = 0
    for piece in tokens:
        depth += (piece == "(") - (piece == ")")
        if depth < 0:
            return False
    return depth == 0


def _may_close(tokens: list[str], opening: int, k: int) -> bool:
    """Tell whether a bracket opened at `opening` may close just before token `k`."""
    return tokens[k - 1] not in _SIGNS | {"("} and _depth_kept(tokens[opening + 1 : k])


def _may_open(tokens: list[str], k: int, closing: int) -> bool:
    starts = k == 0 or tokens[k - 1] in _SIGNS | {"("}
    return starts and tokens[k] not in _SIGNS | {")"} and _depth_kept(tokens[k:closing])


def _depth_kept(tokens: list[str]) -> bool:
    depth = 0
    for piece in tokens:
        depth += (piece == "(") - (piece == ")")
        if depth < -1:
            return False
    return depth in (0, -1)


# -- one change at one place ------------------------------------------------------------------


def _inside(places: Places) -> Iterator[tuple[str, str, str, str]]:
    made, around = [], _Around(places)
    for node in places.nodes:
        for order, (code, says, instead) in _changes(node, around):
            change = f"{_text(node)} -> {_text(instead)}"
            made.append((order, code, says, change, node, instead))
    for _, code, says, change, node, instead in sorted(made, key=lambda one: one[0]):
        yield code, says, change, places.source_with(node, instead)


class _Around:
    """What has to be known of all of a tree, when one of its nodes is changed."""

    def __init__(self, places: Places) -> None:
        self.argument_lists = [_arguments(function) for function in _functions(places.tree)]
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
        yield from _binary(node)
    elif isinstance(node, ast.Constant) and type(node.value) in (int, float):
        yield from _constant(node, chooses=around.chooses(node))
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        yield 2, ("wrong-sign", f"The minus sign before {_text(node.operand)} is missing.",
                  node.operand)  # fmt: skip
    elif isinstance(node, ast.Call):
        yield from _called(node)
    elif isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in _TURNED:
        turned = ast.Compare(node.left, [_TURNED[type(node.ops[0])]()], node.comparators)
        yield 2, ("comparison-turned", f"The comparison {_text(node)} runs the other way round.",
                  turned)  # fmt: skip
    elif isinstance(node, ast.IfExp):
        swapped = ast.IfExp(node.test, node.orelse, node.body)
        says = f"What happens when {_text(node.test)}, and what when not, have changed places."
        yield 2, ("branches-swapped", says, swapped)
        for only in (node.body, node.orelse):
            yield 3, ("part-missing", f"Your answer does not ask whether {_text(node.test)}.", only)
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


def _binary(node: ast.BinOp) -> Iterator[tuple[int, Change]]:
    left, right = _text(node.left), _text(node.right)

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
            yield 2, ("power", f"Base and exponent have changed places in {_text(node)}.", turned)
            if isinstance(node.left, ast.Constant) and node.left.value == 10:
                natural = ast.Call(_np("exp"), [node.right], [])
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
        says = f"You multiply by {_text(up)}, which belongs below the line."
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
    says = f"Brackets are missing: {_text(both)} is to be worked out first, and all of the rest "
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
    whole = _text(node)
    for kept, gone in ((node.left, node.right), (node.right, node.left)):
        number = gone.value if isinstance(gone, ast.Constant) else None
        first = gone is node.left
        said = _text(kept)
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
            yield 2, ("constant-lost", f"The {_text(gone)} in {whole} is missing.", kept)
        else:
            says = f"{_text(gone)} is missing in {whole}: you use {said} alone."
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


def _np(name: str) -> ast.expr:
    return ast.Attribute(ast.Name("np", ast.Load()), name, ast.Load())


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
            yield 2, (code, f"You take {words}, in {_text(node)}.", changed)
        elif isinstance(node.func, ast.Name) and other in ("max", "min"):
            changed = ast.Call(ast.Name(other, ast.Load()), node.args, node.keywords)
            yield 2, (code, f"You take {words}, in {_text(node)}.", changed)
    yield from _axes(node, name)
    if name == "exp" and len(node.args) == 1:
        power = ast.BinOp(ast.Constant(10), ast.Pow(), node.args[0])
        says = f"{_text(node.args[0])} is a natural logarithm: undo it with exp, not with 10**."
        yield 2, ("wrong-logarithm", says, power)
    if name == "where" and len(node.args) == 3:
        test, one, two = node.args
        says = f"What happens when {_text(test)}, and what when not, have changed places."
        yield 2, ("branches-swapped", says, ast.Call(node.func, [test, two, one], []))
        for only in (one, two):
            yield 3, ("part-missing", f"Your answer does not ask whether {_text(test)}.", only)
    if name in ("maximum", "minimum", "max", "min", "clip") and len(node.args) > 1:
        for only in node.args[:2]:
            if not isinstance(only, ast.Constant):
                yield 3, ("part-missing", f"{name} is missing in {_text(node)}.", only)
    elif len(node.args) == 1 and not node.keywords and not isinstance(node.args[0], ast.Compare):
        yield 3, ("function-missing", f"{name} is missing: you use {_text(node.args[0])} as it is.",
                  node.args[0])  # fmt: skip


# -- the whole result -------------------------------------------------------------------------

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


def _whole(places: Places) -> Iterator[tuple[str, str, str, str]]:
    """Change the result of every function that stands by itself and returns a formula."""
    tree = places.tree
    nested = {
        id(below)
        for function in _functions(tree)
        for below in ast.walk(function)
        if below is not function and isinstance(below, ast.FunctionDef | ast.Lambda)
    }
    inside = {id(node) for node in places.nodes if id(node) in nested for node in ast.walk(node)}
    for node in places.nodes:
        if not isinstance(node, ast.Return) or node.value is None or id(node) in inside:
            continue
        for code, pattern, says in _WRAPPED:
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
