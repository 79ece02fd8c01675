"""Studies: how they are designed, simulated and analysed, from rats to randomised trials.

A simulated trial knows what a real one never will: what the patients who left would have scored.
Published effects come from `snrilab.evidence`; the rest of the simulations is illustrative.

Impossible input is refused in one sentence that names the argument, what was given and what is
allowed. Intervals have the confidence `level` in their arguments, 0.95 by default; `rng` is a seed
or a generator. Results can be pickled; their estimates are `Contrast` or `Estimate`, found by name
in square brackets.
"""

import lazy_loader as _lazy

__getattr__, __dir__, __all__ = _lazy.attach_stub(__name__, __file__)
