"""The quality gate: whatever assignment the course has, its tests are strict, fair and steady."""

from __future__ import annotations

import copy
import functools
from typing import TYPE_CHECKING

import pytest

from snrilab.grading.jail import Jail
from tools.gate import GRADINGS, Desk, Gate, examine, table, too_narrow
from tools.release import of_the_course

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.sandbox, pytest.mark.slow]


@pytest.fixture(scope="module")
def one_jail(jail: None) -> Iterator[Jail]:
    made = Jail()
    made.start()
    yield made
    made.close()


desk_of = functools.cache(Desk)


@pytest.fixture(scope="module", params=of_the_course())
def gate(request: pytest.FixtureRequest, one_jail: Jail) -> Gate:
    return examine(desk_of(request.param), one_jail)


def test_gate(gate: Gate) -> None:
    assert gate.reference == gate.points
    assert gate.points + gate.by_hand == 100
    assert gate.untouched == 0
    assert gate.accepted == []
    assert gate.rejected == []
    assert gate.alike
    assert gate.inside == {}, "no test of this course runs in the student's process"
    assert len(gate.gradings) == GRADINGS
    assert 0 < sum(gate.gradings[0].values()) < gate.points, "a half-done submission says more"
    assert gate.good


def test_enough_is_tried_and_little_of_it_is_excused(gate: Gate) -> None:
    assert gate.kinds["named"] >= 40
    assert gate.kinds["usual numbers only"] >= 40
    assert gate.kinds["derived"] >= 150
    assert gate.right >= 18
    assert len(gate.equivalent) < gate.wrong / 10
    assert f"| {gate.assignment} |" in table([gate])


def test_gate_sees_tests_that_are_too_kind_or_too_strict() -> None:
    """With a weak hidden test in place of one, wrong answers come through; with none, nothing."""
    desk = copy.copy(desk_of("ps2_binding"))
    saturation = desk.exercises["saturation"]
    narrow = dict(too_narrow(saturation, desk))
    rounded = narrow["rounded to 2 decimals"]
    assert not desk.passes("saturation", rounded)
    assert not desk.passes("saturation", narrow["conc_nM never above 3.5 times kd_nM"])
    desk.tests = [t for t in desk.tests if t.identity != "test-saturation"]
    assert desk.passes("saturation", rounded)
    assert desk.passes("saturation", narrow["the examples of the notebook by heart"])
    assert not desk.passes("saturation", saturation.misconceptions[0].function)


@pytest.mark.parametrize("assignment", of_the_course())
def test_six_wrong_and_three_right_answers_for_each(assignment: str) -> None:
    desk = desk_of(assignment)
    for exercise in desk.exercises.values():
        assert len(exercise.misconceptions) >= 6, exercise.name
        assert len(exercise.also_right) >= 2, exercise.name
    for name, variants in desk.told.get("CELLS", {}).items():
        assert len(variants["wrong"]) >= 6, name
        assert len(variants["right"]) >= 3, name
        assert name in desk.answers
