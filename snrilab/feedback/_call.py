"""Call a learner's function once and record everything that happened."""

from __future__ import annotations

import contextlib
import copy
import dis
import inspect
import io
import linecache
import traceback
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from snrilab.exercises._values import as_numbers

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

_SHOWN = 70  # characters of a value in a message
_DOES_NOTHING = {"RESUME", "NOP", "LOAD_CONST", "RETURN_CONST", "RETURN_VALUE", "COPY_FREE_VARS"}


@dataclass(frozen=True)
class Call:
    """What one call did: the value, or the error; what it printed; which inputs it changed."""

    arguments: tuple[Any, ...]
    value: Any = None
    error: BaseException | None = None
    line: str = ""
    printed: str = ""
    changed: tuple[int, ...] = ()

    @property
    def numbers(self) -> NDArray[np.float64] | None:
        """The value as floats, or None."""
        return None if self.error else as_numbers(self.value)


def call(function: Callable[..., Any], arguments: tuple[Any, ...]) -> Call:
    """Call `function` on copies of `arguments`; keep the error instead of raising it."""
    given = copy.deepcopy(arguments)
    printed = io.StringIO()
    value: Any = None
    error: BaseException | None = None
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            with contextlib.redirect_stdout(printed):
                value = function(*given)
        except KeyboardInterrupt:  # the learner wants an endless loop to stop
            raise
        except BaseException as caught:  # noqa: BLE001 -- the learner reads it
            error = caught
    return Call(
        arguments=arguments,
        value=value,
        error=error,
        line=_line_of(error, function) if error else "",
        printed=printed.getvalue(),
        changed=tuple(
            i
            for i, (before, after) in enumerate(zip(arguments, given, strict=True))
            if not np.array_equal(before, after)
        ),
    )


def _line_of(error: BaseException, function: Callable[..., Any]) -> str:
    """Return the learner's own line that failed, not the one deep inside a library."""
    code = getattr(function, "__code__", None)
    home = getattr(code, "co_filename", None)
    frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename == home]
    if not frames or home is None or frames[-1].lineno is None:
        return ""
    return linecache.getline(home, frames[-1].lineno).strip()


def is_empty(function: Callable[..., Any]) -> bool:
    """Tell whether the body is only a docstring, `...` or `pass`."""
    code = getattr(function, "__code__", None)
    if not inspect.iscode(code):
        return False
    steps = list(dis.get_instructions(code))
    constants = [step.argval for step in steps if step.opname in ("LOAD_CONST", "RETURN_CONST")]
    return {step.opname for step in steps} <= _DOES_NOTHING and constants in ([None], [Ellipsis])


def shown(value: Any) -> str:
    """Write a value the way a learner would, short, whatever it is."""
    try:
        if isinstance(value, np.ndarray) and value.ndim == 1 and value.dtype.kind in "iuf":
            text = "[" + ", ".join(f"{element:.4g}" for element in value.tolist()) + "]"
        elif isinstance(value, (float, np.floating)):
            text = f"{value:.6g}"
        else:
            text = " ".join(str(repr(value)).split())
    except Exception:  # noqa: BLE001 -- a learner's object may fail when it is looked at
        text = f"a {type(value).__name__}"
    return text if len(text) <= _SHOWN else text[: _SHOWN - 2] + " …"


def shown_call(name: str, arguments: tuple[Any, ...]) -> str:
    """Write a call the way a learner would type it."""
    return f"{name}({', '.join(map(shown, arguments))})"
