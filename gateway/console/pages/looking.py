"""Before anything of a person is shown: whether there is such a one, whether it may be, and what for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException

from gateway.console.lawful import why_hidden

if TYPE_CHECKING:
    from starlette.requests import Request


async def person_of(request: Request, what: str) -> str:
    """The person an address names, for somebody who may see ``what`` of him; a refusal is audited.

    Raises:
        HTTPException: 403, not for him; 404, there is no such person.
    """
    desk, person = request.app.state.desk, request.path_params["person"]
    await desk.require(request.state.visitor, person, what)
    if person not in desk.configuration.people:
        raise HTTPException(404)
    return str(person)


def hidden(request: Request, person: str) -> str:
    """Why nothing of a person may be shown now, as a key of the texts; empty: it may."""
    desk = request.app.state.desk
    return why_hidden(desk.configuration, person, desk.clock.now())


async def purpose_of(request: Request, person: str) -> str:
    """What a look is for: the alarm it comes from, else what was said of late; empty: nothing."""
    desk, visitor = request.app.state.desk, request.state.visitor
    alarm = alarm_id(request)
    if alarm:
        episode = await desk.readings.alarm(alarm)
        if episode is not None and episode.person == person:
            return alarm
    return str(desk.purposes.of(visitor.session, person))


def alarm_id(request: Request) -> str:
    """The alarm that an address says it comes from; empty: none."""
    return request.query_params.get("alarm", "")
