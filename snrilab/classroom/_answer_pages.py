"""Students' answers as HTML for the marking page: as feedback shows them, and nothing active.

Runs in the coordinator. Of what a student wrote or drew, text, tables, equations and pictures come
through; no script, no style and no address that a browser would follow.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html import escape, unescape
from typing import TYPE_CHECKING, Any

from snrilab.classroom._unread import unread_work
from snrilab.grading import clean
from snrilab.grading.course import CourseError
from snrilab.grading.equations import with_mathml
from snrilab.grading.feedback import redact

if TYPE_CHECKING:
    from pathlib import Path

    from snrilab.classroom._questions import Question
    from snrilab.classroom._unread import Found
    from snrilab.grading.course import Course
    from snrilab.grading.template import Template

LARGE = 150 * 2**20
_HELD = "\ue010{}\ue011"
_EMBEDDED = re.compile(r"data:image/(?:png|jpeg);base64,([A-Za-z0-9+/=]+)")
_ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]|\ufffd?\[[0-9;]+m")


class Pictures:
    """Pictures of answers, kept in a folder while the page is open.

    Parameters
    ----------
    folder : Path
        A private folder.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def keep(self, data: str) -> str:
        """Keep a picture in base64; return its address on the page, nothing when it is none."""
        raw = base64.b64decode(data)
        kinds = {b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpg"}
        kind = next((kind for start, kind in kinds.items() if raw.startswith(start)), "")
        if not kind:
            return ""
        name = f"{hashlib.sha256(raw).hexdigest()[:40]}.{kind}"
        path = self.folder / name
        if not path.exists():
            path.write_bytes(raw)
        return f"picture/{name}"

    def read(self, name: str) -> bytes | None:
        """Return a picture that is kept under this name."""
        if not re.fullmatch(r"[0-9a-f]{40}\.(png|jpg)", name):
            return None
        path = self.folder / name
        return path.read_bytes() if path.is_file() else None


class AnswerPages:
    """Makes HTML of answers.

    Parameters
    ----------
    course : Course
        The course.
    assignment : str
        Name of the assignment.
    pictures : Pictures
        Where pictures are kept.
    """

    def __init__(self, course: Course, assignment: str, pictures: Pictures) -> None:
        self.course = course
        self.assignment = assignment
        self.pictures = pictures
        self._templates: list[Template] | None = None
        self._made: dict[tuple[str, str], tuple[tuple[int, int], str]] = {}

    def answer(self, question: Question, student: str, note: str = "") -> str:
        """Return one answer: the cell, and cells of the student's own around it.

        The student's id is blanked where it is written: the page shows answers under pseudonyms.

        Parameters
        ----------
        question : Question
            What is answered.
        student : str
            Who answers.
        note : str
            Why it waits for a person, where that is more than to be read: then all is shown that
            was handed in and did not come into its place.
        """
        return _nameless(self._answer(question, student, note), student)

    def _answer(self, question: Question, student: str, note: str) -> str:
        if note:
            found = self._unread(question.notebook, student, question.commented)
            if found:
                return "\n".join(map(self._found, found))
        path = self._path(question.notebook, student)
        try:
            facts = path.stat()
        except OSError:
            return (
                "<p class='nothing'>There is no graded notebook: it was not read, or is gone.</p>"
            )
        stamp = facts.st_mtime_ns, facts.st_size
        known = self._made.get((question.key, student))
        if known is None or known[0] != stamp:
            cells = self._cells(path)
            near = _around(cells, question)
            made = "\n".join(self._cell(cell) for cell in near)
            made = made or "<p class='nothing'>Nothing is written here.</p>"
            far = [c for c in cells if note and _is_own(c, question) and c not in near]
            if far:
                made += "\n<h4>Elsewhere in the notebook</h4>" + "\n".join(map(self._cell, far))
            known = stamp, made
            self._made[question.key, student] = known
        return known[1]

    def notebook(self, name: str, student: str) -> str:
        """Return a student's whole notebook, without the student's id."""
        found = self._unread(name, student, "")
        cells = [] if found else self._cells(self._path(name, student))
        parts = [*map(self._found, found), *map(self._cell, cells)]
        return _nameless("\n".join(parts), student)

    def _unread(self, notebook: str, student: str, cell: str) -> list[Found]:
        if self._templates is None:
            try:
                self._templates = self.course.templates(self.assignment)
            except CourseError:
                self._templates = []
        return unread_work(self.course, self._templates, student, notebook, cell)

    def _found(self, found: Found) -> str:
        """Return a file that is no notebook, as far as it can be shown."""
        said = f"<h4>{escape(clean.text(found.name))}</h4>"
        said += f"<p class='nothing'>{escape(clean.text(found.what))}</p>" if found.what else ""
        if found.picture:
            address = self.pictures.keep(base64.b64encode(found.picture).decode())
            return f"{said}<p><img src='{address}' alt='picture that was handed in'></p>"
        if found.left_out:
            many = f"{found.left_out} lines" if found.left_out > 1 else "1 line"
            are = "are" if found.left_out > 1 else "is"
            said += f"<p class='nothing'>{many} of the task's own text {are} not shown.</p>"
        said += "".join(map(_as_it_is, found.mine))
        rest = "".join(map(_as_it_is, found.rest))
        if found.mine and rest:
            return f"{said}<details><summary>What else can be read in it</summary>{rest}</details>"
        return said + (rest or ("" if found.mine else "<p>Nothing in it can be shown here.</p>"))

    def _path(self, notebook: str, student: str) -> Path:
        return self.course.folder("autograded", student, self.assignment) / f"{notebook}.ipynb"

    @staticmethod
    def _cells(path: Path) -> list[dict[str, Any]]:
        try:
            if path.stat().st_size > LARGE or path.is_symlink():
                return []
            cells = json.loads(path.read_text("utf-8"))["cells"]
            return [cell for cell in cells if isinstance(cell, dict)]
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return []

    def _cell(self, cell: dict[str, Any]) -> str:
        source = _source(cell)
        if cell.get("cell_type") != "code":
            inside = self.text(redact(source), cell.get("attachments"), own=False)
            return f"<div class='words'>{inside}</div>" if source.strip() else ""
        outputs = clean.outputs(cell.get("outputs", []))
        shown = "\n".join(self._output(output) for output in outputs)
        return f"<div class='code'>{_highlighted(redact(source))}</div>{shown}"

    def _output(self, output: dict[str, Any]) -> str:
        if output["output_type"] == "stream":
            return f"<pre class='out'>{escape(_ANSI.sub('', output['text']))}</pre>"
        if output["output_type"] == "error":
            lines = [f"{output['ename']}: {output['evalue']}"]
            return f"<pre class='out'>{escape(_ANSI.sub('', lines[0]))}</pre>"
        data = output["data"]
        for kind in ("image/png", "image/jpeg"):
            address = self.pictures.keep(data[kind]) if kind in data else ""
            if address:
                return f"<p><img src='{address}' alt='picture that the code has drawn'></p>"
        if "text/html" in data:
            return f"<div class='out'>{_lowered(data['text/html'])}</div>"
        if "text/markdown" in data:
            return f"<div class='out'>{self.text(data['text/markdown'], own=False)}</div>"
        return f"<pre class='out'>{escape(data.get('text/plain', ''))}</pre>"

    def text(self, source: str, attached: Any = None, *, own: bool = True) -> str:
        """Return Markdown as HTML.

        Parameters
        ----------
        source : str
            The text.
        attached : dict, optional
            Pictures attached to the cell.
        own : bool
            Whether it is the teacher's: HTML in it is kept as far as it is plain structure.
        """
        plain = re.sub("[\ue010\ue011]", "", clean.text(source))
        if not own:
            plain = re.sub(r"<(?=[A-Za-z/!?])", "< ", plain)
        held: list[str] = []

        def hold(found: re.Match[str]) -> str:
            held.append(found[0])
            return _HELD.format(len(held) - 1)

        # What is made of the equations is safe: it need not be read, and cleaned, again.
        plain = re.sub(r"(?s)<math\b.*?(</math>|\Z)", "", plain)
        plain = re.sub(r"(?s)<math\b.*?</math>", hold, with_mathml(plain))
        page = _rendered(plain, clean.attachments(attached))
        page = re.sub(r"<img\b[^>]*>", self._image, page)
        page = re.sub(r"(?s)<a\b([^>]*)>(.*?)</a>", _link, page)
        page = re.sub(r"<input\b[^>]*>", lambda f: "☑ " if " checked" in f[0] else "☐ ", page)
        page = _lowered(self._plain(page))
        return re.sub("\ue010(\\d+)\ue011", lambda found: held[int(found[1])], page)

    def _image(self, found: re.Match[str]) -> str:
        data = _EMBEDDED.search(found[0])
        address = self.pictures.keep(data[1]) if data else ""
        alt = re.search(r'alt="([^"]*)"', found[0])
        words = (alt[1] if alt else "").strip()
        if not address:
            return f"[a picture from elsewhere is not shown: {words or 'without a name'}]"
        return f'<img src="{address}" alt="{words or "picture in the answer"}">'

    @staticmethod
    def _plain(page: str) -> str:
        """Return HTML with nothing but plain structure and pictures of ours."""
        import bleach  # type: ignore[import-untyped]

        def ours(_: str, name: str, value: str) -> bool:
            return name == "alt" or (
                name == "src" and bool(re.fullmatch(r"picture/[0-9a-f]{40}\.(png|jpg)", value))
            )

        allowed = {**clean.ATTRIBUTES, "img": ours}
        tags = [*clean.TAGS, "img", "blockquote", "del"]
        return str(
            bleach.clean(page, tags=tags, attributes=allowed, strip=True, strip_comments=True)
        )


def _around(cells: list[dict[str, Any]], question: Question) -> list[dict[str, Any]]:
    """Return the cell of a question and the student's own cells next to it."""
    for place, cell in enumerate(cells):
        mark = cell.get("metadata", {}).get("nbgrader", {})
        if mark.get("grade_id") == question.cell:
            first = last = place
            while first and _is_own(cells[first - 1], question):
                first -= 1
            while last + 1 < len(cells) and _is_own(cells[last + 1], question):
                last += 1
            # A task's cell is the teacher's and stands above the answers.
            mine = [] if question.is_task else [cell]
            if question.is_test:
                asked = [c for c in cells if _grade_id(c) == question.answer and question.answer]
                return [*asked, *(c for c in cells[first:place] if c not in asked), cell]
            return [*cells[first:place], *mine, *cells[place + 1 : last + 1]]
    return []


def _grade_id(cell: dict[str, Any]) -> str:
    return str(cell.get("metadata", {}).get("nbgrader", {}).get("grade_id", ""))


def _is_own(cell: dict[str, Any], question: Question) -> bool:
    """Whether a cell is the student's and none of the teacher's."""
    mark = cell.get("metadata", {}).get("nbgrader", {})
    words = _source(cell).strip()
    return not mark.get("grade_id") and bool(words) and words not in question.teachers


def _nameless(made: str, student: str) -> str:
    r"""Return markup without a student's id, where it stands in quotes or is an address.

    Examples
    --------
    >>> _nameless("student_id = &quot;Ann4&quot;, ann4 = 3, annex", "ann4")
    'student_id = &quot;[id]&quot;, ann4 = 3, annex'
    >>> _nameless("I am ann@uni.example.", "ann@uni.example")
    'I am [id].'
    """
    own = re.escape(escape(student))
    mark = "&quot;|&#39;|&#x27;"  # or as it is, where it is no attribute's
    quoted = rf"(?i)({mark}|(?<![=\w])['\"])\s*{own}\s*(?=\\?(?:{mark}|['\"]))"
    made = re.sub(quoted, r"\1[id]", made)
    return re.sub(rf"(?i)(?<!\w){own}(?!\w)", "[id]", made) if "@" in student else made


def _as_it_is(source: str) -> str:
    return f"<pre>{escape(clean.text(source))}</pre>"


def _source(cell: dict[str, Any]) -> str:
    source = cell.get("source", "")
    return "".join(source) if isinstance(source, list) else str(source)


def _rendered(plain: str, attachments: dict[str, Any]) -> str:
    """Render Markdown as feedback pages do."""
    from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

    known = "|".join(re.escape(name) for name in attachments) or "(?!)"
    plain = re.sub(rf"\(attachment:(?!({known})\))", "(not-kept:", plain)
    renderer = IPythonRenderer(escape=False, attachments=attachments, exclude_anchor_links=True)
    return str(MarkdownWithMath(renderer=renderer).render(plain))


def _link(found: re.Match[str]) -> str:
    """Write an address as text: nobody leaves the page by a student's words."""
    address = re.search(r'href="([^"]*)"', found[1])
    words, where = found[2], address[1] if address else ""
    bare = unescape(re.sub(r"<[^>]*>", "", words)).strip()
    if not where or bare.startswith("http") or where.startswith("#"):
        return words
    return f"{words} [{where}]"


def _lowered(page: str) -> str:
    """Put headings of an answer below those of the page."""
    return re.sub(
        r"<(/?)h([1-6])\b", lambda found: f"<{found[1]}h{min(6, max(4, int(found[2]) + 2))}", page
    )


def _highlighted(source: str) -> str:
    from pygments import highlight  # type: ignore[import-untyped]
    from pygments.formatters import HtmlFormatter  # type: ignore[import-untyped]
    from pygments.lexers import PythonLexer  # type: ignore[import-untyped]

    made = highlight(clean.text(source), PythonLexer(), HtmlFormatter(nowrap=True))
    return f"<pre>{made}</pre>"
