"""Sliders: from key press to new picture in Chromium, against ipywidgets' `interactive_output`."""

from __future__ import annotations

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
MEASURE = """
([root, key]) => new Promise((done, failed) => {
    const target = document.querySelector(root);
    const started = performance.now();
    const late = setTimeout(() => failed(new Error("no new picture in 10 s")), 10000);
    const watcher = new MutationObserver(() => {
        const image = target.querySelector("img");
        if (!image || image.src === before) return;
        watcher.disconnect();
        clearTimeout(late);
        image.decode().then(() => requestAnimationFrame(() => done(performance.now() - started)));
    });
    const before = target.querySelector("img").src;
    watcher.observe(target, { subtree: true, childList: true, attributes: true });
    document.activeElement.dispatchEvent(
        new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
})
"""


def _times(page: Any, root: str, handle: Any) -> list[float]:
    """Seconds from key press to picture for `STEPS` steps, half up and half down."""
    handle.focus()
    keys = ["ArrowRight"] * (STEPS // 2) + ["ArrowLeft"] * (STEPS // 2)
    page.evaluate(MEASURE, [root, "ArrowRight"])  # warm-up
    times = []
    for key in keys:
        page.wait_for_timeout(60)  # let the messages of the last step settle
        times.append(page.evaluate(MEASURE, [root, key]) / 1000)
    return times


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

    cells = [f"from snrilab import explore\nexplore.{name}()" for name in names]
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
            for index, name in enumerate(names):
                page.evaluate(
                    "([i, name]) => document.querySelectorAll('.snrilab-explorer')[i].id = name",
                    [index, name],
                )
                handle = page.locator(f"#{name} .noUi-handle").first
                times[name] = _times(page, f"#{name}", handle)
            times["peer"] = _times(page, ".peer", page.locator(".noUi-handle").last)
    return times


def run() -> None:
    """Print the time in the kernel and, where Chromium is installed, on the screen."""
    from snrilab import explore

    makers = explore.all_explorers()
    rows = []
    for name, make in makers.items():
        explorer = make()
        slider = next(iter(explorer.sliders.values()))

        def step(slider: Any = slider) -> None:
            slider.value = (slider.value + 1) % slider.max

        rows.append((f"explore.{name}", seconds(step, 32), "-", float("nan"), "kernel only"))
    table("One step of an explorer, in the kernel", rows)
    if shutil.which("chromium") is None and shutil.which("chromium-browser") is None:
        print("Chromium is not installed: no times on the screen.")
        return
    times = _in_browser(list(makers))
    peer = times.pop("peer")
    for title, pick in (("median", median), ("95th percentile", _percentile_95)):
        table(
            f"Key press to new picture in Chromium, {title} of {STEPS} steps",
            [
                (f"explore.{name}", pick(own), "interactive_output", pick(peer), BAR)
                for name, own in times.items()
            ],
        )
