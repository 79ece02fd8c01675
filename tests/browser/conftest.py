"""One JupyterLab and one Chromium for all browser tests, with copies of the notebooks."""

from __future__ import annotations

import shutil

import nbformat
import pytest

from tests.browser import lab as browser_lab
from tests.conftest import ROOT, skip_or_fail


@pytest.fixture(scope="session")
def lab(tmp_path_factory):
    """A JupyterLab that serves copies of the course and a notebook with explorers of all kinds."""
    try:
        import jupyterlab  # noqa: F401
    except ImportError:
        skip_or_fail("JupyterLab is not installed: pip install '.[classroom]' in a clone")
    folder = tmp_path_factory.mktemp("lab") / "notebooks"
    shutil.copytree(ROOT / "course", folder / "course")
    nbformat.write(explorers_notebook(), folder / "explorers.ipynb")
    shown = ["from snrilab.explore import lesson02 as explore\nexplore.saturation()"]
    nbformat.write(notebook_of(shown), folder / "again.ipynb")
    nbformat.write(notebook_of([BROKEN]), folder / "broken.ipynb")
    asked = "from snrilab import feedback\nfeedback.question('lesson02/which_tighter')"
    nbformat.write(notebook_of([shown[0], asked]), folder / "restarted.ipynb")
    twice = "from snrilab.explore import lesson02 as explore\nshown = explore.competition()\nshown"
    nbformat.write(notebook_of([twice, "shown", "explore.depletion()"]), folder / "twice.ipynb")
    with browser_lab.running_lab(folder) as running:
        yield running


# Sliders, lists, switches, curves to keep, a number to answer with; `ratios` is in its lesson in
# two halves only. What the others need is tested in their lessons.
SHOWN = (
    "lesson02/competition", "lesson02/depletion", "lesson02/noise", "lesson01/release",
    "lesson04/ratios",
)  # fmt: skip


def explorers_notebook() -> nbformat.NotebookNode:
    """Return a notebook that shows some explorers, an unknown and one static picture."""
    sources = [
        f"from snrilab import explore\nexplore.all_explorers()[{name!r}]()" for name in SHOWN
    ]
    sources.append("from tests.small_explorer import WELLS\nWELLS(seed=3)")
    sources.append(
        "import numpy as np\n"
        "from snrilab import plots\n"
        "ax = plots.axes()\n"
        "ax.plot([0, 1], [0, 1])\n"
        "plots.show(ax, alt='A straight line \"from\" 0 to 1.')"
    )
    return notebook_of(sources)


def notebook_of(sources: list[str]) -> nbformat.NotebookNode:
    """Return a notebook of a title and these code cells."""
    notebook = nbformat.v4.new_notebook()
    notebook.metadata.kernelspec = {
        "name": "python3",
        "display_name": "Python 3",
        "language": "python",
    }
    notebook.cells = [nbformat.v4.new_markdown_cell("# A notebook for tests")]
    notebook.cells += [nbformat.v4.new_code_cell(source) for source in sources]
    return notebook


# An explorer whose drawing fails when the slider is moved.
BROKEN = """
from snrilab.explore import Control, Explorer

def stage(figure):
    axes = figure.add_subplot(xlim=(0, 3), ylim=(0, 3))
    return {"curve": axes.plot([0, 3], [0, 3])[0]}

def draw(artists, n):
    return f"One part of it is {1 / (n - 2):.3g}."

parts = Control("n", "Parts", "", 1, 3, 1, scale="whole")
Explorer("test/broken", "Broken", [parts], stage, draw)()
"""


@pytest.fixture(scope="session")
def tab(browser):
    """One page for notebooks that need no visitor of their own: they are opened in turn."""
    context = browser.new_context(viewport=browser_lab.SCREEN)
    yield context.new_page()
    context.close()


@pytest.fixture
def page(browser):
    """A new page of a laptop's size, as a new visitor."""
    context = browser.new_context(viewport=browser_lab.SCREEN)
    yield context.new_page()
    context.close()
