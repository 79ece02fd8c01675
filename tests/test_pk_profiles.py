"""Concentrations against the textbook, integration, matrix exponentials and invariants."""

from __future__ import annotations

import itertools
import math
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp
from scipy.linalg import expm

from snrilab import pk
from snrilab.pk._disposition import RateConstants, from_input, transition
from tests import exact_pk

EXAMPLE = pk.Drug("example", cl_L_per_h=20, v_L=400, ka_per_h=0.4)


# --- the textbook's sums of exponentials in 50 digits ---

REGIMENS = {
    "one": pk.single_dose(40),
    "daily": pk.repeat(40, 24, 10),
    "twice daily": pk.repeat(20, 12, 20),
    "titration": pk.titration(),
}
BODIES = {
    "one compartment": EXAMPLE,
    "two compartments": EXAMPLE.with_(q_L_per_h=15.0, vp_L=300.0),
    "extended release": EXAMPLE.with_(ka_per_h=None, input_h=8.0, lag_h=1.0),
    "release into a depot": EXAMPLE.with_(input_h=8.0, lag_h=1.0, bioavailability=0.9),
    "intravenous": EXAMPLE.with_(ka_per_h=None, q_L_per_h=15.0, vp_L=300.0),
}


@pytest.mark.parametrize("regimen", REGIMENS)
@pytest.mark.parametrize("body", BODIES)
def test_profiles_equal_the_textbook(body, regimen):
    times = np.arange(0, 241.0, 6.7)
    found = pk.concentration(BODIES[body], REGIMENS[regimen], times)
    expected = exact_pk.concentration(BODIES[body], REGIMENS[regimen], times)
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize(
    ("begin", "end"), [(30.0, 54.0), (720.0, None), (24.0, 24.0 + 1e-9), (2000.0, 2001.0)]
)
def test_areas_keep_their_digits_however_late_or_short(body, begin, end):
    drug, dose = BODIES[body], pk.single_dose(40)
    found = pk.area_under_curve(drug, dose, begin, math.inf if end is None else end)
    assert found == pytest.approx(exact_pk.area(drug, dose, begin, end), rel=1e-11, abs=0)


def test_areas_of_very_many_doses():
    """Over the last of 5,000 days it is dose over clearance, and in all 5,000 times that."""
    regimen = pk.repeat(40, times=5000)
    day = pk.area_under_curve(EXAMPLE, regimen, 4999 * 24, 5000 * 24)
    assert day == pytest.approx(2000, rel=1e-12)
    whole = pk.area_under_curve(EXAMPLE, regimen, 0, math.inf)
    assert whole == pytest.approx(5000 * 2000, rel=1e-12)


@pytest.mark.parametrize("body", BODIES)
def test_very_many_doses_without_any_rhythm_add_up(body):
    rng = np.random.default_rng(3)
    drug, at = BODIES[body], np.sort(rng.uniform(0, 3000, 90))
    regimen = pk.Regimen(at, rng.uniform(10, 40, 90))
    times = np.sort(np.append(rng.uniform(-5, 3200, 12), at[:4]))
    np.testing.assert_allclose(
        pk.concentration(drug, regimen, times),
        exact_pk.concentration(drug, regimen, times),
        rtol=1e-11,
    )
    whole = pk.area_under_curve(drug, regimen, 0, math.inf)
    expected = regimen.total_mg * drug.bioavailability / drug.cl_L_per_h * 1000
    assert whole == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("interval_h", [1e-9, 1e-3, 24.0, 2000.0])
@pytest.mark.parametrize("body", ["one compartment", "two compartments", "intravenous"])
def test_steady_state_equals_the_geometric_series(body, interval_h):
    drug = BODIES[body]
    at = pk.steady_state(drug, 40, interval_h)
    trough = exact_pk.steady_concentration(drug, 40, interval_h, interval_h)
    peak = exact_pk.steady_concentration(drug, 40, interval_h, at.tmax_h)
    assert at.ctrough_ng_per_mL == pytest.approx(trough, rel=1e-11, abs=0)
    assert at.cmax_ng_per_mL == pytest.approx(peak, rel=1e-11)
    assert at.cavg_ng_per_mL == pytest.approx(2000 / interval_h, rel=1e-12)
    if interval_h < 1:
        assert at.peak_to_trough == pytest.approx(1, abs=2e-4)


# --- against integration and matrix exponentials --------------------------------------------------


def integrated(drug, regimen, times, changes=()):
    """Plasma concentration (ng/mL) by LSODA, event by event."""
    rates = drug.rates
    m, plasma = rates.n_states, rates.plasma

    def flow(ratio):
        a = np.zeros((m, m))
        if rates.absorption is not None:
            a[0, 0], a[plasma, 0] = -rates.absorption, rates.absorption
        a[plasma, plasma] -= rates.elimination * ratio
        if rates.outward is not None:
            a[plasma, plasma] -= rates.outward
            a[-1, plasma], a[plasma, -1], a[-1, -1] = rates.outward, rates.inward, -rates.inward
        return a

    entries = [t + drug.lag_h for t in regimen.time_h]
    edges = {*entries, *(t + drug.input_h for t in entries), max(times) + 1}
    edges |= {t for c in changes for t in (c.start_h, c.stop_h) if math.isfinite(t)}
    edges = sorted(t for t in edges if t >= entries[0])
    out, state = np.zeros(len(times)), np.zeros(m)
    for begin, end in itertools.pairwise(edges):
        doses = zip(entries, regimen.dose_mg, strict=True)
        rate = 0.0
        for entry, mg in doses:
            if drug.input_h == 0 and entry == begin:
                state[0] += mg * drug.bioavailability
            elif drug.input_h and entry <= begin < entry + drug.input_h:
                rate += mg * drug.bioavailability / drug.input_h
        ratio = math.prod(c.cl_ratio for c in changes if c.start_h <= begin < c.stop_h)
        a, gain = flow(ratio), np.eye(m)[0] * rate
        inside = (times >= begin) & (times < end)
        points = np.append(times[inside], end)
        solved = solve_ivp(
            lambda _, x, a=a, gain=gain: a @ x + gain,
            (begin, end),
            state,
            method="DOP853",
            t_eval=points,
            rtol=1e-11,
            atol=1e-13,
        )
        out[inside] = solved.y[plasma, :-1]
        state = solved.y[:, -1].copy()
    return out / drug.v_L * 1000


KINDS = {
    "intravenous bolus": {},
    "zero-order into plasma": {"input_h": 6.0, "lag_h": 0.5},
    "first order": {"ka_per_h": 0.71},
    "zero-order into depot with lag": {"ka_per_h": 0.4, "input_h": 8.0, "lag_h": 1.0},
    "flip-flop": {"ka_per_h": 0.02},
    "ka = ke": {"ka_per_h": 0.05},
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("compartments", [1, 2])
def test_every_kind_of_input_agrees_with_integration(kind, compartments):
    periphery = {"q_L_per_h": 15.0, "vp_L": 300.0} if compartments == 2 else {}
    drug = pk.Drug("x", 20.0, 400.0, bioavailability=0.9, **periphery, **KINDS[kind])
    regimen = pk.titration(days=(2, 1, 1, 1)).late(3, by_h=5.25).missed(4)
    changes = [pk.ClearanceChange(0.64, 30.3, 80.0), pk.ClearanceChange(1.5, 60.0)]
    times = np.arange(0.0, 150.0, 0.7)
    found = pk.concentration(drug, regimen, times, changes=changes)
    expected = integrated(drug, regimen, times, changes)
    np.testing.assert_allclose(found, expected, rtol=1e-8, atol=1e-8)


@pytest.mark.parametrize("interval_h", [6.0, 12.0])
def test_inputs_that_overlap_add_up(interval_h):
    drug = pk.Drug("x", 20.0, 400.0, ka_per_h=0.4, input_h=20.0, lag_h=3.0)
    regimen = pk.repeat(30, interval_h, 6)
    times = np.arange(0.0, 90.0, 0.9)
    np.testing.assert_allclose(
        pk.concentration(drug, regimen, times),
        integrated(drug, regimen, times),
        rtol=1e-8,
        atol=1e-8,
    )


rate = st.floats(-3, 1).map(lambda x: 10**x)


@given(
    *[rate] * 5,
    st.floats(-2, 2).map(lambda x: 10**x),
    st.booleans(),
    st.booleans(),
    st.booleans(),
    st.sampled_from([None, "ka", "ke0"]),
)
@settings(max_examples=300, deadline=None)
def test_closed_forms_are_the_matrix_exponential(
    ke, ka, out, back, ke0, s, depot, two, effect, equal
):
    ka, ke0 = ke if equal == "ka" else ka, ke if equal == "ke0" else ke0
    rates = RateConstants(
        np.float64(ke),
        np.float64(ka) if depot else None,
        np.float64(out) if two else None,
        np.float64(back) if two else None,
        np.float64(ke0) if effect else None,
    )
    m, plasma = rates.n_states, rates.plasma
    flow = np.zeros((m + 1, m + 1))
    if depot:
        flow[0, 0], flow[1, 0] = -ka, ka
    flow[plasma, plasma] -= ke
    if two:
        flow[plasma, plasma] -= out
        flow[plasma + 1, plasma], flow[plasma, plasma + 1] = out, back
        flow[plasma + 1, plasma + 1] = -back
    if effect:
        flow[m - 1, plasma], flow[m - 1, m - 1] = ke0, -ke0
    flow[0, m] = 1.0
    expected = expm(flow * s)
    found = [[0.0 if x is None else float(x) for x in row] for row in transition(rates, s)]
    np.testing.assert_allclose(found, expected[:m, :m], rtol=1e-7, atol=1e-12)
    np.testing.assert_allclose(from_input(rates, s), expected[:m, m], rtol=1e-7, atol=1e-11 * s)


@given(st.floats(1e-3, 5), st.floats(-1e-6, 1e-6), st.floats(0.01, 60))
def test_equal_rate_constants_are_the_limit_of_close_ones(ke, relative, time_h):
    drug = EXAMPLE.with_(cl_L_per_h=ke * 400, ka_per_h=ke)
    near = drug.with_(ka_per_h=ke * (1 + relative))
    at = pk.concentration(drug, pk.single_dose(40), time_h)
    assert at == pytest.approx(40e6 / 400e3 * ke * time_h * math.exp(-ke * time_h), rel=1e-9)
    # C is smooth in ka: moving ka by 1e-6 moves C by at most about (1 + ke t) 1e-6.
    assert pk.concentration(near, pk.single_dose(40), time_h) == pytest.approx(
        at, rel=2e-6 * (1 + ke * time_h)
    )


def test_early_concentrations_keep_their_digits():
    """Zero-order input into a depot starts as t²: no digits may cancel, no sign may flip."""
    drug = EXAMPLE.with_(input_h=8.0)
    times = 10.0 ** np.arange(-9, 0)
    found = pk.concentration(drug, pk.single_dose(40), times)
    leading = 40e6 / 8 / 400e3 * 0.4 * times**2 / 2
    np.testing.assert_allclose(found[:5], leading[:5], rtol=1e-4)
    assert np.all(found > 0)


# --- invariants -----------------------------------------------------------------------------------

drugs = st.builds(
    lambda cl, v, ka, lag, inp, f, two: pk.Drug(
        "any",
        cl,
        v,
        ka_per_h=ka,
        lag_h=lag,
        input_h=inp,
        bioavailability=f,
        q_L_per_h=0.7 * cl if two else None,
        vp_L=1.3 * v if two else None,
    ),
    st.floats(0.5, 200),
    st.floats(5, 2000),
    st.none() | st.floats(0.01, 5),
    st.floats(0, 5),
    st.just(0.0) | st.floats(0.1, 30),
    st.floats(0.05, 1),
    st.booleans(),
)
regimens = st.lists(st.tuples(st.floats(0, 200), st.floats(0, 150)), min_size=1, max_size=8).map(
    lambda doses: pk.Regimen(*(tuple(x) for x in zip(*doses, strict=True)))
)
TIMES = np.linspace(0, 400, 81)


@given(drugs, regimens, st.floats(0, 10))
@settings(deadline=None)
def test_concentration_is_proportional_to_dose(drug, regimen, factor):
    np.testing.assert_allclose(
        pk.concentration(
            drug, pk.Regimen(regimen.time_h, factor * np.array(regimen.dose_mg)), TIMES
        ),
        factor * pk.concentration(drug, regimen, TIMES),
        rtol=1e-9,
        atol=1e-12,
    )


@given(drugs, regimens)
@settings(deadline=None)
def test_doses_superpose(drug, regimen):
    alone = [
        pk.concentration(drug, pk.single_dose(mg, at), TIMES)
        for at, mg in zip(regimen.time_h, regimen.dose_mg, strict=True)
    ]
    np.testing.assert_allclose(
        pk.concentration(drug, regimen, TIMES), np.sum(alone, axis=0), rtol=1e-8, atol=1e-9
    )


@given(drugs, regimens, st.randoms(use_true_random=False))
@settings(deadline=None)
def test_the_order_of_doses_and_of_times_does_not_matter(drug, regimen, random):
    doses = list(zip(regimen.time_h, regimen.dose_mg, strict=True))
    random.shuffle(doses)
    shuffled = pk.Regimen(*(tuple(x) for x in zip(*doses, strict=True)))
    order = np.random.default_rng(1).permutation(TIMES.size)
    expected = pk.concentration(drug, regimen, TIMES)
    np.testing.assert_array_equal(
        pk.concentration(drug, shuffled, TIMES[order]), expected[order]
    )  # fmt: skip


@given(drugs, regimens)
@settings(deadline=None)
def test_area_under_the_curve_is_dose_over_clearance(drug, regimen):
    whole = pk.area_under_curve(drug, regimen, 0, math.inf)
    expected = regimen.total_mg * drug.bioavailability / drug.cl_L_per_h * 1000
    assert whole == pytest.approx(expected, rel=1e-9)
    middle = 77.7
    parts = pk.area_under_curve(drug, regimen, 0, middle)
    parts += pk.area_under_curve(drug, regimen, middle, math.inf)
    assert parts == pytest.approx(whole, rel=1e-9, abs=1e-9)


def test_area_with_a_change_of_clearance_agrees_with_fine_trapezoids():
    drug = pk.drug("levomilnacipran")
    change = [pk.enzyme_change(0.36, 0, start_h=100.5, stop_h=250.25)]
    regimen = pk.repeat(80, times=14)
    times = np.linspace(50, 300, 250_001)
    conc = pk.concentration(drug, regimen, times, changes=change)
    exact = pk.area_under_curve(drug, regimen, 50, 300, changes=change)
    assert exact == pytest.approx(np.trapezoid(conc, times), rel=1e-8)


@given(drugs, st.floats(2, 48))
@settings(deadline=None, max_examples=60)
def test_steady_state_is_where_many_doses_settle(drug, interval_h):
    assume(drug.half_life_h < 100)
    count = 2 + math.ceil((drug.lag_h + drug.input_h + 60 * drug.half_life_h) / interval_h)
    assume(count < 4000)
    at = pk.steady_state(drug, 40, interval_h)
    just_after = at.tmax_h + 1e-9  # a bolus jumps there
    times = (count - 1) * interval_h + np.append(np.linspace(0, interval_h, 2001)[:-1], just_after)
    conc = pk.concentration(drug, pk.repeat(40, interval_h, count), times)
    assert conc.max() <= at.cmax_ng_per_mL * (1 + 1e-9)
    assert conc.max() >= at.cmax_ng_per_mL * (1 - 1e-6)
    assert conc.min() >= at.cmin_ng_per_mL * (1 - 1e-9)
    assert at.cmin_ng_per_mL * (1 - 1e-12) <= at.cavg_ng_per_mL <= at.cmax_ng_per_mL * (1 + 1e-12)
    assert at.auc_ng_h_per_mL == pytest.approx(interval_h * at.cavg_ng_per_mL)


def test_fast_absorption_is_a_bolus_and_no_exchange_is_one_compartment():
    bolus = pk.Drug("x", 20, 400)
    regimen = pk.repeat(40, 24, 3)
    times = np.linspace(0.5, 100, 50)
    expected = pk.concentration(bolus, regimen, times)
    np.testing.assert_allclose(
        pk.concentration(bolus.with_(ka_per_h=1e7), regimen, times), expected, rtol=1e-5
    )
    np.testing.assert_allclose(
        pk.concentration(bolus.with_(q_L_per_h=1e-9, vp_L=1.0), regimen, times), expected, rtol=1e-7
    )
    np.testing.assert_allclose(
        pk.concentration(bolus.with_(input_h=1e-7), regimen, times), expected, rtol=1e-7
    )


def test_before_the_first_dose_there_is_nothing_and_at_a_bolus_there_is_all():
    bolus = pk.Drug("x", 20, 400)
    found = pk.concentration(bolus, pk.single_dose(40, time_h=10), [-5, 9.999, 10])
    np.testing.assert_allclose(found, [0, 0, 100])


def test_shapes_follow_the_times():
    assert isinstance(pk.concentration(EXAMPLE, pk.single_dose(1), 3), float)
    assert pk.concentration(EXAMPLE, pk.single_dose(1), np.ones((2, 3))).shape == (2, 3)


# --- regimens -------------------------------------------------------------------------------------


def test_regimens_are_values():
    week = pk.repeat(40, times=7)
    assert week == pk.repeat(40, times=7)
    assert hash(week) == hash(pk.repeat(40, times=7))
    assert week.missed(2) + pk.single_dose(40, 24) == week
    assert len({week, week.late(1, 1), week.doubled(2)}) == 3
    assert week.total_mg == 280


def test_titration_and_taper_step_by_step():
    up = pk.titration(days=(2, 1, 1, 2))
    assert up.dose_mg == (20, 20, 40, 80, 120, 120)
    assert up.time_h == (0, 24, 48, 72, 96, 120)
    twice_daily = pk.titration((20, 40), days=1, interval_h=12)
    assert twice_daily.dose_mg == (20, 20, 40, 40)
    whole = up.then(pk.down_taper(days=1), after_h=24)
    assert whole.dose_mg[-3:] == (80, 40, 20)
    assert whole.time_h[-1] == 120 + 3 * 24


def test_a_missed_dose_never_raises_and_a_doubled_one_never_lowers_concentration():
    drug = pk.drug("escitalopram")
    regimen = pk.repeat(10, times=14)
    times = np.arange(0, 500.0)
    usual = pk.concentration(drug, regimen, times)
    missed = pk.concentration(drug, regimen.missed(10), times)
    assert np.all(missed <= usual + 1e-12)
    assert missed[10 * 24 - 1] < usual[10 * 24 - 1]
    assert np.all(pk.concentration(drug, regimen.doubled(10), times) >= usual - 1e-12)


# --- parameter sets -------------------------------------------------------------------------------


def test_every_parameter_set_peaks_when_its_source_says():
    for name, hours in {
        "escitalopram": 5.0,
        "milnacipran": 3.0,
        "duloxetine": 6.0,
        "desvenlafaxine": 7.5,
    }.items():
        drug = pk.drug(name)
        times = np.linspace(0.1, 24, 2391)
        peak = times[np.argmax(pk.concentration(drug, pk.single_dose(10), times))]
        assert peak == pytest.approx(hours, abs=0.05), name


def test_half_lives_are_those_of_the_sources():
    expected = {
        ("levomilnacipran", None): 12,
        ("escitalopram", "one_compartment"): 30,
        ("escitalopram", "two_compartments"): 30,
        ("milnacipran", None): 7,
        ("duloxetine", None): 12,
        ("desvenlafaxine", None): 11,
    }
    for (name, model), hours in expected.items():
        assert pk.drug(name, model).half_life_h == pytest.approx(hours, rel=0.012), name


def test_an_unknown_number_stays_unknown():
    with pytest.raises(LookupError, match="fm_cyp3a4"):
        pk.drug("duloxetine").known("fm_cyp3a4")


def test_flip_flop_half_life_is_that_of_absorption():
    assert EXAMPLE.with_(ka_per_h=0.01).half_life_h == pytest.approx(math.log(2) / 0.01)


def test_the_peak_after_one_dose_is_the_highest_of_a_fine_grid():
    for drug in [*BODIES.values(), pk.drug("escitalopram"), EXAMPLE.with_(ka_per_h=0.05)]:
        peak = pk.peak_after_dose(drug, 40)
        times = np.linspace(0, 40, 40_001)
        conc = pk.concentration(drug, pk.single_dose(40), times)
        assert peak.cmax_ng_per_mL == pytest.approx(conc.max(), rel=1e-6)
        assert peak.tmax_h == pytest.approx(times[conc.argmax()], abs=2e-3)
    slow = pk.peak_after_dose(EXAMPLE, 40, patient=pk.Patient(ka_ratio=0.5))
    assert slow.tmax_h == pytest.approx(math.log(0.2 / 0.05) / 0.15, rel=1e-9)


def test_a_lower_clearance_keeps_the_half_life():
    for model in ("one_compartment", "two_compartments"):
        drug = pk.drug("escitalopram", model)
        other = drug.with_clearance(24)
        assert other.half_life_h == pytest.approx(drug.half_life_h)
        assert pk.steady_state(other, 10).cavg_ng_per_mL == pytest.approx(10e3 / 24 / 24)


def test_the_room_loads_without_pictures_or_widgets():
    code = (
        "import sys\nfrom snrilab import pk\n"
        "for name in pk.__all__: getattr(pk, name)\n"
        "pk.steady_state(pk.drug('levomilnacipran'), 40)\n"
        "heavy = ('matplotlib', 'ipywidgets', 'pandas', 'scipy.stats')\n"
        "print([module for module in heavy if module in sys.modules])"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert answer.stdout.strip() == "[]"


LVM = pk.drug("levomilnacipran")
WEEK = pk.repeat(40, times=7)
BAD_INPUT = [
    (pk.titration, {"doses_mg": 20}, "doses_mg"),
    (pk.titration, {"doses_mg": [[20, 40]]}, "doses_mg"),
    (pk.down_taper, {"doses_mg": None}, "doses_mg"),
    *(
        (pk.concentration, {"drug": LVM, "regimen": WEEK, "time_h": 1.0, "changes": bad}, "changes")
        for bad in (None, 0.5, {"cl_ratio": 0.5}, np.ones(2))
    ),
    (pk.peak_after_dose, {"drug": LVM, "dose_mg": 0}, "dose_mg"),
    (pk.peak_after_dose, {"drug": "LVM", "dose_mg": 1}, "drug"),
    (LVM.with_clearance, {"cl_L_per_h": 0}, "cl_L_per_h"),
    (pk.area_under_curve, {"drug": LVM, "regimen": WEEK, "start_h": [0], "stop_h": 1}, "start_h"),
    (pk.Drug, {"name": "x", "cl_L_per_h": 0, "v_L": 1}, "cl_L_per_h"),
    (pk.Drug, {"name": "x", "cl_L_per_h": 1, "v_L": float("nan")}, "v_L"),
    (pk.Drug, {"name": "x", "cl_L_per_h": 1, "v_L": 1, "ka_per_h": -1}, "ka_per_h"),
    (pk.Drug, {"name": "x", "cl_L_per_h": 1, "v_L": 1, "vp_L": 2}, "q_L_per_h"),
    (pk.Drug, {"name": "x", "cl_L_per_h": 1, "v_L": 1, "bioavailability": 1.2}, "bioavailability"),
    (pk.Drug, {"name": "x", "cl_L_per_h": 1, "v_L": 1, "fe_renal": 0.7, "fm_cyp3a4": 0.5}, "fe_"),
    (pk.Drug, {"name": 3, "cl_L_per_h": 1, "v_L": 1}, "name"),
    (pk.Drug, {"name": "x", "cl_L_per_h": 1, "v_L": 1, "cl_range_L_per_h": (36, 24)}, "cl_range"),
    (pk.Patient, {"cl_ratio": 0}, "cl_ratio"),
    (LVM.with_, {"clearance": 3}, "parameter"),
    (LVM.in_patient, {"patient": 0.5}, "patient"),
    (pk.drug, {"name": "levomilnaciprane"}, "name"),
    (pk.drug, {"name": "escitalopram", "model": "three"}, "model"),
    (pk.Regimen, {"time_h": [0, 1], "dose_mg": [10]}, "dose_mg"),
    (pk.Regimen, {"time_h": [0], "dose_mg": [-10]}, "dose_mg"),
    (pk.Regimen, {"time_h": [], "dose_mg": []}, "time_h"),
    (pk.single_dose, {"dose_mg": "40 mg"}, "dose_mg"),
    (pk.repeat, {"dose_mg": 40, "interval_h": 0}, "interval_h"),
    (pk.repeat, {"dose_mg": 40, "times": 2.5}, "times"),
    (pk.titration, {"doses_mg": [20, 40], "days": [1, 2, 3]}, "days"),
    (pk.titration, {"doses_mg": [0, 40]}, "doses_mg"),
    (pk.down_taper, {"doses_mg": [20, 40]}, "doses_mg"),
    (WEEK.late, {"dose": 8, "by_h": 2}, "dose"),
    (WEEK.then, {"other": 40}, "other"),
    (pk.concentration, {"drug": "x", "regimen": WEEK, "time_h": 1}, "drug"),
    (pk.concentration, {"drug": LVM, "regimen": [40], "time_h": 1}, "regimen"),
    (pk.concentration, {"drug": LVM, "regimen": WEEK, "time_h": float("nan")}, "time_h"),
    (pk.concentration, {"drug": LVM, "regimen": WEEK, "time_h": 1, "changes": [0.5]}, "changes"),
    (
        pk.area_under_curve,
        {"drug": LVM, "regimen": WEEK, "start_h": 5, "stop_h": 4},
        "stop_h",
    ),
    (pk.steady_state, {"drug": LVM, "dose_mg": 0}, "dose_mg"),
    (pk.steady_state, {"drug": LVM, "dose_mg": 40, "interval_h": -24}, "interval_h"),
    (pk.accumulation_ratio, {"half_life_h": 0}, "half_life_h"),
    (pk.accumulation_ratio, {"half_life_h": 12, "interval_h": float("inf")}, "interval_h"),
]
