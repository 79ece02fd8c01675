"""Noncompartmental analysis against its rules in 50 digits, and against models."""

from __future__ import annotations

import copy
import math
import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from snrilab import pk
from tests import exact_pk

DATA = {
    "Theoph": exact_pk.sampled("data_theoph.csv", "Time"),
    "Indometh": exact_pk.sampled("data_indometh.csv", "time"),
}
ROUTE = {"Theoph": (320, "extravascular"), "Indometh": (25, "bolus")}


# --- the rules, by an independent computation that agrees with WinNonlin ---


@pytest.mark.parametrize("rule", ["linear", "linear-up/log-down"])
@pytest.mark.parametrize("name", DATA)
def test_every_number_equals_the_rules_in_fifty_digits(name, rule):
    dose, route = ROUTE[name]
    for times, conc in DATA[name].values():
        curve = pk.nca(times, conc, dose_mg=dose, route=route, conc_unit="mg/L", auc_rule=rule)
        expected = exact_pk.nca(
            times, conc, dose, bolus=route == "bolus", log_down=rule != "linear"
        )
        found = {
            key: getattr(curve if hasattr(curve, key) else curve.terminal, key) for key in expected
        }
        assert found == pytest.approx(expected, rel=1e-12, abs=1e-12)


def test_subject_six_separates_the_rules():
    """Adjusted R² prefers 7 points within 1e-4 of the best; a plain maximum would take fewer."""
    curve = pk.nca(*DATA["Theoph"]["6"], conc_unit="mg/L", auc_rule="linear")
    assert curve.terminal.n_points == 7
    assert curve.half_life_h == pytest.approx(7.894997868, rel=1e-9)  # as WinNonlin prints it


# --- where a curve begins ---


def test_hours_that_count_from_the_first_dose_are_noticed_and_mended():
    hours = 312 + np.array([1, 2, 4, 8, 12, 24.0])
    conc = [55, 80, 98, 70, 50, 22]
    wrong = pk.nca(hours, conc)
    assert wrong.auc_before_first_sample_percent > 80
    assert f"{wrong.auc_before_first_sample_percent:.0f} %" in str(wrong.diagnostics[0])
    assert "dose_time_h" in str(wrong.diagnostics[0])
    shifted, plain = pk.nca(hours, conc, dose_time_h=312), pk.nca(hours - 312, conc)
    assert shifted.auc_inf_obs == pytest.approx(plain.auc_inf_obs, rel=1e-12)
    assert (shifted.tmax_h, shifted.dose_time_h) == (4, 312)
    with pytest.raises(ValueError, match="dose_time_h"):
        pk.nca(hours, conc, tau_h=24)


def test_the_share_before_the_first_sample_is_told_when_it_matters():
    # By hand: triangle to (1, 105), trapezoids 240 and 146 after it.
    curve = pk.nca([1, 4, 8], [105, 55, 18], auc_rule="linear")
    assert curve.auc_last == 438.5
    assert curve.auc_before_first_sample_percent == pytest.approx(100 * 52.5 / 438.5)
    assert "start_not_sampled" in curve.codes
    bolus = pk.nca([6, 12, 18, 24], [50, 25, 12.5, 6.25], route="bolus")
    assert bolus.c0 == pytest.approx(100)
    assert bolus.auc_before_first_sample_percent == pytest.approx(50)
    assert bolus.auc_back_extrapolated_obs_percent == pytest.approx(50)
    assert "start_not_sampled" in bolus.codes
    for sampled in ([0, 1, 4, 8], [-0.5, 0.01, 4, 8]):
        assert "start_not_sampled" not in pk.nca(sampled, [0, 105, 55, 18]).codes


def test_a_sample_before_the_dose_is_accepted_and_stands_for_dose_time():
    clean = pk.nca([-0.5, 1, 2, 4, 8], [0, 10, 8, 4, 1])
    plain = pk.nca([0, 1, 2, 4, 8], [0, 10, 8, 4, 1])
    assert clean.auc_last == plain.auc_last
    assert clean.codes == plain.codes
    carried = pk.nca([-0.5, 1, 2, 4, 8], [2, 10, 8, 4, 1], auc_rule="linear")
    linear = pk.nca([0, 1, 2, 4, 8], [0, 10, 8, 4, 1], auc_rule="linear")
    assert carried.auc_last == pytest.approx(linear.auc_last + 1)
    assert carried.conc[0] == 2
    assert "20 % of the peak" in str(carried.diagnostics[0])
    assert carried.codes[0] == "predose_above_zero"
    trough = pk.nca([-0.5, 1, 2, 4, 8], [2, 10, 8, 4, 1], tau_h=8)
    assert (trough.conc[0], trough.cmin) == (2, 1)
    assert "predose_above_zero" not in trough.codes


LVM_HOURS = np.array([0, 2, 4, 6.5, 9, 12, 16, 20, 24.0])


@pytest.mark.parametrize("name", ["levomilnacipran", "escitalopram"])
def test_two_doses_in_one_curve_are_noticed(name):
    drug = pk.drug(name)
    hours = np.concatenate([LVM_HOURS, 24 + LVM_HOURS[1:]])
    two = pk.nca(hours, pk.concentration(drug, pk.repeat(40, times=2), hours))
    assert "rises_again" in two.codes
    assert "24 h" in str(two.diagnostics[two.codes.index("rises_again")])
    one = pk.nca(hours, pk.concentration(drug, pk.single_dose(40), hours))
    assert "rises_again" not in one.codes


def test_noise_is_no_second_dose():
    rng = np.random.default_rng(11)
    exact = np.array(pk.concentration(pk.drug("escitalopram"), pk.single_dose(10), LVM_HOURS))
    found = [
        "rises_again" in pk.nca(LVM_HOURS, exact * rng.lognormal(0, 0.08, exact.size)).codes
        for _ in range(300)
    ]
    assert np.mean(found) < 0.02


def test_a_peak_is_only_called_first_where_it_is():
    sampled = pk.nca([0, 1, 2, 4, 8], [0, 80, 62, 41, 18])
    (told,) = [d for d in sampled.diagnostics if d.code == "peak_at_first_sample"]
    assert "first sample after the dose, at 1 h" in str(told)
    backwards = pk.nca([0, 1, 2, 4, 8], [90, 80, 62, 41, 18])
    assert "peak_at_dose_time" in backwards.codes
    assert "peak_at_first_sample" not in backwards.codes


@pytest.mark.parametrize(
    "column",
    [
        np.array([0, 5.5, 3.2, "BQL"], dtype=object),
        [0, 5.5, 3.2, "BQL"],
        np.array(["0", "5.5", "3.2", "BQL"]),
    ],
)
def test_text_in_a_column_is_named_with_how_to_convert_it(column):
    with pytest.raises(TypeError) as caught:
        pk.nca([0, 1, 2, 4], column)
    message = str(caught.value)
    assert "conc" in message
    assert "to_numeric" in message
    assert "below quantification is written as 0" in message
    if isinstance(column, np.ndarray):
        assert str(column.dtype) in message
    if not isinstance(column, np.ndarray) or column.dtype == object:
        assert "'BQL' at position 3" in message


def test_results_survive_pickling_and_name_their_numbers():
    curve = pk.nca([0, 1, 2, 4, 8], [0, 8, 4, 2, 0.5], dose_mg=10)
    for same in (pickle.loads(pickle.dumps(curve)), copy.deepcopy(curve)):
        assert same.auc_inf_obs == curve.auc_inf_obs
        assert same.diagnostics == curve.diagnostics
    assert curve["auc_inf_obs"].unit == "ng/mL·h"
    assert curve["clearance_obs_L_per_h"].unit == "L/h"
    assert curve["half_life_h"].value == curve.half_life_h
    with pytest.raises(KeyError, match="half_life_h"):
        curve["nope"]


# --- bolus, by the textbook's formulas written out ------------------------------------------------


def test_only_after_a_bolus_may_the_peak_belong_to_the_terminal_line():
    fourth = pk.nca(*DATA["Indometh"]["4"], route="bolus", conc_unit="mg/L")
    assert fourth.terminal.n_points == 11
    assert math.isnan(fourth.tlag_h)
    assert pk.nca(*DATA["Indometh"]["4"], conc_unit="mg/L").terminal.n_points == 10


@pytest.mark.parametrize(
    ("times", "conc", "c0"),
    [
        ([0.5, 1, 2, 4], [8, 4, 2, 1], 16.0),  # the line through the first two
        ([0.5, 1, 2, 4], [4, 8, 2, 1], 4.0),  # rising: the first value
        ([0.5, 1, 2, 4], [0, 8, 2, 1], 8.0),  # a zero: the first value above zero
        ([0, 1, 2, 4], [10, 5, 2, 1], 10.0),  # sampled at dose time
        ([0, 1, 2, 4], [0, 8, 2, 1], 8.0),  # taken before the dose
    ],
)
def test_concentration_at_dose_time_after_a_bolus(times, conc, c0):
    assert pk.nca(times, conc, route="bolus").c0 == pytest.approx(c0, rel=1e-12)


# --- against models whose answer is known ---------------------------------------------------------

DENSE = np.concatenate([np.linspace(0, 12, 4001), np.linspace(12, 240, 4001)[1:]])


@pytest.mark.parametrize("rule", ["linear", "linear-up/log-down"])
def test_a_bolus_into_one_compartment_gives_back_its_parameters(rule):
    drug = pk.Drug("x", cl_L_per_h=10, v_L=100)
    conc = pk.concentration(drug, pk.single_dose(50), DENSE)
    curve = pk.nca(DENSE, conc, dose_mg=50, route="bolus", auc_rule=rule)
    assert curve.clearance_obs_L_per_h == pytest.approx(10, rel=1e-4)
    assert curve.volume_z_obs_L == pytest.approx(100, rel=1e-4)
    assert curve.volume_ss_obs_L == pytest.approx(100, rel=1e-3)
    assert curve.half_life_h == pytest.approx(10 * math.log(2), rel=1e-6)


def test_log_down_is_exact_for_an_exponential_however_sparse():
    times = np.array([1.0, 9.0, 30.0])
    curve = pk.nca(times, 100 * np.exp(-0.1 * times), dose_mg=50, route="bolus")
    assert curve.c0 == pytest.approx(100, rel=1e-12)
    assert curve.auc_inf_obs == pytest.approx(1000, rel=1e-12)
    assert curve.aumc_inf_obs == pytest.approx(10_000, rel=1e-12)
    assert curve.mrt_inf_obs_h == pytest.approx(10, rel=1e-12)


def test_an_infusion_waits_half_its_duration():
    drug = pk.Drug("x", cl_L_per_h=10, v_L=100, input_h=4)
    conc = pk.concentration(drug, pk.single_dose(50), DENSE)
    curve = pk.nca(DENSE, conc, dose_mg=50, route="infusion", infusion_h=4)
    assert curve.mrt_inf_obs_h == pytest.approx(10, rel=1e-3)
    assert curve.volume_ss_obs_L == pytest.approx(100, rel=1e-3)
    assert curve.terminal.lower_h >= 4


def test_points_during_an_infusion_are_never_terminal():
    times, conc = [1, 2, 3, 4, 5, 6], [10, 9, 8.1, 7.29, 6.561, 5.9049]
    assert pk.nca(times, conc, route="bolus").terminal.lower_h == 1
    assert pk.nca(times, conc, route="infusion", infusion_h=3.5).terminal.lower_h == 4


@pytest.mark.parametrize("ka", [0.4, None])
def test_steady_state_analysis_gives_the_models_steady_state(ka):
    drug = pk.Drug("x", cl_L_per_h=20, v_L=400, ka_per_h=ka, input_h=0.0 if ka else 5.0)
    at = pk.steady_state(drug, 40, 24)
    times = np.unique(np.append(np.linspace(0, 24, 2401), [5.0, at.tmax_h]))
    conc = pk.concentration(drug, pk.repeat(40, 24, 60), times + 59 * 24)
    curve = pk.nca(times, conc, dose_mg=40, tau_h=24)
    assert curve.auc_tau == pytest.approx(at.auc_ng_h_per_mL, rel=1e-5)
    assert curve.cmax == pytest.approx(at.cmax_ng_per_mL, rel=1e-9)
    assert curve.cmin == pytest.approx(at.cmin_ng_per_mL, rel=1e-9)
    assert curve.cavg == pytest.approx(at.cavg_ng_per_mL, rel=1e-5)
    assert curve.fluctuation_percent == pytest.approx(100 * at.fluctuation, rel=1e-4)
    assert curve.clearance_obs_L_per_h == pytest.approx(20, rel=1e-5)
    # Mean residence after extravascular dosing is absorption plus disposition.
    absorption = 1 / ka if ka else 2.5
    if ka is None:
        assert curve.mrt_inf_obs_h == pytest.approx(20 + absorption, rel=1e-3)


def test_an_interval_that_ends_between_or_after_samples():
    rate = 0.1
    times = np.array([0, 2, 4, 8, 12, 16, 20.0])
    conc = 100 * np.exp(-rate * times)
    exact = (1 - math.exp(-rate * 18)) * 1000
    for tau, expected in ((18.0, exact), (24.0, 1000 * (1 - math.exp(-2.4)))):
        curve = pk.nca(times, conc, tau_h=tau, route="bolus")
        assert curve.auc_tau == pytest.approx(expected, rel=1e-12)
        assert curve.ctau == pytest.approx(100 * math.exp(-rate * tau), rel=1e-12)
        assert curve.accumulation_index == pytest.approx(1 / (1 - math.exp(-rate * tau)))


def test_an_interval_that_was_not_sampled_to_its_end_is_told():
    times = np.array([0, 2, 4, 8, 12.0])
    conc = 100 * np.exp(-0.1 * times)
    curve = pk.nca(times, conc, tau_h=24, route="bolus")
    share = 100 * (math.exp(-1.2) - math.exp(-2.4)) / (1 - math.exp(-2.4))
    assert curve.auc_after_last_sample_percent == pytest.approx(share, rel=1e-9)
    assert f"{share:.0f} % of the interval" in str(curve.diagnostics[-1])
    assert "end_not_sampled" not in pk.nca(times, conc, tau_h=12, route="bolus").codes


def test_a_missing_sample_at_dose_time():
    after = pk.nca([1, 2, 4, 8], [10, 8, 4, 1])
    assert (after.time_h[0], after.conc[0], after.tlag_h) == (0, 0, 0)
    steady = pk.nca([1, 2, 4, 8], [10, 8, 4, 1], tau_h=8)
    assert steady.conc[0] == 1  # the lowest of the interval


def test_zeros_and_the_limit_of_quantification():
    times = [0, 1, 2, 3, 4, 6, 8, 10]
    conc = [0, 0, 5, 10, 8, 4, 2, 0.3]
    plain = pk.nca(times, conc, auc_rule="linear")
    assert (plain.tlag_h, plain.tlast_h) == (1, 10)
    cut = pk.nca(times, conc, auc_rule="linear", lloq=0.5)
    assert (cut.tlast_h, cut.clast) == (8, 2)
    assert cut.auc_all - cut.auc_last == pytest.approx(2)  # the triangle down to zero
    assert cut.terminal.upper_h == 8
    assert "zero_between_measured" in pk.nca(times, [0, 2, 0, 10, 8, 4, 2, 1]).codes


def test_doubts_are_said_in_words():
    short = pk.nca([0, 1, 2, 3, 4, 5], [0, 50, 100, 95, 90, 85.5])
    assert "auc_extrapolated_gt_20pct" in short.codes
    assert "terminal_span_lt_2_half_lives" in short.codes
    assert all(len(str(doubt).split()) > 8 for doubt in short.diagnostics)
    none = pk.nca([0, 1, 2, 3], [0, 1, 2, 3])
    assert "no_terminal_phase" in none.codes
    assert math.isnan(none.half_life_h)
    assert math.isnan(none.auc_inf_obs)
    assert none.auc_last == pytest.approx(4.5)
    slow = pk.Drug("x", cl_L_per_h=20, v_L=100, ka_per_h=0.05)  # elimination 0.2 /h
    times = np.array([0, 1, 2, 4, 8, 12, 24, 48, 72.0])
    conc = pk.concentration(slow, pk.single_dose(50), times)
    seen = pk.nca(times, conc, intravenous_half_life_h=math.log(2) / 0.2)
    assert seen.half_life_h == pytest.approx(slow.half_life_h, rel=0.02)
    assert "flip_flop" in seen.codes
    assert "flip_flop" not in pk.nca(times, conc).codes
    clean = pk.Drug("x", cl_L_per_h=20, v_L=100, ka_per_h=2)
    full = pk.nca(times, pk.concentration(clean, pk.single_dose(50), times))
    assert full.codes == ("peak_at_first_sample",)


# --- plans of sampling ---


def test_a_plan_is_tried_as_nca_would_do_it():
    drug, plan = pk.drug("levomilnacipran"), [2, 4, 6.5, 8, 12, 24, 36, 60]
    tried = pk.sampling_error(drug, 40, plan, n=40, lloq_ng_per_mL=4, rng=3)
    exact = pk.concentration(drug, pk.single_dose(40), plan)
    noise = np.random.default_rng(3).normal(0, math.sqrt(math.log1p(0.08**2)), (40, 8))
    for i in range(40):
        curve = pk.nca(plan, exact * np.exp(noise[i]), dose_mg=40, lloq=4)
        assert tried.clearance_L_per_h[i] == pytest.approx(curve.clearance_obs_L_per_h, rel=1e-12)
        assert tried.half_life_h[i] == pytest.approx(curve.half_life_h, rel=1e-12)


def test_plans_are_told_apart():
    """Eight samples to 12 h, all late, and a balanced plan: errors of clearance and half-life."""
    drug = pk.drug("levomilnacipran")
    plans = {
        "to 12 h": ([1, 2, 3, 4, 6, 8, 10, 12], 60, 80),
        "all late": ([12, 16, 20, 24, 36, 48, 54, 60], 15, 6),
        "balanced": ([2, 4, 6.5, 8, 12, 24, 36, 60], 2, 3),
    }
    for name, (plan, least_cl, least_half_life) in plans.items():
        tried = pk.sampling_error(drug, 40, plan, rng=6)
        assert tried.clearance_error_percent > least_cl, name
        assert tried.half_life_error_percent > least_half_life, name
        good = tried.clearance_error_percent <= 5 and tried.half_life_error_percent <= 8
        assert good == (name == "balanced")
    assert pk.sampling_error(drug, 40, plan, cv=0, rng=1).not_estimable_percent == 0
    short = pk.sampling_error(drug, 40, [1, 2, 3], rng=1)
    assert short.not_estimable_percent == 100
    assert short.clearance_error_percent == 100
    day = pk.sampling_error(drug, 40, [6, 12, 24], rng=1)
    assert day.auc_beyond_percent == pytest.approx(31, abs=0.5)


profile = st.lists(st.floats(0.01, 1e3), min_size=5, max_size=12)


@given(profile, st.floats(0.1, 10), st.sampled_from(["linear", "linear-up/log-down"]))
def test_units_of_time_and_concentration_only_rescale(conc, scale, rule):
    times = np.arange(len(conc)) + 0.5
    plain = pk.nca(times, conc, dose_mg=10, auc_rule=rule)
    scaled = pk.nca(times, np.array(conc) * scale, dose_mg=10 * scale, auc_rule=rule)
    stretched = pk.nca(times * scale, conc, dose_mg=10, auc_rule=rule)
    assert scaled.auc_last == pytest.approx(plain.auc_last * scale, rel=1e-9)
    assert stretched.auc_last == pytest.approx(plain.auc_last * scale, rel=1e-9)
    # Rounding may decide between two equally straight lines; the same line must scale exactly.
    if scaled.terminal.n_points == plain.terminal.n_points:
        assert scaled.clearance_obs_L_per_h == pytest.approx(
            plain.clearance_obs_L_per_h, rel=1e-6, nan_ok=True
        )
    if stretched.terminal.n_points == plain.terminal.n_points:
        expected = plain.half_life_h * scale
        assert stretched.half_life_h == pytest.approx(expected, rel=1e-6, nan_ok=True)


def test_a_symmetric_dip_has_no_half_life():
    dip = pk.nca([0.5, 1.5, 2.5, 3.5, 4.5], [9.0, 1.0, 0.1, 0.1, 1.0])
    assert dip.terminal.n_points == 0
    assert "no_terminal_phase" in dip.codes
    flat = pk.nca([0, 1, 2, 3, 4], [0, 9, 5, 5, 5])
    assert flat.terminal.n_points == 0


@given(profile)
def test_the_order_of_samples_does_not_matter_and_log_never_exceeds_linear(conc):
    times = np.arange(len(conc)) + 0.5
    forward = pk.nca(times, conc)
    backward = pk.nca(times[::-1], conc[::-1])
    assert forward.auc_last == backward.auc_last
    assert forward.auc_last <= pk.nca(times, conc, auc_rule="linear").auc_last * (1 + 1e-12)


PLAN = {"drug": pk.drug("levomilnacipran"), "dose_mg": 40, "time_h": [1.0, 2.0, 4.0]}
GOOD = {"time_h": [0, 1, 2, 4], "conc": [0, 4, 2, 1]}
BAD_INPUT = [
    (pk.nca, {"time_h": [0, 1, 2], "conc": [1, 2]}, "conc"),
    (pk.nca, {"time_h": [0, 1, 1], "conc": [1, 2, 3]}, "time_h"),
    (pk.nca, {"time_h": [-2, -1, 2], "conc": [1, 2, 3]}, "time_h"),
    (pk.nca, {**GOOD, "dose_time_h": 100}, "dose_time_h"),
    (pk.nca, {**GOOD, "dose_time_h": float("nan")}, "dose_time_h"),
    (pk.nca, {"time_h": [-1, 1, 2], "conc": [5, 0, 0]}, "conc"),
    (pk.sampling_error, {**PLAN, "time_h": [0, 1, 2]}, "time_h"),
    (pk.sampling_error, {**PLAN, "time_h": [2, 1]}, "time_h"),
    (pk.sampling_error, {**PLAN, "cv": -0.1}, "cv"),
    (pk.sampling_error, {**PLAN, "n": 0}, "n must"),
    (pk.nca, {"time_h": [1], "conc": [1]}, "time_h"),
    (pk.nca, {"time_h": [0, 1, 2], "conc": [1, float("nan"), 3]}, "conc"),
    (pk.nca, {"time_h": [0, 1, 2], "conc": [0, 0, 0]}, "conc"),
    (pk.nca, {"time_h": [0, 1, 2], "conc": [1, 2, 3], "lloq": 5}, "lloq"),
    (pk.nca, {**GOOD, "dose_mg": 0}, "dose_mg"),
    (pk.nca, {**GOOD, "route": "oral"}, "route"),
    (pk.nca, {**GOOD, "route": "infusion"}, "infusion_h"),
    (pk.nca, {**GOOD, "infusion_h": 1}, "infusion_h"),
    (pk.nca, {**GOOD, "auc_rule": "log"}, "auc_rule"),
    (pk.nca, {**GOOD, "tau_h": 0}, "tau_h"),
    (pk.nca, {**GOOD, "tau_h": 0.5}, "tau_h"),
    (pk.nca, {**GOOD, "conc_unit": "nM"}, "conc_unit"),
    (pk.nca, {**GOOD, "intravenous_half_life_h": -1}, "intravenous_half_life_h"),
]
