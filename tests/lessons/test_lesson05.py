"""Lesson 05: every number that it tells follows from the evidence and the models."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import ttest_ind_from_stats

from snrilab import evidence, mechanism, pk
from snrilab.exercises import declared
from snrilab.explore import lesson05 as explore
from tools.lessons import Page

PAGE = Page("lesson05")
TOLD = " ".join(PAGE.prose.split())
THINGS = declared("lesson05")
ASKED = {  # each explorer's prediction, as its sliders have it
    "exposure": {"dose_mg": 260},
    "washout": {"ligand_nM": 21_000},
    "clocks": {"scans": True},
    "board": {"prior_percent": 10, "ten_days": "10 for"},
}
DRUG = pk.drug("escitalopram")
EC50_NM = float(evidence.get("escitalopram", "allosteric_EC50"))
R_EC50_NM = float(evidence.get("R-citalopram", "allosteric_EC50"))


def thing(name):
    return THINGS[f"lesson05/{name}"]


def why(name):
    return " ".join(option.text + " " + option.why for option in thing(name).options)


def level_ng_per_mL(dose_mg):  # noqa: N802
    """Mean level of one dose a day: what comes in is what is cleared."""
    return 1000 * dose_mg / (24 * DRUG.cl_L_per_h)


def unbound_nM(dose_mg):  # noqa: N802
    return pk.nM_from_ng_per_mL(level_ng_per_mL(dose_mg), DRUG.mw_g_per_mol, fu=DRUG.fu)


def scan(drug, source, time, dose):
    return evidence.get(drug, "occupancy", source=source, time=time, dose=dose)


def p_value(drugs, source, time, doses):
    """Welch's test from the printed means and SD."""
    of = [scan(drug, source, time, dose) for drug, dose in zip(drugs, doses, strict=True)]
    one, other = ((float(row), row.high - float(row), row.n) for row in of)
    return of, ttest_ind_from_stats(*one, *other, equal_var=False).pvalue


BOTH = ("escitalopram", "citalopram")
SIX_H = "6 h after the last of 10 daily doses"
TEN_DAYS, P_TEN_DAYS = p_value(BOTH, "klein2007", SIX_H, ("10 mg/day", "20 mg/day"))
ONE_DOSE, P_ONE_DOSE = p_value(BOTH, "klein2006", "6 h after a single dose", ("10 mg", "20 mg"))
LATER = scan("escitalopram", "klein2007", SIX_H.replace("6 h", "54 h"), "10 mg/day")


def test_the_claim_is_what_the_text_says():
    claims = {claim.key: claim.wording for claim in evidence.claims()}
    for key in ("004-04", "004-05"):
        assert f"“{claims[key]}”" in TOLD
    assert "“Uniquely among SSRIs" in thing("unique").text


def test_a_tablet_and_what_it_would_take():
    assert round(level_ng_per_mL(10), 1) == 11.6
    assert "10 mg a day keep 11.6 ng/mL on average, 44 % of it unbound" in TOLD
    assert round(unbound_nM(10)) == 16
    assert f"{unbound_nM(10):.1f} nM unbound" in thing("tablets").text
    assert f"sites are filled at {EC50_NM:,.0f} nM" in thing("tablets").text
    assert f"Half of the greatest effect takes {EC50_NM:,.0f} nM" in TOLD
    needed = [EC50_NM * share / (1 - share) / unbound_nM(10) for share in (0.1, 0.5)]
    assert thing("tablets").answer == pytest.approx(needed[0], abs=0.05)
    assert thing("tablets").answer == pytest.approx(EC50_NM / 9 / 15.7, abs=0.05)
    assert f"({thing('tablets').answer} tablets" in explore.exposure(dose_mg=255).reading
    through_half = 2 * 0.1 * EC50_NM / 15.7
    assert thing("tablets").ideas["proportional-occupancy"] == pytest.approx(through_half, abs=0.05)
    assert thing("tablets").ideas["share-forgotten"] == pytest.approx(EC50_NM / 15.7, abs=0.5)
    assert f"{needed[1]:.0f} tablets a day" in why("what_is_3600")
    assert f"About {10 * needed[0]:.0f} mg a day" in thing("tenth").why
    times_lower = [round(EC50_NM / unbound_nM(dose_mg), -1) for dose_mg in (20, 10)]
    assert times_lower == [110, 230]
    assert f"{EC50_NM / unbound_nM(20):.0f} to 230 times lower" in why("what_is_3600")
    assert f"{EC50_NM / unbound_nM(20):.0f} times the mean unbound level" in (
        thing("double-stay").why
    )
    reference = thing("unbound_nM").reference
    assert reference(level_ng_per_mL(10), DRUG.mw_g_per_mol, DRUG.fu) == pytest.approx(
        unbound_nM(10)
    )


def test_nobody_gets_there_at_20_mg():
    poor = explore.exposure(dose_mg=20, enzyme="poor", counted="total")
    ratio = float(evidence.parameters("escitalopram_CYP2C19")["Null/Null (PM)"])
    total_nM = unbound_nM(20) / DRUG.fu * ratio
    assert 100 * mechanism.allosteric_occupancy(total_nM, EC50_NM) == pytest.approx(6.1, abs=0.05)
    assert "6.1 % of the second sites" in poor.reading
    # however one counts, the first site is where its scans have it
    shares = [
        explore.exposure(dose_mg=20, counted=way).artists["first"].get_ydata()[0]
        for way in ("unbound", "total")
    ]
    assert shares[0] == shares[1]
    assert "has 6 %" in thing("at-twenty").why
    assert f"{ratio:g} times (*poor metabolisers*" in TOLD
    middle = float(evidence.parameters("escitalopram_CYP2C19")["Null/*1 (IM)"])
    assert f"{middle:g} times the level (*intermediate*)" in TOLD
    needed_in_brain = EC50_NM / 9 / unbound_nM(20)
    assert f"It would have to be {needed_in_brain:.0f} times higher" in TOLD


def test_the_dish():
    assert thing("filled").answer == pytest.approx(1 / (1 - 0.85), rel=1e-3)
    stay = [mechanism.dissociation_half_life(0.011, nM, EC50_NM) for nM in (0, 31, EC50_NM)]
    assert f"{100 * (stay[1] / stay[0] - 1):.1f} % longer" in explore.washout().reading
    assert stay[2] / stay[0] == pytest.approx(2)
    assert round(R_EC50_NM / EC50_NM) == 5  # "five times as much"
    assert thing("double-by-R").show["ligand_nM"] == R_EC50_NM
    order = evidence.get("sertraline, 5-HT, paroxetine", "allosteric_effect").condition
    assert order == "order: S-cit > R-cit > sertraline > 5-HT > paroxetine"
    assert "escitalopram, R-citalopram, sertraline, serotonin, paroxetine" in why("unique")
    none = evidence.get("fluoxetine, venlafaxine, duloxetine", "allosteric_effect")
    assert none.text == "none"
    assert "fluoxetine, venlafaxine and duloxetine no significant effect" in why("unique")
    assert explore.washout(ligand="duloxetine", ligand_nM=1e5).reading.count("63 s") == 2


def test_the_scans():
    first = TEN_DAYS[0]
    assert thing("two_days_later").answer == float(LATER)
    assert f"{float(first)} % of SERT held" in thing("two_days_later").text
    assert f"SD {LATER.high - float(LATER):.1f}" in thing("two_days_later").because
    odds = float(first) / (100 - float(first))
    assert f"At 6 h {odds:.1f} pumps" in thing("two_days_later").because
    falls = thing("two_days_later").ideas["proportional-occupancy"]
    assert falls == pytest.approx(float(first) * 2 ** (-48 / 30), rel=0.01)
    later = 100 * thing("held_later").reference(float(first) / 100, 48, 30)
    # The same by way of the library: concentration over that of half occupancy.
    assert later == pytest.approx(100 * mechanism.occupancy(odds * 2 ** (-48 / 30), 1.0))
    assert f"your function says {later:.0f} %" in TOLD
    spread = "([**SD**](00_start.ipynb#N-to-S), the spread of six people, 12.1)"
    assert f"found {float(LATER)} % {spread}" in TOLD
    assert round(LATER.high - float(LATER), 1) == 12.1
    assert abs(2 ** (-48 / 30) - 1 / 3) < 0.01  # "falls to a third"
    assert "61.4 % at 54 h. If it left" in explore.clocks().reading
    assert "still has 61.4 % at 54 h" in why("outlasts")
    filled = 100 * mechanism.allosteric_occupancy(unbound_nM(10), EC50_NM)
    assert f"the second site is {filled:.1f} % filled" in why("outlasts")
    other = [scan("citalopram", "klein2007", SIX_H.replace("6 h", time), "20 mg/day")
             for time in ("6 h", "54 h")]  # fmt: skip
    fallen = 100 * thing("held_later").reference(float(other[0]) / 100, 48, 30)
    said = (
        f"{float(other[0]):.0f} % became {float(other[1]):.0f} %; your function says {fallen:.0f} %"
    )
    assert said in TOLD
    half = pk.transporter_constant("escitalopram", "SERT", "invivo_EC50").value
    assert f"The level of half occupancy, {half} ng/mL (total)" in TOLD


def test_on_the_pump_for_minutes_occupancy_follows_plasma_and_for_hours_it_lags():
    artists = explore.clocks().artists
    quick, slow = (explore.clocks.draw(artists, stay, 30, False).numbers for stay in (1, 1300))
    assert abs(quick["gained"]) < 0.1
    assert slow["gained"] > 5
    following = explore.clocks.draw(artists, 1, 3, False).numbers["at_24"]
    assert following == pytest.approx(artists["at once"].get_ydata()[36], abs=0.1)
    assert artists["at once"].get_xdata()[36] == 24
    assert explore.clocks.draw(artists, 900, 3, False).numbers["at_24"] > 4 * following


def test_the_cards_are_those_of_the_evidence():
    for row in (*TEN_DAYS, *ONE_DOSE):
        assert f"{float(row):g}" in TOLD
    assert f"{float(TEN_DAYS[0])} against {float(TEN_DAYS[1])} % of SERT held (6 and 9" in TOLD
    assert [row.n for row in (*TEN_DAYS, *ONE_DOSE)] == [6, 9, 5, 5]
    assert f"P = {P_TEN_DAYS:.3f}" in TOLD
    assert f"P = {P_ONE_DOSE:.2f}" in TOLD
    assert f"P = {P_TEN_DAYS:.3f}" in thing("what_follows").text
    single = [float(scan("escitalopram", "klein2006", "6 h after a single dose", dose))
              for dose in ("5 mg", "20 mg")]  # fmt: skip
    assert "({:.0f} to {:.0f} %)".format(*single) in why("what_follows")
    gap = float(TEN_DAYS[0]) - float(TEN_DAYS[1])
    assert single[1] - single[0] < gap
    assert int(gap) == 17
    platelets = evidence.get("escitalopram", "platelet_uptake_equivalent_dose")
    assert (float(platelets), float(platelets.comparator_value)) == (10, 20)
    assert evidence.get("escitalopram", "effect_of_ablating_allosteric_site").text == "none"
    mutant = evidence.get("R-citalopram", "allosteric_association").text
    assert "at clinical concentrations slows the association" in mutant
    assert "not in a mutant" in mutant


@pytest.mark.parametrize("prior", [0.01, 0.1, 0.5, 0.9])
def test_the_board_is_bayes_theorem(prior):
    """Counted in a population: so many with the claim true and false, each seen so often."""
    weights = {"ten_days": "3 for", "mice": "10 against", "mutant": "10 for"}
    true, false = prior, 1 - prior
    for seen_if_true, seen_if_false in ((0.9, 0.3), (0.05, 0.5), (0.8, 0.08)):
        true, false = true * seen_if_true, false * seen_if_false
    live = explore.board(prior_percent=round(100 * prior), **weights)
    rest = dict.fromkeys(("one_dose", "platelets", "dish"), "no weight")
    numbers = explore.board.draw(live.artists, round(100 * prior), **weights, **rest).numbers
    assert numbers["end"] == pytest.approx(true / (true + false))
    assert thing("posterior").reference(prior, np.array([3, 0.1, 10])) == pytest.approx(
        numbers["end"]
    )


def test_what_is_said_of_updating():
    after = thing("posterior").reference
    assert thing("ten_times").answer == pytest.approx(100 * after(0.1, np.array([10.0])), abs=0.05)
    assert "10 of 19" in thing("ten_times").because
    assert after(0.9, np.array([0.1])) == pytest.approx(0.9 / 1.9)
    assert after(0.5, np.ones(6)) == pytest.approx(0.5)  # before a learner has weighed


def hangs(**weights):
    return explore.board(**weights).reading.partition("Most hangs on ")[2]


def test_the_board_names_every_card_that_moves_the_end_most_and_by_how_much():
    alike = hangs(ten_days="3 for", one_dose="3 against", mice="3 against", platelets="3 for")
    assert alike == "Ten days, One dose, Mice and Platelets: 25 points of per cent each."
    start = _end(99, 3, 0.1, 3, 1 / 3)
    without = [_end(99, *rest) for rest in ((0.1, 3, 1 / 3), (3, 3, 1 / 3), (3, 0.1, 3))]
    moved = [100 * abs(end - start) for end in without]
    assert moved[0] == max(moved)  # a card of three-fold weight, and not the one of ten-fold
    both = hangs(prior_percent=99, ten_days="3 for", mice="10 against", mutant="3 for",
                 platelets="3 against")  # fmt: skip
    assert both == f"Ten days and Mutant: {moved[0]:.2g} points of per cent each."
    assert hangs(mice="10 against", dish="3 for").startswith("Mice: ")
    assert hangs(mice="10 against") == ""


def _end(prior_percent, *ratios):
    odds = prior_percent / (100 - prior_percent) * np.prod(ratios)
    return odds / (1 + odds)


def test_what_the_printed_sorting_says_was_read_and_counts_no_comparison_twice():
    for_it = mechanism.allosteric_evidence("supports")
    studies = [(one.row.source, one.row.time) for one in for_it]
    assert len(studies) == len(set(studies))
    assert all(one.row.quantity != "allosteric_uniqueness_claim" for one in for_it)
    cited = PAGE.path.read_text(encoding="utf-8")
    for one in (*for_it, *mechanism.allosteric_evidence("against")):
        assert f"`{one.row.source}`" in cited


def test_what_a_claim_is_quoted_with_stands_in_it():
    claims = {claim.key: claim.wording for claim in evidence.claims()}
    for claim in evidence.contradictions():
        if claim.number in (32, 33):
            quoted = claim.wording.split('"')[1]
            assert any(quoted in wording for wording in claims.values())
