"""One code per wrong idea, the same in the list and wherever an exercise names it."""

import pkgutil

import pytest

from snrilab import evidence, exercises

IDEAS = evidence.ideas()


def used_codes():
    names = (module.name for module in pkgutil.iter_modules(exercises.__path__))
    for module in (name for name in names if not name.startswith("_")):
        for name, entry in exercises.declared(module).items():
            for misconception in getattr(entry, "misconceptions", ()):
                yield name, misconception.code


def test_a_code_a_number_and_an_other_name_belong_to_one_idea():
    names = [name for one in IDEAS for name in (one.code, one.number, *one.also) if name]
    assert len(names) == len(set(names))


def test_the_numbered_ideas_are_complete():
    split = {3: "ab", 26: "ab", 31: "ab", 52: "ab"}
    unused = {17, 23, 51, 63}  # 17 and 23 (kinds of antagonists, zero order): in no lesson
    wanted = {f"{n}{part}" for n in range(1, 66) if n not in unused for part in split.get(n, [""])}
    assert {one.number for one in IDEAS if one.number} == wanted


def test_every_exercise_names_ideas_by_their_one_code():
    known = {one.code for one in IDEAS}
    assert {(name, code) for name, code in used_codes() if code not in known} == set()


def test_each_idea_says_where_it_is_met_and_how_far_it_was_checked():
    lessons = {f"{number:02d}" for number in range(1, 13)}
    for one in IDEAS:
        assert set() < set(one.lessons) <= lessons, one
        assert (one.status, one.kind) in {("R", "idea"), ("K", "idea"), ("K", "slip")}, one
        assert "" not in {one.source, one.idea}, one
        assert one.status == "K" or one.source != "course", one


@pytest.mark.parametrize("name", ["total for unbound", "31a", "TOTAL-FOR-UNBOUND"])
def test_an_idea_is_found_by_code_or_number(name):
    assert evidence.idea(name).code == "total-for-unbound"


def test_an_unknown_idea_is_refused_with_the_nearest_code():
    with pytest.raises(evidence.EvidenceError, match="Did you mean 'ki-is-ic50'"):
        evidence.idea("ki-is-ic-50s")
