"""Explorers: sliders, one picture that follows them, and a sentence that says what is seen.

Each explorer of the course is one call, so that controls and picture are on screen together:
``explore.competition()``. All of them are declarations of one class, `Explorer`.
"""

from collections.abc import Callable as _Callable
from typing import Any as _Any

import lazy_loader as _lazy

# Module of each lesson's explorers, and their names.
_BY_LESSON = {"binding": ["competition", "noise", "saturation"]}

__getattr__, __dir__, __all__ = _lazy.attach(
    __name__,
    submodules=list(_BY_LESSON),
    submod_attrs={**_BY_LESSON, "_control": ["Control"], "_explorer": ["Explorer"]},
)
__all__ += ["all_explorers"]


def all_explorers() -> dict[str, _Callable[[], _Any]]:
    """Return every explorer of the course: its name and the function that makes it.

    Returns
    -------
    dict
        Name of each explorer, and a function without required arguments that returns an
        `Explorer`.

    Examples
    --------
    >>> sorted(all_explorers())
    ['competition', 'noise', 'saturation']
    """
    return {name: __getattr__(name) for names in _BY_LESSON.values() for name in names}
