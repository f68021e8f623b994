"""Telit ``#MONI:``: names and values in one line; area and cell are hexadecimal.

The network stands as ``Cc:`` and ``Nc:``, or only its name does: then ``+COPS:`` of the same scan says which it is. A
line without an area is a neighbour whose ``Id`` is a physical cell id.
"""

from __future__ import annotations

import re

from protocols.modem.columns import Context, Heard, fields_of, heard, is_network_at
from protocols.text import whole

_VALUES = {
    "mcc": (re.compile(r"\bCc\s*:\s*([0-9]{3})\b", re.IGNORECASE), 10),
    "mnc": (re.compile(r"\bNc\s*:\s*([0-9]{1,3})\b", re.IGNORECASE), 10),
    "lac": (re.compile(r"\b(?:TAC|LAC)\s*:\s*([0-9A-F]{1,8})\b", re.IGNORECASE), 16),
    "cid": (re.compile(r"\bId\s*:\s*([0-9A-F]{1,9})\b", re.IGNORECASE), 16),
    "channel": (re.compile(r"\bE?ARFCN\s*:\s*([0-9]{1,6})\b", re.IGNORECASE), 10),
    "ta": (re.compile(r"\bTA\s*:\s*([0-9]{1,4})\b", re.IGNORECASE), 10),
    "rsrp": (re.compile(r"\bRSRP\s*:\s*(-[0-9]{1,3})", re.IGNORECASE), 10),
    "power": (re.compile(r"\bPWR\s*:\s*(-[0-9]{1,3})", re.IGNORECASE), 10),
}
_LTE = re.compile(r"\b(?:RSRP|TAC|EARFCN)\s*:", re.IGNORECASE)
_NUMERIC = "2"


def read_moni(text: str, context: Context) -> Heard:
    """What stands behind ``#MONI:``."""
    values: dict[str, int | None] = {}
    for name, (pattern, base) in _VALUES.items():
        found = pattern.search(text)
        values[name] = whole(found[1], base) if found else None
    if _LTE.search(text):
        values["lte_ta"] = values.pop("ta")
    if values["mcc"] is None and context.network is not None:
        values["mcc"], values["mnc"] = context.network
    # The power of an LTE channel is not the level of a cell on it.
    values["dbm"] = values["rsrp"] if values["rsrp"] is not None else values["power"] if "RSRP" not in text else None
    if values["lac"] is None:
        return heard({"pci": values["cid"], "channel": values["channel"], "dbm": values["dbm"]})
    serving = "adj" not in text.lower() and re.search(r"\bNc?[1-9]\b", text) is None
    return heard(values, serving=serving)


def read_cops(text: str, _context: Context) -> Heard:
    """What stands behind ``+COPS:``: the network, where it is given as a number."""
    fields = fields_of(text)
    code = fields[2] if len(fields) > 2 and fields[1] == _NUMERIC else ""  # noqa: PLR2004  # mode, format, operator
    pair = [code[:3], code[3:]]
    mcc, mnc = map(whole, pair)
    known = mcc is not None and mnc is not None and is_network_at(pair, 0)
    return Heard(network=(mcc or 0, mnc or 0)) if known else Heard()
