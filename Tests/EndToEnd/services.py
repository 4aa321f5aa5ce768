"""Starts what Lakegate stands between: the OAuth provider and the workspace, behind one TLS front."""

import asyncio
import json
import os
import sqlite3
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from ground import Program, free_port

PARTS = Path(__file__).with_name("parts")
CONFIDENTIAL_SECRET = "confidential-client-secret-4f1c9a"


@dataclass(frozen=True)
class Provider:
    folder: Path
    port: int

    def journal(self):
        """Answers of the token endpoint so far, oldest first."""
        path = self.folder / "journal.jsonl"
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    def refreshes(self):
        return [each for each in self.journal() if each["grant"] == "refresh_token"]

    def issued(self):
        """Every code, access token and refresh token that ever left the provider."""
        lines = self.journal()
        values = [line["answer"].get(kind) for line in lines for kind in ("access_token", "refresh_token")]
        return sorted({value for value in values + [line["code"] for line in lines] if value})

    def families(self):
        """For each refresh-token family: how many tokens were issued in it, and how many are still alive."""
        with sqlite3.connect(self.folder / "provider.sqlite", timeout=20) as database:
            query = """SELECT token_family, COUNT(*), SUM(revoked IS NULL) FROM oauth2_provider_refreshtoken
                       GROUP BY token_family"""
            return {family: (count, alive) for family, count, alive in database.execute(query)}


@dataclass(frozen=True)
class Workspace:
    port: int
    provider: Provider

    @property
    def url(self):
        return f"https://localhost:{self.port}"

    @property
    def login_url(self):
        """The provider as browsers reach it: another host, for cookies do not tell ports apart."""
        return f"https://127.0.0.1:{self.port}/o/authorize/"

    @property
    def token_url(self):
        return f"{self.url}/o/token/"


def start_provider(ground, redirects, access_seconds=8, grace=0, threads=8):
    port = free_port()
    folder = ground.folder / "provider"
    folder.mkdir()
    environment = {"PROVIDER_FOLDER": str(folder), "ACCESS_SECONDS": str(access_seconds), "GRACE_SECONDS": str(grace),
                   "PYTHONPATH": str(PARTS)}
    wanted = json.dumps({"redirects": redirects, "secret": CONFIDENTIAL_SECRET})
    subprocess.run([sys.executable, PARTS / "provider.py"], input=wanted, text=True, check=True,
                   env={**os.environ, **environment})
    argv = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "--threads", threads, "--log-level", "warning",
            "provider:application"]
    ground.start("provider", argv, port=port, env=environment, cwd=PARTS)
    return Provider(folder, port)


def start_workspace(ground, certificates, provider, config_status=404):
    """The application, and nginx in front of it: TLS, the provider's pages, and /big/ streamed by nginx itself."""
    port, inner = free_port(), free_port()
    files = ground.folder / "files"
    files.mkdir()
    introspect = f"http://127.0.0.1:{provider.port}/o/introspect/"
    argv = [sys.executable, PARTS / "workspace.py", inner, files, introspect,
            f"confidential-client:{CONFIDENTIAL_SECRET}", config_status]
    ground.start("workspace", argv, port=inner)
    values = {"FOLDER": ground.folder, "PORT": port, "CERTIFICATE": certificates.certificate,
              "KEY": certificates.key, "WORKSPACE": inner, "PROVIDER": provider.port}
    text = (PARTS / "front.conf").read_text()
    for name, value in values.items():
        text = text.replace(f"@{name}@", str(value))
    make_big_files(ground.folder / "big")
    config = ground.write("front.conf", text)
    ground.start("front", ["nginx", "-c", config, "-p", ground.folder], port=port)
    return Workspace(port, provider)


def start_h2_capable_front(ground, certificates, workspace):
    """The same front once more, which offers HTTP/2 beside HTTP/1.1; its address."""
    port = free_port()
    text = (ground.folder / "front.conf").read_text()
    for old, new in ((f":{workspace.port} ssl;", f":{port} ssl http2;"), ("front.pid", "h2-front.pid")):
        assert old in text
        text = text.replace(old, new)
    config = ground.write("h2-front.conf", text)
    ground.start("h2-front", ["nginx", "-c", config, "-p", ground.folder], port=port)
    return f"https://localhost:{port}"


@dataclass(frozen=True)
class NotingWorkspace:
    port: int
    journal: Path
    program: Program

    @property
    def url(self):
        return f"https://localhost:{self.port}"

    def notes(self):
        """What happened so far, oldest first."""
        lines = self.journal.read_text().split("\n")[:-1] if self.journal.exists() else []
        return [json.loads(line) for line in lines]

    async def eventually(self, fits, patience=20):
        """The first note that `fits`; waits for it."""
        deadline = time.monotonic() + patience
        while True:
            found = next((note for note in self.notes() if fits(note)), None)
            if found or time.monotonic() > deadline:
                assert found, "the workspace has not noted it"
                return found
            await asyncio.sleep(0.02)


def start_h2_workspace(ground, certificates, name="h2-workspace"):
    return start_noting(ground, certificates, name, "h2_workspace.py")


def start_grpc_workspace(ground, certificates, name="grpc-workspace"):
    return start_noting(ground, certificates, name, "grpc_workspace.py")


def start_noting(ground, certificates, name, part):
    port, journal = free_port(), ground.folder / f"{name}.jsonl"
    argv = [sys.executable, PARTS / part, port, certificates.certificate, certificates.key, journal]
    return NotingWorkspace(port, journal, ground.start(name, argv, port=port))


def make_big_files(folder):
    folder.mkdir()
    with open(folder / "300m", "wb") as sparse:
        sparse.truncate(300 * 1024 * 1024)
