"""Numbers as a reader says them: no powers of ten, thousands apart, no digit too many."""

from __future__ import annotations

from typing import Any

import numpy as np


class Seen(str):
    """The sentence that says what the picture shows, with the numbers that goals look at.

    Parameters
    ----------
    sentence : str
        One or a few sentences in numbers.
    **numbers : object
        What was worked out on the way, by name; a goal names those that it needs.

    Examples
    --------
    >>> seen = Seen("The IC50 is 28 nM.", ic50_nM=28.0)
    >>> seen, seen.numbers
    ('The IC50 is 28 nM.', {'ic50_nM': 28.0})
    """

    numbers: dict[str, Any]

    def __new__(cls, sentence: str, **numbers: Any) -> Seen:
        """Make a string that carries numbers."""
        seen = super().__new__(cls, sentence)
        seen.numbers = numbers
        return seen


def number(value: float, digits: int = 3) -> str:
    """Write a number with so many significant digits: 28.1, 1,400, 0.00286.

    Parameters
    ----------
    value : float
        Finite number.
    digits : int, default 3
        Significant digits, >= 1.

    Returns
    -------
    str
        Without exponent; zeros at the end of a decimal fraction are left out.

    Examples
    --------
    >>> number(1403.2), number(20.0), number(0.00014563)
    ('1,400', '20', '0.000146')
    """
    rounded = float(f"{value:.{digits - 1}e}")
    decimals = np.format_float_positional(rounded, trim="-").partition(".")[2]
    return f"{rounded:,.{len(decimals)}f}"


def times(ratio: float, digits: int = 2) -> str:
    """Write a ratio with so many significant digits, zeros kept: 1.0, 1.4, 11, 1,400.

    Parameters
    ----------
    ratio : float
        Finite number, > 0.
    digits : int, default 2
        Significant digits, >= 1.

    Returns
    -------
    str
        Without exponent.

    Examples
    --------
    >>> times(1.004), times(11.2), times(1390), times(0.996), times(1.397, 3)
    ('1.0', '11', '1,400', '1.0', '1.40')
    """
    rounded = float(f"{ratio:.{digits - 1}e}")
    return f"{rounded:.{digits - 1}f}" if 1 <= rounded < 10 else number(rounded, digits)


def told(words: str) -> float:
    """Return the number that a reader is told, for a goal that must agree with the sentence.

    Parameters
    ----------
    words : str
        What `number`, `times` or `percent` wrote.

    Returns
    -------
    float
        The number as it stands there.

    Examples
    --------
    >>> told(percent(0.0537)), told(times(2.03)), told(number(1403.2)), told(percent(0))
    (5.0, 2.0, 1400.0, 0.01)
    """
    return float(words.removeprefix("less than ").removesuffix(" %").replace(",", ""))


def percent(fraction: float, border: float | None = None) -> str:
    """Write a fraction in per cent: whole numbers from 1 % on, one digit below, no tiny ones.

    Parameters
    ----------
    fraction : float
        Finite number, >= 0.
    border : float, optional
        A fraction that a goal or a verdict asks for: rounding does not carry a number across it.

    Returns
    -------
    str
        Number and sign; very large values with three significant digits.

    Examples
    --------
    >>> percent(0.0285), percent(0.00286), percent(59.564), percent(4e-6)
    ('3 %', '0.3 %', '5,960 %', 'less than 0.01 %')
    >>> percent(0.896), percent(0.896, border=0.9), percent(0.667, border=0.9)
    ('90 %', '89.6 %', '67 %')
    """
    whole = 100.0 * fraction
    if whole < 0.01:
        return "less than 0.01 %"
    if border is not None:
        for digits in range(6):
            shown = round(whole, digits)
            if (shown >= 100 * border) == (fraction >= border):
                return f"{shown:,.{digits}f} %" if digits else f"{number(shown)} %"
    return f"{number(round(whole))} %" if whole >= 1 else f"{number(whole, 1)} %"
