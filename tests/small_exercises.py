"""Exercises of the tests' own, as lessons ask them: their answers stay when a lesson changes."""

from __future__ import annotations

from snrilab.exercises import Exercise

BOUND = Exercise(
    "x/bound_fmol",
    "Radioligand in fmol, from decays per minute.",
    "dpm, specific_activity_Ci_per_mmol",
    "dpm / (2.22 * specific_activity_Ci_per_mmol)",
    cases=[(1776.0, 80.0), ([0, 888, 4440], 80.0), ([310, 2900, 8100, 650], 45.0), (222, 1)],
    unit="fmol",
    ideas={"forgot-2.22": "dpm / specific_activity_Ci_per_mmol"},
    also_right=("dpm / (specific_activity_Ci_per_mmol * 3.7e10 * 60 / 1e12)",),
)
OCCUPIED = Exercise(
    "x/fraction_occupied",
    "Fraction of the sites that carry radioligand, from 0 to 1.",
    "radioligand_nM, kd_nM",
    "radioligand_nM / (radioligand_nM + kd_nM)",
    cases=[(1, 2.5), ([0, 0.5, 2.5, 25], 2.5), ([0.3, 7.1, 1.9, 4.6], 3.0), (2.5, 2.5)],
    unit="fraction from 0 to 1",
    also_right=("1 - kd_nM / (radioligand_nM + kd_nM)", "1 / (1 + kd_nM / radioligand_nM)"),
)
EXPECTED = Exercise(
    "x/expected_ic50",
    "The IC50 in nM that a competition assay will show for a competitor of known Ki.",
    "ki_nM, radioligand_nM, kd_nM",
    "ki_nM * (1 + radioligand_nM / kd_nM)",
    cases=[(11.2, 1.0, 2.5), (50.0, [0, 1, 10], 2.5), (173.0, 4.1, 6.3), (10.0, 2.0, 2.0)],
    unit="nM",
    also_right=("ki_nM + ki_nM * radioligand_nM / kd_nM",),
)
SELECTIVITY = Exercise(
    "x/binding_selectivity",
    "How many times more tightly a drug binds SERT than NET.",
    "ki_net_nM, ki_sert_nM",
    "ki_net_nM / ki_sert_nM",
    cases=[(3, 12), ([92.2, 7841], [11.2, 1.1]), ([310, 45, 77], [62, 8, 31]), (100.0, 10.0)],
    unit="fold",
)

# Few ideas are declared in these: the slips have to be derived.
SMALL = (
    BOUND,
    OCCUPIED,
    EXPECTED,
    SELECTIVITY,
    Exercise(
        "lesson01/block_needed",
        "Share of the pumps to block for a wanted rise.",
        "fold, other_share",
        "(1 - 1 / fold) / (1 - other_share)",
        cases=[(3.6, 0.1), ([1.5, 2, 5], 0.12), (3.0, [0.05, 0.2, 0.3]), (12.0, 0.1)],
        unit="fraction",
        ideas={"block-is-rise": "fold - 1", "other-exits-forgotten": "1 - 1 / fold"},
        also_right=("(fold - 1) / (fold * (1 - other_share))",),
    ),
    Exercise(
        "lesson01/share_left",
        "Share of the uptake that is left beside a competitor.",
        "substrate_nM, km_nM, inhibitor_nM, ki_nM",
        "(km_nM + substrate_nM) / (km_nM * (1 + inhibitor_nM / ki_nM) + substrate_nM)",
        cases=[
            (926.0, 463.0, 45.0, 11.2),
            ([1, 50, 900, 9000], 463.0, 30.0, 11.2),
            (200.0, 170.0, [1, 20, 90], 5.0),
        ],
        unit="fraction",
        also_right=(
            "(1 + substrate_nM / km_nM) / (1 + inhibitor_nM / ki_nM + substrate_nM / km_nM)",
        ),
    ),
    Exercise(
        "lesson03/percent_inhibition",
        "Inhibition in per cent of the specific uptake.",
        "uptake, control, blank",
        "100 * (control - uptake) / (control - blank)",
        cases=[(60.0, 110.0, 10.0), ([118, 90, 40, 24], 115.0, 25.0), (33.0, 87.0, 12.5)],
        unit="per cent",
        also_right=("100 - 100 * (uptake - blank) / (control - blank)",),
    ),
    Exercise(
        "lesson03/substrate_needed",
        "Substrate in nM that explains a pair of IC50 and Ki.",
        "ic50_nM, ki_nM, km_nM",
        "km_nM * (ic50_nM / ki_nM - 1)",
        cases=[(30.0, 10.0, 463.0), ([20, 45, 90], 11.0, 400.0), (5.0, 40.0, 300.0)],
        unit="nM",
        also_right=("km_nM * (ic50_nM - ki_nM) / ki_nM",),
    ),
    Exercise(
        "lesson03/best_single",
        "One IC50 in nM for repeated runs.",
        "ic50s_nM",
        "10 ** np.mean(np.log10(ic50s_nM))",
        cases=[([10, 40, 250],), ([3, 8, 21, 400, 33],), ([77, 12],)],
        unit="nM",
        ideas={"arithmetic-mean": "np.mean(ic50s_nM)"},
        also_right=("np.exp(np.mean(np.log(ic50s_nM)))",),
    ),
    Exercise(
        "lesson04/mended",
        "The cells of a row, mended when the compound is missing.",
        "cells, compound",
        '[compound] + cells[:-1] if cells[0] in ("SERT", "NET") else cells',
        cases=[
            (["NET", "92.2", "10.5", ""], "Levomilnacipran"),
            (["Levomilnacipran", "SERT", "11.2", "19.0"], "Levomilnacipran"),
            (["NET", "7,800", "N/A", ""], "Escitalopram"),
        ],
        unit="cells",
        ideas={
            "position-for-name": "[compound] + cells",
            "these-rows-only": "[compound] + cells[:-1]",
        },
        also_right=("cells if cells[0] == compound else [compound, *cells[:3]]",),
    ),
    Exercise(
        "lesson05/unbound_nM",
        "Unbound drug in nM.",
        "total_ng_per_mL, molar_mass, unbound_fraction",
        "1000 * total_ng_per_mL / molar_mass * unbound_fraction",
        cases=[(20.0, 324.4, 0.2), ([5, 33, 80], 324.39, 0.44), (11.0, 246.3, 0.78)],
        unit="nM",
        also_right=("total_ng_per_mL * unbound_fraction / molar_mass * 1e3",),
    ),
    Exercise(
        "lesson06/half_life",
        "Half-life in hours.",
        "cl_L_per_h, v_L",
        "np.log(2) * v_L / cl_L_per_h",
        cases=[(23.0, 400.0), ([10, 30], 500.0), (33.0, 1050.0)],
        unit="h",
        also_right=("0.6931471805599453 * v_L / cl_L_per_h",),
    ),
    Exercise(
        "lesson09/protein_share",
        "Share of the way to the new level.",
        "day, half_life_d",
        "1 - 0.5 ** (day / half_life_d)",
        cases=[(7.0, 14.1), ([1, 5, 30], 9.0), (3.0, 21.0)],
        unit="fraction",
        also_right=("-np.expm1(-np.log(2) * day / half_life_d)",),
    ),
)
