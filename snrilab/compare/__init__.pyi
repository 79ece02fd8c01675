from ._adverse_events import AdverseEvent, adverse_events
from ._benefit_harm import Difference, benefit_and_harm
from ._cautions import (
    CombinationCaution,
    PreclinicalCorrelate,
    combination_cautions,
    preclinical_correlates,
    washout_days,
)
from ._fact_sheet import FactSheet, fact_sheet
from ._mean_differences import (
    interval_from_p_value,
    standardise_difference,
    standardised_mean_difference,
)
from ._number_needed import NumberNeeded, number_needed_to_harm
from ._occupancy import DoseOccupancy, occupancy_at_dose, occupancy_by_constant
from ._risks import risk_difference
from ._selectivity_tables import (
    Selectivity,
    like_for_like,
    selectivity,
    selectivity_by_lab,
)
from ._worlds import CLAIMS, World, WorldCount, count_worlds, worlds

__all__ = [
    "CLAIMS",
    "AdverseEvent",
    "CombinationCaution",
    "Difference",
    "DoseOccupancy",
    "FactSheet",
    "NumberNeeded",
    "PreclinicalCorrelate",
    "Selectivity",
    "World",
    "WorldCount",
    "adverse_events",
    "benefit_and_harm",
    "combination_cautions",
    "count_worlds",
    "fact_sheet",
    "interval_from_p_value",
    "like_for_like",
    "number_needed_to_harm",
    "occupancy_at_dose",
    "occupancy_by_constant",
    "preclinical_correlates",
    "risk_difference",
    "selectivity",
    "selectivity_by_lab",
    "standardise_difference",
    "standardised_mean_difference",
    "washout_days",
    "worlds",
]
