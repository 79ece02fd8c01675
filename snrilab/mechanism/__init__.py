"""How a reuptake inhibitor works: from a bound transporter to more transmitter.

`transporter` holds the laws of one binding site: occupancy, competitive uptake, the rise that a
block can give. `projection` and `synapse` hold the two systems (5-HT and NE) whose autoreceptors
brake that rise at once and let go over weeks. `allosteric` holds the second site of SERT and what
exposure says about it.
"""

import lazy_loader as _lazy

__getattr__, __dir__, __all__ = _lazy.attach(
    __name__,
    submod_attrs={
        "allosteric": [
            "AllostericReading",
            "Dissociation",
            "allosteric_evidence",
            "allosteric_occupancy",
            "apparent_off_rate",
            "dissociation_half_life",
            "dissociation_time_course",
            "off_rate",
            "residence_time",
        ],
        "projection": ["Autoreceptor", "Projection", "Site"],
        "state": ["ProjectionState", "SynapseState"],
        "synapse": ["Synapse"],
        "transporter": [
            "UptakeConsistency",
            "competitive_occupancy",
            "fold_increase",
            "occupancy",
            "uptake_consistency",
            "uptake_ic50",
            "uptake_rate",
        ],
    },
)
