"""Result codes (``resid``) as data: what each asks of the one who asked (MLP 3.2, 5.4; LIF TS 101)."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping


class Advice(StrEnum):
    """What to do after an answer."""

    DONE = "done"
    ABSENT = "absent"
    """Off or out of reach: a "no contact" clock, never a place. Ask again later."""
    WEAKER = "weaker"
    """Ask again later, content with less."""
    BACK_OFF = "back_off"
    """The carrier is busy or ill: everybody waits."""
    STOP = "stop"
    """Not authorised: a question of contract or law, for the operator."""
    CONFIGURE = "configure"
    """The number is not known to the carrier: the operator's table is wrong."""
    OURS = "ours"
    """What we sent is not understood: the wrong dialect, or our fault."""


class Result(NamedTuple):
    """One code."""

    name: str
    advice: Advice


OK, ABSENT = 0, 5
_TABLE: Mapping[int, Result] = {
    OK: Result("ok", Advice.DONE),
    1: Result("system_failure", Advice.BACK_OFF),
    2: Result("unspecified_error", Advice.BACK_OFF),
    3: Result("unauthorised_application", Advice.STOP),
    4: Result("unknown_subscriber", Advice.CONFIGURE),
    ABSENT: Result("absent_subscriber", Advice.ABSENT),
    6: Result("position_method_failure", Advice.WEAKER),
    7: Result("timeout", Advice.BACK_OFF),
    101: Result("congestion", Advice.BACK_OFF),
    103: Result("unsupported_version", Advice.OURS),
    104: Result("too_many_position_items", Advice.OURS),
    105: Result("format_error", Advice.OURS),
    106: Result("syntax_error", Advice.OURS),
    107: Result("protocol_element_not_supported", Advice.OURS),
    108: Result("service_not_supported", Advice.OURS),
    109: Result("protocol_element_attribute_not_supported", Advice.OURS),
    110: Result("invalid_protocol_element_value", Advice.OURS),
    111: Result("invalid_protocol_element_attribute_value", Advice.OURS),
    112: Result("protocol_element_value_not_supported", Advice.OURS),
    113: Result("protocol_element_attribute_value_not_supported", Advice.OURS),
    201: Result("quality_not_attainable", Advice.WEAKER),
    202: Result("position_not_allowed", Advice.STOP),
    203: Result("position_procedure_congestion", Advice.BACK_OFF),
    204: Result("disallowed_by_local_regulations", Advice.STOP),
    207: Result("misconfigured_server", Advice.BACK_OFF),
}
UNKNOWN = Result("vendor_error", Advice.BACK_OFF)


def result_of(code: int) -> Result:
    """What a code means; those of 500 to 599 and any unknown one are the carrier's own trouble."""
    return _TABLE.get(code, UNKNOWN)
