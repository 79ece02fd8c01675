"""What is doubtful about a fit: a code for programs, a sentence for students."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from snrilab._diagnostic import Diagnostic
from snrilab._estimate import student_t

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from snrilab.binding.fit_result import Fit

    Array = NDArray[Any]

PLATEAU = 0.2  # a curve that stops with more than this part of its way to go shows no plateau
DEPLETED = 0.1  # bound more than this part of the added ligand: free is no longer added
MOLAR_nM = 1e-3  # no assay titrates only below 1 pM; numbers this small are molar


ONE_CONCENTRATION = Diagnostic(
    "one_concentration",
    "One radioligand concentration gives only the sum kon L + koff: add concentrations, or give "
    "koff from a dissociation experiment.",
)


def with_diagnostics(fit: Fit, *found: Diagnostic | None) -> Fit:
    """Return the fit with further diagnostics; one per code."""
    known = set(fit.codes)
    new = tuple(each for each in found if each is not None and each.code not in known)
    return replace(fit, diagnostics=fit.diagnostics + new) if new else fit


def general(fit: Fit, different: int | None = None, place: str = "concentration") -> Fit:
    """Add the doubts that any fit can raise; `different` counts the distinct concentrations.

    `place` is what they are called, for example times.
    """
    return with_diagnostics(
        fit, _too_few_points(fit, different, place), _not_identifiable(fit), _outlier(fit)
    )


def _too_few_points(fit: Fit, different: int | None, place: str) -> Diagnostic | None:
    parameters = len(fit.parameters)
    distinct = fit.n if different is None else different
    if fit.dof > 0 and distinct > parameters:
        return None
    what = "point" if distinct == fit.n else place if distinct == 1 else f"different {place}"
    return Diagnostic(
        "too_few_points",
        f"{_counted(distinct, what)} cannot test a curve with {_counted(parameters, 'parameter')}: "
        f"there is a curve through {'it' if distinct == 1 else 'them'} whatever the noise, so "
        f"measure at more {place}s or fix a parameter.",
    )


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _not_identifiable(fit: Fit) -> Diagnostic | None:
    problem, theta = fit.problem, fit.theta
    low, high = problem.low[:, 0], problem.high[:, 0]
    edge = 1e-6 * (1.0 + np.abs(theta))
    at_edge = (theta <= low + edge) | (theta >= high - edge)
    error = np.array([fit.estimates[name].standard_error for name in problem.names])
    with np.errstate(invalid="ignore", divide="ignore"):
        # Beyond a factor of e^3 = 20 either way, a logarithm is as good as unknown.
        vague = problem.log & (error > 3.0 * np.abs(problem.natural(theta)))
    doubtful = at_edge | np.isposinf(error) | vague
    if not doubtful.any():
        return None
    names = " and ".join(name for name, bad in zip(problem.names, doubtful, strict=True) if bad)
    return Diagnostic(
        "not_identifiable",
        f"These data do not determine {names}: very different values fit equally well.",
    )


def _outlier(fit: Fit) -> Diagnostic | None:
    """Externally studentised residuals against a Bonferroni limit of 1 %."""
    if fit.dof < 3:
        return None
    weighted = fit.residuals
    if fit.problem.root_weight is not None:
        weighted = weighted * fit.problem.root_weight[:, 0]
    if fit.rss <= (1e-12 * float(np.abs(fit.y).max())) ** 2:
        return None  # the data lie on the curve; what is left is rounding
    free = np.maximum(1.0 - fit.leverage, 1e-9)
    without = (fit.rss - weighted**2 / free) / (fit.dof - 1)
    with np.errstate(invalid="ignore", divide="ignore"):
        studentised = np.abs(weighted) / np.sqrt(np.maximum(without, 0.0) * free)
    # A point that the curve follows wherever it goes cannot be judged by the curve.
    studentised = np.where(free > 0.02, studentised, 0.0)
    worst = int(np.argmax(studentised))
    if studentised[worst] <= student_t(1.0 - 0.01 / fit.n, fit.dof - 1):
        return None
    return Diagnostic(
        "outlier",
        f"Observation {worst + 1} ({fit.y[worst]:.4g}) is far from the curve through the others "
        f"({fit.fitted[worst]:.4g}): look up that well before you believe the fit.",
    )


def units_suspected(name: str, conc: Array) -> Diagnostic | None:
    """Numbers that look like mol/L where nM are wanted."""
    largest = float(conc.max())
    if largest == 0.0 or largest > MOLAR_nM:
        return None
    return Diagnostic(
        "molar_units_suspected",
        f"The highest value in {name} is {largest:.3g} nM, less than any assay uses: these look "
        "like molar concentrations, so multiply them by 1e9.",
    )


def inhibition_curve(fit: Fit, conc: Array, fixed: Mapping[str, float]) -> Fit:
    """Add the doubts about an inhibition curve: plateaus, range, direction, steepness.

    `fixed` holds the parameters that were given and not fitted; without either, the Hill
    coefficient is 1.
    """
    ic50 = fit["ic50_nM"].value
    hill = _value(fit, fixed, "hill_coefficient", 1.0)
    tested = conc[conc > 0.0]
    with np.errstate(over="ignore"):
        left_first = 1.0 / (1.0 + (conc.min() / ic50) ** hill)
        left_last = 1.0 / (1.0 + (conc.max() / ic50) ** hill)
    flat = _flat(fit)
    if flat is not None:
        return with_diagnostics(fit, flat)
    return with_diagnostics(
        fit,
        _rising(fit, fixed),
        _no_plateau_top(1.0 - left_first) if "top" not in fixed else None,
        _no_plateau_bottom(left_last) if "bottom" not in fixed else _far_from_bottom(left_last),
        _outside("ic50", "IC50", ic50, tested),
        _steepness(fit),
    )


def two_site_curve(fit: Fit, fixed: Mapping[str, float]) -> Fit:
    """Add the doubts about a two-site curve: flat, rising, or sites that are one."""
    flat = _flat(fit)
    if flat is not None:
        return with_diagnostics(fit, flat)
    high, low = fit["ic50_high_nM"].value, fit["ic50_low_nM"].value
    share = fit["fraction_high"].value
    same = None
    if low < 3.0 * high or not 0.02 < share < 0.98:
        same = Diagnostic(
            "one_site_suffices",
            "The two sites are nearly one: their constants differ less than threefold or one of "
            "them holds almost everything, so compare with a one-site fit.",
        )
    return with_diagnostics(fit, _rising(fit, fixed), same)


def _flat(fit: Fit) -> Diagnostic | None:
    """F test of the curve against a horizontal line."""
    spent = len(fit.parameters) - 1
    if fit.dof <= 0 or spent < 1:
        return None
    explained = max(fit.r_squared, 0.0)
    if explained >= 1.0:
        return None
    from scipy.special import fdtrc

    ratio = explained / (1.0 - explained) * fit.dof / spent
    chance = float(fdtrc(spent, fit.dof, ratio))
    if chance < 0.05:
        return None
    return Diagnostic(
        "not_inhibition",
        "The concentration makes no visible difference: a horizontal line explains these data as "
        f"well as the curve (p = {chance:.2g}), so there is no IC50 to report.",
    )


def _rising(fit: Fit, fixed: Mapping[str, float]) -> Diagnostic | None:
    if _value(fit, fixed, "top", np.inf) > _value(fit, fixed, "bottom", -np.inf):
        return None
    return Diagnostic(
        "not_inhibition",
        "The response rises with the concentration: this is no inhibition, or the columns are "
        "in the wrong order.",
    )


def _no_plateau_top(gone: float) -> Diagnostic | None:
    if gone <= PLATEAU:
        return None
    return Diagnostic(
        "no_plateau_top",
        f"At the lowest concentration {100 * gone:.0f} % of the effect is already there: the top "
        "plateau is a guess, so add lower concentrations or a control without inhibitor.",
    )


def _no_plateau_bottom(left: float) -> Diagnostic | None:
    if left <= PLATEAU:
        return None
    return Diagnostic(
        "no_plateau_bottom",
        f"At the highest concentration {100 * left:.0f} % of the effect is still to come: the "
        "bottom plateau is a guess, so add higher concentrations or fix it from nonspecific wells.",
    )


def _far_from_bottom(left: float) -> Diagnostic | None:
    if left <= 0.5:
        return None
    return Diagnostic(
        "no_plateau_bottom",
        f"At the highest concentration {100 * left:.0f} % of the effect is still to come: with the "
        "bottom plateau fixed the IC50 rests on that assumption, so add higher concentrations.",
    )


def _outside(code: str, name: str, value: float, tested: Array) -> Diagnostic | None:
    first, last = float(tested.min()), float(tested.max())
    if first <= value <= last:
        return None
    side = "below the lowest" if value < first else "above the highest"
    return Diagnostic(
        f"{code}_outside_range",
        f"{name} comes out at {value:.3g} nM, {side} concentration tested ({first:.3g} to "
        f"{last:.3g} nM): it is an extrapolation.",
    )


def _steepness(fit: Fit) -> Diagnostic | None:
    if "hill_coefficient" not in fit.estimates:
        return None
    hill = fit["hill_coefficient"]
    if np.isnan(hill.low) or hill.low <= 1.0 <= hill.high:
        return None
    why = (
        "shallower than one site allows (several sites, states of the receptor, or not at "
        "equilibrium)"
        if hill.value < 1.0
        else "steeper than one site allows (depletion of ligand, cooperativity, or solubility)"
    )
    return Diagnostic(
        "hill_differs_from_1",
        f"The Hill coefficient is {hill.value:.2f} ({_interval(hill.low, hill.high)}), {why}: do "
        "not read a single Ki from this curve.",
    )


def saturation_curve(fit: Fit, conc: Array) -> Fit:
    """Add the doubts about a saturation curve: reach, range, sign of nonspecific binding."""
    kd = fit["kd_nM"].value
    flat = _flat(fit)
    if flat is not None:
        return with_diagnostics(
            fit,
            Diagnostic(
                "no_binding", "Binding does not change with the radioligand: nothing binds."
            ),
        )
    filled = float(conc.max() / (conc.max() + kd))
    unfilled = None
    if 1.0 - filled > PLATEAU:
        unfilled = Diagnostic(
            "no_plateau_top",
            f"The highest concentration fills only {100 * filled:.0f} % of the sites: Bmax is "
            "extrapolated and leans on Kd, so go to at least five times Kd.",
        )
    slope = fit.estimates.get("nonspecific_per_nM")
    negative = None
    if slope is not None and slope.high < 0.0:
        negative = Diagnostic(
            "negative_nonspecific",
            "Nonspecific binding comes out negative, which is impossible: measure it in wells "
            "with a saturating competitor.",
        )
    return with_diagnostics(fit, unfilled, _outside("kd", "Kd", kd, conc[conc > 0.0]), negative)


def dissociation_curve(fit: Fit, time: Array, plateau_known: bool) -> Fit:
    """Add the doubts about a dissociation curve: flat, or stopped too early."""
    flat = _flat(fit)
    if flat is not None:
        return with_diagnostics(
            fit,
            Diagnostic(
                "no_dissociation",
                "Binding does not change over time: there is no rate constant to report.",
            ),
        )
    left = float(np.exp(-fit["koff_per_min"].value * time.max()))
    if left <= PLATEAU or plateau_known:
        return fit
    return with_diagnostics(
        fit,
        Diagnostic(
            "no_plateau_bottom",
            f"At the last time {100 * left:.0f} % of what will dissociate is still bound: the "
            "plateau is a guess, so measure longer or fix it from nonspecific wells.",
        ),
    )


def depletion(bound_nM: Array, added_nM: Array) -> Diagnostic | None:
    """Compare what is bound with what was added."""
    used = added_nM > 0.0
    worst = float(np.max(bound_nM[used] / added_nM[used])) if used.any() else 0.0
    if worst <= DEPLETED:
        return None
    return Diagnostic(
        "ligand_depletion_gt_10pct",
        f"Up to {100 * worst:.0f} % of the added radioligand is bound: the free concentration is "
        "not the added one, so use less receptor, more volume, or the exact model.",
    )


def unbounded(fit: Fit) -> Diagnostic | None:
    """Say in words which limits the data do not set."""
    said = []
    for name in fit.parameters:
        estimate = fit[name]
        low_end = 0.0 if fit.problem.log[fit.parameters.index(name)] else -np.inf
        above, below = np.isposinf(estimate.high), estimate.low <= low_end
        if above and below:
            said.append(f"{name} at all")
        elif above or below:
            said.append(f"{name} from {'above' if above else 'below'}")
    if not said or fit.dof <= 0:
        return None
    return Diagnostic("unbounded_interval", f"The data cannot bound {', nor '.join(said)}.")


def _value(fit: Fit, fixed: Mapping[str, float], name: str, otherwise: float) -> float:
    estimate = fit.estimates.get(name)
    return fixed.get(name, otherwise) if estimate is None else estimate.value


def _interval(low: float, high: float) -> str:
    ends = ["no limit" if np.isinf(end) else f"{end:.2f}" for end in (low, high)]
    return f"{ends[0]} to {ends[1]}"
