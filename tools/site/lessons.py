"""A lesson as a page to read: run once, with what is asked, told and folded away standing still."""

from __future__ import annotations

import hashlib
import html
import io
import itertools
import json
import os
import pickle
import re
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import nbformat

from snrilab.exercises import Exercise, Prediction, Question, declared, find, lesson, lessons
from snrilab.explore import Live
from tools.lessons import Page

if TYPE_CHECKING:
    from snrilab.plots import Picture

ROOT = Path(__file__).resolve().parents[2]
T = TypeVar("T")
COURSE_MAP = "%course-map%\n\n"  # the pages have a map of their own
SEED = 1  # the number of the learner whose results are shown
_WRITTEN = re.compile(
    r"^\w+(, lent by the course \(| as you wrote it |, which you wrote ).*\n", re.MULTILINE
)
# Explorers that move on the page: what can be set, and how many places of each slider there are.
GRIDS = {
    "lesson01/bath": {"blocked_percent": 21, "other_percent": 2},
    "lesson02/competition": {"radioligand_nM": 25},
    "lesson08/day": {"dose_mg": 15},
}
GRID_SHARPNESS = 1.5
_WIDGET = "application/vnd.jupyter.widget-view+json"


@dataclass
class Shown:
    """What stands on the page for one cell: text, and the pictures that it shows by name."""

    text: str
    pictures: dict[str, bytes] = field(default_factory=dict)


class Reading:
    """Runs lessons one after the other in one shell, as a learner who answers everything right."""

    def __init__(self) -> None:
        from IPython.core.interactiveshell import InteractiveShell

        self.shell = InteractiveShell.instance()
        hook = self.shell.displayhook  # results are formatted here, not printed
        hook.write_output_prompt = hook.finish_displayhook = lambda: None
        hook.write_format_data = lambda *_: None

    def page(self, path: Path) -> list[Shown]:
        """Run a notebook and return what stands for each of its cells."""
        self.shell.reset(new_session=False)
        module = _module(path)
        cells = Page(module).cells if module else []
        kinds = {cell.name: cell for cell in cells}
        shown = []
        for cell in nbformat.read(path, as_version=4).cells:
            if cell.cell_type == "markdown":
                shown.append(Shown(cell.source))
            elif cell.cell_type == "code":
                part = kinds.get(cell.id)
                kind, about = (part.kind, part.about) if part else ("given", "")
                shown.append(self._code(path, cell.source, kind, about))
        return shown

    def _code(self, path: Path, source: str, kind: str, about: str) -> Shown:
        from IPython.utils.capture import capture_output

        run = source
        if kind == "stub":
            run = _declared(about, Exercise).code()
        standing = _STANDING.get(kind)
        if standing is not None and kind != "check":
            return standing(about)
        if source.startswith("feedback.inventory("):
            return Shown(_note("In the notebook twenty questions stand here, one after the other."))
        with capture_output() as captured:
            answer = self.shell.run_cell(run, store_history=False)
        error = answer.error_before_exec or answer.error_in_exec
        if error is not None:
            raise RuntimeError(f"{path.name}: {type(error).__name__}: {error}\n{source}")
        if standing is not None:
            return standing(about)
        if kind == "explore":
            return _explorer(answer.result)
        code = "" if _is_one_call(source) else f"```python\n{source}\n```\n\n"
        return Shown(code) if kind == "stub" else self._given(source, code, captured, answer.result)

    def _given(self, source: str, code: str, captured: Any, result: Any) -> Shown:
        """Return given code with all that it printed and showed."""
        printed = _WRITTEN.sub("", captured.stdout + captured.stderr).strip("\n")
        if printed:
            code += _raw(f'<pre class="printed">{html.escape(printed)}</pre>')
        shown = Shown(code)
        for output in captured.outputs:
            _add(shown, output.data)
        if "feedback.course_map(" in source:
            shown.text += COURSE_MAP
        elif isinstance(result, Live):
            found = _explorer(result)
            shown = Shown(shown.text + found.text, shown.pictures | found.pictures)
        elif result is not None and not source.rstrip().endswith(";"):
            _add(shown, self.shell.display_formatter.format(result)[0])
        return shown


def _declared(name: str, kind: type[T]) -> T:
    thing = find(name)
    if not isinstance(thing, kind):
        raise LookupError(f"{name} is no {kind.__name__}.")
    return thing


def _is_one_call(source: str) -> bool:
    return re.fullmatch(r"(feedback|explore)\.\w+\([^()]*\)\s*", source) is not None


def _module(path: Path) -> str:
    for name in lessons():
        one = lesson(name)
        if one is not None and one.notebook == path.stem:
            return name
    return ""


def _add(shown: Shown, data: dict[str, Any]) -> None:
    """Put one output on the page."""
    markup = data.get("text/html", "")
    if "data:image/png;base64," in markup:
        import base64

        def kept(match: re.Match[str]) -> str:
            return f'src="{_keep(shown, base64.b64decode(match[1]))}"'

        markup = re.sub(r'src="data:image/png;base64,([^"]+)"', kept, markup)
        markup = re.sub(r"<style>.*?</style>", "", markup, flags=re.DOTALL)
    if markup:
        shown.text += _raw(f'<div class="result">{markup}</div>')
    elif _WIDGET in data:
        raise ValueError(f"a widget without a picture: {data.get('text/plain')}")
    elif data.get("text/plain"):
        shown.text += _raw(f'<pre class="printed">{html.escape(data["text/plain"])}</pre>')


def _keep(shown: Shown, png: bytes) -> str:
    name = hashlib.sha256(png).hexdigest()[:16] + ".png"
    shown.pictures[name] = png
    return f"../_static/pictures/{name}"


def _raw(markup: str) -> str:
    """Return HTML that passes through Markdown untouched."""
    fence = "`" * (max([3, *(len(run) + 1 for run in re.findall("`{3,}", markup))]))
    return f"{fence}{{raw}} html\n{markup}\n{fence}\n\n"


def _note(text: str) -> str:
    return _raw(f'<p class="in-notebook">{html.escape(text)}</p>')


def _explorer(live: Live) -> Shown:
    """Return an explorer standing still: its picture, its sentence, and its goals with reasons."""
    shown = Shown("")
    picture: Picture = live.still()
    sides = "".join(
        f'<img class="snrilab-on-{paper}" alt="" width="{picture.width_px}" loading="lazy" '
        f'src="{_keep(shown, png)}">'
        for paper, png in (("light", picture.png), ("dark", picture.dark_png))
    )
    caption = f"<figcaption>{html.escape(picture.caption or picture.alt)}</figcaption>"
    controls = ", ".join(
        html.escape(control.label + (f" ({unit})" if unit else ""))
        for control in live.explorer.controls
        for unit in [getattr(control, "unit", "")]
    )
    live.record = False
    grid = _grid(live, shown)
    goals = ""
    for short in live.goals:
        goal = next(g for g in live.explorer.goals if g.short == short)
        goals += _fold(goal.text, f"<p>{html.escape(goal.why)}</p>", "li")
    wanted = f"<p>What can be brought about, and why:</p><ul>{goals}</ul>" if goals else ""
    shown.text = _raw(
        f'<figure class="explorer"><p class="title">{html.escape(live.explorer.title)}</p>'
        f"{sides}{grid}{caption}</figure>"
        f'<div class="explorer-more"><p>Sliders in the notebook: {controls}.</p>{wanted}</div>'
    )
    live.close()
    return shown


def _grid(live: Live, shown: Shown) -> str:
    """Return what lets a page without Python pick among pictures made before; often nothing."""
    places = GRIDS.get(live.explorer.name)
    if places is None:
        return ""
    controls = [one for one in live.explorer.controls if one.name in places]
    start = live.values
    axes = []
    for control in controls:
        count = len(control.grid) - 1
        wanted = {
            round(n * count / (places[control.name] - 1)) for n in range(places[control.name])
        }
        axes.append(sorted(wanted | {control.place(start[control.name])}))
    states = [
        {one.name: one.grid[place] for one, place in zip(controls, at, strict=True)}
        for at in itertools.product(*axes)
    ]
    frames = [
        [_keep(shown, _few_colours(png)) for png in (one.png, one.dark_png)] + [one.alt]
        for one in live.stills(states, GRID_SHARPNESS, packing=1)
    ]
    table = {
        "controls": [
            {
                "label": one.full_label,
                "texts": [one.text(one.grid[place]) for place in at],
                "start": at.index(one.place(start[one.name])),
            }
            for one, at in zip(controls, axes, strict=True)
        ],
        "frames": frames,
    }
    text = json.dumps(table, ensure_ascii=False).replace("<", "\\u003c")
    return f'<script type="application/json" class="grid">{text}</script>'


def _few_colours(png: bytes) -> bytes:
    """Return a picture with 64 colours: a fifth of the bytes, and nobody sees it."""
    from PIL import Image

    out = io.BytesIO()
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    picture.quantize(64, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(out, "PNG")
    return out.getvalue()


def _words(text: str) -> str:
    """Return a text for a page; names of code stand between backticks."""
    return re.sub(r"`([^`\n]+)`", r"<code>\1</code>", html.escape(text))


def _fold(summary: str, inner: str, around: str = "") -> str:
    fold = f"<details><summary>{_words(summary)}</summary>{inner}</details>"
    return f"<{around}>{fold}</{around}>" if around else fold


def _question(about: str, before: str = "") -> Shown:
    asked = _declared(about, Question)
    options = sorted(asked.options, key=lambda one: hashlib.sha256(one.text.encode()).digest())
    folds = "".join(
        _fold(
            one.text,
            f'<p class="{"right" if one.correct else "wrong"}">'
            f'<span aria-hidden="true">{"✓" if one.correct else "✗"}</span> '
            f"{'Yes' if one.correct else 'No'}: {_words(one.why)}</p>",
            "li",
        )
        for one in options
    )
    return Shown(
        _raw(
            f'<div class="asked"><p><strong>{before}{_words(asked.text)}</strong></p>'
            f"<p>Open the answer that you would give.</p><ul>{folds}</ul></div>"
        )
    )


def _prediction(about: str) -> Shown:
    asked = _declared(about, Prediction)
    if asked.choices:
        listed = "".join(f"<li>{_words(one)}</li>" for one in asked.choices)
        offered = f"<ul>{listed}</ul>"
    else:
        unit = f", in {asked.unit}" if asked.unit else ""
        offered = f"<p>Write down a number{_words(unit)}, and the least and most it could be.</p>"
        if asked.kind == "curve":
            points = ", ".join(f"{point:g}" for point in asked.points)
            offered = (
                f"<p>Write down a number{_words(unit)} for each {_words(asked.axis)}: {points}.</p>"
            )
    told = _answer_in_words(asked)
    because = f"{told} {asked.because}".strip()
    inner = f"<p>{_words(because)}</p>" if because else ""
    fold = _fold("What comes out", inner) if inner else ""
    return Shown(
        _raw(
            f'<div class="asked"><p><strong>Predict. {_words(asked.text)}</strong></p>'
            f"{offered}{fold}</div>"
        )
    )


def _answer_in_words(asked: Prediction) -> str:
    unit = f" {asked.unit}" if asked.unit else ""
    measured = f", measured {asked.measured}" if asked.measured else ""
    match asked.answer:
        case None:
            return ""
        case str(choice):
            return f"{choice.rstrip('.')}{measured}."
        case (low, high) if asked.kind == "number":
            return f"{low:g} to {high:g}{unit}{measured}."
        case tuple(values):
            return ", ".join(f"{value:g}" for value in values) + f"{unit}{measured}."
        case value:
            return f"{value:g}{unit}{measured}."


def _check(_: str) -> Shown:
    return Shown(
        _note("In the notebook, a check says here whether your function is right, and why.")
    )


def _answer(about: str) -> Shown:
    exercise = _declared(about, Exercise)
    words = "".join(f"<p>{_words(t)}</p>" for t in (exercise.hint, exercise.means) if t)
    opened = _raw('<details class="answer"><summary>Worked answer</summary>')
    code = f"```python\n{exercise.code(alone=True).strip()}\n```\n\n"
    return Shown(opened + code + _raw(f"{words}</details>"))


def _recall(module: str) -> Shown:
    """Return two questions of the lessons that this one needs: where nobody has answered yet."""
    one = lesson(module)
    needed = one.needs if one is not None else ()
    asked = [
        each for name in needed for each in declared(name).values() if isinstance(each, Question)
    ][-2:]
    return Shown("".join(_question(each.name, "Do you remember? ").text for each in asked))


def _progress(_: str) -> Shown:
    return Shown(_note("In the notebook, a table shows here what you have done of this lesson."))


_STANDING = {
    "question": _question,
    "predict": _prediction,
    "check": _check,
    "answer": _answer,
    "recall": _recall,
    "progress": _progress,
}


def read_all(paths: list[Path], cache: Path) -> dict[str, list[Shown]]:
    """Return the pages of all lessons; what has not changed since comes from the cache."""
    library = hashlib.sha256(Path(__file__).read_bytes())
    for path in sorted((ROOT / "snrilab").rglob("*")):
        if path.suffix in (".py", ".pyi", ".csv"):
            library.update(path.read_bytes())
    cache.mkdir(parents=True, exist_ok=True)
    pages, reading = {}, None
    for path in paths:
        seal = library.copy()
        seal.update(path.read_bytes())
        kept = cache / f"{path.stem}-{seal.hexdigest()[:24]}.pickle"
        if not kept.exists():
            reading = reading or Reading()
            for old in cache.glob(f"{path.stem}-*.pickle"):
                old.unlink()
            kept.write_bytes(pickle.dumps(_alone(reading, path)))
        pages[path.stem] = pickle.loads(kept.read_bytes())  # noqa: S301 -- written by ourselves
    return pages


def _alone(reading: Reading, path: Path) -> list[Shown]:
    """Run a lesson with a progress of its own, kept nowhere."""
    before = os.environ.get("SNRILAB_PROGRESS")
    with tempfile.TemporaryDirectory() as folder:
        progress = Path(folder) / "progress.json"
        progress.write_text(f'{{"learner": {{"seed": {SEED}}}}}', encoding="utf-8")
        os.environ["SNRILAB_PROGRESS"] = str(progress)
        try:
            return reading.page(path)
        finally:
            os.environ.pop("SNRILAB_PROGRESS")
            if before is not None:
                os.environ["SNRILAB_PROGRESS"] = before
