"""The settings that travel with the package do in JupyterLab what they are for."""

from __future__ import annotations

import json
import urllib.request

import pytest

from tests.browser.lab import SCREEN, open_notebook

pytestmark = pytest.mark.browser


def api(lab, path):
    with urllib.request.urlopen(f"{lab.address}{path}?token={lab.token}", timeout=10) as answer:
        return json.load(answer)


@pytest.fixture(scope="module")
def notebook(tab, lab):
    """A notebook that is open, for all that is only looked at; the last test closes it."""
    tab.set_viewport_size(SCREEN)
    open_notebook(tab, lab, "again.ipynb")
    return tab


def test_no_toast_asks_about_news_and_nothing_is_fetched(notebook, lab):
    config = json.loads(notebook.locator("#jupyter-config-data").text_content())
    assert config["news"] == {"disabled": True}
    settings = api(lab, "/lab/api/settings/@jupyterlab/apputils-extension:notification")
    properties = settings["schema"]["properties"]
    assert properties["fetchNews"]["default"] == "false"
    assert properties["checkForUpdates"]["default"] is False
    notebook.wait_for_timeout(2000)
    assert notebook.locator(".Toastify__toast").count() == 0


def test_all_cells_are_on_the_page_so_that_find_and_links_reach_them(notebook):
    assert (
        notebook.evaluate(
            "() => window.jupyterapp.shell.currentWidget.content.notebookConfig.windowingMode"
        )
        == "none"
    )


def test_a_learner_sees_no_tools_for_teachers(notebook):
    assert notebook.locator(".lm-MenuBar-itemLabel", has_text="Nbgrader").count() == 0
    assert notebook.get_by_text("Create Assignment").count() == 0
    assert not notebook.evaluate(
        "() => window.jupyterapp.commands.hasCommand('nbgrader:open-formgrader')"
    )
    assert notebook.get_by_role("button", name="Validate").count() == 0


def test_closing_a_notebook_stops_its_kernel(notebook, lab):
    def running():
        return [each for each in api(lab, "/api/sessions") if each["path"] == "again.ipynb"]

    assert running()
    notebook.evaluate("() => window.jupyterapp.commands.execute('docmanager:save')")
    notebook.evaluate("() => { window.jupyterapp.shell.currentWidget.close(); }")
    for _ in range(100):
        if not running():
            return
        notebook.wait_for_timeout(100)
    pytest.fail("the kernel still runs ten seconds after its notebook was closed")
