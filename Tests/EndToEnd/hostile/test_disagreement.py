"""Whatever Lakegate lets through of requests changed at random, servers of many makers read as it meant them, or refuse.

LAKEGATE_MUTATIONS says how many (3,000 otherwise), LAKEGATE_MUTATION_SEED which.
"""

import os
import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from corpus import CASES
from mutation import Mutator
from rawclient import RawClient
from readers import start_readers
from replay import disagreements

COUNT = int(os.environ.get("LAKEGATE_MUTATIONS") or 3000)
SEED = int(os.environ.get("LAKEGATE_MUTATION_SEED") or random.SystemRandom().randrange(10**9))
MEANWHILE = 1000


@pytest.fixture(scope="module")
def readers(ground):
    return start_readers(ground)


def let_through(yard, recorder, requests):
    """What reached the workspace; every answer of 200 to the client is for one of them."""
    mark, faults = len(recorder.requests), len(recorder.faults)
    with ThreadPoolExecutor(4) as clients:
        answered = sum(clients.map(lambda sent: converse(yard, sent), requests))
    assert recorder.faults[faults:] == []
    through = [request for request in recorder.since(mark) if request.raw]
    del recorder.connections[:]
    assert answered == len(through), f"{answered} answers of the workspace, {len(through)} requests at it"
    return through


def converse(yard, sent):
    """How many answers of the workspace came back; an answer to HEAD has no body, so the heads are counted."""
    with RawClient(yard) as client:
        client.send(sent)
        client.end()
        return client.rest().count(b"HTTP/1.1 200 ")


def as_logged(lines, through):
    """The access log has each of them, under its own method."""
    logged = Counter((line["request_id"], line["method"]) for line in lines if line["outcome"] == "forwarded")
    meant = Counter((request.id, request.method) for request in through)
    return meant - logged


def test_servers_read_what_lakegate_meant(yard, recorder, readers, log):
    print(f"LAKEGATE_MUTATION_SEED={SEED}")
    mutator, found, refused, whole = Mutator(SEED, [case.sent for case in CASES]), [], Counter(), []
    for start in range(0, COUNT, MEANWHILE):
        through = let_through(yard, recorder, [mutator.next() for _ in range(min(MEANWHILE, COUNT - start))])
        with ThreadPoolExecutor(4) as pool:
            for reader, (wrong, count) in zip(readers, pool.map(lambda reader: disagreements(reader, through), readers)):
                found += wrong
                refused[reader.name] += count
        whole += through
    print(f"{COUNT} sent, {len(whole)} let through, {len(readers)} servers; refused there: {dict(refused)}")
    assert found == [], "\n".join([f"seed {SEED}, {len(found)} disagreements", *found[:20]])
    assert as_logged(log.lines(), whole) == Counter()
    assert len(readers) >= 5 and len(whole) > COUNT / 10
