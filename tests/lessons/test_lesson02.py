"""Lesson 02: every number that it tells follows from the evidence and the models."""

from __future__ import annotations

import re

import numpy as np
import pytest

from snrilab import binding, evidence
from snrilab.exercises import declared
from snrilab.explore import lesson02 as explore
from tools.lessons import Page

PAGE = Page("lesson02")
TOLD = " ".join(PAGE.prose.replace("$", "").split())
THINGS = declared("lesson02")
ASKED = {  # each explorer's prediction, as its sliders have it
    "saturation": {"highest_nM": 25.8},
    "competition": {"radioligand_nM": 26.8},
    "depletion": {"receptor_nM": 0.302},
    "noise": {"counts": 19_000},
}
KD_NM = 2.5  # the lesson's teaching assumption for [3H]citalopram
KI_NM = evidence.parameters("binding_Ki")["levomilnacipran/SERT"].value


def answer(name):
    return THINGS[f"lesson02/{name}"].answer


def corrected(ki_nM, receptor_nM, radioligand_nM=1.0):
    """Return the Ki that Cheng-Prusoff makes of the exact IC50."""
    ic50_nM = binding.ic50_from_ki(ki_nM, radioligand_nM, KD_NM, receptor_nM)
    return binding.cheng_prusoff(ic50_nM, radioligand_nM, KD_NM)


def test_predictions_are_what_the_models_give():
    assert binding.saturation(answer("nine_tenths") * KD_NM, 1, KD_NM) == pytest.approx(0.9)
    low, high = (binding.ic50_from_ki(1.0, radioligand, KD_NM) for radioligand in (0.5, 25))
    assert answer("two_labs") == pytest.approx(high / low, rel=1e-3)
    assert (low, high) == pytest.approx((1.2, 11))  # "1.2 times Ki, … eleven times"
    assert answer("within_the_rule") == pytest.approx(corrected(0.1, 0.3), rel=3e-3)
    taken = binding.saturation_depletion(1.0, 0.3, KD_NM)
    assert f"take {100 * taken:.0f} % of the radioligand" in THINGS["lesson02/within_the_rule"].text


def test_counting_longer_is_what_the_noise_explorer_shows():
    wide = {}
    for counts, pipetting in ((20000, 5), (2000, 0), (20000, 0), (2000, 5)):
        live = explore.noise(counts=counts, pipetting_percent=pipetting)
        low, high = np.quantile(live.artists["estimates"].get_ydata(), [0.025, 0.975])
        wide[counts, pipetting] = np.log(high / low)
    words = f"95 % of the Ki lie between {low:.0f} and {high:.0f} nM"  # of the last, the one asked
    assert words in THINGS["lesson02/count_longer"].text
    assert answer("count_longer") == "nearly as wide as before"
    assert wide[20000, 5] > 0.8 * wide[2000, 5]
    assert wide[20000, 0] == pytest.approx(wide[2000, 0] / 10**0.5, rel=0.1)


def test_numbers_in_the_text_follow_from_the_evidence():
    net_nM = evidence.parameters("binding_Ki")["levomilnacipran/NET"].value
    assert round(net_nM / KI_NM) == 8
    assert f"about eight times more tightly than NET ({net_nM} / {KI_NM})" in TOLD
    assert f"{3.7e10 * 60 / 1e12:.2f} decays a minute" in TOLD
    row = evidence.get("[3H]citalopram", "Kd", basis="binding_Kd", source="hsert_kd_summary")
    assert f"from {row.low:g} to {row.high:g} nM" in TOLD
    assert f"from {row.low:g} to {row.high:g} nM" in THINGS["lesson02/somebodys_kd"].text
    for ic50_nM, radioligand_nM in re.findall(r"cheng_prusoff\(([\d.]+), ([\d.]+), kd", PAGE.given):
        exact = binding.ic50_from_ki(KI_NM, float(radioligand_nM), KD_NM)
        assert float(ic50_nM) == pytest.approx(exact, rel=2e-3)
    p_and_q = binding.cheng_prusoff(np.array([20, 60]), np.array([0.1, 5.0]), 1.0)
    assert p_and_q == pytest.approx([18, 10], rel=0.02)


def test_what_the_cells_print_is_what_the_text_says_of_it():
    plan = {ki: 100 * (corrected(ki, 2 * 0.1 * 1.4 * ki) / ki - 1) for ki in (0.1, 1.1, 20)}
    assert max(plan[0.1], plan[1.1]) < 17  # "the plan works, nearly"
    assert plan[20] > 100  # "for the weak one it fails"
    found_nM = [binding.cheng_prusoff(15.7, 1, kd_nM) for kd_nM in (1, KD_NM, 6)]
    assert found_nM == pytest.approx([7.9, 11.2, 13.5], abs=0.06)
    assert binding.saturation_depletion(0.001, 0.05, KD_NM) / 0.001 == pytest.approx(0.02, rel=0.03)


def test_repeats_of_the_two_laboratories_scatter_as_the_text_says():
    (cell,) = (cell.source for cell in PAGE.cells if cell.name == "use-ki-from-two")
    names = {"np": np, "binding": binding}
    exec(cell.partition("\n\n\n")[0].replace("rng=1", "rng=rng"), names)
    ki_nM = []
    for names["rng"] in range(100):
        ic50_nM = [names["ic50_at"](radioligand) for radioligand in (0.5, 25)]
        ki_nM.append(THINGS["lesson02/ki_from_two"].reference(ic50_nM[0], 0.5, ic50_nM[1], 25))
    assert "the Ki found lies between about 8.5 and 16 nM" in TOLD
    assert np.quantile(ki_nM, [0.025, 0.975]) == pytest.approx([8.5, 16], rel=0.05)
    assert np.median(ki_nM) == pytest.approx(KI_NM, rel=0.1)
