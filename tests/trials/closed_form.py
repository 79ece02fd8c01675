"""Power of an MMRM without simulation, to hold the library's simulation against."""

from __future__ import annotations

import numpy as np
from scipy import stats


def power_mmrm(difference, covariance, n_per_arm, retention=None):
    """Power (P < 0.05) of two arms at the last visit by the expected information of an MMRM.

    Lu K, Luo X, Chen PY. Int J Biostat 2008;4:9. doi:10.2202/1557-4679.1098. Patients leave for
    good and whatever their scores; each group with the same last visit adds what it has seen.
    """
    visits = len(covariance)
    stay = np.ones(visits) if retention is None else np.asarray(retention)
    information = np.zeros((visits, visits))
    for seen, share in enumerate(stay - np.append(stay[1:], 0.0), start=1):
        information[:seen, :seen] += share * np.linalg.inv(covariance[:seen, :seen])
    error = np.sqrt(2 * np.linalg.inv(information)[-1, -1] / n_per_arm)
    df = 2 * n_per_arm * stay[-1] - 2
    critical, shift = stats.t.isf(0.025, df), difference / error
    return stats.nct.sf(critical, df, shift) + stats.nct.cdf(-critical, df, shift)
