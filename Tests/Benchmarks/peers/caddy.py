"""Caddy: one core by GOMAXPROCS. Go lets nobody choose TLS 1.3 suites; clients and workspaces offer one only."""

from ground import free_port
from scene import ROOM, Peer, Unable, values

CONFIG = """
{{
    admin off
    auto_https off
    persist_config off
    skip_install_trust
    log {{
        level ERROR
    }}
}}
https://localhost:{port} {{
    bind 127.0.0.1
    tls {certificate} {key}
    reverse_proxy https://localhost:{upstream} {{
        header_up Host localhost
        header_up Authorization "Bearer {bearer}"
        header_up -Cookie
        flush_interval {flush}
        transport http {{
            tls_trust_pool file {authority}
            tls_server_name localhost
            versions {versions}
            keepalive 300s
            keepalive_idle_conns 1024
            keepalive_idle_conns_per_host 1024
        }}
    }}
}}
"""


def start(scene, task):
    executable = ROOM / "venv/bin/caddy"
    if not executable.exists():
        raise Unable("not installed: run Tests/Benchmarks/install.sh")
    port = free_port()
    text = CONFIG.format(
        versions="2" if task.over_h2("h2-small") else "1.1", flush="-1" if task.clients == "grpc" else "0",
        **values(scene, task, port))
    config = scene.ground.write(f"caddy-{port}.caddyfile", text)
    argv = [executable, "run", "--adapter", "caddyfile", "--config", config]
    home = {"GOMAXPROCS": "1", "HOME": str(scene.ground.folder), "XDG_DATA_HOME": str(scene.ground.folder / "caddy")}
    program = scene.ground.start(f"caddy-{port}", argv, port=port, core=scene.proxy_core, env=home)
    return Peer("caddy", port, program.pid)
