"""Put what a platform hands out where nbgrader looks for it, and say who cannot be placed.

Runs in the coordinator. Nothing is overwritten without a word: what was there before is kept.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections import Counter, defaultdict
from datetime import datetime, timedelta, tzinfo
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from snrilab.classroom._chosen import Choice, Chosen, Work, own_name
from snrilab.classroom._collected import Collected, can_be, handed_in_as, not_in_it, timeless
from snrilab.classroom._deadline import grace_of, read_rule
from snrilab.classroom._downloads import (
    Download,
    DownloadError,
    Meaning,
    Piece,
    patterns_of,
    read_downloads,
)
from snrilab.classroom._gradebook import (
    ClassroomError,
    Dates,
    dates_of,
    shown,
    to_utc,
)
from snrilab.classroom._kept import (
    INSTEAD,
    Places,
    as_placed,
    came_from_a_platform,
    is_its_work,
    remember,
    time_in,
    time_is_written,
)
from snrilab.classroom._people import NOT_THERE, Person
from snrilab.classroom._replies import (
    BY_NAME,
    NUMBERS,
    ORDER,
    platform_of,
    read_replies,
    write_replies,
)
from snrilab.classroom._whose import (
    in_the_way,
    is_called,
    know_others,
    name_doubtful,
    sure_numbers,
    take_back,
    two_people,
)
from snrilab.classroom._words import letters
from snrilab.grading.folders import is_like, may_be
from snrilab.grading.times import (
    NOT_SAID,
    PLACED,
    TIME,
    digest,
    digests,
    read_time,
    seconds_late,
    time_is_unknown,
)

if TYPE_CHECKING:
    from snrilab.classroom._people import Roster
    from snrilab.grading.course import Course

FEW = 0.1  # of those in an archive may be of the other platform, and have handed in here
ALIKE = timedelta(minutes=10)  # times nearer to each other are the download's, not the students'
_NAMED = {"canvas", "moodle", "blackboard", "brightspace", "ilias", "gradescope"}


def collect(
    course: Course,
    paths: list[Path],
    roster: Roster,
    *,
    assignment: str = "",
    pattern: str = "",
    zone: tzinfo | None = None,
    dry_run: bool = False,
) -> Collected:
    """Place the work in downloads of a learning platform.

    Parameters
    ----------
    course : Course
        The course.
    paths : list of Path
        Archives or unpacked folders; of one student's work the latest counts.
    roster : Roster
        Who is in the class.
    assignment : str
        Name of the assignment; found by the names of the files where it is empty.
    pattern : str
        How names are built where the platform is not known, such as ``"{id}_{file}"``.
    zone : tzinfo, optional
        The platform's time zone; this machine's where it is None.
    dry_run : bool
        Only say what would be done.
    """
    with tempfile.TemporaryDirectory(prefix="snrilab-collect-") as folder:
        try:
            wanted = patterns_of(pattern) if pattern else []
            download = read_downloads(paths, Path(folder), wanted)
        except DownloadError as error:
            raise ClassroomError(str(error)) from None
        name, notebooks = _which(course, download, assignment)
        step = _Step(course, name, notebooks, roster, zone, dry_run=dry_run)
        return step.go(download)


def _which(course: Course, download: Download, assignment: str) -> tuple[str, list[str]]:
    """Return the assignment and its notebooks; files say which one it is when nobody does."""
    known = _assignments(course)
    if assignment:
        if assignment not in known:
            there = ", ".join(sorted(known)) or "none"
            raise ClassroomError(f"there is no assignment {assignment}; there are {there}.")
        return assignment, known[assignment]
    seen: Counter[str] = Counter()
    for piece in download.pieces:
        names = {piece.name, piece.inside, *(meaning.file for meaning in piece.meanings)}
        paths = [piece.path.with_name(name.rpartition("/")[2] or "x") for name in names]
        seen.update(
            name
            for name, notebooks in known.items()
            if any(is_like(path, book) for path in paths for book in notebooks)
        )
    if not download.pieces and download.refused:
        name, why = next(iter(download.refused.items()))
        raise ClassroomError(f"nothing can be placed; {name}: {why}.")
    if len(seen) != 1:
        found = ", ".join(sorted(seen)) or "none"
        raise ClassroomError(
            f"which assignment is it? The files are named like those of {found}: "
            "add --assignment NAME."
        )
    name = next(iter(seen))
    return name, known[name]


def _assignments(course: Course) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for step in ("release", "source"):
        above = course.folder(step, ".", "x").parent
        for folder in sorted(above.iterdir()) if above.is_dir() else []:
            if notebooks := sorted(path.stem for path in folder.glob("*.ipynb")):
                found[folder.name] = notebooks
    return found


class _Step:
    """One collection."""

    def __init__(
        self,
        course: Course,
        assignment: str,
        notebooks: list[str],
        roster: Roster,
        zone: tzinfo | None,
        *,
        dry_run: bool,
    ) -> None:
        self.course = course
        self.assignment = assignment
        self.notebooks = notebooks
        self.roster = roster
        self.zone = zone
        self.dry_run = dry_run
        self.dates: Dates = dates_of(course, assignment)
        self.done = Collected(assignment)
        self.choice = Choice(assignment, notebooks, zone, self.done)
        self.replies = read_replies(course, assignment)
        self.places = Places(course, assignment, dry_run=dry_run)

    def go(self, download: Download) -> Collected:
        take_back(self.roster, self.replies, self.done, self.places)
        if not self.dry_run:
            write_replies(self.course, self.assignment, self.replies)
        numbered = {one.id for one in self.roster.people if sure_numbers(one, "lms")}
        know_others(self.course, self.assignment, self.roster)
        works = self._sorted(download)
        self._share(works)
        self._drop_times_of_the_download(works)
        for student in sorted(works):
            self._place(works[student])
        for student, work in sorted(works.items()):
            if not work.by:
                name_doubtful(student, self.replies, self.done, self.places)
                self._name_guess(work)
        students = self.course.students(self.assignment)
        handed_in = set(works) | {one for one in students if self.places.folder(one).is_dir()}
        platforms = {meaning.platform for work in works.values() for _, meaning in work.pieces}
        others = self._of_others(platforms, set(works), numbered)
        missing = [p.id for p in self.roster.people if p.id not in handed_in]
        self.done.missing = [student for student in missing if student not in others]
        self.done.others = [student for student in missing if student in others]
        self.done.unknown += [f"{name}: {why}" for name, why in download.refused.items()]
        if not self.dry_run:
            write_replies(self.course, self.assignment, self.replies)
        return self.done

    def _name_guess(self, work: Work) -> None:
        """Name work that a name alone placed where it can be of a namesake.

        Names alone are the rule where a roster has no numbers. Where the archive holds others whom
        the roster does not know, one of them can be called alike.
        """
        numbers = self.replies.get(work.person.id, {})
        known = work.person.clues.get("lms") or not any(numbers.get(kind) for kind in NUMBERS)
        if work.by_name and not known and any(NOT_THERE in one for one in self.done.unknown):
            self.done.notes.append(
                f"{work.person.id}: placed by the name alone, and others in this archive are not "
                "in the roster: is it this student's, or a namesake's?"
            )

    def _of_others(self, platforms: set[str], here: set[str], numbered: set[str]) -> set[str]:
        """Return who hands in on another platform, as far as the tables' Canvas numbers tell.

        Where hardly anybody of Moodle's has one, who has one is of Canvas; and the other way round.
        A number that was learnt from work tells nothing: who is missing has none.
        """
        canvas = "canvas" in platforms
        odd = [student for student in here if (student in numbered) != canvas]
        if not here or len(odd) > FEW * len(here) or not platforms <= _NAMED:
            return set()
        return {one.id for one in self.roster.people if (one.id in numbered) != canvas}

    def _sorted(self, download: Download) -> dict[str, Work]:
        """Give each file to its student."""
        works: dict[str, Work] = {}
        strangers: dict[str, str] = {}
        for piece in download.pieces:
            person, meaning, why = self._whose(piece)
            if person is None or meaning is None:
                group = piece.name.rpartition("/")[0] or piece.name
                strangers.setdefault(group, why)
                continue
            if not meaning.file:
                continue  # what Blackboard writes about a submission
            works.setdefault(person.id, Work(person)).pieces.append((piece, meaning))
        for student, work in list(works.items()):
            theirs, why = self._of_namesakes(work)
            for piece, _ in theirs:
                strangers.setdefault(piece.name.rpartition("/")[0] or piece.name, why)
            work.pieces = [one for one in work.pieces if one not in theirs]
            if not work.pieces:
                del works[student]
        self.done.unknown += [f"{name}: {why}" for name, why in strangers.items()]
        return works

    def _of_namesakes(self, work: Work) -> tuple[list[tuple[Piece, Meaning]], str]:
        """Return which files are not to be placed by a student's name, and why."""
        others, why = two_people(work.person, work.pieces)
        theirs = [one for one in work.pieces if others & set(one[1].clues)]
        rest = [one for one in work.pieces if one not in theirs]
        clues = {clue for _, one in rest for clue in one.clues if clue[0] != "name"}
        work.by_name = not any(work.person.has(*clue) for clue in clues)
        if rest and work.by_name and (here := self._in_the_way(work)):
            return work.pieces, here
        return theirs, why

    def _in_the_way(self, work: Work) -> str:
        """Say why a name alone does not place work; the very files that lie there are no other."""
        student = work.person.id
        before = self.replies.get(student, {})
        there = set(self.places.lies(student).values())
        files = {digest(piece.path): may_be(own_name((piece, m))) for piece, m in work.pieces}
        unsaid = Choice(self.assignment, self.notebooks, self.zone, Collected(self.assignment))
        counts = set(map(digest, unsaid.of(work).files.values()))
        if counts == set(before.get(PLACED, {}).get("files", {}).values()):
            return ""  # nothing new: what lies there by now stays
        books = {file for file, is_book in files.items() if is_book}
        if books & there and not came_from_a_platform(before):
            return ""
        platform = work.pieces[0][1].platform
        here = in_the_way(student, before, platform, self.places)
        return can_be(work.person.said, student, here, self.assignment) if here else ""

    def _whose(self, piece: Piece) -> tuple[Person | None, Meaning | None, str]:
        told = ""
        # A name that a platform built means nothing else, also when nobody is found by it.
        built = [m for m in piece.meanings if m.platform not in {"folders", "files"}]
        for _, ways in groupby(built or piece.meanings, key=lambda m: m.platform):
            known: dict[str, tuple[Person, Meaning]] = {}
            for meaning in ways:
                found = self.roster.find(meaning.clues)
                told = told or (found.why if built and found.person is None else "")
                person = found.person or next(iter(self.roster.group(meaning.groups)), None)
                if person is not None:
                    known.setdefault(person.id, (person, meaning))
            if len(known) > 1:  # a_b_ps2.ipynb is the ps2.ipynb of a_b, or the b_ps2.ipynb of a
                like = {i: one for i, one in known.items() if self._is_named(one[1])}
                if len(like) != 1:
                    return None, None, f"it can be of {', '.join(known)}"
                known = like
            for person, meaning in known.values():
                return person, meaning, ""
        return None, None, told or "its name does not say whose it is"

    def _is_named(self, meaning: Meaning) -> bool:
        """Whether a student's own name for a file is that of a notebook, and nothing more."""
        bare = re.sub(r"(\s*\(\d+\)|-\d+)?\.ipynb$", "", meaning.file.rpartition("/")[2])
        return any(letters(bare) == letters(book) for book in self.notebooks)

    def _share(self, works: dict[str, Work]) -> None:
        """Give what a group handed in to those of it who have nothing of their own."""
        for student, work in sorted(works.items()):
            called = next((m.called for _, m in work.pieces if m.called), "")
            mates = self.roster.group(g for _, m in work.pieces for g in m.groups)
            others = [mate for mate in mates if mate.id not in works]
            if mates:  # else no table of groups is given this time
                self._name_former(student, {mate.id for mate in mates} | set(works))
            if others and work.person in mates:
                names = ", ".join(mate.id for mate in others)
                self.done.notes.append(f"{student}: handed in for {names} too")
                for mate in others:
                    given = Work(mate, work.pieces, student)
                    by_name = not any(
                        mate.has("group", g) for _, m in work.pieces for g in m.groups
                    )
                    if by_name and (here := self._in_the_way(given)):
                        self.done.unknown.append(f"{mate.id}, with {student}: {here}")
                    else:
                        works[mate.id] = given
            elif called and work.person not in mates and not is_called(work.person, called):
                have = {*works, *self.course.students(self.assignment)}
                who = [mate.id for mate in mates if mate.id not in have]
                if who or not mates:
                    self.done.whose_else.append(f"{student}: {handed_in_as(called, who)}")

    def _name_former(self, student: str, here: set[str]) -> None:
        """Name who has what a student handed in for a group, and is not in it by the tables."""
        for other, reply in sorted(self.replies.items()):
            there = reply.get("with") == student and self.places.folder(other).is_dir()
            if there and other not in here and self.roster.by_id(other) is not None:
                self.done.twice.append(f"{other}: {not_in_it(student, other, self.assignment)}")

    def _drop_times_of_the_download(self, works: dict[str, Work]) -> None:
        """Forget the times in an archive that was written when it was downloaded."""
        by_source: dict[int, set[tuple[int, ...]]] = defaultdict(set)
        for work in works.values():
            for piece, _ in work.pieces:
                by_source[piece.source].add(piece.moment)
        whole = set()
        for source, moments in by_source.items():
            told = [t for m in moments if m and (t := to_utc(m, self.zone)) is not None]
            if not told or max(told) - min(told) < ALIKE:
                whole.add(source)
        for work in works.values():
            for piece, meaning in work.pieces:
                if meaning.platform == "canvas" or piece.source in whole:
                    piece.moment = ()

    def _place(self, work: Work) -> None:
        chosen = self.choice.of(work)
        student = work.person.id
        folder = self.places.folder(student)
        new = {name: digest(path) for name, path in chosen.files.items()}
        there = digests(folder, without="timestamp.txt")
        before = self.replies.get(student, {})
        last = before.get(PLACED, {})
        time_there = time_in(folder)
        if there and last.get("files") == new and last != as_placed(there, time_there):
            self._leave(student, chosen, folder)
            return
        if there == new:
            self.done.same.append(student)
            moment = self._time_of_the_same(student, chosen, time_there)
        else:
            moment, unsaid = self._believed(student, chosen)
            if not there:
                self.done.placed.append(student)
            elif not self._replace(student, folder, moment, chosen.reply):
                numbers = {k: chosen.reply[k] for k in NUMBERS if k in chosen.reply}
                if numbers and not before and not work.by_name:
                    self.replies[student] = numbers  # the table is not needed once more
                self._look(student, [folder / name for name in there], time_there)
                return
            self.done.notes += [unsaid] if unsaid else []
        if there == new and INSTEAD in before:
            chosen.reply[INSTEAD] = before[INSTEAD]
        chosen.reply[PLACED] = as_placed(new, moment)
        self.replies[student] = chosen.reply
        self._look(student, [p.with_name(name) for name, p in chosen.files.items()], moment)
        if not self.dry_run:
            _write(folder, chosen.files, moment)

    def _leave(self, student: str, chosen: Chosen, folder: Path) -> None:
        """Leave work that a teacher changed; a number and a time that a table brings are taken."""
        before = self.replies[student]
        self.done.same.append(student)
        self.done.notes.append(
            f"{student}: nothing new in the download; what was changed in "
            f"submitted/{student}/{self.assignment} since stays"
        )
        moment = time_in(folder)
        written = time_is_written(folder, before)
        if written:
            kept = before[PLACED]
            chosen.reply.update({NOT_SAID: before[NOT_SAID]} if NOT_SAID in before else {})
            moment = moment or read_time(str(kept.get("time", "")))  # no possible time
        else:
            moment = self._time_of_the_same(student, chosen, moment)
            kept = as_placed(before[PLACED]["files"], moment)
        if is_its_work(folder, before):
            back = {INSTEAD: before[INSTEAD]} if INSTEAD in before else {}
            self.replies[student] = chosen.reply | back | {PLACED: kept}
        elif BY_NAME not in chosen.reply:
            before.pop(BY_NAME, None)
        self._look(student, [folder / name for name in self.places.lies(student)], moment)
        if not self.dry_run and not written:
            _write(folder, {}, moment)

    def _time_of_the_same(
        self, student: str, chosen: Chosen, time_there: datetime | None
    ) -> datetime | None:
        """Return the time of work that is there, as far as it is known by now."""
        moment, unsaid = self._believed(student, chosen)
        moment = self._as_before(student, chosen, moment, time_there)
        if unsaid and (NOT_SAID in chosen.reply or moment is None):
            self.done.notes.append(unsaid)
        if moment and time_there and moment != time_there:
            now, then = (shown(one, self.zone) for one in (moment, time_there))
            self.done.notes.append(f"{student}: handed in {now}, and not {then} as said before")
        return moment

    def _look(self, student: str, files: list[Path], moment: datetime | None) -> None:
        """Say where work is late or has no notebook."""
        if not any(may_be(path) for path in files):
            names = ", ".join(sorted(path.name for path in files)) or "nothing"
            self.done.no_notebook.append(f"{student}: handed in {names}, and no notebook")
        due = self.dates.of(student)
        says_late = str(self.replies.get(student, {}).get("platform", "")).startswith("canvas")
        if moment is None and due is not None and not says_late:
            self.done.timeless.append(student)
        made_up = time_is_unknown(self.replies, student, moment)
        extra = self.dates.extensions.get(student)
        late = seconds_late(self.replies, student, moment, self.dates.due, extra)
        if moment is not None and due is not None and late:
            if not made_up and moment <= due + grace_of(self.course.root):
                return
            when = "minutes unknown" if made_up else shown(moment, self.zone)
            self.done.late.append(f"{student}: {when}")

    def _believed(self, student: str, chosen: Chosen) -> tuple[datetime | None, str]:
        """Return when the work came, as far as the platform says it, and what it did not say."""
        due = self.dates.due  # of the class: the platform does not know of an extension given here
        if not chosen.late or (chosen.moment and due and chosen.moment > due):
            return chosen.moment, ""
        if due is None:
            return chosen.moment, (
                f"{student}: late, says the platform; no due date is known here "
                f"(snrilab deadline {self.assignment})"
            )
        cost = _grace(self.course)
        if self.dates.extensions.get(student):
            cost = ", which the extension covers"
        moment = due + timedelta(minutes=1)
        chosen.reply[NOT_SAID] = f"{moment:{TIME}}"
        return moment, (
            f"{student}: late, says the platform, but not how late: counts as a minute after the "
            f"due date{cost}. The real time goes into "
            f"submitted/{student}/{self.assignment}/timestamp.txt before "
            f"grading, in UTC, written like {due + timedelta(hours=26):{TIME}} UTC"
        )

    def _as_before(
        self,
        student: str,
        chosen: Chosen,
        moment: datetime | None,
        time_there: datetime | None,
    ) -> datetime | None:
        """Return the time of work that is there: what a download does not say stays as it was."""
        if time_there is None or (moment is not None and NOT_SAID not in chosen.reply):
            return moment
        chosen.reply.pop(NOT_SAID, None)
        if time_is_unknown(self.replies, student, time_there):
            chosen.reply[NOT_SAID] = f"{time_there:{TIME}}"
        return time_there

    def _replace(
        self, student: str, folder: Path, moment: datetime | None, reply: dict[str, Any]
    ) -> bool:
        """Say what becomes of work that is there already, and move it away."""
        before = time_in(folder)
        reply_there = self.replies.get(student, {})
        there, new = reply_there.get(ORDER), reply.get(ORDER)
        why = ""
        if there and new:  # Canvas says no times, and numbers what comes
            if new < there:
                why = "the work that is there already is the later one, by Canvas' number of it"
            elif new == there:
                why = "another file under the same number of Canvas; the work that is there stays"
        elif before is not None and moment is not None and moment < before:
            why = "the work that is there already is the later one"
            if NOT_SAID in reply:  # late, and nobody knows how late
                why = timeless(student, self.assignment)
        elif before is not None and moment is None and not _needs_no_time(reply, reply_there):
            sheet = platform_of(reply) != "canvas"
            why = timeless(student, self.assignment, sheet=sheet)
        elif moment is not None and _is_of_another_without_a_time(reply, reply_there, before):
            why = timeless(student, self.assignment, there=True)
        if why:
            self.done.kept.append(f"{student}: {why}")
            return False
        lies = self.places.lies(student)
        kept = self.places.move_away(student)
        remember(reply, reply_there, kept, lies)
        self.done.replaced.append(f"{student}: the work before is kept in {kept}")
        return True


def _needs_no_time(reply: dict[str, Any], before: dict[str, Any]) -> bool:
    """Whether work without a time may replace this: of one platform, or without a time as well."""
    return platform_of(reply) == platform_of(before) or NOT_SAID in before


def _is_of_another_without_a_time(
    reply: dict[str, Any], there: dict[str, Any], time_there: datetime | None
) -> bool:
    """Whether work is there that another platform handed out, and nobody knows when it came."""
    whose = platform_of(there)
    return bool(whose) and whose != platform_of(reply) and (time_there is None or NOT_SAID in there)


def _write(folder: Path, files: dict[str, Path], moment: datetime | None) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, path in files.items():
        # The file keeps the time of now: timestamp.txt alone, which a person may write anew,
        # says when it was handed in.
        shutil.copyfile(path, folder / name)
    if moment is not None:
        (folder / "timestamp.txt").write_text(f"{moment:{TIME}} UTC\n", "utf-8")


def _grace(course: Course) -> str:
    """Say that a minute may cost nothing by the course's rule for late work."""
    rule = read_rule(course.root)
    if rule is None:
        return ""
    if rule.grace_min >= 1:
        return f", which the {rule.grace_min:g} minutes of grace make free"
    return f", which costs {min(rule.per_day, rule.most):g} % of the points"
