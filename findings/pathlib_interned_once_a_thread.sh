#!/bin/sh
# CPython up to 3.11 and glibc: pathlib interns each part of each path. Names that come and go use up the table of interned
# strings, which is then made anew: one block of some megabytes, in whichever thread names a path. glibc maps the first
# such block; once that was let go of it takes blocks of this size from the heap of the thread that asks, and keeps them
# there. So a process that lives on, and names files in several threads, grows by such a block a thread, in steps days apart.
# What we do: the units set MALLOC_MMAP_THRESHOLD_, so that large blocks are mapped, and go back, ever; work in old files
# has one thread (gateway/writer.py), and names no file in vain (gateway/journal/past_days.py).
# Fails if this has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat > "$folder/steps.py" <<'PYTHON'
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path


def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


def name(first, until):
    for number in range(first, until):
        Path(f"/var/lib/day-{number}.journal")


alive = [sys.intern(f"what lives on, {number}") for number in range(55_000)]
threads = [ThreadPoolExecutor(1) for _ in range(6)]
for one in threads:
    one.submit(name, 0, 10).result()
before = resident()
for at in range(12):
    threads[at % 6].submit(name, at * 140_000, (at + 1) * 140_000).result()
print(f"{resident() - before:.1f}")
PYTHON
python3 --version
default=$(env -u MALLOC_MMAP_THRESHOLD_ python3 "$folder/steps.py")
mapped=$(MALLOC_MMAP_THRESHOLD_=1048576 python3 "$folder/steps.py")
echo "1,680,000 names of files by six threads in turn: grown by $default MiB; with large blocks mapped by $mapped MiB"
[ "${default%.*}" -ge 10 ] && [ "${mapped%.*}" -le 4 ]
