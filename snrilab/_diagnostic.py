"""A doubt about a result: a code for programs, a sentence for people."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One doubt about a result.

    Parameters
    ----------
    code : str
        Stable name, for tests and programs.
    sentence : str
        What is wrong and what to do about it, in one sentence.

    Examples
    --------
    >>> print(Diagnostic("no_plateau_bottom", "The bottom plateau is a guess."))
    The bottom plateau is a guess.
    """

    code: str
    sentence: str

    def __str__(self) -> str:
        return self.sentence
