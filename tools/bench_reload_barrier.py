"""The gateway, telling what its loop spends of a processor where a configuration comes into force: a line ``barrier NAME MS``.

``bench_reload_barrier.py run --config DIR``
"""

from __future__ import annotations

import sys
import time
from functools import wraps
from typing import TYPE_CHECKING

from gateway.cli.app import main
from gateway.engine import step
from gateway.intake.intake import Intake

if TYPE_CHECKING:
    from collections.abc import Callable


def _told(name: str, work: Callable) -> Callable:
    @wraps(work)
    def told(*args, **kwargs):
        begin = time.thread_time()
        try:
            return work(*args, **kwargs)
        finally:
            sys.stderr.write(f"barrier {name} {1000 * (time.thread_time() - begin):.1f}\n")

    return told


if __name__ == "__main__":
    step.configure = _told("engine", step.configure)
    step.configured = _told("presence", step.configured)
    Intake.follow = _told("intake", Intake.follow)
    main()
