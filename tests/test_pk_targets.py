"""What was observed in people, and which models reproduce it: targets V1 to V12."""

from __future__ import annotations

import math
import re
from pathlib import Path

import numpy as np
import pytest

from snrilab import evidence, pk

LVM = pk.drug("levomilnacipran")
ESC = pk.drug("escitalopram")
DLX = pk.drug("duloxetine")


def observed(number, contains=""):
    """The targets of one number whose quantity contains a text."""
    found = [target for target in evidence.targets(number) if contains in target.quantity]
    assert found, (number, contains)
    return found


def within(value, target):
    return target.low <= value <= target.high


# --- V1 to V3: the label ---


def test_every_target_has_a_test_that_carries_its_number():
    named = {
        int(number)
        for module in Path(__file__).parent.rglob("test_*.py")
        for number in re.findall(r"^def test_v(\d+)_", module.read_text("utf-8"), re.MULTILINE)
    }
    assert named >= set(range(1, 17))


def test_v1_levomilnacipran_120_mg_at_steady_state():
    at = pk.steady_state(LVM, 120)
    found = {
        "Cmax": at.cmax_ng_per_mL,
        "AUC": at.auc_ng_h_per_mL,
        "Tmax": at.tmax_h,
    }
    for name, value in found.items():
        (target,) = observed("V1", name)
        assert within(value, target), (name, value)
    assert LVM.half_life_h == pytest.approx(12, abs=0.05)
    # Printed beside the recommended set: trough, swing and accumulation.
    assert at.cmin_ng_per_mL == pytest.approx(119.6, abs=0.1)
    assert at.peak_to_trough == pytest.approx(2.83, abs=0.01)
    assert pk.accumulation_ratio(LVM.half_life_h) == pytest.approx(1.33, abs=0.005)


def test_v1_first_order_absorption_needs_a_lag():
    """Without a lag, whatever ka: either the peak is too low or it comes too early."""
    (cmax,), (tmax,) = observed("V1", "Cmax"), observed("V1", "Tmax")
    first_order = LVM.with_(input_h=0.0, lag_h=0.0)
    for ka in np.geomspace(0.06, 5, 60):
        at = pk.steady_state(first_order.with_(ka_per_h=ka), 120)
        assert not (within(at.cmax_ng_per_mL, cmax) and within(at.tmax_h, tmax)), ka
    at = pk.steady_state(first_order.with_(ka_per_h=0.975), 120)
    assert at.cmax_ng_per_mL == pytest.approx(341, abs=1)
    assert at.tmax_h == pytest.approx(2.8, abs=0.1)
    lagged = pk.drug("levomilnacipran", "first_order_with_lag")
    at = pk.steady_state(lagged, 120)
    assert (at.cmax_ng_per_mL, at.tmax_h) == pytest.approx((340.8, 6.58), abs=0.05)
    assert at.auc_ng_h_per_mL == pytest.approx(5195, abs=0.5)
    assert lagged.half_life_h == pytest.approx(12.0, abs=0.01)
    # One dose of 40 mg agrees too; only samples on the way up tell the two inputs apart.
    assert pk.peak_after_dose(lagged, 40).cmax_ng_per_mL == pytest.approx(83.6, abs=0.05)
    times = np.array([2.0, 3.5, 12.0, 24.0])
    apart = [pk.concentration(drug, pk.single_dose(40), times) for drug in (LVM, lagged)]
    assert np.all(apart[0][:2] > 20 + apart[1][:2])
    assert np.all(np.abs(apart[0] - apart[1])[2:] < 5)


def test_v2_single_dose():
    (target,) = observed("V2")
    peak = pk.peak_after_dose(LVM, 40).cmax_ng_per_mL
    assert within(peak, target)
    assert peak == pytest.approx(84.5, abs=0.1)


def test_v3_dose_linearity_is_exact():
    times = np.arange(0, 200.0, 3)
    one = pk.concentration(LVM, pk.repeat(25, times=5), times)
    for factor in (2, 4, 12):
        many = pk.concentration(LVM, pk.repeat(25 * factor, times=5), times)
        np.testing.assert_allclose(many, factor * one, rtol=1e-12)


# --- V4: interactions -----------------------------------------------------------------------------


def test_v4_ketoconazole_in_the_area():
    (auc,) = observed("V4", "AUC")
    fm = pk.fraction_metabolised_from_inhibition(auc.value)
    assert fm == pytest.approx(LVM.fm_cyp3a4, abs=0.005)
    assert within(pk.exposure_ratio(LVM.fm_cyp3a4, 0), auc)
    inhibited = LVM.in_patient(pk.enzyme_change(LVM.fm_cyp3a4, 0).patient)
    areas = [
        pk.area_under_curve(drug, pk.single_dose(80), 0, math.inf) for drug in (inhibited, LVM)
    ]
    assert within(areas[0] / areas[1], auc)
    assert inhibited.half_life_h == pytest.approx(18.8, abs=0.1)


def single_peak_ratio(share, taken_in=1.0):
    """The peak after one dose with an enzyme of that share shut, over the one without."""
    hours = np.arange(0, 24, 0.1)
    with_it, without = (
        pk.concentration(LVM, pk.single_dose(80), hours, patient=who).max()
        for who in (pk.enzyme_change(share, 0).patient, pk.Patient())
    )
    return taken_in * with_it / without


def test_v4_clearance_alone_misses_the_peak_after_the_one_dose_of_the_study():
    (cmax,) = observed("V4", "Cmax")
    assert cmax.accept.startswith("expected to FAIL")
    ratio = single_peak_ratio(LVM.fm_cyp3a4)
    assert ratio == pytest.approx(1.06, abs=0.005)
    assert f"{ratio:.2f} predicted" in cmax.note
    assert ratio < cmax.low


def test_v4_more_of_the_dose_taken_in_would_fit_both():
    """An uptake 1.31 times as large leaves CYP3A4 0.17 of the clearance."""
    (auc,), (cmax,) = observed("V4", "AUC"), observed("V4", "Cmax")
    taken_in = 1.31
    share = pk.fraction_metabolised_from_inhibition(auc.value / taken_in)
    assert share == pytest.approx(0.17, abs=0.005)
    assert within(single_peak_ratio(share, taken_in), cmax)


def test_v4_inhibitor_started_and_stopped_mid_course():
    regimen = pk.repeat(80, times=40)
    change = [pk.enzyme_change(LVM.fm_cyp3a4, 0, start_h=14 * 24, stop_h=28 * 24)]
    days = np.arange(40) * 24 + 6.5
    peaks = pk.concentration(LVM, regimen, days, changes=change)
    usual = pk.steady_state(LVM, 80).cmax_ng_per_mL
    assert peaks[13] == pytest.approx(usual, rel=1e-3)
    assert peaks[27] / usual == pytest.approx(1.36, abs=0.01)
    assert peaks[39] == pytest.approx(usual, rel=1e-3)
    assert np.all(np.diff(peaks[14:28]) > 0)
    assert np.all(np.diff(peaks[28:]) < 0)
    # The labelled cap: 80 mg with a strong inhibitor is like 120 mg without.
    daily = pk.area_under_curve(LVM, regimen, 27 * 24, 28 * 24, changes=change)
    assert daily == pytest.approx(5196, rel=0.05)


def test_v4_induction_of_clearance_alone_underpredicts_the_fall_of_the_peak():
    ratios = evidence.parameters("levomilnacipran_interactions")
    auc = float(ratios["carbamazepine/auc_ratio"])
    fold = pk.fold_change_from_exposure(auc, LVM.fm_cyp3a4)
    assert fold == pytest.approx(2.13, abs=0.01)
    induced = LVM.in_patient(pk.Patient(cl_ratio=1 / pk.exposure_ratio(LVM.fm_cyp3a4, fold)))
    ratio = pk.steady_state(induced, 120).cmax_ng_per_mL / pk.steady_state(LVM, 120).cmax_ng_per_mL
    assert ratio == pytest.approx(0.82, abs=0.01)
    assert ratio > ratios["carbamazepine/cmax_ratio"].high


# --- V5, V6: kidney -------------------------------------------------------------------------------


def test_v5_auc_is_exact_when_clearance_is_set():
    for group in pk.RENAL_GROUPS[1:]:
        (target,) = observed("V5", f"AUC ratio, {group}")
        seen = pk.renal_group(group)
        aucs = [
            pk.area_under_curve(g.drug(LVM), pk.single_dose(40), 0, math.inf)
            for g in (seen, pk.renal_group("normal"))
        ]
        assert round(aucs[0] / aucs[1], 2) == target.value
        assert aucs[0] == pytest.approx(seen.auc_ng_h_per_mL, rel=1e-9)


def test_v5_a_fixed_volume_misses_the_half_life_and_a_changed_one_mends_it():
    missed = {"moderate": 25.8, "severe": 37.9}
    for group in pk.RENAL_GROUPS:
        (target,) = observed("V5", f"half-life, {group}")
        seen = pk.renal_group(group)
        fixed = seen.drug(LVM).half_life_h
        assert seen.drug(LVM, volume="observed").half_life_h == pytest.approx(target.value)
        if group in missed:
            assert fixed == pytest.approx(missed[group], abs=0.1)
            assert fixed > 1.3 * target.value, "expected to fail: volume is not fixed in disease"


def test_v5_the_same_patient_under_label_parameters():
    """Ratios of the study, put on the typical patient of the label, keep the ratio of AUC."""
    for volume, half_life in (("fixed", 33.7), ("observed", 24.6)):
        patient = pk.renal_group("severe").patient(volume=volume)
        drug = LVM.in_patient(patient)
        ratio = (
            pk.steady_state(LVM, 40, patient=patient).auc_ng_h_per_mL
            / pk.steady_state(LVM, 40).auc_ng_h_per_mL
        )
        assert round(ratio, 2) == 2.81
        assert drug.half_life_h == pytest.approx(half_life, abs=0.1)


def test_v5_renal_and_nonrenal_clearance_both_fall():
    groups = [pk.renal_group(group) for group in pk.RENAL_GROUPS]
    np.testing.assert_allclose([g.cl_L_per_h for g in groups], [19.0, 15.5, 10.0, 6.8], atol=0.05)
    np.testing.assert_allclose(
        [g.cl_renal_L_per_h for g in groups], [10.6, 6.9, 4.2, 1.7], atol=0.05
    )
    np.testing.assert_allclose(
        [g.cl_nonrenal_L_per_h for g in groups], [8.5, 8.6, 5.8, 5.1], atol=0.05
    )
    # So a split that lowers only the renal part underpredicts exposure in severe impairment.
    split = groups[3].split_patient()
    assert 1 / split.cl_ratio == pytest.approx(19.04 / (8.49 + 1.72), abs=0.01)
    assert 1 / split.cl_ratio < 0.7 * groups[3].auc_ratio
    # Renal clearance exceeds filtration: net secretion.
    assert groups[0].cl_renal_L_per_h / 0.06 > 1.8 * LVM.fu * 120


def test_v5_labelled_caps_match_exposure():
    reference = 120_000 / pk.renal_group("normal").cl_L_per_h
    ratios = {"moderate": 1.27, "severe": 0.94}
    for group, ratio in ratios.items():
        cap = pk.dose_cap("levomilnacipran", renal_function=group)
        exposure = cap * 1000 / pk.renal_group(group).cl_L_per_h
        assert exposure / reference == pytest.approx(ratio, abs=0.01)


def test_v6_mass_balance():
    (target,) = observed("V6")
    assert within(LVM.fm_cyp3a4, target)
    assert LVM.fm_cyp3a4 <= 1 - LVM.fe_renal
    with pytest.raises(ValueError, match="fm_cyp3a4"):
        LVM.with_(fm_cyp3a4=0.43)


# --- V7: escitalopram at steady state -------------------------------------------------------------


def test_v7_escitalopram_accumulates_as_its_label_says():
    (accumulation,), (days,), (half_life,) = (
        observed("V7", text) for text in ("accumulation", "time to", "half-life")
    )
    at = pk.steady_state(ESC, 20)
    assert within(at.accumulation_auc, accumulation)
    assert within(at.accumulation_cmax, accumulation)
    assert within(pk.accumulation_ratio(ESC.half_life_h), accumulation)
    assert within(ESC.half_life_h * np.log2(100) / 24, days)
    assert within(ESC.half_life_h, half_life)
    assert (at.cmax_ng_per_mL, at.cavg_ng_per_mL, at.cmin_ng_per_mL) == pytest.approx(
        (27.6, 23.1, 17.9), abs=0.1
    )


def test_v7_two_compartments_fit_one_dose_but_accumulate_too_little():
    two = pk.drug("escitalopram", "two_compartments")
    times = np.linspace(0, 24, 2401)
    conc = pk.concentration(two, pk.single_dose(20), times)
    assert conc.max() == pytest.approx(18.9, abs=0.1)
    assert times[conc.argmax()] == pytest.approx(4.0, abs=0.2)
    at = pk.steady_state(two, 20)
    assert 1.7 < at.accumulation_cmax < at.accumulation_auc < 2.0
    one = pk.concentration(ESC, pk.single_dose(20), times).max()
    assert one == pytest.approx(11.4, abs=0.1)  # the weak spot of one compartment


# --- V8 to V12: transporter -----------------------------------------------------------------------

SERT = pk.transporter_constant("escitalopram", "SERT", "invivo_EC50")


def escitalopram_occupancy(constant, maximum=1.0):
    single = [
        pk.occupancy_over_time(ESC, pk.single_dose(mg), 6.0, constant, maximum=maximum)
        for mg in (5, 10, 20)
    ]
    ten_days = pk.occupancy_over_time(
        ESC, pk.repeat(10, times=10), [9 * 24 + 6.0, 9 * 24 + 54.0], constant, maximum=maximum
    )
    return 100 * np.array([*single, *ten_days])


def test_v8_escitalopram_at_sert():
    seen = np.array([t.value for t in observed("V8")])
    np.testing.assert_allclose(seen, [60, 64, 75, 81.5, 63.3])
    found = escitalopram_occupancy(SERT)
    np.testing.assert_allclose(found, [50, 67, 80, 83, 61], atol=1)
    # All but the lowest dose lie within one SD of what was seen, to the printed whole percent.
    inside = [within(round(value), t) for value, t in zip(found, observed("V8"), strict=True)]
    assert inside == [False, True, True, True, True]
    # A free maximum of 86 % with EC50 1.5 ng/mL brings in the lowest dose.
    lower = pk.TransporterConstant("escitalopram", "SERT", "invivo_EC50", 1.5, "ng/mL")
    capped = escitalopram_occupancy(lower, maximum=0.86)
    np.testing.assert_allclose(capped, [57, 69, 77, 78, 65], atol=1.1)
    assert all(within(v, t) for v, t in zip(capped, observed("V8"), strict=True))


def test_v8_the_ec50_is_found_from_the_scans():
    """Five scans: 2.6 ng/mL with a ceiling of 100 %, 1.5 with one of 86 % that noise explains."""
    regimens = [*(pk.single_dose(mg) for mg in (5, 10, 20)), *[pk.repeat(10, times=10)] * 2]
    conc = [
        pk.concentration(ESC, regimen, time)
        for regimen, time in zip(regimens, (6, 6, 6, 222, 270), strict=True)
    ]
    seen = np.array([t.value for t in observed("V8")]) / 100
    fixed = pk.fit_occupancy(conc, seen)
    assert fixed["ec50_ng_per_mL"].value == pytest.approx(2.64, abs=0.02)
    assert 100 * fixed.rms_error == pytest.approx(5.05, abs=0.02)
    free = pk.fit_occupancy(conc, seen, ceiling=None)
    assert free["ec50_ng_per_mL"].value == pytest.approx(1.49, abs=0.03)
    assert 100 * free["ceiling"].value == pytest.approx(86.4, abs=0.3)
    assert 100 * free.rms_error == pytest.approx(3.1, abs=0.05)
    assert free.ceiling_p_value == pytest.approx(0.12, abs=0.01)
    assert "ceiling_not_needed" in [doubt.code for doubt in free.diagnostics]
    # With the errors of the group means as weights the gain is 12.4 for one parameter.
    sem = np.array([6, 6, 5, 5.4, 12.1]) / 100 / np.sqrt([5, 5, 5, 6, 6])
    weighted = pk.fit_occupancy(conc, seen, ceiling=None, sd=sem)
    assert weighted.ceiling_p_value == pytest.approx(4e-4, abs=1e-4)
    # Doses that hold 80 % at trough: 12 mg, or 21 mg.
    trough = pk.steady_state(ESC, 1).cmin_ng_per_mL
    doses = [fit.concentration_for(0.8) / trough for fit in (fixed, free)]
    assert doses == pytest.approx([12, 21], abs=0.6)


def test_v9_occupancy_outlasts_plasma_by_the_hyperbola_alone():
    (target,) = observed("V9")
    start = 0.815
    odds = start / (1 - start) * pk.fraction_remaining(30, 48)
    assert 100 * odds / (1 + odds) == pytest.approx(target.value, abs=0.5)
    assert within(100 * odds / (1 + odds), target)


HOURS = np.array([6.0, 25.0, 53.0])


def test_v10_what_the_direct_model_gives_beside_what_was_seen():
    """88.7, 74.1, 36.3 % for 81.8, 71.9, 44.9 %: right at 25 h, too high before, too low after."""
    seen = np.array([t.value for t in observed("V10")])
    np.testing.assert_allclose(seen, [81.8, 71.9, 44.9])
    constant = pk.transporter_constant("duloxetine", "SERT", "invivo_EC50")
    found = 100 * pk.occupancy_over_time(DLX, pk.single_dose(60), HOURS, constant)
    np.testing.assert_allclose(found, [88.7, 74.1, 36.3], atol=0.05)
    assert abs(found[1] - seen[1]) < 3
    assert found[0] > seen[0] + 6
    assert found[2] < seen[2] - 8
    # What the notes of the target say is what a user gets.
    for target, value in zip(observed("V10"), found, strict=True):
        assert f"gives {value:.1f} %" in target.note
    # Another reading forces the curve through 81.8 % at 6 h: then 60 and 23 % follow.
    odds = seen[0] / (100 - seen[0]) * pk.fraction_remaining(12, HOURS - 6)
    np.testing.assert_allclose(100 * (odds / (1 + odds))[1:], [60, 23], atol=1)
    # No EC50 rescues a direct effect: the odds fall as plasma does, fivefold from 25 to 53 h.
    plasma = pk.concentration(DLX, pk.single_dose(60), HOURS)
    errors = [
        np.abs(plasma / (plasma + ec50) - seen / 100).max() for ec50 in np.geomspace(0.1, 100, 2000)
    ]
    assert min(errors) > 0.06


@pytest.mark.parametrize(("kind", "worst"), [("effect_site", 0.062), ("slow_binding", 0.048)])
def test_v10_a_delay_mends_it(kind, worst):
    seen = np.array([t.value for t in observed("V10")]) / 100
    constant = pk.transporter_constant("duloxetine", "SERT", "invivo_EC50")
    fit = pk.fit_delay(DLX, pk.single_dose(60), HOURS, seen, constant.value, kind=kind)
    assert np.abs(fit.fitted - seen).max() < worst
    assert np.abs(fit.direct - seen).max() > 0.08
    assert fit.rms_error < 0.65 * fit.rms_error_direct
    assert 1 < fit.half_life_h < 12


def test_v10_no_single_delay_predicts_the_repeated_doses():
    """Rivals fitted to one dose, asked about scans 6, 49 and 78 h after repeated doses."""
    rows = evidence.find(drug="duloxetine", quantity="occupancy")
    later = np.array([r.value / 100 for r in rows if r.time.endswith("after the last dose")])
    np.testing.assert_allclose(later, [0.843, 0.719, 0.471])
    seen = np.array([t.value for t in observed("V10")]) / 100
    rms = {"none": (6.5, 23.1), "effect_site": (4.0, 19.7), "slow_binding": (2.7, 17.5)}
    for kind, (fitted, tested) in rms.items():
        fit = pk.fit_delay(DLX, pk.single_dose(60), HOURS, seen, 3.7, kind=kind)
        predicted = fit.predict(pk.repeat(60, times=14), 13 * 24 + np.array([6, 49, 78.0]))
        off = 100 * np.sqrt(np.mean((predicted - later) ** 2))
        assert (100 * fit.rms_error, off) == pytest.approx((fitted, tested), abs=0.06), kind
        assert later[2] - predicted[2] > 0.2
        np.testing.assert_allclose(fit.predict(pk.single_dose(60), HOURS), fit.fitted, atol=1e-4)
    direct = pk.fit_delay(DLX, pk.single_dose(60), HOURS, seen, 3.7, kind="none")
    predicted = direct.predict(pk.repeat(60, times=14), 13 * 24 + np.array([6, 49, 78.0]))
    np.testing.assert_allclose(100 * predicted, [91.5, 48.9, 15.2], atol=0.05)


def test_v11_milnacipran_from_its_ed50():
    scans = evidence.parameters("milnacipran_PET")
    missed = []
    for target in observed("V11"):
        transporter, dose = (
            target.quantity.split()[0],
            float(target.quantity.split()[-2].split("mg")[0]),
        )
        ed50 = float(scans[f"ed50_{transporter}_mg_per_day"])
        predicted = 100 * pk.occupancy_from_dose(dose, ed50)
        # 8 points are the printed tolerance; rounding of the ED50 adds a fraction of a point.
        if abs(predicted - target.value) > 8.5:
            missed.append((transporter, dose, round(predicted)))
    assert missed == [("NET", 25.0, 14)]


def test_v12_usual_doses_of_an_ssri_reach_the_plateau():
    (target,) = observed("V12")
    at = pk.steady_state(ESC, 10)
    low = 100 * pk.transporter_occupancy(at.cmin_ng_per_mL, ESC, SERT)
    high = 100 * pk.transporter_occupancy(at.cmax_ng_per_mL, ESC, SERT)
    mean = 100 * pk.transporter_occupancy(at.cavg_ng_per_mL, ESC, SERT)
    assert within(mean, target)
    assert low > target.low - 1
    assert high < target.high
    assert pk.transporter_occupancy(4 * SERT.value, ESC, SERT) == pytest.approx(0.8)
    # A plateau: doubling the dose adds less than ten points.
    doubled = 100 * pk.transporter_occupancy(2 * at.cavg_ng_per_mL, ESC, SERT)
    assert 0 < doubled - mean < 10


def test_the_choice_of_constant_changes_the_conclusion():
    """Levomilnacipran at its mean concentration, NET and SERT, by three constants (percent)."""
    expected = {
        40: (95.6, 92.3, 71.3, 95.3, (34, 51), (39, 56)),
        80: (97.8, 96.0, 83.2, 97.6, (51, 68), (56, 72)),
        120: (98.5, 97.3, 88.1, 98.4, (61, 76), (66, 79)),
    }
    for dose, (net_ic50, sert_ic50, net_ki, sert_ki, net_vivo, sert_vivo) in expected.items():
        mean = dose / 120 * 216.5

        def held(transporter, kind, bound=None, mean=mean):
            constant = pk.transporter_constant("levomilnacipran", transporter, kind, bound=bound)
            return 100 * pk.transporter_occupancy(mean, LVM, constant)

        assert held("NET", "uptake_IC50") == pytest.approx(net_ic50, abs=0.06)
        assert held("SERT", "uptake_IC50") == pytest.approx(sert_ic50, abs=0.06)
        assert held("NET", "binding_Ki") == pytest.approx(net_ki, abs=0.06)
        assert held("SERT", "binding_Ki") == pytest.approx(sert_ki, abs=0.06)
        vivo = [held("NET", "invivo_EC50", bound) for bound in ("high", "low")]
        assert vivo == pytest.approx(net_vivo, abs=0.6)
        vivo = [held("SERT", "invivo_EC50", bound) for bound in ("high", "low")]
        assert vivo == pytest.approx(sert_vivo, abs=0.6)
        assert held("NET", "uptake_IC50") > held("SERT", "uptake_IC50")
        assert held("NET", "binding_Ki") < held("SERT", "binding_Ki")
