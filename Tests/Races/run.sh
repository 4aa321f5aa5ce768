#!/usr/bin/env bash
# Runs the Swift tests under the thread sanitizer.
#   Tests/Races/run.sh [filter, default all tests]
# Works on a copy of the tree, in which the modules that have a mutex or a continuation get the substitutes beside this
# file: the standard library's own are not seen by the sanitizer. Reports are left in .build-races/reports; there must be
# none.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
room="$PWD/.build-races"
rm -rf "$room/tree" "$room/reports"
mkdir -p "$room/tree" "$room/reports"
cp -a Package.swift Package.resolved README.md Config Docker Sources Tests "$room/tree/"

# lay PATTERN FOLDER SUBSTITUTE...: into every module of the folder that uses what the pattern names.
lay() {
    local modules module
    modules=$(grep -rlE "$1" --include='*.swift' --exclude-dir=Races "$2" | cut -d/ -f1,2 | sort -u)
    for module in $modules; do cp -a "${@:3}" "$room/tree/$module/"; done
}
here=Tests/Races/Substitutes
lay '\bMutex[<(]' Sources "$here/Mutex.swift"
lay '\bMutex[<(]' Tests "$here/Mutex.swift"
# A test sees that of the module it tests; another one beside it would be ambiguous.
lay CheckedContinuation Sources "$here/Mutex.swift" "$here/CheckedContinuation.swift"

cd "$room/tree"
swift build --build-tests --sanitize=thread --scratch-path "$room/build"
ending=0
TSAN_OPTIONS="halt_on_error=0 log_path=$room/reports/race" \
    swift test --skip-build --disable-xctest --no-parallel --sanitize=thread --scratch-path "$room/build" \
    --filter "${1:-.}" || ending=$?
found=$(cat "$room/reports/"* 2>/dev/null | grep -c '^WARNING: ThreadSanitizer' || true)
echo "races: ${found:-0}"
[[ "$ending" == 0 && "${found:-0}" == 0 ]]
