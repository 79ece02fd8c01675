"""The simulated trial: published means, intervals, vital signs; what dropout does to methods."""

from __future__ import annotations

import copy
import csv
import itertools
import pickle
from dataclasses import replace
from importlib.resources import files

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from snrilab import _tables, evidence
from snrilab.trials import (
    FOUR_WAYS_SETTINGS,
    Arm,
    DiseaseProgression,
    Dropout,
    Trial,
    TrialDesign,
    analyse,
    covariance_of_change,
    four_ways,
    mmrm,
    power,
    published_design,
    simulate_trial,
    tabulated_power,
)
from snrilab.trials._analysis import carried_forward

TRIALS = 40


@pytest.fixture(scope="module")
def bakish():
    """Analyses of simulated copies of one published trial: estimates by method, (trials, 5)."""
    results = {}
    for seed in range(TRIALS):
        trial = simulate_trial("bakish2014", rng=seed)
        for method in ("mmrm", "locf", "completers", "everybody"):
            found = analyse(trial, method)
            results.setdefault(method, []).append([*found.ls_means, *found.differences])
    return {
        method: (
            np.array([[one.value for one in row] for row in rows]),
            np.array([[one.standard_error for one in row] for row in rows]),
        )
        for method, rows in results.items()
    }


def monte_carlo(values):
    return 4 * values.std(axis=0, ddof=1) / np.sqrt(len(values))


def test_v14_means_differences_and_standard_errors_of_bakish(bakish):
    estimates, errors = bakish["mmrm"]
    published = [-11.3, -14.6, -14.4, -3.3, -3.1]
    assert np.all(np.abs(estimates.mean(axis=0) - published) < monte_carlo(estimates))
    assert errors[:, :3].mean(axis=0) == pytest.approx([0.77, 0.79, 0.79], abs=0.04)
    assert errors[:, 3:].mean(axis=0) == pytest.approx(1.11, abs=0.05)


def test_mmrm_is_unbiased_when_dropout_depends_on_what_was_seen(bakish):
    gap = bakish["mmrm"][0] - bakish["everybody"][0]
    assert np.all(np.abs(gap.mean(axis=0)) < monte_carlo(gap))


def test_completers_look_better_and_carrying_forward_looks_worse(bakish):
    truth = bakish["everybody"][0]
    completers = bakish["completers"][0] - truth
    locf = bakish["locf"][0] - truth
    # Means of the arms: those who stay improved more; those who left are frozen early.
    assert np.all(completers.mean(axis=0)[:3] < -monte_carlo(completers)[:3])
    assert np.all(locf.mean(axis=0)[:3] > monte_carlo(locf)[:3])
    # Differences: carrying forward hides part of the effect, as published (-2.4 against -3.3).
    assert np.all(locf.mean(axis=0)[3:] > 0)


def test_mmrm_is_biased_when_dropout_depends_on_what_was_not_seen():
    gaps = []
    for seed in range(TRIALS):
        trial = simulate_trial("bakish2014", dropout=Dropout.illustrative("mnar"), rng=seed)
        seen, known = analyse(trial), analyse(trial, "everybody")
        gaps.append(seen.ls_means[0].value - known.ls_means[0].value)
    assert np.mean(gaps) < -4 * np.std(gaps, ddof=1) / np.sqrt(TRIALS)


def test_v16_vital_signs_of_bakish():
    trial = simulate_trial("bakish2014", n_per_arm=4000, dropout="none", rng=16)
    at_end = {name: values[:, -1] for name, values in trial.vitals.items()}
    for name, means, sds in [
        ("pulse_bpm", (-0.5, 5.4, 6.0), (9.3, 9.6, 10.2)),
        ("sbp_mmHg", (0.1, 3.8, 2.9), (10.0, 9.7, 9.0)),
    ]:
        for arm in range(3):
            values = at_end[name][trial.arm == arm]
            assert values.mean() == pytest.approx(means[arm], abs=0.6)
            assert values.std() == pytest.approx(sds[arm], rel=0.05)
    # No dose response of blood pressure from 40 to 80 mg.
    assert at_end["sbp_mmHg"][trial.arm == 2].mean() < at_end["sbp_mmHg"][trial.arm == 1].mean()


def test_the_negative_trial_has_a_smaller_effect_and_a_stronger_placebo():
    negative, positive = published_design("gommoll2014"), published_design("bakish2014")
    assert negative.effects == {"40-120 mg": pytest.approx(-1.5)}
    assert negative.arms[0].change < positive.arms[0].change
    assert positive.effects == {"40 mg": pytest.approx(-3.3), "80 mg": pytest.approx(-3.1)}


def test_published_effects_are_those_of_the_evidence():
    asnis = published_design("asnis2013")
    assert list(asnis.effects.values()) == pytest.approx([-3.23, -3.99, -4.86])
    nausea = evidence.get("placebo", "AE_incidence", event="nausea", source="bakish2014")
    assert asnis.arms[0].adverse_events["nausea"] == pytest.approx(nausea.value / 100)


def test_baseline_is_that_of_bakish_after_screening_and_run_in():
    trial = simulate_trial("bakish2014", n_per_arm=3000, rng=2)
    assert trial.baseline.mean() == pytest.approx(31.0, abs=0.2)
    assert trial.baseline.std() == pytest.approx(3.6, abs=0.3)
    assert trial.baseline.min() >= 26
    flow = trial.flow
    assert flow["excluded as placebo responders"] > 0
    assert (
        flow["screened"]
        - flow["failed screening"]
        - flow["excluded as placebo responders"]
        - flow["excluded below entry score"]
        == flow["randomised"]
        == 9000
    )


def test_disposition_is_that_of_table_1_of_bakish():
    # Safety population: completed, and left for an adverse event (placebo, 40 mg, 80 mg).
    trial = simulate_trial("bakish2014", n_per_arm=6000, rng=5)
    arms = [trial.arm == arm for arm in range(3)]
    completed = [trial.completed[arm].mean() for arm in arms]
    assert completed == pytest.approx([154 / 186, 145 / 188, 142 / 188], abs=0.045)
    withdrew = [(trial.reason[arm] == "adverse event").mean() for arm in arms]
    assert withdrew == pytest.approx([3 / 186, 12 / 188, 19 / 188], abs=0.012)
    # Table 4: adverse events in the down-taper, 14 of 186, 6 and 11 of 188: no excess on drug.
    taper = [trial.taper_events[arm].mean() for arm in arms]
    assert taper == pytest.approx([31 / 562] * 3, abs=0.012)
    assert trial.sds_baseline.mean() == pytest.approx(17.0, abs=0.3)


@pytest.mark.parametrize(
    ("name", "mean"),
    [("asnis2013", 35.9), ("gommoll2014", 35.0), ("sambunaris2014", 35.0), ("burke2002", 29.0)],
)
def test_each_design_has_its_own_baseline(name, mean):
    trial = simulate_trial(name, n_per_arm=2000, dropout="none", rng=1)
    assert trial.baseline.mean() == pytest.approx(mean, abs=0.4)


def test_early_leaving_goes_under_its_own_name():
    placebo, drug = published_design("bakish2014").arms[:2]
    arms = (replace(placebo, early_leaving=0.4), replace(drug, early_leaving=0.03))
    trial = simulate_trial(TrialDesign("x", arms, 3000), dropout=Dropout.illustrative(), rng=2)
    early = [(trial.visits_seen[trial.arm == arm] == 1).mean() for arm in (0, 1)]
    assert early[0] - early[1] == pytest.approx(0.6 * (0.4 - 0.03), abs=0.05)
    gone = trial.reason == "other reasons"
    assert gone[trial.arm == 0].mean() > gone[trial.arm == 1].mean() + 0.2


def test_a_trial_survives_a_copy_and_a_file():
    trial = simulate_trial("bakish2014", n_per_arm=10, rng=1)
    again = copy.deepcopy(pickle.loads(pickle.dumps(trial)))
    assert again.design == trial.design
    assert np.array_equal(again.madrs, trial.madrs, equal_nan=True)
    with pytest.raises(TypeError):
        again.design.arms[0].adverse_events["nausea"] = 1.0


# --- Tables for sliders ----------------------------------------------------------------------


def test_four_ways_tell_who_is_misled():
    # A drug that does nothing, 40 % of placebo leave early: LOCF invents an effect.
    nothing = four_ways(0, leave_placebo=0.40)
    assert nothing["locf"].mean_estimate == pytest.approx(-1.8, abs=0.15)
    assert nothing["locf"].power > 0.3
    assert abs(nothing["mmrm"].mean_estimate) < 0.2
    # With leavers on drug it hides half of one.
    hidden = four_ways(-3.3, leave_drug=0.25)
    assert hidden["locf"].mean_estimate == pytest.approx(-1.7, abs=0.15)
    # What nobody sees misleads the MMRM too, and LOCF may be nearer by luck.
    unseen = four_ways(-3.3, kind="mnar", strength="strong")
    assert unseen["mmrm"].mean_estimate > -2.8
    assert unseen["mmrm"].coverage < 0.92
    assert abs(unseen["everybody"].mean_estimate + 3.3) < 0.15


@pytest.mark.parametrize("method", ["mmrm", "locf"])
def test_the_table_is_what_power_simulates(method):
    row = {"effect": -1.5, "leave_placebo": 0.25, "leave_drug": 0.10}
    placebo, drug = published_design("bakish2014").arms[:2]
    arms = (
        replace(placebo, ae_dropout=0.0, early_leaving=row["leave_placebo"]),
        replace(drug, change=placebo.change - 1.5, ae_dropout=0.0, early_leaving=row["leave_drug"]),
    )
    again = power(TrialDesign("two", arms, 186), method=method, trials=150, rng=77)
    tabulated = four_ways(**row)[method]
    assert again.mean_estimate == pytest.approx(
        tabulated.mean_estimate, abs=4 * again.sd_estimate * np.sqrt(1 / 150 + 1 / 500)
    )
    assert abs(again.power - tabulated.power) < 4 * np.sqrt(0.25 * (1 / 150 + 1 / 500))


def test_every_setting_of_the_sliders_is_tabulated():
    for setting in itertools.product(*FOUR_WAYS_SETTINGS.values()):
        found = four_ways(**dict(zip(FOUR_WAYS_SETTINGS, setting, strict=True)))
        assert all(0 <= found[method].coverage <= 1 for method in ("mmrm", "locf"))
    with pytest.raises(KeyError, match="there are mmrm"):
        found["bocf"]


def test_tabulated_power_is_the_simulated_one():
    rows = _tables.rows("trials_power")
    simulated = np.array([float(row["power"]) for row in rows])
    read = tabulated_power(
        [float(row["difference"]) for row in rows], [float(row["n_per_arm"]) for row in rows]
    )
    spread = np.sqrt(np.maximum(read * (1 - read), 1e-3) / [int(row["trials"]) for row in rows])
    assert np.abs((simulated - read) / spread).max() < 4.5
    assert np.sqrt(np.mean(((simulated - read) / spread) ** 2)) < 1.3


def test_without_a_response_rule_nobody_is_excluded_as_a_responder():
    course = DiseaseProgression.illustrative(run_in_response=1.0)
    design = TrialDesign("open", (Arm("placebo", -11), Arm("drug", -14)), 200, course=course)
    assert simulate_trial(design, rng=1).flow["excluded as placebo responders"] == 0


@given(seed=st.integers(0, 2**32 - 1), n=st.integers(2, 41), kind=st.sampled_from(["mar", "mnar"]))
@settings(max_examples=25, deadline=None)
def test_records_are_possible_and_agree_with_each_other(seed, n, kind):
    trial = simulate_trial("asnis2013", n_per_arm=n, dropout=kind, rng=seed)
    weeks = len(trial.design.visits_wk)
    assert np.bincount(trial.arm, minlength=4).tolist() == [n] * 4
    seen = ~np.isnan(trial.madrs)
    assert np.array_equal(seen.sum(axis=1), trial.visits_seen)
    assert np.array_equal(seen, np.arange(weeks) < trial.visits_seen[:, None])  # monotone
    assert np.array_equal(seen, ~np.isnan(trial.sds))
    assert np.all((trial.madrs[seen] >= 0) & (trial.madrs[seen] <= 60))
    assert np.all((trial.sds[seen] >= 0) & (trial.sds[seen] <= 30))
    assert np.array_equal(trial.madrs[seen], trial.madrs_complete[seen])
    assert np.all((trial.reason == "completed") == trial.completed)
    assert not np.any(trial.mitt & (trial.visits_seen == 0))
    assert not np.any(trial.adverse_events["erectile dysfunction (men)"] & ~trial.male)
    withdrew = trial.reason == "adverse event"
    assert np.all(np.any(list(trial.adverse_events.values()), axis=0)[withdrew])
    assert all(np.all(counts[~seen] == 0) for counts in trial.cssrs.values())
    assert trial.flow["completed"] == trial.completed.sum()


def test_fixed_doses_are_reached_in_steps_and_tapered():
    trial = simulate_trial("asnis2013", dropout="none", rng=4)
    for arm, steps in enumerate([[0] * 5, [40] * 5, [40] + [80] * 4, [40, 80, 120, 120, 120]]):
        assert np.all(trial.dose_mg[trial.arm == arm] == steps)
    top = trial.arm == 3
    assert np.all(trial.taper_mg[top] == [60, 20])
    abrupt = simulate_trial("asnis2013", dropout="none", tapered=False, rng=4)
    assert np.all(abrupt.taper_mg == 0)
    assert abrupt.taper_events.sum() > 2 * trial.taper_events.sum()


def test_flexible_doses_follow_response_so_the_worst_outcomes_sit_at_the_highest_dose():
    trial = simulate_trial("gommoll2014", n_per_arm=2000, dropout="none", rng=7)
    dose, change = trial.dose_mg[:, -1], trial.change[:, -1]
    drug = trial.arm == 1
    assert set(np.unique(dose[drug])) == {40, 80, 120}
    assert np.all(dose[~drug] == 0)
    assert np.all(np.diff(trial.dose_mg, axis=1) >= 0)
    # The dose has no effect in this simulation: the association is confounding by indication.
    assert change[drug & (dose == 120)].mean() > change[drug & (dose == 40)].mean() + 1.5


def test_suicidality_is_recorded_alike_in_all_arms():
    trial = simulate_trial("bakish2014", n_per_arm=3000, dropout="none", rng=9)
    totals = trial.cssrs["ideation"].sum(axis=1)
    means = [totals[trial.arm == arm].mean() for arm in range(3)]
    assert means == pytest.approx([8 * 0.02] * 3, abs=0.03)


def test_long_form_feeds_mmrm_and_gives_the_analysis():
    trial = simulate_trial("bakish2014", n_per_arm=60, rng=12)
    names = [arm.name for arm in trial.design.arms]
    fit = mmrm(
        trial.long(),
        response="change",
        subject="patient",
        visit="week",
        fixed=["baseline", "arm*week"],
        levels={"arm": names},
    )
    last = fit.differences("arm", by="week")[-2:]
    for a, b in zip(last, analyse(trial).differences, strict=True):
        assert a.value == pytest.approx(b.value)
        assert a.df == pytest.approx(b.df)
    rows = trial.patients()
    assert {len(column) for column in rows.values()} == {180}
    assert len(trial.long(mitt=False)["madrs"]) == 180 * 5


def test_response_and_remission_are_read_off_the_last_score():
    trial = simulate_trial("bakish2014", n_per_arm=400, rng=8)
    gone = trial.visits_seen == 0
    assert not trial.responded[gone].any()
    assert np.array_equal(trial.last_madrs[trial.completed], trial.madrs[trial.completed, -1])
    assert np.all(trial.responded | ~trial.remitted)  # nobody starts below 26
    share = [trial.responded[trial.arm == arm].mean() for arm in range(3)]
    meta = 1.35  # published risk ratio of response, 1.23 to 1.47
    assert np.mean(share[1:]) / share[0] == pytest.approx(meta, abs=0.25)


def test_escitalopram_has_its_own_published_trial():
    burke = published_design("burke2002")
    assert [arm.change for arm in burke.arms] == [-9.4, -12.8, -13.9]
    trial = simulate_trial(burke, dropout="none", rng=1)
    assert np.all(trial.dose_mg[trial.arm == 2] == 20)
    assert np.all(trial.taper_mg[trial.arm == 1] == 5)
    assert trial.vitals == {}
    assert trial.adverse_events["nausea"][trial.arm == 2].mean() == pytest.approx(0.15, abs=0.1)


def test_disability_improves_with_depression():
    trial = simulate_trial("bakish2014", n_per_arm=500, rng=3)
    found = analyse(trial, endpoint="sds")
    assert all(one.value < 0 for one in found.differences)


def test_covariance_of_change_is_a_covariance():
    matrix = covariance_of_change()
    sd = np.sqrt(np.diag(matrix))
    assert np.all(np.diff(sd) > 0)
    correlation = matrix / np.outer(sd, sd)
    assert np.all(np.diff(correlation[0]) < 0)
    assert np.linalg.eigvalsh(matrix)[0] > 0


@given(
    st.lists(
        st.lists(st.one_of(st.just(float("nan")), st.floats(0, 60)), min_size=3, max_size=3),
        min_size=1,
        max_size=5,
    )
)
def test_carrying_forward_fills_every_gap_and_changes_nothing_seen(scores):
    scores = np.array(scores)
    baseline = np.full(len(scores), 30.0)
    filled = carried_forward(scores, baseline)
    assert not np.isnan(filled).any()
    seen = ~np.isnan(scores)
    assert np.array_equal(filled[seen], scores[seen])
    before = np.concatenate([baseline[:, None], filled[:, :-1]], axis=1)
    assert np.array_equal(filled[~seen], before[~seen])


TRIAL = simulate_trial("bakish2014", n_per_arm=20, rng=0)
TWO = (Arm("placebo", -11.0), Arm("drug", -14.0))
BAD_INPUT = [
    (Arm, {"name": None, "change": -3}, "name"),
    (Arm, {"name": "x", "change": -3, "flexible": "yes"}, "flexible"),
    (Arm, {"name": "x", "change": -3, "adverse_events": ["nausea"]}, "adverse_events"),
    (Arm, {"name": "x", "change": -3, "vitals": {"pulse_bpm": 5.0}}, "vitals"),
    (TrialDesign, {"name": "x", "arms": "ab", "n_per_arm": 5}, "arms"),
    (
        TrialDesign,
        {"name": "x", "arms": published_design("bakish2014").arms, "n_per_arm": 5, "course": 3},
        "course",
    ),
    (covariance_of_change, {"course": "mild"}, "course"),
    (four_ways, {"effect": -2.0}, "effect"),
    (four_ways, {"leave_drug": 0.5}, "leave_drug"),
    (four_ways, {"kind": "mcar"}, "kind"),
    (four_ways, {"strength": "odd"}, "strength"),
    (tabulated_power, {"difference": -6, "n_per_arm": 100}, "difference"),
    (tabulated_power, {"difference": -3, "n_per_arm": 1000}, "n_per_arm"),
    (Arm, {"name": "x", "change": -3, "early_leaving": 2}, "early_leaving"),
    (simulate_trial, {"design": "bakish2015"}, "design"),
    (simulate_trial, {"design": 3}, "design"),
    (simulate_trial, {"rng": "a"}, "rng"),
    (simulate_trial, {"n_per_arm": 1}, "n_per_arm"),
    (simulate_trial, {"dropout": "often"}, "dropout"),
    (published_design, {"name": "montgomery"}, "name"),
    (published_design, {"name": "bakish2014", "n_per_arm": 0}, "n_per_arm"),
    (analyse, {"trial": None}, "trial"),
    (analyse, {"trial": TRIAL, "method": "bocf"}, "method"),
    (analyse, {"trial": TRIAL, "endpoint": "hamd"}, "endpoint"),
    (analyse, {"trial": TRIAL, "level": 2.0}, "level"),
    (covariance_of_change, {"visits_wk": [2, 1]}, "visits_wk"),
    (covariance_of_change, {"visits_wk": [0, 1]}, "visits_wk"),
    (DiseaseProgression.illustrative, {"memory_wk": 0.0}, "memory_wk"),
    (DiseaseProgression.illustrative, {"memory": 3.0}, "memory"),
    (Dropout.illustrative, {"kind": "never"}, "dropout"),
    (Arm, {"name": "x", "change": np.nan}, "change"),
    (Arm, {"name": "x", "change": -3, "ae_dropout": 2}, "ae_dropout"),
    (Arm, {"name": "x", "change": -3, "adverse_events": {"rash": 7}}, "adverse_events"),
    (TrialDesign, {"name": "x", "arms": TWO[:1], "n_per_arm": 5}, "arms"),
    (TrialDesign, {"name": "x", "arms": TWO, "n_per_arm": 1}, "n_per_arm"),
    (TrialDesign, {"name": "x", "arms": TWO, "n_per_arm": 5, "visits_wk": (4, 2)}, "visits_wk"),
]


def test_an_unreachable_entry_score_is_refused():
    course = DiseaseProgression.illustrative(entry_score=60)
    with pytest.raises(ValueError, match="entry_score"):
        simulate_trial(TrialDesign("none", TWO, 5, course=course), rng=1)


def test_every_constant_names_a_source_or_is_called_illustrative():
    lines = files("snrilab").joinpath("data", "trials.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(lines.splitlines()):
        assert row["source"] == "illustrative" or evidence.reference(row["source"]), row
        assert np.isfinite(float(row["value"]))


def test_a_seed_gives_the_same_trial_again():
    a, b = (simulate_trial("bakish2014", n_per_arm=20, rng=5) for _ in range(2))
    assert isinstance(a, Trial)
    assert "60 randomised" in repr(a)
    assert np.array_equal(a.madrs, b.madrs, equal_nan=True)
