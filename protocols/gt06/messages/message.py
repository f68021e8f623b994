"""What a message is to this gateway: one row of the table, and the forms its content takes."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any, NamedTuple

from construct import Struct

from protocols.columns import Columns

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

MAX_CONTENT = 1 << 16
STATING = ("status", "alarm", "event")
"""Fields of one byte that state flags, each by the profile's table of that name."""


def no_time(_content: bytes) -> float:
    """For contents without a device time."""
    return math.nan


class Due(Enum):
    """What the platform owes for a message."""

    NOTHING = "nothing"
    ACK = "the same number, no content, the device's serial, in the short form"
    ACK_SAME_FORM = "the same in the form of the request"
    TIME = "8A with the time, UTC"
    ADDRESS = "97: there is no address service"
    WIFI = "the number and the time of the request, without serial and CRC"
    LOGIN = "an acknowledgement, once it is known who asks"


class Test(NamedTuple):
    """A condition on one byte of the content: ``content[at] & mask == value``."""

    at: int
    mask: int
    value: int


@dataclass(frozen=True, slots=True)
class Form:
    """One way a message's content is laid out.

    Attributes:
        schema: construct schema. Its field names say what is read: time, latitude, longitude, satellites, speed_kmh,
            fix, stored, mcc, mnc, lac, cid, ta, cells, wifi, status, voltage, alarm, flags, imei.
        least, most: content sizes it may have; what stands behind the schema is left alone.
        among: the only sizes it may have; empty: any from least to most.
        tests: conditions on single bytes, all of which must hold.
        limits: (offset, most): bytes that may not be larger.
        when: what no single byte tells; asked only of contents that fit otherwise. None: nothing.
        time: device time of a content of this form as its clock shows it, NaN for none.
        columns: readers of whole batches, where the schema has a fixed width; None: read one by one.
        imei_at: where an IMEI stands; -1: the form has none.
        stored_at: where it says whether it is live (0) or comes from the device's memory (1); -1: it does not say.
        flags_at: which byte states flags, by which table of a profile, and where in the content it stands (below 0:
            counted from its end).
        tells: flags may stand in what ``read`` gives.
        layout: name by which a model profile asks for this form; empty: always tried.
        read: from the parsed schema to the fields, where they are not one and the same.
    """

    schema: Any
    least: int
    most: int = MAX_CONTENT
    among: tuple[int, ...] = ()
    tests: tuple[Test, ...] = ()
    limits: tuple[tuple[int, int], ...] = ()
    when: Callable[[bytes], bool] | None = None
    time: Callable[[bytes], float] = no_time
    columns: Columns | None = None
    layout: str = ""
    imei_at: int = -1
    stored_at: int = -1
    flags_at: tuple[tuple[str, int], ...] = ()
    tells: bool = False
    read: Callable[[Any], Mapping[str, Any]] = lambda parsed: parsed

    def fits(self, content: bytes) -> bool:
        """Whether a content is of this form."""
        size = len(content)
        if not self.least <= size <= self.most or (self.among and size not in self.among):
            return False
        # A generator would take a quarter of a session's time.
        for at, mask, value in self.tests:
            if content[at] & mask != value:
                return False
        for at, most in self.limits:
            if content[at] > most:
                return False
        return self.when is None or self.when(content)


@dataclass(frozen=True, slots=True)
class Message:
    """One message.

    Attributes:
        number: protocol number; + 100 hex for the long form, where it differs from the short one.
        name: English name, snake case: what ``decode`` prints.
        due: what the platform owes for it.
        forms: how its content lies; the first that fits is taken. Empty: it holds no report.
        least: content bytes below which it is malformed.
    """

    number: int
    name: str
    due: Due = Due.ACK
    forms: tuple[Form, ...] = ()
    least: int = 0


def fixed(
    *fields: Any,  # noqa: ANN401  # construct ships no types
    time: Callable[[bytes], float] = no_time,
    tests: tuple[Test, ...] = (),
    sizes: tuple[int, int] = (0, MAX_CONTENT),
    among: tuple[int, ...] = (),
    layout: str = "",
    imei_at: int = -1,
) -> Form:
    """A form of fixed width, read in columns; by default anything may stand behind it.

    Raises:
        TypeError: a field has no fixed width.
    """
    schema = Struct(*fields)
    columns = Columns(schema)
    least, most = max(sizes[0], columns.width), sizes[1]
    flags_at = tuple((name, at) for name in STATING if (at := _offset(schema, name)) >= 0)
    stored_at = _offset(schema, "stored")
    return Form(
        schema, least, most, among, tests, time=time, columns=columns, layout=layout, imei_at=imei_at,
        stored_at=stored_at, flags_at=flags_at,
    )  # fmt: skip


def _offset(schema: Any, name: str) -> int:  # noqa: ANN401  # construct ships no types
    """Where a field stands in the content; -1: the form has none of that name."""
    names = [field.name for field in schema.subcons]
    return sum(field.sizeof() for field in schema.subcons[: names.index(name)]) if name in names else -1
