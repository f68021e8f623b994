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
    from gateway.words.accounts import Explained

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
    """Show on which evidence an alarm was raised, entry by entry, and what would have made it otherwise."""
    from gateway.cli.county import episodes_of, opened
    from gateway.cli.identity import identified

    configuration = opened(config, lang)
    episodes = {
        episode.id: episode for episode in episodes_of(configuration, unresolved=False, alarm=alarm, is_shown=False)
    }
    request = _of_alarm(episodes[identified(alarm, episodes, "alarm")], signed(by))
    _show(configuration, request, as_json=as_json, as_svg=as_svg)


def explain(  # noqa: PLR0913  one parameter an option
    person: PersonArgument,
    at: Annotated[str, typer.Option("--at", help="Local time of the county, for example 2026-11-02 08:00.")],
    rule: Annotated[str, typer.Option("--rule", help="One of the person's rules; default: all.")] = "",
    kind: Annotated[str, typer.Option("--kind", help="One kind of alarm, for example comms_lost.")] = "",
    config: ConfigOption = DEFAULT_CONFIG,
    by: ByOption = "",
    *,
    as_json: JsonOption = False,
    as_svg: PictureOption = False,
    lang: CountyLanguageOption = "",
) -> None:
    """Show why an alarm stood at a time, or why none did: the evidence, and what would have changed it."""
    from gateway.cli.county import opened
    from gateway.cli.looks import moment_of
    from gateway.control.messages import Request

    configuration = opened(config, lang)
    until = moment_of("--at", at, ZoneInfo(configuration.county.timezone))
    request = Request("explain", id=person, rule=rule, kind=_known(kind), until=until, by=signed(by))
    _show(configuration, request, as_json=as_json, as_svg=as_svg)


def _known(kind: str) -> str:
    """A kind of alarm, or none.

    Raises:
        UserFault: there is no such kind.
    """
    from gateway.errors import UserFault
    from gateway.kinds import KINDS
    from gateway.words.phrases import phrase

    if kind and kind not in KINDS:
        raise UserFault(phrase("explain_no_kind", value=kind, allowed=", ".join(KINDS)))
    return kind


def _of_alarm(episode: Episode, by: str) -> Request:
    """What to ask of an alarm: what had come when it was decided, up to when it stood."""
    from gateway.control.messages import Request

    at = episode.decided if episode.ended is None else min(episode.decided, episode.ended - JUST_BEFORE)
    return Request(
        "explain", id=episode.person, rule=episode.rule, kind=episode.kind, until=at, since=episode.decided, by=by,
        alarm=episode.id,
    )  # fmt: skip


def _show(configuration: Configuration, request: Request, *, as_json: bool, as_svg: bool) -> None:
    """Print what the daemon works out.

    Raises:
        UserFault: it refuses, and why; there is no such rule; or a picture of more than one is asked for.
    """
    import msgspec

    from gateway.cli.county import told
    from gateway.control.client import PATIENCE
    from gateway.control.places import PATIENCE as LONGEST
    from gateway.decoded import converted
    from gateway.errors import UserFault
    from gateway.words.accounts import Explained
    from gateway.words.phrases import phrase

    found = converted(told(configuration, request, LONGEST + PATIENCE), Explained)
    each = [*found.places, *found.others]
    if not each:
        raise UserFault(phrase("explain_no_rule", person=request.id or "-", rule=request.rule or request.kind or "-"))
    if as_svg and len(each) > 1:
        names = sorted({one.rule for one in found.places} | {one.kind for one in found.others})
        raise UserFault(phrase("explain_many", rules=", ".join(names)))
    if as_json:
        for one in each:
            typer.echo(msgspec.json.encode(one).decode())
    else:
        _print(configuration, found, as_svg=as_svg)


def _print(configuration: Configuration, found: Explained, *, as_svg: bool) -> None:
    """As words, or the only one of them as a picture."""
    from gateway.words import account_picture, account_words, explain_picture, explain_words
    from gateway.words.alarm_words import Words
    from gateway.words.phrases import LANGUAGE

    words = Words(LANGUAGE.get(), ZoneInfo(configuration.county.timezone))
    if as_svg:
        pictures = [explain_picture.picture(one, words) for one in found.places]
        pictures += [account_picture.picture(one, words) for one in found.others]
        typer.echo(pictures[0], nl=False)
        return
    texts = ["\n".join(explain_words.lines(one, words)) for one in found.places]
    texts += ["\n".join(account_words.lines(one, words)) for one in found.others]
    typer.echo("\n\n".join(texts))
