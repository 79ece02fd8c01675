"""Drug against drug: selectivity by assay, occupancy at a dose, adverse events, cautions.

Every comparison names what it compares: the assay behind a selectivity, the constant behind an
occupancy, the method behind an interval. Unlike things are refused, not averaged. Impossible input
is refused in one sentence that names the argument, what was given and what is allowed; a number
that nobody published is an `EvidenceError` that lists what there is. Intervals have the confidence
`level` in their arguments, 0.95 by default.

Teaching material, not clinical advice.
"""

import lazy_loader as _lazy

__getattr__, __dir__, __all__ = _lazy.attach_stub(__name__, __file__)
