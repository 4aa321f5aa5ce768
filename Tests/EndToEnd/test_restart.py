"""One process takes over from another, and a certificate from another, while strict clients go on asking.

LAKEGATE_RESTARTS and LAKEGATE_SWAPS ask for more than the usual few, LAKEGATE_RESTART_PAUSE for longer between them.
"""

import asyncio
import os
import shlex
import signal
import subprocess
import time

import pytest
from certificates import EXTENSIONS, make_certificates
from ground import Ground, free_port, start_redis
from lakegate import start_lakegate
from login import log_in, make_session_token
from services import start_provider, start_workspace
from strict import Target, http1, http2, keep_on

RESTARTS = int(os.environ.get("LAKEGATE_RESTARTS", 3))
PAUSE = float(os.environ.get("LAKEGATE_RESTART_PAUSE", 1))
SWAPS = int(os.environ.get("LAKEGATE_SWAPS", 10))


@pytest.fixture(scope="module")
def place(binary):
    """A Lakegate, its workspace, its provider, and a session whose token is renewed by nobody meanwhile."""
    port = free_port()
    with Ground("restart") as ground:
        certificates = make_certificates(ground.folder)
        provider = start_provider(ground, [f"https://localhost:{port}/.lakegate/callback"], access_seconds=3600)
        workspace = start_workspace(ground, certificates, provider)
        lakegate = start_lakegate(ground, binary, certificates, start_redis(ground)[1], workspace, port)
        token = make_session_token(lakegate, log_in(lakegate)[0])
        yield ground, lakegate, [("Authorization", f"Bearer {token}")]


@pytest.fixture
def target(place):
    _, lakegate, fields = place
    return Target(lakegate.port, lakegate.authority, fields)


async def under_load(target, happening, http1_clients=50, http2_clients=20, newcomers=6):
    """Runs `happening` in a thread while the clients ask."""
    visits = [(http1.visit, "http/1.1")] * http1_clients + [(http2.visit, "h2")] * http2_clients
    visits += [(http1.come_and_go, "newcomer")] * newcomers
    clients = [asyncio.create_task(keep_on(target, visit, kind)) for visit, kind in visits]
    await asyncio.sleep(1)
    result = await asyncio.to_thread(happening, asyncio.get_running_loop())
    await asyncio.sleep(1)
    target.stopping = True
    await asyncio.gather(*clients)
    return result


def wait_for_text(program, text, patience=60):
    deadline = time.monotonic() + patience
    while text not in program.text():
        assert time.monotonic() < deadline and program.process.poll() is None, program.text()[-2000:]
        time.sleep(0.02)


def test_restarts_cost_no_request(place, target, binary):
    ground, lakegate, _ = place
    programs = [lakegate.program]
    seconds = []

    def restart(_):
        for number in range(RESTARTS):
            config = ground.folder / "lakegate-public-client.yaml"
            argv = [*shlex.split(binary), "serve", "--config", config]
            programs.append(ground.start(f"restart-{number}", argv))
            wait_for_text(programs[-1], "serving")
            time.sleep(PAUSE)
            asked = time.monotonic()
            programs[-2].process.send_signal(signal.SIGTERM)
            assert programs[-2].process.wait(40) == 0
            seconds.append(round(time.monotonic() - asked, 1))

    try:
        asyncio.run(under_load(target, restart))
    finally:
        lakegate.program = programs[-1]
    print(f"\n{RESTARTS} restarts: {dict(target.tally.counts)}, failed {len(target.tally.failures)}, ended after {seconds}")
    assert target.tally.failures == []
    assert target.tally.counts["told to close"] > 0 and target.tally.counts["goaway"] > 0
    assert target.tally.counts["closed while idle"] == 0


def sign_next(folder, number):
    """A certificate with another key, in files beside those in use."""
    (folder / "extensions.cnf").write_text(EXTENSIONS)
    for words in (
        ["ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", "next.key"],
        ["req", "-new", "-key", "next.key", "-subj", "/CN=localhost", "-config", "extensions.cnf", "-out", "next.csr"],
        ["x509", "-req", "-in", "next.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-set_serial", str(number), "-sha256",
         "-days", "2", "-extfile", "extensions.cnf", "-extensions", "server", "-out", "next.pem"],
    ):
        subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)


def test_new_certificates_cost_no_handshake(place, target):
    ground, lakegate, _ = place
    written = {}

    def swap(loop):
        for number in range(5000, 5000 + SWAPS):
            sign_next(ground.folder, number)
            os.replace(ground.folder / "next.key", ground.folder / "server.key")
            os.replace(ground.folder / "next.pem", ground.folder / "server.pem")
            written[f"{number:X}"] = loop.time()
            time.sleep(0.6)
        time.sleep(1)

    asyncio.run(under_load(target, swap, http1_clients=10, http2_clients=5))
    tally = target.tally
    delays = sorted(tally.serials[serial] - moment for serial, moment in written.items() if serial in tally.serials)
    print(f"\n{SWAPS} swaps: {dict(tally.counts)}, failed {len(tally.failures)}, {len(delays)} serials seen, "
          f"after {delays[0]:.2f} to {delays[-1]:.2f} s")
    assert tally.failures == []
    assert list(written)[-1] in tally.serials and len(delays) >= SWAPS // 2
    assert "certificate not replaced" not in lakegate.program.text()


def test_a_bad_certificate_is_told_once_and_not_shown(place, target):
    ground, lakegate, _ = place
    certificate, good = ground.folder / "server.pem", (ground.folder / "server.pem").read_text()
    try:
        certificate.write_text("no certificate\n")
        wait_for_text(lakegate.program, "certificate not replaced")
        time.sleep(2)
        assert lakegate.program.text().count("certificate not replaced") == 1
        answer = lakegate.client().get(lakegate.url + "/api/2.1/clusters/list")
        assert answer.status_code == 401
    finally:
        certificate.write_text(good)
    wait_for_text(lakegate.program, "certificate replaced")
