"""Check that what the course needs is installed and works, and find the course."""

from __future__ import annotations

import importlib.metadata
import platform
import sys
from dataclasses import dataclass
from pathlib import Path

from snrilab import _html

__all__ = ["SetupReport", "check_setup", "course_folder"]

_NEEDED = {  # distribution: what a learner misses without it
    "numpy": "all calculations",
    "scipy": "fits",
    "matplotlib": "figures",
    "ipywidgets": "sliders",
    "anywidget": "names for sliders and figures that screen readers can read",
    "jupyterlab": "the course itself: pip install '.[lab]' in a clone",
}


@dataclass(frozen=True)
class SetupReport:
    """What was checked: (part, found, in order) for each part.

    Parameters
    ----------
    rows : tuple of (str, str, bool)
        Part, what was found, and whether that is enough.

    Examples
    --------
    >>> SetupReport((("Python", "3.12.1", True),)).ready
    True
    """

    rows: tuple[tuple[str, str, bool], ...]

    @property
    def ready(self) -> bool:
        """Whether every part is in order."""
        return all(in_order for _, _, in_order in self.rows)

    @property
    def verdict(self) -> str:
        """One sentence: ready, or what is missing."""
        if self.ready:
            return "Everything the course needs is here."
        lacking = ", ".join(part for part, _, in_order in self.rows if not in_order)
        return f"Not ready yet: {lacking}. The README says how to set up."

    def __str__(self) -> str:
        lines = [
            f"{'ok     ' if ok else 'MISSING'}  {part}: {found}" for part, found, ok in self.rows
        ]
        return "\n".join([*lines, self.verdict])

    def _repr_html_(self) -> str:
        cells = [(part, found, "ok" if ok else "missing") for part, found, ok in self.rows]
        return _html.table(self.verdict, ("Part", "Found", "Verdict"), cells)


def check_setup() -> SetupReport:
    """Check Python, the packages and one real calculation.

    Returns
    -------
    SetupReport
        A table in Jupyter, lines of text elsewhere; ``.ready`` says whether all is in order.

    Examples
    --------
    >>> check_setup().rows[0][0]
    'Python'
    """
    rows = [("Python", platform.python_version(), sys.version_info >= (3, 11))]
    for distribution, purpose in _NEEDED.items():
        if distribution == "jupyterlab" and sys.platform == "emscripten":
            continue  # in a browser the page itself is JupyterLab
        try:
            rows.append((distribution, importlib.metadata.version(distribution), True))
        except importlib.metadata.PackageNotFoundError:
            rows.append((distribution, f"not installed; needed for {purpose}", False))
    rows.append(_one_calculation())
    return SetupReport(tuple(rows))


def _one_calculation() -> tuple[str, str, bool]:
    """Compute a value that is known by algebra: at the Kd, half the sites are occupied."""
    from snrilab import binding

    bound = float(binding.saturation(2.5, 100.0, 2.5))
    return (
        "a calculation",
        f"a radioligand at its Kd fills {bound:.0f} of 100 sites (50 expected)",
        abs(bound - 50.0) < 1e-9,
    )


def course_folder() -> Path:
    """Return the folder with the lessons as they are handed out.

    That is ``course/`` below the working folder, ``course/`` beside the package in a clone, or the
    copy that came with an installed package.

    Returns
    -------
    pathlib.Path
        The folder that holds ``00_start.ipynb``.

    Raises
    ------
    FileNotFoundError
        When none of these places has the course; the message says where it was looked for.

    Examples
    --------
    >>> course_folder().name
    'course'
    """
    places = [
        Path.cwd() / "course",
        Path(__file__).resolve().parent.parent / "course",
        Path(sys.prefix) / "share" / "snrilab" / "course",
    ]
    for place in places:
        if (place / "00_start.ipynb").is_file():
            return place
    looked = ", ".join(str(place) for place in places)
    raise FileNotFoundError(
        f"No course found: looked for 00_start.ipynb in {looked}. "
        "Run this inside a clone of the project, where the folder course/ is."
    )
