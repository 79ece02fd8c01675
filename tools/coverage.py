"""What became of each statement of the three texts: `python -m tools.coverage`.

Writes `course/teaching/coverage.md` from `course/teaching/coverage.csv`, in which one line is one
statement: number (document and place in it), where it stands, a paraphrase, the answer ("taught",
"corrected", "left out"), numbers of contradictions, lesson and heading, words that stand there,
keys of `snrilab/data/seed_claims.csv`, and a reason or a note.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat

from snrilab.exercises import declared

ROOT = Path(__file__).resolve().parent.parent
TABLE = ROOT / "course" / "teaching" / "coverage.csv"
PAGE = TABLE.with_suffix(".md")
TEXTS = {
    "000": "how levomilnacipran works, a page of a drug database",
    "002": "levomilnacipran in research, a supplier's guide",
    "004": "levomilnacipran against escitalopram, a supplier's guide",
}
HEAD = """# What became of the three texts

This course examines three texts of the web. Each of their statements stands here once, in our
words, with what the course does with it: **taught** as it stands (perhaps with what it leaves out),
**corrected** (the number is that of `evidence.contradictions()`), or **left out**, and why.
A link leads to the heading. Of {count} statements {taught} are taught, {corrected} corrected,
{left} left out.

*Made from `coverage.csv` by `python -m tools.coverage`: edit that file.*
"""


@dataclass(frozen=True)
class Statement:
    """One statement of a text, and its answer."""

    statement: str
    place: str
    says: str
    answer: str
    contradictions: tuple[int, ...]
    lesson: str
    heading: str
    there: tuple[str, ...]
    claims: tuple[str, ...]
    why: str

    @property
    def text(self) -> str:
        """Number of the document: "002"."""
        return self.statement.partition(".")[0]

    @property
    def path(self) -> Path:
        """The notebook that is named."""
        (found,) = (ROOT / "course").glob(f"{self.lesson}_*.ipynb")
        return found


def statements() -> list[Statement]:
    """Return the lines of the table."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return [_statement(**line) for line in csv.DictReader(file)]


def _statement(**line: str) -> Statement:
    numbers = tuple(int(number) for number in line["contradictions"].split(";") if number)
    parts: dict[str, Any] = {
        name: tuple(part for part in line[name].split(";") if part) for name in ("there", "claims")
    }
    return Statement(**{**line, **parts, "contradictions": numbers})


def sections(path: Path) -> dict[str, str]:
    """Return each heading of the second level with all that stands below it, asked things too."""
    found: dict[str, str] = {}
    heading = ""
    for cell in nbformat.read(path, as_version=4).cells:
        for line in cell.source.splitlines():
            if cell.cell_type == "markdown" and line.startswith("## "):
                heading = line.removeprefix("## ").strip()
            found[heading] = f"{found.get(heading, '')}\n{line}"
    module = f"lesson{path.name[:2]}"
    if module != "lesson00":
        for name, thing in declared(module).items():
            for words, text in found.items():
                if f'"{name}"' in text:
                    found[words] += f"\n{thing!r}"
    return {words: " ".join(text.split()) for words, text in found.items()}


def page() -> str:
    """Return the page for teachers."""
    table = statements()
    count = {answer: sum(one.answer == answer for one in table) for answer in ANSWERS}
    lines = [
        HEAD.format(
            count=len(table),
            taught=count["taught"],
            corrected=count["corrected"],
            left=count["left out"],
        )
    ]
    for text, what in TEXTS.items():
        lines += [f"## {text}: {what}", "", "| | where | it says | answer | lesson | note |"]
        lines += ["|---|---|---|---|---|---|"]
        lines += [_row(one) for one in table if one.text == text]
        lines.append("")
    return "\n".join(lines)


ANSWERS = ("taught", "corrected", "left out")


def _row(one: Statement) -> str:
    numbers = ", ".join(map(str, one.contradictions))
    answer = f"{one.answer} ({numbers})" if numbers else one.answer
    place = ""
    if one.lesson:
        anchor = one.heading.replace(" ", "-")
        place = f"[{one.lesson}, {one.heading}](../{one.path.name}#{anchor})"
    cells = (one.statement, one.place, one.says, answer, place, one.why)
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
