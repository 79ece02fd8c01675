"""Animal studies: dose-response fits against a reference, designs that fail, the LPS study."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, stats

from snrilab import evidence
from snrilab.trials import (
    LPS_GROUPS,
    LPSModel,
    SwimTest,
    analyse_lps,
    dose_response_design,
    fit_dose_response,
    minimum_effective_dose,
    mmrm,
    power_preclinical,
    schedule_conflicts,
    share_of_peak,
    simulate_lps_study,
    simulate_preclinical,
)
from snrilab.trials._dose_response import emax
from snrilab.trials._groups import planned_contrasts

# --- Dose-response curves --------------------------------------------------------------------


@pytest.mark.parametrize("model", ["emax", "sigmoid_emax"])
@pytest.mark.parametrize("seed", range(3))
def test_fits_agree_with_scipy(model, seed):
    rng = np.random.default_rng(seed)
    dose = np.repeat([0.0, 1.0, 3.0, 8.0, 20.0, 60.0], 6)
    response = emax(dose, 160, -80, 7, 1.4) + rng.normal(0, 8, len(dose))
    free = 4 if model == "sigmoid_emax" else 3
    best, covariance = optimize.curve_fit(
        emax, dose, response, [150, -60, 5, 1][:free],
        bounds=([-500, -500, 1e-3, 0.1][:free], [500, 500, 500, 20][:free]),
        xtol=1e-14, ftol=1e-14, gtol=1e-14,
    )  # fmt: skip
    fit = fit_dose_response(dose, response, model, interval="wald")
    assert [one.value for one in fit.estimates] == pytest.approx(best, rel=1e-5)
    errors = [one.standard_error for one in fit.estimates]
    assert errors == pytest.approx(np.sqrt(np.diag(covariance)), rel=1e-3)
    assert fit.rss == pytest.approx(np.sum((response - emax(dose, *best)) ** 2), rel=1e-9)
    assert fit.df == 36 - free


def test_a_profile_limit_is_where_the_f_test_just_rejects():
    rng = np.random.default_rng(8)
    dose = np.repeat([0.0, 1.0, 3.0, 8.0, 20.0, 60.0], 6)
    response = emax(dose, 160, -80, 7, 1.4) + rng.normal(0, 12, len(dose))
    fit = fit_dose_response(dose, response, "sigmoid_emax")
    for limit in (fit["ed50"].low, fit["ed50"].high):
        held = optimize.least_squares(
            lambda p, at=limit: response - emax(dose, p[0], p[1], at, p[2]),
            [160, -80, 1.4], bounds=([0, -300, 0.1], [300, 0, 20]),
        )  # fmt: skip
        f = (2 * held.cost - fit.rss) / (fit.rss / fit.df)
        assert f == pytest.approx(stats.t.ppf(0.975, fit.df) ** 2, rel=2e-3)


def test_a_known_floor_keeps_the_curve_from_ending_there():
    test = SwimTest.illustrative(emax_s=110.0, sd_s=30.0)  # floor of 60 s, half effect at 12 mg/kg
    dose = np.repeat([0.0, 2.0, 4.0, 8.0, 12.0, 16.0, 24.0, 48.0, 96.0], 2)
    exact = np.asarray(test.mean_s(dose)) + np.tile([0.01, -0.01], 9)
    blind = fit_dose_response(dose, exact, "sigmoid_emax", interval="wald")
    told = fit_dose_response(dose, exact, "sigmoid_emax", interval="wald", floor=60.0)
    assert told["ed50"].value == pytest.approx(12, rel=0.01)
    assert told["emax"].value == pytest.approx(-110, rel=0.01)
    assert blind["ed50"].value < 11.8
    assert told.predict(1000.0) == 60.0


def test_the_interval_of_ed50_covers_it():
    design = dose_response_design(2, 60, n_per_group=12)
    held = []
    for seed in range(40):
        study = simulate_preclinical(design, rng=seed)
        ed50 = fit_dose_response(study.dose_mg_per_kg, study.immobility_s, "sigmoid_emax")["ed50"]
        held.append(ed50.low <= 12 / share_of_peak(0.5) <= ed50.high)
    assert np.mean(held) > 0.95 - 4 * np.sqrt(0.95 * 0.05 / 40)


@given(
    e0=st.floats(-50, 200),
    top=st.floats(10, 200),
    ed50=st.floats(0.5, 30),
    hill=st.floats(0.7, 4),
    unit=st.floats(0.01, 100),
)
@settings(max_examples=30, deadline=None)
def test_exact_data_give_back_the_curve_in_any_unit(e0, top, ed50, hill, unit):
    dose = np.repeat([0, 0.3, 1, 2, 4, 8, 16, 32, 64, 200], 2)
    wiggle = np.tile([1e-4, -1e-4], 10)
    fit = fit_dose_response(dose * unit, emax(dose, e0, -top, ed50, hill) + wiggle, "sigmoid_emax")
    values = [one.value for one in fit.estimates]
    assert values == pytest.approx([e0, -top, ed50 * unit, hill], rel=2e-3, abs=2e-3)
    assert fit.predict(ed50 * unit) == pytest.approx(e0 - top / 2, abs=0.1)


def test_doses_on_the_plateau_do_not_determine_ed50():
    rng = np.random.default_rng(0)
    dose = np.repeat([0, 60, 80, 100], 8)
    response = emax(dose, 160, -100, 1, 4) + rng.normal(0, 5, 32)
    wide = fit_dose_response(dose, response)["ed50"]
    assert not wide.high - wide.low < 5  # so wide as to be useless, or not a number


@given(
    dose=st.floats(0, 1e6),
    half=st.floats(1e-3, 1e3),
    hill=st.floats(0.1, 10),
)
def test_emax_stays_between_its_limits_and_is_half_at_ed50(dose, half, hill):
    assert 10 <= emax(dose, 10.0, 5.0, half, hill) <= 15
    assert emax(half, 10.0, 5.0, half, hill) == pytest.approx(12.5)
    assert emax(0.0, 10.0, 5.0, half, hill) == 10.0


# --- Groups ----------------------------------------------------------------------------------


@given(seed=st.integers(0, 2**32 - 1), k=st.integers(2, 6))
@settings(max_examples=20, deadline=None)
def test_the_test_of_all_means_is_that_of_scipy(seed, k):
    rng = np.random.default_rng(seed)
    groups = [rng.normal(i, 2, rng.integers(2, 9)) for i in range(k)]
    of = np.repeat(np.arange(k), [len(g) for g in groups])
    ours = planned_contrasts(np.concatenate(groups), of, {}).test
    theirs = stats.f_oneway(*groups)
    assert ours.f == pytest.approx(theirs.statistic, rel=1e-8)
    assert ours.p_value == pytest.approx(theirs.pvalue, rel=1e-6)


@pytest.mark.parametrize("gap", [np.nan, None])
def test_an_animal_without_a_group_is_refused(gap):
    values = [5, 6, 7, 8, 9, 10, 30, 31.0]
    with pytest.raises(ValueError, match=r"missing label .*'group' at row 6"):
        planned_contrasts(values, [1, 1, 1, 2, 2, 2, gap, gap], {})
    found = planned_contrasts(values[:6], [1, 1, 1, 2, 2, 2], {})
    assert found.test.f == pytest.approx(13.5)


def test_a_contrast_of_two_groups_is_the_t_test():
    rng = np.random.default_rng(3)
    a, b = rng.normal(0, 1, 9), rng.normal(1, 1, 11)
    found = planned_contrasts(
        np.r_[a, b], ["a"] * 9 + ["b"] * 11, {"b - a": {"b": 1, "a": -1}}
    ).contrasts[0]
    theirs = stats.ttest_ind(b, a)
    assert (found.t, found.p_value) == pytest.approx((theirs.statistic, theirs.pvalue))


def test_adjusted_contrasts_are_analysis_of_covariance():
    rng = np.random.default_rng(4)
    group = np.repeat(["a", "b", "c"], 8)
    x = rng.normal(10, 2, 24)
    y = 3 * x + (group == "c") * 4 + rng.normal(0, 1, 24)
    ours = planned_contrasts(y, group, {"c - a": {"c": 1, "a": -1}}, covariate=x)
    data = {"id": np.arange(24), "visit": np.ones(24), "group": group, "x": x, "y": y}
    fit = mmrm(data, response="y", subject="id", visit="visit", fixed=["group", "x"])
    theirs = fit.differences("group")[1]
    assert ours.contrasts[0].value == pytest.approx(theirs.value)
    assert ours.contrasts[0].standard_error == pytest.approx(theirs.standard_error)
    assert ours.contrasts[0].df == pytest.approx(theirs.df)
    means = [one.value for one in fit.ls_means("group")]
    assert ours.means == pytest.approx(means)


# --- The swim test ---------------------------------------------------------------------------


def test_the_least_effective_dose_of_auclair_is_found_at_usual_group_sizes():
    row = evidence.find(
        quantity="minimum_effective_dose", drug="levomilnacipran", source="auclair2013"
    )
    least = max(one.value for one in row)
    assert least == 20
    at_least = dose_response_design(least / 4, least, n_doses=3, n_per_group=10)
    quarter = dose_response_design(least / 8, least / 4, n_doses=2, n_per_group=10)
    assert power_preclinical(at_least, analysis="highest", rng=1)[0] == pytest.approx(0.8, abs=0.06)
    assert power_preclinical(quarter, analysis="highest", rng=1)[0] < 0.3
    assert minimum_effective_dose(10) == pytest.approx(least, rel=0.15)


@pytest.mark.parametrize("n", [8, 10, 25])
def test_the_minimum_effective_dose_has_the_power_asked_for(n):
    dose = minimum_effective_dose(n)
    test = SwimTest.illustrative()
    gap = test.mean_s(0.0) - test.mean_s(dose, share_of_peak(0.5))
    critical = stats.t.ppf(0.975, 2 * n - 2)
    shift = gap / (test.sd_s * np.sqrt(2 / n))
    assert stats.nct.sf(critical, 2 * n - 2, shift) == pytest.approx(0.8, abs=1e-6)


def test_the_minimum_effective_dose_is_a_property_of_the_study():
    assert minimum_effective_dose(40) < minimum_effective_dose(10)
    # Tail suspension and swim test of one lab differ eightfold in mice: 2.5 against 20 mg/kg.
    rows = evidence.find(quantity="minimum_effective_dose", species="mouse", source="auclair2013")
    levomilnacipran = [row.value for row in rows if row.drug == "levomilnacipran"]
    assert max(levomilnacipran) / min(levomilnacipran) == 8
    sensitive = SwimTest.illustrative(ed50_mg_per_kg=12 / 8)
    assert minimum_effective_dose(10) == pytest.approx(
        8 * minimum_effective_dose(10, test=sensitive)
    )
    assert minimum_effective_dose(10, test=SwimTest.illustrative(emax_s=20.0)) == np.inf
    assert minimum_effective_dose(2) == np.inf


def test_floor_hides_the_gradient_but_not_the_effect():
    low_ceiling = SwimTest.illustrative(emax_s=110.0, sd_s=30.0)
    high = dose_response_design(30, 120, test=low_ceiling)
    look = {"test": low_ceiling, "rng": 2}
    assert power_preclinical(high, analysis="highest", **look)[0] > 0.95
    assert power_preclinical(high, analysis="gradient", **look)[0] < 0.3
    wide = dose_response_design(2, 40, n_doses=4, test=low_ceiling)
    assert power_preclinical(wide, analysis="gradient", **look)[0] > 0.95
    assert any(text.startswith("Ceiling") for text in high.warnings)
    assert not any(text.startswith(("Ceiling", "Range", "Timing")) for text in wide.warnings)
    assert any(text.startswith("Floor") for text in wide.warnings)


def test_few_animals_hide_the_gradient():
    shares = [
        power_preclinical(dose_response_design(2.5, 20, n_per_group=n), analysis="gradient", rng=4)[
            0
        ]
        for n in (4, 10, 20)
    ]
    assert shares[0] < 0.45 < 0.7 < shares[1] < 0.9 < shares[2]
    # At the ceiling animals are no cure.
    ceiling = dose_response_design(30, 60, n_per_group=100)
    assert power_preclinical(ceiling, analysis="gradient", rng=4)[0] < 0.35


def test_testing_late_hides_the_effect():
    late = dose_response_design(2.5, 20, delay_h=24)
    assert {text.split(":")[0] for text in late.warnings} >= {"Timing", "Range"}
    share, error = power_preclinical(late, analysis="trend", rng=3)
    assert abs(share - 0.05) < 4 * np.sqrt(0.05 * 0.95 / 2000)
    assert error == pytest.approx(np.sqrt(share * (1 - share) / 2000))


def test_daily_doses_of_a_short_lived_drug_leave_nothing_behind():
    # Twelve half-lives between doses: the trough is 2^-12 of the level without delay, and
    # accumulation is nil, whatever the number of days.
    assert share_of_peak(24.0) < 1e-3
    accumulation = 1 / (1 - 0.5 ** (24 / 2))
    assert accumulation == pytest.approx(1, abs=3e-4)


@given(half=st.floats(0.05, 20), into=st.floats(0.05, 20), delay=st.floats(0, 48))
def test_share_of_peak_is_a_share_also_where_the_half_lives_meet(half, into, delay):
    one = share_of_peak(delay, half_life_h=half, absorption_half_life_h=into)
    assert 0 <= one <= 1
    same = share_of_peak(delay, half_life_h=half, absorption_half_life_h=half)
    near = share_of_peak(delay, half_life_h=half, absorption_half_life_h=half * (1 + 1e-9))
    assert same == pytest.approx(near, abs=1e-6)


@pytest.mark.parametrize("analysis", ["trend", "anova", "highest", "gradient"])
def test_animal_power_without_an_effect_is_alpha(analysis):
    inert = SwimTest.illustrative(emax_s=0.0)
    share, _ = power_preclinical(test=inert, analysis=analysis, studies=4000, rng=6)
    assert abs(share - 0.05) < 4 * np.sqrt(0.05 * 0.95 / 4000)


def test_animal_power_agrees_with_the_noncentral_t():
    mild = SwimTest.illustrative(ed50_mg_per_kg=40.0)
    design = dose_response_design(2.5, 20)
    share, error = power_preclinical(design, test=mild, analysis="highest", rng=7)
    gap = design_gap(design, mild) / (mild.sd_s * np.sqrt(2 / 10))
    critical = stats.t.ppf(0.975, 45)
    expected = stats.nct.sf(critical, 45, gap) + stats.nct.cdf(-critical, 45, gap)
    assert abs(share - expected) < 4 * error


def design_gap(design, test):
    left = share_of_peak(design.delay_h)
    return test.mean_s(0.0) - test.mean_s(design.doses_mg_per_kg[-1], left)


@given(seed=st.integers(0, 2**32 - 1), n=st.integers(2, 15))
@settings(max_examples=20, deadline=None)
def test_immobility_is_possible(seed, n):
    study = simulate_preclinical(dose_response_design(1, 60, n_per_group=n), rng=seed)
    assert np.all((study.immobility_s >= 0) & (study.immobility_s <= 240))
    assert len(study.immobility_s) == study.design.animals == 5 * n


# --- The LPS study ---------------------------------------------------------------------------


def estimates(model, outcome, seeds=60, **more):
    rows = []
    for seed in range(seeds):
        study = simulate_lps_study(12, model=model, rng=seed, **more)
        rows.append([c.value for c in analyse_lps(study, outcome).contrasts])
    return np.mean(rows, axis=0)


def test_lps_brings_anhedonia_and_immobility_and_the_drugs_take_part_of_it_away():
    model = LPSModel.illustrative()
    lps, drug, control = estimates(model, "immobility_s")
    assert lps > 0 > control
    assert drug < control  # the larger protection
    lps, drug, _ = estimates(model, "sucrose_preference_percent")
    assert lps < 0 < drug


def test_a_stimulant_without_antidepressant_action_looks_active_until_locomotion_is_seen():
    stimulant = LPSModel.illustrative(drug_protection=0.0, drug_locomotion=0.5)
    raw, adjusted, distance = [], [], []
    for seed in range(60):
        study = simulate_lps_study(12, model=stimulant, rng=seed)
        raw.append(analyse_lps(study).contrasts[1].value)
        adjusted.append(analyse_lps(study, adjust=True).contrasts[1].value)
        distance.append(analyse_lps(study, "distance_m").contrasts[1].value)
    assert np.mean(raw) < -20
    assert np.mean(distance) > 5
    assert abs(np.mean(adjusted)) < 10
    assert abs(estimates(stimulant, "sucrose_preference_percent")[1]) < 2


def test_sickness_fades_before_anhedonia():
    model = LPSModel.illustrative()
    hours = np.array([6.0, 24.0, 96.0])
    assert model.sickness(hours)[0] == 1
    assert model.sickness(24.0) < 0.3 < model.mood(24.0)
    assert model.mood(96.0) > 10 * model.sickness(96.0)


def test_early_testing_mixes_sickness_into_immobility():
    calm = LPSModel.illustrative(drug_protection=0.0, control_protection=0.0)
    early = {"OFT": 6.0, "FST": 6.5, "SPT": 7.0}
    late = {"OFT": 48.0, "FST": 49.0, "SPT": 50.0}
    sick = estimates(calm, "distance_m", seeds=20, schedule_h=early)[0]
    well = estimates(calm, "distance_m", seeds=20, schedule_h=late)[0]
    assert sick < -15 < -3 < well
    first = simulate_lps_study(schedule_h=early, rng=0)
    second = simulate_lps_study(schedule_h=late, rng=0)
    assert any("sickness behaviour" in text for text in first.warnings)
    assert second.warnings == ()


def test_swimming_before_the_open_field_slows_every_group():
    model = LPSModel.illustrative()
    order = {"FST": 48.0, "OFT": 49.0, "SPT": 50.0}
    study = simulate_lps_study(200, model=model, schedule_h=order, rng=1)
    healthy = study.distance_m[study.group == "vehicle + saline"]
    assert healthy.mean() == pytest.approx(0.8 * 30, abs=1.5)
    assert any("swim tires" in text for text in study.warnings)


def test_rats_need_a_pre_swim_outside_sickness():
    sound = {"OFT": 48.0, "FST": 49.0, "SPT": 50.0}
    assert any("pre-swim the day before" in t for t in schedule_conflicts(sound, species="rat"))
    assert any(
        "falls into sickness" in t
        for t in schedule_conflicts(
            {"OFT": 30.0, "FST": 31.0, "SPT": 32.0}, species="rat", pre_swim_h=7.0
        )
    )
    rested = schedule_conflicts(sound, species="rat", pre_swim_h=25.0)
    assert rested == ()


def immobility(n=400, **more):
    study = simulate_lps_study(n, rng=3, **more)
    return {group: study.immobility_s[study.group == group].mean() for group in LPS_GROUPS}, study


def test_the_default_schedule_of_the_study_has_no_conflict():
    assert simulate_lps_study(rng=1).warnings == ()
    assert simulate_lps_study(rng=1, species="rat", pre_swim_h=-1.0).warnings == ()


def test_rats_without_a_pre_swim_show_little_to_prevent():
    taught, _ = immobility(species="rat", pre_swim_h=-1.0)
    untaught, study = immobility(species="rat")
    mouse, _ = immobility()
    assert taught == pytest.approx(mouse, rel=1e-9)
    sick, drug = "vehicle + LPS", "levomilnacipran + LPS"
    assert untaught[sick] == pytest.approx(0.4 * taught[sick], abs=3)
    assert untaught[sick] - untaught[drug] < 0.6 * (taught[sick] - taught[drug])
    assert any("pre-swim the day before" in text for text in study.warnings)
    # Taught while sick: the healthy group has learnt more, and LPS seems to do less.
    spoilt, study = immobility(
        species="rat", pre_swim_h=6.0, schedule_h={"OFT": 29.5, "FST": 30.0, "SPT": 30.5}
    )
    assert spoilt["vehicle + saline"] > spoilt[sick]
    assert any("falls into sickness behaviour" in text for text in study.warnings)


STUDY = simulate_lps_study(4, rng=0)
PLAN = {"SPT": 24, "FST": 24, "OFT": 24}
TWO = {"values": [1.0, 2.0, 4.0], "group": ["a", "a", "b"]}
BAD_INPUT = [
    (
        planned_contrasts,
        {"values": [1.0, 2.0, 3.0], "group": [None, 1, "a"], "contrasts": {}},
        "group",
    ),
    (fit_dose_response, {"dose": [0, 1, 2, 3], "response": [1, 2, 3, 3], "floor": np.nan}, "floor"),
    (fit_dose_response, {"dose": [0, 1], "response": [1, 2], "interval": "likely"}, "interval"),
    (fit_dose_response, {"dose": [0, 1], "response": [1, 2]}, "dose"),
    (fit_dose_response, {"dose": [0, 1, 2, 3], "response": [1, 1, 1, 1]}, "response"),
    (fit_dose_response, {"dose": [0, 1], "response": [1, 2], "model": "hill"}, "model"),
    (fit_dose_response, {"dose": [0, 1, 2, 3], "response": [1, 2, 3]}, "response"),
    (planned_contrasts, {"values": [1, 2], "group": ["a", "a"], "contrasts": {}}, "group"),
    (planned_contrasts, {"values": [1, 2], "group": ["a", "b"], "contrasts": {}}, "values"),
    (
        planned_contrasts,
        {"values": [1, 1, 2, 2], "group": ["a", "a", "b", "b"], "contrasts": {}},
        "values",
    ),
    (planned_contrasts, {**TWO, "contrasts": {"x": {"c": 1, "a": -1}}}, "contrasts"),
    (planned_contrasts, {**TWO, "contrasts": {"x": {"b": 1}}}, "contrasts"),
    (planned_contrasts, {**TWO, "contrasts": []}, "contrasts"),
    (planned_contrasts, {**TWO, "contrasts": {}, "covariate": [1, 2]}, "covariate"),
    (planned_contrasts, {**TWO, "contrasts": {}, "level": 0}, "level"),
    (share_of_peak, {"delay_h": -1}, "delay_h"),
    (share_of_peak, {"delay_h": 1, "half_life_h": 0}, "half_life_h"),
    (dose_response_design, {"lowest_mg_per_kg": 0, "highest_mg_per_kg": 5}, "lowest_mg_per_kg"),
    (dose_response_design, {"lowest_mg_per_kg": 9, "highest_mg_per_kg": 5}, "highest_mg_per_kg"),
    (
        dose_response_design,
        {"lowest_mg_per_kg": 1, "highest_mg_per_kg": 5, "n_doses": 1},
        "n_doses",
    ),
    (
        dose_response_design,
        {"lowest_mg_per_kg": 1, "highest_mg_per_kg": 5, "n_per_group": 1},
        "n_per_group",
    ),
    (minimum_effective_dose, {"n_per_group": 1}, "n_per_group"),
    (minimum_effective_dose, {"power": 0.01}, "power"),
    (minimum_effective_dose, {"delay_h": -1}, "delay_h"),
    (simulate_preclinical, {"design": [1, 2]}, "design"),
    (simulate_preclinical, {"rng": True}, "rng"),
    (power_preclinical, {"analysis": "dunnett"}, "analysis"),
    (power_preclinical, {"studies": 0}, "studies"),
    (SwimTest.illustrative, {"sd_s": 0.0}, "sd_s"),
    (SwimTest.illustrative, {"floor_s": 200.0}, "floor_s"),
    (SwimTest.illustrative, {"floor": 20.0}, "floor"),
    (simulate_lps_study, {"n_per_group": 1}, "n_per_group"),
    (simulate_lps_study, {"rng": -1}, "rng"),
    (simulate_lps_study, {"species": "cat"}, "species"),
    (simulate_lps_study, {"pre_swim_h": np.nan}, "pre_swim_h"),
    (simulate_lps_study, {"schedule_h": {"SPT": 24}}, "schedule_h"),
    (schedule_conflicts, {"schedule_h": {**PLAN, "SPT": -1}}, "schedule_h"),
    (schedule_conflicts, {"schedule_h": PLAN, "species": "dog"}, "species"),
    (analyse_lps, {"study": None}, "study"),
    (analyse_lps, {"study": STUDY, "outcome": "despair"}, "outcome"),
    (analyse_lps, {"study": STUDY, "outcome": "distance_m", "adjust": True}, "outcome"),
    (LPSModel.illustrative, {"drug_protection": 2.0}, "drug_protection"),
    (LPSModel.illustrative, {"mood_onset_h": 0.0}, "mood_onset_h"),
]
