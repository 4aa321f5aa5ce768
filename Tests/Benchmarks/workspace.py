"""The workspaces that every peer stands in front of, with TLS and fixed answers, and the identity server."""

import sys
from pathlib import Path

from ground import free_port
from loads.suites import suites_file
from scene import Workspace

BENCHMARKS = Path(__file__).resolve().parent

CONFIG = """
worker_processes 1;
daemon off;
pid {folder}/upstream.pid;
error_log stderr warn;
events {{ worker_connections 8192; }}
http {{
    access_log off;
    client_body_temp_path {folder}/upstream-body;
    proxy_temp_path {folder}/upstream-proxy;
    fastcgi_temp_path {folder}/upstream-fastcgi;
    uwsgi_temp_path {folder}/upstream-uwsgi;
    scgi_temp_path {folder}/upstream-scgi;
    keepalive_requests 100000000;
    keepalive_timeout 300;
    open_file_cache max=16;
    large_client_header_buffers 4 16k;
    server {{
        listen 127.0.0.1:{port} ssl http2 backlog=4096;
        ssl_protocols TLSv1.2 TLSv1.3;
        ssl_certificate {certificate};
        ssl_certificate_key {key};
        ssl_session_cache shared:s:4m;
        ssl_conf_command Ciphersuites {suite};
        root {folder}/answers;
        default_type application/json;
        location = / {{ return 200; }}
        location = /seen {{ return 200 "$http_authorization"; }}
        location /oidc/ {{ proxy_pass http://127.0.0.1:{identity}; proxy_set_header Host $http_host; }}
        location /api/2.0/preview/scim/ {{ proxy_pass http://127.0.0.1:{identity}; }}
    }}
}}
"""


def start_identity(ground, core):
    """A tiny OAuth server that asks nothing; returns its port (plain HTTP)."""
    port = free_port()
    ground.start("identity", [sys.executable, BENCHMARKS / "identity.py", port], port=port, core=core)
    return port


def start_plain(ground, certificates, identity, suite, core):
    """nginx, one worker: /small (200 bytes), /64k, /100m, /seen (the Authorization it got), /oidc and SCIM Me."""
    write_answers(ground.folder / "answers")
    port = free_port()
    text = CONFIG.format(
        folder=ground.folder, port=port, identity=identity, suite=suite,
        certificate=certificates.certificate, key=certificates.key,
    )
    config = ground.write("upstream.conf", text)
    program = ground.start("upstream", ["nginx", "-c", config, "-p", ground.folder], port=port, core=core)
    return Workspace("plain", port, program.pid)


def start_grpc(ground, certificates, suite, core):
    """nghttpd, one thread: /unary.grpc (one message of 200 bytes), /stream.grpc (32 of 8 KiB), `grpc-status` behind."""
    answers = ground.folder / "grpc-answers"
    answers.mkdir()
    (answers / "unary.grpc").write_bytes(framed(200))
    (answers / "stream.grpc").write_bytes(framed(8192) * 32)
    types = ground.write("grpc.types", "application/grpc grpc\n")
    port = free_port()
    argv = ["nghttpd", "-a", "127.0.0.1", "-d", answers, f"--mime-types-file={types}", "--trailer=grpc-status: 0",
            "--no-content-length", "-n", "1", "-m", "1000", "-w", "20", "-W", "24", port, certificates.key,
            certificates.certificate]
    environment = {"OPENSSL_CONF": str(suites_file(ground, suite))}
    program = ground.start("grpc-workspace", argv, port=port, core=core, env=environment)
    return Workspace("grpc", port, program.pid)


def framed(size):
    """One gRPC message: not compressed, length, bytes."""
    return b"\0" + size.to_bytes(4, "big") + b"a" * size


def write_answers(folder):
    folder.mkdir()
    (folder / "small").write_bytes(b'{"answer":"' + b"a" * 187 + b'"}')
    (folder / "64k").write_bytes(bytes(range(256)) * 256)
    with open(folder / "100m", "wb") as sparse:
        sparse.truncate(100 * 1024 * 1024)
