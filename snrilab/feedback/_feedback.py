"""What a check says, as text, as HTML and as a widget that a screen reader announces."""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from snrilab.exercises import Exercise

_NEUTRAL = frozenset({"not-written", "not-tried"})


@dataclass(frozen=True)
class Feedback:
    """The answer of `check`: shown by Jupyter, printable, and readable by a program.

    Parameters
    ----------
    exercise : str
        Full name of the exercise ("lesson02/bound_fmol").
    passed : bool
        True when every value tried here is right.
    code : str
        "right", the code of an idea or a slip, or a general one such as "no-return".
    headline : str
        What is the matter, in a few words.
    why : str
        Why, and what to think about next.
    example : str
        One call with what it gave and what was expected; may be empty.
    means : str
        When it is right: what that means for the puzzle.

    Examples
    --------
    >>> print(Feedback("x/f", False, "no-return", "It returns nothing.", "Add a return.", ""))
    Not yet: It returns nothing.
    Add a return.
    """

    exercise: str
    passed: bool
    code: str
    headline: str
    why: str
    example: str = ""
    means: str = ""

    def __str__(self) -> str:
        """Return the feedback as plain text."""
        first = f"{self.verdict}: {self.headline}"
        return "\n".join(line for line in (first, self.means, self.why, self.example) if line)

    __repr__ = __str__

    @property
    def verdict(self) -> str:
        """The first words: right so far, not yet, or neither."""
        if self.passed:
            return "Right so far"
        if self.code == "not-tried":
            return "Not tried"
        return "Not yet written" if self.code == "not-written" else "Not yet"

    @property
    def tone(self) -> str:
        """The word right or wrong, or nothing for what is neither."""
        return "right" if self.passed else "" if self.code in _NEUTRAL else "wrong"

    def _repr_html_(self) -> str:
        mark = {"right": "✓", "wrong": "✗", "": "○"}[self.tone]
        example = f"<pre>{html.escape(self.example)}</pre>" if self.example else ""
        means = f"<div>{html.escape(self.means)}</div>" if self.means else ""
        colour = {"right": "#009e73", "wrong": "#d55e00", "": "#888888"}[self.tone]
        return (
            f'<div class="snrilab-feedback" style="border-left:4px solid {colour};'
            f'padding:0.3em 0.8em">'
            f'<strong><span aria-hidden="true">{mark}</span> {self.verdict}: '
            f"{html.escape(self.headline)}</strong>{means}"
            f"<div>{html.escape(self.why)}</div>{example}</div>"
        )

    def _repr_mimebundle_(self, **options: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return a widget that announces itself, and the same as HTML and text for a saved page."""
        from snrilab.feedback._widgets import Verdict

        data: dict[str, Any] = {"text/plain": str(self), "text/html": self._repr_html_()}
        bundle = Verdict(self)._repr_mimebundle_(**options)
        live = bundle[0] if isinstance(bundle, tuple) else bundle
        return {**(live or {}), **data}, {}


def saying(
    exercise: Exercise, code: str, headline: str, why: str, example: str = "", passed: bool = False
) -> Feedback:
    """Return what is said of an exercise; what it means is added where it is passed."""
    means = exercise.means if passed else ""
    return Feedback(exercise.name, passed, code, headline, why, example, means)
