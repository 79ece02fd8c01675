"""Grade a class fast, safely and fairly, beside and inside nbgrader.

Answers go in, values come out: students' code runs in a jail, hidden tests run outside of it.
"""
