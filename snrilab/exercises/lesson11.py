"""Lesson 11, trials: what it asks."""

from snrilab.exercises import Exercise, Goal, Lesson, Prediction, Question

LESSON = Lesson(
    name="lesson11",
    question="Does it help, and at what price?",
    notebook="11_trials",
    minutes=60,
    needs=("lesson02", "lesson07"),
    objectives=(
        "read a trial by its interval, and explain why one of a working drug may fail",
        "show how those who leave bend an estimate, whichever way it is made",
        "turn a difference of risks into a number needed, or say that none is shown",
        "explain why the dose that patients ended on is no dose-response",
    ),
)

# -- 1: the trial that failed ---------------------------------------------------------------------

MISSED = Prediction(
    name="lesson11/missed",
    text=(
        "A drug truly lowers the score by 3.3 points more than placebo. A hundred trials test it, "
        "each with 178 patients per arm, as in Gommoll's. How many of them miss P < 0.05?"
    ),
    answer=(18.0, 20.0),
    unit="trials",
    low=0,
    high=100,
    ideas={"true-effect-is-significant": (0.0, 5.0)},
    because=(
        "By the curve that the figure reads 18 are expected, by a formula 19, and of 1,000 fully "
        "simulated trials 20 in a hundred missed. The 5 % of a P value belong to a drug that does "
        "nothing."
    ),
    seen=lambda effect_points, n_per_arm: (
        -3.35 <= effect_points <= -3.25 and 175 <= n_per_arm <= 180
    ),
    setting="a true difference of -3.3 points and 178 patients per arm",
)

NINE_IN_TEN = Goal(
    "lesson11/nine-in-ten",
    "True difference -3.3: let at most 10 of a hundred be expected to miss, with at most 240 per "
    "arm.",
    lambda effect_points, n_per_arm, expected: (
        effect_points == -3.3 and n_per_arm <= 240 and expected <= 10
    ),
    "A power of 90 % takes about 50 more patients in each arm than Gommoll had.",
    {"effect_points": -3.3, "n_per_arm": 230},
    objective=1,
    against=("true-effect-is-significant",),
)
TWO_TRIALS = Goal(
    "lesson11/two-trials",
    "Of a working drug, pick two trials, one with P < 0.05, one without, whose difference is not "
    "shown.",
    lambda effect_points, one_of_two, gap_shown: effect_points < 0 and one_of_two and not gap_shown,
    "One drug, one truth, one design: that one trial is below 0.05 and another above says nothing "
    "of a difference between them.",
    {"effect_points": -3.3, "n_per_arm": 178, "hundred": 1, "first": 3, "second": 8},
    objective=1,
    against=("significant-here-not-there",),
)
ERROR_FROM_P = Exercise(
    name="lesson11/error_from_p",
    task="The standard error behind a difference and its P value, in points.",
    arguments="estimate, p",
    answer="np.abs(estimate) / norm.ppf(1 - p / 2)",
    cases=[
        (-3.23, 0.0186),
        (-3.3, 0.003),
        ([-3.99, -4.86, -1.5], [0.0038, 0.0005, 0.19]),
        (2.4, 0.03),
        (-0.8, 0.6),
    ],
    borders=[(0.0, 0.5)],
    unit="points",
    uses="from scipy.stats import norm",
    ideas={
        "one-way-only": (
            "np.abs(estimate) / norm.ppf(1 - p)",
            "You put all of P into one tail and get {gave}, where it is {expected}. A two-sided P "
            "counts both: a drug that harms would have been noticed too.",
        ),
        "p-is-chance-of-no-effect": (
            (
                "np.abs(estimate) * p",
                "np.abs(estimate) * (1 - p)",
                "np.abs(estimate) / (1 - p)",
                "np.abs(estimate) / p",
            ),
            "You take P as a share of the estimate, or as the chance of no effect. P is the share "
            "of the tails beyond the estimate; norm.ppf turns it into standard errors.",
        ),
        "border-for-p": (
            (
                "np.abs(estimate) / 1.96 + 0 * p",
                "np.abs(estimate) / norm.ppf(0.975) + 0 * p",
                "np.abs(estimate) / norm.ppf(0.975 + p / 2)",
                "np.abs(estimate) / norm.ppf(0.975 - p)",
                "np.abs(estimate) / norm.ppf(0.975 - p / 2)",
                "np.abs(estimate) / (norm.ppf(0.975) - norm.ppf(p / 2))",
            ),
            "1.96 errors from 0 is where P is 0.05. For this P of {p} the estimate lies elsewhere.",
        ),
        "curve-forwards": (
            (
                "np.abs(estimate) / norm.cdf(1 - p / 2)",
                "np.abs(estimate) / norm.cdf(p / 2)",
                "np.abs(estimate) / norm.pdf(1 - p / 2)",
                "np.abs(estimate) / norm.pdf(p / 2)",
            ),
            "norm.cdf and norm.pdf start from a place. You have the share and want the place.",
        ),
        "straight-line": (
            "np.abs(estimate) * p / (1.96 * 0.05)",
            "With you half of P is twice the errors. A normal curve thins out much faster than "
            "that: norm.ppf knows how.",
        ),
        "nothing-seen-nothing-there": (
            (
                "np.where(np.asarray(p) < 0.05, np.abs(estimate) / norm.ppf(1 - p / 2), 0.0)",
                "np.where(np.asarray(p) <= 0.05, np.abs(estimate) / norm.ppf(1 - p / 2), np.inf)",
            ),
            "Beyond P = 0.05 you give {gave}. A difference that is not shown has an error as well, "
            "and the same sum gives it.",
        ),
        "sign-kept": (
            ("estimate / norm.ppf(1 - p / 2)", "np.abs(estimate) / norm.ppf(p / 2)"),
            "An error is a size: {gave} below 0 where it is {expected}. The estimate may be below "
            "0, and so is the place of the lower tail.",
        ),
        "multiplied": (
            "np.abs(estimate) * norm.ppf(1 - p / 2)",
            "By your line a smaller P means a larger error. The smaller P, the more errors fit "
            "between 0 and the estimate: divide.",
        ),
        "width-for-error": (
            "1.96 * np.abs(estimate) / norm.ppf(1 - p / 2)",
            "{gave} is how far the 95 % interval reaches to each side: 1.96 errors. One is asked.",
        ),
    },
    also_right=(
        "np.abs(estimate / norm.ppf(p / 2))",
        "np.abs(estimate) / norm.isf(p / 2)",
        "z = -norm.ppf(p / 2)\nreturn np.sqrt(estimate**2) / z",
    ),
    means="A difference with its exact P (not “P < 0.05”) has its interval: you need not be told.",
    hint=(
        "P = 0.05 leaves 0.025 above, so 0.975 lie below: 1.96 errors. 3.92 points are 1.96 errors "
        "of 2 points."
    ),
    objective=1,
)

TWO_PAPERS = Question(
    name="lesson11/two_papers",
    text=(
        "Bakish, 40 mg: -3.3 points, P = 0.003. Gommoll: -1.5 points, not significant (P 0.2 to "
        "0.3, by our standard errors). So:"
    ),
    right=(
        "The two may agree: their gap may be 0, or 4 points",
        "1.8 points apart with errors of 1.1 and of 1.15 to 1.4 (the course's, from trials like "
        "Gommoll's): about -1.5 to 5. That excludes little, and -1.5 does not exclude -3.3. Doses, "
        "patients and their start differ too: 40 mg for all, or 40 to 120 mg. So with "
        "relapse: 14 % on the drug, 21 on placebo, not significant (shiovitz2014); in a later "
        "trial 14.5 and 24.5 %, P = 0.02 (durgam2019).",
    ),
    wrong={
        "They contradict each other: one has an effect, one not": (
            "significant-here-not-there",
            "That P is below 0.05 here and above it there is no comparison of the two. The gap of "
            "1.8 points has an error of 1.6 to 1.8 of its own.",
        ),
        "In Gommoll the chance of no effect is 20 to 30 %": (
            "p-is-chance-of-no-effect",
            "P says how often a drug without effect gives such a gap or a larger one. How likely "
            "no effect is depends on the other trials as well.",
        ),
        "A working drug would not fail, so Bakish was luck": (
            "true-effect-is-significant",
            "At a true -3.3 about one in five such trials fails; at a true -2.9 (the pool of five) "
            "more than one in four.",
        ),
    },
    objective=1,
)

# -- 2: who left? ---------------------------------------------------------------------------------

CARRIED = Prediction(
    name="lesson11/carried",
    text=(
        "The drug does nothing: both arms fall by 11 points in eight weeks. But 40 % of the "
        "placebo and 3 % of the drug patients leave early, whatever their score, and some of both "
        "by a bad score. The last score stands for the end. Which difference (below 0 favours the "
        "drug) do 500 such trials show on average?"
    ),
    answer=-1.9,
    unit="points",
    low=-5,
    high=5,
    ideas={"carrying-is-cautious": (-0.2, 0.2), "carrying-opposes-the-drug": (0.5, 5.0)},
    because=(
        "Everybody improves with the weeks; who leaves early is stopped early on. Where people "
        "improve, that harms the arm that more people leave. 43 % of these trials have P < 0.05, "
        "for a drug that does nothing."
    ),
    seen=lambda effect, placebo_leaves, drug_leaves, strength, decides: (
        (effect, placebo_leaves, drug_leaves) == ("none", "40 %", "3 %")
        and (strength, decides) == ("mildly", "the last score seen")
    ),
    setting="no true difference, 40 and 3 % early leavers, the last score seen, mildly",
)

INVENT = Goal(
    "lesson11/invent",
    "True difference none, at most 25 % early leavers in each arm: let LOCF favour the drug by 1 "
    "point or more.",
    lambda effect, placebo_leaves, drug_leaves, locf: (
        effect == "none" and "40 %" not in (placebo_leaves, drug_leaves) and locf <= -1
    ),
    "Placebo patients who leave early miss the improvement that comes with time. The MMRM, which "
    "fills nothing in, is not misled by it.",
    {"effect": "none", "placebo_leaves": "25 %", "drug_leaves": "3 %"},
    objective=2,
    against=("carrying-is-cautious", "carrying-opposes-the-drug"),
)
HIDE = Goal(
    "lesson11/hide",
    "True difference -3.3, at most 25 % early leavers: let LOCF lose about half of it (-1.8 to "
    "-1.6).",
    lambda effect, placebo_leaves, drug_leaves, locf: (
        effect == "-3.3 points"
        and "40 %" not in (placebo_leaves, drug_leaves)
        and -1.8 <= locf <= -1.6
    ),
    "The same rule, the other way round: where people improve, it harms the arm that more people "
    "leave. Where they get worse, it helps that arm. So it is neither cautious nor bold.",
    {"effect": "-3.3 points", "placebo_leaves": "3 %", "drug_leaves": "25 %"},
    objective=2,
)
NOBODY_SEES = Goal(
    "lesson11/nobody-sees",
    "True difference -3.3: let the MMRM miss by 0.6 points or more.",
    lambda effect, mmrm: effect == "-3.3 points" and abs(mmrm + 3.3) > 0.58,
    "It takes people who leave, in numbers, because of a score that nobody saw. No analysis of "
    "what was seen can know that.",
    {
        "effect": "-3.3 points",
        "placebo_leaves": "3 %",
        "drug_leaves": "3 %",
        "decides": "a score nobody sees",
        "strength": "strongly",
    },
    objective=2,
)

CARRIED_MEAN = Exercise(
    name="lesson11/carried_mean",
    task="The mean change of an arm when last values are carried forward, in points.",
    arguments="change, gained, leave",
    answer="change * (1 - leave + leave * gained)",
    cases=[
        (-11.3, 0.55, 0.4),
        (-14.6, 0.6, 0.25),
        ([-8.0, -11.0, -15.0], 0.3, [0.1, 0.25, 0.35]),
        (-10.0, [0.8, 0.2], 0.15),
        (3.0, 0.4, 0.3),
    ],
    borders=[(-12.0, 0.25, 0.0), (-12.0, 0.25, 1.0), (-12.0, 0.0, 0.2), (-12.0, 1.0, 0.2)],
    unit="points",
    ideas={
        "leavers-may-be-ignored": (
            "change + 0 * gained * leave",
            "You count only those who stay, {gave}. Those who left stand in the mean as well, with "
            "what they had reached.",
        ),
        "nothing-seen-nothing-there": (
            "change * (1 - leave) + 0 * gained",
            "Whoever leaves counts as unchanged in your answer, {gave}. They had reached the share "
            "{gained} of the change when last seen, and that is carried forward.",
        ),
        "branches-swapped": (
            "change * (leave + (1 - leave) * gained)",
            "You give the whole change to the share {leave} that leaves, and the part to those who "
            "stay.",
        ),
        "left-for-lost": (
            "change * (1 - leave * gained)",
            "You take off what the leavers had reached, a share of {gained}. What they miss is "
            "the rest of it.",
        ),
        "share-forgotten": (
            ("change * (1 + gained) / 2 + 0 * leave", "change * gained + 0 * leave"),
            "How many leave does not come in: with one leaver in a hundred yours would be as far "
            "off as with forty.",
        ),
        "one-group-only": (
            (
                "change * (1 - leave) * gained",
                "change * leave * gained",
                "change * (1 - leave) * (1 - gained)",
            ),
            "You multiply by both shares at once, as if there were one group. There are two: each "
            "brings its own change, in proportion to its size.",
        ),
        "counted-on-top": (
            (
                "change + leave * gained * change",
                "change + gained * change + 0 * leave",
                "(1 - leave) * change + gained * change",
            ),
            "You count more than everybody: in a mean the parts of the groups add up to 1. Those "
            "who stay are 1 - leave, those who left are leave.",
        ),
        "points-for-share": (
            (
                "change * (1 - leave) + gained",
                "change * (1 - leave) + change * leave + gained",
                "change * (1 - leave) + gained * leave",
            ),
            "You add {gained} as if it were points. It is a share of the change: points come of "
            "{gained} times {change}.",
        ),
    },
    also_right=(
        "stay = 1 - leave\nreturn stay * change + leave * gained * change",
        "change - change * leave * (1 - gained)",
        "(1 - leave) * change + leave * (gained * change)",
    ),
    means="Carrying forward shrinks each arm's change, for better or worse, by its own leavers, so "
    "their difference can go either way.",
    hint=(
        "Of ten patients in the example eight have -12, two have a quarter of it, -3. The mean is "
        "(8 times -12 and 2 times -3) over 10."
    ),
    objective=2,
)

WHICH_ANALYSIS = Question(
    name="lesson11/which_analysis",
    text="For “had nobody left”, which sentence about the MMRM holds?",
    right=(
        "It is right if leaving hangs on what was seen",
        "Then those who stayed, at the same scores, tell how it would have gone on (if the model "
        "of means and scatter is right too). If people leave because of what nobody saw, it is "
        "off: so report how much that would matter. What happens to all those given the drug by "
        "lot, whatever they took later, is another question. In Bakish's trial 17 % of placebo and "
        "23 % of 40 mg left, and people improved: more left the drug, so LOCF should come out "
        "smaller, as it did. That fits, and proves nothing.",
    ),
    wrong={
        "It is bolder than LOCF, the cautious choice": (
            "carrying-is-cautious",
            "LOCF made 1.1 points out of nothing in the first goal. Where people improve it harms "
            "the arm that more people leave, whichever that is; where they get worse it helps it.",
        ),
        "It adds nothing to those who completed": (
            "leavers-may-be-ignored",
            "Completers are not a random part: who does badly leaves. With a true -3.3 choose "
            "“strongly” and see the completers' estimate shrink.",
        ),
        "It is right for whatever reason people leave": (
            "leavers-may-be-ignored",
            "It missed by more than half a point in the third goal. The model does not see what "
            "nobody saw.",
        ),
    },
    objective=2,
)

# -- 3: at what price? ----------------------------------------------------------------------------

ONE_MORE = Prediction(
    name="lesson11/one_more",
    text=(
        "80 mg a day: 15.4 % of 188 patients had nausea; on placebo 5.9 % of 186. How many are "
        "treated for one more to have nausea?"
    ),
    answer=10.5,
    unit="patients",
    low=1,
    high=1000,
    scale="log",
    ideas={
        "drug-column-alone": (6.3, 6.7),
        "ratio-for-difference": (2.5, 2.7),
        "percent": (9.3, 9.7),
    },
    because=(
        "The difference is 9.5 in 100, so one in 10.5. Its interval runs from 3.3 to 15.9 in 100, "
        "so the number from 6.3 to 31."
    ),
    seen=lambda event, dose, size, level_percent: (
        event == "nausea" and dose == "80 mg" and size == "as in the trial" and level_percent == 95
    ),
    setting="nausea, 80 mg, 95 %, the patients as they were",
)

NOT_AT_40 = Goal(
    "lesson11/not-at-40",
    "At 95 %, the patients as they were: set an event whose harm is shown at 80 mg, not at 40.",
    lambda dose, size, level_percent, shown, other_shown: (
        dose == "80 mg"
        and size == "as in the trial"
        and level_percent == 95
        and shown
        and not other_shown
    ),
    "“Not shown at 40 mg” is not “no harm at 40 mg”: with 71 men the interval holds 0, and much "
    "harm as well. Nor are the two doses compared by it. And “shown” may hang on the formula: "
    "constipation at 80 mg is shown by the interval drawn here, whose lower end is 0.01 in 100, "
    "and not by another (Agresti and Caffo).",
    {
        "event": "erectile dysfunction (men)",
        "dose": "80 mg",
        "size": "as in the trial",
        "level_percent": 95,
    },
    objective=3,
)
MORE_PATIENTS = Goal(
    "lesson11/more-patients",
    "Headache, 95 %: let its harm be shown, by more patients with the same shares.",
    lambda event, level_percent, shown: event == "headache" and level_percent == 95 and shown,
    "The best guess stays; the interval closes in. At 80 mg twice the patients are enough, and "
    "even then the number runs from 11 to 498.",
    {"event": "headache", "dose": "80 mg", "size": "twice as many", "level_percent": 95},
    objective=3,
)
NUMBER_NEEDED = Exercise(
    name="lesson11/number_needed",
    task="The nearest and the farthest number needed to harm.",
    arguments="low, high",
    answer="farthest = 1 / low if low > 0 else np.inf\nreturn [1 / high, farthest]",
    cases=[
        (0.0327, 0.1591),
        (0.0504, 0.1653),
        (-0.0172, 0.1116),
        (0.08, 0.4),
        (-0.0314, 0.0938),
        (-0.3, 0.05),
        (0.0001, 0.0886),
        (0.0, 0.125),
    ],
    unit="patients",
    ideas={
        "ends-swapped": (
            (
                "return 1 / low if low > 0 else np.inf, 1 / high",
                "return 1 / low if low else np.inf, 1 / high",
                "if low <= 0:\n    return np.inf, 1 / high\nreturn 1 / high, 1 / low",
            ),
            "The ends change places: the largest difference, {high}, needs the fewest patients.",
        ),
        "zero-inside": (
            (
                "return 1 / high, 1 / low if low else np.inf",
                "return 1 / high, 1 / low if low else 0.0",
                "return sorted([1 / low, 1 / high]) if low else [1 / high, np.inf]",
            ),
            "Where low is below 0, as {low}, one of your numbers is below 0 and looks like an end. "
            "Between 1 / high and it lies infinity: harm is not shown.",
        ),
        "negative-end-folded": (
            (
                "return 1 / high, 1 / abs(low) if low else np.inf",
                "ends = [1 / high, 1 / abs(low) if low else np.inf]\nreturn min(ends), max(ends)",
                "if low < 0:\n    return -1 / low, 1 / high\n"
                "return 1 / high, 1 / low if low else np.inf",
            ),
            "Where low is below 0 you drop its sign, and a possible benefit becomes an end of "
            "the harm. With {low} to {high} no farthest number bounds the harm.",
        ),
        "percent": (
            (
                "return 100 / high, 100 / low if low > 0 else np.inf",
                "return 100 / high, 100 / low if low else np.inf",
                "return 100 * high, 100 * low if low > 0 else np.inf",
            ),
            "low and high are shares already: 0.10 is 10 in 100, or one in ten.",
        ),
        "nothing-seen-nothing-there": (
            (
                "if low <= 0:\n    return np.inf, np.inf\nreturn 1 / high, 1 / low",
                "if low < 0:\n    return np.inf, np.inf\n"
                "return 1 / high, 1 / low if low else np.inf",
            ),
            "Where harm is not shown you say that there is none. The interval still reaches up to "
            "{high}: at that end one in 1 / {high} is harmed, the nearest number.",
        ),
        "harmed-not-counted": (
            "return (1 - high) / high, (1 - low) / low if low > 0 else np.inf",
            "You count those not harmed for each one harmed. Asked are all who are treated: that "
            "is one more.",
        ),
        "taken-from-one": (
            "return 1 - high, 1 - low if low > 0 else np.inf",
            "1 - {high} is the share who escape it. One in how many is {high}? That is 1 / {high}.",
        ),
        "middle-turned": (
            (
                "middle = (low + high) / 2\nn = 1 / middle if middle > 0 else np.inf\nreturn n, n",
                "middle, half = (low + high) / 2, (high - low) / 2\n"
                "return 1 / middle - 1 / half, 1 / middle + 1 / half",
            ),
            "You turn the middle of the interval. Its two ends are turned, each by itself: 1 / x "
            "is no straight line, so the middle does not stay in the middle.",
        ),
        "made-up-end": (
            (
                "return 1 / high, 1 / max(low, 0.001)",
                "return 1 / high, 1 / low if low > 0 else 0.0",
                "return 1 / high, 1 / low if low > 0 else 1 / high",
            ),
            "Where the interval reaches below 0 you make up an end. Harm is not shown there, and "
            "no number of patients is too many: np.inf.",
        ),
        "difference-for-number": (
            ("return low, high", "return high, low", "return high, low if low > 0 else np.inf"),
            "These are shares of patients. How many patients are needed for one of them?",
        ),
    },
    also_right=(
        "if low <= 0:\n    return 1 / high, np.inf\nreturn 1 / high, 1 / low",
        "return high**-1.0, np.inf if low <= 0 else low**-1.0",
        "farthest = np.inf\nif low > 0:\n    farthest = 1 / low\nreturn [1 / high, farthest]",
        "ends = np.array([high, low])\nreturn np.where(ends > 0, 1 / ends, np.inf)",
    ),
    means="Your numbers needed say themselves when none is shown. Beyond infinity the interval "
    "goes on as a benefit, which your list leaves out.",
    hint="0.2 is one in 5, and 0.04 is one in 25. What would one in infinitely many be?",
    objective=3,
)

EITHER = Question(
    name="lesson11/either",
    text=(
        "A list of side effects has “heart rate increased” 7 % and “tachycardia” 5 %. How many "
        "patients had at least one?"
    ),
    right=(
        "From 7 to 12 %: the list cannot tell",
        "It depends on how many had both, and on what each doctor wrote down. And without "
        "placebo's column neither is a harm of the drug yet.",
    ),
    wrong={
        "12 %: the two columns add up to this": (
            "events-added-by-name",
            "Only if nobody had both. One patient can be in both lines.",
        ),
        "7 %: two names of the same thing": (
            "events-added-by-name",
            "Two coded terms are two lines, filled by different reports. They may be the same "
            "patients, and need not be.",
        ),
        "None, unless one has P below 0.05": (
            "nothing-seen-nothing-there",
            "A difference that is not shown is not shown to be 0. And how many had it is "
            "counted, whatever P is.",
        ),
    },
    objective=3,
)

# -- 4: the dose they ended on --------------------------------------------------------------------

LEAST_IMPROVED = Prediction(
    name="lesson11/least_improved",
    text=(
        "All start with 40 mg; whose score has not halved, and who bears it, goes to 80, then "
        "120. In this simulation higher doses add nothing. By the last dose: who has improved "
        "least in eight weeks?"
    ),
    answer="those who ended on the highest",
    choices=(
        "those who ended on the lowest",
        "those who ended on the middle one",
        "those who ended on the highest",
        "all about alike",
    ),
    ideas={"final-dose-is-dose-response": "those who ended on the lowest"},
    because=(
        "Who did badly was raised, again and again, so the highest dose collects the worst "
        "scores. On the lowest stay those who did well and those who could not bear more: so 80 "
        "mg may look best. No dose does more than another here."
    ),
    seen=lambda decides: decides == "the response",
    setting="the response to decide",
)

NO_BETTER = Goal(
    "lesson11/no-better",
    "Let the response decide, and find a trial whose 120 mg look no better than placebo.",
    lambda decides, gap_120: decides == "the response" and gap_120 >= 0,
    "The drug works in this trial as in all the others: by 1.5 points, whatever the dose. Sorting "
    "by the last dose hides it.",
    {"decides": "the response", "n_per_arm": 178, "trial": 1},
    objective=4,
    against=("final-dose-is-dose-response",),
)
BY_LOT = Goal(
    "lesson11/by-lot",
    "Let a lottery decide, and find a trial whose three doses lie within 1 point.",
    lambda decides, spread: decides == "a lottery" and spread <= 1,
    "The groups were alike before the dose. What differs now is the dose, or chance; and chance "
    "shrinks with more patients.",
    {"decides": "a lottery", "n_per_arm": 600, "trial": 5},
    objective=4,
)

WHAT_A_DOSE_DOES = Question(
    name="lesson11/what_a_dose_does",
    text="How do you learn what 120 mg do that 40 mg do not?",
    right=(
        "Give the doses by lot, and compare those groups",
        "Randomised, as Asnis did with 40, 80 and 120 mg (-3.2, -4.0, -4.9): one placebo, three "
        "groups alike before. Even there 120 mg is ahead of 40 by 1.6 points (about -1.1 to 4.3): "
        "not shown.",
    ),
    wrong={
        "Compare patients by the dose they ended on": (
            "final-dose-is-dose-response",
            "The dose followed the score: in your figure the highest looks worst, and does nothing "
            "less than the others.",
        ),
        "Divide each dose by weight, as for animals": (
            "mg-per-kg-carries-over",
            "However the dose is written, it still follows the score. And mg/kg does not carry "
            "from patient to patient by itself.",
        ),
        "No need, if the flexible trial has P < 0.05": (
            "significant-is-important",
            "That P belongs to the whole arm against placebo. It says nothing of one dose against "
            "another.",
        ),
    },
    objective=4,
)
