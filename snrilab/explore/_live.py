"""The live explorer: the page's wishes in, picture, sentence and goals out."""

from __future__ import annotations

import base64
import traceback
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anywidget
import traitlets

from snrilab import exercises, feedback, plots
from snrilab.explore._canvas import (
    DPI,
    LIGHT_PAPER,
    MOST_KEPT,
    Canvas,
    Kept,
    Screen,
    names_of_kept,
)
from snrilab.explore._control import Choice, Control
from snrilab.explore._hunt import Hunt
from snrilab.explore._words import Seen

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from matplotlib.figure import Figure

    from snrilab.exercises import Goal
    from snrilab.explore._control import AnyControl, Value
    from snrilab.explore._declaration import Explorer

NARROWEST_PX = 240
SHARPNESS = 2.0  # of what stands still, for paper and for sharp screens
TRIES = 5  # unknowns on which "show me" may try: one may have scattered too much
_last_paper = LIGHT_PAPER  # the next explorer starts on the paper that the last one was shown on


def whole_width(explorer: Explorer) -> int:
    """Return the pixels of a page that a picture takes where there is room."""
    return round(explorer.size_in[0] * DPI)


class Page(anywidget.AnyWidget):  # type: ignore[misc]
    """All that is on screen: controls, picture, sentence, goals, buttons."""

    _esm = Path(__file__).parent / "explorer.js"
    _css = Path(__file__).parent / "explorer.css"

    title = traitlets.Unicode().tag(sync=True)
    aspect = traitlets.Float(1.5).tag(sync=True)
    width = traitlets.Int(570).tag(sync=True)
    controls = traitlets.List().tag(sync=True)
    can_keep = traitlets.Bool(False).tag(sync=True)
    ask = traitlets.Dict().tag(sync=True)
    # From the page: the values that the controls want; not sent back as an echo.
    moved = traitlets.Dict().tag(sync=True, echo_update=False)
    # To the page.
    answers = traitlets.Int(0).tag(sync=True)
    png = traitlets.Bytes().tag(sync=True)
    reading = traitlets.Unicode().tag(sync=True)
    failed = traitlets.Bool(False).tag(sync=True)
    values = traitlets.Dict().tag(sync=True)
    goals = traitlets.List().tag(sync=True)
    prediction = traitlets.Unicode().tag(sync=True)
    kept = traitlets.Int(0).tag(sync=True)
    budget = traitlets.Unicode().tag(sync=True)
    given = traitlets.List().tag(sync=True)
    verdict = traitlets.Unicode().tag(sync=True)
    notice = traitlets.Unicode().tag(sync=True)


class Live:
    """A live explorer, made by calling an `Explorer`.

    Parameters
    ----------
    explorer : Explorer
        What to show.
    values : mapping
        Controls that start elsewhere than at their default.
    seed : int, optional
        Decides the hidden truth; the learner's own when left out.
    screen : Screen, optional
        What it is drawn for until a page says more.
    shown : bool, default True
        Whether a page shows each picture; else they are made where they are asked for.

    Attributes
    ----------
    controls : dict
        The controls by name.
    page : anywidget.AnyWidget
        Everything together, as shown in a notebook.
    errors : list of Exception
        What went wrong while drawing; the learner sees it in place of the sentence.
    goals : dict
        State of each goal by its short name: "open", "reached", or "shown" (by "show me").
    hunt : Hunt or None
        The search for the unknown: ``measured``, ``left``, ``truth``.
    record : bool
        Whether a reached goal is kept as the learner's progress.
    """

    def __init__(
        self,
        explorer: Explorer,
        values: Mapping[str, Value],
        seed: int | None = None,
        screen: Screen | None = None,
        *,
        shown: bool = True,
    ) -> None:
        self.explorer = explorer
        self._shown = shown
        self.controls: dict[str, AnyControl] = {one.name: one for one in explorer.controls}
        self.errors: list[Exception] = []
        before = feedback.goals_reached(explorer.module)
        self.goals = {
            goal.short: "reached" if goal.name in before else "open" for goal in explorer.goals
        }
        self.kept: list[Kept] = []
        self.hunt: Hunt | None = None
        if explorer.unknown is not None:
            self.hunt = Hunt(explorer.unknown, feedback.learner_seed() if seed is None else seed)
        self._values: dict[str, Value] = {n: one.default for n, one in self.controls.items()}
        self._values.update(self._with_brought(self._checked(values)))
        self._acted = self._showing = False
        self._seen = bool(self.goals) and "open" not in self.goals.values()  # in an earlier session
        self._told: dict[str, Any] = {}  # numbers of the sentence
        self._known: dict[str, Any] = {}  # all that goals may look at
        self.record = True
        self._screen = screen or Screen(whole_width(explorer), paper=_last_paper)
        self._canvas = Canvas(explorer, self._screen, (), ())
        ask = explorer.unknown.ask.state() if explorer.unknown is not None else {}
        self.page = Page(
            title=explorer.title,
            aspect=self._canvas.aspect,
            width=self._screen.width_px,
            controls=[control.state() for control in explorer.controls],
            can_keep=bool(explorer.keep),
            ask=ask,
        )
        self.page.on_msg(self._heard)
        self.page.observe(self._moved, "moved")
        self._update()

    @property
    def values(self) -> dict[str, Value]:
        """The values of the controls now, by name."""
        return dict(self._values)

    @property
    def arguments(self) -> dict[str, Any]:
        """What the drawing function is called with: the values, and what an unknown gave away."""
        arguments = self._values | (self.hunt.arguments if self.hunt is not None else {})
        if self.explorer.draws_prediction:
            arguments["predicted"] = self._predicted()
        return arguments

    @property
    def reading(self) -> str:
        """The sentence that says what the picture shows."""
        return str(self.page.reading)

    @property
    def png(self) -> bytes:
        """The picture as it is now."""
        return bytes(self.page.png)

    @property
    def figure(self) -> Figure:
        """The figure as it is staged and laid out now."""
        self._canvas.settle()
        return self._canvas.figure

    @property
    def artists(self) -> dict[str, Any]:
        """The artists that move, by name."""
        return self._canvas.artists

    def _checked(self, values: Mapping[str, Value]) -> dict[str, Value]:
        for name in values:
            if name not in self.controls:
                raise ValueError(f"{name} is no control; there are {', '.join(self.controls)}.")
        return {name: self.controls[name].checked(value) for name, value in values.items()}

    def _with_brought(self, values: Mapping[str, Value]) -> dict[str, Value]:
        """Add what newly picked names bring, unless it is moved in the same step."""
        wanted = dict(values)
        for name, value in values.items():
            control = self.controls[name]
            if isinstance(control, Choice) and value != self._values[name]:
                for other, start in control.brings.get(str(value), {}).items():
                    if values.get(other, self._values[other]) == self._values[other]:
                        wanted[other] = self.controls[other].checked(start)
        return wanted

    def set(self, **values: Value) -> None:
        """Move several controls and draw once.

        Parameters
        ----------
        **values : float, int, str or bool
            New value for each named control, within its limits.
        """
        self._values.update(self._with_brought(self._checked(values)))
        self._acted = True
        self._update()

    def reset(self) -> None:
        """Bring every control back to its default."""
        self.set(**{name: control.default for name, control in self.controls.items()})

    def keep(self) -> None:
        """Leave the present curves behind as faint ones, at most three; then the oldest goes."""
        if self.explorer.keep:
            lines = self._canvas.lines(self.explorer.keep)
            others = [state for state in self.kept if not state.is_drawn_as(lines)]
            alone = Kept(self.values, self.reading, lines, frozenset())
            state = replace(alone, moved_by=self._moving(alone))
            self.kept = [*others, state][-MOST_KEPT:]
            self._restage()

    def _moving(self, state: Kept) -> frozenset[str]:
        """Return the controls that move the lines of a state: those that its name must tell."""

        def moves(control: AnyControl) -> bool:
            for value in control.stops:
                self._canvas.move(self.arguments | {control.name: value})
                if not state.is_drawn_as(self._canvas.lines(self.explorer.keep)):
                    return True
            return False

        return frozenset(control.name for control in self.explorer.controls if moves(control))

    def forget(self) -> None:
        """Take all faint curves away."""
        self.kept = []
        self._restage()

    def measure(self) -> None:
        """Measure the unknown once, with the controls as they are."""
        if self.hunt is not None:
            self._acted = True
            self._notice(self.hunt.measure(self._values))
            self._update()

    def answer(self, value: Value, low: Value | None = None, high: Value | None = None) -> None:
        """Answer the unknown.

        Parameters
        ----------
        value : float or str
            The best guess, or the name that was chosen.
        low, high : float, optional
            The range that should hold the truth, when a number is asked for.
        """
        if self.hunt is not None:
            self._notice(self.hunt.answer(value, low, high))
            self._update()

    def again(self) -> None:
        """Hide another truth, with the whole budget."""
        if self.hunt is not None:
            self.hunt = self.hunt.again()
            self._notice("A new unknown is hidden.")
            self._update()

    def show(self, name: str) -> None:
        """Do what reaches a goal, from the start and not from where the controls are.

        With an unknown it is done on another one; where the wells scattered so much that the goal
        is missed, on yet another.

        Parameters
        ----------
        name : str
            Short name of the goal.
        """
        (goal,) = [goal for goal in self.explorer.goals if goal.short == name]
        with self._showing_how():
            for _ in range(1 if self.hunt is None else TRIES):
                if self.hunt is not None:
                    self.hunt = self.hunt.again()
                self._values.update({name: one.default for name, one in self.controls.items()})
                self.play(goal.steps(self.hunt.truth if self.hunt is not None else {}))
                if goal.is_reached(self._known):
                    return

    @contextmanager
    def _showing_how(self) -> Iterator[None]:
        self._showing = True
        try:
            yield
        finally:
            self._showing = False

    def play(self, steps: Any) -> None:
        """Play steps as `snrilab.exercises.Goal` declares them.

        Parameters
        ----------
        steps : sequence of mappings
            Control values, ``"measure": True``, ``"keep": True``, or ``"answer"`` with ``"low"``
            and ``"high"``; each of these three may be a function of the numbers of the sentence.
        """
        for step in steps:
            values = {name: value for name, value in step.items() if name in self.controls}
            extra = set(step) - set(values) - {"measure", "keep", "answer", "low", "high"}
            if extra:
                raise ValueError(f"{', '.join(sorted(extra))}: neither control nor action.")
            self.set(**values)
            if step.get("measure"):
                self.measure()
            if step.get("keep"):
                self.keep()
            if "answer" in step:
                given = (step.get(part) for part in ("answer", "low", "high"))
                self.answer(*(one(self._told) if callable(one) else one for one in given))

    def still(self) -> plots.Picture:
        """Return the picture as it is now, standing still on light and on dark paper."""
        return next(self.stills([self.values], SHARPNESS))

    def stills(
        self, states: Iterable[Mapping[str, Value]], sharpness: float = 1.0, packing: int = 6
    ) -> Iterator[plots.Picture]:
        """Give the picture of one state after the other, for a page that picks among them.

        Parameters
        ----------
        states : iterable of mappings
            Control values; the others stay as they are.
        sharpness : float, default 1.0
            Pixels of the picture for each pixel of the page.
        packing : int, default 6
            How hard pictures are packed, 1 to 9: 1 for what is written anew soon.

        Yields
        ------
        snrilab.plots.Picture
            On light and on dark paper, with its sentence.
        """
        names = names_of_kept(self.explorer, self.kept)
        beside = [f"{name}: {state.reading}" for name, state in zip(names, self.kept, strict=True)]
        width_px = whole_width(self.explorer)
        screens = (Screen(width_px, sharpness, paper) for paper in (LIGHT_PAPER, plots.DARK_PAPER))
        canvases = [
            self._canvas
            if screen == self._screen
            else Canvas(self.explorer, screen, self.kept, names)
            for screen in screens
        ]
        for values in states:
            if values != self.values:
                self.set(**values)
            for canvas in canvases:
                canvas.move(self.arguments)
            light, dark = (canvas.png(packing) for canvas in canvases)
            sentence = " ".join([self.reading, "Beside it,", *beside] if beside else [self.reading])
            yield plots.Picture(light, sentence, width_px, dark, caption=sentence)

    def close(self) -> None:
        """Take the widget out of memory."""
        self.page.close()

    # -- what the page says ----------------------------------------------------------------------

    def _moved(self, change: Any) -> None:
        """Take the values of the page's controls; what is impossible is answered, not raised."""
        wish = change["new"]
        with self._caught():
            checked, notices = {}, []
            for name, value in wish.get("values", {}).items():
                control = self.controls[name]
                if isinstance(control, Control):
                    value, said = control.wished(value)  # noqa: PLW2901
                    notices.append(said)
                if value is not None:
                    checked[name] = value
            with self.page.hold_sync():
                self.page.answers = wish.get("serial", 0)
                self._notice(" ".join(filter(None, notices)))
                self.set(**checked)

    def _heard(self, _: object, message: Mapping[str, Any], __: object) -> None:
        with self._caught():
            if "question" in message:
                self.page.send({"alive": True})
            elif "screen" in message:
                self._on_screen(message["screen"])
            elif "show" in message:
                self._notice("")  # what was said of an earlier wish is over
                self.show(message["show"])
            elif "answer" in message:
                given = message["answer"]
                self.answer(given["value"], given.get("low"), given.get("high"))
            elif message.get("press") in {"reset", "keep", "forget", "measure", "again"}:
                self._notice("")
                getattr(self, message["press"])()

    @contextmanager
    def _caught(self) -> Iterator[None]:
        """Nobody would see what is raised behind a page: it is on the page and in `errors`."""
        try:
            yield
        except Exception as error:  # noqa: BLE001 -- whatever an author's drawing may raise
            if not self.errors or self.errors[-1] is not error:
                self.errors.append(error)
                self._failed()

    def _on_screen(self, told: Mapping[str, Any]) -> None:
        """Draw for the width, the sharpness and the theme that the page has."""
        global _last_paper  # noqa: PLW0603 -- the theme belongs to the page, not to one explorer
        widest = whole_width(self.explorer)
        width_px = min(max(round(told["width"]), NARROWEST_PX), widest)
        if abs(width_px - self._screen.width_px) < 6:
            width_px = self._screen.width_px
        ratio = 2.0 if told["ratio"] > 1.25 else 1.0
        screen = Screen(width_px, ratio, told["paper"])
        _last_paper = screen.paper
        if screen != self._screen:
            self._screen = screen
            self._restage()

    # -- what the page is told -------------------------------------------------------------------

    def _restage(self) -> None:
        names = names_of_kept(self.explorer, self.kept)
        self._canvas = Canvas(self.explorer, self._screen, self.kept, names)
        self.page.aspect = self._canvas.aspect
        self._update()

    def _notice(self, words: str) -> None:
        self.page.notice = words

    def _failed(self) -> None:
        self.page.failed = True
        self.page.reading = f"This picture could not be drawn.\n{traceback.format_exc(limit=-3)}"

    def _update(self) -> None:
        """Draw what the controls say; a failure is shown, recorded and raised."""
        with self.page.hold_sync():
            try:
                seen = self._canvas.move(self.arguments)
                self._told = dict(seen.numbers) if isinstance(seen, Seen) else {}
                if self._judge() and self.explorer.draws_prediction:
                    seen = self._canvas.move(self.arguments)
                if self._shown:
                    self.page.png = self._canvas.png()
                self.page.reading = str(seen)
                self.page.failed = False
            except Exception as error:
                self.errors.append(error)
                self._failed()
                raise
            finally:
                self._tell()

    def _judge(self) -> bool:
        """See which goals are reached now; return whether the prediction may be told from now."""
        if not self._acted:
            return False
        known: dict[str, Any] = dict(self._values)
        known["kept"] = [dict(state.values) for state in self.kept]
        known |= self._told
        known |= self.hunt.numbers if self.hunt is not None else {}
        self._known = known
        for goal in self.explorer.goals:
            if self.goals[goal.short] == "open" and goal.is_reached(known):
                self.goals[goal.short] = "shown" if self._showing else "reached"
                if self.record:
                    feedback.reached(goal.name)
        before = self._seen
        self._seen = before or self._is_seen(known)
        return self._seen and not before

    def _tell(self) -> None:
        """Send the state of the controls, the goals and the unknown."""
        self.page.values = {
            name: {
                "value": value,
                "place": self.controls[name].place(value),  # type: ignore[arg-type]
                "text": self.controls[name].text(value),
            }
            for name, value in self._values.items()
        }
        self.page.goals = [self._goal_state(goal) for goal in self.explorer.goals]
        self.page.kept = len(self.kept)
        self.page.prediction = self._prediction_told()
        if self.hunt is not None and self.explorer.unknown is not None:
            whole, unit = self.explorer.unknown.budget, self.explorer.unknown.unit
            cost = self.hunt.cost(self._values)
            takes = f"; measuring now takes {cost}" if cost != 1 else ""
            self.page.budget = f"{self.hunt.left} of {whole} {unit} left{takes}"
            self.page.verdict = self.hunt.verdict
            self.page.given = self.hunt.given

    def _prediction_told(self) -> str:
        """Return the prediction beside the result; before that, that it waits."""
        name = self.explorer.prediction
        if self._seen or not name:
            said = self._predicted()
            return said.sentence if said is not None else ""
        return self._waits() if feedback.predicted(name) is not None else ""

    def _waits(self) -> str:
        """Say what brings it: a setting, the answer or all goals, whichever comes first."""
        asked = exercises.find(self.explorer.prediction)
        setting = asked.setting if isinstance(asked, exercises.Prediction) else ""
        by_sliders = f"set {setting}" if self.hunt is None else "measure on"
        ways = [by_sliders] if setting else []
        ways += ["answer"] if self._waits_for_answer(asked) else []
        ways += ["reach the goals"] if self.goals else []
        way = ", or ".join(ways) or "move a control"
        return f"Your prediction is kept. To see how it did, {way}."

    def _predicted(self) -> feedback.Predicted | None:
        """Return the learner's prediction once what it asked about has been seen, else None."""
        name = self.explorer.prediction
        return feedback.predicted(name) if name and self._seen else None

    def _is_seen(self, known: Mapping[str, Any]) -> bool:
        """Return whether what was predicted is on the screen, or nothing is left to look for.

        With an unknown, and if the prediction does not say when it is seen, after the answer.
        """
        asked = exercises.find(self.explorer.prediction) if self.explorer.prediction else None
        done = bool(self.goals) and "open" not in self.goals.values()
        if self._waits_for_answer(asked):
            return done
        return done or (isinstance(asked, exercises.Prediction) and asked.is_seen(known))

    def _waits_for_answer(self, asked: Any) -> bool:
        says_when = isinstance(asked, exercises.Prediction) and asked.seen is not None
        return self.hunt is not None and not self.hunt.answered and not says_when

    def _goal_state(self, goal: Goal) -> dict[str, Any]:
        state = self.goals[goal.short]
        done = state != "open"
        if not goal.possible and done:
            state = "impossible" if state == "shown" else "disproved"
        return {"name": goal.short, "text": goal.text, "state": state, "why": goal.why * done}

    def _printed(self) -> bytes:
        """Return the picture on light paper, whatever the page shows."""
        on_paper = Screen(whole_width(self.explorer))
        if on_paper == self._screen:
            return self.png
        names = names_of_kept(self.explorer, self.kept)
        canvas = Canvas(self.explorer, on_paper, self.kept, names)
        canvas.move(self.arguments)
        return canvas.png()

    def __repr__(self) -> str:
        return f"{self.explorer.title}: {self.reading}"

    def _repr_mimebundle_(self, **options: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return the live page and, for a page without a kernel, the picture as it is now."""
        bundle = self.page._repr_mimebundle_(**options)
        data = dict(bundle[0] if isinstance(bundle, tuple) else bundle)
        data["text/plain"] = repr(self)
        data["image/png"] = base64.b64encode(self._printed()).decode("ascii")
        return data, {"image/png": {"alt": repr(self)}}
