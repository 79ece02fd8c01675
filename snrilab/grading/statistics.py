"""What a test tells about its questions: difficulty, discrimination and reliability.

Runs in the coordinator.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from snrilab import _checks
from snrilab._estimate import Estimate

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

RESAMPLES = 2000
FEW = 27  # students below which no correlation is given: a quarter of them are 7


def _table(name: str, scores: ArrayLike) -> NDArray[np.float64]:
    table = _checks.numbers(name, scores)
    if table.ndim != 2:
        raise ValueError(
            f"{name} must have a row per student and a column per item, got shape {table.shape}."
        )
    return table


def difficulty(scores: ArrayLike, points: ArrayLike) -> NDArray[np.float64]:
    """Return the mean share of the points that students earned on each item.

    Parameters
    ----------
    scores : array_like
        Points earned, one row per student and one column per item.
    points : array_like
        Points possible on each item, > 0.

    Returns
    -------
    ndarray
        From 0 (nobody earned anything) to 1 (everybody earned everything); low is hard.

    Examples
    --------
    >>> difficulty([[4, 0], [4, 1], [0, 1], [4, 0]], [4, 2]).tolist()
    [0.75, 0.25]
    """
    return np.asarray(_table("scores", scores).mean(axis=0) / _checks.positive("points", points))


def discrimination(scores: ArrayLike) -> NDArray[np.float64]:
    """Return the correlation of each item with the total of the other items.

    Parameters
    ----------
    scores : array_like
        Points earned, one row per student and one column per item.

    Returns
    -------
    ndarray
        From -1 to 1; NaN where everybody earned the same. Without the item itself in the total, so
        that a short test is not flattered.

    Examples
    --------
    >>> discrimination([[1, 1], [0, 0], [1, 1], [0, 0]]).round(2).tolist()
    [1.0, 1.0]
    """
    table = _table("scores", scores)
    rest = table.sum(axis=1, keepdims=True) - table
    item = table - table.mean(axis=0)
    rest = rest - rest.mean(axis=0)
    spread = np.sqrt((item**2).sum(axis=0) * (rest**2).sum(axis=0))
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.where(spread > 0, (item * rest).sum(axis=0) / spread, np.nan))


def alpha(scores: ArrayLike) -> float:
    """Return Cronbach's alpha, which is KR-20 when every item is right or wrong.

    Parameters
    ----------
    scores : array_like
        Points earned, one row per student and one column per item; at least two of each.

    Returns
    -------
    float
        At most 1; NaN where all totals are equal.

    References
    ----------
    Cronbach LJ. Psychometrika 16, 297 (1951). doi:10.1007/BF02310555

    Examples
    --------
    >>> alpha([[1, 1, 1], [0, 0, 0], [1, 1, 1], [0, 0, 0]])
    1.0
    """
    table = _table("scores", scores)
    students, items = table.shape
    if students < 2 or items < 2:
        raise ValueError(
            f"scores needs at least two students and two items, got shape {table.shape}."
        )
    total = table.sum(axis=1).var(ddof=1)
    if total == 0:
        return float("nan")
    return float(items / (items - 1) * (1 - table.var(axis=0, ddof=1).sum() / total))


def reliability(
    scores: ArrayLike,
    *,
    level: float = 0.95,
    rng: np.random.Generator | int | None = 0,
) -> Estimate:
    """Return alpha (or KR-20) with a bootstrap interval over students.

    Parameters
    ----------
    scores : array_like
        Points earned, one row per student and one column per item.
    level : float
        Confidence level, in (0, 1).
    rng : Generator, int or None
        Source of the resampling.

    Returns
    -------
    Estimate
        Dimensionless.
    """
    table = _table("scores", scores)
    _checks.numbers("level", level, low=0, high=1, low_open=True, high_open=True)
    generator = np.random.default_rng(rng)
    students, items = table.shape
    value = alpha(table)
    picks = generator.integers(0, students, (RESAMPLES, students))
    chosen = table[picks]
    totals = chosen.sum(axis=2).var(axis=1, ddof=1)
    parts = chosen.var(axis=1, ddof=1).sum(axis=1)
    usable = totals > 0
    values = items / (items - 1) * (1 - parts[usable] / totals[usable])
    if values.size < RESAMPLES // 2:
        low = high = error = float("nan")
    else:
        low, high = np.quantile(values, [(1 - level) / 2, (1 + level) / 2])
        error = values.std(ddof=1)
    dichotomous = all(len(np.unique(column)) <= 2 for column in table.T)
    return Estimate(
        value=value,
        unit="",
        standard_error=float(error),
        low=float(low),
        high=float(high),
        level=level,
        method="KR-20, bootstrap" if dichotomous else "alpha, bootstrap",
    )
