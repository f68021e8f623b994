"""The sender of notices, put together for a county that has the section ``notices``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gateway.notices.sender import NoticeSender
from gateway.notices.wearer import WearerTexts
from gateway.sms.http import HttpSender
from gateway.sms.line import ModemLine
from gateway.sms.template import Template

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from gateway.commands.dispatch import Dispatcher
    from gateway.daemon.pipeline import Pipeline
    from gateway.in_force import InForce
    from gateway.journal.controls import Act
    from gateway.settings.alarm_policy import HttpGateway, Notices
    from gateway.settings.contacts import Contacts
    from gateway.settings.model import Credential


async def told_by(
    notices: Notices,
    in_force: InForce,
    pipeline: Pipeline,
    dispatcher: Dispatcher,
    contacts: Callable[[], Contacts],
    act: Callable[[Act], Awaitable[str]],
) -> NoticeSender:
    """The sender, with what was owed before the start.

    Args:
        notices: the section.
        in_force: the configuration.
        pipeline: whose state and store it is.
        dispatcher: brings orders to devices.
        contacts: reads names and numbers anew.
        act: journals an act and returns once it is done.
    """
    sender = NoticeSender(
        in_force, pipeline.store, pipeline.writer, pipeline.intake, pipeline.wake, contacts, act,
        lambda: pipeline.state, WearerTexts(in_force, dispatcher),
    )  # fmt: skip
    if notices.modem is not None:
        modem = notices.modem
        sender.network = ModemLine(modem.path, modem.baud, sender.heard, sender.reported)
    elif notices.http is not None:
        sender.network = HttpSender(_template(notices.http, notices.credential))
    await sender.resume()
    return sender


def _template(http: HttpGateway, secret: Credential) -> Template:
    return Template(
        http.method, http.url, http.headers, http.body, http.accepts, http.accepts_text, secret.username,
        secret.password,
    )  # fmt: skip
