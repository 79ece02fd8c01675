"""From plasma to transporter: occupancy from one of three constants, named and never mixed.

A binding Ki and an uptake IC50 are unbound nanomolar concentrations from a dish; an in-vivo EC50
is a total plasma concentration from people in a scanner. They are different quantities that give
different answers, so each constant carries its kind, its unit and its source, and a missing one is
an error that says which exist.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from snrilab._checks import fraction, nonnegative, numbers, scalar_or_array
from snrilab.mechanism import occupancy
from snrilab.pk._conversion import nM_from_ng_per_mL
from snrilab.pk._drugs import Drug, need_drug
from snrilab.pk._profiles import concentration
from snrilab.pk._transporter_constants import TransporterConstant

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    from snrilab.pk._interactions import ClearanceChange
    from snrilab.pk._patients import Patient
    from snrilab.pk._regimens import Regimen

    Floats = NDArray[np.float64]

__all__ = [
    "occupancy_from_dose",
    "occupancy_over_time",
    "transporter_occupancy",
]


def transporter_occupancy(
    total_ng_per_mL: ArrayLike,
    drug: Drug,
    constant: TransporterConstant,
    *,
    maximum: ArrayLike = 1.0,
) -> float | Floats:
    """Fraction of a transporter held at a total plasma concentration, without delay.

    ``occupancy = maximum C/(C + K)``, where C is the unbound nM concentration for a binding Ki or
    an uptake IC50 and the total ng/mL one for an in-vivo EC50. Taking the unbound plasma
    concentration for that at the transporter leaves out the blood-brain barrier.

    Parameters
    ----------
    total_ng_per_mL : array_like
        Total plasma concentration (ng/mL), >= 0.
    drug : Drug
        For its molar mass and fraction unbound; the drug of the constant.
    constant : TransporterConstant
        Which constant.
    maximum : array_like, default 1
        Highest occupancy that the method can show, in [0, 1].

    Returns
    -------
    float or array
        Occupancy, in [0, 1].

    Raises
    ------
    ValueError
        When drug and constant do not belong together.

    Examples
    --------
    Levomilnacipran at its mean of 216.5 ng/mL, NET by uptake and by binding:

    >>> from snrilab.pk import drug, transporter_constant
    >>> lvm = drug("levomilnacipran")
    >>> for kind in ("uptake_IC50", "binding_Ki"):
    ...     constant = transporter_constant("levomilnacipran", "NET", kind)
    ...     print(round(100 * transporter_occupancy(216.5, lvm, constant), 1))
    98.5
    88.1
    """
    total = nonnegative("total_ng_per_mL", total_ng_per_mL)
    top = fraction("maximum", maximum)
    _belong(drug, constant)
    # One law for all three constants; both its arguments are on the constant's own scale.
    held = occupancy(_on_scale_of(constant, total, drug), constant.value)
    return scalar_or_array(np.asarray(top * held))


def occupancy_over_time(
    drug: Drug,
    regimen: Regimen,
    time_h: ArrayLike,
    constant: TransporterConstant,
    *,
    maximum: float = 1.0,
    patient: Patient | None = None,
    changes: Sequence[ClearanceChange] = (),
) -> float | Floats:
    """Occupancy of a transporter over time that follows plasma without delay.

    What was observed may differ: after one 60 mg dose of duloxetine the scanner saw more at 53 h
    and less at 6 h (below). A delay (`snrilab.pk.fit_delay`) is one explanation of several.

    Parameters
    ----------
    drug : Drug
        Parameters.
    regimen : Regimen
        Doses (mg free base).
    time_h : array_like
        When to look (h).
    constant : TransporterConstant
        Which constant.
    maximum : float, default 1
        Highest occupancy that the method can show, in [0, 1].
    patient : Patient, optional
        How this patient differs.
    changes : sequence of ClearanceChange
        Clearance changes on the way.

    Returns
    -------
    float or array
        Occupancy, in [0, 1], shape of `time_h`.

    Examples
    --------
    >>> from snrilab.pk import drug, repeat, transporter_constant
    >>> constant = transporter_constant("escitalopram", "SERT", "invivo_EC50")
    >>> ten_days = repeat(10, times=10)
    >>> occupancy_over_time(drug("escitalopram"), ten_days, [222, 270], constant).round(2)
    array([0.83, 0.61])

    Duloxetine, EC50 3.7 ng/mL, beside what was observed (target V10):

    >>> from snrilab import evidence
    >>> from snrilab.pk import single_dose
    >>> constant = transporter_constant("duloxetine", "SERT", "invivo_EC50")
    >>> held = occupancy_over_time(drug("duloxetine"), single_dose(60), [6, 25, 53], constant)
    >>> for model, seen in zip(100 * held, evidence.targets("V10"), strict=True):
    ...     print(f"{model:.1f} % for {seen.value} %")
    88.7 % for 81.8 %
    74.1 % for 71.9 %
    36.3 % for 44.9 %
    """
    times = numbers("time_h", time_h)
    total = concentration(drug, regimen, times, patient=patient, changes=changes)
    return transporter_occupancy(total, drug, constant, maximum=maximum)


def occupancy_from_dose(
    dose_mg: ArrayLike, ed50_mg: float, *, maximum: float = 1.0
) -> float | Floats:
    """Occupancy at steady state from a published ED50, as scanning studies report it.

    Parameters
    ----------
    dose_mg : array_like
        Daily dose (mg), >= 0.
    ed50_mg : float
        Daily dose that gives half of `maximum` (mg), > 0.
    maximum : float, default 1
        Highest occupancy, in [0, 1].

    Returns
    -------
    float or array
        ``maximum * dose/(dose + ed50)``, in [0, 1].

    Examples
    --------
    Milnacipran at SERT (ED50 122.5 mg a day):

    >>> round(occupancy_from_dose(200, 122.5), 2)
    0.62
    """
    dose = nonnegative("dose_mg", dose_mg)
    half = numbers("ed50_mg", ed50_mg, low=0.0, low_open=True)
    return scalar_or_array(fraction("maximum", maximum) * np.asarray(occupancy(dose, half)))


def _on_scale_of(constant: TransporterConstant, total: Floats, drug: Drug) -> float | Floats:
    if constant.unit == "ng/mL":
        return total
    return nM_from_ng_per_mL(total, drug.known("mw_g_per_mol"), fu=drug.known("fu"))


def _belong(drug: Drug, constant: TransporterConstant) -> None:
    need_drug(drug)
    if not isinstance(constant, TransporterConstant):
        raise TypeError(f"constant must be a TransporterConstant, got {constant!r}.")
    if drug.name != constant.drug:
        raise ValueError(
            f"constant belongs to {constant.drug}, but drug is {drug.name}: they must be the same."
        )
