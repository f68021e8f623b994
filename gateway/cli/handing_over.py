"""An alarm's evidence handed over, as a file that proves itself."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from gateway.cli.county import episodes_of
from gateway.cli.disclosure import caller_for, check_person, check_words, note, put, storage_for
from gateway.cli.identity import identified
from gateway.cli.looks import moment_of
from gateway.clock import iso
from gateway.control.address import socket_of
from gateway.control.client import ask
from gateway.control.messages import Request
from gateway.errors import GatewayFault, UserFault
from gateway.evidence.gathered import gathered, last_change
from gateway.evidence.made import evidence
from gateway.evidence.sealed import file_of
from gateway.evidence.tables import Handing
from gateway.words.evidence_words import PURPOSES, TO
from gateway.words.kind_names import KIND_NAMES
from gateway.words.phrases import LANGUAGE, phrase

if TYPE_CHECKING:
    from gateway.cli.disclosure import Asked
    from gateway.control.rights import Caller
    from gateway.engine import Episode
    from gateway.settings.model import Configuration

ARCHIVE = ".zip"
WHAT = "evidence"
"""As the audit log calls it."""


def hand_over(configuration: Configuration, alarm: str, asked: Asked, at: str) -> str:
    """Write an evidence file; what to tell whoever asked for it.

    Args:
        configuration: in force.
        alarm: the beginning of its id.
        asked: for whom and what for.
        at: as of when, as typed; empty: as of the alarm's last change.

    Raises:
        UserFault: it may not be handed over, or what was typed cannot be so; the text says why.
        TransientFault, OurFault: something cannot be read or written.
    """
    storage = storage_for(configuration)
    known = {one.id: one for one in episodes_of(configuration, unresolved=False, alarm=alarm, is_shown=False)}
    episode = known[identified(alarm, known, "alarm")]
    caller, what = caller_for(configuration, asked.by), (WHAT, episode.person)
    try:
        handing = checked(configuration, episode, caller, asked)
    except UserFault:
        note(configuration, caller, what, asked, episode.id[:8], ok=False)
        raise
    put_down(configuration, asked.by)
    one = gathered(storage, episode, as_of(configuration, episode, at))
    data = evidence(storage, one, handing, configuration.storage.evidence_digest)
    whole = data["sums"]["whole"]
    note(configuration, caller, what, asked, f"{whole} {episode.id[:8]}", ok=True)
    put(asked.path, file_of(data, archive=asked.path.suffix == ARCHIVE))
    said = phrase("evidence_written", path=asked.path, entries=len(data["entries"]), digest=data["digest"], whole=whole)
    return said.of(LANGUAGE.get())


def put_down(configuration: Configuration, by: str) -> None:
    """Have what came last put down by the daemon; where none runs, what is stored is all there is."""
    with suppress(GatewayFault):
        ask(socket_of(configuration), Request("keep_history", by=by))


def checked(configuration: Configuration, episode: Episode, caller: Caller, asked: Asked) -> Handing:
    """For whom the evidence of an alarm is, where the law lets it be handed over.

    Raises:
        UserFault: it does not; the text says why.
    """
    check_words(asked, TO, PURPOSES)
    person = configuration.people.get(episode.person)
    if person is None:
        kind = KIND_NAMES[episode.kind].of(LANGUAGE.get())
        raise UserFault(phrase("evidence_nobody", alarm=episode.id[:8], kind=kind))
    check_person(configuration, person, episode.id, caller, asked, WHAT)
    return Handing(asked.to, asked.purpose, asked.document, caller.number, asked.approved_by)


def as_of(configuration: Configuration, episode: Episode, at: str) -> float:
    """As of when an alarm is told, UTC epoch seconds.

    Raises:
        UserFault: it is no time, or lies before the alarm's last change.
    """
    last = last_change(episode)
    asked = moment_of("--at", at, ZoneInfo(configuration.county.timezone)) if at else last
    if asked < last:
        raise UserFault(phrase("evidence_early", at=at, last=iso(last)))
    return asked
