"""The fitting engine against certified values, R, root-solved profiles and its own resampling."""

from __future__ import annotations

import csv

import numpy as np
import pytest

from snrilab import binding
from snrilab.binding import _curves as curves
from snrilab.binding._curves import pose
from snrilab.binding._intervals import _draws as bootstrap_draws
from snrilab.binding._minimum import minimise
from tests import nist
from tests.conftest import ROOT

DATA = ROOT / "tests" / "data" / "binding"
INF = float("inf")


def rows(path):
    with path.open() as file:
        return list(csv.DictReader(file))


def columns(name, *wanted, folder=DATA, **where):
    kept = [row for row in rows(folder / name) if all(row[k] == v for k, v in where.items())]
    return [
        np.array([row[c] for row in kept])
        if c in {"state", "Treatment", "Herbicide"}
        else np.array([float(row[c]) for row in kept])
        for c in wanted
    ]


# --- certified values -----------------------------------------------------------------------------


@pytest.mark.parametrize("start", [0, 1], ids=["far", "near"])
@pytest.mark.parametrize("name", sorted(nist.MODELS))
def test_nist_certified_values(name, start):
    certified = nist.read(name)
    fit = binding.fit(nist.MODELS[name], certified.x, certified.y, certified.starts[start])
    values = np.array([estimate.value for estimate in fit.estimates.values()])
    errors = np.array([estimate.standard_error for estimate in fit.estimates.values()])
    assert values == pytest.approx(certified.value, rel=1e-6, abs=0)
    if name == "Lanczos1":  # noise-free: the certified residual of 1e-25 is rounding
        assert fit.rss < 1e-20
        return
    assert errors == pytest.approx(certified.error, rel=1e-5, abs=0)
    assert fit.rss == pytest.approx(certified.rss, rel=1e-9, abs=0)
    assert fit.df == certified.y.size - certified.value.size


def test_nist_certificates_of_the_curves_that_need_no_start():
    """Rat42 is a logistic in ln(dose), Misra1d a hyperbola: the path of every assay fit."""
    rat = nist.read("Rat42")
    b1, b2, b3 = rat.value
    fit = binding.fit_inhibition(np.exp(rat.x / 20), rat.y, top=0)
    found = [fit[name].value for name in ("bottom", "ic50_nM", "hill")]
    assert found == pytest.approx([b1, np.exp(b2 / b3 / 20), 20 * b3], rel=1e-6)
    assert fit.rss == pytest.approx(rat.rss, rel=1e-9)
    misra = nist.read("Misra1d")
    fit = binding.fit_saturation(misra.x, misra.y, specific_only=True)
    found = [fit["bmax"].value, 1 / fit["kd_nM"].value]
    assert found == pytest.approx(misra.value, rel=1e-6)
    assert fit["bmax"].standard_error == pytest.approx(misra.error[0], rel=1e-5)
    assert fit.rss == pytest.approx(misra.rss, rel=1e-9)


# --- R: estimates, standard errors, AIC, F tests --------------------------------------------------


def puromycin():
    return columns("data_puromycin.csv", "conc", "rate", "state")


def dnase():
    return columns("data_dnase.csv", "conc", "density", Run="1")


def rabbit():
    return columns("data_rabbit_pbg_mdl72222.csv", "Dose", "BPchange", "Treatment")


def puromycin_fits():
    """Both states together, as models of one's own: all shared, Kd shared, nothing shared."""
    conc, rate, state = puromycin()
    x = (conc, state == "treated")
    return [
        binding.fit(lambda x, v, k: v * x[0] / (k + x[0]), x, rate, [180, 0.05]),
        binding.fit(
            lambda x, v, dv, k: (v + dv * x[1]) * x[0] / (k + x[0]), x, rate, [160, 40, 0.05]
        ),
        binding.fit(
            lambda x, v, dv, k, dk: (v + dv * x[1]) * x[0] / (k + dk * x[1] + x[0]),
            x,
            rate,
            [160, 50, 0.05, 0.01],
        ),
    ]


def dnase_fits():
    conc, density = dnase()
    return [
        binding.fit_inhibition(conc, density, top=0, hill=1),
        binding.fit_inhibition(conc, density, top=0),
        binding.fit_inhibition(conc, density),
    ]


def rabbit_fits():
    """Both treatments together: one curve, curves shifted against each other, separate curves."""
    dose, change, treatment = rabbit()
    x = (np.log(dose), treatment == "MDL")

    def one_curve(x, a, b, mid, scale):
        return a + (b - a) / (1 + np.exp((mid - x[0]) / scale))

    def shifted(x, a, b, mid, dx, scale):
        return one_curve(x, a, b, mid + dx * x[1], scale)

    def apart(x, a, b, mid, scale, da, db, dx, dscale):
        return one_curve(x, a + da * x[1], b + db * x[1], mid + dx * x[1], scale + dscale * x[1])

    start = [0.5, 29, 4, 0.5]
    return [
        binding.fit(one_curve, x, change, start),
        binding.fit(shifted, x, change, [*start[:3], 0.8, 0.2]),
        binding.fit(apart, x, change, [*start[:3], 0.3, 0, 0, 0.8, 0]),
    ]


def reference_fit(name):
    found = {
        row["parameter"]: row for row in rows(DATA / "reference_nls_fits.csv") if row["fit"] == name
    }
    assert found
    return found


def assert_matches_r(fit, name, pairs):
    """Compare with R: pairs of (our name, R's name, transformation to R's scale, its slope)."""
    reference = reference_fit(name)
    for ours, theirs, to_r, slope in pairs:
        estimate, row = fit[ours], reference[theirs]
        error = estimate.standard_error * abs(slope(estimate.value))
        assert to_r(estimate.value) == pytest.approx(float(row["estimate"]), rel=1e-5)
        assert error == pytest.approx(float(row["se"]), rel=1e-4)
    row = next(iter(reference.values()))
    assert fit.rss == pytest.approx(float(row["rss"]), rel=1e-8)
    assert fit.sigma == pytest.approx(float(row["sigma"]), rel=1e-8)
    assert fit.df == int(row["df"])
    assert fit.aic == pytest.approx(float(row["aic"]), rel=1e-8)
    assert fit.aicc == pytest.approx(float(row["aicc"]), rel=1e-8)


def same(value):
    return value


def one(value):
    return 1.0


def reciprocal(value):
    return 1.0 / value


def reciprocal_slope(value):
    return value**-2


PLAIN, LOG, INVERSE = (same, one), (np.log, reciprocal), (reciprocal, reciprocal_slope)


def test_saturation_fits_agree_with_r():
    conc, rate, state = puromycin()
    for which in ("treated", "untreated"):
        here = state == which
        fit = binding.fit_saturation(conc[here], rate[here], specific_only=True)
        pairs = [("bmax", "Vm", *PLAIN), ("kd_nM", "K", *PLAIN)]
        assert_matches_r(fit, f"puromycin_{which}_mm", pairs)


def test_shared_parameters_agree_with_r():
    shared, shared_kd, separate = puromycin_fits()
    assert_matches_r(shared, "puromycin_both_shared", [("v", "Vm", *PLAIN), ("k", "K", *PLAIN)])
    pairs = [("v", "Vm", *PLAIN), ("dv", "dV", *PLAIN), ("k", "K", *PLAIN)]
    assert_matches_r(shared_kd, "puromycin_both_sharedK", pairs)
    assert_matches_r(separate, "puromycin_both_full", [("v", "Vm", *PLAIN), ("k", "K", *PLAIN)])


def test_logistic_fits_agree_with_r():
    two, three, four = dnase_fits()
    assert_matches_r(
        two, "dnase1_2par_hill1", [("bottom", "Asym", *PLAIN), ("ic50_nM", "xmid", *LOG)]
    )
    pairs = [("ic50_nM", "xmid", *LOG), ("hill", "scal", *INVERSE)]
    assert_matches_r(three, "dnase1_SSlogis", [("bottom", "Asym", *PLAIN), *pairs])
    assert_matches_r(four, "dnase1_SSfpl", [("top", "A", *PLAIN), ("bottom", "B", *PLAIN), *pairs])


def test_a_parallel_shift_agrees_with_r():
    _, shift, _ = rabbit_fits()
    names = {"a": "A", "b": "B", "mid": "xmid", "dx": "dx", "scale": "scal"}
    pairs = [(ours, theirs, *PLAIN) for ours, theirs in names.items()]
    assert_matches_r(shift, "rabbit_pooled_4pl_shift", pairs)


# --- profile intervals ----------------------------------------------------------------------------


def profile_reference(fit, parameter):
    row = next(
        row
        for row in rows(DATA / "reference_profile_ci.csv")
        if row["fit"] == fit and row["parameter"] == parameter
    )
    return float(row["profile95_lo_exact"]), float(row["profile95_hi_exact"])


def assert_profile(fit, name, pairs):
    for ours, theirs, to_reference in pairs:
        low, high = profile_reference(name, theirs)
        limits = sorted([to_reference(fit[ours].low), to_reference(fit[ours].high)])
        assert limits == pytest.approx([low, high], rel=0, abs=1e-6 * (high - low))
        assert fit[ours].method == "profile"


def test_profiles_of_assay_curves_are_exact():
    conc, rate, state = puromycin()
    treated = state == "treated"
    fit = binding.fit_saturation(
        conc[treated], rate[treated], specific_only=True, interval="profile"
    )
    assert_profile(fit, "puromycin_treated_mm", [("bmax", "Vm", same), ("kd_nM", "K", same)])
    two, three, _ = (binding.profile_intervals(fit) for fit in dnase_fits())
    common = [("bottom", "Asym", same), ("ic50_nM", "xmid", np.log)]
    assert_profile(two, "dnase1_2par_hill1", common)
    assert_profile(three, "dnase1_SSlogis", [*common, ("hill", "scal", reciprocal)])


@pytest.mark.parametrize("name", ["Misra1a", "Misra1d", "Rat42"])
def test_profiles_of_any_model_are_exact(name):
    certified = nist.read(name)
    fit = binding.fit(nist.MODELS[name], certified.x, certified.y, certified.starts[1])
    pairs = [(parameter, parameter, same) for parameter in fit.parameters]
    assert_profile(binding.profile_intervals(fit), f"nist_{name}", pairs)


def test_profile_of_a_pharmacokinetic_model_is_exact():
    time, conc, dose = columns("data_theoph_subject1.csv", "Time", "conc", "Dose")

    def first_order(t, lKe, lKa, lCl):
        ke, ka = np.exp(lKe), np.exp(lKa)
        scale = dose[0] * np.exp(lKe + lKa - lCl) / (ka - ke)
        return scale * (np.exp(-ke * t) - np.exp(-ka * t))

    fit = binding.profile_intervals(binding.fit(first_order, time, conc, [-2.5, 0.5, -3]))
    pairs = [(name, name, same) for name in ("lKe", "lKa", "lCl")]
    assert_profile(fit, "theoph_subject01_SSfol", pairs)


def test_a_half_curve_bounds_ic50_from_below_only():
    conc = np.array([0, 1, 3, 10, 30.0])
    response = np.array([100.2, 99.0, 97.5, 90.3, 76.1])
    fit = binding.fit_inhibition(conc, response, hill=1, interval="profile")
    assert fit["ic50_nM"].high == INF
    assert fit["bottom"].low == -INF
    assert 0 < fit["ic50_nM"].low < 300
    assert "no_plateau_bottom" in fit.codes


def test_profile_restarts_from_a_lower_minimum():
    # Two valleys, at p = -1 and (deeper) at p = 1, with a ridge that the noise drowns.
    def two_valleys(x, p):
        shape = np.zeros(x.shape, dtype=np.result_type(p, float))
        shape[0], shape[1] = 0.55 * (p**2 - 1), 0.1 * (p - 1)
        return shape

    x = np.arange(8.0)
    y = np.array([0, 0, 1, -1, 1, -1, 1, -1.0])
    shallow = binding.fit(two_valleys, x, y, [-1.2])
    assert shallow["p"].value < -0.5
    deep = binding.profile_intervals(shallow)
    assert deep["p"].value == pytest.approx(1, abs=1e-6)
    assert deep.rss < shallow.rss


def test_wald_and_profile_agree_when_the_model_is_linear():
    x = np.arange(8.0)
    y = np.array([0.1, 1.2, 1.9, 3.2, 3.8, 5.1, 6.2, 6.8])
    fit = binding.fit(lambda x, a, b: a + b * x, x, y, [0, 1])
    wald, profile = fit, binding.profile_intervals(fit)
    for name in "ab":
        assert profile[name].low == pytest.approx(wald[name].low, rel=1e-7)
        assert profile[name].high == pytest.approx(wald[name].high, rel=1e-7)
    slope, intercept = np.polyfit(x, y, 1)
    assert [fit["b"].value, fit["a"].value] == pytest.approx([slope, intercept])


# --- bootstrap ------------------------------------------------------------------------------------


def noisy_curve(seed, n_sd=3.0):
    rng = np.random.default_rng(seed)
    conc = np.array([0, 0.3, 1, 3, 10, 30, 100, 300, 1000, 3000.0])
    clean = binding.uptake_inhibition(conc, 100, 5, 20, 1.1)
    return conc, clean + rng.normal(0, n_sd, conc.size)


def test_batched_bootstrap_fits_are_the_fits_one_by_one():
    fit = binding.fit_inhibition(*noisy_curve(3))
    draws = bootstrap_draws(fit, 60, rng=8)
    indices = np.random.default_rng(8).integers(fit.n, size=(fit.n, 60))
    spread = (fit.residuals - fit.residuals.mean()) * np.sqrt(fit.n / fit.df)
    for k in (0, 17, 59):
        again = binding.fit_inhibition(fit.x, fit.fitted + spread[indices[:, k]])
        natural = fit.problem.natural(draws[:, k])
        expected = [again[name].value for name in fit.parameters]
        assert natural == pytest.approx(expected, rel=1e-3)


def test_bootstrap_spread_is_the_standard_error_of_a_nearly_linear_fit():
    fit = binding.fit_inhibition(*noisy_curve(3, n_sd=0.5))
    draws = bootstrap_draws(fit, 4000, rng=8)
    error = [fit[name].standard_error for name in fit.parameters]
    spread = fit.problem.natural(draws).std(axis=1, ddof=1)
    assert spread == pytest.approx(error, rel=0.06)


def test_bootstrap_is_reproducible_and_named():
    fit = binding.fit_inhibition(*noisy_curve(3))
    first = binding.bootstrap_intervals(fit, 200, rng=4)
    again = binding.bootstrap_intervals(fit, 200, rng=np.random.default_rng(4))
    assert first["ic50_nM"] == again["ic50_nM"]
    assert first["ic50_nM"].method == "bootstrap"
    assert first["ic50_nM"].low < fit["ic50_nM"].value < first["ic50_nM"].high


# --- start values and the minimiser ---------------------------------------------------------------


def random_curves(count):
    rng = np.random.default_rng(2026)
    for _ in range(count):
        low, high = 10 ** rng.uniform(-2, 0.5), 10 ** rng.uniform(2.5, 4)
        conc = np.concatenate([[0], np.geomspace(low, high, rng.integers(7, 12))])
        ic50 = np.exp(rng.uniform(np.log(3 * low), np.log(high / 3)))
        top = 10 ** rng.uniform(0, 4)
        clean = binding.uptake_inhibition(
            conc, top, top * rng.uniform(0, 0.4), ic50, np.exp(rng.normal(0, 0.35))
        )
        yield conc, clean + rng.normal(0, top * 10 ** rng.uniform(-2, -1), conc.size)


def test_start_values_miss_none_of_300_noisy_curves():
    misses = []
    for number, (conc, response) in enumerate(random_curves(300)):
        fit = binding.fit_inhibition(conc, response)
        tested = np.log(conc[1:])
        centres = np.linspace(tested.min() - 2, tested.max() + 3, 22)
        slopes = np.log([0.3, 0.7, 1.5, 4, 12, 60])
        grid = np.meshgrid(centres, slopes, indexing="ij")
        many = np.stack(
            [
                np.full(grid[0].size, response.max()),
                np.full(grid[0].size, response.min()),
                grid[0].ravel(),
                grid[1].ravel(),
            ]
        )
        least = pose(curves.INHIBITION, (conc,), response, fixed={}).minimise(many).rss.min()
        if fit.rss > least * (1 + 1e-6):
            misses.append((number, fit.rss / least - 1))
    assert not misses


@pytest.mark.parametrize(
    ("curve", "x", "theta"),
    [
        (curves.INHIBITION, ([0, 1, 10, 100],), [100, 5, 2.3, 0.1]),
        (curves.TWO_SITE, ([0, 1, 10, 100],), [100, 5, 1.1, 4.2, 0.3]),
        (curves.SATURATION, ([0.1, 1, 10, 1], [1, 1, 1, 0]), [4.6, 0.7, 2.0]),
    ],
    ids=lambda v: v.title if isinstance(v, curves.Curve) else "",
)
def test_derivatives_agree_with_a_complex_step(curve, x, theta):
    columns = curve.columns([np.asarray(c, dtype=float) for c in x])
    parameters = [np.array([value], dtype=float) for value in theta]
    value, slopes = curve.evaluate(columns, parameters)
    exact = []
    for j in range(len(theta)):
        moved = [each + 1e-100j * (i == j) for i, each in enumerate(parameters)]
        exact.append(np.imag(curve.evaluate(columns, moved)[0]) / 1e-100)
    for analytic, step in zip(slopes, exact, strict=True):
        np.testing.assert_allclose(
            analytic, np.broadcast_to(step, value.shape), rtol=1e-12, atol=1e-13
        )


def test_derivatives_of_the_depleted_curve():
    curve = curves.depleted_competition(1.0, 0.5, 0.8)
    columns = curve.columns([np.array([0.0, 1, 10, 100])])
    theta = [np.array([100.0]), np.array([5.0]), np.array([2.0])]
    _, slopes = curve.evaluate(columns, theta)
    for j in range(3):
        up, down = list(theta), list(theta)
        up[j], down[j] = theta[j] + 1e-6, theta[j] - 1e-6
        numeric = (curve.evaluate(columns, up)[0] - curve.evaluate(columns, down)[0]) / 2e-6
        np.testing.assert_allclose(slopes[j] + 0 * numeric, numeric, rtol=1e-7, atol=1e-7)


def test_many_fits_at_once_reach_what_each_reaches_alone():
    rng = np.random.default_rng(0)
    conc, response = noisy_curve(1)
    problem = pose(curves.INHIBITION, (conc,), response, fixed={})
    y = response[:, None] + rng.normal(0, 1, (conc.size, 100))
    start = np.repeat([[100.0], [0.0], [3.0], [0.0]], 100, axis=1)
    together = problem.minimise(start, y=y)
    for k in (0, 50, 99):
        alone = problem.minimise(start[:, [k]], y=y[:, [k]])
        assert together.theta[:, k] == pytest.approx(alone.theta[:, 0], rel=1e-6)


def test_the_minimiser_respects_its_box():
    def line(theta):
        x = np.arange(4.0)[:, None]
        return theta[0] * x, x[None] + 0 * theta[:, None, :]

    y = 3.0 * np.arange(4.0)[:, None]
    box = {"low": np.array([[0.0]]), "high": np.array([[2.0]])}
    found = minimise(line, y, np.array([[1.0]]), **box)
    assert found.theta[0, 0] == 2.0
    assert found.converged.all()


# --- assay fits -----------------------------------------------------------------------------------


def test_v13_competition_recovers_levomilnacipran_ki_at_both_transporters():
    rng = np.random.default_rng(13)
    for ki, ligand, kd in ((11.2, 1.0, 2.5), (92.2, 3.0, 3.0)):
        conc = np.repeat(np.concatenate([[0], np.geomspace(ki / 100, ki * 1000, 11)]), 3)
        counts = rng.poisson(binding.competition(conc, ligand, kd, ki, 20_000, 300))
        fit = binding.fit_competition(
            conc, counts, radioligand_nM=ligand, kd_nM=kd, weights="poisson", interval="profile"
        )
        assert fit["ki_nM"].low < ki < fit["ki_nM"].high
        assert fit["ki_nM"].value == pytest.approx(ki, rel=0.06)
        assert fit["ic50_nM"].value == pytest.approx(ki * (1 + ligand / kd), rel=0.06)
        assert not fit.diagnostics


def test_competition_with_depletion_recovers_ki_where_cheng_prusoff_fails():
    conc = np.concatenate([[0], np.geomspace(0.1, 1e4, 14)])
    bound = 1000 * binding.competition_depletion(conc, 1, 2, 0.8, 11.2) + 20
    exact = binding.fit_competition(conc, bound, radioligand_nM=1, kd_nM=0.8, receptor_nM=2)
    assert exact["ki_nM"].value == pytest.approx(11.2, rel=1e-8)
    assert exact["ic50_nM"].value == pytest.approx(binding.ic50_from_ki(11.2, 1, 0.8, 2), rel=1e-8)
    naive = binding.fit_competition(
        conc, bound, radioligand_nM=1, kd_nM=0.8, bound_nM_per_unit=1e-3
    )
    assert naive["ki_nM"].value > 14
    assert "ligand_depletion_gt_10pct" in naive.codes


def test_the_uncertainty_of_kd_reaches_ki():
    from snrilab._estimate import Estimate

    conc, response = noisy_curve(4)
    kd = Estimate(2.5, "nM", 0.5, 1.6, 3.9)
    arguments = {"radioligand_nM": 2.5}
    exact = binding.fit_competition(conc, response, kd_nM=2.5, **arguments)["ki_nM"]
    honest = binding.fit_competition(conc, response, kd_nM=kd, **arguments)["ki_nM"]
    assert honest.value == exact.value
    assert honest.low < exact.low
    assert honest.high > exact.high
    assert honest.standard_error > exact.standard_error
    tube = {"radioligand_nM": 2.5, "receptor_nM": 0.3}
    exact = binding.fit_competition(conc, response, kd_nM=2.5, **tube)["ki_nM"]
    honest = binding.fit_competition(conc, response, kd_nM=kd, **tube)["ki_nM"]
    assert honest.high > exact.high


def test_two_sites_are_told_apart_and_ordered():
    conc = np.concatenate([[0], np.geomspace(0.01, 1e6, 25)])
    high, low = (binding.competition(conc, 1, 1, ki, 1000) for ki in (3, 3000))
    bound = 0.4 * high + 0.6 * low + 20
    wobble = bound * (1 + 0.01 * np.sin(np.arange(26) * 7.0))
    two = binding.fit_competition(conc, wobble, radioligand_nM=1, kd_nM=1, sites=2)
    assert two["ki_high_nM"].value == pytest.approx(3, rel=0.1)
    assert two["ki_low_nM"].value == pytest.approx(3000, rel=0.1)
    assert two["fraction_high"].value == pytest.approx(0.4, abs=0.03)
    single = binding.fit_competition(conc, wobble, radioligand_nM=1, kd_nM=1)
    assert single.rss > 50 * two.rss


def test_total_and_nonspecific_wells_are_fitted_together():
    conc = np.geomspace(0.2, 50, 9)
    total = binding.saturation(conc, 100, 2.5) + binding.nonspecific_binding(conc, 3.0)
    blocked = binding.nonspecific_binding(conc, 3.0)
    fit = binding.fit_saturation(conc, total, nonspecific=blocked, unit="fmol/mg")
    found = [fit[name].value for name in ("bmax", "kd_nM", "nonspecific_per_nM")]
    assert found == pytest.approx([100, 2.5, 3.0], rel=1e-9)
    assert fit["nonspecific_per_nM"].unit == "fmol/mg/nM"
    alone = binding.fit_saturation(conc, total)
    assert alone["kd_nM"].value == pytest.approx(2.5, rel=1e-6)


# --- weights, units, scale ------------------------------------------------------------------------


def test_weights_do_what_repeating_an_observation_does():
    conc, response = noisy_curve(6)
    weight = np.array([1, 1, 3, 1, 2, 1, 1, 1, 4, 1])
    repeated = binding.fit_inhibition(np.repeat(conc, weight), np.repeat(response, weight))
    weighted = binding.fit_inhibition(conc, response, weights=weight)
    assert weighted.rss == pytest.approx(repeated.rss, rel=1e-9)
    assert weighted["ic50_nM"].value == pytest.approx(repeated["ic50_nM"].value, rel=1e-7)


def test_named_weights():
    conc, response = noisy_curve(6)
    poisson = binding.fit_inhibition(conc, response, weights="poisson")
    assert poisson.problem.root_weight[:, 0] ** -2 == pytest.approx(np.maximum(response, 1))
    relative = binding.fit_inhibition(conc, response, weights="relative")
    assert relative.problem.root_weight[:, 0] == pytest.approx(1 / np.abs(response))
    same_curve = binding.fit_inhibition(conc, response, weights=np.full(10, 7.0))
    plain = binding.fit_inhibition(conc, response)
    assert same_curve["ic50_nM"].standard_error == pytest.approx(
        plain["ic50_nM"].standard_error, rel=1e-6
    )
    assert same_curve.aicc == pytest.approx(plain.aicc, rel=1e-9)
    assert same_curve.r_squared == pytest.approx(plain.r_squared, rel=1e-9)


@pytest.mark.parametrize(
    ("x_scale", "y_scale", "y_shift"), [(1e3, 1, 0), (1, 1e6, 0), (1, 1e-6, 0), (1, 1, 500)]
)
def test_units_and_shifts_do_not_change_the_fit(x_scale, y_scale, y_shift):
    conc, response = noisy_curve(9)
    fit = binding.profile_intervals(binding.fit_inhibition(conc, response))
    moved = binding.profile_intervals(
        binding.fit_inhibition(conc * x_scale, response * y_scale + y_shift)
    )
    for end in ("value", "low", "high"):
        assert getattr(moved["ic50_nM"], end) == pytest.approx(
            getattr(fit["ic50_nM"], end) * x_scale, rel=1e-6
        )
        assert getattr(moved["top"], end) == pytest.approx(
            getattr(fit["top"], end) * y_scale + y_shift, rel=1e-6
        )
    assert moved.r_squared == pytest.approx(fit.r_squared, rel=1e-9)


def test_the_public_engine_agrees_with_the_assay_fit():
    conc, response = noisy_curve(2)
    special = binding.fit_inhibition(conc, response)
    # A model that refuses complex numbers: derivatives fall back to central differences.
    general = binding.fit(binding.uptake_inhibition, conc, response, [90, 0, 30, 1])
    assert general.parameters == ("top", "bottom", "ic50_nM", "hill")
    for name in general.parameters:
        assert general[name].value == pytest.approx(special[name].value, rel=1e-6)
        assert general[name].standard_error == pytest.approx(special[name].standard_error, rel=1e-5)


def test_the_engine_takes_names_bounds_weights_and_a_jacobian():
    x = np.array([0.0, 1, 2, 3, 4])
    y = np.array([5.1, 3.0, 1.9, 1.1, 0.6])

    def decay(t, start, rate):
        return start * np.exp(-rate * t)

    def slopes(t, start, rate):
        return np.stack([np.exp(-rate * t), -start * t * np.exp(-rate * t)], 1)

    plain = binding.fit(decay, x, y, {"start": 4, "rate": 1})
    given = binding.fit(decay, x, y, [4, 1], jacobian=slopes)
    assert given["rate"].value == pytest.approx(plain["rate"].value, rel=1e-9)
    boxed = binding.fit(decay, x, y, [4, 1], bounds=([0, 0.6], [10, 2]))
    assert boxed["rate"].value == pytest.approx(0.6)
    assert "not_identifiable" in boxed.codes
    weighted = binding.fit(decay, x, y, [4, 1], weights="relative")
    assert weighted["rate"].value != pytest.approx(plain["rate"].value, rel=1e-3)
    anonymous = binding.fit(lambda t, *p: p[0] * np.exp(-p[1] * t), x, y, [4, 1])
    assert anonymous.parameters == ("p1", "p2")
    assert plain.predict([0.5]) == pytest.approx(
        decay(0.5, *(plain[n].value for n in plain.parameters))
    )


# --- what a student sees --------------------------------------------------------------------------


def test_prediction_passes_through_the_fitted_values():
    conc, response = noisy_curve(5)
    fit = binding.fit_inhibition(conc, response)
    assert fit.predict(conc) == pytest.approx(fit.fitted)
    assert fit.residuals == pytest.approx(response - fit.fitted)
    assert fit.rss == pytest.approx(np.sum(fit.residuals**2))
    assert fit.predict([[0, 10], [100, 1000]]).shape == (2, 2)


def test_covariance_and_correlation_belong_together():
    fit = binding.fit_inhibition(*noisy_curve(5))
    error = [fit[name].standard_error for name in fit.parameters]
    assert np.sqrt(np.diag(fit.covariance)) == pytest.approx(error)
    assert np.diag(fit.correlation) == pytest.approx(1)
    assert (np.abs(fit.correlation) <= 1 + 1e-12).all()
    assert fit.leverage.sum() == pytest.approx(4)


def test_a_fit_reads_as_a_table_and_as_text():
    fit = binding.fit_inhibition(*noisy_curve(5), unit="pmol/min")
    text, table = str(fit), fit._repr_html_()
    assert "10 points, 4 parameters" in text
    assert "ic50_nM" in text
    assert '<th scope="row"' in table
    assert "pmol/min" in table
    with pytest.raises(KeyError, match=r"is called 'kd'; there are top, bottom, ic50_nM"):
        fit["kd"]


def test_a_fit_does_not_change_its_input():
    conc, response = noisy_curve(5)
    conc.setflags(write=False)
    response.setflags(write=False)
    binding.bootstrap_intervals(
        binding.fit_inhibition(conc, response, interval="profile"), 50, rng=1
    )


PARABOLA = {"x": [1, 2], "y": [1, 2]}
GOOD = {"inhibitor_nM": [0, 1, 10, 100, 1000], "response": [10, 9, 5, 2, 1]}
BOUND = {"inhibitor_nM": [0, 1, 10, 100, 1000], "bound": [10, 9, 5, 2, 1]}
FIT = binding.fit_inhibition(**GOOD)
SMALL = binding.fit_inhibition(**GOOD, hill=1)


def parabola(x, a):
    return a * np.asarray(x) ** 2


BAD_INPUT = [
    (binding.fit_inhibition, {**GOOD, "inhibitor_nM": [-9, -8, -7, -6, -5]}, "inhibitor_nM"),
    (binding.fit_inhibition, {**GOOD, "response": [5, 5, 5, 5, 5]}, "response"),
    (binding.fit_inhibition, {**GOOD, "response": [1, 2]}, "response"),
    (binding.fit_inhibition, {**GOOD, "response": [1, 2, np.nan, 3, 4]}, "response"),
    (
        binding.fit_inhibition,
        {"inhibitor_nM": [0, 1, 10], "response": [3, 2, 1]},
        "fewer than the 4 parameters",
    ),
    (binding.fit_inhibition, {**GOOD, "inhibitor_nM": [0, 0, 0, 0, 0]}, "inhibitor_nM"),
    (binding.fit_inhibition, {**GOOD, "hill": 0}, "hill"),
    (binding.fit_inhibition, {**GOOD, "weights": "cubic"}, "weights"),
    (binding.fit_inhibition, {**GOOD, "weights": [1, 2]}, "weights"),
    (binding.fit_inhibition, {**GOOD, "weights": [1, 2, 0, 1, 1]}, "weights"),
    (
        binding.fit_inhibition,
        {**GOOD, "response": [10, 9, 5, 0, 1], "weights": "relative"},
        "weights",
    ),
    (binding.fit_inhibition, {**GOOD, "level": 95}, "level"),
    (binding.fit_inhibition, {**GOOD, "unit": 5}, "unit"),
    (
        binding.fit_inhibition,
        {**GOOD, "response": np.multiply(GOOD["response"], 1e300)},
        "response",
    ),
    (
        binding.fit_inhibition,
        {**GOOD, "response": np.multiply(GOOD["response"], 1e-300)},
        "response must have a value of at least 1e-100",
    ),
    (
        binding.fit_inhibition,
        {**GOOD, "inhibitor_nM": np.multiply(GOOD["inhibitor_nM"], 1e300)},
        "inhibitor_nM",
    ),
    (binding.fit_inhibition, {**GOOD, "top": 1e300}, "top"),
    (
        binding.fit_inhibition,
        {**GOOD, "inhibitor_nM": [5] * 5},
        "inhibitor_nM has only one concentration",
    ),
    (
        binding.fit_inhibition,
        {**GOOD, "inhibitor_nM": [0, 1, 10, 10, 0]},
        "inhibitor_nM has only 3 different concentrations",
    ),
    (binding.fit_inhibition, {**GOOD, "interval": "exact"}, "interval"),
    (binding.fit_competition, {**BOUND, "radioligand_nM": 0, "kd_nM": 1}, "radioligand_nM"),
    (binding.fit_competition, {**BOUND, "radioligand_nM": 1, "kd_nM": -1}, "kd_nM"),
    (binding.fit_competition, {**BOUND, "radioligand_nM": 1, "kd_nM": 1, "sites": 3}, "sites"),
    (binding.fit_competition, {**BOUND, "radioligand_nM": 1, "kd_nM": 1, "sites": True}, "sites"),
    (
        binding.fit_competition,
        {**BOUND, "radioligand_nM": 1, "kd_nM": 1, "sites": 2, "receptor_nM": 1},
        "sites",
    ),
    (
        binding.fit_saturation,
        {"conc_nM": [1, 2, 3], "bound": [1, 2, 3], "nonspecific": [1, 2]},
        "nonspecific",
    ),
    (
        binding.fit_saturation,
        {
            "conc_nM": [1, 2, 3],
            "bound": [1, 2, 3],
            "nonspecific": [0, 0, 1],
            "specific_only": True,
        },
        "specific_only",
    ),
    (binding.fit, {"model": parabola, "x": [1, 2], "y": [1, np.inf], "start": [1]}, "y"),
    (binding.fit, {"model": parabola, "x": [1, 2], "y": [1, 2], "start": [1, 2, 3]}, "start"),
    (binding.fit, {"model": parabola, "x": [1, 2], "y": [1, 2], "start": {"b": 1}}, "start"),
    (binding.fit, {"model": parabola, "x": [1, 2, 3], "y": [1, 2], "start": [1]}, "model"),
    (
        binding.fit,
        {"model": parabola, "x": [1, 2], "y": [1, 2], "start": [1], "bounds": (2, 3)},
        "start",
    ),
    (binding.fit, {"model": parabola, "x": [1, 2], "y": [1e300, 2], "start": [1]}, "y"),
    (
        binding.fit,
        {"model": parabola, "x": [1, 2], "y": [1, 2], "start": [1], "bounds": 3},
        "bounds",
    ),
    (
        binding.fit,
        {"model": parabola, "x": [1, 2], "y": [1, 2], "start": [1], "bounds": ([0, 0], 3)},
        "bounds",
    ),
    (binding.fit, {"model": parabola, "x": [1, 2], "y": [1, 2]}, "start"),
    (
        binding.fit,
        {"model": parabola, "x": [1, 2], "y": [1, 2], "start": [1], "fixed": {"b": 1}},
        "fixed",
    ),
    (
        binding.fit,
        {
            "model": binding.uptake_inhibition,
            "x": [0, 1, 5, 9],
            "y": [4, 3, 2, 1],
            "fixed": {"floor": 0},
        },
        "fixed",
    ),
    (
        binding.fit_inhibition,
        {**GOOD, "response": [10, 9, 5, -2, 1], "weights": "poisson"},
        "gross counts",
    ),
    (binding.fit_inhibition, {**GOOD, "inhibitor_nM": [-9, -8, -7, -6, -5]}, "are these log10"),
    (binding.fit_repeats, {"inhibitor_nM": [0, 1], "responses": [[1.0]], "start": {}}, "responses"),
    (
        binding.fit_repeats,
        {"inhibitor_nM": [0, 1], "responses": [[1.0], [2]], "start": {"top": 1}},
        "start",
    ),
    (binding.profile_rise, {"fit": FIT, "name": "kd_nM", "values": [1]}, "name"),
    (binding.profile_rise, {"fit": FIT, "name": "ic50_nM", "values": [-1]}, "values"),
    (binding.band, {"fit": FIT, "x": [1], "draws": 3}, "draws"),
    (binding.profile_intervals, {"fit": 3}, "fit"),
    (binding.profile_intervals, {"fit": FIT, "level": 1.0}, "level"),
    (binding.bootstrap_intervals, {"fit": FIT, "draws": 3}, "draws"),
    (binding.bootstrap_intervals, {"fit": FIT, "rng": "a"}, "rng"),
]
