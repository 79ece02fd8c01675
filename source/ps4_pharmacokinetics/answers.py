"""Assignment 4, pharmacokinetics: answers, wrong ideas and other right ways. For teachers only.

`snrilab.exercises.find("ps4_pharmacokinetics/half_life")` finds this file where `source/` is at
hand; it is never part of a release.
"""

import numpy as np

from snrilab.exercises import Exercise

LN2_AS_PRINTED = 1e-3  # 0.693 and 1.44 are right as well; tests go up to twice that

HALF_LIFE = Exercise(
    name="ps4_pharmacokinetics/half_life",
    task="The half-life in hours of a drug with this clearance and volume.",
    arguments="cl_L_per_h, v_L",
    answer="np.log(2) * v_L / cl_L_per_h",
    cases=lambda rng: [
        (23.1, 400.0),
        (36.0, 1560.0),
        ([5.0, 31.0, 90.0], 210.0),
        (rng.uniform(2, 60), rng.uniform(40, 2000, 4)),
    ],
    unit="h",
    rel=LN2_AS_PRINTED,
    ideas={
        "ratio-upside-down": (
            "np.log(2) * cl_L_per_h / v_L",
            "Your ratio is upside down: faster cleaning makes the half-life shorter, a larger "
            "volume makes it longer.",
        ),
        "wrong-logarithm": (
            "np.log10(2) * v_L / cl_L_per_h",
            "You take the logarithm to base 10: an exponential of base e halves after ln 2, 0.693.",
        ),
        "ln2-lost": (
            "v_L / cl_L_per_h",
            "You give the time in which the level falls to 1/e, 37 %: it halves sooner.",
        ),
        "divided": (
            "v_L / cl_L_per_h / np.log(2)",
            "You divide by ln 2: the half-life is shorter than V/CL, not longer.",
        ),
        "volume-ignored": (
            "np.log(2) / cl_L_per_h + 0 * v_L",
            "You leave out the volume: the same clearance takes longer to clean more litres.",
        ),
        "clearance-ignored": (
            "np.log(2) * v_L + 0 * cl_L_per_h",
            "You leave out the clearance: it says how fast the volume is cleaned.",
        ),
        "rate-constant-returned": (
            "cl_L_per_h / v_L",
            "You return the rate constant, a share per hour; the task asks for hours.",
        ),
    },
    also_right=(
        "0.693 * v_L / cl_L_per_h",
        "math.log(2) / (cl_L_per_h / v_L)",
        "-np.log(0.5) * np.divide(v_L, cl_L_per_h)",
        """
        k_per_h = cl_L_per_h / v_L
        left = np.exp(-k_per_h)
        return np.log(0.5) / np.log(left)
        """,
        "v_L / (np.log2(np.e) * cl_L_per_h)",
    ),
)

FIRST_ORDER = """
def first_order(dose_mg, ka, ke, v_L, time_h):
    after_h = np.maximum(time_h, 0)
    if ka == ke:
        return 1000 * dose_mg / v_L * ka * after_h * np.exp(-ka * after_h)
    both = np.exp(-ke * after_h) - np.exp(-ka * after_h)
    return 1000 * dose_mg / v_L * ka / (ka - ke) * both
"""
RIGHT_FIRST = "first_order(dose_mg, ka_per_h, cl_L_per_h / v_L, v_L, time_h)"

CONCENTRATION_FIRST_ORDER = Exercise(
    name="ps4_pharmacokinetics/concentration_first_order",
    task="The level in ng/mL at a time after a dose that is absorbed by a first-order process.",
    arguments="dose_mg, ka_per_h, cl_L_per_h, v_L, time_h",
    answer=RIGHT_FIRST,
    uses=FIRST_ORDER,
    cases=[
        (40.0, 0.8, 23.1, 400.0, [1.0, 3.0, 8.0, 30.0]),
        (10.0, 0.02, 36.0, 300.0, [0.5, 6.0, 50.0]),
        (20.0, 0.0625, 16.0, 256.0, [2.0, 16.0, 40.0]),
        (80.0, 0.3, 21.0, 380.0, [-5.0, -0.5, 0.0, 4.0]),
        (120.0, 1.2, 30.0, 900.0, 7.0),
    ],
    unit="ng/mL",
    rel=LN2_AS_PRINTED,
    ideas={
        "nan-when-equal": (
            """
            after_h, ke = np.maximum(time_h, 0), cl_L_per_h / v_L
            with np.errstate(all="ignore"):
                both = np.exp(-ke * after_h) - np.exp(-ka_per_h * after_h)
                return 1000 * dose_mg / v_L * ka_per_h * (both / np.float64(ka_per_h - ke))
            """,
            "With two equal rate constants you divide nothing by nothing: there the level is what "
            "the formula tends to.",
        ),
        "negative-before-dose": (
            """
            ke = cl_L_per_h / v_L
            if ka_per_h == ke:
                return 1000 * dose_mg / v_L * ke * time_h * np.exp(-ke * time_h)
            both = np.exp(-ke * time_h) - np.exp(-ka_per_h * time_h)
            return 1000 * dose_mg / v_L * ka_per_h / (ka_per_h - ke) * both
            """,
            "Before the dose your level is not zero: the formula holds from the dose on.",
        ),
        "thousand-lost": (
            f"{RIGHT_FIRST} / 1000",
            "Milligrams over litres are mg/L: a mg/L is 1,000 ng/mL.",
        ),
        "constants-swapped": (
            "first_order(dose_mg, ka_per_h, cl_L_per_h / v_L, cl_L_per_h, time_h)",
            "You divide the dose by the clearance in front: an amount over a volume is a level.",
        ),
        "volume-ignored": (
            "first_order(dose_mg, ka_per_h, cl_L_per_h, v_L, time_h)",
            "You take the clearance for the rate constant of elimination: that is clearance over "
            "volume.",
        ),
        "exponents-swapped": (
            f"-{RIGHT_FIRST}",
            "Your two exponentials have changed places, so that the level is negative.",
        ),
        "absorbed-at-once": (
            "1000 * dose_mg / v_L * np.exp(-cl_L_per_h / v_L * np.maximum(time_h, 0))"
            " * (np.asarray(time_h) >= 0)",
            "You let the whole dose be in the blood at once: it has to be absorbed first.",
        ),
        "ratio-upside-down": (
            "first_order(dose_mg, ka_per_h, v_L / cl_L_per_h, v_L, time_h)",
            "Your rate constant of elimination is upside down: it is clearance over volume.",
        ),
    },
    also_right=(
        """
        ke = cl_L_per_h / v_L
        if abs(ka_per_h - ke) < 1e-9:
            level = dose_mg / v_L * ke * time_h * np.exp(-ke * time_h)
        else:
            level = dose_mg * ka_per_h / (v_L * ka_per_h - cl_L_per_h)
            level = level * (np.exp(-ke * time_h) - np.exp(-ka_per_h * time_h))
        return np.where(np.asarray(time_h) > 0, 1000 * level, 0.0)
        """,
        """
        ke = cl_L_per_h / v_L
        if ka_per_h == ke:
            ka_per_h = ke * (1 + 1e-6)
        t = np.clip(time_h, 0, None)
        both = np.exp(-ka_per_h * t) - np.exp(-ke * t)
        return 1e3 * dose_mg * ka_per_h / (ke - ka_per_h) * both / v_L
        """,
        """
        ke = cl_L_per_h / v_L
        t = np.maximum(time_h, 0)
        gap = ka_per_h - ke
        share = t if gap == 0 else -np.expm1(-gap * t) / gap
        return 1e6 * dose_mg / (1000 * v_L) * ka_per_h * np.exp(-ke * t) * share
        """,
        """
        levels = []
        for t in np.atleast_1d(time_h):
            ke = cl_L_per_h / v_L
            if t < 0:
                levels.append(0.0)
            elif math.isclose(ka_per_h, ke):
                levels.append(1000 * dose_mg / v_L * ke * t * math.exp(-ke * t))
            else:
                both = math.exp(-ke * t) - math.exp(-ka_per_h * t)
                levels.append(1000 * dose_mg * ka_per_h / v_L / (ka_per_h - ke) * both)
        return np.array(levels) if np.ndim(time_h) else levels[0]
        """,
        """
        from scipy.linalg import expm
        rates = np.array([[-ka_per_h, 0.0], [ka_per_h, -cl_L_per_h / v_L]])
        amounts = [expm(rates * max(t, 0)) @ [dose_mg, 0.0] for t in np.atleast_1d(time_h)]
        return np.reshape([1000 * a[1] / v_L for a in amounts], np.shape(time_h))
        """,
    ),
)

ZERO_ORDER = """
def zero_order(rate_mg_per_h, cl_L_per_h, k, into_h, after_h):
    return 1000 * rate_mg_per_h / cl_L_per_h * (1 - np.exp(-k * into_h)) * np.exp(-k * after_h)
"""

CONCENTRATION_ZERO_ORDER = Exercise(
    name="ps4_pharmacokinetics/concentration_zero_order",
    task="The level in ng/mL while and after a capsule lets its dose out evenly, following a lag.",
    arguments="dose_mg, duration_h, lag_h, cl_L_per_h, v_L, time_h",
    answer="""
    since_h = np.asarray(time_h) - lag_h
    into_h = np.clip(since_h, 0, duration_h)
    after_h = np.maximum(since_h - duration_h, 0)
    rate_mg_per_h = dose_mg / duration_h
    return zero_order(rate_mg_per_h, cl_L_per_h, cl_L_per_h / v_L, into_h, after_h)
    """,
    uses=ZERO_ORDER,
    cases=[
        (40.0, 6.0, 0.0, 23.1, 400.0, [1.0, 3.0, 6.0]),
        (40.0, 6.0, 0.0, 23.1, 400.0, [7.0, 12.0, 30.0]),
        (120.0, 4.0, 1.5, 30.0, 300.0, [0.5, 1.5, 2.5, 5.0, 5.5, 9.0, 40.0]),
        (20.0, 8.0, 0.5, 18.0, 500.0, 5.0),
        (80.0, 5.0, 3.0, 25.0, 200.0, [-2.0, 0.0, 2.0, 4.0]),
    ],
    unit="ng/mL",
    rel=LN2_AS_PRINTED,
    ideas={
        "absorbed-at-once": (
            """
            since_h = np.asarray(time_h) - lag_h
            fall = np.exp(-cl_L_per_h / v_L * np.maximum(since_h, 0))
            return 1000 * dose_mg / v_L * fall * (since_h >= 0)
            """,
            "You let the whole dose out at once: it comes evenly over the release time.",
        ),
        "input-never-stops": (
            """
            into_h = np.maximum(np.asarray(time_h) - lag_h, 0)
            k = cl_L_per_h / v_L
            return zero_order(dose_mg / duration_h, cl_L_per_h, k, into_h, 0)
            """,
            "Your capsule never gets empty: after the release time the level only falls.",
        ),
        "times-not-subtracted": (
            """
            since_h = np.asarray(time_h) - lag_h
            into_h, after_h = np.clip(since_h, 0, duration_h), np.maximum(since_h, 0)
            k = cl_L_per_h / v_L
            return zero_order(dose_mg / duration_h, cl_L_per_h, k, into_h, after_h)
            """,
            "Your fall begins with the release: what is eliminated during the release is in the "
            "rise already; the fall counts from the end of the release.",
        ),
        "lag-ignored": (
            """
            into_h = np.clip(time_h, 0, duration_h)
            after_h = np.maximum(np.asarray(time_h) - duration_h, 0)
            k = cl_L_per_h / v_L
            return zero_order(dose_mg / duration_h, cl_L_per_h, k, into_h, after_h)
            """,
            "You leave out the lag: nothing comes before it, and everything comes later by it.",
        ),
        "lag-counted-twice": (
            """
            since_h = np.asarray(time_h) - 2 * lag_h
            into_h = np.clip(since_h, 0, duration_h)
            after_h = np.maximum(since_h - duration_h, 0)
            k = cl_L_per_h / v_L
            return zero_order(dose_mg / duration_h, cl_L_per_h, k, into_h, after_h)
            """,
            "You count the lag twice.",
        ),
        "straight-line": (
            """
            since_h = np.asarray(time_h) - lag_h
            into_h = np.clip(since_h, 0, duration_h)
            fall = np.exp(-cl_L_per_h / v_L * np.maximum(since_h - duration_h, 0))
            return 1000 * dose_mg / duration_h * into_h / v_L * fall
            """,
            "Your level rises in a straight line: while drug comes in, some leaves already.",
        ),
        "area-for-level": (
            """
            since_h = np.asarray(time_h) - lag_h
            into_h = np.clip(since_h, 0, duration_h)
            after_h = np.maximum(since_h - duration_h, 0)
            return zero_order(dose_mg, cl_L_per_h, cl_L_per_h / v_L, into_h, after_h)
            """,
            "Dose over clearance is an area, ng h/mL: the level that the release leads to is its "
            "*rate*, mg per hour, over clearance.",
        ),
        "thousand-lost": (
            """
            since_h = np.asarray(time_h) - lag_h
            into_h = np.clip(since_h, 0, duration_h)
            after_h = np.maximum(since_h - duration_h, 0)
            k = cl_L_per_h / v_L
            return zero_order(dose_mg / duration_h, cl_L_per_h, k, into_h, after_h) / 1000
            """,
            "Milligrams over litres are mg/L: a mg/L is 1,000 ng/mL.",
        ),
        "negative-before-dose": (
            """
            since_h = np.asarray(time_h) - lag_h
            into_h = np.minimum(since_h, duration_h)
            after_h = np.maximum(since_h - duration_h, 0)
            k = cl_L_per_h / v_L
            return zero_order(dose_mg / duration_h, cl_L_per_h, k, into_h, after_h)
            """,
            "Before the release begins your level is not zero.",
        ),
    },
    also_right=(
        """
        k = cl_L_per_h / v_L
        plateau = 1000 * dose_mg / duration_h / cl_L_per_h
        t = np.asarray(time_h) - lag_h
        rise = plateau * (1 - np.exp(-k * t))
        top = plateau * (1 - np.exp(-k * duration_h))
        fall = top * np.exp(-k * (t - duration_h))
        return np.where(t <= 0, 0, np.where(t <= duration_h, rise, fall))
        """,
        """
        k = cl_L_per_h / v_L
        def endless(t):
            return 1000 * dose_mg / duration_h / cl_L_per_h * -np.expm1(-k * np.maximum(t, 0))
        t = np.asarray(time_h) - lag_h
        return endless(t) - endless(t - duration_h)
        """,
        """
        half_life_h = np.log(2) * v_L / cl_L_per_h
        top = 1000 * dose_mg / (duration_h * cl_L_per_h)
        levels = []
        for t in np.atleast_1d(time_h) - lag_h:
            if t <= 0:
                level = 0.0
            elif t < duration_h:
                level = top * (1 - 0.5 ** (t / half_life_h))
            else:
                level = top * (1 - 0.5 ** (duration_h / half_life_h))
                level = level * 0.5 ** ((t - duration_h) / half_life_h)
            levels.append(level)
        return np.array(levels) if np.ndim(time_h) else levels[0]
        """,
        """
        from scipy.integrate import quad
        k = cl_L_per_h / v_L
        def one(t):
            end = min(max(t - lag_h, 0), duration_h)
            return quad(lambda u: np.exp(-k * (t - lag_h - u)), 0, end)[0]
        found = np.array([one(t) for t in np.atleast_1d(time_h)])
        return np.reshape(1000 * dose_mg / duration_h / v_L * found, np.shape(time_h))
        """,
        """
        t = np.array(time_h, dtype=float) - lag_h
        k = cl_L_per_h / v_L
        level = np.zeros_like(t)
        level = np.where(t > 0, 1 - np.exp(-k * np.minimum(t, duration_h)), level)
        level = level * np.where(t > duration_h, np.exp(-k * (t - duration_h)), 1)
        return level * 1000 * dose_mg / cl_L_per_h / duration_h
        """,
    ),
)

ONE_CURVE = """
def one_curve(time_h, conc, half_life_h, after_h):
    beyond_h = np.maximum(after_h - time_h[-1], 0)
    return np.interp(after_h, time_h, conc, left=0) * 0.5 ** (beyond_h / half_life_h)
"""

SUPERPOSE = Exercise(
    name="ps4_pharmacokinetics/superpose",
    task="The level in ng/mL at given hours, when the dose whose curve was sampled is repeated.",
    arguments="time_h, conc, half_life_h, dose_times_h, at_h",
    answer="sum(one_curve(time_h, conc, half_life_h, at_h - dose_h) for dose_h in dose_times_h)",
    uses=ONE_CURVE,
    cases=[
        ([0.0, 2.0, 6.0, 12.0], [0.0, 50.0, 80.0, 40.0], 7.0, [0.0, 4.0], [3.0, 5.0, 9.0]),
        ([0.0, 2.0, 6.0, 12.0], [0.0, 50.0, 80.0, 40.0], 7.0, [0.0, 24.0, 48.0], [30.0, 60.0]),
        ([0.0, 1.0, 5.0], [0.0, 9.0, 3.0], 3.0, [8.0, 0.0, 12.0], 14.0),
        ([0.0, 3.0, 8.0, 20.0], [0.0, 7.0, 11.0, 2.0], 5.0, [6.0], [-2.0, 1.0, 9.0, 33.0]),
        ([0.0, 4.0, 9.0], [17.0, 8.0, 3.0], 4.0, [2.0, 6.0], [1.0, 5.0, 21.0]),
    ],
    unit="ng/mL",
    hint="Go dose by dose: how long ago was it taken at each hour, what does its curve say then, "
    "before it, between its samples and beyond them? Then add up over the doses.",
    rel=LN2_AS_PRINTED,
    ideas={
        "first-value-holds": (
            """
            level = 0.0
            for dose_h in dose_times_h:
                after_h = np.asarray(at_h) - dose_h
                beyond_h = np.maximum(after_h - time_h[-1], 0)
                level = level + np.interp(after_h, time_h, conc) * 0.5 ** (beyond_h / half_life_h)
            return level
            """,
            "np.interp holds the first level before the first sample: before a dose is taken it "
            "leaves nothing.",
        ),
        "first-dose-only": (
            "one_curve(time_h, conc, half_life_h, at_h - dose_times_h[0])",
            "You count the first dose of the list only.",
        ),
        "times-not-subtracted": (
            "sum(one_curve(time_h, conc, half_life_h, at_h) for dose_h in dose_times_h)",
            "You count each dose from time zero: its curve begins when it is taken.",
        ),
        "negative-before-dose": (
            "sum(one_curve(time_h, conc, half_life_h, abs(at_h - dose_h))"
            " for dose_h in dose_times_h)",
            "You count doses before they are taken.",
        ),
        "averaged": (
            "sum(one_curve(time_h, conc, half_life_h, at_h - dose_h) for dose_h in dose_times_h)"
            " / len(dose_times_h)",
            "You take the mean of the curves: amounts in the body add up, so their levels do.",
        ),
        "next-dose-replaces": (
            """
            levels = []
            for at in np.atleast_1d(at_h):
                taken = [dose_h for dose_h in dose_times_h if dose_h <= at]
                after_h = at - max(taken) if taken else -1.0
                levels.append(float(one_curve(time_h, conc, half_life_h, after_h)))
            return np.array(levels) if np.ndim(at_h) else levels[0]
            """,
            "You let each dose replace the one before: what is left of that is still there.",
        ),
        "nothing-after-last-sample": (
            "sum(np.interp(at_h - dose_h, time_h, conc, left=0, right=0)"
            " for dose_h in dose_times_h)",
            "After the last sample your level is zero: nobody looked, but the drug is still there.",
        ),
        "last-value-holds": (
            "sum(np.interp(at_h - dose_h, time_h, conc, left=0) for dose_h in dose_times_h)",
            "After the last sample your level stays what it was: np.interp holds the last value. "
            "The level goes on falling with the half-life.",
        ),
        "ln2-lost": (
            "sum(one_curve(time_h, conc, half_life_h * np.log(2), at_h - dose_h)"
            " for dose_h in dose_times_h)",
            "After the last sample your level falls to 37 % in a half-life: it halves.",
        ),
    },
    also_right=(
        """
        total = np.zeros(np.shape(at_h))
        for dose_h in dose_times_h:
            after = np.asarray(at_h) - dose_h
            late = conc[-1] * np.exp(-np.log(2) * (after - time_h[-1]) / half_life_h)
            level = np.where(after > time_h[-1], late, np.interp(after, time_h, conc))
            total = total + np.where(after < 0, 0, level)
        return total
        """,
        """
        def level(after):
            if after < 0:
                return 0.0
            if after > time_h[-1]:
                return conc[-1] * math.exp(-0.693 / half_life_h * (after - time_h[-1]))
            i = 1
            while time_h[i] < after:
                i += 1
            part = (after - time_h[i - 1]) / (time_h[i] - time_h[i - 1])
            return conc[i - 1] + part * (conc[i] - conc[i - 1])
        levels = [sum(level(at - d) for d in dose_times_h) for at in np.atleast_1d(at_h)]
        return levels if np.ndim(at_h) else levels[0]
        """,
        """
        after = np.subtract.outer(np.atleast_1d(at_h), np.asarray(dose_times_h))
        seen = np.interp(after.ravel(), time_h, conc, left=0.0).reshape(after.shape)
        seen *= 2.0 ** (-np.clip(after - time_h[-1], 0, None) / half_life_h)
        return np.reshape(seen.sum(axis=1), np.shape(at_h))
        """,
        """
        from scipy.interpolate import interp1d
        inside = interp1d(time_h, conc, bounds_error=False, fill_value=(0.0, 0.0))
        k = np.log(2) / half_life_h
        def one(after):
            late = after > time_h[-1]
            return inside(after) + late * conc[-1] * np.exp(-k * (after - time_h[-1]))
        return np.sum([one(np.asarray(at_h) - d) for d in dose_times_h], axis=0)
        """,
        """
        far = np.array([time_h[-1] + n * half_life_h / 50 for n in range(1, 2001)])
        times = np.concatenate([time_h, far])
        levels = np.concatenate([conc, conc[-1] * 0.5 ** ((far - time_h[-1]) / half_life_h)])
        total = 0.0
        for d in dose_times_h:
            total += np.interp(np.asarray(at_h) - d, times, levels, left=0)
        return total
        """,
    ),
)

ACCUMULATION_RATIO = Exercise(
    name="ps4_pharmacokinetics/accumulation_ratio",
    task="How many times the level after the first dose the level at steady state is.",
    arguments="half_life_h, interval_h",
    answer="1 / (1 - 0.5 ** (interval_h / half_life_h))",
    cases=lambda rng: [
        (12.0, 24.0),
        (30.0, 24.0),
        ([6.0, 17.0, 90.0], 12.0),
        (2000.0, 4.0),
        (rng.uniform(5, 80), rng.uniform(4, 48)),
    ],
    unit="times",
    rel=LN2_AS_PRINTED,
    ideas={
        "ratio-upside-down": (
            "1 / (1 - 0.5 ** (half_life_h / interval_h))",
            "Interval and half-life have changed places: what counts is how many half-lives fit "
            "into the interval.",
        ),
        "plus-for-minus": (
            "1 / (1 + 0.5 ** (interval_h / half_life_h))",
            "Your ratio is below 1: what is left of earlier doses is added.",
        ),
        "left-for-lost": (
            "0.5 ** (interval_h / half_life_h)",
            "You give the share that is left of one dose: the doses before it left some as well.",
        ),
        "free-instead-of-occupied": (
            "1 - 0.5 ** (interval_h / half_life_h)",
            "You give the share that is lost in one interval.",
        ),
        "doses-left-out": (
            "sum(0.5 ** (n * interval_h / half_life_h) for n in range(10))",
            "You stop after ten doses: with a long half-life those before them have left "
            "something too. The sum has no end; what is it when nothing is left out?",
        ),
        "one-dose-back": (
            "1 + 0.5 ** (interval_h / half_life_h)",
            "You count what is left of the last dose only: those before it left some as well.",
        ),
        "ln2-lost": (
            "1 / (1 - np.exp(-interval_h / half_life_h))",
            "You let the level fall to 37 % in a half-life: it halves.",
        ),
        "interval-ignored": (
            "1 / (1 - 0.5 ** (24 / half_life_h)) + 0 * interval_h",
            "You take 24 h whatever the interval.",
        ),
        "straight-line": (
            "half_life_h / (np.log(2) * interval_h)",
            "You go in proportion: that holds for intervals far below a half-life, and with long "
            "ones your level after many doses would be below that after the first.",
        ),
    },
    also_right=(
        "1 / (1 - np.exp(-0.693 * interval_h / half_life_h))",
        "2 ** (interval_h / half_life_h) / (2 ** (interval_h / half_life_h) - 1)",
        "-1 / np.expm1(-np.log(2) / half_life_h * interval_h)",
        """
        left = 2.0 ** (-np.asarray(interval_h) / np.asarray(half_life_h))
        total, one = 1.0, 1.0
        for _ in range(20000):
            one = one * left
            total = total + one
        return total
        """,
        """
        left = np.power(0.5, interval_h / half_life_h)
        return 1 + left / (1 - left)
        """,
    ),
)

PIECES = """
def area(time_h, conc, log_down=True):
    total = 0.0
    for t1, c1, t2, c2 in zip(time_h[:-1], conc[:-1], time_h[1:], conc[1:]):
        if c2 < c1 and log_down:
            total += (t2 - t1) * (c1 - c2) / np.log(c1 / c2)
        else:
            total += (t2 - t1) * (c1 + c2) / 2
    return total
def result(time_h, conc, half_life_h, to_last, tail):
    at = int(np.argmax(conc))
    return {
        "cmax": conc[at],
        "tmax_h": time_h[at],
        "half_life_h": half_life_h,
        "auc_inf": to_last + tail,
        "beyond_percent": 100 * tail / (to_last + tail),
    }
def slope(time_h, values):
    return np.polyfit(time_h, values, 1)[0]
def analysis(time_h, conc, k, log_down=True):
    to_last = area(np.append(0, time_h), np.append(0, conc), log_down)
    return result(time_h, conc, np.log(2) / k, to_last, conc[-1] / k)
"""
HOURS = [1.0, 3.0, 5.0, 8.0, 14.0, 24.0]

NCA = Exercise(
    name="ps4_pharmacokinetics/nca",
    task="Peak, its time, half-life, area to infinity and the share of it beyond the last sample.",
    arguments="time_h, conc",
    answer="analysis(time_h, conc, -slope(time_h[-3:], np.log(conc[-3:])))",
    uses=PIECES,
    cases=[
        (HOURS, [10.0, 33.0, 60.0, 52.0, 34.0, 21.0]),
        ([0.5, 2.0, 4.0, 6.0, 10.0], [4.0, 9.0, 9.0, 5.0, 2.1]),
        ([2.0, 4.0, 6.5, 9.0, 16.0, 28.0, 44.0], [70.0, 151.0, 222.0, 190.0, 130.0, 60.0, 25.0]),
    ],
    unit="ng/mL, h, ng h/mL, %",
    hint="Half-life: the last three samples, by the best line through their logarithms. Area: from "
    "0 h and level 0 on; where the level falls, (c1 - c2) over the rate constant of these two "
    "points alone, elsewhere a straight line. Per cent: of the whole area.",
    rel=LN2_AS_PRINTED,
    ideas={
        "straight-line": (
            "analysis(time_h, conc, -slope(time_h[-3:], np.log(conc[-3:])), log_down=False)",
            "You draw straight lines on the way down as well: an exponential runs below them.",
        ),
        "auc-to-last": (
            """
            k = -slope(time_h[-3:], np.log(conc[-3:]))
            to_last = area(np.append(0, time_h), np.append(0, conc))
            return result(time_h, conc, np.log(2) / k, to_last, 0.0)
            """,
            "Your area ends with the last sample: what lies beyond it is its level over the rate "
            "constant.",
        ),
        "wrong-logarithm": (
            "analysis(time_h, conc, -slope(time_h[-3:], np.log10(conc[-3:])))",
            "You take the slope of logarithms to base 10 and go on with ln 2.",
        ),
        "peak-in-slope": (
            """
            at = int(np.argmax(conc))
            return analysis(time_h, conc, -slope(time_h[at:], np.log(conc[at:])))
            """,
            "You draw the last line from the peak on: near the peak drug still comes in. The rule "
            "is the last three samples.",
        ),
        "ends-only": (
            "analysis(time_h, conc, -slope(time_h[-2:], np.log(conc[-2:])))",
            "You draw the last line through two samples: the rule is the best line through the "
            "logarithms of the last three.",
        ),
        "multiplied": (
            """
            k = -slope(time_h[-3:], np.log(conc[-3:]))
            to_last = area(np.append(0, time_h), np.append(0, conc))
            return result(time_h, conc, np.log(2) / k, to_last, conc[-1] * k)
            """,
            "You multiply the last level by the rate constant: the area beyond it is level over "
            "rate constant.",
        ),
        "as-in-the-body": (
            """
            k = -slope(time_h[-3:], np.log(conc[-3:]))
            right = analysis(time_h, conc, k)
            to_last = right["auc_inf"] - conc[-1] / k
            return right | {"beyond_percent": 100 * conc[-1] / k / to_last}
            """,
            "You give the part beyond in per cent of the area up to the last sample: per cent of "
            "the whole area, to infinity, is asked for.",
        ),
        "logs-forgotten": (
            "analysis(time_h, conc, -slope(time_h[-3:], conc[-3:]))",
            "You take the slope of levels: it is their logarithm that falls in a straight line.",
        ),
        "start-not-added": (
            """
            k = -slope(time_h[-3:], np.log(conc[-3:]))
            return result(time_h, conc, np.log(2) / k, area(time_h, conc), conc[-1] / k)
            """,
            "You leave out the area before the first sample: the level starts from 0 at the dose.",
        ),
        "rate-constant-returned": (
            """
            right = analysis(time_h, conc, -slope(time_h[-3:], np.log(conc[-3:])))
            return right | {"half_life_h": np.log(2) / right["half_life_h"]}
            """,
            "You return the rate constant as the half-life: one is ln 2 over the other.",
        ),
        "ln2-lost": (
            """
            k = -slope(time_h[-3:], np.log(conc[-3:]))
            to_last = area(np.append(0, time_h), np.append(0, conc))
            return result(time_h, conc, 1 / k, to_last, conc[-1] / k)
            """,
            "Your half-life is 1/k: in that time the level falls to 37 %.",
        ),
        "half-life-for-time-constant": (
            """
            half_life_h = -np.log(2) / slope(time_h[-3:], np.log(conc[-3:]))
            to_last = area(np.append(0, time_h), np.append(0, conc))
            return result(time_h, conc, half_life_h, to_last, conc[-1] * half_life_h)
            """,
            "You multiply the last level by the half-life: the area beyond it is level over rate "
            "constant, 1.44 half-lives of it.",
        ),
        "percent": (
            """
            right = analysis(time_h, conc, -slope(time_h[-3:], np.log(conc[-3:])))
            return right | {"beyond_percent": right["beyond_percent"] / 100}
            """,
            "You return the share as a fraction: per cent is asked for.",
        ),
    },
    also_right=(
        """
        from scipy.stats import linregress
        k = -linregress(time_h[-3:], np.log(conc[-3:])).slope
        t, c = np.concatenate([[0], time_h]), np.concatenate([[0], conc])
        falls = c[1:] < c[:-1]
        with np.errstate(all="ignore"):
            curved = (c[:-1] - c[1:]) / np.log(c[:-1] / c[1:])
        auc = np.sum(np.diff(t) * np.where(falls, curved, (c[:-1] + c[1:]) / 2))
        tail = c[-1] / k
        return {"cmax": max(conc), "tmax_h": t[c.argmax()], "half_life_h": 0.693 / k,
                "auc_inf": auc + tail, "beyond_percent": 100 * tail / (auc + tail)}
        """,
        """
        def piece(t1, c1, t2, c2):
            if c2 >= c1:
                return (c1 + c2) / 2 * (t2 - t1)
            k = math.log(c1 / c2) / (t2 - t1)
            return (c1 - c2) / k
        total = piece(0.0, 0.0, time_h[0], conc[0])
        for i in range(1, len(time_h)):
            total += piece(time_h[i - 1], conc[i - 1], time_h[i], conc[i])
        t, y = time_h[-3:], [math.log(c) for c in conc[-3:]]
        tm, ym = sum(t) / 3, sum(y) / 3
        b = sum((a - tm) * (v - ym) for a, v in zip(t, y)) / sum((a - tm) ** 2 for a in t)
        whole = total - conc[-1] / b
        out = {"auc_inf": whole, "half_life_h": -math.log(2) / b}
        out["beyond_percent"] = 100 - 100 * total / whole
        out["cmax"] = float(np.max(conc))
        out["tmax_h"] = list(time_h)[list(conc).index(max(conc))]
        return out
        """,
        """
        fit = np.polynomial.Polynomial.fit(time_h[-3:], np.log2(conc[-3:]), 1).convert()
        half_life_h = -1 / fit.coef[1]
        t, c = np.insert(time_h, 0, 0.0), np.insert(conc, 0, 0.0)
        straight = np.trapezoid(c, t)
        for i in range(len(t) - 1):
            if c[i + 1] < c[i]:
                straight -= (t[i + 1] - t[i]) * (c[i] + c[i + 1]) / 2
                straight += (t[i + 1] - t[i]) * (c[i] - c[i + 1]) / np.log(c[i] / c[i + 1])
        beyond = c[-1] * half_life_h / np.log(2)
        return dict(cmax=c.max(), tmax_h=t[np.argmax(c)], half_life_h=half_life_h,
                    auc_inf=straight + beyond,
                    beyond_percent=beyond / (straight + beyond) * 100)
        """,
        """
        a = np.vstack([np.ones(3), time_h[-3:]]).T
        (_, slope_), *_ = np.linalg.lstsq(a, np.log(conc[-3:]), rcond=None)
        grid = [(0.0, 0.0)] + [(float(t), float(c)) for t, c in zip(time_h, conc)]
        auc = 0
        for (t1, c1), (t2, c2) in zip(grid, grid[1:]):
            r = c2 / c1 if c1 else 2
            auc += (t2 - t1) * ((c1 - c2) / -np.log(r) if r < 1 else (c1 + c2) / 2)
        rest = -grid[-1][1] / slope_
        top = max(grid, key=lambda point: point[1])
        return {"cmax": top[1], "tmax_h": top[0], "half_life_h": np.log(0.5) / slope_,
                "auc_inf": auc + rest, "beyond_percent": 100 / (1 + auc / rest)}
        """,
        """
        from scipy.optimize import curve_fit
        def line(t, start, k):
            return start - k * t
        (start, k), _ = curve_fit(line, time_h[-3:], np.log(conc[-3:]))
        t, c = [0.0, *time_h], [0.0, *conc]
        parts = []
        for before, after in zip(range(len(t)), range(1, len(t))):
            width, drop = t[after] - t[before], c[before] - c[after]
            if drop > 0:
                parts.append(width * drop / (np.log(c[before]) - np.log(c[after])))
            else:
                parts.append(width * (c[before] + c[after]) / 2)
        tail = conc[-1] / k
        values = [max(c), t[c.index(max(c))], np.log(2) / k, sum(parts) + tail]
        names = ["cmax", "tmax_h", "half_life_h", "auc_inf"]
        return dict(zip(names, values)) | {"beyond_percent": 100 * tail / (sum(parts) + tail)}
        """,
    ),
)

MENDED_CLEARANCE = Exercise(
    name="ps4_pharmacokinetics/mended_clearance",
    task="The apparent clearance in L/h, by the method of the laboratory.",
    arguments="salt_mg, time_h, conc, half_life_h",
    answer="""
    area = np.trapezoid(conc, time_h) + conc[-1] * half_life_h / np.log(2)
    return 1000 * base_per_salt * salt_mg / area
    """,
    uses="base_per_salt = 246.35 / 282.8",
    hint="Here all of the area between samples is by straight lines; then there are the end of the "
    "curve, the base in the salt, the units, and the share of 0.92.",
    cases=[
        (45.9, [0.0, 2.0, 6.0, 12.0, 24.0], [0.0, 40.0, 90.0, 65.0, 33.0], 12.0),
        (137.8, [0.0, 4.0, 8.0, 20.0], [0.0, 180.0, 290.0, 120.0], 9.0),
        (23.0, [0.0, 3.0, 9.0, 30.0, 48.0], [0.0, 21.0, 38.0, 11.0, 4.0], 14.0),
    ],
    unit="L/h",
    rel=LN2_AS_PRINTED,
    ideas={
        "bioavailability-twice": (
            """
            area = np.trapezoid(conc, time_h) + conc[-1] * half_life_h / np.log(2)
            return 0.92 * 1000 * base_per_salt * salt_mg / area
            """,
            "You multiply by 0.92: dose over area of the capsule itself is CL/F, which holds F, "
            "and 0.92 is no share that reaches the blood.",
        ),
        "relative-is-absolute": (
            """
            area = np.trapezoid(conc, time_h) + conc[-1] * half_life_h / np.log(2)
            return 1000 * base_per_salt * salt_mg / area / 0.92
            """,
            "You divide by 0.92: that compares the capsule with a solution, and CL/F needs it not.",
        ),
        "salt-for-base": (
            """
            area = np.trapezoid(conc, time_h) + conc[-1] * half_life_h / np.log(2)
            return 1000 * salt_mg / area
            """,
            "You take milligrams of salt for milligrams of base: the levels are of base.",
        ),
        "correction-wrong-way": (
            """
            area = np.trapezoid(conc, time_h) + conc[-1] * half_life_h / np.log(2)
            return 1000 * salt_mg / base_per_salt / area
            """,
            "A salt holds less base than it weighs: you make more of it.",
        ),
        "auc-to-last": (
            "1000 * base_per_salt * salt_mg / np.trapezoid(conc, time_h)",
            "Your area ends with the last sample: what lies beyond it is missing.",
        ),
        "half-life-for-time-constant": (
            """
            area = np.trapezoid(conc, time_h) + conc[-1] * half_life_h
            return 1000 * base_per_salt * salt_mg / area
            """,
            "You multiply the last level by the half-life: the area beyond is level over rate "
            "constant, and that is ln 2 over the half-life.",
        ),
        "thousand-lost": (
            """
            area = np.trapezoid(conc, time_h) + conc[-1] * half_life_h / np.log(2)
            return base_per_salt * salt_mg / area
            """,
            "Milligrams over ng h/mL are thousands of litres per hour.",
        ),
        "ratio-upside-down": (
            """
            area = np.trapezoid(conc, time_h) + conc[-1] * half_life_h / np.log(2)
            return area / (1000 * base_per_salt * salt_mg)
            """,
            "You divide the area by the dose: who clears faster has the smaller area.",
        ),
    },
    also_right=(
        """
        k_per_h = 0.693 / half_life_h
        auc = np.sum(np.diff(time_h) * (conc[1:] + conc[:-1]) / 2) + conc[-1] / k_per_h
        return salt_mg * base_per_salt * 1e3 / auc
        """,
        """
        area = 0.0
        for i in range(1, len(time_h)):
            area = area + (time_h[i] - time_h[i - 1]) * (conc[i] + conc[i - 1]) / 2
        area = area + conc[-1] / (np.log(2) / half_life_h)
        dose_ng = salt_mg * 1e6 * 246.35 / 282.8
        return dose_ng / area / 1000
        """,
        """
        from scipy.integrate import trapezoid
        base_mg = base_per_salt * salt_mg
        return base_mg / ((trapezoid(conc, time_h) - conc[-1] * half_life_h / np.log(0.5)) / 1000)
        """,
        """
        far = np.linspace(0, 30 * half_life_h, 30001)
        tail = np.trapezoid(conc[-1] * 2.0 ** (-far / half_life_h), far)
        return 1000 * base_per_salt * salt_mg / (np.trapezoid(conc, x=time_h) + tail)
        """,
        """
        pairs = list(zip(time_h, conc))
        straight = sum((t2 - t1) * (c1 + c2) for (t1, c1), (t2, c2) in zip(pairs, pairs[1:])) / 2
        return 1000 * salt_mg * base_per_salt / (straight + 1.442695 * half_life_h * conc[-1])
        """,
    ),
)

# -- answers that are values: whole cells, wrong ones by the code of their idea, other right ones --

ANALYSED = """
t, c = own["time_h"], own["conc_ng_per_mL"]
curve = nca(t, c)
"""
SUMMED = """
t, c = np.append(0, own["time_h"]), np.append(0, own["conc_ng_per_mL"])
days = 24.0 * np.arange(40)
"""
WHOLE_MODEL = """
def shape(x, cl, half_life):
    k = np.log(2) / half_life
    since = np.asarray(x) - 0.5
    into = np.clip(since, 0, own["release_h"])
    after = np.maximum(since - own["release_h"], 0)
    top = 1000 * own["dose_mg"] / own["release_h"] / cl
    return top * (1 - np.exp(-k * into)) * np.exp(-k * after)
from scipy.optimize import curve_fit
seen = own["conc_ng_per_mL"]
best, _ = curve_fit(shape, own["time_h"], seen, [20.0, 12.0], sigma=seen)
"""

CELLS = {
    "own_clearance": {
        "wrong": {
            "auc-to-last": ANALYSED
            + 'own_clearance_L_per_h = 1000 * own["dose_mg"] / np.trapezoid(c, t)',
            "bioavailability-twice": ANALYSED
            + 'own_clearance_L_per_h = 920 * own["dose_mg"] / curve["auc_inf"]',
            "salt-for-base": ANALYSED
            + 'own_clearance_L_per_h = 1000 * own["salt_mg"] / curve["auc_inf"]',
            "converted-though-base": ANALYSED
            + "own_clearance_L_per_h = "
            '1000 * base_per_salt * own["dose_mg"] / curve["auc_inf"]',
            "thousand-lost": ANALYSED
            + 'own_clearance_L_per_h = own["dose_mg"] / curve["auc_inf"]',
            "ratio-upside-down": ANALYSED
            + 'own_clearance_L_per_h = curve["auc_inf"] / (1000 * own["dose_mg"])',
            "peak-for-area": ANALYSED
            + 'own_clearance_L_per_h = 1000 * own["dose_mg"] / curve["cmax"]',
            "two-slips-cancel": ANALYSED
            + 'own_clearance_L_per_h = 920 * own["dose_mg"] / np.trapezoid(c, t)',
        },
        "right": (
            ANALYSED + 'own_clearance_L_per_h = [1000 * own["dose_mg"] / curve["auc_inf"]]',
            ANALYSED
            + """
tail = c[-1] * curve["half_life_h"] / np.log(2)
straight = np.trapezoid(np.append(0, c), np.append(0, t))
own_clearance_L_per_h = own["dose_mg"] * 1e3 / (straight + tail)
""",
            WHOLE_MODEL + "own_clearance_L_per_h = best[0]",
            """
            k = -np.polyfit(own["time_h"][3:], np.log(own["conc_ng_per_mL"][3:]), 1)[0]
            own_clearance_L_per_h = mended_clearance(
                own["salt_mg"], np.append(0, own["time_h"]),
                np.append(0, own["conc_ng_per_mL"]), np.log(2) / k,
            )
            """,
            """
            from scipy.integrate import simpson
            t, c = own["time_h"], own["conc_ng_per_mL"]
            slope, start = np.polyfit(t[-4:], np.log(c[-4:]), 1)
            grid = np.linspace(0, t[-1], 4001)
            seen = np.interp(grid, np.append(0, t), np.append(0, c))
            area = simpson(seen, x=grid) - np.exp(start + slope * t[-1]) / slope
            own_clearance_L_per_h = 1000 * own["dose_mg"] / area
            """,
        ),
    },
    "own_half_life": {
        "wrong": {
            "logs-forgotten": ANALYSED
            + "own_half_life_h = np.log(2) / -np.polyfit(t[-3:], c[-3:], 1)[0]",
            "whole-curve": ANALYSED
            + "own_half_life_h = np.log(2) / abs(np.polyfit(t, np.log(c), 1)[0])",
            "rate-constant-returned": ANALYSED
            + 'own_half_life_h = np.log(2) / curve["half_life_h"]',
            "ln2-lost": ANALYSED + 'own_half_life_h = curve["half_life_h"] / np.log(2)',
            "wrong-logarithm": ANALYSED
            + "own_half_life_h = -np.log(2) / np.polyfit(t[-3:], np.log10(c[-3:]), 1)[0]",
            "half-of-peak-from-dose": ANALYSED
            + "own_half_life_h = np.interp(-max(c) / 2, -c[3:], t[3:])",
            "interval-for-half-life": ANALYSED + "own_half_life_h = t[-1] - t[-3]",
        },
        "right": (
            ANALYSED + 'own_half_life_h = np.array([curve["half_life_h"]])',
            ANALYSED + "own_half_life_h = -0.693 / np.polyfit(t[3:], np.log(c[3:]), 1)[0]",
            WHOLE_MODEL + "own_half_life_h = best[1]",
            """
            from scipy.stats import linregress
            late = linregress(own["time_h"][-5:], np.log2(own["conc_ng_per_mL"][-5:]))
            own_half_life_h = -1 / late.slope
            """,
            """
            t, c = own["time_h"], own["conc_ng_per_mL"]
            halvings = np.log(c[3] / c[-1]) / np.log(2)
            own_half_life_h = (t[-1] - t[3]) / halvings
            """,
        ),
    },
    "own_trough": {
        "wrong": {
            "mean-level": ANALYSED + 'own_trough_ng_per_mL = 80 / own["dose_mg"]'
            ' * curve["auc_inf"] / 24',
            "first-day-for-steady-state": ANALYSED
            + 'own_trough_ng_per_mL = 80 / own["dose_mg"] * np.interp(24, t, c)',
            "dose-not-scaled": SUMMED
            + "own_trough_ng_per_mL = superpose(t, c, own_half_life_h, days, 960.0)",
            "peak-for-trough": SUMMED
            + "own_trough_ng_per_mL = 80 / own['dose_mg'] * max("
            "superpose(t, c, own_half_life_h, days, 936 + np.arange(0, 24, 0.5)))",
            "last-value-holds": SUMMED
            + 'own_trough_ng_per_mL = 80 / own["dose_mg"]'
            " * sum(np.interp(960.0 - day, t, c) for day in days)",
            "salt-for-base": SUMMED
            + 'own_trough_ng_per_mL = 80 / own["salt_mg"]'
            " * superpose(t, c, own_half_life_h, days, 960.0)",
            "with-the-next-peak": SUMMED
            + 'own_trough_ng_per_mL = 80 / own["dose_mg"]'
            " * superpose(t, c, own_half_life_h, days, 984.0)",
        },
        "right": (
            ANALYSED
            + """
after_one_day = np.exp(np.interp(24, t, np.log(c)))
left = 0.5 ** (24 / curve["half_life_h"])
own_trough_ng_per_mL = after_one_day / (1 - left) / own["dose_mg"] * 80
""",
            ANALYSED
            + """
day = 80 / own["dose_mg"] * np.interp(24, t, c)
own_trough_ng_per_mL = np.array([day * accumulation_ratio(curve["half_life_h"], 24)])
""",
            WHOLE_MODEL
            + """
once = shape(24 * np.arange(1, 50), *best)
own_trough_ng_per_mL = 80 / own["dose_mg"] * sum(once)
""",
            """
            v_L = own_clearance_L_per_h * own_half_life_h / np.log(2)
            days = np.arange(24, 1200, 24)
            own_trough_ng_per_mL = np.sum(
                concentration_zero_order(
                    80, own["release_h"], 0.5, own_clearance_L_per_h, v_L, days
                )
            )
            """,
            SUMMED
            + """
scaled = 80 * c / own["dose_mg"]
level = 0.0
for dose_h in days:
    after_h = 960 - dose_h
    if after_h <= t[-1]:
        level += np.interp(after_h, t, scaled)
    else:
        level += scaled[-1] * 0.5 ** ((after_h - t[-1]) / own_half_life_h)
own_trough_ng_per_mL = level
""",
        ),
    },
    "own_beyond": {
        "wrong": {
            "level-for-area": ANALYSED
            + 'own_beyond_percent = 100 * np.interp(own["colleague_last_h"], t, c) / max(c)',
            "from-the-dose": ANALYSED
            + 'own_beyond_percent = 100 * 0.5 ** (own["colleague_last_h"] / curve["half_life_h"])',
            "auc-to-last": ANALYSED
            + """
late = t >= own["colleague_last_h"]
x = np.append(own["colleague_last_h"], t[late])
y = np.interp(x, t, c)
own_beyond_percent = 100 * np.trapezoid(y, x) / np.trapezoid(c, t)
""",
            "ln2-lost": ANALYSED
            + """
level = np.interp(own["colleague_last_h"], t, c)
own_beyond_percent = 100 * level * curve["half_life_h"] / curve["auc_inf"]
""",
            "free-instead-of-occupied": ANALYSED
            + """
level = np.interp(own["colleague_last_h"], t, c)
tail = level * curve["half_life_h"] / np.log(2)
own_beyond_percent = 100 - 100 * tail / curve["auc_inf"]
""",
            "fraction-instead-of-amount": ANALYSED
            + """
level = np.interp(own["colleague_last_h"], t, c)
tail = level * curve["half_life_h"] / np.log(2)
own_beyond_percent = tail / curve["auc_inf"]
""",
            "beyond-own-last": ANALYSED + 'own_beyond_percent = curve["beyond_percent"]',
            "share-of-hours": ANALYSED
            + 'own_beyond_percent = 100 - 100 * own["colleague_last_h"] / t[-1]',
        },
        "right": (
            ANALYSED
            + """
level = np.exp(np.interp(own["colleague_last_h"], t, np.log(c)))
tail = level * curve["half_life_h"] / 0.693
own_beyond_percent = [100 * tail / curve["auc_inf"]]
""",
            ANALYSED
            + """
hour = own["colleague_last_h"]
early = t < hour
x = np.concatenate([[0], t[early], [hour]])
y = np.concatenate([[0], c[early], [np.interp(hour, t, c)]])
own_beyond_percent = 100 - 100 * np.trapezoid(y, x) / curve["auc_inf"]
""",
            WHOLE_MODEL
            + """
grid = np.linspace(0, 400, 40001)
level = shape(grid, *best)
late = grid >= own["colleague_last_h"]
own_beyond_percent = 100 * np.trapezoid(level[late], grid[late]) / np.trapezoid(level, grid)
""",
            """
            v_L = own_clearance_L_per_h * own_half_life_h / np.log(2)
            level = concentration_zero_order(
                own["dose_mg"], own["release_h"], 0.5, own_clearance_L_per_h, v_L,
                own["colleague_last_h"],
            )
            own_beyond_percent = 100 * v_L * level / (1000 * own["dose_mg"])
            """,
            ANALYSED
            + """
slope, start = np.polyfit(t[3:], np.log(c[3:]), 1)
tail = np.exp(start + slope * own["colleague_last_h"]) / -slope
own_beyond_percent = 100 * tail * own_clearance_L_per_h / own["dose_mg"] / 1000
""",
        ),
    },
    "plan": {
        "wrong": {
            "ends-early": "plan_h = [1, 2, 4, 6, 8, 10, 12]",
            "all-on-the-way-up": "plan_h = [0.5, 1, 1.5, 2, 2.5, 3, 4]",
            "all-late": "plan_h = [24, 32, 40, 48, 56, 64, 72]",
            "six-times": "plan_h = [2, 4, 6.5, 9, 16, 36]",
            "eight-times": "plan_h = [2, 4, 5, 6.5, 9, 16, 28, 44]",
            "not-to-be-had": "plan_h = [2, 4, 6.5, 9, 16, 28, 80]",
            "twice-the-same": "plan_h = [2, 4, 6.5, 9, 9, 28, 44]",
        },
        "right": (
            "plan_h = [2, 4, 6.5, 9, 16, 28, 44]",
            "plan_h = (2, 5, 8, 14, 24, 36, 48)",
            "plan_h = np.array([52, 36, 24, 15, 9, 6, 3])",
            """
            end_h = 0.5 + own["release_h"]
            late_h = end_h + own_half_life_h * np.array([0.5, 1, 2, 3, 3.8])
            plan_h = np.minimum([end_h / 2, end_h, *late_h], 72)
            """,
            "plan_h = [4, 7, 9, 12, 36, 48, 60]",
        ),
    },
}  # fmt: skip

# -- wrong answers that no test should refuse: (answer, what stands in it) to the reason -----------

_SMALL = "a change far smaller than the bar"
_HOUR = "an hour more or less moves the trough by less than the bar"
_START = "the level of the first hour plays no part in a trough"
EQUIVALENT = {
    **{
        (f"concentration_{order}_order", f"{thousand} *"): _SMALL
        for order in ("first", "zero")
        for thousand in (999, 1001)
    },
    ("own_clearance", "1001 *"): _SMALL,
    ("own_clearance", "999 *"): _SMALL,
    ("own_trough", "81 *"): _SMALL,
    ("own_trough", "79 *"): _SMALL,
    ("own_trough", "1201.0"): _HOUR,
    ("own_trough", "1199.0"): _HOUR,
    ("own_trough", "arange(1,"): _HOUR,
    ("own_trough", "arange(-1,"): _HOUR,
    ("own_trough", "append(1,"): _START,
    ("own_trough", "append(-1,"): _START,
    ("own_beyond", "101 *"): _SMALL,
    ("own_beyond", "99 *"): _SMALL,
}
NO_SLIPS = {
    "student_id": "every id is right",
    "plan": "another plan that passes is right: it is judged by what it finds",
}

# -- a patient of one's own ------------------------------------------------------------------------

CASES = 1000
SEED = 61803398
LAG_H = 0.5
LATER = (0.4, 0.7, 1.0, 1.3, 1.9, 2.6)  # samples after the end of release, in half-lives
SALT_PER_BASE = 282.8 / 246.35


def truth(number, rng=None):
    """Return the apparent clearance (L/h) and the half-life (h)."""
    rng = rng or np.random.default_rng([SEED, number])
    return 15 * 2.2 ** rng.uniform(), 8 * 2 ** rng.uniform()


def beyond(half_life_h, release_h, last_h):
    """Return the share of the area that lies beyond an hour after the release has ended."""
    k = np.log(2) / half_life_h
    filled = (1 - np.exp(-k * release_h)) / (k * release_h)
    return filled * np.exp(-k * (last_h - LAG_H - release_h))


def level(dose_mg, release_h, cl_L_per_h, half_life_h, time_h):
    """Return the level (ng/mL) after one capsule."""
    k, since_h = np.log(2) / half_life_h, np.asarray(time_h, dtype=float) - LAG_H
    rise = 1 - np.exp(-k * np.clip(since_h, 0, release_h))
    fall = np.exp(-k * np.maximum(since_h - release_h, 0))
    return 1000 * dose_mg / release_h / cl_L_per_h * rise * fall


def trough(release_h, cl_L_per_h, half_life_h):
    """Return the steady level (ng/mL) just before the next daily capsule of 80 mg."""
    last = level(80.0, release_h, cl_L_per_h, half_life_h, 24.0)
    return last / (1 - 0.5 ** (24 / half_life_h))


def case(number):
    """Return what the table tells of a patient: one capsule, ten samples, a colleague's last hour.

    Illustrative: one compartment, even release after half an hour, 0.9 % error of the laboratory.
    """
    rng = np.random.default_rng([SEED, number])
    cl_L_per_h, half_life_h = truth(number, rng)
    while True:  # no usual slip may come near the right share by chance, nor the share before
        release_h = float(rng.integers(5, 9))
        last_h = _half_hours(LAG_H + release_h + half_life_h * rng.uniform(0.3, 2.3))
        share = beyond(half_life_h, release_h, last_h)
        end_h = LAG_H + release_h
        slips = 0.5 ** (np.array([last_h, last_h - end_h]) / half_life_h)
        slips = np.append(slips, beyond(half_life_h, release_h, end_h + LATER[-1] * half_life_h))
        if 0.12 < share < 0.62 and np.all(np.abs(slips - share) > 0.05):
            break
    dose_mg = float(rng.choice([40, 80, 120]))
    end_h = LAG_H + release_h
    up_h = _half_hours(LAG_H + release_h * np.array([0.4, 0.7]))
    time_h = np.concatenate(
        [[1.0], up_h, [end_h], _half_hours(end_h + half_life_h * np.array(LATER))]
    )
    mean = level(dose_mg, release_h, cl_L_per_h, half_life_h, time_h)
    seen = mean * (1 + 0.009 * np.clip(rng.standard_normal(time_h.size), -2, 2))
    return {
        "dose_mg": f"{dose_mg:g}",
        "salt_mg": f"{dose_mg * SALT_PER_BASE:.1f}",
        "release_h": f"{release_h:g}",
        "time_h": " ".join(f"{t:g}" for t in time_h),
        "conc_ng_per_mL": " ".join(f"{c:.1f}" for c in seen),
        "colleague_last_h": f"{last_h:g}",
    }


def _half_hours(hours):
    return np.round(2 * np.asarray(hours)) / 2
