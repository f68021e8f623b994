"""File descriptors: the system gives a process so many. Devices may not take the last ones, which the rest needs."""

from __future__ import annotations

import resource
from dataclasses import dataclass
from pathlib import Path

SPARE = 64
"""Descriptors for the control socket, the stores, upstreams, and connections on their way to being refused."""
LEAST_SHARE = 8
"""Where the limit is small the spare ones are one in so many."""
_OPEN = Path("/proc/self/fd")


@dataclass(slots=True)
class Descriptors:
    """How many connections all listeners together may have, and have."""

    most: int
    taken: int = 0

    @property
    def are_short(self) -> bool:
        """Whether one more would take a spare one."""
        return self.taken >= self.most


def measured() -> Descriptors:
    """What the limit of this process leaves for devices, as it stands now; the soft limit is raised to the hard one."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard not in {soft, resource.RLIM_INFINITY}:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        soft = hard
    in_use = sum(1 for _ in _OPEN.iterdir()) if _OPEN.is_dir() else SPARE
    return Descriptors(max(1, soft - in_use - min(SPARE, soft // LEAST_SHARE)))
