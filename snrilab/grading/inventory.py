"""The concept inventory of a class: what items and answers say, and what the course changed.

Reads the files that learners wrote with their consent; they hold no names. Nothing about items,
ideas or gain is said below 27 learners. Runs in the coordinator.
"""

from __future__ import annotations

import html
import json
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import stats

from snrilab import _html
from snrilab._estimate import Estimate
from snrilab.exercises import FORMS, NOT_PILOTED, inventory_items, known_idea
from snrilab.grading import statistics
from snrilab.grading.statistics import FEW, wilson

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    Answers = Mapping[str, tuple[str, str]]  # item ("A07") to the idea chosen and how sure

FORMAT = "snrilab inventory 1"
GUESSING = "guessing"
_SURE = (GUESSING, "fairly sure", "certain")
_LARGEST = 100_000  # bytes of one file
_SHARE = 0.27  # of the class at each end, for the discrimination of an item


class InventoryError(ValueError):
    """A file that is no answer sheet, or a folder without any; the message says why."""


@dataclass(frozen=True)
class ItemResult:
    """One item over the class.

    Parameters
    ----------
    name : str
        "A07".
    difficulty : Estimate
        Share that is right, with its Wilson interval; low is hard.
    point_biserial : float
        Correlation with the total of the other items; NaN where everybody answered alike.
    discrimination : float
        Share right in the best 27 % of the class minus that in the last 27 %.
    sure_and_wrong : float
        Share of the class that was wrong and did not guess.
    common : str
        Idea chosen most often, empty where nobody was wrong.
    """

    name: str
    difficulty: Estimate
    point_biserial: float
    discrimination: float
    sure_and_wrong: float
    common: str

    @property
    def doubts(self) -> str:
        """What is outside of the usual limits, in words."""
        found = []
        if self.difficulty.value < 0.3:
            found.append("hard")
        if self.difficulty.value > 0.9:
            found.append("easy")
        if not self.point_biserial >= 0.2:
            found.append("goes little with the rest")
        if not self.discrimination >= 0.3:
            found.append("separates little")
        return ", ".join(found)


@dataclass(frozen=True)
class FormResult:
    """One form over the class; items and reliability are empty below 27 complete sheets.

    Parameters
    ----------
    form : {"A", "B"}
        Which form.
    complete, begun : int
        Sheets with an answer to every item, and those with some answers only.
    mean : Estimate or None
        Mean number of right answers.
    reliability : Estimate or None
        KR-20.
    items : tuple of ItemResult
        In their order.
    """

    form: str
    complete: int
    begun: int
    mean: Estimate | None = None
    reliability: Estimate | None = None
    items: tuple[ItemResult, ...] = ()


@dataclass(frozen=True)
class Gain:
    """What changed in those who finished both forms.

    Parameters
    ----------
    learners : int
        How many did.
    points : Estimate or None
        Mean of B minus mean of A, right answers of 20.
    share : Estimate or None
        The same as a share of what was missing in A, of the class means.
    ideas : mapping of str to Estimate
        For each idea the change of the share of chances at which it was chosen without guessing;
        below zero means that it is chosen less often.
    """

    learners: int
    points: Estimate | None = None
    share: Estimate | None = None
    ideas: Mapping[str, Estimate] | None = None


def read_sheets(paths: Iterable[Path]) -> tuple[dict[str, dict[str, tuple[str, str]]], list[str]]:
    """Read the files of a class.

    Parameters
    ----------
    paths : iterable of Path
        The files. Several of one learner are joined.

    Returns
    -------
    sheets : dict
        Random code of each learner to the answers.
    refused : list of str
        A sentence for each file that is left out.
    """
    sheets: dict[str, dict[str, tuple[str, str]]] = {}
    refused = []
    for path in sorted(paths):
        try:
            code, answers = _sheet(path)
        except InventoryError as error:
            refused.append(f"{path.name}: {error}")
            continue
        known = sheets.setdefault(code, {})
        if any(known.get(name, answer) != answer for name, answer in answers.items()):
            refused.append(f"{path.name}: another file of the same code has other answers.")
            continue
        known.update(answers)
    return {code: answers for code, answers in sheets.items() if answers}, refused


def _sheet(path: Path) -> tuple[str, dict[str, tuple[str, str]]]:
    try:
        if not path.is_file() or path.stat().st_size > _LARGEST:
            raise InventoryError("no file of this kind is so large.")
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        if isinstance(error, InventoryError):
            raise
        raise InventoryError("it cannot be read.") from None
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise InventoryError("it is no answer sheet of the inventory.")
    code, answers = found.get("code"), found.get("answers")
    if not isinstance(code, str) or not re.fullmatch(r"[0-9a-f]{12}", code):
        raise InventoryError("its code is not one that the course draws.")
    if not isinstance(answers, dict):
        raise InventoryError("it holds no answers.")
    return code, {name: _answer(name, given) for name, given in answers.items()}


def _answer(name: str, given: Any) -> tuple[str, str]:
    idea, sure = (given.get("idea"), given.get("sure")) if isinstance(given, dict) else (None, None)
    if name not in _OFFERED or idea not in _OFFERED[name] or sure not in _SURE:
        raise InventoryError("it holds an answer that no item offers.")
    return str(idea), str(sure)


_OFFERED = {
    item.name: tuple(answer.idea for answer in item.answers)
    for form in FORMS
    for item in inventory_items(form)
}


def form_result(sheets: Mapping[str, Answers], form: str, *, rng: int | None = 0) -> FormResult:
    """Return what a class says about one form.

    Parameters
    ----------
    sheets : mapping
        From `read_sheets`.
    form : {"A", "B"}
        Which form.
    rng : int or None
        Source of the resampling for KR-20.

    Returns
    -------
    FormResult
    """
    names = [item.name for item in inventory_items(form)]
    some = [sheet for sheet in sheets.values() if any(name in sheet for name in names)]
    whole = [sheet for sheet in some if all(name in sheet for name in names)]
    begun = len(some) - len(whole)
    if len(whole) < FEW:
        return FormResult(form, len(whole), begun)
    right = _right(whole, names)
    biserial = statistics.discrimination(right)
    apart = upper_lower(right)
    items = []
    for place, name in enumerate(names):
        answers = [sheet[name] for sheet in whole]
        wrong = Counter(idea for idea, _ in answers if idea)
        believed = sum(bool(idea) and sure != GUESSING for idea, sure in answers)
        items.append(
            ItemResult(
                name,
                wilson(int(right[:, place].sum()), len(whole)),
                float(biserial[place]),
                float(apart[place]),
                believed / len(whole),
                wrong.most_common(1)[0][0] if wrong else "",
            )
        )
    totals = right.sum(axis=1)
    return FormResult(
        form,
        len(whole),
        begun,
        mean_estimate(totals, "right answers"),
        statistics.reliability(right, rng=rng),
        tuple(items),
    )


def gain(sheets: Mapping[str, Answers]) -> Gain:
    """Return what changed from form A to form B, in class means of those who finished both.

    Parameters
    ----------
    sheets : mapping
        From `read_sheets`.

    Returns
    -------
    Gain

    Notes
    -----
    The mean of single shares of what was missing is biased by those who missed little, so the
    share is that of the means, with a delta-method t interval.
    """
    forms = [[item.name for item in inventory_items(form)] for form in FORMS]
    both = [s for s in sheets.values() if all(name in s for names in forms for name in names)]
    if len(both) < FEW:
        return Gain(len(both))
    before, after = (_right(both, names).sum(axis=1) for names in forms)
    missing = len(forms[0]) - before
    left = len(forms[1]) - after
    share = None
    if missing.mean() > 0:
        ratio = left.mean() / missing.mean()
        about = mean_estimate(1 - ratio - (left - ratio * missing) / missing.mean(), "")
        share = Estimate(
            1 - ratio, "", about.standard_error, about.low, about.high, method="delta, t"
        )
    first, last = (_beliefs(both, names) for names in forms)
    ideas = {}
    for code in sorted(first):
        if (first[code] + last[code]).any():
            ideas[code] = mean_estimate(last[code] - first[code], "")
    return Gain(len(both), mean_estimate(after - before, "right answers"), share, ideas)


def form_size(sheets: Mapping[str, Answers], form: str) -> int:
    """Return how many learners answered every item of a form.

    Parameters
    ----------
    sheets : mapping
        From `read_sheets`.
    form : {"A", "B"}
        Which form.
    """
    return len(_whole(sheets, form))


def idea_shares(sheets: Mapping[str, Answers], form: str) -> dict[str, Estimate]:
    """Return for each idea the share of its chances at which it was chosen without guessing.

    Parameters
    ----------
    sheets : mapping
        From `read_sheets`.
    form : {"A", "B"}
        Which form.

    Returns
    -------
    dict
        Empty below 27 complete sheets.
    """
    whole = _whole(sheets, form)
    if len(whole) < FEW:
        return {}
    names = [item.name for item in inventory_items(form)]
    return {code: mean_estimate(each, "") for code, each in _beliefs(whole, names).items()}


def _whole(sheets: Mapping[str, Answers], form: str) -> list[Answers]:
    names = [item.name for item in inventory_items(form)]
    return [sheet for sheet in sheets.values() if all(name in sheet for name in names)]


def _right(sheets: list[Answers], names: list[str]) -> NDArray[np.float64]:
    return np.array([[float(not sheet[name][0]) for name in names] for sheet in sheets])


def _beliefs(sheets: list[Answers], names: list[str]) -> dict[str, NDArray[np.float64]]:
    """Return for each idea the share of its chances that each learner took without guessing."""
    chances = Counter(idea for name in names for idea in _OFFERED[name] if idea)
    return {
        code: np.array(
            [
                sum(sheet[n][0] == code and sheet[n][1] != GUESSING for n in names) / number
                for sheet in sheets
            ]
        )
        for code, number in chances.items()
    }


def upper_lower(right: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the share right in the best 27 % minus that in the last 27 %, for each item.

    Parameters
    ----------
    right : ndarray
        1 or 0, one row per learner and one column per item.

    Returns
    -------
    ndarray
        From -1 to 1. Learners with equal totals at the edge of a group count in part.

    Examples
    --------
    >>> upper_lower(np.array([[1, 1], [1, 0], [1, 0], [0, 0]])).tolist()
    [1.0, 1.0]
    """
    totals = right.sum(axis=1)
    wanted = max(1, round(_SHARE * len(totals)))

    def mean_of_best(sign: int) -> Any:
        ranked = sign * totals
        edge = np.sort(ranked)[-wanted]
        inside, tied = ranked > edge, ranked == edge
        weight = inside + tied * (wanted - inside.sum()) / tied.sum()
        return weight @ right / wanted

    return np.asarray(mean_of_best(1) - mean_of_best(-1))


def mean_estimate(values: NDArray[np.float64], unit: str, level: float = 0.95) -> Estimate:
    """Return a mean with its t interval.

    Parameters
    ----------
    values : ndarray
        One for each learner, two or more.
    unit : str
        Their unit.
    level : float
        Confidence level, in (0, 1).

    Returns
    -------
    Estimate

    Examples
    --------
    >>> print(mean_estimate(np.array([1.0, 2.0, 3.0]), "h"))
    2 h (95 % t interval -0.4841 to 4.484)
    """
    mean = float(values.mean())
    error = float(values.std(ddof=1) / np.sqrt(len(values)))
    reach = float(stats.t.ppf((1 + level) / 2, len(values) - 1)) * error
    return Estimate(mean, unit, error, mean - reach, mean + reach, level, "t")


# -- the page ------------------------------------------------------------------------------------


def write_inventory(folder: Path, to: Path | None = None) -> Path:
    """Write the report of a class on the inventory as one page.

    Parameters
    ----------
    folder : Path
        Where the files of the learners are (``inventory_*.json``, also in folders below).
    to : Path or None
        Page to write; ``inventory_report.html`` in the folder by default.

    Returns
    -------
    Path
        The page.
    """
    if not folder.is_dir():
        raise InventoryError(f"there is no folder {folder}.")
    paths = list(folder.rglob("inventory_*.json"))
    if not paths:
        raise InventoryError(
            f"no file inventory_*.json in {folder}: learners write them at the end of a form, "
            "if they agree."
        )
    sheets, refused = read_sheets(paths)
    page = to or folder / "inventory_report.html"
    page.write_text(render(sheets, refused), encoding="utf-8")
    return page


def render(sheets: Mapping[str, Answers], refused: Iterable[str] = ()) -> str:
    """Return the page.

    Parameters
    ----------
    sheets : mapping
        From `read_sheets`.
    refused : iterable of str
        What was left out, and why.

    Returns
    -------
    str
        HTML that needs nothing else.
    """
    parts = [
        "<h1>Concept inventory</h1>",
        _p(f"{NOT_PILOTED} Answers of {len(sheets)} learners, without names."),
        *(_form(form_result(sheets, form)) for form in FORMS),
        _gain(gain(sheets)),
    ]
    left_out = list(refused)
    if left_out:
        items = "".join(f"<li>{html.escape(one[:300])}</li>" for one in left_out)
        parts.append(f"<h2>Left out ({len(left_out)})</h2><ul>{items}</ul>")
    return _PAGE.format(body="\n".join(parts))


def _p(words: str) -> str:
    return f"<p>{html.escape(words)}</p>"


def _too_few(what: str, number: int) -> str:
    return _p(f"{number} {what}: below {FEW} nothing is said, for it would be chance.")


def _form(found: FormResult) -> str:
    head = f"<h2>Form {found.form}</h2>"
    if found.mean is None or found.reliability is None:
        return head + _too_few("complete sheets", found.complete)
    rows = [
        (
            one.name,
            _share(one.difficulty),
            f"{one.point_biserial:.2f}",
            f"{one.discrimination:.2f}",
            f"{100 * one.sure_and_wrong:.0f} %",
            _idea(one.common),
            one.doubts or "-",
        )
        for one in found.items
    ]
    words = (
        f"{found.complete} complete sheets ({found.begun} more were begun). Mean "
        f"{_number(found.mean)} of {len(found.items)}. KR-20 {_number(found.reliability)}; "
        "0.7 to 0.8 is enough for groups, not for single learners."
    )
    heads = (
        "item", "right (95 % interval)", "point-biserial", "discrimination", "wrong and sure",
        "commonest wrong idea", "look at",
    )  # fmt: skip
    caption = (
        "Usual limits: 30 to 90 % right, point-biserial 0.2 or more (with the other items), "
        "discrimination 0.3 or more (best 27 % minus last 27 %)"
    )
    return head + _p(words) + _html.table(caption, heads, rows)


def _gain(found: Gain) -> str:
    head = "<h2>From A to B</h2>"
    if found.points is None or found.ideas is None:
        return head + _too_few("learners finished both forms", found.learners)
    share = "" if found.share is None else f", {_share(found.share)} of what was missing"
    words = (
        f"{found.learners} learners finished both forms. The mean of the class rose by "
        f"{_number(found.points)}{share}. The two forms have not been compared with each other: "
        "part of this may be that one is easier."
    )
    rows = [
        (_idea(code), f"{100 * one.value:+.0f} ({100 * one.low:+.0f} to {100 * one.high:+.0f})")
        for code, one in sorted(found.ideas.items(), key=lambda pair: pair[1].value)
    ]
    caption = "Points of per cent by which an idea is chosen more often, not by guessing"
    return head + _p(words) + _html.table(caption, ("idea", "B minus A (95 % interval)"), rows)


def _number(one: Estimate) -> str:
    return f"{one.value:.2f} ({one.low:.2f} to {one.high:.2f})"


def _share(one: Estimate) -> str:
    return f"{100 * one.value:.0f} % ({100 * one.low:.0f} to {100 * one.high:.0f})"


def _idea(code: str) -> str:
    known = known_idea(code)
    return known.idea if known is not None else code or "-"


_PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Concept inventory: class report</title><style>
:root{{color-scheme:light dark}}
body{{font:16px/1.5 system-ui,sans-serif;margin:2rem}}
main{{max-width:70rem;margin:auto}}
table{{border-collapse:collapse;margin:1rem 0}}
caption{{text-align:left}}
th,td{{border-bottom:1px solid #888;padding:.3rem .8rem;text-align:left;vertical-align:top}}
</style></head>
<body><main>
{body}
</main></body></html>
"""
