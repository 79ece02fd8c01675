"""Simulated assays: counts obey physics and chance, and the analysis gets the constants back."""

from __future__ import annotations

import numpy as np
import pytest

from snrilab import binding
from snrilab.binding._depletion import free_radioligand

CONC = np.geomspace(0.1, 30, 8)
DOSES = np.geomspace(0.3, 1000, 8)
TUBE = {"receptor_nM": 0.05, "kd_nM": 2.5}
EXACT = {"pipetting_cv": 0.0}
LONG = binding.Counting(time_min=1e7)


def competition(**changes):
    arguments = {**TUBE, "radioligand_nM": 1.0, "ki_nM": 11.2, "rng": 1, **changes}
    return binding.simulate_assay("competition", DOSES, **arguments)


def test_long_counting_and_exact_pipetting_give_the_model():
    plate = competition(counting=LONG, **EXACT)
    specific = binding.competition_depletion(plate.total["conc_nM"], 1.0, 0.05, 2.5 * 1.005, 11.2)
    nonspecific = 0.005 * (1.0 - specific) / 1.005
    bound_fmol = (specific + nonspecific) * 0.25e3
    assert plate.total["fmol"] == pytest.approx(bound_fmol, rel=1e-3)
    assert plate.nonspecific["fmol"] == pytest.approx(0.005 / 1.005 * 0.25e3, rel=1e-3)


def test_saturation_wells_follow_the_depleted_curve():
    plate = binding.simulate_assay("saturation", CONC, **TUBE, counting=LONG, rng=2, **EXACT)
    conc = plate.total["conc_nM"]
    specific = binding.saturation_depletion(conc, 0.05, 2.5, 0.005)
    free = free_radioligand(conc, 0.05, 2.5, 0.005)
    assert plate.total["fmol"] == pytest.approx((specific + 0.005 * free) * 250, rel=1e-3)
    blocked = plate.nonspecific["fmol"]
    assert blocked == pytest.approx(0.005 * plate.nonspecific["conc_nM"] / 1.005 * 250, rel=1e-3)


def test_uptake_halves_at_its_ic50():
    plate = binding.simulate_assay(
        "uptake",
        [20.0],
        receptor_nM=0.5,
        kd_nM=10,
        radioligand_nM=10,
        ki_nM=10,
        nonspecific_per_free=0,
        counting=LONG,
        rng=1,
        **EXACT,
    )
    control, half = plate.total["fmol"][:3].mean(), plate.total["fmol"][3:].mean()
    assert half == pytest.approx(control / 2, rel=1e-3)


def test_counts_are_poisson():
    plate = binding.simulate_assay(
        "competition", [11.2], **TUBE, radioligand_nM=1, ki_nM=11.2, replicates=4000, rng=3, **EXACT
    )
    counts = plate.total["counts"][:4000]
    assert counts.var(ddof=1) / counts.mean() == pytest.approx(1, abs=0.1)
    assert plate.wells["counts"].dtype.kind == "i"


def test_pipetting_adds_its_coefficient_of_variation():
    # Proportional to receptor; to radioligand it is proportional too, far below Kd.
    plate = binding.simulate_assay(
        "saturation",
        [0.01],
        receptor_nM=1e-4,
        kd_nM=100,
        replicates=4000,
        pipetting_cv=0.05,
        counting=binding.Counting(time_min=1e12, background_cpm=0),
        rng=4,
        nonspecific_per_free=0,
    )
    fmol = plate.total["fmol"]
    assert fmol.std() / fmol.mean() == pytest.approx(np.sqrt(2) * 0.05, rel=0.05)
    assert fmol.mean() == pytest.approx(binding.saturation(0.01, 1e-4, 100) * 250, rel=0.01)


def test_incomplete_block_leaves_specific_binding_in_nonspecific_wells():
    full, half = (competition(counting=LONG, blocked_fraction=part, **EXACT) for part in (1.0, 0.5))
    assert half.nonspecific["fmol"].mean() > 2 * full.nonspecific["fmol"].mean()


def test_plate_layout():
    plate = binding.simulate_assay(
        "competition", np.geomspace(0.1, 1e4, 40), **TUBE, radioligand_nM=1, ki_nM=11.2, rng=1
    )
    names = plate.wells["well"]
    assert list(names[:13]) == [*(f"A{i}" for i in range(1, 13)), "B1"]
    assert names[95] == "H12"
    assert names[96] == "2-A1"
    assert np.unique(names).size == plate.wells.size == 42 * 3
    assert plate.plates == 2
    assert "126 wells on 2 plates" in repr(plate)
    assert "126 wells on 2 plates" in plate._repr_html_()
    assert competition(replicates=9).plates == 1
    assert list(plate.wells["replicate"][:4]) == [1, 2, 3, 1]
    assert plate.total["conc_nM"][0] == 0
    table = plate._repr_html_()
    assert table.count("<tr>") == plate.wells.size + 1
    assert "competition" in repr(plate)


def test_the_same_seed_gives_the_same_plate():
    first, again = competition(rng=9), competition(rng=np.random.default_rng(9))
    assert np.array_equal(first.wells, again.wells)
    assert not np.array_equal(first.wells, competition(rng=10).wells)


def test_a_simulated_saturation_assay_gives_its_constants_back():
    plate = binding.simulate_assay("saturation", CONC, **TUBE, rng=5)
    fit = binding.fit_saturation(
        plate.total["conc_nM"],
        plate.total["fmol"],
        nonspecific=plate.nonspecific["fmol"],
        bound_nM_per_unit=plate.nanomolar_per_fmol,
        interval="profile",
    )
    assert fit["kd_nM"].low < 2.5 < fit["kd_nM"].high
    assert fit["bmax"].value == pytest.approx(0.05 * 250, rel=0.1)
    assert "ligand_depletion_gt_10pct" not in fit.codes


def test_ki_intervals_cover_the_truth_as_often_as_they_say():
    hits = 0
    for seed in range(200):
        plate = competition(rng=seed)
        total = plate.total
        fit = binding.fit_competition(
            total["conc_nM"], total["cpm"], radioligand_nM=1.0, kd_nM=2.5, interval="profile"
        )
        hits += fit["ki_nM"].low < 11.2 < fit["ki_nM"].high
    assert 180 <= hits <= 198  # binomial 99 % range around 95 %


BAD_INPUT = [
    (
        binding.simulate_repeats,
        {"expected_counts": [-1.0], "pipetting_cv": 0.0, "normal": np.zeros((2, 1, 1, 1))},
        "expected_counts",
    ),
    (binding.Counting, {"efficiency": 1.2}, "efficiency"),
    (binding.Counting, {"time_min": 0}, "time_min"),
    (binding.simulate_assay, {"kind": "saturate", "conc_nM": [1], **TUBE}, "kind"),
    (binding.simulate_assay, {"kind": "saturation", "conc_nM": [0, 1], **TUBE}, "conc_nM"),
    (
        binding.simulate_assay,
        {"kind": "competition", "conc_nM": [1], "ki_nM": 1, **TUBE},
        "radioligand_nM",
    ),
    (binding.simulate_assay, {"kind": "saturation", "conc_nM": [1], "ki_nM": 5, **TUBE}, "ki_nM"),
    (
        binding.simulate_assay,
        {"kind": "saturation", "conc_nM": [1], "radioligand_nM": 5, **TUBE},
        "radioligand_nM",
    ),
    (binding.simulate_assay, {"kind": "saturation", "conc_nM": [1], "rng": "a", **TUBE}, "rng"),
    (binding.simulate_assay, {"kind": "saturation", "conc_nM": [1], "rng": -1, **TUBE}, "rng"),
    (binding.simulate_assay, {"kind": "saturation", "conc_nM": [1], "rng": True, **TUBE}, "rng"),
    (binding.simulate_assay, {"kind": "saturation", "conc_nM": [[1]], **TUBE}, "conc_nM"),
    (
        binding.simulate_assay,
        {"kind": "saturation", "conc_nM": [1], "counting": 5, **TUBE},
        "counting",
    ),
    (
        binding.simulate_assay,
        {"kind": "saturation", "conc_nM": [1], "replicates": 0, **TUBE},
        "replicates",
    ),
    (
        binding.simulate_assay,
        {"kind": "saturation", "conc_nM": [1], "pipetting_cv": 3, **TUBE},
        "pipetting_cv",
    ),
]


def test_simulated_repeats_have_the_mean_variance_and_skew_of_poisson():
    normal = np.random.default_rng(5).standard_normal((2, 50, 1, 4000))
    for mean in (5.0, 20.0, 400.0):
        counts = binding.simulate_repeats([mean], 0.0, normal)
        assert counts.mean() == pytest.approx(mean, rel=0.01)
        assert counts.var() == pytest.approx(mean, rel=0.04)
        third = np.mean((counts - mean) ** 3) / mean**1.5
        assert third == pytest.approx(mean**-0.5, abs=0.05)
    spread = binding.simulate_repeats([1e6], 0.05, normal).std() / 1e6
    assert spread == pytest.approx(0.05, rel=0.02)
    with pytest.raises(ValueError, match="normal must have the shape"):
        binding.simulate_repeats([5.0, 6.0], 0.0, normal)
