#!/usr/bin/env bash
# Pins what pyproject.toml asks for, by name, version and digests: requirements/*.lock and the package-lock.json of
# tests/checkers/, tests/checkers/lighthouse/ and tools/fontsource/.
set -euo pipefail
export LC_ALL=C
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"${1:-python3}" -m venv "$work/venv"
pip=("$work/venv/bin/python" -m pip --quiet --disable-pip-version-check)
"${pip[@]}" install --upgrade pip
pin() { "${pip[@]}" freeze --exclude sitegen-press | grep '==' | sort >"$1"; }
"${pip[@]}" install .
pin "$work/runtime"
mapfile -t build < <("$work/venv/bin/python" -c '
import tomllib
print(*tomllib.load(open("pyproject.toml", "rb"))["build-system"]["requires"], sep="\n")')
"${pip[@]}" install "${build[@]}" editables
pin "$work/with-build"
"${pip[@]}" install --group test
pin "$work/with-test"
# Each in an environment of its own, so that the versions of the others decide on nothing here.
for group in checkers bench fonts; do
  "${1:-python3}" -m venv "$work/$group-venv"
  apart=("$work/$group-venv/bin/python" -m pip --quiet --disable-pip-version-check)
  "${apart[@]}" install --upgrade pip
  "${apart[@]}" install --group "$group"
  "${apart[@]}" freeze | grep '==' | sort >"requirements/$group.lock"
done
for folder in tests/checkers tests/checkers/lighthouse tools/fontsource; do
  npm update --prefix "$folder" --package-lock-only --save --silent
done
mv "$work/runtime" requirements/runtime.lock
comm -13 requirements/runtime.lock "$work/with-build" >requirements/build.lock
sort requirements/runtime.lock requirements/build.lock |
  comm -13 - "$work/with-test" >requirements/test.lock
tools/hashes.sh "${1:-python3}"
