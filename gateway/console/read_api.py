"""What programs read of alarms: the events as they go to the platform, as types, and the documents made of them.

JSON Schema 2020-12, OpenAPI 3.1 and AsyncAPI 3.0; all three are made of the types below, so that they cannot differ.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any, Final, Literal

import msgspec

from gateway.engine import PLACES_HIDDEN, placeless

VERSION: Final = "1"
BASE: Final = "/api/v1"
MOST: Final = 200
"""Events of one answer."""
LONGEST_NUMBER: Final = 18
"""Digits that an integer of SQLite surely holds, less one."""
UNESCAPED: Final = re.compile(r"(?<=\d) (\d\d:?\d\d)$")
MEDIA: Final = "application/json"


class Position(msgspec.Struct, forbid_unknown_fields=True):
    """A GeoJSON point, WGS-84, longitude first; radius that holds 95 %, metres."""

    type: Literal["Point"]
    coordinates: tuple[float, float]
    radius95_m: float | None


class Texts(msgspec.Struct, forbid_unknown_fields=True):
    """What officers read."""

    zh: str
    en: str


class Entries(msgspec.Struct, forbid_unknown_fields=True):
    """Where the alarm stands in the gateway's journal."""

    first: int
    last: int
    entry: int


class AlarmData(msgspec.Struct, forbid_unknown_fields=True):
    """An alarm as it stood after the change. Times are ISO 8601 UTC."""

    alarm: str
    revision: int
    kind: str
    severity: str
    person: str | None
    device: str
    office: str | None
    level: str | None
    zone: str | None
    zone_name: str | None
    rule: str | None
    basis: str | None
    onset: str
    ended: str | None
    decided: str
    received: str
    retrospective: bool
    latched: bool
    probability: float | None
    position: Position | None
    facts: dict[str, Any]
    acknowledged: str | None
    acknowledged_by: str | None
    closed: str | None
    closed_by: str | None
    outcome: str | None
    verified_by: str | None
    owner: str | None
    disputed: str | None
    assigned: str | None
    acts: list[dict[str, Any]]
    follow_up: dict[str, Any] | None
    notes: list[dict[str, Any]]
    text: Texts | None
    journal: Entries


class AlarmEvent(msgspec.Struct, forbid_unknown_fields=True):
    """A CloudEvent 1.0 of an alarm; the same id is the same event, whichever way it comes."""

    specversion: Literal["1.0"]
    id: str
    source: str
    type: str
    subject: str
    time: str
    datacontenttype: str
    data: AlarmData


class Events(msgspec.Struct, forbid_unknown_fields=True):
    """Events in the order in which they were decided; ``next``: what ``since`` asks for those that follow."""

    events: list[AlarmEvent]
    next: int


class Problem(msgspec.Struct, forbid_unknown_fields=True):
    """Why there is no answer (RFC 9457)."""

    type: str
    title: str
    status: int


def since_of(said: str) -> int | float | None:
    """What ``since`` says: the number of an answer before, or a time (UTC epoch seconds, float); None: neither.

    A time is ISO 8601 with its zone; a blank before the offset is the plus of an address that nobody has escaped.
    """
    if said.isascii() and said.isdigit():
        return int(said) if len(said) < LONGEST_NUMBER else None
    try:
        moment = datetime.fromisoformat(UNESCAPED.sub(r"+\1", said))
        return None if moment.tzinfo is None else moment.timestamp()
    except (ValueError, OverflowError):
        return None


def placeless_event(event: dict[str, Any]) -> dict[str, Any]:
    """An event for who may not see where anybody was: without place, the text that tells of it, and its facts."""
    data = event["data"]
    facts = placeless(data["facts"]) | {PLACES_HIDDEN: 1}
    return {**event, "data": {**data, "position": None, "text": None, "facts": facts, "zone": None, "zone_name": None}}


def alarm_schema() -> dict[str, Any]:
    """JSON Schema of an event."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **msgspec.json.schema(AlarmEvent)}


def _components() -> dict[str, Any]:
    _, schemas = msgspec.json.schema_components(
        (Events, AlarmEvent, Problem), ref_template="#/components/schemas/{name}"
    )
    return schemas


def _answer(name: str, said: str) -> dict[str, Any]:
    return {"description": said, "content": {MEDIA: {"schema": {"$ref": f"#/components/schemas/{name}"}}}}


def _operation(name: str, said: str, schema: str, parameters: list[dict[str, Any]]) -> dict[str, Any]:
    problems = {"401": "no token, or none that is known", "404": "no such alarm of this office", "422": "no such page",
                "429": "too many requests; Retry-After says when"}  # fmt: skip
    answers = {"200": _answer(schema, said)} | {code: _answer("Problem", why) for code, why in problems.items()}
    return {"get": {"operationId": name, "summary": said, "parameters": parameters, "responses": answers}}


def openapi(county: str) -> dict[str, Any]:
    """OpenAPI of what is served."""
    number, time = {"type": "integer", "minimum": 0, "default": 0}, {"type": "string", "format": "date-time"}
    since = {"name": "since", "in": "query", "schema": {"oneOf": [number, time]},
             "description": "the next of the answer before, 0: from the beginning; or a time with its zone: events "
                            "decided from then on"}  # fmt: skip
    alarm = {"name": "alarm", "in": "path", "required": True, "schema": {"type": "string"}}
    return {
        "openapi": "3.1.0", "info": {"title": f"Alarms of {county}, an office's own, read only", "version": VERSION},
        "servers": [{"url": BASE}], "security": [{"token": []}],
        "paths": {
            "/alarms": _operation("alarms", "Events of the office's alarms, oldest first", "Events", [since]),
            "/alarms/{alarm}": _operation("alarm", "The newest event of one alarm", "AlarmEvent", [alarm]),
        },
        "components": {"schemas": _components(), "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
    }  # fmt: skip


def asyncapi(county: str) -> dict[str, Any]:
    """AsyncAPI of the same events, as the gateway posts or publishes them."""
    schemas = _components()
    message = {"contentType": "application/cloudevents+json", "payload": {"$ref": "#/components/schemas/AlarmEvent"}}
    return {
        "asyncapi": "3.0.0", "info": {"title": f"Alarms of {county}", "version": VERSION},
        "channels": {"alarms": {"address": f"bracelet/{county}/alarm/{{alarm}}",
                                "parameters": {"alarm": {"description": "id of the alarm"}},
                                "messages": {"alarm": {"$ref": "#/components/messages/alarm"}}}},
        "operations": {"tell": {"action": "send", "channel": {"$ref": "#/channels/alarms"}}},
        "components": {"messages": {"alarm": message}, "schemas": schemas},
    }  # fmt: skip
