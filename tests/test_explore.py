"""Explorers without a browser: every one at all its ends, its goals, its sentence, its truth."""

from __future__ import annotations

import ast
import base64
import functools
import inspect
import io
import itertools
import re
import subprocess
import sys
from importlib import import_module
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from snrilab import exercises, explore
from snrilab.exercises import Goal
from snrilab.explore import (
    Choice,
    Control,
    Explorer,
    Seen,
    Switch,
    Unknown,
    _canvas,
    _live,
    lesson02,
)
from snrilab.explore._canvas import Canvas, png_of
from snrilab.feedback._memory import change
from tests.conftest import ROOT
from tests.small_explorer import WELLS

EXPLORERS = explore.all_explorers()
KD = Control("kd_nM", "Radioligand Kd", "nM", 0.1, 10, 1, scale="log")
ASKED = {  # what each prediction asks about, as the sliders have it: each lesson's own tests say it
    f"{lesson}/{stage}": setting
    for lesson in sorted(
        {name.partition("/")[0] for name, each in EXPLORERS.items() if each.prediction}
    )
    for stage, setting in import_module(f"tests.lessons.test_{lesson}").ASKED.items()
}
NUMBER = {"name": "x", "label": "X", "unit": "", "low": 0, "high": 9, "default": 1}

BAD_INPUT = [
    (Control, {**NUMBER, "high": 0}, "high"),
    (Control, {**NUMBER, "default": 10}, "default"),
    (Control, {**NUMBER, "scale": "log"}, "low"),
    (Control, {**NUMBER, "scale": "ln"}, "scale"),
    (Choice, {"name": "x", "label": "X", "options": ("one",)}, "options"),
    (Choice, {"name": "x", "label": "X", "options": ("a", "b"), "default": "c"}, "x"),
    (lesson02.competition.__call__, {"ki": 1}, "ki"),
    (lesson02.competition.__call__, {"goals": ["fly"]}, "goals"),
    (lesson02.competition.still, {"keep": [{}] * 4}, "keep"),
]


STAGED = {}


@pytest.fixture
def not_packed(monkeypatch):
    """Pictures are drawn and not packed, and a figure is staged once for all explorers of a kind.

    That whatever was drawn before leaves no trace is tested for every control of every explorer.
    """

    def canvas(explorer, screen, kept, names):
        where = explorer.name, screen
        if kept or where not in STAGED:
            made = Canvas(explorer, screen, kept, names)
            return made if kept else STAGED.setdefault(where, made)
        return STAGED[where]

    monkeypatch.setattr(_live, "Canvas", canvas)
    monkeypatch.setattr(_canvas, "png_of", lambda pixels, compress_level=1: b"not packed")


@pytest.fixture
def nobody_looks(not_packed, monkeypatch):
    """What moves is moved and not drawn: it is drawn at all ends (`assert_draws_everywhere`)."""
    monkeypatch.setattr(Canvas, "png", lambda canvas, compress_level=1: b"not drawn")


@pytest.fixture(autouse=True)
def own_progress(tmp_path, monkeypatch):
    monkeypatch.setenv("SNRILAB_PROGRESS", str(tmp_path / "progress.json"))


def stage(figure):
    axes = figure.add_subplot(xlim=(0, 10), ylim=(0, 1))
    return {"curve": axes.plot([], [], lw=3)[0]}


def draw(artists, kd_nM):
    conc_nM = np.linspace(0, 10, 50)
    artists["curve"].set_data(conc_nM, conc_nM / (conc_nM + kd_nM))
    return Seen(f"Half of the sites are taken at {kd_nM:.3g} nM.", half_nM=kd_nM)


HIGH = Goal("test/high", "Go above 5 nM.", lambda half_nM: half_nM > 5, "Loose.", {"kd_nM": 8})
OCCUPANCY = Explorer("test/occupancy", "Occupancy", [KD], stage, draw, [HIGH], keep=("curve",))


def with_drawing(drawing, controls=(KD,)):
    return Explorer("test/other", "Other", controls, stage, drawing)


def settings_to_try(explorer):
    """Each control at its ends with the others at their defaults, and all corners."""
    default = {control.name: control.default for control in explorer.controls}
    yield default
    for control in explorer.controls:
        for value in set(control.stops) - {control.default}:
            yield {**default, control.name: value}
    ends = [(control.stops[0], control.stops[-1]) for control in explorer.controls]
    for corner in itertools.product(*ends):
        yield dict(zip(default, corner, strict=True))


@functools.cache
def built(name):
    """Build an explorer once for all tests that move nothing but its controls; keep its start."""
    live = EXPLORERS[name]()
    return live, (live.png, live.reading)


def moved_back(explorer):
    """The explorer that is built once, at its start, without what tests before have left."""
    live, start = built(explorer.name)
    live.goals = dict.fromkeys(live.goals, "open")
    live.errors.clear()
    live.reset()
    assert live.hunt is not None or (live.png, live.reading) == start
    return live


def assert_draws_everywhere(explorer, live=None):
    """Draw an explorer at all its ends; whatever is hidden, non-finite or off the axes fails."""
    live = explorer() if live is None else live
    limits = [(axes.get_xlim(), axes.get_ylim()) for axes in live.figure.axes]
    for values in settings_to_try(explorer):
        live.set(**values)
        where = f"at {values}: {live.reading}"
        assert not live.errors, where
        assert not live.page.failed, where
        assert not re.search(r"\b(nan|inf|none|null)\b", live.reading, re.IGNORECASE), where
        assert live.reading.endswith("."), where
        assert re.search(r"\d", live.reading), where
        assert not re.search(r"\de[+-]?\d|\d{4}", live.reading), where
        assert [(axes.get_xlim(), axes.get_ylim()) for axes in live.figure.axes] == limits, where
        for name, artist in live.artists.items():
            if hasattr(artist, "get_xydata"):
                points = np.asarray(artist.get_xydata())
                assert np.all(np.isfinite(points)), f"{name} is not finite {where}"
                (left, right), (bottom, top) = artist.axes.get_xlim(), artist.axes.get_ylim()
                assert np.all(points >= [left, bottom]), f"{name} leaves the axes {where}"
                assert np.all(points <= [right, top]), f"{name} leaves the axes {where}"


def pixels(png):
    return np.asarray(Image.open(io.BytesIO(png)).convert("L"), dtype=float)


# -- every explorer of the course --------------------------------------------------------------


@pytest.fixture(params=EXPLORERS)
def explorer(request):
    return EXPLORERS[request.param]


def test_an_explorer_is_named_as_it_is_found(explorer):
    assert EXPLORERS[explorer.name] is explorer
    assert all(goal.name == f"{explorer.module}/{goal.short}" for goal in explorer.goals)
    names = [goal.name for other in EXPLORERS.values() for goal in other.goals]
    assert len(set(names)) == len(names), "a goal is kept under one name"


def test_it_draws_at_the_ends_of_every_control(explorer, request):
    live = moved_back(explorer)
    request.getfixturevalue("not_packed")
    assert_draws_everywhere(explorer, live)


def test_every_control_matters_is_named_with_its_unit_and_steps_over_round_values(explorer):
    live = moved_back(explorer)
    start = built(explorer.name)[1]
    labels = [control.full_label for control in explorer.controls]
    assert len(set(labels)) == len(labels)
    for control in explorer.controls:
        seen = set()
        for value in control.stops:
            live.set(**{control.name: value})
            seen.add((live.png, live.reading))
        assert len(seen) >= 2, f"{control.name} has no effect"
        live.reset()
        assert (live.png, live.reading) == start, "a ghost of the last drawing stayed"
        if isinstance(control, Control):
            assert control.unit or control.scale == "whole", f"{control.name} has no unit"
            assert np.all(np.diff(control.grid) > 0)
            assert {control.low, control.default, control.high} <= set(control.grid)
            assert all(float(f"{value:.3g}") == value for value in control.grid)
            assert 5 <= len(control.grid) <= 101, "more key presses than anyone would make"


@pytest.mark.usefixtures("nobody_looks")
def test_no_goal_is_reached_at_the_start_and_each_by_show_me_and_by_the_sliders_alone(explorer):
    """What "show me" sets is near a place on the slider that reaches the goal as well."""
    live = explorer(seed=5)
    live.reset()
    assert set(live.goals.values()) <= {"open"}, "reached at the start"
    for goal in explorer.goals:
        live.set(**{control.name: control.stops[-1] for control in explorer.controls})
        live.goals = dict.fromkeys(live.goals, "open")
        live.show(goal.short)
        assert live.goals[goal.short] == "shown", f"{goal.name}: {live.reading}"
        (told,) = (told for told in live.page.goals if told["name"] == goal.short)
        assert told["why"] == goal.why
        assert told["state"] == ("shown" if goal.possible else "impossible")
        if explorer.unknown is not None:
            continue  # an unknown is reached by measuring
        live.reset()
        live.goals = dict.fromkeys(live.goals, "open")
        for name, value in goal.steps({})[-1].items():
            control = live.controls[name]
            on_slider = value
            if isinstance(control, Control):
                kind = int if control.scale == "whole" else float
                on_slider = kind(control.grid[control.place(value)])
            live.set(**{name: on_slider})
        assert live.goals[goal.short] == "reached", f"{goal.name}: {live.reading}"
    assert not live.errors


@pytest.mark.usefixtures("nobody_looks")
@pytest.mark.parametrize("name", [name for name, each in EXPLORERS.items() if each.prediction])
def test_what_was_predicted_can_be_set_and_is_not_told_before(name, monkeypatch):
    """At the start nothing is told; by the sliders alone what was asked about can be seen."""
    guess = SimpleNamespace(sentence="You predicted 5.")
    monkeypatch.setattr("snrilab.feedback.predicted", lambda name, answer=None: guess)
    one = {"seed": 3} if EXPLORERS[name].unknown else {}  # of an unknown at random more is measured
    live = EXPLORERS[name](**one)
    live.reset()
    waits = live.page.prediction
    assert waits.startswith("Your prediction is kept. To see how it did, ")
    setting = exercises.find(EXPLORERS[name].prediction).setting
    way = f"set {setting}" if live.hunt is None else "measure on"
    assert (way if setting else "the goals") in waits
    says_when = exercises.find(EXPLORERS[name].prediction).seen is not None
    assert ("answer" in waits) == (live.hunt is not None and not says_when)
    asked = ASKED[name]
    live.play([asked] if isinstance(asked, dict) else asked)
    assert live.page.prediction == guess.sentence
    live.reset()
    assert live.page.prediction == guess.sentence, "what has been told stays"
    other = EXPLORERS[name](**one)
    for goal in other.explorer.goals:
        other.show(goal.short)
    assert other.page.prediction == guess.sentence, "nothing is left to look for"


@pytest.mark.usefixtures("nobody_looks")
@pytest.mark.parametrize("name", [name for name, each in EXPLORERS.items() if each.unknown])
def test_a_prediction_is_told_its_own_answer_and_never_the_hidden_truth(name):
    explorer = EXPLORERS[name]
    asked = exercises.find(explorer.prediction)
    for choice in asked.choices:
        change("predictions", asked.name, lambda _, choice=choice: {"value": choice})
        live = explorer()
        live.play(ASKED[name])
        assert live.page.verdict, "it is told after the answer"
        told = "So it is." if choice == asked.answer else f"It is: {asked.answer}."
        assert live.page.prediction.startswith(f"You predicted: {choice}. {told}")
        before = live.page.prediction
        live.again()
        assert live.page.prediction == before, "another truth changes nothing"


def as_a_reader_has_it(name, value, reading):
    """The number that a sentence has for a value, itself or as per cent (above one), or value."""
    found = []
    numerals = r"(?<!less than )(?<![\d.,])(\d[\d,]*(?:\.\d+)?)( %)?"
    for numeral, percent in re.findall(numerals, reading):
        written = float(numeral.replace(",", ""))
        half = 0.501 * 10.0 ** -len(numeral.partition(".")[2])
        if percent and not name.endswith("_percent"):
            half /= 100
            found += [(written / 100, half), (1 + written / 100, half)]
        else:
            found.append((written, half))
    near = [told for told, half in found if abs(told - value) <= half]
    return min(near, key=lambda told: abs(told - value), default=value)


def reached_as_told(goal, values, seen):
    """Whether a goal is reached by its numbers, and by these numbers as the sentence has them."""
    names = inspect.signature(goal.reached).parameters
    as_told = dict(seen.numbers)
    for name, value in seen.numbers.items():
        if name in names and isinstance(value, float) and np.isfinite(value):
            as_told[name] = as_a_reader_has_it(name, value, seen)
    return [goal.is_reached({**values, **numbers}) for numbers in (seen.numbers, as_told)]


@pytest.mark.parametrize(
    ("explorer", "goal"),
    [
        pytest.param(explorer, goal, id=goal.name)
        for explorer in EXPLORERS.values()
        for goal in explorer.goals
        if explorer.unknown is None
    ],
)
def test_a_goal_is_reached_where_the_sentence_says_so(explorer, goal):
    """Along each slider, and closer and closer to the place where the goal is reached."""
    live = moved_back(explorer)
    start = {**live.values, **goal.steps({})[-1]}

    @functools.cache
    def judged(name, value):
        values = {**start, name: value}
        seen = live._canvas.move(values)
        reached, as_told = reached_as_told(goal, values, seen)
        assert reached == as_told, f"{goal.text} {reached} at {values}: {seen} {seen.numbers}"
        return reached

    for control in explorer.controls:
        if not isinstance(control, Control):
            continue
        before = None
        for value in control.grid[:: 1 if control.scale == "whole" else 5]:
            kind = int if control.scale == "whole" else float
            here = kind(value), judged(control.name, kind(value))
            if before is not None and before[1] != here[1] and control.scale != "whole":
                low, high = before, here
                for _ in range(12):
                    middle = float(f"{(low[0] + high[0]) / 2:.4g}")
                    if middle in {low[0], high[0]}:
                        break  # closer than four digits tell
                    found = middle, judged(control.name, middle)
                    low, high = (found, high) if found[1] == low[1] else (low, found)
            before = here


@pytest.mark.parametrize("message", [{"press": "reset"}, {"show": "double"}, {"press": "keep"}])
def test_what_was_said_of_an_earlier_wish_is_over_after_a_button(message):
    live = EXPLORERS["lesson01/bath"]()
    live.page.moved = {"serial": 1, "values": {"other_percent": 3}}
    assert "at least 10 %" in live.page.notice
    live._heard(None, message, [])
    assert live.page.notice == ""


def test_still_and_printed_picture_say_and_show_what_the_live_one_does(explorer):
    control = explorer.controls[0]
    values = {control.name: control.stops[-1]}
    live = explorer(**values)
    if live.hunt is None:  # laid out as before, and moved there: one picture
        moved = moved_back(explorer)
        moved.set(**values)
        assert moved.png == live.png
    still = explorer.still(**values)
    assert still.alt == live.reading
    assert still.caption.endswith(live.reading)
    data, metadata = live._repr_mimebundle_()
    printed = pixels(base64.b64decode(data["image/png"]))
    assert "application/vnd.jupyter.widget-view+json" in data
    assert live.reading in data["text/plain"] == metadata["image/png"]["alt"]
    coarse = (printed.shape[1] // 4, printed.shape[0] // 4)  # letters stand a pixel elsewhere
    both = [
        np.asarray(Image.open(io.BytesIO(png)).convert("L").resize(coarse, Image.BOX), dtype=float)
        for png in (still.png, base64.b64decode(data["image/png"]))
    ]
    assert np.mean(np.abs(both[0] - both[1])) < 6
    assert np.median(pixels(still.dark_png)) < 40
    assert np.median(pixels(still.png)) == 255


# -- the machine -------------------------------------------------------------------------------


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
        assert_draws_everywhere(with_drawing(breaks_at_the_top))
    for broken in (leaves_the_axes, says_nonsense):
        with pytest.raises(AssertionError):
            assert_draws_everywhere(with_drawing(broken))


def test_an_error_while_drawing_is_shown_recorded_and_raised():
    def fragile(artists, kd_nM):
        return f"{1 / (kd_nM - 2):.3g} of it."

    live = with_drawing(fragile)()
    with pytest.raises(ZeroDivisionError):
        live.set(kd_nM=2)
    assert live.page.failed
    assert "ZeroDivisionError" in live.reading
    live.set(kd_nM=3)  # the next good value brings picture and reading back
    assert live.reading == "1 of it."
    live.page.moved = {"serial": 1, "values": {"kd_nM": 2}}  # from the page: nobody to raise to
    assert "could not be drawn" in live.reading
    assert [type(error) for error in live.errors] == [ZeroDivisionError] * 2


def test_what_the_page_wants_is_drawn_once_and_answered_with_its_number():
    drawn = []

    def count(artists, **values):
        drawn.append(values)
        return "Counted 1."

    replicates = Control("n", "Replicates", "", 1, 6, 3, scale="whole")
    where = Choice("where", "Where", ("cortex", "everywhere"))
    brake = Switch("brake", "Brake")
    live = with_drawing(count, [KD, replicates, where, brake])()
    wish = {"kd_nM": 3.333, "n": 5.0, "where": "everywhere", "brake": True}
    live.page.moved = {"serial": 7, "values": wish}
    assert drawn[1:] == [{"kd_nM": 3.333, "n": 5, "where": "everywhere", "brake": True}]
    assert isinstance(drawn[-1]["n"], int)
    assert live.page.answers == 7
    told = live.page.values
    assert told["kd_nM"] == {"value": 3.333, "place": KD.place(3.333), "text": "3.33 nM"}
    assert told["brake"]["text"] == "on"
    live.page.moved = {"serial": 8, "values": {"where": "nowhere"}}
    assert "where must be one of cortex, everywhere" in live.reading


@pytest.mark.parametrize(
    ("typed", "value", "said"),
    [
        ("2,5", 2.5, ""),
        ("1000", 10, "Radioligand Kd: at most 10 nM here."),
        ("-3", 0.1, "Radioligand Kd: at least 0.1 nM here."),
        ("1,5", 1.5, ""),
        ("10,000", 10, "Radioligand Kd: at most 10 nM here."),
        ("abc", 1, "Radioligand Kd: “abc” is no number: write the number alone."),
        ("", 1, "Radioligand Kd: a number is missing."),
        ("inf", 1, "Radioligand Kd: “inf” is no number: write the number alone."),
    ],
)
def test_what_is_typed_is_taken_within_the_limits_and_answered_in_a_sentence(typed, value, said):
    live = OCCUPANCY()
    live.page.moved = {"serial": 1, "values": {"kd_nM": typed}}
    assert live.values == {"kd_nM": value}
    told = live.page.values["kd_nM"]
    assert (told["value"], told["place"]) == (value, KD.place(value))
    assert (live.page.notice, live.page.answers) == (said, 1)
    live.page.moved = {"serial": 2, "values": {"kd_nM": 3}}
    assert live.page.notice == "", "what was said of an earlier wish is over"


def test_a_whole_number_is_said_to_be_one():
    whole = Control("n", "Replicates", "", 1, 6, 3, scale="whole")
    assert whole.wished("2.6") == (3, "Replicates: whole numbers only.")
    assert whole.wished(5.0) == (5, "")
    assert whole.wished("9") == (6, "Replicates: at most 6 here.")


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"km_nM": 1}, "there are kd_nM"),
        ({"kd_nM": 11}, "in [0.1, 10]"),
        ({"kd_nM": "1"}, "number"),
    ],
)
def test_a_value_that_no_control_has_is_refused(values, words):
    live = OCCUPANCY()
    with pytest.raises((ValueError, TypeError), match=re.escape(words)):
        live.set(**values)
    assert live.values == {"kd_nM": 1}


@pytest.mark.parametrize(
    ("value", "words"),
    [(2000, "2000 nM"), (0.001, "0.001 nM"), (2.5, "2.5 nM"), (12346, "12300 nM"), (3, "3 nM")],
)
def test_values_are_spoken_as_plain_numbers(value, words):
    assert KD.text(value) == words


def test_blitting_gives_the_picture_that_a_full_drawing_gives():
    live = lesson02.saturation()
    live.set(kd_nM=5, bmax=300)
    quick = pixels(live.png)
    for artist in live.artists.values():
        artist.set_animated(False)
    buffer = io.BytesIO()
    live.figure.savefig(buffer, format="png", dpi=live.figure.dpi)
    full = pixels(buffer.getvalue())
    assert quick.shape == full.shape
    assert np.mean(np.abs(quick - full) > 32) < 0.002  # only the order of overlapping lines


def test_the_png_holds_the_pixels_that_were_written():
    drawn = np.random.default_rng(1).integers(0, 256, (7, 11, 3), dtype=np.uint8)
    for level in (1, 6):
        image = Image.open(io.BytesIO(png_of(drawn, level)))
        image.load()
        np.testing.assert_array_equal(np.asarray(image), drawn)


def test_width_sharpness_and_theme_of_the_page_are_drawn_for_and_values_stay():
    live = OCCUPANCY(kd_nM=4)
    for screen, size, dark in (
        ({"width": 400, "ratio": 1, "paper": "#111111"}, 400, True),
        ({"width": 400, "ratio": 2, "paper": "#ffffff"}, 800, False),
        ({"width": 90, "ratio": 1, "paper": "#ffffff"}, 240, False),
    ):
        live._heard(None, {"screen": screen}, [])
        shown = pixels(live.png)
        assert shown.shape[1] == size
        assert (np.median(shown) < 40) == dark
        assert live.values == {"kd_nM": 4}
        assert live.page.aspect == pytest.approx(shown.shape[1] / shown.shape[0], rel=0.01)
    assert not live.errors


def test_a_goal_is_answered_with_its_reason_and_kept_once(monkeypatch):
    kept = []
    monkeypatch.setattr("snrilab.feedback.reached", kept.append)
    live = OCCUPANCY()
    assert live.page.goals == [
        {"name": "high", "text": "Go above 5 nM.", "state": "open", "why": ""}
    ]
    live.set(kd_nM=6)
    live.set(kd_nM=1)
    live.set(kd_nM=7)
    assert live.page.goals[0] | {"text": ""} == {
        "name": "high",
        "text": "",
        "state": "reached",
        "why": "Loose.",
    }
    assert kept == ["test/high"]
    OCCUPANCY.still(kd_nM=9)
    assert kept == ["test/high"], "a still picture is nobody's success"


def test_a_goal_reached_in_an_earlier_session_stays_ticked(monkeypatch):
    monkeypatch.setattr("snrilab.feedback.goals_reached", lambda module: {f"{module}/high"})
    assert OCCUPANCY().goals == {"high": "reached"}


def test_a_drawing_is_handed_the_prediction_once_it_may_be_told(monkeypatch):
    guess = SimpleNamespace(value=5.0, sentence="You predicted 5 nM.")
    monkeypatch.setattr("snrilab.feedback.predicted", lambda name, answer=None: guess)
    handed = []

    def drawing(artists, kd_nM, radioligand_nM, predicted):
        handed.append(predicted)
        return draw(artists, kd_nM)

    ligand = Control("radioligand_nM", "Radioligand", "nM", 0.1, 30, 1, scale="log")
    kd = Control("kd_nM", "Radioligand Kd", "nM", 0.1, 10, 2.5, scale="log")
    live = with_drawing(drawing, [kd, ligand])(prediction="lesson02/two_labs")
    live.set(radioligand_nM=2)
    assert handed == [None, None]
    live.set(radioligand_nM=25)
    assert handed[2:] == [None, guess]
    assert live.page.prediction == guess.sentence


def test_nothing_is_said_of_a_prediction_that_was_not_made():
    live = lesson02.saturation()
    live.set(highest_nM=30)
    assert live.page.prediction == ""


def kept_lines(live):
    return [line for line in live.figure.axes[0].lines if line not in live.artists.values()]


def test_up_to_three_states_are_kept_as_faint_curves_named_by_what_differs():
    live = OCCUPANCY()
    for kd in (0.5, 2, 5, 9):
        live.set(kd_nM=kd)
        live.keep()
    legend = [text.get_text() for text in live.figure.legends[0].get_texts()]
    assert legend == ["Radioligand Kd: 2 nM", "5 nM", "9 nM"]  # the oldest went
    live.set(kd_nM=1)
    halves = [np.interp(0.5, line.get_ydata(), line.get_xdata()) for line in kept_lines(live)]
    assert halves == pytest.approx([2, 5, 9], rel=0.02)
    assert len({str(line._unscaled_dash_pattern) for line in kept_lines(live)}) == 3
    live.forget()
    assert kept_lines(live) == []


def test_a_still_picture_tells_the_kept_states_in_words():
    still = OCCUPANCY.still(kd_nM=4, keep=[{"kd_nM": 1}, {"kd_nM": 2}])
    assert still.alt == (
        "Half of the sites are taken at 4 nM. Beside it, Radioligand Kd: 1 nM: Half of the sites "
        "are taken at 1 nM. 2 nM: Half of the sites are taken at 2 nM."
    )


@pytest.mark.parametrize("width", [340, 620])
def test_the_key_of_kept_curves_is_whole_on_every_width(width):
    live = lesson02.saturation()
    live._heard(None, {"screen": {"width": width, "ratio": 1, "paper": "#ffffff"}}, [])
    for highest in (33.3, 22.2, 11.1):
        live.set(kd_nM=2.89, bmax=520, nonspecific_per_nM=16.5, highest_nM=highest)
        live.keep()
        live.keep()  # the same state once more is no second curve
        live.set(kd_nM=3.33)
    (key,) = live.figure.legends
    assert "".join(key.get_texts()[0].get_text().split()) in (
        "Kd2.89nM,Bmax520,Nonspecific16.5,highest33.3nM", "Highesttested:33.3nM",
    )  # fmt: skip
    box, whole = key.get_window_extent(), live.figure.bbox
    assert len(live.kept) == 3
    assert whole.x0 <= box.x0
    assert box.x1 <= whole.x1
    assert whole.y0 <= box.y0
    assert live.figure.axes[0].get_window_extent().height > 0.3 * whole.height


@pytest.mark.parametrize("name", ["lesson02/saturation", "lesson03/clock"])
def test_where_a_curve_is_just_now_changes_no_layout(name, monkeypatch):
    """A figure is laid out with its first picture, wherever its controls have been moved to."""
    stood = []
    for end in (0, -1):
        monkeypatch.setattr(_canvas, "_laid_out", {})
        live = EXPLORERS[name](**{one.name: one.stops[end] for one in EXPLORERS[name].controls})
        live._heard(None, {"screen": {"width": 340, "ratio": 1, "paper": "#ffffff"}}, [])
        live.keep()
        live.forget()
        monkeypatch.setattr(_canvas, "_laid_out", {})
        live._restage()
        stood.append([axes.get_position(original=True).bounds for axes in live.figure.axes])
    assert stood[0] == stood[1]


def test_names_of_drugs_on_the_floor_are_whole_on_a_narrow_page():
    live = EXPLORERS["lesson04/floor"]()
    live._heard(None, {"screen": {"width": 340, "ratio": 1, "paper": "#ffffff"}}, [])
    whole = live.figure.bbox
    named = [artist for artist in live.artists.values() if hasattr(artist, "get_text")]
    assert len(named) == 4
    for words in named:
        box = words.get_window_extent()
        assert whole.x0 <= box.x0 < box.x1 <= whole.x1, words.get_text()


def test_a_picked_name_brings_its_values_unless_they_are_moved_with_it():
    live = EXPLORERS["lesson07/people"]()
    assert live.values["dose_mg"] == 120
    for who, dose in [("escitalopram, no CYP2C19", 20), ("carbamazepine", 80)]:
        live.page.moved = {"serial": 1, "values": {**live.values, "who": who}}
        assert (live.values["who"], live.values["dose_mg"]) == (who, dose)
        live.set(dose_mg=40)
        live.page.moved = {"serial": 2, "values": {**live.values}}
        assert live.values["dose_mg"] == 40
    live.set(who="severely impaired kidneys", dose_mg=60)
    assert live.values["dose_mg"] == 60
    live.set(who="severely impaired kidneys")
    assert live.values["dose_mg"] == 60
    with pytest.raises(ValueError, match="who must be one of a, b, got c"):
        Choice("who", "Who", ("a", "b"), brings={"c": {}})


def test_what_cannot_be_done_is_found_by_oneself_or_shown():
    found, shown = (EXPLORERS["lesson07/two_doors"]() for _ in range(2))
    shown.show("severe-by-split")
    found.set(kidney=0)
    said = [[goal["state"] for goal in live.page.goals] for live in (found, shown)]
    assert said == [["disproved"], ["impossible"]]


def test_the_first_kept_state_is_named_by_all_that_was_set_with_per_cent_and_fold():
    scatter = explore.all_explorers()["lesson04/scatter"]
    live = scatter(scatter_fold=2, shared_percent=80)
    live.keep()
    live.set(true_ratio=5)  # what was moved afterwards has its old value in the name
    (key,) = (key for key in live.figure.legends if "0.55" in key.get_texts()[0].get_text())
    said = " ".join(key.get_texts()[0].get_text().split())
    assert said == "ratio 0.55, scatter 2-fold, shared 80 %"


@pytest.mark.usefixtures("nobody_looks")
@pytest.mark.parametrize(
    "explorer", [one for one in EXPLORERS.values() if one.keep], ids=lambda one: one.name
)
def test_the_key_of_kept_curves_has_units_room_and_the_look_of_its_lines(explorer):
    live = explorer()
    live._heard(None, {"screen": {"width": 340, "ratio": 1, "paper": "#ffffff"}}, [])
    before = {id(line) for axes in live._canvas.figure.axes for line in axes.lines}
    live.keep()
    drawn = [
        line for axes in live._canvas.figure.axes for line in axes.lines if len(line.get_xdata())
    ]
    faint = [line for line in drawn if id(line) not in before and not line.get_animated()]
    (swatch,) = live._canvas.figure.legends[-1].get_lines()
    looks = {(line.get_color(), line.get_linestyle(), line.get_marker()) for line in faint}
    assert (swatch.get_color(), swatch.get_linestyle(), swatch.get_marker()) in looks
    for place in (0, -1):
        live.set(**{one.name: one.stops[place] for one in explorer.controls})
        live.keep()
    box, whole = live.figure.legends[-1].get_window_extent(), live.figure.bbox
    assert whole.x0 <= box.x0 < box.x1 <= whole.x1
    assert whole.y0 <= box.y0
    said = " ".join(words.get_text() for words in live.figure.legends[-1].get_texts())
    moving = [live.controls[name] for state in live.kept for name in state.moved_by]
    for unit in {getattr(one, "unit", "") for one in moving} & {"mg", "nM", "h", "L/h", "points"}:
        assert f" {unit}" in said.replace("\n", " ")


def in_the_key(live):
    return [" ".join(words.get_text().split()) for words in live.figure.legends[-1].get_texts()]


def test_what_moves_no_kept_curve_is_not_in_its_name():
    live = EXPLORERS["lesson12/plan"](difference_points=1, sd_points=10, n_per_arm=210)
    live.keep()
    assert in_the_key(live) == ["difference 1 points, SD 10 points"]
    live.set(n_per_arm=500)
    live.keep()  # the same curve once more
    live.set(sd_points=12)
    live.keep()
    assert in_the_key(live) == ["Scatter (SD) between patients: 10 points", "12 points"]


def test_names_of_one_kind_say_what_they_are_of():
    for explorer in (one for one in EXPLORERS.values() if one.keep):
        choices = [one for one in explorer.controls if isinstance(one, Choice)]
        said = [one.in_key(option) for one in choices for option in one.options]
        assert len(set(said)) == len(said), explorer.name
        numbers = [words for words in said if words[0] in "-0123456789"]
        assert all(words.endswith("mg") for words in numbers), numbers


def test_what_is_kept_shows_around_what_lies_on_the_same_spot():
    live = EXPLORERS["lesson11/who_left"](placebo_leaves="40 %", drug_leaves="10 %")
    live.keep()
    assert in_the_key(live) == ["placebo 40 %, drug 10 %"]
    left, right = live.figure.axes
    for axes in (left, right):
        faint = [line for line in axes.lines if not line.get_animated()]
        rings = [line for line in faint if line.get_markerfacecolor() == "none"]
        assert len(rings) == 4
        assert min(line.get_markersize() for line in rings) > 9


LISTED = 26  # letters that a list beside a narrow picture (212 px) shows whole


@pytest.mark.parametrize(
    ("explorer", "choice"),
    [
        pytest.param(explorer, choice, id=f"{explorer.name} {choice.name}")
        for explorer in EXPLORERS.values()
        for choice in explorer.controls
        if isinstance(choice, Choice)
    ],
)
def test_a_list_shows_every_name_whole(explorer, choice):
    assert max(map(len, choice.options)) <= LISTED, max(choice.options, key=len)


@pytest.mark.usefixtures("nobody_looks")
def test_keys_labels_and_ticks_have_room_beside_the_controls_on_a_narrow_page(explorer):
    live = explorer()
    live._heard(None, {"screen": {"width": 340, "ratio": 1, "paper": "#ffffff"}}, [])
    whole = live.figure.bbox
    for key in live.figure.legends:
        box = key.get_window_extent()
        assert whole.x0 - 1 <= box.x0, "the key is cut off"
        assert box.x1 <= whole.x1 + 1, "the key is cut off"
    below = [axes.xaxis.label.get_window_extent() for axes in live.figure.axes]
    for axes in live.figure.axes:
        inside = axes.get_window_extent()
        if key := axes.get_legend():
            box = key.get_window_extent()
            assert inside.x0 - 2 <= box.x0, "the key covers the axis"
            assert box.x1 <= inside.x1 + 2, "the key covers the axis"
        labels = [label.get_window_extent() for label in axes.get_xticklabels() if label.get_text()]
        near = [one for one in labels if inside.x0 - 5 <= one.x1 <= inside.x1 + 20]
        shown = sorted((one.x0, one.x1) for one in near)
        assert all(one[1] < other[0] for one, other in itertools.pairwise(shown)), "ticks touch"
    for one, other in itertools.combinations(below, 2):
        assert not (one.width and other.width and one.overlaps(other)), "labels run together"


# -- the unknown -------------------------------------------------------------------------------


def test_a_hidden_truth_is_measured_on_a_budget_and_told_after_the_answer_only():
    live = WELLS(seed=3)
    truth = live.hunt.truth["level"]
    shown = live.artists["truth"].get_xdata
    live.answer(10, 9, 11)
    assert "Measure first" in live.page.notice
    live.set(copies=2)
    live.measure()
    live.measure()
    assert live.page.budget == "1 of 5 wells left; measuring now takes 2"
    live.measure()
    assert live.page.notice == "That would take 2 of the wells; 1 are left."
    assert live.artists["wells"].get_ydata() == pytest.approx([truth] * 2, abs=0.5)
    assert len(shown()) == 0
    assert f"{truth:.3g}" not in str(live.page.get_state()["values"]) + live.page.verdict
    for wrong in ((10, None, 11), (10, 11, 9), ("x", 1, 2)):
        live.answer(*wrong)
        assert live.page.notice
        assert live.page.verdict == ""
    assert live.page.notice == "“x” is no number: write the number alone."
    live._heard(None, {"answer": {"value": truth, "low": truth - 1, "high": truth + 1}}, [])
    assert live.page.verdict.endswith(f"the truth was {truth:.3g} nM: your range held it.")
    assert len(shown()) == 2
    assert live.goals == {"held": "reached", "twice": "reached"}
    live.measure()
    assert "You have answered" in live.page.notice
    live.again()
    assert live.hunt.truth["level"] != truth
    assert live.page.budget.startswith("5 of 5 wells left")
    assert live.page.verdict == ""


def test_the_truth_is_the_learners_own_and_the_same_tomorrow():
    assert WELLS(seed=3).hunt.truth == WELLS(seed=3).hunt.truth
    assert WELLS(seed=3).hunt.truth != WELLS(seed=4).hunt.truth
    assert WELLS().hunt.truth == WELLS().hunt.truth


def test_show_me_leaves_the_learners_own_unknown_unspoilt():
    live = WELLS(seed=3)
    own = live.hunt.truth["level"]
    for goal in WELLS.goals:
        live.show(goal.short)
        assert live.goals[goal.short] == "shown"
        assert live.hunt.truth["level"] != own


def test_a_choice_is_answered_with_a_name():
    kind = Choice("kind", "Kind", ("competitor", "out of service"))
    unknown = Unknown(
        lambda rng: {"kind": "competitor"}, lambda truth, rng, kd_nM: 1, kind, 3, "pairs"
    )

    def drawing(artists, kd_nM, measured, truth):
        return f"{len(measured)} pairs."

    live = Explorer("test/kind", "Kind", [KD], stage, drawing, unknown=unknown)(seed=1)
    live.measure()
    live.answer("out of service")
    assert live.page.verdict == "No: it was competitor; you said out of service."
    assert live.page.budget == "2 of 3 pairs left"


def test_explorers_need_no_pyplot_and_no_network():
    code = (
        "import sys\nfrom snrilab import explore\nexplore.all_explorers()['lesson02/noise']()\n"
        "print('matplotlib.pyplot' in sys.modules)"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert answer.stdout.strip() == "False"
    page = OCCUPANCY().page
    assert "http" not in str(page._esm) + str(page._css)


# -- lesson 02 ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def two_assays():
    return lesson02.competition(), lesson02.depletion(receptor_nM=0.001)


@pytest.mark.parametrize(("ligand", "kd"), [(0.1, 10), (1, 2.5), (30, 0.3), (30, 10)])
def test_the_competition_reading_is_cheng_and_prusoffs_when_little_receptor_is_there(
    two_assays, ligand, kd
):
    values = {"radioligand_nM": ligand, "kd_nM": kd, "ki_nM": 20}
    expected = 20 * (1 + ligand / kd)
    ratio, shown = expected / 20, f"{float(f'{expected:.3g}'):,g}"
    few = f"{ratio:.2f}" if ratio < 9.95 else f"{float(f'{ratio:.3g}'):g}"
    for live in two_assays:
        live.set(**values)
        assert f"IC50 is {shown} nM, {few} times" in live.reading


def test_the_competition_reading_owns_up_to_depletion():
    live = lesson02.depletion(radioligand_nM=1, kd_nM=1, ki_nM=5, receptor_nM=1)
    # Exact: 0.381966 of 1 nM is bound, IC50 12.7082 nM, so Cheng-Prusoff says 6.354 nM.
    assert "IC50 is 12.7 nM" in live.reading
    assert "take 38 % of the radioligand" in live.reading
    assert "gives 6.35 nM, 27 % too high" in live.reading


@pytest.mark.parametrize(
    ("ki", "receptor", "drug", "verdict"),
    [
        # From the balance of mass, with 1 nM of a radioligand of Kd 2.5 nM. The last one by hand:
        # half of 0.787 nM stays bound, so 1.62 nM of sites are free and 7.99 of 8.48 nM is taken.
        (0.1, 0.035, "11 %", "Too much: Cheng-Prusoff, which counts all of both as free, gives "),
        (0.1, 0.1, "26 %", "gives 0.138 nM, 38 % too high."),
        (20.0, 0.3, "0.5 %", "Cheng-Prusoff gives 21.1 nM, 6 % too high."),
        (20.0, 0.01, "0.02 %", "Cheng-Prusoff gives 20 nM, less than 1 % wrong."),
        (0.1, 10.0, "94 %", "5,960 % too high."),
    ],
)
def test_the_verdict_on_a_ki_follows_its_error_and_names_the_drug_that_is_taken(
    two_assays, ki, receptor, drug, verdict
):
    depletion = two_assays[1]
    depletion.set(radioligand_nM=1, kd_nM=2.5, ki_nM=ki, receptor_nM=receptor)
    reading = depletion.reading
    depletion.set(receptor_nM=0.001)
    assert f"at the IC50, {drug} of the drug" in reading
    assert verdict in reading
    assert ("Too much" in reading) == (not re.search(r"\b(less|6 %)", verdict))


def test_the_drawn_competition_curve_crosses_half_at_the_marked_ic50():
    live = lesson02.depletion()
    for receptor in (0.001, 0.1, 10):
        live.set(receptor_nM=receptor)
        conc, percent = live.artists["curve"].get_data()
        ic50 = live.artists["IC50"].get_xdata()[0]
        assert np.interp(np.log(ic50), np.log(conc), percent) == pytest.approx(50, abs=0.05)


def test_saturation_shows_no_more_than_was_tested_and_says_what_the_top_holds():
    live = lesson02.saturation()
    for highest in (1, 4, 12, 36):
        live.set(kd_nM=4, bmax=400, nonspecific_per_nM=15, highest_nM=highest)
        lines = [artist for artist in live.artists.values() if hasattr(artist, "get_xdata")]
        assert max(np.max(line.get_xdata(), initial=0) for line in lines) <= highest
    live.set(highest_nM=12)
    # At 12 nM three quarters of 400 are taken, beside 180 nonspecific.
    assert "At the top 38 % of the total is nonspecific" in live.reading
    assert "3.0 times Kd, which fills 75 % of the sites: still climbing" in live.reading
    live.set(highest_nM=36)
    assert "the plateau is in sight" in live.reading


def test_saturation_is_drawn_where_the_scatter_makes_the_nonspecific_slope_negative():
    live = lesson02.saturation()
    for bmax in (500, 600):
        live.set(kd_nM=0.2, bmax=bmax, nonspecific_per_nM=0.5, highest_nM=3.89)
        assert not live.errors
        assert live.artists["nonspecific"].get_ydata() == pytest.approx(0)


def test_a_small_share_is_told_as_it_is():
    live = lesson02.saturation()
    live.set(kd_nM=2.5, bmax=500, nonspecific_per_nM=0.5, highest_nM=0.2)
    share = 100 * 0.1 / (0.1 + 500 * 0.2 / 2.7)
    assert f"At the top {share:.1f} % of the total is nonspecific" in live.reading


def test_what_is_told_in_per_cent_was_not_rounded_before():
    """A share rounded to two digits first would be told as “less than 0.01 %” below 0.5 %."""
    for path in sorted((ROOT / "snrilab" / "explore").glob("lesson*.py")):
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(function, ast.FunctionDef):
                continue
            coarse = {
                ast.unparse(one.targets[0])
                for one in ast.walk(function)
                if isinstance(one, ast.Assign) and is_coarse(one.value)
            }
            for call in ast.walk(function):
                if isinstance(call, ast.Call) and ast.unparse(call.func) == "percent":
                    told = call.args[0]
                    assert not is_coarse(told), f"{path.name}: {ast.unparse(call)}"
                    assert ast.unparse(told) not in coarse, f"{path.name}: {ast.unparse(call)}"


def is_coarse(value):
    """Say whether an expression is a call of round with fewer than five digits."""
    if not (isinstance(value, ast.Call) and ast.unparse(value.func).endswith("round")):
        return False
    return len(value.args) < 2 or getattr(value.args[1], "value", 0) < 5


def test_the_share_of_sites_is_rounded_and_never_across_the_plateau():
    (highest,) = [one for one in lesson02.saturation.controls if one.name == "highest_nM"]
    live = lesson02.saturation()
    for highest_nM in (*highest.grid, 22.4, 22.5):
        live.set(highest_nM=highest_nM)
        (told,) = re.findall(r"fills ([\d.]+) % of the sites", live.reading)
        true = 100 * highest_nM / (highest_nM + 2.5)
        assert abs(float(told) - true) <= 0.5 + 1e-9
        assert ("the plateau is in sight" in live.reading) == (float(told) >= 90)
    live.set(highest_nM=5)
    assert "fills 67 % of the sites" in live.reading


def test_the_saturation_interval_holds_the_truth_and_widens_as_less_is_tested():
    widths = []
    live = lesson02.saturation()
    for highest in (25, 6, 2.5, 1, 0.25):
        live.set(highest_nM=highest)
        told = re.search(r"fmol/mg \(95 % interval ([\d.]+) to ([\d.]+)\)", live.reading)
        low, high = map(float, told.groups())
        assert low < 500 < high
        widths.append(high / low)
    assert widths == sorted(widths)
    assert widths[-1] > 3, "at a tenth of the Kd the Bmax is worth little"


def test_the_noise_reading_holds_for_its_own_assays():
    live = lesson02.noise(counts=2000, replicates=3)
    found = live.artists["estimates"].get_ydata()
    low, high = np.quantile(found, [0.025, 0.975])
    assert f"range from {low:.3g} to {high:.3g} nM" in live.reading
    assert low < 20 < high
    assert np.median(found) == pytest.approx(20, rel=0.03)


def spread(live):
    found = np.log(live.artists["estimates"].get_ydata())
    return np.subtract(*np.quantile(found, [0.84, 0.16])) / 2


def test_four_times_the_replicates_or_the_counts_halve_the_spread():
    live = lesson02.noise(counts=30000, pipetting_percent=6, replicates=1)
    one = spread(live)
    live.set(replicates=4)
    assert one / spread(live) == pytest.approx(2, rel=0.15)
    live.set(counts=2000, pipetting_percent=0)
    few = spread(live)
    live.set(counts=8000)
    assert few / spread(live) == pytest.approx(2, rel=0.15)


def test_the_fit_of_all_assays_is_the_fit_of_each():
    from snrilab import binding

    live = lesson02.noise()
    for shown in (1, 7, 23):
        live.set(shown=shown)
        conc, percent = live.artists["wells"].get_data()
        conc = np.where(conc < 0.1, 0.0, conc)
        fit = binding.fit_competition(conc, percent * 20, radioligand_nM=1.0, kd_nM=2.5)
        assert f"shown gives {fit['ki_nM'].value:.3g} nM" in live.reading
