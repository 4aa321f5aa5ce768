"""What users of unmodified programs upon the SDK and the SQL connector do. A job as JSON on standard input, what was seen on the last line."""

import json
import os
import subprocess
import sys
from pathlib import Path


def settings(job):
    """Who asks, in the environment, as every one of these programs takes it."""
    ways = {"token": {"DATABRICKS_TOKEN": job.get("token")},
            "key": {"DATABRICKS_CLIENT_ID": job.get("name"), "DATABRICKS_CLIENT_SECRET": job.get("key")},
            "browser": {"DATABRICKS_AUTH_TYPE": "external-browser"}}
    return {"DATABRICKS_HOST": f"https://localhost:{job['port']}", **ways[job["way"]]}


def sqlalchemy(job):
    from databricks.sdk.core import Config, oauth_service_principal
    from sqlalchemy import create_engine, text

    more = {"_tls_trusted_ca_file": job["authority"], "enable_telemetry": False}
    who = f"token:{job['token']}@" if job["way"] == "token" else ""
    if job["way"] == "key":
        config = Config(host=f"https://localhost:{job['port']}", client_id=job["name"], client_secret=job["key"])
        more["credentials_provider"] = lambda: oauth_service_principal(config)
    url = f"databricks://{who}localhost?http_path=/sql/1.0/warehouses/abc&catalog=main&schema=default"
    engine = create_engine(url, connect_args=more | {"_port": job["port"]})
    with engine.connect() as connection:
        me = connection.execute(text("SELECT current_user()")).scalar()
        rows = connection.execute(text("SELECT id, name FROM lakes WHERE id < :most ORDER BY id"), {"most": 3}).all()
    return {"me": me, "rows": [list(row) for row in rows]}


def mlflow(job):
    os.environ |= settings(job)
    from mlflow import MlflowClient

    return {"me": MlflowClient("databricks").get_experiment_by_name("/trial").tags["owner"]}


def cli(job, *words):
    command = [Path(sys.executable).with_name("databricks"), *words]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60,
                          env=os.environ | ({} if job["way"] == "browser" else settings(job)))
    if done.returncode != 0:
        raise ConnectionError(f"{done.stdout}{done.stderr}")
    return done.stdout


def old_cli(job):
    """The one in Python, whose login ends up in ~/.databrickscfg."""
    if job["way"] == "browser":
        cli(job, "configure", "--oauth", "--host", f"https://localhost:{job['port']}", "--scope", "offline_access")
    return {"clusters": [each["cluster_id"] for each in json.loads(cli(job, "clusters", "list", "--output", "JSON"))["clusters"]]}


SCENES = {each.__name__: each for each in (sqlalchemy, mlflow, old_cli)}


if __name__ == "__main__":
    job = json.load(sys.stdin)
    print(json.dumps(SCENES[job["scene"]](job)))
