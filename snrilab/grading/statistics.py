"""What a test tells about its questions: difficulty, discrimination and reliability.

Runs in the coordinator.
"""

from __future__ import annotations

from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

from snrilab import _checks
from snrilab._estimate import Estimate

if TYPE_CHECKING:
    from collections.abc import Callable

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
    return _with_the_rest(_table("scores", scores))


def _with_the_rest(tables: NDArray[np.float64]) -> NDArray[np.float64]:
    """Correlate each item with the total of the others, in one table or in many."""
    rest = tables.sum(axis=-1, keepdims=True) - tables
    item = tables - tables.mean(axis=-2, keepdims=True)
    rest = rest - rest.mean(axis=-2, keepdims=True)
    size = (item**2).sum(axis=-2) * (rest**2).sum(axis=-2)
    # What is left of equal scores after taking away their mean is rounding.
    least = (
        1e-24
        * (1 + (tables**2).sum(axis=-2))
        * (1 + (tables.sum(axis=-1) ** 2).sum(axis=-1, keepdims=True))
    )
    with np.errstate(invalid="ignore", divide="ignore"):
        found = (item * rest).sum(axis=-2) / np.sqrt(size)
        return np.asarray(np.where(size > least, np.clip(found, -1, 1), np.nan))


def discriminations(
    scores: ArrayLike, *, level: float = 0.95, rng: np.random.Generator | int | None = 0
) -> list[Estimate]:
    """Return the discrimination of each item with an interval from resampling students.

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
    list of Estimate
        Dimensionless. NaN where everybody earned the same, or did in most resamples.
    """
    table = _table("scores", scores)
    return _estimates(discrimination(table), table, _with_the_rest, level, rng)


def shares(
    scores: ArrayLike, *, level: float = 0.95, rng: np.random.Generator | int | None = 0
) -> Estimate:
    """Return the mean of one item's shares with its interval.

    Parameters
    ----------
    scores : array_like
        Share of the points that each student earned, from 0 to 1; one student or more.
    level : float
        Confidence level, in (0, 1).
    rng : Generator, int or None
        Source of the resampling.

    Returns
    -------
    Estimate
        Dimensionless. Wilson's interval where all points or none were given, else from resampling
        students; without an interval where everybody has the same part of the points.

    References
    ----------
    Wilson EB. J Am Stat Assoc 22, 209 (1927). doi:10.1080/01621459.1927.10502953

    Examples
    --------
    >>> print(shares([1, 1, 0, 1]))
    0.75 (95 % Wilson interval 0.3006 to 0.9544)
    """
    values = _checks.numbers("scores", scores, low=0, high=1)
    if np.isin(values, (0.0, 1.0)).all():
        return wilson(round(float(values.sum())), values.size, level)

    def means(tables: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(tables.mean(axis=-2))

    column = values.reshape(-1, 1)
    [found] = _estimates(means(column), column, means, level, rng)
    if np.ptp(values) == 0:
        nothing = float("nan")
        return Estimate(found.value, "", nothing, nothing, nothing, level, found.method)
    return found


def wilson(hits: int, n: int, level: float = 0.95) -> Estimate:
    """Return a share with its Wilson interval.

    Parameters
    ----------
    hits, n : int
        How many of how many.
    level : float
        Confidence level, in (0, 1).

    Returns
    -------
    Estimate
        Dimensionless.

    References
    ----------
    Wilson EB. J Am Stat Assoc 22, 209 (1927). doi:10.1080/01621459.1927.10502953

    Examples
    --------
    >>> round(wilson(15, 30).low, 3)
    0.332
    """
    share = hits / n
    error = float(np.sqrt(share * (1 - share) / n))
    z = NormalDist().inv_cdf((1 + level) / 2)
    middle = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    reach = z / (1 + z**2 / n) * float(np.sqrt(error**2 + z**2 / (4 * n**2)))
    low = 0.0 if hits == 0 else middle - reach
    high = 1.0 if hits == n else middle + reach
    return Estimate(share, "", error, low, high, level, "Wilson")


def _estimates(
    values: NDArray[np.float64],
    table: NDArray[np.float64],
    statistic: Callable[[NDArray[np.float64]], NDArray[np.float64]],
    level: float,
    rng: np.random.Generator | int | None,
    method: str = "resampling",
) -> list[Estimate]:
    """Return values with percentile intervals of a statistic over resampled students."""
    _checks.numbers("level", level, low=0, high=1, low_open=True, high_open=True)
    generator = np.random.default_rng(rng)
    students = len(table)
    drawn = [
        statistic(table[generator.integers(0, students, (size, students))])
        for size in _portions(table.size)
    ]
    found = []
    for value, column in zip(values, np.concatenate(drawn).T, strict=True):
        usable = column[np.isfinite(column)]
        if not np.isfinite(value) or usable.size < RESAMPLES // 2:
            low = high = error = float("nan")
        else:
            low, high = np.quantile(usable, [(1 - level) / 2, (1 + level) / 2])
            error = usable.std(ddof=1)
        found.append(
            Estimate(float(value), "", float(error), float(low), float(high), level, method)
        )
    return found


def _portions(size: int) -> list[int]:
    """Part all resamples so that each part needs little memory, however large the class."""
    most = max(1, min(RESAMPLES, 4_000_000 // max(size, 1)))
    whole, rest = divmod(RESAMPLES, most)
    return [most] * whole + [rest] * bool(rest)


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
    items = table.shape[1]

    def alphas(tables: NDArray[np.float64]) -> NDArray[np.float64]:
        totals = tables.sum(axis=-1).var(axis=-1, ddof=1)
        parts = tables.var(axis=-2, ddof=1).sum(axis=-1)
        with np.errstate(invalid="ignore", divide="ignore"):
            found = items / (items - 1) * (1 - parts / totals)
        return np.where(totals > 0, found, np.nan)[:, None]

    dichotomous = all(len(np.unique(column)) <= 2 for column in table.T)
    method = f"{'KR-20' if dichotomous else 'alpha'}, bootstrap"
    [found] = _estimates(np.array([alpha(table)]), table, alphas, level, rng, method)
    return found
