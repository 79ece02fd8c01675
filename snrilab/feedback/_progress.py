"""What has been done, shown live: of one lesson, and of the whole course."""

from __future__ import annotations

import html
from pathlib import Path
from typing import Any, NamedTuple

import ipywidgets

from snrilab import _html
from snrilab.exercises import (
    Declared,
    Exercise,
    Goal,
    Lesson,
    Prediction,
    Question,
    declared,
    lesson,
    lessons,
)
from snrilab.feedback._calibration import calibration
from snrilab.feedback._call import with_article
from snrilab.feedback._memory import Kind, load, watch

_STATES = {"done": "[x]", "tried": "[~]", "open": "[ ]"}


class Row(NamedTuple):
    """One thing to do: its kind, its name and "done", "tried" or "open"."""

    kind: str
    name: str
    state: str


class Progress:
    """What has been done of one lesson or assignment; on the page it follows later clicks.

    Parameters
    ----------
    module : str
        Lesson or assignment ("lesson02").

    Examples
    --------
    >>> print(str(Progress("lesson02")).splitlines()[0])
    lesson02: 0 of 24 done
    """

    def __init__(self, module: str) -> None:
        self.module = module
        self.widget: Any = None
        self._things = declared(module)

    @property
    def rows(self) -> tuple[Row, ...]:
        """Every exercise, question, prediction and goal, in the order of the lesson."""
        kept = load()
        return tuple(_row(name, thing, kept) for name, thing in self._things.items())

    @property
    def done(self) -> int:
        """How many are done."""
        return sum(row.state == "done" for row in self.rows)

    def __str__(self) -> str:
        """Return a list to tick off."""
        lines = [f"  {_STATES[row.state]} {row.kind} {row.name}" for row in self.rows]
        lines = [f"{self.module}: {self.done} of {len(self.rows)} done", *lines]
        return "\n".join([*lines, *_sure()])

    __repr__ = __str__

    def refresh(self) -> None:
        """Show the state of now."""
        if self.widget is not None:
            self.widget.value = self._repr_html_()

    def _repr_mimebundle_(self, **options: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        if self.widget is None:
            self.widget = ipywidgets.HTML(self._repr_html_())
            self.widget.add_class("snrilab-question")
            self.widget.keeps = self  # lives as long as what is on the page
            watch(self)
        bundle = self.widget._repr_mimebundle_(**options)
        live = bundle[0] if isinstance(bundle, tuple) else bundle
        return {**(live or {}), "text/plain": str(self), "text/html": self._repr_html_()}, {}

    def _repr_html_(self) -> str:
        caption = f"{self.module}: {self.done} of {len(self.rows)} done"
        cells = [(row.kind, _words(row.name), row.state) for row in self.rows]
        return _html.table(caption, ("what", "name", "state"), cells) + _paragraphs(_sure())


def _sure() -> list[str]:
    """Return how sure the learner was, and how often rightly; nothing before the first bet."""
    return [said] if (said := str(calibration())) else []


def _paragraphs(sentences: list[str]) -> str:
    return "".join(f"<p>{html.escape(one)}</p>" for one in sentences)


def _words(name: str) -> str:
    return name.replace("_", " ").replace("-", " ")


def _row(name: str, thing: Declared, kept: dict[Kind, dict[str, Any]]) -> Row:
    short = name.partition("/")[2]
    match thing:
        case Exercise():
            return Row("exercise", short, "done" if kept["exercises"].get(name) else "open")
        case Question():
            answer = kept["questions"].get(name)
            right = isinstance(answer, dict) and answer.get("right_now")
            return Row("question", short, "done" if right else "tried" if answer else "open")
        case Prediction():
            return Row("prediction", short, "done" if kept["predictions"].get(name) else "open")
        case Goal():
            return Row("goal", short, "done" if kept["goals"].get(name) else "open")


def progress(module: str) -> Progress:
    """Show what has been done of a lesson or assignment, and keep showing it as it changes.

    Parameters
    ----------
    module : str
        "lesson02", "ps2_binding", …

    Returns
    -------
    Progress
        Shown by Jupyter as a table. An exercise is done when its check was right once; a question
        when the right answer was found, and tried when only another one was; a prediction when it
        is made; a goal when it is reached. Below stands how often the ranges of all lessons held
        the answer, and how often answers called certain were right.

    Raises
    ------
    LookupError
        When there is no such lesson or assignment; the message lists those that exist.

    Examples
    --------
    >>> progress("lesson02").rows[0]
    Row(kind='prediction', name='nine_tenths', state='open')
    """
    return Progress(module)


class CourseMap:
    """Every lesson: question, minutes, what is done and graded, the next step, how sure one was.

    A plain table and no widget: its links then open beside what is open already, and it still
    stands there when the page is opened again.
    """

    def entries(self) -> tuple[tuple[Lesson, Progress], ...]:
        """Return each lesson with its progress, in order."""
        found = ((lesson(name), Progress(name)) for name in lessons())
        return tuple((one, done) for one, done in found if one is not None)

    @property
    def next_step(self) -> str:
        """What to do next, in a sentence."""
        graded = ""
        for one, done in self.entries():
            open_rows = [row for row in done.rows if row.state == "open"]
            if len(open_rows) == len(done.rows):
                handed_in = f"{graded}; then " if graded else ""
                return f"Next: {handed_in}begin with {one.notebook}, {one.question}"
            if open_rows:
                first = with_article(open_rows[0].kind)
                return (
                    f"Next: go on with {one.notebook}, {one.question} "
                    f"({len(open_rows)} of {len(done.rows)} still open, first {first})"
                )
            graded = f"the assignment {one.assignment}, if you have not done it"
            graded *= bool(one.assignment)
        return f"All lessons are done. {f'Next: {graded}.' if graded else ''}".strip()

    def __str__(self) -> str:
        """Return the map as lines."""
        lines = [
            f"{one.notebook}: {one.question} {one.minutes} min, "
            f"{done.done} of {len(done.rows)} done"
            for one, done in self.entries()
        ]
        return "\n".join([*lines, self.next_step, *_sure()])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        cells = [
            (
                _html.Link(one.notebook, f"{one.notebook}.ipynb"),
                one.question,
                one.minutes,
                ", ".join(name.removeprefix("lesson") for name in one.needs) or "-",
                f"{done.done} of {len(done.rows)}",
                _assignment(one.assignment),
            )
            for one, done in self.entries()
        ]
        heads = ("lesson", "question", "minutes", "needs", "done", "then graded")
        return _html.table("The course", heads, cells) + _paragraphs([self.next_step, *_sure()])


def _assignment(name: str) -> str:
    """Link an assignment: beside a learner's lessons, or in the release of a clone."""
    beside = f"{name}/{name}.ipynb"
    for target in (beside, f"../release/{beside}"):
        if name and Path(target).exists():
            return _html.Link(name, target)
    return name or "-"  # a class gets it from its teacher


def course_map() -> CourseMap:
    """Show every lesson: its question, how long it takes, what is done, and the next step.

    Returns
    -------
    CourseMap
        Shown by Jupyter as a table, as things stand when the cell is run.

    Examples
    --------
    >>> course_map().next_step.startswith("Next: ")
    True
    """
    return CourseMap()
