"""Questions in JupyterLab: answered by keyboard, and nothing that was typed is lost."""

from __future__ import annotations

import itertools
import re

import nbformat
import pytest

from tests.browser.conftest import notebook_of
from tests.browser.lab import SCREEN, cell_errors, open_notebook, run_all
from tests.browser.test_explorers import violations

pytestmark = pytest.mark.browser

CELLS = [
    "import os, tempfile\nos.environ['SNRILAB_PROGRESS'] = tempfile.mkdtemp() + '/progress.json'",
    "from snrilab import feedback\nfeedback.question('lesson02/looks_weaker')",
    "feedback.question('lesson02/which_tighter')",
    "feedback.predict('lesson02/two_labs')",
    "from snrilab.feedback._memory import load",
    "def conc_for_share(share, kd):\n    return kd * share / (1 - share)",
    "feedback.check('lesson02/conc_for_share', conc_for_share)",
]

# Options of one line, of two, of a word that no line holds.
LONG = """
from snrilab import feedback
from snrilab.exercises import Prediction, Question

words = "an option that takes more than one line of the page, "
options = [f"{n}: " + words * n for n in (1, 2, 3)]
options += ["4: " + "word" * 60]
feedback.question(Question(
    name="lesson00/long", text="Which?", right=(options[0], "It is."),
    wrong={option: ("ki-is-ic50", "No.") for option in options[1:]},
))
"""
PREDICTED = """
feedback.predict(Prediction(
    name="lesson00/long_too", text="Which?", choices=tuple(options), answer=options[0],
    because="It is.",
))
"""


@pytest.fixture(scope="module")
def opened(tab, lab):
    nbformat.write(notebook_of(CELLS), lab.folder / "questions.ipynb")
    page = tab
    page.set_viewport_size(SCREEN)
    open_notebook(page, lab, "questions.ipynb")
    run_all(page)
    assert cell_errors(page) == []
    page.locator(".snrilab-question input[type=radio][name]").nth(7).wait_for(timeout=30_000)
    return page


def active_cell(page):
    return page.evaluate("() => window.jupyterapp.shell.currentWidget.content.activeCellIndex")


def is_focused(radio):
    return radio.evaluate("radio => radio === document.activeElement")


def test_arrow_keys_change_the_answer_and_stay_in_the_question(opened):
    radios = opened.locator(".snrilab-question").first.get_by_role("radio")
    radios.first.click()
    cell = active_cell(opened)
    for key, place in (("ArrowDown", 1), ("ArrowDown", 2), ("ArrowUp", 1), ("ArrowRight", 2)):
        opened.keyboard.press(key)
        assert radios.nth(place).is_checked()
        assert is_focused(radios.nth(place)), "the focus was lost"
        assert active_cell(opened) == cell, "JupyterLab went to another cell"
    assert sum(radio.is_checked() for radio in radios.all()) == 1


def test_a_question_is_answered_by_keyboard_with_two_tab_stops_before_the_button(opened):
    question = opened.locator(".snrilab-question").first
    radios = question.get_by_role("radio")
    radios.first.click()
    opened.keyboard.press("ArrowDown")
    opened.keyboard.press("ArrowDown")
    opened.keyboard.press("Tab")  # how sure
    opened.keyboard.press("Space")
    assert radios.nth(4).is_checked()
    opened.keyboard.press("Tab")
    assert question.get_by_role("button").evaluate("button => button === document.activeElement")
    opened.keyboard.press("Enter")
    said = question.get_by_role("status").filter(has_text=re.compile("✓ Yes|✗ No"))
    said.wait_for(timeout=10_000)
    assert radios.nth(2).is_checked()


def test_two_questions_do_not_share_their_answers(opened):
    one, other = (opened.locator(".snrilab-question").nth(i).get_by_role("radio") for i in (0, 1))
    one.nth(1).click()
    other.nth(2).click()
    assert one.nth(1).is_checked()
    assert other.nth(2).is_checked()
    assert one.first.get_attribute("name") != other.first.get_attribute("name")


def test_the_last_digit_of_a_fast_prediction_is_kept(opened):
    question = opened.locator(".snrilab-question").nth(2)
    said = question.get_by_role("status")
    question.get_by_role("textbox").first.click()
    for text in ("8.2", "2", "20.5"):
        opened.keyboard.type(text)  # without a pause
        opened.keyboard.press("Tab")
    opened.keyboard.press("Enter")
    said.filter(has_text="Kept").wait_for(timeout=10_000)
    kept = opened.evaluate(
        """async () => {
            const kernel = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel;
            const asked = kernel.requestExecute({
                code: "", user_expressions: { kept: "load()['predictions']" },
            });
            const reply = await asked.done;
            return reply.content.user_expressions.kept.data["text/plain"];
        }"""
    )
    assert "20.5" in kept


def test_a_check_speaks_and_sees_that_the_cell_above_was_edited(opened):
    verdicts = opened.locator(".snrilab-feedback[role=status]")
    verdicts.first.filter(has_text="Right so far").wait_for(timeout=10_000)
    opened.evaluate(
        """async () => {
            const notebook = window.jupyterapp.shell.currentWidget.content;
            const cells = notebook.widgets;
            const at = cells.findIndex((c) => c.model.sharedModel.source.startsWith("def "));
            cells[at].model.sharedModel.source += "  # edited";
            notebook.activeCellIndex = at + 1;
            await window.jupyterapp.commands.execute("notebook:run-cell");
        }"""
    )
    verdicts.first.filter(has_text="edited after it ran").wait_for(timeout=10_000)


def test_axe_finds_nothing_to_object_to_in_questions(opened):
    assert violations(opened, ".snrilab-question") == []


@pytest.fixture(scope="module")
def opened_long(tab, lab):
    nbformat.write(notebook_of([CELLS[0], LONG, PREDICTED]), lab.folder / "long.ipynb")
    page = tab
    page.set_viewport_size({"width": 1366, "height": 768})
    open_notebook(page, lab, "long.ipynb")
    run_all(page)
    assert cell_errors(page) == []
    page.locator(".snrilab-question input[type=radio][name]").nth(10).wait_for(timeout=30_000)
    return page


LAID_OUT = """options => {
    const at = (element) => {
        const { x, y, width, height } = element.getBoundingClientRect();
        return { x, y, width, height };
    };
    return [...options.querySelectorAll("label")].map((label) => ({
        ...at(label),
        circle: at(label.querySelector("input[type=radio]")),
        whole: label.scrollHeight <= label.clientHeight + 1
            && label.scrollWidth <= label.clientWidth + 1,
    }));
}"""
CHECKED = """options => [...options.querySelectorAll("input[type=radio]")]
    .flatMap((radio, place) => radio.checked ? [place] : [])"""


@pytest.mark.parametrize("width", [1366, 1000, 600])
@pytest.mark.parametrize("place", [0, 1], ids=["question", "prediction"])
def test_options_of_several_lines_stand_below_each_other_and_are_clicked_where_they_are(
    opened_long, width, place
):
    page = opened_long
    page.set_viewport_size({"width": width, "height": 768})
    options = page.locator(".snrilab-question").nth(place).locator(".widget-radio-box").first
    options.scroll_into_view_if_needed()
    options = options.element_handle()
    labels = options.evaluate(LAID_OUT)
    assert len(labels) == 4
    for above, below in itertools.pairwise(labels):
        assert above["y"] + above["height"] <= below["y"] + 0.5
    assert all(label["whole"] for label in labels), "text sticks out of its own label"
    assert max(label["height"] for label in labels) > 35, "no option needs a second line"
    middles = []
    for label in labels:
        circle = label["circle"]
        assert circle["y"] < label["y"] + 20, "the circle stands beside the first line"
        assert circle["x"] < label["x"] + 5, "the circle stands before the words"
        middles.append((circle["x"] + circle["width"] / 2, circle["y"] + circle["height"] / 2))
    for number, label in enumerate(labels):
        other = 0 if number == 3 else 3
        last_line = label["x"] + 40, label["y"] + label["height"] - 8
        for at in (last_line, middles[number]):
            page.mouse.click(*middles[other])
            assert options.evaluate(CHECKED) == [other]
            page.mouse.click(*at)
            assert options.evaluate(CHECKED) == [number]
