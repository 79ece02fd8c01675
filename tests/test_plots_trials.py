"""Pictures of studies show the values they were given and say so in words."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from snrilab import plots
from snrilab.plots import trials as pictures
from snrilab.trials import (
    LPS_GROUPS,
    SwimTest,
    analyse,
    fit_dose_response,
    simulate_lps_study,
    simulate_preclinical,
    simulate_trial,
)

TRIAL = simulate_trial("bakish2014", n_per_arm=60, rng=1)
RESULT = analyse(TRIAL)
ANIMALS = simulate_preclinical(rng=1)
LPS = simulate_lps_study(rng=1)
CURVE = fit_dose_response(ANIMALS.dose_mg_per_kg, ANIMALS.immobility_s)
FOREST = {"names": ["a", "b"], "estimates": [-3, -1], "low": [-5, -3], "high": [-1, 1]}
PICTURES = [
    (pictures.madrs_trajectories, {"trial": TRIAL, "patients": 3}),
    (pictures.ls_means, {"analysis": RESULT}),
    (pictures.retention, {"trial": TRIAL}),
    (pictures.pattern_means, {"trial": TRIAL, "arm": "placebo"}),
    (pictures.adverse_events, {"trial": TRIAL}),
    (pictures.forest, {**FOREST, "truth": -2}),
    (
        pictures.power_curves,
        {
            "n_per_arm": [10, 20],
            "curves": {"x": [0.2, 0.4], "y": [0.91, 0.95], "z": [0.5, 0.93]},
            "errors": {"z": [0.01, 0.01]},
        },
    ),
    (
        pictures.dose_response,
        {"study": ANIMALS, "fit": CURVE, "test": SwimTest.illustrative()},
    ),
    (pictures.lps_groups, {"study": LPS, "outcome": "sucrose_preference_percent"}),
    (pictures.immobility_by_locomotion, {"study": LPS}),
]


def _axes():
    figure = Figure(figsize=(6, 4), layout="constrained")
    FigureCanvasAgg(figure)
    return figure.add_subplot()


@pytest.mark.parametrize(
    ("draw", "arguments"), PICTURES, ids=[draw.__name__ for draw, _ in PICTURES]
)
def test_every_picture_returns_its_axes_with_words(draw, arguments):
    axes = _axes()
    assert draw(axes, **arguments) is axes
    assert len(plots.alt_text(axes)) > 60
    axes.figure.canvas.draw()
    assert "(" in axes.get_xlabel() + axes.get_ylabel()


def test_every_public_picture_is_drawn_here():
    assert {draw.__name__ for draw, _ in PICTURES} == set(pictures.__all__)


def test_trajectories_show_the_observed_means():
    axes = pictures.madrs_trajectories(_axes(), TRIAL)
    drawn = axes.containers[1].lines[0].get_ydata()
    expected = np.nanmean(TRIAL.madrs[TRIAL.arm == 1], axis=0)
    np.testing.assert_allclose(drawn[1:], expected)
    assert drawn[0] == pytest.approx(TRIAL.baseline[TRIAL.arm == 1].mean())


def test_ls_means_end_at_the_analysis():
    axes = pictures.ls_means(_axes(), RESULT)
    ends = [container.lines[0].get_ydata()[-1] for container in axes.containers]
    assert ends == pytest.approx([mean.value for mean in RESULT.ls_means])


def test_retention_never_rises_and_ends_at_completion():
    axes = pictures.retention(_axes(), TRIAL)
    for arm in range(3):
        steps = axes.lines[2 * arm].get_ydata()
        assert np.all(np.diff(steps) <= 0)
        assert steps[-1] == pytest.approx(100 * TRIAL.completed[TRIAL.arm == arm].mean())


def test_a_forest_leaves_open_what_crosses_zero():
    axes = pictures.forest(_axes(), **FOREST)
    faces = {tuple(line.get_xdata()): line.get_markerfacecolor() for line in axes.lines[1:]}
    assert faces[(-1.0,)] == "white"
    assert faces[(-3.0,)] != "white"
    assert "b -1 (-3 to 1), interval crosses zero" in plots.alt_text(axes)


def test_power_curves_say_where_the_target_is_passed():
    axes = pictures.power_curves(_axes(), **PICTURES[6][1])
    said = plots.alt_text(axes)
    assert "x rises from 20 % at 10 to 40 % at 20, and never reaches 90 %" in said
    assert "y rises from 91 % at 10 to 95 % at 20, always above 90 %" in said
    assert "z rises from 50 % at 10 to 93 % at 20, and passes 90 % between 10 and 20" in said


def test_lps_groups_stand_at_their_means():
    axes = pictures.lps_groups(_axes(), LPS)
    for i, group in enumerate(LPS_GROUPS):
        mean = axes.containers[i].lines[0].get_ydata()[0]
        assert mean == pytest.approx(LPS.immobility_s[LPS.group == group].mean())


BAD_INPUT = [
    (pictures.madrs_trajectories, {"axes": _axes(), "trial": None}, "trial"),
    (pictures.madrs_trajectories, {"axes": _axes(), "trial": TRIAL, "patients": -1}, "patients"),
    (pictures.ls_means, {"axes": _axes(), "analysis": analyse(TRIAL, "locf")}, "analysis"),
    (pictures.retention, {"axes": _axes(), "trial": 1}, "trial"),
    (pictures.pattern_means, {"axes": _axes(), "trial": TRIAL, "arm": "x"}, "arm"),
    (pictures.adverse_events, {"axes": _axes(), "trial": []}, "trial"),
    (pictures.forest, {"axes": _axes(), **FOREST, "low": [-5]}, "low"),
    (pictures.forest, {"axes": _axes(), **FOREST, "high": [-4, 1]}, "high"),
    (pictures.forest, {"axes": _axes(), **FOREST, "names": []}, "names"),
    (pictures.power_curves, {"axes": _axes(), "n_per_arm": [1, 2], "curves": {}}, "curves"),
    (
        pictures.power_curves,
        {"axes": _axes(), "n_per_arm": [2, 1], "curves": {"x": [0, 1]}},
        "n_per_arm",
    ),
    (
        pictures.power_curves,
        {"axes": _axes(), "n_per_arm": [1, 2], "curves": {"x": [0, 2]}},
        "curves",
    ),
    (pictures.dose_response, {"axes": _axes(), "study": None}, "study"),
    (pictures.lps_groups, {"axes": _axes(), "study": None}, "study"),
    (pictures.lps_groups, {"axes": _axes(), "study": LPS, "outcome": "despair"}, "outcome"),
    (pictures.immobility_by_locomotion, {"axes": _axes(), "study": None}, "study"),
]
