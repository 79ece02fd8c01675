"""Fit several curves at once, with some parameters common to all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from snrilab._checks import choice, nonnegative, numbers, one_number
from snrilab.binding import curves, time_courses
from snrilab.binding.curve_fit import finished, fit_curve
from snrilab.binding.problem import LARGEST

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import ArrayLike, NDArray

    from snrilab.binding.fit_result import Fit

    Array = NDArray[Any]

__all__ = ["fit_global"]


_GLOBAL = {
    "saturation": curves.SATURATION,
    "inhibition": curves.INHIBITION,
    "dissociation": time_courses.DISSOCIATION,
}


def fit_global(
    curve: str,
    x: ArrayLike,
    y: ArrayLike,
    group: ArrayLike,
    *,
    shared: Sequence[str] = (),
    fixed: Mapping[str, float] | None = None,
    weights: ArrayLike | str | None = None,
    level: float = 0.95,
    interval: str = "wald",
    unit: str = "",
) -> Fit:
    """Fit one kind of curve to several groups at once, with some parameters common to all.

    Sharing a plateau or a Kd lets every curve inform it; `compare_models` then asks whether the
    sharing costs more than chance.

    Parameters
    ----------
    curve : {"saturation", "inhibition", "dissociation"}
        Kind of curve; saturation is of total binding (fix ``nonspecific_per_nM`` at 0 for
        specific binding).
    x, y : array_like of shape (n,)
        Concentrations (nM) or times (min), >= 0, and responses of all groups.
    group : array_like of shape (n,)
        Group of each point, numbers or words.
    shared : sequence of str, default ()
        Parameters that are equal in all groups.
    fixed : mapping of str to float, optional
        Parameters that are known and not fitted.
    weights, level, interval, unit
        As for `fit_inhibition`.

    Returns
    -------
    Fit
        Shared parameters by name, the others as ``name[group]``.

    Raises
    ------
    ValueError, TypeError
        If the data are not numbers in their range, or a name is not a parameter of the curve.

    Examples
    --------
    >>> conc = [0.5, 1, 2, 4, 8, 16] * 2
    >>> rate = [17, 28, 45, 60, 72, 80, 9, 16, 23, 31, 37, 42]
    >>> fit = fit_global(
    ...     "saturation",
    ...     conc,
    ...     rate,
    ...     ["control"] * 6 + ["treated"] * 6,
    ...     shared=["kd_nM"],
    ...     fixed={"nonspecific_per_nM": 0},
    ... )
    >>> print(*fit.parameters)
    bmax[control] bmax[treated] kd_nM
    """
    kind = _GLOBAL[choice("curve", curve, list(_GLOBAL))]
    conc = nonnegative("x", x)
    observed = numbers("y", y)
    member = np.asarray(group)
    if member.shape != observed.shape:
        raise ValueError(
            f"group must have one value per observation, {observed.shape}, got {member.shape}."
        )
    for name in shared:
        choice("shared", name, kind.parameters)
    known = dict(fixed or {})
    for name, value in known.items():
        choice("fixed", name, kind.parameters)
        at = kind.parameters.index(name)
        low = 0.0 if kind.log[at] else -LARGEST
        one_number(f"fixed[{name!r}]", value, low=low, high=LARGEST, low_open=True)
    result = fit_curve(
        kind, (conc,), ("x",), "y", observed, known, weights, level, unit, None, member, shared
    )
    return finished(result, interval)
