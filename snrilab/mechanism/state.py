"""What a synapse answers: concentrations, firing, sensitivities and flows of both transmitters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ProjectionState:
    """What one transmitter does in every scenario, and at every time if there is a time axis.

    All arrays have the scenarios' shape; with a time course the last axis is time.

    Parameters
    ----------
    transmitter : str
        ``"5-HT"`` or ``"NE"``.
    basal_nM : float
        Untreated transmitter at the terminals, nM.
    soma_nM, terminal_nM : numpy.ndarray
        Extracellular transmitter around cell bodies and terminals, nM.
    firing : numpy.ndarray
        Firing relative to the untreated animal.
    soma_sensitivity, terminal_sensitivity : numpy.ndarray
        Sensitivity of the autoreceptors: 1 untreated, 0 blocked by an antagonist.
    release_nM_per_s, uptake_nM_per_s, other_nM_per_s, diffusion_nM_per_s : numpy.ndarray
        Flows at the terminals, nM/s; at steady state release is the sum of the other three.
    """

    transmitter: str
    basal_nM: float
    soma_nM: Floats
    terminal_nM: Floats
    firing: Floats
    soma_sensitivity: Floats
    terminal_sensitivity: Floats
    release_nM_per_s: Floats
    uptake_nM_per_s: Floats
    other_nM_per_s: Floats
    diffusion_nM_per_s: Floats

    @property
    def fold(self) -> Floats:
        """Transmitter at the terminals as a fold of its untreated level."""
        return self.terminal_nM / self.basal_nM


@dataclass(frozen=True, slots=True)
class SynapseState:
    """Both transmitters, at steady state or over time.

    Parameters
    ----------
    serotonin, norepinephrine : ProjectionState
        The two projections.
    time_h : numpy.ndarray or None
        Times of the last axis, h; None at steady state.
    """

    serotonin: ProjectionState
    norepinephrine: ProjectionState
    time_h: Floats | None = None
