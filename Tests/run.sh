#!/usr/bin/env bash
# Runs every test there is: the house rules, the Swift tests, and the end-to-end tests against a release build.
# Installs nothing (Tests/install.sh does). Every step runs, even after a failure; the last line sums up.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export NO_PROXY="localhost,127.0.0.1${NO_PROXY:+,$NO_PROXY}" no_proxy="localhost,127.0.0.1${no_proxy:+,$no_proxy}"

reports=.build-e2e/reports
rm -rf "$reports"
mkdir -p "$reports"
broken=()
durations=()

# step NAME COMMAND...: runs it; a failure is remembered and does not stop the rest.
step() {
    local name="$1" began=$SECONDS
    shift
    printf '\n==> %s\n' "$name"
    local ending=passed
    "$@" || { ending=FAILED && broken+=("$name"); }
    durations+=("$(printf '%-16s %5d s  %s' "$name" $((SECONDS - began)) "$ending")")
}

# One at a time: many tests wait for sockets and programs, and on two cores their waits would starve each other.
swift_tests() {
    timeout 1200 swift test --skip-build --disable-xctest --no-parallel --xunit-output "$reports/swift.xml"
}

end_to_end() {
    LAKEGATE_BINARY="$(swift build -c release --show-bin-path)/lakegate" \
        LAKEGATE_SCREENSHOTS="${LAKEGATE_SCREENSHOTS:-.build-e2e/screenshots}" \
        timeout 1200 .build-e2e/venv/bin/python -m pytest -q --tb=short -p no:cacheprovider \
        --junitxml="$reports/pytest.xml" Tests/EndToEnd
}

step "house rules" Tests/house.sh
step "debug build" swift build --build-tests
step "swift tests" swift_tests
step "release build" swift build -c release --product lakegate
step "end to end" end_to_end

printf '\n==> durations\n'
printf '%s\n' "${durations[@]}" "$(printf '%-16s %5d s' total "$SECONDS")"
python3 Tests/Rig/tally.py "${broken[*]+$(IFS=,; echo "${broken[*]}")}" "$reports"/swift*.xml "$reports/pytest.xml"
