"""Lesson 06: every number that it tells follows from the evidence and the models."""

from __future__ import annotations

import itertools
import re

import numpy as np
import pytest

from snrilab import evidence, pk
from snrilab.exercises import declared
from snrilab.explore import lesson06 as explore
from tools.lessons import Page

PAGE = Page("lesson06")
TOLD = " ".join(PAGE.prose.replace("$", "").split())
THINGS = declared("lesson06")
ASKED = {  # each explorer's prediction, as its sliders have it
    "ten_days": {"volume_L": 1_560, "clearance_L_per_h": 36},
    "fit_the_label": {
        "volume_L": 400, "clearance_L_per_h": 23.1, "release_h": 6, "absorption_per_h": 10,
    },
    "freezer": [
        *({"time_h": hour, "measure": True} for hour in (7, 12, 24, 48)),
        {"answer": 23, "low": 10, "high": 60},
    ],
    "doors": {"kidney_L_per_h": 10.5, "enzymes_L_per_h": 8.5},
}  # fmt: skip
CAPSULE = pk.drug("levomilnacipran")
LATE = pk.drug("levomilnacipran", "first_order_with_lag")
ESCITALOPRAM = pk.drug("escitalopram")
ONCE = pk.single_dose(40)


def asked(name):
    return THINGS[f"lesson06/{name}"]


def label(quantity, drug="levomilnacipran", source="fetzima_label", **which):
    return evidence.get(drug, quantity, source=source, **which).value


# -- 1: two dials ------------------------------------------------------------------------------


def test_the_two_drugs_are_those_of_the_evidence():
    words = asked("stays_longer").text
    assert f"clearance {CAPSULE.cl_L_per_h:.0f} L/h" in words
    for drug in (CAPSULE, ESCITALOPRAM):
        assert f"volume {drug.v_L:,.0f} L, half-life {drug.half_life_h:.0f} h" in words
    truth = asked("stays_longer").answer
    assert truth == ESCITALOPRAM.cl_L_per_h
    assert truth == label("CL_over_F", "escitalopram", "lexapro_label") * 60 / 1000
    # half-life alone would give
    wrong = CAPSULE.cl_L_per_h * CAPSULE.half_life_h / ESCITALOPRAM.half_life_h
    assert asked("stays_longer").ideas["half-life-is-a-cause"] == pytest.approx(wrong, rel=0.01)
    assert ESCITALOPRAM.v_L / CAPSULE.v_L == pytest.approx(3.9, abs=0.05)
    assert ESCITALOPRAM.half_life_h / CAPSULE.half_life_h == pytest.approx(2.5, abs=0.01)


def test_days_to_share_is_what_capsules_do_one_by_one():
    for drug, days in ((CAPSULE, "1.7"), (ESCITALOPRAM, "4.2")):
        assert f"{asked('days_to_share').reference(0.9, drug.half_life_h):.1f}" == days
        area = [
            pk.area_under_curve(drug, pk.repeat(40, times=20), 24 * day, 24 * day + 24)
            for day in range(20)
        ]
        missing = 1 - np.array(area) / (40_000 / drug.cl_L_per_h)
        per_day = 0.5 ** (24 / drug.half_life_h)  # it shrinks each day as the half-life says
        assert missing[2:7] / missing[1:6] == pytest.approx(per_day, rel=1e-6)


def test_tripling_the_dose_changes_the_height_and_not_the_day():
    small, large = (explore.ten_days(dose_mg=dose) for dose in (40, 120))
    days = [re.search(r"after ([\d.]+) days", live.reading)[1] for live in (small, large)]
    assert days[0] == days[1] == "1.7"
    heights = [live.artists["mean"].get_ydata()[0] for live in (small, large)]
    assert heights[1] == pytest.approx(3 * heights[0])


@pytest.mark.parametrize("absorption_per_h", [0.02, 0.0493, 0.1, 1.0, 3.0])
def test_the_days_to_nine_tenths_are_those_of_the_daily_means(absorption_per_h):
    """The day by day mean, counted capsule by capsule, passes 90 % in the day that is said."""
    said = explore.ten_days(absorption_per_h=absorption_per_h).reading
    days = float(re.search(r"90 % of it after ([\d.]+) days", said)[1])
    body = pk.Drug("", 23.1, 400, ka_per_h=absorption_per_h)
    doses = pk.repeat(40, times=40)
    final = pk.steady_state(body, 40).auc_ng_h_per_mL
    there = [pk.area_under_curve(body, doses, 24 * day, 24 * day + 24) / final for day in range(8)]
    assert there[int(days) - 1] < 0.9 + 0.01  # that of the last whole day before
    assert there[int(days)] > 0.9


@pytest.mark.parametrize(("clearance", "volume"), [(23.1, 400), (36, 1560), (11.6, 200)])
def test_the_mean_and_the_half_life_that_ten_days_says_are_those_of_the_curve(clearance, volume):
    live = explore.ten_days(clearance_L_per_h=clearance, volume_L=volume, absorption_per_h=3)
    body = pk.Drug("", clearance, volume, ka_per_h=3)
    settled = pk.steady_state(body, 40)
    mean, half_life_h = (
        float(re.search(rf"{name} of ([\d.]+)", live.reading)[1]) for name in ("mean", "half-life")
    )
    assert mean == pytest.approx(settled.cavg_ng_per_mL, rel=5e-3)
    level = pk.concentration(body, ONCE, [48, 48 + half_life_h])
    assert level[1] / level[0] == pytest.approx(0.5, rel=5e-3)


# -- 2: the label ------------------------------------------------------------------------------


def meets(drug):
    settled = pk.steady_state(drug, 120)
    return (
        abs(settled.cmax_ng_per_mL / label("Cmax") - 1) <= 0.05,
        abs(settled.auc_ng_h_per_mL / label("AUC_tau") - 1) <= 0.01,
        6 <= settled.tmax_h <= 8,
        abs(drug.half_life_h - label("half_life")) <= 0.5,
    )


def test_what_is_printed_of_the_label_is_the_label():
    assert f"peak {label('Cmax'):g} ng/mL" in TOLD
    assert f"one day {label('AUC_tau'):,.0f} ng h/mL" in TOLD
    tmax = evidence.get("levomilnacipran", "Tmax", source="seed_002", provenance="seed")
    assert f"{tmax.low:g} to {tmax.high:g} h, is from text 002" in TOLD
    span = evidence.get(
        "levomilnacipran", "CL_over_F", source="fetzima_label", basis="pharmacokinetics"
    )
    assert f"the label's range is {span.low:g} to {span.high:g}" in TOLD


def test_escitalopram_builds_up_as_its_label_says():
    ratio, days, _ = evidence.targets("V7")
    measured = f"{days.low:g} to {days.high:g} days, {ratio.low:g} to {ratio.high:g} times"
    assert f"escitalopram, measured: {measured}" in TOLD
    assert ratio.low < pk.accumulation_ratio(ESCITALOPRAM.half_life_h) < ratio.high
    assert days.low < ESCITALOPRAM.half_life_h * np.log2(100) / 24 < days.high


def test_both_kept_fits_meet_all_four_numbers_and_the_peak_of_one_dose():
    words = " ".join(option.why for option in asked("what_decides").options)
    (observed,) = (target.value for target in evidence.targets("V2"))
    assert f"{observed} measured" in words
    assert f"taken once ({observed} ng/mL;" in TOLD
    for drug in (CAPSULE, LATE):
        assert all(meets(drug))
        assert f"{pk.peak_after_dose(drug, 40).cmax_ng_per_mL:.1f}" in words
    assert (
        f"2,101 ng h/mL (standard deviation 517) where both models say {40_000 / 23.1:,.0f}" in TOLD
    )
    people = pk.renal_group("normal")
    assert people.auc_ng_h_per_mL == 2101
    assert f"cleared {people.cl_L_per_h:.0f} L/h" in TOLD


def test_an_early_sample_tells_the_two_fits_apart_and_a_late_one_does_not():
    three = [pk.concentration(drug, ONCE, 3.0) for drug in (CAPSULE, LATE)]
    assert three == pytest.approx([39, 0], abs=0.5)
    day = [pk.concentration(drug, ONCE, 24.0) for drug in (CAPSULE, LATE)]
    assert day[1] - day[0] == pytest.approx(2, abs=0.5)
    late_h = np.linspace(8, 96, 400)
    apart = pk.concentration(CAPSULE, ONCE, late_h) - pk.concentration(LATE, ONCE, late_h)
    assert np.abs(apart).max() == pytest.approx(5, abs=0.3)
    assert CAPSULE.cv_cl == 0.25  # "and people by a quarter"


def test_the_peak_over_the_lowest_level_and_what_each_idea_makes_of_it():
    right = pk.steady_state(CAPSULE, 120).peak_to_trough
    assert asked("peak_over_lowest").answer == pytest.approx(right, abs=0.05)
    at_once = pk.steady_state(CAPSULE.with_(input_h=0, lag_h=0), 120).peak_to_trough
    assert asked("peak_over_lowest").ideas["half-life-is-a-cause"] == pytest.approx(
        at_once, rel=1e-3
    )


def test_a_release_at_once_meets_the_label_with_a_late_start_only():
    early, late = (
        any(
            all(meets(pk.Drug("", cl, cl * half / np.log(2), ka, lag_h=lag)))
            for cl, half, ka in itertools.product(
                (22.9, 23.3), (11.6, 12.4), np.geomspace(0.4, 2, 12)
            )
        )
        for lag in (1.0, 3.5)
    )
    assert (early, late) == (False, True)


# -- 3: samples --------------------------------------------------------------------------------


def test_what_comes_after_a_day_and_what_that_does_to_a_clearance():
    share = pk.area_under_curve(CAPSULE, ONCE, 0, 24) / (40_000 / CAPSULE.cl_L_per_h)
    assert asked("after_a_day").answer == pytest.approx(100 * (1 - share), abs=0.05)
    words = " ".join(option.why for option in asked("short_plan").options)
    assert f"with {100 * share:.0f} % of the area" in words
    assert f"{1 / share:.2f} times too high" in words
    assert f"{100 * (1 - share):.0f} % of this area" in words


def test_the_freezer_says_what_was_measured_and_which_samples_make_the_half_life():
    live = explore.freezer(seed=3)  # of a patient at random the highest sample may be a late one
    for hour in (8, 10, 12):
        live.play([{"time_h": hour, "measure": True}])
    assert "Three samples after the highest one" in live.reading
    assert all(f" at {hour} h" in live.reading for hour in (8, 10, 12))
    live.play([{"time_h": hour, "measure": True} for hour in (24, 36)])
    found = re.search(r"from the (\d) samples of (\d+) to (\d+) h", live.reading)
    hours = [sample.time_h for sample in live.hunt.measured]
    count, first, last = map(int, found.groups())
    assert count == sum(first <= hour <= last for hour in hours)


def test_show_me_answers_with_what_the_samples_give_and_not_with_the_truth():
    live = explore.freezer(seed=3)
    live.show("kept-promise")
    assert live.values["rule"] == "exponential fall"
    said = float(re.search(r"Clearance ([\d.]+) L/h", live.reading)[1])
    assert live.hunt.numbers["answer"] == said != live.hunt.truth["clearance_L_per_h"]
    assert all(len(one.replace(".", "")) <= 3 for one in live.page.given)


def test_the_falling_area_is_exact_where_the_straight_line_is_not():
    level = pk.concentration(CAPSULE, ONCE, [12.0, 36.0])
    exact = pk.area_under_curve(CAPSULE, ONCE, 12, 36)
    assert asked("falling_area").reference(12, level[0], 36, level[1]) == pytest.approx(exact)
    assert 12 * level.sum() > 1.15 * exact


def test_the_last_of_the_printed_plans_is_the_best_and_the_first_gives_nothing():
    off = [
        pk.sampling_error(CAPSULE, 40, plan, rng=6)
        for plan in (np.arange(1, 9), np.arange(6, 49, 6), [2, 4, 7, 9, 12, 24, 40, 60])
    ]
    assert off[0].clearance_error_percent > 90
    assert off[2].half_life_error_percent < 0.6 * off[1].half_life_error_percent
    assert off[2].clearance_error_percent < 5


def test_the_shown_plan_keeps_the_promise_for_nearly_every_patient():
    """An honest answer, +/- 12 % around the estimate, holds the truth for most patients."""
    rng = np.random.default_rng(6)
    held = []
    for _ in range(60):
        truth = explore.freezer.unknown.truth(rng)
        samples = [explore.freezer.unknown.measure(truth, rng, time_h=h)
                   for h in (2, 4, 7, 9, 12, 24, 40, 60)]  # fmt: skip
        found = pk.nca(*zip(*samples, strict=True), dose_mg=40).clearance_obs_L_per_h
        held.append(found / 1.12 <= truth["clearance_L_per_h"] <= 1.12 * found)
    assert np.mean(held) > 0.95


# -- 4: doors ----------------------------------------------------------------------------------


def test_the_doors_are_those_of_the_mass_balance():
    unchanged = evidence.get(
        "levomilnacipran", "fraction_excreted_unchanged", source="brunner2015", species="human"
    ).value
    people = pk.renal_group("normal")
    from_urine = people.cl_renal_L_per_h / people.cl_L_per_h
    assert asked("unchanged").answer == pytest.approx((100 * from_urine, 100 * unchanged), abs=0.05)
    for share in (from_urine, unchanged):
        assert f"{100 * share:.0f}" in asked("unchanged").because
        assert f"{100 * share:.0f}" in asked("urine").why
    other = [
        float(row)
        for row in evidence.find(drug="levomilnacipran", quantity="fraction_excreted_as_metabolite")
    ]
    assert f"{100 * unchanged:.0f} % unchanged and {100 * sum(other):.0f} % as metabolites" in TOLD
    shown = asked("urine").show
    assert sum(shown.values()) == pytest.approx(people.cl_L_per_h, rel=5e-3)
    assert shown["kidney_L_per_h"] == pytest.approx(people.cl_renal_L_per_h, rel=6e-3)


def test_the_peak_is_in_proportion_to_the_dose_from_25_to_300_mg():
    (target,) = evidence.targets("V3")
    assert "25 to 300 mg" in target.quantity
    (code,) = (c.source for c in PAGE.cells if "(25, 300)" in c.source)
    assert "peak_after_dose(capsule, mg)" in code
    peaks = [pk.peak_after_dose(pk.drug("levomilnacipran"), mg).cmax_ng_per_mL for mg in (25, 300)]
    assert peaks[1] / peaks[0] == pytest.approx(12, rel=1e-9)


def test_mean_levels_need_no_bioavailability():
    level = asked("average_level").reference(120, 24, CAPSULE.cl_L_per_h)
    assert level == pytest.approx(label("AUC_tau") / 24, rel=1e-3)
    assert f"{label('AUC_tau') / 24:.1f}" in TOLD
    assert pk.steady_state(CAPSULE, 120).cavg_ng_per_mL == pytest.approx(level)
    healthy, severe = (pk.renal_group(name).cl_L_per_h for name in ("normal", "severe"))
    assert f"impaired kidneys 40 mg give {healthy / severe:.1f} times as much" in TOLD
    relative = label("relative_bioavailability")
    right, absolute, _, slow = (option.text for option in asked("half_lost").options)
    for text, share in ((right, 0.8 * relative), (absolute, relative), (slow, 0.8)):
        assert text.startswith(f"{100 * share:.0f} mg")
        assert f"CL itself is {share * CAPSULE.cl_L_per_h:.1f} L/h" in text


def test_the_puzzle_ends_with_an_unbound_concentration():
    mean = label("AUC_tau") / 24
    unbound_nM = pk.nM_from_ng_per_mL(mean, CAPSULE.mw_g_per_mol, fu=CAPSULE.fu)
    assert f"mean is {mean:.0f} ng/mL, 78 % of it unbound: {unbound_nM:.0f} nM" in TOLD
    salt = 120 / pk.base_from_salt(1.0, CAPSULE.salt_mw_g_per_mol, CAPSULE.mw_g_per_mol)
    assert f"120 mg of base are {salt:.0f} mg of hydrochloride" in TOLD


def test_one_paper_prints_a_half_life_that_its_clearance_and_volume_do_not_make():
    of = {"drug": "escitalopram", "source": "sogaard2005"}
    clearance, volume = label("CL", **of), label("V", **of)
    assert f"{clearance:g} L/h and {volume:,.0f} L were published together" in TOLD
    assert f"they make {np.log(2) * volume / clearance:.1f} h" in TOLD
    printed = [float(row) for row in evidence.find(quantity="half_life", **of)]
    assert f"{min(printed):g} to {max(printed):g} h" in TOLD
