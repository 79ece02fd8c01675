"""What a student gets back: work, points, reasons; no hidden test, nothing active."""

from __future__ import annotations

import re
from typing import Any

from nbconvert.exporters import HTMLExporter
from nbgrader.preprocessors import NbGraderPreprocessor

from snrilab.grading import clean

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


class FeedbackExporter(HTMLExporter):  # type: ignore[misc]
    """nbgrader's feedback page without scripts and with a strict content security policy."""

    def from_notebook_node(self, nb: Any, resources: Any = None, **kw: Any) -> tuple[str, Any]:
        """Render and harden."""
        self.sanitize_html = True
        page, resources = super().from_notebook_node(nb, resources=resources, **kw)
        return harden(page), resources


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
