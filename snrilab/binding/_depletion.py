"""Binding at equilibrium when the receptor takes a noticeable part of what was added.

Here every concentration is what was put into the tube, in nM; the free concentration is part of
the answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, overload

import numpy as np

from snrilab._checks import broadcastable, nonnegative, positive, scalar_or_array

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Array = NDArray[np.float64]

__all__ = [
    "competition_depletion",
    "free_radioligand",
    "free_receptor",
    "saturation_depletion",
]


@overload
def saturation_depletion(
    radioligand_nM: float, receptor_nM: float, kd_nM: float, nonspecific_per_free: float = 0.0
) -> float: ...
@overload
def saturation_depletion(
    radioligand_nM: ArrayLike,
    receptor_nM: ArrayLike,
    kd_nM: ArrayLike,
    nonspecific_per_free: ArrayLike = 0.0,
) -> Array: ...
def saturation_depletion(
    radioligand_nM: ArrayLike,
    receptor_nM: ArrayLike,
    kd_nM: ArrayLike,
    nonspecific_per_free: ArrayLike = 0.0,
) -> float | Array:
    """Specific binding at equilibrium without assuming that free equals added radioligand.

    The smaller root of the quadratic mass balance, in a form that loses no digits to cancellation.

    Parameters
    ----------
    radioligand_nM : array_like
        Total radioligand added, nM, >= 0.
    receptor_nM : array_like
        Total concentration of binding sites, nM, >= 0.
    kd_nM : array_like
        Dissociation constant of the radioligand, nM, > 0.
    nonspecific_per_free : array_like, default 0
        Nonspecifically bound radioligand per free radioligand (a ratio), >= 0; it too depletes.

    Returns
    -------
    float or ndarray
        Specifically bound radioligand, nM, from 0 to the smaller of ligand and receptor, of the
        broadcast shape.

    References
    ----------
    Swillens S (1995) Mol Pharmacol 47:1197-1203 (depletion by specific and nonspecific binding).

    Examples
    --------
    One nM of each with Kd 1 nM: the golden ratio squared is bound, not one half.

    >>> round(saturation_depletion(1, receptor_nM=1, kd_nM=1), 6)
    0.381966
    """
    ligand = nonnegative("radioligand_nM", radioligand_nM)
    receptor = nonnegative("receptor_nM", receptor_nM)
    kd = positive("kd_nM", kd_nM)
    ratio = nonnegative("nonspecific_per_free", nonspecific_per_free)
    broadcastable(radioligand_nM=ligand, receptor_nM=receptor, kd_nM=kd, nonspecific_per_free=ratio)
    apparent_kd = kd * (1.0 + ratio)
    total = ligand + receptor + apparent_kd
    root = _root(ligand, receptor, apparent_kd)
    return scalar_or_array(2.0 * ligand * (receptor / (total + root)))


@overload
def free_radioligand(
    radioligand_nM: float, receptor_nM: float, kd_nM: float, nonspecific_per_free: float = 0.0
) -> float: ...
@overload
def free_radioligand(
    radioligand_nM: ArrayLike,
    receptor_nM: ArrayLike,
    kd_nM: ArrayLike,
    nonspecific_per_free: ArrayLike = 0.0,
) -> Array: ...
def free_radioligand(
    radioligand_nM: ArrayLike,
    receptor_nM: ArrayLike,
    kd_nM: ArrayLike,
    nonspecific_per_free: ArrayLike = 0.0,
) -> float | Array:
    """Free radioligand at equilibrium, after the receptor and nonspecific sites took their part.

    Parameters
    ----------
    radioligand_nM : array_like
        Total radioligand added, nM, >= 0.
    receptor_nM : array_like
        Total concentration of binding sites, nM, >= 0.
    kd_nM : array_like
        Dissociation constant of the radioligand, nM, > 0.
    nonspecific_per_free : array_like, default 0
        Nonspecifically bound radioligand per free radioligand (a ratio), >= 0.

    Returns
    -------
    float or ndarray
        Free radioligand, nM, from 0 to `radioligand_nM`, of the broadcast shape.

    Examples
    --------
    >>> round(free_radioligand(1, receptor_nM=1, kd_nM=1), 6)
    0.618034
    """
    ligand = nonnegative("radioligand_nM", radioligand_nM)
    receptor = nonnegative("receptor_nM", receptor_nM)
    kd = positive("kd_nM", kd_nM)
    ratio = nonnegative("nonspecific_per_free", nonspecific_per_free)
    broadcastable(radioligand_nM=ligand, receptor_nM=receptor, kd_nM=kd, nonspecific_per_free=ratio)
    apparent_kd = kd * (1.0 + ratio)
    excess = receptor - ligand + apparent_kd
    root = _root(ligand, receptor, apparent_kd)
    # Of the two forms of the same root, take the one that adds numbers of equal sign.
    with np.errstate(divide="ignore", invalid="ignore"):
        from_sum = 2.0 * ligand * (apparent_kd / (root + excess))
    free = np.where(excess >= 0.0, from_sum, 0.5 * (root - excess))
    return scalar_or_array(free / (1.0 + ratio))


@overload
def free_receptor(
    inhibitor_nM: float,
    radioligand_nM: float,
    receptor_nM: float,
    kd_nM: float,
    ki_nM: float,
    nonspecific_per_free: float = 0.0,
) -> float: ...
@overload
def free_receptor(
    inhibitor_nM: ArrayLike,
    radioligand_nM: ArrayLike,
    receptor_nM: ArrayLike,
    kd_nM: ArrayLike,
    ki_nM: ArrayLike,
    nonspecific_per_free: ArrayLike = 0.0,
) -> Array: ...
def free_receptor(
    inhibitor_nM: ArrayLike,
    radioligand_nM: ArrayLike,
    receptor_nM: ArrayLike,
    kd_nM: ArrayLike,
    ki_nM: ArrayLike,
    nonspecific_per_free: ArrayLike = 0.0,
) -> float | Array:
    """Free receptor at equilibrium with a radioligand and an inhibitor, both depleted.

    Solves ``R = r + L r / (Kd + r) + I r / (Ki + r)`` for r by Newton steps inside a bracket,
    for all elements at once.

    Parameters
    ----------
    inhibitor_nM : array_like
        Total inhibitor added, nM, >= 0.
    radioligand_nM : array_like
        Total radioligand added, nM, >= 0.
    receptor_nM : array_like
        Total concentration of binding sites, nM, > 0.
    kd_nM, ki_nM : array_like
        Dissociation constants of radioligand and inhibitor, nM, > 0.
    nonspecific_per_free : array_like, default 0
        Nonspecifically bound radioligand per free radioligand (a ratio), >= 0.

    Returns
    -------
    float or ndarray
        Free receptor, nM, in (0, `receptor_nM`], of the broadcast shape.

    References
    ----------
    Wang ZX (1995) FEBS Lett 360:111-114. doi:10.1016/0014-5793(95)00062-E (the cubic solved here)

    Examples
    --------
    >>> round(free_receptor(0, radioligand_nM=1, receptor_nM=1, kd_nM=1, ki_nM=5), 6)
    0.618034
    """
    inhibitor = nonnegative("inhibitor_nM", inhibitor_nM)
    ligand = nonnegative("radioligand_nM", radioligand_nM)
    receptor = positive("receptor_nM", receptor_nM)
    kd = positive("kd_nM", kd_nM)
    ki = positive("ki_nM", ki_nM)
    ratio = nonnegative("nonspecific_per_free", nonspecific_per_free)
    broadcastable(
        inhibitor_nM=inhibitor, radioligand_nM=ligand, receptor_nM=receptor, kd_nM=kd, ki_nM=ki,
        nonspecific_per_free=ratio,
    )  # fmt: skip
    return scalar_or_array(equilibrium(inhibitor, ligand, receptor, kd * (1.0 + ratio), ki))


@overload
def competition_depletion(
    inhibitor_nM: float,
    radioligand_nM: float,
    receptor_nM: float,
    kd_nM: float,
    ki_nM: float,
    nonspecific_per_free: float = 0.0,
) -> float: ...
@overload
def competition_depletion(
    inhibitor_nM: ArrayLike,
    radioligand_nM: ArrayLike,
    receptor_nM: ArrayLike,
    kd_nM: ArrayLike,
    ki_nM: ArrayLike,
    nonspecific_per_free: ArrayLike = 0.0,
) -> Array: ...
def competition_depletion(
    inhibitor_nM: ArrayLike,
    radioligand_nM: ArrayLike,
    receptor_nM: ArrayLike,
    kd_nM: ArrayLike,
    ki_nM: ArrayLike,
    nonspecific_per_free: ArrayLike = 0.0,
) -> float | Array:
    """Specifically bound radioligand in a competition assay, exact with depletion of both ligands.

    Parameters
    ----------
    inhibitor_nM : array_like
        Total inhibitor added, nM, >= 0.
    radioligand_nM : array_like
        Total radioligand added, nM, >= 0.
    receptor_nM : array_like
        Total concentration of binding sites, nM, > 0.
    kd_nM, ki_nM : array_like
        Dissociation constants of radioligand and inhibitor, nM, > 0.
    nonspecific_per_free : array_like, default 0
        Nonspecifically bound radioligand per free radioligand (a ratio), >= 0.

    Returns
    -------
    float or ndarray
        Specifically bound radioligand, nM, >= 0, of the broadcast shape.

    References
    ----------
    Wang ZX (1995) FEBS Lett 360:111-114. doi:10.1016/0014-5793(95)00062-E

    Examples
    --------
    At the exact IC50 of 12.708 nM half of 0.382 nM is left.

    >>> bound = competition_depletion([0, 12.7082039325], 1, receptor_nM=1, kd_nM=1, ki_nM=5)
    >>> print(bound.round(6))
    [0.381966 0.190983]
    """
    free = np.asarray(
        free_receptor(inhibitor_nM, radioligand_nM, receptor_nM, kd_nM, ki_nM, nonspecific_per_free)
    )
    apparent_kd = np.asarray(kd_nM, dtype=float) * (1.0 + np.asarray(nonspecific_per_free))
    return scalar_or_array(np.asarray(radioligand_nM, dtype=float) * (free / (apparent_kd + free)))


def _root(ligand: Array, receptor: Array, kd: Array) -> Array:
    # sqrt((L + R + K)^2 - 4 L R), with the difference taken before anything is squared.
    return np.sqrt((receptor - ligand) ** 2 + kd * (2.0 * (receptor + ligand) + kd))


def equilibrium(
    inhibitor: ArrayLike, ligand: ArrayLike, receptor: ArrayLike, kd: ArrayLike, ki: ArrayLike
) -> Array:
    """Newton from the left: total receptor is concave in free receptor, so no step overshoots."""
    inhibitor, ligand, receptor, kd, ki = np.broadcast_arrays(inhibitor, ligand, receptor, kd, ki)
    free = receptor / (1.0 + ligand / kd + inhibitor / ki)
    low, high = free, receptor
    for _ in range(200):
        at_ligand, at_inhibitor = kd + free, ki + free
        surplus = free + ligand * (free / at_ligand) + inhibitor * (free / at_inhibitor) - receptor
        slope = 1.0 + ligand * (kd / at_ligand**2) + inhibitor * (ki / at_inhibitor**2)
        low = np.where(surplus <= 0.0, free, low)
        high = np.where(surplus >= 0.0, free, high)
        step = free - surplus / slope
        # Rounding alone can lead out of the bracket; the bracket's middle then decides.
        following = np.where((step >= low) & (step <= high), step, 0.5 * (low + high))
        settled = np.abs(following - free) <= 2.0 * np.finfo(float).eps * free
        free = following
        if settled.all():
            break
    return np.asarray(free)
