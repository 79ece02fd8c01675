"""nbgrader's settings: this folder is the course (source/ and release/ are in it).

Run `nbgrader …` from here, or `make teach` and open http://localhost:8888/formgrader.
"""

import os
import sys
from pathlib import Path

c = get_config()  # noqa: F821 -- nbgrader provides it

c.CourseDirectory.course_id = "snrilab"
# answers.py beside a source notebook is the teacher's and goes nowhere.
c.CourseDirectory.ignore = [".ipynb_checkpoints", "*.pyc", "__pycache__", ".snrilab", "answers.py"]

# A function that never ends is stopped after so many seconds of processor time; a fit takes far
# less than one.
c.ExecutePreprocessor.timeout = 10
c.ExecutePreprocessor.interrupt_on_timeout = True

# What a learner finds where the answer was.
c.ClearSolutions.code_stub = {"python": "# YOUR CODE HERE\nraise NotImplementedError()"}
c.ClearSolutions.text_stub = "YOUR ANSWER HERE"

# `nbgrader zip_collect ps2_binding` takes work handed in as anna_ps2_binding.ipynb, also with a
# time: anna_2026-11-20-10-00-00_ps2_binding.ipynb. Before the first underscore is the student.
c.FileNameCollectorPlugin.named_regexp = (
    r".*[/\\](?P<student_id>[^/\\_]+)_"
    r"(?:(?P<timestamp>\d{4}(?:-\d\d){5})_)?(?P<file_id>ps\d+_\w+)\.ipynb"
)

# Root may make nbgrader's exchange, writable for all, in the system; then it stays in this folder.
_exchange = Path("/usr/local/share/nbgrader/exchange")
if hasattr(os, "geteuid") and os.geteuid() == 0 and not _exchange.exists():
    c.Exchange.root = str(Path(".snrilab", "exchange").absolute())

# nbgrader calls the program alembic by its bare name, also when the environment is not activated.
_programs = str(Path(sys.executable).parent)
if _programs not in os.environ.get("PATH", "").split(os.pathsep):
    os.environ["PATH"] = os.pathsep.join([_programs, os.environ.get("PATH", "")])

# Students' code runs in a jail, hidden tests run outside of it: `nbgrader autograde` and
# formgrader's button grade with the same engine as `snrilab grade`.
from snrilab.grading.autograde import configure  # noqa: E402

configure(c)

# What `snrilab deadline` was told that late work costs.
from snrilab.classroom import configure_late_work  # noqa: E402

configure_late_work(c)
