#!/usr/bin/env bash
# Makes the Python environments of the end-to-end tests in .build-e2e, each anew whenever its requirements changed: venv,
# scan for sslyze, which wants another release of cryptography, clients for databricks-sql-connector and the warehouse it
# talks to, which bring pandas and Arrow, schema for schemathesis, which brings plugins for pytest, and providers for an OpenID
# provider, which brings Flask. With the word `heavy` also spark, connect and dbt, which take 1.8 GB, and Java.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
room="$here/../../.build-e2e"
mkdir -p "$room"

# environment NAME REQUIREMENTS
environment() {
    local made="$room/$1/made-for" wanted
    wanted="$(sha256sum <"$here/$2") $(python3 --version)"
    [[ -f "$made" && "$(<"$made")" == "$wanted" ]] && return
    rm -rf "${room:?}/$1"
    python3 -m venv "$room/$1"
    "$room/$1/bin/pip" install --quiet --disable-pip-version-check --requirement "$here/$2"
    printf '%s\n' "$wanted" >"$made"
}

environment venv requirements.txt
environment scan requirements-scan.txt
environment clients requirements-clients.txt
environment schema requirements-schema.txt
environment providers requirements-providers.txt
[[ "${1:-}" == heavy ]] || exit 0
environment spark requirements-spark.txt
environment connect requirements-connect.txt
environment dbt requirements-dbt.txt
command -v java >/dev/null || {
    as_root=()
    ((EUID == 0)) || as_root=(sudo)
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends openjdk-17-jre-headless
}
