"""Run every benchmark, or those named: `python -m benchmarks [name ...]`."""

from __future__ import annotations

import importlib
import pkgutil
import platform
import sys

import benchmarks


def main(names: list[str]) -> None:
    """Import each benchmark module and call its `run()`."""
    available = sorted(
        module.name
        for module in pkgutil.iter_modules(benchmarks.__path__)
        if module.name not in {"__main__", "timing"}
    )
    unknown = set(names) - set(available)
    if unknown:
        sys.exit(
            f"No benchmark called {', '.join(sorted(unknown))}; there are {', '.join(available)}."
        )
    print(
        f"Python {platform.python_version()} on {platform.machine()}; times vary, quote the ratios."
    )
    for name in names or available:
        importlib.import_module(f"benchmarks.{name}").run()


if __name__ == "__main__":
    main(sys.argv[1:])
