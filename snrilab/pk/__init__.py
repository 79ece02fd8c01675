"""Pharmacokinetics: from a dose to the concentration in plasma, and on to the transporter.

A drug (`drug`), a regimen (`repeat`, `titration`) and a time give a concentration
(`concentration`), exactly. `steady_state` says where a regimen settles, `nca` what a sampled curve
says without a model, `population` and `concentration_bands` what people share.
`transporter_constant` and `occupancy_over_time` go on to SERT and NET.

Doses are mg of free base, plasma is total ng/mL, concentrations at the transporter are unbound nM.
"""

import lazy_loader as _lazy

__getattr__, __dir__, __all__ = _lazy.attach(
    __name__,
    submod_attrs={
        "conversion": [
            "base_from_salt",
            "nM_from_ng_per_mL",
            "ng_per_mL_from_nM",
            "salt_from_base",
        ],
        "drugs": ["Drug", "Patient"],
        "genotypes": ["cyp2c19_exposure_ratio", "cyp2c19_genotypes", "cyp2c19_patient"],
        "hysteresis": [
            "DelayFit",
            "effect_site_concentration",
            "fit_delay",
            "slow_binding_occupancy",
        ],
        "interactions": [
            "ClearanceChange",
            "clearance_ratio",
            "enzyme_change",
            "exposure_ratio",
            "fold_change_from_exposure",
            "fraction_metabolised_from_inhibition",
        ],
        "nca_result": ["Noncompartmental"],
        "noncompartmental": ["nca"],
        "occupancy": [
            "concentration_for_occupancy",
            "occupancy_from_dose",
            "occupancy_over_time",
            "transporter_occupancy",
        ],
        "parameter_sets": ["absorption_for_peak_time", "drug", "drug_models"],
        "populations": ["Bands", "Population", "concentration_bands", "population"],
        "profiles": ["Amounts", "amounts", "area_under_curve", "concentration"],
        "regimens": ["Regimen", "repeat", "single_dose"],
        "renal": [
            "creatinine_clearance",
            "dose_cap",
            "filtration_clearance",
            "kidney_patient",
            "renal_group_of",
        ],
        "renal_study": ["RENAL_GROUPS", "RenalGroup", "renal_group"],
        "sparse": ["sparse_auc"],
        "species": [
            "allometric",
            "animal_equivalent_dose",
            "fraction_remaining",
            "human_equivalent_dose",
            "rodent_illustration",
        ],
        "steady_state": [
            "SteadyState",
            "accumulation_ratio",
            "steady_state",
            "time_to_steady_state",
        ],
        "terminal_phase": ["TerminalPhase"],
        "titrations": ["down_taper", "titration"],
        "transporter_constants": [
            "CONSTANT_KINDS",
            "TransporterConstant",
            "transporter_constant",
        ],
    },
)
