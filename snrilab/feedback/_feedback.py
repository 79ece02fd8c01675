"""What a check says, as text and as HTML."""

from __future__ import annotations

import html
from dataclasses import dataclass


@dataclass(frozen=True)
class Feedback:
    """The answer of `check`: shown by Jupyter, printable, and readable by a program.

    Parameters
    ----------
    exercise : str
        Full name of the exercise ("ps2_binding/saturation").
    passed : bool
        True when every value tried here is right.
    code : str
        "right", the code of the misconception, or a general one such as "no-return".
    headline : str
        What is the matter, in a few words.
    why : str
        Why, and what to think about next.
    example : str
        One call with what it gave and what was expected; may be empty.

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

    def __str__(self) -> str:
        """Return the feedback as plain text."""
        lines = [f"{self._verdict}: {self.headline}", self.why, self.example]
        return "\n".join(line for line in lines if line)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        colour = "#009E73" if self.passed else "#D55E00"
        mark = "✓" if self.passed else "✗"
        example = f"<pre>{html.escape(self.example)}</pre>" if self.example else ""
        return (
            f'<div role="status" class="snrilab-feedback" style="border-left:4px solid {colour};'
            f'padding:0.3em 0.8em">'
            f'<strong><span aria-hidden="true">{mark}</span> {self._verdict}: '
            f"{html.escape(self.headline)}</strong>"
            f"<div>{html.escape(self.why)}</div>{example}</div>"
        )

    @property
    def _verdict(self) -> str:
        if self.passed:
            return "Right so far"
        return "Not yet written" if self.code == "not-written" else "Not yet"
