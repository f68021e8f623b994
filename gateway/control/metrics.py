"""What the status knows, as figures for Prometheus: by reason, listener, upstream; no person, device or place."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily

from gateway.control.status import NAMES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

Reading: TypeAlias = "Callable[[Any], float]"
Family: TypeAlias = "CounterMetricFamily | GaugeMetricFamily | HistogramMetricFamily"

PREFIX: Final = "bracelet_gateway_"
EACH: Final = "*"
"""In a path: every name there is, which becomes a label."""
TYPE: Final = {True: CounterMetricFamily, False: GaugeMetricFamily}


def _endless(said: object) -> float:
    """A number of days or seconds; nothing is no end of them."""
    return math.inf if said == "" else float(str(said))


def _is_ok(said: object) -> float:
    return float(said is True or said == "ok")


def _is_late(said: object) -> float:
    return float(said == "late")


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of the status as it is served.

    Attributes:
        path: where it stands in the status; a label for each ``*``.
        name: without the prefix.
        labels: one for each ``*`` of the path.
        counts: it only grows, but for a restart.
        read: its number; ``len`` where the status has names that are nobody's business here.
    """

    path: str
    name: str
    labels: tuple[str, ...] = ()
    counts: bool = False
    read: Reading = float


FIGURES: Final[tuple[Figure, ...]] = (
    Figure("healthy", "healthy"),
    Figure("broken", "broken", read=len),
    Figure("waiting/*", "waiting", ("lane",)),
    Figure("oldest_waiting_seconds", "oldest_waiting_seconds"),
    Figure("lag_seconds/*", "lag_seconds", ("stage",)),
    Figure("not_ready", "not_ready", read=len),
    Figure("clock_steps", "clock_steps", counts=True),
    Figure("frames/*", "frames", ("read",), counts=True),
    Figure("entries", "entries", counts=True),
    Figure("batches", "batches", counts=True),
    Figure("largest_batch", "largest_batch"),
    Figure("applied_offset", "applied_offset"),
    Figure("outcomes", "outcomes", counts=True),
    Figure("pending_devices", "pending_devices"),
    Figure("connected_devices", "connected_devices"),
    Figure("devices", "devices"),
    Figure("unproven_devices", "unproven_devices", read=len),
    Figure("silent_devices", "silent_devices"),
    Figure("devices_by_state/*", "devices_by_state", ("state",)),
    Figure("unresolved", "unresolved"),
    Figure("late/groups", "late_groups"),
    Figure("late/oldest_seconds", "late_oldest_seconds"),
    Figure("late/decided_again", "late_decided_again", counts=True),
    Figure("notices_a_day/*", "notices_a_day", ("change",)),
    Figure("alarm_changes/*/*", "alarm_changes", ("kind", "change"), counts=True),
    Figure("alarm_outcomes/*/*", "alarm_outcomes", ("kind", "outcome"), counts=True),
    Figure("alarm_budget/allowed", "alarms_allowed_a_day"),
    Figure("alarm_budget/by_kind/*", "alarms_a_day", ("kind",)),
    Figure("drifts", "drifts", read=len),
    Figure("holidays_missing", "holidays_missing_years", read=len),
    Figure("reviews", "reviews_due", read=len),
    Figure("holds", "holds", read=len),
    Figure("erasures", "erasures", read=len),
    Figure("disk/*", "disk", ("figure",), read=_endless),
    Figure("backup/made_seconds", "backup_made_seconds", read=_endless),
    Figure("backup/tried_seconds", "backup_tried_seconds", read=_endless),
    Figure("backup/tried_well", "backup_tried_well", read=_is_ok),
    Figure("alarm_path/state", "alarm_path_late", read=_is_late),
    Figure("alarm_path/every_seconds", "canary_every_seconds", read=_endless),
    Figure("alarm_path/heard_seconds", "canary_heard_seconds", read=_endless),
    Figure("alarm_path/committed_seconds", "canary_committed_seconds", read=_endless),
    Figure("alarm_path/proven_seconds/*", "alarm_path_proven_seconds", ("upstream",), read=_endless),
    Figure("upstreams/*", "upstream_connected", ("upstream",), read=_is_ok),
    Figure("owed/*", "owed", ("upstream",)),
    Figure("owed_oldest_seconds/*", "owed_oldest_seconds", ("upstream",)),
    Figure("set_aside/*/*", "set_aside", ("upstream", "reason")),
    Figure("listeners/*", "listener_ok", ("listener",), read=_is_ok),
    Figure("connections/*", "connections", ("listener",)),
    Figure("syslog/connected", "syslog_connected", read=bool),
    Figure("syslog/lag_seconds", "syslog_lag_seconds"),
    Figure("syslog/sent", "syslog_sent", counts=True),
    Figure("syslog/left_out", "syslog_left_out", counts=True),
    Figure("forward/behind_entries", "forward_behind_entries"),
    Figure("forward/behind_seconds", "forward_behind_seconds"),
    Figure("commands/*", "commands", ("state",)),
    Figure("carriers/*/phones", "carrier_phones", ("carrier",)),
    Figure("carriers/*/asking", "carrier_asking", ("carrier",)),
    Figure("carriers/*/stretch", "carrier_stretch", ("carrier",)),
    Figure("carriers/*/waits", "carrier_waits_seconds", ("carrier",)),
    Figure("carriers/*/halted", "carrier_halted", ("carrier",), read=bool),
    Figure("carriers/*/stopped", "carrier_stopped_phones", ("carrier",), read=len),
    Figure("carriers/*/answers/*", "carrier_answers", ("carrier", "answer"), counts=True),
    Figure("notices/*/trouble", "notices_well", ("by",), read=_is_ok),
    Figure("notices/*/owed", "notices_owed", ("by",)),
    Figure("notices/*/on_their_way", "notices_on_their_way", ("by",)),
    Figure("notices/*/odd_lines", "notices_odd_lines", ("by",)),
    Figure("refused/*", "refused", ("reason",), counts=True),
    Figure("counted/*", "counted", ("reason",), counts=True),
)
"""Texts, times and samples of the status are not served: they are for people."""
HISTOGRAMS: Final = ("answer_seconds",)
"""Figures of the status that hold ``up_to``, counts by upper end, and the ``sum`` of what was counted."""


class StatusCollector:
    """Asks for the status at each scrape; keeps nothing."""

    def __init__(self, status: Callable[[], Mapping[str, Any]]) -> None:
        self._status = status

    def describe(self) -> Iterator[Family]:
        """No names beforehand: the status is not asked before there is one."""
        yield from ()

    def collect(self) -> Iterator[Family]:
        """A family a figure, those without a value, too."""
        status = self._status()
        yield from (_histogram(name, status[name]) for name in HISTOGRAMS)
        for figure in FIGURES:
            family = TYPE[figure.counts](PREFIX + figure.name, _words(figure.path), labels=figure.labels)
            for labels, value in _values(status, figure.path.split("/"), ()):
                family.add_metric(labels, figure.read(value))
            yield family


def page(collector: StatusCollector) -> bytes:
    """The status in Prometheus' text format."""
    registry = CollectorRegistry()
    registry.register(collector)
    return generate_latest(registry)


def _histogram(name: str, figures: Mapping[str, Any]) -> HistogramMetricFamily:
    return HistogramMetricFamily(PREFIX + name, _words(name), [*figures["up_to"].items()], figures["sum"])


def _words(path: str) -> str:
    words = NAMES[path.partition("/")[0]]
    return f"{words.en} / {words.zh}"


def _values(within: Any, path: list[str], labels: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:  # noqa: ANN401  JSON
    """What stands under a path, with the names met at each ``*``; nothing under what this county does not have."""
    if not path:
        yield labels, within
        return
    step, *rest = path
    for name in within if step == EACH or not within else (step,):
        yield from _values(within[name], rest, (*labels, name) if step == EACH else labels)
