"""Time two things in turn and say how they compare."""

from __future__ import annotations

import time
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def seconds(call: Callable[[], object], repeat: int = 7, number: int = 1) -> float:
    """Median seconds of one call over `repeat` runs of `number` calls, after a warm-up."""
    call()
    runs = []
    for _ in range(repeat):
        start = time.perf_counter()
        for _ in range(number):
            call()
        runs.append((time.perf_counter() - start) / number)
    return median(runs)


def table(title: str, rows: list[tuple[str, float, str, float, str]]) -> None:
    """Print rows of (job, our seconds, peer, peer seconds, bar) with the ratio peer/ours."""
    print(f"\n{title}")
    print(f"{'job':<44}{'snrilab':>12}{'peer':>12}{'ratio':>9}  peer / bar")
    for job, ours, peer, theirs, bar in rows:
        ratio = f"{theirs / ours:8.1f}x" if theirs == theirs else "       -"
        print(f"{job:<44}{_show(ours):>12}{_show(theirs):>12}{ratio}  {peer}; {bar}")


def _show(value: float) -> str:
    if value != value:
        return "-"
    return f"{value * 1e3:.3f} ms" if value < 1 else f"{value:.2f} s"
