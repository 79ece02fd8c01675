"""Every lesson runs from top to bottom, is built like the others, and can be read by everybody."""

from __future__ import annotations

import contextlib
import functools
import io
import re
import tempfile
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from snrilab.exercises import Exercise, Prediction, lessons
from tests import notebooks
from tools.lessons import Page

every_notebook = pytest.mark.parametrize(
    "path", [*notebooks.COURSE, *notebooks.SOURCE], ids=notebooks.name
)
every_course_page = pytest.mark.parametrize("path", notebooks.COURSE, ids=notebooks.name)
PAGES = [Page(module) for module in lessons()]
every_lesson = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.module)


@every_course_page
def test_runs_from_top_to_bottom_without_hidden_errors(path):
    result = notebooks.untouched(path)
    assert not result.errors
    assert not result.hidden


@every_course_page
def test_runs_in_a_real_kernel_and_says_nothing_on_red_ground(path):
    said = notebooks.answered(path)
    assert not [text for text in said.values() if "RED " in text]


@every_course_page
def test_runs_in_less_than_half_a_minute_of_processor_time(path):
    assert notebooks.untouched(path).seconds < 30
    assert float(notebooks.answered(path)["seconds"]) < 30


@every_lesson
def test_unwritten_is_no_mistake_and_a_given_line_is_diagnosed(page):
    said = notebooks.untouched(page.path)
    for cell in page.cells:
        if cell.kind == "check":
            words = said.said(cell.name)
            mended = "return ..." not in next(
                c.source for c in page.cells if c.kind == "stub" and c.about == cell.about
            )
            assert ("Not yet:" if mended else "Not yet written:") in words, cell.name
    assert f"{page.module}: 0 of {len(page.things)} done" in said.said("progress")


@every_lesson
def test_worked_answers_are_right_and_are_what_later_cells_use(page):
    said = notebooks.answered(page.path)
    exercises = page.of(Exercise)
    assert f"{page.module}: {len(exercises)} of {len(page.things)} done" in said["progress"]
    for cell in page.cells:
        if cell.kind == "check":
            assert "Right so far" in said[cell.name], said[cell.name]
        if cell.kind == "given":  # a function of an earlier lesson may be lent
            for exercise in exercises:
                lent = f"{exercise.function_name}, lent by the course"
                assert lent not in said[cell.name], cell.name


WAYS = [
    pytest.param(page, exercise, way, id=f"{exercise.name}-{place}")
    for page in PAGES
    for exercise in page.of(Exercise)
    for place, way in enumerate(exercise.also_right)
]


def only_floats(function):
    """Let a function take no array of whole numbers: NumPy has no negative powers of them."""

    @functools.wraps(function)
    def checked(*arguments, **named):
        for value in (*arguments, *named.values()):
            assert getattr(value, "dtype", np.dtype(float)).kind not in "iu", (
                f"whole numbers {value!r}: 1 / x works, x**-1 does not"
            )
        return function(*arguments, **named)

    return checked


def run_with(page, ways):
    """Run what a lesson gives, with functions written in these ways; return what went wrong."""
    names = {"__name__": "lesson"}
    for cell in page.cells:
        if cell.kind == "given":
            exec(compile(cell.source, cell.name, "exec"), names)
        elif cell.kind == "stub":
            exercise = page.things[cell.about]
            way = ways.get(exercise.name)
            source = exercise.code(way) if way else exercise.code()
            exec(compile(source, cell.name, "exec"), names)
            names[exercise.function_name] = only_floats(names[exercise.function_name])


def printed_with(page, ways):
    """Return what a lesson's given cells print with functions written in these ways."""
    with (
        tempfile.TemporaryDirectory() as folder,
        pytest.MonkeyPatch.context() as patch,
        contextlib.redirect_stdout(io.StringIO()) as said,
    ):
        patch.setenv("SNRILAB_PROGRESS", str(Path(folder) / "progress.json"))
        run_with(page, ways)
    return said.getvalue()


@functools.cache
def printed_with_all(page, place):
    """Return what they print with the way at this place of each function at once; "" if one fails.

    A lesson's cells take a second, and what runs with all of them runs with each.
    """
    ways = {each.name: each.also_right[place:][:1] for each in page.of(Exercise)}
    try:
        return printed_with(page, {name: way[0] for name, way in ways.items() if way})
    except Exception:  # noqa: BLE001 -- then each is run alone, and says what went wrong
        return ""


@pytest.mark.parametrize(("page", "exercise", "way"), WAYS)
def test_the_cells_that_use_a_function_run_with_every_right_way_to_write_it(page, exercise, way):
    said = printed_with_all(page, exercise.also_right.index(way))
    said = said or printed_with(page, {exercise.name: way})
    assert f"{exercise.function_name} as you wrote it above." in said


def test_a_function_that_cannot_take_whole_numbers_is_found_out():
    with pytest.raises(AssertionError, match="whole numbers"):
        only_floats(lambda fold: 1 - fold**-1)(np.array([2, 3]))


@functools.cache
def earlier_pages(page):
    """Return all that the start page and the lessons before say, folds and outputs included."""
    before = [path for path in notebooks.COURSE if path.name < page.path.name]
    outputs = [notebooks.untouched(path) for path in before]
    entry = re.compile(r"^- \*\*.*?\*\*", re.MULTILINE)  # a name in the glossary claims nothing
    return [entry.sub("", notebooks.markdown(path)) for path in before] + [
        run.said(cell) for run in outputs for cell in run.outputs
    ]


def declared_words(thing):
    parts = [getattr(thing, part, "") for part in ("text", "because", "hint", "means")]
    return [*parts, *(option.text + option.why for option in getattr(thing, "options", ()))]


def told_before(page, prediction):
    """Return everything that a learner can have read before the prediction is asked."""
    texts = list(earlier_pages(page))
    for other in PAGES:
        if other.module < page.module:
            texts += [word for thing in other.things.values() for word in declared_words(thing)]
    result = notebooks.untouched(page.path)
    for cell in page.cells:
        if cell.about == prediction.name:
            return " ".join(" ".join(texts).split())
        names = page.goals_of(cell) if cell.kind == "explore" else [cell.about]
        texts += [
            word for n in names if n in page.things for word in declared_words(page.things[n])
        ]
        texts.append(cell.source if cell.kind == "text" else result.said(cell.name))
    raise AssertionError(f"{prediction.name} is asked nowhere")


WORDS = {2: "two", 3: "three", 4: "four", 5: "five", 6: "six", 7: "seven", 8: "eight", 9: "nine",
         10: "ten", 20: "twenty"}  # fmt: skip
SAME = {"times": r"times|fold", "times Kd": r"(?:times )?Kd"}  # ways to say a unit


def ways_to_say(prediction):
    """Return patterns of the answer: the choice; or the number, rounded or in words, and unit."""
    if prediction.kind == "choice":
        return [re.escape(str(prediction.answer))]
    if prediction.kind == "curve" or prediction.answer is None:
        return []  # several numbers, or a learner's own: nothing that one sentence tells
    told = []
    answers = prediction.answer if isinstance(prediction.answer, tuple) else (prediction.answer,)
    for answer in answers:
        numbers = {f"{float(f'{answer:.{digits}g}'):g}" for digits in (2, 3, 4)}
        numbers |= {WORDS[answer]} if answer in WORDS else set()
        unit = SAME.get(prediction.unit, re.escape(prediction.unit))
        told += [rf"(?<![\w.,]){re.escape(number)}[ -]*(?:{unit})" for number in numbers]
    return told


def first_said(pattern, text):
    """Return the first place where a text says it, after the words before; empty where none is."""
    found = re.search(pattern, text, re.IGNORECASE)
    return found and text[max(found.start() - 60, 0) : found.end()]


@pytest.mark.parametrize(
    ("page", "prediction"),
    [pytest.param(page, one, id=one.name) for page in PAGES for one in page.of(Prediction)],
)
def test_no_page_tells_what_a_prediction_asks(page, prediction):
    before = told_before(page, prediction)
    for pattern in ways_to_say(prediction):
        found = first_said(pattern, f"{before} {prediction.text}")
        assert not found, f"told before it is asked: {found}"
    if prediction.kind == "choice":
        assert prediction.answer in prediction.choices


def in_sight(page, prediction):
    """Return what stands below a prediction up to the next code to write: a reader may scroll.

    What an explorer or a goal says only when something has been reached is not there yet.
    """
    (place,) = [n for n, cell in enumerate(page.cells) if cell.about == prediction.name]
    texts = []
    for cell in page.cells[place + 1 :]:
        if cell.kind in ("check", "question"):
            break
        if cell.kind in ("text", "stub", "given"):
            texts.append(cell.source)
        if cell.kind == "explore":
            texts += [page.things[name].text for name in page.goals_of(cell)]
    return " ".join(" ".join(texts).split())


@pytest.mark.parametrize(
    ("page", "prediction"),
    [pytest.param(page, one, id=one.name) for page in PAGES for one in page.of(Prediction)],
)
def test_what_stands_below_a_prediction_does_not_answer_it(page, prediction):
    below = in_sight(page, prediction)
    assert below, "nothing follows"
    for pattern in ways_to_say(prediction):
        found = first_said(pattern, below)
        assert not found, f"told below it: {found}"
    waits = prediction.setting
    assert not any(re.search(pattern, waits) for pattern in ways_to_say(prediction)), waits


@pytest.mark.parametrize(
    "prediction",
    [pytest.param(one, id=one.name) for page in PAGES for one in page.of(Prediction)],
)
def test_a_number_that_is_told_says_for_which_setting_it_holds_or_who_measured_it(prediction):
    if prediction.kind == "number" and prediction.seen is not None:
        assert prediction.setting or prediction.measured
    if prediction.measured:
        assert re.search(r"[A-Z]\w+ \d{4}", prediction.measured), "no source"


def test_an_answer_that_is_told_would_be_found():
    kept = Prediction("x/y", "How many?", answer=9.17, unit="times")
    for text in ("It is 9.2 times larger.", "a 9.17-fold rise"):
        assert any(first_said(pattern, text) for pattern in ways_to_say(kept)), text
    assert not any(re.search(pattern, "19.2 times, 9.2 nM") for pattern in ways_to_say(kept))


@every_notebook
def test_headings_start_with_one_title_and_skip_no_level(path):
    levels = [level for level, _ in notebooks.headings(path)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    jumps = [(a, b) for a, b in pairwise(levels) if b > a + 1]
    assert not jumps


@every_notebook
def test_links_lead_somewhere(path):
    for target in re.findall(r"\]\(([^)\s]+)\)", notebooks.markdown(path)):
        if target.startswith("#"):
            continue
        if "://" in target:
            assert target.startswith("https://"), target
            continue
        file, _, heading = target.partition("#")
        assert (path.parent / file).exists(), f"{target} is not there"
        if path in notebooks.COURSE:  # whoever serves the lessons alone has no other folder
            assert not target.startswith("../"), f"{target} is dead where course/ is the root"
        if heading:  # Jupyter's anchor: the words of a heading, joined by hyphens
            there = notebooks.headings(path.parent / file)
            assert heading in {words.replace(" ", "-") for _, words in there}, target


@every_notebook
def test_pictures_have_alternative_text(path):
    text = notebooks.markdown(path)
    assert not re.findall(r"!\[\s*\]\(", text)
    for tag in re.findall(r"<img\b[^>]*>", text):
        assert re.search(r'alt="[^"]+"', tag), tag


@every_course_page
def test_figures_a_lesson_draws_carry_alternative_text(path):
    result = notebooks.untouched(path)
    for cell, outputs in result.outputs.items():
        for data in outputs:
            html = data.get("text/html", "")
            for tag in re.findall(r"<img\b[^>]*>", html):
                assert re.search(r'alt="[^"]{20,}"', tag), f"{cell}: a figure without a sentence"
            bare = "<img" not in html and "application/vnd.jupyter.widget-view+json" not in data
            assert not ("image/png" in data and bare), f"{cell}: a picture that nobody can hear"


@every_notebook
def test_folded_parts_have_the_blank_line_that_markdown_needs(path):
    text = notebooks.markdown(path)
    assert text.count("<details") == text.count("</details>")
    for after in re.findall(r"</summary>\n(.*)", text):
        assert after.strip() == "", "Markdown right after </summary> is shown as plain text"


@every_course_page
def test_no_cell_needs_scrolling(path):
    for cell in notebooks.read(path).cells:
        lines = len(cell.source.splitlines())
        assert lines <= 45, f"{cell.id} has {lines} lines"


@every_course_page
def test_no_word_belittles_the_reader(path):
    text = notebooks.markdown(path).lower()
    found = re.findall(r"\b(simply|obviously|of course|trivially|clearly|just)\b", text)
    assert not found
