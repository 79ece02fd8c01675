"""Populations, interactions, kidney, genotype, species, units, and occupancy that lags."""

from __future__ import annotations

import copy
import itertools
import math
import pickle
import tracemalloc

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from snrilab import pk

LVM = pk.drug("levomilnacipran")
DLX = pk.drug("duloxetine")
ORAL = pk.Drug("x", 20, 400, ka_per_h=0.4, cv_cl=0.25, cv_v=0.25)
positive = st.floats(1e-3, 1e3)
share = st.floats(0, 1)


# --- populations ----------------------------------------------------------------------------------


def test_a_population_has_the_variability_asked_for():
    people = pk.population(200_000, ORAL, cv={"cl": 0.4, "v": 0.2}, correlation=0.6, rng=7)
    assert len(people) == 200_000
    for values, typical, cv in ((people.cl_L_per_h, 20, 0.4), (people.v_L, 400, 0.2)):
        assert np.median(values) == pytest.approx(typical, rel=0.01)
        assert values.std() / values.mean() == pytest.approx(cv, rel=0.02)
    logs = np.corrcoef(np.log(people.cl_L_per_h), np.log(people.v_L))
    assert logs[0, 1] == pytest.approx(0.6, abs=0.01)
    np.testing.assert_array_equal(people.ka_per_h, 0.4)


def test_results_say_what_they_are_in_a_line():
    people = pk.population(1000, ORAL, rng=1)
    assert repr(people) == "Population of 1,000 patients around x"
    band = pk.concentration_bands(people, pk.single_dose(40), [1.0, 2.0])
    assert repr(band) == "Percentiles 5, 50, 95 of 1,000 patients at 2 times"


def test_the_same_seed_gives_the_same_people_and_none_vary_with_zero_cv():
    one, two = (pk.population(50, ORAL, rng=3) for _ in range(2))
    np.testing.assert_array_equal(one.cl_L_per_h, two.cl_L_per_h)
    generator = np.random.default_rng(3)
    np.testing.assert_array_equal(pk.population(50, ORAL, rng=generator).cl_L_per_h, one.cl_L_per_h)
    same = pk.population(5, ORAL, cv={}, rng=1)
    np.testing.assert_allclose(same.cl_L_per_h, 20)


@pytest.mark.parametrize(
    "drug",
    [
        ORAL,
        LVM,
        pk.drug("escitalopram", "two_compartments").with_(cv_cl=0.3, cv_v=0.3),
        ORAL.with_(input_h=8.0, lag_h=1.0),
    ],
    ids=["oral", "extended release", "two compartments", "zero-order into depot"],
)
def test_a_population_is_its_patients_one_by_one(drug):
    people = pk.population(5, drug, cv={"cl": 0.3, "v": 0.3, "ka": 0.3}, rng=2)
    regimen = pk.titration(days=(2, 1, 1, 1)).late(2, 3.3)
    change = [pk.ClearanceChange(0.64, 30, 60)]
    times = np.random.default_rng(1).permutation(np.arange(0, 150, 0.5))
    together = pk.concentration(people, regimen, times, changes=change)
    for i in range(5):
        own = drug.with_(
            cl_L_per_h=people.cl_L_per_h[i],
            v_L=people.v_L[i],
            ka_per_h=None if people.ka_per_h is None else people.ka_per_h[i],
            vp_L=None if people.vp_L is None else people.vp_L[i],
        )
        alone = pk.concentration(own, regimen, times, changes=change)
        np.testing.assert_allclose(together[i], alone, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("memory_MB", [0.6, 5.0, 500.0])
@pytest.mark.parametrize("drug", [ORAL, LVM, ORAL.with_(q_L_per_h=15.0, vp_L=300.0)])
def test_bands_are_the_percentiles_of_all_profiles(drug, memory_MB):
    people = pk.population(999, drug, cv={"cl": 0.25, "v": 0.25}, rng=4)
    regimen = pk.titration().missed(3).late(4, 7.7)
    times = np.random.default_rng(2).permutation(np.arange(-3.0, 200.0, 1.3))
    change = [pk.ClearanceChange(0.64, 50, 90)]
    wanted = (0, 5, 50, 95, 100)
    band = pk.concentration_bands(
        people, regimen, times, percentiles=wanted, changes=change, memory_MB=memory_MB
    )
    profiles = pk.concentration(people, regimen, times, changes=change)
    expected = np.percentile(profiles, wanted, axis=0)
    np.testing.assert_allclose(band.ng_per_mL, expected, rtol=2e-6, atol=1e-6)
    assert (band.n, band.percentiles) == (999, wanted)


@pytest.mark.parametrize(
    ("n", "every_h", "memory_MB"),
    [(100_000, 1.0, 24.0), (100_000, 2.0, 60.0), (1_000_000, 4.0, 240.0)],
)
def test_bands_keep_the_stated_memory(n, every_h, memory_MB):
    people = pk.population(n, ORAL, rng=5)
    regimen, times = pk.repeat(40, times=5), np.arange(0.0, 120.0, every_h)
    tracemalloc.start()
    try:
        pk.concentration_bands(people, regimen, times, memory_MB=memory_MB)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak <= memory_MB * 1e6
    assert peak < n * times.size * 8, "all profiles at once would have taken no more"


def test_the_typical_patient_is_the_median_of_a_monotonous_response():
    people = pk.population(4001, ORAL, cv={"cl": 0.3}, rng=6)
    regimen = pk.repeat(40, times=10)
    band = pk.concentration_bands(people, regimen, [239.0], percentiles=[50])
    median_patient = ORAL.with_(cl_L_per_h=float(np.median(people.cl_L_per_h)))
    expected = pk.concentration(median_patient, regimen, 239.0)
    assert band.ng_per_mL[0, 0] == pytest.approx(expected, rel=1e-6)


# --- interactions, kidney, genotype ---------------------------------------------------------------


@given(share, st.floats(0, 10))
@example(1.0, 5e-324)
def test_exposure_moves_against_the_enzyme(fm, fold):
    ratio = pk.exposure_ratio(fm, fold)
    assert ratio * (1 - fm + fm * fold) == pytest.approx(1) or ratio == math.inf
    assert ratio >= 1 if fold <= 1 else ratio <= 1
    assert pk.exposure_ratio(fm, fold + 1) <= ratio
    assert pk.exposure_ratio(fm, 1) == pytest.approx(1)


@given(st.floats(0.01, 0.99), st.floats(0, 10))
def test_enzyme_activity_is_found_again_from_exposure(fm, fold):
    ratio = pk.exposure_ratio(fm, fold)
    assert pk.fold_change_from_exposure(ratio, fm) == pytest.approx(fold, rel=1e-6, abs=1e-9)
    complete = pk.exposure_ratio(fm, 0)
    assert pk.fraction_metabolised_from_inhibition(complete) == pytest.approx(fm)


def test_infinite_inhibition_has_its_limits():
    assert pk.exposure_ratio(1, 0) == math.inf
    assert pk.exposure_ratio(0, 0) == 1
    np.testing.assert_allclose(pk.exposure_ratio([0, 0.5], [[0], [2]]), [[1, 2], [1, 2 / 3]])


@given(st.floats(0, 2))
def test_the_kidney_clears_its_share(function):
    ratio = pk.kidney_patient(LVM, function).cl_ratio
    assert ratio == pytest.approx(0.42 + 0.58 * function)


def test_every_genotype_has_its_exposure():
    esc = pk.drug("escitalopram")
    plain = pk.steady_state(esc, 10).cavg_ng_per_mL
    found = {
        genotype: pk.steady_state(esc, 10, patient=pk.cyp2c19_patient(genotype)).cavg_ng_per_mL
        / plain
        for genotype in ("Null/Null", "Null/*1", "Null/*17", "*1/*1", "*1/*17", "*17/*17")
    }
    assert found == pytest.approx(
        {
            "Null/Null": 3.3,
            "Null/*1": 1.6,
            "Null/*17": 1.4,
            "*1/*1": 1.0,
            "*1/*17": 0.9,
            "*17/*17": 0.8,
        }
    )


def test_reasons_to_differ_multiply():
    both = pk.Patient(cl_ratio=0.5, label="slow") & pk.Patient(v_ratio=0.8, label="small")
    assert (both.cl_ratio, both.v_ratio, both.ka_ratio) == (0.5, 0.8, 1.0)
    assert both.label == "slow, small"


def test_dose_caps_of_the_label_and_no_rule_for_both():
    def cap(**condition):
        return pk.dose_cap("levomilnacipran", **condition)

    assert [cap(renal_function=g) for g in pk.RENAL_GROUPS] == [120, 120, 80, 40]
    assert cap(strong_cyp3a4_inhibitor=True) == 80
    assert cap(renal_function="mild", strong_cyp3a4_inhibitor=True) == 80  # mild has no cap
    for group in ("moderate", "severe"):
        with pytest.raises(LookupError, match="no rule for both"):
            cap(renal_function=group, strong_cyp3a4_inhibitor=True)
    with pytest.raises(LookupError, match="end-stage"):
        cap(renal_function="end-stage")


def exposure(patient=None, changes=()):
    curve = [
        pk.area_under_curve(LVM, pk.single_dose(40), 0, math.inf, patient=p, changes=c)
        for p, c in ((patient, changes), (None, ()))
    ]
    return curve[0] / curve[1]


def test_kidney_and_enzyme_clear_in_parallel():
    """Kidney at a quarter and CYP3A4 shut: 1/(1 - 0.435 - 0.36) = 4.88, not 1.77 x 1.56."""
    kidney, shut = pk.kidney_patient(LVM, 0.25), [pk.enzyme_change(0.36, 0)]
    assert exposure(kidney) == pytest.approx(1 / 0.565)
    assert exposure(changes=shut) == pytest.approx(1 / 0.64)
    assert exposure(kidney, shut) == pytest.approx(1 / 0.205)
    assert pk.exposure_ratio(0.36, 0, fe=0.58, kidney_function=0.25) == pytest.approx(1 / 0.205)
    # In the study's own groups the enzyme fell with nonrenal clearance (printed range 6.5 to 7.2).
    severe = exposure(pk.renal_group("severe").patient(), shut)
    assert 6.5 < severe < 7.2
    own = pk.renal_group("severe").drug(LVM)
    again = exposure(pk.renal_group("severe").patient()) / (1 - own.fm_cyp3a4)
    assert severe == pytest.approx(again, rel=0.02)
    assert own.fm_cyp3a4 == pytest.approx(0.6, abs=0.01)


@given(share, share, st.floats(0, 1), st.floats(0, 3))
def test_the_two_ways_to_ask_for_exposure_agree(fe, fm, kidney, fold):
    fe, fm = 0.9 * fe, 0.9 * fm * (1 - fe)
    drug = LVM.with_(fe_renal=fe, fm_cyp3a4=fm)
    ratio = pk.exposure_ratio(fm, fold, fe=fe, kidney_function=kidney)
    once = pk.single_dose(40)
    found = pk.area_under_curve(
        drug, once, 0, math.inf,
        patient=pk.kidney_patient(drug, kidney), changes=[pk.enzyme_change(fm, fold)],
    )  # fmt: skip
    assert found == pytest.approx(ratio * 40e3 / drug.cl_L_per_h, rel=1e-9)


def test_enzymes_add_up_and_the_same_enzyme_multiplies():
    half = pk.enzyme_change(0.36, 0.5)
    assert exposure(changes=[half, half]) == pytest.approx(1 / (1 - 0.36 * 0.75))
    other = pk.enzyme_change(0.2, 0, enzyme="CYP2C8")
    assert exposure(changes=[half, other]) == pytest.approx(1 / (1 - 0.18 - 0.2))
    # Somebody whose pathways are all slow keeps the shares: there the ratios multiply.
    assert exposure(pk.Patient(cl_ratio=0.5), [half]) == pytest.approx(1 / (0.5 * 0.82))
    with pytest.raises(ValueError, match="leave some clearance"):
        exposure(pk.kidney_patient(LVM, 0), [pk.enzyme_change(0.42, 0)])
    poor = pk.kidney_patient(LVM, 0.25)
    assert (poor & pk.enzyme_change(0.36, 0).patient).cl_ratio == pytest.approx(0.205)
    own = LVM.in_patient(poor)
    shut = [pk.enzyme_change(own.fm_cyp3a4, 0)]
    area = pk.area_under_curve(own, pk.single_dose(40), 0, math.inf, changes=shut)
    assert area == pytest.approx(40e3 / LVM.cl_L_per_h / 0.205)
    assert LVM.in_patient(poor).fm_cyp3a4 == pytest.approx(0.36 / 0.565)
    assert (poor & pk.Patient(cl_ratio=0.5)).cl_ratio == pytest.approx(0.2825)


def test_an_inhibitor_in_a_poor_kidney_starts_and_stops():
    kidney = pk.kidney_patient(LVM, 0.25)
    shut = [pk.enzyme_change(0.36, 0, start_h=480, stop_h=1200)]
    daily = pk.repeat(40, times=80)
    days = [
        pk.area_under_curve(LVM, daily, 24 * d, 24 * d + 24, patient=kidney, changes=shut)
        for d in (19, 49, 79)
    ]
    usual = 40e3 / LVM.cl_L_per_h
    assert np.array(days) / usual == pytest.approx([1 / 0.565, 1 / 0.205, 1 / 0.565], rel=1e-3)


# --- species and units ----------------------------------------------------------------------------


def test_human_equivalent_dose_of_the_protocol():
    """30 mg/kg of the salt in the rat: 4.9 mg/kg, 292 mg at 60 kg, 2.4 x the highest dose."""
    human = pk.human_equivalent_dose(30, "rat")
    assert human == pytest.approx(4.9, abs=0.05)
    assert human * 60 / 120 == pytest.approx(2.4, abs=0.05)
    base = pk.base_from_salt(30, LVM.salt_mw_g_per_mol, LVM.mw_g_per_mol)
    assert base == pytest.approx(26.1, abs=0.05)
    assert LVM.salt_factor == pytest.approx(1.148, abs=5e-4)


@given(st.floats(0, 1000), st.sampled_from(["mouse", "rat", "monkey", "dog", "human"]))
def test_an_equivalent_dose_is_never_larger_and_is_a_persons_own(dose, species):
    there = pk.human_equivalent_dose(dose, species)
    assert there == pytest.approx(dose * pk.human_equivalent_dose(1.0, species))
    assert there <= dose * (1 + 1e-12)
    if species == "human":
        assert there == pytest.approx(dose)


def test_a_short_half_life_never_accumulates_with_a_dose_a_day():
    rat = pk.rodent_illustration()
    assert "illustrative" in rat.name
    at = pk.steady_state(rat, 1.0, 24)
    assert at.accumulation_auc == pytest.approx(1, abs=1e-3)
    assert at.ctrough_ng_per_mL < 2e-3 * at.cmax_ng_per_mL
    assert pk.fraction_remaining(rat.half_life_h, 24) == pytest.approx(2**-12)
    slow = pk.rodent_illustration(half_life_h=12)
    assert pk.steady_state(slow, 1.0, 24).accumulation_auc > 1.3


@given(positive, st.floats(100, 600), st.floats(0.01, 1))
def test_units_go_there_and_back(conc, mass, fu):
    assert pk.nM_from_ng_per_mL(conc, mass, fu) * mass == pytest.approx(1000 * fu * conc)
    assert 1.2 * pk.base_from_salt(conc, mass * 1.2, mass) == pytest.approx(conc)


# --- occupancy ------------------------------------------------------------------------------------

SERT = pk.transporter_constant("levomilnacipran", "SERT", "uptake_IC50")
VIVO = pk.transporter_constant("duloxetine", "SERT", "invivo_EC50")


@given(st.floats(0, 1e5), st.floats(0, 1e5))
def test_occupancy_is_bounded_and_rises(one, two):
    low, high = sorted((one, two))
    held = pk.transporter_occupancy([0, low, high], LVM, SERT)
    assert held[0] == 0 <= held[1] <= held[2] < 1


@given(st.floats(0, 0.999))
def test_occupancy_inverted_by_hand_gives_the_level_back(held):
    per_nM = LVM.mw_g_per_mol / (1000 * LVM.fu)  # ng/mL in plasma for each nM that is unbound
    for drug, constant, scale in ((LVM, SERT, per_nM), (DLX, VIVO, 1.0)):
        level = scale * constant.value * held / (1 - held)
        assert pk.transporter_occupancy(level, drug, constant) == pytest.approx(held)


def test_usual_abbreviations_name_the_same_drug():
    assert pk.drug("LVM") == LVM
    assert pk.transporter_constant("LVM", "SERT", "uptake_IC50") == SERT
    assert pk.transporter_occupancy(100, pk.drug("dlx"), VIVO) > 0.9


def test_constants_are_never_mixed():
    assert (SERT.unit, VIVO.unit) == ("nM", "ng/mL")
    half = SERT.value * LVM.mw_g_per_mol / LVM.fu / 1000
    assert pk.transporter_occupancy(half, LVM, SERT) == pytest.approx(0.5)
    assert pk.transporter_occupancy(VIVO.value, DLX, VIVO) == pytest.approx(0.5)
    with pytest.raises(LookupError, match="only the range 56 to 112"):
        pk.transporter_constant("levomilnacipran", "SERT", "invivo_EC50")
    with pytest.raises(LookupError, match="invivo_EC50 SERT"):
        pk.transporter_constant("milnacipran", "SERT", "binding_Ki")
    with pytest.raises(LookupError, match="binding_Ki SERT"):
        pk.transporter_constant("escitalopram", "NET", "invivo_EC50")


@pytest.mark.parametrize(
    "drug", [DLX, LVM, pk.drug("escitalopram", "two_compartments")], ids=lambda d: d.name
)
def test_the_effect_site_agrees_with_integration(drug):
    regimen, ke0 = pk.repeat(60, times=2), 0.2
    times = np.array([3.0, 12, 24, 30, 47, 80])
    plasma = lambda t: pk.concentration(drug, regimen, t)  # noqa: E731
    corners = sorted({0.0, drug.lag_h, drug.lag_h + drug.input_h, 24.0, 24 + drug.lag_h,
                      24 + drug.lag_h + drug.input_h, 80.0})  # fmt: skip
    site, out = 0.0, {}
    for begin, end in itertools.pairwise(corners):
        inside = [t for t in times if begin < t <= end]
        solved = solve_ivp(
            lambda t, e: ke0 * (plasma(float(t)) - e), (begin, end), [site],
            t_eval=sorted({*inside, end}), rtol=1e-9, atol=1e-9, method="DOP853",
        )  # fmt: skip
        out |= dict(zip(solved.t, solved.y[0], strict=True))
        site = solved.y[0, -1]
    found = pk.effect_site_concentration(drug, regimen, times[::-1], ke0)[::-1]
    np.testing.assert_allclose(found, [out[t] for t in times], rtol=1e-6)


@given(st.floats(0.01, 3))
@settings(deadline=None, max_examples=15)
def test_the_effect_site_lags_and_loses_nothing(ke0):
    times = np.linspace(0, 300 + 20 / ke0, 1501)
    regimen = pk.single_dose(60)
    plasma = pk.concentration(DLX, regimen, times)
    site = pk.effect_site_concentration(DLX, regimen, times, ke0)
    assert site.max() <= plasma.max()
    assert times[site.argmax()] >= times[plasma.argmax()]
    # The area under the effect site equals that of plasma: delay moves, it does not remove.
    assert np.trapezoid(site, times) == pytest.approx(np.trapezoid(plasma, times), rel=5e-3)


def test_a_fast_site_is_plasma_and_a_fast_site_binds_directly():
    regimen, times = pk.repeat(60, times=3), np.linspace(1, 100, 60)
    plasma = pk.concentration(DLX, regimen, times)
    site = pk.effect_site_concentration(DLX, regimen, times, 1e4)
    np.testing.assert_allclose(site, plasma, rtol=2e-4, atol=1e-2)
    direct = pk.occupancy_over_time(DLX, regimen, times, VIVO)
    slow = pk.slow_binding_occupancy(DLX, regimen, times, VIVO.value, 1e4)
    np.testing.assert_allclose(slow, direct, atol=4e-3)


def test_slow_binding_agrees_with_integration():
    regimen, koff, ec50 = pk.repeat(60, times=2), 0.1, 3.7

    def change(t, held):
        over = pk.concentration(DLX, regimen, float(t)) / ec50
        return koff * (over * (1 - held) - held)

    times = np.array([3.0, 12, 25, 30, 53, 90])
    solved = solve_ivp(change, (0, 90), [0.0], t_eval=times, rtol=1e-8, atol=1e-10, max_step=0.5)
    found = pk.slow_binding_occupancy(DLX, regimen, times, ec50, koff)
    np.testing.assert_allclose(found, solved.y[0], atol=2e-5)
    assert np.all(pk.slow_binding_occupancy(DLX, regimen, [-5.0, 0.0], ec50, koff) == 0)


def test_only_a_delay_makes_a_loop():
    """At one plasma concentration, rising and falling, occupancy differs only with a delay."""
    regimen = pk.single_dose(60)
    times = np.linspace(2, 60, 5801)
    plasma = pk.concentration(DLX, regimen, times)
    peak = plasma.argmax()
    rising = np.interp(10, plasma[: peak + 1], times[: peak + 1])
    falling = np.interp(-10, -plasma[peak:], times[peak:])
    both = [rising, falling]
    direct = pk.occupancy_over_time(DLX, regimen, both, VIVO)
    assert direct[1] - direct[0] == pytest.approx(0, abs=1e-4)
    slow = pk.slow_binding_occupancy(DLX, regimen, both, VIVO.value, 0.1)
    assert slow[1] - slow[0] > 0.3


def test_an_occupancy_fit_agrees_with_brute_force():
    rng = np.random.default_rng(7)
    grid, tops = np.exp(np.linspace(-6, 7, 1301)), np.linspace(0.3, 1, 351)
    for case in range(8):
        true, ceiling = rng.uniform(1, 8), (1.0 if case % 2 else 0.85)
        conc = true * np.array([0.2, 0.4, 0.7, 1.5, 2.5, 5, 9])
        seen = ceiling * conc / (conc + true) + rng.normal(0, 0.03, 7)
        fit = pk.fit_occupancy(conc, seen, ceiling=None if case % 2 == 0 else 1.0)
        share = conc / (conc + grid[:, np.newaxis])
        if case % 2:
            loss = ((share - seen) ** 2).sum(axis=1)[:, np.newaxis]
        else:
            loss = ((tops[:, np.newaxis] * share[:, np.newaxis] - seen) ** 2).sum(axis=-1)
        # Student's t of 2.447 with 6, of 2.571 with 5 degrees of freedom.
        inside = loss <= loss.min() * (1 + (2.447**2 / 6 if case % 2 else 2.571**2 / 5))
        held = grid[inside.any(axis=1)]
        estimate = fit["ec50_ng_per_mL"]
        assert estimate.value == pytest.approx(grid[loss.min(axis=1).argmin()], rel=0.02)
        assert (estimate.low, estimate.high) == pytest.approx((held[0], held[-1]), rel=0.025)
        if case % 2 == 0:
            allowed = tops[inside.any(axis=0)]
            limits = (fit["ceiling"].low, fit["ceiling"].high)
            assert limits == pytest.approx((allowed[0], allowed[-1]), abs=5e-3)
        np.testing.assert_allclose(fit.predict(conc), fit.fitted)


def test_an_ec50_that_scans_cannot_bound_is_said():
    full = pk.fit_occupancy([50, 60, 90, 120], [0.99, 1.0, 0.98, 1.01])
    assert full["ec50_ng_per_mL"].low == 0
    assert "not_identifiable" in {doubt.code for doubt in full.diagnostics}
    for seen, value in ((1.0, 0.0), (0.0, math.inf)):  # all or nothing
        end = pk.fit_occupancy([1, 2, 3], [seen] * 3)
        assert end["ec50_ng_per_mL"].value == value
        np.testing.assert_allclose(end.predict([1, 2]), seen)
        assert "not_identifiable" in {doubt.code for doubt in end.diagnostics}
    again = pickle.loads(pickle.dumps(full))
    assert str(again["ec50_ng_per_mL"]) == str(full["ec50_ng_per_mL"])
    with pytest.raises(KeyError, match="ceiling"):
        full["emax"]


def test_both_readings_of_the_poor_metaboliser_are_there():
    readings = pk.cyp2c19_readings("Null/Null")
    assert (readings["jukic2018"], readings["rudberg2008"]) == (3.3, 5.7)
    assert readings["escitalopram_smpc"] == 2
    drug = pk.drug("escitalopram")
    for source, half_life in (("jukic2018", 99), ("escitalopram_smpc", 60)):
        patient = pk.cyp2c19_patient("Null/Null", source=source)
        assert drug.in_patient(patient).half_life_h == pytest.approx(half_life, abs=0.5)
    assert pk.cyp2c19_readings("*1/*1") == {"jukic2018": 1.0}


def test_half_lives_scatter_as_observed():
    """CV 21 % (13.5, SD 2.8 h, in the normal group of the renal study), not 36 %."""
    people = pk.population(100_000, LVM, rng=5)
    half_life = people.v_L / people.cl_L_per_h
    assert half_life.std() / half_life.mean() == pytest.approx(2.8 / 13.5, abs=0.01)
    apart = pk.population(100_000, LVM, correlation=0, rng=5)
    half_life = apart.v_L / apart.cl_L_per_h
    assert half_life.std() / half_life.mean() == pytest.approx(0.36, abs=0.01)


def test_constants_by_source_and_in_pairs():
    ki = pk.transporter_constant("milnacipran", "NET", "binding_Ki", source="vaishnavi2004")
    assert (ki.value, ki.unit, ki.source) == (22, "nM", ("vaishnavi2004",))
    with pytest.raises(LookupError, match="vaishnavi2004"):
        pk.transporter_constant("milnacipran", "NET", "binding_Ki")
    low, high = (
        [
            pk.transporter_constant("levomilnacipran", target, "invivo_EC50", bound=bound)
            for target in ("SERT", "NET")
        ]
        for bound in ("low", "high")
    )
    assert [one.value for one in (*low, *high)] == [56, 69, 112, 137]
    mean = 40e3 / LVM.cl_L_per_h / 24
    for pair in (low, high):  # both ends agree although the two ranges overlap
        sert, net = (pk.transporter_occupancy(mean, LVM, one) for one in pair)
        assert 0.04 < sert - net < 0.06


def test_every_result_names_its_numbers_and_survives_pickling():
    delay = pk.fit_delay(DLX, pk.single_dose(60), [6, 25, 53], [0.82, 0.72, 0.45], 3.7)
    results = [
        (pk.steady_state(LVM, 40), "cmax_ng_per_mL", "ng/mL"),
        (pk.steady_state(LVM, 40), "peak_to_trough", ""),
        (pk.sampling_error(LVM, 40, [2, 6, 12, 24], rng=1), "clearance_error_percent", "%"),
        (delay, "half_life_h", "h"),
        (pk.nca([0, 1, 2, 4, 8], [0, 8, 4, 2, 1], dose_mg=1), "volume_z_obs_L", "L"),
        (pk.fit_occupancy([1, 3, 9], [0.2, 0.5, 0.8]), "ec50_ng_per_mL", "ng/mL"),
    ]
    for result, name, unit in results:
        for same in (result, pickle.loads(pickle.dumps(result)), copy.deepcopy(result)):
            assert same[name].unit == unit
            assert same[name].value == result[name].value
        with pytest.raises(KeyError, match=name):
            result["nope"]


PEOPLE = pk.population(10, ORAL, rng=1)
WEEK = pk.repeat(40, times=7)
BAND = {"people": PEOPLE, "regimen": WEEK, "time_h": [1.0]}
DELAY = {"drug": DLX, "regimen": WEEK, "time_h": [1.0]}
FIT = {**DELAY, "observed": [0.5], "ec50_ng_per_mL": 3.7}
CONSTANT = {"drug": "milnacipran", "target": "SERT", "basis": "binding_Ki"}
BAD_INPUT = [
    (pk.Patient, {"label": None}, "label"),
    (pk.Patient, {"cl_ratio": True}, "cl_ratio"),
    (pk.drug, {"name": None}, "name"),
    (pk.renal_group, {"group": ["mild"]}, "group"),
    (pk.dose_cap, {"drug": np.ones(2)}, "drug"),
    (pk.dose_cap, {"drug": "levomilnacipran", "renal_function": np.ones(2)}, "renal_function"),
    (
        pk.dose_cap,
        {"drug": "levomilnacipran", "strong_cyp3a4_inhibitor": "no"},
        "strong_cyp3a4_inhibitor",
    ),
    (pk.ClearanceChange, {"cl_ratio": 1, "start_h": np.inf}, "start_h"),
    (
        pk.concentration_bands,
        {"people": PEOPLE, "regimen": WEEK, "time_h": [1.0], "percentiles": [[5, 50]]},
        "percentiles",
    ),
    (
        pk.slow_binding_occupancy,
        {
            "drug": ORAL,
            "regimen": WEEK,
            "time_h": 1.0,
            "ec50_ng_per_mL": 1,
            "koff_per_h": 1,
            "maximum": [1.0, 0.5],
        },
        "maximum",
    ),
    (
        pk.transporter_constant,
        {"drug": ["escitalopram"], "target": "SERT", "basis": "binding_Ki"},
        "drug",
    ),
    (
        pk.transporter_constant,
        {"drug": "ESC", "target": "SERT", "basis": "binding_Ki", "bound": "low"},
        "bound",
    ),
    (pk.population, {"n": 0, "drug": ORAL}, "n must"),
    (pk.population, {"n": 5, "drug": "x"}, "drug"),
    (pk.population, {"n": 5, "drug": ORAL, "cv": {"clearance": 0.2}}, "cv"),
    (pk.population, {"n": 5, "drug": ORAL, "cv": {"cl": -0.2}}, "cv"),
    (pk.population, {"n": 5, "drug": ORAL, "correlation": 1.5}, "correlation"),
    (pk.population, {"n": 5, "drug": DLX}, "cv_cl"),
    (pk.population, {"n": 5, "drug": ORAL, "rng": "a"}, "rng"),
    (pk.concentration, {"drug": PEOPLE, "regimen": WEEK, "time_h": [[1.0]]}, "time_h"),
    (
        pk.concentration,
        {"drug": PEOPLE, "regimen": WEEK, "time_h": [1.0], "patient": pk.Patient()},
        "drug",
    ),
    (pk.concentration_bands, {**BAND, "people": ORAL}, "people"),
    (pk.concentration_bands, {**BAND, "time_h": 1.0}, "time_h"),
    (pk.concentration_bands, {**BAND, "percentiles": [101]}, "percentiles"),
    (pk.concentration_bands, {**BAND, "memory_MB": 1e-6}, "memory_MB"),
    (pk.ClearanceChange, {"cl_ratio": 0}, "cl_ratio"),
    (pk.ClearanceChange, {"cl_ratio": 1, "start_h": 5, "stop_h": 5}, "stop_h"),
    (pk.exposure_ratio, {"fm": 0.3, "fold_change": -1}, "fold_change"),
    (pk.exposure_ratio, {"fm": float("nan"), "fold_change": 1}, "fm"),
    (pk.fraction_metabolised_from_inhibition, {"auc_ratio": 0.9}, "auc_ratio"),
    (pk.fold_change_from_exposure, {"auc_ratio": 2, "fm": 0.36}, "auc_ratio"),
    (pk.enzyme_change, {"fm": 1, "fold_change": 0}, "fm"),
    (pk.cyp2c19_readings, {"genotype": "*2/*2"}, "genotype"),
    (pk.cyp2c19_patient, {"genotype": "*1/*1", "source": "wikipedia"}, "source"),
    (pk.cyp2c19_patient, {"genotype": "PM"}, "genotype"),
    (pk.renal_group, {"group": "poor"}, "group"),
    (pk.renal_group("mild").patient, {"volume": "free"}, "volume"),
    (pk.renal_group("mild").drug, {"drug": DLX}, "drug"),
    (pk.kidney_patient, {"drug": LVM, "kidney_function": -0.1}, "kidney_function"),
    (pk.kidney_patient, {"drug": DLX, "kidney_function": 0.5}, "fe_renal"),
    (pk.dose_cap, {"drug": "duloxetine"}, "drug"),
    (pk.dose_cap, {"drug": "levomilnacipran", "renal_function": "bad"}, "renal_function"),
    (pk.human_equivalent_dose, {"dose_mg_per_kg": -1, "species": "rat"}, "dose_mg_per_kg"),
    (pk.human_equivalent_dose, {"dose_mg_per_kg": 1, "species": "cat"}, "species"),
    (pk.fraction_remaining, {"half_life_h": 0, "time_h": 1}, "half_life_h"),
    (pk.rodent_illustration, {"half_life_h": 0}, "half_life_h"),
    (
        pk.base_from_salt,
        {"salt_mg": -1, "salt_mw_g_per_mol": 280, "mw_g_per_mol": 246},
        "salt_mg",
    ),
    (pk.nM_from_ng_per_mL, {"total_ng_per_mL": 1, "mw_g_per_mol": 0}, "mw_g_per_mol"),
    (pk.nM_from_ng_per_mL, {"total_ng_per_mL": 1, "mw_g_per_mol": 300, "fu": 0}, "fu"),
    (
        pk.transporter_constant,
        {"drug": "escitalopram", "target": "DAT", "basis": "binding_Ki"},
        "target",
    ),
    (
        pk.transporter_constant,
        {"drug": "escitalopram", "target": "SERT", "basis": "Ki"},
        "basis",
    ),
    (
        pk.transporter_constant,
        {"drug": "aspirin", "target": "SERT", "basis": "binding_Ki"},
        "drug",
    ),
    (
        pk.TransporterConstant,
        {"drug": "x", "target": "SERT", "basis": "binding_Ki", "value": 1, "unit": "ng/mL"},
        "unit",
    ),
    (
        pk.transporter_occupancy,
        {"total_ng_per_mL": -1, "drug": LVM, "constant": SERT},
        "total_ng_per_mL",
    ),
    (
        pk.transporter_occupancy,
        {"total_ng_per_mL": 1, "drug": DLX, "constant": SERT},
        "constant",
    ),
    (pk.occupancy_over_time, {**DELAY, "constant": 3.7}, "constant"),
    (pk.occupancy_over_time, {**DELAY, "constant": VIVO, "maximum": 2}, "maximum"),
    (pk.occupancy_from_dose, {"dose_mg": 10, "ed50_mg": 0}, "ed50_mg"),
    (pk.effect_site_concentration, {**DELAY, "ke0_per_h": 0}, "ke0_per_h"),
    (pk.effect_site_concentration, {**DELAY, "drug": 1, "ke0_per_h": 1}, "drug"),
    (
        pk.slow_binding_occupancy,
        {**DELAY, "ec50_ng_per_mL": 0, "koff_per_h": 1},
        "ec50_ng_per_mL",
    ),
    (
        pk.slow_binding_occupancy,
        {**DELAY, "ec50_ng_per_mL": 1, "koff_per_h": -1},
        "koff_per_h",
    ),
    (pk.fit_delay, {**FIT, "observed": [1.2]}, "observed"),
    (pk.fit_delay, {**FIT, "observed": [0.2, 0.3]}, "observed"),
    (pk.fit_delay, {**FIT, "kind": "slow"}, "kind"),
    (pk.exposure_ratio, {"fm": 0.6, "fold_change": 1, "fe": 0.6}, "fe"),
    (pk.enzyme_change, {"fm": 1.2, "fold_change": 1}, "fm"),
    (pk.transporter_constant, {**CONSTANT, "source": "nobody2000"}, "nobody2000"),
    (pk.transporter_constant, {**CONSTANT, "source": 5}, "source"),
    (pk.fit_occupancy, {"conc_ng_per_mL": [1, 2, 3], "observed": [50, 60, 70]}, "observed"),
    (
        pk.fit_occupancy,
        {"conc_ng_per_mL": [1, 2], "observed": [0.5, 0.6], "ceiling": None},
        "observed",
    ),
    (pk.fit_occupancy, {"conc_ng_per_mL": [0, 2], "observed": [0.5, 0.6]}, "conc_ng_per_mL"),
    (
        pk.fit_occupancy,
        {"conc_ng_per_mL": [1, 2], "observed": [0.5, 0.6], "ceiling": 86},
        "ceiling",
    ),
    (pk.fit_occupancy, {"conc_ng_per_mL": [1, 2], "observed": [0.5, 0.6], "sd": 0}, "sd"),
    (pk.fit_occupancy, {"conc_ng_per_mL": [1, 2], "observed": [0.5, 0.6], "sd": [1, 1, 1]}, "sd"),
]
