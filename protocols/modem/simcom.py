"""SIMCom ``+CENG`` and ``+CPSI``.

``+CENG: n,"..."``: what the columns are is told by their number and by where a country code stands, since firmwares
differ; ``+CENG: mode,...`` without a list says the mode. ``+CPSI:`` writes its levels in tenths of a dB on some modems.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from protocols.modem.columns import Context, Form, Heard, fields_of, heard, is_network_at

if TYPE_CHECKING:
    from collections.abc import Callable

_SHORT_MODE = "3"
_HEADER = 2


class Row(NamedTuple):
    """One layout of +CENG: when it is meant, and its columns."""

    suits: Callable[[list[str], str], bool]
    form: Form


def _is_negative(fields: list[str], at: int) -> bool:
    return len(fields) > at and fields[at].startswith("-") and fields[at][1:].isdecimal()


CENG = (
    Row(lambda f, _: is_network_at(f, 8) and _is_negative(f, 2), Form("channel pci dbm - - - lac cid mcc mnc", 10)),
    Row(
        lambda f, _: len(f) > 9 and is_network_at(f, 3),  # noqa: PLR2004  # serving cell: area behind the ninth column
        Form("channel rxlev - mcc mnc - cid/16 - - lac/16 ta", 10),
    ),
    Row(lambda f, mode: mode == _SHORT_MODE and is_network_at(f, 0), Form("mcc mnc lac/16 cid/16 - rxlev", 4)),
    Row(lambda f, _: is_network_at(f, 4), Form("channel rxlev - cid/16 mcc mnc lac/16", 7)),
    Row(lambda f, _: is_network_at(f, 3), Form("channel rxlev - mcc mnc lac/16", 6)),
    Row(lambda f, _: _is_negative(f, 2), Form("channel pci dbm", 3)),
    Row(lambda f, _: is_network_at(f, 0), Form("mcc mnc lac/16 cid/16 - rxlev", 4)),
)  # fmt: skip
CPSI = Form("mcc mnc lac/16 cid pci - channel - - - tenths", 4)


def read_ceng(text: str, context: Context) -> Heard:
    """What stands behind ``+CENG:``; the cell of index 0 is the serving one."""
    index, *fields = fields_of(text)
    if len(fields) < _HEADER:
        return Heard(mode=index[:1])
    row = next((row for row in CENG if row.suits(fields, context.mode)), None)
    return Heard() if row is None else heard(row.form.read(fields), serving=index == "0")


def read_cpsi(text: str, _context: Context) -> Heard:
    """What stands behind ``+CPSI:``, for LTE and its narrow kin; other radios are passed over."""
    rat, _, *fields = [*fields_of(text), ""]
    if not fields or not rat.upper().startswith(("LTE", "CAT-M", "CAT-NB")):
        return Heard()
    mcc, _, mnc = fields[0].partition("-")
    return heard(CPSI.read([mcc, mnc, *fields[1:-1]]), serving=True)
