"""Assignment 1, the synapse: answers, wrong ideas and other right ways. For teachers only.

`snrilab.exercises.find("ps1_synapse/occupancy")` finds this file where `source/` is at hand; it is
never part of a release.
"""

import numpy as np

from snrilab.exercises import Exercise

OCCUPANCY = Exercise(
    name="ps1_synapse/occupancy",
    task="The share of the transporters that a drug holds, from 0 to 1.",
    arguments="conc_nM, kd_nM",
    answer="conc_nM / (conc_nM + kd_nM)",
    cases=lambda rng: [
        (12.0, 3.0),
        (2.0, 7.0),
        ([0, 0.4, 3, 9, 45], 4.0),
        (rng.uniform(0.1, 60, 4), rng.uniform(1, 20)),
    ],
    unit="share",
    ideas={
        "free-instead-of-occupied": (
            "kd_nM / (conc_nM + kd_nM)",
            "Your share falls as the drug rises: that is what stays free; the task asks for what "
            "is held.",
        ),
        "ratio": (
            "conc_nM / kd_nM",
            "You return held over free transporters; the task asks for held ones over all of them.",
        ),
        "proportional-occupancy": (
            "np.minimum(0.5 * conc_nM / kd_nM, 1)",
            "You take twice the drug for twice the share: at Kd half is held, but the other half "
            "never fills in proportion, since fewer and fewer sites are free.",
        ),
        "ec50-is-full": (
            "np.minimum(conc_nM / kd_nM, 1)",
            "You let the drug hold everything at its Kd: there it holds half.",
        ),
        "exponential-rise": (
            "1 - np.exp(-conc_nM / kd_nM)",
            "You used an exponential: that is how binding rises in time; against concentration, at "
            "equilibrium, it is a hyperbola.",
        ),
        "squared-concentration": (
            "conc_nM**2 / (conc_nM**2 + kd_nM**2)",
            "Your curve is S-shaped: one molecule holds one transporter, so the concentration "
            "stands to the power of one.",
        ),
        "percent": (
            "100 * conc_nM / (conc_nM + kd_nM)",
            "You return per cent; the task asks for a share from 0 to 1.",
        ),
    },
    also_right=(
        "1 - kd_nM / (conc_nM + kd_nM)",
        "(conc_nM / kd_nM) / (1 + conc_nM / kd_nM)",
        """
        one = np.vectorize(lambda c, k: c / (c + k), otypes=[float])
        return one(conc_nM, kd_nM)
        """,
    ),
)

UPTAKE_RATE = Exercise(
    name="ps1_synapse/uptake_rate",
    task="The rate of uptake beside a competing inhibitor, in the unit of vmax.",
    arguments="substrate_nM, vmax, km_nM, inhibitor_nM, ki_nM",
    answer="""
    apparent_km_nM = km_nM * (1 + inhibitor_nM / ki_nM)
    return vmax * substrate_nM / (apparent_km_nM + substrate_nM)
    """,
    cases=lambda rng: [
        (90.0, 210.0, 350.0, 17.0, 6.0),
        (400.0, 80.0, 250.0, 0.0, 11.0),
        ([0, 40, 400, 4000, 4e4], 120.0, 463.0, 30.0, 12.0),
        (250.0, 60.0, 500.0, [0, 2, 9, 70], 5.0),
        (10 ** rng.uniform(1, 4, 4), 95.0, rng.uniform(150, 900), 25.0, rng.uniform(2, 60)),
    ],
    unit="same as vmax",
    ideas={
        "competitor-lowers-maximum": (
            (
                "vmax / (1 + inhibitor_nM / ki_nM) * substrate_nM / (km_nM + substrate_nM)",
                "vmax / (1 + inhibitor_nM / ki_nM) * substrate_nM"
                " / (km_nM * (1 + inhibitor_nM / ki_nM) + substrate_nM)",
            ),
            "You lower Vmax: that takes pumps out of service; a competitor leaves Vmax alone, so "
            "that enough substrate wins every pump back.",
        ),
        "inhibitor-helps": (
            "vmax * substrate_nM / (km_nM / (1 + inhibitor_nM / ki_nM) + substrate_nM)",
            "Your uptake rises with the inhibitor: competition makes the apparent Km larger; "
            "multiply Km, do not divide it.",
        ),
        "forgot-one": (
            "vmax * substrate_nM / (km_nM * inhibitor_nM / ki_nM + substrate_nM)",
            "Without inhibitor your apparent Km is zero; it must be Km itself: the factor is (1 + "
            "inhibitor/Ki).",
        ),
        "kd-for-ki": (
            "vmax * substrate_nM / (km_nM * (1 + inhibitor_nM / km_nM) + substrate_nM)",
            "You divide the inhibitor by the Km of the substrate; the inhibitor has a constant of "
            "its own, Ki.",
        ),
        "constants-swapped": (
            "vmax * substrate_nM / (ki_nM * (1 + inhibitor_nM / km_nM) + substrate_nM)",
            "Km and Ki have changed places: Km belongs to the substrate, Ki to the inhibitor.",
        ),
        "free-instead-of-occupied": (
            "vmax * (1 - substrate_nM / (km_nM * (1 + inhibitor_nM / ki_nM) + substrate_nM))",
            "Your uptake falls as the substrate rises: that is what the pumps could still carry, "
            "not what they carry.",
        ),
        "fraction-instead-of-amount": (
            "substrate_nM / (km_nM * (1 + inhibitor_nM / ki_nM) + substrate_nM)",
            "You return a share of Vmax; the task asks for a rate, in the unit of vmax.",
        ),
    },
    also_right=(
        "vmax / (1 + km_nM * (1 + inhibitor_nM / ki_nM) / np.maximum(substrate_nM, 1e-300))",
        "vmax * (substrate_nM / km_nM) / (1 + substrate_nM / km_nM + inhibitor_nM / ki_nM)",
        """
        def one(s, most, km, i, ki):
            return most * s / (km + km * i / ki + s)
        each = np.vectorize(one, otypes=[float])
        return each(substrate_nM, vmax, km_nM, inhibitor_nM, ki_nM)
        """,
    ),
)

FOLD_INCREASE = Exercise(
    name="ps1_synapse/fold_increase",
    task="The level with a block as a multiple of the level without, release as before.",
    arguments="occupancy, non_transporter_fraction",
    answer="1 / ((1 - occupancy) * (1 - non_transporter_fraction) + non_transporter_fraction)",
    cases=lambda rng: [
        (0.72, 0.14),
        (0.0, 0.3),
        ([0, 0.35, 0.85, 0.97], 0.08),
        (0.9, [0.03, 0.2, 0.6]),
        (rng.uniform(0.1, 0.95, 4), rng.uniform(0.05, 0.4)),
    ],
    unit="times",
    ideas={
        "block-is-rise": (
            "1 + occupancy",
            "You read the share that is blocked as the share by which the level rises: what counts "
            "is the outflow that is left.",
        ),
        "other-exits-forgotten": (
            (
                "1 / (1 - occupancy)",
                "1 / ((1 - occupancy) * (1 - non_transporter_fraction))",
            ),
            "With every transporter blocked your level has no end: the other ways out stay open.",
        ),
        "straight-line-to-ceiling": (
            "1 + occupancy * (1 / non_transporter_fraction - 1)",
            "Your level climbs in a straight line to its ceiling: it is one over the outflow that "
            "is left, so the last pumps count most.",
        ),
        "free-instead-of-occupied": (
            "1 / (occupancy * (1 - non_transporter_fraction) + non_transporter_fraction)",
            "Without a drug your level is at its ceiling: what the transporters still carry is 1 - "
            "occupancy of their share.",
        ),
        "ratio-upside-down": (
            "(1 - occupancy) * (1 - non_transporter_fraction) + non_transporter_fraction",
            "Your level falls with the block: this is the outflow that is left at a given level; "
            "the level rises by one over it.",
        ),
        "added": (
            "1 / ((1 - occupancy) + non_transporter_fraction)",
            "Without a drug your level is not 1: transporters and other ways out together carry "
            "all of it, so the transporters carry only what the others leave.",
        ),
        "times-more-is-one-more": (
            "1 / ((1 - occupancy) * (1 - non_transporter_fraction) + non_transporter_fraction) - 1",
            "You return by how much it rises; the task asks how many times the level is: no change "
            "is 1, not 0.",
        ),
    },
    also_right=(
        "1 / (1 - occupancy * (1 - non_transporter_fraction))",
        "1 / (1 - occupancy + occupancy * non_transporter_fraction)",
        """
        through_pump = (1 - np.asarray(non_transporter_fraction)) * (1 - np.asarray(occupancy))
        return (through_pump + non_transporter_fraction) ** -1.0
        """,
    ),
)

AUTORECEPTOR_BRAKE = Exercise(
    name="ps1_synapse/autoreceptor_brake",
    task="Release at a level of serotonin as a multiple of the release at rest.",
    arguments="level, ec50, gain",
    answer="(1 + (1 / ec50) ** gain) / (1 + (level / ec50) ** gain)",
    cases=lambda rng: [
        (2.6, 1.7, 1.4),
        (1.0, 2.3, 1.9),
        ([0, 0.5, 1.5, 4, 9], 1.4, 1.65),
        (3.0, [0.6, 1.3, 5.0], 2.4),
        (rng.uniform(0.3, 8, 4), rng.uniform(0.7, 4), rng.uniform(0.8, 3)),
    ],
    unit="times the release at rest",
    ideas={
        "brake-off-at-rest": (
            "1 / (1 + (level / ec50) ** gain)",
            "At rest your release is not 1: serotonin holds a part of the receptors there too, so "
            "divide by the share that is free at rest.",
        ),
        "block-raises-release": (
            "(1 + (level / ec50) ** gain) / (1 + (1 / ec50) ** gain)",
            "Your release rises with serotonin: the receptors are a brake, so more serotonin "
            "leaves less release.",
        ),
        "held-is-release": (
            "(level / ec50) ** gain / (1 + (level / ec50) ** gain)",
            "You return the share of receptors that serotonin holds; release follows those that "
            "are free.",
        ),
        "ratio-upside-down": (
            "(1 + ec50**gain) / (1 + (ec50 / np.maximum(level, 1e-300)) ** gain)",
            "Your ratio is upside down: held over free receptors is level over ec50, to the power "
            "of gain.",
        ),
        "difference": (
            "1 - (1 / (1 + (1 / ec50) ** gain) - 1 / (1 + (level / ec50) ** gain))",
            "You take one free share from the other; asked is how many times the one is the other.",
        ),
        "brake-unknown": (
            "1 + 0 * (level + ec50 + gain)",
            "Your release never changes: that is a synapse without autoreceptors.",
        ),
        "exponential-rise": (
            "np.exp(-gain * (level - 1) / ec50)",
            "You used an exponential: receptors fill as a hyperbola does, here with a power.",
        ),
    },
    also_right=(
        """
        def free(x):
            return 1 / (1 + (x / ec50) ** gain)
        return free(level) / free(1)
        """,
        "(ec50**gain + 1) / (ec50**gain + level**gain)",
        """
        held = (level / ec50) ** gain / (1 + (level / ec50) ** gain)
        held_at_rest = (1 / ec50) ** gain / (1 + (1 / ec50) ** gain)
        return (1 - held) / (1 - held_at_rest)
        """,
    ),
)

BALANCE = """
def positive_root(a, b, c):
    # of a x**2 + b x - c, without the difference of two numbers that are nearly equal
    root = np.sqrt(b * b + 4 * a * c)
    return 2 * c / (b + root) if b > 0 else (root - b) / (2 * a)


def level_of(release, vmax, apparent_km_nM, other_rate):
    return positive_root(
        other_rate, vmax - release + other_rate * apparent_km_nM, release * apparent_km_nM
    )
"""

STEADY_STATE_LEVEL = Exercise(
    name="ps1_synapse/steady_state_level",
    task="The level in nM at which transporters and other ways out carry away what is released.",
    arguments="release, vmax, km_nM, other_rate, inhibitor_nM, ki_nM",
    answer="level_of(release, vmax, km_nM * (1 + inhibitor_nM / ki_nM), other_rate)",
    uses=BALANCE,
    cases=[
        (300.0, 400.0, 200.0, 0.5, 0.0, 6.0),
        (5100.0, 400.0, 200.0, 0.9, 25.0, 6.0),
        (2.0, 1300.0, 170.0, 0.6, 40.0, 8.0),
        (40.0, 55.0, 90.0, 0.07, 3.0, 2.0),
        (70.0, 30.0, 15.0, 0.8, 40.0, 90.0),
        (0.03, 700.0, 230.0, 0.4, 0.0, 7.0),
        (0.07, 1200.0, 190.0, 1e-9, 0.0, 5.0),
    ],
    unit="nM",
    rel=1e-4,
    ideas={
        "other-exits-forgotten": (
            "release * km_nM * (1 + inhibitor_nM / ki_nM) / (vmax - release)",
            "You let everything leave through the transporter: the other ways carry their part "
            "too, and when more is released than vmax they carry all the rest.",
        ),
        "straight-line": (
            "release / (vmax / (km_nM * (1 + inhibitor_nM / ki_nM)) + other_rate)",
            "You let the transporter carry in proportion to the level: that holds far below Km "
            "only; near Km it fills.",
        ),
        "competitor-lowers-maximum": (
            "level_of(release, vmax / (1 + inhibitor_nM / ki_nM), km_nM, other_rate)",
            "You lower vmax: a competitor leaves it alone and raises the apparent Km.",
        ),
        "inhibitor-helps": (
            "level_of(release, vmax, km_nM / (1 + inhibitor_nM / ki_nM), other_rate)",
            "Your inhibitor lowers the level: it makes the apparent Km larger; multiply Km, do not "
            "divide it.",
        ),
        "summed": (
            "release * km_nM * (1 + inhibitor_nM / ki_nM) / (vmax - release)"
            " + release / other_rate",
            "You add the level that each way out would give alone: the ways out share one level, "
            "and what is added are their flows.",
        ),
        "constants-swapped": (
            "level_of(release, vmax, ki_nM * (1 + inhibitor_nM / km_nM), other_rate)",
            "Km and Ki have changed places: Km belongs to serotonin, Ki to the inhibitor.",
        ),
        "block-raises-release": (
            "level_of(release * (1 + inhibitor_nM / ki_nM), vmax, km_nM, other_rate)",
            "Your inhibitor makes the neurone release more: it acts on the way out, release stays.",
        ),
    },
    also_right=(
        """
        from scipy.optimize import brentq
        def left_over(level_nM):
            pump = vmax * level_nM / (km_nM * (1 + inhibitor_nM / ki_nM) + level_nM)
            return pump + other_rate * level_nM - release
        return brentq(left_over, 0, release / other_rate, maxiter=1000)
        """,
        """
        km_nM = km_nM * (1 + inhibitor_nM / ki_nM)
        low, high = 0.0, release / other_rate
        for _ in range(200):
            middle = (low + high) / 2
            out = vmax * middle / (km_nM + middle) + other_rate * middle
            low, high = (middle, high) if out < release else (low, middle)
        return (low + high) / 2
        """,
        """
        km_nM, level_nM = km_nM * (1 + inhibitor_nM / ki_nM), 0.0
        for _ in range(500):
            out = vmax * level_nM / (km_nM + level_nM) + other_rate * level_nM
            slope = vmax * km_nM / (km_nM + level_nM) ** 2 + other_rate
            level_nM = level_nM + (release - out) / slope
        return level_nM
        """,
    ),
)


def samples(rng, animals=2, before=3, after=5, size=30.0, rise=2.5):
    """Return dialysate of some animals: amounts before and after, blank, and both recoveries."""
    own = size * np.geomspace(0.4, 2, animals)[:, None]
    blank = round(0.1 * size, 1)
    climb = 1 - np.exp(-np.arange(1, after + 1) / 2)
    early = own * rng.uniform(0.8, 1.2, (animals, before)) + blank
    late = own * (1 + (rise - 1) * climb) * rng.uniform(0.85, 1.15, (animals, after)) + blank
    recovery = rng.uniform(0.15, 0.25, animals), rng.uniform(0.1, 0.2, animals)
    return np.round(early, 1), np.round(late, 1), blank, *np.round(recovery, 2)


MENDED_RISE = Exercise(
    name="ps1_synapse/mended_rise",
    task="How many times the level before is the level after, mean of the animals' own rises.",
    arguments="before_fmol, after_fmol, blank_fmol, recovery_before, recovery_after",
    answer="""
    base = np.mean(before_fmol - blank_fmol, axis=1) / recovery_before
    plateau = np.mean(after_fmol[:, -3:] - blank_fmol, axis=1) / recovery_after
    return np.mean(plateau / base)
    """,
    cases=lambda rng: [
        samples(rng),
        samples(rng, animals=3, before=4, after=7, size=4.0, rise=4.0),
        samples(rng, animals=5, before=6, after=4, size=80.0, rise=1.6),
    ],
    unit="times",
    ideas={
        "ignored-nonspecific": (
            """
            base = np.mean(before_fmol, axis=1) / recovery_before
            plateau = np.mean(after_fmol[:, -3:], axis=1) / recovery_after
            return np.mean(plateau / base)
            """,
            "What the machine shows for fresh fluid is in every sample, before and after: take it "
            "off first.",
        ),
        "blank-off-one-side": (
            """
            base = np.mean(before_fmol, axis=1) / recovery_before
            plateau = np.mean(after_fmol[:, -3:] - blank_fmol, axis=1) / recovery_after
            return np.mean(plateau / base)
            """,
            "You take the blank off the samples after the drug only: those before hold it too.",
        ),
        "first-visit-is-baseline": (
            """
            base = (before_fmol[:, 0] - blank_fmol) / recovery_before
            plateau = np.mean(after_fmol[:, -3:] - blank_fmol, axis=1) / recovery_after
            return np.mean(plateau / base)
            """,
            "You take the first sample for the level before: it scatters; take the mean of all of "
            "them.",
        ),
        "highest-for-mean": (
            """
            base = np.mean(before_fmol - blank_fmol, axis=1) / recovery_before
            peak = np.max(after_fmol - blank_fmol, axis=1) / recovery_after
            return np.mean(peak / base)
            """,
            "You take the highest sample: it is the highest by chance. The level after is the mean "
            "of the last three.",
        ),
        "mean-over-visits": (
            (
                """
                base = np.mean(before_fmol - blank_fmol, axis=1) / recovery_before
                whole = np.mean(after_fmol - blank_fmol, axis=1) / recovery_after
                return np.mean(whole / base)
                """,
                """
                base = np.mean(before_fmol - blank_fmol, axis=1) / recovery_before
                later = np.mean(after_fmol[:, 2:] - blank_fmol, axis=1) / recovery_after
                return np.mean(later / base)
                """,
            ),
            "You average other samples than the last three after the drug: in the first ones the "
            "level still climbs, and there are not always five.",
        ),
        "mean-first": (
            """
            base = np.mean(before_fmol - blank_fmol, axis=1) / recovery_before
            plateau = np.mean(after_fmol[:, -3:] - blank_fmol, axis=1) / recovery_after
            return np.mean(plateau) / np.mean(base)
            """,
            "You average the animals first and compare then, so that the animal with most "
            "serotonin counts most: work out each animal's own rise, then average.",
        ),
        "correction-wrong-way": (
            """
            base = np.mean(before_fmol - blank_fmol, axis=1) * recovery_before
            plateau = np.mean(after_fmol[:, -3:] - blank_fmol, axis=1) * recovery_after
            return np.mean(plateau / base)
            """,
            "A probe that recovers less shows less than there is: divide by the recovery, do not "
            "multiply.",
        ),
    },
    also_right=(
        """
        rises = []
        for early, late, r, s in zip(before_fmol, after_fmol, recovery_before, recovery_after):
            base = (sum(early) / len(early) - blank_fmol) / r
            rises.append((sum(late[-3:]) / 3 - blank_fmol) / s / base)
        return sum(rises) / len(rises)
        """,
        """
        early = (before_fmol - blank_fmol) / recovery_before[:, None]
        late = (after_fmol - blank_fmol)[:, -3:] / recovery_after.reshape(-1, 1)
        return float((late.mean(axis=1) / early.mean(axis=1)).mean())
        """,
        """
        base = np.average(before_fmol, axis=1) - blank_fmol
        plateau = (after_fmol[:, -1] + after_fmol[:, -2] + after_fmol[:, -3]) / 3 - blank_fmol
        return np.average(plateau / base * (recovery_before / recovery_after))
        """,
    ),
)

# -- answers that are values: whole cells, wrong ones by the code of their idea, other right ones --

CELLS = {
    "own_km": {
        "wrong": {
            "ignored-nonspecific": 'own_km_nM = fit_hyperbola(wells_nM, own["without_drug"])[1]',
            "nearest-concentration": """
                v = own["without_drug"] - np.repeat(own["on_ice"], 2)
                own_km_nM = wells_nM[np.argmin(np.abs(v - max(v) / 2))]
            """,
            "ic50-without-plateaus": """
                v = own["without_drug"] - np.repeat(own["on_ice"], 2)
                own_km_nM = np.interp(max(v) / 2, v[::2], wells_nM[::2])
            """,
            "with-the-drug": """
                v = own["with_drug"] - np.repeat(own["on_ice"], 2)
                own_km_nM = fit_hyperbola(wells_nM, v)[1]
            """,
            "returned-top": """
                v = own["without_drug"] - np.repeat(own["on_ice"], 2)
                own_km_nM = fit_hyperbola(wells_nM, v)[0]
            """,
            "start-not-fit": "own_km_nM = float(np.median(wells_nM))",
        },
        "right": (
            """
            v = own["without_drug"] - np.repeat(own["on_ice"], 2)
            slope, start = np.polyfit(v / wells_nM, v, 1)
            own_km_nM = -slope
            """,
            """
            v = own["without_drug"] - np.repeat(own["on_ice"], 2)
            slope, start = np.polyfit(1 / wells_nM, 1 / v, 1)
            own_km_nM = np.array([slope / start])
            """,
            """
            def with_leak(s, vmax, km):
                leak = np.mean(own["on_ice"] / own["substrate_nM"])
                return vmax * s / (km + s) + leak * s
            v = own["without_drug"]
            start = [max(v), np.median(wells_nM)]
            own_km_nM = curve_fit(with_leak, wells_nM, v, start)[0][1]
            """,
        ),
    },
    "own_kind": {
        "wrong": {
            "lowers-Vmax": 'own_kind = "removes"',
            "both": 'own_kind = "both"',
            "other-words": 'own_kind = "competitive"',
            "nothing": 'own_kind = ""',
            "a-list": 'own_kind = ["competes", "removes"]',
            "as-in-the-body": """
                left = own["with_drug"][0] / own["without_drug"][0]
                own_kind = "removes" if left < 0.6 else "competes"
            """,
        },
        "right": (
            """
            left = (own["with_drug"] - np.repeat(own["on_ice"], 2)) / (
                own["without_drug"] - np.repeat(own["on_ice"], 2)
            )
            own_kind = "competes" if left[-1] - left[0] > 0.15 else "removes"
            """,
            'own_kind = "competes"',
            """
            ice = np.repeat(own["on_ice"], 2)
            km = [
                np.divide(*np.polyfit(1 / wells_nM, 1 / (own[row] - ice), 1))
                for row in ("without_drug", "with_drug")
            ]
            own_kind = "competes" if km[1] > 1.6 * km[0] else "removes"
            """,
        ),
    },
    "own_ki": {
        "wrong": {
            "lowers-Vmax": """
                left = (own["with_drug"] - np.repeat(own["on_ice"], 2)) / (
                    own["without_drug"] - np.repeat(own["on_ice"], 2)
                )
                own_ki_nM = own["drug_nM"] / (1 / np.mean(left) - 1)
            """,
            "ki-is-ic50": """
                left = (own["with_drug"] - np.repeat(own["on_ice"], 2)) / (
                    own["without_drug"] - np.repeat(own["on_ice"], 2)
                )
                own_ki_nM = own["drug_nM"] * left[0] / (1 - left[0])
            """,
            "forgot-one": """
                ice = np.repeat(own["on_ice"], 2)
                km = [
                    np.divide(*np.polyfit(1 / wells_nM, 1 / (own[row] - ice), 1))
                    for row in ("without_drug", "with_drug")
                ]
                own_ki_nM = own["drug_nM"] * km[0] / km[1]
            """,
            "multiplied": """
                ice = np.repeat(own["on_ice"], 2)
                km = [
                    np.divide(*np.polyfit(1 / wells_nM, 1 / (own[row] - ice), 1))
                    for row in ("without_drug", "with_drug")
                ]
                own_ki_nM = own["drug_nM"] * (km[1] / km[0] - 1)
            """,
            "ratio-upside-down": """
                ice = np.repeat(own["on_ice"], 2)
                km = [
                    np.divide(*np.polyfit(1 / wells_nM, 1 / (own[row] - ice), 1))
                    for row in ("without_drug", "with_drug")
                ]
                own_ki_nM = own["drug_nM"] / (1 - km[0] / km[1])
            """,
            "concentration-for-ki": 'own_ki_nM = own["drug_nM"]',
            "molar": """
                ice = np.repeat(own["on_ice"], 2)
                km = [
                    np.divide(*np.polyfit(1 / wells_nM, 1 / (own[row] - ice), 1))
                    for row in ("without_drug", "with_drug")
                ]
                own_ki_nM = 1e-9 * own["drug_nM"] / (km[1] / km[0] - 1)
            """,
        },
        "right": (
            """
            ice = np.repeat(own["on_ice"], 2)
            km = [
                np.divide(*np.polyfit(1 / wells_nM, 1 / (own[row] - ice), 1))
                for row in ("without_drug", "with_drug")
            ]
            own_ki_nM = own["drug_nM"] / (km[1] / km[0] - 1)
            """,
            """
            def both(s, vmax, km, ratio):
                beside = np.arange(s.size) >= s.size / 2
                return vmax * s / (km * (1 + ratio * beside) + s)
            ice = np.repeat(own["on_ice"], 2)
            v = np.concatenate([own["without_drug"] - ice, own["with_drug"] - ice])
            twice_nM = np.concatenate([wells_nM, wells_nM])
            start = [max(v), np.median(wells_nM), 1.0]
            own_ki_nM = own["drug_nM"] / curve_fit(both, twice_nM, v, start, sigma=v)[0][2]
            """,
            """
            ice = np.repeat(own["on_ice"], 2)
            slopes = []
            for row in ("without_drug", "with_drug"):
                v = own[row] - ice
                slopes.append(-np.polyfit(v / wells_nM, v, 1)[0])
            own_ki_nM = [own["drug_nM"] * slopes[0] / (slopes[1] - slopes[0])]
            """,
        ),
    },
    "own_rise": {
        "wrong": {
            "block-is-rise": 'own_rise = 1 + occupancy(own["brain_nM"], own_ki_nM)',
            "other-exits-forgotten": 'own_rise = 1 + own["brain_nM"] / own_ki_nM',
            "straight-line-to-ceiling": """
                most = own["level_without_sert_nM"] / own["level_nM"]
                own_rise = 1 + occupancy(own["brain_nM"], own_ki_nM) * (most - 1)
            """,
            "ratio-upside-down": """
                held = occupancy(own["brain_nM"], own_ki_nM)
                own_rise = fold_increase(held, own["level_without_sert_nM"] / own["level_nM"])
            """,
            "free-instead-of-occupied": """
                held = 1 - occupancy(own["brain_nM"], own_ki_nM)
                own_rise = fold_increase(held, own["level_nM"] / own["level_without_sert_nM"])
            """,
            "added": """
                other = own["level_nM"] / own["level_without_sert_nM"]
                own_rise = 1 / (1 - occupancy(own["brain_nM"], own_ki_nM) + other)
            """,
            "assay-for-brain": """
                held = occupancy(own["drug_nM"], own_ki_nM)
                own_rise = fold_increase(held, own["level_nM"] / own["level_without_sert_nM"])
            """,
            "brake-unknown": 'own_rise = own["whole_animal_rise"]',
        },
        "right": (
            """
            free = own_ki_nM / (own["brain_nM"] + own_ki_nM)
            other = own["level_nM"] / own["level_without_sert_nM"]
            own_rise = 1 / (free + other - free * other)
            """,
            """
            most = own["level_without_sert_nM"] / own["level_nM"]
            own_rise = np.array([most / (1 + (most - 1) / (1 + own["brain_nM"] / own_ki_nM))])
            """,
            """
            other_rate = 1 / own["level_without_sert_nM"]
            pump_rate = 1 / own["level_nM"] - other_rate
            held = own["brain_nM"] / (own["brain_nM"] + own_ki_nM)
            own_rise = 1 / (pump_rate * (1 - held) + other_rate) / own["level_nM"]
            """,
        ),
    },
    "own_release": {
        "wrong": {
            "ratio-upside-down": 'own_release = own_rise / own["whole_animal_rise"]',
            "free-instead-of-occupied": 'own_release = 1 - own["whole_animal_rise"] / own_rise',
            "percent": 'own_release = 100 * own["whole_animal_rise"] / own_rise',
            "rises-compared": 'own_release = (own["whole_animal_rise"] - 1) / (own_rise - 1)',
            "difference": 'own_release = own_rise - own["whole_animal_rise"]',
            "block-raises-release": 'own_release = own["whole_animal_rise"]',
            "brake-unknown": "own_release = 1.0",
            "level-is-release": 'own_release = 1 / own["whole_animal_rise"]',
        },
        "right": (
            'own_release = np.array([own["whole_animal_rise"]]) / own_rise',
            """
            pump_left = 1 / own_rise
            own_release = own["whole_animal_rise"] * pump_left
            """,
            "own_release = 1 / (own_rise / own['whole_animal_rise'])",
        ),
    },
    "judged": {
        "wrong": {
            "one-arm-tells-all": 'judged = dict.fromkeys("ABCDE", "works")',
            "local-proves-the-brake": (
                'judged = dict(zip("ABCDE", "weak-exits works brake-exits few works".split()))'
            ),
            "antagonist-tells-all": (
                'judged = dict(zip("ABCDE", "works brake-weak brake-exits few works".split()))'
            ),
            "more-animals-cure-all": (
                'judged = dict(zip("ABCDE", "few brake-weak few few works".split()))'
            ),
            "few-is-enough": (
                'judged = dict(zip("ABCDE",'
                ' "weak-exits brake-weak brake-exits works works".split()))'
            ),
            "dose-tells-all": (
                'judged = dict(zip("ABCDE", "weak-exits brake-weak works few works".split()))'
            ),
        },
        "right": (
            'judged = dict(zip("ABCDE", "weak-exits brake-weak brake-exits few works".split()))',
            'judged = {"E": "works", "D": "few", "C": "brake-exits", "B": "brake-weak",'
            ' "A": "weak-exits"}',
            'judged = {"A": "weak-exits", "B": "brake-weak"}\n'
            'judged.update(C="brake-exits", D="few", E="works")',
        ),
    },
    "plan": {
        "wrong": {
            "dose-tells-all": "plan = [arm('whole', 5, 12)]",
            "local-proves-the-brake": "plan = [arm('cortex', 5, 12)]",
            "same-dose-again": "plan = [arm('whole', 1, 6), arm('cortex', 5, 6)]",
            "few-is-enough": "plan = [arm('whole', 5, 2), arm('cortex', 5, 2)]",
            "all-on-one": "plan = [arm('whole', 5, 2), arm('cortex', 5, 10)]",
            "small-doses": "plan = [arm('whole', 1.5, 8), arm('cortex', 1.5, 4)]",
            "not-to-be-had": "plan = [arm('whole', 1, 6, antagonist=True), arm('cortex', 5, 6)]",
        },
        "right": (
            "plan = [arm('whole', 5, 8), arm('cortex', 5, 4)]",
            "plan = [arm('cortex', 3, 3), arm('whole', 5, 9)]",
            "plan = (arm('whole', 4.5, 9), arm('cortex', 5, 2), arm('cortex', 2, 1))",
        ),
    },
}  # fmt: skip

# -- wrong answers that no test should refuse: (answer, what stands in it) to the reason -----------

_SIGN = "uptake with the sign turned round has the same Km"
EQUIVALENT = {
    ("own_km", "np.repeat(own['on_ice'], 2) - own['without_drug']"): _SIGN,
    ("own_ki", "on_ice - own['without_drug']"): _SIGN,
    ("own_ki", "on_ice - own['with_drug']"): _SIGN,
}
NO_SLIPS = {
    "own_kind": "one of two words: a changed way that finds the right one is right",
    "plan": "another plan that passes is right: it is judged by what it tells apart",
    "student_id": "every id is right",
}

# -- an animal of one's own ------------------------------------------------------------------------

CASES = 1000
SEED = 1961
STEPS = (0.3, 0.7, 1.4, 2.5, 4.2, 7.0)  # substrate in multiples of Km


def truth(number, rng=None):
    """Return Km (nM), whether the drug competes, and its Ki (nM)."""
    rng = rng or np.random.default_rng([SEED, number])
    return 10 ** rng.uniform(2.2, 3.2), rng.random() < 0.5, 10 ** rng.uniform(0.0, 2.0)


def case(number):
    """Return what the table tells of an animal: uptake in 30 wells, and levels in its brain.

    Illustrative: 0.6 % scatter, on ice 15-30 % of the greatest uptake, drug at 1.5-2.4 times Ki,
    75-92 % of SERT held in the brain, 10-25 % of the outflow by other ways, and in the whole animal
    50-80 % of the release at rest.
    """
    rng = np.random.default_rng([SEED, number])
    km_nM, competes, ki_nM = truth(number, rng)
    vmax = rng.uniform(40, 120)
    drug_nM = _digits(ki_nM * rng.uniform(1.5, 2.4), 3)
    factor = 1 + drug_nM / ki_nM
    substrate_nM = np.array([_digits(km_nM * x * rng.uniform(0.96, 1.04), 2) for x in STEPS])
    ice = vmax * rng.uniform(0.15, 0.3) / STEPS[-1] / km_nM * substrate_nM
    plain = vmax * substrate_nM / (km_nM + substrate_nM)
    beside = plain / factor
    if competes:
        beside = vmax * substrate_nM / (km_nM * factor + substrate_nM)
    held = rng.uniform(0.75, 0.92)
    brain_nM = _digits(ki_nM * held / (1 - held), 3)
    other, level_nM = rng.uniform(0.1, 0.25), _digits(rng.uniform(0.8, 3), 2)
    without_nM = _digits(level_nM / other, 3)
    rise = rise_without_brake(brain_nM, ki_nM, level_nM, without_nM)
    release = _release(rise, rng)

    def wells(rates, copies):
        mean = np.repeat(rates, copies)
        seen = mean * (1 + 0.006 * np.clip(rng.standard_normal(mean.size), -2, 2))
        return " ".join(f"{_digits(rate, 4):g}" for rate in seen)

    return {
        "substrate_nM": " ".join(f"{s:g}" for s in substrate_nM),
        "without_drug": wells(plain + ice, 2),
        "with_drug": wells(beside + ice, 2),
        "on_ice": wells(ice, 1),
        "drug_nM": f"{drug_nM:g}",
        "brain_nM": f"{brain_nM:g}",
        "level_nM": f"{level_nM:g}",
        "level_without_sert_nM": f"{without_nM:g}",
        "whole_animal_rise": f"{rise * release:.2f}",
    }


def rise_without_brake(brain_nM, ki_nM, level_nM, without_nM):
    """Return how many times the level rises when release stays what it was."""
    held, other = brain_nM / (brain_nM + ki_nM), level_nM / without_nM
    return 1 / ((1 - held) * (1 - other) + other)


def _release(rise, rng):
    """Draw a release that no usual slip gives by chance."""
    while True:
        release = rng.uniform(0.5, 0.8)
        seen = rise * release
        slips = np.array([1 - release, 1 / seen, rise - seen, (seen - 1) / (rise - 1)])
        if np.all(np.abs(slips / release - 1) > 0.08):
            return release


def _digits(value, digits):
    return float(f"{value:.{digits}g}")
