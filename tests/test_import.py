"""Importing the library stays cheap: heavy packages load only where they are used."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = ("scipy.stats", "pandas", "matplotlib", "ipywidgets", "lmfit", "statsmodels", "nbgrader")


def loaded_after(code):
    listing = f"{code}\nimport sys\nprint(*sys.modules, sep='\\n')"
    run = subprocess.run(
        [sys.executable, "-c", listing], capture_output=True, text=True, check=True
    )
    return run.stdout.split()


def test_importing_the_library_loads_no_numerics_at_all():
    loaded = loaded_after("import snrilab, snrilab.binding")
    assert not {*HEAVY, "numpy", "scipy"} & set(loaded)


@pytest.mark.parametrize(
    "code",
    [
        "from snrilab.binding import competition; competition([0, 1.0], 1, 1, 1, 1)",
        "from snrilab import binding; binding.ic50_from_ki(1, 1, 1, 1)",
    ],
)
def test_models_need_numpy_only(code):
    loaded = set(loaded_after(code))
    assert "numpy" in loaded
    assert not {*HEAVY, "scipy"} & loaded


def test_a_fit_needs_neither_statistics_nor_plots():
    code = """
from snrilab import binding
fit = binding.fit_inhibition([0, 1, 10, 100, 1000], [10, 9, 5, 2, 1], interval="profile")
binding.bootstrap_intervals(fit, 20, rng=1)
"""
    loaded = set(loaded_after(code))
    assert not {*HEAVY, "scipy.optimize", "scipy.integrate"} & loaded
