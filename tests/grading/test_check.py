"""`snrilab check` says what it is doing, and ends when it is asked to."""

from __future__ import annotations

import io
import os
import signal
import sys
import threading
import time
from typing import TYPE_CHECKING

import pytest

from snrilab import __main__
from snrilab.grading import check, proof_process
from tests.grading import assignments
from tests.grading.conftest import write_course

if TYPE_CHECKING:
    from pathlib import Path

pytest.importorskip("nbgrader", reason="checking an assignment needs nbgrader")

SHORT = assignments.notebook(
    assignments.values("kd", "kd_nM = 1 + 2"), assignments.test("test-kd", 1, "assert kd_nM == 3")
)
STAGES = """
import json, sys, time
open({mark!r}, "w").write(str(__import__("os").getpid()))
sys.stdin.buffer.read()
for now in (["cohort", "your own answers", 0, 0], ["cohort", "wrong answers", 1, 9],
            ["cohort", "wrong answers", 2, 9]):
    print(json.dumps({{"now": now}}), flush=True)
{then}
"""


def stand_in(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, then: str) -> Path:
    """Let something prove that says the stages and then does what is asked for."""
    mark = tmp_path / "pid"
    code = STAGES.format(mark=str(mark), then=then)
    monkeypatch.setattr(proof_process, "COMMAND", (sys.executable, "-c", code))
    return mark


def test_each_stage_is_said_and_the_answer_stays_apart(
    tmp_path: Path, jail: None, capsys: pytest.CaptureFixture[str]
) -> None:
    write_course(tmp_path / "course", {"short": SHORT}, {})
    assert __main__.main(["check", "short", "--course", str(tmp_path / "course")]) == 0
    said = capsys.readouterr()
    lines = said.err.splitlines()
    assert lines[:3] == [
        "short: making the jail ready …",
        "short: your own answers …",
        "short: the untouched release …",
    ]
    assert lines[3].startswith("short: wrong answers derived from yours (")
    assert len(lines) == len(set(lines)), "a log has one line for each stage"
    assert "model answer:" in said.out
    assert "…" not in said.out


def test_a_mistyped_name_is_answered_with_those_that_are_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = write_course(tmp_path / "course", dict.fromkeys(["ps2_a", "ps3_b"], SHORT), {})
    for given, there in (("ps3", "ps3_b"), ("quark", "ps2_a, ps3_b")):
        assert __main__.main(["check", given, "--course", str(root)]) == 2
        assert capsys.readouterr().out.endswith(f"source/{given}. There are: {there}.\n")


def test_on_a_terminal_one_line_is_drawn_again(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(sys, "stderr", Terminal())
    with check.Progress() as progress:
        progress.tell("cohort", "wrong answers", 3, 9)
        progress.tell("cohort", "wrong answers \x1b[31m" + "long " * 200, 4, 9)
    drawn = sys.stderr.getvalue()
    assert "\n" not in drawn
    assert "\r\x1b[Kcohort: wrong answers, 3 of 9" in drawn
    assert "\x1b[31m" not in drawn
    assert drawn.endswith("\r\x1b[K"), "it is gone before the answer stands there"
    assert max(map(len, drawn.split("\r"))) < 200


def test_ctrl_c_ends_it_and_what_it_has_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write_course(tmp_path / "course", {"cohort": assignments.cohort()}, {})
    mark = stand_in(monkeypatch, tmp_path, "time.sleep(60)")

    def press() -> None:
        until = time.monotonic() + 20
        while not (mark.exists() and mark.read_text()) and time.monotonic() < until:
            time.sleep(0.02)
        os.kill(os.getpid(), signal.SIGINT)

    # Who starts the tests in the background starts them deaf to Ctrl+C.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        threading.Thread(target=press).start()
        assert __main__.main(["check", "cohort", "--course", str(tmp_path / "course")]) == 130
    finally:
        signal.signal(signal.SIGINT, before)
    said = capsys.readouterr()
    assert said.err.endswith("Stopped. The same command begins again.\n")
    assert "raceback" not in said.err + said.out
    with pytest.raises(ProcessLookupError):
        os.kill(int(mark.read_text()), 0)


@pytest.mark.parametrize(
    ("then", "why"),
    [
        ("sys.exit('no more memory')", "no more memory"),
        ("print('{\"proofs\": [', end='')", "exit status 0"),
    ],
)
def test_a_process_that_breaks_off_is_no_answer(
    then: str, why: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in(monkeypatch, tmp_path, then)
    told: list[tuple[object, ...]] = []
    with pytest.raises(proof_process.ProofError, match=why):
        proof_process.prove_apart([], 0, lambda *now: told.append(now))
    assert told[-1] == ("cohort", "wrong answers", 2, 9)


def test_what_a_check_cell_says_not_yet_to_is_in_the_list_and_no_noise(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    import nbformat

    name = "lesson02/conc_for_share"
    cells = [
        "from snrilab import feedback",
        "def conc_for_share(share, kd_nM):\n    return kd_nM * (1 - share) / share",
        f'feedback.check("{name}", conc_for_share)',
        "def conc_for_share(share, kd_nM):\n    return kd_nM * share / (1 - share)",
        f'feedback.check("{name}", conc_for_share)',
    ]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(one) for one in cells])
    path = tmp_path / "mine.ipynb"
    nbformat.write(notebook, path)
    said: list[str] = []
    assert check.check_notebook(path, tmp_path, said.append) == 1
    assert [line.strip()[:22] for line in said if "Not yet" in line] == ["Cell number 3: Not yet"]
    heard = capfd.readouterr()
    assert "WARNING" not in heard.out + heard.err
