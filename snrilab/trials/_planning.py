"""How many patients: power in closed form, and by simulating the whole trial."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, overload

import numpy as np
from scipy import special
from scipy.optimize import brentq

from snrilab._checks import (
    choice,
    numbers,
    one_number,
    positive,
    random_generator,
    scalar_or_array,
    whole_number,
)
from snrilab.trials._clinical import checked_plan, outcome, randomise
from snrilab.trials._dropout import departures
from snrilab.trials._many_trials import ancova_contrast, mmrm_contrast
from snrilab.trials._progression import recruit

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from snrilab._checks import Seed
    from snrilab.trials._design import Dropout, TrialDesign

    Floats = NDArray[np.float64]

__all__ = ["Power", "power", "power_t_test", "sample_size"]

LARGEST_SHIFT = 35.0  # the noncentral t distribution underflows beyond
CHUNK = 50  # trials simulated at a time: memory does not grow with their number


@dataclass(frozen=True)
class Power:
    """Power by simulation, with its Monte Carlo error.

    Parameters
    ----------
    power : float
        Share of the trials whose test of the contrast is significant.
    standard_error : float
        Monte Carlo error of that share.
    mean_estimate : float
        Mean of the estimated differences, points.
    true_difference : float
        Difference that the design asks for, points.
    mean_standard_error, sd_estimate : float
        Mean of the standard errors that the trials report, and the spread of their estimates: alike
        when the analysis is honest about its uncertainty.
    coverage : float
        Share of the 1 - alpha intervals that contain the true difference.
    trials : int
        Number of simulated trials.
    method : str
        How missing visits were dealt with.
    """

    power: float
    standard_error: float
    mean_estimate: float
    true_difference: float
    mean_standard_error: float
    sd_estimate: float
    coverage: float
    trials: int
    method: str

    def __str__(self) -> str:
        return (
            f"power {100 * self.power:.1f} % (Monte Carlo SE {100 * self.standard_error:.1f} %), "
            f"mean difference {self.mean_estimate:.2f} (true {self.true_difference:.2f})"
        )


def power(
    design: TrialDesign | str = "bakish2014",
    *,
    arm: str | None = None,
    n_per_arm: int | None = None,
    method: str = "mmrm",
    dropout: Dropout | str = "mar",
    trials: int = 1000,
    alpha: float = 0.05,
    rng: Seed = None,
) -> Power:
    """Simulate a trial many times and count how often an arm differs from the control.

    Every trial is recruited, run in, randomised, rated, thinned by dropout and analysed as by
    `analyse`, with the MMRM started at the covariance that the simulation uses.

    Parameters
    ----------
    design : TrialDesign or str, default "bakish2014"
        The design, or the name of a published one.
    arm : str, optional
        Arm compared with the control; the second by default.
    n_per_arm : int, optional
        Patients per arm, at least 2; that of the design by default.
    method : {"mmrm", "locf", "completers", "everybody"}, default "mmrm"
        How missing visits are dealt with.
    dropout : Dropout or {"none", "mcar", "mar", "mnar"}, default "mar"
        Who leaves early.
    trials : int, default 1000
        Number of trials, at least 10.
    alpha : float, default 0.05
        Two-sided significance level, in (0, 1).
    rng : Generator or int, optional
        Random generator or seed.

    Returns
    -------
    Power

    Examples
    --------
    The trial that missed its endpoint had little chance to meet it:

    >>> print(power("gommoll2014", trials=100, rng=1))
    power 33.0 % (Monte Carlo SE 4.7 %), mean difference -1.60 (true -1.50)
    """
    plan, leaving = checked_plan(design, n_per_arm, dropout)
    choice("method", method, ("mmrm", "locf", "completers", "everybody"))
    trials = whole_number("trials", trials, low=10)
    alpha = one_number("alpha", alpha, low=0, high=1, low_open=True, high_open=True)
    names = [one.name for one in plan.arms]
    treated = names.index(choice("arm", arm if arm is not None else names[1], names[1:]))
    generator = random_generator(rng)
    found = np.concatenate(
        [
            _simulate(plan, leaving, treated, min(CHUNK, trials - first), method, generator)
            for first in range(0, trials, CHUNK)
        ]
    )
    estimate, error, df = found.T
    p = 2 * special.stdtr(df, -np.abs(estimate / error))
    share = float(np.mean(p < alpha))
    truth = plan.effects[names[treated]]
    covered = np.abs(estimate - truth) <= special.stdtrit(df, 1 - alpha / 2) * error
    return Power(
        power=share,
        standard_error=float(np.sqrt(share * (1 - share) / trials)),
        mean_estimate=float(estimate.mean()),
        true_difference=float(truth),
        mean_standard_error=float(error.mean()),
        sd_estimate=float(estimate.std(ddof=1)),
        coverage=float(covered.mean()),
        trials=trials,
        method=method,
    )


def _simulate(
    plan: TrialDesign,
    leaving: Dropout,
    treated: int,
    trials: int,
    method: str,
    rng: np.random.Generator,
) -> Floats:
    """Return estimate, standard error and df of the contrast in each of some trials."""
    n = len(plan.arms) * plan.n_per_arm
    weeks = np.asarray(plan.visits_wk)
    baseline = recruit(plan.course, n * trials, rng).baseline.reshape(trials, n)
    arm = np.stack([randomise(len(plan.arms), plan.n_per_arm, rng) for _ in range(trials)])
    complete = outcome(plan, arm, baseline, rng)
    ae_share = np.array([one.ae_dropout for one in plan.arms])[arm]
    early_share = np.array([one.early_leaving for one in plan.arms])[arm]
    visits_seen, _ = departures(leaving, baseline, complete, ae_share, early_share, weeks, rng)
    change = complete - baseline[..., None]
    if method == "mmrm":
        return mmrm_contrast(plan, change, visits_seen, arm, baseline, treated)
    return ancova_contrast(change, visits_seen, arm, baseline, treated, method)


@overload
def power_t_test(
    difference: float, sd: float, n_per_arm: float, *, alpha: float = 0.05
) -> float: ...
@overload
def power_t_test(
    difference: ArrayLike, sd: ArrayLike, n_per_arm: ArrayLike, *, alpha: float = 0.05
) -> Floats: ...
def power_t_test(
    difference: ArrayLike, sd: ArrayLike, n_per_arm: ArrayLike, *, alpha: float = 0.05
) -> float | Floats:
    """Power of a two-sided two-sample t test, from the noncentral t distribution.

    Parameters
    ----------
    difference : array_like
        True difference of the means.
    sd : array_like
        Standard deviation in each arm, same unit, > 0.
    n_per_arm : array_like
        Patients per arm, at least 2.
    alpha : float, default 0.05
        Two-sided significance level, in (0, 1).

    Returns
    -------
    float or ndarray
        Power, from alpha to 1, of the broadcast shape.

    Examples
    --------
    >>> round(power_t_test(0.5, 1.0, 64), 3)
    0.801
    """
    effect = numbers("difference", difference)
    spread = positive("sd", sd)
    n = numbers("n_per_arm", n_per_arm, low=2)
    return scalar_or_array(
        _power_of_t(effect / (spread * np.sqrt(2 / n)), 2 * n - 2, _alpha(alpha))
    )


def sample_size(
    difference: float, sd: float, *, power: float = 0.9, alpha: float = 0.05, dropout: float = 0.0
) -> int:
    """Return the least number of patients per arm that gives a t test the power asked for.

    Parameters
    ----------
    difference : float
        True difference of the means, not zero.
    sd : float
        Standard deviation in each arm, same unit, > 0.
    power : float, default 0.9
        Power wanted, in (0, 1) and above alpha.
    alpha : float, default 0.05
        Two-sided significance level, in (0, 1).
    dropout : float, default 0
        Share of patients lost to the analysis, in [0, 1).

    Returns
    -------
    int
        Patients to randomise to each arm, at least 2.

    Examples
    --------
    >>> sample_size(3.0, 10.0), sample_size(3.0, 10.0, dropout=0.2)
    (235, 294)
    """
    effect = abs(one_number("difference", difference))
    if effect == 0:
        raise ValueError("difference must not be zero: no sample finds a difference of none.")
    spread = one_number("sd", sd, low=0, low_open=True)
    level = _alpha(alpha)
    wanted = one_number("power", power, low=level, high=1, low_open=True, high_open=True)
    lost = one_number("dropout", dropout, low=0, high=1, high_open=True)

    def surplus(n: float) -> float:
        return float(power_t_test(effect, spread, n, alpha=level)) - wanted

    most = 2.0
    while surplus(most) < 0:
        most *= 2
    least = 2.0 if surplus(2.0) >= 0 else float(brentq(surplus, 2.0, most, xtol=1e-9))
    patients = np.ceil(least - 1e-7)
    return int(np.ceil(patients / (1 - lost)))


def _alpha(alpha: float) -> float:
    return one_number("alpha", alpha, low=0, high=1, low_open=True, high_open=True)


def _power_of_t(shift: Floats, df: Floats, alpha: float) -> NDArray[np.float64]:
    size, freedom = np.broadcast_arrays(np.abs(shift), df)
    critical = special.stdtrit(freedom, 1 - alpha / 2)
    near = np.minimum(size, LARGEST_SHIFT)
    upper = 1 - special.nctdtr(freedom, near, critical)
    # The wrong tail is empty to rounding beyond a shift of 8.
    lower = special.nctdtr(freedom, np.minimum(size, 8.0), -critical)
    power = np.asarray(upper + np.where(size < 8.0, lower, 0.0))
    far = size > LARGEST_SHIFT  # an average over 400 quantiles takes long: only where it is needed
    if np.any(far):
        power[far] = _by_average(size[far], freedom[far], critical[far])
    return power


def _by_average(size: Floats, df: Floats, critical: Floats) -> NDArray[np.float64]:
    """Return the upper tail as the mean of a normal tail over the distribution of the SD."""
    shares = (np.arange(400) + 0.5) / 400
    sd = np.sqrt(special.chdtri(df[..., None], shares) / df[..., None])
    return np.asarray(special.ndtr(size[..., None] - critical[..., None] * sd).mean(axis=-1))
