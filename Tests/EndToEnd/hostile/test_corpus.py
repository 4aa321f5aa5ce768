"""What is ambiguous is refused and ends the connection; what is compliant reaches the workspace, once and well-formed."""

import pytest
from cases import EITHER, NOBODY, REFUSE, REFUSALS, get
from corpus import CASES
from rawclient import RawClient

"""Asks for the end. Were the case read differently anywhere, this would arrive changed, or as the wrong request."""
SENTINEL = get("Connection: close", target="/sentinel")


def converse(yard, recorder, case):
    """What came back and what went on: (final answers, requests at the workspace)."""
    mark, faults = len(recorder.requests), len(recorder.faults)
    with RawClient(yard) as client:
        client.send(case.sent + SENTINEL)
        answers = client.answers(case.method)
        assert client.is_closed()
    assert recorder.faults[faults:] == []
    return answers, recorder.since(mark)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case(yard, recorder, case):
    answers, requests = converse(yard, recorder, case)
    if case.label == NOBODY:
        well_formed_for_nobody(answers, requests)
    elif case.is_refused or case.label == EITHER and answers[-1].status != 200:
        refused(case, answers, requests)
    else:
        forwarded(case, answers, requests)


def well_formed_for_nobody(answers, requests):
    """Nothing is wrong with the bytes, so the connection may go on."""
    assert [each.status for each in answers] in ([400], [400, 200])
    assert [each.target for each in requests] == ["/sentinel"] * (len(answers) - 1)


def refused(case, answers, requests):
    last = answers[-1]
    assert last.status in REFUSALS if case.label in (REFUSE, EITHER) else last.status == case.label, last
    assert last.closes
    assert sum(each.whole for each in requests) == len(answers) - 1
    assert all(each.target != "/sentinel" for each in requests)


def forwarded(case, answers, requests):
    ended = b"Connection: close" in case.sent or b"HTTP/1.0" in case.sent and b"keep-alive" not in case.sent
    assert [each.status for each in answers] == [200] * (case.requests + (not ended)), answers
    assert all(each.whole for each in requests) and len(requests) == len(answers)
    assert ended or requests[-1].target == "/sentinel"


def test_names_are_unique():
    names = [case.name for case in CASES]
    assert len(set(names)) == len(names) >= 150
