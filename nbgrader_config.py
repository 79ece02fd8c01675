"""nbgrader's settings: this folder is the course (source/ and release/ are in it).

Run `nbgrader …` from here, or open JupyterLab here and choose Nbgrader, Formgrader.
"""

import os
import sys
from pathlib import Path

c = get_config()  # noqa: F821 -- nbgrader provides it

c.CourseDirectory.course_id = "snrilab"
c.CourseDirectory.ignore = [".ipynb_checkpoints", "*.pyc", "__pycache__", ".snrilab"]

# A function that never ends is stopped; a fit takes far less than a second.
c.ExecutePreprocessor.timeout = 60
c.ExecutePreprocessor.interrupt_on_timeout = True

# What a learner finds where the answer was.
c.ClearSolutions.code_stub = {"python": "# YOUR CODE HERE\nraise NotImplementedError()"}
c.ClearSolutions.text_stub = "YOUR ANSWER HERE"

# nbgrader calls the program alembic by its bare name, also when the environment is not activated.
_programs = str(Path(sys.executable).parent)
if _programs not in os.environ.get("PATH", "").split(os.pathsep):
    os.environ["PATH"] = os.pathsep.join([_programs, os.environ.get("PATH", "")])
