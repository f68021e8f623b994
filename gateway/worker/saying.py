"""What a worker says, in the alarm stream: each event once, whoever says it, and whoever would keep it out.

An event's id keeps a second worker from saying it again. But a county knows the ids of its own events, and may have
used one of them in its own name, which the server takes for the same message: so a duplicate is looked at, and believed
of what lies under the workers' subject alone, where no county may publish.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import structlog

from gateway.stream.faults import NotThere
from gateway.stream.names import ALARMS, alarm_id, alarm_subject

if TYPE_CHECKING:
    from gateway.store.state_db import Event
    from gateway.stream.connection import Connection

log = structlog.get_logger()


async def say(connection: Connection, county: str, event: Event) -> None:
    """One event into the alarm stream.

    Raises:
        GatewayFault: as ``Connection.publish``, ``Connection.ask``.
    """
    subject, name = alarm_subject(county, "worker"), alarm_id(county, "worker", event.id)
    ack = await connection.publish(subject, event.body, message_id=name)
    if ack.is_duplicate and not await _is_said(connection, ack.sequence, subject):
        log.warning("message id was used by somebody else", county=county, message=event.id)
        await connection.publish(subject, event.body, message_id=f"{name}:{uuid.uuid4().hex}")


async def _is_said(connection: Connection, sequence: int, subject: str) -> bool:
    """Whether a message lies under a subject; one that has gone since was believed then."""
    try:
        found = await connection.ask(f"STREAM.MSG.GET.{ALARMS}", {"seq": sequence})
    except NotThere:
        return True
    return str(found["message"]["subject"]) == subject
