"""Quectel ``+QENG``: read by the word that names the radio; area and cell are hexadecimal.

``"servingcell",state,RAT,...``, on two or more lines where the modem holds two radios at once (``"LTE",...``,
``"NR5G-NSA",...``), and ``"neighbourcell intra|inter",RAT,...``. Columns as Quectel's AT manuals print them; LTE and NR
neighbours have no identity, and RSRQ stands before RSRP.
"""

from __future__ import annotations

from protocols.modem.columns import Context, Form, Heard, fields_of, heard

_LTE = Form("mcc mnc cid/16 pci channel - - - lac/16 dbm", 9)
SERVING = {
    "LTE": _LTE,
    "CAT-M": _LTE,
    "CAT-M1": _LTE,
    "CAT-NB": _LTE,
    "EMTC": _LTE,
    "NBIOT": _LTE,
    "GSM": Form("mcc mnc lac/16 cid/16 - channel - rxlev", 4),
    "WCDMA": Form("mcc mnc lac/16 cid/16 channel - - dbm", 4),
    "NR5G-SA": Form("mcc mnc cid/16 pci lac/16 channel - - dbm", 5),
    "NR5G-NSA": Form("mcc mnc pci dbm - - channel", 3),
}
NEIGHBOUR = {
    "LTE": Form("channel pci - dbm", 2),
    "NR": Form("channel pci - dbm", 2),
    "GSM": Form("mcc mnc lac/16 cid/16 - channel rxlev", 4),
    "WCDMA": Form("channel", 1),
}
_DUPLEX = ("FDD", "TDD", "HDD")


def read_qeng(text: str, context: Context) -> Heard:
    """What stands behind ``+QENG:``."""
    fields = fields_of(text)
    serving = not fields[0].startswith("neighbourcell")
    forms = SERVING if serving else NEIGHBOUR
    at = next((index for index, field in enumerate(fields[:3]) if field.upper() in forms), None)
    if at is None:
        return Heard()
    rat, columns = fields[at].upper(), fields[at + 1 :]
    if columns and columns[0].upper() in _DUPLEX:
        columns = columns[1:]
    values = forms[rat].read(columns)
    if values is not None and rat == "GSM":
        values["ta"] = _timing(columns, context.profile.qeng_gsm_ta_column)
        if not serving and (context.network is None or values["mcc"] != context.network[0]):
            # Under LTE the same line lists channels and thresholds, no cells.
            return Heard()
    return heard(values, serving=serving)


def _timing(columns: list[str], column: int) -> int | None:
    figure = columns[column - 1] if 0 < column <= len(columns) else ""
    return int(figure) if figure.isdecimal() and figure.isascii() and len(figure) < 4 else None  # noqa: PLR2004  # 0-255
