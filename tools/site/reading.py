"""Build the reading pages with Sphinx; what it warns of is an error."""

from __future__ import annotations

import io
import shutil
from typing import TYPE_CHECKING

from tools.site.pages import write_pages

if TYPE_CHECKING:
    from pathlib import Path


def build(out: Path, work: Path, *, lab: bool, processes: int = 1) -> int:
    """Build the pages.

    Parameters
    ----------
    out : pathlib.Path
        The site's folder.
    work : pathlib.Path
        Where the sources and what is kept between two builds lie.
    lab : bool
        Whether the pages lead to a laboratory beside them.
    processes : int, default 1
        How many pages are read and written at once.

    Returns
    -------
    int
        How many pages were made.
    """
    from sphinx.application import Sphinx
    from sphinx.util.docutils import docutils_namespace, patch_docutils

    source = work / "pages"
    write_pages(source, work / "lessons", lab=lab)
    said = io.StringIO()
    with patch_docutils(), docutils_namespace():
        app = Sphinx(
            str(source), str(source), str(work / "html"), str(work / "doctrees"), "html",
            status=None, warning=said, parallel=processes,
        )  # fmt: skip
        app.build()
    warnings = said.getvalue().strip()
    if warnings:
        shutil.rmtree(work / "doctrees")  # a page that was warned of is read again
        raise RuntimeError(f"Sphinx warns:\n{warnings}")
    shutil.copytree(work / "html", out, dirs_exist_ok=True)
    (out / ".nojekyll").touch()  # else a host may leave out what begins with an underscore
    return len(list((work / "html").rglob("*.html")))
