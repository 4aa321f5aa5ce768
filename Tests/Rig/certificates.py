"""One-time certificates: an authority of our own and a loopback server certificate, made by openssl."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

EXTENSIONS = """
[authority]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[server]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth
subjectAltName = DNS:localhost, IP:127.0.0.1
[program]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = clientAuth
subjectAltName = DNS:program.example
[req]
distinguished_name = empty
[empty]
"""


@dataclass(frozen=True)
class Certificates:
    authority: Path
    certificate: Path
    key: Path
    """Certificate and key in one file, as haproxy wants them."""
    both: Path


def make_certificates(folder, days=3):
    """ECDSA P-256, valid for a few days, for `localhost` and 127.0.0.1."""
    (folder / "extensions.cnf").write_text(EXTENSIONS)
    _sign_authority(folder, days)
    _sign(folder, days, "server")
    both = folder / "server-both.pem"
    both.write_text((folder / "server.pem").read_text() + (folder / "server.key").read_text())
    return Certificates(folder / "ca.pem", folder / "server.pem", folder / "server.key", both)


def _sign_authority(folder, days):
    _openssl(folder, "ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", "ca.key")
    _openssl(
        folder, "req", "-x509", "-new", "-key", "ca.key", "-sha256", "-days", str(days), "-subj", "/CN=Trial Authority",
        "-config", "extensions.cnf", "-extensions", "authority", "-out", "ca.pem",
    )


def _sign(folder, days, name):
    """`name` is that of a section above, and of the files."""
    _openssl(folder, "ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", f"{name}.key")
    _openssl(
        folder, "req", "-new", "-key", f"{name}.key", "-subj", "/CN=localhost", "-config", "extensions.cnf",
        "-out", f"{name}.csr",
    )
    _openssl(
        folder, "x509", "-req", "-in", f"{name}.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-sha256",
        "-days", str(days), "-extfile", "extensions.cnf", "-extensions", name, "-out", f"{name}.pem",
    )


def sign_program(certificates):
    """Certificate and key of a client whose name is `program.example`."""
    folder = certificates.certificate.parent
    _sign(folder, 3, "program")
    return folder / "program.pem", folder / "program.key"


def sign_expired(certificates):
    """A server certificate for the same key that ended yesterday."""
    folder = certificates.certificate.parent
    _openssl(
        folder, "x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-sha256",
        "-days", "-1", "-extfile", "extensions.cnf", "-extensions", "server", "-out", "expired.pem",
    )
    return folder / "expired.pem"


def _openssl(folder, *words):
    environment = {name: value for name, value in os.environ.items() if name != "OPENSSL_CONF"}
    subprocess.run(["openssl", *words], cwd=folder, env=environment, check=True, capture_output=True)
