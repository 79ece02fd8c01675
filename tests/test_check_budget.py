"""A check ends: in time whatever it tries, and never in a traceback of its own."""

from __future__ import annotations

import itertools

import pytest

from snrilab import feedback
from snrilab.exercises import find
from snrilab.feedback import _budget, _diagnosis, _trial
from tools.diagnosis import function_in

PS4, PS5 = "ps4_pharmacokinetics", "ps5_dosing_occupancy"
LAST_DOSE = """
def superpose(time_h, conc, half_life_h, dose_times_h, at_h):
    ago = np.asarray(at_h) - max(dose_times_h)
    c = np.interp(ago, time_h, conc)
    late = conc[-1] * 0.5 ** ((ago - time_h[-1]) / half_life_h)
    return np.where(ago > time_h[-1], late, c) * (ago >= 0)
"""
FROM_THE_DOSE_ON = """
def superpose(time_h, conc, half_life_h, dose_times_h, at_h):
    at = np.asarray(at_h, float)
    total = np.zeros(at.shape)
    for d in dose_times_h:
        ago = at - d
        c = np.interp(ago, time_h, conc)
        c = np.where(ago > time_h[-1], conc[-1] * 0.5 ** (ago / half_life_h), c)
        c = np.where(ago < 0, 0.0, c)
        total = total + c
    return total
"""
MANY_TURNS = """
def accumulation_ratio(half_life_h, interval_h):
    s = 0.5 ** (interval_h / half_life_h)
    return sum(s ** n for n in range(100))
"""
ONE_HOUR_ONLY = """
def superpose(time_h, conc, half_life_h, dose_times_h, at_h):
    total = 0
    for d in dose_times_h:
        ago = at_h - d
        if ago < 0: continue
        if ago <= time_h[-1]: total += np.interp(ago, time_h, conc)
        else: total += conc[-1] * 0.5 ** ((ago - time_h[-1]) / half_life_h)
    return total
"""


@pytest.fixture
def steps(monkeypatch):
    """A clock of steps: each look at it takes a hundredth of a second of processor time."""
    turns = itertools.count()
    seen = []

    def clock():
        seen.append(next(turns))
        return seen[-1] / 100

    monkeypatch.setattr(_budget, "clock", clock)
    monkeypatch.setattr(_budget, "SECONDS", 3.0)
    return seen


@pytest.mark.parametrize(
    ("name", "code"),
    [("superpose", LAST_DOSE), ("superpose", FROM_THE_DOSE_ON), ("accumulation_ratio", MANY_TURNS)],
    ids=["calls", "copies", "turns of a loop"],
)
def test_a_search_ends_when_its_processor_time_is_used_up(steps, monkeypatch, name, code):
    """Three seconds are 300 steps; what the looks read of the clock themselves comes on top."""
    answer = function_in(f"{PS4}/{name}", code)
    said = feedback.diagnose(f"{PS4}/{name}", answer)
    assert not said.passed
    assert said.headline.endswith((".", "?"))
    assert len(steps) < 500
    assert not _budget._ends, "the next check begins with a budget of its own"


def test_without_a_budget_the_same_search_would_go_on(steps, monkeypatch):
    """What the test above would say if nothing ended the search: it can fail."""
    monkeypatch.setattr(_budget, "SECONDS", 50.0)
    feedback.diagnose(f"{PS4}/superpose", function_in(f"{PS4}/superpose", LAST_DOSE))
    assert len(steps) > 1000


def test_a_slow_answer_is_called_a_few_times_and_no_more(monkeypatch):
    """An answer that takes a second each time: the check's own calls of it are over at three."""
    now, calls = [0.0], []
    monkeypatch.setattr(_budget, "clock", lambda: now[0])
    monkeypatch.setattr(_budget, "SECONDS", 3.0)

    def slow(fm, fold_change):
        calls.append(fm)
        now[0] += 1.0
        return 3.3 - fm * fold_change

    inputs = len(find(f"{PS5}/exposure_ratio").inputs())
    assert not feedback.diagnose(f"{PS5}/exposure_ratio", slow).passed
    assert inputs <= len(calls) <= inputs + 6


def test_an_endless_copy_is_left():
    """A changed copy may never end: the turns of its loops are counted, not only its calls."""
    from snrilab.feedback._mending import rebuilt

    def endless(x):
        return x

    for source in (
        "def endless(x):\n    while x:\n        x = x + 1",
        "def endless(x):\n    import itertools\n    for x in itertools.count():\n        pass",
        "def endless(x):\n    import itertools\n    return [y for y in itertools.count() if y < 0]",
    ):
        made = rebuilt(source, endless)
        with pytest.raises(_budget.Spent), _budget.budget(0.05):
            made(1)


def test_arrays_that_belong_together_are_not_taken_apart():
    """One dose in place of the list of doses would stop the right answer, with its own line."""
    said = feedback.diagnose(f"{PS4}/superpose", function_in(f"{PS4}/superpose", ONE_HOUR_ONLY))
    assert (said.passed, said.code) == (False, "error")
    assert "works on one number, not on an array" in str(said)
    assert "one_curve" not in f"{said}{said._repr_html_()}"


def test_a_look_that_stumbles_does_not_end_the_check(monkeypatch):
    """Here every look stumbles, and then the check itself: something is said all the same."""

    def stumbling(*_):
        raise TypeError("return sum(one_curve(the line of the reference))")

    monkeypatch.setattr(_diagnosis, "_stumbled", lambda error: None)
    monkeypatch.setattr(_trial.Trial, "one_by_one", property(stumbling))
    monkeypatch.setattr(_diagnosis._numbers, "relation", stumbling)
    wrong = function_in(f"{PS4}/superpose", LAST_DOSE)
    said = feedback.diagnose(f"{PS4}/superpose", wrong)
    assert (said.passed, said.code) == (False, "wrong-value")
    monkeypatch.setattr(_diagnosis, "Trial", stumbling)
    said = feedback.check(f"{PS4}/superpose", wrong)
    assert (said.passed, said.code) == (False, "not-checked")
    assert "one_curve" not in str(said)


def test_a_changed_answer_of_the_course_warns_of_nothing(recwarn):
    """Warnings about copies that nobody wrote do not reach the page."""
    function_in(f"{PS4}/half_life", "def half_life(a, b):\n    return a")
    find(f"{PS4}/half_life").function("0 if v_L is 3 else 1.0")
    assert not recwarn.list
