#!/usr/bin/env bash
# Installs, on Debian 12 with Swift 6.3, what building and testing Lakegate needs: Debian packages and a Python
# environment in .build-e2e. As root, or as somebody who may use sudo. Does nothing that is done already.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

build=(libssl-dev libcurl4-openssl-dev libhiredis-dev libnghttp2-dev pkg-config)
parts=(gcc libc6-dev redis-server redis-tools nginx haproxy apache2-bin glewlwyd nodejs wrk slowhttptest openssl curl)
browser=(chromium chromium-driver libnss3-tools)
python=(python3 python3-venv)

missing=()
for package in "${build[@]}" "${parts[@]}" "${browser[@]}" "${python[@]}"; do
    [[ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)" == installed ]] || missing+=("$package")
done
if ((${#missing[@]})); then
    echo "installing: ${missing[*]}"
    as_root=()
    ((EUID == 0)) || as_root=(sudo)
    "${as_root[@]}" apt-get update -q
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}"
fi
Tests/EndToEnd/install.sh
