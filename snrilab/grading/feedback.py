"""What a student gets back: work, points, reasons; no hidden test, nothing active.

Runs in nbgrader's own process.
"""

from __future__ import annotations

import contextlib
import html
import re
import secrets
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import BytecodeCache
from nbconvert.exporters import HTMLExporter
from nbconvert.preprocessors import Preprocessor
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Float, Unicode

from snrilab.grading import clean
from snrilab.grading.course import kept_zone
from snrilab.grading.equations import with_mathml
from snrilab.grading.export import UNREAD
from snrilab.grading.feedback_basis import MARK, Basis, basis_of
from snrilab.grading.rubric import RubricError, explained, read_marks
from snrilab.grading.times import read_replies, time_is_unknown

if TYPE_CHECKING:
    from datetime import tzinfo

    from jinja2.bccache import Bucket

POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; "
    "base-uri 'none'; form-action 'none'"
)
REPLACED = "# [hidden tests]"
NOT_READ = "no machine could read an answer here: see the top of this page"
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
_LIST = re.compile(r"(?s)(<div id=\"toc\">.*?)(</ol>)")


class _Compiled(BytecodeCache):
    """Templates of pages, compiled once for all pages of a process."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take what was compiled of the same text."""
        if found := self._kept.get((bucket.key, bucket.checksum)):
            bucket.bytecode_from_string(found)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        self._kept[bucket.key, bucket.checksum] = bucket.bytecode_to_string()


_COMPILED = _Compiled()


class FeedbackExporter(HTMLExporter):  # type: ignore[misc]
    """nbgrader's feedback page without scripts and with a strict content security policy."""

    late_words = Unicode("", help="What lateness costs, in words.").tag(config=True)
    grace_min = Float(0.0, help="Minutes in which work is not late.").tag(config=True)

    def _create_environment(self) -> Any:
        """Return what renders templates, without compiling each of them for every page."""
        environment = super()._create_environment()
        environment.bytecode_cache = _COMPILED
        return environment

    def from_notebook_node(self, nb: Any, resources: Any = None, **kw: Any) -> tuple[str, Any]:
        """Render and harden."""
        self.sanitize_html = True
        names = contents(nb.cells)
        whose = (resources or {}).get("nbgrader", {})
        basis = _basis(whose, self.late_words)
        if whose.get("notebook") in (basis.unread or {}):
            without_answers(nb.cells)
        page, resources = super().from_notebook_node(nb, resources=resources, **kw)
        found = _dates(whose)
        dates = dates_in_words(
            **found,
            zone=kept_zone(Path.cwd()),
            grace=timedelta(minutes=self.grace_min),
            unknown=_is_unknown(whose, found["handed_in"]),
        )
        page = with_lateness(page, self.late_words, dates)
        page = with_basis(harden(named(page, names)), basis, str(whose.get("notebook", "")))
        return page, resources


def _dates(names: Any) -> dict[str, Any]:
    """Return due date, extension and time of a submission, as the gradebook has them."""
    from nbgrader.api import Gradebook, MissingEntry

    found: dict[str, Any] = {"due": None, "extension": None, "handed_in": None}
    if not {"db_url", "assignment", "student"} <= names.keys():
        return found
    with contextlib.suppress(MissingEntry), Gradebook(names["db_url"]) as gradebook:
        own = gradebook.find_submission(names["assignment"], names["student"])
        found = {
            "due": own.assignment.duedate, "extension": own.extension, "handed_in": own.timestamp
        }  # fmt: skip
    return found


def _is_unknown(names: Any, handed_in: datetime | None) -> bool:
    """Whether the platform did not say how late the work on this page came."""
    if handed_in is None:
        return False
    replies = read_replies(Path.cwd(), names["assignment"])
    return time_is_unknown(replies, names["student"], handed_in)


def _basis(names: Any, late_words: str) -> Basis:
    """Return what the gradebook says of the work on this page, with this notebook's cells."""
    from nbgrader.api import Gradebook

    if not {"db_url", "assignment", "student", "notebook"} <= names.keys():
        return Basis()
    with Gradebook(names["db_url"]) as gradebook:
        return basis_of(gradebook, Path.cwd(), names["assignment"], names["student"], late_words)


def without_answers(cells: list[Any]) -> None:
    """Take out of a notebook that no machine has filled what would be taken for answers."""
    for cell in cells:
        mark = cell.metadata.get("nbgrader", {})
        if mark.get("solution") or mark.get("task"):
            comment = "# " if cell.cell_type == "code" else ""
            asked = [cell.source] if mark.get("task") else []
            cell.source = "\n\n".join([*asked, f"{comment}[{NOT_READ}]"])
        if cell.cell_type == "code":
            cell.outputs = []


def with_basis(page: str, basis: Basis, notebook: str = "") -> str:
    """Return a page that says first what is not final in it, and carries what it was made from.

    Parameters
    ----------
    page : str
        The page.
    basis : Basis
        What the gradebook says of the work.
    notebook : str
        Which part of the work this page shows.
    """
    if basis.digest:
        mark = f'<meta name="{MARK}" content="{basis.digest}">'
        page = re.sub(r"(?i)<head[^>]*>", lambda head: head.group() + mark, page, count=1)
    said = " ".join(filter(None, (basis.by_hand(notebook), basis.note)))
    if not said:
        return page
    if basis.status == UNREAD:  # nothing on it was judged
        page = re.sub(r"Score: 0\.0 / ([\d.]+)", r"no points yet, of \1", page)
    for cell in basis.waiting or {}:
        place = re.escape(html.escape(cell.partition("/")[2]))
        score, waits = r"Score: [\d.]+ / ([\d.]+)", r"\1waits for a mark, of \2"
        page = re.sub(rf'(<a href="#{place}">[^<]*</a> \(){score}', waits, page)
        page = re.sub(rf'(?s)(<a name="{place}"></a>.{{0,400}}?){score}', waits, page, count=1)
    note = f'<p role="note"><strong>{html.escape(said)}</strong></p>'
    return re.sub(r'<div id="toc">', lambda toc: note + toc.group(), page, count=1)


def dates_in_words(
    due: datetime | None,
    extension: timedelta | None,
    handed_in: datetime | None,
    zone: tzinfo | None = None,
    *,
    grace: timedelta = timedelta(),
    unknown: bool = False,
) -> str:
    """Say until when somebody had time, and how late the work came; empty where nothing is to say.

    Parameters
    ----------
    due, handed_in : datetime or None
        In UTC, without zone, as nbgrader keeps times.
    extension : timedelta or None
        More time that this student was given.
    zone : tzinfo, optional
        The reader's; this machine's where it is None.
    grace : timedelta
        For so long after the due date work is not late.
    unknown : bool
        Whether the platform said that it came late, and not when: `handed_in` is nobody's time.

    Examples
    --------
    >>> due, came = datetime(2026, 11, 20, 12), datetime(2026, 11, 23, 14, 30)
    >>> print(dates_in_words(due, timedelta(days=2), came, UTC))
    due 2026-11-22 12:00 UTC (your extension of 2 days counted), handed in 2026-11-23 14:30 UTC,
    1 day 2 hours 30 minutes late
    >>> dates_in_words(due, None, due, UTC)
    ''
    >>> dates_in_words(due, None, came, UTC, grace=timedelta(days=4))
    ''
    >>> dates_in_words(due, None, came, UTC, unknown=True)
    'due 2026-11-20 12:00 UTC, handed in late; your platform did not say how late'
    """
    if due is None or handed_in is None:
        return ""
    own = due + (extension or timedelta())
    unknown = unknown and (handed_in > own or not extension)
    in_time = handed_in <= own + grace and not unknown
    if in_time and not extension:
        return ""

    def local(moment: datetime) -> str:
        there = moment.replace(tzinfo=UTC).astimezone(zone)
        return f"{there:%Y-%m-%d %H:%M} {there.tzname()}"

    counted = f" (your extension of {_span(extension)} counted)" if extension else ""
    if unknown:
        return f"due {local(own)}{counted}, handed in late; your platform did not say how late"
    late = "in time" if in_time else f"{_span(handed_in - own)} late"
    return f"due {local(own)}{counted}, handed in {local(handed_in)}, {late}"


def _span(time: timedelta) -> str:
    minutes = max(1, round(abs(time.total_seconds()) / 60))
    days, rest = divmod(minutes, 1440)
    parts = ((days, "day"), (rest // 60, "hour"), (rest % 60, "minute"))
    said = " ".join(f"{n} {unit}{'s' * (n > 1)}" for n, unit in parts if n)
    return said if time >= timedelta() else f"minus {said}"


def with_lateness(page: str, rule: str, dates: str) -> str:
    """Return a page that says what lateness cost and why, or that an extension was kept.

    Parameters
    ----------
    page : str
        nbgrader's feedback page.
    rule : str
        What lateness costs, in words; may be empty.
    dates : str
        From `dates_in_words`; may be empty.
    """
    words = html.escape("; ".join(filter(None, (rule, dates))))
    if _LATE.search(page):
        return _LATE.sub(lambda found: f"{found[0]}: {words}", page) if words else page
    if not dates:
        return page
    said = f"<li>{html.escape(dates[0].upper() + dates[1:])}</li>"
    return _LIST.sub(lambda found: f"{found[1]}{said}{found[2]}", page, count=1)


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


_COMMENT = re.compile(r'(<li><a href="#comment-(?P<id>[^"]*)">)Comment(</a>)')


def named(page: str, names: dict[str, str]) -> str:
    """Return a page whose list of contents says what each entry is about."""

    def entry(found: re.Match[str]) -> str:
        words = names.get(html.unescape(found["id"]), found[3])
        return f"{found[1]}{html.escape(words)}{found[4]}"

    def comment(found: re.Match[str]) -> str:
        words = names.get(html.unescape(found["id"]), "")
        return f"{found[1]}Comment on {html.escape(words)}{found[3]}" if words else found[0]

    return _COMMENT.sub(comment, _ENTRY.sub(entry, page))


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
