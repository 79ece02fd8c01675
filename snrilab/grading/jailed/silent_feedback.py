"""Stands for `snrilab.feedback` and `snrilab.explore` in the jail: they say nothing there.

Runs in the fork server and in the student's process. The real one knows the answers.
"""

from __future__ import annotations

from typing import Any


class Silence:
    """An answer to any question about feedback that shows nothing."""

    passed = False

    def __repr__(self) -> str:
        return "(Instant checks run in your own notebook; what was found stands at your answer.)"

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return self

    def __call__(self, *_: Any, **__: Any) -> Silence:
        """Answer any call with more silence."""
        return self


check = question = predict = recall = progress = Silence()


def mine(*_: Any, **__: Any) -> Any:
    """Lend nothing: what a lesson's function gives would be no answer of this notebook's."""
    raise LookupError(
        "feedback.mine lends nothing while it is graded: copy the lines of the function"
    )


def __getattr__(name: str) -> Any:
    if name.startswith(("_", "pytest")):  # a test runner asks every module for its plugins
        raise AttributeError(name)
    return Silence()
