"""Grade submissions of one notebook, one at a time: a student's process, a grader, a result.

Runs in workers and in the process of `proof_process`; `_become_grader` is where a forked grader
begins.
"""

from __future__ import annotations

import codecs
import contextlib
import dataclasses
import gc
import io
import json
import os
import re
import select
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from snrilab.grading import clean, misconceptions
from snrilab.grading.grader import Grading
from snrilab.grading.jail import Jail, JailError, Sandbox
from snrilab.grading.jailed.walls import Limits, die_with_parent, find_first, place
from snrilab.grading.limits import Budget, is_limit
from snrilab.grading.names import python
from snrilab.grading.proof import declare, prove
from snrilab.grading.scoring import WAITS
from snrilab.grading.teachers_cells import prepare, quiet_environment
from snrilab.grading.worker_pool import whole_lines

if TYPE_CHECKING:
    from snrilab.grading.template import Template

GRADER_MEMORY_MB = 3072
RESULT_BYTES = 160 * 2**20
TRIES = 3
STAYED = "what it had started could not be ended in time"
BROKE_OFF = "the tests broke off"  # ended from outside, or by what a library does without memory


class Autograder:
    """Grades submissions of one template, one after the other.

    Parameters
    ----------
    template : Template
        The teacher's notebook.
    budget : Budget
        Time for one submission.
    limits : Limits
        What one submission may use.
    """

    def __init__(
        self, template: Template, budget: Budget | None = None, limits: Limits | None = None
    ) -> None:
        self.template = template
        self.budget = budget or Budget()
        self.limits = limits or Limits()
        self.declared: frozenset[str] = frozenset()
        self.sandbox: Sandbox | None = None
        self._waits = False
        self._own_jail: Jail | None = None
        self._is_left = False
        self.trusted = False

    def open(self, jail: Jail) -> None:
        """Prepare a sandbox, import what tests use, and let the answer key prove itself."""
        self.prepare(jail)
        gc.freeze()
        self.prove()

    def prepare(self, jail: Jail) -> None:
        """Prepare a sandbox and import what tests use."""
        self.take_sandbox(jail)
        _import_for_tests(self.template)

    def leave(self) -> None:
        """Forget the sandbox in the process that has handed it on to a copy of itself."""
        if self.sandbox is not None:
            self.sandbox.close()

    def prove(self) -> None:
        """Grade the answer key and the release, here and as stock nbgrader would.

        That shows which tests give part of their points, which have to run inside, and which cannot
        be run at all: these wait for a person, and the others go on.
        """
        known = self.template.refused
        if self.template.proved:
            self.template = dataclasses.replace(self.template, refused=known | declare(self))
            return
        proof = prove(self)
        if proof.useless and not proof.refused:
            raise AnswerKeyError(proof.useless)
        self.template = dataclasses.replace(
            self.template, refused=known | proof.refusals, inside=proof.inside
        )

    def take_sandbox(self, jail: Jail) -> None:
        """Take a sandbox in a jail, large enough for a process that answers each test."""
        modules = list(self.template.modules)
        tests = sum(cell.role == "test" for cell in self.template.cells)
        limits = dataclasses.replace(self.limits, processes=self.limits.processes + tests + 1)
        self.trusted = jail.trusted
        self.sandbox = jail.sandbox(modules, self.template.files, limits, self.template.library)
        self._waits = True

    def _new_jail(self) -> None:
        """Go on in a jail of one's own: the one that all workers share has broken down."""
        self._is_left = False
        self.leave()
        if self._own_jail is not None:
            self._own_jail.close()
        self._own_jail = Jail(trusted=self.trusted)
        self._own_jail.start()
        self.take_sandbox(self._own_jail)

    def _entered(self) -> Sandbox:
        """Return the sandbox as soon as it is ready."""
        assert self.sandbox is not None  # noqa: S101 -- open comes first
        if self._waits:
            self.sandbox.wait()
            self._waits = False
        return self.sandbox

    def grade(
        self, data: bytes, diagnose: bool = False, *, inside: frozenset[str] | None = None
    ) -> dict[str, Any]:
        """Grade one submitted notebook; return its verdicts and everything found, as plain data.

        With `inside` these tests run in the student's process, as in stock nbgrader, and no other
        is judged: only for the teacher's own answers.

        What runs inside for a student does so afterwards, in a process that knows nothing of the
        first one and is gone when the next begins.
        """
        if inside is not None:
            return self._whole(data, False, inside, own=True)
        result = self._whole(data, diagnose)
        chosen = frozenset(self.template.inside)
        if not chosen or result["error"]:
            return result
        second = self._whole(data, False, chosen, before=result["stopped"])
        return with_inside(self.template, result, second)

    def _whole(
        self,
        data: bytes,
        diagnose: bool,
        inside: frozenset[str] | None = None,
        *,
        own: bool = False,
        before: dict[str, str] | None = None,
    ) -> dict[str, Any]:
        """Grade one notebook in one process, or, should that be ended, in a second one.

        A process that ends in the middle may have been ended from outside, and takes with it the
        answers to tests of earlier cells: such a submission is graded once more, with its processes
        apart and in the time that is left, and what happens then is its result.
        """
        budget, spent = self.budget.now(), 0.0
        first: dict[str, Any] | None = None
        for attempt in range(1, TRIES + 1):
            try:
                if first is not None and inside is None:
                    before = first["stopped"]
                result, broken = self._grade(
                    data, diagnose, budget, apart=attempt > 1, inside=inside, own=own,
                    before=before, last=attempt == TRIES,
                )  # fmt: skip
            except JailError:
                if attempt == TRIES:
                    raise
                self._new_jail()
            else:
                result["seconds"]["all"] += spent
                if first is not None:
                    return second_look(first, result)
                if not broken:
                    return result
                first = result
                spent = result["seconds"]["all"]
                left = max(budget.submission_s - spent / budget.stretch, budget.cell_s)
                budget = dataclasses.replace(budget, submission_s=left)
        raise AssertionError  # pragma: no cover

    def _grade(
        self,
        data: bytes,
        diagnose: bool,
        budget: Budget,
        *,
        apart: bool,
        inside: frozenset[str] | None = None,
        own: bool = False,
        before: dict[str, str] | None = None,
        last: bool = False,
    ) -> tuple[dict[str, Any], bool]:
        if self._is_left:
            self._new_jail()
        sandbox = self._entered()
        start = time.monotonic()
        line = sandbox.start(apart=apart)
        reading, writing = os.pipe()
        folder = tempfile.mkdtemp(prefix="snrilab-tests-")
        place(self.template.files, Path(folder))
        grader = os.fork()
        if not grader:
            os.close(reading)
            grading = Grading(
                self.template, self.declared, budget, apart=apart, before=before, inside=inside,
                own=own,
            )  # fmt: skip
            _become_grader(grading, data, line, writing, diagnose, folder)
        os.close(writing)
        line.close()
        try:
            sandbox.started()
            ready = time.monotonic()
            longest = budget.submission_s * budget.stretch * 2 + 10
            findings, late = _listen(reading, start + longest)
        finally:
            os.close(reading)
            with contextlib.suppress(ProcessLookupError):
                os.kill(grader, signal.SIGKILL)
            os.waitpid(grader, 0)
            shutil.rmtree(folder, ignore_errors=True)
        done = time.monotonic()
        try:
            why, peak = sandbox.stop()
        except JailError:
            if not last:
                raise
            # On a machine that is busy enough, what a fork bomb leaves does not end in time, and
            # would not the next time: what was found stands, and the jail is left to it.
            why, peak, self._is_left = STAYED, 0, True
        broken = not why and (late == BROKE_OFF or any(f["kind"] == "died" for f in findings))
        # The fork server knows best why it killed something.
        found = next((f["why"] for f in findings if f["kind"] == "ended"), "")
        late = "" if late == BROKE_OFF and found else late
        findings[:0] = [{"kind": "ended", "why": reason} for reason in (why, late) if reason]
        result = assemble(self.template, findings)
        result["peak"] = peak
        times = next((f for f in findings if f["kind"] == "time"), {"cells": 0.0, "tests": 0.0})
        result["seconds"] = {
            "walls": ready - start,
            "cells": times["cells"],
            "tests": times["tests"],
            "ending": time.monotonic() - done,
            "all": time.monotonic() - start,
        }
        return result, broken

    def close(self) -> None:
        """Leave the sandbox."""
        self.leave()
        if self._own_jail is not None:
            self._own_jail.close()


class AnswerKeyError(ValueError):
    """The answer key does not get full points, so nobody is graded with these tests."""


def _import_for_tests(template: Template) -> None:
    """Import here what the teacher's cells import, once for all graders."""
    import importlib

    drawn = any(_DRAWS.search(cell.reference) for cell in template.cells)
    for module in template.modules:
        if drawn or not module.startswith("matplotlib"):
            with contextlib.suppress(Exception):
                importlib.import_module(module)
    import_for_all()
    if drawn:
        draw_once()
    misconceptions.prepare(template.assignment)
    prepare(template)


# Only then do tests look at pictures here; matplotlib takes longer to import than all the rest.
_DRAWS = re.compile(r"\b(plt|matplotlib|pyplot|ax|axs|axes|fig|figure|snrilab\.plots|plots)\b")


def import_for_all() -> None:
    """Import what every assignment needs."""
    misconceptions.found_in("", "", None)
    python("%matplotlib inline")
    codecs.lookup("utf-8-sig")
    clean.outputs([{"output_type": "display_data", "data": {"text/html": "<b>a table</b>"}}])


def draw_once() -> None:
    """Import what a test needs that looks at a picture; it is slow the first time only."""
    import matplotlib as mpl

    mpl.use("agg")
    from matplotlib import pyplot as plt

    from snrilab.grading.jailed import pictures

    axes = plt.subplots()[1]
    axes.plot([1, 2], "o-", label="a line")
    axes.legend()
    pictures.redraw(pictures.describe(axes))
    pictures.build_axes(3, legends=3)
    plt.close("all")


def _become_grader(
    grading: Grading, data: bytes, line: Any, writing: int, diagnose: bool, folder: str
) -> None:
    """Grade in a fresh copy of this process and a fresh folder; both end with the submission."""
    status = 1
    try:
        with contextlib.suppress(Exception):
            die_with_parent()
        import resource

        memory = GRADER_MEMORY_MB * 2**20
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        gc.disable()  # this process lives for one submission; collecting would copy shared memory
        os.chdir(folder)
        find_first(grading.template.files, folder)
        quiet_environment()
        # What numpy says about a student's odd numbers is for no teacher's terminal.
        sys.stderr = io.StringIO()
        out = os.fdopen(writing, "wb", buffering=0)

        def emit(finding: dict[str, Any]) -> None:
            out.write(json.dumps(finding).encode() + b"\n")

        grading.emit = emit
        grading.grade(data, line, diagnose)
        emit({"kind": "done"})
        status = 0
    except MemoryError:
        much = f"the tests needed more than {GRADER_MEMORY_MB} MB of memory"
        emit({"kind": "ended", "why": much})
    finally:
        os._exit(status)


def _listen(reading: int, deadline: float) -> tuple[list[dict[str, Any]], str]:
    """Collect the grader's findings until it is done; what it has found stays, whatever happens."""
    findings: list[dict[str, Any]] = []
    rest = bytearray()
    size = 0
    while True:
        left = deadline - time.monotonic()
        if left <= 0 or not select.select([reading], [], [], left)[0]:
            return findings, "the tests were not finished in time"
        data = os.read(reading, 2**18)
        size += len(data)
        if not data:
            return findings, "" if _is_done(findings) else BROKE_OFF
        if size > RESULT_BYTES:
            return findings, "the outputs are too large"
        findings += [json.loads(line) for line in whole_lines(rest, data)]


def _is_done(findings: list[dict[str, Any]]) -> bool:
    return bool(findings) and findings[-1]["kind"] == "done"


def assemble(template: Template, findings: list[dict[str, Any]]) -> dict[str, Any]:
    """Turn findings into a result: a verdict for every graded cell, comments and the notebook."""
    by_kind: dict[str, list[dict[str, Any]]] = {}
    for finding in findings:
        by_kind.setdefault(finding["kind"], []).append(finding)
    given = {f["grade_id"]: f for f in by_kind.get("verdict", [])}
    unreadable = next((f["why"] for f in by_kind.get("unreadable", [])), "")
    ended = next((f["why"] for f in by_kind.get("ended", [])), "")
    verdicts = []
    for cell in template.graded:
        if cell.grade_id in given:
            found = given[cell.grade_id]
            verdict = {k: found[k] for k in _VERDICT}
        elif unreadable:
            verdict = _verdict(cell.grade_id, None, cell.points, f"{WAITS}: {unreadable}")
            verdict |= {"held": True, "unread": True}
        elif cell.role == "task":
            verdict = _verdict(cell.grade_id, None, cell.points, WAITS)
        else:
            verdict = _verdict(cell.grade_id, 0.0, cell.points, ended or "not run")
        verdicts.append(verdict)
    stopped = {f["cell"]: _with_reason(f["why"], ended) for f in by_kind.get("stopped", [])}
    for verdict in verdicts:
        verdict["reason"] = _with_reason(verdict["reason"], ended)
    limited = [f["why"] for f in by_kind.get("limit", [])] + [ended] * is_limit(ended)
    return {
        "verdicts": verdicts,
        "comments": _comments(template, by_kind),
        "facts": [fact for f in by_kind.get("notebook", []) for fact in f["facts"]]
        + [clean.text(why, 300) for why in stopped.values()]
        + ([f"ended early: {ended}"] if ended else []),
        "held": list(dict.fromkeys(f["why"] for f in by_kind.get("held", [])))
        + ([f"{WAITS}: {unreadable}"] if unreadable else []),
        "stopped": stopped,
        "limit": limited[0] if limited else "",
        "error": unreadable,
        "misconceptions": {f["function"]: f["code"] for f in by_kind.get("misconception", [])},
        "notebook": _notebook(template, by_kind),
        "findings": [
            {k: f.get(k) for k in ("kind", "cell", "good", "number_value", "error")}
            for f in findings
            if f["kind"] in {"outputs", "setup"}
        ],
    }


def _comments(template: Template, by_kind: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    """Return the comment on each answer: nothing was written, or which idea it follows."""
    said = {f["cell"]: f["text"] for f in by_kind.get("comment", [])}
    for found in by_kind.get("misconception", []):
        name = found["function"]
        words = misconceptions.advice(template.assignment, name, found["code"])
        for cell in template.cells:
            if cell.is_answer and name in cell.names.functions and words:
                before = said.get(cell.grade_id)
                said[cell.grade_id] = " ".join(filter(None, (before, f"{name}: {words}")))
    return said


_VERDICT = ("grade_id", "score", "points", "reason", "text", "held")


def _with_reason(why: str, ended: str) -> str:
    """Say why a process ended, where the fork server knows: it ended it."""
    known = ended.startswith(("used more", "ran more"))
    return why.replace("the process ended", ended) if known else why


def with_inside(
    template: Template, first: dict[str, Any], second: dict[str, Any]
) -> dict[str, Any]:
    """Return a result with what a second process said about the tests that run inside.

    Nothing else of that process is taken over.
    """
    ids = {c.identity for c in template.cells if c.grade_id in template.inside}
    judged = {
        v["grade_id"]: {**v, "inside": True}
        for v in second["verdicts"]
        if v["grade_id"] in template.inside
    }
    shown = {c["id"]: c for c in second["notebook"]["cells"] if c["id"] in ids}
    cells = [shown.get(cell["id"], cell) for cell in first["notebook"]["cells"]]
    times = {key: first["seconds"][key] + second["seconds"][key] for key in first["seconds"]}
    return {
        **first,
        "verdicts": [judged.get(v["grade_id"], v) for v in first["verdicts"]],
        "facts": list(dict.fromkeys([*first["facts"], *second["facts"]])),  # for teachers alone
        "held": list(dict.fromkeys([*first["held"], *second["held"]])),
        "limit": first["limit"] or second["limit"],
        "notebook": {**first["notebook"], "cells": cells},
        "findings": first["findings"]
        + [f for f in second["findings"] if f["cell"] in template.inside],
        "peak": max(first["peak"], second["peak"]),
        "seconds": times,
    }


NOT_SHOWN = "[outputs of a second run are not shown]"


def second_look(first: dict[str, Any], second: dict[str, Any]) -> dict[str, Any]:
    """Return the result of a second run, showing what the first one showed.

    Before the second run, hidden tests have spoken to the student's code: what its cells show then
    could tell what these handed over, by how long things took.
    """
    tests = {v["grade_id"] for v in second["verdicts"]}
    shown = {cell["id"]: cell for cell in first["notebook"]["cells"]}
    for cell in second["notebook"]["cells"]:
        if cell["cell_type"] != "code" or cell["id"] in tests:
            continue
        before = shown.get(cell["id"], {}).get("outputs", [])
        if any(_is_stop(part) for part in before) or not before:
            before = [clean.stream("stdout", NOT_SHOWN)] if cell["outputs"] else []
        cell["outputs"] = before
    causes = list(first["stopped"].values())
    facts = [fact for fact in second["facts"] if fact not in causes]
    return {
        **second,
        "facts": [
            *(clean.text(why, 300) for why in causes if not is_limit(why) or second["limit"]),
            *facts,
        ],
        "stopped": first["stopped"],
        "comments": first["comments"],
        "misconceptions": first["misconceptions"],
    }


def _is_stop(part: dict[str, Any]) -> bool:
    return part["output_type"] == "error" and (
        part["ename"] == "NoAnswer" or is_limit(str(part["evalue"]))
    )


def _verdict(
    grade_id: str | None, score: float | None, points: float, reason: str
) -> dict[str, Any]:
    values = (grade_id, score, points, reason, "", False)
    return dict(zip(_VERDICT, values, strict=True))


def _notebook(template: Template, by_kind: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    """Return the autograded notebook: the teacher's cells and metadata, the student's answers."""
    outputs = {f["number"]: f["outputs"] for f in by_kind.get("outputs", [])}
    known = by_kind.get("notebook", [])
    pieces = known[0]["pieces"] if known else _empty_pieces(template)
    cells = []
    for number, piece in enumerate(pieces):
        place = piece["place"]
        own = template.cells[place] if place is not None else None
        cell: dict[str, Any] = {
            "id": own.identity if own is not None else f"extra-{number}",
            "cell_type": piece["cell_type"],
            "metadata": own.metadata if own is not None else {},
            "source": piece["source"],
        }
        if piece.get("attachments"):
            cell["attachments"] = piece["attachments"]
        if piece["cell_type"] == "code":
            cell["execution_count"] = None
            cell["outputs"] = outputs.get(number, [])
        cells.append(cell)
    return {"cells": cells, "metadata": template.metadata, "nbformat": 4, "nbformat_minor": 5}


def _empty_pieces(template: Template) -> list[dict[str, Any]]:
    return [
        {
            "place": cell.place,
            "cell_type": cell.cell_type,
            "source": cell.release if cell.is_answer else cell.master,
        }
        for cell in template.cells
    ]
