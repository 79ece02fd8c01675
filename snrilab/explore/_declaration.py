"""What an author writes: the stage and the drawing, the controls, the unknown."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    from matplotlib.figure import Figure

    from snrilab import plots
    from snrilab.exercises import Goal
    from snrilab.explore._control import AnyControl, Value
    from snrilab.explore._live import Live
    from snrilab.explore._words import Seen

Step: TypeAlias = Mapping[str, Any]
Stage: TypeAlias = "Callable[[Figure], Mapping[str, Any]]"
Draw: TypeAlias = "Callable[..., str | Seen]"

SIZE_IN = (6.2, 3.4)


@dataclass(frozen=True)
class Unknown:
    """A truth hidden by the learner's seed, to be measured on a budget and answered.

    The drawing function then takes two more arguments: ``measured``, a tuple of what `measure`
    returned so far, and ``truth``, None until the learner has answered. It draws no more than
    these know. Goals may name ``measured``, ``left`` (budget left) and, after the answer,
    ``answer``, ``low``, ``high``, ``width`` (high / low as it is told, where the scale is
    logarithmic), ``held`` (the range held the truth, or the choice was right) and ``truth``.

    Parameters
    ----------
    truth : callable
        ``truth(rng)`` draws the hidden values and returns them by name.
    measure : callable
        ``measure(truth, rng, **values)`` returns one measurement with the controls as they are.
    ask : Control or Choice
        What is answered; its name is a key of the truth. A number is answered with a range.
    budget : int
        What there is to spend, >= 1.
    unit : str
        What is spent ("wells", "samples", "animals").
    cost : callable, optional
        ``cost(**values)`` returns what one measurement costs with the controls as they are, a
        whole number >= 1; one each when left out.

    Examples
    --------
    >>> from snrilab.explore import Control
    >>> ki = Control("ki_nM", "Ki", "nM", 0.1, 1000, 10, scale="log")
    >>> Unknown(lambda rng: {"ki_nM": 42.0}, lambda truth, rng, **values: 1, ki, 3, "wells").budget
    3
    """

    truth: Callable[[np.random.Generator], Mapping[str, Any]]
    measure: Callable[..., Any]
    ask: AnyControl
    budget: int
    unit: str
    cost: Callable[..., int] = field(default=lambda **_: 1)


@dataclass(frozen=True)
class Explorer:
    """One declaration for the moving, the still and the printed picture.

    Call it for the live explorer, call its `still` for the same picture standing still.

    Parameters
    ----------
    name : str
        "module/variable" ("lesson02/competition"); its goals are kept under the module.
    title : str
        What is explored, in a few words.
    controls : sequence of Control, Choice or Switch
        What can be changed.
    stage : callable
        ``stage(figure)`` puts axes with fixed limits on an empty figure and returns the artists
        that move, by name. It is called again for another width or another theme.
    draw : callable
        ``draw(artists, **values)`` moves the artists and returns the sentence, as `Seen` when
        goals need numbers. It is called at every change, so it should take milliseconds.
    goals : sequence of Goal
        What to reach, as the lesson's exercises declare it.
    keep : sequence of str
        Names of the lines that a kept state leaves behind as faint curves; none, no keeping.
    prediction : str
        Name of the prediction that is shown again beside the result, with its own answer and
        never the hidden truth, once what it asks about is seen (`snrilab.exercises.Prediction`;
        with an unknown, if it does not say so, after the answer) or every goal has been reached or
        shown;
        ``""`` for none. A drawing with an argument ``predicted`` is handed it as well (None before
        that), to draw the learner's own curve or guess.
    unknown : Unknown, optional
        A hidden truth to be measured.
    size_in : tuple of float, default (6.2, 3.4)
        Width and height of the picture in inches where there is room.

    Examples
    --------
    >>> import numpy as np
    >>> from snrilab.explore import Control, Explorer
    >>> def stage(figure):
    ...     axes = figure.add_subplot(xlim=(0, 10), ylim=(0, 1))
    ...     return {"curve": axes.plot([], [])[0]}
    >>> def draw(artists, kd_nM):
    ...     conc_nM = np.linspace(0, 10)
    ...     artists["curve"].set_data(conc_nM, conc_nM / (conc_nM + kd_nM))
    ...     return f"Half of the sites are taken at {kd_nM:.3g} nM."
    >>> kd = Control("kd_nM", "Radioligand Kd", "nM", 0.1, 10, 1, scale="log")
    >>> occupancy = Explorer("example/occupancy", "Occupancy", [kd], stage, draw)
    >>> live = occupancy()
    >>> live.set(kd_nM=2)
    >>> live.reading
    'Half of the sites are taken at 2 nM.'
    >>> occupancy.still(kd_nM=4)
    Half of the sites are taken at 4 nM.
    """

    name: str
    title: str
    controls: Sequence[AnyControl]
    stage: Stage
    draw: Draw
    goals: Sequence[Goal] = ()
    keep: Sequence[str] = ()
    prediction: str = ""
    unknown: Unknown | None = None
    size_in: tuple[float, float] = SIZE_IN

    @property
    def draws_prediction(self) -> bool:
        """Whether the drawing takes the learner's prediction."""
        return "predicted" in inspect.signature(self.draw).parameters

    @property
    def module(self) -> str:
        """Name of the lesson that declares it."""
        return self.name.partition("/")[0]

    def __call__(
        self,
        *,
        goals: Sequence[str] | None = None,
        prediction: str | None = None,
        seed: int | None = None,
        **values: Value,
    ) -> Live:
        """Return the live explorer: controls, picture, sentence, goals.

        Parameters
        ----------
        goals : sequence of str, optional
            Short names of the goals to show here; all when left out, none when empty.
        prediction : str, optional
            Name of another prediction to show beside the result.
        seed : int, optional
            Decides the hidden truth; the learner's own when left out.
        **values : float, int, str or bool
            Controls that start elsewhere than at their default.

        Returns
        -------
        Live
            Shown by Jupyter; the last line of a cell is enough.
        """
        from dataclasses import replace

        from snrilab.explore._live import Live

        known = {goal.short: goal for goal in self.goals}
        for name in goals or ():
            if name not in known:
                raise ValueError(f"goals: there is no {name}; there are {', '.join(known)}.")
        wanted = self.goals if goals is None else [known[name] for name in goals]
        about = self.prediction if prediction is None else prediction
        return Live(replace(self, goals=tuple(wanted), prediction=about), values, seed)

    def still(
        self,
        *,
        keep: Sequence[Step] = (),
        play: Sequence[Step] = (),
        seed: int = 1,
        **values: Value,
    ) -> plots.Picture:
        """Return the same picture standing still, with its sentence below.

        Parameters
        ----------
        keep : sequence of mappings, optional
            Up to three states, as control values, that stand beside it as faint curves.
        play : sequence of mappings, optional
            Steps to play before, as in `Goal.show` (for an unknown: what to measure and answer).
        seed : int, default 1
            Decides the hidden truth of an unknown.
        **values : float, int, str or bool
            Controls that differ from their default.

        Returns
        -------
        snrilab.plots.Picture
            Shown by Jupyter as a picture with its sentence, on light and on dark paper.
        """
        from snrilab.explore._still import still

        return still(self, keep, play, seed, values)
