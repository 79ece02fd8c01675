"""Impossible input is refused by every public function, naming the argument, the value, the range.

Each test module of a room exports BAD_INPUT: (function, keyword arguments, offending argument).
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil

import pytest

import snrilab
import tests

ROOMS = [
    "binding",
    "compare",
    "evidence",
    "feedback",
    "mechanism",
    "pk",
    "signalling",
    "trials",
]

CASES = [
    case
    for module in pkgutil.walk_packages(tests.__path__, "tests.")
    if module.name.rsplit(".", 1)[-1].startswith("test_") and module.name != __name__
    for case in getattr(importlib.import_module(module.name), "BAD_INPUT", [])
]


@pytest.mark.parametrize(
    ("function", "arguments", "offender"),
    CASES,
    ids=[
        f"{function.__module__}.{function.__qualname__}-{bad}-{i}"
        for i, (function, _, bad) in enumerate(CASES)
    ],
)
def test_impossible_input_is_refused_in_one_sentence(function, arguments, offender):
    with pytest.raises((ValueError, TypeError, LookupError)) as caught:
        function(**arguments)
    message = str(caught.value)
    assert offender in message, f"the message does not name {offender}: {message}"
    assert len(message) < 600


@pytest.mark.parametrize("room", ROOMS)
def test_every_public_function_with_arguments_has_a_bad_input_case(room):
    module = importlib.import_module(f"snrilab.{room}")
    covered = {function for function, _, _ in CASES}
    missing = [
        name
        for name in module.__all__
        if inspect.isfunction(function := getattr(module, name))
        and inspect.signature(function).parameters
        and function not in covered
    ]
    assert not missing, f"no bad-input case for {', '.join(missing)}"


def test_the_library_names_its_rooms():
    assert set(snrilab.__all__) >= {"binding", "evidence", "explore", "feedback", "plots"}
