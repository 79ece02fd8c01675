"""Fits, intervals and imports against lmfit and bindcurve."""

from __future__ import annotations

import importlib
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.timing import seconds, table
from snrilab import binding

if TYPE_CHECKING:
    from collections.abc import Callable

DRAWS = 1000
CONC = np.geomspace(0.3, 3000, 10)
NOISE = np.array([1.2, -2.1, 0.4, 3.0, -1.7, 2.2, -3.1, 1.9, -0.8, 0.6])
RESPONSE = binding.uptake_inhibition(CONC, 100, 5, 20, 1.1) + NOISE


def run() -> None:
    """Print the tables."""
    ours = _ours()
    peers = {"lmfit": _lmfit(), "bindcurve": _bindcurve()}
    bars = {"fit": "bar 1.1 ms", "profile": "bar 10 ms", "bootstrap": "bar 15 ms"}
    titles = {
        "fit": "one 10-point four-parameter fit, lack of fit judged",
        "profile": "95 % profile interval, four parameters",
        "bootstrap": f"{DRAWS} bootstrap fits",
    }
    rows = []
    for job, title in titles.items():
        mine = seconds(ours[job], repeat=15)
        for name, jobs in peers.items():
            if job in jobs:
                repeat = 3 if job == "bootstrap" else 7
                rows.append((title, mine, name, seconds(jobs[job], repeat=repeat), bars[job]))
        if not any(job in jobs for jobs in peers.values()):
            rows.append((title, mine, "no peer installed", float("nan"), bars[job]))
    table("Fits: a student's curve (median of several runs)", rows)
    _imports()


def _ours() -> dict[str, Callable[[], object]]:
    fit = binding.fit_inhibition(CONC, RESPONSE)
    return {
        "fit": lambda: binding.fit_inhibition(CONC, RESPONSE),
        "profile": lambda: binding.profile_intervals(fit),
        "bootstrap": lambda: binding.bootstrap_intervals(fit, DRAWS, rng=1),
    }


def _peer(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError:
        print(f"{name} is not installed here and is left out.")
        return None


def _lmfit() -> dict[str, Callable[[], object]]:
    lmfit = _peer("lmfit")
    if lmfit is None:
        return {}

    def logistic(conc: Any, top: float, bottom: float, log_ic50: float, hill: float) -> Any:
        return bottom + (top - bottom) / (1 + (conc / np.exp(log_ic50)) ** hill)

    model = lmfit.Model(logistic)
    start = model.make_params(top=100, bottom=0, log_ic50=np.log(30), hill=1)
    start["hill"].min = 0.01
    fitted = model.fit(RESPONSE, start, conc=CONC)
    spread = fitted.residual * np.sqrt(CONC.size / (CONC.size - 4))

    def bootstrap() -> None:
        generator = np.random.default_rng(1)
        for _ in range(DRAWS):
            drawn = fitted.best_fit + generator.choice(spread, CONC.size)
            model.fit(drawn, fitted.params, conc=CONC)

    return {
        "fit": lambda: model.fit(RESPONSE, start, conc=CONC),
        "profile": lambda: lmfit.conf_interval(fitted, fitted, sigmas=[0.95]),
        "bootstrap": bootstrap,
    }


def _bindcurve() -> dict[str, Callable[[], object]]:
    bindcurve = _peer("bindcurve")
    if bindcurve is None:
        return {}
    import pandas as pd

    frame = pd.DataFrame({"compound_id": "a", "concentration": CONC, "response": RESPONSE})
    data = bindcurve.DoseResponseData(frame)
    return {"fit": lambda: bindcurve.fit(data, "ic50")}


def _import_seconds(code: str) -> float:
    """Least seconds of a fresh Python that runs `code`: the least is free of other load."""
    runs = []
    for _ in range(9):
        start = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
        runs.append(time.perf_counter() - start)
    return min(runs)


def _imports() -> None:
    bare = _import_seconds("pass")
    first_model = "from snrilab.binding import competition; competition(1, 1, 1, 1, 1)"
    ours = {
        "import snrilab": "import snrilab",
        "import snrilab.binding": "import snrilab.binding",
        "first binding curve": first_model,
    }
    peers = {}
    for name in ("lmfit", "bindcurve", "statsmodels.api"):
        if _peer(name) is not None:
            peers[name] = _import_seconds(f"import {name}") - bare
    rows = []
    for title, code in ours.items():
        mine = max(_import_seconds(code) - bare, 1e-4)
        bar = "bar 80 ms" if title.startswith("import") else "numpy included"
        for name, theirs in (peers or {"no peer installed": float("nan")}).items():
            rows.append((title, mine, f"import {name}", theirs, bar))
    table("Import, above bare Python", rows)


if __name__ == "__main__":
    run()
