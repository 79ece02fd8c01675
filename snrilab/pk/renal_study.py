"""What was observed in people with poor kidneys: the levomilnacipran renal study.

Nonrenal clearance fell as well as renal clearance, and the half-life rose less than clearance fell,
so neither a clearance split nor a fixed volume describes these people.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

from snrilab import evidence
from snrilab._checks import choice
from snrilab.evidence import EvidenceError
from snrilab.pk.drugs import Drug, Patient, need_drug

__all__ = ["RENAL_GROUPS", "RenalGroup", "renal_group"]

RENAL_GROUPS = ("normal", "mild", "moderate", "severe")
L_PER_H_PER_ML_PER_MIN = 0.06


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
