"""A form about an alarm as the act it asks for."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from gateway.console.words.acts import ACTS
from gateway.errors import UserFault
from gateway.journal.controls import Act
from gateway.words.act_phrases import CAUSES, EXPECTS, RESULTS, VERIFIED, WHOM
from gateway.words.change_texts import OUTCOMES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from zoneinfo import ZoneInfo

    from gateway.words.texts import Text

FORMS: Final = ("take_over", "note", "attempt", "follow_up", "assign", "arrived", "close", "dispute", "cause")
"""Acts that ask for something; an ``acknowledge`` is a button."""
SEVERAL: Final = ("acknowledge", "note", "assign", "close")
"""Acts that can be done about several alarms at once."""
CODES: Final[Mapping[str, Mapping[str, Text]]] = {
    "whom": WHOM, "result": RESULTS, "expects": EXPECTS, "outcome": OUTCOMES, "verified_by": VERIFIED,
    "cause": CAUSES,
}  # fmt: skip
"""What can be chosen, by field, and its words."""
_FIELDS: Final = ("outcome", "note", "whom", "result", "expects", "to", "verified_by", "cause")
_TIME: Final = re.compile(r"(\d{1,2})[:：](\d{2})(?::\d{2})?")
_HOURS, _MINUTES = 24, 60


def act_of(form: Mapping[str, str], alarm: str, now: float, zone: ZoneInfo) -> Act:
    """What a form asks to be done about an alarm; ``now``: the county's receive time, UTC epoch seconds.

    Raises:
        UserFault: a time in it is none; the text says how to write it.
    """
    said = {name: form[name].strip() for name in _FIELDS if form.get(name)}
    due = moment_of(form["time"], now, zone) if form.get("time") else 0.0
    return Act(form["id"], form["do"], alarm, "", at=due, **said)


def moment_of(time: str, now: float, zone: ZoneInfo) -> float:
    """When it is next ``HH:MM`` in a zone, UTC epoch seconds.

    Raises:
        UserFault: that is no time.
    """
    found = _TIME.fullmatch(time.strip())
    hour, minute = (int(found[1]), int(found[2])) if found else (_HOURS, _MINUTES)
    if hour >= _HOURS or minute >= _MINUTES:
        raise UserFault(ACTS["form_time_wrong"])
    here = datetime.fromtimestamp(now, UTC).astimezone(zone)
    due = here.replace(hour=hour, minute=minute, second=0, microsecond=0)
    return (due if due.timestamp() > now else due + timedelta(days=1)).timestamp()
