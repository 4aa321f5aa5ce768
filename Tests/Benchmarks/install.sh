#!/usr/bin/env bash
# Installs what the benchmarks compare Lakegate with: Debian packages, and Envoy and Caddy into .build-bench/venv.
# As root, or as somebody who may use sudo. Does nothing that is done already, and starts no service.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
room="$here/../../.build-bench"

# apache2-bin is the server alone: unlike apache2 it brings no service that would take port 80.
packages=(nginx haproxy apache2-bin libapache2-mod-auth-openidc nghttp2-client nghttp2-server wrk redis-server
    redis-tools openssl python3 python3-venv)
missing=()
for package in "${packages[@]}"; do
    [[ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)" == installed ]] || missing+=("$package")
done
if ((${#missing[@]})); then
    echo "installing: ${missing[*]}"
    as_root=()
    ((EUID == 0)) || as_root=(sudo)
    "${as_root[@]}" apt-get update -q
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -y -q --no-install-recommends \
        "${missing[@]}"
fi

wanted="$(sha256sum <"$here/requirements.txt") $(python3 --version)"
mkdir -p "$room"
[[ -f "$room/made-for" && "$(<"$room/made-for")" == "$wanted" ]] && exit 0
rm -rf "$room/venv" "$room/made-for"
python3 -m venv "$room/venv"
"$room/venv/bin/pip" install --quiet --disable-pip-version-check --requirement "$here/requirements.txt"
printf '%s\n' "$wanted" >"$room/made-for"
