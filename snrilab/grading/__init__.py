"""Grade a class fast, safely and fairly, beside and inside nbgrader.

Answers go in, values come out: students' code runs in a jail, tests run outside of it; the few
that have no meaning there run inside, and it is said.

Five kinds of process take part. Each module says in its first lines in which of them it runs.

* The *coordinator* is `snrilab grade` or nbgrader itself. It reads folders, hands out submissions
  and is the only one that writes (`classrun`, `worker_pool`, `gradebook`; `autograde` in nbgrader).
* A *worker* grades one submission at a time (`worker`, `autograder`). It owns a jail (`jail`).
* The *fork server* is the first process in the jail. It has imported what notebooks import, and
  forks once for each submission, within walls of its own (`jailed.fork_server`, `jailed.walls`).
* The *student's* process runs the submitted cells and answers calls (`jailed.student`). It is the
  only one with code that is not trusted.
* The *grader* is a copy of the worker for one submission. It runs the tests and asks the student's
  process for values (`grader`, `proxies`); nothing but plain data comes back (`jailed.values`).
"""
