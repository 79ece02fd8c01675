"""Trial data in long form: one row per subject and visit, a response that may be missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from snrilab._checks import choice
from snrilab.trials._labels import declared_order, floats, labels

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

__all__: list[str] = []


def columns_of(
    data: Any,
    response: str,
    subject: str,
    visit: str,
    fixed: Sequence[str],
    levels: Mapping[str, Sequence[Any]],
) -> tuple[dict[str, NDArray[Any]], dict[str, Sequence[Any]], list[str]]:
    """Return the columns in use at the rows with a response, the order of levels, and all names.

    Factors are labels, covariates are floats.
    """
    present = names_of(data)
    roles = {"response": response, "subject": subject, "visit": visit}
    for role, name in roles.items():
        choice(role, name, present)
    if len(set(roles.values())) < len(roles):
        raise ValueError(f"response, subject and visit must be different columns, got {roles}.")
    for name in levels:
        choice("levels", name, present)
    wanted = [name for name in present if name in roles.values() or _mentioned(name, fixed)]
    given = {name: data[name] for name in wanted}
    lengths = {name: np.shape(column) for name, column in given.items()}
    if any(len(shape) != 1 for shape in lengths.values()) or len(set(lengths.values())) > 1:
        raise ValueError(f"data must hold columns of equal length, got {lengths}.")

    y = _response(response, given.pop(response))
    columns: dict[str, NDArray[Any]] = {response: y}
    order = dict(levels)
    for name, column in given.items():
        declared = declared_order(column)
        if declared is not None:
            order.setdefault(name, declared)
        if name in (subject, visit) or name in order or _is_factor(column):
            columns[name] = labels(name, column)
        else:
            columns[name] = _covariate(name, column, y)
    seen = ~np.isnan(y)
    known = [name for name in present if name not in (response, subject)]
    return {name: column[seen] for name, column in columns.items()}, order, known


def names_of(data: Any) -> list[str]:
    """Return the names of the columns of a mapping, a structured array or a data frame."""
    dtype = getattr(data, "dtype", None)
    if dtype is not None and getattr(dtype, "names", None):
        return list(dtype.names)
    for attribute in ("column_names", "columns") if hasattr(data, "__len__") else ():
        names = getattr(data, attribute, None)
        if names is not None and all(isinstance(name, str) for name in names):
            return list(names)
    if hasattr(data, "keys"):
        return list(data.keys())
    hint = "; collect() it first" if hasattr(data, "collect") else ""
    raise TypeError(
        "data must be a mapping of column names to columns, a structured array or a data frame, "
        f"got {type(data).__name__}{hint}."
    )


def _is_factor(column: Any) -> bool:
    """Return whether a column holds names rather than numbers."""
    array = np.asarray(column)
    if array.dtype.kind != "O":
        return array.dtype.kind not in "iuf"
    return any(isinstance(one, (str, bool, np.bool_)) for one in array)


def _response(name: str, column: Any) -> NDArray[np.float64]:
    try:
        y = floats(name, column)
    except TypeError:
        raise TypeError(
            f"response must be numbers (NaN where missing), got column {name!r} of "
            f"{np.asarray(column).dtype}."
        ) from None
    if np.isinf(y).any():
        row = int(np.argmax(np.isinf(y)))
        raise ValueError(f"response must be finite or NaN, got {y[row]} in {name!r} at row {row}.")
    if np.isnan(y).all():
        raise ValueError(f"response has no observed value in column {name!r}.")
    return y


def _covariate(name: str, column: Any, y: NDArray[np.float64]) -> NDArray[np.float64]:
    x = floats(name, column)
    bad = ~np.isfinite(x) & ~np.isnan(y)
    if bad.any():
        row = int(np.argmax(bad))
        what = "is missing (nan)" if np.isnan(x[row]) else f"is {x[row]}"
        raise ValueError(
            f"{name} must be finite wherever there is a response, but column {name!r} {what} at "
            f"row {row} (the first row is 0)."
        )
    return x


def _mentioned(name: str, fixed: Sequence[str]) -> bool:
    return not isinstance(fixed, str) and any(
        name == part.strip() for term in fixed for part in str(term).replace("*", ":").split(":")
    )


def visits_seen(
    person: NDArray[np.intp],
    when: NDArray[np.intp],
    n_people: int,
    visits: tuple[Any, ...],
    subject: str,
    visit: str,
) -> NDArray[np.bool_]:
    """Return which visits each subject has, or raise when they cannot carry a covariance."""
    counts = np.zeros((n_people, len(visits)), dtype=np.intp)
    np.add.at(counts, (person, when), 1)
    if counts.max() > 1:
        one = np.argwhere(counts > 1)[0][1]
        raise ValueError(
            f"subject column {subject!r} has someone with two responses at "
            f"{visit} {visits[one]!r}; at most one is allowed."
        )
    seen = counts == 1
    together = seen.astype(np.int64).T @ seen.astype(np.int64)
    if (together == 0).any():
        a, b = np.argwhere(together == 0)[0]
        raise ValueError(
            f"visit pair {visits[a]!r} and {visits[b]!r} is never observed in the same subject, so "
            "its covariance cannot be estimated."
        )
    return np.asarray(seen)


def demand_variance(
    y: NDArray[np.float64],
    when: NDArray[np.intp],
    visits: tuple[Any, ...],
    response: str,
    visit: str,
) -> None:
    """Raise when the response is one constant at a visit, such as a change of 0 at baseline."""
    for k, label in enumerate(visits):
        here = y[when == k]
        if len(here) > 1 and np.ptp(here) == 0:
            raise ValueError(
                f"response column {response!r} does not vary at {visit} {label!r}: all "
                f"{len(here)} values are {here[0]:g}, so this visit has no variance to estimate; "
                "leave it out."
            )
