"""Step: the repeated place. Where a wearer dwells at night instead of home, and whether it is the same place again."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from fencing.verdict import OUT
from gateway.engine.ledger import Finding
from gateway.engine.night import DWELL, SAME_PLACE, ends_stay, extend_stay, makes_stay
from gateway.engine.state import Night
from gateway.engine.whereabouts import RADIUS95

if TYPE_CHECKING:
    from formulas.formula import Record
    from gateway.engine.context import Context
    from gateway.engine.episode import Episode, Fact
    from gateway.engine.ledger import At

MOST_STAYS = 160
"""Remembered: a month of nights, each in four pieces, and a week before it from which the past may be decided anew."""
LEAST_RADIUS = 30.0


def follow_stay(context: Context, night: Record, report: Record, verdict: int) -> None:
    """Take a report at curfew into the stay of who is out; it lasts from its first fix to its last.

    ``night``: a record of the bank; ``report``: of ``night.REPORT``.
    """
    row, curfew = int(report.row), int(report.curfew)
    if ends_stay(night, report, verdict):
        finish_stay(context, curfew, context.at(row))
    if verdict == OUT and not math.isnan(report.x):
        is_long = makes_stay(night, report, verdict)
        extend_stay(night, report)
        if is_long:
            _compare(context, row, curfew)


def finish_stay(context: Context, curfew: int, at: At) -> None:
    """The stay is over: one that was long enough becomes the night's place, and the alarm about it learns its end."""
    bank = context.state.curfew
    if bank["stay_s"][curfew] >= DWELL:
        stays = context.state.nights.setdefault("/".join(context.policy.curfews.key[curfew]), [])
        night = _night(context, curfew, stays[-1].number + 1 if stays else 0)
        episode = _known_place(context, curfew, night)
        if episode is not None:
            _revise(context, curfew, episode, night, at)
        stays.append(night)
        del stays[:-MOST_STAYS]
    bank["stay_n"][curfew], bank["stay_spread"][curfew], bank["stay_s"][curfew] = 0, 0.0, 0.0
    bank["stay_x"][curfew] = bank["stay_y"][curfew] = 0.0


def _night(context: Context, curfew: int, number: int = 0) -> Night:
    bank = context.state.curfew
    spread = math.sqrt(float(bank["stay_spread"][curfew]) / (2.0 * float(bank["stay_n"][curfew])))
    return Night(
        start=float(bank["start"][curfew]), x=float(bank["stay_x"][curfew]), y=float(bank["stay_y"][curfew]),
        spread_m=spread, arrived=float(bank["stay_from"][curfew]), left=float(bank["stay_until"][curfew]),
        number=number,
    )  # fmt: skip


def _alike(context: Context, curfew: int, night: Night) -> list[Night]:
    """This stay and the earlier ones within the rule's window at the same place; a night may have been in pieces.

    What was over when a person closed the last alarm of this rule counts no more.
    """
    person, rule = context.policy.curfews.key[curfew][0], context.policy.curfews.rule[curfew].repeated_place
    closed = context.ledger.closed_before("repeated_place", person, context.policy.curfews.rule[curfew].id, night.left)
    known = context.state.nights.get("/".join(context.policy.curfews.key[curfew]), [])
    horizon = night.start - ((rule.of if rule else 1) - 0.5) * 86400.0
    near = [other for other in known if math.hypot(other.x - night.x, other.y - night.y) <= SAME_PLACE]
    return [*(other for other in near if horizon < other.start <= night.start and other.left > closed), night]


def _nights(alike: list[Night]) -> int:
    """How many nights the stays belong to."""
    return len({night.start for night in alike})


def _compare(context: Context, row: int, curfew: int) -> None:
    """A stay has become long enough: is it the same place once too often?"""
    rule = context.policy.curfews.rule[curfew]
    night = _night(context, curfew)
    alike = _alike(context, curfew, night)
    if rule.repeated_place is None or _nights(alike) < rule.repeated_place.nights:
        return
    if _known_place(context, curfew, night) is not None:
        return
    person = context.policy.curfews.key[curfew][0]
    circle = _circle(context, alike)
    context.ledger.raise_(
        Finding(
            kind="repeated_place", device=context.device_key(row), person=person, onset=alike[0].arrived,
            evidence_time=float(context.reports.time[row]), opening=context.opening(row),
            first_offset=int(context.state.watch["breach_offset"][context.policy.curfews.watch[curfew]]),
            rule=rule.id, basis=rule.basis, latitude=circle[0], longitude=circle[1], radius_m=circle[2],
            facts=_facts(context, alike, rule.repeated_place.of, circle),
        ),
        context.at(row),
    )  # fmt: skip


def _facts(context: Context, alike: list[Night], of: int, circle: tuple[float, float, float]) -> dict[str, Fact]:
    return {
        "nights": _nights(alike), "of": of, "place": f"{circle[0]:.4f},{circle[1]:.4f}",
        "hours": [[night.arrived, night.left] for night in alike],
        "registered": context.policy.registered.names(*circle, alike[-1].left),
        "places": context.policy.registered.kinds(*circle, alike[-1].left),
    }  # fmt: skip


def _circle(context: Context, nights: list[Night]) -> tuple[float, float, float]:
    """Latitude, longitude and 95 % radius of a place, over its nights."""
    x = sum(night.x for night in nights) / len(nights)
    y = sum(night.y for night in nights) / len(nights)
    reach = max(math.hypot(night.x - x, night.y - y) + RADIUS95 * night.spread_m for night in nights)
    latitude, longitude = context.policy.plane.inverse(x, y)
    return round(float(latitude), 6), round(float(longitude), 6), round(max(LEAST_RADIUS, reach), 1)


def _known_place(context: Context, curfew: int, night: Night) -> Episode | None:
    """The standing alarm about this very place, if there is one."""
    person = context.policy.curfews.key[curfew][0]
    rule = context.policy.curfews.rule[curfew].id
    for episode in context.ledger.standing("repeated_place", person, rule, night.left):
        if episode.latitude is not None and episode.longitude is not None:
            x, y = context.policy.plane.forward(episode.latitude, episode.longitude)
            if math.hypot(float(x) - night.x, float(y) - night.y) <= 2.0 * SAME_PLACE:
                return episode
    return None


def _revise(context: Context, curfew: int, episode: Episode, night: Night, at: At) -> None:
    """Another night, or the end of this one, at a place already reported; its name stays the first one's."""
    rule = context.policy.curfews.rule[curfew].repeated_place
    alike = _alike(context, curfew, night)
    episode.latitude, episode.longitude, episode.radius_m = circle = _circle(context, alike)
    place = episode.facts["place"]
    facts = {**_facts(context, alike, rule.of if rule else 1, circle), "place": place}
    context.ledger.revise(episode, at, facts)
