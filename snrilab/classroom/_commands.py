"""The commands `snrilab roster`, `collect`, `mark`, `report`, `grades` and their like.

Runs in the coordinator.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from snrilab.classroom._people import Roster
    from snrilab.grading.course import Course


def add_commands(subparsers: Any) -> None:
    """Register a lecturer's commands with an `argparse` subparsers object."""
    roster = _command(
        subparsers, "roster", _roster, "who is in the class, by a platform's tables", _ROSTER
    )
    roster.add_argument("tables", type=Path, nargs="+", metavar="FILE", help="CSV of the platform")
    roster.add_argument(
        "--to", type=Path, metavar="FILE", help="roster to write (default: students.csv)"
    )
    roster.add_argument(
        "--without",
        action="append",
        default=[],
        metavar="NAME",
        help="who is no student: a name, an address, a login or a number; kept for later tables",
    )
    collect = _command(subparsers, "collect", _collect, "place what a platform hands out", _COLLECT)
    collect.add_argument(
        "downloads", type=Path, nargs="+", metavar="FILE", help="archive, or unpacked folder"
    )
    _with_roster(collect)
    collect.add_argument("--assignment", default="", metavar="NAME", help="such as ps2_binding")
    collect.add_argument(
        "--pattern", default="", help="names of another platform, such as '{id}_{file}'"
    )
    collect.add_argument(
        "--zone", metavar="ZONE", help="the platform's time zone, such as Europe/Berlin"
    )
    collect.add_argument("--dry-run", action="store_true", help="say what would be done")
    grades = _command(
        subparsers, "grades", _grades, "fill a platform's own table with the marks", _GRADES
    )
    grades.add_argument("assignment", help="name of the assignment")
    grades.add_argument(
        "--into", type=Path, required=True, metavar="FILE", help="table that the platform exported"
    )
    _with_roster(grades)
    grades.add_argument("--column", default="", metavar="TITLE", help="heading of the column")
    grades.add_argument("--scale", action="store_true", help="convert to the column's own maximum")
    grades.add_argument(
        "--partial", action="store_true", help="also work that is not wholly marked yet"
    )
    grades.add_argument("--to", type=Path, metavar="FILE", help="write here and leave FILE alone")
    feedback = _command(
        subparsers,
        "feedback",
        _feedback,
        "make feedback, and pack it as the platform takes it back",
        _FEEDBACK,
    )
    feedback.add_argument("assignment", help="name of the assignment")
    feedback.add_argument(
        "--student",
        action="append",
        default=[],
        metavar="ID",
        help="only this student; may be repeated",
    )
    feedback.add_argument(
        "--partial", action="store_true", help="also work that was not read or is not wholly marked"
    )
    feedback.add_argument("--to", type=Path, metavar="FILE", help="archive to write")
    mark = _command(
        subparsers, "mark", _mark, "mark answers in words, on a page of your own", _MARK
    )
    mark.add_argument("assignment", help="name of the assignment")
    mark.add_argument("--question", default="", metavar="NAME", help="begin with this cell")
    mark.add_argument("--left", action="store_true", help="say how many answers wait; no page")
    mark.add_argument(
        "--scheme", action="store_true", help="print the items as they are now; no page"
    )
    mark.add_argument("--port", type=int, default=0, help="port to answer on (default: a free one)")
    mark.add_argument("--no-browser", action="store_true", help="print the address only")
    handout = _command(
        subparsers, "handout", _handout, "make the folder that a class gets", _HANDOUT
    )
    handout.add_argument("folder", type=Path, metavar="FOLDER", help="new folder to make")
    handout.add_argument(
        "--assignment",
        action="append",
        default=[],
        metavar="NAME",
        help="only this one of release/; may be repeated",
    )
    new = _command(subparsers, "new-assignment", _new_assignment, "start one from a template")
    new.add_argument("name", help="such as ps7_kinetics")
    deadline = _command(
        subparsers, "deadline", _deadline, "due dates, extensions, late work", _DEADLINE
    )
    deadline.add_argument("assignment", help="name of the assignment")
    deadline.add_argument("--due", metavar="TIME", help="'2026-11-20 23:59', or none")
    deadline.add_argument(
        "--extend", nargs=2, metavar=("STUDENT", "TIME"), help="more time, such as anna 2d; 0: none"
    )
    deadline.add_argument(
        "--zone",
        metavar="ZONE",
        help="zone of the times, such as Europe/Berlin; with --due it is kept for all times shown",
    )
    deadline.add_argument(
        "--per-day", type=float, metavar="PERCENT", help="taken for each day begun; for all work"
    )
    deadline.add_argument("--grace", type=float, metavar="MINUTES", help="that cost nothing")
    deadline.add_argument("--most", type=float, metavar="PERCENT", help="taken at most")
    report = _command(
        subparsers, "report", _report, "who needs you, who holds which idea, how it went", _REPORT
    )
    report.add_argument(
        "assignment", nargs="?", default="", help="name of the assignment; without it: the term"
    )
    _with_roster(report)
    report.add_argument("--section", default="", metavar="NAME", help="only this section")
    report.add_argument(
        "--pseudonyms", action="store_true", help="name nobody, and tell no group below five apart"
    )
    report.add_argument(
        "--inventory",
        type=Path,
        metavar="FOLDER",
        help="for the term: files inventory_*.json that learners handed over",
    )
    report.add_argument(
        "--jplag",
        type=Path,
        metavar="FOLDER",
        help="also write the answers, by pseudonym, as JPlag and Dolos read them",
    )
    report.add_argument("--zone", metavar="ZONE", help="zone of the times, such as Europe/Berlin")
    report.add_argument(
        "--to", type=Path, metavar="FILE", help="page to write (default: report_<assignment>.html)"
    )


_ROSTER = """
Write students.csv from the tables that platforms export, and tell the gradebook. Where a table has
a column of roles, only students are taken, and who is left out is named; where it has none, say who
is no student with --without, which is kept. Ids stay as students.csv has them.
"""
_HANDOUT = """
Copy lessons, assignments as students see them and the library into a folder of their own, without
answers, grading and notes for teachers. An assignment that shows answers of an earlier one, which
is not past its due date, is named: hand out one by one with --assignment.
"""
_DEADLINE = """
Without options: say which dates hold, and what lateness has cost whom. The rule for late work is
the course's, kept in late_rules.json: what is not given stays as it was. --per-day 0 makes lateness
free, --grace 0 and --most 100 take these back. What lateness costs follows a change at once.
"""
_REPORT = """
With an assignment: one page that says who needs you (missing, late, unreadable, only text, not
marked yet), who holds which idea (groups for an office hour), how each question went, and whose
work is alike, as facts; beside it tables of questions, students, ideas and pairs. Without one: the
term, students by assignments, ideas that stayed and ideas that went. Sections are those of the
roster, where the platform's table has them. Names are for you; --pseudonyms makes what can be
handed on (who is who stays in .snrilab/pseudonyms.csv). --jplag writes what JPlag and Dolos
compare, with how to call them in its README.txt; nothing leaves this machine.
"""
_COLLECT = """
Place the work in downloads of Moodle, Canvas, Blackboard, Brightspace, ILIAS or Gradescope where
grading looks for it, with its time. Of two files of one student the latest counts. Times are read
from the names, from Moodle's grading worksheet given as one of the rosters, or from the archive
where they are the students' and not the download's. What a group handed in counts for all of it:
Canvas' table of a group set, given as one of the rosters, says who that is, or a column group_name.
Exit status: 0 when everything has its place, 1 when something waits for a person, 2 when nothing
was placed.
"""
_GRADES = """
Fill one column of Canvas' gradebook or Moodle's grading worksheet, and leave every other byte as it
was. The table as it was is kept beside it.
Whoever is in the class and not in this table is named. Exit status: 0 when the table has the marks
of all in it, 1 when some could not be written, 2 when none.
"""


_FEEDBACK = """
Make the pages that are missing or older than the gradebook (as nbgrader generate_feedback does),
and put all of them into an archive with the names that the platform gave to the work: one archive
for each platform. Who was not read or is not wholly marked is left out and named.
Exit status: 0 when everybody who handed in has a page in it, 1 when some have not, 2 when nobody.
"""
_MARK = """
Open a page in your browser, on this computer only, that shows all answers to one question, under
pseudonyms and in an order of its own, with the mark scheme's items beside them. Keys 1 to 9 and 0
give the items, j and k (or the arrows) go on and back, Enter goes to the next that is left, c
comments, ? names all keys. Everything is written to the gradebook at once: stop with Ctrl+C and go
on another day; marks made in formgrader are seen here, and the other way round. Changing an item
marks again whoever has it.
The items are a list in the mark scheme of the question's cell in source/, one a line, such as
"- 2 points: both Ki within 15 %" or "- 1 or 0.5 points: a reason; without a number: half". Without
such a list there is one item: all points.
Exit status of --left: 0 when nothing waits, 1 when something does.
"""


def _command(
    subparsers: Any,
    name: str,
    run: Callable[[argparse.Namespace], int],
    words: str,
    description: str = "",
) -> Any:
    parser = subparsers.add_parser(name, help=words, description=description.strip() or words)
    parser.add_argument(
        "--course", type=Path, default=Path(), metavar="FOLDER", help="course folder"
    )
    parser.add_argument(
        "--db", metavar="URL", help="gradebook (default: as configured for nbgrader)"
    )

    def guarded(args: argparse.Namespace) -> int:
        return _guarded(run, args)

    parser.set_defaults(func=guarded, run=guarded)
    return parser


def _with_roster(parser: Any) -> None:
    parser.add_argument(
        "--roster",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help="who is in the class: nbgrader's roster or a platform's table; may be repeated "
        "(default: students.csv, else the gradebook)",
    )


def _guarded(run: Callable[[argparse.Namespace], int], args: argparse.Namespace) -> int:
    """Run a command; what it refuses is one sentence."""
    import importlib.util

    for needed in ("nbgrader", "sqlalchemy"):
        if importlib.util.find_spec(needed) is None:
            _refuse(f"This needs {needed}: pip install 'snrilab[classroom]'.")
            return 2
    from snrilab.classroom._gradebook import ClassroomError
    from snrilab.classroom._people import RosterError
    from snrilab.grading.course import CourseError

    try:
        return run(args)
    except (ClassroomError, RosterError, CourseError) as error:
        _refuse(str(error))
        return 2
    except OSError as error:
        _refuse(f"{error.filename}: {error.strerror}.")
        return 2


def _say(text: str) -> None:
    from snrilab.grading.clean import safe_words

    try:
        sys.stdout.write(safe_words(text) + "\n")
        sys.stdout.flush()
    except BrokenPipeError:  # `| head` has read enough; the work goes on
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _refuse(text: str) -> None:
    from snrilab.grading.clean import text as safe_words

    sys.stderr.write(safe_words(text) + "\n")


def _open(args: argparse.Namespace) -> Course:
    from snrilab.grading.course import open_course, refuse_no_course

    course = open_course(args.course, args.db)
    refuse_no_course(course.root, course.directory.source_directory)
    return course


def _people(args: argparse.Namespace, course: Course) -> Roster:
    from snrilab.classroom._roster import who_is_in

    return who_is_in(course, args.roster)


def _roster(args: argparse.Namespace) -> int:
    from snrilab.classroom._roster import bring_up_to_date

    for line in bring_up_to_date(_open(args), args.tables, args.to, args.without):
        _say(line)
    return 0


def _collect(args: argparse.Namespace) -> int:
    from snrilab.classroom._collect import collect
    from snrilab.classroom._collected import tell
    from snrilab.classroom._gradebook import zone_here

    course = _open(args)
    done = collect(
        course,
        args.downloads,
        _people(args, course),
        assignment=args.assignment,
        pattern=args.pattern,
        zone=zone_here(course, args.zone),
        dry_run=args.dry_run,
    )
    tell(done, _say, dry_run=args.dry_run)
    return done.status


def _grades(args: argparse.Namespace) -> int:
    from snrilab.classroom._collected import is_forgotten
    from snrilab.classroom._marks import fill, save, tell
    from snrilab.classroom._returning import forgotten

    course = _open(args)
    if unknown := forgotten(course, args.assignment):
        _say(is_forgotten(path.name for path in unknown))
    done = fill(
        course,
        args.assignment,
        args.into,
        _people(args, course),
        title=args.column,
        partial=args.partial,
        scale=args.scale,
    )
    if done.status == 2:
        tell(done, _say)
        _refuse(f"no mark was written: {args.into} stays as it is.")
        return 2
    for sentence in save(args.into, done.data, args.to):
        _say(sentence)
    tell(done, _say)
    return done.status


def _feedback(args: argparse.Namespace) -> int:
    from snrilab.classroom._collected import is_forgotten, say_lists
    from snrilab.classroom._returning import pack_feedback

    packed = pack_feedback(
        _open(args),
        args.assignment,
        args.to,
        partial=args.partial,
        students=args.student,
        say=_say,
    )
    say_lists(
        (
            ("LEFT OUT, NOT READ: waits for a person (--partial packs it all the same)",
             packed.unread),
            ("LEFT OUT, NOT WHOLLY MARKED (--partial packs it all the same)", packed.to_mark),
            ("LEFT OUT, other work or another time since the grading: snrilab grade", packed.old),
            ("LEFT OUT, came under another one's name too: snrilab collect says", packed.contested),
            ("NO FEEDBACK: not graded yet", packed.missing),
            ("In the archive, and says at its top what is not final", packed.partial),
        ),
        _say,
    )  # fmt: skip
    if packed.left:
        _say(f"Left as it is: {is_forgotten(path.name for path in packed.left)}")
    for path in packed.removed:
        _say(f"{path.name} of an earlier time is taken away: it would be taken for one of these.")
    for path, students in packed.paths.items():
        _say(f"{path}: feedback for {_count(len(students), 'student')}.")
    count = sum(map(len, packed.paths.values()))
    if not count:
        _refuse(f"no feedback was packed for {args.assignment}.")
        return 2
    new = len(packed.made)
    _say(f"Pages: {new} made now, {count - new} as before.{_items_named(args)}")
    return packed.status


def _items_named(args: argparse.Namespace) -> str:
    """Say that items which somebody did not get can be named too; nothing where that is so."""
    from snrilab.grading.rubric import RubricError, read_marks

    try:
        marks = read_marks(args.course.resolve(), args.assignment)
    except RubricError:
        return ""
    if not any(marks.get("given", {}).values()) or marks.get("missing"):
        return ""
    return " They name the items that were given; a tick in snrilab mark adds those that were not."


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'s' * (number != 1)}"


def _mark(args: argparse.Namespace) -> int:
    from snrilab.classroom._marking import Marking, scheme_of

    if args.scheme:
        for key, items in scheme_of(_open(args), args.assignment).items():
            for line in (f"{key}:", "", *map(str, items), ""):
                _say(line)
        return 0
    marking = Marking(_open(args), args.assignment)
    try:
        for sentence in marking.news:
            _say(sentence)
        left = marking.left()
        if not args.left:
            from snrilab.classroom._marking_server import serve

            serve(marking, _say, args.question, port=args.port, browser=not args.no_browser)
            left = marking.left()
        for key, (waiting, count) in left.items():
            _say(f"{key}: {waiting} of {count} answers are left.")
        if len(left) > 1:
            waiting, count = (sum(each) for each in zip(*left.values(), strict=True))
            _say(f"Together: {waiting} of {count} answers are left.")
        return int(args.left and any(waiting for waiting, _ in left.values()))
    finally:
        marking.close()


def _handout(args: argparse.Namespace) -> int:
    from snrilab.classroom._handout import hand_out, shown_answers
    from snrilab.grading.course import refuse_no_course

    refuse_no_course(args.course)
    made = hand_out(args.course, args.folder, args.assignment)
    for earlier, later, lines in shown_answers(args.course.resolve(), made.assignments):
        if open_until := _still_open(args, earlier):
            _say(
                f"WORTH WAITING: {later} shows {lines} lines of the answers of {earlier}, "
                f"{open_until}; hand out one by one, with --assignment."
            )
    _say(
        f"{made.folder}: {_count(len(made.lessons), 'lesson')}, "
        f"{_count(len(made.assignments), 'assignment')} "
        f"({', '.join(made.assignments)}), the library; without source/, grading and teaching/."
    )
    return 0


def _still_open(args: argparse.Namespace, assignment: str) -> str:
    """Say until when an assignment can be handed in; nothing when that is past for everybody."""
    from datetime import UTC, datetime, timedelta

    from snrilab.classroom._gradebook import dates_of, shown, zone_here

    course = _open(args)
    dates = dates_of(course, assignment)
    if dates.due is None:
        return "which has no due date here (snrilab deadline)"
    last = dates.due + max(dates.extensions.values(), default=timedelta())
    if last < datetime.now(UTC).replace(tzinfo=None):
        return ""
    return f"which is due {shown(last, zone_here(course, None))}"


def _new_assignment(args: argparse.Namespace) -> int:
    from snrilab.classroom._new_assignment import new_assignment

    _open(args)
    path = new_assignment(args.course, args.name)
    _say(f"{path} is written: change it, then snrilab check {args.name}")
    return 0


def _deadline(args: argparse.Namespace) -> int:
    from snrilab.classroom import _deadline as dates
    from snrilab.classroom._gradebook import zone_here
    from snrilab.grading.course import keep_zone

    course = _open(args)
    zone = zone_here(course, args.zone)
    if args.extend:  # what is wrong is said before anything is changed
        student, more = args.extend[0], dates.read_span(args.extend[1])
    due = None
    if args.due and args.due != "none":
        due = dates.read_due(args.due, zone)
    given = {"per_day": args.per_day, "grace_min": args.grace, "most": args.most}
    any_rule = any(value is not None for value in given.values())
    if any_rule:
        dates.change_rule(course.root, given)
    if args.zone and args.due:
        keep_zone(course.root, args.zone)
    if args.due:
        dates.set_due(course, args.assignment, due, zone)
    if args.extend:
        dates.extend(course, args.assignment, student, more, zone)
    for line in _worked_out(args) if args.due or args.extend or any_rule else []:
        _say(line)
    for line in dates.explained(course, args.assignment, zone):
        _say(line)
    return 0


def _worked_out(args: argparse.Namespace) -> list[str]:
    """Let the marks that are there follow other dates and another rule; say whose have changed."""
    from snrilab.classroom._gradebook import is_there
    from snrilab.grading.lateness import work_out_lateness

    course = _open(args)  # its settings hold the new rule
    if not is_there(course):
        return []
    changed = work_out_lateness(course, args.assignment)
    if not changed:
        return []
    return [f"What lateness costs is another now for {len(changed)}: {', '.join(changed)}."]


def _report(args: argparse.Namespace) -> int:
    course = _open(args)  # first: it knows how to import nbgrader in little time
    from snrilab.classroom._gradebook import ClassroomError, zone_here
    from snrilab.classroom._report import writing
    from snrilab.classroom._roster import told

    if not args.assignment and args.jplag:
        raise ClassroomError("--jplag is for one assignment: name it.")
    wanted = writing.Wanted(
        told(course, args.roster),
        section=args.section,
        pseudonyms=args.pseudonyms,
        zone=zone_here(course, args.zone),
        to=args.to,
        inventory=args.inventory,
        jplag=args.jplag,
    )
    if args.assignment:
        made = writing.write_report(course, args.assignment, wanted)
    else:
        made = writing.write_term(course, wanted)
    for path in made:
        _say(str(path))
    return 0
