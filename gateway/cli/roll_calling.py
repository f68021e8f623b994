"""Roll calls from the command line: ask many people together where they are, and see who stands in which list."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from gateway.cli.options import DEFAULT_CONFIG, ByOption, ConfigOption, CountyLanguageOption, JsonOption

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gateway.settings.model import Configuration

roll_call_app = typer.Typer(
    help="Roll calls: ask, confirm, list, show, sign. 点验：发起、确认、列表、名单、签署。", no_args_is_help=True
)
NOT_YET: Final = 3
"""Exit code where nothing has gone out: a dry run, or a second person is needed."""
CallArgument = Annotated[str, typer.Argument(metavar="ID", help="As listed.")]


@roll_call_app.command("ask")
def ask_people(  # noqa: PLR0913  one parameter an option
    config: ConfigOption = DEFAULT_CONFIG,
    *,
    why: Annotated[str, typer.Option("--why", help="What it is for.")] = "",
    level: Annotated[str, typer.Option("--level", help="strict, general or lenient; default: any.")] = "",
    office: Annotated[str, typer.Option("--office", help="Whose people; default: every office's.")] = "",
    percent: Annotated[int, typer.Option("--percent", help="A random share of them; default: all.")] = 100,
    by: ByOption = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say how many orders would go out.")] = False,
    as_json: JsonOption = False,
    lang: CountyLanguageOption = "",
) -> None:
    """Ask people together where they are; of all it takes a second person."""
    from gateway.cli.county import opened, told
    from gateway.control.messages import Request
    from gateway.rollcall.selection import Selection

    configuration = opened(config, lang)
    selection = Selection(level, office, percent)
    data = told(configuration, Request("roll_call_look", selection=selection, by=by))
    if dry_run:
        _tell(data, _offered(data), as_json=as_json)
        raise typer.Exit(NOT_YET)
    done = told(configuration, Request("roll_call", id=data["offer"], why=why, by=by))
    _tell(data | done, [*_offered(data), *_begun(done)], as_json=as_json)
    raise typer.Exit(NOT_YET if done["state"] == "waits" else 0)


@roll_call_app.command("confirm")
def confirm_call(
    call: CallArgument,
    config: ConfigOption = DEFAULT_CONFIG,
    *,
    by: ByOption = "",
    as_json: JsonOption = False,
    lang: CountyLanguageOption = "",
) -> None:
    """As the second person: let a roll call of all go out."""
    from gateway.cli.county import opened, told
    from gateway.control.messages import Request

    done = told(opened(config, lang), Request("roll_call_confirm", id=call, by=by))
    _tell(done, _begun(done), as_json=as_json)


@roll_call_app.command("list")
def list_calls(
    config: ConfigOption = DEFAULT_CONFIG,
    *,
    by: ByOption = "",
    as_json: JsonOption = False,
    lang: CountyLanguageOption = "",
) -> None:
    """List roll calls, the latest first."""
    from gateway.cli.county import opened, told
    from gateway.control.messages import Request

    configuration = opened(config, lang)
    calls = told(configuration, Request("roll_calls", by=by))["calls"]
    for one in calls:
        _tell(one, [_line(one, configuration)], as_json=as_json)
    if not calls and not as_json:
        typer.echo(_said("roll_call_no_calls"))


@roll_call_app.command("show")
def show_call(
    call: CallArgument,
    config: ConfigOption = DEFAULT_CONFIG,
    *,
    by: ByOption = "",
    as_json: JsonOption = False,
    lang: CountyLanguageOption = "",
) -> None:
    """Show the lists of a roll call as they stand: who, why, since when."""
    from gateway.cli.county import opened, told
    from gateway.control.messages import Request

    configuration = opened(config, lang)
    data = told(configuration, Request("roll_calls", id=call, by=by))
    one, digest = data["call"], data["call"].get("lists_digest", "")
    lines = [_line(one, configuration), *_lists(data["rows"], configuration)]
    lines += [_said("roll_call_to_sign", id=call, digest=digest)] if digest else []
    _tell(data, lines, as_json=as_json)


@roll_call_app.command("sign")
def sign_lists(
    call: CallArgument,
    config: ConfigOption = DEFAULT_CONFIG,
    *,
    digest: Annotated[str, typer.Option("--digest", help="As show gives it: of the lists that were seen.")] = "",
    by: ByOption = "",
    as_json: JsonOption = False,
    lang: CountyLanguageOption = "",
) -> None:
    """Sign the lists of a roll call; they are frozen then."""
    from gateway.cli.county import opened, told
    from gateway.control.messages import Request

    done = told(opened(config, lang), Request("roll_call_sign", id=call, digest=digest, by=by))
    _tell(done, [_said("roll_call_now_signed", id=done["id"], digest=done["digest"])], as_json=as_json)


def _tell(data: dict[str, Any], lines: list[str], *, as_json: bool) -> None:
    for line in [json.dumps(data, ensure_ascii=False)] if as_json else lines:
        typer.echo(line)


def _said(key: str, **values: object) -> str:
    from gateway.words.phrases import LANGUAGE, phrase

    return phrase(key, **values).of(LANGUAGE.get())


def _offered(data: dict[str, Any]) -> list[str]:
    from gateway.words.phrases import LANGUAGE
    from gateway.words.roll_call_words import REASONS

    lines = [_said("roll_call_offered", orders=data["orders"], people=data["people"])]
    left = data["left"].items()
    lines += [_said("roll_call_left", reason=REASONS[one].of(LANGUAGE.get()), count=count) for one, count in left]
    lines += [_said("roll_call_seed", seed=data["seed"])] if data["seed"] else []
    return [*lines, _said("roll_call_asks_second")] if data["of_all"] else lines


def _begun(done: dict[str, Any]) -> list[str]:
    if done["state"] == "waits":
        return [_said("roll_call_to_confirm", id=done["id"])]
    return [_said("roll_call_begun", id=done["id"], orders=done["orders"])]


def _line(one: dict[str, Any], configuration: Configuration) -> str:
    """One roll call in a line."""
    from zoneinfo import ZoneInfo

    from gateway.rollcall.limits import clock_of

    chosen = one["selection"]
    scope = [chosen[name] for name in ("level", "office") if chosen[name]] or [_said("roll_call_all")]
    scope += [_said("roll_call_share", percent=chosen["percent"])] if chosen["percent"] != 100 else []  # noqa: PLR2004
    states = {"waits": "roll_call_is_waiting", "signed": "roll_call_is_signed", "complete": "roll_call_is_complete"}
    return _said(
        "roll_call_line", id=one["id"], by=one["by"], orders=one["orders"], purpose=one["purpose"],
        time=clock_of(one["begun"], ZoneInfo(configuration.county.timezone)) if one["begun"] else "-",
        scope=" ".join(scope), state=_said(states.get(one["state"], "roll_call_goes_on"), owed=one.get("owed", 0)),
    )  # fmt: skip


def _lists(rows: list[dict[str, Any]], configuration: Configuration) -> Iterator[str]:
    """A heading a list, a line a person."""
    from zoneinfo import ZoneInfo

    from gateway.rollcall.limits import clock_of
    from gateway.words.phrases import LANGUAGE
    from gateway.words.roll_call_words import LISTS, REASONS

    zone, language = ZoneInfo(configuration.county.timezone), LANGUAGE.get()
    for key, said in LISTS.items():
        mine = [row for row in rows if row["list"] == key]
        yield f"{said.of(language)}: {len(mine)}"
        for row in mine:
            since = clock_of(row["since"], zone) if row["since"] else "-"
            yield f"  {row['person']}  {row['office']}  {since}  {REASONS[row['reason']].of(language)}"
