"""Renal function: from creatinine to a group, a clearance and a dose cap.

A clearance split says that only the renal part of clearance falls with the kidney. What was
observed is in `snrilab.pk.renal_group`; the two differ.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from snrilab import evidence
from snrilab._checks import (
    choice,
    flag,
    fraction,
    nonnegative,
    numbers,
    one_number,
    positive,
    scalar_or_array,
    text,
)
from snrilab.evidence import EvidenceError
from snrilab.pk.drugs import Drug, Patient, need_drug
from snrilab.pk.parameter_sets import constants
from snrilab.pk.renal_study import RENAL_GROUPS

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

__all__ = [
    "creatinine_clearance",
    "dose_cap",
    "filtration_clearance",
    "kidney_patient",
    "renal_group_of",
]

_END_STAGE = "end-stage"


def renal_group_of(crcl_mL_per_min: float) -> str:
    """Return the label's group for a creatinine clearance.

    Parameters
    ----------
    crcl_mL_per_min : float
        Creatinine clearance (mL/min), >= 0.

    Returns
    -------
    str
        One of `RENAL_GROUPS`, or ``"end-stage"`` below 15 mL/min.

    Examples
    --------
    >>> renal_group_of(45)
    'moderate'
    """
    clearance = one_number("crcl_mL_per_min", crcl_mL_per_min, low=0.0)
    lowest = constants("renal_group_lowest_crcl")
    return next((group for group in RENAL_GROUPS if clearance >= lowest[group]), _END_STAGE)


def creatinine_clearance(
    age_years: ArrayLike,
    weight_kg: ArrayLike,
    creatinine_mg_per_dL: ArrayLike,
    *,
    female: ArrayLike = False,
) -> Any:
    """Creatinine clearance by Cockcroft and Gault.

    Parameters
    ----------
    age_years : array_like
        Age (years), in [18, 140).
    weight_kg : array_like
        Body weight (kg), > 0.
    creatinine_mg_per_dL : array_like
        Serum creatinine (mg/dL), > 0.
    female : bool or array_like of bool
        Women have 0.85 of the value.

    Returns
    -------
    float or array
        Creatinine clearance (mL/min), > 0.

    References
    ----------
    Cockcroft DW, Gault MH. Nephron 1976;16:31-41. doi:10.1159/000180580

    Examples
    --------
    >>> round(creatinine_clearance(60, 72, 1.0))
    80
    """
    age = numbers("age_years", age_years, low=18.0, high=140.0, high_open=True)
    weight = positive("weight_kg", weight_kg)
    creatinine = positive("creatinine_mg_per_dL", creatinine_mg_per_dL)
    sex = np.asarray(female)
    women = fraction("female", sex.astype(np.float64) if sex.dtype == bool else female)
    clearance = (140 - age) * weight / (72 * creatinine)
    return scalar_or_array(np.asarray(clearance * np.where(women == 1, 0.85, 1.0)))


def filtration_clearance(fu: ArrayLike, gfr_mL_per_min: ArrayLike) -> Any:
    """Most that filtration alone can clear; renal clearance above it means net secretion.

    Parameters
    ----------
    fu : array_like
        Fraction unbound, in [0, 1].
    gfr_mL_per_min : array_like
        Glomerular filtration rate (mL/min), >= 0.

    Returns
    -------
    float or array
        ``fu * gfr`` (mL/min), >= 0.

    Examples
    --------
    Levomilnacipran's renal clearance is 176 mL/min, but filtration gives at most

    >>> round(filtration_clearance(0.78, 120), 1)
    93.6
    """
    return scalar_or_array(fraction("fu", fu) * nonnegative("gfr_mL_per_min", gfr_mL_per_min))


def kidney_patient(drug: Drug, kidney_function: float) -> Patient:
    """Return a patient whose renal clearance alone is changed (the clearance split).

    CL/CL0 = 1 - fe + fe x kidney function. Left out: that nonrenal clearance and binding may
    change as well (see `RenalGroup.patient` for what was observed).

    Parameters
    ----------
    drug : Drug
        With known `fe_renal`.
    kidney_function : float
        Renal clearance over normal, >= 0.

    Returns
    -------
    Patient
        Ratio of clearance.

    Raises
    ------
    EvidenceError
        When the drug's `fe_renal` is not known.

    Examples
    --------
    >>> from snrilab.pk import drug
    >>> round(kidney_patient(drug("levomilnacipran"), 0.5).cl_ratio, 2)
    0.71
    """
    need_drug(drug)
    function = one_number("kidney_function", kidney_function, low=0.0)
    excreted = drug.known("fe_renal")
    ratio = (1 - excreted) + excreted * function
    return Patient(cl_ratio=ratio, label=f"kidney function {function:g} of normal")


def dose_cap(
    drug: str, *, renal_function: str = "normal", strong_cyp3a4_inhibitor: bool = False
) -> float:
    """Highest labelled daily dose under a renal impairment and a strong CYP3A4 inhibitor.

    Parameters
    ----------
    drug : str
        Drug; only levomilnacipran's caps are in the evidence.
    renal_function : {"normal", "mild", "moderate", "severe"}
        Renal function.
    strong_cyp3a4_inhibitor : bool, default False
        Whether a strong CYP3A4 inhibitor is taken too.

    Returns
    -------
    float
        Highest daily dose (mg): the lower of the caps that apply.

    Raises
    ------
    EvidenceError
        When the evidence has no cap: other drugs, and end-stage disease, for which the label does
        not recommend the drug at all.

    Examples
    --------
    >>> dose_cap("levomilnacipran", renal_function="severe")
    40.0
    >>> dose_cap("levomilnacipran", strong_cyp3a4_inhibitor=True)
    80.0
    """
    flag("strong_cyp3a4_inhibitor", strong_cyp3a4_inhibitor)
    if text("drug", drug) != "levomilnacipran":
        raise EvidenceError(f"no dose cap is known for drug {drug!r}; known: levomilnacipran.")
    if text("renal_function", renal_function) == _END_STAGE:
        raise EvidenceError(
            "no dose cap for renal_function 'end-stage': the label does not recommend "
            "levomilnacipran there."
        )
    choice("renal_function", renal_function, list(RENAL_GROUPS))
    name = "maximum_dose_mg_per_day"
    caps = [float(evidence.parameters("levomilnacipran_renal")[f"{renal_function}/{name}"])]
    if strong_cyp3a4_inhibitor:
        interactions = evidence.parameters("levomilnacipran_interactions")
        caps.append(float(interactions[f"strong_cyp3a4_inhibitor/{name}"]))
    return min(caps)
