"""What an officer may write: the shape of the YAML files and tables, from which the editor's schema is made.

Attribute names are the keys as written, except ``start`` for ``from``, a word of Python.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from gateway.kinds import KINDS, Severity
from gateway.settings.absences import RemovalReason
from gateway.settings.durations import Duration, within
from gateway.settings.model import AuthorityKind, BasisKind, Ground, Role
from gateway.settings.raw_appraisal import AppraisalEntry
from gateway.settings.raw_canary import CanaryEntry
from gateway.settings.raw_commands import CommandsEntry
from gateway.settings.raw_console import ConsoleEntry
from gateway.settings.raw_forward import ForwardEntry
from gateway.settings.raw_holds import HoldEntry
from gateway.settings.raw_hours import (
    ChargeEntry,
    CurfewEntry,
    HolidayEntry,
    NightsOutEntry,
    NoMotionEntry,
    RepeatedPlaceEntry,
)
from gateway.settings.raw_listeners import ListenerTlsEntry
from gateway.settings.raw_meetings import AppointmentEntry, KeepAwayEntry, NotTogetherEntry, ProtectedEntry
from gateway.settings.raw_notices import NoticesEntry
from gateway.settings.raw_roll_call import RollCallEntry
from gateway.settings.raw_syslog import SyslogEntry
from gateway.settings.raw_tasks import TaskEntry
from gateway.settings.raw_upstreams import CredentialEntry as CredentialEntry  # noqa: PLC0414  as it is written, in a file of its own
from gateway.settings.raw_upstreams import UpstreamEntry as UpstreamEntry  # noqa: PLC0414  as above
from gateway.settings.times import ClockTime, EndTime, LocalDate, Moment, SomeDays
from gateway.settings.values import (
    MOST_METRES,
    Address,
    Boolean,
    BrokerUrl,
    CareCodes,
    CategoryWord,
    ClockMode,
    DatumWord,
    Excused,
    HomeRadius,
    Identifier,
    Latitude,
    LevelWord,
    Longitude,
    Metres,
    People,
    Registration,
    SerialPath,
    ServerUrl,
    Text,
    TimeZone,
    ZoneHours,
)

RoleWord = Annotated[Role, Field(strict=False)]
Every = Annotated[Duration, within("1min", "7d")]


class _Written(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, use_enum_values=False)


class CountyEntry(_Written):
    """The county: whose server this is."""

    code: Identifier = Field(description="Code in topics and file names.")
    timezone: TimeZone = Field(default="Asia/Shanghai", description="IANA time zone of all local times.")
    language: Literal["zh", "en"] = Field(default="zh", description="Language of messages and console.")
    bounds: Text = Field(description="GeoJSON file with the county's area.")
    datum: DatumWord = Field(description="Datum of the bounds. Zones and homes state their own: there is no default.")
    holidays: Literal["cn", "none"] = Field(
        default="cn", description="Public holidays that come along, of China; none: Monday to Friday is worked."
    )
    maps: DatumWord = Field(
        default="gcj02", description="Datum of the maps that the staff look at: what people read is given in it."
    )


class ListenerEntry(_Written):
    """A way by which devices report: exactly one of tcp, udp, mqtt, serial."""

    name: Text = Field(description="For logs and counters; each its own.")
    protocol: Text = Field(description="Wire format, for example jt808; auto: told by the first bytes (not on mqtt).")
    profile: Text | None = Field(default=None, description="Model profile; the first of the protocol if left out.")
    tcp: Address | None = Field(default=None, description="host:port to listen on.", examples=["0.0.0.0:7611"])
    udp: Address | None = Field(default=None, description="host:port to listen on.", examples=["0.0.0.0:7611"])
    mqtt: BrokerUrl | None = Field(
        default=None, description="Broker, mqtt://host:port or mqtts://host:port; bracelet/<id>/up is read there."
    )
    serial: SerialPath | None = Field(default=None, description="Serial port.", examples=["/dev/ttyUSB0"])
    credential: Text | None = Field(default=None, description="Of mqtt: entry of credentials.yaml.")
    identity: Text | None = Field(
        default=None, description="Of serial: identity of the device, where its frames do not say it."
    )
    baud: int = Field(default=9600, ge=50, le=4_000_000, description="Of serial: bits per second.")
    data_bits: Literal[7, 8] = Field(default=8, description="Of serial.")
    parity: Literal["none", "even", "odd"] = Field(default="none", description="Of serial.")
    stop_bits: Literal[1, 2] = Field(default=1, description="Of serial.")
    flow: Literal["none", "hardware", "software"] = Field(default="none", description="Of serial: flow control.")
    checksum: Literal["strict", "warn"] = Field(default="strict", description="warn: keep frames with a bad checksum.")
    authentication: Literal["optional", "required"] = Field(
        default="optional", description="required: no report before a login with the right code."
    )
    max_connections: int = Field(default=4096, gt=0, description="More are refused and counted.")
    max_per_source: int = Field(
        default=0, ge=0, description="Of one address; 0: no limit of its own, for carriers put many behind one."
    )
    max_strangers: int = Field(
        default=2048, gt=0, description="Connections without a known device yet; beyond, the oldest of them is closed."
    )
    tls: ListenerTlsEntry | None = Field(
        default=None, description="Of tcp: devices connect by TLS; without it, openly. Of mqtt: certificates of mqtts."
    )
    networks: list[Text] = Field(
        default=[], min_length=1, description="Of tcp, udp: others are turned away; nobody is if left out.",
        examples=[["10.20.0.0/16"]],
    )  # fmt: skip
    max_frame: int = Field(default=8192, ge=64, le=65_536, description="Bytes; longer frames are refused.")
    frames_per_second: float = Field(
        default=2000.0, gt=0, allow_inf_nan=False, description="Of one connection; faster ones wait, datagrams go."
    )
    bytes_per_second: float = Field(default=1_048_576.0, gt=0, allow_inf_nan=False, description="The same in bytes.")
    burst: Annotated[Duration, within("0.1s", "1h")] = Field(
        default=10.0, description="What is allowed in this time may come at once."
    )
    login: Annotated[Duration, within("1s", "1d")] = Field(
        default=120.0, description="A connection that brings no good frame of a known device in this time is closed."
    )
    rubbish: int = Field(
        default=65_536, ge=64, description="Bytes that are no frames, after which a connection is closed."
    )
    idle: Annotated[Duration, within("1s", "30d")] = Field(
        default=900.0, description="A connection silent for so long is closed."
    )


class EveryEntry(_Written):
    """How often a phone is located, by the level of its person; longer where the quota does not suffice."""

    strict: Every = Field(default=1800.0, description="严管; 30min if left out.")
    general: Every = Field(default=7200.0, description="普管; 2h if left out.")
    lenient: Every = Field(default=21600.0, description="宽管; 6h if left out.")


class CarrierEntry(_Written):
    """A carrier that locates phones, under authorities of the kind phone_check."""

    name: Text = Field(description="For logs, counters and the devices table; each its own.")
    url: ServerUrl = Field(
        description="Of its location server.", examples=["https://gmlc.example:9210/LocationQueryService"]
    )
    dialect: Literal["mlp", "le"] = Field(default="mlp", description="mlp: OMA MLP 3.2; le: the GB2312 template 2.0.0.")
    credential: Text = Field(description="Entry of credentials.yaml with username and password.")
    datum: Literal["wgs84", "gcj02"] = Field(description="Of its answers: check one surveyed point. No default.")
    stop_angle: Literal["opening", "end"] = Field(
        default="opening", description="An arc's stopAngle: the angle it opens by, or the bearing where it ends."
    )
    widening: float = Field(
        default=1.5, ge=1, le=10, allow_inf_nan=False, description="Factor on radii given without a confidence."
    )
    every: EveryEntry = Field(default=EveryEntry(), description="How often phones are located.")
    per_minute: int = Field(gt=0, le=100_000, description="Quota of the contract: requests in any minute.")
    per_day: int = Field(gt=0, le=100_000_000, description="Quota of the contract: requests in any 24 hours.")
    at_once: int = Field(default=8, gt=0, le=256, description="Most requests under way at the same time.")
    timeout: Annotated[Duration, within("1s", "10min")] = Field(
        default=60.0, description="A request without an answer for so long has failed."
    )
    accuracy_m: int = Field(default=200, gt=0, le=100_000, description="Accuracy wished, metres.")
    prefix: Text | None = Field(default="86", description="Country code put before numbers; null: none.")
    ca_file: Text | None = Field(
        default=None, description="Certificates that vouch for the server, if not public ones."
    )


class StorageEntry(_Written):
    """Where and how long records are kept; who looked at what: ``audit_days`` of ``console``."""

    directory: Text = Field(description="For journal and state; relative to the configuration directory.")
    keep_days: int = Field(
        gt=0, le=36_500, examples=[180], description="For places. The office decides: there is no default."
    )
    alarm_days: int | None = Field(
        default=None, gt=0, le=36_500, examples=[1095],
        description="For alarms and what was done about them; left out: alarms stay for good, acts go with the places.",
    )  # fmt: skip
    evidence_digest: Literal["sha256", "sm3"] = Field(
        default="sha256", description="Of evidence files: SHA-256, or SM3 (GB/T 32905)."
    )


class PersonRow(_Written):
    """A person under supervision, by opaque id, never by name."""

    person: Identifier = Field(description="Opaque id, the one alarms carry.")
    level: LevelWord = Field(description="strict (严管), general (普管) or lenient (宽管).")
    office: Text = Field(description="The office in charge.")
    minor: Boolean = Field(default=False, description="Under age.")
    home_longitude: Longitude | None = Field(default=None, description="Degrees. Rules about home need a home.")
    home_latitude: Latitude | None = Field(default=None, description="Degrees.")
    home_datum: DatumWord | None = Field(default=None, description="Needed with coordinates: there is no default.")
    home_radius_m: HomeRadius | None = Field(default=None, description="At least 20 m.")
    term_until: LocalDate | None = Field(
        default=None, description="Last day of the term of supervision: nothing is judged, stored or shown after it."
    )
    care: CareCodes | None = Field(
        default=None, description="Care codes for whoever goes there, blanks between them; never words of health."
    )


class DeviceRow(_Written):
    """A bracelet and the number it sends, or a phone (protocol mlp) and its number."""

    device: Identifier = Field(description="The key by which all else names it.")
    protocol: Text = Field(description="Wire format, for example jt808.")
    identity: Text = Field(description="Terminal number as on the label; leading zeros do not matter.")
    profile: Text | None = Field(default=None, description="The first of the protocol if left out.")
    auth_code: Text | None = Field(default=None, description="Fixed code; derived by the gateway if left out.")
    registration: Registration | None = Field(
        default=None,
        description="closed: it has its code and must show it; whoever registers under its number is given none.",
    )
    network: Text | None = Field(
        default=None, description="Networks it comes from, as 10.0.0.0/8, blanks between; not heard from others."
    )
    carrier: Text | None = Field(default=None, description="Of a phone (protocol mlp): one of carriers.")
    time: ClockMode | None = Field(default=None, description="Whose time its clock shows; the profile's if left out.")
    zone_hours: ZoneHours | None = Field(default=None, description="With time fixed: hours ahead of UTC.")
    put_away: Moment | None = Field(default=None, description="In the cupboard since then; not heard from there.")


class AssignmentRow(_Written):
    """Who wears what: from (inclusive) to until (exclusive), local time. A change is a new line."""

    device: Identifier = Field(description="One of devices.")
    person: Identifier = Field(description="One of people.")
    start: Moment = Field(alias="from", description="Handed over.")
    until: Moment | None = Field(default=None, description="Left out: still worn.")


class DeskTime(_Written):
    """When something was done at the desk, where that is all there is to say."""

    at: Moment = Field(description="Local time.")


class AuthorityEntry(_Written):
    """The legal basis for positioning one person (Community Corrections Law, article 29)."""

    person: Identifier = Field(description="One of people.")
    kind: AuthorityKind = Field(strict=False, description="One never lends to the other.")
    ground: Ground | None = Field(default=None, strict=False, description="Statutory ground; needed for a bracelet.")
    document: Text = Field(description="Number of the approval.")
    approved_by: Text = Field(description="Head of the county-level authority, by office.")
    wearer_informed: LocalDate = Field(description="On or before from.")
    start: LocalDate = Field(alias="from", description="First day.")
    until: LocalDate = Field(description="Inclusive; three months at most. An extension is an entry of its own.")
    assessment: Text | None = Field(
        default=None, description="Of an extension: the document that says why it is still needed."
    )


Position = Annotated[list[Longitude], Field(min_length=2, max_length=2)]
Ring = Annotated[list[Position], Field(min_length=3)]
"""Closed by itself; its first corner may be repeated at the end."""


class PartEntry(_Written):
    """One of several polygons of a zone."""

    outline: Ring = Field(description="Corners as [longitude, latitude].")
    holes: list[Ring] = Field(default=[], description="What lies inside and does not belong to it, each as corners.")


class ZoneEntry(_Written):
    """A named zone, drawn in exactly one way: file, polygon, parts, line, or a circle."""

    id: Identifier = Field(description="The key by which rules and leave name it.")
    name: Text = Field(description="As officers know it; it stands in alarms.")
    datum: DatumWord = Field(description="Of the coordinates: there is no default.")
    file: Text | None = Field(
        default=None, description="GeoJSON: polygons, lines with width_m, or points with radius_m."
    )
    polygon: Ring | None = Field(default=None, description="Corners as [longitude, latitude].")
    holes: list[Ring] | None = Field(
        default=None, description="Of the polygon: what lies inside and does not belong to it, each as corners."
    )
    parts: list[PartEntry] | None = Field(default=None, min_length=1, description="Several polygons, each its outline.")
    line: list[Position] | None = Field(
        default=None, min_length=2, description="A corridor along it, width_m wide; points as [longitude, latitude]."
    )
    width_m: Metres | None = Field(
        default=None, description="Of the corridor from side to side, or of the file's lines; ends are round."
    )
    longitude: Longitude | None = Field(default=None, description="Of a circle's centre.")
    latitude: Latitude | None = Field(default=None, description="Of a circle's centre.")
    radius_m: Metres | None = Field(default=None, description="Of the circle, or of the file's points.")
    buffer_m: float = Field(
        default=0.0, ge=0, le=MOST_METRES, allow_inf_nan=False, description="Grow every place by so much."
    )
    outside_county: Boolean = Field(default=False, description="true: it lies elsewhere on purpose.")
    category: CategoryWord | None = Field(
        default=None, description="What kind of place it is; where nights are spent these are counted by kind."
    )
    people: People | None = Field(
        default=None, description="For whom it is: of the people of a rule it binds these. Left out: for all."
    )
    start: LocalDate | None = Field(default=None, alias="from", description="First day; if left out, always.")
    until: LocalDate | None = Field(default=None, description="Last day; nobody is held to it afterwards.")


class RuleEntry(_Written):
    """A restriction and the document it rests on; at least one of stay_inside to keep_away."""

    id: Identifier = Field(description="The key that alarms carry.")
    people: People = Field(description="all, a list of ids, or {level: strict}.")
    basis: Text = Field(description="The document that imposes it.")
    basis_kind: BasisKind | None = Field(
        default=None,
        strict=False,
        description="What kind of document: of office_rule alone a curfew, a barred zone or a pattern is noted.",
    )
    stay_inside: Identifier | None = Field(default=None, description="Inclusion zone.")
    keep_out: Identifier | None = Field(default=None, description="Exclusion zone.")
    curfew: CurfewEntry | None = Field(default=None, description="Where to be, from when to when.")
    repeated_place: RepeatedPlaceEntry | None = Field(default=None, description="Same place, many nights.")
    nights_out: NightsOutEntry | None = Field(
        default=None, description="Out by night and in by day, against the usual."
    )
    no_motion: NoMotionEntry | None = Field(
        default=None, description="Not moved for implausibly long while it is worn."
    )
    charge: ChargeEntry | None = Field(default=None, description="To charge the bracelet, by when and how far.")
    not_together: NotTogetherEntry | None = Field(default=None, description="Not to keep company with each other.")
    keep_away: KeepAwayEntry | None = Field(default=None, description="To keep away from a protected person.")
    near: int = Field(
        default=0,
        ge=0,
        le=10_000,
        description="Metres before the boundary of stay_inside or keep_out that are said.",
    )
    start: LocalDate | None = Field(default=None, alias="from", description="First day; if left out, always.")
    until: LocalDate | None = Field(default=None, description="Last day; for each at most the term.")


class LeaveEntry(_Written):
    """Approved leave: lifts rules meanwhile, and where it names a zone asks to be there."""

    person: Identifier = Field(description="One of people.")
    zone: Identifier | None = Field(
        default=None, description="Where they have to be meanwhile, but on the way; one of zones."
    )
    start: Moment = Field(alias="from", description="Beginning.")
    until: Moment = Field(description="End.")
    approved_by: Text = Field(description="Who approved it, by office.")
    excuses: Excused = Field(
        default=None, description="Rules that it lifts, by id; all of them if left out. No leave opens a barred zone."
    )
    travel: Annotated[Duration, within("0s", "3d")] | None = Field(
        default=None, description="On the way to zone, and back, for so long; 6h if left out."
    )
    returned: Moment | None = Field(
        default=None, description="When the person reported back: the leave ends then, sooner or later than until."
    )


class RemovalEntry(_Written):
    """A bracelet taken off with leave: strap, case and silence are recorded meanwhile, and no alarm until its end."""

    person: Identifier = Field(description="One of people.")
    reason: RemovalReason = Field(strict=False, description="Why.")
    start: Moment = Field(alias="from", description="Beginning.")
    until: Moment = Field(description="End: whose bracelet is not back by then is an alarm.")
    approved_by: Text = Field(description="Who approved it, by office.")


class AlarmEntry(_Written):
    """How one kind of alarm is treated; what is left out keeps its default."""

    severity: Severity | None = Field(default=None, description="The kind's own if left out.")
    notify: list[Text] = Field(
        default=[], description="Told at once by the section notices: wearer, or names under duty."
    )
    escalate_after: Annotated[Duration, within("1s", "7d")] | None = Field(
        default=None, description="Unacknowledged for so long: tell the next."
    )
    to: list[Text] = Field(default=[], description="Whom then.")
    after: Annotated[Duration, within("1min", "7d")] | None = Field(
        default=None, description="For kinds with a delay: how long it lasts before the alarm, at each level."
    )
    at_home: Annotated[Duration, within("1min", "7d")] | None = Field(
        default=None,
        description="For comms_lost that began at home with nothing odd: info for so long; twice `after` if left out.",
    )
    after_strict: Annotated[Duration, within("1min", "7d")] | None = Field(
        default=None, description="For location_lost and clock_fault: the same of wearers at level strict."
    )
    after_general: Annotated[Duration, within("1min", "7d")] | None = Field(
        default=None, description="Of wearers at level general."
    )
    after_lenient: Annotated[Duration, within("1min", "7d")] | None = Field(
        default=None, description="Of wearers at level lenient."
    )


class DutyEntry(_Written):
    """Who is on duty."""

    name: Text = Field(description="As alarms name it under notify and to.")
    start: ClockTime | None = Field(default=None, alias="from", description="Both left out: always.")
    until: EndTime | None = Field(default=None, description="As in a curfew.")
    staff: list[Text] = Field(min_length=1, description="Staff numbers, no names.")
    office: Text | None = Field(default=None, description="As in people: for its people alone; left out: for all.")


class StaffEntry(_Written):
    """Who works here, by number and role; names and telephones stand elsewhere."""

    number: Identifier = Field(description="Staff number: what stands under every act.")
    user: Text | None = Field(default=None, description="Account on this server; left out: no commands from there.")
    roles: list[RoleWord] = Field(min_length=1, description="What they may do; several add up.")
    office: Text | None = Field(default=None, description="As in people; needed for the role office.")


class ControlEntry(_Written):
    """The socket by which commands reach the running gateway."""

    socket: Text | None = Field(default=None, description="Its path; left out: control.sock in the storage directory.")
    group: Text | None = Field(
        default=None, description="Group whose members in staff may connect; left out: root and the service's own user."
    )
    metrics: Address | None = Field(
        default=None,
        description="host:port on this machine's loopback where figures are served for Prometheus; left out: nowhere.",
        examples=["127.0.0.1:9464"],
    )


class RulesFile(_Written):
    """An included file."""

    authorities: list[AuthorityEntry] = Field(default=[], description="Who may be positioned, and on which basis.")
    zones: list[ZoneEntry] = Field(default=[], description="Places that rules and leave name.")
    rules: list[RuleEntry] = Field(default=[], description="Restrictions.")
    leave: list[LeaveEntry] = Field(default=[], description="Approved absences.")
    removal: list[RemovalEntry] = Field(default=[], description="Bracelets taken off with leave.")
    appointments: list[AppointmentEntry] = Field(default=[], description="Where to be once, and when.")
    holds: list[HoldEntry] = Field(default=[], description="What is kept beyond its days for a case.")
    protected: list[ProtectedEntry] = Field(default=[], description="People whom others are to keep away from.")
    alarms: dict[str, AlarmEntry] = Field(
        default={},
        description="By kind; the kinds stand below.",
        json_schema_extra={"propertyNames": {"enum": list(KINDS)}},
    )
    duty: list[DutyEntry] = Field(default=[], description="Who is notified.")
    tasks: list[TaskEntry] = Field(default=[], description="What is to be done: templates of the task sheet.")
    holidays: list[SomeDays | HolidayEntry] = Field(
        default=[], description="What the county adds to the public holidays, or has otherwise."
    )


class GatewayFile(RulesFile):
    """The main file, gateway.yaml; it may also hold what an included file holds."""

    county: CountyEntry = Field(description="Code, time zone, language, area.")
    listeners: list[ListenerEntry] = Field(min_length=1, description="Where devices report.")
    carriers: list[CarrierEntry] = Field(default=[], description="Who locates phones.")
    commands: CommandsEntry = Field(default=CommandsEntry(), description="Orders to devices.")
    control: ControlEntry = Field(default=ControlEntry(), description="How commands reach the gateway.")
    console: ConsoleEntry = Field(default=ConsoleEntry(), description="The desk's pages.")
    staff: list[StaffEntry] = Field(default=[], description="Who may do what.")
    roll_call: RollCallEntry = Field(default=RollCallEntry(), description="Asking many people together where they are.")
    canary: CanaryEntry | None = Field(default=None, description="A device whose test alarms prove the way of alarms.")
    storage: StorageEntry = Field(description="Records: where, and for how long.")
    upstreams: list[UpstreamEntry] = Field(default=[], description="Where alarms go.")
    notices: NoticesEntry | None = Field(default=None, description="By what staff and wearers are told by SMS.")
    appraisal: AppraisalEntry = Field(default=AppraisalEntry(), description="How the work of offices is scored.")
    forward: ForwardEntry | None = Field(default=None, description="The journal goes to the city.")
    syslog: SyslogEntry | None = Field(default=None, description="A server that collects logs.")
    people: Text | list[PersonRow] = Field(description="A CSV file, or the rows inline.")
    devices: Text | list[DeviceRow] = Field(description="A CSV file, or the rows inline.")
    assignments: Text | list[AssignmentRow] = Field(description="A CSV file, or the rows inline.")
    include: list[Text] = Field(default=[], description="Files or patterns (`*`), relative to this directory.")
