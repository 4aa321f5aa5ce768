#!/bin/sh
# Builds the head fuzzer and runs it.
#   Tests/Fuzz/run.sh [inputs, default 1000000] [more libFuzzer options]
# New inputs are collected in .build-fuzz/corpus. A failing one is left in Tests/Fuzz/Failures, where the
# ordinary tests replay it from then on.
set -eu
cd "$(dirname "$0")/../.."
inputs=${1:-1000000}
[ $# -gt 0 ] && shift
scratch=.build-fuzz
LAKEGATE_FUZZ=1 swift build -c release -j 2 --sanitize fuzzer --scratch-path "$scratch" --product HeadFuzz
mkdir -p "$scratch/corpus"
SWIFT_BACKTRACE=enable=no exec nice "$scratch/release/HeadFuzz" -runs="$inputs" -max_len=2048 \
    -dict=Tests/Fuzz/head.dict -artifact_prefix=Tests/Fuzz/Failures/ -print_final_stats=1 "$@" \
    "$scratch/corpus" Tests/Fuzz/Corpus
