"""A number of one's own that is none: each test says so in a sentence, and stops there."""

from __future__ import annotations

import re

import nbformat
import numpy as np
import pytest

from tools import canonical

NO_NUMBERS = [
    "3,5",
    "50 mg",
    "3.5",
    "",
    None,
    [],
    [1.0, 2.0, 3.0, 4.0, 5.0],
    True,
    float("nan"),
    {},
]
ASKED = re.compile(r"are_numbers\((own_\w+)(?:, (\d))?\)")


def asked():
    """Give the tests of values of one's own that ask for numbers: cell, name, how many."""
    for path in canonical.notebooks():
        if path.parent.parent.name != "source":
            continue
        for cell in nbformat.read(path, as_version=4).cells:
            name = cell.metadata.get("nbgrader", {}).get("grade_id", "")
            found = ASKED.search(cell.source)
            if name.startswith("test-own_") and found:
                yield pytest.param(cell.source, found[1], id=f"{path.parent.name}-{name}")


CELLS = list(asked())


def test_every_assignment_asks_for_numbers_of_ones_own():
    assert {one.id.partition("_")[0] for one in CELLS} == {"ps1", "ps2", "ps3", "ps4", "ps5", "ps6"}


@pytest.mark.parametrize("value", NO_NUMBERS, ids=repr)
@pytest.mark.parametrize(("source", "name"), CELLS)
def test_what_is_no_number_is_told_so_in_a_sentence(source, name, value):
    with pytest.raises(AssertionError, match=r"number|three events"):
        exec(source, {"np": np, name: value, "own_plan": "A"})


@pytest.mark.parametrize("value", ["3,5", None, float("nan")])
def test_what_is_no_number_among_two_is_told_so(value):
    (cell,) = [one.values[0] for one in CELLS if one.id.endswith("-test-own_locf")]
    with pytest.raises(AssertionError, match="two numbers"):
        exec(cell, {"np": np, "own_locf": [value, 0.5]})


@pytest.mark.parametrize("value", [None, {}, 3.0, {"SERT": "3,5", "NET": 2.0}])
def test_two_values_under_their_names_are_asked_for(value):
    path = canonical.ROOT / "source/ps3_selectivity/ps3_selectivity.ipynb"
    cells = nbformat.read(path, as_version=4).cells
    (source,) = [c.source for c in cells
                 if c.metadata.get("nbgrader", {}).get("grade_id") == "test-own_ic50"]  # fmt: skip
    with pytest.raises(AssertionError, match=r"two values|one number for each"):
        exec(source, {"np": np, "own_ic50_nM": value})


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [("own_people", 7.3, "whole people"), ("own_capsules_mg", 45, "whole capsules of 20 mg")],
)
def test_parts_of_people_and_of_capsules_are_seen_at_once(name, value, says):
    (source,) = [one.values[0] for one in CELLS if one.values[1] == name]
    with pytest.raises(AssertionError, match=says):
        exec(source, {"np": np, name: value})
