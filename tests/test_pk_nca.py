"""Noncompartmental analysis against WinNonlin, NonCompart, PKNCA and closed forms."""

from __future__ import annotations

import csv
import itertools
import math
from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from snrilab import pk

RULES = {"linear": "linear", "lin-up/log-down": "linear-up/log-down", "log": "linear-up/log-down"}


def read(path):
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def curves(path, time, conc):
    found = defaultdict(list)
    for row in read(path):
        found[row["Subject"]].append((float(row[time]), float(row[conc])))
    return {subject: tuple(zip(*points, strict=True)) for subject, points in found.items()}


@pytest.fixture(scope="module")
def data(shared):
    folder = shared / "validation"
    return {
        "Theoph": curves(folder / "data_theoph.csv", "Time", "conc"),
        "Indometh": curves(folder / "data_indometh.csv", "time", "conc"),
    }


SETTINGS = {
    "Theoph": {"dose_mg": 320, "route": "extravascular"},
    "Indometh": {"dose_mg": 25, "route": "bolus"},
}


# --- outside references ---------------------------------------------------------------------------


def test_every_parameter_equals_winnonlin_under_both_rules(shared, data):
    rows = read(shared / "validation" / "reference_nca_winnonlin_noncompart.csv")
    checked = set()
    for row in rows:
        if not row["winnonlin"]:
            continue
        curve = pk.nca(
            *data[row["dataset"]][row["subject"]],
            conc_unit="mg/L",
            auc_rule=RULES[row["auc_rule"]],
            **SETTINGS[row["dataset"]],
        )
        found = curve.winnonlin()[row["winnonlin_name"]]
        # WinNonlin prints ten digits, NonCompart all of them.
        assert found == pytest.approx(float(row["winnonlin"]), rel=1e-8, abs=1e-12), row
        assert found == pytest.approx(float(row["noncompart"]), rel=1e-12, abs=1e-12), row
        checked.add((row["subject"], row["auc_rule"], row["winnonlin_name"]))
    assert len(checked) >= 12 * 2 * 34


PKNCA = {
    "auclast": "auc_last",
    "aumclast": "aumc_last",
    "cmax": "cmax",
    "tmax": "tmax_h",
    "tlast": "tlast_h",
    "clast.obs": "clast",
    "clast.pred": "clast_pred",
    "aucinf.obs": "auc_inf_obs",
    "aucinf.pred": "auc_inf_pred",
    "aumcinf.obs": "aumc_inf_obs",
    "mrt.obs": "mrt_inf_obs_h",
    "lambda.z": "lambda_z_per_h",
    "half.life": "half_life_h",
    "cl.obs": "clearance_obs_L_per_h",
    "vz.obs": "volume_z_obs_L",
}
PKNCA_LINE = {
    "r.squared": "r2",
    "adj.r.squared": "r2_adjusted",
    "lambda.z.time.first": "lower_h",
    "lambda.z.n.points": "n_points",
    "span.ratio": "span_ratio",
}


def test_every_parameter_equals_pknca(shared, data):
    rows = read(shared / "validation" / "reference_nca_theoph_pknca.csv")
    names = set()
    for row in rows:
        curve = pk.nca(
            *data["Theoph"][row["subject"]],
            dose_mg=320,
            conc_unit="mg/L",
            auc_rule="linear" if row["auc_rule"] == "linear" else "linear-up/log-down",
        )
        name, expected = row["pknca_name"], float(row["pknca_0.10.0"])
        if name in PKNCA:
            found = getattr(curve, PKNCA[name])
        else:
            found = getattr(curve.terminal, PKNCA_LINE[name])
        names.add(name)
        assert found == pytest.approx(expected, rel=1e-9, abs=1e-12), row
    assert names == {*PKNCA, *PKNCA_LINE}


def test_subject_six_separates_the_rules(data):
    """Adjusted R² prefers 7 points within 1e-4 of the best; a plain maximum would take fewer."""
    curve = pk.nca(*data["Theoph"]["6"], conc_unit="mg/L", auc_rule="linear")
    assert curve.terminal.n_points == 7
    assert curve.half_life_h == pytest.approx(7.894997868, rel=1e-9)


# --- bolus, by the textbook's formulas written out ------------------------------------------------


def test_a_bolus_is_extrapolated_back_and_may_use_its_peak(data):
    for times, conc in data["Indometh"].values():
        curve = pk.nca(times, conc, dose_mg=25, route="bolus", conc_unit="mg/L", auc_rule="linear")
        c0 = conc[0] * (conc[0] / conc[1]) ** (times[0] / (times[1] - times[0]))
        assert curve.c0 == pytest.approx(c0, rel=1e-12)
        points = [(0.0, c0), *zip(times, conc, strict=True)]
        area = first_moment = 0.0
        for (t1, c1), (t2, c2) in itertools.pairwise(points):
            area += (t2 - t1) * (c1 + c2) / 2
            first_moment += (t2 - t1) * (t1 * c1 + t2 * c2) / 2
        slope, intercept = np.polyfit(
            times[-curve.terminal.n_points :], np.log(conc[-curve.terminal.n_points :]), 1
        )
        assert curve.lambda_z_per_h == pytest.approx(-slope, rel=1e-9)
        infinite = area + conc[-1] / -slope
        assert curve.auc_inf_obs == pytest.approx(infinite, rel=1e-9)
        assert curve.auc_inf_pred == pytest.approx(
            area + math.exp(intercept + slope * times[-1]) / -slope, rel=1e-9
        )
        back = times[0] * (c0 + conc[0]) / 2
        assert curve.auc_back_extrapolated_obs_percent == pytest.approx(
            100 * back / infinite, rel=1e-9
        )
        mrt = (first_moment + conc[-1] * times[-1] / -slope + conc[-1] / slope**2) / infinite
        assert curve.mrt_inf_obs_h == pytest.approx(mrt, rel=1e-9)
        assert curve.clearance_obs_L_per_h == pytest.approx(25 / infinite, rel=1e-9)
        assert curve.volume_ss_obs_L == pytest.approx(25 / infinite * mrt, rel=1e-9)
        names = curve.winnonlin()
        assert names["Cl_obs"] == curve.clearance_obs_L_per_h
        assert math.isnan(names["Tlag"])
    # Only here does the peak belong to the straightest line.
    fourth = pk.nca(*data["Indometh"]["4"], route="bolus", conc_unit="mg/L")
    assert fourth.terminal.n_points == 11
    assert pk.nca(*data["Indometh"]["4"], conc_unit="mg/L").terminal.n_points == 10


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


def test_one_sample_per_animal_gives_the_area_through_the_means():
    times = np.repeat([0.5, 2.0, 6.0], 4)
    conc = np.array([90, 120, 105, 95, 60, 45, 51, 48, 8, 12, 10, 9.0])
    means = conc.reshape(3, 4).mean(axis=1)
    plain = pk.nca([0.5, 2, 6], means, auc_rule="linear")
    order = np.random.default_rng(1).permutation(12)
    found = pk.sparse_auc(times[order], conc[order])
    start = 0.5 * means[0] / 2  # the triangle from dose time, which sparse_auc does not assume
    assert found.value == pytest.approx(plain.auc_last - start)
    weights = np.array([0.75, 2.75, 2.0])
    variance = (weights**2 * conc.reshape(3, 4).var(axis=1, ddof=1) / 4).sum()
    assert found.standard_error == pytest.approx(math.sqrt(variance))
    assert found.low < found.value < found.high
    same = pk.sparse_auc([1, 1, 2, 2], [5, 5, 5, 5])
    assert (same.value, same.standard_error) == (5, 0)


def test_the_interval_of_one_sample_per_animal_covers_as_stated():
    rng = np.random.default_rng(5)
    times, mean = np.repeat([0.5, 1, 2, 4, 8], 5), np.repeat([80, 100, 70, 35, 8.0], 5)
    truth = np.trapezoid(mean[::5], times[::5])
    hits = 0
    for _ in range(1500):
        found = pk.sparse_auc(times, np.abs(mean + 0.25 * mean * rng.standard_normal(25)))
        hits += found.low <= truth <= found.high
    assert hits / 1500 == pytest.approx(0.95, abs=0.02)


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


GOOD = {"time_h": [0, 1, 2, 4], "conc": [0, 4, 2, 1]}
BAD_INPUT = [
    (pk.nca, {"time_h": [0, 1, 2], "conc": [1, 2]}, "conc"),
    (pk.nca, {"time_h": [0, 1, 1], "conc": [1, 2, 3]}, "time_h"),
    (pk.nca, {"time_h": [-1, 1, 2], "conc": [1, 2, 3]}, "time_h"),
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
    (pk.sparse_auc, {"time_h": [1, 1, 2], "conc_ng_per_mL": [1, 2, 3]}, "time_h"),
    (pk.sparse_auc, {"time_h": [1, 1, 2, 2], "conc_ng_per_mL": [1, 2, 3, -1]}, "conc_ng_per_mL"),
    (pk.sparse_auc, {"time_h": [1, 1, 2, 2], "conc_ng_per_mL": [1, 2, 3, 4], "level": 95}, "level"),
    (pk.nca, {**GOOD, "intravenous_half_life_h": -1}, "intravenous_half_life_h"),
]
