"""Who follows what changes hears of each commit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gateway.control.follow import Following

if TYPE_CHECKING:
    from gateway.control.offices import Offices
    from gateway.daemon.pipeline import Pipeline
    from gateway.engine.step import Stepped


def following_of(pipeline: Pipeline, offices: Offices) -> Following:
    """Told of each commit of the pipeline from now on."""
    following = Following(pipeline.intake.now, lambda: pipeline.state.digest)

    def tell(stepped: Stepped) -> None:
        said, orders = (stepped.outcomes, stepped.commands) if following.figures() else ((), ())
        alarms = [(one.episode.id, offices.of_alarm(one.episode)) for one in said]
        following.committed(alarms, [(one.command.id, offices.of_order(one)) for one in orders])

    pipeline.on_said = tell
    return following
