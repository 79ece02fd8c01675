"""The second site of SERT: kinetics against closed forms, exposure against the claim."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from snrilab import evidence
from snrilab.mechanism import (
    allosteric_evidence,
    allosteric_occupancy,
    dissociation_half_life,
    dissociation_time_course,
    off_rate,
)

rates = st.floats(1e-6, 10)
ligands = st.floats(0, 1e6)
ec50s = st.floats(1, 1e6)


@settings(deadline=None)
@given(rates, ec50s)
def test_limits_of_the_half_life(koff, ec50):
    plain = dissociation_half_life(koff)
    assert plain == pytest.approx(np.log(2) / koff)
    assert dissociation_half_life(koff, 0, ec50) == plain
    assert dissociation_half_life(koff, 1e5, np.inf) == plain
    assert dissociation_half_life(koff, ec50, ec50) == pytest.approx(2 * plain)
    assert dissociation_half_life(koff, 9 * ec50, ec50) == pytest.approx(10 * plain)


def test_bound_fraction_halves_every_half_life():
    slow = dissociation_half_life(0.011, 3600, 3600)
    wash = dissociation_time_course([0, slow, 2 * slow], 0.011, [0, 3600], 3600)
    np.testing.assert_allclose(wash.bound_fraction[1], [1, 0.5, 0.25])
    np.testing.assert_allclose(wash.bound_fraction[0], [1, 0.25, 0.0625])
    np.testing.assert_allclose(wash.half_life_s, [slow / 2, slow])


def test_bound_fraction_solves_its_differential_equation():
    from scipy.integrate import solve_ivp

    time_s = np.linspace(0, 300, 7)
    rate = 0.011 * (1 - 1800 / (1800 + 3600))  # the share of second sites held slows by itself
    exact = solve_ivp(
        lambda _, b: -rate * b, (0, 300), [1.0], t_eval=time_s, rtol=1e-10, atol=1e-12
    ).y[0]
    got = dissociation_time_course(time_s, 0.011, 1800, 3600).bound_fraction
    np.testing.assert_allclose(got, exact, rtol=1e-6)


def test_below_one_percent_of_the_allosteric_sites_are_held_at_clinical_exposure():
    # Mean over a day at 10 and 20 mg: dose / (36 L/h x 24 h), unbound 0.44, 324.39 g/mol.
    unbound = np.array([10, 20]) / (36 * 24) * 1e6 * 0.44 / 324.39
    np.testing.assert_allclose(unbound, [15.7, 31.4], rtol=0.005)
    ec50 = evidence.get("escitalopram", "allosteric_EC50", source="chen2005_jneurochem").value
    np.testing.assert_allclose(ec50 / unbound, [230, 115], rtol=0.01)
    assert (allosteric_occupancy(unbound, ec50) < 0.01).all()
    # so the half-life, whatever it is, grows by less than one per cent
    assert dissociation_half_life(0.011, unbound[1], ec50) / dissociation_half_life(0.011) < 1.01


def test_the_assumed_off_rate_follows_from_the_assumed_on_rate():
    koff = off_rate(1.1, 1e7)
    assert koff == pytest.approx(0.011)
    assert dissociation_half_life(koff) == pytest.approx(63, abs=0.1)


def test_evidence_stands_on_both_sides_and_the_unknown_stays_unknown():
    everything = allosteric_evidence()
    assert {r.side for r in everything} == {"supports", "against", "context", "unknown"}
    assert len(everything) == len({r.key for r in everything})
    assert all(r.row.known for r in everything if r.side != "unknown")
    (unknown,) = allosteric_evidence("unknown")
    assert not unknown.row.known
    assert unknown.row.quantity == "dissociation_half_life"


PLAIN = {"off_rate_per_s": 0.01, "allosteric_nM": 1.0, "ec50_nM": 3600.0}
BAD_INPUT = [
    (off_rate, {"kd_nM": 0, "on_rate_per_M_per_s": 1e7}, "kd_nM"),
    (off_rate, {"kd_nM": 1, "on_rate_per_M_per_s": -1}, "on_rate_per_M_per_s"),
    (dissociation_half_life, {**PLAIN, "allosteric_nM": -1}, "allosteric_nM"),
    (dissociation_half_life, {**PLAIN, "ec50_nM": 0}, "ec50_nM"),
    (dissociation_time_course, {**PLAIN, "time_s": -1}, "time_s"),
    (dissociation_time_course, {**PLAIN, "time_s": [[1, 2], [3, 4]]}, "time_s"),
    (allosteric_occupancy, {"unbound_nM": -1, "ec50_nM": 3600}, "unbound_nM"),
    (allosteric_occupancy, {"unbound_nM": 1, "ec50_nM": 0}, "ec50_nM"),
    (allosteric_evidence, {"side": "for"}, "side"),
]
