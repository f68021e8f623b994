"""The tables of an evidence: what its frames, its past and its acts say, in words that anybody reads.

A table as ``verify.py`` has it: ``id``, ``title``, ``notes``, ``heads`` and ``rows``; ``by_entry``: its first column is
the offset of an entry that is shown, and the columns ``quotes`` stand in that entry.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

import numpy as np

from gateway.decoded import from_json, plain_json
from gateway.engine import ENGINE
from gateway.evidence.verify import clock
from gateway.journal.controls import Act
from gateway.journal.entries import EntryKind
from gateway.words.act_phrases import VERIFIED, act_lines
from gateway.words.alarm_text import text_of
from gateway.words.alarm_words import Words
from gateway.words.change_texts import OUTCOMES
from gateway.words.coordinates import on_maps
from gateway.words.evidence_words import HEADS, ITEMS, NOTES, PRESENCE, PURPOSES, TABLES, TO, VERSIONS
from gateway.words.explain_words import lines
from gateway.words.kind_names import KIND_NAMES
from gateway.words.texts import Text
from gateway.words.track_formats import SOURCES, Track
from protocols.report import Flag, Source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from gateway.engine import Fix
    from gateway.evidence.gathered import Gathered
    from gateway.evidence.verify import Data
    from gateway.settings.model import County

LANGUAGES: Final = ("zh", "en")
VERSION_OF: Final = {EntryKind.START: "version", EntryKind.CONFIGURATION: "digest", EntryKind.TOWERS: "digest"}
"""By kind of entry, what of its payload names the version."""


@dataclass(frozen=True, slots=True)
class Handing:
    """For whom an evidence is made: recipient and purpose (TO, PURPOSES), document, staff numbers of who makes it."""

    to: str
    purpose: str
    document: str
    by: str
    approved_by: str


@dataclass(frozen=True, slots=True)
class Tables:
    """All tables of one evidence.

    Attributes:
        one: what was gathered.
        handing: for whom.
        shown: its entries that are shown, by offset.
        offset_s: of the county's time from UTC, seconds.
    """

    one: Gathered
    handing: Handing
    shown: Mapping[int, Data]
    offset_s: int

    def all(self) -> list[Data]:
        """In the order in which they stand; those that are empty are left out."""
        made = (
            self._made(), self._alarm(), self._text(), self._history(), self._acts(), self._versions(),
            self._explained(), self._track(), self._decoded(), self._presence(),
        )  # fmt: skip
        return [each for each in made if each["rows"]]

    @property
    def county(self) -> County:
        """Of the configuration in force."""
        return self.one.policy.configuration.county

    def said(self, language: str) -> Words:
        """Parts of texts in a language."""
        return Words(language, ZoneInfo(self.county.timezone))

    def tracks(self) -> dict[str, Track]:
        """The fused track, by language."""
        return {
            language: Track(
                self.one.episode.person, self.one.past.fixes, self.county.maps, self.said(language).zone, language
            )
            for language in LANGUAGES
        }

    def _clock(self, at: float | None) -> str:
        return "" if at is None or not np.isfinite(at) else clock(at, self.offset_s)

    def _made(self) -> Data:
        one, handing = self.one, self.handing
        rows = {
            "to": _both(TO[handing.to]), "purpose": _both(PURPOSES[handing.purpose]), "document": handing.document,
            "by": handing.by, "approved_by": handing.approved_by, "at": self._clock(one.at), "county": self.county.code,
            "window": f"{self._clock(one.since)} / {self._clock(one.until)}", "engine": str(ENGINE),
        }  # fmt: skip
        return _table("made", ("item", "value"), _items(rows))

    def _alarm(self) -> Data:
        one = self.one.episode
        times = {name: self._clock(getattr(one, name)) for name in ("onset", "decided", "received", "ended", "closed")}
        likely = "" if one.probability is None else _each(lambda lang: self.said(lang).percent(one.probability or 0.0))
        rows = {
            "id": one.id, "kind": _both(KIND_NAMES[one.kind]), "person": one.person, "device": one.device,
            "office": one.office, "rule": one.rule, "basis": one.basis, "authority": self._authority(),
            "zone": one.zone_name, **times, "place": self._place(), "likelihood": likely,
            "outcome": _both(OUTCOMES[one.outcome]) if one.outcome else "",
        }  # fmt: skip
        return _table("alarm", ("item", "value"), _items(rows))

    def _authority(self) -> str:
        """The document under which the wearer was located when the alarm was decided."""
        one, known = self.one.episode, self.one.policy.configuration
        device = known.devices.get(one.device)
        found = (
            each.document for each in known.authorities
            if each.person == one.person and each.start <= one.decided < each.until
            and (device is None or device.basis is each.kind)
        )  # fmt: skip
        return next(found, "")

    def _place(self) -> str:
        one = self.one.episode
        if one.latitude is None or one.longitude is None:
            return ""
        at = on_maps(one.latitude, one.longitude, self.county.maps)
        return f"{at.longitude:.5f}, {at.latitude:.5f} ({at.datum}) ±{one.radius_m or 0.0:.0f} m"

    def _text(self) -> Data:
        """As it was raised, and as it stands."""
        said = (text_of(self.one.episode, change, self.county.timezone, self.county.maps) for change in ("raised", ""))
        return _table("text", ("zh", "en"), [pair(each) for each in dict.fromkeys(said)])

    def _history(self) -> Data:
        told = [act_lines(self.one.episode, self.said(language)) for language in LANGUAGES]
        rows = [[self._clock(zh[0]), zh[1], en[1]] for zh, en in zip(*told, strict=True)]
        return _table("history", ("time", "zh", "en"), rows)

    def _acts(self) -> Data:
        rows = []
        for offset, payload in self._payloads(EntryKind.ACT):
            act = from_json(payload, Act)
            verified = _both(VERIFIED[act.verified_by]) if act.verified_by else ""
            outcome = _both(OUTCOMES[act.outcome]) if act.outcome else ""
            rows.append(
                [offset, self._clock(self.shown[offset]["received"]), act.by, act.do, outcome, verified, act.note]
            )
        heads = ("entry", "time", "by", "what", "outcome", "verified", "note")
        return _table("acts", heads, rows, quotes=(2, 3, 6))

    def _versions(self) -> Data:
        rows = []
        for kind, key in VERSION_OF.items():
            for offset, payload in self._payloads(kind):
                if offset in self.one.versions:
                    said, since = plain_json(payload)[key], self._clock(self.shown[offset]["received"])
                    rows.append([offset, since, _both(VERSIONS[kind.name.lower()]), said])
        return _table("versions", ("entry", "from", "what", "version"), rows, quotes=(3,))

    def _payloads(self, kind: EntryKind) -> Iterator[tuple[int, bytes]]:
        for offset, entry in self.shown.items():
            if entry["kind"] == kind:
                yield offset, bytes.fromhex(entry["payload"])

    def _explained(self) -> Data:
        rows = [
            [self.one.others.without(zh), self.one.others.without(en)]
            for one in self.one.explained
            for zh, en in zip(*(lines(one, self.said(language)) for language in LANGUAGES), strict=True)
        ]
        return _table("explained", ("zh", "en"), rows)

    def _track(self) -> Data:
        tracks = self.tracks()
        rows = [self._fix(fix, tracks) for fix in self.one.past.fixes]
        heads = ("time", "device", "longitude", "latitude", "radius", "speed", "source", "judged")
        datum = on_maps(*self.county.centre, self.county.maps).datum
        return _table("track", heads, rows, NOTES["track"].filled(datum=datum))

    def _fix(self, fix: Fix, tracks: Mapping[str, Track]) -> list[Any]:
        place = tracks["en"].place(fix)
        return [
            self._clock(fix.time), fix.device, f"{place.longitude:.5f}", f"{place.latitude:.5f}",
            f"{fix.radius_m:.0f}", f"{fix.speed_kmh:.0f}", _both(SOURCES[fix.source]),
            _each(lambda language: tracks[language].judged(fix.state)),
        ]  # fmt: skip

    def _decoded(self) -> Data:
        rows = [self._report(row) for row in self.one.rows if int(row["offset"]) in self.shown]
        heads = (
            "entry", "device", "time", "received", "longitude", "latitude", "accuracy", "speed", "satellites",
            "battery", "source", "flags", "heard",
        )  # fmt: skip
        return _table("decoded", heads, sorted(rows), NOTES["decoded"], quotes=())

    def _report(self, row: np.void) -> list[Any]:
        place = [f"{row[name]:.6f}" if row["located"] else "" for name in ("longitude", "latitude")]
        heard = (
            f"{row['heard_longitude']:.5f}, {row['heard_latitude']:.5f} ±{row['heard_sigma']:.0f} m"
            if row["heard_n"]
            else ""
        )
        source = SOURCES[Source(int(row["source"])).name.lower()]
        return [
            int(row["offset"]), self.one.devices[row["device"]], self._clock(float(row["time"])),
            self._clock(float(row["received"])), *place, _number(row["accuracy_m"]), _number(row["speed_kmh"]),
            *(_count(row[name]) for name in ("satellites", "battery_percent")), _both(source),
            _flags(int(row["flags"])), heard if row["heard_n"] > 0 else "",
        ]  # fmt: skip

    def _presence(self) -> Data:
        rows = [
            [self._clock(one.since), self._clock(one.until), one.rule, one.zone, _both(PRESENCE[one.state])]
            for one in self.one.presence
        ]
        return _table("presence", ("from", "until", "rule", "zone", "state"), rows)


def _table(
    name: str, heads: Sequence[str], rows: Sequence[list[Any]], note: Text | None = None,
    quotes: tuple[int, ...] | None = None,
) -> Data:  # fmt: skip
    """A table; ``quotes``: it is by entry, and these columns stand there."""
    return {
        "id": name, "title": pair(TABLES[name]), "notes": [] if note is None else pair(note),
        "heads": [pair(HEADS[head]) for head in heads], "rows": rows, "by_entry": quotes is not None,
        "quotes": list(quotes or ()),
    }  # fmt: skip


def pair(text: Text) -> list[str]:
    """A text in both languages."""
    return [text.zh, text.en]


def _items(rows: Mapping[str, str]) -> list[list[Any]]:
    return [[_both(ITEMS[name]), said] for name, said in rows.items() if said]


def _both(text: Text) -> str:
    return text.zh if text.zh == text.en else f"{text.zh} {text.en}"


def _each(say: Callable[[str], str]) -> str:
    return _both(Text(*map(say, LANGUAGES)))


def _number(value: float) -> str:
    return f"{value:.0f}" if np.isfinite(value) else ""


def _count(value: int) -> str:
    return str(value) if value >= 0 else ""


def _flags(value: int) -> str:
    return " ".join((flag.name or "").lower() for flag in Flag if value & flag)
