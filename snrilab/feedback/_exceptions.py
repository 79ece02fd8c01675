"""Answers that are right for some inputs only: what is special about these, or about the others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from snrilab.feedback._call import definition_of
from snrilab.feedback._constants import constants
from snrilab.feedback._moves import grown, ignored

if TYPE_CHECKING:
    from snrilab.feedback._trial import Trial

    Said = tuple[str, str, str]

_MOST = 0.6  # share of values that must be right before one speaks of exceptions


def some(trial: Trial) -> tuple[str, str, str, int] | None:
    """Return code, headline, advice and the call to show, when most values are right."""
    if not trial.pairs or ignored(trial):
        return None  # right where the argument left out has the value that suits
    return _right_for_some(trial) or _right_for_one_length(trial)


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
        for written in constants(definition)
        for close in (n, n - 1, 1 / n)
    ):
        return None  # right there by chance
    if not all(_stays_right(trial, place) for place, good in enumerate(trial.agreeing) if good):
        return None
    if n == 1:
        return (
            "wrong-for-some-inputs",
            "It is right for one value and for no other number of them.",
            "Follow your lines with the input below: what is done a second time that should be "
            "done once, or the other way round?",
            trial.wrong[0],
        )
    values = f"{n} values"
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
            move = grown(trial, place, argument, 3)
            if move is not None and not np.isclose(move.after, move.should, rtol=1e-6, atol=0):
                return False
    return True


def right_by_chance(trial: Trial) -> Said | None:
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


_UNITS = frozenset({"h", "d", "s", "m", "mg", "kg", "nM", "L", "percent", "per"})


def _unit(name: str) -> str:
    """Return the unit that a name ends in: h, or "per" for one like ng_per_mL."""
    _, per, _ = name.rpartition("_per_")
    return "per" if per else name.rpartition("_")[2]


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
            if {_unit(name), _unit(other)} <= _UNITS and _unit(name) != _unit(other):
                continue  # 12 hours are neither more nor less than 20 litres
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
