"""Compare what a learner's function returned with a number, whatever it returned."""

from __future__ import annotations

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
        array = np.asarray(value)
        if array.dtype.kind not in "iuf":
            return None
        return array.astype(np.float64)
    except Exception:  # noqa: BLE001 -- a learner's object may do anything when it is looked at
        return None


def agrees(value: Any, expected: Any, *, rel: float = 1e-6, tiny: float = 1e-12) -> bool:
    """Tell whether a learner's value is the expected number or array, and never raise.

    Parameters
    ----------
    value : object
        What the learner's function returned.
    expected : float or array_like
        The right answer, finite.
    rel : float
        Largest accepted difference as a fraction of the expected value, > 0.
    tiny : float
        Largest accepted difference where the expected value is zero, as a fraction of the largest
        expected value (or absolute when all are zero), >= 0.

    Returns
    -------
    bool
        True when the shapes agree and every element is within tolerance. One number may come as
        an array of one element; a list counts as an array.

    Examples
    --------
    >>> agrees(80.00000001, 80)
    True
    >>> agrees([40, 80], [40, 80.1])
    False
    >>> agrees(None, 80)
    False
    """
    got = as_numbers(value)
    if got is None:
        return False
    right = np.asarray(expected, dtype=np.float64)
    if got.shape != right.shape:
        if right.ndim or got.size != 1:
            return False
        got = got.reshape(())
    scale = float(np.max(np.abs(right), initial=0.0)) or 1.0
    with np.errstate(all="ignore"):
        return bool(np.all(np.abs(got - right) <= rel * np.abs(right) + tiny * scale))
