"""``worker``: a city's worker as a process, and how all of them stand."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer
from rich.console import Console

from gateway.cli.options import JsonOption, LanguageOption  # noqa: TC001  read at run time, for the options

if TYPE_CHECKING:
    from gateway.settings.worker import WorkerConfiguration

worker_app = typer.Typer(no_args_is_help=True, help="Partitions of counties' logs, stepped at the city.")
WorkerOption = Annotated[Path, typer.Option("--config", help="worker.yaml, or its directory.")]
DEFAULT: Final = Path("/etc/bracelet-worker")


def _opened(path: Path, language: str = "") -> WorkerConfiguration:
    """The worker's configuration. From here on the process speaks ``language``; empty: the worker's."""
    from gateway.settings.worker import load_worker
    from gateway.words.phrases import LANGUAGE

    configuration = load_worker(path, language or None)
    LANGUAGE.set(language or configuration.language)
    return configuration


@worker_app.command("run")
def run_worker(
    config: WorkerOption = DEFAULT,
    clock: Annotated[
        str, typer.Option("--clock", hidden=True, help="EPOCH,ANCHOR,SPEED or file:PATH, for demo and tests.")
    ] = "",
) -> None:
    """Step partitions until it is told to stop; another worker then goes on."""
    from gateway.clock import parse_clock
    from gateway.daemon.logs import configure_logs
    from gateway.worker.running import run

    configure_logs()
    asyncio.run(run(_opened(config), parse_clock(clock)))


@worker_app.command("status")
def status(config: WorkerOption = DEFAULT, *, as_json: JsonOption = False, lang: LanguageOption = "zh") -> None:
    """Say of each partition who has it, and how far behind its log he is."""
    from gateway.words.worker_list import shown
    from gateway.worker.looking import look

    lines = asyncio.run(look(_opened(config, lang)))
    if as_json:
        for line in lines:
            typer.echo(json.dumps(line.stated, ensure_ascii=False))
        return
    Console().print(shown(lines))
