"""A lecturer's term around the grading engine: work in, marks and feedback out, dates, handing out.

Runs in the coordinator. A learning platform's own files are read and filled, never made: whoever
is not known in them is named, and nothing is guessed. Nothing of a submission is run here.
"""

import lazy_loader as _lazy

__getattr__, __dir__, __all__ = _lazy.attach_stub(__name__, __file__)
