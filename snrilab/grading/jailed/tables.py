"""Tables of pandas as plain data: frames, columns and labels, built anew on the other side.

Runs in the student's process and in the forked grader.

What crosses is made of arrays, lists and text. A table that arrives is pandas' own, whatever the
sender's was: no subclass, no method of anybody's comes with it.
"""

from __future__ import annotations

import re
from collections import deque
from typing import Any

import numpy as np

KINDS = ("DataFrame", "Series", "Index")
ROWS = 200_000
COLUMNS = 2000
_EXTENSION = re.compile(r"str|string|object|boolean|category|U?Int(8|16|32|64)|Float(32|64)")
_ZONE = re.compile(r"[A-Z]\w*(/[A-Z][\w+-]*){0,2}|UTC[+-]\d\d:\d\d")


class BadTableError(ValueError):
    """A table that cannot be described or built; the message says why."""


def is_table(value: Any) -> bool:
    """Whether a value is a table, a column or the labels of pandas."""
    return any(
        kind.__module__.partition(".")[0] == "pandas" and kind.__name__ in KINDS
        for kind in type(value).__mro__
    )


def describe(value: Any) -> dict[str, Any]:
    """Return a table as plain data.

    Parameters
    ----------
    value : pandas.DataFrame, pandas.Series or pandas.Index
        The table.
    """
    if max(value.shape) > ROWS or value.size > ROWS * 10:
        raise BadTableError(f"a table has more than {ROWS} rows")
    names = {kind.__name__ for kind in type(value).__mro__}
    if "DataFrame" in names:
        if value.shape[1] > COLUMNS:
            raise BadTableError(f"a table has more than {COLUMNS} columns")
        parts = [_column(value.iloc[:, place]) for place in range(value.shape[1])]
        return {
            "kind": "DataFrame",
            "index": _labels(value.index),
            "columns": _labels(value.columns),
            "parts": parts,
        }
    if "Series" in names:
        return {
            "kind": "Series",
            "index": _labels(value.index),
            "name": value.name,
            "parts": [_column(value)],
        }
    return {"kind": "Index", "index": _labels(value)}


def _column(column: Any) -> dict[str, Any]:
    kind = column.dtype
    if isinstance(kind, np.dtype) and kind.kind in "biufcmM":
        return {"values": column.to_numpy()}
    if zone := getattr(kind, "tz", None):
        return {"values": column.dt.tz_convert(None).to_numpy(), "zone": str(zone)}
    name = str(kind)
    if not _EXTENSION.fullmatch(name):
        raise BadTableError(f"a column of type {name[:40]} cannot be graded")
    import pandas as pd

    items = [
        None if item is pd.NA or item is pd.NaT or (name != "object" and item != item) else item
        for item in column.astype(object).tolist()
    ]
    told: dict[str, Any] = {"values": items, "type": name}
    if name == "category":
        told["categories"] = column.cat.categories.tolist()
        told["ordered"] = bool(column.cat.ordered)
    return told


def _labels(index: Any) -> dict[str, Any]:
    import pandas as pd

    names = list(index.names)
    if isinstance(index, pd.RangeIndex):
        return {"names": names, "range": [index.start, index.stop, index.step]}
    if isinstance(index, pd.MultiIndex):
        return {"names": names, "levels": index.tolist()}
    return {"names": names, **_column(index.to_series())}


def rebuild(plain: Any) -> Any:
    """Return the table that `describe` wrote, from whoever it came."""
    try:
        import pandas as pd
    except ModuleNotFoundError:
        raise BadTableError("a table needs pandas, which is not installed here") from None
    try:
        return _rebuilt(pd, plain)
    except BadTableError:
        raise
    except Exception as error:  # noqa: BLE001 -- pandas has many ways to refuse
        raise BadTableError(f"this is no table ({type(error).__name__})") from None


def _rebuilt(pd: Any, plain: dict[str, Any]) -> Any:
    index = _index(pd, plain["index"])
    if plain["kind"] == "Index":
        return index
    parts = [_values(pd, part, index) for part in plain["parts"]]
    if plain["kind"] == "Series":
        [series] = parts
        series.name = plain["name"]
        return series
    if plain["kind"] != "DataFrame":
        raise BadTableError("this is no table of pandas")
    frame = pd.DataFrame(dict(enumerate(parts)), index=index)
    frame.columns = _index(pd, plain["columns"])
    return frame


def _values(pd: Any, part: dict[str, Any], index: Any) -> Any:
    name = part.get("type")
    if name is None:
        if not isinstance(part["values"], np.ndarray) or part["values"].ndim != 1:
            raise BadTableError("a column is no array")
        series = pd.Series(part["values"], index=index)
        return _in_zone(series.dt, part["zone"]) if "zone" in part else series
    if not isinstance(name, str) or not _EXTENSION.fullmatch(name):
        raise BadTableError("a column has an unknown type")
    if name == "category":
        kind: Any = pd.CategoricalDtype(part["categories"], ordered=part["ordered"] is True)
    else:
        kind = name
    return pd.Series(part["values"], index=index, dtype=kind)


def _in_zone(times: Any, zone: Any) -> Any:
    """Return times, or their accessor, in a time zone that has a public name."""
    if not isinstance(zone, str) or not _ZONE.fullmatch(zone):
        raise BadTableError("times have an unknown zone")
    there = times.tz_localize("UTC")
    return getattr(there, "dt", there).tz_convert(zone)


def _index(pd: Any, plain: dict[str, Any]) -> Any:
    names = list(plain["names"])
    if "range" in plain:
        start, stop, step = map(int, plain["range"])
        if len(range(start, stop, step)) > ROWS:
            raise BadTableError("a table is too long")
        return pd.RangeIndex(start, stop, step, name=names[0])
    if "levels" in plain:
        return pd.MultiIndex.from_tuples(plain["levels"], names=names)
    name = plain.get("type")
    values = plain["values"]
    if name == "category":
        values = pd.Categorical(values, plain["categories"], ordered=plain["ordered"] is True)
        name = None
    elif name is not None and not _EXTENSION.fullmatch(name):
        raise BadTableError("labels have an unknown type")
    index = pd.Index(values, dtype=name, name=names[0])
    return _in_zone(index, plain["zone"]) if "zone" in plain else index


def spoil(value: Any, *, longer: bool, renamed: bool) -> bool:
    """Put objects that equal nothing in place of all that a table holds; tell whether it could be.

    It keeps its labels unless it is to be `longer` or `renamed`, and is never empty: nothing
    holds of all rows of none.
    """
    import pandas as pd

    if isinstance(value, pd.Index):
        return False
    rows = len(value) + (longer or not len(value))
    index = value.index if rows == len(value) and not renamed else pd.Index(_objects(rows))
    if isinstance(value, pd.Series):
        pd.Series.__init__(value, _objects(rows), index=index, name=value.name)
        return True
    wide = len(value.columns) or 1
    columns = pd.Index(_objects(wide)) if renamed or not len(value.columns) else value.columns
    items = _objects(rows * wide).reshape(rows, wide)
    pd.DataFrame.__init__(value, items, index=index, columns=columns)
    return True


def _objects(number: int) -> np.ndarray[Any, Any]:
    made = np.empty(number, object)
    made[:] = [object() for _ in range(number)]
    return made


def outline(value: Any) -> tuple[int, Any]:
    """Return how long something is that holds others, and its labels or keys in their order."""
    if is_table(value):
        named = [value.columns] if hasattr(value, "columns") else []
        return len(value), [list(labels) for labels in (value.index, *named)]
    if isinstance(value, dict):
        return len(value), list(value)
    return (len(value) if isinstance(value, list | set | deque) else 0), None
