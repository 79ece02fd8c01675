"""Pictures: one function per picture, which takes values and an Axes and returns the Axes.

Every picture labels its axes with units, uses colours that colour-blind readers can tell apart
together with a line style or marker, and carries a sentence for readers who cannot see it
(`alt_text`). In a notebook::

    ax = plots.axes()
    plots.binding.saturation(ax, ...)
    plots.show(ax)
"""

import lazy_loader as _lazy

__getattr__, __dir__, __all__ = _lazy.attach_stub(__name__, __file__)
