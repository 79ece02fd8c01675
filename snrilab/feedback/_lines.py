"""What a learner's own lines show: a comma, a second return, a value doubled, digits cut off.

Each look returns code, headline and advice, or None. A cause is named only where the lines leave
no doubt: either the form itself says so, or mending that one thing makes every value right.
"""

from __future__ import annotations

import ast
import itertools
import re
from typing import TYPE_CHECKING

import numpy as np

from snrilab.exercises import agrees
from snrilab.feedback._call import call, definition_of, source_of
from snrilab.feedback._mending import is_mended, is_right, own, rebuilt

if TYPE_CHECKING:
    from collections.abc import Iterator

    from snrilab.feedback._trial import Trial

    Said = tuple[str, str, str]


def comma(trial: Trial) -> Said | None:
    """Find a comma that makes two values of one: 2,22 for 2.22, or a pair used like a number."""
    definition = definition_of(trial.function)
    if definition is None:
        return None
    for node in ast.walk(definition):
        match node:
            case ast.Assign([ast.Name(name)], ast.Tuple([ast.expr() as only])):
                return (
                    "comma-at-the-end",
                    "A comma at the end of a line makes a list of one of it.",
                    f"Delete the comma behind `{name} = {ast.unparse(only)}`: then {name} is a "
                    "number.",
                )
    for pair, above in _pairs(definition):
        one, other = map(ast.unparse, pair.elts)
        if re.search(r"(?<![\w.])\d+$", one) and re.match(r"\d+(?![\w.])", other):
            before, after = one.split()[-1], other.split()[0]
            thousands = re.search(rf"(?<![\w.]){before},(\d{{3}})(?!\w)", source_of(trial.function))
            if thousands:
                digits, written = f"{before},{thousands[1]}", f"{before}{thousands[1]}"
                how = "write thousands without a sign"
            else:
                digits, written = f"{before},{after}", f"{before}.{after}"
                how = "write decimals with a point"
            return (
                "decimal-comma",
                "A comma between two digits makes two numbers of them.",
                f"Python reads {digits} as a pair: {how}, {written}.",
            )
        if isinstance(above, ast.BinOp) or _is_calculated_with(definition, above):
            return (
                "several-values",
                "A comma makes two values of one.",
                f"In `{one}, {other}` the comma makes a pair of them: an operator belongs there.",
            )
    return None


def comma_in_a_list(trial: Trial) -> Said | None:
    """Find [a - 1,96 * b, ...]: with points for its commas every value is right."""
    definition, source = own(trial), source_of(trial.function)
    for node in ast.walk(definition or ast.Pass()):
        if not isinstance(node, ast.List | ast.Tuple) or len(node.elts) < _PAIR + 1:
            continue
        for one, other in itertools.pairwise(map(ast.unparse, node.elts)):
            before = re.search(r"(?<![\w.])\d+$", one)
            after = re.match(r"\d+(?![\w.])", other)
            if not before or not after or f"{before[0]},{after[0]}" not in source:
                continue
            mended = re.sub(r"(?<![\w.])(\d+),(\d+)(?![\w.])", r"\1.\2", source)
            made = rebuilt(mended, trial.function)
            if made is not None and is_right(trial, made):
                return (
                    "decimal-comma",
                    "A comma between two digits makes two numbers of them.",
                    f"Python reads {before[0]},{after[0]} as two elements of the list: write "
                    f"decimals with a point, {before[0]}.{after[0]}.",
                )
    return None


def _pairs(definition: ast.FunctionDef) -> Iterator[tuple[ast.Tuple, ast.AST]]:
    for above in ast.walk(definition):
        if not isinstance(above, ast.BinOp | ast.Assign | ast.Return):
            continue
        if isinstance(above, ast.Assign) and not isinstance(above.targets[0], ast.Name):
            continue
        for below in ast.iter_child_nodes(above):
            if isinstance(below, ast.Tuple) and len(below.elts) == 2:
                yield below, above


def _is_calculated_with(definition: ast.FunctionDef, step: ast.AST) -> bool:
    if not isinstance(step, ast.Assign) or not isinstance(step.targets[0], ast.Name):
        return False
    name = step.targets[0].id
    return any(
        isinstance(node, ast.BinOp)
        and any(isinstance(one, ast.Name) and one.id == name for one in (node.left, node.right))
        for node in ast.walk(definition)
    )


def second_return(trial: Trial) -> Said | None:
    """Find two returns where one list of both is asked: the second is never reached."""
    definition = own(trial)
    if definition is None or len(definition.body) < _PAIR:
        return None
    match definition.body[-2:]:
        case [ast.Return(ast.expr() as one), ast.Return(ast.expr() as other)]:
            both = ast.List([one, other], ast.Load())
        case _:
            return None
    never = ast.unparse(definition.body[-1])
    definition.body[-2:] = [ast.Return(both)]
    if not is_mended(trial, definition):
        return None
    return (
        "second-return",
        "A function ends at its first return.",
        f"`{never}` is never reached: put both into one list, return {ast.unparse(both)}.",
    )


_PAIR = 2


def sign_of_power(trial: Trial) -> Said | None:
    """Find ^ that gives whole numbers another value, and no error, where ** is right."""
    definition = own(trial)
    if definition is None or any(c.error is not None for c in trial.calls):
        return None
    if not any(isinstance(node, ast.BitXor) for node in ast.walk(definition)):
        return None
    mended = rebuilt(ast.unparse(definition).replace(" ^ ", " ** "), trial.function)
    if mended is None or not is_right(trial, mended):
        return None
    return (
        "power",
        "The sign ^ is no power in Python.",
        "Powers are written with **, as in 10**x. Between whole numbers ^ gives another number, "
        "and no error.",
    )


def doubled_for_squared(trial: Trial) -> Said | None:
    """Find x * 2 where x ** 2 makes every value right, at each place where it is doubled."""
    definition = own(trial)
    written = ""
    for node in ast.walk(definition or ast.Pass()):
        match node:
            case ast.BinOp(_, ast.Mult(), ast.Constant(2)):
                written = written or ast.unparse(node)
                node.op = ast.Pow()
            case ast.BinOp(ast.Constant(2), ast.Mult(), right):
                written = written or ast.unparse(node)
                node.left, node.op, node.right = right, ast.Pow(), node.left
    if definition is None or not written or not is_mended(trial, definition):
        return None
    return (
        "power",
        "Doubled is not squared.",
        f"`{written}` is twice its value; its square is written with ** 2.",
    )


def other_name_returned(trial: Trial) -> Said | None:
    """Find a return of one name where another one holds the right value."""
    definition = own(trial)
    last = definition.body[-1] if definition is not None and definition.body else None
    if not isinstance(last, ast.Return) or not isinstance(last.value, ast.Name):
        return None
    assert definition is not None  # noqa: S101 -- for the type checker
    returned = last.value.id
    made = [node.id for step in definition.body for node in ast.walk(step)
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)]  # fmt: skip
    for name in dict.fromkeys(made):
        last.value = ast.Name(name, ast.Load())
        if name != returned and is_mended(trial, definition):
            return (
                "other-name-returned",
                f"{name} holds the right value, and {returned} is returned.",
                f"Write `return {name}` in the last line.",
            )
    return None


def remainder(trial: Trial) -> Said | None:
    """Recognise % for per cent: with * or / in its place every value is right."""
    definition = own(trial)
    for node in ast.walk(definition or ast.Pass()):
        if not isinstance(node, ast.BinOp) or not isinstance(node.op, ast.Mod):
            continue
        written = ast.unparse(node)
        for instead in (ast.Mult(), ast.Div()):
            node.op = instead
            assert definition is not None  # noqa: S101 -- for the type checker
            if is_mended(trial, definition):
                return (
                    "remainder",
                    "% is no per cent in Python.",
                    f"`{written}` is what is left over when the first is divided by the second: "
                    f"write {'*' if isinstance(instead, ast.Mult) else '/'} there.",
                )
        node.op = ast.Mod()
    return None


def copied_name(trial: Trial, arguments: set[str]) -> tuple[str, str] | None:
    """Return a second name for an argument, and the argument, where a line gives it one."""
    definition = definition_of(trial.function)
    for node in ast.walk(definition or ast.Pass()):
        match node:
            case ast.Assign([ast.Name(name)], ast.Name(given)) if given in arguments:
                return name, given
    return None


def closes_early(trial: Trial) -> str:
    """Return a call whose result is compared at the end, as in np.mean(x) > 1, or nothing."""
    definition = definition_of(trial.function)
    for node in ast.walk(definition or ast.Pass()):
        match node:
            case ast.Return(ast.Compare(ast.Call(func))):
                return ast.unparse(func)
    return ""


def may_be_a_comma(trial: Trial) -> bool:
    """Tell whether a pair that is returned may be meant as a decimal comma: 2,22."""
    definition = definition_of(trial.function)
    return definition is None or bool(re.search(r"\b\d+, \d", ast.unparse(definition)))


def gives_none(trial: Trial) -> bool:
    """Tell whether a line returns None on purpose."""
    definition = definition_of(trial.function)
    return any(
        isinstance(node, ast.Return) and node.value and "None" in ast.unparse(node.value)
        for node in ast.walk(definition or ast.Pass())
    )


def gives_nan(trial: Trial) -> bool:
    """Tell whether the lines return a nan or an infinity that is written in them."""
    definition = definition_of(trial.function)
    return any(
        re.search(r"\b(nan|inf)\b", ast.unparse(node.value), re.IGNORECASE) is not None
        for node in ast.walk(definition or ast.Pass())
        if isinstance(node, ast.Return) and node.value is not None
    )


def loops(trial: Trial) -> bool:
    """Tell whether the function has a loop that may not end."""
    definition = definition_of(trial.function)
    return any(isinstance(node, ast.While) for node in ast.walk(definition or ast.Pass()))


def in_sums(trial: Trial) -> bool:
    """Tell whether a loop adds up small steps, as a numerical area does."""
    definition = definition_of(trial.function)
    for loop in ast.walk(definition or ast.Pass()):
        for step in ast.walk(loop) if isinstance(loop, ast.For | ast.While) else ():
            match step:
                case ast.AugAssign(ast.Name(), ast.Add(), ast.BinOp(op=ast.Mult())):
                    return True
                case ast.Assign([ast.Name(name)], ast.BinOp(ast.Name(other), ast.Add(), added)):
                    if name == other and isinstance(added, ast.BinOp):
                        return True
    return False


def in_steps(trial: Trial) -> bool:
    """Tell whether the function searches in steps, so that it can only come near."""
    definition = definition_of(trial.function)
    return definition is not None and any(
        isinstance(node, ast.While)
        or (isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("arange", "linspace")))
        for node in ast.walk(definition)
    )


# -- digits cut off on the way ----------------------------------------------------------------

_CUTTING = frozenset({"int", "round", "around", "floor", "ceil", "trunc", "rint", "fix", "astype"})
_AS_INT = frozenset({"dtype=int", "dtype=np.int64", "dtype=np.int32", "dtype='int'"})


class _Uncut(ast.NodeTransformer):
    """Take away what cuts digits off, and keep how it was written."""

    def __init__(self) -> None:
        self.cut: list[str] = []
        self.whole = False

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        method = isinstance(node.func, ast.Attribute) and not isinstance(node.func.value, ast.Name)
        name = ast.unparse(node.func).rpartition(".")[2]
        kept = [word for word in node.keywords if ast.unparse(word) not in _AS_INT]
        if len(kept) < len(node.keywords):
            self.cut.append("dtype=int")
            self.whole = True
            node.keywords = kept
        if name not in _CUTTING:
            return node
        self.cut.append(f"{name}(…)" if not method else f".{name}(…)")
        self.whole |= len(node.args) < 2
        if name == "astype" or method:
            assert isinstance(node.func, ast.Attribute)  # noqa: S101 -- for the type checker
            return node.func.value
        return node.args[0] if node.args else node

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.op, ast.FloorDiv):
            self.cut.append("//")
            self.whole = True
            node.op = ast.Div()
        return node


def cut_on_the_way(trial: Trial) -> Said | None:
    """Find digits that are cut off inside: without that every value is right."""
    definition = own(trial)
    if definition is None:
        return None
    without = _Uncut()
    without.visit(definition)
    if not without.cut or not is_mended(trial, definition):
        return None
    how = " and ".join(dict.fromkeys(without.cut))
    return (
        "whole-numbers" if without.whole else "rounded",
        f"Your formula is right, but {how} cuts off digits on the way.",
        "Leave it out: whatever is worked out from a rounded number inherits its error.",
    )


def whole_number_arrays(trial: Trial) -> Said | None:
    """Hand a right function arrays of whole numbers, as counts are, and see whether it cuts them.

    An array made like another (zeros_like, empty_like, an in-place -=) keeps its kind of numbers.
    """
    for c in () if loops(trial) else trial.calls:
        arrays = [i for i, a in enumerate(c.arguments) if isinstance(a, np.ndarray)
                  and a.dtype.kind == "f" and bool(np.all(np.abs(a) >= 1))]  # fmt: skip
        if not arrays:
            continue
        floats = tuple(np.rint(a) if i in arrays else a for i, a in enumerate(c.arguments))
        whole = tuple(a.astype(int) if i in arrays else a for i, a in enumerate(floats))
        if not agrees(call(trial.exercise.reference, whole).value,
                      call(trial.exercise.reference, floats).value):  # fmt: skip
            continue
        mine, cut = call(trial.function, floats), call(trial.function, whole)
        wanted = mine.numbers
        if wanted is None or not np.isfinite(wanted).all() or agrees(cut.value, wanted):
            continue
        if cut.error is not None and "same_kind" not in str(cut.error):
            continue
        return (
            "whole-numbers",
            "Right for these inputs, but not for an array of whole numbers.",
            "Counts come as whole numbers, and np.zeros_like, np.empty_like or -= keep the kind "
            "of numbers of their array: decimals are cut off. Work on the whole array at once, or "
            "begin with np.zeros(len(…)).",
        )
    return None
