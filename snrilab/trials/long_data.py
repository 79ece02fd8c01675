"""Trial data in long form: one row per subject and visit, a response that may be missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from snrilab._checks import choice, numbers

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

__all__: list[str] = []


def columns_of(
    data: Mapping[str, Any],
    response: str,
    subject: str,
    visit: str,
    fixed: Sequence[str],
    levels: Mapping[str, Sequence[Any]],
) -> tuple[dict[str, NDArray[Any]], NDArray[np.bool_], list[str]]:
    """Return the columns in use, which rows have a response, and what may be a fixed effect."""
    dtype = getattr(data, "dtype", None)
    present = list(dtype.names) if dtype is not None and dtype.names else None
    if present is None:
        if not hasattr(data, "keys"):
            raise TypeError(
                f"data must be a mapping of column names to columns, got {type(data).__name__}."
            )
        present = list(data.keys())
    roles = {"response": response, "subject": subject, "visit": visit}
    for role, name in roles.items():
        choice(role, name, present)
    if len(set(roles.values())) < len(roles):
        raise ValueError(f"response, subject and visit must be different columns, got {roles}.")
    for name in levels:
        choice("levels", name, present)
    wanted = [name for name in present if name in roles.values() or _mentioned(name, fixed)]
    columns = {name: np.asarray(data[name]) for name in wanted}
    lengths = {name: column.shape for name, column in columns.items()}
    if any(len(shape) != 1 for shape in lengths.values()) or len(set(lengths.values())) > 1:
        raise ValueError(f"data must hold columns of equal length, got {lengths}.")
    try:
        y = np.array(columns[response], dtype=np.float64)
    except (TypeError, ValueError):
        raise TypeError(
            f"response must be numbers (NaN where missing), got column {response!r} of "
            f"{columns[response].dtype}."
        ) from None
    if np.isinf(y).any():
        raise ValueError(
            f"response must be finite or NaN, got {y[np.isinf(y)][0]} in {response!r}."
        )
    seen = ~np.isnan(y)
    if not seen.any():
        raise ValueError(f"response has no observed value in column {response!r}.")
    columns[response] = y
    for name in (subject, visit):
        if columns[name].dtype.kind == "f":
            numbers(name, columns[name])
    return columns, seen, [name for name in present if name not in (response, subject)]


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
