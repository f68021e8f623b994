"""What is in a bundle, as CycloneDX 1.5 (https://cyclonedx.org/docs/1.5/json/): from the locks, never from a guess."""

from __future__ import annotations

import json
import re
import uuid
from email.parser import HeaderParser
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from tools.bundle.given import LIBRARIES, NAME, PYTHON_SOURCE, ROOT, VERSION

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tools.bundle.given import Machine

Component = dict[str, Any]
PIN: Final = re.compile(r"^([\w.-]+)==([\w.+!-]+)", re.MULTILINE)
NOT_SHIPPED: Final = {"setuptools"}
LONGEST_NAME: Final = 80
"""Characters of a licence's name; what is longer is its text."""


def pins() -> dict[str, str]:
    """What requirements/run.txt pins and a bundle has, by name."""
    found = PIN.findall((ROOT / "requirements" / "run.txt").read_text("utf-8"))
    return {name: version for name, version in found if name not in NOT_SHIPPED}


def sbom(machine: Machine, site: Path | None = None) -> str:
    """The bill of materials as JSON; with the libraries' folder also their licences, as they state them."""
    components = [*_wheels(_licences(site)), *_of_debian(machine)]
    own = {"type": "application", "bom-ref": NAME, "name": NAME, "version": VERSION, "licenses": _licence("Apache-2.0")}
    refs = [one["bom-ref"] for one in components]
    whole = {
        "bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1,
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, ' '.join([NAME, VERSION, machine.name, *refs]))}",
        "metadata": {"component": own, "properties": [{"name": "machine", "value": machine.name}]},
        "components": components, "dependencies": [{"ref": NAME, "dependsOn": refs}],
    }  # fmt: skip
    return json.dumps(whole, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def _wheels(licences: dict[str, str]) -> Iterator[Component]:
    for name, version in sorted(pins().items(), key=lambda pin: pin[0].lower()):
        plain = normal(name)
        yield _component(name, version, f"pkg:pypi/{plain}@{quote(version)}", licences.get(plain, ""))


def _of_debian(machine: Machine) -> Iterator[Component]:
    for name, version in sorted([PYTHON_SOURCE, *LIBRARIES.items()]):
        kind = "source" if name == PYTHON_SOURCE[0] else machine.debian
        yield _component(name, version, f"pkg:deb/debian/{name}@{quote(version)}?arch={kind}", "")


def _component(name: str, version: str, purl: str, licence: str) -> Component:
    made: Component = {"type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl}
    return made | ({"licenses": _licence(licence)} if licence else {})


def _licence(name: str) -> list[dict[str, dict[str, str]]]:
    return [{"license": {"name": name}}]


def _licences(site: Path | None) -> dict[str, str]:
    """By name, of what says so briefly: the expression, else the classifier, else the field."""
    found = {}
    for path in sorted(site.glob("*.dist-info/METADATA")) if site is not None else ():
        said = HeaderParser().parsestr(path.read_text("utf-8"))
        classes = [line.rpartition(" :: ")[2] for line in said.get_all("Classifier", []) if line.startswith("License")]
        name = said["License-Expression"] or ", ".join(classes) or said["License"] or ""
        if len(name) <= LONGEST_NAME:
            found[normal(said["Name"])] = name
    return found


def normal(name: str) -> str:
    """A distribution's name as registries compare it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()
