"""The console's section as it is written."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from gateway.settings.durations import Duration, within
from gateway.settings.values import Address, DatumWord, Identifier, Text


class BaseMapEntry(BaseModel):
    """What lies under the maps."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    file: Text = Field(description="A PMTiles file (version 3, vector tiles) that the county may use.")
    datum: DatumWord = Field(description="Its coordinates; as county.maps, or it is refused.")


class PagesEntry(BaseModel):
    """Where pages are, and how long sessions and passwords last."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    listen: Address = Field(
        default="127.0.0.1:8443", description="host:port of the pages; beyond this machine with a certificate alone."
    )
    certificate: Text | None = Field(default=None, description="File with the certificate and its chain, PEM.")
    key: Text | None = Field(default=None, description="File with its private key, PEM, without a password.")
    idle: Annotated[Duration, within("1min", "12h")] = Field(
        default=900.0, description="A session in which nobody does anything for so long ends."
    )
    session: Annotated[Duration, within("10min", "1d")] = Field(
        default=43_200.0, description="Every session ends after so long."
    )
    password_days: int = Field(
        default=90, ge=1, le=365, description="A password that is older is renewed at the next login."
    )
    password_history: int = Field(
        default=5, ge=1, le=24, description="A new password is none of so many before it, the last one included."
    )


class AskingCityEntry(BaseModel):
    """The city's desk that may ask for packages of one case, by signed requests."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    code: Identifier = Field(description="city.code of its city.yaml: what is asked by another one is refused.")
    credential: Text = Field(
        description="Entry of credentials.yaml whose sign_key the city shares: that of what is posted to it will do."
    )
    longest: Annotated[Duration, within("1h", "31d")] = Field(
        default=7 * 86_400.0, description="Longest time that one request may be about."
    )


class ConsoleEntry(PagesEntry):
    """The pages of the duty desk."""

    operators: int = Field(default=1, ge=1, le=100, description="How many are at the desk at a time.")
    alarms_each: int = Field(
        default=144,
        ge=1,
        le=10_000,
        description="Alarms a day that one operator can look into (ANSI/ISA-18.2): shown by status, never enforced.",
    )
    audit_days: int = Field(default=184, ge=184, le=36_500, description="For how long it is kept who looked at what.")
    contacts: Text | None = Field(
        default=None, description="Directory of contacts.csv, staff.csv, offices.yaml; left out: this one."
    )
    base_map: BaseMapEntry | None = Field(
        default=None, description="What lies under the maps; left out: zones, places and a grid."
    )
    city: AskingCityEntry | None = Field(
        default=None, description="Whose desk may ask for packages; left out: nobody's, and the address is not there."
    )
    contacts_link: Text | None = Field(
        default=None,
        description="Instead of contacts.csv: the platform's page of a person, {person} for the id.",
    )
