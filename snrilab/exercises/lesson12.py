"""Lesson 12, comparison: what it asks."""

from snrilab.exercises import Exercise, Goal, Lesson, Prediction, Question

LESSON = Lesson(
    name="lesson12",
    question="Levomilnacipran or escitalopram: what would you write?",
    notebook="12_comparison",
    minutes=50,
    assignment="ps6_comparison",
    needs=("lesson04", "lesson08", "lesson11"),
    objectives=(
        "count in how many defensible settings a sentence is true, and say what it turns on",
        "compare two drugs that only met placebo, with an interval",
        "judge a sentence by an interval: supported, wrong, or not shown",
    ),
)

# -- 1: in how many worlds? -----------------------------------------------------------------------

WORLDS = Prediction(
    name="lesson12/worlds",
    text=(
        "“Levomilnacipran blocks NET harder than SERT.” In how many of the twelve settings is "
        "that true?"
    ),
    answer=3.0,
    unit="settings",
    low=0,
    high=12,
    ideas={"ki-in-vivo": 12.0, "papers-may-be-divided": 6.0},
    because=(
        "At all three doses by the uptake IC50, and by no other constant: binding and both ends of "
        "the bridge put SERT first. No dose changes it."
    ),
    seen=lambda claim: claim == "NET harder than SERT",
    setting="the sentence “NET harder than SERT”",
)

HOLDS = Goal(
    "lesson12/holds",
    "Find the highest limit (in whole per cent) that SERT reaches in all twelve settings.",
    lambda claim, limit_percent, true: (
        claim == "SERT at least at the limit" and true == 12 and limit_percent >= 39
    ),
    "“At least 39 % of SERT” says less than “at least 80 %”, and stands in every setting. That is "
    "the trade: a weaker sentence needs fewer assumptions.",
    {"claim": "SERT at least at the limit", "limit_percent": 39},
    objective=1,
)
MISSED = Goal(
    "lesson12/missed",
    "SERT at the limit of 80 %: pick a setting at the highest dose in which it is missed.",
    lambda claim, limit_percent, dose, here: (
        claim == "SERT at least at the limit"
        and limit_percent == 80
        and dose == "120 mg"
        and here is False
    ),
    "By the test tube 40 mg a day reach 80 %; by the bridge from the scans of milnacipran 120 mg "
    "do not. None of the three doses settles what the constant decides.",
    {
        "claim": "SERT at least at the limit",
        "limit_percent": 80,
        "dose": "120 mg",
        "constant": "PET bridge, one half",
    },
    objective=1,
)

NET_FIRST = Goal(
    "lesson12/net-first",
    "“NET harder than SERT”: pick a setting in which it is true.",
    lambda claim, here: claim == "NET harder than SERT" and here is True,
    "By the IC50 of uptake, at each dose, and by nothing else: 3 of 12. The sentence turns on the "
    "constant.",
    {"claim": "NET harder than SERT", "constant": "uptake IC50"},
    objective=1,
    against=("ki-in-vivo",),
)

VERDICT = Exercise(
    name="lesson12/verdict",
    task="The verdict on the sentence “it is more than threshold”.",
    arguments="low, high, threshold",
    answer=(
        'if low > threshold:\n    return "supported"\n'
        'if high < threshold:\n    return "wrong"\n'
        'return "not shown"'
    ),
    cases=[
        (2.7, 4.3, 2.0),
        (0.39, 0.98, 0.8),
        (0.66, 0.79, 0.8),
        (-2.1, 3.3, 0.0),
        (1.0, 1.9, 2.0),
        (-5.5, -1.1, -6.0),
        (-5.5, -1.1, -0.5),
        (-1.0, 9.0, 5.0),
        (0.5, 60.0, 80.0),
        (1.95, 5.0, 2.0),
        (2.0, 4.1, 4.0),
        (12.0, 14.5, 3.0),
        (-9.0, -7.0, -4.0),
        (9.6, 10.8, 10.0),
        (3.0, 4.0, 2.2),
        (-5.5, -1.2, -3.0),
        (-0.4, 1.1, 2.0),
        (-4.2, 0.7, -6.0),
    ],
    borders=[(2.0, 4.1, 2.0), (-3.1, 1.5, 1.5)],
    ideas={
        "one-end-decides": (
            'return "supported" if high > threshold else "wrong"',
            "One end decides in yours. For {low} to {high} against {threshold} you say {gave}; "
            "both ends together say {expected}.",
        ),
        "estimate-decides": (
            'return "supported" if (low + high) / 2 > threshold else "wrong"',
            "You judge by the middle of the interval. It is the best guess; the ends say how far "
            "off it may be, and {low} to {high} against {threshold} is {expected}.",
        ),
        "zero-for-threshold": (
            (
                'if low > 0:\n    return "supported"\nif high < 0:\n    return "wrong"\n'
                'return "not shown"',
                'if low > threshold:\n    return "supported"\nif high < 0:\n    return "wrong"\n'
                'return "not shown"',
                'if low <= 0 <= high:\n    return "not shown"\n'
                'return "supported" if (low + high) / 2 > threshold else "wrong"',
                'if low <= 0 <= high:\n    return "not shown"\n'
                'return "supported" if low > threshold else "wrong"',
                'if low <= 0 <= high:\n    return "not shown"\n'
                'return "wrong" if high < threshold else "supported"',
                'return "not shown" if low <= 0 <= high else "supported"',
                'if low <= 0 <= high:\n    return "not shown"\n'
                'if low > threshold:\n    return "supported"\n'
                'return "wrong" if high < threshold else "not shown"',
            ),
            "You compare with 0. The sentence claims more than {threshold}, and {low} to {high} "
            "is {expected} there.",
        ),
        "yes-or-no": (
            (
                "return low > threshold",
                "return high > threshold",
                "return low <= threshold <= high",
                "return (low + high) / 2 > threshold",
            ),
            "A comparison answers yes or no. Three verdicts are asked, in words: {low} to {high} "
            "against {threshold} is {expected}.",
        ),
        "nothing-seen-nothing-there": (
            'return "supported" if low > threshold else "wrong"',
            "What is not supported is refuted in yours. {low} to {high} lies on both sides of "
            "{threshold}: it may be more, and it may not.",
        ),
        "never-refuted": (
            (
                'return "supported" if low > threshold else "not shown"',
                'return "supported" if low > threshold or high < threshold else "not shown"',
            ),
            "No interval refutes the sentence in yours. {low} to {high} lies wholly below "
            "{threshold}: “more than {threshold}” is {expected} there.",
        ),
        "most-is-enough": (
            (
                "above = (high - threshold) / (high - low)\n"
                'return "supported" if above > 0.8 else "wrong" if above < 0.2 else "not shown"',
                "above = (high - threshold) / (high - low)\n"
                'return "supported" if above > 0.8 else "wrong" if above < 0 else "not shown"',
                "above = (high - threshold) / (high - low)\n"
                'return "supported" if above > 0.8 else "wrong"',
                "above = (high - threshold) / (high - low)\n"
                'return "supported" if above > 0.8 else "not shown"',
            ),
            "Most of the interval is enough in yours. {low} to {high} reaches beyond {threshold} "
            "at one end, and the truth may lie there: {expected}.",
        ),
        "wide-is-not-shown": (
            (
                'if high - low > abs(threshold):\n    return "not shown"\n'
                'return "supported" if low > threshold else "wrong"',
                'if high - low > threshold:\n    return "not shown"\n'
                'return "supported" if low > threshold else "wrong"',
                'if high - low > abs(threshold):\n    return "not shown"\n'
                'return "supported" if (low + high) / 2 > threshold else "wrong"',
                'if high - low > threshold:\n    return "not shown"\n'
                'return "supported" if (low + high) / 2 > threshold else "wrong"',
            ),
            "You ask how wide the interval is. Asked is where it lies: {low} to {high} against "
            "{threshold} is {expected}.",
        ),
        "width-as-margin": (
            (
                'if low - (high - low) > threshold:\n    return "supported"\n'
                'if high + (high - low) < threshold:\n    return "wrong"\nreturn "not shown"',
                'if low - (high - low) / 2 > threshold:\n    return "supported"\n'
                'if high + (high - low) / 2 < threshold:\n    return "wrong"\n'
                'return "not shown"',
            ),
            "You ask for room beside the interval, by its own width. The ends hold the doubt "
            "already: {low} to {high} against {threshold} is {expected}.",
        ),
        "threshold-as-factor": (
            (
                'if low > threshold * high:\n    return "supported"\n'
                'if high < threshold * low:\n    return "wrong"\nreturn "not shown"',
                'if high / low > threshold:\n    return "supported"\nreturn "not shown"',
                'if high / low > threshold:\n    return "supported"\nreturn "wrong"',
            ),
            "You set one end against the other. Each end stands in the unit of the threshold: ask "
            "of {low} and of {high} whether it is more than {threshold}.",
        ),
        "inside-is-agreement": (
            (
                'if low <= threshold <= high:\n    return "supported"\nreturn "wrong"',
                'if low <= threshold <= high:\n    return "supported"\n'
                'if high < threshold:\n    return "wrong"\nreturn "not shown"',
            ),
            "You take an interval that holds the threshold for agreement. The sentence says more "
            "than {threshold}; an interval on both sides of it cannot tell.",
        ),
        "other-spelling": (
            'if low > threshold:\n    return "Supported"\n'
            'if high < threshold:\n    return "Wrong"\nreturn "Not shown"',
            "Your verdicts are right, their spelling is not: {gave} should be {expected}, as the "
            "first line of the docstring has it.",
        ),
        "sign-lost": (
            (
                'if abs(low) > threshold:\n    return "supported"\n'
                'if abs(high) < threshold:\n    return "wrong"\nreturn "not shown"',
                "low, high = sorted([abs(low), abs(high)])\n"
                'if low > abs(threshold):\n    return "supported"\n'
                'if high < abs(threshold):\n    return "wrong"\nreturn "not shown"',
                'if abs(low) > abs(threshold):\n    return "supported"\n'
                'if abs(high) < abs(threshold):\n    return "wrong"\nreturn "not shown"',
            ),
            "You drop the sign of the ends. {low}, {high} and {threshold} lie on one axis, and a "
            "minus puts an end below 0, however large its size.",
        ),
        "branches-swapped": (
            (
                'if low > threshold:\n    return "wrong"\n'
                'if high < threshold:\n    return "supported"\nreturn "not shown"',
            ),
            "Supported and wrong have changed places: {low} to {high} is {expected} when more "
            "than {threshold} is claimed.",
        ),
    },
    also_right=(
        'if low <= threshold <= high:\n    return "not shown"\n'
        'return "supported" if low > threshold else "wrong"',
        'return "supported" if low > threshold else "wrong" if high < threshold else "not shown"',
        'words = ["wrong", "not shown", "supported"]\n'
        "return words[int(low > threshold) + int(high >= threshold)]",
    ),
    unit="in a word",
    means="Three verdicts, and the third is not the second.",
    hint=(
        "Two questions: is even the low end above the threshold? Is even the high end below it? "
        "If neither, the interval lies on both sides."
    ),
    objective=3,
)

PREFERS = Question(
    name="lesson12/prefers",
    text="Uptake puts NET first, binding SERT, the bridge SERT by 3 to 5 points. You write:",
    right=(
        "The preference depends on the assay; in people it is not measured",
        "That is what the twelve settings say together. The bridge is carried over from "
        "milnacipran by an assumption; the course knows of no scan with levomilnacipran.",
    ),
    wrong={
        "It prefers NET, since uptake is what the drug does in people": (
            "ki-in-vivo",
            "Uptake was measured in a dish, with its own substrate and temperature. That it acts "
            "by stopping uptake does not carry the IC50 into the brain.",
        ),
        "It prefers SERT, since affinity is what holds it in people": (
            "ki-is-ic50",
            "A Ki says how tightly it is held in a membrane. Why the uptake IC50 turns the order "
            "round is open, so neither may stand for the other.",
        ),
        "It prefers SERT about two-fold: that is the (geometric) mean of both": (
            "papers-may-be-divided",
            "8.2 and 0.55 are answers to two questions. Their mean is the answer to none.",
        ),
    },
    objective=1,
)

# -- 2: better? -----------------------------------------------------------------------------------

HEAD_TO_HEAD = Prediction(
    name="lesson12/head_to_head",
    text=(
        "Against placebo levomilnacipran 40 mg gave 3.3 points, escitalopram 10 mg 2.7, in two "
        "trials. A new trial compares them with each other. How many patients per arm for a "
        "power of 80 %, if 0.6 points is the truth and the scatter (SD) between patients is 10.2?"
    ),
    answer=4538.0,
    unit="patients",
    low=10,
    high=100000,
    scale="log",
    ideas={"separate-trials-as-one": (150.0, 250.0)},
    because=(
        "Placebo trials with 150 to 250 per arm look for 3 points. A fifth of that takes 25 times "
        "as many: the number goes with 1 over the square of the difference."
    ),
    seen=lambda difference_points, sd_points: difference_points == 0.6 and sd_points == 10.2,
    setting="a true difference of 0.6 points and a scatter of 10.2",
)

AFFORD = Goal(
    "lesson12/afford",
    "Scatter 10.2, at most 200 patients per arm: find the smallest difference (to 0.1 points) "
    "that has a power of 80 %.",
    lambda difference_points, sd_points, n_per_arm, power: (
        sd_points == 10.2 and n_per_arm <= 200 and power >= 80 and difference_points < 2.95
    ),
    "A trial of the usual size can find a difference between two drugs about as large as each has "
    "from placebo. A smaller one it misses, or finds by luck.",
    {"difference_points": 2.9, "sd_points": 10.2, "n_per_arm": 200},
    objective=2,
)
ALIKE = Goal(
    "lesson12/alike",
    "Scatter 10.2: find the smallest trial whose interval reaches no more than 1 point to each "
    "side.",
    lambda sd_points, n_per_arm, reach: sd_points == 10.2 and reach <= 1.0 and n_per_arm <= 830,
    "To write “alike to within a point” takes about 800 per arm even if both come out equal, and "
    "more if not. “No difference was found” in a small trial is another sentence.",
    {"sd_points": 10.2, "n_per_arm": 800},
    objective=2,
)

INDIRECT = Exercise(
    name="lesson12/indirect",
    task="The 95 % interval of a minus b, in points.",
    arguments="a, se_a, b, se_b",
    answer=("half = 1.96 * np.hypot(se_a, se_b)\nreturn [a - b - half, a - b + half]"),
    cases=[
        (3.3, 1.11, 2.7, 0.85),
        (4.86, 1.4, 2.9, 0.94),
        (-3.49, 0.4, -2.7, 0.85),
        (1.5, 1.15, 3.3, 1.12),
        (0.31, 0.104, 0.33, 0.103),
        (2.0, 1.3, -1.6, 2.1),
    ],
    borders=[(2.0, 3.0, 2.0, 4.0)],
    unit="points",
    ideas={
        "errors-added": (
            "half = 1.96 * (se_a + se_b)\nreturn [a - b - half, a - b + half]",
            "You add the errors. Two trials seldom err fully and in opposite directions at once: "
            "the squares add, and {gave} is wider than {expected}.",
        ),
        "variance-for-error": (
            (
                "half = 1.96 * (se_a**2 + se_b**2)\nreturn [a - b - half, a - b + half]",
                "half = 1.96 * (se_a + se_b**2)\nreturn [a - b - half, a - b + half]",
                "half = 1.96 * (se_a**2 + se_b)\nreturn [a - b - half, a - b + half]",
            ),
            "The squares add to a variance; the error is the root of the whole sum.",
        ),
        "one-square-only": (
            (
                "half = 1.96 * np.sqrt(se_a + se_b**2)\nreturn [a - b - half, a - b + half]",
                "half = 1.96 * np.sqrt(se_a**2 + se_b)\nreturn [a - b - half, a - b + half]",
            ),
            "Only one of the two errors is squared below your root: both have to be.",
        ),
        "ends-by-ends": (
            "half = 1.96 * (se_a - se_b)\nreturn [a - b - half, a - b + half]",
            "You take low from low and high from high: two doubts would cancel. By yours two "
            "trials with like errors would give a difference without any.",
        ),
        "pooled-for-difference": (
            (
                "v, w = 1 / se_a**2, 1 / se_b**2\nmean = (a * v + b * w) / (v + w)\n"
                "half = 1.96 / np.sqrt(v + w)\nreturn [mean - half, mean + half]",
                "half = 1.96 * np.hypot(se_a, se_b)\n"
                "return [(a + b) / 2 - half, (a + b) / 2 + half]",
                "half = 1.96 * np.hypot(se_a, se_b) / 2\n"
                "return [(a + b) / 2 - half, (a + b) / 2 + half]",
            ),
            "You pool: a mean of the two, as if both had measured one effect. Asked is by how "
            "much a is more than b.",
        ),
        "error-of-a-mean": (
            "half = 1.96 / np.sqrt(1 / se_a**2 + 1 / se_b**2)\nreturn [a - b - half, a - b + half]",
            "That is the error of a pooled mean, smaller than either. A difference of two "
            "uncertain numbers is less certain than either: their squares add.",
        ),
        "overlap-is-test": (
            (
                "return [max(a - 1.96 * se_a, b - 1.96 * se_b), "
                "min(a + 1.96 * se_a, b + 1.96 * se_b)]",
                "return [min(a - 1.96 * se_a, b - 1.96 * se_b), "
                "max(a + 1.96 * se_a, b + 1.96 * se_b)]",
            ),
            "You lay the two intervals over each other. Asked is the interval of the difference: "
            "take b from a, and combine the errors.",
        ),
        "estimates-for-errors": (
            "half = 1.96 * np.hypot(a, b)\nreturn [se_a - se_b - half, se_a - se_b + half]",
            "Estimates and errors have changed places: a - b is the middle, and the squares of "
            "se_a and se_b add.",
        ),
        "factor-on-the-middle": (
            (
                "half = np.hypot(se_a, se_b)\n"
                "return [1.96 * (a - b) - half, 1.96 * (a - b) + half]",
                "half = 1.96 * np.hypot(se_a, se_b)\n"
                "return [1.96 * (a - b) - half, 1.96 * (a - b) + half]",
            ),
            "1.96 multiplies the error alone. The difference {a} - {b} is what it is: the middle "
            "of the interval.",
        ),
        "factor-below-root": (
            "half = np.sqrt(1.96 * (se_a**2 + se_b**2))\nreturn [a - b - half, a - b + half]",
            "1.96 stands below your root, where it counts as 1.4. Multiply the root by it.",
        ),
        "half-for-ends": (
            (
                "return [a - b, 1.96 * np.hypot(se_a, se_b)]",
                "return [a - b, np.hypot(se_a, se_b)]",
            ),
            "You return the middle and what lies to each side. Asked are the two ends.",
        ),
        "ratio-for-difference": (
            "half = 1.96 * np.hypot(se_a, se_b)\nreturn [a / b - half, a / b + half]",
            "You divide a by b. The docstring asks for a minus b, in points.",
        ),
        "one-error-only": (
            (
                "return [a - b - 1.96 * se_a, a - b + 1.96 * se_a]",
                "return [a - b - 1.96 * se_b, a - b + 1.96 * se_b]",
                "return [a - b - 1.96 * se_a, a - b + 1.96 * se_b]",
                "return [a - b - 1.96 * se_b, a - b + 1.96 * se_a]",
                "return [a - b - 1.96 * max(se_a, se_b), a - b + 1.96 * max(se_a, se_b)]",
            ),
            "Only one of the two errors comes in at an end. The other trial is uncertain as well: "
            "{expected}, not {gave}.",
        ),
        "squares-forgotten": (
            "half = 1.96 * np.sqrt(se_a + se_b)\nreturn [a - b - half, a - b + half]",
            "You take the root of a sum of errors. It is their squares that add; then the root.",
        ),
        "errors-as-product": (
            (
                "half = 1.96 * se_a * se_b\nreturn [a - b - half, a - b + half]",
                "half = 1.96 * np.sqrt(se_a * se_b)\nreturn [a - b - half, a - b + half]",
            ),
            "You multiply the errors. By yours a trial without error would make the other's "
            "vanish: their squares add.",
        ),
        "two-for-1.96": (
            "half = 2 * np.hypot(se_a, se_b)\nreturn [a - b - half, a - b + half]",
            "You reach 2 errors to each side; asked are 1.96, as the docstring says.",
        ),
        "error-for-width": (
            "half = np.hypot(se_a, se_b)\nreturn [a - b - half, a - b + half]",
            "{gave} reaches one error to each side. The 95 % interval reaches 1.96.",
        ),
        "errors-subtracted": (
            (
                "half = 1.96 * np.sqrt(abs(se_a**2 - se_b**2))\n"
                "return [a - b - half, a - b + half]",
                "half = 1.96 * abs(se_a - se_b)\nreturn [a - b - half, a - b + half]",
            ),
            "You subtract the errors as you subtract the estimates. By yours two trials with "
            "like errors would give a difference without any.",
        ),
        "reversed-subtraction": (
            "half = 1.96 * np.hypot(se_a, se_b)\nreturn [b - a - half, b - a + half]",
            "{gave} is b minus a. Asked is a minus b.",
        ),
        "errors-averaged": (
            "half = 1.96 * (se_a + se_b) / 2\nreturn [a - b - half, a - b + half]",
            "You take the mean of the two errors. A difference of two uncertain numbers is less "
            "certain than either: {expected}.",
        ),
        "ends-swapped": (
            "half = 1.96 * np.hypot(se_a, se_b)\nreturn [a - b + half, a - b - half]",
            "The ends have changed places: first the low one.",
        ),
    },
    also_right=(
        "gap = a - b\nerror = (se_a**2 + se_b**2) ** 0.5\n"
        "return [gap - 1.96 * error, gap + 1.96 * error]",
        "half = np.sqrt((1.96 * se_a) ** 2 + (1.96 * se_b) ** 2)\n"
        "return [(a - b) - half, (a - b) + half]",
        "variance = se_a**2 + se_b**2\n"
        "return [a - b + z * np.sqrt(variance) for z in (-1.96, 1.96)]",
    ),
    means="What two placebo trials say about two drugs, and how little that is.",
    hint="The errors 3 and 4 of the example make one of 5; 1.96 times 5 is 9.8; 3 - 9.8 is -6.8.",
    objective=2,
)

FATIGUE = Question(
    name="lesson12/fatigue",
    text="“Norepinephrine helps against fatigue, so levomilnacipran is better for tired patients.”",
    right=(
        "Not shown: no trial against escitalopram is known",
        "It may be true. Fatigue was looked up later, against placebo. One trial named it "
        "beforehand: 262 tired patients on levomilnacipran, one of four other SSRIs, or placebo "
        "(NCT01254305). Its results are in the register, not in this course: read them first.",
    ),
    wrong={
        "Supported: the drug raises what fatigue lacks": (
            "diagram-is-proof",
            "A mechanism is a reason to do the trial. It is not the trial, and a lack in fatigue "
            "was not measured here either.",
        ),
        "Supported: its lead over placebo is the larger": (
            "separate-trials-as-one",
            "By 0.6 points (-2.1 to 3.3) in the whole score, from two trials with different "
            "patients; in standard deviations it is the smaller.",
        ),
        "Wrong: the two drugs' effects are the same": (
            "nothing-seen-nothing-there",
            "A difference that is not shown is not shown to be 0: 3 points for levomilnacipran and "
            "2 for escitalopram are within the interval.",
        ),
    },
    objective=2,
)

# -- 3: the claim checker -------------------------------------------------------------------------

STAND = Prediction(
    name="lesson12/stand",
    text="How many of the eight sentences are supported as they are written?",
    answer=2.0,
    unit="sentences",
    low=0,
    high=8,
    ideas={"repeated-is-confirmed": (5.0, 8.0)},
    because=(
        "Sentences 5 and 6, each by five trials together. Four are wrong, and two are not shown: "
        "their intervals lie on both sides of the border."
    ),
    seen=lambda marked: marked == 8,
    setting="all eight sentences marked",
)

ALL_EIGHT = Goal(
    "lesson12/all-eight",
    "Look at each sentence's evidence, and mark all eight as their intervals say.",
    lambda marked, agree: marked == 8 and agree == 8,
    "Wrong ones can be mended by a word: “SERT” for “NET”, “less” for “more”, “not enough”. "
    "For the two that are not shown a measurement helps, or a weaker claim: “more than a third "
    "of SERT” holds at both ends of the bridge.",
    {
        "mark_1": "wrong",
        "mark_2": "not shown",
        "mark_3": "wrong",
        "mark_4": "wrong",
        "mark_5": "supported",
        "mark_6": "supported",
        "mark_7": "wrong",
        "mark_8": "not shown",
    },
    objective=3,
)

NOT_SHOWN = Question(
    name="lesson12/not_shown",
    text="Sentence 2 (uptake: more potent at NET, 1.8-fold) is “not shown”. So:",
    right=(
        "It may be true: both orders are in the interval",
        "0.26 to 12, with the two-fold scatter of laboratories. Write the number with its "
        "interval, and what would narrow it: the same assay, again, elsewhere.",
    ),
    wrong={
        "It is untrue as long as nobody has shown it": (
            "nothing-seen-nothing-there",
            "“Not shown” is no verdict on the drug. It is one on what was measured.",
        ),
        "The drug is equally potent at NET and at SERT": (
            "small-is-nothing",
            "1 is one of the values in the interval; so are 0.3 and 10. Equal would need a narrow "
            "interval around 1.",
        ),
        "It is true, since 1.8 is the best guess so far": (
            "estimate-decides",
            "The best guess is what you would bet on. A sentence without “perhaps” claims more "
            "than a bet.",
        ),
    },
    objective=3,
)
