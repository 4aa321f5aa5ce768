"""Fixtures: real parts around Lakegate, started once, on loopback ports of their own."""

import os
import shutil
import socket
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "Rig")]

from at_cluster import start_before_cluster, start_front, start_spark  # noqa: E402
from at_warehouse import before, start_warehouse  # noqa: E402
from certificates import make_certificates  # noqa: E402
from faults.setting import open_setting  # noqa: E402
from ground import Ground, free_port, start_redis  # noqa: E402
from lakegate import start_beside, start_lakegate  # noqa: E402
from login import log_in, make_session_token  # noqa: E402
from programs import make_key, with_program  # noqa: E402
from services import start_h2_capable_front, start_provider, start_workspace  # noqa: E402


def pytest_collection_modifyitems(items):
    """The search for secrets comes last: it looks at the traces of every other test."""
    items.sort(key=lambda item: "secrets.py" in item.nodeid)


@pytest.fixture(scope="session")
def ground():
    with Ground("e2e") as ground:
        yield ground
        keep = os.environ.get("LAKEGATE_KEEP_LOGS")
        if keep:
            for trace in [*ground.folder.glob("*.out"), *ground.folder.glob("*-access.log")]:
                shutil.copy(trace, keep)


@pytest.fixture(scope="session")
def certificates(ground):
    return make_certificates(ground.folder)


@pytest.fixture(scope="session")
def redis(ground):
    """(program, port) of a Redis server of our own."""
    return start_redis(ground)


@pytest.fixture(scope="session")
def ports():
    """Lakegate's ports are chosen first, for the provider must know the redirect URIs."""
    return {"public-client": free_port(), "confidential-client": free_port(), "nobody": free_port(),
            "second": free_port(), "hostile": free_port(), "spoofing": free_port(), "sessions": free_port(),
            "warehouse": free_port(), "troubled": free_port(), "handoff": free_port(), "account": free_port(), "federated": free_port(),
            "cluster": free_port(),
            "schema": free_port(), "returns": free_port()}


@pytest.fixture(scope="session")
def provider(ground, ports):
    names = ["localhost", *(f"localhost:{port}" for port in ports.values())]
    names += [f"127.0.0.1:{ports[name]}" for name in ("account", "federated")]
    return start_provider(ground, [f"https://{name}/.lakegate/callback" for name in names])


@pytest.fixture(scope="session")
def workspace(ground, certificates, provider):
    return start_workspace(ground, certificates, provider)


@pytest.fixture(scope="session")
def binary():
    found = os.environ.get("LAKEGATE_BINARY")
    if not found:
        pytest.skip("LAKEGATE_BINARY is not set")
    return found


@pytest.fixture(scope="session")
def lakegate(ground, binary, certificates, redis, workspace, ports):
    return start_lakegate(ground, binary, certificates, redis[1], workspace, ports["public-client"])


@pytest.fixture(scope="session")
def confidential_lakegate(ground, binary, certificates, redis, workspace, ports):
    client = "confidential-client"
    return start_lakegate(ground, binary, certificates, redis[1], workspace, ports[client], client=client)


@pytest.fixture(scope="session")
def session(lakegate):
    """A browser-like client that ada logged in with."""
    return log_in(lakegate)[0]


@pytest.fixture(scope="session")
def session_token(lakegate, session):
    return make_session_token(lakegate, session)


@pytest.fixture(scope="session")
def lasting_token(lakegate):
    """A session token of hedy's, whose tokens last: several Lakegates may use it, for none renews it."""
    return make_session_token(lakegate, log_in(lakegate, "hedy")[0], "lasting")


@pytest.fixture(scope="session")
def before_nginx(ground, binary, certificates, redis, workspace, lakegate, lasting_token):
    """A Lakegate before the trial's own nginx, which offers HTTP/2 here."""
    url = start_h2_capable_front(ground, certificates, workspace)
    return start_beside(ground, binary, certificates, redis[1], workspace, lakegate, "http2-nginx", url)


@pytest.fixture(scope="session")
def warehouse(ground, certificates, provider):
    return start_warehouse(ground, certificates, provider)


@pytest.fixture(scope="session")
def before_warehouse(ground, binary, certificates, redis, workspace, ports, warehouse):
    """A Lakegate where people log in, before the warehouse."""
    return start_lakegate(ground, binary, certificates, redis[1], workspace, ports["warehouse"], name="before-warehouse",
                          change=before(workspace, warehouse.url))


@pytest.fixture(scope="session")
def program_key(ground, binary):
    """(file, key) of a program."""
    return make_key(ground, binary)


@pytest.fixture(scope="session")
def at_443(ground, binary, certificates, redis, workspace, warehouse, program_key):
    """A Lakegate before the warehouse where people log in and a program acts, at the port that needs no saying."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", 443))
        except OSError as taken:
            pytest.skip(f"port 443 can't be had here: {taken}")
    program = with_program(ground, workspace, program_key)
    return start_lakegate(ground, binary, certificates, redis[1], workspace, 443, name="at-443",
                          change=lambda text: program(before(workspace, warehouse.url)(text)))


@pytest.fixture(scope="session")
def spark(ground):
    """The port of a real Spark Connect server, without TLS."""
    return start_spark(ground)


@pytest.fixture(scope="session")
def before_cluster(ground, binary, certificates, redis, workspace, ports, warehouse, spark, program_key):
    """A Lakegate before Spark Connect and REST, where people log in, and a program acts, but on that cluster only."""
    url = start_front(ground, certificates, "connect-front", SPARK=spark, WAREHOUSE=warehouse.port)
    return start_before_cluster(ground, binary, certificates, redis[1], workspace, ports["cluster"], url, program_key)


@pytest.fixture(scope="session")
def hard_setting(binary):
    """Three replicas, Redis with Sentinels, and a provider that ends a family whose refresh token comes twice."""
    yield from open_setting(binary)


@pytest.fixture(scope="session")
def kind_setting(binary):
    """The same with a provider that takes a spent refresh token again for a minute."""
    yield from open_setting(binary, grace=60)


@pytest.fixture(scope="session")
def pictures(tmp_path_factory):
    """Where screenshots go, for a person to look at: LAKEGATE_SCREENSHOTS, or a temporary folder."""
    folder = Path(os.environ.get("LAKEGATE_SCREENSHOTS") or tmp_path_factory.mktemp("screenshots"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder
