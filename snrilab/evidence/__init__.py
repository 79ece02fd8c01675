"""The one table of numbers: every value with its unit, system, source and how far to trust it.

Ask for one number with `get`, for many with `find`. A number that is not there, or that exists
more than once, is an `EvidenceError` that lists what exists: nothing is ever picked silently, and
the three transporter constants (binding Ki, uptake IC50, in-vivo EC50) never stand in for each
other. Claims of the texts that the course examines are rows too (provenance ``"seed"``), kept
apart from evidence and joined to it through `contradictions`. `ideas` is the one list of wrong
ideas that lessons and reports name. An unknown name raises `EvidenceError`, which says the nearest.

Teaching material, not clinical advice.
"""

import lazy_loader as _lazy

__getattr__, __dir__, __all__ = _lazy.attach_stub(__name__, __file__)
