"""Answers written as learners write them: wrong ones are named, right ones pass in any style.

The declared text of an idea may be written to suit a machine. These are not.
"""

from __future__ import annotations

import linecache
import math
import textwrap
import zlib

import numpy as np
import pytest
from scipy.optimize import curve_fit

from snrilab import feedback
from snrilab.exercises import find
from tests.small_exercises import SMALL
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

# One learner's version of every idea declared in the assignment.
CODE = {
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

OTHERS = {exercise.function_name: exercise for exercise in SMALL}

# What these say was read: the code is the one that a teacher would give ("wrong-value": unknown).
WRONG = """
block_needed | 1 - 1 / fold / (1 - other_share) | missing-brackets
block_needed | (1 - 1/fold) / 1 - other_share | missing-brackets
block_needed | (1 - 1/fold) * (1 - other_share) | multiplied
block_needed | (1/fold - other_share) / (1 - other_share) | free-instead-of-occupied
block_needed | 100 * (1 - 1/fold) / (1 - other_share) | percent
block_needed | (fold - 1) / fold | other-exits-forgotten
block_needed | np.minimum(1, (1 - 1/fold) / (1 - other_share)) | cut-off-at-zero
block_needed | 1/(1 - other_share) - 1/fold | wrong-value
share_left | inhibitor_nM / (inhibitor_nM + ki_nM) | argument-ignored
share_left | substrate_nM / (km_nM * (1 + inhibitor_nM/ki_nM) + substrate_nM) | part-missing
share_left | (km_nM+substrate_nM)/(km_nM*(1+ki_nM/inhibitor_nM)+substrate_nM) | ratio-upside-down
share_left | k=km_nM*(1+inhibitor_nM)/ki_nM; s=substrate_nM; return (km_nM+s)/(k+s) | brackets-moved
share_left | i=inhibitor_nM/ki_nM; s=substrate_nM/km_nM; return i/(1+i+s) | free-instead-of-occupied
percent_inhibition | (control - uptake) / (control - blank) | constant-lost
percent_inhibition | 100 * control - uptake / (control - blank) | missing-brackets
percent_inhibition | 100 * (control - uptake) / (control + blank) | plus-for-minus
percent_inhibition | 100 * (uptake - control) / (control - blank) | reversed-subtraction
percent_inhibition | np.clip(100 * (control - uptake) / (control - blank), 0, 100) | cut-off-at-zero
substrate_needed | km_nM * ic50_nM / ki_nM | forgot-one
substrate_needed | km_nM * (ki_nM / ic50_nM - 1) | ratio-upside-down
substrate_needed | ic50_nM / ki_nM - 1 | part-missing
substrate_needed | km_nM * ic50_nM / ki_nM - 1 | missing-brackets
substrate_needed | abs(km_nM * (ic50_nM / ki_nM - 1)) | unsigned-difference
substrate_needed | km_nM * (ic50_nM / ki_nM + 1) | plus-for-minus
best_single | np.mean(np.log10(ic50s_nM)) | returned-log
best_single | 10**np.mean(np.log(ic50s_nM)) | wrong-logarithm
best_single | np.prod(ic50s_nM) ** (1/2) | length-written-in
best_single | sorted(ic50s_nM)[len(ic50s_nM)//2] | wrong-value
mended | cells.insert(0, compound); return cells | position-for-name
mended | cells[:-1] + [compound] if cells[0] in ("SERT","NET") else cells | wrong-value
unbound_nM | total_ng_per_mL / molar_mass * unbound_fraction | constant-lost
unbound_nM | 1000 * total_ng_per_mL / molar_mass / unbound_fraction | divided
unbound_nM | total_ng_per_mL * unbound_fraction | argument-ignored
unbound_nM | round(1000 * total_ng_per_mL / molar_mass * unbound_fraction) | whole-numbers
half_life | cl_L_per_h / v_L * np.log(2) | arguments-swapped
half_life | np.log10(2) * v_L / cl_L_per_h | wrong-logarithm
half_life | 0.639 * v_L / cl_L_per_h | constant-wrong
protein_share | 1 - 0.5 ** (half_life_d / day) | ratio-upside-down
protein_share | 1 - 0.5 ** day / half_life_d | missing-brackets
protein_share | 0.5 ** day / half_life_d | wrong-direction
bound_fmol | dpm / 2.22 * specific_activity_Ci_per_mmol | missing-brackets
bound_fmol | dpm / 2.22 | part-missing
bound_fmol | x = 2.22 * specific_activity_Ci_per_mmol; return x / dpm | ratio-upside-down
bound_fmol | dpm / (222 * specific_activity_Ci_per_mmol) | constant-wrong
bound_fmol | (dpm - 30) / (2.22 * specific_activity_Ci_per_mmol) | part-too-many
bound_fmol | dpm / (2,22 * specific_activity_Ci_per_mmol) | decimal-comma
bound_fmol | a = dpm, 2.22; return a / specific_activity_Ci_per_mmol | several-values
bound_fmol | dpm / (2.22 * 80) | written-in
bound_fmol | n = np.floor(2.22 * specific_activity_Ci_per_mmol); return dpm / n | whole-numbers
percent_inhibition | 100 * (control + uptake) / (control + blank) | plus-for-minus
bound_fmol | dpm / 2,22 | decimal-comma
bound_fmol | np.round(dpm / (2.22 * specific_activity_Ci_per_mmol), 2) | rounded
bound_fmol | dpm // (2.22 * specific_activity_Ci_per_mmol) | whole-numbers
bound_fmol | 1776 / (2.22 * 80) | same-for-every-input
bound_fmol | x = dpm / (2.22 * specific_activity_Ci_per_mmol); return ... | leftover-line
bound_fmol | raise NotImplementedError(); return dpm / specific_activity_Ci_per_mmol | leftover-line
fraction_occupied | radioligand_nM / (radioligand_nM + kd_nM) * 100 | percent
fraction_occupied | radioligand_nM / radioligand_nM + kd_nM | missing-brackets
fraction_occupied | 1 - np.exp(-radioligand_nM / kd_nM) | exponential-rise
fraction_occupied | radioligand_nM / (1 + kd_nM) | wrong-argument
fraction_occupied | radioligand_nM / (2 * kd_nM) | right-by-chance
fraction_occupied | (radioligand_nM + kd_nM) / radioligand_nM | ratio-upside-down
fraction_occupied | 0.5 | same-for-every-input
expected_ic50 | ki_nM * (1 + radioligand_nM) / kd_nM | brackets-moved
expected_ic50 | ki_nM * (1 + radioligand_nM) | part-missing
expected_ic50 | kd_nM * (1 + radioligand_nM / ki_nM) | arguments-swapped
expected_ic50 | 2 * ki_nM | argument-ignored
expected_ic50 | ki_nM * (1 + radioligand_nM // kd_nM) | whole-numbers
expected_ic50 | ki_nM * (1 + radioligand_nM / kd_nM) + 0.5 | part-too-many
expected_ic50 | s=radioligand_nM; return ki_nM*(1+s/kd_nM) if s>kd_nM else ki_nM | part-too-many
bound_fmol | dpm = 1776; return dpm / (2.22 * specific_activity_Ci_per_mmol) | argument-overwritten
bound_fmol | dpm * 60 / (3.7e10 * specific_activity_Ci_per_mmol) * 1e12 | multiplied
half_life | np.log(2) * v_L / cl_L_per_h * 60 | sixty-lost
binding_selectivity | 10**(np.log10(ki_net_nM) - np.log(ki_sert_nM)) | wrong-logarithm
expected_ic50 | ki_nM(1 + radioligand_nM / kd_nM) | error
expected_ic50 | ki_nM * (1 + kd_nM / radioligand_nM) | ratio-upside-down
binding_selectivity | np.log10(ki_net_nM / ki_sert_nM) | returned-log
binding_selectivity | ki_net_nM / (ki_sert_nM + ki_net_nM) | part-too-many
cheng_prusoff | ic50_nM * (1 + kd_nM / radioligand_nM) | multiplied
"""
CASES = [tuple(part.strip() for part in line.split(" | ")) for line in WRONG.strip().split("\n")]

RIGHT = {
    "bound_fmol": """
        return np.divide(dpm, np.multiply(2.22, specific_activity_Ci_per_mmol))
        ---
        per_fmol = 2.22 * specific_activity_Ci_per_mmol
        amount: float = dpm / per_fmol
        return amount
        ---
        try:
            return [one / (2.22 * specific_activity_Ci_per_mmol) for one in dpm]
        except TypeError:
            return dpm / (2.22 * specific_activity_Ci_per_mmol)
        ---
        one = lambda d, a: d / (2.22 * a)
        return np.vectorize(one)(dpm, specific_activity_Ci_per_mmol)
        ---
        return dpm / (222 / 100 * specific_activity_Ci_per_mmol)
        ---
        from fractions import Fraction
        return dpm / (float(Fraction(222, 100)) * specific_activity_Ci_per_mmol)
        ---
        out = np.zeros(np.shape(dpm))
        for i, d in np.ndenumerate(dpm):
            out[i] = d / 2.22 / specific_activity_Ci_per_mmol
        return out
    """,
    "best_single": """
        total = 0
        for x in ic50s_nM:
            total += math.log10(x)
        return 10 ** (total / len(ic50s_nM))
        ---
        return np.prod(ic50s_nM) ** (1 / len(ic50s_nM))
        ---
        from scipy.stats import gmean
        return gmean(ic50s_nM)
    """,
    "half_life": """
        k = cl_L_per_h / v_L
        return 0.693 / k
        ---
        return math.log(2) * v_L / cl_L_per_h
    """,
    "mended": """
        if cells[0] != compound:
            cells = [compound] + cells[:3]
        return cells
    """,
}
STYLES = [
    (name, body.strip("\n"))
    for name, bodies in RIGHT.items()
    for body in textwrap.dedent(bodies).split("---")
]


def exercise_named(name):
    if name in OTHERS:
        return OTHERS[name]
    return find(f"ps2_binding/{name}")


def written(exercise, body):
    """The function of a learner who wrote `body` into the stub; its source can be read."""
    body = textwrap.dedent(body).strip("\n").replace("; ", "\n")
    if not any(word in body for word in ("return", "raise")):
        body = f"return {body}"
    source = f"def {exercise.signature}:\n{textwrap.indent(body, '    ')}\n"
    filename = f"<written {zlib.crc32(source.encode()):08x}>"
    linecache.cache[filename] = (len(source), None, source.splitlines(True), filename)
    names = {"np": np, "math": math, "curve_fit": curve_fit}
    exec(compile(source, filename, "exec"), names)
    return names[exercise.function_name]


def test_there_is_a_learners_version_of_every_declared_idea():
    assert sorted((name, code) for name, code, _ in WRITTEN) == sorted(
        (exercise.name, wrong.code)
        for exercise, wrong in MISCONCEPTIONS
        if exercise.name.startswith("ps2")
        # There learners mend a text that is given, and the declared slips are that text.
        and exercise.name != "ps2_binding/mended_ki"
    )


@pytest.mark.parametrize(
    ("name", "code", "body"), WRITTEN, ids=[f"{name}:{code}" for name, code, _ in WRITTEN]
)
def test_an_idea_as_learners_write_it_is_named(name, code, body):
    exercise = find(name)
    said = feedback.diagnose(exercise, written(exercise, body))
    assert (said.passed, said.code) == (False, code)


@pytest.mark.parametrize(("name", "body", "code"), CASES, ids=[f"{n}:{b}" for n, b, _ in CASES])
def test_a_slip_is_named_and_never_a_wrong_one(name, body, code):
    exercise = exercise_named(name)
    said = feedback.diagnose(exercise, written(exercise, body))
    assert (said.passed, said.code) == (False, code)
    assert len(str(said).split()) <= 160


@pytest.mark.parametrize(
    ("name", "body"), STYLES, ids=[f"{n}-{i}" for i, (n, _) in enumerate(STYLES)]
)
def test_right_answers_pass_in_any_style(name, body):
    exercise = exercise_named(name)
    assert feedback.diagnose(exercise, written(exercise, body)).passed


def test_most_wrong_answers_get_a_name():
    """Four of five at least; what is unknown is called unknown."""
    unknown = [code for *_, code in CASES if code == "wrong-value"]
    assert len(unknown) < len(CASES) / 10


def test_a_constant_with_few_digits_passes_with_a_word_about_it():
    exercise = OTHERS["half_life"]
    said = feedback.diagnose(exercise, written(exercise, "0.693 * v_L / cl_L_per_h"))
    assert said.passed
    assert "np.log(2)" in said.why
