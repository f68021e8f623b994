#!/bin/sh
# numba 0.68.1: `njit(cache=True)` keeps compiled code by the file of the outermost function alone. Where a function that
# it calls stands in another file and has changed, the next process runs the old one, compiled, without a word; the
# same call in Python gives the new result.
# What we do: formulas/formula.py keeps compiled code in a folder named by the digest of all files that formulas stand in.
# Fails if this has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check numba==0.68.1 numpy==2.4.6
mkdir "$folder/work"
cat > "$folder/work/total.py" <<'PYTHON'
import numba
import numpy as np

import part


def total(numbers):
    found = 0.0
    for number in numbers:
        found += part.part(number)
    return found


numbers = np.arange(4.0)
part.part = numba.njit(part.plain)
print(numba.njit(cache=True)(total)(numbers), sum(part.plain(number) for number in numbers))
PYTHON
run() {
    printf 'def plain(number):\n    return %s * number\n' "$1" > "$folder/work/part.py"
    (cd "$folder/work" && "$folder/venv/bin/python" total.py)
}
"$folder/venv/bin/python" -c "import numba; print('numba', numba.__version__)"
first=$(run 2.0)
second=$(run 30.0)
echo "factor 2: compiled and in Python $first; factor 30: $second"
[ "$first" = "12.0 12.0" ] && [ "$second" = "12.0 180.0" ]
