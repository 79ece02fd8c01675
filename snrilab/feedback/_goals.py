"""Goals that were reached in explorers."""

from __future__ import annotations

import re

from snrilab.feedback._memory import load, record

_NAME = re.compile(r"\w+/[\w-]+", re.ASCII)


def reached(goal: str) -> bool:
    """Keep that a goal of an explorer was reached.

    Parameters
    ----------
    goal : str
        Full name of the goal, "lesson02/spoil-cheng-prusoff".

    Returns
    -------
    bool
        True when it is reached for the first time.

    Raises
    ------
    ValueError
        When `goal` is not of the form "module/name".

    Examples
    --------
    >>> reached("lesson99/a-goal")
    True
    >>> reached("lesson99/a-goal")
    False
    """
    if not isinstance(goal, str) or not _NAME.fullmatch(goal):
        raise ValueError(f"goal must be a name such as 'lesson02/twice', got {goal!r}.")
    if load()["goals"].get(goal):
        return False
    record("goals", goal, True)
    return True


def goals_reached(module: str) -> frozenset[str]:
    """Return the full names of the goals of a lesson that were reached, now or in the past.

    Parameters
    ----------
    module : str
        "lesson02", …

    Returns
    -------
    frozenset of str

    Raises
    ------
    ValueError
        When `module` is not a name.

    Examples
    --------
    >>> goals_reached("lesson98")
    frozenset()
    """
    if not isinstance(module, str) or not module.isidentifier():
        raise ValueError(f"module must be a name such as 'lesson02', got {module!r}.")
    return frozenset(name for name in load()["goals"] if name.startswith(f"{module}/"))
