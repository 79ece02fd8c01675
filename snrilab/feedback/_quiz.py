"""Questions and predictions as widgets: choose or write, and read why."""

from __future__ import annotations

import html
from typing import Any

import ipywidgets as widgets

from snrilab.exercises._declaration import Option, Prediction, Question, find
from snrilab.feedback._progress import load, record

_WIDE = {"width": "auto", "max_width": "52em"}


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
    status = _status()

    def answer(_: Any) -> None:
        if options.index is None:
            status.value = _said("Choose an answer first.")
            return
        chosen = asked.options[options.index]
        kept = record("questions", asked.name, {"answer": chosen.text, "right": chosen.correct})
        status.value = _verdict(chosen) + ("" if kept else _said("(Not kept: no place to write.)"))

    button.on_click(answer)
    earlier = load()["questions"].get(asked.name)
    for i, option in enumerate(asked.options):
        if isinstance(earlier, dict) and earlier.get("answer") == option.text:
            options.index = i
            status.value = _said("Your earlier answer. ") + _verdict(option)
    return widgets.VBox([_asked(asked.text), options, button, status])


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
    status = _status()

    def keep(_: Any) -> None:
        text = field.value.strip()
        if not text:
            status.value = _said("Write something first; a guess is fine.")
        elif record("predictions", asked.name, text):
            status.value = _said("Kept. You will see it again at the end.")
        else:
            status.value = _said("There is no place to keep it here: write it on paper too.")

    button.on_click(keep)
    return widgets.VBox([_asked(asked.text), field, button, status])


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
    if written:
        said = f"<blockquote>{html.escape(written)}</blockquote>"
    else:
        said = "<blockquote>(You have not predicted anything yet.)</blockquote>"
    return widgets.HTML(
        f"<p>{html.escape(asked.text)}</p><p>You predicted:</p>{said}", layout=_WIDE
    )


def _prediction(prediction: Prediction | str) -> Prediction:
    asked = find(prediction) if isinstance(prediction, str) else prediction
    if not isinstance(asked, Prediction):
        raise LookupError(f"prediction {prediction!r} is not a prediction.")
    return asked


def _written(name: str) -> str:
    written = load()["predictions"].get(name, "")
    return written if isinstance(written, str) else ""


def _asked(text: str) -> Any:
    return widgets.HTML(f"<p><strong>{html.escape(text)}</strong></p>", layout=_WIDE)


def _status() -> Any:
    return widgets.HTML("", layout=_WIDE)


def _said(text: str) -> str:
    return f'<span role="status">{html.escape(text)}</span>'


def _verdict(option: Option) -> str:
    mark, colour = ("✓", "#009E73") if option.correct else ("✗", "#D55E00")
    return (
        f'<div role="status" style="border-left:4px solid {colour};padding:0 0.8em">'
        f'<span aria-hidden="true">{mark}</span> {html.escape(option.why)}</div>'
    )
