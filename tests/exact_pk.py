"""Pharmacokinetics by the textbook's formulas, in 50 digits: what `snrilab.pk` must equal.

Sums of exponentials as printed (Gabrielsson and Weiner, 5th ed. 2016), superposed dose by dose, and
WinNonlin's rules of noncompartmental analysis written out point by point. Fifty digits make the
subtractions harmless that the library has to avoid.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from decimal import Decimal, localcontext
from pathlib import Path

DATA = Path(__file__).parent / "data" / "pk"
DIGITS = 50


def sampled(name: str, time: str) -> dict[str, tuple[tuple[float, ...], tuple[float, ...]]]:
    """Return times and concentrations of each subject of a data set in ``data/pk``."""
    found = defaultdict(list)
    with (DATA / name).open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            found[row["Subject"]].append((float(row[time]), float(row["conc"])))
    return {subject: tuple(zip(*points, strict=True)) for subject, points in found.items()}


def _exponentials(drug) -> list[tuple[Decimal, Decimal]]:
    """Return plasma after a unit bolus as weights and rate constants."""
    ke = Decimal(drug.cl_L_per_h) / Decimal(drug.v_L)
    if drug.q_L_per_h is None:
        return [(Decimal(1), ke)]
    out = Decimal(drug.q_L_per_h) / Decimal(drug.v_L)
    back = Decimal(drug.q_L_per_h) / Decimal(drug.vp_L)
    total = ke + out + back
    root = (total * total - 4 * ke * back).sqrt()
    alpha, beta = (total + root) / 2, (total - root) / 2
    return [((alpha - back) / root, alpha), ((back - beta) / root, beta)]


def _response(drug) -> list[tuple[Decimal, Decimal]]:
    """Return plasma after a unit dose, absorption included; ka differs from every other rate."""
    terms = _exponentials(drug)
    if drug.ka_per_h is None:
        return terms
    ka = Decimal(drug.ka_per_h)
    found = [(w * ka / (ka - k), k) for w, k in terms]
    return [*found, (-sum(w for w, _ in found), ka)]


def _one_dose(drug, terms, hours: Decimal) -> Decimal:
    """Return plasma (per mg) at some hours after the dose."""
    since = hours - Decimal(drug.lag_h)
    if since < 0:
        return Decimal(0)
    if not drug.input_h:
        return sum((w * (-k * since).exp() for w, k in terms), Decimal(0))
    length = Decimal(drug.input_h)
    flowed = min(since, length)
    return sum(
        (
            w / k / length * (1 - (-k * flowed).exp()) * (-k * (since - flowed)).exp()
            for w, k in terms
        ),
        Decimal(0),
    )


def concentration(drug, regimen, times) -> list[float]:
    """Total plasma concentration (ng/mL): every dose by itself, added up."""
    with localcontext(prec=DIGITS):
        terms = _response(drug)
        scale = 1000 * Decimal(drug.bioavailability) / Decimal(drug.v_L)
        doses = list(zip(regimen.time_h, regimen.dose_mg, strict=True))
        return [
            float(
                scale
                * sum(
                    (Decimal(mg) * _one_dose(drug, terms, Decimal(t) - Decimal(at))
                     for at, mg in doses),
                    Decimal(0),
                )
            )
            for t in map(float, times)
        ]  # fmt: skip


def area(drug, regimen, begin: float, end: float | None) -> float:
    """Area (ng·h/mL) from `begin` to `end` (None: for ever), no later dose than `begin`."""
    with localcontext(prec=DIGITS):
        terms = _response(drug)
        total = Decimal(0)
        for at, mg in zip(regimen.time_h, regimen.dose_mg, strict=True):
            entered = Decimal(at) + Decimal(drug.lag_h) + Decimal(drug.input_h)
            since = Decimal(begin) - entered
            assert since >= 0, "the formula below holds once the input has ended"
            span = None if end is None else Decimal(end) - Decimal(begin)
            length = Decimal(drug.input_h)
            for w, k in terms:
                entry = (1 - (-k * length).exp()) / k / length if length else 1
                left = 1 if span is None else 1 - (-k * span).exp()
                total += Decimal(mg) * entry * w / k * (-k * since).exp() * left
        return float(1000 * Decimal(drug.bioavailability) / Decimal(drug.v_L) * total)


def steady_concentration(drug, dose_mg: float, interval_h: float, hours: float) -> float:
    """Concentration (ng/mL) some hours after a bolus or first-order dose at steady state."""
    with localcontext(prec=DIGITS):
        tau, since = Decimal(interval_h), Decimal(hours)
        total = sum(
            (w * (-k * since).exp() / (1 - (-k * tau).exp()) for w, k in _response(drug)),
            Decimal(0),
        )
        return float(
            1000 * Decimal(dose_mg) * Decimal(drug.bioavailability) / Decimal(drug.v_L) * total
        )


def nca(times, conc, dose: float, *, bolus: bool, log_down: bool) -> dict[str, float]:
    """Analyse one curve (mg, mg/L, h) by WinNonlin's rules, point by point."""
    with localcontext(prec=DIGITS):
        t, c = [Decimal(x) for x in times], [Decimal(x) for x in conc]
        line = _terminal(t, c, bolus=bolus)
        c0 = c[0]
        if bolus and t[0] > 0:
            c0 = (c[0].ln() + (c[0] / c[1]).ln() * t[0] / (t[1] - t[0])).exp()
        elif t[0] > 0:
            c0 = Decimal(0)
        first = t[0]
        if t[0] > 0:
            t, c = [Decimal(0), *t], [c0, *c]
        last = max(i for i, x in enumerate(c) if x > 0)
        auc = aumc = back = Decimal(0)
        for i in range(last):
            piece, moment = _piece(t[i], t[i + 1], c[i], c[i + 1], log_down)
            auc, aumc = auc + piece, aumc + moment
            back += piece if t[i + 1] <= first else 0
        found = {
            "cmax": max(c[1:] if bolus else c),
            "tlast_h": t[last],
            "clast": c[last],
            "auc_last": auc,
            "aumc_last": aumc,
            "mrt_last_h": aumc / auc,
            "c0": c0,
            **{name: line[name] for name in ("lambda_z_per_h", "r2", "r2_adjusted", "n_points")},
            "half_life_h": Decimal(2).ln() / line["lambda_z_per_h"],
            "clast_pred": (line["intercept"] - line["lambda_z_per_h"] * t[last]).exp(),
        }
        rate = line["lambda_z_per_h"]
        for kind, end in (("obs", c[last]), ("pred", found["clast_pred"])):
            whole = auc + end / rate
            moment = aumc + end * t[last] / rate + end / rate**2
            clearance = Decimal(dose) / whole
            found |= {
                f"auc_inf_{kind}": whole,
                f"aumc_inf_{kind}": moment,
                f"auc_extrapolated_{kind}_percent": 100 * (1 - auc / whole),
                f"aumc_extrapolated_{kind}_percent": 100 * (1 - aumc / moment),
                f"mrt_inf_{kind}_h": moment / whole,
                f"clearance_{kind}_L_per_h": clearance,
                f"volume_z_{kind}_L": clearance / rate,
            }
            if bolus:
                found[f"auc_back_extrapolated_{kind}_percent"] = 100 * back / whole
                found[f"volume_ss_{kind}_L"] = clearance * moment / whole
        return {name: float(value) for name, value in found.items()}


def _piece(t1, t2, c1, c2, log_down: bool) -> tuple[Decimal, Decimal]:
    dt = t2 - t1
    if log_down and 0 < c2 < c1:
        ratio = (c1 / c2).ln()
        auc = dt * (c1 - c2) / ratio
        return auc, dt * (t1 * c1 - t2 * c2) / ratio + dt**2 * (c1 - c2) / ratio**2
    return dt * (c1 + c2) / 2, dt * (t1 * c1 + t2 * c2) / 2


def _terminal(t, c, *, bolus: bool) -> dict[str, Decimal]:
    """Best adjusted R² over the last 3, 4, ... points; more points when within 1e-4 of it."""
    peak = c.index(max(c))
    points = [(x, y.ln()) for i, (x, y) in enumerate(zip(t, c, strict=True)) if y > 0 and
              (i >= peak if bolus else i > peak)]  # fmt: skip
    fits = []
    for n in range(3, len(points) + 1):
        xs, ys = zip(*points[-n:], strict=True)
        mx, my = sum(xs) / n, sum(ys) / n
        xx = sum((x - mx) ** 2 for x in xs)
        xy = sum((x - mx) * (y - my) for x, y in zip(xs, ys, strict=True))
        yy = sum((y - my) ** 2 for y in ys)
        r2 = xy * xy / (xx * yy)
        fits.append(
            {
                "lambda_z_per_h": -xy / xx,
                "intercept": my - xy / xx * mx,
                "n_points": Decimal(n),
                "r2": r2,
                "r2_adjusted": 1 - (1 - r2) * (n - 1) / (n - 2),
            }
        )
    fits = [fit for fit in fits if fit["lambda_z_per_h"] > 0]
    best = max(fit["r2_adjusted"] for fit in fits)
    near = [fit for fit in fits if best - fit["r2_adjusted"] < Decimal("1e-4")]
    return max(near, key=lambda fit: fit["n_points"])
