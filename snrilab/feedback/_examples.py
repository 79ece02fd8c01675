"""Without the answers at hand, try what the function's own text promises: its EXAMPLE lines."""

from __future__ import annotations

import ast
import copy
import inspect
import re
from typing import TYPE_CHECKING, Any

import numpy as np

from snrilab.exercises import agrees, as_numbers
from snrilab.feedback._at_first_sight import empty_answer
from snrilab.feedback._call import call, shown_apart, source_of
from snrilab.feedback._diagnosis import more_to_think_of
from snrilab.feedback._errors import in_plain_words
from snrilab.feedback._feedback import Feedback

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_EXAMPLE = re.compile(r"(?:EXAMPLE:|>>>)\s*(\w+\(.*\))\s*(?:gives|\n|->|==)\s*(.+)")
_REL = 1e-3  # an example is printed with a few digits


def tried_on_examples(name: str, function: Any) -> Feedback:
    """Try the examples that stand in the function's docstring, and say that it is only these.

    Parameters
    ----------
    name : str
        Full name of the exercise.
    function : object
        What the learner wrote.
    """
    called = name.partition("/")[2]
    if not callable(function):
        return Feedback(name, False, "not-a-function", f"Expected the function {called}.",
                        f"Hand it over without brackets: check(…, {called}).")  # fmt: skip
    empty = empty_answer(name, called, function)
    if empty is not None:
        return empty
    tried, inputs = 0, []
    for text, arguments, expected in examples(function):
        tried += 1
        inputs.append(arguments)
        came = call(function, arguments)
        if came.error is not None:
            why = in_plain_words(came.error, came.line, tuple(_names(function)))
            kind = type(came.error).__name__
            return Feedback(name, False, "error", f"The function stops with {kind}.", why, text)
        if not agrees(came.value, expected, rel=_REL):
            got, wanted = shown_apart(came.value, expected)
            example = f"{text}\n  gave      {got}\n  expected  {wanted}"
            why = "Work the example out by hand, step by step, and compare each step."
            return Feedback(name, False, "example", "The example does not come out.", why, example)
    if not tried:
        why = (
            "The example in the text of the function is gone, and the answers to assignments are "
            "with your teacher: run the test cell below instead."
        )
        return Feedback(name, False, "not-tried", "There is nothing to try it on.", why)
    came_out = "example in its text comes" if tried == 1 else f"{tried} examples in its text come"
    why = (
        "More is not tried here, for the answers to assignments are with your teacher. "
        f"{more_to_think_of(inputs)}"
    )
    return Feedback(name, True, "right", f"The {came_out} out.", why)


def examples(function: Any) -> Iterator[tuple[str, tuple[Any, ...], Any]]:
    """Yield text, arguments and expected value of each example in a docstring or comment."""
    text = f"{getattr(function, '__doc__', '') or ''}\n{_comments(function)}"
    around = getattr(function, "__globals__", {})
    for found in _EXAMPLE.finditer(text):
        try:
            asked = ast.parse(found[1], mode="eval").body
            if not isinstance(asked, ast.Call) or asked.keywords:
                continue
            arguments = tuple(_plain(argument, around) for argument in asked.args)
            expected = _plain(ast.parse(found[2].strip().rstrip("."), mode="eval").body)
        except (SyntaxError, ValueError):
            continue
        yield found[1], arguments, expected


def _comments(function: Any) -> str:
    return "\n".join(re.findall(r"#\s*(.*)", source_of(function)))


def _plain(node: ast.expr, around: Mapping[str, Any] | None = None) -> Any:
    """Return what is written out: an array for numbers in a list, also as np.array([...]).

    A name stands for what the notebook has under it.
    """
    if isinstance(node, ast.Name) and around and node.id in around:
        return copy.deepcopy(around[node.id])
    if isinstance(node, ast.Call) and ast.unparse(node.func) in ("np.array", "array"):
        return np.array(ast.literal_eval(node.args[0]), dtype=float)
    value = ast.literal_eval(_Written().visit(node))
    numbers = as_numbers(value) if isinstance(value, list) else None
    return value if numbers is None else numbers


class _Written(ast.NodeTransformer):
    """Put infinity and the missing number in place of their names."""

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        """Return np.inf and np.nan as what they are."""
        known = {"np.inf": np.inf, "np.nan": np.nan}
        name = ast.unparse(node)
        return ast.copy_location(ast.Constant(known[name]), node) if name in known else node


def _names(function: Any) -> list[str]:
    try:
        return list(inspect.signature(function).parameters)
    except (TypeError, ValueError):
        return []
