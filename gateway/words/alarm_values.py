"""What an alarm's text is filled with, in one language; what is not known leaves no gap and no question mark."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from gateway.categories import OTHER, counted
from gateway.engine import PLACES_ERASED, PLACES_HIDDEN
from gateway.words.act_phrases import CAUSES, RESULTS, VERIFIED, WHOM, followed, line
from gateway.words.change_texts import OUTCOMES
from gateway.words.coordinates import on_maps
from gateway.words.kind_names import kind_name
from gateway.words.outage_words import named_odd, named_silent, places
from gateway.words.sms_phrases import NOTICE_STATES
from gateway.words.strap_phrases import strap_values
from gateway.words.texts import CARE, REMOVALS, Text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from fencing.datum import Datum
    from gateway.engine import ActLine, Episode, Note
    from gateway.words.alarm_words import Words

MOVING = 0.5
"""Metres per second away from a zone, or back, from which on it is worth a word."""
MOMENTS = (
    "from", "until", "out_from", "out_until", "again", "handed_over", "taken_away", "closer_reports", "leave_entered",
    "removal_until", "removal_over", "off_from", "tell_from", "waited", "charging",
)  # fmt: skip
"""Facts that are times."""
JUST_NOW = 60.0
"""Seconds: a younger place needs no age."""


def leave_of(episode: Episode, words: Words) -> str:
    """Whether there was leave: it asks for this, or lifts other rules; none, entered late, ended, or to come."""
    times = [episode.facts.get(name) for name in ("leave_ended", "leave_from", "leave_until")]
    ended, start, until = (float(at) if isinstance(at, int | float) else None for at in times)
    held = next((key for key in ("leave_place", "leave_beside") if key in episode.facts), "")
    if held and start is not None and until is not None:
        return words.part(held, start=words.clock(start), until=words.clock(until))
    if ended is not None:
        return words.part("leave_ended", time=words.clock(ended))
    if start is None or until is None:
        return words.part("leave_none")
    key = "leave_late" if "leave_late" in episode.facts else "leave_to_come"
    return words.part(key, start=words.clock(start), until=words.clock(until))


def act_behind(episode: Episode) -> ActLine | None:
    """The act that made the alarm what it is, if one did: later changes are told without it."""
    return episode.acts[-1] if episode.acts and episode.acts[-1].revision == episode.revision else None


@dataclass(frozen=True, slots=True)
class AsAsked:
    """Values by name, each worked out when a text asks for it: of some fifty a text has ten."""

    ways: Mapping[str, Callable[[], str]]

    def __getitem__(self, name: str) -> str:
        """One value.

        Raises:
            KeyError: there is no such placeholder.
        """
        return self.ways[name]()


@dataclass(frozen=True, slots=True)
class Telling:
    """One alarm in one language."""

    episode: Episode
    words: Words
    maps: Datum
    note: Note | None

    def values(self) -> AsAsked:
        """Every placeholder that a text may use."""
        episode, clock, lasted = self.episode, self.words.clock, self.words.lasted
        plain = (
            "fixes", "times", "nights", "of", "usual", "usual_nights", "usual_of", "least_percent",
            "offset", "configuration", "days", "document", "with",
        )  # fmt: skip
        return AsAsked({
            "who": self._who, "zone": self._zone, "basis": lambda: episode.basis,
            "onset": lambda: clock(episode.onset), "onset_s": lambda: clock(episode.onset, seconds=True),
            "decided": lambda: clock(episode.decided), "received": lambda: clock(episode.received),
            "lasted": lambda: lasted(episode.decided - episode.onset),
            **{name: partial(self._moment, name) for name in MOMENTS},
            **{name: partial(self._plain, name) for name in plain},
            "out": partial(self._seconds, "out_seconds"), "in": partial(self._seconds, "in_seconds"),
            "unknown": partial(self._seconds, "unknown_seconds"), "hours": self._hours,
            "battery": partial(self._battery, "battery"), "lasts": self._lasts,
            "lasts_soon": lambda: self._lasts() or self.words.part("lasts_soon"),
            "radius": self._radius, "coordinates": self._coordinates,
            "likely": partial(self._likely, "likely"), "likely_": partial(self._likely, "likely_"),
            "last": lambda: self._last_place("last", episode.decided),
            "before": lambda: self._last_place("before", episode.onset),
            "deadline": self._deadline, "silent": self._silent, "undelivered": self._undelivered,
            "far": partial(self._far, "far"), "now": partial(self._far, "now"), "trend": self._trend,
            "leave": self._leave, "home_near": self._home_near, "crossed": self._crossed,
            "no_way_round": self._no_way_round, "registered": self._registered,
            "merged_into": lambda: str(episode.facts["merged_into"])[:8],
            "corrections": self._corrections, "answers": self._answers, "implausible": self._implausible,
            "apart": self._apart, "unseen": self._unseen, "why": self._why, "false_cell": self._false_cell,
            "silent_n": partial(self._plain, "silent"),
            "silent_who": lambda: named_silent(str(episode.facts.get("people", "")), self.words),
            "where": lambda: places(str(episode.facts.get("where", "all")), self.words),
            "odd": lambda: named_odd(str(episode.facts.get("odd", "")), self.words),
            "boundary": self._boundary, "to_boundary": partial(self._metres, "boundary_m"),
            "within": partial(self._metres, "within_m"), "approach": self._approach, "attendance": self._attendance,
            "still": partial(self._seconds, "still_seconds"), "still_by": self._still_by,
            "authority": self._authority, "last_day": self._last_day, "review": self._review,
            "grace": self._grace, "last_in": self._last_in, "tried": self._tried,
            **strap_values(episode, self.words),
            "told": self._told, "heard": self._heard, "cells": self._cells,
            **self._acts(),
        })  # fmt: skip

    def _who(self) -> str:
        known = self.episode.person or self.episode.device or self.words.part("gateway")
        brackets = "（{}）" if self.words.language == "zh" else " ({})"
        return known + (brackets.format(self.episode.office) if self.episode.office else "")

    def _zone(self) -> str:
        """Home is a word, a zone a name in quotation marks; those of the sentence stand around names that have none."""
        if self.episode.zone.startswith("home:"):
            return self.words.part("home")
        name = self.episode.zone_name or self.episode.zone
        return self.words.part("zone", zone=name) if self.episode.kind.startswith("curfew") else name

    def _number(self, name: str) -> float | None:
        value = self.episode.facts.get(name)
        return float(value) if isinstance(value, int | float) else None

    def _plain(self, name: str) -> str:
        return str(self.episode.facts.get(name, self.words.part("unknown")))

    def _moment(self, name: str) -> str:
        at = self._number(name)
        return self.words.part("unknown") if at is None else self.words.clock(at)

    def _seconds(self, name: str) -> str:
        seconds = self._number(name)
        return self.words.lasted(seconds) if seconds else self.words.part("lasted", minutes=0)

    def _battery(self, key: str) -> str:
        percent = self._number("battery_percent")
        return "" if percent is None else self.words.part(key, percent=round(percent))

    def _lasts(self) -> str:
        """Until when the battery lasts by its own pace, and when it was charged."""
        until, charged = self._number("lasts_until"), self._number("charged")
        if until is None or charged is None:
            return ""
        return self.words.part("lasts", until=self.words.clock(until), charged=self.words.clock(charged))

    def _radius(self) -> str:
        radius = self.episode.radius_m
        return "" if radius is None else self.words.part("radius", metres=self.words.distance(radius))

    def _likely(self, key: str) -> str:
        probability = self.episode.probability
        return "" if probability is None else self.words.part(key, percent=self.words.percent(probability))

    def _coordinates(self) -> str:
        if self.episode.latitude is None or self.episode.longitude is None:
            gone = self._gone()
            return self.words.part(f"place_{gone}" if gone else "unknown")
        place = on_maps(self.episode.latitude, self.episode.longitude, self.maps)
        return self.words.part(place.datum, longitude=f"{place.longitude:.5f}", latitude=f"{place.latitude:.5f}")

    def _last_place(self, key: str, at: float) -> str:
        """Where the wearer was last found, judged from a moment: zones, home, age, radius, and the battery."""
        battery = self._battery("battery_then")
        if self.episode.latitude is None:
            if "protected" in self.episode.facts:
                return self.words.part("called", person=self.episode.person, battery=battery)
            return self.words.part(self._gone() or f"{key}_none", battery=battery)
        place = self._zones() + self._place()
        return self.words.part(key, place=place, age=self._age(at, key), radius=self._radius(), battery=battery)

    def _gone(self) -> str:
        """Why there is no place, though there was one: it was erased, or is not for whoever reads this."""
        known = {"erased": PLACES_ERASED, "hidden": PLACES_HIDDEN}
        return next((key for key, fact in known.items() if fact in self.episode.facts), "")

    def _zones(self) -> str:
        named = {key: self.episode.facts.get(key) for key in ("outside", "inside")}
        return "".join(self.words.part(key, zone=zone) for key, zone in named.items() if zone)

    def _place(self) -> str:
        metres, bearing = self._number("home_m"), self._number("home_deg")
        if metres is None:
            return self._coordinates()
        if metres <= 0 or bearing is None:
            return self.words.part("at_home")
        return self.words.part("from_home", distance=self.words.distance(metres), way=self.words.way(bearing))

    def _age(self, at: float, key: str = "last") -> str:
        placed = self._number("placed")
        if placed is None:
            return ""
        age = at - placed
        before = "_before" if key == "before" else ""
        if age < JUST_NOW:
            return self.words.part(f"age_now{before}")
        return self.words.part(f"age{before}", age=self.words.lasted(age))

    def _deadline(self) -> str:
        until = self._number("verify_by")
        return self.words.part("deadline_none") if until is None else self.words.part(
            "deadline", time=self.words.clock(until)
        )  # fmt: skip

    def _silent(self) -> str:
        assigned = self._number("assigned")
        if assigned is not None:
            return self.words.part("never", time=self.words.clock(assigned))
        lasted = self.words.lasted((self._number("waited") or self.episode.decided) - self.episode.onset)
        return self.words.part("silent", lasted=lasted, onset=self.words.clock(self.episode.onset))

    def _undelivered(self) -> str:
        key = "expired" if self.episode.facts.get("end") == "expired" else "no_answer"
        return self.words.part(key, lasted=self.words.lasted(self.episode.decided - self.episode.onset))

    def _far(self, key: str) -> str:
        metres, bearing = self._number("away_m"), self._number("away_deg")
        if metres is None or bearing is None or metres <= 0:
            return ""
        distance, way = self.words.distance(metres), self.words.way(bearing)
        age, radius = self._age(self.episode.decided), self._radius()
        return self.words.part(key, distance=distance, way=way, age=age, radius=radius, zone=self._zone())

    def _trend(self) -> str:
        speed = self._number("away_ms")
        if speed is None:
            return ""
        return self.words.part("away" if speed > MOVING else "back" if speed < -MOVING else "still")

    def _leave(self) -> str:
        return leave_of(self.episode, self.words)

    def _home_near(self) -> str:
        metres = self._number("home_to_zone_m")
        if metres is None:
            return ""
        key = "home_near" if metres > 0 else "home_inside"
        return self.words.part(key, distance=self.words.distance(metres))

    def _no_way_round(self) -> str:
        """Why a barred zone has been crossed, though no fix lies in it."""
        depth, error = self._number("depth_m"), self._number("error_m")
        if depth is None or error is None:
            return ""
        return self.words.part("no_way_round", depth=self.words.distance(depth), error=self.words.distance(error))

    def _crossed(self) -> str:
        """How often a barred zone was crossed since, while nobody had closed the alarm."""
        times, again = self._number("times"), self._number("again")
        if times is None or again is None:
            return ""
        return self.words.part("crossed", count=round(times) - 1, time=self.words.clock(again))

    def _heard(self) -> str:
        at = self._number("heard")
        return "" if at is None else self.words.part("heard", time=self.words.clock(at))

    def _cells(self) -> str:
        """Whether the network's area has changed since the last place."""
        found = self.episode.facts.get("cells")
        return self.words.part(f"cells_{found}") if found in {"same", "other"} else ""

    def _registered(self) -> str:
        """Names of the places inside the circle; where it is known what they are, how many of each kind first."""
        names, kinds = (str(self.episode.facts.get(key, "")) for key in ("registered", "places"))
        said = [each.rpartition(":") for each in kinds.split()]
        if not names or all(kind == OTHER for kind, _, _ in said):
            return self.words.part("registered", names=names) if names else ""
        comma = "、" if self.words.language == "zh" else ", "
        counts = comma.join(counted(kind, int(count), self.words.language) for kind, _, count in said)
        return self.words.part("registered_kinds", counts=counts, names=names)

    def _corrections(self) -> str:
        """What data that came late have moved, from what to what."""
        episode, language = self.episode, self.words.language
        said = []
        if "was_kind" in episode.facts:
            before = kind_name(str(episode.facts["was_kind"]), language)
            said.append(self.words.part("was_kind", before=before, now=kind_name(episode.kind, language)))
        for name, now in (("was_onset", episode.onset), ("was_ended", episode.ended)):
            was = self._number(name)
            if was is not None:
                said.append(self._moved(name, was, now))
        return self.words.part("and").join(said)

    def _moved(self, name: str, was: float, now: float | None) -> str:
        """A time and what it was; to the second where the minute is the same."""
        if now is None:
            return self.words.part("not_ended", before=self.words.clock(was))
        is_close = self.words.clock(was) == self.words.clock(now)
        before, after = (self.words.clock(each, seconds=is_close) for each in (was, now))
        return self.words.part(name, before=before, now=after)

    def _answers(self) -> str:
        count = self._number("answers")
        return "" if count is None else self.words.part("answers", count=round(count))

    def _implausible(self) -> str:
        """What contradicts a place: what was heard, or jumps."""
        apart, radius = self._number("apart_m"), self._number("heard_radius_m")
        jumps, farthest = self._number("jumps"), self._number("jump_m")
        if jumps is not None and farthest is not None:
            return self.words.part("implausible_jumps", count=round(jumps), distance=self.words.distance(farthest))
        if apart is None or radius is None:
            return self.words.part("implausible")
        case = {"leap": "_leap", "left": "_left"}.get(str(self.episode.facts.get("case")), "_heard")
        distance, sure = self.words.distance(apart), self.words.distance(radius)
        return self.words.part(f"implausible{case}", distance=distance, radius=sure)

    def _why(self) -> str:
        """What speaks for one reason of a silence."""
        why = self.episode.facts.get("why")
        return self.words.part(f"why_{why}") if why in {"flat", "off", "shielded", "coverage"} else ""

    def _unseen(self) -> str:
        """How it is known that it moved."""
        moved = self._number("moved_m")
        if moved is None:
            return self.words.part("unseen")
        key = "unseen_unheard" if "unheard" in self.episode.facts else "unseen_heard"
        return self.words.part(key, distance=self.words.distance(moved))

    def _apart(self) -> str:
        metres = self._number("apart_m")
        return "" if metres is None else self.words.part("apart", distance=self.words.distance(metres))

    def _false_cell(self) -> str:
        return self.words.part("false_cell") if "false_cell" in self.episode.facts else ""

    def _boundary(self) -> str:
        kind = self.episode.facts.get("boundary")
        return self.words.part("boundary" if kind is None else f"boundary_{kind}")

    def _metres(self, name: str) -> str:
        metres = self._number(name)
        return self.words.part("unknown") if metres is None else self.words.distance(metres)

    def _attendance(self) -> str:
        found = self.episode.facts.get("attendance")
        key = "attendance" if found not in {"missed", "undetermined"} else f"attendance_{found}"
        return self.words.part(key, unknown=self._seconds("unknown_seconds"))

    def _still_by(self) -> str:
        by = self.episode.facts.get("by")
        return self.words.part(f"still_by_{by}" if by in {"word", "scatter"} else "still_by")

    def _approach(self) -> str:
        how = self.episode.facts.get("approach")
        return self.words.part("approach" if how is None else f"approach_{how}")

    def _authority(self) -> str:
        kind = "consent" if "consent" in self.episode.facts else self.episode.facts.get("authority")
        return self.words.part("authority" if kind is None else f"authority_{kind}")

    def _last_day(self) -> str:
        """Of an authority: the day before it no longer holds."""
        until = self._number("authority_until")
        return self.words.part("unknown") if until is None else self.words.day(until - 1.0)

    def _review(self) -> str:
        due = self._number("review")
        return "" if due is None else self.words.part("review", day=self.words.day(due))

    def _grace(self) -> str:
        grace = self._number("grace_seconds")
        return "" if not grace else self.words.part("grace", time=self.words.lasted(grace))

    def _last_in(self) -> str:
        last = self._number("last_in")
        if last is None:
            return ""
        if self.episode.kind == "curfew_early_leave":
            return self.words.part("was_in", time=self.words.clock(last))
        return self.words.part("last_in", time=self.words.clock(last), zone=self._zone())

    def _tried(self) -> str:
        """How often somebody was tried, and what came of the last time."""
        tried = [act for act in self.episode.acts if act.do == "attempt"]
        if not tried:
            return self.words.part("tried_none")
        whom, result = WHOM[tried[-1].whom].of(self.words.language), RESULTS[tried[-1].result].of(self.words.language)
        return self.words.part(
            "tried", count=len(tried), time=self.words.clock(tried[-1].at), whom=whom, result=result
        )  # fmt: skip

    def _told(self) -> str:
        """When the wearer was told of it, and how that went; nothing where he was not."""
        at, how = self._number("wearer_told"), NOTICE_STATES.get(str(self.episode.facts.get("wearer_told_how")))
        if at is None or how is None:
            return ""
        return self.words.part("told", time=self.words.clock(at), how=how.of(self.words.language))

    def _hours(self) -> str:
        """From-to of each night of a pattern."""
        nights = self.episode.facts.get("hours", [])
        if not isinstance(nights, list):
            return ""
        dated = replace(self.words, now=None)
        return "; ".join(f"{dated.clock(first)}–{dated.clock(last)[6:]}" for first, last in nights)

    def _care(self) -> str:
        codes = str(self.episode.facts.get("care", "")).split()
        said = [CARE[code].of(self.words.language) if code in CARE else code for code in codes]
        return self.words.part("care", codes=("、" if self.words.language == "zh" else ", ").join(said)) if said else ""

    def _act(self) -> str:
        act = act_behind(self.episode)
        return "" if act is None else line(act, self.words).rstrip("。.")

    def _followed(self) -> str:
        return "" if self.episode.follow_up is None else followed(self.episode.follow_up, self.words)

    def _acts(self) -> dict[str, Callable[[], str]]:
        """Who did what when, and with which note; and how long what is over has lasted."""
        episode, note, clock = self.episode, self.note, self.words.clock
        outcome = OUTCOMES.get(episode.outcome, Text(episode.outcome, episode.outcome))
        cause = CAUSES.get(episode.cause, Text(episode.cause, episode.cause))
        return {
            "ended": lambda: clock(episode.ended or 0.0),
            "held": lambda: self.words.lasted((episode.ended or 0.0) - episode.onset),
            "acknowledged": lambda: clock(episode.acknowledged or 0.0),
            "acknowledged_by": lambda: episode.acknowledged_by,
            "disputed": lambda: clock(episode.disputed or 0.0),
            "closed": lambda: clock(episode.closed or 0.0), "closed_by": lambda: episode.closed_by,
            "outcome": lambda: outcome.of(self.words.language),
            "cause": lambda: cause.of(self.words.language),
            "care": self._care,
            "removal": lambda: REMOVALS[str(episode.facts["removal"])].of(self.words.language),
            "act": self._act, "followed": self._followed,
            "verified": lambda: VERIFIED[episode.verified_by].of(self.words.language).capitalize(),
            "note": lambda: note.text.rstrip("。.") if note else "", "note_by": lambda: note.by if note else "",
        }  # fmt: skip
