"""Comparing groups of animals: analysis of variance, planned contrasts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import special

from snrilab._checks import numbers, one_number
from snrilab.trials._fitted_model import Contrast, FTest, named
from snrilab.trials._labels import declared_order, labels

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

__all__ = ["GroupAnalysis", "planned_contrasts"]


@dataclass(frozen=True, eq=False)
class GroupAnalysis:
    """One-way analysis of groups, with or without a covariate.

    Parameters
    ----------
    groups : tuple
        Names of the groups, in order.
    means, standard_errors : ndarray
        Group means (adjusted to the mean of the covariate, if there is one), (groups,).
    residual_sd : float
        Pooled within-group SD.
    test : FTest
        Test that all (adjusted) means are equal.
    contrasts : tuple of Contrast
        Planned comparisons, two-sided, not adjusted for their number.
    """

    groups: tuple[Any, ...]
    means: Floats
    standard_errors: Floats
    residual_sd: float
    test: FTest
    contrasts: tuple[Contrast, ...]

    def __getitem__(self, name: str) -> Contrast:
        """Return a contrast by its name."""
        return named(self.contrasts, name)


def planned_contrasts(
    values: ArrayLike,
    group: ArrayLike,
    contrasts: Mapping[str, Mapping[Any, float]],
    *,
    covariate: ArrayLike | None = None,
    level: float = 0.95,
) -> GroupAnalysis:
    """Estimate comparisons of group means that were fixed before the data were seen.

    Parameters
    ----------
    values : array_like
        One value per animal, finite.
    group : array_like
        Group of each animal; at least two groups.
    contrasts : mapping of str to mapping of group to float
        For each comparison the weights of the groups, summing to zero, for example
        ``{"drug": {"drug + LPS": 1, "vehicle + LPS": -1}}``.
    covariate : array_like, optional
        One value per animal, for example locomotion: means are then compared as if all animals had
        its mean (common slope within groups).
    level : float, default 0.95
        Confidence level, in (0, 1).

    Returns
    -------
    GroupAnalysis

    Examples
    --------
    >>> gap = {"b - a": {"b": 1, "a": -1}}
    >>> found = planned_contrasts([5, 7, 9, 11], ["a", "a", "b", "b"], gap)
    >>> print(found.contrasts[0])
    b - a: 4 (SE 1.41, 95 % interval -2.08 to 10.1, df 2, P = 0.11)
    """
    level = one_number("level", level, low=0, high=1, low_open=True, high_open=True)
    if not isinstance(contrasts, Mapping):
        raise TypeError(f"contrasts must map names to weights of groups, got {contrasts!r}.")
    return _analyse(values, group, contrasts, covariate, level)


def _analyse(
    values: ArrayLike,
    group: ArrayLike,
    contrasts: Mapping[str, Mapping[Any, float]],
    covariate: ArrayLike | None,
    level: float,
) -> GroupAnalysis:
    y = numbers("values", values)
    codes = labels("group", group)
    if y.ndim != 1 or codes.shape != y.shape:
        raise ValueError(
            f"values and group must be one-dimensional and of equal length, got shapes "
            f"{y.shape} and {codes.shape}."
        )
    try:
        _, first, member = np.unique(codes, return_index=True, return_inverse=True)
    except TypeError:
        raise TypeError(f"group must be all names or all numbers, got {group!r}.") from None
    order = np.argsort(first)  # groups in the order of their first animal, or of the categories
    declared = declared_order(group)
    if declared is not None:
        order = np.array(sorted(order, key=lambda one: declared.index(codes[first[one]])))
    names = tuple(codes[first[order]].tolist())
    design = (member.reshape(-1)[:, None] == order).astype(np.float64)
    k = len(names)
    if k < 2:
        raise ValueError(f"group must hold at least two groups, got only {names[0]!r}.")
    small = np.ones((len(y), 1))
    if covariate is not None:
        x = numbers("covariate", covariate)
        if x.shape != y.shape:
            raise ValueError(f"covariate must have shape {y.shape}, got {x.shape}.")
        if np.ptp(x - design @ (design.T @ x / design.sum(axis=0))) < 1e-12 * max(
            np.ptp(x), 1e-300
        ):
            raise ValueError("covariate must vary within at least one group.")
        centred = (x - x.mean())[:, None]
        design, small = np.hstack([design, centred]), np.hstack([small, centred])
    df = len(y) - design.shape[1]
    if df < 1:
        raise ValueError(f"values must outnumber the {design.shape[1]} means, got {len(y)}.")
    inverse = np.linalg.inv(design.T @ design)
    beta = inverse @ (design.T @ y)
    rss = float(np.sum((y - design @ beta) ** 2))
    rss_small = float(np.sum((y - small @ np.linalg.lstsq(small, y, rcond=None)[0]) ** 2))
    if rss <= 1e-24 * max(rss_small, 1e-300):
        raise ValueError("values must vary within at least one group.")
    variance = rss / df
    f = (rss_small - rss) / (k - 1) / variance
    covariance = variance * inverse[:k, :k]
    test = FTest(float(f), float(k - 1), float(df), float(special.fdtrc(k - 1, df, max(f, 0.0))))
    return GroupAnalysis(
        groups=names,
        means=beta[:k],
        standard_errors=np.sqrt(np.diag(covariance)),
        residual_sd=float(np.sqrt(variance)),
        test=test,
        contrasts=tuple(
            _contrast(label, _weights(label, weights, names), beta[:k], covariance, df, level)
            for label, weights in contrasts.items()
        ),
    )


def _weights(label: str, weights: Mapping[Any, float], names: tuple[Any, ...]) -> Floats:
    unknown = [name for name in weights if name not in names]
    if unknown:
        raise ValueError(
            f"contrasts[{label!r}] names {unknown[0]!r}; the groups are "
            f"{', '.join(map(repr, names))}."
        )
    share = {name: one_number(f"contrasts[{label!r}]", weights[name]) for name in weights}
    row = np.array([share.get(name, 0.0) for name in names])
    if not row.any() or abs(row.sum()) > 1e-9 * np.abs(row).sum():
        raise ValueError(f"contrasts[{label!r}] must have weights that sum to zero, got {weights}.")
    return row


def _contrast(
    label: str, row: Floats, means: Floats, covariance: Floats, df: float, level: float
) -> Contrast:
    error = float(np.sqrt(row @ covariance @ row))
    return Contrast.of(label, float(row @ means), error, float(df), level)
