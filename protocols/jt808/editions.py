"""Which edition a terminal speaks: the header tells 2019; only a registration, or its profile, tells 2011 from 2013."""

from __future__ import annotations

from typing import NamedTuple

from protocols.jt808.header import EDITION_2019, Header
from protocols.jt808.messages import Edition
from protocols.jt808.messages.login import edition_of_register

_REGISTER = 0x0100


class Speaker(NamedTuple):
    """A terminal as its latest frame on the session shows it: what goes down to it is written like that."""

    header: Header
    edition: Edition


def edition_of(header: Header, body: bytes, before: Speaker | None, *, is_2011: bool = False) -> Edition:
    """Edition of a frame's sender.

    Args:
        header: of the frame.
        body: of the frame.
        before: the sender as known so far.
        is_2011: the profile says that short headers are of 2011.
    """
    if header.attributes & EDITION_2019:
        return Edition.E2019
    if is_2011:
        return Edition.E2011
    if header.message == _REGISTER and not header.is_fragment:
        return edition_of_register(body, Edition.E2013)
    known = None if before is None or before.edition is Edition.E2019 else before.edition
    return known or Edition.E2013
