"""Parameter sets: what a drug does in a typical body, and how one patient differs from it.

`snrilab.pk.drug` returns the recommended sets, every number of which has a source.
"""

from __future__ import annotations

import math
import reprlib
from dataclasses import dataclass, field, fields, replace
from typing import Any

import numpy as np

from snrilab._checks import choice, increasing, one_number, positive, text
from snrilab.evidence import EvidenceError
from snrilab.pk._disposition import RateConstants
from snrilab.pk._patients import Patient

__all__ = ["Drug"]


@dataclass(frozen=True)
class Drug:
    """How a drug enters and leaves a typical body; one or two compartments, linear.

    Dose enters after `lag_h`. With `input_h` > 0 it flows in at a constant rate for that long
    (extended release), else all at once; it fills a depot that empties at `ka_per_h`, or goes
    straight into plasma when `ka_per_h` is None. It leaves with clearance `cl_L_per_h`.
    Left out: saturable metabolism, enterohepatic cycling, food, and anything that makes
    the parameters depend on concentration.

    Parameters
    ----------
    name : str
        Drug, for messages and legends.
    cl_L_per_h : float
        Clearance (L/h), > 0; apparent (CL/F) when `bioavailability` is left at 1.
    v_L : float
        Volume of the plasma compartment (L), > 0; apparent (V/F) likewise.
    ka_per_h : float, optional
        First-order absorption (1/h), > 0. None: no depot (intravenous, or zero-order release).
    lag_h : float, default 0
        Delay between dose and first absorption (h), >= 0.
    input_h : float, default 0
        Duration of zero-order input (h), >= 0; 0 is a bolus.
    bioavailability : float, default 1
        Multiplies every dose, in (0, 1]. Leave at 1 when CL/F and V/F are given.
    q_L_per_h, vp_L : float, optional
        Exchange (L/h) with a peripheral volume (L), both > 0 or both None.
    fu : float, optional
        Fraction unbound in plasma, in (0, 1].
    mw_g_per_mol, salt_mw_g_per_mol : float, optional
        Molar mass of the free base and of the marketed salt (g/mol), > 0.
    fe_renal : float, optional
        Fraction eliminated unchanged by the kidney, in [0, 1].
    fm_cyp3a4 : float, optional
        Fraction eliminated by CYP3A4, in [0, 1]; with `fe_renal` at most 1.
    cv_cl, cv_v : float, optional
        Coefficient of variation of clearance and volume between people, >= 0.
    correlation : float, optional
        Correlation of their logarithms between people, in [-1, 1].
    cl_range_L_per_h : tuple of float, optional
        Lowest and highest typical clearance that sources support (L/h); `with_clearance` goes
        there.
    model : str, optional
        Which parameter set this is.

    Examples
    --------
    >>> oral = Drug("example", cl_L_per_h=20, v_L=400, ka_per_h=0.4)
    >>> round(oral.half_life_h, 2)
    13.86
    """

    name: str
    cl_L_per_h: float
    v_L: float
    ka_per_h: float | None = None
    lag_h: float = 0.0
    input_h: float = 0.0
    bioavailability: float = 1.0
    q_L_per_h: float | None = None
    vp_L: float | None = None
    fu: float | None = None
    mw_g_per_mol: float | None = None
    salt_mw_g_per_mol: float | None = None
    fe_renal: float | None = None
    fm_cyp3a4: float | None = None
    cv_cl: float | None = None
    cv_v: float | None = None
    correlation: float | None = None
    cl_range_L_per_h: tuple[float, float] | None = field(default=None, compare=False)
    model: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        text("name", self.name)
        for parameter, limits in _LIMITS.items():
            value = getattr(self, parameter)
            if value is None and parameter not in _COMPULSORY:
                continue
            object.__setattr__(self, parameter, one_number(parameter, value, **limits))
        if self.cl_range_L_per_h is not None:
            ends = positive(
                "cl_range_L_per_h", increasing("cl_range_L_per_h", self.cl_range_L_per_h)
            )
            object.__setattr__(self, "cl_range_L_per_h", (float(ends[0]), float(ends[-1])))
        if (self.q_L_per_h is None) != (self.vp_L is None):
            raise ValueError(
                "q_L_per_h and vp_L belong together: give both for two compartments or neither, "
                f"got q_L_per_h={self.q_L_per_h} and vp_L={self.vp_L}."
            )
        if (self.fe_renal or 0) + (self.fm_cyp3a4 or 0) > 1 + 1e-12:
            raise ValueError(
                "fe_renal and fm_cyp3a4 are shares of one clearance and sum to at most 1, "
                f"got {self.fe_renal} and {self.fm_cyp3a4}."
            )

    @property
    def rates(self) -> RateConstants:
        """Rate constants (1/h) of the typical body."""
        return rate_constants(self.cl_L_per_h, self.v_L, self.ka_per_h, self.q_L_per_h, self.vp_L)

    @property
    def half_life_h(self) -> float:
        """Terminal half-life (h); with slow absorption (flip-flop) that of absorption."""
        return math.log(2) / float(self.rates.terminal())

    @property
    def salt_factor(self) -> float:
        """Mass of salt per mass of free base, > 1; error when either molar mass is unknown."""
        return self.known("salt_mw_g_per_mol") / self.known("mw_g_per_mol")

    def known(self, parameter: str) -> float:
        """Return `parameter`, or say that this drug has no such number.

        Parameters
        ----------
        parameter : str
            Name of a field, for example ``"fu"``.

        Returns
        -------
        float
            The number.

        Raises
        ------
        EvidenceError
            When the number is not known: it is never replaced by a guess.
        """
        choice("parameter", parameter, list(_LIMITS))
        value = getattr(self, parameter)
        if value is None:
            there = [name for name in _LIMITS if getattr(self, name) is not None]
            raise EvidenceError(
                f"no {parameter} is known for {self.name}; known are {', '.join(there)}."
            )
        return float(value)

    def with_(self, **changes: Any) -> Drug:
        """Return a copy with some parameters changed.

        Parameters
        ----------
        **changes
            Fields and their new values.

        Returns
        -------
        Drug
            The changed copy.

        Examples
        --------
        >>> from snrilab.pk import drug
        >>> drug("levomilnacipran").with_(cl_L_per_h=19.0).cl_L_per_h
        19.0
        """
        names = [f.name for f in fields(self)]
        for parameter in changes:
            choice("parameter", parameter, names)
        return replace(self, **changes)

    def with_clearance(self, cl_L_per_h: float) -> Drug:
        """Return a copy with another clearance and the same half-life: volumes move along.

        Sources that disagree about exposure often agree about the half-life.

        Parameters
        ----------
        cl_L_per_h : float
            Clearance (L/h), > 0.

        Returns
        -------
        Drug
            The changed copy.

        Examples
        --------
        >>> from snrilab.pk import drug
        >>> escitalopram = drug("escitalopram")
        >>> low, high = escitalopram.cl_range_L_per_h
        >>> low, high, round(escitalopram.with_clearance(low).half_life_h, 1)
        (24.0, 36.0, 30.0)
        """
        clearance = one_number("cl_L_per_h", cl_L_per_h, low=0.0, low_open=True)
        by = clearance / self.cl_L_per_h
        return replace(
            self,
            cl_L_per_h=clearance,
            v_L=self.v_L * by,
            q_L_per_h=None if self.q_L_per_h is None else self.q_L_per_h * by,
            vp_L=None if self.vp_L is None else self.vp_L * by,
        )

    def in_patient(self, patient: Patient) -> Drug:
        """Return the drug with this patient's clearance, volumes and absorption.

        Where one pathway alone has changed, `fm_cyp3a4` is the enzyme's share of what is left (what
        an `enzyme_change` of the returned drug needs), and the share of the kidney is not known.

        Parameters
        ----------
        patient : Patient
            How the patient differs from the typical body.

        Returns
        -------
        Drug
            Parameters of this patient.

        Examples
        --------
        >>> from snrilab.pk import drug
        >>> drug("escitalopram").in_patient(Patient(cl_ratio=0.5)).cl_L_per_h
        18.0
        """
        if not isinstance(patient, Patient):
            raise TypeError(f"patient must be a Patient, got {patient!r}.")
        fe, fm = self.fe_renal, self.fm_cyp3a4
        if patient.unaffected != 1:
            fe, fm = None, None if fm is None else min(fm * patient.unaffected, 1.0)
        return replace(
            self,
            fe_renal=fe,
            fm_cyp3a4=fm,
            cl_L_per_h=self.cl_L_per_h * patient.cl_ratio,
            v_L=self.v_L * patient.v_ratio,
            ka_per_h=None if self.ka_per_h is None else self.ka_per_h * patient.ka_ratio,
            vp_L=None if self.vp_L is None else self.vp_L * patient.v_ratio,
        )


_POSITIVE = {"low": 0.0, "low_open": True}
_SHARE = {"low": 0.0, "high": 1.0}
_LIMITS: dict[str, dict[str, Any]] = {
    "cl_L_per_h": _POSITIVE,
    "v_L": _POSITIVE,
    "ka_per_h": _POSITIVE,
    "lag_h": {"low": 0.0},
    "input_h": {"low": 0.0},
    "bioavailability": {**_SHARE, "low_open": True},
    "q_L_per_h": _POSITIVE,
    "vp_L": _POSITIVE,
    "fu": {**_SHARE, "low_open": True},
    "mw_g_per_mol": _POSITIVE,
    "salt_mw_g_per_mol": _POSITIVE,
    "fe_renal": _SHARE,
    "fm_cyp3a4": _SHARE,
    "cv_cl": {"low": 0.0},
    "cv_v": {"low": 0.0},
    "correlation": {"low": -1.0, "high": 1.0},
}
_COMPULSORY = ("cl_L_per_h", "v_L", "lag_h", "input_h", "bioavailability")


def need_drug(drug: object) -> Drug:
    """Return `drug` when it is one, or raise."""
    if not isinstance(drug, Drug):
        raise TypeError(
            f"drug must be a Drug (one patient at a time), got {reprlib.repr(drug)}: "
            "snrilab.pk.drug(name) returns one."
        )
    return drug


def rate_constants(
    cl_L_per_h: Any, v_L: Any, ka_per_h: Any, q_L_per_h: Any, vp_L: Any
) -> RateConstants:
    """Turn clearances and volumes, numbers or arrays, into rate constants (1/h)."""
    volume = np.asarray(v_L, dtype=np.float64)
    two = q_L_per_h is not None and vp_L is not None
    return RateConstants(
        elimination=np.asarray(cl_L_per_h / volume),
        absorption=None if ka_per_h is None else np.asarray(ka_per_h, dtype=np.float64),
        outward=np.asarray(q_L_per_h / volume) if two else None,
        inward=np.asarray(q_L_per_h / np.asarray(vp_L, dtype=np.float64)) if two else None,
    )
