"""The trusted side of one submission: drive the student's process, run the tests, give points.

Runs in the forked grader, a copy of a worker for one submission.

First the student's whole notebook runs in its own process, which leaves a snapshot of itself at
every place where a test will want to call something. Only then do the tests run, here, in order,
against those snapshots. So no cell of the student's ever runs after a hidden test has spoken to
it, and a crash late in the notebook takes nothing from the tests before it.

Tests that have no meaning there run inside, in a second process of the student's that is given to
them alone: every cell in its order, as in stock nbgrader, and of other tests what students see. So
the text of a test that runs inside is met by no cell whose outputs are kept and by no test that
runs here; what that process says about such a test is believed, and about nothing else.

Copying a process takes longer than most cells. So a snapshot is put off while the cells that
follow only define further functions, and the last one is the process itself. When one that
several tests share is lost, the submission is graded once more with a snapshot for each.
"""

from __future__ import annotations

import contextlib
import copy
import dataclasses
import random
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from snrilab.grading import clean, elsewhere, library, limits
from snrilab.grading.asked import BY_NAME, fingerprint, texts_asked
from snrilab.grading.intake import Piece, Rebuilt, rebuild
from snrilab.grading.intake import UnreadableError as NoNotebook
from snrilab.grading.limits import Budget
from snrilab.grading.names import History, flow, names, python
from snrilab.grading.proxies import (
    GRACE_S,
    Called,
    Learner,
    NoAnswer,
    Snapshot,
)
from snrilab.grading.scoring import (
    NOT_RUN,
    OWN,
    RAN_INSIDE,
    SILENT,
    WAITS,
    Verdict,
    as_number,
    hidden_lines,
    points_for,
    reason_for,
)
from snrilab.grading.teachers_cells import (
    Ran,
    TestTooLong,
    answers_own_imports,
    at_most,
    bind,
    namespace,
    run_here,
)

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

    from snrilab.grading.template import Cell, Template

NO_RESPONSE = "No response."
LENT = "uses feedback.mine, which lends nothing while it is graded: copy the function there"
CLEAN_S = 2.0
ELSEWHERE_S = 3.0


@dataclass
class _Point:
    """One of the teacher's cells that will run here: with which snapshot, which names."""

    piece: Piece
    number: int
    bindings: dict[str, tuple[str, Any]]
    absent: frozenset[str] = frozenset()  # imports of the answer key that this student lacks
    snapshot: Snapshot | None = None


@dataclass
class Grading:
    """Everything that grading one notebook produced; `emit` hands it on piece by piece.

    Parameters
    ----------
    template : Template
        The teacher's notebook.
    declared : frozenset of str
        Tests whose last line is a number when the answer key runs: partial credit.
    emit : callable
        Called with each finding as soon as it is known: dictionaries of plain data.
    apart : bool
        Leave a snapshot of its own for each answer, whatever it takes.
    inside : frozenset of str or None
        Run every cell in the student's process, one after the other, as stock nbgrader does, and
        judge these tests; None: run tests here. Nothing protects a test there.
    own : bool
        Whether these are the teacher's own answers, about which all may be said.
    heard : bool
        Whether a hidden test has spoken to the student's code: from then on feedback holds no word
        of that code, which could tell what the test handed over.
    """

    template: Template
    declared: frozenset[str] = frozenset()
    budget: Budget = field(default_factory=Budget)
    emit: Callable[[dict[str, Any]], None] = lambda _: None
    apart: bool = False
    before: dict[str, str] | None = None  # what stopped answers in a first run; None in that run
    inside: frozenset[str] | None = None
    own: bool = False
    heard: bool = field(default=False, init=False)
    _fresh: Snapshot | None = field(default=None, init=False)
    unread: str = field(default="", init=False)
    asked: dict[str, str] = field(default_factory=dict, init=False)  # test to its answers' text
    stopped: dict[str, str] = field(default_factory=dict, init=False)
    suspected: dict[str, str] = field(default_factory=dict, init=False)  # told if it costs points
    lent: dict[str, str] = field(default_factory=dict, init=False)
    absent: dict[int, list[str]] = field(default_factory=dict, init=False)

    def grade(self, data: bytes, line: socket.socket, diagnose: bool = False) -> None:
        """Grade one submitted notebook.

        Parameters
        ----------
        data : bytes
            The submitted file.
        line : socket.socket
            Connection to the student's process.
        diagnose : bool
            Also look for known misconceptions in the answers that failed.
        """
        self.stopped = dict(self.before or {})
        deadline = time.monotonic() + self.budget.submission_s * self.budget.stretch
        try:
            rebuilt = rebuild(self.template, data)
        except NoNotebook as why:
            self.emit({"kind": "unreadable", "why": str(why)})
            return
        self.unread = rebuilt.unread
        self.asked = texts_asked(rebuilt.pieces)
        self._tell_notebook(rebuilt)
        self._verdicts_by_hand(rebuilt)
        learner = Learner(line, deadline, self.budget)
        start = time.monotonic()
        if self.inside is not None:
            self._all_inside(rebuilt, learner, self.inside)
            self.emit({"kind": "time", "cells": time.monotonic() - start, "tests": 0.0})
            learner.close()
            return
        points = self._students_part(rebuilt, learner, diagnose=diagnose)
        middle = time.monotonic()
        self._teachers_part(points, learner)
        if learner.died or self._lost(points):
            self.emit({"kind": "died"})
        self.emit({"kind": "time", "cells": middle - start, "tests": time.monotonic() - middle})
        self._diagnose(learner)
        learner.close()

    def _tell_notebook(self, rebuilt: Rebuilt) -> None:
        pieces = [
            {
                "place": piece.cell.place if piece.cell is not None else None,
                "cell_type": piece.cell_type,
                **_shown_source(piece),
            }
            for piece in rebuilt.pieces
        ]
        self.emit({"kind": "notebook", "pieces": pieces, "facts": rebuilt.facts})

    def _verdicts_by_hand(self, rebuilt: Rebuilt) -> None:
        """Give 0 to written answers that were left untouched, and leave the rest to a person.

        A notebook that holds words of the student's elsewhere may hold the answer there.
        """
        for piece in rebuilt.pieces:
            cell = piece.cell
            if cell is None or cell.role not in {"manual", "solution"} or cell.grade_id is None:
                continue
            untouched = piece.is_untouched
            if cell.role == "manual":
                elsewhere = rebuilt.outside or rebuilt.beside or rebuilt.unread
                final = untouched and not elsewhere
                reason = NO_RESPONSE if final else WAITS
                if untouched and (rebuilt.outside or rebuilt.unread):
                    why = rebuilt.unread or f"it holds text elsewhere: {rebuilt.outside}"
                    reason = f"{WAITS}: the answer cell {cell.grade_id} is empty, but {why}"
                    self.emit({"kind": "held", "why": reason})
                self._tell(
                    Verdict(
                        cell.grade_id,
                        0.0 if final else None,
                        cell.points,
                        clean.text(reason, 600),
                        held=reason not in {NO_RESPONSE, WAITS},
                        text=fingerprint(
                            f"{piece.source}\0{rebuilt.outside}" if untouched else piece.source
                        ),
                    )
                )
                untouched = final
            self.emit(
                {
                    "kind": "comment",
                    "cell": cell.grade_id,
                    "text": NO_RESPONSE if untouched else None,
                }
            )

    def _tell(self, verdict: Verdict) -> None:
        if self.unread and verdict.score is not None and verdict.score < verdict.points:
            why = f"{WAITS}: {self.unread}"
            verdict = dataclasses.replace(verdict, score=None, reason=why, held=True)
            self.emit({"kind": "held", "why": why})
        elif not verdict.text:
            verdict = dataclasses.replace(verdict, text=self.asked.get(verdict.grade_id, ""))
        self.emit({"kind": "verdict", **vars(verdict)})

    # -- the student's part ---------------------------------------------------------------------

    def _students_part(self, rebuilt: Rebuilt, learner: Learner, *, diagnose: bool) -> list[_Point]:
        """Run the student's notebook to its end; return what the tests will need."""
        needed = self._needed_here()
        points: list[_Point] = []
        waiting: list[_Point] = []  # for a snapshot
        history = History()
        owned: set[str] = set()
        imported: set[str] = set()  # by answers alone
        known: set[str] = set()  # by cells that run here
        fetched: dict[str, tuple[str, Any]] = {}
        shown_later = _shown_tests_used_later(rebuilt)
        for number, piece in enumerate(rebuilt.pieces):
            cell = piece.cell
            here = cell is not None and cell.place in needed
            if here and cell is not None:
                wanted = sorted(owned & needed[cell.place])
                theirs = sorted((imported - known - cell.names.binds) & cell.names.uses)
                missing = [name for name in (*wanted, *theirs) if name not in fetched]
                fetched |= learner.fetch(missing, self.budget.cell_s)
                bindings = {name: fetched[name] for name in wanted}
                self.absent[cell.place] = [n for n in wanted if fetched[n][0] == "missing"]
                absent = frozenset(n for n in theirs if fetched[n][0] in {"missing", "gone"})
                calls = any(kind == "function" for kind, _ in bindings.values())
                points.append(_Point(piece, number, bindings, absent))
                waiting += points[-1:] if calls else []
            shown = number in shown_later
            if piece.cell_type == "code" and (cell is None or cell.role != "test" or shown):
                source = _run_source(piece)
                if not history.only_adds(source) or self.apart:
                    waiting = _take(waiting, learner.snapshot)
                self._run_there(number, source, learner, piece, quiet=shown)
                fetched = {}
            if cell is not None and cell.is_answer:
                if cell.grade_id and _asks_mine(piece):
                    self.lent[cell.grade_id] = f"answer cell {cell.grade_id} {LENT}"
                owned |= self.template.answered_in(cell)
                imported |= cell.names.imports
            elif here and cell is not None:
                owned -= cell.names.binds
                known |= cell.names.binds
        if diagnose and self._to_diagnose():
            self._fresh = learner.snapshot()
        if self._may_be_elsewhere(rebuilt):
            self._find_elsewhere(points, learner)
        _take(waiting, learner.snapshot if self.apart else learner.stay)
        if learner.gone:
            self.emit({"kind": "ended", "why": learner.gone})
        return points

    def _may_be_elsewhere(self, rebuilt: Rebuilt) -> bool:
        """Whether an answer has a line in a function that may work on another machine alone."""
        if self.before is not None or self.own:
            return False
        code = [p for p in rebuilt.pieces if p.cell_type == "code"]
        own = [
            p.source for p in code if p.cell is None or (p.cell.is_answer and not p.is_untouched)
        ]
        given = [p.cell.release for p in code if p.cell is not None and not p.cell.is_answer]
        return elsewhere.may_be_elsewhere(own, given)

    def _find_elsewhere(self, points: list[_Point], learner: Learner) -> None:
        """Run what students see of the tests, to tell which answers miss something here.

        In a copy of the student's process to which no hidden test ever speaks.
        """
        there = learner.snapshot()
        space = namespace()
        drawn = random.getstate(), np.random.get_state()  # noqa: NPY002 -- what tests may draw from
        seconds = min(self.budget.cell_s, ELSEWHERE_S)
        until = time.monotonic() + seconds * self.budget.stretch
        before, asked = set(self.stopped), set()
        functions: dict[str, Cell] = {}
        for point in points:
            cell = point.piece.cell
            assert cell is not None  # noqa: S101 -- only the teacher's cells become points
            if there.gone or time.monotonic() > until:
                break
            called = learner.begin_cell(seconds)
            functions |= {
                name: cell for name, (kind, _) in point.bindings.items() if kind == "function"
            }
            bind(space, copy.deepcopy(point.bindings), there, cell)
            answers_own_imports(space, cell, self.template, point.absent)
            wall = seconds * self.budget.stretch + 2 * GRACE_S
            ran = run_here(cell.release, cell.grade_id or cell.identity, space, wall)
            asked |= called.asked
            if cell.role == "test" and (ran.error is not None or called.unanswered):
                self.stopped |= self._elsewhere(cell, called, self.stopped)
        for known in self.stopped.keys() - before:
            self.emit({"kind": "stopped", "cell": known, "why": self.stopped[known]})
        # What no visible test calls is called with something: a line that misses a package or a
        # file often comes before any calculation. It counts only where a test is lost, too.
        for name in functions.keys() - asked:
            for value in (1.0, np.array([1.0, 2.0, 3.0])):
                if there.gone or time.monotonic() > until:
                    break
                called = learner.begin_cell(seconds)
                with contextlib.suppress(NoAnswer, Exception):
                    wanted = there.signature(name).parameters.values()
                    given = [value for one in wanted if one.default is one.empty]
                    there.function(name)(*given)
                self.suspected |= self._elsewhere(functions[name], called, self.suspected)
        there.close()
        random.setstate(drawn[0])
        np.random.set_state(drawn[1])  # noqa: NPY002 -- as before

    def _elsewhere(self, cell: Cell, called: Called, known: dict[str, str]) -> dict[str, str]:
        """Return which answers miss something here, by the calls of a test, and what."""
        return {
            str(other.grade_id): clean.text(
                f"answer cell {other.grade_id} stopped: {elsewhere.cause(kinds, message)}", 400
            )
            for name, kinds, message in reversed(called.raised)
            if elsewhere.is_elsewhere(kinds, message)
            for other in self.template.cells[: cell.place]
            if other.grade_id
            and other.grade_id not in known
            and name in self.template.answered_in(other)
        }

    def _lost(self, points: list[_Point]) -> bool:
        """Whether an answer to one test may have cost another test its answers."""
        used = [p.snapshot for p in points if p.snapshot is not None]
        return any(s.died or (s.gone and not self.apart and used.count(s) > 1) for s in used)

    def _needed_here(self) -> dict[int, set[str]]:
        """Return the teacher's cells that run here, with the names each may see.

        A cell that only shows something with the learner's functions runs in the student's
        process alone, unless a test depends on what it binds. Names that a cell cannot reach are
        left out: each copy of the process that answers calls takes its time.
        """
        learners: set[str] = set()
        for cell in self.template.cells:
            if cell.is_answer:
                learners |= self.template.answered_in(cell)
        wanted: list[Cell] = []
        used_later: set[str] = set()
        for cell in reversed(self.template.cells):
            if cell.cell_type != "code" or cell.role not in {"test", "setup"}:
                continue
            uses_learners = bool(cell.names.uses & learners)
            binds_needed = bool(cell.names.binds & used_later)
            judged = cell.role == "test" and cell.grade_id not in self.template.inside
            setup = cell.role == "setup" and not uses_learners
            if judged or setup or binds_needed:
                used_later |= cell.names.uses
                wanted.insert(0, cell)
        needed: dict[int, set[str]] = {}
        behind: dict[str, set[str]] = {}  # what the teacher's own helpers use in their turn
        for cell in wanted:
            uses = set(cell.names.uses).union(*(behind.get(n, ()) for n in cell.names.uses))
            if uses & BY_NAME:
                uses |= used_later | learners
            own = flow(cell.master).sets - flow(cell.master).wants
            needed[cell.place] = (uses & learners) - own
            for name in cell.names.binds | cell.names.changes:
                behind.setdefault(name, set()).update(uses)
        return needed

    def _run_there(
        self, number: int, source: str, learner: Learner, piece: Piece, *, quiet: bool = False
    ) -> None:
        """Run a cell in the student's process and keep what it showed, unless that is a test."""
        if not source.strip():
            return
        was_gone = bool(learner.gone)
        kind = "cell" if self.inside is None else "kernel"
        good, shown = learner.run(number, source, self.budget.cell_s, kind)
        if quiet:
            return
        outputs = _harmless(shown)
        if not good and not was_gone:
            self._note_stop(piece, outputs, learner.gone)
        if not good and learner.gone:
            outputs = [clean.error("NoAnswer", f"The cell was not finished: {learner.gone}.", [])]
        self.emit({"kind": "outputs", "number": number, "outputs": outputs, "good": good})

    def _note_stop(self, piece: Piece, outputs: list[dict[str, Any]], gone: str) -> None:
        """Note what stopped a cell: no hidden test has spoken to the student's code yet."""
        why = gone or limits.cause(outputs)
        if limits.is_limit(why):
            self.emit({"kind": "limit", "why": why})
        cell = piece.cell
        if cell is None or not cell.is_answer or piece.is_untouched or self.before is not None:
            return
        if cell.grade_id and why:
            how = f"was {why}" if why.startswith(limits.STOPPED) else f"stopped: {why}"
            self.stopped[cell.grade_id] = f"answer cell {cell.grade_id} {how}"
            self.emit(
                {"kind": "stopped", "cell": cell.grade_id, "why": self.stopped[cell.grade_id]}
            )

    def _causes(self, cell: Cell) -> str:
        """Say which answers stopped that this test cell needs, and which names there are not.

        Both were known before any hidden test spoke to the student's code.
        """
        absent = [] if self.before is not None else self.absent.get(cell.place, [])
        for other in self.template.cells[: cell.place]:
            name = other.grade_id
            why = self.suspected.get(name or "", "")
            if why and name not in self.stopped and self._is_needed(other, cell):
                self.stopped[str(name)] = why
                self.emit({"kind": "stopped", "cell": name, "why": why})
        found = [f"{name} is not defined" for name in absent[:2]]
        found += [
            known[other.grade_id]
            for known in (self.lent, self.stopped)
            for other in self.template.cells[: cell.place]
            if other.grade_id in known and self._is_needed(other, cell)
        ]
        return "; ".join(found[:4])

    def _is_needed(self, answer: Cell, test: Cell) -> bool:
        return bool(self.template.answered_in(answer) & test.names.uses)

    def _all_inside(self, rebuilt: Rebuilt, learner: Learner, judged: frozenset[str]) -> None:
        """Run every cell in the student's process, tests too, and give points as nbgrader does.

        Of tests that are not judged only what students see is run: nothing secret of theirs is
        there to be read.
        """
        hides = any(hidden_lines(c.master) for c in self.template.cells if c.role == "test")
        self.heard = hides and not self.own
        for number, piece in enumerate(rebuilt.pieces):
            cell = piece.cell
            if piece.cell_type != "code":
                continue
            if cell is not None and cell.role == "test" and cell.grade_id in judged:
                good, shown = learner.run(number, cell.master, self.budget.cell_s, "kernel")
                self._judge_inside(cell, number, shown, learner, good=good)
            else:
                self._run_there(number, _run_source(piece), learner, piece, quiet=not self.own)
        if learner.died and not self.own:
            self.emit({"kind": "died"})

    def _judge_inside(
        self, cell: Cell, number: int, shown: Any, learner: Learner, *, good: bool
    ) -> None:
        """Give points for a test by what the student's process says about it."""
        assert cell.grade_id is not None  # noqa: S101 -- a test always has one
        listed = shown if isinstance(shown, list) else []
        parts = [part for part in listed if isinstance(part, dict)]
        result = [p.get("data") or {} for p in parts if p.get("output_type") == "execute_result"]
        errors = [p for p in parts if p.get("output_type") == "error"]  # of `%%capture`, too
        good = good and not errors
        number_value = None
        with contextlib.suppress(ValueError, KeyError, IndexError, TypeError):
            number_value = float(result[-1]["text/plain"])
        if good:
            declares = cell.grade_id in self.declared
            score, reason = points_for(number_value, cell.points, declares)
        else:
            errors = errors or [{}]
            words = [str(errors[-1].get(key, "")).strip() for key in ("ename", "evalue")]
            score, reason = 0.0, ": ".join(filter(None, words)) or learner.gone
            way = errors[-1].get("traceback")
            where = [w for w in way if str(w)[:5] == "line "] if isinstance(way, list) else []
            reason = f"{reason} ({where[0]})" if where else reason
        if limits.is_limit(reason) and not self.own:
            self.emit({"kind": "limit", "why": "a test"})
        if score == 0 and self.heard:  # nothing that this process can choose
            reason = SILENT if hidden_lines(cell.master) else f"this test did not pass; {OWN}"
        elif reason and self.heard:  # as exact as a page of feedback is, and no more
            reason = f"{score:.2f} of {cell.points:g} points"
        causes = self._causes(cell) if score < cell.points else ""
        reason = f"{reason} ({causes})" if causes else reason
        reason = clean.text(" ".join(reason.split()), 700)
        self._tell(Verdict(cell.grade_id, score, cell.points, reason))
        outputs = [clean.stream("stdout", RAN_INSIDE)]
        if score == 0:
            outputs.append(clean.error("NotPassed", reason, [f"NotPassed: {reason}"]))
        self.emit(
            {
                "kind": "outputs",
                "number": number,
                "outputs": outputs,
                "good": good,
                "number_value": number_value is not None,
                "cell": cell.grade_id,
            }
        )

    # -- the teacher's part ---------------------------------------------------------------------

    def _teachers_part(self, points: list[_Point], learner: Learner) -> None:
        """Run the teacher's cells in order, in one namespace of this process."""
        space = namespace()
        for point in points:
            cell = point.piece.cell
            assert cell is not None  # noqa: S101 -- only the teacher's cells become points
            snapshot = point.snapshot or learner.no_snapshot()
            called = learner.begin_cell(self.budget.cell_s)
            bind(space, point.bindings, snapshot, cell)
            answers_own_imports(space, cell, self.template, point.absent)
            # Calls end first, each in its time: what is interrupted here is the test's own work.
            seconds = self.budget.cell_s * self.budget.stretch + 2 * GRACE_S
            ran = run_here(cell.master, cell.grade_id or cell.identity, space, seconds)
            if cell.role == "test":
                self._judge(cell, point.number, ran, called)
            elif not point.piece.is_students and ran.error is not None:
                self.emit({"kind": "setup", "cell": cell.identity, "error": repr(ran.error)[:300]})

    def _judge(self, cell: Cell, number: int, ran: Ran, called: Called) -> None:
        assert cell.grade_id is not None  # noqa: S101 -- a test always has one
        error = ran.error
        declares = cell.grade_id in self.declared
        secret = bool(hidden_lines(cell.master))
        self.heard |= secret
        if cell.grade_id in self.template.inside:
            return
        if cell.grade_id in self.template.refused:
            why = NOT_RUN + self.template.refused[cell.grade_id]
            self._tell(Verdict(cell.grade_id, None, cell.points, clean.text(why, 700)))
            return
        if called.unanswered:
            score, reason = 0.0, ": ".join(filter(None, (called.unanswered, called.words)))
            if self.heard:
                reason = SILENT if secret else f"this test did not pass; {OWN}"
            if called.late:
                self.emit({"kind": "limit", "why": "a test"})
        elif error is not None:
            score, reason = 0.0, reason_for(error, ran.line, cell.master, ran.path, self.heard)
            if isinstance(error, TestTooLong):
                reason = SILENT if self.heard else "the test was not finished in time"
                self.emit({"kind": "limit", "why": "a test"})
        else:
            score, reason = points_for(ran.value, cell.points, declares)
        if score < cell.points and called.changed and not self.heard:
            reason = f"{reason} ({called.changed})"
        causes = self._causes(cell) if score < cell.points else ""
        reason = f"{reason} ({causes})" if causes else reason
        reason = clean.text(" ".join(reason.split()), 700)
        self._tell(Verdict(cell.grade_id, score, cell.points, reason))
        outputs = [clean.stream("stdout", ran.printed)] if ran.printed else []
        if called.printed and not self.heard:
            outputs.append(clean.stream("stdout", called.printed))
        number_value = as_number(ran.value) if error is None else None
        showable = not self.heard or (declares and number_value is not None)
        if error is None and not called.unanswered and ran.value is not None and showable:
            shown = {"text/plain": clean.text(_shown_value(ran.value), 2000)}
            outputs.append(
                {
                    "output_type": "execute_result",
                    "data": shown,
                    "metadata": {},
                    "execution_count": None,
                }
            )
        if error is not None or called.unanswered:
            kind = "NoAnswer" if called.unanswered else type(error).__name__
            kind = "NotPassed" if self.heard else kind
            where = called.where.split("\n") if called.where and not self.heard else []
            outputs.append(clean.error(kind, reason, [*where, f"{kind}: {reason}"]))
        self.emit(
            {
                "kind": "outputs",
                "number": number,
                "outputs": outputs,
                "good": error is None,
                "number_value": number_value is not None,
                "cell": cell.grade_id,
            }
        )

    def _diagnose(self, learner: Learner) -> None:
        """Look for known misconceptions in the learner's functions, for feedback and report.

        No hidden test has spoken to the copy of the process that answers here: what is said about
        it can tell nothing of them.
        """
        from snrilab.grading.misconceptions import found_in

        if self._fresh is None:
            return
        for name in sorted(self._to_diagnose()):
            learner.begin_cell(self.budget.cell_s)
            with contextlib.suppress(NoAnswer, Exception):
                function = self._fresh.function(name)
                code = found_in(self.template.assignment, name, function)
                if code:
                    self.emit({"kind": "misconception", "function": name, "code": code})

    def _to_diagnose(self) -> set[str]:
        """Return the functions of answers whose misconceptions are known."""
        from snrilab.grading.misconceptions import exercises_of

        functions = {n for c in self.template.cells if c.is_answer for n in c.names.functions}
        return functions & exercises_of(self.template.assignment).keys()


def _asks_mine(piece: Piece) -> bool:
    """Whether an answer asks `feedback.mine` for a function of a lesson."""
    if piece.cell_type != "code" or "mine" not in piece.source:
        return False
    with contextlib.suppress(SyntaxError, ValueError, RecursionError):
        return library.lends(python(piece.source))
    return False


def _run_source(piece: Piece) -> str:
    """Return what of a cell runs in the student's process."""
    cell = piece.cell
    return cell.release if cell is not None and not cell.is_answer else piece.source


def _take(waiting: list[_Point], leave: Callable[[], Snapshot]) -> list[_Point]:
    """Give all that wait one snapshot; nobody waits any more."""
    if waiting:
        snapshot = leave()
        for point in waiting:
            point.snapshot = snapshot
    return []


def _shown_tests_used_later(rebuilt: Rebuilt) -> set[int]:
    """Return the tests whose visible text gives names to cells of the student's that follow."""
    later: set[str] = set()
    found: set[int] = set()
    giving = [
        number
        for number, piece in enumerate(rebuilt.pieces)
        if piece.cell is not None and piece.cell.role == "test" and names(piece.cell.release).binds
    ]
    for number, piece in reversed(list(enumerate(rebuilt.pieces))):
        cell = piece.cell
        if not giving or number < giving[0]:
            break  # what stands before all of them takes nothing from them
        if piece.cell_type != "code":
            continue
        if cell is not None and cell.role == "test":
            if later & names(cell.release).binds:
                found.add(number)
                later |= flow(cell.release).wants
        else:
            text = flow(_run_source(piece))
            later = (later - text.sets) | text.wants
    return found


def _shown_source(piece: Piece) -> dict[str, Any]:
    if piece.cell_type == "code" or not piece.is_students:
        return {"source": clean.text(piece.source, 500_000)}
    if piece.cell is not None and piece.source in {piece.cell.release, piece.cell.master}:
        return {"source": piece.source}
    source, attachments = clean.with_pictures(piece.source, piece.attachments)
    return {"source": source, "attachments": attachments} if attachments else {"source": source}


def _harmless(shown: Any) -> list[dict[str, Any]]:
    """Return outputs without anything active; some HTML takes minutes to take apart."""
    try:
        with at_most(CLEAN_S):
            return clean.outputs(shown)
    except TestTooLong:
        return [clean.stream("stderr", "[what this cell showed is too intricate; it was not kept]")]
    except RecursionError:
        return [clean.stream("stderr", "[what this cell showed is nested too deeply]")]


def _shown_value(value: Any) -> str:
    try:
        return repr(value)
    except BaseException:  # noqa: BLE001 -- only shown
        return type(value).__name__
