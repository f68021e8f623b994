"""The configuration as the daemon uses it: frozen, every coordinate in WGS-84, every time in UTC epoch seconds.

What the officer writes (YAML, CSV, GeoJSON, any datum, local time) is turned into this by ``gateway/settings/load.py``.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from fencing.dates import WorkCalendar
from fencing.datum import Datum
from gateway.settings.canary import Canary  # noqa: TC001  its fields are read at run time
from gateway.settings.hour_model import ChargeRule as ChargeRule  # noqa: PLC0414, TC001  as above
from gateway.settings.hour_model import CurfewRule as CurfewRule  # noqa: PLC0414, TC001  of the model, in a file of its own
from gateway.settings.hour_model import DaySet as DaySet  # noqa: PLC0414  as above
from gateway.settings.hour_model import HourRule as HourRule  # noqa: PLC0414  as above
from gateway.settings.hour_model import NightsOutRule as NightsOutRule  # noqa: PLC0414, TC001  as above
from gateway.settings.hour_model import RepeatedPlaceRule as RepeatedPlaceRule  # noqa: PLC0414, TC001  as above
from gateway.settings.receivers import Credential as Credential  # noqa: PLC0414  as above
from gateway.settings.receivers import Delivery as Delivery  # noqa: PLC0414  as above
from gateway.settings.receivers import Forward as Forward  # noqa: PLC0414  as above
from gateway.settings.receivers import Telemetry as Telemetry  # noqa: PLC0414  as above
from gateway.settings.receivers import Tls as Tls  # noqa: PLC0414  as above
from gateway.settings.receivers import Upstream as Upstream  # noqa: PLC0414  as above
from gateway.settings.receivers import UpstreamKind as UpstreamKind  # noqa: PLC0414  as above
from gateway.settings.roll_call import RollCalls
from gateway.settings.windows import Console, Control
from gateway.settings.zone_model import Area as Area  # noqa: PLC0414  as above
from gateway.settings.zone_model import Circle as Circle  # noqa: PLC0414  as above
from gateway.settings.zone_model import ZoneDefinition as ZoneDefinition  # noqa: PLC0414, TC001  as above
from protocols.registry import FAMILIES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from ipaddress import IPv4Network, IPv6Network

    from shapely import Geometry

    from gateway.settings.absences import Leave, Removal
    from gateway.settings.alarm_policy import AlarmPolicy, Duty, Notices
    from gateway.settings.holds import Hold
    from gateway.settings.meetings import Appointment as Appointment  # noqa: PLC0414  as above
    from gateway.settings.meetings import KeepAwayRule, NotTogetherRule
    from gateway.settings.task_model import TaskTemplate as TaskTemplate  # noqa: PLC0414  as above
    from protocols.session import Family

    Network = IPv4Network | IPv6Network
AUTO: Final = "auto"
"""Protocol of a listener that tells the wire format by the first bytes."""


class Ground(StrEnum):
    """The five statutory grounds for electronic positioning (Community Corrections Law, article 29)."""

    PROHIBITION_ORDER_BREACH = "prohibition_order_breach"
    LEFT_WITHOUT_LEAVE = "left_without_leave"
    REFUSED_TO_REPORT = "refused_to_report"
    PUBLIC_SECURITY_PENALTY = "public_security_penalty"
    REVOCATION_PENDING = "revocation_pending"


class AuthorityKind(StrEnum):
    """Two legal bases; one never lends to the other."""

    BRACELET = "bracelet"
    PHONE_CHECK = "phone_check"


PHONE_PROTOCOL = "mlp"
"""Phones are located by their carrier in this protocol, on the basis of a phone check."""


@dataclass(frozen=True, slots=True)
class County:
    """Code (used in MQTT topics), IANA time zone, language of the console (``zh`` or ``en``), bounds in WGS-84."""

    code: str
    timezone: str
    language: str
    bounds: Geometry | None
    centre: tuple[float, float]
    """Latitude, longitude: origin of the local plane."""
    maps: Datum = Datum.GCJ02
    """Datum of the maps that its people look at."""


class ListenerKind(StrEnum):
    """How devices reach us."""

    TCP = "tcp"
    UDP = "udp"
    MQTT = "mqtt"
    SERIAL = "serial"


@dataclass(frozen=True, slots=True)
class Limits:
    """What one connection (or datagram peer, or topic) may do, and what strangers may.

    Attributes:
        max_frame: longest frame in bytes.
        max_per_source: connections of one address; 0: no limit of its own.
        frames_per_second, bytes_per_second: sustained rate of one connection.
        burst_seconds: for so long a connection may be at once what it may be in that time.
        login_seconds: a connection brings a good frame of a known device within this time, or is closed.
        max_strangers: connections that have not brought one yet.
        rubbish_bytes: a connection with more bytes that were no frames is closed.
    """

    max_frame: int = 8192
    max_per_source: int = 0
    frames_per_second: float = 2000.0
    bytes_per_second: float = 1_048_576.0
    burst_seconds: float = 10.0
    login_seconds: float = 120.0
    max_strangers: int = 2048
    rubbish_bytes: int = 65_536


@dataclass(frozen=True, slots=True)
class SerialLine:
    """A serial port. ``parity``: ``none``, ``even`` or ``odd``; ``flow``: ``none``, ``hardware`` or ``software``."""

    path: str
    baud: int = 9600
    data_bits: int = 8
    parity: str = "none"
    stop_bits: int = 1
    flow: str = "none"


@dataclass(frozen=True, slots=True)
class Broker:
    """A broker to which devices publish.

    ``client`` is our fixed client id there; ``tls`` how both ends know each other (mqtts), without files by public
    authorities.
    """

    url: str
    client: str
    credential: Credential
    tls: Tls = Tls()  # noqa: RUF009  it cannot change


@dataclass(frozen=True, slots=True)
class Listener:
    """One way in. ``authentication`` is ``optional`` or ``required``; ``checksum`` is ``strict`` or ``warn``.

    Attributes:
        protocol: a family's name, or ``auto``: told by a connection's first bytes.
        profile: for devices that name none; empty: the family's first.
        host, port: of TCP and UDP. ``line``: of serial; ``broker``: of MQTT.
        identity: who speaks, on wires whose frames do not say so.
        idle_seconds: a connection (or peer) silent for so long is closed.
        networks: of TCP and UDP: who comes from elsewhere is turned away; empty: nobody is.
        tls: of TCP: our certificate; with authorities devices show one of theirs; None: no TLS.
    """

    name: str
    protocol: str
    profile: str
    host: str = ""
    port: int = 0
    checksum: str = "strict"
    authentication: str = "optional"
    max_connections: int = 4096
    idle_seconds: float = 900.0
    kind: ListenerKind = ListenerKind.TCP
    line: SerialLine = SerialLine("")
    broker: Broker | None = None
    identity: str = ""
    limits: Limits = Limits()
    networks: tuple[Network, ...] = ()
    tls: Tls | None = None


@dataclass(frozen=True, slots=True)
class Closer:
    """Closer reports of bracelets that report seldom, asked for while evidence leans.

    Attributes:
        every_seconds: between reports then.
        lasting_seconds: for so long.
        usual_seconds: between reports else: put back afterwards.
        most_a_day: times that a bracelet is asked in any 24 hours.
        battery_percent: below it nobody is asked.
    """

    every_seconds: int
    lasting_seconds: float
    usual_seconds: int
    most_a_day: int
    battery_percent: int


@dataclass(frozen=True, slots=True)
class Commands:
    """Patience with devices that were given an order: T(1) and how often it is said again; then until its answer.

    ``closer``: what the gateway orders by itself; None: nothing.
    """

    answer_seconds: float = 10.0
    repeats: int = 3
    completion_seconds: float = 120.0
    closer: Closer | None = None


@dataclass(frozen=True, slots=True)
class Storage:
    """``directory`` holds journal/ and state.db; ``keep_days`` has no default: the office decides.

    ``alarm_days``: for alarms and acts, no fewer than ``keep_days``; None: nobody has said. ``evidence_digest``:
    ``sha256`` or ``sm3``, of evidence files.
    """

    directory: str
    keep_days: int
    alarm_days: int | None = None
    evidence_digest: str = "sha256"


@dataclass(frozen=True, slots=True)
class Carrier:
    """A carrier's location server.

    Attributes:
        dialect: a row of ``protocols.mlp.dialect``; ``profile``: how its answers are read.
        credential: ``username`` and ``password`` of the county's account there.
        intervals: seconds between two locatings of a phone, by supervision level.
        per_minute, per_day: most requests in any such time; ``at_once``: most at the same time.
        accuracy_m: wished; ``prefix``: country code before national numbers in requests.
        authorities_file: certificates by which the server is known; empty: the system's.
    """

    name: str
    url: str
    dialect: str
    profile: str
    credential: Credential
    intervals: Mapping[str, float]
    per_minute: int
    per_day: int
    at_once: int
    timeout_seconds: float
    accuracy_m: int
    prefix: str
    authorities_file: str = ""


@dataclass(frozen=True, slots=True)
class Home:
    """A person's home, a circle."""

    latitude: float
    longitude: float
    radius_m: float


@dataclass(frozen=True, slots=True)
class Person:
    """An opaque id, never a name.

    Attributes:
        term_until: when the term of supervision ends, UTC epoch seconds: nothing is judged, stored or shown from then
            on; infinite: not said.
        care: codes of what whoever goes there should know; a code, never a word of health.
        protected: not supervised, but kept away from: nothing is asked, and no place shown.
    """

    person: str
    level: str
    office: str
    minor: bool
    home: Home | None
    term_until: float = math.inf
    care: tuple[str, ...] = ()
    protected: bool = False


@dataclass(frozen=True, slots=True)
class Device:
    """``device`` is the key; ``identity`` its wire identity, normalised (digits, no leading zeros).

    ``profile`` empty: that of the listener the device comes in by. ``put_away``: in the cupboard, and not heard.
    """

    device: str
    protocol: str
    identity: str
    profile: str
    auth_code: str = field(default="", repr=False)
    """Fixed authentication code; empty: the gateway derives one."""
    carrier: str = ""
    """Of a phone: who locates it."""
    zone_seconds: float | None = None
    """Seconds ahead of UTC that its clock shows; None: as its model's, or found out."""
    is_bound: bool = False
    """It has its code: a registration is given none any more, and it is heard only once it has shown it."""
    networks: tuple[Network, ...] = ()
    """Where it comes from by TCP or UDP; empty: from anywhere."""
    put_away: bool = False

    @property
    def is_phone(self) -> bool:
        """Whether it is a phone, located by its carrier."""
        return self.protocol == PHONE_PROTOCOL

    @property
    def basis(self) -> AuthorityKind:
        """The kind of authority under which it may be located: one never lends to the other."""
        return AuthorityKind.PHONE_CHECK if self.is_phone else AuthorityKind.BRACELET


@dataclass(frozen=True, slots=True)
class Assignment:
    """Who wears what: start <= t < until (``inf`` when open). Never overlap, neither by device nor by person."""

    device: str
    person: str
    start: float
    until: float


@dataclass(frozen=True, slots=True)
class Authority:
    """Legal basis of positioning one person: start <= t < until, at most three months. Extended by an assessment."""

    person: str
    kind: AuthorityKind
    ground: Ground | None
    document: str
    approved_by: str
    wearer_informed: float
    start: float
    until: float
    assessment: str = ""


REGION_M = 2000.0
"""Radius of the largest circle in the smallest zone that is a region: a phone is held against no smaller one."""
NEAR_HOME = 500.0
"""Metres from a home to a barred place within which a fix in the place may well be one at home."""


class BasisKind(StrEnum):
    """On what kind of document a rule rests."""

    COURT_ORDER = "court_order"
    STATUTE = "statute"
    APPROVAL = "approval"
    OFFICE_RULE = "office_rule"


@dataclass(frozen=True, slots=True)
class Rule:
    """A restriction for some people: start <= t < until; with its document. At least one kind is set."""

    id: str
    people: tuple[str, ...]
    """Resolved person ids, sorted."""
    basis: str
    stay_inside: str = ""
    keep_out: str = ""
    curfew: CurfewRule | None = None
    repeated_place: RepeatedPlaceRule | None = None
    nights_out: NightsOutRule | None = None
    no_motion_s: float = 0.0
    """Waking seconds without any movement of the bracelet that are too long; 0: it says nothing of it."""
    charge: ChargeRule | None = None
    not_together: NotTogetherRule | None = None
    keep_away: KeepAwayRule | None = None
    near_m: float = 0.0
    start: float = -math.inf
    until: float = math.inf
    basis_kind: BasisKind | None = None
    """None: not said."""

    def period(self, zone: ZoneDefinition | None) -> tuple[float, float]:
        """Since when and until when it binds to one of its zones (None: a home, which always holds)."""
        if zone is None:
            return self.start, self.until
        return max(self.start, zone.start), min(self.until, zone.until)


class Role(StrEnum):
    """What a member of staff may do; ``gateway/control/rights.py`` says what that is."""

    DUTY = "duty"
    """Answers alarms of the whole county and gives devices their everyday orders."""
    OFFICE = "office"
    """The same at an office, for its people alone."""
    LEADER = "leader"
    """Sees all, and confirms what takes a second person."""
    TECHNICIAN = "technician"
    """Keeps the devices and the gateway in order, and answers no alarm."""
    AUDITOR = "auditor"
    """Reads what was done and by whom."""
    PROCURATOR = "procurator"
    """Reads alarms, acts and audit, on request."""


@dataclass(frozen=True, slots=True)
class Staff:
    """A member of staff by number, never by name. ``user``: the account on this server; empty: none."""

    number: str
    user: str
    roles: frozenset[Role]
    office: str = ""


@dataclass(frozen=True, slots=True)
class Syslog:
    """A log server. ``address``: ``tls://``, ``tcp://`` or ``udp://host:port``; ``sends``: audit, alarms, faults."""

    address: str
    tls: Tls
    sends: tuple[str, ...]
    enterprise: int


@dataclass(frozen=True, slots=True)
class Appraisal:
    """How the work of offices is scored; seconds within which an alarm is acknowledged and closed in time.

    ``weights``: by measure (:data:`gateway.reports.appraisal.MEASURES`), one at least above 0.
    """

    acknowledge_seconds: float = 900.0
    close_seconds: float = 86_400.0
    weights: Mapping[str, int] = field(
        default_factory=lambda: {"acknowledged": 40, "closed": 30, "contacted": 20, "early": 10}
    )


@dataclass(frozen=True, slots=True)
class Configuration:
    """All of a county.

    ``families`` are the wire formats with the county's own model profiles in them. ``sources`` are the texts it was
    read from (relative path -> text, credentials left out); ``digest`` is the SHA-256 over them: the journal stores the
    texts once and refers to them by it.
    """

    county: County
    listeners: tuple[Listener, ...]
    storage: Storage
    upstreams: tuple[Upstream, ...]
    people: Mapping[str, Person]
    devices: Mapping[str, Device]
    assignments: tuple[Assignment, ...]
    authorities: tuple[Authority, ...]
    zones: Mapping[str, ZoneDefinition]
    rules: tuple[Rule, ...]
    leave: tuple[Leave, ...]
    alarms: Mapping[str, AlarmPolicy]
    duty: tuple[Duty, ...]
    sources: Mapping[str, str] = field(repr=False)
    digest: str = ""
    commands: Commands = Commands()
    carriers: tuple[Carrier, ...] = ()
    staff: Mapping[str, Staff] = field(default_factory=dict)
    """By number. Empty: root and the daemon's own account do everything, and name whom they like."""
    control: Control = field(default_factory=Control)
    console: Console = field(default_factory=Console)
    removals: tuple[Removal, ...] = ()
    calendar: WorkCalendar = field(default_factory=WorkCalendar)
    """What ``workdays`` and ``weekend`` of curfews go by."""
    notices: Notices | None = None
    """None: nobody is told of alarms but by the upstreams and the desk."""
    syslog: Syslog | None = None
    """None: no log server is told."""
    forward: Forward | None = None
    """None: the journal goes to no city."""
    appointments: tuple[Appointment, ...] = ()
    holds: tuple[Hold, ...] = ()
    appraisal: Appraisal = field(default_factory=Appraisal)
    roll_call: RollCalls = RollCalls()  # noqa: RUF009  it cannot change
    tasks: tuple[TaskTemplate, ...] = ()
    canary: Canary | None = None
    """None: no device proves the way of alarms."""
    families: Mapping[str, Family] = field(default_factory=lambda: FAMILIES, repr=False, compare=False)
    counts_since: float | None = field(default=None, repr=False, compare=False)
    """Of a part of a county, what the whole one's registers say (``engine.sharing``); None: these do."""
