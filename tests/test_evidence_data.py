"""The evidence table: nothing lost, everything sourced, every claim of the seeds judged."""

import csv
import math
import re
from collections import Counter
from pathlib import Path

import pytest

from snrilab import evidence
from snrilab.evidence._rows import BASES, PROVENANCES, TARGETS, UNITS


def _packaged(name):
    from importlib.resources import files

    return files("snrilab").joinpath("data", name).read_text(encoding="utf-8").splitlines()


ROWS = {row.key: row for row in evidence.find()}
SETS = {record["set"] for record in csv.DictReader(_packaged("parameters.csv"))}
KEYS = {reference.key for reference in map(evidence.reference, {r.source for r in ROWS.values()})}


# Nothing lost, everything sourced ------------------------------------------------------------


def test_each_row_is_well_formed_and_sourced():
    for key, row in ROWS.items():
        assert row.source in KEYS, key
        assert row.page, f"{key} does not say where it was read, recalled from or printed"
        assert row.unit in UNITS, key
        assert row.basis in BASES, key
        assert row.provenance in PROVENANCES, key
        assert row.target in ("", *TARGETS), key
        assert (row.low is None) == (row.high is None) == (row.interval == ""), key
        if row.value is None:
            assert row.low is None, key
            assert row.text or row.mark, key
        elif row.low is not None:
            assert row.low <= row.value <= row.high, key
        assert not (row.text and row.unit), key
        assert all(count is None or count > 0 for count in (row.n, row.comparator_n)), key


def test_quantities_hide_no_dose_and_no_study():
    for row in ROWS.values():
        name = re.sub(r"IC50|EC50|ED50|5HT|MK801|80_percent", "", row.quantity)
        assert not re.search(r"\d", name), row.key
        assert not re.search("seed|label|Bakish|Asnis|placebo", name), row.key


def test_keys_are_unique():
    assert len(evidence.find()) == len(ROWS)


def test_no_reference_is_unused_and_no_doi_is_malformed():
    used = {row.source for row in ROWS.values()}
    used.update(s for name in SETS for p in evidence.parameters(name).values() for s in p.source)
    used.update(source for target in evidence.targets() for source in target.source)
    used.update(f"seed_{claim.seed}" for claim in evidence.claims())
    data = csv.DictReader(_packaged("references.csv"))
    listed = [evidence.reference(record["key"]) for record in data]
    assert used == {reference.key for reference in listed}
    for reference in listed:
        assert reference.citation
        assert re.fullmatch(r"(10\.\d{4,}/\S+)?", reference.doi)
        assert re.fullmatch(r"(https?://\S+)?", reference.url)


# The seed texts --------------------------------------------------------------------------------


def test_every_number_a_seed_prints_is_a_marked_claim():
    """The numbers were counted once in the three texts (tests/data/README.md says how)."""
    path = Path(__file__).parent / "data" / "seed_numbers.csv"
    with path.open(encoding="utf-8", newline="") as file:
        counted = {(row["seed"], row["number"]): int(row["times"]) for row in csv.DictReader(file)}
    claimed = Counter((claim.seed, n) for claim in evidence.claims() for n in claim.numbers)
    assert claimed == counted


def test_claims_are_judged_and_joined_to_rows():
    numbers = {contradiction.number for contradiction in evidence.contradictions()}
    for claim in evidence.claims():
        assert claim.why, claim.key
        assert set(claim.rows) <= set(ROWS), claim.key
        assert set(claim.contradictions) <= numbers, claim.key
        if claim.verdict in {"wrong", "misleading"}:
            assert claim.contradictions, f"{claim.key} says what is wrong nowhere"


def test_a_claim_judged_right_agrees_with_a_row():
    for claim in evidence.claims(verdict="right"):
        if "50%" in claim.wording:  # the definition of the IC50
            continue
        rows = [ROWS[key] for key in claim.rows]
        held = {x for row in rows for x in (row.value, row.low, row.high) if x is not None}
        held |= {round(100 * x) for x in held if x <= 1}  # fractions printed as per cent
        words = " ".join(f"{row.condition} {row.time} {row.note}" for row in rows)
        held |= {float(x) for x in re.findall(r"\d+\.?\d*", words)}
        assert {float(n.replace(",", "")) for n in claim.numbers} <= held, claim.key


def test_contradictions_keep_both_sides():
    listed = evidence.contradictions()
    assert [contradiction.number for contradiction in listed] == list(range(1, 39))
    claims = {claim.key: claim for claim in evidence.claims()}
    for contradiction in listed:
        number = contradiction.number
        assert contradiction.severity in {"A", "B", "C", "data"}
        for text in (contradiction.wording, contradiction.problem, contradiction.right):
            assert text, number
        assert contradiction.claims, f"{number} has no wording from a seed"
        assert all(number in claims[key].contradictions for key in contradiction.claims)
        assert set(contradiction.rows_claimed) | set(contradiction.rows_against) <= set(ROWS)
        sides = (*contradiction.claimed, *contradiction.against)
        assert len(sides) == len({*contradiction.rows_claimed, *contradiction.rows_against})
        assert all(number in row.contradictions for row in sides)
    without = {c.number for c in listed if not c.against}
    # Two claims of one seed against each other (19); methods and wording, where no number decides.
    assert without == {19, 26, 27, 35, 38}
    for row in ROWS.values():
        for number in row.contradictions:
            assert row in (*listed[number - 1].claimed, *listed[number - 1].against)


def test_the_worst_contradiction_keeps_its_two_ratios():
    claimed = evidence.contradictions()[3].claimed
    assert {row.drug: row.value for row in claimed} == {
        "levomilnacipran": 0.6, "duloxetine": 10, "venlafaxine": 30,
    }  # fmt: skip
    assert {row.basis for row in claimed} == {"binding_Ki", "uptake_IC50"}


# Derived numbers -------------------------------------------------------------------------------


def _v(drug, quantity, **filters):
    return float(evidence.get(drug, quantity, **filters))


def _constant(drug, target, basis, source):
    return _v(drug, "transporter_constant", target=target, basis=basis, source=source)


@pytest.mark.parametrize(
    ("drug", "basis", "source", "printed", "digits"),
    [
        ("levomilnacipran", "uptake_IC50", "auclair2013", 0.553, 3),
        ("levomilnacipran", "binding_Ki", "auclair2013", 8.2, 1),
        ("venlafaxine", "binding_Ki", "bymaster2001", 30, 0),
        ("duloxetine", "binding_Ki", "bymaster2001", 9.4, 1),
        ("milnacipran", "binding_Ki", "vaishnavi2004", 2.61, 2),
        ("milnacipran", "uptake_IC50", "vaishnavi2004", 0.45, 2),
        ("desvenlafaxine", "binding_Ki", "deecher2006", 13.9, 1),
        ("desvenlafaxine", "uptake_IC50", "deecher2006", 11.2, 1),
    ],
)
def test_selectivity_ratios_follow_from_their_constants(drug, basis, source, printed, digits):
    ratio = _constant(drug, "NET", basis, source) / _constant(drug, "SERT", basis, source)
    assert round(ratio, digits) == printed


def test_selectivity_in_the_lab_of_auclair_reverses_the_order_of_the_seed():
    lvm = _constant("levomilnacipran", "NET", "uptake_IC50", "auclair2013") / _constant(
        "levomilnacipran", "SERT", "uptake_IC50", "auclair2013"
    )
    fold = {
        other: _v("levomilnacipran", "NE_selectivity_fold", comparator=other)
        for other in ("venlafaxine", "duloxetine")
    }
    assert round(lvm * fold["venlafaxine"], 1) == 9.4
    assert round(lvm * fold["duloxetine"], 1) == 14.9


def test_pharmacokinetic_derivations():
    lvm = "levomilnacipran"
    auc = _v(lvm, "AUC_tau")
    clearance = _v(lvm, "CL_over_F", basis="derived")
    assert round(120e3 / auc, 2) == clearance
    assert round(clearance * 12 / math.log(2)) == 400
    assert round(auc / 24, 1) == 216.5
    weight, bound = _v(lvm, "molecular_weight"), 0.22
    assert round(auc / 24 / weight * 1e3) == 879
    assert round(auc / 24 / weight * 1e3 * (1 - bound)) == 685
    assert _v(lvm, "fraction unbound") == 1 - bound
    salt = _v(lvm, "molecular_weight_salt") / weight
    assert round(salt, 3) == 1.148
    assert _v(lvm, "salt_mass_per_capsule") / 120 == pytest.approx(salt, abs=1e-3)
    removed = 1 - 1 / _v(lvm, "AUC_ratio", comparator="ketoconazole")
    assert round(removed, 3) == 0.363
    assert removed < 1 - _v(lvm, "fraction_excreted_unchanged", species="human")
    assert round(1 / _v(lvm, "AUC_ratio", comparator="carbamazepine"), 2) == 1.41
    assert round(80 * _v(lvm, "AUC_ratio", comparator="ketoconazole")) == 126


def test_renal_study_is_consistent_with_its_parameter_set():
    parameters = evidence.parameters("levomilnacipran_renal")
    normal = _v("levomilnacipran", "AUC_inf", population="renal function normal")
    for group in ("normal", "mild", "moderate", "severe"):
        where = {"population": f"renal function {group}", "basis": "pharmacokinetics"}
        auc = _v("levomilnacipran", "AUC_inf", **where)
        renal = _v("levomilnacipran", "CL_renal", **where) * 60 / 1000
        assert float(parameters[f"{group}/auc_ratio"]) == round(auc / normal, 2)
        assert float(parameters[f"{group}/cl_over_f_L_per_h"]) == round(40e3 / auc, 1)
        assert float(parameters[f"{group}/cl_renal_L_per_h"]) == pytest.approx(renal, abs=0.06)
        half_life = _v("levomilnacipran", "half_life", **where)
        assert float(parameters[f"{group}/half_life_h"]) == half_life


def test_comparator_parameters_follow_from_each_other():
    esc = evidence.parameters("escitalopram_1cmt")
    assert _v("escitalopram", "CL_over_F") * 60 / 1000 == float(esc["cl_over_f_L_per_h"])
    assert 36 * 30 / math.log(2) == pytest.approx(float(esc["v_over_f_L"]), rel=2e-3)
    published = math.log(2) * _v("escitalopram", "V", unit="L") / _v("escitalopram", "CL")
    assert round(published, 1) == 24.6  # not the 27 to 33 h of the same paper
    duloxetine = evidence.parameters("duloxetine")
    assert round(1640 * math.log(2) / 12, 1) == float(duloxetine["cl_over_f_L_per_h"])
    milnacipran = evidence.parameters("milnacipran_IR")
    cavg = 1e3 * float(milnacipran["bioavailability"]) / (float(milnacipran["cl_L_per_h"]) * 24)
    pet = evidence.parameters("milnacipran_PET")
    for target in ("SERT", "NET"):
        ed50 = _v("milnacipran", "ED50", target=target)
        ec50 = float(pet[f"ec50_{target}_ng_per_mL"])
        assert round(cavg * ed50) == ec50
        bridge = evidence.parameters("invivo_EC50")[f"levomilnacipran/{target}"]
        assert bridge.value is None
        assert (round(ec50 / 2), ec50) == pytest.approx((bridge.low, bridge.high), abs=1)


def test_allosteric_site_is_far_above_clinical_exposure():
    ec50 = _v("escitalopram", "allosteric_EC50")
    fu, weight = 1 - _v("escitalopram", "plasma_protein_binding"), 324.39
    for dose, fold in ((10, 230), (20, 115)):
        unbound = dose * 1e3 / 36 / 24 / weight * 1e3 * fu
        assert ec50 / unbound == pytest.approx(fold, rel=0.01)


def test_parameter_sets_agree_with_the_rows_they_name():
    for basis in ("binding_Ki", "uptake_IC50", "invivo_EC50"):
        for name, parameter in evidence.parameters(basis).items():
            if parameter.value is None or "course_choice" in parameter.source:
                continue
            drug, target = name.split("/")
            value = _constant(drug, target, basis, parameter.source[0])
            assert parameter.value == value, name


def test_wrong_pages_name_the_rows_that_show_it():
    for page in evidence.wrong_pages():
        assert page.rows
        assert set(page.rows) <= set(ROWS)


def test_parameters_and_targets_lie_in_their_ranges():
    for name in SETS:
        for parameter in evidence.parameters(name).values():
            assert parameter.source
            assert parameter.unit in UNITS - {""}, parameter
            if parameter.value is not None and parameter.low is not None:
                assert parameter.low <= parameter.value <= parameter.high, parameter
    named = dict.fromkeys(target.target for target in evidence.targets())
    assert list(named) == [f"V{i}" for i in range(1, 17)]
    for target in evidence.targets():
        assert target.unit in UNITS
        if target.low is not None and target.value is not None:
            assert target.low <= target.value <= target.high, target


def test_every_doi_and_pubmed_number_names_the_page_that_shows_it():
    records = list(csv.DictReader(_packaged("references.csv")))
    for record in records:
        identified = bool(record["doi"] or record["pmid"])
        assert identified == bool(record["confirmed"]), record["key"]
        assert re.fullmatch(r"\d*", record["pmid"]), record["key"]
    papers = [record for record in records if record["kind"] == "paper"]
    assert sum(bool(record["doi"] or record["pmid"]) for record in papers) >= len(papers) // 3
