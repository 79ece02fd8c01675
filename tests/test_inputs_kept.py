"""A check tells inputs that were changed from inputs that hold what equals nothing."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest

from snrilab import feedback
from snrilab.exercises import Exercise, assignments, declared, lessons
from snrilab.feedback._call import call

HOLE = np.array([[1.0, np.nan], [np.nan, 4.0]])
TRIAL = {"drug": {"scores": HOLE, "fast": np.array([True, False])}, "sizes": [1, (2.0, np.nan)]}
UNUSUAL = [
    HOLE,
    TRIAL,
    [HOLE, [1.0, np.nan]],
    np.array(["a", "b"]),
    np.array([{"a": HOLE}], dtype=object),
    {"a": None, "b": "word"},
    float("nan"),
    (HOLE, "word"),
]


@pytest.mark.parametrize("value", UNUSUAL, ids=repr)
def test_what_was_only_read_is_not_called_changed(value: Any) -> None:
    said = call(lambda x: 1.0, (value,))
    assert said.error is None
    assert said.changed == ()


def fill(trial: dict[str, Any]) -> None:
    trial["drug"]["scores"][0, 1] = 0.0


def lose(trial: dict[str, Any]) -> None:
    del trial["sizes"]


def flip(trial: dict[str, Any]) -> None:
    trial["drug"]["fast"][0] = False


def shorten(trial: dict[str, Any]) -> None:
    trial["sizes"].pop()


def hide(trial: dict[str, Any]) -> None:
    trial["drug"]["scores"][0, 0] = np.nan


@pytest.mark.parametrize("change", [fill, lose, flip, shorten, hide])
def test_what_was_changed_deep_inside_is_found(change: Any) -> None:
    given = copy.deepcopy(TRIAL)
    assert call(change, (given,)).changed == (0,)
    assert "sizes" in given, "the caller's own input is kept"


def holds_what_is_unusual(value: Any) -> bool:
    if isinstance(value, dict):
        return True
    if isinstance(value, list | tuple):
        return any(map(holds_what_is_unusual, value))
    array = np.asarray(value)
    return array.dtype.kind == "f" and bool(np.isnan(array).any())


FOUND = {
    name: one
    for module in (*lessons(), *assignments())
    for name, one in declared(module).items()
    if isinstance(one, Exercise) and any(map(holds_what_is_unusual, one.inputs()))
}


@pytest.mark.parametrize("name", FOUND)
def test_a_right_answer_to_unusual_inputs_is_right_so_far(name: str) -> None:
    said = feedback.diagnose(name, FOUND[name].reference)
    assert said.passed, str(said)


def test_there_are_such_exercises() -> None:
    assert any(name.startswith("ps6_comparison/") for name in FOUND)
