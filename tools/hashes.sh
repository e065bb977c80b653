#!/usr/bin/env bash
# Adds to each line of requirements/*.lock the digests of all files of that version, for every system and Python, so
# that pip installs nothing else: tools/lock.sh calls this. Names no index.
set -euo pipefail
export LC_ALL=C
cd "$(dirname "$0")/../requirements"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"${1:-python3}" -m venv "$work/venv"
"$work/venv/bin/python" -m pip --quiet --disable-pip-version-check install pip-tools

# Locks that are installed together, as one: what a package needs may stand in another one.
hash_locks() {
  cat "$@" | grep -o '^[^ \\]*==[^ \\]*' >"$work/pinned.in"
  "$work/venv/bin/pip-compile" --quiet --no-config --generate-hashes --no-annotate --no-header --no-emit-index-url \
    --no-emit-trusted-host --no-emit-find-links --no-emit-options --allow-unsafe --strip-extras \
    --output-file "$work/hashed" "$work/pinned.in"
  "$work/venv/bin/python" - "$work/hashed" "$@" <<'PYTHON'
import re
import sys
from pathlib import Path


def name_of(line):
    return re.sub(r"[-_.]+", "-", line.partition("==")[0]).lower()


hashed, *locks = map(Path, sys.argv[1:])
found = {name_of(block): block for block in re.split(r"\n(?=\S)", hashed.read_text().rstrip())}
for lock in locks:
    pinned = [line for line in lock.read_text().splitlines() if "==" in line]
    made = []
    for line in pinned:
        block = found.pop(name_of(line))
        assert block.split()[0].partition("==")[2] == line.split()[0].partition("==")[2], line
        made.append(block)
    lock.write_text("\n".join(made) + "\n")
assert not found, f"not in a lock: {sorted(found)}"
PYTHON
}
hash_locks runtime.lock build.lock test.lock
for lock in bench.lock checkers.lock fonts.lock; do hash_locks "$lock"; done
