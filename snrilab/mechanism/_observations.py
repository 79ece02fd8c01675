"""Where the synapse meets published observations, where it was fitted to them, where it misses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, cast

from snrilab._tables import rows
from snrilab.mechanism._synapse import Synapse
from snrilab.mechanism._transporter import fold_increase

if TYPE_CHECKING:
    from snrilab.evidence import Row
    from snrilab.mechanism._synapse import Route, Steady

CLOSE = 0.15


@dataclass(frozen=True, slots=True)
class Observation:
    """A published observation beside what the model gives.

    Parameters
    ----------
    name : str
        What was observed.
    observed, low, high : float
        As a fold of the untreated animal, with the limits that the paper prints; without printed
        limits they lie 15 % to both sides.
    model : float
        The same quantity from the model.
    status : {"fitted", "predicted"}
        Whether a constant of the model was chosen to meet this point. A fitted point tells
        nothing about whether the model is right.
    block : float
        Block of the transporter at which the model was run, in [0, 1]: assumed, not measured.
    key : str
        Row of the evidence.
    note : str
        What was assumed.
    """

    name: str
    observed: float
    low: float
    high: float
    model: float
    status: Literal["fitted", "predicted"]
    block: float
    key: str
    note: str

    @property
    def met(self) -> bool:
        """Whether the model lies within the limits."""
        return self.low <= self.model <= self.high

    @property
    def mark(self) -> Literal["fitted", "predicted", "missed"]:
        """What a picture writes at the point."""
        return self.status if self.met else "missed"

    @property
    def source(self) -> str:
        """Key of the reference."""
        return self.key.rpartition("/")[2]

    def __str__(self) -> str:
        return (
            f"{self.name}: {self.observed:.2f}-fold ({self.source}), model {self.model:.2f}, "
            f"{self.mark}"
        )


def observations(synapse: Synapse | None = None) -> tuple[Observation, ...]:
    """Compare the synapse with the observations that it was fitted to, and with further ones.

    The half-SERT mice are the only measured middle of the curve of `fold_increase`, and it misses
    them. Two observations of the 5-HT brake contradict each other, so that no setting can meet
    both.

    Parameters
    ----------
    synapse : Synapse, optional
        The model to judge; by default the course's.

    Returns
    -------
    tuple of Observation
        Each with its mark: fitted, predicted, or missed.

    Examples
    --------
    >>> for point in observations()[:3]:
    ...     print(point)
    no SERT in cortex: 10.00-fold (mathews2004), model 10.00, fitted
    no SERT in striatum: 6.43-fold (mathews2004), model 6.41, fitted
    half of SERT in cortex: 2.50-fold (mathews2004), model 1.82, missed
    """
    from snrilab import evidence

    model = Synapse() if synapse is None else synapse
    found: list[Observation] = []
    for row in rows("synapse_observations"):
        (measured,) = evidence.find(key=row["evidence"])
        basal = float(evidence.find(key=row["basal"])[0]) if row["basal"] else 1.0
        value, low, high = _fold(measured, row["reads"], basal)
        found.append(
            Observation(
                row["name"],
                value,
                low,
                high,
                _model(model, row),
                "fitted" if row["status"] == "fitted" else "predicted",
                max(float(row["sert"]), float(row["net"])),
                row["evidence"],
                row["note"],
            )
        )
    return tuple(found)


def _fold(row: Row, reads: str, basal: float) -> tuple[float, float, float]:
    """Return value and limits as folds of the untreated animal."""
    value = float(row)
    low, high = (1 - CLOSE) * value, (1 + CLOSE) * value
    if row.low is not None and row.high is not None:
        low, high = row.low, row.high
    if reads == "decrease":
        fold = 1.0 - value / 100.0
        return fold, (1 - CLOSE) * fold, (1 + CLOSE) * fold
    scale = {"percent": 100.0, "fold": 1.0, "ratio": basal}[reads]
    return value / scale, low / scale, high / scale


def _model(synapse: Synapse, row: dict[str, str]) -> float:
    """Run the model as the row says."""
    block, net = float(row["sert"]), float(row["net"])
    if row["output"].startswith("ceiling"):
        return fold_increase(block, _other_share(synapse, row["output"]))
    route = cast("Route", row["route"])
    if row["autoreceptors"] == "desensitising":
        state = synapse.simulate([0.0, float(row["time_h"])], block, net, route=route)
    else:
        steady = cast("Steady", row["autoreceptors"])
        state = synapse.steady_state(block, net, autoreceptors=steady, route=route)
    half = state.serotonin if row["transmitter"] == "5-HT" else state.norepinephrine
    return float(getattr(half, row["output"]).flat[-1])


def _other_share(synapse: Synapse, output: str) -> float:
    from snrilab import evidence

    if output == "ceiling":
        return synapse.serotonin.terminal.non_transporter_fraction
    return float(evidence.parameters("synapse")["non_transporter_fraction_striatum"])
