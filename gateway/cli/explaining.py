"""Why an alarm was raised, and why none was: asked of the daemon, shown as words, JSON or a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from gateway.cli.officers import AlarmArgument, PersonArgument, alarms_app, signed
from gateway.cli.options import DEFAULT_CONFIG, ByOption, ConfigOption, CountyLanguageOption, JsonOption

if TYPE_CHECKING:
    from gateway.control.messages import Request
    from gateway.engine import Episode
    from gateway.settings.model import Configuration

__all__ = ["alarms_app", "explain"]
PictureOption = Annotated[bool, typer.Option("--svg", help="A picture of the evidence, one rule and zone alone.")]
JUST_BEFORE = 0.001
"""Seconds before its end at which an alarm that is over is looked at."""


@alarms_app.command("explain")
def explain_alarm(
    alarm: AlarmArgument,
    config: ConfigOption = DEFAULT_CONFIG,
    by: ByOption = "",
    *,
    as_json: JsonOption = False,
    as_svg: PictureOption = False,
    lang: CountyLanguageOption = "",
) -> None:
    """Show on which evidence an alarm of a place was raised, fix by fix, and what would have made it otherwise."""
    from gateway.cli.county import episodes_of, opened
    from gateway.cli.identity import identified

    configuration = opened(config, lang)
    episodes = {episode.id: episode for episode in episodes_of(configuration, unresolved=False)}
    request = _of_alarm(episodes[identified(alarm, episodes, "alarm")], signed(by))
    _show(configuration, request, as_json=as_json, as_svg=as_svg)


def explain(  # noqa: PLR0913  one parameter an option
    person: PersonArgument,
    at: Annotated[str, typer.Option("--at", help="Local time of the county, for example 2026-11-02 08:00.")],
    rule: Annotated[str, typer.Option("--rule", help="One of the person's rules; default: all.")] = "",
    config: ConfigOption = DEFAULT_CONFIG,
    by: ByOption = "",
    *,
    as_json: JsonOption = False,
    as_svg: PictureOption = False,
    lang: CountyLanguageOption = "",
) -> None:
    """Show why an alarm of a place stood at a time, or why none did: the evidence, and what would have changed it."""
    from gateway.cli.county import opened
    from gateway.cli.looks import moment_of
    from gateway.control.messages import Request

    configuration = opened(config, lang)
    until = moment_of("--at", at, ZoneInfo(configuration.county.timezone))
    request = Request("explain", id=person, rule=rule, until=until, by=signed(by))
    _show(configuration, request, as_json=as_json, as_svg=as_svg)


def _of_alarm(episode: Episode, by: str) -> Request:
    """What to ask of an alarm: what had come when it was decided, up to when it stood.

    Raises:
        UserFault: it rests on no evidence of a rule.
    """
    from gateway.control.messages import Request
    from gateway.errors import UserFault
    from gateway.words.kind_names import KIND_NAMES
    from gateway.words.phrases import phrase

    if not (episode.rule and episode.person) or episode.kind in {"repeated_place", "nights_out"}:
        named = KIND_NAMES[episode.kind]
        raise UserFault(phrase("explain_no_evidence", zh=named.zh, en=named.en, alarm=episode.id[:8]))
    at = episode.decided if episode.ended is None else min(episode.decided, episode.ended - JUST_BEFORE)
    return Request(
        "explain", id=episode.person, rule=episode.rule, kind=episode.kind, until=at, since=episode.decided, by=by
    )


def _show(configuration: Configuration, request: Request, *, as_json: bool, as_svg: bool) -> None:
    """Print what the daemon works out.

    Raises:
        UserFault: it refuses, and why; there is no such rule; or a picture of more than one is asked for.
    """
    import msgspec

    from gateway.cli.county import told
    from gateway.control.client import PATIENCE
    from gateway.control.places import PATIENCE as LONGEST
    from gateway.errors import UserFault
    from gateway.words.alarm_words import Words
    from gateway.words.explain_picture import picture
    from gateway.words.explain_words import lines
    from gateway.words.explained import Explanation
    from gateway.words.phrases import LANGUAGE, phrase

    data = told(configuration, request, LONGEST + PATIENCE)["explained"]
    found = msgspec.convert(data, list[Explanation])
    words = Words(LANGUAGE.get(), ZoneInfo(configuration.county.timezone))
    if not found:
        raise UserFault(phrase("explain_no_rule", person=request.id, rule=request.rule or "-"))
    if as_json:
        for one in found:
            typer.echo(msgspec.json.encode(one).decode())
    elif as_svg:
        if len(found) > 1:
            raise UserFault(phrase("explain_many", rules=", ".join(sorted({one.rule for one in found}))))
        typer.echo(picture(found[0], words), nl=False)
    else:
        typer.echo("\n\n".join("\n".join(lines(one, words)) for one in found))
