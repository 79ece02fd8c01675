"""Say what is wrong with a function, in the order in which a teacher would look.

First what can be seen without numbers (nothing written, nothing returned), then ideas whose values
the learner's values match, then slips of the right answer, then slips in the learner's own line,
then what the wrong numbers have in common. A name is given only when the values leave no doubt.
"""

from __future__ import annotations

import ast
import difflib
import re
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from snrilab.exercises import Exercise, Misconception, agrees, as_numbers, known_idea
from snrilab.feedback import (
    _budget,
    _constants,
    _exceptions,
    _handed_over,
    _kinds,
    _lines,
    _loops,
    _moves,
    _numbers,
    _order,
    _questions,
    _rounding,
    _slips,
)
from snrilab.feedback._at_first_sight import before_calling, empty_answer, not_written
from snrilab.feedback._call import (
    Call,
    call,
    definition_of,
    first_apart,
    shown,
    shown_apart,
    shown_call,
)
from snrilab.feedback._errors import in_plain_words, means_scalars_only, shown_message
from snrilab.feedback._feedback import saying
from snrilab.feedback._trial import Trial, same_values

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from snrilab.feedback._feedback import Feedback

Found = TypeVar("Found")


def diagnosed(exercise: Exercise, function: Any) -> Feedback:
    """Try a function and say what came of it, whatever it is: this never ends in a traceback.

    The search for a cause takes no more processor time than `_budget.SECONDS`; then it is said what
    is known without it.
    """
    try:
        return _diagnosed(exercise, function)
    except Exception as stumbled:  # noqa: BLE001 -- a check that fails is no learner's mistake
        _stumbled(stumbled)
        return saying(
            exercise,
            "not-checked",
            f"This check could not look at {exercise.function_name}.",
            "That is a fault of the check and says nothing about your answer: run the cells below.",
        )


def _stumbled(error: Exception) -> None:
    """Hear of an error in the check itself; tests listen here, a learner never sees it."""


def _looked(look: Callable[[Trial], Found | None], trial: Trial) -> Found | None:
    """Return what one look finds; nothing when its time is over, or when it cannot see."""
    try:
        with _budget.one_look():
            return look(trial)
    except _budget.Spent:
        return None
    except Exception as stumbled:  # noqa: BLE001 -- what one look cannot see another may
        _stumbled(stumbled)
        return None


def _diagnosed(exercise: Exercise, function: Any) -> Feedback:
    before = before_calling(exercise, function)
    if before is not None:
        return before
    calls = tuple(call(function, arguments) for arguments in exercise.inputs())
    if all(isinstance(c.error, NotImplementedError) or c.value is Ellipsis for c in calls):
        return empty_answer(exercise.name, exercise.function_name, function, exercise) or (
            not_written(exercise.name, exercise.function_name)
        )
    right = tuple(exercise.reference(*c.arguments) for c in calls)
    trial = Trial(exercise, function, calls, right)
    with _budget.budget(_budget.SECONDS):
        if not all(trial.agreeing):
            return _of_the_wrong(trial)
        return _at_a_border(trial) or _of_the_right(trial)


def _at_a_border(trial: Trial) -> Feedback | None:
    """Try the borders that a page settles with a function that is right elsewhere."""
    exercise = trial.exercise
    more = tuple(call(trial.function, arguments) for arguments in exercise.at_borders())
    right = tuple(exercise.reference(*c.arguments) for c in more)
    both = Trial(exercise, trial.function, trial.calls + more, trial.right + right)
    if not both.wrong:
        return None
    wrong = both.calls[both.wrong[0]]
    if wrong.error is None and wrong.value is None:
        return _nothing(both, wrong, shown_call(exercise.function_name, wrong.arguments))
    found = _looked(_questions.edge_counted, both) or (
        "edge-counted",
        "All is right but at a border.",
        "What does the text above say of the input below?",
    )
    return _shown_at_first_wrong(both, found)


def _of_the_right(trial: Trial) -> Feedback:
    """Say what is the matter with a function that gives the right values, or that it is right."""
    exercise = trial.exercise
    changed = next((c for c in trial.calls if c.changed), None)
    if changed is not None:
        return _changed(trial, changed)
    invented = _looked(_invented, trial)
    if invented is not None:
        return invented
    whole = _looked(_lines.whole_number_arrays, trial)
    return saying(exercise, *whole) if whole is not None else _right(exercise)


def _of_the_wrong(trial: Trial) -> Feedback:
    """Say why the values are wrong, as far as that is seen."""
    rounded = _looked(_constants.rounded_constant, trial)
    if rounded:
        return _right(trial.exercise, rounded)
    looks = (
        *(_places_in_a_tuple, _form_of_a_line, _lost_by_one, _idea, _word, _no_end),
        *(_wrong_where_changed,),
        *(_other_kind, _own_kind, _scalars_only, _lost),
        *(_slip, _some, _own_line, _constant, _loop, _error, _form, _twice, _few_digits),
        *(_other_name, _relation),
    )
    for look in looks:
        found = _looked(look, trial)
        if found is not None:
            return found
    return _last_resort(trial)


def _right(exercise: Exercise, note: str = "") -> Feedback:
    name = exercise.function_name
    tried = len(exercise.inputs())
    headline = f"{name} gives the right values for the {tried} inputs tried here."
    why = note
    if exercise.name.startswith("ps"):
        why = f"{note} {more_to_think_of(exercise.inputs())}".strip()
    return saying(exercise, "right", headline, why, passed=True)


def more_to_think_of(inputs: Iterable[tuple[Any, ...]]) -> str:
    """Return what to try beside the inputs of an assignment's check, by the kinds that came in."""
    given = [one for arguments in inputs for one in arguments]
    arrays = any(isinstance(one, np.ndarray) for one in given)
    numbers = any(isinstance(one, int | float) and not isinstance(one, bool) for one in given)
    think = ["zero", "very large values"] if numbers or arrays else []
    think += ["arrays"] if arrays and numbers else []
    if not think:
        return "Graded tests try other inputs."
    listed = f"{', '.join(think[:-1])} and {think[-1]}"
    return f"Graded tests try other inputs: think of {listed}."


# -- ideas, and slips -------------------------------------------------------------------------


def _idea(trial: Trial) -> Feedback | None:
    """Name the first declared idea whose values are the learner's, on the calls that came back.

    A constant with few digits, 0.693 for ln 2, hides no idea.
    """
    precise = _constants.with_all_digits(trial)
    for known in trial.exercise.misconceptions:
        if same_values(trial, known.function):
            if _is_theirs(trial, known):
                return _refuted(trial, known)
            return _elsewhere(trial) or _refuted(trial, known, _come_to(trial, known))
    for known in trial.exercise.misconceptions if precise is not None else ():
        if precise is not None and precise.wrong and same_values(precise, known.function):
            return _refuted(trial, known)
    return None


def _is_theirs(trial: Trial, known: Misconception) -> bool:
    """Tell whether lines with the values of an idea are put together as it is, or nearly so."""
    if _slips.unlike(trial, known.text) >= _UNLIKE:
        return False
    return not _is_turned(trial) or _slips.shares_what_is_wrong(trial, known.text)


_UNLIKE = 4  # pieces that two formulas do not share


def _is_turned(trial: Trial) -> bool:
    """Tell whether every value is right but for its sign: many ways lead there."""
    if not trial.pairs:
        return False
    mine, right = trial.joined
    return bool(mine.any()) and np.allclose(mine, -right, rtol=trial.exercise.rel, atol=0)


def _elsewhere(trial: Trial) -> Feedback | None:
    """Name what is wrong in lines that have the values of an idea and are made otherwise."""
    only = None if _is_turned(trial) else _PLAIN_SLIPS
    found = _slips.of_the_line(trial, only) if _says_much(trial) else None
    return _shown_at_first_wrong(trial, found)


def _says_much(trial: Trial) -> bool:
    """Tell whether the right values are such as no other formula meets by chance, as a place is."""
    return len({x for _, right in trial.pairs for x in right.tolist() if x != round(x)}) >= _MANY


_PLAIN_SLIPS = frozenset({"wrong-argument", "reversed-subtraction", "plus-for-minus"})


def _come_to(trial: Trial, known: Misconception) -> str:
    """Return the formula that the learner's lines come to, or nothing where values may be chance.

    A place or a count is met by chance; so is a longer answer, which is not shown.
    """
    text = re.sub(r" \+ 0(\.0)? \* \w+$", "", known.text)
    if not _says_much(trial) or "\n" in text or len(text) > _SHOWN or "0 * " in text:
        return ""
    return text


_MANY = 3  # different values
_SHOWN = 64  # characters


def _refuted(trial: Trial, known: Misconception, comes_to: str = "") -> Feedback:
    """Name the idea, refute it with the learner's own numbers, and give the right one.

    Where the lines are put together otherwise it is said what they come to.
    """
    exercise = trial.exercise
    place = trial.first_wrong
    c, expected = trial.calls[place], trial.right[place]
    listed = known_idea(known.code)
    words = listed.idea if listed else known.code.replace("-", " ")
    if listed is not None and listed.kind == "idea":
        headline = f"The idea behind it: {words}."
    else:
        headline = f"{words[:1].upper()}{words[1:]}."
    if comes_to:
        headline = f"Your lines come to `{comes_to}`."
    got, wanted = shown_apart(c.value, expected)
    numbers = dict(zip(exercise.argument_names, map(shown, c.arguments), strict=True))
    numbers |= {"gave": got, "expected": wanted}
    why = known.advice
    for name, number in numbers.items():
        why = why.replace("{" + name + "}", number)
    return saying(exercise, known.code, headline, why, _example(trial, place))


def _no_end(trial: Trial) -> Feedback | None:
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
            return saying(trial.exercise, *said, _example(trial, places[0]))
        return saying(
            trial.exercise,
            "infinity-missing",
            "It is right where the answer is finite, and wrong where it is infinite.",
            "Where the answer has no end, np.inf is asked: no other number, and neither text, nan "
            "nor None.",
            _example(trial, places[0]),
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


def _word(trial: Trial) -> Feedback | None:
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
                     "marks.", why, _example(trial, place))  # fmt: skip
    other = _kinds.other_words(trial)
    if other is not None and not texts:
        return saying(trial.exercise, *other, _example(trial, place))
    handed_on = all(any(c.value is one for one in c.arguments) for c in came)
    if (
        came
        and not (texts or handed_on)
        and all(c.value is not None and c.value is not ... for c in came)
    ):
        what = "several values" if np.ndim(np.asarray(came[0].value, dtype=object)) else "no word"
        if isinstance(came[0].value, set | list | tuple | dict):
            what = f"a {type(came[0].value).__name__}"
        why = f"Asked is one of the words {listed}: let what you worked out decide which."
        return saying(trial.exercise, "wrong-kind", f"The function returns {what}; one word is "
                     "asked.", why, _example(trial, place))  # fmt: skip
    strange = [one for one in dict.fromkeys(texts) if one not in words]
    if len(words) > 1 and len(set(texts)) == 1 and len(texts) == len(trial.calls):
        why = "Follow your lines with the input below: at which of them is it decided?"
        headline = f'The answer is "{texts[0]}" whatever the inputs are.'
        return saying(trial.exercise, "same-for-every-input", headline, why, _example(trial, place))
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
        return saying(trial.exercise, *other, _example(trial, place))
    alone = "Only the words are spelt otherwise: the rest is right. " if right else ""
    given = ", ".join(f'"{one}"' for one in strange)
    return saying(trial.exercise, "other-word", f"The words asked are {listed}.",
                 f"{alone}Yours: {given}. Capital letters and blanks count, too.",
                 _example(trial, place))  # fmt: skip


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


def _other_kind(trial: Trial) -> Feedback | None:
    """Name numbers or text where the answer is True or False, a list or a dictionary."""
    place = trial.first_wrong
    c, expected = trial.calls[place], trial.right[place]
    listed = isinstance(expected, list | tuple) and isinstance(c.value, str | dict)
    if (as_numbers(expected) is not None and not listed) or isinstance(expected, str):
        return None
    if c.error is not None or (c.numbers is None and not isinstance(c.value, str) and not listed):
        return None
    found = _kinds.other_kind(c.value, expected)
    return saying(trial.exercise, "wrong-kind", *found, _example(trial, place))


def _own_kind(trial: Trial) -> Feedback | None:
    """Name what needs no formula: rounding, whole numbers, one number whatever the inputs are."""
    for look in (
        *(
            _lines.other_name_returned,
            _kinds.other_words,
            _rounding.rounding,
            _lines.cut_on_the_way,
            _lines.remainder,
            _handed_over.overwritten,
        ),
        *(_numbers.one_number, _handed_over.written_in, _questions.guarded, _constants.mistyped),
        *(_lines.averaged, _questions.other_border, _numbers.two_answers),
    ):
        found = look(trial)
        if found is not None:
            return _shown_at_first_wrong(trial, found)
    return None


def _lost_by_one(trial: Trial) -> Feedback | None:
    """Name lost brackets before ideas where a line shows them: it divides by 1, say."""
    lost = _slips.lost_brackets(trial, pairs=2) if _slips.by_one(trial) else None
    return _shown_at_first_wrong(trial, lost)


def _lost(trial: Trial) -> Feedback | None:
    """Name the one pair of brackets without which the learner's own line is wrong."""
    return _shown_at_first_wrong(trial, _slips.lost_brackets(trial))


def _slip(trial: Trial) -> Feedback | None:
    """Name the slip of the right answer that explains all values."""
    return _shown_at_first_wrong(trial, _slips.of_the_answer(trial))


def _own_line(trial: Trial) -> Feedback | None:
    """Name the slip in the learner's own line: without it all values are right."""
    for look in (_slips.of_the_line, _questions.comparisons_turned, _lines.done_everywhere,
                 _lines.doubled_for_squared, _lines.added_to_itself,
                 _loops.part_of_a_list):  # fmt: skip
        found = look(trial)
        if found is not None:
            return _shown_at_first_wrong(trial, found)
    return None


def _few_digits(trial: Trial) -> Feedback | None:
    """Name a slip that a constant with few digits, 0.693 for ln 2, hides from exact comparison."""
    loose = _constants.loosely(trial)
    if loose is None or not loose.wrong or _is_turned(loose):
        return None
    looks = (_slips.lost_brackets, _slips.of_the_answer, _slips.of_the_line)
    found = next(filter(None, (look(loose) for look in looks)), None)
    return _shown_at_first_wrong(trial, found)


def _other_name(trial: Trial) -> Feedback | None:
    """Name the one name that stands where another belongs, or a bracket of a call."""
    found = _order.call_ends(trial) or _order.other_name(trial)
    return _shown_at_first_wrong(trial, found)


def _form_of_a_line(trial: Trial) -> Feedback | None:
    """Name what the form of a line shows, lest its values be taken for an idea."""
    looks = (_lines.comma, _lines.comma_in_a_list, _lines.second_return, _order.behind_a_return,
             _loops.line_inside, _handed_over.by_a_loop, _questions.if_for_elif,
             _questions.always_true, _questions.asked_of_one, _questions.never_true,
             _questions.chained, _questions.counts_all, _questions.at_the_end,
             _loops.product_starts_wrong, _questions.compared_for_assigned,
             _loops.returned_too_early, _loops.index_for_value, _loops.starts_late,
             _loops.ends_early, _loops.over_all,
             _loops.running, _loops.third_value)  # fmt: skip
    found = next(filter(None, (look(trial) for look in looks)), None)
    return _shown_at_first_wrong(trial, found)


def _loop(trial: Trial) -> Feedback | None:
    """Name a return that stands inside a loop."""
    return _shown_at_first_wrong(trial, _loops.left_at_once(trial))


def _constant(trial: Trial) -> Feedback | None:
    """Name the one number of the learner's that mends all when it is another one."""
    return _shown_at_first_wrong(trial, _constants.other_constant(trial))


def _twice(trial: Trial) -> Feedback | None:
    """Name the slip that stands at two places of the learner's own line."""
    return _shown_at_first_wrong(trial, _slips.twice_in_the_line(trial))


def _some(trial: Trial) -> Feedback | None:
    """Say what is special about the few values that are wrong."""
    cut = _lines.capped(trial)
    if cut is not None:
        return _shown_at_first_wrong(trial, cut)
    found = _exceptions.some(trial)
    if found is None:
        return None
    code, headline, why, place = found
    return saying(trial.exercise, code, headline, why, _example(trial, place))


def _shown_at_first_wrong(trial: Trial, found: tuple[str, str, str] | None) -> Feedback | None:
    if found is None:
        return None
    return saying(trial.exercise, *found, _example(trial, trial.first_wrong))


# -- what came back is no answer at all -------------------------------------------------------


def _scalars_only(trial: Trial) -> Feedback | None:
    """Say that a function is right for single numbers and stops at arrays."""
    erring = [place for place, c in enumerate(trial.calls) if c.error is not None]
    if not erring or list(trial.wrong) != erring or not all(map(trial.has_array, erring)):
        return None
    return _stopped(trial, erring[0], arrays_only=any(trial.agreeing))


def _error(trial: Trial) -> Feedback | None:
    erring = [place for place, c in enumerate(trial.calls) if c.error is not None]
    if not erring:
        return None
    came_wrong = [p for p in trial.wrong if p not in erring]
    arrays_only = all(trial.has_array(p) for p in erring) and len(erring) < len(trial.calls)
    of_many = re.search(
        r"not subscriptable|not iterable", shown_message(trial.calls[erring[0]].error)
    )
    if of_many and not trial.has_array(erring[0]):
        return _stopped(trial, erring[0], arrays_only=False)
    if came_wrong and not (arrays_only and means_scalars_only(trial.calls[erring[0]].error)):
        return None  # first what is wrong with the values that came
    if came_wrong:
        return None
    return _stopped(trial, erring[0], arrays_only)


def _stopped(trial: Trial, place: int, arrays_only: bool) -> Feedback:
    exercise, c = trial.exercise, trial.calls[place]
    kind = type(c.error).__name__
    why = in_plain_words(c.error, c.line, exercise.argument_names)
    why = _where_it_stands(c, exercise.argument_names) or why
    code, headline = "error", f"The function stops with {kind}."
    single = any(ok and not trial.has_array(p) for p, ok in enumerate(trial.agreeing))
    if arrays_only and single and not isinstance(c.error, ArithmeticError):
        code, headline = "scalar-only", "It works for single numbers but not for arrays."
        if means_scalars_only(c.error) or kind in ("TypeError", "ValueError"):
            why = (
                "The function is used on whole arrays later: NumPy (np.log10, np.exp, np.maximum, "
                "np.where) works on all elements at once, where math, if, max, float and int want "
                "one number."
            )
    at = f"\n  in your line: {c.line}" if c.line else ""
    typed = shown_call(exercise.function_name, c.arguments)
    return saying(exercise, code, headline, why, f"{typed}{at}\n  {kind}: {shown_message(c.error)}")


def _where_it_stands(c: Call, names: tuple[str, ...]) -> str:
    """Say where a text stands that was taken for a number, or a number that was for a list."""
    if "not subscriptable" in shown_message(c.error):
        single = [name for name, given in zip(names, c.arguments, strict=False)
                  if isinstance(given, int | float) and f"{name}[" in (c.line or "")]  # fmt: skip
        if single:
            return f"{single[0]} is one number here, and [ ] asks for one of many."
    found = re.search(r"could not convert string to float: (.+)", shown_message(c.error))
    for name, given in zip(names, c.arguments, strict=False) if found else ():
        texts = [repr(one) for one in given] if isinstance(given, list | tuple) else []
        if found and found[1] in texts:
            at = f"{name}[{texts.index(found[1])}]"
            return (
                f"{found[1]} is {at} here (Python counts from 0) and no number. Which place of "
                f"{name} holds the number, and what tells you so?"
            )
    return ""


def _example(trial: Trial, place: int) -> str:
    c = trial.calls[place]
    typed = shown_call(trial.exercise.function_name, c.arguments)
    if c.error is not None:
        return f"{typed}\n  {type(c.error).__name__}: {shown_message(c.error)}"
    where, one, other = first_apart(c.value, trial.right[place], trial.exercise.rel)
    got, wanted = shown_apart(one, other)
    there = f"\n  at        {where}" if where else ""
    return f"{typed}{there}\n  gave      {got}\n  expected  {wanted}"


def _invented(trial: Trial) -> Feedback | None:
    """Find a number given where there is none: an error, None or nan is right there."""
    exercise, function = trial.exercise, trial.function
    for arguments in exercise.unanswerable():
        c = call(function, arguments)
        if c.error is None and c.numbers is not None and not np.isnan(c.numbers).all():
            typed = shown_call(exercise.function_name, arguments)
            why = (
                "Right for all inputs that have an answer. This one has none, and a number comes "
                "back all the same, without a word. Let it be an error or nan."
            )
            example = f"{typed}\n  gave      {shown(c.value)}\n  expected  an error or nan"
            headline = "A number comes back where there is none."
            return saying(exercise, "number-invented", headline, why, example)
    return None


def _places_in_a_tuple(trial: Trial) -> Feedback | None:
    """Recognise np.where(...) where a place is asked for."""
    c = trial.calls[trial.wrong[0]]
    given = c.value
    if not (isinstance(given, tuple) and any(isinstance(one, np.ndarray) for one in given)):
        return None
    headline = "The answer is a tuple of arrays, where one value is asked for."
    why = "np.where and np.nonzero give one: np.argmax gives the place of the largest as a number."
    return saying(trial.exercise, "several-values", headline, why, _example(trial, trial.wrong[0]))


def _wrong_where_changed(trial: Trial) -> Feedback | None:
    """Recognise values that are wrong only where the function changed what it was handed."""
    wrong = [trial.calls[place] for place in trial.wrong]
    if len(wrong) == len(trial.calls) or not all(c.changed and c.error is None for c in wrong):
        return None
    return _changed(trial, wrong[0])


def _changed(trial: Trial, c: Call) -> Feedback:
    exercise = trial.exercise
    names = ", ".join(exercise.argument_names[i] for i in c.changed)
    why = (
        "The caller still needs that array: write a = a - b, which makes a new one, in place of a "
        "-= b."
    )
    if all(isinstance(c.arguments[i], list) for i in c.changed):
        why = (
            "The caller still needs that list: [x] + a makes a new one, where insert, append, pop "
            "and del change it."
        )
        second = _lines.copied_name(trial, {exercise.argument_names[i] for i in c.changed})
        if second is not None:
            name, given = second
            why = (
                f"`{name} = {given}` makes no copy: both are names of one list, and what is done "
                f"to {name} is done to the caller's list. `{name} = list({given})` makes a copy."
            )
    return saying(
        exercise,
        "changed-input",
        f"The function changes its input {names}.",
        why,
        shown_call(exercise.function_name, c.arguments),
    )


def _form(trial: Trial) -> Feedback | None:
    """Say what is the matter with a value that is no number of the right shape."""
    exercise = trial.exercise
    place = next((p for p in trial.wrong if trial.calls[p].error is None), None)
    if place is None:
        return None
    c, expected = trial.calls[place], trial.right[place]
    typed = shown_call(exercise.function_name, c.arguments)
    if c.value is None:
        return _nothing(trial, c, typed)
    if c.changed:
        return _changed(trial, c)
    example, numbers = _example(trial, place), c.numbers
    if c.value is Ellipsis:
        headline = "For some inputs the function still returns the … of the stub."
        return saying(exercise, "leftover-line", headline, "Every branch needs a value.", example)
    if isinstance(c.value, tuple) and np.ndim(expected) == 0:
        return _several(trial, place, example)
    if numbers is None and not isinstance(expected, str | list | tuple | dict | bool):
        headline, why = _kinds.kind_of(c.value, exercise.unit)
        early = _lines.closes_early(trial) if isinstance(c.value, bool | np.bool_) else ""
        if early:
            why += f" Does the bracket of {early} close too early?"
        return saying(exercise, "not-a-number", headline, why, example)
    if numbers is None:
        return None
    if numbers.shape != np.shape(expected) and not (numbers.size == 1 and np.ndim(expected) == 0):
        if np.ndim(expected) == 0:
            return _several(trial, place, example)
        found = _moves.ignored(trial) if numbers.ndim == 0 else None
        if found is not None:
            return _shown_at_first_wrong(trial, found)
        each = any(np.shape(one) == np.shape(expected) for one in c.arguments)
        headline, why = _kinds.about_shape(numbers, expected, each)
        return saying(exercise, "wrong-shape", headline, why, example)
    return None if np.isfinite(numbers).all() else _not_finite(trial, example)


def _not_finite(trial: Trial, example: str) -> Feedback:
    why = "A division by zero, a logarithm of zero or 0/0 does that: which input makes it happen, "
    why += "and what is right there?"
    if _lines.gives_nan(trial):
        why = "A line of yours gives it back on purpose. This input has an answer: which of your "
        why += "questions sends it there?"
    return saying(
        trial.exercise, "not-finite", "The function returns NaN or infinity.", why, example
    )


def _nothing(trial: Trial, c: Call, typed: str) -> Feedback:
    exercise = trial.exercise
    if c.printed.strip():
        return saying(
            exercise,
            "printed-not-returned",
            "The function prints its answer but does not return it.",
            "A printed number can be read but not used: end the function with return and the "
            "value.",
            f"{typed}\n  printed   {shown(c.printed.strip())}\n  returned  None",
        )
    if any(other.value is not None for other in trial.calls):
        why = "An if without an else, or a branch without return, lets it run off its end"
        if _lines.gives_none(trial):
            why = "A line of yours gives None back, though this input has an answer"
        return saying(
            exercise,
            "no-return",
            "For some inputs the function returns nothing (None).",
            f"{why}: what should come back there?",
            f"{typed}\n  returned  None",
        )
    return saying(
        exercise,
        "no-return",
        "The function returns nothing (None).",
        "The value is worked out but not handed back: end the function with return and the value.",
        f"{typed}\n  returned  None",
    )


def _several(trial: Trial, place: int, example: str) -> Feedback:
    """Explain several values where one is asked for: a decimal comma, all parameters of a fit."""
    exercise, value, expected = trial.exercise, trial.calls[place].value, trial.right[place]
    parts = list(value) if isinstance(value, tuple | list | np.ndarray) else []
    for position, part in enumerate(parts):
        inner = np.atleast_1d(np.asarray(part, dtype=object))
        if agrees(part, expected, rel=exercise.rel):
            why = (
                f"The one asked for is among them, at position {position} (Python counts from 0): "
                f"return that one alone, for instance with [{position}] behind the name."
            )
            return saying(exercise, "several-values", f"You return {len(parts)} values.", why,
                         example)  # fmt: skip
        for second, one in enumerate(inner.ravel()):
            if inner.size > 1 and agrees(one, expected, rel=exercise.rel):
                why = (
                    "You return all that the fit hands back. Its first part holds the parameters; "
                    f"the one asked for is number {second} of them (Python counts from 0)."
                )
                return saying(exercise, "several-values", "You return everything of the fit.", why,
                             example)  # fmt: skip
    if (
        len(parts) == 2
        and all(isinstance(part, int | float) for part in parts)
        and (_lines.may_be_a_comma(trial))
    ):
        why = (
            "A comma makes two values of one. If it is a decimal comma: Python writes decimals "
            "with a point, 2.22 and not 2,22."
        )
        return saying(exercise, "decimal-comma", "The function returns two values.", why, example)
    why = "For single numbers the answer is a single number: which of them is it?"
    if exercise.uses and len(parts) > 1:
        why = (
            "A fit hands back all of its parameters, in the order in which your curve takes them: "
            "return the one that is asked for, as a number and not as its logarithm."
        )
    headline = f"The function returns {len(parts) or 'several'} values, one is asked for."
    return saying(exercise, "several-values", headline, why, example)


# -- what wrong numbers have in common --------------------------------------------------------


def _relation(trial: Trial) -> Feedback | None:
    if not any(c.numbers is not None for c in trial.calls):
        return None
    found = _numbers.relation(trial)
    if found is None:
        return None
    code, headline, why = found
    erring = next((c for c in trial.calls if c.error is not None), None)
    if erring is not None:
        kind = type(erring.error).__name__
        why += f" For other inputs it stops with {kind}: look at those next."
    return saying(trial.exercise, code, headline, why, _example(trial, trial.first_wrong))


def _last_resort(trial: Trial) -> Feedback:
    """Put the learner's own numbers beside the right ones, with the author's hint."""
    erring = next((p for p, c in enumerate(trial.calls) if c.error is not None), None)
    if erring is not None and trial.calls[trial.first_wrong].error is not None:
        return _stopped(trial, erring, arrays_only=False)
    exercise = trial.exercise
    hint = f" {exercise.hint}" if exercise.hint else ""
    why = (
        f"This check does not know your slip. Work the EXAMPLE of your cell out by hand, step by "
        f"step, and compare each step with your code.{hint}"
    )
    return saying(
        exercise,
        "wrong-value",
        "The values are not right.",
        why,
        _example(trial, trial.first_wrong),
    )
