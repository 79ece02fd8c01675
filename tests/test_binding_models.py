"""Binding models against 50-digit values, an independent simulator, limits, conservation laws."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from snrilab import binding
from snrilab._estimate import Estimate
from snrilab.binding._conversion import ki_interval, nikolovska_coleska
from snrilab.binding._depletion import free_radioligand
from tests.conftest import ROOT

DATA = ROOT / "tests" / "data" / "binding"
INF = float("inf")

nM = st.floats(1e-3, 1e5)
amount = st.floats(1e-3, 1e4)
rate = st.floats(1e-4, 1e1)


def reference(name):
    return np.genfromtxt(DATA / name, delimiter=",", names=True)


def test_half_of_the_sites_are_taken_at_kd():
    assert binding.saturation([0, 2.5, INF], 80, 2.5) == pytest.approx([0, 40, 80])


def test_competition_has_its_textbook_limits():
    bound = binding.competition([0, INF], 1.0, 2.5, 11.2, bmax=700, nonspecific=30)
    assert bound == pytest.approx([30 + 700 / 3.5, 30])
    assert binding.competition(100, 1.0, 2.5, INF, 700) == pytest.approx(200)
    assert binding.competition([0, 5], 0.0, 2.5, 11.2, 700) == pytest.approx([0, 0])


def test_a_steep_hill_curve_does_not_overflow():
    assert binding.hill([0, 1e300, INF], 10, 50) == pytest.approx([0, 1, 1])
    assert binding.uptake_inhibition([0, 1e300, INF], 100, 5, 10, 50) == pytest.approx([100, 5, 5])


@given(conc=nM, factor=st.floats(1.01, 1e3), bmax=amount, kd=nM)
def test_saturation_rises_and_never_exceeds_bmax(conc, factor, bmax, kd):
    low, high = binding.saturation([conc, conc * factor], bmax, kd)
    assert low < high <= bmax


@given(inhibitor=nM, factor=st.floats(1.01, 1e3), ligand=nM, kd=nM, ki=nM)
def test_more_inhibitor_leaves_less_bound(inhibitor, factor, ligand, kd, ki):
    few, many = binding.competition([inhibitor, inhibitor * factor], ligand, kd, ki, 100)
    assert many <= few


@given(conc=nM, ec50=nM, slope=st.floats(0.3, 5), scale=st.floats(1e-2, 1e2))
def test_hill_depends_only_on_the_ratio(conc, ec50, slope, scale):
    scaled = binding.hill(conc * scale, ec50 * scale, slope)
    assert scaled == pytest.approx(binding.hill(conc, ec50, slope), rel=1e-10)


def test_depletion_agrees_with_fifty_digits():
    exact = reference("reference_competition_depletion_exact.csv")
    arguments = [
        exact[name]
        for name in (
            "competitor_total",
            "radioligand_total",
            "RT",
            "Kd_radioligand",
            "Ki_competitor",
        )
    ]
    bound = binding.competition_depletion(*arguments)
    assert bound == pytest.approx(exact["bound_radioligand_mpmath"], rel=1e-12)
    free = binding.free_receptor(*arguments)
    assert free == pytest.approx(exact["free_receptor_mpmath"], rel=1e-12)
    alone = exact["competitor_total"] == 0
    without = binding.saturation_depletion(*(a[alone] for a in arguments[1:4]))
    assert without == pytest.approx(exact["bound_radioligand_mpmath"][alone], rel=1e-12)


@given(ligand=nM, receptor=nM, kd=nM, ratio=st.floats(0, 10))
def test_radioligand_is_conserved(ligand, receptor, kd, ratio):
    bound = binding.saturation_depletion(ligand, receptor, kd, ratio)
    free = free_radioligand(ligand, receptor, kd, ratio)
    assert bound + (1 + ratio) * free == pytest.approx(ligand, rel=1e-12)
    assert bound == pytest.approx(binding.saturation(free, receptor, kd), rel=1e-9)


@given(inhibitor=nM, ligand=nM, receptor=nM, kd=nM, ki=nM)
def test_every_ligand_is_conserved_in_competition(inhibitor, ligand, receptor, kd, ki):
    free = binding.free_receptor(inhibitor, ligand, receptor, kd, ki)
    bound = binding.competition_depletion(inhibitor, ligand, receptor, kd, ki)
    inhibitor_bound = inhibitor * free / (ki + free)
    assert free + bound + inhibitor_bound == pytest.approx(receptor, rel=1e-10)
    assert 0 <= bound <= min(ligand, receptor) * (1 + 1e-12)


@given(inhibitor=nM, ligand=nM, kd=nM, ki=nM)
def test_a_trace_of_receptor_does_not_deplete(inhibitor, ligand, kd, ki):
    trace = 1e-9 * min(inhibitor, ligand, kd, ki)
    exact = binding.competition_depletion(inhibitor, ligand, trace, kd, ki)
    assert exact == pytest.approx(binding.competition(inhibitor, ligand, kd, ki, trace), rel=1e-6)


def test_no_depletion_solution_needs_many_steps():
    grids = np.meshgrid(*[np.logspace(-9, 6, 6)] * 5)
    inhibitor, ligand, receptor, kd, ki = (grid.ravel() for grid in grids)
    free = binding.free_receptor(inhibitor, ligand, receptor, kd, ki)
    total = free + ligand * free / (kd + free) + inhibitor * free / (ki + free)
    assert total == pytest.approx(receptor, rel=1e-9)


@given(time=st.floats(0, 100), more=st.floats(0.1, 100), off=rate)
def test_dissociation_does_not_depend_on_when_the_clock_starts(time, more, off):
    direct = binding.dissociation(time + more, 100, off, plateau=7)
    later = binding.dissociation(more, binding.dissociation(time, 100, off, plateau=7), off, 7)
    assert direct == pytest.approx(later, rel=1e-9)


def test_dissociation_has_its_limits():
    assert binding.dissociation([0, INF], 90, 0.1, plateau=10) == pytest.approx([90, 10])
    assert binding.dissociation([3, INF], 90, 0.0) == pytest.approx([90, 90])
    assert binding.residence_time(0.05) == pytest.approx(20)


def test_conversions_agree_with_fifty_digits():
    exact = reference("reference_ic50_to_ki_conversions.csv")
    ic50, ligand, kd = (
        exact[name]
        for name in ("IC50_exact_total_competitor", "radioligand_total", "Kd_radioligand")
    )
    receptor, true_ki = exact["RT"], exact["Ki_true"]
    assert binding.ic50_from_ki(true_ki, ligand, kd, receptor) == pytest.approx(ic50, rel=1e-12)
    exact_ki = nikolovska_coleska(ic50, ligand, kd, receptor)
    assert exact_ki == pytest.approx(true_ki, rel=1e-12)
    naive = binding.cheng_prusoff(ic50, ligand, kd)
    assert naive == pytest.approx(exact["Ki_cheng_prusoff"], rel=1e-12)


def test_v13_levomilnacipran_ic50_in_the_two_usual_binding_assays():
    # Ki 11.2 nM against 1 nM [3H]citalopram (Kd 2.5 nM); Ki 92.2 nM against 3 nM [3H]nisoxetine.
    assert binding.ic50_from_ki(11.2, 1, 2.5) == pytest.approx(15.7, abs=0.05)
    assert binding.ic50_from_ki(92.2, 3, 3) == pytest.approx(184.4, abs=0.5)
    assert binding.cheng_prusoff(15.68, 1, 2.5) == pytest.approx(11.2)


@given(ic50=nM, ligand=nM, kd=nM)
def test_cheng_prusoff_limits(ic50, ligand, kd):
    ki = binding.cheng_prusoff(ic50, ligand, kd)
    assert ki <= ic50
    assert binding.cheng_prusoff(ic50, 0, kd) == ic50
    assert binding.ic50_from_ki(ki, ligand, kd) == pytest.approx(ic50, rel=1e-12)
    assert nikolovska_coleska(ic50, ligand, kd, 0) == pytest.approx(ki, rel=1e-12)


@given(ki=nM, ligand=nM, kd=nM, receptor=nM)
def test_the_exact_ic50_halves_specific_binding(ki, ligand, kd, receptor):
    ic50 = binding.ic50_from_ki(ki, ligand, kd, receptor)
    whole, half = binding.competition_depletion([0, ic50], ligand, receptor, kd, ki)
    assert half == pytest.approx(whole / 2, rel=1e-7)


def test_an_ic50_that_only_titrates_the_receptor_is_refused():
    with pytest.raises(ValueError, match="ic50_nM must be >= "):
        nikolovska_coleska(0.1, 1, 1, receptor_nM=1)


def test_a_ki_too_small_to_see_comes_back_as_zero():
    for ki in (1e-20, 1e-300):
        ic50 = binding.ic50_from_ki(ki, 1, 1, 1)
        assert nikolovska_coleska(ic50, 1, 1, 1) == pytest.approx(0, abs=1e-15)
    assert nikolovska_coleska(binding.ic50_from_ki(1e-6, 1, 1, 1), 1, 1, 1) == (
        pytest.approx(1e-6, rel=1e-8)
    )


def test_negative_potencies_are_asked_whether_they_are_logarithms():
    with pytest.raises(ValueError, match="are these log10"):
        binding.cheng_prusoff(-7.8, 1, 2.5)


@pytest.mark.parametrize(
    ("substrate", "vmax", "km", "inhibitor", "ki"),
    [(20, 5, 100, 0, INF), (500, 30, 100, 40, 10), (2000, 900, 5, 3, 1), (0.01, 0.2, 300, 0, 7)],
)
def test_uptake_that_empties_the_well_agrees_with_integration(substrate, vmax, km, inhibitor, ki):
    apparent = km * (1 + inhibitor / ki)
    time = np.concatenate([[1e-9], np.geomspace(1e-3, 20, 12)]) * (substrate + apparent) / vmax
    solved = solve_ivp(
        lambda _, left: -vmax * left / (apparent + left),
        (0, time[-1]),
        [substrate],
        method="LSODA",
        t_eval=time,
        rtol=1e-12,
        atol=1e-14 * substrate,
    )
    taken = binding.uptake_time_course(time, substrate, vmax, km, inhibitor, ki)
    np.testing.assert_allclose(substrate - taken, solved.y[0], rtol=1e-8, atol=1e-9 * substrate)
    rate = vmax * substrate / (apparent + substrate)
    assert taken[0] == pytest.approx(rate * time[0], rel=1e-7)  # the initial rate, to its digits


def test_uptake_over_time_has_its_limits():
    course = binding.uptake_time_course
    assert course(INF, 20, 5, 100) == pytest.approx(20)
    assert course([0, 5], 20, 0, 100) == pytest.approx([0, 0])
    assert course(5, 0, 5, 100) == 0
    assert course(3, 1e6, 5, 1) == pytest.approx(15, rel=1e-5)  # saturated: a straight line
    assert course(1e3, 20, 5, 100, inhibitor_nM=1e6, ki_nM=1e-300) == pytest.approx(0, abs=1e-12)
    assert course([[1], [2]], [5, 10, 20], 5, 100).shape == (2, 3)
    late = 1 - course([10, 20], 1e-3, 2, 100) / 1e-3
    assert late == pytest.approx(np.exp([-0.2, -0.4]), rel=1e-5)


IC50 = Estimate(28, "nM", standard_error=2.2, low=24, high=32.7, method="profile")


def test_an_exact_kd_only_scales_the_interval():
    ki = ki_interval(IC50, 1, 2.5)
    assert [ki.value, ki.low, ki.high] == pytest.approx([20, 24 / 1.4, 32.7 / 1.4])
    assert ki.standard_error == pytest.approx(2.2 / 1.4)


def test_the_uncertainty_of_kd_widens_ki_as_a_simulation_does():
    rng = np.random.default_rng(5)
    draws = 200_000
    error_ic50, error_kd = 0.08, 0.2
    ic50 = 28 * np.exp(error_ic50 * rng.standard_normal(draws))
    kd = 2.5 * np.exp(error_kd * rng.standard_normal(draws))
    low, high = np.percentile(ic50 / (1 + 1 / kd), [2.5, 97.5])
    reach = np.exp(1.959964 * np.array([-error_ic50, error_ic50]))
    ki = ki_interval(
        Estimate(28, "nM", 28 * error_ic50, *(28 * reach)), 1, Estimate(2.5, "nM", 2.5 * error_kd)
    )
    assert ki.low == pytest.approx(low, rel=0.01)
    assert ki.high == pytest.approx(high, rel=0.01)


def test_ki_says_when_a_limit_does_not_exist():
    open_ic50 = Estimate(28, "nM", INF, low=24, high=INF, method="profile")
    assert ki_interval(open_ic50, 1, 2.5).high == INF
    vague_kd = Estimate(2.5, "nM", INF, low=0.0, high=INF)
    ki = ki_interval(IC50, 1, vague_kd)
    assert ki.low == 0
    assert ki.high < 45  # Ki cannot exceed the IC50, whatever Kd
    tight = Estimate(12.7, "nM", 4, low=0.1, high=20)
    assert ki_interval(tight, 1, 1, receptor_nM=1).low == 0


def test_ki_with_depletion_uses_the_exact_conversion():
    ki = ki_interval(Estimate(12.70820393249937, "nM", 1, 10.8, 15), 1, 1, receptor_nM=1)
    assert ki.value == pytest.approx(5)
    assert ki.high == pytest.approx(nikolovska_coleska(15, 1, 1, 1))


def test_arrays_broadcast_and_inputs_stay_untouched():
    conc, ki = np.array([[0.0], [10.0]]), np.array([1.0, 10.0, 100.0])
    before = conc.copy()
    assert binding.competition(conc, 1, 1, ki, 10).shape == (2, 3)
    assert binding.competition_depletion(conc, 1, 1, 1, ki).shape == (2, 3)
    assert np.array_equal(conc, before)
    assert isinstance(binding.saturation(1, 1, 1), float)


DEPLETED = {"radioligand_nM": 1, "receptor_nM": 1, "kd_nM": 1}
SITE = {"radioligand_nM": 1, "kd_nM": 1, "bmax": 10}

TUBE = {"ic50_nM": 50, "radioligand_nM": 1, "kd_nM": 1}
# Arguments of shapes (2,) and (3,): numpy alone would say which shapes, but not whose.
MISFITS = [
    (function, {**arguments, first: [1, 2], second: [1, 2, 3]}, second)
    for function, arguments, first, second in [
        (binding.saturation, {"kd_nM": 1}, "conc_nM", "bmax"),
        (binding.nonspecific_binding, {}, "conc_nM", "nonspecific_per_nM"),
        (binding.specific_binding, {}, "total", "nonspecific"),
        (binding.competition, {**SITE, "ki_nM": 1}, "inhibitor_nM", "nonspecific"),
        (binding.hill, {"ec50_nM": 1}, "conc_nM", "hill"),
        (binding.uptake_inhibition, {"top": 9, "bottom": 0}, "inhibitor_nM", "ic50_nM"),
        (binding.saturation_depletion, DEPLETED, "radioligand_nM", "nonspecific_per_free"),
        (binding.free_receptor, {**DEPLETED, "ki_nM": 1}, "inhibitor_nM", "receptor_nM"),
        (binding.competition_depletion, {**DEPLETED, "inhibitor_nM": 1}, "kd_nM", "ki_nM"),
        (binding.dissociation, {"koff_per_min": 1}, "time_min", "bound_start"),
        (binding.cheng_prusoff, TUBE, "ic50_nM", "kd_nM"),
        (nikolovska_coleska, TUBE, "ic50_nM", "receptor_nM"),
        (binding.ic50_from_ki, {"radioligand_nM": 1, "kd_nM": 1}, "ki_nM", "receptor_nM"),
    ]
]

BAD_INPUT = [
    (
        binding.uptake_time_course,
        {"time_min": -1, "substrate_nM": 1, "vmax_nM_per_min": 1, "km_nM": 1},
        "time_min",
    ),
    (
        binding.uptake_time_course,
        {"time_min": 1, "substrate_nM": 1, "vmax_nM_per_min": 1, "km_nM": 0},
        "km_nM",
    ),
    (binding.saturation, {"conc_nM": -1, "bmax": 1, "kd_nM": 1}, "conc_nM"),
    (binding.saturation, {"conc_nM": [1, np.nan], "bmax": 1, "kd_nM": 1}, "conc_nM"),
    (binding.saturation, {"conc_nM": [], "bmax": 1, "kd_nM": 1}, "conc_nM"),
    (binding.saturation, {"conc_nM": "1", "bmax": 1, "kd_nM": 1}, "conc_nM"),
    (binding.saturation, {"conc_nM": 1, "bmax": -1, "kd_nM": 1}, "bmax"),
    (binding.saturation, {"conc_nM": 1, "bmax": 1, "kd_nM": 0}, "kd_nM"),
    (binding.nonspecific_binding, {"conc_nM": 1, "nonspecific_per_nM": -1}, "nonspecific_per_nM"),
    (binding.specific_binding, {"total": -5, "nonspecific": 1}, "total"),
    (binding.specific_binding, {"total": 5, "nonspecific": None}, "nonspecific"),
    (binding.competition, {"inhibitor_nM": -1, "ki_nM": 1, **SITE}, "inhibitor_nM"),
    (binding.competition, {"inhibitor_nM": 1, "ki_nM": 0, **SITE}, "ki_nM"),
    (binding.hill, {"conc_nM": 1, "ec50_nM": 1, "hill": 0}, "hill"),
    (
        binding.uptake_inhibition,
        {"inhibitor_nM": 1, "top": np.nan, "bottom": 0, "ic50_nM": 1},
        "top",
    ),
    (binding.saturation_depletion, {**DEPLETED, "kd_nM": -1}, "kd_nM"),
    (binding.free_receptor, {**DEPLETED, "inhibitor_nM": 1, "ki_nM": 0}, "ki_nM"),
    (binding.competition_depletion, {**DEPLETED, "inhibitor_nM": INF, "ki_nM": 1}, "inhibitor_nM"),
    (binding.dissociation, {"time_min": 1, "bound_start": 1, "koff_per_min": -1}, "koff_per_min"),
    (binding.residence_time, {"koff_per_min": 0}, "koff_per_min"),
    (binding.cheng_prusoff, {"ic50_nM": 0, "radioligand_nM": 1, "kd_nM": 1}, "ic50_nM"),
    (
        nikolovska_coleska,
        {"ic50_nM": 0.1, "radioligand_nM": 1, "kd_nM": 1, "receptor_nM": 1},
        "ic50_nM",
    ),
    (binding.ic50_from_ki, {"ki_nM": 1, "radioligand_nM": 0, "kd_nM": 1}, "radioligand_nM"),
    (ki_interval, {"ic50_nM": IC50, "radioligand_nM": -1, "kd_nM": 1.0}, "radioligand_nM"),
    (
        ki_interval,
        {"ic50_nM": 10, "radioligand_nM": 1, "kd_nM": 2},
        "ic50_nM must be an Estimate with its interval, got 10",
    ),
    (
        ki_interval,
        {"ic50_nM": Estimate(10, "nM"), "radioligand_nM": 1, "kd_nM": 2},
        "ic50_nM must have an interval or a standard error",
    ),
    *(
        (binding.cheng_prusoff, {"ic50_nM": bad, "radioligand_nM": 1, "kd_nM": 1}, "ic50_nM")
        for bad in (True, np.True_, [True, 2.0], np.array([True, False]))
    ),
    *((function, arguments, f"{name} (3,)") for function, arguments, name in MISFITS),
    (
        ki_interval,
        {"ic50_nM": IC50, "radioligand_nM": 1, "kd_nM": Estimate(2, "nM", 0.1, level=0.9)},
        "kd_nM",
    ),
]
