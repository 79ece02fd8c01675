"""Assignment 2, radioligand binding: answers, wrong ideas and other right ways. For teachers only.

`snrilab.exercises.find("ps2_binding/saturation")` finds this file where `source/` is at hand; it is
never part of a release.
"""

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
    import numpy as np

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
