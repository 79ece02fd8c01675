"""One hunt for an unknown: what was measured, what is left to spend, what was answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from snrilab._checks import no_number
from snrilab.explore._control import Control, Value
from snrilab.explore._words import times, told

if TYPE_CHECKING:
    from collections.abc import Mapping

    from snrilab.explore._declaration import Unknown


class Hunt:
    """The learner's search for a hidden truth.

    Parameters
    ----------
    unknown : Unknown
        What is hidden and what measuring costs.
    seed : int
        The learner's own number; the same seed hides the same truth.
    attempt : int, default 0
        Counts the truths that this learner has had before.
    """

    def __init__(self, unknown: Unknown, seed: int, attempt: int = 0) -> None:
        self._unknown, self._seed, self.attempt = unknown, seed, attempt
        self._rng = np.random.default_rng([seed, attempt])
        self.truth: Mapping[str, Any] = unknown.truth(self._rng)
        self.measured: tuple[Any, ...] = ()
        self.left = unknown.budget
        self._answer: dict[str, Any] = {}

    def again(self) -> Hunt:
        """Return a hunt for another truth."""
        return Hunt(self._unknown, self._seed, self.attempt + 1)

    @property
    def answered(self) -> bool:
        """Whether the learner has answered."""
        return bool(self._answer)

    def cost(self, values: Mapping[str, Value]) -> int:
        """Return what one measurement costs now."""
        return self._unknown.cost(**values)

    def measure(self, values: Mapping[str, Value]) -> str:
        """Measure once, or return why not."""
        cost = self.cost(values)
        if self.answered:
            return "You have answered; take a new unknown to measure again."
        if cost > self.left:
            return f"That would take {cost} of the {self._unknown.unit}; {self.left} are left."
        record = self._unknown.measure(self.truth, self._rng, **values)
        self.measured = (*self.measured, record)
        self.left -= cost
        return ""

    def answer(self, value: Value, low: Value | None, high: Value | None) -> str:
        """Take the answer, or return what is wrong with it."""
        if not self.measured:
            return "Measure first: so far nothing is known."
        if self.answered:
            return "You have answered; take a new unknown to answer again."
        ask = self._unknown.ask
        true = self.truth[ask.name]
        if not isinstance(ask, Control):
            self._answer = {"answer": ask.checked(value), "held": value == true}
            return ""
        odd = [given for given in (value, low, high) if isinstance(given, str)]
        if odd:
            return no_number(odd[0])
        if not all(isinstance(given, (int, float)) for given in (value, low, high)):
            return "Answer with three numbers: the best guess and both ends of the range."
        guess, lower, upper = (float(given) for given in (value, low, high) if given is not None)
        if not lower <= guess <= upper:
            return "The best guess must lie in the range, and the range must run upwards."
        self._answer = {
            "answer": guess,
            "low": lower,
            "high": upper,
            "held": lower <= true <= upper,
        }
        if ask.scale == "log" and lower > 0:
            self._answer["width"] = told(times(upper / lower))
        return ""

    @property
    def arguments(self) -> dict[str, Any]:
        """What the drawing function is told: the truth only after the answer."""
        return {"measured": self.measured, "truth": dict(self.truth) if self._answer else None}

    @property
    def numbers(self) -> dict[str, Any]:
        """What goals may look at."""
        known = {"measured": self.measured, "left": self.left, **self._answer}
        return known | ({"truth": dict(self.truth)} if self._answer else {})

    @property
    def given(self) -> list[str]:
        """What was answered, as the boxes of the page hold it; empty before."""
        parts = [self._answer[part] for part in ("answer", "low", "high") if part in self._answer]
        return [one if isinstance(one, str) else f"{one:.9g}" for one in parts]

    @property
    def verdict(self) -> str:
        """The answer beside the truth; empty before the answer."""
        if not self._answer:
            return ""
        ask, given = self._unknown.ask, self._answer
        true = ask.text(self.truth[ask.name])
        if "low" not in given:
            return f"{'Yes' if given['held'] else 'No'}: it was {true}; you said {given['answer']}."
        where = "your range held it" if given["held"] else "outside your range"
        span = f"{ask.text(given['answer'])}, {given['low']:.3g} to {given['high']:.3g}"
        span += f" ({times(given['high'] / given['low'])}-fold wide)" if "width" in given else ""
        return f"You said {span}; the truth was {true}: {where}."
