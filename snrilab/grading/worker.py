"""A worker: reads jobs from its standard input, writes results to its standard output.

Runs in workers, each with a jail of its own (``python -m snrilab.grading.worker``). One JSON line
is one job or one result.
"""

from __future__ import annotations

import base64
import contextlib
import gc
import json
import os
import sys
from typing import Any, BinaryIO

from snrilab.grading.autograder import AnswerKeyError, Autograder, import_for_all
from snrilab.grading.jail import Jail, JailError
from snrilab.grading.jailed.walls import Limits, die_with_parent, use_large_pages
from snrilab.grading.limits import Budget
from snrilab.grading.template import from_plain


def main(
    jobs: BinaryIO, results: BinaryIO, copies: list[tuple[int, int]], jail: Jail | None = None
) -> int:
    """Serve jobs from one stream to another until it ends; the first job says what to grade.

    Parameters
    ----------
    jobs, results : file
        Streams of JSON lines.
    copies : list of tuple
        Descriptors of such streams: each pair is served by a copy of this process, made when all
        is ready, so that imports and the proof of the answer key are done once.
    jail : Jail, optional
        One that runs; made here when left out.
    """
    jail = jail or Jail()
    if jail.is_stopped:
        with contextlib.suppress(JailError):  # told again when a sandbox is wanted
            jail.start()
    gc.disable()  # what is imported stays
    import_for_all()
    line = jobs.readline()
    if not line:
        jail.close()
        return 0
    opening = json.loads(line)
    if opening["trusted"]:
        jail.close()
        jail = Jail(trusted=True)
    autograders: dict[str, Autograder] = {}
    answer: dict[str, Any] = {"job": "open"}
    children: list[int] = []
    try:
        if jail.is_stopped:
            jail.start()
        autograders = _open(opening, jail)
    except (JailError, AnswerKeyError, ValueError, OSError) as error:
        answer["failed"] = str(error)
        copies = []
    gc.enable()
    if copies:  # a class: what this takes comes back within some twenty submissions
        use_large_pages()
    while copies:
        streams = copies.pop(0)
        child = os.fork()
        if not child:
            die_with_parent()
            jail.leave()
            jobs, results = _taken_over(jobs, results, streams, copies)
            children = []
            break
        children.append(child)
        for stream in streams:
            os.close(stream)
        for autograder in autograders.values():
            autograder.leave()
            autograder.take_sandbox(jail)
    _serve(autograders, jobs, results, answer)
    _end(autograders, children, jail)
    return 0


def _taken_over(
    jobs: BinaryIO, results: BinaryIO, streams: tuple[int, int], others: list[tuple[int, int]]
) -> tuple[BinaryIO, BinaryIO]:
    """Return a copy's own streams, and let go of everybody else's."""
    jobs.close()
    results.close()
    for pair in others:
        for stream in pair:
            os.close(stream)
    return os.fdopen(streams[0], "rb"), os.fdopen(streams[1], "wb")


def _serve(
    autograders: dict[str, Autograder], jobs: BinaryIO, results: BinaryIO, answer: dict[str, Any]
) -> None:
    """Give the answer to the opening, then one to each job."""
    answer["process"] = os.getpid()
    results.write(json.dumps(answer).encode() + b"\n")
    results.flush()
    for line in jobs:
        job = json.loads(line)
        answer = {"job": job["job"]}
        try:
            data = base64.b64decode(job["data"])
            answer["result"] = autograders[job["notebook"]].grade(data, diagnose=job["diagnose"])
        except KeyError:
            answer["failed"] = "this worker could not start"
        except (JailError, ValueError, OSError) as error:
            answer["failed"] = str(error)
        results.write(json.dumps(answer).encode() + b"\n")
        results.flush()


def _end(autograders: dict[str, Autograder], children: list[int], jail: Jail) -> None:
    """Let go of everything, once the copies have done so."""
    for autograder in autograders.values():
        autograder.close()
    for child in children:
        os.waitpid(child, 0)
    jail.close()


def _open(opening: dict[str, Any], jail: Jail) -> dict[str, Autograder]:
    autograders = {}
    for plain in opening["templates"]:
        autograder = Autograder(
            from_plain(plain), Budget(**opening["budget"]), Limits(**opening["limits"])
        )
        autograder.open(jail)
        autograders[plain["notebook"]] = autograder
    return autograders


def run(words: list[str], jail: Jail | None = None) -> int:
    """Be a worker with these words of the command line; return the exit status."""
    if "--tied" in words and sys.platform == "linux":
        die_with_parent()
    output = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # nothing that a library prints may look like a result
    numbers = [int(word) for word in words if word.isdigit()]
    copies = list(zip(numbers[::2], numbers[1::2], strict=True))
    with contextlib.suppress(BrokenPipeError, KeyboardInterrupt):
        return main(sys.stdin.buffer, output, copies, jail)
    return 0


if __name__ == "__main__":
    status = run(sys.argv[1:])
    sys.stderr.flush()
    os._exit(status)  # Python's own end takes all apart, which costs a copy most of its memory anew
