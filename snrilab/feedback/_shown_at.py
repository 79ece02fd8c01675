"""A finding with the call that shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from snrilab.feedback._call import (
    first_apart,
    shown_apart,
    shown_call,
)
from snrilab.feedback._errors import shown_message
from snrilab.feedback._feedback import saying

if TYPE_CHECKING:
    from snrilab.feedback._feedback import Feedback
    from snrilab.feedback._trial import Trial


def shown_at_first_wrong(trial: Trial, found: tuple[str, str, str] | None) -> Feedback | None:
    if found is None:
        return None
    return saying(trial.exercise, *found, example_of(trial, trial.first_wrong))


def example_of(trial: Trial, place: int) -> str:
    c = trial.calls[place]
    typed = shown_call(trial.exercise.function_name, c.arguments)
    if c.error is not None:
        return f"{typed}\n  {type(c.error).__name__}: {shown_message(c.error)}"
    where, one, other = first_apart(c.value, trial.right[place], trial.exercise.rel)
    got, wanted = shown_apart(one, other)
    there = f"\n  at        {where}" if where else ""
    return f"{typed}{there}\n  gave      {got}\n  expected  {wanted}"
