"""Assignment 5, one patient and one scanner: answers, wrong ideas, other right ways. Teachers only.

`snrilab.exercises.find("ps5_dosing_occupancy/exposure_ratio")` finds this file where `source/` is
at hand; it is never part of a release.
"""

import math

import numpy as np

from snrilab.exercises import Exercise

PS5 = "ps5_dosing_occupancy"

TITRATION = Exercise(
    name=f"{PS5}/titration",
    task="The dose in mg of each day from day 1 on.",
    arguments="schedule, days",
    answer="""
    doses_mg = np.zeros(days)
    for first_day, dose_mg in schedule:
        doses_mg[first_day - 1 :] = dose_mg
    return doses_mg
    """,
    cases=[
        ([(1, 20.0), (3, 40.0), (8, 80.0)], 10),
        ([(1, 0.125), (2, 0.25), (4, 0.5), (5, 0.0), (7, 0.375)], 8),
        ([(3, 7.5), (4, 15.0)], 9),
        ([(2, 20.0), (5, 40.0), (11, 60.0)], 6),
    ],
    unit="mg",
    hint="A pause is a dose of 0 mg, and it holds like any other; before the first step it is 0.",
    ideas={
        "day-from-zero": (
            """
            doses_mg = np.zeros(days)
            for first_day, dose_mg in schedule:
                doses_mg[first_day:] = dose_mg
            return doses_mg
            """,
            "Every step comes a day late: the first day is day 1, and the place of day 1 in an "
            "array is 0.",
        ),
        "interval-ignored": (
            """
            doses_mg = np.zeros(days)
            for place, (_, dose_mg) in enumerate(schedule):
                doses_mg[place:] = dose_mg
            return doses_mg
            """,
            "You take one step a day: the first number of each step is the day on which it begins.",
        ),
        "last-dose-repeated-short": (
            """
            doses_mg = np.zeros(days)
            for (first_day, dose_mg), (next_day, _) in zip(schedule[:-1], schedule[1:]):
                doses_mg[first_day - 1 : next_day - 1] = dose_mg
            doses_mg[schedule[-1][0] - 1 : schedule[-1][0]] = schedule[-1][1]
            return doses_mg
            """,
            "Your last dose is taken once: it holds to the end.",
        ),
        "cumulative-dose": (
            """
            doses_mg = np.zeros(days)
            for first_day, dose_mg in schedule:
                doses_mg[first_day - 1 :] = dose_mg
            return np.cumsum(doses_mg)
            """,
            "You sum the doses up: what is asked for is the dose of each day, not what has been "
            "taken until then.",
        ),
        "added": (
            """
            doses_mg = np.zeros(days)
            for first_day, dose_mg in schedule:
                doses_mg[first_day - 1 :] += dose_mg
            return doses_mg
            """,
            "You add each step to those before it: a step says what is taken from then on, not "
            "what is taken in addition.",
        ),
        "first-value-holds": (
            """
            doses_mg = np.full(days, schedule[0][1])
            for first_day, dose_mg in schedule:
                doses_mg[first_day - 1 :] = dose_mg
            return doses_mg
            """,
            "Before the first step nothing is taken: these days are 0 mg.",
        ),
        "last-value-holds": (
            """
            doses_mg, now, steps = np.zeros(days), 0.0, dict(schedule)
            for day in range(days):
                now = steps.get(day + 1) or now
                doses_mg[day] = now
            return doses_mg
            """,
            "You let the dose before a pause go on: 0 mg is a dose as well (after `or`, and for "
            "`if`, Python takes 0 for False).",
        ),
        "straight-line": (
            """
            first_days, doses_mg = zip(*schedule)
            return np.interp(np.arange(1, days + 1), first_days, doses_mg, left=0.0)
            """,
            "Between two steps you draw a straight line: a dose stays as it is until the next "
            "step.",
        ),
        "next-dose-replaces": (
            """
            doses_mg = np.zeros(days)
            for first_day, dose_mg in schedule:
                if first_day <= days:
                    doses_mg[first_day - 1] = dose_mg
            return doses_mg
            """,
            "You give each dose on the first day of its step only: it is taken every day until "
            "the next step.",
        ),
    },
    also_right=(
        """
        found = []
        for day in range(1, days + 1):
            dose = 0.0
            for first_day, dose_mg in schedule:
                if first_day <= day:
                    dose = dose_mg
            found.append(dose)
        return found
        """,
        """
        return [
            ([0.0] + [mg for first, mg in schedule if first <= day])[-1]
            for day in range(1, days + 1)
        ]
        """,
        """
        first_days = np.array([first for first, _ in schedule])
        doses_mg = np.array([0.0] + [dose for _, dose in schedule])
        return doses_mg[np.searchsorted(first_days, np.arange(1, days + 1), side="right")]
        """,
        """
        ends = [first for first, _ in schedule[1:]] + [max(days, schedule[-1][0]) + 1]
        doses = [0.0] * (schedule[0][0] - 1)
        for (first, dose), end in zip(schedule, ends):
            doses += [dose] * (end - first)
        return np.array(doses[:days])
        """,
        """
        steps, now, plan = dict(schedule), 0, {}
        for day in range(1, days + 1):
            now = steps.get(day, now)
            plan[day] = now
        return list(plan.values())
        """,
        """
        day = np.arange(1, days + 1)
        doses_mg = 0.0 * day
        for first, dose in schedule:
            doses_mg = np.where(day >= first, dose, doses_mg)
        return doses_mg
        """,
    ),
)

EXPOSURE_RATIO = Exercise(
    name=f"{PS5}/exposure_ratio",
    task="Exposure over normal exposure when one enzyme works at another rate.",
    arguments="fm, fold_change",
    answer="1 / (1 - fm + fm * fold_change)",
    cases=lambda rng: [
        (0.36, 0.0),
        (0.8, 0.25),
        (0.36, [0.0, 0.5, 1.0, 2.1]),
        (rng.uniform(0.1, 0.9), rng.uniform(0.1, 3)),
    ],
    unit="times",
    ideas={
        "clearance-for-exposure": (
            "1 - fm + fm * fold_change",
            "That is the clearance over normal, {gave}: exposure is dose over clearance, so it "
            "goes the other way.",
        ),
        "activity-ignored": (
            "1 / (1 - fm) + 0 * fold_change",
            "You shut the enzyme altogether, whatever its activity.",
        ),
        "ratio-upside-down": (
            "1 / (1 - fm + fm / (fold_change + 1e-12))",
            "You divide by the activity: half of the activity is half of what the enzyme clears.",
        ),
        "left-for-lost": (
            "1 / (1 - fm * fold_change)",
            "You take the activity that is left for the activity that is lost.",
        ),
        "free-instead-of-occupied": (
            "1 / (fm + (1 - fm) * fold_change)",
            "You change the share of the other ways: it is the share fm that the enzyme clears.",
        ),
        "other-exits-forgotten": (
            "1 / (fold_change + 1e-12) + 0 * fm",
            "You let the enzyme clear everything: the share 1 - fm leaves as before.",
        ),
        "block-is-rise": (
            "1 + fm * (1 - fold_change)",
            "A share lost from clearance is not the rise of exposure: half of the clearance gives "
            "twice the exposure.",
        ),
    },
    also_right=(
        "1 / (1 - fm * (1 - fold_change))",
        "np.reciprocal((1 - fm) + np.multiply(fm, fold_change))",
        """
        lost = fm * (1 - fold_change)
        left = 1 - lost
        return left**-1.0
        """,
        """
        clearance = sum([np.multiply(fm, fold_change), 1 - fm])
        return np.divide(1.0, clearance)
        """,
        """
        def one(fold):
            return 1 / (fm * fold + 1 - fm)
        return [one(fold) for fold in fold_change] if np.ndim(fold_change) else one(fold_change)
        """,
    ),
)

RENAL_CLEARANCE_RATIO = Exercise(
    name=f"{PS5}/renal_clearance_ratio",
    task="Clearance over normal clearance when only what the kidney clears has fallen.",
    arguments="fe, kidney_function",
    answer="1 - fe + fe * kidney_function",
    cases=lambda rng: [
        (0.58, 0.5),
        (0.58, [0.0, 0.16, 0.4, 1.0, 1.35]),
        (0.08, 0.3),
        (rng.uniform(0.2, 0.9), rng.uniform(0.1, 0.9)),
    ],
    unit="times",
    ideas={
        "other-exits-forgotten": (
            "kidney_function + 0 * fe",
            "You let everything leave by the kidney: the share 1 - fe leaves by other ways.",
        ),
        "free-instead-of-occupied": (
            "fe + (1 - fe) * kidney_function",
            "fe is the share that the kidney clears, and you lower the other one.",
        ),
        "ratio-upside-down": (
            "1 / (1 - fe + fe * kidney_function)",
            "That is the exposure over normal; the clearance is asked for.",
        ),
        "multiplied": (
            "fe * kidney_function",
            "That is the kidney's part alone: what leaves by other ways comes on top.",
        ),
        "share-lost-twice": (
            "1 - fe - fe * (1 - kidney_function)",
            "You take the kidney's whole share off, and then what it has lost once more.",
        ),
        "left-for-lost": (
            "1 - fe * kidney_function",
            "You take off what the kidney still does: take off what it has lost.",
        ),
        "percent": (
            "100 * (1 - fe + fe * kidney_function)",
            "You return per cent; a ratio is asked for, 1 for a normal kidney.",
        ),
    },
    also_right=(
        "1 - fe * (1 - kidney_function)",
        "np.add(1 - fe, np.multiply(fe, kidney_function))",
        "(1 - fe) * 1.0 + kidney_function * fe",
        """
        kidney, others = fe * kidney_function, 1 - fe
        return kidney + others
        """,
        """
        return np.interp(kidney_function, [0, 1e4], [1 - fe, 1 - fe + 1e4 * fe])
        """,
        "np.dot(fe, kidney_function) + (1 - fe)",
    ),
    rel=1e-6,
)

UNBOUND_NM = Exercise(
    name=f"{PS5}/unbound_nM",
    task="The unbound concentration in nM.",
    arguments="total_ng_per_mL, mw, fu",
    answer="1000 * total_ng_per_mL / mw * fu",
    cases=[
        (100.0, 500.0, 0.2),
        (23.1, 324.39, 0.44),
        ([20.0, 50.0, 85.0], 300.0, 0.3),
        (80.0, 246.35, 0.78),
    ],
    unit="nM",
    ideas={
        "total-for-unbound": (
            "1000 * total_ng_per_mL / mw + 0 * fu",
            "{gave} nM is the total: only the share fu of it is unbound.",
        ),
        "bound-for-unbound": (
            "1000 * total_ng_per_mL / mw * (1 - fu)",
            "You give the part on the proteins: fu is the share that is not there.",
        ),
        "ng-for-nM": (
            "total_ng_per_mL * fu + 0 * mw",
            "{gave} is still in ng/mL: divide by the ng in one nmol, and mind the mL in a litre.",
        ),
        "thousand-lost": (
            "total_ng_per_mL / mw * fu",
            "A thousand is lost: ng/mL over g/mol is nmol/mL, and a litre holds 1000 mL.",
        ),
        "divided-by-fu": (
            "1000 * total_ng_per_mL / mw / fu",
            "You divide by the unbound share: there cannot be more unbound than there is in all.",
        ),
        "multiplied": (
            "total_ng_per_mL * mw / 1000 * fu",
            "You multiply by the molar mass: a heavier molecule makes fewer nmol of the same ng.",
        ),
    },
    also_right=(
        "total_ng_per_mL / mw * fu * 1e3",
        "np.multiply(total_ng_per_mL, fu) / (mw / 1000)",
        """
        g_per_L = total_ng_per_mL * 1e-6
        mol_per_L = g_per_L / mw
        return fu * mol_per_L * 1e9
        """,
        """
        bound = 1000 * total_ng_per_mL / mw * (1 - fu)
        return 1000 * total_ng_per_mL / mw - bound
        """,
        "fu * total_ng_per_mL * np.divide(1000.0, mw)",
    ),
)

ONE_DOSE = """
def one_dose(time_h, dose_mg, drug):
    ka, k = drug["ka_per_h"], drug["cl_L_per_h"] / drug["v_L"]
    after_h = np.maximum(np.asarray(time_h, dtype=float), 0)
    share = ka / (ka - k) * (np.exp(-k * after_h) - np.exp(-ka * after_h))
    return 1000 * dose_mg / drug["v_L"] * share


def settled(time_h, dose_mg, interval_h, drug):
    return sum(one_dose(time_h + n * interval_h, dose_mg, drug) for n in range(300))


def held(conc, constant):
    return conc / (conc + constant)
"""


def drug(cl_L_per_h, v_L, ka_per_h, mw, fu):
    return {
        "cl_L_per_h": cl_L_per_h,
        "v_L": v_L,
        "ka_per_h": ka_per_h,
        "mw": mw,
        "fu": fu,
    }


OCCUPANCY_OVER_DAY = Exercise(
    name=f"{PS5}/occupancy_over_day",
    task="The share of the transporter held at these hours after a dose, at steady state.",
    arguments="time_h, dose_mg, interval_h, drug, ki_nM",
    answer="""
    total = settled(time_h, dose_mg, interval_h, drug)
    return held(1000 * total / drug["mw"] * drug["fu"], ki_nM)
    """,
    uses=ONE_DOSE,
    cases=[
        ([0.0, 6.0, 24.0], 30.0, 24.0, drug(20.0, 400.0, 0.5, 250.0, 0.4), 120.0),
        (3.0, 75.0, 12.0, drug(11.0, 310.0, 0.9, 410.0, 0.15), 47.0),
        ([1.0, 9.0, 20.0], 8.0, 24.0, drug(36.0, 1560.0, 0.7, 324.4, 0.44), 9.0),
        ([0.0, 5.0], 5.0, 8.0, drug(4.62, 400.0, 0.5, 250.0, 0.4), 300.0),
    ],
    unit="share",
    hint="First the levels of all doses, added up, as many as ten half-lives of 60 h hold; then "
    "nM and unbound; the share that is held comes last, once.",
    ideas={
        "first-day-for-steady-state": (
            """
            total = one_dose(time_h, dose_mg, drug)
            return held(1000 * total / drug["mw"] * drug["fu"], ki_nM)
            """,
            "You have the first day: after months the doses before this one are still partly "
            "there, and their levels add.",
        ),
        "doses-left-out": (
            """
            total = sum(one_dose(time_h + n * interval_h, dose_mg, drug) for n in range(7))
            return held(1000 * total / drug["mw"] * drug["fu"], ki_nM)
            """,
            "You look seven doses back: with a half-life of 60 h those before them have left "
            "something too. After how many half-lives is it less than 0.2 %?",
        ),
        "summed": (
            """
            hours = [time_h + n * interval_h for n in range(300)]
            levels = (one_dose(hour, dose_mg, drug) for hour in hours)
            return sum(held(1000 * one / drug["mw"] * drug["fu"], ki_nM) for one in levels)
            """,
            "You add occupancies: levels add up, and the share that is held comes from their sum.",
        ),
        "mean-level": (
            """
            mean = 1000 * dose_mg / drug["cl_L_per_h"] / interval_h + 0 * time_h
            return held(1000 * mean / drug["mw"] * drug["fu"], ki_nM)
            """,
            "You use the mean level all day: the level rises and falls, and occupancy with it.",
        ),
        "total-for-unbound": (
            """
            total = settled(time_h, dose_mg, interval_h, drug)
            return held(1000 * total / drug["mw"], ki_nM)
            """,
            "You let the drug on the plasma proteins bind too: Ki is an unbound concentration.",
        ),
        "bound-for-unbound": (
            """
            total = settled(time_h, dose_mg, interval_h, drug)
            return held(1000 * total / drug["mw"] * (1 - drug["fu"]), ki_nM)
            """,
            "You take the bound share: fu is the share that is unbound.",
        ),
        "ng-for-nM": (
            """
            total = settled(time_h, dose_mg, interval_h, drug)
            return held(total * drug["fu"], ki_nM)
            """,
            "You compare ng/mL with nM.",
        ),
        "thousand-lost": (
            """
            total = settled(time_h, dose_mg, interval_h, drug)
            return held(total / drug["mw"] * drug["fu"], ki_nM)
            """,
            "A thousand is lost: ng/mL over g/mol is micromolar.",
        ),
        "proportional-occupancy": (
            """
            total = settled(time_h, dose_mg, interval_h, drug)
            return np.minimum(1, 1000 * total / drug["mw"] * drug["fu"] / ki_nM / 2)
            """,
            "You let occupancy rise in proportion to the concentration: it bends, and half is "
            "held at Ki.",
        ),
        "interval-ignored": (
            """
            total = settled(time_h, dose_mg, 24.0, drug)
            return held(1000 * total / drug["mw"] * drug["fu"], ki_nM)
            """,
            "You give a dose every 24 h, whatever the interval.",
        ),
        "free-instead-of-occupied": (
            """
            total = settled(time_h, dose_mg, interval_h, drug)
            return 1 - held(1000 * total / drug["mw"] * drug["fu"], ki_nM)
            """,
            "You give the share that is free.",
        ),
        "percent": (
            """
            total = settled(time_h, dose_mg, interval_h, drug)
            return 100 * held(1000 * total / drug["mw"] * drug["fu"], ki_nM)
            """,
            "You return per cent; a share between 0 and 1 is asked for.",
        ),
    },
    also_right=(
        """
        level = 0.0 * np.asarray(time_h, dtype=float)
        for dose in range(150):
            level = level + one_dose(np.asarray(time_h) + dose * interval_h, dose_mg, drug)
        unbound = 1000 * level / drug["mw"] * drug["fu"]
        return unbound / (unbound + ki_nM)
        """,
        """
        ka, k = drug["ka_per_h"], drug["cl_L_per_h"] / drug["v_L"]
        slow = np.exp(-k * time_h) / (1 - np.exp(-k * interval_h))
        fast = np.exp(-ka * time_h) / (1 - np.exp(-ka * interval_h))
        total = 1000 * dose_mg * ka / (drug["v_L"] * (ka - k)) * (slow - fast)
        return 1 / (1 + ki_nM / (1e3 * total / drug["mw"] * drug["fu"]))
        """,
        """
        many = np.arange(250)[:, None]
        level = one_dose(np.atleast_1d(time_h) + many * interval_h, dose_mg, drug).sum(axis=0)
        nM = 1000 * drug["fu"] * level / drug["mw"]
        share = nM / (ki_nM + nM)
        return share if np.ndim(time_h) else share[0]
        """,
        """
        def unbound(hour):
            total, dose = 0.0, 0
            while dose < 200:
                total += float(one_dose(hour + dose * interval_h, dose_mg, drug))
                dose += 1
            return 1000 * total / drug["mw"] * drug["fu"]
        if np.ndim(time_h) == 0:
            return 1 - ki_nM / (ki_nM + unbound(time_h))
        return np.array([1 - ki_nM / (ki_nM + unbound(hour)) for hour in time_h])
        """,
        """
        now = 120 * interval_h
        total = sum(
            one_dose(now + time_h - taken, dose_mg, drug)
            for taken in np.arange(0, now + 0.5 * interval_h, interval_h)
        )
        odds = 1000 * total / drug["mw"] * drug["fu"] / ki_nM
        return odds / (1 + odds)
        """,
    ),
    rel=1e-3,
)

REPORT = """
def opened(patient, drug):
    names = ("fe", "fm", "cl_L_per_h", "half_life_h", "mw", "fu")
    return (*(drug[name] for name in names), patient["kidney_function"], patient["fold_change"])


def report(left, interval_h, dose_mg, cl, conc_nM, ki_nM):
    found = conc_nM(1000 * dose_mg / (cl * left * interval_h))
    return found / (found + ki_nM)
"""
OPEN = "fe, fm, cl, half_life_h, mw, fu, kidney, fold = opened(patient, drug)\n"
LEFT = OPEN + "left = 1 - fe - fm + fe * kidney + fm * fold\n"
LAST = "return report(left, interval_h, dose_mg, cl, lambda ng: 1000 * ng / mw * fu, ki_nM)"


def person(kidney_function, fold_change):
    return {"kidney_function": kidney_function, "fold_change": fold_change}


def cleared(cl_L_per_h, half_life_h, fe, fm, mw, fu):
    return {
        "cl_L_per_h": cl_L_per_h,
        "half_life_h": half_life_h,
        "fe": fe,
        "fm": fm,
        "mw": mw,
        "fu": fu,
    }


MENDED_OCCUPANCY = Exercise(
    name=f"{PS5}/mended_occupancy",
    task="The occupancy at the mean level of a patient, by the method of the group.",
    arguments="dose_mg, interval_h, patient, drug, ki_nM",
    answer=LEFT + LAST,
    uses=REPORT,
    cases=[
        (20.0, 24.0, person(0.4, 0.1), cleared(23.1, 12.0, 0.58, 0.36, 246.35, 0.6), 150.0),
        (50.0, 12.0, person(0.2, 0.3), cleared(40.0, 31.0, 0.3, 0.5, 410.0, 0.2), 33.0),
        (5.0, 24.0, person(0.7, 2.0), cleared(9.0, 8.0, 0.5, 0.4, 190.0, 0.05), 8.0),
    ],
    unit="share",
    ideas={
        "ratios-multiply": (
            OPEN + "left = (1 - fe + fe * kidney) * (1 - fm + fm * fold)\n" + LAST,
            "You multiply what kidney and enzyme leave: they clear side by side, so what each has "
            "lost is taken off the same clearance.",
        ),
        "interval-ignored": (
            LEFT + LAST.replace("left, interval_h", "left, half_life_h"),
            "You divide by the half-life: the mean level is what is taken in an interval, over "
            "clearance and that interval.",
        ),
        "ratio-upside-down": (
            LEFT + LAST.replace("1000 * ng / mw", "ng * mw / 1000"),
            "Your conversion is upside down: a heavier molecule makes fewer nmol of the same ng.",
        ),
        "bound-for-unbound": (
            LEFT + LAST.replace("* fu", "* (1 - fu)"),
            "You take the bound share: fu is the share that is unbound.",
        ),
        "total-for-unbound": (
            LEFT + LAST.replace(" * fu", ""),
            "You let the drug on the plasma proteins bind too: Ki is an unbound concentration.",
        ),
        "ng-for-nM": (
            LEFT + LAST.replace("1000 * ng / mw", "ng"),
            "You compare ng/mL with nM.",
        ),
        "thousand-lost": (
            LEFT + LAST.replace("1000 * ng", "ng"),
            "A thousand is lost: ng/mL over g/mol is micromolar.",
        ),
        "worse-counts": (
            OPEN + "left = min(1 - fe + fe * kidney, 1 - fm + fm * fold)\n" + LAST,
            "You let only the worse of the two count: both lower the same clearance.",
        ),
        "other-exits-forgotten": (
            OPEN + "left = fe * kidney + fm * fold\n" + LAST,
            "You forget what leaves by neither: the share 1 - fe - fm.",
        ),
    },
    also_right=(
        """
        kidney_lost = drug["fe"] * (1 - patient["kidney_function"])
        enzyme_lost = drug["fm"] * (1 - patient["fold_change"])
        cl = drug["cl_L_per_h"] * (1 - kidney_lost - enzyme_lost)
        unbound = 1e6 * dose_mg * drug["fu"] / (cl * interval_h * drug["mw"])
        return unbound / (unbound + ki_nM)
        """,
        """
        ways = [
            drug["fe"] * patient["kidney_function"],
            drug["fm"] * patient["fold_change"],
            1 - drug["fe"] - drug["fm"],
        ]
        ng_per_mL = dose_mg * 1000 / interval_h / (drug["cl_L_per_h"] * np.sum(ways))
        return 1 / (1 + ki_nM * drug["mw"] / (1000 * ng_per_mL * drug["fu"]))
        """,
        """
        both = {**patient, **drug}
        usual = 1000 * dose_mg / both["cl_L_per_h"] / interval_h
        left = (1 - both["fe"]) + both["fe"] * both["kidney_function"]
        left = left - both["fm"] + both["fm"] * both["fold_change"]
        nM = both["fu"] * usual / left / both["mw"] * 1000
        return 1 - ki_nM / (nM + ki_nM)
        """,
        """
        shares = {"fe": patient["kidney_function"], "fm": patient["fold_change"]}
        total = drug["cl_L_per_h"]
        for share, works in shares.items():
            total = total - drug["cl_L_per_h"] * drug[share] * (1 - works)
        mol_per_L = dose_mg * 1e-3 / drug["mw"] / total / interval_h * drug["fu"]
        return mol_per_L * 1e9 / (mol_per_L * 1e9 + ki_nM)
        """,
        """
        shares = np.array([drug["fe"], drug["fm"], 1 - drug["fe"] - drug["fm"]])
        works = np.array([patient["kidney_function"], patient["fold_change"], 1.0])
        conc = np.divide(1000 * dose_mg, drug["cl_L_per_h"] * (shares @ works) * interval_h)
        conc = np.multiply(conc, drug["fu"]) / (drug["mw"] / 1000)
        return conc / np.add(conc, ki_nM)
        """,
    ),
)

# -- answers that are values: whole cells, wrong ones by the code of their idea, other right ones --

SHARES = """
fe = own["unchanged_share"]
fm = 1 - 1 / own["inhibited_ratio"]
kidney = own["renal_L_per_h"] / own["renal_healthy_L_per_h"]
activity = own["enzyme_activity"]
"""
TROUGH = """
hours = 24.0 * np.arange(1, 300)
per_mg = sum(one_dose(hours, 1.0, own_drug))
"""
GAPS = """
def gap(level):
    other = own["b_ceiling_percent"] * level / (level + own["b_ec50_ng_per_mL"])
    return abs(100 * level / (level + own["a_ec50_ng_per_mL"]) - other)
gaps = {"low": gap(own["low_ng_per_mL"]), "same": gap(own["scanned_ng_per_mL"])}
gaps["high"] = gap(own["high_ng_per_mL"])
"""

CELLS = {
    "own_exposure": {
        "wrong": {
            "ratios-multiply": SHARES
            + "own_exposure = exposure_ratio(fm, activity) / renal_clearance_ratio(fe, kidney)",
            "block-is-rise": SHARES
            + 'fm = own["inhibited_ratio"] - 1\n'
            + "own_exposure = 1 / (1 - fe - fm + fe * kidney + fm * activity)",
            "left-for-lost": SHARES
            + 'fm = 1 / own["inhibited_ratio"]\n'
            + "own_exposure = 1 / (1 - fe - fm + fe * kidney + fm * activity)",
            "one-door": SHARES + "own_exposure = exposure_ratio(fm, activity)",
            "worse-counts": SHARES
            + "own_exposure = max(exposure_ratio(fm, activity),"
            + " 1 / renal_clearance_ratio(fe, kidney))",
            "rises-added": SHARES
            + "own_exposure = exposure_ratio(fm, activity)"
            + " + 1 / renal_clearance_ratio(fe, kidney) - 1",
            "clearance-for-exposure": SHARES
            + "own_exposure = 1 - fe - fm + fe * kidney + fm * activity",
            "activity-ignored": SHARES + "own_exposure = 1 / (1 - fe - fm + fe * kidney)",
            "other-exits-forgotten": SHARES + "own_exposure = 1 / (fe * kidney + fm * activity)",
            "share-lost-twice": SHARES
            + "own_exposure = 1 / (1 - fe - fm + fe * (1 - kidney) + fm * (1 - activity))",
        },
        "right": (
            SHARES + "own_exposure = 1 / (1 - fe * (1 - kidney) - fm * (1 - activity))",
            SHARES
            + "left = renal_clearance_ratio(fe, kidney) + 1 / exposure_ratio(fm, activity) - 1\n"
            + "own_exposure = np.array([1 / left])",
            """
            lost = own["unchanged_share"] * (1 - own["renal_L_per_h"]
                                             / own["renal_healthy_L_per_h"])
            lost += (1 - own["inhibited_ratio"] ** -1) * (1 - own["enzyme_activity"])
            own_exposure = round(1 / (1 - lost), 3)
            """,
            """
            ways = {"kidney": own["unchanged_share"], "enzyme": 1 - 1 / own["inhibited_ratio"]}
            ways["rest"] = 1 - sum(ways.values())
            works = {"kidney": own["renal_L_per_h"] / own["renal_healthy_L_per_h"]}
            works.update(enzyme=own["enzyme_activity"], rest=1.0)
            own_exposure = 1 / sum(ways[way] * works[way] for way in ways)
            """,
            SHARES
            + "after_kidney = 1 - fe + fe * kidney\n"
            + "new_share = fm / after_kidney\n"
            + "own_exposure = exposure_ratio(new_share, activity) / after_kidney",
        ),
    },
    "own_matching_dose": {
        "wrong": {
            "multiplied": "own_matching_dose_mg = 120 * own_exposure",
            "ratio-upside-down": "own_matching_dose_mg = own_exposure / 120",
            "clearance-is-amount": "own_matching_dose_mg = 120 * (1 - 1 / own_exposure)",
            "difference": "own_matching_dose_mg = 120 - 20 * own_exposure",
            "interactions-are-looked-up": "own_matching_dose_mg = 40.0",
            "rises-added": "own_matching_dose_mg = 120 / (1 + own_exposure)",
            "whole-steps-only": "own_matching_dose_mg = 20.0 * (120 / own_exposure // 20)",
        },
        "right": (
            "own_matching_dose_mg = np.array(120.0) / own_exposure",
            "own_matching_dose_mg = 120 * own_exposure ** -1",
            "left = 1 / own_exposure\nown_matching_dose_mg = np.round(left * 120, 2)",
            SHARES
            + "own_matching_dose_mg = 120 * (1 - fe * (1 - kidney) - fm * (1 - activity))",
            "doses = np.linspace(1, 120, 100_000)\n"
            "own_matching_dose_mg = doses[np.argmin(abs(doses * own_exposure - 120))]",
        ),
    },
    "own_capsules": {
        "wrong": {
            "whole-steps-only": "own_capsules_mg = 20 * np.ceil(own_matching_dose_mg / 20)",
            "one-end-decides": "own_capsules_mg = 20",
            "interactions-are-looked-up": "own_capsules_mg = 80",
            "count-for-share": "own_capsules_mg = own_matching_dose_mg // 20",
            "halved": "own_capsules_mg = 20 * (own_matching_dose_mg // 40)",
            "digits-are-precision": "own_capsules_mg = own_matching_dose_mg",
        },
        "right": (
            "own_capsules_mg = 20 * int(own_matching_dose_mg / 20)",
            "own_capsules_mg = float(np.floor(own_matching_dose_mg / 20) * 20)",
            "own_capsules_mg = max(d for d in (20, 40, 60, 80, 100, 120)"
            " if d <= own_matching_dose_mg)",
            "own_capsules_mg = own_matching_dose_mg - own_matching_dose_mg % 20",
            "own_capsules_mg = 120\n"
            "while own_capsules_mg > own_matching_dose_mg:\n    own_capsules_mg -= 20",
        ),
    },
    "own_days": {
        "wrong": {
            "half-life-is-a-cause": 'own_days = own["half_life_h"] * np.log2(10) / 24',
            "bigger-dose-settles-sooner": (
                'own_days = own["half_life_h"] / own_exposure * np.log2(10) / 24'
            ),
            "ln2-lost": 'own_days = own["half_life_h"] * own_exposure * np.log(10) / 24',
            "wrong-logarithm": 'own_days = own["half_life_h"] * own_exposure * np.log10(10) / 24',
            "left-for-lost": 'own_days = own["half_life_h"] * own_exposure * np.log2(1 / 0.9) / 24',
            "interval-ignored": 'own_days = own["half_life_h"] * own_exposure * np.log2(10)',
            "whole-steps-only": 'own_days = own["half_life_h"] * own_exposure * 4 / 24',
        },
        "right": (
            'own_days = own["half_life_h"] * own_exposure * np.log(10) / np.log(2) / 24',
            'own_days = own["half_life_h"] * own_exposure / 24 / -np.log10(0.5)',
            """
            k = np.log(2) / (own["half_life_h"] * own_exposure)
            own_days = -np.log(1 - 0.9) / k / 24
            """,
            """
            hours = np.arange(0, 2000, 0.01)
            missing = 0.5 ** (hours / (own["half_life_h"] * own_exposure))
            own_days = hours[np.argmax(missing < 0.1)] / 24
            """,
            'own_days = round(3.32 * own_exposure * own["half_life_h"] / 24, 2)',
        ),
    },
    "own_ec50": {
        "wrong": {
            "nearest-concentration": """
                near = np.argmin(abs(own["scans_percent"] - 50))
                own_ec50_ng_per_mL = own["scans_ng_per_mL"][near]
            """,
            "middle-only": 'own_ec50_ng_per_mL = np.median(own["scans_ng_per_mL"])',
            "geometric-mean": (
                'own_ec50_ng_per_mL = np.exp(np.mean(np.log(own["scans_ng_per_mL"])))'
            ),
            "arithmetic-mean": 'own_ec50_ng_per_mL = np.mean(own["scans_ng_per_mL"])',
            "ceiling-is-fact": """
                def curve(level, ec50):
                    return max(own["scans_percent"]) * level / (level + ec50)
                best = curve_fit(curve, own["scans_ng_per_mL"], own["scans_percent"], [3.0])[0]
                own_ec50_ng_per_mL = best[0]
            """,
            "straight-line": """
                slope, start = np.polyfit(own["scans_ng_per_mL"], own["scans_percent"], 1)
                own_ec50_ng_per_mL = (50 - start) / slope
            """,
            "molar": """
                odds = (100 - own["scans_percent"]) / own["scans_percent"]
                own_ec50_ng_per_mL = 1000 * np.median(own["scans_ng_per_mL"] * odds) / 300
            """,
            "ratio-upside-down": """
                odds = own["scans_percent"] / (100 - own["scans_percent"])
                own_ec50_ng_per_mL = np.median(own["scans_ng_per_mL"] * odds)
            """,
        },
        "right": (
            """
            def curve(level, log_ec50):
                return 100 * level / (level + np.exp(log_ec50))
            best = curve_fit(curve, own["scans_ng_per_mL"], own["scans_percent"], [1.0])[0]
            own_ec50_ng_per_mL = np.exp(best)
            """,
            """
            tried = np.arange(0.5, 12, 0.002)
            level, seen = own["scans_ng_per_mL"], own["scans_percent"]
            off = [np.sum((100 * level / (level + one) - seen) ** 2) for one in tried]
            own_ec50_ng_per_mL = tried[int(np.argmin(off))]
            """,
            """
            from scipy.optimize import minimize_scalar
            level, share = own["scans_ng_per_mL"], own["scans_percent"] / 100
            best = minimize_scalar(
                lambda k: np.sum((level / (level + k) - share) ** 2),
                bounds=(0.1, 20), method="bounded",
            )
            own_ec50_ng_per_mL = round(best.x, 2)
            """,
            """
            share = own["scans_percent"] / 100
            logs = np.log(own["scans_ng_per_mL"]) - np.log(share / (1 - share))
            own_ec50_ng_per_mL = np.exp(logs.mean())
            """,
            """
            each = own["scans_ng_per_mL"] * (100 - own["scans_percent"]) / own["scans_percent"]
            own_ec50_ng_per_mL = np.median(each)
            """,
        ),
    },
    "own_dose": {
        "wrong": {
            "mean-level": (
                'own_dose_mg = 4 * own_ec50_ng_per_mL * own["cl_L_per_h"] * 24 / 1000'
            ),
            "first-day-for-steady-state": (
                "own_dose_mg = 4 * own_ec50_ng_per_mL / one_dose(24.0, 1.0, own_drug)"
            ),
            "proportional-occupancy": (
                TROUGH + "own_dose_mg = 2 * 0.8 * own_ec50_ng_per_mL / per_mg"
            ),
            "ec50-is-full": TROUGH + "own_dose_mg = 0.8 * own_ec50_ng_per_mL / per_mg",
            "share-forgotten": TROUGH + "own_dose_mg = own_ec50_ng_per_mL / per_mg",
            "ratio-upside-down": TROUGH + "own_dose_mg = own_ec50_ng_per_mL / 4 / per_mg",
            "level-multiplied": TROUGH + "own_dose_mg = 4 * own_ec50_ng_per_mL * per_mg",
            "forgot-one": TROUGH + "own_dose_mg = 5 * own_ec50_ng_per_mL / per_mg",
        },
        "right": (
            TROUGH + "own_dose_mg = own_ec50_ng_per_mL / (1 / 0.8 - 1) / per_mg",
            """
            k, ka = own["cl_L_per_h"] / own["v_L"], own["ka_per_h"]
            slow, fast = 1 / (np.exp(24 * k) - 1), 1 / (np.exp(24 * ka) - 1)
            per_mg = 1000 * ka / own["v_L"] / (ka - k) * (slow - fast)
            own_dose_mg = 4 * own_ec50_ng_per_mL / per_mg
            """,
            """
            from scipy.optimize import brentq
            def trough(dose):
                level = sum(one_dose(24.0 * day, dose, own_drug) for day in range(1, 200))
                return level / (level + own_ec50_ng_per_mL)
            own_dose_mg = brentq(lambda dose: trough(dose) - 0.8, 0.1, 1000)
            """,
            """
            plain = own_drug | {"mw": 1000.0, "fu": 1.0}  # then nM and ng/mL are the same number
            tried = np.arange(0.5, 400, 0.05)
            held = [
                occupancy_over_day(np.array([24.0]), d, 24.0, plain, own_ec50_ng_per_mL)[0]
                for d in (1.0,)
            ]
            own_dose_mg = 4 * (1 - held[0]) / held[0]
            """,
            TROUGH
            + """
level_mg = np.arange(0.1, 500, 0.01)
share = level_mg * per_mg / (level_mg * per_mg + own_ec50_ng_per_mL)
own_dose_mg = np.interp(0.8, share, level_mg)
""",
        ),
    },
    "own_scan": {
        "wrong": {
            "as-in-the-body": 'own_scan = "same"',
            "wrong-end": GAPS + 'own_scan = "high" if gaps["low"] > gaps["high"] else "low"',
            "middle-is-enough": GAPS + "own_scan = min(gaps, key=gaps.get)",
            "one-end-decides": "own_scan = None",
            "count-for-share": GAPS + "own_scan = max(gaps.values())",
            "sign-for-cause": 'own_scan = "middle"',
        },
        "right": (
            GAPS + "own_scan = max(gaps, key=gaps.get)",
            GAPS + 'own_scan = ["low", "high"][int(gaps["high"] > gaps["low"])]',
            GAPS + 'own_scan = "low" if gaps["low"] > gaps["high"] else "high"',
            GAPS + "own_scan = sorted(gaps.items(), key=lambda one: one[1])[-1][0]",
            GAPS + "own_scan = list(gaps)[int(np.argmax(list(gaps.values())))]",
        ),
    },
    "own_difference": {
        "wrong": {
            "share-for-ratio": GAPS + "own_difference = max(gaps.values()) / 100",
            "ratio-for-difference": GAPS + 'own_difference = gaps["high"] / gaps["low"]',
            "wrong-end": GAPS + 'own_difference = min(gaps["low"], gaps["high"])',
            "maximum-ignored": """
                a, b = own["a_ec50_ng_per_mL"], own["b_ec50_ng_per_mL"]
                own_difference = max(
                    100 * abs(x / (x + a) - x / (x + b))
                    for x in (own["low_ng_per_mL"], own["high_ng_per_mL"])
                )
            """,
            "middle-is-enough": GAPS + 'own_difference = gaps["same"]',
            "summed": GAPS + "own_difference = sum(gaps.values())",
            "averaged": GAPS + 'own_difference = (gaps["low"] + gaps["high"]) / 2',
        },
        "right": (
            GAPS + "own_difference = max(gaps.values())",
            GAPS + "own_difference = -max(gaps.values())",
            GAPS + "own_difference = np.round(gaps[own_scan], 1)",
            """
            levels = np.array([own["low_ng_per_mL"], own["high_ng_per_mL"]])
            a = 100 * levels / (levels + own["a_ec50_ng_per_mL"])
            b = own["b_ceiling_percent"] * levels / (levels + own["b_ec50_ng_per_mL"])
            own_difference = abs(a - b).max()
            """,
            """
            place = {"low": "low_ng_per_mL", "high": "high_ng_per_mL"}[own_scan]
            one = 100 / (1 + own["a_ec50_ng_per_mL"] / own[place])
            own_difference = one - own["b_ceiling_percent"] / (
                1 + own["b_ec50_ng_per_mL"] / own[place]
            )
            """,
        ),
    },
    "own_people": {
        "wrong": {
            "root-forgotten": (
                'own_people = int(np.ceil(4 * own["sd_points"] / abs(own_difference)))'
            ),
            "one-end-decides": "own_people = 1",
            "se-for-sd": (
                'own_people = int(np.ceil((own["sd_points"] / abs(own_difference)) ** 2))'
            ),
            "halved": (
                'own_people = int(np.ceil((2 * own["sd_points"] / abs(own_difference)) ** 2))'
            ),
            "whole-steps-only": (
                'own_people = int((4 * own["sd_points"] / abs(own_difference)) ** 2)'
            ),
            "ratio-upside-down": (
                'own_people = int(np.ceil((4 * abs(own_difference) / own["sd_points"]) ** 2))'
            ),
        },
        "right": (
            'own_people = int(np.ceil(16 * own["sd_points"] ** 2 / own_difference**2))',
            'own_people = np.ceil((4 * own["sd_points"] / own_difference) ** 2)',
            """
            own_people = 1
            while own["sd_points"] / own_people**0.5 > abs(own_difference) / 4:
                own_people += 1
            """,
            """
            people = np.arange(1, 500)
            errors = own["sd_points"] / np.sqrt(people)
            own_people = people[errors <= abs(own_difference) / 4][0]
            """,
            'own_people = next(n for n in range(1, 999)'
            ' if own["sd_points"] / np.sqrt(n) <= abs(own_difference) / 4)',
        ),
    },
}  # fmt: skip

# -- wrong answers that no test should refuse: (answer, what stands in it) to the reason -----------

SHARES_HOLD = "for shares and rates as they are declared it changes nothing"
FAR_BACK = "of doses so far back nothing is left"
START = "where the fit starts does not matter"
SMALL = "a change far smaller than the 0.2 % within which a number is right"
EQUIVALENT = {
    **{
        (name, f"{thousand} *"): SMALL
        for name in ("unbound_nM", "occupancy_over_day", "mended_occupancy")
        for thousand in (999, 1001)
    },
    **{("titration", f"return np.{how}(doses_mg"): "doses" for how in ("maximum", "abs")},
    **{("exposure_ratio", f"np.{how}("): SHARES_HOLD for how in ("maximum", "abs")},
    **{("renal_clearance_ratio", f"np.{how}("): SHARES_HOLD for how in ("maximum", "abs")},
    ("renal_clearance_ratio", "np.clip(1 - fe + fe * kidney_function, 0, 100)"): SHARES_HOLD,
    **{
        ("occupancy_over_day", f"range({n})"): FAR_BACK
        for n in (12000, 200000, 20000, 201, 199, 400)
    },
    **{
        ("own_ec50", f"p0=[{start}]"): START
        for start in ("180.0", "0.05", "3000.0", "0.003", "300.0", "0.03", "4.0", "2.0", "0", "6.0")
    },
    ("own_ec50", "best[-1]"): "there is one constant",
    ("own_ec50", "100 * (level / (level + ec50))"): "the same curve",
    **{("own_ec50", f"return np.{how}("): "the same curve" for how in ("maximum", "clip", "abs")},
}
NO_SLIPS = {
    "student_id": "every id is right",
    "own_scan": "one of two words: one that is right is right, however it was found",
}

# -- a drug, a patient and a scanner of one's own --------------------------------------------------

CASES = 1000
SEED = 2015
NEAR = 0.05  # how far, at least, each usual wrong way is from the right exposure
LOW = (0.12, 0.20, 0.30, 0.42, 0.55, 0.68, 1.7, 2.6)  # levels over EC50: none near half,
HIGH = (0.40, 0.60, 1.6, 2.1, 2.8, 3.6, 4.8, 6.5)  # and their middle far from it


def draws(number):
    """Return the random numbers of a case; the first that is drawn is the EC50."""
    return np.random.default_rng([SEED, number])


def truth(number, rng=None):
    """Return the true EC50 (ng/mL)."""
    rng = rng or draws(number)
    return math.exp(rng.uniform(math.log(1.5), math.log(6.0)))


def exposures(fe, ratio, kidney, activity):
    """Return the right exposure ratio and the usual wrong ones."""
    fm = 1 - 1 / ratio
    renal, enzyme = 1 / (1 - fe + fe * kidney), 1 / (1 - fm + fm * activity)

    def left(fe, fm, kidney, activity):
        return 1 - fe - fm + fe * kidney + fm * activity

    wrong = {
        "ratios-multiply": renal * enzyme,
        "block-is-rise": 1 / left(fe, ratio - 1, kidney, activity),
        "left-for-lost": 1 / left(fe, 1 / ratio, kidney, activity),
        "one-door": enzyme,
        "worse-counts": max(renal, enzyme),
        "rises-added": renal + enzyme - 1,
        "clearance-for-exposure": left(fe, fm, kidney, activity),
        "activity-ignored": 1 / left(fe, fm, kidney, 0.0),
        "other-exits-forgotten": 1 / (fe * kidney + fm * activity),
        "share-lost-twice": 1 / left(fe, fm, 1 - kidney, 1 - activity),
    }
    return 1 / left(fe, fm, kidney, activity), wrong


def dials(rng, fe, healthy):
    """Draw clearance, volume and way in, as printed, and the half-life that they make.

    The level that 1 mg a day leaves is not near 1: there dividing by it and multiplying are alike.
    """
    cl = round(healthy / fe, 1)
    while True:
        volume = round(cl * rng.uniform(9.0, 16.0) / math.log(2))
        k, ka = cl / volume, round(rng.uniform(0.5, 1.2), 2)
        left = 1 / math.expm1(24 * k) - 1 / math.expm1(24 * ka)
        if abs(math.log(1000 / volume * ka / (ka - k) * left)) > 0.08:
            return cl, volume, ka, math.log(2) / k


def patient(rng):
    """Draw shares and doors, as printed, until no usual wrong way comes near the right one."""
    while True:
        fe = round(rng.uniform(0.45, 0.65), 2)
        fm = rng.uniform(0.20, 0.95 - fe)
        ratio = round(1 / (1 - fm), 2)
        healthy = round(rng.uniform(6.0, 14.0), 1)
        renal = round(healthy * rng.uniform(0.10, 0.80), 2)
        activity = round(rng.uniform(0.05, 0.50), 2)
        right, wrong = exposures(fe, ratio, renal / healthy, activity)
        dose_mg = 120 / right
        steps = min(abs(dose_mg / step - 1) for step in range(20, 121, 20))
        far = min(abs(one / right - 1) for one in wrong.values())
        if far > NEAR and right > 1.08 * wrong["ratios-multiply"] and dose_mg > 20 and steps > 0.06:
            return fe, ratio, healthy, renal, activity


def stories(rng):
    """Draw two stories that agree at one level, and the levels of three scans, as printed."""
    while True:
        a, ceiling = math.exp(rng.uniform(math.log(1.5), math.log(6.0))), rng.uniform(78, 92)
        level = a * rng.uniform(1.5, 3.2)
        b = ceiling / 100 * (level + a) - level
        sd = round(rng.uniform(4.0, 8.0), 1)
        if b <= 0.1 * a:
            continue
        printed = [float(f"{x:.4g}") for x in (a, b, ceiling, level, level / 6, 4 * level)]
        low, high = gaps(*printed)
        blind = [abs(100 * x / (x + a) - 100 * x / (x + b)) for x in printed[4:]]
        people = (4 * sd / max(low, high)) ** 2
        whole = people % 1
        clear = abs(max(blind) - max(low, high)) > 1 and abs(low - high) > 2
        if max(low, high) > 5 and clear and 0.1 < whole < 0.9 and people > 1:
            return printed, sd


def gaps(a, b, ceiling, level, low, high):
    """Return how far two stories are apart (points) at the low and at the high level."""
    del level
    return [abs(100 * x / (x + a) - ceiling * x / (x + b)) for x in (low, high)]


def case(number):
    """Return what the table tells of a case.

    Illustrative: levels of eight scans within 8 % of their plan, 1.3 points of noise.
    """
    rng = draws(number)
    ec50 = truth(number, rng)
    planned = np.array((LOW, HIGH)[rng.integers(2)]) * ec50
    levels = np.round(rng.permutation(planned) * np.exp(rng.uniform(-0.08, 0.08, 8)), 2)
    noise = 1.3 * np.clip(rng.standard_normal(8), -2, 2)
    seen = np.round(100 * levels / (levels + ec50) + noise, 1)
    fe, ratio, healthy, renal, activity = patient(rng)
    printed, sd = stories(rng)
    a, b, ceiling, level, low, high = printed
    cl, volume, ka, half_life_h = dials(rng, fe, healthy)
    return {
        "unchanged_share": f"{fe:.2f}",
        "inhibited_ratio": f"{ratio:.2f}",
        "renal_healthy_L_per_h": f"{healthy:.1f}",
        "renal_L_per_h": f"{renal:.2f}",
        "enzyme_activity": f"{activity:.2f}",
        "half_life_h": f"{half_life_h:.1f}",
        "cl_L_per_h": f"{cl:.1f}",
        "v_L": f"{volume:.0f}",
        "ka_per_h": f"{ka:.2f}",
        "scans_ng_per_mL": " ".join(f"{x:.2f}" for x in levels),
        "scans_percent": " ".join(f"{x:.1f}" for x in seen),
        "a_ec50_ng_per_mL": f"{a:g}",
        "b_ec50_ng_per_mL": f"{b:g}",
        "b_ceiling_percent": f"{ceiling:g}",
        "scanned_ng_per_mL": f"{level:g}",
        "low_ng_per_mL": f"{low:g}",
        "high_ng_per_mL": f"{high:g}",
        "sd_points": f"{sd:.1f}",
    }
