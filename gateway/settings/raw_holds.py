"""Legal holds, as they are written."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from gateway.settings.times import Moment
from gateway.settings.values import Identifier, Text


class HoldEntry(BaseModel):
    """What is kept beyond its days for one case, by whose document; exactly one of person and alarm."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    person: Identifier | None = Field(default=None, description="One of people: all that is stored of them.")
    alarm: Text | None = Field(default=None, description="An alarm's id (32 digits): it, and what led to it.")
    document: Text = Field(description="Number of the document that asks for it.")
    start: Moment = Field(alias="from", description="Beginning.")
    until: Moment | None = Field(default=None, description="End; left out: until the entry is taken out.")
