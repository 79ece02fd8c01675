"""A class: resumed, changed, killed at any moment, on a cluster, in PostgreSQL - same grades."""

# ruff: noqa: E501 -- command lines

from __future__ import annotations

import contextlib
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from snrilab.grading.course import open_course
from snrilab.grading.doctor import postgres_programme
from snrilab.grading.worker_pool import Job, Worker, WorkerPool
from tests.conftest import ROOT, skip_or_fail
from tests.grading import assignments, corpus, warm
from tests.grading.conftest import as_released, grade_here, scores_of, verdicts, write_course

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.sandbox, pytest.mark.slow]
SIZE = 12
FEW = 4  # where nothing happens in the middle
ENVIRONMENT = os.environ | {"PYTHONPATH": str(ROOT)}


def small_class(root: Path, size: int = SIZE) -> Path:
    """Write a class's folder; its assignment is released, as classes have it."""
    works = corpus.submissions("cohort", 104)[:: 104 // size][:size]
    write_course(
        root,
        {"cohort": assignments.cohort()},
        {f"s{n:03d}": {"cohort": work} for n, work in enumerate(works)},
    )
    return as_released(root, "cohort")


@pytest.fixture(scope="module")
def undisturbed(jail: None, tmp_path_factory: pytest.TempPathFactory) -> dict[str, float]:
    root = small_class(tmp_path_factory.mktemp("undisturbed"))
    assert grade_here(root, "cohort").failed == {}
    scores = scores_of(root, "cohort")
    assert len(scores) == SIZE
    assert len(set(scores.values())) > 3
    return scores


def start(root: Path, *words: str) -> subprocess.Popen[bytes]:
    """Grade the class in a process that is ready; its workers are started from nothing."""
    command = ["grade", "cohort", "--course", str(root), "--quiet", *words]
    number_of(root).unlink(missing_ok=True)
    return subprocess.Popen(
        [*warm.snrilab(), json.dumps(command), str(number_of(root))],
        env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    )  # fmt: skip


def number_of(root: Path) -> Path:
    """Return the file that holds the number of the process that grades."""
    return root.with_name(f"{root.name}.pid")


def below(root: int) -> dict[int, str]:
    """Return all processes below one: number to command line."""
    parents: dict[int, list[int]] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            stat = (folder / "stat").read_text().rpartition(")")[2].split()
            parents.setdefault(int(stat[1]), []).append(int(folder.name))
        except OSError:
            continue
    found, look = {}, [root]
    while look:
        for child in parents.get(look.pop(), []):
            try:
                found[child] = (
                    Path(f"/proc/{child}/cmdline").read_bytes().decode("utf-8", "replace")
                )
            except OSError:
                continue
            look.append(child)
    return found


def finish(process: subprocess.Popen[bytes]) -> int:
    _, errors = process.communicate(timeout=300)
    assert b"Traceback" not in errors, errors.decode()
    return process.returncode


def graded_so_far(root: Path) -> int:
    return len(list((root / "autograded").glob("*/cohort/cohort.ipynb")))


def wait_for_some(root: Path, process: subprocess.Popen[bytes], count: int) -> None:
    deadline = time.monotonic() + 120
    while graded_so_far(root) < count and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.02)


def test_the_same_command_goes_on(tmp_path: Path, jail: None) -> None:
    root = small_class(tmp_path, FEW)
    some = grade_here(root, "cohort", students=("s000", "s001"))
    assert sorted(g.student for g in some.graded) == ["s000", "s001"]
    rest = grade_here(root, "cohort")
    assert sorted(rest.skipped) == ["s000", "s001"]
    assert len(rest.graded) == FEW - 2
    again = grade_here(root, "cohort")
    assert (len(again.graded), len(again.skipped)) == (0, FEW)
    # New work, or new tests, is graded again.
    (root / "submitted/s003/cohort/cohort.ipynb").write_bytes(
        (root / "submitted/s000/cohort/cohort.ipynb").read_bytes()
    )
    assert [g.student for g in grade_here(root, "cohort").graded] == ["s003"]
    source = root / "source/cohort/cohort.ipynb"
    source.write_text(source.read_text().replace("never more than double", "at most double"))
    assert len(grade_here(root, "cohort").graded) == FEW


def test_killed_between_notebook_and_gradebook(
    tmp_path: Path, jail: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Work that was handed in again: neither its points nor its notebook stay the old ones."""
    root = small_class(tmp_path, FEW)
    grade_here(root, "cohort", students=("s000",))
    work = root / "submitted/s000/cohort/cohort.ipynb"
    work.write_bytes(assignments.submit(assignments.cohort(), plan="plan = [20, 21, 22]"))
    for name in ("write_notebooks", "Writer.write"):
        with monkeypatch.context() as patch:
            patch.setattr(f"snrilab.grading.classrun.{name}", lambda *_: sys.exit("killed"))
            with pytest.raises(SystemExit):
                grade_here(root, "cohort", students=("s000",))
    assert len(grade_here(root, "cohort", students=("s000",)).graded) == 1
    assert "[20, 21, 22]" in (root / "autograded/s000/cohort/cohort.ipynb").read_text()
    assert scores_of(root, "cohort")["s000"] == 2


def test_a_worker_goes_on_while_its_result_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    (jobs_out, jobs), (answers, answers_in) = os.pipe(), os.pipe()
    process: Any = SimpleNamespace(pid=0)
    worker = Worker(process, jobs, answers)
    worker.ready = True
    first, second = Job("first", "ps", b""), Job("second", "ps", b"")
    results = WorkerPool(1, [worker]).run([first, second])
    os.write(answers_in, b'{"job": 0, "result": {}}\n')
    assert next(results) == (first, {})
    assert worker.job is second  # the first is not written yet
    worker.deadline = 0.0  # writing took long: who has answered meanwhile is not stopped
    monkeypatch.setattr(worker, "kill", lambda: pytest.fail("stopped, with its answer there"))
    os.write(answers_in, b'{"job": 0, "result": {}}\n')
    assert list(results) == [(second, {})]
    for end in (jobs_out, jobs, answers, answers_in):
        os.close(end)


def test_dry_run_writes_nothing(tmp_path: Path, jail: None) -> None:
    root = small_class(tmp_path, FEW)
    before = sorted(p for p in root.rglob("*"))
    outcome = grade_here(root, "cohort", dry_run=True)
    assert len(outcome.graded) == FEW
    assert sorted(p for p in root.rglob("*")) == before


def test_points_given_by_a_person_stay(tmp_path: Path, jail: None) -> None:
    from nbgrader.api import Gradebook

    root = small_class(tmp_path, FEW)
    grade_here(root, "cohort")
    with Gradebook(open_course(root).db_url) as book:
        grade = book.find_grade("test_plan", "cohort", "cohort", "s000")
        grade.manual_score, grade.extra_credit = 1.5, 0.25
        task = book.find_grade("design", "cohort", "cohort", "s000")
        assert task.needs_manual_grade
        task.manual_score, task.needs_manual_grade = 5.0, False
        book.db.commit()
    grade_here(root, "cohort", force=True)
    with Gradebook(open_course(root).db_url) as book:
        grade = book.find_grade("test_plan", "cohort", "cohort", "s000")
        assert (grade.score, grade.needs_manual_grade) == (1.75, False)
        assert book.find_grade("design", "cohort", "cohort", "s000").score == 5.0


def test_a_test_that_the_key_fails_costs_nobody_points(tmp_path: Path, jail: None) -> None:
    root = small_class(tmp_path, FEW)
    source = root / "source/cohort/cohort.ipynb"
    source.write_text(source.read_text().replace("assert plan[0] == 20", "assert plan[0] == 21"))
    done = grade_here(root, "cohort", students=("s000", "s001"))
    assert done.failed == {}
    for graded in done.graded:
        score, why = verdicts(graded)["test_plan"]
        assert score is None
        assert "the answer key does not pass it" in why
        assert verdicts(graded)["test_result"][0] is not None


def test_an_answer_key_that_passes_no_test_stops_everything(tmp_path: Path, jail: None) -> None:
    root = small_class(tmp_path, FEW)
    source = root / "source/cohort/cohort.ipynb"
    source.write_text(source.read_text().replace('"assert ', '"assert not '))
    assert finish(start(root)) == 2
    assert graded_so_far(root) == 0


@pytest.mark.parametrize("victim", ["coordinator", "worker", "fork server", "bubblewrap"])
def test_kill_9_at_random_moments(
    tmp_path: Path, undisturbed: dict[str, float], victim: str
) -> None:
    root = small_class(tmp_path)
    chance = random.Random(victim)
    for _ in range(2):
        process = start(root, "--workers", "2")
        wait_for_some(root, process, graded_so_far(root) + chance.randrange(1, 5))
        time.sleep(chance.random() * 0.1)
        coordinator = int(number_of(root).read_text())
        family = below(coordinator)
        targets = {
            "coordinator": [coordinator],
            "worker": [p for p, words in family.items() if "snrilab.grading.worker" in words],
            "fork server": [
                p
                for p, words in family.items()
                if "jailed.fork_server" in words and "bwrap" not in words
            ],
            "bubblewrap": [p for p, words in family.items() if "bwrap" in words],
        }[victim]
        if process.poll() is None and targets:
            target = chance.choice(targets)
            with contextlib.suppress(ProcessLookupError):
                os.kill(target, signal.SIGKILL)
        if victim == "coordinator":
            process.wait()
            process.stderr.close()
            deadline = time.monotonic() + 20
            family[coordinator] = "snrilab grade"
            while any(map(_alive, family)) and time.monotonic() < deadline:
                time.sleep(0.05)
            assert [words for number, words in family.items() if _alive(number)] == []
        else:
            assert finish(process) in {0, 1}
    if victim == "coordinator":
        assert finish(start(root)) == 0
    else:
        assert grade_here(root, "cohort").failed == {}
    assert scores_of(root, "cohort") == undisturbed
    assert graded_so_far(root) == SIZE


def _alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


# -- a cluster ----------------------------------------------------------------------------------


def test_dask_with_a_worker_killed(tmp_path: Path, undisturbed: dict[str, float]) -> None:
    pytest.importorskip(
        "distributed", reason="a cluster needs Dask: pip install 'snrilab[cluster]'"
    )
    root = small_class(tmp_path / "course")
    file = tmp_path / "scheduler.json"
    base = [sys.executable, "-m", "dask"]
    quiet: dict[str, Any] = {
        "env": ENVIRONMENT,
        "stdout": subprocess.DEVNULL,
        "stderr": subprocess.DEVNULL,
        "cwd": tmp_path,
    }
    scheduler = subprocess.Popen(
        [*base, "scheduler", "--port", "0", "--no-dashboard", "--scheduler-file", str(file)],
        **quiet,
    )
    workers: list[subprocess.Popen[bytes]] = []
    try:
        deadline = time.monotonic() + 60
        while not file.exists() and time.monotonic() < deadline:
            time.sleep(0.1)
        workers = [
            subprocess.Popen(
                [
                    *base,
                    "worker",
                    "--scheduler-file",
                    str(file),
                    "--nthreads",
                    "1",
                    "--no-dashboard",
                    "--name",
                    f"w{n}",
                ],
                **quiet,
            )
            for n in range(2)
        ]
        time.sleep(1)
        address = json.loads(file.read_text())["address"]
        process = start(root, "--scheduler", address)
        wait_for_some(root, process, 4)
        family = below(workers[0].pid)
        for number in [workers[0].pid, *family]:
            try:
                os.kill(number, signal.SIGKILL)
            except ProcessLookupError:
                continue
        assert finish(process) == 0
        assert scores_of(root, "cohort") == undisturbed
    finally:
        for process in (*workers, scheduler):
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


# -- PostgreSQL ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server of the test's own: temporary folder, free port, unprivileged user."""
    pytest.importorskip(
        "psycopg", reason="PostgreSQL needs its driver: pip install 'snrilab[postgres]'"
    )
    initdb, server = postgres_programme("initdb"), postgres_programme("postgres")
    if initdb is None or server is None:
        skip_or_fail("no PostgreSQL server on this machine (Debian: apt install postgresql)")
    folder = Path(subprocess.check_output(["mktemp", "-d"], text=True).strip())
    data = folder / "data"
    data.mkdir(mode=0o700)
    user = None
    if os.getuid() == 0:
        user = 65534
        for path in (folder, data):
            os.chown(path, user, user)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    as_user: dict[str, Any] = {"user": user, "group": user, "extra_groups": []} if user else {}
    subprocess.run(
        [initdb, "-D", str(data), "-U", "teacher", "--auth=trust", "--no-sync", "--encoding=UTF8"],
        check=True, capture_output=True, cwd=folder, env={"PATH": os.environ["PATH"], "LC_ALL": "C"}, **as_user,
    )  # fmt: skip
    process = subprocess.Popen(
        [server, "-D", str(data), "-p", str(port), "-h", "127.0.0.1", "-k", str(folder), "-F"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder, env={"PATH": os.environ["PATH"], "LC_ALL": "C"}, **as_user,
    )  # fmt: skip
    try:
        import psycopg

        deadline = time.monotonic() + 30
        while True:
            try:
                with psycopg.connect(
                    f"host=127.0.0.1 port={port} user=teacher dbname=postgres", autocommit=True
                ) as line:
                    line.execute("CREATE DATABASE course")
                break
            except psycopg.OperationalError:
                assert time.monotonic() < deadline, "the server does not start"
                time.sleep(0.1)
        yield f"postgresql://teacher@127.0.0.1:{port}/course"
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(30)
        shutil.rmtree(folder, ignore_errors=True)


def test_postgresql_with_connections_cut(
    tmp_path: Path, undisturbed: dict[str, float], postgres: str
) -> None:
    import psycopg

    root = small_class(tmp_path)
    process = start(root, "--db", postgres, "--workers", "2")
    with psycopg.connect(postgres, autocommit=True) as line:
        for count in range(4):
            wait_for_some(root, process, 3 * count + 1)
            line.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = 'course' AND pid <> pg_backend_pid()"
            )
    assert finish(process) == 0
    assert scores_of(root, "cohort", db=postgres) == undisturbed
    assert not (root / "gradebook.db").exists()
    assert finish(start(root, "--db", postgres)) == 0
