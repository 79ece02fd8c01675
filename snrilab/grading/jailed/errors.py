"""Why a value does not cross the wall.

Runs in the student's process and in the forked grader.
"""

from __future__ import annotations


class NotPlainDataError(TypeError):
    """A value that does not cross the wall; the message says which and why."""


class BadDataError(ValueError):
    """Bytes that are not a value that was written by `values.encode`."""
