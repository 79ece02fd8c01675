"""The student's own process: runs the cells, then answers calls with plain values.

Runs in the student's process.

Nothing here is trusted by the grader. A submission that takes this process over controls only
what it could have returned anyway.
"""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import gc
import os
import random
import signal
import socket
import stat
import sys
import time
import warnings
from collections import deque
from pathlib import Path
from typing import Any

import numpy as np

from . import errors, tables, values, wire
from .screen import TEXT, Screen, Shell, short_traceback

MESSAGE = 2000
KEPT = 8  # values that calls returned, looked at again after each call


class TooLong(KeyboardInterrupt):
    """The cell or the call used up its time."""


def _ring(number: int, _: Any) -> None:
    raise TooLong("of processor time" if number == signal.SIGPROF else "of waiting")


def _alarm(cpu: float, wall: float) -> None:
    """Interrupt the student's code after some time, and again in case it swallows that.

    Processor time counts; the wall is for what waits for ever, and wide.
    """
    for name, kind, seconds in (
        (signal.SIGPROF, signal.ITIMER_PROF, cpu),
        (signal.SIGALRM, signal.ITIMER_REAL, wall),
    ):
        signal.signal(name, _ring)
        signal.setitimer(kind, seconds, 0.25 if seconds else 0.0)


def _calm() -> None:
    _alarm(0, 0)


class Student:
    """One submission's notebook session and its answers.

    Parameters
    ----------
    shell : Shell
        The prepared IPython shell, with nothing of anybody's in it.
    line : socket.socket
        Connection to the grader.
    """

    def __init__(self, shell: Shell, line: socket.socket) -> None:
        self.shell = shell
        self.line = line
        self._loop: Any = None
        self._context = contextvars.copy_context()
        # What calls returned and the code still has, as it was.
        self._gave: list[tuple[int, Any, bytes, Any]] = []

    def serve_cells(self) -> None:
        """Run cells, hand out values and leave snapshots until the grader hangs up."""
        while True:
            message, files = wire.receive(self.line)
            if message[0] in {"cell", "kernel"}:
                how = self._as_kernel if message[0] == "kernel" else self.shell.run_cell
                wire.send(self.line, ("ran", *self.run(how, *message[1:])))
            elif message[0] == "values":
                self.tell(*message[1:])
            elif message[0] == "snapshot":
                self.snapshot(files[0])
            elif message[0] == "stay":
                self.serve_calls()
                return
            else:
                return

    def _as_kernel(self, source: str, **how: Any) -> Any:
        """Run one cell as Jupyter's kernel does, which has an event loop running around it.

        What a cell sets for its context, such as numpy's way of printing, stays set for the next
        ones; a cell that waits has a copy.
        """
        os.environ["NBGRADER_EXECUTION"] = "autograde"  # as stock nbgrader sets it
        self._loop = self._loop or asyncio.new_event_loop()
        awaits = False
        with contextlib.suppress(Exception):  # told when the cell runs
            text = self.shell.transform_cell(source)
            awaits = self.shell.should_run_async(source, transformed_cell=text)
            how |= {"transformed_cell": text} if awaits else {}
        cell = self.shell.run_cell_async(source, **how) if awaits else self._at_once(source, **how)
        context = self._context.copy() if awaits else self._context
        return self._loop.run_until_complete(self._loop.create_task(cell, context=context))

    async def _at_once(self, source: str, **how: Any) -> Any:
        return self.shell.run_cell(source, **how)

    def run(
        self, how: Any, number: int, source: str, cpu: float, wall: float
    ) -> tuple[int, bool, list[Any]]:
        """Run one cell; return its number, whether it ended well, and its outputs."""
        screen = Screen()
        good = self.shell.show_on(screen)
        try:
            _alarm(cpu, wall)
            try:
                result = how(source, store_history=True)
                good = bool(result.success)
                if isinstance(result.error_in_exec, TooLong):
                    raise result.error_in_exec
            finally:
                _calm()
        except TooLong as what:
            good = False
            seconds = cpu if "processor" in str(what) else wall
            screen.forget_error()
            screen.error("TimeoutError", f"stopped after {seconds:.3g} s {what}", [])
        except BaseException as error:  # noqa: BLE001 -- whatever a cell does, the next one runs
            good = False
            screen.error(type(error).__name__, str(error)[:MESSAGE], [])
        finally:
            self.shell.show_on(None)
        return number, good, screen.outputs()

    def tell(self, names: list[str], cpu: float, wall: float) -> None:
        """Send the value of each name, or why there is none."""
        for name in names:
            answer: tuple[str, Any] = ("missing", name)
            if name in self.shell.user_ns:
                answer = self._read(self.shell.user_ns[name], cpu, wall)
            wire.send(self.line, ("value", name, *answer))

    def _read(self, value: Any, cpu: float, wall: float) -> tuple[str, Any]:
        try:
            _alarm(cpu, wall)
            try:
                return self._packed(value, exhaust=False)
            finally:
                _calm()
        except TooLong:
            return "unreadable", "looking at it took too long"

    def _packed(self, value: Any, *, exhaust: bool) -> tuple[str, Any]:
        try:
            content = values.encode(value, exhaust=exhaust)
            # A test may call this one as well as look at its fields.
            called = not exhaust and content[:1] == values.RECORD and callable(value)
            return "function" if called else "value", content
        except TooLong:
            raise
        except errors.NotPlainDataError as error:
            if callable(value):
                return "function", ""
            return "unreadable", str(error)[:MESSAGE]
        except BaseException as error:  # noqa: BLE001 -- the object may do anything when looked at
            return "unreadable", f"looking at it raised {type(error).__name__}"

    def snapshot(self, file: int) -> None:
        """Leave a copy of this session behind that answers calls on its own connection."""
        drawn = random.getstate()  # the library seeds itself anew in every copy
        try:
            copy = os.fork()
        except OSError:  # the submission has used up its processes
            os.close(file)
            wire.send(self.line, ("full",))
            return
        if copy:
            os.close(file)
            wire.send(self.line, ("snapped",))
            return
        try:
            random.setstate(drawn)
            _calm()
            self.line.close()
            self.line = socket.socket(fileno=file)
            self.serve_calls()
        finally:
            os._exit(0)

    def serve_calls(self) -> None:
        """Answer calls until the grader hangs up."""
        while True:
            message, _ = wire.receive(self.line, resolve=self.shell.user_ns.__getitem__)
            if message[0] == "call":
                wire.send(self.line, self.call(*message[1:]))
            elif message[0] == "signature":
                wire.send(self.line, self.signature(message[1]))
            else:
                return

    def signature(self, name: str) -> tuple[Any, ...]:
        """Return the parameters of a function: name, kind and whether there is a default."""
        import inspect

        try:
            found = inspect.signature(self.shell.user_ns[name]).parameters.values()
            parameters = [(p.name, int(p.kind), p.default is not p.empty) for p in found]
        except (KeyError, TypeError, ValueError):
            return ("signature", None)
        return ("signature", parameters)

    def call(
        self,
        number: int,
        name: str,
        arguments: tuple[Any, ...],
        keywords: Any,
        cpu: float,
        wall: float,
    ) -> tuple[Any, ...]:
        """Call one function of the student's; return its value or its error as plain data."""
        before = self._noted(arguments, keywords)
        screen = Screen()
        self.shell.show_on(screen)
        caught: list[warnings.WarningMessage] = []
        start = time.monotonic()
        try:
            _alarm(cpu, wall)
            try:
                with warnings.catch_warnings(record=True) as caught:
                    filters: Any = warnings.filters
                    errors = [one for one in filters if one[0] == "error"]
                    warnings.simplefilter("always")
                    filters[:0] = errors  # whoever turned warnings into errors catches them
                    value = self.shell.user_ns[name](*arguments, **keywords)
                kind, content = self._packed(value, exhaust=True)
                own = content[:1] == values.RECORD
                if kind == "value" and (own or isinstance(value, _HOLDERS)):
                    self._gave.append((number, value, content, tables.outline(value)))
            finally:
                _calm()
        except TooLong:
            kind, content = "late", time.monotonic() - start
        except BaseException as error:  # noqa: BLE001 -- told to the grader, whatever it is
            kind, content = "raised", self._told(error)
        finally:
            self.shell.show_on(None)
        told = [(w.category.__name__, str(w.message)[:200]) for w in caught[:10]]
        return (
            number,
            kind,
            content,
            (screen.text("stdout"), screen.text("stderr")),
            told,
            self._changed(before, arguments, keywords) + self._changed_since(number),
        )

    def _noted(self, arguments: Any, keywords: Any) -> dict[Any, tuple[bytes, Any]]:
        """Note what may be changed in place; functions and the like cannot."""
        noted = {}
        for key, value in [*enumerate(arguments), *keywords.items()]:
            held = isinstance(value, (tuple, *_HOLDERS))
            if held or tables.is_table(value):
                with contextlib.suppress(errors.NotPlainDataError):
                    noted[key] = values.encode(value), tables.outline(value)
        return noted

    def _told(self, error: BaseException) -> Any:
        kinds = [kind.__name__ for kind in type(error).__mro__][:20]
        try:
            message = str(error)[:MESSAGE]
        except BaseException:  # noqa: BLE001 -- a message that raises is no message
            message = ""
        return kinds, message, short_traceback(error)

    def _changed(self, before: dict[Any, Any], arguments: Any, keywords: Any) -> list[Any]:
        """Say which arguments the call changed in place: position or name, and what of them."""
        now = {**dict(enumerate(arguments)), **keywords}
        return [
            (key, *_otherwise(now[key], outline))
            for key, (then, outline) in before.items()
            if not _same(now[key], then)
        ]

    def _changed_since(self, now: int) -> list[Any]:
        """Say which calls returned what has changed since, in the code's own hands.

        What it has let go nobody can change; one reference is ours, one that of the question.
        """
        self._gave = [gave for gave in self._gave if sys.getrefcount(gave[1]) > 2][-KEPT:]
        return [
            ("gave", n, *_otherwise(value, outline))
            for n, value, then, outline in self._gave
            if n < now and not _same(value, then)
        ]


_ARRAY = np.ndarray
_HOLDERS = (list, dict, set, deque, _ARRAY)


def _otherwise(now: Any, outline: Any) -> tuple[bool, bool]:
    """Say whether something has another length than before, and other labels."""
    length, labels = tables.outline(now)
    return length != outline[0], labels != outline[1]


def _same(now: Any, then: bytes) -> bool:
    try:
        return values.encode(now) == then
    except errors.NotPlainDataError:
        return False


def _own_files() -> None:
    """Open again what the fork server has open, such as fonts.

    A position in a file that is shared with the parent outlives the submission that moved it.
    """
    for link in list(Path("/proc/self/fd").iterdir()):
        file = int(link.name)
        try:
            if stat.S_ISREG(os.fstat(file).st_mode):
                own = os.open(link.readlink(), os.O_RDONLY | os.O_CLOEXEC)
                os.lseek(own, os.lseek(file, 0, os.SEEK_CUR), os.SEEK_SET)
                os.dup2(own, file, inheritable=False)
                os.close(own)
        except OSError:
            continue  # closed by now: it was the listing itself


def begin(shell: Shell, line: socket.socket) -> None:
    """Serve one submission in this process, which ends with it."""
    gc.freeze()
    _own_files()
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)
    os.close(nowhere)
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGPIPE):
        signal.signal(name, signal.SIG_IGN if name != signal.SIGINT else signal.default_int_handler)
    try:
        Student(shell, line).serve_cells()
    except wire.SilenceError:
        return


__all__ = ["MESSAGE", "TEXT", "Student", "begin"]
