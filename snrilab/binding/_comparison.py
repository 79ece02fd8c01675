"""Whether the richer model earns its extra parameters."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from snrilab._checks import one_number
from snrilab.binding._fit import Fit

__all__ = ["Comparison", "compare_models"]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two fits of the same data, the simpler one a special case of the other.

    Parameters
    ----------
    f : float
        Extra-sum-of-squares F, >= 0.
    p : float
        Chance of an F at least as large when the simpler model is true, in [0, 1].
    df_simple, df_complex : int
        Degrees of freedom of both fits.
    aicc_simple, aicc_complex : float
        Akaike's criterion for small samples; the lower one predicts better.
    alpha : float
        Chance of a false alarm that the sentence accepts.

    Examples
    --------
    >>> result = Comparison(24.1, 6e-6, 21, 19, 204.9, 182.1, 0.05)
    >>> result.prefers_complex
    True
    """

    f: float
    p: float
    df_simple: int
    df_complex: int
    aicc_simple: float
    aicc_complex: float
    alpha: float

    @property
    def prefers_complex(self) -> bool:
        """Whether the F test rejects the simpler model at `alpha`."""
        return self.p < self.alpha

    @property
    def delta_aicc(self) -> float:
        """AICc of the complex minus the simple model; negative speaks for the complex one."""
        return self.aicc_complex - self.aicc_simple

    @property
    def sentence(self) -> str:
        """What the comparison says, for a student."""
        test = f"F({self.df_simple - self.df_complex}, {self.df_complex}) = {self.f:.3g}"
        chance = f"p = {self.p:.2g}" if self.p >= 1e-4 else "p < 0.0001"
        if self.prefers_complex:
            verdict = "the extra parameters earn their place"
        else:
            verdict = "these data give no reason for the extra parameters; keep the simpler model"
        if np.isfinite(self.aicc_simple) and np.isfinite(self.aicc_complex):
            better = "complex" if self.delta_aicc < 0.0 else "simple"
            aicc = f"AICc prefers the {better} model by {abs(self.delta_aicc):.1f}"
        else:
            aicc = "AICc cannot compare them: too few points"
        return f"{test}, {chance}: {verdict}. {aicc}."

    def __str__(self) -> str:
        return self.sentence


def compare_models(simple: Fit, complex_: Fit, *, alpha: float = 0.05) -> Comparison:
    """Compare two nested fits by the extra-sum-of-squares F test and by AICc.

    Parameters
    ----------
    simple, complex_ : Fit
        Fits of the same data; the simple model must be a special case of the complex one.
    alpha : float, default 0.05
        Accepted chance of preferring the complex model when the simple one is true, in (0, 1).

    Returns
    -------
    Comparison
        F, p, AICc of both, and a sentence.

    References
    ----------
    Motulsky H, Christopoulos A (2004) Fitting Models to Biological Data Using Linear and Nonlinear
    Regression. Oxford University Press. doi:10.1093/oso/9780195171792.001.0001

    Examples
    --------
    >>> from snrilab.binding import fit_inhibition
    >>> conc, response = [0, 1, 3, 10, 30, 100, 300, 1000], [99, 92, 77, 52, 24, 11, 2, 1]
    >>> three = fit_inhibition(conc, response, hill=1)
    >>> four = fit_inhibition(conc, response)
    >>> compare_models(three, four).prefers_complex
    False
    """
    for name, fit in (("simple", simple), ("complex_", complex_)):
        if not isinstance(fit, Fit):
            raise TypeError(f"{name} must be the result of a fit, got {type(fit).__name__}.")
    alpha = one_number("alpha", alpha, low=0.0, high=1.0, low_open=True, high_open=True)
    if not np.array_equal(simple.y, complex_.y) or not _same_weights(simple, complex_):
        raise ValueError("simple and complex_ must be fits of the same observations and weights.")
    extra = simple.df - complex_.df
    if extra <= 0:
        raise ValueError(
            f"complex_ must have more parameters than simple, got {len(complex_.parameters)} and "
            f"{len(simple.parameters)}."
        )
    if complex_.df <= 0:
        raise ValueError("complex_ must leave at least one degree of freedom, got 0.")
    gain = simple.rss - complex_.rss
    if gain < -1e-6 * simple.rss:
        raise ValueError(
            f"complex_ fits worse (RSS {complex_.rss:.6g}) than simple ({simple.rss:.6g}), so "
            "simple is not a special case of it."
        )
    from scipy.special import fdtrc

    ratio = max(gain, 0.0) / extra / (complex_.rss / complex_.df) if complex_.rss > 0 else np.inf
    return Comparison(
        f=float(ratio),
        p=float(fdtrc(extra, complex_.df, ratio)) if np.isfinite(ratio) else 0.0,
        df_simple=simple.df,
        df_complex=complex_.df,
        aicc_simple=simple.aicc,
        aicc_complex=complex_.aicc,
        alpha=alpha,
    )


def _same_weights(one: Fit, other: Fit) -> bool:
    first, second = one.problem.root_weight, other.problem.root_weight
    if first is None or second is None:
        return first is second
    return bool(np.allclose(first, second, rtol=1e-12))
