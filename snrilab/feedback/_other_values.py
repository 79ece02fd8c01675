"""A word, an infinity, True or False, a list: what is the matter where another kind is asked."""

from __future__ import annotations

import ast
import difflib
from typing import TYPE_CHECKING, Any

import numpy as np

from snrilab.exercises import as_numbers
from snrilab.feedback import (
    _kinds,
)
from snrilab.feedback._call import (
    definition_of,
    kind_name,
    shown,
)
from snrilab.feedback._feedback import saying
from snrilab.feedback._shown_at import example_of

if TYPE_CHECKING:
    from snrilab.feedback._feedback import Feedback
    from snrilab.feedback._trial import Trial


def no_end(trial: Trial) -> Feedback | None:
    """Say where alone the answer is wrong if it is there that it should be infinite."""
    places = [i for i in range(len(trial.right)) if not trial.agreeing[i]]
    wanted = [as_numbers(trial.right[i]) for i in places]
    returned = all(
        trial.calls[i].error is None and trial.calls[i].value is not None for i in places
    )
    if not returned or not all(w is not None and np.isinf(w).any() for w in wanted):
        return None
    if any(trial.agreeing):
        said = _for_infinity(
            [trial.calls[i].value for i in places], [trial.right[i] for i in places]
        )
        if said is not None:
            return saying(trial.exercise, *said, example_of(trial, places[0]))
        return saying(
            trial.exercise,
            "infinity-missing",
            "It is right where the answer is finite, and wrong where it is infinite.",
            "Where the answer has no end, np.inf is asked: no other number, and neither text, nan "
            "nor None.",
            example_of(trial, places[0]),
        )
    return None


def _for_infinity(mine: list[Any], right: list[Any]) -> tuple[str, str, str] | None:
    """Name a number, or a text, that is written where the answer is infinite."""
    found = set()
    for got, wanted in zip(mine, right, strict=True):
        ends = np.ravel(np.asarray(wanted, dtype=float))
        values = list(got) if isinstance(got, list | tuple | np.ndarray) else [got]
        if len(values) != len(ends):
            return None
        found |= {one for one, end in zip(values, ends, strict=True)
                  if np.isinf(end) and isinstance(one, str | int | float | np.number)}  # fmt: skip
    if len(found) != 1:
        return None
    written = found.pop()
    headline = f"{shown(written)} stands where the answer has no end."
    if isinstance(written, str):
        return "text-for-infinity", headline, "A text is no number: infinity is np.inf, no quotes."
    if not np.isfinite(written) or len(mine) == 1:
        return None
    why = "Any number, however large, is an end. Infinity is np.inf, and calculates like a number."
    return "number-for-infinity", headline, why


def other_word(trial: Trial) -> Feedback | None:
    """Say what is the matter where a word is asked for and another comes back, or none."""
    if not all(isinstance(value, str) for value in trial.right):
        return None
    words = list(dict.fromkeys(trial.right))
    listed = ", ".join(f'"{one}"' for one in words)
    came = [c for c in trial.calls if c.error is None]
    texts = [c.value for c in came if isinstance(c.value, str)]
    place = trial.first_wrong
    quoted = next((one for one in words if _is_bare(trial, one)), "")
    if quoted:
        why = f'Words stand in quotation marks: "{quoted}". Without them Python looks for a name.'
        return saying(trial.exercise, "quotes-missing", f"{quoted} is written without quotation "
                     "marks.", why, example_of(trial, place))  # fmt: skip
    other = _kinds.other_words(trial)
    if other is not None and not texts:
        return saying(trial.exercise, *other, example_of(trial, place))
    handed_on = all(any(c.value is one for one in c.arguments) for c in came)
    if (
        came
        and not (texts or handed_on)
        and all(c.value is not None and c.value is not ... for c in came)
    ):
        what = "several values" if np.ndim(np.asarray(came[0].value, dtype=object)) else "no word"
        if isinstance(came[0].value, set | list | tuple | dict):
            what = kind_name(came[0].value)
        why = f"Asked is one of the words {listed}: let what you worked out decide which."
        return saying(trial.exercise, "wrong-kind", f"The function returns {what}; one word is "
                     "asked.", why, example_of(trial, place))  # fmt: skip
    strange = [one for one in dict.fromkeys(texts) if one not in words]
    if len(words) > 1 and len(set(texts)) == 1 and len(texts) == len(trial.calls):
        why = "Follow your lines with the input below: at which of them is it decided?"
        headline = f'The answer is "{texts[0]}" whatever the inputs are.'
        return saying(
            trial.exercise, "same-for-every-input", headline, why, example_of(trial, place)
        )
    if not strange or len(texts) < len(trial.calls):
        return None
    meant = {one: difflib.get_close_matches(one.strip().lower(), words, 1, 0.7) for one in strange}
    said = {one: near[0] for one, near in meant.items() if near}
    right = all(
        said.get(c.value, c.value) == value
        for c, value in zip(trial.calls, trial.right, strict=True)
    )
    spelt = any(one.strip().lower() in words for one in strange)
    if other is not None and not right and not spelt:
        return saying(trial.exercise, *other, example_of(trial, place))
    alone = "Only the words are spelt otherwise: the rest is right. " if right else ""
    given = ", ".join(f'"{one}"' for one in strange)
    return saying(trial.exercise, "other-word", f"The words asked are {listed}.",
                 f"{alone}Yours: {given}. Capital letters and blanks count, too.",
                 example_of(trial, place))  # fmt: skip


def _is_bare(trial: Trial, word: str) -> bool:
    """Tell whether a word that is asked for is returned as a name."""
    definition = definition_of(trial.function)
    if definition is None:
        return False
    steps = list(ast.walk(definition))
    set_here = {n.id for n in steps if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    returned = [step.value for step in steps if isinstance(step, ast.Return) and step.value]
    names = {n.id for one in returned for n in ast.walk(one) if isinstance(n, ast.Name)}
    return word in names - set_here - {a.arg for a in definition.args.args}


def other_kind(trial: Trial) -> Feedback | None:
    """Name numbers or text where the answer is True or False, a list or a dictionary."""
    place = trial.first_wrong
    c, expected = trial.calls[place], trial.right[place]
    listed = isinstance(expected, list | tuple) and isinstance(c.value, str | dict)
    if (as_numbers(expected) is not None and not listed) or isinstance(expected, str):
        return None
    if c.error is not None or (c.numbers is None and not isinstance(c.value, str) and not listed):
        return None
    found = _kinds.other_kind(c.value, expected)
    return saying(trial.exercise, "wrong-kind", *found, example_of(trial, place))
