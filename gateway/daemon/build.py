"""CPU features that numpy dispatches on: the last bit of a function may depend on them."""

from __future__ import annotations

import hashlib
import io
import platform
from contextlib import redirect_stdout
from importlib import metadata

import numpy as np


def cpu_features() -> str:
    """Names of the SIMD extensions numpy found, joined by spaces; empty where it does not say."""
    out = io.StringIO()
    with redirect_stdout(out):
        np.show_runtime()
    text = out.getvalue()
    start = text.find("'found'")
    if start < 0:
        return ""
    listed = text[text.index("[", start) + 1 : text.index("]", start)]
    return " ".join(part.strip(" '\n") for part in listed.split(","))


def build() -> tuple[str, str]:
    """Digest of the installed versions that compute, and the CPU features that numpy dispatches on."""
    versions = sorted(f"{name}=={metadata.version(name)}" for name in ("numpy", "shapely", "pyproj", "numba"))
    versions.append(" ".join(platform.libc_ver()))
    return hashlib.sha256("\n".join(versions).encode()).hexdigest()[:16], cpu_features()
