"""HTTP servers of many makers; each says of every request which method, target and body it read.

Those that are proxies pass on what they read to one of the others.
"""

import sys
from dataclasses import dataclass
from pathlib import Path

from ground import free_port, wait_for_port

HERE = Path(__file__).resolve().parent / "servers"
PYTHON = {
    "gunicorn": ["-m", "gunicorn", "--bind", "127.0.0.1:{port}", "--threads", "4", "--log-level", "critical", "saying:wsgi"],
    "waitress": ["-m", "waitress", "--listen=127.0.0.1:{port}", "--threads=4", "saying:wsgi"],
    "cheroot": ["-m", "cheroot", "--bind", "127.0.0.1:{port}", "saying:wsgi"],
    "tornado": ["in_tornado.py", "{port}"],
    "aiohttp": ["in_aiohttp.py", "{port}"],
    "h11": ["-m", "uvicorn", "--http", "h11", "--port", "{port}", "--log-level", "critical", "saying:asgi"],
    "httptools": ["-m", "uvicorn", "--http", "httptools", "--port", "{port}", "--log-level", "critical", "saying:asgi"],
    "hypercorn": ["-m", "hypercorn", "--bind", "127.0.0.1:{port}", "saying:asgi"],
    "granian": ["-m", "granian", "--interface", "asgi", "--port", "{port}", "--no-ws", "--http", "1", "--log-level", "error",
                "saying:asgi"],
}
OTHERS = {
    "node": ["node", HERE / "in_node.js", "{port}"],
    "caddy": [Path(sys.executable).with_name("caddy"), "run", "--adapter", "caddyfile", "--config", "{config}"],
    "nginx": ["nginx", "-c", "{config}", "-p", "{folder}"],
    "apache": ["apache2", "-D", "FOREGROUND", "-f", "{config}"],
    "haproxy": ["haproxy", "-f", "{config}"],
}

@dataclass(frozen=True)
class Reader:
    name: str
    port: int


def start_readers(ground):
    """All at once, for most of them take their time."""
    ports = {name: free_port() for name in [*PYTHON, *OTHERS]}
    programs = {name: start(ground, name, ports) for name in ports}
    for name, port in ports.items():
        wait_for_port(programs[name], port, patience=60)
    return [Reader(name, port) for name, port in ports.items()]


def start(ground, name, ports):
    values = {"port": ports[name], "folder": ground.folder, "plain": ports["aiohttp"]}
    template = HERE / f"{name}.conf"
    if template.exists():
        values["config"] = ground.write(f"reader-{name}.conf", filled(template.read_text(), values))
    argv = [str(word).format(**values) for word in {**PYTHON, **OTHERS}[name]]
    home = {"HOME": str(ground.folder), "PYTHONDONTWRITEBYTECODE": "1"}
    return ground.start(f"reader-{name}", [sys.executable, *argv] if name in PYTHON else argv, env=home, cwd=HERE)


def filled(text, values):
    for name, value in values.items():
        text = text.replace(f"@{name}@", str(value))
    return text
