"""Take the concept inventory: one item at a time, the first answer counts, reasons at the end.

The end is that of the course. The key of form A would give away predictions of the lessons and the
twins in form B, and what had been gained would be in part what had been read there. So form A says
how many are right, and names its answers when form B is done.
"""

from __future__ import annotations

import html
import json
import random
import time
import zlib
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import ipywidgets

from snrilab import _html
from snrilab.exercises import FORMS, NOT_PILOTED, inventory_items, known_idea
from snrilab.feedback._memory import change, learner_seed, load
from snrilab.feedback._question import SURE
from snrilab.feedback._widgets import WIDE, Status, box, button, radios, text

if TYPE_CHECKING:
    from snrilab.exercises import Answer, Item

_FORMAT = "snrilab inventory 1"
_TOO_SOON_S = 0.7  # a second press of a double click must not answer the next item
_ALONE = {
    "A": "You are not expected to know this yet: a guess is an answer too.",
    "B": "The twin of the one before lesson 01: the same ideas in other numbers.",
}


_LATER = (
    "Which ones are right, and why, stands here when you have answered their twins at the end of "
    "lesson 12. Told now, it would give away what the lessons ask you to predict."
)


class Result(NamedTuple):
    """What a learner answered to one item."""

    item: Item
    answer: Answer
    sure: str

    @property
    def belief(self) -> bool:
        """Wrong, and not by guessing: an idea that is held."""
        return not self.answer.correct and self.sure != SURE[0]

    @property
    def gap(self) -> bool:
        """Wrong by guessing: something not known yet."""
        return not self.answer.correct and self.sure == SURE[0]


def inventory(form: str) -> Any:
    """Ask the twenty items of the concept inventory; what is right, and why, comes after form B.

    Parameters
    ----------
    form : {"A", "B"}
        A before the course, B at its end.

    Returns
    -------
    ipywidgets.VBox
        The first item that has no answer yet, so that one can stop and go on later; after the last
        one how many are right. After form B also what has changed since form A, and why each
        answer is right or wrong, of both forms.

    Raises
    ------
    ValueError
        When there is no such form.

    Notes
    -----
    The first answer to an item is kept and cannot be changed. A file for the class report, without
    a name, is written only on request.

    Examples
    --------
    >>> inventory("A").children[0].children[4].description
    'Keep my answer'
    """
    return _Taking(form).page


def shuffled_answers(item: Item) -> tuple[Answer, ...]:
    """Return the answers in this learner's own order, the same each time."""
    answers = list(item.answers)
    random.Random(learner_seed() ^ zlib.crc32(item.name.encode())).shuffle(answers)  # noqa: S311
    return tuple(answers)


def results(form: str) -> tuple[Result, ...]:
    """Return what is kept of one form, in the order of its items."""
    kept = load()["inventory"]
    return tuple(
        found for item in inventory_items(form) if (found := _read(item, kept.get(item.name)))
    )


def _read(item: Item, kept: Any) -> Result | None:
    if not isinstance(kept, dict) or kept.get("sure") not in SURE:
        return None
    chosen = [answer for answer in item.answers if answer.idea == kept.get("idea")]
    return Result(item, chosen[0], kept["sure"]) if chosen else None


class _Taking:
    """One form on one page, and where the learner stands in it."""

    def __init__(self, form: str) -> None:
        self.items = inventory_items(form)
        self.form = form
        self.done = {result.item.name: result for result in results(form)}
        self.kept = True
        self.since = -_TOO_SOON_S
        self.where, self.stem = text(""), text("")
        self.options = radios([], "Your answer")
        self.sure = radios(list(SURE), "How sure are you?")
        self.sure.add_class("snrilab-sure")
        self.press = button("Keep my answer", "the first answer counts")
        self.status = Status(question="", labels=["", "How sure are you?"])
        self.status.listen([self.options, self.sure])
        self.press.on_click(self._answer)
        self.asking = box([self.where, self.stem, self.options, self.sure, self.press, self.status])
        self.after = ipywidgets.VBox([])
        self.page = ipywidgets.VBox([self.asking, self.after])
        self._show()

    @property
    def item(self) -> Item | None:
        """The first item that has no answer yet."""
        return next((one for one in self.items if one.name not in self.done), None)

    def _show(self) -> None:
        if self.item is None:
            self._finish()
            return
        begun = "" if self.done else f"{_ALONE[self.form]} About 15 minutes. {NOT_PILOTED} "
        self.where.value = _paragraph(f"{begun}{self._place()}")
        self.stem.value = f"<p><strong>{html.escape(self.item.stem)}</strong></p>"
        self.status.question = self.item.stem
        with self.options.hold_sync():  # new options choose the first: the page must not see that
            self.options.options = [answer.text for answer in shuffled_answers(self.item)]
            self.options.index = None
        self.sure.index = None

    def _place(self) -> str:
        return f"Item {len(self.done) + 1} of {len(self.items)}."

    def _answer(self, _: Any) -> None:
        item = self.item
        if item is None:
            return
        if time.monotonic() - self.since < _TOO_SOON_S:
            self.options.index = self.sure.index = None
            self.status.say(f"{self._place()} Choose an answer to this one.")
            return
        if self.options.index is None:
            self.status.say("Choose an answer first.")
            return
        if self.sure.index is None:
            self.status.say("And how sure are you? Guessing is fine.")
            return
        chosen = shuffled_answers(item)[self.options.index]
        now = {"idea": chosen.idea, "right": chosen.correct, "sure": SURE[self.sure.index]}
        # Another page of the same learner may have answered it meanwhile: the first one counts.
        self.kept = change(
            "inventory", item.name, lambda old: old if _read(item, old) is not None else now
        )
        first = _read(item, load()["inventory"].get(item.name)) or _read(item, now)
        if first is not None:
            self.done[item.name] = first
        self.since = time.monotonic()
        self._show()
        if self.item is not None:
            beside = "" if self.kept else " (Not kept: there is no place to write.)"
            self.status.say(f"Kept. {self._place()} {self.item.stem}{beside}")

    def _finish(self) -> None:
        found = tuple(self.done[item.name] for item in self.items)
        said = summary(found)
        for part in (self.stem, self.options, self.sure, self.press):
            part.layout.display = "none"
        self.where.value = _paragraph(f"Form {self.form} of the concept inventory.")
        self.status.say(said)
        last = self.form == FORMS[1]
        told = [_reasons(found)] if last or _complete(FORMS[1]) else [_paragraph(_LATER)]
        if last:
            told.insert(0, change_html(results(FORMS[0]), found))
        parts = [ipywidgets.HTML(words, layout=WIDE) for words in told]
        for part in parts:
            part.add_class("snrilab-question")
        self.after.children = [*parts, _sharing()]


def _complete(form: str) -> bool:
    return len(results(form)) == len(inventory_items(form))


def _paragraph(words: str) -> str:
    return f"<p>{html.escape(words)}</p>"


def summary(found: tuple[Result, ...]) -> str:
    """Say how many were right, and tell ideas that are held from gaps."""
    right = sum(one.answer.correct for one in found)
    guessed = sum(one.answer.correct and one.sure == SURE[0] for one in found)
    held, gaps = sum(one.belief for one in found), sum(one.gap for one in found)
    return (
        f"Done: {right} of {len(found)} right ({guessed} by guessing). {held} wrong without "
        f"guessing: ideas to look at again. {gaps} wrong and guessed: not known yet. {NOT_PILOTED}"
    )


def _reasons(found: tuple[Result, ...]) -> str:
    """Return every item with its answer and the reason: first those that were sure and wrong."""
    order = sorted(found, key=lambda one: (not one.belief, not one.gap, one.item.number))
    parts = []
    for one in order:
        mark = "✓ Right" if one.answer.correct else "✗ Wrong" if one.belief else "✗ A gap"
        right = "" if one.answer.correct else f" Right: {one.item.right.text}."
        lessons = " and ".join(one.item.lessons)
        parts.append(
            f"<li><strong>{one.item.number}. {html.escape(one.item.stem)}</strong><br>"
            f"{mark} ({one.sure}).{html.escape(right)} "
            f"{html.escape(one.item.refutation(one.answer))} "
            f"Lesson {lessons}.</li>"
        )
    return (
        f"<details><summary>Why: all {len(found)} answers, first those that are wrong and "
        f"were no guess</summary><ul>{''.join(parts)}</ul></details>"
    )


class Change(NamedTuple):
    """How often one idea was chosen with some confidence, in each form, of how many chances."""

    idea: str
    chances: int
    before: int
    after: int


def changes(before: tuple[Result, ...], after: tuple[Result, ...]) -> tuple[Change, ...]:
    """Return each idea that was chosen in either form by somebody who did not guess."""
    chances = Counter(answer.idea for one in after for answer in one.item.answers[1:])
    first = Counter(one.answer.idea for one in before if one.belief)
    last = Counter(one.answer.idea for one in after if one.belief)
    codes = sorted(first | last, key=lambda code: (-last[code], -first[code], code))
    return tuple(Change(code, chances[code], first[code], last[code]) for code in codes)


def change_html(before: tuple[Result, ...], after: tuple[Result, ...]) -> str:
    """Return what has become of each idea since form A."""
    if len(before) < len(after):
        return _paragraph("Form A was not finished, so nothing can be said about what changed.")
    words = _gain(before, after)
    rows = [
        (
            known.idea if (known := known_idea(one.idea)) else one.idea,
            _whole(f"{one.before} of {one.chances}"),
            _whole(f"{one.after} of {one.chances}"),
            _whole("not chosen now" if not one.after else "still there" if one.before else "new"),
        )
        for one in changes(before, after)
    ]
    if not rows:
        return _paragraph(f"{words} No wrong idea was chosen for sure, then or now.")
    heads = ("Wrong idea", "Before", "Now", "What became of it")
    caption = (
        "Wrong ideas that you chose without guessing, and in how many of the questions that offer "
        "them; one answer alone says little"
    )
    return _paragraph(words) + _html.table(caption, heads, rows)


def _whole(words: str) -> str:
    """Keep words on one line."""
    return words.replace(" ", "\N{NO-BREAK SPACE}")


def _gain(before: tuple[Result, ...], after: tuple[Result, ...]) -> str:
    """Say what was won and lost between twins, and which lessons to look at again."""
    right = [sum(one.answer.correct for one in found) for found in (before, after)]
    known = [
        sum(one.answer.correct and one.sure != SURE[0] for one in found)
        for found in (before, after)
    ]
    then = {one.item.number: one.answer.correct for one in before}
    won = sum(one.answer.correct and not then[one.item.number] for one in after)
    lost = sum(then[one.item.number] and not one.answer.correct for one in after)
    words = (
        f"{right[0]} of {len(before)} right before the course, {right[1]} now; without guesses "
        f"{known[0]} and {known[1]}. Of the {len(before) - right[0]} that were wrong {won} are "
        f"right now; of the {right[0]} that were right {lost} are wrong now."
    )
    again = sorted({name for one in after if not one.answer.correct for name in one.item.lessons})
    return f"{words} Lessons to look at again: {', '.join(again)}." if again else words


# -- the class report ----------------------------------------------------------------------------


def shared() -> dict[str, Any]:
    """Return what a file for the class report holds: a random code and the answers; no name."""
    code = load()["learner"].get("inventory_code")
    if not isinstance(code, str):
        drawn = f"{random.SystemRandom().randrange(16**12):012x}"
        change("learner", "inventory_code", lambda old: old if isinstance(old, str) else drawn)
        kept = load()["learner"].get("inventory_code")
        code = kept if isinstance(kept, str) else drawn
    answers = {
        one.item.name: {"idea": one.answer.idea, "sure": one.sure}
        for form in FORMS
        for one in results(form)
    }
    return {"format": _FORMAT, "code": code, "answers": answers}


def _sharing() -> Any:
    agreed = ipywidgets.Checkbox(
        value=False,
        indent=False,
        description="I agree that my teacher gets these answers, without my name",
        layout={**WIDE, "height": "auto"},
    )
    press = button("Write the file for the class report", "a random code and your answers")
    status = Status(question="", labels=[])

    def write(_: Any) -> None:
        if not agreed.value:
            status.say("Nothing is written: you have not agreed.")
            return
        content = shared()
        path = Path.cwd() / f"inventory_{content['code']}.json"
        try:
            path.write_text(json.dumps(content, indent=1, sort_keys=True), encoding="utf-8")
        except OSError as error:
            status.say(f"The file cannot be written: {error.strerror}.")
            return
        status.say(
            f"Written: {path.name}, in the folder of this notebook. It holds a random code, your "
            "answers and how sure you were. Nothing is sent: hand it in, or delete it."
        )

    press.on_click(write)
    return box([agreed, press, status])
