"""Logging: JSON lines under systemd, readable on a terminal. Peer-supplied text arrives here already cleaned."""

from __future__ import annotations

import logging
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, TextIO, cast

import structlog

if TYPE_CHECKING:
    from gateway.ports import Trace


class Lossy:
    """Where the log goes. What cannot be written there is lost: a log on a full disk must not end supervision."""

    def __init__(self, out: TextIO) -> None:
        self._out = out

    def write(self, text: str) -> None:
        """Write, if it can be."""
        with suppress(OSError):
            self._out.write(text)

    def flush(self) -> None:
        """Bring it there, if it can be."""
        with suppress(OSError):
            self._out.flush()


def configure_logs(*, debug: bool = False) -> None:
    """Set structlog up for this process; ``debug``: with the lines of who follows each frame."""
    terminal = sys.stderr.isatty()
    renderer: structlog.typing.Processor = (
        structlog.dev.ConsoleRenderer() if terminal else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.DEBUG if debug else logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(file=cast("TextIO", Lossy(sys.stderr))),
    )


def follower() -> Trace:
    """Writes what it is told of each frame, a line a stage."""
    trace: Trace = structlog.get_logger().debug
    return trace
