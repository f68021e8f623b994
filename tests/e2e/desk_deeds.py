"""Deeds as the desk of a county sends them to its daemon."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from pressed_county import phone

from gateway.control.client import ask
from gateway.control.messages import Request
from gateway.deeds import Deed

if TYPE_CHECKING:
    from gateway_process import Gateway

    from gateway.control.messages import Reply


def local(ago: float = 0.0) -> str:
    """So many seconds ago, in the county's time."""
    return f"{datetime.now(UTC) + timedelta(hours=8, seconds=-ago):%Y-%m-%d %H:%M:%S}"


def deed(do: str, **values: str) -> Deed:
    return Deed(uuid.uuid4().hex, do, "D01", values={key.rstrip("_"): value for key, value in values.items()})


def enter(gateway: Gateway, one: Deed) -> Reply:
    return ask(gateway.county.storage, Request("register", deed=one, language="en"))


def done(gateway: Gateway, do: str, **values: str) -> Deed:
    """A deed that is taken."""
    one = deed(do, **values)
    reply = enter(gateway, one)
    assert reply.ok, reply
    return one


def standing(gateway: Gateway) -> list[str]:
    """What stands above the files, by id."""
    return [one["id"] for one in ask(gateway.county.storage, Request("registers")).data["deeds"]]


def new_device(number: int) -> dict[str, str]:
    """What the label of a bracelet says that is not entered yet."""
    return {"protocol": "jt808", "identity": phone(number), "profile": "g10ls"}
