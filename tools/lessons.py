"""Take the lessons apart and measure them: `python -m tools.lessons [lesson02 ...]`.

Before a click a learner reads the Markdown outside folds, the text and options of predictions and
questions, the goals, the stubs' docstrings and the explorers' sentences. In folds stand
`<details>`, hints, worked answers, every `because`, and why an option or a goal is as it is.
References are not counted. A visible line of given code is one that a learner reads but does not
write: no blank line, comment or lonely bracket, no stub, and no cell that is one call of the course
(`feedback.…`, `explore.…`).
The author's lines are those of the notebook's cells, of the declarations, of the explorers and of
the lesson's own test, blank ones not counted.
"""

from __future__ import annotations

import ast
import re
import sys
from dataclasses import dataclass, fields
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat

from snrilab import explore
from snrilab.exercises import Exercise, Goal, Prediction, Question, declared, lesson, lessons

if TYPE_CHECKING:
    from snrilab.exercises import Declared, Lesson

ROOT = Path(__file__).resolve().parent.parent

WORDS_A_MINUTE = 150  # slower than a novel: it is read to be used
FOLDS_OPENED = 0.4  # of the words in folds
MINUTES = {"predictions": 1.0, "goals": 1.5, "exercises": 6.0, "questions": 1.5, "explorers": 1.0}
MINUTES_A_LINE = 0.25  # of given code
FORMULA = (
    f"minutes = (words + {FOLDS_OPENED} x words in folds) / {WORDS_A_MINUTE} + "
    + " + ".join(f"{each:g} x {what}" for what, each in MINUTES.items())
    + f" + {MINUTES_A_LINE:g} x lines of given code"
)


@dataclass(frozen=True)
class Cell:
    """One cell of a lesson, and what it is there for.

    Parameters
    ----------
    kind : str
        "text", "stub", "given" for other code, or what one call does: "predict", "check",
        "answer", "question", "recall", "progress", "explore".
    about : str
        What the call names: "lesson02/two_labs"; for an explorer its own full name.
    source, name : str
        The text and the id of the cell.
    keywords : dict
        Keyword arguments of the call.
    """

    kind: str
    about: str
    source: str
    name: str
    keywords: dict[str, Any]


@dataclass(frozen=True)
class Measures:
    """What a lesson asks of a learner, and what it took to write."""

    words: int
    folded: int
    code: int
    explorers: int
    predictions: int
    goals: int
    exercises: int
    questions: int
    objectives: int
    minutes: int
    estimate: float
    author: int


class Page:
    """A lesson: its notebook, and all that stands behind it.

    Parameters
    ----------
    module : str
        "lesson02".
    """

    def __init__(self, module: str) -> None:
        shown = lesson(module)
        if shown is None:
            raise LookupError(f"{module} declares no Lesson.")
        self.module = module
        self.lesson: Lesson = shown
        self.path = ROOT / "course" / f"{shown.notebook}.ipynb"
        self.things: dict[str, Declared] = declared(module)
        self.cells = [self._cell(cell) for cell in nbformat.read(self.path, as_version=4).cells]

    def _cell(self, cell: Any) -> Cell:
        if cell.cell_type != "code":
            return Cell("text", "", cell.source, cell.id, {})
        tree = ast.parse(cell.source).body
        first = tree[0]
        if isinstance(first, ast.FunctionDef) and f"{self.module}/{first.name}" in self.things:
            return Cell("stub", f"{self.module}/{first.name}", cell.source, cell.id, {})
        call = first.value if isinstance(first, ast.Expr) and len(tree) == 1 else None
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute):
            room, kind = ast.unparse(call.func.value), call.func.attr
            keywords = {word.arg or "**": ast.literal_eval(word.value) for word in call.keywords
                        } if room == "explore" else {}  # fmt: skip
            if room == "explore":
                return Cell("explore", f"{self.module}/{kind}", cell.source, cell.id, keywords)
            if room == "feedback":
                about = ast.literal_eval(call.args[0])
                return Cell(kind, about, cell.source, cell.id, keywords)
        return Cell("given", "", cell.source, cell.id, {})

    def of(self, kind: type) -> list[Any]:
        """Return what is declared of one kind, in order."""
        return [thing for thing in self.things.values() if isinstance(thing, kind)]

    @cached_property
    def turns(self) -> list[list[Cell]]:
        """The cells of each turn: what stands under a heading "## 1 …"."""
        turns: list[list[Cell]] = []
        inside = False
        for cell in self.cells:
            heading = re.search(r"^## (\d+ )?", cell.source, re.MULTILINE)
            if cell.kind == "text" and heading:
                inside = bool(heading[1])
                if inside:
                    turns.append([])
            if inside:
                turns[-1].append(cell)
        return turns

    def goals_of(self, cell: Cell) -> list[str]:
        """Return the full names of the goals that an explorer shows in this cell."""
        there = [goal.short for goal in explore.all_explorers()[cell.about].goals]
        return [f"{self.module}/{name}" for name in cell.keywords.get("goals", there)]

    def prediction_of(self, cell: Cell) -> str:
        """Return the full name of the prediction that an explorer shows in this cell."""
        own = explore.all_explorers()[cell.about].prediction
        return str(cell.keywords.get("prediction", own))

    def used(self) -> list[str]:
        """Return everything declared in the order in which the notebook uses it."""
        names: list[str] = []
        for cell in self.cells:
            if cell.kind in ("predict", "question", "stub"):
                names.append(cell.about)
            if cell.kind == "explore":
                names += self.goals_of(cell)
        return names

    @property
    def prose(self) -> str:
        """All Markdown outside folds."""
        return "\n\n".join(unfolded(cell.source) for cell in self.cells if cell.kind == "text")

    @property
    def given(self) -> str:
        """The code that a learner reads and does not write."""
        return "\n".join(cell.source for cell in self.cells if cell.kind == "given")


def unfolded(markdown: str) -> str:
    """Return Markdown without its folds and without references."""
    outside = re.sub(r"<details.*?</details>", "", markdown, flags=re.DOTALL)
    return re.sub(r"^## References.*", "", outside, flags=re.DOTALL | re.MULTILINE)


def words(text: str) -> int:
    """Count what is read: every run of signs with a letter or a digit in it, no addresses."""
    text = re.sub(r"\]\([^)]*\)|<[^>]*>", " ", text)
    return sum(any(sign.isalnum() for sign in run) for run in text.split())


def before_a_click(page: Page) -> list[str]:
    """Return every text that is read before anything is clicked."""
    texts = [page.prose]
    for thing in page.things.values():
        texts.append("" if isinstance(thing, Exercise) else thing.text)
        if isinstance(thing, Prediction):
            texts += thing.choices
        if isinstance(thing, Question):
            texts += [option.text for option in thing.options]
    for cell in page.cells:
        if cell.kind == "stub":
            first = ast.parse(cell.source).body[0]
            texts.append(ast.get_docstring(first) or "")  # type: ignore[arg-type]
        if cell.kind == "explore":
            start = {name: value for name, value in cell.keywords.items()
                     if name not in ("goals", "prediction", "seed")}  # fmt: skip
            texts.append(str(explore.all_explorers()[cell.about](**start).reading))
    return texts


def in_folds(page: Page) -> list[str]:
    """Return every text that is read only by whoever opens, answers or reaches something."""
    folds = [fold for cell in page.cells if cell.kind == "text"
             for fold in re.findall(r"<details.*?</details>", cell.source, re.DOTALL)]  # fmt: skip
    for thing in page.things.values():
        if isinstance(thing, Exercise):
            folds += [thing.hint, thing.means, thing.code()]
        if isinstance(thing, Prediction):
            folds.append(thing.because)
        if isinstance(thing, Goal):
            folds.append(thing.why)
        if isinstance(thing, Question):
            folds += [option.why for option in thing.options]
    return folds


def author_lines(page: Page) -> dict[str, int]:
    """Count the lines that an author writes, by where they stand."""
    files = {
        "declarations": ROOT / "snrilab" / "exercises" / f"{page.module}.py",
        "explorers": ROOT / "snrilab" / "explore" / f"{page.module}.py",
        "own test": ROOT / "tests" / "lessons" / f"test_{page.module}.py",
    }
    written = {
        name: path.read_text(encoding="utf-8") for name, path in files.items() if path.exists()
    }
    written = {"notebook": "\n".join(cell.source for cell in page.cells), **written}
    return {name: sum(bool(line.strip()) for line in text.splitlines())
            for name, text in written.items()}  # fmt: skip


@cache
def measure(page: Page) -> Measures:
    """Measure a lesson."""
    lines = [line.partition("#")[0] for line in page.given.splitlines()]
    counts = {
        "words": sum(map(words, before_a_click(page))),
        "folded": sum(map(words, in_folds(page))),
        "code": sum(bool(re.search(r"\w", line)) for line in lines),
        "explorers": sum(cell.kind == "explore" for cell in page.cells),
        "predictions": len(page.of(Prediction)),
        "goals": len(page.of(Goal)),
        "exercises": len(page.of(Exercise)),
        "questions": len(page.of(Question)),
    }
    return Measures(
        **counts,
        objectives=len(page.lesson.objectives),
        minutes=page.lesson.minutes,
        estimate=estimate(**counts),
        author=sum(author_lines(page).values()),
    )


def estimate(words: float, folded: float, code: float, **things: float) -> float:
    """Estimate the minutes of a learner who is new to it all, by `FORMULA`."""
    read = (words + FOLDS_OPENED * folded) / WORDS_A_MINUTE + MINUTES_A_LINE * code
    return read + sum(MINUTES[what] * count for what, count in things.items())


def main(modules: list[str]) -> int:
    """Print one line for each lesson."""
    names = [field.name for field in fields(Measures)]
    sys.stdout.write(f"{'lesson':<10}" + "".join(f"{name:>12}" for name in names) + "\n")
    pages = [Page(module) for module in modules or lessons()]
    for page in pages:
        measured = measure(page)
        values = "".join(f"{round(getattr(measured, name)):>12,}" for name in names)
        sys.stdout.write(f"{page.module:<10}{values}\n")
    for page in pages:
        parts = ", ".join(f"{name} {count}" for name, count in author_lines(page).items())
        sys.stdout.write(f"{page.module}, lines of the author: {parts}\n")
    sys.stdout.write(f"estimate: {FORMULA}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
