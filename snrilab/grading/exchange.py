"""Feedback by nbgrader's exchange, also for a notebook that its student has renamed.

Runs in nbgrader's own process.

A page lies in the exchange under a fingerprint of the submission's secret and the notebook's name,
and `nbgrader fetch_feedback` asks by the names of the files that were submitted. Work under another
name is graded here; its page is laid under that name as well.
"""

from __future__ import annotations

import glob
import re
from pathlib import Path
from typing import TYPE_CHECKING

from nbgrader.exchange.default import ExchangeReleaseFeedback
from nbgrader.utils import notebook_hash

from snrilab.grading.folders import is_like

if TYPE_CHECKING:
    from collections.abc import Iterator


class ReleaseFeedback(ExchangeReleaseFeedback):  # type: ignore[misc]
    """nbgrader's release of feedback, and each page also under the student's own names for it."""

    def copy_files(self) -> None:
        """Lay the pages into the exchange."""
        super().copy_files()
        course, name = self.coursedir, self.coursedir.assignment_id
        named = re.compile(
            course.format_path(course.feedback_directory, "(?P<student>.*)", name, escape=True)
        )
        excluded = set(str(course.student_id_exclude).split(","))
        for folder in map(Path, sorted(glob.glob(self.src_path))):  # noqa: PTH207 -- nbgrader's own
            found = named.fullmatch(str(folder))
            if found is None or found["student"] in excluded:
                continue
            secret = (folder / "submission_secret.txt").read_text()
            submitted = course.format_path(course.submitted_directory, found["student"], name)
            for page, other in other_names(folder, Path(submitted)):
                mark = notebook_hash(secret=secret, notebook_id=other)
                new = Path(self.dest_path) / f"{mark}-tmp.html"
                new.write_bytes(page.read_bytes())
                new.replace(new.with_name(f"{mark}.html"))
                self.log.info("Feedback released under the name %s, too", other)


def other_names(pages: Path, submitted: Path) -> Iterator[tuple[Path, str]]:
    """Give each page with the other names that its notebook was handed in under.

    Parameters
    ----------
    pages : Path
        A student's feedback.
    submitted : Path
        What this student has handed in.
    """
    known = {page.stem: page for page in sorted(pages.glob("*.html"))}
    files = sorted(submitted.glob("*.ipynb")) if submitted.is_dir() else []
    for path in files:
        if path.stem in known or path.is_symlink():
            continue
        like = [name for name in known if is_like(path, name)] or list(known)
        if len(like) == 1:
            yield known[like[0]], path.stem
