"""Interactions: what an enzyme that works more or less does to exposure.

With a fraction fm of clearance through one enzyme that works at `fold_change` of normal,
CL/CL0 = 1 - fm + fm fold_change, and exposure changes by the inverse (Rowland and Matin 1973).
Left out: the gut wall (first-pass extraction changes bioavailability as well as clearance), the
inhibitor's own time course, and the days that induction takes to build up.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from snrilab._checks import fraction, nonnegative, numbers, one_number, positive, scalar_or_array

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

__all__ = [
    "ClearanceChange",
    "clearance_ratio",
    "enzyme_change",
    "exposure_ratio",
    "fold_change_from_exposure",
    "fraction_metabolised_from_inhibition",
]


@dataclass(frozen=True)
class ClearanceChange:
    """Clearance multiplied by a ratio for a while; overlapping changes multiply.

    Parameters
    ----------
    cl_ratio : float
        Clearance over clearance without the change, > 0.
    start_h : float, default -inf
        When it begins (h).
    stop_h : float, default inf
        When it ends (h), > `start_h`.

    Examples
    --------
    >>> ClearanceChange(cl_ratio=0.64, start_h=240, stop_h=480).stop_h
    480.0
    """

    cl_ratio: float
    start_h: float = -math.inf
    stop_h: float = math.inf

    def __post_init__(self) -> None:
        ratio = one_number("cl_ratio", self.cl_ratio, low=0.0, low_open=True)
        start = one_number("start_h", self.start_h, high=math.inf, high_open=True, infinite=True)
        stop = one_number("stop_h", self.stop_h, low=start, low_open=True, infinite=True)
        for name, value in (("cl_ratio", ratio), ("start_h", start), ("stop_h", stop)):
            object.__setattr__(self, name, value)


def clearance_ratio(fm: ArrayLike, fold_change: ArrayLike) -> Any:
    """Clearance over normal clearance when one enzyme works at `fold_change` of normal.

    Parameters
    ----------
    fm : array_like
        Fraction of clearance through the enzyme, in [0, 1].
    fold_change : array_like
        Activity over normal activity, >= 0: 0 is complete inhibition, 2 doubled by induction.

    Returns
    -------
    float or array
        ``1 - fm + fm * fold_change``, >= 0, broadcast shape.

    Examples
    --------
    >>> round(clearance_ratio(fm=0.36, fold_change=0), 2)
    0.64
    """
    share = fraction("fm", fm)
    fold = nonnegative("fold_change", fold_change)
    return scalar_or_array((1 - share) + share * fold)


def exposure_ratio(fm: ArrayLike, fold_change: ArrayLike) -> Any:
    """AUC over normal AUC when the enzyme clearing fraction `fm` works at `fold_change` of normal.

    Parameters
    ----------
    fm : array_like
        Fraction of clearance through the enzyme, in [0, 1].
    fold_change : array_like
        Activity over normal activity, >= 0: 0 is complete inhibition, 2 doubled by induction.

    Returns
    -------
    float or array
        ``1/(1 - fm + fm * fold_change)``, > 0, broadcast shape; infinite when nothing else clears.

    References
    ----------
    Rowland M, Matin SB. J Pharmacokinet Biopharm 1973;1:553-567. doi:10.1007/BF01059791

    Examples
    --------
    Levomilnacipran (fm 0.36 by CYP3A4) with a complete inhibitor, as ketoconazole nearly is:

    >>> round(exposure_ratio(fm=0.36, fold_change=0), 2)
    1.56
    """
    with np.errstate(divide="ignore", over="ignore"):
        return scalar_or_array(1 / np.asarray(clearance_ratio(fm, fold_change)))


def fraction_metabolised_from_inhibition(auc_ratio: ArrayLike) -> Any:
    """Least fraction that an enzyme must clear when inhibiting it raises AUC by `auc_ratio`.

    Parameters
    ----------
    auc_ratio : array_like
        AUC with inhibitor over AUC without, >= 1. Inhibition is taken as complete; if it was
        not, the true fraction is larger.

    Returns
    -------
    float or array
        ``1 - 1/auc_ratio``, in [0, 1).

    Examples
    --------
    >>> round(fraction_metabolised_from_inhibition(1.57), 2)
    0.36
    """
    return scalar_or_array(1 - 1 / numbers("auc_ratio", auc_ratio, low=1.0))


def fold_change_from_exposure(auc_ratio: ArrayLike, fm: ArrayLike) -> Any:
    """Enzyme activity over normal that explains an observed AUC ratio.

    Parameters
    ----------
    auc_ratio : array_like
        AUC with the other drug over AUC without, > 0 and at most ``1/(1 - fm)``.
    fm : array_like
        Fraction of clearance through the enzyme, in (0, 1].

    Returns
    -------
    float or array
        ``(1/auc_ratio - 1 + fm)/fm``, >= 0.

    Raises
    ------
    ValueError
        When no activity of this enzyme can raise exposure that far.

    Examples
    --------
    Carbamazepine lowers levomilnacipran's AUC to 0.71: CYP3A4 works at about twice its rate.

    >>> round(fold_change_from_exposure(0.71, fm=0.36), 1)
    2.1
    """
    ratio = positive("auc_ratio", auc_ratio)
    share = positive("fm", fraction("fm", fm))
    fold = (1 / ratio - 1 + share) / share
    if np.any(fold < -1e-12):
        raise ValueError(
            f"auc_ratio must be at most 1/(1 - fm) = {np.min(1 / (1 - share)):.3g}, the ratio at "
            f"complete inhibition, got {np.max(ratio):g}."
        )
    return scalar_or_array(np.maximum(fold, 0))


def enzyme_change(
    fm: float, fold_change: float, start_h: float = -math.inf, stop_h: float = math.inf
) -> ClearanceChange:
    """Turn an inhibitor or inducer that is started and stopped into a change of clearance.

    Parameters
    ----------
    fm : float
        Fraction of clearance through the enzyme, in [0, 1].
    fold_change : float
        Activity over normal activity, >= 0.
    start_h, stop_h : float
        When the other drug begins and ends to act (h).

    Returns
    -------
    ClearanceChange
        For `snrilab.pk.concentration`.

    Raises
    ------
    ValueError
        When fm is 1 and fold_change 0: with no clearance at all there is no steady state.

    Examples
    --------
    >>> round(enzyme_change(0.36, 0, start_h=240, stop_h=480).cl_ratio, 2)
    0.64
    """
    ratio = float(
        clearance_ratio(one_number("fm", fm), one_number("fold_change", fold_change, low=0.0))
    )
    if ratio == 0:
        raise ValueError("fm = 1 with fold_change = 0 leaves no clearance; give fm < 1.")
    return ClearanceChange(ratio, start_h, stop_h)
