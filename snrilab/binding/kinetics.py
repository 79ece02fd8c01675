"""Binding over time: association, dissociation, and two ligands racing for one site."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from snrilab._checks import broadcastable, nonnegative, one_number, positive, scalar_or_array

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

__all__ = [
    "association",
    "dissociation",
    "motulsky_mahan",
    "motulsky_mahan_depletion",
    "residence_time",
]


def association(
    time_min: ArrayLike,
    radioligand_nM: ArrayLike,
    kon_per_nM_min: ArrayLike,
    koff_per_min: ArrayLike,
    bmax: ArrayLike,
) -> Any:
    """Specific binding while a radioligand associates, from none at time 0.

    The observed rate is ``kon * L + koff``: even association is paced by dissociation.

    Parameters
    ----------
    time_min : array_like
        Time since the radioligand was added, min, >= 0; infinity gives equilibrium.
    radioligand_nM : array_like
        Free radioligand concentration, nM, >= 0.
    kon_per_nM_min : array_like
        Association rate constant, 1/(nM min), > 0.
    koff_per_min : array_like
        Dissociation rate constant, 1/min, >= 0 (0: irreversible).
    bmax : array_like
        Density of binding sites, >= 0, in any unit.

    Returns
    -------
    float or ndarray
        Specific binding in the unit of `bmax`, of the broadcast shape.

    Raises
    ------
    ValueError, TypeError
        If an argument is not a number in its range.

    Examples
    --------
    With kon L = koff the plateau is half of Bmax and the half-time is ln 2 / (2 koff).

    >>> print(association([0, 6.931472, float("inf")], 1, 0.05, 0.05, bmax=100).round(3))
    [ 0. 25. 50.]
    """
    time = nonnegative("time_min", time_min, infinite=True)
    ligand = nonnegative("radioligand_nM", radioligand_nM)
    per_nM = positive("kon_per_nM_min", kon_per_nM_min)
    off = nonnegative("koff_per_min", koff_per_min)
    sites = nonnegative("bmax", bmax)
    broadcastable(
        time_min=time, radioligand_nM=ligand, kon_per_nM_min=per_nM, koff_per_min=off, bmax=sites
    )
    on = per_nM * ligand
    observed = on + off
    with np.errstate(invalid="ignore", divide="ignore", under="ignore"):
        occupied = np.where(observed > 0.0, on / observed, 0.0)
        progress = np.where(observed > 0.0, -np.expm1(-observed * time), 0.0)
    return scalar_or_array(sites * occupied * progress)


def dissociation(
    time_min: ArrayLike, bound_start: ArrayLike, koff_per_min: ArrayLike, plateau: ArrayLike = 0.0
) -> Any:
    """Binding after rebinding has been stopped by dilution or an excess of competitor.

    Parameters
    ----------
    time_min : array_like
        Time since dissociation started, min, >= 0; infinity gives `plateau`.
    bound_start : array_like
        Binding at time 0, >= 0, in any unit.
    koff_per_min : array_like
        Dissociation rate constant, 1/min, >= 0.
    plateau : array_like, default 0
        Binding that never dissociates (nonspecific), >= 0, in the unit of `bound_start`.

    Returns
    -------
    float or ndarray
        Binding in the unit of `bound_start`, of the broadcast shape.

    Raises
    ------
    ValueError, TypeError
        If an argument is not a number in its range.

    Examples
    --------
    >>> print(dissociation([0, 13.862944, 27.725887], bound_start=80, koff_per_min=0.05).round(3))
    [80. 40. 20.]
    """
    time = nonnegative("time_min", time_min, infinite=True)
    start = nonnegative("bound_start", bound_start)
    off = nonnegative("koff_per_min", koff_per_min)
    floor = nonnegative("plateau", plateau)
    broadcastable(time_min=time, bound_start=start, koff_per_min=off, plateau=floor)
    with np.errstate(invalid="ignore", under="ignore"):
        kept = np.where(off > 0.0, np.exp(-off * time), 1.0)
    return scalar_or_array(floor + (start - floor) * kept)


def residence_time(koff_per_min: ArrayLike) -> Any:
    """Mean time that a ligand stays on its receptor, ``1 / koff``.

    Parameters
    ----------
    koff_per_min : array_like
        Dissociation rate constant, 1/min, > 0.

    Returns
    -------
    float or ndarray
        Residence time, min, > 0. The half-life is ln 2 times as long.

    Raises
    ------
    ValueError, TypeError
        If an argument is not a number in its range.

    References
    ----------
    Copeland RA, Pompliano DL, Meek TD (2006) Nat Rev Drug Discov 5:730-739. doi:10.1038/nrd2082

    Examples
    --------
    >>> residence_time(0.05)
    20.0
    """
    return scalar_or_array(1.0 / positive("koff_per_min", koff_per_min))


def motulsky_mahan(
    time_min: ArrayLike,
    radioligand_nM: ArrayLike,
    inhibitor_nM: ArrayLike,
    kon_per_nM_min: ArrayLike,
    koff_per_min: ArrayLike,
    kon_inhibitor_per_nM_min: ArrayLike,
    koff_inhibitor_per_min: ArrayLike,
    bmax: ArrayLike,
) -> Any:
    """Specific binding of a radioligand that races an unlabelled inhibitor, both added at time 0.

    A slowly dissociating inhibitor makes the radioligand overshoot its equilibrium; the shape
    gives the rate constants of a drug that carries no label. No ligand is depleted.

    Parameters
    ----------
    time_min : array_like
        Time since both ligands were added, min, >= 0.
    radioligand_nM, inhibitor_nM : array_like
        Free concentrations, nM, >= 0.
    kon_per_nM_min, koff_per_min : array_like
        Association (1/(nM min)) and dissociation (1/min) rate constants of the radioligand, > 0.
    kon_inhibitor_per_nM_min, koff_inhibitor_per_min : array_like
        The same for the inhibitor, > 0.
    bmax : array_like
        Density of binding sites, >= 0, in any unit.

    Returns
    -------
    float or ndarray
        Specific binding of the radioligand in the unit of `bmax`, of the broadcast shape.

    Raises
    ------
    ValueError, TypeError
        If an argument is not a number in its range.

    References
    ----------
    Motulsky HJ, Mahan LC (1984) Mol Pharmacol 25:1-9.

    Examples
    --------
    An inhibitor that stays longer lets binding overshoot, then pushes it back to equilibrium.

    >>> bound = motulsky_mahan([5, 20, 1000], 1, 10, 0.1, 0.1, 0.01, 0.01, bmax=120)
    >>> print(bound.round(1))
    [30. 27. 10.]
    """
    time = nonnegative("time_min", time_min)
    ligand = nonnegative("radioligand_nM", radioligand_nM)
    inhibitor = nonnegative("inhibitor_nM", inhibitor_nM)
    on = positive("kon_per_nM_min", kon_per_nM_min)
    off = positive("koff_per_min", koff_per_min)
    on_i = positive("kon_inhibitor_per_nM_min", kon_inhibitor_per_nM_min)
    off_i = positive("koff_inhibitor_per_min", koff_inhibitor_per_min)
    sites = nonnegative("bmax", bmax)
    broadcastable(
        time_min=time, radioligand_nM=ligand, inhibitor_nM=inhibitor, kon_per_nM_min=on,
        koff_per_min=off, kon_inhibitor_per_nM_min=on_i, koff_inhibitor_per_min=off_i, bmax=sites,
    )  # fmt: skip
    return scalar_or_array(sites * race(time, on * ligand, off, on_i * inhibitor, off_i))


def motulsky_mahan_depletion(
    time_min: ArrayLike,
    radioligand_nM: float,
    inhibitor_nM: float,
    receptor_nM: float,
    kon_per_nM_min: float,
    koff_per_min: float,
    kon_inhibitor_per_nM_min: float,
    koff_inhibitor_per_min: float,
) -> NDArray[np.float64]:
    """Integrate the same race when the receptor depletes both ligands.

    Parameters
    ----------
    time_min : array_like
        Times since both ligands were added, min, >= 0, in any order.
    radioligand_nM, inhibitor_nM : float
        Total concentrations added, nM, >= 0.
    receptor_nM : float
        Total concentration of binding sites, nM, > 0.
    kon_per_nM_min, koff_per_min : float
        Rate constants of the radioligand, 1/(nM min) and 1/min, > 0.
    kon_inhibitor_per_nM_min, koff_inhibitor_per_min : float
        The same for the inhibitor, > 0.

    Returns
    -------
    ndarray of shape (n, 2)
        Receptor-bound radioligand and receptor-bound inhibitor, nM, at each time.

    Raises
    ------
    ValueError, TypeError
        If an argument is not a number in its range.

    Examples
    --------
    >>> bound = motulsky_mahan_depletion([0, 1e4], 1, 5, 1, 0.1, 0.1, 0.02, 0.1)
    >>> print(bound[:, 0].round(4))
    [0.     0.2735]
    """
    times = np.atleast_1d(nonnegative("time_min", time_min))
    if times.ndim != 1:
        raise ValueError(f"time_min must be one-dimensional, got shape {times.shape}.")
    ligand = one_number("radioligand_nM", radioligand_nM, low=0.0)
    inhibitor = one_number("inhibitor_nM", inhibitor_nM, low=0.0)
    receptor = one_number("receptor_nM", receptor_nM, low=0.0, low_open=True)
    on = one_number("kon_per_nM_min", kon_per_nM_min, low=0.0, low_open=True)
    off = one_number("koff_per_min", koff_per_min, low=0.0, low_open=True)
    on_i = one_number("kon_inhibitor_per_nM_min", kon_inhibitor_per_nM_min, low=0.0, low_open=True)
    off_i = one_number("koff_inhibitor_per_min", koff_inhibitor_per_min, low=0.0, low_open=True)

    # States are fractions of the receptor, so that the tolerance means the same for any amount.
    def rates(_: float, state: NDArray[np.float64]) -> list[float]:
        free = 1.0 - state[0] - state[1]
        return [
            on * (ligand - receptor * state[0]) * free - off * state[0],
            on_i * (inhibitor - receptor * state[1]) * free - off_i * state[1],
        ]

    def slopes(_: float, state: NDArray[np.float64]) -> list[list[float]]:
        free = 1.0 - state[0] - state[1]
        left, left_i = ligand - receptor * state[0], inhibitor - receptor * state[1]
        return [
            [-on * (receptor * free + left) - off, -on * left],
            [-on_i * left_i, -on_i * (receptor * free + left_i) - off_i],
        ]

    order, back = np.unique(times, return_inverse=True)
    if order[-1] == 0.0:
        return np.zeros((times.size, 2))
    from scipy.integrate import solve_ivp

    solution = solve_ivp(
        rates,
        (0.0, order[-1]),
        [0.0, 0.0],
        method="LSODA",
        t_eval=order,
        jac=slopes,
        rtol=1e-11,
        atol=1e-17,
    )
    return np.asarray(receptor * solution.y.T[back])


def race(time: Any, on: Any, off: Any, on_inhibitor: Any, off_inhibitor: Any) -> Any:
    """Fraction of the sites that the radioligand holds, from rates in 1/min (complex ones pass)."""
    rate, rate_inhibitor = on + off, on_inhibitor + off_inhibitor
    spread = np.sqrt((rate - rate_inhibitor) ** 2 + 4.0 * on * on_inhibitor)
    fast = 0.5 * (rate + rate_inhibitor + spread)
    slow = (on * off_inhibitor + off * on_inhibitor + off * off_inhibitor) / fast
    # Laplace transform: on (s + k4) / (s (s + fast) (s + slow)); both inverses below stay exact
    # when the two rates meet, where the published form divides zero by zero.
    with np.errstate(under="ignore"):
        response = np.exp(-slow * time) * time * _relative_rise(-spread * time)
        filled = (time * _relative_rise(-slow * time) - response) / fast
    return on * (response + off_inhibitor * filled)


def _relative_rise(exponent: Any) -> Any:
    """(exp(x) - 1) / x, which is 1 at x = 0."""
    safe = np.where(exponent == 0.0, 1.0, exponent)
    return np.where(exponent == 0.0, 1.0, np.expm1(safe) / safe)
