"""Every diagnostic on data that raise it and on data that do not; nothing bad passes in silence."""

from __future__ import annotations

import numpy as np
import pytest

from snrilab import binding

CONC = np.array([0, 0.3, 1, 3, 10, 30, 100, 300, 1000, 3000.0])
NOISE = np.array([0.6, -0.9, 0.4, 1.1, -0.7, 0.2, -1.0, 0.8, -0.3, 0.5])
INF = float("inf")


def curve(ic50=20.0, top=100.0, bottom=5.0, hill=1.0, conc=CONC, noise=1.0):
    clean = binding.uptake_inhibition(conc, top, bottom, ic50, hill)
    return clean + noise * np.resize(NOISE, conc.size)


def codes(conc, response, **options):
    return binding.fit_inhibition(conc, response, **options).codes


def test_a_good_curve_raises_no_doubt():
    assert codes(CONC, curve()) == ()
    assert codes(CONC, curve(), hill=1, interval="profile") == ()


def test_every_sentence_is_one_sentence_for_a_student():
    fits = [
        binding.fit_inhibition(CONC[:5], curve(ic50=500)[:5], interval="profile"),
        binding.fit_inhibition(CONC[4:], curve(ic50=3)[4:]),
        binding.fit_inhibition(CONC, curve(hill=2.5)),
        binding.fit_inhibition(CONC * 1e-9, curve()),
        binding.fit_inhibition(CONC, 50 + 5 * NOISE),
        binding.fit_inhibition(CONC, curve()[::-1]),
        binding.fit_inhibition(CONC[::3], curve()[::3]),
        binding.fit_inhibition(CONC, curve() + 40 * (CONC == 100)),
    ]
    found = {each.code: each.sentence for fit in fits for each in fit.diagnostics}
    assert len(found) >= 7
    for code, sentence in found.items():
        assert code.replace("_", "").isalnum()
        assert not sentence[0].islower()
        assert sentence.endswith((".", "!"))
        assert 30 < len(sentence) < 300


def test_no_plateau_bottom():
    stopped = CONC <= 30
    assert "no_plateau_bottom" in codes(CONC[stopped], curve()[stopped])
    assert "no_plateau_bottom" not in codes(CONC, curve())
    # A bottom plateau that is known needs no points on it, as long as half of the curve is there.
    known = codes(CONC[CONC <= 100], curve()[CONC <= 100], bottom=5, hill=1)
    assert "no_plateau_bottom" not in known
    assert "no_plateau_bottom" in codes(CONC[:5], curve()[:5], bottom=5, hill=1)


def test_no_plateau_top():
    late = CONC >= 30
    assert "no_plateau_top" in codes(CONC[late], curve()[late])
    assert "no_plateau_top" not in codes(CONC, curve())
    control = np.append(0, CONC[late])
    assert "no_plateau_top" not in codes(control, np.append(100.0, curve()[late]))


def test_ic50_outside_range():
    early = CONC <= 10
    fit = binding.fit_inhibition(CONC[early], curve(ic50=60)[early], bottom=0, hill=1)
    assert "ic50_outside_range" in fit.codes
    assert fit["ic50_nM"].value > 10
    assert "ic50_outside_range" not in codes(CONC, curve())


def test_not_identifiable():
    early = CONC <= 3
    assert "not_identifiable" in codes(CONC[early], curve(ic50=200)[early])
    assert "not_identifiable" not in codes(CONC, curve())
    # Two parameters of which only the product matters: the rank test names both, and no number
    # pretends to be their standard error.
    x = np.arange(1.0, 8.0)
    product = binding.fit(lambda x, a, b: a * b * x, x, 2 * x + 0.1 * NOISE[:7], [1, 1])
    assert "not_identifiable" in product.codes
    assert "a and b" in product.diagnostics[0].sentence
    assert product["a"].standard_error == INF
    assert product["a"].high == INF


def test_a_blind_direction_leaves_the_other_parameters_alone():
    x = np.arange(1.0, 9.0)
    y = 3 + 2 * x + 0.1 * NOISE[:8]
    fit = binding.fit(lambda x, a, b, c: a + b * c * x, x, y, [1, 1, 1])
    straight = binding.fit(lambda x, a, b: a + b * x, x, y, [1, 1])
    # The dof differ by one, because three parameters were asked for.
    scale = np.sqrt(straight.df / fit.df)
    assert fit["a"].standard_error == pytest.approx(straight["a"].standard_error * scale, rel=1e-6)
    assert fit["b"].standard_error == INF


def test_ligand_depletion():
    conc = np.geomspace(0.1, 30, 8)
    for receptor, deep in ((2.0, True), (0.02, False)):
        bound = binding.saturation_depletion(conc, receptor, 1.0) * (1 + 0.01 * NOISE[:8])
        fit = binding.fit_saturation(conc, bound, specific_only=True, bound_nM_per_unit=1.0)
        assert ("ligand_depletion_gt_10pct" in fit.codes) == deep
        inhibited = binding.competition_depletion(CONC, 1.0, receptor, 1.0, 10.0)
        arguments = {"radioligand_nM": 1.0, "kd_nM": 1.0, "bound_nM_per_unit": 1.0}
        fit = binding.fit_competition(CONC, inhibited * (1 + 0.01 * NOISE), **arguments)
        assert ("ligand_depletion_gt_10pct" in fit.codes) == deep
    exact = binding.fit_competition(CONC, inhibited, receptor_nM=receptor, **arguments)
    assert "ligand_depletion_gt_10pct" not in exact.codes


def test_hill_differs_from_1():
    steep = binding.fit_inhibition(CONC, curve(hill=2.5))
    assert "hill_differs_from_1" in steep.codes
    assert "steeper" in str(steep)
    assert "shallower" in str(binding.fit_inhibition(CONC, curve(hill=0.5, ic50=30)))
    assert "hill_differs_from_1" not in codes(CONC, curve())


def test_not_inhibition():
    assert "not_inhibition" in codes(CONC, 50 + 5 * NOISE)
    assert "horizontal line" in str(binding.fit_inhibition(CONC, 50 + 5 * NOISE))
    rising = binding.fit_inhibition(CONC, curve()[::-1])
    assert "not_inhibition" in rising.codes
    assert "rises" in str(rising)
    assert "not_inhibition" not in codes(CONC, curve())
    assert "not_inhibition" in codes(CONC, 105 - curve(), top=0)


def test_molar_units_suspected():
    molar = binding.fit_inhibition(CONC * 1e-9, curve())
    assert "molar_units_suspected" in molar.codes
    assert "1e9" in str(molar)
    assert "molar_units_suspected" not in codes(CONC, curve())
    ligand = np.geomspace(0.1, 30, 8)
    bound = binding.saturation(ligand, 100, 2) + NOISE[:8]
    assert "molar_units_suspected" in binding.fit_saturation(ligand * 1e-9, bound).codes
    assert "molar_units_suspected" not in binding.fit_saturation(ligand, bound).codes


def test_four_points_for_four_parameters():
    few = np.array([1, 10, 100, 1000.0])
    fit = binding.fit_inhibition(few, curve(conc=few))
    assert "too_few_points" in fit.codes
    assert np.isnan(fit["ic50_nM"].standard_error)
    assert (fit["ic50_nM"].low, fit["ic50_nM"].high) == (0, INF)
    assert np.isnan(fit.sigma)
    assert "no degrees of freedom" in str(fit)
    with pytest.raises(ValueError, match="at least one degree of freedom"):
        binding.bootstrap_intervals(fit)
    assert binding.profile_intervals(fit)["top"].high == INF
    # Replicates do not replace concentrations.
    tripled = np.repeat(few, 3)
    assert "too_few_points" in codes(tripled, curve(conc=tripled))
    assert "too_few_points" not in codes(CONC, curve())
    assert "4 different concentrations cannot test" in str(
        binding.fit_inhibition(tripled, curve(conc=tripled))
    )


def test_one_dose_may_place_one_parameter_but_cannot_test_it():
    fit = binding.fit_inhibition(
        [5, 5, 5], [52, 48, 45], top=100, bottom=0, hill=1, interval="profile"
    )
    assert fit["ic50_nM"].value == pytest.approx(5 / (100 / (145 / 3) - 1))
    assert "1 concentration cannot test a curve with 1 parameter:" in str(fit)


def test_outlier_is_named():
    response = curve()
    response[6] += 40
    fit = binding.fit_inhibition(CONC, response)
    assert "outlier" in fit.codes
    assert "Observation 7" in str(fit)
    assert "outlier" not in codes(CONC, curve())
    clean = binding.uptake_inhibition(CONC, 100, 5, 20)
    assert "outlier" not in codes(CONC, clean)


def test_outliers_are_rare_in_honest_data():
    rng = np.random.default_rng(3)
    clean = binding.uptake_inhibition(CONC, 100, 5, 20)
    flagged = sum("outlier" in codes(CONC, clean + rng.normal(0, 3, CONC.size)) for _ in range(300))
    assert flagged <= 12  # nominal 1 %: 3 of 300, and a margin


def test_unbounded_interval_says_which_side():
    half = CONC <= 30
    fit = binding.fit_inhibition(
        CONC[half], curve(ic50=60, noise=2)[half], hill=1, interval="profile"
    )
    assert "unbounded_interval" in fit.codes
    assert "cannot bound" in str(fit)
    whole = binding.fit_inhibition(CONC, curve(), interval="profile")
    assert "unbounded_interval" not in whole.codes


def test_saturation_that_stops_too_early():
    conc = np.array([0.1, 0.2, 0.4, 0.8, 1.6, 3.2])
    bound = binding.saturation(conc, 100, 4) + 0.2 * NOISE[:6]
    fit = binding.fit_saturation(conc, bound, specific_only=True)
    assert {"no_plateau_top", "kd_outside_range"} <= set(fit.codes)
    far = np.append(conc, [6, 12, 25, 50, 100])
    bound = binding.saturation(far, 100, 4) + 0.2 * np.resize(NOISE, far.size)
    assert binding.fit_saturation(far, bound, specific_only=True).codes == ()


def test_nothing_binds():
    conc = np.geomspace(0.1, 30, 8)
    fit = binding.fit_saturation(conc, 5 + NOISE[:8], specific_only=True)
    assert "no_binding" in fit.codes


def test_negative_nonspecific_binding():
    conc = np.geomspace(0.1, 100, 12)
    bound = binding.saturation(conc, 100, 2) - 0.3 * conc + 0.3 * np.resize(NOISE, 12)
    assert "negative_nonspecific" in binding.fit_saturation(conc, bound).codes
    bound += 0.6 * conc
    assert "negative_nonspecific" not in binding.fit_saturation(conc, bound).codes


def test_two_sites_that_are_one():
    bound = 10 * curve()
    fit = binding.fit_competition(CONC, bound, radioligand_nM=1, kd_nM=1, sites=2)
    assert "one_site_suffices" in fit.codes
    wide = np.concatenate([[0], np.geomspace(0.01, 1e6, 25)])
    bound = 20 + sum(
        part * binding.competition(wide, 1, 1, ki, 1000) for part, ki in ((0.4, 3), (0.6, 3000))
    )
    bound *= 1 + 0.005 * np.resize(NOISE, 26)
    fit = binding.fit_competition(wide, bound, radioligand_nM=1, kd_nM=1, sites=2)
    assert fit.codes == ()


def test_a_zero_control_row_is_legal():
    with_control = binding.fit_inhibition(CONC, curve())
    without = binding.fit_inhibition(CONC[1:], curve()[1:])
    assert with_control["ic50_nM"].value == pytest.approx(without["ic50_nM"].value, rel=0.1)
    assert with_control["top"].standard_error < without["top"].standard_error


def test_flat_data_and_too_few_points_are_errors():
    with pytest.raises(ValueError, match="flat data hold no curve"):
        binding.fit_inhibition(CONC, np.full(10, 7.0))
    with pytest.raises(ValueError, match="fewer than the 4 parameters"):
        binding.fit_inhibition(CONC[:3], curve()[:3])
    with pytest.raises(ValueError, match="inhibitor_nM must be finite and >= 0"):
        binding.fit_inhibition(np.linspace(-9, -5, 10), curve())
