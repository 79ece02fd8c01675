"""Binding at equilibrium when the free concentration equals the added one."""

from __future__ import annotations

from typing import TYPE_CHECKING, overload

import numpy as np

from snrilab._checks import broadcastable, nonnegative, numbers, positive, scalar_or_array

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Array = NDArray[np.float64]

__all__ = [
    "competition",
    "hill",
    "nonspecific_binding",
    "saturation",
    "specific_binding",
    "uptake_inhibition",
]


@overload
def saturation(conc_nM: float, bmax: float, kd_nM: float) -> float: ...
@overload
def saturation(conc_nM: ArrayLike, bmax: ArrayLike, kd_nM: ArrayLike) -> Array: ...
def saturation(conc_nM: ArrayLike, bmax: ArrayLike, kd_nM: ArrayLike) -> float | Array:
    """Specific binding of a radioligand to one class of sites.

    ``bmax * conc / (kd + conc)``: a rectangular hyperbola. At ``conc = kd`` half the sites are
    taken.

    Parameters
    ----------
    conc_nM : array_like
        Free radioligand concentration, nM, >= 0; infinity gives `bmax`.
    bmax : array_like
        Density of binding sites, >= 0, in any unit (fmol/mg protein, cpm, nM).
    kd_nM : array_like
        Dissociation constant of the radioligand, nM, > 0.

    Returns
    -------
    float or ndarray
        Specific binding in the unit of `bmax`, between 0 and `bmax`, of the broadcast shape.

    Examples
    --------
    >>> saturation(2.5, bmax=100, kd_nM=2.5)
    50.0
    >>> saturation(float("inf"), bmax=100, kd_nM=2.5)
    100.0
    """
    conc = nonnegative("conc_nM", conc_nM, infinite=True)
    sites = nonnegative("bmax", bmax)
    kd = positive("kd_nM", kd_nM)
    broadcastable(conc_nM=conc, bmax=sites, kd_nM=kd)
    return scalar_or_array(sites * _bound_fraction(conc, kd))


@overload
def nonspecific_binding(conc_nM: float, nonspecific_per_nM: float) -> float: ...
@overload
def nonspecific_binding(conc_nM: ArrayLike, nonspecific_per_nM: ArrayLike) -> Array: ...
def nonspecific_binding(conc_nM: ArrayLike, nonspecific_per_nM: ArrayLike) -> float | Array:
    """Binding to everything that is not the receptor: filter, lipid, glass.

    It does not saturate in the range of an assay, so it is a straight line through zero.

    Parameters
    ----------
    conc_nM : array_like
        Free radioligand concentration, nM, >= 0.
    nonspecific_per_nM : array_like
        Slope, >= 0, in the unit of binding per nM.

    Returns
    -------
    float or ndarray
        Nonspecific binding, >= 0, of the broadcast shape.

    Examples
    --------
    >>> nonspecific_binding(4, nonspecific_per_nM=2.5)
    10.0
    """
    conc = nonnegative("conc_nM", conc_nM)
    slope = nonnegative("nonspecific_per_nM", nonspecific_per_nM)
    broadcastable(conc_nM=conc, nonspecific_per_nM=slope)
    return scalar_or_array(slope * conc)


@overload
def specific_binding(total: float, nonspecific: float) -> float: ...
@overload
def specific_binding(total: ArrayLike, nonspecific: ArrayLike) -> Array: ...
def specific_binding(total: ArrayLike, nonspecific: ArrayLike) -> float | Array:
    """Specific binding: what a saturating competitor takes away.

    Parameters
    ----------
    total : array_like
        Binding without competitor, >= 0, in any unit (counts are common).
    nonspecific : array_like
        Binding with the receptor blocked, >= 0, in the same unit.

    Returns
    -------
    float or ndarray
        ``total - nonspecific``. Counting noise can make it slightly negative; it is not clipped,
        because clipping would bias the mean.

    Examples
    --------
    >>> specific_binding(5200, 400)
    4800.0
    """
    everything = nonnegative("total", total)
    rest = nonnegative("nonspecific", nonspecific)
    broadcastable(total=everything, nonspecific=rest)
    return scalar_or_array(everything - rest)


@overload
def competition(
    inhibitor_nM: float,
    radioligand_nM: float,
    kd_nM: float,
    ki_nM: float,
    bmax: float,
    nonspecific: float = 0.0,
) -> float: ...
@overload
def competition(
    inhibitor_nM: ArrayLike,
    radioligand_nM: ArrayLike,
    kd_nM: ArrayLike,
    ki_nM: ArrayLike,
    bmax: ArrayLike,
    nonspecific: ArrayLike = 0.0,
) -> Array: ...
def competition(
    inhibitor_nM: ArrayLike,
    radioligand_nM: ArrayLike,
    kd_nM: ArrayLike,
    ki_nM: ArrayLike,
    bmax: ArrayLike,
    nonspecific: ArrayLike = 0.0,
) -> float | Array:
    """Binding of a radioligand in the presence of a competitor for the same site.

    ``nonspecific + bmax * L / (L + Kd * (1 + I / Ki))``. The curve is half way down at
    ``IC50 = Ki * (1 + L / Kd)``.

    Parameters
    ----------
    inhibitor_nM : array_like
        Free inhibitor concentration, nM, >= 0; infinity leaves `nonspecific`.
    radioligand_nM : array_like
        Free radioligand concentration L, nM, >= 0.
    kd_nM : array_like
        Dissociation constant Kd of the radioligand, nM, > 0.
    ki_nM : array_like
        Inhibition constant Ki of the inhibitor, nM, > 0; infinity is no affinity.
    bmax : array_like
        Density of binding sites, >= 0, in any unit.
    nonspecific : array_like, default 0
        Binding that the inhibitor cannot displace, >= 0, in the unit of `bmax`.

    Returns
    -------
    float or ndarray
        Total binding in the unit of `bmax`, of the broadcast shape.

    References
    ----------
    Cheng Y, Prusoff WH (1973) Biochem Pharmacol 22:3099-3108. doi:10.1016/0006-2952(73)90196-2

    Examples
    --------
    >>> round(competition(28, radioligand_nM=1, kd_nM=2.5, ki_nM=20, bmax=700), 6)  # at the IC50
    100.0
    """
    inhibitor = nonnegative("inhibitor_nM", inhibitor_nM, infinite=True)
    radioligand = nonnegative("radioligand_nM", radioligand_nM)
    kd = positive("kd_nM", kd_nM)
    ki = positive("ki_nM", ki_nM, infinite=True)
    sites = nonnegative("bmax", bmax)
    floor = nonnegative("nonspecific", nonspecific)
    broadcastable(
        inhibitor_nM=inhibitor, radioligand_nM=radioligand, kd_nM=kd, ki_nM=ki, bmax=sites,
        nonspecific=floor,
    )  # fmt: skip
    return scalar_or_array(floor + sites * _competed_fraction(inhibitor, radioligand, kd, ki))


@overload
def hill(conc_nM: float, ec50_nM: float, hill: float = 1.0) -> float: ...
@overload
def hill(conc_nM: ArrayLike, ec50_nM: ArrayLike, hill: ArrayLike = 1.0) -> Array: ...
def hill(conc_nM: ArrayLike, ec50_nM: ArrayLike, hill: ArrayLike = 1.0) -> float | Array:
    """Fraction of the maximal effect (or of the sites) at a concentration: the Hill equation.

    Parameters
    ----------
    conc_nM : array_like
        Concentration, nM, >= 0; infinity gives 1.
    ec50_nM : array_like
        Concentration of half-maximal effect, nM, > 0.
    hill : array_like, default 1
        Steepness, > 0; 1 for one site that follows mass action.

    Returns
    -------
    float or ndarray
        Fraction in [0, 1], of the broadcast shape.

    Examples
    --------
    A ninefold concentration takes a one-site curve from half to nine tenths.

    >>> print(hill([10, 90], ec50_nM=10))
    [0.5 0.9]
    """
    conc = nonnegative("conc_nM", conc_nM, infinite=True)
    ec50 = positive("ec50_nM", ec50_nM)
    slope = positive("hill", hill)
    broadcastable(conc_nM=conc, ec50_nM=ec50, hill=slope)
    with np.errstate(divide="ignore", over="ignore", under="ignore"):
        return scalar_or_array(1.0 / (1.0 + (ec50 / conc) ** slope))


@overload
def uptake_inhibition(
    inhibitor_nM: float, top: float, bottom: float, ic50_nM: float, hill: float = 1.0
) -> float: ...
@overload
def uptake_inhibition(
    inhibitor_nM: ArrayLike,
    top: ArrayLike,
    bottom: ArrayLike,
    ic50_nM: ArrayLike,
    hill: ArrayLike = 1.0,
) -> Array: ...
def uptake_inhibition(
    inhibitor_nM: ArrayLike,
    top: ArrayLike,
    bottom: ArrayLike,
    ic50_nM: ArrayLike,
    hill: ArrayLike = 1.0,
) -> float | Array:
    """Uptake (or any response) that an inhibitor brings from a top to a bottom plateau.

    ``bottom + (top - bottom) / (1 + (I / IC50) ** n)``: the four-parameter logistic; with
    ``hill = 1`` the three-parameter one.

    Parameters
    ----------
    inhibitor_nM : array_like
        Inhibitor concentration, nM, >= 0; 0 is the control and lies on `top`.
    top, bottom : array_like
        Response without inhibitor and with infinitely much of it, in any unit.
    ic50_nM : array_like
        Concentration at which the response is half way between the plateaus, nM, > 0.
    hill : array_like, default 1
        Steepness, > 0.

    Returns
    -------
    float or ndarray
        Response in the unit of the plateaus, of the broadcast shape.

    Examples
    --------
    >>> print(uptake_inhibition([0, 10.5, 94.5], top=100, bottom=0, ic50_nM=10.5))
    [100.  50.  10.]
    """
    upper = numbers("top", top)
    lower = numbers("bottom", bottom)
    inhibitor = nonnegative("inhibitor_nM", inhibitor_nM, infinite=True)
    ic50 = positive("ic50_nM", ic50_nM)
    slope = positive("hill", hill)
    broadcastable(inhibitor_nM=inhibitor, top=upper, bottom=lower, ic50_nM=ic50, hill=slope)
    with np.errstate(over="ignore", under="ignore"):
        remaining = 1.0 / (1.0 + (inhibitor / ic50) ** slope)
    return scalar_or_array(lower + (upper - lower) * remaining)


def _bound_fraction(conc: Array, kd: Array) -> Array:
    # conc / (kd + conc), written so that an infinite concentration gives 1 and not NaN.
    with np.errstate(divide="ignore", over="ignore"):
        return 1.0 / (1.0 + kd / conc)


def _competed_fraction(inhibitor: Array, radioligand: Array, kd: Array, ki: Array) -> Array:
    with np.errstate(invalid="ignore", over="ignore"):
        inhibition = np.where(np.isinf(ki), 0.0, inhibitor / ki)
        return radioligand / (radioligand + kd * (1.0 + inhibition))
