"""Lesson 08, occupancy: what it asks."""

from snrilab.exercises import Exercise, Goal, Lesson, Prediction, Question

LESSON = Lesson(
    name="lesson08",
    question="Does it reach the transporter?",
    notebook="08_occupancy",
    minutes=60,
    assignment="ps5_dosing_occupancy",
    needs=("lesson04", "lesson05", "lesson06"),
    objectives=(
        "compare what three kinds of constants say of one dose with what scans found",
        "work out the dose for a wanted occupancy, and say what a ceiling does to it",
        "test rival models on scans that they were not fitted to",
        "choose the scan that tells two models apart",
    ),
)

# -- 1: three constants, one day ------------------------------------------------------------------

AT_100_MG = Prediction(
    name="lesson08/at_100_mg",
    text=(
        "Half of a dose of milnacipran is levomilnacipran, half its mirror form. 100 mg a day keep "
        "322 nM of the two unbound in plasma, on average. Levomilnacipran's Ki at SERT is 11.2 nM. "
        "Which share of SERT did a scan of patients on 100 mg find held?"
    ),
    answer=38.6,
    unit="%",
    low=0,
    high=100,
    ideas={"ki-in-vivo": (90.0, 100.0)},
    because=(
        "If only half of that counts, 161 nM, the Ki promises 93 %. The brain of a patient is no "
        "dish: what a scan finds there need not follow from what a dish and plasma say."
    ),
    seen=lambda drug, dose_mg: drug == "milnacipran" and 95 <= dose_mg <= 105,
    setting="milnacipran at 100 mg a day",
    measured="in patients (Nogami 2013)",
)

BY_UPTAKE = Goal(
    "lesson08/by-uptake",
    "Levomilnacipran, uptake IC50: hold 80 % of NET at the lowest hour, with 16 mg at most.",
    lambda drug, constant, dose_mg, net_low: (
        drug == "levomilnacipran" and constant == "uptake IC50" and dose_mg <= 16 and net_low >= 80
    ),
    "By this constant less than the 20 mg of the first two days is enough, and NET is ahead.",
    {"drug": "levomilnacipran", "constant": "uptake IC50", "dose_mg": 14.5},
    objective=1,
)
BY_KI = Goal(
    "lesson08/by-ki",
    "The same by the Ki, with no more mg than it takes (80 or 81 %).",
    lambda drug, constant, net_low: (
        drug == "levomilnacipran" and constant == "binding Ki" and 80 <= net_low <= 81
    ),
    "Nearly nine times the dose, close to the highest on the label, 120 mg; and SERT is ahead.",
    {"drug": "levomilnacipran", "constant": "binding Ki", "dose_mg": 120},
    objective=1,
    against=("equal-steps-equal-block",),
)
BY_SCANS = Goal(
    "lesson08/by-scans",
    "The same carried over from milnacipran's scans, with a dose on the label (120 mg at most).",
    lambda drug, constant, dose_mg: (
        drug == "levomilnacipran" and constant == "from scans" and 110 <= dose_mg <= 120
    ),
    "Even 120 mg leave it at 47 or 63 %: the curve would ask for 277 to 550 mg, far above the "
    "label. And no scan of levomilnacipran tells whether it may be carried over.",
    {"drug": "levomilnacipran", "constant": "from scans", "dose_mg": 114},
    possible=False,
    objective=1,
    against=("ki-in-vivo",),
)

CONSTANT_FROM_SCAN = Exercise(
    name="lesson08/constant_from_scan",
    task="The level at which half of all sites would be held.",
    arguments="level, held",
    answer="level * (1 - held) / held",
    cases=[
        (322.0, 0.386),
        ([161.0, 483.0, 644.0], [0.33, 0.6, 0.615]),
        (3.6, 0.818),
        (60.0, 0.75),
        (100.0, [0.2, 0.9]),
    ],
    unit="as the level",
    ideas={
        "ratio-upside-down": (
            "level * held / (1 - held)",
            "{gave} is turned over: by it, a transporter that holds more at the same level would "
            "need more drug for a half.",
        ),
        "proportional-occupancy": (
            ("level / (2 * held)", "level / held"),
            "You scale level and share in proportion, to {gave}. The curve bends: where {held} are "
            "held, count the sites that are held for each free one.",
        ),
        "multiplied": (
            "level * held",
            "You multiply by the share held, {gave}. But where more is held at one level, less "
            "is enough for a half: the constant falls.",
        ),
        "free-instead-of-occupied": (
            "level * (1 - held)",
            "You take the free share of the level. A share of sites says nothing of how much of "
            "the drug is free; compare free sites with held ones.",
        ),
        "share-forgotten": (
            ("level + 0 * held", "level / 2 + 0 * held"),
            "You give {gave} whatever the scan found. The same level with nine in ten held means "
            "another constant than with two in ten.",
        ),
        "share-for-concentration": (
            ("(1 - held) / held + 0 * level", "held / (1 - held) + 0 * level"),
            "{gave} is a number of sites for each other one. Which level belongs to it?",
        ),
        "straight-line": (
            (
                "level * (1.5 - held)",
                "level * 2 * (1 - held)",
                "np.exp(np.log(level) * 0.5 / held)",
                "level + (0.5 - held) * level / (held * (1 - held))",
            ),
            "Your line gives the right constant where half are held, and no other. The curve is no "
            "line: put your constant back into it.",
        ),
        "exponential-for-hyperbola": (
            ("-level * np.log(2) / np.log(1 - held)", "-level / np.log(1 - held)"),
            "You let sites fill by an exponential. A drug that comes and goes fills them by "
            "level / (level + constant): held to free sites is as level to constant.",
        ),
        "curve-forwards": (
            "level / (level + held)",
            "You use the curve forwards, with {held} for its constant. Asked is the constant: "
            "solve the curve for it.",
        ),
        "half-of-now": (
            "level * (1 - held) / (2 - held)",
            "Yours holds half of what is held now. Asked is half of all sites.",
        ),
    },
    also_right=(
        "level / held - level",
        "level * (1 / held - 1)",
        "level / (held / (1 - held))",
    ),
    means="Each scan has its say in the unit of the dish, so it can be laid beside Ki and IC50.",
    hint=(
        "0.75 held: three for each free one. At half it would be one for each free one, so a third "
        "of the level."
    ),
    objective=1,
)

MAINLY_NET = Question(
    name="lesson08/mainly_net",
    text="“40 mg of levomilnacipran a day block mainly NET.” What can you sign?",
    right=(
        "Not shown: the constants disagree, and no scan is known",
        "Uptake puts NET ahead, the Ki SERT, milnacipran's scans neither by much. The table of "
        "this course holds no scan of a human on levomilnacipran. (Effects at both pumps were "
        "seen at 40 mg, outside the brain.)",
    ),
    wrong={
        "True: uptake is the pump at work, and its IC50 puts NET ahead": (
            "in-vitro-is-in-vivo",
            "It is the pump at work in cells in a dish. By uptake milnacipran, too, is stronger at "
            "NET (2.2-fold), and its scans found about equal shares of both.",
        ),
        "False: the Ki is the affinity itself, and it puts SERT ahead": (
            "ki-in-vivo",
            "The same Ki promises 93 % of SERT where a scan of the mixture found 39 %. It is no "
            "better guide to the brain for being an affinity.",
        ),
        "True, and every further 40 mg block as much of NET again": (
            "equal-steps-equal-block",
            "By uptake the first 40 mg hold 96 % of NET on average, and the next 40 mg add 2 "
            "points. Each step of your dose slider adds less than the last.",
        ),
    },
    objective=1,
)

# -- 2: which dose holds 80 %? --------------------------------------------------------------------

DOSE_FOR_80 = Prediction(
    name="lesson08/dose_for_80",
    text=(
        "Escitalopram, scans (means of 5 or 6 healthy people): 60, 64 and 75 % of SERT held 6 h "
        "after one tablet of 5, 10, 20 mg; 81.5 and 63.3 %, 6 and 54 h after the last of ten daily "
        "10 mg. By the best curve that ends at 100 %: which daily dose holds 80 % until the next "
        "tablet?"
    ),
    answer=11.8,
    unit="mg a day",
    low=2,
    high=200,
    scale="log",
    ideas={"first-day-for-steady-state": 27.0, "each-step-takes-a-share": 8.8},
    because=(
        "Its EC50 is 2.6 ng/mL (the 2.8 of lesson 05 misses by hardly more). Must a curve end at "
        "100 %? Try what other ends do to the dose."
    ),
    seen=lambda rms, ceiling_percent: rms <= 5.2 and ceiling_percent == 100,
    setting="a ceiling of 100 % and the EC50 that misses the scans least",
)

LOW_DOSE = Goal(
    "lesson08/low-dose",
    "Miss the scans by 4.2 points or less (rms), with 14 mg or less for 80 %.",
    lambda rms, dose_mg: rms <= 4.2 and 0 < dose_mg <= 14,
    "A high ceiling does it: the dose is an ordinary one.",
    {"ec50_ng_per_mL": 2.13, "ceiling_percent": 94},
    objective=2,
)
NO_DOSE = Goal(
    "lesson08/no-dose",
    "Again 4.2 points or less, but so that no dose holds 80 %.",
    lambda rms, dose_mg: rms <= 4.2 and dose_mg == 0,
    "The same scans, hardly a worse fit, and the question has no answer. So do not ask a fit how "
    "far it goes where nobody scanned.",
    {"ec50_ng_per_mL": 1, "ceiling_percent": 80},
    objective=2,
)

DOSE_FOR_SHARE = Exercise(
    name="lesson08/dose_for_share",
    task="The daily dose in mg that holds a share of the transporter.",
    arguments="share, ec50, ceiling, level_per_mg",
    answer="ec50 * share / (ceiling - share) / level_per_mg",
    cases=[
        (0.8, 2.64, 1.0, 0.895),
        (0.8, 1.5, 0.86, 0.895),
        ([0.3, 0.5, 0.7], 3.7, 0.9, 0.22),
        (0.6, 3.0, [0.8, 1.0], [1.5, 0.6]),
        (0.5, [56.0, 112.0], 0.95, 0.996),
    ],
    unit="mg",
    ideas={
        "maximum-ignored": (
            "ec50 * share / (1 - share) / level_per_mg",
            "You use a curve that climbs to 1. With a ceiling of {ceiling} the share {share} is "
            "nearer to the top, and takes {expected} mg instead of {gave}.",
        ),
        "correction-wrong-way": (
            (
                "ec50 * share * ceiling / (1 - share * ceiling) / level_per_mg",
                "ec50 * share / (1 - share) * ceiling / level_per_mg",
            ),
            "By yours a low ceiling would save drug. Which part of the ceiling is {share}?",
        ),
        "difference": (
            (
                "ec50 * (share + 1 - ceiling) / (ceiling - share) / level_per_mg",
                "ec50 * (share + ceiling - 1) / (2 - ceiling - share) / level_per_mg",
                "ec50 * (share + (1 - ceiling) / 2) / (1 - share - (1 - ceiling) / 2) / "
                "level_per_mg",
            ),
            "You move the share by what the ceiling leaves out. But a ceiling squeezes the whole "
            "curve: which part of the ceiling is {share}?",
        ),
        "exponential-for-hyperbola": (
            (
                "-np.log2(1 - share / ceiling) * ec50 / level_per_mg",
                "-np.log(1 - share / ceiling) * ec50 / level_per_mg",
            ),
            "You let sites fill by an exponential. The curve of this page is another: held = "
            "ceiling × C / (C + EC50).",
        ),
        "curve-forwards": (
            (
                "ceiling * share * level_per_mg / (share * level_per_mg + ec50)",
                "ceiling * share / (share + ec50) / level_per_mg",
            ),
            "You use the curve forwards, from a level to a share. {share} is the share: solve the "
            "curve for the level.",
        ),
        "straight-line": (
            "ec50 * share / (1 - share) / level_per_mg / ceiling",
            "You make up for the ceiling in proportion. Near the top the curve is flat, and a "
            "little share more takes much more drug.",
        ),
        "proportional-occupancy": (
            (
                "2 * share / ceiling * ec50 / level_per_mg",
                "2 * share * ec50 / level_per_mg",
            ),
            "You go in proportion: at EC50 a half, so at twice the EC50 all. But twice the EC50 "
            "holds two thirds of the ceiling.",
        ),
        "ec50-is-full": (
            ("share / ceiling * ec50 / level_per_mg", "share * ec50 / level_per_mg"),
            "You take EC50 for the level that holds all. It holds half of the ceiling.",
        ),
        "ratio-upside-down": (
            "ec50 * (ceiling - share) / share / level_per_mg",
            "Turned over: your dose falls as more is wanted.",
        ),
        "multiplied": (
            "ec50 * share / (ceiling - share) * level_per_mg",
            "You multiply by the level of one mg. The more level each mg gives, the fewer mg.",
        ),
        "share-forgotten": (
            ("ec50 / (ceiling - share) / level_per_mg", "ec50 / level_per_mg + 0 * share"),
            "What is held counts twice: it is there, and it is no longer free. Yours has {gave} "
            "for {expected} mg.",
        ),
    },
    also_right=(
        "ec50 / (ceiling / share - 1) / level_per_mg",
        "part = share / ceiling\nreturn ec50 * part / (1 - part) / level_per_mg",
        "(ec50 / level_per_mg) * share / (ceiling - share)",
    ),
    means="A ceiling matters little at half, and much near itself: there a dose is a guess.",
    hint=(
        "0.6 of a ceiling of 0.8 is three quarters: three parts held, one missing. That takes "
        "three times the EC50, 9 ng/mL; one mg gives 1.5."
    ),
    objective=2,
)

WHAT_IS_86 = Question(
    name="lesson08/what_is_86",
    text="The free fit ends at 86 %. What does this ceiling tell?",
    right=(
        "It may be scatter, or once against ten days",
        "Equally weighted it gains no more than chance (P = 0.12). Weighted by people's scatter, "
        "P = 0.0004 if that scatter is all the error, and 0.11 with the misses that the fit "
        "itself still shows. And the levels are those of a model. By the first fit "
        "escitalopram's 10 mg hold 76 to 80 %, as the least doses that help do; by the second less "
        "than 76. That is no reason to choose: 76 is no law.",
    ),
    wrong={
        "14 % of SERT in a brain resist the drug": (
            "ceiling-is-fact",
            "A fitted end is a property of a fit. From 71 to 100 % is its interval, and whether "
            "the sites or the scanner's background end it, no such fit can say.",
        ),
        "86 % is what the highest dose held: more holds more": (
            "proportional-occupancy",
            "The highest scan found 81.5 %. 86 % is the end of the curve: by this fit no dose "
            "holds more.",
        ),
        "86 % of the drug are unbound, so only they can hold": (
            "percent-free-is-effect",
            "Of escitalopram 44 % are unbound. How much of a drug is free and how many sites it "
            "holds are shares of two things: protein changes the dose that is needed, not the end.",
        ),
    },
    objective=2,
)

# -- 3: does it lag? ------------------------------------------------------------------------------

AT_53_H = Prediction(
    name="lesson08/at_53_h",
    text=(
        "Duloxetine, one dose of 60 mg, healthy people: 81.8 % of SERT held after 6 h, 71.9 % "
        "after 25 h. The level in plasma halves in about 12 h. What did the scan find after 53 h?"
    ),
    answer=44.9,
    unit="%",
    low=0,
    high=100,
    ideas={"fit-is-proof": (22.0, 36.3), "proportional-occupancy": (13.0, 17.0)},
    because=(
        "The curve that did for escitalopram says 23 % from the first scan, 34 from the second: "
        "too low. Something here falls more slowly than the plasma of the textbook."
    ),
    seen=lambda scans: scans != "6 and 25 h",
    setting="the third scan shown",
    measured="in scans (Takano 2006)",
)

WITH_DELAY = Goal(
    "lesson08/with-delay",
    "Plasma half-life 12 h, EC50 3.7: miss the three scans of one dose by 3 points or less.",
    lambda half_life_h, ec50_ng_per_mL, scans, rms: (
        half_life_h == 12 and ec50_ng_per_mL == 3.7 and scans == "one dose" and rms <= 3
    ),
    "Slow binding does it, with a half-life of about 7 h on SERT. Is it the reason, then?",
    {
        "half_life_h": 12,
        "ec50_ng_per_mL": 3.7,
        "rival": "slow binding",
        "delay_h": 7,
        "scans": "one dose",
    },
    objective=3,
)
WITHOUT_DELAY = Goal(
    "lesson08/without-delay",
    "Now without delay, plasma at most 17 h (a review has 8 to 17): 1.5 points or less.",
    lambda rival, half_life_h, scans, rms: (
        rival == "no delay" and half_life_h <= 17 and scans == "one dose" and rms <= 1.5
    ),
    "No delay is needed, if plasma is slower in these people and the EC50 higher.",
    {
        "half_life_h": 17,
        "ec50_ng_per_mL": 5.9,
        "rival": "no delay",
        "delay_h": 4,
        "scans": "one dose",
    },
    objective=3,
    against=("slow-is-delayed",),
)
ALL_SIX = Goal(
    "lesson08/all-six",
    "Show the repeated doses too, and miss both sets of scans by 4 points or less, in any way.",
    lambda scans, rms, rms_new: scans == "and repeated doses" and rms <= 4 and rms_new <= 4,
    "It takes a plasma half-life of 20 h or more, longer than in any of eight men of another study "
    "(9.2 to 19.1): made to fit, no longer a test.",
    {
        "half_life_h": 22.5,
        "ec50_ng_per_mL": 8.1,
        "rival": "no delay",
        "delay_h": 4,
        "scans": "and repeated doses",
    },
    objective=3,
)

BEST_SCAN = Exercise(
    name="lesson08/best_scan",
    task="The place (0, 1, 2, ...) of the scan that tells two models apart best.",
    arguments="first, second, sd",
    answer="np.argmax(np.abs(first - second) / sd)",
    cases=[
        ([41.0, 87.0, 78.0, 41.0], [75.0, 81.0, 72.0, 45.0], [6.0, 6.0, 12.0, 12.0]),
        ([80.0, 50.0, 20.0], [78.0, 60.0, 35.0], [5.0, 5.0, 10.0]),
        ([80.0, 40.0, 55.0], [60.0, 49.0, 50.0], [5.0, 3.0, 8.0]),
        ([65.0, 65.0, 15.0, 60.0], [35.0, 30.0, 35.0, 50.0], [4.0, 5.0, 10.0, 3.0]),
        ([10.0, 15.0, 60.0, 75.0], [55.0, 55.0, 40.0, 40.0], [6.0, 4.0, 3.0, 12.0]),
        ([50.0, 45.0, 90.0, 65.0], [10.0, 90.0, 60.0, 50.0], [12.0, 10.0, 6.0, 5.0]),
        ([40.0, 20.0, 85.0, 15.0], [10.0, 40.0, 90.0, 40.0], [8.0, 4.0, 3.0, 12.0]),
        ([60.0, 62.0, 70.0, 40.0], [63.0, 55.0, 52.0, 85.0], [6.0, 5.0, 4.0, 8.0]),
        ([80.0, 30.0, 15.0, 20.0, 75.0], [35.0, 70.0, 30.0, 55.0, 65.0], [6.0, 4.0, 3.0, 5.0, 5.0]),
        ([40.0, 70.0, 55.0], [50.4, 47.2, 50.0], [2.0, 4.0, 3.0]),
        ([8.0, 80.0, 50.0], [20.0, 60.0, 45.0], [3.0, 5.5, 4.0]),
        ([95.0, 60.0, 30.0], [99.0, 40.0, 38.0], [1.5, 4.0, 3.0]),
        ([60.0, 40.0, 82.0], [55.0, 10.0, 54.0], [5.0, 10.0, 4.0]),
    ],
    unit="place",
    ideas={
        "scatter-ignored": (
            "np.argmax(np.abs(first - second))",
            "You take the largest gap, at place {gave}. A gap of 15 points is hard to see where "
            "people scatter by 10, one of 10 is easy where they scatter by 5.",
        ),
        "one-way-only": (
            ("np.argmax((first - second) / sd)", "np.argmax((second - first) / sd)"),
            "You look where one of the models is the higher, and not where it is the lower. A "
            "difference counts in both directions.",
        ),
        "fit-is-proof": (
            "np.argmin(np.abs(first - second) / sd)",
            "At place {gave} the models are hardest to tell apart: a scan there comes nearest to "
            "fitting both, whatever it finds.",
        ),
        "least-scatter": (
            "np.argmin(sd)",
            "You take the scan with the least scatter. If both models expect the same there, it "
            "tells nothing.",
        ),
        "variance-for-sd": (
            ("np.argmax(np.abs(first - second) / sd**2)", "np.argmax((first - second) ** 2 / sd)"),
            "You square only one of the two, the gap or its scatter. How many SD is each gap? "
            "That is the gap divided by the SD, once.",
        ),
        "difference": (
            ("np.argmax(np.abs(first - second) - 2 * sd)",),
            "You take the scatter off the gap. A gap of 30 points where people scatter by 10 "
            "leaves more than one of 10 where they scatter by 2, and yet the second is 5 SD and "
            "the first 3: divide.",
        ),
        "height-for-gap": (
            (
                "np.argmax(first + second)",
                "np.argmax((first + second) / sd)",
                "np.argmax(first)",
                "np.argmax(second)",
                "np.argmax(first / sd)",
                "np.argmax(second / sd)",
                "np.argmax(np.maximum(first, second) / sd)",
                "np.argmax(np.maximum(first, second))",
            ),
            "You look for much that is held. Where both models expect much they may agree: look at "
            "the gap between them.",
        ),
        "steepest-tells-most": (
            "np.argmin(np.abs((first + second) / 2 - 50))",
            "You look nearest to a half, where a curve is steep. Two models may expect the same "
            "there: look at the gap between them, counted in SD.",
        ),
        "first-that-passes": (
            (
                "np.argmax(np.abs(first - second) / sd > 1)",
                "np.argmax(np.abs(first - second) / sd > 2)",
                "np.argmax(np.abs(first - second) / sd > np.mean(np.abs(first - second) / sd))",
            ),
            "You take the first scan that is good enough, at place {gave}. Place {expected} is "
            "better: look for the largest.",
        ),
        "best-not-kept": (
            "len(sd) - 1 + 0 * np.argmax(first)",
            "Yours is the last place, whatever is there. Is something sorted or added up before "
            "its place is taken, or does a loop not keep its new best value?",
        ),
        "counts-from-one": (
            "np.argmax(np.abs(first - second) / sd) + 1",
            "You count places from 1. Python counts them from 0, so this would pick the next scan.",
        ),
        "multiplied": (
            "np.argmax(np.abs(first - second) * sd)",
            "You multiply by the scatter, so that a blurred scan would be worth more.",
        ),
        "ratio-for-difference": (
            (
                "np.argmax(np.maximum(first / second, second / first))",
                "np.argmax(np.abs(first - second) / first)",
                "np.argmax(np.abs(first - second) / second)",
            ),
            "You compare in folds. 4 % against 6 is 1.5-fold and yet two points, which no scan "
            "tells apart; the scatter is in points too.",
        ),
        "value-for-place": (
            "np.max(np.abs(first - second) / sd)",
            "{gave} is how far apart the models are there. Asked is which scan it is: its place.",
        ),
    },
    also_right=(
        "list(np.abs(first - second) / sd).index(max(np.abs(first - second) / sd))",
        "np.argmax(((first - second) / sd) ** 2)",
        "np.argsort(np.abs(second - first) / sd)[-1]",
        "best = 0\nfor place in range(len(sd)):\n"
        "    gap = abs(first[place] - second[place]) / sd[place]\n"
        "    if gap > abs(first[best] - second[best]) / sd[best]:\n        best = place\n"
        "return best",
    ),
    means="You chose a scan by what it can decide, before knowing what it will find.",
    hint="In the example the gaps are 24, 15 and 4 points. How many SD is each of them?",
    objective=4,
)

WHAT_TELLS = Question(
    name="lesson08/what_tells",
    text="Which study would tell a lag from slow plasma in these people?",
    right=(
        "Plasma with each scan, and a scan at 3 h, on the way up",
        "At 3 h slow plasma alone expects about 74 %, with an effect site 54, with slow binding "
        "35, by these fits. And plasma that is measured need not be assumed. (In one such study "
        "duloxetine stopped uptake into platelets as levels let expect for two days, and on the "
        "fourth more: `platelets_duloxetine`.)",
    ),
    wrong={
        "The same three scans, in four times as many people": (
            "small-error-is-right",
            "With slow plasma, a lag changes these hours by 2 points at most, and 3 h by 20 to 39. "
            "Halving the scatter helps less than a better hour, and plasma stays unknown.",
        ),
        "The same three scans, after a much higher dose": (
            "proportional-occupancy",
            "Nearer to full all curves run together: at four times the level 71.9 % becomes 91, "
            "and at none of these hours does a lag then change slow plasma by more than 1 point.",
        ),
        "None: a fall slower than plasma proves the lag": (
            "slow-is-delayed",
            "Escitalopram's fell from 81.5 to 63.3 % while plasma fell to a third, and no lag was "
            "needed (SD 12). Here slow plasma fails the new scans as little without a lag as with "
            "one.",
        ),
    },
    objective=3,
)
