"""An explorer of the tests' own, with an unknown: what it needs is soon imported in a kernel."""

from __future__ import annotations

from snrilab.exercises import Goal
from snrilab.explore import Control, Explorer, Seen, Unknown


def wells_stage(figure):
    axes = figure.add_subplot(xlim=(0, 10), ylim=(0, 20))
    return {"wells": axes.plot([], [], "o")[0], "truth": axes.plot([], [])[0]}


def wells_draw(artists, at, copies, measured, truth):
    artists["wells"].set_data([x for x, _ in measured], [y for _, y in measured])
    artists["truth"].set_data([0, 10] if truth else [], [truth["level"]] * 2 if truth else [])
    return Seen(f"{len(measured)} measured at {at:g}.", wells=len(measured))


WELLS = Explorer(
    "test/wells",
    "Wells",
    [
        Control("at", "At", "nM", 0, 10, 5),
        Control("copies", "Replicates", "", 1, 4, 1, scale="whole"),
    ],
    wells_stage,
    wells_draw,
    goals=[
        Goal(
            "test/held",
            "Hold it.",
            lambda held, low, high, left: held and high - low <= 4 and left >= 0,
            "Enough.",
            lambda truth: [
                {"copies": 2, "measure": True},
                {"answer": truth["level"], "low": truth["level"] - 1, "high": truth["level"] + 1},
            ],
        ),
        Goal(
            "test/twice",
            "Measure twice.",
            lambda wells: wells >= 2,
            "Good.",
            [{"measure": True}] * 2,
        ),
    ],
    unknown=Unknown(
        truth=lambda rng: {"level": float(rng.uniform(5, 15))},
        measure=lambda truth, rng, at, copies: (at, truth["level"] + rng.normal(0, 0.1)),
        ask=Control("level", "Level", "nM", 0, 20, 10),
        budget=5,
        unit="wells",
        cost=lambda at, copies: copies,
    ),
)
