"""Which edition a terminal speaks: the header tells 2019; only a registration, or its profile, tells 2011 from 2013."""

from __future__ import annotations

from typing import NamedTuple

from protocols.jt808.header import EDITION_2019, Header
from protocols.jt808.manners import USUAL, Manners
from protocols.jt808.messages import Edition
from protocols.jt808.messages.login import edition_of_register

_REGISTER = 0x0100


class Speaker(NamedTuple):
    """A terminal as its latest frame on the session shows it: what goes down to it is written like that.

    Attributes:
        header: of that frame.
        edition: how it speaks.
        registered: as what its last registration showed it, where headers do not: 2011 or 2013.
        manners: what is known of it besides.
    """

    header: Header
    edition: Edition
    registered: Edition = Edition.E2013
    manners: Manners = USUAL

    @property
    def facts(self) -> str:
        """What later sessions have to know."""
        return self.registered.value if self.registered is Edition.E2011 else ""


def speaker_of(header: Header, body: bytes, before: Speaker | None, manners: Manners) -> Speaker:
    """The sender of a frame.

    Args:
        header: of the frame.
        body: of the frame.
        before: the sender as known so far on the session.
        manners: what is known of it besides.
    """
    if header.attributes & EDITION_2019:
        return Speaker(header, Edition.E2019, manners=manners)
    if header.message == _REGISTER and not header.is_fragment:
        registered = edition_of_register(body, Edition.E2013)
    elif before is not None:
        registered = before.registered
    else:
        registered = Edition.E2011 if manners.facts == Edition.E2011.value else Edition.E2013
    is_2011 = manners.habits.edition == Edition.E2011.value
    return Speaker(header, Edition.E2011 if is_2011 else registered, registered, manners)
