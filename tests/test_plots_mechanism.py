"""Pictures of mechanism and signalling show the values they were given and say so in words."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch

from snrilab import plots
from snrilab.mechanism import Synapse, dissociation_time_course
from snrilab.plots import mechanism as pictures
from snrilab.plots import signalling as cascades
from snrilab.signalling import lps_study, network, simulate

DAYS = np.arange(0.0, 29 * 24, 24.0)
WEEKS = Synapse().simulate(DAYS, 0.8, 0.8)
STUDY = lps_study(np.arange(0.0, 25.0))
CAMP = simulate(network("camp"), DAYS, {"NE": 3.0})
WASH = dissociation_time_course([0, 100, 200], 0.011, [0, 3600], 3600)
PICTURES = [
    (pictures.occupancy_curves, {"conc_nM": [1, 1000], "kd_nM": {"SERT": 19.0, "NET": 10.5}}),
    (
        pictures.uptake_curves,
        {
            "substrate_nM": [0, 3000],
            "vmax": 100,
            "km_nM": 463,
            "ki_nM": 11.2,
            "inhibitor_nM": [0, 10, 100],
        },
    ),
    (pictures.fold_range, {"f_low": 0.1, "f_high": 0.156}),
    (pictures.transmitter_against_block, {"occupancy": [0, 0.5, 1], "fold": {"a": [1, 2, 10]}}),
    (pictures.autoreceptor_brake, {"state": WEEKS, "ceiling": 3.6}),
    (pictures.brake_parts, {"state": WEEKS, "transmitter": "NE"}),
    (pictures.two_transmitters, {"state": WEEKS}),
    (
        pictures.transmitter_plane,
        {"names": ["SSRI", "SNRI"], "serotonin_fold": [2, 2], "norepinephrine_fold": [1, 2]},
    ),
    (pictures.dissociation_curves, {"dissociation": WASH, "labels": ["none", "EC50"]}),
    (pictures.allosteric_exposure, {"ec50_nM": 3600, "exposure_nM": {"10 mg": 15.7}}),
    (cascades.cascade_course, {"course": CAMP, "states": ["cAMP", "BDNF"]}),
    (cascades.group_courses, {"groups": STUDY, "state": "cytokines"}),
    *(
        (cascades.network_diagram, {"network": network(name)})
        for name in ("camp", "trkb", "tlr4", "whole")
    ),
]


def _axes(width=9, height=5):
    figure = Figure(figsize=(width, height))
    FigureCanvasAgg(figure)
    return figure.add_subplot()


@pytest.mark.parametrize(
    ("draw", "arguments"), PICTURES, ids=[f"{p[0].__name__}-{i}" for i, p in enumerate(PICTURES)]
)
def test_every_picture_returns_its_axes_with_words(draw, arguments):
    axes = _axes()
    assert draw(axes, **arguments) is axes
    assert len(plots.alt_text(axes)) > 50
    axes.figure.canvas.draw()
    if axes.axison:
        assert "(" in axes.get_xlabel()
        assert "(" in axes.get_ylabel()


def test_every_public_picture_is_drawn_here():
    drawn = {draw.__name__ for draw, _ in PICTURES}
    assert drawn == set(pictures.__all__) | set(cascades.__all__)


@pytest.mark.parametrize(
    "draw_with",
    [
        p
        for p in PICTURES
        if p[0].__name__
        not in {"occupancy_curves", "uptake_curves", "fold_range", "allosteric_exposure"}
    ],
    ids=lambda p: p[0].__name__,
)
def test_pictures_with_chosen_constants_say_so(draw_with):
    draw, arguments = draw_with
    words = " ".join(text.get_text() for text in draw(_axes(), **arguments).texts)
    assert "illustrative" in words or "assumed" in words


def test_the_brake_is_drawn_as_computed():
    axes = pictures.autoreceptor_brake(_axes(), WEEKS)
    line = axes.lines[0]
    np.testing.assert_allclose(line.get_ydata()[2:], WEEKS.serotonin.fold)
    np.testing.assert_allclose(line.get_xdata()[2:], DAYS / 24)
    assert line.get_ydata()[0] == 1


def test_a_diagram_shows_every_node_and_every_edge_with_its_head():
    axes = cascades.network_diagram(_axes(), network("whole"))
    arrows = [patch for patch in axes.patches if isinstance(patch, FancyArrowPatch)]
    heads = [type(arrow.get_arrowstyle()).__name__ for arrow in arrows]
    signs = [edge.sign for edge in network("whole").edges]
    assert heads.count("CurveFilledB") == signs.count(1)
    assert heads.count("BarAB") == signs.count(-1)
    boxes = [text for text in axes.texts if text.get_bbox_patch() is not None]
    assert len(boxes) == len(network("whole").nodes)


@pytest.mark.parametrize("size", [(9, 6), None], ids=["wide", "as in a notebook"])
@pytest.mark.parametrize("name", ("camp", "trkb", "tlr4", "whole"))
def test_boxes_of_a_diagram_do_not_overlap(name, size):
    axes = cascades.network_diagram(_axes(*size) if size else plots.axes(), network(name))
    FigureCanvasAgg(axes.figure).draw()
    boxes = [t.get_bbox_patch().get_window_extent() for t in axes.texts if t.get_bbox_patch()]
    for i, a in enumerate(boxes):
        for b in boxes[:i]:
            assert not a.overlaps(b)


def test_raised_and_lowered_states_differ_in_the_diagram_by_number_and_colour():
    axes = cascades.network_diagram(_axes(), network("camp"), fold={"PKA": 2.0, "CREB": 0.5})
    face = {
        t.get_text(): t.get_bbox_patch().get_facecolor() for t in axes.texts if "×" in t.get_text()
    }
    assert set(face) == {"PKA\n×2", "pCREB\n×0.5"}
    warm, cold = face["PKA\n×2"], face["pCREB\n×0.5"]
    assert warm[0] > warm[2]
    assert cold[2] > cold[0]


A = _axes()
BAD_INPUT = [
    (pictures.occupancy_curves, {"axes": A, "conc_nM": [0, 1], "kd_nM": {"a": 1}}, "conc_nM"),
    (pictures.occupancy_curves, {"axes": A, "conc_nM": [1, 2], "kd_nM": {"a": 0}}, "kd_nM"),
    (pictures.occupancy_curves, {"axes": A, "conc_nM": [1, 2], "kd_nM": 3.0}, "kd_nM"),
    (
        pictures.uptake_curves,
        {
            "axes": A,
            "substrate_nM": [0, 1],
            "vmax": 1,
            "km_nM": 1,
            "ki_nM": 1,
            "inhibitor_nM": range(9),
        },
        "inhibitor_nM",
    ),
    (pictures.fold_range, {"axes": A, "f_low": 0.2, "f_high": 0.1}, "f_high"),
    (pictures.fold_range, {"axes": A, "f_low": 0, "f_high": 0.1}, "f_low"),
    (
        pictures.transmitter_against_block,
        {"axes": A, "occupancy": [0, 1], "fold": {"a": [1]}},
        "fold",
    ),
    (pictures.transmitter_against_block, {"axes": A, "occupancy": [0, 1], "fold": {}}, "fold"),
    (pictures.autoreceptor_brake, {"axes": A, "state": Synapse().steady_state()}, "state"),
    (pictures.autoreceptor_brake, {"axes": A, "state": WEEKS, "ceiling": -1}, "ceiling"),
    (pictures.brake_parts, {"axes": A, "state": WEEKS, "transmitter": "DA"}, "transmitter"),
    (
        pictures.two_transmitters,
        {"axes": A, "state": Synapse().simulate([0, 24], [[0.1], [0.2]])},
        "state",
    ),
    (
        pictures.transmitter_plane,
        {"axes": A, "names": ["a"], "serotonin_fold": [1, 2], "norepinephrine_fold": [1]},
        "names",
    ),
    (pictures.dissociation_curves, {"axes": A, "dissociation": 1, "labels": ["a"]}, "dissociation"),
    (pictures.dissociation_curves, {"axes": A, "dissociation": WASH, "labels": ["a"]}, "labels"),
    (
        pictures.allosteric_exposure,
        {"axes": A, "ec50_nM": 3600, "exposure_nM": {"10 mg": -1}},
        "exposure_nM",
    ),
    (cascades.network_diagram, {"axes": A, "network": "camp"}, "network"),
    (
        cascades.network_diagram,
        {"axes": A, "network": network("camp"), "fold": {"PKA": 0}},
        "fold",
    ),
    (
        cascades.network_diagram,
        {"axes": A, "network": network("camp"), "fold": {"ERK": 1}},
        "name",
    ),
    (cascades.cascade_course, {"axes": A, "course": CAMP, "states": []}, "states"),
    (cascades.cascade_course, {"axes": A, "course": 1, "states": ["PKA"]}, "course"),
    (cascades.cascade_course, {"axes": A, "course": CAMP, "states": ["ERK"]}, "name"),
    (cascades.group_courses, {"axes": A, "groups": {}, "state": "BDNF"}, "groups"),
    (cascades.group_courses, {"axes": A, "groups": STUDY, "state": "ERK"}, "name"),
]
