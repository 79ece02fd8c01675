"""The mixed model for repeated measures against outside numbers, closed forms and invariances."""

from __future__ import annotations

import copy
import csv
import pickle
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import linalg, optimize

from snrilab._estimate import Estimate
from snrilab.trials import mmrm
from snrilab.trials._reml import Likelihood, Observations
from snrilab.trials._repeated_measures import starting_covariance

DATA = Path(__file__).parent.parent / "data"


def table(path):
    with path.open() as file:
        return list(csv.DictReader(file))


def columns(path, numeric):
    rows = table(path)
    return {
        name: np.array(
            [float(row[name] or "nan") if name in numeric else row[name] for row in rows]
        )
        for name in rows[0]
    }


def made_up(seed, n=24, visits=3, missing=0.25, scale=3.0):
    """Simulated long data with an arm, a covariate and holes."""
    rng = np.random.default_rng(seed)
    root = np.tril(rng.normal(0.3, 0.3, size=(visits, visits)), -1) + np.eye(visits)
    arm = np.repeat(np.arange(n) % 2, visits)
    baseline = np.repeat(rng.normal(30, 4, n), visits)
    noise = (rng.normal(size=(n, visits)) @ root.T).ravel()
    visit = np.tile(np.arange(1, visits + 1), n)
    y = 20 + 0.4 * baseline - 2.0 * visit - 1.5 * arm * visit + scale * noise
    hole = rng.random(n * visits) < missing
    hole[visit == 1] = False
    return {
        "patient": np.repeat(np.arange(n), visits),
        "week": visit,
        "arm": np.where(arm == 1, "drug", "placebo"),
        "baseline": baseline,
        "madrs": np.where(hole, np.nan, y),
    }


ROLES = {"response": "madrs", "subject": "patient", "visit": "week"}
ARMS = {"arm": ["placebo", "drug"]}


def fit(data, fixed=("baseline", "arm*week"), **more):
    return mmrm(data, fixed=list(fixed), **{**ROLES, "levels": ARMS, **more})


# --- Closed forms ----------------------------------------------------------------------------


def orthodont():
    return columns(DATA / "orthodont.csv", {"distance", "age"})


def test_complete_data_give_the_multivariate_analysis_of_variance():
    data = orthodont()
    one = mmrm(data, response="distance", subject="Subject", visit="age", fixed=["Sex*age"])
    y = data["distance"].reshape(27, 4)
    boys, girls = (y[data["Sex"][::4] == sex] for sex in ("Male", "Female"))
    scatter = sum((g - g.mean(axis=0)).T @ (g - g.mean(axis=0)) for g in (boys, girls))
    pooled = scatter / 25
    np.testing.assert_allclose(one.covariance, pooled, rtol=1e-9)
    for age, term in enumerate(one.differences("Sex", by="age")):
        assert term.value == pytest.approx(boys[:, age].mean() - girls[:, age].mean(), rel=1e-10)
        assert term.standard_error == pytest.approx(
            np.sqrt(pooled[age, age] * (1 / 16 + 1 / 11)), rel=1e-9
        )
        assert term.df == pytest.approx(25, rel=1e-8)
    # Restricted likelihood of a one-way multivariate model.
    expected = 100 * np.log(2 * np.pi) + 25 * np.linalg.slogdet(pooled)[1] + 100
    expected += 4 * (np.log(16) + np.log(11))  # log |X'X|, same for every coding of full rank
    assert one.minus2_reml == pytest.approx(expected, abs=1e-8)


@given(seed=st.integers(0, 2**32 - 1))
@settings(max_examples=20, deadline=None)
def test_a_single_visit_is_ordinary_least_squares(seed):
    data = made_up(seed, visits=1, missing=0)
    one = fit(data, ["baseline", "arm"])
    x = np.column_stack([np.ones(24), data["baseline"], data["arm"] == "drug"])
    beta, rss, *_ = np.linalg.lstsq(x, data["madrs"], rcond=None)
    cov = np.linalg.inv(x.T @ x) * rss[0] / 21
    np.testing.assert_allclose(one.beta, beta, rtol=1e-8, atol=1e-9)
    np.testing.assert_allclose(one.beta_cov, cov, rtol=1e-7, atol=1e-9)
    for term in one.coefficients():
        assert term.df == pytest.approx(21, rel=1e-7)


def brute_force(covariance, data, x):
    """-2 restricted log-likelihood and covariance of the coefficients, subject by subject."""
    seen = ~np.isnan(data["madrs"])
    information, cross, total = 0.0, 0.0, 0.0
    for patient in np.unique(data["patient"][seen]):
        mine = seen & (data["patient"] == patient)
        at = data["week"][mine] - 1
        block = covariance[np.ix_(at, at)]
        weight = np.linalg.inv(block)
        y, design = data["madrs"][mine], x[mine]
        information = information + design.T @ weight @ design
        cross = cross + design.T @ weight @ y
        total += np.linalg.slogdet(block)[1] + y @ weight @ y
    beta = np.linalg.solve(information, cross)
    constant = (seen.sum() - x.shape[1]) * np.log(2 * np.pi)
    minus2 = total - cross @ beta + np.linalg.slogdet(information)[1] + constant
    return minus2, beta, np.linalg.inv(information)


def test_holes_against_brute_force_with_numerical_derivatives():
    data = made_up(5, n=30, missing=0.3)
    one = fit(data)
    x = one.effects.design(
        {"arm": (data["arm"] == "drug").astype(int), "week": data["week"] - 1},
        {"baseline": data["baseline"]},
    )
    minus2, beta, beta_cov = brute_force(one.covariance, data, x)
    assert one.minus2_reml == pytest.approx(minus2, abs=1e-8)
    np.testing.assert_allclose(one.beta, beta, rtol=1e-8)
    np.testing.assert_allclose(one.beta_cov, beta_cov, rtol=1e-8)

    a, b = np.tril_indices(3)

    def from_root(root):
        lower = np.zeros((3, 3))
        lower[a, b] = root
        return lower @ lower.T

    best = optimize.minimize(
        lambda root: brute_force(from_root(root), data, x)[0],
        np.linalg.cholesky(one.covariance)[a, b] + 0.2,
        method="BFGS",
    )
    assert one.minus2_reml <= best.fun + 1e-9
    assert best.fun == pytest.approx(one.minus2_reml, abs=1e-4)

    # Satterthwaite's degrees of freedom by central differences of the brute-force likelihood.
    def moved(*steps):
        covariance = one.covariance.copy()
        for k, size in steps:
            covariance[a[k], b[k]] += size
            if a[k] != b[k]:
                covariance[b[k], a[k]] += size
        return brute_force(covariance, data, x)

    h, k = 1e-2, len(a)
    hessian = np.array(
        [
            [
                sum(s * t * moved((i, s * h), (j, t * h))[0] for s in (1, -1) for t in (1, -1))
                / (4 * h * h)
                for j in range(k)
            ]
            for i in range(k)
        ]
    )
    slopes = np.array([(moved((i, h))[2] - moved((i, -h))[2]) / (2 * h) for i in range(k)])
    for i, term in enumerate(one.coefficients()):
        g = slopes[:, i, i]
        expected = 2 * beta_cov[i, i] ** 2 / (g @ (2 * np.linalg.inv(hessian)) @ g)
        assert term.df == pytest.approx(expected, rel=1e-4)


def test_gradient_and_hessian_agree_with_differences_of_the_likelihood():
    rng = np.random.default_rng(3)
    design, y = rng.normal(size=(25, 3, 2)), rng.normal(size=(25, 3))
    seen = rng.random((25, 3)) < 0.7
    seen[:, 0] = True
    data = Observations.group(design, y, seen)
    point = np.array([[2.0, 0.5, 0.3], [0.5, 1.5, 0.4], [0.3, 0.4, 1.0]])
    here = Likelihood.at(data, point)
    a, b = np.tril_indices(3)
    for k in range(6):
        step = np.zeros((3, 3))
        step[a[k], b[k]] = step[b[k], a[k]] = 1e-5
        up, down = Likelihood.at(data, point + step), Likelihood.at(data, point - step)
        assert (up.minus2 - down.minus2) / 2e-5 == pytest.approx(
            np.sum(here.gradient * step) / 1e-5, rel=1e-6, abs=1e-7
        )
        twice = np.where(a == b, 1, 2)
        np.testing.assert_allclose(
            ((up.gradient - down.gradient)[a, b] * twice) / 2e-5,
            here.hessian[k],
            rtol=1e-5,
            atol=1e-6,
        )


def test_condensing_a_pattern_keeps_its_likelihood():
    rng = np.random.default_rng(8)
    design, y = rng.normal(size=(400, 3, 2)), rng.normal(size=(400, 3))
    seen = np.ones((400, 3), dtype=bool)
    assert len(Observations.group(design[:20], y[:20], seen[:20]).rows) == 20
    condensed = Observations.group(design, y, seen)
    assert len(condensed.rows) == 9
    covariance = np.eye(3) + 0.4
    weight = np.linalg.inv(covariance)
    information = np.einsum("nap,ab,nbq->pq", design, weight, design)
    beta = np.linalg.solve(information, np.einsum("nap,ab,nb->p", design, weight, y))
    r = y - design @ beta
    expected = (
        1198 * np.log(2 * np.pi)
        + 400 * np.linalg.slogdet(covariance)[1]
        + np.linalg.slogdet(information)[1]
        + np.einsum("na,ab,nb->", r, weight, r)
    )
    assert Likelihood.at(condensed, covariance).minus2 == pytest.approx(expected, rel=1e-12)


# --- Invariances -----------------------------------------------------------------------------


@given(seed=st.integers(0, 2**32 - 1), shuffle=st.integers(0, 2**32 - 1))
@settings(max_examples=15, deadline=None)
def test_order_of_rows_and_names_of_subjects_do_not_matter(seed, shuffle):
    data = made_up(seed, n=40)
    order = np.random.default_rng(shuffle).permutation(len(data["madrs"]))
    mixed = {name: column[order] for name, column in data.items()}
    mixed["patient"] = np.array([f"P{(7 * p) % 40:02d}" for p in mixed["patient"]])
    for a, b in zip(fit(data).coefficients(), fit(mixed).coefficients(), strict=True):
        assert b.value == pytest.approx(a.value, rel=1e-6, abs=1e-7)
        assert b.standard_error == pytest.approx(a.standard_error, rel=1e-6)
        assert b.df == pytest.approx(a.df, rel=1e-5)


@given(
    seed=st.integers(0, 2**32 - 1),
    shift=st.floats(-1e3, 1e3),
    scale=st.floats(1e-3, 1e3),
)
@settings(max_examples=15, deadline=None)
def test_shift_and_scale_of_the_response_carry_over(seed, shift, scale):
    data = made_up(seed, n=40)
    plain, other = fit(data), fit({**data, "madrs": shift + scale * data["madrs"]})
    np.testing.assert_allclose(other.covariance, scale**2 * plain.covariance, rtol=1e-5)
    for a, b in zip(plain.coefficients()[1:], other.coefficients()[1:], strict=True):
        assert b.value == pytest.approx(scale * a.value, rel=1e-5, abs=1e-5 * scale)
        assert b.df == pytest.approx(a.df, rel=1e-4)
    log = 2 * np.log(scale) * (plain.n_observations - len(plain.names))
    assert other.minus2_reml == pytest.approx(plain.minus2_reml + log, abs=1e-5)


@pytest.mark.parametrize("reference", ["placebo", "drug"])
def test_the_reference_level_changes_coefficients_but_no_contrast(reference):
    data = made_up(11)
    first = ["drug", "placebo"] if reference == "drug" else ["placebo", "drug"]
    one = fit(data, levels={"arm": first})
    other = fit(data)
    for a, b in zip(
        one.differences("arm", by="week", reference="placebo"),
        other.differences("arm", by="week"),
        strict=True,
    ):
        assert a.label == b.label
        assert a.value == pytest.approx(b.value, rel=1e-8)
        assert a.df == pytest.approx(b.df, rel=1e-6)


@pytest.mark.parametrize("offset", [1e3, 1e6])
def test_a_covariate_far_from_zero_loses_nothing(offset):
    data = made_up(31, n=50)
    near, far = fit(data), fit({**data, "baseline": data["baseline"] + offset})
    assert far.minus2_reml == pytest.approx(near.minus2_reml, abs=1e-5)
    for a, b in zip(
        near.differences("arm", by="week"), far.differences("arm", by="week"), strict=True
    ):
        assert b.value == pytest.approx(a.value, rel=1e-5)
        assert b.standard_error == pytest.approx(a.standard_error, rel=1e-5)
        assert b.df == pytest.approx(a.df, rel=1e-4)
    middle = near.ls_means("arm")[0], far.ls_means("arm")[0]
    assert middle[1].standard_error == pytest.approx(middle[0].standard_error, rel=1e-3)


@pytest.mark.parametrize("visits", [2, 3, 5, 8])
def test_two_to_eight_visits_with_many_holes(visits):
    data = made_up(visits, n=120, visits=visits, missing=0.4)
    lonely = data["patient"] < 5
    data["madrs"][lonely & (data["week"] > 1)] = np.nan  # subjects with a single visit
    one = fit(data)
    assert one.covariance.shape == (visits, visits)
    assert np.linalg.eigvalsh(one.covariance)[0] > 0
    assert one.gradient_norm < 1e-7
    assert one.n_subjects == 120
    assert all(1 < term.df < 240 for term in one.coefficients())


def test_a_fit_shows_its_coefficients():
    one = fit(made_up(4))
    lines = repr(one).splitlines()
    assert "24 subjects, 3 visits" in lines[0]
    assert [line.split(": ")[0] for line in lines[1:]] == list(one.names)


def test_a_missing_response_equals_a_missing_row():
    data = made_up(4)
    kept = ~np.isnan(data["madrs"])
    short = {name: column[kept] for name, column in data.items()}
    np.testing.assert_allclose(fit(data).beta, fit(short).beta, rtol=1e-12)


def test_structured_arrays_are_columns_too():
    data = made_up(4)
    kind = [(name, column.dtype) for name, column in data.items()]
    records = np.empty(len(data["madrs"]), dtype=kind)
    for name, column in data.items():
        records[name] = column
    np.testing.assert_array_equal(fit(records).beta, fit(data).beta)


# --- Means over the reference grid -----------------------------------------------------------


def test_ls_means_put_covariates_at_their_mean_and_weigh_levels_alike():
    rng = np.random.default_rng(12)
    data = made_up(12, n=60, missing=0)
    data["sex"] = np.repeat(np.where(rng.random(60) < 0.7, "F", "M"), 3)
    one = fit(data, ["baseline", "sex", "arm*week"])
    beta = dict(zip(one.names, one.beta, strict=True))
    drug_3 = beta["(Intercept)"] + beta["armdrug"] + beta["week3"] + beta["armdrug:week3"]
    at_mean = drug_3 + beta["baseline"] * data["baseline"].mean()
    [*_, equal] = one.ls_means(["arm", "week"])
    [*_, at_20] = one.ls_means(["arm", "week"], at={"baseline": 20})
    assert equal.value == pytest.approx(at_mean + beta["sexM"] / 2)
    assert at_20.value == pytest.approx(drug_3 + 20 * beta["baseline"] + beta["sexM"] / 2)


def test_an_interaction_without_its_margin_spans_the_same_means():
    data = made_up(21)
    full, cells = fit(data, ["baseline", "arm*week"]), fit(data, ["baseline", "week", "arm:week"])
    assert cells.minus2_reml == pytest.approx(full.minus2_reml, abs=1e-8) or (
        len(cells.names) == len(full.names)
    )
    for a, b in zip(
        full.differences("arm", by="week"), cells.differences("arm", by="week"), strict=True
    ):
        assert a.value == pytest.approx(b.value, rel=1e-8)
        assert a.df == pytest.approx(b.df, rel=1e-6)


def test_starting_covariance_is_positive_definite_even_when_pairs_contradict():
    residuals = np.array([[1.0, 1.0, 0.0], [1.0, 0.0, 1.0], [0.0, 1.0, -1.0], [-1.0, -1.0, 0.0]])
    seen = residuals != 0
    linalg.cholesky(starting_covariance(residuals, seen))


# --- Refusals --------------------------------------------------------------------------------


def test_rank_deficiency_names_the_aliased_column():
    data = made_up(1)
    data["dose_mg"] = np.where(data["arm"] == "drug", 40.0, 0.0)
    with pytest.raises(ValueError, match=r"rank-deficient design: 7 columns, rank 6"):
        fit(data, ["arm*week", "dose_mg"])


def test_an_empty_cell_is_refused():
    data = made_up(1, missing=0)
    data["madrs"][(data["arm"] == "drug") & (data["week"] == 3)] = np.nan
    with pytest.raises(ValueError, match=r"no response was observed with arm 'drug' and week 3"):
        fit(data)


def test_a_response_without_a_determined_covariance_is_refused():
    data = made_up(1, missing=0)
    data["madrs"][data["week"] == 3] = 2 * data["madrs"][data["week"] == 2]
    with pytest.raises(ValueError, match="response does not determine"):
        fit(data)


NONE, NOT_A_NUMBER = None, float("nan")


@pytest.mark.parametrize("gap", [NONE, NOT_A_NUMBER, np.datetime64("NaT"), " "], ids=str)
@pytest.mark.parametrize("column", ["arm", "patient", "week"])
def test_a_missing_label_is_refused_with_its_column_and_row(column, gap):
    data = made_up(2)
    labels = data[column].tolist()
    labels[7] = gap
    with pytest.raises(ValueError, match=rf"{column} .*missing.*'{column}' at row 7"):
        fit({**data, column: labels})


def test_a_name_that_numpy_made_of_a_missing_one_is_refused():
    data = made_up(2)
    data["arm"] = np.array([*data["arm"][:-1].tolist(), np.nan])  # text "nan"
    with pytest.raises(ValueError, match=r"missing label .*'arm' at row 71"):
        fit(data, levels={})


def test_a_missing_covariate_is_refused_at_its_own_row():
    data = made_up(2, missing=0)
    data["madrs"][:4] = np.nan
    data["baseline"][2] = np.nan  # no response there: no matter
    fit(data)
    data["baseline"][9] = np.nan
    with pytest.raises(ValueError, match=r"'baseline' is missing .* at row 9"):
        fit(data)


@pytest.mark.parametrize("fixed", [["arm*week"], ["baseline", "arm*week"]])
def test_a_visit_without_variance_is_named(fixed):
    data = made_up(2, missing=0)
    data["madrs"][data["week"] == 1] = 0.0  # the baseline kept as a change of 0
    with pytest.raises(ValueError, match=r"'madrs' does not vary at week 1"):
        fit(data, fixed)


def test_a_visit_that_its_covariate_predicts_exactly_is_refused():
    data = made_up(2, missing=0)
    first = data["week"] == 1
    data["madrs"][first] = 3.0 + data["baseline"][first]
    with pytest.raises(ValueError, match="response does not determine"):
        fit(data, ["baseline*week"])


@pytest.mark.parametrize("arm", ["placebo", "drug"])
def test_an_arm_without_rows_at_the_last_visit_is_named_as_an_empty_cell(arm):
    data = made_up(1, missing=0)
    kept = (data["arm"] != arm) | (data["week"] != 3)
    with pytest.raises(ValueError, match=rf"arm '{arm}' and week 3: that cell is empty"):
        fit({name: column[kept] for name, column in data.items()})


def test_numbers_for_arms_are_told_how_to_become_a_factor():
    data = made_up(3)
    named = fit(data)
    data["arm"] = (data["arm"] == "drug").astype(int)
    covariate = fit(data, levels={})
    for ask in (covariate.differences, covariate.ls_means):
        with pytest.raises(ValueError, match=r"levels=\{'arm': \[0, 1\]\}"):
            ask("arm")
    factor = fit(data, levels={"arm": [0, 1]})
    assert factor.differences("arm")[0].value == pytest.approx(named.differences("arm")[0].value)


class Categorical(list):
    """A column whose type carries an order of categories, as in pandas and polars."""

    def __init__(self, entries, categories):
        super().__init__(entries)
        self.dtype = type("CategoricalDtype", (), {"categories": categories})()


class Frame:
    """A data frame without keys(), as in polars."""

    def __init__(self, columns):
        self.columns, self._columns = list(columns), columns

    def __len__(self):
        return len(self._columns["madrs"])

    def __getitem__(self, name):
        return self._columns[name]


def test_categories_keep_their_order_and_frames_are_read():
    data = made_up(6)
    names = np.array(["week 2", "week 8", "week 10"])
    week = Categorical(names[data["week"] - 1].tolist(), list(names))
    arm = Categorical(data["arm"].tolist(), ["placebo", "drug", "not used"])
    one = fit(Frame({**data, "week": week, "arm": arm}), levels={})
    assert one.visits == tuple(names)
    assert one.effects.levels["arm"] == ("placebo", "drug")
    np.testing.assert_allclose(one.beta, fit(data).beta)


def test_a_fit_can_be_kept_and_asked_by_name():
    one = copy.deepcopy(pickle.loads(pickle.dumps(fit(made_up(5)))))
    assert one["armdrug"].value == pytest.approx(one.beta[one.names.index("armdrug")])
    assert isinstance(one["armdrug"], Estimate)
    with pytest.raises(KeyError, match=r"'arm'; there are .*armdrug"):
        one["arm"]


def test_kenward_roger_is_the_published_formula_subject_by_subject():
    data = made_up(5, n=30, missing=0.3)
    plain, adjusted = fit(data), fit(data, df="kenward-roger")
    x = plain.effects.design(
        {"arm": (data["arm"] == "drug").astype(int), "week": data["week"] - 1},
        {"baseline": data["baseline"]},
    )
    a, b = np.tril_indices(3)
    units = np.zeros((6, 3, 3))
    units[np.arange(6), a, b] = units[np.arange(6), b, a] = 1.0
    p, q = np.zeros((6, 7, 7)), np.zeros((6, 6, 7, 7))
    seen = ~np.isnan(data["madrs"])
    for patient in np.unique(data["patient"][seen]):
        mine = seen & (data["patient"] == patient)
        at = data["week"][mine] - 1
        inverse, design = np.linalg.inv(plain.covariance[np.ix_(at, at)]), x[mine]
        slopes = [-inverse @ unit[np.ix_(at, at)] @ inverse for unit in units]
        for j in range(6):
            p[j] += design.T @ slopes[j] @ design
            for k in range(6):
                q[j, k] += design.T @ slopes[j] @ np.linalg.inv(inverse) @ slopes[k] @ design
    phi = plain.beta_cov
    middle = q - np.einsum("jab,bc,kcd->jkad", p, phi, p)
    expected = phi + 2 * phi @ np.einsum("jk,jkab->ab", plain._element_cov, middle) @ phi
    np.testing.assert_allclose(adjusted.beta_cov, expected, rtol=1e-8)
    for one, other in zip(plain.coefficients(), adjusted.coefficients(), strict=True):
        assert other.standard_error > one.standard_error
        assert other.df == pytest.approx(one.df)


def test_kenward_roger_adds_nothing_to_complete_data():
    data = made_up(5, missing=0)
    plain, adjusted = fit(data, ["arm*week"]), fit(data, ["arm*week"], df="kenward-roger")
    np.testing.assert_allclose(adjusted.beta_cov, plain.beta_cov, rtol=1e-9)


GOOD = made_up(0)
TWICE = {**GOOD, "week": np.where(GOOD["week"] == 3, 2, GOOD["week"])}
APART = {**GOOD, "madrs": np.where(GOOD["week"] == 1 + GOOD["patient"] % 3, GOOD["madrs"], np.nan)}
CALL = {"data": GOOD, "fixed": ["arm*week"], **ROLES}
BAD_INPUT = [
    (mmrm, {**CALL, "data": [1, 2]}, "data"),
    (mmrm, {**CALL, "data": {**GOOD, "arm": GOOD["arm"][:-1]}}, "data"),
    (mmrm, {**CALL, "data": {**GOOD, "madrs": GOOD["arm"]}}, "response"),
    (mmrm, {**CALL, "data": {**GOOD, "madrs": np.full(72, np.nan)}}, "response"),
    (mmrm, {**CALL, "data": {**GOOD, "madrs": np.full(72, np.inf)}}, "response"),
    (mmrm, {**CALL, "data": {**GOOD, "madrs": np.ones(72)}}, "response"),
    (mmrm, {**CALL, "data": TWICE}, "subject"),
    (mmrm, {**CALL, "data": APART}, "visit"),
    (
        mmrm,
        {**CALL, "data": {**GOOD, "baseline": np.full(72, np.nan)}, "fixed": ["baseline"]},
        "baseline",
    ),
    (mmrm, {**CALL, "response": "hamd"}, "response"),
    (mmrm, {**CALL, "subject": "person"}, "subject"),
    (mmrm, {**CALL, "visit": "month"}, "visit"),
    (mmrm, {**CALL, "visit": "patient"}, "visit"),
    (mmrm, {**CALL, "fixed": "arm*week"}, "fixed"),
    (mmrm, {**CALL, "fixed": ["arm*wek"]}, "fixed"),
    (mmrm, {**CALL, "fixed": ["arm", "madrs"]}, "fixed"),
    (fit(GOOD, ["baseline"]).ls_means, {"by": "arm"}, "by"),
    (mmrm, {**CALL, "fixed": ["arm*arm"]}, "fixed"),
    (mmrm, {**CALL, "levels": {"arm": ["drug"]}}, "levels"),
    (mmrm, {**CALL, "levels": {"group": ["a", "b"]}}, "levels"),
    (mmrm, {**CALL, "df": "kenward"}, "df"),
    (fit(GOOD).contrast, {"weights": [1.0, 0.0]}, "weights"),
    (fit(GOOD).contrast, {"weights": np.ones(7), "level": 1.0}, "level"),
    (fit(GOOD).ls_means, {"by": "baseline"}, "by"),
    (fit(GOOD).ls_means, {"by": "arm", "at": {"age": 3}}, "at"),
    (fit(GOOD).differences, {"factor": "arm", "reference": "sugar"}, "reference"),
    (fit(GOOD).differences, {"factor": "arm", "reference": np.array(["a", "b"])}, "reference"),
]
