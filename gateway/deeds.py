"""Deeds: what staff do to the registers at the desk: who wears what, who is on leave, what a bracelet rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import msgspec

from gateway.decoded import from_json

if TYPE_CHECKING:
    from collections.abc import Mapping


class Deed(msgspec.Struct, frozen=True, omit_defaults=True):
    """One deed.

    Attributes:
        id: makes a repetition harmless.
        do: a key of :data:`FORMS`, which says what ``values`` holds.
        by: staff number; ``account``: on this server, that did it. Of root's or the daemon's own ``by`` is its word.
        at: when, UTC epoch seconds.
        values: as an officer writes them in the files: ids, codes, local times of the county.
    """

    id: str
    do: str
    by: str = ""
    account: str = ""
    at: float = 0.0
    values: dict[str, str] = {}


class Form(NamedTuple):
    """The values of a deed, by name."""

    required: tuple[str, ...]
    optional: tuple[str, ...] = ()


NEW_DEVICE: Final = ("protocol", "identity", "profile")
"""Of a device that is not entered yet: as in the table of devices."""
FORMS: Final[Mapping[str, Form]] = {
    "fit": Form(("device", "person", "from"), NEW_DEVICE),
    "swap": Form(("person", "device", "to", "from"), NEW_DEVICE),
    "remove": Form(("device", "at")),
    "put_away": Form(("device", "at")),
    "leave": Form(("person", "from", "until", "approved_by"), ("zone", "travel", "excuses")),
    "return": Form(("person", "at")),
    "removal": Form(("person", "reason", "from", "until", "approved_by")),
    "extend": Form(
        ("person", "kind", "document", "approved_by", "wearer_informed", "from", "until", "assessment"), ("ground",)
    ),
}
"""What can be done: put on; changed for another (``to``); taken off for good; put into the cupboard, not heard from
there; leave, and its end; taken off with leave for a while; a further authority, by the assessment that it names."""


NOW: Final[Mapping[str, str]] = {
    "fit": "from", "swap": "from", "remove": "at", "put_away": "at", "return": "at", "removal": "from",
}  # fmt: skip
"""By deed: the value that is the moment of entering where nothing is written."""


def text_of(deeds: list[Deed]) -> str:
    """Deeds as a text, a line each; empty where there are none."""
    lines = (msgspec.json.encode(deed).decode() for deed in deeds)
    return "[\n" + ",\n".join(lines) + "\n]\n" if deeds else ""


def deeds_of(text: str) -> list[Deed]:
    """The deeds of a text of :func:`text_of`.

    Raises:
        msgspec.MsgspecError: it is none.
    """
    return from_json(text, list[Deed]) if text else []
