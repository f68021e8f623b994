"""Whom somebody may see, and what of them: one line a thing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gateway.control.rights import NEEDS
from gateway.settings.model import Role

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gateway.console.visitor import Visitor
    from gateway.settings.model import Person

_ASKED: Final = {
    "place": "where", "track": "track", "number": "number", "acts": "act", "alarms": "alarms", "devices": "register",
    "audit": "audit", "report": "report", "load": "load", "drill": "drill", "drafts": "draft",
    "roll_call": "roll_calls", "sheets": "paper", "disclose": "disclose", "dates": "dates", "ledger": "devices",
}  # fmt: skip
SEES: Final[Mapping[str, frozenset[Role]]] = {what: NEEDS[request] for what, request in _ASKED.items()}
"""By what there is to see: the roles of which one is needed, as of whoever asks the daemon for it."""


def has_role_for(visitor: Visitor, what: str) -> bool:
    """Whether a visitor may see such things at all, of whomever."""
    return bool(visitor.roles & SEES[what])


def may_see(visitor: Visitor, person: str, what: str, people: Mapping[str, Person]) -> bool:
    """Whether a visitor may see ``what`` (a key of :data:`SEES`) of a person; an empty one: of nobody in particular.

    An officer of an office sees its own people alone, and nobody who is not registered.
    """
    roles, known = visitor.roles & SEES[what], people.get(person)
    if roles - {Role.OFFICE}:
        return True
    return bool(roles and visitor.office) and known is not None and known.office == visitor.office


def may_see_sheet(visitor: Visitor, office: str) -> bool:
    """Whether a sheet of an office (empty: of the county) is for a visitor; as the daemon has it."""
    roles = visitor.roles & SEES["sheets"]
    return bool(roles - {Role.OFFICE}) or bool(roles and visitor.office and office == visitor.office)
