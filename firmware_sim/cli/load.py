"""``bracelet-sim load``: thousands of connections on an open-loop schedule."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003  typer reads it at run time
from typing import Annotated

import typer
from rich.console import Console

from firmware_sim.cli.options import FAILED, refuse
from firmware_sim.load import Editions, LoadFault, Options, as_json, as_table, perform, write_county


def load(  # noqa: PLR0913  one argument an option
    *,
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="TCP port of the gateway's listener.")],
    host: Annotated[str, typer.Option(help="A loopback address.")] = "127.0.0.1",
    connections: Annotated[int, typer.Option(min=1, help="Bracelets, a connection each.")] = 1000,
    rate: Annotated[float, typer.Option(help="Reports a second, all together.")] = 1000.0,
    seconds: Annotated[float, typer.Option(help="Of reporting.")] = 10.0,
    ramp: Annotated[float, typer.Option(help="Seconds over which they connect.")] = 5.0,
    first: Annotated[str, typer.Option(help="Phone number of the first; the others follow.")] = "13900000000",
    editions: Annotated[Editions, typer.Option(help="Of JT/T 808.")] = Editions.MIXED,
    county: Annotated[
        Path | None, typer.Option(help="Write the gateway's configuration for such a run here, and end.")
    ] = None,
    json_lines: Annotated[bool, typer.Option("--json", help="JSON instead of a table.")] = False,
) -> None:
    """Report on a schedule that does not wait for the gateway, and show how long its answers took.

    Exit code 1: a login failed, or a report was refused or never answered.
    """
    if county is not None:
        write_county(county, connections, first, port, str(county.resolve().parent / "state"))
        typer.echo(f"bracelet-gateway run --config {county}")
        return
    try:
        options = Options(
            port, host=host, connections=connections, rate=rate, seconds=seconds, ramp=ramp, first=first,
            editions=editions,
        )  # fmt: skip
        result = perform(options)
    except LoadFault as fault:
        refuse(str(fault))
    if json_lines:
        typer.echo(as_json(result))
    else:
        Console().print(as_table(result))
    if result.failures or result.lost or result.refused:
        raise typer.Exit(FAILED)
