"""Explorers in JupyterLab: moved by keyboard, followed by picture and sentence, heard."""

from __future__ import annotations

import io
import re
import time

import nbformat
import numpy as np
import pytest
from PIL import Image

from snrilab import explore
from tests.browser.conftest import SHOWN
from tests.browser.lab import ASK_EVERY, cell_errors, close_all, open_notebook, run_all
from tests.conftest import ROOT
from tests.small_explorer import WELLS

pytestmark = pytest.mark.browser

LAPTOP = {"width": 1366, "height": 768}
DEPLETION = "Competition binding with ligand depletion"
NARROW = {"width": 1000, "height": 768}
EXPLORERS = explore.all_explorers() | {WELLS.name: WELLS}


def code_in(path):
    return [c.source for c in nbformat.read(path, as_version=4).cells if c.cell_type == "code"]


CODE = {path.name: code_in(path) for path in sorted((ROOT / "course").glob("*.ipynb"))}
# The explorers that a lesson shows alive, in order.
LESSONS = {
    name: re.findall(r"^explore\.(\w+)\(", "\n".join(code), re.MULTILINE)
    for name, code in CODE.items()
}


# Each explorer has looked how wide it is, its picture is drawn for that width and sharpness, and
# three looks find no other picture and no other width: what the page tells after 120 ms is drawn.
SETTLED = """() => {
    const sharp = window.devicePixelRatio > 1.25 ? 2 : 1;
    const roots = [...document.querySelectorAll(".snrilab-explorer")];
    const looked = roots.every((root) => root.classList.contains("snrilab-narrow")
        === root.clientWidth < 500
        && root.classList.contains("snrilab-close") === root.clientWidth < 640);
    const images = roots.map((root) => root.querySelector("img"));
    const fit = images.every((image) => image.complete && image.clientWidth
        && Math.abs(image.naturalWidth / sharp - image.clientWidth) <= 8);
    const now = images.map((image) => `${image.src} ${image.clientWidth}`).join();
    const looks = fit && looked && window.snrilabSeen === now ? window.snrilabLooks + 1 : 0;
    window.snrilabSeen = now;
    window.snrilabLooks = looks;
    return looks >= 3;
}"""


def explorers_on(page):
    page.locator(".snrilab-explorer img").first.wait_for(timeout=30_000)
    page.evaluate("() => { window.snrilabSeen = ''; }")
    page.wait_for_function(SETTLED, timeout=120_000, polling=ASK_EVERY)
    return page.locator(".snrilab-explorer")


# What is asked of one explorer again and again, of its element and in one go: each question
# through a selector looks through the whole notebook.
STATE = """root => {
    const image = root.querySelector("img");
    return [image.src, root.querySelector(".snrilab-reading").innerText, image.alt];
}"""


def press_and_wait(page, explorer, key):
    """Press a key and return the sentence once picture and sentence have changed."""
    root = explorer.element_handle() if hasattr(explorer, "element_handle") else explorer
    picture, said, _ = root.evaluate(STATE)
    page.keyboard.press(key)
    page.wait_for_function(
        f"""([root, picture, said]) => {{
            const now = ({STATE})(root);
            return now[0] !== picture && now[1] !== said;
        }}""",
        arg=[root, picture, said],
        timeout=10_000,
        polling=ASK_EVERY,
    )
    return root.evaluate(STATE)[1]


def assert_alive(page, explorer):
    """The first slider, moved by the keyboard, changes picture, sentence and spoken value."""
    root = explorer.element_handle()
    slider = root.query_selector("role=slider")
    if slider is None:
        assert_list_alive(page, root)
        return
    asked = [slider, root.query_selector("role=textbox")]
    state = "([slider, box]) => [slider.getAttribute('aria-valuetext'), box.value]"
    spoken, typed = page.evaluate(state, asked)
    slider.focus()
    at_most = slider.evaluate("slider => slider.value === slider.max")
    reading = press_and_wait(page, root, "ArrowLeft" if at_most else "ArrowRight")
    spoken_now, typed_now = page.evaluate(state, asked)
    assert spoken_now != spoken
    assert typed_now != typed
    assert_told_and_focused(root, slider, reading)


def assert_told_and_focused(root, control, reading):
    assert root.evaluate(STATE)[2].endswith(reading)
    assert control.evaluate("element => element === document.activeElement"), "the focus was lost"


def violations(page, selector):
    from axe_playwright_python.sync_playwright import Axe

    axe = Axe()
    if page.evaluate("() => window.axe !== undefined"):  # half a megabyte, once a page
        axe.axe_script = ""
    return axe.run(page, context=selector).response["violations"]


@pytest.fixture
def opened(at_laptop, lab):
    """Some explorers and an unknown, at a laptop's size; opened once in a row."""
    page, name = at_laptop, "explorers.ipynb"
    here = "name => window.jupyterapp?.shell?.currentWidget?.context?.path === name"
    if not page.evaluate(here, name):
        open_notebook(page, lab, name)
        run_all(page)
        assert cell_errors(page) == []
        explorers_on(page)
    return page


def fresh(page, title):
    """The explorer of this title, with every control at its default."""
    explorer = page.get_by_role("group", name=title, exact=True)
    (declared,) = [each for each in EXPLORERS.values() if each.title == title]
    explorer.get_by_role("button", name="Reset").press("Enter")
    explorer.get_by_text(declared().reading).wait_for(timeout=10_000)
    return explorer


def assert_list_alive(page, root):
    """The first list, moved by the keyboard, changes picture and sentence."""
    choice = root.query_selector("role=combobox")
    chosen = choice.input_value()
    choice.focus()
    reading = press_and_wait(page, root, "ArrowDown")
    assert choice.input_value() != chosen
    assert_told_and_focused(root, choice, reading)


def test_every_explorer_is_tried_in_a_lesson():
    shown = {f"lesson{name[:2]}/{call}" for name, calls in LESSONS.items() for call in calls}
    assert shown == set(explore.all_explorers())


def test_exact_values_can_be_typed_limits_are_told_and_reset_brings_the_start_back(opened):
    explorer = fresh(opened, "Competition binding")
    reading = explorer.locator(".snrilab-reading")
    notice = explorer.locator(".snrilab-notice")
    box = explorer.get_by_role("textbox", name="Drug's Ki (nM), exact value")
    slider = explorer.get_by_role("slider", name="Drug's Ki (nM)")
    start = slider.input_value()
    box.fill("1.234")
    box.press("Enter")
    box.press("Tab")  # Enter and leaving the box tell of the same change
    reading.filter(has_text="the Ki of 1.23 nM").wait_for(timeout=10_000)
    opened.wait_for_function(
        "([slider, start]) => slider.value < start", arg=[slider.element_handle(), int(start)]
    )
    assert box.input_value() == "1.234", "the slider rounded what was typed"
    slider.focus()
    assert "the Ki of 1.1" in press_and_wait(opened, explorer, "ArrowLeft")
    box.fill("5000")
    box.press("Tab")
    notice.filter(has_text="Drug's Ki: at most 1000 nM here.").wait_for(timeout=10_000)
    assert box.input_value() == "1000"
    assert slider.input_value() == slider.get_attribute("max")
    box.fill("6000")  # the value stays, and so does what is told
    box.press("Enter")
    opened.wait_for_function("box => box.value === '1000'", arg=box.element_handle())
    box.fill("abc")
    box.press("Enter")
    notice.filter(has_text="“abc” is no number: write the number alone").wait_for(timeout=10_000)
    assert box.input_value() == "1000"
    explorer.get_by_role("button", name="Reset").press("Enter")
    reading.filter(has_text="the Ki of 11.2 nM").wait_for(timeout=10_000)
    assert (box.input_value(), slider.input_value()) == ("11.2", start)


def test_an_arrow_key_moves_the_slider_and_not_the_notebook(opened):
    explorer = fresh(opened, "Competition binding")
    cell = "() => window.jupyterapp.shell.currentWidget.content.activeCellIndex"
    explorer.get_by_role("slider").first.focus()
    active = opened.evaluate(cell)
    for key in ("ArrowUp", "ArrowDown", "End", "Home"):
        press_and_wait(opened, explorer, key)
    assert opened.evaluate(cell) == active


def test_a_goal_is_reached_by_keyboard_alone(opened):
    explorer = fresh(opened, "Competition binding")
    goal = explorer.get_by_role("listitem").filter(has_text="Make the IC50 twice the Ki")
    assert goal.get_attribute("data-state") == "open"
    for _ in range(20):  # back to the first slider
        opened.keyboard.press("Shift+Tab")
        if opened.evaluate("() => document.activeElement.id.endsWith('radioligand_nM')"):
            break
    for _ in range(12):
        press_and_wait(opened, explorer, "ArrowRight")
        if goal.get_attribute("data-state") == "reached":
            break
    assert "With as much radioligand as its Kd" in goal.inner_text()


def test_a_goal_is_reached_from_the_accessibility_tree_alone(opened):
    """Names, values and sentences are all that is used; nothing is looked at."""
    explorer = fresh(opened, "Noise and the Ki")
    goal = explorer.get_by_role("listitem").filter(has_text="narrower than 1.4-fold")
    assert goal.inner_text().startswith("○")
    assert "Goal, open:" in goal.text_content()
    slider = explorer.get_by_role("slider", name="Wells of each kind")
    slider.focus()
    for _ in range(6):
        if "Goal, reached:" in goal.text_content():
            break
        press_and_wait(opened, explorer, "ArrowRight")
    said = explorer.get_by_role("status").filter(has_text="95 % of the Ki range").inner_text()
    assert float(re.search(r"\(([\d.]+)-fold\)", said)[1]) < 1.4
    assert "Goal, reached:" in goal.text_content()
    news = explorer.get_by_role("status").filter(has_text="Goal reached: With 5 % pipetting")
    assert "More wells average out" in news.text_content()


def test_show_me_does_what_reaches_a_goal_and_a_curve_can_be_kept(opened):
    explorer = fresh(opened, DEPLETION)
    clear = explorer.get_by_role("button", name="Clear")
    assert clear.is_disabled()
    explorer.get_by_role("button", name="Keep").press("Enter")
    opened.wait_for_function("button => !button.disabled", arg=clear.element_handle())
    explorer.get_by_role("button", name="Show me: Ki about 20 nM").click()
    goal = explorer.get_by_role("listitem").filter(has_text="Ki about 20 nM")
    goal.filter(has_text="it is the radioligand that runs short").wait_for(timeout=10_000)
    assert explorer.get_by_role("textbox").nth(3).input_value() == "0.6"
    clear.click()
    opened.wait_for_function("button => button.disabled", arg=clear.element_handle())


def test_an_unknown_is_measured_and_answered_by_keyboard(opened):
    explorer = opened.get_by_role("group", name="Wells", exact=True)
    measure = explorer.get_by_role("button", name="Measure", exact=True)
    measure.press("Enter")
    explorer.get_by_text("4 of 5 wells left").wait_for(timeout=10_000)
    for part, value in (("best guess", "10"), ("from", "1 nM"), ("to", "19,5")):
        explorer.get_by_role("textbox", name=f"Level (nM), {part}").fill(value)
    explorer.get_by_role("button", name="Answer").press("Enter")
    explorer.get_by_text("“1 nM” is no number: write the number alone.").wait_for(timeout=10_000)
    explorer.get_by_role("textbox", name="Level (nM), from").fill("1")
    explorer.get_by_role("button", name="Answer").press("Enter")
    explorer.get_by_text(re.compile("the truth was .* your range held it")).wait_for(timeout=10_000)
    assert measure.is_disabled(), "after the answer nothing is measured"
    explorer.get_by_role("button", name="New unknown").press("Enter")
    explorer.get_by_text("5 of 5 wells left").wait_for(timeout=10_000)
    assert measure.is_enabled()
    boxes = [explorer.get_by_role("textbox", name=f"Level (nM), {part}") for part in ("from", "to")]
    assert [box.input_value() for box in boxes] == ["", ""], "the old answer is gone"


MEASURED = """roots => roots.map((root) => {
    root.scrollIntoViewIfNeeded();
    const box = (element) => element.getBoundingClientRect();
    const output = root.closest(".jp-OutputArea-output");
    return {
        title: root.getAttribute("aria-label"),
        height: box(root).height,
        controls_end: box(root.querySelector(".snrilab-controls")).right,
        picture_begins: box(root.querySelector("img")).left,
        whole: output.scrollHeight <= output.clientHeight
            && output.scrollWidth <= output.clientWidth,
    };
})"""
HEIGHTS = "all => all.map((one) => one.getBoundingClientRect().height)"


def sliders_of(names):
    """How many sliders these explorers have."""
    controls = [one for name in names for one in EXPLORERS[name].controls]
    return sum(isinstance(one, explore.Control) for one in controls)


def assert_in_view_together(page, names):
    """Controls, picture, sentence and goals fit the view that JupyterLab leaves for a notebook."""
    view = page.locator(".jp-WindowedPanel-outer:visible").evaluate("view => view.clientHeight")
    explorers = explorers_on(page)  # all pictures are drawn anew for this width
    measured = explorers.evaluate_all(MEASURED)
    assert len(measured) == len(names)
    for one in measured:
        assert one["height"] <= view, f"{one['title']}: more than one view"
        assert one["controls_end"] <= one["picture_begins"], (
            f"{one['title']}: the picture wrapped below"
        )
        assert one["whole"], f"{one['title']}: cut off"
    for role in ("slider", "button"):
        heights = explorers.get_by_role(role).evaluate_all(HEIGHTS)
        assert len(heights) >= (len(names) if role == "button" else sliders_of(names))
        assert all(height >= 24 for height in heights), role
    assert page.locator(".snrilab-explorer :text('controls are asleep')").count() == len(measured)
    assert not page.locator(".snrilab-explorer :text('controls are asleep'):visible").count()


def darkness(explorer):
    return np.median(Image.open(io.BytesIO(explorer.locator("img").screenshot())).convert("L"))


CHANGE_THEME = "theme => window.jupyterapp.commands.execute('apputils:change-theme', { theme })"


@pytest.mark.parametrize("size", [LAPTOP, NARROW], ids=["1366", "1000"])
def test_it_fits_the_screen_and_axe_has_no_objection_on_light_and_dark_paper(opened, size):
    # Each size and each theme is drawn anew for all explorers: no more changes than are needed.
    opened.set_viewport_size(size)
    assert_in_view_together(opened, [*SHOWN, WELLS.name])
    themes = [("JupyterLab Light", False), ("JupyterLab Dark", True)]
    if opened.evaluate("() => document.body.dataset.jpThemeLight") == "false":
        themes.reverse()
    for theme, is_dark in themes:
        opened.evaluate(CHANGE_THEME, theme)
        first = explorers_on(opened).first
        first.scroll_into_view_if_needed()
        until = time.monotonic() + 60  # all explorers of the course wait for one kernel
        while (darkness(first) < 60) != is_dark and time.monotonic() < until:
            opened.wait_for_timeout(250)
        assert (darkness(first) < 60) == is_dark
        assert violations(opened, ".snrilab-explorer") == []
        assert violations(opened, "img.snrilab-on-light, img.snrilab-on-dark") == []
        light = opened.locator("img.snrilab-on-light").first
        assert light.is_visible() != is_dark
        assert opened.locator("img.snrilab-on-dark").first.is_visible() == is_dark


def test_axe_would_notice_an_explorer_without_names(opened):
    image = explorers_on(opened).first.locator("img")
    sentence = image.get_attribute("alt")
    image.evaluate("image => image.removeAttribute('alt')")
    assert "image-alt" in {rule["id"] for rule in violations(opened, ".snrilab-explorer")}
    image.evaluate("(image, sentence) => image.setAttribute('alt', sentence)", sentence)


@pytest.fixture
def at_200_percent(at_laptop):
    """The page of a laptop's size with everything shown at twice the size."""
    whole = at_laptop.context.new_cdp_session(at_laptop)
    half = {"width": 683, "height": 384, "deviceScaleFactor": 2, "mobile": False}
    whole.send("Emulation.setDeviceMetricsOverride", half)
    yield at_laptop
    whole.send("Emulation.clearDeviceMetricsOverride")
    whole.detach()
    at_laptop.set_viewport_size(NARROW)  # else the size is taken for what it was before


SHARP_AND_WHOLE = """explorer => {
    const image = explorer.querySelector("img");
    return Math.abs(image.naturalWidth / image.clientWidth - 2) <= 0.1
        && explorer.scrollWidth <= explorer.clientWidth;
}"""


def test_at_200_percent_nothing_is_cut_off_and_the_picture_is_sharp(at_200_percent, lab):
    page = at_200_percent
    open_notebook(page, lab, "again.ipynb")
    run_all(page)
    assert page.evaluate("[innerWidth, innerHeight, devicePixelRatio]") == [683, 384, 2]
    # JupyterLab may lay the page out once more; then the picture is drawn anew for the new width.
    page.wait_for_function(
        SHARP_AND_WHOLE,
        arg=explorers_on(page).first.element_handle(),
        timeout=30_000,
        polling=ASK_EVERY,
    )


LABELS = """explorers => explorers.flatMap((explorer) =>
    [...explorer.querySelectorAll(".snrilab-control")].map((row) => {
        const input = row.querySelector(".snrilab-slider, select, [type=checkbox]");
        const label = row.querySelector("label");
        label.click();
        return [document.querySelectorAll(`[id="${input.id}"]`).length,
            input.labels.length, input.labels[0] === label,
            document.activeElement === input];
    }))"""


@pytest.fixture
def at_laptop(tab):
    """The page that notebooks are opened in by turns, at a laptop's size."""
    tab.set_viewport_size(LAPTOP)
    return tab


def test_a_label_leads_to_its_own_control_when_an_explorer_is_shown_twice_and_run_again(
    at_laptop, lab
):
    page = at_laptop
    open_notebook(page, lab, "twice.ipynb")
    for _ in range(2):
        run_all(page)
        found = explorers_on(page)
        assert found.count() == 3
        told = found.evaluate_all(LABELS)
        assert len(told) == 10
        assert all(each == [1, 1, True, True] for each in told), told
        assert page.get_by_role("slider", name="Radioligand Kd (nM)", exact=True).count() == 3
        assert page.get_by_role("slider", name="", exact=True).count() == 0


def test_in_notebook_7_an_arrow_key_moves_the_slider_and_not_the_cell(page, lab):
    pytest.importorskip("notebook", reason="Notebook 7 comes with nbgrader only")
    page.goto(f"{lab.address}/notebooks/again.ipynb?token={lab.token}")
    page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=60_000)
    page.wait_for_timeout(3000)
    page.locator(".jp-CodeCell .cm-content").first.click()
    page.keyboard.press("Shift+Enter")
    explorer = explorers_on(page).first
    slider = explorer.get_by_role("slider").first
    slider.focus()
    active = page.locator(".jp-Cell.jp-mod-active").get_attribute("data-windowed-list-index")
    press_and_wait(page, explorer, "ArrowUp")
    press_and_wait(page, explorer, "ArrowDown")
    assert slider.evaluate("element => element === document.activeElement")
    assert (
        page.locator(".jp-Cell.jp-mod-active").get_attribute("data-windowed-list-index") == active
    )


def test_a_broken_drawing_says_so_on_the_page_and_recovers(at_laptop, lab):
    page = at_laptop
    open_notebook(page, lab, "broken.ipynb")
    run_all(page)
    explorer = explorers_on(page).first
    said = explorer.locator(".snrilab-reading")
    explorer.get_by_role("slider").focus()
    page.keyboard.press("ArrowRight")
    said.filter(has_text="ZeroDivisionError").wait_for(timeout=10_000)
    assert "could not be drawn" in said.inner_text()
    page.keyboard.press("ArrowRight")
    said.filter(has_text="One part of it is 1.").wait_for(timeout=10_000)


def test_a_notebook_opened_again_shows_the_last_picture_and_how_to_wake_it(at_laptop, lab):
    page = at_laptop
    open_notebook(page, lab, "again.ipynb")
    run_all(page)
    reading = explorers_on(page).first.locator(".snrilab-reading").inner_text()
    assert not page.get_by_text("controls are asleep").is_visible()
    page.evaluate("() => window.jupyterapp.commands.execute('docmanager:save')")
    page.wait_for_function("() => !window.jupyterapp.shell.currentWidget.context.model.dirty")
    page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.shutdown()")

    page.goto("about:blank")  # JupyterLab has to be loaded again
    open_notebook(page, lab, "again.ipynb")
    explorer = page.locator(".snrilab-explorer").first
    explorer.locator("img").wait_for(timeout=30_000)
    assert explorer.locator(".snrilab-reading").inner_text() == reading
    assert explorer.locator("img").evaluate("image => image.naturalWidth") > 300
    page.get_by_text("The controls are asleep: run all cells").wait_for(timeout=15_000)
    assert page.get_by_text("Error displaying widget").count() == 0
    assert page.locator(".Toastify__toast").count() == 0, "a page just loaded asks for something"


def test_after_a_restart_explorer_and_question_say_that_they_are_asleep(at_laptop, lab):
    page = at_laptop
    open_notebook(page, lab, "restarted.ipynb")
    run_all(page)
    explorers_on(page)
    page.get_by_role("radio").first.check()
    page.get_by_role("radio", name="certain").check()
    page.get_by_role("button", name="Check my answer").click()
    status = page.locator(".snrilab-status")
    status.filter(has_text=re.compile("Yes: |No: ")).wait_for(timeout=10_000)
    restart = "() => window.jupyterapp.shell.currentWidget.sessionContext.restartKernel()"
    page.evaluate(restart)
    page.get_by_text("The controls are asleep: run all cells").wait_for(timeout=15_000)
    status.filter(has_text="This question is asleep").wait_for(timeout=15_000)
    page.get_by_role("radio").nth(1).check()
    page.get_by_role("button", name="Check my answer").click()
    page.wait_for_timeout(5000)
    assert re.fullmatch("This question is asleep: run all cells .*", status.inner_text())
    run_all(page)
    assert explorers_on(page).count() == 1
    page.locator(":text('asleep'):visible").wait_for(state="detached", timeout=10_000)


WIDTHS = "found => found.map((one) => [one.scrollWidth, one.clientWidth])"


@pytest.mark.parametrize("name", [name for name, calls in LESSONS.items() if calls])
def test_a_lesson_shows_explorers_alive_without_objections_of_axe_and_all_code_whole(
    tab, lab, name
):
    """Of dark paper and its sizes the explorers of all kinds tell (`opened`): it is style alone."""
    page = tab
    names = [f"lesson{name[:2]}/{call}" for call in LESSONS[name]]
    close_all(page)  # the lesson before would draw all its explorers anew
    page.set_viewport_size(LAPTOP)
    open_notebook(page, lab, f"course/{name}")
    run_all(page)
    assert cell_errors(page) == []
    found = explorers_on(page)
    assert found.count() == len(names)
    for index in range(found.count()):
        assert_alive(page, found.nth(index))
    assert_in_view_together(page, names)
    assert violations(page, ".snrilab-explorer") == []
    page.set_viewport_size(NARROW)
    assert_in_view_together(page, names)
    lines = page.locator(".jp-CodeCell .cm-scroller").evaluate_all(WIDTHS)
    assert len(lines) == len(CODE[name])
    assert [one for one in lines if one[0] > one[1]] == [], "a line of code is cut off"
