"""Simulate the tables that lesson sliders read: four analyses of one trial, power of the MMRM.

    python tools/tabulate_trials.py [four_ways] [power]

writes `snrilab/data/trials_four_ways.csv` and `snrilab/data/trials_power.csv` anew, from fixed
seeds, in about ten minutes. Run it when a constant of the simulated trial changes.
"""

from __future__ import annotations

import csv
import itertools
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from snrilab.trials import Dropout, TrialDesign, power, published_design

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

DATA = Path(__file__).parent.parent / "snrilab" / "data"
FOUR_WAYS_TRIALS, POWER_TRIALS = 500, 200
METHODS = ("mmrm", "locf", "completers", "everybody")
EFFECTS = (0.0, -1.5, -3.3)
LEAVING = (0.03, 0.10, 0.25, 0.40)
STRENGTHS = {"mild": {}, "strong": {"base_log_odds": -2.5, "per_10_points": 3.0}}
DIFFERENCES = (0.0, -1.5, -3.3)
SIZES = (50, 75, 100, 125, 150, 178, 200, 225, 250, 300, 350, 400)


def two_arms(effect: float, leave_placebo: float, leave_drug: float) -> TrialDesign:
    """Return placebo against a drug of this effect, with early leavers in each arm."""
    published = published_design("bakish2014")
    placebo, drug = published.arms[:2]
    arms = (
        replace(placebo, ae_dropout=0.0, early_leaving=leave_placebo),
        replace(drug, change=placebo.change + effect, ae_dropout=0.0, early_leaving=leave_drug),
    )
    return replace(published, name="two arms", arms=arms)


def four_ways() -> Iterator[tuple[object, ...]]:
    """Yield a line for each setting and method; the methods see the same trials."""
    yield (
        "effect", "leave_placebo", "leave_drug", "kind", "strength", "method", "mean_estimate",
        "power", "coverage", "trials",
    )  # fmt: skip
    settings = itertools.product(EFFECTS, LEAVING, LEAVING, ("mar", "mnar"), STRENGTHS)
    for seed, (effect, placebo, drug, kind, strength) in enumerate(settings):
        leaving = Dropout.illustrative(kind, **STRENGTHS[strength])
        design = two_arms(effect, placebo, drug)
        for method in METHODS:
            found = power(design, method=method, dropout=leaving, trials=FOUR_WAYS_TRIALS, rng=seed)
            yield (
                effect, placebo, drug, kind, strength, method, f"{found.mean_estimate:.3f}",
                f"{found.power:.3f}", f"{found.coverage:.3f}", found.trials,
            )  # fmt: skip


def mmrm_power() -> Iterator[tuple[object, ...]]:
    """Yield the power of the MMRM for each true difference and number per arm.

    The trial is Gommoll 2014 (dropout at random) with another drug in it.
    """
    published = published_design("gommoll2014")
    yield "difference", "n_per_arm", "power", "mean_standard_error", "trials"
    for seed, (difference, n) in enumerate(itertools.product(DIFFERENCES, SIZES)):
        drug = replace(published.arms[1], change=published.arms[0].change + difference)
        design = replace(published, name="one more", arms=(published.arms[0], drug), n_per_arm=n)
        found = power(design, trials=POWER_TRIALS, rng=10_000 + seed)
        yield difference, n, f"{found.power:.3f}", f"{found.mean_standard_error:.4f}", found.trials


def write(name: str, lines: Iterable[tuple[object, ...]]) -> None:
    """Write one table of the package data."""
    with (DATA / name).open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows(lines)


if __name__ == "__main__":
    asked = sys.argv[1:] or ["four_ways", "power"]
    for table, lines in (("four_ways", four_ways), ("power", mmrm_power)):
        if table in asked:
            write(f"trials_{table}.csv", lines())
