"""Spark Connect: an unmodified client and a real server, Lakegate between them.

Too big for every run (pyspark with what it needs takes 900 MB, and Java 17): LAKEGATE_SPARK names the Python of an
environment with requirements-spark.txt, else this is skipped.
"""

import hashlib
import json
import os
import subprocess
from pathlib import Path

import pytest
from ground import free_port
from lakegate import start_beside
from login import log_in, make_session_token

HERE = Path(__file__).parent
SECONDS = 35


@pytest.fixture(scope="module")
def python():
    found = os.environ.get("LAKEGATE_SPARK")
    if not found:
        pytest.skip("LAKEGATE_SPARK is not set")
    return found


@pytest.fixture(scope="module")
def spark(ground, certificates, python):
    """The server, which ends every stream after 3 s, behind nginx, which adds TLS; its address."""
    port, inner = free_port(), free_port()
    home = subprocess.run([python, "-c", "import pyspark; print(pyspark.__path__[0])"], capture_output=True, text=True,
                          check=True).stdout.strip()
    argv = ["bash", f"{home}/sbin/start-connect-server.sh", "--master", "local[2]", "--driver-memory", "1g"]
    for name, value in (("grpc.binding.address", "127.0.0.1"), ("grpc.binding.port", inner),
                        ("execute.reattachable.senderMaxStreamDuration", "3s")):
        argv += ["--conf", f"spark.connect.{name}={value}"]
    argv += ["--conf", "spark.ui.enabled=false", "--conf", "spark.driver.bindAddress=127.0.0.1"]
    environment = {"SPARK_HOME": home, "SPARK_NO_DAEMONIZE": "1", "SPARK_LOG_DIR": str(ground.folder / "spark"),
                   "SPARK_PID_DIR": str(ground.folder), "SPARK_LOCAL_IP": "127.0.0.1", "PYSPARK_PYTHON": python}
    ground.start("spark", argv, port=inner, env=environment, patience=120)
    text = (HERE / "parts" / "spark-front.conf").read_text()
    values = {"FOLDER": ground.folder, "PORT": port, "SPARK": inner, "CERTIFICATE": certificates.certificate,
              "KEY": certificates.key}
    for name, value in values.items():
        text = text.replace(f"@{name}@", str(value))
    config = ground.write("spark-front.conf", text)
    ground.start("spark-front", ["nginx", "-c", config, "-p", ground.folder], port=port)
    return f"https://localhost:{port}"


@pytest.fixture(scope="module")
def before_spark(ground, binary, certificates, redis, workspace, lakegate, spark):
    return start_beside(ground, binary, certificates, redis[1], workspace, lakegate, "spark-connect", spark)


@pytest.fixture(scope="module")
def spark_token(lakegate, spark):
    """Of a login after the server's start, which keeps every core busy."""
    return make_session_token(lakegate, log_in(lakegate)[0], "spark")


def run_client(python, lakegate, token, seconds, artifact):
    argv = [python, HERE / "spark_client.py", lakegate.port, seconds, artifact]
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
