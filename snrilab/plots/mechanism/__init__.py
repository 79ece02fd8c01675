"""Pictures of the mechanism: binding and uptake, transmitter and its brake, the allosteric site."""

import lazy_loader as _lazy

__getattr__, __dir__, __all__ = _lazy.attach(
    __name__,
    submod_attrs={
        "_allosteric": ["allosteric_exposure", "dissociation_curves"],
        "_brake": ["autoreceptor_brake", "brake_parts"],
        "_transmitters": [
            "transmitter_against_block",
            "transmitter_plane",
            "two_transmitters",
        ],
        "_transporter": ["fold_range", "occupancy_curves", "uptake_curves"],
    },
)
