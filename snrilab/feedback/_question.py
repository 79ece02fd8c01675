"""Questions with options: the first answer counts, how sure one was is asked, all is explained."""

from __future__ import annotations

import random
import zlib
from collections import Counter
from typing import Any

from snrilab.exercises import Option, Question, declared, find, lesson, lessons
from snrilab.feedback._memory import change, learner_seed, load, record
from snrilab.feedback._widgets import Status, box, button, radios, text

SURE = ("guessing", "fairly sure", "certain")
_NOT_KEPT = " (Not kept: there is no place to write.)"


def question(question: Question | str) -> Any:
    """Show a question; an answer is kept, and said why it is right or wrong.

    Parameters
    ----------
    question : Question or str
        The question, or its full name ("lesson02/which_tighter").

    Returns
    -------
    ipywidgets.VBox
        Text, options, how sure, a button and a status line. The options stand in an order of the
        learner's own. The first answer is kept for the class report; later ones may mend it.

    Raises
    ------
    LookupError
        When `question` is a name that no question has.

    Examples
    --------
    >>> shown = question("lesson02/which_tighter")
    >>> shown.children[3].description
    'Check my answer'
    """
    return _ask(question)


def shuffled(asked: Question, again: str = "") -> tuple[Option, ...]:
    """Return the options in this learner's own order, the same each time.

    In the lesson that asks `again` the order is another one, and the right answer stands elsewhere:
    what is remembered is the answer, not its place.
    """
    options = list(asked.options)
    seed = learner_seed() ^ zlib.crc32(f"{again}{asked.name}".encode())
    random.Random(seed).shuffle(options)  # noqa: S311
    if again:
        first = [option.correct for option in shuffled(asked)]
        while [option.correct for option in options] == first:
            options.append(options.pop(0))
    return tuple(options)


def _ask(question: Question | str, kind: str = "", again: str = "") -> Any:
    asked = find(question) if isinstance(question, str) else question
    if not isinstance(asked, Question):
        raise LookupError(f"question {question!r} is not a question with options.")
    offered = shuffled(asked, again)
    options = radios([option.text for option in offered], "Your answer")
    sure = radios(list(SURE), "How sure are you?")
    sure.add_class("snrilab-sure")
    press = button("Check my answer", asked.text)
    status = Status(question=asked.text, labels=["", "How sure are you?"])
    status.listen([options, sure])

    def answer(_: Any) -> None:
        if options.index is None:
            status.say("Choose an answer first.")
            return
        if sure.index is None:
            status.say("And how sure are you? Guessing is fine.")
            return
        chosen = offered[options.index]
        now = {"answer": chosen.text, "right": chosen.correct, "idea": chosen.idea,
               "sure": SURE[sure.index]}  # fmt: skip
        kept = _keep(asked, now, recalled=bool(kind))
        after = "" if kept else _NOT_KEPT
        _explain(status, chosen, SURE[sure.index], after=after)

    press.on_click(answer)
    earlier = None if kind else load()["questions"].get(asked.name)
    if isinstance(earlier, dict):
        last = earlier.get("last", earlier.get("answer"))
        for place, option in enumerate(offered):
            if option.text == last:
                options.index = place
                _explain(status, option, "", before="Your earlier answer. ")
        if earlier.get("sure") in SURE:
            sure.index = SURE.index(earlier["sure"])
    return box([text(f"{kind}{asked.text}", strong=True), options, sure, press, status])


def _keep(asked: Question, now: dict[str, Any], *, recalled: bool) -> bool:
    if recalled:
        return record("recalls", asked.name, now)

    def merged(old: Any) -> dict[str, Any]:
        first = old if isinstance(old, dict) and "answer" in old else now
        right = bool(first.get("right_now") or now["right"])
        return {**first, "last": now["answer"], "right_now": right}

    return change("questions", asked.name, merged)


def _explain(
    status: Status, chosen: Option, sure: str, *, before: str = "", after: str = ""
) -> None:
    mark, word = ("✓", "Yes: ") if chosen.correct else ("✗", "No: ")
    beside = ""
    if sure == "certain" and not chosen.correct:
        beside = " You were certain: worth a second look, for such an idea stays."
    elif sure == "guessing" and chosen.correct:
        beside = " You guessed: say in your own words why it is so."
    tone = "right" if chosen.correct else "wrong"
    status.say(f"{before}{mark} {word}{chosen.why}{beside}{after}", tone)


def recall(module: str, count: int = 2) -> Any:
    """Ask questions of earlier lessons again, those first that were answered wrong.

    Parameters
    ----------
    module : str
        The lesson that begins ("lesson03"): only earlier ones are asked about.
    count : int, default 2
        How many, >= 1.

    Returns
    -------
    ipywidgets.VBox
        The questions, their options in another order than the first time, or a sentence when there
        is nothing to recall. Answers given here are kept apart from the first ones.

    Raises
    ------
    LookupError
        When there is no such lesson.
    ValueError
        When `count` is below 1.

    Examples
    --------
    >>> len(recall("lesson01").children)
    1
    """
    if module not in lessons():
        raise LookupError(f"module must be one of {', '.join(lessons())}; got {module!r}.")
    if type(count) is not int or count < 1:
        raise ValueError(f"count must be a whole number of 1 or more, got {count!r}.")
    asked = _worth_recalling(module)[:count]
    if not asked:
        return box([text("No earlier lesson asks anything: go on.")])
    intro = text("From earlier lessons, before you go on (two minutes; skip it if you like):")
    return box([intro, *(_ask(one, "Do you remember? ", module) for one in asked)])


def _worth_recalling(module: str) -> list[Question]:
    """Return the questions of earlier lessons: wrong ones first, then unsure, then the rest.

    Of each of these first those of the lessons that this one needs, and one of each lesson before
    a second.
    """
    kept, recalled = load()["questions"], load()["recalls"]
    seed = learner_seed()

    begun = lesson(module)
    needed = begun.needs if begun is not None else ()

    def group_of(one: Question) -> tuple[bool, int, bool]:
        first = kept.get(one.name)
        first = first if isinstance(first, dict) else {}
        again = recalled.get(one.name)
        mended = isinstance(again, dict) and bool(again.get("right"))
        wrong = bool(first) and not first.get("right")
        unsure = bool(first) and first.get("sure") == SURE[0]
        group = 0 if wrong else 1 if unsure else 2 if first else 3
        return mended, group, one.name.partition("/")[0] not in needed

    earlier = [name for name in lessons() if name < module]
    asked = [q for name in earlier for q in declared(name).values() if isinstance(q, Question)]
    asked.sort(key=lambda one: zlib.crc32(f"{seed}{one.name}".encode()))
    before: Counter[tuple[object, ...]] = Counter()
    ranks = {}
    for one in asked:
        group = group_of(one)
        lesson_of = (group, one.name.partition("/")[0])
        ranks[one.name] = (*group, before[lesson_of])
        before[lesson_of] += 1
    return sorted(asked, key=lambda one: ranks[one.name])
