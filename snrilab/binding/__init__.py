"""Radioligand binding and uptake assays: models, simulated counts, fits with intervals.

What a binding experiment measures, what it costs in noise, and how a Ki comes out of it.
"""

import lazy_loader as _lazy

__getattr__, __dir__, __all__ = _lazy.attach(
    __name__,
    submod_attrs={
        "conversion": ["cheng_prusoff", "ic50_from_ki", "munson_rodbard", "nikolovska_coleska"],
        "depletion": [
            "competition_depletion",
            "free_radioligand",
            "free_receptor",
            "saturation_depletion",
        ],
        "kinetics": [
            "association",
            "dissociation",
            "motulsky_mahan",
            "motulsky_mahan_depletion",
            "residence_time",
        ],
        "models": [
            "competition",
            "competition_two_site",
            "hill",
            "nonspecific_binding",
            "saturation",
            "saturation_total",
            "specific_binding",
            "uptake_inhibition",
        ],
    },
)
