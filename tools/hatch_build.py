"""Put the lessons and what students get of the assignments into the wheel, and nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Lessons(BuildHookInterface):  # type: ignore[misc]
    """Files that `snrilab lab` copies for a learner who has no clone of the project."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Name each file and where it goes below the environment's prefix."""
        root = Path(self.root)
        for path in [*root.glob("course/*.ipynb"), *root.glob("release/*/*")]:
            if path.is_file():
                name = path.relative_to(root).as_posix()
                build_data["shared_data"][str(path)] = f"share/snrilab/{name}"
