"""Refuse impossible input in one sentence: the argument, the value given, the values allowed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Seed = int | np.random.SeedSequence | np.random.Generator | None


def _as_floats(name: str, value: ArrayLike) -> NDArray[np.float64]:
    """Return `value` as float64 without ever changing what was passed in; True is no number."""
    if isinstance(value, (str, bytes)) or value is None or isinstance(value, dict):
        raise TypeError(f"{name} must be a number or an array of numbers, got {value!r}.")
    try:
        raw = np.asarray(value)
        if raw.dtype.kind not in "iuf":
            raise TypeError
        floats = raw.astype(np.float64)
        if isinstance(value, (list, tuple)) and _has_bool(value):
            raise TypeError
    except (TypeError, ValueError):
        message = f"{name} must be a number or an array of numbers, got {_not_numbers(value)}."
        raise TypeError(message) from None
    return floats


def _not_numbers(value: Any) -> str:
    """Show what is no number: in a column the first entry at fault, its dtype, and what to do."""
    try:
        entries = np.asarray(value, dtype=object).ravel().tolist()
    except ValueError:
        return _shown(value)
    kinds = (int, float, np.integer, np.floating)
    wrong = (i for i, x in enumerate(entries) if isinstance(x, bool) or not isinstance(x, kinds))
    at = next(wrong, None)
    dtype = getattr(value, "dtype", None)
    column = "" if dtype is None else f"dtype {dtype}"
    if (not isinstance(value, (list, tuple)) and not column) or len(entries) < 2:
        return _shown(value)
    if at is None:
        return f"{column} that holds numbers: convert with .astype(float)"
    found = f"{_shown(entries[at], 40)} at position {at}"
    found = f"{column} with {found}" if column else found
    if isinstance(entries[at], str):
        found += (
            ": decide what each text stands for, then convert, for example with "
            'pandas.to_numeric(..., errors="coerce")'
        )
    return found


def _has_bool(values: list[Any] | tuple[Any, ...]) -> bool:
    kinds = set(map(type, values))
    return bool in kinds or np.bool_ in kinds


def _shown(value: Any, limit: int = 80) -> str:
    text = repr(value).replace("\n", " ")
    return text if len(text) <= limit else text[: limit - 1] + "…"


def numbers(
    name: str,
    value: ArrayLike,
    *,
    low: float = -np.inf,
    high: float = np.inf,
    low_open: bool = False,
    high_open: bool = False,
    infinite: bool = False,
    empty: bool = False,
) -> NDArray[np.float64]:
    """Return `value` as a float64 array inside [low, high], or raise.

    NaN is always refused; infinity only passes with ``infinite=True``; an empty array only with
    ``empty=True``. ``low_open`` and ``high_open`` exclude the limit itself.
    """
    floats = _as_floats(name, value)
    if floats.size == 0 and not empty:
        raise ValueError(f"{name} is empty; at least one value is needed.")
    above = floats > low if low_open else floats >= low
    below = floats < high if high_open else floats <= high
    allowed = above & below if infinite else above & below & np.isfinite(floats)
    if not allowed.all():
        range_ = _range(low, high, low_open, high_open, infinite)
        raise ValueError(f"{name} must be {range_}, got {_offender(floats, allowed)}.")
    return floats


def positive(name: str, value: ArrayLike, *, infinite: bool = False) -> NDArray[np.float64]:
    """Return `value` as floats > 0, or raise."""
    return numbers(name, value, low=0.0, low_open=True, infinite=infinite)


def nonnegative(name: str, value: ArrayLike, *, infinite: bool = False) -> NDArray[np.float64]:
    """Return `value` as floats >= 0, or raise."""
    return numbers(name, value, low=0.0, infinite=infinite)


def fraction(name: str, value: ArrayLike) -> NDArray[np.float64]:
    """Return `value` as floats in [0, 1], or raise."""
    return numbers(name, value, low=0.0, high=1.0)


def one_number(name: str, value: ArrayLike, **limits: Any) -> float:
    """Return `value` as a single float inside the limits of `numbers`, or raise."""
    floats = numbers(name, value, **limits)
    if floats.ndim != 0:
        raise ValueError(f"{name} must be a single number, got an array of shape {floats.shape}.")
    return float(floats)


def typed_number(words: str) -> float | None:
    """Return the number that somebody typed, or None: 3.5, 3,5 and 10,000 (ten thousand)."""
    words = words.strip().replace("\N{MINUS SIGN}", "-")
    if re.fullmatch(r"[+-]?[1-9]\d{0,2}(,\d{3})+(\.\d*)?", words):
        words = words.replace(",", "")
    try:
        number = float(words.replace(",", "."))
    except ValueError:
        return None
    return number if np.isfinite(number) else None


def no_number(typed: str) -> str:
    """Say that what was typed is no number."""
    typed = typed.strip()
    return f"“{typed}” is no number: write the number alone." if typed else "A number is missing."


def whole_number(name: str, value: Any, *, low: int = 0, high: int | None = None) -> int:
    """Return `value` as an int in [low, high], or raise; 3.0 counts as 3, True does not."""
    allowed = f"a whole number >= {low}" if high is None else f"a whole number from {low} to {high}"
    if isinstance(value, (bool, np.bool_)) or not isinstance(
        value, (int, float, np.integer, np.floating)
    ):
        raise TypeError(f"{name} must be {allowed}, got {_shown(value)}.")
    if (
        not np.isfinite(value)
        or value != int(value)
        or value < low
        or (high is not None and value > high)
    ):
        raise ValueError(f"{name} must be {allowed}, got {value!r}.")
    return int(value)


def choice(name: str, value: Any, allowed: tuple[str, ...] | list[str]) -> str:
    """Return `value` when it is one of `allowed`, or raise with the list and the nearest match."""
    if isinstance(value, str) and value in allowed:
        return value
    import difflib

    near = difflib.get_close_matches(str(value), allowed, n=1)
    hint = f" Did you mean {near[0]!r}?" if near else ""
    kind = ValueError if isinstance(value, str) else TypeError
    raise kind(f"{name} must be one of {', '.join(map(repr, allowed))}; got {_shown(value)}.{hint}")


def text(name: str, value: Any) -> str:
    """Return `value` when it is text, or raise."""
    if not isinstance(value, str):
        raise TypeError(f"{name} must be text, got {_shown(value)}.")
    return value


def flag(name: str, value: Any) -> bool:
    """Return `value` when it is True or False, or raise."""
    if not isinstance(value, (bool, np.bool_)):
        raise TypeError(f"{name} must be True or False, got {_shown(value)}.")
    return bool(value)


def members(name: str, value: Any, kind: type, what: str) -> tuple[Any, ...]:
    """Return the members of a sequence when each is of one kind, or raise and say `what` they are.

    A text, a mapping and an array are not sequences of anything here.
    """
    if not isinstance(value, (list, tuple)) or not all(isinstance(one, kind) for one in value):
        raise TypeError(f"{name} must be a list or tuple of {what}, got {_shown(value)}.")
    return tuple(value)


def mapping(name: str, value: Any, what: str) -> dict[str, Any]:
    """Return a mapping from text as a dict, or raise and say `what` it maps."""
    if not isinstance(value, Mapping) or not all(isinstance(key, str) for key in value):
        raise TypeError(f"{name} must be a mapping of {what}, got {_shown(value)}.")
    return dict(value)


def same_length(**arrays: NDArray[np.float64]) -> None:
    """Raise unless all named arrays are one-dimensional and equally long."""
    shapes = {name: np.shape(array) for name, array in arrays.items()}
    if any(len(shape) != 1 for shape in shapes.values()) or len(set(shapes.values())) > 1:
        listed = ", ".join(f"{name} {shape}" for name, shape in shapes.items())
        raise ValueError(
            f"{' and '.join(shapes)} must be one-dimensional and equally long, got shapes {listed}."
        )


def broadcastable(**arrays: NDArray[np.float64]) -> None:
    """Raise unless the named arrays have one shape, or shapes that numpy can combine."""
    shapes = {array.shape for array in arrays.values() if array.ndim}
    if len(shapes) < 2:
        return
    try:
        np.broadcast_shapes(*shapes)
    except ValueError:
        listed = {name: f"{name} {array.shape}" for name, array in arrays.items() if array.ndim}
        raise ValueError(
            f"{' and '.join(listed)} must have shapes that fit together (equal, or single "
            f"numbers), got {', '.join(listed.values())}."
        ) from None


def random_generator(rng: Any, name: str = "rng") -> np.random.Generator:
    """Return the generator itself, or one from a seed (None: a fresh one), or raise."""
    try:
        if isinstance(rng, (bool, np.bool_)):
            raise TypeError
        return np.random.default_rng(rng)
    except (TypeError, ValueError):
        negative = isinstance(rng, (int, np.integer)) and not isinstance(rng, bool)
        kind = ValueError if negative else TypeError
        raise kind(
            f"{name} must be None, a whole number >= 0, a SeedSequence or a Generator, "
            f"got {_shown(rng)}."
        ) from None


def increasing(name: str, value: ArrayLike) -> NDArray[np.float64]:
    """Return `value` as at least two finite floats that increase, or raise."""
    floats = numbers(name, value)
    if floats.ndim != 1 or floats.size < 2 or not (np.diff(floats) > 0).all():
        raise ValueError(f"{name} must be at least two numbers that increase, got {_shown(value)}.")
    return floats


def scalar_or_array(result: NDArray[np.float64]) -> float | NDArray[np.float64]:
    """Return a 0-d array as a plain float and anything else unchanged."""
    return float(result) if np.ndim(result) == 0 else result


def _range(low: float, high: float, low_open: bool, high_open: bool, infinite: bool) -> str:
    finite = "" if infinite else "finite and "
    if np.isinf(low) and np.isinf(high):
        return "a number (not NaN)" if infinite else "finite"
    if np.isinf(high):
        return f"{finite}{'>' if low_open else '>='} {low:g}"
    if np.isinf(low):
        return f"{finite}{'<' if high_open else '<='} {high:g}"
    return f"in {'(' if low_open else '['}{low:g}, {high:g}{')' if high_open else ']'}"


def _offender(floats: NDArray[np.float64], allowed: NDArray[np.bool_]) -> str:
    if floats.ndim == 0:
        return f"{float(floats):g}"
    index = tuple(int(i) for i in np.argwhere(~allowed)[0])
    where = index[0] if len(index) == 1 else index
    return f"{floats[index]:g} at position {where}"
