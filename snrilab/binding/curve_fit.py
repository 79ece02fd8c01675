"""What every assay fit does: check the data, find start values, minimise, judge."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from snrilab._checks import choice, one_number, same_length
from snrilab.binding import curves, diagnostics
from snrilab.binding.fit_result import Fit, conclude
from snrilab.binding.intervals import profile_intervals
from snrilab.binding.problem import LARGEST, lowest, observations, pose, starts, weights_root

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import ArrayLike, NDArray

    from snrilab._estimate import Estimate
    from snrilab.binding.curves import Curve

    Array = NDArray[Any]

__all__ = ["finished", "fit_curve", "given"]


_INTERVALS = ("wald", "profile")


def fit_curve(
    curve: Curve,
    x: tuple[Array, ...],
    x_names: tuple[str, ...],
    y_name: str,
    y: ArrayLike,
    fixed: Mapping[str, float],
    weights: ArrayLike | str | None,
    level: float,
    unit: str,
    derive: Callable[[Mapping[str, Estimate]], Mapping[str, Estimate]] | None = None,
    group: NDArray[Any] | None = None,
    shared: Sequence[str] = (),
) -> Fit:
    """Fit one of the known curves; `x_names` and `y_name` are the arguments that errors name."""
    observed = observations(y_name, y)
    if not isinstance(unit, str):
        raise TypeError(f"unit must be text such as 'cpm', got {unit!r}.")
    same_length(**dict(zip(x_names, x, strict=True)), **{y_name: observed})
    level = one_number("level", level, low=0.0, high=1.0, low_open=True, high_open=True)
    if not np.any(x[0] > 0.0):
        raise ValueError(f"{x_names[0]} must contain a value > 0, got only 0.")
    for name, column in zip(x_names, x, strict=True):
        if column.max() > LARGEST:
            raise ValueError(f"{name} must be <= {LARGEST:g}, got {column.max():g}.")
    if np.all(observed == observed[0]):
        raise ValueError(
            f"{y_name} is {observed[0]:g} in every well: flat data hold no curve to fit."
        )
    root = weights_root(weights, observed)
    problem = pose(
        curve, x, observed, unit=unit, fixed=fixed, root_weight=root, group=group, shared=shared
    )
    count = len(problem.names)
    if observed.size < count:
        raise ValueError(
            f"{y_name} has {observed.size} values, fewer than the {count} parameters to fit "
            f"({', '.join(problem.names)})."
        )
    distinct = _distinct(x, group)
    _enough_places(x, x_names[0], problem.names, group, distinct)
    if group is None:
        free = [j for j, name in enumerate(curve.parameters) if name not in fixed]
        begin = starts(curve, x, observed, fixed, root)[free]
    else:
        begin = _group_starts(problem, curve, x, observed, fixed, root, group)
    theta = lowest(problem, begin)
    if curve is curves.TWO_SITE:
        theta = _tighter_site_first(problem, theta)
    result = conclude(problem, theta, x[0] if len(x) == 1 else x, level, derive=derive)
    return diagnostics.general(result, distinct, _place(x_names[0]))


def _group_starts(
    problem: Any,
    curve: Curve,
    x: tuple[Array, ...],
    y: Array,
    fixed: Mapping[str, float],
    root: Array | None,
    group: NDArray[Any],
) -> Array:
    """Start values of a fit to several groups: each group's own, and their mean where shared."""
    own: dict[str, Array] = {}
    tries = 4
    everything = starts(curve, x, y, fixed, root)
    for label in np.unique(group):
        here = group == label
        part = tuple(column[here] for column in x)
        weight = None if root is None else root[here]
        usable = np.ptp(y[here]) > 0.0 and np.any(part[0] > 0.0)
        begin = starts(curve, part, y[here], fixed, weight) if usable else everything
        # A group with fewer rival starts repeats its last one.
        begin = begin[:, np.minimum(np.arange(tries), begin.shape[1] - 1)]
        for j, name in enumerate(curve.parameters):
            own[f"{name}[{label}]"] = begin[j]
    rows = []
    for name in problem.names:
        if name in own:
            rows.append(own[name])
        else:
            rows.append(np.mean([own[key] for key in own if key.startswith(f"{name}[")], axis=0))
    return np.stack(rows)


def _distinct(x: tuple[Array, ...], group: NDArray[Any] | None) -> int:
    columns = [column.tolist() for column in x] + ([] if group is None else [group.tolist()])
    return len(set(zip(*columns, strict=True)))


def _enough_places(
    x: tuple[Array, ...],
    name: str,
    parameters: tuple[str, ...],
    group: NDArray[Any] | None,
    distinct: int,
) -> None:
    """Refuse fewer concentrations than parameters: replicates do not replace concentrations."""
    needs = []
    for label in np.unique(group) if group is not None else ():
        here = group == label
        own = tuple(each for each in parameters if each.endswith(f"[{label}]"))
        needs.append((f" in group {label}", _distinct(tuple(c[here] for c in x), None), own))
    needs.append(("", distinct, parameters))
    for where, places, names in needs:
        if places < len(names):
            held = f"{places} different {_place(name)}s" if places > 1 else f"one {_place(name)}"
            raise ValueError(
                f"{name} has only {held}{where}, fewer than the {len(names)} "
                f"parameters to fit ({', '.join(names)}): replicates do not help, so measure at "
                f"more {_place(name)}s or fix parameters."
            )


def _place(name: str) -> str:
    """Name what one value of the independent variable `name` is."""
    return {"time_min": "time", "x": "value"}.get(name, "concentration")


def _tighter_site_first(problem: Any, theta: Array) -> Array:
    names = problem.names
    high, low = names.index("ic50_high_nM"), names.index("ic50_low_nM")
    if theta[high] <= theta[low]:
        return theta
    swapped = theta.copy()
    swapped[[high, low]] = theta[[low, high]]
    share = names.index("fraction_high")
    swapped[share] = 1.0 - theta[share]
    return swapped


def finished(fit: Fit, interval: str) -> Fit:
    """Return the fit with the kind of interval that was asked for."""
    kind = choice("interval", interval, _INTERVALS)
    return profile_intervals(fit, fit.level) if kind == "profile" else fit


def given(**values: float | None) -> dict[str, float]:
    """Return the known parameters; plateaus may be any number, the rest must be positive."""
    fixed = {}
    for name, value in values.items():
        if value is not None:
            low = -LARGEST if name in {"top", "bottom", "plateau"} else 0.0
            fixed[name] = one_number(name, value, low=low, high=LARGEST, low_open=True)
    return fixed
