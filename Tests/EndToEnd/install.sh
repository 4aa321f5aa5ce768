#!/usr/bin/env bash
# Makes the Python environment of the end-to-end tests, .build-e2e/venv, anew whenever its requirements changed.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
room="$here/../../.build-e2e"
wanted="$(sha256sum <"$here/requirements.txt") $(python3 --version)"

mkdir -p "$room"
[[ -f "$room/made-for" && "$(<"$room/made-for")" == "$wanted" ]] && exit 0
rm -rf "$room/venv" "$room/made-for"
python3 -m venv "$room/venv"
"$room/venv/bin/pip" install --quiet --disable-pip-version-check --requirement "$here/requirements.txt"
printf '%s\n' "$wanted" >"$room/made-for"
