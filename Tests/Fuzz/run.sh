#!/bin/sh
# Builds the fuzzer and lets it loose on one reader of bytes from outside.
#   Tests/Fuzz/run.sh READER [inputs, default 1000000] [more libFuzzer options]
# READER is the name of a folder in Tests/Fuzz/Corpus. New inputs are collected in .build-fuzz/corpus. One that breaks
# a rule, takes longer than 100 ms or too much memory is left in Tests/Fuzz/Corpus/READER, where the ordinary tests
# replay it from then on.
set -eu
cd "$(dirname "$0")/../.."
reader=${1:-}
kept=Tests/Fuzz/Corpus/$reader
if [ -z "$reader" ] || [ ! -d "$kept" ]; then
    echo "usage: Tests/Fuzz/run.sh READER [inputs]; readers: $(ls Tests/Fuzz/Corpus | tr '\n' ' ')" >&2
    exit 2
fi
inputs=${2:-1000000}
shift
[ $# -gt 0 ] && shift
scratch=.build-fuzz
LAKEGATE_FUZZ=1 swift build -c release -j 2 --sanitize fuzzer --scratch-path "$scratch" --product Fuzzer
mkdir -p "$scratch/corpus/$reader"
words=Tests/Fuzz/Dictionaries/$reader.dict
[ -f "$words" ] && set -- -dict="$words" "$@"
SWIFT_BACKTRACE=enable=no LAKEGATE_FUZZ_READER=$reader exec nice "$scratch/release/Fuzzer" -runs="$inputs" \
    -max_len=4096 -timeout=10 -rss_limit_mb=256 -artifact_prefix="$kept/" -print_final_stats=1 "$@" \
    "$scratch/corpus/$reader" "$kept"
