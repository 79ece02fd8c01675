from ._analysis import Analysis, analyse
from ._clinical import Trial, simulate_trial
from ._design import Arm, Dropout, TrialDesign, published_design
from ._dose_response import DoseResponseFit, fit_dose_response
from ._fitted_model import MMRM, Contrast, FTest
from ._groups import GroupAnalysis
from ._lps import LPS_GROUPS, LPSModel, LPSStudy, analyse_lps, simulate_lps_study
from ._planning import Power, power, power_t_test, sample_size
from ._preclinical import (
    DoseDesign,
    PreclinicalStudy,
    dose_response_design,
    minimum_effective_dose,
    power_preclinical,
    simulate_preclinical,
)
from ._progression import DiseaseProgression, covariance_of_change
from ._repeated_measures import mmrm
from ._schedule import schedule_conflicts
from ._swim_test import SwimTest, share_of_peak
from ._tabulated import FOUR_WAYS_SETTINGS, FourWays, Performance, four_ways, tabulated_power

__all__ = [
    "FOUR_WAYS_SETTINGS",
    "LPS_GROUPS",
    "MMRM",
    "Analysis",
    "Arm",
    "Contrast",
    "DiseaseProgression",
    "DoseDesign",
    "DoseResponseFit",
    "Dropout",
    "FTest",
    "FourWays",
    "GroupAnalysis",
    "LPSModel",
    "LPSStudy",
    "Performance",
    "Power",
    "PreclinicalStudy",
    "SwimTest",
    "Trial",
    "TrialDesign",
    "analyse",
    "analyse_lps",
    "covariance_of_change",
    "dose_response_design",
    "fit_dose_response",
    "four_ways",
    "minimum_effective_dose",
    "mmrm",
    "power",
    "power_preclinical",
    "power_t_test",
    "published_design",
    "sample_size",
    "schedule_conflicts",
    "share_of_peak",
    "simulate_lps_study",
    "simulate_preclinical",
    "simulate_trial",
    "tabulated_power",
]
