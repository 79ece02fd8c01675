"""Marks into Canvas' and Moodle's own tables: as their importers take them, byte for byte."""

# ruff: noqa: ISC004 -- headings on several lines

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from snrilab.classroom._table import parse_table
from snrilab.grading.classrun import read_submitted
from snrilab.grading.course import open_course
from snrilab.grading.standing import RECEIPTS
from tests.classroom import importers
from tests.classroom.conftest import work, zipped

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from snrilab.grading.course import Course

    Run = Callable[..., tuple[int, str]]

CANVAS = (
    "Student,ID,SIS User ID,SIS Login ID,Section,Cohort (4711),Essay (4712),Current Score,"
    "Final Score\r\n"
    ",,,,,Manual Posting,,,\r\n"
    "    Points Possible,,,,,100.00,20.00,(read only),(read only)\r\n"
    '"Alt, Anna",12345,00071,anna,"Bio 101, A",,18.00,90.00,45.00\r\n'
    '"Berg, Ben",12346,00072,ben,Bio 101,50.00,,,\r\n'
    '"Ek, Emma",12347,00073,emma,Bio 101,EX,,,\r\n'
    '"O\'Hara-Lind, Sean",12348,00074,oh,Bio 101,,,,\r\n'
    '"Müller, Hans Jörg",12349,00075,hans,Bio 101,"",=1+2,,\r\n'
    '"Student, Test",99,,abc,Bio 101,,,,\r\n'
)
SHEETS = {
    "en": (
        "Identifier,Full name,Email address,Status,Grade,Maximum grade,Grade can be changed,"
        "Last modified (submission),Last modified (grade),Feedback comments",
        "Participant ", "Yes", "No", "100.00",
    ),
    "en, old": (
        'Identifier,"Full name","ID number","Email address",Status,Grade,"Maximum Grade",'
        '"Grade can be changed","Last modified (submission)","Last modified (grade)"',
        "Participant ", "Yes", "No", "100.00",
    ),
    "de": (
        'ID,"Vollständiger Name",E-Mail-Adresse,Status,Bewertung,Bestwertung,'
        '"Bewertung kann geändert werden","Zuletzt geändert (Abgabe)",'
        '"Zuletzt geändert (Bewertung)","Feedback als Kommentar"',
        "Teilnehmer/in", "Ja", "Nein", '"100,00"',
    ),
    "fr": (
        'Identifiant,"Nom complet","Adresse de courriel",Statut,Note,"Note maximale",'
        '"La note peut être modifiée","Dernière modification (travail remis)",'
        '"Dernière modification (note)","Feedback par commentaires"',
        "Participant", "Oui", "Non", '"100,00"',
    ),
    "es": (
        'Identificador,"Nombre completo","Dirección de correo",Estado,Calificación,'
        '"Calificación máxima","La calificación puede ser cambiada",'
        '"Última modificación (entrega)","Última modificación (calificación)",'
        '"Comentarios de retroalimentación"',
        "Participante ", "Sí", "No", '"100,00"',
    ),
    "sv": (  # no word of this language is known: the shape tells
        'Identifierare,"Hela namnet",Epostadress,Läge,Betyg,Maxbetyg,"Betyg kan ändras",'
        '"Senast ändrad (inlämning)","Senast ändrad (betyg)",Återkoppling',
        "Deltagare ", "Ja", "Nej", '"100,00"',
    ),
}  # fmt: skip


def sheet(language: str, end: str = "\r\n") -> str:
    """Return Moodle's grading worksheet as its sites write it."""
    header, hidden, yes, no, top = SHEETS[language]
    rows = [header]
    people = [
        (901, "Anna Alt", "anna@example.org", yes), (902, "Ben Berg", "ben@example.org", no),
        (904, "Sean O'Hara-Lind", "sean@example.org", yes),
        (905, "Hans Jörg Müller", "hans@example.org", yes),
        (999, "Nobody Known", "nobody@example.org", yes),
    ]  # fmt: skip
    number = ',"7"' if "ID number" in header else ""
    tail = "-,-" if "old" in language else "-,-,"
    rows += [
        f'{hidden}{n},"{name}"{number},{email},"Submitted, 2 days",,{top},{open_},{tail}'
        for n, name, email, open_ in people
    ]
    return end.join(rows) + end


def only_grades_differ(before: str, after: bytes, encoding: str, column: str) -> bool:
    """Whether nothing but cells of one column has changed."""
    one, other = parse_table(before.encode(encoding)), parse_table(after)
    place = one.header.index(column)
    assert [len(row) for row in one.rows] == [len(row) for row in other.rows]
    blank = [
        t.filled({(r, place): "" for r in range(1, len(t.rows)) if len(t.rows[r]) > place})
        for t in (one, other)
    ]
    quotes = [re.sub(rb'(?<=[,;])""(?=[,;\r\n])', b"", text) for text in blank]
    return quotes[0] == quotes[1]


def test_canvas_takes_the_table_back(marked: Callable[..., Path], tmp_path: Path, run: Run) -> None:
    room = marked(anna=87.5, ben=61.0, emma=40.0, hans=None, zoe=12.0)
    table = tmp_path / "gradebook.csv"
    table.write_bytes(("\ufeff" + CANVAS).encode())
    status, said = run("grades", "cohort", "--course", room, "--into", table)
    assert status == 1
    filled = table.read_bytes()
    assert (
        filled
        == ("\ufeff" + CANVAS)
        .replace('A",,18', 'A",87.50,18')
        .replace("50.00,,,", "61.00,,,")
        .encode()
    )
    assert (tmp_path / "gradebook.csv.before").read_bytes() == ("\ufeff" + CANVAS).encode()
    people = {n: {} for n in (12345, 12346, 12347, 12348, 12349, 99)}
    taken = importers.canvas(filled, {4711: "Cohort", 4712: "Essay"}, people)
    assert taken[12345, 4711] == "87.50"
    assert taken[12345, 4712] == "18.00"
    assert "ben: 50.00 becomes 61.00" in said
    assert "emma: is excused (EX)" in said
    assert "hans: not read: waits for a person" in said
    assert "NOT IN THE TABLE (of another section?) (1):\n  zoe" in said
    assert "row 8: '=1+2'" in said
    status, said = run("grades", "cohort", "--course", room, "--into", table)
    assert "0 new marks, 0 changed, 2 as before" in said
    assert "stays as it is" in said
    assert table.read_bytes() == filled


SINCE = "other work or another time since the grading: snrilab grade"


def test_work_that_came_after_the_grading_gets_no_older_mark(
    marked: Callable[..., Path], tmp_path: Path, run: Run
) -> None:
    room = marked(anna=87.5, ben=61.0)
    course = open_course(room)
    for student in ("anna", "ben", "emma"):  # emma has never been graded
        folder = room / "submitted" / student / "cohort"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "cohort.ipynb").write_bytes(work())
    templates = course.templates("cohort")
    engine = sa.create_engine(course.db_url)
    with engine.begin() as connection:
        RECEIPTS.create(connection)
        for student in ("anna", "ben"):
            graded = read_submitted(course, "cohort", student, templates).digest
            connection.execute(
                RECEIPTS.insert().values(
                    assignment="cohort", student=student, submission=graded, template="", engine="",
                    graded_at=datetime.fromisoformat("2026-11-20T12:00"), seconds=1.0,
                    verdicts="{}", facts="[]", misconceptions="{}",
                )
            )  # fmt: skip
    engine.dispose()
    table = tmp_path / "gradebook.csv"
    table.write_bytes(CANVAS.encode())
    into = ["grades", "cohort", "--course", room, "--into", table]
    run(*into)
    (room / "submitted/anna/cohort/cohort.ipynb").write_bytes(work("better"))
    before = table.read_bytes()
    status, said = run(*into, "--partial")
    assert status == 1
    assert f"NOT WRITTEN, {SINCE} (2):\n  anna\n  emma" in said
    assert "1 as before" in said, said
    assert table.read_bytes() == before
    # Another time is no other work, and can cost other points.
    (room / "submitted/anna/cohort/cohort.ipynb").write_bytes(work())
    assert "\n  anna\n" not in run(*into)[1]
    (room / "submitted/anna/cohort/timestamp.txt").write_text("2026-11-20 16:00:00 UTC")
    assert "\n  anna\n" in run(*into)[1]
    status, said = run("feedback", "cohort", "--course", room, "--student", "anna")
    assert status == 2, "one who has nothing to be packed"
    assert f"LEFT OUT, {SINCE} (1):\n  anna" in said


def test_a_page_goes_back_under_no_name_that_two_share(
    marked: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, run: Run
) -> None:
    import zipfile

    from snrilab.classroom import _returning
    from snrilab.classroom._replies import write_replies

    room = marked(anna=50.0, ben=60.0, emma=70.0)
    course = open_course(room)

    def make(course: Course, assignment: str, students: list[str], _: object) -> None:
        for student in students:
            folder = course.folder("feedback", student, assignment)
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "cohort.html").write_text(student)

    monkeypatch.setattr(_returning, "_make", make)
    for student in ("anna", "ben", "emma"):
        (room / "submitted" / student / "cohort").mkdir(parents=True, exist_ok=True)
    names = {"anna": "M S_1_", "ben": "M S_1_", "emma": "E E_2_"}
    replies = {s: {"platform": "moodle", "reply": f"{n}x_/"} for s, n in names.items()}
    write_replies(course, "cohort", replies | {"ben": replies["ben"] | {"by_name": True}})
    status, said = run("feedback", "cohort", "--course", room)
    assert status == 1
    assert "came under another one's name too: snrilab collect says (1):\n  ben" in said
    assert "Pages: 2 made now, 0 as before." in said
    with zipfile.ZipFile(room / "feedback_cohort.zip") as archive:
        assert archive.namelist() == ["M S_1_x_/cohort.html", "E E_2_x_/cohort.html"]
        assert archive.read("M S_1_x_/cohort.html") == b"anna"


def test_each_table_of_before_says_when_it_was(tmp_path: Path) -> None:
    from snrilab.classroom._marks import save

    table = tmp_path / "gradebook.csv"
    table.write_text("0")
    for number in "123":  # within one second
        save(table, number.encode(), None)
    kept = sorted(path.name for path in tmp_path.glob("*.before*"))
    assert kept[0] == "gradebook.csv.before", "as it came from the platform"
    assert [(tmp_path / name).read_text() for name in kept] == ["0", "1", "2"]
    assert all(re.search(r"\.before_\d{4}-\d\d-\d\d_\d\d-\d\d-\d\d$", n) for n in kept[1:])


def test_who_is_on_the_other_platform_is_counted_and_not_listed(
    marked: Callable[..., Path], tmp_path: Path, run: Run
) -> None:
    from snrilab.classroom._replies import write_replies
    from snrilab.grading.course import open_course

    room = marked(anna=87.5, emma=40.0, zoe=12.0)
    whose = {"anna": "canvas", "emma": "moodle, hidden", "zoe": ""}
    replies = {student: {"platform": name} for student, name in whose.items()}
    write_replies(open_course(room), "cohort", replies)
    table = tmp_path / "gradebook.csv"
    table.write_text("\n".join(line for line in CANVAS.split("\r\n") if "Ek" not in line))
    said = run("grades", "cohort", "--course", room, "--into", table)[1]
    assert "NOT IN THE TABLE (of another section?) (1):\n  zoe" in said
    assert "Handed in on another platform, and so not in this table: 1." in said
    assert "emma" not in said


def test_canvas_of_a_country_with_semicolons(
    marked: Callable[..., Path], tmp_path: Path, run: Run
) -> None:
    room = marked(anna=87.5)
    before = (
        "Student;ID;SIS Login ID;Section;Cohort (4711)\n    Points Possible;;;;100,00\n"
        "Alt, Anna;12345;anna;A;\n"
    )
    table = tmp_path / "g.csv"
    table.write_text(before)
    assert run("grades", "cohort", "--course", room, "--into", table)[0] == 0
    assert table.read_text() == before.replace("anna;A;", "anna;A;87,50")
    taken = importers.canvas(table.read_bytes(), {4711: "Cohort"}, {12345: {}})
    assert taken == {(12345, 4711): "87.50"}


@pytest.mark.parametrize(
    ("language", "mark"), [(one, "\ufeff" * (n % 2)) for n, one in enumerate(SHEETS)]
)
def test_moodle_takes_the_worksheet_back(
    marked: Callable[..., Path], tmp_path: Path, run: Run, language: str, mark: str
) -> None:
    room = marked(anna=87.5, ben=61.0, oh=100.0, zoe=3.0)
    before = mark + sheet(language, "\n" if mark else "\r\n")
    table = tmp_path / "Bewertungen.csv"
    table.write_bytes(before.encode())
    status, said = run("grades", "cohort", "--course", room, "--into", table)
    assert status == 1
    header = parse_table(before.encode()).header
    title = next(w for w in header if w in {"Grade", "Bewertung", "Note", "Calificación", "Betyg"})
    assert only_grades_differ(before, table.read_bytes(), "utf-8", title)
    _, hidden, _, _, top = SHEETS[language]
    words = {"identifier": header[0], "grade": title, "hidden": hidden}
    words["modified"] = header[7 if "old" not in language else 9]
    taken = importers.moodle(
        table.read_bytes(), words, {901: {}, 902: {"locked": True}, 904: {}, 905: {}}, 100,
        comma="," in top,
    )  # fmt: skip
    assert taken == {901: 87.5, 904: 100.0}
    assert "ben: the platform says that this grade cannot be changed" in said
    assert "Nobody Known: not in the roster" in said
    assert "NOT IN THE TABLE (of another section?) (1):\n  zoe" in said
    assert "Nothing handed in, cell left as it was (1):\n  hans" in said


def test_the_participant_of_a_collected_download_is_known(
    room: Path, marked: Callable[..., Path], tmp_path: Path, run: Run
) -> None:
    """With names hidden a worksheet says numbers alone."""
    download, table = tmp_path / "d.zip", tmp_path / "t.csv"
    download.write_bytes(zipped({"Anna Alt_901_assignsubmission_file_/cohort.ipynb": work()}))
    assert run("collect", download, "--course", room)[0] == 0
    marked(anna=87.5)
    table.write_text(
        "Identifier,Status,Grade,Maximum grade,Grade can be changed,Last modified (grade)\n"
        "Participant 901,Submitted,,100.00,Yes,-\n"
    )
    assert run("grades", "cohort", "--course", room, "--into", table)[0] == 0
    assert "Participant 901,Submitted,87.50,100.00,Yes,-\n" in table.read_text()


REFUSED = {
    "two rows for anna": (CANVAS + '"Alt, Anna",12345,00071,anna,B,,,,\r\n', []),
    "more than one column can be meant": (CANVAS.replace("Essay (4712)", "Cohort (4713)"), []),
    "no column of the table is called like": (CANVAS.replace("Cohort (4711)", "Other (1)"), []),
    "the column is read only": (CANVAS.replace("100.00", "(read only)", 1), []),
    "has a maximum of 10": (CANVAS.replace("100.00", "10.00", 1), []),
    "holds no table": ("", []),
    "is a spreadsheet or an archive": ("PK\x03\x04", []),
    "none of Canvas' assignments": (CANVAS, ["--column", "Final Score"]),
    "called like Essay 9": (CANVAS, ["--column", "Essay 9"]),
    "this worksheet is for a scale": (sheet("de").replace("Bestwertung", "Skala"), []),
}


@pytest.mark.parametrize("why", REFUSED)
def test_what_a_platform_would_misread_is_refused_and_nothing_is_written(
    marked: Callable[..., Path], tmp_path: Path, run: Run, why: str
) -> None:
    room = marked(anna=87.5)
    before, words = REFUSED[why]
    table = tmp_path / "gradebook.csv"
    table.write_bytes(before.encode())
    status, said = run("grades", "cohort", "--course", room, "--into", table, *words)
    assert status == 2
    assert why in said
    assert table.read_bytes() == before.encode()
    assert list(tmp_path.glob("*.before*")) == []


def test_a_mark_over_the_maximum_is_not_written_and_others_are(
    marked: Callable[..., Path], tmp_path: Path, run: Run
) -> None:
    room = marked(anna=104.0, ben=61.0)
    table, other = tmp_path / "g.csv", tmp_path / "filled.csv"
    table.write_bytes(CANVAS.encode())
    status, said = run("grades", "cohort", "--course", room, "--into", table, "--to", other)
    assert status == 1
    assert "anna: 104 is more than the maximum of 100" in said
    assert table.read_bytes() == CANVAS.encode()
    assert other.read_bytes() == CANVAS.replace("50.00,,,", "61.00,,,").encode()


def test_marks_are_converted_only_when_asked(
    marked: Callable[..., Path], tmp_path: Path, run: Run
) -> None:
    room = marked(anna=87.5)
    table = tmp_path / "g.csv"
    table.write_bytes(CANVAS.replace("100.00", "20.00", 1).encode())
    words = ["grades", "cohort", "--course", room, "--into", table]
    assert run(*words)[0] == 2
    assert run(*words, "--scale")[0] == 0
    assert b'"Bio 101, A",17.50,18.00' in table.read_bytes()


def test_other_tables_with_a_named_column(
    marked: Callable[..., Path], tmp_path: Path, run: Run
) -> None:
    room = marked(anna=87.5, oh=5.0)
    table = tmp_path / "list.csv"
    before = "Vorname\tNachname\tNote\nAnna\tAlt\t\nSean\tO'Hara-Lind\t5\n"
    table.write_bytes(before.encode("cp1252"))
    status, said = run("grades", "cohort", "--course", room, "--into", table, "--column", "Note")
    assert status == 0, said
    assert table.read_text() == before.replace("Alt\t", "Alt\t87.50")


# -- rosters ------------------------------------------------------------------------------------


def test_a_roster_from_canvas(room: Path, tmp_path: Path, run: Run) -> None:
    from nbgrader.api import Gradebook

    table = tmp_path / "canvas.csv"
    table.write_bytes(("\ufeff" + CANVAS.replace("Student, Test", "=cmd(), Eve")).encode())
    (room / "students.csv").unlink()
    status, said = run("roster", table, "--course", room)
    assert status == 2
    assert "has characters that names cannot have" in said
    table.write_bytes(("\ufeff" + CANVAS).encode())
    status, said = run("roster", table, "--course", room)
    assert status == 0, said
    lines = (room / "students.csv").read_text("utf-8").splitlines()
    assert lines[0] == "id,first_name,last_name,email,lms_user_id,section"
    assert "hans,Hans Jörg,Müller,,12349,Bio 101" in lines
    with Gradebook(f"sqlite:///{room}/gradebook.db") as book:
        assert book.find_student("hans").last_name == "Müller"
        assert book.find_student("anna").lms_user_id == "12345"
    assert "is written anew: 5 students" in run("roster", table, "--course", room)[1]


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("Vorname,Nachname,Anmeldename,E-Mail-Adresse\nAnna,Alt,ana1,a@x.de\n", ["ana1"]),
        ('"Prénom","Nom de famille","Adresse de courriel"\nAnna,Alt,a@x.fr\n', ["a@x.fr"]),
        ("Nombre;Apellido(s);Número de ID\nAnna;Alt;0071\nBen;Berg;0072\n", ["0071", "0072"]),
        (sheet("fr"), ["anna@example.org", "ben@example.org"]),
    ],
)
def test_rosters_of_moodle_in_its_languages(
    room: Path, tmp_path: Path, run: Run, text: str, ids: list[str]
) -> None:
    table = tmp_path / "people.csv"
    table.write_text(text)
    status, said = run("roster", table, "--course", room, "--to", tmp_path / "out.csv")
    assert status == 0, said
    lines = (tmp_path / "out.csv").read_text("utf-8").splitlines()[1:]
    assert [line.partition(",")[0] for line in lines][: len(ids)] == ids


PETRA = "petra.lecturer@uni.example"
WHOLE_CLASS = f"""First name,Last name,Email address,ID number,{{roles}}Groups
Anna,Alt,anna@uni.example,71,{{student}}A
Petra,Lecturer,{PETRA},,{{teacher}}
Bo,Berg,bo@uni.example,72,{{both}}B
"""


def ids_in(room: Path) -> list[str]:
    lines = (room / "students.csv").read_text("utf-8").splitlines()[1:]
    return [line.partition(",")[0] for line in lines]


@pytest.mark.parametrize(
    ("heading", "student", "teacher", "both"),
    [
        ("Roles", "Student", "Teacher", "Student, Non-editing teacher"),
        ("Rollen", "Teilnehmer/in", "Trainer/in", "Trainer/in ohne Bearbeitungsrecht, Student/in"),
        ("Rôles", "Étudiant", "Enseignant", "Tuteur, Étudiant"),
        ("Roles", "Estudiante", "Profesor", "Estudiante"),
        ("Ruoli", "Studente", "Docente", "Studente"),
        ("Papel", "Aluno", "No roles", "Estudante"),
        ("Role", "Learner", "Sonderrolle", "Learner"),
    ],
)
def test_a_column_of_roles_is_obeyed(
    room: Path, tmp_path: Path, run: Run, heading: str, student: str, teacher: str, both: str
) -> None:
    (room / "students.csv").unlink()
    words = {"student": student, "teacher": teacher, "both": both}
    cells = {name: f'"{word}",' for name, word in words.items()}
    table = tmp_path / "participants.csv"
    table.write_text(WHOLE_CLASS.format(roles=f"{heading},", **cells), "utf-8")
    status, said = run("roster", table, "--course", room)
    assert status == 0, said
    assert f"left out (1): Petra Lecturer ({teacher})" in said
    assert ids_in(room) == ["71", "72"], "each student has a number, and she has none"


def test_roles_that_nobody_knows_leave_nobody_out(room: Path, tmp_path: Path, run: Run) -> None:
    (room / "students.csv").unlink()
    table = tmp_path / "participants.csv"
    words = {"student": "Xyz,", "teacher": "Abc,", "both": "Xyz,"}
    table.write_text(WHOLE_CLASS.format(roles="Roles,", **words))
    status, said = run("roster", table, "--course", room)
    assert status == 0, said
    assert "none of its roles (Abc, Xyz) is known here as a student's" in said
    assert len(ids_in(room)) == 3


@pytest.mark.parametrize("name", [PETRA, "Lecturer Petra"])
def test_who_is_no_student_stays_out(room: Path, tmp_path: Path, run: Run, name: str) -> None:
    """A table without roles, read three times: she goes, is not put back, and no id changes."""
    from nbgrader.api import Gradebook

    (room / "students.csv").unlink()
    table = tmp_path / "participants.csv"
    bare = {"roles": "", "student": "", "teacher": "", "both": ""}
    table.write_text(WHOLE_CLASS.format(**bare))
    status, said = run("roster", table, "--course", room)
    assert status == 0
    assert "no number for Petra Lecturer, so ids are made of something else; --without" in said
    assert ids_in(room) == ["anna@uni.example", PETRA, "bo@uni.example"]
    status, said = run("roster", table, "--course", room, "--without", name)
    assert status == 0, said
    assert "left out: Petra Lecturer. .snrilab/not_students.txt keeps it" in said
    assert f"taken out: {PETRA}." in said
    assert "Ids stay as they were for 2 of them" in said, "both have numbers, and work under ids"
    with Gradebook(f"sqlite:///{room}/gradebook.db") as book:
        assert {one.id for one in book.students} == {"anna@uni.example", "bo@uni.example"}
    table.write_text(table.read_text() + "New,Comer,new@uni.example,,\n")
    assert run("roster", table, "--course", room)[0] == 0
    assert ids_in(room) == ["anna@uni.example", "bo@uni.example", "new@uni.example"]
    collected = run("collect", tmp_path / "none.zip", "--course", room, "--roster", table)
    assert collected[0] == 2, "and the table can be given there too"
    status, said = run("roster", table, "--course", room, "--without", "Nobody")
    assert (status, said) == (2, "nobody in the table is called Nobody.\n")


def test_two_of_one_name_are_not_left_out_by_it(room: Path, tmp_path: Path, run: Run) -> None:
    table = tmp_path / "participants.csv"
    twins = "First name,Last name,Email address\nAnna,Alt,a@x.example\nAnna,Alt,b@x.example\n"
    table.write_text(twins)
    status, said = run("roster", table, "--course", room, "--without", "Anna Alt")
    assert status == 2
    assert "Anna Alt can be email: a@x.example, email: b@x.example: say which of these" in said


def test_a_number_of_one_platform_leaves_nobody_of_another_out(
    room: Path, tmp_path: Path, run: Run
) -> None:
    """Canvas' number of a teaching assistant is the student number of somebody on Moodle."""
    (room / "students.csv").unlink()
    canvas, moodle = tmp_path / "canvas.csv", tmp_path / "moodle.csv"
    canvas.write_text('Student,ID,Section,ps1 (1)\n"Aide, Al",71,A,\n"Berg, Bo",72,A,\n')
    moodle.write_text("First name,Last name,ID number\nCy,Chan,71\nDee,Dorn,73\n")
    assert run("roster", canvas, "--course", room, "--without", "Al Aide")[0] == 0
    assert (room / ".snrilab/not_students.txt").read_text() == "lms: 71\n"
    (room / "students.csv").unlink()
    assert run("roster", moodle, "--course", room)[0] == 0
    assert ids_in(room) == ["71", "73"]


def test_the_table_of_one_platform_alone_takes_nobody_and_nothing_away(
    room: Path, tmp_path: Path, run: Run
) -> None:
    """Both, then each alone, in any order: people, numbers and a column of one's own stay."""
    canvas, moodle = tmp_path / "canvas.csv", tmp_path / "moodle.csv"
    canvas.write_text(
        'Student,ID,SIS Login ID,Section,ps1 (1)\n"Alt, Anna",7,anna,A,\n"Chan, Cy",9,cy,B,\n'
    )
    moodle.write_text(
        "First name,Last name,Email address\nAnna,Alt,anna@x.example\nBo,Berg,bo@x.example\n"
        "Petra,Lecturer,petra@x.example\n"
    )
    table = room / "students.csv"
    table.unlink()
    status, said = run("roster", canvas, moodle, "--course", room)
    assert status == 0, said
    assert "One person in two tables by the name alone (1): Anna Alt" in said
    whole = table.read_text()
    assert "anna,Anna,Alt,anna@x.example,7,A\n" in whole
    lines = whole.splitlines()
    own = "\n".join([f"{lines[0]},group_name", *(f"{line},Pump" for line in lines[1:])]) + "\n"
    table.write_text(own)
    for each in (canvas, moodle, moodle, canvas):
        status, said = run("roster", each, "--course", room)
        assert status == 0, said
        assert sorted(table.read_text().splitlines()) == sorted(own.splitlines())
    assert "4 students (2 of canvas.csv, 2 of before)" in said
    assert "In none of these tables, kept (2): bo@x.example, petra@x.example." in said
    status, said = run("roster", canvas, "--course", room, "--without", "Petra Lecturer")
    assert status == 0, said
    assert "taken out: petra@x.example." in said
    assert "petra" not in table.read_text()
    newer = tmp_path / "newer.csv"
    newer.write_text("First name,Last name,Email address\nNew,Comer,new@x.example\n")
    assert run("roster", newer, "--course", room)[0] == 0
    assert "new@x.example,New,Comer,new@x.example,,,\n" in table.read_text()


def test_a_column_behind_windows_line_ends_stays(room: Path, tmp_path: Path, run: Run) -> None:
    """As `sed 's/$/,Team 1/'` writes it into a table of snrilab's own."""
    canvas, table = tmp_path / "canvas.csv", room / "students.csv"
    canvas.write_text('Student,ID,SIS Login ID,Section,ps1 (1)\n"Alt, Anna",7,anna,A,\n')
    table.unlink()
    run("roster", canvas, "--course", room)
    head, row = table.read_bytes().replace(b"\r", b"").splitlines()
    table.write_bytes(head + b"\r,group_name\n" + row + b"\r,Team 1\n")
    assert run("roster", canvas, "--course", room)[0] == 0
    assert table.read_bytes() == head + b",group_name\r\n" + row + b",Team 1\r\n"
    canvas.write_bytes(b"Student,ID,SIS Login ID,Section\rChan Cy,9,cy,B\r,,,\r")
    assert run("roster", canvas, "--course", room)[0] == 0
    assert "cy,Chan,Cy,,9,B," in table.read_text(), "line ends of an old Mac stay line ends"


def test_a_new_student_of_the_same_name_is_nobody_else(
    room: Path, tmp_path: Path, run: Run
) -> None:
    """Cy of Canvas, and later another Cy of Moodle: two people, said so; a number decides."""
    from snrilab.classroom._class_tables import read_roster

    canvas, moodle = tmp_path / "canvas.csv", tmp_path / "moodle.csv"
    canvas.write_text('Student,ID,SIS Login ID,Section,ps1 (1)\n"Chan, Cy",8105,cy,A,\n')
    moodle.write_text("First name,Last name,ID number\nCy,Chan,30126\n")
    (room / "students.csv").unlink()
    assert run("roster", canvas, "--course", room)[0] == 0
    status, said = run("roster", moodle, "--course", room)
    assert status == 0, said
    assert "SAME NAME: 30126 has the name of cy. Two people? Then all is well." in said
    assert sorted(ids_in(room)) == ["30126", "cy"]
    both = read_roster([room / "students.csv"])
    assert both.find([("lms", "8105"), ("name", "chancy")]).person.id == "cy"
    assert both.find([("name", "chancy")]).person is None
    alone = read_roster([canvas])
    found = alone.find([("lms", "8999"), ("name", "Cy Chan")])
    assert found.person is None
    assert found.why == "Cy Chan can be cy, whose number is 8105 and not 8999"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("id,first_name\nanna,A\nAnna,B\n", "stands there twice"),
        ("id,first_name\n../x,A\n", "cannot be in a roster"),
        ("Nombre,Apellidos\nAnna,Alt\n", "no column names everybody"),
        ("x,y\n1,2\n", "names nobody"),
    ],
)
def test_rosters_that_cannot_be_used(
    room: Path, tmp_path: Path, run: Run, text: str, why: str
) -> None:
    table = tmp_path / "people.csv"
    table.write_text(text)
    before = (room / "students.csv").read_bytes()
    status, said = run("roster", table, "--course", room)
    assert status == 2
    assert why in said
    assert (room / "students.csv").read_bytes() == before


def test_a_sections_table_that_is_full_ends_with_0(
    marked: Callable[..., Path], tmp_path: Path, run: Run
) -> None:
    room = marked(anna=80.0, zoe=70.0)
    table = tmp_path / "section.csv"
    table.write_text("id,first_name,Note\nanna,Anna,\n")
    words = ["cohort", "--course", room, "--into", table, "--column", "Note"]
    status, said = run("grades", *words)
    assert status == 0, said
    assert "NOT IN THE TABLE (of another section?) (1):\n  zoe" in said
