"""Lesson 05, the second site of SERT: what it asks."""

from snrilab.exercises import Exercise, Goal, Lesson, Prediction, Question

LESSON = Lesson(
    name="lesson05",
    question="Does escitalopram's second site matter?",
    notebook="05_second_site",
    minutes=60,
    needs=("lesson02", "lesson04"),
    objectives=(
        "work out the unbound level that a dose leaves, and judge an effect in a dish by it",
        "explain how a second site lengthens a drug's stay, and what that takes",
        "predict how long a transporter stays occupied when the level in plasma falls",
        "weigh findings that disagree, and name the one on which a verdict hangs",
    ),
)

# -- 1: how many tablets? -------------------------------------------------------------------------

TABLETS = Prediction(
    name="lesson05/tablets",
    text=(
        "Say half of the second sites are filled at 3,600 nM. One tablet of 10 mg a day keeps "
        "15.7 nM unbound in plasma, on average; more tablets in proportion more. How many tablets "
        "a day would fill a tenth of the sites?"
    ),
    answer=25.5,
    unit="tablets",
    low=1,
    high=1000,
    scale="log",
    ideas={
        "in-vitro-is-in-vivo": (1.0, 2.0),
        "proportional-occupancy": 45.9,
        "share-forgotten": 229.0,
    },
    because=(
        "One site filled for nine free: a ninth of 3,600 nM, so 400 nM, and a tablet gives 15.7. "
        "Patients take one or two."
    ),
    seen=lambda second, enzyme, counted: (
        second >= 0.095 and (enzyme, counted) == ("normal", "unbound")
    ),
    setting="a dose that fills a tenth of the second sites, counted unbound",
)

UNBOUND_NM = Exercise(
    name="lesson05/unbound_nM",
    task="The unbound concentration in nM.",
    arguments="total_ng_per_mL, mw, fu",
    answer="1000 * total_ng_per_mL / mw * fu",
    cases=[
        (23.1, 324.39, 0.44),
        ([20.0, 50.0, 85.0], 300.0, 0.3),
        (80.0, 246.35, [0.78, 0.44]),
        (100.0, [500.0, 410.0], 0.2),
    ],
    borders=[(80.0, 246.35, 1.0), (80.0, 246.35, 0.0), (0.0, 246.35, 0.78)],
    unit="nM",
    ideas={
        "total-for-unbound": (
            "1000 * total_ng_per_mL / mw",
            "{gave} nM is the total. Of it only the share {fu} is free to leave the blood: "
            "{expected} nM.",
        ),
        "bound-for-unbound": (
            "1000 * total_ng_per_mL / mw * (1 - fu)",
            "You give the part on the proteins, {gave} nM. fu is the share that is not there.",
        ),
        "ng-for-nM": (
            "total_ng_per_mL * fu",
            "{gave} is still in ng/mL. The dish is in nM: divide by the ng in one nmol, and mind "
            "the mL in a litre.",
        ),
        "thousand-lost": (
            "total_ng_per_mL / mw * fu",
            "A factor of 1,000 is missing. {total_ng_per_mL} ng/mL are 1,000 times as many ng in a "
            "litre, and one nmol has {mw} ng.",
        ),
        "divided-by-fu": (
            "1000 * total_ng_per_mL / mw / fu",
            "{gave} nM unbound is more than the total. A share is multiplied.",
        ),
        "multiplied": (
            ("total_ng_per_mL * mw * fu / 1000", "1000 * total_ng_per_mL * mw * fu"),
            "You multiply by the molar mass. The heavier a molecule, the fewer of them are in "
            "the same mass.",
        ),
        "ratio-upside-down": (
            (
                "mw / (1000 * total_ng_per_mL) * fu",
                "1000 * mw / total_ng_per_mL * fu",
                "mw / total_ng_per_mL * fu",
            ),
            "mw and the level have changed places: a mass divided by mw is an amount, and twice "
            "the level is twice the amount.",
        ),
    },
    also_right=(
        "total_ng_per_mL * fu / (mw / 1000)",
        "total_ng_per_mL * 1e-6 / mw * 1e9 * fu",
        "np.multiply(total_ng_per_mL, fu) / mw * 1e3",
    ),
    means="Now a level in a patient and a concentration in a dish are in one unit.",
    hint=(
        "100 ng/mL are 100,000 ng in a litre. At 500 g/mol one nmol has 500 ng. So how many nmol "
        "are in the litre, and which share of them is unbound?"
    ),
    objective=1,
)

TENTH = Goal(
    "lesson05/tenth",
    "Normal enzyme, unbound: fill a tenth of the second sites.",
    lambda second, enzyme, counted: (
        0.095 <= second <= 0.106 and (enzyme, counted) == ("normal", "unbound")
    ),
    "About 255 mg a day. Nobody takes that; the highest dose on the label is 20 mg.",
    {"dose_mg": 255, "enzyme": "normal", "counted": "unbound"},
    objective=1,
)
AT_TWENTY = Goal(
    "lesson05/at-twenty",
    "20 mg a day: fill a tenth of the second sites. (Try everybody, and any way of counting.)",
    lambda dose_mg, enzyme, counted: (dose_mg, enzyme, counted) == (20, "poor", "total"),
    "Even a poor metaboliser, with the bound drug wrongly counted as free, has 6 %.",
    {"dose_mg": 20, "enzyme": "poor", "counted": "total"},
    possible=False,
    objective=1,
    against=("in-vitro-is-in-vivo",),
)

WHAT_IS_3600 = Question(
    name="lesson05/what_is_3600",
    text="What do the 3,600 nM stand for?",
    right=(
        "Half of the greatest slowing, seen in a dish",
        "It belongs to the second site and to one effect there. What it means in a patient depends "
        "on the level, and that is 115 to 230 times lower.",
    ),
    wrong={
        "The affinity of escitalopram for the pump": (
            "ki-is-ic50",
            "It blocks the pump from the first site, at nanomolar levels. And an EC50 is where an "
            "effect is half; that half of the sites are filled there is assumed.",
        ),
        "A level in plasma that some patients have": (
            "in-vitro-is-in-vivo",
            "It would take 229 tablets a day to keep that level unbound.",
        ),
        "A proof that it works better than others do": (
            "potency-is-efficacy",
            "It says how much drug half of an effect needs, not how large any benefit is.",
        ),
    },
    objective=1,
)

# -- 2: in a dish ---------------------------------------------------------------------------------

FILLED = Prediction(
    name="lesson05/filled",
    text=(
        "Suppose a drug cannot leave the first site while the second is filled, and filling goes "
        "on and off quickly. With 85 % of the second sites filled, how many times longer does the "
        "drug stay?"
    ),
    answer=6.67,
    unit="times",
    low=1,
    high=100,
    scale="log",
    ideas={"share-added-to-stay": 1.85},
    because=(
        "The way out is open 15 % of the time: the drug leaves at 15 % of its rate, and so stays "
        "1 / 0.15 times as long. Most of the gain comes with the last sites."
    ),
    seen=lambda filled: filled >= 0.84,
    setting="a concentration that fills 85 % of the second sites",
)

DOUBLE = Goal(
    "lesson05/double-stay",
    "Double the stay with escitalopram in the wash.",
    lambda ligand, longer: ligand == "escitalopram" and 1.92 <= longer <= 2.08,
    "Half of the second sites filled, half of the rate: 3,600 nM, 115 times the mean unbound level "
    "at 20 mg a day.",
    {"ligand": "escitalopram", "ligand_nM": 3600},
    objective=2,
)
SPOILER = Goal(
    "lesson05/double-by-R",
    "Now double it with R-citalopram.",
    lambda ligand, longer: ligand == "R-citalopram" and 1.92 <= longer <= 2.08,
    "It takes five times as much: in this experiment the R-form lengthens the stay as well.",
    {"ligand": "R-citalopram", "ligand_nM": 19400},
    objective=2,
)

UNIQUE = Question(
    name="lesson05/unique",
    text="“Uniquely among SSRIs …”, says 004. What can you sign?",
    right=(
        "The most potent of those tested, but not the only one",
        "Of those tested, in order: escitalopram, R-citalopram, sertraline, serotonin, paroxetine. "
        "Several ligands had done it in 1991, at micromolar concentrations too.",
    ),
    wrong={
        "It is unique: a paper of 2005 with that very word says it": (
            "one-source",
            "In the same year the same group, with the same author from the manufacturer, "
            "found that sertraline and paroxetine slow the leaving, too.",
        ),
        "It is common: every drug that blocks SERT has this effect": (
            "class-does-alike",
            "With fluoxetine, venlafaxine and duloxetine no significant effect was seen.",
        ),
        "It is there, so that escitalopram competes with itself": (
            "competitor-lowers-maximum",
            "A competitor at the first site could not slow the leaving of what sits there. That is "
            "why a second site was proposed.",
        ),
    },
    objective=2,
)

# -- 3: two clocks --------------------------------------------------------------------------------

TWO_DAYS_LATER = Prediction(
    name="lesson05/two_days_later",
    text=(
        "After ten days of 10 mg escitalopram a scan finds 81.5 % of SERT held, 6 hours after the "
        "last tablet. The level in plasma halves in 30 h. Say the drug stays on SERT for minutes. "
        "What did the scan find 48 hours later?"
    ),
    answer=63.3,
    unit="%",
    low=0,
    high=100,
    ideas={
        "proportional-occupancy": 27.0,
        "minutes-so-gone": (0.0, 10.0),
        "locked-on": (78.0, 82.0),
    },
    because=(
        "At 6 h 4.4 pumps were held for each free one: far above the level that holds half, a "
        "falling level lets go of little. (SD 12.1.)"
    ),
    seen=lambda scans: scans,
    setting="“Show the scans”",
    measured="in six people (Klein 2007)",
)

SLOW_STAY = Goal(
    "lesson05/slow-stay",
    "Leave plasma at 30 h. By the stay alone, lift occupancy at 54 h by five points.",
    lambda plasma_h, gained: plasma_h == 30 and gained >= 5,
    "It takes most of a day on the pump. And five points are too few to see beside an SD of 12.",
    {"stay_min": 1300, "plasma_h": 30},
    objective=3,
    against=("minutes-so-gone",),
)
SHORT_PLASMA = Goal(
    "lesson05/short-plasma",
    "Set plasma to 3 h. Hold half of SERT at 24 h.",
    lambda plasma_h, at_24: plasma_h == 3 and at_24 >= 50,
    "Now the stay decides. The slower of both clocks rules: leaving the pump slowly matters for "
    "a drug that leaves plasma quickly. Escitalopram does not.",
    {"stay_min": 900, "plasma_h": 3},
    objective=3,
    against=("clocks-add",),
)

HELD_LATER = Exercise(
    name="lesson05/held_later",
    task="The share of sites that is held some hours later.",
    arguments="held, hours, half_life_h",
    answer="held / (held + (1 - held) * 2 ** (hours / half_life_h))",
    cases=[
        (0.815, 48.0, 30.0),
        (0.9, 60.0, 30.0),
        ([0.95, 0.6, 0.2], 24.0, 36.0),
        (0.7, 10.0, 12.0),
        (0.8, 16.0, 6.0),
        ([0.719, 0.818], [28.0, 47.0], 12.0),
        (0.6, 24.0, [8.0, 36.0]),
    ],
    borders=[(0.8, 0.0, 30.0), ([0.9, 0.4], 0.0, 12.0)],
    unit="share",
    ideas={
        "share-has-half-life": (
            (
                "held * 2 ** (-hours / half_life_h)",
                "held * np.exp(-hours / half_life_h)",
                "held * 2 ** (-hours / (2 * half_life_h))",
                "1 - (1 - held) * 2 ** (hours / half_life_h)",
                "np.maximum(1 - (1 - held) * 2 ** (hours / half_life_h), 0)",
                "held - (1 - 2 ** (-hours / half_life_h))",
                "np.maximum(held - (1 - 2 ** (-hours / half_life_h)), 0)",
                "1 - (1 - held) * 2 ** (-hours / half_life_h)",
            ),
            "You get {gave} by a half-life put on the share itself, held or free. Where nearly all "
            "sites are held, half of the level still holds most of them: what halves is the number "
            "held for each free one.",
        ),
        "share-taken-for-level": (
            (
                "held / (held + 2 ** (hours / half_life_h))",
                "held / (held + 0.5 * 2 ** (hours / half_life_h))",
            ),
            "Your level starts at {held}, which is the share. A level that holds this share is "
            "another number: solve held = C/(C + K) for C, with K = 1 if you like.",
        ),
        "level-for-share": (
            (
                "2 ** (-hours / half_life_h) + 0 * held",
                "np.exp(-hours / half_life_h) + 0 * held",
            ),
            "{gave} is what is left of the level, whatever was held before. The level holds a "
            "share by C/(C + K), and {held} at the start tells how far it lies above K.",
        ),
        "half-is-a-floor": (
            (
                "0.5 + (held - 0.5) * 2 ** (-hours / half_life_h)",
                "np.maximum(held * 2 ** (-hours / half_life_h), 0.5)",
            ),
            "Yours ends at one half, however long one waits. K is the level that holds half; when "
            "the drug is gone, nothing is held.",
        ),
        "share-as-factor": (
            ("held ** (1 + hours / half_life_h)", "held ** (hours / half_life_h)"),
            "You multiply by the share {held} for each half-life. A half-life leaves one half, "
            "whatever the share is; and it is the level that halves.",
        ),
        "half-level-twice": (
            tuple(
                f"held / (held + {level_ng_per_mL} * (1 - held) * 2 ** (hours / half_life_h))"
                for level_ng_per_mL in ("2.8", "3.8")
            ),
            "held / (1 - held) is C/K already, the level counted in K, so K is 1 there. Either "
            "count both in K, or neither.",
        ),
        "all-for-held": (
            "1 / (1 + (1 - held) * 2 ** (hours / half_life_h))",
            "With half of the sites held, C/K is 1; put held = 0.5 and hours = 0 into your lines. "
            "C/K is the number of held sites for each free one, and held is not the number of all.",
        ),
        "example-written-in": (
            "held / (held + (1 - held) * 4)",
            "You always divide by 4, the two half-lives of the example. Here {hours} h have "
            "passed with a half-life of {half_life_h} h.",
        ),
        "whole-steps-only": (
            "held / (held + (1 - held) * 2 ** np.floor(hours / half_life_h))",
            "You count whole half-lives only. {hours} h at {half_life_h} h each are no whole "
            "number of them, and the level falls in between: take the power.",
        ),
        "number-for-share": (
            "held / (1 - held) * 2 ** (-hours / half_life_h)",
            "{gave} is the number held for each free one. Of how many sites is that, held and free "
            "together?",
        ),
        "ln2-lost": (
            "held / (held + (1 - held) * np.exp(hours / half_life_h))",
            "In one half-life your level falls to 37 %. It should be a half: use 2, not e, or put "
            "in ln 2.",
        ),
        "ratio-upside-down": (
            (
                "held / (held + (1 - held) * 2 ** (half_life_h / hours))",
                "held / (held + (1 - held) * 2 ** (-hours / half_life_h))",
            ),
            "After {hours} h with a half-life of {half_life_h} h you get {gave}. The longer one "
            "waits, the less is held; and a long half-life leaves more.",
        ),
        "straight-line": (
            (
                "held * (1 - hours / half_life_h / 2)",
                "held - hours / half_life_h / 2",
                "np.maximum(held * (1 - hours / half_life_h / 2), 0)",
                "np.maximum(held - hours / half_life_h / 2, 0)",
                "odds = held / (1 - held) * (1 - hours / half_life_h / 2)\n"
                "return odds / (1 + odds)",
                "odds = held / (1 - held) * np.maximum(1 - hours / half_life_h / 2, 0)\n"
                "return odds / (1 + odds)",
            ),
            "You take off the same amount every hour. A half-life takes half of what is left each "
            "time.",
        ),
        "hyperbola-for-exponential": (
            (
                "held * half_life_h / (half_life_h + hours)",
                "held / (held + (1 - held) * (1 + hours / half_life_h))",
            ),
            "You divide by 1 + {hours} / {half_life_h}. That is a half after one half-life, but a "
            "third, not a quarter, after two.",
        ),
        "locked-on": (
            "held + 0 * hours",
            "{gave} again: nothing has changed. The level falls, and K, the level that holds "
            "half, stays what it is; so less is held now.",
        ),
        "free-instead-of-occupied": (
            "1 - held / (held + (1 - held) * 2 ** (hours / half_life_h))",
            "{gave} is the share that is free by then.",
        ),
        "left-for-lost": (
            "held * (1 - 2 ** (-hours / half_life_h))",
            "{gave} is what would be lost if the share halved. Asked is what is held.",
        ),
    },
    also_right=(
        "odds = held / (1 - held) * 0.5 ** (hours / half_life_h)\nreturn odds / (1 + odds)",
        "1 / (1 + (1 - held) / held * 2 ** (hours / half_life_h))",
        "level = held / (1 - held) * np.exp(-np.log(2) * hours / half_life_h)\n"
        "return 1 - 1 / (1 + level)",
    ),
    means="One scan and a half-life tell the rest: no slow site needs to be assumed.",
    hint=(
        "0.9 held is nine for each free one, C/K = 9. After 60 h, two half-lives, C is a quarter: "
        "2.25 held for each free one. Of 3.25 sites, 2.25 are held."
    ),
    objective=3,
)

OUTLASTS = Question(
    name="lesson05/outlasts",
    text="The level in plasma falls to a third, occupancy only from 81.5 to 63.3 %. Why?",
    right=(
        "Far above the level that holds half, a fall changes little",
        "Your function says 59 % from the first scan and the half-life alone, and the second scan "
        "has an SD of 12.",
    ),
    wrong={
        "The second site holds the drug on the pump for two days": (
            "in-vitro-is-in-vivo",
            "At one minute on the pump the explorer still has 61.4 % at 54 h: no slow leaving is "
            "needed. At 10 mg a day the second site is 0.4 % filled.",
        ),
        "The stay on the pump is added to the half-life in plasma": (
            "clocks-add",
            "A minute added to 30 hours would change nothing. The slower of both clocks rules.",
        ),
        "A constant amount of the drug leaves the body each hour": (
            "constant-amount-leaves",
            "Then plasma would not have a half-life. A constant share leaves, and the level "
            "falls by half every 30 hours.",
        ),
    },
    objective=3,
)

# -- 4: the board ---------------------------------------------------------------------------------

TEN_TIMES = Prediction(
    name="lesson05/ten_times",
    text=(
        "You give a claim 10 %. Then comes a finding that is ten times as likely if the claim is "
        "true as if it is not. How likely is the claim now?"
    ),
    answer=52.6,
    unit="%",
    low=0,
    high=100,
    ideas={"odds-forgotten": (90.0, 100.0), "added": 20.0},
    because=(
        "10 % is one to nine. Ten times that is ten to nine, or 10 of 19: even a strong finding "
        "leaves an unlikely claim near even."
    ),
    seen=lambda prior_percent, ratio: prior_percent == 10 and abs(ratio - 10) < 1e-9,
    setting="10 % before the cards and cards that together count ten-fold",
)

BELIEVER = Goal(
    "lesson05/believer",
    "Somebody starts at 90 %. Bring them below one half with a single card.",
    lambda prior_percent, weighed, end: prior_percent == 90 and weighed == 1 and end < 0.5,
    "Nine to one for, ten to one against: 0.9, a little less than even.",
    {"prior_percent": 90, "mice": "10 against"},
    objective=4,
)
HANGS = Goal(
    "lesson05/hangs",
    "Weigh four cards or more as you judge them; see on which one your verdict hangs.",
    lambda weighed, swing: weighed >= 4 and swing >= 0.02,
    "A verdict is as good as the card that carries it. Name that card when you state it.",
    {
        "prior_percent": 50,
        "ten_days": "3 for",
        "one_dose": "no weight",
        "mice": "10 against",
        "platelets": "3 against",
        "dish": "no weight",
        "mutant": "3 for",
    },
    objective=4,
)

POSTERIOR = Exercise(
    name="lesson05/posterior",
    task="The probability of a claim after several independent findings.",
    arguments="prior, ratios",
    answer="prior * np.prod(ratios) / (prior * np.prod(ratios) + 1 - prior)",
    cases=[
        (0.4, [3.0, 2.0]),
        (0.1, [10.0, 1.0]),
        (0.5, [3.0, 0.1, 0.5]),
        (0.3, [10.0, 0.2, 0.1, 3.0]),
        (0.8, [0.1, 0.25]),
        (0.2, [4.0, 2.0]),
        (0.3, [4.0]),
        (0.6, [0.5]),
    ],
    borders=[(0.3, [1.0])],
    unit="share",
    ideas={
        "odds-forgotten": (
            ("prior * np.prod(ratios)", "np.minimum(1, prior * np.prod(ratios))"),
            "You multiply the probability itself, and get {gave}. Strong findings would carry that "
            "past 1. The ratios multiply the odds.",
        ),
        "odds-for-probability": (
            "prior / (1 - prior) * np.prod(ratios)",
            "{gave} to 1 are the odds. Turn them back: odds of 2 to 1 are two cases of three.",
        ),
        "summed": (
            (
                "prior * np.sum(ratios) / (prior * np.sum(ratios) + 1 - prior)",
                "odds = prior / (1 - prior) + np.sum(ratios)\nreturn odds / (1 + odds)",
                "prior + np.sum(ratios)",
                "odds = prior / (1 - prior) * (1 + np.sum(ratios - 1))\nreturn odds / (1 + odds)",
            ),
            "You add, where each finding multiplies what the others have left: 3 and 2 count as 6, "
            "and 3 and 1/3 as nothing.",
        ),
        "averaged": (
            (
                "prior * np.mean(ratios) / (prior * np.mean(ratios) + 1 - prior)",
                "np.mean(prior * ratios / (prior * ratios + 1 - prior))",
                "odds = prior / (1 - prior) * np.prod(ratios) ** (1 / len(ratios))\n"
                "return odds / (1 + odds)",
            ),
            "You average. Two findings that both say 3 would count as one; but they count as 9.",
        ),
        "against-left-out": (
            (
                "ratio = np.prod(np.maximum(ratios, 1))\n"
                "return prior * ratio / (prior * ratio + 1 - prior)",
                "np.minimum(1, prior * np.prod(np.maximum(ratios, 1)))",
            ),
            "You leave out the findings that speak against the claim, those below 1. They multiply "
            "as well, and so take the odds down.",
        ),
        "direction-lost": (
            "ratio = np.prod(np.maximum(ratios, 1 / ratios))\nreturn prior * ratio / (prior * "
            "ratio + 1 - prior)",
            "You turn a ratio below 1 over, so that a finding against the claim speaks for it. "
            "0.1 takes the odds to a tenth: multiply by it as it is.",
        ),
        "ratios-are-probabilities": (
            (
                "prior * np.prod(ratios / (1 + ratios))",
                "np.prod(ratios / (1 + ratios))",
                "np.mean(ratios / (1 + ratios))",
                "for one in ratios:\n    prior = (prior + one / (1 + one)) / 2\nreturn prior",
                "np.mean([prior, *(ratios / (1 + ratios))])",
            ),
            "You make a probability of each ratio. A ratio says how far to move, not where to end: "
            "by a ratio of 1 the prior must stay as it is.",
        ),
        "one-side-only": (
            ("1 - (1 - prior) / np.prod(ratios)", "(1 - prior) / np.prod(ratios)"),
            "You change the chance against the claim alone. Then for and against make no whole any "
            "more: go by their ratio, the odds, and turn that back at the end.",
        ),
        "odds-turned-back-wrong": (
            tuple(
                f"odds = prior / (1 - prior) * np.prod(ratios)\nreturn {wrong}"
                for wrong in ("1 - 1 / odds", "1 / odds", "odds - 1", "1 - odds", "odds / 2")
            ),
            "Your odds are right; turned back they give {gave}. Put even odds, 1, into your last "
            "line: one half has to come out; and of 2 to 1, two of three.",
        ),
        "returned-log": (
            (
                "s = np.log(prior / (1 - prior)) + np.sum(np.log(ratios))\nreturn s / (1 + s)",
                "np.log(prior / (1 - prior)) + np.sum(np.log(ratios))",
            ),
            "To add logarithms is right, but they are still there at the end: np.exp of their sum "
            "is the odds.",
        ),
        "wrong-logarithm": (
            (
                "s = np.log10(prior / (1 - prior)) + np.sum(np.log10(ratios))\n"
                "return 1 / (1 + np.exp(-s))",
                "s = np.log(prior / (1 - prior)) + np.sum(np.log(ratios))\n"
                "return 1 / (1 + 10 ** -s)",
            ),
            "You go in by one logarithm and out by the other. np.exp undoes np.log; 10**x undoes "
            "np.log10.",
        ),
        "best-run-counts": (
            tuple(
                f"prior * {one} / (prior * {one} + 1 - prior)"
                for one in ("ratios[0]", "ratios[-1]", "np.max(ratios)", "np.min(ratios)")
            ),
            "You use one of the {ratios}. Every finding has its say.",
        ),
        "ratio-upside-down": (
            "prior / (prior + (1 - prior) * np.prod(ratios))",
            "Your claim becomes less likely by a ratio above 1. Such a finding speaks for it.",
        ),
        "prior-odds-wrong": (
            (
                "prior * np.prod(ratios) / (prior * np.prod(ratios) + 1)",
                "prior * np.prod(ratios) / (1 + np.prod(ratios))",
                "np.prod(ratios) / (1 + np.prod(ratios))",
                "odds = prior / (1 + prior) * np.prod(ratios)\nreturn odds / (1 + odds)",
                "prior / (1 + prior) * np.prod(ratios)",
                "prior * np.prod(ratios) / (prior + np.prod(ratios))",
            ),
            "It starts from prior / (1 - prior) to 1: with ratios that multiply to 1 the prior "
            "itself must come back. Yours does not.",
        ),
    },
    also_right=(
        "odds = prior / (1 - prior) * np.prod(ratios)\nreturn odds / (1 + odds)",
        "for ratio in ratios:\n    prior = prior * ratio / (prior * ratio + 1 - prior)\n"
        "return prior",
        "1 / (1 + (1 - prior) / prior / np.prod(ratios))",
        "1 - 1 / (1 + np.exp(np.log(prior / (1 - prior)) + np.sum(np.log(ratios))))",
    ),
    means="Your verdict is now a number that others can take apart, card by card.",
    hint=(
        "0.2 is 1 to 4, odds of 0.25. Times 4, times 2: odds of 2, two for each one against. "
        "So of three cases two are for it."
    ),
    objective=4,
)

WHAT_FOLLOWS = Question(
    name="lesson05/what_follows",
    text="After ten days 81.5 against 64.0 % of SERT, P = 0.003. What follows?",
    right=(
        "Hardly chance alone; but why is open, and single doses showed no such gap",
        "Levels of the S-form were alike, but six and nine people may differ otherwise. The "
        "laboratory's own single doses give 64 against 70 %.",
    ),
    wrong={
        "The second site did it, since in a dish the site is known to slow the leaving": (
            "diagram-is-proof",
            "That it could is not that it did. At 10 mg a day 0.4 % of the second sites are "
            "filled, and mice without the site respond alike.",
        ),
        "With 99.7 % probability the site matters, as P = 0.003 says": (
            "p-is-chance-of-no-effect",
            "P is how often chance alone would give such a gap or a larger one, not how likely a "
            "reason is. For that the board asks what you held before, and all the other cards.",
        ),
        "Nothing: a gap of 17 points between two scans is too small to count": (
            "small-is-nothing",
            "It is larger than the step from 5 to 20 mg in single doses (60 to 75 %). It wants an "
            "explanation, and no card here has a sure one.",
        ),
    },
    objective=4,
)
