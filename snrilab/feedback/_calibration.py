"""How often a learner's ranges held the answer."""

from __future__ import annotations

from dataclasses import dataclass

from snrilab.exercises import Prediction, declared
from snrilab.feedback._predict import first_predicted
from snrilab.feedback._progress import modules

ODDS = 4  # to 1: a range that one would bet on at these odds holds the truth four times in five


@dataclass(frozen=True)
class Calibration:
    """How often the ranges that a learner would bet on 4 to 1 held the answer.

    Parameters
    ----------
    held : int
        How often the answer lay inside.
    asked : int
        How many ranges there were.

    Examples
    --------
    >>> print(Calibration(held=5, asked=11))
    Your ranges held the answer 5 of 11 times; a bet of 4 to 1 pays when it is 9. Yours are too \
narrow: make them wider.
    """

    held: int
    asked: int

    @property
    def wanted(self) -> int:
        """How often ranges that are right at these odds would have held it."""
        return round(self.asked * ODDS / (ODDS + 1))

    def __str__(self) -> str:
        """Return it in words."""
        if not self.asked:
            return "You have not bet on a range yet."
        times = "time" if self.asked == 1 else "times"
        said = f"Your ranges held the answer {self.held} of {self.asked} {times}"
        if self.asked < 3:
            return f"{said}; three or more are needed to say how good you are at that."
        said += f"; a bet of {ODDS} to 1 pays when it is {self.wanted}."
        if self.held < self.wanted:
            return f"{said} Yours are too narrow: make them wider."
        if self.held == self.asked and self.asked > ODDS + 1:
            return f"{said} Yours are too wide: dare more."
        return f"{said} You know how sure you are."

    __repr__ = __str__


def calibration() -> Calibration:
    """Return how often the ranges that were predicted, in all lessons, held the answer.

    Returns
    -------
    Calibration

    Examples
    --------
    >>> calibration().asked
    0
    """
    held = asked = 0
    for module in modules():
        for name, thing in declared(module).items():
            if isinstance(thing, Prediction) and thing.kind == "number":
                made = first_predicted(name)
                if made is not None and made.held is not None:
                    asked += 1
                    held += made.held
    return Calibration(held, asked)
