"""Say what is wrong with a function, in the order in which a teacher would look.

First what can be seen without numbers (nothing written, nothing returned), then ideas whose values
the learner's values match, then slips of the right answer, then slips in the learner's own line,
then what the wrong numbers have in common. A name is given only when the values leave no doubt.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from snrilab.feedback import (
    _brackets,
    _budget,
    _constants,
    _exceptions,
    _handed_over,
    _kinds,
    _lines,
    _loops,
    _numbers,
    _one_change,
    _order,
    _questions,
    _rounding,
    _slips,
    _too_much,
)
from snrilab.feedback._at_first_sight import before_calling, empty_answer, not_written
from snrilab.feedback._call import (
    call,
    shown_call,
)
from snrilab.feedback._feedback import saying
from snrilab.feedback._no_answer import (
    input_changed,
    nothing_at_some,
    nothing_returned,
    number_invented,
    places_in_a_tuple,
    scalars_only,
    stopped,
    stopped_at,
    wrong_form,
    wrong_where_changed,
)
from snrilab.feedback._other_values import no_end, other_kind, other_word
from snrilab.feedback._refutation import idea_of, is_turned
from snrilab.feedback._shown_at import example_of, shown_at_first_wrong
from snrilab.feedback._trial import Trial

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from snrilab.exercises import Exercise
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
        return nothing_returned(both, wrong, shown_call(exercise.function_name, wrong.arguments))
    found = _looked(_questions.edge_counted, both) or (
        "edge-counted",
        "All is right but at a border.",
        "What does the text above say of the input below?",
    )
    return shown_at_first_wrong(both, found)


def _of_the_right(trial: Trial) -> Feedback:
    """Say what is the matter with a function that gives the right values, or that it is right."""
    exercise = trial.exercise
    changed = next((c for c in trial.calls if c.changed), None)
    if changed is not None:
        return input_changed(trial, changed)
    invented = _looked(number_invented, trial)
    if invented is not None:
        return invented
    whole = _looked(_lines.whole_number_arrays, trial)
    return saying(exercise, *whole) if whole is not None else _right(exercise)


def _of_the_wrong(trial: Trial) -> Feedback:
    """Say why the values are wrong, as far as that is seen."""
    rounded = _looked(_constants.rounded_constant, trial)
    if rounded:
        return _right(trial.exercise, rounded)
    looks = (places_in_a_tuple, _form_of_a_line, _lost_by_one, idea_of, other_word, no_end,
             wrong_where_changed, other_kind, nothing_at_some, _own_kind, scalars_only, _lost,
             _slip, _some, _own_line, _constant, _loop, stopped, wrong_form, _twice, _few_digits,
             _other_name, _relation)  # fmt: skip
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


def _own_kind(trial: Trial) -> Feedback | None:
    """Name what needs no formula: rounding, whole numbers, one number whatever the inputs are."""
    for look in (_lines.other_name_returned, _kinds.other_words, _rounding.rounding,
                 _lines.cut_on_the_way, _lines.remainder, _handed_over.overwritten,
                 _numbers.one_number, _handed_over.written_in, _questions.guarded,
                 _constants.mistyped, _too_much.averaged, _questions.other_border,
                 _numbers.two_answers):  # fmt: skip
        found = look(trial)
        if found is not None:
            return shown_at_first_wrong(trial, found)
    return None


def _lost_by_one(trial: Trial) -> Feedback | None:
    """Name lost brackets before ideas where a line shows them: it divides by 1, say."""
    lost = _brackets.lost_brackets(trial, pairs=2) if _brackets.by_one(trial) else None
    return shown_at_first_wrong(trial, lost)


def _lost(trial: Trial) -> Feedback | None:
    """Name the one pair of brackets without which the learner's own line is wrong."""
    return shown_at_first_wrong(trial, _brackets.lost_brackets(trial))


def _slip(trial: Trial) -> Feedback | None:
    """Name the slip of the right answer that explains all values."""
    return shown_at_first_wrong(trial, _slips.of_the_answer(trial))


def _own_line(trial: Trial) -> Feedback | None:
    """Name the slip in the learner's own line: without it all values are right."""
    for look in (_one_change.of_the_line, _questions.comparisons_turned, _too_much.done_everywhere,
                 _lines.sign_of_power, _lines.doubled_for_squared, _too_much.added_to_itself,
                 _loops.part_of_a_list):  # fmt: skip
        found = look(trial)
        if found is not None:
            return shown_at_first_wrong(trial, found)
    return None


def _few_digits(trial: Trial) -> Feedback | None:
    """Name a slip that a constant with few digits, 0.693 for ln 2, hides from exact comparison."""
    loose = _constants.loosely(trial)
    if loose is None or not loose.wrong or is_turned(loose):
        return None
    looks = (_brackets.lost_brackets, _slips.of_the_answer, _one_change.of_the_line)
    found = next(filter(None, (look(loose) for look in looks)), None)
    return shown_at_first_wrong(trial, found)


def _other_name(trial: Trial) -> Feedback | None:
    """Name the one name that stands where another belongs, or a bracket of a call."""
    found = _order.call_ends(trial) or _order.other_name(trial)
    return shown_at_first_wrong(trial, found)


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
    return shown_at_first_wrong(trial, found)


def _loop(trial: Trial) -> Feedback | None:
    """Name a return that stands inside a loop."""
    return shown_at_first_wrong(trial, _loops.left_at_once(trial))


def _constant(trial: Trial) -> Feedback | None:
    """Name the one number of the learner's that mends all when it is another one."""
    return shown_at_first_wrong(trial, _constants.other_constant(trial))


def _twice(trial: Trial) -> Feedback | None:
    """Name the slip that stands at two places of the learner's own line."""
    return shown_at_first_wrong(trial, _one_change.twice_in_the_line(trial))


def _some(trial: Trial) -> Feedback | None:
    """Say what is special about the few values that are wrong."""
    cut = _too_much.capped(trial)
    if cut is not None:
        return shown_at_first_wrong(trial, cut)
    found = _exceptions.some(trial)
    if found is None:
        return None
    code, headline, why, place = found
    return saying(trial.exercise, code, headline, why, example_of(trial, place))


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
    return saying(trial.exercise, code, headline, why, example_of(trial, trial.first_wrong))


def _last_resort(trial: Trial) -> Feedback:
    """Put the learner's own numbers beside the right ones, with the author's hint."""
    erring = next((p for p, c in enumerate(trial.calls) if c.error is not None), None)
    if erring is not None and trial.calls[trial.first_wrong].error is not None:
        return stopped_at(trial, erring, arrays_only=False)
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
        example_of(trial, trial.first_wrong),
    )
