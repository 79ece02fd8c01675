"""The mixed model for repeated measures against statsmodels; power by simulation; growth."""

from __future__ import annotations

import time
import warnings
from typing import Any

import numpy as np

from benchmarks.timing import seconds, table
from snrilab.trials import analyse, covariance_of_change, mmrm, power, simulate_trial

WEEKS = (2.0, 4.0, 6.0, 8.0)
BAR_S = 0.060


def made_up(n: int, seed: int = 0) -> dict[str, np.ndarray]:
    """Two arms, four visits, a quarter of the responses missing."""
    rng = np.random.default_rng(seed)
    root = np.linalg.cholesky(covariance_of_change(visits_wk=WEEKS))
    arm = np.arange(n) % 2
    baseline = rng.normal(31, 3.5, n)
    change = -np.array([5.0, 9, 11, 12]) - 3 * arm[:, None] * np.linspace(0.3, 1, 4)
    y = change + 0.3 * (baseline[:, None] - 31) + rng.standard_normal((n, 4)) @ root.T
    y[:, 1:][rng.random((n, 3)) < 1 / 3] = np.nan
    return {
        "patient": np.repeat(np.arange(n), 4),
        "week": np.tile(WEEKS, n),
        "arm": np.repeat(np.where(arm == 1, "drug", "placebo"), 4),
        "baseline": np.repeat(baseline, 4),
        "change": y.ravel(),
    }


def fit(data: dict[str, np.ndarray]) -> Any:
    return mmrm(
        data,
        response="change",
        subject="patient",
        visit="week",
        fixed=["baseline", "arm*week"],
        levels={"arm": ["placebo", "drug"]},
    )


def statsmodels_fit(data: dict[str, np.ndarray], design: np.ndarray) -> Any:
    """Random effects of every visit stand in for the covariance, which MixedLM does not have."""
    from statsmodels.regression.mixed_linear_model import MixedLM

    seen = ~np.isnan(data["change"])
    visits = (data["week"][seen, None] == np.array(WEEKS)).astype(float)
    model = MixedLM(data["change"][seen], design, data["patient"][seen], exog_re=visits)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return model.fit(reml=True)


def run() -> None:
    data = made_up(200)
    ours = fit(data)
    mine = seconds(lambda: fit(data), repeat=15)
    print(f"\nMMRM: {ours.steps} Newton steps, gradient norm {ours.gradient_norm:.0e}")
    peer, theirs = "statsmodels MixedLM (work-around, no df)", float("nan")
    try:
        import statsmodels
    except ImportError:
        print("statsmodels is not installed: pip install statsmodels")
    else:
        seen = ~np.isnan(data["change"])
        arm = (data["arm"] == "drug").astype(int)[seen]
        week = np.searchsorted(WEEKS, data["week"])[seen]
        design = ours.effects.design(
            {"arm": arm, "week": week}, {"baseline": data["baseline"][seen]}
        )
        start = time.perf_counter()
        other = statsmodels_fit(data, design)
        theirs = time.perf_counter() - start
        row = np.zeros(len(ours.names))
        row[[ours.names.index("armdrug"), ours.names.index("armdrug:week8.0")]] = 1
        p = len(row)
        error = float(np.sqrt(row @ np.asarray(other.cov_params())[:p, :p] @ row))
        right = ours.contrast(row)
        print(
            f"statsmodels {statsmodels.__version__}: standard error of the week-8 contrast "
            f"{100 * (error / right.standard_error - 1):+.1f} %, "
            f"-2 REML {-2 * other.llf - ours.minus2_reml:+.1e}, no Satterthwaite df"
        )
    table(
        "MMRM, 200 patients x 4 visits, unstructured, Satterthwaite",
        [
            ("fit with all contrasts possible", mine, peer, theirs, f"bar {BAR_S * 1e3:.0f} ms"),
        ],
    )
    trial = simulate_trial("bakish2014", rng=1)
    start = time.perf_counter()
    found = power("bakish2014", trials=1000, rng=1)
    whole = time.perf_counter() - start
    each = seconds(lambda: analyse(trial), repeat=5) * 1000
    nan = float("nan")
    table(
        "Power of Bakish 2014 (558 patients x 5 visits), 1,000 trials",
        [
            ("recruited, simulated and analysed", whole, "analyse() a thousand times", each, ""),
            ("simulate_trial, one trial", seconds(lambda: simulate_trial(rng=1)), "-", nan, ""),
        ],
    )
    print(found)
    print("\nGrowth of one fit (4 visits)")
    print(f"{'patients':>10}{'time':>12}{'per patient':>16}")
    for n in (100, 1_000, 10_000, 100_000):
        many = made_up(n)
        spent = seconds(lambda many=many: fit(many), repeat=3)
        print(f"{n:>10,}{spent * 1e3:>9.1f} ms{spent / n * 1e6:>13.2f} us")
