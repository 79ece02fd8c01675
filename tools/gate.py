"""How good are the tests of each assignment? `python -m tools.gate [names]` prints it as a table.

For every assignment of the course, whatever it is: the model answer gets all points and the
untouched release none; no wrong answer keeps its points (named misconceptions, derived slips, and
answers that are right for usual numbers only), and no right one loses any; the same work graded ten
times in the jail gets the same points each time. Wrong answers that no test should refuse are
listed with the reason: they compute the same, or `answers.py` says why in `EQUIVALENT`.

What `answers.py` may declare for it beside its exercises: `CELLS`, wrong and right texts of answer
cells that bind values; `EQUIVALENT`; and `NO_SLIPS`, answers from which no slip is derived.
"""

from __future__ import annotations

import contextlib
import os
import runpy
import signal
import sys
import textwrap
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import integrate, interpolate, optimize, stats  # noqa: F401 -- no answer waits for them

from snrilab.exercises import Exercise, agrees, as_numbers, declared, derived
from snrilab.grading.mutations import submission
from snrilab.grading.teachers_cells import TestTooLong, run_here
from snrilab.grading.template import Cell, Template, read_template
from tools.release import ROOT, of_the_course

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

GRADINGS = 10
SECONDS = 20.0
ENDLESS_S = 0.5  # of processor time, for a cell that met a changed answer: a key's takes 0.05
SAME = "it gives the same values"
MOVED = (1.0, 1.0137, 0.9871, 137.3, 0.00731)


@dataclass
class Gate:
    """What was found for one assignment.

    Parameters
    ----------
    points, by_hand : float
        What tests give, and what a person gives.
    reference, untouched : float
        What the model answer and the untouched release get from the tests.
    wrong, right : int
        Wrong and other right answers that were tried.
    accepted, rejected : list of str
        Wrong answers that kept all points, right ones that lost some.
    equivalent : list of (str, str)
        Changed answers that no test should refuse, and why.
    endless : list of str
        Changed answers that were stopped: a changed loop may never end.
    kinds : dict
        How many wrong answers were tried of each kind.
    gradings : list
        The points per test of each grading in the jail; empty when there is no jail.
    inside : dict
        Tests that would run in the student's process, and why: none may.
    """

    assignment: str
    points: float
    by_hand: float
    reference: float = 0.0
    untouched: float = 0.0
    wrong: int = 0
    right: int = 0
    accepted: list[str] = field(default_factory=list)
    rejected: list[str] = field(default_factory=list)
    equivalent: list[tuple[str, str]] = field(default_factory=list)
    endless: list[str] = field(default_factory=list)
    kinds: dict[str, int] = field(default_factory=dict)
    gradings: list[dict[str, float]] = field(default_factory=list)
    inside: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0

    @property
    def alike(self) -> bool:
        """Whether every grading in the jail gave the same, and the model answer everything."""
        return len({tuple(sorted(g.items())) for g in self.gradings}) <= 1

    @property
    def good(self) -> bool:
        """Whether the tests may be used on a class."""
        whole = self.reference == self.points and not self.untouched
        return whole and not self.accepted and not self.rejected and self.alike and not self.inside


class Desk:
    """The model answer's names, and the tests that depend on each answer; no jail, no kernel."""

    def __init__(self, assignment: str) -> None:
        folder = ROOT / "source" / assignment
        self.template: Template = read_template(folder, assignment, assignment)
        self.folder = folder
        self.told: dict[str, Any] = runpy.run_path(str(folder / "answers.py"))
        things = declared(assignment).values()
        self.exercises = {e.function_name: e for e in things if isinstance(e, Exercise)}
        self.answers = {
            c.grade_id: c for c in self.template.cells if c.role == "solution" and c.grade_id
        }
        self.tests = [c for c in self.template.cells if c.role == "test"]
        self.names: dict[str, Any] = {}
        self.full: dict[str, object] = {}
        self.earned = self.grade({}, keep=True)

    def grade(self, texts: dict[str, str], *, keep: bool = False) -> dict[str, float]:
        """Run the whole notebook with some answers replaced; return the points of each test."""
        space: dict[str, Any] = {"__name__": "__main__"}
        earned = {}
        with contextlib.chdir(self.folder):
            for cell in self.template.cells:
                if cell.cell_type != "code":
                    continue
                if cell.role != "test":
                    text = texts.get(cell.grade_id or "", cell.reference)
                    run_here(text, cell.identity, space, SECONDS)
                    continue
                ran = run_here(cell.master, cell.identity, dict(space), SECONDS)
                if keep:
                    self.full[cell.identity] = ran.value
                earned[cell.identity] = self._points(cell, ran)
        if keep:
            self.names = space
        return earned

    def _points(self, cell: Cell, ran: Any) -> float:
        if ran.error is not None:
            return 0.0
        number = self.full.get(cell.identity)
        if isinstance(number, int | float) and isinstance(ran.value, int | float):
            return float(min(max(ran.value, 0.0), cell.points))
        return cell.points if number is None else 0.0

    def points(self, space: dict[str, Any], start: str) -> dict[str, float]:
        """Return the points of each test whose name starts so, with these names at hand."""
        return {
            test.identity: self._points(
                test, run_here(test.master, test.identity, dict(space), SECONDS)
            )
            for test in self._named(start)
        }

    def all_points(self, start: str) -> dict[str, float]:
        """Return what each test whose name starts so is worth."""
        return {test.identity: test.points for test in self._named(start)}

    def _named(self, start: str) -> list[Cell]:
        return [test for test in self.tests if test.identity.startswith(f"test-{start}")]

    def tests_of(self, answer: str) -> list[Cell]:
        """Return the tests that use what an answer binds."""
        bound = self.template.answered_in(self.answers[answer])
        return [t for t in self.tests if t.names.uses & bound]

    def passes(
        self, answer: str, replacement: str | Callable[..., Any], at_most_s: float = SECONDS
    ) -> bool:
        """Tell whether another answer, as text or as a function, keeps all points of its tests.

        Raises `TestTooLong` where a cell took more than `at_most_s` of processor time.
        """
        space = dict(self.names)
        with contextlib.chdir(self.folder):
            if isinstance(replacement, str):
                for name in self.template.answered_in(self.answers[answer]):
                    space.pop(name, None)
                _run(replacement, answer, space, at_most_s)
            else:
                space[answer] = replacement
            return all(
                self._points(t, _run(t.master, t.identity, dict(space), at_most_s)) == t.points
                for t in self.tests_of(answer)
            )

    def function(self, answer: str, text: str) -> Callable[..., Any] | None:
        """Return the function that a text defines beside the other answers."""
        space = dict(self.names)
        space.pop(answer, None)
        run_here(text, answer, space, SECONDS)
        found = space.get(answer)
        return found if callable(found) else None


def _run(source: str, name: str, space: dict[str, Any], at_most_s: float) -> Any:
    """Run a cell here; let the limit of its processor time out where it struck."""

    def ring(*_: Any) -> None:
        raise TestTooLong(f"not finished within {at_most_s:g} s")

    old = signal.signal(signal.SIGPROF, ring)
    signal.setitimer(signal.ITIMER_PROF, at_most_s, 0.5)
    try:
        ran = run_here(source, name, space, SECONDS)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, old)
    if isinstance(ran.error, TestTooLong):
        raise ran.error
    return ran


# -- wrong answers ------------------------------------------------------------------------------


def wrong_answers(desk: Desk) -> Iterator[tuple[str, str, str, str | Callable[..., Any]]]:
    """Yield the answer, the kind, what it is in words, and the wrong answer itself."""
    skipped = desk.told.get("NO_SLIPS", {})
    for name, exercise in desk.exercises.items():
        for idea in exercise.misconceptions:
            yield name, "named", idea.code, idea.function
        yield from ((name, "usual numbers only", *one) for one in too_narrow(exercise, desk))
    for name, variants in desk.told.get("CELLS", {}).items():
        for code, text in variants["wrong"].items():
            yield name, "named", code, textwrap.dedent(text)
    for name, cell in desk.answers.items():
        if name not in skipped:
            for slip in derived(cell.reference):
                yield name, "derived", slip.change, slip.source


def right_answers(desk: Desk) -> Iterator[tuple[str, str, str | Callable[..., Any]]]:
    """Yield the answer, which alternative it is, and the alternative itself."""
    for name, exercise in desk.exercises.items():
        for number, function in enumerate(exercise.alternatives, 1):
            yield name, f"other right answer {number}", function
    for name, variants in desk.told.get("CELLS", {}).items():
        for number, text in enumerate(variants["right"], 1):
            yield name, f"other right answer {number}", textwrap.dedent(text)


def too_narrow(exercise: Exercise, desk: Desk) -> Iterator[tuple[str, Callable[..., Any]]]:
    """Yield answers that are right for usual numbers: rounded, cut, capped, or learnt by heart."""
    right = desk.names[exercise.function_name]

    def changed(how: Callable[[Any], Any]) -> Callable[..., Any]:
        return lambda *given: _in_numbers(right(*given), how)

    if not isinstance(exercise.reference(*exercise.inputs()[0]), bool | np.bool_):
        for digits in (0, 1, 2):
            yield f"rounded to {digits} decimals", changed(lambda x, d=digits: np.round(x, d))
        yield "decimals cut off", changed(np.trunc)
        yield "two significant digits", changed(_two_digits)
        yield "one number whatever the input", changed(lambda x: np.full_like(x, 10.0, dtype=float))
    known = dict(_examples(exercise, desk))
    yield (
        "the examples of the notebook by heart",
        lambda *given: known.get(_key(given), _in_numbers(right(*given), lambda x: 1.05 * x)),
    )
    names = exercise.argument_names
    alike = [i for i, name in enumerate(names) if name.endswith("_nM")]
    scalars = all(np.isscalar(a) for case in exercise.inputs()[:1] for a in case)
    for i in alike if scalars else ():
        for j in alike:
            if i != j:
                yield (
                    f"{names[i]} never above 3.5 times {names[j]}",
                    lambda *given, i=i, j=j: right(*_capped(given, i, j)),
                )
                yield (
                    f"25 % more where {names[i]} is above 3 times {names[j]}",
                    lambda *given, i=i, j=j: (
                        right(*given) * np.where(np.greater(given[i], 3 * given[j]), 1.25, 1.0)
                    ),
                )


def _capped(given: tuple[Any, ...], i: int, j: int) -> tuple[Any, ...]:
    low = np.minimum(given[i], np.multiply(3.5, given[j]))
    return (*given[:i], low, *given[i + 1 :])


def _in_numbers(value: Any, how: Callable[[Any], Any]) -> Any:
    """Change the numbers in a value; truth values are turned round, text and None stay."""
    if as_numbers(value) is not None:
        return how(np.asarray(value))
    if isinstance(value, dict):
        return {key: _in_numbers(one, how) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_in_numbers(one, how) for one in value]
    truth = isinstance(value, bool | np.bool_) or (
        isinstance(value, np.ndarray) and value.dtype.kind == "b"
    )
    return np.logical_not(value) if truth else value


def _two_digits(value: Any) -> Any:
    array = np.asarray(value, dtype=float)
    return np.vectorize(lambda x: float(f"{x:.2g}"), otypes=[float])(array)


def _key(given: tuple[Any, ...]) -> str:
    return repr([a if (n := as_numbers(a)) is None else n.tolist() for a in given])


def _examples(exercise: Exercise, desk: Desk) -> Iterator[tuple[str, Any]]:
    """Run the tests that everybody sees, and note what they ask and what is right."""
    right, asked = desk.names[exercise.function_name], []

    def heard(*given: Any) -> Any:
        asked.append((_key(given), right(*given)))
        return asked[-1][1]

    for test in desk.tests_of(exercise.function_name):
        space = {**desk.names, exercise.function_name: heard}
        with contextlib.chdir(desk.folder):
            run_here(test.release, test.identity, space, SECONDS)
    yield from asked


def same_values(desk: Desk, answer: str, wrong: str | Callable[..., Any]) -> bool:
    """Tell whether a changed answer gives what the right one gives, wherever it was tried."""
    exercise = desk.exercises.get(answer)
    if exercise is None:
        return isinstance(wrong, str) and _same_cell(desk, answer, wrong)
    function = desk.function(answer, wrong) if isinstance(wrong, str) else wrong
    right = desk.names[answer]
    if function is None:
        return False
    cases = [case for factor in MOVED for case in _more(exercise, factor)]
    with contextlib.suppress(Exception), np.errstate(all="ignore"):
        return all(agrees(function(*case), right(*case), rel=1e-6) for case in cases)
    return False


def _more(exercise: Exercise, factor: float) -> list[tuple[Any, ...]]:
    """Return the declared cases, moved: what agrees by chance or in one range agrees no longer."""

    def moved(argument: Any) -> Any:
        return _in_numbers(argument, lambda x: np.multiply(x, factor))

    return [tuple(map(moved, case)) for case in exercise.inputs()]


def _same_cell(desk: Desk, answer: str, text: str) -> bool:
    space = dict(desk.names)
    with contextlib.chdir(desk.folder):
        if run_here(text, answer, space, SECONDS).error is not None:
            return False
    bound = desk.template.answered_in(desk.answers[answer])
    return all(_alike(space[name], desk.names[name]) for name in bound)


def _alike(one: Any, other: Any) -> bool:
    return agrees(one, other, rel=1e-6)


def _reason(desk: Desk, answer: str, wrong: str | Callable[..., Any]) -> str:
    for (name, part), why in desk.told.get("EQUIVALENT", {}).items():
        if name == answer and isinstance(wrong, str) and part in wrong:
            return str(why)
    return SAME if same_values(desk, answer, wrong) else ""


# -- the whole of it ------------------------------------------------------------------------------


def examine(desk: Desk, jail: Any = None) -> Gate:
    """Put one assignment through the gate.

    Parameters
    ----------
    desk : Desk
        The assignment.
    jail : snrilab.grading.jail.Jail, optional
        For the ten gradings; left out, there are none.
    """
    start = time.monotonic()
    assignment = desk.template.assignment
    tests = sum(c.points for c in desk.tests)
    gate = Gate(assignment, tests, sum(c.points for c in desk.template.graded) - tests)
    gate.reference = sum(desk.earned.values())
    stubs = {c.grade_id: c.release for c in desk.template.cells if c.is_answer and c.grade_id}
    gate.untouched = sum(desk.grade(stubs).values())
    seen: set[tuple[str, str]] = set()
    for answer, kind, what, wrong in wrong_answers(desk):
        if (answer, what) in seen:
            continue
        seen.add((answer, what))
        try:
            kept = desk.passes(answer, wrong, ENDLESS_S)
        except TestTooLong:
            gate.endless.append(f"{answer}: {what}")
            continue
        if not kept:
            gate.wrong += 1
            gate.kinds[kind] = gate.kinds.get(kind, 0) + 1
            continue
        reason = _reason(desk, answer, wrong)
        if reason:
            gate.equivalent.append((f"{answer}: {what}", reason))
        else:
            gate.wrong += 1
            gate.accepted.append(f"{answer}: {kind}, {what}")
    for answer, which, right in right_answers(desk):
        gate.right += 1
        if not desk.passes(answer, right):
            gate.rejected.append(f"{answer}: {which}")
    if jail is not None:
        gate.gradings, gate.inside = ten_gradings(desk, jail)
    gate.seconds = time.monotonic() - start
    return gate


def ten_gradings(desk: Desk, jail: Any) -> tuple[list[dict[str, float]], dict[str, str]]:
    """Grade one half-wrong submission ten times in the jail.

    Returns the points of each test, and the tests that would run inside.
    """
    from snrilab.grading.autograder import Autograder
    from snrilab.grading.proof import prove

    autograder = Autograder(desk.template)
    try:
        autograder.prepare(jail)
        proof = prove(autograder)
        work = submission(desk.template, half_done(desk))
        points = []
        for _ in range(GRADINGS):
            found = autograder.grade(work)["verdicts"]
            points.append({v["grade_id"]: v["score"] for v in found if v["score"] is not None})
        if not proof.good:
            points.append({"the model answer or the release": -1.0})
    finally:
        autograder.close()
    return points, proof.inside


def half_done(desk: Desk) -> dict[str, str]:
    """Return answers of which every second one is a named misconception, where it has one."""
    texts = {}
    for number, name in enumerate(desk.answers):
        if number % 2 and name in desk.exercises:
            exercise = desk.exercises[name]
            texts[name] = exercise.code(exercise.misconceptions[0].text)
    return texts


def table(gates: list[Gate]) -> str:
    """Return the gate as a table, with every exception named below it."""
    head = ("assignment", "tests", "by hand", "reference", "untouched", "wrong refused", "false")
    head += ("right accepted", "false", "equivalent", f"{GRADINGS} gradings", "seconds")
    rows = [" | ".join(head), " | ".join("---" for _ in head)]
    for g in gates:
        alike = ("alike" if g.alike else "DIFFER") if g.gradings else "no jail here"
        cells = (g.assignment, f"{g.points:g}", f"{g.by_hand:g}", f"{g.reference:g}",
                 f"{g.untouched:g}", g.wrong - len(g.accepted), len(g.accepted),
                 g.right - len(g.rejected), len(g.rejected), len(g.equivalent), alike,
                 f"{g.seconds:.0f}")  # fmt: skip
        rows.append(" | ".join(map(str, cells)))
    lines = [f"| {row} |" for row in rows]
    for g in gates:
        kinds = ", ".join(f"{count} {kind}" for kind, count in g.kinds.items())
        lines += ["", f"{g.assignment}: wrong answers refused: {kinds}"]
        lines += [f"  FALSE ACCEPT {one}" for one in g.accepted]
        lines += [f"  FALSE REJECT {one}" for one in g.rejected]
        lines += [f"  equivalent {what}: {why}" for what, why in g.equivalent]
        lines += [f"  stopped after {ENDLESS_S:g} s {what}" for what in g.endless]
    return "\n".join(lines)


def main(names: list[str]) -> int:
    """Print the table; exit status 1 when an assignment does not pass."""
    from snrilab.grading.jail import Jail, missing_walls

    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    jail = None if missing_walls() else Jail()
    try:
        if jail is not None:
            jail.start()
        gates = [examine(Desk(name), jail) for name in names or of_the_course()]
    finally:
        if jail is not None:
            jail.close()
    sys.stdout.write(table(gates) + "\n")
    return int(not all(g.good for g in gates))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
