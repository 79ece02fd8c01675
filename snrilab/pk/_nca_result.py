"""What a noncompartmental analysis finds, and what to be careful about in it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from snrilab._diagnostic import Diagnostic
from snrilab.pk._results import Result

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from snrilab.pk._sampled_curves import TerminalPhase

    Floats = NDArray[np.float64]

__all__ = ["Noncompartmental", "Start", "diagnose"]

_MOST_ASSUMED_PERCENT = 5.0
_MOST_EXTRAPOLATED_PERCENT = 20.0
_LEAST_SPAN = 2.0
_LEAST_ADJUSTED_R2 = 0.9
_FLIP_FLOP_RATIO = 1.5
# Two doses: both peaks this many times the trough between them, and no small hump of noise.
_RISE, _HUMP = 1.3, 0.25
_CONCENTRATIONS = ("cmax", "clast", "clast_pred", "c0", "cmin", "ctau", "cavg")


@dataclass(frozen=True, eq=False, repr=False)
class Noncompartmental(Result):
    """What a sampled curve says without a model. NaN: not estimable or not asked for.

    ``result["auc_inf_obs"]`` gives any number with its unit, as an `Estimate`.

    Areas are in (concentration unit)·h and (concentration unit)·h². After extravascular dosing
    clearance and volumes are apparent (CL/F, V/F).

    Parameters
    ----------
    route, auc_rule, conc_unit : str
        What was assumed.
    time_h, conc : array
        The samples as analysed: hours after the dose, in order, from dose time on; a value at dose
        time is added when it was missing.
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
    auc_before_first_sample_percent : float
        Share of the AUC (to infinity, of one interval, or else to the last sample) between dose
        and first sample (%): assumed, not measured.
    aumc_last, aumc_inf_obs, aumc_inf_pred : float
        Area under the first moment curve.
    aumc_extrapolated_obs_percent, aumc_extrapolated_pred_percent : float
        Share beyond `tlast_h` (%).
    mrt_last_h, mrt_inf_obs_h, mrt_inf_pred_h : float
        Mean residence time (h); after extravascular dosing it includes absorption.
    dose_mg : float
        Dose (mg).
    dose_time_h : float
        When the dose was taken on the clock of the samples (h).
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
    auc_after_last_sample_percent : float
        Share of `auc_tau` that lies after the last sample (%): extrapolated along the terminal
        line.
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
    peak_at_first_sample: The highest concentration is in the first sample after the dose, at 1 h:
    the true peak may be earlier and higher.
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
    auc_before_first_sample_percent: float
    aumc_last: float
    aumc_inf_obs: float
    aumc_inf_pred: float
    aumc_extrapolated_obs_percent: float
    aumc_extrapolated_pred_percent: float
    mrt_last_h: float
    mrt_inf_obs_h: float
    mrt_inf_pred_h: float
    dose_mg: float = math.nan
    dose_time_h: float = 0.0
    clearance_obs_L_per_h: float = math.nan
    clearance_pred_L_per_h: float = math.nan
    volume_z_obs_L: float = math.nan
    volume_z_pred_L: float = math.nan
    volume_ss_obs_L: float = math.nan
    volume_ss_pred_L: float = math.nan
    tau_h: float = math.nan
    auc_tau: float = math.nan
    aumc_tau: float = math.nan
    auc_after_last_sample_percent: float = math.nan
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

    def _unit(self, name: str) -> str:
        if name in _CONCENTRATIONS:
            return self.conc_unit
        if name.startswith(("auc_", "aumc_")) and not name.endswith("_percent"):
            return f"{self.conc_unit}·h" + ("²" if name.startswith("aumc") else "")
        return super()._unit(name)

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


class Start(NamedTuple):
    """What is known about the beginning of a curve: the first sample, and one before the dose."""

    first_h: float
    predose: float


def diagnose(
    curve: Noncompartmental, start: Start, intravenous_half_life_h: float | None
) -> tuple[Diagnostic, ...]:
    """List what is doubtful about an analysis."""
    found = (
        _assumed_start(curve, start),
        _predose(curve, start),
        _rises_again(curve),
        *_terminal(curve),
        _extrapolated(curve),
        _assumed_end(curve),
        _flip_flop(curve, intravenous_half_life_h),
        _peak_first(curve),
        _zero_inside(curve),
    )
    return tuple(doubt for doubt in found if doubt is not None)


def _assumed_start(curve: Noncompartmental, start: Start) -> Diagnostic | None:
    share = curve.auc_before_first_sample_percent
    if not share > _MOST_ASSUMED_PERCENT:
        return None
    how = {
        "extravascular": "a straight line from the value assumed at dose time",
        "infusion": "a straight line from the value assumed at dose time",
        "bolus": "extrapolated back from the first samples",
    }[curve.route]
    sentence = (
        f"{share:.0f} % of the AUC lies before the first sample at {start.first_h:.4g} h and was "
        f"not measured ({how}): sample earlier, or give dose_time_h if the hours do not count "
        "from this dose."
    )
    return Diagnostic("start_not_sampled", sentence)


def _predose(curve: Noncompartmental, start: Start) -> Diagnostic | None:
    if not math.isnan(curve.tau_h) or not start.predose > 0:
        return None
    sentence = (
        f"{start.predose:.3g} {curve.conc_unit} were there before the dose "
        f"({100 * start.predose / curve.cmax:.0f} % of the peak): the areas are not those of this "
        "dose alone; at steady state give tau_h."
    )
    return Diagnostic("predose_above_zero", sentence)


def _rises_again(curve: Noncompartmental) -> Diagnostic | None:
    conc = curve.conc
    before = np.maximum.accumulate(conc)
    after = np.maximum.accumulate(conc[::-1])[::-1]
    lower = np.minimum(before, after)
    trough = (lower > _RISE * conc) & (lower > _HUMP * conc.max())
    if not trough.any():
        return None
    # The deepest of the troughs, and the peak that follows it.
    at = int(np.argmin(np.where(trough, conc / np.where(trough, lower, 1.0), np.inf)))
    next_peak = at + int(np.argmax(conc[at:]))
    sentence = (
        f"The curve falls to {conc[at]:.3g} {curve.conc_unit} at {curve.time_h[at]:.4g} h and "
        f"rises again to {conc[next_peak]:.3g} at {curve.time_h[next_peak]:.4g} h, as after a "
        "second dose (or a second wave of absorption): analyse one dose at a time, with "
        "dose_time_h and only the samples up to the next dose."
    )
    return Diagnostic("rises_again", sentence)


def _terminal(curve: Noncompartmental) -> list[Diagnostic]:
    line = curve.terminal
    if line.n_points == 0:
        sentence = (
            "Fewer than three points fall on a falling line after the peak, so there is no "
            "half-life and nothing beyond the last sample: sample later."
        )
        return [Diagnostic("no_terminal_phase", sentence)]
    doubts = []
    if line.span_ratio < _LEAST_SPAN:
        sentence = (
            f"The terminal points span only {line.span_ratio:.1f} half-lives: the half-life is "
            "uncertain."
        )
        doubts.append(Diagnostic("terminal_span_lt_2_half_lives", sentence))
    if line.r2_adjusted < _LEAST_ADJUSTED_R2:
        sentence = (
            f"The terminal points do not lie on a line (adjusted R² {line.r2_adjusted:.2f}): the "
            "half-life is uncertain."
        )
        doubts.append(Diagnostic("terminal_fit_poor", sentence))
    return doubts


def _extrapolated(curve: Noncompartmental) -> Diagnostic | None:
    beyond = curve.auc_extrapolated_obs_percent
    if not beyond > _MOST_EXTRAPOLATED_PERCENT:
        return None
    sentence = (
        f"{beyond:.0f} % of the AUC lies beyond the last sample and is extrapolated: sample longer "
        "before trusting AUC, clearance or volume."
    )
    return Diagnostic("auc_extrapolated_gt_20pct", sentence)


def _assumed_end(curve: Noncompartmental) -> Diagnostic | None:
    share = curve.auc_after_last_sample_percent
    if not share > _MOST_ASSUMED_PERCENT:
        return None
    sentence = (
        f"{share:.0f} % of the interval's AUC lies after the last sample at "
        f"{curve.time_h[-1]:.4g} h and is extrapolated: sample up to {curve.tau_h:.4g} h."
    )
    return Diagnostic("end_not_sampled", sentence)


def _flip_flop(curve: Noncompartmental, intravenous_half_life_h: float | None) -> Diagnostic | None:
    known = intravenous_half_life_h
    if known is None or not curve.half_life_h > _FLIP_FLOP_RATIO * known:
        return None
    sentence = (
        f"The terminal half-life of {curve.half_life_h:.3g} h far exceeds the {known:.3g} h "
        "after intravenous dosing: the slope shows absorption, not elimination."
    )
    return Diagnostic("flip_flop", sentence)


def _peak_first(curve: Noncompartmental) -> Diagnostic | None:
    first = float(curve.time_h[curve.time_h > 0][0])
    if curve.route != "extravascular" or curve.tmax_h > first:
        return None
    if curve.tmax_h == 0:
        sentence = (
            "The highest concentration is at dose time, before anything of this dose can have "
            "been absorbed: check the times, or give dose_time_h."
        )
        return Diagnostic("peak_at_dose_time", sentence)
    sentence = (
        f"The highest concentration is in the first sample after the dose, at {first:.4g} h: the "
        "true peak may be earlier and higher."
    )
    return Diagnostic("peak_at_first_sample", sentence)


def _zero_inside(curve: Noncompartmental) -> Diagnostic | None:
    measured = np.flatnonzero(curve.conc > 0)
    if not (curve.conc[measured[0] : measured[-1]] == 0).any():
        return None
    sentence = (
        "A value below quantification lies between measured ones and was counted as zero: check "
        "the sample."
    )
    return Diagnostic("zero_between_measured", sentence)
