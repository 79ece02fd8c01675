"""The shapes in which a lesson declares what it asks: exercises, questions, predictions, goals."""

from __future__ import annotations

import functools
import inspect
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np

from snrilab import evidence
from snrilab.exercises._text import as_function, as_source

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Step = Mapping[str, Any]
    Cases = Sequence[tuple[Any, ...]] | Callable[[np.random.Generator], Sequence[tuple[Any, ...]]]


class Misconception(NamedTuple):
    """A wrong answer that teachers know: its code, what to say, and the answer itself.

    Attributes
    ----------
    code : str
        A code of `snrilab/data/ideas.csv`.
    advice : str
        What to say to a learner whose values are these.
    text : str
        The wrong answer as the author wrote it.
    function : callable
        The same as a function.
    """

    code: str
    advice: str
    text: str
    function: Callable[..., Any]


@dataclass(frozen=True)
class Exercise:
    """One function for a learner to write; every answer in it is text.

    Parameters
    ----------
    name : str
        "module/function" ("lesson02/bound_fmol").
    task : str
        What the function returns, in one sentence with the unit.
    arguments : str
        What stands between the brackets: "dpm, specific_activity_Ci_per_mmol".
    answer : str
        The right answer: an expression, or a function body with its ``return``. ``np`` and
        ``math`` are known.
    cases : sequence of tuple, or callable
        Arguments to try, three or more, the usual ones first; a list of numbers is handed over as
        an array. ``cases(rng)`` may draw them.
    unit : str
        Unit of the result.
    ideas : mapping
        Code of an idea (`snrilab.evidence.ideas`) to the wrong answer that follows from it, or to
        that answer and a refutation; a tuple of texts holds several answers of one idea. In a
        refutation ``{gave}``, ``{expected}`` and the names of arguments stand for the learner's
        own numbers. The more telling idea comes first.
        Slips (swapped arguments, lost brackets, …) need not be declared: `derived` finds them.
    also_right : tuple of str
        Other right ways to write it.
    means : str
        A reason even when right: what the result means for the puzzle.
    hint : str
        Where to start.
    uses : str
        Lines that the answers need before them: imports, helper functions.
    rel : float
        Accepted relative difference, > 0.
    objective : int
        Which objective of the lesson it practises, from 1; 0 for none.
    no_answer : sequence of tuple
        Arguments for which there is no answer, as the docstring says: an error, None or nan is
        right there, and any number is wrong.
    borders : sequence of tuple
        Arguments at a border of what the page allows, such as no wait at all, or an end on a
        threshold. They are tried when all else is right: an idea is known by what it does
        elsewhere.

    Examples
    --------
    >>> double = Exercise(
    ...     "x/double",
    ...     "Twice the dose in mg.",
    ...     "dose_mg",
    ...     "2 * dose_mg",
    ...     cases=[(10.0,), ([20.0, 30.0],)],
    ...     unit="mg",
    ...     ideas={"squared-concentration": ("dose_mg**2", "{gave} is the square of {dose_mg}.")},
    ... )
    >>> double.reference(40)
    80
    >>> double.misconceptions[0].function(3)
    9
    >>> print(double.code())
    def double(dose_mg):
        return 2 * dose_mg
    <BLANKLINE>
    """

    name: str
    task: str
    arguments: str
    answer: str
    cases: Cases = field(repr=False)
    unit: str
    ideas: Mapping[str, str | tuple[str | tuple[str, ...], str]] = field(
        default_factory=dict, repr=False
    )
    also_right: tuple[str, ...] = ()
    means: str = ""
    hint: str = ""
    uses: str = field(default="", repr=False)
    rel: float = 1e-6
    objective: int = 0
    no_answer: Sequence[tuple[Any, ...]] = field(default=(), repr=False)
    borders: Sequence[tuple[Any, ...]] = field(default=(), repr=False)

    @property
    def function_name(self) -> str:
        """Name of the function to write."""
        return self.name.partition("/")[2]

    @property
    def argument_names(self) -> tuple[str, ...]:
        """Names of the arguments, in order."""
        return tuple(inspect.signature(self.reference).parameters)

    @property
    def signature(self) -> str:
        """The call as a learner would write it."""
        return f"{self.function_name}({self.arguments})"

    def code(self, text: str | None = None, *, alone: bool = False) -> str:
        """Return an answer (the right one when left out) as the source of the function.

        Parameters
        ----------
        text : str, optional
            Another answer to the same exercise.
        alone : bool, default False
            Leave out the lines of `uses`.
        """
        uses = "" if alone else self.uses
        return as_source(self.function_name, self.arguments, text or self.answer, uses)

    def function(self, text: str) -> Callable[..., Any]:
        """Return an answer to this exercise as a function."""
        return as_function(self.function_name, self.code(text))

    @property
    def reference(self) -> Callable[..., Any]:
        """The right answer as a function."""
        return self.function(self.answer)

    @property
    def alternatives(self) -> tuple[Callable[..., Any], ...]:
        """Other right answers as functions."""
        return tuple(map(self.function, self.also_right))

    @property
    def misconceptions(self) -> tuple[Misconception, ...]:
        """The declared wrong answers, in order; an idea with several comes several times."""
        found = []
        for code, wrong in self.ideas.items():
            texts, advice = (wrong, "") if isinstance(wrong, str) else wrong
            found += [
                Misconception(code, advice, text, self.function(text))
                for text in ((texts,) if isinstance(texts, str) else texts)
            ]
        return tuple(found)

    def inputs(self) -> list[tuple[Any, ...]]:
        """Return the argument tuples to try, the same ones each time."""
        rng = np.random.default_rng(zlib.crc32(self.name.encode()))
        cases = self.cases(rng) if callable(self.cases) else self.cases
        return [tuple(map(_as_array, case)) for case in cases]

    def at_borders(self) -> list[tuple[Any, ...]]:
        """Return the argument tuples at the borders of what is allowed."""
        return [tuple(map(_as_array, case)) for case in self.borders]

    def unanswerable(self) -> list[tuple[Any, ...]]:
        """Return the argument tuples that have no answer."""
        return [tuple(map(_as_array, case)) for case in self.no_answer]


def _as_array(argument: Any) -> Any:
    """Return a list of numbers as an array, anything else as it is."""
    numbers = isinstance(argument, list) and all(
        isinstance(item, int | float) and not isinstance(item, bool) for item in argument
    )
    return np.array(argument, dtype=float) if numbers else argument


@dataclass(frozen=True)
class Option:
    """One answer that a question offers.

    Parameters
    ----------
    text : str
        The answer.
    why : str
        What is said when it is chosen.
    idea : str
        Code of the idea behind a wrong answer; empty for the right one.
    """

    text: str
    why: str
    idea: str = ""

    @property
    def correct(self) -> bool:
        """True for the right one."""
        return not self.idea


@dataclass(frozen=True)
class Question:
    """A question with one right answer; every wrong one is an idea, and all are explained.

    Parameters
    ----------
    name : str
        "module/name" ("lesson02/two_labs").
    text : str
        The question.
    right : tuple of (str, str)
        The right answer and why it is right.
    wrong : mapping
        Each wrong answer to the code of its idea and the refutation.
    objective : int
        Which objective of the lesson it checks, from 1; 0 for none.

    Examples
    --------
    >>> question = Question(
    ...     "x/y",
    ...     "Ki is 4 nM at P and 60 nM at Q. Which is bound more tightly?",
    ...     right=("P, 15 times", "The smaller constant is the tighter one."),
    ...     wrong={"Q, 15 times": ("larger-ki-is-tighter", "At Q 15 times more is needed.")},
    ... )
    >>> [option.correct for option in question.options]
    [True, False]
    """

    name: str
    text: str
    right: tuple[str, str]
    wrong: Mapping[str, tuple[str, str]]
    objective: int = 0

    @property
    def options(self) -> tuple[Option, ...]:
        """All answers, the right one first; they are shuffled when shown."""
        wrong = (Option(text, why, idea) for text, (idea, why) in self.wrong.items())
        return (Option(*self.right), *wrong)


@dataclass(frozen=True)
class Prediction:
    """Something to commit to before it is told: a choice, a number with a range, or a curve.

    Parameters
    ----------
    name : str
        "module/name" ("lesson01/rise").
    text : str
        What is asked.
    answer : str, float, tuple, or None
        The right choice; the right number, or (low, high) where anything between is right; one
        number for each point of a curve; None where the answer is drawn for each learner.
    choices : tuple of str
        For a choice: what is offered, in the order to show.
    unit, low, high, scale
        For a number or a curve: its unit, the ends of the scale and "linear" or "log".
    points, axis
        For a curve: where it is asked (0, 1, 2, 4, 8) and what these numbers are ("week").
    ideas : mapping
        Code of an idea to the choice, number or curve that follows from it, or to several choices.
        A wrong choice that follows from no idea of the list gets none.
    because : str
        Said beside the result: why it comes out so.
    seen : callable, optional
        Whether an explorer shows what was asked about (arguments as those of `Goal.reached`); until
        then it does not tell whether the prediction was right. Left out: at the first change.
    setting : str
        What an explorer has to be set to for that ("80 % of SERT blocked"): named while the
        prediction waits, and with a number that is told. It must not give the answer away.
    measured : str
        Where the answer was measured and no figure of the course gives it: in what, by whom
        ("in rats (Bel 1999)"); said with the answer.

    Examples
    --------
    >>> rise = Prediction(
    ...     "lesson01/rise",
    ...     "A drug blocks 80 % of the pumps. How many times does the level rise?",
    ...     answer=3.6,
    ...     unit="times",
    ...     low=1,
    ...     high=20,
    ...     scale="log",
    ...     ideas={"block-is-rise": 1.8, "other-exits-forgotten": 5.0},
    ... )
    >>> rise.kind
    'number'
    """

    name: str
    text: str
    answer: str | float | tuple[float, ...] | None
    choices: tuple[str, ...] = ()
    unit: str = ""
    low: float = 0.0
    high: float = 100.0
    scale: Literal["linear", "log"] = "linear"
    points: tuple[float, ...] = ()
    axis: str = ""
    ideas: Mapping[str, Any] = field(default_factory=dict)
    because: str = ""
    seen: Callable[..., bool] | None = None
    setting: str = ""
    measured: str = ""

    @property
    def kind(self) -> Literal["choice", "number", "curve"]:
        """What is asked for."""
        return "choice" if self.choices else "curve" if self.points else "number"

    def choices_of(self, code: str) -> tuple[str, ...]:
        """Return the choices that follow from an idea."""
        meant = self.ideas.get(code, ())
        found = meant if isinstance(meant, tuple) else (meant,)
        return tuple(one for one in found if isinstance(one, str))

    def is_seen(self, values: Mapping[str, Any]) -> bool:
        """Return whether an explorer with these values shows what was asked about."""
        return self.seen is None or _holds(self.seen, values)


@dataclass(frozen=True)
class Goal:
    """Something to bring about in an explorer, ticked when it is reached, answered with a reason.

    Parameters
    ----------
    name : str
        "module/name" ("lesson02/plateau").
    text : str
        What to bring about, in the imperative.
    reached : callable
        Whether it is reached. Its arguments are named after controls of the explorer and after the
        numbers of its sentence, or ``kept``, the control values of each kept state; only those
        that it names are passed. While an unknown has not been answered, a goal that names
        ``answer``, ``low``, ``high`` or ``held`` is not reached.
    why : str
        The reason, told once it is reached; true of every way to reach it.
    show : mapping, sequence of mappings, or callable
        What "show me" does: control values; or several such steps, one after the other, in which
        ``"measure": True`` measures once, ``"keep": True`` keeps the curve, and ``"answer"``,
        ``"low"``, ``"high"`` answer the unknown (a value, or a function of the numbers of the
        sentence); or a function of the unknown's truth that returns such steps.
    possible : bool, default True
        False for something that cannot be done: `reached` then tells whether it was tried in
        earnest, and the page says "shown: it cannot be done".
    objective : int
        Which objective of the lesson it practises, from 1; 0 for none.
    against : tuple of str
        Codes of the wrong ideas that whoever reaches it has seen fail; for teachers.

    Examples
    --------
    >>> goal = Goal("x/double", "Double it.", lambda fold: fold >= 2, "Half is shut.", {"dose": 1})
    >>> goal.is_reached({"fold": 2.1, "dose": 1})
    True
    """

    name: str
    text: str
    reached: Callable[..., bool]
    why: str
    show: Step | Sequence[Step] | Callable[[Mapping[str, Any]], Sequence[Step]]
    possible: bool = True
    objective: int = 0
    against: tuple[str, ...] = ()

    @property
    def short(self) -> str:
        """Name within the lesson: "plateau"."""
        return self.name.partition("/")[2]

    def is_reached(self, values: Mapping[str, Any]) -> bool:
        """Return whether these values reach it; not when one of them does not exist yet."""
        return _holds(self.reached, values)

    def steps(self, truth: Mapping[str, Any]) -> list[Step]:
        """Return what "show me" does, one step after the other."""
        shown = self.show(truth) if callable(self.show) else self.show
        return [shown] if isinstance(shown, Mapping) else list(shown)


def _holds(condition: Callable[..., bool], values: Mapping[str, Any]) -> bool:
    names = inspect.signature(condition).parameters
    if any(name not in values for name in names):
        return False
    return bool(condition(**{name: values[name] for name in names}))


@dataclass(frozen=True)
class Lesson:
    """A lesson as the course map shows it.

    Parameters
    ----------
    name : str
        Name of its module ("lesson02").
    question : str
        The title, a question.
    notebook : str
        Name of its file in `course/` ("02_binding_assays").
    minutes : int
        How long it takes.
    needs : tuple of str
        Modules to have done before.
    objectives : tuple of str
        What a learner can do afterwards, each with a measurable verb.
    assignment : str
        The graded assignment that follows it ("ps2_binding"), if there is one.
    """

    name: str
    question: str
    notebook: str
    minutes: int
    needs: tuple[str, ...] = ()
    objectives: tuple[str, ...] = ()
    assignment: str = ""


Declared = Exercise | Question | Prediction | Goal


@functools.cache
def _known_ideas() -> Mapping[str, evidence.Idea]:
    return {idea.code: idea for idea in evidence.ideas()}


def known_idea(code: str) -> evidence.Idea | None:
    """Return the idea of this very code, or None when it is not on the list.

    Parameters
    ----------
    code : str
        Such as "larger-ki-is-tighter"; other names of an idea do not count.

    Examples
    --------
    >>> known_idea("larger-ki-is-tighter").idea
    'a larger Kd or Ki is tighter'
    """
    return _known_ideas().get(code)
