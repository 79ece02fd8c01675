"""What runs inside the jail, and the plain-data language spoken across its wall.

These modules import nothing of snrilab outside this folder: they are mounted into the jail on
their own, where the rest of the project does not exist.
"""
