"""Radioligand binding and uptake assays: models, simulated counts, fits with intervals.

What a binding experiment measures, what it costs in noise, and how a Ki comes out of it.

Concentrations are in nM, times in min. Every function takes numbers or arrays that broadcast, and
returns a float or an array of the broadcast shape. An argument that is not a finite number in the
range its docstring names is refused with a ValueError (a TypeError when it is no number at all)
whose one sentence says which argument, what was given and what is allowed.

Every fit takes one path, `fit`: `fit_inhibition`, `fit_competition` and `fit_saturation` are that
path with the names, the known constants and the doubts of their assay. What comes back is a `Fit`.
"""

import lazy_loader as _lazy

__getattr__, __dir__, __all__ = _lazy.attach_stub(__name__, __file__)
