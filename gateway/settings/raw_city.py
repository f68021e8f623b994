"""What may stand in ``city.yaml``: a city's desk over the counties whose gateways tell it of their alarms."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from gateway.settings.offices import address_linked
from gateway.settings.raw_console import PagesEntry
from gateway.settings.raw_upstreams import TlsEntry
from gateway.settings.values import BrokerUrl, Identifier, NatsUrl, Text, TimeZone

_WRITTEN = ConfigDict(extra="forbid", frozen=True, strict=True)


class CityEntry(BaseModel):
    """Whose desk it is."""

    model_config = _WRITTEN

    code: Identifier = Field(description="For logs and the second factor.")
    name: Text = Field(description="As people call it.")
    name_en: Text | None = Field(default=None, description="The same in English; left out: as in Chinese.")
    timezone: TimeZone = Field(default="Asia/Shanghai", description="IANA time zone of days and months.")
    language: Literal["zh", "en"] = Field(default="zh", description="Language of messages and console.")


class CityStorageEntry(BaseModel):
    """Where and how long alarms are kept."""

    model_config = _WRITTEN

    directory: Text = Field(description="For city.db, accounts and the audit log; relative to this file's directory.")
    alarm_days: int = Field(
        ge=62, le=36_500, description="For how long an alarm is kept after it is over; there is no default."
    )


class CityStaffEntry(BaseModel):
    """Who works at the city's desk, by number and role."""

    model_config = _WRITTEN

    number: Identifier = Field(description="Staff number: what stands in the audit log.")
    roles: list[Literal["duty", "leader", "auditor", "procurator"]] = Field(
        min_length=1, description="duty and leader ask a county for a track; auditor and procurator read the audit log."
    )


class CityCountyEntry(BaseModel):
    """A county, and by which way its gateway tells of its alarms."""

    model_config = _WRITTEN

    code: Identifier = Field(description="county.code of its gateway: what is told of another one is refused.")
    name: Text = Field(description="As people call it.")
    name_en: Text | None = Field(default=None, description="The same in English; left out: as in Chinese.")
    mqtt: BrokerUrl | None = Field(
        default=None, description="Broker, mqtt://host:port or mqtts://host:port; left out: its gateway posts to us."
    )
    nats: NatsUrl | None = Field(
        default=None, description="Or the city's streams: nats://host:port or tls://host:port, several with commas."
    )
    domain: Identifier | None = Field(default=None, description="Of nats: JetStream domain; the server's if left out.")
    source: Literal["county", "worker"] = Field(
        default="county", description="Of nats: whose verdicts count: those of its gateway, or of the city's worker."
    )
    credential: Text | None = Field(
        default=None,
        description="Entry of credentials.yaml: username and password for broker or streams (act_key: acts go there,"
        " too), or sign_key of what is posted; by sign_key the county's desk is asked for packages, too.",
    )
    tls: TlsEntry | None = Field(
        default=None, description="Certificates of mqtts or tls, and of the desk, if not public ones."
    )
    desk: Annotated[Text, AfterValidator(address_linked)] | None = Field(
        default=None, description="https address of its duty desk, where a track is looked at; left out: by telephone."
    )


class CityFile(BaseModel):
    """city.yaml."""

    model_config = _WRITTEN

    city: CityEntry
    storage: CityStorageEntry
    console: PagesEntry = PagesEntry()
    staff: list[CityStaffEntry] = Field(default=[])
    counties: list[CityCountyEntry] = Field(default=[])
