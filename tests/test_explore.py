"""Explorers without a browser: each control at its ends, and the truth of the reading."""

from __future__ import annotations

import base64
import io
import itertools
import re
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from snrilab import explore
from snrilab.explore import Control, Explorer
from tests.test_plots_binding import numbers_in

EXPLORERS = explore.all_explorers()
KD = Control("kd_nM", "Radioligand Kd", "nM", 0.1, 10, 1, scale="log")

BAD_INPUT = [
    (Control, {"name": "x", "label": "X", "unit": "", "low": 1, "high": 1, "default": 1}, "high"),
    (
        Control,
        {"name": "x", "label": "X", "unit": "", "low": 0, "high": 1, "default": 2},
        "default",
    ),
    (
        Control,
        {"name": "x", "label": "X", "unit": "", "low": 0, "high": 9, "default": 1, "scale": "log"},
        "low",
    ),
    (
        Control,
        {"name": "x", "label": "X", "unit": "", "low": 0, "high": 9, "default": 1, "scale": "ln"},
        "scale",
    ),
]


def stage(figure):
    axes = figure.add_subplot(xlim=(0, 10), ylim=(0, 1))
    return {"curve": axes.plot([], [], lw=3)[0]}


def draw(artists, kd_nM):
    conc_nM = np.linspace(0, 10, 50)
    artists["curve"].set_data(conc_nM, conc_nM / (conc_nM + kd_nM))
    return f"Half of the sites are taken at {kd_nM:.3g} nM."


def occupancy():
    return Explorer("Occupancy", [KD], stage, draw)


def settings_to_try(explorer):
    """Each control at minimum and maximum with the others at their defaults, and all corners."""
    default = {name: control.default for name, control in explorer.controls.items()}
    yield default
    for name, control in explorer.controls.items():
        for value in control.stops:
            yield {**default, name: value}
    ends = [(control.low, control.high) for control in explorer.controls.values()]
    for corner in itertools.product(*ends):
        yield dict(zip(explorer.controls, corner, strict=True))


def assert_draws_everywhere(make):
    """Draw an explorer at all its ends; whatever is hidden, non-finite or off the axes fails."""
    explorer = make()
    limits = [(axes.get_xlim(), axes.get_ylim()) for axes in explorer.figure.axes]
    size = explorer.figure.get_size_inches().tolist()
    for values in settings_to_try(explorer):
        explorer.set(**values)
        where = f"at {values}: {explorer.reading}"
        assert not explorer.errors, where
        assert not re.search(r"\b(nan|inf|none|null)\b", explorer.reading, re.IGNORECASE), where
        assert explorer.reading.endswith("."), where
        assert numbers_in(explorer.reading), where
        assert [(axes.get_xlim(), axes.get_ylim()) for axes in explorer.figure.axes] == limits
        assert explorer.figure.get_size_inches().tolist() == size
        for name, artist in explorer.artists.items():
            if hasattr(artist, "get_xydata"):
                points = np.asarray(artist.get_xydata())
                assert np.all(np.isfinite(points)), f"{name} is not finite {where}"
                (left, right), (bottom, top) = artist.axes.get_xlim(), artist.axes.get_ylim()
                assert np.all(points >= [left, bottom]), f"{name} leaves the axes {where}"
                assert np.all(points <= [right, top]), f"{name} leaves the axes {where}"


def pixels(png):
    return np.asarray(Image.open(io.BytesIO(png)).convert("L"), dtype=float)


@pytest.mark.parametrize("name", EXPLORERS)
def test_every_explorer_draws_at_the_ends_of_every_control(name):
    assert_draws_everywhere(EXPLORERS[name])


def test_a_drawing_that_breaks_only_at_one_end_is_found():
    def breaks_at_the_top(artists, kd_nM):
        if kd_nM > 9:
            raise ZeroDivisionError("no such Kd")
        return draw(artists, kd_nM)

    def leaves_the_axes(artists, kd_nM):
        artists["curve"].set_data([0, 1], [0, 5])
        return "Five is 5."

    def says_nonsense(artists, kd_nM):
        return f"The Ki is {np.inf if kd_nM > 9 else 1} nM."

    with pytest.raises(ZeroDivisionError):
        assert_draws_everywhere(lambda: Explorer("Broken", [KD], stage, breaks_at_the_top))
    for broken in (leaves_the_axes, says_nonsense):
        with pytest.raises(AssertionError):
            assert_draws_everywhere(lambda broken=broken: Explorer("Wrong", [KD], stage, broken))


def test_an_error_while_drawing_is_shown_recorded_and_raised():
    def fragile(artists, kd_nM):
        return f"{1 / (kd_nM - 2):.3g} of it."

    explorer = Explorer("Fragile", [KD], stage, fragile)
    with pytest.raises(ZeroDivisionError):
        explorer.set(kd_nM=2)
    assert [type(error) for error in explorer.errors] == [ZeroDivisionError]
    assert "could not be drawn" in explorer.reading
    assert "ZeroDivisionError" in explorer.reading
    explorer.set(kd_nM=3)  # the next good value brings picture and reading back
    assert explorer.reading == "1 of it."


@pytest.mark.parametrize("name", EXPLORERS)
def test_every_control_changes_picture_and_reading_and_reset_brings_both_back(name):
    explorer = EXPLORERS[name]()
    picture, reading = explorer.png, explorer.reading
    for control, slider in explorer.sliders.items():
        start = slider.value
        for place in {max(0, start - 1), min(start + 1, slider.max), slider.max} - {start}:
            slider.value = place
            assert explorer.png != picture, f"{control} does not move the picture"
            explorer.reset()
            assert slider.value == start
            assert explorer.png == picture, "a ghost of the last drawing stayed in the picture"
            assert explorer.reading == reading
    readings = set()
    for slider in explorer.sliders.values():
        slider.value = slider.max
        readings.add(explorer.reading)
        explorer.reset()
    assert reading not in readings
    assert len(readings) == len(explorer.sliders)


@pytest.mark.parametrize("name", EXPLORERS)
def test_every_control_is_named_with_its_unit_and_steps_over_round_values(name):
    explorer = EXPLORERS[name]()
    labels = [control.full_label for control in explorer.controls.values()]
    assert len(set(labels)) == len(labels)
    assert explorer.title
    for control in explorer.controls.values():
        assert control.unit or control.scale == "whole", f"{control.name} has no unit"
        grid = control.grid
        assert np.all(np.diff(grid) > 0)
        assert {control.low, control.default, control.high} <= set(grid)
        assert all(float(f"{value:.3g}") == value for value in grid)
        assert 5 <= len(grid) <= 101, "more key presses than anyone would make"


def test_the_number_box_keeps_what_was_typed_and_the_slider_follows():
    explorer = occupancy()
    explorer.boxes["kd_nM"].value = 3.333
    assert explorer.values == {"kd_nM": 3.333}
    assert explorer.reading == "Half of the sites are taken at 3.33 nM."
    place = explorer.sliders["kd_nM"].value
    assert place == KD.nearest(3.333)
    explorer.sliders["kd_nM"].value = place + 1
    assert explorer.values == {"kd_nM": KD.grid[place + 1]}
    assert explorer.boxes["kd_nM"].value == KD.grid[place + 1]


@pytest.mark.parametrize(
    ("value", "words"),
    [(2000, "2000 nM"), (0.001, "0.001 nM"), (2.5, "2.5 nM"), (12346, "12300 nM"), (3, "3 nM")],
)
def test_values_are_spoken_as_plain_numbers(value, words):
    assert KD.text(value) == words


def test_one_change_of_several_controls_draws_once():
    drawn = []

    def count(artists, **values):
        drawn.append(values)
        return "Counted 1."

    other = Control("n", "Replicates", "", 1, 6, 3, scale="whole")
    explorer = Explorer("Counting", [KD, other], stage, count)
    explorer.set(kd_nM=2, n=5)
    assert drawn == [{"kd_nM": 1, "n": 3}, {"kd_nM": 2, "n": 5}]
    explorer.sliders["kd_nM"].value += 1
    explorer.boxes["n"].value = 2
    assert len(drawn) == 4
    assert isinstance(drawn[-1]["n"], int)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"km_nM": 1}, "there are kd_nM"),
        ({"kd_nM": 11}, "in [0.1, 10]"),
        ({"kd_nM": "1"}, "number"),
    ],
)
def test_a_value_that_no_control_has_is_refused(values, words):
    explorer = occupancy()
    with pytest.raises((ValueError, TypeError), match=re.escape(words)):
        explorer.set(**values)
    assert explorer.values == {"kd_nM": 1}


def test_the_line_that_moves_holds_the_numbers_of_the_model():
    explorer = occupancy()
    explorer.set(kd_nM=4)
    conc_nM, bound = explorer.artists["curve"].get_data()
    np.testing.assert_allclose(bound, conc_nM / (conc_nM + 4))


def test_blitting_gives_the_picture_that_a_full_drawing_gives():
    explorer = explore.saturation()
    explorer.set(kd_nM=5, bmax=300)
    quick = pixels(explorer.png)
    for artist in explorer.artists.values():
        artist.set_animated(False)
    buffer = io.BytesIO()
    explorer.figure.savefig(buffer, format="png", dpi=explorer.figure.dpi)
    full = pixels(buffer.getvalue())
    assert quick.shape == full.shape
    assert np.mean(np.abs(quick - full) > 32) < 0.002  # only the order of overlapping lines


@pytest.mark.parametrize("name", EXPLORERS)
def test_a_saved_notebook_shows_a_picture_where_no_kernel_is(name):
    explorer = EXPLORERS[name]()
    data, metadata = explorer._repr_mimebundle_()
    assert base64.b64decode(data["image/png"]) == explorer.png
    assert "application/vnd.jupyter.widget-view+json" in data
    assert explorer.reading in data["text/plain"]
    assert metadata["image/png"]["alt"] == data["text/plain"]


@pytest.mark.parametrize("name", EXPLORERS)
def test_assistive_technology_is_told_names_and_values(name):
    explorer = EXPLORERS[name]()
    told = explorer.widget.children[-1]
    assert told.title == explorer.title
    assert told.labels == {n: c.full_label for n, c in explorer.controls.items()}
    for control in explorer.controls.values():
        explorer.set(**{control.name: control.high})
        assert told.spoken[control.name] == control.text(control.high)
    assert told.reading == explorer.reading


def test_explorers_need_no_pyplot_and_no_network():
    code = (
        "import sys\nfrom snrilab import explore\n"
        "[make() for make in explore.all_explorers().values()]\n"
        "print('matplotlib.pyplot' in sys.modules)"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert answer.stdout.strip() == "False"
    told = explore.saturation().widget.children[-1]
    assert "http" not in str(told._esm) + str(told._css)


@pytest.mark.parametrize("ligand", [0.1, 1, 30])
@pytest.mark.parametrize("kd", [0.3, 2.5, 10])
def test_the_competition_reading_is_cheng_and_prusoffs_when_little_receptor_is_there(ligand, kd):
    explorer = explore.competition()
    explorer.set(radioligand_nM=ligand, kd_nM=kd, ki_nM=20, receptor_nM=0.001)
    expected = 20 * (1 + ligand / kd)
    ratio, shown = expected / 20, f"{float(f'{expected:.3g}'):,g}"
    few = f"{ratio:.1f}" if ratio < 9.95 else f"{float(f'{ratio:.2g}'):g}"
    assert f"IC50 is {shown} nM, {few} times" in explorer.reading


def test_the_competition_reading_owns_up_to_depletion():
    explorer = explore.competition()
    explorer.set(radioligand_nM=1, kd_nM=1, ki_nM=5, receptor_nM=1)
    # Exact: 0.381966 of 1 nM is bound, IC50 12.7082 nM, so Cheng-Prusoff says 6.354 nM.
    assert "IC50 is 12.7 nM" in explorer.reading
    assert "takes 38 % of the radioligand" in explorer.reading
    assert "gives 6.35 nM, 27 % too high" in explorer.reading


@pytest.mark.parametrize(
    ("ki", "receptor", "drug", "verdict"),
    [
        # From the balance of mass, with 1 nM of a radioligand of Kd 2.5 nM. The last one by hand:
        # half of 0.787 nM stays bound, so 1.62 nM of sites are free and 7.99 of 8.48 nM is taken.
        (0.1, 0.03, "10 %", "Too much: Cheng-Prusoff, which counts all of both as free, gives "),
        (0.1, 0.03, "10 %", "gives 0.111 nM, 11 % too high."),
        (0.1, 0.1, "26 %", "gives 0.138 nM, 38 % too high."),
        (1.0, 0.3, "10 %", "gives 1.16 nM, 16 % too high."),
        (20.0, 0.3, "0.5 %", "Cheng-Prusoff gives 21.1 nM, 6 % too high."),
        (20.0, 0.01, "0.02 %", "Cheng-Prusoff gives 20 nM, less than 1 % wrong."),
        (0.1, 10.0, "94 %", "5,960 % too high."),
    ],
)
def test_the_verdict_on_a_ki_follows_its_error_and_names_the_drug_that_is_taken(
    ki, receptor, drug, verdict
):
    explorer = explore.competition()
    explorer.set(radioligand_nM=1, kd_nM=2.5, ki_nM=ki, receptor_nM=receptor)
    assert f"at the IC50, {drug} of the drug" in explorer.reading
    assert verdict in explorer.reading
    assert ("Too much" in explorer.reading) == (not re.search(r"\b(less|6 %)", verdict))


@pytest.mark.parametrize("name", EXPLORERS)
def test_readings_write_numbers_as_they_are_said(name):
    explorer = EXPLORERS[name]()
    for values in settings_to_try(explorer):
        explorer.set(**values)
        assert not re.search(r"\de[+-]?\d|\d{4}", explorer.reading), explorer.reading
        assert not re.search(r"(?<![\d.,])\d times", explorer.reading), explorer.reading


def test_the_drawn_competition_curve_crosses_half_at_the_marked_ic50():
    explorer = explore.competition()
    for receptor in (0.001, 0.1, 10):
        explorer.set(receptor_nM=receptor)
        conc, percent = explorer.artists["curve"].get_data()
        ic50 = explorer.artists["ic50"].get_xdata()[0]
        assert np.interp(np.log(ic50), np.log(conc), percent) == pytest.approx(50, abs=0.05)


def test_the_saturation_reading_tells_occupancy_and_nonspecific_share():
    explorer = explore.saturation()
    explorer.set(kd_nM=4, bmax=400, nonspecific_per_nM=25, highest_nM=12)
    # At Kd: 200 specific, 100 nonspecific; at 12 nM 12/16 of the sites.
    assert "nonspecific binding is 33 % of the total" in explorer.reading
    assert "fills 75 % of the sites" in explorer.reading


def test_the_noise_reading_holds_for_its_own_assays():
    explorer = explore.noise()
    explorer.set(counts=2000, replicates=3)
    found = explorer.artists["estimates"].get_ydata()
    low, high = np.quantile(found, [0.025, 0.975])
    assert f"range from {low:.3g} to {high:.3g} nM" in explorer.reading
    assert low < 20 < high
    assert np.median(found) == pytest.approx(20, rel=0.03)


def spread(explorer):
    found = np.log(explorer.artists["estimates"].get_ydata())
    return np.subtract(*np.quantile(found, [0.84, 0.16])) / 2


def test_four_times_the_replicates_halve_the_spread_of_the_ki():
    explorer = explore.noise()
    explorer.set(counts=30000, pipetting_percent=6, replicates=1)
    one = spread(explorer)
    explorer.set(replicates=4)
    assert one / spread(explorer) == pytest.approx(2, rel=0.15)


def test_four_times_the_counts_halve_the_spread_when_only_counting_is_noisy():
    explorer = explore.noise()
    explorer.set(counts=2000, pipetting_percent=0)
    few = spread(explorer)
    explorer.set(counts=8000)
    assert few / spread(explorer) == pytest.approx(2, rel=0.15)


def test_simulated_counts_have_the_mean_and_variance_of_poisson():
    from snrilab.explore.binding import _simulated_counts

    normal = np.random.default_rng(5).standard_normal((2, 50, 1, 4000))
    for mean in (5.0, 20.0, 400.0):
        counts = _simulated_counts(np.array([mean]), 0.0, normal)
        assert counts.mean() == pytest.approx(mean, rel=0.01)
        assert counts.var() == pytest.approx(mean, rel=0.04)
        third = np.mean((counts - mean) ** 3) / mean**1.5
        assert third == pytest.approx(mean**-0.5, abs=0.05)  # the skew of Poisson


def test_the_fit_of_all_assays_is_the_fit_of_each():
    from snrilab import binding

    explorer = explore.noise()
    explorer.set(shown=7)
    conc, percent = explorer.artists["tubes"].get_data()
    conc = np.where(conc < 0.1, 0.0, conc)
    fit = binding.fit_competition(conc, percent * 20, radioligand_nM=1.0, kd_nM=2.5)
    assert f"shown gives {fit['ki_nM'].value:.3g} nM" in explorer.reading


def test_the_reading_says_on_which_side_cheng_prusoff_is_wrong():
    # Depletion of the inhibitor pushes the corrected Ki up, depletion of the radioligand down.
    explorer = explore.competition()
    explorer.set(radioligand_nM=30, kd_nM=0.3, receptor_nM=10, ki_nM=20)
    assert "too low" in explorer.reading
    explorer.set(radioligand_nM=1, kd_nM=2.5, receptor_nM=10, ki_nM=1)
    assert "too high" in explorer.reading
