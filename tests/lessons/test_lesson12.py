"""Lesson 12: every number that it tells follows from the evidence and the models."""

from __future__ import annotations

import numpy as np
import pytest

from snrilab import compare, evidence, trials
from snrilab.exercises import declared
from snrilab.explore import lesson12 as explore
from snrilab.feedback._mine import _run
from tools.lessons import Page

PAGE = Page("lesson12")
TOLD = " ".join(PAGE.prose.replace("$", "").split())
FOLDED = " ".join(
    " ".join(cell.source for cell in PAGE.cells if "<details>" in cell.source).split()
)
THINGS = declared("lesson12")
RIGHT = ("wrong", "not shown", "wrong", "wrong", "supported", "supported", "wrong", "not shown")
ASKED = {  # each explorer's prediction, as its sliders have it
    "settings": {"claim": "NET harder than SERT"},
    "plan": {"difference_points": 0.6, "sd_points": 10.2},
    "checker": {f"mark_{n}": mark for n, mark in enumerate(RIGHT, 1)},
}


def asked(name):
    return THINGS[f"lesson12/{name}"]


def whys(name):
    return " ".join(option.why for option in asked(name).options)


# -- 1: in how many worlds? --------------------------------------------------------------------


def test_the_count_is_the_librarys_and_only_uptake_puts_net_first():
    found = compare.count_worlds("NET is blocked harder than SERT")
    assert (found.true, found.asked) == (asked("worlds").answer, 12)
    assert found.turns_on == ("constant",)
    assert {world.constant for world, true in found.worlds if true} == {"uptake IC50"}
    assert "twelve settings" in TOLD


def test_the_constants_that_the_page_prints_are_those_of_the_evidence():
    for quantity, basis in (("IC50", "uptake_IC50"), ("Ki", "binding_Ki")):
        net, sert = (
            evidence.get(
                "levomilnacipran", quantity, target=target, basis=basis, source="auclair2013"
            ).value
            for target in ("NET", "SERT")
        )
        assert f"NET {net}, SERT {sert}" in TOLD
        shown = f"{net / sert:.1f}" if quantity == "Ki" else f"{net / sert:.2f}"
        assert shown in whys("prefers")


def test_the_bridge_puts_sert_first_by_about_five_points():
    bridge = [w for w in compare.worlds() if w.constant.startswith("PET")]
    gaps = [100 * (w.sert - w.net) for w in bridge]
    assert 3 < min(gaps) <= max(gaps) < 5.5
    assert "by 3 to 5 points" in asked("prefers").text


def test_the_highest_limit_that_sert_reaches_everywhere():
    lowest = min(world.sert for world in compare.worlds())
    assert int(100 * lowest) == asked("holds").show["limit_percent"] == 39
    assert "At least 39 % of SERT" in asked("holds").why.replace("“at", "At").replace("“At", "At")


def test_by_the_test_tube_40_mg_are_enough_and_by_the_bridge_120_are_not():
    for world in compare.worlds():
        if not world.constant.startswith("PET"):
            assert world.sert >= 0.8
        else:
            assert world.sert < 0.8


def test_half_of_the_settings_cannot_be_asked_about_escitalopram():
    found = compare.count_worlds("NET is blocked harder than by escitalopram")
    assert (found.true, found.asked) == (6, 6)


def test_both_ranges_over_the_settings_are_not_shown():
    own = asked("verdict").reference
    sert = [world.sert for world in compare.worlds()]
    gap = [world.net - world.sert for world in compare.worlds()]
    assert own(min(sert), max(sert), 0.8) == own(min(gap), max(gap), 0.0) == "not shown"


# -- 2: better? --------------------------------------------------------------------------------


def test_patients_of_a_trial_head_to_head():
    needed = trials.sample_size(0.6, 10.2, power=0.8)
    assert asked("head_to_head").answer == needed
    assert round((3 / 0.6) ** 2) == 25
    assert trials.power_t_test(2.9, 10.2, 200) > 0.8 > trials.power_t_test(2.8, 10.2, 200)
    reach = 1.96 * 10.2 * np.sqrt(2 / np.array([780, 800]))
    assert f"{reach[1]:.1f}" == "1.0"
    assert reach[0] > reach[1]


def test_the_two_trials_are_those_of_the_evidence():
    bakish = evidence.get("levomilnacipran", "MADRS_difference", dose="40 mg/day",
                          source="bakish2014")  # fmt: skip
    wade = evidence.get("escitalopram", "MADRS_difference", source="wade2002")
    assert (bakish.value, wade.value) == (-3.3, -2.7)
    assert {bakish.provenance, wade.provenance} == {"found"}
    assert compare.interval_from_p_value(-3.3, 0.003).standard_error == pytest.approx(
        1.11, abs=0.01
    )
    one = next(d for d in compare.benefit_and_harm("escitalopram") if d.source == "wade2002")
    assert (one.difference.high - one.difference.low) / 3.92 == pytest.approx(0.85, abs=0.005)


def test_what_two_placebo_trials_say_in_points_and_in_standard_deviations():
    own = asked("indirect").reference
    low, high = own(3.3, 1.11, 2.7, 0.85)
    assert f"0.6 ({low:.1f} to {high:.1f})" == "0.6 (-2.1 to 3.3)"
    assert "0.6 (-2.1 to 3.3)" in TOLD
    assert "0.6 points (-2.1 to 3.3)" in whys("fatigue")
    lvm = compare.standardise_difference(-3.3, 1.11, 185, 185)
    esc = compare.standardise_difference(-2.7, 0.85, 191, 189)
    low, high = own(-lvm.value, lvm.standard_error, -esc.value, esc.standard_error)
    gap = esc.value - lvm.value
    assert f"in SD by {gap:.2f} ({low:.2f} to {high:.2f}), so escitalopram is" in TOLD


def test_the_two_trials_were_not_analysed_alike():
    bakish = evidence.get("levomilnacipran", "MADRS_difference", dose="40 mg/day",
                          source="bakish2014")  # fmt: skip
    wade = evidence.get("escitalopram", "MADRS_difference", source="wade2002")
    assert "LOCF -2.4" in f"{bakish.condition} {bakish.note}"
    assert "LOCF" in f"{wade.condition} {wade.note}"
    assert "with last values carried forward, as in Wade, Bakish's 3.3 is 2.4" in TOLD


def test_the_trial_in_tired_patients_is_that_of_the_list():
    (one,) = (c for c in evidence.contradictions() if c.number == 34)
    assert "262 patients" in one.problem
    assert "one of four other SSRIs" in one.problem
    assert "NCT01254305" in one.problem
    assert "262 tired patients on levomilnacipran, one of four other SSRIs" in whys("fatigue")
    assert "`NCT01254305`" in TOLD


def test_a_function_that_needs_what_its_notebook_imported_is_not_lent():
    exercise = declared("lesson11")["lesson11/error_from_p"]
    source = "def error_from_p(estimate, p):\n    return np.abs(estimate) / norm.isf(p / 2)\n"
    own = _run(source, exercise)
    assert own is not None
    assert own(-3.3, 0.003) == pytest.approx(1.11, abs=0.005)


# -- 3: the claim checker ----------------------------------------------------------------------


def test_the_verdicts_are_the_exercises_and_two_sentences_stand():
    own = asked("verdict").reference
    found = explore.sentences()
    assert tuple(own(one.low, one.high, 1.0) for one in found) == RIGHT
    assert RIGHT.count("supported") == asked("stand").answer
    assert tuple(asked("all-eight").show.values()) == RIGHT


def test_no_sentence_rests_on_a_recalled_number():
    for drug, source in (
        ("levomilnacipran", "auclair2013"),
        ("venlafaxine", "bymaster2001"),
        ("levomilnacipran", "meta2016"),
        ("escitalopram", "chen2005_jneurochem"),
        ("levomilnacipran", "chen2015_renal"),
        ("levomilnacipran", "chen2015_cyp3a4"),
    ):
        used = ("Ki", "IC50", "MADRS_difference", "allosteric_EC50", "AUC_inf", "AUC_ratio")
        rows = [r for r in evidence.find(drug=drug, source=source) if r.quantity in used]
        rows = [r for r in rows if r.target in (None, "", "SERT", "NET")]
        assert rows
        assert "recalled" not in {r.provenance for r in rows}


def test_the_interval_of_the_uptake_ratio_is_the_printed_one():
    uptake = explore.sentences()[1]
    assert f"{uptake.value:.1f}-fold" == "1.8-fold"
    printed = f"{uptake.low:.2f} to {uptake.high:.0f}"
    assert printed in whys("not_shown")
    assert f"1.8-fold in one laboratory ({printed})" in TOLD


def test_ketoconazole_and_severe_kidney_disease_from_the_rows_by_hand():
    by_drug = np.log(1.67 / 1.47) / (2 * 1.645)  # from a printed 90 % interval
    by_kidney = np.hypot(516.9 / 2101, 1799.3 / 5900.8) / np.sqrt(8)  # SD over mean, of eight each
    fold = np.exp(1.96 * np.hypot(by_drug, by_kidney))
    one = explore.sentences()[3]
    assert one.value == pytest.approx(1.57 * 2101 / 5900.8, rel=1e-3)
    assert (one.low, one.high) == pytest.approx((one.value / fold, one.value * fold), rel=2e-3)
    # eight a group: Student's interval is wider, and says the same
    assert one.value * np.exp(2.36 / 1.96 * np.log(fold)) < 1


def test_at_20_mg_the_level_is_far_from_half_of_an_effect_in_a_dish():
    one = explore.sentences()[6]
    dish = evidence.get("escitalopram", "allosteric_EC50", source="chen2005_jneurochem")
    mean_ng_per_mL = 20e6 / (24 * 36.0) / 1000  # CL/F 36 L/h
    unbound_nM = mean_ng_per_mL * 0.44 / 324.4 * 1000
    assert one.value == pytest.approx(unbound_nM / dish.value, rel=0.01)
    assert one.value == pytest.approx(0.01, rel=0.15)
    assert "about a hundredth of what has half the effect" in TOLD
    assert one.high == pytest.approx(one.value * 2**1.96, rel=1e-4)


def test_the_ends_of_the_bridge_are_an_assumption_and_have_no_best_guess():
    one = explore.sentences()[7]
    ends = [w.sert for w in compare.worlds() if w.dose_mg == 40 and w.constant.startswith("PET")]
    assert (one.low, one.high) == pytest.approx((2 * min(ends), 2 * max(ends)))
    assert one.value is None
    shown = explore.checker(look_at=8)
    assert "no best guess" in str(shown.reading)


def test_the_pooled_sentences_are_those_of_five_trials():
    (meta,) = evidence.find(quantity="MADRS_difference", source="meta2016")
    two_points, more_stop = explore.sentences()[4:6]
    (by_patient,) = evidence.find(quantity="MADRS_difference", source="montgomery2015")
    assert f"With their patients pooled, 5 is {-by_patient.value} points" in TOLD
    assert (by_patient.low, by_patient.high) == (None, None)
    reach = 1.96 * 10.2 * np.sqrt(4 / meta.n)  # as many patients in each arm
    assert f"about {2.9 - reach:.1f} to {2.9 + reach:.1f}" in TOLD
    assert 2 * two_points.low == pytest.approx(-meta.high)
    assert 2 * two_points.high == pytest.approx(-meta.low)
    words = f"AE dropout RR {more_stop.value} ({more_stop.low}-{more_stop.high})"
    assert words in f"{meta.condition} {meta.note}"


def test_the_page_counts_the_sentences_of_the_evidence():
    assert f"The course lists {len(evidence.contradictions())} to begin with" in TOLD


def test_most_harms_are_more_frequent_at_80_mg():
    harms = {"40 mg/day": {}, "80 mg/day": {}}
    for one in compare.benefit_and_harm("levomilnacipran"):
        if one.source == "bakish2014" and "MADRS" not in one.outcome:
            harms[one.dose][one.outcome] = one.difference.value
    low, high = harms.values()
    more = [high[name] > low[name] for name in low]
    assert sum(more) > 0.7 * len(more) > 5


# -- the report --------------------------------------------------------------------------------


def test_the_sentences_after_the_report_are_those_of_its_tables():
    found = [
        *compare.occupancy_by_constant("levomilnacipran", [40.0]),
        *compare.occupancy_by_constant("escitalopram", [10.0]),
    ]
    differences = [
        one
        for drug in ("levomilnacipran", "escitalopram")
        for one in compare.benefit_and_harm(drug)
        if (one.source, one.dose) in (("bakish2014", "40 mg/day"), ("wade2002", "10 mg/day"))
    ]
    rows = {
        line.split("  ")[0]: line.split("  ", 1)[-1].split()
        for line in str(compare.fact_sheet(found, differences)).splitlines()
    }
    by_ki, by_ic50 = (rows[f"levomilnacipran 40 mg, {k}"] for k in ("binding Ki", "uptake IC50"))
    told = (
        f"block {by_ki[0]} % of NET and {by_ki[1]} % of SERT by Ki, {by_ic50[0]} and {by_ic50[1]}"
    )
    assert told in FOLDED
    bridge = rows["levomilnacipran 40 mg, in people"]
    assert f"{' '.join(bridge[:3])} and {' '.join(bridge[3:6])} % by a bridge" in FOLDED
    scans = rows["escitalopram 10 mg, in people"]
    assert scans[:2] == ["not", "measured"]
    assert f"block {scans[2]} % of SERT by scans; NET was not scanned" in FOLDED
    ours, theirs = rows["levomilnacipran 40 mg/day"], rows["escitalopram 10 mg/day"]
    assert f"{ours[0]} points ({' '.join(ours[1:4])}; `bakish2014`)" in FOLDED
    assert f"{theirs[0]} ({' '.join(theirs[1:4])}; `wade2002`)" in FOLDED
    assert f"one more in {rows['nausea'][0]} has nausea ({' '.join(rows['nausea'][1:4])})" in FOLDED
    assert rows["headache"][-3:-1] == ["not", "shown"]
