"""Lesson 02, binding assays: its exercises, its prediction and its three questions."""

# ruff: noqa: ARG005 -- a wrong idea often ignores one of the arguments

from __future__ import annotations

from typing import Any

import numpy as np

from snrilab.exercises._declaration import Exercise, Misconception, Option, Prediction, Question

DPM_PER_FMOL = (
    2.22  # decays per minute of 1 fmol at 1 Ci/mmol: 3.7e10 Bq/Ci x 60 s / 1e12 fmol/mmol
)

WHO_WINS = Prediction(
    name="lesson02_binding/who_wins",
    text=(
        "A drug is advertised as preferring the norepinephrine transporter (NET). You measure how "
        "tightly it binds to SERT and to NET in membranes. Which transporter will it bind more "
        "tightly, and how many times? Why do you think so?"
    ),
)

# -- 1: from decays to molecules ----------------------------------------------------------------


def _bound_fmol(dpm: Any, specific_activity_Ci_per_mmol: Any) -> Any:
    return dpm / (DPM_PER_FMOL * specific_activity_Ci_per_mmol)


BOUND_FMOL = Exercise(
    name="lesson02_binding/bound_fmol",
    task="Amount of radioligand on the filter in fmol, from its decays per minute.",
    reference=_bound_fmol,
    cases=lambda rng: [
        (1776.0, 80.0),
        (222, 1),
        (np.array([0.0, 888.0, 4440.0]), 80.0),
        (rng.uniform(200, 9000, 4), 45.0),
    ],
    unit="fmol",
    misconceptions=(
        Misconception(
            "multiplied",
            "A hotter ligand gives more decays per molecule, so the same decays mean fewer "
            "molecules: divide by the specific activity.",
            lambda dpm, activity: dpm * DPM_PER_FMOL * activity,
        ),
        Misconception(
            "forgot-2.22",
            "You divided by Ci/mmol as it stands; 1 Ci/mmol is 2.22 decays per minute per fmol.",
            lambda dpm, activity: dpm / activity,
        ),
        Misconception(
            "missing-brackets",
            "Division and multiplication run from left to right: put brackets round (2.22 * "
            "specific_activity_Ci_per_mmol).",
            lambda dpm, activity: dpm / DPM_PER_FMOL * activity,
        ),
        Misconception(
            "decays-per-second",
            "Your answer is 60 times too small: dpm are decays per minute already, and so is "
            "2.22; leave the seconds out.",
            lambda dpm, activity: dpm / 60 / (DPM_PER_FMOL * activity),
        ),
        Misconception(
            "activity-per-second",
            "Your answer is 60 times too large: 2.22 is already per minute, as dpm are; leave the "
            "seconds out.",
            lambda dpm, activity: dpm / (DPM_PER_FMOL / 60 * activity),
        ),
    ),
    alternatives=(
        lambda dpm, activity: dpm / DPM_PER_FMOL / activity,
        lambda dpm, activity: dpm / (activity * 3.7e10 * 60 / 1e12),
    ),
)

# -- 2: the hyperbola ---------------------------------------------------------------------------


def _fraction_occupied(radioligand_nM: Any, kd_nM: Any) -> Any:
    return radioligand_nM / (radioligand_nM + kd_nM)


FRACTION_OCCUPIED = Exercise(
    name="lesson02_binding/fraction_occupied",
    task="Fraction of the transporters that carry radioligand at equilibrium, from 0 to 1.",
    reference=_fraction_occupied,
    cases=lambda rng: [
        (2.5, 2.5),
        (1, 2.5),
        (np.array([0.0, 0.5, 2.5, 25.0]), 2.5),
        (rng.uniform(0.1, 10, 4), 3.0),
    ],
    unit="fraction from 0 to 1",
    misconceptions=(
        Misconception(
            "free-instead-of-occupied",
            "Your fraction falls as the radioligand rises: that is the free share; put the "
            "concentration on top.",
            lambda radioligand_nM, kd_nM: kd_nM / (radioligand_nM + kd_nM),
        ),
        Misconception(
            "ratio",
            "Your fraction passes 1: below the line the concentration has to be added to Kd.",
            lambda radioligand_nM, kd_nM: radioligand_nM / kd_nM,
        ),
        Misconception(
            "percent",
            "You return per cent; a fraction runs from 0 to 1.",
            lambda radioligand_nM, kd_nM: 100 * radioligand_nM / (radioligand_nM + kd_nM),
        ),
        Misconception(
            "missing-brackets",
            "Division comes before addition: put brackets round (radioligand_nM + kd_nM).",
            lambda radioligand_nM, kd_nM: radioligand_nM / radioligand_nM + kd_nM,
        ),
    ),
    alternatives=(lambda radioligand_nM, kd_nM: 1 - kd_nM / (radioligand_nM + kd_nM),),
)

# -- 3: what the assay will show ----------------------------------------------------------------


def _expected_ic50(ki_nM: Any, radioligand_nM: Any, kd_nM: Any) -> Any:
    return ki_nM * (1 + radioligand_nM / kd_nM)


EXPECTED_IC50 = Exercise(
    name="lesson02_binding/expected_ic50",
    task="The IC50 in nM that a competition assay will show for a competitor of known Ki.",
    reference=_expected_ic50,
    cases=lambda rng: [
        (10.0, 2.0, 2.0),
        (11.2, 1.0, 2.5),
        (50.0, np.array([0.0, 1.0, 10.0]), 2.5),
        (rng.uniform(1, 300), rng.uniform(0.3, 6), rng.uniform(1, 9)),
    ],
    unit="nM",
    misconceptions=(
        Misconception(
            "divided",
            "Your IC50 is smaller than Ki: the radioligand has to be pushed out, so more "
            "inhibitor is needed, not less; multiply.",
            lambda ki, radio, kd: ki / (1 + radio / kd),
        ),
        Misconception(
            "ratio-upside-down",
            "Your ratio is upside down: more radioligand must raise the IC50, so it stands over "
            "Kd.",
            lambda ki, radio, kd: ki * (1 + kd / radio),
        ),
        Misconception(
            "ic50-is-constant",
            "Your IC50 does not change with the radioligand; the same drug gives another IC50 in "
            "another assay.",
            lambda ki, radio, kd: ki,
        ),
        Misconception(
            "forgot-one",
            "Without radioligand your IC50 is zero; it should then be Ki itself: the factor is 1 "
            "+ radioligand/Kd.",
            lambda ki, radio, kd: ki * radio / kd,
        ),
        Misconception(
            "missing-brackets",
            "Multiplication comes before addition: put brackets round (1 + radioligand_nM / "
            "kd_nM).",
            lambda ki, radio, kd: ki * 1 + radio / kd,
        ),
        Misconception(
            "added",
            "You add the factor 1 + radioligand/Kd to Ki: it has no unit and says how many times "
            "larger the IC50 is, so multiply.",
            lambda ki, radio, kd: ki + 1 + radio / kd,
        ),
    ),
    alternatives=(
        lambda ki, radio, kd: ki + ki * radio / kd,
        lambda ki, radio, kd: ki * (kd + radio) / kd,
    ),
)

# -- 4: which transporter -----------------------------------------------------------------------


def _binding_selectivity(ki_net_nM: Any, ki_sert_nM: Any) -> Any:
    return ki_net_nM / ki_sert_nM


BINDING_SELECTIVITY = Exercise(
    name="lesson02_binding/binding_selectivity",
    task="How many times more tightly a drug binds SERT than NET: above 1 it prefers SERT.",
    reference=_binding_selectivity,
    cases=lambda rng: [
        (100.0, 10.0),
        (3, 12),
        (np.array([92.2, 7841.0]), np.array([11.2, 1.1])),
        (rng.uniform(1, 900, 3), rng.uniform(1, 90, 3)),
    ],
    unit="fold",
    misconceptions=(
        Misconception(
            "larger-ki-is-tighter",
            "Your ratio is upside down: a small Ki means tight binding, so a drug that prefers "
            "SERT has the larger Ki at NET; divide Ki at NET by Ki at SERT.",
            lambda ki_net_nM, ki_sert_nM: ki_sert_nM / ki_net_nM,
        ),
        Misconception(
            "difference",
            "You subtract; tightness is compared in folds, so divide.",
            lambda ki_net_nM, ki_sert_nM: ki_net_nM - ki_sert_nM,
        ),
        Misconception(
            "returned-log",
            "You return the logarithm of the ratio; the task asks for the ratio itself.",
            lambda ki_net_nM, ki_sert_nM: np.log10(ki_net_nM / ki_sert_nM),
        ),
    ),
    alternatives=(lambda ki_net_nM, ki_sert_nM: (1 / ki_sert_nM) / (1 / ki_net_nM),),
)

# -- quiz ---------------------------------------------------------------------------------------

NONSPECIFIC = Question(
    name="lesson02_binding/nonspecific",
    text=(
        "You add 10 µM of paroxetine to some wells with [³H]citalopram and membranes. "
        "What do these wells measure?"
    ),
    options=(
        Option(
            "Specific binding to SERT",
            "No: paroxetine in such excess takes nearly every SERT site away from the radioligand. "
            "Specific binding is what is missing in these wells.",
        ),
        Option(
            "Nonspecific binding: radioligand on filter, lipid and other proteins",
            "Yes: SERT is blocked, so whatever radioligand is still there sits somewhere else. "
            "Taking these counts from the total leaves the specific binding.",
            correct=True,
        ),
        Option(
            "Total binding",
            "No: total binding is measured without any blocker. It holds both parts.",
        ),
        Option(
            "The background of the counter",
            "No: the background is counted with an empty vial. These wells hold radioligand that "
            "stuck to the filter and the membranes as well.",
        ),
    ),
)

IC50_MOVES = Question(
    name="lesson02_binding/ic50_moves",
    text=(
        "Laboratory A uses [³H]citalopram at 0.5 nM, laboratory B at 10 nM; Kd is 2.5 nM in both. "
        "They test the same drug. What do they find?"
    ),
    options=(
        Option(
            "The same IC50, because the drug is the same",
            "No: more radioligand is harder to push out, so laboratory B needs more drug for half.",
        ),
        Option(
            "A larger IC50 in A",
            "No: A has less radioligand to displace, so less drug is enough.",
        ),
        Option(
            "A larger IC50 in B, and the same Ki after Cheng-Prusoff",
            "Yes: the factor 1 + [L]/Kd is 1.2 in A and 5 in B. Dividing by it gives both the "
            "same Ki.",
            correct=True,
        ),
        Option(
            "A larger IC50 in B, and a larger Ki as well",
            "No: IC50 moves with the assay, and Cheng-Prusoff takes that out. Ki belongs to the "
            "drug "
            "and the transporter (in one buffer, at one temperature).",
        ),
    ),
)

TIGHTER = Question(
    name="lesson02_binding/tighter",
    text=(
        "By radioligand binding levomilnacipran has Ki 11.2 nM at SERT and 92.2 nM at NET. "
        "Which sentence is right?"
    ),
    options=(
        Option(
            "It prefers NET, because 92.2 is larger",
            "No: Ki is the concentration that occupies half of the sites. The smaller it is, the "
            "tighter the drug binds.",
        ),
        Option(
            "In this kind of assay it prefers SERT, about 8-fold",
            "Yes: 92.2 / 11.2 = 8.2. Whether that is also true for stopping uptake is another "
            "measurement, the subject of the next lesson.",
            correct=True,
        ),
        Option(
            "Patients on it have SERT blocked 8 times more than NET",
            "No: occupancy depends on the concentration as well. Far above both constants both "
            "transporters are nearly full; and binding in membranes is not uptake in a brain.",
        ),
        Option(
            "The numbers must be swapped, since it is sold as preferring NET",
            "No: the claim about NET comes from uptake assays. Two kinds of measurement disagree, "
            "and neither number is a misprint.",
        ),
    ),
)
