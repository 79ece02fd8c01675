"""Lesson 10, dose and response in animals: what it asks."""

from snrilab.exercises import Exercise, Goal, Lesson, Prediction, Question

LESSON = Lesson(
    name="lesson10",
    question="Why is my dose-response flat?",
    notebook="10_dose_response",
    minutes=60,
    needs=("lesson06",),
    objectives=(
        "say which of four causes makes a dose-response flat, and choose the cure for each",
        "work out what is left of a dose at the test, and what fourteen days add",
        "tell a livelier animal from a happier one, in a week without conflicts",
        "turn an animal's dose into a person's, and say what a least effective dose belongs to",
    ),
)

# -- 1: a flat line -------------------------------------------------------------------------------

HUNDRED_MICE = Prediction(
    name="lesson10/hundred_mice",
    text=(
        "30, 38, 48 and 60 mg/kg, ten mice each: the means are alike. With a hundred mice a dose, "
        "how many of 100 such studies find a significant slope among the four doses?"
    ),
    answer=27.0,
    unit="studies",
    low=0,
    high=100,
    ideas={"animals-cure-a-flat-line": 90.0, "no-slope-no-effect": 5.0},
    because=(
        "From 30 to 60 mg/kg the model loses another 7 s, of 67 in all: most of the effect is "
        "there at the lowest dose. Ten times the mice see little where there is little to see."
    ),
    seen=lambda lowest_mg_per_kg, fold, mice, delay_h, scatter_s: (
        (lowest_mg_per_kg, fold, delay_h, scatter_s) == (30, 2, 0.5, 40) and mice == 100
    ),
    setting="100 mice a dose, and nothing else",
)

LOWER = Goal(
    "lesson10/lower",
    "10 mice, 0.5 h, 40 s, as it stands: a chance of a slope of 75 % or more.",
    lambda mice, delay_h, scatter_s, slope: (
        (mice, delay_h, scatter_s) == (10, 0.5, 40) and slope >= 75
    ),
    "The doses have to lie where the curve falls: about the ED50, well below 30 mg/kg.",
    {"lowest_mg_per_kg": 2.5, "fold": 8},
    objective=1,
    against=("no-slope-no-effect",),
)
BY_ANIMALS = Goal(
    "lesson10/by-animals",
    "30 to 60 mg/kg, 0.5 h, 40 s: 75 % by mice alone. Try the most.",
    lambda lowest_mg_per_kg, fold, mice, delay_h, scatter_s: (
        (lowest_mg_per_kg, fold, delay_h, scatter_s) == (30, 2, 0.5, 40) and mice == 100
    ),
    "A slope of 7 s takes about 400 mice a dose. It would be real, and hardly worth a mouse.",
    {"lowest_mg_per_kg": 30, "fold": 2, "mice": 100},
    possible=False,
    objective=1,
    against=("animals-cure-a-flat-line", "significant-is-important"),
)
LATE = Goal(
    "lesson10/late",
    "Test 6 h after the dose, 10 mice, 40 s: 75 % or more.",
    lambda mice, delay_h, scatter_s, slope: (
        mice == 10 and scatter_s == 40 and 5.9 <= delay_h <= 6.1 and slope >= 75
    ),
    "At 6 h a sixth of the peak is left, so all doses must be about six times as large. "
    "Cheaper: test at the peak.",
    {"lowest_mg_per_kg": 20, "fold": 8, "delay_h": 6},
    objective=1,
    against=("every-change-is-tolerance",),
)
BLUNT = Goal(
    "lesson10/blunt",
    "A blunt test: scatter 80 s. From about 2.5 mg/kg to 8 times that at 0.5 h: 75 % or more.",
    lambda lowest_mg_per_kg, fold, delay_h, scatter_s, slope: (
        2.4 <= lowest_mg_per_kg <= 2.6
        and (fold, delay_h, scatter_s) == (8, 0.5, 80)
        and slope >= 75
    ),
    "Here animals are the cure: twice the scatter, four times the mice. A steadier test is "
    "the other one.",
    {"lowest_mg_per_kg": 2.5, "fold": 8, "scatter_s": 80, "mice": 42},
    objective=1,
)

FAR_BELOW = Question(
    name="lesson10/far_below",
    text=(
        "Ten mice each at 30, 38, 48 and 60 mg/kg, tested at the peak: all near 95 s, with no "
        "slope among them; vehicle 160 s. What next?"
    ),
    right=(
        "Lower doses, from about 2 mg/kg on",
        "Far from vehicle and flat: a ceiling. The part of the curve that falls lies below.",
    ),
    wrong={
        "The same doses with 100 mice each": (
            "animals-cure-a-flat-line",
            "27 % by your figure, for a slope of 7 s. Mice cure noise; this is a ceiling.",
        ),
        "Report it as a drug with no effect": (
            "no-slope-no-effect",
            "All four doses take about 65 s off. No slope among them says nothing of that.",
        ),
        "Higher doses, up to 240 mg/kg or so": (
            "proportional-occupancy",
            "Above a ceiling there is more ceiling: from 30 to 240 mg/kg the chance is 8 %.",
        ),
    },
    objective=1,
)

# -- 2: fourteen days -----------------------------------------------------------------------------

DAY_FOURTEEN = Prediction(
    name="lesson10/day_fourteen",
    text=(
        "A rat is dosed once a day for 14 days; suppose a half-life of 2 h. The peak of day 14 "
        "over the peak of day 1?"
    ),
    answer=1.0,
    unit="times day 1",
    low=0.5,
    high=20,
    scale="log",
    ideas={"repeated-dosing-builds-up": 14.0, "mg-per-kg-carries-over": 1.34},
    because=(
        "A day holds twelve half-lives: of each dose 1/4,000 is left when the next one comes, so "
        "nothing adds up. (With a half-life of 12 h, as in people, it would be 1.34.)"
    ),
    seen=lambda half_life_h, interval_h: 1.9 <= half_life_h <= 2.1 and interval_h == 24,
    setting="a half-life of 2 h and a dose every 24 h",
)

PUMP = Goal(
    "lesson10/pump",
    "Half-life 2 h: 40 % of the peak or more are left before each dose.",
    lambda half_life_h, trough: 1.9 <= half_life_h <= 2.1 and trough >= 40,
    "A dose every two or three hours, day and night: a job for an implanted pump, or for the "
    "drinking water.",
    {"half_life_h": 2, "interval_h": 3},
    objective=2,
    against=("repeated-dosing-builds-up",),
)

DOSE_FOR_DELAY = Exercise(
    name="lesson10/dose_for_delay",
    task=(
        "The dose in mg/kg that still has, delay_h after its peak, the level that dose_mg_per_kg "
        "has at its peak."
    ),
    arguments="dose_mg_per_kg, delay_h, half_life_h",
    answer="dose_mg_per_kg * 2 ** (delay_h / half_life_h)",
    cases=[
        (2.5, 5.4, 2.0),
        ([2.5, 5.0, 10.0, 20.0], 5.4, 2.0),
        (10.0, 3.0, 12.0),
        (5.0, [1.0, 7.0], 4.0),
        (5.0, 9.0, [3.0, 8.0]),
    ],
    borders=[(5.0, 0.0, 3.0), ([2.5, 5.0], [0.0, 3.0], [2.0, 3.0])],
    unit="mg/kg",
    ideas={
        "straight-line": (
            (
                "dose_mg_per_kg * (1 + delay_h / half_life_h)",
                "dose_mg_per_kg * delay_h / half_life_h",
                "2 * dose_mg_per_kg * delay_h / half_life_h",
                "dose_mg_per_kg * 0.693 * delay_h / half_life_h",
                "dose_mg_per_kg * (1 + (1 - 0.5 ** (1 / half_life_h)) * delay_h)",
                "dose_mg_per_kg * (1 + delay_h / half_life_h / 2)",
                "dose_mg_per_kg * (1 + np.log(2) * delay_h / half_life_h)",
            ),
            "Your dose grows along a straight line with the delay, to {gave} mg/kg. Each half-life "
            "halves what is left, so each one doubles the dose: {expected} mg/kg.",
        ),
        "constant-amount-leaves": (
            (
                "dose_mg_per_kg / (1 - delay_h / (2 * half_life_h))",
                "dose_mg_per_kg / (1 - delay_h / (5 * half_life_h))",
            ),
            "You let the same amount leave every hour, until nothing is left. Each half-life "
            "takes half of what is there then: 1/2, 1/4, 1/8.",
        ),
        "ln2-lost": (
            "dose_mg_per_kg * np.exp(delay_h / half_life_h)",
            "With e your level falls to 37 % in a half-life. It falls to a half: a power of 2, or "
            "e with ln 2 in the exponent.",
        ),
        "curve-forwards": (
            "dose_mg_per_kg * 0.5 ** (delay_h / half_life_h)",
            "{gave} mg/kg is what that dose is worth after the delay. Asked is the larger dose "
            "that makes up for the loss: divide by the share left.",
        ),
        "same-dose": (
            "dose_mg_per_kg + 0 * delay_h",
            "You give the same dose, whatever the delay. Of that less is left then than at the "
            "peak.",
        ),
        "ratio-upside-down": (
            "dose_mg_per_kg * 2 ** (half_life_h / delay_h)",
            "With you a longer delay takes a smaller dose. The number of halvings is the delay "
            "over the half-life.",
        ),
        "added": (
            (
                "dose_mg_per_kg * (2 - 0.5 ** (delay_h / half_life_h))",
                "dose_mg_per_kg * (1 + 0.5 ** (delay_h / half_life_h))",
            ),
            "{gave} mg/kg: you count with the amount of the first dose that is lost or left. But "
            "a larger dose loses the same share of itself: divide by the share left.",
        ),
        "left-for-lost": (
            (
                "dose_mg_per_kg / (1 - 0.5 ** (delay_h / half_life_h))",
                "dose_mg_per_kg * (1 - 0.5 ** (delay_h / half_life_h))",
            ),
            "You reckon with the share that is lost, and get {gave} mg/kg. What is left of the "
            "dose asked for has to be the first dose: divide by the share that is left.",
        ),
        "whole-steps-only": (
            (
                "dose_mg_per_kg * 2 ** np.ceil(delay_h / half_life_h)",
                "dose_mg_per_kg * 2 ** np.floor(delay_h / half_life_h)",
            ),
            "You count whole half-lives only. The level falls in between as well: a power takes "
            "any number of half-lives.",
        ),
    },
    also_right=(
        "dose_mg_per_kg / 0.5 ** (delay_h / half_life_h)",
        "dose_mg_per_kg * np.exp(np.log(2) * delay_h / half_life_h)",
        "dose_mg_per_kg / np.exp2(-delay_h / half_life_h)",
    ),
    means=(
        "The same level at another hour, after a peak higher by the same factor (6.5 times in the "
        "lesson), which may harm the mice or change how they move. Testing at the peak is the "
        "better cure. (With absorption, as in the figure, six times the dose would do.)"
    ),
    hint="9 h are three half-lives of 3 h: 1/8 is left. 5 mg/kg is an eighth of 40.",
    objective=2,
)

SIX_HOURS = Question(
    name="lesson10/six_hours",
    text=(
        "2.5 to 20 mg/kg, half-life 2 h, ten mice a dose. Tested after 0.5 h: a chance of a "
        "slope of 81 %; after 6 h: 6 %, and 15 % with a hundred mice. Why?"
    ),
    right=(
        "A sixth of the peak is left at 6 h",
        "So 20 mg/kg act as 3.3 mg/kg did at the peak: on the flat foot of the curve. Your doses, "
        "6.5 times as high, bring even 84 %: half-life alone asks for a little too much, as the "
        "model's peak is blunt (six times the dose would do).",
    ),
    wrong={
        "Tolerance has set in within 6 h": (
            "every-change-is-tolerance",
            "Perhaps, in an animal; in this model there is none, and the level alone gives 6 %.",
        ),
        "Ten mice a dose are not enough": (
            "animals-cure-a-flat-line",
            "With a hundred it is 15 %. There is hardly an effect left that they could find.",
        ),
        "The drug has no effect in mice": (
            "no-slope-no-effect",
            "The same doses have one at 0.5 h. No effect at 6 h is not no effect.",
        ),
    },
    objective=2,
)

# -- 3: livelier is not happier -------------------------------------------------------------------

LIVELIER = Prediction(
    name="lesson10/livelier",
    text=(
        "A drug makes rats 30 % livelier in the test and does nothing else. Rats that met the "
        "water 1 h before LPS (a pre-swim) swim 26 h after it, twelve a group: how many of 100 "
        "such studies find less immobility with P < 0.05?"
    ),
    answer=53.0,
    unit="studies",
    low=0,
    high=100,
    ideas={"immobility-is-despair": 5.0},
    because=(
        "A rat that moves more is immobile for less of the time, whatever its mood. The test "
        "counts seconds; despair is a name for them."
    ),
    seen=lambda conflicts, pre_swim, livelier_percent, protection_percent, swim_h: (
        (conflicts, pre_swim) == (0, "1 h before LPS")
        and (swim_h, livelier_percent, protection_percent) == (26, 30, 0)
    ),
    setting=(
        "a week without conflicts, the pre-swim 1 h before LPS, the swim at 26 h, 30 % livelier "
        "and 0 % protected"
    ),
)

NO_CONFLICT = Goal(
    "lesson10/no-conflict",
    "The guide's day has 7 conflicts. Bring them to 0, all tests begun by 30 h.",
    lambda conflicts, open_field_h, swim_h, sucrose_h: (
        conflicts == 0 and max(open_field_h, swim_h, sucrose_h) <= 30
    ),
    "Open field, then swim, then sucrose, all past the window of sickness, and a rat that has "
    "met the water the day before.",
    {"open_field_h": 25, "swim_h": 26, "sucrose_h": 27, "pre_swim": "1 h before LPS"},
    objective=3,
)
HIDDEN = Goal(
    "lesson10/hidden",
    "No conflicts, 60 % protected: hide that from the swim test (chance below 10 %), not from "
    "sucrose.",
    lambda conflicts, protection_percent, swim_chance, sucrose_chance: (
        conflicts == 0 and protection_percent == 60 and swim_chance < 10 and sucrose_chance >= 80
    ),
    "A drug that slows rats down can help and look useless: the error goes both ways.",
    {
        "open_field_h": 25,
        "swim_h": 26,
        "sucrose_h": 27,
        "pre_swim": "1 h before LPS",
        "livelier_percent": -30,
        "protection_percent": 60,
    },
    objective=3,
)

AT_EQUAL_DISTANCE = Exercise(
    name="lesson10/at_equal_distance",
    task=(
        "The difference in immobility in s, drug minus other, had both groups covered the same "
        "distance."
    ),
    arguments="drug_s, other_s, drug_m, other_m, slope_s_per_m",
    answer="(drug_s - other_s) - slope_s_per_m * (drug_m - other_m)",
    cases=[
        (128.0, 150.0, 32.4, 24.9, -3.0),
        (130.0, 150.0, 20.0, 25.0, -3.0),
        ([120.0, 140.0], 152.0, [33.0, 24.0], 25.0, -2.8),
        (90.0, 120.0, 31.0, 30.0, [-1.0, -4.0]),
        (118.0, 126.0, 34.5, 30.5, 1.5),
        (100.0, [130.0, 121.0], 38.0, [30.0, 27.0], -2.5),
        (121.4, 150.5, 31.37, 24.8, -2.875),
    ],
    borders=[(120.0, 140.0, 25.0, 25.0, -2.5), (140.0, 140.0, 30.0, 25.0, -2.5)],
    unit="s",
    ideas={
        "correction-left-out": (
            "drug_s - other_s",
            "{gave} s is the difference as measured. The groups covered {drug_m} and {other_m} m, "
            "and metres alone make seconds.",
        ),
        "correction-wrong-way": (
            "(drug_s - other_s) + slope_s_per_m * (drug_m - other_m)",
            "You go down the slope a second time, to {gave} s. The metres account for slope times "
            "extra metres: take that off.",
        ),
        "sign-dropped": (
            "(drug_s - other_s) - np.abs(slope_s_per_m) * (drug_m - other_m)",
            "You make the slope positive. It is below 0 where more metres mean fewer seconds, and "
            "that sign has to go into the sum as it is.",
        ),
        "left-for-lost": (
            "slope_s_per_m * (drug_m - other_m)",
            "{gave} s is the part that the distance accounts for. Asked is what is left of the "
            "difference without it.",
        ),
        "reversed-subtraction": (
            "(other_s - drug_s) - slope_s_per_m * (other_m - drug_m)",
            "Other minus drug: the sign is turned round. Asked is drug minus other.",
        ),
        "ratio-for-difference": (
            (
                "drug_s / drug_m - other_s / other_m",
                "drug_s * other_m / drug_m - other_s",
                "drug_s - other_s * drug_m / other_m",
                "(drug_s - other_s) * other_m / drug_m",
                "(drug_s - other_s) / (drug_m - other_m)",
                "drug_s * drug_m / other_m - other_s",
                "(drug_s / drug_m - other_s / other_m) * (drug_m + other_m) / 2",
            ),
            "You divide by a distance, and get {gave}, as if seconds went in proportion to metres. "
            "The slope is seconds for each metre more: multiply it by the extra metres.",
        ),
        "whole-for-difference": (
            (
                "(drug_s - other_s) - slope_s_per_m * drug_m",
                "(drug_s - other_s) - slope_s_per_m * other_m",
                "(drug_s - other_s) - slope_s_per_m * (drug_m + other_m) / 2",
            ),
            "You take off a whole distance, and get {gave} s. Only the metres by which the groups "
            "differ can make them differ.",
        ),
        "divided": (
            "(drug_s - other_s) - (drug_m - other_m) / slope_s_per_m",
            "You divide metres by seconds per metre. Metres times seconds per metre are seconds.",
        ),
        "share-for-difference": (
            (
                "1 - slope_s_per_m * (drug_m - other_m) / (drug_s - other_s)",
                "100 - 100 * slope_s_per_m * (drug_m - other_m) / (drug_s - other_s)",
                "(drug_s - other_s - slope_s_per_m * (drug_m - other_m)) / other_s",
                "100 * (drug_s - other_s - slope_s_per_m * (drug_m - other_m)) / other_s",
                "slope_s_per_m * (drug_m - other_m) / (drug_s - other_s)",
            ),
            "{gave} is a share. Asked are the seconds by which the groups would still differ.",
        ),
        "one-direction": (
            (
                "(drug_s - other_s) - slope_s_per_m * np.maximum(drug_m - other_m, 0)",
                "np.minimum(drug_s - other_s - slope_s_per_m * (drug_m - other_m), 0)",
                "np.maximum(drug_s - other_s - slope_s_per_m * (drug_m - other_m), 0)",
                "(drug_s - other_s) - slope_s_per_m * np.abs(drug_m - other_m)",
            ),
            "You allow one direction only. A group may have walked less, and what is left may lie "
            "on either side of 0: let every sign through.",
        ),
        "small-is-nothing": (
            "left = drug_s - other_s - slope_s_per_m * (drug_m - other_m)\n"
            "return np.where(np.abs(left) < np.abs(drug_s - other_s) / 2, 0.0, left)",
            "You call a small rest 0. Give back what is left, however little it is.",
        ),
        "half-correction": (
            "(drug_s - other_s) - slope_s_per_m * (drug_m - other_m) / 2",
            "You take off half of what the metres account for, as if one group had met the other "
            "halfway. The groups are (drug_m - other_m) apart, and all of that counts.",
        ),
    },
    also_right=(
        "(drug_s - slope_s_per_m * drug_m) - (other_s - slope_s_per_m * other_m)",
        "drug_s - (other_s + slope_s_per_m * (drug_m - other_m))",
        "drug_s + slope_s_per_m * (other_m - drug_m) - other_s",
    ),
    means="What a liveliness accounts for is taken off; what is left may be mood.",
    hint=(
        "8 m more at -2.5 s per metre: 20 s less, from distance alone. The difference is -30 s; "
        "without those 20 s it is -10 s."
    ),
    objective=3,
)

WHAT_WAS_SHOWN = Question(
    name="lesson10/what_was_shown",
    text=(
        "After LPS: 25 s less immobility with the drug (P = 0.01), 30 % more metres in the open "
        "field, sucrose preference as low as without drug. What has been shown?"
    ),
    right=(
        "Livelier rats, and no more than that",
        "Metres can account for the seconds, and the test that asks for no movement is flat. "
        "That is no proof of no effect: it has not been shown.",
    ),
    wrong={
        "Less despair, as the test shows": (
            "immobility-is-despair",
            "Immobility is what was seen. A rat that moves more shows less of it.",
        ),
        "A benefit, with a 99 % chance": (
            "p-is-chance-of-no-effect",
            "P is how often chance makes a gap at least as wide where there is none. It tells "
            "nothing of why there is one, and 1 - P is no chance of a benefit.",
        ),
        "Nothing yet: it takes more rats": (
            "animals-cure-a-flat-line",
            "More rats would make the livelier drug look effective more often: no noise is cured.",
        ),
    },
    objective=3,
)

# -- 4: from rat to person ------------------------------------------------------------------------

FOR_A_PERSON = Prediction(
    name="lesson10/for_a_person",
    text=(
        "Protocol 1 gives rats 30 mg/kg; suppose, of hydrochloride. Which dose of base is that, by "
        "surface, in a person of 60 kg? (The label ends at 120 mg a day.)"
    ),
    answer=254.0,
    unit="mg",
    low=10,
    high=5000,
    scale="log",
    ideas={"mg-per-kg-carries-over": 1800.0, "salt-for-base": 292.0},
    because=(
        "30 mg of salt hold 26.1 mg of base; 6/37 of that for each kilogram, 60 times. Twice the "
        "largest dose of the label, and no sign of it in the protocol."
    ),
    seen=lambda animal, weighed, dose_mg_per_kg, weight_kg: (
        (animal, weighed, weight_kg) == ("rat", "hydrochloride", 60)
        and 29.9 <= dose_mg_per_kg <= 30.1
    ),
    setting="a rat, 30 mg/kg weighed as hydrochloride, and a person of 60 kg",
)

LABEL_DOSE = Goal(
    "lesson10/label-dose",
    "Rat, hydrochloride, 60 kg: the dose that is 118 to 122 mg in the person.",
    lambda animal, weighed, weight_kg, mg: (
        (animal, weighed, weight_kg) == ("rat", "hydrochloride", 60) and 118 <= mg <= 122
    ),
    "About 14 mg/kg of hydrochloride, 12 of base: less than half of what the protocol gives.",
    {"animal": "rat", "weighed": "hydrochloride", "dose_mg_per_kg": 14.2, "weight_kg": 60},
    objective=4,
)

HUMAN_MG = Exercise(
    name="lesson10/human_mg",
    task="The mg of free base for a person that equal an animal's dose by body surface.",
    arguments="dose_mg_per_kg, km_animal, salt_over_base, weight_kg",
    answer="dose_mg_per_kg / salt_over_base * km_animal / 37 * weight_kg",
    cases=[
        (30.0, 6.0, 1.148, 60.0),
        ([2.5, 20.0], 3.0, 1.148, 60.0),
        (10.0, [3.0, 6.0], 1.0, 70.0),
        (5.0, 6.0, 1.148, [50.0, 90.0]),
        (18.5, 6.0, [1.2, 1.0], 60.0),
    ],
    unit="mg",
    ideas={
        "mg-per-kg-carries-over": (
            (
                "dose_mg_per_kg * weight_kg",
                "dose_mg_per_kg / salt_over_base * weight_kg",
            ),
            "You give each kilogram of the person what a kilogram of the animal got: {gave} mg. "
            "By surface a kilogram of person gets km_animal / 37 of it.",
        ),
        "salt-for-base": (
            (
                "dose_mg_per_kg * km_animal / 37 * weight_kg",
                "dose_mg_per_kg * salt_over_base * km_animal / 37 * weight_kg",
                "dose_mg_per_kg * (2 - salt_over_base) * km_animal / 37 * weight_kg",
                "dose_mg_per_kg * (salt_over_base - 1) * km_animal / 37 * weight_kg",
            ),
            "Your {gave} mg are not those of base. {salt_over_base} mg of salt hold 1 mg of base: "
            "how many of base does 1 mg of salt hold?",
        ),
        "ratio-upside-down": (
            (
                "dose_mg_per_kg / salt_over_base * 37 / km_animal * weight_kg",
                "dose_mg_per_kg / salt_over_base / km_animal * weight_kg",
            ),
            "The animal's factor stands below the line. It turns the animal's mg/kg into mg per "
            "square metre, so it multiplies; the person's, 37, divides.",
        ),
        "weight-forgotten": (
            "dose_mg_per_kg / salt_over_base * km_animal / 37",
            "{gave} is the mg for one kilogram of the person. Asked is the dose for {weight_kg} "
            "kg.",
        ),
        "factor-for-weight": (
            "dose_mg_per_kg / salt_over_base * weight_kg / 37",
            "The person's weight stands where the animal's factor belongs: your answer does not "
            "ask which animal it was.",
        ),
        "these-rows-only": (
            (
                "dose_mg_per_kg / salt_over_base * weight_kg / 12.3",
                "dose_mg_per_kg / salt_over_base * weight_kg / 6.2",
            ),
            "Your answer does not ask which animal it was: 12.3 belongs to mice, 6.2 to rats. For "
            "any animal its factor K stands above the line and the person's, 37, below.",
        ),
        "surface-for-kilogram": (
            (
                "dose_mg_per_kg / salt_over_base * km_animal * weight_kg",
                "dose_mg_per_kg / salt_over_base * km_animal",
            ),
            "With km_animal alone you stop at mg per square metre. Back to a kilogram of person "
            "it is divided by the person's own factor, 37.",
        ),
    },
    also_right=(
        "dose_mg_per_kg * km_animal * weight_kg / (37 * salt_over_base)",
        "(dose_mg_per_kg / salt_over_base) / (37 / km_animal) * weight_kg",
        "weight_kg * (km_animal / 37) * (dose_mg_per_kg / salt_over_base)",
    ),
    means="A rule for a cautious first dose in people: not a claim that effects are equal.",
    hint=(
        "18.5 mg/kg of salt are 15.4 of base (over 1.2); times 6, over 37: 2.5 mg for a kilogram "
        "of person; times 60: 150 mg."
    ),
    objective=4,
)

LEAST_DOSE = Question(
    name="lesson10/least_dose",
    text=(
        "Least effective doses of levomilnacipran, both in mice, one paper: 2.5 mg/kg in tail "
        "suspension, 20 mg/kg in the swim test. What follows?"
    ),
    right=(
        "A least dose belongs to its test and group size",
        "The model was made to need about 20 with ten mice (21 mg/kg); with forty it needs 9. "
        "Scatter, size of effect, n and the doses tried decide.",
    ),
    wrong={
        "In the swim test the drug is eight times weaker": (
            "significant-here-not-there",
            "Significant at 2.5 here and not there is no measured difference between the tests.",
        ),
        "About 11 mg/kg, their mean, works in both tests": (
            "papers-may-be-divided",
            "The mean of two tests' doses is a result of neither test: nobody measured it.",
        ),
        "In rats the same 2.5 to 20 mg/kg are effective": (
            "mg-per-kg-carries-over",
            "Both doses are of mice. By surface 20 mg/kg in a mouse are 10 in a rat, and equal "
            "surface is no equal effect.",
        ),
    },
    objective=4,
)
