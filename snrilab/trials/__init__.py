"""Studies: how they are designed, simulated and analysed, from rats to randomised trials.

A simulated trial knows what a real one never will: what the patients who left would have scored.
Published effects come from `snrilab.evidence`; the rest of the simulations is illustrative.
"""

import lazy_loader as _lazy

__getattr__, __dir__, __all__ = _lazy.attach(
    __name__,
    submod_attrs={
        "analysis": ["Analysis", "analyse", "interval_from_p", "last_observation_carried_forward"],
        "clinical": ["Trial", "simulate_trial"],
        "course": ["Course", "covariance_of_change"],
        "design": ["Arm", "Dropout", "TrialDesign", "published_design"],
        "dose_response": ["DoseResponseFit", "emax", "fit_dose_response"],
        "fitted_model": ["MMRM", "Contrast", "FTest"],
        "groups": ["GroupAnalysis", "anova", "planned_contrasts", "trend_test"],
        "lps": [
            "LPS_GROUPS",
            "LPSModel",
            "LPSStudy",
            "analyse_lps",
            "simulate_lps_study",
        ],
        "planning": ["Power", "power", "power_mmrm", "power_t_test", "sample_size"],
        "preclinical": [
            "DoseDesign",
            "PreclinicalStudy",
            "dose_response_design",
            "minimum_effective_dose",
            "power_preclinical",
            "simulate_preclinical",
        ],
        "repeated_measures": ["mmrm"],
        "schedule": ["schedule_conflicts"],
        "swim_test": ["SwimTest", "share_of_peak"],
    },
)
