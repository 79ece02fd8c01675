"""Import nbgrader's gradebook without its web pages.

Runs in the coordinator. nbgrader's package imports its server extensions, and with them a web
server, which takes longer than all that grading needs of it.
"""

from __future__ import annotations

import importlib.util
import sys
from types import ModuleType
from typing import Any


class _Later(ModuleType):
    """A package whose own code runs when somebody asks for something that is defined there."""

    def __getattr__(self, name: str) -> Any:
        spec = self.__spec__
        assert spec is not None  # noqa: S101 -- made from one
        if name.startswith("__") or importlib.util.find_spec(f"{spec.name}.{name}") is not None:
            raise AttributeError(name)  # a part that is imported by itself
        self.__class__ = ModuleType  # type: ignore[assignment]
        assert spec.loader is not None  # noqa: S101 -- an ordinary package
        spec.loader.exec_module(self)
        return getattr(self, name)


def without_pages(name: str = "nbgrader") -> None:
    """Let parts of a package be imported without what the package imports for others."""
    if name in sys.modules:
        return
    spec = importlib.util.find_spec(name)
    if spec is None or spec.loader is None:
        return
    module = importlib.util.module_from_spec(spec)
    module.__class__ = _Later
    sys.modules[name] = module
