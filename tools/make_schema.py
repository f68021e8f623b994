"""Writes the JSON Schema that editors use, from the raw models, into the shipped sample and ``config/``."""

from __future__ import annotations

import json
from pathlib import Path

from gateway.settings.raw import GatewayFile

ROOT = Path(__file__).resolve().parents[1]
TARGETS = (ROOT / "gateway/settings/sample/common/schema.json", ROOT / "config/schema.json")


def schema() -> str:
    """The schema of the main file; nothing in it is required, so that it serves included files too."""
    whole = GatewayFile.model_json_schema(by_alias=True)
    whole.pop("required", None)
    whole["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    whole["title"] = "bracelet-gateway configuration"
    whole["description"] = "gateway.yaml and the files it includes; check says what is missing."
    return json.dumps(whole, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def main() -> None:
    """Write all copies."""
    for target in TARGETS:
        target.write_text(schema(), encoding="utf-8")
        print(target.relative_to(ROOT))


if __name__ == "__main__":
    main()
