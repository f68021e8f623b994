"""What an outage has gone dark for, and who is odd in it: the engine's short words as people read them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gateway.words.texts import CARRIER, CARRIERS, ODD

if TYPE_CHECKING:
    from gateway.words.alarm_words import Words

NAMED: Final = 5
"""Groups, or persons, that a text names; of others their number."""


def places(groups: str, words: Words) -> str:
    """Groups as ``gateway.engine.together`` names them, blanks between them."""
    return words.part("listed").join(_place(group, words) for group in groups.split()[:NAMED])


def _place(group: str, words: Words) -> str:
    sort, _, name = group.partition(":")
    network = "-".join(name.split("-")[:2])
    return words.part(f"in_{sort}", name=name, carrier=CARRIERS.get(network, CARRIER).of(words.language))


def named_odd(odd: str, words: Words) -> str:
    """``PERSON:WORD`` with blanks between them; nobody is said, too."""
    found = [one.rpartition(":") for one in odd.split()]
    if not found:
        return words.part("odd_none")
    said = [
        words.part("odd_one", person=person, word=ODD[word].of(words.language)) for person, _, word in found[:NAMED]
    ]
    more = words.part("odd_more", count=len(found)) if len(found) > NAMED else ""
    return words.part("listed").join(said) + more
