"""One zone as somebody has drawn it, and the rule that is to speak of it. A draft is in force for nobody."""

from __future__ import annotations

import hashlib
import re
from typing import Final, Literal

import msgspec

from gateway.errors import UserFault
from gateway.words.draft_phrases import DRAFTS

Form = Literal["circle", "polygon", "corridor", "file", "home"]
Does = Literal["keep_out", "stay_inside", "be_there"]
BE_THERE: Final = "be_there"
"""To be in the zone at hours: a curfew."""
HOME: Final = "home"
"""Nothing is drawn: the zone is the home of each whom the rule binds, as it is registered."""
LEAST: Final = {"circle": 1, "polygon": 3, "corridor": 2, "file": 0, "home": 0}
"""Points without which a form is none yet."""
MOST_POINTS: Final = 1000
"""Corners of a form drawn by hand; what has more comes as a file."""
MOST_TEXT: Final = 768 * 1024
"""Characters of a GeoJSON text."""
_IDENTITY: Final = re.compile(r"[0-9a-f]{8}")
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.\-]{0,63}")
"""Of a zone that is drawn here: part of a file's name, too."""


class Binding(msgspec.Struct, frozen=True):
    """The new rule that speaks of a zone. Each value is as it was typed: ``check`` says what is wrong with it.

    Attributes:
        id: of the rule.
        does: what it asks.
        people: ``all``, a level, or ids with blanks between.
        basis, basis_kind: the document, and its kind; empty: not said.
        start, until: first and last day; empty: always.
        begins, ends: of BE_THERE, local time of day, ``22:00``; an end before the beginning is of the next day.
        days: on which it begins: ``daily``, ``workdays`` or ``weekend``, or weekdays (``mon`` ...) with blanks between;
            empty: daily. ``grace``: lateness that is let pass, minutes; empty: none.
    """

    id: str
    does: Does
    people: str
    basis: str
    basis_kind: str = ""
    start: str = ""
    until: str = ""
    begins: str = ""
    ends: str = ""
    days: str = ""
    grace: str = ""


class Draft(msgspec.Struct, frozen=True):
    """A zone that is drawn.

    Attributes:
        id: eight hexadecimal digits.
        zone, name: of the zone; one that is in force is drawn anew.
        form: how it is drawn; HOME: it is not, and ``zone`` only names the draft and its file.
        datum: ``wgs84``, ``gcj02`` or ``bd09``: of ``points`` and ``text``.
        points: (longitude, latitude) in degrees: the centre, the corners (not closed), or the points of a line.
        radius_m: of a circle. ``width_m``: of a corridor, from side to side.
        text: of a ``file``: GeoJSON.
        binding: the new rule; None: rules stay as they are.
        base: what was in force of the zone when it was begun (:func:`gateway.drafts.texts.base_of`).
        by, at: who changed it last (staff number), and when (UTC epoch seconds).
        revision: counts the changes.
    """

    id: str
    zone: str = ""
    name: str = ""
    form: Form = "polygon"
    datum: str = "gcj02"
    points: tuple[tuple[float, float], ...] = ()
    radius_m: float = 200.0
    width_m: float = 100.0
    text: str = ""
    binding: Binding | None = None
    base: str = ""
    by: str = ""
    at: float = 0.0
    revision: int = 0

    @property
    def is_drawn(self) -> bool:
        """Whether there is enough to be looked at."""
        if self.form == HOME:
            return self.binding is not None
        return len(self.points) >= LEAST[self.form] and (self.form != "file" or bool(self.text.strip()))

    @property
    def rule(self) -> str:
        """Of HOME the id of its rule, by which people know it; else empty: they know the zone."""
        return self.binding.id if self.form == HOME and self.binding is not None else ""

    def is_of(self, zone: str, rule: str) -> bool:
        """Whether an alarm of a zone and a rule is one that the draft speaks of."""
        if self.form == HOME:
            return bool(rule) and rule == self.rule
        return zone == self.zone

    @property
    def digest(self) -> str:
        """Of all that would come into force, whoever typed it; 64 hexadecimal digits."""
        content = msgspec.structs.replace(self, by="", at=0.0, revision=0)
        return hashlib.sha256(msgspec.json.encode(content)).hexdigest()


def check_identity(identity: str) -> str:
    """The id of a draft, as it names a directory.

    Raises:
        UserFault: it is none.
    """
    if not _IDENTITY.fullmatch(identity):
        raise UserFault(DRAFTS["draft_unknown"].filled(value=identity[:16]))
    return identity


def check_bounds(draft: Draft) -> None:
    """That a draft is small enough, and its zone's id one that may name a file.

    Raises:
        UserFault: it is not.
    """
    if not _NAME.fullmatch(draft.zone):
        raise UserFault(DRAFTS["draft_zone_id"].filled(value=draft.zone[:64]))
    if len(draft.points) > MOST_POINTS or len(draft.text) > MOST_TEXT:
        raise UserFault(DRAFTS["draft_large"].filled(points=MOST_POINTS, kilobytes=MOST_TEXT // 1024))
