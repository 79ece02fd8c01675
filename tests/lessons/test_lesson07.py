"""Lesson 07: every number that it tells follows from the evidence and the models."""

from __future__ import annotations

import re

import numpy as np
import pytest

from snrilab import compare, evidence, pk
from snrilab.exercises import declared
from snrilab.explore import lesson07 as explore
from tools.lessons import Page

PAGE = Page("lesson07")
TOLD = " ".join(PAGE.prose.replace("$", "").split())
THINGS = declared("lesson07")
ASKED = {  # each explorer's prediction, as its sliders have it
    "one_enzyme": {"share_percent": 42, "activity": 0},
    "two_doors": {"kidney": 0.25, "enzyme": 0},
    "planner": {"late_h": 24},
    "people": {"who": "carbamazepine", "dose_mg": 80},
}
CAPSULE = pk.drug("levomilnacipran")
FE, FM = CAPSULE.fe_renal, CAPSULE.fm_cyp3a4
GROUPS = {name: pk.renal_group(name) for name in pk.RENAL_GROUPS}
SHUT = pk.enzyme_change(FM, 0).patient
KIDNEY = {
    name: group.cl_renal_L_per_h / GROUPS["normal"].cl_renal_L_per_h
    for name, group in GROUPS.items()
}


def asked(name):
    return THINGS[f"lesson07/{name}"]


def said(name):
    return " ".join(option.why for option in asked(name).options)


def ratio(quantity, partner):
    return evidence.get("levomilnacipran", quantity, comparator=partner, source="chen2015_cyp3a4")


# -- 1: one enzyme -----------------------------------------------------------------------------


def test_all_enzymes_shut_leave_the_kidneys_part():
    assert f"{100 * FE:.0f} of 100 mg" in asked("all_enzymes").text
    assert f"{100 * FE:.0f} of 100 parts" in asked("all_enzymes").text
    assert asked("all_enzymes").answer == pytest.approx(1 / FE, abs=0.005)
    assert asked("all_enzymes").ideas["block-is-rise"] == pytest.approx(2 - FE)


@pytest.mark.parametrize("name", ["ketoconazole", "carbamazepine"])
def test_goals_ask_for_the_measured_interval_and_the_courses_share_is_one_that_reaches_it(name):
    row = ratio("AUC_ratio", name)
    assert f"{row.low} to {row.high} times" in asked(name).text
    goal = asked(name)
    inside, outside = (
        {"share_percent": 36, "activity": 0, "exposure": exposure}
        for exposure in (row.low, row.high + 0.01)
    )
    assert goal.is_reached(inside)
    assert not goal.is_reached(outside)
    live = explore.one_enzyme(**goal.show)
    assert f"exposure {pk.exposure_ratio(0.36, goal.show['activity']):.3g}" in live.reading


def test_the_shares_that_are_printed_fit_into_one_clearance():
    share = asked("share_of_enzyme").reference
    low, best, high = share(np.array([1.47, 1.57, 1.67]))
    assert best == pytest.approx(pk.fraction_metabolised_from_inhibition(1.57))
    assert best == pytest.approx(FM, abs=0.005)
    assert f"CYP3A4's {FM:.2f} and the kidney's {FE:.2f}" in TOLD
    assert f"leave {1 - FE - FM:.2f} for the rest" in TOLD
    assert 0.31 < low < high < 1 - FE  # V6
    absorbed = FE / 0.9
    assert f"if 90 %, the kidney has {absorbed:.2f}: no rest" in TOLD
    assert absorbed + FM == pytest.approx(1, abs=0.01)
    seen = pk.cyp2c19_readings("Null/Null")
    printed = (f"({seen[source]} times, {source})" for source in ("jukic2018", "rudberg2008"))
    assert all(one in PAGE.given for one in printed)
    assert f"CYP2C19 has {share(min(seen['jukic2018'], seen['rudberg2008'])):.2f} or more" in TOLD


def test_the_ceiling_is_what_the_question_says():
    assert f"{100 * FM:.0f} % of levomilnacipran's clearance" in asked("stronger").text
    assert f"Raise it to {pk.exposure_ratio(FM, 0):.2f} times" in asked("stronger").right[0]
    measured = ratio("AUC_ratio", "ketoconazole").value
    assert f"Ketoconazole's {measured} is where the {100 * FM:.0f} %" in asked("stronger").right[1]
    assert f"other {100 * (1 - FM):.0f} % of the clearance" in said("stronger")


# -- 2: two doors ------------------------------------------------------------------------------


def test_both_doors_and_what_each_idea_makes_of_them():
    kidney = pk.exposure_ratio(0, 1, fe=FE, kidney_function=0.25)
    enzyme = pk.exposure_ratio(FM, 0)
    both = pk.exposure_ratio(FM, 0, fe=FE, kidney_function=0.25)
    thing = asked("both_doors")
    assert f"exposure to {kidney:.2f} times" in thing.text
    assert f"raises it to {enzyme:.2f} times" in thing.text
    assert thing.answer == pytest.approx(both, abs=0.005)
    assert thing.ideas == pytest.approx(
        {
            "ratios-multiply": kidney * enzyme,
            "rises-added": kidney + enzyme - 1,
            "worse-counts": kidney,
        },
        abs=0.01,
    )
    assert f"leaves {1 / kidney:.3f}" in thing.because
    assert f"{1 / both:.3f} is left" in thing.because
    patient = pk.kidney_patient(CAPSULE, 0.25) & SHUT
    assert both == pytest.approx(1 / patient.cl_ratio)


def test_the_learners_sum_is_the_librarys():
    for kidney, enzyme in ((0.3, 0.0), (1.0, 2.0), (0.5, 0.7)):
        assert asked("exposure_with_both").reference(FE, FM, kidney, enzyme) == pytest.approx(
            pk.exposure_ratio(FM, enzyme, fe=FE, kidney_function=kidney)
        )


def test_no_kidney_at_all_does_not_reach_what_was_seen_in_severe_impairment():
    most = pk.exposure_ratio(FM, 1, fe=FE, kidney_function=0)
    assert f"Without any kidney it is {most:.2f}" in asked("severe-by-split").why
    assert most < GROUPS["severe"].auc_ratio
    assert f"reach the {GROUPS['severe'].auc_ratio:.2f} times" in asked("severe-by-split").text
    live = explore.two_doors()
    crosses = live.artists["measured"].get_ydata()
    assert crosses == pytest.approx([group.auc_ratio for group in GROUPS.values()])
    for value in crosses[1:]:
        assert f"{value:.2f}" in live.reading


def test_the_split_gets_the_half_life_nearly_right_and_the_exposure_wrong():
    split = {name: pk.exposure_ratio(FM, 1, fe=FE, kidney_function=KIDNEY[name]) for name in GROUPS}
    severe = GROUPS["severe"]
    assert f"{split['severe']:.1f} times by the split, {severe.auc_ratio:.1f} observed" in TOLD
    assert f"{split['severe']:.1f} times the exposure ({severe.auc_ratio:.1f} observed)" in (
        asked("two_errors").text
    )
    normal_h = GROUPS["normal"].half_life_h
    assert f"{normal_h * split['severe']:.0f} h ({severe.half_life_h} h observed)" in (
        asked("two_errors").text
    )
    moderate = GROUPS["moderate"]
    assert f"{split['moderate']:.1f} for {moderate.auc_ratio:.1f}" in said("two_errors")
    assert f"from {normal_h} to {severe.half_life_h} h" in said("two_errors")
    fixed = severe.drug(CAPSULE).half_life_h
    assert fixed > 1.3 * severe.half_life_h  # clearance alone over-predicts it
    normal = GROUPS["normal"]
    assert f"{normal.cl_nonrenal_L_per_h:.1f} to {severe.cl_nonrenal_L_per_h:.1f} L/h" in TOLD
    assert f"from {normal.v_L:.0f} to {severe.v_L:.0f} L" in TOLD
    assert "/ 10.55" in PAGE.given
    assert normal.cl_renal_L_per_h == pytest.approx(10.55, abs=0.01)


# -- 3: the planner ----------------------------------------------------------------------------


def peak_of(plan):
    hours = np.arange(240, 340, 0.05)
    return pk.concentration(CAPSULE, plan, hours).max()


def test_a_doubled_dose_does_not_double_the_peak_and_does_not_just_fill_the_gap():
    doses = pk.repeat(80, times=18)
    usual = peak_of(doses)
    doubled = peak_of(doses.missed(11).doubled(11)) / usual
    assert asked("doubled").answer == pytest.approx(doubled, abs=0.005)
    assert f"{doubled:.2f} if doubled" in TOLD
    late = peak_of(doses.late(11, 12)) / usual
    assert f"peak {late:.2f} times if 12 h late" in TOLD
    live = explore.planner(late_h=24, days_per_step=2)
    assert f"peak {doubled:.2f}," in live.reading


def test_what_to_do_about_a_forgotten_dose_is_what_the_label_tells_patients():
    rule = evidence.get("levomilnacipran", "forgotten_dose", source="fetzima_label")
    for words in ("as soon as remembered", "never two"):
        assert words in rule.text
        assert words in TOLD
    for words in ("nearly due", "never two doses at once"):
        assert words in rule.text
        assert words in asked("late-dose").why


def test_the_latest_hour_is_the_one_that_is_shown():
    live = explore.planner(late_h=14.5, days_per_step=2)
    assert "peak 1.25," in live.reading
    live.set(late_h=15)
    assert "peak 1.26," in live.reading


def test_a_dose_still_being_reached_on_day_12_does_not_meet_the_goal():
    live = explore.planner(target_mg=100, days_per_step=6, late_h=23.5)
    assert "peak 1.18," in live.reading
    assert "100 mg from day 19" in live.reading
    late = {"late_h": 23.5, "dose_12": "taken", "kidney": 1, "peak": 1.18}
    assert not asked("late-dose").is_reached({**late, "on_day": 19})
    assert asked("late-dose").is_reached({**late, "on_day": 9})


def test_the_labels_titration_meets_the_goal_and_a_quicker_one_does_not():
    quick = pk.titration()
    assert pk.titration((20, 40, 80, 120), 2).dose_mg == quick.dose_mg
    changes = {
        days: float(
            re.search(
                r"up to ([\d.]+)",
                explore.planner(target_mg=120, days_per_step=days, ending="in steps").reading,
            )[1]
        )
        for days in (1, 2)
    }
    assert changes[2] <= 60 < changes[1]
    stopped = explore.planner(target_mg=120, days_per_step=2, ending="at once")
    assert float(re.search(r"up to ([\d.]+)", stopped.reading)[1]) > 60


def test_days_means_are_those_of_the_exact_areas():
    live = explore.planner(inhibitor_days=5, kidney=0.5, late_h=6, target_mg=40, ending="at once")
    drawn = live.artists["means"].get_ydata()
    plan = pk.titration([20, 40], [4, 24]).late(12, 6)
    change = pk.enzyme_change(FM, 0, 14 * 24, 19 * 24)
    body = pk.kidney_patient(CAPSULE, 0.5)
    for day in (1, 5, 11, 12, 16, 20, 29):
        exact = pk.area_under_curve(
            CAPSULE, plan, 24 * day, 24 * day + 24, patient=body, changes=[change]
        )
        assert drawn[day] == pytest.approx(exact / 24, rel=5e-3)


def test_a_short_course_is_four_days():
    acts = [
        float(re.search(r"usually of ([\d.]+) mg", explore.planner(
            kidney=0.4, target_mg=40, inhibitor_days=days).reading)[1])
        for days in (4, 5)
    ]  # fmt: skip
    assert acts[0] <= 120 < acts[1]


def test_in_the_people_of_turn_2_the_course_would_be_two_days():
    body = pk.renal_group("moderate").patient(volume="observed")
    plan, days = pk.titration([20, 40], [4, 24]), range(14, 28)

    def acting(course_days):
        change = pk.enzyme_change(FM, 0, 14 * 24, 24 * (14 + course_days))
        most = max(
            pk.area_under_curve(
                CAPSULE, plan, 24 * day, 24 * day + 24, patient=body, changes=[change]
            )
            for day in days
        )
        return most / 24 / pk.steady_state(CAPSULE, 1).cavg_ng_per_mL

    assert acting(2) <= 120 < acting(3)
    assert "it would be two days" in asked("short-course").why


def test_the_printed_area_is_the_measured_one_and_the_printed_peak_is_not():
    auc, cmax = ratio("AUC_ratio", "ketoconazole"), ratio("Cmax_ratio", "ketoconazole")
    assert auc.low < 1 / SHUT.cl_ratio < auc.high
    peaks = [
        pk.peak_after_dose(CAPSULE, 80, patient=who).cmax_ng_per_mL for who in (SHUT, pk.Patient())
    ]
    rise = peaks[0] / peaks[1]
    assert rise < cmax.low
    assert f"{rise:.2f} by the model, {cmax.value} ({cmax.low} to {cmax.high}) measured" in TOLD
    assert "one dose of 80 mg" in cmax.condition
    assert "one dose of 80 mg" in auc.condition
    assert CAPSULE.half_life_h / (1 - FM) == pytest.approx(18.75, abs=0.02)


def test_carbamazepine_in_words_is_carbamazepine_in_the_evidence():
    auc, cmax = ratio("AUC_ratio", "carbamazepine"), ratio("Cmax_ratio", "carbamazepine")
    assert (
        f"Lower by {100 * (1 - auc.value):.0f} %"
        in [option.text for option in asked("since_yesterday").options][1]
    )
    induced = pk.enzyme_change(FM, pk.fold_change_from_exposure(auc.value, FM)).patient
    for height in (pk.steady_state, pk.peak_after_dose):  # its design is not known here
        peaks = [height(CAPSULE, 80, patient=who).cmax_ng_per_mL for who in (induced, None)]
        assert peaks[0] / peaks[1] > cmax.high
    assert f"the peak to {cmax.value} ({cmax.low:.2f} to {cmax.high}), more than" in TOLD
    assert f"Twice the work of an enzyme with 36 % of the clearance is {1 + FM:.2f} times" in said(
        "since_yesterday"
    )


# -- 4: six people -----------------------------------------------------------------------------


def test_how_many_are_lower_still_as_many_virtual_people_as_are_drawn():
    people = pk.population(100_000, CAPSULE, rng=1)
    mean = 1 / people.cl_L_per_h * CAPSULE.cl_L_per_h
    share = np.mean(mean < 0.71)
    assert asked("lower_still").answer == pytest.approx(100 * share, abs=0.5)
    assert f"act as {80 * 0.71:.0f} mg" in asked("lower_still").text
    live = explore.people(**ASKED["people"])
    assert f"{100 * share:.0f} have a lower mean" in live.reading
    assert f"acts as {80 * 0.71:.0f}; {100 * share:.0f} of 100 are lower anyhow" in TOLD
    assert f"{100 * share:.0f} of 100 are lower anyhow" in asked("lower_still").because


@pytest.mark.parametrize(
    ("goal", "acts", "step", "limit"),
    [
        ("severe", "112", 20, 120),
        ("moderate-and-inhibitor", "72", 20, 120),
        ("poor-metaboliser", "16.5", 5, 20),
    ],
)
def test_the_dose_of_a_goal_is_the_highest_that_does_not_act_as_too_much(goal, acts, step, limit):
    show = asked(goal).show
    live = explore.people(**show)

    def acting():
        return float(re.search(r"act as ([\d.]+) mg", live.reading)[1])

    assert f"{acting():.3g}" == acts or f"{acting():.0f}" == acts
    assert acts in asked(goal).why
    assert f"{show['dose_mg']} mg act as {acts}" in TOLD
    assert acting() <= limit
    live.set(dose_mg=show["dose_mg"] + step)
    assert acting() > limit


def test_the_label_caps_are_no_division():
    own = asked("highest_dose").reference
    caps = {name: pk.dose_cap("levomilnacipran", renal_function=name) for name in GROUPS}
    acts = {name: caps[name] * GROUPS[name].auc_ratio for name in GROUPS}
    assert f"acts as {acts['mild']:.0f} mg to mildly and {acts['moderate']:.0f} mg to" in TOLD
    assert [float(own(group.auc_ratio)) for group in GROUPS.values()] == [120, 80, 60, 40]
    assert list(caps.values()) == [120, 120, 80, 40]
    with_it = pk.dose_cap("levomilnacipran", strong_cyp3a4_inhibitor=True)
    assert (own(1.57), with_it) == (60, 80)
    assert f"{with_it:.0f} mg act as {with_it * 1.57:.0f}" in TOLD
    with pytest.raises(evidence.EvidenceError, match="no rule for both"):
        pk.dose_cap("levomilnacipran", renal_function="moderate", strong_cyp3a4_inhibitor=True)
    limit = evidence.get("escitalopram", "maximum_dose", source="dpwg2022").value
    assert f"at most {limit:.0f} mg, from 65 years on 5 (`dpwg2022`)" in TOLD
    assert (
        "older adults 5 mg/day"
        in evidence.get("escitalopram", "maximum_dose", source="dpwg2022").note
    )
    assert f"by 3.3 ({5 * 5.7:.1f} by 5.7)" in asked("poor-metaboliser").why


def test_the_wait_is_the_labels_and_not_a_matter_of_what_is_left():
    after = compare.washout_days("MAOI", "levomilnacipran")
    before = compare.washout_days("levomilnacipran", "MAOI")
    assert asked("phenelzine").right[0].startswith(f"After at least {after:.0f} days")
    assert f"at least {after:.0f} days before, {before:.0f} after" in TOLD
    assert pk.fraction_remaining(12, 24 * before) < 1e-4
    severe_h = GROUPS["severe"].half_life_h
    assert f"half-lives of 12 and {severe_h} h" in TOLD
    assert 0.01 < pk.fraction_remaining(severe_h, 24 * before) < 0.02


# -- what is drawn -----------------------------------------------------------------------------


def test_no_line_runs_along_the_frame():
    live = explore.people(who="escitalopram, no CYP2C19", dose_mg=80)
    assert len(live.artists["mean"].get_ydata()) == 0
    assert "times theirs: off the figure." in live.reading
    live.set(who="severely impaired kidneys", dose_mg=5)
    drawn = live.artists["levomilnacipran"].get_ydata()
    assert 0 < len(drawn) < 49
    assert min(drawn) > 0.1
    assert "off the figure" not in live.reading
