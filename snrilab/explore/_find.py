"""Find what the lessons declare: no explorer is registered anywhere."""

from __future__ import annotations

import importlib
import pkgutil

from snrilab.explore._declaration import Explorer


def all_explorers() -> dict[str, Explorer]:
    """Return every explorer of the course by name, lesson by lesson.

    Returns
    -------
    dict
        What the modules ``snrilab.explore.lessonNN`` declare, by ``"lessonNN/variable"``.

    Examples
    --------
    >>> [name for name in all_explorers() if name.startswith("lesson02/")]
    ['lesson02/saturation', 'lesson02/competition', 'lesson02/depletion', 'lesson02/noise']
    """
    import snrilab.explore as room

    found: dict[str, Explorer] = {}
    for module in sorted(module.name for module in pkgutil.iter_modules(room.__path__)):
        if module.startswith("lesson"):
            contents = vars(importlib.import_module(f"{room.__name__}.{module}"))
            found |= {
                f"{module}/{variable}": thing
                for variable, thing in contents.items()
                if isinstance(thing, Explorer) and not variable.startswith("_")
            }
    return found
