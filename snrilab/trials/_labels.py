"""Columns that name a subject, a visit, an arm or a group: none missing, their order kept."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__: list[str] = []


def labels(name: str, column: Any) -> NDArray[Any]:
    """Return the labels of a column, or raise where one is missing.

    Missing are None, NaN, NaT, NA, a masked entry, and text that is blank or, in an array of text,
    ``"nan"``: that is what numpy makes of a NaN among names.
    """
    array = np.asarray(column)
    gone = _gone(column, array)
    if gone.any():
        row = int(np.argmax(gone))
        entry = (
            column[row] if isinstance(column, (list, tuple)) else array[row : row + 1].tolist()[0]
        )
        raise ValueError(
            f"{name} must label every row, got a missing label ({entry!r}) in column "
            f"{name!r} at row {row} (the first row is 0)."
        )
    return array


def _gone(column: Any, array: NDArray[Any]) -> NDArray[np.bool_]:
    """Return which entries of a column are missing."""
    if isinstance(column, np.ma.MaskedArray):
        return np.ma.getmaskarray(column) | _gone(array, array)
    if isinstance(column, (list, tuple)) or array.dtype.kind not in "iubfU":
        return np.array([missing(one) for one in column], dtype=bool)
    if array.dtype.kind == "f":
        return np.asarray(np.isnan(array))
    if array.dtype.kind == "U":
        return np.asarray((np.char.strip(array) == "") | (array == "nan"))
    return np.zeros(array.shape, dtype=bool)


def missing(one: Any) -> bool:
    """Return whether an entry stands for a value that is not there."""
    if one is None:
        return True
    if isinstance(one, str):
        return not one.strip()
    if isinstance(one, (float, np.floating)):
        return math.isnan(one)
    return type(one).__name__ in {"NAType", "NaTType"} or (
        isinstance(one, (np.datetime64, np.timedelta64)) and bool(np.isnat(one))
    )


def floats(name: str, column: Any) -> NDArray[np.float64]:
    """Return a column of numbers with NaN where one is missing, or raise."""
    array = np.asarray(column)
    if isinstance(column, np.ma.MaskedArray):
        array = np.where(np.ma.getmaskarray(column), np.nan, column.data)
    if array.dtype.kind == "O":
        array = np.array([np.nan if missing(one) else one for one in array.ravel()])
    if array.dtype.kind not in "iuf":
        raise TypeError(
            f"{name} must be numbers (NaN where missing), got column {name!r} of {array.dtype}."
        )
    return array.astype(np.float64)


def declared_order(column: Any) -> list[Any] | None:
    """Return the categories of a categorical column of a data frame, in their order, or None."""
    order = getattr(getattr(column, "dtype", None), "categories", None)
    return None if order is None else list(order)
