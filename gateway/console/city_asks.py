"""What a city's desk asks of a county's: a package of one case, by a signed request; how it is read, and why not.

    ask ──▶ waits ──▶ approved by a leader of the county ──▶ take, by the same person of the city, within a day
                  └─▶ refused

The signature is that of :mod:`gateway.signing`, by a key that the two share. It says which city asks, not who of its
staff: that is the city's to say, and stands in both audit logs under one number.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Annotated, Final, Literal

import msgspec

from gateway.console.accounts.disclosures import CITY, Disclosure
from gateway.decoded import from_json
from gateway.errors import PeerFault
from gateway.evidence.withheld import why_withheld
from gateway.signing import CLOCKS
from gateway.words.evidence_words import ASKED_FOR

if TYPE_CHECKING:
    from gateway.console.accounts.books import ConsoleConnection
    from gateway.settings.model import Configuration

PATH: Final = "/from-city/records"
"""Address of a county's desk at which a city asks."""
LARGEST: Final = 16_384
"""Bytes of a request."""
DAY: Final = 86_400.0
UNSIGNED, OLD, REPLAYED, MALFORMED, FOREIGN, OTHER_CITY = (
    "city_ask_unsigned", "city_ask_old", "city_ask_replayed", "city_ask_malformed", "city_ask_foreign",
    "city_ask_other_city",
)  # fmt: skip
"""Why a request is refused whatever it asks for, as keys of the texts; each is counted."""
Word = Annotated[str, msgspec.Meta(max_length=64)]
Moment = Annotated[float, msgspec.Meta(ge=0.0, le=1e11)]


class CityAsk(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A request.

    Attributes:
        do: ask for a package, look how that stands, or take it.
        id: the request's number, which the city gives; the same in each of the three.
        city, county: whose desk asks, and whose is asked.
        by: staff number of the city.
        person, since, until: whose, and of which time, since <= t < until, UTC epoch seconds.
        purpose, document: a word of ``evidence_words.ASKED_FOR``, and the number of the document that it rests on.
    """

    do: Literal["ask", "look", "take"]
    id: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{16}$")]
    city: Word
    county: Word
    by: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    person: Word = ""
    since: Moment = 0.0
    until: Moment = 0.0
    purpose: Word = ""
    document: Annotated[str, msgspec.Meta(max_length=120)] = ""

    @property
    def asker(self) -> str:
        """Who asks, as the county writes him down."""
        return f"{self.city} {self.by}"


class Said(msgspec.Struct, frozen=True):
    """The county's answer to ask and look.

    Attributes:
        state: waits, approved, refused, past (its day is over), rejected (it was not taken, ``zh`` and ``en`` say why).
        decided_by: staff number of the county; empty: nobody has.
        reason: of what was not taken, a word.
    """

    state: Literal["waits", "approved", "refused", "past", "rejected"]
    decided_by: str = ""
    reason: str = ""
    zh: str = ""
    en: str = ""


def read(body: bytes) -> CityAsk:
    """A request out of its bytes.

    Raises:
        PeerFault: it is none.
    """
    try:
        return from_json(body, CityAsk)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as fault:
        raise PeerFault(MALFORMED, "no request of a city's desk") from fault


def fault_of(ask: CityAsk, configuration: Configuration, now: float) -> str:
    """Why nothing can be asked for so, as a key of the texts; empty: it can.

    A minor's, a protected person's, and what is over are asked for by letter, and which it is is not said.
    """
    person, city = configuration.people.get(ask.person), configuration.console.city
    if person is None or city is None:
        return "disclosure_fault_person"
    oldest = now - configuration.storage.keep_days * DAY
    faults = {
        "city_ask_fault_times": not oldest <= ask.since < ask.until <= now + CLOCKS,
        "city_ask_fault_long": ask.until - ask.since > city.longest,
        "city_ask_fault_purpose": ask.purpose not in ASKED_FOR,
        "disclosure_fault_document": not ask.document.strip(),
    }  # fmt: skip
    found = next((key for key, is_so in faults.items() if is_so), "")
    return found or ("city_ask_fault_letter" if why_withheld(configuration, person, "", now, minor=False) else "")


def disclosure_of(ask: CityAsk, now: float) -> Disclosure:
    """What a county's leader decides on: with places, for the city, by who asks there."""
    return Disclosure(
        ask.id, now, ask.asker, ask.person, ask.since, min(ask.until, now), CITY, ask.purpose, ask.document,
        places=True, minor="",
    )  # fmt: skip


def is_same(one: Disclosure, ask: CityAsk) -> bool:
    """Whether it is what a request asked for: its answer was lost, and it is asked once more."""
    asked = (ask.asker, ask.person, ask.since, ask.purpose, ask.document)
    return one.recipient == CITY and (one.by, one.person, one.since, one.purpose, one.document) == asked


def state_of(one: Disclosure, now: float) -> Said:
    """How one stands."""
    if one.decided is None:
        return Said("waits")
    if not one.approved:
        return Said("refused", one.decided_by)
    return Said("approved" if one.is_open(now) else "past", one.decided_by)


def fresh_nonce() -> str:
    """Of one sending: nobody has had it."""
    return secrets.token_hex(16)


def once(db: ConsoleConnection, nonce: str, now: float) -> bool:
    """Whether a nonce is new; it is not any more. Those whose time is over are forgotten. Called inside a change."""
    db.execute("DELETE FROM nonce WHERE at < ?", (now - 3 * CLOCKS,))
    return db.execute("INSERT OR IGNORE INTO nonce VALUES (?, ?)", (nonce, now)).rowcount == 1
