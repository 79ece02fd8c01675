"""Drug against drug: selectivity by assay, occupancy at a dose, adverse events, cautions.

Every comparison names what it compares: the assay behind a selectivity, the constant behind an
occupancy, the method behind an interval. Unlike things are refused, not averaged.

Teaching material, not clinical advice.
"""

import lazy_loader as _lazy

__getattr__, __dir__, __all__ = _lazy.attach(
    __name__,
    submod_attrs={
        "adverse_events": ["AdverseEvent", "adverse_events"],
        "assay_consistency": ["AssayConsistency", "assay_consistency"],
        "cautions": [
            "CombinationCaution",
            "PreclinicalCorrelate",
            "combination_cautions",
            "preclinical_correlates",
            "washout_days",
        ],
        "mean_differences": [
            "interval_from_p_value",
            "standardise_difference",
            "standardised_mean_difference",
        ],
        "number_needed": ["NumberNeeded", "number_needed_to_harm"],
        "occupancy": ["DoseOccupancy", "occupancy_at_dose", "occupancy_by_constant"],
        "pooling": ["PooledRiskDifference", "pooled_risk_difference"],
        "risks": ["risk_difference"],
        "selectivity_tables": [
            "Selectivity",
            "fold_difference",
            "like_for_like",
            "selectivity",
            "selectivity_by_lab",
            "selectivity_of",
        ],
    },
)
