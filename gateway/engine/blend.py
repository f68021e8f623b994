"""The rules of a time past for those who wear, and may be looked at, by what is known now."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gateway.engine.drawn import as_before
from gateway.engine.policy import Policy, compile_policy

if TYPE_CHECKING:
    from gateway.settings.model import Configuration


def blended(then: Policy, now: Policy) -> Policy:
    """Zones, rules and homes of ``then``; devices, wearings, authorities and leave of ``now``."""
    if then.rules_digest == now.rules_digest:
        return now
    if then.rules_digest not in now.blends:
        wanted = _blend(then.configuration, now.configuration)
        # On the loop, where a report comes late: where the same people live where they lived, nothing is drawn again.
        now.blends[then.rules_digest] = compile_policy(wanted, as_before(then, wanted), then)
    return now.blends[then.rules_digest]


def _blend(then: Configuration, now: Configuration) -> Configuration:
    people = {
        key: one if key not in then.people or one.home == then.people[key].home
        else replace(one, home=then.people[key].home)
        for key, one in now.people.items()
    }  # fmt: skip
    rules = tuple(
        rule if all(each in people for each in rule.people)
        else replace(rule, people=tuple(each for each in rule.people if each in people))
        for rule in then.rules
    )  # fmt: skip
    # The same objects where they say the same, so that parts of the former policy are taken.
    return replace(
        now, county=then.county, people=then.people if people == then.people else people,
        zones=then.zones, rules=then.rules if rules == then.rules else rules, alarms=then.alarms,
        calendar=then.calendar,
        digest=f"{then.digest}+{now.digest}",
    )  # fmt: skip
