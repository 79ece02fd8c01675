"""What wrong numbers have in common: digits, one argument ignored, a factor, one kind of input."""

from __future__ import annotations

import ast
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from snrilab.feedback._call import call, definition_of, source_of
from snrilab.feedback._handed_over import used_arguments
from snrilab.feedback._lines import gives_none, in_steps, in_sums, loops
from snrilab.feedback._mending import is_plain, mends, rebuilt
from snrilab.feedback._slips import is_share, of_the_line, two_at_once

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from snrilab.feedback._trial import Trial

    Said = tuple[str, str, str]

_CLOSE = 1e-3  # fits are noisy; a pattern is a pattern when it holds this well
_DERIVED = 12  # a small whole number is worked out, others are looked up
_NEAR = 0.15  # share by which digits that changed places may move a constant
_FELT = 0.01  # a smaller relative change moves nothing that one would call a direction
_MOST = 0.6  # share of values that must be right before one speaks of exceptions


def kind_of(value: Any, unit: str) -> tuple[str, str]:
    """Return headline and advice for a value that is no number."""
    if isinstance(value, bool | np.bool_):
        return (
            "The function returns True or False, not a number.",
            f"That answers yes or no. Asked is how much: return the value ({unit}).",
        )
    kind = "text" if isinstance(value, (str, bytes)) else f"a {type(value).__name__}"
    return (
        f"The function returns {kind}, not a number.",
        f"Return only the value ({unit}), without unit or text around it.",
    )


def other_kind(value: Any, expected: Any) -> tuple[str, str]:
    """Return headline and advice for numbers or text where the answer is of another kind."""
    yours = "text" if isinstance(value, str) else "numbers"
    yours = "a dictionary" if isinstance(value, dict) else yours
    if np.asarray(expected).dtype.kind == "b":
        return (
            f"The function returns {yours}; the answer is True or False.",
            "A comparison such as a >= b is that by itself: return it as it comes out.",
        )
    kinds: dict[type, str] = {dict: "a dictionary", list: "a list", tuple: "a tuple"}
    kind = kinds.get(type(expected), f"a {type(expected).__name__}")
    return (
        f"The function returns {yours}; the answer is {kind}.",
        f"Put what you worked out into {kind}, as the task and its example show.",
    )


def other_words(trial: Trial) -> Said | None:
    """Recognise right answers in other words: one word of the learner's for each that is asked."""
    if not all(isinstance(value, str) for value in trial.right):
        return None
    yours: dict[str, Any] = {}
    for c, wanted in zip(trial.calls, trial.right, strict=True):
        given = c.value
        if c.error is not None or not isinstance(given, str | bool | int | float | None):
            return None
        if given is None and not gives_none(trial):
            return None
        if yours.setdefault(wanted, given) != given or type(yours[wanted]) is not type(given):
            return None
    if len(yours) < _TWO or len(set(map(repr, yours.values()))) < len(yours):
        return None
    other = {wanted: given for wanted, given in yours.items() if given != wanted}
    moved = set(other) == set(other.values())
    if moved and len(yours) == _TWO:
        return None  # a comparison may be turned: its own line tells
    words = ", and ".join(f"{given!r} where {wanted!r} is right" for wanted, given in other.items())
    if moved:
        return "branches-swapped", "The right cases under each other's names.", f"You say {words}."
    return (
        "other-words",
        "You tell the cases apart rightly, and name them in other words.",
        f"You say {words}. Other lines go by these very words: copy them from the task.",
    )


_TWO = 2


def about_shape(got: NDArray[np.float64], expected: Any, each: bool = True) -> tuple[str, str]:
    """Return headline and advice for an array of the wrong shape, `each`: of a value for each."""
    if not each:
        why = "Asked are all of them together, in one list: which is missing, or too many?"
    elif got.shape == ():
        why = (
            "For an array the answer is an array, one value for each element; look for a sum, a "
            "mean or an element picked out."
        )
    else:
        why = "For an array the answer has one value for each element, in the same order."
    wanted = np.shape(expected)
    return f"The answer has {_size(got.shape)}, expected {_size(wanted)}.", why


def _size(shape: tuple[int, ...]) -> str:
    if shape == ():
        return "one value"
    if shape == (1,):
        return "1 value"
    return f"{shape[0]} values" if len(shape) == 1 else f"the shape {shape}"


# -- rounding ---------------------------------------------------------------------------------


_CUTS = re.compile(
    r"\b(int|int_|int64|round|around|rint|fix|floor|ceil|trunc|format)\b|//|%|\bf[\"']|decimals"
)


def rounding(trial: Trial) -> Said | None:
    """Recognise values that are right but for their last digits."""
    pairs = _pairs(trial)
    if not pairs or not any(trial.calls[place].numbers is not None for place in trial.wrong):
        return None
    mine, true = _joined(pairs)
    if np.allclose(mine, true, rtol=trial.exercise.rel, atol=0):
        return None  # what is wrong lies elsewhere
    if not np.isfinite(mine).all() or bool(np.all(mine == mine[0]) and mine.size > 1):
        return None
    source = source_of(trial.function)
    if source and not _CUTS.search(source):
        return None  # nothing in it rounds: the numbers only look like it
    if np.array_equal(true, np.rint(true)):
        return None  # whole numbers are asked for
    values = [c.value for c in trial.calls if c.numbers is not None]
    if _are_cut(mine, true, values):
        return (
            "whole-numbers",
            "The function returns whole numbers only.",
            "Something cuts off the decimals (int, round or //): leave it out. And int() does not "
            "take arrays.",
        )
    for digits in range(1, 9):
        if np.array_equal(mine, np.round(true, digits)) or np.allclose(
            mine, np.round(true, digits), rtol=1e-14, atol=0
        ):
            plural = "decimal" if digits == 1 else "decimals"
            return _rounded(f"{digits} {plural}")
    with np.errstate(all="ignore"):
        for digits in range(2, 7):
            kept = np.array([float(f"{value:.{digits}g}") for value in true])
            if np.allclose(mine, kept, rtol=1e-14, atol=0):
                return _rounded(f"{digits} digits")
    return None


def _rounded(how: str) -> Said:
    return (
        "rounded",
        f"The result is rounded to {how}.",
        "The formula is right. Give back what comes out of it, and round only what is shown: "
        "whatever is worked out from a rounded number inherits its error.",
    )


def _are_cut(mine: NDArray[np.float64], true: NDArray[np.float64], values: list[Any]) -> bool:
    # int(9.999999) is 9: right values that are whole tell only by the type.
    whole = bool(np.all(mine == np.rint(mine)))
    could_be = bool(np.any(true != np.rint(true))) or all(
        np.asarray(value).dtype.kind in "iu" for value in values
    )
    beside = bool(np.all(np.abs(mine - true) <= 1.0 + 1e-9))
    near = bool(np.any(np.abs(true) >= 1.0)) or bool(np.any(mine != 0))
    return whole and could_be and beside and near


# -- relations --------------------------------------------------------------------------------


def some(trial: Trial) -> tuple[str, str, str, int] | None:
    """Return code, headline, advice and the call to show, when most values are right."""
    if not _pairs(trial) or ignored(trial):
        return None  # right where the argument left out has the value that suits
    return _right_for_some(trial) or _right_for_one_length(trial)


def relation(trial: Trial) -> Said | None:
    """Return code, headline and advice for what all wrong numbers share."""
    pairs = _pairs(trial)
    if not pairs:
        return None
    mine, true = _joined(pairs)
    finite = np.isfinite(mine) & np.isfinite(true)
    together = None
    if np.array_equal(mine[~finite], true[~finite]):  # no sum is done with infinities
        together = _nearly(trial, mine[finite], true[finite])
        together = together or _whole_factor(mine[finite], true[finite])
    return (
        together
        or ignored(trial)
        or two_at_once(trial)
        or _direction(trial)
        or _right_by_chance(trial)
    )


def _pairs(trial: Trial) -> list[tuple[NDArray[np.float64], NDArray[np.float64]]]:
    pairs = []
    for c, value in zip(trial.calls, trial.right, strict=True):
        got = c.numbers
        try:
            expected = np.asarray(value, dtype=float)
        except (TypeError, ValueError):
            return []
        if got is not None and got.size == expected.size:
            pairs.append((got.ravel(), expected.ravel()))
    return pairs


def _joined(
    pairs: list[tuple[NDArray[np.float64], NDArray[np.float64]]],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    return np.concatenate([g for g, _ in pairs]), np.concatenate([r for _, r in pairs])


def one_number(trial: Trial) -> Said | None:
    """Recognise a function that gives one number whatever its inputs are."""
    values = [c.numbers for c in trial.calls]
    if len(values) < 2 or any(v is None or v.size == 0 for v in values):
        return None
    mine = np.concatenate([v.ravel() for v in values if v is not None])
    try:
        true = np.concatenate([np.ravel(np.asarray(v, dtype=float)) for v in trial.right])
    except (TypeError, ValueError):
        return None
    if np.any(mine != mine[0]) or not np.any(true != true[0]):
        return None
    why = (
        "A number written into the function, or a name from another cell, stands where an "
        "argument should: which arguments does your last line use?"
    )
    if used_arguments(trial):
        why = "The arguments cancel on the way: work your lines out by hand with the numbers below."
        if _returns_a_number(trial):
            why = "A number is written behind return: return what your lines work out."
    headline = f"The answer is {mine[0]:.6g} whatever the inputs are."
    return of_the_line(trial) or ("same-for-every-input", headline, why)


def _returns_a_number(trial: Trial) -> bool:
    """Tell whether a number stands behind each return."""
    definition = definition_of(trial.function)
    steps = ast.walk(definition) if definition is not None else ()
    returned = [step.value for step in steps if isinstance(step, ast.Return)]
    return bool(returned) and all(isinstance(value, ast.Constant) for value in returned)


def mistyped(trial: Trial) -> Said | None:
    """Recognise a constant that has another value in the learner's line."""
    pairs = _pairs(trial)
    if not pairs:
        return None
    factor = _factor(*_joined(pairs))
    return _other_number(trial) if factor is None else _typed_constant(trial, factor)


def _other_number(trial: Trial) -> Said | None:
    """Find a number in the learner's lines for which one of the answer's puts all right."""
    definition = definition_of(trial.function)
    closed = getattr(trial.function, "__closure__", None)
    if definition is None or closed or not is_plain(definition):
        return None  # nothing to try it with
    wanted = [abs(x) for x in _constants(ast.parse(trial.exercise.code(alone=True)))]
    looked_up = [x for x in dict.fromkeys(wanted) if x != round(x)]
    for mine in dict.fromkeys(_constants(definition)):
        for right in looked_up:
            if mine not in (0.0, 1.0, right) and mends(trial, mine, right):
                return (
                    "constant-wrong",
                    f"The number {mine:g} in your lines is another one.",
                    f"It alone explains every value. Look up what should stand for {mine:g}: are "
                    "two digits exchanged, or does it belong to another question?",
                )
    return None


_CONSTANTS = {
    "np.log(2)": float(np.log(2)),
    "np.log(10)": float(np.log(10)),
    "np.log10(2)": float(np.log10(2)),
    "np.pi": float(np.pi),
    "np.e": float(np.e),
}


def rounded_constant(trial: Trial) -> str:
    """Return what to add when only a constant such as 0.693 for ln 2 has few digits, or nothing."""
    pairs = _pairs(trial)
    if len(pairs) < len(trial.calls):
        return ""
    mine, true = _joined(pairs)
    definition = definition_of(trial.function)
    if definition is None or not np.allclose(mine, true, rtol=1e-3, atol=0):
        return ""
    for written in _constants(definition):
        for name, value in _CONSTANTS.items():
            if written != value and abs(written - value) < 1e-3 * value:
                return f"(Your {written:g} is {name} with few digits: {name} keeps them all.)"
    return ""


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


def _nearly(trial: Trial, mine: NDArray[np.float64], true: NDArray[np.float64]) -> Said | None:
    scale = float(np.max(np.abs(true), initial=0.0))
    off = float(np.max(np.abs(mine - true) / np.maximum(np.abs(true), 1e-9 * scale), initial=0.0))
    if not 0 < off < 0.01:
        return None
    if in_sums(trial):
        return (
            "summed-in-steps",
            f"Your sum comes near, to within {max(100 * off, 0.01):.2g} %.",
            "It adds up small steps, and each is off by a little: smaller ones come nearer. A "
            "formula gives the sum of endless small steps.",
        )
    if in_steps(trial):
        return (
            "searched-in-steps",
            f"Your search comes near, to within {max(100 * off, 0.01):.2g} %.",
            "It stops at the first step beyond the answer, so it is off by a part of a step. "
            "Solve the equation for what is asked: no search is needed.",
        )
    return (
        "nearly-right",
        f"All values are right to within {max(100 * off, 0.01):.2g} %.",
        "Near, and not it: a constant with too few digits, something rounded on the way, or a "
        "small term that is another one, such as n for n - 1.",
    )


# -- right for some ---------------------------------------------------------------------------


class _Element(NamedTuple):
    """One element of one call: its inputs, what came and what is right."""

    place: int
    inputs: tuple[float, ...]
    good: bool
    expected: float
    in_array: bool


def _elements(trial: Trial) -> list[_Element]:
    """Take every call apart into its elements, where inputs and result have one shape."""
    found: list[_Element] = []
    for place, c in enumerate(trial.calls):
        got = c.numbers
        expected = np.asarray(trial.right[place], dtype=float)
        if got is None or got.shape != expected.shape:
            continue
        try:
            inputs = [np.asarray(argument, dtype=float) for argument in c.arguments]
            spread = [one.ravel() for one in np.broadcast_arrays(*inputs)]
        except (TypeError, ValueError):
            continue
        if spread[0].size != expected.size:
            continue
        scale = float(np.max(np.abs(expected), initial=0.0)) or 1.0
        near = np.abs(got - expected) <= trial.exercise.rel * np.abs(expected) + 1e-12 * scale
        for i, good in enumerate(near.ravel()):
            values = tuple(float(one[i]) for one in spread)
            right = float(expected.ravel()[i])
            found.append(_Element(place, values, bool(good), right, expected.ndim > 0))
    return found


def _right_for_some(trial: Trial) -> tuple[str, str, str, int] | None:
    """Speak of exceptions only where most is right, and say what is special about them."""
    elements = _elements(trial)
    bad = [one for one in elements if not one.good]
    good = [one for one in elements if one.good]
    if not elements or not bad or len(good) < _MOST * len(elements):
        return None
    names = trial.exercise.argument_names
    headline = f"Right for {len(good)} of the {len(elements)} values tried here."
    special = next(
        (
            words
            for words, holds in _features(names)
            if all(holds(one) for one in bad) and not any(holds(one) for one in good)
        ),
        "",
    )
    place = bad[0].place
    if special:
        why = f"It goes wrong {special}. What has to come out there, and why?"
    else:
        why = "Compare the one below with those that are right: what is different about it?"
    return "wrong-for-some-inputs", headline, why, place


def _right_by_chance(trial: Trial) -> Said | None:
    """Where little is right, say what makes it so, lest it be taken for a sign."""
    elements = _elements(trial)
    good = [one for one in elements if one.good]
    bad = [one for one in elements if not one.good]
    if not good or not bad:
        return None
    features = _features(trial.exercise.argument_names)
    either = [
        (f"{words} or {others}", lambda one, f=holds, g=also: f(one) or g(one))
        for words, holds in features
        for others, also in features
        if words.endswith(" is zero") and others.endswith(" are equal")
    ]
    for words, holds in features + either:
        if all(holds(one) for one in good) and not any(holds(one) for one in bad):
            headline = f"It comes out right only {words}."
            why = "There two different formulas give the same number. Try it elsewhere, as below."
            return "right-by-chance", headline, why
    return None


def _right_for_one_length(trial: Trial) -> tuple[str, str, str, int] | None:
    """Find a number of values that is written into the function."""
    lengths = [{np.size(a) for a in c.arguments if isinstance(a, np.ndarray)} for c in trial.calls]
    good = {n for place, n_s in enumerate(lengths) if trial.agreeing[place] for n in n_s}
    bad = {n for place in trial.wrong for n in lengths[place]}
    if len(good) != 1 or not bad or good & bad or any(len(n_s) != 1 for n_s in lengths):
        return None
    n = good.pop()
    definition = definition_of(trial.function)
    if definition is not None and not any(
        abs(abs(written) - close) < 0.01
        for written in _constants(definition)
        for close in (n, n - 1, 1 / n)
    ):
        return None  # right there by chance
    if not all(_stays_right(trial, place) for place, good in enumerate(trial.agreeing) if good):
        return None
    values = "one value" if n == 1 else f"{n} values"
    return (
        "length-written-in",
        f"It is right for {values} and for no other number of them.",
        "A number in your lines stands where the number of values belongs: len(...) or .size "
        "gives it, and np.mean counts by itself.",
        trial.wrong[0],
    )


def _stays_right(trial: Trial, place: int) -> bool:
    """Tell whether a call that is right is so with other numbers too, and not by chance."""
    for argument, given in enumerate(trial.calls[place].arguments):
        if isinstance(given, int | float | np.ndarray) and not isinstance(given, bool):
            move = _grown(trial, place, argument, 3)
            if move is not None and not np.isclose(move.after, move.should, rtol=1e-6, atol=0):
                return False
    return True


def _features(names: tuple[str, ...]) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    for i, name in enumerate(names):
        found += [
            (f"where {name} is zero", lambda one, i=i: one.inputs[i] == 0),
            (f"where {name} is negative", lambda one, i=i: one.inputs[i] < 0),
            (f"where {name} is below 1", lambda one, i=i: one.inputs[i] < 1),
            (f"where {name} is above 1", lambda one, i=i: one.inputs[i] > 1),
        ]
    found += [
        ("where the right value is negative", lambda one: one.expected < 0),
        ("where the right value is zero", lambda one: one.expected == 0),
        ("where the right value is below 1", lambda one: one.expected < 1),
        ("where the right value is above 1", lambda one: one.expected > 1),
        ("for arrays", lambda one: one.in_array),
        ("for single numbers", lambda one: not one.in_array),
    ]
    for i, name in enumerate(names):
        for j, other in enumerate(names):
            if i != j:
                found.append(
                    (
                        f"where {name} is smaller than {other}",
                        lambda one, i=i, j=j: one.inputs[i] < one.inputs[j],
                    )
                )
            if i < j:
                found.append(
                    (
                        f"where {name} and {other} are equal",
                        lambda one, i=i, j=j: one.inputs[i] == one.inputs[j],
                    )
                )
    return found


# -- one relation between all values ----------------------------------------------------------


def _factor(mine: NDArray[np.float64], true: NDArray[np.float64]) -> float | None:
    """Return the one factor between all values, or None."""
    if true.size < 2:
        return None
    with np.errstate(all="ignore"):
        nonzero = true != 0
        ratio = mine[nonzero] / true[nonzero]
        if ratio.size < 2 or np.any(mine[~nonzero] != 0) or not _alike(ratio, ratio[0]):
            return None
    factor = float(ratio[0])
    return factor if factor and np.isfinite(factor) else None


def _whole_factor(mine: NDArray[np.float64], true: NDArray[np.float64]) -> Said | None:
    factor = _factor(mine, true)
    if factor is not None and abs(factor + 1) < _CLOSE:
        return (
            "sign-turned",
            "Every value has the wrong sign.",
            "The size is right. A minus too many or too few, a difference the other way round, or "
            "the logarithm of a number below 1, which is negative?",
        )
    if factor is not None:
        times = max(abs(factor), 1 / abs(factor))
        many = "too many" if abs(factor) > 1 else "that is missing"
        return (
            "constant-factor",
            f"Every value is {factor:.4g} times the right one.",
            f"The shape is right: look for a factor of {times:.4g} {many}, or for a constant "
            "mistyped.",
        )
    if true.size > 1 and mine[0] != true[0] and _alike(mine - true, mine[0] - true[0]):
        return (
            "constant-difference",
            f"Every value is off by {mine[0] - true[0]:+.4g}.",
            "Something is added or taken away that should not be, or is missing.",
        )
    return None


def _alike(left: NDArray[np.float64], right: float) -> bool:
    return bool(np.allclose(left, right, rtol=_CLOSE, atol=0.0))


def _typed_constant(trial: Trial, factor: float) -> Said | None:
    """Find a number in the learner's line whose mistyping explains a constant factor."""
    definition = definition_of(trial.function)
    if definition is None:
        return None
    for mine in _constants(definition):
        for right in _constants(ast.parse(trial.exercise.code(alone=True))):
            if not mine or right in (0.0, 1.0) or mine in (right, 1.0):
                continue
            explains = (mine / right, right / mine)
            if any(_alike(np.array([one]), factor) for one in explains) and mends(
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
                where = "Look it up again."
                if right == round(right) and abs(right) <= _DERIVED:
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
    for mine in dict.fromkeys(_constants(definition)):
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
        for right in _constants(answer):
            if right not in (0.0, mine) and mends(trial, mine, right):
                return (
                    "constant-wrong",
                    f"The number {mine:g} in your line is another one.",
                    f"Your {mine:g} alone explains every value: the rest is right. Where does it "
                    "come from?",
                )
    return None


def _compared(definition: ast.FunctionDef, number: float) -> bool:
    """Tell whether a number stands in a comparison."""
    asked = (node for node in ast.walk(definition) if isinstance(node, ast.Compare))
    return any(number in _constants(one) for one in asked)


def _constants(tree: ast.AST) -> list[float]:
    values = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant))
    return [
        float(value)
        for value in values
        if isinstance(value, int | float) and not isinstance(value, bool)
    ]


# -- what moves and what does not -------------------------------------------------------------


class _Move(NamedTuple):
    """What happens at one call when one argument grows: mine and right, before and after."""

    place: int
    percent: int
    before: float
    after: float
    right: float
    should: float
    still: bool  # no value of mine moves, the one shown here or another

    @property
    def up(self) -> float:
        """By how much mine rises; 0 when it stays."""
        return _step(self.before, self.after)

    @property
    def right_up(self) -> float:
        """By how much the right value rises; 0 when it stays."""
        return _step(self.right, self.should)

    @property
    def is_felt(self) -> bool:
        """Tell whether mine moves by more than a trace, beside how the right value moves."""
        return abs(self.after - self.before) > _FELT * abs(self.before) * self.percent / 30

    def words(self, name: str) -> str:
        """Say the condition, for a sentence."""
        return f"With {name} {self.percent} % larger"

    @property
    def mine_said(self) -> str:
        """Say how mine moves, with as many digits as show it."""
        return _from_to(self.before, self.after)

    @property
    def right_said(self) -> str:
        """Say how the right value moves."""
        return _from_to(self.right, self.should)


def _from_to(before: float, after: float) -> str:
    for digits in (4, 6, 8, 10, 12, 15):
        one, other = f"{before:.{digits}g}", f"{after:.{digits}g}"
        if one != other:
            break
    return f"from {one} to {other}"


def _step(before: float, after: float) -> float:
    return after - before if abs(after - before) > 1e-9 * max(abs(before), abs(after)) else 0.0


def _moved(trial: Trial, place: int, argument: int) -> _Move | None:
    """Let one argument grow, as far as the right value keeps its direction (a share stays < 1)."""
    if loops(trial):
        return None  # at a value that nobody asked for it may never end
    given = trial.calls[place].arguments[argument]
    if not isinstance(given, int | float | np.ndarray) or isinstance(given, bool):
        return None
    if isinstance(given, np.ndarray) and given.dtype.kind not in "iuf":
        return None
    nearby = _grown(trial, place, argument, 0.1)
    for percent in (30, 10, 1):
        move = _grown(trial, place, argument, percent)
        if nearby and move and np.sign(move.right_up) == np.sign(nearby.right_up):
            return move if np.sign(move.up) == np.sign(nearby.up) else None
    return None


def _grown(trial: Trial, place: int, argument: int, percent: float) -> _Move | None:
    c = trial.calls[place]
    grown = c.arguments[argument] * (1 + percent / 100)
    if np.any(np.asarray(grown) >= 1) and is_share(trial, trial.exercise.argument_names[argument]):
        return None  # no share grows beyond the whole
    changed = (*c.arguments[:argument], grown, *c.arguments[argument + 1 :])
    after = call(trial.function, changed)
    expected = call(trial.exercise.reference, changed)
    if c.numbers is None or after.numbers is None or expected.numbers is None:
        return None
    before = np.asarray(trial.right[place], dtype=float)
    parts = (c.numbers, after.numbers, before, expected.numbers)
    if any(part.size == 0 or not np.isfinite(part).all() for part in parts):
        return None
    last = [float(part.ravel()[-1]) for part in parts]
    still = bool(np.array_equal(c.numbers, after.numbers))
    return _Move(place, int(percent), last[0], last[1], last[2], last[3], still)


def _ever_moves(trial: Trial, argument: int) -> bool:
    """Tell whether the right value moves with an argument at any call, as counts do in jumps."""
    for place, c in enumerate(trial.calls):
        if not isinstance(c.arguments[argument], int | float | np.ndarray):
            continue
        for percent in (-80, -50, 100, 400):
            move = _grown(trial, place, argument, percent)
            if move is not None and move.right_up:
                return True
    return False


def ignored(trial: Trial) -> Said | None:
    """Find arguments that change nothing at any call, though they should."""
    still = []
    for i, name in enumerate(trial.exercise.argument_names):
        moves = [_moved(trial, place, i) for place in range(len(trial.calls))]
        seen = [move for move in moves if move is not None]
        shown = moves[trial.first_wrong]
        if shown and shown.right_up and all(move.still for move in seen):
            still.append((name, shown))
    if not still:
        return None
    name, move = still[0]
    names = ", ".join(one for one, _ in still[:-1])
    names = f"{names} or {still[-1][0]}" if names else name
    return (
        "argument-ignored",
        f"Your answer does not depend on {names}.",
        f"{move.words(name)} yours stays {move.before:.4g}; the right value goes "
        f"{move.right_said}. Where does {name} come in?",
    )


def _direction(trial: Trial) -> Said | None:
    """Find an argument that moves the answer the wrong way: everywhere, or at the call shown."""
    names = trial.exercise.argument_names
    table = [[_moved(trial, p, i) for p in range(len(trial.calls))] for i in range(len(names))]
    for name, moves in zip(names, table, strict=True):
        move = moves[trial.first_wrong]
        if move is None or not move.up:
            continue
        if not move.right_up and not _ever_moves(trial, names.index(name)):
            return (
                "argument-too-many",
                f"Your answer changes with {name}, and should not here.",
                f"{move.words(name)} yours goes {move.mine_said}; the right value stays "
                f"{move.right:.4g}.",
            )
        if not move.is_felt and abs(move.right_up) > 0.05 * abs(move.right):
            return (
                "hardly-moves",
                f"Your answer hardly depends on {name}.",
                f"{move.words(name)} yours goes {move.mine_said}, and the right value goes "
                f"{move.right_said}. Which part of your formula does {name} act on, and which "
                "should it act on?",
            )
    for everywhere in (True, False):
        for name, moves in zip(names, table, strict=True):
            move = moves[trial.first_wrong]
            seen = [one for one in moves if one is not None]
            against = [one.up * one.right_up < 0 for one in seen]
            steady = len({one.right_up > 0 for one in seen}) == 1
            if move is None or move.up * move.right_up >= 0:
                continue
            if everywhere and not (all(against) and steady):
                continue
            rises, falls = ("rises", "falls") if move.right_up > 0 else ("falls", "rises")
            your = "Your" if everywhere else "Here your"
            return (
                "wrong-direction",
                f"{your} answer {falls} when {name} rises; it should do the reverse.",
                f"{move.words(name)} yours goes {move.mine_said}, and the right value {rises} "
                f"{move.right_said}. What does a larger {name} do to each part of your formula?",
            )
    return None
