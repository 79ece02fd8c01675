"""The same declaration standing still: for the text, for print, for whoever moves no slider."""

from __future__ import annotations

from typing import TYPE_CHECKING

from snrilab.explore._canvas import MOST_KEPT, Screen

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from snrilab import plots
    from snrilab.explore._control import Value
    from snrilab.explore._declaration import Explorer, Step


def still(
    explorer: Explorer,
    keep: Sequence[Step],
    play: Sequence[Step],
    seed: int,
    values: Mapping[str, Value],
) -> plots.Picture:
    """Return the picture of one state, with kept states beside it and its sentence below."""
    from snrilab.explore._live import SHARPNESS, Live, whole_width

    if len(keep) > MOST_KEPT:
        raise ValueError(f"keep: at most {MOST_KEPT} states, got {len(keep)}.")
    # As sharp as it is wanted in the end: it is laid out and drawn once less.
    screen = Screen(whole_width(explorer), SHARPNESS)
    live = Live(explorer, values, seed, screen, shown=False)
    live.record = False
    start = live.values
    for state in keep:
        live.set(**{**start, **state})
        live.keep()
    live.set(**start)
    live.play(play)
    picture = live.still()
    live.close()
    return picture
