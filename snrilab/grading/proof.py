"""Prove an assignment before anybody is graded: the key, the release and derived mistakes.

Runs in workers, before the first submission, and in the process of `proof_process`.

Each is graded twice: here, with tests outside of the student's process, and as stock nbgrader does
it, with tests inside. A test whose verdict is not the same, or that asks for something that does
not cross the wall (`idioms`), runs inside from then on, or is refused when the teacher wants none
there; all others stay outside. Then all are graded once more in the places that were found.
"""

from __future__ import annotations

import dataclasses
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from snrilab.grading.idioms import VALUES, idioms_of
from snrilab.grading.mutations import Mutation, mutations, submission, untouched
from snrilab.grading.scoring import hidden_lines

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from snrilab.grading.limits import Budget
    from snrilab.grading.template import Template

    Tell = Callable[[str, int, int], None]

ALL = 60
PATIENCE_S = 90.0
LAST_S = 900.0
# What is being done, for who waits.
KEY = "your own answers"
RELEASE = "the untouched release"
WRONG = "wrong answers derived from yours"
INWARD = "all of them once more, with the tests that run inside"


def _in_silence(*_: object) -> None:
    """Tell nobody."""


class Grader(Protocol):
    """Grades one submission: `autograder.Autograder`."""

    template: Template
    declared: frozenset[str]
    budget: Budget

    def grade(
        self, data: bytes, diagnose: bool = False, *, inside: frozenset[str] | None = None
    ) -> dict[str, Any]:
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
        Tests that cannot be run, and why.
    inside : dict
        Tests that run inside, and why they cannot run outside.
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
    inside: dict[str, str] = field(default_factory=dict)
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
        """Whether every test can be run, the key passes, and nothing is to be had for nothing.

        Where a test runs makes it neither.
        """
        return not (self.refused or self.wrong_key or self.for_nothing or self.useless)


def prove(
    grader: Grader, each: int = 0, patience_s: float = PATIENCE_S, tell: Tell | None = None
) -> Proof:
    """Prove the tests of one notebook.

    Parameters
    ----------
    grader : Grader
        Grades in the jail; its `declared` is set to the tests that give part of their points.
    each : int
        How many wrong answers are derived from each answer of the key; 0: none.
    patience_s : float
        No further wrong answer is tried after so many seconds.
    tell : callable, optional
        Called with what is done now, how much of it is done, and of how much.
    """
    tell = tell or _in_silence
    tell(KEY, 0, 0)
    grader.template = template = dataclasses.replace(grader.template, refused={}, inside={})
    tests = {c.grade_id: c.points for c in template.cells if c.role == "test" and c.grade_id}
    key = template.source.encode()
    outside = grader.grade(key)
    if outside["error"]:
        return Proof(template.notebook, tests, useless=outside["error"])
    everything = frozenset(tests)
    inside = grader.grade(key, inside=everything)
    numbers = _numbers(outside) | _numbers(inside)
    grader.declared = frozenset(numbers)
    if numbers:
        outside, inside = grader.grade(key), grader.grade(key, inside=everything)
    lost = {test: str(idiom) for test, idiom in idioms_of(template).items()}
    wrong_key: dict[str, str] = {}
    here, there = _short(outside, tests), _short(inside, tests)
    for test, why in here.items():
        if test in there:
            wrong_key[test] = why
            lost.pop(test, None)
        else:
            lost.setdefault(
                test, f"the answer key passes it in its own process only ({why}); {VALUES}"
            )
    # What only the tests may import, such as reference answers, is not there for students.
    both = _Both(grader, tests, tests.keys() - there.keys(), lost)
    usual, seconds = grader.budget, outside["seconds"]["all"]
    works: list[tuple[Mutation | None, bytes, str]] = [(None, key, "the answer key")]
    works.append((None, untouched(template), "the untouched release"))
    for wrong in mutations(template, each)[:ALL] if each else []:
        data = submission(template, {wrong.grade_id: wrong.source})
        works.append((wrong, data, f"a wrong answer ({wrong.change})"))
    # A changed loop may never end; none needs much longer than the key.
    cell_s = min(usual.cell_s, max(2.0, 5 * seconds))
    end = time.monotonic() + patience_s
    graded: list[_Tried] = []
    for number, (mistake, data, whose) in enumerate(works):
        grader.budget = dataclasses.replace(usual, cell_s=cell_s) if number > 1 else usual
        if number > 1 and time.monotonic() > end:
            break
        tell(*((WRONG, number - 1, len(works) - 2) if number > 1 else (RELEASE, 0, 0)))
        graded.append(
            (mistake, data, *both.grade(data, whose, None if number else (outside, inside)))
        )
    refused = {test: why for test, why in lost.items() if template.outside_only or test in there}
    inward = {test: why for test, why in lost.items() if test not in refused}
    if inward:
        # What runs where changes what each process has met: all of it is looked at once more.
        tell(INWARD, 0, 0)
        inward = both.settle(inward, refused.keys() | wrong_key.keys(), graded, end)
    grader.budget = usual
    grader.template = template
    out = refused.keys() | wrong_key.keys()
    counted = [t for t in tests if t not in out]
    found = [
        (mistake, {t: stock[t] if t in inward else own[t] for t in counted})
        for mistake, _, own, stock in graded
    ]
    useless = ""
    if tests and not counted:
        what = "no test can be used" if refused else "the answer key passes none of its own tests"
        useless = f"{what}: " + "; ".join(f"{t}: {w}" for t, w in (wrong_key | refused).items())
    return Proof(
        notebook=template.notebook,
        tests=tests,
        refused=refused,
        inside=inward,
        wrong_key=wrong_key,
        told={test: there[test] for test in wrong_key},
        for_nothing={t: s for t, s in found[1][1].items() if s > 0},
        mistakes=[(m, sum(points.values())) for m, points in found if m is not None],
        key_points=sum(found[0][1].values()),
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


# The change, the work, and the points of each test outside and inside.
_Tried = tuple["Mutation | None", bytes, dict[str, float], dict[str, float]]


@dataclass
class _Both:
    """Grades a submission here and as stock nbgrader does, and notes tests that differ."""

    grader: Grader
    tests: dict[str, float]
    comparable: set[str]
    lost: dict[str, str]

    def grade(
        self, data: bytes, whose: str, known: tuple[dict[str, Any], dict[str, Any]] | None = None
    ) -> tuple[dict[str, float], dict[str, float]]:
        """Return the points of each test here and in the student's process.

        `known` are results here and there that are at hand.
        """
        here = stock = _scores(known[0] if known else self.grader.grade(data), self.tests)
        for again in (False, True):  # chance in an answer is no difference
            if not self.comparable:
                break
            stock = _scores(known[1], self.tests) if known and not again else self._stock(data)
            different = [t for t in sorted(self.comparable) if here[t] != stock[t]]
            if not different or all(t in self.lost for t in different):
                break
            if not again:
                here = _scores(self.grader.grade(data), self.tests)
                continue
            for test in different:
                self.lost.setdefault(
                    test,
                    f"it gives {whose} {here[test]:g} points outside and {stock[test]:g} in the "
                    "student's own process, so part of its meaning is lost on the way; compare "
                    "values that an answer returns or keeps in a variable",
                )
        return here, stock

    def _stock(self, data: bytes) -> dict[str, float]:
        return _scores(self.grader.grade(data, inside=frozenset(self.tests)), self.tests)

    def settle(
        self,
        inside: dict[str, str],
        out: Collection[str],
        graded: list[_Tried],
        end: float,
    ) -> dict[str, str]:
        """Return which tests run inside when each, where it runs, gives stock nbgrader's points.

        A test that runs inside does so after what students see of the tests before it. Should it
        build on their hidden lines, they go inside with it.
        """
        cells = [c for c in self.grader.template.cells if c.grade_id in self.tests]
        order = [str(c.grade_id) for c in cells]
        hiding = {str(c.grade_id) for c in cells if hidden_lines(c.master)}
        place = 0
        while place < len(graded) and (place < 2 or time.monotonic() < end):
            _, data, _, stock = graded[place]
            template = dataclasses.replace(self.grader.template, inside=inside)
            self.grader.template = template
            different = self._different(data, stock, out)
            if different:  # chance in an answer is no difference
                different &= self._different(data, self._stock(data), out)
            more: dict[str, str] = {}
            for test in different:
                if test not in inside:
                    more[test] = f"it builds on a test that runs inside; {VALUES}"
                    continue
                for before in hiding.intersection(order[: order.index(test)]) - {*inside, *out}:
                    more[before] = (
                        f"{test}, which runs inside, builds on its hidden lines; let each test "
                        "make what it needs"
                    )
            place = 0 if more else place + 1
            inside = inside | more
        return inside

    def _different(self, data: bytes, stock: dict[str, float], out: Collection[str]) -> set[str]:
        now = _scores(self.grader.grade(data), self.tests)
        return {t for t in self.comparable if t not in out and now[t] != stock[t]}
