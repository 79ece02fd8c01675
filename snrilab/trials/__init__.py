"""Studies: how they are designed, simulated and analysed, from rats to randomised trials."""

import lazy_loader as _lazy

__getattr__, __dir__, __all__ = _lazy.attach(
    __name__,
    submod_attrs={"fitted_model": ["MMRM", "Contrast", "FTest"], "repeated_measures": ["mmrm"]},
)
