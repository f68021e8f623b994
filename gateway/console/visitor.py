"""Who looks at a page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from gateway.settings.model import Role

COOKIE: Final = "desk"
"""Name of the cookie that holds a session's token."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """A member of staff in a session.

    Attributes:
        number: staff number.
        roles: what he may do, as the configuration in force has it.
        office: whose people alone an officer of an office sees; empty: of no office.
        language: ``zh`` or ``en``.
        session: names the session in the audit log; not its token.
        csrf: what a request that changes something has to show.
        must_change: nothing is shown before there is another password.
        is_expired: for the one there is is too old; else somebody else has seen it.
        ip: where from.
    """

    number: str
    roles: frozenset[Role]
    office: str = ""
    language: str = "zh"
    session: str = ""
    csrf: str = ""
    must_change: bool = False
    is_expired: bool = False
    ip: str = ""


class Sessions(Protocol):
    """Sessions by the token of their cookie."""

    async def visitor(self, token: str, *, by_hand: bool = True) -> Visitor | None:
        """Who that is; None: nobody, or a session that has ended; not ``by_hand``: a page looks for news by itself."""
        ...

    async def resting(self, token: str) -> Visitor | None:
        """Who was in and has done nothing for too long; None: nobody, he went out, or he is in."""
        ...
