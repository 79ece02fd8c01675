"""Populations of virtual patients: time against peers, and time and memory against their number."""

from __future__ import annotations

import importlib.util
import math
import time
import tracemalloc

import numpy as np

from benchmarks.timing import seconds, table
from snrilab import pk

PATIENTS, DAYS = 1000, 56
HOURS = np.arange(24.0 * DAYS)
DRUG = pk.Drug("example", cl_L_per_h=20, v_L=400, ka_per_h=0.4)
REGIMEN = pk.repeat(40, times=DAYS)
CV = {"cl": 0.25, "v": 0.25, "ka": 0.3}
MEMORY_MB = 256.0


def people(n: int) -> pk.Population:
    return pk.population(n, DRUG, cv=CV, correlation=0.3, rng=1)


def run() -> None:
    sample = people(PATIENTS)
    ours = seconds(lambda: pk.concentration(sample, REGIMEN, HOURS), repeat=41)
    exact = pk.concentration(sample, REGIMEN, HOURS)
    job = f"{PATIENTS:,} patients x {DAYS} days, hourly"
    rows = []
    for name, peer in (
        ("scipy solve_ivp", _solve_ivp),
        ("libroadrunner", _roadrunner),
        ("openpkflow", _openpkflow),
    ):
        took, worst = peer(sample, exact)
        agrees = f", agrees to {worst:.0e}" if math.isfinite(worst) else ""
        rows.append((job, ours, name + agrees, took, "bar 1.5 ms"))
    band = seconds(lambda: pk.concentration_bands(sample, REGIMEN, HOURS), repeat=21)
    plain = seconds(
        lambda: np.percentile(pk.concentration(sample, REGIMEN, HOURS), [5, 50, 95], axis=0),
        repeat=3,
    )
    rows.append(("5-50-95 % band of the same", band, "numpy.percentile", plain, "bar 10 ms"))
    table("Virtual patients, one compartment, first-order input, once a day", rows)
    _growth()


def _solve_ivp(sample: pk.Population, exact: np.ndarray) -> tuple[float, float]:
    """Integrate a few patients dose by dose and scale up to all."""
    from scipy.integrate import solve_ivp

    few = 3
    begin, worst = time.perf_counter(), 0.0
    for i in range(few):
        ka, ke = sample.ka_per_h[i], sample.cl_L_per_h[i] / sample.v_L[i]

        def flow(_: float, x: np.ndarray, ka: float = ka, ke: float = ke) -> list[float]:
            return [-ka * x[0], ka * x[0] - ke * x[1]]

        state, found = np.zeros(2), []
        for day in range(DAYS):
            state[0] += 40
            span = (24.0 * day, 24.0 * (day + 1))
            points = np.arange(span[0], span[1] + 1)
            y = solve_ivp(flow, span, state, "LSODA", points, rtol=1e-8, atol=1e-10).y
            found.append(y[1, :-1])
            state = y[:, -1].copy()
        conc = np.concatenate(found) / sample.v_L[i] * 1000
        worst = max(worst, _difference(conc, exact[i]))
    return (time.perf_counter() - begin) * PATIENTS / few, worst


_ANTIMONY = """
model oral
  depot' = -ka*depot; plasma' = ka*depot - ke*plasma;
  depot = 0; plasma = 0; ka = 0.4; ke = 0.05; due = 0;
  at (time >= due), t0=false: depot = depot + 40, due = due + 24;
end
"""


def _roadrunner(sample: pk.Population, exact: np.ndarray) -> tuple[float, float]:
    if _absent("roadrunner", "libroadrunner") or _absent("antimony", "antimony"):
        return math.nan, math.nan
    import antimony
    import roadrunner

    antimony.loadAntimonyString(_ANTIMONY)
    model = roadrunner.RoadRunner(antimony.getSBMLString())
    model.timeCourseSelections = ["time", "plasma"]
    model.integrator.relative_tolerance, model.integrator.absolute_tolerance = 1e-8, 1e-10
    few = 40
    begin, worst = time.perf_counter(), 0.0
    for i in range(few):
        model.resetToOrigin()  # a plain reset keeps what rate rules and events changed
        model.ka, model.ke = sample.ka_per_h[i], sample.cl_L_per_h[i] / sample.v_L[i]
        conc = model.simulate(0, HOURS[-1], HOURS.size)[:, 1] / sample.v_L[i] * 1000
        worst = max(worst, _difference(conc, exact[i]))
    return (time.perf_counter() - begin) * PATIENTS / few, worst


def _openpkflow(sample: pk.Population, exact: np.ndarray) -> tuple[float, float]:
    if _absent("openpkflow", "openpkflow"):
        return math.nan, math.nan
    from openpkflow.sim.methods import c_1cmt_oral, superpose

    few = 40
    doses, amounts = [24.0 * day for day in range(DAYS)], [40.0] * DAYS
    begin, worst = time.perf_counter(), 0.0
    for i in range(few):
        cl, v, ka = sample.cl_L_per_h[i], sample.v_L[i], sample.ka_per_h[i]
        conc = 1000 * superpose(
            HOURS,
            doses,
            amounts,
            lambda t, dose, cl=cl, v=v, ka=ka: c_1cmt_oral(t, dose, cl, v, ka),
        )
        worst = max(worst, _difference(conc, exact[i]))
    return (time.perf_counter() - begin) * PATIENTS / few, worst


def _absent(module: str, package: str) -> bool:
    missing = importlib.util.find_spec(module) is None
    if missing:
        print(f"{package} is not installed: its row stays empty (pip install {package}).")
    return missing


def _difference(found: np.ndarray, exact: np.ndarray) -> float:
    return float(np.max(np.abs(found - exact)) / exact.max())


def _growth() -> None:
    """Time and memory against the number of patients; the last in blocks of times."""
    print(f"\nBands of {DAYS} days, hourly, in at most {MEMORY_MB:g} MB beyond the patients")
    print(f"{'patients':>10}{'times':>8}{'seconds':>11}{'us/patient':>12}{'peak MB':>10}")
    last_day = HOURS[-24:]
    for n, times in (
        (100, HOURS),
        (1_000, HOURS),
        (10_000, HOURS),
        (100_000, HOURS),
        (1_000_000, last_day),
    ):
        sample = people(n)
        begin = time.perf_counter()
        pk.concentration_bands(sample, REGIMEN, times, memory_MB=MEMORY_MB)
        took = time.perf_counter() - begin
        # Counted in a second, shorter run: the counting itself costs time.
        tracemalloc.start()
        pk.concentration_bands(sample, REGIMEN, last_day, memory_MB=MEMORY_MB)
        peak = tracemalloc.get_traced_memory()[1] / 1e6
        tracemalloc.stop()
        print(f"{n:>10,}{times.size:>8,}{took:>11.3f}{1e6 * took / n:>12.2f}{peak:>10.1f}")
