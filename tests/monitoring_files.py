"""What the dashboard and the alert rules ask for, and whether a page of figures has it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from prometheus_client.parser import text_string_to_metric_families as parsed
from ruamel.yaml import YAML

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER: Final = Path(__file__).parents[1] / "docs" / "monitoring"
RULES: Final = FOLDER / "alerts.yaml"
SELECTOR: Final = re.compile(r"\b(bracelet_gateway_\w+)(?:\{([^}]*)\})?")
MATCHER: Final = re.compile(r'(\w+)(=~|=)"([^"]*)"')


def rules() -> list[dict[str, Any]]:
    """All alert rules."""
    return [rule for group in YAML(typ="safe").load(RULES)["groups"] for rule in group["rules"]]


def panels() -> list[dict[str, Any]]:
    """Panels of the dashboard, but for the headings of its rows."""
    dashboard = json.loads((FOLDER / "dashboard.json").read_text("utf-8"))
    return [panel for panel in dashboard["panels"] if panel["type"] != "row"]


def expressions() -> list[str]:
    """All that is asked of Prometheus."""
    asked = [target["expr"] for panel in panels() for target in panel["targets"]]
    return asked + [rule["expr"] for rule in rules()]


def unserved(page: str, expression: str) -> list[str]:
    """Selectors of an expression to which nothing on a page belongs.

    One that names labels wants a sample with these values; of others the figure may have no sample yet.
    """
    families = list(parsed(page))
    names = {family.name + end for family in families for end in _ENDS[family.type]}
    samples = [(one.name, one.labels) for family in families for one in family.samples]
    return [
        found[0] for found in SELECTOR.finditer(expression)
        if found[1] not in names
        or not all(
            any(name == found[1] and _fits(labels, *matcher) for name, labels in samples)
            for matcher in _alternatives(found[2] or "")
        )
    ]  # fmt: skip


_ENDS: Final = {"counter": ("_total",), "gauge": ("",), "histogram": ("_bucket", "_count", "_sum")}


def _alternatives(matchers: str) -> Iterator[tuple[str, str]]:
    """Label and value, one for each value that a matcher names."""
    for label, operator, values in MATCHER.findall(matchers):
        for value in values.split("|") if operator == "=~" else [values]:
            yield label, value


def _fits(labels: dict[str, str], label: str, value: str) -> bool:
    return labels.get(label) == value
