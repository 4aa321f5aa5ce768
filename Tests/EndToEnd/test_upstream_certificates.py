"""What Lakegate does before a workspace, or a token endpoint, with a certificate that is not right."""

import re
import socket
import ssl
import subprocess
import threading

import pytest
from cryptography.hazmat.primitives import serialization
from ground import free_port
from lakegate import start_beside, start_lakegate
from login import CONTINUE, finish_at_provider, press
from upstream_chains import Issuer, address, chains, dns, write

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"
ROOT = Issuer("Root")
CHAINS = chains(ROOT)
WRONG = [fault for fault in CHAINS if not fault.startswith("right")]


def is_whole(request):
    """Whether the head is there, and as much of a body as it tells."""
    head, mark, body = request.partition(b"\r\n\r\n")
    told = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
    return bool(mark) and len(body) >= int(told[1] if told else 0)


class Pretender:
    """A TLS server that shows whatever certificate it was given last, and keeps every byte that it could read."""

    def __init__(self, folder):
        self.folder, self.seen, self.connections, self.context = folder, b"", 0, None
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def show(self, title, made):
        (leaf, key), chain = made
        self.show_file(write(self.folder, title, leaf, key, chain))

    def show_file(self, path, version=None):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.set_ciphers("DEFAULT@SECLEVEL=0")
        if version:
            context.minimum_version = context.maximum_version = version
        context.load_cert_chain(path)
        self.context, self.seen, self.connections = context, b"", 0

    def accept(self):
        while True:
            try:
                raw, _ = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self.serve, args=(raw,), daemon=True).start()

    def serve(self, raw):
        raw.settimeout(20)
        try:
            with self.context.wrap_socket(raw, server_side=True) as client:
                while not is_whole(self.seen) and (piece := client.recv(65_536)):
                    self.seen += piece
                if self.seen:
                    client.sendall(ANSWER)
        except OSError:
            raw.close()


@pytest.fixture(scope="module")
def authority(ground):
    return ground.write("pretenders-root.pem", ROOT.certificate.public_bytes(serialization.Encoding.PEM).decode())


@pytest.fixture(scope="module")
def pretender(tmp_path_factory):
    pretender = Pretender(tmp_path_factory.mktemp("pretender"))
    yield pretender
    pretender.listener.close()


def beside(request, authority, name, url):
    ground, lakegate = request.getfixturevalue("ground"), request.getfixturevalue("lakegate")
    trusting = f"    caFile: {lakegate.authority}\n", f"    caFile: {authority}\n"
    return start_beside(ground, request.getfixturevalue("binary"), request.getfixturevalue("certificates"),
                        request.getfixturevalue("redis")[1], request.getfixturevalue("workspace"), lakegate, name, url,
                        lambda text: text.replace(*trusting))


@pytest.fixture(scope="module")
def by_name(request, authority, pretender, lasting_token):
    return beside(request, authority, "pretender-name", f"https://localhost:{pretender.port}")


@pytest.fixture(scope="module")
def by_address(request, authority, pretender, lasting_token):
    return beside(request, authority, "pretender-address", f"https://127.0.0.1:{pretender.port}")


def ask(lakegate, token, **fields):
    return lakegate.client(token).post(f"{lakegate.url}/api/2.0/sql/statements", data=b"secret-body", headers=fields)


def assert_refused(lakegate, pretender, token):
    before = len(lakegate.program.text())
    answer = ask(lakegate, token)
    assert (answer.status_code, answer.json()["error_code"]) == (503, "TEMPORARILY_UNAVAILABLE"), answer.text
    assert pretender.connections > 0, "nobody asked the pretender: nothing was shown"
    assert pretender.seen == b"", f"{len(pretender.seen)} bytes were sent to it"
    told = lakegate.program.text()[before:]
    assert "ertificate" in told or "TLS" in told, told
    # A gRPC client's way there is another one.
    headers = {"content-type": "application/grpc", "te": "trailers"}
    assert ask(lakegate, token, **headers).status_code in (200, 503) and pretender.seen == b""


@pytest.mark.parametrize("title", [title for title in CHAINS if title.startswith("right")])
def test_a_right_one_is_believed(by_name, pretender, lasting_token, title):
    """The control: without a fault the same server gets the request, with the person's bearer in it."""
    pretender.show(title, CHAINS[title])
    assert ask(by_name, lasting_token).text == "ok"
    assert b"authorization: bearer " in pretender.seen.lower() and lasting_token.encode() not in pretender.seen


@pytest.mark.parametrize("title", WRONG)
def test_a_wrong_one_gets_no_byte(by_name, pretender, lasting_token, title):
    """T5: 27 of 27 faults refused with 503, 0 bytes of the request sent (22 here, 5 below)."""
    pretender.show(title, CHAINS[title])
    assert_refused(by_name, pretender, lasting_token)


def test_one_signed_with_sha1_gets_no_byte(by_name, pretender, lasting_token):
    """T5: Python's package does not make one, OpenSSL does."""
    folder = pretender.folder
    root_key = ROOT.key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                                      serialization.NoEncryption())
    (folder / "root.key").write_bytes(root_key)
    (folder / "root.pem").write_bytes(ROOT.certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "sha1.cnf").write_text("[server]\nsubjectAltName = DNS:localhost\nextendedKeyUsage = serverAuth\n")
    for words in ("req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout sha1.key -out sha1.csr -subj /CN=localhost",
                  "x509 -req -in sha1.csr -CA root.pem -CAkey root.key -CAcreateserial -sha1 -days 3 -extfile sha1.cnf "
                  "-extensions server -out sha1.pem"):
        subprocess.run(["openssl", *words.split()], cwd=folder, check=True, capture_output=True)
    both = folder / "sha1-both.pem"
    both.write_text((folder / "sha1.key").read_text() + (folder / "sha1.pem").read_text())
    pretender.show_file(both)
    assert_refused(by_name, pretender, lasting_token)


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1_1 is deprecated")
def test_an_old_protocol_gets_no_byte(by_name, pretender, lasting_token):
    """T5: TLS 1.1 with the right certificate."""
    (leaf, key), chain = CHAINS["right"]
    pretender.show_file(write(pretender.folder, "right", leaf, key, chain), ssl.TLSVersion.TLSv1_1)
    assert_refused(by_name, pretender, lasting_token)


@pytest.mark.parametrize("names,is_right", [(address("127.0.0.1"), True), (address("127.0.0.2"), False),
                                            (dns("localhost"), False), (dns("127.0.0.1"), False)],
                         ids=["right", "another address", "a name", "the address as a name"])
def test_a_workspace_named_by_address(by_address, pretender, lasting_token, names, is_right):
    """T5: an IP address is believed only as an IP address."""
    pretender.show("address", (ROOT.leaf(names), []))
    if is_right:
        assert ask(by_address, lasting_token).text == "ok"
    else:
        assert_refused(by_address, pretender, lasting_token)


@pytest.mark.parametrize("title", ["right", "expired", "not yet valid", "another host", "self-signed", "an unknown authority",
                                   "one between is missing", "for clients", "a common name alone"])
def test_a_token_endpoint_gets_no_code(ground, binary, certificates, redis, workspace, ports, authority, pretender, title):
    """T5, at the token endpoint: 8 of 8 faults end the sign-in with 503, 0 bytes of code, verifier or secret sent."""
    def change(text):
        text = text.replace(f"      tokenURL: {workspace.token_url}", f"      tokenURL: https://localhost:{pretender.port}/t")
        return text.replace(f"    caFile: {certificates.authority}", f"    caFile: {authority}")

    pretender.show(title, CHAINS[title])
    lakegate = start_lakegate(ground, binary, certificates, redis[1], workspace, ports["second"],
                              name=f"token-{free_port()}", change=change)
    try:
        browser = lakegate.client()
        browser.headers.update({"Accept": "text/html", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"})
        page = finish_at_provider(browser, press(browser, browser.get(lakegate.url + "/x"), CONTINUE), "ada")
        assert pretender.connections > 0
        if title == "right":
            assert page.status_code == 502 and b"code=" in pretender.seen, "the control"
        else:
            assert (page.status_code, pretender.seen) == (503, b"")
            assert "is not trusted" in page.text
    finally:
        lakegate.program.end()
