"""Commit before being told: a choice, a number with a range, or a drawn curve."""

from __future__ import annotations

import html
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import ipywidgets

from snrilab._checks import no_number
from snrilab.exercises import Prediction, find, known_idea
from snrilab.feedback._memory import change, load
from snrilab.feedback._widgets import Status, box, button, number_in, radios, text

if TYPE_CHECKING:
    from collections.abc import Sequence

_KEPT = "Kept. You will see it again beside the result."
_NO_PLACE = "There is no place to keep it here: write it on paper too."
_NEAR = 0.1  # of the answer: as near as a number must be to follow from an idea


@dataclass(frozen=True)
class Predicted:
    """What a learner predicted, beside the answer.

    Attributes
    ----------
    name : str
        Full name of the prediction.
    value : str, float or tuple of float
        The choice, the number, or one number for each point of a curve.
    low, high : float or None
        The range of a number.
    answer : str, float, tuple of float or None
        The right answer; None where it is not declared.
    right : bool or None
        For a choice or a number: whether it is the right one (within a tenth); None where unknown.
    held : bool or None
        For a number: whether the range holds the answer; of an answer that is itself a span (2.0
        to 2.3) its middle, or half of it: to touch it is not enough.
    idea : str
        Code of the idea that the prediction follows from, or nothing.
    sentence : str
        All this in words, to be shown beside the result.
    """

    name: str
    value: str | float | tuple[float, ...]
    low: float | None
    high: float | None
    answer: str | float | tuple[float, ...] | None
    right: bool | None
    held: bool | None
    idea: str
    sentence: str

    def __str__(self) -> str:
        """Return the sentence."""
        return self.sentence

    def _repr_html_(self) -> str:
        return f"<p>{html.escape(self.sentence)}</p>"


def predict(prediction: Prediction | str) -> Any:
    """Ask for a prediction before the result is told; it is kept and shown beside the result.

    Parameters
    ----------
    prediction : Prediction or str
        The prediction, or its full name ("lesson02/two_labs").

    Returns
    -------
    ipywidgets.VBox
        The question, its controls, a button and a status line.

    Raises
    ------
    LookupError
        When `prediction` is a name that no prediction has.

    Examples
    --------
    >>> predict("lesson02/two_labs").children[2].description
    'Keep my prediction'
    """
    asked = _prediction(prediction)
    if asked.kind == "choice":
        return _choice(asked)
    return _number(asked) if asked.kind == "number" else _curve(asked)


def predicted(
    prediction: Prediction | str, answer: str | float | tuple[float, ...] | None = None
) -> Predicted | None:
    """Return what a learner predicted, for whoever shows the result; None when nothing is kept.

    Parameters
    ----------
    prediction : Prediction or str
        The prediction, or its full name ("lesson02/two_labs").
    answer : str, float or tuple of float, optional
        The right answer where it is not declared, because it is drawn for each learner.

    Returns
    -------
    Predicted or None

    Raises
    ------
    LookupError
        When `prediction` is a name that no prediction has.

    Examples
    --------
    >>> predicted("lesson02/two_labs") is None
    True
    """
    asked = _prediction(prediction)
    return _judged(asked, load()["predictions"].get(asked.name), answer)


def first_predicted(prediction: Prediction | str) -> Predicted | None:
    """Return what a learner predicted the first time, before anything could be seen."""
    asked = _prediction(prediction)
    kept = load()["predictions"].get(asked.name)
    return _judged(asked, kept.get("first", kept) if isinstance(kept, dict) else None, None)


def _judged(
    asked: Prediction, kept: Any, answer: str | float | tuple[float, ...] | None
) -> Predicted | None:
    if not isinstance(kept, dict) or "value" not in kept:
        return None
    truth = asked.answer if answer is None else answer
    if asked.kind == "choice":
        return _judged_choice(asked, str(kept["value"]), truth)
    try:
        if asked.kind == "curve":
            return _judged_curve(asked, tuple(map(float, kept["value"])), truth)
        value, low, high = (float(kept[part]) for part in ("value", "low", "high"))
    except (KeyError, TypeError, ValueError):
        return None  # kept by another version of the lesson
    return _judged_number(asked, value, low, high, truth)


def _prediction(prediction: Prediction | str) -> Prediction:
    asked = find(prediction) if isinstance(prediction, str) else prediction
    if not isinstance(asked, Prediction):
        raise LookupError(f"prediction {prediction!r} is not a prediction.")
    return asked


# -- asking -----------------------------------------------------------------------------------


def _choice(asked: Prediction) -> Any:
    options = radios(list(asked.choices), "I think")
    press = button("Keep my prediction", asked.text)
    status = Status(question=asked.text, labels=["I think:"])
    status.listen([options])
    kept = predicted(asked)
    if kept is not None and kept.value in asked.choices:
        options.value = kept.value
        status.say("Your earlier prediction is kept.")

    def keep(_: Any) -> None:
        if options.index is None:
            status.say("Choose first; a guess is fine.")
        else:
            _store(asked, {"value": options.value}, status)

    press.on_click(keep)
    return box([text(asked.text, strong=True), options, press, status])


def _number(asked: Prediction) -> Any:
    unit = f" ({asked.unit})" if asked.unit else ""
    names = [f"My best guess{unit}", "It is at least", "and at most"]
    boxes = [_number_box(name) for name in names]
    kept = predicted(asked)
    press = button("Keep my prediction", asked.text)
    status = Status(question=asked.text, labels=[f"{name}:" for name in names])
    status.listen(boxes)
    if kept is not None:
        for control, value in zip(boxes, (kept.value, kept.low, kept.high), strict=True):
            control.value = f"{value:.12g}"
        status.say("Your earlier prediction is kept.")

    def keep(_: Any) -> None:
        value, low, high = (number_in(control) for control in boxes)
        if value is None or low is None or high is None:
            odd = [one.value for one in boxes if number_in(one) is None and one.value.strip()]
            status.say(
                no_number(odd[0])
                if odd
                else "Three numbers are needed: a guess, and a range that you would bet on."
            )
        elif not low <= value <= high or low == high:
            status.say("The guess has to lie in the range, and the range has to run upwards.")
        elif not asked.low <= value <= asked.high:
            status.say(f"The guess has to lie between {asked.low:g} and {asked.high:g}.")
        else:
            _store(asked, {"value": value, "low": low, "high": high}, status)

    press.on_click(keep)
    bet = text("Give a range so wide that you would bet 4 to 1 on it.")
    controls = ipywidgets.VBox([bet, *boxes])
    return box([text(asked.text, strong=True), controls, press, status])


def _number_box(name: str) -> Any:
    return ipywidgets.Text(
        placeholder="a number",
        description=name,
        layout={"width": "24em", "max_width": "100%"},
        style={"description_width": "14em"},
    )


def _curve(asked: Prediction) -> Any:
    from snrilab.feedback._curve import Curve

    kept = predicted(asked)
    start = kept.value if kept is not None and isinstance(kept.value, tuple) else None
    status = Status(question=asked.text)
    curve = Curve(asked, start, status.say)
    status.labels = curve.labels
    press = button("Keep my prediction", asked.text)
    status.listen(curve.boxes)
    if kept is not None:
        status.say("Your earlier prediction is kept.")

    def keep(_: Any) -> None:
        if curve.odd:
            status.say(curve.odd)
        elif not curve.drawn:
            status.say("Draw first; a guess is fine.")
        else:
            _store(asked, {"value": list(curve.values)}, status)

    press.on_click(keep)
    return box([text(asked.text, strong=True), curve.widget, press, status])


def _store(asked: Prediction, value: dict[str, Any], status: Status) -> None:
    """Keep a prediction; the first one stays beside it, for how sure one was before seeing."""

    def merged(old: Any) -> dict[str, Any]:
        first = old.get("first", old) if isinstance(old, dict) and "value" in old else value
        return {**value, "first": first}

    status.say(_KEPT if change("predictions", asked.name, merged) else _NO_PLACE)


# -- judging ----------------------------------------------------------------------------------


def _idea_said(idea: str, *, held: bool = False) -> str:
    known = known_idea(idea)
    start = "Your guess alone would follow from this idea" if held else "Perhaps the idea behind it"
    return f" {start}: {known.idea}." if known else ""


def _judged_choice(asked: Prediction, value: str, truth: Any) -> Predicted:
    right = None if truth is None else value == truth
    idea = next((code for code in asked.ideas if value in asked.choices_of(code)), "")
    said = f"You predicted: {value}."
    if right is not None:
        said += _choice_said(asked, truth, right=bool(right)) + ("" if right else _idea_said(idea))
    return _predicted(asked, value, None, None, truth, right, None, idea, said)


def _choice_said(asked: Prediction, truth: Any, *, right: bool) -> str:
    if asked.measured and right:
        return f" So it is, as measured {asked.measured}."
    return " So it is." if right else f" {_told(asked)} {truth}."


def _told(asked: Prediction) -> str:
    """Return how an answer begins: somebody measured it, or a number holds for a setting."""
    if asked.measured:
        return f"Measured {asked.measured}, not worked out by a model:"
    if asked.kind == "choice":
        return "It is:"
    return f"With {asked.setting} it is" if asked.setting else "It is"


def _judged_number(
    asked: Prediction, value: float, low: float, high: float, truth: Any
) -> Predicted:
    unit = f" {asked.unit}" if asked.unit else ""
    said = f"You predicted {_shown(value)}{unit} ({_shown(low)} to {_shown(high)})."
    if truth is None or isinstance(truth, str):
        return _predicted(asked, value, low, high, None, None, None, "", said)
    ends = tuple(truth) if isinstance(truth, tuple) else (truth, truth)
    least, most = min(ends), max(ends)
    right = least * (1 - _NEAR) <= value <= most * (1 + _NEAR)
    held, where = _held(low, high, least, most)
    idea = "" if right else _nearest_idea(asked, value)
    shown = _shown(least) if least == most else f"{_shown(least)} to {_shown(most)}"
    said += f" {_told(asked)} {shown}{unit}: {where}.{_idea_said(idea, held=held)}"
    return _predicted(asked, value, low, high, truth, right, held, idea, said)


def _shown(value: float) -> str:
    """Write a number short: 0.0333, 12.3, 4,538."""
    if _LARGE <= abs(value) < math.inf:
        return f"{float(f'{value:.4g}'):,.0f}"
    return f"{value:.3g}"


_LARGE = 1000


def _held(low: float, high: float, least: float, most: float) -> tuple[bool, str]:
    """Return whether a range holds an answer that runs from least to most, and this in words."""
    if low <= least and most <= high:
        return True, "inside your range"
    if high < least or low > most:
        return False, "outside your range"
    if 2 * (min(high, most) - max(low, least)) >= most - least:
        return True, "half of it or more is in your range, which counts"
    if low <= (least + most) / 2 <= high:
        return True, "its middle is in your range, which counts"
    return False, "your range has neither its middle nor half of it, so it does not count"


def _judged_curve(asked: Prediction, value: tuple[float, ...], truth: Any) -> Predicted | None:
    if len(value) != len(asked.points):
        return None
    if not isinstance(truth, tuple) or len(truth) != len(value):
        said = "Your curve is drawn beside the result."
        return _predicted(asked, value, None, None, None, None, None, "", said)
    span = max(truth) - min(truth) or 1.0
    idea = ""
    if _distance(value, truth) > _NEAR * span:
        distances = {
            code: _distance(value, curve)
            for code, curve in asked.ideas.items()
            if isinstance(curve, tuple) and len(curve) == len(value)
        }
        nearest = min(distances, key=lambda code: distances[code], default="")
        if nearest and distances[nearest] < min(_NEAR * span, _distance(value, truth)):
            idea = nearest
    worst = max(range(len(value)), key=lambda i: abs(value[i] - truth[i]))
    unit = f" {asked.unit}" if asked.unit else ""
    said = (
        f"Your curve is furthest off at {asked.axis} {asked.points[worst]:g}: you drew "
        f"{value[worst]:.3g}{unit}, it is {truth[worst]:.3g}.{_idea_said(idea)}"
    )
    return _predicted(asked, value, None, None, truth, None, None, idea, said)


def _distance(one: Sequence[float], other: Sequence[float]) -> float:
    return math.sqrt(sum((a - b) ** 2 for a, b in zip(one, other, strict=True)) / len(one))


def _nearest_idea(asked: Prediction, value: float) -> str:
    """Return the idea whose number, or range of numbers, a guess comes near to."""
    for code, number in asked.ideas.items():
        if isinstance(number, str):
            continue
        ends = tuple(number) if isinstance(number, tuple) else (number, number)
        low, high = min(ends), max(ends)
        margin = _NEAR * max(abs(low), abs(high))
        if low - margin <= value <= high + margin:
            return code
    return ""


def _predicted(
    asked: Prediction,
    value: str | float | tuple[float, ...],
    low: float | None,
    high: float | None,
    answer: Any,
    right: bool | None,
    held: bool | None,
    idea: str,
    said: str,
) -> Predicted:
    because = f" {asked.because}" if asked.because else ""
    return Predicted(asked.name, value, low, high, answer, right, held, idea, f"{said}{because}")
