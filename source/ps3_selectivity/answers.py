"""Assignment 3, which transporter: answers, wrong ideas and other right ways. For teachers only.

`snrilab.exercises.find("ps3_selectivity/selectivity")` finds this file where `source/` is at hand;
it is never part of a release.
"""

import numpy as np

from snrilab.exercises import Exercise

NUMBER = """
def number(cell):
    text = cell.split("[")[0].replace(",", "")
    try:
        ends = [float(part) for part in text.split("-")]
    except ValueError:
        return None
    return ends[0] if len(ends) == 1 else float(np.sqrt(ends[0] * ends[1]))


def entry(compound, cells, ki, ic50):
    return {"compound": compound, "transporter": cells[0], "ki_nM": ki, "ic50_nM": ic50}


def table(rows, number):
    found = []
    for cells in rows:
        if cells[0] in ("SERT", "NET", "DAT"):
            cells = [compound, *cells[:3]]
        compound = cells[0]
        found.append(entry(compound, cells[1:], number(cells[2]), number(cells[3])))
    return found
"""


def printed(*lines):
    """Return the rows of a printed table; cells stand between bars."""
    return [line.split("|") for line in lines]


CLEAN_TABLE = Exercise(
    name="ps3_selectivity/clean_table",
    task="One dictionary for each row of a printed table, with numbers in nM and None for unknown.",
    arguments="rows",
    answer="table(rows, number)",
    uses=NUMBER,
    cases=[
        (printed("Drug A|SERT|11.2[6]|19.0[6]", "NET|92.2[6]|10.5[6]|"),),
        (printed("Drug B|SERT|0.8 - 1.1[8]|N/A", "NET|7,800[8]|N/A|", "DAT|> 10,000[8]|N/A|"),),
        (printed("Drug C|SERT|3|7.1", "NET|45 - 62|1,250[2]|", "Drug D|SERT|5[11]|"),),
        (printed("Drug E|NET|1.1[3]|< 5", "SERT|129[3]|N/A|", "Drug F|SERT|40.2|47.3"),),
    ],
    unit="nM",
    ideas={
        "row-as-printed": (
            """
            return [entry(c[0], c[1:], number(c[2]), number(c[3])) for c in rows]
            """,
            "You take the rows as they are printed: where the first cell is a transporter, the row "
            "has slipped to the left and its Ki stands where the transporter belongs.",
        ),
        "rows-left-out": (
            """
            kept = [cells for cells in rows if cells[0] not in ("SERT", "NET", "DAT")]
            return table(kept, number)
            """,
            "You leave the slipped rows out: nothing in them is lost, it stands one cell to the "
            "left.",
        ),
        "sign-for-cause": (
            """
            found = []
            for cells in rows:
                if cells[3] == "":
                    cells = [compound, *cells[:3]] if found else cells
                compound = cells[0]
                found.append(entry(compound, cells[1:], number(cells[2]), number(cells[3])))
            return found
            """,
            "You move every row whose last cell is empty: an empty cell may also be a value that "
            "nobody measured; the row has slipped when its first cell is a transporter.",
        ),
        "transporter-lost": (
            """
            found = []
            for cells in rows:
                if cells[0] in ("SERT", "NET", "DAT"):
                    cells = [compound, *cells[1:]]
                compound = cells[0]
                found.append(entry(compound, cells[1:], number(cells[2]), number(cells[3])))
            return found
            """,
            "You write the compound over the transporter: the other cells have to make room, one "
            "step to the right.",
        ),
        "footnote-in-number": (
            """
            def digits(cell):
                return number(cell.replace("[", "").replace("]", ""))
            return table(rows, digits)
            """,
            "You keep the digits of the footnote: 11.2[6] is 11.2 with a source, not 11.26.",
        ),
        "thousand-lost": (
            """
            return table(rows, lambda cell: number(cell.replace(",", ".")))
            """,
            "You read the comma as a decimal point: in this table 7,800 is seven thousand eight "
            "hundred.",
        ),
        "limit-for-value": (
            """
            return table(rows, lambda cell: number(cell.strip(" <>")))
            """,
            "You read a limit as a value: > 10,000 says that nothing was seen up to there.",
        ),
        "missing-is-zero": (
            """
            return table(rows, lambda cell: number(cell) or 0.0)
            """,
            "You write 0 nM where nothing is known: that would be a drug that binds without end.",
        ),
        "arithmetic-mean": (
            """
            def middle(cell):
                text = cell.split("[")[0].replace(",", "")
                try:
                    return float(np.mean([float(part) for part in text.split("-")]))
                except ValueError:
                    return None
            return table(rows, middle)
            """,
            "You take the plain mean of both ends: constants vary by factors, so the middle is the "
            "one on a logarithmic axis.",
        ),
        "one-end-decides": (
            """
            return table(rows, lambda cell: number(cell.split("-")[0]))
            """,
            "You take the lower end of a range: the other end is as good.",
        ),
    },
    also_right=(
        r"""
        import re
        out, last = [], None
        for row in rows:
            cells = list(row)
            if cells[0] in {"SERT", "NET", "DAT"}:
                cells.insert(0, last)
            last = cells[0]
            values = []
            for cell in cells[2:4]:
                cell = re.sub(r"\[.*?\]", "", cell).replace(",", "").strip()
                if re.fullmatch(r"[\d.]+", cell):
                    values.append(float(cell))
                elif re.fullmatch(r"[\d.]+ *- *[\d.]+", cell):
                    low, high = cell.split("-")
                    values.append((float(low) * float(high)) ** 0.5)
                else:
                    values.append(None)
            out.append(dict(zip(("compound", "transporter", "ki_nM", "ic50_nM"),
                                (*cells[:2], *values))))
        return out
        """,
        """
        filled = []
        for row in rows:
            known = row[0] not in ("SERT", "NET", "DAT")
            filled.append(list(row) if known else [filled[-1][0]] + list(row[:-1]))
        def value(cell):
            if "[" in cell:
                cell = cell[: cell.index("[")]
            cell = cell.replace(",", "").replace(" ", "")
            if "-" in cell:
                a, b = cell.split("-")
                return 10 ** ((np.log10(float(a)) + np.log10(float(b))) / 2)
            return float(cell) if cell and cell.replace(".", "").isdigit() else None
        return [
            {"compound": a, "transporter": b, "ki_nM": value(c), "ic50_nM": value(d)}
            for a, b, c, d in filled
        ]
        """,
        """
        out = []
        for row in rows:
            slipped = 0
            if row[0] in ["SERT", "NET", "DAT"]:
                slipped = 1
                name = out[len(out) - 1]["compound"]
            else:
                name = row[0]
            new = {"compound": name, "transporter": row[1 - slipped]}
            for key, place in [("ki_nM", 2), ("ic50_nM", 3)]:
                cell = row[place - slipped].split("[")[0].replace(",", "").strip()
                if cell == "" or cell[0] not in "0123456789":
                    new[key] = None
                elif "-" in cell:
                    new[key] = np.sqrt(np.prod([float(end) for end in cell.split("-")]))
                else:
                    new[key] = float(cell)
            out.append(new)
        return out
        """,
    ),
)

SELECTIVITY = Exercise(
    name="ps3_selectivity/selectivity",
    task="How many times more tightly SERT is bound than NET; below 1 when NET is.",
    arguments="ki_net, ki_sert",
    answer="ki_net / ki_sert",
    cases=lambda rng: [
        (92.2, 11.2),
        (10.5, 19.0),
        ([7.5, 2480.0, 1.1], [0.8, 82.0, 129.0]),
        (rng.uniform(1, 900), rng.uniform(0.5, 90)),
    ],
    unit="times",
    ideas={
        "ratio-upside-down": (
            "ki_sert / ki_net",
            "Your ratio is upside down. A smaller constant is tighter, so a drug that prefers SERT "
            "has the larger constant at NET, and this ratio is above 1.",
        ),
        "direction-lost": (
            "np.maximum(ki_net, ki_sert) / np.minimum(ki_net, ki_sert)",
            "You give how far apart the two are, and lose which one is bound more tightly: below 1 "
            "means NET.",
        ),
        "difference": (
            "ki_net - ki_sert",
            "You subtract: 90 and 100 nM would be as far apart as 1 and 11 nM. Constants are "
            "compared by how many times.",
        ),
        "returned-log": (
            "np.log10(ki_net / ki_sert)",
            "You return the logarithm of the ratio: go back to the number of times.",
        ),
        "ratio": (
            "ki_net / (ki_net + ki_sert)",
            "You return a share between 0 and 1: divide one constant by the other.",
        ),
        "percent": (
            "100 * ki_net / ki_sert",
            "You return per cent; a number of times is asked for.",
        ),
    },
    also_right=(
        "np.divide(ki_net, ki_sert)",
        "10 ** (np.log10(ki_net) - np.log10(ki_sert))",
        "(1 / ki_sert) / (1 / ki_net)",
    ),
)

PAIRS = """
def pairs(rows, same, basis=None):
    found = {}
    for net in rows:
        for sert in rows:
            fits = net["transporter"] == "NET" and sert["transporter"] == "SERT"
            known = net["value_nM"] is not None and sert["value_nM"] is not None
            if fits and known and all(net[key] == sert[key] for key in same):
                if basis is None or net["basis"] == basis:
                    ratio = net["value_nM"] / sert["value_nM"]
                    found[net["compound"], net["laboratory"]] = ratio
    return found
"""


def measured(*lines):
    """Return rows of measured constants; a cell that is empty is unknown."""
    names = ("compound", "transporter", "basis", "laboratory", "value_nM")
    rows = [dict(zip(names, line.split("|"), strict=True)) for line in lines]
    return [row | {"value_nM": float(row["value_nM"]) if row["value_nM"] else None} for row in rows]


BINDING, UPTAKE = "binding, human", "uptake, human"
TWO_ASSAYS = measured(
    "A|SERT|binding, human|Leeds|11.2",
    "A|NET|binding, human|Leeds|92.2",
    "A|SERT|uptake, human|Leeds|19",
    "A|NET|uptake, human|Leeds|10.5",
    "B|NET|binding, human|Leeds|7.5",
    "B|SERT|binding, human|Leeds|0.8",
    "B|SERT|uptake, rat|Leeds|4.1",
    "B|NET|uptake, human|Leeds|23.7",
    "A|NET|uptake, human cells|Leeds|310",
)
TWO_LABORATORIES = measured(
    "A|SERT|binding, human|Leeds|11.2",
    "A|NET|binding, human|Oslo|92.2",
    "B|SERT|binding, human|Oslo|82",
    "B|NET|binding, human|Oslo|2480",
    "B|SERT|binding, human|Leeds|8.9",
    "B|NET|binding, human|Leeds|1060",
    "C|NET|binding, human|Leeds|5.3",
    "C|SERT|binding, human|Leeds|",
    "D|DAT|binding, human|Oslo|340",
    "D|SERT|binding, human|Oslo|3.7",
    "B|DAT|binding, human|Leeds|77",
)

LIKE_FOR_LIKE = Exercise(
    name="ps3_selectivity/like_for_like",
    task="NET over SERT for each compound and laboratory that has both on this basis.",
    arguments="rows, basis",
    answer='pairs(rows, ("compound", "laboratory", "basis"), basis)',
    uses=PAIRS,
    cases=[
        (TWO_ASSAYS, BINDING),
        (TWO_ASSAYS, UPTAKE),
        (TWO_LABORATORIES, BINDING),
        (TWO_ASSAYS + TWO_LABORATORIES[2:], BINDING),
        (TWO_LABORATORIES, UPTAKE),
    ],
    unit="times",
    ideas={
        "ki-is-ic50": (
            (
                'pairs(rows, ("compound", "laboratory"))',
                'pairs(rows, ("compound", "laboratory"), basis)',
            ),
            "You divide constants of two kinds of assay: a Ki from binding and an IC50 from uptake "
            "are two quantities, and their ratio says nothing about the drug. Both have to be on "
            "the basis.",
        ),
        "papers-may-be-divided": (
            'pairs(rows, ("compound", "basis"), basis)',
            "You divide a constant of one laboratory by that of another: laboratories differ for "
            "the same drug and transporter, by more than twofold in most comparisons.",
        ),
        "species-mixed": (
            """
            kind = basis.split(",")[0]
            alike = [row | {"basis": row["basis"].split(",")[0]} for row in rows]
            return pairs(alike, ("compound", "laboratory", "basis"), kind)
            """,
            "You look at the kind of assay only: the transporter of a rat and that of a human are "
            "two proteins, so species belongs to the basis.",
        ),
        "ratio-upside-down": (
            """
            right = pairs(rows, ("compound", "laboratory", "basis"), basis)
            return {key: 1 / ratio for key, ratio in right.items()}
            """,
            "Your ratios are upside down: NET over SERT, so that above 1 means that SERT is bound "
            "more tightly.",
        ),
        "one-source": (
            """
            right = pairs(rows, ("compound", "laboratory", "basis"), basis)
            first = {}
            for (compound, laboratory), ratio in right.items():
                if compound not in [name for name, _ in first]:
                    first[compound, laboratory] = ratio
            return first
            """,
            "You keep one laboratory for each compound: two that disagree are both needed, for "
            "their distance is what is not known.",
        ),
        "missing-is-zero": (
            """
            known = [row | {"value_nM": row["value_nM"] or 1e-12} for row in rows]
            return pairs(known, ("compound", "laboratory", "basis"), basis)
            """,
            "You count an unknown constant as (nearly) zero: what was not measured gives no ratio.",
        ),
        "direction-lost": (
            """
            right = pairs(rows, ("compound", "laboratory", "basis"), basis)
            return {key: max(ratio, 1 / ratio) for key, ratio in right.items()}
            """,
            "You give how far apart the two are, and lose which one is bound more tightly.",
        ),
    },
    also_right=(
        """
        found = {}
        for row in rows:
            if row["basis"] == basis and row["value_nM"] is not None:
                key = row["compound"], row["laboratory"]
                found.setdefault(key, {})[row["transporter"]] = row["value_nM"]
        return {
            key: both["NET"] / both["SERT"]
            for key, both in found.items()
            if {"NET", "SERT"} <= both.keys()
        }
        """,
        """
        sert, net = {}, {}
        for row in rows:
            if row["basis"] != basis or row["value_nM"] is None:
                continue
            key = (row["compound"], row["laboratory"])
            if row["transporter"] == "SERT":
                sert[key] = row["value_nM"]
            if row["transporter"] == "NET":
                net[key] = row["value_nM"]
        result = {}
        for key in net:
            if key in sert:
                result[key] = net[key] / sert[key]
        return result
        """,
        """
        here = [r for r in rows if r["basis"] == basis and r["value_nM"]]
        values = {(r["compound"], r["laboratory"], r["transporter"]): r["value_nM"] for r in here}
        return {
            (c, lab): np.float64(v) / values[c, lab, "SERT"]
            for (c, lab, side), v in values.items()
            if side == "NET" and (c, lab, "SERT") in values
        }
        """,
    ),
)

IMPLIED_RATIO = Exercise(
    name="ps3_selectivity/implied_ratio",
    task="The NET over SERT ratio of the other drug in the laboratory of the reference drug.",
    arguments="reference_ratio, fold",
    answer="reference_ratio * fold",
    cases=lambda rng: [
        (0.55, 27.0),
        (2.5, 4.0),
        (0.6, [17.0, 27.0]),
        (rng.uniform(0.1, 3), rng.uniform(1.5, 40)),
    ],
    unit="times",
    ideas={
        "ratio-upside-down": (
            "reference_ratio / fold",
            "The reference is the one that leans to NET: the other drug leans to SERT, so its "
            "ratio is the larger one.",
        ),
        "fold-over-ratio": (
            "fold / reference_ratio",
            "You divide the fold by the ratio: how many times one ratio is the other says that the "
            "two are multiplied.",
        ),
        "fold-is-ratio": (
            "fold * np.ones_like(reference_ratio)",
            "You return the fold: it compares two drugs, and the ratio asked for compares two "
            "transporters.",
        ),
        "added": (
            "reference_ratio + fold",
            "You add: 27 times more is a factor.",
        ),
        "times-more-is-one-more": (
            "reference_ratio * (1 + fold)",
            "You add one to the fold: here 27 times more NE-selective is a ratio 27 times apart.",
        ),
        "papers-may-be-divided": (
            "0.6 * fold",
            "You use the printed 0.6 whatever the reference: the ratio of the reference drug comes "
            "in as an argument.",
        ),
    },
    also_right=(
        "np.multiply(fold, reference_ratio)",
        "reference_ratio / (1 / fold)",
        "10 ** (np.log10(reference_ratio) + np.log10(fold))",
    ),
)

COMPETITIVE_IC50 = Exercise(
    name="ps3_selectivity/competitive_ic50",
    task="The uptake IC50 in nM of a competitive inhibitor beside this much substrate.",
    arguments="ki_nM, substrate_nM, km_nM",
    answer="ki_nM * (1 + substrate_nM / km_nM)",
    cases=lambda rng: [
        (11.2, 322.0, 463.0),
        (11.2, 463.0, 463.0),
        (90.0, [2.0, 20.0, 200.0, 4000.0], 441.0),
        (rng.uniform(1, 90), rng.uniform(20, 900), rng.uniform(100, 600)),
    ],
    unit="nM",
    ideas={
        "ic50-is-constant": (
            "ki_nM + 0 * substrate_nM",
            "You return Ki whatever the substrate: with substrate at its Km half of the pumps are "
            "busy with it, and the drug needs twice as much.",
        ),
        "proportional-ic50": (
            "ki_nM * substrate_nM / km_nM",
            "Without substrate your IC50 is zero; it must be Ki: substrate adds to a floor.",
        ),
        "halved-whatever-the-assay": (
            "2 * ki_nM + 0 * substrate_nM",
            "You double Ki: that is right only with the substrate at its Km.",
        ),
        "divided": (
            "ki_nM / (1 + substrate_nM / km_nM)",
            "Your IC50 falls below Ki: the substrate gets in the drug's way, so more drug is "
            "needed, not less.",
        ),
        "ratio-upside-down": (
            "ki_nM * (1 + km_nM / substrate_nM)",
            "Your ratio is upside down: with hardly any substrate the IC50 must come down to Ki.",
        ),
        "constants-swapped": (
            "km_nM * (1 + substrate_nM / ki_nM)",
            "Km and Ki have changed places: Km belongs to the substrate, Ki to the drug.",
        ),
        "added": (
            "ki_nM + substrate_nM / km_nM",
            "You add a number without a unit to a concentration: the substrate lifts Ki by a "
            "factor.",
        ),
    },
    also_right=(
        "ki_nM + ki_nM * substrate_nM / km_nM",
        "ki_nM * (km_nM + substrate_nM) / km_nM",
        "ki_nM / (1 - substrate_nM / (km_nM + substrate_nM))",
    ),
)

IS_CONSISTENT = Exercise(
    name="ps3_selectivity/is_consistent",
    task="Whether one competitive inhibitor can have this Ki and this IC50.",
    arguments="ki_nM, ic50_nM, scatter=1.0",
    answer="ic50_nM * scatter**2 >= ki_nM",
    cases=lambda rng: [
        (11.2, 19.0, 1.0),
        (92.2, 10.5, 1.0),
        (92.2, 10.5, 2.5),
        (92.2, 10.5, 3.0),
        (30.0, 21.0, 1.25),
        (30.0, 26.0, 1.25),
        (5.0, 400.0, 1.3),
        ([20.0, 20.0, 20.0, 20.0], [19.0, 20.0, 90.0, 2000.0], 1.0),
        (rng.uniform(5, 90, 6), rng.uniform(5, 90, 6), 1.5),
    ],
    unit="true or false",
    ideas={
        "floor-excluded": (
            "ic50_nM * scatter**2 > ki_nM",
            "You refuse an IC50 that equals Ki: with no substrate at all that is what comes out.",
        ),
        "ratio-upside-down": (
            "ki_nM * scatter**2 >= ic50_nM",
            "You have it the wrong way round: substrate lifts an IC50 above Ki, so what cannot be "
            "is an IC50 far below.",
        ),
        "ic50-is-constant": (
            "np.maximum(ki_nM / ic50_nM, ic50_nM / ki_nM) <= scatter**2",
            "You ask whether the two are alike: an IC50 far above Ki is no contradiction, there "
            "may have been much substrate.",
        ),
        "digits-are-precision": (
            "ic50_nM + 0 * scatter >= ki_nM",
            "You take both numbers as exact: with scatter each may be off by that factor.",
        ),
        "all-on-one": (
            "ic50_nM * scatter >= ki_nM",
            "You let one of the two be wrong: both may be, in opposite directions.",
        ),
        "halved": (
            "ic50_nM * 2 * scatter >= ki_nM",
            "You double the factor: two errors of 1.5-fold in opposite directions multiply, to "
            "2.25.",
        ),
        "difference": (
            "ic50_nM + scatter >= ki_nM",
            "You add the scatter: it is a factor, and it counts twice.",
        ),
    },
    also_right=(
        "np.greater_equal(ic50_nM * scatter, ki_nM / scatter)",
        "np.sqrt(np.maximum(1, ki_nM / ic50_nM)) <= scatter",
        """
        lowest_ki, highest_ic50 = ki_nM / scatter, ic50_nM * scatter
        return np.logical_not(lowest_ki > highest_ic50)
        """,
    ),
)

EXP_OF_LN = "np.exp(np.mean(np.log(ic50_{}_nM)))"
EXP_OF_LOG10 = "np.exp(np.mean(np.log10(ic50_{}_nM)))"
TENFOLD_OF_LN = "10 ** np.mean(np.log(ic50_{}_nM))"


def ratio_of_means(net: str, sert: str) -> str:
    """Return the colleague's lines with these two means of the runs."""
    return f"""
            ki_net_nM = {net} / (1 + ne_nM / km_net_nM)
            ki_sert_nM = {sert} / (1 + serotonin_nM / km_sert_nM)
            return ki_net_nM / ki_sert_nM
            """


MENDED_RATIO = Exercise(
    name="ps3_selectivity/mended_ratio",
    task="Ki at NET over Ki at SERT, from repeated uptake IC50s, by the laboratory's method.",
    arguments="ic50_net_nM, ic50_sert_nM, ne_nM, serotonin_nM, km_net_nM, km_sert_nM",
    answer="""
    ki_net_nM = np.exp(np.mean(np.log(ic50_net_nM))) / (1 + ne_nM / km_net_nM)
    ki_sert_nM = np.exp(np.mean(np.log(ic50_sert_nM))) / (1 + serotonin_nM / km_sert_nM)
    return ki_net_nM / ki_sert_nM
    """,
    cases=[
        ([10.0, 40.0], [20.0, 30.0, 90.0], 100.0, 400.0, 400.0, 200.0),
        ([220.0, 90.0, 300.0], [7.0, 31.0, 12.0], 50.0, 700.0, 250.0, 500.0),
        ([3.0, 4.0, 11.0, 30.0], [55.0, 160.0], 900.0, 30.0, 150.0, 480.0),
    ],
    unit="times",
    ideas={
        "arithmetic-mean": (
            (
                """
                ki_net_nM = np.mean(ic50_net_nM) / (1 + ne_nM / km_net_nM)
                ki_sert_nM = np.mean(ic50_sert_nM) / (1 + serotonin_nM / km_sert_nM)
                return ki_net_nM / ki_sert_nM
                """,
                """
                ki_net_nM = np.exp(np.mean(np.log(ic50_net_nM))) / (1 + ne_nM / km_net_nM)
                ki_sert_nM = np.mean(ic50_sert_nM) / (1 + serotonin_nM / km_sert_nM)
                return ki_net_nM / ki_sert_nM
                """,
            ),
            "You take the plain mean of repeated runs: they scatter by factors, and one high run "
            "pulls it up. The mean of their logarithms is meant, in both lines.",
        ),
        "one-km-for-both": (
            """
            ki_net_nM = np.exp(np.mean(np.log(ic50_net_nM))) / (1 + ne_nM / km_sert_nM)
            ki_sert_nM = np.exp(np.mean(np.log(ic50_sert_nM))) / (1 + serotonin_nM / km_sert_nM)
            return ki_net_nM / ki_sert_nM
            """,
            "You divide norepinephrine by the Km of serotonin: each substrate has a Km of its own.",
        ),
        "ratio-upside-down": (
            """
            ki_net_nM = np.exp(np.mean(np.log(ic50_net_nM))) / (1 + ne_nM / km_net_nM)
            ki_sert_nM = np.exp(np.mean(np.log(ic50_sert_nM))) / (1 + km_sert_nM / serotonin_nM)
            return ki_net_nM / ki_sert_nM
            """,
            "At SERT your ratio is upside down: it is substrate over Km that lifts an IC50 above "
            "Ki.",
        ),
        "sert-over-net": (
            """
            ki_net_nM = np.exp(np.mean(np.log(ic50_net_nM))) / (1 + ne_nM / km_net_nM)
            ki_sert_nM = np.exp(np.mean(np.log(ic50_sert_nM))) / (1 + serotonin_nM / km_sert_nM)
            return ki_sert_nM / ki_net_nM
            """,
            "Your last line gives SERT over NET: the ratio asked for is above 1 when SERT is bound "
            "more tightly, so NET stands on top.",
        ),
        "ic50-is-constant": (
            "np.exp(np.mean(np.log(ic50_net_nM)) - np.mean(np.log(ic50_sert_nM)))",
            "You divide the IC50s: substrate has lifted the two by different factors.",
        ),
        "middle-only": (
            """
            ki_net_nM = np.median(ic50_net_nM) / (1 + ne_nM / km_net_nM)
            ki_sert_nM = np.median(ic50_sert_nM) / (1 + serotonin_nM / km_sert_nM)
            return ki_net_nM / ki_sert_nM
            """,
            "You take the middle run: the method is the mean of the logarithms, to which every run "
            "contributes.",
        ),
        "wrong-logarithm": (
            tuple(
                ratio_of_means(net, sert)
                for net, sert in (
                    (TENFOLD_OF_LN.format("net"), TENFOLD_OF_LN.format("sert")),
                    (EXP_OF_LOG10.format("net"), EXP_OF_LOG10.format("sert")),
                    (EXP_OF_LOG10.format("net"), EXP_OF_LN.format("sert")),
                    (EXP_OF_LN.format("net"), EXP_OF_LOG10.format("sert")),
                )
            ),
            "You go there with one logarithm and come back with another: np.log is undone by "
            "np.exp, np.log10 by 10**.",
        ),
        "returned-log": (
            tuple(
                ratio_of_means(net, sert)
                for net, sert in (
                    ("np.mean(np.log10(ic50_net_nM))", "np.mean(np.log10(ic50_sert_nM))"),
                    ("np.mean(np.log10(ic50_net_nM))", EXP_OF_LN.format("sert")),
                    (EXP_OF_LN.format("net"), "np.mean(np.log10(ic50_sert_nM))"),
                    ("np.mean(np.log(ic50_net_nM))", EXP_OF_LN.format("sert")),
                    (EXP_OF_LN.format("net"), "np.mean(np.log(ic50_sert_nM))"),
                )
            ),
            "The mean of logarithms is right, and it is still a logarithm where nM belong: go "
            "back, with np.exp or with 10**, before you divide.",
        ),
        "multiplied": (
            """
            ki_net_nM = np.exp(np.mean(np.log(ic50_net_nM))) * (1 + ne_nM / km_net_nM)
            ki_sert_nM = np.exp(np.mean(np.log(ic50_sert_nM))) * (1 + serotonin_nM / km_sert_nM)
            return ki_net_nM / ki_sert_nM
            """,
            "You multiply where Ki is the smaller one: divide the IC50 by the factor that the "
            "substrate put in.",
        ),
    },
    also_right=(
        """
        ki_net_nM = 10 ** np.mean(np.log10(ic50_net_nM)) * km_net_nM / (km_net_nM + ne_nM)
        sert_nM = 10 ** np.mean(np.log10(ic50_sert_nM))
        return ki_net_nM / (sert_nM * km_sert_nM / (km_sert_nM + serotonin_nM))
        """,
        """
        from scipy.stats import gmean
        factor = (1 + serotonin_nM / km_sert_nM) / (1 + ne_nM / km_net_nM)
        return gmean(ic50_net_nM) / gmean(ic50_sert_nM) * factor
        """,
        """
        def ki(runs, substrate_nM, km_nM):
            product = 1.0
            for run in runs:
                product = product * run
            return product ** (1 / len(runs)) / (1 + substrate_nM / km_nM)
        return ki(ic50_net_nM, ne_nM, km_net_nM) / ki(ic50_sert_nM, serotonin_nM, km_sert_nM)
        """,
    ),
)

# -- answers that are values: whole cells, wrong ones by the code of their idea, other right ones --

TAKEN_OUT = """
load = {s: own[s + "_substrate_nM"] / own[s + "_km_nM"] for s in ("sert", "net")}
"""
MEANS = """
ki = {s: np.exp(np.mean(np.log(own[s + "_ki_nM"]))) for s in ("sert", "net")}
"""
WORDS = (
    TAKEN_OUT
    + MEANS
    + """
def word(ic50_nM, ki_nM, load):
    if ic50_nM < ki_nM / 1.6:
        return "none"
    if max(ic50_nM / ki_nM / (1 + load), ki_nM * (1 + load) / ic50_nM) <= 1.6:
        return "fits"
    return "less" if ic50_nM < ki_nM * (1 + load) else "more"
def words(ki, load):
    return {s: word(own_ic50_nM[s], ki[s.lower()], load[s.lower()]) for s in ("SERT", "NET")}
"""
)

CELLS = {
    "own_ic50": {
        "wrong": {
            "half-of-total": """
                def half(counts):
                    return wells_nM[int(np.argmax(counts < counts[0] / 2)) or -1]
                own_ic50_nM = {s: half(own[s.lower() + "_counts"]) for s in ("SERT", "NET")}
            """,
            "nearest-concentration": """
                def nearest(counts):
                    return wells_nM[np.argmin(abs(counts - (max(counts) + min(counts)) / 2))]
                own_ic50_nM = {s: nearest(own[s.lower() + "_counts"]) for s in ("SERT", "NET")}
            """,
            "no-nonspecific-plateau": """
                def through_zero(x, top, log_ic50):
                    return top / (1 + x / 10**log_ic50)
                def fit(y):
                    return 10 ** curve_fit(through_zero, wells_nM, y, [max(y), 1.5])[0][1]
                own_ic50_nM = {s: fit(own[s.lower() + "_counts"]) for s in ("SERT", "NET")}
            """,
            "one-side-only": """
                one = fit_ic50(wells_nM, own["sert_counts"])
                own_ic50_nM = {"SERT": one, "NET": one}
            """,
            "sert-over-net": """
                own_ic50_nM = {
                    "SERT": fit_ic50(wells_nM, own["net_counts"]),
                    "NET": fit_ic50(wells_nM, own["sert_counts"]),
                }
            """,
            "ki-is-ic50": """
                own_ic50_nM = {
                    "SERT": np.exp(np.mean(np.log(own["sert_ki_nM"]))),
                    "NET": np.exp(np.mean(np.log(own["net_ki_nM"]))),
                }
            """,
            "molar": """
                own_ic50_nM = {
                    s: 1e-9 * fit_ic50(wells_nM, own[s.lower() + "_counts"])
                    for s in ("SERT", "NET")
                }
            """,
        },
        "right": (
            """
            def free_slope(x, top, bottom, log_ic50, hill):
                return bottom + (top - bottom) / (1 + (x / 10**log_ic50) ** hill)
            def fit(y):
                start = [max(y), min(y), 1.5, 1]
                return 10 ** curve_fit(free_slope, wells_nM + 1e-9, y, start)[0][2]
            own_ic50_nM = {s: fit(own[s.lower() + "_counts"]) for s in ("SERT", "NET")}
            """,
            """
            own_ic50_nM = {}
            for side in "SERT", "NET":
                means = own[side.lower() + "_counts"].reshape(-1, 2).mean(axis=1)
                own_ic50_nM[side] = fit_ic50(wells_nM[::2], means)
            """,
            """
            def falling(x, top, bottom, log_ic50):
                return bottom + (top - bottom) / (1 + x / 10**log_ic50)
            own_ic50_nM = {}
            for side in ("NET", "SERT"):
                y = own[side.lower() + "_counts"]
                start = [max(y), min(y), 1.5]
                best = curve_fit(falling, wells_nM, y, start, sigma=np.sqrt(y))[0]
                own_ic50_nM[side] = np.array([10 ** best[2]])
            """,
        ),
    },
    "own_uptake_ratio": {
        "wrong": {
            "ic50-is-constant": 'own_uptake_ratio = own_ic50_nM["NET"] / own_ic50_nM["SERT"]',
            "sert-over-net": TAKEN_OUT
            + 'own_uptake_ratio = own_ic50_nM["SERT"] / (1 + load["sert"])'
            ' / (own_ic50_nM["NET"] / (1 + load["net"]))',
            "multiplied": TAKEN_OUT
            + 'own_uptake_ratio = own_ic50_nM["NET"] * (1 + load["net"])'
            ' / (own_ic50_nM["SERT"] * (1 + load["sert"]))',
            "ratio-upside-down": TAKEN_OUT
            + 'own_uptake_ratio = own_ic50_nM["NET"] / (1 + 1 / load["net"])'
            ' / (own_ic50_nM["SERT"] / (1 + 1 / load["sert"]))',
            "one-km-for-both": """
                net_nM = own_ic50_nM["NET"] / (1 + own["net_substrate_nM"] / own["sert_km_nM"])
                sert_nM = own_ic50_nM["SERT"] / (1 + own["sert_substrate_nM"] / own["sert_km_nM"])
                own_uptake_ratio = net_nM / sert_nM
            """,
            "constants-swapped": """
                net_nM = own_ic50_nM["NET"] / (1 + own["net_substrate_nM"] / own["sert_km_nM"])
                sert_nM = own_ic50_nM["SERT"] / (1 + own["sert_substrate_nM"] / own["net_km_nM"])
                own_uptake_ratio = net_nM / sert_nM
            """,
            "forgot-one": TAKEN_OUT
            + 'own_uptake_ratio = own_ic50_nM["NET"] / load["net"]'
            ' / (own_ic50_nM["SERT"] / load["sert"])',
            "ki-is-ic50": MEANS + 'own_uptake_ratio = ki["net"] / ki["sert"]',
        },
        "right": (
            TAKEN_OUT
            + 'own_uptake_ratio = own_ic50_nM["NET"] / own_ic50_nM["SERT"]'
            ' * (1 + load["sert"]) / (1 + load["net"])',
            """
            one = [own_ic50_nM["NET"]], [own_ic50_nM["SERT"]]
            two = own["net_substrate_nM"], own["sert_substrate_nM"]
            own_uptake_ratio = mended_ratio(*one, *two, own["net_km_nM"], own["sert_km_nM"])
            """,
            """
            def ki(side, ic50_nM):
                km_nM = own[side + "_km_nM"]
                return ic50_nM * km_nM / (km_nM + own[side + "_substrate_nM"])
            own_uptake_ratio = selectivity(
                ki("net", fit_ic50(wells_nM, own["net_counts"])),
                ki("sert", fit_ic50(wells_nM, own["sert_counts"])),
            )
            """,
        ),
    },
    "own_binding_ratio": {
        "wrong": {
            "arithmetic-mean": 'own_binding_ratio = np.mean(own["net_ki_nM"])'
            ' / np.mean(own["sert_ki_nM"])',
            "middle-only": 'own_binding_ratio = np.median(own["net_ki_nM"])'
            ' / np.median(own["sert_ki_nM"])',
            "mean-of-potencies": 'own_binding_ratio = np.mean(1 / own["sert_ki_nM"])'
            ' / np.mean(1 / own["net_ki_nM"])',
            "sert-over-net": MEANS + 'own_binding_ratio = ki["sert"] / ki["net"]',
            "difference": MEANS + 'own_binding_ratio = ki["net"] - ki["sert"]',
            "returned-log": MEANS + 'own_binding_ratio = np.log10(ki["net"] / ki["sert"])',
            "first-run-only": 'own_binding_ratio = own["net_ki_nM"][0] / own["sert_ki_nM"][0]',
            "corrected-twice": TAKEN_OUT
            + MEANS
            + 'own_binding_ratio = ki["net"] / (1 + load["net"]) / ki["sert"] * (1 + load["sert"])',
        },
        "right": (
            """
            from scipy.stats import gmean
            own_binding_ratio = gmean(own["net_ki_nM"]) / gmean(own["sert_ki_nM"])
            """,
            'own_binding_ratio = np.exp(np.mean(np.log(own["net_ki_nM"] / own["sert_ki_nM"])))',
            """
            net, sert = np.prod(own["net_ki_nM"]) ** 0.2, np.prod(own["sert_ki_nM"]) ** 0.2
            own_binding_ratio = selectivity(net, sert)
            """,
        ),
    },
    "own_verdict": {
        "wrong": {
            "ic50-is-constant": WORDS
            + 'own_verdict = words(ki, dict.fromkeys(("sert", "net"), 0.0))',
            "ratio-upside-down": WORDS
            + "own_verdict = words(ki, {s: 1 / one for s, one in load.items()})",
            "impossible-hidden": WORDS
            + """
own_verdict = words(ki, load)
own_verdict = {s: "less" if one == "none" else one for s, one in own_verdict.items()}
""",
            "cheng-prusoff-always": 'own_verdict = {"SERT": "fits", "NET": "fits"}',
            "misfit-is-misprint": 'own_verdict = {"SERT": "none", "NET": "none"}',
            "sert-over-net": WORDS
            + """
right = words(ki, load)
own_verdict = {"SERT": right["NET"], "NET": right["SERT"]}
""",
        },
        "right": (
            WORDS + "own_verdict = words(ki, load)",
            WORDS + "own_verdict = dict(sorted(words(ki, load).items()))",
            MEANS
            + """
own_verdict = {}
for side in ("SERT", "NET"):
    s = side.lower()
    needed = own[s + "_km_nM"] * (own_ic50_nM[side] / ki[s] - 1)
    there = own[s + "_substrate_nM"]
    km = own[s + "_km_nM"]
    if own_ic50_nM[side] * 1.6 < ki[s]:
        own_verdict[side] = "none"
    elif (km + there) / 1.6 <= km + needed <= 1.6 * (km + there):
        own_verdict[side] = "fits"
    else:
        own_verdict[side] = "less" if needed < there else "more"
""",
        ),
    },
    "judged": {
        "wrong": {
            "ki-is-safe-to-mix": 'judged = dict.fromkeys("ABCDEF", "works")',
            "small-error-is-right": (
                'judged = dict(zip("ABCDEF", "runs laboratories assays substrate works'
                ' works".split()))'
            ),
            "papers-may-be-divided": (
                'judged = dict(zip("ABCDEF", "runs works assays substrate works assays".split()))'
            ),
            "ki-is-ic50": (
                'judged = dict(zip("ABCDEF", "runs laboratories works substrate works'
                ' works".split()))'
            ),
            "ic50-is-constant": (
                'judged = dict(zip("ABCDEF", "runs laboratories assays runs works assays".split()))'
            ),
            "more-substrate-is-worse": (
                'judged = dict(zip("ABCDEF", "runs laboratories assays substrate substrate'
                ' assays".split()))'
            ),
        },
        "right": (
            'judged = dict(zip("ABCDEF", "runs laboratories assays substrate works'
            ' assays".split()))',
            'judged = {"F": "assays", "E": "works", "D": "substrate", "C": "assays",'
            ' "B": "laboratories", "A": "runs"}',
            'judged = {"A": "runs", "B": "laboratories"} | {"C": "assays", "D": "substrate"}\n'
            'judged.update(E="works", F="assays")',
        ),
    },
}  # fmt: skip

# -- wrong answers that no test should refuse: (answer, what stands in it) to the reason -----------

EQUIVALENT: dict[tuple[str, str], str] = {}
NO_SLIPS = {
    "student_id": "every id is right",
    "own_verdict": "four words: one that is right is right, however it was found",
}

# -- a laboratory of one's own ---------------------------------------------------------------------

CASES = 1000
SEED = 2013
WELLS_NM = (0, 0.1, 0.316, 1, 3.16, 10, 31.6, 100, 316, 1e3, 3160, 1e4, 31600)
SIDES = ("sert", "net")
RUNS = np.array([-0.55, -0.35, -0.25, 0.25, 0.90])  # sum 0: the geometric mean is the truth


def truth(number, rng=None):
    """Return the true uptake IC50 (nM) at SERT and at NET: each between two wells, not the same."""
    rng = rng or np.random.default_rng([SEED, number])
    return 10 ** ((rng.permutation(5)[:2] + 1) / 2 + rng.uniform(0.12, 0.38, 2))


def behind(number, rng=None):
    """Return IC50, substrate over Km, true binding Ki and the word, each at SERT and at NET."""
    rng = rng or np.random.default_rng([SEED, number])
    ic50_nM = truth(number, rng)
    order = rng.permutation(2)
    load = np.array([rng.uniform(1.2, 1.5), rng.uniform(3.5, 4.5)])[order]
    other = ("none", "none", "less", "less", "more", "more", "fits")[rng.integers(7)]
    words = ["fits", other]
    words = [words[i] for i in (order if other == "less" else rng.permutation(2))]
    factor = {
        "fits": (1 + load) * rng.uniform(0.9, 1.12, 2),
        "none": rng.uniform(0.2, 0.45, 2),
        "less": (1 + load) / rng.uniform(2.2, 2.6, 2),
        "more": (1 + load) * rng.uniform(2.6, 5.0, 2),
    }
    ki_nM = np.array([ic50_nM[i] / factor[words[i]][i] for i in range(2)])
    return ic50_nM, load, ki_nM, words


def case(number):
    """Return what the table tells of a case: five Ki, substrate, Km and 26 counts at each side.

    Illustrative: 20,000-40,000 counts by the transporter, 10-40 % of that by other ways, 0.7 %
    pipetting error.
    """
    rng = np.random.default_rng([SEED, number])
    ic50_nM, load, ki_nM, _ = behind(number, rng)
    km_nM = np.array([rng.uniform(180, 230), rng.uniform(450, 600)])[rng.permutation(2)]
    other = np.array([rng.uniform(0.10, 0.18), rng.uniform(0.28, 0.40)])[rng.permutation(2)]
    wide, wells = rng.integers(2), np.repeat(WELLS_NM, 2)
    told = {}
    for i, side in enumerate(SIDES):
        spread = rng.uniform(0.85, 1.15) * rng.choice([-1, 1]) * (1.0 if i == wide else 0.15)
        runs = ki_nM[i] * np.exp(spread * rng.permutation(RUNS))
        mean = rng.uniform(20_000, 40_000) * (other[i] + 1 / (1 + wells / ic50_nM[i]))
        pipetted = mean * (1 + 0.007 * np.clip(rng.standard_normal(wells.size), -2, 2))
        told |= {
            f"{side}_ki_nM": " ".join(f"{run:#.3g}".rstrip(".") for run in runs),
            f"{side}_substrate_nM": f"{load[i] * round(km_nM[i]):.0f}",
            f"{side}_km_nM": f"{km_nM[i]:.0f}",
            f"{side}_counts": " ".join(map(str, rng.poisson(pipetted))),
        }
    return told
