"""How sure a learner was, and how often rightly: of ranges, and of answers called certain."""

from __future__ import annotations

from dataclasses import dataclass

from snrilab.exercises import Prediction, Question, find
from snrilab.feedback._memory import load
from snrilab.feedback._predict import first_predicted
from snrilab.feedback._question import SURE

ODDS = 4  # to 1: a range that one would bet on at these odds holds the truth four times in five
_CHANCE = 1.645  # standard deviations: further off, and luck alone would do it once in twenty


@dataclass(frozen=True)
class Calibration:
    """How often ranges held the answer, and how often answers called certain were right.

    Parameters
    ----------
    held : int
        How often the answer lay inside a range that was bet on 4 to 1.
    asked : int
        How many ranges there were.
    right : int, default 0
        How many of the questions answered as "certain" were right the first time.
    wrong : tuple of str, optional
        Where those stand that were not: a lesson for each.

    Examples
    --------
    >>> print(Calibration(held=5, asked=11))
    In all lessons so far your first ranges held the answer 5 of 11 times; good ranges for a bet \
of 4 to 1 would hold about 9. Yours are too narrow: make them wider.
    >>> print(Calibration(held=0, asked=0, right=6, wrong=("lesson 04",)))
    Of 7 first answers that you called certain 6 were right; look again at the one in lesson 04.
    """

    held: int
    asked: int
    right: int = 0
    wrong: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Return it in words; nothing, where nothing was bet on or certain."""
        return " ".join(filter(None, (self._ranges(), self._certain())))

    __repr__ = __str__

    def _ranges(self) -> str:
        if not self.asked:
            return ""
        times = "time" if self.asked == 1 else "times"
        said = (
            f"In all lessons so far your first ranges held the answer {self.held} of {self.asked} "
            f"{times}"
        )
        if self.asked < ODDS:
            return f"{said}; {ODDS} or more are needed to say how good you are at that."
        share = ODDS / (ODDS + 1)
        wanted = self.asked * share
        luck = _CHANCE * (wanted * (1 - share)) ** 0.5
        said += f"; good ranges for a bet of {ODDS} to 1 would hold about {wanted:.0f}."
        if self.held < wanted - luck:
            return f"{said} Yours are too narrow: make them wider."
        if self.held > wanted + luck:
            return f"{said} Yours are too wide: dare more."
        return f"{said} As far as {self.asked} bets can tell, yours are as wide as they should be."

    def _certain(self) -> str:
        count = self.right + len(self.wrong)
        if not count:
            return ""
        if not self.wrong:
            said = "the one first answer" if count == 1 else f"all {count} first answers"
            return f"Right: {said} that you called certain."
        places = " and ".join(sorted(set(self.wrong)))
        if count == 1:
            return f"The one first answer that you called certain was wrong: see it in {places}."
        were = "was" if self.right == 1 else "were"
        those = "the one" if len(self.wrong) == 1 else "those"
        return (
            f"Of {count} first answers that you called certain {self.right or 'none'} {were} "
            f"right; look again at {those} in {places}."
        )


def calibration() -> Calibration:
    """Return how sure the learner was and how often rightly, by the first answers of all lessons.

    Examples
    --------
    >>> calibration().asked
    0
    """
    kept = load()
    bets = []
    for name in kept["predictions"]:
        if _is(name, Prediction):
            made = first_predicted(name)
            if made is not None and made.held is not None:
                bets.append(made.held)
    certain = {
        name: bool(first.get("right"))
        for name, first in kept["questions"].items()
        if isinstance(first, dict) and first.get("sure") == SURE[-1] and _is(name, Question)
    }
    wrong = tuple(_place(name) for name, right in certain.items() if not right)
    return Calibration(sum(bets), len(bets), sum(certain.values()), wrong)


def _is(name: str, kind: type) -> bool:
    """Tell whether this is still asked: what is kept may be of another version of the course."""
    try:
        return isinstance(find(name), kind)
    except LookupError:
        return False


def _place(name: str) -> str:
    module = name.partition("/")[0]
    return module.replace("lesson", "lesson ")
