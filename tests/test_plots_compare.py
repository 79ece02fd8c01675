"""Pictures that set drug against drug: what is drawn, and the sentence that stands for it."""

import math

import numpy as np
import pytest

from snrilab import compare, plots
from snrilab.plots import compare as pictures
from tests.conftest import name_of

SELECTIVITY = {
    "names": ["levomilnacipran", "duloxetine", "venlafaxine"],
    "ratios": [8.2, 9.4, 30.2],
    "basis": "binding Ki",
    "labs": ["auclair2013", "bymaster2001", "bymaster2001"],
}
OCCUPANCY = {
    "constants": ["binding Ki", "uptake IC50", "in-vivo EC50"],
    "net": [[0.712, 0.712], [0.956, 0.956], [0.345, 0.511]],
    "sert": [[0.953, 0.953], [0.923, 0.923], [0.392, 0.563]],
    "drug": "levomilnacipran",
    "dose_mg": 40,
}
RISKS = {
    "names": ["headache", "nausea"],
    "difference": [0.031, 0.095],
    "low": [-0.031, 0.033],
    "high": [0.094, 0.159],
    "notes": ["NNH 32.3", "NNH 10.5"],
}
STANDARDISED = {
    "names": ["Bakish 40 mg", "Wade 10 mg"],
    "difference": [-0.31, -0.33],
    "low": [-0.52, -0.53],
    "high": [-0.11, -0.12],
}
PICTURES = [
    (pictures.selectivity, SELECTIVITY),
    (pictures.occupancy_by_constant, OCCUPANCY),
    (pictures.risk_differences, RISKS),
    (pictures.standardised_differences, STANDARDISED),
]
IMPOSSIBLE = [
    (pictures.selectivity, SELECTIVITY, "ratios", [8.2, 0, 30]),
    (pictures.selectivity, SELECTIVITY, "ratios", [8.2]),
    (pictures.selectivity, SELECTIVITY, "labs", ["auclair2013"]),
    (
        pictures.selectivity,
        {"names": list("abcdefgh"), "ratios": np.ones(8), "basis": "Ki"},
        "labs",
        list("abcdefgh"),
    ),
    (pictures.occupancy_by_constant, OCCUPANCY, "net", [95, 96, 97]),
    (pictures.occupancy_by_constant, OCCUPANCY, "sert", [0.9]),
    (pictures.occupancy_by_constant, OCCUPANCY, "dose_mg", -40),
    (pictures.risk_differences, RISKS, "difference", [0.2, 0.095]),
    (pictures.risk_differences, RISKS, "difference", [3.1, 9.5]),
    (pictures.risk_differences, RISKS, "low", [math.nan, 0]),
    (pictures.risk_differences, RISKS, "notes", ["NNH 32"]),
    (pictures.standardised_differences, STANDARDISED, "high", [-0.4]),
    (pictures.standardised_differences, STANDARDISED, "low", [-0.1, -0.5]),
]
BAD_INPUT = [
    (function, {"axes": None, **good, bad: value}, bad) for function, good, bad, value in IMPOSSIBLE
]


@pytest.mark.parametrize(("function", "arguments"), PICTURES, ids=name_of)
def test_everyname_ofs_its_axes_and_says_what_it_shows(function, arguments):
    ax = plots.axes()
    assert function(ax, **arguments) is ax
    assert ax.get_xlabel()
    assert ax.get_ylabel()
    sentence = plots.alt_text(ax)
    assert sentence.endswith(".")
    assert "nan" not in sentence
    for name in arguments.get("names", arguments.get("constants")):
        assert name in sentence
    assert plots.picture(ax).png.startswith(b"\x89PNG")


def test_every_public_picture_is_tested_here():
    assert {function.__name__ for function, _ in PICTURES} == set(pictures.__all__)


def test_balance_is_in_view_and_each_lab_has_its_own_marker():
    ax = pictures.selectivity(plots.axes(), **SELECTIVITY)
    low, high = ax.get_xlim()
    assert low < 1 < high
    points = [line for line in ax.lines if line.get_label() in SELECTIVITY["labs"]]
    assert len({line.get_marker() for line in points}) == len(points) == 2
    drawn = sorted(x for line in points for x in line.get_xdata())
    assert drawn == sorted(SELECTIVITY["ratios"])


def test_an_interval_that_holds_zero_has_an_open_marker_and_says_so():
    ax = pictures.risk_differences(plots.axes(), **RISKS)
    markers = [line for line in ax.lines if line.get_marker() == "o"]
    assert [line.get_markerfacecolor() == "white" for line in markers] == [True, False]
    sentence = plots.alt_text(ax)
    assert "headache 3.1 (-3.1 to 9.4, holds 0)" in sentence
    assert sentence.count("holds 0") == 1
    assert [note.get_text() for note in ax.texts] == RISKS["notes"]


def test_a_range_is_drawn_from_end_to_end_without_a_middle():
    ax = pictures.occupancy_by_constant(plots.axes(), **OCCUPANCY)
    drawn = {tuple(np.round(line.get_xdata(), 1)) for line in ax.lines if len(line.get_xdata())}
    assert (39.2, 56.3) in drawn
    assert (71.2, 71.2) in drawn


def test_the_pictures_take_what_the_library_returns():
    events = compare.adverse_events("levomilnacipran", source="bakish2014")
    ax = pictures.risk_differences(
        plots.axes(),
        [f"{event.event} {event.dose}" for event in events],
        [event.difference.value for event in events],
        [event.difference.low for event in events],
        [event.difference.high for event in events],
    )
    assert plots.alt_text(ax).count("holds 0") == sum(
        event.number_needed.through_infinity for event in events
    )
    entries = compare.occupancy_by_constant("levomilnacipran", [40])
    sides = {
        target: [[e.low, e.high] for e in entries if e.target == target]
        for target in ("NET", "SERT")
    }
    bases = [entry.basis for entry in entries if entry.target == "NET"]
    ax = pictures.occupancy_by_constant(
        plots.axes(), bases, sides["NET"], sides["SERT"], drug="levomilnacipran", dose_mg=40
    )
    assert "invivo_EC50 NET 34 to 51 % and SERT 39 to 56 %" in plots.alt_text(ax)
