"""Lesson 01: every number that it tells follows from the evidence and the models."""

from __future__ import annotations

import re

import numpy as np
import pytest

from snrilab import evidence, mechanism
from snrilab.exercises import declared
from snrilab.explore import lesson01 as explore
from tools.lessons import Page

PAGE = Page("lesson01")
TOLD = " ".join(PAGE.prose.replace("$", "").split())
THINGS = {name.partition("/")[2]: thing for name, thing in declared("lesson01").items()}
ASKED = {  # each explorer's prediction, as its sliders have it
    "bath": {"blocked_percent": 80},
    "pump": {"serotonin_nM": 5_000},
    "release": {"blocked_percent": 88},
    "plane": {"conc_nM": 2_000},
}
SYNAPSE = mechanism.Synapse()
MEASURED = evidence.parameters("synapse")
OTHER = round(float(MEASURED["non_transporter_fraction_cortex"]), 3)
BASAL_NM = float(MEASURED["basal_5HT_cortex_nM"])
KM_NM = float(MEASURED["km_5HT_hSERT_nM"])
SEEN = {point.name: point for point in mechanism.observations()}


def fold(block, **how):
    return float(SYNAPSE.steady_state(block, **how).serotonin.fold)


def left(serotonin_nM, in_ki=4.0):
    slow, free = (mechanism.uptake_rate(serotonin_nM, 1.0, KM_NM, i, 1.0) for i in (in_ki, 0.0))
    return slow / free


def test_the_bath_and_its_prediction_follow_from_mice_without_sert():
    rise = THINGS["rise"]
    ceiling = SEEN["no SERT in cortex"].observed
    assert (ceiling, OTHER) == pytest.approx((10, 0.1))
    assert rise.answer == pytest.approx(mechanism.fold_increase(0.8, OTHER), rel=1e-3)
    assert rise.ideas["other-exits-forgotten"] == pytest.approx(1 / (1 - 0.8))
    assert rise.ideas["straight-line-to-ceiling"] == pytest.approx(1 + 0.8 * (ceiling - 1))
    assert "18 + 10 = 28 %" in rise.because
    assert f"80 % of SERT blocked gives {rise.answer:.1f} times" in TOLD
    assert [round(float(mechanism.fold_increase(b, OTHER)), 1) for b in (0.1, 0.8, 0.9)] == [
        1.1, 3.6, 5.3,
    ]  # fmt: skip
    assert "1.0 to 1.1 times" in THINGS["last_steps"].options[3].why


def test_blocks_for_wanted_rises_are_what_the_text_says():
    needed = THINGS["block_needed"].reference(np.array([2, 5, 10, 12]), OTHER)
    double, five, ten, twelve = (100 * needed).round()
    assert f"Doubling takes {double:.0f} % of SERT" in TOLD
    assert f"only {ten - five:.0f} % more. Twelve times would take {twelve:.0f} %" in TOLD
    back = mechanism.fold_increase(needed[:3], OTHER)
    assert back == pytest.approx([2, 5, 10])


def test_the_dish_tells_the_two_drugs_apart_where_the_prediction_says():
    assert f"{KM_NM:g} nM for human SERT" in TOLD
    assert f"about {BASAL_NM} nM" in TOLD
    at = {times_km: 100 * left(times_km * KM_NM) for times_km in (10, 1)}
    why = THINGS["where_to_look"].because
    assert f"leaves {at[10]:.0f} % of the uptake, at Km {at[1]:.0f} %" in why
    assert left(BASAL_NM) == pytest.approx(0.2, rel=0.01)
    assert at[10] > at[1] > 20
    assert f"{100 * left(20_000):.0f} %" in THINGS["competitor_changes"].options[1].why


def test_in_the_cortex_block_is_occupancy_as_the_cell_prints_it():
    ki_nM = evidence.parameters("binding_Ki")["levomilnacipran/SERT"].value
    assert f"binding Ki at human SERT ({ki_nM} nM)" in TOLD
    (conc_nM,) = re.findall(rf", {KM_NM:g}, ([\d.]+), {ki_nM}\)", PAGE.given)
    assert float(conc_nM) == pytest.approx(4 * ki_nM)
    reference = THINGS["share_left"].reference
    assert reference(BASAL_NM, KM_NM, 44.8, ki_nM) == pytest.approx(left(BASAL_NM))
    free = 1 - mechanism.occupancy(44.8, ki_nM)
    assert round(100 * left(BASAL_NM), 1) == round(100 * free, 1)


def test_the_brake_meets_what_was_measured_and_what_the_goals_say():
    local, systemic = (
        SEEN[name]
        for name in ("milnacipran through a probe in cortex", "milnacipran in the whole animal")
    )
    asked = THINGS["whole_animal"]
    assert f"to {local.observed:.0f} times" in asked.text
    assert asked.answer == pytest.approx((systemic.low, systemic.high))
    assert asked.ideas["brake-unknown"] == local.observed
    inside = [b for b in range(101) if systemic.low <= round(fold(b / 100), 2) <= systemic.high]
    assert f"take {inside[0]} to {inside[-1]} % of SERT" in THINGS["highest"].why
    assert f"{fold(1):.1f} times. The {systemic.low} to {systemic.high} times" in (
        THINGS["highest"].why
    )
    alone = fold(0.9, route="local")
    assert f"At 90 % that makes {alone:.1f} against {fold(0.9):.1f} times" in (
        THINGS["cortex_only"].why
    )
    assert fold(0.99, route="local") == pytest.approx(local.observed, rel=0.02)
    assert fold(0.9) < 3 < alone
    weeks = SYNAPSE.simulate([0, 24 * 56], 0.9).serotonin.fold
    assert weeks[1] > 3 > weeks[0]


def test_a_learners_line_closes_the_loop_at_the_level_of_the_model():
    cell = next(cell.source for cell in PAGE.cells if cell.name == "use-release-left")
    assert "0.19 * level_nM / 1.4" in cell
    assert pytest.approx(0.19) == 0.1 * (1 - OTHER) + OTHER
    alone = SYNAPSE.without_brake("terminal").steady_state(0.9).serotonin
    brake = SYNAPSE.serotonin.soma.autoreceptor
    held, rest = (
        level**brake.hill / (level**brake.hill + brake.ec50_nM**brake.hill)
        for level in (float(alone.terminal_nM), BASAL_NM)
    )
    release = THINGS["release_left"].reference(held, rest, brake.max_inhibition)
    assert release == pytest.approx(0.19 * float(alone.fold), rel=0.02)
    assert f"would be {mechanism.fold_increase(0.9, OTHER):.1f}" in TOLD
    assert f"explorer says {fold(0.9):.1f}" in TOLD


def test_what_the_model_misses_is_told_with_its_numbers():
    half = SEEN["half of SERT in cortex"]
    assert f"{half.observed:.1f} times the cortical serotonin" in TOLD
    assert f"the bath says {half.model:.1f}" in TOLD
    firing = SEEN["raphe firing: citalopram for 14 days"]
    assert firing.observed == 1
    assert f"the model says {100 * firing.model:.0f} % at 90 % block" in TOLD
    weeks = explore.release(blocked_percent=90, wears_off=True).reading
    assert f"{100 * firing.model:.0f} % after 2 weeks" in weeks


def test_trials_scans_and_mice_are_quoted_as_the_evidence_has_them():
    trials = evidence.get("SSRIs", "share_of_benefit", source="taylor2006")
    assert trials.value == pytest.approx(100 / 3, abs=1)
    assert "28 trials of SSRIs against placebo, about a third" in THINGS["weeks"].text
    scan = evidence.find(source="moriguchi2017", quantity="BPND_difference")[0]
    assert f"{scan.value:.0f} % more NET" in THINGS["overly_efficient"].options[0].why
    (pooled,) = evidence.find(source="gryglewski2014")
    assert (pooled.value, pooled.unit) == (-10, "%")  # "about a tenth less"
    assert "18 studies pooled have about a tenth less" in THINGS["overly_efficient"].options[0].why
    (cells,) = evidence.find(source="lira2003")
    assert "fourfold" in cells.shown
    assert "half the number" in cells.shown
    assert "half the serotonin cells in the raphe, and these fire four times more slowly" in TOLD
    (again,) = [row for row in evidence.find(source="bel1999") if "WAY-100635" in row.shown]
    assert "adds little" in again.shown
    assert "added only a little (Bel 1999)" in THINGS["whole_animal"].because
    (raphe,) = evidence.find(source="invernizzi1992")
    assert "no significant rise in frontal cortex; a significant one with" in raphe.shown
    (mice,) = evidence.find(source="nguyen2013", drug="escitalopram")
    assert "moderate increase" in mice.shown
    assert "4 or 8 mg/kg" in THINGS["without_sert"].text


def test_escitalopram_moves_norepinephrine_by_a_tenth_above_the_concentration_in_the_text():
    live = explore.plane(conc_nM=1_000)
    assert float(live.artists["escitalopram"].get_ydata()[0]) < 1.1
    live.set(conc_nM=1_500)  # from here on the explorer tells what was predicted
    assert float(live.artists["escitalopram"].get_ydata()[0]) > 1.1
    held = {
        basis: mechanism.occupancy(
            np.array([77, 398]), float(evidence.parameters(basis)["levomilnacipran/NET"])
        )
        for basis in ("uptake_IC50", "binding_Ki")
    }
    assert np.all(held["uptake_IC50"] > 0.87)  # wherever the goal is reached
    assert np.all(held["binding_Ki"] < 0.82)
    at_100 = [
        float(mechanism.occupancy(100, float(evidence.parameters(b)["levomilnacipran/NET"])))
        for b in ("uptake_IC50", "binding_Ki")
    ]
    why = THINGS["constants_matter"].why
    assert f"At 100 nM NET is {at_100[0]:.0%} full".replace("%", " %") in why
    assert at_100[1] == pytest.approx(0.5, abs=0.03)
    assert "leaves half open" in why
