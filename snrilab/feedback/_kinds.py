"""Answers that are no numbers, or numbers of another kind, word or shape than asked for."""

from __future__ import annotations

from numbers import Number
from typing import TYPE_CHECKING, Any

import numpy as np

from snrilab.feedback._call import kind_name, with_article
from snrilab.feedback._lines import gives_none

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from snrilab.feedback._trial import Trial

    Said = tuple[str, str, str]

_TWO = 2


def kind_of(value: Any, unit: str) -> tuple[str, str]:
    """Return headline and advice for a value that is no number."""
    if isinstance(value, bool | np.bool_):
        return (
            "The function returns True or False, not a number.",
            f"That answers yes or no. Asked is how much: return the value ({unit}).",
        )
    of_numpy = isinstance(value, np.ndarray)
    if isinstance(value, complex) or (of_numpy and value.dtype.kind == "c"):
        return (
            "The function returns a complex number.",
            "A root or a power of a negative number gives one: what is below zero there, and "
            "should it be?",
        )
    if isinstance(value, int):
        return (
            "The function returns a whole number too large to calculate with.",
            "Is a power of two arguments meant there, or an argument in another unit?",
        )
    if isinstance(value, Number):
        kind = type(value).__name__
        return (
            f"The function returns {with_article(kind)}, a number that NumPy does not know.",
            f"Put float(...) round it, or leave {kind} out.",
        )
    kind = "text" if isinstance(value, (str, bytes)) else kind_name(value)
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
    kind = kinds.get(type(expected), kind_name(expected))
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
