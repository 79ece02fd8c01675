"""Assignment 2, radioligand binding: answers, wrong ideas and other right ways. For teachers only.

`snrilab.exercises.find("ps2_binding/saturation")` finds this file where `source/` is at hand; it is
never part of a release.
"""

import numpy as np

from snrilab.exercises import Exercise

SPECIFIC_BINDING = Exercise(
    name="ps2_binding/specific_binding",
    task="Specific binding: what is bound to the transporter alone, in the unit of the inputs.",
    arguments="total, nonspecific",
    answer="total - nonspecific",
    cases=lambda rng: [
        (1250.0, 250.0),
        (2, 5),
        ([900, 480, 205], [210, 190, 220]),
        (rng.uniform(400, 4000, 5), 180.0),
    ],
    unit="same as total",
    ideas={
        "added-nonspecific": (
            "total + nonspecific",
            "Your values are larger than the total: nonspecific binding is already inside the "
            "total, so take it away, do not add it.",
        ),
        "reversed-subtraction": (
            "nonspecific - total",
            "Your values have the wrong sign: start from the total and take the nonspecific "
            "binding away from it.",
        ),
        "ignored-nonspecific": (
            "total",
            "You return the total: radioligand that sticks to the filter and the lipid is counted "
            "too, and has to go.",
        ),
        "fraction-instead-of-amount": (
            "(total - nonspecific) / total",
            "You return a fraction of the total; the task asks for an amount, in the same unit as "
            "the total.",
        ),
        "cut-off-at-zero": (
            "np.maximum(total - nonspecific, 0)",
            "You turn negative differences into zero: counts scatter, so a well without specific "
            "binding is as often below zero as above, and cutting one side off makes the mean too "
            "high.",
        ),
        "unsigned-difference": (
            "np.abs(total - nonspecific)",
            "You drop the sign of negative differences: counts scatter on both sides of zero, and "
            "turning the lower side upwards makes the mean too high.",
        ),
    },
    also_right=(
        "np.subtract(total, nonspecific)",
        "-nonspecific + total",
        "np.add(total, np.negative(nonspecific))",
    ),
)

SATURATION = Exercise(
    name="ps2_binding/saturation",
    task="Specific binding of a radioligand at equilibrium, in the unit of bmax.",
    arguments="conc_nM, bmax, kd_nM",
    answer="bmax * conc_nM / (conc_nM + kd_nM)",
    cases=lambda rng: [
        (10, 300, 2.5),
        (2.5, 1200.0, 2.5),
        ([0, 0.3, 1, 3, 10, 30], 850.0, 3.0),
        (rng.uniform(0.1, 20, 4), rng.uniform(100, 2000), rng.uniform(0.5, 9)),
    ],
    unit="same as bmax",
    ideas={
        "free-instead-of-occupied": (
            "bmax * kd_nM / (conc_nM + kd_nM)",
            "Your binding falls as the radioligand rises: that is the free share of the "
            "transporters; put the concentration, not Kd, on top.",
        ),
        "proportional-occupancy": (
            "bmax * conc_nM / kd_nM",
            "Your binding is a straight line: with Kd alone below the line it can pass Bmax, but "
            "there are no more transporters than Bmax; add the concentration to Kd.",
        ),
        "forgot-bmax": (
            "conc_nM / (conc_nM + kd_nM)",
            "You return the occupied fraction (0 to 1); multiply by Bmax to get an amount.",
        ),
        "bmax-for-kd": (
            "kd_nM * conc_nM / (conc_nM + bmax)",
            "You have Bmax where Kd belongs: the concentration at half of Bmax is Kd, a "
            "concentration; Bmax is a number of sites.",
        ),
        "exponential-rise": (
            "bmax * (1 - np.exp(-conc_nM / kd_nM))",
            "You used an exponential: that is how binding rises with time; against concentration, "
            "at equilibrium, it rises as a hyperbola.",
        ),
        "missing-brackets": (
            "bmax * conc_nM / conc_nM + kd_nM",
            "Division comes before addition: put brackets round (conc_nM + kd_nM).",
        ),
        "percent-of-bmax": (
            "100 * conc_nM / (conc_nM + kd_nM)",
            "You return per cent of Bmax; the task asks for an amount in the unit of Bmax.",
        ),
        "squared-concentration": (
            "bmax * conc_nM**2 / (conc_nM**2 + kd_nM**2)",
            "Your curve is S-shaped: one molecule binds one site here, so the concentration "
            "stands to the power of one.",
        ),
    },
    also_right=(
        "bmax * (1 - kd_nM / (conc_nM + kd_nM))",
        "bmax * (conc_nM / kd_nM) / (1 + conc_nM / kd_nM)",
        """
        one = np.vectorize(lambda c, most, kd: most * c / (c + kd), otypes=[float])
        return one(conc_nM, bmax, kd_nM)
        """,
    ),
)

COMPETITION = Exercise(
    name="ps2_binding/competition",
    task="Total binding of the radioligand beside a competing inhibitor, in the unit of bmax.",
    arguments="inhibitor_nM, radioligand_nM, kd_nM, ki_nM, bmax, nonspecific",
    answer="""
    kd_apparent_nM = kd_nM * (1 + inhibitor_nM / ki_nM)
    return nonspecific + bmax * radioligand_nM / (radioligand_nM + kd_apparent_nM)
    """,
    cases=lambda rng: [
        (11.2, 2.0, 2.5, 15.0, 900.0, 50.0),
        (0.0, 2.5, 2.5, 11.2, 1000.0, 100.0),
        ([0, 1, 10, 100, 1e4], 1.0, 2.5, 11.2, 1000.0, 80.0),
        ([1, 30, 900], 3.0, 3.0, 92.2, 400.0, 0.0),
        (10 ** rng.uniform(0, 4, 4), rng.uniform(1, 5), rng.uniform(2, 6), 40.0, 700.0, 60.0),
    ],
    unit="same as bmax",
    ideas={
        "competitor-lowers-maximum": (
            "nonspecific + bmax * radioligand_nM / (radioligand_nM + kd_nM)"
            " / (1 + inhibitor_nM / ki_nM)",
            "You lower Bmax: that is a non-competitive blocker; a competitor leaves the number of "
            "sites alone and makes the apparent Kd larger, so more radioligand can win the sites "
            "back.",
        ),
        "forgot-nonspecific": (
            "bmax * radioligand_nM / (radioligand_nM + kd_nM * (1 + inhibitor_nM / ki_nM))",
            "Your curve falls to zero: at the highest inhibitor concentration the nonspecific "
            "binding is still on the filter; add it.",
        ),
        "nonspecific-displaced": (
            "(nonspecific + bmax * radioligand_nM / (radioligand_nM + kd_nM))"
            " / (1 + inhibitor_nM / (ki_nM * (1 + radioligand_nM / kd_nM)))",
            "Your inhibitor removes the nonspecific binding too: it competes for the transporter "
            "only; add the nonspecific binding after the competition.",
        ),
        "inhibitor-helps": (
            "nonspecific + bmax * radioligand_nM"
            " / (radioligand_nM + kd_nM / (1 + inhibitor_nM / ki_nM))",
            "Your binding rises with the inhibitor: competition makes the apparent Kd larger; "
            "multiply Kd by (1 + inhibitor/Ki), do not divide.",
        ),
        "kd-for-ki": (
            "nonspecific + bmax * radioligand_nM"
            " / (radioligand_nM + kd_nM * (1 + inhibitor_nM / kd_nM))",
            "You divide the inhibitor concentration by the Kd of the radioligand; the inhibitor "
            "has its own constant, Ki.",
        ),
        "inhibitor-in-place-of-factor": (
            "nonspecific + bmax * radioligand_nM / (radioligand_nM + kd_nM * inhibitor_nM / ki_nM)",
            "Without inhibitor your apparent Kd is zero; it must be Kd itself: the factor is (1 + "
            "inhibitor/Ki).",
        ),
        "subtracted-nonspecific": (
            "bmax * radioligand_nM / (radioligand_nM + kd_nM * (1 + inhibitor_nM / ki_nM))"
            " - nonspecific",
            "You took the nonspecific binding away; the total on the filter is specific plus "
            "nonspecific.",
        ),
    },
    also_right=(
        """
        ic50_nM = ki_nM * (1 + radioligand_nM / kd_nM)
        uninhibited = bmax * radioligand_nM / (radioligand_nM + kd_nM)
        return nonspecific + uninhibited / (1 + inhibitor_nM / ic50_nM)
        """,
        "nonspecific + bmax * (radioligand_nM / kd_nM)"
        " / (1 + radioligand_nM / kd_nM + inhibitor_nM / ki_nM)",
        """
        def one(i, radio, kd, ki, most, rest):
            return rest + most * radio / (radio + kd * (1 + i / ki))
        each = np.vectorize(one, otypes=[float])
        return each(inhibitor_nM, radioligand_nM, kd_nM, ki_nM, bmax, nonspecific)
        """,
    ),
)

CHENG_PRUSOFF = Exercise(
    name="ps2_binding/cheng_prusoff",
    task="The inhibition constant Ki in nM, from an IC50 and the conditions of the assay.",
    arguments="ic50_nM, radioligand_nM, kd_nM",
    answer="ic50_nM / (1 + radioligand_nM / kd_nM)",
    cases=lambda rng: [
        (15.68, 1.0, 2.5),
        (184.4, 3, 3),
        ([10, 200], 3.0, 1.5),
        (rng.uniform(5, 500), rng.uniform(0.5, 4), rng.uniform(2, 9)),
    ],
    unit="nM",
    ideas={
        "multiplied": (
            "ic50_nM * (1 + radioligand_nM / kd_nM)",
            "Your Ki is larger than your IC50: did you multiply instead of divide? The "
            "radioligand gets in the inhibitor's way, so IC50 is the larger of the two.",
        ),
        "ratio-upside-down": (
            "ic50_nM / (1 + kd_nM / radioligand_nM)",
            "Your ratio is upside down: it is radioligand over Kd, so that with hardly any "
            "radioligand Ki becomes the IC50.",
        ),
        "ki-is-ic50": (
            "ic50_nM",
            "You return the IC50 itself; that equals Ki only when the radioligand concentration "
            "is far below Kd.",
        ),
        "forgot-one": (
            "ic50_nM / (radioligand_nM / kd_nM)",
            "With hardly any radioligand your Ki would grow without limit: the divisor is 1 + "
            "radioligand/Kd.",
        ),
        "missing-brackets": (
            "ic50_nM / 1 + radioligand_nM / kd_nM",
            "Division comes before addition: put brackets round (1 + radioligand_nM / kd_nM).",
        ),
        "forgot-kd": (
            "ic50_nM / (1 + radioligand_nM)",
            "You divide by 1 + the radioligand concentration, which has a unit; divide that "
            "concentration by Kd first.",
        ),
        "halved-whatever-the-assay": (
            "ic50_nM / 2",
            "You halve the IC50; that is right only when the radioligand is used at exactly its "
            "Kd.",
        ),
        "subtracted-radioligand": (
            "ic50_nM - radioligand_nM / 2",
            "You subtract half of the radioligand concentration: that corrects for ligand that is "
            "used up by a very tight inhibitor, not for competition.",
        ),
    },
    also_right=(
        "ic50_nM * kd_nM / (kd_nM + radioligand_nM)",
        "ic50_nM * (1 - radioligand_nM / (kd_nM + radioligand_nM))",
    ),
)

FITS = """
from scipy.optimize import curve_fit, least_squares


def curve(x, top, bottom, log_ic50):
    return bottom + (top - bottom) / (1 + x / 10**log_ic50)


def fitted(x, bound, sigma=None):
    start = [max(bound), min(bound), np.log10(np.median(x))]
    best, _ = curve_fit(curve, x, bound, p0=start, sigma=sigma, xtol=1e-12, ftol=1e-12)
    return best


def without_bottom(x, bound):
    start = [max(bound), np.log10(np.median(x))]
    best, _ = curve_fit(lambda x, top, log_ic50: curve(x, top, 0.0, log_ic50), x, bound, p0=start)
    return 10 ** best[1]


def free_slope(x, bound):
    def residuals(p):
        return p[1] + (p[0] - p[1]) / (1 + (x / 10 ** p[2]) ** p[3]) - bound

    start = [max(bound), min(bound), np.log10(np.median(x)), 1.0]
    return 10 ** least_squares(residuals, start, x_scale="jac").x[2]
"""


def counts(rng, ic50_nM, inhibitor_nM, top=9000.0, bottom=1200.0):
    """Return noisy counts per filter for a one-site competition curve."""
    return rng.poisson(bottom + (top - bottom) / (1 + inhibitor_nM / ic50_nM)).astype(float)


def assays(rng):
    """Return assays with half-log spaced inhibitor concentrations, with and without a control."""
    sert, net = 10 ** np.arange(-1, 4.25, 0.5), 10 ** np.arange(0, 5.25, 0.5)
    control = np.concatenate([[0.0], sert])
    return [
        (sert, counts(rng, 15.7, sert)),
        (net, counts(rng, 184.0, net, top=6000.0, bottom=1500.0)),
        (control, counts(rng, 45.0, control, top=20000.0, bottom=3000.0)),
    ]


FIT_IC50 = Exercise(
    name="ps2_binding/fit_ic50",
    task="The IC50 in nM: the inhibitor concentration halfway between the two fitted plateaus.",
    arguments="inhibitor_nM, bound",
    answer="10 ** fitted(inhibitor_nM, bound)[2]",
    uses=FITS,
    cases=assays,
    unit="nM",
    rel=0.06,
    ideas={
        "returned-log": (
            "fitted(inhibitor_nM, bound)[2]",
            "You return the logarithm of the IC50; raise 10 to that power to get back to nM.",
        ),
        "no-nonspecific-plateau": (
            "without_bottom(inhibitor_nM, bound)",
            "Your curve is forced down to zero counts: nonspecific binding never goes away, so "
            "the lower plateau has to be fitted too.",
        ),
        "half-of-total": (
            "float(inhibitor_nM[int(np.argmax(bound < bound[0] / 2)) or len(bound) - 1])",
            "You look for half of the total counts; IC50 is halfway between the upper and the "
            "lower plateau, because half of the specific binding is gone there.",
        ),
        "nearest-concentration": (
            "inhibitor_nM[np.argmin(np.abs(bound - (np.max(bound) + np.min(bound)) / 2))]",
            "You return the tested concentration nearest to half: the IC50 usually lies between "
            "two of them, so fit the curve.",
        ),
        "molar": (
            "10 ** fitted(inhibitor_nM, bound)[2] * 1e-9",
            "Your value is in mol/L; the inhibitor concentrations come in nM and the answer is "
            "wanted in nM.",
        ),
        "returned-top": (
            "fitted(inhibitor_nM, bound)[0]",
            "You return the upper plateau: look up the order in which your fit hands back its "
            "parameters.",
        ),
        "returned-bottom": (
            "fitted(inhibitor_nM, bound)[1]",
            "You return the lower plateau: look up the order in which your fit hands back its "
            "parameters.",
        ),
        "straight-line": (
            """
            slope, start = np.polyfit(inhibitor_nM, bound, 1)
            return ((np.max(bound) + np.min(bound)) / 2 - start) / slope
            """,
            "You laid a straight line through counts against concentration; binding falls as a "
            "hyperbola, S-shaped on a logarithmic axis.",
        ),
        "start-not-fit": (
            "np.median(inhibitor_nM)",
            "You return the middle of the tested concentrations, where a fit may start: return "
            "what the fit found in the counts.",
        ),
    },
    also_right=(
        "10 ** fitted(inhibitor_nM, bound, sigma=np.sqrt(bound))[2]",
        "free_slope(inhibitor_nM, bound)",
        """
        from scipy.optimize import minimize_scalar
        def cost(log_ic50):
            share = 1 / (1 + inhibitor_nM / 10**log_ic50)
            columns = np.column_stack([share, 1 - share])
            plateaus, *_ = np.linalg.lstsq(columns, bound, rcond=None)
            return np.sum((bound - columns @ plateaus) ** 2)
        grid = np.linspace(-2, 6, 81)
        near = grid[np.argmin([cost(x) for x in grid])]
        best = minimize_scalar(cost, bounds=(near - 0.2, near + 0.2), method="bounded")
        return float(10 ** best.x)
        """,
    ),
)

KI_FROM_ASSAY = Exercise(
    name="ps2_binding/ki_from_assay",
    task="The inhibition constant Ki in nM, straight from the counts of one assay.",
    arguments="inhibitor_nM, bound, radioligand_nM, kd_nM",
    answer="10 ** fitted(inhibitor_nM, bound)[2] / (1 + radioligand_nM / kd_nM)",
    uses=FITS,
    cases=lambda rng: [
        (*assay, radioligand_nM, kd_nM)
        for assay, radioligand_nM, kd_nM in zip(
            assays(rng), (1.0, 4.5, 2.0), (2.5, 3.0, 3.5), strict=True
        )
    ],
    unit="nM",
    rel=0.06,
    ideas={
        "ki-is-ic50": (
            "10 ** fitted(inhibitor_nM, bound)[2]",
            "You return the IC50: one step is missing, from IC50 to Ki with the radioligand "
            "concentration and its Kd.",
        ),
        "multiplied": (
            "10 ** fitted(inhibitor_nM, bound)[2] * (1 + radioligand_nM / kd_nM)",
            "Your Ki is larger than your IC50: did you multiply instead of divide?",
        ),
        "ratio-upside-down": (
            "10 ** fitted(inhibitor_nM, bound)[2] / (1 + kd_nM / radioligand_nM)",
            "Your ratio is upside down, or radioligand_nM and kd_nM are swapped in the call: it "
            "is radioligand over Kd.",
        ),
        "no-nonspecific-plateau": (
            "without_bottom(inhibitor_nM, bound) / (1 + radioligand_nM / kd_nM)",
            "Your IC50 comes from a curve that is forced down to zero counts; fit the lower "
            "plateau too.",
        ),
        "returned-log": (
            "fitted(inhibitor_nM, bound)[2] / (1 + radioligand_nM / kd_nM)",
            "You work with the logarithm of the IC50; go back to nM before you divide.",
        ),
        "corrected-twice": (
            "10 ** fitted(inhibitor_nM, bound)[2] / (1 + radioligand_nM / kd_nM) ** 2",
            "You divide by 1 + radioligand/Kd twice: do it once, on the IC50.",
        ),
    },
    also_right=(
        "10 ** fitted(inhibitor_nM, bound)[2] * kd_nM / (kd_nM + radioligand_nM)",
        "10 ** fitted(inhibitor_nM, bound, np.sqrt(bound))[2] / (1 + radioligand_nM / kd_nM)",
        "free_slope(inhibitor_nM, bound) / (1 + radioligand_nM / kd_nM)",
    ),
)

MENDED_KI = Exercise(
    name="ps2_binding/mended_ki",
    task="Ki in nM, with the IC50 read off the wells by the laboratory's method.",
    arguments="inhibitor_nM, counts, controls, blocked, radioligand_nM, kd_nM",
    answer="""
    nonspecific = np.mean(blocked)
    share = (counts - nonspecific) / (np.mean(controls) - nonspecific)
    log_ic50 = np.interp(0.5, share[::-1], np.log10(inhibitor_nM)[::-1])
    return 10**log_ic50 / (1 + radioligand_nM / kd_nM)
    """,
    cases=[
        ([1, 10, 100, 1e3], [9200, 7e3, 3e3, 1300], [9e3, 9300, 9900], [900, 1e3, 1100], 1.0, 4.0),
        ([0.3, 2, 30, 500], [8100, 6400, 1700, 900], [8e3, 9200, 8300], [500, 900, 640], 9.0, 2.7),
        ([5, 40, 70, 800, 9e3], [7e3, 5e3, 4200, 1e3, 700], [7100, 8e3], [600, 650, 840], 0.4, 1.3),
    ],
    unit="nM",
    ideas={
        "ignored-nonspecific": (
            """
            share = counts / np.mean(controls)
            log_ic50 = np.interp(0.5, share[::-1], np.log10(inhibitor_nM)[::-1])
            return 10**log_ic50 / (1 + radioligand_nM / kd_nM)
            """,
            "You look for half of all that is counted. What the blocked wells hold is not on the "
            "transporter: take it off first, from the wells and from the controls.",
        ),
        "blank-off-one-side": (
            """
            share = (counts - np.mean(blocked)) / np.mean(controls)
            log_ic50 = np.interp(0.5, share[::-1], np.log10(inhibitor_nM)[::-1])
            return 10**log_ic50 / (1 + radioligand_nM / kd_nM)
            """,
            "You take the nonspecific binding off the wells only: the controls hold it too.",
        ),
        "highest-for-mean": (
            """
            nonspecific = np.mean(blocked)
            share = (counts - nonspecific) / (np.max(controls) - nonspecific)
            log_ic50 = np.interp(0.5, share[::-1], np.log10(inhibitor_nM)[::-1])
            return 10**log_ic50 / (1 + radioligand_nM / kd_nM)
            """,
            "You call the highest control 100 %. It is the highest by chance: the mean of all "
            "controls is 100 %.",
        ),
        "straight-between-wells": (
            """
            nonspecific = np.mean(blocked)
            share = (counts - nonspecific) / (np.mean(controls) - nonspecific)
            ic50_nM = np.interp(0.5, share[::-1], inhibitor_nM[::-1])
            return ic50_nM / (1 + radioligand_nM / kd_nM)
            """,
            "You draw the line between two wells on a plain axis of concentration; midway from 10 "
            "to 1000 nM is 100 nM, on a logarithmic one.",
        ),
        "ratio-upside-down": (
            """
            nonspecific = np.mean(blocked)
            share = (counts - nonspecific) / (np.mean(controls) - nonspecific)
            log_ic50 = np.interp(0.5, share[::-1], np.log10(inhibitor_nM)[::-1])
            return 10**log_ic50 / (1 + kd_nM / radioligand_nM)
            """,
            "Your ratio is upside down: it is radioligand over Kd, so that with hardly any "
            "radioligand Ki becomes the IC50.",
        ),
        "nearest-concentration": (
            """
            nonspecific = np.mean(blocked)
            share = (counts - nonspecific) / (np.mean(controls) - nonspecific)
            return inhibitor_nM[np.argmin(np.abs(share - 0.5))] / (1 + radioligand_nM / kd_nM)
            """,
            "You return the well nearest to half: the IC50 lies between two wells.",
        ),
        "returned-log": (
            """
            nonspecific = np.mean(blocked)
            share = (counts - nonspecific) / (np.mean(controls) - nonspecific)
            log_ic50 = np.interp(0.5, share[::-1], np.log10(inhibitor_nM)[::-1])
            return log_ic50 / (1 + radioligand_nM / kd_nM)
            """,
            "You work with the logarithm of the IC50; go back to nM before you divide.",
        ),
    },
    also_right=(
        """
        specific = counts - np.mean(blocked)
        half = np.mean(controls - np.mean(blocked)) / 2
        above = np.flatnonzero(specific >= half)[-1]
        part = (specific[above] - half) / (specific[above] - specific[above + 1])
        ic50_nM = inhibitor_nM[above] * (inhibitor_nM[above + 1] / inhibitor_nM[above]) ** part
        return ic50_nM * kd_nM / (kd_nM + radioligand_nM)
        """,
        """
        half = (sum(controls) / len(controls) + sum(blocked) / len(blocked)) / 2
        for i in range(len(counts) - 1):
            if counts[i] >= half >= counts[i + 1]:
                part = (counts[i] - half) / (counts[i] - counts[i + 1])
                a, b = np.log(inhibitor_nM[i]), np.log(inhibitor_nM[i + 1])
                return np.exp(a + part * (b - a)) / (1 + radioligand_nM / kd_nM)
        """,
        """
        half = (np.mean(controls) + np.mean(blocked)) / 2
        ic50_nM = np.exp(np.interp(-half, -counts, np.log(inhibitor_nM)))
        return ic50_nM / (1 + radioligand_nM / kd_nM)
        """,
    ),
)

# -- answers that are values: whole cells, wrong ones by the code of their idea, other right ones --

CELLS = {
    "own_ic50": {
        "wrong": {
            "half-of-total": """
                counts = own["counts"]
                own_ic50_nM = wells_nM[int(np.argmax(counts < counts[0] / 2)) or -1]
            """,
            "nearest-concentration": """
                counts = own["counts"]
                half = (np.max(counts) + np.min(counts)) / 2
                own_ic50_nM = wells_nM[np.argmin(np.abs(counts - half))]
            """,
            "no-nonspecific-plateau": """
                def through_zero(x, top, log_ic50):
                    return top / (1 + x / 10**log_ic50)
                start = [max(own["counts"]), 2]
                own_ic50_nM = 10 ** curve_fit(through_zero, wells_nM, own["counts"], start)[0][1]
            """,
            "returned-log": 'own_ic50_nM = np.log10(fit_ic50(wells_nM, own["counts"]))',
            "molar": 'own_ic50_nM = 1e-9 * fit_ic50(wells_nM, own["counts"])',
            "start-not-fit": "own_ic50_nM = float(np.median(wells_nM))",
        },
        "right": (
            """
            def free_slope(x, top, bottom, log_ic50, hill):
                return bottom + (top - bottom) / (1 + (x / 10**log_ic50) ** hill)
            y = own["counts"]
            start = [max(y), min(y), 1.5, 1]
            own_ic50_nM = 10 ** curve_fit(free_slope, wells_nM, y, start)[0][2]
            """,
            """
            means = own["counts"].reshape(-1, 2).mean(axis=1)
            own_ic50_nM = [fit_ic50(wells_nM[::2], means)]
            """,
            """
            def falling(x, top, bottom, log_ic50):
                return bottom + (top - bottom) / (1 + x / 10**log_ic50)
            y = own["counts"]
            start = [max(y), min(y), 1.5]
            own_ic50_nM = 10 ** curve_fit(falling, wells_nM, y, start, sigma=np.sqrt(y))[0][2]
            """,
        ),
    },
    "own_ki": {
        "wrong": {
            "ki-is-ic50": "own_ki_nM = own_ic50_nM",
            "halved-whatever-the-assay": "own_ki_nM = own_ic50_nM / 2",
            "multiplied": 'own_ki_nM = own_ic50_nM * (1 + own["radioligand_nM"] / own["kd_nM"])',
            "ratio-upside-down": (
                'own_ki_nM = cheng_prusoff(own_ic50_nM, own["kd_nM"], own["radioligand_nM"])'
            ),
            "forgot-kd": 'own_ki_nM = own_ic50_nM / (1 + own["radioligand_nM"])',
            "forgot-one": 'own_ki_nM = own_ic50_nM / (own["radioligand_nM"] / own["kd_nM"])',
            "corrected-twice": (
                'own_ki_nM = own_ic50_nM / (1 + own["radioligand_nM"] / own["kd_nM"]) ** 2'
            ),
        },
        "right": (
            """
            tube = own["radioligand_nM"], own["kd_nM"]
            own_ki_nM = ki_from_assay(wells_nM, own["counts"], *tube)
            """,
            'own_ki_nM = own_ic50_nM * own["kd_nM"] / (own["kd_nM"] + own["radioligand_nM"])',
            'own_ki_nM = np.array(own_ic50_nM / (1 + own["radioligand_nM"] / own["kd_nM"]))',
        ),
    },
    "own_conc_80": {
        "wrong": {
            "proportional-occupancy": "own_conc_80_nM = 1.6 * own_ki_nM",
            "ki-is-ic50": "own_conc_80_nM = 4 * own_ic50_nM",
            "share-of-kd": "own_conc_80_nM = own_ki_nM / 0.8",
            "free-instead-of-occupied": "own_conc_80_nM = own_ki_nM / 4",
            "ratio-for-concentration": "own_conc_80_nM = 0.8 / 0.2",
            "molar": "own_conc_80_nM = 4e-9 * own_ki_nM",
        },
        "right": (
            "own_conc_80_nM = own_ki_nM * 0.8 / (1 - 0.8)",
            "own_conc_80_nM = own_ki_nM / (1 / 0.8 - 1)",
            "own_conc_80_nM = np.array([4.0 * own_ki_nM])",
        ),
    },
    "judged": {
        "wrong": {
            "ki-is-safe-to-mix": 'judged = dict.fromkeys("ABCDEF", "works")',
            "radioligand-cures-depletion": (
                'judged = dict(zip("ABCDEF", "filter range filter counts works works".split()))'
            ),
            "ic50-without-plateaus": (
                'judged = dict(zip("ABCDEF", "sites counts filter counts works works".split()))'
            ),
            "small-error-is-right": (
                'judged = dict(zip("ABCDEF", "counts range filter counts works works".split()))'
            ),
            "tighter-ligand-is-safer": (
                'judged = dict(zip("ABCDEF", "sites range filter counts works filter".split()))'
            ),
            "cheng-prusoff-always": (
                'judged = dict(zip("ABCDEF", "works range filter counts works works".split()))'
            ),
        },
        "right": (
            'judged = dict(zip("ABCDEF", "sites range filter counts works works".split()))',
            'judged = {"F": "works", "E": "works", "D": "counts", "C": "filter", "B": "range",'
            ' "A": "sites"}',
            'judged = {"A": "sites", "B": "range"} | {"C": "filter", "D": "counts"}\n'
            'judged.update(E="works", F="works")',
        ),
    },
    "plan": {
        "wrong": {
            "ic50-without-plateaus": (
                'plan = {"radioligand_nM": 2.5, "sites_nM": 0.06,'
                ' "inhibitor_nM": [0, 0, 0.05, 0.1, 0.2, 0.5, 1, 2, 4, 6, 8, 10]}'
            ),
            "worse-counts": (
                'plan = {"radioligand_nM": 2.5, "sites_nM": 0.005, "inhibitor_nM": wide_nM}'
            ),
            "radioligand-cures-depletion": (
                'plan = {"radioligand_nM": 30, "sites_nM": 0.06, "inhibitor_nM": wide_nM}'
            ),
            "cheng-prusoff-always": (
                'plan = {"radioligand_nM": 1.0, "sites_nM": 2.0, "inhibitor_nM": wide_nM}'
            ),
            "tighter-ligand-is-safer": (
                'plan = {"radioligand_nM": 0.1, "sites_nM": 0.06, "inhibitor_nM": wide_nM}'
            ),
            "middle-only": (
                'plan = {"radioligand_nM": 2.5, "sites_nM": 0.06, "inhibitor_nM": [0.3, 3, 30]}'
            ),
        },
        "right": (
            'plan = {"radioligand_nM": 2.5, "sites_nM": 0.06, "inhibitor_nM": wide_nM}',
            'plan = {"radioligand_nM": 3, "sites_nM": 0.06,'
            ' "inhibitor_nM": np.append(0, np.geomspace(0.1, 5000, 11))}',
            'plan = dict(radioligand_nM=2, sites_nM=0.055, inhibitor_nM=tuple(wide_nM))',
        ),
    },
}  # fmt: skip

# -- wrong answers that no test should refuse: (answer, what stands in it) to the reason -----------

_FREE = "two free plateaus under other names: the IC50 of the best fit stays what it was"
_START = "another start leads to the same least squares"
EQUIVALENT = {
    ("fit_ic50", "return bottom - (top - bottom) /"): _FREE,
    ("fit_ic50", "return bottom + (top + bottom) /"): _FREE,
    ("fit_ic50", "return bottom + top / (1 + x / 10 ** log_ic50)"): _FREE,
    ("fit_ic50", "return top + (top - bottom) /"): _FREE,
    ("fit_ic50", "return bottom + (top - log_ic50) /"): _FREE,
    ("fit_ic50", "return bottom + (top - x) /"): "(top - x)/(1 + x/k) is (top + k)/(1 + x/k) - k",
    ("fit_ic50", "/ (1 + 10 ** log_ic50 / x)"): "the same curve, read backwards",
}
NO_SLIPS = {
    "plan": "another plan that passes is right: it is judged by what it finds, not by likeness",
    "student_id": "every id is right",
}

# -- a plate of one's own --------------------------------------------------------------------------

CASES = 1000
SEED = 1973
WELLS_NM = (0, 0.316, 1, 3.16, 10, 31.6, 100, 316, 1e3, 3160, 1e4, 31600, 1e5)


def truth(number, rng=None):
    """Return the true IC50 (nM) of a plate: between two wells, and far from both plateaus' ends."""
    rng = rng or np.random.default_rng([SEED, number])
    return float(10 ** (rng.integers(1, 6) / 2 + rng.uniform(0.12, 0.38)))


def case(number):
    """Return what the table tells of a plate: the conditions and the counts of 26 wells.

    Illustrative: 15,000-30,000 specific counts, 15-35 % of that nonspecific, 1 % pipetting error.
    """
    rng = np.random.default_rng([SEED, number])
    ic50_nM = truth(number, rng)
    kd_nM = rng.uniform(2, 5)
    ratio = rng.uniform(0.4, 0.55) if rng.random() < 0.5 else rng.uniform(1.8, 3)
    top = rng.uniform(15_000, 30_000)
    wells = np.repeat(WELLS_NM, 2)
    mean = top * (rng.uniform(0.15, 0.35) + 1 / (1 + wells / ic50_nM))
    pipetted = mean * (1 + 0.01 * np.clip(rng.standard_normal(wells.size), -2, 2))
    return {
        "radioligand_nM": f"{round(kd_nM, 2) * ratio:.2f}",
        "kd_nM": f"{kd_nM:.2f}",
        "counts": " ".join(map(str, rng.poisson(pipetted))),
    }
