"""The learner's names inside the trusted process: functions that ask, values that have arrived.

Runs in the forked grader.

A test cell calls ``cheng_prusoff(15.7, 1, 2.5)`` as it always did; the arguments travel to the
student's process, a plain value comes back. Whatever else happens there ends that test only.
"""

from __future__ import annotations

import builtins
import contextlib
import io
import os
import secrets
import socket
import sys
import time
import warnings
from collections import deque
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np

from snrilab.grading.jailed import errors, tables, values, wire

if TYPE_CHECKING:
    from collections.abc import Callable

    from snrilab.grading.limits import Budget

GRACE_S = 1.5
LOOK_S = 3.0
MESSAGE = 2000
ENDED = wire.ENDED
NONSENSE = "the process answers in a language of its own"


class NoAnswer(BaseException):
    """No usable answer came: not an `Exception`, so that no ``except Exception`` can count it."""


class AnswerError(Exception):
    """The student's code raised something that has no name here."""


@dataclass
class Called:
    """What the calls of one test cell left behind, for its verdict and its feedback."""

    unanswered: str = ""
    words: str = ""  # the student's own about it: not shown once a hidden test has spoken to them
    printed: str = ""
    where: str = ""
    changed: str = ""
    late: bool = False  # a limit of time decided
    asked: set[str] = field(default_factory=set)  # which functions were called
    raised: list[tuple[str, list[str], str]] = field(default_factory=list)  # in which of them


@dataclass
class Round:
    """The present test cell of a submission, whichever snapshot its calls go to."""

    deadline: float
    budget: Budget
    called: Called = field(default_factory=Called)

    def begin(self, seconds: float, last: float) -> Called:
        """Start a test cell: its calls together have as long on the wall as a cell has."""
        self.called = Called()
        self.deadline = min(time.monotonic() + seconds * self.budget.stretch, last)
        return self.called


class Printed(io.StringIO):
    """Where a test's own output goes when the test redirects nothing."""


class Learner:
    """The connection to one student's process.

    Parameters
    ----------
    line : socket.socket
        Connection made by the jail.
    deadline : float
        Monotonic time at which this submission's budget ends.
    budget : Budget
        Seconds of processor time, and how many on the wall each of them may take.
    """

    def __init__(self, line: socket.socket, deadline: float, budget: Budget) -> None:
        self._line = line
        self._deadline = deadline
        self._budget = budget
        self.gone = ""
        self.died = False
        self.round = Round(deadline, budget)

    def _limit(self, seconds: float) -> float:
        return min(time.monotonic() + seconds, self._deadline)

    def _wall(self, seconds: float) -> float:
        return seconds * self._budget.stretch

    def _ask(self, message: Any, seconds: float, files: tuple[int, ...] = ()) -> Any:
        limit = self._limit(self._wall(seconds) + GRACE_S)
        try:
            wire.send_bytes(self._line, values.encode(message), files, limit)
            answer, gifts = wire.receive(self._line, deadline=limit)
        except wire.SilenceError as silence:
            self._lose(str(silence))
            return None
        for gift in gifts:
            os.close(gift)
        if answer is None:
            self._lose(NONSENSE)
        return answer

    def _lose(self, why: str) -> None:
        if not self.gone:
            late = time.monotonic() >= self._deadline
            self.gone = "the submission used up all its time" if late else why
            self.died = not late and why in ENDED
        self._line.close()

    def begin_cell(self, seconds: float) -> Called:
        """Start a test cell."""
        return self.round.begin(seconds, self._deadline)

    def no_snapshot(self) -> Snapshot:
        """Return what stands for a snapshot where none is needed or none could be left."""
        return Snapshot(None, self.gone, self._deadline, self.round)

    def run(self, number: int, source: str, seconds: float, kind: str = "cell") -> tuple[bool, Any]:
        """Run one cell in the student's process; return whether it ended well, and its outputs.

        Of the kind "kernel" it runs within an event loop, as in Jupyter's kernel.
        """
        if self.gone:
            return False, []
        answer = self._ask((kind, number, source, seconds, self._wall(seconds)), seconds)
        if answer is None:
            return False, []
        if not (isinstance(answer, tuple) and len(answer) == 4 and answer[:2] == ("ran", number)):
            self._lose(NONSENSE)
            return False, []
        return answer[2] is True, answer[3]

    def fetch(self, wanted: list[str], seconds: float) -> dict[str, tuple[str, Any]]:
        """Return ("value", value), ("function", fields) or a reason and why, for each name."""
        fetched: dict[str, tuple[str, Any]] = {}
        if self.gone or not wanted:
            return dict.fromkeys(wanted, ("gone", self.gone))
        look = min(seconds, LOOK_S)
        answer = self._ask(("values", wanted, look, self._wall(look)), seconds)
        for place, name in enumerate(wanted):
            if place and not self.gone:
                answer = self._next(seconds)
            if answer is None:
                fetched[name] = ("gone", self.gone)
            elif not (
                isinstance(answer, tuple) and len(answer) == 4 and answer[:2] == ("value", name)
            ):
                self._lose(NONSENSE)
                fetched[name] = ("gone", self.gone)
            else:
                fetched[name] = _unpacked(answer[2], answer[3])
        return fetched

    def _next(self, seconds: float) -> Any:
        try:
            limit = self._limit(self._wall(seconds) + GRACE_S)
            answer, gifts = wire.receive(self._line, deadline=limit)
        except wire.SilenceError as silence:
            self._lose(str(silence))
            return None
        for gift in gifts:
            os.close(gift)
        if answer is None:
            self._lose(NONSENSE)
        return answer

    def snapshot(self, seconds: float = 5.0) -> Snapshot:
        """Leave a copy of the student's process at this point of the notebook, for calls."""
        if self.gone:
            return Snapshot(None, self.gone, self._deadline, self.round)
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        answer = self._ask(("snapshot",), seconds, (theirs.fileno(),))
        theirs.close()
        if answer != ("snapped",):
            if not self.gone and answer != ("full",):
                self._lose(NONSENSE)
            ours.close()
            why = self.gone or "there were too many processes already"
            return Snapshot(None, why, self._deadline, self.round)
        return Snapshot(ours, "", self._deadline, self.round)

    def stay(self) -> Snapshot:
        """Let the process itself answer calls from now on: it runs no more cells."""
        if not self.gone:
            try:
                limit = self._limit(GRACE_S)
                wire.send_bytes(self._line, values.encode(("stay",)), deadline=limit)
            except wire.SilenceError as silence:
                self._lose(str(silence))
        line = None if self.gone else self._line
        return Snapshot(line, self.gone, self._deadline, self.round)

    def close(self) -> None:
        """Hang up."""
        self._line.close()


def _unpacked(kind: Any, content: Any) -> tuple[str, Any]:
    if kind in {"value", "function"} and isinstance(content, bytes):
        try:
            value = values.decode(content)
        except errors.BadDataError as error:
            return "unreadable", str(error)
        if kind == "value":
            return kind, value
        if isinstance(value, SimpleNamespace):
            return kind, vars(value)
    if kind == "function" and content == "":
        return kind, {}
    if kind in {"missing", "unreadable"} and isinstance(content, str):
        return kind, content[:MESSAGE]
    return "unreadable", NONSENSE


class Snapshot:
    """The student's process as it stood at one point of the notebook; answers calls."""

    def __init__(
        self, line: socket.socket | None, gone: str, deadline: float, asked: Round
    ) -> None:
        self._line = line
        self.gone = gone
        self._deadline = deadline
        self._number = 0
        self._functions: dict[int, str] = {}
        self._given: dict[int, Any] = {}  # what calls returned, for what these change later
        self.round = asked
        self.died = False

    @property
    def called(self) -> Called:
        """What the calls of the present test cell left behind."""
        return self.round.called

    def function(self, name: str, fields: dict[str, Any] | None = None) -> Any:
        """Return the stand-in for the student's function of this name, which may have fields."""
        stand_in = _stand_in(self, name, fields or {})
        self._functions[id(stand_in)] = name
        return stand_in

    def fail(self, why: str, words: str = "") -> NoAnswer:
        """Note that an answer did not come; the cell gets no points even if it goes on."""
        if not self.called.unanswered:
            self.called.unanswered, self.called.words = why, words
        return NoAnswer(why)

    def signature(self, name: str) -> Any:
        """Return the parameters of the student's function, as `inspect` would."""
        import inspect

        answer = self._exchange(("signature", name), 2.0, name)
        try:
            parameters = [
                inspect.Parameter(
                    str(word),
                    inspect._ParameterKind(int(kind)),  # noqa: SLF001 -- the documented five kinds
                    default=None if default else inspect.Parameter.empty,
                )
                for word, kind, default in answer[1][:50]
            ]
            return inspect.Signature(parameters)
        except (TypeError, ValueError, IndexError):
            raise ValueError(f"no signature found for {name}") from None

    def call(self, name: str, arguments: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
        """Call the student's function and return its value as plain data, or raise its error."""
        self._number += 1
        self.called.asked.add(name)
        left = self.round.deadline - time.monotonic()
        if left <= 0:
            self.called.late = True
            raise self.fail(f"{name} was not called: the time of this test is used up")
        cpu = self.round.budget.cell_s
        message = ("call", self._number, name, arguments, keywords, cpu, left)
        answer = self._exchange(message, left, name)
        if not (isinstance(answer, tuple) and len(answer) == 6 and answer[0] == self._number):
            self._hang_up()
            raise self.fail(f"{name} answered in a language of its own")
        _, kind, content, printed, warned, changed = answer
        self._print(printed)
        _warn(warned)
        _spoil(name, changed, arguments, keywords, self._given, self.called)
        value = self._value(name, kind, content)
        if isinstance(value, list | dict | set | deque | np.ndarray | SimpleNamespace):
            self._given[self._number] = value
            self._given.pop(self._number - MOST_GIVEN, None)
        return value

    def _print(self, printed: Any) -> None:
        """Print here what the call printed there: a test may have redirected it."""
        if not isinstance(printed, tuple):
            return
        for text, stream in zip(printed, (sys.stdout, sys.stderr), strict=False):
            if not isinstance(text, str) or not text:
                continue
            self.called.printed = (self.called.printed + text)[: 10 * MESSAGE]
            if not isinstance(stream, Printed):
                stream.write(text)

    def _value(self, name: str, kind: Any, content: Any) -> Any:
        if kind == "raised":
            raise self._raised(name, content)
        if kind == "late":
            self.called.late = True
            raise self.fail(f"{name} gave no answer in time")
        if kind == "function":
            raise self.fail(f"{name} returned a function; return numbers, text, lists or arrays")
        what, value = _unpacked(kind, content)
        if what != "value":
            raise self.fail(f"{name} returned something unreadable", str(value))
        return value

    def _exchange(self, message: Any, seconds: float, name: str) -> Any:
        if self._line is None or self.gone:
            raise self.fail(f"{name} could not be called: {self.gone}")
        try:
            data = values.encode(message, self._functions)
        except errors.NotPlainDataError as error:
            # No TypeError: a test may expect one of the student's, and take ours for it.
            raise self.fail(
                f"this test hands {name} something that is no plain data: {error}"
            ) from None
        limit = min(time.monotonic() + seconds + GRACE_S, self._deadline + GRACE_S)
        try:
            wire.send_bytes(self._line, data, (), limit)
            answer, gifts = wire.receive(self._line, deadline=limit)
        except wire.SilenceError as silence:
            self._hang_up()
            self.gone = str(silence)
            self.called.late = silence.late
            self.died = self.gone in ENDED
            raise self.fail(f"{name} gave no answer: {silence}") from None
        for gift in gifts:
            os.close(gift)
        return answer

    def _raised(self, name: str, content: Any) -> BaseException:
        try:
            kinds, message, lines = content
            kinds = [str(kind) for kind in kinds[:20]]
            message = str(message)[:MESSAGE]
            self.called.where = "\n".join(str(line)[:300] for line in lines[:20])
        except (TypeError, ValueError):
            return self.fail(f"{name} answered in a language of its own")
        self.called.raised = [*self.called.raised, (name, kinds, message)][:MOST_GIVEN]
        if not kinds or "Exception" not in kinds:
            return self.fail(f"{name} ended with no usual error", (kinds or [""])[0][:60])
        for kind in kinds:
            with contextlib.suppress(KeyError, TypeError):  # some want more than a message
                known = _KNOWN_ERRORS[kind]
                # A class of the student's own is no builtin one, by whatever name it goes there.
                own = known if kind == kinds[0] else type(known.__name__, (known,), {})
                return _learners(own(message))
        return _learners(AnswerError(f"{kinds[0][:60]}: {message}"))

    def _hang_up(self) -> None:
        if self._line is not None:
            self._line.close()
            self._line = None
        self.gone = self.gone or "the connection was given up"

    def close(self) -> None:
        """Hang up."""
        if self._line is not None:
            self._line.close()
            self._line = None


def _known_errors() -> dict[str, type[Exception]]:
    known: dict[str, type[Exception]] = {
        name: kind
        for name, kind in vars(builtins).items()
        if isinstance(kind, type)
        and issubclass(kind, Exception)
        and kind not in {Exception, ExceptionGroup}
        # `all(map(...))` in a test takes a StopIteration for the end of its cases.
        and not issubclass(kind, StopIteration | StopAsyncIteration)
    }
    known["LinAlgError"] = np.linalg.LinAlgError
    return known


_KNOWN_ERRORS = _known_errors()


def _learners(error: Exception) -> Exception:
    """Mark an error as the student's own: its message is no word of the test's author."""
    error.learners = True  # type: ignore[attr-defined]
    return error


def _warn(warned: Any) -> None:
    """Warn here as the student's code did there, so that a test may ask for a warning."""
    if not isinstance(warned, list):
        return
    for entry in warned[:10]:
        if isinstance(entry, tuple) and len(entry) == 2:
            kind = getattr(builtins, str(entry[0]), None)
            if isinstance(kind, type) and issubclass(kind, Warning):
                warnings.warn(str(entry[1])[:200], kind, stacklevel=4)


def _spoil(
    name: str,
    changed: Any,
    arguments: tuple[Any, ...],
    keywords: dict[str, Any],
    given: dict[int, Any],
    called: Called,
) -> None:
    """Make a changed argument, or a value that an earlier call returned, useless to who changed it.

    The change itself stays in the student's process. A test that goes on using the argument would
    have compared with changed values: it finds chance values instead, which nobody could know when
    the answer was given.
    """
    if not isinstance(changed, list):
        return
    for told in changed[:20]:
        before = isinstance(told, tuple) and len(told) == 4 and told[0] == "gave"
        if not (before or (isinstance(told, tuple) and len(told) == 3)):
            continue
        *_, key, longer, renamed = told
        known: dict[Any, Any] = given if before else dict(enumerate(arguments)) | keywords
        value = known.get(key) if isinstance(key, int | str) else None
        if _useless(value, longer=longer is True, renamed=renamed is True):
            what = "what it returned before; return a new one"
            what = what if before else "its arguments in place; work on a copy"
            called.changed = f"{name} changes {what}"


def _useless(value: Any, *, longer: bool = False, renamed: bool = True) -> bool:
    """Put chance values in place of what a value holds; tell whether it could hold others.

    Who looks at its length alone, or at its keys, sees whether these have changed as well.
    """
    if isinstance(value, tuple):
        told = [_useless(part) for part in value]
        return any(told)
    if isinstance(value, SimpleNamespace):
        for name in vars(value):
            setattr(value, name, object())
        return True
    if isinstance(value, np.ndarray):
        if value.flags.writeable:
            _randomise(value)
        return value.flags.writeable
    if tables.is_table(value):
        return tables.spoil(value, longer=longer, renamed=renamed)
    if not isinstance(value, list | deque | dict | set):
        return False
    # Never none: an empty one was filled there, and all that is said of none holds.
    items = [object() for _ in range(len(value) + (longer or not value))]
    kept = list(value) if isinstance(value, dict) and not (longer or renamed) else items
    value.clear()
    if isinstance(value, list | deque):
        value.extend(items)
    elif isinstance(value, dict):
        value.update(zip(kept, items, strict=False))
    else:
        value.update(items)
    return True


def _randomise(array: np.ndarray[Any, Any]) -> None:
    """Fill an array with values that cannot be foreseen."""
    if array.dtype.names:
        for name in array.dtype.names:
            _randomise(array[name])
        return
    drawn = np.random.default_rng(secrets.randbits(128))
    kind = array.dtype.kind
    if kind == "O":
        array[...] = object()
    elif kind in "fc":
        array[...] = drawn.normal(size=array.shape)
    elif kind == "b":
        array[...] = drawn.integers(0, 2, array.shape)
    elif kind in "US":
        array[...] = drawn.integers(0, 2**60, array.shape).astype(f"{kind}20")
    elif kind in "iumM":
        raw = drawn.integers(0, 256, (*array.shape, array.dtype.itemsize), np.uint8)
        array[...] = raw.view(array.dtype)[..., 0]


MOST_GIVEN = 100


class StandIn:
    """What stands for one of the learner's functions."""

    __slots__ = ()


def _stand_in(snapshot: Snapshot, name: str, fields: dict[str, Any]) -> Callable[..., Any]:
    """Make the function that test cells see: it holds nothing but the way to ask."""

    class Function(StandIn):
        __slots__ = ()
        __name__ = name
        __qualname__ = name
        __module__ = "__main__"

        def __call__(self, *arguments: Any, **keywords: Any) -> Any:
            return snapshot.call(name, arguments, keywords)

        @property
        def __signature__(self) -> Any:
            return snapshot.signature(name)

        def __repr__(self) -> str:
            return f"<function {name}>"

    for word, value in fields.items():
        setattr(Function, word, value)
    return Function()


class Unreadable:
    """What stands for a value that did not cross the wall."""


def unreadable(name: str, why: str, fail: Callable[[str], NoAnswer]) -> Any:
    """Return what stands for a value that did not cross the wall: any use of it fails the test."""

    def refuse(*_: Any, **__: Any) -> Any:
        raise fail(f"{name} cannot be read: {why}")

    methods = dict.fromkeys(_USES, refuse)
    return type("Unreadable", (Unreadable,), {**methods, "__getattr__": refuse, "__hash__": None})()


_USES = tuple(
    f"__{word}__"
    for word in [
        "call",
        "bool",
        "len",
        "iter",
        "next",
        "contains",
        "getitem",
        "setitem",
        "eq",
        "ne",
        "lt",
        "le",
        "gt",
        "ge",
        "add",
        "radd",
        "sub",
        "rsub",
        "mul",
        "rmul",
        "truediv",
        "rtruediv",
        "floordiv",
        "rfloordiv",
        "mod",
        "rmod",
        "pow",
        "rpow",
        "matmul",
        "rmatmul",
        "neg",
        "pos",
        "abs",
        "invert",
        "float",
        "int",
        "complex",
        "index",
        "round",
        "str",
        "repr",
        "format",
        "array",
        "and",
        "or",
        "xor",
        "rand",
        "ror",
        "rxor",
        "divmod",
        "rdivmod",
        "enter",
        "exit",
        "trunc",
        "floor",
        "ceil",
    ]
)
