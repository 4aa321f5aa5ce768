"""Spark Connect: an unmodified client and a real server, Lakegate between them.

Too big for every run: LAKEGATE_HEAVY=1 with the environments that `Tests/EndToEnd/install.sh heavy` makes (pyspark with what it
needs takes 900 MB, and Java 17).
"""

import hashlib
import json
import os
import subprocess
from pathlib import Path

import pytest
from at_cluster import CLUSTER, start_front
from at_warehouse import heavy
from lakegate import start_beside
from login import log_in, make_session_token
from test_tools import people

HERE = Path(__file__).parent
SECONDS = 35


@pytest.fixture(scope="module")
def python():
    return heavy("spark")


@pytest.fixture(scope="module")
def before_spark(ground, binary, certificates, redis, workspace, lakegate, spark):
    """With streams that nobody checks, in which Spark alone is seen."""
    url = start_front(ground, certificates, "spark-front", SPARK=spark)
    return start_beside(ground, binary, certificates, redis[1], workspace, lakegate, "spark-connect", url)


@pytest.fixture(scope="module")
def spark_token(lakegate, spark):
    """Of a login after the server's start, which keeps every core busy."""
    return make_session_token(lakegate, log_in(lakegate)[0], "spark")


def run_client(python, lakegate, token, seconds, artifact, *cluster):
    argv = [python, HERE / "spark_client.py", lakegate.port, seconds, artifact, *cluster]
    return subprocess.run([str(word) for word in argv], input=token, capture_output=True, text=True, timeout=240,
                          env={**os.environ, "GRPC_DEFAULT_SSL_ROOTS_FILE_PATH": str(lakegate.authority)})


def test_spark_connect_works(python, before_spark, spark_token, ground):
    artifact = ground.folder / "artifact.bin"
    artifact.write_bytes(os.urandom(5 << 20))
    done = run_client(python, before_spark, spark_token, SECONDS, artifact)
    assert done.returncode == 0, done.stderr[-4000:]
    found = json.loads(done.stdout.splitlines()[-1])
    lines = [json.loads(line) for line in before_spark.access_log.read_text().splitlines()]
    calls = [line["path"].rpartition("/")[2] for line in lines]
    print(found, {name: calls.count(name) for name in sorted(set(calls))})
    assert (found["rows"], found["sum"]) == (300_000, sum(range(300_000)))
    assert found["digest"] == hashlib.sha256(artifact.read_bytes()).hexdigest()
    assert (found["error"], found["state"]) == ("UNRESOLVED_COLUMN.WITH_SUGGESTION", "42703")
    assert found["slept"] == SECONDS and calls.count("ReattachExecute") >= 5
    assert {line["user"] for line in lines} == {"ada@example.com"}
    assert {line["outcome"] for line in lines} == {"forwarded"}


def test_without_a_session_the_client_is_told_at_once(python, before_spark, ground):
    artifact = ground.write("nothing.bin", "")
    done = run_client(python, before_spark, "lkg_" + "A" * 43, 1, artifact)
    assert done.returncode != 0 and f"Log in at https://localhost:{before_spark.port}/.lakegate/login" in done.stderr
    assert "UNAUTHENTICATED" in done.stderr


def test_a_program_works_as_its_principal_on_its_cluster(python, before_cluster, warehouse, program_key, ground):
    artifact, noted = ground.write("small.bin", "small"), len(warehouse.notes())
    done = run_client(python, before_cluster, program_key[1], 1, artifact, CLUSTER)
    assert done.returncode == 0, done.stderr[-4000:]
    assert json.loads(done.stdout.splitlines()[-1])["rows"] == 300_000
    assert people(warehouse, noted) == {"nightly-principal"}


def test_a_program_is_told_at_once_that_no_rule_lets_it(python, before_cluster, warehouse, program_key, ground):
    noted = len(warehouse.notes())
    done = run_client(python, before_cluster, program_key[1], 1, ground.folder / "small.bin", "0202-other")
    assert done.returncode != 0 and "PERMISSION_DENIED:No rule of this proxy" in done.stderr, done.stderr[-4000:]
    assert not warehouse.notes()[noted:]
