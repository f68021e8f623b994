"""A small sound county, each test spoiling one thing in it."""

from dataclasses import dataclass, field
from pathlib import Path

from gateway.settings.load import inspect

GATEWAY = """\
county: {code: demo, timezone: Asia/Shanghai, language: en, bounds: county.geojson, datum: wgs84}
listeners:
  - {name: bracelets, protocol: jt808, profile: g10ls, tcp: "127.0.0.1:7611"}
storage: {directory: data, keep_days: 180}
upstreams:
  - {name: city, mqtt: "mqtts://platform.example:8883", credential: city, accept_acts: true}
people: people.csv
devices: devices.csv
assignments: assignments.csv
include: [rules/*.yaml]
"""
RULES = """\
authorities:
  - person: P0001
    kind: bracelet
    ground: prohibition_order_breach
    document: 2026-12
    approved_by: head A
    wearer_informed: 2026-11-01
    from: 2026-11-01
    until: 2027-01-31
zones:
  - {id: county, name: the county, datum: wgs84, file: county.geojson}
  - {id: cafe, name: cafe 3, datum: wgs84, longitude: 109.42, latitude: 24.31, radius_m: 40}
rules:
  - {id: stay, people: {level: strict}, basis: order 1, stay_inside: county}
  - id: nights
    people: [P0001]
    basis: order 2
    keep_out: cafe
    curfew: {zone: home, from: "22:00", until: "08:00", days: daily, grace: 15min}
    repeated_place: {nights: 3, of: 5}
leave:
  - {person: P0001, zone: cafe, from: "2026-12-31 18:00", until: "2027-01-02 20:00", approved_by: office B}
alarms:
  strap_cut: {severity: critical, notify: [duty], escalate_after: 5min, to: [leader]}
duty:
  - {name: duty, from: "18:00", until: "08:00", staff: [D01]}
  - {name: leader, staff: [L01]}
"""
PEOPLE = """\
person,level,office,minor,home_longitude,home_latitude,home_datum,home_radius_m
P0001,strict,SFS-01,false,109.41,24.33,wgs84,80
P0002,general,SFS-01,,,,,
"""
DEVICES = """\
device,protocol,identity,profile
B0001,jt808,013900000001,g10ls
B0002,jt808,013900000002,
"""
ASSIGNMENTS = """\
device,person,from,until
B0001,P0001,2026-11-01 09:00,2026-11-20 09:00
B0002,P0001,2026-11-20 09:00,
"""
BOUNDS = """\
{"type": "FeatureCollection", "features": [
  {"type": "Feature", "properties": {"name": "county"}, "geometry": {"type": "Polygon", "coordinates":
    [[[109.3, 24.2], [109.6, 24.2], [109.6, 24.5], [109.3, 24.5], [109.3, 24.2]]]}}
]}
"""
SECRETS = "city: {username: demo, password: hidden-word, act_key: hidden-key-of-32-bytes-or-even-more}\n"


@dataclass
class Written:
    """A configuration directory under construction."""

    directory: Path
    texts: dict[str, str | bytes] = field(
        default_factory=lambda: {
            "gateway.yaml": GATEWAY,
            "rules/rules.yaml": RULES,
            "people.csv": PEOPLE,
            "devices.csv": DEVICES,
            "assignments.csv": ASSIGNMENTS,
            "county.geojson": BOUNDS,
            "credentials.yaml": SECRETS,
        }
    )

    def replace(self, name: str, old: str, new: str) -> None:
        """Spoil one text; ``old`` must occur once."""
        text = self.texts[name]
        assert text.count(old) == 1, (name, old)
        self.texts[name] = text.replace(old, new)

    def write(self) -> Path:
        """Put everything on disk."""
        for name, text in self.texts.items():
            path = self.directory / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode() if isinstance(text, str) else text)
        return self.directory

    def faults(self, language=None) -> list[str]:
        """Faults as ``name:line:column: message``, names relative to the directory."""
        configuration, faults = inspect(self.write(), language)
        assert (configuration is None) == bool(faults)
        return [str(fault).removeprefix(f"{self.directory}/") for fault in faults]
