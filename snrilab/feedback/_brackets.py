"""Brackets that are missing in the learner's own line: with them every value is right."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from snrilab.exercises import Mistake, derived
from snrilab.feedback._call import definition_of
from snrilab.feedback._mending import is_right, own_source, rebuilt

if TYPE_CHECKING:
    from snrilab.feedback._trial import Trial

ONE = "One slip: the rest of your formula is right."


_ADDED = frozenset({"brackets-added"})


def lost_brackets(trial: Trial, pairs: int = 1) -> tuple[str, str, str] | None:
    """Put brackets into the learner's own line, one pair or two, and see whether it is right."""
    source = own_source(trial)
    added = derived(source, only=_ADDED) if source else ()
    first = [
        one for one in added if not _is_product(first_part(one)) and not divides(first_part(one))
    ]
    first.sort(key=lambda one: not _is_reciprocal(first_part(one)))
    for one in first:
        mended = rebuilt(one.source, trial.function)
        if mended is not None and is_right(trial, mended):
            return (
                "missing-brackets",
                ONE,
                f"{MISSING} {first_part(one)} is to be worked out first.",
            )
    if pairs == 1 or not 0 < len(first) <= _MOST_BRACKETS:
        return None
    tried = {one.source for one in first}
    for one in first:
        for two in derived(one.source, only=_ADDED):
            if two.source in tried:
                continue
            tried.add(two.source)
            mended = rebuilt(two.source, trial.function)
            if mended is not None and is_right(trial, mended):
                parts = f"{first_part(one)} is to be worked out first, and so is {first_part(two)}."
                return "missing-brackets", "Brackets are missing at two places.", parts
    return None


def by_one(trial: Trial) -> bool:
    """Tell whether a line multiplies or divides by 1, as nobody does who has not lost brackets."""
    for node in ast.walk(definition_of(trial.function) or ast.Pass()):
        match node:
            case ast.BinOp(_, ast.Mult() | ast.Div(), ast.Constant(1)):
                return True
            case ast.BinOp(ast.Constant(1), ast.Mult(), _):
                return True
    return False


MISSING = "Brackets are missing:"

_MOST_BRACKETS = 60


def _is_product(part: str) -> bool:
    """Tell whether a part is a product with a bracket in it: there a sign is more likely wrong."""
    try:
        whole = ast.parse(part, mode="eval").body
    except SyntaxError:
        return False
    return "(" in part and isinstance(whole, ast.BinOp) and isinstance(whole.op, ast.Mult)


def divides(part: str) -> bool:
    """Tell whether a part is x / y alone: who writes a / x / y meant a * y / x, not brackets."""
    try:
        whole = ast.parse(part, mode="eval").body
    except SyntaxError:
        return False
    simple = (ast.Name, ast.Constant)
    match whole:
        case ast.BinOp(ast.Constant(1), ast.Div(), _):
            return False  # a / 1 / x is a / (1 / x) to whoever writes it
        case ast.BinOp(left, ast.Div(), right):
            return isinstance(left, simple) and isinstance(right, simple)
    return False


def _is_reciprocal(part: str) -> bool:
    return part.startswith("1 / ") and part.count("/") == 1


def first_part(mistake: Mistake) -> str:
    """Return the part that a pair of brackets was put round."""
    return mistake.says.removeprefix("You work out ").partition(" first, as if")[0]
