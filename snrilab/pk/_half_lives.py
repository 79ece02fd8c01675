"""What a half-life alone says: what is left, and how much accumulates."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, overload

import numpy as np

from snrilab._checks import nonnegative, positive, scalar_or_array

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

__all__ = ["accumulation_ratio", "fraction_remaining"]


@overload
def fraction_remaining(half_life_h: float, time_h: float) -> float: ...
@overload
def fraction_remaining(half_life_h: ArrayLike, time_h: ArrayLike) -> NDArray[np.float64]: ...
def fraction_remaining(half_life_h: ArrayLike, time_h: ArrayLike) -> float | NDArray[np.float64]:
    """Share of the drug that is left after a time.

    Parameters
    ----------
    half_life_h : array_like
        Half-life (h), > 0.
    time_h : array_like
        Time (h), >= 0.

    Returns
    -------
    float or array
        ``2**(-time_h/half_life_h)``, in [0, 1].

    Examples
    --------
    With a half-life of 2 h, 12 half-lives pass between daily doses:

    >>> round(fraction_remaining(2, 24), 5)
    0.00024
    """
    half_life = positive("half_life_h", half_life_h)
    time = nonnegative("time_h", time_h)
    return scalar_or_array(np.exp2(-time / half_life))


@overload
def accumulation_ratio(half_life_h: float, interval_h: float = 24.0) -> float: ...
@overload
def accumulation_ratio(
    half_life_h: ArrayLike, interval_h: ArrayLike = 24.0
) -> NDArray[np.float64]: ...
def accumulation_ratio(
    half_life_h: ArrayLike, interval_h: ArrayLike = 24.0
) -> float | NDArray[np.float64]:
    """Return how much higher steady state is than the first interval, from the half-life alone.

    Parameters
    ----------
    half_life_h : array_like
        Terminal half-life (h), > 0.
    interval_h : array_like, default 24
        Dosing interval (h), > 0.

    Returns
    -------
    float or array
        ``1/(1 - 2**(-interval_h/half_life_h))``, > 1, broadcast shape. `steady_state` gives the
        exact ratios of peak and AUC, which differ when absorption or distribution is slow.

    Examples
    --------
    >>> round(accumulation_ratio(12, 24), 2), round(accumulation_ratio(30, 24), 2)
    (1.33, 2.35)
    """
    half_life = positive("half_life_h", half_life_h)
    interval = positive("interval_h", interval_h)
    return scalar_or_array(np.asarray(-1 / np.expm1(-math.log(2) * interval / half_life)))
