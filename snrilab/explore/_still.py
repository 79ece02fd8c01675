"""The same declaration standing still: for the text, for print, for whoever moves no slider."""

from __future__ import annotations

from typing import TYPE_CHECKING

from snrilab import plots
from snrilab.explore._canvas import DPI, LIGHT_PAPER, MOST_KEPT, Canvas, Screen, names_of_kept

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from snrilab.explore._control import Value
    from snrilab.explore._declaration import Explorer, Step
    from snrilab.explore._live import Live

SHARPNESS = 2.0


def still(
    explorer: Explorer,
    keep: Sequence[Step],
    play: Sequence[Step],
    seed: int,
    values: Mapping[str, Value],
) -> plots.Picture:
    """Return the picture of one state, with kept states beside it and its sentence below."""
    from snrilab.explore._live import Live

    if len(keep) > MOST_KEPT:
        raise ValueError(f"keep: at most {MOST_KEPT} states, got {len(keep)}.")
    live = Live(explorer, values, seed)
    live.record = False
    start = live.values
    for state in keep:
        live.set(**{**start, **state})
        live.keep()
    live.set(**start)
    live.play(play)
    picture = standing(live)
    live.close()
    return picture


def standing(live: Live) -> plots.Picture:
    """Return the picture of a live explorer as it is now, with its kept states and its sentence."""
    return next(frames(live, [live.values], SHARPNESS))


def frames(
    live: Live, states: Iterable[Mapping[str, Value]], sharpness: float
) -> Iterator[plots.Picture]:
    """Give the picture of each state; it is staged once for all of them."""
    explorer = live.explorer
    names = names_of_kept(explorer, live.kept)
    beside = [f"{name}: {state.reading}" for name, state in zip(names, live.kept, strict=True)]
    width_px = round(explorer.size_in[0] * DPI)
    canvases = [
        Canvas(explorer, Screen(width_px, sharpness, paper), live.kept, names)
        for paper in (LIGHT_PAPER, plots.DARK_PAPER)
    ]
    for values in states:
        if values != live.values:
            live.set(**values)
        for canvas in canvases:
            canvas.move(live.arguments)
        light, dark = (canvas.png(6) for canvas in canvases)
        sentence = live.reading if not beside else " ".join([live.reading, "Beside it,", *beside])
        yield plots.Picture(light, sentence, width_px, dark, caption=sentence)
