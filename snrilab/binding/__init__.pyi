from ._assay import Assay, Counting, simulate_assay
from ._conversion import cheng_prusoff, ic50_from_ki
from ._depletion import competition_depletion, free_receptor, saturation_depletion
from ._fit import Fit
from ._fits import fit, fit_competition, fit_inhibition, fit_saturation
from ._intervals import band, bootstrap_intervals, profile_intervals, profile_rise
from ._kinetics import (
    dissociation,
    residence_time,
    uptake_time_course,
)
from ._models import (
    competition,
    hill,
    nonspecific_binding,
    saturation,
    specific_binding,
    uptake_inhibition,
)
from ._repeats import fit_repeats, simulate_repeats

__all__ = [
    "Assay",
    "Counting",
    "Fit",
    "band",
    "bootstrap_intervals",
    "cheng_prusoff",
    "competition",
    "competition_depletion",
    "dissociation",
    "fit",
    "fit_competition",
    "fit_inhibition",
    "fit_repeats",
    "fit_saturation",
    "free_receptor",
    "hill",
    "ic50_from_ki",
    "nonspecific_binding",
    "profile_intervals",
    "profile_rise",
    "residence_time",
    "saturation",
    "saturation_depletion",
    "simulate_assay",
    "simulate_repeats",
    "specific_binding",
    "uptake_inhibition",
    "uptake_time_course",
]
