"""Downloads of learning platforms are placed, named and never lost."""

from __future__ import annotations

import io
import json
import re
import shutil
import zipfile
from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from snrilab.classroom._downloads import meanings_of
from snrilab.classroom._replies import contested, read_replies
from snrilab.grading.classrun import read_submitted, submission_time
from snrilab.grading.course import open_course
from snrilab.grading.times import time_is_unknown
from tests.classroom.conftest import ROSTER, work, zipped

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Run = Callable[..., tuple[int, str]]


def placed(room: Path) -> dict[str, list[str]]:
    folder = room / "submitted"
    return {p.parent.name: sorted(f.name for f in p.iterdir()) for p in folder.glob("*/cohort")}


def time_of(room: Path, student: str) -> str:
    return (room / "submitted" / student / "cohort" / "timestamp.txt").read_text().strip()


MOODLE = {
    "Anna Alt_901_assignsubmission_file_/cohort.ipynb": work(),
    "Berg Ben_902_assignsubmission_file/Cohort (1).ipynb": work("b"),
    "Group A-Emma Ek_903_assignsubmission_file_/deep/cohort.ipynb": work("cc"),
    "Sean OHara-Lind_904_assignsubmission_file_cohort.ipynb": work("ddd"),
    "Hans Jörg Müller_905_assignsubmission_onlinetext_/onlinetext.html": b"<p>my answer</p>",
    "Nobody Known_906_assignsubmission_file_/cohort.ipynb": work(),
}


def test_moodles_folders_and_flat_names(room: Path, tmp_path: Path, run: Run) -> None:
    download = tmp_path / "CS-PS2-12.zip"
    download.write_bytes(zipped(MOODLE))
    status, said = run("collect", download, "--course", room, "--roster", room / "students.csv")
    assert status == 1, said
    assert placed(room) == {
        "anna": ["cohort.ipynb"],
        "ben": ["cohort.ipynb"],
        "emma": ["cohort.ipynb"],
        "oh": ["cohort.ipynb"],
        "hans": ["onlinetext.html"],
    }
    assert "Nobody Known_906_assignsubmission_file_: not in the roster" in said
    assert "hans: handed in onlinetext.html, and no notebook" in said
    assert "Nothing from (1): zoe" in said
    assert (room / "submitted/oh/cohort/cohort.ipynb").read_bytes() == work("ddd")


def test_times_come_from_moodles_worksheet_in_its_own_zone(
    room: Path, tmp_path: Path, run: Run
) -> None:
    download, sheet = tmp_path / "d.zip", tmp_path / "sheet.csv"
    download.write_bytes(zipped({n: d for n, d in MOODLE.items() if "Anna" in n or "Ben" in n}))
    sheet.write_text(
        'ID,"Vollständiger Name",E-Mail-Adresse,Status,Bewertung,Bestwertung,'
        '"Bewertung kann geändert werden","Zuletzt geändert (Abgabe)",'
        '"Zuletzt geändert (Bewertung)","Feedback als Kommentar"\r\n'
        'Teilnehmer/in901,"Anna Alt",anna@example.org,Abgegeben,,"100,00",Ja,'
        '"Freitag, 20. November 2026, 10:05",-,\r\n'
        'Teilnehmer/in902,"Ben Berg",ben@example.org,Abgegeben,,"100,00",Ja,'
        '"Samstag, 18. Juli 2026, 23:59",-,\r\n',
        "utf-8",
    )
    words = ["--roster", room / "students.csv", "--roster", sheet, "--zone", "Europe/Berlin"]
    status, said = run("collect", download, "--course", room, *words)
    assert status == 0, said
    assert time_of(room, "anna") == "2026-11-20 09:05:00 UTC"
    assert time_of(room, "ben") == "2026-07-18 21:59:00 UTC"


def test_a_time_stays_when_the_next_download_does_not_say_it(
    room: Path, tmp_path: Path, run: Run
) -> None:
    download, sheet = tmp_path / "d.zip", tmp_path / "sheet.csv"
    download.write_bytes(zipped({n: d for n, d in MOODLE.items() if "Anna" in n}))
    sheet.write_text(
        "Identifier,Full name,Email address,Status,Grade,Maximum grade,Last modified (submission)\n"
        "Participant 901,Anna Alt,anna@example.org,Submitted,,100,"
        '"Friday, 20 November 2026, 10:05 AM"\n',
        "utf-8",
    )
    plain = ["collect", download, "--course", room, "--roster", room / "students.csv"]
    told = [*plain, "--roster", sheet, "--zone"]
    placed = room / ".snrilab" / "collected" / "cohort.json"

    run("deadline", "cohort", "--course", room, "--due", "2026-11-25")
    assert "NO TIME (1), so never late: anna. Moodle says when" in run(*plain)[1]
    assert "NO TIME" not in run(*told, "America/New_York")[1]
    assert time_of(room, "anna") == "2026-11-20 15:05:00 UTC"
    before = placed.read_bytes()
    for _ in range(2):  # without the table that says when
        status, said = run(*plain)
        assert status == 0
        assert "changed" not in said
        assert time_of(room, "anna") == "2026-11-20 15:05:00 UTC"
        assert placed.read_bytes() == before
    status, said = run(*told, "Europe/Berlin")  # what was wrong can be put right
    assert status == 0
    assert "anna: handed in" in said
    assert "said before" in said
    assert time_of(room, "anna") == "2026-11-20 09:05:00 UTC"


def test_ids_are_those_of_the_class_whichever_table_comes_first(
    room: Path, tmp_path: Path, run: Run
) -> None:
    download, sheet = tmp_path / "d.zip", tmp_path / "sheet.csv"
    download.write_bytes(zipped({"Anna Alt_901_assignsubmission_file_/cohort.ipynb": work()}))
    sheet.write_text(
        "Identifier,Full name,Email address,Status,Grade,Maximum grade,Last modified (submission)\n"
        "Participant 901,Anna Alt,anna@example.org,Submitted,,100,"
        '"Friday, 20 November 2026, 10:05 AM"\n',
        "utf-8",
    )
    own = room / "students.csv"
    for tables in ([sheet], [sheet, own], [own, sheet], [own], []):
        words = [word for table in tables for word in ("--roster", table)]
        status, said = run("collect", download, "--course", room, *words, "--zone", "UTC")
        assert status == 0, said
        assert [path.name for path in (room / "submitted").iterdir()] == ["anna"]
        assert time_of(room, "anna") == "2026-11-20 10:05:00 UTC"


def test_the_number_of_another_assignment_gives_nobody_anothers_work(
    room: Path, tmp_path: Path, run: Run
) -> None:
    download, sheet = tmp_path / "d.zip", tmp_path / "sheet.csv"
    download.write_bytes(zipped({"Anna Alt_902_assignsubmission_file_/cohort.ipynb": work()}))
    sheet.write_text(
        "Identifier,Full name,Email address,Status,Grade,Maximum grade\n"
        "Participant 902,Ben Berg,ben@example.org,Submitted,,100.00\n"
    )
    with (room / "students.csv").open("a") as file:  # called as the file starts
        file.write("Anna Alt,,,,\n")
    words = ["--roster", room / "students.csv", "--roster", sheet]
    status, said = run("collect", download, "--course", room, *words)
    assert status == 2
    assert "902 means ben and Anna Alt means anna" in said
    assert not (room / "submitted").exists()


CANVAS = {
    "altanna_12345_67890_cohort.ipynb": work(),
    "bergben_12346_67891_cohort.ipynb": work("b"),
    "bergben_12346_67999_cohort-1.ipynb": work("newer"),
    "ekemma_LATE_12347_67892_cohort-2.ipynb": work("cc"),
    "müllerhansjörg_12349_text.html": b"<p>text</p>",
    "studenttest_99_1_cohort.ipynb": work(),
    "anon_x7Yz1_555_cohort.ipynb": work(),
}


def test_canvas_with_late_work_and_new_versions(room: Path, tmp_path: Path, run: Run) -> None:
    download = tmp_path / "submissions.zip"
    download.write_bytes(zipped(CANVAS))
    status, said = run("collect", download, "--course", room)
    assert status == 1
    assert placed(room) == {
        "anna": ["cohort.ipynb"],
        "ben": ["cohort.ipynb"],
        "emma": ["cohort.ipynb"],
        "hans": ["text.html"],
    }
    assert (room / "submitted/ben/cohort/cohort.ipynb").read_bytes() == work("newer")
    assert "ben: cohort.ipynb came 2 times; the latest counts" in said
    assert "emma: late, says the platform; no due date is known" in said
    assert "studenttest_99_1_cohort.ipynb: not in the roster" in said
    assert "anon_x7Yz1_555_cohort.ipynb" in said


def test_a_namesake_placed_before_the_roster_was_whole_is_named(
    room: Path, tmp_path: Path, run: Run
) -> None:
    download = tmp_path / "submissions.zip"
    download.write_bytes(
        zipped({"altanna_777_1_cohort.ipynb": work(), "newnora_778_2_cohort.ipynb": work("b")})
    )
    words = ["collect", download, "--course", room]
    (room / "students.csv").write_text("id,first_name,last_name\nanna,Anna,Alt\n")
    status, said = run(*words)
    assert status == 1
    assert "anna: placed by the name alone" in said
    (room / "canvas.csv").write_text(
        "Student,ID,SIS User ID,SIS Login ID,Section,Cohort (4711)\n"
        '"Alt, Anna",777,,other,A,\n"New, Nora",778,,nora,A,\n'
    )
    status, said = run(*words, "--roster", room / "canvas.csv")
    assert status == 0, said
    assert "anna: what lay here came under number 777, which is that of other" in said
    assert "placed by the name alone" not in said
    assert sorted(placed(room)) == ["nora", "other"]


def test_a_namesake_of_moodles_is_named_and_gets_nobody_elses_mark(
    room: Path, tmp_path: Path, marked: Callable[..., Path], run: Run
) -> None:
    """Placed by the name when the other was not there yet; then the other comes."""
    download, sheet, table = (tmp_path / name for name in ("m.zip", "sheet.csv", "table.csv"))
    folder = "Maria Santos_5507_assignsubmission_file_"
    download.write_bytes(zipped({f"{folder}/cohort.ipynb": work()}))
    rows = (
        "Identifier,Full name,Email address,Status,Grade,Maximum grade\n"
        "Participant 5501,Ben Berg,ben@example.org,Submitted,,100.00\n"
        "Participant 5506,Maria Santos,maria@example.org,No submission,,100.00\n"
        "Participant 5507,Maria Santos,maria2@example.org,Submitted,,100.00\n"
    )
    sheet.write_text(rows)
    heads = "id,first_name,last_name,email\n"
    first = "maria,Maria,Santos,maria@example.org\nben,Ben,Berg,ben@example.org\n"
    roster = room / "students.csv"
    roster.write_text(heads + first)
    words = ["collect", download, "--course", room]
    for _ in range(2):  # again and again it is a guess
        assert run(*words)[0] == 0
        assert list(placed(room)) == ["maria"]
    marked(maria=87.0, ben=50.0)
    roster.write_text(heads + first + "maria2,Maria,Santos,maria2@example.org\n")
    fill = ["grades", "cohort", "--course", room, "--into", table]

    def grades(mine: str, others: str) -> str:
        table.write_text(rows)
        status, said = run(*fill)
        assert status == 1
        cells = [line.split(",")[4] for line in table.read_text("utf-8").split("\n")[1:4]]
        assert cells == ["50.00", mine, others]
        return said

    assert "maria: this work came under number 5507, which is that of row 4, Maria Santos" in (
        grades("", "")
    )
    status, said = run(*words)
    assert status == 2, "nobody's work was placed"
    assert "Maria Santos can be maria, maria2" in said
    status, said = run(*words, "--roster", roster, "--roster", sheet)
    assert status == 0
    assert "maria: what lay here came under number 5507, which is that of maria2" in said
    assert sorted(placed(room)) == ["ben", "maria2"]
    assert (room / ".snrilab/replaced/cohort/maria/1/cohort.ipynb").read_bytes() == work()
    marked(maria=87.0, maria2=87.0, ben=50.0)
    shutil.rmtree(room / "submitted/maria")  # the gradebook keeps the mark of work that is gone
    table.write_text(rows)
    status, said = run(*fill)
    assert (status, "any more (taken back, or lost?) (1):\n  maria\n" in said) == (0, True)
    cells = [line.split(",")[4] for line in table.read_text("utf-8").split("\n")[1:4]]
    assert cells == ["50.00", "", "87.00"]
    # What she hands in by mail is her own: nothing is in its way then.
    (room / "submitted/maria/cohort").mkdir(parents=True)
    (room / "submitted/maria/cohort/cohort.ipynb").write_bytes(work("her own"))
    status, said = run(*words, "--roster", roster, "--roster", sheet)
    assert (status, "WITH TWO" in said, "TAKEN BACK" in said) == (0, False, False)
    assert contested(read_replies(open_course(room), "cohort")) == set()
    table.write_text(rows)
    assert run(*fill)[0] == 0
    cells = [line.split(",")[4] for line in table.read_text("utf-8").split("\n")[1:4]]
    assert cells == ["50.00", "87.00", "87.00"]


def test_the_same_number_on_two_platforms_is_nobodys_fault(
    room: Path, tmp_path: Path, run: Run
) -> None:
    canvas, moodle = tmp_path / "canvas.zip", tmp_path / "moodle.zip"
    canvas.write_bytes(zipped({"altanna_901_1_cohort.ipynb": work()}))
    folder = "Ben Berg_901_assignsubmission_file_"
    moodle.write_bytes(zipped({f"{folder}/cohort.ipynb": work("b")}))
    (room / "students.csv").write_text("id,first_name,last_name\nanna,Anna,Alt\nben,Ben,Berg\n")
    for download in (canvas, moodle, canvas):
        status, said = run("collect", download, "--course", room)
        assert (status, "WITH TWO" in said) == (0, False), said
    kept = read_replies(open_course(room), "cohort")
    assert (kept["anna"]["lms"], kept["ben"]["participant"]) == ("901", "901")


def test_of_two_under_one_name_the_guessed_one_is_doubted() -> None:
    sure, guessed = {"reply": "a_1_", "platform": "moodle"}, {"by_name": True}
    both = {"ann": sure, "ben": sure | guessed, "cem": sure | {"reply": "c_2_"}}
    assert contested(both) == {"ben"}
    assert contested(both | {"ann": sure | guessed}) == {"ann", "ben"}
    assert contested(both | {"ben": sure}) == {"ann", "ben"}
    assert contested(both | {"ben": {"platform": "moodle", "with": "ann"}}) == set()


def test_what_is_said_of_a_late_minute_is_left_out_where_another_time_counts(
    room: Path, tmp_path: Path, run: Run
) -> None:
    download, text = tmp_path / "c.zip", "LATE_12346_67891_cohort.ipynb"
    download.write_bytes(zipped({f"bergben_{text}": work()}))
    run("deadline", "cohort", "--course", room, "--due", "2026-11-20 12:00", "--zone", "UTC")
    words = ["collect", download, "--course", room, "--zone", "UTC"]
    assert "counts as a minute" in run(*words)[1]
    assert "counts as a minute" in run(*words)[1]
    (room / "submitted/ben/cohort/timestamp.txt").write_text("2026-11-20 15:00:00 +0100\n")
    assert "counts as a minute" not in run(*words)[1]
    download.write_bytes(zipped({f"bergben_{text.replace('67891', '60000')}": work("older")}))
    said = run(*words)[1]
    assert "the later one" in said
    assert "counts as a minute" not in said


def test_how_late_canvas_does_not_say_so_the_least_is_taken(
    room: Path, tmp_path: Path, marked: Callable[..., Path], run: Run
) -> None:
    from datetime import timedelta

    from nbgrader.api import Gradebook

    marked(emma=10.0, ben=10.0)
    with Gradebook(f"sqlite:///{room}/gradebook.db") as book:
        book.update_or_create_assignment("cohort", duedate="2026-11-20 12:00 UTC")
        book.find_submission("cohort", "emma").extension = timedelta(days=1)
        book.db.commit()
    download = tmp_path / "submissions.zip"
    download.write_bytes(
        zipped({n: d for n, d in CANVAS.items() if "123" in n and "text" not in n})
    )
    run("deadline", "cohort", "--course", room, "--per-day", "10", "--grace", "15")
    status, said = run("collect", download, "--course", room, "--zone", "UTC")
    assert status == 0, said
    assert time_of(room, "emma") == "2026-11-20 12:01:00 UTC"
    assert "emma: late, says the platform, but not how late" in said
    assert "a minute after the due date, which the extension covers" in said
    assert "NO TIME" not in said, "who is not late by Canvas is in time"
    assert "submitted/emma/cohort/timestamp.txt before grading, in UTC" in said
    assert "written like 2026-11-21 14:00:00 UTC" in said, "a time that is clearly another"
    assert "emma: minutes unknown" not in said
    # Before and after the extension it is one and the same.
    for more, when in (("0", "free"), ("1d", "covers"), ("0", "free")):
        run("deadline", "cohort", "--course", room, "--extend", "emma", more)
        said = run("collect", download, "--course", room, "--zone", "UTC")[1]
        assert ("grace make free" if when == "free" else "the extension covers") in said
        assert ("emma: minutes unknown" in said) == (when == "free")
        assert time_of(room, "emma") == "2026-11-20 12:01:00 UTC"
    # Nor does it move with the due date: it stands for a time that is not known.
    for due in ("2026-11-25 12:00", "2026-11-20 09:00"):
        run("deadline", "cohort", "--course", room, "--due", due, "--zone", "UTC")
        run("collect", download, "--course", room, "--zone", "UTC")
        assert time_of(room, "emma") == "2026-11-20 12:01:00 UTC"
    # A time that a person writes counts, also an earlier one.
    (room / "submitted/emma/cohort/timestamp.txt").write_text("2026-11-20 08:30:00 UTC\n")
    run("collect", download, "--course", room, "--zone", "UTC")
    course, facts = open_course(room), []
    submitted = read_submitted(course, "cohort", "emma", course.templates("cohort"))
    assert submission_time(submitted, facts) == datetime.fromisoformat("2026-11-20T08:30")
    assert facts == []
    assert not (room / "submitted/ben/cohort/timestamp.txt").exists(), "the download's own time"
    replies = read_replies(open_course(room), "cohort")
    made_up, told = map(datetime.fromisoformat, ("2026-11-20T12:01", "2026-11-20T12:02"))
    assert time_is_unknown(replies, "emma", made_up)
    assert not time_is_unknown(replies, "emma", told)
    assert not time_is_unknown(replies, "ben", made_up)


def test_times_in_an_archive_count_where_they_are_the_students(
    room: Path, tmp_path: Path, run: Run
) -> None:
    """All at one time is the time of the download."""
    names = [n for n in MOODLE if "Anna" in n or "Ben" in n]
    download = tmp_path / "d.zip"
    for hours, told in ((1, True), (0, False)):
        when = lambda number, hours=hours: (2026, 11, 20, 10 + number * hours, 0, 0)  # noqa: E731
        download.write_bytes(zipped(dict.fromkeys(names, work(str(hours))), when))
        assert run("collect", download, "--course", room, "--zone", "UTC")[0] == 0
        assert (room / "submitted/ben/cohort/timestamp.txt").exists() == told
        if told:
            assert time_of(room, "ben") == "2026-11-20 11:00:00 UTC"
        shutil.rmtree(room / "submitted")


@pytest.mark.parametrize(
    ("name", "who"),
    [
        ("Problem Set 1_anna_attempt_2026-11-20-10-00-00_cohort.ipynb", "anna"),
        ("11-22 - Anna Alt - Nov 20, 2026 1000 AM/cohort.ipynb", "anna"),
        ("11-22 - Anna Alt - 20 November, 2026 10 00 AM - cohort.ipynb", "anna"),
        ("Abgaben/Alt_Anna_anna_771/20261120100000_cohort.ipynb", "anna"),
        ("anna_2026-11-20-10-00-00_cohort.ipynb", "anna"),
    ],
)
def test_other_platforms_say_the_time_in_the_name(
    room: Path, tmp_path: Path, run: Run, name: str, who: str
) -> None:
    download = tmp_path / "x.zip"
    download.write_bytes(zipped({name: work()}))
    status, said = run("collect", download, "--course", room, "--zone", "UTC")
    assert status == 0, said
    assert placed(room) == {who: ["cohort.ipynb", "timestamp.txt"]}
    assert time_of(room, who) == "2026-11-20 10:00:00 UTC"


def test_a_named_pattern_and_an_unpacked_folder(room: Path, tmp_path: Path, run: Run) -> None:
    folder = tmp_path / "unpacked"
    (folder / "week 3").mkdir(parents=True)
    (folder / "week 3" / "hw-anna@example.org-2026-11-20T10:00.work.ipynb").write_bytes(work())
    words = [folder, "--course", room, "--zone", "UTC", "--assignment", "cohort"]
    status, said = run("collect", *words, "--pattern", "hw-{email}-{time}.{file}")
    assert status == 0, said
    assert placed(room) == {"anna": ["cohort.ipynb", "timestamp.txt"]}
    status, said = run("collect", *words, "--pattern", "{file}")
    assert status == 2
    assert "needs {file} and one of {id}" in said
    status, said = run("collect", *words, "--pattern", "{who}_{file}")
    assert status == 2


def test_archives_in_archives(room: Path, tmp_path: Path, run: Run) -> None:
    own = zipped({"my work/cohort.ipynb": work("n"), "__MACOSX/._cohort.ipynb": b"x"})
    inner = zipped({"altanna_12345_67890_work.zip": own, "bergben_12346_7_cohort.ipynb": work()})
    download = tmp_path / "all.zip"
    download.write_bytes(zipped({"term/submissions.zip": inner}))
    status, said = run("collect", download, "--course", room)
    assert status == 0, said
    assert placed(room) == {"anna": ["cohort.ipynb"], "ben": ["cohort.ipynb"]}
    assert (room / "submitted/anna/cohort/cohort.ipynb").read_bytes() == work("n")


def test_nothing_is_overwritten_without_a_word(room: Path, tmp_path: Path, run: Run) -> None:
    first, second = tmp_path / "1.zip", tmp_path / "2.zip"
    name = "anna_2026-11-{:02d}-10-00-00_cohort.ipynb"
    first.write_bytes(zipped({name.format(20): work("first")}))
    second.write_bytes(zipped({name.format(21): work("second"), "ben/cohort.ipynb": work()}))
    words = ["--course", room, "--zone", "UTC"]
    assert run("collect", first, *words)[0] == 0
    status, said = run("collect", first, *words)
    assert "0 new, 0 replaced, 1 as before" in said
    status, said = run("collect", second, *words, "--dry-run")
    assert "Dry run" in said
    assert (room / "submitted/anna/cohort/cohort.ipynb").read_bytes() == work("first")
    status, said = run("collect", second, *words)
    assert status == 0
    kept = room / ".snrilab/replaced/cohort/anna/1/cohort.ipynb"
    assert "anna: the work before is kept in .snrilab/replaced/cohort/anna/1" in said
    assert kept.read_bytes() == work("first")
    assert time_of(room, "anna") == "2026-11-21 10:00:00 UTC"
    status, said = run("collect", first, *words)
    assert "anna: the work that is there already is the later one" in said
    assert (room / "submitted/anna/cohort/cohort.ipynb").read_bytes() == work("second")


def test_what_a_teacher_changed_stays_when_nothing_new_came(
    room: Path, tmp_path: Path, marked: Callable[..., Path], run: Run
) -> None:
    from nbgrader.api import Gradebook

    marked(emma=10.0)
    with Gradebook(f"sqlite:///{room}/gradebook.db") as book:
        book.update_or_create_assignment("cohort", duedate="2026-11-20 12:00 UTC")
    late = next(name for name in CANVAS if name.startswith("ek") and "LATE" in name)
    cut = {late: CANVAS[late], "altanna_12345_67890_cohort.ipynb": work("whole")[:-40]}
    download, again = tmp_path / "submissions.zip", tmp_path / "later.zip"
    download.write_bytes(zipped(cut))
    words = ["--course", room, "--zone", "UTC"]
    said = run("collect", download, *words)[1]
    assert "emma: late, says the platform, but not how late" in said
    by_mail, real = room / "submitted/anna/cohort/cohort.ipynb", "2026-11-22 09:30:00 UTC"
    by_mail.write_bytes(work("whole"))
    (room / "submitted/emma/cohort/timestamp.txt").write_text(real + "\n")
    again.write_bytes(zipped({**cut, "bergben_12346_67891_cohort.ipynb": work("b")}))
    for archive in (download, again, again):
        for also in (["--dry-run"], []):
            said = run("collect", archive, *words, *also)[1]
            assert "but not how late" not in said
            assert "Replaced" not in said
            assert "submitted/anna/cohort since stays" in said
            assert "emma: 2026-11-22 09:30" in said, "late by the time that was written"
        assert by_mail.read_bytes() == work("whole")
        assert time_of(room, "emma") == real
    again.write_bytes(zipped({"altanna_12345_77777_cohort.ipynb": work("newest")}))
    said = run("collect", again, *words)[1]
    assert "anna: the work before is kept in" in said
    assert by_mail.read_bytes() == work("newest")


def test_of_two_downloads_the_later_work_counts(room: Path, tmp_path: Path, run: Run) -> None:
    first, second = tmp_path / "1.zip", tmp_path / "2.zip"
    first.write_bytes(zipped({"Anna Alt_901_assignsubmission_file_/cohort.ipynb": work("1")}))
    second.write_bytes(zipped({"altanna_12345_67890_cohort.ipynb": work("22")}))
    status, said = run("collect", first, second, "--course", room)
    assert status == 0, said
    assert (room / "submitted/anna/cohort/cohort.ipynb").read_bytes() == work("22")
    assert "anna: cohort.ipynb came 2 times; the latest counts" in said


@pytest.mark.parametrize(
    "names",
    [
        ["../../evil_12345_67890_cohort.ipynb"],
        ["/etc/altanna_12345_67890_cohort.ipynb"],
        ["..\\altanna_12345_67890_cohort.ipynb"],
    ],
)
def test_no_member_leads_out_of_the_archive(
    room: Path, tmp_path: Path, run: Run, names: list[str]
) -> None:
    download = tmp_path / "x.zip"
    download.write_bytes(zipped(dict.fromkeys(names, work())))
    before = sorted(tmp_path.rglob("*"))
    status, said = run("collect", download, "--course", room, "--assignment", "cohort")
    assert status == 2
    assert "its place leads out of the archive" in said
    after = [p for p in sorted(tmp_path.rglob("*")) if ".snrilab" not in str(p)]
    assert after == before


def test_what_cannot_be_used_is_one_sentence(room: Path, tmp_path: Path, run: Run) -> None:
    bad = tmp_path / "bad.zip"
    bad.write_bytes(b"PK\x03\x04 cut off")
    for words, told in (
        ([bad], "bad.zip cannot be unpacked"),
        ([tmp_path / "nothing.zip"], "is no file and no folder"),
        ([bad, "--zone", "PST8"], "no time zone is called 'PST8'"),
        ([bad, "--roster", bad], "is a spreadsheet or an archive"),
    ):
        status, said = run("collect", *words, "--course", room)
        assert status == 2
        assert told in said
        assert "Traceback" not in said
    good = tmp_path / "good.zip"
    good.write_bytes(zipped({"altanna_12345_67890_homework.ipynb": work()}))
    status, said = run("collect", good, "--course", room)
    assert status == 2
    assert "which assignment is it?" in said
    assert run("collect", good, "--course", room, "--assignment", "cohort")[0] == 0
    (room / "students.csv").unlink()
    status, said = run("collect", good, "--course", room)
    assert status == 2
    assert "who is in the class?" in said


def test_two_people_of_one_name_are_not_guessed(room: Path, tmp_path: Path, run: Run) -> None:
    with (room / "students.csv").open("a") as file:
        file.write("anna2,Anna,Alt,other@example.org,777\n")
    download = tmp_path / "d.zip"
    download.write_bytes(
        zipped(
            {
                "Anna Alt_901_assignsubmission_file_/cohort.ipynb": work(),
                "altanna_777_5_cohort.ipynb": work("2"),
            }
        )
    )
    status, said = run("collect", download, "--course", room)
    assert status == 1
    assert "Anna Alt can be anna, anna2" in said
    assert list(placed(room)) == ["anna2"]


def test_names_mean_what_their_platform_means() -> None:
    first = meanings_of("Anna Alt_901_assignsubmission_file_cohort_12_34_x.ipynb")[0]
    assert (first.platform, first.file) == ("moodle", "cohort_12_34_x.ipynb")
    assert first.reply == "Anna Alt_901_assignsubmission_file_"
    first = meanings_of("term/Ek Emma_903_assignsubmission_file/sub/cohort.ipynb")[0]
    assert first.reply + first.file == "Ek Emma_903_assignsubmission_file/sub/cohort.ipynb"


def graded(room: Path, *students: str, unread: str = "", to_mark: str = "") -> None:
    """Write what grading writes for these students: marks, receipts and notebooks."""
    from snrilab.grading.classrun import write_notebooks
    from snrilab.grading.course import open_course
    from snrilab.grading.gradebook import Graded, Writer

    course = open_course(room)
    [template] = course.templates("cohort")
    writer = Writer(course, "cohort")
    writer.open([template])
    notebook = json.loads(work())
    for student in students:
        why = "waits for a person: it is a web page" * (student == unread)
        last = template.graded[-1] if student == to_mark else None
        verdicts = [
            {
                "grade_id": cell.grade_id, "points": cell.points,
                "score": None if why or cell is last else 1.0,
                "reason": why, "text": "",
            }
            for cell in template.graded
        ]  # fmt: skip
        result = {"notebook": notebook, "verdicts": verdicts, "misconceptions": {}}
        result |= {"comments": {}, "error": "", "facts": [], "held": [why] if why else []}
        work_there = read_submitted(course, "cohort", student, course.templates("cohort"))
        one = Graded(student, work_there.digest, "t", None, {"cohort": result}, [], 0.1)
        write_notebooks(course, "cohort", one)
        writer.write(one)
    writer.close()


def test_feedback_goes_back_under_the_platforms_names(room: Path, tmp_path: Path, run: Run) -> None:
    from tests.classroom.importers import canvas_feedback, moodle_feedback

    moodle, canvas = tmp_path / "m.zip", tmp_path / "c.zip"
    moodle.write_bytes(zipped({n: d for n, d in MOODLE.items() if "Nobody" not in n}))
    canvas.write_bytes(zipped({"zanderzoë_LATE_12350_68000_cohort.ipynb": work("z")}))
    assert run("collect", moodle, canvas, "--course", room)[0] == 1
    status, said = run("feedback", "cohort", "--course", room)
    assert status == 2
    assert "snrilab grade cohort" in said
    configure(room)
    graded(room, "anna", "ben", "emma", "oh", "zoe")
    status, said = run("feedback", "cohort", "--course", room)
    assert status == 1
    assert "NO FEEDBACK: not graded yet (1):\n  hans" in said
    assert "Pages: 5 made now, 0 as before." in said
    one = (room / "feedback_cohort_moodle.zip").read_bytes()
    other = (room / "feedback_cohort_canvas.zip").read_bytes()
    assert not (room / "feedback_cohort.zip").exists(), "an archive for each platform"
    page = ["cohort.html"]
    assert moodle_feedback(one, range(900, 910)) == dict.fromkeys((901, 902, 903, 904), page)
    assert list(canvas_feedback(other, {68000: 12350})) == [12350]
    assert len(zipfile.ZipFile(io.BytesIO(other)).namelist()) == 1
    status, said = run("feedback", "cohort", "--course", room)
    assert "Pages: 0 made now, 5 as before." in said
    assert (room / "feedback_cohort_moodle.zip").read_bytes() == one
    status, said = run("feedback", "cohort", "--course", room, "--student", "zoe")
    assert status == 0, said
    assert canvas_feedback((room / "feedback_cohort_part.zip").read_bytes(), {68000: 12350})
    assert (room / "feedback_cohort_moodle.zip").read_bytes() == one, "the class's archives stay"
    assert "taken away" not in said
    (room / "feedback_cohort.zip").write_bytes(one)
    status, said = run("feedback", "cohort", "--course", room)
    for old in ("feedback_cohort_part.zip", "feedback_cohort.zip"):
        assert f"{old} of an earlier time is taken away" in said
        assert not (room / old).exists()
    # A copy without what collecting has kept: nothing with a platform's names is taken away.
    shutil.rmtree(room / ".snrilab/collected")
    status, said = run("feedback", "cohort", "--course", room)
    assert "Left as it is: feedback_cohort_canvas.zip, feedback_cohort_moodle.zip: made when" in (
        said.replace("moodle.zip, feedback_cohort_canvas", "canvas.zip, feedback_cohort_moodle")
    )
    assert "collect the same archives once more" in said
    assert (room / "feedback_cohort_moodle.zip").read_bytes() == one
    assert (room / "feedback_cohort_canvas.zip").read_bytes() == other
    assert run("collect", moodle, canvas, "--course", room)[0] == 1
    status, said = run("feedback", "cohort", "--course", room)
    assert "Left as it is" not in said
    assert "feedback_cohort_others.zip of an earlier time is taken away" in said
    assert (room / "feedback_cohort_moodle.zip").read_bytes() == one


def test_one_platforms_archive_stays_where_its_names_are_forgotten(
    room: Path, tmp_path: Path, run: Run
) -> None:
    moodle, table = tmp_path / "m.zip", tmp_path / "t.csv"
    moodle.write_bytes(zipped({"Ben Berg_902_assignsubmission_file_/cohort.ipynb": work()}))
    run("collect", moodle, "--course", room)
    configure(room)
    graded(room, "ben")
    assert run("feedback", "cohort", "--course", room)[0] == 0
    one = (room / "feedback_cohort.zip").read_bytes()
    shutil.rmtree(room / ".snrilab/collected")
    table.write_text(f"Student,ID,SIS Login ID,Section,Cohort (1)\n{POINTS}Berg Ben,7,ben,A,\n")
    said = run("grades", "cohort", "--course", room, "--into", table, "--partial")[1]
    assert "feedback_cohort.zip: made when it was known" in said
    assert "Left as it is: feedback_cohort.zip" in run("feedback", "cohort", "--course", room)[1]
    assert (room / "feedback_cohort.zip").read_bytes() == one
    # Where work never came from a platform, an archive is made anew without a word.
    for path in room.glob("feedback_cohort*.zip"):
        path.unlink()
    for _ in range(2):
        assert "Left" not in run("feedback", "cohort", "--course", room)[1]
    assert zipfile.ZipFile(room / "feedback_cohort.zip").namelist() == ["ben/cohort.html"]


POINTS = "    Points Possible,,,,100\n"


def configure(room: Path) -> None:
    """Let the folder's pages be those of a course."""
    (room / "nbgrader_config.py").write_text(
        "c = get_config()\nfrom snrilab.grading.autograde import configure\nconfigure(c)\n"
    )


def test_feedback_of_what_is_not_final_is_left_out_and_old_pages_are_made_anew(
    room: Path, run: Run
) -> None:
    configure(room)
    here = ["cohort", "--course", room]
    for student in ("anna", "ben", "zoe"):
        (room / "submitted" / student / "cohort").mkdir(parents=True)
    graded(room, "anna", "ben", "zoe", unread="ben", to_mark="zoe")
    status, said = run("feedback", *here)
    assert status == 1, said
    assert re.search(
        r"NOT READ: waits for a person \(--partial packs it all the same\) \(1\):\n  "
        r"ben: \d+ answers wait for a mark, worth \d+ \(it is a web page\)",
        said,
    )
    assert re.search(r"NOT WHOLLY MARKED .*:\n  zoe: 1 answer waits for a mark, worth \d", said)
    packed = zipfile.ZipFile(room / "feedback_cohort.zip").namelist()
    assert packed == ["anna/cohort.html"]
    status, said = run("feedback", *here, "--partial")
    assert status == 0, said
    pages = {s: (room / f"feedback/{s}/cohort/cohort.html").read_text("utf-8") for s in
             ("anna", "ben", "zoe")}  # fmt: skip
    assert "could not be read: it is a web page. Your teacher has been told." in pages["ben"]
    assert "Score: 0.0" not in pages["ben"], "no bare 0"
    assert "no points yet, of" in pages["ben"]
    assert "Not wholly marked yet: 1 answer waits for a mark" in pages["zoe"]
    assert pages["zoe"].count("waits for a mark, of") == 2, "in the list and at the answer"
    assert 'role="note"' not in pages["anna"]
    # Ben's file was mended: what lies there is old, also where nbgrader would leave it.
    graded(room, "ben")
    status, said = run("feedback", *here)
    assert "Pages: 1 made now, 1 as before." in said
    page = (room / "feedback/ben/cohort/cohort.html").read_text("utf-8")
    assert "could not be read" not in page
    # A mark given by hand makes one page old, whoever made it.
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{room}/gradebook.db") as book:
        [grade, *_] = book.find_submission_notebook("cohort", "cohort", "anna").grades
        grade.manual_score = 0.5
        book.db.commit()
    assert "Pages: 1 made now, 1 as before." in run("feedback", *here)[1]
    assert run("feedback", *here, "--student", "nobody")[0] == 2


def test_what_the_platform_calls_people_is_kept(room: Path, tmp_path: Path, run: Run) -> None:
    download = tmp_path / "d.zip"
    download.write_bytes(zipped(MOODLE))
    run("collect", download, "--course", room)
    kept = json.loads((room / ".snrilab/collected/cohort.json").read_text("utf-8"))
    assert kept["anna"]["participant"] == "901"
    shutil.rmtree(room / "submitted")


GRADESCOPE = """---
submission_101:
  :submitters:
  - :name: Anna Alt
    :sid: anna
    :email: anna@example.org
  :created_at: 2026-11-20 10:05:00.123456000 Z
  :score: 0.0
  :results: !ruby/hash:ActiveSupport::HashWithIndifferentAccess
    tests: []
submission_102:
  :submitters:
  - :name: Ben Berg
    :sid: '0012346'
    :email: ben@example.org
  - :name: Emma Ek
    :sid:
    :email: emma@example.org
  :created_at: !ruby/object:ActiveSupport::TimeWithZone
    utc: 2026-11-21 09:00:00.000000000 Z
    zone: &1 !ruby/object:ActiveSupport::TimeZone
      name: America/Los_Angeles
    time: 2026-11-21 01:00:00.000000000 Z
submission_103:
  :submitters:
  - :name: Nobody Known
    :sid: '999'
    :email: nobody@example.org
"""
TOP = "assignment_55_export/"


def test_gradescopes_export_with_a_pair(room: Path, tmp_path: Path, run: Run) -> None:
    own = zipped({"deep/cohort.ipynb": work("zip")})
    files = {
        f"{TOP}submission_metadata.yml": GRADESCOPE.encode(),
        f"{TOP}submission_101/cohort.ipynb": work(),
        # A student's own file of that name says nothing about others.
        f"{TOP}submission_101/submission_metadata.yml": GRADESCOPE.replace("103", "104").encode(),
        f"{TOP}submission_102/my work.zip": own,
        f"{TOP}submission_103/cohort.ipynb": work(),
        f"{TOP}submission_104/cohort.ipynb": work(),
    }
    download = tmp_path / "assignment_55_export.zip"
    download.write_bytes(zipped(files))
    status, said = run("collect", download, "--course", room, "--zone", "Asia/Tokyo")
    assert status == 1, said
    pair = ["cohort.ipynb", "timestamp.txt"]
    assert placed(room) == {"anna": pair, "ben": pair, "emma": pair}
    assert time_of(room, "anna") == "2026-11-20 10:05:00 UTC"
    assert time_of(room, "emma") == time_of(room, "ben") == "2026-11-21 09:00:00 UTC"
    assert (room / "submitted/emma/cohort/cohort.ipynb").read_bytes() == work("zip")
    assert "NOT PLACED, whose is it (2)" in said
    assert "submission_103: not in the roster" in said
    assert "submission_104: it is not named in submission_metadata.yml" in said


@pytest.mark.parametrize(
    ("metadata", "why"),
    [
        (None, "says whose it is in submission_metadata.yml, which is not beside it"),
        (b"a: [", "submission_metadata.yml is damaged"),
        (b"- 1", "names no submissions"),
        (b"submission_101: {':submitters': 3}", "names no submitters"),
        (b"\xff\xfe\x00\xd8", "submission_metadata.yml is damaged"),
    ],
)
def test_gradescopes_folders_without_what_says_whose_they_are(
    room: Path, tmp_path: Path, run: Run, metadata: bytes | None, why: str
) -> None:
    files = {f"{TOP}submission_101/cohort.ipynb": work()}
    if metadata is not None:
        files[f"{TOP}submission_metadata.yml"] = metadata
    download = tmp_path / "x.zip"
    download.write_bytes(zipped(files))
    status, said = run("collect", download, "--course", room)
    assert status == 2
    assert f"{TOP}submission_101" in said
    assert why in said
    assert not (room / "submitted").exists()


GROUPS = (
    "name,canvas_user_id,user_id,login_id,sections,group_name,canvas_group_id,group_id\n"
    "Anna Alt,12345,71,anna,A,The Pump 1,7,\nBen Berg,12346,72,ben,A,The Pump 1,7,\n"
    "Emma Ek,12347,73,emma,B,Rats,8,\nZoë Zander,12350,75,zoe,B,Rats,8,\n"
)


def test_what_a_group_hands_in_counts_for_all_of_it(room: Path, tmp_path: Path, run: Run) -> None:
    from tests.classroom.importers import canvas_feedback

    download, groups = tmp_path / "d.zip", tmp_path / "groups.csv"
    groups.write_text(GROUPS, "utf-8")
    files = {
        "thepump1_12345_67890_cohort.ipynb": work("ab"),
        "rats_LATE_12347_67891_cohort.ipynb": work("e"),
        "zanderzoë_12350_67892_cohort.ipynb": work("own"),
    }
    download.write_bytes(zipped(files))
    words = ["--course", room, "--roster", room / "students.csv"]
    status, said = run("collect", download, *words)
    assert status == 1
    assert "A GROUP, for whom else (2)" in said
    assert "anna: handed in as 'thepump1'; if this is a group" in said
    shutil.rmtree(room / "submitted")
    status, said = run("collect", download, *words, "--roster", groups)
    assert status == 0, said
    assert set(placed(room)) == {"anna", "ben", "emma", "zoe"}
    assert "anna: handed in for ben too" in said
    assert (room / "submitted/ben/cohort/cohort.ipynb").read_bytes() == work("ab")
    assert (room / "submitted/zoe/cohort/cohort.ipynb").read_bytes() == work("own"), "own work"
    configure(room)
    graded(room, "anna", "ben", "emma", "zoe")
    status, said = run("feedback", "cohort", "--course", room)
    assert status == 0, said
    archive = (room / "feedback_cohort.zip").read_bytes()
    back = canvas_feedback(archive, {67890: 12345, 67891: 12347, 67892: 12350})
    assert {user: len(pages) for user, pages in back.items()} == {12345: 1, 12347: 1, 12350: 1}
    status, said = run("feedback", "cohort", "--course", room, "--student", "ben")
    assert status == 0, said
    archive = (room / "feedback_cohort_part.zip").read_bytes()
    assert set(canvas_feedback(archive, {67890: 12345})) == {12345}, "of who handed in for it"


def test_a_column_of_the_roster_says_who_is_a_group(room: Path, tmp_path: Path, run: Run) -> None:
    """Where the number of the platform is not known, the group's name is enough."""
    roster, download = tmp_path / "people.csv", tmp_path / "d.zip"
    roster.write_text(
        "id,first_name,last_name,group_name\nanna,Anna,Alt,Pump_1\nben,Ben,Berg,Pump_1\n"
        "emma,Emma Maria,Ek,\n"
    )
    files = {"pump_1_999_5_cohort.ipynb": work(), "ekneuemma_998_6_cohort.ipynb": work("e")}
    download.write_bytes(zipped(files))
    status, said = run("collect", download, "--course", room, "--roster", roster)
    assert set(placed(room)) == {"anna", "ben"}
    assert status == 1
    assert "ekneuemma_998_6_cohort.ipynb: not in the roster" in said


def test_a_section_is_no_group(room: Path, tmp_path: Path, run: Run) -> None:
    """One file never becomes the work of everybody in a section that is called like a group."""
    roster, download = tmp_path / "people.csv", tmp_path / "d.zip"
    roster.write_text("id,first_name,Section\nanna,Anna,Lab 1\nben,Ben,Lab 1\n")
    download.write_bytes(zipped({"lab1_999_5_cohort.ipynb": work()}))
    status, said = run("collect", download, "--course", room, "--roster", roster)
    assert status == 2
    assert "lab1_999_5_cohort.ipynb: not in the roster" in said
    assert not (room / "submitted").exists()


ODD = ["a_b", "a_b_c", "x-y"]


@pytest.mark.parametrize(
    ("name", "who"),
    [
        ("a_b_cohort.ipynb", "a_b"),
        ("a_b_c_2026-11-20-10-00-00_cohort.ipynb", "a_b_c"),
        ("a_b_c_cohort.ipynb", "a_b_c"),
        ("Problem_Set_a_b_attempt_2026-11-20-10-00-00_cohort.ipynb", "a_b"),
        ("Abgaben/Alt_Anna_a_b_771/20261120100000_cohort.ipynb", "a_b"),
        ("x-y_cohort.ipynb", "x-y"),
        ("a_b_c_homework.ipynb", ""),
    ],
)
def test_a_login_may_have_the_sign_that_stands_behind_it(
    room: Path, tmp_path: Path, run: Run, name: str, who: str
) -> None:
    (room / "students.csv").write_text("id,first_name\n" + "".join(f"{o},\n" for o in ODD))
    download = tmp_path / "d.zip"
    download.write_bytes(zipped({name: work()}))
    status, said = run("collect", download, "--course", room, "--assignment", "cohort")
    assert list(placed(room) if who else []) == [who] * bool(who), said
    assert (status, "it can be of a_b, a_b_c" in said) == ((0, False) if who else (2, True))


def test_a_pattern_with_its_sign_inside_a_name(room: Path, tmp_path: Path, run: Run) -> None:
    (room / "students.csv").write_text("id,email\nx-y,x-y@example.org\nx,x@example.org\n")
    download = tmp_path / "d.zip"
    download.write_bytes(zipped({"hw-x-y@example.org-2026-11-20T10:00.cohort.ipynb": work()}))
    words = ["--course", room, "--pattern", "hw-{email}-{time}.{file}", "--zone", "UTC"]
    status, said = run("collect", download, *words)
    assert status == 0, said
    assert time_of(room, "x-y") == "2026-11-20 10:00:00 UTC"


def test_the_file_of_the_laboratory_in_the_browser(room: Path, tmp_path: Path, run: Run) -> None:
    # All that a learner did, lessons and other assignments too, as "Download my work" gives it out.
    own = zipped({
        ".snrilab/progress.json": b"{}",
        "02_binding_assays.ipynb": work("l"),
        "cohort/cohort.ipynb": work("n"),
        "cohort/notes.txt": b"mine",
        "ps1_synapse/ps1_synapse.ipynb": work("o"),
    })  # fmt: skip
    files = {
        "Anna Alt_901_assignsubmission_file_/snrilab_my_work_2026-11-30.zip": own,
        "Berg Ben_902_assignsubmission_file_/cohort.ipynb": work(),
    }
    download = tmp_path / "d.zip"
    download.write_bytes(zipped(files))
    status, said = run("collect", download, "--course", room)
    assert status == 0, said
    assert placed(room) == {"anna": ["cohort.ipynb"], "ben": ["cohort.ipynb"]}
    assert (room / "submitted/anna/cohort/cohort.ipynb").read_bytes() == work("n")
    assert "anna: left in the download: " in said
    assert "02_binding_assays.ipynb" in said, "by name"


@pytest.mark.parametrize(
    ("heads", "named"),
    [("Given name,Family name,Student ID,Email", True), ("Anrede,Zuname,Student ID,Email", False)],
)
def test_a_roster_without_names_says_so(
    room: Path, tmp_path: Path, run: Run, heads: str, *, named: bool
) -> None:
    table = tmp_path / "class.csv"
    table.write_text(f"{heads}\nAnna,Alt,7001,anna@example.org\n")
    (room / "students.csv").unlink()
    said = run("roster", table, "--course", room)[1]
    names = "Anna,Alt" in (room / "students.csv").read_text("utf-8")
    assert (names, f"({heads.replace(',', ', ')}) is known here as a name" in said) == (
        named,
        not named,
    )


def test_a_roster_of_two_platforms_has_everybody(room: Path, tmp_path: Path, run: Run) -> None:
    moodle, canvas = tmp_path / "participants.csv", tmp_path / "canvas.csv"
    moodle.write_text(
        "First name,Last name,ID number,Email address\nAnna,Alt,a1,anna@example.org\n"
        "Bo,Berg,b2,bo@example.org\n"
    )
    canvas.write_text(
        "Student,ID,SIS Login ID,Section,ps1 (1)\n    Points Possible,,,,10\n"
        '"Alt, Anna",7,a1,A,\n"Chan, Cy",9,c3,B,\n'
    )
    (room / "students.csv").unlink()
    status, said = run("roster", str(moodle), str(canvas), "--course", str(room))
    assert status == 0, said
    assert "3 students (2 of participants.csv, 1 of canvas.csv and 1 known already)." in said
    table = (room / "students.csv").read_text()
    assert [line.partition(",")[0] for line in table.splitlines()[1:]] == ["a1", "b2", "c3"]


MOODLES = (
    "First name,Last name,ID number,Email address\n"
    "Zoë,Zander,30117,zoe@a.example\nAnna,Alt,30118,anna@a.example\n"
)
NAMESAKE = "José,García López,30126,jose@a.example\n"
CANVASES = (
    "Student,ID,SIS User ID,SIS Login ID,Section,ps1 (1)\n"
    '"Baker, Tom",8101,S8101,tbaker,A,\n"García López, José",8105,S8105,jgarcia,A,\n'
)


@pytest.mark.parametrize("numbers", [True, False], ids=["with SIS numbers", "without"])
@pytest.mark.parametrize("how", ["alone", "together", "canvas first"])
def test_a_newcomer_of_a_name_that_is_there_is_another_person(
    room: Path, tmp_path: Path, run: Run, how: str, *, numbers: bool
) -> None:
    """Nobody's work, number or mark goes to a namesake of another platform."""
    moodle, canvas, download = (tmp_path / n for n in ("moodle.csv", "canvas.csv", "c.zip"))
    moodle.write_text(MOODLES)
    canvas.write_text(CANVASES if numbers else re.sub(r"(SIS User ID|S810\d),", "", CANVASES))
    (room / "students.csv").unlink()
    assert run("roster", moodle, canvas, "--course", room)[0] == 0
    names = ("bakertom_8101_1", "garcíalópezjosé_8105_2")
    download.write_bytes(zipped({f"{name}_cohort.ipynb": work() for name in names}))
    assert run("collect", download, "--course", room)[0] == 0

    moodle.write_text(MOODLES + NAMESAKE)
    tables = {"alone": [moodle], "together": [moodle, canvas], "canvas first": [canvas, moodle]}
    status, said = run("roster", *tables[how], "--course", room)
    assert status == 0
    assert "SAME NAME: 30126 has the name of jgarcia" in said, "said, and no failure"
    rows = {line.split(",")[0]: line for line in (room / "students.csv").read_text().splitlines()}
    assert {"30126", "jgarcia", "30117", "tbaker"} <= rows.keys()
    assert "8105" in rows["jgarcia"]
    assert "8105" not in rows["30126"]
    status, said = run("collect", download, "--course", room)
    assert status == 0, said
    assert sorted(placed(room)) == ["jgarcia", "tbaker"]
    assert "0 new, 0 replaced, 2 as before" in said

    before = (room / "students.csv").read_text()
    run("roster", *tables[how], "--course", room)
    assert (room / "students.csv").read_text() == before


@pytest.mark.parametrize("known", ["collected", "gradebook"])
def test_a_number_is_whose_it_was_and_no_namesakes(
    room: Path, tmp_path: Path, run: Run, marked: Callable[..., Path], known: str
) -> None:
    """Also where the roster has lost that person; a number of nobody is placed by no name."""
    download, roster = tmp_path / "d.zip", room / "students.csv"
    if known == "collected":
        download.write_bytes(zipped({"altanna_12345_1_cohort.ipynb": work()}))
        assert run("collect", download, "--course", room)[0] == 0
    else:
        marked(anna=50.0)
        assert run("roster", roster, "--course", room)[0] == 0
    roster.write_text("id,first_name,last_name,email\nanna2,Anna,Alt,other@example.org\n")
    download.write_bytes(zipped({"altanna_12345_2_cohort.ipynb": work("later")}))
    status, said = run("collect", download, "--course", room)
    assert status == 0, said
    assert list(placed(room)) == ["anna"]

    roster.write_text(ROSTER)
    download.write_bytes(
        zipped({"altanna_777_3_cohort.ipynb": work("x"), "ekemma_12347_4_cohort.ipynb": work()})
    )
    status, said = run("collect", download, "--course", room)
    assert status == 1
    assert "altanna can be anna, whose number is 12345 and not 777" in said
    assert sorted(placed(room)) == ["anna", "emma"]


def test_a_worksheets_row_of_a_namesake_brings_nobody_its_number(
    room: Path, tmp_path: Path, run: Run
) -> None:
    download, sheet = tmp_path / "d.zip", tmp_path / "sheet.csv"
    sheet.write_text(
        "Identifier,Full name,Email address,Status,Grade,Maximum grade\n"
        "Participant 901,Anna Alt,another@example.org,Submitted,,100.00\n"
        "Participant 902,Ben Berg,ben@example.org,Submitted,,100.00\n"
    )
    names = ("Anna Alt_901", "Ben Berg_902")
    download.write_bytes(
        zipped({f"{n}_assignsubmission_file_/cohort.ipynb": work() for n in names})
    )
    words = ["--roster", room / "students.csv", "--roster", sheet]
    status, said = run("collect", download, "--course", room, *words)
    assert status == 1
    assert "Anna Alt can be anna, but 901 is Anna Alt's, who is not in the roster" in said
    assert list(placed(room)) == ["ben"]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("67891_cohort", "67891_cohort-1"),
        ("67891_cohort", "67999_cohort-1"),
        ("67891_cohort-2", "67891_cohort-10"),
        ("67891_cohort-1", "67999_cohort"),
        ("99999_cohort", "100000_cohort"),
        ("LATE_12346_67891_cohort", "67999_cohort-1"),
        ("67891_cohort", "LATE_12346_67999_cohort-1"),
    ],
)
@pytest.mark.parametrize("due", [False, True])
def test_an_older_archive_of_canvas_takes_no_newer_work_away(
    room: Path, tmp_path: Path, run: Run, first: str, second: str, *, due: bool
) -> None:
    """It has no times: the number of a file says which came later, then the version of its name."""
    old, new = tmp_path / "old.zip", tmp_path / "submissions (1).zip"
    for path, ending, note in ((old, first, "old"), (new, second, "newer")):
        name = ending if ending.startswith("LATE") else f"12346_{ending}"
        path.write_bytes(zipped({f"bergben_{name}.ipynb": work(note)}))
    if due:
        run("deadline", "cohort", "--course", room, "--due", "2026-11-20 12:00", "--zone", "UTC")
    file = room / "submitted/ben/cohort/cohort.ipynb"
    assert run("collect", old, "--course", room)[0] == 0
    status, said = run("collect", new, "--course", room)
    assert status == 0
    assert "Replaced (1):" in said
    assert file.read_bytes() == work("newer")
    for _ in range(2):
        status, said = run("collect", old, "--course", room)
        assert status == 0
        assert "ben: the work that is there already is the later one, by Canvas' number" in said
        assert file.read_bytes() == work("newer")
    assert "1 as before" in run("collect", new, "--course", room)[1]
    shutil.rmtree(room / "submitted")
    for both in ([old, new], [new, old]):
        run("collect", *both, "--course", room)
        assert file.read_bytes() == work("newer"), "in whatever order they are given"


def test_another_file_of_the_same_number_is_named(room: Path, tmp_path: Path, run: Run) -> None:
    download = tmp_path / "submissions.zip"
    for note in ("", "edited"):
        download.write_bytes(zipped({"bergben_12346_67891_cohort.ipynb": work(note)}))
        status, said = run("collect", download, "--course", room)
        assert status == 0
    assert "ben: another file under the same number of Canvas; the work that is there" in said
    assert (room / "submitted/ben/cohort/cohort.ipynb").read_bytes() == work()


def test_nobody_is_expected_from_the_other_platform(room: Path, tmp_path: Path, run: Run) -> None:
    (room / "students.csv").write_text(
        "id,first_name,last_name,email,lms_user_id\nm1,Mo,One,m1@a.example,\n"
        "m2,Mia,Two,m2@a.example,\nc1,Cy,Three,,81\nc2,Cleo,Four,,82\n"
    )
    moodle, canvas = tmp_path / "moodle.zip", tmp_path / "canvas.zip"
    moodle.write_bytes(zipped({"Mo One_901_assignsubmission_file_/cohort.ipynb": work()}))
    canvas.write_bytes(zipped({"threecy_81_5_cohort.ipynb": work()}))
    for archives, missing, others in (
        ([moodle], "Nothing from (1): m2\n", "not expected here: 2."),
        ([canvas], "Nothing from (1): c2\n", "not expected here: 1."),
        ([moodle, canvas], "Nothing from (2): m2, c2\n", ""),
    ):
        said = run("collect", *archives, "--course", room)[1]
        assert missing in said
        assert others in said
        assert bool(others) == ("Of another platform" in said)


def test_two_rows_of_one_table_are_two_people(room: Path, tmp_path: Path, run: Run) -> None:
    """Of one name, in the first table or a later one."""
    moodle, canvas = tmp_path / "moodle.csv", tmp_path / "canvas.csv"
    moodle.write_text(MOODLES + "Anna,Alt,30128,anna2@a.example\n")
    canvas.write_text(CANVASES)
    for tables in ([moodle, canvas], [canvas, moodle]):
        (room / "students.csv").unlink(missing_ok=True)
        status, said = run("roster", *tables, "--course", room)
        assert status == 0, said
        rows = (room / "students.csv").read_text().splitlines()[1:]
        ids = sorted(line.split(",")[0] for line in rows)
        assert ids == ["30117", "30118", "30128", "jgarcia", "tbaker"]
