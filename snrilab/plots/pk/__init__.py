"""Pictures of pharmacokinetics: profiles, steady state, people, analysis, occupancy."""

import lazy_loader as _lazy

__getattr__, __dir__, __all__ = _lazy.attach(
    __name__,
    submod_attrs={
        "_analysis": ["terminal_phase"],
        "_occupancy": ["hysteresis_loop", "occupancy_over_time"],
        "_people": ["bands", "interaction", "renal_groups"],
        "_profiles": ["build_up", "missed_dose", "profiles", "titration"],
    },
)
