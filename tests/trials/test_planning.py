"""Power: closed forms, and simulation against them with its Monte Carlo error."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from snrilab.trials import (
    Arm,
    Dropout,
    TrialDesign,
    analyse,
    covariance_of_change,
    power,
    power_t_test,
    sample_size,
    simulate_trial,
)
from snrilab.trials._many_trials import ancova_contrast, mmrm_contrast
from tests.trials.closed_form import power_mmrm


@pytest.mark.parametrize(
    ("d", "n", "expected"),
    # Cohen J. Statistical power analysis for the behavioral sciences, 2nd ed. 1988, table 2.3.5.
    [(0.2, 50, 0.17), (0.5, 50, 0.70), (0.8, 20, 0.69), (0.5, 64, 0.80), (0.8, 26, 0.81)],
)
def test_t_test_power_is_that_of_cohens_tables(d, n, expected):
    assert power_t_test(d, 1.0, n) == pytest.approx(expected, abs=0.006)


@given(
    d=st.floats(0.05, 2), sd=st.floats(0.5, 20), wanted=st.floats(0.3, 0.99), lost=st.floats(0, 0.5)
)
def test_sample_size_is_the_least_that_suffices(d, sd, wanted, lost):
    n = sample_size(d * sd, sd, power=wanted)
    assert power_t_test(d * sd, sd, n) >= wanted
    assert n == 2 or power_t_test(d * sd, sd, n - 1) < wanted
    assert sample_size(d * sd, sd, power=wanted, dropout=lost) == int(np.ceil(n / (1 - lost)))


@given(n=st.integers(2, 500), alpha=st.floats(0.001, 0.2))
def test_power_of_no_difference_is_alpha(n, alpha):
    assert power_t_test(0.0, 3.0, n, alpha=alpha) == pytest.approx(alpha, rel=1e-6)


@given(shift=st.floats(0, 1e4), n=st.integers(2, 10_000))
def test_power_is_a_share_and_grows_with_the_difference(shift, n):
    low, high = power_t_test([shift, shift * 1.5 + 0.01], 10.0, n)
    assert 0.05 - 1e-9 <= low <= high + 1e-9
    assert high <= 1


def test_closed_form_of_mmrm_lies_between_completers_and_everybody():
    matrix, stay = covariance_of_change(), np.array([1, 0.95, 0.9, 0.85, 0.8])
    sd = np.sqrt(matrix[-1, -1])
    mixed = power_mmrm(-3.3, matrix, 186, retention=stay)
    assert power_t_test(-3.3, sd, 186 * 0.8) < mixed < power_t_test(-3.3, sd, 186)
    assert power_mmrm(-3.3, matrix, 186) == pytest.approx(power_t_test(-3.3, sd, 186), rel=1e-9)


def test_uncorrelated_visits_lend_nothing():
    stay = np.array([1.0, 0.9, 0.7])
    alone = power_mmrm(1.0, np.diag([1.0, 2.0, 4.0]), 80, retention=stay)
    assert alone == pytest.approx(power_t_test(1.0, 2.0, 80 * 0.7), rel=1e-9)


NULL = TrialDesign("null", (Arm("placebo", -12.0), Arm("drug", -12.0)), 60)
EFFECT = TrialDesign("effect", (Arm("placebo", -10.0), Arm("drug", -13.5)), 120)


@pytest.mark.parametrize("method", ["mmrm", "locf", "completers", "everybody"])
def test_type_one_error_is_alpha_within_monte_carlo_error(method):
    found = power(NULL, trials=600, method=method, rng=11)
    assert abs(found.power - 0.05) < 4 * np.sqrt(0.05 * 0.95 / 600)
    assert abs(found.coverage - 0.95) < 4 * np.sqrt(0.05 * 0.95 / 600)
    assert found.mean_standard_error == pytest.approx(found.sd_estimate, rel=0.12)


def test_simulated_power_agrees_with_the_closed_form():
    chance = Dropout.illustrative("mcar", base_log_odds=-3.0, no_post_baseline=0.0)
    found = power(EFFECT, trials=600, dropout=chance, rng=21)
    weeks = np.diff([0, 1, 2, 4, 6, 8]) / 2
    leave = 1 / (1 + np.exp(3.0) / weeks)
    leave[0] = 0
    stay = np.cumprod(1 - leave)
    expected = power_mmrm(-3.5, covariance_of_change(), 120, retention=stay)
    assert abs(found.power - expected) < 4 * found.standard_error + 0.01
    assert abs(found.mean_estimate + 3.5) < 4 * found.sd_estimate / np.sqrt(600)


def test_simulated_power_of_everybody_is_that_of_the_t_test():
    found = power(EFFECT, trials=1000, dropout="none", method="everybody", rng=22)
    expected = power_t_test(3.5, np.sqrt(covariance_of_change()[-1, -1]), 120)
    assert abs(found.power - expected) < 4 * found.standard_error + 0.01


@pytest.mark.parametrize("method", ["mmrm", "locf", "completers", "everybody"])
def test_the_fast_analysis_is_the_full_analysis(method):
    trial = simulate_trial("bakish2014", n_per_arm=50, rng=3)
    change = (trial.madrs_complete - trial.baseline[:, None])[None]
    seen, arm, baseline = trial.visits_seen[None], trial.arm[None], trial.baseline[None]
    if method == "mmrm":
        [fast] = mmrm_contrast(trial.design, change, seen, arm, baseline, 2)
    else:
        [fast] = ancova_contrast(change, seen, arm, baseline, 2, method)
    full = analyse(trial, method).differences[1]
    expected = (full.value, full.standard_error, full.df)
    assert tuple(fast) == pytest.approx(expected, rel=1e-6)


def test_carrying_forward_costs_power_where_the_drug_arm_leaves_more():
    mixed = power("bakish2014", trials=300, rng=5)
    carried = power("bakish2014", trials=300, rng=5, method="locf")
    assert carried.mean_estimate > mixed.mean_estimate


BAD_INPUT = [
    (power, {"design": "x"}, "design"),
    (power, {"arm": "placebo"}, "arm"),
    (power, {"n_per_arm": 1}, "n_per_arm"),
    (power, {"method": "bocf"}, "method"),
    (power, {"trials": 1}, "trials"),
    (power, {"alpha": 0.0}, "alpha"),
    (power, {"rng": -1}, "rng"),
    (power_t_test, {"difference": np.nan, "sd": 1, "n_per_arm": 5}, "difference"),
    (power_t_test, {"difference": 1, "sd": 0, "n_per_arm": 5}, "sd"),
    (power_t_test, {"difference": 1, "sd": 1, "n_per_arm": 1}, "n_per_arm"),
    (power_t_test, {"difference": 1, "sd": 1, "n_per_arm": 5, "alpha": 1}, "alpha"),
    (sample_size, {"difference": 0, "sd": 1}, "difference"),
    (sample_size, {"difference": 1, "sd": -1}, "sd"),
    (sample_size, {"difference": 1, "sd": 1, "power": 0.01}, "power"),
    (sample_size, {"difference": 1, "sd": 1, "dropout": 1.0}, "dropout"),
]
