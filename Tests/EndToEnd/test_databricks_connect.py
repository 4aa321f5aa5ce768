"""An unmodified databricks-connect, Lakegate, and a real Spark Connect server beside the warehouse's REST.

Too big for every run. By one command, once Tests/EndToEnd/install.sh has been run:
    LAKEGATE_HEAVY=1 LAKEGATE_SPARK=PYTHON LAKEGATE_CONNECT=PYTHON pytest Tests/EndToEnd/test_databricks_connect.py
with the Pythons of environments that have requirements-spark.txt and requirements-connect.txt.
"""

import os

import pytest
from at_warehouse import run
from ground import free_port
from lakegate import start_beside
from login import log_in, make_session_token
from test_spark import HERE, python, spark  # noqa: F401

UNKNOWN = "lkg_" + "A" * 43


@pytest.fixture(scope="module")
def connect():
    found = os.environ.get("LAKEGATE_CONNECT")
    if not found:
        pytest.skip("LAKEGATE_CONNECT is not set")
    return found


@pytest.fixture(scope="module")
def before_cluster(ground, binary, certificates, redis, workspace, lakegate, connect, warehouse, spark):  # noqa: F811
    """Lakegate before one name behind which are both Spark Connect and REST; who asks is checked for each."""
    port = free_port()
    text = (HERE / "parts" / "connect-front.conf").read_text()
    inner = (ground.folder / "spark-front.conf").read_text().split("grpc://127.0.0.1:")[1].split(";")[0]
    values = {"FOLDER": ground.folder, "PORT": port, "SPARK": inner, "WAREHOUSE": warehouse.port,
              "CERTIFICATE": certificates.certificate, "KEY": certificates.key}
    for name, value in values.items():
        text = text.replace(f"@{name}@", str(value))
    config = ground.write("connect-front.conf", text)
    ground.start("connect-front", ["nginx", "-c", config, "-p", ground.folder], port=port)
    return start_beside(ground, binary, certificates, redis[1], workspace, lakegate, "databricks-connect", f"https://localhost:{port}")


def test_it_works_as_the_person(before_cluster, lakegate, connect, warehouse):
    token, noted = make_session_token(lakegate, log_in(lakegate, "hedy")[0], "connect"), len(warehouse.notes())
    seen = run("connect_client.py", before_cluster.authority, python=connect, timeout=240, port=before_cluster.port, token=token)
    print(seen)
    assert (seen.get("rows"), seen.get("sum")) == (300_000, sum(range(300_000))), seen
    assert "nope" in seen["error"], seen
    notes = warehouse.notes()[noted:]
    assert {note["user"] for note in notes} == {"hedy"}
    calls = [dict((name.lower(), value) for name, value in note["headers"]) for note in notes if note["path"] == "/allowed"]
    assert calls and {call["x-databricks-cluster-id"] for call in calls} == {"0101-trial"}
    paths = [note["path"] for note in notes]
    assert any("clusters/get" in path for path in paths[:paths.index("/allowed")]), paths[:5]


def test_without_a_session_it_is_told_at_once(before_cluster, connect):
    seen = run("connect_client.py", before_cluster.authority, python=connect, port=before_cluster.port, token=UNKNOWN)
    print(seen)
    assert f"{before_cluster.url}/.lakegate/login" in seen["text"] and seen["seconds"] < 30, seen
