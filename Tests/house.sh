#!/bin/sh
# The rules of the house that a machine can check. Prints every breach with its remedy; exit code 1 if there is one.
set -u
cd "$(dirname "$0")/.." || exit 2
breaches=0

# breach TITLE REMEDY FINDINGS: nothing happens without findings.
breach() {
    [ -n "$3" ] || return 0
    breaches=$((breaches + 1))
    printf '\n%s\n' "$1"
    printf '%s\n' "$3" | sed 's/^/    /'
    printf '  remedy: %s\n' "$2"
}

pure=""
for module in Basics Wire Gate OAuth Settings Metrics; do
    [ -d "Sources/$module" ] && pure="$pure Sources/$module"
done
# shellcheck disable=SC2086
breach "Pure modules import NIO, a C module, or an impure module of ours:" \
    "take what is needed as an argument (bytes, time, random source), or move the code to a module with effects" \
    "$(grep -rnE '^ *(@[A-Za-z_]+ |(public|package|internal|fileprivate|private) )*import +((struct|class|enum|protocol|func|var|let|typealias) +)?(NIO|_NIO|COpenSSL|CCurl|CHiredis|CNghttp2|Glibc|Musl|Darwin|Dispatch|TLS|Sessions|Stores|Provider|Authority|Edge|Admin|Simulator)' \
        --include='*.swift' $pure)"

breach "Files with more than 300 lines:" \
    "one thing in each file: split it by what it is about, as Type+Topic.swift" \
    "$(find Sources -name '*.swift' -exec wc -l {} + | awk '$2 != "total" && $1 > 300 { print $2 ": " $1 " lines" }')"

# TLSContext is OpenSSL's own word for it, ChannelHandlerContext is NIO's (and not declared here).
breach "Type names that say nothing:" \
    "name the type for what it is or does, not Manager, Helper, Util, Context, New, Misc or Common" \
    "$(grep -rnE '^ *([a-z@()]+ )*(struct|class|enum|protocol|actor|typealias) +(New[A-Z]|[A-Za-z0-9_]*(Manager|Helper|Util|Context|Misc|Common))' \
        --include='*.swift' Sources Tests | grep -vE '(class|struct|enum) +TLSContext\b')"

breach "Casts and traps that can end the process:" \
    "use as?, guard and a typed error; preconditionFailure only for states that no peer can cause" \
    "$(grep -rnE '(^|[^A-Za-z])(as!|try!|fatalError\()' --include='*.swift' Sources | grep -vE '^[^:]+:[0-9]+: *//')"

# A force unwrap is among what the formatter's rules refuse.
breach "swift format lint --strict:" \
    "run: swift format -i -r Package.swift Sources Tests, then correct by hand what is left" \
    "$(swift format lint --strict -r Package.swift Sources Tests 2>&1)"

if [ "$breaches" -gt 0 ]; then
    printf '\nThe house has %s kinds of breaches.\n' "$breaches"
    exit 1
fi
echo "The house is in order."
