"""The commands of whoever sets up the streams between counties and a city: servers' configurations, and the streams."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.options import DEFAULT_CONFIG, ConfigOption, CountyLanguageOption

streams_app = typer.Typer(
    help="Streams between counties and a city: servers and what is kept there. 县与市之间的消息流：服务器和流。",
    no_args_is_help=True,
)
Certificate = Annotated[Path | None, typer.Option("--certificate", help="The server's certificate and chain, PEM.")]
Key = Annotated[Path | None, typer.Option("--key", help="Its private key, PEM.")]
Authorities = Annotated[Path | None, typer.Option("--ca", help="Certificates that vouch for the other servers, PEM.")]
Partitions = Annotated[int, typer.Option("--partitions", min=1, max=64, help="Of a county's journal, as in forward.")]


@streams_app.command("leaf")
def leaf(
    city: Annotated[list[str], typer.Option("--city", help="HOST:PORT for leaves of a city's node; of each one.")],
    credential: Annotated[str, typer.Option("--credential", help="Entry of credentials.yaml that the city knows.")],
    config: ConfigOption = DEFAULT_CONFIG,
    listen: Annotated[str, typer.Option("--listen", help="HOST:PORT for our own programs.")] = "127.0.0.1:4222",
    ca: Authorities = None,
    *,
    lang: CountyLanguageOption = "",
) -> None:
    """Write the configuration of a county's leaf node; it holds a password."""
    from gateway.cli.county import opened
    from gateway.cli.stream_servers import leaf_of

    typer.echo(leaf_of(opened(config, lang), config, credential, city, listen, ca), nl=False)


@streams_app.command("node")
def node(  # noqa: PLR0913, PLR0917  one parameter an option
    name: Annotated[str, typer.Option("--name", help="Of this node, each its own.")],
    store: Annotated[Path, typer.Option("--store", help="Directory of its streams.")],
    config: ConfigOption = DEFAULT_CONFIG,
    listen: Annotated[str, typer.Option("--listen", help="HOST:PORT for the city's own programs.")] = "127.0.0.1:4222",
    leaves: Annotated[str, typer.Option("--leaves", help="HOST:PORT for counties' leaves.")] = "127.0.0.1:7422",
    cluster: Annotated[str, typer.Option("--cluster", help="HOST:PORT for other nodes; none: it is alone.")] = "",
    route: Annotated[list[str] | None, typer.Option("--route", help="HOST:PORT of a node's cluster; of each.")] = None,
    certificate: Certificate = None,
    key: Key = None,
    ca: Authorities = None,
    partitions: Partitions = 1,
    *,
    lang: CountyLanguageOption = "",
) -> None:
    """Write the configuration of a city's node: each county with what it may do; it holds passwords."""
    from gateway.cli.county import city_opened
    from gateway.cli.stream_servers import Asked, node_of

    asked = Asked(name, store, listen, leaves, cluster, tuple(route or ()), certificate, key, ca, partitions)
    typer.echo(node_of(city_opened(config, lang, secrets=True), config, asked), nl=False)


@streams_app.command("make")
def make(
    config: ConfigOption = DEFAULT_CONFIG,
    partitions: Partitions = 1,
    replicas: Annotated[int, typer.Option("--replicas", min=1, max=5, help="3 in a cluster.")] = 1,
    bracelets: Annotated[int, typer.Option("--bracelets", min=1, help="Of a county, at most: so much room.")] = 1_000,
    *,
    lang: CountyLanguageOption = "",
) -> None:
    """Make a city's streams where they are missing; those that differ in more than their room are refused."""
    from gateway.cli.county import city_opened
    from gateway.cli.stream_servers import make_streams

    for line in make_streams(city_opened(config, lang, secrets=True), partitions, replicas, bracelets):
        typer.echo(line)
