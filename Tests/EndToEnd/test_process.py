"""The process as its supervisor sees it: signals, exit codes, standard output, and what a crash leaves behind."""

import json
import os
import signal
import socket
import subprocess
import threading
import time

import pytest
from lakegate import readiness, start_lakegate
from login import log_in, make_session_token
from test_streams import stalled

ME = "/api/2.0/preview/scim/v2/Me"


@pytest.fixture
def start(ground, binary, certificates, redis, workspace, ports, request):
    started = []

    def start(change=lambda text: text):
        name = f"process-{request.node.name.replace('_', '-')}"
        lakegate = start_lakegate(ground, binary, certificates, redis[1], workspace, ports["second"], name=name,
                                  change=change)
        started.append(lakegate)
        return lakegate

    yield start
    for lakegate in started:
        lakegate.program.end()


def test_sigterm_lets_a_download_end(start):
    lakegate = start()
    token = make_session_token(lakegate, log_in(lakegate)[0])
    counts = []

    def download():
        with lakegate.client(token).get(f"{lakegate.url}/big/300m", stream=True) as answer:
            for piece in answer.iter_content(1 << 20):
                counts.append(len(piece))
                time.sleep(0.2 if len(counts) < 10 else 0)

    running = threading.Thread(target=download)
    running.start()
    while len(counts) < 2:
        time.sleep(0.02)
    lakegate.program.process.send_signal(signal.SIGTERM)
    time.sleep(0.5)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", lakegate.port), timeout=2)
    running.join()
    assert sum(counts) == 300 << 20
    assert lakegate.program.process.wait(10) == 0
    assert "stopped" in lakegate.program.text()


def test_who_never_ends_holds_the_process_for_its_patience_only(start):
    lakegate = start(lambda text: "drain: {patience: 4s}\n" + text)
    client = stalled(lakegate, make_session_token(lakegate, log_in(lakegate)[0]))
    time.sleep(1)
    process = lakegate.program.process
    process.send_signal(signal.SIGTERM)
    time.sleep(2)
    assert process.poll() is None, "a running request is cut off"
    assert process.wait(20) == 0
    client.close()


@pytest.mark.parametrize("second", [signal.SIGTERM, signal.SIGINT])
def test_the_second_signal_ends_it_at_once(start, second):
    lakegate = start(lambda text: "drain: {announce: 10m, patience: 10m}\n" + text)
    client = stalled(lakegate, make_session_token(lakegate, log_in(lakegate)[0]))
    process = lakegate.program.process
    process.send_signal(signal.SIGTERM)
    wait_for(lambda: readiness(lakegate).status_code == 503)
    assert '"reason":"draining"' in readiness(lakegate).text
    assert lakegate.client().get(lakegate.url + ME).status_code == 401, "the listener is open until the time is over"
    process.send_signal(second)
    assert process.wait(10) == 0
    client.close()


def test_the_second_signal_ends_the_patience_too(start):
    lakegate = start(lambda text: "drain: {patience: 10m}\n" + text)
    client = stalled(lakegate, make_session_token(lakegate, log_in(lakegate)[0]))
    process = lakegate.program.process
    process.send_signal(signal.SIGTERM)
    wait_for(lambda: "stopping: no new connections" in lakegate.program.text())
    process.send_signal(signal.SIGTERM)
    assert process.wait(10) == 0
    client.close()


def test_who_keeps_an_idle_connection_does_not_hold_the_process(start):
    lakegate = start(lambda text: "drain: {patience: 10m}\n" + text)
    client = lakegate.client()
    assert client.get(lakegate.url + ME).status_code == 401
    lakegate.program.process.send_signal(signal.SIGTERM)
    assert lakegate.program.process.wait(60) == 0
    client.close()


def wait_for(holds, patience=10):
    deadline = time.monotonic() + patience
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.parametrize("sign", [signal.SIGSEGV, signal.SIGILL, signal.SIGABRT, signal.SIGQUIT])
def test_a_crash_leaves_nothing_to_read(start, sign):
    lakegate = start()
    folder = lakegate.program.output.parent
    before = lakegate.program.text()
    lakegate.program.process.send_signal(sign)
    assert lakegate.program.process.wait(10) == -sign
    assert lakegate.program.text() == before, "a crash report may hold tokens"
    assert [each for each in folder.rglob("core*") if each.is_file()] == []


def with_log(name, start):
    return start(lambda text: "".join(f"accessLog: {name}\n" if line.startswith("accessLog:") else line
                                      for line in text.splitlines(keepends=True)))


def test_the_access_log_on_standard_output_is_json(start):
    lakegate = with_log("stdout", start)
    browser, _ = log_in(lakegate)
    browser.get(f"{lakegate.url}/explore/%22quote%0a%1b%5b31m?secret=1", headers={"User-Agent": 'a"b\\c'})
    with lakegate.client() as client:
        client.get(f"{lakegate.url}/api/caf\u00e9")
    browser.close()
    lakegate.program.process.send_signal(signal.SIGTERM)
    # Who has not left is given some seconds.
    assert lakegate.program.process.wait(60) == 0
    lines = [line for line in lakegate.program.output.read_bytes().splitlines() if line.startswith(b"{")]
    seen = [json.loads(line) for line in lines]
    assert {"time", "request_id", "workspace", "user", "status", "outcome", "duration_ms"} <= set(seen[0])
    assert [each["user"] for each in seen if "quote" in each["path"]] == ["ada@example.com"]
    assert b"secret=1" not in b"".join(lines)


def test_nobody_reading_standard_output_harms_nobody(start, binary, ground):
    lakegate = with_log("stdout", start)
    lakegate.program.end()
    config = ground.folder / f"{lakegate.program.name}.yaml"
    reader, writer = os.pipe()
    process = subprocess.Popen([binary, "serve", "--config", config], stdout=writer, stderr=subprocess.DEVNULL,
                               env={k: v for k, v in os.environ.items() if not k.startswith("LAKEGATE_")})
    os.close(writer)
    os.close(reader)
    try:
        deadline = time.monotonic() + 10
        while socket.socket().connect_ex(("127.0.0.1", lakegate.port)) and time.monotonic() < deadline:
            time.sleep(0.05)
        statuses = [lakegate.client().get(lakegate.url + ME).status_code for _ in range(20)]
        time.sleep(1.5)
        statuses += [lakegate.client().get(lakegate.url + ME).status_code for _ in range(5)]
        assert set(statuses) == {401} and process.poll() is None
        process.send_signal(signal.SIGTERM)
        assert process.wait(15) == 0
    finally:
        process.kill()
        process.wait()
