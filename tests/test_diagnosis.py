"""Answers that people wrote from the task alone: causes are named, nonsense gets no name."""

from __future__ import annotations

import re
import runpy

import pytest

from snrilab import feedback
from snrilab.exercises import Exercise
from tools import diagnosis
from tools.diagnosis import FOLDER, counted, share_named, told

FILES = sorted(FOLDER.glob("*.json"))
NAMED = 0.8  # of ideas, slips and mistakes in Python

assert FILES, "no answers"


@pytest.fixture(scope="module", params=FILES, ids=lambda file: file.stem)
def answers(request):
    return list(told(request.param))


def test_every_right_answer_passes_and_no_wrong_one(answers):
    assert [one.code for one in answers if one.said.passed != (one.kind == "right")] == []


def test_most_causes_are_named(answers):
    assert share_named(counted(answers)) >= NAMED


def test_nonsense_gets_no_name(answers):
    named = [one.said.code for one in answers if one.kind == "none" and one.outcome == "named"]
    assert named == []


def test_nothing_is_told_but_what_somebody_has_read_and_found_apt(answers):
    other = [(one.code, one.said.code, one.apt) for one in answers
             if one.apt and one.said.code != one.apt]  # fmt: skip
    assert other == []


def test_what_is_said_is_short_and_complete(answers):
    for one in answers:
        assert len(str(one.said).split()) <= 160
        assert "{" not in one.said.why
        assert one.said.headline.endswith((".", "?"))


HEAD = {
    "lesson02/ki_from_two": "def ki_from_two(ic50_a, radioligand_a, ic50_b, radioligand_b):\n    ",
    "lesson02/sites_allowed": "def sites_allowed(ic50_nM, tolerated):\n    ",
    "lesson05/posterior": "def posterior(prior, ratios):\n    ",
    "lesson05/held_later": "def held_later(held, hours, half_life_h):\n    ",
    "lesson06/days_to_share": "def days_to_share(share, half_life_h):\n    ",
    "lesson06/falling_area": "def falling_area(t1_h, c1, t2_h, c2):\n    ",
    "lesson06/average_level": "def average_level(dose_mg, interval_h, cl_over_f_L_per_h):\n    ",
    "lesson07/share_of_enzyme": "def share_of_enzyme(auc_ratio):\n    ",
    "lesson07/exposure_with_both": "def exposure_with_both(fe, fm, kidney, enzyme):\n    ",
    "lesson07/highest_dose": "def highest_dose(exposure):\n    ",
    "lesson08/dose_for_share": "def dose_for_share(share, ec50, ceiling, level_per_mg):\n    ",
    "lesson08/best_scan": "def best_scan(first, second, sd):\n    ",
    "lesson12/verdict": "def verdict(low, high, threshold):\n    ",
    "lesson12/indirect": "def indirect(a, se_a, b, se_b):\n    ",
    "lesson09/share_of_week_6": "def share_of_week_6(day, half_life_d):\n    ",
    "lesson09/people_per_arm": "def people_per_arm(gap, sd):\n    ",
    "lesson09/direction": "def direction(paths):\n    ",
    "lesson10/dose_for_delay": "def dose_for_delay(dose_mg_per_kg, delay_h, half_life_h):\n    ",
    "lesson10/at_equal_distance": "def at_equal_distance(drug_s, other_s, drug_m, other_m, slope):"
    "\n    ",
    "lesson11/error_from_p": "def error_from_p(estimate, p):\n    ",
    "lesson11/carried_mean": "def carried_mean(change, gained, leave):\n    ",
    "lesson11/number_needed": "def number_needed(low, high):\n    ",
}
ODDS = "o = prior / (1 - prior)\n    "
BACK = "\n    return o / (1 + o)"
MEAN = "1000 * dose_mg / (interval_h * cl_over_f_L_per_h)"


K = "k = np.log(c1 / c2) / (t2_h - t1_h)\n    "
STEP = "c1 * np.exp(-k * (t2_h - t1_h) * i / 4000) * (t2_h - t1_h) / 4000"
SUMMED = f"{K}area = 0\n    for i in range(4000):\n        area = area + {STEP}\n    return area"
AT_ONCE = f"{ODDS}for r in ratios:\n        o *= r\n        return o / (1 + o)"
LATE = f"{ODDS}for i in range(1, len(ratios)):\n        o *= ratios[i]{BACK}"
BEST = (
    "best = 0 * exposure\n    for d in {}:\n        best = np.where(d * exposure <= 120, d, best)\n"
    "    return best"
)
CAPSULES = "n = np.floor(120 / exposure / 20)\n    return np.minimum(n, 6)"
DOORS = "1 - fe - fm + {} + {}"
IN_PLACE = "top = share\n    top *= ec50\n    return top / (ceiling - share) / level_per_mg"
SIGNS = "w = {int(np.prod(s)) for s in paths}\n    "
SAID = "if len(w) == 2:\n        return 'Open'\n    return 'Up' if 1 in w else 'Down'"
BOTH = "(1 - np.exp(-{0} * day / half_life_d)) / (1 - np.exp(-{0} * 42 / half_life_d))"
ENDS = "if low <= 0:\n        return {}\n    return [1 / high, 1 / low]"
RUNNING = (
    "w = set()\n    {}for s in paths:\n        {}for one in s:\n            p *= one\n"
    "        w.add(p)\n    return 'open' if len(w) > 1 else 'up' if w == {{1}} else 'down'"
)
REST = "left = drug_s - other_s - slope * (drug_m - other_m)\n    "
GAPS = "z = np.abs(first - second) / sd\n    "
VERDICTS = (
    "if low > {0}:\n        return {1}\n    if high < {0}:\n        return {2}\n    return {3}"
)
BORDER = (
    "if low >= threshold:\n        return 'supported'\n"
    "    return 'wrong' if threshold >= high else 'not shown'"
)
SHUT = (
    "k = 1 - fe - fm + fe * kidney\n    if enzyme == 0:\n        return 1 / k\n"
    "    return 1 / (k + fm * enzyme)"
)
ERROR = "d, se = a - b, np.hypot(se_a, se_b)\n    "
THREE = "return np.multiply(1000 / interval_h, dose_mg, cl_over_f_L_per_h)"


@pytest.mark.parametrize(
    ("exercise", "body", "code", "says"),
    [
        ("lesson05/posterior", AT_ONCE, "return-in-loop", "behind the loop"),
        ("lesson05/posterior", f"{ODDS}for r in ratios:\n        o == o * r{BACK}",
         "compared-for-assigned", "write o = o * r."),
        ("lesson05/posterior", f"{ODDS}for i in range(len(ratios)):\n        o *= i{BACK}",
         "index-for-value", "Write ratios[i]"),
        ("lesson05/posterior", LATE, "first-left-out", "write range(len(ratios))"),
        ("lesson05/posterior", f"{ODDS}o *= np.cumprod(ratios){BACK}", "running-total", "prod"),
        ("lesson05/posterior", f"{ODDS}o = o * prod(ratios){BACK}", "error", "write np.prod."),
        ("lesson05/held_later", "return 2 ** (-hours / half_life_h) * 0.9", "argument-ignored",
         "With held 10 % larger"),
        ("lesson06/days_to_share", "return np.log(1 - share) * half_life_h / 24 / 0.693",
         "sign-turned", "below 1"),
        ("lesson06/days_to_share", "return share / (0.693 / half_life_h) / 24",
         "straight-line", "in proportion"),
        ("lesson06/falling_area", f"{K}area = (c1 - c2) / k\n    return k",
         "other-name-returned", "`return area`"),
        ("lesson06/falling_area", SUMMED, "summed-in-steps", "small steps"),
        ("lesson06/average_level", f"x = {MEAN} / 1000\n    return x * 1,000",
         "decimal-comma", "1000"),
        ("lesson06/average_level", THREE, "third-value", "works on two values"),
        ("lesson06/average_level", f"return -{MEAN}", "wrong-sign", "sign"),
        ("lesson07/share_of_enzyme", "r = np.asarray(auc_ratio, dtype=int)\n    return 1 - 1 / r",
         "whole-numbers", "dtype=int"),
        ("lesson07/exposure_with_both",
         "return 1 / (" + DOORS.format("np.sum(fe * kidney)", "np.sum(fm * enzyme)") + ")",
         "one-number-of-all", "np.sum makes one number"),
        ("lesson07/exposure_with_both",
         "return 1 / (" + DOORS.format("(fe * kidney).mean()", "(fm * enzyme).mean()") + ")",
         "one-number-of-all", ".mean()"),
        ("lesson07/exposure_with_both", "a = 1 / (1 - fe)\n    b = 1 / (1 - fm)\n    return a, b",
         "several-values", "which of them"),
        ("lesson07/highest_dose", BEST.format("range(0, 120, 20)"), "last-left-out",
         "write range(0, 121, 20)"),
        ("lesson07/highest_dose", BEST.format("np.arange(20, 120, 20)"), "last-left-out",
         "write np.arange(20, 121, 20)"),
        ("lesson07/highest_dose", CAPSULES, "capsules-for-mg", "3 is a number of"),
        ("lesson07/highest_dose", "return np.minimum(120, 20 * np.ceil(6 / exposure - 1))",
         "border-excluded", "120 mg or less"),
        ("lesson08/dose_for_share", IN_PLACE, "changed-input", "still needs that array"),
        ("lesson08/best_scan", f"{GAPS}return 2", "same-for-every-input", "written behind return"),
        ("lesson08/best_scan", f"{GAPS}return np.where(z == z.max())", "several-values", "argmax"),
        ("lesson08/best_scan", f"{GAPS}return int(np.argmax(z / sd))", "variance-for-sd", "once"),
        ("lesson08/best_scan", f"{GAPS}return list(z).index(max(z)) + 1", "counts-from-one", "0"),
        ("lesson12/verdict", BORDER, "edge-counted", "low >= threshold` and at `threshold >= high"),
        ("lesson07/exposure_with_both", SHUT, "scalar-only", "whole arrays"),
        ("lesson12/verdict", VERDICTS.format("threshold", 1, -1, 0), "other-words",
         "1 where 'supported' is right"),
        ("lesson12/verdict", VERDICTS.format("threshold", "'not shown'", "'supported'", "'wrong'"),
         "branches-swapped", "'wrong' where 'not shown' is right"),
        ("lesson12/verdict",
         VERDICTS.format("threshold - 5", "'supported'", "'wrong'", "'not shown'"),
         "part-too-many", "`threshold - 5` should be `threshold`"),
        ("lesson12/verdict",
         ("r = 'not shown'\n    if threshold > low:\n        r = 'supported'\n"
         "    elif threshold < high:\n        r = 'wrong'\n    return r"),
         "comparison-turned", "the signs of threshold > low and of threshold < high"),
        ("lesson12/verdict",
         ("if low > threshold:\n        r = 'supported'\n    if high < threshold:\n"
         "        r = 'wrong'\n    else:\n        r = 'not shown'\n    return r"),
         "if-for-elif", "elif high < threshold"),
        ("lesson12/verdict",
         ("if high and low > threshold:\n        return 'supported'\n"
         "    if high and low < threshold:\n        return 'wrong'\n    return 'not shown'"),
         "always-true", "`high > threshold and low > threshold`"),
        ("lesson12/verdict", "return 'wrong' if threshold in range(low, high) else 'supported'",
         "error", "low < x < high"),
        ("lesson12/indirect", f"{ERROR}return [d - 1,96 * se, d + 1,96 * se]", "decimal-comma",
         "1.96"),
        ("lesson12/indirect", f"{ERROR}return d - 1.96 * se\n    return d + 1.96 * se",
         "second-return", "return [d - 1.96 * se, d + 1.96 * se]"),
        ("lesson12/indirect", f"{ERROR}return f'{{d - 1.96 * se}} to {{d + 1.96 * se}}'",
         "wrong-kind", "the answer is a list"),
        ("lesson12/indirect", f"{ERROR}return {{'low': d - 1.96 * se, 'high': d + 1.96 * se}}",
         "wrong-kind", "returns a dictionary; the answer is a list"),
        ("lesson12/indirect", f"{ERROR}return [d - 1.96 * se]", "wrong-shape", "has 1 value,"),
        ("lesson12/indirect",
         f"{ERROR}return [d - 1.96 * se / np.sqrt(2), d + 1.96 * se / np.sqrt(2)]",
         "part-too-many", "should be `1.96 * se`"),
        ("lesson12/verdict", VERDICTS.format(1, "'supported'", "'wrong'", "'not shown'"),
         "written-in", "The number 1 stands where threshold belongs"),
        ("lesson10/dose_for_delay",
         ("for i in range(delay_h / half_life_h):\n        dose_mg_per_kg = dose_mg_per_kg * 2\n"
          "    return dose_mg_per_kg"), "error", "does the formula need a loop at all?\n"),
        ("lesson12/verdict", "return 'not shown'", "same-for-every-input", "whatever"),
        ("lesson12/verdict",
         "if low <= 0 <= high:\n        return 'not shown'\n    "
         + VERDICTS.format("threshold", "'supported'", "'wrong'", "'not shown'"),
         "zero-for-threshold", "more than 2, and -0.4 to 1.1 is 'wrong'"),
        ("lesson02/ki_from_two",
         ("if radioligand_b > radioligand_a:\n        return ic50_a - radioligand_a * "
          "(ic50_b - ic50_a) / (radioligand_b - radioligand_a)"), "no-return", "what should come"),
        ("lesson02/sites_allowed", "held = 2 ^ -1\n    return tolerated * ic50_nM / held",
         "power", "**"),
        ("lesson11/number_needed",
         ("mid, half = (low + high) / 2, (high - low) / 2\n    "
          "return [1 / mid - 1 / half, 1 / mid + 1 / half] if low > 0 else [1 / high, np.inf]"),
         "argument-too-many", "Your last number changes with high"),
        ("lesson12/indirect", f"{ERROR}return [d - 2.576 * se, d + 2.576 * se]",
         "constant-wrong", "2.576"),
        ("lesson12/indirect",
         "h = 1.96 * np.sqrt(2 * se_a + 2 * se_b)\n    return [a - b - h, a - b + h]",
         "power", "** 2"),
        ("lesson09/share_of_week_6", f"return {BOTH.format('0.963')}", "wrong-value", "EXAMPLE"),
        ("lesson09/share_of_week_6", f"return {BOTH.format('0.639')}", "constant-wrong",
         "np.log(2)"),
        ("lesson09/people_per_arm", "return (sd * np.sqrt(2) / (2.8 * gap)) ** 2",
         "multiple-below-the-line", "gap / 2.8"),
        ("lesson09/people_per_arm", "return 2 * (2.8 * sd / gap) ** 2 * 0.8", "part-too-many",
         "0.8 does not belong"),
        ("lesson09/people_per_arm", "return 2 * (2.08 * sd / gap) ** 2", "constant-wrong", "2.08"),
        ("lesson09/direction", f"{SIGNS}{SAID}", "other-word", "the rest is right"),
        ("lesson09/direction", f"{SIGNS}{SAID}".replace("1 in w", "-1 in w"), "other-word",
         "Capital letters"),
        ("lesson09/direction", f"{SIGNS}return w", "wrong-kind", "a set"),
        ("lesson09/direction", f"{SIGNS}return up if w == {{1}} else down", "quotes-missing",
         '"up"'),
        ("lesson09/direction", "return 'up'", "same-for-every-input", "whatever"),
        ("lesson09/direction", RUNNING.format("", "p = 0\n        "), "start-of-product", "0"),
        ("lesson09/direction", RUNNING.format("p = 1\n    ", ""), "start-of-product", "inside"),
        ("lesson10/at_equal_distance", f"{REST}return np.where(np.abs(left) < 20 / 2, 0, left)",
         "wrong-for-some-inputs", "Compare"),
        ("lesson11/error_from_p", "return np.abs(estimate) / ppf(1 - p / 2)", "error", "norm.ppf."),
        ("lesson11/error_from_p", "return np.abs(estimate) / (2 * norm.ppf(1 - p / 2))", "half",
         "below the line"),
        ("lesson11/carried_mean", "return change * gained * leave", "one-group-only", "two"),
        ("lesson11/number_needed", ENDS.format("[1 / high, 500]"), "number-for-infinity", "500"),
        ("lesson11/number_needed", ENDS.format("[1 / high, 'no end']"), "text-for-infinity",
         "no end"),
        ("lesson11/number_needed", ENDS.format("[np.inf, 1 / high]"), "ends-swapped", "fewest"),
    ],
)  # fmt: skip
def test_what_a_line_shows_is_said_of_that_line(exercise, body, code, says):
    said = feedback.diagnose(exercise, diagnosis.function_in(exercise, HEAD[exercise] + body))
    assert not said.passed
    assert (said.code, says in str(said)) == (code, True), str(said)


def test_a_list_of_numbers_is_shown_with_a_few_digits():
    body = "d = a - b\n    return [d - np.hypot(se_a, se_b), d + np.hypot(se_a, se_b)]"
    source = HEAD["lesson12/indirect"] + body
    said = feedback.diagnose(
        "lesson12/indirect", diagnosis.function_in("lesson12/indirect", source)
    )
    assert "[-0.79807, 1.99807]" in said.why
    assert "np.float64" not in str(said)


def test_no_share_beyond_the_whole_is_called_right():
    body = (
        "return 11.6 * 0.5 ** (hours / half_life_h) / (11.6 * 0.5 ** (hours / half_life_h) + 2.8)"
    )
    source = HEAD["lesson05/held_later"] + body
    said = feedback.diagnose(
        "lesson05/held_later", diagnosis.function_in("lesson05/held_later", source)
    )
    assert said.code == "argument-ignored"
    assert "10 % larger" in said.why
    assert all(float(one) < 1 for one in re.findall(r"\d\.\d+", said.why))


def test_a_number_of_values_is_written_in_only_where_that_is_no_chance():
    body = (
        "for r in ratios:\n        prior = (prior + r / (1 + r)) / 2 * 1.0\n    return prior ** 1"
    )
    said = feedback.diagnose(
        "lesson05/posterior",
        diagnosis.function_in("lesson05/posterior", HEAD["lesson05/posterior"] + body),
    )
    assert said.code == "ratios-are-probabilities"


def test_the_table_counts_every_answer(answers):
    counts = counted(answers)
    assert sum(c.total() for c in counts.values()) == len(answers)
    _, *kinds, named = diagnosis.table(counts).splitlines()
    assert sum(int(line.split()[-1]) for line in kinds) == len(answers)
    assert named.endswith(f" {share_named(counts):.0%}")


def test_a_number_alone_explains_a_factor_only_where_putting_it_right_mends_all():
    """6 stands to 120 as 1 to 20; yet 120 in its place mends nothing."""
    body = "return np.minimum(np.floor(120 / exposure / 20), 6) * 1.0"
    source = HEAD["lesson07/highest_dose"] + body
    said = feedback.diagnose(
        "lesson07/highest_dose", diagnosis.function_in("lesson07/highest_dose", source)
    )
    assert "alone explains" not in said.why


@pytest.mark.parametrize("value", ["high > threshold", "1.0 * (high > threshold)"])
def test_a_number_where_a_word_is_asked_gets_an_answer(value, tmp_path):
    asked = Exercise(
        "x/verdict",
        'Whether an interval is "above" a threshold, "below" it, or holds it ("open").',
        "low, high, threshold",
        '"above" if low > threshold else "below" if high < threshold else "open"',
        cases=[(0.5, 3.0, 2.0), (3.0, 4.0, 2.0), (0.1, 0.2, 2.0), (2.5, 9.0, 1.0)],
        unit="",
    )
    file = tmp_path / "verdict.py"
    file.write_text(f"def verdict(low, high, threshold):\n    return {value}\n", encoding="utf-8")
    said = feedback.diagnose(asked, runpy.run_path(str(file))["verdict"])
    assert not said.passed
    assert "ValueError" not in str(said)


HALF_MENDED = """def mended_occupancy(dose_mg, interval_h, patient, drug, ki_nM):
    kidney_left = {kidney}
    enzyme_left = {enzyme}
    cl_L_per_h = drug["cl_L_per_h"] * (kidney_left + enzyme_left)
    conc_nM = 1e6 * dose_mg / (cl_L_per_h * interval_h) / drug["mw"] * drug["fu"]
    return conc_nM / (conc_nM + ki_nM)
"""


@pytest.mark.parametrize(
    ("kidney", "enzyme"),
    [
        ('1 - drug["fe"] + drug["fe"] * patient["kidney_function"]',
         '1 - drug["fm"] + drug["fm"] * patient["fold_change"]'),
        ('1 + drug["fe"] * (patient["kidney_function"] - 1)',
         '1 + drug["fm"] * (patient["fold_change"] - 1)'),
        ('1 - drug["fe"] * (1 - patient["kidney_function"])',
         '1 - drug["fm"] * (1 - patient["fold_change"])'),
    ],
)  # fmt: skip
def test_a_right_line_is_not_blamed_for_a_term_that_another_line_lacks(kidney, enzyme):
    name = "ps5_dosing_occupancy/mended_occupancy"
    source = HALF_MENDED.format(kidney=kidney, enzyme=enzyme)
    said = feedback.diagnose(name, diagnosis.function_in(name, source))
    assert said.why == "In one of your sums 1 is counted too often: go through them, term by term."


@pytest.mark.parametrize(
    ("exercise", "source", "says", "says_not"),
    [
        ("lesson01/share_left",
         """def share_left(substrate_nM, km_nM, inhibitor_nM, ki_nM):
    vmax = 3.0
    before = vmax * substrate_nM / (km_nM + substrate_nM)
    after = vmax / (km_nM * (1 + inhibitor_nM / ki_nM) + substrate_nM)
    return after / before
""",
         "or here it is missing", "the rest is right"),
        ("lesson01/share_left",
         """def share_left(substrate_nM, km_nM, inhibitor_nM, ki_nM):
    before = substrate_nM / (km_nM + substrate_nM)
    after = substrate_nM / substrate_nM
    return after / before
""",
         "Look at substrate_nM / substrate_nM", "Look at substrate_nM / (km_nM"),
        ("lesson02/conc_for_share",
         """def conc_for_share(share, kd_nM):
    if np.ndim(share):
        return np.array([1 - s for s in share]) * kd_nM
    return kd_nM * share / (1 - share)
""",
         "", "np.ndim"),
    ],
)  # fmt: skip
def test_what_a_right_answer_has_too_is_not_blamed(exercise, source, says, says_not):
    said = feedback.diagnose(exercise, diagnosis.function_in(exercise, source))
    assert not said.passed
    assert says in said.why
    assert says_not not in said.why


@pytest.mark.parametrize(
    ("averaged", "code"),
    [
        ("np.exp(np.mean(np.log10({})))", "wrong-logarithm"),
        ("10 ** np.mean(np.log({}))", "wrong-logarithm"),
        ("np.mean(np.log10({}))", "returned-log"),
        ("np.mean(np.log({}))", "returned-log"),
    ],
)
def test_slips_of_a_mean_are_known_in_the_lesson_and_in_the_assignment(averaged, code):
    net, sert = averaged.format("ic50_net_nM"), averaged.format("ic50_sert_nM")
    sources = {
        "lesson03/one_ic50": f"def one_ic50(ic50s_nM):\n    return {averaged.format('ic50s_nM')}\n",
        "ps3_selectivity/mended_ratio": (
            "def mended_ratio(ic50_net_nM, ic50_sert_nM, ne_nM, serotonin_nM, km_net_nM, "
            f"km_sert_nM):\n    net = {net} / (1 + ne_nM / km_net_nM)\n"
            f"    sert = {sert} / (1 + serotonin_nM / km_sert_nM)\n    return net / sert\n"
        ),
    }
    for name, source in sources.items():
        assert feedback.diagnose(name, diagnosis.function_in(name, source)).code == code, name
