"""What an officer does to an alarm from the command line: checked here, journaled by the daemon."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from gateway.cli.county import episodes_of
from gateway.cli.identity import identified
from gateway.control.address import socket_of
from gateway.control.client import ask, granted
from gateway.control.messages import Request
from gateway.errors import UserFault
from gateway.journal.controls import LONGEST_NOTE, OF_CLOSED, printable
from gateway.words.act_phrases import refusal
from gateway.words.change_texts import OUTCOMES
from gateway.words.phrases import LANGUAGE, phrase

if TYPE_CHECKING:
    from gateway.journal.controls import Act
    from gateway.settings.model import Configuration

CONFIRMED = "confirmed"
"""The outcome that has to say how it was verified."""


def act_on(configuration: Configuration, act: Act) -> str:
    """Have an act done; ``act.alarm`` may be any beginning of an id. Returns what was done, in words.

    Raises:
        UserFault: no such alarm or several, closed before, an outcome or a note missing or too long.
        TransientFault: the daemon is not running, or cannot do it now.
        OurFault: it failed at it.
    """
    _check(act)
    alarm = _closed(configuration, act.alarm) if act.do in OF_CLOSED else _alarm(configuration, act.alarm)
    whole = msgspec.structs.replace(act, alarm=alarm)
    reply = ask(socket_of(configuration), Request("act", whole, language=LANGUAGE.get()))
    granted(reply, lambda cause: phrase("act_refused", alarm=alarm, cause=cause))
    return phrase(act.do, alarm=alarm).of(LANGUAGE.get())


def drilled(configuration: Configuration, by: str, reason: str) -> str:
    """Have a drill begun. Returns what was done, in words.

    Raises:
        UserFault: it is not for this account to ask, there is no canary, or something critical is unresolved.
        TransientFault: the daemon is not running.
    """
    reply = ask(socket_of(configuration), Request("drill", by=by, why=reason, language=LANGUAGE.get()))
    data = granted(reply, lambda cause: cause)
    return phrase("drill_begun", **data).of(LANGUAGE.get())


def resent(configuration: Configuration) -> list[str]:
    """Have the messages that are set aside sent again. Returns what was done, in words, a line an upstream.

    Raises:
        UserFault: it is not for this account to ask.
        TransientFault: the daemon is not running, or its store fails for now; nothing was changed.
        OurFault: it failed at it; nothing was changed.
    """
    reply = ask(socket_of(configuration), Request("resend", language=LANGUAGE.get()))
    data = granted(reply, lambda cause: cause if reply.refused else phrase("resend_failed", cause=cause))
    lines = [phrase("resent", upstream=name, count=count) for name, count in data.items()]
    return [line.of(LANGUAGE.get()) for line in lines or [phrase("none_set_aside")]]


def _check(act: Act) -> None:
    """What the act itself tells, before anybody is asked."""
    note = printable(act.note)
    if act.do == "close" and act.outcome not in OUTCOMES:
        raise UserFault(phrase("outcome_unknown", value=act.outcome, allowed=", ".join(OUTCOMES)))
    if act.do == "close" and act.outcome == CONFIRMED and not act.verified_by:
        raise UserFault(refusal("verified_by_missing"))
    if act.do in {"close", "note", "dispute"} and not note:
        raise UserFault(phrase("note_empty"))
    if len(note) > LONGEST_NOTE:
        raise UserFault(phrase("note_long", count=len(note), most=LONGEST_NOTE))


def _closed(configuration: Configuration, written: str) -> str:
    """The closed alarm that is meant."""
    episodes = episodes_of(configuration, unresolved=False, alarm=written, is_shown=False)
    return identified(written, (episode.id for episode in episodes if episode.closed is not None), "alarm")


def _alarm(configuration: Configuration, written: str) -> str:
    """The unresolved alarm that is meant; a list of these shows enough of each id to tell it from the others."""
    episodes = episodes_of(configuration, unresolved=False, alarm=written, is_shown=False)
    waiting = [episode.id for episode in episodes if not episode.resolved]
    if any(identity.startswith(written.lower()) for identity in waiting):
        return identified(written, waiting, "alarm")
    closed = identified(written, (episode.id for episode in episodes), "alarm")
    raise UserFault(phrase("alarm_closed", value=closed))
