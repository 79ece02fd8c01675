"""Looking up evidence: nothing is picked silently, nothing stands in for something else."""

import pickle
import re
import subprocess
import sys
from dataclasses import FrozenInstanceError, asdict
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snrilab import compare, evidence, mechanism
from snrilab.evidence import EvidenceError
from snrilab.evidence._rows import PROVENANCES

ROWS = {row.key: row for row in evidence.find()}

BAD_INPUT = [
    (evidence.get, {"drug": "aspirin", "quantity": "Ki"}, "drug"),
    (evidence.get, {"drug": None, "quantity": "Ki"}, "drug"),
    (evidence.get, {"drug": "duloxetine", "quantity": "colour"}, "quantity"),
    (evidence.get, {"drug": "duloxetine", "quantity": "Ki", "target": "SERT"}, "basis"),
    (evidence.get, {"drug": "duloxetine", "quantity": "Ki", "basis": "Ki"}, "basis"),
    (evidence.get, {"drug": "duloxetine", "quantity": "Tmax", "target": "SRT"}, "target"),
    (evidence.get, {"drug": "duloxetine", "quantity": "Tmax", "colour": "red"}, "colour"),
    (evidence.get, {"drug": "duloxetine", "quantity": "Ki", "target": "GABA"}, "target 'GABA'"),
    (evidence.get, {"drug": "duloxetine", "quantity": "Ki", "target": 5}, "target"),
    (evidence.get, {"drug": "duloxetine", "quantity": "Ki", "source": "nobody1999"}, "source 'nob"),
    (evidence.get, {"drug": "duloxetine", "quantity": "Ki", "source": ["nobody1999"]}, "source"),
    (evidence.get, {"drug": "duloxetine", "quantity": "Ki", "species": "cat"}, "species 'cat'"),
    (evidence.get, {"drug": "duloxetine", "quantity": "Ki", "colour": "red"}, "colour"),
    (evidence.get, {"drug": 3, "quantity": "Ki"}, "'escitalopram', got 3"),
    (evidence.find, {"drug": "aspirin"}, "drug"),
    (evidence.find, {"targets": "SERT"}, "targets"),
    (evidence.reference, {"key": "nobody1999"}, "key"),
    (evidence.cite, {"row_or_key": 3}, "row_or_key"),
    (evidence.cite, {"row_or_key": "foo2001"}, "nor the key of a reference"),
    (evidence.contradictions, {"severity": "Z"}, "severity"),
    (evidence.contradictions, {"seed": "001"}, "seed"),
    (evidence.claims, {"verdict": "perhaps"}, "verdict"),
    (evidence.targets, {"number": "V17"}, "number"),
    (evidence.parameters, {"name": "aspirin"}, "name"),
    (evidence.idea, {"name": "no-such-idea-at-all"}, "name"),
    (evidence.idea, {"name": 31}, "name"),
    (evidence.ideas, {"lesson": "13"}, "lesson"),
    (evidence.ideas, {"kind": "joke"}, "kind"),
]


# Looking up ------------------------------------------------------------------------------------

ASSAYED = [row for row in ROWS.values() if row.quantity in ("Ki", "IC50", "EC50") and row.target]


@given(st.sampled_from(ASSAYED), st.sampled_from(["binding_Ki", "uptake_IC50", "invivo_EC50"]))
def test_one_constant_never_stands_in_for_another(row, basis):
    try:
        found = evidence.get(
            row.drug, "transporter_constant", target=row.target, basis=basis,
            source=row.source, species=row.species, provenance=row.provenance,
        )  # fmt: skip
    except EvidenceError:
        assert row.basis != basis or not row.known
    else:
        assert found.basis == basis
        assert found is row or row.basis != basis


@given(st.sampled_from(list(ROWS.values())))
def test_every_row_can_be_reached(row):
    details = {name: value for name, value in asdict(row).items() if name not in {"key", "text"}}
    details = {name: value for name, value in details.items() if isinstance(value, str)}
    if not row.known or not row.drug:
        assert row in evidence.find(**details)
        return
    drug, quantity = details.pop("drug"), details.pop("quantity")
    target, basis = details.pop("target") or None, details.pop("basis")
    found = evidence.get(drug, quantity, target=target, basis=basis, **details)
    assert found is row


@pytest.mark.parametrize("drug", ["Levomilnacipran ", "LVM", "F2695", " levo-milnacipran"])
@pytest.mark.parametrize("target", ["norepinephrine transporter", "net", "hNET", "NET "])
@pytest.mark.parametrize("basis", ["binding_Ki", "Binding Ki", "binding-KI"])
def test_spelling_does_not_matter(drug, target, basis):
    row = evidence.get(drug, "ki", target=target, basis=basis, source="Auclair2013")
    assert row.value == 92.2


@pytest.mark.parametrize(
    ("wrong", "right"),
    [("levomilnaciprn", "levomilnacipran"), ("escitalopran", "escitalopram"),
     ("duloxetin", "duloxetine")],
)  # fmt: skip
def test_a_near_miss_is_told_the_right_name(wrong, right):
    with pytest.raises(EvidenceError, match=f"Did you mean .*'{right}'"):
        evidence.get(wrong, "half_life")


def test_several_rows_are_listed_not_picked():
    with pytest.raises(EvidenceError, match="2 rows match") as caught:
        evidence.get("duloxetine", "Ki", target="SERT", basis="binding_Ki")
    assert "bymaster2001" in str(caught.value)
    assert "vaishnavi2004" in str(caught.value)


def test_a_claim_of_a_seed_is_not_evidence():
    with pytest.raises(EvidenceError, match="only a seed text prints it"):
        evidence.get("levomilnacipran", "bioavailability")
    row = evidence.get("levomilnacipran", "bioavailability", provenance="seed")
    assert row.mark == "wrong"


@pytest.mark.parametrize(
    ("drug", "quantity", "filters"),
    [
        ("levomilnacipran", "Ki", {"target": "DAT", "basis": "binding_Ki"}),
        ("levomilnacipran", "half_life", {"species": "rat", "provenance": "seed"}),
        ("levomilnacipran", "occupancy", {}),
        ("escitalopram", "dissociation_half_life", {}),
    ],
)
def test_what_nobody_knows_is_said_not_invented(drug, quantity, filters):
    with pytest.raises(EvidenceError, match="is not known"):
        evidence.get(drug, quantity, **filters)


def test_a_missing_basis_lists_what_exists():
    with pytest.raises(EvidenceError, match=r"binding_Ki, uptake_IC50"):
        evidence.get("levomilnacipran", "transporter_constant", target="SERT")
    with pytest.raises(EvidenceError, match="EC50"):
        evidence.get("levomilnacipran", "EC50", target="SERT", basis="invivo_EC50")


def test_a_qualitative_row_has_no_number():
    row = evidence.get("escitalopram", "allosteric_uniqueness_claim")
    assert row.shown == "claimed unique"
    with pytest.raises(EvidenceError, match="no number"):
        float(row)


# Tables ----------------------------------------------------------------------------------------


def _well_formed(html):
    table = ET.fromstring(html)
    assert table.find("caption").text
    heads = table.findall("thead/tr/th")
    assert all(head.get("scope") == "col" for head in heads)
    for line in table.findall("tbody/tr"):
        assert line[0].tag == "th"
        assert line[0].get("scope") == "row"
        assert len(line) == len(heads)
    return len(table.findall("tbody/tr"))


@pytest.mark.parametrize(
    "shown",
    [
        evidence.find(),
        evidence.find(drug="placebo"),
        evidence.find(drug="placebo", quantity="Ki"),
        evidence.contradictions(),
        evidence.claims(),
        evidence.targets(),
        evidence.wrong_pages(),
        evidence.parameters("invivo_EC50"),
    ],
    ids=lambda shown: getattr(shown, "caption", "parameters"),
)
def test_tables_are_accessible_html(shown):
    assert _well_formed(shown._repr_html_()) == len(shown)
    assert len(repr(shown).splitlines()) == max(1, len(shown)) + bool(len(shown))


def test_filters_narrow_and_combine():
    table = evidence.find(quantity=["Ki", "IC50"], drug={"LVM", "DVS"}, species="human")
    assert {row.drug for row in table} == {"levomilnacipran", "desvenlafaxine"}
    strong = table.filter(value=lambda value: value < 12, target="SERT")
    assert {row.source for row in strong} == {"auclair2013", "fetzima_label"}
    assert table.filter(contradictions=10) == table.filter(contradictions=lambda n: 10 in n)
    assert not table.filter(source="nobody")
    assert isinstance(table[1:], evidence.Table)


def test_a_table_shows_drug_target_value_unit_source_and_what_tells_rows_apart():
    constants = evidence.find(drug="desvenlafaxine", basis="binding_Ki")
    heads = ["drug", "target", "value", "unit", "source"]
    assert _heads(constants) == heads
    assert _heads(constants.show("species")) == [*heads, "species"]
    events = evidence.find(drug="escitalopram", quantity="AE_incidence", source="lexapro_label")
    assert "event" in _heads(events)
    recalled = evidence.find(provenance="recalled")
    assert "recalled" in recalled._repr_html_()
    with pytest.raises(TypeError, match="column 'colour'"):
        constants.show("colour")


def _heads(table):
    return re.findall(r'<th scope="col"[^>]*>(.*?)</th>', table._repr_html_())


def test_citations():
    table = evidence.find(drug="venlafaxine", quantity="Ki", target="SERT")
    assert {row.source for row in table} == {"bymaster2001", "vaishnavi2004", "boldenwatson1993"}
    read, recalled, claimed = (
        evidence.cite(evidence.find(provenance=how)[0]) for how in PROVENANCES
    )
    assert "Read at https://" in read
    assert "check before relying on it" in recalled
    assert "Quoted in 004" in claimed
    assert evidence.cite(evidence.find()[0].key) == read


def test_a_key_that_nothing_has_is_met_with_rows_and_references():
    key = "levomilnacipran/Ki/SERT/binding/auclair2013"
    assert evidence.cite(key.upper()) == evidence.cite(key)
    with pytest.raises(EvidenceError, match=f"Did you mean '{key}'"):
        evidence.cite("levomilnacipran/Ki/SERT/binding/auclair")
    with pytest.raises(EvidenceError, match="Did you mean 'auclair2013'"):
        evidence.cite("auclair2031")


def test_a_list_that_is_cut_counts_what_it_leaves_out():
    with pytest.raises(EvidenceError, match=r"it holds .* and \d+ more\.$") as caught:
        evidence.get("duloxetine", "Ki", source="nobody1999")
    said, left = str(caught.value).split("it holds ")[1].removesuffix(" more.").rsplit(" and ", 1)
    sources = {row.source for row in ROWS.values()}
    assert set(said.split(", ")) < sources
    assert len(said.split(", ")) + int(left) == len(sources)
    with pytest.raises(EvidenceError, match=r"\] and \d+ more\.$") as caught:
        evidence.get("levomilnacipran", "AE_incidence")
    total, rest = str(caught.value).split(" rows match", 1)
    assert rest.count("AE_incidence") - 1 + int(rest.rsplit(" and ", 1)[1].split()[0]) == int(total)


@pytest.mark.parametrize(
    "shown",
    [evidence.find(drug="duloxetine"), evidence.contradictions(), evidence.parameters("synapse")],
    ids=["table", "listing", "set"],
)
def test_results_survive_pickling(shown):
    assert repr(pickle.loads(pickle.dumps(shown))) == repr(shown)


def test_rows_cannot_be_changed():
    row = evidence.find()[0]
    with pytest.raises(FrozenInstanceError):
        row.value = 1.0
    with pytest.raises(TypeError):
        evidence.parameters("binding_Ki")["levomilnacipran/SERT"] = 1.0


def test_a_parameter_that_is_only_a_range_is_not_a_number():
    bridge = evidence.parameters("invivo_EC50")["levomilnacipran/SERT"]
    with pytest.raises(EvidenceError, match="only a range, 56 to 112 ng/mL"):
        float(bridge)
    with pytest.raises(EvidenceError, match="none known"):
        float(evidence.parameters("invivo_EC50")["venlafaxine/NET"])


def test_importing_reads_nothing_and_loads_nothing_heavy():
    code = (
        "import sys, snrilab.evidence as e; from snrilab.evidence._rows import rows;"
        "assert rows.cache_info().currsize == 0;"
        "print([m for m in ('numpy', 'scipy', 'pandas', 'matplotlib') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


# -- what was recalled says so wherever it is printed ----------------------------------------------


def test_a_recommended_number_is_recalled_if_no_row_behind_it_was_read():
    assert evidence.parameters("binding_Ki")["escitalopram/SERT"].recalled
    assert evidence.parameters("binding_Ki")["escitalopram/NET"].recalled
    assert evidence.parameters("uptake_IC50")["venlafaxine/NET"].recalled
    assert not evidence.parameters("binding_Ki")["levomilnacipran/NET"].recalled
    assert not evidence.parameters("binding_Ki")["duloxetine/SERT"].recalled
    assert not evidence.parameters("levomilnacipran_ER")["cl_over_f_L_per_h"].recalled


def constants_printed():
    """Yield what the library prints of recalled constants: the source, and its line."""
    for row in evidence.find(provenance="recalled"):
        yield row.source, str(row)
    for basis in ("binding_Ki", "uptake_IC50"):
        recommended = evidence.parameters(basis)
        lines = recommended._repr_html_().split("<tr")
        for name, one in recommended.items():
            if one.recalled:
                yield one.source[0], next(line for line in lines if name in line)
        for pair in compare.selectivity_by_lab(basis=basis):
            if "recalled" in pair.trust:
                yield pair.source, str(pair)
    for one in mechanism.allosteric_evidence():
        if one.row.provenance == "recalled":
            yield one.row.source, str(one)


def comparisons_printed():
    """Yield what a comparison of drugs prints that rests on recalled numbers."""
    for drug in ("levomilnacipran", "escitalopram"):
        for one in compare.occupancy_by_constant(drug, [10.0, 40.0]):
            for row in evidence.find(drug=drug, target=one.target, basis=one.basis):
                if row.provenance == "recalled" and row.value == one.constant_low:
                    yield row.source, one.source
                    yield row.source, str(compare.fact_sheet([one])).splitlines()[2]
        for one in compare.benefit_and_harm(drug):
            if "recalled" in one.trust:
                yield one.source, str(one)
                yield one.source, str(compare.fact_sheet((), [one])).splitlines()[2]
    yield "fetzima_label", compare.adverse_events("levomilnacipran", source="fetzima_label").caption


def test_what_was_recalled_says_so_wherever_it_is_printed():
    lines = [*constants_printed(), *comparisons_printed()]
    assert {"owens2001", "sanchez1999", "sambunaris2014"} <= {source for source, _ in lines}
    for source, line in lines:
        assert source in line
        assert "recalled" in line, line


def test_a_rate_of_placebo_that_was_recalled_is_said_beside_one_that_was_read():
    rows = [row for row in evidence.find() if "placebo rate recalled" in row.condition]
    assert rows
    for row in rows:
        assert row.provenance == "found"
        assert row.told_source == f"{row.source}, placebo rate recalled"
