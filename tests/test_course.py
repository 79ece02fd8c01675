"""Every lesson runs from top to bottom, is built like the others, and can be read by everybody."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from tests import notebooks
from tests.conftest import ROOT

every_notebook = pytest.mark.parametrize(
    "path", [*notebooks.COURSE, *notebooks.SOURCE], ids=notebooks.name
)
every_course_page = pytest.mark.parametrize("path", notebooks.COURSE, ids=notebooks.name)
every_lesson = pytest.mark.parametrize("path", notebooks.LESSONS, ids=notebooks.name)


@pytest.fixture
def progress(tmp_path, monkeypatch):
    """Keep what a lesson records about a learner out of the course folder."""
    monkeypatch.setenv("SNRILAB_PROGRESS", str(tmp_path / "progress.json"))
    monkeypatch.chdir(ROOT)


@every_course_page
def test_runs_from_top_to_bottom_without_hidden_errors(path, progress):
    result = notebooks.run(path)
    assert not result.errors
    assert not notebooks.hidden_widget_errors()


@every_course_page
def test_runs_in_a_real_kernel(path, tmp_path, monkeypatch):
    import nbclient

    monkeypatch.setenv("SNRILAB_PROGRESS", str(tmp_path / "progress.json"))
    notebook = notebooks.read(path)
    client = nbclient.NotebookClient(
        notebook, timeout=120, resources={"metadata": {"path": str(path.parent)}}
    )
    client.execute()
    said = [
        output.get("text", "")
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if output.get("name") == "stderr"
    ]
    assert not said, "a learner would see this on red ground"


@every_notebook
def test_headings_start_with_one_title_and_skip_no_level(path):
    levels = [level for level, _ in notebooks.headings(path)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    jumps = [(a, b) for a, b in pairwise(levels) if b > a + 1]
    assert not jumps


@every_lesson
def test_title_is_a_question(path):
    assert notebooks.headings(path)[0][1].endswith("?")


@every_notebook
def test_links_lead_somewhere(path):
    for target in re.findall(r"\]\(([^)\s]+)\)", notebooks.markdown(path)):
        if target.startswith("#"):
            continue
        if "://" in target:
            assert target.startswith("https://"), target
            continue
        assert (path.parent / target.split("#")[0]).exists(), f"{target} is not there"


@every_notebook
def test_pictures_have_alternative_text(path):
    text = notebooks.markdown(path)
    assert not re.findall(r"!\[\s*\]\(", text)
    for tag in re.findall(r"<img\b[^>]*>", text):
        assert re.search(r'alt="[^"]+"', tag), tag


@every_course_page
def test_figures_a_lesson_draws_carry_alternative_text(path, progress):
    result = notebooks.run(path)
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
