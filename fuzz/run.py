"""Fuzz one family: ``python -m fuzz.run jt808 -runs=100000 [more options of libFuzzer] [corpus folders]``.

Exits with libFuzzer's code: 0 when all runs passed; a finding is printed and left as ``crash-...`` in the folder given
by ``-artifact_prefix``.
"""

from __future__ import annotations

import sys
import time

import atheris

BATCHED = [f"protocols.{module}" for module in ("account", "columns", "report", "rows", "jt808.batch", "gt06.fill")]
"""Run for many inputs at once, so that their branches say nothing of the input at hand."""

with atheris.instrument_imports(include=["protocols"], exclude=BATCHED):
    from fuzz.harness import goes_whole
    from fuzz.targets import target_of

HAMMER_EVERY = 8192
REPORT_EVERY = 200_000


def main(arguments: list[str]) -> None:
    """Run until libFuzzer ends the process."""
    name, *options = arguments
    target = target_of(name)
    begun = time.monotonic()

    def once(data: bytes) -> None:
        target.run(data, whole=goes_whole(data))
        if target.inputs % HAMMER_EVERY == 0:
            target.hammer(data)
        if target.inputs % REPORT_EVERY == 0:
            target.flush()
            rate = target.inputs / (time.monotonic() - begun)
            print(f"{name}: {target.inputs:,} inputs, {target.frames:,} frames, {rate:,.0f} inputs/s", flush=True)  # noqa: T201  # progress

    atheris.Setup([sys.argv[0], *options], once)
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1:])
