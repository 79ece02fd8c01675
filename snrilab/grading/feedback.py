"""What a student gets back: work, points, reasons; no hidden test, nothing active.

Runs in nbgrader's own process.
"""

from __future__ import annotations

import contextlib
import html
import re
import secrets
from pathlib import Path
from typing import Any

from nbconvert.exporters import HTMLExporter
from nbconvert.preprocessors import Preprocessor
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Unicode

from snrilab.grading import clean
from snrilab.grading.equations import with_mathml
from snrilab.grading.rubric import RubricError, explained, read_marks

POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; "
    "base-uri 'none'; form-action 'none'"
)
REPLACED = "# [hidden tests]"
_BLOCKS = (
    (re.compile(r"(?ms)^[^\n]*BEGIN HIDDEN TESTS.*?(?:END HIDDEN TESTS[^\n]*|\Z)"), REPLACED),
    (re.compile(r"(?ms)^[^\n]*BEGIN MARK SCHEME.*?(?:END MARK SCHEME[^\n]*|\Z)"), ""),
)


def redact(source: str) -> str:
    r"""Return a cell's text without its hidden tests and mark scheme.

    Examples
    --------
    >>> redact("assert f(1) == 2\n### BEGIN HIDDEN TESTS\nassert f(7) == 14\n### END HIDDEN TESTS")
    'assert f(1) == 2\n# [hidden tests]'
    """
    for pattern, instead in _BLOCKS:
        source = pattern.sub(instead, source)
    return source


def before_feedback(assignment: str, student: str, notebooks: list[str]) -> None:  # noqa: ARG001
    """Put what `nbgrader release_feedback` needs beside a graded notebook.

    nbgrader calls this as its `pre_convert_hook`, however the notebook was graded. The secret that
    names a student's page comes with a submission through the exchange; work that came in another
    way gets one here.
    """
    from snrilab.grading.autograde import submitted_folder
    from snrilab.grading.reading import SMALL_FILE, UnreadableError, read_file

    if not notebooks:
        return
    folder = Path(notebooks[0]).parent
    time, secret = folder / "timestamp.txt", folder / "submission_secret.txt"
    if not time.exists():
        time.write_text("")
    if secret.exists():
        return
    text = ""
    with contextlib.suppress(UnreadableError, OSError, ValueError):
        text = read_file(submitted_folder(folder) / secret.name, SMALL_FILE).decode("ascii").strip()
    secret.write_text(text if re.fullmatch(r"[0-9A-Za-z_-]{32,}", text) else secrets.token_hex(64))
    secret.chmod(0o600)


class Redact(NbGraderPreprocessor):  # type: ignore[misc]
    """Take hidden tests out of a graded notebook, and make outputs harmless once more."""

    def preprocess_cell(self, cell: Any, resources: Any, _: int) -> tuple[Any, Any]:
        """Redact one cell."""
        from nbformat import from_dict

        secret = redact(cell.source) != cell.source
        cell.source = redact(cell.source)
        if cell.cell_type == "code":
            outputs = clean.outputs([dict(output) for output in cell.outputs])
            for output in outputs if secret else []:
                if output["output_type"] == "error":
                    output["traceback"] = [f"{output['ename']}: {output['evalue']}"]
            cell.outputs = [from_dict(output) for output in outputs]
        kept = clean.attachments(cell.pop("attachments", None))
        if kept:
            cell["attachments"] = from_dict(kept)
        return cell, resources


class Given(NbGraderPreprocessor):  # type: ignore[misc]
    """Say what the points of an answer in words are for, where they were given by items."""

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """Put the items that were given before the comment on each answer."""
        names = resources["nbgrader"]
        marks: dict[str, Any] = {"given": {}}
        try:
            marks = read_marks(Path.cwd(), names["assignment"])
        except RubricError as error:
            self.log.warning("%s", error)
        for cell in nb.cells:
            mark = cell.metadata.get("nbgrader", {})
            question = f"{names['notebook']}/{mark.get('grade_id')}"
            items = explained(marks, question, names["student"], mark.get("score"))
            lines = [
                f"- {points:g} of {most:g} points: {words}" if most else f"- {points:+g}: {words}"
                for points, most, words in items
            ]
            given = "\n".join(["Points by item:", "", *lines]) if lines else ""
            comment = "\n\n".join(filter(None, [given, mark.get("comment")]))
            if comment:  # equations of the notebook were done before its comments were known
                mark["comment"] = with_mathml(comment)
        return nb, resources


class Equations(Preprocessor):  # type: ignore[misc]
    """Turn the equations of text into MathML, in feedback and on formgrader's pages."""

    def preprocess_cell(self, cell: Any, resources: Any, _: int) -> tuple[Any, Any]:
        """Turn those of one cell, and of the comments on it."""
        if cell.cell_type == "markdown":
            cell.source = with_mathml(cell.source)
        mark = cell.metadata.get("nbgrader", {})
        if mark.get("comment"):
            mark["comment"] = with_mathml(mark["comment"])
        return cell, resources


_LATE = re.compile(r"Late submission penalty \(Score: [^)]*\)")


class FeedbackExporter(HTMLExporter):  # type: ignore[misc]
    """nbgrader's feedback page without scripts and with a strict content security policy."""

    late_words = Unicode("", help="What lateness costs, in words.").tag(config=True)

    def from_notebook_node(self, nb: Any, resources: Any = None, **kw: Any) -> tuple[str, Any]:
        """Render and harden."""
        self.sanitize_html = True
        late = self.late_words
        names = contents(nb.cells)
        page, resources = super().from_notebook_node(nb, resources=resources, **kw)
        page = _LATE.sub(lambda found: f"{found[0]}: {html.escape(late)}", page) if late else page
        return harden(named(page, names)), resources


def contents(cells: list[Any]) -> dict[str, str]:
    """Return what each graded cell is about: the heading above it, and which of its cells it is.

    Parameters
    ----------
    cells : list
        Cells of a graded notebook.

    Returns
    -------
    dict
        grade_id to words.
    """
    found: dict[str, str] = {}
    heading = ""
    for cell in cells:
        if cell.cell_type == "markdown":
            lines = re.findall(r"(?m)^#{1,6}\s+(.+?)\s*#*$", cell.source)
            heading = re.sub(r"[*_`$]|<[^>]*>", "", lines[-1])[:80] if lines else heading
        mark = cell.metadata.get("nbgrader", {})
        if not (mark.get("grade") or mark.get("task")):
            continue
        kind = "answer in your own words"
        if cell.cell_type == "code" and not mark.get("solution"):
            hides = redact(cell.source) != cell.source or REPLACED in cell.source
            kind = "tests that you cannot see" if hides else "tests that you can see"
        elif cell.cell_type == "code":
            kind = "your code"
        name = str(mark.get("grade_id", ""))
        found[name] = f"{heading}: {name}, {kind}" if heading else f"{name}, {kind}"
    return found


_ENTRY = re.compile(
    r'(<li><a href="#(?P<id>[^"]*)">)(Test cell|Coding free-response|Written response|Task)(</a>)'
)


def named(page: str, names: dict[str, str]) -> str:
    """Return a page whose list of contents says what each entry is about."""

    def entry(found: re.Match[str]) -> str:
        words = names.get(html.unescape(found["id"]), found[3])
        return f"{found[1]}{html.escape(words)}{found[4]}"

    return _ENTRY.sub(entry, page)


def harden(page: str) -> str:
    """Return a page that runs nothing and loads nothing, whatever is in it.

    Examples
    --------
    >>> harden("<html><head></head><body><script>alert(1)</script>Ki</body></html>")[:40]
    '<html><head><meta http-equiv="Content-Se'
    """
    page = re.sub(r"(?is)<script\b.*?(</script\s*>|\Z)", "", page)
    page = re.sub(r"(?is)<(link|base|iframe|object|embed|form)\b[^>]*>", "", page)
    policy = f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
    return re.sub(r"(?i)<head[^>]*>", lambda head: head.group() + policy, page, count=1)
