"""The concept inventory in JupyterLab: by keyboard alone, and each item comes unanswered."""

from __future__ import annotations

import nbformat
import pytest

from snrilab.exercises import inventory_items
from tests.browser.conftest import notebook_of
from tests.browser.lab import SCREEN, cell_errors, open_notebook, run_all
from tests.browser.test_explorers import violations

pytestmark = pytest.mark.browser

BEGUN = """
import os, tempfile
os.environ["SNRILAB_PROGRESS"] = tempfile.mkdtemp() + "/progress.json"
from snrilab import feedback
from snrilab.exercises import inventory_items
from snrilab.feedback._memory import record
for item in inventory_items("B")[:18]:
    record("inventory", item.name, {"idea": "", "sure": "certain"})
"""
CELLS = [BEGUN, "feedback.inventory('B')"]


@pytest.fixture(scope="module")
def opened(tab, lab):
    nbformat.write(notebook_of(CELLS), lab.folder / "inventory.ipynb")
    page = tab
    page.set_viewport_size(SCREEN)
    open_notebook(page, lab, "inventory.ipynb")
    run_all(page)
    assert cell_errors(page) == []
    page.locator(".snrilab-question input[type=radio][name]").nth(6).wait_for(timeout=30_000)
    return page


def answer_by_keyboard(page, first):
    """Choose with the arrow keys, say how sure, and press the button."""
    if first:
        page.locator(".snrilab-question").first.get_by_role("radio").first.focus()
    else:  # the focus is on the button: two groups back
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("Shift+Tab")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.wait_for_timeout(900)  # longer than what counts as a double click
    page.keyboard.press("Enter")


def test_two_items_by_keyboard_and_then_the_reasons(opened):
    items = inventory_items("B")
    question = opened.locator(".snrilab-question").first
    assert violations(opened, ".snrilab-question") == []
    answer_by_keyboard(opened, first=True)
    status = question.locator(".snrilab-status")
    opened.wait_for_function("() => document.querySelector('.snrilab-status').textContent"
                             ".startsWith('Kept. Item 20 of 20.')")  # fmt: skip
    assert items[19].stem in status.text_content()
    group = question.get_by_role("radiogroup").first
    assert items[19].stem in group.get_attribute("aria-label")
    assert not any(radio.is_checked() for radio in question.get_by_role("radio").all())
    assert opened.evaluate("() => document.activeElement.textContent").strip() == "Keep my answer"
    answer_by_keyboard(opened, first=False)
    opened.wait_for_function("() => document.querySelector('.snrilab-status').textContent"
                             ".startsWith('Done: ')")  # fmt: skip
    opened.locator("details li").nth(19).wait_for(state="attached", timeout=10_000)
    assert opened.locator("details li").count() == 20
    assert not opened.get_by_role("checkbox", name="I agree").is_checked()
    assert violations(opened, ".snrilab-question") == []
