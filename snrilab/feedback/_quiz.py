"""Questions and predictions as widgets: choose or write, and read why."""

from __future__ import annotations

import html
from pathlib import Path
from typing import Any

import anywidget
import ipywidgets as widgets
import traitlets

from snrilab.exercises._declaration import Option, Prediction, Question, find
from snrilab.feedback._progress import load, record

_WIDE = {"width": "auto", "max_width": "52em"}


class Status(anywidget.AnyWidget):  # type: ignore[misc]
    """The line that says what came of an answer, announced by screen readers.

    When a button is pressed it sends what the field holds, or which option is chosen: the state of
    those widgets waits while an earlier one is on its way, and would come after the press.
    """

    _esm = Path(__file__).parent / "status.js"
    _css = Path(__file__).parent / "status.css"

    question = traitlets.Unicode().tag(sync=True)
    message = traitlets.Unicode().tag(sync=True)
    tone = traitlets.Unicode().tag(sync=True)

    def say(self, message: str, tone: str = "") -> None:
        """Show and announce a message; the tone is "right", "wrong" or nothing."""
        with self.hold_sync():
            self.message, self.tone = message, tone


def quiz(question: Question | str) -> Any:
    """Show a question with radio buttons; checking an answer says why it is right or wrong.

    Parameters
    ----------
    question : Question or str
        The question, or its full name ("lesson02_binding/tighter").

    Returns
    -------
    ipywidgets.VBox
        Question, options, a button and a status line. An answer given earlier is shown again.

    Raises
    ------
    LookupError
        When `question` is a name that no question has.

    Examples
    --------
    >>> box = quiz("lesson02_binding/tighter")
    >>> box.children[2].description
    'Check my answer'
    """
    asked = find(question) if isinstance(question, str) else question
    if not isinstance(asked, Question):
        raise LookupError(f"question {question!r} is not a question with options.")
    options = widgets.RadioButtons(
        options=[option.text for option in asked.options],
        value=None,
        description="Your answer",
        layout={**_WIDE, "height": "auto"},
        style={"description_width": "initial"},
    )
    button = widgets.Button(
        description="Check my answer",
        tooltip=f"Check my answer to: {asked.text}",
        layout={"width": "auto", "align_self": "flex-start"},
    )
    status = Status(question=asked.text)

    def choose(_: Any, content: dict[str, Any], *__: Any) -> None:
        if content.get("chosen") in range(len(asked.options)):
            options.index = content["chosen"]

    def answer(_: Any) -> None:
        if options.index is None:
            status.say("Choose an answer first.")
            return
        chosen = asked.options[options.index]
        kept = record("questions", asked.name, {"answer": chosen.text, "right": chosen.correct})
        _explain(status, chosen, after="" if kept else " (Not kept: there is no place to write.)")

    status.on_msg(choose)
    button.on_click(answer)
    earlier = load()["questions"].get(asked.name)
    for i, option in enumerate(asked.options):
        if isinstance(earlier, dict) and earlier.get("answer") == option.text:
            options.index = i
            _explain(status, option, before="Your earlier answer. ")
    return _box(asked.text, options, button, status)


def predict(prediction: Prediction | str) -> Any:
    """Ask for a prediction before looking; it is kept and shown again by `recall`.

    Parameters
    ----------
    prediction : Prediction or str
        The prediction, or its full name ("lesson02_binding/who_wins").

    Returns
    -------
    ipywidgets.VBox
        Question, a text field, a button and a status line.

    Raises
    ------
    LookupError
        When `prediction` is a name that no prediction has.

    Examples
    --------
    >>> predict("lesson02_binding/who_wins").children[2].description
    'Keep my prediction'
    """
    asked = _prediction(prediction)
    field = widgets.Textarea(
        value=_written(asked.name),
        placeholder="In a sentence or two, before you read on",
        description="I think",
        layout={**_WIDE, "height": "5em"},
    )
    button = widgets.Button(
        description="Keep my prediction",
        tooltip=f"Keep my prediction: {asked.text}",
        layout={"width": "auto", "align_self": "flex-start"},
    )
    status = Status(question=asked.text)

    def write(_: Any, content: dict[str, Any], *__: Any) -> None:
        if isinstance(content.get("written"), str):
            field.value = content["written"]

    def keep(_: Any) -> None:
        text = field.value.strip()
        if not text:
            status.say("Write something first; a guess is fine.")
        elif record("predictions", asked.name, text):
            status.say("Kept. You will see it again at the end.")
        else:
            status.say("There is no place to keep it here: write it on paper too.")

    status.on_msg(write)
    button.on_click(keep)
    return _box(asked.text, field, button, status)


def recall(prediction: Prediction | str) -> Any:
    """Show again what was predicted.

    Parameters
    ----------
    prediction : Prediction or str
        The prediction, or its full name ("lesson02_binding/who_wins").

    Returns
    -------
    ipywidgets.HTML
        The question and what the learner wrote, or a note that nothing was written.

    Raises
    ------
    LookupError
        When `prediction` is a name that no prediction has.

    Examples
    --------
    >>> "predicted" in recall("lesson02_binding/who_wins").value
    True
    """
    asked = _prediction(prediction)
    written = _written(asked.name)
    said = html.escape(written) if written else "(You have not predicted anything yet.)"
    shown = widgets.HTML(
        f"<p>{html.escape(asked.text)}</p><p>You predicted:</p><blockquote>{said}</blockquote>",
        layout=_WIDE,
    )
    shown.add_class("snrilab-question")
    return shown


def _prediction(prediction: Prediction | str) -> Prediction:
    asked = find(prediction) if isinstance(prediction, str) else prediction
    if not isinstance(asked, Prediction):
        raise LookupError(f"prediction {prediction!r} is not a prediction.")
    return asked


def _written(name: str) -> str:
    written = load()["predictions"].get(name, "")
    return written if isinstance(written, str) else ""


def _box(text: str, control: Any, button: Any, status: Status) -> Any:
    asked = widgets.HTML(f"<p><strong>{html.escape(text)}</strong></p>", layout=_WIDE)
    box = widgets.VBox([asked, control, button, status])
    box.add_class("snrilab-question")
    return box


def _explain(status: Status, option: Option, before: str = "", after: str = "") -> None:
    mark, tone = ("✓", "right") if option.correct else ("✗", "wrong")
    status.say(f"{before}{mark} {option.why}{after}", tone)
