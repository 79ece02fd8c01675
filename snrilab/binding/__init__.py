"""Radioligand binding and uptake assays: models, simulated counts, fits with intervals.

What a binding experiment measures, what it costs in noise, and how a Ki comes out of it.
"""

import lazy_loader as _lazy

__getattr__, __dir__, __all__ = _lazy.attach(
    __name__,
    submod_attrs={
        "assay": ["Assay", "Counting", "dpm_from_fmol", "fmol_from_dpm", "simulate_assay"],
        "conversion": [
            "cheng_prusoff",
            "ic50_from_ki",
            "ki_interval",
            "munson_rodbard",
            "nikolovska_coleska",
        ],
        "depletion": [
            "competition_depletion",
            "free_radioligand",
            "free_receptor",
            "saturation_depletion",
        ],
        "equilibrium_fits": ["fit_competition", "fit_inhibition", "fit_saturation"],
        "fit_result": ["Fit"],
        "global_fits": ["fit_global"],
        "intervals": ["bootstrap_intervals", "profile_intervals", "wald_intervals"],
        "kinetic_fits": ["fit_association", "fit_dissociation", "fit_kinetic_competition"],
        "kinetics": [
            "association",
            "dissociation",
            "motulsky_mahan",
            "motulsky_mahan_depletion",
            "residence_time",
        ],
        "least_squares": ["fit"],
        "model_comparison": ["Comparison", "compare_models"],
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
