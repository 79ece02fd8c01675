"""What students and teachers see: feedback after both ways in, formgrader's page of a submission."""

# ruff: noqa: E501 -- cells stand on few lines

from __future__ import annotations

import base64
import io
import json
import re
import shutil
from typing import TYPE_CHECKING

import numpy as np
import pytest

from snrilab.classroom._marking import Marking
from snrilab.grading.course import open_course
from snrilab.grading.equations import mathml, with_mathml
from tests.grading import assignments
from tests.grading.assignments import notebook, submit, values, written
from tests.grading.browsers_eye import active_parts
from tests.grading.conftest import grade_here, nbgrader, write_course

if TYPE_CHECKING:
    from pathlib import Path

TABLE = (
    "<style>td {color: red}</style><table border='1' class='dataframe'><caption>Ki of one drug</caption><thead>"
    "<tr style='text-align: right;'><th scope='col'>target</th></tr></thead><tbody><tr><th scope='row'>SERT</th>"
    "<td onclick='alert(1)'>11.2</td></tr></tbody></table><script>alert(1)</script>"
)
ESSAY = r"""Occupancy is $\frac{L}{L + K_d}$; a fee of $5 is none.

$$\begin{align} K_i &= \frac{IC_{50}}{1 + a*b*c} \\ x &= y_1 \end{align}$$

$\text{<script>alert(1)</script>}$ $\href{javascript:alert(1)}{x}$

![curve](attachment:curve.png)
"""


def essay_source() -> str:
    return notebook(
        assignments.setup("intro", "from IPython.display import HTML, display"),
        values("table", "table = 1"),
        assignments.test("test-table", 1, "assert table == 1", "assert table + 1 == 2"),
        written("essay", 5, "Your answer: YOUR ANSWER HERE"),
    )


def picture() -> str:
    from matplotlib.figure import Figure

    buffer = io.BytesIO()
    figure = Figure(figsize=(1, 1))
    figure.add_subplot().plot(np.arange(3))
    figure.savefig(buffer, format="png")
    return base64.b64encode(buffer.getvalue()).decode()


def without_code(page: str) -> str:
    """Return a page without the text of its code cells."""
    return re.sub(r'(?s)<div class="highlight.*?</pre>', "", page)


@pytest.fixture(scope="module")
def course(jail: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One submission, graded by `snrilab grade`, then by `nbgrader autograde`."""
    source = essay_source()
    work = json.loads(submit(source, table=f"table = 1\ndisplay(HTML({TABLE!r}))", essay=ESSAY))
    work["cells"][-1]["attachments"] = {"curve.png": {"image/png": picture()}}
    root = write_course(
        tmp_path_factory.mktemp("pages"), {"a": source}, {"ann": {"a": json.dumps(work).encode()}}
    )
    (root / "exchange").mkdir(mode=0o777)
    (root / "exchange").chmod(0o777)
    (root / "nbgrader_config.py").write_text(
        f"c = get_config()\nc.CourseDirectory.root = {str(root)!r}\n"
        f"c.CourseDirectory.course_id = 'k'\nc.Exchange.root = {str(root / 'exchange')!r}\n"
        "from snrilab.grading.autograde import configure\nconfigure(c)\n"
    )
    return root


@pytest.mark.sandbox
@pytest.mark.slow
@pytest.mark.parametrize("way", ["snrilab grade", "nbgrader autograde"])
def test_feedback_is_whole_harmless_and_can_be_released(course: Path, way: str) -> None:
    if way == "snrilab grade":
        outcome = grade_here(course, "a")
        assert outcome.failed == {}
    else:
        assert nbgrader(course, ["autograde", "a", "--force"]).returncode == 0
    marking = Marking(open_course(course), "a")
    marking.change_item("a/essay", "i1", [5, 2.5], "both *equations*, $K_i$ too")
    marking.mark("a/essay", marking.people["ann"], {"item": "i1", "place": 1})
    marking.mark("a/essay", marking.people["ann"], {"free": 1})
    marking.close()
    shutil.rmtree(course / "feedback", ignore_errors=True)
    shutil.rmtree(course / "exchange/k", ignore_errors=True)
    done = nbgrader(course, ["generate_feedback", "a"], ["release_feedback", "a"])
    assert done.returncode == 0, done.stderr
    [released] = (course / "exchange/k/feedback").glob("*.html")
    page = released.read_text("utf-8")
    assert active_parts(page) == []
    assert re.search(r"<caption>Ki of one drug</caption>", page)
    assert re.search(r'<th scope="row">SERT</th>\s*<td>11.2</td>', page)
    assert "&lt;table" not in without_code(page)
    assert "&lt;caption" not in without_code(page)
    assert page.count("<math ") == 4
    assert "<mfrac>" in page
    assert "2.5 of 5 points: both <em>equations</em>, <math " in page
    assert "<li>+1: besides the items</li>" in page
    assert "(Score: 3.5 / 5.0)" in page
    assert "<mtable" in page
    assert "a fee of $5 is none" in page
    assert "data:image/png;base64," in page
    listed = re.findall(r'<li><a href="#[^"]*">([^<]*)</a>', page)
    assert "test-table, tests that you cannot see" in listed
    assert "essay, answer in your own words" in listed
    assert "Test cell" not in page
    assert "table + 1" not in page
    secret = (course / "autograded/ann/a/submission_secret.txt").read_text()
    assert len(secret) >= 32


@pytest.mark.sandbox
@pytest.mark.slow
def test_formgrader_shows_the_same(course: Path) -> None:
    from nbconvert.exporters import HTMLExporter
    from nbgrader.server_extensions.formgrader import handlers

    grade_here(course, "a", force=True)
    config = open_course(course).config
    config.HTMLExporter.template_name = "formgrade"
    config.HTMLExporter.extra_template_basedirs = [handlers.template_path]
    resources = dict.fromkeys(
        (
            "assignment_id",
            "notebook_id",
            "submission_id",
            "base_url",
            "student",
            "last_name",
            "first_name",
            "notebook_path",
        ),
        "x",
    )
    page, _ = HTMLExporter(config=config).from_filename(
        str(course / "autograded/ann/a/a.ipynb"), resources={**resources, "index": 0, "total": 1}
    )
    assert re.search(r"<caption>Ki of one drug</caption>", page)
    assert page.count("<math ") == 3
    assert "&lt;caption" not in without_code(page)
    assert "alert(1)</script>" not in page


# nbgrader leaves the files open that it reads.
@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize(
    ("handed_in", "fetched"),
    [
        (["a.ipynb"], ["a"]),
        (["my own.ipynb"], ["my own"]),
        (["a.ipynb", "a-Copy1.ipynb"], ["a", "a-Copy1"]),
        (["a(1).ipynb", "notes.txt"], ["a(1)"]),
    ],
)
def test_a_renamed_notebook_gets_its_feedback(
    tmp_path: Path, handed_in: list[str], fetched: list[str]
) -> None:
    """By nbgrader's own fetching, which asks by the names of the files that were submitted."""
    from nbgrader.coursedir import CourseDirectory
    from nbgrader.exchange.default import ExchangeFetchFeedback
    from nbgrader.exchange.exchange_factory import ExchangeFactory
    from traitlets.config import Config

    from snrilab.grading.autograde import configure

    c = Config()
    configure(c)
    c.CourseDirectory.course_id = "k"
    c.Exchange.root, c.Exchange.cache = str(tmp_path / "exchange"), str(tmp_path / "cache")
    c.Exchange.assignment_dir = str(tmp_path / "home")
    (tmp_path / "exchange").mkdir(mode=0o777)
    secret = "s" * 128
    cache = tmp_path / "cache/k/ann+a+2026-11-20 10:00:00 UTC"
    for folder in (tmp_path / "submitted/ann/a", cache):
        folder.mkdir(parents=True)
        for name in handed_in:
            (folder / name).write_text("{}")
        (folder / "submission_secret.txt").write_text(secret)
    feedback = tmp_path / "feedback/ann/a"
    feedback.mkdir(parents=True)
    (feedback / "a.html").write_text("for Ann")
    (feedback / "timestamp.txt").write_text("")
    (feedback / "submission_secret.txt").write_text(secret)
    directory = CourseDirectory(config=c)
    directory.root, directory.assignment_id, directory.student_id = str(tmp_path), "a", "*"
    ExchangeFactory(config=c).ReleaseFeedback(coursedir=directory, config=c).start()
    directory.student_id = "ann"
    ExchangeFetchFeedback(coursedir=directory, config=c).start()
    pages = list((tmp_path / "home/a/feedback").rglob("*.html"))
    assert sorted(path.stem for path in pages) == fetched
    assert {path.read_text() for path in pages} == {"for Ann"}


def test_an_exchange_of_ones_own_stays() -> None:
    from traitlets.config import Config

    from snrilab.grading.autograde import configure

    c = Config()
    c.ExchangeFactory.release_feedback = "ngshare.Release"
    configure(c)
    assert c.ExchangeFactory.release_feedback == "ngshare.Release"


def test_equations_only_where_there_are_some() -> None:
    for plain in ("$5 and $6 `c`", "`$x$`", "```\n$x$\n```", r"\$x\$", "a $ b $ c", "$\n\nx$"):
        assert with_mathml(plain) == plain
    assert with_mathml("a $x_1$ b").startswith('a <math display="inline"><mrow><msub>')
    assert "*" not in with_mathml("$a * b * c$")
    assert mathml(r"\foo{x}") == mathml(r"\text{<b>x</b>}") == ""
    assert "href" not in mathml(r"\href{javascript:alert(1)}{x}")
    assert "style" not in mathml(r"\style{color:red}{x}")
    many = with_mathml("$x$ " * 1000)
    assert many.count("<math") == 400
