"""Compare what a learner's function returned with the right answer, whatever it returned."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def as_numbers(value: Any) -> NDArray[np.float64] | None:
    """Return `value` as floats, or None when it is not a number or an array of numbers.

    Parameters
    ----------
    value : object
        Anything a learner's function may return. Text, truth values, complex numbers, dicts,
        functions and objects that raise when looked at are not numbers.

    Returns
    -------
    numpy.ndarray or None
        A float64 copy; NaN and infinity stay.

    Examples
    --------
    >>> as_numbers([1, 2.5])
    array([1. , 2.5])
    >>> as_numbers("2.5") is None
    True
    """
    if value is None or isinstance(value, (str, bytes, dict, set, frozenset, type)):
        return None
    try:
        array = np.asarray(float(value) if type(value) is int else value)  # of any size
        if array.dtype.kind not in "iuf":
            return None
        return array.astype(np.float64)
    except Exception:  # noqa: BLE001 -- a learner's object may do anything when it is looked at
        return None


def are_numbers(value: Any, many: int = 1) -> bool:
    """Tell whether a learner's value is a number, or so many numbers, and never raise.

    Parameters
    ----------
    value : object
        What the learner gave a name to.
    many : int
        How many numbers are asked for.

    Returns
    -------
    bool
        False for text, nothing, truth values, NaN, and another number of numbers.

    Examples
    --------
    >>> are_numbers(3.5), are_numbers("3.5"), are_numbers((3, 5)), are_numbers([3, 5], 2)
    (True, False, False, True)
    """
    numbers = as_numbers(value)
    return numbers is not None and numbers.size == many and not np.any(np.isnan(numbers))


def is_tuple_of_arrays(value: Any) -> bool:
    """Tell whether a value is what np.where(...) gives, which is no number to use."""
    return isinstance(value, tuple) and any(isinstance(one, np.ndarray) for one in value)


_FLOATS = frozenset({float, np.float64})


def agrees(value: Any, expected: Any, *, rel: float = 1e-6, tiny: float = 1e-12) -> bool:
    """Tell whether a learner's value is the expected one, and never raise.

    Parameters
    ----------
    value : object
        What the learner's function returned.
    expected : float, array_like, bool, str, None, or list, tuple or dict of these
        The right answer; a number in it may be infinite and is no NaN.
    rel : float
        Largest accepted difference as a fraction of the expected value, > 0.
    tiny : float
        Largest accepted difference where the expected value is zero, as a fraction of the largest
        expected value (or absolute when all are zero), >= 0.

    Returns
    -------
    bool
        True when the shapes agree and every element is within tolerance. One number may come as
        an array of one element; a list counts as an array. What is no number has to be the same:
        a truth value is no 1, and None is no NaN.

    Examples
    --------
    >>> agrees(80.00000001, 80)
    True
    >>> agrees([40, 80], [40, 80.1])
    False
    >>> agrees(None, 80)
    False
    >>> agrees((5, np.inf), (5, np.inf)), agrees((5, 1e300), (5, np.inf))
    (True, False)
    >>> agrees({"SERT": 11.2, "NET": None}, {"NET": None, "SERT": 11.2})
    True
    """
    if type(value) in _FLOATS and type(expected) in _FLOATS:  # as below, in a tenth of the time
        got_one, right_one = float(value), float(expected)
        if not math.isfinite(right_one):
            return got_one == right_one
        size = abs(right_one)
        return abs(got_one - right_one) <= rel * size + tiny * (size or 1.0)
    if as_numbers(expected) is None:
        try:
            return _same(value, expected, rel, tiny)
        except Exception:  # noqa: BLE001 -- a learner's object may do anything when it is looked at
            return False
    got = as_numbers(value)
    if got is None:
        return False
    right = np.asarray(expected, dtype=np.float64)
    if got.shape != right.shape:
        if right.ndim or got.size != 1 or is_tuple_of_arrays(value):
            return False
        got = got.reshape(())
    finite = np.isfinite(right)
    scale = float(np.max(np.abs(right), initial=0.0, where=finite)) or 1.0
    with np.errstate(all="ignore"):
        near = np.abs(got - right) <= rel * np.abs(right) + tiny * scale
        return bool(np.all(np.where(finite, near, got == right)))


def _same(value: Any, expected: Any, rel: float, tiny: float) -> bool:
    """Compare with what is no number: truth values, text, None, and what is made of these."""
    if isinstance(expected, bool | np.bool_) or _holds_truth(expected):
        got, right = np.asarray(value), np.asarray(expected)
        one = right.ndim == 0 and got.size == 1
        fits = got.dtype == bool and (one or got.shape == right.shape)
        return fits and bool(np.all(got == right))
    if isinstance(expected, list | tuple):
        return (
            isinstance(value, list | tuple | np.ndarray)
            and len(value) == len(expected)
            and all(agrees(v, e, rel=rel, tiny=tiny) for v, e in zip(value, expected, strict=True))
        )
    if isinstance(expected, dict):
        return (
            isinstance(value, dict)
            and value.keys() == expected.keys()
            and all(agrees(value[k], e, rel=rel, tiny=tiny) for k, e in expected.items())
        )
    if isinstance(expected, np.ndarray):
        return bool(np.array_equal(np.asarray(value), expected))
    return bool(type(value) is type(expected) and value == expected)


def _holds_truth(expected: Any) -> bool:
    """Tell whether these are truth values, one or more and nothing else."""
    if isinstance(expected, np.ndarray):
        return bool(expected.dtype == bool)
    flat = isinstance(expected, list | tuple) and len(expected) > 0
    return flat and all(isinstance(one, bool | np.bool_) for one in expected)
