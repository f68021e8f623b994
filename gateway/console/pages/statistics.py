"""The alarms of the last day beside what the desk can look into, by rule and by kind (ISA-18.2, alarm rate a day)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from starlette.routing import Route

from gateway.console.templating import language_of, page
from gateway.control.messages import Request as Asked
from gateway.words.kind_names import kind_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request
    from starlette.responses import Response

    from gateway.settings.model import Configuration


class Share(NamedTuple):
    """So many alarms of one rule or kind: its id, what it is called (of a rule: its document), percent of all."""

    key: str
    called: str
    alarms: int
    percent: float


async def _statistics(request: Request) -> Response:
    desk, language = request.app.state.desk, language_of(request)
    status = await desk.link.ask(Asked(do="status"), request.state.visitor)
    budget: dict[str, Any] = status["alarm_budget"]
    kinds = {kind: kind_name(kind, language) for kind in budget["by_kind"]}
    console = desk.configuration.console
    return page(
        request, "statistics.html", budget=budget, operators=console.operators, each=console.alarms_each,
        by_rule=shares(budget["by_rule"], budget["raised"], documents(desk.configuration)),
        by_kind=shares(budget["by_kind"], budget["raised"], kinds),
    )  # fmt: skip


def documents(configuration: Configuration) -> dict[str, str]:
    """The document behind each rule in force."""
    return {rule.id: rule.basis for rule in configuration.rules}


def shares(counts: Mapping[str, int], total: int, called: Mapping[str, str]) -> list[Share]:
    """Each count beside all alarms, the most first; what is called nothing any more has no name."""
    most_first = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    return [Share(key, called.get(key, ""), count, 100.0 * count / total) for key, count in most_first]


ROUTES: Final = (Route("/statistics", _statistics, name="statistics"),)
