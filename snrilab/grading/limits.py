"""Time for one submission, and what a limit says when it decided something.

Runs in every kind of process. Processor time is what a cell may use; the clock on the wall is only
there for what waits for ever. It is wide, and wider on a busy machine.
"""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass
from typing import Any

MOST = 3.0  # a crowd of a submission's own must not buy it time without end
SAID = 200
STOPPED = "stopped after"  # what a cell that used up its time says, see `jailed.student`


@dataclass(frozen=True)
class Budget:
    """Time for one submission.

    Parameters
    ----------
    cell_s : float
        Seconds of processor time for one cell, and for each call of a test.
    submission_s : float
        Seconds of processor time for the whole notebook.
    wide : float
        How many seconds on the wall each of them may take, on a machine with nothing else to do.
    stretch : float
        The same on this machine now; see `now`.
    """

    cell_s: float = 10.0
    submission_s: float = 60.0
    wide: float = 3.0
    stretch: float = 3.0

    def now(self) -> Budget:
        """Return the budget with walls that follow the load of this machine."""
        from dataclasses import replace

        return replace(self, stretch=self.wide * min(max(1.0, load()), MOST))


def load() -> float:
    """Return how many things want to run for each processor (1 is busy, 2 is twice too much)."""
    with contextlib.suppress(OSError, AttributeError):
        return os.getloadavg()[0] / processors()
    return 1.0


def processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def cause(outputs: list[dict[str, Any]]) -> str:
    """Say in one line what error ended a cell, from its outputs.

    Examples
    --------
    >>> cause([{"output_type": "error", "ename": "NameError", "evalue": "name 'x' is not defined"}])
    "NameError: name 'x' is not defined"
    """
    errors = [part for part in outputs if part.get("output_type") == "error"]
    if not errors:
        return ""
    name, message = errors[-1]["ename"], " ".join(errors[-1]["evalue"].split())[:SAID]
    if name in {"ModuleNotFoundError", "ImportError", "TimeoutError"} and message:
        return message
    return f"{name}: {message}" if message else name


def is_limit(why: str) -> bool:
    """Whether a limit of time decided: such a result is tried once more, alone."""
    return STOPPED in why or "in time" in why or "all its time" in why
