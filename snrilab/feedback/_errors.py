"""What Python's own words for a mistake mean, for somebody who has seen few of them."""

from __future__ import annotations

import difflib
import re
import sys
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

_KINDS = {
    "NameError": (
        "A name is used that does not exist here: is it spelt as above, and has its cell been run?"
    ),
    "UnboundLocalError": (
        "A name is used before it gets a value: which line gives it one, and does it run first?"
    ),
    "ZeroDivisionError": (
        "Something is divided by zero: what stands below the line, and for which inputs is it zero?"
    ),
    "RecursionError": (
        "The function calls itself without end: each call has to bring it nearer to its end, for "
        "every input. Or was another name meant there?"
    ),
    "AttributeError": "That kind of value has no such part: look at what is left of the dot.",
    "IndexError": "A position is asked for that is not there: the first is [0], the last [-1].",
    "KeyError": (
        "A dictionary has no such key: it stands at the end of the message. Which keys does yours "
        "have, and what is handed over?"
    ),
    "SystemExit": "The function ends Python instead of returning a value.",
    "OverflowError": "A number becomes too large: is a power or an exponential meant there?",
    "StdinNotImplementedError": "Do not ask with input(): the values come as arguments.",
    "EOFError": "Do not ask with input(): the values come as arguments.",
    "ModuleNotFoundError": "There is no module of that name: np (NumPy) is enough here.",
    "AssertionError": "A line with assert in your function says no.",
}
_COMMA = (
    "A comma between two digits makes two numbers of them: Python writes decimals with a point, "
    "2.22 and not 2,22."
)
_TIMES = (
    "A number stands directly before a bracket, as in ki_nM(1 + x). Python takes that for a call: "
    "write the * sign between them."
)
_ARRAYS = (
    "This works on one number, not on an array of them: take np.log10, np.exp, np.sqrt, "
    "np.maximum, np.where, which work on all elements at once, in place of math, if, max or float."
)
_AND = (
    "and, or and not ask one truth value, and here are arrays of them: write &, | and ~, and put "
    "each comparison in brackets, as in (a > 1) & (b < 1)."
)
_MESSAGES: tuple[tuple[str, str], ...] = (
    (r"'(list|tuple|dict|str)' object is not callable", "One of many is asked for with square "
     "brackets, as in cells[0]; round ones call a function."),
    (r"only integer scalar arrays can be converted to a scalar index", "range counts up to one "
     "whole number, and this is an array: range(len(...)) counts its places, and for one in ...: "
     "gives its values."),
    (r"'(int|float|numpy\.\w+|ndarray)' object is not callable", _TIMES),
    (r"for \^|bitwise_xor", "Powers are written with **, as in 10**x; ^ means something else."),
    (r"'tuple'", _COMMA),
    (r"operand.*'ellipsis'|ellipsis", "Three dots … are still in the formula: put a value there."),
    (r"operand.*'str'|must be str|can only concatenate str", "A text stands where a number "
     "belongs: take the quotation marks away."),
    (r"operand.*'NoneType'|'NoneType' object", "One of the values is None, which is nothing: some "
     "function that you call returns nothing (does it print instead?)."),
    (r"operand.*'(function|method|builtin_function_or_method|ufunc|numpy\.ufunc)'", "A function is "
     "used like a number: call it, with brackets and what it works on."),
    (r"operand.*'module'|'module' object is not callable", "A module is used like a function or a "
     "number: name the function in it, as in np.log10(x)."),
    (r"operand.*'list'|multiply sequence", "A list does not calculate: make an array of it with "
     "np.array(...)."),
    (r"only (length-1|0-dimensional|integer scalar) arrays|truth value of an array|"
     r"only size-1 arrays|must be real number, not ndarray|unhashable type: 'numpy", _ARRAYS),
    (r"'(float|int|numpy\.float64|numpy\.int64)' object is not (iterable|subscriptable)|"
     r"of type '(float|int)' has no len|not iterable", "One number is treated as if it were a "
     "list: the function is tried with single numbers too. np functions take both."),
    (r"missing \d+ required positional", "A function is called with too few values: is a * missing "
     "before a bracket, or an argument?"),
    (r"takes \d+ positional arguments? but \d+", "A function is called with too many values: a "
     "comma in place of a point makes two of one."),
    (r"Optimal parameters not found|maxfev", "The fit gave up before it found the curve: give it "
     "start values near the answer with p0=[...], such as the largest and the smallest count and "
     "the middle concentration (as a logarithm if your parameter is one)."),
    (r"Residuals are not finite|infs or NaNs|array must not contain", "The curve gives no number "
     "at the start of the fit: a logarithm or a power of zero or of a negative value? Start values "
     "p0=[...] and a logarithm of the IC50 as parameter help."),
    (r"inhomogeneous shape", "Lists of different lengths make no array: take them one by one, "
     "for one in ...:, and work on each."),
    (r"not supported between instances of '(list|tuple)'|instances of '\w+' and '(list|tuple)'",
     "A list is compared with a number: which of its values do you mean, or all of them?"),
    (r"'float' object cannot be interpreted as an integer", "range counts whole steps, and this is "
     "no whole number: does the formula need a loop at all?"),
    (r"could not be broadcast|not aligned", "Two arrays of different length are combined: "
     "all that belong to one well need one value each."),
    (r"math domain error|expected a (positive|nonnegative) input", "A logarithm or a root of zero "
     "or of a negative number: which input makes it so?"),
    (r"numpy' has no attribute 'norm'", "norm is a name of its own here, not one of NumPy's: write "
     "norm.ppf without np."),
    (r"'(method|function|builtin_function_or_method)' object is not subscriptable", "A function is "
     "called with round brackets: f(x), not f[x]."),
    (r"has no attribute 'ln'", "The natural logarithm is np.log, the one to base 10 np.log10."),
    (r"invalid literal for int.*\d\.\d", "int reads whole numbers only: float reads decimals."),
    (r"is not in list", "A text is looked for that this list does not hold: which does it hold?"),
    (r"invalid literal|could not convert string", "A text is turned into a number that is not "
     "written as one: the text stands at the end of the message. Which text should it be?"),
    (r"assignment destination is read-only", "An input is changed: make a new array, a = a - b."),
)  # fmt: skip
_USUAL = {
    "math": "math is not imported here: write np.log (natural), np.log10, np.exp, np.sqrt.",
    "log": "Write np.log (natural) or np.log10.",
    "ln": "The natural logarithm is np.log.",
    "log10": "Write np.log10.",
    "exp": "Write np.exp.",
    "sqrt": "Write np.sqrt.",
    "ppf": "ppf belongs to norm: write norm.ppf.",
    "cdf": "cdf belongs to norm: write norm.cdf.",
    "np": "NumPy is not imported: run the first code cell of the notebook.",
    "numpy": "NumPy is called np here.",
    "curve_fit": "Import it first: from scipy.optimize import curve_fit.",
}


def in_plain_words(error: BaseException | None, line: str, arguments: Sequence[str]) -> str:
    """Say what an error means and what to look at.

    Parameters
    ----------
    error : BaseException
        What was raised.
    line : str
        The learner's line that raised it, or nothing.
    arguments : sequence of str
        Names of the arguments, for misspelt ones.
    """
    kind, message = type(error).__name__, shown_message(error)
    for look in (_called_without, _no_such_part):
        said = look(message, line, arguments)
        if said:
            return said
    if isinstance(error, NameError) and not isinstance(error, UnboundLocalError):
        named = _misspelt(message, arguments, line)
        if named:
            return named
    if re.search(r"\d,\d", line) and kind in ("TypeError", "ValueError"):
        return _COMMA
    if "truth value of an array" in message and re.search(r"\b(and|or|not)\b", line):
        return _AND
    if "as an integer" in message and re.search(r"\b(?<!for )\w+ in range\(", line):
        return _BETWEEN
    for pattern, words in _MESSAGES:
        if re.search(pattern, message):
            return words
    return _KINDS.get(kind, "The last line of the message says what Python could not do.")


_BETWEEN = (
    "range counts whole steps, and this is no whole number. Whether x lies between two asks "
    "low < x < high."
)
_TYPED = 0.8  # names that differ by a letter or two


def shown_message(error: BaseException | None) -> str:
    """Write the message of an error on one line, whatever the error is."""
    try:
        return " ".join(str(error).split())[:200]
    except Exception:  # noqa: BLE001 -- a learner's error may fail when it is looked at
        return "(its message cannot be shown)"


def means_scalars_only(error: BaseException | None) -> bool:
    """Tell whether an error says that something takes one number and no array."""
    said = shown_message(error)
    return any(words is _ARRAYS and re.search(pattern, said) for pattern, words in _MESSAGES)


def _called_without(message: str, line: str, _: Sequence[str]) -> str:
    """Explain a number with empty brackets behind it."""
    found = re.search(r"\b(\w+)\(\)", line)
    if found is None or not re.search(r"'(int|float|numpy\.\w+)' object is not callable", message):
        return ""
    return f"{found[1]} is a number here, and brackets behind it call: write {found[1]} without ()."


def _no_such_part(message: str, line: str, _: Sequence[str]) -> str:
    """Explain x.log() and np.product: say which function of NumPy is meant."""
    found = re.search(r"'([\w.]+)'(?: object)? has no attribute '(\w+)'", message)
    if found is None or found[2] in ("ln", "norm"):
        return ""
    of, part = found[1], found[2]
    if of == "numpy":
        names = [one for one in dir(np) if one.islower() and callable(getattr(np, one, None))]
        near = difflib.get_close_matches(part.partition("_")[0], names, 1, 0.7)
        near = near or difflib.get_close_matches(part, names, 1, 0.6)
        usual = "prod" if part.startswith("product") else near[0] if near else ""
        return f"NumPy has no {part}: do you mean np.{usual}?" if usual else ""
    before = re.search(rf"(\w+)\.{part}\b", line)
    if callable(getattr(np, part, None)) and before:
        return f"A number has no {part} behind a dot: write np.{part}({before[1]})."
    if of == "numpy.ndarray":
        return (
            f"An array has no {part}, as lists have: take functions of NumPy (np.argmax gives the "
            "place of the largest), or go through it with for."
        )
    return ""


def _misspelt(message: str, arguments: Sequence[str], line: str = "") -> str:
    found = re.search(r"name '(\w+)' is not defined", message)
    if not found:
        return ""
    name = found[1]
    if name in _USUAL:
        return _USUAL[name]
    if callable(getattr(np, name, None)) and name not in arguments:
        return f"{name} is one of NumPy's: write np.{name}."
    if name in sys.stdlib_module_names or name in ("scipy", "statistics"):
        return f"{name} is not imported here: write import {name} as the first line of the cell."
    folded = {argument.lower(): argument for argument in arguments}
    near = difflib.get_close_matches(name.lower(), list(folded), n=1, cutoff=0.5)
    begins = [a for a in arguments if a.lower().startswith(name.lower())]
    close = begins[0] if len(begins) == 1 else folded[near[0]] if near else ""
    alike = difflib.SequenceMatcher(None, name.lower(), close.lower()).ratio() if close else 0.0
    if close and (alike > _TYPED or not re.search(rf"\b{close}\b", line)):
        return f"There is no {name} here: do you mean {close}?"
    listed = ", ".join(arguments)
    return f"There is no {name} here. The function knows its arguments ({listed}) and np."
