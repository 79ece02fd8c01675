"""The pages to read, as text for Sphinx: lessons, glossary, evidence, library, teaching."""

from __future__ import annotations

import html
import inspect
import re
import shutil
import sys
import tarfile
import tempfile
from collections import defaultdict
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

from snrilab import evidence
from snrilab.exercises import lesson, lessons
from tools.site.lessons import COURSE_MAP, ROOT, read_all
from tools.site.python import UnavailableError, npm_package

if TYPE_CHECKING:
    from snrilab.exercises import Lesson
    from tools.site.lessons import Shown

ASSETS = Path(__file__).resolve().parent / "assets"
MATH_FONT = (  # SIL Open Font License 1.1
    "@fontsource/stix-two-math",
    "5.3.0",
    "negoeozw6VSXjZMozwKRSm/dhCQT62csZcuea9I8KYqPaZq/8KbbBBrA02ZHF7AyuR5mVML/p+q0bwFuSIf2GQ==",
)
LAB = "lab/lab/index.html"  # the laboratory, seen from the site's root
ROOMS = (
    "evidence", "mechanism", "signalling", "binding", "pk", "compare", "trials", "plots",
    "exercises", "feedback", "explore",
)  # fmt: skip
_ENTRY = re.compile(r"^- \*\*(.+?)\*\*: (.*(?:\n[ \t]+.*)*)", re.MULTILINE)
_TERM = re.compile(r"\[\*\*([^\]]+)\*\*\]\(00_start\.ipynb#[^)]*\)")
_TO_LESSON = re.compile(r"\]\((\d\d_\w+)\.ipynb(#[^)\s]*)?\)")
_PROVENANCE = {
    "found": "read in the source",
    "seed": "a claim of a text that the course examines",
    "recalled": "not read on a page: no answer rests on it",
}


def write_pages(folder: Path, cache: Path, *, lab: bool) -> None:
    """Write all pages below a folder; nothing else stays there.

    Parameters
    ----------
    folder : pathlib.Path
        Where Sphinx will read them.
    cache : pathlib.Path
        What running the lessons gave, kept from one time to the next.
    lab : bool
        Whether a laboratory stands beside the pages, for them to lead to.
    """
    with tempfile.TemporaryDirectory() as fresh:
        _write(Path(fresh), cache, lab=lab)
        _bring_over(Path(fresh), folder)


def _write(folder: Path, cache: Path, *, lab: bool) -> None:
    pictures = folder / "_static" / "pictures"
    pictures.mkdir(parents=True)
    for asset in ASSETS.iterdir():
        shutil.copy(asset, folder / "_static")
    _math_font(folder / "_static", cache.parent / "fetched")
    shutil.copy(ROOT / "course" / "figures" / "competition_explorer.png", folder / "_static")
    shutil.copy(Path(__file__).with_name("conf.py"), folder)

    paths = sorted((ROOT / "course").glob("[0-9]*.ipynb"))
    pages = read_all(paths, cache)
    for shown in (shown for page in pages.values() for shown in page):
        for name, png in shown.pictures.items():
            (pictures / name).write_bytes(png)

    glossary = Glossary("\n\n".join(shown.text for shown in pages["00_start"]))
    (folder / "lessons").mkdir()
    for stem, page in pages.items():
        text = _lesson_page(stem, page, glossary, lab=lab)
        (folder / "lessons" / f"{stem}.md").write_text(text, encoding="utf-8")
    (folder / "lessons" / "index.md").write_text(
        f"# The lessons\n\n{_course_map('', lab=lab)}{_toctree(sorted(pages))}", encoding="utf-8"
    )
    (folder / "glossary.md").write_text(glossary.page(), encoding="utf-8")
    (folder / "evidence.md").write_text(_evidence_page(), encoding="utf-8")
    _library(folder / "library")
    _teaching(folder / "teach")
    (folder / "index.md").write_text(_front_page(lab=lab), encoding="utf-8")


def _math_font(folder: Path, fetched: Path) -> None:
    """Lay a font for equations beside the pages; without it they take one of the reader's."""
    try:
        archive = npm_package(fetched, *MATH_FONT)
    except UnavailableError as error:
        sys.stderr.write(f"Equations take a font of the reader's: {error}\n")
        return
    with tarfile.open(archive) as inside:
        for name in ("files/stix-two-math-latin-400-normal.woff2", "LICENSE"):
            source = inside.extractfile(f"package/{name}")
            if source is not None:
                (folder / f"stix-two-math{Path(name).suffix or '.txt'}").write_bytes(source.read())


def _bring_over(fresh: Path, folder: Path) -> None:
    """Make a folder like a fresh one; files that stay as they are keep their age."""
    names = {path.relative_to(fresh) for path in fresh.rglob("*") if path.is_file()}
    for path in list(folder.rglob("*")):
        if path.is_file() and path.relative_to(folder) not in names:
            path.unlink()
    for name in names:
        there, now = folder / name, (fresh / name).read_bytes()
        if not there.is_file() or there.read_bytes() != now:
            there.parent.mkdir(parents=True, exist_ok=True)
            there.write_bytes(now)


def anchor(heading: str) -> str:
    """Name a heading as Jupyter does, so that the links of the notebooks lead on; without %."""
    return heading.strip().replace(" ", "-").replace("%", "")


def _anchor(of_link: str | None) -> str:
    return anchor(unquote(of_link or ""))


def _toctree(names: list[str]) -> str:
    return "\n".join(["```{toctree}", ":hidden:", *names, "```", ""])


# -- lessons --------------------------------------------------------------------------------------


class Glossary:
    """The terms of the course: what each means, who explains it and where it is met.

    Parameters
    ----------
    text : str
        The page that lists them, as Markdown.
    """

    def __init__(self, text: str) -> None:
        self.entries = {term: " ".join(words.split()) for term, words in _ENTRY.findall(text)}
        self._known = {term.lower(): term for term in self.entries}
        self.met: dict[str, list[tuple[str, str]]] = defaultdict(list)

    def term(self, words: str) -> str:
        """Return the entry that words of a text mean: "steady states" is the steady state."""
        plain = " ".join(words.lower().split())
        for form in (plain, plain.removesuffix("s"), plain.removesuffix("es")):
            if form in self._known:
                return self._known[form]
        raise LookupError(f"the glossary of 00_start has no {words!r}.")

    def link(self, words: str, stem: str, heading: str) -> str:
        """Return a link to the entry, and remember from where it was made."""
        term = self.term(words)
        if (stem, heading) not in self.met[term]:
            self.met[term].append((stem, heading))
        return f"{{term}}`{' '.join(words.split())} <{term}>`"

    def page(self) -> str:
        """Return the page, each entry with the lessons in which it is met."""
        parts = ["# Glossary\n\nEach term, the lesson that explains it, and where it is met.\n"]
        parts.append("```````{glossary}")
        for term, words in sorted(self.entries.items(), key=lambda entry: entry[0].lower()):
            met = ", ".join(
                f"[{stem[:2]}{', ' + heading if heading else ''}]"
                f"(lessons/{stem}.md{'#' + anchor(heading) if heading else ''})"
                for stem, heading in self.met[term]
            )
            where = _TO_LESSON.sub(lambda m: f"](lessons/{m[1]}.md{_anchor(m[2])})", words)
            parts.append(f"{term}\n  {where}" + (f"\n\n  Met in {met}." if met else "") + "\n")
        return "\n".join([*parts, "```````", ""])


def _lesson_page(stem: str, page: list[Shown], glossary: Glossary, *, lab: bool) -> str:
    heading, parts, inside = "", [], False
    for shown in page:
        text = shown.text
        if stem == "00_start":
            if text.startswith("## "):
                inside = text.startswith("## Glossary")
                if inside:
                    text = (
                        "## Glossary\n\nThe terms stand [on a page of their own](../glossary.md)."
                    )
            elif inside and _ENTRY.search(text):
                continue
        if not text.startswith("```"):  # no code, whose comments look like headings
            pieces = re.split(r"^(?=#{1,4} )", text, flags=re.MULTILINE)
            for place, piece in enumerate(pieces):
                found = re.match(r"#{2,4} (.+)$", piece, re.MULTILINE)
                heading = found[1].strip() if found else heading
                here = "" if _has_markup(heading) else heading
                pieces[place] = _TERM.sub(lambda m, h=here: glossary.link(m[1], stem, h), piece)
            text = "".join(pieces)
        if COURSE_MAP in text:
            text = text.replace(COURSE_MAP, _course_map("", lab=lab))
        text = re.sub(r"\]\(00_start\.ipynb#[A-Z]-to-[A-Z]\)", "](../glossary.md)", text)
        parts.append(_TO_LESSON.sub(lambda m: f"]({m[1]}.md{_anchor(m[2])})", text))
    title, _, rest = parts[0].partition("\n")
    return "\n\n".join([title, _ways_on(stem, lab=lab), rest, *parts[1:]]) + "\n"


def _has_markup(heading: str) -> bool:
    return bool(re.search(r"[`*$\[\]()]", heading))


def _ways_on(stem: str, *, lab: bool) -> str:
    """Return the line below the title: here it is read, there it is done."""
    doing = (
        f'<a class="try-it" href="../{LAB}?path={stem}.ipynb">Do this lesson in your browser</a>: '
        "sliders move, answers are checked, nothing to install. "
        if lab
        else "Sliders move and answers are checked in the notebook. "
    )
    return (
        '```{raw} html\n<p class="ways-on">This page is for reading: predictions, questions and '
        f"worked answers open at a click. {doing}</p>\n```"
    )


def _course() -> list[Lesson]:
    return [one for one in map(lesson, lessons()) if one is not None]


def _course_map(to_lessons: str, *, lab: bool) -> str:
    """Return the table of all lessons, with where to read and where to do each."""
    rows = [
        "| lesson | question | minutes |" + (" in the browser |" if lab else ""),
        "|---|---|---|" + ("---|" if lab else ""),
    ]
    up = "" if to_lessons else "../"
    for one in _course():
        number = one.notebook[:2]
        do = f" <a href='{up}{LAB}?path={one.notebook}.ipynb'>do {number}</a> |" if lab else ""
        read = f"[{number}]({to_lessons}{one.notebook}.md)"
        rows.append(f"| {read} | [{one.question}]({to_lessons}{one.notebook}.md) "
                    f"| {one.minutes} |{do}")  # fmt: skip
    return "\n".join(rows) + "\n\n"


# -- evidence -------------------------------------------------------------------------------------


def _evidence_page() -> str:
    rows, used = [], set()
    for row in evidence.find():
        used.add(row.source)
        about = " ".join(part for part in (row.quantity, row.target, row.event) if part)
        beside = "; ".join(
            str(part)
            for part in (row.species, row.system, row.population, row.dose, row.condition, row.note)
            if part
        )
        rows.append(
            f'<tr id="{html.escape(row.key)}" data-basis="{row.basis}" '
            f'data-trust="{row.provenance}"><th scope="row">{html.escape(row.drug)}</th>'
            + "".join(f"<td>{html.escape(text)}</td>" for text in (
                about, str(row.shown), row.basis.replace("_", " "), beside))
            + f'<td><a href="#ref-{row.source}">{row.source}</a></td>'
            f"<td>{_PROVENANCE[row.provenance]}</td></tr>"
        )  # fmt: skip
    heads = (
        "drug",
        "what",
        "value",
        "basis",
        "in what, and notes",
        "source",
        "how far to trust it",
    )
    top = "".join(f'<th scope="col">{head}</th>' for head in heads)
    options = "".join(
        f'<option value="{basis}">{basis.replace("_", " ")}</option>'
        for basis in sorted({row.basis for row in evidence.find()})
    )
    trust = "".join(
        f'<option value="{p}">{html.escape(w)}</option>' for p, w in _PROVENANCE.items()
    )
    sources = "".join(f"<li id='ref-{key}'>{_source(key)}</li>" for key in sorted(used))
    return f"""---
html_theme.sidebar_secondary.remove: true
---
# The evidence

Every number of the course with its source. Three constants for the same drug and transporter,
binding Ki, uptake IC50 and in-vivo EC50, are three different quantities. What nobody has measured
is not in the table.

```{{raw}} html
<form class="filter" role="search" aria-label="Rows of the table" onsubmit="return false">
<label>Words <input type="search" id="words" autocomplete="off"></label>
<label>Basis <select id="basis"><option value="">all</option>{options}</select></label>
<label>Trust <select id="trust"><option value="">all</option>{trust}</select></label>
<span id="count" role="status">{len(rows)} rows</span></form>
<div class="wide" tabindex="0" role="region" aria-label="The evidence table">
<table id="evidence"><thead><tr>{top}</tr></thead>
<tbody>
{chr(10).join(rows)}
</tbody></table></div>
```

## Sources

```{{raw}} html
<ul class="sources">{sources}</ul>
<script src="_static/evidence.js"></script>
```
"""


def _source(key: str) -> str:
    reference = evidence.reference(key)
    text = html.escape(reference.citation)
    link = f"https://doi.org/{reference.doi}" if reference.doi else reference.url
    if link.startswith("http"):
        text += f' <a href="{html.escape(link)}">{html.escape(reference.doi or "page")}</a>'
    return f"<strong>{key}</strong>: {text}"


# -- library, teaching, front page ----------------------------------------------------------------

WITH_ANSWERS = {"rubrics.md"}  # pages for teachers that hold answers of graded assignments


def _library(folder: Path) -> None:
    folder.mkdir()
    first = []
    for room in ROOMS:
        module = import_module(f"snrilab.{room}")
        line = (module.__doc__ or "").strip().partition("\n")[0]
        first.append(f"* [{room}]({room}.md): {line}")
        blocks = [f".. automodule:: snrilab.{room}\n   :no-members:\n"]
        for name in sorted(module.__all__, key=str.lower):
            thing = getattr(module, name)
            kind = (
                "autoclass" if inspect.isclass(thing)
                else "autofunction" if callable(thing) else "autodata"
            )  # fmt: skip
            members = "   :members:\n" if kind == "autoclass" else ""
            blocks.append(f".. {kind}:: snrilab.{room}.{name}\n{members}")
        body = "\n".join(blocks)
        text = f"# snrilab.{room}\n\n`````{{eval-rst}}\n{body}\n`````\n"
        (folder / f"{room}.md").write_text(text, encoding="utf-8")
    text = "# The library\n\nPure functions with units in their names; each page lists a room.\n\n"
    text += "\n".join(first) + "\n\n" + _toctree(list(ROOMS))
    (folder / "index.md").write_text(text, encoding="utf-8")


def _teaching(folder: Path) -> None:
    """Take the pages for teachers, and from the README how a class is run; no answers."""
    folder.mkdir()
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    section = readme.partition("### You teach\n")[2].partition("\n### ")[0]
    names = []
    for path in sorted((ROOT / "course" / "teaching").glob("*.md")):
        if path.name in WITH_ANSWERS:
            continue
        text = _only_links_that_lead(path.read_text(encoding="utf-8"), path.parent)
        (folder / path.name).write_text(text, encoding="utf-8")
        names.append(path.stem)
    titles = [
        (folder / f"{name}.md").read_text(encoding="utf-8").partition("\n")[0] for name in names
    ]
    listed = "\n".join(
        f"* [{title.lstrip('# ')}]({name}.md)" for title, name in zip(titles, names, strict=True)
    )
    practice = _only_links_that_lead(section, None)
    text = f"# Teaching\n\n{listed}\n\n## How a class is run\n\n{practice}\n"
    (folder / "index.md").write_text(f"{text}\n{_toctree(names)}", encoding="utf-8")


def _only_links_that_lead(text: str, beside: Path | None) -> str:
    """Turn links into the repository into plain words; those to lessons and pages stay."""

    def kept(match: re.Match[str]) -> str:
        words, target = match[1], match[2]
        if target.startswith(("http", "#")):
            return match[0]
        lesson_of = re.fullmatch(r"(?:\.\./|course/)(\d\d_\w+)\.ipynb(#.*)?", target)
        if lesson_of:
            return f"[{words}](../lessons/{lesson_of[1]}.md{lesson_of[2] or ''})"
        page = target.partition("#")[0]
        there = beside is not None and "/" not in page and (beside / page).is_file()
        if there and page not in WITH_ANSWERS:
            return match[0]
        return words

    return re.sub(r"\[([^\]]+)\]\(([^)\s]+)\)", kept, text)


def _front_page(*, lab: bool) -> str:
    doing = (
        f'```{{raw}} html\n<p><strong><a href="{LAB}?path=00_start.ipynb">Do it in your browser'
        "</a></strong>: sliders move, answers are checked and kept on your own computer; nothing "
        "to install. The first start takes a quarter of a minute.</p>\n```\n"
    )
    text = Path(__file__).with_name("front.md").read_text(encoding="utf-8")
    text = text.replace("DOING\n", doing if lab else "")
    return text.replace("COURSE_MAP", _course_map("lessons/", lab=lab))
