"""Options that several commands have."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

Language = Literal["zh", "en"]
ConfigOption = Annotated[Path, typer.Option("--config", help="gateway.yaml, or the directory that holds it.")]
LanguageOption = Annotated[Language, typer.Option("--lang", help="zh or en")]
CountyLanguageOption = Annotated[
    Literal["", "zh", "en"], typer.Option("--lang", help="zh or en; default: the county's.", show_default=False)
]
ByOption = Annotated[
    str, typer.Option("--by", help="Who does it, by staff number; default: whom the account belongs to.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="JSON, for scripts.")]
DEFAULT_CONFIG = Path("/etc/bracelet-gateway")
