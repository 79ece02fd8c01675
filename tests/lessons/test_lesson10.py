"""Lesson 10: every number that it tells follows from the evidence and the models."""

from __future__ import annotations

import re

import numpy as np
import pytest

from snrilab import evidence, pk, trials
from snrilab.exercises import declared
from snrilab.explore import lesson10 as explore
from tools.lessons import Page

PAGE = Page("lesson10")
TOLD = " ".join(PAGE.prose.replace("$", "").split())
THINGS = declared("lesson10")
SOUND = {
    "open_field_h": 25, "swim_h": 26, "sucrose_h": 27, "pre_swim": "1 h before LPS",
}  # fmt: skip
WEEK = {"OFT": 25, "FST": 26, "SPT": 27}
ASKED = {  # each explorer's prediction, as its sliders have it
    "designer": {"mice": 100},
    "fourteen_days": {"half_life_h": 2, "interval_h": 24},
    "rat_week": {**SOUND, "livelier_percent": 30, "protection_percent": 0},
    "person": {
        "dose_mg_per_kg": 30, "animal": "rat", "weighed": "hydrochloride", "weight_kg": 60,
    },
}  # fmt: skip
SWIM = trials.SwimTest.illustrative()
LIVELIER = trials.LPSModel.illustrative(drug_locomotion=0.3, drug_protection=0.0)


def asked(name):
    return THINGS[f"lesson10/{name}"]


def whys(name):
    return {option.text: option.why for option in asked(name).options}


def slope(low, high, mice=10, delay_h=0.5, scatter_s=40.0, studies=20_000):
    """Return the chance of a slope in per cent, from many more studies than the figure takes."""
    test = trials.SwimTest.illustrative(sd_s=scatter_s)
    plan = trials.dose_response_design(low, high, n_per_group=mice, delay_h=delay_h, test=test)
    power, _ = trials.power_preclinical(
        plan, test=test, analysis="gradient", studies=studies, rng=99
    )
    return 100 * power


def numbers(words, pattern):
    return [float(found.replace(",", "")) for found in re.findall(pattern, words)]


# -- 1: a flat line ----------------------------------------------------------------------------


def test_the_constants_of_the_swim_test_are_those_that_the_page_prints():
    assert f"{SWIM.baseline_s:.0f} s without drug" in TOLD
    assert f"at most {SWIM.emax_s:.0f} s less with it" in TOLD
    assert f"half of that at {SWIM.ed50_mg_per_kg:.0f} mg/kg" in TOLD
    assert f"scatter* (standard deviation) is {SWIM.sd_s:.0f} s" in TOLD
    lowest_mean = SWIM.baseline_s - SWIM.emax_s
    assert f"no drug brings a group below {lowest_mean:.0f} s" in TOLD


def test_a_hundred_mice_buy_little_on_a_ceiling():
    assert asked("hundred_mice").answer == pytest.approx(slope(30, 60, 100), abs=1)
    means = SWIM.mean_s(np.array([30.0, 60.0]), trials.share_of_peak(0.5))
    assert f"loses another {means[0] - means[1]:.0f} s" in asked("hundred_mice").because
    in_all = SWIM.baseline_s - means[1]
    assert f"of {in_all:.0f} in all" in asked("hundred_mice").because
    assert slope(30, 60, 400, studies=2000) == pytest.approx(77, abs=5)  # "about 400 mice a dose"


def test_the_figure_says_the_chances_that_many_more_studies_give():
    for setting, truth in (
        ({}, slope(30, 60)),
        ({"lowest_mg_per_kg": 2.5, "fold": 8}, slope(2.5, 20)),
        ({"lowest_mg_per_kg": 2.5, "fold": 8, "delay_h": 6}, slope(2.5, 20, delay_h=6)),
        (asked("late").show, slope(20, 160, delay_h=6)),
        (asked("blunt").show, slope(2.5, 20, asked("blunt").show["mice"], scatter_s=80)),
    ):
        (shown,) = numbers(explore.designer(**setting).reading, r"four doses (\d+) %")
        assert shown == pytest.approx(truth, abs=2)


def test_what_far_below_says_of_more_mice_and_of_higher_doses():
    why = " ".join(whys("far_below").values())
    (by_figure,) = numbers(explore.designer(mice=100).reading, r"four doses (\d+) %")
    assert f"{by_figure:.0f} % by your figure" in why
    assert numbers(why, r"the chance is (\d+) %") == [pytest.approx(slope(30, 240), abs=1)]
    left = trials.share_of_peak(0.5)
    means = SWIM.mean_s(np.array([30.0, 60.0]), left)
    assert np.all(SWIM.baseline_s - means > 60 - 1)
    assert np.all(np.abs(means - 95) < 5)


def test_a_slope_is_needed_for_an_ed50_and_the_wide_study_has_one():
    found = []
    for low, high in ((30, 60), (1, 160)):
        plan = trials.dose_response_design(low, high, n_per_group=20)
        study = trials.simulate_preclinical(plan, rng=1)
        found.append(trials.fit_dose_response(study.dose_mg_per_kg, study.immobility_s)["ed50"])
    narrow, wide = found
    assert not narrow.low > 0 or not np.isfinite(narrow.high)
    assert 0 < wide.low < SWIM.ed50_mg_per_kg < wide.high < np.inf


# -- 2: fourteen days --------------------------------------------------------------------------


def test_one_model_of_the_rodent_serves_both_sections():
    rat = pk.rodent_illustration()
    hours = np.array([0.5, 2.0, 6.0])
    peak = pk.peak_after_dose(rat, 5.0)
    shares = pk.concentration(rat, pk.single_dose(5.0), hours) / peak.cmax_ng_per_mL
    assert shares == pytest.approx(trials.share_of_peak(hours), rel=1e-3)
    assert f"{peak.tmax_h:.1f} h after" in TOLD
    assert trials.share_of_peak(6.0) == pytest.approx(1 / 6, abs=0.002)  # "a sixth"


@pytest.mark.parametrize(("half_life_h", "grown"), [(2, 1.0), (12, 1.34)])
def test_the_peak_of_day_fourteen(half_life_h, grown):
    rat = pk.rodent_illustration(half_life_h)
    hours = np.linspace(0, 24, 2401)
    doses = pk.repeat(5.0, 24, 14)
    first, last = (pk.concentration(rat, doses, 24 * day + hours[:-1]).max() for day in (0, 13))
    assert last / first == pytest.approx(grown, abs=0.005)
    assert grown in (asked("day_fourteen").answer, *asked("day_fourteen").ideas.values())
    if half_life_h == 2:
        assert pytest.approx(4000, rel=0.03) == 2 ** (24 / 2)  # "1/4,000"


def test_the_learners_doses_bring_the_slope_back_at_six_hours():
    late = asked("dose_for_delay").reference(np.array([2.5, 5.0, 10.0, 20.0]), 5.4, 2.0)
    assert slope(late[0], 8 * late[0], delay_h=6) > 75
    words = asked("six_hours").text
    assert f"slope of {slope(2.5, 20):.0f} %" in words
    assert f"6 h: {slope(2.5, 20, delay_h=6):.0f} %" in words
    (with_hundred,) = numbers(words, r"(\d+) % with a hundred")
    assert with_hundred == pytest.approx(slope(2.5, 20, 100, delay_h=6), abs=1)
    assert f"act as {20 * trials.share_of_peak(6.0):.1f} mg/kg" in asked("six_hours").options[0].why


# -- 3: livelier is not happier ----------------------------------------------------------------


def test_the_windows_are_those_of_the_rat_study():
    row = evidence.get("LPS", "sickness_behaviour_window")
    assert row.source == "pmc4967699"
    assert f"from {row.low:g} to {row.high:g} h" in TOLD
    assert "Up to 96 h" in TOLD
    assert "anhedonia to 96 h" in row.condition


def simulated(model, seed):
    return trials.simulate_lps_study(
        12, schedule_h=WEEK, species="rat", pre_swim_h=-1, model=model, rng=seed
    )


@pytest.fixture(scope="module")
def many():
    """A hundred and fifty studies of a drug that only makes rats livelier."""
    return [
        trials.simulate_lps_study(
            12, schedule_h=WEEK, species="rat", pre_swim_h=-1, model=LIVELIER, rng=seed
        )
        for seed in range(150)
    ]


def share_significant(studies, outcome="immobility_s", **how):
    found = [trials.analyse_lps(study, outcome, **how)["levomilnacipran"] for study in studies]
    return 100 * np.mean([each.p_value < 0.05 for each in found])


def test_the_prediction_says_that_there_was_a_pre_swim_for_without_one_it_has_another_answer():
    assert "1 h before LPS (a pre-swim)" in THINGS["lesson10/livelier"].text
    live = explore.rat_week()
    live.set(**ASKED["rat_week"])
    with_one = live.reading
    live.set(pre_swim="none")
    assert live.reading != with_one
    chances = [float(re.search(r"swim (\d+) %", words)[1]) for words in (with_one, live.reading)]
    assert chances[0] == THINGS["lesson10/livelier"].answer
    assert chances[1] < 25


def test_a_livelier_rat_looks_happier_in_half_of_the_studies(many):
    shown = explore.rat_week(**ASKED["rat_week"]).reading
    assert f"swim {asked('livelier').answer:.0f} %" in shown
    assert share_significant(many) == pytest.approx(asked("livelier").answer, abs=12)
    assert share_significant(many, "sucrose_preference_percent") < 10
    assert share_significant(many, adjust=True) < 10


def test_the_chances_of_the_week_are_those_of_simulated_studies():
    for setting in (asked("hidden").show, {**SOUND, "protection_percent": 60}):
        model = trials.LPSModel.illustrative(
            drug_locomotion=setting.get("livelier_percent", 0) / 100,
            drug_protection=setting["protection_percent"] / 100,
        )
        studies = [
            trials.simulate_lps_study(
                12, schedule_h=WEEK, species="rat", pre_swim_h=-1, model=model, rng=seed
            )
            for seed in range(150)
        ]
        reading = explore.rat_week(**setting).reading
        shown = numbers(reading, r"(?:swim|sucrose|open field) (\d+) %")
        found = [
            share_significant(studies, outcome)
            for outcome in ("immobility_s", "sucrose_preference_percent", "distance_m")
        ]
        assert found == pytest.approx(shown, abs=12)


def test_the_guides_day_has_seven_conflicts_and_the_shown_week_none():
    guide = dict.fromkeys(("OFT", "FST", "SPT"), 24)
    assert len(trials.schedule_conflicts(guide, species="rat")) == 7
    assert explore.rat_week().reading.startswith("7 conflicts: swim at 24 h")
    assert explore.rat_week(**asked("no-conflict").show).reading.startswith("0 conflicts.")


def test_at_equal_distance_is_what_an_analysis_of_covariance_gives():
    study = trials.simulate_lps_study(100, species="rat", pre_swim_h=-1, model=LIVELIER, rng=10)
    other = study.group == "vehicle + LPS"
    slope_s = np.polyfit(study.distance_m[other], study.immobility_s[other], 1)[0]
    seconds = trials.analyse_lps(study).means
    metres = trials.analyse_lps(study, "distance_m").means
    names = trials.analyse_lps(study).groups
    assert names[1:3] == ("vehicle + LPS", "levomilnacipran + LPS")
    own = asked("at_equal_distance").reference(
        seconds[2], seconds[1], metres[2], metres[1], slope_s
    )
    plain = trials.analyse_lps(study)["levomilnacipran"]
    adjusted = trials.analyse_lps(study, adjust=True)["levomilnacipran"]
    assert own == pytest.approx(adjusted.value, abs=3)
    assert plain.p_value < 1e-4 < 0.05 < adjusted.p_value  # "more certain"; "it is gone"


# -- 4: from rat to person ---------------------------------------------------------------------


def test_the_rats_dose_in_a_person():
    drug = pk.drug("levomilnacipran")
    ratio = drug.salt_mw_g_per_mol / drug.mw_g_per_mol
    assert f"{ratio:.3f} mg of levomilnacipran hydrochloride" in TOLD
    mg = asked("human_mg").reference(30.0, 6.0, ratio, 60.0)
    assert asked("for_a_person").answer == pytest.approx(mg, abs=0.5)
    base = pk.base_from_salt(30, drug.salt_mw_g_per_mol, drug.mw_g_per_mol)
    assert mg == pytest.approx(60 * pk.human_equivalent_dose(base, "rat"))
    assert f"hold {base:.1f} mg of base" in asked("for_a_person").because
    ideas = asked("for_a_person").ideas
    assert ideas["salt-for-base"] == pytest.approx(60 * pk.human_equivalent_dose(30, "rat"), abs=1)
    assert ideas["mg-per-kg-carries-over"] == 30 * 60
    largest = max(
        float(row)
        for row in evidence.find(drug="levomilnacipran", quantity="maximum_dose")
        if row.source == "fetzima_label"
    )
    assert f"The label ends at {largest:.0f} mg" in asked("for_a_person").text
    assert f"40 to {largest:.0f} mg a day" in TOLD


def test_the_factors_are_those_of_the_guidance():
    for animal, factor in (("mouse", 3), ("rat", 6)):
        assert f"{animal} {factor}" in TOLD
        assert pk.human_equivalent_dose(37.0, animal) == pytest.approx(factor)


def test_least_effective_doses_and_what_they_belong_to():
    found = evidence.find(drug="levomilnacipran", quantity="minimum_effective_dose")
    rows = [row for row in found if row.basis == "behaviour"]
    told = {(row.species, row.event): float(row) for row in rows}
    assert {row.source for row in rows} == {"auclair2013"}
    words = asked("least_dose").text
    assert f"{told['mouse', 'tail suspension test']:g} mg/kg in tail" in words
    assert f"{told['mouse', 'forced swim test']:g} mg/kg in the swim test" in words
    ten, forty = (trials.minimum_effective_dose(mice) for mice in (10, 40))
    why = asked("least_dose").options[0].why
    assert f"({ten:.0f} mg/kg); with forty it needs {forty:.0f}" in why
    published = told["mouse", "forced swim test"]
    assert f"chosen so that ten need about {published:g}" in TOLD
    assert ten == pytest.approx(published, rel=0.1)
    in_rats = next(one.why for one in asked("least_dose").options if "In rats" in one.text)
    rat_mg_per_kg = pk.human_equivalent_dose(published, "mouse") / pk.human_equivalent_dose(
        1, "rat"
    )
    assert f"{published:g} mg/kg in a mouse are {rat_mg_per_kg:g} in a rat" in in_rats


def test_what_animals_did_is_told_as_it_was_found():
    swim = evidence.get("LPS", "swim_test_immobility")
    moved = evidence.get("levomilnacipran", "locomotor_activity")
    assert (swim.source, moved.source) == ("pmc4967699", "auclair2013")
    assert swim.text.startswith("no clear")
    assert "Their swim test showed nothing clear" in TOLD
    assert moved.text.startswith("no significant effect")
    assert "did not significantly change movement (`auclair2013`)" in TOLD
    mouse = next(row for row in evidence.find(source="bagchi2024") if "brain" in row.condition)
    minutes = re.findall(r"at (\d+) min", mouse.condition)
    assert "peaked after {} min in plasma, {} in brain".format(*minutes) in TOLD
    assert mouse.species == "mouse"
    tablets = evidence.get("milnacipran", "tablet_strengths")
    assert tablets.text.endswith("milnacipran hydrochloride")
    assert "milnacipran's the salt" in TOLD


def test_no_drug_is_left_a_day_after_the_last_dose():
    assert trials.share_of_peak(24) < 1 / 2000  # "by section 2 nothing is left"
    assert "no dose after LPS: by section 2 nothing is left" in TOLD


def test_the_dose_for_a_late_test_has_a_high_peak_and_that_is_said():
    more = asked("dose_for_delay").reference(1.0, 5.4, 2.0)
    means = asked("dose_for_delay").means
    assert f"({more:.1f} times in the lesson)" in means
    assert 1 / trials.share_of_peak(6.0) == pytest.approx(6, abs=0.05)  # "six times the dose"


def test_the_contradictions_are_met_by_name():
    (cell,) = [cell for cell in PAGE.cells if cell.name == "claims"]
    assert "[22, 23, 24, 25, 27]" in cell.source
    for number in (19, 20, 26):
        assert f"contradiction {number}" in TOLD
