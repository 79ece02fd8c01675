"""Pictures of studies: trials in depression, their power, and behaviour of animals."""

import lazy_loader as _lazy

__getattr__, __dir__, __all__ = _lazy.attach(
    __name__,
    submod_attrs={
        "_animals": ["dose_response", "immobility_by_locomotion", "lps_groups"],
        "_course": [
            "adverse_events",
            "ls_means",
            "madrs_trajectories",
            "pattern_means",
            "retention",
        ],
        "_effects": ["forest", "power_curves"],
    },
)
