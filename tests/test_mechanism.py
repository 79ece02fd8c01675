"""Laws of one site, the synapse against published rises, algebra against integration."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from snrilab import evidence, mechanism
from snrilab._tables import rows
from snrilab.mechanism import (
    Autoreceptor,
    Projection,
    Site,
    Synapse,
    competitive_occupancy,
    fold_increase,
    occupancy,
    uptake_consistency,
    uptake_ic50,
    uptake_rate,
)

MEASURED = evidence.parameters("synapse")
concentrations = st.floats(0, 1e9)
constants = st.floats(1e-3, 1e9)
fractions = st.floats(0, 1)
BRAKE = Autoreceptor("5-HT1A", ec50_nM=2.0, max_inhibition=0.9)
SITE = Site(1.4, 900.0, 98.6, 0.6, 0.4, BRAKE)


# One site -------------------------------------------------------------------------------------


@settings(deadline=None)
@given(concentrations, constants)
def test_occupancy_is_a_fraction_and_rises_with_concentration(conc, kd):
    held = occupancy(conc, kd)
    assert 0 <= held <= 1
    assert occupancy(conc * 1.5, kd) >= held
    assert occupancy(conc, kd * 1.5) <= held


@settings(deadline=None)
@given(constants)
def test_occupancy_meets_its_limits(kd):
    assert occupancy(0, kd) == 0
    assert occupancy(kd, kd) == 0.5
    assert occupancy(1e30 * kd, kd) == pytest.approx(1)


@settings(deadline=None)
@given(concentrations, constants, st.floats(1e-3, 1e3))
def test_occupancy_depends_only_on_the_ratio(conc, kd, scale):
    assert occupancy(scale * conc, scale * kd) == pytest.approx(occupancy(conc, kd))


def test_occupancy_survives_the_largest_and_smallest_numbers():
    assert occupancy(1e308, 1e308) == 0.5
    assert occupancy(1e-320, 1e-320) == 0.5


@settings(deadline=None)
@given(st.lists(st.tuples(st.floats(0, 1e5), st.floats(1e-2, 1e5)), min_size=1, max_size=4))
def test_competing_ligands_share_one_site(ligands):
    conc, kd = np.array(ligands).T
    held = competitive_occupancy(conc, kd)
    free = 1 - held.sum()
    assert -1e-12 < free <= 1
    # mass action for every ligand: bound_i * Kd_i == free sites * C_i
    np.testing.assert_allclose(held * kd, max(free, 0) * conc, rtol=1e-6, atol=1e-6 * kd.max())


def test_one_ligand_alone_is_the_single_hyperbola():
    conc = np.array([0.0, 1.0, 30.0])
    np.testing.assert_allclose(
        competitive_occupancy(conc[:, None], [7.0])[:, 0], occupancy(conc, 7.0), rtol=1e-15
    )


def test_a_tenfold_weaker_partner_can_take_the_site_from_escitalopram():
    alone = competitive_occupancy([11.0], [1.1])[0]
    beside = competitive_occupancy([11.0, 360.0], [1.1, 36.0])[0]
    assert alone == pytest.approx(10 / 11)
    assert beside == pytest.approx(10 / 21)


@settings(deadline=None)
@given(concentrations, st.floats(0, 1e6), constants, st.floats(0, 1e6), constants)
def test_uptake_lies_between_zero_and_vmax_and_an_inhibitor_only_lowers_it(s, vmax, km, i, ki):
    inhibited = uptake_rate(s, vmax, km, i, ki)
    assert 0 <= inhibited <= uptake_rate(s, vmax, km) <= vmax


@settings(deadline=None)
@given(st.floats(1e-3, 1e6), constants, st.floats(1e-2, 1e6), constants)
def test_uptake_limits(s, km, i, ki):
    assert uptake_rate(0, 10, km) == 0
    assert uptake_rate(km, 10, km) == pytest.approx(5)
    assert uptake_rate(s, 10, km, inhibitor_nM=np.inf, ki_nM=ki) == 0
    assert uptake_rate(s, 10, km, inhibitor_nM=i, ki_nM=np.inf) == uptake_rate(s, 10, km)
    # competitive: enough substrate overcomes any inhibitor
    assert uptake_rate(1e12 * km * (1 + i / ki), 10, km, i, ki) == pytest.approx(10)


@settings(deadline=None)
@given(constants, st.floats(0, 1e5), st.floats(1, 1e5))
def test_the_uptake_ic50_halves_uptake(ki, substrate, km):
    ic50 = uptake_ic50(ki, substrate, km)
    assert ic50 >= ki
    assert uptake_rate(substrate, 100, km, ic50, ki) == pytest.approx(
        uptake_rate(substrate, 100, km) / 2
    )


def test_levomilnacipran_obeys_the_law_at_sert_and_breaks_it_at_net():
    sert, net = uptake_consistency(19.0, 11.2), uptake_consistency(10.5, 92.2)
    assert sert.possible
    assert sert.substrate_over_km == pytest.approx(0.70, abs=0.005)
    assert not net.possible
    assert net.fold_below == pytest.approx(8.8, abs=0.05)
    assert np.isnan(net.substrate_over_km)
    assert "8.8-fold below" in str(net)


@settings(deadline=None)
@given(constants, st.floats(0, 1e3))
def test_every_true_competitive_pair_is_found_possible_with_its_own_substrate(ki, ratio):
    verdict = uptake_consistency(uptake_ic50(ki, ratio * 463.0, 463.0), ki)
    assert verdict.possible
    assert verdict.substrate_over_km == pytest.approx(ratio, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize(
    ("block", "striatum", "cortex"), [(0.8, 3.1, 3.6), (0.9, 4.2, 5.3), (1.0, 6.4, 10.0)]
)
def test_fold_increase_at_80_90_and_100_percent_block(block, striatum, cortex):
    assert fold_increase(block, 1 / 6.4) == pytest.approx(striatum, abs=0.05)
    assert fold_increase(block, 1 / 10) == pytest.approx(cortex, abs=0.05)


@settings(deadline=None)
@given(fractions, st.floats(1e-3, 1))
def test_fold_increase_lies_between_no_change_and_the_knock_out(block, f):
    assert 1 - 1e-12 <= fold_increase(block, f) <= (1 + 1e-9) / f


# The synapse ----------------------------------------------------------------------------------


def _without_brake(projection: Projection, **changes) -> Projection:
    def plain(site: Site) -> Site:
        return replace(site, autoreceptor=replace(site.autoreceptor, max_inhibition=0.0), **changes)

    return replace(projection, soma=plain(projection.soma), terminal=plain(projection.terminal))


def test_untreated_the_synapse_stays_at_its_basal_level():
    state = Synapse().steady_state()
    for half in (state.serotonin, state.norepinephrine):
        assert half.fold == pytest.approx(1, rel=1e-12)
        assert half.firing == pytest.approx(1, rel=1e-12)
        assert half.soma_nM == pytest.approx(half.basal_nM, rel=1e-12)


@settings(deadline=None)
@given(fractions)
def test_without_brake_and_far_below_km_the_synapse_is_the_fold_formula(block):
    base = Projection.from_table("5-HT")
    site = base.terminal
    # The same first-order uptake with a Km that 5-HT never approaches.
    linear = {"km_nM": 1e9, "vmax_nM_per_s": site.vmax_nM_per_s / (site.km_nM + 1.4) * 1e9}
    synapse = Synapse(serotonin=_without_brake(base, **linear))
    state = synapse.steady_state(block).serotonin
    f = synapse.serotonin.terminal.non_transporter_fraction
    assert f == pytest.approx(0.1, rel=1e-6)
    assert state.fold == pytest.approx(fold_increase(block, f), rel=1e-6)


@pytest.mark.parametrize(("block", "low", "high"), [(0.8, 3.1, 3.6), (0.9, 4.2, 5.4), (1, 6.4, 10)])
def test_plausible_rise_without_brake(block, low, high):
    synapse = Synapse(serotonin=_without_brake(Projection.from_table("5-HT")))
    assert low <= synapse.steady_state(block).serotonin.fold <= high + 1e-9


def test_local_block_raises_5ht_seven_to_tenfold_and_the_whole_animal_about_twofold():
    synapse = Synapse()
    local = synapse.steady_state(1.0, route="local").serotonin
    systemic = synapse.steady_state(0.9).serotonin
    through_probe = MEASURED["milnacipran_5HT_local_fold"]
    whole_animal = MEASURED["milnacipran_5HT_systemic_fold"]
    assert through_probe.low <= local.fold <= through_probe.high
    assert local.firing == pytest.approx(1)
    assert whole_animal.low <= systemic.fold <= whole_animal.high
    assert systemic.firing < 0.7


def test_escitalopram_plateau_and_its_growth_over_two_weeks():
    synapse = Synapse()
    plateau = 100 * synapse.steady_state(1.0).serotonin.fold
    measured = MEASURED["escitalopram_5HT_plateau_percent_of_basal"]
    assert measured.low <= plateau <= measured.high
    two_days, thirteen_days = (
        evidence.get(
            "escitalopram", "extracellular_5HT_response", source="ceglia2004", time=time
        ).value
        for time in ("2 days infusion", "13 days infusion")
    )
    course = 100 * synapse.simulate([0, 48, 312], sert_occupancy=1.0).serotonin.fold
    assert course[1] == pytest.approx(two_days, rel=0.3)
    assert course[2] == pytest.approx(thirteen_days, rel=0.1)
    tonic = 100 * synapse.steady_state(autoreceptors="blocked").serotonin.fold
    antagonist = evidence.get("WAY-100635", "extracellular_5HT_response").value
    assert tonic == pytest.approx(antagonist, rel=0.1)


def test_net_block_and_alpha2_block():
    synapse = Synapse()
    acute = synapse.steady_state(net_occupancy=1.0).norepinephrine.fold
    assert (
        3.0 <= acute <= 5.0
    )  # atomoxetine 300, reboxetine 342, venlafaxine 403, desipramine 498 %
    free = synapse.steady_state(net_occupancy=1.0, autoreceptors="blocked").norepinephrine.fold
    assert free == pytest.approx(16.8, rel=0.1)  # reboxetine with idazoxan: raised by 1580 %


def test_escitalopram_is_selective_only_up_to_a_concentration():
    ic50 = {
        target: evidence.get(
            "escitalopram", "IC50", target=target, basis="uptake_IC50", species="rat"
        ).value
        for target in ("SERT", "NET")
    }

    def norepinephrine(conc_nM):
        blocked = [occupancy(conc_nM, ic50[target]) for target in ("SERT", "NET")]
        return Synapse().steady_state(*blocked).norepinephrine.fold

    assert norepinephrine(16.0) == pytest.approx(1, abs=0.01)  # unbound mean at 10 mg a day
    assert norepinephrine(1000.0) > 1.15  # 4-8 mg/kg in mice raise NE through NET


def test_each_drug_moves_only_its_own_transmitter():
    synapse = Synapse()
    ssri = synapse.steady_state(sert_occupancy=0.8)
    assert ssri.serotonin.fold > 1.5
    assert ssri.norepinephrine.fold == pytest.approx(1, rel=1e-12)


blocks = st.tuples(fractions, fractions)


@settings(deadline=None)
@given(
    blocks,
    st.floats(0.1, 5),
    st.sampled_from(["naive", "adapted", "blocked"]),
    st.sampled_from(["systemic", "local"]),
)
def test_what_is_released_is_cleared(block, firing, autoreceptors, route):
    state = Synapse().steady_state(*block, firing=firing, autoreceptors=autoreceptors, route=route)
    for half in (state.serotonin, state.norepinephrine):
        cleared = half.uptake_nM_per_s + half.other_nM_per_s + half.diffusion_nM_per_s
        assert half.release_nM_per_s == pytest.approx(cleared, rel=1e-10)


receptors = st.builds(
    Autoreceptor,
    st.just("any"),
    ec50_nM=st.floats(1e-2, 1e3),
    max_inhibition=fractions,
    hill=st.floats(0.3, 5),
)


@settings(deadline=None)
@given(
    receptors,
    fractions,
    st.sampled_from([0.0, 1e-6, 0.1, 0.9, 1.0]),
    st.floats(1e-3, 1e3),
    st.sampled_from(["naive", "adapted", "blocked"]),
)
def test_any_synapse_that_may_be_built_is_balanced(receptor, share, block, firing, autoreceptors):
    held_over_free = (1.4 / receptor.ec50_nM) ** receptor.hill
    receptor = replace(receptor, desensitisation=share * 0.999 / held_over_free)
    site = replace(SITE, autoreceptor=receptor)
    synapse = Synapse(serotonin=Projection("5-HT", site, site))
    half = synapse.steady_state(block, firing=firing, autoreceptors=autoreceptors).serotonin
    cleared = half.uptake_nM_per_s + half.other_nM_per_s + half.diffusion_nM_per_s
    assert half.release_nM_per_s == pytest.approx(cleared, rel=1e-9)
    assert half.terminal_nM > 0
    assert 0 <= half.soma_sensitivity <= 1


@settings(deadline=None)
@given(blocks, st.sampled_from(["systemic", "local"]))
def test_the_brake_lowers_transmitter_and_letting_go_raises_it(block, route):
    synapse = Synapse()
    naive, adapted, blocked = (
        synapse.steady_state(*block, autoreceptors=a, route=route)
        for a in ("naive", "adapted", "blocked")
    )
    for half in ("serotonin", "norepinephrine"):
        folds = [getattr(s, half).fold for s in (naive, adapted, blocked)]
        assert folds[0] <= folds[1] * (1 + 1e-12)
        assert folds[1] <= folds[2] * (1 + 1e-12)


@settings(deadline=None)
@given(fractions, fractions, st.sampled_from(["naive", "adapted"]))
def test_more_block_never_lowers_transmitter(a, b, autoreceptors):
    low, high = sorted([a, b])
    folds = Synapse().steady_state([low, high], [low, high], autoreceptors=autoreceptors)
    for half in (folds.serotonin, folds.norepinephrine):
        assert half.fold[1] >= half.fold[0] * (1 - 1e-12)


def _scaled(projection: Projection, conc: float = 1.0, pace: float = 1.0) -> Projection:
    def scale(site: Site) -> Site:
        receptor = replace(site.autoreceptor, ec50_nM=site.autoreceptor.ec50_nM * conc)
        return Site(
            site.basal_nM * conc,
            site.vmax_nM_per_s * conc * pace,
            site.km_nM * conc,
            site.other_clearance_per_s * pace,
            site.diffusion_per_s * pace,
            receptor,
        )

    return replace(projection, soma=scale(projection.soma), terminal=scale(projection.terminal))


@settings(deadline=None)
@given(fractions, st.floats(0.01, 100), st.floats(0.01, 100))
def test_neither_the_unit_of_concentration_nor_the_pace_changes_the_fold(block, conc, pace):
    plain = Synapse()
    scaled = Synapse(serotonin=_scaled(plain.serotonin, conc, pace))
    for autoreceptors in ("naive", "adapted"):
        expected = plain.steady_state(block, autoreceptors=autoreceptors).serotonin.fold
        got = scaled.steady_state(block, autoreceptors=autoreceptors).serotonin.fold
        assert got == pytest.approx(expected, rel=1e-10)


def _rates(_, y, projection: Projection, block: float):
    """The whole system as a naive differential equation: two concentrations, two sensitivities."""
    soma, terminal = projection.soma, projection.terminal

    def held(site, conc):
        a = site.autoreceptor
        return conc**a.hill / (conc**a.hill + a.ec50_nM**a.hill)

    def factor(site, conc, s):
        e = site.autoreceptor.max_inhibition
        return (1 - e * s * held(site, conc)) / (1 - e * held(site, site.basal_nM))

    def clearance(site, conc):
        ki = (1 - block) / block if block else np.inf  # an inhibitor at 1 nM that holds `block`
        carried = uptake_rate(conc, site.vmax_nM_per_s, site.km_nM, 1.0, ki)
        return carried + (site.other_clearance_per_s + site.diffusion_per_s) * conc

    def forget(site, conc, s):
        a, o0 = site.autoreceptor, held(site, site.basal_nM)
        u = max(0.0, held(site, conc) - o0) / (1 - o0)
        return ((1 - s) - a.desensitisation * u * s) / (a.recovery_h * 3600)

    cs, ct, ss, s_t = y
    firing = factor(soma, cs, ss)
    return [
        soma.release_nM_per_s * firing - clearance(soma, cs),
        terminal.release_nM_per_s * firing * factor(terminal, ct, s_t) - clearance(terminal, ct),
        forget(soma, cs, ss),
        forget(terminal, ct, s_t),
    ]


@pytest.mark.parametrize("transmitter", ["5-HT", "NE"])
@pytest.mark.parametrize("block", [0.5, 0.8, 0.97])
def test_algebra_equals_the_integrated_differential_equation(transmitter, block):
    projection = Projection.from_table(transmitter)
    synapse = Synapse()
    basal = projection.terminal.basal_nM
    half = "serotonin" if transmitter == "5-HT" else "norepinephrine"
    span = [0.0, 60.0, 28 * 86400.0, 5e8]  # a minute, four weeks, for ever
    whole = solve_ivp(
        _rates,
        (0, span[-1]),
        [basal, basal, 1.0, 1.0],
        method="LSODA",
        t_eval=span,
        args=(projection, block),
        rtol=1e-10,
        atol=1e-12,
    ).y
    acute = getattr(synapse.steady_state(block, block), half)
    assert whole[0, 1] == pytest.approx(acute.soma_nM, rel=1e-4)
    assert whole[1, 1] == pytest.approx(acute.terminal_nM, rel=1e-4)
    weeks = getattr(synapse.simulate([0, 28 * 24], block, block), half)
    assert whole[1, 2] == pytest.approx(weeks.terminal_nM[-1], rel=1e-5)
    assert whole[2, 2] == pytest.approx(weeks.soma_sensitivity[-1], rel=1e-5)
    assert whole[3, 2] == pytest.approx(weeks.terminal_sensitivity[-1], rel=1e-5)
    adapted = getattr(synapse.steady_state(block, block, autoreceptors="adapted"), half)
    assert whole[1, 3] == pytest.approx(adapted.terminal_nM, rel=1e-7)
    assert whole[2, 3] == pytest.approx(adapted.soma_sensitivity, rel=1e-7)


@settings(max_examples=25, deadline=None)
@given(blocks, st.sampled_from(["systemic", "local"]))
def test_a_long_simulation_ends_at_the_adapted_steady_state(block, route):
    synapse = Synapse()
    course = synapse.simulate([0, 450 * 60], *block, route=route, step_h=450.0)
    adapted = synapse.steady_state(*block, autoreceptors="adapted", route=route)
    for half in ("serotonin", "norepinephrine"):
        end, expected = getattr(course, half), getattr(adapted, half)
        assert end.fold[-1] == pytest.approx(expected.fold, rel=1e-9)
        assert end.soma_sensitivity[-1] == pytest.approx(expected.soma_sensitivity, rel=1e-9)


@pytest.mark.parametrize("route", ["systemic", "local"])
@pytest.mark.parametrize("block", [0.0, 0.6, 0.95])
def test_within_a_minute_the_integrated_fluid_is_where_algebra_puts_it(block, route):
    synapse = Synapse()
    minute = synapse.onset([0, 60, 120], block, block, burst_nM=20, route=route)
    settled = synapse.steady_state(block, block, route=route)
    for half in ("serotonin", "norepinephrine"):
        end, expected = getattr(minute, half), getattr(settled, half)
        assert end.terminal_nM[-1] == pytest.approx(expected.terminal_nM, rel=1e-6)
        assert end.soma_nM[-1] == pytest.approx(expected.soma_nM, rel=1e-6)
        assert end.firing[-1] == pytest.approx(expected.firing, rel=1e-6)
        assert end.terminal_nM[0] == pytest.approx(end.basal_nM + 20)


def test_every_molecule_of_a_burst_is_accounted_for():
    time_s = np.linspace(0, 5, 20_001)
    half = Synapse().onset(time_s, 0.9, 0.9, burst_nM=50).serotonin
    cleared = half.uptake_nM_per_s + half.other_nM_per_s + half.diffusion_nM_per_s
    kept = half.terminal_nM[-1] - half.terminal_nM[0]
    assert np.trapezoid(half.release_nM_per_s - cleared, time_s) == pytest.approx(kept, rel=1e-6)


def test_a_block_lengthens_the_life_of_a_burst_and_a_small_burst_decays_exponentially():
    time_s = np.linspace(0, 3, 3001)

    def half_life(block):
        conc = Synapse().onset(time_s, block, burst_nM=20, route="local").serotonin.terminal_nM
        settled = Synapse().steady_state(block, route="local").serotonin.terminal_nM
        return time_s[np.argmax(conc - settled <= 0.5 * (conc[0] - settled))]

    assert half_life(0.9) > 3 * half_life(0.0)
    site = Projection.from_table("5-HT").terminal
    # without brake and far below Km the fluid is one first-order pool
    pool = Synapse(serotonin=_without_brake(Projection.from_table("5-HT")))
    tiny = pool.onset([0, 0.1], burst_nM=1e-3).serotonin.terminal_nM - site.basal_nM
    carried = site.vmax_nM_per_s * site.km_nM / (site.km_nM + site.basal_nM) ** 2
    rate = carried + site.other_clearance_per_s + site.diffusion_per_s
    assert tiny[1] / tiny[0] == pytest.approx(np.exp(-0.1 * rate), rel=1e-4)


def test_the_simulation_starts_at_the_acute_steady_state_and_is_second_order():
    synapse = Synapse()
    start = synapse.simulate([0, 24], 0.8, 0.6)
    acute = synapse.steady_state(0.8, 0.6)
    assert start.serotonin.fold[0] == pytest.approx(acute.serotonin.fold, rel=1e-12)
    assert start.norepinephrine.fold[0] == pytest.approx(acute.norepinephrine.fold, rel=1e-12)

    def end(step):
        return synapse.simulate([0, 672], 0.95, step_h=step).serotonin.fold[-1]

    exact = end(1.0)
    assert abs(end(84.0) - exact) / abs(end(42.0) - exact) == pytest.approx(4, rel=0.4)


def test_a_concentration_time_course_drives_the_synapse_and_stopping_undershoots():
    time_h = np.arange(0.0, 60 * 24 + 1, 6.0)
    conc_nM = np.where(time_h < 28 * 24, 100.0, 0.0)
    course = Synapse().simulate(time_h, occupancy(conc_nM, kd_nM=10.0)).serotonin
    on, off = course.fold[time_h == 27 * 24][0], course.fold[time_h == 28 * 24][0]
    assert on > 2.5
    assert off > 1  # autoreceptors still desensitised: more than basal just after stopping
    assert course.fold[-1] < off
    assert course.fold[-1] == pytest.approx(1, abs=0.15)
    assert course.soma_sensitivity.min() < 0.8 < course.soma_sensitivity[-1]


def test_scenarios_and_times_broadcast_and_inputs_are_not_changed():
    time_h = np.array([0.0, 24.0, 48.0])
    block = np.array([[0.2], [0.9]])
    kept = block.copy()
    many = Synapse().simulate(time_h, block, 0.5, firing=[1.0, 1.1, 1.2])
    assert many.serotonin.fold.shape == (2, 3)
    np.testing.assert_array_equal(block, kept)
    one = Synapse().simulate(time_h, 0.9, 0.5, firing=[1.0, 1.1, 1.2])
    np.testing.assert_allclose(many.serotonin.fold[1], one.serotonin.fold, rtol=1e-12)
    grid = Synapse().steady_state(np.linspace(0, 1, 5)[:, None], np.linspace(0, 1, 4))
    assert grid.norepinephrine.fold.shape == (5, 4)
    held = Synapse().simulate(time_h, block, autoreceptors="naive").serotonin.fold
    np.testing.assert_allclose(
        held, np.repeat(Synapse().steady_state(block[:, 0]).serotonin.fold[:, None], 3, axis=1)
    )


def test_every_constant_of_the_synapse_is_in_the_evidence_or_called_illustrative():
    for row in rows("synapse"):
        assert row["status"] in {"literature", "illustrative"}
        assert row["why"]
        assert bool(row["evidence"]) != bool(row["value"])
        if row["status"] == "literature":
            assert MEASURED[row["evidence"]].unit == (row["unit"] or "fraction")


@pytest.mark.parametrize("name", mechanism.__all__)
def test_every_public_name_is_documented(name):
    assert len(getattr(mechanism, name).__doc__) > 100


BAD_INPUT = [
    (occupancy, {"conc_nM": -1, "kd_nM": 1}, "conc_nM"),
    (occupancy, {"conc_nM": [1, np.nan], "kd_nM": 1}, "conc_nM"),
    (occupancy, {"conc_nM": 1, "kd_nM": 0}, "kd_nM"),
    (occupancy, {"conc_nM": "10 nM", "kd_nM": 1}, "conc_nM"),
    (competitive_occupancy, {"conc_nM": [1, 2], "kd_nM": [1, 2, 3]}, "conc_nM"),
    (competitive_occupancy, {"conc_nM": [], "kd_nM": [1]}, "conc_nM"),
    (uptake_rate, {"substrate_nM": -1, "vmax": 1, "km_nM": 1}, "substrate_nM"),
    (uptake_rate, {"substrate_nM": 1, "vmax": 1, "km_nM": 0}, "km_nM"),
    (uptake_rate, {"substrate_nM": 1, "vmax": np.nan, "km_nM": 1}, "vmax"),
    (
        uptake_rate,
        {"substrate_nM": 1, "vmax": 1, "km_nM": 1, "inhibitor_nM": np.inf},
        "inhibitor_nM",
    ),
    (uptake_rate, {"substrate_nM": 1, "vmax": 1, "km_nM": 1, "ki_nM": -2}, "ki_nM"),
    (uptake_ic50, {"ki_nM": 0, "substrate_nM": 1, "km_nM": 1}, "ki_nM"),
    (uptake_consistency, {"ic50_nM": [1, 2], "ki_nM": 1}, "ic50_nM"),
    (uptake_consistency, {"ic50_nM": 1, "ki_nM": 0}, "ki_nM"),
    (fold_increase, {"occupancy": 80, "non_transporter_fraction": 0.1}, "occupancy"),
    (fold_increase, {"occupancy": 0.8, "non_transporter_fraction": 0}, "non_transporter_fraction"),
    (Autoreceptor, {"name": "x", "ec50_nM": 1, "max_inhibition": 1.2}, "max_inhibition"),
    (Autoreceptor, {"name": "x", "ec50_nM": 0, "max_inhibition": 1}, "ec50_nM"),
    (Autoreceptor, {"name": "x", "ec50_nM": 1, "max_inhibition": 1, "hill": 0}, "hill"),
    (
        Autoreceptor,
        {"name": "x", "ec50_nM": 1, "max_inhibition": 1, "recovery_h": 0},
        "recovery_h",
    ),
    (Site, {**{f: getattr(SITE, f) for f in Site.__slots__}, "basal_nM": 0}, "basal_nM"),
    (
        Site,
        {
            **{f: getattr(SITE, f) for f in Site.__slots__},
            "diffusion_per_s": 0,
            "other_clearance_per_s": 0,
        },
        "diffusion_per_s",
    ),
    (
        Site,
        {
            **{f: getattr(SITE, f) for f in Site.__slots__},
            "autoreceptor": replace(BRAKE, desensitisation=9.0),
        },
        "desensitisation",
    ),
    (
        Site,
        {**{f: getattr(SITE, f) for f in Site.__slots__}, "autoreceptor": "5-HT1A"},
        "autoreceptor",
    ),
    (Projection, {"transmitter": "dopamine", "soma": SITE, "terminal": SITE}, "transmitter"),
    (Projection, {"transmitter": "NE", "soma": SITE, "terminal": BRAKE}, "terminal"),
    (Projection.from_table, {"transmitter": "DA"}, "transmitter"),
    (Synapse, {"serotonin": Projection("NE", SITE, SITE)}, "serotonin"),
    (Synapse().steady_state, {"sert_occupancy": 80}, "sert_occupancy"),
    (Synapse().steady_state, {"net_occupancy": -0.1}, "net_occupancy"),
    (Synapse().steady_state, {"firing": 0}, "firing"),
    (Synapse().steady_state, {"autoreceptors": "desensitised"}, "autoreceptors"),
    (Synapse().steady_state, {"route": "oral"}, "route"),
    (Synapse().onset, {"time_s": [0]}, "time_s"),
    (Synapse().onset, {"time_s": [0, 1], "sert_occupancy": [0.1, 0.2]}, "sert_occupancy"),
    (Synapse().onset, {"time_s": [0, 1], "burst_nM": -1}, "burst_nM"),
    (Synapse().onset, {"time_s": [0, 1], "firing": 0}, "firing"),
    (Synapse().onset, {"time_s": [0, 1], "route": "oral"}, "route"),
    (Synapse().simulate, {"time_h": [0, 24, 12]}, "time_h"),
    (Synapse().simulate, {"time_h": [0]}, "time_h"),
    (Synapse().simulate, {"time_h": [0, 1], "sert_occupancy": [0.1, 0.2, 0.3]}, "sert_occupancy"),
    (Synapse().simulate, {"time_h": [0, 1], "net_occupancy": 1.01}, "net_occupancy"),
    (Synapse().simulate, {"time_h": [0, 1], "step_h": 0}, "step_h"),
    (Synapse().simulate, {"time_h": [0, 1], "autoreceptors": "adapted"}, "autoreceptors"),
]
