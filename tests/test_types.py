"""Types: the package has no error, and each public function refuses a wrong call. One run of mypy.

It goes beside the other checks: alone it would keep a second processor waiting.
"""

from __future__ import annotations

import importlib
import inspect
import re
import subprocess
import sys
from typing import NamedTuple

import pytest

from tests.conftest import ROOT
from tests.test_house import FLOORS


class Said(NamedTuple):
    """Every complaint, and the wrong calls that stand in the script, by their line."""

    lines: list[str]
    calls: dict[int, str]


def wrong_calls() -> list[str]:
    """Return one wrong call of every public function: a keyword that it does not have."""
    lines = []
    for room in FLOORS:
        facade = importlib.import_module(f"snrilab.{room}")
        for name in sorted(facade.__all__):
            thing = getattr(facade, name)
            if inspect.isfunction(thing):
                lines.append(f"{room}.{name}(no_such_argument=1)")
    return lines


@pytest.fixture(scope="module")
def said(tmp_path_factory):
    calls = wrong_calls()
    script = tmp_path_factory.mktemp("types") / "wrong.py"
    script.write_text(f"from snrilab import {', '.join(FLOORS)}\n" + "\n".join(calls) + "\n")
    ran = subprocess.run(
        [sys.executable, "-m", "mypy", "--no-error-summary", "snrilab", str(script)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode in {0, 1}, ran.stderr or ran.stdout
    return Said(ran.stdout.splitlines(), dict(enumerate(calls, start=2)))


def test_the_package_has_no_type_error(said):
    assert [line for line in said.lines if not re.search(r"wrong\.py:\d+: ", line)] == []


def test_the_types_refuse_a_wrong_call_of_every_public_function(said):
    assert len(said.calls) > 60
    found = (re.search(r"wrong\.py:(\d+): error", line) for line in said.lines)
    refused = {int(error[1]) for error in found if error}
    assert not [call for number, call in said.calls.items() if number not in refused]
