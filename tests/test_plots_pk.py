"""Pictures of pharmacokinetics: what is drawn, and the sentence that stands for it."""

from __future__ import annotations

import re

import numpy as np
import pytest

from snrilab import pk, plots
from snrilab.plots import pk as pictures
from tests.conftest import name_of

HOURS = np.arange(0, 121, 1.0)
LVM = pk.drug("levomilnacipran")
DLX = pk.drug("duloxetine")
DAILY = pk.repeat(40, times=5)
CONC = pk.concentration(LVM, DAILY, HOURS)
MISSED = pk.concentration(LVM, DAILY.missed(3), HOURS)
STEPS = pk.titration(days=1)
PEOPLE = pk.population(50, LVM, rng=1)
BAND = pk.concentration_bands(PEOPLE, DAILY, HOURS)
CURVE = pk.nca([0, 1, 2, 4, 8, 12], [0, 80, 62, 41, 18, 8])
LOOP_H = np.linspace(2, 60, 80)
LOOP = {
    "conc_ng_per_mL": pk.concentration(DLX, pk.single_dose(60), LOOP_H),
    "direct": pk.occupancy_over_time(
        DLX,
        pk.single_dose(60),
        LOOP_H,
        pk.transporter_constant("duloxetine", "SERT", "invivo_EC50"),
    ),
    "delayed": pk.slow_binding_occupancy(DLX, pk.single_dose(60), LOOP_H, 3.7, 0.1),
    "observed": ([29, 10.6, 2.1], [0.82, 0.72, 0.45]),
}

PROFILES = {"time_h": HOURS, "conc_ng_per_mL": {"levomilnacipran": CONC, "missed": MISSED}}
BUILD_UP = {"time_h": HOURS, "conc_ng_per_mL": CONC, "steady": pk.steady_state(LVM, 40)}
TITRATION = {
    "time_h": HOURS,
    "conc_ng_per_mL": pk.concentration(LVM, STEPS, HOURS),
    "dose_time_h": STEPS.time_h,
    "dose_mg": STEPS.dose_mg,
}
MISS = {"time_h": HOURS, "usual_ng_per_mL": CONC, "changed_ng_per_mL": MISSED, "missed_h": 48}
INTERACTION = {
    "time_h": HOURS,
    "alone_ng_per_mL": CONC,
    "together_ng_per_mL": 1.3 * CONC,
    "start_h": 48,
    "stop_h": 96,
    "other": "ketoconazole",
}
RENAL = {
    "time_h": HOURS[1:],
    "conc_ng_per_mL": {
        group: pk.concentration(pk.renal_group(group).drug(LVM), pk.single_dose(40), HOURS[1:])
        for group in pk.RENAL_GROUPS
    },
}
OCCUPANCY = {
    "time_h": HOURS,
    "occupancy": {"binding Ki": CONC / (CONC + 30), "in-vivo EC50": CONC / (CONC + 100)},
}
PICTURES = [
    (pictures.profiles, PROFILES),
    (pictures.build_up, BUILD_UP),
    (pictures.titration, TITRATION),
    (pictures.missed_dose, MISS),
    (pictures.bands, {"band": BAND}),
    (pictures.interaction, INTERACTION),
    (pictures.renal_groups, RENAL),
    (pictures.terminal_phase, {"curve": CURVE}),
    (pictures.occupancy_over_time, OCCUPANCY),
    (pictures.hysteresis_loop, LOOP),
]

IMPOSSIBLE = [
    (pictures.profiles, PROFILES, "time_h", [1.0]),
    (pictures.profiles, PROFILES, "conc_ng_per_mL", {}),
    (pictures.profiles, PROFILES, "conc_ng_per_mL", {"x": -CONC - 1}),
    (pictures.build_up, BUILD_UP, "conc_ng_per_mL", CONC[:-1]),
    (pictures.build_up, BUILD_UP, "steady", 338),
    (pictures.titration, TITRATION, "dose_mg", [1, 2]),
    (pictures.missed_dose, MISS, "missed_h", float("nan")),
    (pictures.bands, {"band": BAND}, "band", [1, 2, 3]),
    (pictures.interaction, INTERACTION, "stop_h", 40),
    (pictures.renal_groups, RENAL, "conc_ng_per_mL", [1, 2]),
    (pictures.terminal_phase, {"curve": CURVE}, "curve", 5),
    (pictures.occupancy_over_time, OCCUPANCY, "occupancy", {"x": CONC}),
    (pictures.hysteresis_loop, LOOP, "delayed", [0.5]),
    (pictures.hysteresis_loop, LOOP, "observed", ([1], [50])),
]
BAD_INPUT = [
    (function, {"axes": None, **good, bad: value}, bad) for function, good, bad, value in IMPOSSIBLE
]


def drawn(function, arguments):
    return function(plots.axes(), **arguments)


@pytest.mark.parametrize(("function", "arguments"), PICTURES, ids=name_of)
def test_every_picture_names_its_axes_and_says_what_it_shows(function, arguments):
    ax = plots.axes()
    assert function(ax, **arguments) is ax
    assert "(" in ax.get_xlabel()
    assert "(" in ax.get_ylabel()
    sentence = plots.alt_text(ax)
    assert sentence.endswith(".")
    assert len(re.findall(r"\d+\.?\d*", sentence)) >= 2, "the sentence should tell numbers"
    assert "nan" not in sentence.split()
    assert "inf" not in sentence.split()
    assert plots.picture(ax).png.startswith(b"\x89PNG")


@pytest.mark.parametrize(("function", "arguments"), PICTURES, ids=name_of)
def test_curves_differ_without_colour(function, arguments):
    ax = drawn(function, arguments)
    curves = [line for line in ax.lines if line.get_label()[0] != "_" and line.get_linewidth() >= 2]
    looks = [(line.get_linestyle(), line.get_marker()) for line in curves]
    assert len(set(looks)) == len(looks)


def test_every_public_picture_is_tested_here():
    assert {function for function, _ in PICTURES} == {
        getattr(pictures, name) for name in pictures.__all__
    }


def test_what_is_drawn_does_not_change_what_was_given():
    for function, arguments in PICTURES:
        before = {name: repr(value) for name, value in arguments.items()}
        drawn(function, arguments)
        assert {name: repr(value) for name, value in arguments.items()} == before


def test_long_courses_are_drawn_in_days():
    assert drawn(pictures.profiles, PROFILES).get_xlabel() == "Time (days)"
    short = {"time_h": HOURS[:25], "conc_ng_per_mL": {"levomilnacipran": CONC[:25]}}
    ax = drawn(pictures.profiles, short)
    assert ax.get_xlabel() == "Time (h)"
    np.testing.assert_allclose(ax.lines[0].get_xydata(), np.c_[HOURS[:25], CONC[:25]])
    assert "peaks at 82.1 ng/mL after 7 h" in plots.alt_text(ax)


def test_the_order_of_times_does_not_change_the_picture():
    order = np.random.default_rng(1).permutation(HOURS.size)
    mixed = {
        "time_h": HOURS[order],
        "conc_ng_per_mL": {"levomilnacipran": CONC[order], "missed": MISSED[order]},
    }
    assert plots.alt_text(drawn(pictures.profiles, mixed)) == plots.alt_text(
        drawn(pictures.profiles, PROFILES)
    )


def test_the_terminal_line_is_the_fitted_one():
    ax = drawn(pictures.terminal_phase, {"curve": CURVE})
    (line,) = [one for one in ax.lines if one.get_linestyle() == "--"]
    x, y = np.array(line.get_xdata()), np.array(line.get_ydata())
    slope = np.diff(np.log(y)) / np.diff(x)
    np.testing.assert_allclose(-slope, CURVE.lambda_z_per_h)
    marked = [one for one in ax.lines if one.get_marker() == "s"]
    assert len(marked[0].get_xdata()) == CURVE.terminal.n_points
    none = pk.nca([0, 1, 2, 3], [0, 1, 2, 3])
    assert "No terminal line" in plots.alt_text(drawn(pictures.terminal_phase, {"curve": none}))


def test_the_band_is_drawn_where_it_was_computed():
    ax = drawn(pictures.bands, {"band": BAND})
    np.testing.assert_allclose(ax.lines[0].get_ydata(), BAND.ng_per_mL[1], rtol=1e-6)
    assert "5th to 95th percentile" in [text.get_text() for text in ax.get_legend().get_texts()]


def test_the_loop_is_told_with_its_width():
    sentence = plots.alt_text(drawn(pictures.hysteresis_loop, LOOP))
    up, down = (int(found) for found in re.findall(r"(\d+) % on the way", sentence))
    assert down - up > 30
