__all__ = [
    "CONSTANT_KINDS",
    "RENAL_GROUPS",
    "Bands",
    "ClearanceChange",
    "DelayFit",
    "Drug",
    "EnzymeChange",
    "Noncompartmental",
    "OccupancyFit",
    "Patient",
    "Peak",
    "Population",
    "Regimen",
    "RenalGroup",
    "SamplingError",
    "SteadyState",
    "TerminalPhase",
    "TransporterConstant",
    "accumulation_ratio",
    "area_under_curve",
    "base_from_salt",
    "concentration",
    "concentration_bands",
    "cyp2c19_patient",
    "cyp2c19_readings",
    "dose_cap",
    "down_taper",
    "drug",
    "drug_models",
    "effect_site_concentration",
    "enzyme_change",
    "exposure_ratio",
    "fit_delay",
    "fit_occupancy",
    "fold_change_from_exposure",
    "fraction_metabolised_from_inhibition",
    "fraction_remaining",
    "human_equivalent_dose",
    "kidney_patient",
    "nM_from_ng_per_mL",
    "nca",
    "occupancy_from_dose",
    "occupancy_over_time",
    "peak_after_dose",
    "population",
    "renal_group",
    "repeat",
    "rodent_illustration",
    "sampling_error",
    "single_dose",
    "slow_binding_occupancy",
    "steady_state",
    "titration",
    "transporter_constant",
    "transporter_occupancy",
]

from ._conversion import (
    base_from_salt,
    nM_from_ng_per_mL,
)
from ._delays import (
    DelayFit,
    effect_site_concentration,
    fit_delay,
    slow_binding_occupancy,
)
from ._drugs import (
    Drug,
)
from ._genotypes import (
    cyp2c19_patient,
    cyp2c19_readings,
)
from ._half_lives import (
    accumulation_ratio,
    fraction_remaining,
)
from ._interactions import (
    ClearanceChange,
    EnzymeChange,
    enzyme_change,
    exposure_ratio,
    fold_change_from_exposure,
    fraction_metabolised_from_inhibition,
)
from ._nca_result import (
    Noncompartmental,
)
from ._noncompartmental import (
    nca,
)
from ._occupancy import (
    occupancy_from_dose,
    occupancy_over_time,
    transporter_occupancy,
)
from ._occupancy_fits import (
    OccupancyFit,
    fit_occupancy,
)
from ._parameter_sets import (
    drug,
    drug_models,
)
from ._patients import (
    Patient,
)
from ._populations import (
    Bands,
    Population,
    concentration_bands,
    population,
)
from ._profiles import (
    area_under_curve,
    concentration,
)
from ._regimens import (
    Regimen,
    down_taper,
    repeat,
    single_dose,
    titration,
)
from ._renal import (
    RENAL_GROUPS,
    RenalGroup,
    dose_cap,
    kidney_patient,
    renal_group,
)
from ._sampled_curves import (
    TerminalPhase,
)
from ._sampling import (
    SamplingError,
    sampling_error,
)
from ._species import (
    human_equivalent_dose,
    rodent_illustration,
)
from ._steady_state import (
    Peak,
    SteadyState,
    peak_after_dose,
    steady_state,
)
from ._transporter_constants import (
    CONSTANT_KINDS,
    TransporterConstant,
    transporter_constant,
)
