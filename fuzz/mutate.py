"""Blind search, faster than the guided one: ``python -m fuzz.mutate jt808 [--runs N] [--seed N]``.

Inputs are made from the saved corpus by cutting, copying, splicing and changing bytes, and go the same way as those of
the guided search, without the instruments. A finding ends it; the input at hand is printed as hexadecimal digits.
Frames are decoded in pools, so that the input may also be an earlier one: the same seed finds it again.
"""

from __future__ import annotations

import argparse
import random
import sys
import time

from fuzz.campaign import LONGEST, saved
from fuzz.harness import HEAD, goes_whole
from fuzz.seeds import seeds_of
from fuzz.targets import NAMES, target_of

TELLING = (0x00, 0x01, 0x02, 0x0A, 0x0D, 0x2C, 0x40, 0x78, 0x79, 0x7D, 0x7E, 0x7F, 0x80, 0xFE, 0xFF)
MOST_CHANGES = 4
SPLICED = 0.3
HAMMER_EVERY = 8192
REPORT_EVERY = 500_000


def _flip(data: bytearray, at: int, chance: random.Random) -> None:
    data[at : at + 1] = bytes(byte ^ 1 << chance.randrange(8) for byte in data[at : at + 1])


def _tell(data: bytearray, at: int, chance: random.Random) -> None:
    data[at : at + 1] = bytes((chance.choice(TELLING),))


def _cut(data: bytearray, at: int, chance: random.Random) -> None:
    del data[at : at + chance.randrange(16)]


def _insert(data: bytearray, at: int, chance: random.Random) -> None:
    data[at:at] = chance.randbytes(1 + chance.randrange(8))


def _repeat(data: bytearray, at: int, chance: random.Random) -> None:
    data[at:at] = data[at : at + chance.randrange(32)]


CHANGES = (_flip, _tell, _cut, _insert, _repeat)


def mutated(seeds: list[bytes], chance: random.Random) -> bytes:
    """An input: a seed, now and then with another behind it or for its second half, with one to four changes."""
    data = bytearray(chance.choice(seeds))
    if chance.random() < SPLICED:
        data[chance.randrange(len(data) + 1) :] = chance.choice(seeds)[HEAD:]
    for _ in range(1 + chance.randrange(MOST_CHANGES)):
        chance.choice(CHANGES)(data, chance.randrange(len(data) + 1), chance)
    return bytes(data[:LONGEST])


def main() -> int:
    """Returns 0; 1 when something was found."""
    reader = argparse.ArgumentParser(description="Search one wire format blindly.")
    reader.add_argument("family", choices=NAMES)
    reader.add_argument("--runs", type=int, default=10_000_000)
    reader.add_argument("--seed", type=int, default=1)
    given = reader.parse_args()
    target, chance = target_of(given.family), random.Random(given.seed)  # noqa: S311  # repeatable, not secret
    seeds = [*seeds_of(given.family), *saved(given.family)]
    begun, data = time.monotonic(), b""
    try:
        for number in range(1, given.runs + 1):
            data = mutated(seeds, chance)
            target.run(data, whole=goes_whole(data))
            if number % HAMMER_EVERY == 0:
                target.hammer(data)
            if number % REPORT_EVERY == 0 or number == given.runs:
                target.flush()
                rate = number / (time.monotonic() - begun)
                sys.stdout.write(f"{given.family}: {number:,} inputs, {target.frames:,} frames, {rate:,.0f}/s\n")
                sys.stdout.flush()
    except Exception:
        sys.stderr.write(f"{given.family}: input {data.hex()}\n")
        raise
    return 0


if __name__ == "__main__":
    sys.exit(main())
