"""What a noncompartmental analysis finds, under this library's names and WinNonlin's."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from snrilab._diagnostic import Diagnostic
    from snrilab.pk.terminal_phase import TerminalPhase

    Floats = NDArray[np.float64]

__all__ = ["Noncompartmental"]


@dataclass(frozen=True, eq=False, repr=False)
class Noncompartmental:
    """What a sampled curve says without a model. NaN: not estimable or not asked for.

    Areas are in (concentration unit)·h and (concentration unit)·h². After extravascular dosing
    clearance and volumes are apparent (CL/F, V/F).

    Parameters
    ----------
    route, auc_rule, conc_unit : str
        What was assumed.
    time_h, conc : array
        The samples as analysed: in order, a value at dose time added when it was missing.
    terminal : TerminalPhase
        The fitted terminal line with lambda_z, its points and adjusted R².
    cmax, tmax_h : float
        Highest observed concentration and its (first) time (h).
    clast, tlast_h : float
        Last concentration above zero and its time (h).
    clast_pred : float
        Concentration at `tlast_h` on the terminal line.
    tlag_h : float
        Time of the last sample before the first concentration above zero (h); extravascular.
    c0 : float
        Concentration at dose time, extrapolated back after a bolus.
    auc_last, auc_all : float
        AUC to `tlast_h`, and to the last sample.
    auc_inf_obs, auc_inf_pred : float
        AUC to infinity from the observed or the predicted last concentration.
    auc_extrapolated_obs_percent, auc_extrapolated_pred_percent : float
        Share of that beyond `tlast_h` (%).
    auc_back_extrapolated_obs_percent, auc_back_extrapolated_pred_percent : float
        Share before the first sample (%); bolus.
    aumc_last, aumc_inf_obs, aumc_inf_pred : float
        Area under the first moment curve.
    aumc_extrapolated_obs_percent, aumc_extrapolated_pred_percent : float
        Share beyond `tlast_h` (%).
    mrt_last_h, mrt_inf_obs_h, mrt_inf_pred_h : float
        Mean residence time (h); after extravascular dosing it includes absorption.
    dose_mg : float
        Dose (mg).
    clearance_obs_L_per_h, clearance_pred_L_per_h : float
        Dose/AUC (L/h); at steady state dose/AUC of one interval.
    volume_z_obs_L, volume_z_pred_L : float
        Clearance/lambda_z (L).
    volume_ss_obs_L, volume_ss_pred_L : float
        Clearance x mean residence time (L); bolus and infusion.
    tau_h : float
        Dosing interval of a steady-state profile (h); NaN after a single dose.
    auc_tau, aumc_tau : float
        Areas over one interval.
    cmin, tmin_h, ctau, cavg : float
        Lowest and end concentration of the interval, and AUC over tau.
    fluctuation_percent, swing : float
        100 (cmax - cmin)/cavg, and (cmax - cmin)/cmin.
    accumulation_index : float
        1/(1 - exp(-lambda_z tau)).
    diagnostics : tuple of Diagnostic
        What to be careful about, each with a code and a sentence.

    Examples
    --------
    >>> from snrilab.pk import nca
    >>> nca([0, 1, 2, 4, 8, 16], [0, 80, 62, 41, 18, 4], dose_mg=10)
    Noncompartmental analysis (extravascular, linear-up/log-down)
    Cmax 80 ng/mL at 1 h
    AUC to the last sample 398.4 ng/mL·h
    half-life 3.548 h from 4 points; AUC to infinity 418.9 ng/mL·h (5 % extrapolated)
    peak_at_first_sample: The highest concentration is the first sample: the true peak may be
    earlier and higher.
    """

    route: str
    auc_rule: str
    conc_unit: str
    time_h: Floats
    conc: Floats
    terminal: TerminalPhase
    cmax: float
    tmax_h: float
    clast: float
    tlast_h: float
    clast_pred: float
    tlag_h: float
    c0: float
    auc_last: float
    auc_all: float
    auc_inf_obs: float
    auc_inf_pred: float
    auc_extrapolated_obs_percent: float
    auc_extrapolated_pred_percent: float
    auc_back_extrapolated_obs_percent: float
    auc_back_extrapolated_pred_percent: float
    aumc_last: float
    aumc_inf_obs: float
    aumc_inf_pred: float
    aumc_extrapolated_obs_percent: float
    aumc_extrapolated_pred_percent: float
    mrt_last_h: float
    mrt_inf_obs_h: float
    mrt_inf_pred_h: float
    dose_mg: float = math.nan
    clearance_obs_L_per_h: float = math.nan
    clearance_pred_L_per_h: float = math.nan
    volume_z_obs_L: float = math.nan
    volume_z_pred_L: float = math.nan
    volume_ss_obs_L: float = math.nan
    volume_ss_pred_L: float = math.nan
    tau_h: float = math.nan
    auc_tau: float = math.nan
    aumc_tau: float = math.nan
    cmin: float = math.nan
    tmin_h: float = math.nan
    ctau: float = math.nan
    cavg: float = math.nan
    fluctuation_percent: float = math.nan
    swing: float = math.nan
    accumulation_index: float = math.nan
    diagnostics: tuple[Diagnostic, ...] = ()

    def __repr__(self) -> str:
        unit = self.conc_unit
        lines = [
            f"Noncompartmental analysis ({self.route}, {self.auc_rule})",
            f"Cmax {self.cmax:.4g} {unit} at {self.tmax_h:.4g} h",
            f"AUC to the last sample {self.auc_last:.4g} {unit}·h",
        ]
        if self.terminal.n_points:
            lines.append(
                f"half-life {self.half_life_h:.4g} h from {self.terminal.n_points} points; "
                f"AUC to infinity {self.auc_inf_obs:.4g} {unit}·h "
                f"({self.auc_extrapolated_obs_percent:.0f} % extrapolated)"
            )
        lines += [f"{doubt.code}: {doubt}" for doubt in self.diagnostics]
        return "\n".join(lines)

    @property
    def lambda_z_per_h(self) -> float:
        """Terminal rate constant (1/h)."""
        return self.terminal.lambda_z_per_h

    @property
    def half_life_h(self) -> float:
        """Terminal half-life (h)."""
        return self.terminal.half_life_h

    @property
    def codes(self) -> tuple[str, ...]:
        """Codes of the diagnostics."""
        return tuple(diagnostic.code for diagnostic in self.diagnostics)

    def winnonlin(self) -> dict[str, float]:
        """Return the values under WinNonlin's names, for comparison with its output.

        Returns
        -------
        dict
            Name to value; clearance and volumes carry ``_F`` after extravascular dosing.

        Examples
        --------
        >>> from snrilab.pk import nca
        >>> curve = nca([0, 1, 2, 4, 8], [0, 8, 4, 2, 0.5], dose_mg=10, conc_unit="mg/L")
        >>> names = curve.winnonlin()
        >>> names["Tmax"], names["No_points_lambda_z"], round(names["Cl_F_obs"], 3)
        (1.0, 3, 0.469)
        """
        apparent = "_F" if self.route == "extravascular" else ""
        renamed = {
            _WINNONLIN[f.name].format(apparent): getattr(self, f.name)
            for f in fields(self)
            if f.name in _WINNONLIN
        }
        line = self.terminal
        return renamed | {
            "Rsq": line.r2,
            "Rsq_adjusted": line.r2_adjusted,
            "Corr_XY": line.correlation,
            "No_points_lambda_z": line.n_points,
            "Lambda_z": line.lambda_z_per_h,
            "Lambda_z_lower": line.lower_h,
            "Lambda_z_upper": line.upper_h,
            "HL_Lambda_z": line.half_life_h,
            "Span": line.span_ratio,
            "Cmax_D": self.cmax / self.dose_mg,
            "AUCINF_D_obs": self.auc_inf_obs / self.dose_mg,
            "AUCINF_D_pred": self.auc_inf_pred / self.dose_mg,
        }


_WINNONLIN = {
    "tlag_h": "Tlag",
    "tmax_h": "Tmax",
    "cmax": "Cmax",
    "c0": "C0",
    "tlast_h": "Tlast",
    "clast": "Clast",
    "clast_pred": "Clast_pred",
    "auc_last": "AUClast",
    "auc_all": "AUCall",
    "auc_inf_obs": "AUCINF_obs",
    "auc_inf_pred": "AUCINF_pred",
    "auc_extrapolated_obs_percent": "AUC_%Extrap_obs",
    "auc_extrapolated_pred_percent": "AUC_%Extrap_pred",
    "auc_back_extrapolated_obs_percent": "AUC_%Back_Ext_obs",
    "auc_back_extrapolated_pred_percent": "AUC_%Back_Ext_pred",
    "volume_z_obs_L": "Vz{}_obs",
    "volume_z_pred_L": "Vz{}_pred",
    "clearance_obs_L_per_h": "Cl{}_obs",
    "clearance_pred_L_per_h": "Cl{}_pred",
    "aumc_last": "AUMClast",
    "aumc_inf_obs": "AUMCINF_obs",
    "aumc_inf_pred": "AUMCINF_pred",
    "aumc_extrapolated_obs_percent": "AUMC_%Extrap_obs",
    "aumc_extrapolated_pred_percent": "AUMC_%Extrap_pred",
    "mrt_last_h": "MRTlast",
    "mrt_inf_obs_h": "MRTINF_obs",
    "mrt_inf_pred_h": "MRTINF_pred",
    "volume_ss_obs_L": "Vss_obs",
    "volume_ss_pred_L": "Vss_pred",
    "auc_tau": "AUC_TAU",
    "aumc_tau": "AUMC_TAU",
    "cmin": "Cmin",
    "tmin_h": "Tmin",
    "ctau": "Ctau",
    "cavg": "Cavg",
    "fluctuation_percent": "Fluctuation%",
    "swing": "Swing",
    "accumulation_index": "Accumulation_Index",
}
