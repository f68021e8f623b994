"""Terminal parameters by name: what each id is, how a value is written, and how it reads (2013, section 8, table 12).

Where the type is fixed the device's own length is believed all the same: parameter items carry theirs.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from protocols.errors import OrderFault

LARGEST_VALUE = 255
"""Bytes of a value: its length is one byte."""


class Kind(Enum):
    """How a value is written."""

    BYTE = 1
    WORD = 2
    DWORD = 4
    TEXT = 0
    RAW = -1


@dataclass(frozen=True, slots=True)
class Parameter:
    """One row: id, name with its unit, type."""

    number: int
    name: str
    kind: Kind = Kind.DWORD


# fmt: off
_ROWS = (
    Parameter(0x0001, "heartbeat_s"), Parameter(0x0002, "tcp_timeout_s"), Parameter(0x0003, "tcp_repeats"),
    Parameter(0x0004, "udp_timeout_s"), Parameter(0x0005, "udp_repeats"), Parameter(0x0006, "sms_timeout_s"),
    Parameter(0x0007, "sms_repeats"), Parameter(0x0010, "apn", Kind.TEXT), Parameter(0x0011, "apn_user", Kind.TEXT),
    Parameter(0x0012, "apn_password", Kind.TEXT), Parameter(0x0013, "server", Kind.TEXT),
    Parameter(0x0014, "backup_apn", Kind.TEXT), Parameter(0x0015, "backup_apn_user", Kind.TEXT),
    Parameter(0x0016, "backup_apn_password", Kind.TEXT), Parameter(0x0017, "backup_server", Kind.TEXT),
    Parameter(0x0018, "tcp_port"), Parameter(0x0019, "udp_port"), Parameter(0x001A, "card_server", Kind.TEXT),
    Parameter(0x001B, "card_tcp_port"), Parameter(0x001C, "card_udp_port"),
    Parameter(0x001D, "card_backup_server", Kind.TEXT), Parameter(0x0020, "report_strategy"),
    Parameter(0x0021, "report_scheme"), Parameter(0x0022, "interval_no_driver_s"),
    Parameter(0x0023, "secondary_apn", Kind.TEXT), Parameter(0x0024, "secondary_apn_user", Kind.TEXT),
    Parameter(0x0025, "secondary_apn_password", Kind.TEXT), Parameter(0x0026, "secondary_server", Kind.TEXT),
    Parameter(0x0027, "interval_asleep_s"), Parameter(0x0028, "interval_emergency_s"),
    Parameter(0x0029, "interval_s"), Parameter(0x002C, "distance_m"), Parameter(0x002D, "distance_no_driver_m"),
    Parameter(0x002E, "distance_asleep_m"), Parameter(0x002F, "distance_emergency_m"),
    Parameter(0x0030, "turn_angle_deg"), Parameter(0x0031, "fence_radius_m", Kind.WORD),
    Parameter(0x0032, "forbidden_times", Kind.RAW), Parameter(0x0040, "platform_phone", Kind.TEXT),
    Parameter(0x0041, "reset_phone", Kind.TEXT), Parameter(0x0042, "factory_reset_phone", Kind.TEXT),
    Parameter(0x0043, "platform_sms", Kind.TEXT), Parameter(0x0044, "alarm_sms", Kind.TEXT),
    Parameter(0x0045, "answering"), Parameter(0x0046, "longest_call_s"), Parameter(0x0047, "longest_calls_month_s"),
    Parameter(0x0048, "listening_phone", Kind.TEXT), Parameter(0x0049, "privileged_sms", Kind.TEXT),
    Parameter(0x0050, "alarm_mask"), Parameter(0x0051, "alarm_sms_bits"), Parameter(0x0052, "alarm_photo_bits"),
    Parameter(0x0053, "alarm_photo_store_bits"), Parameter(0x0054, "key_alarm_bits"),
    Parameter(0x0055, "speed_limit_kmh"), Parameter(0x0056, "speed_limit_s"), Parameter(0x0057, "driving_s"),
    Parameter(0x0058, "daily_driving_s"), Parameter(0x0059, "least_rest_s"), Parameter(0x005A, "longest_stop_s"),
    Parameter(0x005B, "overspeed_warning", Kind.WORD), Parameter(0x005C, "fatigue_warning_s", Kind.WORD),
    Parameter(0x005D, "collision", Kind.WORD), Parameter(0x005E, "rollover_deg", Kind.WORD),
    Parameter(0x0064, "timed_photo"), Parameter(0x0065, "distance_photo"), Parameter(0x0080, "odometer_100m"),
    Parameter(0x0081, "province", Kind.WORD), Parameter(0x0082, "city", Kind.WORD),
    Parameter(0x0083, "plate", Kind.TEXT), Parameter(0x0084, "plate_colour", Kind.BYTE),
    Parameter(0x0090, "gnss", Kind.BYTE), Parameter(0x0091, "gnss_baud", Kind.BYTE),
    Parameter(0x0092, "gnss_rate", Kind.BYTE), Parameter(0x0093, "gnss_sampling_s"),
    Parameter(0x0094, "gnss_upload", Kind.BYTE), Parameter(0x0095, "gnss_upload_every"),
)
# fmt: on
PARAMETERS = {row.number: row for row in _ROWS}
_BY_NAME = {row.name: row for row in _ROWS}
SECRET = frozenset({0x0012, 0x0016, 0x0025})
"""Passwords: never shown."""


def parameter_of(text: str) -> Parameter:
    """A parameter by its name, or by its id in four hexadecimal digits (a maker's are raw bytes).

    Raises:
        OrderFault: it is neither.
    """
    text = text.strip()
    if text in _BY_NAME:
        return _BY_NAME[text]
    digits = text.removeprefix("0x")
    if len(digits) in (4, 8) and all(digit in "0123456789abcdefABCDEF" for digit in digits):
        number = int(digits, 16)
        return PARAMETERS.get(number, Parameter(number, f"{number:04X}", Kind.RAW))
    raise OrderFault(f"no parameter {text!r}: write four hexadecimal digits (0029) or a name ({', '.join(_BY_NAME)})")


def encode(parameter: Parameter, text: str) -> bytes:
    """A value for 8103: a number, a text, or ``hex:`` and bytes, which every parameter takes.

    Raises:
        OrderFault: not what this parameter takes.
    """
    if text.startswith("hex:") or parameter.kind is Kind.RAW:
        value = _raw(parameter, text.removeprefix("hex:"))
    elif parameter.kind is Kind.TEXT:
        value = gbk(text)
    else:
        value = number_in(parameter.name, text, 0, (1 << 8 * parameter.kind.value) - 1).to_bytes(
            parameter.kind.value, "big"
        )
    if len(value) > LARGEST_VALUE:
        raise OrderFault(f"{parameter.name} has {len(value)} bytes, at most {LARGEST_VALUE}")
    return value


def readable(number: int, value: bytes) -> str:
    """``0029 interval_s=30``, whatever length the device gave the value."""
    parameter = PARAMETERS.get(number, Parameter(number, "", Kind.RAW))
    name = f"{number:04X} {parameter.name}".strip()
    if number in SECRET:
        return f"{name}=(hidden)"
    if parameter.kind is Kind.TEXT:
        return f"{name}={value.rstrip(bytes(1)).decode('gb18030', 'replace')}"
    if parameter.kind is Kind.RAW:
        return f"{name}=hex:{value.hex()}"
    return f"{name}={int.from_bytes(value, 'big')}"


def gbk(text: str) -> bytes:
    """A text in GBK.

    Raises:
        OrderFault: it has a character that GBK lacks.
    """
    try:
        return text.encode("gbk")
    except UnicodeEncodeError as fault:
        raise OrderFault(f"{text[fault.start]!r} cannot be written in GBK, which the device shows") from None


def number_in(name: str, text: str, least: int, most: int) -> int:
    """A whole number within its range.

    Raises:
        OrderFault: it is none.
    """
    digits = text.strip()
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= len(str(most)) and least <= int(digits) <= most):
        raise OrderFault(f"{name} {text!r}: a whole number from {least} to {most} is wanted")
    return int(digits)


def _raw(parameter: Parameter, text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        raise OrderFault(f"{parameter.name}: bytes in hexadecimal digits are wanted, for example hex:0a1e") from None
