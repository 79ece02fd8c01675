"""Explorers in JupyterLab: moved by keyboard, followed by picture and reading, read by machines."""

from __future__ import annotations

import re

import nbformat
import pytest

from snrilab import explore
from tests.browser.lab import SCREEN, cell_errors, open_notebook, run_all
from tests.conftest import ROOT

pytestmark = pytest.mark.browser

NAMES = list(explore.all_explorers())
# Lessons that show an explorer must show it alive.
CALL = re.compile(rf"explore\.({'|'.join(NAMES)})\(")
LESSONS = {
    path.name: CALL.findall(
        "\n".join(
            cell.source
            for cell in nbformat.read(path, as_version=4).cells
            if cell.cell_type == "code"
        )
    )
    for path in sorted((ROOT / "course").glob("*.ipynb"))
}


def explorers_on(page):
    page.locator(".snrilab-explorer img").first.wait_for(timeout=30_000)
    return page.locator(".snrilab-explorer")


def press_and_wait(page, explorer, key):
    """Press a key and return picture address and reading once both have changed."""
    image, reading = explorer.locator("img"), explorer.locator("[role=status]")
    before, said = image.get_attribute("src"), reading.inner_text()
    page.keyboard.press(key)
    page.wait_for_function(
        "([image, before]) => image.src !== before",
        arg=[image.element_handle(), before],
        timeout=10_000,
    )
    page.wait_for_function(
        "([reading, said]) => reading.innerText !== said",
        arg=[reading.element_handle(), said],
        timeout=10_000,
    )
    return image.get_attribute("src"), reading.inner_text()


def assert_alive(page, explorer):
    """The first slider, moved by the keyboard, changes picture, reading and spoken value."""
    handle = explorer.get_by_role("slider").first
    box = explorer.get_by_role("spinbutton").first
    spoken, typed = handle.get_attribute("aria-valuetext"), box.input_value()
    handle.focus()
    _, reading = press_and_wait(page, explorer, "ArrowRight")
    assert handle.get_attribute("aria-valuetext") != spoken
    assert box.input_value() != typed
    assert explorer.locator("img").get_attribute("alt").endswith(reading)
    assert handle.evaluate("element => element === document.activeElement"), "the focus was lost"


def violations(page, selector):
    from axe_playwright_python.sync_playwright import Axe

    return Axe().run(page, context=selector).response["violations"]


@pytest.fixture(scope="module")
def opened(browser, lab):
    context = browser.new_context(viewport=SCREEN)
    page = context.new_page()
    open_notebook(page, lab, "explorers.ipynb")
    run_all(page)
    assert cell_errors(page) == []
    yield page
    context.close()


def test_every_explorer_follows_the_keyboard(opened):
    found = explorers_on(opened)
    assert found.count() == len(NAMES)
    for index in range(len(NAMES)):
        assert_alive(opened, found.nth(index))


def test_exact_values_can_be_typed_and_reset_brings_the_start_back(opened):
    explorer = explorers_on(opened).first
    reading, box = explorer.locator("[role=status]"), explorer.get_by_role("spinbutton").first
    control = next(iter(explore.all_explorers()[NAMES[0]]().controls.values()))
    start, said = f"{control.default:g}", explore.all_explorers()[NAMES[0]]().reading
    box.fill("1.234")
    box.press("Enter")
    handle = explorer.get_by_role("slider").first
    opened.wait_for_function(
        "([handle, text]) => handle.ariaValueText === text",
        arg=[handle.element_handle(), control.text(1.234)],
    )
    assert box.input_value() == "1.234", "the slider rounded what was typed"
    assert reading.inner_text() != said
    explorer.get_by_role("button", name="Reset").press("Enter")
    opened.wait_for_function(
        "([reading, said]) => reading.innerText === said", arg=[reading.element_handle(), said]
    )
    assert box.input_value() == start


def test_an_arrow_key_moves_the_slider_and_not_the_notebook(opened):
    explorer = explorers_on(opened).first
    cell = "() => window.jupyterapp.shell.currentWidget.content.activeCellIndex"
    explorer.get_by_role("slider").first.focus()
    active = opened.evaluate(cell)
    press_and_wait(opened, explorer, "ArrowUp")
    press_and_wait(opened, explorer, "ArrowDown")
    assert opened.evaluate(cell) == active


def test_axe_finds_nothing_to_object_to(opened):
    explorers_on(opened)
    assert violations(opened, ".snrilab-explorer") == []
    opened.get_by_alt_text('A straight line "from" 0 to 1.').wait_for()
    assert violations(opened, ".jp-OutputArea-output img") == []


def test_axe_would_notice_an_explorer_without_names(opened):
    explorers_on(opened)
    image = opened.locator(".snrilab-explorer img").first
    sentence = image.get_attribute("alt")
    image.evaluate("image => image.removeAttribute('alt')")
    assert "image-alt" in {rule["id"] for rule in violations(opened, ".snrilab-explorer")}
    image.evaluate("(image, sentence) => image.setAttribute('alt', sentence)", sentence)


def test_controls_and_picture_are_on_screen_together(opened):
    found = explorers_on(opened)
    for index in range(len(NAMES)):
        explorer = found.nth(index)
        explorer.scroll_into_view_if_needed()
        whole = explorer.bounding_box()
        assert whole["height"] < SCREEN["height"] - 200, "more than one screen of a laptop"
        image = explorer.locator("img").bounding_box()
        controls = explorer.locator(".snrilab-controls").bounding_box()
        assert controls["x"] + controls["width"] <= image["x"], "the picture wrapped below"
        assert abs(image["width"] / image["height"] - 5.7 / 3.9) < 0.02, "the picture is distorted"
        assert not explorer.get_by_text("controls are asleep").is_visible()
        for label in explorer.locator(".snrilab-name").all():
            assert label.evaluate("e => e.scrollWidth <= e.clientWidth + 1"), label.inner_text()


def test_a_broken_drawing_says_so_on_the_page_and_recovers(page, lab):
    open_notebook(page, lab, "broken.ipynb")
    run_all(page)
    explorer = explorers_on(page).first
    said = explorer.locator("[role=status]")
    explorer.get_by_role("slider").focus()
    page.keyboard.press("ArrowRight")
    said.filter(has_text="ZeroDivisionError").wait_for(timeout=10_000)
    assert "could not be drawn" in said.inner_text()
    page.keyboard.press("ArrowRight")
    said.filter(has_text="One part of it is 1.").wait_for(timeout=10_000)


def test_a_notebook_opened_again_shows_the_last_picture_and_how_to_wake_it(browser, lab):
    def opened_anew():
        context = browser.new_context(viewport=SCREEN)
        return context, context.new_page()

    context, page = opened_anew()
    open_notebook(page, lab, "again.ipynb")
    run_all(page)
    reading = explorers_on(page).first.locator("[role=status]").inner_text()
    assert not page.get_by_text("controls are asleep").is_visible()
    page.evaluate("() => window.jupyterapp.commands.execute('docmanager:save')")
    page.wait_for_function("() => !window.jupyterapp.shell.currentWidget.context.model.dirty")
    page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.shutdown()")
    context.close()

    context, page = opened_anew()
    open_notebook(page, lab, "again.ipynb")
    explorer = explorers_on(page).first
    assert explorer.locator("[role=status]").inner_text() == reading
    page.get_by_text("The controls are asleep: run all cells").wait_for(timeout=15_000)
    assert page.get_by_text("Error displaying widget").count() == 0
    context.close()


@pytest.mark.parametrize("name", [name for name, calls in LESSONS.items() if calls])
def test_a_lesson_shows_its_explorers_alive(page, lab, name):
    open_notebook(page, lab, f"course/{name}")
    run_all(page)
    assert cell_errors(page) == []
    found = explorers_on(page)
    assert found.count() == len(LESSONS[name])
    for index in range(found.count()):
        assert_alive(page, found.nth(index))
    assert violations(page, ".snrilab-explorer") == []
