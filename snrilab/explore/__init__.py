"""Explorers: controls, one picture that follows them, a sentence, and goals to reach.

A lesson's explorers stand in one file, ``snrilab/explore/lessonNN.py``; they are found there and
registered nowhere. A lesson uses them so::

    from snrilab.explore import lesson02 as explore

    explore.competition()                            # live
    explore.competition(goals=["double"], ki_nM=1.1) # some of its goals, another start
    explore.competition.still(                       # the same picture standing still,
        radioligand_nM=25, keep=[{"radioligand_nM": 0.5}]  # beside another state
    )

One declaration is all of them: the *stage* puts axes with fixed limits on a figure and returns the
artists that move; the *drawing* takes values, moves the artists and returns the sentence. Goals and
predictions are declared by the lesson's exercises (`snrilab.exercises.Goal`, `Prediction`).

>>> import numpy as np
>>> from snrilab import plots
>>> from snrilab.exercises import Goal
>>> from snrilab.explore import Control, Explorer, Seen, lines, number
>>> def _bath_stage(figure):
...     axes = figure.add_subplot(xlim=(0, 100), ylim=(0, 12))
...     plots.label(axes, "SERT blocked (%)", "Serotonin (times untreated)")
...     colour, line, marker = plots.LOOK["SERT"]
...     curve = {"color": colour, "ls": line, "lw": 2.5}
...     return lines(axes, {"curve": curve, "here": {"color": colour, "marker": marker, "ms": 8}})
>>> def _bath_draw(artists, blocked_percent, other_percent):
...     other, block = other_percent / 100, np.linspace(0, 1)
...     artists["curve"].set_data(100 * block, 1 / (1 - block * (1 - other)))
...     fold = 1 / (1 - blocked_percent / 100 * (1 - other))
...     artists["here"].set_data([blocked_percent], [fold])
...     return Seen(f"{blocked_percent:g} % blocked: {number(fold, 2)} times untreated.", fold=fold)
>>> bath = Explorer(
...     "example/bath",
...     "The bath",
...     [
...         Control("blocked_percent", "SERT blocked", "%", 0, 100, 0),
...         Control("other_percent", "Other ways out", "%", 10, 50, 10, steps=40),
...     ],
...     _bath_stage,
...     _bath_draw,
...     goals=[
...         Goal(
...             "example/double",
...             "Double it.",
...             lambda fold: 1.95 <= fold <= 2.05,
...             "Outflow must come back to the release that never changed.",
...             {"blocked_percent": 56, "other_percent": 10},
...         )
...     ],
...     keep=("curve",),
... )
>>> bath.still(blocked_percent=80)
80 % blocked: 3.6 times untreated.
>>> live = bath()
>>> live.goals
{'double': 'open'}
>>> live.show("double")
>>> live.goals, live.reading
({'double': 'shown'}, '56 % blocked: 2 times untreated.')

What is typed beyond a limit becomes the limit, and the page says so. A prediction is told once what
it asks about has been set, or no goal is open.

What tests hold every explorer to (tests/test_explore.py): it draws at minimum, default and maximum
of every control without leaving its axes; no control is without effect; sentences have numbers and
an end; nothing is reached at the start, and what "show me" does reaches the goal; stage and
drawing use the colours of `snrilab.plots`, which have twins on dark paper. A text that moves must
be an artist of the stage; axes, limits and ticks stay as staged.
"""

import lazy_loader as _lazy

__getattr__, __dir__, __all__ = _lazy.attach_stub(__name__, __file__)
