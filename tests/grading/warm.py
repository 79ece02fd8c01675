"""Engine, nbgrader and `snrilab` that start at once: copies of processes that are ready.

A worker begins with four seconds of imports, half of them in its jail; `nbgrader` with three. Here
one process for each makes ready once, and what is started afterwards is a copy of it
(`tests/warm_kernel.py`), with the streams, environment and folder that it would have had. Copies
of the worker share one jail, as the workers of one run do: each has a sandbox of its own in it.
From nothing start the engine that is attacked through `snrilab grade` (`test_attacks.py`), every
worker whose parent is killed (`test_class.py`), and commands that a test calls by `main` without
the fixture `ready_engine`.
"""

from __future__ import annotations

import contextlib
import functools
import gc
import json
import os
import sys
import types
from pathlib import Path
from typing import Any

from tests import warm_kernel

ENGINE = "SNRILAB_TEST_ENGINE"  # how a copy of nbgrader starts a worker, and what proves tests
PROVES = "--proves"  # the word with which a copy is no worker


def use(engine: list[str]) -> None:
    """Let workers, and what proves the tests of an assignment, be such copies from now on."""
    from snrilab.grading import proof_process, worker_pool

    worker_pool.COMMAND = tuple(engine)
    proof_process.COMMAND = (*engine, PROVES)


@functools.cache
def worker() -> list[str]:
    """Return the command that stands for a worker."""
    from tests import kernels

    one = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    return kernels.ready(["-m", __name__, "worker"], **one)


@functools.cache
def nbgrader() -> list[str]:
    """Return the command that stands for `nbgrader` with lists of words, each in its turn."""
    from tests import kernels

    return kernels.ready(["-m", __name__, "nbgrader"])


@functools.cache
def snrilab() -> list[str]:
    """Return the command that stands for `snrilab` with a list of words.

    A second word is a file into which the copy writes its number.
    """
    from tests import kernels

    return kernels.ready(["-m", __name__, "snrilab"])


# -- in the processes themselves ------------------------------------------------------------------


def serve_workers(address: str) -> None:
    """Make workers, which share a jail."""
    import scipy.optimize  # noqa: F401 -- tests of our assignments and of the course use it

    from snrilab.grading import proof_process, worker
    from snrilab.grading.autograder import draw_once, import_for_all
    from snrilab.grading.jail import Jail, JailError

    class Shared(Jail):
        """The jail that this process keeps: it stays when a worker is done with it."""

        is_stopped = False

        def close(self) -> None:
            self.leave()

    jails: list[Jail] = []

    def look_after_the_jail() -> None:
        if jails and jails[0]._process is not None and jails[0]._process.poll() is not None:
            jails.pop().close()
        if not jails:
            with contextlib.suppress(JailError):  # the worker says why there is none
                made = Jail()
                made.start()
                jails.append(made)

    def become(wanted: dict[str, Any], files: Any) -> None:
        shared = None
        if jails:
            shared = Shared()
            shared._control = jails[0]._control
        numbers = dict(zip(map(str, wanted["files"][3:]), map(str, files), strict=True))
        words = [numbers.get(word, word) for word in wanted["words"]]
        _end(lambda: proof_process.main(shared) if PROVES in words else worker.run(words, shared))

    look_after_the_jail()
    import_for_all()
    draw_once()
    gc.freeze()
    warm_kernel.make_copies(address, become, look_after_the_jail)


def serve_nbgrader(address: str) -> None:
    """Make copies that run `nbgrader`, one list of words after the other until one fails.

    To learn the version of a new gradebook it would start a programme, for three seconds.
    """
    sys.modules["rfc3987_syntax"] = None  # a grammar of web addresses takes a second to build
    import nbconvert.exporters  # noqa: F401
    import nbgrader.api
    import nbgrader.apps
    import nbgrader.converters
    from nbgrader.apps import quickstartapp
    from nbgrader.apps.nbgraderapp import main

    from snrilab.grading import autograde  # noqa: F401
    from snrilab.grading.gradebook import version_of_tables

    nbgrader.api.get_alembic_version = version_of_tables
    # `quickstart` runs five more nbgraders.
    quickstartapp.subprocess = types.SimpleNamespace(
        call=lambda words, **_: _in_turn(main, [words[3:]]), PIPE=None, STDOUT=None
    )
    gc.freeze()

    def become(wanted: dict[str, Any], _: Any) -> None:
        if ENGINE in os.environ:
            use(json.loads(os.environ.pop(ENGINE)))
        _end(lambda: _in_turn(main, json.loads(wanted["words"][0])))

    warm_kernel.make_copies(address, become)


def serve_snrilab(address: str) -> None:
    """Make copies that run one command of `snrilab`."""
    sys.modules["rfc3987_syntax"] = None  # as the command does
    import snrilab.grading.check
    import snrilab.grading.classrun
    import snrilab.grading.commands  # noqa: F401
    from snrilab.__main__ import main
    from snrilab.grading.gradebook import version_of_tables

    version_of_tables()
    gc.freeze()

    def become(wanted: dict[str, Any], _: Any) -> None:
        if ENGINE in os.environ:
            use(json.loads(os.environ.pop(ENGINE)))
        words, *note = wanted["words"]
        for path in note:
            Path(path).write_text(str(os.getpid()))
        _end(lambda: main(json.loads(words)))

    warm_kernel.make_copies(address, become)


def _in_turn(main: Any, steps: list[list[str]]) -> int:
    from traitlets.config import Application

    for words in steps:
        child = os.fork()
        if not child:
            sys.argv = ["nbgrader", *words]
            Application.clear_instance()
            sys.exit(main())
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        if status:
            return status
    return 0


def _end(what: Any) -> None:
    """Do it, and end this process as Python would."""
    import atexit
    import traceback

    status = 1
    try:
        status = what()
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:  # noqa: BLE001 -- printed, as Python does it
        traceback.print_exc()
    finally:
        with contextlib.suppress(Exception):
            atexit._run_exitfuncs()
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(int(status or 0))


if __name__ == "__main__":
    kind, door = sys.argv[1:]
    {"worker": serve_workers, "nbgrader": serve_nbgrader, "snrilab": serve_snrilab}[kind](door)
