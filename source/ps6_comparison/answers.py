"""Assignment 6, the comparison: answers, wrong ideas, other right ways. Teachers only.

`snrilab.exercises.find("ps6_comparison/risk_difference")` finds this file where `source/` is at
hand; it is never part of a release.
"""

import math

import numpy as np
from scipy.special import ndtr, ndtri

from snrilab.exercises import Exercise

PS6 = "ps6_comparison"
NAN = math.nan

# Five patients of whom one was never seen again, one left after two visits, one missed a visit.
FIVE = (
    np.array([
        [28.0, 22.0, 18.0, 14.0, 11.0],
        [26.0, 25.0, NAN, NAN, NAN],
        [NAN, NAN, NAN, NAN, NAN],
        [30.0, NAN, 29.0, 33.0, 35.0],
        [20.0, 17.0, 15.0, 9.0, NAN],
    ]),
    np.array([31.0, 28.0, 35.0, 30.0, 24.0]),
)  # fmt: skip
OTHERS = (  # one of them was seen once
    np.array([
        [21.0, 13.5, NAN],
        [NAN, NAN, NAN],
        [NAN, 40.0, 37.0],
        [17.0, NAN, 8.25],
        [NAN, 22.0, NAN],
    ]),
    np.array([30.5, 26.0, 33.0, 25.0, 31.0]),
)  # fmt: skip

CHANGE_FROM_BASELINE = Exercise(
    name=f"{PS6}/change_from_baseline",
    task="The change of each patient who is analysed, in points.",
    arguments="scores, baseline, carry",
    answer="""
    found = []
    for start, row in zip(baseline, scores, strict=True):
        seen = row[~np.isnan(row)]
        if len(seen) and (carry or not np.isnan(row[-1])):
            found.append(seen[-1] - start)
    return np.array(found)
    """,
    cases=[(*FIVE, True), (*FIVE, False), (*OTHERS, True), (*OTHERS, False)],
    unit="points",
    ideas={
        "reversed-subtraction": (
            """
            found = []
            for start, row in zip(baseline, scores, strict=True):
                seen = row[~np.isnan(row)]
                if len(seen) and (carry or not np.isnan(row[-1])):
                    found.append(start - seen[-1])
            return np.array(found)
            """,
            "Yours is the start minus the end: a change is what came after minus what was before, "
            "so a score that fell gives a number below 0.",
        ),
        "never-seen-kept": (
            """
            found = []
            for start, row in zip(baseline, scores, strict=True):
                seen = row[~np.isnan(row)]
                if carry and not len(seen):
                    found.append(0.0)
                elif len(seen) and (carry or not np.isnan(row[-1])):
                    found.append(seen[-1] - start)
            return np.array(found)
            """,
            "Whoever was never seen after the start counts as unchanged in yours. Nobody knows "
            "their change: they are not in the list.",
        ),
        "leavers-may-be-ignored": (
            """
            last = scores[:, -1] - baseline
            return last[~np.isnan(last)] if carry or not carry else last
            """,
            "You leave out who is missing at the last visit also where the last score seen is to "
            "be carried forward.",
        ),
        "missing-is-zero": (
            """
            last = np.nan_to_num(scores)[:, -1] - baseline
            return last[np.isfinite(scores).any(axis=1) if carry else np.isfinite(scores[:, -1])]
            """,
            "A missing score counts as 0 in yours, as if the patient were without any symptom.",
        ),
        "mean-over-visits": (
            """
            found = []
            for start, row in zip(baseline, scores, strict=True):
                seen = row[~np.isnan(row)]
                if len(seen) and (carry or not np.isnan(row[-1])):
                    found.append(np.mean(seen) - start)
            return np.array(found)
            """,
            "You average over all visits. Asked is the last score, not the mean of all.",
        ),
        "first-visit-is-baseline": (
            """
            found = []
            for row in scores:
                seen = row[~np.isnan(row)]
                if len(seen) and (carry or not np.isnan(row[-1])):
                    found.append(seen[-1] - seen[0])
            return np.array(found)
            """,
            "You start from the first visit. The baseline was taken before the first dose.",
        ),
        "percent": (
            """
            found = []
            for start, row in zip(baseline, scores, strict=True):
                seen = row[~np.isnan(row)]
                if len(seen) and (carry or not np.isnan(row[-1])):
                    found.append(100 * (seen[-1] - start) / start)
            return np.array(found)
            """,
            "That is the change in per cent of the baseline; asked are points.",
        ),
        "branches-swapped": (
            """
            found = []
            for start, row in zip(baseline, scores, strict=True):
                seen = row[~np.isnan(row)]
                if len(seen) and (not carry or not np.isnan(row[-1])):
                    found.append(seen[-1] - start)
            return np.array(found)
            """,
            "The two analyses have changed places: with carry the last score seen stands for the "
            "end, without it only those count who were seen at the last visit.",
        ),
    },
    also_right=(
        """
        return [
            [x for x in row if not np.isnan(x)][-1] - start
            for row, start in zip(scores, baseline)
            if not np.isnan(row[-1]) or (carry and not all(np.isnan(x) for x in row))
        ]
        """,
        """
        filled = np.array(scores, dtype=float)
        if carry:
            for visit in range(1, filled.shape[1]):
                gap = np.isnan(filled[:, visit])
                filled[gap, visit] = filled[gap, visit - 1]
        last = filled[:, -1] - baseline
        return last[np.isfinite(last)]
        """,
        """
        there = np.isfinite(scores)
        place = there.shape[1] - 1 - np.argmax(there[:, ::-1], axis=1)
        last = scores[np.arange(len(scores)), place]
        keep = there.any(axis=1) if carry else there[:, -1]
        return (last - baseline)[keep]
        """,
        """
        import itertools
        def keep(old, new):
            return old if carry and np.isnan(new) else new
        ends = np.array([list(itertools.accumulate(row, keep))[-1] for row in scores])
        return list((ends - baseline)[ends == ends])
        """,
        """
        found = []
        for patient in range(len(baseline)):
            last = None
            for score in scores[patient]:
                if score == score:
                    last = score
                elif not carry:
                    last = None
            if last is not None:
                found.append(float(last - baseline[patient]))
        return found
        """,
    ),
)

WILSON = """
from scipy.stats import norm


def wilson(events, n):
    share, z = events / n, norm.ppf(0.975)
    middle = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    reach = z / (1 + z**2 / n) * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    return np.clip([middle - reach, middle + reach], 0, 1)
"""
BOTH = """
drug, placebo = events_drug / n_drug, events_placebo / n_placebo
drug_low, drug_high = wilson(events_drug, n_drug)
placebo_low, placebo_high = wilson(events_placebo, n_placebo)
"""
GAP = "gap = drug - placebo\n"

RISK_DIFFERENCE = Exercise(
    name=f"{PS6}/risk_difference",
    task="The difference of two shares, drug minus placebo, and the ends of its interval.",
    arguments="events_drug, n_drug, events_placebo, n_placebo",
    answer=BOTH
    + GAP
    + """
low = gap - np.hypot(drug - drug_low, placebo_high - placebo)
high = gap + np.hypot(drug_high - drug, placebo - placebo_low)
return [gap, low, high]
""",
    uses=WILSON,
    cases=[
        (29, 188, 11, 186),
        (25, 188, 16, 186),
        (0, 188, 0, 186),
        (3, 71, 9, 140),
        (18, 188, 0, 186),
        (40, 52, 31, 90),
    ],
    unit="share",
    ideas={
        "wald-at-zero": (
            BOTH
            + GAP
            + """
var = drug * (1 - drug) / n_drug + placebo * (1 - placebo) / n_placebo
return [gap, gap - 1.96 * np.sqrt(var), gap + 1.96 * np.sqrt(var)]
""",
            "{gave} is the estimate and 1.96 errors to each side. Where nobody has the event that "
            "interval has no width: no events among some patients are taken for proof that there "
            "are none. Join the two lent intervals.",
        ),
        "reversed-subtraction": (
            BOTH
            + "gap = placebo - drug\n"
            + """
low = gap - np.hypot(placebo - placebo_low, drug_high - drug)
high = gap + np.hypot(placebo_high - placebo, drug - drug_low)
return [gap, low, high]
""",
            "{gave} is placebo minus drug. Asked is drug minus placebo: more events on the drug "
            "give a number above 0.",
        ),
        "ratio-for-difference": (
            BOTH + "return [drug / (placebo + 1e-9), drug_low, drug_high]",
            "You divide the shares. A ratio does not say how many patients are concerned.",
        ),
        "percent": (
            BOTH
            + GAP
            + """
low = gap - np.hypot(drug - drug_low, placebo_high - placebo)
high = gap + np.hypot(drug_high - drug, placebo - placebo_low)
return [100 * gap, 100 * low, 100 * high]
""",
            "You return per cent; shares are asked for, such as 0.05.",
        ),
        "drug-column-alone": (
            BOTH + "return [drug, drug_low, drug_high]",
            "{gave} is the drug's own share. Placebo has the event as well, and comes off.",
        ),
        "ends-swapped": (
            tuple(
                BOTH + GAP + f"low = gap - np.hypot({down})\nhigh = gap + np.hypot({up})\n"
                "return [gap, low, high]"
                for down, up in (
                    ("drug_high - drug, placebo - placebo_low",
                     "drug - drug_low, placebo_high - placebo"),
                    ("drug - drug_low, placebo - placebo_low",
                     "drug_high - drug, placebo_high - placebo"),
                    ("drug - drug_low, placebo_high - placebo",
                     "drug_high - drug, placebo_high - placebo"),
                    ("drug - drug_low, placebo - placebo_low",
                     "drug_high - drug, placebo - placebo_low"),
                    ("drug - drug_low, placebo_high - placebo",
                     "drug - drug_low, placebo_high - placebo"),
                    ("drug_high - drug, placebo - placebo_low",
                     "drug_high - drug, placebo - placebo_low"),
                )
            ),
            "A distance belongs to the other end. The low end of the difference takes the drug's "
            "low end and placebo's high end, the high end the other two.",
        ),
        "errors-added": (
            BOTH
            + GAP
            + """
low = gap - (drug - drug_low) - (placebo_high - placebo)
high = gap + (drug_high - drug) + (placebo - placebo_low)
return [gap, low, high]
""",
            "You add the distances: that is what two shares reach that both err fully, in opposite "
            "directions. It is their squares that add.",
        ),
        "one-error-only": (
            BOTH + GAP + "return [gap, drug_low - placebo, drug_high - placebo]",
            "Only the drug's interval comes in. Placebo's share is uncertain as well.",
        ),
        "overlap-is-test": (
            BOTH + GAP + "return [gap, drug_low - placebo_low, drug_high - placebo_high]",
            "You subtract low from low and high from high. The ends of a difference come from one "
            "share's low and the other's high end.",
        ),
        "cut-off-at-zero": (
            BOTH
            + GAP
            + """
low = gap - np.hypot(drug - drug_low, placebo_high - placebo)
high = gap + np.hypot(drug_high - drug, placebo - placebo_low)
return [gap, max(low, 0.0), high]
""",
            "You cut the interval off at 0. Below 0 the drug would have fewer events than placebo: "
            "say so where the patients allow it.",
        ),
    },
    also_right=(
        BOTH
        + """
down = ((drug - drug_low) ** 2 + (placebo_high - placebo) ** 2) ** 0.5
up = ((drug_high - drug) ** 2 + (placebo - placebo_low) ** 2) ** 0.5
return [drug - placebo, drug - placebo - down, drug - placebo + up]
""",
        """
        p, q = events_drug / n_drug, events_placebo / n_placebo
        one, other = wilson(events_drug, n_drug), wilson(events_placebo, n_placebo)
        off = np.sqrt((one - p) ** 2 + (other[::-1] - q) ** 2)
        return p - q + np.array([0, -1, 1]) * np.array([0, off[0], off[1]])
        """,
        """
        shares, ends = [], []
        for events, n in ((events_drug, n_drug), (events_placebo, n_placebo)):
            shares.append(events / n)
            ends.append(wilson(events, n))
        gap = shares[0] - shares[1]
        low = gap - math.dist((shares[0], ends[1][1]), (ends[0][0], shares[1]))
        high = gap + math.dist((shares[0], ends[1][0]), (ends[0][1], shares[1]))
        return gap, low, high
        """,
        """
        def reach(near, events, n):
            return abs(events / n - wilson(events, n)[near])
        gap = events_drug / n_drug - events_placebo / n_placebo
        found = [gap]
        for near, sign in ((0, -1), (1, 1)):
            a = reach(near, events_drug, n_drug)
            b = reach(1 - near, events_placebo, n_placebo)
            found.append(gap + sign * math.sqrt(a * a + b * b))
        return found
        """,
        """
        z = norm.ppf(0.975)
        def ends(x, n):
            root = z * math.sqrt(z * z + 4 * x * (1 - x / n))
            return [(2 * x + z * z + side * root) / 2 / (n + z * z) for side in (-1, 1)]
        p, q = events_drug / n_drug, events_placebo / n_placebo
        (l, u), (m, v) = ends(events_drug, n_drug), ends(events_placebo, n_placebo)
        low = p - q - np.linalg.norm([p - l, v - q])
        return [p - q, low, p - q + np.linalg.norm([u - p, q - m])]
        """,
    ),
)  # fmt: skip

SHOWN = """
if low > 0:
    return ["harm", 1 / difference, 1 / high, 1 / low]
if high < 0:
    return ["benefit", -1 / difference, -1 / low, -1 / high]
"""
OPEN = """
harm = 1 / high if high > 0 else np.inf
benefit = -1 / low if low < 0 else np.inf
"""

FAR_FIRST = SHOWN.replace("1 / high, 1 / low", "1 / low, 1 / high").replace(
    "-1 / low, -1 / high", "-1 / high, -1 / low"
)

NUMBER_NEEDED = Exercise(
    name=f"{PS6}/number_needed",
    task="A word and three numbers of patients.",
    arguments="difference, low, high",
    answer=SHOWN + OPEN + 'return ["none shown", np.inf, harm, benefit]',
    cases=[
        (0.125, 0.05, 0.2),
        (0.0470, -0.0172, 0.1116),
        (-0.08, -0.16, -0.01),
        (0.0, -0.0202, 0.0200),
        (0.03, 0.0, 0.08),
        (-0.04, -0.1, 0.0),
        (0.0951, 0.0327, 0.1591),
        (-0.02, -0.09, 0.045),
    ],
    unit="patients",
    ideas={
        "zero-inside": (
            """
            word = "harm" if difference > 0 else "benefit"
            return [word, abs(1 / (difference + 1e-12)), 1 / (high + 1e-12), 1 / (low + 1e-12)]
            """,
            "You turn an interval that holds 0 into a number needed. Between its ends lies "
            "infinity: nothing is shown.",
        ),
        "estimate-decides": (
            """
            if difference > 0:
                return ["harm", 1 / difference, 1 / high, 1 / low if low > 0 else np.inf]
            far = -1 / high if high < 0 else np.inf
            return ["benefit", -1 / (difference - 1e-12), -1 / low, far]
            """,
            "The estimate decides in yours. Where the interval holds 0 it is none shown, whatever "
            "the sign of the estimate.",
        ),
        "ends-swapped": (
            (
                FAR_FIRST + OPEN + 'return ["none shown", np.inf, benefit, harm]',
                FAR_FIRST + OPEN + 'return ["none shown", np.inf, harm, benefit]',
                SHOWN + OPEN + 'return ["none shown", np.inf, benefit, harm]',
            ),
            "Two ends have changed places: the largest difference needs the fewest patients, and "
            "where none is shown harm stands before benefit.",
        ),
        "minus-kept": (
            SHOWN.replace("-1 /", "1 /") + OPEN + 'return ["none shown", np.inf, harm, benefit]',
            "Your numbers of patients are below 0 where there is benefit. The word says which way "
            "it goes; the numbers stand above 0.",
        ),
        "touching-is-shown": (
            """
            harm, benefit = 1 / high if high > 0 else np.inf, -1 / low if low < 0 else np.inf
            if low >= 0:
                return ["harm", 1 / difference, harm, 1 / low if low > 0 else np.inf]
            if high <= 0:
                return ["benefit", -1 / difference, benefit, -1 / high if high < 0 else np.inf]
            return ["none shown", np.inf, harm, benefit]
            """,
            "An interval with an end at 0 shows something in yours. It only touches 0: that no "
            "patient more has the event is still possible.",
        ),
        "negative-end-folded": (
            SHOWN + 'return ["harm", abs(1 / (difference + 1e-12)), 1 / (high + 1e-12), '
            "abs(1 / (low - 1e-12))]",
            "An end below 0 loses its sign: a possible benefit becomes an end of the harm.",
        ),
        "drug-column-alone": (
            'return ["harm", 1 / (difference + 1e-12), np.inf, np.inf]',
            "You look at one number. Both ends of the interval have a say.",
        ),
        "cut-off-at-zero": (
            SHOWN
            + 'return ["none shown", 1 / (difference + 1e-12), 1 / max(high, 0.001), '
            "1 / max(-low, 0.001)]",
            "Where nothing is shown you still print a number. No number of patients is too many "
            "there: np.inf.",
        ),
        "percent": (
            (SHOWN + OPEN).replace("1 /", "100 /") + 'return ["none shown", np.inf, harm, benefit]',
            "The ends are shares already: 0.10 is 10 in 100, or one in ten.",
        ),
        "difference-for-number": (
            """
            word = "harm" if low > 0 else "benefit" if high < 0 else "none shown"
            return [word, difference, low, high]
            """,
            "These are shares of patients. How many patients are needed for one of them?",
        ),
        "whole-steps-only": (
            "up = np.ceil\n"
            + SHOWN.replace("1 / difference", "up(1 / difference)").replace("-up", "up")
            + OPEN
            + 'return ["none shown", np.inf, up(harm), up(benefit)]',
            "You round up. Return the numbers as they come out.",
        ),
    },
    also_right=(
        OPEN
        + """
if low <= 0 <= high:
    return ["none shown", np.inf, harm, benefit]
if difference > 0:
    return ["harm", difference**-1, harm, low**-1]
return ["benefit", abs(difference) ** -1, benefit, abs(high) ** -1]
""",
        """
        if low > 0:
            return ("harm", *(1 / x for x in (difference, high, low)))
        if high < 0:
            return ("benefit", *(1 / abs(x) for x in (difference, low, high)))
        return "none shown", math.inf, (1 / high if high else math.inf), (
            -1 / low if low else math.inf
        )
        """,
        """
        side = int(low > 0) - int(high < 0)
        if side == 0:
            with np.errstate(divide="ignore"):
                ends = np.divide(1.0, np.abs(np.array([high, low])))
            return ["none shown", np.inf, ends[0], ends[1]]
        near, far = (high, low) if side > 0 else (low, high)
        return [("harm", "benefit")[side < 0], side / difference, side / near, side / far]
        """,
        """
        def inverse(x):
            return 1 / x if x > 0 else float("inf")
        word = "none shown"
        middle, first, second = float("inf"), inverse(high), inverse(-low)
        if low > 0:
            word, middle, second = "harm", inverse(difference), inverse(low)
        elif high < 0:
            word, middle, first, second = (
                "benefit", inverse(-difference), inverse(-low), inverse(-high)
            )
        return [word, middle, first, second]
        """,
        """
        found = {True: "harm", False: "benefit"}
        if low * high > 0:
            sizes = sorted([1 / abs(low), 1 / abs(high)])
            return [found[low > 0], 1 / abs(difference), *sizes]
        return ["none shown", np.inf] + [1 / x if x else np.inf for x in (high, -low)]
        """,
    ),
)  # fmt: skip

POOLED = """
df = n_drug + n_placebo - 2
pooled = np.sqrt(((n_drug - 1) * sd_drug**2 + (n_placebo - 1) * sd_placebo**2) / df)
"""
FACTOR = "(1 - 3 / (4 * df - 1))"
DF = "df = n_drug + n_placebo - 2\n"

STANDARDISED = Exercise(
    name=f"{PS6}/standardised_mean_difference",
    task="The difference of two means in standard deviations, corrected for small samples.",
    arguments="mean_drug, sd_drug, n_drug, mean_placebo, sd_placebo, n_placebo",
    answer=POOLED + f"return {FACTOR} * (mean_drug - mean_placebo) / pooled",
    cases=[
        (-14.6, 10.6, 185, -11.3, 10.6, 185),
        (-9.0, 4.0, 8, -5.5, 7.0, 21),
        (12.1, 1.9, 30, 10.3, 3.1, 9),
    ],
    unit="standard deviations",
    ideas={
        "se-for-sd": (
            POOLED + f"return {FACTOR} * (mean_drug - mean_placebo) / pooled "
            "/ np.sqrt(1 / n_drug + 1 / n_placebo)",
            "You divide by a standard error: with more patients yours grows without end.",
        ),
        "one-arm-scatter": (
            (
                DF + f"return {FACTOR} * (mean_drug - mean_placebo) / sd_placebo",
                DF + f"return {FACTOR} * (mean_drug - mean_placebo) / sd_drug",
            ),
            "You take the scatter of one arm alone. Both arms say something about it.",
        ),
        "variance-for-sd": (
            POOLED + f"return {FACTOR} * (mean_drug - mean_placebo) / pooled**2",
            "You divide by the variance, points squared.",
        ),
        "unsigned-difference": (
            POOLED + f"return {FACTOR} * abs(mean_drug - mean_placebo) / pooled",
            "The sign is lost: below 0 is a lower score on the drug.",
        ),
        "averaged": (
            DF + f"return {FACTOR} * (mean_drug - mean_placebo) / ((sd_drug + sd_placebo) / 2)",
            "You average the two standard deviations. It is the squares that are averaged, each "
            "with the weight of its arm.",
        ),
        "arms-weighted-alike": (
            DF + f"return {FACTOR} * (mean_drug - mean_placebo) "
            "/ np.sqrt((sd_drug**2 + sd_placebo**2) / 2)",
            "Both arms have the same weight in yours, whatever their size.",
        ),
        "patients-for-freedom": (
            (
                DF + f"return {FACTOR} * (mean_drug - mean_placebo) / np.sqrt((n_drug * sd_drug**2 "
                "+ n_placebo * sd_placebo**2) / (n_drug + n_placebo))",
                DF + f"return {FACTOR} * (mean_drug - mean_placebo) / np.sqrt((n_drug * sd_drug**2 "
                "+ n_placebo * sd_placebo**2) / df)",
                POOLED + "return (1 - 3 / (4 * (n_drug + n_placebo) - 1)) "
                "* (mean_drug - mean_placebo) / pooled",
            ),
            "Near, and not it: one of your numbers is a count of patients as it is. The sheet has "
            "n - 1 for each arm's weight, and 4 times the sum less 2, less 1, in the factor.",
        ),
        "small-sample-forgotten": (
            POOLED + "return (mean_drug - mean_placebo) / pooled",
            "The factor for small samples is missing.",
        ),
        "d-is-percent-of-patients": (
            POOLED + f"return 100 * {FACTOR} * (mean_drug - mean_placebo) / pooled",
            "Standard deviations are no per cent.",
        ),
        "ratio-for-difference": (
            POOLED + f"return {FACTOR} * (mean_drug / mean_placebo) / pooled",
            "You divide the means.",
        ),
    },
    also_right=(
        """
        m, n = n_drug - 1, n_placebo - 1
        var = np.average([sd_drug**2, sd_placebo**2], weights=[m, n])
        return (mean_drug - mean_placebo) / var**0.5 * (1 - 3 / (4 * (m + n) - 1))
        """,
        """
        from scipy.special import gammaln
        df = n_drug + n_placebo - 2
        exact = np.exp(gammaln(df / 2) - gammaln((df - 1) / 2)) / np.sqrt(df / 2)
        squares = (n_drug - 1) * sd_drug**2 + (n_placebo - 1) * sd_placebo**2
        return exact * (mean_drug - mean_placebo) * np.sqrt(df / squares)
        """,
        """
        total, df = 0.0, -2
        for sd, n in ((sd_drug, n_drug), (sd_placebo, n_placebo)):
            total += (n - 1) * sd * sd
            df += n
        d = (mean_drug - mean_placebo) / math.sqrt(total / df)
        return d - d * 3 / (4 * df - 1)
        """,
        """
        n = np.array([n_drug, n_placebo])
        sd = np.array([sd_drug, sd_placebo])
        df = n.sum() - 2
        pooled = np.sqrt(np.dot(n - 1, sd**2) / df)
        return np.subtract(mean_drug, mean_placebo) / pooled * (4 * df - 4) / (4 * df - 1)
        """,
        """
        N = n_drug + n_placebo
        share = (n_drug - 1) / (N - 2)
        pooled = math.hypot(share**0.5 * sd_drug, (1 - share) ** 0.5 * sd_placebo)
        return (mean_drug - mean_placebo) / pooled * (1 - 3 / (4 * N - 9))
        """,
    ),
    rel=5e-4,
)

PAGE = """
change, halved, fast = {}, {}, {}
for name in ("drug", "placebo"):
    arm = trial[name]
    seen = np.isfinite(arm["scores"]).any(axis=1)
    last = np.array([row[np.isfinite(row)][-1] for row in arm["scores"][seen]])
    start = arm["baseline"][seen]
    change[name] = last - start
    halved[name] = np.mean(last <= start / 2)
    fast[name] = np.mean(arm["fast"].any(axis=1))
arm = trial["drug"]
dose = arm["given_mg"][np.isfinite(arm["scores"]).any(axis=1)]
squares = sum(np.sum((one - one.mean()) ** 2) for one in change.values())
sd = np.sqrt(squares / (len(change["drug"]) + len(change["placebo"]) - 2))
gap = change["drug"].mean() - change["placebo"].mean()
return {
    "change": gap,
    "responded": halved["drug"] - halved["placebo"],
    "d": gap / sd,
    "fast": fast["drug"] - fast["placebo"],
    "dose": change["drug"][dose == 80].mean() - change["drug"][dose == 40].mean(),
}
"""


def page(*changes):
    """Return the mended page with some of its lines changed."""
    text = PAGE
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return text


# The slips of the colleague's page by the result that they spoil, from the top of the page.
UNMENDED = {
    "never-seen-kept": (
        ('    seen = np.isfinite(arm["scores"]).any(axis=1)\n', "    seen = slice(None)\n"),
        (
            '[row[np.isfinite(row)][-1] for row in arm["scores"][seen]]',
            "[[start, *row[np.isfinite(row)]][-1] "
            'for start, row in zip(arm["baseline"], arm["scores"])]',
        ),
        ('arm["given_mg"][np.isfinite(arm["scores"]).any(axis=1)]', 'arm["given_mg"]'),
    ),
    "leavers-may-be-ignored": (
        (
            "np.mean(last <= start / 2)",
            'np.mean((arm["scores"][:, -1] <= arm["baseline"] / 2)'
            '[np.isfinite(arm["scores"][:, -1])])',
        ),
    ),
    "se-for-sd": (
        (
            '"d": gap / sd',
            '"d": gap / np.sqrt(sum(one.var(ddof=1) / len(one) for one in change.values()))',
        ),
    ),
    "events-added-by-name": (
        ('np.mean(arm["fast"].any(axis=1))', 'arm["fast"].mean(axis=0).sum()'),
    ),
    "final-dose-is-dose-response": (("given_mg", "last_mg"),),
}


def page_from(first):
    """Return the page of who has mended all slips above one, and none from it on."""
    codes = list(UNMENDED)
    left = codes[codes.index(first) :]
    return page(*(change for code in left for change in UNMENDED[code]))


def small_trial(seed, n=12, never=1, leave=3):
    """Return a small trial of made-up numbers."""
    rng = np.random.default_rng(seed)
    trial = {}
    for name, size in (("drug", n), ("placebo", n + 3)):
        baseline = np.round(rng.uniform(24, 42, size))
        scores = np.round(baseline[:, None] * np.linspace(0.95, rng.uniform(0.4, 0.6), 5))
        scores = np.round(np.clip(scores + rng.normal(0, 6, (size, 5)), 0, 60))
        who = rng.permutation(size)
        for one in who[:leave]:
            scores[one, rng.integers(1, 5) :] = NAN
        scores[who[leave : leave + never + (name == "drug")]] = NAN
        trial[name] = {"baseline": baseline, "scores": scores, "fast": rng.random((size, 2)) < 0.4}
    trial["drug"]["given_mg"] = np.where(rng.permutation(n) < n // 2, 40.0, 80.0)
    trial["drug"]["last_mg"] = np.where(rng.permutation(n) < n // 2, 40.0, 80.0)
    return trial


MENDED_PAGE = Exercise(
    name=f"{PS6}/mended_page",
    task="Five results of a trial, by the plan of the group.",
    arguments="trial",
    answer=PAGE,
    cases=[(small_trial(3),), (small_trial(5, 16),), (small_trial(8, 20, 2, 5),)],
    unit="points, shares and SD",
    ideas={
        "never-seen-kept": (
            (
                page(
                    ('"change": gap', '"change": kept["drug"] - kept["placebo"]'),
                    ("change, halved, fast = {}", "kept, change, halved, fast = {}, {}"),
                    (
                        "    halved[name] = ",
                        '    kept[name] = np.sum(last - start) / len(arm["baseline"])\n'
                        "    halved[name] = ",
                    ),
                ),
                page_from("never-seen-kept"),
                page(*UNMENDED["never-seen-kept"]),
            ),
            "Who was never seen after the start still stands in your mean change, as unchanged: "
            "start with that result.",
        ),
        "leavers-may-be-ignored": (
            (
                page(
                    (
                        "np.mean(last <= start / 2)",
                        'np.mean((arm["scores"][:, -1] <= arm["baseline"] / 2)'
                        '[np.isfinite(arm["scores"][:, -1])])',
                    )
                ),
                page_from("leavers-may-be-ignored"),
            ),
            "Your share of responders still counts only those who stayed to the end.",
        ),
        "se-for-sd": (
            (
                page(
                    (
                        '"d": gap / sd',
                        '"d": gap / sd / np.sqrt(sum(1 / len(one) for one in change.values()))',
                    )
                ),
                page_from("se-for-sd"),
            ),
            "Your d still divides by a standard error: it would grow with the number of patients.",
        ),
        "events-added-by-name": (
            (
                page(('np.mean(arm["fast"].any(axis=1))', 'arm["fast"].mean(axis=0).sum()')),
                page_from("events-added-by-name"),
            ),
            "You still add the shares of two terms: who has both counts twice.",
        ),
        "final-dose-is-dose-response": (
            page(("given_mg", "last_mg")),
            "Your doses are still those that patients ended on. They followed the score.",
        ),
        "reversed-subtraction": (
            page(('"change": gap', '"change": -gap')),
            "Your change is placebo minus drug.",
        ),
        "drug-column-alone": (
            page(('fast["drug"] - fast["placebo"]', 'fast["drug"]')),
            "Your heart rate is the drug's column alone.",
        ),
        "missing-is-zero": (
            page(
                (
                    '[row[np.isfinite(row)][-1] for row in arm["scores"][seen]]',
                    'np.nan_to_num(arm["scores"])[seen, -1]',
                )
            ),
            "A missing score counts as 0 in yours.",
        ),
        "one-arm-scatter": (
            page(('"d": gap / sd', '"d": gap / change["placebo"].std(ddof=1)')),
            "Your d has the scatter of one arm alone.",
        ),
    },
    also_right=(
        page(("np.isfinite(arm[\"scores\"]).any", "True ^ np.isnan(arm[\"scores\"]).all")),
        """
        both = {}
        for name in trial:
            rows = []
            for start, row in zip(trial[name]["baseline"], trial[name]["scores"]):
                known = [x for x in row if x == x]
                rows.append(known[-1] - start if known else None)
            both[name] = rows
        drug = [x for x in both["drug"] if x is not None]
        placebo = [x for x in both["placebo"] if x is not None]
        m, n = len(drug), len(placebo)
        gap = sum(drug) / m - sum(placebo) / n
        var = ((m - 1) * np.var(drug, ddof=1) + (n - 1) * np.var(placebo, ddof=1)) / (m + n - 2)
        share = {}
        either = {}
        for name in trial:
            starts = trial[name]["baseline"]
            kept = [(x, s) for x, s in zip(both[name], starts) if x is not None]
            share[name] = sum(s + x <= s / 2 for x, s in kept) / len(kept)
            terms = trial[name]["fast"]
            either[name] = sum(bool(a or b) for a, b in terms) / len(terms)
        high = [x for x, mg in zip(both["drug"], trial["drug"]["given_mg"])
                if mg == 80 and x is not None]
        low = [x for x, mg in zip(both["drug"], trial["drug"]["given_mg"])
               if mg == 40 and x is not None]
        return {
            "change": gap,
            "responded": share["drug"] - share["placebo"],
            "d": gap / var**0.5,
            "fast": either["drug"] - either["placebo"],
            "dose": sum(high) / len(high) - sum(low) / len(low),
        }
        """,
        """
        def filled(scores):
            scores = np.array(scores)
            for visit in range(1, scores.shape[1]):
                gap = np.isnan(scores[:, visit])
                scores[gap, visit] = scores[gap, visit - 1]
            return scores[:, -1]
        last = {name: filled(trial[name]["scores"]) for name in trial}
        moved = {name: last[name] - trial[name]["baseline"] for name in trial}
        known = {name: moved[name][np.isfinite(moved[name])] for name in trial}
        answers = {}
        for name in trial:
            there = np.isfinite(last[name])
            good = 2 * last[name][there] <= trial[name]["baseline"][there]
            terms = trial[name]["fast"]
            answers[name] = good.sum() / there.sum(), (terms[:, 0] | terms[:, 1]).mean()
        m, n = known["drug"].size, known["placebo"].size
        sd = math.sqrt(((m - 1) * known["drug"].var(ddof=1)
                        + (n - 1) * known["placebo"].var(ddof=1)) / (m + n - 2))
        by = {mg: np.nanmean(moved["drug"][trial["drug"]["given_mg"] == mg]) for mg in (40, 80)}
        return dict(
            change=known["drug"].mean() - known["placebo"].mean(),
            responded=answers["drug"][0] - answers["placebo"][0],
            d=(known["drug"].mean() - known["placebo"].mean()) / sd,
            fast=answers["drug"][1] - answers["placebo"][1],
            dose=by[80] - by[40],
        )
        """,
        page(
            ("arm[\"fast\"].any(axis=1)", "arm[\"fast\"].sum(axis=1) > 0"),
            ("last <= start / 2", "2 * last <= start"),
        ),
        """
        from scipy.stats import ttest_ind
        ends, either, halved = [], [], []
        for arm in (trial["drug"], trial["placebo"]):
            scores = arm["scores"]
            place = 4 - np.argmax(np.isfinite(scores)[:, ::-1], axis=1)
            last = np.take_along_axis(scores, place[:, None], axis=1)[:, 0]
            ends.append(last - arm["baseline"])
            either.append(1 - np.mean(~arm["fast"][:, 0] & ~arm["fast"][:, 1]))
            halved.append(np.nanmean(np.where(np.isnan(last), np.nan, 2 * last <= arm["baseline"])))
        a, b = (one[~np.isnan(one)] for one in ends)
        test = ttest_ind(a, b)
        given = trial["drug"]["given_mg"]
        high, low = np.nanmean(ends[0][given > 60]), np.nanmean(ends[0][given < 60])
        return {
            "dose": high - low,
            "fast": either[0] - either[1],
            "d": test.statistic * np.sqrt(1 / a.size + 1 / b.size),
            "responded": np.subtract(*halved),
            "change": a.mean() - b.mean(),
        }
        """,
    ),
    rel=1e-6,
    hint=(
        "The name behind “at” is the first result that strays: compare the lines behind it with "
        "the words of the plan. The others may be right already."
    ),
)  # fmt: skip

ENDS = """
difference = estimate_a - estimate_b
half = 1.96 * np.hypot(se_a, se_b)
low, high = difference - half, difference + half
"""
JUDGED = """
if low > -worthwhile and high < worthwhile:
    verdict = "no important difference"
elif high < 0:
    verdict = "a better"
elif low > 0:
    verdict = "b better"
else:
    verdict = "not shown"
return [difference, low, high, verdict]
"""

COMPARE_DRUGS = Exercise(
    name=f"{PS6}/compare_drugs",
    task="The difference of two estimates, its interval, and a verdict.",
    arguments="estimate_a, se_a, estimate_b, se_b, worthwhile",
    answer=ENDS + JUDGED,
    cases=[
        (-3.3, 1.112, -2.7, 0.85, 2.0),
        (-5.2, 0.7, -1.1, 0.8, 2.0),
        (-1.3, 0.6, -4.9, 0.7, 2.0),
        (-3.1, 0.4, -2.8, 0.5, 2.0),
        (-3.9, 0.3, -2.6, 0.2, 2.5),
        (-3.9, 0.3, -2.6, 0.2, 1.5),
        (-2.6, 0.2, -3.9, 0.3, 2.5),
        (-4.1, 1.3, -3.8, 1.2, 3.0),
        (-5.0, 0.8, -2.0, 0.9, 2.0),
        (-2.0, 0.9, -5.0, 0.8, 2.0),
    ],
    unit="points",
    rel=1e-3,
    ideas={
        "errors-added": (
            ENDS.replace("np.hypot(se_a, se_b)", "(se_a + se_b)") + JUDGED,
            "You add the errors: it is their squares that add.",
        ),
        "one-error-only": (
            ENDS.replace("np.hypot(se_a, se_b)", "max(se_a, se_b)") + JUDGED,
            "Only one of the two errors comes in.",
        ),
        "reversed-subtraction": (
            ENDS.replace("estimate_a - estimate_b", "estimate_b - estimate_a") + JUDGED,
            "Yours is b minus a.",
        ),
        "significant-is-important": (
            ENDS
            + """
if high < 0:
    verdict = "a better"
elif low > 0:
    verdict = "b better"
elif low > -worthwhile and high < worthwhile:
    verdict = "no important difference"
else:
    verdict = "not shown"
return [difference, low, high, verdict]
""",
            "You ask first whether 0 is excluded. An interval that lies wholly within the "
            "worthwhile difference is no important difference, also where 0 lies outside of it.",
        ),
        "nothing-seen-nothing-there": (
            ENDS
            + """
verdict = "a better" if high < 0 else "b better" if low > 0 else "no important difference"
return [difference, low, high, verdict]
""",
            "An interval that holds 0 is no proof that there is no difference: does it also hold "
            "differences that matter?",
        ),
        "zero-for-threshold": (
            ENDS
            + 'verdict = "a better" if high < 0 else "b better" if low > 0 else "not shown"\n'
            + "return [difference, low, high, verdict]",
            "worthwhile does not come in.",
        ),
        "estimate-decides": (
            ENDS
            + """
verdict = "no important difference" if abs(difference) < worthwhile else (
    "a better" if difference < 0 else "b better"
)
return [difference, low, high, verdict]
""",
            "The estimate decides in yours. Both ends of the interval have a say.",
        ),
        "overlap-is-test": (
            ENDS
            + """
low_a, high_a = estimate_a - 1.96 * se_a, estimate_a + 1.96 * se_a
low_b, high_b = estimate_b - 1.96 * se_b, estimate_b + 1.96 * se_b
if low > -worthwhile and high < worthwhile:
    verdict = "no important difference"
else:
    verdict = "a better" if high_a < low_b else "b better" if high_b < low_a else "not shown"
return [difference, low, high, verdict]
""",
            "You ask whether two intervals overlap. Two that overlap a little can still differ: "
            "the interval of the difference decides.",
        ),
        "branches-swapped": (
            ENDS
            + JUDGED.replace('"a better"', '"x"')
            .replace('"b better"', '"a better"')
            .replace('"x"', '"b better"'),
            "Lower is better: an estimate further below 0 is the better one.",
        ),
        "root-forgotten": (
            ENDS.replace("np.hypot(se_a, se_b)", "(se_a**2 + se_b**2)") + JUDGED,
            "The squares add to a variance; an error is its root.",
        ),
    },
    also_right=(
        """
        error = (se_a**2 + se_b**2) ** 0.5
        gap = estimate_a - estimate_b
        low, high = gap - 1.96 * error, gap + 1.96 * error
        if max(abs(low), abs(high)) < worthwhile:
            return [gap, low, high, "no important difference"]
        if low * high <= 0:
            return [gap, low, high, "not shown"]
        return [gap, low, high, "a better" if gap < 0 else "b better"]
        """,
        """
        from scipy.stats import norm
        gap = estimate_a - estimate_b
        error = math.sqrt(se_a * se_a + se_b * se_b)
        low, high = norm.interval(0.95, loc=gap, scale=error)
        small = -worthwhile < low < high < worthwhile
        words = ["not shown", "a better", "b better", "no important difference"]
        return gap, low, high, words[3 if small else (high < 0) + 2 * (low > 0)]
        """,
        """
        half = np.linalg.norm([1.96 * se_a, 1.96 * se_b])
        low, high = (estimate_a - estimate_b + sign * half for sign in (-1, 1))
        verdict = "not shown"
        if high < 0:
            verdict = "a better"
        if low > 0:
            verdict = "b better"
        if abs(low) < worthwhile and abs(high) < worthwhile:
            verdict = "no important difference"
        return [estimate_a - estimate_b, low, high, verdict]
        """,
        """
        variances = np.array([se_a, se_b]) ** 2
        gap = np.subtract(estimate_a, estimate_b)
        ends = gap + np.array([-1.96, 1.96]) * np.sqrt(variances.sum())
        if np.all(np.abs(ends) < worthwhile):
            verdict = "no important difference"
        elif np.all(ends < 0):
            verdict = "a better"
        else:
            verdict = "b better" if np.all(ends > 0) else "not shown"
        return [float(gap), *ends, verdict]
        """,
        """
        def verdict(low, high):
            rules = (
                ("no important difference", low > -worthwhile and high < worthwhile),
                ("a better", high < 0),
                ("b better", low > 0),
            )
            return next((word for word, holds in rules if holds), "not shown")
        gap = estimate_a - estimate_b
        half = math.hypot(se_a, se_b) * 1.96
        return [gap, gap - half, gap + half, verdict(gap - half, gap + half)]
        """,
    ),
)

# -- answers that are values: whole cells, wrong ones by the code of their idea, other right ones --

ARMS = """
def changes(name, carry=True):
    arm = own_trial[name]
    return np.array(change_from_baseline(arm["scores"], arm["baseline"], carry))
drug, placebo = changes("drug"), changes("placebo")
"""
ERROR = """
error = np.sqrt(drug.var(ddof=1) / len(drug) + placebo.var(ddof=1) / len(placebo))
"""
GAPS = """
gaps = [
    risk_difference(a, own["n_drug"], b, own["n_placebo"])
    for a, b in zip(own["events_drug"], own["events_placebo"])
]
"""
SIZES = """
one = own["sd_points"], own["worthwhile_points"]
sd, worth = one
n_a, n_b, n_c = 600, int(600 // own["follow_cost"]), 400
stay = {"A": 1 - own["leave"], "B": 1 - own["leave_followed"], "C": 1 - own["leave"]}
per_arm = {"A": n_a, "B": n_b, "C": n_c}
power = {x: power_of(per_arm[x] * stay[x], worth, sd) for x in per_arm}
"""
ANALYSED = 'own_analysed = [per_arm[x] * stay[x] for x in "ABC"]\n'


def effect(wrong):
    return ARMS + ERROR + wrong


CELLS = {
    "own_locf": {
        "wrong": {
            "leavers-may-be-ignored": ARMS.replace("carry=True", "carry=False")
            + ERROR
            + "own_locf = [drug.mean() - placebo.mean(), error]",
            "never-seen-kept": """
n, m = own["n_drug"], own["n_placebo"]
"""
            + ARMS
            + ERROR
            + "own_locf = [drug.sum() / n - placebo.sum() / m, error]",
            "reversed-subtraction": effect("own_locf = [placebo.mean() - drug.mean(), error]"),
            "drug-column-alone": effect("own_locf = [drug.mean(), error]"),
            "errors-added": effect(
                "own_locf = [drug.mean() - placebo.mean(), "
                "drug.std() / len(drug) ** 0.5 + placebo.std() / len(placebo) ** 0.5]"
            ),
            "one-error-only": effect(
                "own_locf = [drug.mean() - placebo.mean(), drug.std() / len(drug) ** 0.5]"
            ),
            "root-forgotten": effect("own_locf = [drug.mean() - placebo.mean(), error**2]"),
            "all-on-one": ARMS
            + """
n, m = own["n_drug"], own["n_placebo"]
error = np.sqrt(drug.var(ddof=1) / n + placebo.var(ddof=1) / m)
own_locf = [drug.mean() - placebo.mean(), error]
""",
            "summed": ARMS
            + """
zeros = [
    np.append(x, np.zeros(int(own[f"n_{n}"]) - len(x)))
    for n, x in (("drug", drug), ("placebo", placebo))
]
error = np.sqrt(sum(x.var(ddof=1) / len(x) for x in zeros))
own_locf = [drug.mean() - placebo.mean(), error]
""",
            "missing-is-zero": """
drug, placebo = (
    np.nan_to_num(own_trial[name]["scores"])[:, -1] - own_trial[name]["baseline"]
    for name in ("drug", "placebo")
)
"""
            + ERROR
            + "own_locf = [drug.mean() - placebo.mean(), error]",
            "mean-over-visits": """
drug, placebo = (
    np.array([
        np.nanmean(row) - start
        for row, start in zip(own_trial[name]["scores"], own_trial[name]["baseline"])
        if np.isfinite(row).any()
    ])
    for name in ("drug", "placebo")
)
"""
            + ERROR
            + "own_locf = [drug.mean() - placebo.mean(), error]",
        },
        "right": (
            effect("own_locf = np.array([drug.mean() - placebo.mean(), error])"),
            ARMS
            + """
from scipy import stats
found = stats.ttest_ind(drug, placebo, equal_var=False)
gap = drug.mean() - placebo.mean()
own_locf = (gap, gap / found.statistic)
""",
            ARMS
            + """
from scipy.stats import sem
own_locf = [np.mean(drug) - np.mean(placebo), np.hypot(sem(drug), sem(placebo))]
""",
            ARMS
            + "import statistics as st\n"
            + "a, b = [float(x) for x in drug], [float(x) for x in placebo]\n"
            + "se = (st.variance(a) / len(a) + st.variance(b) / len(b)) ** 0.5\n"
            + "own_locf = [round(st.mean(a) - st.mean(b), 2), round(se, 2)]",
            """
ends = {}
for name in ("drug", "placebo"):
    scores = np.array(own_trial[name]["scores"])
    for visit in range(1, 5):
        gap = np.isnan(scores[:, visit])
        scores[gap, visit] = scores[gap, visit - 1]
    ends[name] = scores[:, 4] - own_trial[name]["baseline"]
    ends[name] = ends[name][np.isfinite(ends[name])]
own_locf = [
    ends["drug"].mean() - ends["placebo"].mean(),
    sum(one.var() / len(one) for one in ends.values()) ** 0.5,
]
""",
        ),
    },
    "own_differences": {
        "wrong": {
            "wald-at-zero": """
own_differences = []
for a, b in zip(own["events_drug"], own["events_placebo"]):
    p, q, n, m = a / own["n_drug"], b / own["n_placebo"], own["n_drug"], own["n_placebo"]
    half = 1.96 * np.sqrt(p * (1 - p) / n + q * (1 - q) / m)
    own_differences.append([p - q, p - q - half, p - q + half])
""",
            "reversed-subtraction": GAPS + "own_differences = -np.array(gaps)",
            "percent": GAPS + "own_differences = 100 * np.array(gaps)",
            "ends-swapped": GAPS + "own_differences = [[d, high, low] for d, low, high in gaps]",
            "rows-left-out": GAPS + "own_differences = gaps[:2]",
            "cut-off-at-zero": GAPS + "own_differences = np.maximum(gaps, 0)",
            "first-number": GAPS + "own_differences = [gaps[0]] * 3",
        },
        "right": (
            GAPS + "own_differences = np.array(gaps)",
            GAPS + "own_differences = tuple(tuple(one) for one in gaps)",
            GAPS + "own_differences = [[round(float(x), 4) for x in one] for one in gaps]",
            """
own_differences = np.zeros((3, 3))
for event in range(3):
    own_differences[event] = risk_difference(
        own["events_drug"][event], own["n_drug"], own["events_placebo"][event], own["n_placebo"]
    )
""",
            """
own_differences = []
for a, b in zip(own["events_drug"], own["events_placebo"]):
    p, q = a / own["n_drug"], b / own["n_placebo"]
    (l, u), (m, v) = wilson(a, own["n_drug"]), wilson(b, own["n_placebo"])
    down, up = np.hypot(p - l, v - q), np.hypot(u - p, q - m)
    own_differences.append([p - q, p - q - down, p - q + up])
""",
        ),
    },
    "own_numbers": {
        "wrong": {
            "zero-inside": """
own_numbers = [
    ["harm", 1 / (d + 1e-9), 1 / high, 1 / (low + 1e-9)] for d, low, high in own_differences
]
""",
            "estimate-decides": """
own_numbers = [
    ["harm" if d > 0 else "none shown", 1 / (d + 1e-9), 1 / high, np.inf]
    for d, low, high in own_differences
]
""",
            "difference-for-number": """
own_numbers = [[number_needed(*one)[0], *one] for one in own_differences]
""",
            "rows-left-out": "own_numbers = [number_needed(*own_differences[0])]",
            "percent": """
own_numbers = [number_needed(*(100 * x for x in one)) for one in own_differences]
""",
            "nothing-seen-nothing-there": """
own_numbers = [
    found if found[0] == "harm" else ["none shown", np.inf, np.inf, np.inf]
    for found in (number_needed(*one) for one in own_differences)
]
""",
        },
        "right": (
            "own_numbers = [number_needed(d, low, high) for d, low, high in own_differences]",
            "own_numbers = tuple(tuple(number_needed(*one)) for one in own_differences)",
            "own_numbers = list(map(lambda one: list(number_needed(*one)), own_differences))",
            """
own_numbers = []
for d, low, high in own_differences:
    if low > 0:
        own_numbers.append(["harm", round(1 / d, 2), 1 / high, 1 / low])
    elif high < 0:
        own_numbers.append(["benefit", -1 / d, -1 / low, -1 / high])
    else:
        own_numbers.append(["none shown", np.inf, 1 / high, -1 / low])
""",
            """
own_numbers = [number_needed(*one) for one in np.asarray(own_differences, dtype=float)]
""",
        ),
    },
    "own_g": {
        "wrong": {
            "se-for-sd": effect("own_g = (drug.mean() - placebo.mean()) / error"),
            "leavers-may-be-ignored": ARMS.replace("carry=True", "carry=False")
            + "own_g = standardised_mean_difference(drug.mean(), drug.std(ddof=1), len(drug),\n"
            + "    placebo.mean(), placebo.std(ddof=1), len(placebo))",
            "one-error-only": effect(
                "own_g = (drug.mean() - placebo.mean()) / placebo.std(ddof=1)"
            ),
            "variance-for-sd": effect("own_g = (drug.mean() - placebo.mean()) / drug.var()"),
            "unsigned-difference": effect(
                "own_g = abs(drug.mean() - placebo.mean()) "
                "/ np.sqrt((drug.var() + placebo.var()) / 2)"
            ),
            "summed": effect(
                "own_g = (drug.mean() - placebo.mean()) / (drug.std() + placebo.std())"
            ),
            "difference": effect("own_g = drug.mean() - placebo.mean()"),
            "ratio-for-difference": effect(
                "own_g = standardised_mean_difference(\n"
                "    np.mean(drug), np.std(drug), len(drug),\n"
                "    np.mean(placebo), np.std(placebo), len(placebo))"
            ),
            "halved": effect(
                "sd = np.sqrt((drug.var(ddof=1) + placebo.var(ddof=1)) / 2)\n"
                "own_g = standardised_mean_difference(\n"
                "    drug.mean(), sd, len(drug), placebo.mean(), sd, len(placebo))"
            ),
            "separate-trials-as-one": "own_g = mended_page(own_trial)['d']",
            "groups-as-one": effect(
                "sd = np.concatenate([drug, placebo]).std(ddof=1)\n"
                "own_g = standardised_mean_difference(\n"
                "    drug.mean(), sd, len(drug), placebo.mean(), sd, len(placebo))"
            ),
        },
        "right": (
            effect(
                "df = len(drug) + len(placebo) - 2\n"
                "weights = len(drug) - 1, len(placebo) - 1\n"
                "var = np.average([drug.var(ddof=1), placebo.var(ddof=1)], weights=weights)\n"
                "own_g = (1 - 3 / (4 * df - 1)) * (drug.mean() - placebo.mean()) / var**0.5"
            ),
            effect(
                "own_g = standardised_mean_difference(\n"
                "    np.mean(drug), np.std(drug, ddof=1), len(drug),\n"
                "    np.mean(placebo), np.std(placebo, ddof=1), len(placebo))"
            ),
            effect(
                "both = np.concatenate([drug - drug.mean(), placebo - placebo.mean()])\n"
                "df = both.size - 2\n"
                "own_g = (drug.mean() - placebo.mean()) / np.sqrt((both**2).sum() / df)\n"
                "own_g *= 1 - 3 / (4 * df - 1)"
            ),
            "n = sum(np.isfinite(a['scores']).any(axis=1).sum() for a in own_trial.values())\n"
            "own_g = mended_page(own_trial)['d'] * (1 - 3 / (4 * n - 9))",
            effect(
                "from scipy.special import gammaln\n"
                "from scipy.stats import ttest_ind\n"
                "t = ttest_ind(drug, placebo).statistic\n"
                "df = len(drug) + len(placebo) - 2\n"
                "exact = np.exp(gammaln(df / 2) - gammaln((df - 1) / 2)) / np.sqrt(df / 2)\n"
                "own_g = exact * t * np.sqrt(1 / len(drug) + 1 / len(placebo))"
            ),
        ),
    },
    "own_against": {
        "wrong": {
            "errors-added": """
gap, half = own_locf[0] + 2.7, 1.96 * (own_locf[1] + 0.85)
own_against = [gap, gap - half, gap + half, "not shown"]
""",
            "separate-trials-as-one": """
gap, half = own_locf[0] + 2.7, 1.96 * own_locf[1]
own_against = [gap, gap - half, gap + half, "not shown"]
""",
            "reversed-subtraction": (
                "own_against = compare_drugs(-2.7, 0.85, own_locf[0], own_locf[1], 2.0)"
            ),
            "estimate-decides": """
found = compare_drugs(own_locf[0], own_locf[1], -2.7, 0.85, 2.0)
own_against = [*found[:3], "a better" if found[0] < 0 else "b better"]
""",
            "nothing-seen-nothing-there": """
found = compare_drugs(own_locf[0], own_locf[1], -2.7, 0.85, 2.0)
own_against = [*found[:3], "no important difference"]
""",
            "minus-lost": "own_against = compare_drugs(own_locf[0], own_locf[1], 2.7, 0.85, 2.0)",
        },
        "right": (
            "own_against = compare_drugs(*own_locf, -2.7, 0.85, 2.0)",
            "own_against = tuple(compare_drugs(own_locf[0], own_locf[1], -2.7, 0.85, 2.0))",
            """
gap, half = own_locf[0] + 2.7, 1.96 * np.hypot(own_locf[1], 0.85)
word = "a better" if gap + half < 0 else "b better" if gap - half > 0 else "not shown"
own_against = [gap, gap - half, gap + half, word]
""",
            """
gap, error = own_locf[0] - (-2.7), (own_locf[1] ** 2 + 0.85**2) ** 0.5
low, high = round(gap - 1.96 * error, 2), round(gap + 1.96 * error, 2)
word = "a better" if high < 0 else "b better" if low > 0 else "not shown"
own_against = [round(gap, 2), low, high, word]
""",
            """
a, b = np.array(own_locf), np.array([-2.7, 0.85])
own_against = compare_drugs(a[0], a[1], b[0], b[1], worthwhile=2)
""",
        ),
    },
    "own_plan": {
        "wrong": {
            "arms-added": 'own_plan = "C"\nown_analysed = [1200, 1200, 1200]',
            "wrong-end": SIZES + ANALYSED + "own_plan = min(power, key=power.get)",
            "leavers-may-be-ignored": SIZES
            + "own_plan = max(power, key=power.get)\nown_analysed = list(per_arm.values())",
            "left-for-lost": SIZES
            + 'own_plan = max(power, key=power.get)\n'
            + 'own_analysed = [per_arm[x] * (1 - stay[x]) for x in "ABC"]',
            "count-for-share": SIZES + ANALYSED + "own_plan = max(power.values())",
            "one-end-decides": 'own_plan = "A"\nown_analysed = None',
            "same-dose": 'own_plan = "A"\nown_analysed = [400, 400, 400]',
            "summed": SIZES + ANALYSED + "own_plan = sum(power.values())",
        },
        "right": (
            SIZES + ANALYSED + "own_plan = max(power, key=power.get)",
            SIZES + ANALYSED + 'own_plan = "A" if power["A"] > power["B"] else "B"',
            SIZES + ANALYSED + "own_plan = sorted(power.items(), key=lambda x: -x[1])[0][0]",
            """
own_plan = "B" if (1 - own["leave_followed"]) / own["follow_cost"] > 1 - own["leave"] else "A"
lost = np.array([own["leave"], own["leave_followed"], own["leave"]])
own_analysed = np.array([600, np.floor(600 / own["follow_cost"]), 400]) * (1 - lost)
""",
            SIZES + ANALYSED + 'own_plan = "ABC"[int(np.argmax([power[x] for x in "ABC"]))]',
        ),
    },
    "own_power": {
        "wrong": {
            "leavers-may-be-ignored": SIZES + "own_power = power_of(per_arm[own_plan], worth, sd)",
            "percent": SIZES + "own_power = 100 * power[own_plan]",
            "arms-added": SIZES
            + "own_power = power_of(2 * per_arm[own_plan] * stay[own_plan], worth, sd)",
            "all-on-one": SIZES + "own_power = power_of(1200 * stay[own_plan], worth, sd)",
            "left-for-lost": SIZES
            + "own_power = power_of(per_arm[own_plan] * (1 - stay[own_plan]), worth, sd)",
            "power-forgotten": "own_power = 0.8",
            "halved": SIZES
            + "own_power = power_of(per_arm[own_plan] * stay[own_plan] / 2, worth, sd)",
        },
        "right": (
            SIZES + "own_power = power[own_plan]",
            SIZES + "own_power = np.round(power[own_plan], 3)",
            SIZES
            + """
from scipy.stats import norm
error = sd * (2 / (per_arm[own_plan] * stay[own_plan])) ** 0.5
own_power = norm.sf(1.96, loc=worth / error)
""",
            SIZES
            + """
from scipy import stats
n = per_arm[own_plan] * stay[own_plan]
shift = worth / sd * np.sqrt(n / 2)
own_power = stats.nct.sf(stats.t.ppf(0.975, 2 * n - 2), 2 * n - 2, shift)
""",
            SIZES
            + """
rng = np.random.default_rng(1)
error = sd * np.sqrt(2 / (per_arm[own_plan] * stay[own_plan]))
own_power = np.mean(np.abs(rng.normal(worth / error, 1, 1_000_000)) > 1.96)
""",
        ),
    },
    "own_per_arm": {
        "wrong": {
            "leavers-may-be-ignored": SIZES
            + "own_per_arm = next(n for n in range(10, 5000) if power_of(n, worth, sd) >= 0.8)",
            "share-added-to-stay": SIZES
            + """
plain = next(n for n in range(10, 5000) if power_of(n, worth, sd) >= 0.8)
own_per_arm = int(np.ceil(plain * (2 - stay[own_plan])))
""",
            "multiplied": SIZES
            + """
plain = next(n for n in range(10, 5000) if power_of(n, worth, sd) >= 0.8)
own_per_arm = int(np.ceil(plain * stay[own_plan]))
""",
            "arms-added": SIZES
            + """
own_per_arm = 2 * next(
    n for n in range(10, 5000) if power_of(n * stay[own_plan], worth, sd) >= 0.8
)
""",
            "power-forgotten": SIZES
            + """
own_per_arm = next(n for n in range(10, 5000) if power_of(n * stay[own_plan], worth, sd) >= 0.5)
""",
            "all-on-one": SIZES + "own_per_arm = per_arm[own_plan]",
            "wrong-end": SIZES
            + """
own_per_arm = next(n for n in range(10, 5000) if power_of(n * stay[own_plan], worth, sd) >= 0.9)
""",
        },
        "right": (
            SIZES
            + """
own_per_arm = next(n for n in range(10, 5000) if power_of(n * stay[own_plan], worth, sd) >= 0.8)
""",
            SIZES
            + "own_per_arm = int(np.ceil(2 * (2.8016 * sd / worth) ** 2 / stay[own_plan]))",
            SIZES
            + """
own_per_arm = 2
while power_of(own_per_arm * stay[own_plan], worth, sd) < 0.8:
    own_per_arm += 1
""",
            SIZES
            + """
from scipy.optimize import brentq
exact = brentq(lambda n: power_of(n * stay[own_plan], worth, sd) - 0.8, 5, 9000)
own_per_arm = np.ceil(exact)
""",
            SIZES
            + """
tried = np.arange(5, 9000)
own_per_arm = tried[power_of(tried * stay[own_plan], worth, sd) >= 0.8][0]
""",
        ),
    },
}  # fmt: skip

# -- wrong answers that no test should refuse: (answer, what stands in it) to the reason -----------

MANY = "of more than a hundred patients one makes no difference"
EQUIVALENT = {
    **{(name, f"ddof={n}"): MANY for name in ("own_locf",) for n in (0, 2)},
    ("mended_page", "(one.mean() - one) ** 2"): "the square is the same",
    ("mended_page", "last = [row"): "a list of the same scores",
    ("own_per_arm", "own_per_arm += 2"): "three patients are allowed",
}
NO_SLIPS = {
    "student_id": "every id is right",
    "own_plan": "the patients that are analysed tell who has worked it out, whatever ranks them",
}

# -- a trial of one's own --------------------------------------------------------------------------

CASES = 1000
SEED = 2016
WADE = (-2.7, 0.85)  # escitalopram 10 mg against placebo, last observation carried forward
WORTHWHILE = 2.0
VERDICTS = {"not shown": 0.5, "a better": 0.25, "b better": 0.25}


def draw_trial(seed, n_drug, n_placebo):
    """Return a simulated trial; the notebook has the same lines."""
    rng = np.random.default_rng([2014, int(seed)])
    benefit, trial = rng.uniform(-3.0, 10.0), {}
    for name, n, extra, spread, unseen, leave, fast in (
        ("drug", int(n_drug), benefit, 12.0, 0.08, 0.07, 0.08),
        ("placebo", int(n_placebo), 0.0, 8.5, 0.02, 0.04, 0.03),
    ):
        baseline = np.clip(np.round(rng.normal(31.0, 4.0, n)), 24.0, 44.0)
        given_mg = np.where(rng.permutation(n) < n // 2, 40.0, 80.0)
        gain = rng.normal(11.0 + extra, spread, n)
        course = gain[:, None] * np.array([0.25, 0.45, 0.7, 0.85, 1.0])
        scores = baseline[:, None] - course + rng.normal(0.0, 3.0, (n, 5))
        scores = np.clip(np.round(scores), 0.0, 60.0)
        raised = (scores[:, 2] > 0.6 * baseline) & (rng.random(n) < 0.8)
        lowered = ~raised & (rng.random(n) < 0.25)
        gone = rng.random((n, 5)) < np.array([unseen, leave, leave, leave, leave])
        scores[np.logical_or.accumulate(gone, axis=1)] = np.nan
        terms = (rng.random((n, 2)) < fast) | (rng.random((n, 1)) < fast / 2)
        trial[name] = {"baseline": baseline, "scores": scores, "fast": terms}
        if name == "drug":
            trial[name]["given_mg"] = given_mg
            trial[name]["last_mg"] = np.where(raised, 80.0, np.where(lowered, 40.0, given_mg))
    return trial


def last_change(arm):
    """Return the change of everybody: last value carried, nan for the never seen."""
    scores = arm["scores"]
    there = np.isfinite(scores)
    place = there.shape[1] - 1 - np.argmax(there[:, ::-1], axis=1)
    return scores[np.arange(len(scores)), place] - arm["baseline"]


def variance(changes):
    """Return their variance as numpy does, in half of the time."""
    apart = changes - changes.sum() / len(changes)
    return (apart * apart).sum() / (len(changes) - 1)


def effect_of(drug, placebo):
    """Return difference, standard error and standardised difference of two lists of changes."""
    m, n = len(drug), len(placebo)
    a, b = variance(drug), variance(placebo)
    gap = drug.mean() - placebo.mean()
    df = m + n - 2
    sd = math.sqrt(((m - 1) * a + (n - 1) * b) / df)
    return gap, math.sqrt(a / m + b / n), (1 - 3 / (4 * df - 1)) * gap / sd


def effects(trial):
    """Return the right effect (difference, error, g) and those of usual wrong ways."""
    both = [last_change(trial[name]) for name in ("drug", "placebo")]
    ends = [trial[n]["scores"][:, -1] - trial[n]["baseline"] for n in ("drug", "placebo")]
    zero = [np.nan_to_num(trial[n]["scores"])[:, -1] - trial[n]["baseline"] for n in trial]
    known = [one[np.isfinite(one)] for one in both]
    right = effect_of(*known)
    mean = []
    for name in ("drug", "placebo"):
        scores, start = trial[name]["scores"], trial[name]["baseline"]
        visits = np.isfinite(scores).sum(axis=1)
        met = visits > 0
        mean.append(np.nansum(scores[met], axis=1) / visits[met] - start[met])
    wrong = {
        "leavers-may-be-ignored": effect_of(*(one[np.isfinite(one)] for one in ends)),
        "never-seen-kept": effect_of(*(np.nan_to_num(one) for one in both)),
        "missing-is-zero": effect_of(*zero),
        "mean-over-visits": effect_of(*mean),
    }
    glass = [right[0] / one.std(ddof=1) for one in known]
    return right, wrong, glass


def one_sd(trial):
    """Return g with both variances at the same weight."""
    known = [one[np.isfinite(one)] for one in (last_change(trial[n]) for n in ("drug", "placebo"))]
    df = sum(map(len, known)) - 2
    gap = known[0].mean() - known[1].mean()
    return (1 - 3 / (4 * df - 1)) * gap / math.sqrt(sum(one.var(ddof=1) for one in known) / 2)


def thrown_together(trial):
    """Return g with the scatter of all changes around one mean."""
    known = [one[np.isfinite(one)] for one in (last_change(trial[n]) for n in ("drug", "placebo"))]
    df = sum(map(len, known)) - 2
    gap = known[0].mean() - known[1].mean()
    return (1 - 3 / (4 * df - 1)) * gap / np.concatenate(known).std(ddof=1)


def errors_of(trial):
    """Return standard errors of the difference: the right one, and with the never seen in it."""
    both = [last_change(trial[name]) for name in ("drug", "placebo")]
    known = [one[np.isfinite(one)] for one in both]
    zeros = [np.nan_to_num(one) for one in both]

    right, wrong = [variance(one) for one in known], [variance(one) for one in zeros]

    def two(variances, sizes):
        return math.sqrt(sum(one / len(n) for one, n in zip(variances, sizes, strict=True)))

    return two(right, known), [two(right, both), two(wrong, both), two(wrong, known)]


def verdict_of(gap, error):
    """Return the verdict on X against escitalopram; an interval this wide is never all within."""
    half = 1.96 * math.hypot(error, WADE[1])
    low, high = gap - WADE[0] - half, gap - WADE[0] + half
    return "a better" if high < 0 else "b better" if low > 0 else "not shown"


def page_of(trial):
    """Return responders (right, completers only), heart rate (right, added), doses (lot, last)."""
    found = {}
    for name in ("drug", "placebo"):
        arm = trial[name]
        change = last_change(arm)
        seen = np.isfinite(change)
        halved = change <= -arm["baseline"] / 2
        stayed = np.isfinite(arm["scores"][:, -1])
        fast = arm["fast"]
        found[name] = np.array(
            [
                halved[seen].mean(),
                halved[stayed].mean(),
                fast.any(axis=1).mean(),
                fast.mean(0).sum(),
            ]
        )
    arm = trial["drug"]
    change = last_change(arm)
    doses = [
        np.nanmean(change[arm[mg] == 80]) - np.nanmean(change[arm[mg] == 40])
        for mg in ("given_mg", "last_mg")
    ]
    return (*(found["drug"] - found["placebo"]), *doses)


def good_trial(trial, word):
    """Tell whether a trial has this verdict, and usual wrong ways give other numbers in it."""
    changes = [last_change(trial[name]) for name in ("drug", "placebo")]
    gap, error, g = effect_of(*(one[np.isfinite(one)] for one in changes))
    half = 1.96 * math.hypot(error, WADE[1])
    ends = [gap - WADE[0] - half, gap - WADE[0] + half]
    near = min(abs(end - at) for end in ends for at in (-WORTHWHILE, 0.0, WORTHWHILE)) <= 0.1
    # What most trials lack is asked first, and what takes long at the end.
    if near or verdict_of(gap, error) != word or not (-9.5 < gap < 3.5 and abs(gap) > 0.6):
        return False
    _, others = errors_of(trial)
    if min(abs(other / error - 1) for other in others) <= 0.012:
        return False
    all_seen, stayed, either, added, by_lot, by_last = page_of(trial)
    if not (by_last > 0 and by_last - by_lot > 1.5):
        return False
    if abs(all_seen - stayed) <= 0.01 or abs(either - added) <= 0.01:
        return False
    _, wrong, glass = effects(trial)
    far = min(abs(one[0] - gap) for one in wrong.values()) > 0.15
    far &= abs(wrong["leavers-may-be-ignored"][2] / g - 1) > 0.04
    far &= min(abs(one / g - 1) for one in glass) > 0.04
    far &= abs(one_sd(trial) / g - 1) > 0.004
    far &= abs(thrown_together(trial) / g - 1) > 0.003
    middle = [np.nanmedian(one) for one in changes]
    return bool(far and abs(middle[0] - middle[1] - gap) > 0.1)


def newcombe(a, m, b, n):
    """Return the difference of two shares and its interval, from two Wilson intervals."""
    z = float(ndtri(0.975))
    ends = []
    for x, size in ((a, m), (b, n)):
        share = x / size
        middle = (share + z**2 / (2 * size)) / (1 + z**2 / size)
        reach = z / (1 + z**2 / size) * math.sqrt(share * (1 - share) / size + (z / size) ** 2 / 4)
        ends.append((share, max(middle - reach, 0.0), middle + reach))
    (p, p_low, p_high), (q, q_low, q_high) = ends
    gap = p - q
    return gap, gap - math.hypot(p - p_low, q_high - q), gap + math.hypot(p_high - p, q - q_low)


def events(rng, n_drug, n_placebo):
    """Draw counts of three events: harm or benefit shown, none shown, one that nobody has."""
    benefit = rng.random() < 0.5
    sizes = (n_placebo, n_drug) if benefit else (n_drug, n_placebo)
    while True:
        q = rng.uniform(0.03, 0.09)
        a, b = rng.binomial(sizes[0], q + rng.uniform(0.08, 0.15)), rng.binomial(sizes[1], q)
        _, low, high = newcombe(a, sizes[0], b, sizes[1])
        if b >= 2 and low > 0.008 and high < 0.3:
            a, b = (b, a) if benefit else (a, b)
            break
    while True:
        q = rng.uniform(0.06, 0.16)
        c, d = rng.binomial(n_drug, q + rng.uniform(0.0, 0.05)), rng.binomial(n_placebo, q)
        gap, low, high = newcombe(c, n_drug, d, n_placebo)
        if low < -0.015 and high > 0.03 and gap > 0.005:
            break
    order = rng.permutation(3)
    return np.array([a, c, 0])[order], np.array([b, d, 0])[order]


def power_of(analysed_per_arm, difference, sd_points):
    """Return the power of a comparison of two means; the notebook has the same lines."""
    error = sd_points * np.sqrt(2 / analysed_per_arm)
    return ndtr(abs(difference) / error - ndtri(0.975))


def plans(sd, worthwhile, leave, leave_followed, follow_cost):
    """Return patients per arm, share that stays and power of each plan."""
    sizes = {"A": (600, 1 - leave), "B": (int(600 // follow_cost), 1 - leave_followed)}
    sizes["C"] = (400, 1 - leave)
    z = float(ndtri(0.975))

    def power(analysed):
        return 0.5 * math.erfc((z - worthwhile / (sd * math.sqrt(2 / analysed))) / math.sqrt(2))

    return {one: (n, stay, power(n * stay)) for one, (n, stay) in sizes.items()}


def needed(sd, worthwhile, stay):
    """Return how many to randomise per arm for a power of 80 %, before it is rounded up."""
    return 2 * ((float(ndtri(0.975)) + float(ndtri(0.8))) * sd / worthwhile) ** 2 / stay


def design(rng):
    """Draw what a head-to-head trial costs and loses, until one plan is clearly the best."""
    while True:
        sd, worth = round(rng.uniform(9.0, 12.0), 1), round(rng.uniform(1.6, 2.4), 1)
        leave, followed = round(rng.uniform(0.20, 0.40), 2), round(rng.uniform(0.12, 0.18), 2)
        cost = round(rng.uniform(1.06, 1.45), 2)
        made = plans(sd, worth, leave, followed, cost)
        powers = sorted(power for _, _, power in made.values())
        exact = needed(sd, worth, made[max(made, key=lambda one: made[one][2])][1])
        near = min(abs(exact / n - 1) for n, _, _ in made.values())
        clear = powers[2] - powers[1] > 0.02 and abs(powers[2] - 0.8) > 0.02
        # what is rounded down and up is not near a whole number
        if clear and 0.5 < powers[2] < 0.96 and near > 0.02 and 0.05 < (600 / cost) % 1 < 0.95:
            return sd, worth, leave, followed, cost


def case(number):
    """Return what the table tells of a case; the trial is drawn from its seed and sizes."""
    rng = np.random.default_rng([SEED, number])
    word = str(rng.choice(list(VERDICTS), p=list(VERDICTS.values())))
    likely = {"a better": (6.0, 10.0), "not shown": (0.0, 6.0), "b better": (-3.0, 1.0)}[word]
    while True:
        n_drug, n_placebo = (int(x) for x in rng.integers(120, 191, 2))
        seed = int(rng.integers(1, 1_000_000))
        if abs(n_drug - n_placebo) < 12:
            continue
        first = np.random.default_rng([2014, seed]).uniform(-3.0, 10.0)
        if not likely[0] < first < likely[1]:
            continue  # the first number that a trial draws is its true difference
        if good_trial(draw_trial(seed, n_drug, n_placebo), word):
            break
    drug, placebo = events(rng, n_drug, n_placebo)
    sd, worth, leave, followed, cost = design(rng)
    return {
        "seed": str(seed),
        "n_drug": str(n_drug),
        "n_placebo": str(n_placebo),
        "events_drug": " ".join(map(str, drug)),
        "events_placebo": " ".join(map(str, placebo)),
        "sd_points": f"{sd:.1f}",
        "worthwhile_points": f"{worth:.1f}",
        "leave": f"{leave:.2f}",
        "leave_followed": f"{followed:.2f}",
        "follow_cost": f"{cost:.2f}",
    }
