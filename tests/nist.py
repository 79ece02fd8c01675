"""The nonlinear regression sets of NIST: models as printed, values read from the original files."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np

from tests.conftest import ROOT

FOLDER = ROOT / "tests" / "data" / "nist"


def _gauss(x, b1, b2, b3, b4, b5, b6, b7, b8):
    peaks = b3 * np.exp(-((x - b4) ** 2) / b5**2) + b6 * np.exp(-((x - b7) ** 2) / b8**2)
    return b1 * np.exp(-b2 * x) + peaks


def _lanczos(x, b1, b2, b3, b4, b5, b6):
    return b1 * np.exp(-b2 * x) + b3 * np.exp(-b4 * x) + b5 * np.exp(-b6 * x)


def _cubic_over_cubic(x, b1, b2, b3, b4, b5, b6, b7):
    return (b1 + b2 * x + b3 * x**2 + b4 * x**3) / (1 + b5 * x + b6 * x**2 + b7 * x**3)


def _enso(x, b1, b2, b3, b4, b5, b6, b7, b8, b9):
    turn = 2 * np.pi * x
    year = b2 * np.cos(turn / 12) + b3 * np.sin(turn / 12)
    slow = b5 * np.cos(turn / b4) + b6 * np.sin(turn / b4)
    return b1 + year + slow + b8 * np.cos(turn / b7) + b9 * np.sin(turn / b7)


MODELS = {
    "Bennett5": lambda x, b1, b2, b3: b1 * (b2 + x) ** (-1 / b3),
    "BoxBOD": lambda x, b1, b2: b1 * (1 - np.exp(-b2 * x)),
    "Chwirut1": lambda x, b1, b2, b3: np.exp(-b1 * x) / (b2 + b3 * x),
    "Chwirut2": lambda x, b1, b2, b3: np.exp(-b1 * x) / (b2 + b3 * x),
    "DanWood": lambda x, b1, b2: b1 * x**b2,
    "ENSO": _enso,
    "Eckerle4": lambda x, b1, b2, b3: (b1 / b2) * np.exp(-0.5 * ((x - b3) / b2) ** 2),
    "Gauss1": _gauss,
    "Gauss2": _gauss,
    "Gauss3": _gauss,
    "Hahn1": _cubic_over_cubic,
    "Kirby2": lambda x, b1, b2, b3, b4, b5: (b1 + b2 * x + b3 * x**2) / (1 + b4 * x + b5 * x**2),
    "Lanczos1": _lanczos,
    "Lanczos2": _lanczos,
    "Lanczos3": _lanczos,
    "MGH09": lambda x, b1, b2, b3, b4: b1 * (x**2 + x * b2) / (x**2 + x * b3 + b4),
    "MGH10": lambda x, b1, b2, b3: b1 * np.exp(b2 / (x + b3)),
    "MGH17": lambda x, b1, b2, b3, b4, b5: b1 + b2 * np.exp(-x * b4) + b3 * np.exp(-x * b5),
    "Misra1a": lambda x, b1, b2: b1 * (1 - np.exp(-b2 * x)),
    "Misra1b": lambda x, b1, b2: b1 * (1 - (1 + b2 * x / 2) ** -2),
    "Misra1c": lambda x, b1, b2: b1 * (1 - (1 + 2 * b2 * x) ** -0.5),
    "Misra1d": lambda x, b1, b2: b1 * b2 * x / (1 + b2 * x),
    "Nelson": lambda x, b1, b2, b3: b1 - b2 * x[0] * np.exp(-b3 * x[1]),
    "Rat42": lambda x, b1, b2, b3: b1 / (1 + np.exp(b2 - b3 * x)),
    "Rat43": lambda x, b1, b2, b3, b4: b1 / (1 + np.exp(b2 - b3 * x)) ** (1 / b4),
    "Roszman1": lambda x, b1, b2, b3, b4: b1 - b2 * x - np.arctan(b3 / (x - b4)) / np.pi,
    "Thurber": _cubic_over_cubic,
}


@dataclass(frozen=True)
class Certified:
    """One data set: data, both starts, certified values, standard errors, sum of squares."""

    x: Any
    y: Any
    starts: tuple[Any, Any]
    value: Any
    error: Any
    rss: float


def read(name: str) -> Certified:
    """Read one of the original files."""
    lines = (FOLDER / f"{name}.dat").read_text().splitlines()
    first, last = _range(lines, "Certified Values")
    table = np.array(
        [[float(f) for f in line.split()[2:6]] for line in lines[first:last] if "=" in line]
    )
    rss = next(float(line.split(":")[1]) for line in lines if "Residual Sum of Squares" in line)
    first, last = _range(lines, "Data ")
    data = np.array([[float(f) for f in line.split()] for line in lines[first:last]]).T
    y, x = data[0], data[1]
    if name == "Nelson":
        y, x = np.log(y), data[1:]
    return Certified(x, y, (table[:, 0], table[:, 1]), table[:, 2], table[:, 3], rss)


def _range(lines: list[str], title: str) -> tuple[int, int]:
    head = next(line for line in lines[:12] if title in line and "lines" in line)
    low, high = re.findall(r"\d+", head.split("lines")[1])
    return int(low) - 1, int(high)
