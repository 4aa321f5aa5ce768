"""The workspace that every peer stands in front of: Debian's nginx with TLS, one worker, fixed answers."""

import sys
from dataclasses import dataclass
from pathlib import Path

from ground import free_port

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
    server {{
        listen 127.0.0.1:{port} ssl backlog=4096;
        ssl_protocols TLSv1.2 TLSv1.3;
        ssl_certificate {certificate};
        ssl_certificate_key {key};
        ssl_session_cache shared:s:4m;
        ssl_conf_command Ciphersuites {suite};
        root {folder}/answers;
        default_type application/json;
        location = / {{ return 200; }}
        location /oidc/ {{ proxy_pass http://127.0.0.1:{identity}; proxy_set_header Host $http_host; }}
        location /api/2.0/preview/scim/ {{ proxy_pass http://127.0.0.1:{identity}; }}
    }}
}}
"""


@dataclass(frozen=True)
class Upstream:
    port: int
    pid: int


def start_upstream(ground, certificates, suite, core):
    """Answers /small (200 bytes), /64k and /100m; /oidc and SCIM Me go to a tiny OAuth server that asks nothing."""
    write_answers(ground.folder / "answers")
    identity = free_port()
    script = Path(__file__).with_name("identity.py")
    ground.start("identity", [sys.executable, script, identity], port=identity, core=core)
    port = free_port()
    text = CONFIG.format(
        folder=ground.folder, port=port, identity=identity, suite=suite,
        certificate=certificates.certificate, key=certificates.key,
    )
    config = ground.write("upstream.conf", text)
    program = ground.start("upstream", ["nginx", "-c", config, "-p", ground.folder], port=port, core=core)
    return Upstream(port, program.pid)


def write_answers(folder):
    folder.mkdir()
    (folder / "small").write_bytes(b'{"answer":"' + b"a" * 187 + b'"}')
    (folder / "64k").write_bytes(bytes(range(256)) * 256)
    with open(folder / "100m", "wb") as sparse:
        sparse.truncate(100 * 1024 * 1024)
