"""Pictures: what is drawn, the sentence that stands for it, light and dark paper."""

from __future__ import annotations

import itertools
import re
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch

import snrilab
from snrilab import compare, plots
from snrilab.plots._style import alt_text
from snrilab.signalling import NETWORKS, network
from tests.conftest import name_of

COMPETITION = {
    "inhibitor_nM": [0, 1, 10, 100, 1000],
    "bound": [2000, 1950, 1500, 560, 210],
    "top": 2000,
    "bottom": 150,
    "ic50_nM": 28,
    "ki_nM": 20,
    "band": ([1, 10, 100], [1900, 1400, 500], [2000, 1600, 620]),
}
PLATE = {"well": ["A1", "A2", "B1", "H12"], "counts": [1500, 1400, 700, 130]}
RISKS = {
    "names": ["headache", "nausea"],
    "difference": [0.031, 0.095],
    "low": [-0.031, 0.033],
    "high": [0.094, 0.159],
    "notes": ["NNH 32.3", "NNH 10.5"],
}
DIAGRAM = {"network": network("camp")}
WITH_AXES = [
    (plots.competition, COMPETITION),
    (plots.plate, PLATE),
    (plots.risk_differences, RISKS),
]
IMPOSSIBLE = [
    (plots.competition, COMPETITION, "inhibitor_nM", [0, 0, 0, 0, 0]),
    (plots.competition, COMPETITION, "bound", [1, 2, 3, 4, float("nan")]),
    (plots.competition, COMPETITION, "ki_nM", -3),
    (plots.competition, COMPETITION, "band", ([1], [float("nan")], [2])),
    (plots.plate, PLATE, "counts", [1, 2, 3]),
    (plots.plate, PLATE, "counts", [1, 2, 3, -4]),
    (plots.plate, PLATE, "well", ["A1", "A2", "A3", "A25"]),
    (plots.plate, PLATE, "well", ["A1", "A2", "A3", "A1"]),
    (plots.plate, PLATE, "well", ["A1", "A2", "A3", "2-A1"]),
    (plots.risk_differences, RISKS, "difference", [0.2, 0.095]),
    (plots.risk_differences, RISKS, "difference", [3.1, 9.5]),
    (plots.risk_differences, RISKS, "low", [float("nan"), 0]),
    (plots.risk_differences, RISKS, "notes", ["NNH 32"]),
    (plots.network_diagram, DIAGRAM, "network", "camp"),
    (plots.network_diagram, DIAGRAM, "fold", {"PKA": 0}),
]
BAD_INPUT = [
    (function, {"axes": plots.axes(), **good, bad: value}, bad)
    for function, good, bad, value in IMPOSSIBLE
] + [
    (plots.axes, {"rows": 0}, "rows"),
    (plots.axes, {"columns": 1.5}, "columns"),
    (plots.picture, {"panels": plots.axes()}, "alt"),
    (plots.show, {"panels": plots.axes()}, "alt"),
]


def drawn(function, arguments):
    return function(plots.axes(), **arguments)


@pytest.mark.parametrize(("function", "arguments"), WITH_AXES, ids=name_of)
def test_every_picture_names_its_axes_says_what_it_shows_and_changes_nothing(function, arguments):
    before = {name: repr(value) for name, value in arguments.items()}
    ax = plots.axes()
    assert function(ax, **arguments) is ax
    assert ax.get_xlabel()
    assert ax.get_ylabel()
    sentence = alt_text(ax)
    assert sentence.endswith(".")
    assert len(re.findall(r"\d", sentence)) >= 2, "the sentence should tell numbers"
    assert not re.search(r"\b(nan|inf)\b", sentence)
    assert plots.picture(ax).png.startswith(b"\x89PNG")
    assert {name: repr(value) for name, value in arguments.items()} == before


def luminance(colour):
    channels = np.array(to_rgb(colour))
    linear = np.where(channels <= 0.03928, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def contrast(one, other):
    high, low = sorted([luminance(one), luminance(other)], reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_every_fixed_look_can_be_seen_on_light_and_on_dark_paper():
    for name, (colour, style, marker) in plots.LOOK.items():
        figure = Figure()
        (line,) = figure.add_subplot().plot([0, 1], color=colour, ls=style, marker=marker)
        assert contrast(line.get_color(), "white") >= 3, f"{name} on light paper"  # WCAG 1.4.11
        plots.themed(figure)
        assert contrast(line.get_color(), plots.DARK_PAPER) >= 3, f"{name} on dark paper"


def simulated(colour, kind):
    """The colour as a dichromat sees it (Vienot, Brettel and Mollon 1999, linear RGB)."""
    matrix = {
        "protan": [[0.11238, 0.88762, 0], [0.11238, 0.88762, 0], [0.00401, -0.00401, 1]],
        "deutan": [[0.29275, 0.70725, 0], [0.29275, 0.70725, 0], [-0.02234, 0.02234, 1]],
    }[kind]
    return np.clip(np.array(matrix) @ np.array(to_rgb(colour)) ** 2.2, 0, 1) ** (1 / 2.2)


@pytest.mark.parametrize("kind", ["protan", "deutan"])
@pytest.mark.parametrize("dark", [False, True])
def test_what_is_compared_differs_for_colour_blind_readers_and_without_colour(kind, dark):
    for pair in (("SERT", "NET"), ("levomilnacipran", "escitalopram")):
        figure = Figure()
        lines = [figure.add_subplot().plot([0, 1], color=plots.LOOK[name][0])[0] for name in pair]
        if dark:
            plots.themed(figure)
        one, other = (simulated(line.get_color(), kind) for line in lines)
        assert np.abs(one - other).max() > 0.2
        (_, line, marker), (_, other_line, other_marker) = map(plots.LOOK.get, pair)
        assert line != other_line
        assert marker != other_marker
    assert len({(line, marker) for _, line, marker in plots.CYCLE}) == len(plots.CYCLE)


def test_dark_paper_reaches_every_part_of_a_picture_and_light_paper_comes_back():
    ax = drawn(plots.competition, COMPETITION)
    ax.text(1, 1, "boxed", bbox={"facecolor": "white", "edgecolor": "none"})
    before = plots.picture(ax)
    assert before.dark_png != before.png
    assert plots.picture(ax).png == before.png, "the figure did not come back to light paper"
    plots.themed(ax.figure, paper="#1f1f1f")
    FigureCanvasAgg(ax.figure).draw()
    pixels = np.asarray(ax.figure.canvas.buffer_rgba())[..., :3]
    assert to_hex(pixels[0, 0] / 255) == "#1f1f1f"
    assert np.mean(pixels.min(axis=-1) > 250) < 0.001, "something white is left"
    assert np.mean(pixels.max(axis=-1) < 15) < 0.001, "something black is left"


def test_a_picture_gives_each_part_back_the_colour_that_it_had():
    ax = plots.axes()
    lines = [ax.plot([0, 1], color=c)[0] for c in ("#111111", "#ececec", "#4fa8e0", "k")]
    ax.fill_between([0, 1], [0, 1], color="#111111")
    ax.tick_params(axis="y", labelcolor=plots.BLUE)
    twin = ax.twinx()
    twin.tick_params(axis="y", labelcolor=plots.VERMILION)
    first = plots.picture(ax, alt="Two axes.")
    twin.set_ylim(0, 30)  # new ticks
    plots.picture(ax, alt="Two axes.")
    assert [line.get_color() for line in lines] == ["#111111", "#ececec", "#4fa8e0", "k"]
    assert to_hex(ax.collections[0].get_facecolor()[0]) == "#111111"
    for axes, colour in ((ax, plots.BLUE), (twin, plots.VERMILION)):
        assert {label.get_color() for label in axes.get_yticklabels()} == {colour}
    assert {label.get_color() for label in ax.get_xticklabels()} <= {"black", plots.BLACK}
    assert first.dark_png != first.png


def test_drawing_leaves_pyplot_alone():
    code = (
        "import sys\nfrom snrilab import plots\n"
        "plots.picture(plots.plate(plots.axes(), ['A1'], [5]))\n"
        "print('matplotlib.pyplot' in sys.modules)"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert answer.stdout.strip() == "False"


def test_the_competition_curve_passes_half_way_at_the_ic50_whatever_the_steepness():
    for steepness in (0.7, 1.0, 1.6):
        ax = drawn(plots.competition, {**COMPETITION, "hill": steepness})
        curve = next(line for line in ax.lines if line.get_label() == "fitted")
        at = np.interp(np.log(28), np.log(np.array(curve.get_xdata())), np.array(curve.get_ydata()))
        assert at == pytest.approx((2000 + 150) / 2, rel=1e-3)


def test_tubes_without_inhibitor_stand_a_decade_left_with_an_open_marker():
    ax = drawn(plots.competition, COMPETITION)
    alone = next(line for line in ax.lines if line.get_label() == "none added")
    np.testing.assert_allclose(alone.get_xydata(), [[0.1, 2000]])
    assert alone.get_markerfacecolor() == "none"


@settings(max_examples=30)
@given(used=st.integers(1, 96), seed=st.integers(0, 99))
def test_the_plate_puts_each_count_in_its_well_and_names_the_extremes(used, seed):
    random = np.random.default_rng(seed)
    names = [f"{row}{column}" for row in "ABCDEFGH" for column in range(1, 13)]
    well = random.permutation(names)[:used]
    counts = random.permutation(used) + 10
    ax = plots.plate(plots.axes(), well, counts)
    shown = {
        "ABCDEFGH"[round(text.get_position()[1])] + str(round(text.get_position()[0]) + 1): text
        for text in ax.texts
    }
    assert {name: text.get_text() for name, text in shown.items()} == {
        name: str(count) for name, count in zip(well, counts, strict=True)
    }
    assert f"in well {well[counts.argmax()]}." in alt_text(ax)


def test_a_simulated_assay_fits_on_the_plate():
    assay = snrilab.binding.simulate_assay(
        "competition", [1, 10, 100], receptor_nM=0.05, kd_nM=2.5, radioligand_nM=1, ki_nM=11, rng=1
    )
    ax = plots.plate(plots.axes(), assay.wells["well"], assay.wells["counts"])
    assert f"Plate with {assay.wells.size} wells in use" in alt_text(ax)


def test_an_interval_that_holds_zero_has_an_open_marker_and_says_so():
    ax = plots.risk_differences(plots.axes(), **RISKS)
    markers = [line for line in ax.lines if line.get_marker() == "o"]
    assert [line.get_markerfacecolor() == "white" for line in markers] == [True, False]
    sentence = alt_text(ax)
    assert "headache 3.1 (-3.1 to 9.4, holds 0)" in sentence
    assert sentence.count("holds 0") == 1
    assert [note.get_text() for note in ax.texts] == RISKS["notes"]


def test_the_forest_takes_what_the_library_returns():
    events = compare.adverse_events("levomilnacipran", source="bakish2014")
    ax = plots.risk_differences(
        plots.axes(),
        [f"{event.event} {event.dose}" for event in events],
        [event.difference.value for event in events],
        [event.difference.low for event in events],
        [event.difference.high for event in events],
    )
    assert alt_text(ax).count("holds 0") == sum(
        event.number_needed.through_infinity for event in events
    )


def diagram(name, size=(9, 6), **options):
    figure = Figure(figsize=size)
    FigureCanvasAgg(figure)
    return plots.network_diagram(figure.add_subplot(), network(name), **options)


def test_a_diagram_shows_every_node_and_every_edge_with_its_head():
    axes = diagram("whole")
    arrows = [patch for patch in axes.patches if isinstance(patch, FancyArrowPatch)]
    heads = [type(arrow.get_arrowstyle()).__name__ for arrow in arrows]
    signs = [edge.sign for edge in network("whole").edges]
    assert heads.count("CurveFilledB") == signs.count(1)
    assert heads.count("BarAB") == signs.count(-1)
    boxes = [text for text in axes.texts if text.get_bbox_patch() is not None]
    assert len(boxes) == len(network("whole").nodes)


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("fold", [{}, {"cAMP": 3.0, "PKA": 1.0, "CREB": 1.1, "BDNF": 0.4}])
def test_letters_of_a_diagram_can_be_read_on_light_and_dark_paper(fold, dark):
    axes = diagram("camp", fold=fold)
    if dark:
        plots.themed(axes.figure)
    for text in axes.texts:
        box = text.get_bbox_patch()
        if box is not None:
            assert contrast(text.get_color(), box.get_facecolor()) > 4.5, text.get_text()


@pytest.mark.parametrize("size", [(9, 6), (5.6, 3.6)], ids=["wide", "as in a notebook"])
@pytest.mark.parametrize("name", NETWORKS)
def test_boxes_of_a_diagram_do_not_overlap(name, size):
    axes = diagram(name, size)
    axes.figure.canvas.draw()
    boxes = [t.get_bbox_patch().get_window_extent() for t in axes.texts if t.get_bbox_patch()]
    assert not any(one.overlaps(other) for one, other in itertools.combinations(boxes, 2))


def test_raised_and_lowered_states_differ_in_the_diagram_by_number_and_colour():
    axes = diagram("camp", fold={"PKA": 2.0, "CREB": 0.5})
    face = {
        t.get_text(): t.get_bbox_patch().get_facecolor() for t in axes.texts if "×" in t.get_text()
    }
    assert set(face) == {"PKA\n×2", "pCREB\n×0.5"}
    warm, cold = face["PKA\n×2"], face["pCREB\n×0.5"]
    assert warm[0] > warm[2]
    assert cold[2] > cold[0]


def test_narrow_log_axes_have_plain_numbers():
    ax = plots.axes()
    ax.set_xlim(0.7, 40)
    plots.plain_log_axis(ax)
    texts = [tick.get_text() for tick in ax.get_xticklabels()]
    assert 2 <= len(texts) <= 10
    assert texts == [f"{place:g}" for place in ax.get_xticks()]


def test_a_picture_in_a_notebook_carries_its_sentence_escaped_on_either_paper():
    shown = plots.picture(plots.axes(), alt='Ki < IC50 & "half" way')
    data, metadata = shown._repr_mimebundle_()
    assert data["text/html"].count('alt="Ki &lt; IC50 &amp; &quot;half&quot; way"') == 2
    assert data["text/plain"] == shown.alt == repr(shown)
    assert metadata["image/png"]["alt"] == shown.alt
    assert 'width="560"' in data["text/html"]
    for png in (shown.png, shown.dark_png):
        assert int.from_bytes(png[16:20], "big") == 2 * 560, "text would blur when zoomed"


def test_panels_of_one_figure_are_shown_together_with_both_sentences():
    left, right = plots.axes(1, 2)
    plots.competition(left, **COMPETITION)
    plots.plate(right, **PLATE)
    shown = plots.picture([left, right])
    assert alt_text(left) in shown.alt
    assert alt_text(right) in shown.alt
