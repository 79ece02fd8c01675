"""Interactions: what an enzyme that works more or less does to exposure.

With a fraction fm of clearance through one enzyme that works at `fold_change` of normal,
CL/CL0 = 1 - fm + fm fold_change, and exposure changes by the inverse (Rowland and Matin 1973).
Kidney and enzymes clear in parallel: what each loses is subtracted from the same clearance.
Left out: the gut wall (first-pass extraction changes bioavailability as well as clearance), the
inhibitor's own time course, and the days that induction takes to build up.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, overload

import numpy as np

from snrilab._checks import (
    broadcastable,
    fraction,
    nonnegative,
    numbers,
    one_number,
    positive,
    scalar_or_array,
    text,
)
from snrilab.pk._patients import Patient

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

__all__ = [
    "ClearanceChange",
    "EnzymeChange",
    "clearance_over_time",
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


@dataclass(frozen=True)
class EnzymeChange(ClearanceChange):
    """One enzyme works more or less for a while; made by `enzyme_change`.

    Enzymes and kidney clear side by side, so what one enzyme loses is subtracted from clearance,
    whatever else has fallen. Changes of different enzymes add up; activities of the same enzyme
    multiply.

    Parameters
    ----------
    cl_ratio, start_h, stop_h : float
        Ratio of clearance in a typical body, and when.
    fm : float
        Fraction of normal clearance through the enzyme, in [0, 1].
    fold_change : float
        Its activity over normal activity, >= 0.
    enzyme : str
        Which enzyme.
    """

    fm: float = 0.0
    fold_change: float = 1.0
    enzyme: str = "CYP3A4"

    @property
    def patient(self) -> Patient:
        """Somebody in whom it lasts for ever, to be combined with other reasons to differ.

        Examples
        --------
        Steady state of a capsule a day with a quarter of kidney function and CYP3A4 shut:

        >>> from snrilab.pk import drug, kidney_patient, steady_state
        >>> lvm = drug("levomilnacipran")
        >>> both = kidney_patient(lvm, 0.25) & enzyme_change(0.36, 0).patient
        >>> round(steady_state(lvm, 20, patient=both).cavg_ng_per_mL)
        176
        """
        label = f"{self.enzyme} at {self.fold_change:g} of normal"
        return Patient(cl_ratio=self.cl_ratio, label=label, unaffected_cl_ratio=1.0)


def clearance_over_time(
    at_h: Floats, changes: Sequence[ClearanceChange], unaffected: float = 1.0
) -> Floats:
    """Clearance over a patient's own clearance from each time on, until the next.

    Parameters
    ----------
    at_h : array
        Times (h).
    changes : sequence of ClearanceChange
        Multiplied when they are ratios, added up when they are enzymes.
    unaffected : float, default 1
        Clearance of a pathway that the patient's condition leaves alone, over all of it, both
        relative to the typical body.

    Returns
    -------
    array
        Ratios, > 0.
    """
    ratio, enzymes = np.ones_like(at_h), np.zeros_like(at_h)
    activity: dict[tuple[str, float], Floats] = {}
    for change in changes:
        inside = (at_h >= change.start_h) & (at_h < change.stop_h)
        if isinstance(change, EnzymeChange):
            fold = activity.setdefault((change.enzyme, change.fm), np.ones_like(at_h))
            fold[inside] *= change.fold_change
        else:
            ratio[inside] *= change.cl_ratio
    for (_, fm), fold in activity.items():
        enzymes += fm * (fold - 1)
    left = 1 + unaffected * enzymes
    if left.min() <= 1e-9:
        raise ValueError(
            "changes must leave some clearance: what the enzymes lose is all that this patient "
            f"has ({-unaffected * enzymes.min():.3g} of the clearance)."
        )
    return np.asarray(ratio * left)


@overload
def exposure_ratio(
    fm: float, fold_change: float, *, fe: float = 0.0, kidney_function: float = 1.0
) -> float: ...
@overload
def exposure_ratio(
    fm: ArrayLike, fold_change: ArrayLike, *, fe: ArrayLike = 0.0, kidney_function: ArrayLike = 1.0
) -> NDArray[np.float64]: ...
def exposure_ratio(
    fm: ArrayLike, fold_change: ArrayLike, *, fe: ArrayLike = 0.0, kidney_function: ArrayLike = 1.0
) -> float | NDArray[np.float64]:
    """AUC over normal AUC when the enzyme clearing fraction `fm` works at `fold_change` of normal.

    Enzyme and kidney clear in parallel: their clearances add, their exposure ratios do not
    multiply.

    Parameters
    ----------
    fm : array_like
        Fraction of clearance through the enzyme, in [0, 1].
    fold_change : array_like
        Activity over normal activity, >= 0: 0 is complete inhibition, 2 doubled by induction.
    fe : array_like, default 0
        Fraction of clearance through the kidney, in [0, 1]; with `fm` at most 1.
    kidney_function : array_like, default 1
        Renal clearance over normal, >= 0.

    Returns
    -------
    float or array
        ``1/(1 - fe - fm + fe * kidney_function + fm * fold_change)``, > 0, broadcast shape;
        infinite when nothing else clears.

    References
    ----------
    Rowland M, Matin SB. J Pharmacokinet Biopharm 1973;1:553-567. doi:10.1007/BF01059791

    Examples
    --------
    Levomilnacipran (fm 0.36 by CYP3A4) with a complete inhibitor, as ketoconazole nearly is:

    >>> round(exposure_ratio(fm=0.36, fold_change=0), 2)
    1.56

    The same with a quarter of normal kidney function, which alone gives 1.77:

    >>> round(exposure_ratio(fm=0.36, fold_change=0, fe=0.58, kidney_function=0.25), 2)
    4.88
    """
    enzyme, fold = fraction("fm", fm), nonnegative("fold_change", fold_change)
    kidney, function = fraction("fe", fe), nonnegative("kidney_function", kidney_function)
    broadcastable(fm=enzyme, fold_change=fold, fe=kidney, kidney_function=function)
    if np.any(enzyme + kidney > 1 + 1e-12):
        raise ValueError(
            "fm and fe are shares of one clearance and sum to at most 1, "
            f"got {np.max(enzyme + kidney):g}."
        )
    others = np.maximum(1 - enzyme - kidney, 0.0)
    with np.errstate(divide="ignore", over="ignore"):
        return scalar_or_array(1 / np.asarray(others + enzyme * fold + kidney * function))


@overload
def fraction_metabolised_from_inhibition(auc_ratio: float) -> float: ...
@overload
def fraction_metabolised_from_inhibition(auc_ratio: ArrayLike) -> NDArray[np.float64]: ...
def fraction_metabolised_from_inhibition(auc_ratio: ArrayLike) -> float | NDArray[np.float64]:
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


@overload
def fold_change_from_exposure(auc_ratio: float, fm: float) -> float: ...
@overload
def fold_change_from_exposure(auc_ratio: ArrayLike, fm: ArrayLike) -> NDArray[np.float64]: ...
def fold_change_from_exposure(auc_ratio: ArrayLike, fm: ArrayLike) -> float | NDArray[np.float64]:
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
    fm: float,
    fold_change: float,
    start_h: float = -math.inf,
    stop_h: float = math.inf,
    *,
    enzyme: str = "CYP3A4",
) -> EnzymeChange:
    """Turn an inhibitor or inducer that is started and stopped into a change of clearance.

    Parameters
    ----------
    fm : float
        Fraction of normal clearance through the enzyme, in [0, 1].
    fold_change : float
        Activity over normal activity, >= 0.
    start_h, stop_h : float
        When the other drug begins and ends to act (h).
    enzyme : str, default "CYP3A4"
        Which enzyme: changes of different enzymes add up, of the same one multiply.

    Returns
    -------
    EnzymeChange
        For `snrilab.pk.concentration`. In a patient with a poor kidney it is subtracted from what
        clearance is left.

    Raises
    ------
    ValueError
        When fm is 1 and fold_change 0: with no clearance at all there is no steady state.

    Examples
    --------
    >>> round(enzyme_change(0.36, 0, start_h=240, stop_h=480).cl_ratio, 2)
    0.64
    """
    share = one_number("fm", fm, low=0.0, high=1.0)
    fold = one_number("fold_change", fold_change, low=0.0)
    ratio = (1 - share) + share * fold
    if ratio == 0:
        raise ValueError("fm = 1 with fold_change = 0 leaves no clearance; give fm < 1.")
    return EnzymeChange(ratio, start_h, stop_h, share, fold, text("enzyme", enzyme))
