"""Sums up JUnit reports. Usage: tally.py BROKEN_STEPS REPORT...; exits non-zero unless everything passed.

BROKEN_STEPS is a comma-separated list. A step that broke without a failed test of its own (a build, a crash, a report
that is missing or unreadable) counts as one failure, so that nothing is green by silence.
"""

import sys
import xml.etree.ElementTree as ElementTree


def counts(path):
    """(passed, failed, skipped) of one report."""
    cases = list(ElementTree.parse(path).getroot().iter("testcase"))
    failed = [case for case in cases if case.find("failure") is not None or case.find("error") is not None]
    skipped = [case for case in cases if case.find("skipped") is not None and case not in failed]
    return len(cases) - len(failed) - len(skipped), len(failed), len(skipped)


def main(broken, paths):
    passed = failed = skipped = 0
    for path in paths:
        try:
            good, bad, left = counts(path)
        except (OSError, ElementTree.ParseError) as problem:
            print(f"no report: {path}: {problem}")
            good, bad, left = 0, 1, 0
        passed, failed, skipped = passed + good, failed + bad, skipped + left
    steps = [step for step in broken.split(",") if step]
    if steps:
        print(f"broken: {', '.join(steps)}")
    failed = max(failed, len(steps))
    print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
