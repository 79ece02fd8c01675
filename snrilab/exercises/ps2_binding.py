"""Assignment 2, radioligand binding: six functions, from counts on a filter to Ki."""

# ruff: noqa: ARG005 -- a wrong idea often ignores one of the arguments

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from snrilab.exercises._declaration import Exercise, Misconception

if TYPE_CHECKING:
    from collections.abc import Callable

# -- from total to specific binding -------------------------------------------------------------


def _specific_binding(total: Any, nonspecific: Any) -> Any:
    return total - nonspecific


SPECIFIC_BINDING = Exercise(
    name="ps2_binding/specific_binding",
    task="Specific binding: what is bound to the transporter alone, in the unit of the inputs.",
    reference=_specific_binding,
    cases=lambda rng: [
        (1250.0, 250.0),
        (2, 5),
        (np.array([900.0, 480.0, 205.0]), np.array([210.0, 190.0, 220.0])),
        (rng.uniform(400, 4000, 5), 180.0),
    ],
    unit="same as total",
    misconceptions=(
        Misconception(
            "added-nonspecific",
            "Your values are larger than the total: nonspecific binding is already inside the "
            "total, so take it away, do not add it.",
            lambda total, nonspecific: total + nonspecific,
        ),
        Misconception(
            "reversed-subtraction",
            "Your values have the wrong sign: start from the total and take the nonspecific "
            "binding away from it.",
            lambda total, nonspecific: nonspecific - total,
        ),
        Misconception(
            "ignored-nonspecific",
            "You return the total: radioligand that sticks to the filter and the lipid is counted "
            "too, and has to go.",
            lambda total, nonspecific: total,
        ),
        Misconception(
            "fraction-instead-of-amount",
            "You return a fraction of the total; the task asks for an amount, in the same unit as "
            "the total.",
            lambda total, nonspecific: (total - nonspecific) / total,
        ),
        Misconception(
            "cut-off-at-zero",
            "You turn negative differences into zero: counts scatter, so a well without specific "
            "binding is as often below zero as above, and cutting one side off makes the mean too "
            "high.",
            lambda total, nonspecific: np.maximum(total - nonspecific, 0),
        ),
        Misconception(
            "unsigned-difference",
            "You drop the sign of negative differences: counts scatter on both sides of zero, and "
            "turning the lower side upwards makes the mean too high.",
            lambda total, nonspecific: np.abs(total - nonspecific),
        ),
    ),
    alternatives=(
        np.subtract,
        lambda total, nonspecific: -nonspecific + total,
        lambda total, nonspecific: np.add(total, np.negative(nonspecific)),
    ),
)

# -- saturation ---------------------------------------------------------------------------------


def _saturation(conc_nM: Any, bmax: Any, kd_nM: Any) -> Any:
    return bmax * conc_nM / (conc_nM + kd_nM)


SATURATION = Exercise(
    name="ps2_binding/saturation",
    task="Specific binding of a radioligand at equilibrium, in the unit of bmax.",
    reference=_saturation,
    cases=lambda rng: [
        (2.5, 1200.0, 2.5),
        (10, 300, 2.5),
        (np.array([0.0, 0.3, 1.0, 3.0, 10.0, 30.0]), 850.0, 3.0),
        (rng.uniform(0.1, 20, 4), rng.uniform(100, 2000), rng.uniform(0.5, 9)),
    ],
    unit="same as bmax",
    misconceptions=(
        Misconception(
            "free-instead-of-occupied",
            "Your binding falls as the radioligand rises: that is the free share of the "
            "transporters; put the concentration, not Kd, on top.",
            lambda conc_nM, bmax, kd_nM: bmax * kd_nM / (conc_nM + kd_nM),
        ),
        Misconception(
            "proportional-occupancy",
            "Your binding is a straight line: with Kd alone below the line it can pass Bmax, but "
            "there are no more transporters than Bmax; add the concentration to Kd.",
            lambda conc_nM, bmax, kd_nM: bmax * conc_nM / kd_nM,
        ),
        Misconception(
            "forgot-bmax",
            "You return the occupied fraction (0 to 1); multiply by Bmax to get an amount.",
            lambda conc_nM, bmax, kd_nM: conc_nM / (conc_nM + kd_nM),
        ),
        Misconception(
            "bmax-for-kd",
            "You have Bmax where Kd belongs: the concentration at half of Bmax is Kd, a "
            "concentration; Bmax is a number of sites.",
            lambda conc_nM, bmax, kd_nM: kd_nM * conc_nM / (conc_nM + bmax),
        ),
        Misconception(
            "exponential-rise",
            "You used an exponential: that is how binding rises with time; against concentration, "
            "at equilibrium, it rises as a hyperbola.",
            lambda conc_nM, bmax, kd_nM: bmax * (1 - np.exp(-conc_nM / kd_nM)),
        ),
        Misconception(
            "missing-brackets",
            "Division comes before addition: put brackets round (conc_nM + kd_nM).",
            lambda conc_nM, bmax, kd_nM: bmax * conc_nM / conc_nM + kd_nM,
        ),
        Misconception(
            "percent-of-bmax",
            "You return per cent of Bmax; the task asks for an amount in the unit of Bmax.",
            lambda conc_nM, bmax, kd_nM: 100 * conc_nM / (conc_nM + kd_nM),
        ),
        Misconception(
            "squared-concentration",
            "Your curve is S-shaped: one molecule binds one site here, so the concentration "
            "stands to the power of one.",
            lambda conc_nM, bmax, kd_nM: bmax * conc_nM**2 / (conc_nM**2 + kd_nM**2),
        ),
    ),
    alternatives=(
        lambda conc_nM, bmax, kd_nM: bmax * (1 - kd_nM / (conc_nM + kd_nM)),
        lambda conc_nM, bmax, kd_nM: bmax * (conc_nM / kd_nM) / (1 + conc_nM / kd_nM),
        np.vectorize(_saturation, otypes=[float]),
    ),
)

# -- competition --------------------------------------------------------------------------------


def _competition(
    inhibitor_nM: Any, radioligand_nM: Any, kd_nM: Any, ki_nM: Any, bmax: Any, nonspecific: Any
) -> Any:
    kd_apparent_nM = kd_nM * (1 + inhibitor_nM / ki_nM)
    return nonspecific + bmax * radioligand_nM / (radioligand_nM + kd_apparent_nM)


def _competition_through_ic50(
    inhibitor_nM: Any, radioligand_nM: Any, kd_nM: Any, ki_nM: Any, bmax: Any, nonspecific: Any
) -> Any:
    ic50_nM = ki_nM * (1 + radioligand_nM / kd_nM)
    uninhibited = bmax * radioligand_nM / (radioligand_nM + kd_nM)
    return nonspecific + uninhibited / (1 + inhibitor_nM / ic50_nM)


COMPETITION = Exercise(
    name="ps2_binding/competition",
    task="Total binding of the radioligand beside a competing inhibitor, in the unit of bmax.",
    reference=_competition,
    cases=lambda rng: [
        (0.0, 2.5, 2.5, 11.2, 1000.0, 100.0),
        (11.2, 2.5, 2.5, 11.2, 900.0, 50.0),
        (np.array([0.0, 1.0, 10.0, 100.0, 1e4]), 1.0, 2.5, 11.2, 1000.0, 80.0),
        (np.array([1.0, 30.0, 900.0]), 3.0, 3.0, 92.2, 400.0, 0.0),
        (10 ** rng.uniform(0, 4, 4), rng.uniform(1, 5), rng.uniform(2, 6), 40.0, 700.0, 60.0),
    ],
    unit="same as bmax",
    misconceptions=(
        Misconception(
            "competitor-lowers-maximum",
            "You lower Bmax: that is a non-competitive blocker; a competitor leaves the number of "
            "sites alone and makes the apparent Kd larger, so more radioligand can win the sites "
            "back.",
            lambda i, radio, kd, ki, bmax, ns: ns + bmax * radio / (radio + kd) / (1 + i / ki),
        ),
        Misconception(
            "forgot-nonspecific",
            "Your curve falls to zero: at the highest inhibitor concentration the nonspecific "
            "binding is still on the filter; add it.",
            lambda i, radio, kd, ki, bmax, ns: bmax * radio / (radio + kd * (1 + i / ki)),
        ),
        Misconception(
            "nonspecific-displaced",
            "Your inhibitor removes the nonspecific binding too: it competes for the transporter "
            "only; add the nonspecific binding after the competition.",
            lambda i, radio, kd, ki, bmax, ns: (
                (ns + bmax * radio / (radio + kd)) / (1 + i / (ki * (1 + radio / kd)))
            ),
        ),
        Misconception(
            "inhibitor-helps",
            "Your binding rises with the inhibitor: competition makes the apparent Kd larger; "
            "multiply Kd by (1 + inhibitor/Ki), do not divide.",
            lambda i, radio, kd, ki, bmax, ns: ns + bmax * radio / (radio + kd / (1 + i / ki)),
        ),
        Misconception(
            "kd-for-ki",
            "You divide the inhibitor concentration by the Kd of the radioligand; the inhibitor "
            "has its own constant, Ki.",
            lambda i, radio, kd, ki, bmax, ns: ns + bmax * radio / (radio + kd * (1 + i / kd)),
        ),
        Misconception(
            "inhibitor-in-place-of-factor",
            "Without inhibitor your apparent Kd is zero; it must be Kd itself: the factor is (1 + "
            "inhibitor/Ki).",
            lambda i, radio, kd, ki, bmax, ns: ns + bmax * radio / (radio + kd * i / ki),
        ),
        Misconception(
            "subtracted-nonspecific",
            "You took the nonspecific binding away; the total on the filter is specific plus "
            "nonspecific.",
            lambda i, radio, kd, ki, bmax, ns: bmax * radio / (radio + kd * (1 + i / ki)) - ns,
        ),
    ),
    alternatives=(
        _competition_through_ic50,
        lambda i, radio, kd, ki, bmax, ns: ns + bmax * (radio / kd) / (1 + radio / kd + i / ki),
        np.vectorize(_competition, otypes=[float]),
    ),
)

# -- from IC50 to Ki ----------------------------------------------------------------------------


def _cheng_prusoff(ic50_nM: Any, radioligand_nM: Any, kd_nM: Any) -> Any:
    return ic50_nM / (1 + radioligand_nM / kd_nM)


CHENG_PRUSOFF = Exercise(
    name="ps2_binding/cheng_prusoff",
    task="The inhibition constant Ki in nM, from an IC50 and the conditions of the assay.",
    reference=_cheng_prusoff,
    cases=lambda rng: [
        (15.68, 1.0, 2.5),
        (184.4, 3, 3),
        (np.array([10.0, 200.0]), 3.0, 1.5),
        (rng.uniform(5, 500), rng.uniform(0.5, 4), rng.uniform(2, 9)),
    ],
    unit="nM",
    misconceptions=(
        Misconception(
            "multiplied",
            "Your Ki is larger than your IC50: did you multiply instead of divide? The "
            "radioligand gets in the inhibitor's way, so IC50 is the larger of the two.",
            lambda ic50, radio, kd: ic50 * (1 + radio / kd),
        ),
        Misconception(
            "ratio-upside-down",
            "Your ratio is upside down: it is radioligand over Kd, so that with hardly any "
            "radioligand Ki becomes the IC50.",
            lambda ic50, radio, kd: ic50 / (1 + kd / radio),
        ),
        Misconception(
            "ki-is-ic50",
            "You return the IC50 itself; that equals Ki only when the radioligand concentration "
            "is far below Kd.",
            lambda ic50, radio, kd: ic50,
        ),
        Misconception(
            "forgot-one",
            "With hardly any radioligand your Ki would grow without limit: the divisor is 1 + "
            "radioligand/Kd.",
            lambda ic50, radio, kd: ic50 / (radio / kd),
        ),
        Misconception(
            "missing-brackets",
            "Division comes before addition: put brackets round (1 + radioligand_nM / kd_nM).",
            lambda ic50, radio, kd: ic50 / 1 + radio / kd,
        ),
        Misconception(
            "forgot-kd",
            "You divide by 1 + the radioligand concentration, which has a unit; divide that "
            "concentration by Kd first.",
            lambda ic50, radio, kd: ic50 / (1 + radio),
        ),
        Misconception(
            "halved-whatever-the-assay",
            "You halve the IC50; that is right only when the radioligand is used at exactly its "
            "Kd.",
            lambda ic50, radio, kd: ic50 / 2,
        ),
        Misconception(
            "subtracted-radioligand",
            "You subtract half of the radioligand concentration: that corrects for ligand that is "
            "used up by a very tight inhibitor, not for competition.",
            lambda ic50, radio, kd: ic50 - radio / 2,
        ),
    ),
    alternatives=(
        lambda ic50, radio, kd: ic50 * kd / (kd + radio),
        lambda ic50, radio, kd: ic50 * (1 - radio / (kd + radio)),
    ),
)

# -- an IC50 from counts ------------------------------------------------------------------------


def _plateaus(inhibitor_nM: Any, bound: Any, ic50_nM: Any) -> tuple[Any, Any, Any]:
    """Return top, bottom and squared residuals of the best line at a given IC50."""
    share = 1 / (1 + inhibitor_nM / ic50_nM)
    columns = np.column_stack([share, 1 - share])
    (top, bottom), *_ = np.linalg.lstsq(columns, bound, rcond=None)
    return top, bottom, np.sum((bound - columns @ [top, bottom]) ** 2)


def _least_squares_ic50(
    inhibitor_nM: Any, bound: Any, cost: Callable[[Any, Any, float], float] | None = None
) -> Any:
    """Find the IC50 of least squares by golden-section search on its logarithm."""
    x, y = np.asarray(inhibitor_nM, dtype=float), np.asarray(bound, dtype=float)
    lost = cost or (lambda x, y, ic50: _plateaus(x, y, ic50)[2])
    low, high = np.log10(x[x > 0].min()) - 1, np.log10(x.max()) + 1
    grid = np.linspace(low, high, 61)
    best = grid[np.argmin([lost(x, y, 10**log_ic50) for log_ic50 in grid])]
    low, high = best - grid[1] + grid[0], best + grid[1] - grid[0]
    golden = (np.sqrt(5) - 1) / 2
    while high - low > 1e-7:
        left, right = high - golden * (high - low), low + golden * (high - low)
        if lost(x, y, 10**left) < lost(x, y, 10**right):
            high = right
        else:
            low = left
    return float(10 ** ((low + high) / 2))


def _fit_ic50(inhibitor_nM: Any, bound: Any) -> Any:
    return _least_squares_ic50(inhibitor_nM, bound)


def _curve_fit_ic50(inhibitor_nM: Any, bound: Any) -> Any:
    from scipy.optimize import curve_fit

    def curve(x: Any, top: float, bottom: float, log_ic50: float) -> Any:
        return bottom + (top - bottom) / (1 + x / 10**log_ic50)

    middle = np.log10(np.median(inhibitor_nM))
    best, _ = curve_fit(curve, inhibitor_nM, bound, p0=[max(bound), min(bound), middle])
    return 10 ** best[2]


def _weighted_ic50(inhibitor_nM: Any, bound: Any) -> Any:
    from scipy.optimize import curve_fit

    def curve(x: Any, specific: float, nonspecific: float, ic50: float) -> Any:
        return specific / (1 + x / ic50) + nonspecific

    start = [np.ptp(bound), np.min(bound), np.median(inhibitor_nM)]
    best, _ = curve_fit(curve, inhibitor_nM, bound, p0=start, sigma=np.sqrt(bound))
    return best[2]


def _free_slope_ic50(inhibitor_nM: Any, bound: Any) -> Any:
    from scipy.optimize import least_squares

    def residuals(p: Any) -> Any:
        top, bottom, log_ic50, slope = p
        return bottom + (top - bottom) / (1 + (inhibitor_nM / 10**log_ic50) ** slope) - bound

    start = [max(bound), min(bound), np.log10(np.median(inhibitor_nM)), 1.0]
    return 10 ** least_squares(residuals, start, x_scale="jac").x[2]


def _without_bottom_ic50(inhibitor_nM: Any, bound: Any) -> Any:
    def cost(x: Any, y: Any, ic50: float) -> float:
        share = 1 / (1 + x / ic50)
        top = share @ y / (share @ share)
        return float(np.sum((y - top * share) ** 2))

    return _least_squares_ic50(inhibitor_nM, bound, cost)


def _half_of_total_ic50(inhibitor_nM: Any, bound: Any) -> Any:
    x, y = np.asarray(inhibitor_nM, dtype=float), np.asarray(bound, dtype=float)
    below = int(np.argmax(y < y[0] / 2)) or len(y) - 1
    return float(x[below])


def _nearest_point_ic50(inhibitor_nM: Any, bound: Any) -> Any:
    halfway = (np.max(bound) + np.min(bound)) / 2
    return np.asarray(inhibitor_nM)[np.argmin(np.abs(np.asarray(bound) - halfway))]


def _straight_line_ic50(inhibitor_nM: Any, bound: Any) -> Any:
    slope, intercept = np.polyfit(inhibitor_nM, bound, 1)
    return ((np.max(bound) + np.min(bound)) / 2 - intercept) / slope


def counts(
    rng: np.random.Generator,
    ic50_nM: float,
    inhibitor_nM: Any,
    *,
    top: float = 9000.0,
    bottom: float = 1200.0,
) -> Any:
    """Return noisy counts per filter for a one-site competition curve.

    Parameters
    ----------
    rng : numpy.random.Generator
        Source of the counting noise (Poisson).
    ic50_nM : float
        IC50 in nM, > 0.
    inhibitor_nM : array_like
        Inhibitor concentrations in nM, >= 0.
    top, bottom : float
        Expected counts without inhibitor, and with the transporter fully blocked.

    Returns
    -------
    numpy.ndarray
        Counts, one for each concentration.

    Examples
    --------
    >>> counts(np.random.default_rng(1), 15.7, np.array([0.0, 1e6])).round(-3)
    array([9000., 1000.])
    """
    expected = bottom + (top - bottom) / (1 + np.asarray(inhibitor_nM) / ic50_nM)
    return rng.poisson(expected).astype(float)


def _half_log_series(low: float, high: float) -> Any:
    return 10 ** np.arange(low, high + 0.25, 0.5)


def _assays(rng: np.random.Generator) -> list[tuple[Any, Any]]:
    """Return assays with half-log spaced inhibitor concentrations, with and without a control."""
    sert, net = _half_log_series(-1, 4), _half_log_series(0, 5)
    control = np.concatenate([[0.0], sert])
    return [
        (sert, counts(rng, 15.7, sert)),
        (net, counts(rng, 184.0, net, top=6000.0, bottom=1500.0)),
        (control, counts(rng, 45.0, control, top=20000.0, bottom=3000.0)),
    ]


FIT_IC50 = Exercise(
    name="ps2_binding/fit_ic50",
    task="The IC50 in nM: the inhibitor concentration halfway between the two fitted plateaus.",
    reference=_fit_ic50,
    cases=_assays,
    unit="nM",
    rel=0.06,
    misconceptions=(
        Misconception(
            "returned-log",
            "You return the logarithm of the IC50; raise 10 to that power to get back to nM.",
            lambda inhibitor_nM, bound: np.log10(_fit_ic50(inhibitor_nM, bound)),
        ),
        Misconception(
            "no-nonspecific-plateau",
            "Your curve is forced down to zero counts: nonspecific binding never goes away, so "
            "the lower plateau has to be fitted too.",
            _without_bottom_ic50,
        ),
        Misconception(
            "half-of-total",
            "You look for half of the total counts; IC50 is halfway between the upper and the "
            "lower plateau, because half of the specific binding is gone there.",
            _half_of_total_ic50,
        ),
        Misconception(
            "nearest-concentration",
            "You return the tested concentration nearest to half: the IC50 usually lies between "
            "two of them, so fit the curve.",
            _nearest_point_ic50,
        ),
        Misconception(
            "molar",
            "Your value is in mol/L; the inhibitor concentrations come in nM and the answer is "
            "wanted in nM.",
            lambda inhibitor_nM, bound: _fit_ic50(inhibitor_nM, bound) * 1e-9,
        ),
        Misconception(
            "returned-top",
            "You return the upper plateau: look up the order in which your fit hands back its "
            "parameters.",
            lambda inhibitor_nM, bound: _plateaus(
                inhibitor_nM, bound, _fit_ic50(inhibitor_nM, bound)
            )[0],
        ),
        Misconception(
            "returned-bottom",
            "You return the lower plateau: look up the order in which your fit hands back its "
            "parameters.",
            lambda inhibitor_nM, bound: _plateaus(
                inhibitor_nM, bound, _fit_ic50(inhibitor_nM, bound)
            )[1],
        ),
        Misconception(
            "straight-line",
            "You laid a straight line through counts against concentration; binding falls as a "
            "hyperbola, S-shaped on a logarithmic axis.",
            _straight_line_ic50,
        ),
        Misconception(
            "start-not-fit",
            "You return the middle of the tested concentrations, where a fit may start: return "
            "what the fit found in the counts.",
            lambda inhibitor_nM, bound: np.median(inhibitor_nM),
        ),
    ),
    alternatives=(_curve_fit_ic50, _weighted_ic50, _free_slope_ic50),
)

# -- the whole way ------------------------------------------------------------------------------


def _ki_from_assay(inhibitor_nM: Any, bound: Any, radioligand_nM: Any, kd_nM: Any) -> Any:
    return _cheng_prusoff(_fit_ic50(inhibitor_nM, bound), radioligand_nM, kd_nM)


KI_FROM_ASSAY = Exercise(
    name="ps2_binding/ki_from_assay",
    task="The inhibition constant Ki in nM, straight from the counts of one assay.",
    reference=_ki_from_assay,
    cases=lambda rng: [
        (*assay, radioligand_nM, kd_nM)
        for assay, radioligand_nM, kd_nM in zip(
            _assays(rng), (1.0, 4.5, 2.0), (2.5, 3.0, 3.5), strict=True
        )
    ],
    unit="nM",
    rel=0.06,
    misconceptions=(
        Misconception(
            "ki-is-ic50",
            "You return the IC50: one step is missing, from IC50 to Ki with the radioligand "
            "concentration and its Kd.",
            lambda x, y, radio, kd: _fit_ic50(x, y),
        ),
        Misconception(
            "multiplied",
            "Your Ki is larger than your IC50: did you multiply instead of divide?",
            lambda x, y, radio, kd: _fit_ic50(x, y) * (1 + radio / kd),
        ),
        Misconception(
            "ratio-upside-down",
            "Your ratio is upside down, or radioligand_nM and kd_nM are swapped in the call: it "
            "is radioligand over Kd.",
            lambda x, y, radio, kd: _fit_ic50(x, y) / (1 + kd / radio),
        ),
        Misconception(
            "no-nonspecific-plateau",
            "Your IC50 comes from a curve that is forced down to zero counts; fit the lower "
            "plateau too.",
            lambda x, y, radio, kd: _without_bottom_ic50(x, y) / (1 + radio / kd),
        ),
        Misconception(
            "returned-log",
            "You work with the logarithm of the IC50; go back to nM before you divide.",
            lambda x, y, radio, kd: np.log10(_fit_ic50(x, y)) / (1 + radio / kd),
        ),
        Misconception(
            "corrected-twice",
            "You divide by 1 + radioligand/Kd twice: do it once, on the IC50.",
            lambda x, y, radio, kd: _fit_ic50(x, y) / (1 + radio / kd) ** 2,
        ),
    ),
    alternatives=(
        lambda x, y, radio, kd: _curve_fit_ic50(x, y) * kd / (kd + radio),
        lambda x, y, radio, kd: _weighted_ic50(x, y) / (1 + radio / kd),
        lambda x, y, radio, kd: _free_slope_ic50(x, y) / (1 + radio / kd),
    ),
)
