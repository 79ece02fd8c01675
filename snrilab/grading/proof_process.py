"""Prove the notebooks of one assignment in a process of its own.

`prove_apart` runs in the coordinator or in nbgrader's own process, which may have threads; proving
forks, so it runs in the process that is started here.
"""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import sys
from typing import Any

from snrilab.grading.autograder import Autograder, import_for_all
from snrilab.grading.jail import Jail, JailError
from snrilab.grading.jailed.walls import Limits
from snrilab.grading.mutations import Mutation
from snrilab.grading.proof import Proof, prove
from snrilab.grading.template import Template, from_plain, to_plain

COMMAND: tuple[str, ...] = (sys.executable, "-m", "snrilab.grading.proof_process")


def prove_apart(templates: list[Template], each: int) -> list[Proof]:
    """Prove notebooks in a process of its own: this one may have threads, and proving forks.

    Parameters
    ----------
    templates : list of Template
        Notebooks of one assignment.
    each : int
        How many wrong answers are derived from each answer of the key.

    Raises
    ------
    ProofError
        When nothing can be proved on this machine.
    """
    job = {"templates": [to_plain(t) for t in templates], "each": each}
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
    done = subprocess.run(  # noqa: S603 -- our own programme
        COMMAND,
        input=json.dumps(job).encode(),
        capture_output=True,
        env=environment | dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"), "1"),
        check=False,
    )
    try:
        answer = json.loads(done.stdout)
    except ValueError:
        said = done.stderr.decode("utf-8", "replace").strip().split("\n")[-1]
        raise ProofError(said or f"exit status {done.returncode}") from None
    if "failed" in answer:
        raise ProofError(answer["failed"])
    return [
        Proof(**{**p, "mistakes": [(Mutation(*m), earned) for m, earned in p["mistakes"]]})
        for p in answer["proofs"]
    ]


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
    try:
        proofs = _prove_all([from_plain(p) for p in job["templates"]], job["each"], jail)
        answer: dict[str, Any] = {"proofs": [dataclasses.asdict(p) for p in proofs]}
    except (RuntimeError, OSError, ImportError) as error:
        answer = {"failed": str(error)}
    output.write(json.dumps(answer))
    output.close()
    return 0


def _prove_all(templates: list[Template], each: int, jail: Jail | None = None) -> list[Proof]:
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
                proofs.append(prove(autograder, each))
            finally:
                autograder.close()
    finally:
        jail.close()
    return proofs


if __name__ == "__main__":
    sys.exit(main())
