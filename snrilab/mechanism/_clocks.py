"""Three stories of why benefit takes weeks, drawn on one clock."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from snrilab._checks import choice, increasing, one_number
from snrilab.mechanism._synapse import given

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from snrilab.mechanism._synapse import Synapse

    Floats = NDArray[np.float64]

Story = Literal["transmitter", "brake", "protein", "mixture"]
STORIES: tuple[Story, ...] = ("transmitter", "brake", "protein", "mixture")
WEEK_6_H = 1008.0


@dataclass(frozen=True, slots=True)
class RivalClocks:
    """Benefit over time in each story, as a share of that story's benefit at week 6.

    Parameters
    ----------
    time_h : numpy.ndarray
        Times since the first dose, h.
    transmitter : numpy.ndarray
        Benefit follows the rise of 5-HT above its untreated level.
    brake : numpy.ndarray
        Benefit follows what the fading brake adds to the rise of the first day.
    protein : numpy.ndarray
        Benefit follows one slow protein that answers to the block itself, not to the level of 5-HT.
    mixture : numpy.ndarray
        Part protein, the rest brake.
    """

    time_h: Floats
    transmitter: Floats
    brake: Floats
    protein: Floats
    mixture: Floats

    def at(self, story: Story, time_h: float) -> float:
        """Return one story at one time, linear between times."""
        choice("story", story, STORIES)
        hour = one_number("time_h", time_h, low=self.time_h[0], high=self.time_h[-1])
        course: Floats = getattr(self, story)
        return float(np.interp(hour, self.time_h, course))


def rival_clocks(
    time_h: ArrayLike,
    block: float = 0.8,
    *,
    protein_half_life_h: float = 336.0,
    protein_share: float = 0.5,
    brake: Literal["fading", "blocked"] = "fading",
    synapse: Synapse | None = None,
) -> RivalClocks:
    """Draw three stories of the course of benefit, and a mixture, on one clock.

    Every story is told relative to its own benefit at week 6 of the plain treatment, so that only
    shapes are compared. The protein of half-life H follows the *block*, ``1 - 2^(-t/H)``, whatever
    5-HT does: blocking the brake from the first day moves the other two stories and leaves it
    alone, which is why that experiment can tell them apart.

    **Illustrative.** The pace of the brake was set on rats; the pace of the protein is free; that
    mood follows any of them is a hypothesis. The oldest rival is named, not modelled: in
    rat cortex beta-adrenoceptors lose number and response over weeks of many antidepressants, not
    of citalopram.

    Parameters
    ----------
    time_h : array_like
        Increasing times since the first dose, h, from 0.
    block : float, default 0.8
        Blocked share of SERT, in (0, 1].
    protein_half_life_h : float, default 336
        Half-life of the protein, h, > 0.
    protein_share : float, default 0.5
        Share of the protein in the mixture, in [0, 1].
    brake : {"fading", "blocked"}, default "fading"
        The plain treatment, or an antagonist at every autoreceptor from the first day. A story
        above 1 then means at least the benefit of week 6: a scale of mood has an end, so plan on 1.
    synapse : Synapse, optional
        The synapse; by default the course's.

    Returns
    -------
    RivalClocks
        Shares of the benefit at week 6.

    References
    ----------
    Taylor MJ et al. Arch Gen Psychiatry 2006;63:1217-1223 (a third of it after one week).
    Whale R et al. J Psychopharmacol 2010;24:513-520 (pindolol; freed brake or not is open).

    Examples
    --------
    A third after one week: the brake and a protein of two weeks give it alike.

    >>> plain = rival_clocks([0, 168, 336, 1008], block=0.8)
    >>> for story in ("transmitter", "brake", "protein"):
    ...     print(story, getattr(plain, story)[1:3].round(2))
    transmitter [0.76 0.84]
    brake [0.31 0.55]
    protein [0.33 0.57]
    """
    times = increasing("time_h", time_h)
    if times[0] != 0.0:
        raise ValueError(f"time_h must begin with 0, the first dose, got {times[0]:g}.")
    blocked = one_number("block", block, low=0.0, high=1.0, low_open=True)
    half_life = one_number("protein_half_life_h", protein_half_life_h, low=0.0, low_open=True)
    share = one_number("protein_share", protein_share, low=0.0, high=1.0)
    choice("brake", brake, ("fading", "blocked"))
    model = given(synapse)
    six_weeks = np.union1d(times, [WEEK_6_H])
    plain = model.simulate(six_weeks, blocked).serotonin.fold
    first, sixth = plain[0], plain[np.searchsorted(six_weeks, WEEK_6_H)]
    if brake == "blocked":
        fold = model.simulate(times, blocked, autoreceptors="blocked").serotonin.fold
    else:
        fold = plain[np.searchsorted(six_weeks, times)]
    transmitter = (fold - 1.0) / (sixth - 1.0)
    released = (fold - first) / (sixth - first)
    protein = np.expm1(-np.log(2.0) * times / half_life) / np.expm1(
        -np.log(2.0) * WEEK_6_H / half_life
    )
    return RivalClocks(
        times, transmitter, released, protein, share * protein + (1.0 - share) * released
    )
