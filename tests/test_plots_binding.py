"""Pictures of binding and of fits: what is drawn, and the sentence that stands for it."""

from __future__ import annotations

import re
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import snrilab
from snrilab import plots
from snrilab.plots import binding, fits
from snrilab.plots._style import CYCLE, LOOK
from tests.conftest import name_of

CONC_NM = np.array([0.5, 1.0, 2.0, 4.0, 8.0])
SATURATION = {
    "conc_nM": CONC_NM,
    "total": 500 * CONC_NM / (2.5 + CONC_NM) + 15 * CONC_NM,
    "nonspecific": 15 * CONC_NM,
    "bmax": 500,
    "kd_nM": 2.5,
    "nonspecific_per_nM": 15,
}
SCATCHARD = {
    "free_nM": CONC_NM,
    "specific": 500 * CONC_NM / (2.5 + CONC_NM),
    "bmax": 500,
    "kd_nM": 2.5,
}
COMPETITION = {
    "inhibitor_nM": [0, 1, 10, 100, 1000],
    "bound": [2000, 1950, 1500, 560, 210],
    "top": 2000,
    "bottom": 150,
    "ic50_nM": 28,
    "ki_nM": 20,
    "band": ([1, 10, 100], [1900, 1400, 500], [2000, 1600, 620]),
}
SHIFT = {"radioligand_nM": [0.5, 2.5, 25], "ki_nM": 20, "kd_nM": 2.5}
DEPLETION = {"receptor_nM": [0.01, 0.1, 1], "radioligand_nM": 1, "kd_nM": 1, "ki_nM": 5}
ASSOCIATION = {
    "time_min": [0, 10, 60],
    "radioligand_nM": [1, 5],
    "kon_per_nM_min": 0.02,
    "koff_per_min": 0.05,
}
DISSOCIATION = {"time_min": [0, 10, 60], "bound": [100, 60, 5], "koff_per_min": 0.05}
PLATE = {"well": ["A1", "A2", "B1", "H12"], "counts": [1500, 1400, 700, 130]}
RESIDUALS = {"conc_nM": [0, 1, 10, 100], "residual": [5, -20, 10, -3]}
FIT = snrilab.binding.fit_inhibition([0, 1, 3, 10, 30, 100, 300], [99, 92, 77, 52, 24, 11, 2])
TWO_VARIABLES = snrilab.binding.fit_saturation(
    CONC_NM, 500 * CONC_NM / (2.5 + CONC_NM) + [9, -9, 9, -9, 9], nonspecific=15 * CONC_NM
)
NO_FREEDOM = snrilab.binding.fit_inhibition([1, 10, 100, 1000], [90, 50, 12, 2])
PROFILE = {"fit": FIT, "name": "ic50_nM"}
CURVE = {"fit": FIT}
ESTIMATES = {"values": [17, 18, 19, 20, 21, 22, 24], "true": 20}

PICTURES = [
    (binding.saturation, SATURATION),
    (binding.scatchard, SCATCHARD),
    (binding.competition, COMPETITION),
    (binding.radioligand_shift, SHIFT),
    (binding.depletion, DEPLETION),
    (binding.association, ASSOCIATION),
    (binding.dissociation, DISSOCIATION),
    (binding.plate, PLATE),
    (fits.residuals, RESIDUALS),
    (fits.profile, PROFILE),
    (fits.curve, CURVE),
    (fits.estimates, ESTIMATES),
]

IMPOSSIBLE = [
    (binding.saturation, SATURATION, "conc_nM", [-1, 1, 2, 4, 8]),
    (binding.saturation, SATURATION, "total", [1, 2]),
    (binding.saturation, SATURATION, "kd_nM", 0),
    (binding.scatchard, SCATCHARD, "free_nM", [0, 1, 2, 4, 8]),
    (binding.scatchard, SCATCHARD, "bmax", -1),
    (binding.competition, COMPETITION, "inhibitor_nM", [0, 0, 0, 0, 0]),
    (binding.competition, COMPETITION, "bound", [1, 2, 3, 4, float("nan")]),
    (binding.competition, COMPETITION, "ki_nM", -3),
    (binding.competition, COMPETITION, "band", ([1], [float("nan")], [2])),
    (binding.radioligand_shift, SHIFT, "radioligand_nM", list(range(1, 10))),
    (binding.radioligand_shift, SHIFT, "kd_nM", "2.5 nM"),
    (binding.depletion, DEPLETION, "receptor_nM", [1]),
    (binding.depletion, DEPLETION, "ki_nM", 0),
    (binding.association, ASSOCIATION, "time_min", [5]),
    (binding.association, ASSOCIATION, "radioligand_nM", np.arange(1, 10)),
    (binding.association, ASSOCIATION, "koff_per_min", 0),
    (binding.dissociation, DISSOCIATION, "time_min", [-1, 10, 60]),
    (binding.dissociation, DISSOCIATION, "koff_per_min", None),
    (binding.plate, PLATE, "counts", [1, 2, 3]),
    (binding.plate, PLATE, "counts", [1, 2, 3, -4]),
    (binding.plate, PLATE, "well", ["A1", "A2", "A3", "A25"]),
    (binding.plate, PLATE, "well", ["A1", "A2", "A3", "A1"]),
    (binding.plate, PLATE, "well", ["A1", "A2", "A3", "2-A1"]),
    (fits.residuals, RESIDUALS, "residual", [1, 2]),
    (fits.residuals, RESIDUALS, "conc_nM", [0, 0, 0, 0]),
    (fits.profile, PROFILE, "name", "bottom"),
    (fits.profile, PROFILE, "fit", NO_FREEDOM),
    (fits.curve, CURVE, "fit", NO_FREEDOM),
    (fits.curve, CURVE, "fit", TWO_VARIABLES),
    (fits.profile, PROFILE, "level", 95),
    (fits.estimates, ESTIMATES, "values", [1, 2]),
    (fits.estimates, ESTIMATES, "true", 0),
]
BAD_INPUT = [
    (function, {"axes": None, **good, bad: value}, bad) for function, good, bad, value in IMPOSSIBLE
] + [
    (plots.axes, {"rows": 0}, "rows"),
    (plots.axes, {"columns": 1.5}, "columns"),
    (plots.picture, {"panels": plots.axes()}, "alt"),
    (plots.show, {"panels": plots.axes()}, "alt"),
]


def drawn(function, arguments):
    return function(plots.axes(), **arguments)


def numbers_in(sentence):
    return [float(found) for found in re.findall(r"-?\d+\.?\d*(?:e[+-]?\d+)?", sentence)]


@pytest.mark.parametrize(("function", "arguments"), PICTURES, ids=name_of)
def test_every_picture_names_its_axes_and_says_what_it_shows(function, arguments):
    ax = plots.axes()
    assert function(ax, **arguments) is ax
    assert ax.get_xlabel()
    assert ax.get_ylabel()
    sentence = plots.alt_text(ax)
    assert sentence.endswith(".")
    assert len(numbers_in(sentence)) >= 2, "the sentence should tell numbers"
    assert "nan" not in sentence
    assert "inf" not in sentence
    assert plots.picture(ax).png.startswith(b"\x89PNG")


@pytest.mark.parametrize(("function", "arguments"), PICTURES, ids=name_of)
def test_what_is_drawn_does_not_change_what_was_given(function, arguments):
    given_arrays = {name: np.array(value) for name, value in arguments.items() if name != "band"}
    drawn(function, arguments)
    for name, before in given_arrays.items():
        np.testing.assert_array_equal(before, np.array(arguments[name]))


def test_every_public_picture_is_tested_here():
    assert {function for function, _ in PICTURES} == {
        getattr(room, name) for room in (binding, fits) for name in room.__all__
    }


def test_no_two_things_look_alike_without_colour():
    assert len({(line, marker) for _, line, marker in CYCLE}) == len(CYCLE)
    for pair in (("SERT", "NET"), ("levomilnacipran", "escitalopram")):
        (_, first_line, first_marker), (_, second_line, second_marker) = map(LOOK.get, pair)
        assert first_line != second_line
        assert first_marker != second_marker


def test_drawing_leaves_pyplot_alone():
    code = (
        "import sys\nfrom snrilab import plots\nfrom snrilab.plots import binding\n"
        "ax = binding.radioligand_shift(plots.axes(), [1, 10], ki_nM=20, kd_nM=2.5)\n"
        "plots.picture(ax)\nprint('matplotlib.pyplot' in sys.modules)"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert answer.stdout.strip() == "False"


def test_the_saturation_picture_marks_half_of_bmax_at_kd():
    ax = drawn(binding.saturation, SATURATION)
    corners = [
        tuple(map(tuple, line.get_xydata())) for line in ax.lines if len(line.get_xdata()) == 3
    ]
    assert corners == [((2.5, 0.0), (2.5, 250.0), (0.0, 250.0))]
    points = [line for line in ax.lines if line.get_linestyle() == "None"]
    specific = np.array(points[2].get_ydata())
    np.testing.assert_allclose(specific, 500 * CONC_NM / (2.5 + CONC_NM))


def test_scatchard_of_noiseless_data_is_the_line_of_the_fit():
    ax = drawn(binding.scatchard, SCATCHARD)
    line, points = ax.lines
    np.testing.assert_allclose(line.get_xydata(), [[0, 200], [500, 0]])
    bound, ratio = np.array(points.get_xdata()), np.array(points.get_ydata())
    np.testing.assert_allclose(ratio, (500 - bound) / 2.5)  # Rosenthal's equation


def test_the_competition_curve_passes_half_way_at_the_ic50_whatever_the_steepness():
    for steepness in (0.7, 1.0, 1.6):
        ax = drawn(binding.competition, {**COMPETITION, "hill": steepness})
        curve = next(line for line in ax.lines if line.get_label() == "fitted")
        at = np.interp(np.log(28), np.log(np.array(curve.get_xdata())), np.array(curve.get_ydata()))
        assert at == pytest.approx((2000 + 150) / 2, rel=1e-3)


def test_tubes_without_inhibitor_stand_a_decade_left_with_an_open_marker():
    ax = drawn(binding.competition, COMPETITION)
    alone = next(line for line in ax.lines if line.get_label() == "none added")
    np.testing.assert_allclose(alone.get_xydata(), [[0.1, 2000]])
    assert alone.get_markerfacecolor() == "none"


@given(
    ligand=st.floats(0.01, 100),
    kd=st.floats(0.01, 100),
    ki=st.floats(0.01, 1000),
)
def test_the_shift_picture_marks_cheng_and_prusoffs_ic50(ligand, kd, ki):
    ax = binding.radioligand_shift(plots.axes(), [ligand], ki_nM=ki, kd_nM=kd)
    mark = next(line for line in ax.lines if len(line.get_xdata()) == 1)
    assert mark.get_xdata()[0] == pytest.approx(ki * (1 + ligand / kd), rel=1e-9)


def test_the_depletion_picture_shows_the_error_of_cheng_and_prusoff():
    ax = drawn(binding.depletion, DEPLETION)
    apparent = np.array(ax.lines[0].get_ydata())
    # 1 nM of receptor and radioligand, Kd 1 nM: the exact IC50 is 12.7082 nM, so Ki looks 6.354.
    assert apparent[-1] == pytest.approx(12.7082039325 / 2, rel=1e-9)
    assert np.all(apparent > 5)
    assert "6.35 nM at 1 nM (38 % bound)" in plots.alt_text(ax)


def test_association_halves_in_ln2_over_the_observed_rate():
    sentence = plots.alt_text(drawn(binding.association, ASSOCIATION))
    assert f"after {np.log(2) / (0.02 * 1 + 0.05):.2g} min" in sentence
    assert f"after {np.log(2) / (0.02 * 5 + 0.05):.2g} min" in sentence


def test_dissociation_of_a_pure_decay_starts_where_the_data_start():
    time = np.array([0.0, 5, 20, 40])
    ax = binding.dissociation(
        plots.axes(), time, 80 * np.exp(-0.1 * time), koff_per_min=0.1, unit="dpm"
    )
    assert ax.lines[0].get_ydata()[0] == pytest.approx(80)
    assert f"every {np.log(2) / 0.1:.2g} min" in plots.alt_text(ax)


@given(used=st.integers(1, 96), seed=st.integers(0, 99))
def test_the_plate_puts_each_count_in_its_well_and_names_the_extremes(used, seed):
    random = np.random.default_rng(seed)
    names = [f"{row}{column}" for row in "ABCDEFGH" for column in range(1, 13)]
    well = random.permutation(names)[:used]
    counts = random.permutation(used) + 10
    ax = binding.plate(plots.axes(), well, counts)
    shown = {
        "ABCDEFGH"[round(text.get_position()[1])] + str(round(text.get_position()[0]) + 1): text
        for text in ax.texts
    }
    assert {name: text.get_text() for name, text in shown.items()} == {
        name: str(count) for name, count in zip(well, counts, strict=True)
    }
    assert f"in well {well[counts.argmax()]}." in plots.alt_text(ax)


def test_a_simulated_assay_fits_on_the_plate():
    assay = snrilab.binding.simulate_assay(
        "competition", [1, 10, 100], receptor_nM=0.05, kd_nM=2.5, radioligand_nM=1, ki_nM=11, rng=1
    )
    ax = binding.plate(plots.axes(), assay.wells["well"], assay.wells["counts"])
    assert f"Plate with {assay.wells.size} wells in use" in plots.alt_text(ax)


def test_residuals_count_their_changes_of_sign_in_order_of_concentration():
    shuffled = {"conc_nM": [100, 0, 10, 1], "residual": [-3, 5, 10, -20]}
    sentence = plots.alt_text(drawn(fits.residuals, shuffled))
    assert "2 above and 2 below" in sentence
    assert "sign changes 3 times" in sentence  # + - + - from 0 to 100 nM


def test_the_profile_curve_meets_the_threshold_at_the_limits():
    limits = snrilab.binding.profile_intervals(FIT)["ic50_nM"]
    ax = drawn(fits.profile, PROFILE)
    at, worse = (np.array(part) for part in ax.lines[0].get_data())
    threshold = ax.lines[2].get_ydata()[0]
    assert threshold == pytest.approx(10.1280, abs=1e-4)  # F table: 5 % point of F(1, 3)
    for limit in (limits.low, limits.high):
        assert np.interp(np.log(limit), np.log(at), worse) == pytest.approx(threshold, rel=0.02)
    assert worse.min() == pytest.approx(0, abs=1e-2)


def test_a_profile_says_in_words_which_limit_is_missing():
    # The curve only begins to fall: nothing bounds the IC50 from above.
    beginning = snrilab.binding.fit_inhibition([0, 1, 3, 10, 30], [100, 99, 97.5, 91, 80.5])
    sentence = plots.alt_text(fits.profile(plots.axes(), beginning, "ic50_nM"))
    assert "the data set no limit from above" in sentence
    assert "inf" not in sentence


def test_the_band_holds_the_curve_and_is_wider_for_noisier_data():
    conc = np.array([0, 1, 3, 10, 30, 100, 300])
    clean = 100 / (1 + conc / 10)
    widths = []
    for noise in (1, 4):
        noisy = clean + noise * np.array([1, -1, 1, -0.5, -1, 1, -0.5])
        ax = fits.curve(plots.axes(), snrilab.binding.fit_inhibition(conc, noisy))
        band = ax.collections[0].get_paths()[0].get_extents()
        line = np.array(ax.lines[0].get_ydata())
        assert band.y0 <= line.min()
        assert line.max() <= band.y1
        widths.append(numbers_in(plots.alt_text(ax))[-1])
    assert widths[1] == pytest.approx(4 * widths[0], rel=0.3)


def test_the_spread_of_estimates_is_told_by_quantiles():
    rng = np.random.default_rng(3)
    values = 20 * np.exp(rng.normal(0, 0.1, 400))
    sentence = plots.alt_text(fits.estimates(plots.axes(), values, true=20))
    low, median, high = np.quantile(values, [0.025, 0.5, 0.975])
    assert f"median {median:.3g} nM" in sentence
    assert f"between {low:.3g} and {high:.3g} nM" in sentence


def test_narrow_log_axes_have_plain_numbers():
    ax = drawn(fits.profile, PROFILE)
    texts = [tick.get_text() for tick in ax.get_xticklabels()]
    assert 2 <= len(texts) <= 10
    assert texts == [f"{place:g}" for place in ax.get_xticks()]


def test_a_picture_in_a_notebook_carries_its_sentence_escaped():
    shown = plots.picture(plots.axes(), alt='Ki < IC50 & "half" way')
    data, metadata = shown._repr_mimebundle_()
    assert 'alt="Ki &lt; IC50 &amp; &quot;half&quot; way"' in data["text/html"]
    assert data["text/plain"] == shown.alt == repr(shown)
    assert metadata["image/png"]["alt"] == shown.alt
    assert 'width="560"' in data["text/html"]
    assert int.from_bytes(shown.png[16:20], "big") == 2 * 560, "text would blur when zoomed"


def test_panels_of_one_figure_are_shown_together_with_both_sentences():
    left, right = plots.axes(1, 2)
    binding.scatchard(left, **SCATCHARD)
    binding.depletion(right, **DEPLETION)
    shown = plots.picture([left, right])
    assert plots.alt_text(left) in shown.alt
    assert plots.alt_text(right) in shown.alt
