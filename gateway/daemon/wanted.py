"""Parts of the daemon that not every county has, loaded where its configuration wants them.

A name is asked for as ``wanted.Carriers``: a county without carriers does not need their web client.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from gateway.carrier.carriers import Carriers
    from gateway.control.metrics_page import MetricsPage
    from gateway.daemon.log_server import LogServer
    from gateway.daemon.told import told_by
    from gateway.notices.reminders import Reminders

__all__ = ["Carriers", "LogServer", "MetricsPage", "Reminders", "told_by"]

_HOMES: Final = {
    "Carriers": "gateway.carrier.carriers",
    "LogServer": "gateway.daemon.log_server",
    "MetricsPage": "gateway.control.metrics_page",
    "Reminders": "gateway.notices.reminders",
    "told_by": "gateway.daemon.told",
}


def __getattr__(name: str) -> object:
    """A part, from the module it lives in (PEP 562)."""
    if name not in _HOMES:
        raise AttributeError(f"no part of the daemon is called {name!r}")
    return getattr(import_module(_HOMES[name]), name)
