"""What is doubtful about a fit: a code for programs, a sentence for students."""

from __future__ import annotations

from math import comb
from typing import TYPE_CHECKING

import numpy as np

from snrilab._diagnostic import Diagnostic
from snrilab._estimate import student_t
from snrilab.binding._fit import undetermined

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from snrilab.binding._fit import Fit

    Array = NDArray[np.float64]

PLATEAU = 0.2  # a curve that stops with more than this part of its way to go shows no plateau
DEPLETED = 0.1  # bound more than this part of the added ligand: free is no longer added
MOLAR_nM = 1e-3  # no assay titrates only below 1 pM; numbers this small are molar
_CHANCE = 0.01  # a right curve is blamed for its shape about once in a hundred plates
_STEPS = np.linspace(0.0, 1.0, 7)  # places where a second step is looked for, first dose to last
_FALSE_RISE = 0.25  # without replicates, a first rise of this part of the range is no noise


def of_any(fit: Fit, place: str = "value") -> tuple[Diagnostic, ...]:
    """Doubts that any fit can raise; `place` is what a value of x is called."""
    return _said(_too_few_points(fit, place), _not_identifiable(fit), _outlier(fit), _open(fit))


def _said(*found: Diagnostic | None) -> tuple[Diagnostic, ...]:
    """Keep what was found, one per code."""
    return tuple({each.code: each for each in found if each is not None}.values())


def _too_few_points(fit: Fit, place: str) -> Diagnostic | None:
    parameters = len(fit.parameters)
    distinct = fit.problem.places
    if fit.df > 0 and distinct > parameters:
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
    doubtful = undetermined(fit)
    open_ = np.array([above or below for above, below in _open_ends(fit)])
    exact = fit.df > 0 and fit.rss <= fit.problem.rounding
    if not doubtful.any() and not (exact and open_.any()):
        return None
    if fit.df > 0:
        doubtful |= open_  # a plateau runs away with its IC50
    names = _listed([name for name, bad in zip(fit.parameters, doubtful, strict=True) if bad])
    return Diagnostic(
        "not_identifiable",
        f"These data do not determine {names}: very different values fit equally well.",
    )


def _open_ends(fit: Fit) -> list[tuple[bool, bool]]:
    """Whether each interval has no upper limit, and no lower one."""
    intervals = zip((fit[name] for name in fit.parameters), fit.problem.log, strict=True)
    return [(one.high == np.inf, one.low <= (0.0 if log else -np.inf)) for one, log in intervals]


def _listed(names: list[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _outlier(fit: Fit) -> Diagnostic | None:
    """Externally studentised residuals against a Bonferroni limit of 1 %."""
    if fit.df < 3:
        return None
    weighted = fit.residuals * fit.problem.root
    free = np.maximum(1.0 - fit.leverage, 1e-9)
    without = (fit.rss - weighted**2 / free) / (fit.df - 1)
    with np.errstate(invalid="ignore", divide="ignore"):
        studentised = np.abs(weighted) / np.sqrt(np.maximum(without, 0.0) * free)
    # A point that the curve follows wherever it goes cannot be judged by the curve.
    studentised = np.where(free > 0.02, studentised, 0.0)
    worst = int(np.argmax(studentised))
    if studentised[worst] <= student_t(1.0 - 0.01 / fit.n, fit.df - 1):
        return None
    if abs(fit.residuals[worst]) <= _last_digit(fit.y):
        return None  # the data lie on the curve; what is left is rounding
    return Diagnostic(
        "outlier",
        f"Observation {worst + 1} ({fit.y[worst]:.4g}) is far from the curve through the others "
        f"({fit.fitted[worst]:.4g}): look up that well before you believe the fit.",
    )


def _last_digit(y: Array) -> float:
    """Step of the last digit to which all observations are given."""
    size = float(np.abs(y).max())
    first = int(np.floor(np.log10(size)))
    for digits in range(-first, 13 - first):
        if np.all(np.abs(y - np.round(y, digits)) <= 1e-13 * size):
            return float(10.0**-digits)
    return 1e-13 * size


def _open(fit: Fit) -> Diagnostic | None:
    """Say in words which limits of a profile the data do not set."""
    if fit.df <= 0 or fit[fit.parameters[0]].method != "profile":
        return None
    said = []
    for name, (above, below) in zip(fit.parameters, _open_ends(fit), strict=True):
        if above and below:
            said.append(f"{name} at all")
        elif above or below:
            said.append(f"{name} from {'above' if above else 'below'}")
    if not said:
        return None
    return Diagnostic("unbounded_interval", f"The data cannot bound {', nor '.join(said)}.")


# --- what the numbers were given as --------------------------------------------------------------


def units_suspected(name: str, conc: Array) -> Diagnostic | None:
    """Numbers that look like mol/L, or like logarithms, where nM are wanted."""
    largest = float(conc.max())
    molar = molar_suspected(name, conc)
    if molar is not None:
        return molar
    if largest > 14.0:  # no logarithm of a concentration is that large
        return None
    if _evenly_spaced(np.unique(conc)) or _evenly_spaced(np.unique(conc[conc > 0.0])):
        return Diagnostic(
            "log_units_suspected",
            f"The values in {name} rise in even steps to {largest:.3g}, as logarithms do: if they "
            f"are log10 of nM give 10**{name}, if they are -log10 of mol/L give "
            f"10**(9 - {name}).",
        )
    return None


def molar_suspected(name: str, conc: Array) -> Diagnostic | None:
    """Numbers that look like mol/L where nM are wanted."""
    largest = float(conc.max())
    if not 0.0 < largest <= MOLAR_nM:
        return None
    return Diagnostic(
        "molar_units_suspected",
        f"The highest value in {name} is {largest:.3g} nM, less than any assay uses: these "
        "look like molar concentrations, so multiply them by 1e9.",
    )


def _evenly_spaced(values: Array) -> bool:
    """Whether these can be logarithms of a dilution series: even steps, none large."""
    steps = np.diff(values)
    return bool(values.size >= 5 and steps.max() <= 1.1 and steps.max() <= 1.25 * steps.min())


def counts_suspected(name: str, y: Array, weights: object) -> Diagnostic | None:
    """Poisson weights for numbers that are no counts."""
    if not (isinstance(weights, str) and weights == "poisson"):
        return None
    small = float(np.mean(y < 1.0))
    if small <= 0.5:
        return None
    return Diagnostic(
        "counts_suspected",
        f"{100 * small:.0f} % of the values in {name} are below 1, and weights='poisson' is for "
        "counts: give gross counts as counted, neither scaled nor with the background subtracted.",
    )


# --- inhibition ----------------------------------------------------------------------------------


def of_inhibition(
    fixed: Mapping[str, float], further: tuple[Diagnostic | None, ...], fit: Fit
) -> tuple[Diagnostic, ...]:
    """Doubts about an inhibition curve: plateaus, range, direction, steepness, shape.

    `fixed` holds the parameters that were given and not fitted; without either, the Hill slope
    is 1.
    """
    general, conc = of_any(fit, "concentration"), _concentrations(fit)
    flat = _flat(fit)
    if flat is not None:
        return _said(*general, *further, _misfit(fit), flat)
    ic50 = fit["ic50_nM"].value
    hill = _value(fit, fixed, "hill", 1.0)
    tested = conc[conc > 0.0]
    with np.errstate(over="ignore"):
        left_first = 1.0 / (1.0 + (conc.min() / ic50) ** hill)
        left_last = 1.0 / (1.0 + (conc.max() / ic50) ** hill)
    return _said(
        *general,
        *further,
        _rising(fit, fixed),
        _no_plateau_top(1.0 - left_first) if "top" not in fixed else None,
        _no_plateau_bottom(left_last) if "bottom" not in fixed else _far_from_bottom(left_last),
        _outside("ic50", "IC50", ic50, tested),
        _steepness(fit),
        _misfit(fit),
    )


def of_two_sites(
    fixed: Mapping[str, float], further: tuple[Diagnostic | None, ...], fit: Fit
) -> tuple[Diagnostic, ...]:
    """Doubts about a two-site curve: flat, rising, sites that are one, shape."""
    general = of_any(fit, "concentration")
    flat = _flat(fit)
    if flat is not None:
        return _said(*general, *further, flat)
    high, low = fit["ic50_high_nM"].value, fit["ic50_low_nM"].value
    share = fit["fraction_high"].value
    same = None
    if low < 3.0 * high or not 0.02 < share < 0.98:
        same = Diagnostic(
            "one_site_suffices",
            "The two sites are nearly one: their constants differ less than threefold or one of "
            "them holds almost everything, so compare with a one-site fit.",
        )
    return _said(*general, *further, _rising(fit, fixed), same, _misfit(fit))


def _flat(fit: Fit) -> Diagnostic | None:
    """F test of the curve against a horizontal line."""
    spent = len(fit.parameters) - 1
    if fit.df <= 0 or spent < 1:
        return None
    explained = max(fit.r_squared, 0.0)
    if explained >= 1.0:
        return None
    from scipy.special import fdtrc

    ratio = explained / (1.0 - explained) * fit.df / spent
    chance = float(fdtrc(spent, fit.df, ratio))
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
    if "hill" not in fit.estimates:
        return None
    hill = fit["hill"]
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
        f"The Hill slope is {hill.value:.2f} ({_interval(hill.low, hill.high)}), {why}: do "
        "not read a single Ki from this curve.",
    )


# --- saturation ----------------------------------------------------------------------------------


def of_saturation(further: tuple[Diagnostic | None, ...], fit: Fit) -> tuple[Diagnostic, ...]:
    """Doubts about a saturation curve: reach, range, sign of nonspecific binding, shape."""
    general, conc = of_any(fit, "concentration"), _concentrations(fit)
    kd = fit["kd_nM"].value
    if _flat(fit) is not None:
        nothing = "Binding does not change with the radioligand: nothing binds."
        return _said(*general, *further, Diagnostic("no_binding", nothing))
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
    outside = _outside("kd", "Kd", kd, conc[conc > 0.0])
    return _said(*general, *further, unfilled, outside, negative, _misfit(fit))


# --- depletion -----------------------------------------------------------------------------------


def with_depletion(
    used: Callable[[Fit], Diagnostic | None] | None,
    others: Callable[[Fit], tuple[Diagnostic, ...]],
    fit: Fit,
) -> tuple[Diagnostic, ...]:
    """Other doubts about an assay, and whether it used up its ligand."""
    return _said(*others(fit), None if used is None else used(fit))


def depleted_in_competition(
    ligand_nM: float, nM_per_unit: float, fixed: Mapping[str, float], fit: Fit
) -> Diagnostic | None:
    """Compare the specific part of what is bound with the radioligand added."""
    specific = fit.fitted - _value(fit, fixed, "bottom", 0.0)
    return _depleted(specific * nM_per_unit, np.full(fit.n, ligand_nM))


def depleted_in_saturation(conc: Array, nM_per_unit: float, fit: Fit) -> Diagnostic | None:
    """Compare what is bound in the wells with receptor with the radioligand added."""
    return _depleted(fit.fitted[: conc.size] * nM_per_unit, conc)


def _depleted(bound_nM: Array, added_nM: Array) -> Diagnostic | None:
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


# --- lack of fit ----------------------------------------------------------------------------------


def _misfit(fit: Fit) -> Diagnostic | None:
    """Lack of fit: against replicates, against a second step in the curve, and by runs of signs.

    Says which curve the pattern asks for.
    """
    if fit.df < 2 or fit.rss <= fit.problem.rounding:
        return None
    wells, root = fit.problem.surface.wells, fit.problem.root
    mean, weight, residual = wells.mean[:, 0], wells.weight[:, 0], fit.residuals * root
    one_curve = not isinstance(fit.x, tuple)
    conc = _concentrations(fit)
    off = np.bincount(wells.member, root * residual) / weight  # mean residual at each place
    noise, chance = _second_step(fit, conc, root, residual)
    if fit.n == mean.size:
        chance = min(chance, _runs(off > 0.0))
    elif mean.size > len(fit.parameters):
        chance = min(chance, _against_replicates(fit, mean.size, wells.within))
    curve, seen = mean - off, noise / np.sqrt(weight)
    if chance >= _CHANCE:
        if not one_curve or not _obvious(fit, mean, curve):
            return None
        seen = np.zeros(mean.size)
    turn = _turn(mean, curve, seen) if one_curve else None
    return Diagnostic("lack_of_fit", turn or _advice(fit, conc, root, residual))


def _against_replicates(fit: Fit, places: int, within: float) -> float:
    """F test of what the curve leaves over against what replicates differ by."""
    from scipy.special import fdtrc

    lost, pure = places - len(fit.parameters), fit.n - places
    if within <= 1e-12 * fit.rss:
        return 1.0  # copies are no replicates
    return float(fdtrc(lost, pure, max(fit.rss - within, 0.0) / lost / (within / pure)))


def _second_step(fit: Fit, conc: Array, root: Array, residual: Array) -> tuple[float, float]:
    """Noise beside the best curve with one more step in it, and the chance of such a gain."""
    from scipy.special import fdtrc

    tested, basis = conc[conc > 0.0], fit.tangent
    middle = tested.min() * (tested.max() / tested.min()) ** _STEPS
    steps = root[:, None] * conc[:, None] / (conc[:, None] + middle)
    steps = steps - basis @ (basis.T @ steps)
    size = (steps**2).sum(axis=0)
    seen = size > 1e-9 * float(root @ root)
    gain = np.where(seen, (residual @ steps) ** 2 / np.where(seen, size, 1.0), 0.0).max()
    left = max(fit.rss - float(gain), 1e-12 * fit.rss) / (fit.df - 1)
    tries = min(_STEPS.size, len(set(tested.tolist())))
    return float(np.sqrt(left)), min(tries * float(fdtrc(1, fit.df - 1, gain / left)), 1.0)


def _runs(above: NDArray[np.bool_]) -> float:
    """Chance of so few runs of signs when their order is chance (Wald and Wolfowitz)."""
    up, down = int(above.sum()), int((~above).sum())
    runs = 1 + int(np.count_nonzero(above[1:] != above[:-1]))
    if not (up and down):
        return 1.0
    ways = 0
    for r in range(2, runs + 1):
        k, odd = divmod(r, 2)
        if odd:
            ways += comb(up - 1, k) * comb(down - 1, k - 1) + comb(up - 1, k - 1) * comb(
                down - 1, k
            )
        else:
            ways += 2 * comb(up - 1, k - 1) * comb(down - 1, k - 1)
    return ways / comb(up + down, up)


def _turn(mean: Array, curve: Array, noise: Array) -> str | None:
    """Say where a response turns back, if it does by more than noise."""
    falls = curve[0] >= curve[-1]
    sign = 1.0 if falls else -1.0
    peak, dip = int(np.argmax(sign * mean)), int(np.argmin(sign * mean))
    last = mean.size - 1
    start = sign * (mean[peak] - mean[0]) - 3.0 * np.hypot(noise[peak], noise[0])
    end = sign * (mean[last] - mean[dip]) - 3.0 * np.hypot(noise[last], noise[dip])
    if max(start, end) <= 0.0:
        return None
    here, there = (mean[0], mean[peak]) if start >= end else (mean[dip], mean[last])
    up = "rises" if there > here else "falls"
    when = "first" if start >= end else "again at the highest concentrations"
    return (
        f"The response {up} {when}, from {here:.4g} to {there:.4g}: a bell-shaped curve holds two "
        "effects and one sigmoid describes neither, so fit each limb by itself."
    )


def _obvious(fit: Fit, mean: Array, curve: Array) -> bool:
    """Too few points for a test, but up in one go and down in one go, by a good part of the range.

    Seven wells of pure noise do that about once in a hundred plates.
    """
    sign = 1.0 if curve[0] >= curve[-1] else -1.0
    rise = max(np.max(sign * mean) - sign * mean[0], sign * mean[-1] - np.min(sign * mean))
    turns = np.count_nonzero(np.diff(np.sign(np.diff(mean))))
    return bool(
        mean.size >= 6 and turns == 1 and fit.r_squared < 0.95 and rise > _FALSE_RISE * np.ptp(mean)
    )


def _advice(fit: Fit, conc: Array, root: Array, residual: Array) -> str:
    """Say which curve may describe the points better."""
    pattern = "The points leave the curve in a pattern that noise does not make"
    if "ic50_nM" not in fit.estimates:
        return f"{pattern}: look at the residuals, and think of a second site or of depletion."
    if "hill" in fit.estimates:
        shallow = fit["hill"].value < 1.0
    else:
        with np.errstate(divide="ignore"):
            away = np.where(conc > 0.0, np.log(conc / fit["ic50_nM"].value), 0.0)
        left = 1.0 / (1.0 + np.exp(away))
        # Where a steeper curve would run: above this one before the middle, below it after.
        steeper = -away * left * (1.0 - left) * (fit.fitted[np.argmin(conc)] - fit.fitted.min())
        shallow = float(residual @ (root * steeper)) < 0.0
    if shallow:
        return f"{pattern}, as when two sites add up: try two sites (sites=2 in fit_competition)."
    if "hill" in fit.estimates:
        return f"{pattern}: look at the residuals, and at wells out of order or ligand depleted."
    return f"{pattern}: the curve is steeper than one site, so try a free Hill slope."


# --- words and values -----------------------------------------------------------------------------


def _concentrations(fit: Fit) -> Array:
    return fit.x[0] if isinstance(fit.x, tuple) else fit.x


def _value(fit: Fit, fixed: Mapping[str, float], name: str, otherwise: float) -> float:
    estimate = fit.estimates.get(name)
    return fixed.get(name, otherwise) if estimate is None else estimate.value


def _interval(low: float, high: float) -> str:
    ends = ["no limit" if np.isinf(end) else f"{end:.2f}" for end in (low, high)]
    return f"{ends[0]} to {ends[1]}"
