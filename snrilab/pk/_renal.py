"""Renal function: what a clearance split predicts, and what was observed.

A clearance split says that only the renal part of clearance falls with the kidney. In the
levomilnacipran renal study nonrenal clearance fell as well, and the half-life rose less than
clearance fell, so neither a split nor a fixed volume describes these people.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

from snrilab import evidence
from snrilab._checks import choice, flag, one_number, text
from snrilab.evidence import EvidenceError
from snrilab.pk._drugs import Drug, need_drug
from snrilab.pk._patients import Patient

__all__ = ["RENAL_GROUPS", "RenalGroup", "dose_cap", "kidney_patient", "renal_group"]

RENAL_GROUPS = ("normal", "mild", "moderate", "severe")
L_PER_H_PER_ML_PER_MIN = 0.06
_END_STAGE = "end-stage"


def kidney_patient(drug: Drug, kidney_function: float) -> Patient:
    """Return a patient whose renal clearance alone is changed (the clearance split).

    CL/CL0 = 1 - fe + fe x kidney function. The other pathways are left alone, so that an
    `enzyme_change` subtracts its full share. Left out: that nonrenal clearance and binding may
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
    if ratio == 0:
        raise ValueError(
            f"kidney_function must be > 0 for {drug.name}, which only the kidney clears, got 0."
        )
    return Patient(
        cl_ratio=ratio,
        label=f"kidney function {function:g} of normal",
        unaffected_cl_ratio=1.0,
    )


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
        Highest daily dose (mg): the one cap that applies.

    Raises
    ------
    EvidenceError
        When the label has no cap: other drugs; end-stage disease, for which it does not recommend
        the drug at all; a kidney and an inhibitor that each have a cap, since it has no rule for
        both together and the lower of the two caps is none.

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
    kidney = _cap("levomilnacipran_renal", renal_function)
    if not strong_cyp3a4_inhibitor:
        return kidney
    inhibitor = _cap("levomilnacipran_interactions", "strong_cyp3a4_inhibitor")
    if kidney < _cap("levomilnacipran_renal", "normal"):
        raise EvidenceError(
            f"the label has no rule for both: renal_function {renal_function!r} alone caps "
            f"levomilnacipran at {kidney:g} mg, a strong CYP3A4 inhibitor alone at {inhibitor:g} "
            "mg, and neither cap allows for the other (see `exposure_ratio`)."
        )
    return inhibitor


def _cap(topic: str, condition: str) -> float:
    return float(evidence.parameters(topic)[f"{condition}/maximum_dose_mg_per_day"])


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

        An enzyme is taken to have fallen as nonrenal clearance did.

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
            unaffected_cl_ratio=self.cl_nonrenal_L_per_h / normal.cl_nonrenal_L_per_h,
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
            unaffected_cl_ratio=1.0,
        )

    def drug(self, drug: Drug, *, volume: str = "fixed") -> Drug:
        """Return levomilnacipran as this study saw it, not as the label has it.

        The share of the kidney is measured; that of CYP3A4 is taken to be the same part of
        nonrenal clearance as in people with normal kidneys.

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
        normal = renal_group("normal")
        fm = drug.known("fm_cyp3a4") * normal.cl_L_per_h / normal.cl_nonrenal_L_per_h
        return drug.with_(
            cl_L_per_h=self.cl_L_per_h,
            v_L=(self if volume == "observed" else normal).v_L,
            fe_renal=self.cl_renal_L_per_h / self.cl_L_per_h,
            fm_cyp3a4=fm * self.cl_nonrenal_L_per_h / self.cl_L_per_h,
        )


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
    return _observed(choice("group", group, list(RENAL_GROUPS)))


@cache
def _observed(group: str) -> RenalGroup:
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
