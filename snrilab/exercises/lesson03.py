"""Lesson 03, uptake assays: what it asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from snrilab.exercises import Exercise, Goal, Lesson, Prediction, Question

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

LESSON = Lesson(
    name="lesson03",
    question="Does it stop the pump?",
    notebook="03_uptake_assays",
    minutes=60,
    needs=("lesson02",),
    objectives=(
        "stop an uptake assay in time, and take off what the transporter did not take up",
        "work out what more serotonin does to an IC50, and name the IC50 that it never gives",
        "plan plates for an unknown IC50, and say what their wells leave open",
    ),
)

# -- 1: when do you stop? -------------------------------------------------------------------------

TOO_LATE = Prediction(
    name="lesson03/too_late",
    text=(
        "The plan says: stop the uptake after 2 minutes. You stop after an hour, and by then the "
        "wells without drug have used up nine tenths of the serotonin. The IC50 that you read is"
    ),
    choices=("lower than after 2 minutes", "the same", "higher than after 2 minutes"),
    answer="higher than after 2 minutes",
    ideas={
        "longer-is-stronger": "lower than after 2 minutes",
        "any-time-is-equilibrium": "the same",
    },
    because=(
        "The wells without drug run dry and stop, those with drug go on and catch up. To stay at "
        "half of such a control takes more drug."
    ),
    seen=lambda stop_min, cells_percent: stop_min >= 54 and cells_percent == 100,
    setting="a stop after an hour with all of the planned cells (100 %)",
)

TWICE = Goal(
    "lesson03/twice",
    "With the planned cells (100 %), stop so late that the IC50 is 1.9 to 2.1 times that of the "
    "initial rate.",
    lambda cells_percent, fold: cells_percent == 100 and 1.9 <= fold <= 2.1,
    "The control has used up most of the serotonin and stands still; the other wells catch up.",
    {"stop_min": 42, "cells_percent": 100},
    objective=1,
    against=("longer-is-stronger", "any-time-is-equilibrium"),
)
FEWER_CELLS = Goal(
    "lesson03/fewer-cells",
    "Stop after an hour or later, with an IC50 at most 10 % too high.",
    lambda stop_min, too_high_percent: stop_min >= 60 and too_high_percent <= 10,
    "Few cells empty the well slowly. The price: little to count.",
    {"stop_min": 60, "cells_percent": 8},
    objective=1,
)
MORE_CELLS = Goal(
    "lesson03/more-cells",
    "With four times the planned cells (400 %), get an IC50 at most 5 % too high.",
    lambda cells_percent, too_high_percent: cells_percent >= 390 and too_high_percent <= 5,
    "The share of the serotonin used up decides, about a tenth here, not the minutes.",
    {"stop_min": 0.7, "cells_percent": 400},
    objective=1,
)

_SHARE = "The blank counts {blank}, and SERT took up none of it. "

PERCENT_INHIBITION = Exercise(
    name="lesson03/percent_inhibition",
    task="By how many per cent the transporter's uptake is inhibited.",
    arguments="uptake, control, blank",
    answer="100 * (control - uptake) / (control - blank)",
    cases=[
        (52.0, 115.0, 25.0),
        ([118.0, 90.0, 41.0, 24.0], 115.0, 25.0),
        ([700.0, 460.0, 205.0], 820.0, 150.0),
        (38.0, 110.0, 20.0),
    ],
    borders=[(115.0, 115.0, 25.0), (25.0, 115.0, 25.0), (60.0, 100.0, 0.0)],
    unit="%",
    ideas={
        "ignored-nonspecific": (
            "100 * (1 - uptake / control)",
            "You compare with all that is counted in the control. " + _SHARE + "No drug can take "
            "that away, so your inhibition never reaches 100 %.",
        ),
        "free-instead-of-occupied": (
            (
                "100 * (uptake - blank) / (control - blank)",
                "100 * uptake / control",
                "100 * (uptake - blank) / control",
                "(uptake - blank) / (control - blank)",
                "uptake / control",
            ),
            "You give what is left of the uptake. Asked is what the drug has taken away, in per "
            "cent.",
        ),
        "blank-off-one-side": (
            "100 * (1 - (uptake - blank) / control)",
            "By your line a well without drug is inhibited already, by the blank's share. Control "
            "and well both hold the blank: it comes off both.",
        ),
        "blank-off-other-side": (
            (
                "100 * (1 - uptake / (control - blank))",
                "100 * (control - uptake - blank) / control",
            ),
            "By your line a well without drug shows less than no inhibition. Control and well both "
            "hold the blank: it comes off both, and leaves their difference as it was.",
        ),
        "counts-off-percent": (
            "100 * (1 - uptake / control) - blank",
            "You take the blank, {blank} counts, off per cent. Take it off the counts, before you "
            "divide. Or are brackets missing round control - blank?",
        ),
        "blank-added": (
            (
                "100 * (control - uptake) / (control + blank)",
                "100 * (1 - uptake / (control + blank))",
            ),
            "You add the blank. It is in every count already, and has to come off.",
        ),
        "blank-is-the-whole": (
            (
                "100 * (control - uptake) / blank",
                "100 * (uptake - blank) / uptake",
                "100 * blank / uptake",
                "100 * blank / control",
                "100 * (uptake - blank) / (control - uptake)",
                "100 * (1 - uptake / blank)",
                "100 * (control - uptake) / uptake",
                "100 * (control - uptake) / (uptake - blank)",
            ),
            "You measure against another whole than the control's. 100 % is what SERT takes up "
            "without drug: the control without its blank.",
        ),
        "cut-off-at-zero": (
            (
                "np.clip(100 * (control - uptake) / (control - blank), 0, 100)",
                "np.maximum(0, 100 * (control - uptake) / (control - blank))",
                "np.minimum(100, 100 * (control - uptake) / (control - blank))",
            ),
            "Right until a well lies beyond the control or the blank: you cut it off. Such wells "
            "are honest scatter; cut off on one side, the mean is pulled to the other.",
        ),
        "missing-brackets": (
            (
                "100 * (1 - uptake - blank / control - blank)",
                "100 * (1 - (uptake - blank / control - blank))",
                "100 * (1 - (uptake - blank) / control - blank)",
                "100 * (1 - uptake - blank / (control - blank))",
                "100 * (1 - uptake - blank) / (control - blank)",
                "100 * (control - uptake / control - blank)",
                "100 * control - uptake / control - blank",
                "100 * control - uptake / (control - blank)",
                "100 * ((control - uptake) / control - blank)",
            ),
            "Python divides before it subtracts: / takes only the two that stand beside it. What "
            "is to be subtracted first needs brackets, above the line and below it.",
        ),
    },
    also_right=(
        "100 * (1 - (uptake - blank) / (control - blank))",
        "100 - 100 * (uptake - blank) / (control - blank)",
        "(uptake - control) / (blank - control) * 100",
    ),
    means="100 % now means that SERT stands still, whatever else the wells hold.",
    hint=(
        "110 counts without drug, 20 of them not by SERT: SERT's whole is 90. With drug 38 are "
        "counted. How much of the 90 is gone?"
    ),
    objective=1,
)

LEVELS_OFF = Question(
    name="lesson03/levels_off",
    text=(
        "A colleague forgot the blank wells. Her inhibition levels off at 80 %, at ever more drug. "
        "What is the likeliest reason?"
    ),
    right=(
        "A fifth of the control's counts is not by SERT",
        "As in your plate: with the blank taken off, the same wells come close to 100 %. (A drug "
        "that falls out of solution, or blocks only in part, would level off too: blanks tell.)",
    ),
    wrong={
        "Her drug has a potency too low to reach 100 %": (
            "potency-is-efficacy",
            "Potency says where the curve lies, not how high it goes. A weak drug gets there too, "
            "only further to the right.",
        ),
        "The highest concentration is still too low": (
            "dose-cures-plateau",
            "It has levelled off: more drug no longer changes anything. What is left is not SERT's "
            "to take up.",
        ),
        "Serotonin keeps a fifth of the pumps from it": (
            "competitor-lowers-maximum",
            "Against a competitor enough drug always wins. Serotonin moves the curve to the right; "
            "its end stays where it is.",
        ),
    },
    objective=1,
)

# -- 2: how much substrate? -----------------------------------------------------------------------

MORE_SUBSTRATE = Prediction(
    name="lesson03/more_substrate",
    text=(
        "Laboratory A offers 50 nM of serotonin, laboratory B 500 nM. Serotonin's Km at SERT is "
        "463 nM. Both test the same competitive drug at the initial rate. How many times larger is "
        "the IC50 in B?"
    ),
    answer=1.88,
    unit="times",
    low=0.1,
    high=100,
    scale="log",
    ideas={
        "ic50-is-constant": 1.0,
        "proportional-ic50": 10.0,
        "antagonist-raises-potency": (0.1, 0.9),
    },
    because=(
        "In A serotonin keeps a tenth of the pumps busy and lifts the IC50 to 1.11 times the Ki; "
        "in B it keeps half of them busy and lifts it to 2.08 times: hardly twice as much."
    ),
    seen=lambda substrate_nM, km_nM: substrate_nM >= 450 and km_nM == 463,
    setting="500 nM of serotonin and a Km of 463 nM",
)

DOUBLE_KI = Goal(
    "lesson03/double-ki",
    "With the Km of 463 nM, make the IC50 1.93 to 2.07 times the Ki.",
    lambda km_nM, ratio: km_nM == 463 and 1.93 <= ratio <= 2.07,
    "At its Km the substrate keeps half of the pumps busy before the drug comes.",
    {"substrate_nM": 463, "km_nM": 463},
    objective=2,
)
SAME_SUBSTRATE = Goal(
    "lesson03/same-substrate",
    "Offer 400 nM or more, and bring the IC50 within 10 % of the Ki.",
    lambda substrate_nM, ratio: substrate_nM >= 400 and ratio <= 1.1,
    "This substrate keeps few pumps of a large Km busy. It is [S]/Km that counts.",
    {"substrate_nM": 430, "km_nM": 5000},
    objective=2,
)
BELOW_KI = Goal(
    "lesson03/below-ki",
    "Try to bring the IC50 below the Ki.",
    lambda ratio: ratio <= 1.01,
    "Without any substrate the IC50 is the Ki. Substrate can only raise it: the Ki is a floor.",
    {"substrate_nM": 1, "km_nM": 5000},
    possible=False,
    objective=2,
    against=("antagonist-raises-potency",),
)

SUBSTRATE_NEEDED = Exercise(
    name="lesson03/substrate_needed",
    task="The substrate in nM at which a competing drug with this Ki has this IC50.",
    arguments="ic50_nM, ki_nM, km_nM",
    answer="km_nM * (ic50_nM / ki_nM - 1)",
    cases=[
        (36.0, 8.0, 463.0),
        ([21.0, 45.0, 90.0], 11.0, 400.0),
        (5.0, 40.0, 310.0),
        (30.0, 12.0, 400.0),
    ],
    borders=[(12.0, 12.0, 400.0)],
    unit="nM",
    ideas={
        "forgot-one": (
            "km_nM * ic50_nM / ki_nM",
            "You need {gave} nM, and substrate even where the IC50 equals the Ki. Without "
            "substrate IC50 / Ki is 1, not 0.",
        ),
        "impossible-hidden": (
            (
                "np.maximum(0, km_nM * (ic50_nM / ki_nM - 1))",
                "np.abs(km_nM * (ic50_nM / ki_nM - 1))",
                "np.where(ic50_nM < ki_nM, np.nan, km_nM * (ic50_nM / ki_nM - 1))",
            ),
            "You turn {expected} nM into {gave}. Less than no substrate says that none explains "
            "this pair: let it show.",
        ),
        "proportional-ic50": (
            "km_nM * ic50_nM / (2 * ki_nM)",
            "You go up in proportion from [S] = Km, where the IC50 is 2 Ki: {gave} nM. Of the 2 "
            "one is there without substrate: only IC50 / Ki - 1 is in proportion to [S].",
        ),
        "ratio-upside-down": (
            ("km_nM * (ki_nM / ic50_nM - 1)", "km_nM * ki_nM / ic50_nM"),
            "You have Ki / IC50. In the equation it is IC50 / Ki that grows with the substrate.",
        ),
        "share-for-ratio": (
            "km_nM * (1 - ki_nM / ic50_nM)",
            "1 - Ki / IC50 is [S] / ([S] + Km), the share of the pumps that substrate keeps busy. "
            "The equation has [S] / Km.",
        ),
        "ratio-for-concentration": (
            "ic50_nM / ki_nM - 1",
            "That is [S] / Km, a number without unit. How many nM is it, with a Km of {km_nM} nM?",
        ),
        "constants-swapped": (
            "ki_nM * (ic50_nM / km_nM - 1)",
            "Ki and Km stand in each other's place. The IC50 is that of the drug: compare it with "
            "the drug's Ki.",
        ),
        "difference": (
            ("ic50_nM - ki_nM", "km_nM * (ic50_nM - ki_nM)", "(ic50_nM - ki_nM) / km_nM"),
            "You work with the difference of IC50 and Ki. It is their ratio that the equation ties "
            "to [S] / Km: ten nM are much for a Ki of 1, little for one of 100.",
        ),
        "curve-forwards": (
            (
                "ki_nM * (1 + ic50_nM / km_nM)",
                "ic50_nM * (1 + ki_nM / km_nM)",
                "ic50_nM / (1 + ki_nM / km_nM)",
            ),
            "You use the equation forwards, with a drug where the substrate belongs. The IC50 is "
            "known; [S] is not.",
        ),
        "logarithm-for-share": (
            ("km_nM * np.log2(ic50_nM / ki_nM)", "km_nM * np.log(ic50_nM / ki_nM)"),
            "You take a logarithm, as if each Km of substrate multiplied the IC50. It adds one Ki "
            "each time: 2, 3, 4 times Ki, a straight line.",
        ),
        "km-upside-down": (
            ("(ic50_nM / ki_nM - 1) / km_nM", "km_nM / (ic50_nM / ki_nM - 1)"),
            "A pump with twice the Km needs twice the substrate for the same IC50 / Ki; and the "
            "higher the IC50, the more. One of the two runs the other way in your formula.",
        ),
    },
    also_right=(
        "km_nM * (ic50_nM - ki_nM) / ki_nM",
        "km_nM * ic50_nM / ki_nM - km_nM",
        "(ic50_nM - ki_nM) / (ki_nM / km_nM)",
    ),
    means="What nobody printed can be asked back from an IC50 and a Ki, if the drug competes.",
    hint=(
        "IC50 = Ki (1 + [S] / Km). Divide by Ki; take 1 off. 30 nM with a Ki of 12 nM is 2.5 "
        "times. How many Km of substrate is that?"
    ),
    objective=2,
)

NO_SUCH_IC50 = Question(
    name="lesson03/no_such_ic50",
    text="A competitive drug has a Ki of 20 nM. Which IC50 can no substrate concentration give?",
    right=(
        "15 nM",
        "It lies below the floor. Substrate can only lift the IC50 above the Ki.",
    ),
    wrong={
        "21 nM": (
            "floor-excluded",
            "A little substrate gives this: a twentieth of the Km.",
        ),
        "40 nM": (
            "ki-is-ic50",
            "Substrate at its Km gives this. The IC50 is the Ki only where there is hardly any.",
        ),
        "200 nM": (
            "ic50-is-constant",
            "Nine Km of substrate give ten times the Ki. Upwards there is no limit.",
        ),
    },
    objective=2,
)

# -- 3: which wells? ------------------------------------------------------------------------------

WHICH_PLAN = Prediction(
    name="lesson03/which_plan",
    text=(
        "The IC50 of a new drug may be anywhere from 0.5 to 2,000 nM. Blanks and controls "
        "counted, there are 25 to 30 wells. Which plan most often gives a 95 % interval that is "
        "at most 1.6-fold wide and holds the truth?"
    ),
    choices=(
        "eight concentrations from 125 to 1,000 nM, in equal steps",
        "eight from 10 to 100 nM, each the same factor above the last",
        "eight from 0.1 to 10,000 nM, each the same factor above the last",
        "five from 0.1 to 10,000 nM first; four near the result next",
    ),
    answer="five from 0.1 to 10,000 nM first; four near the result next",
    ideas={
        "equal-steps": "eight concentrations from 125 to 1,000 nM, in equal steps",
        "ic50-without-plateaus": "eight from 10 to 100 nM, each the same factor above the last",
        "one-shot": "eight from 0.1 to 10,000 nM, each the same factor above the last",
    },
    because=(
        "In 600 simulated drugs the two plates succeed in six of seven, each plan on one plate in "
        "about half. The first wells only have to say where to put the others."
    ),
)

_WIDE = {"highest_nM": 10_000, "dilution": 18, "count": 5, "wells": 1, "measure": True}


def _around(ic50_nM: float) -> dict[str, float]:
    """Return a plate from a third of the IC50 to three times it."""
    highest_nM = float(f"{3 * ic50_nM:.3g}")
    return {"highest_nM": highest_nM, "dilution": 2.1, "count": 4, "wells": 3, "measure": True}


def _found(times: float) -> Callable[[Mapping[str, float]], float]:
    """Answer with so many times the IC50 that the wells gave."""
    return lambda told: float(f"{times * told['ic50_nM']:.3g}")


PINNED = Goal(
    "lesson03/pinned",
    "Before you answer: an interval at most 1.6-fold wide.",
    lambda fold: fold <= 1.6,
    "Wells tell most where the curve is steep: on both sides of the IC50.",
    lambda truth: [_WIDE, _around(truth["ic50_nM"])],
    objective=3,
    against=("equal-steps", "one-shot"),
)
HELD = Goal(
    "lesson03/held",
    "Answer with a range at most threefold wide that holds the truth.",
    lambda held, width: held and width <= 3,
    "A range is a promise: narrow enough to be of use, wide enough to be kept.",
    lambda truth: [
        _WIDE,
        _around(truth["ic50_nM"]),
        {"answer": _found(1), "low": _found(1 / 1.6), "high": _found(1.6)},
    ],
    objective=3,
)
OPEN_END = Goal(
    "lesson03/open-end",
    "On purpose, with 18 wells or more: held, at most threefold wide; fitted, no upper limit.",
    lambda free, open_above, fold_held, left: (
        free and open_above and fold_held <= 3 and left <= 25 - 18
    ),
    "What you held closed the interval. If no well shows where the curve ends, the half may lie "
    "anywhere above.",
    lambda truth: [
        {**_around(0.7 / 3 * truth["ic50_nM"]), "dilution": 2, "count": 6},
        {"free": True},
    ],
    objective=3,
)

ONE_IC50 = Exercise(
    name="lesson03/one_ic50",
    task="One IC50 in nM for the IC50s of repeated experiments.",
    arguments="ic50s_nM",
    answer="10 ** np.mean(np.log10(ic50s_nM))",
    cases=[
        ([10.0, 40.0, 250.0],),
        ([31.0, 12.0, 55.0, 19.0],),
        ([0.4, 2.2, 0.7],),
        ([10.0, 25.0, 256.0],),
        ([6.0, 310.0, 22.0, 47.0, 9.0],),
        ([90.0, 14.0],),
    ],
    borders=[([40.0],)],
    unit="nM",
    ideas={
        "arithmetic-mean": (
            "np.mean(ic50s_nM)",
            "You add the nM: {gave} nM. One day that reads tenfold too high then weighs far more "
            "than one that reads tenfold too low.",
        ),
        "mean-of-potencies": (
            "len(ic50s_nM) / np.sum(1 / ic50s_nM)",
            "You average 1 / IC50: {gave} nM. Now the lowest days weigh most; factors up and down "
            "do not cancel.",
        ),
        "middle-only": (
            (
                "np.median(ic50s_nM)",
                "np.sort(ic50s_nM)[len(ic50s_nM) // 2]",
                "np.sort(ic50s_nM)[(len(ic50s_nM) - 1) // 2]",
            ),
            "You take the middle, {gave} nM. How far the other days lie off no longer counts.",
        ),
        "ends-left-out": (
            (
                "inner = np.sort(ic50s_nM)[1:-1] if len(ic50s_nM) > 2 else ic50s_nM\n"
                "return np.mean(inner)",
                "inner = np.sort(ic50s_nM)[1:-1] if len(ic50s_nM) > 2 else ic50s_nM\n"
                "return 10 ** np.mean(np.log10(inner))",
                "inner = np.sort(ic50s_nM)[1:-1]\nreturn np.mean(inner) if len(inner) else np.nan",
                "inner = np.sort(ic50s_nM)[1:-1]\n"
                "return 10 ** np.mean(np.log10(inner)) if len(inner) else np.nan",
            ),
            "You leave out the lowest and the highest day. Nothing is known against them: use all "
            "days, on a scale where twice too much and half as much cancel.",
        ),
        "ends-only": (
            (
                "np.sqrt(np.min(ic50s_nM) * np.max(ic50s_nM))",
                "(np.min(ic50s_nM) + np.max(ic50s_nM)) / 2",
                "(np.max(ic50s_nM) - np.min(ic50s_nM)) / 2",
                "np.sqrt(ic50s_nM[0] * ic50s_nM[-1])",
            ),
            "You use two of the days alone. The others have been measured as well.",
        ),
        "best-run-counts": (
            ("np.min(ic50s_nM)", "np.max(ic50s_nM)", "ic50s_nM[0]", "ic50s_nM[-1]"),
            "One day alone is left, {gave} nM. The others are as good: use them all.",
        ),
        "root-for-two": (
            "np.sqrt(np.prod(ic50s_nM))",
            "The square root belongs to two days. Of a product of n numbers take the n-th root.",
        ),
        "product-for-mean": (
            ("np.prod(ic50s_nM)", "np.sum(np.log10(ic50s_nM))", "np.sum(np.log(ic50s_nM))"),
            "You multiply the days, or add their logarithms, and stop there: {gave}. Share it "
            "among the days: the n-th root, or the sum divided by n.",
        ),
        "wrong-logarithm": (
            (
                "10 ** np.mean(np.log(ic50s_nM))",
                "np.exp(np.mean(np.log10(ic50s_nM)))",
                "10 ** np.mean(np.log2(ic50s_nM))",
                "2 ** np.mean(np.log10(ic50s_nM))",
                "2 ** np.mean(np.log(ic50s_nM))",
                "np.exp(np.mean(np.log2(ic50s_nM)))",
            ),
            "You go there with one logarithm and come back with another. np.log10 is undone by "
            "10**x, np.log by np.exp(x), np.log2 by 2**x.",
        ),
        "minus-lost": (
            (
                "10 ** -np.mean(np.log10(ic50s_nM))",
                "10 ** np.mean(9 - np.log10(ic50s_nM))",
            ),
            "You average logarithms with a minus before them, such as pIC50, and come back without "
            "it: {gave}. The minus has to be undone as well: 10**(-mean), or 10**(9 - pIC50).",
        ),
        "returned-log": (
            (
                "np.mean(np.log10(ic50s_nM))",
                "np.mean(np.log(ic50s_nM))",
                "9 - np.mean(np.log10(ic50s_nM))",
            ),
            "The mean of logarithms is right, and {gave} is still a logarithm. Asked are nM: go "
            "back.",
        ),
        "log-of-mean": (
            ("np.log10(np.mean(ic50s_nM))", "np.log(np.mean(ic50s_nM))"),
            "You average the nM first and take the logarithm of that. Take the logarithms first.",
        ),
    },
    also_right=(
        "np.exp(np.mean(np.log(ic50s_nM)))",
        "np.prod(ic50s_nM) ** (1 / len(ic50s_nM))",
        "10 ** (9 - np.mean(9 - np.log10(ic50s_nM)))",
    ),
    means="It is the same whether days are kept as IC50, as 1/IC50 or as pIC50.",
    hint=(
        "log10 turns equal factors into equal steps: 10 is 1, 100 is 2. Average there, and come "
        "back with 10**..."
    ),
    objective=3,
)

ONLY_THIRD = Question(
    name="lesson03/only_third",
    text=(
        "Your highest concentration, 100 nM, inhibits by 35 %. With bottom and slope held fixed "
        "the fit says 186 nM, 95 % interval 135 to 285 nM. Where, by the wells alone, is "
        "half of SERT's uptake left?"
    ),
    right=(
        "Above 100 nM; anything closer is assumed",
        "No well shows the second half of the curve. Where it lies then comes from the bottom and "
        "the slope that you put in.",
    ),
    wrong={
        "Between 135 and 285 nM, at 186 at best": (
            "small-error-is-right",
            "That interval is closed because bottom and slope were held. Let the fit find them "
            "too, and the upper end opens, as with the unknown above.",
        ),
        "At 143 nM, in proportion to the 35 %": (
            "proportional-occupancy",
            "Inhibition is no straight line: each step up to half takes more drug than the last. "
            "With the usual slope 35 % at 100 nM means half at 186.",
        ),
        "Nowhere: 35 % at most is no inhibitor": (
            "not-half-is-none",
            "35 % with little scatter is an effect. The wells ended before the curve did.",
        ),
    },
    objective=3,
)
