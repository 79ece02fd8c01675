"""Lesson 02, binding assays: what it asks."""

from snrilab.exercises import Exercise, Goal, Lesson, Prediction, Question

LESSON = Lesson(
    name="lesson02",
    question="How tightly does a drug bind?",
    notebook="02_binding_assays",
    minutes=75,
    needs=("lesson01",),
    assignment="ps2_binding",
    objectives=(
        "turn counts into molecules, and say how far an assay must go before it shows its plateau",
        "work out how an IC50 moves with the radioligand, and get a Ki from it",
        "recognise when the Cheng-Prusoff correction fails, and plan an assay in which it holds",
        "say what limits how well a Ki is known, and what does not",
    ),
)

# -- 1: how far do you have to go? ----------------------------------------------------------------

NINE_TENTHS = Prediction(
    name="lesson02/nine_tenths",
    text=(
        "At a concentration equal to its Kd a radioligand fills half of the sites. "
        "How many times the Kd does it take to fill nine tenths?"
    ),
    answer=9.0,
    unit="times Kd",
    low=1,
    high=30,
    scale="log",
    ideas={"proportional-occupancy": 1.8},
    because="Nine filled for each free one: the concentration has to be nine times Kd.",
    seen=lambda filled: filled >= 0.9,
    setting="a top concentration that fills nine tenths of the sites",
)

PLATEAU = Goal(
    "lesson02/plateau",
    "Fill nine tenths of the sites; Kd stays 2.5 nM.",
    lambda kd_nM, filled: kd_nM == 2.5 and filled >= 0.9,
    "Nine tenths taken leave one tenth free: nine times the Kd, and only now a plateau. The "
    "interval was narrow before, since it takes the curve for granted; a second, weaker site would "
    "show only up here.",
    {"kd_nM": 2.5, "highest_nM": 23},
    objective=1,
)
FILTER = Goal(
    "lesson02/filter",
    "At the top, make more than half of the total nonspecific.",
    lambda share: share > 0.5,
    "Sites fill up, the rest grows with each nM: testing ever higher has its price.",
    {"nonspecific_per_nM": 15, "highest_nM": 34},
    objective=1,
)
STOPPED = Goal(
    "lesson02/stopped-too-early",
    "Stop so early that the Bmax interval is wider than two-fold.",
    lambda kd_nM, fold: kd_nM == 2.5 and fold > 2,
    "So far below Kd the curve is nearly straight: many pairs of Bmax and Kd fit these wells.",
    {"kd_nM": 2.5, "highest_nM": 0.2},
    objective=1,
    against=("circular",),
)

BOUND_FMOL = Exercise(
    name="lesson02/bound_fmol",
    task="Radioligand on the filter in fmol, from counts per minute.",
    arguments="cpm, background_cpm, efficiency, activity_Ci_per_mmol",
    answer="(cpm - background_cpm) / efficiency / (2.22 * activity_Ci_per_mmol)",
    cases=[
        (730.4, 20.0, 0.4, 80.0),
        ([61.0, 455.0, 3018.0], 17.0, 0.43, 80.0),
        ([912.0, 95.0, 14.0], 24.0, 0.37, 45.0),
        (138.5, 20.0, 0.4, 80.0),
    ],
    borders=[(20.0, 20.0, 0.4, 80.0), (610.5, 0.0, 1.0, 80.0)],
    unit="fmol",
    ideas={
        "efficiency-upside-down": (
            "(cpm - background_cpm) * efficiency / (2.22 * activity_Ci_per_mmol)",
            "You multiply by {efficiency}: the worse the counter, the fewer molecules. It saw "
            "only that share of the decays, so divide by it.",
        ),
        "missed-share-added": (
            (
                "(cpm - background_cpm) * (2 - efficiency) / (2.22 * activity_Ci_per_mmol)",
                "(cpm - background_cpm) * (1 + efficiency) / (2.22 * activity_Ci_per_mmol)",
                "(cpm - background_cpm) * (1 - efficiency) / (2.22 * activity_Ci_per_mmol)",
            ),
            "You multiply what was seen by a share. The efficiency is a share of all decays, and "
            "these are what you look for: seen = efficiency x decays.",
        ),
        "efficiency-forgotten": (
            "(cpm - background_cpm) / (2.22 * activity_Ci_per_mmol)",
            "You take each count for a decay. The counter saw a share of {efficiency} of them.",
        ),
        "background-forgotten": (
            "cpm / efficiency / (2.22 * activity_Ci_per_mmol)",
            "You turn all counts into molecules, {gave} fmol. The {background_cpm} counts of an "
            "empty vial are no molecules: take them off first.",
        ),
        "background-taken-too-late": (
            "(cpm / efficiency - background_cpm) / (2.22 * activity_Ci_per_mmol)",
            "You take the background off the decays. It is in counts per minute, as cpm is: take "
            "it off before you divide by the efficiency.",
        ),
        "cut-off-at-zero": (
            "np.maximum(cpm - background_cpm, 0) / efficiency / (2.22 * activity_Ci_per_mmol)",
            "You turn a well below the background into zero. Its scatter is as honest as that of "
            "a well above: cut off on one side, the mean of empty wells is too high.",
        ),
        "forgot-2.22": (
            "(cpm - background_cpm) / efficiency / activity_Ci_per_mmol",
            "You divide by Ci/mmol as it stands. One fmol at 1 Ci/mmol gives 2.22 decays a minute.",
        ),
        "decays-per-second": (
            "(cpm - background_cpm) / efficiency / (2.22 * 60 * activity_Ci_per_mmol)",
            "Your answer is 60 times too small: counts are per minute already, and so is 2.22.",
        ),
    },
    also_right=(
        "(cpm - background_cpm) / (efficiency * 2.22 * activity_Ci_per_mmol)",
        "(cpm - background_cpm) / efficiency * 1e12 / (3.7e10 * 60 * activity_Ci_per_mmol)",
        "cpm / efficiency / (2.22 * activity_Ci_per_mmol) - background_cpm / efficiency / (2.22 * "
        "activity_Ci_per_mmol)",
    ),
    means="Now wells of different counters and different vials can be compared.",
    hint=(
        "138.5 counts a minute, 20 of them background: 118.5 seen. The counter sees four decays in "
        "ten. How many decays were there, and how many decays does one fmol give?"
    ),
    objective=1,
)

CONC_FOR_SHARE = Exercise(
    name="lesson02/conc_for_share",
    task="The free radioligand in nM that fills a given share (0 to 1) of the sites.",
    arguments="share, kd_nM",
    answer="kd_nM * share / (1 - share)",
    cases=[(0.9, 2.5), ([0.2, 0.8, 0.95], 2.5), ([0.37, 0.61], 0.7), (0.75, 4.0)],
    unit="nM",
    ideas={
        "proportional-occupancy": (
            ("2 * share * kd_nM", "share * kd_nM"),
            "You go in proportion. But the more is taken, the fewer sites are left to find: put "
            "{gave} nM into the equation, and see which share it fills.",
        ),
        "free-instead-of-occupied": (
            "kd_nM * (1 - share) / share",
            "At {gave} nM it is the free sites that make up {share}. Taken sites belong on top.",
        ),
        "curve-forwards": (
            ("share / (share + kd_nM)", "kd_nM / (share + kd_nM)"),
            "You put the share where the concentration belongs. The share is known: solve "
            "share = L / (L + Kd) for L.",
        ),
        "exponential-rise": (
            ("-kd_nM * np.log(1 - share)", "-kd_nM * np.log2(1 - share)"),
            "By your curve each Kd more leaves the same share of the rest free: so a charge, or "
            "binding, grows in time. Against concentration it is L / (L + Kd), which needs more "
            "for the last sites.",
        ),
        "share-of-kd": (
            "kd_nM / share",
            "A larger share gets a lower concentration from you. More sites need more radioligand.",
        ),
        "ratio-for-concentration": (
            "share / (1 - share)",
            "That is the number of taken sites for each free one. It tells how many times Kd is "
            "needed; the Kd of {kd_nM} nM itself is missing.",
        ),
    },
    also_right=("kd_nM / (1 / share - 1)", "kd_nM / (1 - share) - kd_nM"),
    means="The last tenth is the expensive one: 0.9 costs nine Kd, 0.95 nineteen.",
    hint="share = L / (L + Kd). Multiply by (L + Kd), and bring all L to one side.",
    objective=1,
)

STOPPED_EARLY = Question(
    name="lesson02/stopped_early",
    text="You stop at a tenth of the Kd. The fit reports a Bmax. What is that Bmax worth?",
    right=(
        "Little, since many pairs of Bmax and Kd fit",
        "Far below Kd the curve is nearly straight and shows only Bmax / Kd; the interval says so.",
    ),
    wrong={
        "As much as any, since the fit has converged": (
            "small-error-is-right",
            "Converging means that no better pair was found nearby. Other pairs may fit as well.",
        ),
        "Much, since it is eleven times the top well": (
            "circular",
            "True if you knew that you stopped at a tenth of the Kd. But Kd is from the same fit.",
        ),
        "Much, once the wells are counted for longer": (
            "small-error-is-right",
            "Counting leaves the error of the pipette, and no point shows that there is a plateau.",
        ),
    },
    objective=1,
)

# -- 2: one drug, how many IC50? ------------------------------------------------------------------

TWO_LABS = Prediction(
    name="lesson02/two_labs",
    text=(
        "Laboratory A works with 0.5 nM of a radioligand, laboratory B with 25 nM; its Kd is "
        "2.5 nM. Both test the same drug. How many times larger is the IC50 in B?"
    ),
    answer=9.17,
    unit="times",
    low=0.1,
    high=100,
    scale="log",
    ideas={"ic50-is-constant": 1.0, "proportional-ic50": 50.0},
    because=(
        "A finds 1.2 times Ki (1 + 0.5/2.5), B eleven times (1 + 25/2.5). Each nM adds the same; "
        "but the first Ki is there without any radioligand, so the ratio is not 50."
    ),
    seen=lambda radioligand_nM, kd_nM: radioligand_nM >= 24 and kd_nM == 2.5,
    setting="25 nM of a radioligand with a Kd of 2.5 nM",
)

DOUBLE = Goal(
    "lesson02/double",
    "Make the IC50 twice the Ki.",
    lambda ratio: 1.93 <= ratio <= 2.07,
    "With as much radioligand as its Kd half of the sites are taken before the drug comes.",
    {"radioligand_nM": 2.5, "kd_nM": 2.5},
    objective=2,
)
NEAR = Goal(
    "lesson02/near-ki",
    "Bring the IC50 within 10 % of the Ki.",
    lambda ratio: ratio <= 1.1,
    "Little radioligand, or a loose one, is hardly in the way; but it gives few counts.",
    {"radioligand_nM": 0.2, "kd_nM": 2.5},
    objective=2,
)
TIGHTER_RADIOLIGAND = Goal(
    "lesson02/tighter-radioligand",
    "Radioligand 1 nM, Ki 11.2 nM: make the IC50 three times the Ki.",
    lambda radioligand_nM, ki_nM, ratio: (
        (radioligand_nM, ki_nM) == (1, 11.2) and 2.88 <= ratio <= 3.12
    ),
    "A tighter radioligand takes more of the sites at the same concentration.",
    {"radioligand_nM": 1, "kd_nM": 0.5, "ki_nM": 11.2},
    objective=2,
)

KI_FROM_TWO = Exercise(
    name="lesson02/ki_from_two",
    task="Ki in nM from two assays that differ only in the concentration of one radioligand.",
    arguments="ic50_a, radioligand_a, ic50_b, radioligand_b",
    answer="(ic50_a * radioligand_b - ic50_b * radioligand_a) / (radioligand_b - radioligand_a)",
    cases=[
        (13.44, 0.5, 123.2, 25.0),
        (31.0, 1.0, 55.0, 3.5),
        (260.0, 8.0, 96.0, 2.1),
        (4.4, 0.3, 7.1, 1.9),
        (15.0, 1.0, 25.0, 3.0),
    ],
    unit="nM",
    ideas={
        "ki-is-ic50": (
            ("np.minimum(ic50_a, ic50_b)", "ic50_a", "ic50_b"),
            "You take one IC50, {gave} nM, for the Ki. Radioligand was there in both assays, and "
            "any radioligand lifts an IC50: Ki lies below both.",
        ),
        "mean-of-ic50s": (
            (
                "(ic50_a + ic50_b) / 2",
                "np.sqrt(ic50_a * ic50_b)",
                "(ic50_a * radioligand_a + ic50_b * radioligand_b) / (radioligand_a + "
                "radioligand_b)",
            ),
            "You average: {gave} nM. One of the two would then lie below the Ki, and with "
            "radioligand in the well no IC50 can.",
        ),
        "radioligand-left-out": (
            (
                "ic50_b - ic50_a",
                "np.abs(ic50_b - ic50_a)",
                "ic50_b / ic50_a",
                "ic50_a / ic50_b",
                "ic50_a * ic50_b / (ic50_a + ic50_b)",
            ),
            "You compare the two IC50 alone. How far they are apart depends on how much more "
            "radioligand one had, {radioligand_a} against {radioligand_b} nM.",
        ),
        "proportional-ic50": (
            (
                "(ic50_a / radioligand_a + ic50_b / radioligand_b) / 2",
                "ic50_a / radioligand_a",
                "ic50_b / radioligand_b",
            ),
            "That draws the line through 0: no radioligand, no IC50. Without radioligand the IC50 "
            "is not 0, it is the Ki.",
        ),
        "slope-for-start": (
            "(ic50_b - ic50_a) / (radioligand_b - radioligand_a)",
            "That is how steeply the IC50 climbs, in nM per nM: it is Ki / Kd. Ki is where the "
            "line starts, at no radioligand.",
        ),
        "kd-for-ki": (
            "(ic50_a * radioligand_b - ic50_b * radioligand_a) / (ic50_b - ic50_a)",
            "{gave} nM is the Kd of the radioligand: start divided by slope. The start is the Ki.",
        ),
        "kd-taken-for-known": (
            (
                "(ic50_a / (1 + radioligand_a / 2.5) + ic50_b / (1 + radioligand_b / 2.5)) / 2",
                "ic50_a / (1 + radioligand_a / 2.5)",
                "ic50_b / (1 + radioligand_b / 2.5)",
                "ic50_a / (1 + radioligand_a / radioligand_b)",
                "ic50_b / (1 + radioligand_b / radioligand_a)",
            ),
            "You put a Kd into Cheng-Prusoff that nobody has measured here. Two assays do without: "
            "both IC50 lie on one straight line against the radioligand.",
        ),
        "radioligand-taken-off": (
            ("ic50_a - radioligand_a", "ic50_b - radioligand_b"),
            "You take {radioligand_a} nM off {ic50_a} nM. The radioligand lifts the IC50 by "
            "Ki / Kd for each nM, and the second assay tells how much that is.",
        ),
        "logs-for-values": (
            (
                "10 ** (np.log10(ic50_a) - radioligand_a * (np.log10(ic50_b) - np.log10(ic50_a)) / "
                "(radioligand_b - radioligand_a))",
                "ic50_a * radioligand_a ** (-np.log(ic50_b / ic50_a) / np.log(radioligand_b / "
                "radioligand_a))",
            ),
            "You draw the line through the logarithms. It is the IC50 itself that climbs evenly.",
        ),
        "crossed": (
            "(ic50_a * radioligand_a - ic50_b * radioligand_b) / (radioligand_a - radioligand_b)",
            "Your line goes through the wrong points: each IC50 has to meet the other assay's "
            "radioligand.",
        ),
        "added": (
            "(ic50_a * radioligand_b + ic50_b * radioligand_a) / (radioligand_b + radioligand_a)",
            "A plus where a minus belongs gives {gave} nM, which lies between the two IC50. Ki "
            "lies below both.",
        ),
    },
    also_right=(
        "ic50_a - radioligand_a * (ic50_b - ic50_a) / (radioligand_b - radioligand_a)",
        "ic50_b - radioligand_b * (ic50_a - ic50_b) / (radioligand_a - radioligand_b)",
    ),
    means="Two IC50 that disagree nine-fold can hold one Ki, and nobody had to know the Kd.",
    hint=(
        "IC50 = Ki + (Ki / Kd) x radioligand is a straight line. From 15 nM at 1 to 25 nM at 3 it "
        "climbs 5 nM for each nM. Where does it start, at 0?"
    ),
    objective=2,
)

WHICH_TIGHTER = Question(
    name="lesson02/which_tighter",
    text=(
        "Drug P: IC50 20 nM with the radioligand at a tenth of its Kd. Drug Q: IC50 60 nM with the "
        "radioligand at five times its Kd. Which is bound more tightly?"
    ),
    right=(
        "Q: its Ki is 10 nM, against 18 nM",
        "Cheng-Prusoff gives 60 / 6 = 10 nM for Q, and 20 / 1.1 = 18 nM for P.",
    ),
    wrong={
        "P: its IC50 is 20 nM, against 60 nM": (
            "ki-is-ic50",
            "Q had fifty times more radioligand, for its Kd, beside it. Take that away first: "
            "20 / 1.1 is 18, 60 / 6 is 10.",
        ),
        "Q: 60 nM is the larger constant": (
            "larger-ki-is-tighter",
            "Q is right, this reason is not: a small constant is tight. It is the Ki of Q, "
            "10 nM, that is smaller.",
        ),
        "P, and three times more tightly": (
            "ic50-is-constant",
            "That takes the IC50 for a constant of the drug. The two assays differ in "
            "radioligand / Kd, so their IC50 cannot be divided.",
        ),
    },
    objective=2,
)

# -- 3: when does the correction lie? -------------------------------------------------------------

WITHIN_THE_RULE = Prediction(
    name="lesson02/within_the_rule",
    text=(
        "A drug has a Ki of 0.1 nM. The well holds 0.3 nM of sites and 1 nM of radioligand "
        "(Kd 2.5 nM). The sites take 8 % of the radioligand; a rule of thumb allows 10 %. "
        "Which Ki does Cheng-Prusoff give from the concentrations added?"
    ),
    answer=0.216,
    unit="nM",
    low=0.02,
    high=2,
    scale="log",
    ideas={"cheng-prusoff-always": 0.1},
    because=(
        "At the IC50 half of the drug sits on sites and is not free. The rule looks at the "
        "radioligand and does not see that."
    ),
    seen=lambda receptor_nM, radioligand_nM, kd_nM, ki_nM: (
        0.27 <= receptor_nM <= 0.33 and (radioligand_nM, kd_nM, ki_nM) == (1, 2.5, 0.1)
    ),
    setting="0.3 nM of sites, 1 nM of radioligand (Kd 2.5 nM) and a Ki of 0.1 nM",
)

DRUG_USED_UP = Goal(
    "lesson02/drug-used-up",
    "Ki 0.1 nM: make Cheng-Prusoff more than 10 % wrong.",
    lambda ki_nM, error: ki_nM == 0.1 and error > 0.1,
    "A tight drug works at few molecules: a few sites take a good part of them.",
    {"radioligand_nM": 1, "kd_nM": 2.5, "ki_nM": 0.1, "receptor_nM": 0.035},
    objective=3,
    against=("larger-ki-is-tighter", "cheng-prusoff-always"),
)
RADIOLIGAND_USED_UP = Goal(
    "lesson02/radioligand-used-up",
    "Ki about 20 nM: make Cheng-Prusoff more than 10 % wrong.",
    lambda ki_nM, error: 18 <= ki_nM <= 22 and error > 0.1,
    "Here the drug is plenty; it is the radioligand that runs short.",
    {"radioligand_nM": 1, "kd_nM": 2.5, "ki_nM": 20, "receptor_nM": 0.6},
    objective=3,
)
RIGHT_FOR_BOTH = Goal(
    "lesson02/right-for-both",
    "Set a well that is right within 1 % for Ki 0.1 and for 20 nM (the page tries both).",
    lambda worst: worst < 0.01,
    "The tightest drug of a series decides how much membrane you may use.",
    {"radioligand_nM": 1, "kd_nM": 2.5, "receptor_nM": 0.0015},
    objective=3,
    against=("less-radioligand-cures-depletion",),
)

SITES_ALLOWED = Exercise(
    name="lesson02/sites_allowed",
    task="The most sites in nM that keep the drug lost at the IC50 below a tolerated share of it.",
    arguments="ic50_nM, tolerated",
    answer="2 * tolerated * ic50_nM",
    cases=[(15.7, 0.1), ([0.14, 1.54, 28.0], 0.05), (3.3, [0.02, 0.2]), (10.0, 0.1)],
    unit="nM",
    ideas={
        "all-sites-hold-drug": (
            "tolerated * ic50_nM",
            "You let every site hold drug. The radioligand takes its share of what the drug "
            "leaves; its binding is halved, so the drug has left half of the sites: twice as many "
            "are allowed.",
        ),
        "half-the-wrong-way": (
            "tolerated * ic50_nM / 2",
            "Only half of the sites take drug, so you may have twice, not half, of {tolerated} "
            "times the IC50.",
        ),
        "left-for-lost": (
            ("ic50_nM * (1 - tolerated)", "2 * ic50_nM * (1 - tolerated)"),
            "You work with what is left of the drug. The sites may hold what may be lost, "
            "{tolerated} times the IC50.",
        ),
        "share-for-concentration": (
            ("2 * tolerated + 0 * ic50_nM", "tolerated + 0 * ic50_nM"),
            "You return a share, the same for every drug. A tight drug with its low IC50 must get "
            "fewer sites.",
        ),
        "ratio-upside-down": (
            ("ic50_nM / (2 * tolerated)", "2 * ic50_nM / tolerated", "ic50_nM / tolerated"),
            "The stricter you are, the more sites you allow: {gave} nM. Tolerated belongs on top.",
        ),
    },
    also_right=("ic50_nM * tolerated / 0.5", "(ic50_nM * tolerated) * 2"),
    means="The tightest drug allows the fewest sites in the well: they shrink with the IC50.",
    hint=(
        "IC50 10 nM, tolerated 0.1: 1 nM of drug may be lost. Half of the sites hold drug. How "
        "many sites may there be?"
    ),
    objective=3,
)

LOOKS_WEAKER = Question(
    name="lesson02/looks_weaker",
    text=(
        "All wells reached equilibrium. The tightest drug of a series has twice the Ki that "
        "another laboratory found; all others agree. What do you change first?"
    ),
    right=(
        "The same membranes in ten times the volume",
        "Fewer sites per litre, as many on the filter: the drug stays free and the counts stay, "
        "as long as radioligand and drug keep their concentrations.",
    ),
    wrong={
        "The counting time: each well for longer": (
            "small-error-is-right",
            "Counting narrows the scatter round a wrong value. The drug on the sites stays there.",
        ),
        "Less radioligand, so that the drug has it easy": (
            "less-radioligand-cures-depletion",
            "The IC50 falls towards the Ki, and the sites hold as much drug as before: a larger "
            "part of it is lost.",
        ),
        "The factor: divide by more than 1 + L/Kd": (
            "cheng-prusoff-always",
            "That factor knows nothing about sites. The exact balance would do; more dilute "
            "membranes do it without mathematics.",
        ),
    },
    objective=3,
)

# -- 4: how sure is a Ki? -------------------------------------------------------------------------

COUNT_LONGER = Prediction(
    name="lesson02/count_longer",
    text=(
        "In repeats of one assay (2,000 counts in a well, 5 % of pipetting error) 95 % of the Ki "
        "lie between 16 and 24 nM. You count ten times longer. The range becomes"
    ),
    choices=("a tenth as wide", "a third as wide", "nearly as wide as before", "wider"),
    answer="nearly as wide as before",
    ideas={"counting-is-all-noise": ("a tenth as wide", "a third as wide")},
    because=(
        "Ten times the counts make the noise of the counter a third (√10). The pipette, not the "
        "counter, makes most of this scatter."
    ),
    seen=lambda counts, pipetting_percent, nonspecific_percent, replicates: (
        counts >= 18_000 and (pipetting_percent, nonspecific_percent, replicates) == (5, 20, 3)
    ),
    setting="20,000 counts, 5 % pipetting error, 20 % nonspecific and three wells",
)

NARROW = Goal(
    "lesson02/narrow",
    "With 5 % pipetting error, 20 % nonspecific: narrower than 1.4-fold.",
    lambda pipetting_percent, nonspecific_percent, replicates, fold: (
        (pipetting_percent, nonspecific_percent) == (5, 20) and replicates > 3 and fold < 1.4
    ),
    "More wells average out what differs between them; a wrong dilution they all share.",
    {"pipetting_percent": 5, "nonspecific_percent": 20, "replicates": 6},
    objective=4,
    against=("counting-is-all-noise",),
)
COUNTING_MATTERS = Goal(
    "lesson02/counting-matters",
    "Make counting, not pipetting, the limit; and the range narrower than 1.1-fold.",
    lambda counts, pipetting_percent, fold: 1e4 / counts > pipetting_percent**2 and fold < 1.1,
    "Where counts make most of the scatter, ten times as many help three-fold.",
    {"counts": 20_000, "pipetting_percent": 0},
    objective=4,
)
RUMOUR = Goal(
    "lesson02/rumour",
    "With 2,000 counts and 5 % pipetting error, make the range wider than ten-fold.",
    lambda counts, pipetting_percent, fold: (counts, pipetting_percent) == (2000, 5) and fold > 10,
    "Where nonspecific fills the well, 5 % of all is much of what is specific: a rumour, no Ki.",
    {"counts": 2_000, "pipetting_percent": 5, "nonspecific_percent": 80},
    objective=4,
)

SOMEBODYS_KD = Question(
    name="lesson02/somebodys_kd",
    text=(
        "Your Ki rests on somebody else's Kd, and published values run from 1 to 6 nM. What makes "
        "your Ki depend least on it?"
    ),
    right=(
        "A lower concentration of the radioligand",
        "Far below Kd the factor 1 + L/Kd is near 1, whatever Kd is. The price: fewer counts, and "
        "fewer sites allowed.",
    ),
    wrong={
        "More wells at each of the concentrations": (
            "small-error-is-right",
            "More wells narrow the IC50. The doubt about the Kd enters afterwards, undiminished.",
        ),
        "Longer counting of all the wells": (
            "small-error-is-right",
            "Counts have no part in it: the factor 1 + L/Kd is worked out from L and Kd.",
        ),
        "As much of a tighter one, its Kd as doubtful": (
            "tighter-ligand-is-safer",
            "At the same concentration the factor grows as Kd falls, and with it your debt to Kd.",
        ),
    },
    objective=4,
)
