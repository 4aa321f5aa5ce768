"""What an operator reads when something is wrong at the start: every mistake named, with its remedy, and no secret."""

import os
import shlex
import socket
import subprocess

import pytest
from certificates import sign_expired
from keyring import make_keyring
from ground import own_environment

CONFIG = """\
listen: 127.0.0.1:{port}
tls: {{certificate: {certificate}, privateKey: {key}}}
admin: {{listen: "127.0.0.1:{admin}"}}
store: memory
sealing: {{keyring: {keyring}}}
workspaces:
  - {{name: a, hosts: [localhost], url: "https://localhost:1", oauth: {{clientID: x, scopes: [all-apis]}}}}
"""
FIVE_MISTAKES = """\
listen: 0.0.0.0:70000
tls: {certificate: missing.crt, privatKey: server.key}
store: redis://:hunter2-secret@127.0.0.1:6379/x
workspaces:
  - name: a
    hosts: [localhost, "bad host"]
    url: http://dbc-1234.cloud.databricks.com
    oauth: {clientID: x, clientSecret: dose-secret, scopes: [all-apis]}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory, binary, certificates):
    folder = tmp_path_factory.mktemp("wrong")
    make_keyring(binary, folder / "keyring.json")
    return folder


@pytest.fixture
def run(binary, folder):
    """(exit code, what was printed) of `lakegate` with these words."""

    def run(*words, timeout=20):
        argv = [*shlex.split(binary), *map(str, words)]
        done = subprocess.run(argv, cwd=folder, env=own_environment(), stdin=subprocess.DEVNULL, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=timeout)
        return done.returncode, " ".join(done.stdout.split())

    return run


@pytest.fixture
def config(folder, certificates):
    def config(**changes):
        values = {"port": 0, "admin": 0, "keyring": folder / "keyring.json", "certificate": certificates.certificate,
                  "key": certificates.key, **changes}
        path = folder / "lakegate.yaml"
        path.write_text(CONFIG.format(**values))
        return path

    return config


def test_all_mistakes_are_told_at_once_and_no_secret(run, folder):
    (folder / "five.yaml").write_text(FIVE_MISTAKES)
    code, text = run("check", "--config", "five.yaml")
    assert code == 1 and "five.yaml: 8 mistakes" in text
    for told in ("listen (line 1)", "did you mean `privateKey`?", "store (line 3)", "hosts[1] (line 6)",
                 "url (line 7)", "tls.certificate (line 2): names a file that does not exist", "did you mean `clientSecretFile`?", "remedy:"):
        assert told in text, text
    assert "secret@" not in text and "dose-secret" not in text and "hunter2" not in text


@pytest.mark.parametrize("command", ["check", "serve"])
def test_a_foreign_key_is_told_from_a_missing_one(run, config, folder, certificates, command):
    foreign = folder / "foreign.key"
    subprocess.run(["openssl", "ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", foreign], check=True)
    code, text = run(command, "--config", config(key=foreign))
    assert code == 1 and "does not belong to the first certificate" in text
    code, text = run(command, "--config", config(key="nowhere.key"))
    assert code == 1 and "tls.privateKey: names a file that does not exist" in text and "nowhere.key" in text


def test_an_expired_certificate_is_told_with_its_date(run, config, certificates):
    code, text = run("serve", "--config", config(certificate=sign_expired(certificates)))
    assert code == 1 and "expired on" in text and "renew it" in text


def test_a_keyring_that_others_may_read_is_refused(run, config, folder, binary):
    open_to_all = make_keyring(binary, folder / "open.json")
    os.chmod(open_to_all, 0o644)
    code, text = run("serve", "--config", config(keyring=open_to_all))
    assert code == 1 and f"chmod 600 {open_to_all}" in text


@pytest.mark.parametrize("listener, key", [("port", "listen"), ("admin", "admin.listen")])
def test_a_port_in_use_is_told_with_its_key(run, config, listener, key):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        code, text = run("serve", "--config", config(**{listener: taken.getsockname()[1]}))
    assert code == 1 and f"Error: {key}: 127.0.0.1" in text and "another program listens there" in text


def test_wrong_words_show_how_to_say_it(run, config):
    code, text = run("serve", "--config", config(), "--verbose")
    assert code == 64 and "--verbose" in text and "Usage: lakegate serve --config <file>" in text
    code, text = run("serve", "--confg", config())
    assert code == 64 and "Unknown option '--confg'. Did you mean '--config'?" in text and "serve --config <file>" in text
    code, text = run("serve")
    assert code == 64 and "Missing expected argument '--config <file>'" in text and "serve --config <file>" in text
    code, text = run("check", "--config", "nowhere.yaml")
    assert code == 1 and "nowhere.yaml does not exist" in text
