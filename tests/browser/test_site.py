"""The site: its pages lead somewhere, ask nothing of anybody else, and can be read by everybody."""

from __future__ import annotations

import datetime as dt
import html
import html.parser
import importlib.util
import io
import json
import os
import re
import subprocess
import sys
import time
import zipfile
from urllib.parse import unquote, urlsplit

import pytest

from snrilab.exercises import Exercise, declared
from tests.browser import lite
from tests.browser.lab import SCREEN
from tests.conftest import ROOT, skip_or_fail
from tools.site.pages import WITH_ANSWERS

WHOLE = os.environ.get("SNRILAB_WHOLE_SITE") == "1"  # make site-check: all lessons, both ways
LESSONS = sorted(path.stem for path in (ROOT / "course").glob("[0-9]*.ipynb"))
CANNOT = 2  # what tools.site ends with where a part of the laboratory cannot be fetched


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    """The site, made once, and why it has no laboratory."""
    for needed in ("sphinx", "myst_parser", "numpydoc", "pydata_sphinx_theme"):
        if importlib.util.find_spec(needed) is None:
            skip_or_fail(f"{needed} is not installed: make site adds what the site needs")
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "tools.site", f"--out={folder}"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode in (0, CANNOT), done.stderr
    return folder, done.stderr if done.returncode else ""


@pytest.fixture(scope="session")
def site(made):
    """The folder of the site."""
    return made[0]


@pytest.fixture(scope="session")
def address(site):
    """Where a plain web server gives the site out."""
    with lite.served(site) as where:
        yield where


@pytest.fixture(scope="session")
def laboratory(made, address):
    """Where the laboratory is given out."""
    if made[1]:
        skip_or_fail(made[1])
    return address


class Read(html.parser.HTMLParser):
    """What a page names and where it leads."""

    def __init__(self, text):
        super().__init__()
        self.ids, self.targets, self.loaded, self.unnamed = set(), [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        self.ids |= {found[name] for name in ("id", "name") if found.get(name)}
        if tag == "a" and found.get("href"):
            self.targets.append(found["href"])
        loaded = found.get("src") or (found.get("href") if tag == "link" else None)
        if loaded and found.get("rel") not in ("canonical", "prev", "next", "author"):
            self.loaded.append(loaded)
        if tag == "img" and "alt" not in found:
            self.unnamed.append(found.get("src"))


@pytest.fixture(scope="session")
def read(site):
    """Every page, taken apart."""
    return {
        path.relative_to(site).as_posix(): Read(path.read_text(encoding="utf-8"))
        for path in site.rglob("*.html")
        if path.relative_to(site).parts[0] not in ("lab", "_static")
    }


def test_every_lesson_has_its_page_and_no_answers_for_teachers_are_there(site, read):
    for path in (ROOT / "course").glob("[0-9]*.ipynb"):
        assert f"lessons/{path.stem}.html" in read
    for path in (ROOT / "course" / "teaching").glob("*.md"):
        assert (f"teach/{path.stem}.html" in read) != (path.name in WITH_ANSWERS)
    assert not [name for name in read if "blueprint" in name]


def test_links_and_anchors_lead_somewhere(site, read):
    broken = []
    laboratory = (site / "lab").is_dir()
    for name, page in read.items():
        for target in [*page.targets, *page.loaded]:
            parts = urlsplit(target)
            if parts.scheme or target.startswith("//"):
                continue
            path = (site / name).parent / unquote(parts.path) if parts.path else site / name
            there = path.resolve().relative_to(site.resolve()).as_posix()
            if not laboratory and "lab" in parts.path.split("/"):
                continue
            if not path.is_file():
                broken.append((name, target))
            elif parts.fragment and there in read:
                anchor = unquote(parts.fragment)
                if anchor not in read[there].ids and anchor != "":
                    broken.append((name, target))
    assert not broken


def test_nothing_is_loaded_from_elsewhere_and_every_picture_has_words(read):
    assert not [(name, url) for name, page in read.items() for url in page.loaded if "//" in url]
    assert not [(name, page.unnamed) for name, page in read.items() if page.unnamed]


def test_no_markup_is_left_in_the_words_of_a_lesson(site, read):
    for name in read:
        if name.startswith("lessons/"):
            text = (site / name).read_text(encoding="utf-8")
            text = re.sub(r"<(pre|code|script|style|math)\b.*?</\1>", "", text, flags=re.DOTALL)
            words = html.unescape(re.sub(r"<[^>]*>", " ", text))
            assert not re.findall(r"(?<![\w*])\*\w[\w ]*\*(?![\w*])|`\w+`", words), name


def test_glossary_leads_to_the_lessons_and_back(read):
    entries = {anchor for anchor in read["glossary.html"].ids if anchor.startswith("term-")}
    assert len(entries) > 60
    lessons = [page for name, page in read.items() if name.startswith("lessons/0")]
    used = {target.partition("#")[2] for page in lessons for target in page.targets
            if "glossary.html#" in target}  # fmt: skip
    assert len(used) > 40
    assert used <= entries


def serious_violations(page, context=None):
    from axe_playwright_python.sync_playwright import Axe

    options = {"resultTypes": ["violations"]}
    found = Axe().run(page, context=context, options=options).response["violations"]
    serious = [one for one in found if one["impact"] in ("serious", "critical")]
    return [(one["id"], one["nodes"][0]["html"][:200]) for one in serious]


@pytest.mark.browser
@pytest.mark.parametrize("name", ["lessons/02_binding_assays.html", "evidence.html"])
def test_pages_can_be_read_by_everybody(page, address, name):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    missing = []
    page.on("response", lambda answer: answer.ok or missing.append(answer.url))
    page.goto(address + name)
    page.locator("link[rel=icon]").wait_for(state="attached")  # else /favicon.ico is asked for
    assert not [url for url in asked if not url.startswith((address, "data:"))]
    assert not [url for url in missing if url.startswith(address)]
    if name == "evidence.html":
        page.get_by_label("Words").fill("auclair2013 sert")
        assert re.fullmatch(r"\d of \d{3} rows", page.get_by_role("status").inner_text())
        assert page.locator("#evidence tbody tr:visible").count() < 10
    for theme in ("light", "dark"):
        page.evaluate("theme => document.documentElement.dataset.theme = theme", theme)
        page.wait_for_timeout(300)
        assert not serious_violations(page)
    for width in (320, 640):  # a narrow window, and a laptop's at twice the size of letters
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.emulate_media(media="print")
    answers = page.locator("details > :not(summary)")
    assert all(answer.is_visible() for answer in answers.all())
    assert not page.locator(".bd-header:visible, .prev-next-area:visible, .grid:visible").count()


@pytest.mark.browser
def test_an_explorer_moves_on_the_page_without_python(page, address):
    page.goto(address + "lessons/01_synapse.html")
    figure = page.locator("figure.explorer", has=page.get_by_role("slider"))
    slider = figure.get_by_role("slider", name="SERT blocked (%)")
    caption, picture = figure.locator("figcaption"), figure.locator("img:visible")
    before = caption.inner_text(), picture.get_attribute("src")
    slider.focus()
    page.keyboard.press("End")
    assert slider.get_attribute("aria-valuetext") == "100 %"
    assert "10 times untreated" in caption.inner_text()
    assert picture.get_attribute("src") != before[1]
    page.keyboard.press("Home")
    assert (caption.inner_text(), picture.get_attribute("src"))[0] == before[0]
    picture.scroll_into_view_if_needed()
    page.wait_for_function("(image) => image.naturalWidth > 500", arg=picture.element_handle())
    assert page.evaluate("document.querySelectorAll('script.grid').length") == 0
    context = page.context.browser.new_context(java_script_enabled=False)
    plain = context.new_page()
    plain.goto(address + "lessons/01_synapse.html")
    assert plain.locator("figure.explorer img:visible").first.is_visible()
    assert not plain.get_by_role("slider").count()
    context.close()


# -- the laboratory -------------------------------------------------------------------------------

ASSIGNMENTS = sorted(path.parent.name for path in (ROOT / "release").glob("*/*.ipynb"))
WAYS = ("", "nojspi/")  # with JavaScript Promise Integration, and as Safari has it, without
COURSE = [*LESSONS, *ASSIGNMENTS]
TODAY = dt.datetime.now(dt.UTC).toordinal()
RUNS = [("01_synapse", WAYS[0]), ("02_binding_assays", WAYS[1])]
OTHERS = [name for name in COURSE if (name, WAYS[TODAY % 2]) not in RUNS]
RUNS.append((OTHERS[TODAY % len(OTHERS)], WAYS[TODAY % 2]))  # another one each day
if WHOLE:
    RUNS = [(name, way) for name in COURSE for way in WAYS]


@pytest.fixture(scope="module")
def visit(browser, laboratory):
    """A page for each way, and what pages ask of others; all as one visitor."""
    context = browser.new_context(viewport=SCREEN)
    asked, pages = [], {}
    context.on("request", lambda request: asked.append(request.url))

    def page_of(way):
        if way not in pages:
            pages[way] = context.new_page()
        return pages[way]

    yield page_of
    context.close()
    assert [url for url in asked if url.endswith(".wasm")]
    assert not [url for url in asked if not url.startswith((laboratory, "data:", "blob:"))]


def show(page, address, path):
    """Show a notebook; a lesson with the Python that runs, where not the whole course is run."""
    started = page.evaluate("() => window.jupyterapp !== undefined")
    if WHOLE or "/" in path or not started:
        lite.opened(page, address, path)
    else:
        lite.shown_instead(page, path)


def move_a_slider(page, begun):
    """Move the first slider of lesson 00, twenty steps by its box; say how long that takes."""
    page.evaluate(
        """() => {
            const content = window.jupyterapp.shell.currentWidget.content;
            content.activeCellIndex = content.widgets.findIndex((cell) =>
                cell.model.sharedModel.source.includes("explore.units()"));
            content.scrollToItem(content.activeCellIndex, "start");
            window.jupyterapp.commands.execute("notebook:run-cell");
        }"""
    )
    sentence = page.locator("[aria-live]", has_text="50 ng/mL of levomilnacipran").first
    sentence.wait_for(timeout=120_000)
    box = page.locator(".jp-OutputArea-output input[type=text]:visible").first
    steps = []
    for value in range(60, 81):
        start = time.perf_counter()
        box.fill(str(value))
        box.press("Enter")
        said = page.locator("[aria-live]", has_text=f"{value} ng/mL of levomilnacipran")
        said.first.wait_for(timeout=60_000)
        steps.append(time.perf_counter() - start)
        if value == 60:
            first = time.perf_counter() - begun
    middle, late = sorted(steps[1:])[9], sorted(steps[1:])[18]
    sys.stdout.write(f"first answer {first:.1f} s, a step {middle:.3f} s, p95 {late:.3f} s\n")


@pytest.mark.browser
@pytest.mark.slow
def test_a_slider_answers_and_work_is_kept_given_out_and_never_overwritten(visit, laboratory):
    page, name, begun = visit(WAYS[0]), "00_start.ipynb", time.perf_counter()
    lite.opened(page, laboratory, name)
    move_a_slider(page, begun)
    lite.in_python(
        page,
        "from snrilab import feedback\n"
        "seed = feedback.learner_seed()\n"
        "shown = feedback.question('lesson02/which_tighter')\n"
        "shown.children[1].index = 0\n"
        "shown.children[2].index = 1\n"
        "shown.children[3].click()\n",
    )
    ask = (
        "import json; from snrilab import feedback; "
        "print(json.dumps([feedback.learner_seed(), "
        "str(feedback.progress('lesson02')).count('[ ]')]))"
    )
    before = json.loads(lite.in_python(page, ask))
    assert before[0] > 0

    # The learner writes into the lesson; the course then hands out another one.
    page.evaluate(
        """async () => {
            const panel = window.jupyterapp.shell.currentWidget;
            panel.content.model.sharedModel.insertCell(
                1, { cell_type: "markdown", source: "my own words" });
            await panel.context.save();
            const kept = JSON.parse(localStorage.getItem("snrilab:handed-out"));
            kept["00_start.ipynb"] = "an older one";
            localStorage.setItem("snrilab:handed-out", JSON.stringify(kept));
        }"""
    )
    begun = time.perf_counter()
    lite.opened(page, laboratory, name)  # a reload, and a new kernel with it
    assert json.loads(lite.in_python(page, ask)) == before
    move_a_slider(page, begun)
    mine = page.evaluate(
        "() => window.jupyterapp.shell.currentWidget.content.model.sharedModel.cells"
        ".map((cell) => cell.source)"
    )
    assert "my own words" in mine
    page.wait_for_function(
        """async () => (await window.jupyterapp.serviceManager.contents.get(""))
            .content.some((entry) => entry.name.startsWith("00_start (newer, "))"""
    )
    page.wait_for_selector("text=There is a newer 00_start.ipynb")

    with page.expect_download() as download:
        page.click("#snrilab-download")
    with open(download.value.path(), "rb") as file:  # noqa: PTH123
        archive = zipfile.ZipFile(io.BytesIO(file.read()))
    assert archive.testzip() is None
    names = set(archive.namelist())
    assert {"00_start.ipynb", ".snrilab/progress.json"} <= names
    assert "01_synapse.ipynb" not in names  # nothing of the learner's is in it
    assert "my own words" in archive.read("00_start.ipynb").decode()
    kept = json.loads(archive.read(".snrilab/progress.json"))
    assert kept["learner"]["seed"] == before[0]
    assert "lesson02/which_tighter" in kept["questions"]


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize(("name", "way"), RUNS, ids=lambda part: part or "jspi")
def test_the_course_runs_wholly_in_the_browser(visit, laboratory, name, way):
    page = visit(way)
    path = f"{name}/{name}.ipynb" if name in ASSIGNMENTS else f"{name}.ipynb"
    begun = time.perf_counter()
    show(page, laboratory + way, path)
    asked = "from js import WebAssembly; print(hasattr(WebAssembly, 'Suspending'))"
    assert lite.in_python(page, asked).strip() == str(not way)
    opened_s = time.perf_counter() - begun
    if name in ASSIGNMENTS:
        passes_visible_tests(page, name)
        return
    ran_s = lite.run_all(page)
    sys.stdout.write(f"{name}: {opened_s:.0f} s to open, {ran_s:.0f} s to run\n")
    cells = lite.cells(page)
    assert cells
    assert not [cell for cell in cells if cell["number"] is None]
    assert not [(cell["source"], cell["error"]) for cell in cells if cell["error"]]
    assert not [(cell["source"], cell["red"]) for cell in cells if cell["red"]]
    for cell in cells:
        if cell["source"].startswith("explore."):
            assert cell["text"].strip().endswith("."), cell["source"]
    # What lessons import was compiled before; the archive of all the rest takes seconds.
    asked = "import sys; print([f.closed[-1] for f in sys.meta_path if hasattr(f, 'closed')])"
    assert lite.in_python(page, asked).strip() == "['rest']"


def pressed_until(page, key, where, most):
    """Press a key until the focus is where a CSS selector says."""
    for _ in range(most):
        page.keyboard.press(key)
        if page.evaluate("(where) => document.activeElement.matches(where)", where):
            return
    pytest.fail(f"{key} does not lead to {where}")


@pytest.mark.browser
@pytest.mark.slow
def test_by_keyboard_alone_a_goal_is_reached_and_a_question_answered(visit, laboratory):
    page = visit(WAYS[0])
    show(page, laboratory, "01_synapse.ipynb")
    page.evaluate(
        """() => {
            const { content } = window.jupyterapp.shell.currentWidget;
            content.activeCellIndex = 0;
            content.mode = "command";
            content.activate();
        }"""
    )
    explorer = page.locator(".snrilab-explorer").first
    for _ in range(30):  # from cell to cell, as a reader goes
        page.keyboard.press("Shift+Enter")
        if "explore.bath()" in lite.active_source(page):
            break
    page.keyboard.press("Control+Enter")
    explorer.wait_for(timeout=120_000)
    goal = explorer.get_by_role("listitem").filter(has_text="ouble").first
    assert "Goal, open:" in goal.text_content()
    pressed_until(page, "Tab", ".snrilab-explorer .snrilab-box", 40)
    page.keyboard.press("Control+A")
    page.keyboard.type("56")
    page.keyboard.press("Enter")
    goal.locator("text=Goal, reached:").wait_for(state="attached", timeout=60_000)
    page.keyboard.press("Escape")
    page.evaluate("() => window.jupyterapp.shell.currentWidget.content.activate()")
    for _ in range(30):
        page.keyboard.press("Shift+Enter")
        if "feedback.question(" in lite.active_source(page):
            break
    page.keyboard.press("Control+Enter")
    question = page.locator(".snrilab-question").last
    question.get_by_role("radio").first.wait_for(timeout=120_000)
    pressed_until(page, "Tab", ".snrilab-question input[type=radio]", 40)
    page.keyboard.press("Space")
    pressed_until(page, "Tab", ".snrilab-question .snrilab-sure input", 6)
    page.keyboard.press("Space")
    question.locator(".snrilab-sure input:checked").wait_for(state="attached")
    pressed_until(page, "Tab", ".snrilab-question button", 6)
    page.keyboard.press("Enter")
    question.get_by_role("status").filter(has_text=re.compile("✓ Yes|✗ No")).wait_for()
    ours = ".snrilab-explorer, .snrilab-question, .snrilab-feedback, #snrilab-download"
    assert not serious_violations(page, [[one] for one in ours.split(", ")])


def passes_visible_tests(page, name):
    """The right answers pass the tests that a student sees, beside the files that come with it."""
    said = lite.in_python(page, "import os; print(os.getcwd(), sorted(os.listdir('.')))")
    assert f"/drive/{name}" in said
    assert "cases.csv" in said
    sources = [cell["source"] for cell in lite.cells(page)]
    things = [each for each in declared(name).values() if isinstance(each, Exercise)]
    written = {each.function_name: each.code() for each in things}
    tried = 0
    for source in sources:
        function = re.match(r"def (\w+)\(", source)
        code = written.get(function[1], source) if function else source
        said = lite.in_python(page, code)
        if "assert " in source and any(f"{one}(" in source for one in written):
            assert not said, source
            tried += 1
    assert tried >= len(written) / 2
