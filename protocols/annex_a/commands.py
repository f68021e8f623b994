"""The commands of Annex A, one row each: name, what the host answers, what a device's answer to the host says.

======= ======================================================================================================
01      device: powered on -> host: no data
02      keep-alive, WORD: minutes, seconds; asked by the device (13, 19) or by the host (11)
03      host: BYTE 0 leave, 1 enter power saving -> 1 done, 2 failed
04      host: version? -> WORD, 0207 is 2.07
05      host: test BYTE type -> type, 1 well, 2 failed
06      host: firmware, part by part; not sent from here
07      host: attributes? -> maker BYTE[5], hardware BYTE[3], software BYTE[3]
40      device: card to authenticate, answered by a certifying centre; kept, not answered
41, 42  device: result and identity of the card; card removed -> host: no data
43      host: read the card now
44-FF   the device's own (from 40 in the edition of 2011)
======= ======================================================================================================
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from protocols.errors import OrderFault
from protocols.order import OrderForm, Reply, Result

if TYPE_CHECKING:
    from collections.abc import Callable

    from protocols.annex_a.profiles import Profile
    from protocols.order import Order

POWER_ON, KEEP_ALIVE, OWN_FROM = 0x01, 0x02, 0x44
EDITION_2011 = 2011
_OWN_FROM_2011 = 0x40
_SECONDS, _BYTE = 60, 0x100
_DONE = {1: Result.DONE, 2: Result.FAILED}


class Command(NamedTuple):
    """One row. ``answer`` gives the data of the host's answer, ``reply`` reads a device's answer to an order."""

    name: str
    answer: Callable[[bytes, Profile], bytes] | None = None
    reply: Callable[[bytes], tuple[Result, str]] | None = None


def seconds_of(data: bytes, profile: Profile) -> int:
    """Keep-alive in seconds that ``data`` (minutes, seconds) asks for; the profile's where it asks for none."""
    asked = data[0] * _SECONDS + data[1] if len(data) >= 2 else 0  # noqa: PLR2004  # a word
    return asked or profile.keep_alive_seconds


def keep_alive_data(seconds: int) -> bytes:
    """A keep-alive as minutes and seconds."""
    return bytes(divmod(seconds, _SECONDS))


def _acknowledge(_data: bytes, _profile: Profile) -> bytes:
    return b""


def _grant(data: bytes, profile: Profile) -> bytes:
    return data[:2] if seconds_of(data, profile) and len(data) >= 2 else keep_alive_data(profile.keep_alive_seconds)  # noqa: PLR2004  # a word


def _state(data: bytes) -> tuple[Result, str]:
    return _DONE.get(data[0], Result.MALFORMED) if data else Result.MALFORMED, data.hex()


def _version(data: bytes) -> tuple[Result, str]:
    return (Result.DONE, f"{data[0]:x}.{data[1]:02x}") if len(data) >= 2 else (Result.MALFORMED, data.hex())  # noqa: PLR2004  # a word


def _test(data: bytes) -> tuple[Result, str]:
    well = _DONE.get(data[1], Result.MALFORMED) if len(data) > 1 else Result.MALFORMED
    return well, data.hex()


def _attributes(data: bytes) -> tuple[Result, str]:
    if len(data) < 11:  # noqa: PLR2004  # 5 + 3 + 3
        return Result.MALFORMED, data.hex()
    hardware, software = (".".join(str(byte) for byte in part) for part in (data[5:8], data[8:11]))
    return Result.DONE, f"maker {data[:5].hex()}, hardware {hardware}, software {software}"


def _card(data: bytes) -> tuple[Result, str]:
    # What a card says of its holder is not for an order's answer to show.
    return Result.DONE, f"{len(data)} bytes"


COMMANDS = {
    POWER_ON: Command("power_on", _acknowledge),
    KEEP_ALIVE: Command("keep_alive", _grant),
    0x03: Command("power_saving", reply=_state),
    0x04: Command("version", reply=_version),
    0x05: Command("self_test", reply=_test),
    0x06: Command("update"),
    0x07: Command("attributes", reply=_attributes),
    0x40: Command("card_authentication"),
    0x41: Command("card_result", _acknowledge),
    0x42: Command("card_removed", _acknowledge),
    0x43: Command("card_read", reply=_card),
}
OWN = Command("own")
_UNKNOWN = Command("unknown")


def is_own(command: int, profile: Profile) -> bool:
    """Whether a command is the device's own."""
    return command >= (_OWN_FROM_2011 if profile.edition == EDITION_2011 else OWN_FROM)


def command_of(number: int, profile: Profile) -> Command:
    """The row of a command."""
    return OWN if is_own(number, profile) else COMMANDS.get(number, _UNKNOWN)


def answer_of(number: int, data: bytes, profile: Profile) -> bytes | None:
    """Data of the answer a device is due; None where none is."""
    if is_own(number, profile):
        return b"" if profile.acknowledge_data else None
    if number == KEEP_ALIVE and profile.edition == EDITION_2011:
        return None
    answer = command_of(number, profile).answer
    return None if answer is None else answer(data, profile)


def reply_of(number: int, data: bytes, profile: Profile) -> tuple[Reply, ...]:
    """What a packet answers of the orders that went down."""
    read = command_of(number, profile).reply
    return () if read is None else (Reply(key_of(number), *read(data)),)


def key_of(number: int) -> str:
    """The key by which the answer to a command is known."""
    return f"{number:02X}"


class Ask(NamedTuple):
    """One row of the orders: the command, what it takes, how an argument becomes data, how often it is repeated."""

    command: int
    form: OrderForm
    data: Callable[[str], int] | None = None
    repeats: int = 0


def _switch(text: str) -> int:
    return {"0": 0, "1": 1}[text]


def _device_type(text: str) -> int:
    return int(text, 16) if len(text) <= 2 and text.isalnum() and text.isascii() else _BYTE  # noqa: PLR2004  # a byte


ASKS = {
    "power_saving": Ask(0x03, OrderForm("Enter (1) or leave (0) power saving.", ("on",)), _switch),
    "version": Ask(0x04, OrderForm("Ask for the device's version.")),
    "self_test": Ask(0x05, OrderForm("Let a device test itself.", ("type",)), _device_type, 3),
    "attributes": Ask(0x07, OrderForm("Ask for maker, hardware and software."), None, 3),
    "read_card": Ask(0x43, OrderForm("Read the card that is in.")),
}


def ask_of(order: Order) -> tuple[Ask, bytes]:
    """The row of an order and the data it goes out with.

    Raises:
        OrderFault: no such order, or an argument is missing, too much or wrong.
    """
    ask = ASKS.get(order.kind)
    if ask is None:
        raise OrderFault(f"annex_a has no order {order.kind!r}; it has {', '.join(ASKS)}")
    if order.shapes or set(order.values) != set(ask.form.required):
        raise OrderFault(f"{order.kind} takes {' and '.join(ask.form.required) or 'no argument'}")
    try:
        data = b"" if ask.data is None else bytes([ask.data(*order.values.values())])
    except (KeyError, ValueError) as fault:
        raise OrderFault(f"{order.kind}: {dict(order.values)} is not what it takes") from fault
    return ask, data


ORDERS = {kind: replace(ask.form, trial=ask_of) for kind, ask in ASKS.items()}
