"""Mistakes written as learners write them: the check must name each, and know all that is declared.

The declared function of a misconception may be written to suit a machine. These are not.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import curve_fit

from snrilab import feedback
from snrilab.exercises import find
from tests.test_exercises import MISCONCEPTIONS

FIT = """
    def curve(x, top, bottom, log_ic50):
        return bottom + (top - bottom) / (1 + x / 10**log_ic50)
    start = [max(bound), min(bound), np.log10(np.median(inhibitor_nM))]
    best, covariance = curve_fit(curve, inhibitor_nM, bound, p0=start)
"""
FIT_TO_ZERO = """
    def curve(x, top, log_ic50):
        return top / (1 + x / 10**log_ic50)
    start = [max(bound), np.log10(np.median(inhibitor_nM))]
    best, covariance = curve_fit(curve, inhibitor_nM, bound, p0=start)
"""
KI = FIT + "    ic50_nM = 10 ** best[2]\n"

CODE = {
    "lesson02_binding/bound_fmol": {
        "multiplied": "return dpm * 2.22 * specific_activity_Ci_per_mmol",
        "forgot-2.22": "return dpm / specific_activity_Ci_per_mmol",
        "missing-brackets": "return dpm / 2.22 * specific_activity_Ci_per_mmol",
        "decays-per-second": "return dpm / 60 / (2.22 * specific_activity_Ci_per_mmol)",
        "activity-per-second": "return dpm / (0.037 * specific_activity_Ci_per_mmol)",
    },
    "lesson02_binding/fraction_occupied": {
        "free-instead-of-occupied": "return kd_nM / (radioligand_nM + kd_nM)",
        "ratio": "return radioligand_nM / kd_nM",
        "percent": "return 100 * radioligand_nM / (radioligand_nM + kd_nM)",
        "missing-brackets": "return radioligand_nM / radioligand_nM + kd_nM",
    },
    "lesson02_binding/expected_ic50": {
        "divided": "return ki_nM / (1 + radioligand_nM / kd_nM)",
        "ratio-upside-down": "return ki_nM * (1 + kd_nM / radioligand_nM)",
        "ic50-is-constant": "return ki_nM",
        "forgot-one": "return ki_nM * (radioligand_nM / kd_nM)",
        "missing-brackets": "return ki_nM * 1 + radioligand_nM / kd_nM",
        "added": "return ki_nM + (1 + radioligand_nM / kd_nM)",
    },
    "lesson02_binding/binding_selectivity": {
        "larger-ki-is-tighter": "return ki_sert_nM / ki_net_nM",
        "difference": "return ki_net_nM - ki_sert_nM",
        "returned-log": "return np.log10(ki_net_nM / ki_sert_nM)",
    },
    "ps2_binding/specific_binding": {
        "added-nonspecific": "return total + nonspecific",
        "reversed-subtraction": "return nonspecific - total",
        "ignored-nonspecific": "return total",
        "fraction-instead-of-amount": "return (total - nonspecific) / total",
        "cut-off-at-zero": "return np.clip(total - nonspecific, 0, None)",
        "unsigned-difference": "return abs(total - nonspecific)",
    },
    "ps2_binding/saturation": {
        "free-instead-of-occupied": "return bmax * kd_nM / (conc_nM + kd_nM)",
        "proportional-occupancy": "return bmax * conc_nM / kd_nM",
        "forgot-bmax": "return conc_nM / (conc_nM + kd_nM)",
        "bmax-for-kd": "return kd_nM * conc_nM / (conc_nM + bmax)",
        "exponential-rise": "return bmax * (1 - np.exp(-conc_nM / kd_nM))",
        "missing-brackets": "return bmax * conc_nM / conc_nM + kd_nM",
        "percent-of-bmax": "return conc_nM / (conc_nM + kd_nM) * 100",
        "squared-concentration": "return bmax * conc_nM**2 / (kd_nM**2 + conc_nM**2)",
    },
    "ps2_binding/competition": {
        "competitor-lowers-maximum": """
    bmax = bmax / (1 + inhibitor_nM / ki_nM)
    return nonspecific + bmax * radioligand_nM / (radioligand_nM + kd_nM)
""",
        "forgot-nonspecific": """
    kd_apparent = kd_nM * (1 + inhibitor_nM / ki_nM)
    return bmax * radioligand_nM / (radioligand_nM + kd_apparent)
""",
        "nonspecific-displaced": """
    ic50 = ki_nM * (1 + radioligand_nM / kd_nM)
    total = nonspecific + bmax * radioligand_nM / (radioligand_nM + kd_nM)
    return total / (1 + inhibitor_nM / ic50)
""",
        "inhibitor-helps": """
    kd_apparent = kd_nM / (1 + inhibitor_nM / ki_nM)
    return nonspecific + bmax * radioligand_nM / (radioligand_nM + kd_apparent)
""",
        "kd-for-ki": """
    kd_apparent = kd_nM * (1 + inhibitor_nM / kd_nM)
    return nonspecific + bmax * radioligand_nM / (radioligand_nM + kd_apparent)
""",
        "inhibitor-in-place-of-factor": """
    kd_apparent = kd_nM * inhibitor_nM / ki_nM
    return nonspecific + bmax * radioligand_nM / (radioligand_nM + kd_apparent)
""",
        "subtracted-nonspecific": """
    kd_apparent = kd_nM * (1 + inhibitor_nM / ki_nM)
    return bmax * radioligand_nM / (radioligand_nM + kd_apparent) - nonspecific
""",
    },
    "ps2_binding/cheng_prusoff": {
        "multiplied": "return ic50_nM * (1 + radioligand_nM / kd_nM)",
        "ratio-upside-down": "return ic50_nM / (1 + kd_nM / radioligand_nM)",
        "ki-is-ic50": "return ic50_nM",
        "forgot-one": "return ic50_nM / (radioligand_nM / kd_nM)",
        "missing-brackets": "return ic50_nM / 1 + radioligand_nM / kd_nM",
        "forgot-kd": "return ic50_nM / (1 + radioligand_nM)",
        "halved-whatever-the-assay": "return ic50_nM / 2",
        "subtracted-radioligand": "return ic50_nM - radioligand_nM / 2",
    },
    "ps2_binding/fit_ic50": {
        "returned-log": FIT + "    return best[2]",
        "no-nonspecific-plateau": FIT_TO_ZERO + "    return 10 ** best[1]",
        "half-of-total": "return inhibitor_nM[bound < bound[0] / 2][0]",
        "nearest-concentration": """
    halfway = (max(bound) + min(bound)) / 2
    return inhibitor_nM[np.argmin(abs(bound - halfway))]
""",
        "molar": FIT + "    return 10 ** best[2] * 1e-9",
        "returned-top": FIT + "    return best[0]",
        "returned-bottom": FIT + "    return best[1]",
        "straight-line": """
    slope, intercept = np.polyfit(inhibitor_nM, bound, 1)
    return ((max(bound) + min(bound)) / 2 - intercept) / slope
""",
        "start-not-fit": "return np.median(inhibitor_nM)",
    },
    "ps2_binding/ki_from_assay": {
        "ki-is-ic50": KI + "    return ic50_nM",
        "multiplied": KI + "    return ic50_nM * (1 + radioligand_nM / kd_nM)",
        "ratio-upside-down": KI + "    return ic50_nM / (1 + kd_nM / radioligand_nM)",
        "no-nonspecific-plateau": FIT_TO_ZERO
        + "    return 10 ** best[1] / (1 + radioligand_nM / kd_nM)",
        "returned-log": KI + "    return best[2] / (1 + radioligand_nM / kd_nM)",
        "corrected-twice": KI
        + "    ki_nM = ic50_nM / (1 + radioligand_nM / kd_nM)\n"
        + "    return ki_nM / (1 + radioligand_nM / kd_nM)",
    },
}
WRITTEN = [(name, code, body) for name, known in CODE.items() for code, body in known.items()]


def written(exercise, body):
    """The function of a learner who wrote `body` into the stub."""
    names = {"np": np, "curve_fit": curve_fit}
    body = body if body.startswith("\n") else f"\n    {body}"
    exec(f"def {exercise.signature}:{body}", names)
    return names[exercise.function_name]


def test_there_is_a_learners_version_of_every_declared_mistake():
    assert sorted((name, code) for name, code, _ in WRITTEN) == sorted(
        (exercise.name, wrong.code) for exercise, wrong in MISCONCEPTIONS
    )


@pytest.mark.parametrize(
    ("name", "code", "body"), WRITTEN, ids=[f"{name}:{code}" for name, code, _ in WRITTEN]
)
def test_a_mistake_as_learners_write_it_is_named(name, code, body, tmp_path, monkeypatch):
    monkeypatch.setenv("SNRILAB_PROGRESS", str(tmp_path / "progress.json"))
    exercise = find(name)
    said = feedback.check(exercise, written(exercise, body))
    assert (said.passed, said.code) == (False, code)
