"""Lesson 09, the course of benefit: what it asks."""

from snrilab.exercises import Exercise, Goal, Lesson, Prediction, Question

LESSON = Lesson(
    name="lesson09",
    question="Does it really take weeks?",
    notebook="09_weeks",
    minutes=60,
    needs=("lesson01", "lesson06"),
    objectives=(
        "compare stories of how benefit grows with what trials found, and say which are out",
        "choose the measurement that tells two stories apart, and work out how many people it "
        "takes",
        "work out which way the end of a cascade moves, and name the receptors on which that hangs",
        "predict what the loss of a protein does, and say what an arrow in a diagram is worth",
    ),
)

# -- 1: draw the benefit --------------------------------------------------------------------------

DRAWN = Prediction(
    name="lesson09/drawn",
    text=(
        "Draw what an SSRI adds to placebo, as you expect it in pooled trials, in per cent of what "
        "it adds at week 6. (Day 0 is 0 and week 6 is 100.)"
    ),
    answer=None,
    unit="%",
    low=0,
    high=120,
    points=(1, 2, 3, 4, 5),
    axis="week",
    because=(
        "Pooled over 28 trials about a third was there after one week, and each later week added "
        "less (Taylor 2006). Neither all at once nor nothing for weeks."
    ),
    seen=lambda trials: trials,
    setting="“Show the trials” on",
)

SEROTONIN_ALONE = Goal(
    "lesson09/serotonin-alone",
    "With “Show the trials”: find a block that brings serotonin down to the trials' bar.",
    lambda block_percent, trials: trials and block_percent >= 99,
    "The block is there on day 1, and so is most of the rise. Even at 100 %, where the brake takes "
    "most away, week 1 has 61 % of week 6: in this model mood cannot go in proportion to "
    "serotonin.",
    {"block_percent": 100, "trials": True},
    possible=False,
    objective=1,
    against=("benefit-at-once",),
)
PROTEIN_ALONE = Goal(
    "lesson09/protein-alone",
    "With “Show the trials”: bring the protein onto the bar.",
    lambda protein_1, trials: trials and 28 <= protein_1 <= 38,
    "Anything from 11 to 21 days does. It meets the trials because you set it so: a fit, no more.",
    {"half_life_d": 14, "trials": True},
    objective=1,
    against=("nothing-for-weeks",),
)
MIXED = Goal(
    "lesson09/mixed",
    "Bring the mixture onto the bar, with the protein alone at 45 % or more.",
    lambda mixture_1, protein_1, trials: trials and 28 <= mixture_1 <= 38 and protein_1 >= 45,
    "A protein too fast to fit hides behind the brake. One number cannot hold two dials.",
    {"half_life_d": 8, "protein_percent": 30, "trials": True},
    objective=1,
    against=("time-course-names-mechanism", "fit-is-proof"),
)

SHARE_OF_WEEK_6 = Exercise(
    name="lesson09/share_of_week_6",
    task="The benefit on a day as a share of the benefit on day 42.",
    arguments="day, half_life_d",
    answer="(1 - 0.5 ** (day / half_life_d)) / (1 - 0.5 ** (42 / half_life_d))",
    cases=[
        (7.0, 14.0),
        ([7.0, 14.0, 28.0], 21.0),
        (7.0, [3.0, 10.0, 30.0]),
        ([2.0, 10.0, 56.0], 12.0),
        (21.0, 42.0),
    ],
    borders=[(0.0, 7.0), (42.0, 7.0), ([0.0, 42.0], [7.0, 30.0])],
    unit="of the benefit at week 6",
    ideas={
        "share-of-all": (
            "1 - 0.5 ** (day / half_life_d)",
            "{gave} is the share of the whole way to the final level. Asked is the share of what "
            "is there on day 42, and by then the protein is not at its end: divide.",
        ),
        "ln2-lost": (
            (
                "(1 - np.exp(-day / half_life_d)) / (1 - np.exp(-42 / half_life_d))",
                "1 - np.exp(-day / half_life_d)",
            ),
            "With exp(-day / half_life_d) the open gap shrinks to 37 % in one half-life. It "
            "halves: 0.5 to the power of day / half-life.",
        ),
        "free-instead-of-occupied": (
            (
                "0.5 ** (day / half_life_d)",
                "0.5 ** (day / half_life_d) / 0.5 ** (42 / half_life_d)",
                "0.5 ** (day / half_life_d) / (1 - 0.5 ** (42 / half_life_d))",
            ),
            "0.5 ** (day / half_life_d) is the gap still open on that day: all of it on day 0. "
            "Benefit goes with what has been closed.",
        ),
        "ratio-upside-down": (
            (
                "(1 - 0.5 ** (half_life_d / day)) / (1 - 0.5 ** (half_life_d / 42))",
                "1 - 0.5 ** (half_life_d / day)",
            ),
            "Your exponent is half-life over day, so that a protein gets further away from its "
            "goal the longer you wait. How many half-lives fit into the days?",
        ),
        "straight-line": (
            (
                "day / 42",
                "day / (2 * half_life_d)",
                "day / half_life_d / (42 / half_life_d)",
                "0.5 * day / half_life_d / (1 - 0.5 ** (42 / half_life_d))",
                "np.minimum(0.5 * day / half_life_d, 1) / np.minimum(21 / half_life_d, 1)",
                "np.minimum(0.5 * day / half_life_d, 1)",
                "(1 - 0.5 ** (42 / half_life_d)) * day / 42",
            ),
            "You let the protein gain as much on each day. Each half-life closes half of what is "
            "still open, so the first days bring most.",
        ),
        "hyperbola-for-exponential": (
            (
                "day / (day + half_life_d)",
                "day / (day + half_life_d) / (42 / (42 + half_life_d))",
            ),
            "day / (day + half-life) also gives a half after one half-life, and after two it gives "
            "two thirds. Halving the gap twice closes three quarters.",
        ),
        "weeks-for-days": (
            (
                "(1 - 0.5 ** (day / half_life_d)) / (1 - 0.5 ** (6 / half_life_d))",
                "(1 - 0.5 ** (day / (7 * half_life_d))) / (1 - 0.5 ** (6 / half_life_d))",
            ),
            "The half-life is in days. Week 6 is day 42; with 6 you compare with day 6.",
        ),
        "hours-for-days": (
            "(1 - 0.5 ** (24 * day / half_life_d)) / (1 - 0.5 ** (24 * 42 / half_life_d))",
            "You make hours of the days, and the half-life stays in days: after one day yours has "
            "gone 24 days' way.",
        ),
        "growth-doubles": (
            (
                "(2 ** (day / half_life_d) - 1) / (2 ** (42 / half_life_d) - 1)",
                "2 ** (day / half_life_d) / 2 ** (42 / half_life_d)",
            ),
            "In your formula something doubles with each half-life, so that most comes last. What "
            "is halved is the gap still open: most comes first.",
        ),
        "nothing-for-weeks": (
            (
                "(1 - 0.5 ** (np.maximum(day - half_life_d, 0) / half_life_d))"
                " / (1 - 0.5 ** ((42 - half_life_d) / half_life_d))",
                "(1 - 0.5 ** (np.maximum(day - half_life_d, 0) / half_life_d))"
                " / (1 - 0.5 ** (42 / half_life_d))",
            ),
            "You let nothing happen during the first half-life. The gap closes from day 0 on, and "
            "at no time faster.",
        ),
        "whole-steps-only": (
            "(1 - 0.5 ** np.floor(day / half_life_d)) / (1 - 0.5 ** (42 / half_life_d))",
            "You count whole half-lives. The gap closes all the time: half a half-life closes 29 % "
            "of it.",
        ),
    },
    also_right=(
        "(1 - 2 ** (-day / half_life_d)) / (1 - 2 ** (-42 / half_life_d))",
        "np.expm1(-np.log(2) * day / half_life_d) / np.expm1(-np.log(2) * 42 / half_life_d)",
        "k = np.log(2) / half_life_d\n"
        "gained = 1 - np.exp(-k * day)\n"
        "return gained / (1 - np.exp(-k * 42))",
        "(0.5 ** (day / half_life_d) - 1) / (0.5 ** (42 / half_life_d) - 1)",
    ),
    means="Only the shape is compared: how far the final level lies is nowhere in it.",
    hint=(
        "Half-life 21 days. Day 21: half of the gap is closed. Day 42: three quarters. So day 21 "
        "is 0.5 / 0.75 of day 42, two thirds."
    ),
    objective=1,
)

THREE_FIT = Question(
    name="lesson09/three_fit",
    text=(
        "The brake, a protein of 14 days, and half of each all put about a third at week 1. What "
        "have you learned?"
    ),
    right=(
        "Serotonin alone is out; the others all stay in",
        "In this model serotonin kept 61 % or more at week 1, whatever the block, so benefit is "
        "not in proportion to it. Among the others the course does not choose.",
    ),
    wrong={
        "The protein it is, as it comes nearest to 33 %": (
            "time-course-names-mechanism",
            "33.5 against 31.1 %, where the trials say “about a third”, without an interval. And "
            "the 14 days were chosen to fit.",
        ),
        "Both are at work, since the mixture fits too": (
            "fit-is-proof",
            "That a mixture fits shows that it may be so. Each part fits without the other, too.",
        ),
        "Nothing, as any story can be made to fit a third": (
            "cannot-be-known",
            "Not any: you could not bring serotonin below 61 %. A fit proves nothing, a misfit "
            "excludes.",
        ),
    },
    objective=1,
)

# -- 2: move a clock ------------------------------------------------------------------------------

HOW_MANY = Prediction(
    name="lesson09/how_many",
    text=(
        "At week 1 the brake story has 31.1 % of the week-6 benefit, the 14-day protein 33.5 %. "
        "Suppose 3.3 points over placebo at week 6; patients differ with an SD of 6.6 points at "
        "week 1. How many patients an arm does it take until 80 of 100 trials tell the two "
        "stories apart?"
    ),
    answer="More than 100,000",
    choices=("Fewer than 200", "About 2,000", "About 20,000", "More than 100,000"),
    ideas={"time-course-names-mechanism": ("Fewer than 200", "About 2,000")},
    because=(
        "The gap is 2.4 % of 3.3 points, less than a tenth of a point, beside patients who differ "
        "by 6.6. People grow with the square of SD over gap."
    ),
    seen=lambda week, blocked, half_life_d: (
        week == 1 and not blocked and 13.5 <= half_life_d <= 14.5
    ),
    setting="week 1, the brake left alone and a half-life of 14 days",
)

TWO_HUNDRED = Goal(
    "lesson09/two-hundred",
    "With 200 an arm or fewer: 80 of 100 trials tell the stories apart.",
    lambda n_per_arm, found: n_per_arm <= 200 and found >= 80,
    "With its brake off one story leaps to the benefit of week 6. The other follows the block, and "
    "the block is the same. Moving one clock did what counting could not.",
    {"week": 1, "blocked": True, "n_per_arm": 200},
    objective=2,
    against=("brake-is-blocked-receptor",),
)
WEEK_SIX = Goal(
    "lesson09/week-six",
    "Tell them apart at week 6, with 10,000 people an arm or more.",
    lambda week, n_per_arm: week == 6 and n_per_arm >= 10_000,
    "Both stories were scaled to the same benefit at week 6. Where two stories say the same, no "
    "number of people decides.",
    {"week": 6, "n_per_arm": 200_000},
    possible=False,
    objective=2,
)

PEOPLE_PER_ARM = Exercise(
    name="lesson09/people_per_arm",
    task="How many people each arm needs.",
    arguments="gap, sd",
    answer="2 * (2.8 * sd / gap) ** 2",
    cases=[
        (3.0, 10.0),
        (0.08, 6.6),
        ([0.5, 2.0], 6.6),
        (1.5, [4.0, 8.0]),
        (2.2, 6.6),
        (3.0, 4.0),
    ],
    unit="people",
    rel=0.01,  # people come whole, and 2.8016 is more exact than 2.8
    ideas={
        "ratio-upside-down": (
            (
                "2 * (2.8 * gap / sd) ** 2",
                "2 * (gap / (2.8 * sd)) ** 2",
                "2 * (gap / sd) ** 2",
                "1 / (2 * (2.8 * sd / gap) ** 2)",
                "2 * 2.8 * (gap / sd) ** 2",
            ),
            "By your formula a smaller gap needs fewer people: {gave}. The smaller the gap, the "
            "smaller the standard error has to be, and that takes more.",
        ),
        "root-forgotten": (
            (
                "2 * 2.8 * sd / gap",
                "np.sqrt(2) * 2.8 * sd / gap",
                "np.sqrt(2 * 2.8 * sd / gap)",
                "2 * 2.8 * (sd / gap) ** 2",
                "2 * 2.8**2 * sd / gap",
                "2.8 * sd / gap",
                "2.8 * (sd / gap) ** 2",
                "2 * 2.8**2 * sd / gap**2",
                "2 * 2.8**2 * sd**2 / gap",
                "2 * 2.8 * sd / gap**2",
                "2 * 2.8 * sd**2 / gap",
                "2 * np.sqrt(2.8 * sd / gap)",
            ),
            "n stands under a root. Square both sides before you solve for it: then 2.8, sd and "
            "gap each come in squared, and half the gap takes four times the people.",
        ),
        "multiple-below-the-line": (
            "2 * (sd / (2.8 * gap)) ** 2",
            "Your 2.8 stands below the line, so that more certainty takes fewer people. A gap of "
            "2.8 standard errors leaves gap / 2.8 for one of them.",
        ),
        "one-error-only": (
            "(2.8 * sd / gap) ** 2",
            "You count the scatter of one mean, {gave} people. Both means scatter, so the "
            "difference scatters more: the 2 in sqrt(2 / n).",
        ),
        "divided": (
            "(2.8 * sd / gap) ** 2 / 2",
            "The 2 has come below the line. It makes the standard error of a difference larger, so "
            "it takes more people, not fewer.",
        ),
        "arms-added": (
            "4 * (2.8 * sd / gap) ** 2",
            "{gave} is both arms together. Asked is one arm.",
        ),
        "power-forgotten": (
            ("2 * (1.96 * sd / gap) ** 2", "2 * (2 * sd / gap) ** 2"),
            "With a gap of about two standard errors half of the trials miss it: an estimate falls "
            "short of the truth as often as not. For 80 of 100 the gap is 2.8 of them.",
        ),
        "power-left-out": (
            ("2 * (sd / gap) ** 2", "2 * (0.8 * sd / gap) ** 2"),
            "In your formula the gap is one standard error wide at most: noise would hide it in "
            "most trials. It has to be 2.8 of them.",
        ),
    },
    also_right=(
        "2 * 2.8**2 * sd**2 / gap**2",
        "se = gap / 2.8\nreturn 2 * sd**2 / se**2",
        "15.68 * (sd / gap) ** 2",
        "2 / (gap / (2.8 * sd)) ** 2",
    ),
    means="Half the gap, four times the people. It is cheaper to widen a gap than to count.",
    hint=(
        "gap = 2.8 * sd * sqrt(2 / n). Square both sides: gap**2 = 2.8**2 * sd**2 * 2 / n. Now n."
    ),
    objective=2,
)

PINDOLOL = Question(
    name="lesson09/pindolol",
    text="What do the pindolol trials say about the brake story?",
    right=(
        "They leave it open; to test it, the brake has to be off",
        "Help came sooner, as a freed brake foretells. But those doses held little of the "
        "receptor, in rats pindolol also sets it off, and it blocks β-receptors: something else "
        "may have moved.",
    ),
    wrong={
        "They prove it, since week 1 came out as it had foretold": (
            "fit-is-proof",
            "With 7 to 21 % of its receptors held the brake was hardly off, so the story itself "
            "would foretell little. A result that fits is not a clock that was moved.",
        ),
        "They refute it, since by week 6 the arms hardly differed": (
            "nothing-seen-nothing-there",
            "By week 6 the brake has let go without pindolol, too, and a scale has an end: arms "
            "nearly alike are no misfit. And 0.91 to 1.81 is not “no difference”.",
        ),
        "Too few visits; mood rated each day would have told": (
            "time-course-names-mechanism",
            "More days of the same treatment give the same two curves, 2.4 % apart at week 1. What "
            "tells stories apart is to move one clock and leave the other.",
        ),
    },
    objective=2,
)

# -- 3: which way does an arrow point? ------------------------------------------------------------

NO_GS = Prediction(
    name="lesson09/no_gs",
    text=(
        "In the model, 5-HT and NE rise three-fold in an animal without any Gs receptors for "
        "them. What does its cAMP do?"
    ),
    answer="It falls below where it was at rest",
    choices=(
        "It rises, though less than in others",
        "It stays where it was at rest",
        "It falls below where it was at rest",
    ),
    ideas={
        "every-receptor-raises-camp": (
            "It rises, though less than in others",
            "It stays where it was at rest",
        )
    },
    because=(
        "The Gi receptors are still there, and they inhibit. With Gs receptors in place the same "
        "rise comes out as more cAMP: the sum of two roads, by the strengths chosen here."
    ),
    seen=lambda animal, serotonin_fold, ne_fold, day: (
        animal == "no Gs receptors" and serotonin_fold >= 2.5 and ne_fold >= 2.5 and day >= 0.1
    ),
    setting="no Gs receptors, and both transmitters three-fold",
)

FAST = Goal(
    "lesson09/fast",
    "An intact animal, both transmitters at 2.5 times or more: catch pCREB at 1.25 or more, BDNF "
    "at 1.05 or less.",
    lambda animal, serotonin_fold, ne_fold, pcreb, bdnf: (
        animal == "intact"
        and min(serotonin_fold, ne_fold) >= 2.5
        and pcreb >= 1.25
        and bdnf <= 1.05
    ),
    "In this model phosphorylation takes minutes to hours, a pool of protein days. It is no slow "
    "kinase that makes benefit slow here.",
    {"serotonin_fold": 3, "ne_fold": 3, "day": 0.1},
    objective=3,
)
DEAF = Goal(
    "lesson09/deaf",
    "Both transmitters ten-fold, day 28 or later: keep mTOR at 1.00.",
    lambda serotonin_fold, ne_fold, day, mtor: (
        min(serotonin_fold, ne_fold) >= 10 and day >= 28 and mtor == 1
    ),
    "In this drawing the only road from the transmitters to mTOR leads over BDNF. Whether that is "
    "so in a brain, a drawing cannot tell.",
    {"serotonin_fold": 10, "ne_fold": 10, "day": 56, "animal": "BDNF held at rest"},
    objective=4,
    against=("diagram-is-proof",),
)

DIRECTION = Exercise(
    name="lesson09/direction",
    task='Which way the end of a cascade moves: "up", "down" or "open".',
    arguments="paths",
    answer=(
        "moves = {np.prod(signs) for signs in paths}\n"
        "if len(moves) > 1:\n"
        '    return "open"\n'
        'return "up" if 1 in moves else "down"'
    ),
    cases=[
        ([[-1, 1, -1]],),
        ([[1, 1], [1, -1]],),
        ([[1, -1, 1]],),
        ([[-1, 1, 1, -1], [-1, -1], [1]],),
        ([[-1], [1, -1, 1]],),
        ([[-1, -1], [-1, 1], [-1, -1, 1]],),
        ([[1, -1], [1]],),
        ([[1, 1, 1], [-1, -1, -1]],),
        ([[-1, -1, -1], [-1, -1, -1, -1, -1]],),
        ([[1], [-1, -1], [1, -1]],),
        ([[-1], [1, 1, 1], [-1, -1]],),
        ([[-1, 1], [-1], [1, 1]],),
        ([[-1, -1, 1, 1]],),
        ([[1, 1]],),
        ([[1, 1], [1]],),
    ],
    unit="in a word",
    ideas={
        "added": (
            (
                '"up" if sum(sum(signs) for signs in paths) > 0 else "down"',
                "moves = {np.sign(sum(signs)) for signs in paths}\n"
                "if len(moves) > 1:\n"
                '    return "open"\n'
                'return "up" if 1 in moves else "down"',
                "moves = {sum(signs) for signs in paths}\n"
                "if len(moves) > 1:\n"
                '    return "open"\n'
                'return "up" if sum(moves) > 0 else "down"',
                "total = sum(sum(signs) for signs in paths)\n"
                "if total == 0:\n"
                '    return "open"\n'
                'return "up" if total > 0 else "down"',
                "moves = {sum(signs) > 0 for signs in paths}\n"
                "if len(moves) > 1:\n"
                '    return "open"\n'
                'return "up" if True in moves else "down"',
                "moves = {signs.count(-1) > signs.count(1) for signs in paths}\n"
                "if len(moves) > 1:\n"
                '    return "open"\n'
                'return "down" if True in moves else "up"',
            ),
            "You add the signs of a path, or look which are more. Two arrows that inhibit would "
            "then pull down twice; but to inhibit an inhibitor is to let go: signs multiply.",
        ),
        "majority-of-paths": (
            (
                '"up" if sum(np.prod(signs) for signs in paths) > 0 else "down"',
                '"up" if sum(np.prod(signs) for signs in paths) >= 0 else "down"',
                "total = sum(np.prod(signs) for signs in paths)\n"
                "if total == 0:\n"
                '    return "open"\n'
                'return "up" if total > 0 else "down"',
                "total = sum(len(signs) * np.prod(signs) for signs in paths)\n"
                "if total == 0:\n"
                '    return "open"\n'
                'return "up" if total > 0 else "down"',
            ),
            "You let paths outvote one another. One strong path can outweigh two weak ones, and "
            'the drawing has no strengths: wherever paths disagree it is "open".',
        ),
        "disagreement-hidden": (
            (
                '"up" if all(np.prod(signs) > 0 for signs in paths) else "down"',
                '"up" if any(np.prod(signs) > 0 for signs in paths) else "down"',
            ),
            "Where the paths disagree you still name a direction. The drawing has no strengths, so "
            'there it cannot say: "open".',
        ),
        "cannot-be-known": (
            (
                '"up" if all(np.prod(signs) > 0 for signs in paths) else "open"',
                '"down" if all(np.prod(signs) < 0 for signs in paths) else "open"',
                "if len(paths) > 1:\n"
                '    return "open"\n'
                'return "up" if np.prod(paths[0]) > 0 else "down"',
            ),
            'You say "open" where all paths agree, too. Then the drawing does decide: all up, or '
            "all down.",
        ),
        "inhibitors-cancel": (
            "ways = {0 if signs.count(-1) > 1 and np.prod(signs) > 0 else np.prod(signs) "
            "for signs in paths}\n"
            "if ways == {1}:\n"
            '    return "up"\n'
            'return "down" if ways == {-1} else "open"',
            "You let two arrows that inhibit cancel to nothing. To inhibit an inhibitor is to let "
            "go: -1 times -1 is 1, and the end moves.",
        ),
        "arrows-for-paths": (
            (
                "signs = [sign for path in paths for sign in path]\n"
                "if 1 in signs and -1 in signs:\n"
                '    return "open"\n'
                'return "up" if np.prod(signs) > 0 else "down"',
                "signs = [sign for path in paths for sign in path]\n"
                "if 1 in signs and -1 in signs and len(paths) > 1:\n"
                '    return "open"\n'
                'return "up" if np.prod(signs) > 0 else "down"',
                "signs = {sign for path in paths for sign in path}\n"
                "if len(signs) > 1:\n"
                '    return "open"\n'
                'return "up" if 1 in signs else "down"',
            ),
            "You look whether single arrows differ. Along a path they multiply to one sign; only "
            'where the signs of whole paths differ is it "open".',
        ),
        "pluses-counted": (
            "moves = {signs.count(1) % 2 for signs in paths}\n"
            "if len(moves) > 1:\n"
            '    return "open"\n'
            'return "up" if 0 in moves else "down"',
            "You count the arrows that activate. They leave the sign as it is, however many there "
            "are: each -1 turns it.",
        ),
        "branches-swapped": (
            "moves = {np.prod(signs) for signs in paths}\n"
            "if len(moves) > 1:\n"
            '    return "open"\n'
            'return "down" if 1 in moves else "up"',
            'You have "up" and "down" the wrong way round: signs that multiply to 1 move the end '
            "the same way as the start.",
        ),
        "any-minus-inhibits": (
            (
                '"down" if any(-1 in signs for signs in paths) else "up"',
                "moves = {min(signs) for signs in paths}\n"
                "if len(moves) > 1:\n"
                '    return "open"\n'
                'return "up" if 1 in moves else "down"',
            ),
            "One arrow that inhibits makes your whole path inhibit. A second one along the same "
            "path turns it round again.",
        ),
        "last-arrow-decides": (
            (
                "moves = {signs[-1] for signs in paths}\n"
                "if len(moves) > 1:\n"
                '    return "open"\n'
                'return "up" if 1 in moves else "down"',
                "moves = {signs[0] for signs in paths}\n"
                "if len(moves) > 1:\n"
                '    return "open"\n'
                'return "up" if 1 in moves else "down"',
            ),
            "You take one arrow of each path for the whole of it. Every arrow on the way may turn "
            "the sign: all of them multiply.",
        ),
        "best-run-counts": (
            (
                '"up" if np.prod(paths[0]) > 0 else "down"',
                '"up" if np.prod(paths[-1]) > 0 else "down"',
                '"up" if np.prod(min(paths, key=len)) > 0 else "down"',
                '"up" if np.prod(max(paths, key=len)) > 0 else "down"',
            ),
            'You let one path speak for all. The others arrive as well; if one disagrees, "open".',
        ),
        "paths-multiplied": (
            (
                '"up" if np.prod([np.prod(signs) for signs in paths]) > 0 else "down"',
                "minus = sum(signs.count(-1) for signs in paths)\n"
                "if len({np.prod(signs) for signs in paths}) > 1:\n"
                '    return "open"\n'
                'return "up" if minus % 2 == 0 else "down"',
            ),
            "You put all paths into one product, as if they followed each other. They run side by "
            "side: one sign for each path, then compare.",
        ),
    },
    also_right=(
        "ups = [signs.count(-1) % 2 == 0 for signs in paths]\n"
        "if all(ups):\n"
        '    return "up"\n'
        'return "open" if any(ups) else "down"',
        "moves = []\n"
        "for signs in paths:\n"
        "    sign = 1\n"
        "    for each in signs:\n"
        "        sign = sign * each\n"
        "    moves.append(sign)\n"
        "if min(moves) != max(moves):\n"
        '    return "open"\n'
        'return "up" if moves[0] == 1 else "down"',
        "moves = [np.prod(signs) for signs in paths]\n"
        "if abs(sum(moves)) < len(moves):\n"
        '    return "open"\n'
        'return "up" if moves[0] > 0 else "down"',
    ),
    means="A drawing gives signs. Where roads of both signs meet, only a measurement decides.",
    hint=(
        "The drug inhibits a brake, the brake inhibits release: -1 times -1. What does release do? "
        "First one sign for each path; then look whether all agree."
    ),
    objective=3,
)

GUIDE = Question(
    name="lesson09/guide",
    text=(
        "“… activation of G-protein coupled receptors, leading to the production of cyclic AMP” "
        "(text 004). What is that sentence worth?"
    ),
    right=(
        "It holds for Gs receptors; Gi receptors do the opposite",
        "β, 5-HT4, 5-HT6 and 5-HT7 raise cAMP; 5-HT1A and α2 lower it (on the releasing cells "
        "they are brakes: lesson 01). Others do neither: α1 and 5-HT2 (Gq), 5-HT3 (a channel).",
    ),
    wrong={
        "It holds for all of them, as both transmitters raised cAMP": (
            "every-receptor-raises-camp",
            "They did as long as the Gs receptors were there. Without these the same transmitters "
            "lowered it.",
        ),
        "It shows that cAMP carries the benefit in patients": (
            "diagram-is-proof",
            "It tells of cells. That mood follows cAMP is a hypothesis, and no arrow in a drawing "
            "tests it.",
        ),
        "It explains the weeks, as phosphorylation is slow": (
            "time-course-names-mechanism",
            "In the model pCREB was up within hours. And a slow step would fit the weeks without "
            "being their cause.",
        ),
    },
    objective=3,
)

# -- 4: take one away -----------------------------------------------------------------------------

NO_TLR4 = Prediction(
    name="lesson09/no_tlr4",
    text=(
        "In the drawing, mice without TLR4 get LPS, half of them after a day of the drug. What do "
        "their cytokines do?"
    ),
    answer="They climb in neither group",
    choices=(
        "They climb, but less with the drug",
        "They climb alike in both groups",
        "They climb in neither group",
    ),
    because=(
        "All that LPS does here passes through TLR4. Without it there is nothing to protect from, "
        "so such mice cannot show whether the drug protects."
    ),
    seen=lambda animal, lps_mg_per_kg, drug: animal == "no TLR4" and lps_mg_per_kg > 0 and drug > 0,
    setting="an animal without TLR4, some LPS and some drug",
)

STILL_LOWERS = Goal(
    "lesson09/still-lowers",
    "LPS 0.5 mg/kg or more: take a protein away, and the drug still takes a tenth or more off the "
    "climb.",
    lambda animal, lps_mg_per_kg, lowered: (
        animal != "intact" and lps_mg_per_kg >= 0.5 and lowered >= 10
    ),
    "TLR4 feeds two arms. With one of them cut, the other still carries what the drug does. So an "
    "effect that survives can do without the missing protein; on which other the drug acts, it "
    "does not say.",
    {"animal": "no p38", "lps_mg_per_kg": 0.83, "drug": 1},
    objective=4,
    against=("correlation-is-cause",),
)

OTHER_TARGET = Question(
    name="lesson09/other_target",
    text=(
        "Suppose real mice without TLR4, inflamed in another way, have less cytokines with the "
        "drug than without. What follows?"
    ),
    right=(
        "It acts on something else than TLR4, or as well",
        "An effect without TLR4 needs another road: onto Ras, as drawn (from the same title), over "
        "NE, or one that nobody drew.",
    ),
    wrong={
        "TLR4 is its target, since both fell together": (
            "correlation-is-cause",
            "That they fell together after LPS made TLR4 a candidate. Here cytokines fall with no "
            "TLR4 to fall.",
        ),
        "The knock-out failed, since the arrow is known": (
            "diagram-is-proof",
            "The arrow was drawn from papers of which only the titles were read here. When animal "
            "and arrow disagree, check both; the arrow has no privilege.",
        ),
        "It has no effect on inflammation in these mice": (
            "no-slope-no-effect",
            "They have less cytokines with the drug than without: that is an effect.",
        ),
    },
    objective=4,
)
