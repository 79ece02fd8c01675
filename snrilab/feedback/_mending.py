"""A changed copy of the learner's function, and whether it gives every value right.

Only functions that do nothing but compute are changed and run.
"""

from __future__ import annotations

import ast
import warnings
from typing import TYPE_CHECKING, Any

from snrilab.exercises import agrees
from snrilab.feedback._budget import STEP, has_turns, spend, with_steps
from snrilab.feedback._call import call, definition_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from snrilab.exercises import Exercise
    from snrilab.feedback._trial import Trial

_USUAL, _CLOSER = 1e-6, 1e-9
MOST_USES = 6  # places that are changed together: more are not tried
_REFUSED = (ast.Global, ast.Nonlocal, ast.Import, ast.ImportFrom, ast.With, ast.Try)
_HARMFUL = frozenset({"open", "exec", "eval", "input", "print", "display"})
_FROM_OUTSIDE = frozenset({"os", "sys"})


def is_plain(definition: ast.FunctionDef) -> bool:
    """Tell whether a function only computes, so that a changed copy of it does no harm."""
    steps = list(ast.walk(definition))
    if len(steps) >= 300 or any(isinstance(step, (*_REFUSED, ast.While)) for step in steps):
        return False
    called = [step.func for step in steps if isinstance(step, ast.Call)]
    return not any(map(_is_harmful, called)) and not _acts_outside(steps)


def _is_harmful(called: ast.expr) -> bool:
    """Tell whether what is called may do more than compute: `print`, or a part of `os`."""
    harmful = _HARMFUL if isinstance(called, ast.Name) else _FROM_OUTSIDE
    return _begins_with(called) in harmful


def _acts_outside(steps: list[ast.AST]) -> bool:
    """Tell whether a function changes what its notebook holds: a list, a table, a plot."""
    own = {step.arg for step in steps if isinstance(step, ast.arg)} | {"", "np", "math"}
    own |= {n.id for n in steps if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    reached: ast.expr
    for step in steps:
        match step:
            case ast.Expr(ast.Call(ast.Attribute() as changes)):  # of no use but for what it does
                reached = changes
            case ast.Subscript() | ast.Attribute() if not isinstance(step.ctx, ast.Load):
                reached = step
            case _:
                continue
        if _begins_with(reached) not in own:
            return True
    return False


def _begins_with(reached: ast.expr) -> str:
    """Return the name that a chain of points, brackets and calls begins with; "" without one."""
    while isinstance(reached, ast.Attribute | ast.Subscript | ast.Call):
        reached = reached.func if isinstance(reached, ast.Call) else reached.value
    return reached.id if isinstance(reached, ast.Name) else ""


def rebuilt(source: str, function: Any) -> Callable[..., Any] | None:
    """Return the function in a changed source, in the surroundings of the original one."""
    spend()
    names = dict(getattr(function, "__globals__", {})) | {STEP: spend}
    try:
        tree = ast.parse(source)
        if has_turns(source):
            tree = with_steps(tree)
        definition = tree.body[0]
        if not isinstance(definition, ast.FunctionDef):
            return None
        with warnings.catch_warnings():  # what a trial would warn of is not the learner's line
            warnings.simplefilter("ignore")
            exec(compile(tree, "<mended>", "exec", dont_inherit=True), names)  # noqa: S102
        made: Callable[..., Any] = names[definition.name]
    except Exception:  # noqa: BLE001 -- then there is none
        return None
    return made


def is_right(trial: Trial, function: Callable[..., Any]) -> bool:
    """Tell whether a function gives the right value for every input.

    To more digits than are asked of an answer: a change that only makes a part too small to be seen
    mends nothing.
    """
    rel = trial.exercise.rel if trial.exercise.rel > _USUAL else _CLOSER
    return all(
        agrees(call(function, c.arguments).value, value, rel=rel)
        for c, value in zip(trial.calls, trial.right, strict=True)
    )


def own(trial: Trial) -> ast.FunctionDef | None:
    """Return a copy of the learner's definition that may be changed and run, or None."""
    definition = definition_of(trial.function)
    if definition is None or getattr(trial.function, "__closure__", None):
        return None
    definition.decorator_list = []
    return definition if is_plain(definition) else None


def mends(trial: Trial, mine: float, right: float) -> bool:
    """Tell whether one number of the learner's, put right wherever it stands, mends all."""
    definition = own(trial)
    if definition is None:
        return True  # nothing to try it with
    for node in ast.walk(definition):
        if isinstance(node, ast.Constant) and type(node.value) in (int, float):
            node.value = right if node.value == mine else node.value
    return is_mended(trial, definition)


def is_mended(trial: Trial, definition: ast.FunctionDef) -> bool:
    made = rebuilt(ast.unparse(ast.fix_missing_locations(definition)), trial.function)
    return made is not None and is_right(trial, made)


_NOISY = 1e-3  # a tolerance above this belongs to a fit, where different slips may look alike


def is_noisy(exercise: Exercise) -> bool:
    """Tell whether right answers scatter, as those of fits do."""
    return exercise.rel > _NOISY and bool(exercise.uses)


def own_source(trial: Trial) -> str:
    """Return the learner's source when a changed copy of it may be run and compared."""
    definition = definition_of(trial.function)
    closed = getattr(trial.function, "__closure__", None)
    if definition is None or closed or not is_plain(definition) or is_noisy(trial.exercise):
        return ""
    texts = all(isinstance(value, str) for value in trial.right)
    if all(c.numbers is None for c in trial.calls) and not texts:
        return ""  # a text or nothing: what was returned is the matter
    definition.decorator_list = []
    return ast.unparse(definition)
