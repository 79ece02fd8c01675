"""Lesson 06, pharmacokinetics: what it asks."""

from snrilab.exercises import Exercise, Goal, Lesson, Prediction, Question

LESSON = Lesson(
    name="lesson06",
    question="How much drug is in the blood, and for how long?",
    notebook="06_pharmacokinetics",
    minutes=60,
    assignment="ps4_pharmacokinetics",
    needs=("lesson05",),
    objectives=(
        "work out what clearance, volume and dose each do to the level, and when it is steady",
        "fit a model to the numbers of a label, and name the sample that tells two fits apart",
        "plan blood samples, and get a clearance and a half-life out of them",
        "say which way a drug leaves, and what a bioavailability is the share of",
    ),
)

# -- 1: two dials ---------------------------------------------------------------------------------

STAYS_LONGER = Prediction(
    name="lesson06/stays_longer",
    text=(
        "Levomilnacipran: volume 400 L, half-life 12 h, clearance 23 L/h. Escitalopram: volume "
        "1,560 L, half-life 30 h (all by mouth). What is escitalopram's clearance?"
    ),
    answer=36.0,
    unit="L/h",
    low=3,
    high=200,
    scale="log",
    ideas={"half-life-is-a-cause": 9.2},
    because=(
        "The volume is 3.9 times larger, the half-life only 2.5 times longer: more plasma is "
        "cleaned in an hour. It stays longer all the same, since little of it is in the plasma."
    ),
    seen=lambda volume_L, half_life_h: volume_L >= 1500 and 28 <= half_life_h <= 32,
    setting="a volume of 1,560 L and a clearance that makes the half-life 30 h",
)

ESCITALOPRAM = Goal(
    "lesson06/escitalopram",
    "Volume 1,500 L or more, as in escitalopram: CL and V give a half-life of 29 to 31 h.",
    lambda volume_L, half_life_h: volume_L >= 1500 and 29 <= half_life_h <= 31,
    "It is cleaned faster than levomilnacipran and stays longer: the volume did that.",
    {"volume_L": 1560, "clearance_L_per_h": 36},
    objective=1,
    against=("volume-is-a-space",),
)
TWICE_THE_MEAN = Goal(
    "lesson06/twice-the-mean",
    "With 40 mg: bring the mean to 140 to 149 ng/mL, CL and V to a half-life of 11.5 to 12.5 h.",
    lambda dose_mg, mean, half_life_h: (
        dose_mg == 40 and 140 <= mean <= 149 and 11.5 <= half_life_h <= 12.5
    ),
    "The mean takes half of the clearance; the half-life stays only if the volume halves too.",
    {"dose_mg": 40, "clearance_L_per_h": 11.6, "volume_L": 200},
    objective=1,
)
FLIP_FLOP = Goal(
    "lesson06/flip-flop",
    "Clearance 23.1 L/h, volume 400 L: make the level you see take 24 h or more to halve.",
    lambda clearance_L_per_h, volume_L, falling_h: (
        (clearance_L_per_h, volume_L) == (23.1, 400) and falling_h >= 24
    ),
    "The slower step sets the fall. When that is the way in, it is called flip-flop.",
    {"clearance_L_per_h": 23.1, "volume_L": 400, "absorption_per_h": 0.025},
    objective=1,
)

DAYS_TO_SHARE = Exercise(
    name="lesson06/days_to_share",
    task="The days of daily doses after which a share (0 to 1) of the steady state is there.",
    arguments="share, half_life_h",
    answer="-np.log2(1 - share) * half_life_h / 24",
    cases=[
        (0.9, 12.0),
        ([0.5, 0.8, 0.99], 30.0),
        (0.95, [6.0, 17.0]),
        ([0.3, 0.6], 7.5),
        (0.75, 24.0),
    ],
    borders=[(0.0, 12.0), ([0.0, 0.5], 12.0)],
    unit="days",
    ideas={
        "share-forgotten": (
            (
                "5 * half_life_h / 24",
                "4 * half_life_h / 24",
                "half_life_h / 24",
                "4.5 * half_life_h / 24",
            ),
            "You give {gave} days whatever share is asked for. Half of the steady state takes one "
            "half-life, three quarters take two.",
        ),
        "straight-line": (
            (
                "2 * share * half_life_h / 24",
                "share * half_life_h / 24",
                "5 * share * half_life_h / 24",
                "share * half_life_h",
                "share * half_life_h / np.log(2) / 24",
                "2 * share * half_life_h",
                "5 * share / 0.97 * half_life_h / 24",
            ),
            "You go in proportion: twice the share, twice the time. But the second half-life adds "
            "half of what is still missing, not as much as the first.",
        ),
        "ln2-lost": (
            "-half_life_h * np.log(1 - share) / 24",
            "Your formula lets the missing part shrink to 1/e, 37 %, in one half-life. It halves: "
            "a logarithm to base 2, or one divided by ln 2.",
        ),
        "wrong-logarithm": (
            (
                "-half_life_h * np.log10(1 - share) / 24",
                "-half_life_h * np.log10(1 - share) / np.log(2) / 24",
                "-half_life_h * np.log(1 - share) / np.log10(2) / 24",
            ),
            "A logarithm to base 10 got in where none belongs. The missing part is halved again "
            "and again: base 2, or the same base above and below the line.",
        ),
        "free-instead-of-occupied": (
            "-half_life_h * np.log2(share) / 24",
            "You wait until a share of {share} is still missing. Asked is when it is there: the "
            "half-lives have to halve down to 1 - share.",
        ),
        "whole-steps-only": (
            "half_life_h * np.ceil(-np.log2(1 - share)) / 24",
            "You count whole half-lives. The level does not wait for the next one: 90 % take more "
            "than three and less than four. A logarithm counts in between.",
        ),
        "hyperbola-for-exponential": (
            "half_life_h * share / (1 - share) / 24",
            "That curve, t / (t + half-life), gives three quarters after three half-lives. Halving "
            "what is missing gets there in two.",
        ),
        "one-half-life-a-day": (
            "-np.log2(1 - share) + 0 * half_life_h",
            "You count the half-lives and call them days. One of them takes {half_life_h} h.",
        ),
        "ratio-upside-down": (
            ("-np.log2(1 - share) * 24 / half_life_h", "-np.log2(1 - share) / half_life_h / 24"),
            "With a longer half-life yours gets there sooner. The number of half-lives times "
            "half_life_h are hours, and 24 of them make a day.",
        ),
        "asked-backwards": (
            ("1 - 0.5 ** (share * 24 / half_life_h)", "1 - 0.5 ** (share / half_life_h)"),
            "You take the share for a time, and give back what is there by then. Asked is the "
            "time, so the power has to be undone: by a logarithm.",
        ),
        "accumulation-for-time": (
            ("share / (1 - 0.5 ** (24 / half_life_h))", "1 / (1 - 0.5 ** (24 / half_life_h))"),
            "1 / (1 - 0.5 ** (24 / {half_life_h})) says how many times one dose builds up. Asked "
            "is how long that takes.",
        ),
        "halvings-by-division": (
            ("1 / (1 - share) / 2 * half_life_h / 24", "1 / (1 - share) * half_life_h / 24"),
            "From 1 to 1/8 it takes three halvings, and 8 / 2 is four. How often one halves is a "
            "logarithm to base 2.",
        ),
        "share-doubles": (
            "(1 + np.log2(share / 0.5)) * half_life_h / 24",
            "You follow what is there as if it doubled. What halves is what is missing, 1 - "
            "share: 1/2, 1/4, 1/8.",
        ),
        "plus-for-minus": (
            "np.log2(1 + share) * half_life_h / 24",
            "1 + share grows with what is there. The halvings take the whole down to what is "
            "missing, 1 - share.",
        ),
        "odds-for-missing": (
            "np.log2(share / (1 - share)) * half_life_h / 24",
            "You take there over missing. It is 1 over missing, from the whole down to 1 - share, "
            "that the halvings divide.",
        ),
    },
    also_right=(
        "half_life_h / 24 * np.log(1 / (1 - share)) / np.log(2)",
        "np.log(1 - share) / np.log(0.5) * half_life_h / 24",
        "np.log10(1 - share) / np.log10(0.5) * (half_life_h / 24)",
    ),
    means="No dose is in it, and no clearance: only the half-life and how near is near enough.",
    hint="Three quarters there, one quarter missing: 1, 1/2, 1/4. How many halvings for 1 - share?",
    objective=1,
)

DOSE_TRIPLED = Question(
    name="lesson06/dose_tripled",
    text="The dose is tripled from the first day on. When is the level steady, and how high?",
    right=(
        "On the same day, and three times as high",
        "The dose slider of the first explorer says so. More comes in, and in proportion more "
        "leaves.",
    ),
    wrong={
        "Sooner, since the larger dose fills up faster": (
            "bigger-dose-settles-sooner",
            "It fills faster, and has three times as far to go. Set 40, then 120 mg: no change.",
        ),
        "Later, since there is more to build up in all": (
            "steady-later",
            "There is more to build up, and three times as much comes in. The day stays.",
        ),
        "Never, since the body only keeps up with 40 mg": (
            "rate-ignores-concentration",
            "What leaves is no fixed amount: it grows with the level until it equals the dose.",
        ),
    },
    objective=1,
)

# -- 2: fit the label -----------------------------------------------------------------------------

PEAK_OVER_LOWEST = Prediction(
    name="lesson06/peak_over_lowest",
    text=(
        "Once a day, half-life 12 h. Each capsule lets its drug out evenly over 6 h, absorbed at "
        "once. At steady state the day's highest level is how many times its lowest?"
    ),
    answer=2.8,
    unit="times",
    low=1,
    high=10,
    scale="log",
    ideas={"half-life-is-a-cause": 4.0, "constant-amount-leaves": 2.0},
    because=(
        "All at once it would be four: two half-lives from peak to next dose. The slow release "
        "flattens that. So it is not the half-life alone that makes once a day possible."
    ),
    seen=lambda release_h, absorption_per_h, fall_h: (
        5.5 <= release_h <= 6.5 and absorption_per_h >= 4 and 11.5 <= fall_h <= 12.5
    ),
    setting="a release over 6 h, fast absorption and a half-life of 12 h",
)

SLOW_RELEASE = Goal(
    "lesson06/slow-release",
    "All four numbers, with release over 4 h or more.",
    lambda met, release_h: met == 4 and release_h >= 4,
    "The area fixed the clearance, the half-life then the volume; the rest is the way in.",
    {
        "clearance_L_per_h": 23.1,
        "volume_L": 400,
        "release_h": 6,
        "absorption_per_h": 10,
        "lag_h": 0.5,
    },
    objective=2,
)
ALL_AT_ONCE = Goal(
    "lesson06/all-at-once",
    "Keep that curve. Then all four numbers again, with everything released at once (0 h).",
    lambda met, release_h: met == 4 and release_h == 0,
    "A lag moves the peak and leaves its height. Two mechanisms fit: so the fit is no proof.",
    {
        "clearance_L_per_h": 23.1,
        "volume_L": 400,
        "release_h": 0,
        "absorption_per_h": 0.955,
        "lag_h": 3.8,
    },
    objective=2,
    against=("bioavailability-is-speed",),
)

WHAT_DECIDES = Question(
    name="lesson06/what_decides",
    text="Slow release and a late start both meet the label. What would tell them apart?",
    right=(
        "A sample three hours after one capsule",
        "One model has 39 ng/mL there after 40 mg, the other none; from 8 h on they differ by "
        "about 5 at most. No early sample was found, so the question is open.",
    ),
    wrong={
        "A sample at 24 h, from many more people": (
            "small-error-is-right",
            "There the models differ by 2 ng/mL after 40 mg, and seven per cent more clearance "
            "would hide that, however many people.",
        ),
        "A closer fit to the label's four numbers": (
            "fit-is-proof",
            "Both can be moved until they meet the numbers. Their fit cannot judge between them.",
        ),
        "The peak that one dose of 40 mg will reach": (
            "fit-is-proof",
            "84.5 and 83.6 ng/mL by the two models, 83.9 measured: it fits both equally well.",
        ),
    },
    objective=2,
)

# -- 3: sample the curve --------------------------------------------------------------------------

AFTER_A_DAY = Prediction(
    name="lesson06/after_a_day",
    text=(
        "One capsule of 40 mg, half-life 12 h, release from 0.5 to 6.5 h. What share of the whole "
        "area under the curve comes later than 24 h after swallowing?"
    ),
    answer=30.8,
    unit="%",
    low=0,
    high=100,
    ideas={"auc-to-last": 5.0, "lag-ignored": 25.0},
    because=(
        "Two half-lives from swallowing would leave 25 %. But drug came in until hour 6.5, so "
        "less time has passed for it to leave."
    ),
    seen=lambda beyond: beyond > 0,
    setting="a typical patient (23.1 L/h, 400 L)",
)

FALLING_AREA = Exercise(
    name="lesson06/falling_area",
    task="The area in ng h/mL under an exponential fall from c1 at t1_h to c2 at t2_h.",
    arguments="t1_h, c1, t2_h, c2",
    answer="(c1 - c2) * (t2_h - t1_h) / np.log(c1 / c2)",
    cases=[
        (12.0, 61.5, 36.0, 15.4),
        (24.0, 30.8, 48.0, 7.7),
        (7.0, 82.1, 9.5, 66.0),
        ([8.0, 12.0], [77.5, 61.5], [12.0, 24.0], [61.5, 30.8]),
        (12.0, 40.0, 20.0, 20.0),
    ],
    borders=[(0.0, 40.0, 8.0, 20.0)],
    unit="ng h/mL",
    ideas={
        "straight-line": (
            (
                "(c1 + c2) / 2 * (t2_h - t1_h)",
                "(c1 + 2 * np.sqrt(c1 * c2) + c2) / 4 * (t2_h - t1_h)",
            ),
            "Straight lines give {gave} for {expected}. An exponential hangs below the line "
            "between its ends, so on the way down a trapezoid is too large.",
        ),
        "wrong-logarithm": (
            "(c1 - c2) * (t2_h - t1_h) / np.log10(c1 / c2)",
            "k belongs to powers of e: c2 = c1 exp(-k t). Solve that with the natural logarithm "
            "alone.",
        ),
        "ratio-upside-down": (
            "(c1 - c2) * (t2_h - t1_h) / np.log(c2 / c1)",
            "An area below zero, {gave}. The level falls, so ln(c2/c1) is below zero; the k of a "
            "fall is ln(c1/c2) over the time.",
        ),
        "ln2-lost": (
            (
                "(c1 - c2) * (t2_h - t1_h) / np.log2(c1 / c2)",
                "(c1 - c2) * (t2_h - t1_h) / (np.log(2) * np.log(c1 / c2))",
            ),
            "A half-life is not one over k: k = ln(2) / half-life, 0.693 / half-life. From two "
            "points you need no half-life at all.",
        ),
        "interval-for-half-life": (
            (
                "(c1 - c2) / (np.log(2) / (t2_h - t1_h))",
                "(c1 - c2) / (2 * np.log(2) / (t2_h - t1_h))",
            ),
            "You make the half-life out of the time between the samples alone. How many halvings "
            "are in it, the levels say: any pair gives k = ln(c1/c2) over the time.",
        ),
        "share-for-rate": (
            "(c1 - c2) / (1 - (c2 / c1) ** (1 / (t2_h - t1_h)))",
            "The share lost in one hour is not k: within the hour it is lost of less and less. k = "
            "ln(c1/c2) over the time.",
        ),
        "half-life-for-rate": (
            "(c1 - c2) * np.log(c1 / c2) / (np.log(2) * (t2_h - t1_h))",
            "You divide by the half-life. Below the line belongs k, which is ln(2) / half-life.",
        ),
        "geometric-mean": (
            "np.sqrt(c1 * c2) * (t2_h - t1_h)",
            "You take the level half-way in time, {gave} in all. The curve is bent upwards, so its "
            "mean lies above its middle.",
        ),
        "first-value-holds": (
            ("c1 * (t2_h - t1_h)", "c2 * (t2_h - t1_h)"),
            "One sample's level times the whole time, a rectangle of {gave}: as if the level held. "
            "The share lost over the whole time is no k: it is lost of less and less.",
        ),
        "triangle-only": (
            "(c1 - c2) / 2 * (t2_h - t1_h)",
            "You take the triangle between the two levels. Below it, down to zero, there is area; "
            "and the curve is no straight side of a triangle.",
        ),
        "logs-for-values": (
            (
                "(np.log(c1) + np.log(c2)) / 2 * (t2_h - t1_h)",
                "(np.log(c1) - np.log(c2)) * (t2_h - t1_h)",
            ),
            "You work with the logarithms as if they were levels, {gave}. In logarithms the fall "
            "is straight, and they give k; but the area asked for lies under the levels "
            "themselves.",
        ),
        "tail-not-cut-off": (
            (
                "c1 * (t2_h - t1_h) / np.log(c1 / c2)",
                "c2 * (t2_h - t1_h) / np.log(c1 / c2)",
            ),
            "c/k is the whole area from a sample on, for ever: {gave}. Asked is the part between "
            "the two samples.",
        ),
        "logs-forgotten": (
            "(c1 - c2) / ((c1 - c2) / (t2_h - t1_h))",
            "Your k is the slope of the levels, an amount per hour, and then the levels cancel: "
            "{gave} is the time alone. An exponential is straight in its logarithms.",
        ),
    },
    also_right=(
        "(c1 - c2) / (np.log(c1 / c2) / (t2_h - t1_h))",
        "(c2 - c1) / ((np.log(c2) - np.log(c1)) / (t2_h - t1_h))",
        "c1 * (t2_h - t1_h) * (1 - c2 / c1) / -np.log(c2 / c1)",
    ),
    means="The area of two samples, as exact on the way down as they are.",
    hint=(
        "40 falls to 20 in 8 h. c2 = c1 exp(-k t), so k = ln(2) / 8 per hour here; the area is "
        "(40 - 20) / k. Which logarithm for any pair?"
    ),
    objective=3,
)

KEPT_PROMISE = Goal(
    "lesson06/kept-promise",
    "Answer with a range at most 1.3-fold wide that holds the clearance.",
    lambda held, low, high: held and high <= 1.3 * low,
    "Two samples near the peak, the others far out: area and fall are both seen. With these hours "
    "12 % to each side of the estimate nearly always hold the clearance.",
    [
        {"rule": "exponential fall"},
        *({"time_h": hour, "measure": True} for hour in (2, 4, 7, 9, 12, 24, 40, 60)),
        {
            "answer": lambda told: float(f"{told['clearance']:.3g}"),
            "low": lambda told: float(f"{told['clearance'] / 1.12:.3g}"),
            "high": lambda told: float(f"{told['clearance'] * 1.12:.3g}"),
        },
    ],
    objective=3,
)

SHORT_PLAN = Question(
    name="lesson06/short_plan",
    text=(
        "One capsule, once; the last sample is at 24 h. How is dose / (area up to that sample), as "
        "a clearance?"
    ),
    right=(
        "Too high, since area is missing below the line",
        "Dose over area: with 69 % of the area this capsule's clearance is 1.44 times too high.",
    ),
    wrong={
        "Too low, since the later clearance is missing": (
            "clearance-is-amount",
            "Clearance is no amount to collect. It is dose over area, and the area is too small.",
        ),
        "Right, since by then most of it has left": (
            "auc-to-last",
            "31 % of this area come after 24 h. What was not sampled counts.",
        ),
        "Not known without the volume of distribution": (
            "volume-is-a-space",
            "The volume is no space that is cleaned: 1,560 L fit into nobody. Dose over area needs "
            "none, and in turn 1 the volume left the mean alone.",
        ),
    },
    objective=3,
)

# -- 4: which door? -------------------------------------------------------------------------------

UNCHANGED = Prediction(
    name="lesson06/unchanged",
    text=(
        "A guide says of levomilnacipran: 'primarily metabolized by CYP3A4', an enzyme of the "
        "liver. Of 100 mg swallowed, how many leave in the urine as they came?"
    ),
    answer=(55.4, 58.4),
    unit="mg",
    low=0,
    high=100,
    ideas={"metabolism-is-elimination": 10.0},
    because=(
        "58 of 100 with labelled drug, 55 by blood and urine in another study. CYP3A4 is the main "
        "enzyme for what is metabolised, and that is the smaller part."
    ),
    seen=lambda share: 53 <= share <= 60,
    setting="levomilnacipran's own clearances",
    measured="by blood and urine (Chen 2015) and by labelled drug (Brunner 2015)",
)

URINE = Goal(
    "lesson06/urine",
    "As measured: 10.5 L/h by the kidney, 19 L/h by both ways together.",
    lambda kidney_L_per_h, total_L_per_h: (
        10.4 <= kidney_L_per_h <= 10.7 and 18.8 <= total_L_per_h <= 19.2
    ),
    "Side by side clearances add up, and share the drug out in their proportion: 55 mg here, where "
    "labelled drug gave 58. Two studies, two ways, one answer.",
    {"kidney_L_per_h": 10.5, "enzymes_L_per_h": 8.5},
    objective=4,
    against=("metabolism-is-elimination",),
)

AVERAGE_LEVEL = Exercise(
    name="lesson06/average_level",
    task="The mean total level in plasma at steady state, ng/mL.",
    arguments="dose_mg, interval_h, cl_over_f_L_per_h",
    answer="1000 * dose_mg / (interval_h * cl_over_f_L_per_h)",
    cases=[
        (120.0, 24.0, 23.1),
        ([20.0, 40.0, 80.0], 24.0, 23.1),
        (40.0, [12.0, 24.0], 19.0),
        (40.0, 24.0, [15.5, 10.0, 6.8]),
        (48.0, 24.0, 20.0),
        ([5.0, 60.0], [8.0, 48.0], [12.5, 31.0]),
        (10.0, 6.0, 8.5),
        (30.0, 8.0, 26.0),
    ],
    borders=[(0.0, 24.0, 20.0)],
    unit="ng/mL",
    ideas={
        "bioavailability-twice": (
            (
                "0.92 * dose_mg / (interval_h * cl_over_f_L_per_h)",
                "920 * dose_mg / (interval_h * cl_over_f_L_per_h)",
                "1000 * dose_mg / (interval_h * 0.92 * cl_over_f_L_per_h)",
                "dose_mg / (interval_h * 0.92 * cl_over_f_L_per_h)",
                "920 * 1.08 * dose_mg / (interval_h * cl_over_f_L_per_h)",
                "920 * 0.92 * dose_mg / (interval_h * cl_over_f_L_per_h)",
                "1000 * dose_mg / (0.92 * 0.92 * interval_h * cl_over_f_L_per_h)",
                *(
                    f"1000 * {share} * dose_mg / (interval_h * cl_over_f_L_per_h)"
                    for share in ("0.08", "1.08", "0.55", "0.58", "0.6", "0.8", "0.85", "0.9")
                ),
            ),
            "No share belongs to the dose or to the clearance here: CL/F is dose over area of this "
            "very capsule, so whatever is lost on its way in is in there already. As for the unit: "
            "1 mg/L is 1,000 ng/mL.",
        ),
        "salt-for-base": (
            (
                "1148 * dose_mg / (interval_h * cl_over_f_L_per_h)",
                "871 * dose_mg / (interval_h * cl_over_f_L_per_h)",
                "891 * dose_mg / (interval_h * cl_over_f_L_per_h)",
                "1000 * dose_mg * 138 / 120 / (interval_h * cl_over_f_L_per_h)",
                "1000 * dose_mg * 120 / 138 / (interval_h * cl_over_f_L_per_h)",
                "1000 * dose_mg * 282.8 / 246.35 / (interval_h * cl_over_f_L_per_h)",
                "1000 * dose_mg / 1.148 / (interval_h * cl_over_f_L_per_h)",
                "1000 * dose_mg * 246.35 / 282.8 / (interval_h * cl_over_f_L_per_h)",
            ),
            "You convert between salt and base. The strength on the capsule is base, the level is "
            "of base too, and so was the area behind CL/F.",
        ),
        "unbound-for-total": (
            (
                "780 * dose_mg / (interval_h * cl_over_f_L_per_h)",
                "0.78 * dose_mg / (interval_h * cl_over_f_L_per_h)",
            ),
            "You take off what is bound in plasma. A laboratory reports the total, and CL/F came "
            "from totals.",
        ),
        "thousand-lost": (
            (
                "dose_mg / (interval_h * cl_over_f_L_per_h)",
                "dose_mg / (interval_h * cl_over_f_L_per_h) / 1000",
                "1e6 * dose_mg / (interval_h * cl_over_f_L_per_h)",
            ),
            "The number is right but for the unit: mg over L/h and h is mg/L. 1 mg is 1,000,000 ng "
            "and 1 L is 1,000 mL, so how many ng/mL is 1 mg/L?",
        ),
        "area-for-level": (
            "1000 * dose_mg / cl_over_f_L_per_h",
            "{gave} is the area of one interval, in ng h/mL. The mean level is that area spread "
            "over the interval's {interval_h} h.",
        ),
        "interval-ignored": (
            "1000 * dose_mg / (24 * cl_over_f_L_per_h)",
            "You take 24 h for every interval; asked was also {interval_h} h.",
        ),
        "clearance-ignored": (
            ("1000 * dose_mg / 400", "1000 * dose_mg / (interval_h * 400)"),
            "You divide by a volume. In turn 1 the volume left the mean where it was: what leaves "
            "in an interval is clearance x mean x interval.",
        ),
    },
    also_right=(
        "dose_mg / cl_over_f_L_per_h / interval_h * 1e3",
        "1e6 * dose_mg / (1e3 * cl_over_f_L_per_h) / interval_h",
        "(dose_mg / interval_h) / (cl_over_f_L_per_h / 1000)",
    ),
    means="A mean level needs no half-life, no volume, and no bioavailability beside CL/F.",
    hint=(
        "48 mg a day come in, 2 mg each hour. 20 L are cleaned each hour. Which level in mg/L "
        "makes them equal, and what is that in ng/mL?"
    ),
    objective=4,
)

HALF_LOST = Question(
    name="lesson06/half_lost",
    text=(
        "Suppose a dose into a vein showed that 80 % of the oral solution reaches the blood. How "
        "much of a 100 mg capsule does, and what are its clearances?"
    ),
    right=(
        "74 mg; CL/F stays, CL itself is 17.0 L/h",
        "0.92 of the solution's 80 %. No area of the capsule has changed, so CL/F stays 23.1 L/h; "
        "CL is 0.736 times that.",
    ),
    wrong={
        "92 mg; CL/F stays, CL itself is 21.3 L/h": (
            "relative-is-absolute",
            "The 92 % compare two forms by mouth. What both lose does not show in them: of the "
            "capsule 0.92 times 0.8 gets in.",
        ),
        "74 mg were absorbed; CL is 23.1 L/h": (
            "bioavailability-is-amount",
            "More may be absorbed and then lost in gut wall or liver: the 74 mg are what reaches "
            "the blood. And 23.1 L/h is 100 mg over the area, so CL is 0.736 times that.",
        ),
        "80 mg, only slower; CL itself is 18.5 L/h": (
            "bioavailability-is-speed",
            "The 92 % compare areas, and an area does not tell how fast: your absorption slider "
            "left the mean alone. 8 % less gets in.",
        ),
    },
    objective=4,
)
