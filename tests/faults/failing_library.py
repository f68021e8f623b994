"""What makes files fail, compiled: apart from what a program needs that is to meet it."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

SOURCE = Path(__file__).with_name("failing_files.c")


def library(directory: Path) -> Path:
    """The layer, compiled; where nothing compiles the test is skipped."""
    if (compiler := shutil.which("cc")) is None:
        pytest.skip("NOT SHOWN HERE: no compiler for files that fail (apt-get install gcc)")
    made = directory / "failing_files.so"
    subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-o", made, SOURCE, "-ldl"], check=True)
    return made
