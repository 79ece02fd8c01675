"""Binding and uptake over time: association, dissociation, two ligands racing, and emptying."""

from __future__ import annotations

from typing import TYPE_CHECKING, overload

import numpy as np

from snrilab._checks import broadcastable, nonnegative, positive, scalar_or_array

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Array = NDArray[np.float64]

__all__ = [
    "association",
    "dissociation",
    "motulsky_mahan",
    "residence_time",
    "uptake_time_course",
]


@overload
def association(
    time_min: float, radioligand_nM: float, kon_per_nM_min: float, koff_per_min: float, bmax: float
) -> float: ...
@overload
def association(
    time_min: ArrayLike,
    radioligand_nM: ArrayLike,
    kon_per_nM_min: ArrayLike,
    koff_per_min: ArrayLike,
    bmax: ArrayLike,
) -> Array: ...
def association(
    time_min: ArrayLike,
    radioligand_nM: ArrayLike,
    kon_per_nM_min: ArrayLike,
    koff_per_min: ArrayLike,
    bmax: ArrayLike,
) -> float | Array:
    """Specific binding while a radioligand associates, from none at time 0.

    The observed rate is ``kon * L + koff``: even association is paced by dissociation.

    Parameters
    ----------
    time_min : array_like
        Time since the radioligand was added, min, >= 0; infinity gives equilibrium.
    radioligand_nM : array_like
        Free radioligand concentration, nM, >= 0.
    kon_per_nM_min : array_like
        Association rate constant, 1/(nM min), > 0.
    koff_per_min : array_like
        Dissociation rate constant, 1/min, >= 0 (0: irreversible).
    bmax : array_like
        Density of binding sites, >= 0, in any unit.

    Returns
    -------
    float or ndarray
        Specific binding in the unit of `bmax`, of the broadcast shape.

    Examples
    --------
    With kon L = koff the plateau is half of Bmax and the half-time is ln 2 / (2 koff).

    >>> print(association([0, 6.931472, float("inf")], 1, 0.05, 0.05, bmax=100).round(3))
    [ 0. 25. 50.]
    """
    time = nonnegative("time_min", time_min, infinite=True)
    ligand = nonnegative("radioligand_nM", radioligand_nM)
    per_nM = positive("kon_per_nM_min", kon_per_nM_min)
    off = nonnegative("koff_per_min", koff_per_min)
    sites = nonnegative("bmax", bmax)
    broadcastable(
        time_min=time, radioligand_nM=ligand, kon_per_nM_min=per_nM, koff_per_min=off, bmax=sites
    )
    on = per_nM * ligand
    observed = on + off
    with np.errstate(invalid="ignore", divide="ignore", under="ignore"):
        occupied = np.where(observed > 0.0, on / observed, 0.0)
        progress = np.where(observed > 0.0, -np.expm1(-observed * time), 0.0)
    return scalar_or_array(sites * occupied * progress)


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
def motulsky_mahan(
    time_min: float,
    radioligand_nM: float,
    inhibitor_nM: float,
    kon_per_nM_min: float,
    koff_per_min: float,
    kon_inhibitor_per_nM_min: float,
    koff_inhibitor_per_min: float,
    bmax: float,
) -> float: ...
@overload
def motulsky_mahan(
    time_min: ArrayLike,
    radioligand_nM: ArrayLike,
    inhibitor_nM: ArrayLike,
    kon_per_nM_min: ArrayLike,
    koff_per_min: ArrayLike,
    kon_inhibitor_per_nM_min: ArrayLike,
    koff_inhibitor_per_min: ArrayLike,
    bmax: ArrayLike,
) -> Array: ...
def motulsky_mahan(
    time_min: ArrayLike,
    radioligand_nM: ArrayLike,
    inhibitor_nM: ArrayLike,
    kon_per_nM_min: ArrayLike,
    koff_per_min: ArrayLike,
    kon_inhibitor_per_nM_min: ArrayLike,
    koff_inhibitor_per_min: ArrayLike,
    bmax: ArrayLike,
) -> float | Array:
    """Specific binding of a radioligand that races an unlabelled inhibitor, both added at time 0.

    A slowly dissociating inhibitor makes the radioligand overshoot its equilibrium; the shape
    gives the rate constants of a drug that carries no label. No ligand is depleted.

    Parameters
    ----------
    time_min : array_like
        Time since both ligands were added, min, >= 0.
    radioligand_nM, inhibitor_nM : array_like
        Free concentrations, nM, >= 0.
    kon_per_nM_min, koff_per_min : array_like
        Association (1/(nM min)) and dissociation (1/min) rate constants of the radioligand, > 0.
    kon_inhibitor_per_nM_min, koff_inhibitor_per_min : array_like
        The same for the inhibitor, > 0.
    bmax : array_like
        Density of binding sites, >= 0, in any unit.

    Returns
    -------
    float or ndarray
        Specific binding of the radioligand in the unit of `bmax`, of the broadcast shape.

    References
    ----------
    Motulsky HJ, Mahan LC (1984) Mol Pharmacol 25:1-9.

    Examples
    --------
    An inhibitor that stays longer lets binding overshoot, then pushes it back to equilibrium.

    >>> bound = motulsky_mahan([5, 20, 1000], 1, 10, 0.1, 0.1, 0.01, 0.01, bmax=120)
    >>> print(bound.round(1))
    [30. 27. 10.]
    """
    time = nonnegative("time_min", time_min)
    ligand = nonnegative("radioligand_nM", radioligand_nM)
    inhibitor = nonnegative("inhibitor_nM", inhibitor_nM)
    on = positive("kon_per_nM_min", kon_per_nM_min)
    off = positive("koff_per_min", koff_per_min)
    on_i = positive("kon_inhibitor_per_nM_min", kon_inhibitor_per_nM_min)
    off_i = positive("koff_inhibitor_per_min", koff_inhibitor_per_min)
    sites = nonnegative("bmax", bmax)
    broadcastable(
        time_min=time, radioligand_nM=ligand, inhibitor_nM=inhibitor, kon_per_nM_min=on,
        koff_per_min=off, kon_inhibitor_per_nM_min=on_i, koff_inhibitor_per_min=off_i, bmax=sites,
    )  # fmt: skip
    return scalar_or_array(sites * _race(time, on * ligand, off, on_i * inhibitor, off_i))


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


def _race(time: Array, on: Array, off: Array, on_inhibitor: Array, off_inhibitor: Array) -> Array:
    """Fraction of the sites that the radioligand holds, from rates in 1/min."""
    rate, rate_inhibitor = on + off, on_inhibitor + off_inhibitor
    spread = np.sqrt((rate - rate_inhibitor) ** 2 + 4.0 * on * on_inhibitor)
    fast = 0.5 * (rate + rate_inhibitor + spread)
    slow = (on * off_inhibitor + off * on_inhibitor + off * off_inhibitor) / fast
    # Laplace transform: on (s + k4) / (s (s + fast) (s + slow)); both inverses below stay exact
    # when the two rates meet, where the published form divides zero by zero.
    with np.errstate(under="ignore"):
        response = np.exp(-slow * time) * time * _relative_rise(-spread * time)
        filled = (time * _relative_rise(-slow * time) - response) / fast
    return on * (response + off_inhibitor * filled)


def _relative_rise(exponent: Array) -> Array:
    """(exp(x) - 1) / x, which is 1 at x = 0."""
    safe = np.where(exponent == 0.0, 1.0, exponent)
    return np.where(exponent == 0.0, 1.0, np.expm1(safe) / safe)
