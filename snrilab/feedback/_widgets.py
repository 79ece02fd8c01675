"""The widgets that all questions share: what is announced, and the verdict of a check."""

from __future__ import annotations

import html
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anywidget
import ipywidgets
import traitlets

from snrilab._checks import typed_number
from snrilab.feedback._memory import take_back

if TYPE_CHECKING:
    from snrilab.feedback._feedback import Feedback

WIDE = {"width": "auto", "max_width": "52em"}
_HERE = Path(__file__).parent


class Status(anywidget.AnyWidget):  # type: ignore[misc]
    """The line that says what came of an answer, announced by screen readers.

    It gives the controls beside it their names. When a button is pressed it sends what each of
    them holds: the state of a widget waits while an earlier one is on its way, and would come
    after the press.
    """

    _esm = _HERE / "status.js"
    _css = _HERE / "status.css"

    question = traitlets.Unicode().tag(sync=True)
    labels = traitlets.List().tag(sync=True)
    message = traitlets.Unicode().tag(sync=True)
    tone = traitlets.Unicode().tag(sync=True)

    def __init__(self, **state: Any) -> None:
        super().__init__(**state)
        self.on_msg(self._asked)

    def _asked(self, _: Any, content: dict[str, Any], *__: Any) -> None:
        """Answer the page, which cannot know whether anybody is there."""
        if "question" in content:
            self.send({"alive": True})

    def say(self, message: str, tone: str = "") -> None:
        """Show and announce a message; the tone is "right", "wrong" or nothing."""
        with self.hold_sync():
            self.message, self.tone = message, tone

    def listen(self, controls: list[Any]) -> None:
        """Take what the page says stood in these controls when a button was pressed."""

        def take(_: Any, content: dict[str, Any], *__: Any) -> None:
            told = content.get("held")
            if isinstance(told, list) and len(told) == len(controls):
                for control, value in zip(controls, told, strict=True):
                    _set(control, value)

        self.on_msg(take)


def _set(control: Any, value: Any) -> None:
    """Put what the page holds into a control, unless it makes no sense there."""
    if isinstance(control, ipywidgets.RadioButtons):
        if type(value) is int and 0 <= value < len(control.options):
            control.index = value
    elif isinstance(control, ipywidgets.Text):
        if isinstance(value, str):
            control.value = value
    elif isinstance(value, int | float) and not isinstance(value, bool):
        control.value = value


class Verdict(anywidget.AnyWidget):  # type: ignore[misc]
    """What a check says, filled in after it is on the page so that it is announced.

    It looks at the cell above: when that was edited after it ran, the verdict speaks of an older
    function and says so, and a pass that was kept is taken back.
    """

    _esm = _HERE / "verdict.js"
    _css = _HERE / "status.css"

    first = traitlets.Unicode().tag(sync=True)
    lines = traitlets.List().tag(sync=True)
    example = traitlets.Unicode().tag(sync=True)
    tone = traitlets.Unicode().tag(sync=True)
    function_name = traitlets.Unicode().tag(sync=True)

    def __init__(self, feedback: Feedback) -> None:
        super().__init__(
            first=f"{feedback.verdict}: {feedback.headline}",
            lines=[line for line in (feedback.means, feedback.why) if line],
            example=feedback.example,
            tone=feedback.tone,
            function_name=feedback.exercise.partition("/")[2],
        )
        self._name, self._passed = feedback.exercise, feedback.passed
        self.on_msg(self._heard)

    def _heard(self, _: Any, content: dict[str, Any], *__: Any) -> None:
        if content.get("edited") is True and self._passed:
            take_back(self._name)


def button(description: str, question: str) -> Any:
    """Return a button that says what it is for."""
    return ipywidgets.Button(
        description=description,
        tooltip=f"{description}: {question}",
        layout={"width": "auto", "align_self": "flex-start"},
    )


def radios(options: list[str], label: str) -> Any:
    """Return a list of options with nothing chosen."""
    return ipywidgets.RadioButtons(
        options=options,
        value=None,
        description=label,
        layout={**WIDE, "height": "auto"},
        style={"description_width": "initial"},
    )


def number_in(control: Any) -> float | None:
    """Return the number in a box, with % too; None when it is none."""
    return typed_number(str(control.value).strip().removesuffix("%"))


def text(words: str, *, strong: bool = False) -> Any:
    """Return a paragraph."""
    inner = html.escape(words)
    inner = f"<strong>{inner}</strong>" if strong else inner
    return ipywidgets.HTML(f"<p>{inner}</p>", layout=WIDE)


def box(children: list[Any]) -> Any:
    """Put the parts of a question below each other."""
    together = ipywidgets.VBox(children)
    together.add_class("snrilab-question")
    return together
