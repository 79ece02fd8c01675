"""Pharmacokinetics: from a dose to the concentration in plasma, and on to the transporter."""

import lazy_loader as _lazy

__getattr__, __dir__, __all__ = _lazy.attach(
    __name__,
    submod_attrs={
        "drugs": ["Drug", "Patient"],
        "parameter_sets": ["absorption_for_peak_time", "drug", "drug_models"],
        "interactions": [
            "ClearanceChange",
            "clearance_ratio",
            "enzyme_change",
            "exposure_ratio",
            "fold_change_from_exposure",
            "fraction_metabolised_from_inhibition",
        ],
        "profiles": ["Amounts", "amounts", "area_under_curve", "concentration"],
        "regimens": ["Regimen", "down_taper", "repeat", "single_dose", "titration"],
    },
)
