"""The shapes in which exercises, questions and predictions are declared."""

from __future__ import annotations

import difflib
import importlib
import inspect
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

MODULES = ("lesson02_binding", "ps2_binding")


@dataclass(frozen=True)
class Misconception:
    """A wrong idea that teachers know: the code that follows from it, and what to say.

    Parameters
    ----------
    code : str
        Short name for reports, in words joined by hyphens ("ratio-upside-down").
    advice : str
        One sentence to the learner: what the answer looks like, and what to think about.
    function : callable
        The answer a learner with this idea would write; same arguments as the reference.
    """

    code: str
    advice: str
    function: Callable[..., Any]


@dataclass(frozen=True)
class Exercise:
    """One function for a learner to write.

    Parameters
    ----------
    name : str
        "module/function" ("ps2_binding/saturation").
    task : str
        What the function returns, in one sentence with the unit.
    reference : callable
        The right answer; its signature is the one asked for.
    cases : callable
        ``cases(rng)`` returns a list of argument tuples to try.
    unit : str
        Unit of the result.
    misconceptions : tuple of Misconception
        Wrong ideas, the more telling first.
    alternatives : tuple of callable
        Other right ways to write it: every check and every hidden test must accept them.
    rel : float
        Accepted relative difference, > 0.

    Examples
    --------
    >>> from snrilab.exercises import find
    >>> exercise = find("ps2_binding/cheng_prusoff")
    >>> exercise.signature
    'cheng_prusoff(ic50_nM, radioligand_nM, kd_nM)'
    >>> round(exercise.reference(15.68, 1.0, 2.5), 2)
    11.2
    """

    name: str
    task: str
    reference: Callable[..., Any]
    cases: Callable[[np.random.Generator], Sequence[tuple[Any, ...]]]
    unit: str
    misconceptions: tuple[Misconception, ...]
    alternatives: tuple[Callable[..., Any], ...] = ()
    rel: float = 1e-6

    @property
    def function_name(self) -> str:
        """Name of the function to write."""
        return self.name.partition("/")[2]

    @property
    def arguments(self) -> tuple[str, ...]:
        """Names of the arguments, in order."""
        return tuple(inspect.signature(self.reference).parameters)

    @property
    def signature(self) -> str:
        """The call as a learner would write it."""
        return f"{self.function_name}({', '.join(self.arguments)})"

    def inputs(self) -> list[tuple[Any, ...]]:
        """Return the argument tuples to try, the same ones each time."""
        rng = np.random.default_rng(zlib.crc32(self.name.encode()))
        return list(self.cases(rng))


@dataclass(frozen=True)
class Option:
    """One answer offered by a question, with the explanation shown when it is chosen."""

    text: str
    why: str
    correct: bool = False


@dataclass(frozen=True)
class Question:
    """A quiz question: exactly one option is correct, and every option is explained."""

    name: str
    text: str
    options: tuple[Option, ...]


@dataclass(frozen=True)
class Prediction:
    """Something to write down before looking, and to read again afterwards."""

    name: str
    text: str


def declared(module: str) -> dict[str, Exercise | Question | Prediction]:
    """Return everything a lesson or an assignment declares, by full name, in its order.

    Parameters
    ----------
    module : str
        Name of a module of `snrilab.exercises`, such as "ps2_binding".

    Returns
    -------
    dict
        Full name to `Exercise`, `Question` or `Prediction`.

    Raises
    ------
    LookupError
        When there is no such module; the message lists those that exist.

    Examples
    --------
    >>> list(declared("ps2_binding"))[0]
    'ps2_binding/specific_binding'
    """
    if module not in MODULES:
        raise LookupError(f"module must be one of {', '.join(MODULES)}; got {module!r}.")
    things = vars(importlib.import_module(f"snrilab.exercises.{module}")).values()
    return {
        thing.name: thing for thing in things if isinstance(thing, Exercise | Question | Prediction)
    }


def find(name: str) -> Exercise | Question | Prediction:
    """Return the exercise, question or prediction of this full name.

    Parameters
    ----------
    name : str
        "module/name", such as "ps2_binding/saturation".

    Returns
    -------
    Exercise or Question or Prediction
        The one declaration of that name.

    Raises
    ------
    LookupError
        When nothing has that name; the message offers the nearest or lists what exists.

    Examples
    --------
    >>> find("ps2_binding/saturation").unit
    'same as bmax'
    """
    module = str(name).partition("/")[0]
    available = declared(module) if module in MODULES else {}
    if name in available:
        return available[name]
    names = list(available) or [f"{module}/…" for module in MODULES]
    near = difflib.get_close_matches(str(name), names, n=1)
    offer = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(names)}."
    raise LookupError(f"name {name!r} is not declared; {offer}")
