"""What an outage has gone dark for, and who is odd in it: the engine's short words as people read them."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Final

from gateway.words.texts import Text

if TYPE_CHECKING:
    from gateway.words.alarm_words import Words

SHORTEST_RUN: Final = 3
"""Persons whose ids count on that are said by the first and the last of them."""
NAMED: Final = 5
"""Groups, or persons, that a text names; of others their number."""

ODD = {
    "strap": Text("表带或外壳报警未办结", "strap or case alarm open"),
    "barred": Text("失联前在或刚离开禁入区", "in a barred zone shortly before"),
    "outside": Text("失联前在允许范围外", "outside the allowed area before"),
    "battery": Text("失联前电量低", "battery low before"),
    "moving": Text("失联前在移动，离家渐远", "moving away from home before"),
    "shielded": Text("失联前信号一起消失", "signals faded together before"),
}
"""What of somebody silent in an outage speaks against the common cause."""
CARRIERS = {
    **dict.fromkeys(("460-00", "460-02", "460-04", "460-07", "460-08"), Text("中国移动", "China Mobile")),
    **dict.fromkeys(("460-01", "460-06", "460-09"), Text("中国联通", "China Unicom")),
    **dict.fromkeys(("460-03", "460-05", "460-11"), Text("中国电信", "China Telecom")),
    "460-15": Text("中国广电", "China Broadnet"),
}
"""By MCC and MNC, as ITU-T E.212 assigns them."""
CARRIER = Text("运营商", "carrier")


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


def named_silent(people: str, words: Words) -> str:
    """Who is silent, blanks between them, to stand behind how many: neighbours by number as one run; empty: unknown."""
    listed = groupby(enumerate(people.split()), key=lambda one: _series(one[1], one[0]))
    said = [_run([person for _, person in run], words) for _, run in listed]
    more = words.part("odd_more", count=len(people.split())) if len(said) > NAMED else ""
    return words.part("silent_who", people=words.part("listed").join(said[:NAMED]) + more) if said else ""


def _run(people: list[str], words: Words) -> str:
    if len(people) < SHORTEST_RUN:
        return words.part("listed").join(people)
    return words.part("silent_run", first=people[0], last=people[-1])


def _series(person: str, place: int) -> tuple[str, int, int]:
    """Equal of persons whose ids count on from one place of a list to the next."""
    stem = person.rstrip("0123456789")
    number = person[len(stem) :]
    return (stem, len(number), int(number) - place) if number else (person, 0, place)
