"""Starts a real Spark Connect server, and a cluster: one name behind which are both Spark Connect and the warehouse's REST."""

import subprocess
from pathlib import Path

from at_warehouse import before, heavy
from ground import free_port
from lakegate import start_lakegate
from programs import with_program

PARTS = Path(__file__).with_name("parts")
CLUSTER = "0101-trial"
REFUSED = "      - match: {user: grace@example.com}\n        actAs: refuse\n"


def start_spark(ground):
    """The server, without TLS, which ends every stream after 3 s; its port."""
    port, python = free_port(), heavy("spark")
    home = subprocess.run([python, "-c", "import pyspark; print(pyspark.__path__[0])"], capture_output=True, text=True,
                          check=True).stdout.strip()
    argv = ["bash", f"{home}/sbin/start-connect-server.sh", "--master", "local[2]", "--driver-memory", "1g"]
    for name, value in (("grpc.binding.address", "127.0.0.1"), ("grpc.binding.port", port),
                        ("execute.reattachable.senderMaxStreamDuration", "3s")):
        argv += ["--conf", f"spark.connect.{name}={value}"]
    argv += ["--conf", "spark.ui.enabled=false", "--conf", "spark.driver.bindAddress=127.0.0.1"]
    environment = {"SPARK_HOME": home, "SPARK_NO_DAEMONIZE": "1", "SPARK_LOG_DIR": str(ground.folder / "spark"),
                   "SPARK_PID_DIR": str(ground.folder), "SPARK_LOCAL_IP": "127.0.0.1", "PYSPARK_PYTHON": str(python)}
    ground.start("spark", argv, port=port, env=environment, patience=120)
    return port


def start_front(ground, certificates, name, **ports):
    """nginx, which adds TLS; its address."""
    port = free_port()
    text = (PARTS / f"{name}.conf").read_text()
    values = {"FOLDER": ground.folder, "PORT": port, "CERTIFICATE": certificates.certificate, "KEY": certificates.key, **ports}
    for word, value in values.items():
        text = text.replace(f"@{word}@", str(value))
    ground.start(name, ["nginx", "-c", ground.write(f"{name}.conf", text), "-p", ground.folder], port=port)
    return f"https://localhost:{port}"


def start_before_cluster(ground, binary, certificates, redis_port, workspace, port, url, key):
    """A Lakegate where people log in, Grace may do nothing, and the program of this key may use the one cluster."""
    program = with_program(ground, workspace, key, f"cluster: {CLUSTER}", REFUSED)
    return start_lakegate(ground, binary, certificates, redis_port, workspace, port, name="before-cluster",
                          change=lambda text: program(before(workspace, url)(text)))
