"""Risk and mean differences against outside numbers, closed forms and symmetries."""

import csv
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import optimize, stats

from snrilab import evidence
from snrilab.compare import (
    interval_from_p_value,
    number_needed_to_harm,
    risk_difference,
    standardise_difference,
    standardised_mean_difference,
)

DATA = Path(__file__).parent / "data"
METHODS = ("newcombe", "miettinen_nurminen", "wald", "agresti_caffo")
COUNTS = ("events_drug", "n_drug", "events_placebo", "n_placebo")

TABLE = {"events_drug": 17, "n_drug": 100, "events_placebo": 6, "n_placebo": 100}
TRIALS = {
    "events_drug": [10, 8], "n_drug": [100, 90], "events_placebo": [4, 5], "n_placebo": [100, 90],
}  # fmt: skip
MEANS = {
    "mean_drug": -14.6, "sd_drug": 10.6, "n_drug": 185,
    "mean_placebo": -11.3, "sd_placebo": 10.6, "n_placebo": 185,
}  # fmt: skip
PUBLISHED = {"difference": -2.7, "standard_error": 0.85, "n_drug": 191, "n_placebo": 189}
IMPOSSIBLE = [
    *((function, TABLE, bad, value)
      for function in (risk_difference, number_needed_to_harm)
      for bad, value in (("events_drug", -1), ("events_drug", 101), ("events_placebo", math.nan),
                         ("n_drug", 0), ("n_placebo", math.inf), ("n_drug", [100]),
                         ("events_drug", 1.5), ("n_placebo", 99.5),
                         ("method", "exact"), ("level", 95), ("events_drug", "17"))),
    (risk_difference, TABLE, "zero_correction", -0.5),
    (standardised_mean_difference, MEANS, "sd_drug", 0),
    (standardised_mean_difference, MEANS, "n_placebo", 1),
    (standardised_mean_difference, MEANS, "mean_drug", None),
    (standardised_mean_difference, MEANS, "method", "bootstrap"),
    (standardised_mean_difference, MEANS, "level", 1),
    (standardise_difference, PUBLISHED, "standard_error", -0.85),
    (standardise_difference, PUBLISHED, "n_drug", 1),
    (standardise_difference, PUBLISHED, "difference", math.inf),
    (interval_from_p_value, {"p_value": 0.05}, "difference", 0),
    (interval_from_p_value, {"difference": -3}, "p_value", 0),
    (interval_from_p_value, {"difference": -3}, "p_value", 1.2),
    (interval_from_p_value, {"difference": -3, "p_value": 0.05}, "df", 0),
]  # fmt: skip
BAD_INPUT = [(function, {**good, bad: value}, bad) for function, good, bad, value in IMPOSSIBLE]


def _records(name):
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _counts(record):
    return tuple(int(record[name]) for name in COUNTS)


INTERVALS = _records("risk_difference_intervals.csv")
PER_TRIAL = _records("risk_difference_trials.csv")


@st.composite
def tables(draw, largest=300):
    m, n = (draw(st.integers(1, largest)) for _ in range(2))
    return draw(st.integers(0, m)), m, draw(st.integers(0, n)), n


# Outside numbers -------------------------------------------------------------------------------


@pytest.mark.parametrize("record", INTERVALS, ids=_counts)
@pytest.mark.parametrize("method", ["newcombe", "wald", "agresti_caffo"])
def test_intervals_equal_statsmodels(record, method):
    got = risk_difference(*_counts(record), method=method)
    want = [float(record[name]) for name in ("risk_difference", f"{method}_lo", f"{method}_hi")]
    # Limits that no difference can reach are cut at -1 and 1.
    assert [got.value, got.low, got.high] == pytest.approx(np.clip(want, -1, 1), abs=1e-9)


def _score_with_the_slip(observed, a, m, b, n, difference):
    """Return the score statistic as statsmodels 0.15 has it (its issue 10269).

    The linear coefficient of the cubic holds the number of events on placebo where Miettinen and
    Nurminen have the number of patients; everything else is theirs.
    """
    total, events = m + n, a + b
    square = (m + 2 * n) * difference - total - events
    linear = (b * difference - total - 2 * b) * difference + events
    shift = square / (3 * total)
    q = shift**3 - linear * square / (6 * total**2) + b * difference * (1 - difference) / 2 / total
    p = np.sign(q) * math.sqrt(shift**2 - linear / (3 * total))
    placebo = 2 * p * math.cos((math.pi + math.acos(q / p**3)) / 3) - shift
    drug = placebo + difference
    variance = drug * (1 - drug) / m + placebo * (1 - placebo) / n
    return (observed - difference) / math.sqrt(variance * total / (total - 1))


@pytest.mark.parametrize("record", INTERVALS[:5] + INTERVALS[6:7], ids=_counts)
def test_the_score_column_of_statsmodels_differs_by_its_known_slip_only(record):
    a, m, b, n = _counts(record)
    z = stats.norm.ppf(0.975)
    for side, sign in (("lo", 1), ("hi", -1)):
        printed = float(record[f"miettinen_nurminen_score_{side}"])
        assert _score_with_the_slip(a / m - b / n, a, m, b, n, printed) == pytest.approx(
            sign * z, abs=1e-6
        )


# Newcombe 1998, Table II: published to four digits; methods 6 (Miettinen-Nurminen) and 10.
NEWCOMBE_TABLE_II = [
    ((56, 70, 48, 80), (0.0528, 0.3382), (0.0524, 0.3339)),
    ((9, 10, 3, 10), (0.1700, 0.8406), (0.1705, 0.8090)),
    ((6, 7, 2, 7), (0.0342, 0.8534), (0.0582, 0.8062)),
    ((5, 56, 0, 29), (-0.0326, 0.1933), (-0.0381, 0.1926)),
    ((0, 10, 0, 20), (-0.1658, 0.2844), (-0.1611, 0.2775)),
    ((0, 10, 0, 10), (-0.2879, 0.2879), (-0.2775, 0.2775)),
    ((10, 10, 0, 20), (0.7156, 1.0), (0.6791, 1.0)),
    ((10, 10, 0, 10), (0.6636, 1.0), (0.6075, 1.0)),
]


@pytest.mark.parametrize(("counts", "score", "hybrid"), NEWCOMBE_TABLE_II, ids=str)
def test_intervals_equal_the_published_comparison(counts, score, hybrid):
    for method, want in (("miettinen_nurminen", score), ("newcombe", hybrid)):
        got = risk_difference(*counts, method=method)
        assert (got.low, got.high) == pytest.approx(want, abs=5.1e-5)


def _likelihood_score(a, m, b, n, difference):
    """Return the score statistic with the constrained maximum found by search."""

    def loss(q):
        p = q + difference
        with np.errstate(divide="ignore"):
            terms = ((a, p), (m - a, 1 - p), (b, q), (n - b, 1 - q))
            return -sum(count * np.log(risk) for count, risk in terms if count)

    low, high = max(0.0, -difference), min(1.0, 1 - difference)
    q = optimize.minimize_scalar(
        loss, bounds=(low, high), method="bounded", options={"xatol": 1e-13}
    ).x
    p = q + difference
    variance = (p * (1 - p) / m + q * (1 - q) / n) * (m + n) / (m + n - 1)
    return (a / m - b / n - difference) / math.sqrt(variance)


@pytest.mark.parametrize("record", INTERVALS[:4] + INTERVALS[6:7], ids=_counts)
def test_score_limits_are_just_not_rejected(record):
    a, m, b, n = _counts(record)
    got = risk_difference(a, m, b, n, method="miettinen_nurminen")
    z = stats.norm.ppf(0.975)
    assert _likelihood_score(a, m, b, n, got.low) == pytest.approx(z, abs=1e-5)
    assert _likelihood_score(a, m, b, n, got.high) == pytest.approx(-z, abs=1e-5)


@pytest.mark.parametrize(
    "record", PER_TRIAL, ids=lambda r: f"{r['study']} {r['class']} {r['outcome']}"
)
def test_each_trial_equals_metafor(record):
    got = risk_difference(*_counts(record), method="wald", zero_correction=0.5)
    assert got.value == pytest.approx(float(record["yi"]), abs=1e-12)
    assert got.standard_error**2 == pytest.approx(float(record["vi"]), abs=1e-12)
    assert got.low == pytest.approx(float(record["rd_lo"]), abs=1e-12)
    assert got.high == pytest.approx(float(record["rd_hi"]), abs=1e-12)
    a, m, b, n = _counts(record)
    if min(a, m - a, b, n - b) > 0:
        needed = number_needed_to_harm(a, m, b, n)
        assert needed.value == pytest.approx(float(record["nnt_or_nnh"]), rel=1e-9)


# Risk differences: symmetries and limits ----------------------------------------------------------


@given(tables(), st.sampled_from(METHODS))
def test_the_interval_holds_the_estimate(table, method):
    got = risk_difference(*table, method=method)
    assert got.low - 1e-12 <= got.value <= got.high + 1e-12
    assert -1 <= got.value <= 1


@given(tables(), st.sampled_from(["newcombe", "miettinen_nurminen"]), st.floats(0.5, 0.999))
def test_the_honest_intervals_stay_within_the_possible(table, method, level):
    got = risk_difference(*table, method=method, level=level)
    assert -1 - 1e-12 <= got.low <= got.high <= 1 + 1e-12


@given(tables(), st.sampled_from(METHODS))
def test_swapped_arms_turn_the_interval_over(table, method):
    a, m, b, n = table
    forward, backward = (
        risk_difference(*counts, method=method) for counts in ((a, m, b, n), (b, n, a, m))
    )
    assert forward.value == pytest.approx(-backward.value, abs=1e-12)
    assert forward.low == pytest.approx(-backward.high, abs=1e-9)
    assert forward.high == pytest.approx(-backward.low, abs=1e-9)


@given(tables(), st.sampled_from(METHODS))
def test_counting_the_other_outcome_turns_the_interval_over(table, method):
    a, m, b, n = table
    events, others = (
        risk_difference(*counts, method=method) for counts in (table, (m - a, m, n - b, n))
    )
    assert (events.low, events.high) == pytest.approx((-others.high, -others.low), abs=1e-9)


@given(tables(), st.sampled_from(METHODS), st.floats(0.5, 0.98))
def test_more_confidence_needs_a_wider_interval(table, method, level):
    narrow, wide = (
        risk_difference(*table, method=method, level=one) for one in (level, level + 0.015)
    )
    assert wide.low <= narrow.low + 1e-9
    assert narrow.high <= wide.high + 1e-9


@pytest.mark.parametrize("method", ["newcombe", "miettinen_nurminen", "agresti_caffo"])
def test_no_event_anywhere_is_not_certainty(method):
    got = risk_difference(0, 40, 0, 40, method=method)
    assert got.value == 0
    assert got.high == pytest.approx(-got.low)
    assert 0.03 < got.high < 0.12  # the rule of three says about 3/40


def test_the_wald_interval_collapses_and_says_so_only_by_its_width():
    got = risk_difference(0, 40, 0, 40, method="wald")
    assert got.low == got.high == 0


def test_equal_proportions_give_a_symmetric_interval_in_equal_groups():
    for method in METHODS:
        got = risk_difference(12, 80, 12, 80, method=method)
        assert got.value == 0
        assert got.low == pytest.approx(-got.high, abs=1e-12)


def test_intervals_agree_in_large_trials():
    limits = [
        (got.low, got.high)
        for method in METHODS
        for got in [risk_difference(20_000, 100_000, 15_000, 100_000, method=method)]
    ]
    np.testing.assert_allclose(limits, [limits[0]] * len(limits), atol=2e-6)


def test_newcombe_covers_the_true_difference_where_wald_does_not():
    # Exact coverage by summing over all tables of two groups of 20 with risks 0.05 and 0.15.
    coverage = dict.fromkeys(("newcombe", "wald"), 0.0)
    p, q = (stats.binom.pmf(range(21), 20, risk) for risk in (0.15, 0.05))
    for a in range(21):
        for b in range(21):
            for method in coverage:
                got = risk_difference(a, 20, b, 20, method=method)
                coverage[method] += p[a] * q[b] * (got.low <= 0.10 <= got.high)
    assert coverage["newcombe"] > 0.945 > coverage["wald"]


# Numbers needed --------------------------------------------------------------------------------


@given(tables())
def test_number_needed_is_the_image_of_the_risk_difference(table):
    needed, difference = number_needed_to_harm(*table), risk_difference(*table)
    if difference.value:
        assert needed.value == pytest.approx(1 / difference.value)
    assert needed.through_infinity == (difference.low < 0 < difference.high)
    if difference.high > 0:
        assert needed.harm[0] == pytest.approx(1 / difference.high)
    if difference.low < 0:
        assert needed.benefit[0] == pytest.approx(-1 / difference.low)
    text = str(needed)
    assert ("through infinity" in text) == needed.through_infinity
    assert "nan" not in text


def test_numbers_needed_in_words():
    # Altman 1998: an interval that crosses zero runs from NNH through infinity to NNB.
    assert str(number_needed_to_harm(9, 100, 6, 100)).endswith(
        "NNH 9.16 through infinity to NNB 21.2: neither harm nor benefit is shown)"
    )
    assert str(number_needed_to_harm(18, 188, 8, 186)) == (
        "NNH 19 (95 % interval NNH 9.31 to 2,730)"  # thousands, and no power of ten
    )
    assert str(number_needed_to_harm(0, 40, 0, 40)).startswith("no difference (95 % interval NNH")
    assert str(number_needed_to_harm(6, 100, 17, 100)).startswith("NNB 9.09 (95 % interval NNB")
    collapsed = number_needed_to_harm(0, 40, 0, 40, method="wald")
    assert str(collapsed) == (
        "no difference (method wald gives no interval here: its width is zero)"
    )
    assert not collapsed.harm
    assert not collapsed.benefit
    one_sided = number_needed_to_harm(1, 40, 0, 40, method="wald")
    assert one_sided.through_infinity


@given(tables(largest=12), st.sampled_from(METHODS), st.floats(0.5, 0.999))
def test_a_number_needed_is_a_number_of_patients(table, method, level):
    needed = number_needed_to_harm(*table, method=method, level=level)
    for side in (needed.harm, needed.benefit):
        assert all(end >= 1 for end in side)
    assert "inf " not in str(needed)


def test_everybody_against_nobody_needs_one_patient_at_least():
    needed = number_needed_to_harm(1, 1, 0, 1, method="agresti_caffo")
    assert (needed.value, needed.harm[0]) == (1, 1)
    assert risk_difference(1, 1, 0, 1, method="agresti_caffo").high == 1


def test_harm_that_is_not_bounded_ends_at_infinity():
    touching = number_needed_to_harm(10, 10, 10, 10)
    assert touching.harm[1] == touching.benefit[1] == math.inf


# Mean differences ------------------------------------------------------------------------------


def test_effect_sizes_of_both_drugs_are_alike():
    # Contradiction 34: about 0.31 for levomilnacipran (Bakish 40 mg), 0.33 for escitalopram.
    bakish = standardised_mean_difference(**MEANS, hedges=False)
    assert round(bakish.value, 2) == -0.31
    asnis = interval_from_p_value(-3.99, 0.0038)
    sized = standardise_difference(-3.99, asnis.standard_error, 181, 179)
    assert sized.value == pytest.approx(-0.31, abs=0.01)
    assert round(standardise_difference(**PUBLISHED).value, 2) == -0.33
    assert bakish.low < -0.33 < bakish.high


@pytest.mark.parametrize("hedges", [True, False])
def test_the_exact_interval_solves_the_noncentral_t(hedges):
    got = standardised_mean_difference(3.0, 2.0, 8, 1.0, 1.5, 12, hedges=hedges)
    pooled = math.sqrt((7 * 4 + 11 * 2.25) / 18)
    scale = math.sqrt(1 / 8 + 1 / 12)
    t = 2.0 / pooled / scale
    assert stats.nct.cdf(t, 18, got.low / scale) == pytest.approx(0.975, abs=1e-10)
    assert stats.nct.cdf(t, 18, got.high / scale) == pytest.approx(0.025, abs=1e-10)
    factor = 1 - 3 / (4 * 18 - 1) if hedges else 1.0  # Hedges' approximation of his own J
    assert got.value == pytest.approx(2.0 / pooled * factor, rel=5e-4)


def test_hedges_factor_removes_the_bias_of_small_samples():
    rng = np.random.default_rng(20240501)
    drug, placebo = rng.normal(0.5, 1, (20_000, 5)), rng.normal(0, 1, (20_000, 5))
    pooled = np.sqrt((drug.var(axis=1, ddof=1) + placebo.var(axis=1, ddof=1)) / 2)
    d = (drug.mean(axis=1) - placebo.mean(axis=1)) / pooled
    factor = (
        standardised_mean_difference(1, 1, 5, 0, 1, 5).value
        / standardised_mean_difference(1, 1, 5, 0, 1, 5, hedges=False).value
    )
    error = d.std() / math.sqrt(d.size)
    assert d.mean() > 0.5 + 5 * error
    assert factor * d.mean() == pytest.approx(0.5, abs=4 * error)


@given(
    st.floats(-50, 50), st.floats(0.1, 20), st.integers(2, 400),
    st.floats(-50, 50), st.floats(0.1, 20), st.integers(2, 400),
)  # fmt: skip
def test_standardised_differences_ignore_unit_and_sign(a, sd_a, m, b, sd_b, n):
    arguments = (a, sd_a, m, b, sd_b, n)
    for method in ("wald", "noncentral_t") if abs(a - b) < 5 * min(sd_a, sd_b) else ("wald",):
        got = standardised_mean_difference(*arguments, method=method)
        scaled = standardised_mean_difference(7 * a, 7 * sd_a, m, 7 * b, 7 * sd_b, n, method=method)
        swapped = standardised_mean_difference(b, sd_b, n, a, sd_a, m, method=method)
        assert scaled.value == pytest.approx(got.value, abs=1e-9)
        assert swapped.value == pytest.approx(-got.value, abs=1e-9)
        assert swapped.low == pytest.approx(-got.high, abs=1e-6, rel=1e-6)
        assert got.low <= got.value <= got.high


def test_a_published_difference_and_the_raw_means_agree():
    error = 10.6 * math.sqrt(2 / 185)
    raw = standardised_mean_difference(**MEANS)
    published = standardise_difference(-14.6 + 11.3, error, 185, 185)
    assert published.value == pytest.approx(raw.value)
    assert published.low == pytest.approx(raw.low)


@pytest.mark.parametrize("target", evidence.targets("V15"), ids=lambda target: target.quantity)
def test_v15_p_values_reproduce_the_label_intervals(target):
    got = interval_from_p_value(target.value, float(target.note.removeprefix("P = ")))
    assert (round(got.low, 2), round(got.high, 2)) == (target.low, target.high)
    row = evidence.get(
        "levomilnacipran", "MADRS_difference", source="fetzima_label",
        dose=f"{target.quantity.split()[2]} mg/day",
    )  # fmt: skip
    assert (got.low, got.high) == pytest.approx((row.low, row.high), abs=0.06)


@given(
    st.floats(-20, 20).filter(lambda x: abs(x) > 1e-3), st.floats(1e-6, 0.999), st.floats(1, 500)
)
def test_an_interval_excludes_zero_exactly_when_p_is_below_its_error(difference, p, df):
    for degrees in (df, math.inf):
        got = interval_from_p_value(difference, p, df=degrees)
        assert (got.low > 0 or got.high < 0) == (p < 0.05) or math.isclose(p, 0.05, rel_tol=1e-9)
        quantile = stats.t.isf(p / 2, degrees) if math.isfinite(degrees) else stats.norm.isf(p / 2)
        assert abs(difference) / got.standard_error == pytest.approx(quantile, rel=1e-6)
