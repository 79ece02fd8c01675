"""Binding and uptake over time: dissociation, residence, and wells that run empty."""

from __future__ import annotations

from typing import TYPE_CHECKING, overload

import numpy as np

from snrilab._checks import broadcastable, nonnegative, positive, scalar_or_array

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Array = NDArray[np.float64]

__all__ = [
    "dissociation",
    "residence_time",
    "uptake_time_course",
]


@overload
def dissociation(
    time_min: float, bound_start: float, koff_per_min: float, plateau: float = 0.0
) -> float: ...
@overload
def dissociation(
    time_min: ArrayLike, bound_start: ArrayLike, koff_per_min: ArrayLike, plateau: ArrayLike = 0.0
) -> Array: ...
def dissociation(
    time_min: ArrayLike, bound_start: ArrayLike, koff_per_min: ArrayLike, plateau: ArrayLike = 0.0
) -> float | Array:
    """Binding after rebinding has been stopped by dilution or an excess of competitor.

    Parameters
    ----------
    time_min : array_like
        Time since dissociation started, min, >= 0; infinity gives `plateau`.
    bound_start : array_like
        Binding at time 0, >= 0, in any unit.
    koff_per_min : array_like
        Dissociation rate constant, 1/min, >= 0.
    plateau : array_like, default 0
        Binding that never dissociates (nonspecific), >= 0, in the unit of `bound_start`.

    Returns
    -------
    float or ndarray
        Binding in the unit of `bound_start`, of the broadcast shape.

    Examples
    --------
    >>> print(dissociation([0, 13.862944, 27.725887], bound_start=80, koff_per_min=0.05).round(3))
    [80. 40. 20.]
    """
    time = nonnegative("time_min", time_min, infinite=True)
    start = nonnegative("bound_start", bound_start)
    off = nonnegative("koff_per_min", koff_per_min)
    floor = nonnegative("plateau", plateau)
    broadcastable(time_min=time, bound_start=start, koff_per_min=off, plateau=floor)
    with np.errstate(invalid="ignore", under="ignore"):
        kept = np.where(off > 0.0, np.exp(-off * time), 1.0)
    return scalar_or_array(floor + (start - floor) * kept)


@overload
def residence_time(koff_per_min: float) -> float: ...
@overload
def residence_time(koff_per_min: ArrayLike) -> Array: ...
def residence_time(koff_per_min: ArrayLike) -> float | Array:
    """Mean time that a ligand stays on its receptor, ``1 / koff``.

    Parameters
    ----------
    koff_per_min : array_like
        Dissociation rate constant, 1/min, > 0.

    Returns
    -------
    float or ndarray
        Residence time, min, > 0. The half-life is ln 2 times as long.

    References
    ----------
    Copeland RA, Pompliano DL, Meek TD (2006) Nat Rev Drug Discov 5:730-739. doi:10.1038/nrd2082

    Examples
    --------
    >>> residence_time(0.05)
    20.0
    """
    return scalar_or_array(1.0 / positive("koff_per_min", koff_per_min))


@overload
def uptake_time_course(
    time_min: float,
    substrate_nM: float,
    vmax_nM_per_min: float,
    km_nM: float,
    inhibitor_nM: float = 0.0,
    ki_nM: float = np.inf,
) -> float: ...
@overload
def uptake_time_course(
    time_min: ArrayLike,
    substrate_nM: ArrayLike,
    vmax_nM_per_min: ArrayLike,
    km_nM: ArrayLike,
    inhibitor_nM: ArrayLike = 0.0,
    ki_nM: ArrayLike = np.inf,
) -> Array: ...
def uptake_time_course(
    time_min: ArrayLike,
    substrate_nM: ArrayLike,
    vmax_nM_per_min: ArrayLike,
    km_nM: ArrayLike,
    inhibitor_nM: ArrayLike = 0.0,
    ki_nM: ArrayLike = np.inf,
) -> float | Array:
    """Substrate taken up so far when uptake empties the well.

    The rate is ``Vmax s / (Km (1 + I / Ki) + s)`` with s falling as uptake goes on; its integral is
    ``s = Km' W(s0 / Km' exp((s0 - Vmax t) / Km'))`` with Lambert's W. At first uptake rises in a
    straight line, the initial rate; then it bends, because the substrate runs out.

    Parameters
    ----------
    time_min : array_like
        Time since substrate was added, min, >= 0; infinity gives all of it.
    substrate_nM : array_like
        Substrate added, nM, >= 0.
    vmax_nM_per_min : array_like
        Greatest rate at which the cells of the well empty it, nM/min, >= 0.
    km_nM : array_like
        Substrate concentration of the half-greatest rate, nM, > 0.
    inhibitor_nM : array_like, default 0
        Concentration of a competitive inhibitor, nM, >= 0.
    ki_nM : array_like, default inf
        Its inhibition constant, nM, > 0; infinity is no affinity.

    Returns
    -------
    float or ndarray
        Substrate taken up, nM, from 0 to `substrate_nM`, of the broadcast shape.

    References
    ----------
    Schnell S, Mendoza C (1997) J Theor Biol 187:207-212. doi:10.1006/jtbi.1997.0425

    Examples
    --------
    Far below Km the rest falls by half every ln 2 · Km / Vmax: 34.7 min here.

    >>> print(uptake_time_course([0, 34.657359, 69.314718], 0.001, 2, km_nM=100).round(6))
    [0.      0.0005  0.00075]
    """
    time = nonnegative("time_min", time_min, infinite=True)
    start = nonnegative("substrate_nM", substrate_nM)
    vmax = nonnegative("vmax_nM_per_min", vmax_nM_per_min)
    km = positive("km_nM", km_nM)
    inhibitor = nonnegative("inhibitor_nM", inhibitor_nM)
    ki = positive("ki_nM", ki_nM, infinite=True)
    broadcastable(
        time_min=time, substrate_nM=start, vmax_nM_per_min=vmax, km_nM=km, inhibitor_nM=inhibitor,
        ki_nM=ki,
    )  # fmt: skip
    with np.errstate(over="ignore"):
        half = km * (1.0 + inhibitor / ki)
    with np.errstate(invalid="ignore", over="ignore"):
        run = np.where((vmax == 0.0) | (start == 0.0), 0.0, vmax * time)
    taken = _emptied(*np.broadcast_arrays(run, start, half))
    return scalar_or_array(np.clip(taken, 0.0, start))


def _emptied(run: Array, start: Array, half: Array) -> Array:
    """Solve ``taken = run - half ln(start / (start - taken))``, the integrated rate equation."""
    from scipy.special import wrightomega

    with np.errstate(divide="ignore", over="ignore", under="ignore", invalid="ignore"):
        # Wright's omega is W(exp(z)): the exponential itself would overflow.
        ratio = start / half
        left = half * wrightomega(np.log(ratio) + ratio - run / half)
        taken = np.where(np.isposinf(half), 0.0, start - left)
        # Early on, almost nothing is taken and the difference has no digits: Newton restores them.
        for _ in range(3):
            part = taken / start
            excess = taken - half * np.log1p(-part) - run
            step = excess / (1.0 + half / (start - taken))
            better = (part < 0.9) & np.isfinite(step)
            taken = np.where(better, taken - step, taken)
    return np.where(start > 0.0, taken, 0.0)
