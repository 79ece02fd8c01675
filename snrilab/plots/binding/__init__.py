"""Pictures of radioligand binding: saturation, competition, depletion, kinetics, the plate."""

import lazy_loader as _lazy

__getattr__, __dir__, __all__ = _lazy.attach(
    __name__,
    submod_attrs={
        "_competition": ["competition", "depletion", "radioligand_shift"],
        "_kinetics": ["association", "dissociation"],
        "_plate": ["plate"],
        "_saturation": ["saturation", "scatchard"],
    },
)
