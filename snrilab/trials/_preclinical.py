"""A dose-response study in the forced swim test: floor, dose range, timing, group size.

The usual reasons for a flat curve are all in the model: the test has a floor that no dose goes
below, the doses may all lie above or below the steep part, and the animals may be tested when the
drug has gone. Only the least effective dose is published; all constants are illustrative.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from scipy import special
from scipy.optimize import brentq

from snrilab._checks import choice, one_number, random_generator, whole_number
from snrilab.trials._planning import power_t_test
from snrilab.trials._swim_test import SwimTest, share_of_peak

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from snrilab._checks import Seed

    Floats = NDArray[np.float64]

__all__ = [
    "DoseDesign",
    "PreclinicalStudy",
    "dose_response_design",
    "minimum_effective_dose",
    "power_preclinical",
    "simulate_preclinical",
]

CEILING_SHARE = 0.8  # of the greatest visible effect, at the lowest dose
REACH_SHARE = 0.5  # of the greatest visible effect, at the highest dose


@dataclass(frozen=True, eq=False)
class DoseDesign:
    """Doses and group sizes of a dose-response study, and what they can show.

    Parameters
    ----------
    doses_mg_per_kg : ndarray
        Doses, the vehicle (0) first.
    n_per_group : int
        Animals per dose.
    delay_h : float
        Time between dose and test, h.
    expected_s : ndarray
        Mean immobility expected at each dose, s.
    visible_share : ndarray
        Expected effect as a share of the greatest effect the test can show.
    warnings : tuple of str
        Why the curve will look flat, in words; empty for a good design.
    """

    doses_mg_per_kg: Floats
    n_per_group: int
    delay_h: float
    expected_s: Floats
    visible_share: Floats
    warnings: tuple[str, ...]

    @property
    def animals(self) -> int:
        """Number of animals in the study."""
        return len(self.doses_mg_per_kg) * self.n_per_group


def dose_response_design(
    lowest_mg_per_kg: float,
    highest_mg_per_kg: float,
    *,
    n_doses: int = 4,
    n_per_group: int = 10,
    spacing: str = "log",
    delay_h: float = 0.5,
    test: SwimTest | None = None,
) -> DoseDesign:
    """Choose doses for a dose-response study and say what they can show.

    Parameters
    ----------
    lowest_mg_per_kg, highest_mg_per_kg : float
        Range of the doses, mg/kg, > 0, increasing.
    n_doses : int, default 4
        Number of doses besides the vehicle, at least 2.
    n_per_group : int, default 10
        Animals per group, at least 2.
    spacing : {"log", "linear"}, default "log"
        Equal ratios, or equal steps.
    delay_h : float, default 0.5
        Time between dose and test, h, >= 0.
    test : SwimTest, optional
        The instrument; illustrative by default.

    Returns
    -------
    DoseDesign

    Examples
    --------
    >>> dose_response_design(2.5, 20).doses_mg_per_kg
    array([ 0. ,  2.5,  5. , 10. , 20. ])
    >>> print(dose_response_design(30, 60).warnings[0])
    Ceiling: the lowest dose already shows 86 % of what the test can show; go lower.
    """
    low = one_number("lowest_mg_per_kg", lowest_mg_per_kg, low=0, low_open=True)
    high = one_number("highest_mg_per_kg", highest_mg_per_kg, low=low, low_open=True)
    count = whole_number("n_doses", n_doses, low=2)
    space = np.geomspace if choice("spacing", spacing, ("log", "linear")) == "log" else np.linspace
    instrument = test or SwimTest.illustrative()
    delay = one_number("delay_h", delay_h, low=0)
    doses = np.concatenate([[0.0], np.round(space(low, high, count), 6)])
    left = share_of_peak(delay)
    shares = np.asarray(instrument.visible_share(doses, left))
    return DoseDesign(
        doses_mg_per_kg=doses,
        n_per_group=whole_number("n_per_group", n_per_group, low=2),
        delay_h=delay,
        expected_s=np.asarray(instrument.mean_s(doses, left)),
        visible_share=shares,
        warnings=tuple(_warnings(shares, left, instrument)),
    )


def _warnings(shares: Floats, left: float, test: SwimTest) -> list[str]:
    found = []
    if shares[1] >= CEILING_SHARE:
        found.append(
            f"Ceiling: the lowest dose already shows {100 * shares[1]:.0f} % of what the test can "
            "show; go lower."
        )
    elif shares[-1] < REACH_SHARE:
        found.append(
            f"Range: the highest dose shows only {100 * shares[-1]:.0f} % of what the test can "
            "show; go higher or test nearer the peak."
        )
    if test.baseline_s - test.floor_s < test.emax_s:
        found.append(
            f"Floor: the test cannot show more than {test.baseline_s - test.floor_s:.0f} of the "
            f"{test.emax_s:.0f} s that the drug could bring; add a test with more room."
        )
    if left < 0.5:
        found.append(
            f"Timing: only {100 * left:.0f} % of the peak concentration is left at the test."
        )
    return found


@dataclass(frozen=True, eq=False)
class PreclinicalStudy:
    """A simulated dose-response study.

    Parameters
    ----------
    design : DoseDesign
        Doses, group size, timing.
    dose_mg_per_kg : ndarray
        Dose of each animal, mg/kg.
    immobility_s : ndarray
        Immobility of each animal, s.
    """

    design: DoseDesign
    dose_mg_per_kg: Floats
    immobility_s: Floats

    def means(self) -> tuple[Floats, Floats]:
        """Return mean and standard error of each dose group, s."""
        groups = [self.immobility_s[self.dose_mg_per_kg == d] for d in self.design.doses_mg_per_kg]
        errors = [group.std(ddof=1) / np.sqrt(len(group)) for group in groups]
        return np.array([group.mean() for group in groups]), np.array(errors)


def simulate_preclinical(
    design: DoseDesign | None = None,
    *,
    test: SwimTest | None = None,
    rng: Seed = None,
) -> PreclinicalStudy:
    """Simulate a dose-response study in the forced swim test.

    Parameters
    ----------
    design : DoseDesign, optional
        From `dose_response_design`; by default 2.5 to 20 mg/kg in four groups of ten and a vehicle.
    test : SwimTest, optional
        The instrument; illustrative by default.
    rng : Generator or int, optional
        Random generator or seed.

    Returns
    -------
    PreclinicalStudy
        Immobility between 0 s and the length of the test.

    Examples
    --------
    >>> study = simulate_preclinical(rng=1)
    >>> study.means()[0].round()
    array([169., 151., 139., 140., 101.])
    """
    plan = _plan(design)
    instrument = test or SwimTest.illustrative()
    dose = np.repeat(plan.doses_mg_per_kg, plan.n_per_group)
    doses, n = plan.doses_mg_per_kg.tolist(), plan.n_per_group
    values = _immobility(doses, n, plan.delay_h, instrument, (), random_generator(rng))
    return PreclinicalStudy(plan, dose, values)


def _plan(design: DoseDesign | None) -> DoseDesign:
    if design is None:
        return dose_response_design(2.5, 20.0)
    if not isinstance(design, DoseDesign):
        raise TypeError(f"design must come from dose_response_design, got {design!r}.")
    return design


def _immobility(
    doses_mg_per_kg: Sequence[float], n_per_group: int, delay_h: float, test: SwimTest,
    studies: tuple[int, ...], rng: np.random.Generator,
) -> Floats:  # fmt: skip
    dose = np.repeat(doses_mg_per_kg, n_per_group)
    mean = np.asarray(test.mean_s(dose, share_of_peak(delay_h)))
    values = mean + test.sd_s * rng.standard_normal((*studies, len(dose)))
    return np.clip(values, 0.0, test.longest_s)


@lru_cache(maxsize=4)  # several analyses of the same studies: each has to be simulated once
def _means_and_variance(
    doses_mg_per_kg: tuple[float, ...], n_per_group: int, delay_h: float, test: SwimTest,
    studies: int, rng: Seed,
) -> tuple[Floats, Floats]:  # fmt: skip
    """Return the mean of each group and the variance within groups of each study."""
    generator = random_generator(rng)
    values = _immobility(doses_mg_per_kg, n_per_group, delay_h, test, (studies,), generator)
    values = values.reshape(studies, len(doses_mg_per_kg), n_per_group)
    return values.mean(axis=2), values.var(axis=2, ddof=1).mean(axis=1)


def power_preclinical(
    design: DoseDesign | None = None,
    *,
    test: SwimTest | None = None,
    analysis: str = "trend",
    studies: int = 2000,
    alpha: float = 0.05,
    rng: Seed = None,
) -> tuple[float, float]:
    """Return the power of a dose-response study, by simulation, and its Monte Carlo error.

    Parameters
    ----------
    design : DoseDesign, optional
        As in `simulate_preclinical`.
    test : SwimTest, optional
        The instrument; illustrative by default.
    analysis : {"trend", "anova", "highest", "gradient"}, default "trend"
        Trend over the ranks of the doses; any difference; highest dose against vehicle; trend
        among the doses without the vehicle (is there a gradient, or only an effect?).
    studies : int, default 2000
        Simulated studies, at least 10.
    alpha : float, default 0.05
        Two-sided significance level, in (0, 1).
    rng : Generator or int, optional
        Random generator or seed.

    Returns
    -------
    power, standard_error : float

    Examples
    --------
    >>> power, error = power_preclinical(analysis="trend", rng=1)
    >>> 0.8 < power < 0.95
    True
    """
    plan = _plan(design)
    instrument = test or SwimTest.illustrative()
    choice("analysis", analysis, ("trend", "anova", "highest", "gradient"))
    count = whole_number("studies", studies, low=10)
    level = one_number("alpha", alpha, low=0, high=1, low_open=True, high_open=True)
    doses, n = tuple(plan.doses_mg_per_kg.tolist()), plan.n_per_group
    k = len(doses)
    simulated = _means_and_variance if type(rng) is int else _means_and_variance.__wrapped__
    means, variance = simulated(doses, n, plan.delay_h, instrument, count, rng)
    df = k * (n - 1)
    if analysis == "anova":
        f = n * means.var(axis=1, ddof=1) / variance
        p = special.fdtrc(k - 1, df, f)
    else:
        weights = np.arange(k) - (k - 1) / 2
        if analysis == "highest":
            weights = np.zeros(k)
            weights[[0, -1]] = -1, 1
        elif analysis == "gradient":
            weights = np.concatenate([[0.0], np.arange(k - 1) - (k - 2) / 2])
        t = means @ weights / np.sqrt(variance * np.sum(weights**2) / n)
        p = 2 * special.stdtr(df, -np.abs(t))
    share = float(np.mean(p < level))
    return share, float(np.sqrt(share * (1 - share) / count))


def minimum_effective_dose(
    n_per_group: int = 10,
    *,
    test: SwimTest | None = None,
    power: float = 0.8,
    alpha: float = 0.05,
    delay_h: float = 0.5,
) -> float:
    """Return the least dose that a comparison with vehicle is likely to call effective.

    A "minimal effective dose" belongs to the study as much as to the drug: more animals, a steadier
    test or testing at the peak make it smaller.

    Parameters
    ----------
    n_per_group : int, default 10
        Animals per group, at least 2.
    test : SwimTest, optional
        The instrument; illustrative by default.
    power : float, default 0.8
        Chance of a significant t test wanted, in (0, 1) and above alpha.
    alpha : float, default 0.05
        Two-sided significance level, in (0, 1).
    delay_h : float, default 0.5
        Time between dose and test, h, >= 0.

    Returns
    -------
    float
        Dose, mg/kg; infinite when no dose has so large an effect.

    Examples
    --------
    >>> print(f"{minimum_effective_dose(10):.1f}, {minimum_effective_dose(40):.1f}")
    21.4, 9.1
    """
    instrument = test or SwimTest.illustrative()
    n = whole_number("n_per_group", n_per_group, low=2)
    level = one_number("alpha", alpha, low=0, high=1, low_open=True, high_open=True)
    wanted = one_number("power", power, low=level, high=1, low_open=True, high_open=True)
    left = share_of_peak(one_number("delay_h", delay_h, low=0))

    def surplus(gap_s: float) -> float:
        return float(power_t_test(gap_s, instrument.sd_s, n, alpha=level)) - wanted

    visible = min(instrument.emax_s, instrument.baseline_s - instrument.floor_s)
    if left == 0 or surplus(visible) < 0:
        return float(np.inf)
    gap = float(brentq(surplus, 0.0, visible, xtol=1e-12))
    if gap >= instrument.emax_s:
        return float(np.inf)
    odds = gap / (instrument.emax_s - gap)
    return float(instrument.ed50_mg_per_kg * odds ** (1 / instrument.hill) / left)
