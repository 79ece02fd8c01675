"""Lesson 11: every number that it tells follows from the evidence and the models."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest
from scipy.special import ndtr

from snrilab import compare, evidence, feedback, trials
from snrilab.exercises import FORMS, Goal, declared, inventory_items
from snrilab.explore import lesson11 as explore
from tests.conftest import ROOT
from tests.trials.closed_form import power_mmrm
from tools.lessons import Page
from tools.tabulate_trials import two_arms

PAGE = Page("lesson11")
TOLD = " ".join(PAGE.prose.replace("$", "").split())
THINGS = declared("lesson11")
NOBODY_HELPED = {"effect": "none", "placebo_leaves": "40 %", "drug_leaves": "3 %"}
ASKED = {  # each explorer's prediction, as its sliders have it
    "hundred_trials": {"effect_points": -3.3, "n_per_arm": 178},
    "who_left": NOBODY_HELPED,
    "price": {"event": "nausea", "dose": "80 mg"},
    "last_dose": {"decides": "the response"},
}
GOMMOLL_N = trials.published_design("gommoll2014").n_per_arm
ERROR = explore._error(GOMMOLL_N)
ASNIS = THINGS["lesson11/error_from_p"].reference(-3.99, 0.0038)


def asked(name):
    return THINGS[f"lesson11/{name}"]


def whys(name):
    return " ".join(option.why for option in asked(name).options)


def published(quantity, source, **filters):
    rows = evidence.find(quantity=quantity, source=source, provenance="found", **filters)
    assert rows
    return rows


def gap(name):
    (row,) = published("MADRS_difference", name)
    return row.value, row.low, row.high


# -- 1: the trial that failed ------------------------------------------------------------------


def test_how_many_miss_by_the_table_and_by_the_formula():
    by_table = 100 * (1 - trials.tabulated_power(-3.3, GOMMOLL_N))
    by_formula = 100 * (
        1
        - power_mmrm(
            -3.3,
            trials.covariance_of_change(),
            GOMMOLL_N,
            retention=[0.985, 0.95, 0.90, 0.85, 0.79],
        )
    )
    low, high = asked("missed").answer
    assert (round(by_table), round(by_formula)) == (18, 19)
    assert low == round(by_table)
    because = asked("missed").because
    assert "reads 18 are expected, by a formula 19" in because
    assert f"each with {GOMMOLL_N} patients per arm" in asked("missed").text
    simulated = trials.power(
        trials.published_design("gommoll2014"), n_per_arm=GOMMOLL_N, trials=20, rng=1
    )
    assert simulated.mean_standard_error == pytest.approx(ERROR, rel=0.05)
    assert high == 20


def test_the_drawn_scatter_has_the_tabulated_power_at_every_size_and_effect():
    for n in (50, 100, 178, 250, 400):
        for effect in (-1.5, -2.0, -3.3, -5.0):
            shift = abs(effect) / explore._error(n)
            drawn = ndtr(shift - 1.95996) + ndtr(-shift - 1.95996)
            assert drawn == pytest.approx(trials.tabulated_power(effect, n), abs=0.004)


def test_ninety_percent_takes_about_fifty_more():
    enough = next(n for n in range(150, 400) if trials.tabulated_power(-3.3, n) >= 0.9)
    assert round(enough - GOMMOLL_N, -1) == 50
    assert "about 50 more patients" in asked("nine-in-ten").why


def test_bakish_asnis_gommoll_and_the_five_together_are_those_of_the_evidence():
    row = evidence.get("levomilnacipran", "MADRS_difference", dose="40 mg/day", source="bakish2014")
    assert (row.value, row.low, row.high) == (-3.3, -5.5, -1.1)
    assert "-3.3 (-5.5 to -1.1)" in TOLD
    for words in ("P=.003", "LOCF -2.4 (-4.5,-0.3)"):
        assert words in row.condition
    assert "LOCF -2.4 (-4.5 to -0.3)" in TOLD
    (code,) = (c.source for c in PAGE.cells if "tabulated_power" in c.source)
    rows = published("MADRS_difference", "asnis2013")
    for one in rows:
        assert f"{one.value}" in code
        assert one.condition.partition("P=.")[2] in code
    assert [f"{x.value:.1f}" for x in rows] == ["-3.2", "-4.0", "-4.9"]
    assert "(-3.2, -4.0, -4.9)" in whys("what_a_dose_does")
    values = {r.drug: r.value for r in evidence.find(quantity="MADRS_change", source="gommoll2014")}
    assert values == {"levomilnacipran": -15.7, "placebo": -14.2}
    assert "-15.7 on the drug, -14.2 on placebo: -1.5" in TOLD
    assert f"{ERROR:.2f}" == "1.15"
    low, high = (-1.5 - 1.96 * 1.15, -1.5 + 1.96 * 1.15)
    assert f"an error of 1.15: about {low:.1f} to {high:.1f}" in TOLD
    assert f"Asnis's 1.38: {-1.5 - 1.96 * ASNIS:.1f} to {-1.5 + 1.96 * ASNIS:.1f}" in TOLD
    assert f"{ASNIS:.2f}" == "1.38"
    assert round(ASNIS / ERROR, 1) == 1.2
    assert "in Asnis's patients a fifth larger" in TOLD
    assert gap("meta2016") == (-3.49, -4.28, -2.70)
    assert "-3.49 (-4.28 to -2.70" in TOLD
    assert gap("montgomery2015") == (-2.9, None, None)
    assert "patients pooled, -2.9" in TOLD


def test_what_is_said_of_the_two_papers():
    bakish = asked("error_from_p").reference(-3.3, 0.003)
    assert bakish == pytest.approx(1.11, abs=0.005)
    both = np.hypot(bakish, [ERROR, ASNIS])
    assert "an error of {:.1f} to {:.1f} of its own".format(*both) in whys("two_papers")
    assert 1.8 - 1.96 * both == pytest.approx([-1.5, -1.5], abs=0.25)
    assert 1.8 + 1.96 * both == pytest.approx([5, 5], abs=0.3)
    assert "about -1.5 to 5" in whys("two_papers")
    assert "P {:.1f} to {:.1f}".format(*(2 * ndtr(-1.5 / np.array([ERROR, ASNIS])))) in (
        asked("two_papers").text
    )
    assert -1.5 - 1.96 * ERROR < -3.3 < -1.5 + 1.96 * ERROR
    power = {e: trials.tabulated_power(e, GOMMOLL_N) for e in (-2.9, -3.3)}
    assert f"At a true -2.9 the power is {100 * power[-2.9]:.0f} %" in TOLD
    assert 1 / 4 < 1 - power[-2.9] < 1 / 3
    assert 1 - power[-3.3] == pytest.approx(1 / 5, abs=0.03)


def test_the_highest_dose_is_not_shown_to_be_ahead_of_the_lowest():
    low, _, high = published("MADRS_difference", "asnis2013")
    error = [
        asked("error_from_p").reference(row.value, float(f"0.{row.condition.partition('P=.')[2]}"))
        for row in (low, high)
    ]
    ahead = low.value - high.value
    for one in error:
        assert ahead - 1.96 * one == pytest.approx(-1.1, abs=0.06)
        assert ahead + 1.96 * one == pytest.approx(4.3, abs=0.1)
    assert f"ahead of 40 by {ahead:.1f} points (about -1.1 to 4.3)" in whys("what_a_dose_does")


# -- 2: who left? ------------------------------------------------------------------------------


def test_carrying_forward_invents_and_hides():
    found = trials.four_ways(0, leave_placebo=0.40)
    assert asked("carried").answer == round(found.locf.mean_estimate, 1)
    assert f"{100 * found.locf.power:.0f} % of these trials have P < 0.05" in (
        asked("carried").because
    )
    assert f"{found.locf.trials} such trials" in asked("carried").text
    assert {
        trials.four_ways(e, leave_placebo=p, leave_drug=d, kind=k, strength=s).mmrm.trials
        for e in (0, -1.5, -3.3)
        for p in (0.03, 0.4)
        for d in (0.03, 0.4)
        for k in ("mar", "mnar")
        for s in ("mild", "strong")
    } == {500}
    assert trials.four_ways(0, leave_placebo=0.25).locf.mean_estimate == pytest.approx(
        -1.1, abs=0.06
    )
    assert "1.1 points out of nothing" in whys("which_analysis")


def test_where_people_get_worse_carrying_forward_helps_the_arm_that_more_leave():
    worse = trials.published_design("bakish2014").arms[0].change
    found = []
    for sign in (1, -1):  # as in the trial; the same disease getting worse
        design = two_arms(0.0, 0.03, 0.40)
        arms = tuple(replace(arm, change=sign * arm.change) for arm in design.arms)
        design = replace(design, arms=arms)
        found.append(trials.power(design, method="locf", trials=500, rng=1).mean_estimate)
    assert found[0] > 1.5
    assert f"got worse, by {-worse:.1f} points" in TOLD
    assert f"that 40 % leave early (placebo: 3 %), by {-found[1]:.1f}." in TOLD


def test_no_rule_for_carrying_forward_leaves_out_whether_people_improve():
    told = [TOLD, asked("carried").because, whys("which_analysis")]
    told += [item.because for form in FORMS for item in inventory_items(form)]
    told += [goal.why for goal in THINGS.values() if isinstance(goal, Goal)]
    told += (ROOT / "course" / "teaching").joinpath("notes.md").read_text("utf-8").split("\n")
    told += [one.idea for one in evidence.ideas()]
    rules = [
        sentence
        for text in told
        for sentence in re.split(r"(?<=[.*]) ", text)
        if re.search(r"(harm|help|favour)s? (it|that|the) arm|arm that more", sentence)
    ]
    assert len(rules) >= 4
    for sentence in rules:
        assert re.search(r"improve|get worse|got worse", sentence), sentence


def test_the_mmrm_misses_only_if_leaving_hangs_strongly_on_what_nobody_saw():
    off = {
        (kind, strength): abs(
            trials.four_ways(
                -3.3, leave_placebo=p, leave_drug=d, kind=kind, strength=strength
            ).mmrm.mean_estimate
            + 3.3
        )
        for kind in ("mar", "mnar")
        for strength in ("mild", "strong")
        for p in (0.03, 0.10, 0.25, 0.40)
        for d in (0.03, 0.10, 0.25, 0.40)
    }
    assert max(v for k, v in off.items() if k != ("mnar", "strong")) < 0.55
    strong = trials.four_ways(-3.3, kind="mnar", strength="strong")
    assert round(abs(strong.mmrm.mean_estimate + 3.3), 1) > 0.6


def stayed_and_left(*trial):
    """Return of placebo and drug what stayers gained, the share of it that leavers had, leavers."""
    found = []
    for seed in range(100):
        run = trials.simulate_trial(two_arms(*trial), dropout="mar", rng=seed)
        change, last = run.madrs_complete[:, -1] - run.baseline, run.last_madrs - run.baseline
        for arm in (0, 1):
            seen = (run.arm == arm) & run.mitt
            stay = change[seen & run.completed].mean()
            gone = seen & ~run.completed
            found.append([stay, last[gone].mean() / stay, gone.sum() / seen.sum()])
    return np.mean(np.reshape(found, (100, 2, 3)), axis=0).tolist()


def test_shares_of_leavers_and_what_they_had_gained_are_those_of_the_simulation():
    placebo, drug = stayed_and_left(0.0, 0.40, 0.03)
    assert f"{100 * placebo[2]:.0f} and {100 * drug[2]:.0f} % leave" in TOLD
    assert f"{100 * placebo[1]:.0f} and {100 * drug[1]:.0f} % of what stayers gained" in TOLD
    assert f"({placebo[0]:.1f}, {drug[0]:.1f})" in TOLD
    code = " ".join(c.source for c in PAGE.cells if "own(-12" in c.source)
    both = [
        trials.four_ways(0, leave_placebo=0.40).locf.mean_estimate,
        trials.four_ways(-3.3, leave_drug=0.40).locf.mean_estimate,
    ]
    assert "(simulated: {:.1f}, {:.1f})".format(*both) in TOLD
    assert both[0] == pytest.approx(asked("carried").answer, abs=0.05)
    own = asked("carried_mean").reference
    for arms, simulated in zip(
        [(placebo, drug), stayed_and_left(-3.3, 0.03, 0.40)], both, strict=True
    ):
        pair = [[round(x, 1), round(gained, 2), round(leave, 2)] for x, gained, leave in arms]
        control, active = pair
        assert "own({}, {}, {:.2f}) - own({}, {}, {:.2f})".format(*active, *control) in code
        assert own(*active) - own(*control) == pytest.approx(simulated, abs=0.15)


# -- 3: at what price? -------------------------------------------------------------------------


def test_nausea_and_its_wrong_ideas():
    needed = compare.number_needed_to_harm(29, 188, 11, 186)
    assert explore._counts()["nausea", "80 mg"] == (29, 188, 11, 186)
    assert asked("one_more").answer == pytest.approx(needed.value, abs=0.05)
    because = asked("one_more").because
    assert f"from {needed.harm[0]:.1f} to {needed.harm[1]:.0f}" in because
    low, high = asked("one_more").ideas["drug-column-alone"]
    assert low < 100 / 15.4 < high
    low, high = asked("one_more").ideas["ratio-for-difference"]
    assert low < 15.4 / 5.9 < high


def test_the_learners_numbers_are_the_librarys_in_all_twenty_rows():
    own = asked("number_needed").reference
    rows = compare.adverse_events("levomilnacipran", source="bakish2014")
    assert len(rows) == 20
    for row in rows:
        assert own(row.difference.low, row.difference.high) == pytest.approx(row.number_needed.harm)


def test_twice_the_patients_settle_headache_at_80_mg():
    once, twice = (compare.number_needed_to_harm(25 * k, 188 * k, 16 * k, 186 * k) for k in (1, 2))
    assert once.through_infinity
    assert f"from {twice.harm[0]:.0f} to {twice.harm[1]:.0f}" in asked("more-patients").why


def test_benefit_d_and_what_nothing_seen_allows():
    (row,) = published("MADRS_difference", "meta2016")
    words = f"{row.condition} {row.note}"
    assert "response RR 1.35 (1.23-1.47)" in words
    (response,) = published("response_rate", "montgomery2015")
    drug, placebo = response.value, response.comparator_value
    assert f"{drug} against {placebo} % responded" in TOLD
    assert f"one more in {100 / (drug - placebo):.1f}; by" in TOLD
    one_in = [100 / (placebo * (ratio - 1)) for ratio in (1.35, 1.47, 1.23)]
    assert f"1.35 times {placebo} % (1.23 to 1.47)" in TOLD
    assert "in {:.1f} ({:.1f} to {:.1f})".format(*one_in) in TOLD
    (left,) = published("AE_discontinuation", "fetzima_label", drug="levomilnacipran")
    assert f"{left.value:g} against {left.comparator_value:g} % left" in TOLD
    counts = [
        (round(share * n / 100), n)
        for share, n in ((left.value, left.n), (left.comparator_value, left.comparator_n))
    ]
    harm = compare.number_needed_to_harm(*counts[0], *counts[1])
    assert f"one more in {harm.value:.0f} ({harm.harm[0]:.0f} to {harm.harm[1]:.0f})" in TOLD
    ours = compare.standardise_difference(-3.3, 1.11, 185, 185)
    d = ours.value
    assert f"A *d* of {-d:.2f}" in TOLD
    assert f"in {100 * ndtr(-d / np.sqrt(2)):.0f} of 100 random pairs" in TOLD
    high = compare.risk_difference(0, 188, 0, 186).high
    assert f"{100 * high:.0f} in 100 more would still be possible" in TOLD
    other = compare.standardise_difference(-2.7, 0.85, 191, 189)
    reach = np.hypot(*[(x.high - x.low) / 2 for x in (ours, other)])
    assert reach == pytest.approx(0.3, abs=0.02)
    assert d == pytest.approx(other.value, abs=0.03)
    assert "a gap of 0.3 either way is not excluded" in TOLD


def test_who_left_who_relapsed_and_what_hangs_on_the_formula():
    (left,) = published("left_early", "bakish2014", dose="40 mg/day")
    shares = [round(100 * k / n) for k, n in ((32, 186), (43, 188))]
    assert shares == [round(left.comparator_value), round(left.value)]
    assert "{} % of placebo and {} % of 40 mg left".format(*shares) in whys("which_analysis")
    for source in ("shiovitz2014", "durgam2019"):
        (row,) = published("relapse_rate", source)
        said = rf"\b{row.value:g}\b.*?\b{row.comparator_value:g}\b.{{0,30}}{source}"
        assert re.search(said, whys("two_papers"))
    (drawn,) = (
        event
        for event in compare.adverse_events("levomilnacipran", source="bakish2014")
        if event.event == "constipation" and event.dose.startswith("80")
    )
    assert 0 < 100 * drawn.difference.low < 0.015
    (k, n, other, m) = explore._counts()["constipation", "80 mg"]
    with_drug, without = (k + 1) / (n + 2), (other + 1) / (m + 2)
    error = np.sqrt(with_drug * (1 - with_drug) / (n + 2) + without * (1 - without) / (m + 2))
    assert with_drug - without - 1.96 * error < 0
    assert "lower end is 0.01 in 100" in asked("not-at-40").why


def test_men_at_40_mg_are_as_many_as_is_said():
    counts = explore._counts()
    open_at_40 = {
        counts[name, "40 mg"][1]
        for name, dose in counts
        if dose == "80 mg"
        and compare.risk_difference(*counts[name, "80 mg"]).low > 0
        and compare.risk_difference(*counts[name, "40 mg"]).low <= 0
    }
    assert {f"with {men} men" for men in open_at_40} == {"with 71 men"}
    assert "with 71 men" in asked("not-at-40").why


# -- 4: the dose they ended on -----------------------------------------------------------------


def test_those_on_the_highest_dose_improved_least_in_a_large_trial():
    placebo, low, middle, high = (mean for mean, _, _ in explore._ended("the response", 3000, 1))
    assert middle < low < high
    assert high == pytest.approx(placebo, abs=1.2)
    alike = [mean for mean, _, _ in explore._ended("a lottery", 3000, 1)][1:]
    assert max(alike) - min(alike) < 1.2
    assert trials.published_design("gommoll2014").effects == {"40-120 mg": -1.5}
    assert "by 1.5 points, whatever the dose" in asked("no-better").why


@pytest.mark.parametrize(
    ("end", "code"),
    [
        ("None", "infinity-missing"),
        ("np.nan", "infinity-missing"),
        ("-np.inf", "infinity-missing"),
        ("1e9", "number-for-infinity"),
        ("'inf'", "text-for-infinity"),
    ],
)
def test_another_end_than_infinity_is_named(end, code):
    own = asked("number_needed")
    said = feedback.diagnose(own, own.function(f"return 1 / high, 1 / low if low > 0 else {end}"))
    assert said.code == code
    assert "inf" in said.example
