"""The calls that clients make beside SQL: who am I, warehouses, clusters, feature flags, telemetry; and some for trials."""

import asyncio
import json

from aiohttp import web


def add_routes(router, warehouse):
    own = f"localhost:{warehouse.port}"
    listed = {
        "id": "abc", "name": "trial", "state": "RUNNING", "cluster_size": "2X-Small",
        "jdbc_url": f"jdbc:spark://{own}/default;transportMode=http;ssl=1;AuthMech=3;httpPath=/sql/1.0/warehouses/abc;",
        "odbc_params": {"hostname": "localhost", "path": "/sql/1.0/warehouses/abc", "port": warehouse.port, "protocol": "https"},
    }
    cluster = {"cluster_id": "0101-trial", "cluster_name": "trial", "state": "RUNNING", "spark_version": "16.4.x-scala2.12",
               "data_security_mode": "SINGLE_USER"}
    config = {"oidc_endpoint": f"https://{own}/oidc", "workspace_id": "4711", "account_id": "4712", "cloud": "AWS", "host_type": "workspace"}
    route = router.add_route
    route("GET", "/.well-known/databricks-config", always(config))
    route("GET", "/api/2.0/preview/scim/v2/Me", me)
    route("GET", "/api/2.0/sql/warehouses", always({"warehouses": [listed]}))
    route("GET", "/api/2.0/sql/warehouses/abc", always(listed))
    for version in ("2.0", "2.1"):
        route("GET", f"/api/{version}/clusters/list", always({"clusters": [cluster]}))
    route("GET", "/api/2.1/clusters/get", found(cluster))
    route("GET", "/api/2.0/mlflow/experiments/get-by-name", experiment)
    route("GET", "/api/2.0/connector-service/feature-flags/{path:.*}", always({"flags": [], "ttl_seconds": 900}))
    for path in ("/telemetry-ext", "/telemetry-unauth"):
        route("POST", path, taken)
    route("GET", "/explore/{path:.*}", page)
    route("GET", "/allowed", always({}))
    route("GET", "/slow", slow)
    route("GET", "/echo", echo)
    route("*", "/{path:.*}", no_api)


def always(answer):
    async def serve(_):
        return web.json_response(answer)
    return serve


async def me(request):
    name = request["user"]
    return web.json_response({
        "id": str(sum(name.encode())), "userName": f"{name}@example.com", "displayName": name.capitalize(), "active": True,
        "emails": [{"value": f"{name}@example.com", "primary": True}],
    })


async def experiment(request):
    """An experiment of whoever asks."""
    tags = [{"key": "owner", "value": f"{request['user']}@example.com"}]
    return web.json_response({"experiment": {
        "experiment_id": "7", "name": request.query["experiment_name"], "artifact_location": "dbfs:/trial", "lifecycle_stage": "active",
        "tags": tags}})


def found(cluster):
    async def serve(request):
        if request.query.get("cluster_id") == cluster["cluster_id"]:
            return web.json_response(cluster)
        return web.json_response({"error_code": "INVALID_PARAMETER_VALUE", "message": "Cluster does not exist"}, status=400)
    return serve


async def taken(request):
    events = json.loads(await request.read() or b"{}")
    return web.json_response({"errors": [], "numProtoSuccess": len(events.get("protoLogs", []))})


async def page(request):
    return web.Response(text=f"<!doctype html><title>Workspace</title><h1>Hello {request['user']}</h1>", content_type="text/html")


async def slow(request):
    await asyncio.sleep(float(request.query["seconds"]))
    return web.json_response({})


async def echo(request):
    """A WebSocket that says everything again."""
    socket = web.WebSocketResponse()
    await socket.prepare(request)
    async for message in socket:
        await socket.send_str(message.data)
    return socket


async def no_api(request):
    message = f"No API found for '{request.method} {request.path}'"
    return web.json_response({"error_code": "ENDPOINT_NOT_FOUND", "message": message}, status=404)
