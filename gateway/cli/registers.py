"""The commands of an office: who wears what, leave, what a bracelet rests on; each holds at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from gateway.cli.options import DEFAULT_CONFIG, ByOption, ConfigOption, CountyLanguageOption, JsonOption

if TYPE_CHECKING:
    from collections.abc import Mapping

registers_app = typer.Typer(
    help="Registers: who wears what, leave, authorities; each holds at once."
    " 登记：佩戴、更换、取下、收回、请假、销假、延长；立即生效。",
    no_args_is_help=True,
)
Wearer = Annotated[str, typer.Argument(metavar="PERSON", help="As in people.csv.")]
Bracelet = Annotated[str, typer.Argument(metavar="DEVICE", help="As in devices.csv.")]
Other = Annotated[str, typer.Argument(metavar="OTHER", help="The device that takes its place.")]
Beginning = Annotated[str, typer.Option("--from", help="Local time of the county; default: now.")]
Moment = Annotated[str, typer.Option("--at", help="Local time of the county; default: now.")]
Protocol = Annotated[str, typer.Option("--protocol", help="Of a device that is not entered yet, for example jt808.")]
Number = Annotated[str, typer.Option("--identity", help="Its number, as on the label.")]
Profile = Annotated[str, typer.Option("--profile", help="Model profile.")]


@registers_app.command("fit")
def fit(  # noqa: PLR0913, PLR0917  one parameter an option
    device: Bracelet,
    person: Wearer,
    config: ConfigOption = DEFAULT_CONFIG,
    since: Beginning = "",
    protocol: Protocol = "",
    identity: Number = "",
    profile: Profile = "",
    by: ByOption = "",
    lang: CountyLanguageOption = "",
) -> None:
    """Somebody wears a bracelet from now on."""
    new = {"protocol": protocol, "identity": identity, "profile": profile}
    _enter(config, lang, by, "fit", {"device": device, "person": person, "from": since, **new})


@registers_app.command("swap")
def swap(  # noqa: PLR0913, PLR0917  one parameter an option
    person: Wearer,
    device: Bracelet,
    other: Other,
    config: ConfigOption = DEFAULT_CONFIG,
    since: Beginning = "",
    protocol: Protocol = "",
    identity: Number = "",
    profile: Profile = "",
    by: ByOption = "",
    lang: CountyLanguageOption = "",
) -> None:
    """Somebody wears another bracelet instead of the one of before."""
    new = {"protocol": protocol, "identity": identity, "profile": profile}
    _enter(config, lang, by, "swap", {"person": person, "device": device, "to": other, "from": since, **new})


@registers_app.command("remove")
def remove(
    device: Bracelet,
    config: ConfigOption = DEFAULT_CONFIG,
    at: Moment = "",
    by: ByOption = "",
    lang: CountyLanguageOption = "",
) -> None:
    """A bracelet is taken off for good."""
    _enter(config, lang, by, "remove", {"device": device, "at": at})


@registers_app.command("put-away")
def put_away(
    device: Bracelet,
    config: ConfigOption = DEFAULT_CONFIG,
    at: Moment = "",
    by: ByOption = "",
    lang: CountyLanguageOption = "",
) -> None:
    """A bracelet that nobody wears goes into the cupboard: it is not heard until it is fitted again."""
    _enter(config, lang, by, "put_away", {"device": device, "at": at})


@registers_app.command("leave")
def leave(  # noqa: PLR0913, PLR0917  one parameter an option
    person: Wearer,
    since: Annotated[str, typer.Option("--from", help="Local time of the county, for example 2026-11-02 08:00.")],
    until: Annotated[str, typer.Option("--until", help="The same.")],
    approved_by: Annotated[str, typer.Option("--approved-by", help="Who approved it, by office.")],
    zone: Annotated[str, typer.Option("--zone", help="Where they have to be meanwhile; one of zones.")] = "",
    travel: Annotated[
        str, typer.Option("--travel", help="On the way there, and back, for so long; 6h if left out.")
    ] = "",
    excuses: Annotated[
        str, typer.Option("--excuses", help="Rules that it lifts, with blanks between them; all if left out.")
    ] = "",
    config: ConfigOption = DEFAULT_CONFIG,
    by: ByOption = "",
    lang: CountyLanguageOption = "",
) -> None:
    """Somebody is on leave."""
    given = {"person": person, "zone": zone, "from": since, "until": until, "approved_by": approved_by}
    given |= {"travel": travel, "excuses": excuses}
    _enter(config, lang, by, "leave", given)


@registers_app.command("return")
def return_(
    person: Wearer,
    config: ConfigOption = DEFAULT_CONFIG,
    at: Moment = "",
    by: ByOption = "",
    lang: CountyLanguageOption = "",
) -> None:
    """Somebody is back from leave, sooner or later than was approved: the leave ends."""
    _enter(config, lang, by, "return", {"person": person, "at": at})


@registers_app.command("removal")
def removal(  # noqa: PLR0913, PLR0917  one parameter an option
    person: Wearer,
    reason: Annotated[str, typer.Option("--reason", help="hospital, examination or repair")],
    until: Annotated[str, typer.Option("--until", help="Local time by which it has to be back.")],
    approved_by: Annotated[str, typer.Option("--approved-by", help="Who approved it, by office.")],
    since: Beginning = "",
    config: ConfigOption = DEFAULT_CONFIG,
    by: ByOption = "",
    lang: CountyLanguageOption = "",
) -> None:
    """A bracelet is taken off with leave for a while: strap and silence are no alarm until its end."""
    given = {"person": person, "reason": reason, "from": since, "until": until, "approved_by": approved_by}
    _enter(config, lang, by, "removal", given)


@registers_app.command("extend")
def extend(  # noqa: PLR0913, PLR0917  one parameter an option
    person: Wearer,
    document: Annotated[str, typer.Option("--document", help="Number of the approval.")],
    assessment: Annotated[str, typer.Option("--assessment", help="The document that says why it is still needed.")],
    approved_by: Annotated[str, typer.Option("--approved-by", help="Who approved it, by office.")],
    informed: Annotated[str, typer.Option("--informed", help="Day on which the person was told, before it begins.")],
    since: Annotated[str, typer.Option("--from", help="First day.")],
    until: Annotated[str, typer.Option("--until", help="Last day; three months at most.")],
    ground: Annotated[str, typer.Option("--ground", help="Statutory ground; needed for a bracelet.")] = "",
    kind: Annotated[str, typer.Option("--kind", help="bracelet or phone_check")] = "bracelet",
    config: ConfigOption = DEFAULT_CONFIG,
    by: ByOption = "",
    lang: CountyLanguageOption = "",
) -> None:
    """An authority is extended; whether it is still necessary is asked every 30 days."""
    given = {
        "person": person, "kind": kind, "ground": ground, "document": document, "approved_by": approved_by,
        "wearer_informed": informed, "from": since, "until": until, "assessment": assessment,
    }  # fmt: skip
    _enter(config, lang, by, "extend", given)


@registers_app.command("fitting-check")
def fitting_check(
    person: Wearer,
    config: ConfigOption = DEFAULT_CONFIG,
    by: ByOption = "",
    *,
    begin: Annotated[
        bool, typer.Option("--begin/--no-begin", help="Order a report and a test alarm first, and wait for them.")
    ] = True,
    as_json: JsonOption = False,
    lang: CountyLanguageOption = "",
) -> None:
    """Check a bracelet that was just fitted: strap, fix, beacon, an order answered, a test alarm at the platform."""
    from gateway.cli.county import opened
    from gateway.cli.register_lines import check_fitting

    configuration = opened(config, lang)
    raise typer.Exit(not check_fitting(configuration, person, _signed(by), begin=begin, as_json=as_json))


@registers_app.command("list")
def list_registers(
    config: ConfigOption = DEFAULT_CONFIG,
    by: ByOption = "",
    *,
    as_json: JsonOption = False,
    lang: CountyLanguageOption = "",
) -> None:
    """List what was entered and is not written back into the files yet, oldest first."""
    from gateway.cli.county import opened
    from gateway.cli.register_lines import list_deeds

    list_deeds(opened(config, lang), _signed(by), as_json=as_json)


@registers_app.command("write-back")
def write_back(config: ConfigOption = DEFAULT_CONFIG, by: ByOption = "", lang: CountyLanguageOption = "") -> None:
    """Write what was entered into the county's files: in place, comments and order kept; all holds as before."""
    from gateway.cli.register_lines import write_back as write

    write(config, lang, _signed(by))


def _enter(config: ConfigOption, lang: str, by: str, do: str, values: Mapping[str, str]) -> None:
    from gateway.cli.county import opened
    from gateway.cli.register_lines import enter

    enter(opened(config, lang), do, values, _signed(by))


def _signed(by: str) -> str:
    """Who does it, in one line of what can be seen; empty: whoever the daemon sees at the other end."""
    from gateway.journal.controls import printable

    return " ".join(printable(by).split())
