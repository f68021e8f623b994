"""A profile as its file writes it."""

from __future__ import annotations

import re
from string import Formatter
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, field_validator

from protocols.gt06.messages import MESSAGES
from protocols.gt06.orders import FORMS, MOST_TEMPLATE
from protocols.report import Flag

_HEXADECIMAL = re.compile(r"0[xX][0-9A-Fa-f]{1,2}")
NONE = "none"
"""What takes a code of the profile below out again."""
LAYOUTS = frozenset(form.layout for message in MESSAGES.values() for form in message.forms if form.layout)


def _known_flag(name: str) -> str:
    if name != NONE and name.upper() not in Flag.__members__:
        raise ValueError(f"no such flag: {name}; the names are those of protocols.report.Flag")
    return name


def _known_layout(name: str) -> str:
    if name not in LAYOUTS:
        raise ValueError(f"no such layout: {name}; known: {', '.join(sorted(LAYOUTS))}")
    return name


FlagName = Annotated[str, AfterValidator(_known_flag)]
LayoutName = Annotated[str, AfterValidator(_known_layout)]


def _code(written: object) -> object:
    """A code as the makers' tables print it, 0x13, where a reader of files hands keys over as text."""
    return int(written, 16) if isinstance(written, str) and _HEXADECIMAL.fullmatch(written) else written


Byte = Annotated[int, BeforeValidator(_code), Field(ge=0, le=255)]
Flags = dict[Byte, FlagName]
_TABLES = ("status_bits", "status_alarms", "alarms", "events", "module_events", "orders")


class ProfileText(BaseModel):
    """A profile as its file writes it. Tables add to those of the profile below, entry by entry."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    name: str
    extends: str = "standard"
    """The profile it stands on: what is not written here is as there."""
    time: Literal["auto", "utc", "login", "fixed"] = "auto"
    local_messages: frozenset[Byte] = frozenset()
    zone_hours: float = Field(default=0.0, ge=-12, le=14)
    status_bits: dict[Annotated[int, Field(ge=0, le=7)], FlagName] = Field(default_factory=dict)
    status_alarms: dict[Annotated[int, Field(ge=0, le=7)], FlagName] = Field(default_factory=dict)
    alarms: Flags = Field(default_factory=dict)
    events: Flags = Field(default_factory=dict)
    module_events: Flags = Field(default_factory=dict)
    layouts: tuple[LayoutName, ...] = ()
    orders: dict[str, str] = Field(default_factory=dict)
    order_language: int = Field(default=2, ge=0, le=0xFFFF)

    @field_validator("orders")
    @classmethod
    def _can_be_written(cls, orders: dict[str, str]) -> dict[str, str]:
        for kind, text in orders.items():
            if kind not in FORMS:
                raise ValueError(f"no such order: {kind}; known: {', '.join(FORMS)}")
            if not text.isascii() or len(text) > MOST_TEMPLATE:
                raise ValueError(f"order {kind}: at most {MOST_TEMPLATE} ASCII characters")
            wanted = {name for _, name, _, _ in Formatter().parse(text) if name is not None}
            if wanted != set(FORMS[kind].required):
                raise ValueError(f"order {kind}: its text must use {', '.join(FORMS[kind].required) or 'no argument'}")
        return orders

    def standing_on(self, parent: ProfileText) -> ProfileText:
        """This profile with everything it does not write taken from its parent, its tables added to the parent's."""
        written = {name: getattr(self, name) for name in self.model_fields_set}
        merged = {name: getattr(parent, name) | written[name] for name in _TABLES if name in written}
        return parent.model_copy(update=written | merged)
