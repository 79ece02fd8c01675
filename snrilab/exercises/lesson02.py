"""Lesson 02, binding assays: what it asks."""

from snrilab.exercises._declaration import Exercise, Lesson, Prediction, Question

LESSON = Lesson(
    name="lesson02",
    question="How tightly does a drug bind?",
    notebook="02_binding_assays",
    minutes=75,
)

WHO_WINS = Prediction(
    name="lesson02/who_wins",
    text=(
        "A drug is advertised as preferring the norepinephrine transporter (NET). You measure how "
        "tightly it binds to SERT and to NET in membranes. How many times larger is its Ki at NET "
        "than at SERT? Below 1 it binds NET more tightly."
    ),
    answer=8.2,
    unit="times",
    low=0.01,
    high=100,
    scale="log",
    because="By binding Ki is 11.2 nM at SERT and 92.2 nM at NET: it prefers SERT, 8-fold.",
)

BOUND_FMOL = Exercise(
    name="lesson02/bound_fmol",
    task="Amount of radioligand on the filter in fmol, from its decays per minute.",
    arguments="dpm, specific_activity_Ci_per_mmol",
    answer="dpm / (2.22 * specific_activity_Ci_per_mmol)",
    cases=[(1776.0, 80.0), ([0, 888, 4440], 80.0), ([310, 2900, 8100, 650], 45.0), (222, 1)],
    unit="fmol",
    ideas={
        "multiplied": (
            "dpm * 2.22 * specific_activity_Ci_per_mmol",
            "You multiply. One fmol of an 80 Ci/mmol ligand gives about 178 decays a minute, so "
            "{dpm} decays cannot come from {gave} fmol. A hotter ligand needs fewer molecules for "
            "the same decays: divide by the specific activity.",
        ),
        "forgot-2.22": (
            "dpm / specific_activity_Ci_per_mmol",
            "You divide by Ci/mmol as it stands. Decays per minute of one fmol are wanted there: "
            "1 Ci/mmol is 2.22 decays per minute per fmol.",
        ),
        "decays-per-second": (
            "dpm / 60 / (2.22 * specific_activity_Ci_per_mmol)",
            "Your answer is 60 times too small: dpm are decays per minute already, and so is "
            "2.22. Leave the seconds out.",
        ),
        "activity-per-second": (
            "dpm / (2.22 / 60 * specific_activity_Ci_per_mmol)",
            "Your answer is 60 times too large: 2.22 is per minute already, as dpm are. Leave the "
            "seconds out.",
        ),
    },
    also_right=(
        "dpm / 2.22 / specific_activity_Ci_per_mmol",
        "dpm / (specific_activity_Ci_per_mmol * 3.7e10 * 60 / 1e12)",
    ),
    means="Decays have become molecules: from here on two laboratories can compare their wells.",
    hint="How many decays per minute does one fmol give? 2.22 for each Ci/mmol.",
)

FRACTION_OCCUPIED = Exercise(
    name="lesson02/fraction_occupied",
    task="Fraction of the transporters that carry radioligand at equilibrium, from 0 to 1.",
    arguments="radioligand_nM, kd_nM",
    answer="radioligand_nM / (radioligand_nM + kd_nM)",
    cases=[(1, 2.5), ([0, 0.5, 2.5, 25], 2.5), ([0.3, 7.1, 1.9, 4.6], 3.0), (2.5, 2.5)],
    unit="fraction from 0 to 1",
    ideas={
        "free-instead-of-occupied": (
            "kd_nM / (radioligand_nM + kd_nM)",
            "Your fraction falls as the radioligand rises: that is the share left free. With more "
            "radioligand more sites are taken: its concentration belongs on top.",
        ),
        "proportional-occupancy": (
            "radioligand_nM / kd_nM",
            "Your fraction rises in proportion and passes 1, but there are no more sites than all "
            "of them. Below the line the concentration is added to Kd.",
        ),
    },
    also_right=("1 - kd_nM / (radioligand_nM + kd_nM)", "1 / (1 + kd_nM / radioligand_nM)"),
    means="At a concentration equal to Kd half of the sites are taken: that is what Kd means.",
    hint="At a concentration equal to Kd it must be one half, far above Kd nearly 1.",
)

EXPECTED_IC50 = Exercise(
    name="lesson02/expected_ic50",
    task="The IC50 in nM that a competition assay will show for a competitor of known Ki.",
    arguments="ki_nM, radioligand_nM, kd_nM",
    answer="ki_nM * (1 + radioligand_nM / kd_nM)",
    cases=[(11.2, 1.0, 2.5), (50.0, [0, 1, 10], 2.5), (173.0, 4.1, 6.3), (10.0, 2.0, 2.0)],
    unit="nM",
    ideas={
        "divided": (
            "ki_nM / (1 + radioligand_nM / kd_nM)",
            "Your IC50, {gave} nM, is below the Ki of {ki_nM} nM. The radioligand has to be pushed "
            "out as well, so more drug is needed than Ki, not less: multiply.",
        ),
        "ic50-is-constant": (
            "ki_nM",
            "Your IC50 stays {gave} nM whatever the radioligand. The same drug gives another IC50 "
            "in another assay, because more radioligand is harder to push out.",
        ),
        "forgot-one": (
            "ki_nM * radioligand_nM / kd_nM",
            "Without radioligand your IC50 is zero; it should then be Ki itself. The factor is "
            "1 + radioligand/Kd.",
        ),
        "added": (
            "ki_nM + 1 + radioligand_nM / kd_nM",
            "You add the factor 1 + radioligand/Kd to Ki. It has no unit and says how many times "
            "larger the IC50 is: multiply.",
        ),
    },
    also_right=(
        "ki_nM + ki_nM * radioligand_nM / kd_nM",
        "ki_nM * (kd_nM + radioligand_nM) / kd_nM",
    ),
    means="One drug, one Ki, and as many IC50 as there are assays.",
    hint="With no radioligand it is Ki. With radioligand at its Kd it is twice Ki.",
)

BINDING_SELECTIVITY = Exercise(
    name="lesson02/binding_selectivity",
    task="How many times more tightly a drug binds SERT than NET: above 1 it prefers SERT.",
    arguments="ki_net_nM, ki_sert_nM",
    answer="ki_net_nM / ki_sert_nM",
    cases=[(3, 12), ([92.2, 7841], [11.2, 1.1]), ([310, 45, 77], [62, 8, 31]), (100.0, 10.0)],
    unit="fold",
    ideas={
        "larger-ki-is-tighter": (
            "ki_sert_nM / ki_net_nM",
            "Your ratio is upside down. A small Ki is tight binding: a drug that prefers SERT has "
            "the larger Ki at NET. Divide Ki at NET by Ki at SERT.",
        ),
        "difference": (
            "ki_net_nM - ki_sert_nM",
            "You subtract. Tightness is compared in folds, so that 1 against 10 nM counts as much "
            "as 100 against 1,000: divide.",
        ),
        "no-floor": (
            "np.maximum(ki_net_nM, ki_sert_nM) / np.minimum(ki_net_nM, ki_sert_nM)",
            "You divide the larger by the smaller, so the answer never falls below 1 and cannot "
            "say that NET is preferred. Below 1 means NET: always NET over SERT.",
        ),
    },
    also_right=("(1 / ki_sert_nM) / (1 / ki_net_nM)",),
    means="For levomilnacipran 92.2 / 11.2 gives 8.2: by binding it prefers SERT.",
    hint="Which of the two has to be larger when SERT is preferred?",
)

NONSPECIFIC = Question(
    name="lesson02/nonspecific",
    text=(
        "You add 10 µM of paroxetine to some wells with [³H]citalopram and membranes. "
        "What do these wells measure?"
    ),
    right=(
        "Radioligand on filter, lipid and other proteins",
        "SERT is blocked, so whatever radioligand is still there sits somewhere else. Taking these "
        "counts from the total leaves the specific binding.",
    ),
    wrong={
        "Specific binding to SERT": (
            "free-instead-of-occupied",
            "Paroxetine in such excess takes nearly every SERT site away from the radioligand. "
            "Specific binding is what is missing in these wells.",
        ),
        "Total binding": (
            "ignored-nonspecific",
            "Total binding is measured without any blocker. It holds both parts.",
        ),
        "The background of the counter": (
            "ignored-nonspecific",
            "The background is counted with an empty vial. These wells hold radioligand that stuck "
            "to the filter and the membranes as well.",
        ),
    },
)

IC50_MOVES = Question(
    name="lesson02/ic50_moves",
    text=(
        "Laboratory A uses [³H]citalopram at 0.5 nM, laboratory B at 10 nM; Kd is 2.5 nM in both. "
        "They test the same drug. What do they find?"
    ),
    right=(
        "A larger IC50 in B, and the same Ki",
        "The factor 1 + [L]/Kd is 1.2 in A and 5 in B. Dividing by it gives both the same Ki.",
    ),
    wrong={
        "The same IC50 and the same Ki": (
            "ic50-is-constant",
            "More radioligand is harder to push out, so laboratory B needs more drug for half.",
        ),
        "A larger IC50 in A, and the same Ki": (
            "ratio-upside-down",
            "A has less radioligand to displace, so less drug is enough.",
        ),
        "A larger IC50 in B, and a larger Ki": (
            "ki-is-ic50",
            "IC50 moves with the assay, and Cheng-Prusoff takes that out. Ki belongs to the drug "
            "and the transporter (in one buffer, at one temperature).",
        ),
    },
)

TIGHTER = Question(
    name="lesson02/tighter",
    text=(
        "By radioligand binding levomilnacipran has Ki 11.2 nM at SERT and 92.2 nM at NET. "
        "Which sentence is right?"
    ),
    right=(
        "In this kind of assay it prefers SERT, about 8-fold",
        "92.2 / 11.2 = 8.2. Whether that is also true for stopping uptake is another measurement.",
    ),
    wrong={
        "It prefers NET, because 92.2 is larger": (
            "larger-ki-is-tighter",
            "Ki is the concentration that occupies half of the sites. The smaller it is, the "
            "tighter the drug binds.",
        ),
        "Patients on it have SERT blocked 8 times more": (
            "ki-in-vivo",
            "Occupancy depends on the concentration as well. Far above both constants both "
            "transporters are nearly full; and membranes are not a brain.",
        ),
        "The numbers are swapped, since it is sold for NET": (
            "misfit-is-misprint",
            "The claim about NET comes from uptake assays. Two kinds of measurement disagree, and "
            "neither number is a misprint.",
        ),
    },
)
