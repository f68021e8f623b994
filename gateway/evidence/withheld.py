"""Why nothing of a person may be handed over now, whichever way somebody asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gateway.settings.model import Configuration, Person


def why_withheld(configuration: Configuration, person: Person, alarm: str, now: float, *, minor: bool) -> str:
    """A key of the phrases that says why; empty: it may be.

    Args:
        configuration: in force.
        person: of whom.
        alarm: of which alarm of hers; empty: of none in particular. A hold may be of it alone.
        now: UTC epoch seconds.
        minor: whether it was said to be needed, should she be a minor.
    """
    refused = {
        "evidence_protected": person.protected, "evidence_minor": person.minor and not minor,
        "evidence_over": now >= person.term_until and not _is_held(configuration, person.person, alarm, now),
    }  # fmt: skip
    return next((key for key, is_so in refused.items() if is_so), "")


def _is_held(configuration: Configuration, person: str, alarm: str, now: float) -> bool:
    return any(
        one.start <= now < one.until and (one.person == person or (alarm != "" and one.alarm == alarm))
        for one in configuration.holds
    )
