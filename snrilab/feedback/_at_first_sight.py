"""What can be seen before a call: nothing written, a line of the stub left, other arguments."""

from __future__ import annotations

import ast
import inspect
from typing import TYPE_CHECKING, Any

from snrilab.exercises import agrees
from snrilab.feedback import _mending
from snrilab.feedback._call import call, definition_of, shown
from snrilab.feedback._feedback import Feedback, saying

if TYPE_CHECKING:
    from snrilab.exercises import Exercise


def not_written(name: str, called: str) -> Feedback:
    """Say that a function is still empty."""
    return Feedback(
        name,
        False,
        "not-written",
        f"{called} is still empty.",
        "Replace the last line of the function with your own, run its cell, then run this one "
        "again.",
    )


def empty_answer(
    name: str, called: str, function: Any, exercise: Exercise | None = None
) -> Feedback | None:
    """Return what to say when nothing is written, or when a leftover line hides what is."""
    definition = definition_of(function)
    if definition is None:
        return None
    body = [step for step in definition.body if not _is_docstring(step)]
    left = [place for place, step in enumerate(body) if _is_leftover(step)]
    if all(_is_leftover(step) or isinstance(step, ast.Pass) for step in body):
        return not_written(name, called)
    if not left or any(isinstance(step, ast.Return) for step in body[: left[0]]):
        return None
    line = ast.unparse(body[left[0]])
    if left[0] + 1 < len(body):
        why = f"Python leaves the function at `{line}` and never reaches what you wrote below it."
        return Feedback(name, False, "leftover-line", f"Delete the line {line}.", why)
    target = next((_assigned(step) for step in reversed(body[: left[0]]) if _assigned(step)), "")
    right = bool(target and exercise) and _right_when(exercise, function, definition, target)
    known_wrong = bool(target and exercise) and not right
    mend = f"return {target}" if target and not known_wrong else "return …"
    why = (
        f"Your lines are there, but the function still ends in `{line}`, so they are not given "
        f"back: write `{mend}` in its place."
    )
    if right:
        why += f" What stands in {target} is right."
    return Feedback(name, False, "leftover-line", "The last line is still the one of the stub.",
                    why)  # fmt: skip


def _is_docstring(step: ast.stmt) -> bool:
    return (
        isinstance(step, ast.Expr)
        and isinstance(step.value, ast.Constant)
        and step.value.value is not Ellipsis
    )


def _is_leftover(step: ast.stmt) -> bool:
    """Tell whether a line is what a stub ends in: return ..., ... or raise NotImplementedError."""
    match step:
        case ast.Return(ast.Constant(value)) | ast.Expr(ast.Constant(value)):
            return value is Ellipsis
        case ast.Raise(ast.Name("NotImplementedError") | ast.Call(ast.Name("NotImplementedError"))):
            return True
    return False


def _assigned(step: ast.stmt) -> str:
    match step:
        case ast.Assign([ast.Name(name)]) | ast.AnnAssign(ast.Name(name)):
            return name
    return ""


def _right_when(
    exercise: Exercise | None, function: Any, definition: ast.FunctionDef, target: str
) -> bool:
    """Tell whether the function would be right if it returned what it put into `target`."""
    if exercise is None:
        return False
    definition.decorator_list = []
    definition.body[-1] = ast.Return(ast.Name(target, ast.Load()))
    mended = _mending.rebuilt(ast.unparse(ast.fix_missing_locations(definition)), function)
    return mended is not None and all(
        agrees(call(mended, case).value, exercise.reference(*case), rel=exercise.rel)
        for case in exercise.inputs()
    )


def before_calling(exercise: Exercise, function: Any) -> Feedback | None:
    """Find what can be seen without calling the function."""
    name = exercise.function_name
    if not callable(function):
        headline = f"Expected the function {name}, got {shown(function)}."
        why = f"Hand the function itself over, without brackets: check(…, {name})."
        return saying(exercise, "not-a-function", headline, why)
    empty = empty_answer(exercise.name, name, function, exercise)
    if empty is not None:
        return empty
    try:
        parameters = list(inspect.signature(function).parameters.values())
    except Exception:  # noqa: BLE001 -- a learner's object may do anything when it is looked at
        return None  # functions written in C do not always say
    names = tuple(p.name for p in parameters)
    positional = [p for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    wanted = exercise.argument_names
    needed = sum(p.default is p.empty for p in positional)
    any_number = any(p.kind is p.VAR_POSITIONAL for p in parameters)
    too_few = len(positional) < len(wanted) and not any_number
    yours = f"Write it as {exercise.signature}; yours is ({', '.join(names)})."
    if too_few or needed > len(wanted):
        plural = "s" if len(wanted) > 1 else ""
        headline = f"The function should take {len(wanted)} argument{plural}."
        return saying(exercise, "wrong-arguments", headline, yours)
    if set(names) == set(wanted) and names != wanted:
        headline = "The arguments stand in another order."
        return saying(exercise, "argument-order", headline, yours)
    return None
