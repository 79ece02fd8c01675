"""Lesson 07, dosing: what it asks."""

from snrilab.exercises import Exercise, Goal, Lesson, Prediction, Question

LESSON = Lesson(
    name="lesson07",
    question="What dose for whom?",
    notebook="07_dosing",
    minutes=60,
    needs=("lesson06",),
    objectives=(
        "work out how far one enzyme can raise or lower an exposure",
        "combine two doors that fail together, and say where the sum falls short of patients",
        "foresee what a late dose, an inhibitor and a taper do, day by day",
        "choose doses for six people, and name the rules that no level in plasma gives",
    ),
)

# -- 1: one enzyme --------------------------------------------------------------------------------

ALL_ENZYMES = Prediction(
    name="lesson07/all_enzymes",
    text=(
        "58 of 100 mg of levomilnacipran leave by the kidney (lesson 06): if all gets in, it has "
        "58 of 100 parts of the clearance. All enzymes are shut: exposure is how many times the "
        "usual one?"
    ),
    answer=1.72,
    unit="times usual",
    low=1,
    high=50,
    scale="log",
    ideas={"block-is-rise": 1.42, "one-door": (10.0, 50.0)},
    because=(
        "58 of 100 parts of the clearance are left, and exposure is one over that. Inhibitors of "
        "enzymes can do no more to the clearance: the kidney goes on."
    ),
    seen=lambda share_percent, activity: 41.5 <= share_percent <= 42.5 and activity <= 0.02,
    setting="a share of 42 % and an activity of 0",
)

KETOCONAZOLE = Goal(
    "lesson07/ketoconazole",
    "Ketoconazole: activity 0.05 or less, exposure within its 90 % interval, 1.47 to 1.67 times.",
    lambda activity, exposure: activity <= 0.05 and 1.47 <= exposure <= 1.67,
    "With the enzyme shut, exposure tells its share: a third to two fifths of the clearance.",
    {"share_percent": 36, "activity": 0},
    objective=1,
)
CARBAMAZEPINE = Goal(
    "lesson07/carbamazepine",
    "Carbamazepine: share 36 %, exposure within its 90 % interval, 0.68 to 0.74 times.",
    lambda share_percent, exposure: share_percent == 36 and 0.68 <= exposure <= 0.74,
    "The same enzyme, at about twice its usual work, if nothing else is induced: exposure falls "
    "by about three tenths.",
    {"share_percent": 36, "activity": 2.15},
    objective=1,
    against=("inhibition-for-induction",),
)

SHARE_OF_ENZYME = Exercise(
    name="lesson07/share_of_enzyme",
    task="The share (0 to 1) of the clearance that an enzyme has.",
    arguments="auc_ratio",
    answer="1 - 1 / auc_ratio",
    cases=[(1.57,), ([1.47, 1.67],), (3.3,), ([1.2, 5.7, 2.5],), (4.0,)],
    borders=[(1.0,), ([1.0, 2.0],)],
    unit="share of the clearance",
    ideas={
        "free-instead-of-occupied": (
            "1 / auc_ratio",
            "{gave} is the clearance that is left when the enzyme is shut. The enzyme's share is "
            "what is gone.",
        ),
        "block-is-rise": (
            ("auc_ratio - 1", "np.minimum(auc_ratio - 1, 1.0)"),
            "You take the rise of the exposure, {gave}, for the share. Shutting half of the "
            "clearance gives twice the exposure: a rise of 1 by a share of 0.5.",
        ),
        "reversed-subtraction": (
            ("1 / auc_ratio - 1", "1 - auc_ratio"),
            "A share below zero, {gave}. Exposure with the enzyme shut is the larger one, so your "
            "subtraction runs the wrong way.",
        ),
        "percent": (
            "100 * (1 - 1 / auc_ratio)",
            "{gave} is in per cent. A share runs from 0 to 1.",
        ),
        "half-difference": (
            ("(auc_ratio - 1) / (auc_ratio + 1)", "2 * (auc_ratio - 1) / (auc_ratio + 1)"),
            "You compare the difference with both exposures together. The share is a part of the "
            "clearance, and clearances are one over exposures.",
        ),
        "share-of-all": (
            "auc_ratio / (1 + auc_ratio)",
            "You give the exposure's share of both exposures together. Turn the exposure into the "
            "clearance that is left first: one over {auc_ratio}.",
        ),
        "logarithm-for-share": (
            (
                "np.log(auc_ratio)",
                "np.clip(np.log(auc_ratio), 0, 1)",
                "np.log2(auc_ratio)",
                "np.log10(auc_ratio)",
                "np.log2(auc_ratio) / 2",
                "1 - np.exp(1 - auc_ratio)",
                "1 - np.exp(-auc_ratio)",
                "np.log(auc_ratio) / auc_ratio",
            ),
            "No time runs here, so there is no exponential and no logarithm: clearance is one over "
            "exposure.",
        ),
    },
    also_right=(
        "(auc_ratio - 1) / auc_ratio",
        "1 - auc_ratio**-1.0",
        "np.subtract(1, np.divide(1, auc_ratio))",
    ),
    means="With as much taken in as before, the exposure is all that one needs: no dose, no "
    "half-life.",
    hint=(
        "With the enzyme shut exposure is 4 times. Which part of the clearance is left, and which "
        "part had the enzyme?"
    ),
    objective=1,
)

STRONGER = Question(
    name="lesson07/stronger",
    text=(
        "Take CYP3A4 at 36 % of levomilnacipran's clearance, and what gets in as fixed. A new drug "
        "shuts it more fully than any before. What can it do to the exposure?"
    ),
    right=(
        "Raise it to 1.56 times, and no further",
        "One over what is left, 0.64: the ceiling. Ketoconazole's 1.57 is where the 36 % came "
        "from.",
    ),
    wrong={
        "Raise it as far as its strength allows": (
            "one-door",
            "Strength ends at an activity of 0. The other 64 % of the clearance are not CYP3A4's: "
            "your slider stopped at 1.56.",
        ),
        "Raise it to 1.36 times, by these 36 %": (
            "block-is-rise",
            "36 % less clearance is not 36 % more exposure: one over 0.64 is 1.56.",
        ),
        "Lower it to 0.64 times what it was before": (
            "inhibition-for-induction",
            "0.64 is the clearance. With less clearance the exposure rises; an inducer lowers it.",
        ),
    },
    objective=1,
)

# -- 2: two doors ---------------------------------------------------------------------------------

BOTH_DOORS = Prediction(
    name="lesson07/both_doors",
    text=(
        "In the model a kidney that does a quarter of its work raises exposure to 1.77 times. A "
        "shut CYP3A4 raises it to 1.56 times. Both in one person: how many times?"
    ),
    answer=4.88,
    unit="times",
    low=1,
    high=20,
    scale="log",
    ideas={"ratios-multiply": 2.77, "rises-added": 2.33, "worse-counts": 1.77},
    because=(
        "Of the clearance the weak kidney leaves 0.565. A shut CYP3A4 takes 0.36 away from that, "
        "not 36 % of it: 0.205 is left, and exposure is one over 0.205."
    ),
    seen=lambda kidney, enzyme: 0.24 <= kidney <= 0.26 and enzyme <= 0.01,
    setting="a kidney at 0.25 and CYP3A4 at 0",
)

SEVERE_BY_SPLIT = Goal(
    "lesson07/severe-by-split",
    "CYP3A4 at 1: reach the 2.81 times that people with severely impaired kidneys had.",
    lambda kidney, enzyme: kidney <= 0.02 and enzyme == 1,
    "Without any kidney it is 2.38. So more than the kidney's part of the clearance had changed.",
    {"kidney": 0, "enzyme": 1},
    possible=False,
    objective=2,
)

EXPOSURE_WITH_BOTH = Exercise(
    name="lesson07/exposure_with_both",
    task="The exposure over normal when kidney and enzyme work at these shares of normal.",
    arguments="fe, fm, kidney, enzyme",
    answer="1 / (1 - fe - fm + fe * kidney + fm * enzyme)",
    cases=[
        (0.58, 0.36, 0.25, 0.0),
        (0.58, 0.36, [0.65, 0.4, 0.16], 0.0),
        ([0.5, 0.3], [0.3, 0.4], 0.5, 0.5),
        (0.4, 0.5, 0.2, 0.1),
        (0.5, 0.3, 1.0, 2.0),
        (0.5, 0.3, 0.5, [0.0, 1.4]),
    ],
    borders=[
        (0.0, 0.4, 0.5, 0.5),
        (0.5, 0.0, 0.5, 0.5),
        (0.5, 0.3, 1.0, 1.0),
        (0.5, 0.3, 0.0, 1.0),
    ],
    unit="times",
    ideas={
        "ratios-multiply": (
            (
                "1 / ((1 - fe + fe * kidney) * (1 - fm + fm * enzyme))",
                "1 / ((1 - fe + fe * kidney) * (1 - fm + fm * enzyme)) / (1 - fe * fm)",
                "1 / ((1 - fe + fe * kidney) * (1 - fm + fm * enzyme)) * (1 - fe * fm)",
                "1 / ((1 - fe + fe * kidney) * (1 - fm + fm * enzyme)) - fe * fm",
                "1 / ((1 - fe + fe * kidney) * (1 - fm + fm * enzyme)) / (1 - fe - fm)",
                "1 / (fe * kidney + (1 - fe) * (1 - fm + fm * enzyme))",
                "1 / (fm * enzyme + (1 - fm) * (1 - fe + fe * kidney))",
            ),
            "With you one door takes its share of what the other leaves. Each door takes its own "
            "part of one clearance: {expected}, not {gave}.",
        ),
        "worse-counts": (
            "np.maximum(1 / (1 - fe + fe * kidney), 1 / (1 - fm + fm * enzyme))",
            "You let the larger of the two count. But the other door works less as well, and the "
            "same clearance misses both parts.",
        ),
        "rises-added": (
            (
                "1 / (1 - fe + fe * kidney) + 1 / (1 - fm + fm * enzyme) - 1",
                "1 / (1 - fe + fe * kidney) + 1 / (1 - fm + fm * enzyme)",
            ),
            "You add what each door does to the exposure. It is the clearances that add up; the "
            "exposure is one over their sum.",
        ),
        "clearance-for-exposure": (
            "1 - fe - fm + fe * kidney + fm * enzyme",
            "{gave} is the clearance that is left. Exposure is one over it.",
        ),
        "other-exits-forgotten": (
            (
                "1 / (fe * kidney + fm * enzyme + 1e-12)",
                "(fe + fm) / (fe * kidney + fm * enzyme + 1e-12)",
                "1 / ((1 - fe - fm) * kidney * enzyme + fe * kidney + fm * enzyme + 1e-12)",
                "1 / ((1 - fe - fm) * kidney + fe * kidney + fm * enzyme + 1e-12)",
                "1 / ((1 - fe - fm) * enzyme + fe * kidney + fm * enzyme + 1e-12)",
            ),
            "The part of the clearance that is neither the kidney's nor the enzyme's, "
            "1 - fe - fm, still works in full.",
        ),
        "doors-in-series": (
            (
                "1 / (1 - fe - fm + fe * kidney * fm * enzyme)",
                "1 / (1 - fe - fm + (fe + fm) * kidney * enzyme)",
            ),
            "You multiply kidney by enzyme, as if the drug had to pass both doors. They stand side "
            "by side: each clears its own part, whatever the other does.",
        ),
        "activity-ignored": (
            "1 / (1 - fe - fm + 0 * kidney * enzyme)",
            "You shut both doors wholly: {gave}. How much each still does stands in kidney and "
            "enzyme.",
        ),
        "two-effects-averaged": (
            (
                "0.5 / (1 - fe + fe * kidney) + 0.5 / (1 - fm + fm * enzyme)",
                "((1 - fe + fe * kidney) * (1 - fm + fm * enzyme)) ** -0.5",
                "2 / (2 - fe + fe * kidney - fm + fm * enzyme)",
                "1 / (1 - (fe + fm) * (1 - (kidney + enzyme) / 2))",
            ),
            "You take a mean over the two doors: {gave}. Each door keeps a part of the clearance "
            "of its own, fe * kidney and fm * enzyme, and what is left adds up.",
        ),
        "block-is-rise": (
            (
                "1 + fe * (1 - kidney) + fm * (1 - enzyme)",
                "(1 + fe * (1 - kidney)) * (1 + fm * (1 - enzyme))",
            ),
            "You let the exposure rise by as much as the clearance falls: {gave}. With half of the "
            "clearance left it is twice, not 1.5 times: one over what is left.",
        ),
        "left-for-lost": (
            "1 / (1 - fe * kidney - fm * enzyme)",
            "You take away what still works. What is lost is fe * (1 - kidney), and the enzyme's "
            "in the same way.",
        ),
    },
    also_right=(
        "1 / ((1 - fe - fm) + fe * kidney + fm * enzyme)",
        "1 / (1 - fe * (1 - kidney) - fm * (1 - enzyme))",
        "(1 + fe * (kidney - 1) + fm * (enzyme - 1)) ** -1.0",
    ),
    means="Two changes that are small alone can be a large one together.",
    hint=(
        "fe 0.5, fm 0.3, so 0.2 is neither's. The kidney does half of its work, the enzyme none: "
        "0.2 + 0.25 + 0 is left. And the exposure?"
    ),
    objective=2,
)

TWO_ERRORS = Question(
    name="lesson07/two_errors",
    text=(
        "For severe impairment your split says a half-life of 26 h (27.7 h observed) and 1.9 times "
        "the exposure (2.8 observed). What follows?"
    ),
    right=(
        "Two errors cancel in the half-life",
        "Clearance and volume, both apparent, were smaller than the split has them, and the "
        "half-life is made of their ratio. A good half-life did not show that.",
    ),
    wrong={
        "The half-life shows the split right": (
            "fit-is-proof",
            "One number that fits is no proof: the same split misses a third of the exposure.",
        ),
        "A half-life does not need the kidney": (
            "half-life-is-a-cause",
            "It rose from 13.5 to 27.7 h. It follows from clearance and volume, and a kidney that "
            "fails lowers the clearance.",
        ),
        "The exposure was measured wrongly": (
            "misfit-is-misprint",
            "Eight people were measured in each group, and moderate impairment misses in the same "
            "direction: 1.5 for 1.9. A misfit speaks against the model first.",
        ),
    },
    objective=2,
)

# -- 3: the planner -------------------------------------------------------------------------------

DOUBLED = Prediction(
    name="lesson07/doubled",
    text=(
        "80 mg once a day, at steady state. One dose is forgotten; next morning, against the usual "
        "advice, both are taken together. The peak is how many times the usual one?"
    ),
    answer=1.56,
    unit="times usual",
    low=1,
    high=3,
    ideas={"double-peak": 2.0, "gap-filled": (1.0, 1.05)},
    because=(
        "The second 80 mg add the height of one dose alone. But of the drug from before, less is "
        "there than usual: one dose is missing."
    ),
    seen=lambda late_h, dose_12: late_h >= 23.9 and dose_12 == "taken",
    setting="the forgotten dose taken 24 h late",
)

LATE_DOSE = Goal(
    "lesson07/late-dose",
    "Kidneys at 1, dose reached by day 9: take the forgotten one as late as you can with a "
    "peak of 1.25 times or below.",
    lambda late_h, dose_12, kidney, on_day, peak: (
        late_h >= 14.5 and dose_12 == "taken" and kidney == 1 and on_day <= 9 and peak <= 1.25
    ),
    "Later, it and the next one pile up too far. 1.25 is our bar, no advice. The label: never two "
    "doses at once, and no late one when the next is nearly due.",
    {"late_h": 14.5},
    objective=3,
    against=("double-peak", "gap-filled"),
)
UP_AND_OFF = Goal(
    "lesson07/up-and-off",
    "120 mg by day 7, later off: no day's mean more than 60 ng/mL from the day before.",
    lambda target_mg, days_per_step, change: (
        target_mg == 120 and days_per_step <= 2 and change <= 60
    ),
    "Two days a step is the label's quickest way up. For the way down it gives no schedule, and "
    "60 is our bar.",
    {"target_mg": 120, "days_per_step": 2, "ending": "in steps"},
    objective=3,
)
SHORT_COURSE = Goal(
    "lesson07/short-course",
    "By the split, kidneys at 0.4, 40 mg: the longest course of ketoconazole with no day above "
    "120 mg's mean.",
    lambda kidney, target_mg, inhibitor_days, acts_mg: (
        kidney == 0.4 and target_mg == 40 and inhibitor_days >= 4 and acts_mg <= 120
    ),
    "With both doors narrow the level climbs for days before it is too high. The split is too "
    "mild: in the moderately impaired people of turn 2 it would be two days.",
    {"kidney": 0.4, "target_mg": 40, "inhibitor_days": 4},
    objective=3,
)

SINCE_YESTERDAY = Question(
    name="lesson07/since_yesterday",
    text="Carbamazepine was begun yesterday, beside 80 mg. How is today's exposure?",
    right=(
        "Nearly as before, and lower in weeks",
        "An inducer makes cells build more enzyme, which takes days to weeks. The 0.71 were "
        "measured when it had. The planner has inhibitors, which act at once, and no inducers.",
    ),
    wrong={
        "Lower by 29 %, as the study found": (
            "instant-induction",
            "So it is once the enzyme has been built. On the first day there is hardly more of it.",
        ),
        "Higher, since CYP3A4 is busy now": (
            "inhibition-for-induction",
            "That would be an inhibitor. Carbamazepine makes the body build more CYP3A4.",
        ),
        "Lower by half, as activity doubles": (
            "one-door",
            "Twice the work of an enzyme with 36 % of the clearance is 1.36 times the clearance; "
            "the kidney's part stays. And it takes days.",
        ),
    },
    objective=3,
)

# -- 4: six people --------------------------------------------------------------------------------

LOWER_STILL = Prediction(
    name="lesson07/lower_still",
    text=(
        "With carbamazepine 80 mg act as 57 mg. People's clearances differ (standard deviation "
        "25 %, as in eight people). Of 100 usual people on 80 mg, without it, how many have a mean "
        "lower than that?"
    ),
    answer=8.0,
    unit="of 100",
    low=0,
    high=100,
    ideas={"typical-is-everybody": (0.0, 2.0)},
    because=(
        "0.71 times is 1.4 standard deviations (on a log scale) below the middle: 8 of 100 are "
        "lower anyhow, with carbamazepine 50. What an interaction does has to be seen beside how "
        "people differ."
    ),
    seen=lambda who, dose_mg: who == "carbamazepine" and dose_mg == 80,
    setting="the person with carbamazepine and 80 mg",
)

SEVERE = Goal(
    "lesson07/severe",
    "Severely impaired kidneys: the highest dose in whole 20 mg that acts as 120 mg or less.",
    lambda who, dose_mg: who == "severely impaired kidneys" and dose_mg == 40,
    "40 mg, which acts as 112: here the label's cap is the same.",
    {"who": "severely impaired kidneys", "dose_mg": 40},
    objective=4,
)
MODERATE_AND_INHIBITOR = Goal(
    "lesson07/moderate-and-inhibitor",
    "Moderately impaired kidneys with ketoconazole: the same.",
    lambda who, dose_mg: who == "moderately, ketoconazole" and dose_mg == 20,
    "20 mg, which act as 72 by this model. The label caps each alone at 80 mg and has no rule for "
    "both.",
    {"who": "moderately, ketoconazole", "dose_mg": 20},
    objective=4,
)
POOR_METABOLISER = Goal(
    "lesson07/poor-metaboliser",
    "Escitalopram without CYP2C19: the highest dose in whole 5 mg that acts as 20 mg or less.",
    lambda who, dose_mg: who == "escitalopram, no CYP2C19" and dose_mg == 5,
    "5 mg act as 16.5 by 3.3 (28.5 by 5.7). A Dutch guideline allows 10 mg, from 65 years on 5, "
    "half of the usual highest dose: a rule of experts, not this division (dpwg2022).",
    {"who": "escitalopram, no CYP2C19", "dose_mg": 5},
    objective=4,
)

HIGHEST_DOSE = Exercise(
    name="lesson07/highest_dose",
    task="The highest daily dose in mg, in whole 20 mg, that acts as 120 mg or less.",
    arguments="exposure",
    answer="np.minimum(120, 20 * np.floor(120 / exposure / 20))",
    cases=[
        (1.57,),
        ([1.23, 1.91, 2.81],),
        (3.59,),
        (7.1,),
        (0.71,),
        ([0.5, 1.1, 4.4],),
        (2.0,),
        ([1.0, 1.5, 6.0],),
        (1.7,),
    ],
    unit="mg a day",
    ideas={
        "nearest-for-highest": (
            (
                "np.minimum(120, 20 * np.round(120 / exposure / 20))",
                "np.minimum(120, 20 * np.ceil(120 / exposure / 20))",
                "20 * np.round(120 / exposure / 20)",
                "20 * np.floor(120 / exposure / 20) + 20",
            ),
            "{gave} mg act as more than 120 mg in somebody. Round down: the next capsule is too "
            "much.",
        ),
        "maximum-ignored": (
            "20 * np.floor(120 / exposure / 20)",
            "You go up to {gave} mg where the drug is cleared faster. 120 mg is the highest dose "
            "that the label allows anybody.",
        ),
        "multiplied": (
            (
                "np.minimum(120, 20 * np.floor(120 * exposure / 20))",
                "20 * np.floor(120 * exposure / 20)",
                "120 * exposure",
            ),
            "You give more where the exposure is higher: {gave} mg. A dose acts as "
            "dose x exposure; set that to 120 and solve for the dose.",
        ),
        "other-maximum": (
            (
                "np.minimum(100, 20 * np.floor(100 / exposure / 20))",
                "np.minimum(100, 20 * np.floor(120 / exposure / 20))",
                "20 * np.floor(100 / exposure / 20)",
            ),
            "You stop at 100 mg. The label's highest dose is 120 mg, and that is what a dose may "
            "act as.",
        ),
        "border-excluded": (
            "np.clip(20 * np.ceil(6 / exposure) - 20, 0, 120)",
            "You stop below 120 mg: {gave} mg. A dose that acts as 120 mg exactly is allowed, "
            "{expected} mg here: 120 mg or less.",
        ),
        "interactions-are-looked-up": (
            (
                "np.where(exposure > 1, 80.0, 120.0)",
                "np.where(exposure > 1, 60.0, 120.0)",
                "np.where(exposure > 1, 40.0, 120.0)",
                "np.where(exposure > 1.5, 80.0, 120.0)",
                "np.where(exposure > 2, 40.0, np.where(exposure > 1.5, 80.0, 120.0))",
                "np.where(exposure > 2, 40.0, np.where(exposure > 1, 80.0, 120.0))",
            ),
            "Caps from a list, {gave} mg here. Asked is what follows from the exposure, for any "
            "person.",
        ),
        "no-such-strength": (
            (
                "np.minimum(120, 120 / exposure)",
                "120 / exposure",
                "np.minimum(120, np.floor(120 / exposure / 10) * 10)",
                "np.floor(120 / exposure / 10) * 10",
                "np.minimum(120, np.floor(120 / exposure / 5) * 5)",
                "np.floor(120 / exposure)",
                "np.minimum(120, np.floor(120 / exposure))",
            ),
            "{gave} mg: capsules make up whole 20 mg only. Count the capsules first, then round "
            "down.",
        ),
        "block-is-rise": (
            "np.clip(20 * np.floor((120 - 120 * (exposure - 1)) / 20), 0, 120)",
            "You take off as many per cent as the exposure rises. Twice the exposure needs half of "
            "the dose, not none.",
        ),
        "doses-left-out": (
            (
                "np.minimum(120, 40 * np.floor(120 / exposure / 40))",
                "40 * np.floor(120 / exposure / 40)",
                "np.where(exposure <= 1, 120, np.where(exposure <= 1.5, 80,"
                " np.where(exposure <= 3, 40, np.where(exposure <= 6, 20, 0))))",
            ),
            "{gave} mg: you leave doses out that capsules of 20 mg make up. Here {expected} mg "
            "can be taken and act as 120 mg or less.",
        ),
        "typical-is-everybody": (
            "np.where(20 * exposure > 120, 0.0, 120.0)",
            "{gave} mg: you hold the dose itself, or one capsule, against 120 mg. What counts is "
            "what the whole dose acts as, dose x exposure.",
        ),
        "exposure-is-the-rise": (
            (
                "20 * np.floor(120 / (1 + exposure) / 20)",
                "np.minimum(120, 120 / (1 + exposure))",
            ),
            "You divide by 1 + exposure. Exposure is the whole ratio already, 1 in a usual body, "
            "and not the rise above it.",
        ),
        "taken-off-for-divided": (
            (
                "np.clip(120 - 20 * np.ceil(exposure - 1), 0, 120)",
                "np.clip(120 - 20 * np.floor(exposure - 1), 0, 120)",
                "np.clip(120 - 20 * np.floor(exposure), 0, 120)",
                "np.clip(120 - 20 * np.ceil(exposure), 0, 120)",
                "np.clip(120 - 20 * exposure, 0, 120)",
                "np.clip(120 - 20 * np.round(exposure - 1), 0, 120)",
            ),
            "You take milligrams off as the exposure rises: {gave} mg. A dose acts as dose x "
            "exposure, so twice the exposure needs half of the dose: divide.",
        ),
        "capsules-for-mg": (
            ("np.minimum(6, np.floor(6 / exposure))", "np.floor(6 / exposure)"),
            "{gave} is a number of capsules of 20 mg. Asked is the dose in mg: {expected}.",
        ),
        "first-capsule-free": (
            "np.clip(20 + 20 * np.floor(100 / exposure / 20), 0, 120)",
            "You count the first 20 mg as they are, and only the rest by the exposure: {gave} mg. "
            "All of a dose acts as dose x exposure.",
        ),
        "everybody-gets-a-dose": (
            "np.maximum(20, np.minimum(120, 20 * np.floor(120 / exposure / 20)))",
            "{gave} mg at least for everybody. With an exposure of {exposure} even that acts as "
            "more than 120 mg: the answer is 0, and no dose.",
        ),
        "largest-for-smallest": (
            "np.maximum(120, 20 * np.floor(120 / exposure / 20))",
            "120 mg or more for everybody: you take the larger of two where the smaller is wanted.",
        ),
        "floor-too-early": (
            "np.minimum(120, 20 * np.floor(120 / np.floor(exposure + 1e-9) / 20))",
            "You round the exposure. Round the dose, once, at the end.",
        ),
    },
    also_right=(
        "20 * np.minimum(6, np.floor(6 / exposure))",
        "20 * np.floor(120 / np.maximum(exposure, 1) / 20)",
        "np.minimum(120.0, 120 / exposure) // 20 * 20",
    ),
    means="So far arithmetic goes. The next cell holds it against the label.",
    hint=(
        "Exposure 1.7: 120 / 1.7 is 70.6 mg, and three capsules of 20 mg are the most below that. "
        "np.floor rounds down, np.minimum takes the smaller of two."
    ),
    objective=4,
)

PHENELZINE = Question(
    name="lesson07/phenelzine",
    text=(
        "The sixth person stopped phenelzine, an MAO inhibitor, yesterday. When may "
        "levomilnacipran be started?"
    ),
    right=(
        "After at least 14 days, whatever plasma says",
        "By the label. Phenelzine blocks MAO for good, so MAO has to be built anew; until then "
        "serotonin that is not taken up is not broken down either. No level of either drug shows "
        "that.",
    ),
    wrong={
        "As soon as plasma is free of both of them": (
            "plasma-sets-the-wait",
            "The drugs go in hours or days; MAO that phenelzine has blocked stays blocked. The "
            "next cell says how little of a drug is left after a week.",
        ),
        "After 7 days, as the other way round": (
            "same-both-ways",
            "7 days are for the other direction: levomilnacipran first, then an MAO inhibitor.",
        ),
        "At once, in half of the usual dose": (
            "interactions-are-exposure",
            "No dose makes it safe: it is contraindicated. Two drugs act on one transmitter, and "
            "no exposure has changed.",
        ),
    },
    objective=4,
)
