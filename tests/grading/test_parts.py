"""The engine's parts by themselves: scoring, names, intake, cleaning, export, archives, statistics."""

# ruff: noqa: E501 -- tables of cases

from __future__ import annotations

import csv
import gzip
import html
import io
import json
import logging
import os
import tarfile
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest.mock import create_autospec

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from traitlets.config import Config

from snrilab.grading import clean, reading, statistics
from snrilab.grading.archives import ArchiveError, SafeExtractor, unpack
from snrilab.grading.asked import texts_asked
from snrilab.grading.classrun import submission_time
from snrilab.grading.clean import safe_words
from snrilab.grading.export import safe_cell, write_table
from snrilab.grading.feedback import harden, redact
from snrilab.grading.folders import Submitted
from snrilab.grading.intake import rebuild
from snrilab.grading.jailed.walls import FILTERS, call_filter
from snrilab.grading.names import flow, names
from snrilab.grading.people import problem_with
from snrilab.grading.reading import UnreadableError, read_file
from snrilab.grading.scoring import points_for, reason_for
from snrilab.grading.teachers_cells import Ran, run_here
from snrilab.grading.template import TemplateError, from_plain, prepare, to_plain
from snrilab.grading.times import read_time, time_text
from tests.grading import assignments
from tests.grading.attacks import ACTIVE
from tests.grading.browsers_eye import active_parts

BAD_INPUT = [
    (statistics.difficulty, {"scores": [[1.0, np.nan]], "points": [1, 1]}, "scores"),
    (statistics.difficulty, {"scores": [[1.0, 1.0]], "points": [1, 0]}, "points"),
    (statistics.discrimination, {"scores": [1.0, 2.0]}, "scores"),
    (statistics.alpha, {"scores": [[1.0, 2.0]]}, "scores"),
    (statistics.reliability, {"scores": [[1.0, 2.0], [2.0, 1.0]], "level": 1.5}, "level"),
]


# -- points -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "points", "declared", "earned"),
    [
        (3, 4, True, 3), (np.float64(2.5), 4, True, 2.5), (0, 4, True, 0), (4, 4, True, 4),
        (5, 4, True, 0), (-1, 4, True, 0), (float("nan"), 4, True, 0), (float("inf"), 4, True, 0),
        (10**400, 4, True, 0), (True, 4, True, 0), ("4", 4, True, 0), (None, 4, True, 0),
        (None, 4, False, 4), (0, 4, False, 4), ("text", 4, False, 4),
    ],
)  # fmt: skip
def test_partial_credit_only_where_declared(
    value: object, points: float, declared: bool, earned: float
) -> None:
    assert points_for(value, points, declared)[0] == earned


CELL = """assert f(1) == 2, 'double it'
assert f(2) == 4
### BEGIN HIDDEN TESTS
assert f(7) == 14, 'seven too'
assert f(8) == 16
np.testing.assert_allclose(f(9), 18, err_msg='nine too')
np.testing.assert_allclose(f(10), 20)
g(f(11))
### END HIDDEN TESTS"""


@pytest.mark.parametrize(
    ("right_up_to", "reason"),
    [
        (0, "double it"), (1, "this did not hold: f(2) == 4"), (6, "seven too"), (7, "a hidden test did not pass"),
        (8, "nine too"), (9, "a hidden test did not pass"), (10, "a hidden test did not pass"),
    ],
)  # fmt: skip
def test_a_reason_that_shows_no_hidden_test(right_up_to: int, reason: str) -> None:
    space = {"np": np, "f": lambda x: 2 * x if x <= right_up_to else -1, "g": lambda x: 1 / 0}
    ran: Ran = run_here(CELL, "cell", space, 5)
    assert ran.error is not None
    assert reason_for(ran.error, ran.line, CELL) == reason


def test_a_test_that_never_ends_is_stopped() -> None:
    ran = run_here(
        "while True:\n    try:\n        while True: pass\n    except Exception: pass", "c", {}, 0.3
    )
    assert type(ran.error).__name__ == "TestTooLong"


# -- reading ------------------------------------------------------------------------------------


def test_names_of_a_cell() -> None:
    found = names(
        "%matplotlib inline\nimport numpy as np\nfrom math import exp\nx, (y, *z) = 1, (2, 3)\nfor i in range(3): pass\n"
        "def f(a):\n    inner = a + q\n    return inner\nclass C: pass\ntable['k'] = 1\nax.plot(x)\nvalue = ax.get_xlabel()\n"
        "with open('f') as file: pass\n[n for n in x]\nif (w := 3): pass\ntotal += 1\n"
    )
    assert found.binds >= {"np", "exp", "x", "y", "z", "i", "f", "C", "value", "file", "w", "total"}
    assert not found.binds & {"inner", "a", "n", "table"}
    assert found.imports == {"np", "exp"}
    assert found.functions == {"f"}
    assert found.changes == {"table", "ax"}
    assert {"q", "total"} <= found.uses
    assert names("def broken(:\n").binds == frozenset()


@pytest.mark.parametrize(
    ("source", "wants", "sets", "lingering"),
    [
        ("x = 1\nx + y", "y", "x", ""),
        ("if a: x = 1\nelse: x = 2\nx", "a", "x", ""),
        ("if a: x = 1\nx", "a x", "", ""),
        ("for i in r:\n    y = i\ny", "r y", "", ""),
        ("try:\n    x = 1\nexcept E as e:\n    raise\nx", "E", "x", ""),
        ("try:\n    x = 1\nexcept E:\n    pass\nx", "E x", "", ""),
        (
            "match p:\n    case [a, *b] if c: (a, b, d)\n    case {'k': v, **rest}: (v, rest)",
            "p c d",
            "",
            "",
        ),
        ("with open(f) as g, h as (k, m): z = k", "open f h", "g k m z", ""),
        ("x += 1", "x", "x", ""),
        ("del q", "q", "", ""),
        ("a[0] = 1; b.c = 2; (d, e) = 1, 2", "a b", "d e", ""),
        ("f = lambda x: x + w\ng = [i * j for i in u for j in i if m]", "w u m", "f g", "w"),
        ("class A(B):\n    s = t\n    def m(self): return v", "B t v", "A", "v"),
        ("def f(n=k): return f(n - 1) + g\ng = 1", "k", "f g", "f g"),
        ("async def f(): await h()", "h", "f", "h"),
        ("y: int = x\nz: float", "x", "y", ""),
        ("def broken(", "", "", ""),
    ],
)
def test_what_a_cell_takes_from_the_notebook_and_leaves_in_it(
    source: str, wants: str, sets: str, lingering: str
) -> None:
    found = flow(source)
    assert found.wants == set(wants.split())
    assert found.sets == set(sets.split())
    assert found.lingering == set(lingering.split())


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["cells", "source", "metadata", "nbgrader", "grade_id", "id", "cell_type"]), inner), max_leaves=30))  # fmt: skip
def test_any_json_is_rebuilt_on_the_template_or_refused(anything: object) -> None:
    template = _receptor()
    try:
        rebuilt = rebuild(template, json.dumps({"cells": anything}).encode())
    except UnreadableError:
        return
    kept = [piece.cell for piece in rebuilt.pieces if piece.cell is not None]
    assert kept == list(template.cells)
    for piece in rebuilt.pieces:
        if piece.cell is not None and piece.cell.role == "test":
            assert piece.source == piece.cell.master


_KEPT = {}


@given(
    st.sampled_from(["code", "markdown"]),
    st.text(max_size=20),
    st.fixed_dictionaries(
        {"grade_id": st.text(max_size=5), "points": st.integers(0, 9) | st.floats(0, 9)},
        optional={name: st.booleans() for name in ("grade", "solution", "locked", "task")},
    ),
)
def test_the_checksum_of_a_cell_is_nbgraders(kind: str, source: str, mark: dict[str, Any]) -> None:
    from nbformat import from_dict
    from nbgrader.utils import compute_checksum

    cell = {"cell_type": kind, "source": source, "metadata": {"nbgrader": mark}}
    assert reading._checksum(kind, source, mark) == compute_checksum(from_dict(cell))


def _receptor():
    if "receptor" not in _KEPT:
        _KEPT["receptor"] = prepare(assignments.receptor(), "receptor", "receptor", {"d.csv": b"1"})
    return _KEPT["receptor"]


def test_a_template_survives_the_journey_to_a_worker() -> None:
    template = _receptor()
    assert from_plain(json.loads(json.dumps(to_plain(template)))) == template
    roles = {cell.identity: cell.role for cell in template.cells}
    assert (roles["imports"], roles["occupancy"], roles["test_occupancy"], roles["discuss"]) == (
        "setup", "solution", "test", "manual",
    )  # fmt: skip
    test = next(c for c in template.cells if c.identity == "test_occupancy")
    assert "HIDDEN" in test.master
    assert "HIDDEN" not in test.release


def test_a_grade_id_twice_in_the_template_is_refused() -> None:
    cell = assignments.test("same", 1, "pass")
    other = assignments.test("same", 1, "pass")
    other["id"] = "other"
    with pytest.raises(TemplateError, match="twice"):
        prepare(assignments.notebook(cell, other), "a", "a", {})


def test_the_machines_configuration_is_read_before_the_courses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As nbgrader does: a stub of the machine's is how an untouched answer looks."""
    from snrilab.grading.course import open_course

    machine, root = tmp_path / "etc", tmp_path / "course"
    for folder, lines in (
        (machine, ["c.ClearSolutions.code_stub = {'python': '# HERE'}", "c.Execute.timeout = 7"]),
        (root, ["c.Execute.timeout = 9"]),
    ):
        folder.mkdir()
        (folder / "nbgrader_config.py").write_text("\n".join(["c = get_config()", *lines]))
    source = root / "source/receptor"
    source.mkdir(parents=True)
    (source / "receptor.ipynb").write_text(assignments.receptor())
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", str(machine))
    course = open_course(root)
    assert course.budget.cell_s == 9
    [template] = course.templates("receptor")
    assert "# HERE" in next(c.release for c in template.cells if c.grade_id == "occupancy")


def _written(code: str, **metadata: Any) -> str:
    whole = json.loads(assignments.notebook(assignments.values("a", code)))
    whole["metadata"] = metadata
    return json.dumps(whole)


def test_a_notebook_that_cannot_be_graded_is_refused_in_a_sentence() -> None:
    r = {"kernelspec": {"name": "ir", "display_name": "R", "language": "R"}}
    old = _written("a = 1").replace('"schema_version": 3', '"schema_version": 0')
    for text, why in (
        (_written("a <- 1", **r), "r is written for R, and this engine runs Python only"),
        (_written("a <- 1", language_info={"name": "R"}), "runs Python only"),
        (_written("### BEGIN SOLUTION\na = 1"), "nested begin solution statements"),
        (old, "nbgrader update"),
    ):
        with pytest.raises(TemplateError, match=why):
            prepare(text, "r", "r", {})
    assert prepare(old, "p", "p", {}, Config({"CheckCellMetadata": {"enabled": False}})).cells
    for kernel in ({"name": "conda-py", "display_name": "x", "language": "python"}, {}):
        assert prepare(_written("a = 1", kernelspec=kernel), "p", "p", {}).cells


def test_only_plain_files_are_read(tmp_path: Path) -> None:
    (tmp_path / "plain").write_bytes(b"x" * 10)
    (tmp_path / "link").symlink_to(tmp_path / "plain")
    os.mkfifo(tmp_path / "pipe")
    assert read_file(tmp_path / "plain", 10) == b"x" * 10
    for name, limit in (("plain", 9), ("link", 99), ("pipe", 99), (".", 99), ("absent", 99)):
        with pytest.raises(UnreadableError):
            read_file(tmp_path / name, limit)


def test_what_is_set_aside_twice_stands_in_nobodys_way(tmp_path: Path) -> None:
    """First a pipe, then a folder of its name with a pipe in it: both go, and nothing else."""
    from snrilab.grading import autograde

    folder = tmp_path / "submitted"
    folder.mkdir()
    for place in ("a", "a/b"):
        (folder / "a").unlink(missing_ok=True)
        (folder / place).parent.mkdir(exist_ok=True)
        os.mkfifo(folder / place)
        (folder / "kept.txt").write_text("x")
        moved = autograde.set_aside(folder, autograde._new_folder(tmp_path / "aside" / "receptor"))
        assert moved == [Path(place).name]
    assert [p.name for p in folder.rglob("*") if not p.is_dir()] == ["kept.txt"]
    assert (tmp_path / "aside" / "receptor-2" / "a" / "b").is_fifo()


@pytest.mark.parametrize(
    ("text", "stays"), [("", True), (" \n", True), ("2026-03-05 14:00 UTC", True), ("soon", False)]
)
def test_only_a_time_that_cannot_be_read_is_set_aside(
    tmp_path: Path, text: str, stays: bool
) -> None:
    from snrilab.grading.autograde import set_aside

    folder = tmp_path / "work"
    folder.mkdir()
    (folder / "timestamp.txt").write_text(text)
    assert set_aside(folder, tmp_path / "aside") == ([] if stays else ["timestamp.txt"])
    assert (folder / "timestamp.txt").exists() == stays


def test_names_no_student_can_have() -> None:
    for name in (
        "anna",
        "zo\u00eb",
        "M\u00fcller, Hans J\u00f6rg",
        "o'brien@example.org",
        "\u738b\u5c0f\u660e",
        "a.b_c-1+x",
    ):
        assert problem_with(name) == ""
    refused = ("a\nb", "x" * 129, " a", "a\u202eb", "a\x1b[2J", "<img src=x onerror=alert(1)>", "a&b", "=1+1", "-rf", "@x",
        ".", "..", ".hid", "$(id)", "`id`", "a;b", "a|b", "a/b", "a\\b", 'a"b', "a' onclick", "con", "NUL.txt", "a.", "", "a*b", "a?b", "a:b", "{x}", "%00", "#a")  # fmt: skip
    for name in refused:
        assert problem_with(name), name


def _submitted(timestamp: str, changed: datetime, arrived: datetime) -> Submitted:
    return Submitted("s", {}, {}, [], timestamp, changed.timestamp(), arrived.timestamp())


@pytest.mark.parametrize(
    ("written", "utc"),
    [
        ("2026-11-21 01:00:00 +0500", "2026-11-20T20:00"),
        ("2026-11-20 20:00:00 -0800", "2026-11-21T04:00"),
        ("2026-11-20 23:30:00 +01:00", "2026-11-20T22:30"),
        ("2026-11-20T21:58:00Z", "2026-11-20T21:58"),
        ("2026-11-20T21:58:00.5+02:00", "2026-11-20T19:58:00.500"),
        ("2026-11-20 21:00 UTC+2", "2026-11-20T19:00"),
        ("\ufeff2026-11-20 19:00:00 UTC\r\n", "2026-11-20T19:00"),
        ("2026-11-20 23:30:00 CET", "2026-11-20T22:30"),
        ("2026-11-20 9:00 pm", "2026-11-20T21:00"),
        ("2026-11-20 22:00:00.123456 UTC", "2026-11-20T22:00:00.123456"),
        ("12.11.2026 20:00:00 UTC", "2026-11-12T20:00"),
        ("13/11/2026 20:00", "2026-11-13T20:00"),
        ("11. 10. 2026 20:00 UTC", "2026-10-11T20:00"),
        ("2026-11-20 at 9:05 p.m. EST", "2026-11-21T02:05"),
        ("Oct 24, 2026 12:10 am", "2026-10-24T00:10"),
        ("Saturday, 24 October 2026, 9:00 PM", "2026-10-24T21:00"),
        ("24.10.2026 um 20:00 Uhr", "2026-10-24T20:00"),
        ("24.10.2026 20:00 Uhr MESZ", "2026-10-24T18:00"),
        ("Fri Nov 20 18:30:00 CET 2026", "2026-11-20T17:30"),
        ("Thu Nov 20 18:30:00 CET 2026", None),  # it is a Friday
        ("Friday, 24 October 2026, 9:00 PM", None),  # a Saturday
        ("0226-10-24 19:00", None),
        ("2206-10-24 19:00", None),
        ("2026-10-24 19:00 +02:75", None),
        ("12/11/2026 20:00", None),  # nobody can say which is the month
        ("2026-11-20 21:00 CET+2", None),
        ("2026-11-20 21:00 +15", None),
        ("2026-11-20 21:00 local time", None),
        ("20:00", None),
        ("2026-11-31 20:00", None),
        ("yesterday", None),
        ("2026", None),
        ("2026-11-20", None),
        ("20261025T010000+0500", None),
        ("20261120 1830 +0200", None),
        ("2026-11-20T18+02:00", None),
        ("2026-10-24 8 PM PST", None),
        ("2026-11-20 18-30", None),
        ("2026-11-20 13:00 pm", None),
        ("October 2026 20:00", None),
        ("Saturday 24, 2026 20:00", None),
        ("2026-11-20 18:30:61", None),
    ],
)
def test_a_time_written_by_hand_is_read_rightly_or_not_at_all(
    written: str, utc: str | None
) -> None:
    assert read_time(written) == (datetime.fromisoformat(utc) if utc else None)


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_time_is_read_whichever_editor_wrote_it(coding: str) -> None:
    assert time_text("2026-10-24 19:00:00 UTC\r\n".encode(coding)) == "2026-10-24 19:00:00 UTC"


def test_a_time_that_a_person_wrote_later_counts_and_is_named() -> None:
    """Work that came by mail, in a folder that was copied with its times since."""
    mailed, copied = (datetime(2026, 11, day, 12, tzinfo=UTC) for day in (25, 30))
    work = _submitted("2026-10-24 20:00 +02:00", mailed, copied)
    for written, believed, said in (
        (mailed, "2026-10-24T18:00", "2026-11-25 12:00 UTC: by you, or by collecting?"),
        (datetime(2026, 10, 24, 18, tzinfo=UTC), "2026-11-25T12:00", "the later time is used"),
    ):
        facts: list[str] = []
        when = submission_time(replace(work, written=written.timestamp()), facts)
        assert when == datetime.fromisoformat(believed)
        assert said in facts[0]


def test_the_same_instant_in_other_letters_is_the_same_work() -> None:
    when = datetime(2026, 11, 20, tzinfo=UTC)
    one, same, other = (
        _submitted(f"2026-11-20 {clock}", when, when).digest
        for clock in ("21:58:00 UTC", "22:58 +01:00", "21:59:00 UTC")
    )
    assert one == same != other


def test_the_dates_of_what_collecting_placed_say_nothing() -> None:
    """A folder that was copied with its times kept has files older than their arrival."""
    collected, copied = (datetime(2026, 11, day, 12, tzinfo=UTC) for day in (25, 30))
    in_time = "2026-11-20 12:00:00 UTC"
    for written, believed, said in (
        (in_time, "2026-11-20T12:00", 0),
        ("2026-11-19 12:00:00 UTC", "2026-11-19T12:00", 0),
        ("12/11/2026", "2026-11-20T12:00", 1),
    ):
        facts: list[str] = ["another"]
        work = replace(_submitted(written, collected, copied), placed=in_time)
        assert submission_time(work, facts) == datetime.fromisoformat(believed)
        assert ["timestamp.txt" in fact for fact in facts] == [True] * said + [False]
    assert submission_time(replace(work, placed=""), []) is None


def test_a_forged_timestamp_is_not_believed() -> None:
    before, after, collected = (datetime(2026, 3, day, 12, tzinfo=UTC) for day in (1, 5, 9))
    facts: list[str] = []
    honest = _submitted("2026-03-05 12:01:00 UTC", after, collected)
    assert submission_time(honest, facts) == datetime(2026, 3, 5, 12, 1)  # noqa: DTZ001 -- as nbgrader
    assert facts == []
    forged = _submitted("2026-03-01 12:00:00 UTC", after, collected)
    assert submission_time(forged, facts) == after.replace(tzinfo=None)
    assert "changed" in facts.pop()
    for impossible in ("3026-01-01 00:00:00 UTC", "yesterday", "9" * 90):
        assert submission_time(_submitted(impossible, after, collected), facts) == after.replace(
            tzinfo=None
        )
    # Written when it was collected: its own time says nothing about the student.
    unpacked = _submitted("2026-03-01 12:00:00 UTC", collected, collected)
    assert submission_time(unpacked, []) == before.replace(tzinfo=None)
    assert submission_time(_submitted("", after, collected), []) is None
    for seconds in (-1e15, 1e15):
        odd = Submitted("s", {}, {}, [], "2026-03-01 12:00:00 UTC", seconds, seconds)
        assert submission_time(odd, []) == before.replace(tzinfo=None)


# -- showing ------------------------------------------------------------------------------------


def _rendered(source: str) -> str:
    from nbconvert.filters import markdown2html

    return str(markdown2html(source))


def test_markdown_keeps_its_text_and_loses_what_is_active() -> None:
    assert active_parts(_rendered(clean.markdown(ACTIVE))) == []
    plain = (
        "Ki < IC50 when $L<K_d$; **bold**, `a < b`, [paper](https://doi.org/10.1000/1), R&D, x_1"
    )
    assert clean.markdown(plain).replace("< ", "<") == plain.replace("< ", "<")
    assert "<strong>bold</strong>" in _rendered(clean.markdown(plain))


@given(st.lists(st.sampled_from(["<", ">", "script", "img src=x onerror=alert(1)", "[a]", "(", ")", "javascript:", "&lt;", "&#60;", "\\", "\n", "\n\n", "    ", "`", "```", "$", "!", ":", "\t", "a", '"', "svg/onload=alert(1)", "[a]: ", "data:text/html,"]), max_size=14))  # fmt: skip
def test_no_combination_becomes_active(parts: list[str]) -> None:
    assert active_parts(_rendered(clean.markdown("".join(parts)))) == []
    assert active_parts(clean.html("".join(parts))) == []


def test_long_texts_take_no_time() -> None:
    """Patterns that look back would need hours for these."""
    assert clean.markdown("\n" * 100_000).isspace()
    assert clean.markdown("] " * 60_000).startswith("]")
    long = "x" * 400_000
    assert redact(long) == long
    assert redact(f"{long}\n  # BEGIN HIDDEN TESTS {long}\n# END HIDDEN TESTS\nb") == (
        f"{long}\n# [hidden tests]\nb"
    )


def test_a_cell_shows_no_more_than_a_browser_can() -> None:
    png = b"\x89PNG\r\n\x1a\n" + bytes(1_500_000)
    kept = clean.outputs([{"output_type": "display_data", "data": {"image/png": png}}] * 9)
    assert [part["output_type"] for part in kept] == ["display_data", "display_data", "stream"]


def test_outputs_are_kept_only_as_expected() -> None:
    png = b"\x89PNG\r\n\x1a\n" + b"0" * 20
    kept = clean.outputs(
        [
            {"output_type": "stream", "name": "stdout", "text": "ok\x1b[31m\x00"},
            {"output_type": "display_data", "data": {"image/png": png, "image/svg+xml": "<svg/>", "text/html": "<b onclick=x>hi</b><script>1</script>"}},
            {"output_type": "display_data", "data": {"image/png": '"><script>', "application/javascript": "1"}},
            {"output_type": "error", "ename": "E", "evalue": "<b>", "traceback": ["a", 7]},
            {"output_type": "widget"}, 7, None, {"output_type": ["x"]},
        ]
    )  # fmt: skip
    assert [part["output_type"] for part in kept] == ["stream", "display_data", "error"]
    assert "\x1b" not in kept[0]["text"]
    assert set(kept[1]["data"]) == {"image/png", "text/html"}
    assert kept[1]["data"]["text/html"] == "<b>hi</b>"
    assert kept[2]["traceback"] == ["a"]
    assert clean.outputs("no list") == []


STEERING = [*range(0x7F, 0xA0), 0x61C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)]  # fmt: skip


@pytest.mark.parametrize("code", STEERING, ids="{:04x}".format)
def test_nothing_steers_a_terminal_or_turns_text_round(code: int) -> None:
    steers = chr(code)
    written = f"Ki{steers}[2J"
    shown = [
        clean.text(written),
        clean.markdown(f"{written} &#x{code:x}; &rlm;"),
        clean.stream("stdout", written)["text"],
        *clean.error(written, written, [written])["traceback"],
        clean.html(clean.text(f"<b>{written}</b> &#x{code:x}; &#{code}; &lrm; &rlm;")),
        safe_words(written),
    ]
    for text in shown:
        assert "Ki" in text
        assert not {steers, "\u200e", "\u200f"} & set(html.unescape(text))


@pytest.mark.parametrize("noughts", [0, 5, 50_000])
def test_noughts_hide_no_character_and_long_numbers_are_none(noughts: int) -> None:
    for number in ("#{}8238", "#x{}202e", "#X{}202E"):
        assert clean.html(f"a&{number.format('0' * noughts)};b") == "a\ufffdb"
    for number in ("#{}", "#x{}", "{}"):
        long = f"a&{number.format('9' * (noughts + 50))};b"
        assert clean.html(long).replace("&amp;", "&") == long


def test_text_of_every_language_stays() -> None:
    for plain in ("Größe \u00b5M\tn = 3\n", "\u05e9\u05dc\u05d5\u05dd", "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645", "&Omega; &#937; &amp;lrm;"):  # fmt: skip
        assert clean.text(plain) == plain
        assert clean.html(plain) == plain


def test_feedback_page_runs_and_loads_nothing() -> None:
    page = harden(
        "<html><head><script src='x'></script><link href='y'></head><body><script>alert(1)"
    )
    assert active_parts(page) == []
    assert "default-src 'none'" in page
    assert redact("a\n### BEGIN HIDDEN TESTS\nsecret") == "a\n# [hidden tests]"
    assert redact("a\n### BEGIN MARK SCHEME\nsecret\n### END MARK SCHEME\nb") == "a\n\nb"


@pytest.mark.parametrize(
    "start",
    [
        "ann;=1+1",
        "ann; @x;-1",
        "=1+1",
        "+1+1",
        "-1+1|x",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        " =1",
        "\uff1d1",
        "\uff0b1",
        " \uff0d1",
        "\uff201",
        "ann;\uff1d1; \uff0b1;\uff0d1;\uff20x",
    ],
)
def test_no_cell_becomes_a_formula(tmp_path: Path, start: str) -> None:
    for part in safe_cell(start).split(";"):
        assert not part.lstrip().startswith(tuple("=+-@\uff1d\uff0b\uff0d\uff20"))
    write_table(tmp_path / "t.csv", [[start, 1.5, None, 'a,"b']])
    with (tmp_path / "t.csv").open(newline="") as file:
        [row] = csv.reader(file)
    assert row[1:] == ["1.5", "", 'a,"b']


# -- archives -----------------------------------------------------------------------------------


def test_archives_keep_to_their_folder(tmp_path: Path) -> None:
    bad = [
        "../up.ipynb",
        "/abs.ipynb",
        "a/../../up.ipynb",
        "..\\up.ipynb",
        "C:\\x.ipynb",
        "numpy.py",
        ".hidden.ipynb",
        "a\nb.ipynb",
    ]
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as whole:
        for name in [*bad, "anna/ps.ipynb"]:
            whole.writestr(name, "{}")
        link = zipfile.ZipInfo("link.ipynb")
        link.external_attr = 0o120777 << 16
        whole.writestr(link, "/etc/passwd")
    with tarfile.open(tmp_path / "b.tar.gz", "w:gz") as whole:
        for name in [*bad, "anna/ps.ipynb"]:
            info = tarfile.TarInfo(name)
            info.size = 2
            whole.addfile(info, io.BytesIO(b"{}"))
        for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE):
            info = tarfile.TarInfo("special.ipynb")
            info.type, info.linkname = kind, "/etc/passwd"
            whole.addfile(info)
    for archive in ("a.zip", "b.tar.gz"):
        target = tmp_path / "inside" / archive
        assert unpack(tmp_path / archive, target).written == ["anna/ps.ipynb"]
        assert [p.name for p in target.rglob("*") if not p.is_dir()] == ["ps.ipynb"]
    assert not list(tmp_path.glob("up*"))


def test_a_log_names_an_archive_without_its_control_characters(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "ada_\x9b2J.zip").write_bytes(b"no archive")
    extractor = SafeExtractor()
    extractor.log = create_autospec(logging.Logger, instance=True)
    extractor.extract(str(tmp_path / "in"), str(tmp_path / "out"))
    [told] = extractor.log.warning.call_args_list
    assert (told.args[0] % told.args[1:]).startswith("Not collected: ada_\ufffd2J.zip")


def test_a_bomb_costs_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("snrilab.grading.archives.MEMBERS", 20)
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as whole:
        whole.writestr("ps.ipynb", b"0" * 60_000_000)
        for number in range(30):
            whole.writestr(f"{number}.ipynb", "{}")
    assert (tmp_path / "bomb.zip").stat().st_size < 100_000
    done = unpack(tmp_path / "bomb.zip", tmp_path / "out")
    assert len(done.written) == 19
    assert "times its size" in done.left_out["ps.ipynb"]
    assert "more than 20 members" in done.left_out["the rest"]
    assert not (tmp_path / "out" / "ps.ipynb").exists()
    (tmp_path / "no.zip").write_bytes(b"PK\x03\x04 not really")
    with pytest.raises(ArchiveError):
        unpack(tmp_path / "no.zip", tmp_path / "out")


def _damaged() -> dict[str, bytes]:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("first.ipynb", "{}")
        packed.writestr("ps.ipynb", bytes(range(256)) * 40)
    raw = bytearray(whole.getvalue())
    spoiled = bytearray(raw)
    spoiled[100:140] = b"\xff" * 40
    encrypted = bytearray(raw)
    encrypted[raw.index(b"PK\x01\x02") + 8] |= 1
    packed_tar = io.BytesIO()
    with tarfile.open(fileobj=packed_tar, mode="w:gz") as tar:
        info = tarfile.TarInfo("ps.ipynb")
        info.size = 50_000
        tar.addfile(info, io.BytesIO(os.urandom(50_000)))
    info = tarfile.TarInfo("skipped.bin")
    info.size = 2**40
    huge = info.tobuf() + bytes(2 * tarfile.BLOCKSIZE)
    clash = io.BytesIO()
    with zipfile.ZipFile(clash, "w") as packed:
        packed.writestr("a.ipynb", "{}")
        packed.writestr("a.ipynb/b.ipynb", "{}")
    return {
        "spoiled.zip": bytes(spoiled), "encrypted.zip": bytes(encrypted), "cut.tar.gz": packed_tar.getvalue()[:20_000],
        "huge.tar": huge, "clash.zip": clash.getvalue(), "notebook.gz": gzip.compress(b"{}"),
    }  # fmt: skip


@pytest.mark.parametrize(("name", "kept"), [("spoiled.zip", 1), ("encrypted.zip", 1), ("cut.tar.gz", 0), ("huge.tar", 0), ("clash.zip", 1), ("notebook.gz", 0)])  # fmt: skip
def test_what_is_damaged_costs_itself_and_is_named(tmp_path: Path, name: str, kept: int) -> None:
    (tmp_path / name).write_bytes(_damaged()[name])
    try:
        done = unpack(tmp_path / name, tmp_path / "out")
    except ArchiveError:
        done = None
    written = [p for p in (tmp_path / "out").rglob("*") if p.is_file()]
    assert len(written) == kept
    assert done is None or (len(done.written) == kept and done.left_out)


# -- statistics ---------------------------------------------------------------------------------


def test_kr20_of_a_worked_example() -> None:
    """Six students, four items, worked by hand: k/(k-1) (1 - sum pq / variance of the totals)."""
    answers = np.array(
        [[1, 1, 1, 1], [1, 1, 1, 0], [1, 1, 0, 0], [1, 0, 0, 0], [0, 0, 0, 0], [1, 1, 1, 1]]
    )
    share = answers.mean(axis=0)
    by_hand = 4 / 3 * (1 - (share * (1 - share)).sum() / answers.sum(axis=1).var())
    assert statistics.alpha(answers) == pytest.approx(by_hand)
    assert statistics.difficulty(answers, [1, 1, 1, 1]).tolist() == share.tolist()
    rest = answers[:, 1:].sum(axis=1)
    assert statistics.discrimination(answers)[0] == pytest.approx(
        np.corrcoef(answers[:, 0], rest)[0, 1]
    )


@given(st.floats(0.1, 10), st.floats(-5, 5))
def test_alpha_of_parallel_items_is_one_whatever_the_scale(scale: float, shift: float) -> None:
    ability = np.array([0.0, 1.0, 2.0, 5.0])
    table = shift + scale * np.column_stack([ability] * 3)
    assert statistics.alpha(table) == pytest.approx(1.0)


def test_bootstrap_interval_holds_the_truth() -> None:
    """Items = ability + noise of equal variance: alpha is k / (k + 1) for k items."""
    rng = np.random.default_rng(3)
    inside = 0
    for _ in range(40):
        ability = rng.normal(size=(80, 1))
        found = statistics.reliability(ability + rng.normal(size=(80, 6)), rng=rng)
        inside += found.low <= 6 / 7 <= found.high
    assert inside >= 34
    dichotomous = statistics.reliability(rng.integers(0, 2, (30, 5)))
    assert dichotomous.method.startswith("KR-20")


def test_the_filter_of_system_calls_is_whole() -> None:
    for machine in FILTERS:
        code = call_filter(machine)
        instructions = [code[i : i + 8] for i in range(0, len(code), 8)]
        assert len(code) % 8 == 0
        assert len(instructions) < 4096
        for place, step in enumerate(instructions):
            operation = int.from_bytes(step[:2], "little")
            if operation & 7 == 5:  # a jump stays inside
                assert place + 1 + max(step[2], step[3]) < len(instructions)
        assert int.from_bytes(instructions[-1][:2], "little") == 0x06


def test_the_answers_that_a_test_asks() -> None:
    """Also a helper in a cell of one's own, and an answer that does not give what it was to."""
    template = prepare(assignments.receptor(), "receptor", "receptor", {})
    good = {
        "drug": "drug = 'x'\nki = {}",
        "occupancy": "def occupancy(c, k):\n    return share(c, k)",
    }

    def changed(own: str = "", before: dict[str, str] | None = None, **answers: str) -> set[str]:
        """Return which tests' answers are not those of before."""
        given = [
            _asked(template, {**good, **(before or {})}, "def share(c, k):\n    return c / k"),
            _asked(
                template,
                {**good, **(before or {}), **answers},
                own or "def share(c, k):\n    return c / k",
            ),
        ]
        assert given[0].keys() == given[1].keys() >= {"test_occupancy", "test_fit_kd", "test_drug"}
        return {name for name in given[0] if given[0][name] != given[1][name]}

    assert changed() == set()
    assert changed(discuss="Other words.") == set()
    assert changed(drug="drug = 'y'\nki = {}") == {"test_drug"}
    assert changed(own="def share(c, k):\n    return c * k") == {"test_occupancy"}
    stopped = {"drug": "import google_colab  # one"}
    assert changed(before=stopped, drug="import google_colab  # two") == {"test_drug"}
    assert changed(before={"drug": "drug = ("}, drug="drug = ((") == {"test_drug"}
    deep = "drug = " + "+".join(["1"] * 20_000)
    assert changed(drug=deep) == {"test_drug"}


def _asked(template: Any, answers: dict[str, str], own: str) -> dict[str, str]:
    notebook = json.loads(assignments.submit(assignments.receptor(), **answers))
    notebook["cells"].insert(
        2, {"cell_type": "code", "source": own, "metadata": {}, "outputs": [], "execution_count": None}
    )  # fmt: skip
    return texts_asked(rebuild(template, json.dumps(notebook).encode()).pieces)
