"""Noncompartmental analysis by WinNonlin's rules."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from snrilab._checks import choice, one_number
from snrilab.pk._nca_result import Noncompartmental, Start, diagnose
from snrilab.pk._sampled_curves import AUC_RULES, areas, between, since_dose, terminal_lines

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from snrilab.pk._sampled_curves import TerminalPhase

    Floats = NDArray[np.float64]

__all__ = ["nca"]

ROUTES = ("extravascular", "bolus", "infusion")
_MG_PER_CONC_L = {"ng/mL": 1e-3, "mg/L": 1.0}


def nca(
    time_h: ArrayLike,
    conc: ArrayLike,
    *,
    dose_mg: float | None = None,
    route: str = "extravascular",
    infusion_h: float = 0.0,
    auc_rule: str = "linear-up/log-down",
    tau_h: float | None = None,
    dose_time_h: float = 0.0,
    conc_unit: str = "ng/mL",
    lloq: float = 0.0,
    intravenous_half_life_h: float | None = None,
) -> Noncompartmental:
    """Analyse one concentration-time curve without a model, by WinNonlin's rules.

    * lambda_z: log-linear regression of the last 3, 4, 5, ... concentrations above zero; the
      largest adjusted R² wins, and more points are preferred when within 1e-4 of it. Points up to
      and including the peak are never used (after a bolus the peak may be), nor points during
      an infusion. Only falling lines count.
    * A missing sample at dose time is set to the last one before the dose; where there is none to
      0, at steady state to the lowest concentration of the interval. After a bolus it is set to
      the line through the logarithms of the first two samples extrapolated back, or to the first
      concentration above zero when these do not fall. How much of the AUC rests on this is
      `auc_before_first_sample_percent`, and the diagnostic `start_not_sampled` above 5 %. No other
      use is made of samples before the dose.
    * One dose only: a curve that falls and rises again is reported as `rises_again`.
    * Below the limit of quantification counts as 0. Zeros before the peak and between
      measured values enter the areas as 0; zeros after the last measured value enter only
      `auc_all`; no zero enters lambda_z.
    * Sparse curves: fewer than three points on a falling line give NaN for everything beyond the
      last sample, and the diagnostic `no_terminal_phase`. One animal must give all samples of a
      curve.
    * At steady state (`tau_h`) peak, minimum and areas are those of one interval; a sample missing
      at its end is interpolated, or extrapolated along the terminal line.

    Parameters
    ----------
    time_h : array_like
        Times of the samples (h), all different, in any order; at least two from the dose on.
    conc : array_like
        Concentrations in `conc_unit`, >= 0, at least one above zero.
    dose_mg : float, optional
        Dose (mg), > 0; without it clearance and volumes stay NaN.
    route : {"extravascular", "bolus", "infusion"}
        How the dose was given.
    infusion_h : float, default 0
        Duration of the infusion (h), > 0 for route "infusion" and 0 otherwise.
    auc_rule : {"linear-up/log-down", "linear"}
        Trapezoidal rule.
    tau_h : float, optional
        Dosing interval (h), > 0, when the curve is one interval at steady state.
    dose_time_h : float, default 0
        When this dose was taken, on the clock of `time_h` (h): with hours that count from the
        first of many doses, the time of the dose whose curve this is. All times of the result
        count from it.
    conc_unit : {"ng/mL", "mg/L"}
        Unit of `conc`; only clearance and volumes (in L) depend on it.
    lloq : float, default 0
        Lower limit of quantification in `conc_unit`, >= 0; smaller values count as 0.
    intravenous_half_life_h : float, optional
        Half-life after intravenous dosing (h), > 0, if known: a terminal half-life longer
        than 1.5 times that is reported as `flip_flop`.

    Returns
    -------
    Noncompartmental
        All values, with diagnostics.

    References
    ----------
    Phoenix WinNonlin User's Guide, "NCA computation rules".
    Gabrielsson J, Weiner D. Methods Mol Biol 2012;929:377-389. doi:10.1007/978-1-62703-050-2_16

    Examples
    --------
    >>> curve = nca([0, 1, 2, 4, 8], [0, 8, 4, 2, 0.5], dose_mg=10, conc_unit="mg/L")
    >>> round(curve.half_life_h, 2), round(curve.auc_inf_obs, 2), curve.terminal.n_points
    (2.0, 21.31, 3)

    The fourteenth dose of a capsule a day, on a clock that began with the first:

    >>> hours, conc = [311.5, 313, 316, 320, 324, 336], [39, 55, 98, 84, 66, 33]
    >>> last = nca(hours, conc, dose_mg=40, tau_h=24, dose_time_h=312)
    >>> last.tmax_h, round(last.cavg, 1)
    (4.0, 62.9)
    """
    rule = choice("auc_rule", auc_rule, AUC_RULES)
    choice("conc_unit", conc_unit, list(_MG_PER_CONC_L))
    ended = _infusion(choice("route", route, ROUTES), infusion_h)
    tau = math.nan if tau_h is None else one_number("tau_h", tau_h, low=0.0, low_open=True)
    dose = math.nan if dose_mg is None else one_number("dose_mg", dose_mg, low=0.0, low_open=True)
    known = intravenous_half_life_h
    if known is not None:
        known = one_number("intravenous_half_life_h", known, low=0.0, low_open=True)
    zero_h = one_number("dose_time_h", dose_time_h)
    limit = one_number("lloq", lloq, low=0.0)
    times, values, predose = _samples(time_h, conc, zero_h, limit)
    interval = _interval(times, values, tau)
    lines = terminal_lines(times, values[np.newaxis], first_h=ended, with_peak=route == "bolus")
    line = lines.of(0)
    start = _start(times, values, predose, route)
    times, values = _with_dose_time(times, values, start, route, interval)
    found: dict[str, Any] = _areas(times, values, rule, line)
    found |= _peak(interval)
    assumed = route == "bolus" or math.isnan(start.predose)
    unseen = (times[1:] <= start.first_h) if assumed else np.zeros(times.size - 1, dtype=bool)
    before = float(areas(times, values, rule)[0][unseen].sum())
    if route == "bolus":
        for kind in ("obs", "pred"):
            share = 100 * before / found[f"auc_inf_{kind}"]
            found[f"auc_back_extrapolated_{kind}_percent"] = share
    found |= {"c0": float(values[0]), "tlag_h": _lag(times, values, route)}
    found |= _residence(found, ended)
    if tau_h is not None:
        found |= _one_interval(times, values, rule, line, tau, interval)
        found |= _steady_residence(found, tau, ended)
    whole = found.get("auc_tau", found["auc_inf_obs"])
    whole = found["auc_last"] if math.isnan(whole) else whole
    found["auc_before_first_sample_percent"] = 100 * before / whole if whole else 0.0
    found |= _disposition(found, dose / _MG_PER_CONC_L[conc_unit], line, route)
    result = Noncompartmental(
        route=route,
        auc_rule=rule,
        conc_unit=conc_unit,
        time_h=times,
        conc=values,
        terminal=line,
        dose_mg=dose,
        dose_time_h=zero_h,
        tau_h=tau,
        **found,
    )
    return replace(result, diagnostics=diagnose(result, start, known))


def _infusion(route: str, infusion_h: float) -> float:
    duration = one_number("infusion_h", infusion_h, low=0.0)
    if (route == "infusion") != (duration > 0):
        raise ValueError(
            "infusion_h must be > 0 for route 'infusion' and 0 for the others, "
            f"got {duration:g} with route {route!r}."
        )
    return duration


def _samples(
    time_h: ArrayLike, conc: ArrayLike, dose_time_h: float, lloq: float
) -> tuple[Floats, Floats, float]:
    """Return the samples from the dose on, and the last one before it (NaN without any)."""
    times, values = since_dose(time_h, conc, dose_time_h, "conc")
    order = np.argsort(times, kind="stable")
    times, values = times[order], values[order]
    first = int(np.searchsorted(times, 0.0))
    if times.size - first < 2:
        raise ValueError(
            "time_h must hold at least two samples at or after the dose (dose_time_h "
            f"{dose_time_h:g}), got {times.size - first}."
        )
    twice = np.flatnonzero(np.diff(times) == 0)
    if twice.size:
        raise ValueError(
            f"time_h must not repeat a time, got {times[twice[0]] + dose_time_h:g} h twice."
        )
    values = np.where(values < lloq, 0.0, values)
    if not values[first:].any():
        raise ValueError(
            "conc must hold at least one value above zero and above lloq after the dose, got none."
        )
    return times[first:], values[first:], float(values[first - 1]) if first else math.nan


def _interval(times: Floats, values: Floats, tau: float) -> tuple[Floats, Floats]:
    """Return the samples within the dosing interval, or all of them after a single dose."""
    if math.isnan(tau):
        return times, values
    inside = times <= tau
    if not values[inside].any():
        raise ValueError(
            f"tau_h must leave samples above zero within one interval after dose_time_h, got "
            f"{tau:g} h; the first sample is at {times[0]:g} h."
        )
    return times[inside], values[inside]


def _start(times: Floats, values: Floats, predose: float, route: str) -> Start:
    """Say what is known about the beginning; a sample at dose time was drawn before the dose."""
    if route == "bolus":
        return Start(float(times[values > 0][0]) if values[0] == 0 else float(times[0]), predose)
    if times[0] == 0:
        predose = float(values[0])
    return Start(float(times[0]), predose)


def _with_dose_time(
    times: Floats, values: Floats, start: Start, route: str, interval: tuple[Floats, Floats]
) -> tuple[Floats, Floats]:
    """Add what stands for the concentration at dose time when it was not sampled."""
    if start.first_h == 0:
        return times, values
    if route == "bolus":
        begin = _back_to_zero(times, values)
        if times[0] == 0:
            return times, np.concatenate([[begin], values[1:]])
    elif math.isnan(start.predose):
        begin = 0.0 if interval[0] is times else float(interval[1].min())
    else:
        begin = start.predose
    return np.concatenate([[0.0], times]), np.concatenate([[begin], values])


def _back_to_zero(times: Floats, values: Floats) -> float:
    if values[0] > values[1] > 0:
        rate = math.log(values[0] / values[1]) / (times[1] - times[0])
        return float(values[0] * math.exp(rate * times[0]))
    return float(values[values > 0][0])


def _peak(interval: tuple[Floats, Floats]) -> dict[str, float]:
    times, values = interval
    at = int(np.argmax(values))
    return {"cmax": float(values[at]), "tmax_h": float(times[at])}


def _lag(times: Floats, values: Floats, route: str) -> float:
    if route != "extravascular":
        return math.nan
    first = int(np.flatnonzero(values > 0)[0])
    return float(times[max(first - 1, 0)])


def _areas(times: Floats, values: Floats, rule: str, line: TerminalPhase) -> dict[str, float]:
    auc, aumc = areas(times, values, rule)
    last = int(np.flatnonzero(values > 0)[-1])
    clast, tlast = float(values[last]), float(times[last])
    auc_last, aumc_last = float(auc[:last].sum()), float(aumc[:last].sum())
    found = {
        "clast": clast,
        "tlast_h": tlast,
        "clast_pred": line.predicted(tlast),
        "auc_last": auc_last,
        "auc_all": float(auc.sum()),
        "aumc_last": aumc_last,
    }
    rate = line.lambda_z_per_h
    for kind, conc in (("obs", clast), ("pred", found["clast_pred"])):
        auc_inf = auc_last + conc / rate
        aumc_inf = aumc_last + conc * tlast / rate + conc / rate**2
        found[f"auc_inf_{kind}"] = auc_inf
        found[f"aumc_inf_{kind}"] = aumc_inf
        found[f"auc_extrapolated_{kind}_percent"] = 100 * (1 - auc_last / auc_inf)
        found[f"aumc_extrapolated_{kind}_percent"] = 100 * (1 - aumc_last / aumc_inf)
        found[f"auc_back_extrapolated_{kind}_percent"] = math.nan
    return found


def _residence(found: dict[str, float], infusion_h: float) -> dict[str, float]:
    """Mean residence times; half of an infusion's duration is spent waiting, not residing."""
    waiting = infusion_h / 2
    return {
        "mrt_last_h": found["aumc_last"] / found["auc_last"] - waiting
        if found["auc_last"]
        else math.nan,
        "mrt_inf_obs_h": found["aumc_inf_obs"] / found["auc_inf_obs"] - waiting,
        "mrt_inf_pred_h": found["aumc_inf_pred"] / found["auc_inf_pred"] - waiting,
    }


def _one_interval(
    times: Floats,
    values: Floats,
    rule: str,
    line: TerminalPhase,
    tau: float,
    interval: tuple[Floats, Floats],
) -> dict[str, float]:
    if tau <= times[-1]:
        ctau = between(times, values, tau, rule)
    else:
        ctau = line.predicted(tau)
    inside = times < tau
    t, c = np.append(times[inside], tau), np.append(values[inside], ctau)
    pieces, moments = areas(t, c, rule)
    auc, aumc = float(pieces.sum()), float(moments.sum())
    beyond = float(pieces[-1]) if tau > times[-1] else 0.0
    lowest = int(np.argmin(interval[1]))
    cmin, cmax = float(interval[1][lowest]), float(interval[1].max())
    cavg = auc / tau
    return {
        "auc_tau": auc,
        "aumc_tau": aumc,
        "auc_after_last_sample_percent": 100 * beyond / auc,
        "ctau": ctau,
        "cavg": cavg,
        "cmin": cmin,
        "tmin_h": float(interval[0][lowest]),
        "fluctuation_percent": 100 * (cmax - cmin) / cavg,
        "swing": (cmax - cmin) / cmin if cmin else math.inf,
        "accumulation_index": -1 / math.expm1(-line.lambda_z_per_h * tau),
    }


def _steady_residence(found: dict[str, float], tau: float, infusion_h: float) -> dict[str, float]:
    """Mean residence times at steady state: what lies beyond tau counts tau for each pass."""
    return {
        f"mrt_inf_{kind}_h": (
            found["aumc_tau"] + tau * (found[f"auc_inf_{kind}"] - found["auc_tau"])
        )
        / found["auc_tau"]
        - infusion_h / 2
        for kind in ("obs", "pred")
    }


def _disposition(
    found: dict[str, float], dose: float, line: TerminalPhase, route: str
) -> dict[str, float]:
    """Clearance and volumes (L) from a dose in (concentration unit)·L."""
    out: dict[str, float] = {}
    for kind in ("obs", "pred"):
        clearance = dose / found.get("auc_tau", found[f"auc_inf_{kind}"])
        out[f"clearance_{kind}_L_per_h"] = clearance
        out[f"volume_z_{kind}_L"] = clearance / line.lambda_z_per_h
        if route != "extravascular":
            out[f"volume_ss_{kind}_L"] = clearance * found[f"mrt_inf_{kind}_h"]
    return out
