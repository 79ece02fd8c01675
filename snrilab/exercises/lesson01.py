"""Lesson 01, the synapse: what it asks."""

from snrilab.exercises import Exercise, Goal, Lesson, Prediction, Question

LESSON = Lesson(
    name="lesson01",
    question="What happens when you block the pump?",
    notebook="01_synapse",
    assignment="ps1_synapse",
    minutes=60,
    objectives=(
        "work out how far a block lifts a transmitter, and which rise no block can reach",
        "tell a drug that competes for the pump from one that takes pumps away, and say which "
        "assay shows it",
        "work out what a brake leaves of release, and say why a drug may raise serotonin less in "
        "the whole animal than in cortex alone",
        "compare an SSRI with an SNRI in both transmitters, and judge what is claimed of them",
    ),
)

# -- 1: the bath ----------------------------------------------------------------------------------

RISE = Prediction(
    name="lesson01/rise",
    text=(
        "Mice born without SERT have ten times the cortical serotonin of their siblings; suppose "
        "that they release as much. A drug blocks 80 % of SERT, and release stays as it was. How "
        "many times the untreated level?"
    ),
    answer=3.57,
    unit="times",
    low=1,
    high=30,
    scale="log",
    ideas={"block-is-rise": 1.8, "other-exits-forgotten": 5.0, "straight-line-to-ceiling": 8.2},
    because=(
        "Ten times without SERT: the other ways carry a tenth, SERT nine tenths. With a fifth of "
        "SERT open, 18 + 10 = 28 % of the ways out are left. Less leaves than comes in, so the "
        "level climbs, and outflow with it, until both are equal again: at 1/0.28. The coloured "
        "area, level times open ways out, is then as large as release."
    ),
    seen=lambda blocked_percent, other_percent: 78 <= blocked_percent <= 82 and other_percent == 10,
    setting="80 % of SERT blocked and 10 % other ways out",
)

DOUBLE = Goal(
    "lesson01/double",
    "Other ways out 10 %: double the serotonin.",
    lambda other_percent, fold: other_percent == 10 and 1.95 <= fold <= 2.05,
    "Twice the level needs half of all exits shut, and SERT is 90 % of them: 0.5 / 0.9 = 56 %.",
    {"blocked_percent": 55, "other_percent": 10},
    objective=1,
)
CEILING = Goal(
    "lesson01/ceiling",
    "Shut SERT completely, and still stay below five times.",
    lambda blocked_percent, fold: blocked_percent == 100 and fold < 5,
    "The other ways set the ceiling, 1 / their share. No SERT blocker can shut them.",
    {"blocked_percent": 100, "other_percent": 25},
    objective=1,
)

BLOCK_NEEDED = Exercise(
    name="lesson01/block_needed",
    task="The share of SERT (0 to 1) to block for a wanted rise; above 1 it is out of reach.",
    arguments="fold, other_share",
    answer="(1 - 1 / fold) / (1 - other_share)",
    cases=[(3.0, 0.1), ([1.5, 4.0, 8.0], 0.1), (2.5, [0.05, 0.2, 0.4]), (12.0, 0.1), (5.0, 0.16)],
    borders=[(1.0, 0.1), ([1.0, 2.0], 0.1)],
    unit="share of SERT",
    ideas={
        "block-is-rise": (
            (
                "fold - 1",
                "(fold - 1) * (1 - other_share)",
                "(fold - 1) / (1 - other_share)",
                "fold * (1 - other_share)",
            ),
            "You read the rise as the block. The level climbs until the exits that are left carry "
            "the whole release: for {fold} times, 1/{fold} of the exits may stay open.",
        ),
        "other-exits-forgotten": (
            ("1 - 1 / fold", "1 - 1 / fold / (1 - other_share)", "1 - (1 - other_share) / fold"),
            "For {fold} times 1/{fold} of all exits may stay open. The other ways, {other_share} "
            "of all, are open whatever you do: SERT may keep open only the rest, and that is a "
            "share of its own 1 - {other_share}.",
        ),
        "straight-line-to-ceiling": (
            ("(fold - 1) / (1 / other_share - 1)", "fold * other_share"),
            "That rises with fold along a straight line. The explorer's curve is flat first and "
            "steep at the end: ask which share of the exits may stay open for {fold} times.",
        ),
        "correction-wrong-way": (
            ("(1 - 1 / fold) * (1 - other_share)", "1 - 1 / fold - other_share"),
            "Closing 1 - 1/{fold} of all exits is right. SERT is only a part of them, so a "
            "larger share of SERT has to go than of all exits; yours, {gave}, is smaller.",
        ),
        "free-instead-of-occupied": (
            (
                "(1 / fold - other_share) / (1 - other_share)",
                "1 / fold",
                "1 / fold - other_share",
                "1 / fold / (1 - other_share)",
            ),
            "{gave} is what may stay open. What is asked is the share of SERT to close.",
        ),
        "curve-forwards": (
            (
                "1 / (1 - fold * (1 - other_share))",
                "(1 - fold * other_share) / (1 - other_share)",
                "1 / (other_share + (1 - other_share) / fold)",
                "other_share + (1 - other_share) / fold",
            ),
            "You put the rise where the block belongs. The rise is known here: write 1/fold for "
            "the exits that stay open, and solve for the block.",
        ),
        "impossible-hidden": (
            (
                "np.minimum(1, (1 - 1 / fold) / (1 - other_share))",
                "block = (1 - 1 / fold) / (1 - other_share)\n"
                "return np.where(block > 1, np.nan, block)",
            ),
            "You turn {expected} into {gave}. A block above 1 says that this rise is out of reach: "
            "let it show.",
        ),
        "share-of-all": (
            "1 - (1 / fold - other_share)",
            "1/{fold} - {other_share} of all exits is what SERT may keep open: right. Asked is a "
            "share of SERT, which has 1 - {other_share} of them: divide that part by it.",
        ),
        "times-more-is-one-more": (
            "(1 - 1 / (fold + 1)) / (1 - other_share)",
            "Put 1 for fold: no rise needs no block, and yours gives one. {fold} times is the new "
            "level divided by the old one, not {fold} old levels on top of it.",
        ),
        "logarithm-for-share": (
            (
                "np.log(fold) / np.log(1 / other_share)",
                "np.log(fold)",
                "np.log10(fold)",
                "np.log2(fold)",
                "np.log(fold) / (1 - other_share)",
                "np.log10(fold) / (1 - other_share)",
                "np.log(fold) * (1 - other_share)",
                "np.log10(fold) * (1 - other_share)",
                "np.log(fold) / fold",
            ),
            "You go by the logarithm of the rise. No logarithm comes in: outflow is the level "
            "times the open exits, so for {fold} times 1/{fold} of the exits may stay open.",
        ),
    },
    also_right=(
        "(fold - 1) / (fold * (1 - other_share))",
        "(1 - fold**-1) / (1 - other_share)",
        "1 - (1 / fold - other_share) / (1 - other_share)",
        "open_exits = 1 / fold\nopen_sert = open_exits - other_share\n"
        "return 1 - open_sert / (1 - other_share)",
    ),
    means="Twelve times would take more than all of SERT: other ways out set the ceiling.",
    hint=(
        "Three times the level: 1/3 of the exits may stay open. The other ways keep 0.1 of all "
        "exits open, so SERT may keep 1/3 - 0.1 = 0.233 of its 0.9: 0.259 of it. The rest of SERT, "
        "1 - 0.259 = 0.741, has to be blocked."
    ),
    objective=1,
)

LAST_STEPS = Question(
    name="lesson01/last_steps",
    text=(
        "From 80 to 90 % of SERT blocked, serotonin goes from 3.6 to 5.3 times. Why so far for "
        "ten per cent more?"
    ),
    right=(
        "A third of the open exits close, and release goes on",
        "28 % of the exits were open, 19 % are left, for the same release. The coloured area stays "
        "as large as it was, so the narrower column is taller.",
    ),
    wrong={
        "The nerve cell releases more when its pumps are shut": (
            "block-raises-release",
            "Release never changed: the coloured area, all that leaves, stayed at 100 % of it. "
            "The column became narrower, not larger.",
        ),
        "The drug adds serotonin of its own beside the pump": (
            "acts-on-transmitter",
            "The drug sits on the transporter. It brings no serotonin and makes none; it closes a "
            "way out.",
        ),
        "Each ten per cent of block adds the same, 1.7 times": (
            "block-is-rise",
            "From 0 to 10 % the level goes from 1.0 to 1.1 times. What counts is which part of the "
            "exits still open is closed.",
        ),
    },
    objective=1,
)

# -- 2: two ways to stop a pump -------------------------------------------------------------------

WHERE_TO_LOOK = Prediction(
    name="lesson01/where_to_look",
    text=(
        "One drug competes, another takes pumps out of service. In the brain both stop 80 % of the "
        "uptake. In which dish do you see best which is which?"
    ),
    choices=(
        "serotonin far below Km, as in the brain",
        "serotonin at Km, where the pump runs at half speed",
        "serotonin at ten times Km",
        "nowhere: both stop 80 % in every dish",
    ),
    answer="serotonin at ten times Km",
    ideas={
        "as-in-the-body": "serotonin far below Km, as in the brain",
        "middle-is-enough": "serotonin at Km, where the pump runs at half speed",
        "competitor-lowers-maximum": "nowhere: both stop 80 % in every dish",
    },
    because=(
        "Serotonin in excess pushes the competitor aside; it cannot bring back pumps that are "
        "gone. At ten times Km the competitor leaves 73 % of the uptake, at Km 33 %, far below it "
        "hardly more than the other drug's 20 %."
    ),
    seen=lambda serotonin_nM, drug_in_ki: serotonin_nM >= 4600 and drug_in_ki == 4,
    setting="the drug at 4 times its Ki and serotonin from far below Km to ten times Km",
)

NINE_TENTHS = Goal(
    "lesson01/hardly_blocked",
    "Drug at 4 Ki: let the competitor leave nine tenths of the uptake.",
    lambda drug_in_ki, left: drug_in_ki == 4 and left >= 0.9,
    "The top speed was never lowered; it takes more serotonin to get there.",
    {"serotonin_nM": 20_000, "drug_in_ki": 4},
    objective=2,
)

SHARE_LEFT = Exercise(
    name="lesson01/share_left",
    task="The rate with the competitor as a share (0 to 1) of the rate without it.",
    arguments="substrate_nM, km_nM, inhibitor_nM, ki_nM",
    answer="(km_nM + substrate_nM) / (km_nM * (1 + inhibitor_nM / ki_nM) + substrate_nM)",
    cases=[
        (926.0, 463.0, 40.0, 10.0),
        ([30.0, 500.0, 9000.0], 463.0, 30.0, 11.2),
        (200.0, 170.0, [3.0, 20.0, 70.0], 5.0),
        (1200.0, [463.0, 170.0], 25.0, [2.0, 9.0]),
    ],
    borders=[(500.0, 463.0, 0.0, 10.0)],
    unit="share of the rate",
    ideas={
        "competitor-lowers-maximum": (
            "1 / (1 + inhibitor_nM / ki_nM)",
            "Your answer, {gave}, is the same at every serotonin level: such a drug takes pumps "
            "away. Here {substrate_nM} nM of serotonin pushes some of the competitor aside.",
        ),
        "free-instead-of-occupied": (
            (
                "inhibitor_nM / (inhibitor_nM + ki_nM)",
                "1 - substrate_nM / (km_nM * (1 + inhibitor_nM / ki_nM) + substrate_nM)",
                "1 - (km_nM + substrate_nM) / (km_nM * (1 + inhibitor_nM / ki_nM) + substrate_nM)",
            ),
            "You give what the drug holds or stops, {gave}. What is asked is the share of the rate "
            "that is left.",
        ),
        "ratio-upside-down": (
            "(km_nM * (1 + inhibitor_nM / ki_nM) + substrate_nM) / (km_nM + substrate_nM)",
            "{gave} is more than 1: the drug would speed the pump up. The rate with the drug "
            "goes on top, and its own larger Km stands below its line.",
        ),
        "inhibitor-helps": (
            "(km_nM + substrate_nM) / (km_nM / (1 + inhibitor_nM / ki_nM) + substrate_nM)",
            "You divide Km by 1 + I/Ki, and the pump becomes faster: {gave}. A competitor makes Km "
            "look larger.",
        ),
        "rate-for-share": (
            (
                "substrate_nM / (km_nM * (1 + inhibitor_nM / ki_nM) + substrate_nM)",
                "substrate_nM / (km_nM + substrate_nM)",
                "substrate_nM / (km_nM + substrate_nM) / (1 + inhibitor_nM / ki_nM)",
            ),
            "That is one rate, as a share of the top speed. What is asked is one rate as a share "
            "of another: with the drug, divided by without.",
        ),
        "difference": (
            "substrate_nM / (km_nM + substrate_nM) - substrate_nM / (km_nM * (1 + inhibitor_nM / "
            "ki_nM) + substrate_nM)",
            "You subtract the two rates. What is asked is one as a share of the other: divide.",
        ),
        "factor-on-substrate": (
            (
                "(km_nM + substrate_nM) / (km_nM + substrate_nM * (1 + inhibitor_nM / ki_nM))",
                "substrate_nM / (km_nM + substrate_nM * (1 + inhibitor_nM / ki_nM))",
            ),
            "By your formula serotonin helps the drug to hold the pump. It pushes a competitor "
            "aside: 1 + [I]/Ki belongs to Km, not to [S], and an IC50 grows with [S]/Km.",
        ),
        "constant-forgotten": (
            (
                "substrate_nM / (substrate_nM + inhibitor_nM)",
                "inhibitor_nM / (substrate_nM + inhibitor_nM)",
                "(km_nM + substrate_nM) / (km_nM + inhibitor_nM + substrate_nM)",
                "(km_nM + substrate_nM) / (km_nM * (1 + inhibitor_nM) + substrate_nM)",
                "substrate_nM / (km_nM + inhibitor_nM + substrate_nM)",
                "km_nM / (km_nM + inhibitor_nM)",
                "1 / (1 + inhibitor_nM)",
            ),
            "You use {inhibitor_nM} nM of the drug without its Ki. How many pumps it holds depends "
            "on [I]/Ki: {inhibitor_nM} nM are much for a Ki of 1, little for one of 1,000.",
        ),
        "forgot-one": (
            (
                "substrate_nM / km_nM / (substrate_nM / km_nM + inhibitor_nM / ki_nM)",
                "1 - substrate_nM / km_nM / (substrate_nM / km_nM + inhibitor_nM / ki_nM)",
            ),
            "You share all pumps between serotonin and drug. Some are empty: they are the 1 beside "
            "[S]/Km and [I]/Ki, with the drug and without.",
        ),
        "two-on-one-site": (
            (
                "ki_nM / (ki_nM + inhibitor_nM) * km_nM / (km_nM + substrate_nM)",
                "1 - inhibitor_nM / (inhibitor_nM + ki_nM) * (1 - substrate_nM / (substrate_nM + "
                "km_nM))",
            ),
            "You work out the shares of drug and serotonin each as if the other were not there, "
            "and multiply. They want the same place: a pump is held by one of them, or by none, "
            "so each shifts the share of the other.",
        ),
    },
    also_right=(
        "(1 + substrate_nM / km_nM) / (1 + inhibitor_nM / ki_nM + substrate_nM / km_nM)",
        "1 / (1 + (inhibitor_nM / ki_nM) * km_nM / (km_nM + substrate_nM))",
        "with_drug = substrate_nM / (km_nM * (1 + inhibitor_nM / ki_nM) + substrate_nM)\n"
        "without = substrate_nM / (km_nM + substrate_nM)\nreturn with_drug / without",
    ),
    means="Far below Km only the drug counts; far above it, hardly. An assay chooses what it sees.",
    hint=(
        "Write the rate once with the drug and once with [I] = 0, and divide the first by the "
        "second. Vmax and the [S] on top cancel. Left is the lower line without the drug, "
        "Km + [S], over the lower line with it."
    ),
    objective=2,
)

COMPETITOR_CHANGES = Question(
    name="lesson01/competitor_changes",
    text="A competitor is there at four times its Ki. What does it change about SERT?",
    right=(
        "Km looks five times larger; Vmax stays",
        "1 + 4 = 5. At 20,000 nM of serotonin the pump is back at 92 % of its drug-free rate, and "
        "with more it gets all the way.",
    ),
    wrong={
        "Vmax falls to a fifth; Km stays": (
            "competitor-lowers-maximum",
            "Then no serotonin could help. In the explorer 20,000 nM brought 92 % of the drug-free "
            "rate back.",
        ),
        "Km falls to a fifth; Vmax stays": (
            "inhibitor-helps",
            "A smaller Km is a pump that runs faster at low serotonin. The drug makes it slower: "
            "Km looks larger.",
        ),
        "Less serotonin is free; SERT stays as it is": (
            "acts-on-transmitter",
            "The drug sits on SERT, not on serotonin, which is all still there to be carried.",
        ),
    },
    objective=2,
)

# -- 3: the brake ---------------------------------------------------------------------------------

WHOLE_ANIMAL = Prediction(
    name="lesson01/whole_animal",
    text=(
        "Washed into the cortex of rats, and nowhere else, milnacipran raised serotonin there to "
        "7 times the untreated level. Other rats, with no drug in the probe, had 60 mg/kg injected "
        "under the skin. How many times the untreated level in their cortex?"
    ),
    answer=(2.0, 2.3),
    unit="times",
    low=0.5,
    high=30,
    scale="log",
    ideas={"brake-unknown": 7.0},
    because=(
        "One reason may be a brake: in the whole animal serotonin rises at the cell bodies too, "
        "and tells them to fire less. With citalopram, an SSRI, blocking serotonin's receptors at "
        "the cell bodies set a rise in the cortex free (Invernizzi 1992). With milnacipran, "
        "blocking this brake (5-HT1A) added only a little (Bel 1999): it is not the whole story. A "
        "probe may also bring more drug to the pumps than an injection."
    ),
    seen=lambda blocked_percent, where: blocked_percent >= 80 and where == "whole animal",
    setting="the drug in the whole animal and 80 % of SERT blocked",
    measured="in rats (Bel 1999)",
)

HIGHEST = Goal(
    "lesson01/highest",
    "Whole animal: as high as it goes on day 1.",
    lambda where, blocked_percent: where == "whole animal" and blocked_percent == 100,
    "3.0 times. The 2.0 to 2.3 times that were measured take 83 to 90 % of SERT in this model; its "
    "constants were chosen to fit such rises.",
    {"where": "whole animal", "blocked_percent": 100, "wears_off": False},
    objective=3,
)
CORTEX_ONLY = Goal(
    "lesson01/cortex_only",
    "Block no more than 90 %, and pass three times on day 1.",
    lambda blocked_percent, day_1: blocked_percent <= 90 and day_1 > 3,
    "In cortex alone the cell bodies notice nothing, and fire on. At 90 % that makes 4.4 against "
    "2.3 times; the measured 7 takes nearly 100 % here. Did the probe block more, too?",
    {"where": "cortex only", "blocked_percent": 90, "wears_off": False},
    objective=3,
)
AFTER_WEEKS = Goal(
    "lesson01/after_weeks",
    "Whole animal, no more than 90 %: pass three times within eight weeks.",
    lambda where, blocked_percent, week_8: (
        where == "whole animal" and blocked_percent <= 90 and week_8 > 3
    ),
    "Part of the brake lets go in this model. The block was the same on every day.",
    {"where": "whole animal", "blocked_percent": 90, "wears_off": True},
    objective=3,
)

RELEASE_LEFT = Exercise(
    name="lesson01/release_left",
    task="Release in units of release at rest, from the shares of autoreceptors that are held.",
    arguments="held, held_at_rest, strength",
    answer="(1 - strength * held) / (1 - strength * held_at_rest)",
    cases=[
        (0.7, 0.35, 0.9),
        ([0.4, 0.6, 0.95], 0.3, 0.8),
        (0.71, 0.36, [0.5, 0.98]),
        (0.25, 0.25, 0.9),
        (0.2, [0.4, 0.3], 0.85),
    ],
    borders=[(0.0, 0.3, 0.9), (0.5, 0.0, 0.9)],
    unit="times release at rest",
    ideas={
        "brake-off-at-rest": (
            "1 - strength * held",
            "That counts from a brake that is off. At rest {held_at_rest} of the autoreceptors are "
            "held already, so rest itself would not come out as 1. Divide by what it is.",
        ),
        "difference": (
            (
                "1 - strength * (held - held_at_rest)",
                "1 - strength * np.maximum(held - held_at_rest, 0)",
            ),
            "You take off what the brake has gained. At rest that gives 1, but release at rest is "
            "itself only a part of the unbraked release: the loss is a larger share of it. Divide.",
        ),
        "rest-is-full": (
            (
                "1 - strength * held / held_at_rest",
                "(1 - strength * held / held_at_rest) / (1 - strength)",
            ),
            "You let the brake be fully on at rest: held / held_at_rest is 1 there. But at rest "
            "only {held_at_rest} of the receptors are held, so the brake stops {strength} x "
            "{held_at_rest} of release.",
        ),
        "full-strength": (
            (
                "(1 - held) / (1 - held_at_rest)",
                "strength * (1 - held) / (1 - held_at_rest)",
                "strength * (1 - held) / (1 - strength * held_at_rest)",
                "((1 - held) / (1 - held_at_rest)) ** strength",
            ),
            "You let the brake stop everything once all receptors are held: put 1 for held. Then "
            "it stops a share of {strength}: multiply the share that is held by it.",
        ),
        "ratio-upside-down": (
            "(1 - strength * held_at_rest) / (1 - strength * held)",
            "The more the brake is on, the more is released: your answer goes the wrong way. "
            "Release now goes on top, release at rest below.",
        ),
        "multiplied": (
            "(1 - strength * held) * (1 - strength * held_at_rest)",
            "You let the brake of rest work a second time. Release is counted in units of rest: "
            "divide by what is left at rest.",
        ),
        "held-is-release": (
            ("held / held_at_rest", "held", "strength * held"),
            "{gave} says how far the brake is on. Release is what the brake leaves, and it falls "
            "as more is held.",
        ),
        "free-instead-of-occupied": (
            "1 - (1 - strength * held) / (1 - strength * held_at_rest)",
            "{gave} is what the brake has taken from release at rest. What is asked is what it "
            "leaves.",
        ),
        "impossible-hidden": (
            "np.minimum(1, (1 - strength * held) / (1 - strength * held_at_rest))",
            "Right until fewer are held than at rest: you turn {expected} into {gave}. Then the "
            "brake is looser than at rest, and more is released.",
        ),
        "these-rows-only": (
            "np.where(held == held_at_rest, 1.0, 1 - strength * held)",
            "You mend rest alone: a trace more held, and release jumps from 1 to "
            "1 - {strength} x {held_at_rest}. The unit is wrong everywhere: divide by release at "
            "rest.",
        ),
        "strength-ignored": (
            (
                "held_at_rest / held",
                "1 - held",
                "1 - (held - held_at_rest)",
                "1 - held / held_at_rest",
                "(1 - held) / held_at_rest",
            ),
            "The strength of the brake, {strength}, is not in it. A brake of strength 0 stops "
            "nothing, however many are held: then the answer has to be 1.",
        ),
        "not-one-at-rest": (
            (
                "1 - strength * held * (1 - held_at_rest)",
                "1 - strength * held * held_at_rest",
                "1 - strength * held / (1 - held_at_rest)",
                "1 - strength * held + held_at_rest",
                "1 - strength * held - held_at_rest",
                "(1 - strength * held) * (1 - held_at_rest)",
                "(1 - strength * held) / (1 - held_at_rest)",
                "(1 - strength * held) * held_at_rest",
                "(1 - strength * held) / held_at_rest",
                "(1 - strength * held) / (strength * held_at_rest)",
                "strength * (held - held_at_rest)",
                "strength * (held_at_rest - held)",
            ),
            "Put {held_at_rest} for held, as at rest: your line does not give 1, and release at "
            "rest is the unit. Divide release now by release at rest, each with its own brake.",
        ),
    },
    also_right=(
        "(1 / strength - held) / (1 / strength - held_at_rest)",
        "1 - strength * (held - held_at_rest) / (1 - strength * held_at_rest)",
        "now = 1 - strength * held\nrest = 1 - strength * held_at_rest\nreturn now / rest",
    ),
    means="The brake is on before any drug comes; what a drug does is to press it further.",
    hint=(
        "At rest the answer has to be 1, and the line gives 1 - strength x held_at_rest there. "
        "That is release at rest, as a share of release without any brake. Divided by it, the "
        "colleague's line counts in units of rest."
    ),
    objective=3,
)

WEEKS = Question(
    name="lesson01/weeks",
    text=(
        "Pumps are blocked within hours. Pooled over 28 trials of SSRIs against placebo, about a "
        "third of the six-week benefit was there after one week (Taylor 2006). What fits both?"
    ),
    right=(
        "Some benefit comes early; a fading brake may explain some of the rest",
        "Block and brake act at once. A brake that wears off is one candidate for the slow part, "
        "and a contested one.",
    ),
    wrong={
        "No benefit for weeks, since the brake cancels all the serotonin": (
            "nothing-for-weeks",
            "The trials saw a third of it in week one, and in the model serotonin is up on day 1, "
            "brake and all.",
        ),
        "All of the benefit at once, since all the pumps are blocked at once": (
            "benefit-at-once",
            "Then week one would hold all of it, not a third. Something slow follows the block.",
        ),
        "The drug sits on the autoreceptors, and leaves them over weeks": (
            "brake-is-blocked-receptor",
            "A drug that blocked the autoreceptor would take the brake off at once, and the rise "
            "in the whole animal would not be the smaller one. This drug sits on the pump; "
            "serotonin itself presses the brake.",
        ),
    },
    objective=3,
)

# -- 4: two pumps ---------------------------------------------------------------------------------

WITHOUT_SERT = Prediction(
    name="lesson01/without_sert",
    text=(
        "Escitalopram is a selective blocker of SERT. Mice without any SERT get 4 or 8 mg/kg. "
        "What does norepinephrine in their cortex do?"
    ),
    choices=(
        "it stays: there is no SERT to block",
        "it goes up: the drug reaches NET too",
        "it goes down: serotonin brakes it",
    ),
    answer="it goes up: the drug reaches NET too",
    ideas={"selective-is-absolute": "it stays: there is no SERT to block"},
    because=(
        "A moderate rise, with SERT and without; the authors conclude that the drug reaches NET. "
        "Nothing braked it. Selective means that one constant is smaller than another, and a large "
        "dose reaches both. In this figure that takes more than 1,000 nM: whether 8 mg/kg bring as "
        "much to the brain of a mouse is open."
    ),
    seen=lambda conc_nM: conc_nM >= 1500,
    setting="1,500 nM of unbound drug",
    measured="in mice without SERT (Nguyen 2013)",
)

CONSTANTS_MATTER = Goal(
    "lesson01/constants_matter",
    "Norepinephrine at levomilnacipran's two points: make larger minus smaller 1.1 or more.",
    lambda apart: apart >= 1.1,
    "At 100 nM NET is 90 % full by its uptake constant; its binding constant leaves half open.",
    {"conc_nM": 126},
    objective=4,
)

OVERLY_EFFICIENT = Question(
    name="lesson01/overly_efficient",
    text=(
        "A text says that in depression reuptake “may be overly efficient”. Which finding would "
        "support that?"
    ),
    right=(
        "More SERT, or faster uptake, in untreated patients",
        "That looks at reuptake itself, though even then as cause or as consequence. Scans "
        "disagree: one review has SERT unchanged or a little up (Meyer 2007), 18 studies pooled "
        "have about a tenth less (Gryglewski 2014), one has 29 % more NET in the thalamus "
        "(Moriguchi 2017). A hypothesis.",
    ),
    wrong={
        "Patients get better on drugs that block reuptake": (
            "refills-a-lack",
            "Aspirin helps a headache, which is no lack of aspirin. That a block helps does not "
            "say that there was too much uptake before.",
        ),
        "Textbooks draw the fast pump and the empty cleft": (
            "diagram-is-proof",
            "A drawing says what somebody thinks. It is as good as the measurements behind it.",
        ),
        "Stressed mice move more in a test after a blocker": (
            "animal-is-patient",
            "That is what a block does in a mouse. It measures neither uptake nor a patient.",
        ),
    },
    objective=4,
)
