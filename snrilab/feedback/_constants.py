"""A number in the learner's lines that should be another one, and a factor between all values."""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from snrilab.feedback._call import call, definition_of
from snrilab.feedback._mending import is_plain, mends, rebuilt

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from snrilab.feedback._trial import Trial

    Said = tuple[str, str, str]

CLOSE = 1e-3  # fits are noisy; a pattern is a pattern when it holds this well
_DERIVED = 12  # a small whole number is worked out, others are looked up
_NEAR = 0.15  # share by which digits that changed places may move a constant
_LOG10_2 = 0.30103
_CONSTANTS = {
    "np.log(2)": float(np.log(2)),
    "np.log(10)": float(np.log(10)),
    "np.log10(2)": float(np.log10(2)),
    "np.pi": float(np.pi),
    "np.e": float(np.e),
}


def mistyped(trial: Trial) -> Said | None:
    """Recognise a constant that has another value in the learner's line."""
    if not trial.pairs:
        return None
    factor = factor_between(*trial.joined)
    return _other_number(trial) if factor is None else _typed_constant(trial, factor)


def _other_number(trial: Trial) -> Said | None:
    """Find a number in the learner's lines for which one of the answer's puts all right."""
    definition = definition_of(trial.function)
    closed = getattr(trial.function, "__closure__", None)
    if definition is None or closed or not is_plain(definition):
        return None  # nothing to try it with
    wanted = [abs(x) for x in constants(ast.parse(trial.exercise.code(alone=True)))]
    looked_up = [x for x in dict.fromkeys(wanted) if x != round(x)]
    for mine in dict.fromkeys(constants(definition)):
        for right in looked_up:
            if mine not in (0.0, 1.0, right) and mends(trial, mine, right):
                return (
                    "constant-wrong",
                    f"The number {mine:g} in your lines is another one.",
                    f"It alone explains every value. Look up what should stand for {mine:g}: are "
                    "two digits exchanged, or does it belong to another question?",
                )
    return None


def rounded_constant(trial: Trial) -> str:
    """Return what to add when only a constant such as 0.693 for ln 2 has few digits, or nothing."""
    if len(trial.pairs) < len(trial.calls):
        return ""
    mine, true = trial.joined
    definition = definition_of(trial.function)
    if definition is None or not np.allclose(mine, true, rtol=1e-3, atol=0):
        return ""
    for written in constants(definition):
        for name, value in _CONSTANTS.items():
            if written != value and abs(written - value) < 1e-3 * value:
                return f"(Your {written:g} is {name} with few digits: {name} keeps them all.)"
    return ""


def loosely(trial: Trial) -> Trial | None:
    """Return the same trial with an eye closed to few digits, 0.693 for ln 2; None without any."""
    definition = definition_of(trial.function)
    if definition is None or trial.exercise.rel >= CLOSE:
        return None
    for written in constants(definition):
        for value in _CONSTANTS.values():
            if written != value and abs(written - value) < CLOSE * value:
                return replace(trial, exercise=replace(trial.exercise, rel=CLOSE))
    return None


def with_all_digits(trial: Trial) -> Trial | None:
    """Return the trial of the learner's lines with ln 2 for 0.693, or None where there is none."""
    definition = definition_of(trial.function)
    if definition is None or getattr(trial.function, "__closure__", None):
        return None
    changed = False
    for node in ast.walk(definition):
        if isinstance(node, ast.Constant) and isinstance(node.value, float):
            for value in _CONSTANTS.values():
                if node.value != value and abs(node.value - value) < 1e-3 * value:
                    node.value, changed = value, True
    if not changed or not is_plain(definition):
        return None
    definition.decorator_list = []
    made = rebuilt(ast.unparse(definition), trial.function)
    if made is None:
        return None
    calls = tuple(call(made, c.arguments) for c in trial.calls)
    return replace(trial, function=made, calls=calls)


def factor_between(mine: NDArray[np.float64], true: NDArray[np.float64]) -> float | None:
    """Return the one factor between all values, or None."""
    if true.size < 2:
        return None
    with np.errstate(all="ignore"):
        nonzero = true != 0
        ratio = mine[nonzero] / true[nonzero]
        if ratio.size < 2 or np.any(mine[~nonzero] != 0) or not alike(ratio, ratio[0]):
            return None
    factor = float(ratio[0])
    return factor if factor and np.isfinite(factor) else None


def alike(left: NDArray[np.float64], right: float) -> bool:
    return bool(np.allclose(left, right, rtol=CLOSE, atol=0.0))


def _typed_constant(trial: Trial, factor: float) -> Said | None:
    """Find a number in the learner's line whose mistyping explains a constant factor."""
    definition = definition_of(trial.function)
    if definition is None:
        return None
    for mine in constants(definition):
        for right in constants(ast.parse(trial.exercise.code(alone=True))):
            if not mine or right in (0.0, 1.0) or mine in (right, 1.0):
                continue
            explains = (mine / right, right / mine)
            if any(alike(np.array([one]), factor) for one in explains) and mends(
                trial, mine, right
            ):
                prefixes = float(np.log10(abs(mine / right))) / 3
                if abs(prefixes - round(prefixes)) < 1e-9:
                    return (
                        "thousand-lost",
                        f"Every value is {factor:.4g} times the right one.",
                        f"Your {mine:g} stands where {right:g} belongs: which prefix (n, µ, m) has "
                        "each unit?",
                    )
                where = "What does it stand for, and does it belong here?"
                if sorted(f"{mine:g}") == sorted(f"{right:g}"):
                    where = "Look it up again: two digits have changed places."
                elif abs(_digits(mine) - _digits(right)) < _NEAR * _digits(right):
                    where = "Look it up again."
                elif right == round(right) and abs(right) <= _DERIVED:
                    where = "Where does it come from? Work that step out again."
                return (
                    "constant-wrong",
                    f"The number {mine:g} in your line is another one.",
                    f"Every value is {factor:.4g} times the right one, and your {mine:g} alone "
                    f"explains it. {where}",
                )
    return None


def other_constant(trial: Trial) -> Said | None:
    """Find a number in the learner's lines that mends all when it is another one."""
    definition = definition_of(trial.function)
    if definition is None or not is_plain(definition) or trial.exercise.uses:
        return None
    answer = ast.parse(trial.exercise.code(alone=True))
    texts = " ".join((trial.exercise.answer, *trial.exercise.also_right))
    for mine in dict.fromkeys(constants(definition)):
        if mine in (0.0, 1.0, -1.0) or _compared(definition, mine):
            continue
        for name, near in _CONSTANTS.items():
            if name not in texts:
                continue
            if mine != near and abs(mine - near) < _NEAR * near and mends(trial, mine, near):
                return (
                    "constant-wrong",
                    f"The number {mine:g} in your line is another one.",
                    f"It stands where {name} belongs, {near:.4g}. Write {name}: it has all digits.",
                )
        if abs(mine - _LOG10_2) < 1e-3 and mends(trial, mine, _CONSTANTS["np.log(2)"]):
            return (
                "wrong-logarithm",
                f"Your {mine:g} is log10(2).",
                "It belongs to powers of 10. exp is a power of e, and goes with ln 2: np.log(2), "
                "0.693.",
            )
        factor = factor_between(*trial.joined) if trial.pairs else None
        if factor is not None and mine and _is_factor(mine, factor) and mends(trial, mine, 1.0):
            return (
                "part-too-many",
                f"Every value is {factor:.4g} times the right one.",
                f"That is your {mine:g}: without it every value is right. What was it for?",
            )
        for right in constants(answer):
            if right not in (0.0, mine) and mends(trial, mine, right):
                return (
                    "constant-wrong",
                    f"The number {mine:g} in your line is another one.",
                    f"Your {mine:g} alone explains every value: the rest is right. Where does it "
                    "come from?",
                )
    return None


def _digits(number: float) -> float:
    """Return the digits of a number without its power of ten: 2.46 of 246.35."""
    size = abs(number)
    return size / 10.0 ** float(np.floor(np.log10(size))) if size else 0.0


def _is_factor(number: float, factor: float) -> bool:
    return any(alike(np.array([one]), factor) for one in (number, 1 / number))


def _compared(definition: ast.FunctionDef, number: float) -> bool:
    """Tell whether a number stands in a comparison."""
    asked = (node for node in ast.walk(definition) if isinstance(node, ast.Compare))
    return any(number in constants(one) for one in asked)


def constants(tree: ast.AST) -> list[float]:
    values = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant))
    return [
        float(value)
        for value in values
        if isinstance(value, int | float) and not isinstance(value, bool)
    ]
