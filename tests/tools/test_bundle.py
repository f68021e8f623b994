"""What a bundle is put together from: its bill of materials, sums, archive, and the C library that it asks for."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
from packaging.utils import canonicalize_name

from gateway.evidence.verify import sm3
from tools.bundle.deb import deb
from tools.bundle.given import LIBRARIES, MACHINES, PYTHON_SOURCE, VERSION
from tools.bundle.library import newest
from tools.bundle.pack import pack
from tools.bundle.sbom import sbom
from tools.bundle.sums import write_sums
from tools.bundle.tree import launcher

ROOT = Path(__file__).parents[2]
PURL = re.compile(r"pkg:(pypi|deb/debian)/[\w.+-]+@[\w.+%~-]+(\?arch=\w+)?")
"""Package URLs of the two kinds that are in it (https://github.com/package-url/purl-spec)."""
FIELDS = {"type", "bom-ref", "name", "version", "purl", "licenses"}


@pytest.mark.parametrize("machine", MACHINES.values(), ids=list(MACHINES))
def test_the_bill_of_materials_names_what_the_locks_pin(machine):
    whole = json.loads(sbom(machine))
    assert (whole["bomFormat"], whole["specVersion"], whole["version"]) == ("CycloneDX", "1.5", 1)
    assert re.fullmatch(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", whole["serialNumber"])
    lines = (ROOT / "requirements" / "run.txt").read_text("utf-8").splitlines()
    pinned = dict(line.split("==") for line in lines if re.match(r"[\w.-]+==", line))
    del pinned["setuptools"]
    components = {one["name"]: one for one in whole["components"]}
    assert {name: one["version"] for name, one in components.items()} == pinned | LIBRARIES | dict([PYTHON_SOURCE])
    for one in components.values():
        assert one.keys() <= FIELDS
        assert PURL.fullmatch(one["purl"])
    refs = [one["bom-ref"] for one in components.values()]
    assert len(set(refs)) == len(refs)
    assert whole["dependencies"] == [{"ref": whole["metadata"]["component"]["bom-ref"], "dependsOn": refs}]
    assert sbom(machine) == sbom(machine)


def test_licences_are_those_that_the_libraries_state():
    site = next(path for path in map(Path, sys.path) if (path / "numpy").is_dir())
    stated = {
        one["name"]: one["licenses"][0]["license"]["name"]
        for one in json.loads(sbom(MACHINES["x86_64"], site))["components"] if "licenses" in one
    }  # fmt: skip
    assert stated["aiohttp"].startswith("Apache-2.0")
    assert {canonicalize_name(name) for name in stated} >= {"numba", "shapely", "starlette", "typer"}


def test_sums_are_those_of_the_files(tmp_path):
    for name, octets in (("b", b"two"), ("a", b"")):
        (tmp_path / name).write_bytes(octets)
    write_sums(tmp_path, ["b", "a"])
    assert (tmp_path / "SHA256SUMS").read_text("utf-8").splitlines() == [
        f"{hashlib.sha256(octets).hexdigest()}  {name}" for name, octets in (("a", b""), ("b", b"two"))
    ]
    assert (tmp_path / "SM3SUMS").read_text("utf-8").splitlines() == [f"{sm3(b'')}  a", f"{sm3(b'two')}  b"]


def test_the_same_files_make_the_same_archive_whoever_owns_them_and_whenever_they_were_written(tmp_path):
    moments, made = (1, 2), []
    for moment in moments:
        folder = tmp_path / str(moment)
        (folder / "bin").mkdir(parents=True, mode=0o700 | moment)
        for name in ("bin/z", "bin/a", "b")[::moment] if moment == 1 else ("b", "bin/a", "bin/z"):
            (folder / name).write_text(name, "utf-8")
        (folder / "bin/a").chmod(0o700 | moment)
        (folder / "link").symlink_to("bin/a")
        made.append(folder.with_suffix(".tar.gz"))
        pack(folder, made[-1], 1_700_000_000, "whole")
    assert made[0].read_bytes() == made[1].read_bytes()
    with tarfile.open(made[0]) as tar:
        modes = {entry.name: (oct(entry.mode), entry.uname, entry.mtime) for entry in tar if entry.isreg()}
    assert modes == {
        name: (mode, "root", 1_700_000_000)
        for name, mode in (("whole/b", "0o644"), ("whole/bin/a", "0o755"), ("whole/bin/z", "0o644"))
    }


@pytest.mark.skipif(shutil.which("dpkg-deb") is None, reason="NOT BUILT HERE: there is no dpkg-deb")
def test_the_same_tree_makes_the_same_package(tmp_path):
    made = []
    for moment in (1, 2):
        folder = tmp_path / str(moment)
        (folder / "prefix" / "bin").mkdir(parents=True)
        (folder / "install.sh").write_text("true\n", "utf-8")
        (folder / "prefix/bin/program").write_text("true\n", "utf-8")
        os.utime(folder / "prefix/bin/program", (moment, moment))
        made.append(folder / "a.deb")
        deb(folder, folder / "prefix", MACHINES["x86_64"], folder, made[-1], 1_700_000_000)
    assert made[0].read_bytes() == made[1].read_bytes()
    subprocess.run(["dpkg-deb", "-x", made[0], tmp_path / "out"], check=True)  # noqa: S607
    assert (tmp_path / f"out/opt/bracelet-gateway/versions/{VERSION}/bin/program").is_file()
    subprocess.run(["dpkg-deb", "-e", made[0], tmp_path / "scripts"], check=True)  # noqa: S607
    assert f"--configure {VERSION}" in (tmp_path / "scripts/postinst").read_text("utf-8")


def test_the_newest_symbols_of_the_c_library_that_a_program_asks_for(tmp_path):
    program = tmp_path / "program"
    program.write_bytes(b"\x7fELF..GLIBC_2.2.5\0GLIBC_2.17\0GLIBC_2.9\0")
    assert newest(program) == (2, 17)
    program.write_bytes(b"#!/bin/sh\n# GLIBC_2.99\n")
    assert newest(program) == (0, 0)


def test_the_launcher_runs_the_program_of_pyproject():
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    for name, module in (("bracelet-gateway", "gateway.cli.app"), ("bracelet-sim", "firmware_sim.cli")):
        assert f'{name} = "{module}:main"' in text
        assert f'sys.argv[0] = "{name}"; from {module} import main' in launcher(name, module)


def test_the_version_is_the_projects():
    assert f'version = "{VERSION}"' in (ROOT / "pyproject.toml").read_text("utf-8")
