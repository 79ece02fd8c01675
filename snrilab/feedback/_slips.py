"""Find the slip: a right answer with one change gives the learner's values, or the reverse."""

from __future__ import annotations

import ast
import difflib
import functools
import time
from typing import TYPE_CHECKING, Any

from snrilab.exercises import Exercise, Mistake, agrees, derived
from snrilab.feedback._call import call, definition_of
from snrilab.feedback._trial import Trial, same_values

if TYPE_CHECKING:
    from collections.abc import Callable

_TIME_S = 1.5
_NOISY = 1e-3  # a tolerance above this belongs to a fit, where different slips may look alike
_UNSAID = frozenset({"nothing-returned"})
# Slips that may come two at a time; a rarer pair says less than the numbers themselves.
_IN_PAIRS = frozenset(
    {
        "arguments-swapped",
        "missing-brackets",
        "brackets-moved",
        "reversed-subtraction",
        "ratio-upside-down",
        "multiplied",
        "divided",
        "plus-for-minus",
        "forgot-one",
        "constant-lost",
        "part-missing",
        "wrong-argument",
        "wrong-logarithm",
        "function-missing",
    }
)
_AFTERWARDS = frozenset({"percent", "thousand-lost", "returned-log", "wrong-sign", "twice", "half"})
# What a change that mends the learner's own line says about that line.
_MENDED = {
    "multiplied": ("divided", "There you divide where the two are multiplied."),
    "divided": ("multiplied", "There you multiply where one divides the other."),
    "plus-for-minus": ("plus-for-minus", "There a plus and a minus are mixed up."),
    "reversed-subtraction": (
        "reversed-subtraction",
        "There you subtract the wrong way round: which of the two is to be taken away?",
    ),
    "ratio-upside-down": ("ratio-upside-down", "There the ratio is upside down."),
    "missing-brackets": ("brackets-added", "There are brackets that do not belong."),
    "brackets-added": (
        "missing-brackets",
        "Brackets are missing there: what has to be worked out first?",
    ),
    "brackets-moved": (
        "brackets-moved",
        "The brackets there stand in the wrong place: what belongs together?",
    ),
    "added": ("multiplied-for-added", "There you multiply where the two are added."),
    "multiplied-for-added": ("added", "There you add where the two are multiplied."),
    "wrong-argument": ("wrong-argument", "There stands one name where another belongs."),
    "arguments-swapped": ("arguments-swapped", "Two names have changed places there."),
    "forgot-one": ("part-too-many", "The 1 there does not belong."),
    "constant-lost": ("part-too-many", "The number there does not belong."),
    "part-missing": ("part-too-many", "A part of it is too many."),
    "function-missing": ("function-wrong", "The function there does not belong."),
    "wrong-logarithm": ("wrong-logarithm", "There ln and log10 are mixed up."),
    "function-wrong": ("function-wrong", "There stands one function where another belongs."),
    "comparison-turned": ("comparison-turned", "The comparison there runs the other way round."),
    "branches-swapped": ("branches-swapped", "The two branches there have changed places."),
    "constant-wrong": ("constant-wrong", "The number there should be another one."),
    "sixty-lost": ("sixty-lost", "Seconds, minutes and hours are mixed up there."),
    "thousand-lost": ("thousand-lost", "A factor of 1,000 is lost there: look at the prefixes."),
    "power": ("power", "There a power and a product are mixed up."),
    "difference": ("difference", "There you subtract where a product or a ratio is wanted."),
}


def slip(trial: Trial) -> tuple[str, str, str] | None:
    """Return code, headline and advice for the slip that explains every value, or None."""
    until = time.monotonic() + _TIME_S
    found = _of_the_answer(trial)
    if found is not None:
        return found.code, _headline(found), found.says
    own = _of_the_line(trial, until)
    if own is not None:
        return own
    return _two_at_once(trial, until)


def _headline(found: Mistake) -> str:
    return {
        "rounded": "The result is rounded.",
        "percent": "Per cent and fractions are mixed up.",
        "returned-log": "A logarithm is returned where the number is asked.",
    }.get(found.code, "One slip: the rest of your formula is right.")


def _function(exercise: Exercise, source: str) -> Callable[..., Any]:
    return exercise.function(_body(source))


def _body(source: str) -> str:
    """Return the body of the function in `source`, as the text of an answer."""
    found = ast.parse(source).body[-1]
    assert isinstance(found, ast.FunctionDef)  # noqa: S101 -- for the type checker
    return "\n".join(ast.unparse(step) for step in found.body)


@functools.lru_cache(maxsize=64)
def _singles(sources: tuple[str, ...]) -> tuple[tuple[str, Mistake], ...]:
    """Return every slip of every right answer, with the answer that it comes from."""
    return tuple(
        (source, mistake)
        for source in sources
        for mistake in derived(source)
        if mistake.code not in _UNSAID
    )


def _right_sources(exercise: Exercise) -> tuple[str, ...]:
    texts = (exercise.answer, *exercise.also_right)
    return tuple(exercise.code(text, alone=True) for text in texts)


def _of_the_answer(trial: Trial) -> Mistake | None:
    exercise = trial.exercise
    singles = _singles(_right_sources(exercise))
    fitting = [mistake for _, mistake in singles if _fits(trial, mistake.source)]
    if not fitting:
        return None
    if exercise.rel > _NOISY and len({mistake.code for mistake in fitting}) > 1:
        return None
    mine = _formula(definition_of(trial.function), exercise)
    if not mine:
        return fitting[0]
    return max(
        enumerate(fitting),
        key=lambda one: (_likeness(mine, one[1].source), -one[0]),
    )[1]


def _fits(trial: Trial, source: str) -> bool:
    try:
        return same_values(trial, _function(trial.exercise, source))
    except Exception:  # noqa: BLE001 -- a change may make nonsense of a formula
        return False


def _formula(definition: ast.FunctionDef | None, exercise: Exercise) -> str:
    """Return what a learner's function does, with the argument names of the exercise."""
    if definition is None:
        return ""
    names = [a.arg for a in (*definition.args.posonlyargs, *definition.args.args)]
    renamed = dict(zip(names, exercise.argument_names, strict=False))
    for node in ast.walk(definition):
        if isinstance(node, ast.Name) and node.id in renamed:
            node.id = renamed[node.id]
    steps = [step for step in definition.body if not _is_text(step)]
    return "\n".join(ast.unparse(step) for step in steps)


def _is_text(step: ast.stmt) -> bool:
    return isinstance(step, ast.Expr) and isinstance(step.value, ast.Constant)


def _likeness(mine: str, source: str) -> float:
    """Tell how much a wrong source looks like the learner's, from 0 to 1."""
    return difflib.SequenceMatcher(None, mine, _body(source), autojunk=False).ratio()


# -- the learner's own line, mended -----------------------------------------------------------


def rebuilt(source: str, function: Any) -> Callable[..., Any] | None:
    """Return the function in a changed source, in the surroundings of the original one."""
    names = dict(getattr(function, "__globals__", {}))
    try:
        tree = ast.parse(source)
        definition = tree.body[0]
        if not isinstance(definition, ast.FunctionDef):
            return None
        exec(compile(tree, "<mended>", "exec", dont_inherit=True), names)  # noqa: S102
        made: Callable[..., Any] = names[definition.name]
    except Exception:  # noqa: BLE001 -- then there is none
        return None
    return made


def _of_the_line(trial: Trial, until: float) -> tuple[str, str, str] | None:
    """Change one thing in the learner's own source, and see whether that makes it right."""
    definition = definition_of(trial.function)
    if (
        definition is None
        or not _is_plain(definition)
        or getattr(trial.function, "__closure__", None)
    ):
        return None
    definition.decorator_list = []
    source = ast.unparse(definition)
    for mistake in derived(source):
        if time.monotonic() > until:
            return None
        if mistake.code not in _MENDED:
            continue
        mended = rebuilt(mistake.source, trial.function)
        if mended is None or not _is_right(trial, mended):
            continue
        code, says = _MENDED[mistake.code]
        before = mistake.change.partition(" -> ")[0]
        if mistake.code == "arguments-swapped":
            return code, _ONE, mistake.says
        return code, _ONE, f"Look at {before} in your line. {says}"
    return None


_ONE = "One slip: the rest of your formula is right."


def _is_plain(definition: ast.FunctionDef) -> bool:
    """Tell whether a function only computes, so that a changed copy of it does no harm."""
    steps = list(ast.walk(definition))
    refused = (ast.While, ast.Global, ast.Nonlocal, ast.Import, ast.ImportFrom, ast.With, ast.Try)
    called = [ast.unparse(step.func) for step in steps if isinstance(step, ast.Call)]
    harmful = ("open", "exec", "eval", "input", "print")
    return (
        len(steps) < 300
        and not any(isinstance(step, refused) for step in steps)
        and not any(name in harmful or name.startswith(("os.", "sys.")) for name in called)
    )


def _is_right(trial: Trial, function: Callable[..., Any]) -> bool:
    return all(
        agrees(call(function, c.arguments).value, value, rel=trial.exercise.rel)
        for c, value in zip(trial.calls, trial.right, strict=True)
    )


# -- two slips at once ------------------------------------------------------------------------


@functools.lru_cache(maxsize=32)
def _pairs(source: str) -> tuple[tuple[Mistake, Mistake], ...]:
    """Return the slips of slips: the second is made in the source of the first."""
    until = time.monotonic() + _TIME_S
    made = []
    for first in derived(source):
        if first.code not in _IN_PAIRS or time.monotonic() > until:
            continue
        made += [
            (first, second)
            for second in derived(first.source)
            if second.code in _IN_PAIRS | _AFTERWARDS
        ]
    return tuple(made)


def _two_at_once(trial: Trial, until: float) -> tuple[str, str, str] | None:
    exercise = trial.exercise
    if exercise.rel > _NOISY or sum(c.error is None for c in trial.calls) < 2:
        return None
    mine = _formula(definition_of(trial.function), exercise)
    fitting: list[tuple[Mistake, Mistake]] = []
    tried: set[str] = set()
    for first, second in _pairs(exercise.code(alone=True)):
        if time.monotonic() > until:
            break
        if second.source in tried:
            continue
        tried.add(second.source)
        if _fits(trial, second.source):
            fitting.append((first, second))
    if not fitting:
        return None
    first, second = max(fitting, key=lambda pair: _likeness(mine, pair[1].source))
    return second.code, "Two slips at once.", f"{first.says} And: {_lower(second.says)}"


def _lower(says: str) -> str:
    return says if says.startswith("The 1") else says[:1].lower() + says[1:]
