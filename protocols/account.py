"""The account of a frame that every family gives (the ``decode`` command): the same keys, the same words."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np

from protocols.report import Flag, SignalUnit, SourceDatum

if TYPE_CHECKING:
    from protocols.report import CellColumns, ReportBatch, WifiColumns

Fields = dict[str, object]


def blank_account(protocol: str, profile: str) -> Fields:
    """The keys of a line of ``decode``, nothing known yet; a family may add keys of its own."""
    return {
        "protocol": protocol,
        "version": None,
        "profile": profile,
        "message": None,
        "message_id": None,
        "device": None,
        "serial": None,
        "checksum": "none",
        "length_ok": None,
        "fragment": None,
        "reports": [],
        "reply": None,
        "error": None,
    }


def reports_of(batch: ReportBatch) -> list[Fields]:
    """Every report of a batch in words and numbers; coordinates as sent, ``datum`` says in which."""
    return [_report(batch, row) for row in range(len(batch))]


def _report(batch: ReportBatch, row: int) -> Fields:
    flags = Flag(int(batch.flags[row]))
    return {
        "time": _moment(float(batch.time[row])),
        "located": bool(batch.located[row]),
        "latitude": _number(batch.latitude[row]),
        "longitude": _number(batch.longitude[row]),
        "altitude_m": _number(batch.altitude_m[row]),
        "speed_kmh": _number(batch.speed_kmh[row]),
        "course_deg": _number(batch.course_deg[row]),
        "satellites": _count(batch.satellites[row]),
        "battery_percent": _count(batch.battery_percent[row]),
        "flags": [str(flag.name).lower() for flag in Flag if flag in flags],
        "cells": _cells(batch.cells, row),
        "wifi": _wifi(batch.wifi, row),
        "datum": SourceDatum(int(batch.datum[row])).name.lower(),
    }


def _moment(seconds: float) -> str | None:
    return None if np.isnan(seconds) else datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _number(value: np.float64) -> float | None:
    return None if np.isnan(value) else float(value)


def _count(value: np.int16) -> int | None:
    return int(value) if value >= 0 else None


def _cells(cells: CellColumns, row: int) -> list[Fields]:
    return [
        {
            **{name: int(getattr(cells, name)[at]) for name in ("mcc", "mnc", "lac", "cid")},
            "signal_raw": int(cells.signal_raw[at]) if cells.signal_unit[at] else None,
            "signal_unit": SignalUnit(int(cells.signal_unit[at])).name.lower() if cells.signal_unit[at] else None,
            "ta": int(cells.ta[at]) if cells.ta[at] >= 0 else None,
        }
        for at in np.flatnonzero(cells.report == row)
    ]


def _wifi(wifi: WifiColumns, row: int) -> list[Fields]:
    return [
        {
            "bssid": int(wifi.bssid[at]).to_bytes(6, "big").hex(":"),
            "rssi_dbm": int(wifi.rssi_dbm[at]) or None,
        }
        for at in np.flatnonzero(wifi.report == row)
    ]
