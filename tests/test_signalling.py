"""Cascades: signs that follow from the shape, conservation, exact steps against LSODA, LPS."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from snrilab import evidence
from snrilab.mechanism import Synapse
from snrilab.signalling import (
    LPS_GROUPS,
    Network,
    from_synapse,
    join,
    lps_study,
    network,
    simulate,
    steady_state,
)
from snrilab.signalling._wiring import Edge, Input, State

NETWORKS = ("camp", "trkb", "tlr4", "whole")
WEEKS = np.arange(0.0, 8 * 7 * 24 + 1, 24.0)
folds = st.floats(0, 20)
REACHABLE = [
    (name, source.name, target.name)
    for name in NETWORKS
    for source in network(name).inputs
    for target in network(name).states
    if network(name).path_signs(source.name, target.name)
]


# Shape ----------------------------------------------------------------------------------------


def test_the_same_transmitter_drives_camp_both_ways_until_one_receptor_is_gone():
    camp = network("camp")
    assert camp.path_signs("5-HT", "cAMP") == {1, -1}
    assert camp.path_signs("NE", "CREB") == {1, -1}
    assert camp.path_signs("Gs NE", "BDNF") == {1}
    assert camp.path_signs("Gi 5-HT", "BDNF") == {-1}


def test_signs_across_the_whole_network():
    whole = network("whole")
    assert whole.path_signs("LPS", "synaptic proteins") == {-1}
    assert whole.path_signs("drug", "synaptic proteins") == {1}
    assert whole.path_signs("drug", "cytokines") == {-1}
    assert whole.path_signs("NE", "NF-kB") == {-1}
    assert whole.path_signs("mTOR", "LPS") == frozenset()
    assert whole.path_signs("BDNF", "BDNF") == {1}
    assert {node.name for node in whole.inputs} == {"5-HT", "NE", "LPS", "drug"}


@pytest.mark.parametrize("name", NETWORKS)
def test_causes_come_before_effects(name):
    place = {state.name: i for i, state in enumerate(network(name).order)}
    for edge in network(name).edges:
        assert place.get(edge.source, -1) < place[edge.target]


@pytest.mark.parametrize("name", NETWORKS)
def test_every_edge_has_a_reference_and_every_constant_a_reason(name):
    for edge in network(name).edges:
        assert edge.reference
        assert edge.provenance in {"abstract read", "title only", "recalled"}
        assert edge.why
    assert all(node.why for node in network(name).nodes)
    assert network(name).illustrative
    assert "llustrative" in network.__doc__


@pytest.mark.parametrize(("name", "source", "target"), REACHABLE)
def test_raising_an_input_moves_each_state_as_the_product_of_edge_signs(name, source, target):
    cascade = network(name)
    signs = cascade.path_signs(source, target)
    rest = cascade.node(source).resting
    # LPS already on board, so that what suppresses it has something to suppress.
    base = {"LPS": 0.5} if "LPS" in {n.name for n in cascade.inputs} else {}
    low = simulate(cascade, WEEKS, base)
    high = simulate(cascade, WEEKS, base | {source: base.get(source, rest) + 0.5})
    change = high.active(target) - low.active(target)
    if len(signs) == 1:
        (sign,) = signs
        assert (sign * change >= -1e-15).all()
        assert sign * change[-1] > 1e-6
    else:
        assert {1, -1} == signs


@given(folds, folds, st.floats(1.05, 3))
@settings(max_examples=30, deadline=None)
def test_only_gs_receptors_raise_creb(serotonin, norepinephrine, factor):
    camp = network("camp")
    low = {"5-HT": serotonin + 0.1, "NE": norepinephrine + 0.1}
    high = {name: factor * level for name, level in low.items()}
    for absent, sign in ((("Gi 5-HT", "Gi NE"), 1), (("Gs 5-HT", "Gs NE"), -1)):
        change = (
            steady_state(camp, high, knock_out=absent)["CREB"]
            - steady_state(camp, low, knock_out=absent)["CREB"]
        )
        assert sign * change > 0


# Dynamics -------------------------------------------------------------------------------------


def _pools(time, y, cascade, inputs):
    """Active and inactive pools as separate states: nothing but mass action between them."""
    n = len(cascade.states)
    names = [state.name for state in cascade.states]
    active, inactive = dict(zip(names, y[:n], strict=True)), y[n:]
    level = {**{name: course(time) for name, course in inputs.items()}, **active}
    flux = []
    for i, state in enumerate(cascade.states):
        k = np.log(2) / state.half_life_h
        on = k * (
            state.resting
            + sum(
                e.strength * level[e.source]
                for e in cascade.edges
                if e.target == state.name and e.sign > 0
            )
        )
        off = k * (
            1
            + sum(
                e.strength * level[e.source]
                for e in cascade.edges
                if e.target == state.name and e.sign < 0
            )
        )
        flux.append(on * inactive[i] - off * active[state.name])
    return [*flux, *(-f for f in flux)]


@pytest.mark.parametrize(
    ("name", "inputs"),
    [
        ("camp", {"5-HT": 2.5, "NE": 3.0}),
        ("trkb", {"BDNF": 0.4}),
        ("tlr4", {"LPS": 0.8, "drug": 1.0, "NE": 2.0}),
        ("whole", {"5-HT": 2.5, "NE": 3.0, "LPS": 0.3, "drug": 0.5}),
    ],
)
def test_the_exact_step_agrees_with_lsoda_and_the_pools_are_conserved(name, inputs):
    cascade = network(name)
    start = [steady_state(cascade)[s.name] for s in cascade.states]
    hours = np.array([0.0, 6.0, 24.0, 96.0, 336.0])
    exact = solve_ivp(
        _pools,
        (0, 336),
        [*start, *(1 - a for a in start)],
        method="LSODA",
        t_eval=hours,
        args=(cascade, {k: lambda _, v=v: v for k, v in inputs.items()}),
        rtol=1e-9,
        atol=1e-12,
    ).y
    n = len(start)
    np.testing.assert_allclose(exact[:n] + exact[n:], 1, rtol=1e-9)
    for step, tolerance in ((6.0, 3e-3), (0.5, 1e-3)):
        course = simulate(cascade, hours, inputs, step_h=step)
        for i, state in enumerate(cascade.states):
            np.testing.assert_allclose(
                course.active(state.name)[1:], exact[i, 1:], rtol=tolerance, err_msg=state.name
            )


@given(
    st.sampled_from(NETWORKS),
    st.lists(st.floats(0, 1e4), min_size=4, max_size=4),
    st.floats(0.01, 500),
)
@settings(max_examples=40, deadline=None)
def test_fractions_stay_fractions_under_any_input_and_any_step(name, levels, hours):
    cascade = network(name)
    inputs = {node.name: level for node, level in zip(cascade.inputs, levels, strict=False)}
    course = simulate(cascade, np.array([0.0, 1.0, 2.5]) * hours, inputs, step_h=hours)
    settled = steady_state(cascade, inputs)
    for state in cascade.states:
        active = course.active(state.name)
        assert (active >= 0).all()
        assert (active <= 1).all()
        assert 0 <= settled[state.name] <= 1


@pytest.mark.parametrize("name", NETWORKS)
def test_a_long_simulation_ends_at_the_steady_state_and_rest_is_rest(name):
    cascade = network(name)
    inputs = {node.name: node.resting + 1.0 for node in cascade.inputs}
    course = simulate(cascade, [0, 10_000, 20_000], inputs, step_h=100.0)
    settled = steady_state(cascade, inputs)
    rest = simulate(cascade, [0, 100])
    for state in cascade.states:
        assert course.active(state.name)[-1] == pytest.approx(settled[state.name], rel=1e-9)
        np.testing.assert_allclose(rest.fold(state.name), 1, rtol=1e-12)


def test_scenarios_broadcast_like_single_runs():
    time_h = np.arange(0.0, 49, 6)
    levels = np.array([[1.0], [3.0]]) * np.ones(time_h.size)
    many = simulate(network("whole"), time_h, {"NE": levels, "LPS": 0.83 * np.exp2(-time_h / 2)})
    one = simulate(network("whole"), time_h, {"NE": 3.0, "LPS": 0.83 * np.exp2(-time_h / 2)})
    for state in network("whole").states:
        assert many.active(state.name).shape == (2, time_h.size)
        np.testing.assert_allclose(many.active(state.name)[1], one.active(state.name), rtol=1e-12)
    table = steady_state(network("camp"), {"NE": [1.0, 2.0, 4.0]})
    assert table["Gs 5-HT"].shape == table["CREB"].shape == (3,)


def test_knock_outs_stay_at_zero_and_clamps_where_they_are_held():
    course = simulate(
        network("whole"), [0, 24, 48], {"LPS": 0.8}, knock_out=("TLR4",), hold={"PKA": 0.5}
    )
    assert (course.active("TLR4") == 0).all()
    assert (course.active("PKA") == 0.5).all()
    np.testing.assert_allclose(course.active("cytokines"), course.active("cytokines")[0])


def test_joining_keeps_the_handover_of_bdnf():
    assert network("trkb").node("BDNF").resting == pytest.approx(
        steady_state(network("camp"))["BDNF"], rel=0.01
    )
    alone = steady_state(network("camp"), {"NE": 3.0})
    plasticity = join("plasticity", network("camp"), network("trkb"))
    both = steady_state(plasticity, {"NE": 3.0})
    assert both["BDNF"] == pytest.approx(alone["BDNF"], rel=1e-12)
    fed = steady_state(network("trkb"), {"BDNF": alone["BDNF"]})
    assert both["synaptic proteins"] == pytest.approx(fed["synaptic proteins"], rel=1e-12)


# Driven by the synapse -------------------------------------------------------------------------


def test_transmitter_jumps_in_a_day_and_the_cascade_takes_weeks():
    time_h = np.arange(0.0, 8 * 7 * 24 + 1, 6.0)
    synapse = Synapse().simulate(time_h, sert_occupancy=0.8, net_occupancy=0.8)
    course = simulate(network("whole"), time_h, from_synapse(synapse))

    def weeks_to_half(rise):
        return time_h[np.argmax(rise - rise[0] >= 0.5 * (rise[-1] - rise[0]))] / 168

    assert synapse.serotonin.fold[0] > 1.5  # the first hour
    assert weeks_to_half(course.fold("cAMP")) < 0.1
    assert weeks_to_half(course.fold("synaptic proteins")) > 1
    assert weeks_to_half(course.fold("synaptic proteins")) > weeks_to_half(course.fold("BDNF"))


def test_cytokines_peak_within_six_hours_and_are_gone_within_a_day():
    """Serum of rats after LPS: most analytes peak within 6 h and are back by 24 h."""
    peak, back = (
        float(evidence.get("LPS", quantity)) for quantity in ("cytokine_peak", "cytokine_return")
    )
    time_h = np.arange(-5, 40, 0.25)
    cytokines = lps_study(time_h, lps_at_h=5)["vehicle + LPS"].active("cytokines")
    np.testing.assert_allclose(cytokines[time_h < 5], cytokines[0], rtol=1e-6)
    assert time_h[np.argmax(cytokines)] - 5 == pytest.approx(4.75, abs=0.5)
    assert time_h[np.argmax(cytokines)] - 5 <= peak
    risen = cytokines - cytokines[0]
    assert risen[time_h == 5 + back] < 0.07 * risen.max()


@pytest.fixture(scope="module")
def groups():
    time_h = np.arange(0.0, 25.0, 0.5)
    synapse = Synapse().simulate(time_h, 0.9, 0.9)
    return lps_study(time_h, synapse=synapse)


def test_the_four_groups_of_the_lps_study_stand_in_the_reported_order(groups):
    assert tuple(groups) == LPS_GROUPS
    saline, _, lps, protected = (groups[name] for name in LPS_GROUPS)
    np.testing.assert_allclose(saline.fold("cytokines"), 1, rtol=1e-9)
    for inflamed in ("TLR4", "NF-kB", "Ras", "p38", "cytokines"):
        peak = [course.active(inflamed).max() for course in (saline, protected, lps)]
        assert peak == sorted(peak)
        assert peak[0] < peak[1] < peak[2]
    for spared in ("BDNF", "TrkB", "PI3K", "Akt", "mTOR"):
        end = [course.active(spared)[-1] for course in (lps, protected, saline)]
        assert end[0] < end[1] < end[2]


def test_without_tlr4_lps_does_nothing():
    time_h = np.arange(0.0, 25.0)
    groups = lps_study(time_h, knock_out=("TLR4",))
    np.testing.assert_allclose(
        groups["vehicle + LPS"].active("BDNF"), groups["vehicle + saline"].active("BDNF")
    )


def test_either_road_of_the_drug_protects_alone():
    time_h = np.arange(0.0, 25.0, 0.5)
    direct = lps_study(time_h)
    through_ne = lps_study(time_h, drug=0.0, synapse=Synapse().simulate(time_h, 0.9, 0.9))
    for groups in (direct, through_ne):
        peak = {name: course.active("cytokines").max() for name, course in groups.items()}
        assert peak["drug + LPS"] < peak["vehicle + LPS"]


RELAY = {
    "name": "relay",
    "inputs": (Input("x", 0.0),),
    "states": (State("a", 1.0, 0.1), State("b", 1.0, 0.1)),
    "edges": (Edge("x", "a", 1, 1.0), Edge("a", "b", -1, 1.0)),
}
CAMP = network("camp")
BAD_INPUT = [
    (Input, {"name": "x", "resting": -1}, "resting"),
    (State, {"name": "x", "half_life_h": 0}, "half_life_h"),
    (State, {"name": "x", "half_life_h": 1, "resting": np.nan}, "resting"),
    (Edge, {"source": "a", "target": "b", "sign": 0, "strength": 1}, "sign"),
    (Edge, {"source": "a", "target": "b", "sign": 1, "strength": 0}, "strength"),
    (Network, {**RELAY, "edges": (Edge("x", "c", 1, 1.0),)}, "edges"),
    (Network, {**RELAY, "edges": (Edge("a", "x", 1, 1.0),)}, "edges"),
    (Network, {**RELAY, "edges": (*RELAY["edges"], Edge("b", "a", 1, 1.0))}, "edges"),
    (Network, {**RELAY, "states": (State("x", 1.0, 0.1),)}, "states"),
    (Network, {**RELAY, "states": (*RELAY["states"], State("c", 1.0))}, "states"),
    (CAMP.path_signs, {"source": "5HT", "target": "cAMP"}, "5HT"),
    (CAMP.node, {"name": "mTOR"}, "name"),
    (join, {"name": "nothing"}, "networks"),
    (network, {"name": "wnt"}, "name"),
    (steady_state, {"network": "camp"}, "network"),
    (steady_state, {"network": CAMP, "inputs": {"5-HT": -1}}, "5-HT"),
    (steady_state, {"network": CAMP, "inputs": {"LPS": 1}}, "inputs"),
    (steady_state, {"network": CAMP, "knock_out": ("mTOR",)}, "knock_out"),
    (steady_state, {"network": CAMP, "hold": {"PKA": 1.1}}, "hold"),
    (simulate, {"network": CAMP, "time_h": [0, 0]}, "time_h"),
    (simulate, {"network": CAMP, "time_h": [0, 1], "step_h": 0}, "step_h"),
    (simulate, {"network": CAMP, "time_h": [0, 1], "inputs": {"NE": [1, 2, 3]}}, "NE"),
    (simulate, {"network": CAMP, "time_h": [0, 1], "knock_out": "PKA"}, "knock_out"),
    (simulate(CAMP, [0, 1]).active, {"name": "mTOR"}, "name"),
    (
        simulate(
            Network(**{**RELAY, "states": (State("a", 1.0), State("b", 1.0, 0.1))}), [0, 1]
        ).fold,
        {"name": "a"},
        "name",
    ),
    (from_synapse, {"state": 2.0}, "state"),
    (lps_study, {"time_h": [0]}, "time_h"),
    (lps_study, {"time_h": [0, 1], "drug": -1}, "drug"),
    (lps_study, {"time_h": [0, 1], "lps_mg_per_kg": -1}, "lps_mg_per_kg"),
    (lps_study, {"time_h": [0, 1], "synapse": 1.0}, "synapse"),
    (lps_study, {"time_h": [0, 1], "knock_out": "TLR4"}, "knock_out"),
    (simulate, {"network": CAMP, "time_h": [0, 1], "inputs": [1.0]}, "inputs"),
    (simulate, {"network": CAMP, "time_h": [0, 1], "knock_out": 1.0}, "knock_out"),
    (simulate, {"network": CAMP, "time_h": [0, 1], "hold": ["PKA"]}, "hold"),
    (network, {"name": ["camp"]}, "name"),
    (Input, {"name": None, "resting": 1}, "name"),
    (State, {"name": 3, "half_life_h": 1}, "name"),
    (Edge, {"source": None, "target": "b", "sign": 1, "strength": 1}, "source"),
    (Edge, {"source": "a", "target": "b", "sign": [1], "strength": 1}, "sign"),
    (Network, {**RELAY, "edges": None}, "edges"),
]
