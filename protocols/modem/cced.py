"""``+CCED:`` in its three families: the classic list, LTE cells with their identity, and GSM lines.

The classic answer is hexadecimal and lists the serving cell and up to six neighbours in one line. Chinese Cat.1 modules
give every cell a line; their LTE figures are decimal and levels are indices. Their third column of the current cell is
the subscriber's IMSI, which :mod:`protocols.modem.privacy` has taken out before anything is kept.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from protocols.modem.columns import Context, Form, Heard, fields_of, heard, is_network_at

if TYPE_CHECKING:
    from collections.abc import Sequence

    from protocols.rows import Cell

_WORDED = re.compile(r"\s*(LTE|GSM)\s+(current|neighbou?r)[^:]*:(.*)", re.IGNORECASE)
LTE = {
    "current": Form("mcc mnc - - - - channel cid rsrp_index - lac - pci", 11),
    "neighbour": Form("mcc mnc channel cid rsrp_index - lac - pci", 7),
}
GSM = {16: Form("mcc mnc lac/16 cid/16 - rxlev", 4), 10: Form("mcc mnc lac cid - rxlev", 4)}
CLASSIC = Form("mcc mnc lac/16 cid/16 - channel rxlev", 4)
_CLASSIC_WIDTH = 7
_MOST_HEXADECIMAL_DIGITS = 4


def read_cced(text: str, context: Context) -> Heard:
    """What stands behind ``+CCED:``."""
    worded = _WORDED.fullmatch(text)
    if worded is None:
        return _classic(fields_of(text))
    rat, place, fields = worded[1].upper(), worded[2].lower(), fields_of(worded[3])
    serving = place == "current"
    if rat == "GSM":
        return heard(GSM[_base(fields[2:4], context)].read(fields), serving=serving)
    return heard(LTE["current" if serving else "neighbour"].read(fields), serving=serving)


def _base(area_and_cell: Sequence[str], context: Context) -> int:
    """Letters prove base 16 and a fifth digit base 10; where both are possible the profile says."""
    if any(set(figure.lower()) & set("abcdef") for figure in area_and_cell):
        return 16
    if any(len(figure) > _MOST_HEXADECIMAL_DIGITS for figure in area_and_cell):
        return 10
    return 16 if context.profile.hexadecimal_gsm_cced else 10


def _classic(fields: list[str]) -> Heard:
    """Cells begin where a country code of the first one's stands; columns between them are passed over."""
    cells: list[Cell] = []
    at = 0
    while at + CLASSIC.fewest <= len(fields):
        if is_network_at(fields, at) and (not cells or fields[at] == str(cells[0].mcc)):
            cells += heard(CLASSIC.read(fields[at : at + _CLASSIC_WIDTH])).cells
            at += _CLASSIC_WIDTH
        else:
            at += 1
    network = (cells[0].mcc, cells[0].mnc) if cells else None
    return Heard(tuple(cells), serving=True, network=network)
