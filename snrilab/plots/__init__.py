"""Pictures: the palette, pictures that stand still, and the same picture on light and dark paper.

A picture of *measured* values is one function that takes values and Axes and returns the Axes
(`competition`, `plate`, `risk_differences`, `network_diagram`); a picture of what follows from
settings is declared once in `snrilab.explore` and moves there or stands still. Each names its axes
with units, uses colours that colour-blind readers can tell apart together with a line style or
marker, and carries a sentence for readers who cannot see it (`describe`). The same thing has the
same look everywhere: `LOOK["SERT"]`, `LOOK["levomilnacipran"]` are (colour, line style, marker). In
a notebook::

    ax = plots.axes()
    plots.competition(ax, ...)
    plots.show(ax)
"""

import lazy_loader as _lazy

__getattr__, __dir__, __all__ = _lazy.attach_stub(__name__, __file__)
