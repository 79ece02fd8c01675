"""Areas under sampled curves: linear, and linear-up/log-down, for AUC and AUMC."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

AUC_RULES = ("linear-up/log-down", "linear")


def areas(times: Floats, conc: Floats, rule: str) -> tuple[Floats, Floats]:
    """AUC and AUMC of each interval between samples.

    Where the logarithmic rule has no answer (a rise, a plateau, a zero) the linear one serves.
    """
    dt = np.diff(times)
    t1, t2, c1, c2 = times[:-1], times[1:], conc[:-1], conc[1:]
    auc = dt * (c1 + c2) / 2
    aumc = dt * (t1 * c1 + t2 * c2) / 2
    if rule == "linear":
        return auc, aumc
    falls = (c2 < c1) & (c2 > 0)
    # In terms of log(c1/c2), which keeps its digits when c2 is close to c1.
    drop = np.where(falls, (c1 - c2) / np.where(falls, c2, 1.0), 1.0)
    log_ratio = np.log1p(drop)
    auc_log = dt * (c1 - c2) / log_ratio
    aumc_log = dt * (t1 * c1 - t2 * c2) / log_ratio + dt**2 * (c1 - c2) / log_ratio**2
    return np.where(falls, auc_log, auc), np.where(falls, aumc_log, aumc)


def between(times: Floats, conc: Floats, at: float, rule: str) -> float:
    """Concentration at a time between two samples, interpolated as the rule integrates."""
    after = int(np.searchsorted(times, at))
    if times[after] == at:
        return float(conc[after])
    t1, t2, c1, c2 = times[after - 1], times[after], conc[after - 1], conc[after]
    share = (at - t1) / (t2 - t1)
    if rule != "linear" and 0 < c2 < c1:
        return float(c1 * (c2 / c1) ** share)
    return float(c1 + share * (c2 - c1))
