"""Sliders: from key press to new picture in Chromium, against ipywidgets' `interactive_output`."""

from __future__ import annotations

import itertools
import shutil
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.timing import seconds, table

STEPS = 32
BAR = "bar 45 / 60 ms"

# The peer draws the same picture the usual way: a new pyplot figure at every change.
PEER = """
import ipywidgets, matplotlib.pyplot as plt, numpy as np
from IPython.display import display
from snrilab import binding

def draw(kd_nM):
    conc_nM = np.linspace(0, 20, 201)
    figure, axes = plt.subplots(figsize=(5.7, 3.9))
    specific = binding.saturation(conc_nM, 500, kd_nM)
    for y, line in ((specific + 15 * conc_nM, "k-"), (15 * conc_nM, ":"), (specific, "-")):
        axes.plot(conc_nM, y, line)
    axes.set(xlim=(0, 20), ylim=(0, 1500), xlabel="Free radioligand (nM)", ylabel="Bound")
    plt.show()

kd = ipywidgets.FloatSlider(value=2.5, min=0.2, max=20, step=0.1)
output = ipywidgets.interactive_output(draw, {"kd_nM": kd})
output.add_class("peer")
display(kd, output)
"""

# Measured inside the page: from the key event to the first frame after the new image is decoded.
WATCH = """
(root) => {
    const target = document.querySelector(root);
    const before = target.querySelector("img").src;
    let started = 0;
    const press = (event) => (started = event.timeStamp);
    window.addEventListener("keydown", press, { capture: true, once: true });
    window.shown = new Promise((done, failed) => {
        const late = setTimeout(() => failed(new Error("no new picture in 10 s")), 10000);
        const watcher = new MutationObserver(() => {
            const image = target.querySelector("img");
            if (!image || image.src === before) return;
            watcher.disconnect();
            clearTimeout(late);
            image.decode().then(() =>
                requestAnimationFrame(() => done(performance.now() - started)));
        });
        watcher.observe(target, { subtree: true, childList: true, attributes: true });
    });
}
"""


def _times(page: Any, root: str, handle: Any) -> list[float]:
    """Seconds from key press to picture for `STEPS` steps, half up and half down."""
    handle.focus()
    times = []
    for key in ["ArrowRight"] * (STEPS // 2 + 1) + ["ArrowLeft"] * (STEPS // 2):
        page.wait_for_timeout(60)  # let the messages of the last step settle
        page.evaluate(WATCH, root)
        page.keyboard.press(key)
        times.append(page.evaluate("() => window.shown") / 1000)
    return times[1:]  # the first warms up


def _percentile_95(times: list[float]) -> float:
    return sorted(times)[round(0.95 * (len(times) - 1))]


def _in_browser(names: list[str]) -> dict[str, list[float]]:
    import nbformat

    from tests.browser.lab import (
        SCREEN,
        cell_errors,
        open_notebook,
        run_all,
        running_browser,
        running_lab,
    )

    cells = [f"from snrilab import explore\nexplore.all_explorers()[{n!r}]()" for n in names]
    notebook = nbformat.v4.new_notebook()
    notebook.metadata.kernelspec = {
        "name": "python3",
        "display_name": "Python 3",
        "language": "python",
    }
    notebook.cells = [nbformat.v4.new_code_cell(source) for source in [*cells, PEER]]
    times = {}
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "notebooks"
        folder.mkdir()
        nbformat.write(notebook, folder / "explorers.ipynb")
        chromium = shutil.which("chromium") or shutil.which("chromium-browser")
        with running_lab(folder) as lab, running_browser(chromium) as browser:
            page = browser.new_page(viewport=SCREEN)
            open_notebook(page, lab, "explorers.ipynb")
            run_all(page)
            if errors := cell_errors(page):
                raise RuntimeError("; ".join(errors))
            page.wait_for_selector(".peer img")
            page.wait_for_timeout(2000)  # width and theme have been drawn for
            for index, name in enumerate(names):
                page.evaluate(
                    "i => document.querySelectorAll('.snrilab-explorer')[i].id = `explorer-${i}`",
                    index,
                )
                handle = page.locator(f"#explorer-{index}").get_by_role("slider").first
                times[name] = _times(page, f"#explorer-{index}", handle)
            times["peer"] = _times(page, ".peer", page.locator(".noUi-handle").last)
    return times


def run() -> None:
    """Print the time in the kernel and, where Chromium is installed, on the screen."""
    from snrilab import explore

    explorers = explore.all_explorers()
    rows = []
    for name, explorer in explorers.items():
        live = explorer()
        control = next(one for one in explorer.controls if isinstance(one, explore.Control))
        places = itertools.cycle(control.grid.tolist())

        def step(live: Any = live, name: str = control.name, places: Any = places) -> None:
            live.set(**{name: next(places)})

        rows.append((name, seconds(step, 32), "-", float("nan"), "kernel only"))
    table("One step of an explorer, in the kernel", rows)
    if shutil.which("chromium") is None and shutil.which("chromium-browser") is None:
        print("Chromium is not installed: no times on the screen.")
        return
    times = _in_browser(list(explorers))
    peer = times.pop("peer")
    for title, pick in (("median", median), ("95th percentile", _percentile_95)):
        table(
            f"Key press to new picture in Chromium, {title} of {STEPS} steps",
            [
                (name, pick(own), "interactive_output", pick(peer), BAR)
                for name, own in times.items()
            ],
        )
