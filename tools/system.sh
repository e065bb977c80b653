#!/usr/bin/env bash
# The system's own programs that the tests use: what is missing is installed where this is Debian and root.
# Elsewhere it is named, with exit code 1.
set -euo pipefail

# Each program and Debian's package of it.
wanted=(nginx:nginx-light java:default-jre-headless npm:npm chromium:chromium chromedriver:chromium-driver
  pdftotext:poppler-utils)

PATH=$PATH:/usr/sbin
missing=()
for pair in "${wanted[@]}"; do
  command -v "${pair%%:*}" >/dev/null || missing+=("${pair##*:}")
done
[ ${#missing[@]} -gt 0 ] || exit 0

if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
  echo "not installed: ${missing[*]} (Debian's names); the tests that need them are skipped"
  exit 1
fi
echo "installing ${missing[*]} (once)"
# A package may start its server as it is installed: none is wanted here.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod 755 "$policy"
  trap 'rm -f "$policy"' EXIT
fi
log=$(mktemp)
if ! {
  apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends "${missing[@]}"
} >"$log" 2>&1; then
  tail -n 20 "$log" >&2
  exit 1
fi
