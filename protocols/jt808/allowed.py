"""What may be asked of a JT/T 808 terminal, by order, by parameter number, by message number inside a pass-through."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocols.allowance import Allowance, Verdict, gravest, harmless_only
from protocols.device_words import hearing_word, of_message
from protocols.errors import OrderFault
from protocols.jt808.parameters import PARAMETERS, parameter_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from protocols.order import Order

HARMLESS = frozenset({
    "locate", "track", "interval", "confirm_alarm", "link_test", "parameters", "attributes", "fence", "fence_delete",
})  # fmt: skip
"""Where the device is, what it is, and the places it watches."""
HARMLESS_PARAMETERS = frozenset({
    0x0001, 0x0020, 0x0021, 0x0022, 0x0027, 0x0028, 0x0029, 0x002C, 0x002D, 0x002E, 0x002F, 0x0030, 0x0031,
})  # fmt: skip
"""How often it reports."""
HEARING_PARAMETERS = frozenset({
    0x0045, 0x0048,
    0x0052, 0x0053, 0x0064, 0x0065,
    *range(0x0070, 0x0080),
    *range(0xF364, 0xF371),
})  # fmt: skip
"""Calls answered by itself and listening; pictures by alarm, time and distance; quality of pictures, sound and video
(JT/T 808, JT/T 1078); the cameras of driving aids."""
HEARING_MESSAGES = frozenset({
    0x8400, *range(0x8800, 0x8806), *range(0x9003, 0x9004), *range(0x9101, 0x9106), *range(0x9201, 0x9209),
    *range(0x9301, 0x9307),
})  # fmt: skip
"""Call back and listen; camera, recording, stored media; live and stored sound and video."""
_SET_PARAMETERS = b"\x81\x03"
_LOW = 0xFFFF
"""Some terminals look at the low word of a number alone."""
_FLAG, _ESCAPED = b"\x7e", ((b"\x7d\x02", b"\x7e"), (b"\x7d\x01", b"\x7d"))


def allowance(order: Order) -> Verdict:
    """The gravest that an order holds."""
    judge = _BY_CONTENT.get(order.kind)
    return _OTHERS(order) if judge is None else judge(order.values)


def of_parameter(number: int) -> Verdict:
    """Setting one parameter, by its number."""
    row = PARAMETERS.get(number)
    what = f"{number:04X} {row.name}" if row is not None else f"{number:04X}"
    if number & _LOW in HEARING_PARAMETERS:
        return Verdict(Allowance.FORBIDDEN, what)
    return Verdict(Allowance.ALLOWED if number in HARMLESS_PARAMETERS else Allowance.MAINTENANCE, what)


def _parameters(values: Mapping[str, str]) -> Verdict:
    """As the order's own reader takes them apart; what it cannot read it refuses."""
    names = [part.partition("=")[0] for part in values.get("values", "").split(",") if part.strip()]
    return gravest(map(_named, names), Verdict(Allowance.MAINTENANCE, "set_parameters"))


def _named(name: str) -> Verdict:
    try:
        return of_parameter(parameter_of(name).number)
    except OrderFault:
        return Verdict(Allowance.MAINTENANCE, name)


def _messages(*names: str) -> Callable[[Mapping[str, str]], Verdict]:
    """Texts for the wearer, each of which a terminal may take for a command."""

    def judge(values: Mapping[str, str]) -> Verdict:
        texts = (text for name in names for text in values.get(name, "").split("|"))
        return gravest(map(of_message, texts), Verdict(Allowance.ALLOWED, names[0]))

    return judge


def _pass_through(values: Mapping[str, str]) -> Verdict:
    try:
        data = bytes.fromhex(values.get("data", ""))
    except ValueError:
        data = b""
    return gravest(_carried(data), Verdict(Allowance.MAINTENANCE, "pass_through"))


def _carried(data: bytes) -> Iterator[Verdict]:
    """What the bytes hold that nobody may send: a message, a parameter being set, a word."""
    plain = data
    for written, meant in _ESCAPED:
        plain = plain.replace(written, meant)
    for part in (*plain.split(_FLAG), *data.split(_FLAG)):
        message = int.from_bytes(part[:2], "big") if len(part) > 1 else 0
        if message in HEARING_MESSAGES:
            yield Verdict(Allowance.FORBIDDEN, f"pass_through {message:04X}")
    _, setting, rest = plain.partition(_SET_PARAMETERS)
    for at in range(len(rest) - 3 if setting else 0):
        number = int.from_bytes(rest[at : at + 4], "big")
        if number in HEARING_PARAMETERS:
            yield Verdict(Allowance.FORBIDDEN, f"pass_through {of_parameter(number).what}")
    for encoding in ("latin-1", "gb18030", "utf-16-be", "utf-16-le"):
        word = hearing_word(plain.decode(encoding, "replace"))
        if word:
            yield Verdict(Allowance.FORBIDDEN, f"pass_through {word}")


_OTHERS = harmless_only(HARMLESS)
_BY_CONTENT: Mapping[str, Callable[[Mapping[str, str]], Verdict]] = {
    "set_parameters": _parameters,
    "pass_through": _pass_through,
    "text": _messages("text"),
    "question": _messages("question", "answers"),
}
