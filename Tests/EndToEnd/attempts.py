"""One attempt of each kind of client to do something, and what its user gets to read."""

import asyncio
import os

import databricks.sql.backend.sea.backend
import databricks.sql.backend.thrift_backend  # noqa: F401
import requests
import websockets
from databricks import sql
from databricks.sdk import WorkspaceClient
from outcomes import main


def sdk(job):
    return WorkspaceClient(host=f"https://{job['host']}:{job['port']}", token=job["token"]).current_user.me().user_name


def connector(job, **way):
    way = {"server_hostname": job["host"], "_port": job["port"]} | way
    with sql.connect(http_path="/sql/1.0/warehouses/abc", access_token=job["token"], _tls_trusted_ca_file=os.environ["SSL_CERT_FILE"],
                     enable_telemetry=False, **way) as connection:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_user()")
            return cursor.fetchone()[0]


def thrift(job):
    return connector(job)


def sea(job):
    return connector(job, use_sea=True)


def kernel(job):
    return connector(job, use_kernel=True, server_hostname=f"{job['host']}:{job['port']}")


def grpc(job):
    """Spark Connect's first call, by gRPC itself: the retries of Spark's client are not part of it."""
    import grpc as library

    credentials = library.ssl_channel_credentials(open(os.environ["SSL_CERT_FILE"], "rb").read())
    with library.secure_channel(f"{job['host']}:{job['port']}", credentials, [("grpc.enable_http_proxy", 0)]) as channel:
        call = channel.unary_unary("/spark.connect.SparkConnectService/Config")
        try:
            return repr(call(b"", metadata=[("authorization", f"Bearer {job['token']}")], timeout=60))
        except library.RpcError as error:
            raise ConnectionError(f"{error.code()} {error.details()}") from error


def plain(job):
    """`requests`, with the body of a POST; a redirect or a page would be no answer to a program."""
    answer = requests.post(f"https://{job['host']}:{job['port']}/api/2.0/jobs/create", json={"name": "x"}, allow_redirects=False,
                           headers={"Authorization": f"Bearer {job['token']}"} if job["token"] else {})
    kind = answer.headers.get("Content-Type", "")
    if answer.is_redirect or "json" not in kind:
        return f"NOT FOR A PROGRAM: {answer.status_code} {kind} {answer.text}"
    # The warehouse's own words; Lakegate's have a reason phrase beside them.
    if answer.json()["error_code"] == "ENDPOINT_NOT_FOUND" and "x-databricks-reason-phrase" not in answer.headers:
        return "passed"
    later = f" (Retry-After: {answer.headers['Retry-After']})" if "Retry-After" in answer.headers else ""
    raise requests.HTTPError(f"{answer.status_code} {answer.json()['message']}{later}")


def websocket(job):
    async def run():
        url = f"wss://{job['host']}:{job['port']}/echo"
        headers = {"Authorization": f"Bearer {job['token']}"} if job["token"] else {}
        async with websockets.connect(url, additional_headers=headers, proxy=None) as socket:
            await socket.send("hello")
            return await socket.recv()
    try:
        return asyncio.run(run())
    except websockets.InvalidStatus as error:
        raise ConnectionError(f"{error} {error.response.body.decode()}") from error


CLIENTS = {each.__name__: each for each in (sdk, thrift, sea, kernel, grpc, plain, websocket)}


if __name__ == "__main__":
    main(CLIENTS)
