"""Prove an assignment before anybody is graded: the key, the release and derived mistakes.

Runs in workers, before the first submission, and in the process of `proof_process`.

Each is graded twice: here, with tests outside of the student's process, and as stock nbgrader does
it, with tests inside. A test whose verdict is not the same, or that asks for something that does
not cross the wall (`idioms`), is refused by itself; all others go on.
"""

from __future__ import annotations

import dataclasses
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from snrilab.grading.idioms import VALUES, idioms_of
from snrilab.grading.mutations import Mutation, mutations, submission, untouched

if TYPE_CHECKING:
    from snrilab.grading.limits import Budget
    from snrilab.grading.template import Template

ALL = 60
PATIENCE_S = 90.0
LAST_S = 900.0


class Grader(Protocol):
    """Grades one submission: `autograder.Autograder`."""

    template: Template
    declared: frozenset[str]
    budget: Budget

    def grade(self, data: bytes, diagnose: bool = False, *, inside: bool = False) -> dict[str, Any]:
        """Grade one notebook."""


@dataclass(frozen=True)
class Proof:
    """What proving one notebook showed.

    Parameters
    ----------
    notebook : str
        Name of the notebook.
    tests : dict
        Every test with its points.
    refused : dict
        Tests that cannot be run outside, and why.
    wrong_key : dict
        Tests that the answer key does not pass in stock nbgrader either, and why.
    told : dict
        What these tests say where nothing is hidden, with the line: for the teacher alone.
    for_nothing : dict
        Tests that give points to the untouched release: how many.
    mistakes : list
        Every derived wrong answer with the points that it earned.
    key_points, points : float
        What the key earned in the tests that can be run, and what these give in all.
    useless : str
        Why nothing can be graded; empty when something can.
    """

    notebook: str
    tests: dict[str, float]
    refused: dict[str, str] = field(default_factory=dict)
    wrong_key: dict[str, str] = field(default_factory=dict)
    told: dict[str, str] = field(default_factory=dict)
    for_nothing: dict[str, float] = field(default_factory=dict)
    mistakes: list[tuple[Mutation, float]] = field(default_factory=list)
    key_points: float = 0.0
    points: float = 0.0
    useless: str = ""

    @property
    def refusals(self) -> dict[str, str]:
        """Every test whose points will wait for a person, and why."""
        wrong = {t: f"the answer key does not pass it ({why})" for t, why in self.wrong_key.items()}
        return self.refused | wrong

    @property
    def tested(self) -> set[str]:
        """Answers of which at least one wrong version lost points."""
        return {m.grade_id for m, earned in self.mistakes if earned < self.points}

    @property
    def survivors(self) -> list[Mutation]:
        """Wrong versions of tested answers that no test told from the key."""
        whole = [m for m, earned in self.mistakes if earned >= self.points]
        return [m for m in whole if m.grade_id in self.tested]

    @property
    def good(self) -> bool:
        """Whether every test can be run, the key passes, and nothing is to be had for nothing."""
        return not (self.refused or self.wrong_key or self.for_nothing or self.useless)


def prove(grader: Grader, each: int = 0, patience_s: float = PATIENCE_S) -> Proof:
    """Prove the tests of one notebook.

    Parameters
    ----------
    grader : Grader
        Grades in the jail; its `declared` is set to the tests that give part of their points.
    each : int
        How many wrong answers are derived from each answer of the key; 0: none.
    patience_s : float
        No further wrong answer is tried after so many seconds.
    """
    grader.template = template = dataclasses.replace(grader.template, refused={})
    tests = {c.grade_id: c.points for c in template.cells if c.role == "test" and c.grade_id}
    key = template.source.encode()
    outside = grader.grade(key)
    if outside["error"]:
        return Proof(template.notebook, tests, useless=outside["error"])
    numbers = _numbers(outside)
    grader.declared = frozenset(numbers)
    outside = grader.grade(key) if numbers else outside
    inside = grader.grade(key, inside=True)
    refused = {test: str(idiom) for test, idiom in idioms_of(template).items()}
    wrong_key: dict[str, str] = {}
    here, there = _short(outside, tests), _short(inside, tests)
    for test, why in here.items():
        if test in there:
            wrong_key[test] = why
            refused.pop(test, None)
        else:
            refused.setdefault(
                test, f"the answer key passes it in its own process only ({why}); {VALUES}"
            )
    # What only the tests may import, such as reference answers, is not there for students.
    both = _Both(grader, tests, tests.keys() - there.keys(), refused)
    usual, seconds = grader.budget, outside["seconds"]["all"]
    empty = both.grade(untouched(template), "the untouched release")
    for_nothing = {t: s for t, s in empty.items() if s > 0 and t not in refused}
    mistakes = mutations(template, each)[:ALL] if each else []
    results = []
    # A changed loop may never end; none needs much longer than the key.
    cell_s = min(usual.cell_s, max(2.0, 5 * seconds))
    grader.budget = dataclasses.replace(usual, cell_s=cell_s)
    end = time.monotonic() + patience_s
    for mistake in mistakes:
        if time.monotonic() > end:
            break
        data = submission(template, {mistake.grade_id: mistake.source})
        results.append((mistake, both.grade(data, f"a wrong answer ({mistake.change})")))
    grader.budget = usual
    out = refused.keys() | wrong_key.keys()
    counted = [t for t in tests if t not in out]
    full = _scores(outside, tests)
    useless = ""
    if tests and not counted:
        what = "no test can be used" if refused else "the answer key passes none of its own tests"
        useless = f"{what}: " + "; ".join(f"{t}: {w}" for t, w in (wrong_key | refused).items())
    return Proof(
        notebook=template.notebook,
        tests=tests,
        refused=refused,
        wrong_key=wrong_key,
        told={test: there[test] for test in wrong_key},
        for_nothing=for_nothing,
        mistakes=[(m, sum(found[t] for t in counted)) for m, found in results],
        key_points=sum(full[t] for t in counted),
        points=sum(tests[t] for t in counted),
        useless=useless,
    )


def declare(grader: Grader) -> dict[str, str]:
    """Find out which tests give part of their points; return those that fail the key, and why.

    Enough for an assignment that was proved before, with these very tests and answers.
    """
    template = grader.template
    tests = {
        c.grade_id: c.points
        for c in template.cells
        if c.role == "test" and c.grade_id and c.grade_id not in template.refused
    }
    key = template.source.encode()
    result = grader.grade(key)
    grader.declared = frozenset(_numbers(result))
    result = grader.grade(key) if grader.declared else result
    if result["error"]:
        return dict.fromkeys(tests, result["error"])
    return {t: f"the answer key does not pass it ({w})" for t, w in _short(result, tests).items()}


def _numbers(result: dict[str, Any]) -> set[str]:
    return {f["cell"] for f in result["findings"] if f.get("number_value") and f["good"]}


def _scores(result: dict[str, Any], tests: dict[str, float]) -> dict[str, float]:
    return {v["grade_id"]: v["score"] or 0.0 for v in result["verdicts"] if v["grade_id"] in tests}


def _short(result: dict[str, Any], tests: dict[str, float]) -> dict[str, str]:
    return {
        v["grade_id"]: v["reason"]
        for v in result["verdicts"]
        if v["grade_id"] in tests and (v["score"] or 0.0) < v["points"]
    }


@dataclass
class _Both:
    """Grades a submission here and as stock nbgrader does, and refuses tests that differ."""

    grader: Grader
    tests: dict[str, float]
    comparable: set[str]
    refused: dict[str, str]

    def grade(self, data: bytes, whose: str) -> dict[str, float]:
        """Return the points of each test here."""
        here = _scores(self.grader.grade(data), self.tests)
        for again in (False, True):  # chance in an answer is no difference
            if not self.comparable:
                break
            stock = _scores(self.grader.grade(data, inside=True), self.tests)
            different = [t for t in sorted(self.comparable) if here[t] != stock[t]]
            if not different:
                break
            if not again:
                here = _scores(self.grader.grade(data), self.tests)
                continue
            for test in different:
                self.refused.setdefault(
                    test,
                    f"it gives {whose} {here[test]:g} points here and {stock[test]:g} in the "
                    "student's own process, so part of its meaning is lost on the way; compare "
                    "values that an answer returns or keeps in a variable",
                )
        return here
