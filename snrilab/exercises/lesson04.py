"""Lesson 04, the selectivity paradox: what it asks."""

from snrilab.exercises import Exercise, Goal, Lesson, Prediction, Question

LESSON = Lesson(
    name="lesson04",
    question="Who is right about levomilnacipran?",
    notebook="04_selectivity",
    minutes=60,
    assignment="ps3_selectivity",
    needs=("lesson02", "lesson03"),
    objectives=(
        "say what was measured, where and which way round before comparing two ratios",
        "estimate how large a preference must be before scatter cannot turn it round",
        "judge whether a Ki and an IC50 can describe one inhibition, and name what would tell",
        "trace a number to whoever measured it, and read a damaged table without being fooled",
    ),
)

# -- 1: one column, two quantities ----------------------------------------------------------------

WHO_LEADS = Prediction(
    name="lesson04/who_leads",
    text=(
        "Auclair 2013 says, of the three drugs in one laboratory: "
        "levomilnacipran is 27 times more NET-selective than duloxetine and 17 times more than "
        "venlafaxine. By that paper, which of these two prefers SERT more?"
    ),
    choices=(
        "Venlafaxine, as in the guide",
        "Duloxetine, against the guide",
        "Both alike",
        "Neither: both prefer NET",
    ),
    answer="Duloxetine, against the guide",
    ideas={
        "one-column-one-measure": "Venlafaxine, as in the guide",
        "ratio-upside-down": "Neither: both prefer NET",
    },
    because=(
        "Auclair's ratio for levomilnacipran is 10.5 / 19.0 = 0.55, in uptake. The more "
        "NET-selective levomilnacipran is beside a drug, the more that drug prefers SERT: 27 x "
        "0.55 = 14.9 for duloxetine, 17 x 0.55 = 9.4 for venlafaxine."
    ),
    seen=lambda basis, source: basis != "binding" and source in ("every source", "Auclair"),
    setting="uptake as the basis and Auclair as the source",
)

SELECTIVITY = Exercise(
    name="lesson04/selectivity",
    task="How many times less drug SERT needs than NET; above 1 means that SERT is preferred.",
    arguments="net_nM, sert_nM",
    answer="net_nM / sert_nM",
    cases=[
        (92.2, 11.2),
        (10.5, 19.0),
        ([2480.0, 7.5, 1.1], [82.0, 0.8, 129.0]),
        (558.4, 40.2),
    ],
    borders=[(12.5, 12.5)],
    unit="times",
    ideas={
        "ratio-upside-down": (
            "sert_nM / net_nM",
            "{gave} for {net_nM} nM at NET and {sert_nM} at SERT: your ratio falls as NET needs "
            "more drug. The course wants it to rise, so the NET constant belongs on top.",
        ),
        "direction-lost": (
            "np.maximum(net_nM, sert_nM) / np.minimum(net_nM, sert_nM)",
            "Your ratio is never below 1, so it says how strong a preference is and not for which "
            "transporter. Leave 10.5 / 19.0 below 1: that is how it says NET.",
        ),
        "difference": (
            ("net_nM - sert_nM", "np.abs(net_nM - sert_nM)"),
            "A difference in nM grows with the numbers: 2,480 and 82 are 2,398 apart, 7.5 and 0.8 "
            "only 6.7. A ratio says how many times.",
        ),
        "share-for-ratio": (
            (
                "net_nM / (net_nM + sert_nM)",
                "sert_nM / (net_nM + sert_nM)",
                "(net_nM - sert_nM) / (net_nM + sert_nM)",
                "1 - sert_nM / net_nM",
                "100 * (1 - sert_nM / net_nM)",
            ),
            "{gave} is a share or per cent: it has an end, however much SERT is preferred. Asked "
            "is how many times one constant is the other.",
        ),
        "both-below": (
            "1 / (net_nM * sert_nM)",
            "You divide by both constants, {net_nM} and {sert_nM}: one of them belongs on top. In "
            "1 / a / 1 / b Python divides by b as well, unless 1 / b has brackets.",
        ),
        "multiplied": (
            "net_nM * sert_nM",
            "{gave} is the product of the two constants: to divide by 1 / x is to multiply by x. "
            "Asked is one divided by the other.",
        ),
        "floored-at-one": (
            (
                "np.maximum(net_nM / sert_nM, 1)",
                "np.where(net_nM < sert_nM, 0, net_nM / sert_nM)",
                "np.where(net_nM < sert_nM, np.nan, net_nM / sert_nM)",
            ),
            "You turn {expected} into {gave}. A ratio below 1 is a preference as well, for NET: "
            "let it stand.",
        ),
        "sign-for-direction": (
            (
                "np.where(net_nM < sert_nM, -sert_nM / net_nM, net_nM / sert_nM)",
                "np.where(net_nM < sert_nM, -net_nM / sert_nM, net_nM / sert_nM)",
            ),
            "You turn {expected} into {gave}. Below 1 says NET already: a minus sign is not needed,"
            " and whoever multiplies your ratio or takes its logarithm is misled.",
        ),
        "returned-log": (
            (
                "np.log10(net_nM / sert_nM)",
                "np.log(net_nM / sert_nM)",
                "np.log2(net_nM / sert_nM)",
            ),
            "A logarithm is 0, not 1, where both are alike. Give the ratio itself.",
        ),
        "logs-divided": (
            (
                "np.log10(net_nM) / np.log10(sert_nM)",
                "(9 - np.log10(sert_nM)) / (9 - np.log10(net_nM))",
                "(9 - np.log10(net_nM)) / (9 - np.log10(sert_nM))",
            ),
            "You divide two logarithms, and that number changes with the unit. The logarithm of a "
            "ratio is their difference.",
        ),
        "times-more-is-one-more": (
            "net_nM / sert_nM - 1",
            "You take 1 off: that is how many times more. With both alike you would give 0, and "
            "the course wants 1.",
        ),
    },
    also_right=(
        "(1 / sert_nM) / (1 / net_nM)",
        "1 / (sert_nM / net_nM)",
        "10 ** (np.log10(net_nM) - np.log10(sert_nM))",
    ),
    means="The column says potency, and means the constants: 30 is a preference for SERT.",
    hint=("558.4 nM at NET and 40.2 nM at SERT: SERT needs less. 558.4 is how many times 40.2?"),
    objective=1,
)

FAIR = Goal(
    "lesson04/fair",
    "Rank three drugs like for like, with no recalled number.",
    lambda fair, drugs: fair and drugs >= 3,
    "Only this paper offers it, in uptake. Duloxetine leads here, by 1.6-fold: section 2 asks what "
    "that is worth. In the guide's column venlafaxine leads.",
    {"basis": "uptake", "source": "Auclair"},
    objective=1,
    against=("one-column-one-measure",),
)
ONE_COLUMN = Question(
    name="lesson04/one_column",
    text="Why may 0.6 not stand in one column with 10 and 30?",
    right=(
        "It is a ratio from uptake, and they match ratios from binding",
        "By binding levomilnacipran has 8.2, beside duloxetine's 9.4 from another laboratory. "
        "Unlike numbers in one column made it the odd one out.",
    ),
    wrong={
        "It is below 1, which says that the drug has the weaker effect": (
            "potency-is-efficacy",
            "The ratio compares how much drug two transporters need. How large an effect gets is "
            "another matter.",
        ),
        "30 means 30 times as potent at NET, and 0.6 at SERT": (
            "ratio-upside-down",
            "30 is 2,480 nM at NET over 82 nM at SERT: at NET venlafaxine needs 30 times more.",
        ),
        "It may: all three are Ki, and Ki can be compared": (
            "ki-is-safe-to-mix",
            "The Ki in its own row give 92.2 / 11.2 = 8.2, not 0.6. And Ki of different papers are "
            "about as noisy as IC50.",
        ),
    },
    objective=1,
)

# -- 2: how far apart are laboratories? -----------------------------------------------------------

TWO_PAPERS = Prediction(
    name="lesson04/two_papers",
    text=(
        "Two papers, of 1997 and 2001, measured how tightly venlafaxine binds to human SERT. How "
        "many times apart are their constants?"
    ),
    answer=9.21,
    unit="times",
    low=1,
    high=100,
    scale="log",
    ideas={"papers-may-be-divided": (1.0, 1.5)},
    because=(
        "82 nM (a Ki, Bymaster 2001) and 8.9 nM (a Kd, Tatsumi 1997, with another radioligand). A "
        "wide pair, but no freak: of pairs of IC50 in a public database, for targets of all "
        "kinds and chosen with care, 13 % are more than ten-fold apart. Ki are about as noisy."
    ),
    seen=lambda scatter_fold: scatter_fold >= 1.9,
    setting="a scatter of two-fold",
    measured="by two laboratories (Bymaster 2001, Tatsumi 1997)",
)

FOUND = Goal(
    "lesson04/found",
    "Bring the curve through the filled point at two-fold.",
    lambda beyond_two: 0.46 <= beyond_two <= 0.5,
    "Scatter of two-fold, used from here on. It makes ten-fold gaps too rare.",
    {"scatter_fold": 2},
    objective=2,
)
SHARED = Goal(
    "lesson04/shared",
    "Ratio 0.55, scatter two-fold: let fewer than 15 % find SERT preferred.",
    lambda scatter_fold, true_ratio, flipped: (
        1.9 <= scatter_fold <= 2.1 and true_ratio == 0.55 and flipped < 0.15
    ),
    "A shared error cancels in the ratio: the reason for one laboratory, one day. How much is "
    "shared, few papers say.",
    {"true_ratio": 0.55, "scatter_fold": 2, "shared_percent": 80},
    objective=2,
)

# The one laboratory that is left when somebody averages first.
_FIRST = "1.0 * (({} < 1) != (true_ratio < 1))"

SHARE_FLIPPED = Exercise(
    name="lesson04/share_flipped",
    task="The share (0 to 1) of laboratories whose ratio lies on the wrong side of 1.",
    arguments="true_ratio, net_errors, sert_errors",
    answer="np.mean((true_ratio * net_errors / sert_errors < 1) != (true_ratio < 1))",
    cases=[
        (0.6, [1.8, 0.9, 3.0, 1.3, 5.0], [1.2, 0.7, 0.9, 5.0, 0.3]),
        (3.0, [1.2, 0.5, 0.4, 1.1, 1.6, 0.3], [0.5, 0.2, 1.6, 2.0, 0.8, 2.5]),
        (1.4, [1.4, 2.0, 1.3, 0.9], [4.0, 1.2, 5.0, 2.5]),
        (0.3, [2.0, 2.5, 3.0, 0.8, 0.4, 0.7, 1.3], [0.5, 2.0, 1.4, 0.9, 1.1, 4.0, 3.0]),
        (
            2.2,
            [1.3, 0.2, 0.5, 4.0, 5.0, 1.4, 2.0, 3.0],
            [2.0, 2.5, 0.4, 1.4, 0.5, 1.8, 4.0, 1.3],
        ),
        (0.8, [1.0, 2.0, 1.0, 0.5], [1.0, 1.0, 0.5, 1.0]),
    ],
    borders=[(0.6, [1.2, 0.7], [1.5, 0.9]), (3.0, [0.5, 0.2], [2.0, 4.0]), (0.5, [2.5], [0.9])],
    unit="share",
    ideas={
        "counts-NET-not-flips": (
            (
                "np.mean(true_ratio * net_errors / sert_errors < 1)",
                "np.mean(true_ratio * net_errors / sert_errors > 1)",
                "np.mean((true_ratio * net_errors / sert_errors > 1) & (true_ratio < 1))",
                "np.mean((true_ratio * net_errors / sert_errors < 1) & (true_ratio > 1))",
            ),
            "You count laboratories on one side of 1 only. With a true ratio of {true_ratio} the "
            "wrong side is the other one: write it for both cases.",
        ),
        "free-instead-of-occupied": (
            "np.mean((true_ratio * net_errors / sert_errors < 1) == (true_ratio < 1))",
            "You count those that get it right: {gave}. Asked are the others.",
        ),
        "ratio-ignored": (
            (
                "np.mean((net_errors / sert_errors < 1) != (true_ratio < 1))",
                "np.mean((net_errors / sert_errors > 1) != (true_ratio > 1))",
            ),
            "You look at the errors alone. A laboratory finds the true ratio times its errors: "
            "from {true_ratio} it is further to the other side of 1 than from 1.",
        ),
        "compared-with-the-truth": (
            (
                "np.mean(true_ratio * net_errors / sert_errors < true_ratio)",
                "np.mean(true_ratio * net_errors / sert_errors > true_ratio)",
                "np.mean(true_ratio * net_errors / sert_errors != true_ratio)",
                "np.mean((net_errors / sert_errors > 2) | (net_errors / sert_errors < 0.5))",
                "np.mean((net_errors / sert_errors >= 2) | (net_errors / sert_errors <= 0.5))",
            ),
            "Your count comes to the errors alone, as if each ratio were compared with the true "
            "one, {true_ratio}. What matters is whether a ratio crosses 1.",
        ),
        "errors-multiplied": (
            "np.mean((true_ratio * net_errors * sert_errors < 1) != (true_ratio < 1))",
            "You multiply both errors. The SERT constant stands below the line, and so does its "
            "error.",
        ),
        "one-error-only": (
            (
                "np.mean((true_ratio * net_errors < 1) != (true_ratio < 1))",
                "np.mean((true_ratio / sert_errors < 1) != (true_ratio < 1))",
            ),
            "One of the two errors is missing. Both constants were measured, each with its own.",
        ),
        "count-for-share": (
            (
                "np.sum((true_ratio * net_errors / sert_errors < 1) != (true_ratio < 1))",
                "np.sum(true_ratio * net_errors / sert_errors > 1)",
                "np.sum(true_ratio * net_errors / sert_errors < 1)",
                "np.sum((true_ratio * net_errors / sert_errors < 1) == (true_ratio < 1))",
            ),
            "You return how many laboratories. Asked is which share of them.",
        ),
        "odds-for-probability": (
            "wrong = np.mean((true_ratio * net_errors / sert_errors < 1) != (true_ratio < "
            "1))\nreturn wrong / (1 - wrong)",
            "You divide those that are wrong by those that are right. A share is a part of all "
            "laboratories: two wrong of six are a third, not a half.",
        ),
        "each-for-share": (
            (
                "(true_ratio * net_errors / sert_errors < 1) != (true_ratio < 1)",
                "(true_ratio * net_errors / sert_errors < 1) == (true_ratio < 1)",
                "true_ratio * net_errors / sert_errors < 1",
                "true_ratio * net_errors / sert_errors > 1",
                "true_ratio * net_errors / sert_errors",
            ),
            "You return one value for each laboratory. Asked is a share of all: ask whether each "
            "is on the wrong side, and np.mean counts the True.",
        ),
        "mean-first": (
            (
                "(np.mean(true_ratio * net_errors / sert_errors) < 1) != (true_ratio < 1)",
                "1.0 * ((np.mean(true_ratio * net_errors / sert_errors) < 1) != (true_ratio < 1))",
                "np.mean(true_ratio * net_errors / sert_errors)",
                "np.mean(true_ratio * net_errors / sert_errors - true_ratio)",
                _FIRST.format("true_ratio * np.mean(net_errors) / np.mean(sert_errors)"),
                _FIRST.format("true_ratio * np.exp(np.mean(np.log(net_errors / sert_errors)))"),
                "true_ratio * np.mean(net_errors) / np.mean(sert_errors)",
            ),
            "You average before you compare, as if there were one laboratory. Ask each laboratory "
            "on which side of 1 it is, and average the answers.",
        ),
        "minority-is-wrong": (
            "above = np.mean(true_ratio * net_errors / sert_errors > 1)\n"
            "return np.minimum(above, 1 - above)",
            "You take the smaller camp for the wrong one. The true ratio, {true_ratio}, says which "
            "side is right; more than half of the laboratories may be wrong.",
        ),
        "every-pair": (
            "found = true_ratio * net_errors[:, None] / sert_errors\n"
            "return np.mean((found < 1) != (true_ratio < 1))",
            "You pair every error at NET with every one at SERT. A laboratory has one of each: the "
            "first belongs to the first.",
        ),
        "added": (
            "np.mean((true_ratio + net_errors - sert_errors < 1) != (true_ratio < 1))",
            "You add and take off the errors. They are factors: 2 reads twice too high.",
        ),
    },
    also_right=(
        "np.count_nonzero((true_ratio * net_errors / sert_errors < 1) != (true_ratio < 1)) / "
        "len(net_errors)",
        "1 - np.mean((true_ratio * net_errors / sert_errors > 1) == (true_ratio > 1))",
        "np.mean(np.log(true_ratio * net_errors / sert_errors) * np.log(true_ratio) < 0)",
        "found = true_ratio * net_errors / sert_errors\nif true_ratio < 1:\n"
        "    return np.mean(found > 1)\nreturn np.mean(found < 1)",
    ),
    means="Now a ratio can say how much doubt it comes with.",
    hint=(
        "true_ratio * net_errors / sert_errors are the ratios found; with < 1 after them they give "
        "an array of True and False. (true_ratio < 1) is one of the two: != tells where they "
        "differ."
    ),
    objective=2,
)

NOTABLY = Question(
    name="lesson04/notably",
    text=(
        "A summary finds a “notably greater potency” at NET: 1.8-fold, in uptake. What can you "
        "write?"
    ),
    right=(
        "Roughly balanced in uptake, perhaps a lean to NET",
        "If 0.55 is the truth, at two-fold scatter and nothing shared 27 % of laboratories would "
        "find SERT preferred. The label's 16 to 19 nM over 11 nM, 1.5 to 1.7-fold, adds little if "
        "it repeats the company's own data.",
    ),
    wrong={
        "Notably greater, if the standard errors are small": (
            "small-error-is-right",
            "A standard error says how well one laboratory repeats itself, not where the next one "
            "lands: two papers on venlafaxine are 9.2-fold apart.",
        ),
        "1.81-fold greater, as the three digits allow": (
            "digits-are-precision",
            "10.5 and 19.0 were written with three digits. Another laboratory would change the "
            "first one.",
        ),
        "Greater, once a plasma curve has shown it": (
            "potency-from-plasma",
            "A plasma curve says how much drug is there, not how much of it a transporter needs.",
        ),
    },
    objective=2,
)

# -- 3: the impossible pair -----------------------------------------------------------------------

EACH_WRONG = Prediction(
    name="lesson04/each_wrong",
    text=(
        "At NET the paper has a Ki of 92.2 and an IC50 of 10.5 nM. Suppose that both are wrong by "
        "the same factor, in opposite directions, and that inhibition is competitive. How large "
        "must the factor be, at least?"
    ),
    answer=2.96,
    unit="times",
    low=1,
    high=20,
    scale="log",
    ideas={"all-on-one": 8.78, "halved": 4.39},
    because=(
        "The IC50 lies 8.8-fold under the floor. One number comes down by the factor, the other "
        "goes up by it: the factor times itself is 8.8. Two-fold scatter would tear a pair on the "
        "floor this far apart in at most 1.3 % of papers (with substrate, more rarely); real "
        "scatter, more often."
    ),
    seen=lambda loaded_times, error_fold: loaded_times == 0 and error_fold >= 2.9,
    setting="no grip on the loaded pump and an error that just brings the line to the pair",
)

SUBSTRATE_ALONE = Goal(
    "lesson04/substrate-alone",
    "Competitive, no error: bring the line to the NET pair. (Try all the substrate there is.)",
    lambda substrate_km, loaded_times, error_fold: (
        (loaded_times, error_fold) == (0, 1) and substrate_km >= 15
    ),
    "Substrate lifts the line, and without any it lies on the floor. The pair is below.",
    {"substrate_km": 20, "loaded_times": 0, "error_fold": 1},
    possible=False,
    objective=3,
    against=("substrate-explains-all",),
)
LOADED = Goal(
    "lesson04/loaded",
    "No error, some substrate: bring the line to the NET pair by the kind of inhibition.",
    lambda error_fold, net_apart: error_fold == 1 and net_apart <= 1.1,
    "A drug that held the loaded pump many times more tightly than the empty one would do it. "
    "A binding assay without substrate would not see that site: its Ki would be the weak one. "
    "The course has found nobody who showed it. To test it: more substrate would lower the IC50.",
    {"substrate_km": 0.7, "loaded_times": 20, "error_fold": 1},
    objective=3,
)

WHAT_FOLLOWS = Question(
    name="lesson04/what_follows",
    text="Ki 92.2, IC50 10.5 nM at NET. What follows?",
    right=(
        "Two affinities, another inhibition, or large errors: open",
        "Membranes and living cells differ in salt, voltage and temperature, and may show "
        "different affinities; inhibition may be mixed; both numbers may be three-fold off. IC50 "
        "at several substrate concentrations, and a Ki in the same cells, would narrow it down.",
    ),
    wrong={
        "The uptake assay had too little substrate in its wells": (
            "substrate-explains-all",
            "Less substrate brings a competitive IC50 down to the Ki of 92.2 and no further.",
        ),
        "Non-competitive inhibition: then there is no floor": (
            "competitor-lowers-maximum",
            "A non-competitive drug holds the loaded pump as tightly as the empty one (1 on the "
            "slider): its IC50 is the Ki. That is the floor.",
        ),
        "A misprint in the paper: a digit or a point has slipped": (
            "misfit-is-misprint",
            "The label has 91 and 11 as well (perhaps the same measurement): a digit that slipped "
            "in one print would not be in both. A misprint is possible; not fitting does not show "
            "it.",
        ),
    },
    objective=3,
)

# -- 4: where does a number come from? ------------------------------------------------------------

WHENCE = Prediction(
    name="lesson04/whence",
    text=(
        "Of desvenlafaxine (SERT to NET) copies of one encyclopedia page print 14:1 and 10:1. A "
        "review prints 30, one number for it and for venlafaxine together; the body makes it from "
        "venlafaxine. Where is the 30 most likely from?"
    ),
    choices=(
        "A third assay of desvenlafaxine",
        "The binding of venlafaxine",
        "A misprint in the review",
        "14 and 10, added and rounded",
    ),
    answer="The binding of venlafaxine",
    ideas={
        "misfit-is-misprint": "A misprint in the review",
        "repeated-is-confirmed": "A third assay of desvenlafaxine",
    },
    because=(
        "Venlafaxine has 2,480 / 82 = 30 by binding (Bymaster 2001), and the review has one number "
        "for both drugs. Nobody found 30 for desvenlafaxine: it has 13.9 by binding, 11.2 in "
        "uptake. More than “most likely” cannot be said."
    ),
    seen=lambda source: source == "Deecher",
)
TRACE = Goal(
    "lesson04/trace",
    "One of desvenlafaxine's 14, 10 and 30 was measured: show it alone, by source and basis.",
    lambda basis, source: (basis, source) == ("binding", "Deecher"),
    "13.9 by binding, in the only paper here that measured the drug. A page can be right; that is "
    "known once somebody has looked here.",
    {"basis": "binding", "source": "Deecher"},
    objective=4,
    against=("repeated-is-confirmed",),
)


def _or_nothing(cell: str) -> str:
    """Return an answer that reads a cell; a learner's own stops where there is no number."""
    return f"try:\n    return float({cell})\nexcept ValueError:\n    return np.nan"


KI_FROM_ROW = Exercise(
    name="lesson04/ki_from_row",
    task="The binding Ki in nM from one row, whole or moved to the left.",
    arguments="cells",
    answer='float(cells[1] if cells[0] in ("SERT", "NET") else cells[2])',
    cases=[
        (["NET", "92.2", "10.5", ""],),
        (["Levomilnacipran", "SERT", "11.2", "19.0"],),
        (["NET", "7800", "N/A", ""],),
        (["Desvenlafaxine", "NET", "558.4", ""],),
        (["Desvenlafaxine", "NET", "558.4", "531.3"],),
        (["SERT", "40.2", "47.3", "human"],),
        (["NET", "558.4", "531.3", "human"],),
        (["Desvenlafaxine", "SERT", "40.2", "47.3"],),
        (["17", "NET", "305", "88"],),
        (["Compound 18", "SERT", "151", ""],),
        (["Test compound T7", "NET", "640", "75"],),
        (["MDX", "SERT", "230", "310"],),
        (["Compound 22", "SERT", "0.135", "2.1"],),
    ],
    no_answer=[
        (["Compound 19", "SERT", "N/A", "19.0"],),
        (["NET", "80-120", "10.5", ""],),
        (["Compound 20", "NET", "", "47.3"],),
        (["SERT", "0.8 - 1.1", "N/A", ""],),
        (["Compound 21", "NET", "80 \N{EN DASH} 120", "19.0"],),
    ],
    unit="nM",
    ideas={
        "branches-swapped": (
            _or_nothing('cells[2] if cells[0] in ("SERT", "NET") else cells[1]'),
            "{cells} has moved one place to the left, so its Ki stands in the second cell, "
            "cells[1]. You take it from there for the whole rows: the two cases have changed "
            "places.",
        ),
        "position-for-name": (
            (
                _or_nothing("cells[2]"),
                "try:\n    return float(cells[2])\nexcept ValueError:\n    return float(cells[1])",
            ),
            "{cells} has moved one place to the left, and your function takes its third cell, "
            "where an IC50 stands now. If it asks a question first: which answer does this row "
            "give?",
        ),
        "rows-left-out": (
            (
                'np.nan if cells[0] in ("SERT", "NET") else float(cells[2])',
                '0.0 if cells[0] in ("SERT", "NET") else float(cells[2])',
            ),
            "You give the moved row {cells} up. Its Ki is there, one cell further left: read it "
            "from there.",
        ),
        "first-number": (
            "return float(next(c for c in cells if c.replace('.', '').isdigit()))",
            "You take the first cell that reads as a number, whatever it stands for: in {cells} "
            "that is the compound's. And where a Ki is a range it would be the IC50.",
        ),
        "these-rows-only": (
            (
                _or_nothing('cells[1] if "NET" in cells else cells[2]'),
                _or_nothing('cells[1] if "SERT" in cells else cells[2]'),
                _or_nothing('cells[1] if cells[0] == "NET" else cells[2]'),
                _or_nothing('cells[1] if cells[0] == "SERT" else cells[2]'),
                _or_nothing('cells[2] if cells[0] == "Levomilnacipran" else cells[1]'),
                _or_nothing(
                    'cells[2] if cells[0] in ("Levomilnacipran", "Escitalopram") else cells[1]'
                ),
            ),
            "Your rule fits rows that you have seen, and {cells} comes out wrong. Ask what the "
            "first cell is: one of the two transporters, or a compound?",
        ),
        "sign-for-cause": (
            (
                _or_nothing('cells[1] if cells[-1] == "" else cells[2]'),
                _or_nothing("[c for c in cells if c != ''][-2]"),
            ),
            "You go by the empty last cell. A whole row without IC50 has one as well, and a moved "
            "row with a note has none. The cause shows in the first cell.",
        ),
        "constants-swapped": (
            (
                _or_nothing("cells[3]"),
                _or_nothing('cells[2] if cells[0] in ("SERT", "NET") else cells[3]'),
                "return float([c for c in cells if c.replace('.', '').isdigit()][-1])",
            ),
            "From {cells} you take {gave}: that is the IC50. Python counts cells from 0: cells[1] "
            "is the second, cells[2] the third.",
        ),
        "middle-of-both": (
            (
                "numbers = [float(c) for c in cells if c.replace('.', '').isdigit()]\n"
                "return np.mean(numbers)",
                "numbers = [float(c) for c in cells if c.replace('.', '').isdigit()]\n"
                "return np.prod(numbers) ** (1 / len(numbers))",
                'ki, other = (1, 2) if cells[0] in ("SERT", "NET") else (2, 2)\n'
                "try:\n    return (float(cells[ki]) + float(cells[other])) / 2\n"
                "except ValueError:\n    return np.nan",
            ),
            "You average what stands in the row, {gave}. A Ki and an IC50 are two quantities: "
            "asked is the Ki alone.",
        ),
        "point-lost": (
            'float((cells[1] if cells[0] in ("SERT", "NET") else cells[2]).replace(".", ""))',
            "You take the decimal point out: {expected} becomes {gave}. Take out commas only, "
            "which mark thousands.",
        ),
        "smaller-is-ki": (
            "numbers = [float(c) for c in cells if c.replace('.', '').isdigit()]\n"
            "return min(numbers)",
            "You take the smaller number for the Ki, since an IC50 should not lie below it. In "
            "{cells} it does: that is the puzzle, and your program would hide it.",
        ),
        "larger-is-ki": (
            "numbers = [float(c) for c in cells if c.replace('.', '').isdigit()]\n"
            "return max(numbers)",
            "From {cells} you take {gave}: that is the IC50, larger than the Ki in this row and "
            "smaller in another.",
        ),
    },
    also_right=(
        'float(cells[2]) if cells[1] in ("SERT", "NET") else float(cells[1])',
        'return float(cells[(cells.index("SERT") if "SERT" in cells else cells.index("NET")) + 1])',
        'if cells[0] == "SERT" or cells[0] == "NET":\n    cells = [""] + cells\n'
        "return float(cells[2])",
    ),
    means=(
        "Your function asks what a cell is, and the conclusion no longer turns round. (The N/A "
        "need not be: 2.1 nM at SERT, 2,500 at NET in rats, recalled; contradiction 9.)"
    ),
    hint='A moved row begins with "SERT" or "NET": cells[0] in ("SERT", "NET") asks for that.',
    objective=4,
)

VERDICT = Question(
    name="lesson04/verdict",
    text="Who is right about levomilnacipran? Which answer can you sign?",
    right=(
        "Both, in one laboratory: Ki 8-fold for SERT, IC50 1.8-fold for NET, perhaps by scatter; "
        "the NET pair fits no competitor unless both are three-fold off",
        "Basis, laboratory, direction and doubt are all there. It does not say which constant "
        "counts in a patient: lesson 08 asks, as far as scans go.",
    ),
    wrong={
        "It prefers NET, 1.8-fold: uptake is what happens in the brain, and binding to broken "
        "membranes in a tube is no function, so the Ki may be left out": (
            "ki-in-vivo",
            "Cells in a dish are not a brain either. Leaving out what disagrees is choosing, and "
            "1.8-fold is within scatter.",
        ),
        "It prefers SERT 8-fold, about as duloxetine does with 9.4 in a paper of another "
        "laboratory: the Ki is a constant": (
            "papers-may-be-divided",
            "Scatter of two-fold makes 8.2 and 9.4 as good as equal, and as good as 4 and 20. And "
            "what became of the uptake?",
        ),
        "It is balanced: Ki and IC50 measure one affinity twice, and the middle of 8.2 and 0.55 is "
        "2.1, which scatter explains": (
            "ki-is-ic50",
            "Two quantities have no middle. And at NET two-fold scatter makes one of the other in "
            "at most 1.3 % of papers.",
        ),
    },
    objective=4,
)
