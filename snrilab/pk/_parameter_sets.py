"""The recommended parameter sets, put together from `snrilab.evidence` and ``data/pk.csv``.

What a source gives as a half-life or a peak time is turned here into the clearance or the
absorption rate that reproduces it. ``pk.csv`` holds what the evidence does not: per topic a
parameter, its value and unit, its source, and why it is used (an illustration says so).
"""

from __future__ import annotations

import math
from functools import cache, lru_cache
from typing import Any

from snrilab import evidence
from snrilab._checks import choice, one_number, text
from snrilab._tables import rows
from snrilab.pk._drugs import Drug

__all__ = ["constants", "drug", "drug_models"]

# drug -> model -> set of `snrilab.evidence.parameters`; the first model is the one for teaching.
_SETS: dict[str, dict[str, str]] = {
    "levomilnacipran": {
        "extended_release": "levomilnacipran_ER",
        "first_order_with_lag": "levomilnacipran_first_order",
    },
    "escitalopram": {
        "one_compartment": "escitalopram_1cmt",
        "two_compartments": "escitalopram_2cmt",
    },
    "milnacipran": {"immediate_release": "milnacipran_IR"},
    "duloxetine": {"delayed_release": "duloxetine"},
    "desvenlafaxine": {"extended_release": "desvenlafaxine"},
}

_FIELDS = {
    "cl_over_f_L_per_h": "cl_L_per_h",
    "cl_L_per_h": "cl_L_per_h",
    "v_over_f_L": "v_L",
    "v_central_over_f_L": "v_L",
    "v_L": "v_L",
    "q_over_f_L_per_h": "q_L_per_h",
    "v_peripheral_over_f_L": "vp_L",
    "absorption_rate_per_h": "ka_per_h",
    "lag_h": "lag_h",
    "input_duration_h": "input_h",
    "bioavailability": "bioavailability",
    "fraction_unbound": "fu",
    "molecular_weight_g_per_mol": "mw_g_per_mol",
    "fraction_excreted_unchanged": "fe_renal",
    "fm_cyp3a4": "fm_cyp3a4",
    "cv_cl_over_f": "cv_cl",
    "cv_v_over_f": "cv_v",
    "correlation_cl_v": "correlation",
}


def drug(name: str, model: str | None = None) -> Drug:
    """Return the recommended parameter set of a drug.

    Parameters
    ----------
    name : str
        One of the drugs that `drug_models` lists, or its usual abbreviation.
    model : str, optional
        Which of its models; None takes the first, the default for teaching.

    Returns
    -------
    Drug
        The parameter set.

    Raises
    ------
    ValueError
        When there is no such drug or no such model of it.

    Examples
    --------
    >>> drug("levomilnacipran").half_life_h.__round__(1)
    12.0
    >>> drug("escitalopram", model="two_compartments").vp_L
    699.0
    """
    listed = drug_models()
    name = usual_name("name", name, list(listed))
    model = listed[name][0] if model is None else choice("model", model, list(listed[name]))
    return _build(name, model)


def drug_models() -> dict[str, tuple[str, ...]]:
    """Return the drugs that have a parameter set, each with the names of its models.

    Returns
    -------
    dict
        Drug to models, the default model first.

    Examples
    --------
    >>> drug_models()["escitalopram"]
    ('one_compartment', 'two_compartments')
    """
    return {name: tuple(models) for name, models in _SETS.items()}


def usual_name(argument: str, given: str, known: list[str]) -> str:
    """Return the drug's name for any of its usual spellings, or raise with what is known."""
    return choice(argument, _in_the_table(text(argument, given)), known)


@lru_cache(maxsize=256)
def _in_the_table(name: str) -> str:
    """Return the evidence table's spelling of a drug's name, or the name as it is."""
    try:
        return evidence.find(drug=name)[0].drug
    except evidence.EvidenceError:
        return name


def absorption_for_peak_time(peak_h: float, elimination_per_h: float) -> float:
    """Absorption rate (1/h) that puts the peak of one oral dose at a given time (one compartment).

    ln(ka/ke)/(ka - ke) = peak time means that k exp(-k peak) is the same for ka and ke, which the
    other branch of Lambert's W solves; absorption is the faster process. The peak must come before
    1/ke, at which ka = ke.
    """
    from scipy.special import lambertw

    ke = one_number("elimination_per_h", elimination_per_h, low=0.0, low_open=True)
    peak = one_number("peak_h", peak_h, low=0.0, high=1 / ke, low_open=True, high_open=True)
    spent = ke * peak
    return float(-lambertw(-spent * math.exp(-spent), -1).real / peak)


def constants(topic: str) -> dict[str, float]:
    """Return the numbers of one topic of ``data/pk.csv``."""
    return {row["parameter"]: float(row["value"]) for row in rows("pk") if row["topic"] == topic}


@cache
def _build(name: str, model: str) -> Drug:
    chosen = evidence.parameters(_SETS[name][model])
    given: dict[str, Any] = {
        _FIELDS[key]: float(member) for key, member in chosen.items() if key in _FIELDS
    }
    clearance = chosen.get("cl_over_f_L_per_h")
    if clearance is not None and clearance.low is not None and clearance.high is not None:
        given["cl_range_L_per_h"] = (clearance.low, clearance.high)
    if "v_L_per_kg" in chosen:
        given["v_L"] = float(chosen["v_L_per_kg"]) * constants("body")["reference_weight_kg"]
    if "cl_L_per_h" not in given:
        given["cl_L_per_h"] = given["v_L"] * math.log(2) / float(chosen["half_life_h"])
    if "tmax_h" in chosen:
        given |= _input(model, float(chosen["tmax_h"]), given)
    for quantity, field in (
        ("fraction_excreted_unchanged", "fe_renal"),
        ("molecular_weight_salt", "salt_mw_g_per_mol"),
    ):
        found = evidence.find(drug=name, quantity=quantity, provenance="found")
        values = [row.value for row in found if row.species in ("", "human") and row.known]
        if values and field not in given:
            given[field] = values[0]
    return Drug(name, model=model, **given)


def _input(model: str, tmax_h: float, given: dict[str, Any]) -> dict[str, float]:
    """Input that peaks when observed: zero-order when release is extended, else first-order."""
    if model == "extended_release":
        return {"input_h": tmax_h}
    elimination = given["cl_L_per_h"] / given["v_L"]
    return {"ka_per_h": absorption_for_peak_time(tmax_h - given.get("lag_h", 0.0), elimination)}
