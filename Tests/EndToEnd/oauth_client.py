"""What users of OAuth in unmodified Databricks clients do. A job as JSON on standard input, what was seen on the last line."""

import json
import sys

from databricks import sql
from databricks.sdk import WorkspaceClient
from databricks.sdk.core import Config, oauth_service_principal


def url(job):
    return f"https://localhost:{job['port']}"


def external_browser(job):
    """The SDK opens a browser, and keeps what it got in a file for the next time."""
    client = WorkspaceClient(host=url(job), auth_type="external-browser")
    return [client.current_user.me().user_name for _ in range(3)]


def service_principal(job):
    client = WorkspaceClient(host=url(job), client_id=job["name"], client_secret=job["key"], auth_type="oauth-m2m")
    return [client.current_user.me().user_name for _ in range(3)]


def ask(job, **more):
    more = {"http_path": "/sql/1.0/warehouses/abc", "_tls_trusted_ca_file": job["authority"], "enable_telemetry": False} | more
    with sql.connect(**more) as connection:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_user()")
            return [row[0] for row in cursor.fetchall()]


def connector(job, **more):
    """By the SDK's own flow, as the connector's manual has it."""
    config = Config(host=url(job), client_id=job["name"], client_secret=job["key"])
    provider = {"credentials_provider": lambda: oauth_service_principal(config)}
    return ask(job, server_hostname="localhost", _port=job["port"], **provider, **more)


def sea(job):
    return connector(job, use_sea=True)


def cluster(job):
    """To a cluster in the place of a warehouse."""
    return connector(job, http_path="/sql/protocolv1/o/4711/0101-trial")


def in_rust(job, **more):
    return ask(job, server_hostname=f"localhost:{job['port']}", use_kernel=True, **more)


def kernel(job):
    """By the flow that the connector's part in Rust has of its own."""
    return in_rust(job, oauth_client_id=job["name"], oauth_client_secret=job["key"])


def kernel_in_browser(job):
    return in_rust(job, auth_type="databricks-oauth")


def connector_in_browser(job):
    return ask(job, server_hostname="localhost", _port=job["port"], auth_type="databricks-oauth")


SCENES = {each.__name__: each for each in (
    external_browser, service_principal, connector, sea, cluster, kernel, kernel_in_browser, connector_in_browser)}


if __name__ == "__main__":
    job = json.load(sys.stdin)
    print(json.dumps(SCENES[job["scene"]](job)))
