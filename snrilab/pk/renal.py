"""Renal function: clearance split into what the kidney does and the rest, and what was observed.

Two ways to predict a patient with poor kidneys. Splitting clearance says that only the renal part
falls; the observed groups say what clearance really was. They differ, because in the
levomilnacipran study nonrenal clearance fell as well and volume did not stay fixed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from snrilab import evidence
from snrilab._checks import (
    choice,
    fraction,
    nonnegative,
    numbers,
    one_number,
    positive,
    scalar_or_array,
)
from snrilab.evidence import EvidenceError
from snrilab.pk.drugs import Drug, Patient, need_drug
from snrilab.pk.parameter_sets import constants

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

__all__ = [
    "RENAL_GROUPS",
    "RenalGroup",
    "creatinine_clearance",
    "dose_cap",
    "filtration_clearance",
    "kidney_patient",
    "renal_group",
    "renal_group_of",
]

RENAL_GROUPS = ("normal", "mild", "moderate", "severe")
L_PER_H_PER_ML_PER_MIN = 0.06
_END_STAGE = "end-stage"


@dataclass(frozen=True)
class RenalGroup:
    """One group of the levomilnacipran renal study (single 40 mg dose, means of eight people).

    Parameters
    ----------
    group : str
        ``"normal"``, ``"mild"``, ``"moderate"`` or ``"severe"``.
    dose_mg : float
        Dose (mg).
    auc_ng_h_per_mL, cmax_ng_per_mL, half_life_h : float
        Observed means.
    cl_renal_L_per_h : float
        Renal clearance (L/h).
    """

    group: str
    dose_mg: float
    auc_ng_h_per_mL: float
    cmax_ng_per_mL: float
    half_life_h: float
    cl_renal_L_per_h: float

    @property
    def cl_L_per_h(self) -> float:  # noqa: N802 - the unit keeps its case
        """Apparent clearance (L/h): dose over AUC."""
        return self.dose_mg * 1000 / self.auc_ng_h_per_mL

    @property
    def cl_nonrenal_L_per_h(self) -> float:  # noqa: N802
        """Apparent clearance less renal clearance (L/h)."""
        return self.cl_L_per_h - self.cl_renal_L_per_h

    @property
    def v_L(self) -> float:  # noqa: N802
        """Apparent volume (L) that agrees with clearance and half-life."""
        return self.cl_L_per_h * self.half_life_h / math.log(2)

    @property
    def auc_ratio(self) -> float:
        """AUC over AUC with normal renal function in the same study."""
        return self.auc_ng_h_per_mL / renal_group("normal").auc_ng_h_per_mL

    def patient(self, *, volume: str = "fixed") -> Patient:
        """Return a patient of this group, relative to the study's own normal group.

        Parameters
        ----------
        volume : {"fixed", "observed"}
            Keep the volume, which over-predicts the half-life of impaired groups, or change it so
            that the observed half-life results.

        Returns
        -------
        Patient
            Ratios of clearance and volume.

        Examples
        --------
        >>> round(renal_group("severe").patient().cl_ratio, 2)
        0.36
        """
        choice("volume", volume, ["fixed", "observed"])
        normal = renal_group("normal")
        return Patient(
            cl_ratio=self.cl_L_per_h / normal.cl_L_per_h,
            v_ratio=self.v_L / normal.v_L if volume == "observed" else 1.0,
            label=f"{self.group} renal function, observed",
        )

    def split_patient(self) -> Patient:
        """Return a patient whose renal clearance alone fell as in this group.

        Returns
        -------
        Patient
            Ratio of clearance from the split.

        Examples
        --------
        The split predicts a smaller fall than was observed (0.36):

        >>> round(renal_group("severe").split_patient().cl_ratio, 2)
        0.54
        """
        normal = renal_group("normal")
        total = normal.cl_nonrenal_L_per_h + self.cl_renal_L_per_h
        return Patient(
            cl_ratio=total / normal.cl_L_per_h,
            label=f"{self.group} renal function, renal part only",
        )

    def drug(self, drug: Drug, *, volume: str = "fixed") -> Drug:
        """Return levomilnacipran as this study saw it, not as the label has it.

        Parameters
        ----------
        drug : Drug
            Levomilnacipran, for its input.
        volume : {"fixed", "observed"}
            Volume of the study's normal group, or this group's own.

        Returns
        -------
        Drug
            With the study's clearance and volume.

        Examples
        --------
        >>> from snrilab.pk import drug
        >>> lvm = drug("levomilnacipran")
        >>> severe = renal_group("severe")
        >>> round(severe.drug(lvm).half_life_h, 1), round(severe.half_life_h, 1)
        (37.9, 27.7)
        """
        choice("volume", volume, ["fixed", "observed"])
        if need_drug(drug).name != "levomilnacipran":
            raise ValueError(f"drug must be levomilnacipran, whose study this is, got {drug.name}.")
        base = self if volume == "observed" else renal_group("normal")
        return drug.with_(cl_L_per_h=self.cl_L_per_h, v_L=base.v_L)


@cache
def renal_group(group: str) -> RenalGroup:
    """Return what was observed in one group of the levomilnacipran renal study.

    Parameters
    ----------
    group : {"normal", "mild", "moderate", "severe"}
        Renal function.

    Returns
    -------
    RenalGroup
        Observed means.

    References
    ----------
    Chen L et al. Drug Des Devel Ther 2015;9:3293-3300.

    Examples
    --------
    >>> moderate = renal_group("moderate")
    >>> round(moderate.cl_L_per_h, 1), round(moderate.auc_ratio, 2)
    (10.0, 1.91)
    """
    choice("group", group, list(RENAL_GROUPS))

    def row(quantity: str) -> evidence.Row:
        return evidence.get(
            "levomilnacipran",
            quantity,
            population=f"renal function {group}",
            source="chen2015_renal",
        )

    auc = row("AUC_inf")
    return RenalGroup(
        group=group,
        dose_mg=float(auc.dose.split()[0]),
        auc_ng_h_per_mL=_value(auc),
        cmax_ng_per_mL=_value(row("Cmax")),
        half_life_h=_value(row("half_life")),
        cl_renal_L_per_h=_value(row("CL_renal")) * L_PER_H_PER_ML_PER_MIN,
    )


def _value(row: evidence.Row) -> float:
    if row.value is None:
        raise EvidenceError(f"{row.drug} {row.quantity} ({row.population}) has no value.")
    return row.value


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
    women = fraction("female", female)
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
    if drug != "levomilnacipran":
        raise EvidenceError(f"no dose cap is known for drug {drug!r}; known: levomilnacipran.")
    if renal_function == _END_STAGE:
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
