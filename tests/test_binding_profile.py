"""Profile limits against brute force, their coverage, and data that set no limit."""

from __future__ import annotations

import copy
import pickle

import numpy as np
import pytest

from benchmarks import coverage
from snrilab import binding

INF = float("inf")
STEP = ([0, 1, 3, 10, 30, 100] * 2, [100, 99, 101, 100, 98, 51, 101, 98, 100, 102, 99, 47])
TIGHT = {
    "inhibitor_nM": [0, 0.1, 0.3, 0.5, 1, 2, 3, 5, 10, 30],
    "bound": [0.878, 0.849, 0.847, 0.83, 0.825, 0.721, 0.534, -0.014, 0.009, 0.009],
    "radioligand_nM": 1,
    "kd_nM": 0.5,
    "receptor_nM": 4,
}


def test_a_plateau_that_rests_on_the_top_dose_has_no_lower_limit():
    fit = binding.fit_inhibition(*STEP, interval="profile")
    assert fit["top"].low == pytest.approx(98.86, abs=0.02)
    assert fit["top"].high == pytest.approx(101.39, abs=0.02)
    assert fit["bottom"].low == -INF
    assert 49 < fit["bottom"].high < 53
    assert (fit["ic50_nM"].high, fit["hill"].high) == (INF, INF)
    assert "bottom" in {d.code: d.sentence for d in fit.diagnostics}["not_identifiable"]


def test_a_step_between_two_doses_is_bounded_on_both_sides():
    fit = binding.fit_inhibition(
        [1, 2, 4, 8, 16, 32, 64], [101, 98, 100, 2, 0, -1, 1], interval="profile"
    )
    ends = [getattr(fit[name], end) for name in ("top", "bottom") for end in ("low", "high")]
    assert ends == pytest.approx([96.93, 102.86, -2.74, 2.71], abs=0.03)
    assert fit["hill"].high == INF


@pytest.mark.parametrize("interval", ["wald", "profile"])
def test_data_on_a_ridge_of_curves_determine_no_steepness(interval):
    conc, response = [1, 1.25, 2.5, 5, 10, 25, 50, 100], [100, 100, 100, 33.3333, 0, 0, 0, 0]
    fit = binding.fit_inhibition(conc, response, interval=interval)
    assert 2.5 <= fit["ic50_nM"].low < fit["ic50_nM"].high <= 5
    assert fit["hill"].high == INF
    assert "not_identifiable" in fit.codes
    assert "outlier" not in fit.codes
    fit = binding.fit_inhibition([1, 2, 4, 8, 16, 32, 64], [100, 100, 100, 50, 0, 0, 0])
    assert "not_identifiable" in fit.codes
    assert fit["hill"].high == INF


@pytest.mark.parametrize(
    ("conc", "response"),
    [
        ([1, 3, 10, 30, 100, 300], [100, 100, 75, 0, 0, 0]),
        ([1, 3, 10, 30, 100, 300], [100, 100, 90, 0, 0, 0]),
        ([1, 3, 10, 30, 100, 300], [100, 60, 0, 0, 0, 0]),
        ([1, 10, 100, 1000, 1e4, 1e5], [100, 100, 80, 0, 0, 0]),
    ],
)
def test_any_slope_steep_enough_fits_one_point_between_two_plateaus(conc, response):
    fit = binding.fit_inhibition(conc, response)
    assert fit["hill"].high == INF
    assert "not_identifiable" in fit.codes
    between = next(i for i, each in enumerate(response) if 0 < each < 100)
    left = response[between] / 100
    for hill in (40, 99):  # with this IC50 either slope leaves no residual above 1e-5
        ic50 = conc[between] * (left / (1 - left)) ** (1 / hill)
        assert fit["ic50_nM"].low < 1.001 * ic50
        assert fit["ic50_nM"].high > 0.999 * ic50


def test_a_curve_without_noise_is_no_ridge():
    conc = np.array([0, 1, 3, 10, 30, 100, 300.0])
    fit = binding.fit_inhibition(conc, binding.uptake_inhibition(conc, 100, 5, 20, 1.2))
    assert fit.codes == ("hill_differs_from_1",)
    assert fit["ic50_nM"].high == pytest.approx(20, rel=2e-4)


@pytest.mark.parametrize("interval", ["wald", "profile"])
def test_a_tight_binder_bounds_its_ki_only_from_above(interval):
    ki = binding.fit_competition(**TIGHT, interval=interval)["ki_nM"]
    assert ki.low == 0
    assert 1e-4 < ki.high < 0.1  # far below the 4 nM of receptor that it titrates


@pytest.mark.parametrize("number", [3, 5, 13, 227])  # steep; beyond the top dose (2); two valleys
def test_profile_limits_agree_with_brute_force(number):
    conc, response = list(coverage.plates(number + 1, rng=1))[number]
    fit = binding.fit_inhibition(conc, response, interval="profile")
    assert coverage.disagreement(fit, coverage.brute_force(conc, response)) < 0.01


def test_no_interval_collapses_and_each_limit_is_right_in_975_of_1000():
    """A slice of the study that `python -m benchmarks coverage` runs whole."""
    found = coverage.study(relative=(0.1, 1.0, 10.0), hills=(1.0,), sds=(4.0,), plates=30)
    assert found.collapsed == 0
    assert (found.held >= 0.975 - 3 * np.sqrt(0.975 * 0.025 / 90)).all()
    assert (found.finite[:2] > 0.9).all()  # the top of a curve with a control is always known
    assert found.finite[3] > 0.9


def test_the_weak_inhibitor_keeps_its_top():
    rng = np.random.default_rng(8)
    conc = np.tile([0, 1, 3, 10, 30, 100.0], 3)
    for _ in range(10):
        response = binding.uptake_inhibition(conc, 100, 0, 800, 1) + rng.normal(0, 3, conc.size)
        top = binding.fit_inhibition(conc, response, interval="profile")["top"]
        assert 90 < top.low < top.value < top.high < 130


# --- what else a fit says -------------------------------------------------------------------------

CONC = np.concatenate([[0], np.geomspace(0.3, 3000, 9)])
NOISE = np.array([0.6, -0.9, 0.4, 1.1, -0.7, 0.2, -1.0, 0.8, -0.3, 0.5])


@pytest.mark.parametrize("replicates", [1, 3])
def test_a_bell_or_two_sites_through_one_sigmoid_are_named(replicates):
    conc = np.repeat(CONC, replicates)
    noise = np.resize(NOISE, conc.size)
    bell = 100 * (1 + 0.6 * conc / (conc + 1)) / (1 + (conc / 100) ** 1.5) + noise
    assert "rises first" in str(binding.fit_inhibition(conc, bell))
    two = 50 / (1 + conc) + 50 / (1 + conc / 300) + noise
    fit = binding.fit_competition(conc, two, radioligand_nM=1, kd_nM=1)
    assert "try two sites" in str(fit)
    fit = binding.fit_competition(conc, two, radioligand_nM=1, kd_nM=1, sites=2)
    assert "lack_of_fit" not in fit.codes


def test_a_bell_in_seven_wells_is_seen():
    fit = binding.fit_inhibition([0, 1, 3, 10, 30, 100, 300], [100, 130, 160, 150, 80, 20, 5])
    assert "bell-shaped" in str(fit)


def test_right_curves_are_rarely_blamed():
    rng = np.random.default_rng(1)
    for conc in (np.tile([0, 1, 3, 10, 30, 100.0], 3), CONC):
        clean = binding.uptake_inhibition(conc, 100, 0, 20)
        fits = [
            binding.fit_inhibition(conc, clean + rng.normal(0, 4, conc.size)) for _ in range(150)
        ]
        assert sum("lack_of_fit" in fit.codes for fit in fits) <= 7  # nominal 1 %


def test_logarithms_given_as_concentrations_are_asked_about():
    steps = np.arange(0, 5, 0.5)
    response = binding.uptake_inhibition(10**steps, 100, 0, 100) + NOISE
    assert "log_units_suspected" in binding.fit_inhibition(steps, response).codes
    assert "log_units_suspected" in binding.fit_inhibition(9 - steps, response).codes
    assert "log_units_suspected" not in binding.fit_inhibition(10**steps, response).codes


def test_poisson_weights_ask_for_counts():
    counts = 20 + 2000 / (1 + CONC / 20)
    scaled = counts / counts.max()
    assert "counts_suspected" in binding.fit_inhibition(CONC, scaled, weights="poisson").codes
    assert "counts_suspected" not in binding.fit_inhibition(CONC, counts, weights="poisson").codes


def test_residuals_of_rounding_size_are_no_outliers():
    conc = np.array([0, 1, 3, 10, 30, 100, 300, 1000.0])
    for digits in (2, 4):
        rounded = binding.uptake_inhibition(conc, 100, 0, 20).round(digits)
        assert "outlier" not in binding.fit_inhibition(conc, rounded).codes


@pytest.mark.parametrize("interval", ["wald", "profile"])
def test_a_fit_can_be_pickled_and_copied(interval):
    fits = [
        binding.fit_inhibition(*STEP, interval=interval),
        binding.fit_competition(**TIGHT, interval=interval),
        binding.fit(binding.uptake_inhibition, CONC, 100 / (1 + CONC) + NOISE, [99, 1, 1, 1]),
    ]
    for fit in fits:
        for again in (pickle.loads(pickle.dumps(fit)), copy.deepcopy(fit)):
            assert again.codes == fit.codes
            assert dict(again.estimates) == dict(fit.estimates)
            assert again.predict([1.0, 10.0]) == pytest.approx(fit.predict([1.0, 10.0]))
            with pytest.raises(TypeError):
                again.estimates["new"] = None
    with pytest.raises(KeyError, match="'nope'; there are top"):
        fits[0]["nope"]


def test_a_dose_response_curve_takes_the_general_path():
    dose = np.array([0, 5, 10, 20, 40.0] * 2)
    seconds = binding.uptake_inhibition(dose, 160, 50, 12) + NOISE
    free = binding.fit(binding.uptake_inhibition, dose, seconds, fixed={"hill": 1})
    special = binding.fit_inhibition(dose, seconds, hill=1)
    assert free["ic50_nM"].value == pytest.approx(special["ic50_nM"].value, rel=1e-9)
    floor = binding.fit(
        binding.uptake_inhibition,
        dose,
        seconds,
        fixed={"hill": 1, "bottom": 50},
        interval="profile",
    )
    assert floor.parameters == ("top", "ic50_nM")
    assert floor["ic50_nM"].low < 12 < floor["ic50_nM"].high
    rising = binding.fit(binding.uptake_inhibition, dose, 200 - seconds, fixed={"hill": 1})
    assert rising["ic50_nM"].value == pytest.approx(free["ic50_nM"].value, rel=1e-6)


def test_the_rise_far_from_the_fit_is_that_of_a_fit_with_the_parameter_held():
    """Half way at 4 nM or at 4,000: a steep fit must not hide the flat curves beside it."""
    dose = np.repeat([0, 0.12, 0.37, 1.1, 3.3, 10], 3)
    uptake = [101, 103, 96, 96, 98, 97, 94, 102, 104, 101, 98, 98, 101, 95, 89, 85, 79, 80]
    fit = binding.fit_inhibition(dose, uptake, interval="profile")
    assert fit["ic50_nM"].high == INF
    held_nM = [0.5, 2, 10, 200, 600, 4_000]
    again = [binding.fit(binding.uptake_inhibition, dose, uptake, fixed={"ic50_nM": one}).rss
             for one in held_nM]  # fmt: skip
    rise = binding.profile_rise(fit, "ic50_nM", held_nM)
    assert rise == pytest.approx((np.array(again) - fit.rss) / fit.sigma**2, rel=1e-3, abs=1e-6)
    assert rise[0] > 4 > rise[-1]
