"""Prove the notebooks of one assignment in a process of its own.

`prove_apart` runs in the coordinator or in nbgrader's own process, which may have threads; proving
forks, so it runs in the process that is started here.
"""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import json
import os
import signal
import subprocess
import sys
import tempfile
from typing import TYPE_CHECKING, Any

from snrilab.grading.autograder import Autograder, import_for_all
from snrilab.grading.jail import Jail, JailError
from snrilab.grading.jailed.walls import Limits
from snrilab.grading.mutations import Mutation
from snrilab.grading.proof import Proof, prove
from snrilab.grading.template import Template, from_plain, to_plain

if TYPE_CHECKING:
    from collections.abc import Callable

COMMAND: tuple[str, ...] = (sys.executable, "-m", "snrilab.grading.proof_process")


STOP_S = 5


def prove_apart(
    templates: list[Template], each: int, tell: Callable[[str, str, int, int], None] | None = None
) -> list[Proof]:
    """Prove notebooks in a process of its own: this one may have threads, and proving forks.

    Parameters
    ----------
    templates : list of Template
        Notebooks of one assignment.
    each : int
        How many wrong answers are derived from each answer of the key.
    tell : callable, optional
        Called with a notebook's name, what is done with it, how much of that is done, of how much.

    Raises
    ------
    ProofError
        When nothing can be proved on this machine.
    """
    job = {"templates": [to_plain(t) for t in templates], "each": each}
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
    answer: dict[str, Any] = {}
    with (
        tempfile.TemporaryFile() as errors,
        subprocess.Popen(  # noqa: S603 -- our own programme
            COMMAND,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            env=environment | dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"), "1"),
        ) as process,
    ):
        try:
            answer = _listen(process, json.dumps(job).encode(), tell)
        except BaseException:
            _end(process)
            raise
        status = process.wait()
        errors.seek(0)
        said = errors.read().decode("utf-8", "replace").strip().split("\n")[-1]
    if not answer:
        raise ProofError(said or f"exit status {status}")
    if "failed" in answer:
        raise ProofError(answer["failed"])
    return [
        Proof(**{**p, "mistakes": [(Mutation(*m), earned) for m, earned in p["mistakes"]]})
        for p in answer["proofs"]
    ]


def _listen(
    process: subprocess.Popen[bytes],
    job: bytes,
    tell: Callable[[str, str, int, int], None] | None,
) -> dict[str, Any]:
    """Hand over the job, pass on what is told, return the answer; nothing where there is none."""
    assert process.stdin is not None  # noqa: S101 -- both are pipes
    assert process.stdout is not None  # noqa: S101
    with contextlib.suppress(BrokenPipeError):  # its last words say why
        process.stdin.write(job)
        process.stdin.close()
    answer: dict[str, Any] = {}
    for line in process.stdout:
        try:
            said = json.loads(line)
        except ValueError:  # cut off when it ended
            return {}
        if "now" not in said:
            answer = said
        elif tell is not None:
            tell(*said["now"])
    return answer


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the process; it has a moment to take its jail down."""
    if os.name != "nt":
        process.send_signal(signal.SIGINT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(STOP_S)
    process.kill()


class ProofError(RuntimeError):
    """Nothing can be proved on this machine; the message says why."""


def main(jail: Jail | None = None) -> int:
    """Prove what stands on standard input, as `prove_apart` writes it.

    Parameters
    ----------
    jail : Jail, optional
        One that runs; made here when left out.
    """
    output = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # nothing that a library prints may look like an answer
    job = json.loads(sys.stdin.buffer.read())

    def tell(*now: object) -> None:
        output.write(json.dumps({"now": now}) + "\n")
        output.flush()

    try:
        proofs = _prove_all([from_plain(p) for p in job["templates"]], job["each"], tell, jail)
        answer: dict[str, Any] = {"proofs": [dataclasses.asdict(p) for p in proofs]}
    except (RuntimeError, OSError, ImportError) as error:
        answer = {"failed": str(error)}
    except KeyboardInterrupt:
        return 130
    output.write(json.dumps(answer))
    output.close()
    return 0


def _prove_all(
    templates: list[Template],
    each: int,
    tell: Callable[..., None],
    jail: Jail | None = None,
) -> list[Proof]:
    """Prove each notebook, in the jail where there is one: it is where students' code will run."""
    import_for_all()
    jail = jail or Jail()
    proofs = []
    try:
        try:
            if jail.is_stopped:
                jail.start()
            jail.sandbox([], {}, Limits()).wait()
        except JailError:
            jail.close()  # all of it is the teacher's own code, which may run without walls
            jail = Jail(trusted=True)
            jail.start()
        for template in templates:
            autograder = Autograder(template)
            autograder.prepare(jail)
            try:
                about = functools.partial(tell, template.notebook)
                proofs.append(prove(autograder, each, tell=about))
            finally:
                autograder.close()
    finally:
        jail.close()
    return proofs


if __name__ == "__main__":
    sys.exit(main())
