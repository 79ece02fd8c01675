"""A number says whose work is; a name alone is a guess that a table may contradict."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

import pytest

from snrilab.classroom._replies import read_replies
from snrilab.grading.course import open_course
from tests.classroom.conftest import work, zipped

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Run = Callable[..., tuple[int, str]]

HEADS = "id,first_name,last_name,email\n"
ONE = HEADS + "maria,Maria,Santos,maria@example.org\nben,Ben,Berg,ben@example.org\n"
TWO = ONE + "maria2,Maria,Santos,maria2@example.org\n"
SHEET = (
    "Identifier,Full name,Email address,Status,Grade,Maximum grade\n"
    "Participant 5501,Ben Berg,ben@example.org,Submitted,,100.00\n"
    "Participant 5506,Maria Santos,maria@example.org,No submission,,100.00\n"
    "Participant 5507,Maria Santos,maria2@example.org,Submitted,,100.00\n"
)
CANVAS = (
    "Student,ID,SIS User ID,SIS Login ID,Section,Cohort (4711)\n"
    '    Points Possible,,,,,100\n"Berg, Ben",902,,ben,A,\n'
    '"Santos, Maria",901,,maria,A,\n"Santos, Maria",903,,maria2,A,\n'
)
LOGINS = "id,first_name,last_name\nmaria,Maria,Santos\nben,Ben,Berg\n"


def moodle(*numbers: int) -> bytes:
    """Return an archive with one Maria Santos for each number."""
    folder = "Maria Santos_{}_assignsubmission_file_/cohort.ipynb"
    return zipped({folder.format(n): work("x" * (n - 5500)) for n in numbers})


class Room:
    """A course folder, what is placed in it, and its commands."""

    def __init__(self, root: Path, run: Run) -> None:
        self.root, self._run = root, run
        self.archive, self.table = root / "download.zip", root / "table.csv"

    def roster(self, text: str) -> None:
        (self.root / "students.csv").write_text(text)

    def collect(self, data: bytes, *tables: str) -> tuple[int, str]:
        self.archive.write_bytes(data)
        words: list[object] = ["collect", self.archive, "--course", self.root]
        for number, text in enumerate(tables):
            path = self.root / f"table{number}.csv"
            path.write_text(text)
            words += ["--roster", path]
        if tables:
            words[4:4] = ["--roster", self.root / "students.csv"]
        return self._run(*words)

    def grades(self, text: str) -> tuple[int, str, list[str]]:
        """Fill a table; return its status, what is said, and the rows with a mark."""
        self.table.write_text(text)
        status, said = self._run("grades", "cohort", "--course", self.root, "--into", self.table)
        pairs = zip(text.splitlines(), self.table.read_text().splitlines(), strict=True)
        rows = [new for old, new in pairs if old != new]
        return status, said, [re.findall(r"\b(?:Participant )?\d{3,}\b", row)[0] for row in rows]

    def by_hand(self, student: str, note: str, time: str = "") -> None:
        """Put work there by mail, or with a time as nbgrader's exchange does."""
        folder = self.root / "submitted" / student / "cohort"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "cohort.ipynb").write_bytes(work(note))
        if time:
            (folder / "timestamp.txt").write_text(time)

    @property
    def there(self) -> dict[str, int]:
        """Who has work, with the number that its bytes tell."""
        found = {}
        for path in sorted((self.root / "submitted").glob("*/cohort/cohort.ipynb")):
            data = path.read_bytes()
            found[path.parts[-3]] = 5500 + len(data) - len(work())
        return found


@pytest.fixture
def here(room: Path, run: Run) -> Room:
    return Room(room, run)


@pytest.mark.parametrize("with_the_other", [True, False])
def test_a_guess_gets_no_row_of_another_number_of_moodles(
    here: Room, marked: Callable[..., Path], with_the_other: bool
) -> None:
    """Also where the row of the work's own number is not in the table."""
    here.roster(ONE)
    here.collect(moodle(5507))
    assert here.there == {"maria": 5507}
    marked(maria=87.0)
    here.roster(TWO if with_the_other else ONE)
    table = SHEET if with_the_other else SHEET.replace(SHEET.splitlines(keepends=True)[3], "")
    status, said, filled = here.grades(table)
    assert filled == [], said
    assert status == 2
    assert "maria: this work came under number 5507" in said


def test_a_guess_that_a_table_bears_out_is_written(here: Room, marked: Callable[..., Path]) -> None:
    here.roster(ONE)
    here.collect(moodle(5506))
    marked(maria=87.0)
    assert here.grades(SHEET)[::2] == (0, ["Participant 5506"])


def test_who_is_known_by_more_than_a_name_is_written_by_another_assignments_table(
    here: Room, marked: Callable[..., Path]
) -> None:
    """Moodle numbers people anew: a table of another activity says nothing against them."""
    here.roster(TWO)
    here.collect(moodle(5507), SHEET)
    assert here.there == {"maria2": 5507}
    marked(maria2=87.0)
    assert here.grades(SHEET.replace("550", "660"))[::2] == (0, ["Participant 6607"])


def test_the_same_on_canvas(here: Room, marked: Callable[..., Path]) -> None:
    here.roster(LOGINS)
    download = zipped({"santosmaria_903_5002_cohort.ipynb": work()})
    assert here.collect(download)[0] == 0
    assert list(here.there) == ["maria"]
    marked(maria=87.0)
    here.roster(LOGINS + "maria2,Maria,Santos\n")
    status, said, filled = here.grades(CANVAS)
    assert (status, filled) == (2, []), said
    status, said = here.collect(download, CANVAS)
    assert (status, list(here.there)) == (0, ["maria2"]), said
    marked(maria=87.0, maria2=87.0)
    shutil.rmtree(here.root / "submitted/maria")
    status, said, filled = here.grades(CANVAS)
    assert status == 0
    assert "any more (taken back, or lost?) (1):\n  maria\n" in said
    written = [line.split(",")[-1] for line in here.table.read_text().splitlines()[2:]]
    assert written == ["", "", "87.00"]


def test_a_group_mate_by_the_name_alone_keeps_nothing_that_is_anothers(
    here: Room, marked: Callable[..., Path]
) -> None:
    here.roster(LOGINS)
    groups = (
        "name,canvas_user_id,user_id,login_id,sections,group_name,canvas_group_id,group_id\n"
        "Ben Berg,902,2,ben,A,Team 1,7,\nMaria Santos,903,3,maria2,A,Team 1,7,\n"
    )
    download = zipped({"team1_902_5001_cohort.ipynb": work()})
    here.collect(download, groups)
    assert list(here.there) == ["ben", "maria"]
    marked(ben=50.0, maria=50.0)
    here.roster(LOGINS + "maria2,Maria,Santos\n")
    status, said, _ = here.grades(CANVAS)
    assert "maria: this work came under number 903" in said
    assert [line[-3:] for line in here.table.read_text().splitlines()[2:]] == [".00", ",A,", ",A,"]
    status, said = here.collect(download, groups, CANVAS)
    assert (status, list(here.there)) == (0, ["ben", "maria2"]), said
    assert "maria: what lay here came under number 903, which is that of maria2" in said


def test_a_groups_number_is_of_whoever_of_it_handed_in(
    here: Room, marked: Callable[..., Path]
) -> None:
    """Where the roster has the group's name alone, it says nothing against any of the group."""
    here.roster(
        "id,first_name,last_name,group_name\nben,Ben,Berg,Team 1\nmaria,Maria,Santos,Team 1\n"
    )
    files = {"team1_901_5001_cohort.ipynb": work(), "team1_902_5009_cohort.ipynb": work("new")}
    status, said = here.collect(zipped(files))
    assert (status, here.there) == (0, {"ben": 5503, "maria": 5503}), said
    marked(ben=50.0, maria=50.0)
    alone = CANVAS.replace('"Santos, Maria",903,,maria2,A,\n', "")
    assert here.grades(alone)[::2] == (0, ["902", "901"])


def test_a_wrong_table_is_set_right_by_the_right_one(here: Room) -> None:
    """Whatever placed it, work goes where the last table says, and nothing stands in its way."""
    here.roster(TWO)
    wrong = SHEET.replace("5506", "9").replace("5507", "5506").replace("9,", "5507,")
    for sheet, whose in ((SHEET, "maria"), (wrong, "maria2"), (SHEET, "maria")):
        status, said = here.collect(moodle(5506), sheet)
        assert (status, here.there) == (0, {whose: 5506}), said
    assert set(read_replies(open_course(here.root), "cohort")) == {"maria"}


def test_what_was_changed_since_stays_is_named_and_gets_no_row(
    here: Room, marked: Callable[..., Path]
) -> None:
    here.roster(ONE)
    here.collect(moodle(5507))
    (here.root / "submitted/maria/cohort/cohort.ipynb").write_bytes(work("sent by mail"))
    here.roster(TWO)
    for _ in range(2):
        status, said = here.collect(moodle(5507), SHEET)
        assert (status, said.count("submitted/maria/cohort and changed since: take it")) == (1, 1)
        assert "WITH TWO STUDENTS, whose is it (1)" in said
    marked(maria=50.0, maria2=87.0)
    assert here.grades(SHEET)[::2] == (1, ["Participant 5507"])
    hers = here.root / "submitted/maria"
    shutil.move(hers, here.root / "away")  # as it is said
    assert here.collect(moodle(5507), SHEET)[0] == 0
    shutil.move(here.root / "away", hers)
    assert here.collect(moodle(5507), SHEET)[0] == 0
    assert here.grades(SHEET)[::2] == (0, ["Participant 5506", "Participant 5507"])


def test_a_note_beside_it_keeps_nobody_elses_work(here: Room) -> None:
    here.roster(ONE)
    here.collect(moodle(5507))
    (here.root / "submitted/maria/cohort/note.txt").write_text("hi")
    here.roster(TWO)
    assert here.collect(moodle(5507), SHEET)[0] == 0
    assert here.there == {"maria2": 5507}
    assert (here.root / ".snrilab/replaced/cohort/maria/1/note.txt").is_file()


TEAMS = (
    "name,canvas_user_id,user_id,login_id,sections,group_name,canvas_group_id,group_id\n"
    "Ben Berg,902,2,ben,A,Team 1,7,\nMaria Santos,903,3,maria2,A,Team {},7,\n"
    "Maria Santos,901,1,maria,A,Team {},8,\n"
)


def test_a_row_of_a_namesake_is_not_merged_beside_ones_own(here: Room) -> None:
    """Of two rows of one name the one with the login is hers, and the other another one's."""
    here.roster(LOGINS)
    status, said = here.collect(zipped({"team1_902_5_cohort.ipynb": work()}), TEAMS.format(1, 2))
    assert (status, list(here.there)) == (0, ["ben"]), said


def test_who_is_not_in_the_group_any_more_is_named(here: Room) -> None:
    here.roster(LOGINS)
    download = zipped({"team1_902_5_cohort.ipynb": work()})
    here.collect(download, TEAMS.format(2, 1))
    assert list(here.there) == ["ben", "maria"]
    assert "is not in it by these tables" not in here.collect(download)[1], "none is given"
    status, said = here.collect(download, TEAMS.format(1, 2))
    assert status == 1
    assert "maria: has what ben handed in for a group, and is not in it by these tables" in said


def test_a_worksheets_namesake_takes_no_sure_work_away(here: Room) -> None:
    """Also where the table says whose number it is, and its row is hers by the name alone."""
    here.roster(LOGINS)
    here.collect(zipped({"santosmaria_901_5002_cohort.ipynb": work()}), CANVAS)
    here.roster(LOGINS)
    sheet = "".join(SHEET.splitlines(keepends=True)[::3])  # the other one's row
    status, said = here.collect(moodle(5507), sheet)
    assert status == 2, said
    assert here.there == {"maria": 5500}


def test_who_is_missing_is_named_as_long_as_numbers_are_guesses(here: Room) -> None:
    here.roster(LOGINS)
    download = zipped({"bergben_902_5002_cohort.ipynb": work()})
    for _ in range(2):
        assert "Nothing from (1): maria" in here.collect(download)[1]
    for tables in ([CANVAS], [], []):  # what work tells of numbers makes no other platform
        assert "Nothing from (1): maria" in here.collect(download, *tables)[1]


def test_a_worksheet_of_another_assignment_makes_nobody_late(here: Room) -> None:
    here.roster(TWO)
    head, *rows = SHEET.splitlines()
    here.collect(moodle(5507), SHEET)
    there = here.root / "submitted/maria2/cohort/timestamp.txt"
    assert not there.exists()
    other = "\n".join(
        [head + ",Last modified (submission)"]
        + [f'{row.replace("550", "660")},"Friday, 20 November 2026, 10:00 AM"' for row in rows]
    )
    due = ["--due", "2026-11-21 23:59", "--zone", "UTC"]
    here._run("deadline", "cohort", *due, "--course", here.root)
    said = here.collect(moodle(5507), other)[1]
    assert "has other numbers: 5507 of maria2 is not in it. Is it of another assignment?" in said
    assert not there.exists()
    assert "has other numbers" not in here.collect(moodle(5507))[1]
    here.collect(moodle(5507), other.replace("660", "550"))
    assert there.read_text().startswith("2026-11-20 ")


@pytest.mark.parametrize("table", [(), (SHEET,)])
def test_two_numbers_of_one_archive_are_two_people(here: Room, table: tuple[str, ...]) -> None:
    """Where the class has one of the name: a table says which of the two is in it."""
    here.roster(ONE)
    status, said = here.collect(moodle(5506, 5507), *table)
    assert "NOT PLACED, whose is it" in said
    if table:
        assert (status, here.there) == (1, {"maria": 5506})
        assert "Maria Santos_5507_assignsubmission_file_" in said
    else:
        assert (status, here.there) == (2, {})
        assert "Maria Santos is two people here, with the numbers 5506 and 5507" in said


def test_two_numbers_of_two_archives_are_two_people(here: Room) -> None:
    """In one command as in two; who moved to another section has both, by the tables of both."""
    here.roster(ONE)
    paths = [here.root / name for name in ("a.zip", "b.zip")]
    for path, number in zip(paths, (5506, 5507), strict=True):
        path.write_bytes(moodle(number))
    status, said = here._run("collect", *paths, "--course", here.root)
    assert (status, here.there) == (2, {})
    assert said.count("is two people here, with the numbers 5506 and 5507") == 2
    words = ["--roster", here.root / "students.csv"]
    for sheet in (SHEET, SHEET.replace("5507", "9").replace("5506", "5507")):
        (path := here.root / f"{len(words)}.csv").write_text(sheet)
        words += ["--roster", path]
    (here.root / "2.csv").write_text("".join(SHEET.splitlines(keepends=True)[:3]))
    status, said = here._run("collect", *paths, "--course", here.root, *words)
    assert (status, here.there) == (0, {"maria": 5507}), said
    assert "maria: cohort.ipynb came 2 times; the latest counts" in said


def test_two_numbers_of_canvas_are_two_people(here: Room) -> None:
    here.roster(LOGINS)
    files = {f"santosmaria_{n}_500{n}_cohort.ipynb": work() for n in (901, 903)}
    status, said = here.collect(zipped(files))
    assert (status, here.there) == (2, {})
    assert said.count("is two people here, with the numbers 901 and 903") == 2


def test_a_name_takes_no_sure_work_of_another_platform_away(here: Room) -> None:
    here.roster(LOGINS)
    here.collect(zipped({"santosmaria_901_5002_cohort.ipynb": work()}), CANVAS)
    status, said = here.collect(moodle(5506))
    assert status == 2
    assert "Maria Santos can be maria, whose work from canvas is there already" in said
    assert here.there == {"maria": 5500}


def test_who_has_no_namesake_outside_of_the_class_hears_no_word(here: Room) -> None:
    """Two of one name who are both in the class are no strangers to it."""
    here.roster(TWO)
    files = {
        f"{n}_assignsubmission_file_/cohort.ipynb": work()
        for n in ("Ben Berg_5501", "Maria Santos_5507")
    }
    status, said = here.collect(zipped(files))
    assert status == 1
    assert "Maria Santos can be maria, maria2" in said
    assert "placed by the name alone" not in said


MAIL, TIMES = "m" * 20, ("", "2026-10-24 19:30:00 UTC")
NEVER = "Maria Santos can be maria, whose work is there already, and came another way"


@pytest.mark.parametrize("time", TIMES)
def test_a_name_replaces_nothing_that_came_by_mail_or_exchange(
    here: Room, marked: Callable[..., Path], time: str
) -> None:
    here.roster(ONE)
    here.by_hand("maria", MAIL, time)
    for also in (["--dry-run"], []):
        here.archive.write_bytes(moodle(5507))
        status, said = here._run("collect", here.archive, "--course", here.root, *also)
        assert (status, here.there) == (2, {"maria": 5520})
        assert NEVER in said
        assert "take submitted/maria/cohort away and collect again" in said
    here.roster(TWO)
    assert here.collect(moodle(5507), SHEET)[0] == 0
    assert here.there == {"maria": 5520, "maria2": 5507}
    assert "TAKEN BACK" not in here.collect(moodle(5507))[1]
    marked(maria=21.0, maria2=15.0)
    assert here.grades(SHEET)[::2] == (0, ["Participant 5506", "Participant 5507"])


def test_a_name_replaces_no_work_by_mail_on_canvas(here: Room) -> None:
    here.roster(LOGINS)
    here.by_hand("maria", MAIL)
    download = zipped({"santosmaria_903_5002_cohort.ipynb": work()})
    assert NEVER in here.collect(download)[1]
    here.roster(LOGINS + "maria2,Maria,Santos\n")
    assert here.collect(download, CANVAS)[0] == 0
    assert here.there == {"maria": 5520, "maria2": 5500}


def test_a_name_replaces_no_work_of_the_exchange_that_came_over_a_guess(here: Room) -> None:
    here.roster(ONE)
    here.collect(moodle(5507))
    here.by_hand("maria", MAIL, TIMES[1])
    later = zipped({"Maria Santos_5507_assignsubmission_file_/cohort.ipynb": work("newer")})
    status, said = here.collect(later)
    assert (status, here.there) == (2, {"maria": 5520}), said
    assert NEVER in said


def test_a_group_by_the_name_alone_replaces_no_work_by_mail(here: Room) -> None:
    here.roster(LOGINS)
    here.by_hand("maria", MAIL)
    download = zipped({"team1_902_5_cohort.ipynb": work()})
    status, said = here.collect(download, TEAMS.format(1, 2).rsplit("Maria", 1)[0])
    assert (status, here.there) == (1, {"ben": 5500, "maria": 5520}), said
    assert "maria, with ben: Maria Santos can be maria, whose work is there already" in said
    here.roster(LOGINS.replace("\n", ",group_name\n", 1).replace("Santos", "Santos,Team 1"))
    status, said = here.collect(download, TEAMS.format(1, 2).rsplit("Maria", 2)[0])
    assert (status, here.there) == (0, {"ben": 5500, "maria": 5500}), "the class says it"


def test_who_hands_in_again_on_the_same_platform_hears_no_word(here: Room) -> None:
    """By the name alone, also where a teacher wrote a time or mended a notebook; and by a table."""
    here.roster(ONE)
    folder = here.root / "submitted/maria/cohort"
    for n in range(3):
        files = {"Maria Santos_5506_assignsubmission_file_/cohort.ipynb": work("x" * (n + 1))}
        status, said = here.collect(zipped(files))
        assert (status, here.there) == (0, {"maria": 5501 + n}), said
        if n == 0:
            (folder / "timestamp.txt").write_text(TIMES[1])
        elif n == 1:
            (folder / "cohort.ipynb").write_bytes(work("mended"))
    here.by_hand("ben", MAIL)
    ben = zipped({"Ben Berg_5501_assignsubmission_file_/cohort.ipynb": work()})
    assert "Replaced (1):\n  ben" in here.collect(ben, SHEET)[1]


def test_work_that_was_mended_and_dated_by_hand_stays_without_a_word_of_doubt(here: Room) -> None:
    """The same archive brings nothing new; what is new, and may be anybody's, waits for a table."""
    here.roster(ONE)
    here.collect(moodle(5506))
    here.by_hand("maria", MAIL, TIMES[1])
    for _ in range(2):
        status, said = here.collect(moodle(5506))
        assert (status, here.there) == (0, {"maria": 5520}), said
        assert "nothing new in the download" in said
    book = "Maria Santos_5506_assignsubmission_file_/cohort.ipynb"
    more = zipped({book: work("x" * 6), book.replace("cohort.ipynb", "figure.txt"): b"new"})
    for _ in range(2):  # a file beside a notebook is left in the download, at any time
        status, said = here.collect(more)
        assert (status, here.there) == (0, {"maria": 5520}), said
        assert "nothing new in the download" in said
        assert "left in the download: figure.txt" in said
    second = book.replace("cohort.ipynb", "second.ipynb")
    both = zipped({book: work("x" * 6), second: work("more")})
    for newer in (both, zipped({book: work("newer")})):
        status, said = here.collect(newer)
        assert (status, here.there, "NOT PLACED" in said) == (2, {"maria": 5520}, True)
    assert "Replaced (1)" in here.collect(newer, SHEET)[1]


def test_the_time_that_one_platform_says_goes_before_none_of_the_other(here: Room) -> None:
    here.roster(ONE)
    here.collect(moodle(5506), timed([WHEN[0], WHEN[0]]))
    canvas = zipped({"santosmaria_901_5002_cohort.ipynb": work()})
    gradebook = "".join(CANVAS.splitlines(keepends=True)[:3]) + '"Santos, Maria",901,,maria,A,\n'
    status, said = here.collect(canvas, gradebook)
    assert (status, here.there) == (0, {"maria": 5506}), said
    assert "Kept (1)" in said
    assert "Is this one later? Take submitted/maria/cohort away first" in said
    shutil.rmtree(here.root / "submitted/maria")
    sheet = timed([WHEN[0], WHEN[0]])
    for data, table in ((canvas, gradebook), (moodle(5506), sheet), (canvas, gradebook)):
        status, said = here.collect(data, table)
        assert (status, here.there) == (0, {"maria": 5500}), said
        kept = "came another way and has no time, which this one has. Is this one later?" in said
        assert kept == (table == sheet)
    shutil.rmtree(here.root / "submitted/maria")
    for data, table in ((moodle(5506), sheet), (canvas, gradebook)):
        assert (here.collect(data, table)[0], here.there) == (0, {"maria": 5506})


def test_late_at_a_time_that_nobody_knows_is_before_no_time(here: Room, run: Run) -> None:
    """Of work after the due date nobody can say whether it came before what Canvas calls late."""
    here.roster(ONE)
    words = ("deadline", "cohort", "--due", "2026-10-24 23:59", "--zone", "UTC")
    assert run(*words, "--course", here.root)[0] == 0
    gradebook = "".join(CANVAS.splitlines(keepends=True)[:3]) + '"Santos, Maria",901,,maria,A,\n'
    canvas = zipped({"santosmaria_LATE_901_5002_cohort.ipynb": work()})
    for time, stays in (("2026-10-27 10:00:00 UTC", True), ("2026-10-24 10:00:00 UTC", False)):
        here.by_hand("maria", MAIL, time)
        status, said = here.collect(canvas, gradebook)
        assert (status, here.there) == (0, {"maria": 5520 if stays else 5500}), said
        assert ("has a time, which this one has not. Is this one later?" in said) == stays
        assert "is the later one" not in said


def test_one_who_hands_in_on_the_other_platform_names_not_all_of_it(here: Room) -> None:
    people = "".join(f"m{n},Mo{n},Odle,\n" for n in range(20))
    heads = "id,first_name,last_name,lms_user_id\n"
    here.roster(heads + people + "".join(f"c{n},Ca{n},Nvas,9{n}\n" for n in range(5)))
    name = "{} {}_{}_assignsubmission_file_/cohort.ipynb"
    some = {name.format(f"Mo{n}", "Odle", 100 + n): work() for n in range(18)}
    one = {name.format("Ca0", "Nvas", 200): work()}
    said = here.collect(zipped(some | one))[1]
    assert "Nothing from (2): m18, m19" in said
    assert "Of another platform, and so not expected here: 4." in said
    few = dict(list(some.items())[:4])
    shutil.rmtree(here.root / "submitted")
    assert "Nothing from (20)" in here.collect(zipped(few | one))[1], "one of five tells nothing"


def test_the_same_file_by_mail_and_from_the_platform_is_placed(here: Room) -> None:
    """Also where .snrilab was lost: what lies there is this very work."""
    here.roster(ONE)
    here.collect(moodle(5506))
    shutil.rmtree(here.root / ".snrilab")
    assert here.collect(moodle(5506))[0] == 0
    assert read_replies(open_course(here.root), "cohort")["maria"]["participant"] == "5506"


@pytest.mark.parametrize("again", [False, True])
def test_what_a_wrong_table_had_replaced_comes_back(here: Room, again: bool) -> None:
    here.roster(TWO)
    here.by_hand("maria2", MAIL, TIMES[1])
    wrong = SHEET.replace("5506", "9").replace("5507", "5506").replace("9,", "5507,")
    head, *rows = wrong.splitlines()
    later = [head + ",Last modified (submission)", *(row + WHEN[1] for row in rows)]
    wrong = "\n".join(later)
    here.collect(moodle(5506), wrong)
    if again:  # with an older version of the same work between
        here.collect(moodle(5506), wrong)
        newer = {"Maria Santos_5506_assignsubmission_file_/cohort.ipynb": work("xx")}
        here.collect(zipped(newer), wrong)
    assert list(here.there) == ["maria2"]
    words = ["--roster", here.root / "students.csv", "--roster", here.root / "table0.csv"]
    (here.root / "table0.csv").write_text(SHEET)
    said = here._run("collect", here.archive, "--course", here.root, *words, "--dry-run")[1]
    assert list(here.there) == ["maria2"]
    status, really = here.collect(here.archive.read_bytes(), SHEET)
    assert said == "Dry run: nothing was written.\n" + really
    assert "had been there before, in .snrilab/replaced/cohort/maria2/1, is back" in really
    assert (status, here.there) == (0, {"maria": 5502 if again else 5506, "maria2": 5520})
    assert (here.root / "submitted/maria2/cohort/timestamp.txt").read_text() == TIMES[1]
    assert here.collect(here.archive.read_bytes())[0] == 0
    assert here.there["maria2"] == 5520


def test_what_a_wrong_table_had_replaced_comes_back_where_the_teacher_was_first(here: Room) -> None:
    """The wrong work was taken out of the folder by hand."""
    here.roster(TWO)
    here.by_hand("maria2", MAIL)
    wrong = SHEET.replace("5506", "9").replace("5507", "5506").replace("9,", "5507,")
    here.collect(moodle(5506), wrong)
    shutil.rmtree(here.root / "submitted/maria2")
    for back in (True, False):
        status, said = here.collect(moodle(5506), SHEET)
        assert (status, "maria2: number 5506 is that of maria, and what" in said) == (0, back)
        assert here.there == {"maria": 5506, "maria2": 5520}


def test_what_was_changed_before_a_guess_is_named_when_it_is_taken_back(here: Room) -> None:
    """Whose it is no machine knows: mended work of the guess, or another one's by mail."""
    here.roster(ONE)
    here.collect(moodle(5507))
    here.by_hand("maria", MAIL)
    newer = zipped({"Maria Santos_5507_assignsubmission_file_/cohort.ipynb": work("newer")})
    assert here.collect(newer)[0] == 0
    here.roster(TWO)
    said = here.collect(newer, SHEET)[1]
    assert "cohort/maria/1: put it back if it is maria's" in said
    assert list(here.there) == ["maria2"]


WHEN = [',"Saturday, 24 October 2026, 8:00 PM"', ',"Sunday, 25 October 2026, 8:00 PM"']


def timed(times: list[str]) -> str:
    """Return the worksheet with a time in each row of the two who handed in."""
    head, ben, maria, _ = SHEET.splitlines()
    return "\n".join([head + ",Last modified (submission)", ben + times[0], maria + times[1]])


@pytest.mark.parametrize("changed", ["a file beside", "mended", "a time", "an odd time"])
def test_changed_work_gets_a_tables_time_and_number(here: Room, changed: str) -> None:
    """A time that was written stays, and so do the files; the way out that is printed is one."""
    here.roster(ONE)
    here._run(
        "deadline", "cohort", "--due", "2026-10-24 23:59", "--zone", "UTC", "--course", here.root
    )
    said = here.collect(moodle(5506))[1]
    assert "NO TIME (1), so never late: maria" in said
    folder = here.root / "submitted/maria/cohort"
    time = folder / "timestamp.txt"
    if "time" in changed:
        time.write_text("2026-10-24 18:00:00 UTC" if changed == "a time" else "on Saturday")
    else:
        (folder / {"mended": "cohort.ipynb"}.get(changed, "figure.txt")).write_bytes(
            work("by mail")
        )
    there = here.there
    for _ in range(2):
        status, said = here.collect(moodle(5506), timed(WHEN))
        assert (status, here.there) == (0, there), said
        assert "NO TIME" not in said
        assert ("Late (1):\n  maria: 2026-10-25 20:00" in said) == (changed != "a time")
        written = "2026-10-24 18" if changed == "a time" else "2026-10-25 20"
        assert time.read_text().startswith(written)
    assert "by_name" not in read_replies(open_course(here.root), "cohort")["maria"]
    said = here.collect(moodle(5506), timed([WHEN[1], WHEN[0]]))[1]  # a corrected table
    assert ("handed in 2026-10-24 20:00" in said) == (changed != "a time")
    here.roster(TWO)
    assert here.collect(moodle(5506))[0] == 0, "her number is known"


def test_other_work_over_a_guess_gets_no_time_of_it(here: Room) -> None:
    here.roster(ONE)
    here.collect(moodle(5506))
    here.by_hand("maria", MAIL, TIMES[1])
    assert here.collect(moodle(5506), timed(WHEN))[0] == 0
    assert (here.root / "submitted/maria/cohort/timestamp.txt").read_text() == TIMES[1]
    here.roster(TWO)
    assert here.collect(moodle(5506))[0] == 0, "her number is known, by the table"
    assert here.there == {"maria": 5520}


def test_a_group_whose_table_is_of_another_time_is_named(here: Room) -> None:
    here.roster(LOGINS + "cy,Cy,Chan\n")
    table = TEAMS.format(2, 2) + "Cy Chan,904,4,cy,A,Team 2,8,\n"
    download = zipped({"team2_902_5_cohort.ipynb": work()})
    status, said = here.collect(download, table)
    assert (status, list(here.there)) == (1, ["ben"])
    assert "ben: handed in as 'team2', a group of cy, maria by these tables, who get nothing" in (
        said.replace("maria, cy", "cy, maria")
    )
    assert "A GROUP" not in here.collect(download, table.replace("A,Team 1", "A,Team 2"))[1]
    assert "A GROUP" not in here.collect(download, table)[1], "all of it have work by now"


@pytest.mark.parametrize("time", TIMES)
def test_no_time_wins_against_a_time_of_what_came_another_way(here: Room, time: str) -> None:
    """Where the number is sure; with the worksheet the later one counts."""
    here.roster(TWO)
    here.by_hand("maria", MAIL, time)
    sheets = [timed([WHEN[0], one]) for one in (",-", WHEN[0].replace("8:00", "6:00"), WHEN[1])]
    for _ in range(2):
        status, said = here.collect(moodle(5506), sheets[0])
        assert ("Kept (1):\n  maria: the work that is there came" in said) == bool(time)
        assert status == 0
    assert here.there == {"maria": 5520 if time else 5506}
    if time:
        assert "is the later one" in here.collect(moodle(5506), sheets[1])[1]
        assert here.there == {"maria": 5520}
        status, said = here.collect(moodle(5506))  # the table has told whose number it is
        assert (status, "Kept (1)" in said, "NOT PLACED" in said) == (0, True, False)
        wrong = SHEET.replace("5506", "9").replace("5507", "5506").replace("9,", "5507,")
        status, said = here.collect(moodle(5506), wrong)
        assert (status, here.there) == (0, {"maria": 5520, "maria2": 5506}), said
        shutil.rmtree(here.root / "submitted/maria2")
        assert "Replaced (1)" in here.collect(moodle(5506), sheets[2])[1]
        newer = zipped({"Maria Santos_5506_assignsubmission_file_/cohort.ipynb": work("newer")})
        assert "Replaced (1)" in here.collect(newer, sheets[0])[1], "her next one there counts"
